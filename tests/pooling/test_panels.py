"""Lesson 5: its pictures, and what its panels do besides the sentence that `oracle.py` recomputes."""

import re

import numpy as np
import pytest

from browser_messages import from_browser
from lessons_lib import matching, pooling
from lessons_lib.plots.style import png
from lessons_lib.pooling import backprop, figures, networks, other_data, panels

PICTURE = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])
SMALL_NETWORK = backprop.Network(backprop.Conv(3, 1, 2))


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (figures.activations, "sigmoid at most 0.25"),
        (lambda: figures.pooling_windows(PICTURE), "largest number of each: 6 8, 3 4"),
        (lambda: figures.overlap_by_shift([0, 1, 2], {"maps": [1, 0.5, 0.25]}, {"maps": 0.6}), "maps 0.50 (0.60)"),
        (lambda: figures.two_stages(matching.letter("O"), "O"),
         "F = 2 and S = 2; these make a vector of 12 numbers, 0.00 0.00 0.56"),
        (lambda: figures.outputs_by_step(np.array([[0.92, 0.51], [1, -0.001]]), [1, 0]), "from 0.51 to 0.00"),
        (lambda: figures.smoothed_losses({"relu": [1.0] * 40}), "40 steps"),
        (lambda: figures.forward_and_backward(SMALL_NETWORK, (4, 5, 1)), "Conv 2 × 3 × 2"),
        (lambda: figures.data_as_pictures(
            [np.eye(4)] * 2, other_data.one_hot("ab"), other_data.ALPHABET, np.eye(2), ["age", "income"]
        ), "Four pictures"),
        (lambda: figures.shuffle_test({"letters": np.array([[[1, 0.8], [0.6, 0.6]], [[0.7, 0.7], [0.5, 0.7]]])}),
         "letters: convolutional 0.90, shuffled 0.60; dense 0.70, shuffled 0.60"),
    ],
)  # fmt: skip
def test_a_picture_says_what_it_shows(draw, words):
    figure = draw()
    assert words in figure.alt
    _content, width, height = png(figure)
    assert width <= 1200 and height <= 800


def test_bars_are_the_probabilities():
    chart = figures.probability_bars(["X", "O"], [0.2, 0.8])
    bars = [(bar.length, bar.name, bar.value) for bar in chart.frames[0].marks]
    assert bars == [(0.2, "X", "0.20"), (0.8, "O", "0.80")]
    with pytest.raises(ValueError, match="2 names and 1 probabilities"):
        figures.probability_bars(["X", "O"], [1])


def test_a_curve_ends_at_its_first_point_above_and_no_label_covers_another():
    chart = figures.loss_by_rate({0.1: [1, 0.5, 0.2], 0.2: [1, 0.5, 0.2], 9: [1, 2e4, np.inf]}, limit=2)
    below, same, above, *labels = chart.frames[0].marks
    assert below.ys.tolist() == same.ys.tolist() == [1, 0.5, 0.2] and above.ys.tolist() == [1, 2e4]
    assert (below.colour, above.colour) == (None, figures.RED)
    assert [label.bold for label in labels] == [False, False, True]
    assert labels[1].y > 2 * labels[0].y and labels[2].y < 1000 and labels[2].x == 1
    assert "Rate 9: from 1.000 to no number" in chart.alt
    with pytest.raises(ValueError, match="6 curves; give 1 to 5"):
        figures.loss_by_rate({rate: [1, 1] for rate in range(6)}, limit=2)


def test_a_curve_goes_as_far_as_the_training_and_another_one_begins_anew():
    panel = panels.LearnLetters(step=100)
    assert list(panel._chart.frames[0].marks[0].xs) == [0, 50, 100] and "at step 100" in panel.still().alt
    panel.rate.value = 0.5
    assert panel.step.value == panel.play.value == 0 and panel.sentence.startswith("Student number 1, rate 0.5, step 0")


def test_a_training_that_bursts_is_told():
    panel = panels.LearnLetters(rate=5)
    panel._training = networks.Training(1, 1e200)
    panel.step.value = 100
    assert panel.sentence.endswith("A number has become too large, so the weights are those of step 0.")


def test_learned_kernels_are_described_by_their_numbers():
    by_hand = pooling.FIRST_KERNELS[:, :, 0]
    assert "three go from -0.22 to 0.22, from" in figures.kernels(by_hand, 2 * by_hand).alt


def test_pointing_at_the_picture_finds_the_window():
    panel = panels.PoolingWindow("map of the X", size=3, stride=2)
    from_browser(panel.before, selected=[2, 5], number="a-1")
    assert panel.result.selected == panel.unshifted.selected == (1, 2)
    assert panel.before.window == (2, 4, 3, 3)
    from_browser(panel.unshifted, selected=[0, 1], number="a-2")
    assert panel.result.selected == (0, 1) and panel.before.selected == (0, 2)


def test_numbers_may_be_typed_and_come_back():
    panel = panels.PoolingWindow("first slide")
    panel.before.type(0, 0, 99)
    assert panel.result.values.tolist() == [[99, 8], [3, 4]]
    panel.right.value = 1
    panel.before.type(1, 2, 50)
    # A cell that came in with the shift is no pixel of the picture.
    panel.before.type(1, 0, 50)
    assert panel.before.values[1].tolist() == [0, 5, 50, 7]
    panel.right.value = 0
    assert panel.before.values[1].tolist() == [5, 50, 7, 8]
    panel.original.click()
    assert panel.before.values.tolist() == PICTURE.tolist()


def test_another_example_brings_its_classes():
    panel = panels.Softmax("letters")
    panel.example.value = "digit"
    panel.target.value = 3
    assert panel.probabilities.round(2).tolist() == [0, 0.1, 0.1, 0.75, 0, 0, 0, 0, 0, 0.05]
    assert figures.probability_bars("0123456789", panel.probabilities).svg() == panel.bars.value
    assert panel.still().alt.endswith("9 0.05.")
    assert [slider.description for slider in panel.scores if slider.layout.display != "none"] == list("0123456789")


def test_the_last_four_curves_stay_until_they_are_forgotten():
    panel = panels.LearningRate(0.3, tried=(0.01, 4))
    assert list(panel._curves) == [0.01, 4.0, 0.3]
    for panel.rate.value in panels.RATES:
        assert panel.curves.value == figures.loss_by_rate(panel._curves, panel.limit).svg()
        assert f"Rate {panel.rate.value:g}: from 0.500" in panel.still().alt
    assert list(panel._curves) == panels.RATES[-4:]
    panel.forget.click()
    assert list(panel._curves) == panels.RATES[-1:]


@pytest.mark.parametrize(
    ("make", "move"),
    [
        (panels.PoolingWindow, lambda panel: panel.result.select(1, 1)),
        (panels.Softmax, lambda panel: setattr(panel.example, "value", "digit")),
    ],
)
def test_a_panel_lives_on_after_an_exception(make, move, monkeypatch):
    panel, expected = make(), make()
    with monkeypatch.context() as broken:
        broken.setattr(pooling, "shift", lambda *_args: 1 / 0)
        broken.setattr(pooling, "softmax", lambda *_args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            move(panel)
    panel.refresh()
    move(expected)
    assert panel.sentence == expected.sentence and not panel.is_quiet


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: panels.LearnLetters(rate=0.1), "choose one of '0.001', '0.02', '0.5', '5'"),
        (lambda: panels.LearnLetters(step=1001), "step is 1001; give 1000 or less"),
        (lambda: panels.LearnLetters(student_number=-1), "student_number is -1"),
        (lambda: panels.PoolingWindow("photo"), "choose one of 'first slide'"),
        (lambda: panels.PoolingWindow(operation="sum"), "choose one of 'max', 'mean'"),
        (lambda: panels.PoolingWindow(size=5), "size is 5; give 4 or less"),
        (lambda: panels.PoolingWindow(right=-1), "right is -1"),
        (lambda: panels.Softmax("cats"), "choose one of 'letters'"),
        (lambda: panels.Softmax(temperature=0), "temperature is 0"),
        (lambda: panels.Softmax("letters", target=2), "target is 2; give 1 or less"),
        (lambda: panels.LearningRate(rate=0.2), "choose one of 0.01"),
        (lambda: panels.LearningRate(data="all"), "choose one of 'one X'"),
        (lambda: panels.LearningRate(tried=(7,)), "rate is 7; choose one of 0.01"),
        (lambda: panels.LearningRate(tried=(0.01, 0.03, 0.1, 0.5)), "tried has 4 rates; give at most 3"),
    ],
)
def test_a_bad_preset_lists_the_choices(make, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        make()
