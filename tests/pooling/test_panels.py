"""Lesson 5: its pictures and its panels, driven through their whole range."""

import base64
import itertools
import math
import re

import numpy as np
import pytest

from lessons_lib import matching, pooling
from lessons_lib.plots.style import png
from lessons_lib.pooling import backprop, descent_figures, figures, other_data, other_data_figures, panels

FIRST_SLIDE = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
SECOND_SLIDE = [[21, 8, 8, 12], [12, 19, 9, 7], [8, 10, 4, 3], [18, 12, 9, 10]]
DIGIT = [0, 0.1, 0.1, 0.75, 0, 0, 0, 0, 0, 0.05]


# --- Pictures

COLOURFUL = pooling.describe([matching.letter("X"), matching.letter("O")])


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (figures.activations, "sigmoid at most 0.25"),
        (lambda: figures.pooled(np.array(SECOND_SLIDE)), "means: 15.00 9.00, 12.00 6.50"),
        (lambda: figures.pooled(np.array(FIRST_SLIDE)), "largest number of each: 6 8, 3 4"),
        (lambda: figures.kept_alike([0, 1, 2], {(2, 1): [1, 0.5, 0.25]}), "F = 2, S = 1 0.50"),
        (lambda: figures.journey(matching.letter("O"), "O"), "vector of 12 numbers, 0.00 0.00 0.56"),
        (lambda: figures.vectors({"X": COLOURFUL[0], "O": COLOURFUL[1]}), "O: 0.00 0.00 0.56"),
        (lambda: figures.vote_bars(["X", "O"], [0.9, 0.1]), "X 0.90, O 0.10"),
        (lambda: figures.temperatures([1, 0], [0.5, 2]), "at temperature 2: 0.62 0.38"),
        (lambda: descent_figures.votes_on_the_way(np.array([[0.92, 0.51], [1, 0]]), [1, 0]), "from 0.59 to 0.00"),
        (lambda: descent_figures.descents({0.1: [1, 0.5], 9: [1, np.inf]}, 2), "Rate 9: from 1.000 to no number"),
        (lambda: descent_figures.losses({"relu": [1.0] * 40}), "40 steps"),
        (lambda: descent_figures.features_found(np.ones((3, 3, 1, 4)) + np.eye(3)[:, :, None, None], matching.FEATURES),
         "4 kernels"),
        (lambda: descent_figures.there_and_back(backprop.Network(backprop.Conv(3, 1, 2)), (4, 5, 1)), "Conv 2 × 3 × 2"),
        (lambda: descent_figures.letters_and_votes(*letters_to_show(7)), "7 letters"),
        (lambda: other_data_figures.other_pictures(
            [np.eye(4)] * 2, other_data.one_hot("ab"), other_data.ALPHABET, np.eye(2), ["age", "income"]
        ), "Four pictures"),
        (lambda: other_data_figures.contest({"letters": np.full((2, 2, 3), 0.9)}), "empty dots"),
    ],
)  # fmt: skip
def test_a_picture_says_what_it_shows(draw, words):
    figure = draw()
    assert words in figure.alt
    content, width, height = png(figure)
    assert content[1:4] == b"PNG" and width <= 1200 and height <= 800


def letters_to_show(count):
    images, labels = matching.random_letters(count, seed=4)
    return images, np.eye(2)[labels], labels


def test_bars_and_curves_have_the_heights_they_say():
    bars = figures.vote_bars(["X", "O"], [0.2, 0.8])
    assert [bar.get_width() for bar in bars.axes[0].patches] == [0.2, 0.8]
    curves = descent_figures.descents({0.1: [1, 0.5, 0.2], 0.2: [1, 0.1, 0.01]}, limit=2)
    assert np.allclose(curves.axes[0].lines[1].get_ydata(), [0, -1, -2])
    # A curve that leaves the chart ends at its first point outside.
    assert np.allclose(descent_figures.descents({3: [1, 10, 1e4, 1e5]}, 2).axes[0].lines[0].get_ydata(), [0, 1, 4])
    with pytest.raises(ValueError, match="6 curves; give 1 to 5"):
        descent_figures.descents({rate: [1, 1] for rate in range(6)}, limit=2)
    with pytest.raises(ValueError, match="2 names and 1 votes"):
        figures.vote_bars(["X", "O"], [1])


# --- Panels


def pooled_by_hand(x, size, stride, reduce):
    rows, columns = ((n - size) // stride + 1 for n in x.shape)
    result = np.zeros((rows, columns))
    for r, c in np.ndindex(rows, columns):
        result[r, c] = reduce(x[r * stride : r * stride + size, c * stride : c * stride + size])
    return result


def numbers_in(sentence):
    return [float(text) for text in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", sentence)]


@pytest.mark.parametrize("picture", ["first slide", "second slide", "map of the X", "one dot"])
@pytest.mark.parametrize("operation", ["max", "mean"])
def test_the_pooling_window_through_its_whole_range(picture, operation):
    panel = panels.PoolingWindow(picture, operation)
    base = panel.before.values
    for size, stride, right, down in itertools.product((1, 2, 3, 4), (1, 2, 3, 4), (0, 1, 3), (0, 2)):
        for slider, value in ((panel.size, size), (panel.stride, stride), (panel.right, right), (panel.down, down)):
            slider.value = value
        shifted = np.zeros_like(base)
        shifted[down:, right:] = base[: len(base) - down, : base.shape[1] - right]
        reduce = getattr(np, operation)
        expected, still = (pooled_by_hand(x, size, stride, reduce) for x in (shifted, base))
        assert np.array_equal(panel.before.values, shifted)
        assert np.allclose(panel.result.values, expected) and np.allclose(panel.unshifted.values, still)
        row, column = (n - 1 for n in expected.shape)
        panel.result.select(row, column)
        assert panel.before.window == (row * stride, column * stride, size, size)
        window = shifted[row * stride :, column * stride :][:size, :size].ravel().tolist()
        sentence = panel.sentence
        assert f"Row {row}, column {column}: the" in sentence and " ".join(map(str, window)) in sentence
        value = float(re.search(r"(?:is|=) (-?[\d.]+?)\. ", sentence)[1])
        assert value == pytest.approx(reduce(window), abs=0.0051)
        assert f"{base.shape[0]} × {base.shape[1]} become {expected.shape[0]} × {expected.shape[1]}" in sentence
        assert f"{100 * (1 - expected.size / base.size):.0f} % fewer numbers, 0 parameters" in sentence
        read = np.zeros(base.shape, dtype=bool)
        for r, c in np.ndindex(expected.shape):
            read[r * stride : r * stride + size, c * stride : c * stride + size] = True
        assert np.array_equal(panel.before.hatched, ~read)
        assert (f"{(~read).sum()} of {base.size} pixels are read by no window" in sentence) == (not read.all())
        assert (f"overlap by {size - stride}" in sentence) == (stride < size)
        changes = f"{(shifted != base).sum()} of {base.size} pixels change and {(expected != still).sum()} of"
        assert (changes in sentence) == (right + down > 0)


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
    # What came in with the shift is no pixel of the picture.
    panel.before.type(1, 0, 50)
    assert panel.before.values[1, 0] == 0
    panel.right.value = 0
    assert panel.before.values[1].tolist() == [5, 50, 7, 8]
    panel.original.click()
    assert panel.before.values.tolist() == FIRST_SLIDE


@pytest.mark.parametrize("election", ["letters", "tie", "sure", "digit"])
def test_votes_through_their_whole_range(election):
    panel = panels.Votes(election)
    count = len(panel.votes)
    for scores, temperature, add, right in [
        ([0.0] * count, 1, 0, 0), ([10.0] + [-10.0] * (count - 1), 0.1, 1000, count - 1),
        ([-10.0] * (count - 1) + [10.0], 10, -1000, 1), ([k / 2 - 1 for k in range(count)], 2, 50, 0),
    ]:  # fmt: skip
        for slider, score in zip(panel.scores, scores, strict=False):
            slider.value = score
        panel.temperature.value, panel.add.value, panel.right.value = temperature, add, right
        powers = [math.exp((score - max(scores)) / temperature) for score in scores]
        votes = [power / sum(powers) for power in powers]
        assert np.allclose(panel.votes, votes)
        said = numbers_in(panel.sentence)
        assert said[0] == pytest.approx(max(votes), abs=0.005)
        error = sum(abs((k == right) - vote) for k, vote in enumerate(votes))
        assert f"the total error is {error:.2f} " in panel.sentence
        assert f"is {abs(math.log(max(votes[right], 1e-300))):.2f}." in panel.sentence
        assert (f"{add} was added" in panel.sentence) == (add != 0)
        assert (f"At temperature {temperature:.2f}" in panel.sentence) == (temperature != 1)
        widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', panel.bars.value)]
        assert np.allclose(widths, [340 * vote for vote in votes], atol=0.06)
    shown = [slider for slider in panel.scores if slider.layout.display != "none"]
    assert len(shown) == count


def test_votes_of_the_lecture():
    panel = panels.Votes("letters")
    assert panel.votes.round(2).tolist() == [0.6, 0.4]
    panel.election.value = "digit"
    panel.right.value = 3
    assert panel.votes.round(2).tolist() == DIGIT
    assert "The largest vote is 0.75 for 3" in panel.sentence and "total error is 0.50" in panel.sentence
    assert "O" not in dict(panel.right.options)


@pytest.mark.parametrize("learns", ["one X", "forty letters"])
def test_learning_rates_through_their_whole_range(learns):
    panel = panels.LearningRate(learns=learns)
    images, labels = matching.random_letters(40, seed=0)
    x = pooling.describe(images if learns != "one X" else [matching.letter("X")])
    y = np.eye(2)[labels] if learns != "one X" else np.array([[1.0, 0]])
    limit = 2 / np.linalg.eigvalsh(x.T @ x / len(x)).max()
    for rate in panels.RATES:
        panel.rate.value = rate
        w = np.zeros((12, 2))
        losses = []
        for _step in range(panels.STEPS + 1):
            error = x @ w - y
            losses.append((error**2).sum() / 2 / len(x))
            w -= rate * x.T @ error / len(x)
        assert np.allclose(panel.losses, losses, rtol=1e-6)
        assert f"Rate {rate:g}: the loss goes from 0.500 to" in panel.sentence
        last = float(re.search(r"from 0.500 to (\S+) in 60 steps", panel.sentence)[1])
        assert last == pytest.approx(losses[-1], rel=0.5, abs=0.0006)
        assert f"{limit:.2f}" in panel.sentence
        assert ("Too large" in panel.sentence) == (rate >= limit) == (losses[-1] > losses[0])
        assert panel.curves.value.count("<polyline") == len(panel._curves)
        assert f'font-weight:700">{rate:g}</text>' in panel.curves.value
    assert len(panel._curves) == 4
    assert list(panels.LearningRate(0.3, learns, tried=(0.01, 4))._curves) == [0.01, 4.0, 0.3]
    panel.forget.click()
    assert list(panel._curves) == [panels.RATES[-1]]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: panels.PoolingWindow("photo"), "choose one of 'first slide'"),
        (lambda: panels.PoolingWindow(operation="sum"), "choose one of 'max', 'mean'"),
        (lambda: panels.PoolingWindow(size=5), "size is 5; give 4 or less"),
        (lambda: panels.PoolingWindow(right=-1), "right is -1"),
        (lambda: panels.Votes("cats"), "choose one of 'letters'"),
        (lambda: panels.Votes(temperature=0), "temperature is 0"),
        (lambda: panels.Votes("letters", right=2), "right is 2; give 1 or less"),
        (lambda: panels.LearningRate(rate=0.2), "choose one of 0.01"),
        (lambda: panels.LearningRate(learns="all"), "choose one of 'one X'"),
        (lambda: panels.LearningRate(tried=(7,)), "rate is 7; choose one of 0.01"),
        (lambda: panels.LearningRate(tried=(0.01, 0.03, 0.1, 0.5)), "tried has 4 rates; give at most 3"),
    ],
)
def test_a_bad_preset_lists_the_choices(make, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        make()


@pytest.mark.parametrize("panel", [panels.PoolingWindow, panels.Votes, panels.LearningRate])
def test_a_panel_leaves_a_picture_and_its_sentence(panel):
    data, metadata = panel()._repr_mimebundle_()
    assert base64.b64decode(data["image/png"])[1:4] == b"PNG"
    assert data["text/plain"] == metadata["image/png"]["alt"] and numbers_in(data["text/plain"])
