"""Lesson 3, by SciPy: correlations of its own letters and features."""

import re
from functools import cache

import numpy as np
from scipy import signal
from scipy.spatial import distance
from skimage import draw, util

from lessons_lib import matching
from lessons_lib.matching import learned_features
from reading import near, ninths

ROWS, COLUMNS = np.indices((3, 3))
FEATURES = {
    "diagonal": np.where(ROWS == COLUMNS, 1, -1),
    "small X": np.where((ROWS + COLUMNS) % 2 == 0, 1, -1),
    "anti-diagonal": np.where(ROWS + COLUMNS == 2, 1, -1),
}


@cache
def letters():
    """The X and the O, drawn by scikit-image's lines and circle."""
    cross, ring = np.full((9, 9), -1), np.full((9, 9), -1)
    cross[draw.line(1, 1, 7, 7)] = cross[draw.line(7, 1, 1, 7)] = 1
    ring[draw.circle_perimeter(4, 4, 3)] = 1
    return {"X": cross, "O": ring}


@cache
def runs():
    """Three starts on few letters, and the pieces of these letters."""
    images, labels = matching.random_letters(30, seed=1)
    images = images[labels == 0]
    windows = util.view_as_windows(images, (1, 3, 3)).reshape(-1, 9)
    found = [learned_features.learn_features(images, seed=seed, steps=40) for seed in range(3)]
    return found, windows[windows[:, 4] > 0]


def _is_sum_of(text, products):
    terms = re.sub(r" - ", " + -", text).split(" + ")
    return len(terms) == products.size and np.allclose([float(term) for term in terms], products.ravel(), 0, 0.005001)


def MatchPanel(panel, said):  # noqa: N802
    picture, feature, (row, column) = panel.picture.values, panel.feature.values, panel.scores.selected
    if panel.letter.value in letters():
        assert np.array_equal(picture, letters()[panel.letter.value])
    if panel.choice.value in FEATURES:
        assert np.array_equal(feature, FEATURES[panel.choice.value])
    products = picture[row : row + 3, column : column + 3] * feature
    assert np.allclose(panel.products.values, products)
    terms, total, mean = said.reads(r"(?<=: )(\S+(?: [-+] \S+){8}) = (\S+), and \2/9 = (\S+)\.(?= )")
    assert _is_sum_of(terms, products) and abs(float(total) - products.sum()) < 0.005 + 1e-6
    assert near(mean, float(np.mean(products)))
    said.says("Window at row {}, column {}:", row, column)
    scores = signal.correlate2d(picture, feature, "valid") / 9
    shown = np.maximum(scores, 0) if panel.relu.value else scores
    assert np.allclose(panel.scores.values, shown) and panel.picture.window == (row, column, 3, 3)
    texts = [text for line in panel.scores.texts for text in line]
    assert all(ninths(text, score) for text, score in zip(texts, shown.flat, strict=True))
    if panel.relu.value:
        assert ninths(said.reads(r"After ReLU it is (\S+)\.(?= )")[0], shown[row, column])
    best, places = said.reads(r"The highest score of the map is (\S+) \(places: (\d+)\)\.")
    assert ninths(best, shown.max()) and int(places) == np.isclose(shown, shown.max()).sum()


def Board(panel, said):  # noqa: N802
    picture = panel.board.values
    assert set(np.unique(picture)) <= {-1, 1}
    said.says("{} of 81 cells are white.", int(np.count_nonzero(picture == 1)))
    best = {}
    for name, feature in FEATURES.items():
        scores = signal.correlate2d(picture, feature, "valid") / 9
        assert np.allclose(panel.maps[name].values, np.maximum(scores, 0) if panel.relu.value else scores)
        best[name] = scores.max()
        row, column, *_sides = panel.maps[name].window
        assert scores[row, column] == best[name]
    texts = said.reads(r"Best scores: diagonal (\S+), small X (\S+), anti-diagonal (\S+)\.(?= )")
    assert all(ninths(text, score) for text, score in zip(texts, best.values(), strict=True))
    verdict = "an X" if round(9 * best["small X"]) >= 7 else "not an X"
    text = "By the rule that the small X reaches 7/9 in an X, this is {}; it fits best in the frame."
    said.says(text, verdict)
    assert panel.board.window[:2] == panel.maps["small X"].window[:2]
    texts = said.reads(r"Compared as a whole picture: (\S+) with the X, (\S+) with the O\.")
    for text, letter in zip(texts, ("X", "O"), strict=True):
        assert ninths(text, np.mean(picture * letters()[letter]), 81)


def LearningPanel(panel, said):  # noqa: N802
    features = np.array([grid.values for grid in panel.features])
    windows = runs()[1]
    away = distance.cdist(windows, features.reshape(-1, 9), "sqeuclidean").min(axis=1).mean() / 9
    text = "Start {}, step {}: a piece of an X is {} away from its nearest feature;"
    said.says(text, panel.start.value, panel.step.value, away)
    for number, values in enumerate(features, start=1):
        likeness = {name: 1 - distance.correlation(values.ravel(), known.ravel()) for name, known in FEATURES.items()}
        name = max(likeness, key=likeness.get)
        said.says("feature {} is most like the {}, {}", number, name, likeness[name])
