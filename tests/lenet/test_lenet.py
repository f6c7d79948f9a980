"""LeNet in NumPy, digits, figures and checks of lesson 6."""

import itertools

import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from keras import layers
from scipy import interpolate, ndimage, stats

from lenet import oracle
from lessons_lib import data, lenet
from lessons_lib.keras_models import lenet as builders
from lessons_lib.keras_models import training
from lessons_lib.lenet import checks, figures
from lessons_lib.plots.grid import in_mosaic, mosaic

DIGITS = data.load("mnist")
PICTURES, LABELS = DIGITS["images"], DIGITS["labels"]
TEST = PICTURES[8000:], LABELS[8000:]


@pytest.fixture(scope="module")
def weights():
    return {name: array.astype(np.float32) for name, array in data.load("lenet").items()}


def test_the_lectures_table():
    shapes = [(row.name, row.shape) for row in lenet.layer_table()]
    assert shapes == [
        ("input", (28, 28, 1)), ("conv1", (28, 28, 20)), ("act1", (28, 28, 20)), ("pool1", (14, 14, 20)),
        ("conv2", (14, 14, 50)), ("act2", (14, 14, 50)), ("pool2", (7, 7, 50)), ("fc3", (500,)), ("act3", (500,)),
        ("fc4", (10,)), ("softmax", (10,)),
    ]  # fmt: skip
    assert lenet.layer_table(pooled=False)[-4].parameters == (28 * 28 * 50 + 1) * 500
    by_hand = [(5 * 5 * 1 + 1) * 20, (5 * 5 * 20 + 1) * 50, (7 * 7 * 50 + 1) * 500, (500 + 1) * 10]
    assert [row.parameters for row in lenet.layer_table() if row.parameters] == by_hand
    assert sum(by_hand) == 1_256_080


# --- Digits


@given(
    hnp.arrays(
        np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 60)), elements=st.sampled_from([0, 0, 0, 90, 255])
    )
)
@settings(max_examples=60)
def test_centring_against_pil_and_scipy(drawing):
    ready = lenet.centre(drawing)
    assert ready.shape == (28, 28) and ready.dtype == np.uint8
    if not drawing.any():
        assert not ready.any()
        return
    assert ready.max() == 255
    expected = oracle.centred(drawing)
    # On the edge between two pixels the last digits of Pillow's float32 would decide.
    assume(min(abs(at % 1 - 0.5) for at in ndimage.center_of_mass(expected)) > 1e-4)
    assert np.abs(ready - expected).max() <= 1


def test_mnist_is_centred_already():
    same = [np.abs(lenet.centre(picture).astype(int) - picture).max() <= 1 for picture in PICTURES]
    assert (sum(same), len(same)) == (9998, 10_000)
    ink, places = PICTURES.sum(axis=(1, 2)), np.arange(28)
    for axis in (1, 2):
        middle = PICTURES.sum(axis=axis) @ places / ink
        assert middle.min() >= 13.5 and middle.max() <= 14.5


def test_centring_refuses_negative_ink():
    with pytest.raises(ValueError, match="drawing holds -1; give 0"):
        lenet.centre([[0, -1], [3, 4]])


@given(st.integers(-3, 30), st.integers(-3, 30), st.integers(0, 255))
def test_a_dab_darkens_its_neighbours(row, column, ink):
    if not (0 <= row < 28 and 0 <= column < 28):
        return
    before = np.full((28, 28), ink, np.uint8)
    after = lenet.dab(before, row, column)
    for r in range(28):
        for c in range(28):
            near = abs(r - row) <= 1 and abs(c - column) <= 1
            brush = lenet.BRUSH[r - row + 1, c - column + 1] if near else 0
            assert after[r, c] == max(ink, brush)


def test_deforming_is_the_same_for_the_same_seed_and_keeps_the_ink():
    some = PICTURES[:700]
    changed = lenet.deform(some, np.random.default_rng(0))
    assert changed.shape == some.shape and changed.dtype == np.uint8
    assert np.array_equal(changed, lenet.deform(some, np.random.default_rng(0)))
    assert changed.mean() == pytest.approx(some.mean(), rel=0.1)


def test_deforming_is_that_of_scipy():
    """The same draws, turned into places by hand; waves by SciPy's splines, values between pixels by SciPy's."""
    count, knots, pictures = 20, 4, PICTURES[:20]
    changed = lenet.deform(pictures, np.random.default_rng(1), 2.0, 12.0, 0.12, 0.15, 1.0, knots)
    generator = np.random.default_rng(1)
    turn, taller, wider, shear, down, right = (
        generator.uniform(-most, most, count) for most in (12.0, 0.12, 0.12, 0.15, 2.0, 2.0)
    )
    pushes = generator.normal(0, 1.0, (2, count, knots + 2, knots + 2))
    basis = interpolate.BSpline(np.arange(-3, knots + 3), np.eye(knots + 2), 3)(np.linspace(0, knots - 1, 28))
    middle, angles = np.indices((28, 28)) - 13.5, np.deg2rad(turn)
    for k in range(count):
        row = np.cos(angles[k]) * middle[0] - np.sin(angles[k]) * middle[1]
        column = np.sin(angles[k]) * middle[0] + np.cos(angles[k]) * middle[1]
        waves = [basis @ push[k] @ basis.T for push in pushes]
        rows = np.exp(taller[k]) * row + 13.5 + down[k] + waves[0]
        columns = np.exp(wider[k]) * column + shear[k] * row + 13.5 + right[k] + waves[1]
        expected = ndimage.map_coordinates(pictures[k].astype(float), [rows, columns], order=1, mode="nearest")
        assert np.abs(changed[k] - expected).max() <= 1


@pytest.mark.parametrize("size", [1, 3, 7])
def test_occlusions_by_a_loop(size):
    picture = TEST[0][5]
    occluded = lenet.occlusions(picture, size).reshape(28, 28, 28, 28)
    for row, column in ((0, 0), (14, 9), (27, 13)):
        expected = picture.copy()
        reach = size // 2
        expected[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1] = 0
        assert np.array_equal(occluded[row, column], expected)
    with pytest.raises(ValueError, match="size is 4; give an odd one"):
        lenet.occlusions(picture, 4)


def test_the_occlusion_map_is_what_falls():
    picture = TEST[0][5]

    def predict(pictures):
        share = np.asarray(pictures, float).sum(axis=(1, 2)) / picture.sum()
        return np.stack([share, 1 - share], axis=1)

    falls = lenet.occlusion_map(picture, 0, predict, size=3)
    assert falls[14, 14] == pytest.approx(picture[13:16, 13:16].sum() / picture.sum())
    np.testing.assert_allclose(lenet.occlusion_map(picture, 1, predict, size=3), -falls, atol=1e-9)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60))
def test_confusion_by_a_loop(pairs):
    labels, answers = zip(*pairs, strict=True)
    expected = np.zeros((5, 5), int)
    for label, answer in pairs:
        expected[label, answer] += 1
    assert np.array_equal(lenet.confusion(labels, answers, classes=5), expected)


@pytest.mark.parametrize(("labels", "answers", "words"), [
    ([1, 2], [1], "2 labels and 1 answers"), ([10], [1], "labels are"), ([1], [-1], "answers are"),
])  # fmt: skip
def test_confusion_refuses(labels, answers, words):
    with pytest.raises(ValueError, match=words):
        lenet.confusion(labels, answers)


# --- What is shipped


def test_the_shipped_weights_read(weights):
    assert sum(array.size for array in weights.values()) == 1_256_080
    probabilities = training.predict(builders.from_weights(weights), TEST[0])
    assert (probabilities.argmax(axis=1) == TEST[1]).mean() >= 0.988
    ours = lenet.forward(TEST[0][:200], weights)["softmax"]
    np.testing.assert_allclose(ours, probabilities[:200], atol=1e-3)


def test_numpy_computes_what_keras_stored(weights):
    outputs = lenet.forward(TEST[0][:20], weights)
    assert np.abs(outputs["fc4"] - data.load("keras-answers")["logits"]).max() < 1e-4
    assert {name: array.dtype.name for name, array in outputs.items() if name != "softmax"} == dict.fromkeys(
        [name for name in outputs if name != "softmax"], "float32"
    )


STROKES = {  # corners of the lines of a hand that draws on the board, (row, column)
    0: [(4, 14), (7, 8), (14, 6), (21, 8), (24, 14), (21, 20), (14, 22), (7, 20), (4, 14)],
    1: [(4, 15), (24, 13)],
    2: [(7, 8), (4, 13), (7, 19), (12, 18), (23, 7), (23, 20)],
    3: [(5, 8), (4, 15), (9, 18), (13, 13), (18, 19), (23, 15), (22, 7)],
    4: [(4, 9), (14, 7), (14, 20), (5, 18), (25, 16)],
    5: [(4, 19), (4, 9), (12, 8), (12, 16), (18, 19), (23, 14), (22, 7)],
    6: [(4, 17), (10, 9), (18, 8), (23, 13), (19, 19), (15, 14), (18, 8)],
    7: [(5, 7), (5, 20), (24, 11)],
    8: [(9, 18), (4, 14), (8, 9), (13, 14), (20, 19), (24, 14), (20, 8), (13, 14), (9, 18)],
    9: [(9, 18), (4, 13), (9, 9), (12, 14), (9, 18), (24, 16)],
}


def drawn(corners, move=(0, 0), zoom=1.0):
    """A board after strokes from corner to corner."""
    picture = np.zeros((28, 28), np.uint8)
    corners = [(round(r * zoom) + move[0], round(c * zoom) + move[1]) for r, c in corners]
    for (r, c), (to_r, to_c) in itertools.pairwise(corners):
        steps = max(abs(to_r - r), abs(to_c - c), 1)
        for step in range(steps + 1):
            picture = lenet.dab(picture, round(r + step / steps * (to_r - r)), round(c + step / steps * (to_c - c)))
    return picture


def test_the_soft_brush_draws_digits_that_are_read(weights):
    for move, zoom in (((0, 0), 1.0), ((-2, -3), 1.0), ((1, 1), 0.6), ((10, 12), 0.5)):
        boards = np.array([lenet.centre(drawn(STROKES[digit], move, zoom)) for digit in range(10)])
        answers = lenet.forward(boards, weights)["softmax"].argmax(axis=1)
        assert (answers == np.arange(10)).sum() >= 9, (move, zoom, answers)


def test_small_digits_are_read_in_the_middle_and_not_in_a_corner(weights):
    def read(row, column):
        boards = np.array([drawn(STROKES[digit], (row, column), 0.5) for digit in range(10)])
        return int((lenet.forward(boards, weights)["softmax"].argmax(axis=1) == np.arange(10)).sum())

    assert read(7, 7) == 10 and sum(read(row, column) for row in (-1, 14) for column in (-1, 14)) < 10


def test_the_runs_are_those_of_the_lesson():
    runs = data.load("lenet-runs")
    names = runs["names"].tolist()
    assert names[0] == "linear" and names[-1] == "best" and all(figures.label_of(name) != name for name in names)
    assert runs["tested"].shape == runs["learned"].shape == runs["seconds"].shape == (len(names), 5)
    row = {name: index for index, name in enumerate(names)}
    built = {"linear": builders.linear(), "mlp": builders.mlp(), "lenet5": builders.lenet5(), "relu": builders.build()}
    assert all(runs["parameters"][row[name]] == network.count_params() for name, network in built.items())
    mean = dict(zip(names, runs["tested"].mean(axis=1), strict=True))
    assert mean["best"] > mean["relu"] > mean["mlp"] > mean["linear"]
    assert mean["relu"] >= 0.975 and mean["best"] >= 0.988
    assert mean["shuffled"] < mean["relu"] and abs(mean["mlp-shuffled"] - mean["mlp"]) < 0.006
    assert runs["choices_wrong"].shape == (len(runs["choices"]), 3)


# --- Pictures


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 12), st.integers(1, 12))
@settings(max_examples=40)
def test_each_cell_of_a_mosaic_is_found(height, width, count, columns):
    maps = np.arange(height * width * count).reshape(height, width, count)
    for asked in (columns, None):
        picture = mosaic(maps, asked, edge=-1)
        seen = 0
        for (row, column), value in np.ndenumerate(picture):
            place = in_mosaic(row, column, maps.shape, asked)
            if place is None:
                assert value == -1
            else:
                k, r, c = place
                assert value == maps[r, c, k]
                seen += 1
        assert seen == maps.size


def test_the_mosaics_of_the_lesson_are_wide():
    shapes = [mosaic(np.zeros(shape)).shape for shape in ((28, 28, 20), (14, 14, 50), (5, 5, 20))]
    assert shapes == [(115, 144), (74, 149), (23, 29)]


def test_figures_of_a_network_and_its_mistakes(weights):
    outputs = lenet.forward(TEST[0][0], weights)
    described = figures.maps(outputs).alt
    assert "act1, 20 of 28 × 28" in described and "pool2, 50 of 7 × 7" in described
    assert f"{outputs['act1'].max():.2f}" in described
    matrices = lenet.confusion([0, 1, 1], [0, 1, 0]), np.eye(10, dtype=int)
    assert len({figures.confusion(matrix, trained_here=True).steady for matrix in matrices}) == 1
    assert not hasattr(figures.confusion(matrices[0]), "steady")
    with pytest.raises(ValueError, match="1 names and 2 rows"):
        figures.errors_by_network(["a"], [[1], [2]])


# --- Intervals and tasks


@pytest.mark.parametrize(("wrong", "n"), [(0, 5), (5, 5), (46, 2000), (17, 2000), (1, 3)])
def test_an_interval_is_wilsons(wrong, n):
    expected = stats.binomtest(wrong, n).proportion_ci(method="wilson")
    assert lenet.interval(wrong, n) == pytest.approx((expected.low, expected.high), abs=1e-6)


@pytest.mark.parametrize(("wrong", "n", "words"), [(3, 2, "wrong is 3"), (0, 0, "n is 0"), (0.5, 10, "wrong is 0.5")])
def test_an_interval_refuses(wrong, n, words):
    with pytest.raises((TypeError, ValueError), match=words):
        lenet.interval(wrong, n)


def net(
    first=(20, 5), second=(50, 5), padding="same", bends=("relu", "relu", "relu"), pool=(2, 2), flat=True,
    units=(500, 10), last="softmax", shape=(28, 28, 1), pooling=layers.MaxPooling2D, more=(),
):  # fmt: skip
    """A function that builds the lecture's LeNet, or one with a mistake."""

    def build():
        body = [keras.Input(shape)] if shape else []
        for conv, bend, size in zip((first, second), bends, pool, strict=False):
            body += [layers.Conv2D(*conv, padding=padding, activation=bend)]
            body += [pooling(size)] if size else []
        body += [layers.Flatten()] * flat
        body += [layers.Dense(units[0], activation=bends[2]), layers.Dense(units[1], activation=last)]
        return keras.Sequential([*body, *(one() for one in more)])

    return build


def apart():
    """Activations as layers of their own, one of them after the pooling."""
    body = [layers.Conv2D(20, 5, padding="same"), layers.Activation("relu"), layers.MaxPool2D()]
    body += [layers.Conv2D(50, (5, 5), (1, 1), "same"), layers.MaxPool2D((2, 2)), layers.ReLU(), layers.Flatten()]
    body += [layers.Dense(500), layers.ReLU(), layers.Dropout(0.1), layers.Dense(10), layers.Softmax()]
    return keras.Sequential([keras.Input((28, 28, 1)), *body])


def functional():
    x = start = keras.Input((28, 28, 1))
    for kernels in (20, 50):
        x = layers.MaxPooling2D()(layers.Conv2D(kernels, 5, padding="same", activation=keras.activations.relu)(x))
    x = layers.Dense(500, "relu")(layers.Flatten()(x))
    return keras.Model(start, layers.Dense(10, "softmax")(x))


def pooled_last():
    body = [layers.Conv2D(kernels, 5, padding="same", activation="relu") for kernels in (20, 50)]
    body += [layers.MaxPooling2D(), layers.MaxPooling2D(), layers.Flatten()]
    head = [layers.Dense(500, "relu"), layers.Dense(10, "softmax")]
    return keras.Sequential([keras.Input((28, 28, 1)), *body, *head])


X = (PICTURES / 255).astype("float32")[..., None]
TRAIN, VALIDATION, UNSEEN = (X[:7000], LABELS[:7000]), (X[7000:8000], LABELS[7000:8000]), (X[8000:], LABELS[8000:])
LOSS = "sparse_categorical_crossentropy"


def trainer(
    fitted=TRAIN, asked=UNSEEN, loss=LOSS, epochs=3, end=lambda wrong: int(wrong.sum()), order="cfp", batch_size=64,
    optimiser="adam",
):  # fmt: skip
    """A student's `train`; `order` has the first letters of compile, fit and predict."""

    def train(network):
        answers = np.zeros(len(asked[1]))
        for step in order:
            if step == "c":
                network.compile(optimiser, loss, metrics=["accuracy"])
            elif step == "f":
                network.fit(*fitted, epochs=epochs, batch_size=batch_size, verbose=0)
            else:
                answers = network.predict(asked[0], verbose=0).argmax(axis=1)
        return end(answers != asked[1])

    return train


def as_in_class(network):
    """A student's `train` of the lines of class, which look at the history."""
    network.compile(optimizer="adam", loss=LOSS, metrics=["accuracy"])
    history = network.fit(*TRAIN, validation_data=VALIDATION, epochs=3, batch_size=64, verbose=0)
    print(history.history["accuracy"][-1], history.history["val_accuracy"][2])
    return int((network.predict(UNSEEN[0], verbose=0).argmax(axis=1) != UNSEEN[1]).sum())


def another(network):
    """A student's `train` that builds a network of its own."""
    network = net()()
    return trainer()(network)


def flat():
    """A linear classifier."""
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, "softmax")])


ONCE = net()()
PUSHED = np.roll(UNSEEN[0], 4, axis=1)
MEANS = layers.AveragePooling2D
NONE = (None, None, None)
WRONG = {
    "parameters": [
        ([520, 25_000, 1_225_500, 5010], "no-biases", "Right: conv1, fc3 and fc4. Not yet: conv2"),
        ([520, 25_000, 1_225_000, 5000], "no-biases", "conv2, fc3 and fc4. You forgot the biases: one for each"),
        ([520, 26_000, 1_225_500, 5010], "bias-each-map", "a kernel has one bias"),
        ([520, 25_020, 1_225_500, 5010], "counts-exchanged", "conv2 reads 20 maps"),
        ([500, 25_000, 1_225_000, 5000], "no-biases", "one for each kernel"),
        ([520, 25_001, 1_225_500, 5010], "one-bias", "a single bias"),
        ([520, 1300, 1_225_500, 5010], "flat-kernel", "pool1 is 20 deep"),
        ([520, 501, 1_225_500, 5010], "one-kernel", "there are 50"),
        ([520, 62_550, 1_225_500, 5010], "own-depth", "not as the one that it makes"),
        ([520, 25_050, 4_900_500, 5010], "side", "look up its size"),
        ([520, 25_050, 25_000, 5010], "one-map", "all 50 maps"),
        ([520, 25_050, 2450, 5010], "inputs", "there are 500 units"),
        ([520, 25_050, 1_225_500, 24_510], "from-maps", "reads the 500 units"),
        (1_256_080, "shape", "one number in place of 4 numbers"),
    ],
    "build": [
        (net(padding="valid"), "padding", "maps of conv1 are smaller"),
        (net(bends=NONE), "no-relu", "conv1 has no activation"),
        (net(bends=("relu", None, "relu")), "no-relu", "conv2 has no activation"),
        (net(bends=("relu", "relu", None)), "no-relu", "fc3 has no activation"),
        (net(bends=("tanh", "relu", "relu")), "another-activation", "conv1 is followed by tanh"),
        (net(bends=("relu", "relu", "softmax")), "another-activation", "fc3 is followed by softmax"),
        (net(last=None), "no-softmax", "ten logits"),
        (net(last="relu"), "last-activation", "ends in relu"),
        (net(more=(layers.Softmax,)), "activation-twice", "follows another one"),
        (net(flat=False), "no-flatten", "never written into one row"),
        (net(first=(50, 5), second=(20, 5)), "filters-swapped", "of conv1 and conv2 are exchanged"),
        (net(first=(5, 20)), "filters-and-size", "two numbers are exchanged"),
        (net(first=(32, 5)), "kernels", "conv1 has 32 kernels"),
        (net(second=(50, 3)), "kernel-size", "kernels of conv2 are 3 × 3"),
        (net(first=(20, 5, 2), pool=(2, 2)), "stride", "takes steps of 2"),
        (net(pool=(2, 3)), "pooling", "pool2 does not halve"),
        (net(pool=(2, None)), "count-maxpooling2d", "Number of poolings in your network: 1;"),
        (net(pooling=MEANS), "mean-pooling", "keeps the largest of four"),
        (net(units=(10, 500)), "units", "10 and 500 units"),
        (net(units=(84, 10)), "units", "84 and 10 units"),
        (net(shape=(28, 28)), "exception", "rows, columns and depth"),
        (net(shape=(1, 28, 28)), "exception", "in the order rows, columns, depth"),
        (net(shape=(28, 28, 3)), "input", "reads 28 × 28 × 3"),
        (net(shape=None), "no-input", "begin with keras.Input"),
        (net(more=(lambda: layers.Dense(10),)), "count-dense", "dense layers in your network: 3"),
        (net(more=(lambda: layers.Flatten,)), "exception", "needs brackets behind its name"),
        (net(padding=2), "exception", "padding is a word"),
        (pooled_last, "order", "Conv2D, Conv2D, MaxPooling2D, MaxPooling2D, Flatten"),
        (lambda: ONCE, "same-weights", "Called twice"),
        (lambda: builders.plain(), "library", "Nice try"),
        (builders.plain, "library", "Nice try"),
        (lambda: [layers.Flatten()], "no-network", "in a list, into keras.Sequential"),
        (lambda: None, "no-return", "put return before"),
        (lambda: keras.Sequential(), "empty", "no layers yet"),
        (lambda number: number, "exception", "TypeError"),
        (net()(), "no-function", "give its name alone"),
        (3, "no-function", "I received 3"),
    ],
    "train": [
        (trainer(order="cp"), "no-fit", "never calls network.fit"),
        (trainer(order="fp"), "no-compile", "before network.compile"),
        (trainer(order="fcp"), "order", "compiles after it fits"),
        (trainer(order="cpf"), "no-predict", "after it has learned"),
        (trainer(order="cf"), "no-predict", "after it has learned"),
        (trainer(loss="categorical_crossentropy"), "loss", "whole numbers"),
        (trainer(loss="mse"), "loss", "'mse'"),
        (trainer(fitted=(X, LABELS)), "test-digits", "train on the test digits"),
        (trainer(fitted=UNSEEN), "test-digits", "train on the test digits"),
        (trainer(fitted=VALIDATION), "other-digits", "train on 1,000 digits"),
        (trainer(fitted=(X[:7000], LABELS[1000:8000])), "labels", "not the labels of the training set"),
        (trainer(epochs=1), "epochs", "take 3"),
        (trainer(asked=VALIDATION), "not-test-set", "ask about 1,000 digits"),
        (trainer(end=lambda wrong: (~wrong).sum()), "right-ones", "how many are right"),
        (trainer(end=lambda wrong: (~wrong).mean()), "accuracy", "That is the accuracy"),
        (trainer(end=lambda wrong: wrong.mean()), "share", "share of wrong answers"),
        (trainer(end=lambda wrong: wrong), "many-numbers", "returns 2,000 numbers"),
        (trainer(end=lambda wrong: None), "no-return", "returns nothing"),
        (trainer(end=lambda wrong: 7), "unknown", "count where they differ"),
        (trainer(asked=(PUSHED, UNSEEN[1])), "other-pictures", "not the test digits as they are"),
        (trainer(batch_size=None), "batch-size", "Your batches have 32 digits"),
        (trainer(optimiser="sgd"), "optimiser", "Your optimiser is sgd"),
        (trainer(optimiser=keras.optimizers.SGD()), "optimiser", "take the one of class"),
        (another, "another-network", "its argument network"),
        (lambda network: net().fit(), "another-network", "does not train the network that it is given"),
        (lambda network: network.train(), "exception", "AttributeError"),
        (checks._train, "library", "Nice try"),
        (7, "no-function", "I received 7"),
    ],
    "broken": [
        (net(), "whole", "All layers and activations of LeNet are there"),
        (net(more=(layers.Softmax,)), "order", "one activation after each"),
        (pooled_last, "order", "Keep the order"),
        (builders.linear, "library", "Nice try"),
        (flat, "parameters", "7,850 parameters, and 1,256,080 are to stay."),
        (net(bends=NONE, padding="valid"), "parameters", "431,080 parameters"),
        (net(bends=NONE, pool=(2, None)), "parameters", "must still halve"),
        (net(bends=("tanh",) * 3), "another-activation", "put tanh in the place of ReLU"),
        (net(bends=NONE, last=None), "no-softmax", "Keep the softmax"),
        (lambda: None, "no-return", "put return before"),
        (net(bends=NONE)(), "no-function", "give its name alone"),
    ],
}
RIGHT = {
    "parameters": [
        [520, 25_050, 1_225_500, 5010], (520.0, 25050.0, 1225500.0, 5010.0), ["520", "25,050", "1,225,500", "5,010"]
    ],
    "build": [net(), apart, functional],
    "train": [
        trainer(), trainer(end=lambda wrong: wrong.sum()), trainer(end=lambda wrong: sum(map(int, wrong))),
        trainer(optimiser=keras.optimizers.Adam()), as_in_class,
    ],
    "broken": [
        net(bends=NONE), net(pooling=MEANS), net(bends=NONE, pooling=MEANS), net(bends=("relu", None) * 2),
        net((20, 5, 2), (50, 5, 2), pool=(None, None)),
    ],
}  # fmt: skip


def verdict_on(name, answer):
    """What a check says, without showing it."""
    check = getattr(checks, name).__wrapped__
    return check(answer, None) if name in ("build", "broken") else check(answer)


@pytest.mark.parametrize("name", list(WRONG))
def test_the_checks_name_the_mistake_and_never_the_solution(name):
    for answer, mistake, words in WRONG[name]:
        verdict = verdict_on(name, answer)
        assert (verdict.passed, verdict.id) == (False, mistake) and words in verdict, verdict
        assert "Average" not in verdict
    for answer in RIGHT[name]:
        assert verdict_on(name, answer).passed, verdict_on(name, answer)


def test_the_lesson_goes_on_with_the_students_network_or_the_courses(capsys):
    mine = net()
    assert checks.build(mine, builders.plain) is mine
    assert checks.build(net(flat=False), builders.plain) is builders.plain
    assert checks.build(..., builders.plain) is builders.plain
    assert capsys.readouterr().out.count("✓") == 1
    assert verdict_on("broken", flat).endswith("to stay."), "it has no larger maps"


def test_what_is_measured_for_the_lesson():
    """The file has five trainings of each network, and the differences that the lesson speaks of."""
    rows = data.load("lenet-lesson")
    found = {name: np.array([[row["wrong"], row["pushed"], row["centred"], row["first"]] for row in rows
                             if row["name"] == name]) for name in {row["name"] for row in rows}}  # fmt: skip
    assert {len(one) for one in found.values()} == {5} and len(found) == 9
    assert found["lenet"][:, 1].min() > 1600 and found["lenet"][:, 2].max() < 90 and found["lenet"][:, 3].min() > 900
    assert found["linear"][:, 0].min() > 120 > found["no-relu"][:, 0].max()
    assert found["pooled"][:, 1].max() < 250 and found["taught"][:, 1].max() < 250
    # Both cures cost mistakes in the middle.
    assert min(found[name][:, 0].min() for name in ("pooled", "taught")) > found["whole"][:, 0].max()
