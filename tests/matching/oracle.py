"""Lesson 3, by SciPy: correlations of its own letters and features."""

import re
from functools import cache

import numpy as np
from scipy import signal
from skimage import draw

from lessons_lib import matching
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


def _fits_best(grid, picture, feature):
    """The scores of a feature, after seeing that the frame of a grid lies on the largest."""
    scores = signal.correlate2d(picture, feature, "valid") / 9
    assert scores[grid.window[:2]] == scores.max()
    return scores


def Board(panel, said):  # noqa: N802
    picture = panel.board.values
    assert set(np.unique(picture)) <= {-1, 1}
    said.says("{} of 81 cells are white.", int(np.count_nonzero(picture == 1)))
    if not panel.maps:
        own, blank = said.reads(r"your board scores (\S+); a blank sheet scores (\S+)\.")
        assert ninths(own, np.mean(picture * letters()["X"]), 81) and ninths(blank, np.mean(-letters()["X"]), 81)
        return
    best = {}
    for name, feature in FEATURES.items():
        scores = _fits_best(panel.maps[name], picture, feature)
        assert np.allclose(panel.maps[name].values, scores)
        best[name] = scores.max()
    texts = said.reads(r"Largest scores: diagonal (\S+), small X (\S+), anti-diagonal (\S+)\.(?= )")
    assert all(ninths(text, score) for text, score in zip(texts, best.values(), strict=True))
    found = round(9 * best["small X"]) >= 7
    rule = "7/9 or more, so the rule says: an X." if found else "less than 7/9, so the rule says: no X."
    said.says("The small X fits best in the frame; its score is " + rule)
    assert panel.board.window[:2] == panel.maps["small X"].window[:2]
    texts = said.reads(r"Compared as a whole picture: (\S+) with the X, (\S+) with the O\.")
    for text, letter in zip(texts, ("X", "O"), strict=True):
        assert ninths(text, np.mean(picture * letters()[letter]), 81)


def FeatureGame(panel, said):  # noqa: N802
    feature, best = panel.feature.values, {}
    assert set(np.unique(feature)) <= {-1, 1}
    for name, grid in panel.pictures.items():
        shown = {"blank": "blank sheet"}.get(name, name)
        assert name == "bent X" or np.array_equal(grid.values, letters().get(name, np.full((9, 9), -1)))
        best[name] = _fits_best(grid, grid.values, feature).max()
        assert ninths(grid.label.removeprefix(shown + ": "), best[name])
    texts = said.reads(r"Largest scores: O (\S+); X (\S+); bent X (\S+); blank sheet (\S+)\.")
    assert all(ninths(text, score) for text, score in zip(texts, best.values(), strict=True))
    rival = max(score for name, score in best.items() if name != "O")
    only, well = r"On the O it has only (\S+)\. (?:Which 3 × 3 pieces)?", r"too well: (\S+), and at most 5/9 is allowed"
    for words, score in ((only, best["O"]), (well, rival)):
        if found := said.reads(words):
            assert ninths(found[0], score)
    won = round(9 * best.pop("O")) == 9 and max(round(9 * score) for score in best.values()) <= 5
    assert won == ("lesson-won" in panel._dom_classes) == said.sentence.startswith("✓ Won")
    if not panel.moves:
        assert said.sentence.startswith("The feature is black.") and (feature == -1).all()
        return
    said.says("Won with {} moves." if won else "Moves: {}.", panel.moves)


def LearningPanel(panel, said):  # noqa: N802
    number, rate, count = panel.number.value, panel.rate.value, panel.letters.value
    weights = np.random.default_rng(number).normal(size=(3, 3))
    images, labels = matching.random_letters(400, seed=100 + number)
    for image, label in zip(images[:count], labels[:count], strict=True):
        scores = signal.correlate2d(image, weights, "valid") / 9
        i, j = np.argwhere(scores == scores.max())[0]
        weights = weights - rate * (scores[i, j] - (label == 0)) * image[i : i + 3, j : j + 3]
    assert np.allclose(panel.feature.values, weights)
    others, answers = matching.random_letters(1000, seed=3)
    largest = signal.correlate(others, weights[np.newaxis], "valid", "direct").max(axis=(1, 2)) / 9
    said.says(
        "Student number {}, rate {}, after {} letters: {} of 1,000 other letters are wrong.",
        number, rate, count, int(((largest >= 0.5) != (answers == 0)).sum()),
    )  # fmt: skip
