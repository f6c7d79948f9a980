"""Lesson 4's panels in a real browser: every control by keyboard and by pointer, cells typed, a game won and lost."""

import pytest

from lessons_lib.geometry.panels import LAYERS

PANELS = [
    "StrideBoard(stride=3)", "ColourLayer(bias=2)", "BudgetGame()", "LayerCalculator('AlexNet, first')",
    "ReceptiveFieldGrower('three 3 x 3')",
]  # fmt: skip


@pytest.fixture(scope="module")
def lesson(open_code):
    return open_code("from lessons_lib.geometry import panels", *(f"panels.{panel}" for panel in PANELS))


class TestStrideBoard:
    @pytest.fixture
    def panel(self, lesson):
        found = lesson.panel(0)
        found.button("Start again").click()
        found.reads("The windows begin at 0, 3: the output is 2 × 2.", "begin at 6 and stick out", "13 of 49 pixels")
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
        panel.reads("Output row 1, column 0", "= 15.")
        panel.grid("picture").type(5, 1, "9")
        panel.reads("Output row 1, column 0", "9×1", "= 23.")
        panel.button("Start again").click()
        panel.reads("= 15.")

    def test_a_typed_weight(self, panel):
        panel.grid("output").press(0, 0)
        panel.reads("= 45.")
        panel.grid("kernel").type(1, 1, "-2")
        panel.reads("6×(-2)", "= 27.")
        panel.button("Start again").click()
        panel.reads("= 45.")

    def test_every_slider_by_keyboard_and_by_pointer(self, panel):
        panel.press_slider("ArrowLeft", 0)
        panel.reads("begin at 0, 3: the output is 2 × 2.")
        panel.press_slider("ArrowLeft", 2)
        panel.reads("The next would begin at 4 and stick out.")
        panel.press_slider("ArrowRight", 1)
        panel.reads("begin at 0, 2: the output is 2 × 2.")
        panel.press_slider("ArrowRight", 3)
        panel.reads("begin at 0, 2, 4: the output is 3 × 3.")
        assert panel.grid("picture").shape() == (8, 8)
        panel.click_slider(0, 0.98)
        panel.reads("begin at 0, 2, 4, 6, 8, 10: the output is 6 × 6.")
        panel.click_slider(1, 0.98)
        panel.reads("begin at 0, 2: the output is 2 × 2.")
        panel.click_slider(0, 0.02)
        panel.reads("The window has no place: it needs 11 pixels, and with its border the picture has 3.")

    def test_with_padding_the_corner_is_read_four_times(self, panel):
        panel.press_slider("ArrowLeft", 2)
        panel.press_slider("ArrowLeft", 2)
        panel.press_slider("ArrowRight", 3)
        panel.reads("the output is 7 × 7.")
        picture = panel.grid("picture")
        picture.hover(0, 0)
        picture.hover(1, 1)
        panel.reads("The pixel in row 1, column 1 lies in 4 of the 49 windows.")
        picture.type(8, 3, "5")  # the last row, so that Enter does not walk on and change the sentence
        panel.reads("The border stays 0.")


def test_the_colour_layer(lesson):
    panel = lesson.panel(1)
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


def test_the_game_is_lost_and_won_and_starts_again(lesson):
    panel = lesson.panel(2)
    panel.reads("75,648 parameters are too many", "Moves: 0.")
    # K, F, S and P of the first layer, then of the second and of the third.
    for layer, kernels in enumerate(("24", "24", "64")):
        for place, value in ((0, kernels), (2, "2"), (3, "1")):
            panel.dropdown(4 * layer + place).select_option(value)
    panel.reads("✓ Won with 8 moves. Last volume 4 × 4 × 64; 112 kernels, 19,768 parameters, 718,848 multiply-adds.")
    panel.dropdown(4).select_option("32")
    panel.reads("26,112 parameters are too many", "Moves: 9.")
    panel.button("Start again").click()
    panel.reads("55,376,640 multiply-adds are too many", "Moves: 0.")


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
