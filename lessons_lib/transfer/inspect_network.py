"""What a layer sees: the pixels behind a cell of a map, what excites a unit most, where in a photo a score comes from.

`path` is kernel and stride of each layer from the picture to the map, all padded "same"; `side` is the picture's.
"""

import numpy as np

from lessons_lib import geometry
from lessons_lib.core import validate


def window(path, row, column, side):
    """The pixels on which one cell of a map depends.

    Parameters
    ----------
    path : sequence of (int, int)
    row, column : int
        The cell.
    side : int

    Returns
    -------
    row, column, height, width : int
        The window in the picture; zeros were padded where it sticks out.

    References
    ----------
    Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks", Distill (2019),
    https://distill.pub/2019/computing-receptive-fields

    Examples
    --------
    >>> window([(3, 2), (3, 1)], 10, 12, 224)
    (18, 22, 7, 7)
    """
    path, sides = _layers(path), [validate.whole(side, "side")]
    row, column = validate.whole(row, "row", 0), validate.whole(column, "column", 0)
    for _kernel, stride in path:
        sides.append(-(-sides[-1] // stride))
    first, last = [row, column], [row, column]
    for (kernel, stride), before in zip(reversed(path), reversed(sides[:-1]), strict=True):
        padded = geometry.pad_widths(before, kernel, stride)[0]
        first = [cell * stride - padded for cell in first]
        last = [cell * stride - padded + kernel - 1 for cell in last]
    return first[0], first[1], last[0] - first[0] + 1, last[1] - first[1] + 1


def crop(picture, frame, largest=None):
    """What lies in a window (row, column, height, width) of a picture, at most `largest` pixels in its middle.

    It is black where the window sticks out.

    >>> crop(np.arange(9).reshape(3, 3), (-1, 1, 2, 2)).tolist()
    [[0, 0], [1, 2]]
    """
    picture = validate.array(picture, "picture", axes=(2, 3))
    lows = (-np.inf, -np.inf, 1, 1)
    numbers = zip(validate.sequence(frame, "frame", 4), lows, strict=True)
    row, column, height, width = (validate.whole(number, "frame", low) for number, low in numbers)
    largest = None if largest is None else validate.whole(largest, "largest")
    if largest is not None and max(height, width) > largest:
        row, height = row + (height - largest) // 2, largest
        column, width = column + (width - largest) // 2, largest
    out = np.zeros((height, width, *picture.shape[2:]), picture.dtype)
    top, left = max(0, row), max(0, column)
    part = picture[top : max(0, row + height), left : max(0, column + width)]
    out[top - row : top - row + part.shape[0], left - column : left - column + part.shape[1]] = part
    return out


def margin(path, side, largest=None):
    """How many cells at the edge of a map have windows, or `largest` pixels in their middles, beyond the picture.

    A layer sees padded zeros there, to which many units answer most. At least one cell in the middle remains.

    >>> margin([(3, 2)], 224), margin([(3, 2)] * 5, 224)
    (1, 1)
    """
    cells, path = validate.whole(side, "side"), _layers(path)
    largest = None if largest is None else validate.whole(largest, "largest")
    for _kernel, stride in path:
        cells = -(-cells // stride)
    most = (cells - 1) // 2
    for edge in range(most):
        row, _column, height, _width = window(path, edge, edge, side)
        row_after = window(path, cells - 1 - edge, edge, side)[0]
        cut = max(0, height - largest) // 2 if largest is not None else 0
        if row + cut >= 0 and row_after + height - cut <= side:
            return edge
    return most


def top_activations(maps, unit, count=9, margin=0):
    """Where one unit answers most, at most once in each picture.

    Parameters
    ----------
    maps : ndarray of shape (B, M, N, K)
        Of one layer and B pictures.
    unit : int
        Which of the K maps.
    count : int
    margin : int
        So many cells at each edge are left out.

    Returns
    -------
    list of (int, int, int, float)
        Picture, row, column and activation, the largest first; fewer than `count` when there are fewer pictures.

    Examples
    --------
    >>> maps = np.zeros((2, 3, 3, 1))
    >>> maps[1, 0, 2, 0] = 5
    >>> top_activations(maps, 0, count=1)
    [(1, 0, 2, 5.0)]
    """
    maps = validate.array(maps, "maps", axes=4)
    unit = validate.whole(unit, "unit", 0, maps.shape[3] - 1)
    margin = validate.whole(margin, "margin", 0, (min(maps.shape[1:3]) - 1) // 2)
    inner = maps[:, margin : maps.shape[1] - margin, margin : maps.shape[2] - margin, unit]
    flat = inner.reshape(len(maps), -1)
    order = np.argsort(-flat.max(axis=1), kind="stable")[: validate.whole(count, "count")]
    found = []
    for k in order:
        row, column = divmod(int(flat[k].argmax()), inner.shape[2])
        found.append((int(k), row + margin, column + margin, float(flat[k].max())))
    return found


def grad_cam(maps, gradients):
    """Where in a picture the score of a class comes from.

    The weight of each map is the mean of its gradient; the weighted maps are added, and what speaks against the class
    is dropped (ReLU).

    Parameters
    ----------
    maps : array_like of shape (M, N, K)
    gradients : array_like of shape (M, N, K), or (K,)
        Of the score for each cell; one number a map where it is the same for all its cells.

    Returns
    -------
    ndarray of shape (M, N)

    References
    ----------
    Selvaraju et al., "Grad-CAM", ICCV 2017, https://arxiv.org/abs/1610.02391; for a network that ends in means and one
    dense layer: Zhou et al., "Learning deep features for discriminative localization", CVPR 2016,
    https://arxiv.org/abs/1512.04150

    Examples
    --------
    >>> grad_cam(np.array([[[1, 2], [3, 0]]]), [1, -1]).tolist()
    [[0.0, 3.0]]
    """
    maps = validate.array(maps, "maps", axes=3).astype(float)
    gradients = validate.array(gradients, "gradients", axes=(1, 3)).astype(float)
    if gradients.shape not in (maps.shape, maps.shape[2:]):
        shapes = f"maps of shape {maps.shape} and gradients of shape {gradients.shape}"
        raise ValueError(f"{shapes}; give one number for each cell or each map")
    weights = gradients.mean(axis=(0, 1)) if gradients.ndim == 3 else gradients
    return np.maximum(0, maps @ weights)


def _layers(path):
    pairs = [validate.sequence(layer, "a layer of path", 2) for layer in validate.sequence(path, "path")]
    return [(validate.whole(kernel, "kernel"), validate.whole(stride, "stride")) for kernel, stride in pairs]
