"""Lesson 3: matching a template. A feature of +1 and -1 is laid on every window of a picture, and each gets a score.

A function raises TypeError or ValueError when an argument is not what it needs; the error repeats what came.
"""

import numpy as np

from lessons_lib.core import validate
from lessons_lib.filtering import correlate

LETTERS = ["X", "O", "bent X"]


def _constant(rows):
    array = np.array(rows)
    array.setflags(write=False)
    return array


# The lecture's three features, and its four 4 x 4 filters, named after the half that they want bright.
FEATURES = {
    "diagonal": _constant([[1, -1, -1], [-1, 1, -1], [-1, -1, 1]]),
    "small X": _constant([[1, -1, 1], [-1, 1, -1], [1, -1, 1]]),
    "anti-diagonal": _constant([[-1, -1, 1], [-1, 1, -1], [1, -1, -1]]),
}
HALF_PLANES = {
    "right": _constant([[-1, -1, 1, 1]] * 4),
    "left": _constant([[1, 1, -1, -1]] * 4),
    "bottom": _constant([[-1] * 4] * 2 + [[1] * 4] * 2),
    "top": _constant([[1] * 4] * 2 + [[-1] * 4] * 2),
}
# A picture of zeros and ones whose map under the anti-diagonal is the lecture's [0 0 0; 0 0 3; 0 3 0] after ReLU.
SEVEN = _constant([[0, 1, 1, 1, 1], [0, 0, 0, 0, 1], [0, 0, 0, 1, 0], [0, 0, 1, 0, 0], [0, 1, 0, 0, 0]])


def letter(name):
    """A letter of 9 x 9 cells, +1 where there is ink and -1 elsewhere.

    The X is that of B. Rohrer, "How do convolutional neural networks work?" (2016), as the features are.

    >>> letter("X")[1].tolist()
    [-1, 1, -1, -1, -1, -1, -1, 1, -1]
    """
    name = validate.choice(name, "name", LETTERS)
    rows, columns = np.indices((9, 9)) - 4  # counted from the centre
    if name == "O":
        ink = (rows**2 + columns**2 >= 8) & (rows**2 + columns**2 <= 10)
    else:
        arm = 3 if name == "X" else 1
        ink = (abs(rows) == abs(columns)) & (abs(rows) <= arm)
    if name == "bent X":
        # Each arm is moved by a pixel: left, up, right, down.
        step = np.arange(1, 4)
        ink[4 - step, 4 - step - 1] = True
        ink[4 - step - 1, 4 + step] = True
        ink[4 + step, 4 + step + 1] = True
        ink[4 + step + 1, 4 - step] = True
    return np.where(ink, 1, -1)


def random_letters(count, seed=0, noise=0.25):
    """Letters of many shapes, half of them X (label 0) and half O (label 1): moved by up to a pixel, with normal noise.

    >>> images, labels = random_letters(6, seed=1)
    >>> images.shape, sorted(labels.tolist())
    ((6, 9, 9), [0, 0, 0, 1, 1, 1])
    """
    count = validate.whole(count, "count", high=10**5)
    random = np.random.default_rng(validate.whole(seed, "seed", 0))
    labels = random.permutation(np.arange(count) % 2)
    # An X: four arms of four cells, from the centre to an end that lies near a corner.
    ends = np.array([(-3, -3), (-3, 3), (3, -3), (3, 3)]) + random.uniform(-1.2, 1.2, (count, 4, 2))
    arms = (ends[:, :, np.newaxis] * np.linspace(0, 1, 4)[:, np.newaxis]).reshape(count, 16, 2)
    # An O: sixteen cells around the centre, on an ellipse.
    angles = np.linspace(0, 2 * np.pi, 16, endpoint=False) + random.uniform(-0.1, 0.1, (count, 1))
    rings = np.stack([np.sin(angles), np.cos(angles)], axis=-1) * (3 + random.uniform(-1.2, 1.2, (count, 1, 2)))
    points = np.where(labels[:, np.newaxis, np.newaxis] == 0, arms, rings)
    points = np.rint(4 + points + random.integers(-1, 2, (count, 1, 2))).astype(int).clip(0, 8)
    images = np.full((count, 9, 9), -1.0)
    images[np.arange(count)[:, np.newaxis], points[..., 0], points[..., 1]] = 1
    return images + random.normal(0, validate.number(noise, "noise", 0), images.shape), labels


def products(picture, feature, row, column):
    """The products of one match: each number of the feature times the number of the picture that lies under it.

    Parameters
    ----------
    picture : array_like of shape (M, N) or (M, N, D)
    feature : array_like of shape (R, C) or (R, C, D)
    row, column : int
        Where the window's top left corner lies: 0 to M - R and 0 to N - C.

    Returns
    -------
    ndarray of shape (R, C) or (R, C, D)

    Raises
    ------
    TypeError, ValueError
        If the feature does not fit the picture, or the window would stick out of it.

    Examples
    --------
    >>> products(letter("X"), FEATURES["diagonal"], 3, 3).tolist()
    [[1, 1, -1], [1, 1, 1], [-1, 1, 1]]
    """
    picture, feature = _pair(picture, feature)
    height, width = feature.shape[:2]
    row = validate.whole(row, "row", 0, picture.shape[0] - height)
    column = validate.whole(column, "column", 0, picture.shape[1] - width)
    return picture[row : row + height, column : column + width] * feature


def response_map(picture, feature):
    """The sum of the products at every place where the feature fits.

    Parameters
    ----------
    picture : array_like of shape (M, N) or (M, N, D)
    feature : array_like of shape (R, C) or (R, C, D)
        As deep as the picture.

    Returns
    -------
    ndarray of float, shape (M - R + 1, N - C + 1)
        One map, however deep the picture is.

    Raises
    ------
    TypeError, ValueError
        If the feature does not fit the picture.

    Examples
    --------
    >>> response_map(SEVEN, FEATURES["anti-diagonal"]).astype(int).tolist()
    [[0, -2, -3], [-1, -2, 3], [-2, 3, -2]]
    """
    picture, feature = _pair(picture, feature)
    if picture.ndim == 2:
        return correlate(picture, feature)
    return sum(correlate(picture[..., d], feature[..., d]) for d in range(picture.shape[2]))


def score_map(picture, feature):
    """The mean of the products at every place: 1 for a perfect match of +1 and -1, -1 for its exact opposite.

    Parameters
    ----------
    picture : array_like of shape (M, N) or (M, N, D)
    feature : array_like of shape (R, C) or (R, C, D)

    Returns
    -------
    ndarray of float, shape (M - R + 1, N - C + 1)

    Raises
    ------
    TypeError, ValueError
        If the feature does not fit the picture.

    Examples
    --------
    >>> scores = score_map(letter("X"), FEATURES["diagonal"])
    >>> [fraction(score) for score in scores[0]]
    ['7/9', '-1/9', '1/9', '3/9', '5/9', '-1/9', '3/9']
    """
    return response_map(picture, feature) / np.size(feature)


def layer(picture, filters):
    """Several filters on one picture: one response map a filter, stacked as the layers of a new picture.

    Parameters
    ----------
    picture : array_like of shape (M, N) or (M, N, D)
    filters : array_like of shape (R, C, D, K)
        K filters as deep as the picture; D is 1 for a picture of shape (M, N).

    Returns
    -------
    ndarray of float, shape (M - R + 1, N - C + 1, K)

    Raises
    ------
    TypeError, ValueError
        If the filters do not fit the picture.

    Examples
    --------
    >>> layer(np.ones((9, 9, 3)), np.ones((3, 3, 3, 5))).shape
    (7, 7, 5)
    """
    picture = validate.array(picture, "picture", axes=(2, 3))
    filters = validate.array(filters, "filters", axes=4)
    picture = picture if picture.ndim == 3 else picture[..., np.newaxis]
    return np.stack([response_map(picture, filters[..., k]) for k in range(filters.shape[3])], axis=-1)


def relu(x):
    """Every negative number becomes zero, the others stay: max(0, x).

    Parameters
    ----------
    x : array_like of any shape

    Returns
    -------
    ndarray of the same shape and dtype

    Raises
    ------
    TypeError, ValueError
        If `x` is empty or not made of finite numbers.

    References
    ----------
    Nair and Hinton, "Rectified linear units improve restricted Boltzmann machines", ICML 2010.

    Examples
    --------
    >>> relu([-2, 0, 3]).tolist()
    [0, 0, 3]
    """
    return np.maximum(validate.array(x, "x"), 0)


def fraction(score, cells=9):
    """A mean of `cells` products as a fraction, not reduced; as a decimal when its sum is not whole.

    >>> fraction(5 / 9), fraction(-1), fraction(0), fraction(0.123)
    ('5/9', '-9/9', '0', '0.12')
    """
    total = validate.number(score, "score") * validate.whole(cells, "cells")
    whole = round(total)
    if abs(total - whole) > 1e-6:
        return f"{score:.2f}"
    return f"{whole}/{cells}" if whole else "0"


def _pair(picture, feature):
    picture = validate.array(picture, "picture", axes=(2, 3))
    feature = validate.array(feature, "feature", axes=(2, 3))
    if picture.ndim != feature.ndim or picture.shape[2:] != feature.shape[2:]:
        raise ValueError(f"feature {feature.shape} is not as deep as picture {picture.shape}; give both the same depth")
    if feature.shape[0] > picture.shape[0] or feature.shape[1] > picture.shape[1]:
        rows, columns = picture.shape[:2]
        raise ValueError(
            f"feature {feature.shape} is larger than picture {picture.shape}; choose at most {rows} × {columns}"
        )
    # Small integers would wrap around when multiplied.
    return tuple(values.astype(int) if values.dtype.kind in "iu" else values for values in (picture, feature))
