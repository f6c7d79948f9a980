"""Activations, pooling and softmax: from the maps of a convolution to a short vector, and from the vector to votes."""

import numpy as np

from lessons_lib import geometry, matching
from lessons_lib.core import validate
from lessons_lib.matching import relu

# Two layers of kernels (rows, columns, depth, kernels), chosen by hand for the letters of lesson 3: the lecture's three
# features, then three of 1 x 1 that weigh the three maps against each other: more \ than /, crossings, more / than \.
FIRST = np.stack(list(matching.FEATURES.values()), axis=-1)[:, :, np.newaxis] / 9
SECOND = np.array([[1, 0, -1], [-0.5, 1, -0.5], [-1, 0, 1]]).T[np.newaxis, np.newaxis]


def sigmoid(x):
    """Squeeze every number into 0..1: 1 / (1 + exp(-x)).

    Parameters
    ----------
    x : array_like of any shape

    Returns
    -------
    ndarray of float, same shape

    Raises
    ------
    TypeError, ValueError
        If `x` is empty or not made of finite numbers.

    Examples
    --------
    >>> sigmoid([-1000, 0, 1000]).tolist()
    [0.0, 0.5, 1.0]
    """
    # The same curve as 1 / (1 + exp(-x)), written with tanh because exp(1000) has no place in a float.
    return 0.5 + 0.5 * np.tanh(validate.array(x, "x") / 2)


def cells(rows, columns, size=2, stride=None):
    """Where the first, the second, the third ... cell of every window lies: one pair of slices a cell.

    `x[pair]` is then a small picture made of that cell of all windows, so a loop over the few cells of one window
    stands for a loop over the many windows.

    Parameters
    ----------
    rows, columns : int
        Of the picture.
    size : int or tuple of int (rows, columns)
        Of the window.
    stride : int or tuple of int (rows, columns), optional
        Pixels from one window to the next; `size` when left out, so that windows touch and do not overlap.

    Returns
    -------
    list of (slice, slice)
        One for each cell of the window, row by row.

    Raises
    ------
    TypeError, ValueError
        If a number is not whole or below 1, or the window is larger than the picture.

    Examples
    --------
    >>> picture = np.arange(16).reshape(4, 4)
    >>> [picture[pair].tolist() for pair in cells(4, 4)][0]
    [[0, 2], [8, 10]]
    """
    height, width = sides(size, "size")
    down, right = sides(size if stride is None else stride, "stride")
    rows, columns = validate.whole(rows, "rows"), validate.whole(columns, "columns")
    if height > rows or width > columns:
        wanted, most = f"window {height} × {width}", f"{rows} × {columns}"
        raise ValueError(f"{wanted} is larger than the picture {most}; choose a size of at most {most}")
    last_row, last_column = rows - height, columns - width
    return [
        (slice(a, last_row + a + 1, down), slice(b, last_column + b + 1, right))
        for a in range(height) for b in range(width)
    ]  # fmt: skip


def windows(x, size=2, stride=None):
    """The numbers of every window, one cell of the window a slice.

    Parameters
    ----------
    x : array_like of shape (M, N), (M, N, D) or (B, M, N, D)
        One map, one volume of D maps, or a batch of B volumes.
    size, stride : int or tuple of int (rows, columns)
        As in `cells`.

    Returns
    -------
    ndarray of shape (cells of a window, ..., M', N', ...)
        M' = (M - F) // S + 1, N' likewise: what does not fill a whole window is not read.

    Raises
    ------
    TypeError, ValueError
        As `cells` does, or if `x` has another number of axes.

    Examples
    --------
    >>> windows([[1, 2, 5], [3, 4, 6]], size=2, stride=1)[:, 0, 1].tolist()
    [2, 5, 4, 6]
    """
    x = validate.array(x, "x", axes=(2, 3, 4))
    before = (slice(None),) if x.ndim == 4 else ()
    rows, columns = x.shape[len(before) : len(before) + 2]
    return np.stack([x[before + pair] for pair in cells(rows, columns, size, stride)])


def max_pool(x, size=2, stride=None):
    """The largest number of each window, in each map by itself: the depth is kept.

    Parameters
    ----------
    x : array_like of shape (M, N), (M, N, D) or (B, M, N, D)
    size : int or tuple of int (rows, columns)
        F, the side of the window.
    stride : int or tuple of int (rows, columns), optional
        S; `size` when left out.

    Returns
    -------
    ndarray of shape (..., M', N', ...) and the dtype of `x`
        M' = (M - F) // S + 1, N' likewise.

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
    return windows(x, size, stride).max(axis=0)


def mean_pool(x, size=2, stride=None):
    """The mean of each window, in each map by itself: the depth is kept.

    Parameters
    ----------
    x, size, stride
        As in `max_pool`.

    Returns
    -------
    ndarray of float, shape (..., M', N', ...)

    Raises
    ------
    TypeError, ValueError
        As `max_pool` does.

    References
    ----------
    Stanford CS231n, "Convolutional networks", https://cs231n.github.io/convolutional-networks/#pool

    Examples
    --------
    >>> mean_pool([[21, 8, 8, 12], [12, 19, 9, 7], [8, 10, 4, 3], [18, 12, 9, 10]], size=2, stride=2).tolist()
    [[15.0, 9.0], [12.0, 6.5]]
    """
    return windows(x, size, stride).mean(axis=0)


def softmax(z, temperature=1):
    """Turn scores into votes that are positive and sum to 1: exp(z / T) over the sum of all of them.

    Parameters
    ----------
    z : array_like of shape (..., C)
        Scores of C classes along the last axis; any finite numbers.
    temperature : float
        T, above 0: near 0 the winner takes all, large makes the votes equal.

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
    # The largest score becomes 0: the votes stay the same, and exp never meets a number that is too large for it.
    with np.errstate(over="ignore"):
        powers = np.exp((z - z.max(axis=-1, keepdims=True).astype(float)) / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)


def stage(x, kernels, size, stride, padding=0):
    """Convolution, ReLU and max pooling: one stage of a convolutional network.

    Parameters
    ----------
    x : array_like of shape (B, M, N, D)
    kernels : array_like of shape (R, C, D, K)
    size, stride : int
        Of the pooling window.
    padding : int
        Zeros around the picture before the convolution, whose stride is 1.

    Returns
    -------
    ndarray of shape (B, M', N', K)

    Raises
    ------
    TypeError, ValueError
        If the kernels or the window do not fit.

    Examples
    --------
    >>> stage(np.ones((1, 9, 9, 1)), FIRST, size=3, stride=2, padding=1).shape
    (1, 4, 4, 3)
    """
    return max_pool(relu(geometry.conv2d(x, kernels, padding=padding)), size, stride)


def describe(letters):
    """Twelve numbers that stand for a letter: two stages, with the kernels `FIRST` and `SECOND`.

    Parameters
    ----------
    letters : array_like of shape (B, 9, 9)
        About +1 where there is ink and -1 elsewhere.

    Returns
    -------
    ndarray of shape (B, 12)
        For each quarter of the picture, row by row: more diagonal than anti-diagonal, crossings, the reverse.

    Raises
    ------
    TypeError, ValueError
        If the letters are not 9 x 9.

    Examples
    --------
    >>> (9 * describe([matching.letter("O")])).round().astype(int).tolist()
    [[0, 0, 5, 5, 0, 0, 5, 0, 0, 0, 0, 5]]
    """
    letters = validate.array(letters, "letters", axes=3)
    if letters.shape[1:] != (9, 9):
        raise ValueError(f"letters of shape {letters.shape} are not 9 × 9; give an array of shape (count, 9, 9)")
    maps = stage(letters[..., np.newaxis], FIRST, size=3, stride=2, padding=1)
    return stage(maps, SECOND, size=2, stride=2).reshape(len(letters), -1)


def shift(x, rows=0, columns=0, fill=0):
    """Move a picture down and to the right; what leaves is lost, what comes in is `fill`.

    Parameters
    ----------
    x : array_like of shape (M, N) or (M, N, D)
    rows, columns : int
        Pixels down and to the right; negative ones go up and to the left.
    fill : float

    Returns
    -------
    ndarray of the same shape

    Raises
    ------
    TypeError, ValueError
        If `x` is no picture, or a shift is not whole.

    Examples
    --------
    >>> shift([[1, 2, 3]], columns=1).tolist()
    [[0, 1, 2]]
    """
    x = validate.array(x, "x", axes=(2, 3))
    validate.number(fill, "fill")
    to_rows, from_rows = _moved(x.shape[0], validate.whole(rows, "rows", low=-np.inf))
    to_columns, from_columns = _moved(x.shape[1], validate.whole(columns, "columns", low=-np.inf))
    result = np.full(x.shape, fill, dtype=np.result_type(x, np.asarray(fill)))
    result[to_rows, to_columns] = x[from_rows, from_columns]
    return result


def _moved(length, by):
    kept = max(0, length - abs(by))
    ahead, behind = slice(length - kept, length), slice(0, kept)
    return (ahead, behind) if by > 0 else (behind, ahead)


def sides(value, name):
    """Rows and columns of a window or a step, from one number for both or from two.

    Parameters
    ----------
    value : int or tuple of int (rows, columns)
    name : str
        What the caller calls it.

    Returns
    -------
    rows, columns : int

    Raises
    ------
    TypeError, ValueError
        If a number is not whole or below 1, or there are not two.

    Examples
    --------
    >>> sides(2, "size"), sides((1, 3), "size")
    ((2, 2), (1, 3))
    """
    if isinstance(value, (tuple, list)):
        if len(value) != 2:
            raise ValueError(f"{name} {value} has {len(value)} numbers; give one, or two (rows, columns)")
        return tuple(validate.whole(side, name) for side in value)
    return (validate.whole(value, name),) * 2
