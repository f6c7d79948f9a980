"""Lesson 6: LeNet in NumPy and in Keras, training that is watched and stopped, its pictures, its panels, its checks."""

import itertools
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image
from scipy import ndimage

from lessons_lib import data, keras_models, lenet, pooling
from lessons_lib.keras_models import lenet as builders
from lessons_lib.keras_models import training
from lessons_lib.keras_models.adam import Adam
from lessons_lib.lenet import checks, figures
from lessons_lib.lenet.panels import CoverDigit, DrawDigit, Mistakes
from lessons_lib.plots.grid import in_mosaic, mosaic
from lessons_lib.widgets.live_training import Live

DIGITS = data.load("mnist")
PICTURES, LABELS = DIGITS["images"], DIGITS["labels"]
TEST = PICTURES[8000:], LABELS[8000:]


@pytest.fixture(scope="module")
def weights():
    return {name: array.astype(np.float32) for name, array in data.load("lenet").items()}


def random_weights(seed=0):
    generator = np.random.default_rng(seed)
    shapes = {
        "conv1_kernels": (5, 5, 1, 20), "conv1_bias": (20,), "conv2_kernels": (5, 5, 20, 50), "conv2_bias": (50,),
        "fc3_weights": (2450, 500), "fc3_bias": (500,), "fc4_weights": (500, 10), "fc4_bias": (10,),
    }  # fmt: skip
    return {name: generator.normal(0, 0.05, shape).astype(np.float32) for name, shape in shapes.items()}


# --- The network


def test_the_lectures_table():
    shapes = [(row.name, row.shape) for row in lenet.table()]
    assert shapes == [
        ("input", (28, 28, 1)), ("conv1", (28, 28, 20)), ("act1", (28, 28, 20)), ("pool1", (14, 14, 20)),
        ("conv2", (14, 14, 50)), ("act2", (14, 14, 50)), ("pool2", (7, 7, 50)), ("fc3", (500,)), ("act3", (500,)),
        ("fc4", (10,)), ("softmax", (10,)),
    ]  # fmt: skip
    by_hand = [(5 * 5 * 1 + 1) * 20, (5 * 5 * 20 + 1) * 50, (7 * 7 * 50 + 1) * 500, (500 + 1) * 10]
    assert [row.parameters for row in lenet.table() if row.parameters] == by_hand
    assert sum(by_hand) == 1_256_080


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", None])
def test_keras_builds_the_table(activation):
    network = builders.build(activation)
    assert network.count_params() == 1_256_080
    built = {layer.name: (tuple(layer.output.shape[1:]), layer.count_params()) for layer in network.layers}
    expected = {row.name: (row.shape, row.parameters) for row in lenet.table() if row.name != "input"}
    if activation is None:
        expected = {name: row for name, row in expected.items() if not name.startswith("act")}
    built.pop("flatten")
    assert built == expected
    curve = network.layers[1].activation.__name__ if activation else None
    assert curve == activation


def test_the_variants_of_the_comparison():
    counts = {row.name: row.parameters for row in lenet.table(pooled=False)}
    assert builders.build(pooling=False).count_params() == sum(counts.values())
    assert counts["fc3"] == (28 * 28 * 50 + 1) * 500
    assert builders.build(dropout=0.3).count_params() == 1_256_080
    assert builders.build(batch_norm=True).count_params() == 1_256_080 - 70 + 4 * 70
    assert builders.build(None, pooling="mean").count_params() == 1_256_080
    assert builders.linear().count_params() == 785 * 10
    assert builders.mlp().count_params() == 785 * 791 + 792 * 791 + 792 * 10
    assert abs(builders.mlp().count_params() / 1_256_080 - 1) < 1e-3


def test_lenet_five_has_the_papers_counts():
    network = builders.lenet5()
    counts = {layer.name: layer.count_params() for layer in network.layers}
    kernels = sum(count for name, count in counts.items() if name.startswith("c3-"))
    assert (counts["c1"], counts["s2"], kernels, counts["s4"], counts["c5"], counts["f6"]) == (
        156, 12, 1516, 32, 48_120, 10_164,
    )  # fmt: skip
    assert 156 + 12 + 1516 + 32 + 48_120 + 10_164 == 60_000 == network.count_params() - counts["output"]
    # Of the paper's table: each of the six maps is seen by ten of the sixteen kernels.
    assert np.bincount(np.concatenate(builders.SEEN)).tolist() == [10] * 6
    assert sorted(len(seen) for seen in builders.SEEN) == [3] * 6 + [4] * 9 + [6]
    assert len(set(builders.SEEN)) == 16


def test_lenet_fives_subsampling_by_hand():
    layer = builders.Subsampling()
    x = np.arange(32, dtype=np.float32).reshape(1, 4, 4, 2) / 20
    layer.build(x.shape)
    layer.set_weights([np.array([0.5, 0.25]), np.array([0.1, -0.2])])
    sums = x[:, 0::2, 0::2] + x[:, 0::2, 1::2] + x[:, 1::2, 0::2] + x[:, 1::2, 1::2]
    expected = 1.7159 * np.tanh(2 / 3 * (sums * [0.5, 0.25] + [0.1, -0.2]))
    np.testing.assert_allclose(np.asarray(layer(x)), expected, rtol=1e-5)
    assert float(builders.curve(1.0)) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(("arguments", "error", "words"), [
    ({"activation": "ReLU"}, ValueError, "choose one of 'relu', 'tanh', 'sigmoid', None"),
    ({"dropout": 1}, ValueError, "0[.]9 or less"), ({"dropout": "half"}, TypeError, "give a number"),
    ({"seed": -1}, ValueError, "0 or more"), ({"pooling": "max"}, ValueError, "choose one of True, 'mean', False"),
])  # fmt: skip
def test_bad_arguments_of_build(arguments, error, words):
    with pytest.raises(error, match=words):
        builders.build(**arguments)


def test_the_same_seed_gives_the_same_weights():
    first, second, other = (builders.build(seed=seed).get_weights()[0] for seed in (1, 1, 2))
    assert np.array_equal(first, second) and not np.array_equal(first, other)


@pytest.mark.parametrize(("name", "curve"), [("relu", pooling.relu), ("tanh", np.tanh), ("sigmoid", pooling.sigmoid)])
def test_numpy_and_keras_agree_layer_by_layer(name, curve):
    arrays, network = random_weights(), builders.build(name)
    network.set_weights(list(arrays.values()))
    ours, theirs = lenet.forward(TEST[0][:20], arrays, curve), builders.inside(network)(TEST[0][:20])
    assert set(ours) == {row.name for row in lenet.table()} == set(theirs) - {"flatten"}
    for layer, answer in ours.items():
        np.testing.assert_allclose(answer, theirs[layer], rtol=1e-3, atol=1e-4, err_msg=layer)


def test_forward_takes_one_picture_bytes_and_fractions():
    arrays = random_weights()
    many, one = lenet.forward(TEST[0][:3], arrays)["softmax"], lenet.forward(TEST[0][1], arrays)["softmax"]
    np.testing.assert_allclose(one[0], many[1], rtol=1e-4)
    np.testing.assert_allclose(lenet.forward(TEST[0][:3] / 255, arrays)["softmax"], many, rtol=1e-4)
    with pytest.raises(ValueError, match="are not 28 × 28; `lenet"):
        lenet.forward(np.zeros((20, 20)), arrays)


def test_where_nothing_bends_the_scores_are_sums():
    """Without activation, mean pooling leaves a linear classifier, and max pooling does not."""
    one, two, nothing = TEST[0][0] / 255, TEST[0][1] / 255, np.zeros((28, 28))
    for pooling_, sums in (("mean", True), (True, False)):
        look = builders.inside(builders.build(None, pooling=pooling_, seed=0))
        both, first, second, empty = look(np.stack([one + two, one, two, nothing]))["fc4"]
        assert np.allclose(both, first + second - empty, atol=1e-3) is sums


def test_batch_norm_is_multiplied_into_the_kernels():
    network = builders.build(batch_norm=True, seed=0)
    training.fit(network, PICTURES[:256], LABELS[:256], epochs=2, batch=32)
    arrays = builders.weights(network)
    assert {name: array.shape for name, array in arrays.items()} == {
        name: array.shape for name, array in random_weights().items()
    }
    ours, theirs = lenet.forward(TEST[0][:20], arrays)["softmax"], training.predict(network, TEST[0][:20])
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(training.predict(builders.trained(arrays), TEST[0][:20]), theirs, rtol=1e-3, atol=1e-4)


def test_slopes_are_those_of_nudging():
    # Without pooling every function is smooth, so nudging a little tells the slope.
    network = builders.build("tanh", pooling=False, seed=0)
    digit = TEST[0][3] / 255
    slopes = builders.slopes(network, digit, 7)
    look = builders.inside(network)
    for row, column in ((14, 14), (8, 12), (20, 15)):
        up, down = digit.copy(), digit.copy()
        up[row, column] += 0.05
        down[row, column] -= 0.05
        nudged = (look(up)["fc4"][0, 7] - look(down)["fc4"][0, 7]) / 0.1
        assert slopes[row, column] == pytest.approx(nudged, rel=0.05, abs=1e-3)
    with pytest.raises(ValueError, match="digit is 10"):
        builders.slopes(network, digit, 10)


# --- Training


def small(seed=0):
    return keras_models.training.keras.Sequential([
        keras_models.training.keras.Input((28, 28, 1)), keras_models.training.keras.layers.Flatten(),
        keras_models.training.keras.layers.Dense(10, "softmax"),
    ])  # fmt: skip


class Told(training.Unwatched):
    """Writes down what it is told, and stops or interrupts at a step."""

    def __init__(self, stop=None, interrupt=None):
        self.calls, self.steps, self.at, self.interrupt = [], 0, stop, interrupt

    @property
    def stopped(self):
        return self.at is not None and self.steps >= self.at

    def begin(self, epochs, steps):
        self.calls.append(("begin", epochs, steps))

    def step(self, loss, accuracy):
        self.steps += 1
        assert loss > 0 and 0 <= accuracy <= 1
        if self.steps == self.interrupt:
            raise KeyboardInterrupt

    def epoch(self, record):
        self.calls.append(("epoch", len(record["loss"])))

    def end(self, record):
        self.calls.append(("end", len(record["loss"])))


def test_training_tells_learns_and_measures():
    told, network = Told(), small()
    held_out = PICTURES[1000:1200], LABELS[1000:1200]
    record = training.fit(network, PICTURES[:1000], LABELS[:1000], held_out=held_out, epochs=3, batch=300, live=told)
    assert told.calls == [("begin", 3, 4), ("epoch", 1), ("epoch", 2), ("epoch", 3), ("end", 3)] and told.steps == 12
    assert {name: len(numbers) for name, numbers in record.items()} == dict.fromkeys((*training.RECORD, "seconds"), 3)
    assert record["loss"][0] > record["loss"][-1] and record["seconds"] == sorted(record["seconds"])
    loss, accuracy = training.evaluate(network, *held_out)
    assert (record["val_loss"][-1], record["val_accuracy"][-1]) == pytest.approx((loss, accuracy))
    keras_loss, keras_accuracy = network.evaluate(training.as_input(held_out[0]), held_out[1], verbose=0)
    assert (loss, accuracy) == pytest.approx((keras_loss, keras_accuracy), rel=1e-3)


@pytest.mark.parametrize("how", [{"stop": 5}, {"interrupt": 5}])
def test_stopping_keeps_what_was_learned(how):
    network, told = small(), Told(**how)
    before = network.get_weights()[0].copy()
    record = training.fit(
        network, PICTURES[:400], LABELS[:400], held_out=TEST, epochs=9, batch=100, rate=0.01, live=told
    )
    assert told.steps == 5 and told.calls[-1] == ("end", 2)
    assert len(record["loss"]) == len(record["val_accuracy"]) == 2
    assert not np.array_equal(before, network.get_weights()[0])
    assert (
        training.evaluate(network, *TEST)[1] == pytest.approx(record["val_accuracy"][-1])
        and record["val_accuracy"][-1] > 0.3
    )
    again = training.fit(network, PICTURES[:400], LABELS[:400], epochs=1, batch=100)
    assert len(again["loss"]) == 1 and again["val_loss"] == []


def test_the_rate_falls_along_a_cosine_or_stays():
    class Rates(training.Unwatched):
        def step(self, loss, accuracy):
            seen.append(float(network.optimizer.learning_rate))

    for falling in (True, False):
        network, seen = small(), []
        training.fit(network, PICTURES[:80], LABELS[:80], epochs=2, batch=20, rate=0.01, falling=falling, live=Rates())
        expected = [0.005 * (1 + np.cos(np.pi * step / 8)) if falling else 0.01 for step in range(8)]
        assert seen == pytest.approx(expected, rel=1e-5)


def test_the_pictures_of_an_epoch_can_be_changed():
    calls = []

    def change(pictures, generator):
        calls.append((pictures.shape, generator.random()))
        return pictures

    training.fit(small(), PICTURES[:50], LABELS[:50], epochs=3, change=change, seed=4)
    assert [shape for shape, _number in calls] == [(50, 28, 28)] * 3
    assert len({number for _shape, number in calls}) == 3


def test_an_optimizer_of_ones_own():
    network = small()
    optimizer = keras_models.training.keras.optimizers.SGD(0.5, momentum=0.9)
    training.fit(network, PICTURES[:50], LABELS[:50], epochs=1, rate=0.1, falling=False, optimizer=optimizer)
    assert network.optimizer is optimizer and float(optimizer.learning_rate) == pytest.approx(0.1)


@pytest.mark.parametrize("options", [{}, {"gradient_accumulation_steps": 2, "clipnorm": 0.5, "weight_decay": 0.1}])
def test_adam_is_that_of_keras(options):
    keras, start, trained = training.keras, small(), []
    for adam in (Adam, keras.optimizers.Adam):
        trained.append(keras.models.clone_model(start))
        trained[-1].set_weights(start.get_weights())
        training.fit(
            trained[-1], PICTURES[:300], LABELS[:300], epochs=5, batch=30, rate=0.01, optimizer=adam(**options)
        )
    for ours, theirs, first in zip(*(network.get_weights() for network in (*trained, start)), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)
        assert not np.allclose(ours, first, atol=0.01)
    again = keras.optimizers.deserialize(keras.optimizers.serialize(Adam(0.5, beta_1=0.8)))
    assert isinstance(again, Adam) and (again.learning_rate, again.beta_1) == (0.5, 0.8)
    with pytest.raises(ValueError, match="amsgrad is True"):
        Adam(amsgrad=True)


@pytest.mark.parametrize(("arguments", "error", "words"), [
    ({"labels": [1, 2]}, ValueError, "50 pictures and 2 labels"), ({"epochs": 0}, ValueError, "epochs is 0"),
    ({"batch": 2.5}, TypeError, "batch is 2.5"), ({"rate": -1}, ValueError, "rate is -1"),
    ({"images": np.zeros(50)}, ValueError, "2 or 3 or 4 axes"),
])  # fmt: skip
def test_bad_arguments_of_fit(arguments, error, words):
    arguments = {"images": PICTURES[:50], "labels": LABELS[:50]} | arguments
    with pytest.raises(error, match=words):
        training.fit(small(), **arguments)


def test_as_input():
    assert training.as_input(PICTURES[:2]).shape == (2, 28, 28, 1) and training.as_input(PICTURES[:2]).max() == 1
    assert training.as_input(np.full((2, 4, 4, 3), 0.5)).tolist() == np.full((2, 4, 4, 3), 0.5).tolist()
    assert training.as_input([[51]]).tolist() == [[[[np.float32(0.2)]]]]


# --- Where TensorFlow is missing

WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "tensorflow":
            raise {error}
sys.meta_path.insert(0, Missing())
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("from lessons_lib import networks")
shell.run_cell("print('still here')")
"""


@pytest.mark.parametrize(("error", "words"), [
    ("ModuleNotFoundError(f'no {name}', name=name)", "which is not installed here; run `pip install tensorflow`"),
    ("ImportError('DLL load failed')", "cannot be loaded (ImportError: DLL load failed)"),
])  # fmt: skip
def test_without_tensorflow_there_is_one_sentence(error, words):
    source = WITHOUT.replace("{error}", error)
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False, timeout=60)
    said = [line for line in done.stdout.splitlines() if line.strip()]
    assert len(said) == 2 and words in said[0] and said[0].startswith("This lesson needs TensorFlow"), done
    assert said[1] == "still here" and "Traceback" not in done.stdout + done.stderr


# --- The live panel


def watched(panel, epochs=2, steps=4, until=None):
    record = {"val_loss": [], "val_accuracy": []}
    panel.begin(epochs, steps)
    for step in range(epochs * steps if until is None else until):
        panel.step(2 / (step + 1), step / (step + 1))
        if step % steps == steps - 1:
            record["val_loss"].append(1.0)
            record["val_accuracy"].append(0.5 + 0.1 * len(record["val_loss"]))
            panel.epoch(record)
    panel.end(record)
    return record


def test_the_panel_shows_a_training():
    panel = Live(seconds=0)
    assert panel.sentence == "Nothing is being trained yet; 0 steps are done."
    panel.begin(2, 4)
    panel.step(2.0, 0.25)
    assert panel.sentence.startswith("Step 1 of 8 (epoch 1 of 2): 0.25 right in the last 1 steps. About ")
    assert panel.bar.value == 1 / 8 and not panel.button.disabled
    first = panel.picture.value
    watched(panel)
    assert (
        panel.sentence
        == "Step 8 of 8 (epoch 2 of 2): 0.66 right in the last 8 steps, 0.70 of the pictures held out. Done."
    )
    assert np.mean([step / (step + 1) for step in range(8)]) == pytest.approx(0.66, abs=0.005)
    assert panel.bar.value == 1 and panel.bar.bar_style == "success" and panel.button.disabled
    assert "validation</text>" not in first and "validation</text>" in panel.picture.value
    assert 'aria-label="Curves over 2 epochs. Accuracy: training 0.8' in panel.picture.value


def test_the_panel_stops_and_begins_anew():
    panel = Live()
    panel.begin(2, 4)
    panel.step(1.0, 0.5)
    assert not panel.stopped
    panel.button.click()
    assert panel.stopped and panel.button.disabled
    panel.end({"val_loss": [0.9], "val_accuracy": [0.6]})
    assert panel.sentence.endswith("0.60 of the pictures held out. Stopped; what was learned is kept.")
    assert panel.bar.bar_style == "warning"
    watched(panel)
    assert not panel.stopped and panel.sentence.endswith("Done.")


def test_the_panel_really_stops_a_training():
    class Impatient(Live):
        def step(self, loss, accuracy):
            super().step(loss, accuracy)
            if len(self._loss) == 3:
                self.button.click()

    panel, network = Impatient(), small()
    record = training.fit(network, PICTURES[:100], LABELS[:100], held_out=TEST, epochs=5, batch=10, live=panel)
    assert len(record["loss"]) == 1 and "Step 3 of 50" in panel.sentence and "is kept" in panel.sentence


def test_the_panel_draws_rarely_and_tells_more_often():
    panel = Live(seconds=1000)
    panel.begin(1, 100)
    panel.step(1, 0)
    drawn = panel.picture.value
    for _step in range(50):
        panel.step(1, 1)
    assert panel.picture.value == drawn and "Step 1 of 100" in panel.sentence
    panel.epoch({"val_loss": [], "val_accuracy": []})
    assert panel.picture.value != drawn and "Step 51 of 100" in panel.sentence


def test_what_the_file_keeps_of_the_panel():
    panel = Live()
    before = panel._repr_mimebundle_()[0]["text/plain"]
    watched(panel)
    content, metadata = panel._repr_mimebundle_()
    assert content["text/plain"] == before and not any(letter.isdigit() for letter in before)
    assert metadata["image/png"]["alt"] == panel.sentence and len(content["image/png"]) > 5000
    assert "application/vnd.jupyter.widget-view+json" in content


def test_the_panel_looks_at_the_network():
    shown = [np.zeros((2, 2)), np.ones((2, 2)), *[np.full((2, 2), 7.0)] * 20]
    panel = Live(lambda: shown.pop(0), "conv1", seconds=0)
    assert panel.seen.label == "conv1"
    watched(panel)
    assert panel.seen.values.tolist() == [[7, 7], [7, 7]] and panel.seen.blank is None


def test_the_panel_leaves_gaps_between_kernels():
    kernels = np.arange(1, 9).reshape(1, 2, 4)
    panel = Live(lambda: kernels, "conv1", seconds=0)
    assert panel.seen.values[~panel.seen.blank].tolist() == [1, 5, 2, 6, 3, 7, 4, 8]
    assert panel.seen.blank.tolist() == [[0, 0, 1, 0, 0], [1, 1, 1, 1, 1], [0, 0, 1, 0, 0]]


# --- Digits


def centred_independently(drawing):
    """MNIST's way by PIL's resize and SciPy's centre of mass."""
    box = Image.fromarray(drawing).getbbox()
    cut = drawing[box[1] : box[3], box[0] : box[2]].astype(np.float32)
    scale = 20 / max(cut.shape)
    size = [max(1, round(side * scale)) for side in cut.shape[::-1]]
    small = np.asarray(Image.fromarray(cut, mode="F").resize(size, Image.Resampling.BILINEAR), dtype=float)
    small = small / small.max() * 255
    row, column = ndimage.center_of_mass(small)
    # On the edge between two pixels the last digits of PIL's float32 would decide.
    assume(min(abs(at % 1 - 0.5) for at in (row, column)) > 1e-4)
    result = np.zeros((28, 28))
    top = min(max(int(np.ceil(13.5 - row)), 0), 28 - small.shape[0])
    left = min(max(int(np.ceil(13.5 - column)), 0), 28 - small.shape[1])
    result[top : top + small.shape[0], left : left + small.shape[1]] = small
    return result


@pytest.mark.filterwarnings("ignore:'mode' parameter is deprecated:DeprecationWarning")
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
    assert np.abs(ready - centred_independently(drawing)).max() <= 1


@pytest.mark.parametrize("zoom", [1, 2, 3])
def test_centring_finds_back_what_was_enlarged_and_moved(zoom):
    for picture in TEST[0][:30]:
        drawing = np.zeros((120, 130), np.uint8)
        drawing[7 : 7 + 28 * zoom, 30 : 30 + 28 * zoom] = np.kron(picture, np.ones((zoom, zoom), np.uint8))
        difference = np.abs(lenet.centre(drawing).astype(int) - picture)
        assert difference.max() <= 1 if zoom == 1 else difference.mean() < 12


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


def test_deforming_keeps_shape_range_and_ink():
    some = PICTURES[:700]
    changed = lenet.deform(some, np.random.default_rng(0))
    assert changed.shape == some.shape and changed.dtype == np.uint8
    assert np.array_equal(changed, lenet.deform(some, np.random.default_rng(0)))
    assert not np.array_equal(changed[0], changed[1])
    assert changed.mean() == pytest.approx(some.mean(), rel=0.1)
    still = lenet.deform(some, np.random.default_rng(0), shift=0, turn=0, zoom=0, shear=0, wave=0)
    assert np.abs(still.astype(int) - some).max() <= 1
    with pytest.raises(ValueError, match="3 axes"):
        lenet.deform(PICTURES[0], np.random.default_rng(0))


def test_deforming_reads_between_pixels_as_scipy_does():
    some = PICTURES[:20]
    rows, columns = lenet._moved(some.shape, np.random.default_rng(1), 2.0, 12.0, 0.12, 0.15, 1.0, 4)
    expected = [
        ndimage.map_coordinates(picture.astype(float), [np.clip(r, 0, 26.999), np.clip(c, 0, 26.999)], order=1)
        for picture, r, c in zip(some, rows, columns, strict=True)
    ]
    given_ = lenet._sampled(some, rows.copy(), columns.copy())
    assert np.abs(given_ - expected).max() <= 0.51 + 1e-2


def test_the_waves_are_a_spline_through_constants():
    matrix = lenet._smooth(28, 4)
    np.testing.assert_allclose(matrix.sum(axis=1), 1, rtol=1e-5)
    assert matrix.shape == (28, 6) and (matrix >= 0).all()


@pytest.mark.parametrize("size", [1, 3, 7])
def test_covering_by_a_loop(size):
    picture = TEST[0][5]
    covered = lenet.covered(picture, size).reshape(28, 28, 28, 28)
    for row, column in ((0, 0), (14, 9), (27, 13)):
        expected = picture.copy()
        reach = size // 2
        expected[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1] = 0
        assert np.array_equal(covered[row, column], expected)
    with pytest.raises(ValueError, match="size is 4; give an odd one"):
        lenet.covered(picture, 4)


def test_occlusion_is_what_falls():
    picture = TEST[0][5]

    def predict(pictures):
        share = np.asarray(pictures, float).sum(axis=(1, 2)) / picture.sum()
        return np.stack([share, 1 - share], axis=1)

    fallen = lenet.occlusion(picture, 0, predict, size=3)
    assert fallen[14, 14] == pytest.approx(picture[13:16, 13:16].sum() / picture.sum())
    np.testing.assert_allclose(lenet.occlusion(picture, 1, predict, size=3), -fallen, atol=1e-9)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60))
def test_confusion_by_a_loop(pairs):
    labels, answers = zip(*pairs, strict=True)
    expected = np.zeros((5, 5), int)
    for label, answer in pairs:
        expected[label, answer] += 1
    assert np.array_equal(lenet.confusion(labels, answers, classes=5), expected)


@pytest.mark.parametrize(("labels", "answers", "words"), [
    ([1, 2], [1], "2 labels and 1 answers"), ([10], [1], "labels are"), ([1], [-1], "answers are"),
    ([1.5], [1], "labels are"),
])  # fmt: skip
def test_confusion_refuses(labels, answers, words):
    with pytest.raises(ValueError, match=words):
        lenet.confusion(labels, answers)


# --- What is shipped


def test_the_shipped_weights_read(weights):
    assert sum(array.size for array in weights.values()) == 1_256_080
    assert {name: array.shape for name, array in weights.items()} == {
        name: array.shape for name, array in random_weights().items()
    }
    votes = training.predict(builders.trained(weights), TEST[0])
    accuracy = (votes.argmax(axis=1) == TEST[1]).mean()
    assert accuracy >= 0.988
    ours = lenet.forward(TEST[0][:200], weights)["softmax"]
    np.testing.assert_allclose(ours, votes[:200], atol=1e-3)


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


def test_the_runs_are_those_of_the_lesson():
    runs = data.load("lenet-runs")
    names = runs["names"].tolist()
    assert names[0] == "linear" and names[-1] == "best" and all(figures.named(name) != name for name in names)
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


def test_figures_say_what_they_show(weights):
    seen = lenet.forward(TEST[0][0], weights)
    matrix = lenet.confusion([0, 1, 1], [0, 1, 0])
    shown = {
        figures.volumes(): ("pool2 7 × 7 × 50", "softmax 10"),
        figures.costs(): ("fc3 97.6 %", "conv2 75.1 %"),
        figures.digits(PICTURES[:3], ["a", 2, 3], marked=[0]): ("3 pictures of digits: a, 2, 3.",),
        figures.kernels(weights["conv1_kernels"]): ("20 kernels of 5 × 5",),
        figures.maps(seen): ("act1, 20 of 28 × 28", "pool2, 50 of 7 × 7", f"{seen['act1'].max():.2f}"),
        figures.confusion(matrix): ("2 right on the diagonal, 1 wrong", "1 was read as 0, 1 times"),
        figures.compared(["linear", "best"], [[0.9, 0.92], [0.99, 0.98]]): ("linear classifier 9.0 (8.0 to 10.0)",),
        figures.shifted([0, 1], {"moved": [0.9, 0.5]}): ("as they are from 0.90 to 0.50",),
        figures.progress({"relu": [0.5, 0.9]}): ("over epochs, 1 to 2",),
    }
    for figure, words in shown.items():
        assert all(word in figure.alt for word in words), figure.alt
    steady = {figures.confusion(some, trained_here=True).steady for some in (matrix, np.eye(10, dtype=int))}
    assert len(steady) == 1 and not hasattr(figures.confusion(matrix), "steady"), steady
    assert len(figures.digits(PICTURES[:13]).axes) == 20
    for call, words in (
        (lambda: figures.digits(PICTURES[:3], ["a"]), "3 pictures and 1 captions"),
        (lambda: figures.compared(["a"], [[1], [2]]), "1 names and 2 rows"),
    ):
        with pytest.raises(ValueError, match=words):
            call()


# --- Draw a digit


def fake(pictures):
    """Answers that can be computed by head: maps are sums and shifts of the picture, the vote follows its ink."""
    x = np.asarray(pictures, float) / 255
    ink = x.sum(axis=(1, 2)).astype(int) % 10
    softmax = np.full((len(x), 10), 0.02)
    softmax[np.arange(len(x)), ink] = 0.75
    softmax[np.arange(len(x)), (ink + 1) % 10] = 0.09
    return {
        "act1": x[..., None] * np.arange(20), "pool1": x[:, ::2, ::2, None] * np.arange(20),
        "act2": x[:, ::2, ::2, None] * np.arange(50), "pool2": x[:, ::4, ::4, None] * np.arange(50),
        "act3": np.tile(x.sum(axis=(1, 2))[:, None] - 50, 500) * (np.arange(500) % 2), "softmax": softmax,
    }  # fmt: skip


def sentence_about(panel, predict=fake):
    """The beginning of the sentence, computed anew from the board alone."""
    drawing = panel.board.values.astype(np.uint8)
    ready = lenet.centre(drawing) if panel.centred.value else drawing
    votes = predict(ready[None])["softmax"][0]
    first, second = np.argsort(-votes, kind="stable")[:2]
    return f"I read {first} with probability {votes[first]:.2f}, then {second} with {votes[second]:.2f}."


def boxed(picture):
    rows, columns = np.nonzero(picture)
    return rows.min(), columns.min(), np.ptp(rows) + 1, np.ptp(columns) + 1


@pytest.mark.parametrize("start", [*range(10), "corner"])
@pytest.mark.parametrize("centred", [True, False])
def test_drawing_begins_with_any_digit(start, centred):
    panel = DrawDigit(fake, start, centred)
    drawing = panel.board.values
    if start != "corner":
        assert np.array_equal(drawing, TEST[0][np.flatnonzero(TEST[1] == start)[0]])
    assert panel.sentence.startswith(sentence_about(panel))
    row, column, rows, columns = boxed(drawing)
    assert f"Your ink is {rows} × {columns} pixels from row {row}, column {column};" in panel.sentence
    if centred:
        row, column, rows, columns = boxed(lenet.centre(drawing))
        assert f"centred it is {rows} × {columns} from row {row}, column {column}." in panel.sentence
    else:
        assert "as it is" in panel.sentence
    assert np.array_equal(panel.ready.values, lenet.centre(drawing) if centred else drawing)


def test_every_layer_is_shown():
    panel = DrawDigit(fake, 5)
    seen = fake(panel.ready.values[None])
    for name, grid in panel.layers.items():
        answer = seen[name][0]
        top = answer.max()
        np.testing.assert_allclose(grid.values, mosaic(answer.astype(np.float32), edge=figures.EDGE * top), rtol=1e-5)
        assert grid.label == f"{name}: {answer.shape[2]} maps of {answer.shape[0]} × {answer.shape[0]}"
    np.testing.assert_allclose(panel.units.values.reshape(-1), seen["act3"][0], rtol=1e-5)
    assert f"{(seen['act3'][0] > 0).sum()} of 500" in panel.units.label
    votes = seen["softmax"][0]
    assert [row[-1] for row in panel.answer.texts] == [f"{100 * vote:.0f}" for vote in votes]
    np.testing.assert_allclose(panel.answer.values.sum(axis=1), votes * 6, atol=1e-6)


def test_strokes_by_the_pen_and_the_eraser():
    panel = DrawDigit(fake, "empty")
    assert "The board is empty, 0 of 784 pixels" in panel.sentence and panel.undo.disabled
    message = {"edits": [[10, 5, 255], [10, 6, 255]], "selected": [10, 6], "number": "a-1", "stroke": "a-1"}
    panel.board._receive(panel.board, message, [])
    expected = lenet.dab(lenet.dab(np.zeros((28, 28)), 10, 5), 10, 6)
    assert np.array_equal(panel.board.values, expected) and panel.start.value == "own"
    assert panel.sentence.startswith(sentence_about(panel)) and "3 × 4 pixels from row 9, column 4" in panel.sentence
    panel.tool.value = 0
    assert panel.board.palette == [0]
    panel.board.type(10, 7, 0)
    assert np.array_equal(panel.board.values > 0, (expected > 0) & (np.arange(28) < 6))
    panel.board.type(10, 5, 0)
    assert not panel.board.values.any() and "The board is empty" in panel.sentence


def test_one_answer_for_each_message():
    calls = []

    def counted(pictures):
        calls.append(len(pictures))
        return fake(pictures)

    panel = DrawDigit(counted, "empty")
    calls.clear()
    edits = [[5, column, 255] for column in range(20)]
    panel.board._receive(panel.board, {"edits": edits, "selected": [5, 19], "number": "a-1", "stroke": "a-1"}, [])
    assert calls == [1]
    panel.board._receive(panel.board, {"edits": [], "selected": [5, 18], "number": "a-2", "stroke": "a-1"}, [])
    assert calls == [1], "pointing alone asks nothing"


def test_undo_takes_back_stroke_by_stroke():
    panel = DrawDigit(fake, 3)
    boards = [panel.board.values]
    for number, cells in enumerate(([[2, 2], [2, 3]], [[2, 4]], [[9, 9], [10, 9], [11, 9]])):
        for cell in cells:  # several messages of one stroke
            message = {"edits": [[*cell, 255]], "selected": cell, "number": "a", "stroke": f"a-{number}"}
            panel.board._receive(panel.board, message, [])
        boards.append(panel.board.values)
    panel.clear.click()
    assert not panel.board.values.any()
    for board in boards[::-1]:
        panel.undo.click()
        assert np.array_equal(panel.board.values, board)
        assert panel.sentence.startswith(sentence_about(panel))
    assert panel.undo.disabled
    panel.undo.click()
    assert np.array_equal(panel.board.values, boards[0])
    panel.board.type(20, 20, 255)
    panel.start.value = 8
    assert np.array_equal(panel.board.values, TEST[0][np.flatnonzero(TEST[1] == 8)[0]])
    panel.undo.click()
    assert panel.board.values[20, 20] == 255


@pytest.mark.parametrize("name", ["act1", "pool1", "act2", "pool2"])
def test_pointing_at_every_map(name):
    panel = DrawDigit(fake, 5)
    answer = fake(panel.ready.values[None])[name][0]
    grid = panel.layers[name]
    rows, columns = grid.values.shape
    generator = np.random.default_rng(0)
    for row, column in [(rows - 1, columns - 1), (0, 0), *generator.integers([rows, columns], size=(60, 2)).tolist()]:
        grid.select(row, column)
        place = in_mosaic(row, column, answer.shape)
        if place is None:
            assert "Map" not in panel.sentence and panel.ready.window is None
            continue
        k, r, c = place
        assert f"Map {k} of {name} says {answer[r, c, k]:.2f} at row {r}, column {c};" in panel.sentence
        assert panel.ready.window[2] == panel.ready.window[3] == {"act1": 5, "pool1": 6, "act2": 14, "pool2": 16}[name]


def test_the_frame_holds_exactly_the_pixels_that_matter():
    """Each pixel of a picture of noise is changed in turn: those that change a cell are those in its frame."""
    arrays = {key: np.abs(array) + 0.01 for key, array in random_weights().items()}
    noise = np.random.default_rng(0).random((28, 28)) * 200
    panel = DrawDigit(lambda pictures: lenet.forward(pictures, arrays), 5, centred=False)
    changed = np.repeat(noise[None], 784, axis=0)
    changed.reshape(784, 784)[np.arange(784), np.arange(784)] = 255 * 30
    before, after = lenet.forward(noise / 255, arrays), lenet.forward(changed / 255, arrays)
    for name, cell in (("act1", (0, 13)), ("pool1", (5, 9)), ("act2", (7, 6)), ("pool2", (3, 3)), ("pool2", (0, 6))):
        matters = (after[name][:, *cell, 2] - before[name][0, *cell, 2] > 0.01).reshape(28, 28)
        width = before[name].shape[2] + 1
        panel.layers[name].select(cell[0], cell[1] + 2 * width)
        row, column, height, wide = panel.ready.window
        framed = np.zeros((28, 28), bool)
        framed[max(0, row) : row + height, max(0, column) : column + wide] = True
        assert np.array_equal(matters, framed), name


def test_pointing_at_a_unit():
    panel = DrawDigit(fake, 5)
    value = fake(panel.ready.values[None])["act3"][0][2 * 25 + 3]
    panel.units.select(2, 3)
    assert f"Unit 53 of act3 says {value:.2f}; it sees the whole picture." in panel.sentence


@pytest.mark.parametrize(("call", "words"), [
    (lambda: DrawDigit(fake, start=11), "start is 11; choose one of 'empty', 'corner', 0, 1"),
    (lambda: DrawDigit(fake, start="own"), "start is 'own'"),
    (lambda: CoverDigit(fake, digit=10), "digit is 10; choose one of 0, 1"),
    (lambda: CoverDigit(fake, size=4), "size is 4; choose one of 1, 3"),
    (lambda: Mistakes(PICTURES[:2], [1, 2], np.zeros((3, 10))), "as many of each"),
    (lambda: Mistakes(PICTURES[:2], [1, 2], np.zeros((2, 10)), digit="x"), "digit is 'x'"),
])  # fmt: skip
def test_bad_presets(call, words):
    with pytest.raises(ValueError, match=words):
        call()


# --- Cover a digit, browse the mistakes


def test_covering_through_the_whole_range():
    panel = CoverDigit(fake)
    generator = np.random.default_rng(0)
    for _time in range(40):
        digit, number, size = generator.integers(10), generator.integers(20), generator.choice(CoverDigit.SIZES)
        row, column = generator.integers(28, size=2)
        panel.digit.value, panel.number.value, panel.size.value = int(digit), int(number), int(size)
        panel.picture.select(int(row), int(column))
        whole = TEST[0][np.flatnonzero(TEST[1] == digit)[number]]
        covered = whole.copy()
        for r in range(28):
            for c in range(28):
                if abs(r - row) <= size // 2 and abs(c - column) <= size // 2:
                    covered[r, c] = 0
        assert np.array_equal(panel.picture.values, covered)
        before, after = fake(whole[None])["softmax"][0][digit], fake(covered[None])["softmax"][0][digit]
        assert f"With {size} × {size} pixels around row {row}, column {column} covered" in panel.sentence
        assert f"{(covered > 0).sum()} of {(whole > 0).sum()} pixels of ink are left" in panel.sentence
        assert panel.sentence.endswith(f"the {digit} had {before:.2f} while it was whole and has {after:.2f} now.")
        assert panel.picture.window == (row - size // 2, column - size // 2, size, size)


def test_the_mistakes_are_all_there_and_the_surest_first():
    labels, generator = LABELS[:300].astype(int), np.random.default_rng(0)
    votes = generator.dirichlet(np.ones(10), 300) * 0.4
    votes[np.arange(300), np.where(np.arange(300) % 9 == 0, (labels + 1) % 10, labels)] += 0.6
    wrong = np.flatnonzero(votes.argmax(axis=1) != labels)
    wrong = wrong[np.argsort(-votes[wrong].max(axis=1), kind="stable")]
    assert len(wrong) == 34
    panel = Mistakes(PICTURES[:300], labels, votes)
    assert panel.number.max == 34
    for number, index in enumerate(wrong, start=1):
        panel.number.value = number
        first = votes[index].argmax()
        assert panel.sentence == (
            f"Mistake {number} of 34 among 300 digits: picture {index} is a {labels[index]}, read as {first} with "
            f"probability {votes[index][first]:.2f}; {labels[index]} got {votes[index][labels[index]]:.2f}."
        )
        assert np.array_equal(panel.picture.values, PICTURES[index])
    panel.number.value = 1
    panel.all.select(5, 2 * 29 + 5)
    assert panel.number.value == 3
    for digit in range(10):
        panel.digit.value = digit
        about = [index for index in wrong if labels[index] == digit]
        expected = (
            f"Mistake 1 of {len(about)} among" if about else f"There is no mistake about {digit} among 300 digits"
        )
        assert panel.sentence.startswith(expected)
    panel.digit.value = -1
    assert panel.number.max == 34


def test_a_network_without_a_mistake():
    panel = Mistakes(PICTURES[:5], LABELS[:5], np.eye(10)[LABELS[:5]], digit=3)
    assert panel.sentence == "There is no mistake about 3 among 5 digits: 0 were wrong."
    panel.all.select(3, 3)
    panel.digit.value = -1
    assert panel.sentence.startswith("There is no mistake about any digit") and panel.number.disabled


def test_what_is_compared_of_the_mistakes_of_a_network_trained_here():
    texts = set()
    for answers in ([3, 3, 3], [4, 4, 4]):
        panel = Mistakes(PICTURES[:3], LABELS[:3], np.eye(10)[answers], trained_here=True)
        content, metadata = panel._repr_mimebundle_()
        assert metadata["image/png"]["alt"] == panel.sentence != content["text/plain"]
        texts.add(content["text/plain"])
    assert texts == {"The digits among 3 that a network trained here gets wrong, the surest mistakes first."}


def test_panels_leave_a_picture_and_their_sentence():
    votes = np.eye(10)[[3, 3, 3]]
    for panel in (DrawDigit(fake), CoverDigit(fake), Mistakes(PICTURES[:3], LABELS[:3], votes)):
        content, metadata = panel._repr_mimebundle_()
        assert content["text/plain"] == panel.sentence == metadata["image/png"]["alt"]
        assert any(letter.isdigit() for letter in panel.sentence) and content["image/png"]


# --- Exercises


def mass(picture):
    picture = np.asarray(picture, float)
    return [total @ np.arange(len(total)) / picture.sum() for total in (picture.sum(axis=1), picture.sum(axis=0))]


WRONG = {
    "parameters_with_more_kernels": [
        (1_256_080, "network with 50 kernels"),
        (1_256_080 + 14 * 501, "changed the convolution only"),
        (1_256_080 + 14 * 49 * 500, "changed the 500 units only"),
        (1_606_094 - 594, "forgot the biases: one a kernel, one a unit"),
        (1_606_094 - 64, "biases of the 64 kernels"),
        (1_606_094 - 500, "biases of the 500 units"),
        (520 + 64 * 26 + 3137 * 500 + 5010, "as deep as its input"),
        (520 + 64 * 501 + (14 * 14 * 64 + 1) * 500 + 5010, "left out the second pooling"),
        (64 * 501, "the whole network is asked for"),
        (350_014, "how many came in addition"),
        (7, "Two layers change"),
    ],
    "inputs_without_padding": [
        (2450, "network with padding"),
        (16, "That is one map"),
        (320, "50 maps come out"),
        (16_000, "50 maps are left"),
        (1250, "there are two convolutions"),
        (20_000, "forgot the poolings"),
        (5000, "you halved once"),
        (3200, "before the second pooling"),
        (1800, "takes away four rows"),
        (801, "not one of its inputs"),
        (400_500, "the inputs of one are asked for"),
        (3, "28, 24, ..."),
    ],
    "middle_of_the_ink": [
        (lambda picture: mass(picture)[::-1], "row comes first"),
        (lambda picture: np.argwhere(picture).mean(axis=0), "Grey counts too"),
        (lambda picture: [(np.flatnonzero(picture.any(axis=a))[[0, -1]]).mean() for a in (1, 0)], "middle of the box"),
        (lambda picture: [(n - 1) / 2 for n in picture.shape], "middle of the picture"),
        (lambda picture: np.add(mass(picture), 1), "Count rows and columns from 0"),
        (lambda picture: np.multiply(mass(picture), picture.sum() / picture.size), "not by the number of pixels"),
        (lambda picture: np.multiply(mass(picture), picture.sum() / 255), "not by 255"),
        (lambda picture: np.unravel_index(picture.argmax(), picture.shape), "brightest pixel"),
        (lambda picture: (1, 2), "your function gives [1.0, 2.0]"),
        (lambda picture: 1 / 0, "ZeroDivisionError"),
        ((14, 14), "which is no function"),
    ],
    "found_and_trusted": [
        ((190 / 198, 190 / 200), "The other way round"),
        ((0.95, 0.95), "a column"),
        ((190 / 198, 190 / 198), "a row"),
        ((585 / 604, 585 / 604), "only the nines"),
        ((0.05, 8 / 198), "went wrong"),
        ((95, 19_000 / 198), "not percent"),
        ((190, 190), "of how many"),
        ((19, 190 / 8), "belong to the whole too"),
        ((190 / 604, 190 / 604), "only a row, and only a column"),
        ((200 / 604, 198 / 604), "how many are right"),
        ((0.5, 0.5), "Give two shares"),
        (0.95, "another shape is wanted"),
    ],
    "dropout_by_hand": [
        (lambda units, kept, share: units * kept, "make up for it"),
        (lambda units, kept, share: units * kept / share, "the others that must make up"),
        (lambda units, kept, share: units * kept * (1 - share), "they must become stronger"),
        (lambda units, kept, share: units * ~kept / (1 - share), "dropped those that are kept"),
        (lambda units, kept, share: units / (1 - share), "No unit was dropped"),
        (lambda units, kept, share: units * kept / kept.mean(), "Nearly"),
        (lambda units, kept, share: units * (1 - share), "makes every unit weaker"),
        (lambda units, kept, share: units, "Where kept is False the result is 0"),
        (lambda units: units, "TypeError"),
        ([1, 2], "which is no function"),
    ],
    "smallest_move": [(0, "count how many are read rightly"), (-1, "count how many"), (28, "Move all 200 pictures")],
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_get_their_sentence(name):
    check = getattr(checks, name)
    assert check(...).passed is None
    for answer, words in WRONG[name]:
        verdict = check(answer)
        assert verdict.passed is False
        assert words in verdict, (answer, verdict)


def test_right_answers_are_accepted_however_they_are_written():
    assert checks.parameters_with_more_kernels(1_606_094.0).passed
    assert checks.inputs_without_padding(np.int64(800)).passed
    assert checks.middle_of_the_ink(ndimage.center_of_mass).passed
    assert checks.found_and_trusted([0.95, 0.9596]).passed
    assert checks.dropout_by_hand(
        lambda u, k, s: [x / (1 - s) if kept else 0 for x, kept in zip(u, k, strict=True)]
    ).passed


def test_the_smallest_move_by_a_loop_of_its_own(weights):
    network, pixels, share = builders.trained(weights), 0, 1.0
    while share >= 0.5:
        pixels += 1
        moved = np.roll(TEST[0][:200], pixels, axis=2)
        moved[:, :, :pixels] = 0
        share = (training.predict(network, moved).argmax(axis=1) == TEST[1][:200]).mean()
    assert checks.smallest_move(pixels).passed
    assert "still reads at least half" in checks.smallest_move(pixels - 1)
    assert "one pixel less is enough" in checks.smallest_move(pixels + 1)
    assert "to the right is meant" in checks.smallest_move(-pixels)
