"""Lesson 5's panels in a real browser: a training that is played, a game won by keyboard, and the older panels."""

import pytest
from lab import until

PANELS = ["LearnLetters()", "PoolingGame()", "PoolingWindow('second slide')", "Softmax()", "LearningRate()"]
LEARN, GAME, WINDOW, SOFTMAX, RATE = range(len(PANELS))


@pytest.fixture(scope="module")
def lesson(open_code):
    return open_code("from lessons_lib.pooling import panels", *(f"panels.{panel}" for panel in PANELS))


def test_a_training_is_played_and_pulled_back(lesson):
    panel = lesson.panel(LEARN)
    panel.reads("Student number 1, rate 0.02, step 0: 500 of 1,000 unseen letters are wrong.")
    panel.root.locator(".widget-play button").first.click()
    panel.reads("step 1,000: 1 of 1,000 unseen letters are wrong.")
    # It plays a moment longer, and would go on from step 0.
    panel.root.locator(".widget-play .fa-pause").wait_for(state="detached")
    assert panel.root.locator("svg[role=img]").count() == 1 and panel.grid("eight kernels").shape() == (7, 15)
    panel.press_slider("Home")
    panel.reads("step 0: 500")
    panel.press_slider("ArrowRight")
    panel.reads("step 50: ")
    panel.dropdown(1).select_option("5")
    panel.reads("rate 5, step 0: 500")
    panel.dropdown(0).select_option("2")
    panel.reads("Student number 2, rate 5, step 0:")
    assert lesson.errors == []


def test_the_game_is_lost_and_won_by_keyboard(lesson):
    panel = lesson.panel(GAME)
    panel.reads("F = 2, S = 2, dot in row 2, column 2. Moved by 1: the same, by 2: different, by 3: different.")
    board = panel.grid("map with one dot")
    board.press(5, 4)
    panel.reads("dot in row 5, column 4.")
    for number in (0, 1):
        panel.press_slider("End", number)
    board.press(5, 0)
    panel.reads("The pooled map stays the same. Now find a smaller F")
    for _step in range(4):
        panel.press_slider("ArrowLeft", 0)
        panel.press_slider("ArrowLeft", 1)
    board.press(5, 4)
    panel.reads("✓ Won. Numbers that are left: 4 of 64.")
    assert "lesson-won" in panel.root.get_attribute("class")
    board.press(5, 4)
    board.keys("ArrowRight")
    panel.reads("dot in row 5, column 5.", "by 3: different")
    until(lambda: "lesson-won" not in panel.root.get_attribute("class"))


def test_a_pooled_number_shows_its_window(lesson):
    panel = lesson.panel(WINDOW)
    panel.reads("Row 0, column 0: the largest of 21 8 12 19 is 21.", "75 % fewer numbers, 0 parameters.")
    panel.grid("pooled").press(1, 1)
    panel.reads("Row 1, column 1: the largest of 4 3 9 10 is 10.")
    panel.grid("pooled").keys("ArrowLeft")
    panel.reads("Row 1, column 0: the largest of 8 10 18 12 is 18.")
    panel.grid("the picture").press(0, 3)
    panel.reads("Row 0, column 1: the largest of 8 12 9 7 is 12.")


def test_mean_size_stride_and_shift_by_keyboard(lesson):
    panel = lesson.panel(WINDOW)
    panel.button("mean").click()
    panel.grid("pooled").press(1, 1)
    panel.reads("the mean of 4 3 9 10 is 26 / 4 = 6.50.")
    panel.press_slider("ArrowRight", 0)
    panel.reads("4 × 4 become 1 × 1", "7 of 16 pixels are read by no window.", "overlap by 1")
    panel.press_slider("ArrowLeft", 1)
    panel.reads("4 × 4 become 2 × 2", "overlap by 2")
    panel.press_slider("ArrowRight", 2)
    panel.reads("Shifted by 1 to the right and 0 down, 15 of 16 pixels change")
    panel.press_slider("ArrowRight", 3)
    panel.reads("Shifted by 1 to the right and 1 down")
    panel.dropdown().select_option("one dot")
    panel.reads("6 × 6 become 4 × 4")
    for number, key in ((0, "ArrowLeft"), (1, "ArrowRight"), (2, "ArrowLeft"), (3, "ArrowLeft")):
        panel.press_slider(key, number)
    panel.reads("6 × 6 become 3 × 3")


def test_a_number_is_typed_and_taken_back(lesson):
    panel = lesson.panel(WINDOW)
    panel.button("max").click()
    panel.dropdown().select_option("the lecture's first")
    panel.grid("pooled").press(0, 0)
    panel.reads("the largest of 1 1 5 6 is 6.")
    panel.grid("the picture").type(0, 1, "50")
    panel.reads("the largest of 1 50 5 6 is 50.")
    panel.button("Original").click()
    panel.reads("the largest of 1 1 5 6 is 6.")


def test_scores_become_probabilities(lesson):
    panel = lesson.panel(SOFTMAX)
    panel.reads("The largest probability is 0.60 for X, then 0.40 for O; all 2 together are 1.00.", "error is 0.80")
    assert panel.root.locator(".noUi-handle:visible").count() == 4
    temperature, add, first = 0, 1, 2
    panel.press_slider("ArrowRight", add)
    panel.reads("50 was added to every logit")
    panel.press_slider("ArrowLeft", add)
    panel.reads("total error is 0.80")
    panel.press_slider("ArrowRight", first)
    panel.reads("total error is 0.79")
    panel.press_slider("ArrowRight", temperature)
    panel.reads("At temperature 1.12")
    panel.press_slider("ArrowLeft", temperature)
    panel.dropdown(1).select_option("O")
    panel.reads("If O is right")
    panel.dropdown(0).select_option("the lecture's digit")
    panel.reads("The largest probability is 0.75 for 3", "all 10 together")
    assert panel.root.locator(".noUi-handle:visible").count() == 12
    panel.dropdown(1).select_option("3")
    panel.reads("If 3 is right, the total error is 0.50")


def test_learning_rates_crawl_and_diverge(lesson):
    panel = lesson.panel(RATE)
    panel.reads("Rate 0.3: the loss goes from 0.500 to 0.06")
    picture = panel.root.locator("svg[role=img]")
    before = picture.inner_html()
    panel.press_slider("Home")
    panel.reads("Rate 0.01:", "Too small")
    assert picture.inner_html() != before
    panel.press_slider("End")
    panel.reads("Rate 5:", "Too large")
    panel.button("one X").click()
    panel.reads("Rate 5:", "above 1.40", "0 of 1 letters")
    panel.button("Forget").click()
    panel.press_slider("ArrowLeft")
    panel.reads("Rate 4:")
