"""Transfer learning in NumPy: photos as a network takes them, what it answers, a linear classifier of its features."""

from typing import NamedTuple

import numpy as np

from lessons_lib.core import validate

SIDE = 224  # of the pictures the borrowed network was trained on


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
    photo = validate.array(photo, "photo", axes=(2, 3))
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
    picture = validate.array(picture, "picture", axes=(2, 3)).astype(float)
    rows = validate.whole(rows, "rows")
    columns = rows if columns is None else validate.whole(columns, "columns")
    validate.room((rows, columns), "the new picture")
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
    # What `resize` makes of 255 may be a little more than that.
    return (validate.array(pictures, "pictures", low=-0.5, high=255.5).astype(np.float32) - 127) / 128


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


def top(probabilities, classes, count=5):
    """The classes with the largest probabilities.

    Parameters
    ----------
    probabilities : array_like of shape (K,)
    classes : sequence of str
        K names; of several names of one class, separated by commas, the first is taken.
    count : int

    Returns
    -------
    list of (str, float)
        Names and probabilities, the largest first.

    Raises
    ------
    TypeError, ValueError
        If there are not as many names as probabilities.

    Examples
    --------
    >>> top([0.1, 0.7, 0.2], ["tench, Tinca tinca", "espresso", "cup"], count=2)
    [('espresso', 0.7), ('cup', 0.2)]
    """
    probabilities, classes = (
        validate.array(probabilities, "probabilities", axes=1),
        validate.sequence(classes, "classes"),
    )
    if len(probabilities) != len(classes):
        raise ValueError(f"{len(probabilities)} probabilities and {len(classes)} classes; give one name for each")
    order = np.argsort(-probabilities, kind="stable")[: validate.whole(count, "count")]
    return [(classes[k].split(",")[0], float(probabilities[k])) for k in order]


def pool(maps):
    """Each map's mean: how much of its pattern there is, wherever it is.

    Parameters
    ----------
    maps : array_like of shape (B, M, N, K)

    Returns
    -------
    ndarray of shape (B, K)

    Examples
    --------
    >>> pool(np.ones((5, 2, 2, 7))).shape
    (5, 7)
    """
    return validate.array(maps, "maps", axes=4).mean(axis=(1, 2))


class Linear(NamedTuple):
    """A linear classifier made by `learn_linear`.

    >>> Linear(np.zeros(2), np.ones(2), np.zeros((2, 3)), np.zeros(3)).weights.shape
    (2, 3)
    """

    mean: np.ndarray
    deviation: np.ndarray
    weights: np.ndarray
    votes: np.ndarray


def learn_linear(features, labels, strength=0.01):
    """A linear classifier of features, found at once by solving equations instead of many small steps.

    Its weights make the squared error smallest between the votes and 1 for the right class, 0 for the others, plus a
    penalty on large weights (ridge regression).

    Parameters
    ----------
    features : array_like of shape (B, D)
    labels : array_like of int, shape (B,)
        0 to K - 1; there is a class for each number up to the largest.
    strength : float
        Of the penalty.

    Returns
    -------
    Linear

    Raises
    ------
    TypeError, ValueError
        If there is not one label for each row of features.

    References
    ----------
    Hoerl and Kennard, "Ridge regression", Technometrics 12 (1970), https://doi.org/10.1080/00401706.1970.10488634

    Examples
    --------
    >>> classifier = learn_linear([[0.0], [1.0], [5.0], [6.0]], [0, 0, 1, 1])
    >>> classify(classifier, [[0.5], [5.5]]).tolist()
    [0, 1]
    """
    features = validate.array(features, "features", axes=2, low=-1e15, high=1e15)
    labels = validate.array(labels, "labels", axes=1, low=0, high=10_000).astype(int)
    if len(features) != len(labels):
        raise ValueError(f"{len(features)} rows of features and {len(labels)} labels; give one label for each")
    mean, deviation = features.mean(axis=0), features.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1)
    x = (features - mean) / deviation
    targets = np.eye(labels.max() + 1)[labels]
    votes = targets.mean(axis=0)
    # With fewer pictures than features there are fewer equations this way around.
    likeness = x @ x.T / x.shape[1]
    penalty = validate.number(strength, "strength", low=0) * len(x) * np.eye(len(x))
    weights = x.T @ np.linalg.solve(likeness + penalty, targets - votes) / x.shape[1]
    return Linear(mean, deviation, weights, votes)


def classify(classifier, features):
    """The class with the largest vote for each row of features.

    Parameters
    ----------
    classifier : Linear
    features : array_like of shape (B, D)

    Returns
    -------
    ndarray of int, shape (B,)

    Examples
    --------
    >>> classify(learn_linear([[0.0], [1.0]], [0, 1]), [[2.0]]).tolist()
    [1]
    """
    validate.having(classifier, "classifier", "votes", "what learn_linear returns")
    features = validate.array(features, "features", axes=2)
    x = (features - classifier.mean) / classifier.deviation
    return (x @ classifier.weights + classifier.votes).argmax(axis=1)


def missing(predicted, classes):
    """The classes that were never predicted; none should be.

    Parameters
    ----------
    predicted : array_like of int
    classes : sequence of str

    Returns
    -------
    list of str

    Examples
    --------
    >>> missing([0, 0, 2], ["brick", "grass", "gravel"])
    ['grass']
    """
    there = set(validate.array(predicted, "predicted").ravel().tolist())
    return [name for k, name in enumerate(validate.sequence(classes, "classes")) if k not in there]
