"""A feature that is learned from letters and their labels: one letter, one match, one small step."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from lessons_lib import matching
from lessons_lib.core import validate

TRAINING = 400  # letters that a feature learns from
THRESHOLD = 0.5  # half-way between the targets, 1 for an X and 0 for an O


def first_weights(student_number):
    """Nine random numbers to begin with, others for each student number.

    >>> first_weights(1).shape
    (3, 3)
    """
    return np.random.default_rng(validate.whole(student_number, "student_number", 0)).normal(size=(3, 3))


def own_letters(student_number):
    """The letters and labels that a student's feature learns from.

    >>> own_letters(1)[0].shape
    (400, 9, 9)
    """
    return matching.random_letters(TRAINING, seed=100 + validate.whole(student_number, "student_number", 0))


def other_letters():
    """A thousand letters and labels that no feature learns from, and no lesson shows.

    >>> other_letters()[0].shape
    (1000, 9, 9)
    """
    return matching.random_letters(1000, seed=3)


def learn(letters, labels, feature, rate):
    """A feature after one step for each letter: its largest score comes nearer to 1 for an X, and to 0 for an O.

    `letters` has shape (P, M, N), `labels` are 0 for an X and 1 for an O, `feature` has shape (R, C).

    >>> learned = learn([matching.letter("X")], [0], np.zeros((3, 3)), rate=1)
    >>> matching.score_map(matching.letter("X"), learned).max().item()
    1.0
    """
    letters, labels, feature = _checked(letters, labels, feature)
    learned = _steps(letters, labels, feature, validate.number(rate, "rate", 0))
    if not np.isfinite(learned).all():
        raise ValueError(f"rate is {rate:g}, and the weights grew beyond all numbers; give a smaller rate")
    return learned


def _steps(letters, labels, feature, rate):
    weights, windows = feature.ravel(), _windows(letters, feature.shape)
    with np.errstate(all="ignore"):  # at a rate that is too large the weights grow without end
        for under, label in zip(windows, labels, strict=True):
            scores = under @ weights / weights.size
            place = scores.argmax()
            error = scores[place] - (1 if label == 0 else 0)
            weights = weights - rate * error * under[place]
    return weights.reshape(feature.shape)


def _checked(letters, labels, feature):
    letters, labels = validate.array(letters, "letters", axes=3), validate.array(labels, "labels", axes=1)
    if len(labels) != len(letters):
        raise ValueError(f"there are {len(letters)} letters and {len(labels)} labels; give one label for each letter")
    return letters, labels, validate.array(feature, "feature", axes=2).astype(float)


def count_wrong(letters, labels, feature, threshold=THRESHOLD):
    """How many letters are named wrongly by the rule that an X has the largest score `threshold` or more.

    >>> letters, labels = matching.random_letters(1000, seed=2)
    >>> count_wrong(letters, labels, matching.FEATURES["small X"], 7 / 9)
    8
    """
    letters, labels, feature = _checked(letters, labels, feature)
    threshold = validate.number(threshold, "threshold")
    with np.errstate(all="ignore"):
        largest = (_windows(letters, feature.shape) @ feature.ravel()).max(axis=1) / feature.size
    # A score that is the threshold on paper may be a hair below it.
    return int(((largest > threshold - 1e-9) != (labels == 0)).sum())


def wrong_after(student_number, rates, scale=1):
    """How many of the other letters are wrong after one pass at each of the rates; letters are +1 and -1 times `scale`.

    >>> wrong_after(1, [1, 0.1])
    5
    """
    rates, scale = validate.array(rates, "rates", axes=1), validate.number(scale, "scale")
    letters, labels = own_letters(student_number)
    others, other_labels = other_letters()
    feature = first_weights(student_number)
    for rate in rates:
        feature = _steps(scale * letters, labels, feature, rate)
    if not np.isfinite(feature).all():
        return int((other_labels == 0).sum())  # a score that is no number is not above the threshold: no X is found
    return count_wrong(scale * others, other_labels, feature)


def _windows(letters, shape):
    """All windows of each letter, one a row: shape (P, places, cells)."""
    if min(np.subtract(letters.shape[1:], shape)) < 0:
        raise ValueError(f"feature {shape} is larger than letters {letters.shape[1:]}; give a smaller feature")
    return sliding_window_view(letters, shape, axis=(1, 2)).reshape(len(letters), -1, np.prod(shape))
