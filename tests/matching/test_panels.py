"""Lesson 3's panels, driven through their whole range, and its pictures; every number is computed a second time."""

import re
from fractions import Fraction

import numpy as np
import pytest
from scipy.signal import correlate2d

from lessons_lib import data, matching
from lessons_lib.matching import figures
from lessons_lib.matching.panels import Board, LearnExplorer, MatchExplorer

LETTERS = {name: matching.letter(name) for name in matching.LETTERS}


def ninths(picture, feature):
    """All sums of nine products, by SciPy."""
    return np.rint(correlate2d(picture, feature, "valid")).astype(int)


# ---------------------------------------------------------------- MatchExplorer


@pytest.mark.parametrize("letter", list(LETTERS))
@pytest.mark.parametrize("feature", list(matching.FEATURES))
@pytest.mark.no_cover
def test_each_of_the_49_scores_is_explained(letter, feature):
    panel = MatchExplorer(letter, feature)
    sums = ninths(LETTERS[letter], matching.FEATURES[feature])
    assert (np.rint(panel.scores.values * 9) == sums).all()
    assert panel.scores.texts == [[f"{total}/9" for total in row] for row in sums.tolist()]
    for row, column in np.ndindex(7, 7):
        panel.scores.select(row, column)
        window = LETTERS[letter][row : row + 3, column : column + 3]
        assert (panel.products.values == window * matching.FEATURES[feature]).all()
        assert panel.picture.window == (row, column, 3, 3)
        place, terms, total, mean = re.match(
            r"Window at (row \d, column \d): ([^=]+) = (-?\d+), and -?\d+/9 = (-?\d\.\d\d)\.", panel.sentence
        ).groups()
        assert place == f"row {row}, column {column}"
        assert eval(terms) == int(total) == sums[row, column]
        assert terms.count("1") == 9
        assert float(mean) == pytest.approx(sums[row, column] / 9, abs=0.005)
        assert f"is {sums.max()}/9 (places: {(sums == sums.max()).sum()})" in panel.sentence


def test_relu_of_the_map():
    panel = MatchExplorer()
    panel.relu.value = True
    sums = ninths(LETTERS["X"], matching.FEATURES["diagonal"])
    assert (np.rint(panel.scores.values * 9) == np.maximum(sums, 0)).all()
    panel.scores.select(0, 1)
    assert "= -1, and -1/9 = -0.11. After ReLU it is 0." in panel.sentence and panel.scores.texts[0][1] == "0"
    panel.relu.value = False
    assert "ReLU" not in panel.sentence and panel.scores.texts[0][1] == "-1/9"


def test_a_press_on_the_picture_lays_the_window_around_the_cell():
    panel = MatchExplorer()
    for (row, column), corner in {
        (4, 4): (3, 3),
        (0, 0): (0, 0),
        (8, 8): (6, 6),
        (1, 7): (0, 6),
        (5, 0): (4, 0),
    }.items():
        panel.picture.select(row, column)
        assert panel.scores.selected == corner
        assert f"Window at row {corner[0]}, column {corner[1]}:" in panel.sentence
    panel.scores.select(5, 2)
    assert panel.picture.selected == (6, 3), "the cursor goes along"
    panel.picture.select(5, 0)
    assert panel.scores.selected == (4, 0) and panel.picture.selected == (5, 0)


def test_choosing_letters_and_features():
    panel = MatchExplorer("O", "small X", 0, 6)
    assert panel.sentence.startswith("Window at row 0, column 6:")
    for name in LETTERS:
        panel.letter.value = name
        assert (panel.picture.values == LETTERS[name]).all()
    for name, feature in matching.FEATURES.items():
        panel.choice.value = name
        assert (panel.feature.values == feature).all()
        assert (np.rint(panel.scores.values * 9) == ninths(LETTERS["deformed X"], feature)).all()


def test_an_edited_feature_is_your_own_until_it_is_one_of_the_lectures():
    panel = MatchExplorer()
    panel.feature.type(0, 0, -1)
    assert panel.choice.value == "own"
    assert (np.rint(panel.scores.values * 9) == ninths(LETTERS["X"], panel.feature.values)).all()
    panel.feature.type(0, 0, 0.5)
    assert panel.choice.value == "own"
    expected = (LETTERS["X"][3:6, 3:6] * panel.feature.values).sum()
    assert f"= {expected:g}, and {expected:g}/9 = {expected / 9:.2f}." in panel.sentence
    panel.feature.type(0, 0, 1)
    assert panel.choice.value == "diagonal"
    panel.feature.type(1, 1, -0.25)
    panel.choice.value = "small X"
    assert (panel.feature.values == matching.FEATURES["small X"]).all()
    for value in (-1.5, 2, "1"):
        with pytest.raises((ValueError, TypeError)):
            panel.feature.type(0, 0, value)
    for index in np.ndindex(3, 3):
        panel.feature.type(*index, 0)
    assert "= 0, and 0/9 = 0.00. The highest score of the map is 0 (places: 49)." in panel.sentence


@pytest.mark.parametrize(("presets", "words"), [
    ({"letter": "Y"}, "choose one of 'X', 'O', 'deformed X'"),
    ({"feature": "cross"}, "choose one of 'diagonal', 'small X', 'anti-diagonal'"),
    ({"row": 7}, "row is 7; give 6 or less"),
    ({"column": -1}, "column is -1"),
])  # fmt: skip
def test_a_bad_preset_lists_the_choices(presets, words):
    with pytest.raises(ValueError, match=words):
        MatchExplorer(**presets)


# ---------------------------------------------------------------- Board


def told(board):
    """The numbers of the board's sentence, after computing them here."""
    picture, sentence = board.board.values, board.sentence
    assert sentence.startswith(f"{int((picture > 0).sum())} of 81 cells are white.")
    best = {name: ninths(picture, feature).max() for name, feature in matching.FEATURES.items()}
    assert "Best scores: " + ", ".join(f"{name} {total}/9" for name, total in best.items()) + "." in sentence
    assert ("this is an X" in sentence) == (best["small X"] >= 7)
    assert ("this is not an X" in sentence) == (best["small X"] < 7)
    against = {name: int((picture * LETTERS[name]).sum()) for name in ("X", "O")}
    assert f"{against['X']}/81 with the X, {against['O']}/81 with the O." in sentence
    for name, feature in matching.FEATURES.items():
        sums = ninths(picture, feature)
        expected = np.maximum(sums, 0) if board.relu.value else sums
        assert (np.rint(board.maps[name].values * 9) == expected).all()
        row, column = board.maps[name].window[:2]
        assert sums[row, column] == sums.max()
    assert board.board.window[:2] == board.maps["small X"].window[:2]
    return best


def test_the_board_with_every_letter():
    assert told(Board()) == {"diagonal": 9, "small X": 9, "anti-diagonal": 9}
    assert told(Board("O")) == {"diagonal": 9, "small X": 5, "anti-diagonal": 9}
    assert told(Board("deformed X", relu=True)) == {"diagonal": 9, "small X": 9, "anti-diagonal": 9}
    assert told(Board("blank")) == {"diagonal": 3, "small X": -1, "anti-diagonal": 3}
    with pytest.raises(ValueError, match="choose one of 'X', 'O', 'deformed X', 'blank'"):
        Board("Z")


def test_the_maps_follow_each_stroke():
    board = Board("blank")
    for step in range(81):
        row, column = divmod(step * 7 % 81, 9)
        board.board.type(row, column, 1)
        told(board)
    board.relu.value = True
    told(board)
    for row, column in np.ndindex(9, 9):
        board.board.type(row, column, -1)
    told(board)
    with pytest.raises(ValueError, match="choose one of"):
        board.board.type(0, 0, 0.5)


def test_presets_and_letters_by_chance():
    board = Board("blank")
    for name, button in board.presets.items():
        button.click()
        assert (board.board.values == LETTERS[name]).all()
        told(board)
    seen = set()
    for _draw in range(8):
        board.random.click()
        assert set(board.board.values.ravel().tolist()) == {-1, 1}
        seen.add(told(board)["small X"] >= 7)
    assert seen == {True, False}, "both letters come"


def paint(board, stroke, *cells):
    """What the browser sends while a student drags."""
    edits = [(*cell, 1) for cell in cells]
    board.board._receive(board.board, {"edits": edits, "selected": cells[-1], "stroke": stroke, "number": stroke}, [])


def test_clear_and_strokes_can_be_undone():
    board = Board("X")
    assert board.undo.disabled
    board.clear.click()
    assert (board.board.values == -1).all() and not board.undo.disabled
    paint(board, "first", (0, 0), (0, 1))
    paint(board, "first", (0, 2))
    told(board)
    paint(board, "second", (4, 4))
    assert (board.board.values > 0).sum() == 4
    board.undo.click()
    assert (board.board.values > 0).sum() == 3, "one stroke at a time"
    paint(board, "third", (8, 8), (8, 7))
    board.undo.click()
    assert (board.board.values > 0).sum() == 3
    board.undo.click()
    assert (board.board.values == -1).all()
    board.undo.click()
    assert (board.board.values == LETTERS["X"]).all()
    told(board)
    assert board.undo.disabled
    board.undo.click()
    assert (board.board.values == LETTERS["X"]).all()
    for _press in range(150):
        board.clear.click()
    for _press in range(120):
        board.undo.click()
    assert (board.board.values == -1).all(), "only the last 100 are kept"


# ---------------------------------------------------------------- LearnExplorer


@pytest.fixture(scope="module")
def runs():
    images, labels = matching.random_letters(60, seed=1)
    return [matching.learn_features(images[labels == 0], seed=seed, steps=40) for seed in range(3)]


def test_every_step_of_every_start(runs):
    panel = LearnExplorer(runs)
    assert (panel.start.value, panel.step.value) == (0, 40)
    for start in range(3):
        panel.start.value = start
        for step in range(0, 41, 5):
            panel.step.value = step
            assert panel.sentence.startswith(f"Start {start}, step {step}: ")
            assert f"{runs[start].distances[step]:.3f} away" in panel.sentence
            for number, (grid, values) in enumerate(
                zip(panel.features, runs[start].history[step], strict=True), start=1
            ):
                assert (grid.values == values).all()
                likeness = {n: np.corrcoef(values.ravel(), f.ravel())[0, 1] for n, f in matching.FEATURES.items()}
                name = max(likeness, key=likeness.get)
                assert f"feature {number} is most like the {name}, {likeness[name]:.2f}" in panel.sentence


def test_presets_of_the_learn_explorer(runs):
    assert LearnExplorer(runs, start=2, step=0).sentence.startswith("Start 2, step 0: ")
    for presets in ({"start": 3}, {"step": 41}, {"step": -1}):
        with pytest.raises(ValueError, match=r"is (3|41|-1); give"):
            LearnExplorer(runs, **presets)
    panel = LearnExplorer()
    assert len(panel.runs) == 6 and panel.step.value == 200


# ---------------------------------------------------------------- all panels


def test_a_panel_leaves_a_picture_and_its_sentence(runs):
    for panel in (MatchExplorer(), Board(), LearnExplorer(runs)):
        bundle, metadata = panel._repr_mimebundle_()
        assert bundle["text/plain"] == panel.sentence == metadata["image/png"]["alt"]
        assert bundle["image/png"].startswith("iVBOR")


# ---------------------------------------------------------------- pictures


def pictures():
    images, labels = matching.random_letters(12, seed=0)
    letter, feature = matching.letter("X"), matching.FEATURES["small X"]
    learned = matching.learn_features([letter], seed=2, steps=20)
    photo = data.load("astronaut")[::16, ::16] / 255
    return {
        "letters": (LETTERS,),
        "agreement": (LETTERS, letter),
        "sheet": (images, labels),
        "match": (letter, feature, 3, 3),
        "score_map": (letter, feature, "small X"),
        "feature_maps": (letter,),
        "rectified": (matching.score_map(letter, feature),),
        "told_apart": (labels, [("whole", images.mean(axis=(1, 2))), ("crossing", images.max(axis=(1, 2)))]),
        "zeros_and_ones": (matching.SEVEN, feature),
        "bank": (photo[..., 0],),
        "depth": (photo[:5, :5], np.ones((3, 3, 3))),
        "colour_maps": (photo, matching.layer(photo, np.ones((3, 3, 3, 2))), ["red", "blue"]),
        "volumes": ([(9, 9, 1), (7, 7, 3)],),
        "learning": (learned.history, [0, 20]),
        "learned_beside": (learned.features,),
        "descents": ([learned.distances, learned.distances[::-1]],),
    }


@pytest.mark.parametrize("name", list(pictures()))
@pytest.mark.no_cover
def test_every_picture_can_be_drawn_and_tells_its_numbers(name, tmp_path):
    figure = getattr(figures, name)(*pictures()[name])
    figure.savefig(tmp_path / "picture.png")
    assert len(figure.alt) > 40 and re.search(r"\d", figure.alt) and "{" not in figure.alt
    assert max(figure.get_size_inches()) <= 12


def test_fractions_are_the_scores():
    scores = matching.score_map(LETTERS["X"], matching.FEATURES["diagonal"])
    texts = figures.fractions(scores)
    assert [[Fraction(text) for text in row] for row in texts] == [
        [Fraction(round(score * 9), 9) for score in row] for row in scores
    ]
    assert texts[0] == ["7/9", "-1/9", "1/9", "3/9", "5/9", "-1/9", "3/9"]
