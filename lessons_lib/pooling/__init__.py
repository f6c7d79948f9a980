"""Activations, pooling and softmax: from the maps of a convolution to a short vector, and from it to probabilities."""

import numpy as np

from lessons_lib import geometry, matching
from lessons_lib.core import validate
from lessons_lib.matching import relu

# Two layers of kernels (rows, columns, depth, kernels), chosen by hand for the letters of lesson 3: the lecture's three
# features, then three of 1 x 1 that weigh the three maps against each other: more \ than /, crossings, more / than \.
FIRST_KERNELS = np.stack(list(matching.FEATURES.values()), axis=-1)[:, :, np.newaxis] / 9
SECOND_KERNELS = np.array([[1, 0, -1], [-0.5, 1, -0.5], [-1, 0, 1]]).T[np.newaxis, np.newaxis]


def sigmoid(x):
    """Map every number of `x` into 0..1: 1 / (1 + exp(-x)).

    >>> sigmoid([-1000, 0, 1000]).tolist()
    [0.0, 0.5, 1.0]
    """
    # The same curve as 1 / (1 + exp(-x)), written with tanh because exp(1000) does not fit into a float.
    return 0.5 + 0.5 * np.tanh(validate.array(x, "x") / 2)


def window_slices(rows, columns, size=2, stride=None):
    """For each cell of a window, row by row, the pair of slices that takes this cell out of every window of a picture.

    A loop over the few cells of one window then stands for a loop over the many windows.

    >>> picture = np.arange(16).reshape(4, 4)
    >>> [picture[pair].tolist() for pair in window_slices(4, 4)][0]
    [[0, 2], [8, 10]]
    """
    height, width = rows_and_columns(size, "size")
    down, right = rows_and_columns(size if stride is None else stride, "stride")
    rows, columns = validate.whole(rows, "rows"), validate.whole(columns, "columns")
    if height > rows or width > columns:
        window, most = f"window {height} × {width}", f"{rows} × {columns}"
        raise ValueError(f"{window} is larger than the picture {most}; choose a size of at most {most}")
    last_row, last_column = rows - height, columns - width
    return [
        (slice(a, last_row + a + 1, down), slice(b, last_column + b + 1, right))
        for a in range(height) for b in range(width)
    ]  # fmt: skip


def windows(x, size=2, stride=None):
    """The numbers of every window, with the cells of the window along the first axis.

    Parameters
    ----------
    x : array_like of shape (M, N), (M, N, D) or (B, M, N, D)
        One map, one volume of D maps, or a batch of B volumes.
    size : int or tuple of int (rows, columns)
        F, the side of the window.
    stride : int or tuple of int (rows, columns), optional
        S, pixels from one window to the next; `size` when left out, so that windows touch and do not overlap.

    Returns
    -------
    ndarray of shape (cells of a window, ..., M', N', ...)
        M' = (M - F) // S + 1, N' likewise: what does not fill a whole window is not read.

    Raises
    ------
    TypeError, ValueError
        If `x` is no map or volume of finite numbers, or the window does not fit into it.

    Examples
    --------
    >>> windows([[1, 2, 5], [3, 4, 6]], size=2, stride=1)[:, 0, 1].tolist()
    [2, 5, 4, 6]
    """
    x = validate.array(x, "x", axes=(2, 3, 4))
    before = (slice(None),) if x.ndim == 4 else ()
    rows, columns = x.shape[len(before) : len(before) + 2]
    return np.stack([x[before + pair] for pair in window_slices(rows, columns, size, stride)])


def max_pool(x, size=2, stride=None):
    """The largest number of each window, in each map by itself: the depth is kept, and so is the dtype of `x`.

    Parameters
    ----------
    x : array_like of shape (M, N), (M, N, D) or (B, M, N, D)
        One map, one volume of D maps, or a batch of B volumes.
    size : int
        F, the side of the window.
    stride : int, optional
        S, pixels from one window to the next; `size` when left out, so that windows touch and do not overlap.

    Returns
    -------
    ndarray of shape (..., M', N', ...)
        M' = (M - F) // S + 1, N' likewise: what does not fill a whole window is not read.

    Raises
    ------
    TypeError, ValueError
        If `x` is no map or volume of finite numbers, or the window does not fit into it.

    References
    ----------
    Stanford CS231n, "Convolutional networks", https://cs231n.github.io/convolutional-networks/#pool

    Examples
    --------
    >>> max_pool([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]], size=2, stride=2).tolist()
    [[6, 8], [3, 4]]
    """
    x = validate.array(x, "x", axes=(2, 3, 4))
    first = x.ndim == 4  # the batch, if there is one, goes behind rows and columns
    window_slices(*x.shape[first : first + 2], validate.whole(size, "size"), stride)
    pooled = _max_pool(np.moveaxis(x, 0, 2) if first else x, size, size if stride is None else stride)
    return np.moveaxis(pooled, 2, 0) if first else pooled


def _max_pool(x, size, stride):
    """What the student writes, for many maps at once.

    >>> _max_pool(np.eye(4), 2, 2).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    rows = (x.shape[0] - size) // stride + 1
    columns = (x.shape[1] - size) // stride + 1
    result = np.zeros((rows, columns, *x.shape[2:]), x.dtype)
    for i in range(rows):
        for j in range(columns):
            window = x[i * stride : i * stride + size, j * stride : j * stride + size]
            result[i, j] = window.max(axis=(0, 1))
    return result


def mean_pool(x, size=2, stride=None):
    """The mean of each window as a float; otherwise as `max_pool`.

    >>> mean_pool([[21, 8, 8, 12], [12, 19, 9, 7], [8, 10, 4, 3], [18, 12, 9, 10]], size=2, stride=2).tolist()
    [[15.0, 9.0], [12.0, 6.5]]
    """
    return windows(x, size, stride).mean(axis=0)


def softmax(z, temperature=1):
    """Turn scores into probabilities, which are positive and sum to 1: exp(z / T) over the sum of all of them.

    Parameters
    ----------
    z : array_like of shape (..., C)
        Scores (logits) of C classes along the last axis; any finite numbers.
    temperature : float
        T, above 0: near 0 the largest score gets all of the probability, a large T makes the probabilities equal.

    Returns
    -------
    ndarray of float, same shape

    Raises
    ------
    TypeError, ValueError
        If `z` is empty, has no axis, or is not made of finite numbers; if the temperature is not above 0.

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), sections 4.1 and 6.2.2.3, https://www.deeplearningbook.org

    Examples
    --------
    >>> softmax([1000, 1000]).tolist()
    [0.5, 0.5]
    """
    z = validate.array(z, "z")
    if z.ndim == 0:
        raise ValueError(f"z is {z}, a single score; give the scores of all classes")
    if validate.number(temperature, "temperature") <= 0:
        raise ValueError(f"temperature is {temperature:g}; give a number above 0")
    # The largest score becomes 0: the result stays the same, and exp never meets a number that is too large for it.
    with np.errstate(over="ignore"):
        powers = np.exp((z - z.max(axis=-1, keepdims=True).astype(float)) / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)


def conv_relu_pool(x, kernels, size, stride, padding=0):
    """One stage of a network: `geometry.conv2d` with stride 1, ReLU, max pooling with this size and stride.

    >>> conv_relu_pool(np.ones((1, 9, 9, 1)), FIRST_KERNELS, size=3, stride=2, padding=1).shape
    (1, 4, 4, 3)
    """
    return max_pool(relu(geometry.conv2d(x, kernels, padding=padding)), size, stride)


def two_stages(letters):
    """From letters (B, 9, 9) to vectors (B, 12): two stages, with the kernels `FIRST_KERNELS` and `SECOND_KERNELS`.

    A letter is about +1 where there is ink and -1 elsewhere. The twelve numbers are three for each quarter of the
    picture, row by row: more diagonal than anti-diagonal, crossings, more anti-diagonal than diagonal.

    >>> (9 * two_stages([matching.letter("O")])).round().astype(int).tolist()
    [[0, 0, 5, 5, 0, 0, 5, 0, 0, 0, 0, 5]]
    """
    maps = max_pool(first_maps(letters), size=3, stride=2)
    return conv_relu_pool(maps, SECOND_KERNELS, size=2, stride=2).reshape(len(maps), -1)


def first_maps(letters):
    """From letters (B, 9, 9) to the maps (B, 9, 9, 3) of `FIRST_KERNELS`, with a border of zeros, after ReLU.

    >>> first_maps([matching.letter("X")]).shape
    (1, 9, 9, 3)
    """
    letters = validate.array(letters, "letters", axes=3)
    if letters.shape[1:] != (9, 9):
        raise ValueError(f"letters of shape {letters.shape} are not 9 × 9; give an array of shape (count, 9, 9)")
    return relu(geometry.conv2d(letters[..., np.newaxis], FIRST_KERNELS, padding=1))


def four_versions(letters):
    """The same letters (B, 9, 9) in four versions, from no pooling to one number a map; each vector ends with a 1.

    >>> {name: version.shape for name, version in four_versions([matching.letter("X")]).items()}
    {'pixels': (1, 82), 'maps': (1, 244), 'two stages': (1, 13), 'largest of each map': (1, 4)}
    """
    maps = first_maps(letters)
    versions = {
        "pixels": letters,
        "maps": maps,
        "two stages": two_stages(letters),
        "largest of each map": maps.max((1, 2)),
    }
    return {name: np.c_[np.reshape(version, (len(maps), -1)), np.ones(len(maps))] for name, version in versions.items()}


def shift(x, rows=0, columns=0, fill=0):
    """Move a picture or a volume down and to the right (negative: up, left); `fill` comes in, what leaves is lost.

    >>> shift([[1, 2, 3]], columns=1).tolist()
    [[0, 1, 2]]
    """
    x = validate.array(x, "x", axes=(2, 3))
    validate.number(fill, "fill")
    result = np.full(x.shape, fill, dtype=np.result_type(x, np.asarray(fill)))
    written, read = [], []
    for length, by, name in zip(x.shape, (rows, columns), ("rows", "columns"), strict=False):
        by = validate.whole(by, name, low=-np.inf)
        written.append(slice(max(0, by), max(0, length + by)))
        read.append(slice(max(0, -by), max(0, length - by)))
    result[tuple(written)] = x[tuple(read)]
    return result


def moved(letters, columns):
    """Letters (B, M, N), each moved to the right by so many columns; what comes in is -1, the colour of the paper.

    >>> moved(np.ones((1, 1, 3)), 1).tolist()
    [[[-1.0, 1.0, 1.0]]]
    """
    letters = validate.array(letters, "letters", axes=3)
    return np.stack([shift(letter, columns=columns, fill=-1) for letter in letters])


def overlap(a, b):
    """How much of two arrays of numbers from 0 on is the same, from 0 to 1: the smaller numbers by the larger ones.

    >>> overlap([4, 0, 2], [2, 0, 2])
    0.6666666666666666
    """
    a, b = validate.array(a, "a"), validate.array(b, "b")
    if a.shape != b.shape or min(a.min(), b.min()) < 0 or not (a.any() or b.any()):
        raise ValueError(f"arrays of shape {a.shape} and {b.shape}; give two of one shape, from 0 on, not all zeros")
    return float(np.minimum(a, b).sum() / np.maximum(a, b).sum())


def rows_and_columns(value, name):
    """The two sides of a window or of a step, from one number for both or from two; `name` is for the error.

    >>> rows_and_columns(2, "size"), rows_and_columns((1, 3), "size")
    ((2, 2), (1, 3))
    """
    if isinstance(value, (tuple, list)):
        if len(value) != 2:
            raise ValueError(f"{name} {value} has {len(value)} numbers; give one, or two (rows, columns)")
        return tuple(validate.whole(side, name) for side in value)
    return (validate.whole(value, name),) * 2
