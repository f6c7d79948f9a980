"""Numbers under fire: whatever comes in, an answer that agrees with an independent one, or an error that names it.

`fire_calls` has a valid call of every public function of the lessons' modules; here each argument in turn becomes
what it must not be. References that the lessons' own tests do not have stand below.
"""

import csv
import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import signal, stats

import fire_calls
from fire_calls import named
from lessons_lib import data, images, matching, transfer
from lessons_lib.pooling import backprop, other_data
from lessons_lib.transfer import inspect_network, model_tables, small_data, training_comparison

PUBLIC = dict(fire_calls.public())
# A layer of lesson 5 refuses a wrong window when it meets a picture.
THROUGH = {
    "pooling.backprop.MaxPool": lambda **sides: backprop.MaxPool(**sides).forward(np.zeros((1, 6, 5, 1))),
}
# Shuffled pixels may be anything: they are moved and not computed with.
ANY_NUMBER = {("images.shuffle_pixels", "pictures"), ("images.move", "pictures")}
PLAIN = settings(max_examples=25, deadline=None, derandomize=True, database=None)


def arguments():
    """One case for each argument of each public function."""
    return [(name, argument) for name, call in fire_calls.CALLS.items() for argument in call]


def not_finite(value):
    return isinstance(value, np.ndarray) and value.dtype.kind == "f" and not np.isfinite(value).all()


def test_a_message_that_does_not_name_what_came_is_noticed():
    assert named("size is 2.5; give a whole number", 2.5) and not named("give a whole number", 2.5)
    assert named("image holds nan at index (0,)", np.array([np.nan])) and not named("bad image", np.array([np.nan]))
    assert named("x is of type dict", {"a": 1}) and not named("x is wrong", {"a": 1})


def test_every_public_function_is_called_with_every_argument():
    assert set(fire_calls.CALLS) | fire_calls.WITHOUT_ARGUMENTS == set(PUBLIC)
    free = {"progress", "axes", "finite", "low", "high", "length", "empty"}
    for name, call in fire_calls.CALLS.items():
        assert set(inspect.signature(PUBLIC[name]).parameters) - set(call) <= free, name


@pytest.mark.parametrize("name", fire_calls.CALLS)
def test_the_valid_call_is_valid(name, capsys):
    values = {argument: valid.value for argument, valid in fire_calls.CALLS[name].items()}
    if name in ("core.data.photo", "core.data.folder"):
        with pytest.raises(FileNotFoundError, match=r"me\.jpg|my-photos"):
            PUBLIC[name](**values)
    else:
        THROUGH.get(name, PUBLIC[name])(**values)


@pytest.mark.parametrize(("name", "argument"), arguments(), ids=str)
def test_bad_input_is_refused_and_named(name, argument, capsys):
    call = fire_calls.CALLS[name]
    for value in fire_calls.bad(call[argument]):
        if (name, argument) in ANY_NUMBER and not_finite(value):
            continue
        if argument == "student_number" and isinstance(value, str) and value.isdecimal():
            # It may come in quotes.
            continue
        values = {other: valid.value for other, valid in call.items()} | {argument: value}
        with pytest.raises((TypeError, ValueError)) as refused:
            print(repr(value), THROUGH.get(name, PUBLIC[name])(**values))
        assert named(str(refused.value), value), f"{value!r} is not named in {str(refused.value)!r}"


EXTREME = {
    "array": lambda valid: [valid * 0, -valid.astype(float), valid.astype(float) * 1e150, valid.astype(float) * 1e-300,
                            valid.astype(bool), valid[..., :1], valid[:1], valid[None], np.float32(1e30) * (valid > 0)],
    "whole": lambda valid: [0, -1, 1, valid + 1, valid + 7, -(10**30), 10**30, 10**13, np.int8(3), np.float64(2)],
    "number": lambda valid: [0, -1, 1, 1e300, -1e300, 5e-324, 10**30, np.float32(0.5), np.array(0.5)],
}  # fmt: skip


@pytest.mark.parametrize(("name", "argument"), arguments(), ids=str)
def test_extreme_input_is_computed_or_refused_and_never_warned_of(name, argument, capsys):
    """Warnings are errors here; what is too large for the memory has to be refused too."""
    call = fire_calls.CALLS[name]
    for value in EXTREME.get(call[argument].kind, lambda _valid: [])(call[argument].value):
        if argument in LOOPS and isinstance(value, int) and value > 1000:
            continue
        values = {other: valid.value for other, valid in call.items()} | {argument: value}
        try:
            result = THROUGH.get(name, PUBLIC[name])(**values)
        except (TypeError, ValueError, FileNotFoundError):
            continue
        for part in result if isinstance(result, (tuple, list)) else [result]:
            if isinstance(part, (float, np.ndarray)):
                assert not np.isnan(np.asarray(part, dtype=float)).any(), (value, result)


# How often something is done: a large number is a long wait, which is nobody's mistake.
LOOPS = {"steps", "epochs", "count", "per_class", "seeds"}


# --- References that the lessons' own tests do not have


@PLAIN
@given(arrays(np.uint8, (2, 3, 4)), st.integers(1, 4), st.integers(0, 9))
def test_a_linear_classifier_is_one_matrix(bytes_, classes, seed):
    generator = np.random.default_rng(seed)
    layers = [
        (generator.normal(size=(12, 5)), generator.normal(size=5)),
        (generator.normal(size=(5, classes)), np.zeros(classes)),
    ]
    answers = []
    for picture in bytes_ / 255:
        hidden = [
            max(0.0, sum(picture.flat[i] * layers[0][0][i, j] for i in range(12)) + layers[0][1][j]) for j in range(5)
        ]
        votes = [sum(hidden[j] * layers[1][0][j, k] for j in range(5)) for k in range(classes)]
        answers.append(votes.index(max(votes)))
    assert images.classify(layers, bytes_ / 255).tolist() == answers


@PLAIN
@given(st.integers(0, 99))
def test_the_noise_of_random_letters_is_normal(seed):
    noisy, _labels = matching.random_letters(400, seed, noise=0.5)
    clean, _labels = matching.random_letters(400, seed, noise=0)
    assert stats.kstest((noisy - clean).ravel() / 0.5, "norm").pvalue > 1e-6


@PLAIN
@given(st.integers(0, 99))
def test_spectrogram_is_scipys(seed):
    waves = np.random.default_rng(seed).normal(size=(2, 128 * 9))
    _bands, _times, found = signal.stft(waves, nperseg=256, noverlap=128, window=np.hanning(256), boundary=None,
                                        padded=False, scaling="psd")  # fmt: skip
    strength = np.abs(found)[:, 8:104]
    # SciPy divides by the window's length; a factor for all would not stay one under the logarithm, so it goes first.
    strength *= np.sqrt((np.hanning(256) ** 2).sum())
    bands = np.log1p(strength.reshape(2, 16, 6, -1).mean(axis=2))[:, ::-1]
    wanted = stats.zscore(bands.reshape(2, -1), axis=1).reshape(bands.shape)
    assert np.allclose(other_data.spectrogram(waves)[..., 0], wanted, atol=1e-6)
    sound, labels = other_data.sound(4, seed)
    chirps, same = other_data.chirps(4, seed)
    assert np.array_equal(sound, other_data.spectrogram(chirps)) and np.array_equal(labels, same)


@PLAIN
@given(st.text(min_size=1, max_size=20))
def test_one_hot_letter_by_letter(words):
    picture = other_data.one_hot(words)
    lower = words.lower()
    assert picture.shape == (27, len(lower)) and (picture.sum(axis=0) == 1).all()
    for column, letter in enumerate(lower):
        row = 1 + ord(letter) - ord("a") if "a" <= letter <= "z" else 0
        assert picture[row, column] == 1


def test_the_shuffle_test_is_training_and_measuring():
    found = other_data.shuffle_test("customers", seeds=[3], count=60, steps=4)
    for row in range(2):
        (x, labels), (others, answers) = other_data.customers(60, 3), other_data.customers(1000, 3, validation=True)
        if row:
            order = np.random.default_rng(3).permutation(16)
            x, others = x[:, :, order], others[:, :, order]
        for column, network in enumerate(
            (other_data.conv_network("customers", (1, 16, 1), 3), other_data.dense_network((1, 16, 1), 3))
        ):
            generator = np.random.default_rng(3)
            for _step in range(4):
                some = generator.integers(60, size=32)
                network.backward(x[some], labels[some])
                for weights in network.weights():
                    weights.value = weights.value - 0.1 * weights.gradient
            assert found[column, row, 0] == np.mean(network.probabilities(others).argmax(axis=1) == answers)


@PLAIN
@given(arrays(np.uint8, (3, 4, 5)), arrays(np.uint8, (4, 5, 3)))
def test_small_things_of_lesson_8_by_loops(pictures, colour):
    assert np.array_equal(transfer.scale(pictures), [[[(int(v) - 127) / 128 for v in r] for r in p] for p in pictures])
    assert np.array_equal(small_data.three_channels(pictures)[..., 2], pictures)
    spread = [stats.zscore(p.ravel().astype(float)) if np.ptp(p) else np.zeros(20) for p in pictures]
    assert np.allclose(small_data.standardise(pictures).reshape(3, 20), spread, atol=1e-5)
    assert np.array_equal(transfer.square(colour), colour[:, :4]) and transfer.square(pictures[0]).shape == (4, 4, 3)
    half = colour.shape[1] * 30
    assert small_data.column_ranges(half) == {"train": (0, half // 2 - 16), "test": (half // 2 + 16, half)}


@PLAIN
@given(arrays(np.float64, 6, elements=st.integers(0, 9)), st.integers(1, 8))
def test_top_is_a_sort(probabilities, count):
    names = [f"{letter}, and so on" for letter in "abcdef"]
    wanted = sorted(zip("abcdef", probabilities.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))
    assert transfer.top(probabilities, names, count) == wanted[:count]


@PLAIN
@given(arrays(np.uint8, (5, 6)), st.integers(-4, 6), st.integers(-4, 6), st.integers(1, 5), st.integers(1, 5))
def test_crop_pixel_by_pixel(picture, row, column, height, width):
    inside = [[picture[i, j] if 0 <= i < 5 and 0 <= j < 6 else 0 for j in range(column, column + width)]
              for i in range(row, row + height)]  # fmt: skip
    assert inspect_network.crop(picture, (row, column, height, width)).tolist() == inside


def test_the_summaries_of_the_runs_are_those_of_their_file():
    with open(data.FOLDER / "transfer-runs.csv", encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    rows = data.load("transfer-runs")
    for task, method in sorted({(row["task"], row["method"]) for row in table}):
        for count, (mean, spread) in training_comparison.summary(rows, task, method).items():
            mine = [float(row["accuracy"]) for row in table
                    if (row["task"], row["method"], int(row["per_class"])) == (task, method, count)]  # fmt: skip
            assert mean == pytest.approx(stats.tmean(mine)) and spread == pytest.approx(
                np.sqrt(np.mean([(one - mean) ** 2 for one in mine])), abs=1e-9
            )
            assert f"{mean:.2f}" in training_comparison.comparison(rows, task, count, [method]).splitlines()[1]
    for (size, similarity), means in training_comparison.accuracies_by_case(rows).items():
        task, count = training_comparison.CASES[size, similarity]
        assert list(means.values()) == sorted(means.values(), reverse=True)
        assert all(
            value == training_comparison.summary(rows, task, method)[count][0] for method, value in means.items()
        )
    names = [training_comparison.method_name(method) for method in ("frozen", "another")]
    assert names == ["frozen base", "another"]


@PLAIN
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=8))
def test_the_unbeaten_are_those_that_nobody_beats(pairs):
    rows = [{"depth": cost, "top-1": gain, "model": str(k), "mark": None} for k, (cost, gain) in enumerate(pairs)]
    for row in rows:
        cost, gain = row["depth"], row["top-1"]
        cheaper = [other for other in rows if other["depth"] < cost and other["top-1"] >= gain]
        cheaper_or_better = cheaper + [other for other in rows if other["depth"] == cost and other["top-1"] > gain]
        assert (row in model_tables.pareto_front(rows, "depth")) == (not cheaper_or_better)
        assert [model_tables.dominates(other, row, "depth") for other in rows] == [
            other in cheaper_or_better for other in rows
        ]
    lines = model_tables.as_text(rows, ["model", "depth"]).splitlines()[1:]
    assert [line.split() for line in lines] == [[row["model"], str(row["depth"])] for row in rows]


def test_weights_begin_by_hes_rule():
    weights = backprop.Weights((50, 40), 8, seed=3)
    assert stats.kstest(weights.value.ravel() / np.sqrt(2 / 8), "norm").pvalue > 1e-6
    assert not weights.gradient.any() and not backprop.Weights(9, 0, seed=3).value.any()
