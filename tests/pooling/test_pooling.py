"""Lesson 5: its numbers, its network, and wrong answers to its exercises."""

import importlib
import math
import re
import warnings

import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from skimage.measure import block_reduce

from lessons_lib import geometry, matching, pooling
from lessons_lib.pooling import backprop, checks, gradient_descent, other_data

POOLS = {"max": (pooling.max_pool, np.max), "mean": (pooling.mean_pool, np.mean)}

numbers = st.floats(-1e6, 1e6, width=64)
small = st.integers(1, 4)


def by_hand(x, size, stride, reduce):
    """Pooling of one map, window by window."""
    rows, columns = (range(0, n - size + 1, stride) for n in x.shape)
    return np.array([[reduce(x[r : r + size, c : c + size]) for c in columns] for r in rows])


# --- Activations


@given(arrays.arrays(np.float64, arrays.array_shapes(max_dims=4, max_side=5), elements=numbers))
def test_activations_against_their_formulas(x):
    assert np.array_equal(pooling.relu(x), np.where(x > 0, x, 0))
    assert np.allclose(pooling.sigmoid(x), scipy.special.expit(x), rtol=1e-9, atol=1e-12)
    for name, (curve, derivative) in backprop.ACTIVATIONS.items():
        z = np.clip(x, -4, 4)
        z[abs(z) < 1e-3] = 1
        by_nudging = (curve(z + 1e-6) - curve(z - 1e-6)) / 2e-6
        assert np.allclose(derivative(curve(z)), by_nudging, atol=1e-6), name


# --- Pooling


@pytest.mark.parametrize("kind", POOLS)
@given(data=st.data())
def test_pooling_against_windows_one_by_one(kind, data):
    pool, reduce = POOLS[kind]
    size, stride = data.draw(small), data.draw(small)
    shape = data.draw(st.tuples(st.integers(size, 9), st.integers(size, 9)))
    x = data.draw(arrays.arrays(np.float64, shape, elements=numbers))
    wanted = by_hand(x, size, stride, reduce)
    assert np.allclose(pool(x, size, stride), wanted, rtol=1e-12, atol=1e-9)
    # Each map of a volume, and each volume of a batch, by itself.
    volume = np.stack([x, 2 * x], axis=-1)
    for batch in (pool(volume, size, stride)[np.newaxis], pool(volume[np.newaxis], size, stride)):
        assert np.allclose(batch, np.stack([wanted, 2 * wanted], axis=-1)[np.newaxis], rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("kind", POOLS)
@given(data=st.data())
def test_pooling_against_scikit_image(kind, data):
    pool, reduce = POOLS[kind]
    size = data.draw(small)
    # block_reduce fills up what is left over, so here nothing is.
    shape = tuple(size * data.draw(st.integers(1, 4)) for _side in range(2))
    x = data.draw(arrays.arrays(np.float64, shape, elements=numbers))
    assert np.allclose(pool(x, size), block_reduce(x, size, reduce), rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32])
def test_max_keeps_the_dtype_and_mean_does_not_overflow(dtype):
    x = np.full((4, 4), 120, dtype=dtype)
    assert pooling.max_pool(x).dtype == pooling.relu(x).dtype == dtype
    assert pooling.mean_pool(x).tolist() == [[120, 120], [120, 120]]


@given(st.integers(-12, 12), st.integers(-12, 12))
def test_shift_against_numpy_roll(rows, columns):
    x = np.random.default_rng(1).integers(1, 9, size=(5, 7))
    rolled = np.roll(x, (rows, columns), axis=(0, 1))
    row, column = np.indices(x.shape)
    inside = (row - rows >= 0) & (row - rows < 5) & (column - columns >= 0) & (column - columns < 7)
    assert np.array_equal(pooling.shift(x, rows, columns, fill=-1), np.where(inside, rolled, -1))


# --- Softmax


@given(
    arrays.arrays(np.float64, arrays.array_shapes(min_dims=1, max_dims=3, max_side=5), elements=numbers),
    st.floats(0.01, 100),
)
def test_softmax_against_scipy(z, temperature):
    assert np.allclose(pooling.softmax(z, temperature), scipy.special.softmax(z / temperature, axis=-1), atol=1e-9)


def test_softmax_is_stable_at_any_size():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert pooling.softmax([1000, 999]).round(3).tolist() == [0.731, 0.269]
        assert pooling.softmax([-1e308, 1e308]).tolist() == [0, 1]
        assert pooling.softmax([3, 1], temperature=1e-300).tolist() == [1, 0]
        assert np.allclose(pooling.softmax([3, 1], temperature=1e300), 0.5)
        assert pooling.softmax(np.array([0, 255], dtype=np.uint8)).round(3).tolist() == [0, 1]


# --- From the letters to twelve numbers


def test_features_are_two_stages_done_one_by_one():
    letter = matching.letter("bent X").astype(float)
    padded = np.pad(letter, 1)
    first = np.stack([matching.score_map(padded, feature) for feature in matching.FEATURES.values()], axis=-1)
    first = np.stack([by_hand(np.maximum(first[..., k], 0), 3, 2, np.max) for k in range(3)], axis=-1)
    assert first.shape == (4, 4, 3)
    diagonal, crossing, anti = np.moveaxis(first, -1, 0)
    second = [diagonal - anti, crossing - (diagonal + anti) / 2, anti - diagonal]
    second = np.stack([by_hand(np.maximum(m, 0), 2, 2, np.max) for m in second], axis=-1)
    assert np.allclose(pooling.two_stages([letter])[0], second.ravel())


# --- The network: forward and backward


def some_network(seed, activation="relu", window=(3, 2)):
    layers = [
        backprop.Conv(3, 2, 4, seed), backprop.Activation(activation), backprop.MaxPool(*window),
        backprop.Conv((2, 1), 4, 3, seed + 1), backprop.Activation(activation),
    ]  # fmt: skip
    x = np.random.default_rng(seed).normal(size=(5, 9, 8, 2))
    y = x
    for layer in layers:
        y = layer.forward(y)
    return backprop.Network(*layers, backprop.Dense(y[0].size, 3, seed + 2)), x


@pytest.mark.parametrize("activation", backprop.ACTIVATIONS)
@pytest.mark.parametrize("window", [(2, None), (3, 2), ((2, 3), (1, 2))])
@pytest.mark.parametrize("seed", range(3))
def test_every_gradient_by_finite_differences(activation, window, seed):
    network, x = some_network(seed, activation, window)
    labels = np.random.default_rng(seed + 9).integers(3, size=5)
    loss, accuracy = network.backward(x, labels)
    assert loss == pytest.approx(network.loss(x, labels)) and accuracy == network.accuracy(x, labels)
    assert len(network.weights()) == 6
    for weights in network.weights():
        before = weights.value.copy()
        nudged = gradient_descent.numerical_gradient(network, x, labels, weights)
        assert np.array_equal(weights.value, before)
        # A nudge that makes another cell of a window the largest would measure across a bend.
        assert np.abs(nudged - weights.gradient).max() < 1e-7


def test_conv_is_the_conv2d_of_lesson_4():
    convolve = backprop.Conv((3, 2), 3, 5, seed=2)
    convolve.bias.value = np.arange(5.0)
    x = np.random.default_rng(0).normal(size=(2, 7, 8, 3))
    assert np.allclose(convolve.forward(x), geometry.conv2d(x, convolve.kernels.value, convolve.bias.value))


@pytest.fixture(scope="module")
def keras():
    # First our own package, which loads TensorFlow quietly.
    return importlib.import_module("lessons_lib.keras_models") and importlib.import_module("keras")


@pytest.mark.parametrize(("activation", "window"), [("relu", (3, 2)), ("tanh", (2, 2)), ("sigmoid", (3, 1))])
def test_the_same_network_in_keras(keras, activation, window):
    import tensorflow as tf

    ours, x = some_network(7, activation, window)
    labels = np.array([0, 2, 1, 1, 0])
    theirs = keras.Sequential(
        [
            keras.layers.Conv2D(4, 3, activation=activation),
            keras.layers.MaxPooling2D(*window),
            keras.layers.Conv2D(3, (2, 1), activation=activation),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    theirs.build((None, 9, 8, 2))
    theirs.set_weights([weights.value for weights in ours.weights()])
    with tf.GradientTape() as tape:
        probabilities = theirs(tf.constant(x, tf.float32))
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, probabilities))
    assert np.allclose(ours.probabilities(x), probabilities, atol=1e-5)
    assert ours.backward(x, labels)[0] == pytest.approx(float(loss), abs=1e-5)
    for weights, gradient in zip(ours.weights(), tape.gradient(loss, theirs.trainable_weights), strict=True):
        assert np.allclose(weights.gradient, gradient, atol=2e-5)


# --- Learning


def letters_network(seed=1):
    return backprop.Network(
        backprop.Conv(3, 1, 8, seed), backprop.Activation("relu"), backprop.MaxPool(3, 2),
        backprop.Dense(72, 2, seed + 1),
    )  # fmt: skip


class Watcher:
    """Records the calls of a training, and stops it after some of them."""

    def __init__(self, stop_after=10**6):
        self.calls, self.stop_after = [], stop_after

    def __getattr__(self, name):
        return lambda *given: self.calls.append((name, *given))

    @property
    def stopped(self):
        return len(self.calls) > self.stop_after


def test_a_training_reports_its_progress_and_can_be_stopped():
    (x, labels), others = other_data.letters(50), other_data.letters(20, validation=True)
    watcher, network = Watcher(), letters_network()
    record = gradient_descent.train(network, x, labels, 3, 0.1, epochs=2, validation=others, progress=watcher)
    kinds = [call[0] for call in watcher.calls]
    assert kinds == ["begin", "step", "step", "step", "epoch", "step", "step", "step", "epoch", "end"]
    assert watcher.calls[0] == ("begin", 2, 3) and watcher.calls[-1] == ("end", record)
    assert [call[1] for call in watcher.calls if call[0] == "step"] == record["loss"]
    assert record["val_accuracy"][-1] == network.accuracy(*others)
    assert record["val_loss"][-1] == network.loss(*others)
    stopped = Watcher(stop_after=4)
    assert len(gradient_descent.train(letters_network(), x, labels, 100, 0.1, progress=stopped)["loss"]) == 4
    assert stopped.calls[-1][0] == "end"


def test_a_rate_that_is_too_large_is_named():
    x, labels = other_data.letters(50)
    deep = backprop.Network(
        backprop.Conv(3, 1, 4), backprop.Activation("relu"), backprop.Conv(3, 4, 4), backprop.Activation("relu"),
        backprop.Dense(100, 2),
    )  # fmt: skip
    with pytest.raises(ValueError, match="choose a rate below 1e\\+200"):
        gradient_descent.train(deep, x, labels, steps=50, rate=1e200)


@given(st.integers(0, 1000), st.floats(0.05, 0.95))
@settings(max_examples=30)
def test_descent_converges_below_the_largest_rate_and_not_above(seed, share):
    random = np.random.default_rng(seed)
    vectors, targets = random.uniform(0.1, 1, size=(6, 3)), np.eye(2)[random.integers(2, size=6)]
    limit = gradient_descent.largest_rate(vectors)
    assert limit == pytest.approx(2 / np.linalg.eigvalsh(vectors.T @ vectors / 6).max())

    def losses(rate):
        return ((gradient_descent.linear_descent(vectors, targets, rate, 400) - targets) ** 2).sum(axis=(1, 2))

    below, above = losses(share * limit), losses(1.2 * limit)
    assert (np.diff(below) <= 1e-12).all()
    assert above[-1] > above[0]


def test_each_step_for_one_picture_multiplies_the_error_by_one_factor():
    vector = pooling.two_stages([matching.letter("X")])
    start = vector.T @ [[0.92, 0.51]] / (vector @ vector.T)
    outputs = gradient_descent.linear_descent(vector, [[1, 0]], rate=0.5, steps=4, weights=start)[:, 0]
    assert np.allclose(outputs[0], [0.92, 0.51])
    factor = 1 - 0.5 * (vector @ vector.T).item()
    errors = outputs - [1, 0]
    assert np.allclose(errors[1:], factor * errors[:-1])


def test_outputs_that_overflow_are_infinite():
    outputs = gradient_descent.linear_descent([[1.0]], [[1.0]], rate=100, steps=400)
    assert np.isinf(outputs[-1]).all() and not np.isnan(outputs).any()


# --- Other data


@pytest.mark.parametrize("source", other_data.SOURCES)
def test_sources_are_reproducible_balanced_and_validation_is_other(source):
    make = other_data.SOURCES[source]
    (x, labels), (again, same), (other, _answers) = make(60, 3), make(60, 3), make(60, 3, validation=True)
    assert np.array_equal(x, again) and np.array_equal(labels, same)
    assert not np.array_equal(x, other)
    assert x.ndim == 4 and 0.25 < labels.mean() < 0.75


def test_text_reads_forwards_or_backwards():
    x, labels = other_data.text(200, seed=1)
    assert (x.sum(axis=3) == 1).all()
    words = ["".join(other_data.ALPHABET[i] for i in row) for row in x[:, 0].argmax(axis=2)]
    forwards = " ".join(w for w, label in zip(words, labels, strict=True) if label == 0)
    backwards = " ".join(w for w, label in zip(words, labels, strict=True) if label == 1)
    assert forwards.count("the") > 5 * max(1, forwards.count("eht"))
    assert backwards.count("eht") > 5 * max(1, backwards.count("the"))


def test_customers_have_no_order_but_a_reason():
    x, labels = other_data.customers(4000)
    assert x.shape == (4000, 1, len(other_data.COLUMNS), 1)
    assert sorted(other_data.COLUMNS) == other_data.COLUMNS
    table = x[:, 0, :, 0]
    calls, orders, children = (other_data.COLUMNS.index(n) for n in ("calls to support", "orders", "children"))
    correlation = [np.corrcoef(table[:, c], labels)[0, 1] for c in (calls, orders, children)]
    assert correlation[0] > 0.3 and correlation[1] < -0.3 and abs(correlation[2]) < 0.1


# --- Input that is out of range or does not fit together (test_fire_numbers.py sends what is no number, or no array)

GRID = [[1.0, 2.0], [3.0, 4.0]]
NETWORK = backprop.Network(backprop.Dense(4, 2))
BATCH = np.zeros((3, 2, 2, 1))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: pooling.max_pool([1, 2, 3]), "give an array of 2 or 3 or 4 axes"),
        (lambda: pooling.max_pool(GRID, 0), "size is 0; give 1 or more"),
        (lambda: pooling.max_pool(GRID, 2, 0), "stride is 0; give 1 or more"),
        (lambda: pooling.softmax(3), "a single score; give the scores of all classes"),
        (lambda: pooling.softmax([1, 2], temperature=0), "temperature is 0; give a number above 0"),
        (lambda: pooling.shift([1], 1), "give an array of 2 or 3 axes"),
        (lambda: pooling.max_pool(GRID, 3), "window 3 × 3 is larger than the picture 2 × 2"),
        (lambda: pooling.mean_pool(GRID, (1, 1, 1)), "size (1, 1, 1) has 3 numbers"),
        (lambda: pooling.two_stages([GRID]), "are not 9 × 9"),
        (lambda: backprop.Conv(2, 3, 1).forward(BATCH), "has depth 1; give depth 3"),
        (lambda: backprop.Dense(3, 2).forward(BATCH), "makes 4 inputs; give 3"),
        (lambda: NETWORK.probabilities(GRID), "give an array of 4 axes"),
        (lambda: NETWORK.loss(BATCH, [0, 1]), "give 3 whole numbers from 0 to 1"),
        (lambda: NETWORK.backward(BATCH, [0.5, 0, 1]), "give 3 whole numbers"),
        (lambda: gradient_descent.train(NETWORK, BATCH, [0, 1, 0], 0, 0.1), "steps is 0"),
        (lambda: gradient_descent.train(NETWORK, BATCH, [0, 1, 0], 1, 0), "rate is 0; give a number above 0"),
        (lambda: gradient_descent.numerical_gradient(NETWORK, BATCH, [0, 1, 0], NETWORK.weights()[0], 0), "nudge is 0"),
        (lambda: gradient_descent.train(NETWORK, BATCH, [0, 1], 1, 0.1), "3 pictures and 2 labels"),
        (lambda: gradient_descent.linear_descent(GRID, [[1]], 1, 1), "2 vectors and 1 targets"),
        (lambda: gradient_descent.linear_descent(GRID, GRID, 1, 1, weights=[[1]]), "give (2, 2)"),
        (lambda: gradient_descent.linear_descent(GRID, GRID, -1, 1), "rate is -1"),
        (lambda: gradient_descent.largest_rate([[0, 0]]), "holds only zeros"),
        (lambda: other_data.chirps(2, seed=-1), "seed is -1"),
        (lambda: other_data.shuffle_columns(GRID), "give an array of 4 axes"),
        (lambda: other_data.spectrogram([[1, 2, 3]]), "3 samples; give at least 256"),
        (lambda: other_data.dense_network((0, 3)), "inputs is 0"),
    ],
)
def test_what_is_out_of_range_or_does_not_fit_is_refused_with_what_came(call, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        call()


# --- Exercises

WRONG = {
    "pooled_shape": [
        ((28, 28, 96), "rounded up"), ((26, 26, 96), "+ 1 is missing"), ((53, 53, 96), "forgot the stride"),
        ((18, 18, 96), "by its own size"), ((27, 27, 1), "One map only"), ((27, 27, 48), "not the depth"),
        ((27, 27, 32), "no map is lost"), ((96, 27, 27), "depth last"), ((27, 27), "depth is missing"),
        (27, "give rows, columns and depth"), ((1, 2, 3), "Not yet. How many steps"),
        ((28, 28, 96), "Right: depth. Not yet: rows and columns."), ((27, 27, 47), "formula is for rows and columns"),
        ((27, 26, 96), "Right: rows and depth. Not yet: columns."), (69984, "how many numbers the result has"),
        ("27, 27, 47", "Right: rows and columns. Not yet: depth."),
        (96 * 27, "You gave one number in place of 3 numbers"),
    ],
    "share_unchanged": [
        (1, "full invariance"), (0, "no invariance"), (1 / 3, "something changes"), (0.5, "windows of 2 × 2"),
        (4 / 9, "shifted down as well"), (8 / 9, "leave the picture"), (54, "Give the share"), (27, "Give the share"),
        (66.67, "right in per cent"), (66.7, "right in per cent"), (67.0, "right in per cent"),
        (0.66, "cut off and not rounded"), (0.7, "rounded too much"), (0.78, "leaves the map"),
        (7 / 9, "leaves the map"), (33.3, "something changes"), ("1/3", "something changes"),
        ("33.3%", "something changes"), (0.2, "In which columns of a window"),
    ],
    "stable_softmax": [
        (lambda z: np.exp(z) / np.exp(z).sum(), "exp(1000) does not fit"), (lambda z: z / z.sum(), "scores themselves"),
        (lambda z: np.exp(z), "not divided by their sum"), (lambda z: np.exp(z - z.max()), "not divided by their sum"),
        (lambda z: 2**z / (2**z).sum(), "powers of 2"),
        (lambda z: np.eye(len(z))[z.argmax()], "largest score gets everything"), (lambda z: None, "returns nothing"),
        (lambda z: z.missing, "stops with AttributeError"), ([0.1, 0.9], "its name alone"),
        (lambda z: np.log(np.exp(z) / np.exp(z).sum()), "logarithms"),
        (lambda z: np.exp(np.minimum(z, 700)) / np.exp(np.minimum(z, 700)).sum(), "for z = [1000.0, 1001.0]"),
        (lambda z: np.exp(z - max(0, z.max())) / np.exp(z - max(0, z.max())).sum(), "exp(-1000) becomes 0"),
        (lambda z: np.exp(z - z.min()) / np.exp(z - z.min()).sum(), "z = [-1000.0, 1000.0] your function gives"),
        (lambda z: np.exp(z - 1000) / np.exp(z - 1000).sum(), "For z = [1.0, 2.0, 4.0] your function gives [nan, nan,"),
        (lambda z: np.exp(-z) / np.exp(-z).sum(), "smallest score gets the most"),
        (lambda z: pooling.softmax(z).round(3), "Your results are rounded"),
        (lambda z: 100 * np.exp(z - z.max()) / np.exp(z - z.max()).sum(), "right in per cent"),
        (lambda z: np.exp(z - z.max()).sum(), "gives one number in place of 3 numbers. Every result must be positive"),
        (pooling.softmax, "that function belongs to a library"),
        (lambda z: pooling.softmax(z), "a library computes them"),
        (np.exp, "belongs to a library"), (lambda z: print(z), "returns nothing"),
    ],
    "total_error": [
        (1.1, "as the slide does"), (0.1, "cancel"), (-0.1, "cancel"), (1.3, "were an X"), (0.25, "squares"),
        (0.35, "mean of the two"), (0.3, "output for X alone"), (0.4, "output for O alone"),
        (-np.log(0.6), "cross-entropy"), (0.51, "cross-entropy"), (0.22, "cross-entropy"),
        (0.125, "the loss of the lesson"), (70, "right in per cent"), ([0.3, 0.4], "add them"), (35, "mean of the two"),
    ],
    "max_pool_gradient": [
        (np.kron([[1, 2], [3, 4]], np.ones((2, 2))) / 4, "mean pooling"),
        (np.kron([[1, 2], [3, 4]], np.ones((2, 2))), "all four cells"),
        ([[0, 0, 0, 0], [0, 1, 1, 0], [1, 0, 0, 1], [0, 0, 0, 0]], "not 1"),
        ([[0, 0, 0, 0], [0, 8, 5, 0], [7, 0, 0, 9], [0, 0, 0, 0]], "largest numbers themselves"),
        ([[1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]], "first cell"),
        ([[1, 2], [3, 4]], "16 cells"),
        ([[0, 0, 3, 0], [0, 1, 0, 0], [0, 2, 0, 0], [0, 0, 4, 0]], "Rows and columns are exchanged"),
        ([[0, 0, 0, 0], [0, 1, 3, 0], [2, 0, 0, 4], [0, 0, 0, 0]], "upper windows"),
        ([[0, 0, 0, 0], [0, -1, -2, 0], [-3, 0, 0, -4], [0, 0, 0, 0]], "keeps its sign"),
        ([[0, 0, 0, 0], [0, 1, 2, 0], [3, 0, 4, 0], [0, 0, 0, 0]], "look again at row 2, column 2"),
        (np.zeros((4, 4)), "12 of your 16 numbers are right; look again at row 1, column 1"),
        ([0, 1, 2, 0], "You gave 4 numbers in place of an array of 4 × 4"),
    ],
    "neighbours": [
        ([True] * 5, "number 2"), ([False] * 5, "number 1"), ([True, False, False, True, False], "number 3"),
        ([True, False, True, False, False], "number 4"), ([True, False, True, True, True], "number 5"),
        ([True, False], "Give five answers"), ("yes", "Give five answers"), ([1, 3, 4], "Give five answers"),
        (["True"] * 5, "number 2"), (["yes", "no", "no", "Yes", "no"], "number 3"), ([1, 0, 1, 0, 0], "number 4"),
        (["photo", "", "hours", "DNA", ""], "True where shuffling hurts"), (5, "Give five answers"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("pooled_shape", ["27, 27, 96", [27, 27, 96], np.array([27.0, 27, 96]), ("27", "27", "96")]),
        ("share_unchanged", [2 / 3, 0.667, 0.67, "2/3", "66.7%", "0,667", [0.667]]),
        ("stable_softmax", [lambda z: [math.exp(one - max(z)) / sum(np.exp(z - max(z))) for one in z]]),
        ("total_error", [0.7, "0,7", "70%", "0.70"]),
        ("neighbours", [[1, 0, 1, 1, 0], ["True", "no", "yes", "TRUE", "false"], np.array([1, 0, 1, 1, 0]) > 0]),
    ],
)  # fmt: skip
def test_right_answers_however_they_are_written(name, answers):
    for answer in answers:
        assert getattr(checks, name)(answer).passed, answer
