"""Features that are learned: gradient descent from random numbers until they look like the pieces of the pictures."""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from lessons_lib.core import validate


def pieces(pictures):
    """The 3 x 3 windows that have ink in their centre: all the places where a stroke passes.

    >>> from lessons_lib import matching
    >>> pieces([matching.letter("X")]).shape
    (13, 3, 3)
    """
    pictures = validate.array(pictures, "pictures", axes=3)
    if min(pictures.shape[1:]) < 3:
        raise ValueError(f"pictures of shape {pictures.shape} are too small; give pictures of at least 3 × 3 cells")
    windows = sliding_window_view(pictures, (3, 3), axis=(1, 2)).reshape(-1, 3, 3)
    inked = windows[windows[:, 1, 1] > 0]
    if not len(inked):
        raise ValueError("pictures have no cell above 0 inside; give pictures with some ink")
    return inked


def piece_loss(features, windows, sharpness):
    """How far the windows are from the features, and the gradient of this loss for every number of the features.

    The distance between a feature and a window is their mean squared difference. Each window counts its nearest feature
    most, and the more so the sharper the choice:
    loss = mean over the windows of -log(mean over the features of exp(-sharpness * distance)) / sharpness.

    `features` has shape (K, 3, 3), as the gradient has, and `windows` (P, 3, 3).

    >>> window = [[1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
    >>> loss, gradient = piece_loss([window], [window], 1)
    >>> loss, gradient.any().item()
    (0.0, False)
    """
    features = validate.array(features, "features", axes=3).astype(float)
    windows = validate.array(windows, "windows", axes=3).astype(float)
    if features.shape[1:] != windows.shape[1:]:
        raise ValueError(
            f"features {features.shape} do not fit windows {windows.shape}; give both the same height and width"
        )
    sharpness = validate.number(sharpness, "sharpness")
    if sharpness <= 0:
        raise ValueError(f"sharpness is {sharpness:g}; give a number above 0")
    count, cells = len(windows), windows[0].size
    f, w = features.reshape(-1, cells), windows.reshape(-1, cells)
    distance = ((w**2).sum(axis=1)[:, np.newaxis] - 2 * w @ f.T + (f**2).sum(axis=1)) / cells
    nearest = distance.min(axis=1, keepdims=True)
    closeness = np.exp(-sharpness * (distance - nearest))
    share = closeness / closeness.sum(axis=1, keepdims=True)
    loss = (nearest[:, 0] - np.log(closeness.mean(axis=1)) / sharpness).mean()
    gradient = 2 * (share.sum(axis=0)[:, np.newaxis] * f - share.T @ w) / (count * cells)
    return float(loss), gradient.reshape(features.shape)


class LearnedFeatures(NamedTuple):
    """What `learn_features` found, and what it had after each step."""

    features: np.ndarray
    history: np.ndarray
    distances: list


def learn_features(pictures, count=3, seed=0, steps=200, rate=4.0):
    """Features learned by gradient descent from random numbers, so that they look like the pieces of the pictures.

    The choice of the nearest feature becomes sharper step by step, from 2 to 30, so that at first all features learn
    from all windows and at last each has its own.

    Parameters
    ----------
    pictures : array_like of shape (P, M, N)
        Of about +1 where there is ink and about -1 elsewhere.
    count : int
        How many features, K.
    seed : int
        Of the random numbers to start from.
    steps : int
    rate : float
        How far one step goes, in units of the gradient: 0 to 9. Beyond 9 (the cells of a feature) steps can overshoot
        further than they came.

    Returns
    -------
    LearnedFeatures

    Raises
    ------
    TypeError, ValueError
        If an argument is not in its range.

    References
    ----------
    K. Rose, "Deterministic annealing for clustering, compression, classification, regression, and related optimization
    problems", Proceedings of the IEEE 86 (1998).

    Examples
    --------
    >>> from lessons_lib import matching
    >>> learned = learn_features([matching.letter("X")], seed=2)
    >>> sorted(matching.closest_feature(feature)[0] for feature in learned.features)
    ['anti-diagonal', 'diagonal', 'small X']
    """
    count, steps = validate.whole(count, "count"), validate.whole(steps, "steps")
    rate = validate.number(rate, "rate", 0, 9)
    windows = pieces(pictures)
    features = np.random.default_rng(validate.whole(seed, "seed", 0)).normal(size=(count, 3, 3))
    history = [features]
    for sharpness in np.geomspace(2, 30, steps):
        _loss, gradient = piece_loss(features, windows, sharpness)
        features = features - rate * gradient
        history.append(features)
    distances = [((windows[:, np.newaxis] - f) ** 2).mean(axis=(2, 3)).min(axis=1).mean().item() for f in history]
    return LearnedFeatures(features, np.array(history), distances)
