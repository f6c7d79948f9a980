"""LeNet in Keras, training that is watched and stopped, and the panel that shows it."""

import subprocess
import sys

import keras
import numpy as np
import pytest

import train_lenet
from lessons_lib import data, lenet, pooling
from lessons_lib.keras_models import lenet as builders
from lessons_lib.keras_models import training
from lessons_lib.lenet.panels import DrawDigit
from lessons_lib.widgets.live_training import Live

DIGITS = data.load("mnist")
PICTURES, LABELS = DIGITS["images"], DIGITS["labels"]
TEST = PICTURES[8000:], LABELS[8000:]


def random_weights(seed=0):
    generator = np.random.default_rng(seed)
    shapes = {
        "conv1_kernels": (5, 5, 1, 20), "conv1_bias": (20,), "conv2_kernels": (5, 5, 20, 50), "conv2_bias": (50,),
        "fc3_weights": (2450, 500), "fc3_bias": (500,), "fc4_weights": (500, 10), "fc4_bias": (10,),
    }  # fmt: skip
    return {name: generator.normal(0, 0.05, shape).astype(np.float32) for name, shape in shapes.items()}


# --- The networks


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", None])
def test_keras_builds_the_table(activation):
    network = builders.build(activation)
    assert network.count_params() == 1_256_080
    built = {layer.name: (tuple(layer.output.shape[1:]), layer.count_params()) for layer in network.layers}
    expected = {row.name: (row.shape, row.parameters) for row in lenet.layer_table() if row.name != "input"}
    if activation is None:
        expected = {name: row for name, row in expected.items() if not name.startswith("act")}
    built.pop("flatten")
    assert built == expected
    curve = network.layers[1].activation.__name__ if activation else None
    assert curve == activation


def test_the_variants_of_the_comparison():
    unpooled = sum(row.parameters for row in lenet.layer_table(pooled=False))
    assert builders.build(pooling=False).count_params() == unpooled
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
    assert np.bincount(np.concatenate(builders.C3_MAPS)).tolist() == [10] * 6
    assert sorted(len(seen) for seen in builders.C3_MAPS) == [3] * 6 + [4] * 9 + [6]
    assert len(set(builders.C3_MAPS)) == 16


def test_lenet_fives_subsampling_by_hand():
    layer = builders.Subsampling()
    x = np.arange(32, dtype=np.float32).reshape(1, 4, 4, 2) / 20
    layer.build(x.shape)
    layer.set_weights([np.array([0.5, 0.25]), np.array([0.1, -0.2])])
    sums = x[:, 0::2, 0::2] + x[:, 0::2, 1::2] + x[:, 1::2, 0::2] + x[:, 1::2, 1::2]
    expected = 1.7159 * np.tanh(2 / 3 * (sums * [0.5, 0.25] + [0.1, -0.2]))
    np.testing.assert_allclose(np.asarray(layer(x)), expected, rtol=1e-5)
    assert float(builders.scaled_tanh(1.0)) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(("arguments", "words"), [
    ({"dropout": 1}, "0[.]9 or less"), ({"seed": -1}, "0 or more"),
    ({"pooling": "max"}, "choose one of True, 'mean', False"),
])  # fmt: skip
def test_what_build_has_not_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        builders.build(**arguments)


def test_the_same_seed_gives_the_same_weights():
    first, second, other = (builders.build(seed=seed).get_weights()[0] for seed in (1, 1, 2))
    assert np.array_equal(first, second) and not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("name", "activation"), [("relu", pooling.relu), ("tanh", np.tanh), ("sigmoid", pooling.sigmoid)]
)
def test_numpy_and_keras_agree_layer_by_layer(name, activation):
    arrays, network = random_weights(), builders.build(name)
    network.set_weights(list(arrays.values()))
    ours, theirs = lenet.forward(TEST[0][:20], arrays, activation), builders.layer_outputs(network)(TEST[0][:20])
    assert set(ours) == {row.name for row in lenet.layer_table()} == set(theirs) - {"flatten"}
    for layer, output in ours.items():
        np.testing.assert_allclose(output, theirs[layer], rtol=1e-3, atol=1e-4, err_msg=layer)


def test_forward_takes_one_picture_bytes_and_fractions():
    arrays = random_weights()
    many, one = lenet.forward(TEST[0][:3], arrays)["softmax"], lenet.forward(TEST[0][1], arrays)["softmax"]
    np.testing.assert_allclose(one[0], many[1], rtol=1e-4)
    np.testing.assert_allclose(lenet.forward(TEST[0][:3] / 255, arrays)["softmax"], many, rtol=1e-4)
    with pytest.raises(ValueError, match="are not 28 × 28; `lenet"):
        lenet.forward(np.zeros((20, 20)), arrays)


def test_without_activation_the_logits_are_linear():
    """Without activation, mean pooling leaves a linear classifier, and max pooling does not."""
    one, two, nothing = TEST[0][0] / 255, TEST[0][1] / 255, np.zeros((28, 28))
    for kind, linear in (("mean", True), (True, False)):
        outputs_of = builders.layer_outputs(builders.build(None, pooling=kind, seed=0))
        both, first, second, empty = outputs_of(np.stack([one + two, one, two, nothing]))["fc4"]
        assert np.allclose(both, first + second - empty, atol=1e-3) is linear


def test_batch_norm_is_multiplied_into_the_kernels():
    network = builders.build(batch_norm=True, seed=0)
    network.compile("adam", "sparse_categorical_crossentropy")
    network.fit(training.to_batch(PICTURES[:256]), LABELS[:256], epochs=2, verbose=0)
    arrays = builders.weights(network)
    assert {name: array.shape for name, array in arrays.items()} == {
        name: array.shape for name, array in random_weights().items()
    }
    ours, theirs = lenet.forward(TEST[0][:20], arrays)["softmax"], training.predict(network, TEST[0][:20])
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(
        training.predict(builders.from_weights(arrays), TEST[0][:20]), theirs, rtol=1e-3, atol=1e-4
    )


def sequential(*parts, units=30, **first):
    """A student's own LeNet, smaller, with Keras' own names; `parts` end it."""
    layers = keras.layers
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(6, 5, **{"padding": "same", "activation": "relu"} | first), layers.MaxPooling2D(2),
        layers.Conv2D(9, 5, padding="same", activation="relu"), layers.MaxPooling2D(2),
        layers.Flatten(), layers.Dense(units, activation="relu"), *parts,
    ])  # fmt: skip


@pytest.mark.parametrize(("end", "last"), [
    ([keras.layers.Dense(10, activation="softmax")], "softmax"), ([keras.layers.Dense(10)], "fc4"),
    ([keras.layers.Dropout(0.5), keras.layers.Dense(10, use_bias=False), keras.layers.Softmax()], "softmax"),
])  # fmt: skip
def test_a_students_own_network_is_read(end, last):
    network = sequential(*end)
    arrays = builders.weights(network)
    assert list(arrays) == lenet.WEIGHTS and arrays["conv2_kernels"].shape == (5, 5, 6, 9)
    theirs = network.predict_on_batch(training.to_batch(TEST[0][:20]))
    assert np.abs(lenet.forward(TEST[0][:20], arrays)[last] - theirs).max() < 1e-4
    panel = DrawDigit(arrays)
    assert panel.units.label.endswith("of 30 are on") and panel.layers["act2"].label == "act2: 9 maps of 14 × 14"
    panel.units.select(1, 6)
    assert "Unit" not in panel.sentence
    panel.units.select(1, 4)
    assert "Unit 29 of act3 says" in panel.sentence


@pytest.mark.parametrize("network", [
    lambda: sequential(keras.layers.Dense(10), activation="tanh"),
    lambda: sequential(keras.layers.Dense(10), padding="valid"),
    lambda: sequential(keras.layers.Dense(9)),
    lambda: sequential(keras.layers.Dense(10), keras.layers.Dense(10)),
    lambda: builders.build(pooling="mean"), lambda: builders.build(pooling=False), builders.lenet5, builders.linear,
])  # fmt: skip
def test_another_shape_is_refused_with_its_layers(network):
    with pytest.raises(ValueError, match=r"network has .*Dense.*; give one of the lecture's shape"):
        builders.weights(network())


def test_what_has_no_weights_yet_or_is_no_weights_is_refused():
    with pytest.raises(ValueError, match="has no numbers yet"):
        builders.weights(keras.Sequential([keras.layers.Dense(10)]))
    with pytest.raises(TypeError, match=r"give its numbers, keras_models\.lenet\.weights"):
        DrawDigit(builders.build())
    with pytest.raises(ValueError, match="and no conv2_kernels"):
        DrawDigit({name: array for name, array in random_weights().items() if name != "conv2_kernels"})


def test_gradients_are_those_of_nudging():
    # Without pooling every function is smooth, so nudging a little gives the gradient.
    network = builders.build("tanh", pooling=False, seed=0)
    digit = TEST[0][3] / 255
    gradients, outputs_of = builders.gradients(network, digit, 7), builders.layer_outputs(network)
    for row, column in ((14, 14), (8, 12), (20, 15)):
        up, down = digit.copy(), digit.copy()
        up[row, column] += 0.05
        down[row, column] -= 0.05
        more, less = outputs_of(np.stack([up, down]))["fc4"][:, 7]
        assert gradients[row, column] == pytest.approx((more - less) / 0.1, rel=0.05, abs=1e-3)
    with pytest.raises(ValueError, match="digit is 10"):
        builders.gradients(network, digit, 10)


# --- Training


def test_the_script_trains_by_its_recipe():
    """The rate falls over all epochs to zero, though each epoch, with digits deformed anew, is a `fit` of its own."""
    network, how = builders.linear(seed=0), train_lenet.RECIPE | {"epochs": 3}
    start = network.get_weights()[0]
    _seconds, (learned, tested) = train_lenet.train(network, how, 0, slice(0, 1000), slice(8000, 8500))
    assert network.optimizer.iterations == 3 * 16 and float(network.optimizer.learning_rate) < 1e-6
    assert learned > 0.5 and abs(tested - learned) < 0.2 and not np.array_equal(start, network.get_weights()[0])
    assert tested == train_lenet.accuracy(network, slice(8000, 8500))


def test_to_batch():
    assert training.to_batch(PICTURES[:2]).shape == (2, 28, 28, 1) and training.to_batch(PICTURES[:2]).max() == 1
    assert training.to_batch(np.full((2, 4, 4, 3), 0.5)).tolist() == np.full((2, 4, 4, 3), 0.5).tolist()
    assert training.to_batch([[51]]).tolist() == [[[[np.float32(0.2)]]]]


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
shell.run_cell("from lessons_lib import keras_models")
shell.run_cell("print('still here')")
"""


@pytest.mark.parametrize(("error", "words"), [
    ("ModuleNotFoundError(f'no {name}', name=name)", "which is not installed here; run `pip install tensorflow`"),
    ("ImportError('DLL load failed')", "cannot be loaded (ImportError: DLL load failed)"),
])  # fmt: skip
def test_without_tensorflow_there_is_one_sentence(error, words):
    source = WITHOUT.replace("{error}", error)
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False, timeout=60)
    printed = [line for line in done.stdout.splitlines() if line.strip()]
    assert (
        len(printed) == 2 and words in printed[0] and printed[0].startswith("This part of the lesson needs TensorFlow")
    ), done
    assert printed[1] == "still here" and "Traceback" not in done.stdout + done.stderr


# --- The live panel


def run(panel, epochs=2, steps=4):
    history = {"val_loss": [], "val_accuracy": []}
    panel.begin(epochs, steps)
    for step in range(epochs * steps):
        panel.step(2 / (step + 1), step / (step + 1))
        if step % steps == steps - 1:
            history["val_loss"].append(1.0)
            history["val_accuracy"].append(0.5 + 0.1 * len(history["val_loss"]))
            panel.epoch(history)
    panel.end(history)


def test_the_panel_shows_a_training():
    panel = Live(seconds=0)
    panel.begin(2, 4)
    panel.step(2.0, 0.25)
    assert not panel.button.disabled
    first = panel.picture.value
    run(panel)
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
    assert panel.sentence.endswith("0.60 of the validation pictures. Stopped; what was learned is kept.")
    assert panel.bar.bar_style == "warning"
    run(panel)
    assert not panel.stopped and panel.sentence.endswith("Done.")


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
    run(panel)
    content, metadata = panel._repr_mimebundle_()
    assert content["text/plain"] == before and not any(letter.isdigit() for letter in before)
    assert metadata["image/png"]["alt"] == panel.sentence and len(content["image/png"]) > 5000
    assert "application/vnd.jupyter.widget-view+json" in content


def test_the_panel_looks_at_the_network():
    shown = [np.zeros((2, 2)), np.ones((2, 2)), *[np.full((2, 2), 7.0)] * 20]
    panel = Live(lambda: shown.pop(0), "conv1", seconds=0)
    assert panel.seen.label == "conv1"
    run(panel)
    assert panel.seen.values.tolist() == [[7, 7], [7, 7]] and panel.seen.blank is None


def test_the_panel_leaves_gaps_between_kernels():
    kernels = np.arange(1, 9).reshape(1, 2, 4)
    panel = Live(lambda: kernels, "conv1", seconds=0)
    assert panel.seen.values[~panel.seen.blank].tolist() == [1, 5, 2, 6, 3, 7, 4, 8]
    assert panel.seen.blank.tolist() == [[0, 0, 1, 0, 0], [1, 1, 1, 1, 1], [0, 0, 1, 0, 0]]
