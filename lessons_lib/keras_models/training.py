"""Training that can be watched, and stopped without losing what was learned: `LiveTraining` for Keras' own `fit`.

A network is a Keras model that ends in a softmax. `images` are of shape (M, N), (B, M, N) or (B, M, N, D), bytes in
0..255 or fractions of 1; `labels` are whole numbers, one for each image. What does not fit raises a TypeError or a
ValueError that repeats what came.
"""

import signal
import threading
import time

import keras
import numpy as np
from IPython.display import display

from lessons_lib.core import validate
from lessons_lib.widgets.live_training import Live


class LiveTraining(keras.callbacks.Callback):
    """For `callbacks` of Keras' `fit`: a panel with curves and a stop button; the best weights are kept at the end.

    The best are those of the epoch with the highest `val_accuracy`, or the last where `fit` has no `validation_data`.
    The button, or an interrupt of the kernel, ends the training after the step it is in; a second interrupt, more than
    `PATIENCE` seconds later, ends it at once. `compile` needs `metrics=["accuracy"]`.

    look, label: what the panel shows of the network besides, as in `live_training.Live`.

    >>> network = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Flatten(), keras.layers.Dense(2, "softmax")])
    >>> network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    >>> live = LiveTraining()
    >>> history = network.fit(np.zeros((4, 2, 2, 1)), np.zeros(4), epochs=3, callbacks=[live], verbose=0)
    Live(...
    >>> live.panel.sentence.startswith("Step 3 of 3 (epoch 3 of 3)"), len(history.history["loss"])
    (True, 3)
    """

    PATIENCE = 3

    def __init__(self, look=None, label=""):
        super().__init__()
        self.panel = Live(look, label)

    def on_train_begin(self, logs=None):
        """Show the panel, and take over the kernel's interrupts."""
        self._best, self._weights, self._best_epoch, self._interrupted = -1.0, None, None, None
        self._record = {"val_loss": [], "val_accuracy": []}
        # Only the main thread, in which a kernel runs its cells, is ever interrupted. An exception out of a callback
        # of a signal would be lost in TensorFlow, or break the network. A kernel puts its own handler back after each
        # cell, also if `fit` fails.
        self._is_main = threading.current_thread() is threading.main_thread()
        if self._is_main:
            self._handler = signal.signal(signal.SIGINT, self._interrupt)
        self.panel.begin(self.params["epochs"], self.params["steps"])
        self._shown = display(self.panel, display_id=True)

    def on_epoch_begin(self, epoch, logs=None):
        """Keras' numbers are means over the epoch so far, which begins here."""
        self._before = {}

    def on_train_batch_end(self, batch, logs=None):
        """Show the step's own loss and accuracy, and stop where that is wanted."""
        if "accuracy" not in logs:
            raise ValueError(f'fit measures {", ".join(logs)}; give compile metrics=["accuracy"]')
        loss, accuracy = (
            logs[name] + batch * (logs[name] - self._before.get(name, 0.0)) for name in ("loss", "accuracy")
        )
        self._before = dict(logs)
        self.panel.step(loss, min(1.0, max(0.0, accuracy)))
        self._stop_if_wanted()

    def on_epoch_end(self, epoch, logs=None):
        """Keep the weights if they are the best so far."""
        if "val_accuracy" in logs:
            for name, numbers in self._record.items():
                numbers.append(logs[name])
            if logs["val_accuracy"] > self._best:
                self._best, self._weights, self._best_epoch = logs["val_accuracy"], self.model.get_weights(), epoch + 1
        self.panel.epoch(self._record)
        self._stop_if_wanted()

    def on_train_end(self, logs=None):
        """Give the network its best weights, and leave the panel as it is in the notebook's file."""
        if self._weights is not None:
            self.model.set_weights(self._weights)
        self.panel.end(self._record, self._best_epoch)
        # There is no handle to it outside a notebook.
        if self._shown is not None:
            self._shown.update(self.panel)
        if self._is_main:
            signal.signal(signal.SIGINT, self._handler)

    def _interrupt(self, number, frame):
        now = time.monotonic()
        self._interrupted = self._interrupted or now
        if now - self._interrupted > self.PATIENCE:
            signal.default_int_handler(number, frame)

    def _stop_if_wanted(self):
        if self.panel.stopped or self._interrupted:
            self.model.stop_training = True


def to_batch(images):
    """Images as a network takes them: float32 of shape (B, M, N, D), bytes as fractions of 255.

    >>> to_batch(np.full((28, 28), 255)).shape
    (1, 28, 28, 1)
    """
    images = validate.array(images, "images", axes=(2, 3, 4))
    if images.ndim == 2:
        images = images[None]
    if images.ndim == 3:
        images = images[..., None]
    fractions = images.astype(np.float32)
    return fractions / 255 if images.dtype.kind in "iu" else fractions


def predict(network, images, batch=500):
    """The network's output for images, computed for `batch` of them at a time; more need more memory.

    >>> network = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Flatten(), keras.layers.Dense(2, "softmax")])
    >>> predict(network, np.zeros((3, 2, 2))).shape
    (3, 2)
    """
    validate.having(network, "network", "get_layer", "a Keras network")
    x, batch = to_batch(images), validate.whole(batch, "batch")
    return np.concatenate([network.predict_on_batch(x[start : start + batch]) for start in range(0, len(x), batch)])
