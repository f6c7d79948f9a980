"""Lesson 3's panels in a real browser: every control by pointer and by keyboard, a board, a game won and lost."""

import pytest
from lab import until

PANELS = ["MatchPanel()", "Board('O')", "Board('X', pieces=False)", "FeatureGame('only-the-o')", "LearningPanel(8)"]
MATCH, BOARD, WHOLE, GAME, LEARN = range(len(PANELS))


@pytest.fixture(scope="module")
def lesson(open_code):
    cells = [f"panels.{panel}" for panel in PANELS] + ["answer = ...\nchecks.two_layers(answer)"]
    return open_code("from lessons_lib.matching import checks, panels", *cells)


def test_any_score_is_pressed_or_walked_to(lesson):
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
    panel.dropdown(0).select_option("bent X")
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
    panel.reads("16 of 81 cells are white.", "small X 5/9", "the rule says: no X.")
    panel.button("Clear").click()
    panel.reads("0 of 81 cells are white.", "small X -1/9")
    board = panel.grid("your board")
    board.drag((1, 1), (7, 7))
    panel.reads("7 of 81 cells are white.", "diagonal 9/9")
    board.drag((1, 7), (3, 5))
    board.drag((5, 3), (7, 1))
    panel.reads(
        "13 of 81 cells are white.", "small X 9/9, anti-diagonal 9/9", "the rule says: an X.", "81/81 with the X"
    )
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


def test_presets_and_letters_by_chance(lesson):
    panel = lesson.panel(BOARD)
    panel.button("bent X").click()
    panel.reads("17 of 81 cells are white.", "41/81 with the X")
    panel.button("random letter").focus()
    first = panel.after(lambda: panel.page.keyboard.press("Enter"))
    assert panel.after(lambda: panel.page.keyboard.press("Enter")) != first
    for name in ("diagonal", "small X", "anti-diagonal"):
        assert panel.grid(name).shape() == (7, 7)


def test_a_whole_picture_is_compared(lesson):
    panel = lesson.panel(WHOLE)
    panel.reads("13 of 81 cells are white. Compared with our X, your board scores 81/81; a blank sheet scores 55/81.")
    panel.grid("your board").press(0, 0)
    panel.reads("14 of 81 cells are white.", "your board scores 79/81")
    panel.grid("your board").keys("Space")
    panel.reads("your board scores 81/81")
    assert panel.grid("our X").shape() == (9, 9)


class TestFeatureGame:
    @pytest.fixture
    def panel(self, lesson):
        panel = lesson.panel(GAME)
        panel.button("Start again").click()
        panel.reads("The feature is black.")
        return panel

    def test_it_is_won_by_keyboard_alone(self, panel):
        feature = panel.grid("your feature")
        feature.root.locator(".lesson-grid-board").focus()
        feature.keys("Home", "PageUp", "ArrowRight", "Space", "ArrowDown", "Space", "ArrowDown", "Space")
        panel.reads("✓ Won with 3 moves.", "O 9/9; X 5/9; bent X 5/9; blank sheet 3/9")
        assert "lesson-won" in panel.root.get_attribute("class")

    def test_it_says_what_is_wrong_and_starts_again(self, panel):
        feature = panel.grid("your feature")
        for place in range(3):
            feature.press(place, place)
        panel.reads("It fits the X too well: 9/9", "Moves: 3.")
        assert "lesson-won" not in panel.root.get_attribute("class")
        panel.button("Start again").focus()
        panel.page.keyboard.press("Enter")
        panel.reads("The feature is black.")


def test_a_feature_learns_letter_by_letter(lesson):
    panel = lesson.panel(LEARN)
    panel.reads("Student number 8, rate 0.01, after 0 letters: ")
    panel.dropdown(1).select_option("0.1")
    panel.press_slider("End")
    panel.reads("rate 0.1, after 400 letters: 97 of 1,000 other letters are wrong.")
    panel.press_slider("ArrowLeft")
    panel.reads("after 399 letters: ")
    panel.dropdown(0).focus()
    panel.after(lambda: panel.page.keyboard.press("ArrowDown"))
    panel.reads("Student number 9, rate 0.1,")
    panel.dropdown(1).select_option("1")
    panel.reads("Student number 9, rate 1,")


def test_a_task_answers_and_no_error_is_in_the_console(lesson):
    page = lesson.page
    cell = page.locator(".jp-CodeCell", has_text="checks.two_layers").first
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("answer = [[0] * 5, [0] * 5]\nchecks.two_layers(answer)")
    page.keyboard.press("ControlOrMeta+Enter")
    until(lambda: "With ReLU you get only 0" in cell.locator(".jp-OutputArea").inner_text())
    assert lesson.errors == []
