"""Lesson 1 in a real browser: every control by keyboard and by pointer, cells typed into, a game, a task."""

import numpy as np
import pytest
from lab import until

from lessons_lib import data, images

PANELS = ["PixelEditor()", "Brightness('camera', amount=60, rule='wrap')", "ChannelMixer()", "ParameterCounter()",
          "PaintGame()"]  # fmt: skip


@pytest.fixture(scope="module")
def lesson(open_code):
    cells = [f"panels.{panel}" for panel in PANELS] + ["swapped = ...\nchecks.swap_red_and_blue(swapped)"]
    return open_code("from lessons_lib.images import checks, panels", *cells)


class TestPixelEditor:
    @pytest.fixture
    def panel(self, lesson):
        return lesson.panel(0)

    def test_typing_changes_number_and_grey_level(self, panel):
        numbers, picture = panel.grid("numbers"), panel.grid("picture")
        numbers.press(9, 7)
        panel.reads("Row 9, column 7: 21 of 255")
        until(lambda: picture.state.startswith("row 9, column 7: 21"))
        assert picture.colour(9, 7) == [21, 21, 21]
        numbers.type(9, 7, "255")
        panel.reads("Row 10, column 7: 175 of 255", "1 of 324 pixels differ")
        until(lambda: picture.colour(9, 7) == [255, 255, 255])

    def test_what_is_no_byte_is_refused_with_the_reason(self, panel):
        numbers, before = panel.grid("numbers"), panel.sentence
        for text, reason in (("999", "outside 0 to 255"), ("1.5", "not a whole number")):
            numbers.press(5, 5)
            numbers.page.keyboard.type(text)
            numbers.page.keyboard.press("Enter")
            until(lambda reason=reason: reason in numbers.state)
            numbers.page.keyboard.press("Escape")
            panel.reads("Row 5, column 5: 71 of 255", before.split(". ")[1][:20])

    def test_arrow_keys_in_one_grid_walk_in_the_other(self, panel):
        panel.grid("picture").press(2, 1)
        panel.grid("picture").keys("ArrowRight", "ArrowRight")
        panel.reads("Row 2, column 3: 54 of 255")
        until(lambda: panel.grid("numbers").state.startswith("row 2, column 3: 54"))
        panel.press_slider("ArrowRight")
        panel.reads("Row 2, column 3: 55 of 255")
        until(lambda: panel.grid("picture").colour(2, 3) == [55] * 3)

    def test_nothing_is_lost(self, panel):
        before = panel.sentence
        assert "0 of 324 pixels differ" not in before
        panel.button("Original picture").click()
        panel.reads("0 of 324 pixels differ")
        panel.button("Undo").focus()
        panel.page.keyboard.press("Enter")
        panel.reads(before)
        panel.dropdown().select_option("a digit")
        panel.reads("of 400 pixels differ")
        panel.dropdown().focus()
        panel.page.keyboard.press("ArrowDown")
        eye = data.load("camera")[144:162, 226:244]
        panel.reads("0 of 324 pixels differ", f"the mean of all is {eye.mean():.1f}")
        panel.dropdown().select_option("portrait")
        panel.reads(before)


class TestBrightness:
    @pytest.fixture
    def panel(self, lesson):
        return lesson.panel(1)

    def test_the_pointer_follows_one_pixel_in_both_photos(self, panel):
        camera = data.load("camera").astype(int)
        panel.grid("before").hover(100, 100)
        row, column = (int(part.split()[1]) for part in panel.reads("Row 1").split(":")[0].split(", "))
        assert abs(row - 100) <= 1 and abs(column - 100) <= 1
        total = camera[row, column] + 60
        panel.reads(f"{camera[row, column]} + 60 = {total}", f"{total} - 256 = {total - 256}")
        panel.page.mouse.move(0, 0)
        until(lambda: panel.grid("after").colour(200, 60)[0] == (camera[200, 60] + 60) % 256, 3)

    def test_rule_and_photo_are_chosen(self, panel):
        panel.button("clip").click()
        panel.reads("becomes 255")
        panel.dropdown().focus()
        panel.after(lambda: panel.page.keyboard.press("ArrowDown"))
        panel.reads(f"of {data.load('moon').size} pixels")


class TestChannelMixer:
    @pytest.fixture
    def panel(self, lesson):
        return lesson.panel(2)

    def test_each_slider_turns_its_channel(self, panel):
        photo = data.load("astronaut")
        said = panel.after(lambda: panel.grid("the mix").hover(300, 180))
        words = said.replace(",", "").split()
        row, column = int(words[1]), int(words[3].rstrip(":"))
        red, green, blue = photo[row, column].tolist()
        panel.page.mouse.move(0, 0)
        for number, name in enumerate(("red", "green", "blue")):
            for _press in range(2):
                panel.press_slider("ArrowLeft", number)
            panel.reads(f"{name} {(red, green, blue)[number]} × 0.90")
        exact = images.mix_channels(photo, 0.9 * np.eye(3))[row, column].tolist()
        panel.reads("the mix has red {}, green {}, blue {}".format(*exact))

    def test_mix_and_photo_are_chosen(self, panel):
        panel.dropdown(1).select_option("luminance in all three")
        panel.reads("the mix has red")
        panel.dropdown(0).focus()
        panel.after(lambda: panel.page.keyboard.press("ArrowDown"))
        until(lambda: panel.grid("the mix").shape() == (400, 600))
        until(lambda: len(set(panel.grid("the mix").colour(100, 300))) == 1)


class TestParameterCounter:
    @pytest.fixture
    def panel(self, lesson):
        return lesson.panel(3)

    def test_every_control_counts(self, panel):
        panel.reads("1,600,000,000 weights, 6,400 MB", "2,500 weights, 0.01 MB", "640,000 times fewer")
        assert panel.grid("the picture").shape() == (200, 200)
        bars = panel.root.locator("svg[role=img]")
        before = bars.inner_html()
        panel.press_slider("ArrowRight", 0)
        panel.reads("201 × 201 × 1")
        until(lambda: bars.inner_html() != before)
        panel.button("colour").click()
        panel.reads("201 × 201 × 3")
        panel.reads(f"{images.count_conv(5, 100, 3):,} weights")
        panel.dropdown().select_option("the lecture's picture")
        panel.reads("1,600,000,000 weights, 6,400 MB")


class TestPaintGame:
    @pytest.fixture
    def panel(self, lesson):
        panel = lesson.panel(4)
        panel.button("Start again").click()
        panel.reads("The picture is black.")
        return panel

    def walk(self, panel, picture):
        """Walk through the picture by keyboard alone, and paint with the space bar."""
        keys = panel.page.keyboard
        panel.grid("picture").root.locator(".lesson-grid-board").focus()
        keys.press("Home")
        keys.press("PageUp")
        for row in range(8):
            for column in range(8):
                if picture[row, column]:
                    keys.press("Space")
                keys.press("ArrowRight")
            keys.press("Home")
            keys.press("ArrowDown")

    def test_it_is_won_by_keyboard_alone(self, panel):
        picture = np.zeros((8, 8))
        picture[1:4, 1] = picture[4, 1:6] = picture[2:7, 4] = 1
        self.walk(panel, picture)
        panel.reads("✓ Won with 12 moves.", "it is a 4")
        assert "lesson-won" in panel.root.get_attribute("class")

    def test_it_says_that_rows_come_first_and_starts_again(self, panel):
        for row, column in [(1, 1), (1, 2), (1, 3), (1, 4)]:
            panel.grid("picture").press(row, column)
        panel.reads("Before the comma stand the rows", "Moves: 4.")
        panel.grid("picture").press(1, 4)
        panel.button("Start again").click()
        panel.reads("The picture is black.")


@pytest.mark.parametrize("number", range(5))
def test_every_control_answers_to_keys_and_to_the_pointer(lesson, number):
    assert lesson.panels() == 5
    panel = lesson.panel(number)
    panel.move_every_control()
    assert lesson.errors == []


def test_a_task_answers(lesson):
    page = lesson.page
    cell = page.locator(".jp-CodeCell", has_text="checks.swap_red_and_blue").first
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type('from lessons_lib import data\nchecks.swap_red_and_blue(data.load("astronaut"))')
    page.keyboard.press("ControlOrMeta+Enter")
    until(lambda: "the photo as it was" in cell.locator(".jp-OutputArea").inner_text())
