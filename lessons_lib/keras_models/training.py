"""Training that can be watched, and stopped without losing what was learned: `fit`."""

import contextlib
import signal
import threading
import time

import keras  # noqa: F401 (the examples build with it)
import numpy as np
import tensorflow as tf

from lessons_lib.core import validate
from lessons_lib.keras_models.adam import Adam

# What each epoch leaves behind, by Keras' own names; "val" is Keras' word for pictures held out.
RECORD = ("loss", "accuracy", "val_loss", "val_accuracy")


class Unwatched:
    """What `fit` tells of itself, and to nobody; a panel that shows it has the same four methods."""

    stopped = False

    def begin(self, epochs, steps):
        """Training begins: so many epochs of so many steps each."""

    def step(self, loss, accuracy):
        """A step is done; both are of its own pictures."""

    def epoch(self, record):
        """An epoch is done; `record` has one more number in each list."""

    def end(self, record):
        """No step follows."""


def as_input(images):
    """Pictures as a network takes them: one more axis for the depth, and bytes become fractions of 255.

    Parameters
    ----------
    images : array_like of shape (M, N), (B, M, N) or (B, M, N, D)
        Integers are taken for bytes in 0..255, fractions are left as they are.

    Returns
    -------
    ndarray of float32, shape (B, M, N, D)

    Raises
    ------
    TypeError, ValueError
        If they are no pictures.

    Examples
    --------
    >>> as_input(np.full((28, 28), 255)).shape
    (1, 28, 28, 1)
    """
    images = validate.array(images, "images", axes=(2, 3, 4))
    if images.ndim == 2:
        images = images[None]
    if images.ndim == 3:
        images = images[..., None]
    fractions = images.astype(np.float32)
    return fractions / 255 if images.dtype.kind in "iu" else fractions


def fit(
    network, images, labels, *, held_out=None, epochs=8, batch=64, rate=1e-3, falling=True, change=None, optimizer=None,
    seed=0, live=None,
):  # fmt: skip
    """Gradient descent on the network's weights, step by step.

    A kernel interrupt or the button of a panel ends it early, after the step it is in; the weights stay as they are
    then.

    Parameters
    ----------
    network : keras.Model
        Ends in a softmax. Its weights change.
    images : array_like of shape (B, M, N) or (B, M, N, D)
        As in `as_input`.
    labels : array_like of int, shape (B,)
    held_out : (images, labels), optional
        Pictures the network is not trained on; measured after each epoch.
    epochs : int
        How often every picture is seen.
    batch : int
        Pictures a step.
    rate : float
        The learning rate of the first step.
    falling : bool
        The rate falls to zero along half a cosine wave; otherwise it stays.
    change : callable, optional
        `change(images, generator)` gives the pictures to be shown in an epoch, such as `lenet.deform`.
    optimizer : keras.optimizers.Optimizer, optional
        Adam when left out; its learning rate is set to `rate`.
    seed : int
        Chooses the order of the pictures, and is given to `change`.
    live : object, optional
        With the methods of `Unwatched`, such as `live_training.Live()`.

    Returns
    -------
    dict of str to list of float
        One number an epoch: loss, accuracy (means over the epoch's steps), val_loss, val_accuracy (of `held_out`), and
        seconds since the start.

    Raises
    ------
    TypeError, ValueError
        If there is not one label for each picture, or a number is out of range.

    References
    ----------
    Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, https://arxiv.org/abs/1412.6980;
    Loshchilov and Hutter, "SGDR", ICLR 2017, https://arxiv.org/abs/1608.03983 (the cosine).

    Examples
    --------
    >>> network = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Flatten(), keras.layers.Dense(2, "softmax")])
    >>> history = fit(network, np.zeros((4, 2, 2)), [0, 1, 0, 1], epochs=3)
    >>> len(history["loss"])
    3
    """
    validate.having(network, "network", "get_layer", "a Keras network")
    live, as_seen = live or Unwatched(), as_input(images)
    labels, falling = _labels(labels, as_seen), validate.flag(falling, "falling")
    seed = validate.whole(seed, "seed", low=0)
    if held_out is not None:
        validate.sequence(held_out, "held_out", 2)
        _labels(held_out[1], as_input(held_out[0]))
    epochs, batch = validate.whole(epochs, "epochs"), min(validate.whole(batch, "batch"), len(labels))
    rate = validate.number(rate, "rate", low=0)
    steps, generator = -(-len(labels) // batch), np.random.default_rng(seed)
    record = {name: [] for name in (*RECORD, "seconds")}
    now, started = [], time.perf_counter()
    try:
        with interrupts() as interrupted:
            live.begin(epochs, steps)
            network.compile(
                optimizer=optimizer or Adam(rate),
                loss="sparse_categorical_crossentropy",
                metrics=["accuracy"],
                jit_compile=False,
            )
            learn_from = _one_step(network, as_seen, labels)
            for epoch in range(epochs):
                shown = as_input(change(images, generator)) if change else as_seen
                order = generator.permutation(len(labels))
                now.clear()
                for step in range(steps):
                    some = order[step * batch : (step + 1) * batch]
                    far = (epoch + step / steps) / epochs
                    network.optimizer.learning_rate = rate * (0.5 + 0.5 * np.cos(np.pi * far) if falling else 1)
                    network.reset_metrics()
                    said = learn_from(shown[some], labels[some])
                    now.append([float(said[name]) for name in ("loss", "accuracy")])
                    live.step(*now[-1])
                    if live.stopped or interrupted.is_set():
                        break
                _note(record, now, network, held_out, started)
                live.epoch(record)
                if live.stopped or interrupted.is_set():
                    break
    except KeyboardInterrupt:
        # A second interrupt. What was learned is in the network; only this epoch's numbers are missing.
        if now and len(record["loss"]) < epochs:
            _note(record, now, network, held_out, started)
    live.end(record)
    return record


@contextlib.contextmanager
def interrupts():
    """Hear a kernel interrupt without being torn out of what is being done; a second one does raise.

    While TensorFlow prepares its first step an exception in the middle would be lost, or break the network.

    Yields
    ------
    threading.Event
        Set when there was one.

    Examples
    --------
    >>> with interrupts() as interrupted:
    ...     signal.raise_signal(signal.SIGINT)
    >>> interrupted.is_set()
    True
    """
    heard = threading.Event()

    def hear(number, frame):
        if heard.is_set():
            signal.default_int_handler(number, frame)
        heard.set()

    # Only the main thread, in which a kernel runs its cells, is ever interrupted.
    if threading.current_thread() is not threading.main_thread():
        yield heard
        return
    before = signal.signal(signal.SIGINT, hear)
    try:
        yield heard
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)


def evaluate(network, images, labels):
    """Loss and accuracy on pictures, without learning from them.

    Parameters
    ----------
    network : keras.Model
        Ends in a softmax.
    images, labels
        As in `fit`.

    Returns
    -------
    loss, accuracy : float
        The mean of -log(probability of the right class), and the share of pictures whose right class has the largest.

    Raises
    ------
    TypeError, ValueError
        If there is not one label for each picture.

    Examples
    --------
    >>> network = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Flatten(), keras.layers.Dense(2, "softmax")])
    >>> loss, accuracy = evaluate(network, np.zeros((4, 2, 2)), [0, 1, 0, 1])
    >>> round(loss, 3), accuracy
    (0.693, 0.5)
    """
    validate.having(network, "network", "get_layer", "a Keras network")
    labels = _labels(labels, as_input(images))
    probabilities = predict(network, images)
    right = np.maximum(probabilities[np.arange(len(labels)), labels], 1e-7)
    return float(-np.log(right).mean()), float((probabilities.argmax(axis=1) == labels).mean())


def predict(network, images, batch=500):
    """What the network says of pictures.

    Parameters
    ----------
    network : keras.Model
    images : array_like
        As in `as_input`.
    batch : int
        Pictures at once; more need more memory.

    Returns
    -------
    ndarray of float32, shape (B, ...)

    Raises
    ------
    TypeError, ValueError
        If an argument is not what stands above; the error says what came.

    Examples
    --------
    >>> network = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Flatten(), keras.layers.Dense(2, "softmax")])
    >>> predict(network, np.zeros((3, 2, 2))).shape
    (3, 2)
    """
    validate.having(network, "network", "get_layer", "a Keras network")
    x, batch = as_input(images), validate.whole(batch, "batch")
    return np.concatenate([network.predict_on_batch(x[start : start + batch]) for start in range(0, len(x), batch)])


def _one_step(network, images, labels):
    """The function of a batch of pictures and labels that moves every weight once, and says loss and accuracy.

    TensorFlow prepares it once, for batches of any size. Keras' own `train_on_batch` prepares it again for the smaller
    batch at the end of an epoch, which for deep networks takes as long as several epochs.
    """
    # All that the optimiser and the metrics keep from step to step. Made within the first step, it would let TensorFlow
    # prepare the step twice, and keep both: twice the time and the memory.
    if not network.optimizer.built:
        network.optimizer.build(network.trainable_variables)
    network.compute_metrics(None, labels[:1], np.zeros((1, network.output_shape[-1]), np.float32))
    batch = [tf.TensorSpec((None, *array.shape[1:]), array.dtype) for array in (images, labels)]
    return tf.function(lambda x, y: network.train_step((x, y)), input_signature=batch, autograph=False)


def _labels(labels, images):
    labels = validate.array(labels, "labels", axes=1)
    if len(labels) != len(images):
        raise ValueError(f"{len(images)} pictures and {len(labels)} labels; give one label a picture")
    return labels.astype(np.int32)


def _note(record, now, network, held_out, started):
    """One more number in each list of `record`: means of the epoch's steps, and what the pictures held out say."""
    means = np.mean(now, axis=0).tolist()
    held = list(evaluate(network, *held_out)) if held_out is not None else []
    for name, number in zip(RECORD, [*means, *held], strict=False):
        record[name].append(number)
    record["seconds"].append(time.perf_counter() - started)
