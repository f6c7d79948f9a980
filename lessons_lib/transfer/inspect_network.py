"""What a layer sees: the pixels behind a cell of a map, the places that excite a unit most, where a network looked."""

import numpy as np

from lessons_lib import geometry
from lessons_lib.core import validate


def window(path, row, column, side):
    """The pixels that one cell of a map depends on.

    Parameters
    ----------
    path : sequence of (int, int)
        Kernel and stride of each layer from the picture to the map, all padded "same".
    row, column : int
        The cell.
    side : int
        Rows and columns of the picture.

    Returns
    -------
    row, column, height, width : int
        The window in the picture; it sticks out where zeros were padded.

    Raises
    ------
    TypeError, ValueError
        If a number is not whole.

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
    corner, far = [row, column], [row, column]
    for (kernel, stride), before in zip(reversed(path), reversed(sides[:-1]), strict=True):
        padded = geometry.pad_widths(before, kernel, stride)[0]
        corner = [place * stride - padded for place in corner]
        far = [place * stride - padded + kernel - 1 for place in far]
    return corner[0], corner[1], far[0] - corner[0] + 1, far[1] - corner[1] + 1


def crop(picture, frame, largest=None):
    """What lies in a window of a picture; black where the window sticks out.

    Parameters
    ----------
    picture : ndarray of shape (M, N) or (M, N, 3)
    frame : (row, column, height, width)
    largest : int, optional
        Of a larger window only this many pixels in the middle are taken.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> crop(np.arange(9).reshape(3, 3), (-1, 1, 2, 2)).tolist()
    [[0, 0], [1, 2]]
    """
    picture = validate.array(picture, "picture", axes=(2, 3))
    row, column, height, width = (
        validate.whole(number, "frame", low) for number, low in zip(
            validate.sequence(frame, "frame", 4), (-np.inf, -np.inf, 1, 1), strict=True
        )
    )  # fmt: skip
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
    """How many cells from the edge of a map the windows, or their middles, lie within the picture.

    At the edge a layer sees the zeros that were padded, and many units answer to these most of all.

    Parameters
    ----------
    path : sequence of (int, int)
        As in `window`.
    side : int
    largest : int, optional
        Only so many pixels in the middle of a larger window have to lie within.

    Returns
    -------
    int
        At most as many as leave one cell in the middle.

    Examples
    --------
    >>> margin([(3, 2)], 224), margin([(3, 2)] * 5, 224)
    (1, 1)
    """
    cells, path = validate.whole(side, "side"), _layers(path)
    largest = None if largest is None else validate.whole(largest, "largest")
    for _kernel, stride in path:
        cells = -(-cells // stride)
    most = (cells - 1) // 2
    for away in range(most):
        row, _column, height, _width = window(path, away, away, side)
        row_after = window(path, cells - 1 - away, away, side)[0]
        cut = max(0, height - largest) // 2 if largest is not None else 0
        if row + cut >= 0 and row_after + height - cut <= side:
            return away
    return most


def strongest(maps, unit, count=9, margin=0):
    """Where one unit answers most, at most once in each picture.

    Parameters
    ----------
    maps : ndarray of shape (B, M, N, K)
        What a layer says of B pictures.
    unit : int
        Which of the K maps.
    count : int
    margin : int
        So many cells at each edge are left out.

    Returns
    -------
    list of (int, int, int, float)
        Picture, row, column and answer, the strongest first; fewer than `count` when there are fewer pictures.

    Raises
    ------
    TypeError, ValueError
        If there is no such unit.

    Examples
    --------
    >>> maps = np.zeros((2, 3, 3, 1))
    >>> maps[1, 0, 2, 0] = 5
    >>> strongest(maps, 0, count=1)
    [(1, 0, 2, 5.0)]
    """
    maps = validate.array(maps, "maps", axes=4)
    unit = validate.whole(unit, "unit", 0, maps.shape[3] - 1)
    margin = validate.whole(margin, "margin", 0, (min(maps.shape[1:3]) - 1) // 2)
    inner = maps[:, margin : maps.shape[1] - margin, margin : maps.shape[2] - margin, unit]
    flat = inner.reshape(len(maps), -1)
    places, best = flat.argmax(axis=1), flat.max(axis=1)
    order = np.argsort(-best, kind="stable")[: validate.whole(count, "count")]
    corners = [divmod(int(places[k]), inner.shape[2]) for k in order]
    return [
        (int(k), row + margin, column + margin, float(best[k])) for k, (row, column) in zip(order, corners, strict=True)
    ]


def grad_cam(maps, slopes):
    """Where in a picture the score of a class comes from.

    Each map counts as much as the score grows with it, on average over its cells; the weighted maps are added, and what
    speaks against the class is dropped.

    Parameters
    ----------
    maps : array_like of shape (M, N, K)
        What a layer says of the picture.
    slopes : array_like of shape (M, N, K), or (K,)
        How fast the score grows with each cell; one number a map where it is the same for all cells of a map.

    Returns
    -------
    ndarray of shape (M, N)

    Raises
    ------
    TypeError, ValueError
        If the shapes do not agree.

    References
    ----------
    Selvaraju et al., "Grad-CAM", ICCV 2017, https://arxiv.org/abs/1610.02391; for a network that ends in means and one
    dense layer: Zhou et al., "Learning deep features for discriminative localization", CVPR 2016,
    https://arxiv.org/abs/1512.04150

    Examples
    --------
    >>> maps = np.array([[[1, 2], [3, 0]]])
    >>> grad_cam(maps, [1, -1]).tolist()
    [[0.0, 3.0]]
    """
    maps = validate.array(maps, "maps", axes=3).astype(float)
    slopes = validate.array(slopes, "slopes", axes=(1, 3)).astype(float)
    if slopes.shape not in (maps.shape, maps.shape[2:]):
        raise ValueError(
            f"maps of shape {maps.shape} and slopes of shape {slopes.shape}; give one slope for each cell or each map"
        )
    weights = slopes.mean(axis=(0, 1)) if slopes.ndim == 3 else slopes
    return np.maximum(0, maps @ weights)


def _layers(path):
    """[(kernel, stride), ...], checked."""
    pairs = [validate.sequence(layer, "a layer of path", 2) for layer in validate.sequence(path, "path")]
    return [(validate.whole(kernel, "kernel"), validate.whole(stride, "stride")) for kernel, stride in pairs]
