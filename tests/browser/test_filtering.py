"""Lesson 2's panels in a real browser: every control by keyboard and by pointer, weights typed, a game won and lost."""

import re

import pytest
from lab import until

PANELS = ["SlidingWindow()", "FilterBench(kernel='sharpen')", "FilterGame('only-diagonals')"]


@pytest.fixture(scope="module")
def lesson(open_code):
    cells = [f"panels.{panel}" for panel in PANELS] + ["answer = ...\nchecks.by_hand(answer)"]
    return open_code("from lessons_lib.filtering import checks, panels", *cells)


class TestSlidingWindow:
    @pytest.fixture
    def panel(self, lesson):
        return lesson.panel(0)

    def test_two_rows_are_walked_by_pointer_and_by_key_and_no_more(self, panel):
        panel.reads("rows 0 to 2 and columns 0 to 2", "The response in row 0, column 0 is 0.")
        for _step in range(3):
            panel.after(panel.button("Next").click)
        panel.reads("3 pixels of 90, 6 of 0. The response in row 0, column 3 is 30.")
        assert panel.grid("responses").title == "responses: 4 of 64 known"
        panel.button("Next").focus()
        for _step in range(12):
            panel.after(lambda: panel.page.keyboard.press("Enter"))
        panel.reads("The response in row 1, column 7 is 20.", "The panel stops here")
        assert panel.button("Next").is_disabled()
        panel.button("Back").focus()
        panel.page.keyboard.press("Enter")
        panel.reads("The response in row 1, column 6 is 40.")

    def test_known_numbers_can_be_asked_and_others_not(self, panel):
        result = panel.grid("responses")
        result.press(0, 3)
        said = panel.reads("The response in row 0, column 3 is 30.")
        result.press(5, 5)
        until(lambda: result.state.startswith("row 5, column 5: ?"))
        assert panel.sentence == said
        result.press(0, 3)
        result.keys("ArrowDown", "ArrowRight")
        panel.reads("The response in row 1, column 4 is 60.")


class TestFilterGame:
    @pytest.fixture
    def panel(self, lesson):
        panel = lesson.panel(2)
        panel.button("Start again").click()
        panel.reads("The kernel is empty.")
        return panel

    def fill(self, panel, *weights):
        """Type nine weights by keyboard alone: each goes into the cell below the last, column by column."""
        page = panel.page
        panel.grid("your kernel").root.locator(".lesson-grid-board").focus()
        page.keyboard.press("Home")
        page.keyboard.press("PageUp")
        for column in range(3):
            for weight in weights[column::3]:
                page.keyboard.type(weight)
                page.keyboard.press("Enter")
            page.keyboard.press("PageUp")
            page.keyboard.press("ArrowRight")

    def test_it_is_won_by_keyboard_alone(self, panel):
        self.fill(panel, "2", "-1", "-1", "-1", "2", "-1", "-1", "-1", "2")
        panel.reads("✓ Won with 9 moves.", "down right 6; down left 2;")
        assert "lesson-won" in panel.root.get_attribute("class")
        assert panel.grid("your kernel").title == "your kernel, sum 0"
        assert panel.grid("down right").title == "down right: 6"

    def test_it_says_what_is_wrong_and_starts_again(self, panel):
        self.fill(panel, "1", "0", "0", "0", "1", "0", "0", "0", "1")
        panel.reads("line is 3, and that to a white sheet is 3, too", "Moves: 9.")
        assert "lesson-won" not in panel.root.get_attribute("class")
        panel.button("Start again").focus()
        panel.page.keyboard.press("Enter")
        panel.reads("The kernel is empty.")
        panel.grid("your kernel").type(1, 1, "1/9")
        panel.reads("Moves: 1.", "down right 0.11")


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
        until(lambda: kernel.title == "kernel, sum -3.75")
        kernel.press(0, 0)
        panel.page.keyboard.type("5000")
        panel.page.keyboard.press("Enter")
        until(lambda: "outside -1000 to 1000" in kernel.state)
        panel.page.keyboard.press("Escape")
        assert kernel.title == "kernel, sum -3.75"

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


def test_every_control_answers_to_keys_and_to_the_pointer(lesson):
    panel = lesson.panel(1)
    panel.move_every_control()
    assert re.search(r"\d", panel.sentence)
    assert lesson.errors == []


def test_an_exercise_answers(lesson):
    page = lesson.page
    cell = page.locator(".jp-CodeCell", has_text="checks.by_hand").first
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("answer = 0\nchecks.by_hand(answer)")
    page.keyboard.press("ControlOrMeta+Enter")
    until(lambda: "inside the square" in cell.locator(".jp-OutputArea").inner_text())
