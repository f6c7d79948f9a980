"""Lesson 3's panels, where the oracle beside this file sees no history."""

import numpy as np
import pytest

from browser_messages import from_browser
from lessons_lib import matching
from lessons_lib.matching.panels import Board, FeatureGame, LearningPanel, MatchPanel

LETTERS = {name: matching.letter(name) for name in matching.LETTERS}


def test_a_press_on_the_picture_lays_the_window_around_the_cell():
    panel = MatchPanel()
    corners = {(4, 4): (3, 3), (0, 0): (0, 0), (8, 8): (6, 6), (1, 7): (0, 6), (5, 0): (4, 0)}
    for cell, corner in corners.items():
        panel.picture.select(*cell)
        assert panel.scores.selected == corner
    panel.scores.select(5, 2)
    assert panel.picture.selected == (6, 3), "the cursor goes along"
    panel.picture.select(5, 0)
    assert panel.scores.selected == (4, 0) and panel.picture.selected == (5, 0)


def test_an_edited_feature_is_your_own_until_it_is_one_of_the_lectures():
    panel = MatchPanel()
    for value, choice in ((-1, "own"), (0.5, "own"), (1, "diagonal")):
        panel.feature.type(0, 0, value)
        assert panel.choice.value == choice
    panel.feature.type(1, 1, -0.25)
    panel.choice.value = "small X"
    assert (panel.feature.values == matching.FEATURES["small X"]).all()
    for value in (-1.5, 2, "1"):
        with pytest.raises((ValueError, TypeError)):
            panel.feature.type(0, 0, value)
    for index in np.ndindex(3, 3):
        panel.feature.type(*index, 0)
    assert "= 0, and 0/9 = 0.00. The highest score of the map is 0 (places: 49)." in panel.sentence


def test_buttons_put_letters_on_the_board():
    board = Board("blank")
    assert (board.board.values == -1).all()
    for name, button in board.presets.items():
        button.click()
        assert (board.board.values == LETTERS[name]).all()
    crossings = set()
    for _draw in range(8):
        board.random.click()
        crossings.add(matching.score_map(board.board.values, matching.FEATURES["small X"]).max() >= 7 / 9)
    assert crossings == {True, False}, "both letters come"


def paint(board, stroke, *cells):
    """What the browser sends while a student drags."""
    edits = [(*cell, 1) for cell in cells]
    from_browser(board.board, edits=edits, selected=cells[-1], stroke=stroke, number=stroke)


def test_clear_and_strokes_can_be_undone():
    board = Board("X")
    assert board.undo.disabled
    board.clear.click()
    assert (board.board.values == -1).all() and not board.undo.disabled
    paint(board, "first", (0, 0), (0, 1))
    paint(board, "first", (0, 2))
    assert board.sentence.startswith("3 of 81"), "the maps follow a stroke of many cells"
    paint(board, "second", (4, 4))
    assert (board.board.values > 0).sum() == 4
    board.undo.click()
    assert (board.board.values > 0).sum() == 3, "one stroke at a time"
    board.undo.click()
    assert (board.board.values == -1).all()
    board.undo.click()
    assert (board.board.values == LETTERS["X"]).all() and board.undo.disabled
    board.undo.click()
    assert (board.board.values == LETTERS["X"]).all()
    for _press in range(150):
        board.clear.click()
    for _press in range(120):
        board.undo.click()
    assert (board.board.values == -1).all(), "only the last 100 are kept"


def test_a_board_for_whole_pictures_shows_no_pieces():
    board = Board("O", pieces=False)
    assert not board.maps and board.template[0].label == "our X"
    assert board.sentence == (
        "16 of 81 cells are white. Compared with our X, your board scores 39/81; a blank sheet scores 55/81."
    )
    board.presets["X"].click()
    assert "your board scores 81/81" in board.sentence


def test_the_game_is_lost_won_and_begun_again():
    game = FeatureGame()
    assert game.sentence.startswith("The feature is black. Largest scores: O 9/9; X 9/9;")
    game.feature.type(1, 1, 1)
    assert game.sentence.startswith("On the O it has only 7/9.") and "Moves: 1." in game.sentence
    for row in (0, 2):
        game.feature.type(row, 1, 1)
    assert game.sentence == "✓ Won with 3 moves. Largest scores: O 9/9; X 5/9; bent X 5/9; blank sheet 3/9."
    assert "lesson-won" in game._dom_classes and len(game.still().axes) == 5
    game.feature.type(0, 0, 1)
    assert "lesson-won" not in game._dom_classes
    game.again.click()
    assert game.moves == 0 and (game.feature.values == -1).all()


def test_a_student_number_of_your_own_is_among_the_ten():
    panel = LearningPanel(20231234, rate=1, letters=400)
    assert panel.number.options == (*range(1, 11), 20231234) and panel.number.value == 20231234
    assert (panel.rate.value, panel.letters.value) == (1, 400)
    assert len(LearningPanel(7).number.options) == 10


def test_a_panel_goes_on_after_an_exception(monkeypatch):
    panel = MatchPanel()
    with monkeypatch.context() as broken:
        broken.setattr(matching, "score_map", lambda _picture, _feature: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            panel.picture.select(1, 1)
    panel.picture.select(8, 8)
    assert panel.sentence.startswith("Window at row 6, column 6:")
