"""Lesson 2 in a real browser: run all, move every control by keyboard and by pointer, type weights into the kernel."""

import re
import time

import pytest
from lab import until


@pytest.fixture(scope="module")
def lesson(open_lesson):
    return open_lesson("02-filtering")


def test_both_panels_are_there(lesson):
    assert lesson.panels() == 2


class TestSlidingWindow:
    @pytest.fixture
    def panel(self, lesson):
        return lesson.panel(0)

    def test_buttons_and_slider_walk_and_the_result_fills(self, panel):
        panel.reads("Step 3:", "= 30.")
        panel.button("Next").click()
        panel.reads("Step 4:", "row 0, column 4", "= 30.")
        panel.button("Back").focus()
        panel.page.keyboard.press("Enter")
        panel.reads("Step 3:")
        panel.button("Next").focus()
        panel.page.keyboard.press("Enter")
        panel.reads("Step 4:")
        panel.button("Back").click()
        panel.reads("Step 3:")
        panel.press_slider("ArrowRight")
        panel.reads("Step 4:")
        assert panel.grid("result G").title == "result G, 8 × 8: 5 of 64"
        said = panel.after(lambda: panel.click_slider(0, 0.5))
        assert 26 <= int(re.search(r"Step (\d+)", said)[1]) <= 37

    def test_pointing_moves_the_window_in_both_pictures(self, panel):
        panel.grid("result G").hover(3, 3)
        panel.reads("Step 27:", "rows 3 to 5 and columns 3 to 5", "= 80.")
        until(lambda: panel.grid("picture F").state.startswith("row 4, column 4: 90"))
        panel.grid("picture F").press(8, 2)
        panel.reads("Step 57:", "row 7, column 1", "= 10.")
        panel.grid("picture F").keys("ArrowUp", "ArrowRight")
        panel.reads("Step 50:", "row 6, column 2", "= 30.")
        panel.grid("result G").keys("ArrowUp")
        panel.reads("Step 42:", "row 5, column 2", "= 30.")
        panel.page.mouse.move(0, 0)

    def test_play_plays_and_pauses(self, panel):
        panel.grid("result G").press(0, 0)
        panel.reads("Step 0:")
        panel.page.mouse.move(0, 0)
        play = panel.root.locator(".jupyter-widget-play, .widget-play").locator("button").first
        play.click()
        panel.reads("Step 2:", seconds=15)
        play.click()
        time.sleep(1.2)
        before = panel.sentence
        time.sleep(1.2)
        assert panel.sentence == before

    def test_another_kernel_by_keyboard(self, panel):
        panel.dropdown().select_option("Gaussian, sigma 1")
        panel.reads("the 49 products add up to")
        until(lambda: panel.grid("result G").title.startswith("result G, 4 × 4"))
        assert panel.grid("kernel").shape() == (7, 7)
        panel.dropdown().focus()
        panel.page.keyboard.press("ArrowDown")
        until(lambda: panel.grid("result G").title.startswith("result G, 8 × 8"))
        panel.grid("result G").press(1, 2)
        panel.reads("Step 10:", "- 4 × 90", "= -180.")
        panel.dropdown().select_option("mean")
        panel.reads("1/9 ×")


class TestFilterBench:
    @pytest.fixture
    def panel(self, lesson):
        return lesson.panel(1)

    def near(self, panel, *place):
        """Wait until the sentence is about a pixel near this place, and return its row and column."""
        found = []

        def reads():
            found[:] = map(int, re.search(r"Photo row (\d+), column (\d+)", panel.sentence).groups())
            return all(abs(a - b) <= 1 for a, b in zip(found, place, strict=True))

        until(reads)
        return found

    def test_pointing_at_photo_and_result(self, panel):
        panel.grid("photo").hover(300, 300)
        self.near(panel, 300, 300)
        panel.grid("result").press(100, 400)
        row, column = self.near(panel, 100, 400)
        panel.grid("result").keys("ArrowDown", "ArrowRight")
        panel.reads(f"Photo row {row + 1}, column {column + 1} was")
        until(lambda: panel.grid("photo").state.startswith(f"row {row + 1}, column {column + 1}"))
        panel.page.mouse.move(0, 0)

    def test_typing_a_weight_makes_it_custom(self, panel):
        kernel = panel.grid("kernel")
        kernel.type(1, 1, "1/4")
        until(lambda: panel.dropdown(1).evaluate("s => s.selectedOptions[0].text") == "custom")
        panel.reads("0.25 ×")
        until(lambda: kernel.title == "kernel, sum 0.25")
        kernel.press(0, 0)
        panel.page.keyboard.type("5000")
        panel.page.keyboard.press("Enter")
        until(lambda: "outside -1000 to 1000" in kernel.state)
        panel.page.keyboard.press("Escape")
        assert kernel.title == "kernel, sum 0.25"

    def test_presets_size_and_border(self, panel):
        panel.dropdown(1).select_option("mean")
        panel.reads("1/9 ×")
        panel.press_slider("ArrowRight")
        panel.press_slider("ArrowRight")
        until(lambda: panel.grid("kernel").shape() == (5, 5))
        assert panel.dropdown(1).evaluate("s => s.selectedOptions[0].text") == "custom"
        panel.dropdown(2).select_option("zero")
        panel.grid("photo").press(0, 511)
        panel.reads("Photo row 0, column 511")
        panel.dropdown(2).focus()
        panel.page.keyboard.press("ArrowUp")
        panel.reads("Around row 0, column 511 the window would stick out")
        until(lambda: panel.grid("result").title == "result, 508 × 508")
        panel.dropdown(2).select_option("reflect")
        panel.click_slider(0, 0.99)
        until(lambda: panel.grid("kernel").shape() == (11, 11))

    def test_the_three_boxes(self, panel):
        panel.dropdown(1).select_option("emboss")
        divide, turn, white = (panel.box(number) for number in range(3))
        panel.reads("-2 ×")
        panel.grid("photo").press(256, 300)
        self.near(panel, 256, 300)
        panel.after(turn.click)
        until(lambda: "half a turn" in panel.grid("kernel").title)
        panel.grid("kernel").type(1, 1, "4")
        until(lambda: panel.grid("kernel").title.startswith("kernel, sum 4"))
        divide.focus()
        panel.page.keyboard.press("Space")
        panel.reads("- 0.5 ×")
        panel.page.mouse.move(0, 0)
        before = panel.grid("result").colour(40, 450)
        assert len(set(before)) == 1
        white.click()
        until(lambda: len(set(panel.grid("result").colour(40, 450))) > 1)
        for box in (divide, turn):
            box.click()

    def test_every_photo(self, panel):
        panel.dropdown(0).select_option("coins")
        until(lambda: panel.grid("photo").shape() == (303, 384))
        panel.dropdown(0).focus()
        panel.page.keyboard.press("ArrowDown")
        until(lambda: panel.grid("photo").shape() == (512, 512))
        assert "The whole result goes from" in panel.sentence


@pytest.mark.parametrize("number", range(2))
def test_every_control_answers_to_keys_and_to_the_pointer(lesson, number):
    panel = lesson.panel(number)
    panel.move_every_control()
    assert re.search(r"\d", panel.sentence)
    assert lesson.errors == []


def test_an_exercise_answers(lesson):
    page = lesson.page
    cell = page.locator(".jp-CodeCell", has_text="checks.weighted_pixel").first
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("answer = 50\nchecks.weighted_pixel(answer)")
    page.keyboard.press("ControlOrMeta+Enter")
    until(lambda: "plain mean" in cell.locator(".jp-OutputArea").inner_text())
