"""Lesson 6 in a browser: digits drawn by pointer, finger and keys, its other panels."""

import re

import pytest

SEVEN = [(5, 6), (5, 20), (24, 11)]
DRAW, COVER, MISTAKES, AS_IT_IS = range(4)
BEGIN = """
from lessons_lib import data, lenet
from lessons_lib.lenet import panels
digits = data.load("mnist")
test, labels = digits["images"][8000:], digits["labels"][8000:]
probabilities = lenet.forward(test, data.load("lenet"))["softmax"]
"""
PANELS = [
    'panels.DrawDigit(start="corner")', "panels.CoverDigit(digit=4, size=7)",
    "panels.Mistakes(test, labels, probabilities)", 'panels.DrawDigit(start="empty", centred=False)',
]  # fmt: skip


@pytest.fixture(scope="module")
def lesson(open_code):
    return open_code(BEGIN, *PANELS)


@pytest.fixture(scope="module")
def panel(lesson):
    return lesson.panel(DRAW)


def share(panel):
    """The digit that is read and its probability."""
    digit, probability = re.search(r"I read (\d) with probability (\d\.\d\d)", panel.sentence).groups()
    return int(digit), float(probability)


def picture(grid):
    """What the canvas of a grid shows, to be compared."""
    return grid.board.locator("canvas").evaluate("canvas => canvas.toDataURL()")


def test_a_board_that_does_not_centre_does_not_offer_it(lesson):
    assert lesson.panels() == 4
    boxes = [lesson.panel(number).root.locator("input[type=checkbox]:visible").count() for number in (DRAW, AS_IT_IS)]
    assert boxes == [1, 0]


def test_a_seven_is_drawn_with_the_pointer(panel):
    panel.reads("I read 7", "Your ink is 13 × 9 pixels from row 14, column 18")
    panel.button("Clear").click()
    panel.reads("The board is empty, 0 of 784 pixels")
    board, maps, bars = panel.grid("draw here"), panel.grid("act1"), panel.grid("what it answers")
    before = [picture(grid) for grid in (board, maps, bars, panel.grid("pool2"), panel.grid("act3"))]
    board.drag(*SEVEN)
    panel.reads("I read 7", "Your ink is 22 × 17 pixels from row 4, column 5")
    assert share(panel)[1] > 0.5
    after = [picture(grid) for grid in (board, maps, bars, panel.grid("pool2"), panel.grid("act3"))]
    assert all(one != other for one, other in zip(before, after, strict=True)), "every layer answers"
    assert bars.shape() == (10, 8) and maps.shape() == (115, 144)
    chosen = panel.dropdown().evaluate("list => list.selectedOptions[0].text")
    assert chosen.split() == ["own", "drawing"]


def test_strokes_are_erased_and_undone(panel):
    board = panel.grid("draw here")
    panel.button("eraser").click()
    board.drag((5, 5), (5, 21))
    panel.reads("pixels from row 7")
    panel.button("Undo").click()
    panel.reads("Your ink is 22 × 17 pixels from row 4, column 5")
    panel.button("Undo").press("Enter")
    panel.reads("The board is empty")
    panel.button("pen").press("Enter")


def test_a_one_is_drawn_with_the_keys(panel):
    board = panel.grid("draw here")
    board.press(4, 14)
    panel.reads("Your ink is 3 × 3 pixels from row 3, column 13")
    board.keys(*["ArrowDown", "Space"] * 19)
    panel.reads("I read 1", "Your ink is 22 × 3 pixels")
    panel.button("Clear").press("Enter")
    panel.reads("The board is empty")


def test_a_finger_draws_a_dab(panel):
    board = panel.grid("draw here")
    panel.page.touchscreen.tap(*board.place(10, 10))
    panel.reads("Your ink is 3 × 3 pixels from row 9, column 9")


def test_digits_to_begin_with_and_maps_to_point_at(panel):
    panel.dropdown().select_option(label="MNIST's 8")
    panel.reads("I read 8")
    panel.grid("pool2").press(3, 3)
    panel.reads("Map 0 of pool2 says", "at row 3, column 3", "the framed 16 × 16")
    panel.grid("pool2").keys("ArrowRight")
    panel.reads("at row 3, column 4")
    panel.grid("act1").hover(3, 40)
    panel.reads("Map 1 of act1 says", "the framed 5 × 5")
    panel.grid("act3").press(0, 1)
    panel.reads("Unit 1 of act3 says")
    panel.dropdown().focus()
    panel.page.keyboard.press("ArrowUp")
    panel.reads("I read 7")
    panel.dropdown().select_option(label="small 7 in a corner")
    panel.reads("I read 7", "centred it is 20 ×")
    box, given = panel.box(), picture(panel.grid("what the network gets"))
    box.click()
    panel.reads("I read 5", "it is shown to the network as it is")
    assert picture(panel.grid("what the network gets")) != given
    box.press("Space")
    panel.reads("centred it is 20 ×")


def test_a_digit_is_covered(lesson):
    panel = lesson.panel(COVER)
    grid = panel.grid("point at the digit")
    before = picture(grid)
    grid.hover(20, 20)
    panel.reads("around row 20, column 20 covered")
    assert picture(grid) != before
    grid.press(20, 18)
    panel.reads("around row 20, column 18 covered")
    grid.keys("ArrowLeft")
    panel.reads("around row 20, column 17 covered")
    panel.dropdown().select_option("7")
    panel.reads("; the 7 had ")
    before = panel.sentence
    panel.press_slider("ArrowRight", 0)
    panel.after(lambda: panel.click_slider(0, 0.9))
    assert panel.sentence != before
    panel.press_slider("End", 1)
    panel.reads("With 11 × 11 pixels")
    panel.click_slider(1, 0.02)
    panel.reads("With 1 × 1 pixels")


def test_mistakes_are_browsed(lesson):
    panel = lesson.panel(MISTAKES)
    first = panel.reads("Mistake 1 of ", "among 2000 digits")
    before = picture(panel.grid("the digit"))
    panel.press_slider("ArrowRight")
    assert panel.reads("Mistake 2 of ") != first
    assert picture(panel.grid("the digit")) != before
    panel.grid("all of them").press(5, 5)
    panel.reads("Mistake 1 of ")
    panel.click_slider(0, 0.98)
    count = int(re.search(r"Mistake \d+ of (\d+)", panel.sentence)[1])
    panel.press_slider("End")
    panel.reads(f"Mistake {count} of {count}")
    about_nines = panel.after(lambda: panel.dropdown().select_option(label="9"))
    assert re.search(r"is a 9, read as|no mistake about 9", about_nines)


def test_no_panel_is_wider_than_the_page(lesson):
    for number in range(lesson.panels()):
        box = lesson.panel(number).root.bounding_box()
        parts = lesson.panel(number).root.locator("svg:visible, .lesson-grid:visible, .widget-slider:visible").all()
        assert parts
        for part in parts:
            inner = part.bounding_box()
            assert inner["x"] + inner["width"] <= box["x"] + box["width"] + 1
