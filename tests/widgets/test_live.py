"""Keras' own `fit` with `keras_models.live()`: watched, stopped, interrupted, and the best weights kept."""

import _thread
import signal
import threading
import time

import keras
import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from lessons_lib import data, keras_models

DIGITS = data.load("mnist")
X, Y = DIGITS["images"][:400, ..., None] / np.float32(255), DIGITS["labels"][:400]
VALIDATION = DIGITS["images"][8000:8200, ..., None] / np.float32(255), DIGITS["labels"][8000:8200]


def compiled(optimizer="adam", metrics=("accuracy",)):
    network = keras_models.lenet.linear(seed=0)
    network.compile(optimizer, "sparse_categorical_crossentropy", metrics=list(metrics))
    return network


def fit(network, live, *more, **how):
    how = {"validation_data": VALIDATION, "epochs": 9, "batch_size": 100, "verbose": 0} | how
    return network.fit(X, Y, callbacks=[live, *more], **how).history


def at_step(number, act):
    """A callback that acts after so many steps."""
    steps = iter(range(1, 1_000_000))
    return keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: next(steps) == number and act())


def test_the_best_weights_are_kept_and_the_panel_says_of_which_epoch():
    network, live = compiled(keras.optimizers.SGD(0.1)), keras_models.live()
    kept = {}

    def spoil(epoch, logs):
        kept[epoch] = network.get_weights()
        if epoch == 1:
            network.set_weights([-10 * weights for weights in kept[1]])

    history = fit(network, live, keras.callbacks.LambdaCallback(on_epoch_begin=spoil), epochs=3)
    assert len(history["loss"]) == len(history["val_accuracy"]) == 3 and np.argmax(history["val_accuracy"]) == 0
    assert all(np.array_equal(*pair) for pair in zip(network.get_weights(), kept[1], strict=True))
    assert live.panel.sentence.endswith("Done. The network has the weights after epoch 1, its best.")
    assert live.panel.bar.bar_style == "success" and live.panel.button.disabled
    # Used again it begins anew; without validation the last weights are kept.
    before = network.get_weights()[0]
    fit(network, live, epochs=1, validation_data=None)
    assert live.panel.sentence.startswith("Step 4 of 4") and live.panel.sentence.endswith("steps. Done.")
    assert not np.array_equal(before, network.get_weights()[0])


def test_a_step_is_shown_by_its_own_pictures():
    network, live, seen = compiled(keras.optimizers.SGD(0.0)), keras_models.live(), []
    live.panel.step = lambda loss, accuracy: seen.append((loss, accuracy))
    fit(network, live, epochs=2, shuffle=False)
    expected = [network.evaluate(X[k : k + 100], Y[k : k + 100], verbose=0) for k in (0, 100, 200, 300)] * 2
    np.testing.assert_allclose(seen, expected, atol=1e-5)


@pytest.mark.parametrize("how", ["button", "interrupt"])
def test_stopping_keeps_what_was_learned(how):
    network, live, before = compiled(), keras_models.live(), signal.getsignal(signal.SIGINT)
    start = network.get_weights()[0]
    act = live.panel.button.click if how == "button" else lambda: signal.raise_signal(signal.SIGINT)
    history = fit(network, live, at_step(6, act))
    # A later callback acts after ours has seen the step, so one more is done.
    assert live.panel.sentence.startswith("Step 7 of 36 (epoch 2 of 9)") and "is kept." in live.panel.sentence
    assert len(history["loss"]) == 2 and live.panel.bar.bar_style == "warning"
    assert not np.array_equal(start, network.get_weights()[0])
    assert network.evaluate(*VALIDATION, verbose=0)[1] == pytest.approx(max(history["val_accuracy"]))
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.3, 1.0])
def test_an_interrupt_at_any_moment(delay):
    """Sent by a clock, it comes while TensorFlow prepares its first step, in a later one, or while it is measured."""
    network, clock = keras_models.lenet.build(seed=0), threading.Timer(delay, _thread.interrupt_main)
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    start = keras.callbacks.LambdaCallback(on_train_begin=lambda logs: clock.start())
    history = fit(network, keras_models.live(), start, epochs=1000)
    assert 1 <= len(history["loss"]) < 1000
    assert len(network.fit(X, Y, verbose=0).history["loss"]) == 1


def test_asked_again_it_ends_at_once(monkeypatch):
    monkeypatch.setattr(keras_models.live, "PATIENCE", 0.01)

    def insist():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        time.sleep(0.02)
        signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        fit(compiled(), keras_models.live(), at_step(1, insist))
    signal.signal(signal.SIGINT, before)


def test_a_look_is_a_function_and_accuracy_is_measured():
    with pytest.raises(TypeError, match="look is of type ndarray; give a function without arguments"):
        keras_models.live(compiled().get_weights()[0])
    network, before = compiled(metrics=()), signal.getsignal(signal.SIGINT)
    with pytest.raises(ValueError, match="fit measures loss; give compile metrics="):
        fit(network, keras_models.live())
    signal.signal(signal.SIGINT, before)


CELLS = [
    """
import os, signal, threading
from lessons_lib import data, keras_models
import keras
digits = data.load("mnist")
x, y = digits["images"][:640, ..., None] / 255, digits["labels"][:640]
network = keras_models.lenet.linear(seed=0)
network.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
""",
    """
live = keras_models.live(lambda: network.get_weights()[0][:, :2], "weights")
history = network.fit(x, y, validation_data=(x, y), epochs=2, batch_size=64, callbacks=[live], verbose=0)
""",
    """
clock = threading.Timer(1, lambda: os.kill(os.getpid(), signal.SIGINT))
both = [keras.callbacks.LambdaCallback(on_train_begin=lambda logs: clock.start()), keras_models.live()]
history = network.fit(x, y, validation_data=(x, y), epochs=100_000, callbacks=both, verbose=0)
""",
    """
accuracy = network.evaluate(x, y, verbose=0)[1]
print(len(history.epoch) < 100_000, abs(accuracy - max(history.history["val_accuracy"])) < 1e-6)
""",
]


def test_without_a_page_the_file_keeps_the_panel_and_an_interrupt_leaves_no_traceback(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    _imports, watched, interrupted, after = (cell.outputs for cell in notebook.cells)
    for outputs, said in ((watched, "Done."), (interrupted, "is kept.")):
        (output,) = outputs
        assert (
            output.data["text/plain"] == "A training, live: its curves of accuracy and loss, and a button to stop it."
        )
        alt = output.metadata["image/png"]["alt"]
        assert alt.startswith("Step ") and "of the validation pictures" in alt and said in alt
    assert after[0].text == "True True\n"
