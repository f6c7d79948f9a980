"""Transfer learning in NumPy: photos and patches as a network takes them, features, a linear classifier, scores."""

from typing import NamedTuple

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
    probabilities = expect.array(probabilities, "probabilities", axes=1)
    if len(probabilities) != len(classes):
        raise ValueError(f"{len(probabilities)} probabilities and {len(classes)} classes; give one name for each")
    order = np.argsort(-probabilities, kind="stable")[: expect.whole(count, "count")]
    return [(classes[k].split(",")[0], float(probabilities[k])) for k in order]


def patches(photo, count, part="train", seed=0):
    """Square pieces of one half of a photo, at random places, of random size, turned by quarters, all made 48 x 48.

    The left part of the photo is for training, the right one for testing; 32 columns between them are never used, so
    that no pixel, and no pixel's neighbour, is in both.

    Parameters
    ----------
    photo : array_like of shape (M, N)
        Grey, with at least 96 rows and 2 x 96 + 32 columns.
    count : int
    part : {"train", "test"}
    seed : int or numpy.random.Generator

    Returns
    -------
    ndarray of float64, shape (count, 48, 48)

    Raises
    ------
    TypeError, ValueError
        If the photo is too small or there is no such part.

    Examples
    --------
    >>> patches(np.zeros((512, 512)), 5).shape
    (5, 48, 48)
    """
    photo = expect.array(photo, "photo", axes=2)
    first, last = halves(photo.shape[1])[expect.choice(part, "part", ["train", "test"])]
    smallest, largest = ZOOM
    if photo.shape[0] < largest or last - first < largest:
        raise ValueError(f"photo of shape {photo.shape} is too small; give {largest} x {2 * largest + GAP} or more")
    generator = np.random.default_rng(seed)
    cut = []
    for _k in range(expect.whole(count, "count")):
        side = generator.integers(smallest, largest, endpoint=True)
        row = generator.integers(0, photo.shape[0] - side, endpoint=True)
        column = generator.integers(first, last - side, endpoint=True)
        piece = resize(photo[row : row + side, column : column + side], PATCH)
        cut.append(np.rot90(piece, generator.integers(4)))
    return np.array(cut)


def halves(columns):
    """First column, and the one after the last, of the part for training and of the part for testing.

    Parameters
    ----------
    columns : int

    Returns
    -------
    dict of str to (int, int)

    Examples
    --------
    >>> halves(512)
    {'train': (0, 240), 'test': (272, 512)}
    """
    middle = columns // 2
    return {"train": (0, middle - GAP // 2), "test": (middle + GAP // 2, columns)}


def standardise(pictures):
    """Each picture with mean 0 and standard deviation 1, so that neither brightness nor contrast tells the class.

    Parameters
    ----------
    pictures : array_like of shape (B, M, N)

    Returns
    -------
    ndarray of float32, shape (B, M, N)
        A picture of one grey becomes 0 everywhere.

    Examples
    --------
    >>> standardise(np.array([[[2, 4]], [[5, 5]]])).tolist()
    [[[-1.0, 1.0]], [[0.0, 0.0]]]
    """
    pictures = expect.array(pictures, "pictures", axes=3).astype(float)
    centred = pictures - pictures.mean(axis=(1, 2), keepdims=True)
    deviation = centred.std(axis=(1, 2), keepdims=True)
    return (centred / np.where(deviation > 0, deviation, 1)).astype(np.float32)


def textures(per_class, part="train", seed=0):
    """Patches of brick, grass and gravel, standardised, in three equal channels.

    Parameters
    ----------
    per_class : int
    part : {"train", "test"}
    seed : int

    Returns
    -------
    pictures : ndarray of float32, shape (3 * per_class, 48, 48, 3)
    labels : ndarray of int, shape (3 * per_class,)

    Examples
    --------
    >>> pictures, labels = textures(2)
    >>> pictures.shape, labels.tolist()
    ((6, 48, 48, 3), [0, 0, 1, 1, 2, 2])
    """
    # Others for testing than for training, whatever the seed.
    generator = np.random.default_rng([expect.whole(seed, "seed", low=0), int(part == "test")])
    cut = [patches(data.load(name), per_class, part, generator) for name in TEXTURES]
    return in_colour(standardise(np.concatenate(cut))), np.repeat(np.arange(len(TEXTURES)), per_class)


def clothes(per_class, part="train", seed=0):
    """Pictures of Fashion-MNIST, enlarged to 48 x 48 and scaled, in three equal channels.

    Parameters
    ----------
    per_class : int
        Up to 1 000 for training and 200 for testing.
    part : {"train", "test"}
    seed : int
        Chooses which.

    Returns
    -------
    pictures : ndarray of float32, shape (10 * per_class, 48, 48, 3)
    labels : ndarray of int, shape (10 * per_class,)

    Examples
    --------
    >>> clothes(1)[0].shape
    (10, 48, 48, 3)
    """
    expect.choice(part, "part", ["train", "test"])
    everything = data.load("fashion-mnist")
    rows = slice(0, 10_000) if part == "train" else slice(10_000, None)
    images, labels = everything["images"][rows], everything["labels"][rows].astype(int)
    most = int(np.bincount(labels).min())
    per_class = expect.whole(per_class, "per_class", 1, most)
    generator = np.random.default_rng([expect.whole(seed, "seed", low=0), int(part == "test")])
    chosen = np.concatenate([generator.permutation(np.flatnonzero(labels == label))[:per_class] for label in range(10)])
    large = np.array([resize(image, PATCH) for image in images[chosen]])
    return in_colour(scale(large)), labels[chosen]


def in_colour(pictures):
    """Grey pictures as a network of colour pictures takes them: three equal channels.

    Parameters
    ----------
    pictures : array_like of shape (B, M, N)

    Returns
    -------
    ndarray of float32, shape (B, M, N, 3)

    Examples
    --------
    >>> in_colour(np.zeros((2, 48, 48))).shape
    (2, 48, 48, 3)
    """
    pictures = expect.array(pictures, "pictures", axes=3).astype(np.float32)
    return np.repeat(pictures[..., None], 3, axis=-1)


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
    features, labels = expect.array(features, "features", axes=2), expect.array(labels, "labels", axes=1).astype(int)
    if len(features) != len(labels):
        raise ValueError(f"{len(features)} rows of features and {len(labels)} labels; give one label for each")
    mean, deviation = features.mean(axis=0), features.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1)
    x = (features - mean) / deviation
    targets = np.eye(labels.max() + 1)[labels]
    votes = targets.mean(axis=0)
    # With fewer pictures than features there are fewer equations this way around.
    likeness = x @ x.T / x.shape[1]
    penalty = expect.number(strength, "strength", low=0) * len(x) * np.eye(len(x))
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
    features = expect.array(features, "features", axes=2)
    x = (features - classifier.mean) / classifier.deviation
    return (x @ classifier.weights + classifier.votes).argmax(axis=1)


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
    return expect.array(maps, "maps", axes=4).mean(axis=(1, 2))


def confusion(labels, predicted, classes):
    """How often each class was taken for each: rows are the classes, columns what was said.

    Parameters
    ----------
    labels, predicted : array_like of int, shape (B,)
    classes : int

    Returns
    -------
    ndarray of int, shape (classes, classes)

    Examples
    --------
    >>> confusion([0, 1, 1], [0, 0, 1], 2).tolist()
    [[1, 0], [1, 1]]
    """
    table = np.zeros((classes, classes), dtype=int)
    np.add.at(table, (np.asarray(labels), np.asarray(predicted)), 1)
    return table


def summary(rows, task, way):
    """Accuracy of one way to train, for each number of pictures a class: mean and spread over the seeds.

    Parameters
    ----------
    rows : list of dict
        As `data.load("transfer-runs")` gives them: `task`, `way`, `per_class`, `seed`, `accuracy` and more.
    task, way : str

    Returns
    -------
    dict of int to (float, float)
        Pictures a class: mean and standard deviation of the accuracy.

    Raises
    ------
    ValueError
        If no row is of this task and way.

    Examples
    --------
    >>> rows = [{"task": "t", "way": "w", "per_class": 5, "seed": k, "accuracy": a} for k, a in enumerate([0.5, 0.7])]
    >>> summary(rows, "t", "w")[5][0]
    0.6
    """
    mine = [row for row in rows if (row["task"], row["way"]) == (task, way)]
    if not mine:
        known = sorted({(row["task"], row["way"]) for row in rows})
        raise ValueError(f"no row is of task {task!r} and way {way!r}; choose one of {known}")
    found = {}
    for count in sorted({row["per_class"] for row in mine}):
        accuracies = [row["accuracy"] for row in mine if row["per_class"] == count]
        found[count] = (float(np.mean(accuracies)), float(np.std(accuracies)))
    return found
