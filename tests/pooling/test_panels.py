"""Lesson 5: its pictures, and what its panels do besides the sentence that `oracle.py` recomputes."""

import base64
import re

import numpy as np
import pytest

from lessons_lib import matching, pooling
from lessons_lib.plots.style import png
from lessons_lib.pooling import backprop, figures, other_data, panels

FIRST_SLIDE = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
SECOND_SLIDE = [[21, 8, 8, 12], [12, 19, 9, 7], [8, 10, 4, 3], [18, 12, 9, 10]]
VECTORS = pooling.extract_features([matching.letter("X"), matching.letter("O")])
IMAGES, LABELS = matching.random_letters(7, seed=4)
SMALL_NETWORK = backprop.Network(backprop.Conv(3, 1, 2))


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (figures.activations, "sigmoid at most 0.25"),
        (lambda: figures.pooling_windows(np.array(SECOND_SLIDE)), "means: 15.00 9.00, 12.00 6.50"),
        (lambda: figures.pooling_windows(np.array(FIRST_SLIDE)), "largest number of each: 6 8, 3 4"),
        (lambda: figures.likeness_by_shift([0, 1, 2], {(2, 1): [1, 0.5, 0.25]}), "F = 2, S = 1 0.50"),
        (lambda: figures.two_stages(matching.letter("O"), "O"), "vector of 12 numbers, 0.00 0.00 0.56"),
        (lambda: figures.vectors({"X": VECTORS[0], "O": VECTORS[1]}), "O: 0.00 0.00 0.56"),
        (lambda: figures.probability_bars(["X", "O"], [0.9, 0.1]), "X 0.90, O 0.10"),
        (lambda: figures.softmax_by_temperature([1, 0], [0.5, 2]), "at temperature 2: 0.62 0.38"),
        (lambda: figures.outputs_by_step(np.array([[0.92, 0.51], [1, -0.001]]), [1, 0]), "from 0.51 to 0.00"),
        (lambda: figures.loss_by_rate({0.1: [1, 0.5], 9: [1, np.inf]}, 2), "Rate 9: from 1.000 to no number"),
        (lambda: figures.smoothed_losses({"relu": [1.0] * 40}), "40 steps"),
        (lambda: figures.learned_kernels(np.ones((3, 3, 1, 4)) + np.eye(3)[:, :, None, None], matching.FEATURES),
         "4 kernels"),
        (lambda: figures.forward_and_backward(SMALL_NETWORK, (4, 5, 1)), "Conv 2 × 3 × 2"),
        (lambda: figures.letters_with_probabilities(IMAGES, np.eye(2)[LABELS], LABELS), "7 letters"),
        (lambda: figures.data_as_pictures(
            [np.eye(4)] * 2, other_data.one_hot("ab"), other_data.ALPHABET, np.eye(2), ["age", "income"]
        ), "Four pictures"),
        (lambda: figures.shuffle_test({"letters": np.full((2, 2, 3), 0.9)}), "empty dots"),
    ],
)  # fmt: skip
def test_a_picture_says_what_it_shows(draw, words):
    figure = draw()
    assert words in figure.alt
    content, width, height = png(figure)
    assert content[1:4] == b"PNG" and width <= 1200 and height <= 800


def test_bars_and_curves_have_the_heights_they_say():
    bars = figures.probability_bars(["X", "O"], [0.2, 0.8])
    assert [bar.get_width() for bar in bars.axes[0].patches] == [0.2, 0.8]
    curves = figures.loss_by_rate({0.1: [1, 0.5, 0.2], 0.2: [1, 0.1, 0.01]}, limit=2)
    assert np.allclose(curves.axes[0].lines[1].get_ydata(), [0, -1, -2])
    # A curve that leaves the chart ends at its first point outside.
    assert np.allclose(figures.loss_by_rate({3: [1, 10, 1e4, 1e5]}, 2).axes[0].lines[0].get_ydata(), [0, 1, 4])
    with pytest.raises(ValueError, match="6 curves; give 1 to 5"):
        figures.loss_by_rate({rate: [1, 1] for rate in range(6)}, limit=2)
    with pytest.raises(ValueError, match="2 names and 1 probabilities"):
        figures.probability_bars(["X", "O"], [1])


def test_a_wrong_answer_has_a_title_of_another_colour():
    titles = figures.letters_with_probabilities(IMAGES, np.eye(2)[[*LABELS[:-1], 1 - LABELS[-1]]], LABELS).axes
    colours = [ax.title.get_color() for ax in titles]
    assert len(set(colours[:-1])) == 1 and colours[-1] != colours[0]


def test_pointing_at_the_picture_finds_the_window():
    panel = panels.PoolingWindow("map of the X", size=3, stride=2)
    panel.before.select(2, 5)
    assert panel.result.selected == panel.unshifted.selected == (1, 2)
    assert panel.before.window == (2, 4, 3, 3)
    panel.unshifted.select(0, 1)
    assert panel.result.selected == (0, 1) and panel.before.selected == (0, 2)


def test_numbers_may_be_typed_and_come_back():
    panel = panels.PoolingWindow("first slide")
    panel.before.type(0, 0, 99)
    assert panel.result.values.tolist() == [[99, 8], [3, 4]]
    panel.right.value = 1
    panel.before.type(1, 2, 50)
    assert panel.before.values[1, 2] == 50 and panel.unshifted.values[0, 0] == 99
    # A cell that came in with the shift is no pixel of the picture.
    panel.before.type(1, 0, 50)
    assert panel.before.values[1, 0] == 0
    panel.right.value = 0
    assert panel.before.values[1].tolist() == [5, 50, 7, 8]
    panel.original.click()
    assert panel.before.values.tolist() == FIRST_SLIDE


def test_softmax_of_the_lecture():
    panel = panels.Softmax("letters")
    assert panel.probabilities.round(2).tolist() == [0.6, 0.4]
    panel.example.value = "digit"
    panel.target.value = 3
    assert panel.probabilities.round(2).tolist() == [0, 0.1, 0.1, 0.75, 0, 0, 0, 0, 0, 0.05]
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', panel.bars.value)]
    assert np.allclose(widths, 340 * panel.probabilities, atol=0.06)
    assert "O" not in dict(panel.target.options)
    assert len([slider for slider in panel.scores if slider.layout.display != "none"]) == 10


def test_the_last_four_curves_stay_until_they_are_forgotten():
    panel = panels.LearningRate(0.3, tried=(0.01, 4))
    assert list(panel._curves) == [0.01, 4.0, 0.3]
    for panel.rate.value in panels.RATES:
        assert panel.curves.value.count("<polyline") == len(panel._curves)
        assert f'font-weight:700">{panel.rate.value:g}</text>' in panel.curves.value
    assert list(panel._curves) == panels.RATES[-4:]
    panel.forget.click()
    assert list(panel._curves) == panels.RATES[-1:]


@pytest.mark.parametrize(
    ("make", "words"),
    [
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


@pytest.mark.parametrize("panel", [panels.PoolingWindow, panels.Softmax, panels.LearningRate])
def test_a_panel_leaves_a_picture_and_its_sentence(panel):
    data, metadata = panel()._repr_mimebundle_()
    assert base64.b64decode(data["image/png"])[1:4] == b"PNG"
    assert data["text/plain"] == metadata["image/png"]["alt"] and re.search(r"\d", data["text/plain"])
