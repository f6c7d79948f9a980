"""Lesson 5: its numbers and its networks; what its checks say is in test_checks.py."""

import importlib
import itertools
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
from lessons_lib.pooling import backprop, gradient_descent, networks, other_data

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
        (lambda: pooling.moved([[1, 2]], 1), "give an array of 3 axes"),
        (lambda: gradient_descent.train_dense(GRID, [0], 1), "2 vectors and 1 labels"),
        (lambda: networks.Training(-1, 0.1), "seed is -1"),
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


# --- What the text of the lesson says


def test_ten_student_numbers():
    """The ranges that the lesson quotes, and which version of the letters makes more mistakes than which."""
    counts = {}
    for number in range(1, 11):
        (letters, labels), (unseen, right) = (matching.random_letters(2000, seed) for seed in (number, 1000 + number))
        moved = pooling.moved(unseen, columns=1)
        training, *tests = map(pooling.four_versions, (letters, unseen, moved))
        for name, vectors in training.items():
            weights = gradient_descent.train_dense(vectors, labels, 0.02)
            wrong = [((test[name] @ weights.T).argmax(axis=1) != right).sum() for test in tests]
            counts.setdefault(name, []).append(wrong)
        network = networks.TwoStages()
        network.train(letters, labels, 0.02)
        counts.setdefault("learned", []).append([network.count_wrong(test, right) for test in (unseen, moved)])
    low, high = ({name: end(some, axis=0).tolist() for name, some in counts.items()} for end in (np.min, np.max))
    assert (low["two stages"], high["two stages"]) == ([46, 220], [68, 269])
    assert (low["learned"], high["learned"]) == ([0, 14], [3, 46])
    unmoved, shifted = np.array([counts[name] for name in training]).transpose(2, 0, 1)
    assert (unmoved[0] < unmoved[2]).all(), "two stages are worse than pixels while nothing moves"
    assert (np.diff(shifted, axis=0) < 0).all(), (
        "each version makes fewer mistakes on moved letters than the one before"
    )
    assert (unmoved[3] < unmoved[2]).sum() == 6, "the largest numbers against two stages while nothing moves"
    assert (unmoved[:3] < shifted[:3]).all(), "moved letters are harder for the first three versions"


def test_the_panel_with_ten_student_numbers():
    good, bad = ([networks.Training(number, rate).wrong(1000) for number in range(1, 11)] for rate in (0.02, 5))
    assert max(good) == 4
    assert [number for number, wrong in enumerate(bad, start=1) if wrong < 450] == [2]
    middle = [networks.Training(number, 0.5) for number in range(1, 11)]
    assert max(training.wrong(1000) for training in middle) == 2
    shares = [100 * training.above_zero(1000) for training in middle]
    assert 0.15 < min(shares) < 0.25 and 11.5 < max(shares) < 12.5


def test_what_fails_at_the_rate_5():
    training = networks.Training(1, 5)
    kernels, biases, table, last = training.weights(1000)
    assert max(np.abs(one).max() for one in (kernels, biases)) > 1e50
    before = training.weights(300)
    assert all(map(np.array_equal, before[:3], (kernels, biases, table))) and not np.array_equal(before[3], last)
    logits, _alive = _logits_and_letters_alive(training)
    assert np.abs(logits).max() > 1e50 and training.wrong(1000) > 450
    assert networks.Training(9, 5).wrong(50) == 33
    second = networks.Training(2, 5)
    _logits, alive = _logits_and_letters_alive(second)
    labels = matching.random_letters(1000, seed=3)[1]
    assert (alive.sum(), second.wrong(1000), round(100 * second.above_zero(1000), 2)) == (433, 73, 0.16)
    assert labels[alive].sum() == 4, "letters O among them"


def _logits_and_letters_alive(training):
    """What a network says of the panel's letters after 1,000 steps, and which of them have a number above 0."""
    network, x = networks.eight_kernels(training.seed), matching.random_letters(1000, seed=3)[0][..., np.newaxis]
    for weights, value in zip(network.weights(), training.weights(1000), strict=True):
        weights.value = value
    for layer in network.layers:
        x = layer.forward(x)
    return x, (network.layers[1].y > 0).any(axis=(1, 2, 3))


def test_one_number_goes_back_as_the_text_says():
    dense, pool, relu = backprop.Dense(1, 2), backprop.MaxPool(2), backprop.Activation()
    dense.matrix.value = np.array([[-0.5, 0.5]])
    dense.forward(pool.forward(relu.forward(np.array([[3.0, 1], [4, 8]]).reshape(1, 2, 2, 1))))
    back = relu.backward(pool.backward(dense.backward(np.array([[-0.4, 0.4]]))))
    assert np.allclose(back.ravel(), [0, 0, 0, 0.4])


def test_the_parts_of_a_letter_that_the_twelve_numbers_read():
    letters = np.random.default_rng(0).normal(size=(200, 9, 9))
    vectors, read = pooling.two_stages(letters), np.zeros((4, 9, 9), bool)
    for i, j in np.ndindex(9, 9):
        other = letters.copy()
        other[:, i, j] *= -3
        read[:, i, j] = (pooling.two_stages(other) != vectors).any(axis=0).reshape(4, 3).any(axis=1)
    sides = [slice(0, 6), slice(3, 9)]
    for part, (rows, columns) in zip(read, itertools.product(sides, sides), strict=True):
        assert part[rows, columns].all() and part.sum() == 36


def test_a_turned_letter_gives_the_same_largest_numbers():
    letters = matching.random_letters(20, seed=3)[0]
    largest = [pooling.first_maps(some).max((1, 2)) for some in (letters, letters[:, ::-1, ::-1])]
    assert np.allclose(*largest) and np.ptp(largest[0], axis=0).all()


def test_what_the_text_says_of_softmax():
    with np.errstate(over="ignore"):
        assert np.isfinite(np.exp(709.0)) and np.isinf(np.exp(710.0))


# --- The networks of the lesson


def test_two_stages_begin_as_they_are_made_by_hand_and_step_against_the_gradient():
    letters, labels = matching.random_letters(5, seed=4)
    network = networks.TwoStages()
    before = [weights.value for weights in network.weights()]
    x = np.pad(letters[:1], ((0, 0), (1, 1), (1, 1)))[..., np.newaxis]
    gradients = [gradient_descent.numerical_gradient(network, x, labels[:1], weights) for weights in network.weights()]
    network.train(letters[:1], labels[:1], rate=0.3)
    for weights, old, gradient in zip(network.weights(), before, gradients, strict=True):
        assert np.allclose(weights.value, old - 0.3 * gradient, atol=1e-8)
    # With the kernels where they are, the dense layer learns as the student's loop does.
    vectors = np.c_[pooling.two_stages(letters), np.ones(5)]
    table = gradient_descent.train_dense(vectors, labels, rate=0.3)
    fixed = networks.TwoStages()
    for k in range(5):
        fixed.backward(np.pad(letters[k : k + 1], ((0, 0), (1, 1), (1, 1)))[..., np.newaxis], labels[k : k + 1])
        for weights in fixed.layers[-1].weights:
            weights.value = weights.value - 0.3 * weights.gradient
    assert np.allclose(fixed.layers[-1].matrix.value, table[:, :12].T)
    assert np.allclose(fixed.layers[-1].bias.value, table[:, 12])


def test_a_training_does_not_depend_on_what_was_asked_before():
    once, twice = networks.Training(3, 0.5), networks.Training(3, 0.5)
    assert twice.wrong(50) != twice.wrong(0)
    for mine, other in zip(once.weights(100), twice.weights(100), strict=True):
        assert np.array_equal(mine, other)
    assert (once.wrong(100), once.wrong(50)) == (twice.wrong(100), twice.wrong(50))


def test_a_training_that_bursts_stays_where_it_was():
    training = networks.Training(1, 1e200)
    assert training.wrong(100) == training.wrong(0) and training.reached(100) == 0
    assert all(np.isfinite(one).all() for one in training.weights(100))
