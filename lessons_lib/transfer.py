"""Transfer learning in NumPy: photos and patches as a network takes them, features, a linear classifier, their score."""

import numpy as np

from lessons_lib import data, expect

SIDE = 224  # of the pictures the borrowed network was trained on
TEXTURES = ("brick", "grass", "gravel")
PATCH = 48
GAP = 32  # columns of a photo between the part for training and the part for testing
ZOOM = (32, 96)  # sides of the squares that are cut out, before they become 48 x 48


def square(photo):
    """The largest square in the middle of a photo, in colour.

    Parameters
    ----------
    photo : array_like of shape (M, N) or (M, N, 3)

    Returns
    -------
    ndarray of shape (S, S, 3)
        S is the shorter side; a grey photo has three equal channels.

    Raises
    ------
    TypeError, ValueError
        If it is no photo.

    Examples
    --------
    >>> square(np.zeros((300, 451))).shape
    (300, 300, 3)
    """
    photo = expect.array(photo, "photo", axes=(2, 3))
    if photo.ndim == 2:
        photo = np.stack([photo] * 3, axis=-1)
    if photo.shape[2] != 3:
        raise ValueError(f"photo of shape {photo.shape} has {photo.shape[2]} channels; give 3 (red, green, blue)")
    side = min(photo.shape[:2])
    top, left = ((length - side) // 2 for length in photo.shape[:2])
    return photo[top : top + side, left : left + side]


def resize(picture, rows, columns=None):
    """A picture with another number of rows and columns, without the false patterns of mere picking.

    Each new row is a weighted mean of old rows: the weights fall in a straight line with the distance. Where the
    picture shrinks, the mean reaches as far as the rows that become one (anti-aliasing). Then the same for columns.

    Parameters
    ----------
    picture : array_like of shape (M, N) or (M, N, D)
    rows, columns : int
        As many columns as rows when left out.

    Returns
    -------
    ndarray of float64, shape (rows, columns) or (rows, columns, D)

    Raises
    ------
    TypeError, ValueError
        If a number is not whole or the picture is none.

    References
    ----------
    Turkowski, "Filters for common resampling tasks", Graphics Gems I (1990): the tent filter.

    Examples
    --------
    >>> resize([[0, 0, 4, 4]], 1, 2).tolist()
    [[0.5714285714285714, 3.4285714285714284]]
    """
    picture = expect.array(picture, "picture", axes=(2, 3)).astype(float)
    rows = expect.whole(rows, "rows")
    columns = rows if columns is None else expect.whole(columns, "columns")
    down = _tents(picture.shape[0], rows)
    across = _tents(picture.shape[1], columns)
    return np.einsum("ir,rc...,jc->ij...", down, picture, across, optimize=True)


def _tents(old, new):
    """One row of weights, which add up to 1, for each new row."""
    middles = (np.arange(new) + 0.5) * old / new
    away = np.abs(np.arange(old) + 0.5 - middles[:, None])
    weights = np.maximum(0, 1 - away / max(1, old / new))
    return weights / weights.sum(axis=1, keepdims=True)


def scale(pictures):
    """Bytes as the borrowed network was trained to take them: (x - 127) / 128, which lies between -1 and 1.

    Parameters
    ----------
    pictures : array_like of shape (..., 3)
        0 to 255.

    Returns
    -------
    ndarray of float32

    Examples
    --------
    >>> scale(np.array([[[0, 127, 255]]], dtype=np.uint8)).tolist()
    [[[-0.9921875, 0.0, 1.0]]]
    """
    # Bytes would wrap around below zero.
    return (expect.array(pictures, "pictures").astype(np.float32) - 127) / 128


def prepare(photo, side=SIDE):
    """A photo as the borrowed network takes it: the square in its middle, 224 x 224, scaled.

    Parameters
    ----------
    photo : array_like of shape (M, N) or (M, N, 3)
        0 to 255.
    side : int

    Returns
    -------
    ndarray of float32, shape (side, side, 3)

    Raises
    ------
    TypeError, ValueError
        If it is no photo of values in 0..255.

    References
    ----------
    https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite (mean 127, deviation 128)

    Examples
    --------
    >>> x = prepare(np.full((300, 451), 255, dtype=np.uint8))
    >>> x.shape, x.dtype.name, x.max().item()
    ((224, 224, 3), 'float32', 1.0)
    """
    photo = square(photo)
    if photo.min() < 0 or photo.max() > 255:
        raise ValueError(f"photo holds {photo.min()} to {photo.max()}; give bytes in 0..255")
    return scale(resize(photo, side))
