"""Lesson 3 in a browser: every control of its panels by pointer and by keyboard, and no error in the console."""

import re

import pytest

MATCH, BOARD, LEARN = range(3)


@pytest.fixture(scope="module")
def lesson(open_lesson):
    return open_lesson("03-matching")


def test_any_score_is_pressed_or_walked_to(lesson):
    assert lesson.panels() == 3
    panel = lesson.panel(MATCH)
    panel.reads("Window at row 3, column 3: 1 + 1 - 1 + 1 + 1 + 1 - 1 + 1 + 1 = 5, and 5/9 = 0.56.")
    scores = panel.grid("scores")
    assert scores.shape() == (7, 7)
    scores.press(0, 0)
    panel.reads("Window at row 0, column 0:", "= 7, and 7/9 = 0.78.")
    scores.keys("ArrowRight")
    panel.reads("Window at row 0, column 1:", "= -1, and -1/9 = -0.11.")
    scores.keys("ArrowDown", "ArrowDown", "ArrowRight")
    panel.reads("Window at row 2, column 2:", "= 9, and 9/9 = 1.00.")
    scores.keys("End", "PageDown")
    panel.reads("Window at row 6, column 6:")
    panel.grid("picture").press(4, 4)
    panel.reads("Window at row 3, column 3:")


def test_letter_feature_and_relu_are_chosen(lesson):
    panel = lesson.panel(MATCH)
    panel.dropdown(0).select_option("deformed X")
    panel.dropdown(1).select_option("small X")
    panel.reads("= 9, and 9/9 = 1.00.", "is 9/9 (places: 1)")
    panel.dropdown(0).select_option("O")
    panel.reads("is 5/9")
    panel.box().focus()
    sentence = panel.after(lambda: panel.page.keyboard.press("Space"))
    assert "After ReLU it is 0." in sentence
    panel.after(lambda: panel.box().click())
    panel.dropdown(0).select_option("X")


def test_the_feature_is_edited(lesson):
    panel = lesson.panel(MATCH)
    feature = panel.grid("feature")
    panel.dropdown(1).select_option("diagonal")
    panel.grid("scores").press(3, 3)
    panel.reads("= 5, and 5/9")
    feature.type(0, 0, "0.5")
    panel.reads("0.5 + 1 - 1", "= 4.5, and 4.5/9 = 0.50.")
    assert panel.dropdown(1).input_value() == "your own"
    feature.type(0, 0, "1")
    panel.reads("= 5, and 5/9")
    assert panel.dropdown(1).input_value() == "diagonal"


def test_the_board_is_drawn_on_cleared_and_undone(lesson):
    panel = lesson.panel(BOARD)
    panel.reads("16 of 81 cells are white.", "small X 5/9", "this is not an X")
    panel.button("Clear").click()
    panel.reads("0 of 81 cells are white.", "small X -1/9")
    board = panel.grid("your board")
    board.drag((1, 1), (7, 7))
    panel.reads("7 of 81 cells are white.", "diagonal 9/9")
    board.drag((1, 7), (3, 5))
    board.drag((5, 3), (7, 1))
    panel.reads("13 of 81 cells are white.", "small X 9/9, anti-diagonal 9/9", "this is an X", "81/81 with the X")
    board.press(4, 4)
    panel.reads("12 of 81 cells are white.")
    board.keys("Space")
    panel.reads("13 of 81 cells are white.")
    board.keys("ArrowLeft", "Space")
    panel.reads("14 of 81 cells are white.")
    for _stroke in range(8):
        if panel.button("Undo").is_enabled():
            panel.after(panel.button("Undo").click)
    panel.reads("16 of 81 cells are white.", "81/81 with the O")
    assert not panel.button("Undo").is_enabled()


def test_presets_relu_and_letters_by_chance(lesson):
    panel = lesson.panel(BOARD)
    panel.button("deformed X").click()
    panel.reads("17 of 81 cells are white.", "41/81 with the X")
    panel.button("random letter").focus()
    first = panel.after(lambda: panel.page.keyboard.press("Enter"))
    assert panel.after(lambda: panel.page.keyboard.press("Enter")) != first
    box = panel.box()
    box.click()
    assert box.is_checked()
    for name in ("diagonal", "small X", "anti-diagonal"):
        assert panel.grid(name).shape() == (7, 7)


def test_learning_step_by_step(lesson):
    panel = lesson.panel(LEARN)
    panel.reads("Start 0, step 200: ", "feature 3 is most like the small X, 1.00")
    panel.press_slider("ArrowLeft")
    panel.reads("Start 0, step 199: ")
    panel.press_slider("Home")
    sentence = panel.reads("Start 0, step 0: ")
    assert float(re.search(r"is (\d\.\d+) away", sentence)[1]) > 1
    panel.dropdown().select_option("6")
    panel.reads("Start 6, step 0: ")
    panel.press_slider("End")
    panel.reads("Start 6, step 200: ", "0.451 away")
