"""Lesson 4 in a real browser: run all, move every control by keyboard and by pointer, type into cells."""

import pytest

from lessons_lib.geometry.panels import LAYERS


@pytest.fixture(scope="module")
def lesson(open_lesson):
    return open_lesson("04-geometry")


def test_every_panel_is_there(lesson):
    assert lesson.panels() == 5


class TestStrideBoard:
    @pytest.fixture
    def panel(self, lesson):
        found = lesson.panel(0)
        # From another case and back, so that every test begins alike.
        found.dropdown().select_option("7 × 7, 3 × 3, stride 1")
        found.reads("(7 - 3 + 2×0)/1 + 1 = 5")
        found.dropdown().select_option("7 × 7, 3 × 3, stride 3")
        found.reads("(7 - 3 + 2×0)/3 + 1 = 2.33 does not fit", "13 of 49 pixels", "valid gives 2 × 2, same gives 3 × 3")
        return found

    def test_pointing_at_the_picture_moves_the_window(self, panel):
        panel.grid("picture").hover(4, 1)
        panel.reads("Output row 1, column 0: 1×1 + 1×1 + 1×1", "row 4, column 1 lies in 1 of the 4 windows")
        panel.grid("picture").hover(6, 6)
        panel.reads("Output row 1, column 1", "row 6, column 6 lies in 0 of the 4 windows")

    def test_walking_in_the_output_by_keys_moves_it_too(self, panel):
        output = panel.grid("output")
        output.press(0, 0)
        panel.reads("Output row 0, column 0")
        output.keys("ArrowRight")
        panel.reads("Output row 0, column 1: 7×1")
        output.keys("ArrowDown")
        panel.reads("Output row 1, column 1: 1×1 + 5×1")

    def test_walking_in_the_picture_by_keys(self, panel):
        picture = panel.grid("picture")
        picture.press(0, 0)
        picture.keys("ArrowDown", "ArrowDown", "ArrowDown")
        panel.reads("Output row 1, column 0", "row 3, column 0 lies in 1 of the 4 windows")

    def test_a_hatched_pixel_changes_nothing_and_another_does(self, panel):
        panel.grid("picture").type(6, 1, "9")
        panel.reads("Output row 1, column 0", "= -4.")
        panel.grid("picture").type(5, 1, "9")
        panel.reads("Output row 1, column 0", "9×(-1)", "= -12.")
        panel.button("First numbers").click()
        panel.reads("= -4.")

    def test_a_typed_weight(self, panel):
        panel.grid("output").press(0, 0)
        panel.reads("= 13.")
        panel.grid("kernel").type(1, 1, "-2")
        panel.reads("6×(-2)", "= 1.")
        panel.button("First numbers").click()
        panel.reads("= 13.")

    def test_every_slider_by_keyboard_and_by_pointer(self, panel):
        panel.press_slider("ArrowLeft", 0)
        panel.reads("(6 - 3 + 2×0)/3 + 1 = 2: the output is 2 × 2.")
        panel.press_slider("ArrowLeft", 2)
        panel.reads("(6 - 3 + 2×0)/2 + 1 = 2.50 does not fit")
        panel.press_slider("ArrowRight", 1)
        panel.reads("(6 - 4 + 2×0)/2 + 1 = 2: the output is 2 × 2.")
        panel.press_slider("ArrowRight", 3)
        panel.reads("(6 - 4 + 2×1)/2 + 1 = 3: the output is 3 × 3.")
        assert panel.dropdown().input_value() == "own choice"
        assert panel.grid("picture").shape() == (8, 8)
        panel.click_slider(0, 0.98)
        panel.reads("(12 - 4 + 2×1)/2 + 1 = 6")
        panel.click_slider(1, 0.98)
        panel.reads("(12 - 11 + 2×1)/2 + 1 = 2.50")
        panel.click_slider(3, 0.02)
        panel.reads("(12 - 11 + 2×0)/2 + 1 = 1.50")
        panel.click_slider(0, 0.02)
        panel.reads("(1 - 11 + 2×0)/2 + 1 has no window", "Keras refuses valid here; same gives 1 × 1")


def test_the_board_with_padding(lesson):
    panel = lesson.panel(1)
    panel.reads("(7 - 3 + 2×1)/1 + 1 = 7: the output is 7 × 7.")
    picture = panel.grid("picture")
    picture.hover(0, 0)
    picture.hover(1, 1)
    panel.reads("The pixel in row 1, column 1 lies in 4 of the 49 windows.")
    picture.type(8, 3, "5")  # the last row, so that Enter does not walk on and change the sentence
    panel.reads("The border stays 0.")


def test_the_colour_layer(lesson):
    panel = lesson.panel(2)
    panel.reads("Map 0, row 4, column 0: red 60 + green 0 + blue (-23) + bias 2 = 39.")
    panel.press_slider("ArrowLeft")
    panel.reads("+ bias 1 = 38.")
    panel.grid("picture, green").hover(1, 1)
    panel.reads("Map 0, row 0, column 0: red 46")
    panel.grid("kernel, green").type(0, 0, "2")
    panel.reads("+ green 6 + blue (-39)")
    panel.dropdown().select_option("1, light above dark")
    panel.reads("Map 1, row 0, column 0", "+ bias 0 =")
    panel.grid("map 1 of 2").press(4, 4)
    panel.reads("Map 1, row 4, column 4")


def test_the_calculator(lesson):
    panel = lesson.panel(3)
    panel.reads("In 227 × 227 × 3, out 55 × 55 × 96: 34,848 weights and 96 biases")
    for number in range(len(next(iter(LAYERS.values())))):
        panel.after(lambda number=number: panel.press_slider("ArrowRight", number))
    panel.reads("In 228 × 228 × 4, out 44 × 44 × 97: 55,872 weights")
    panel.dropdown().select_option("AlexNet, first, as printed")
    panel.reads("Width 54.25 does not fit and is rounded down to 54.")
    assert "(224 - 11 + 2×0)/4 + 1 = 54.25 → 54" in panel.root.inner_text()
    panel.click_slider(6, 0.98)
    panel.reads("In 224 × 224 × 3, out 57 × 57 × 96")
    sizes = panel.root.locator("svg text").evaluate_all(
        "texts => texts.map(text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"
    )
    assert len(sizes) == 3 and min(sizes) >= 12


def test_the_grower(lesson):
    panel = lesson.panel(4)
    panel.reads("depends on 7 × 7 pixels: walking back 1, 3, 5, 7.", "27 D² weights, against 49 D²")
    panel.button("Add a layer").click()
    panel.reads("depends on 9 × 9 pixels")
    panel.button("Remove the last").click()
    panel.reads("depends on 7 × 7 pixels")
    # The layers' drop-down lists follow that of the case: size, stride, size, stride ...
    panel.dropdown(4).select_option("2")
    panel.reads("walking back 1, 3, 7, 9.", "27 D² weights, against 81 D²")
    panel.press_slider("ArrowRight")
    panel.grid("the picture").hover(0, 0)
    panel.reads("Pixel row 0, column 0: 1 paths.")
    panel.dropdown().select_option("LeNet's layers, unpadded")
    panel.reads("depends on 16 × 16 pixels: walking back 1, 2, 6, 12, 16.")
    last = panel.grid("after layer 4")
    last.press(3, 3)
    panel.reads("depends on 16 × 16 pixels")
    last.says("row 3, column 3: 1")
