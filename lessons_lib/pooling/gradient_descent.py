"""Gradient descent: the gradient by finite differences, the step against it, and how long a step may be."""

import numpy as np

from lessons_lib.core import validate


def numerical_gradient(network, x, labels, weights, nudge=1e-5):
    """The gradient of the loss, by nudging each weight up and down and measuring the loss both times.

    `network` is a `backprop.Network`, x has the shape (B, M, N, D) and labels (B,); `weights` is one of
    `network.weights()`, its values are the same afterwards, and the result has their shape.

    >>> from lessons_lib.pooling import backprop
    >>> network = backprop.Network(backprop.Dense(1, 2))
    >>> numerical_gradient(network, np.zeros((1, 1, 1, 1)), [0], network.layers[0].bias).round(6).tolist()
    [-0.5, 0.5]
    """
    validate.having(network, "network", "backward", "a backprop.Network")
    validate.having(weights, "weights", "gradient", "one of network.weights()")
    if validate.number(nudge, "nudge") <= 0:
        raise ValueError(f"nudge is {nudge:g}; give a number above 0, such as 1e-5")
    gradient = np.zeros(weights.value.shape)
    for index, value in np.ndenumerate(weights.value):
        weights.value[index] = value + nudge
        above = network.loss(x, labels)
        weights.value[index] = value - nudge
        below = network.loss(x, labels)
        weights.value[index] = value
        gradient[index] = (above - below) / (2 * nudge)
    return gradient


def train(network, x, labels, steps, rate, *, batch=32, seed=0, epochs=1, validation=None, progress=None):
    """Stochastic gradient descent: at each step the gradient for some random pictures, and a step against it.

    The weights of `network`, a `backprop.Network`, change; x has the shape (B, M, N, D) and labels (B,). Each of the
    `epochs` has so many `steps`, each with `batch` pictures that `seed` chooses; `rate` is the learning rate, how far a
    weight moves for a gradient of 1. The loss and the accuracy of `validation`, a pair of other x and labels, are
    measured after each epoch; `progress`, a `live_training.Live`, shows how far it is and may stop it.

    The lists `loss` and `accuracy` of the result have a number for each step, `val_loss` and `val_accuracy` for each
    epoch. Raises a ValueError also if the weights overflow.
    See Robbins and Monro, "A stochastic approximation method", Annals of Mathematical Statistics 22 (1951).

    >>> from lessons_lib.pooling import backprop
    >>> network = backprop.Network(backprop.Dense(1, 2))
    >>> x, labels = np.array([-1.0, 1.0]).reshape(2, 1, 1, 1), np.array([0, 1])
    >>> record = train(network, x, labels, steps=50, rate=1)
    >>> len(record["loss"]), network.accuracy(x, labels).item()
    (50, 1.0)
    """
    x, labels = validate.array(x, "x", axes=4), validate.array(labels, "labels", axes=1)
    if len(x) != len(labels):
        raise ValueError(f"{len(x)} pictures and {len(labels)} labels; give one label for each picture")
    steps, batch = validate.whole(steps, "steps"), validate.whole(batch, "batch")
    epochs = validate.whole(epochs, "epochs")
    validate.room((batch, *x.shape[1:]), "a batch")
    if validate.number(rate, "rate") <= 0:
        raise ValueError(f"rate is {rate:g}; give a number above 0, such as 0.1")
    validate.having(network, "network", "backward", "a backprop.Network")
    validation = None if validation is None else validate.sequence(validation, "validation", 2)
    random, progress = np.random.default_rng(validate.whole(seed, "seed", 0)), progress or _NoProgress()
    record = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    progress.begin(epochs, steps)
    for step in range(epochs * steps):
        some = random.integers(len(x), size=batch)
        loss, accuracy = _step(network, x[some], labels[some], rate, step)
        record["loss"].append(float(loss))
        record["accuracy"].append(float(accuracy))
        progress.step(loss, accuracy)
        if (step + 1) % steps == 0 and validation is not None:
            record["val_loss"].append(float(network.loss(*validation)))
            record["val_accuracy"].append(float(network.accuracy(*validation)))
            progress.epoch(record)
        if progress.stopped:
            break
    progress.end(record)
    return record


def _step(network, x, labels, rate, step):
    try:
        with np.errstate(over="raise", invalid="raise"):
            metrics = network.backward(x, labels)
            for weights in network.weights():
                weights.value = weights.value - rate * weights.gradient
    except FloatingPointError as error:
        text = f"the weights grow beyond all bounds at step {step}; choose a rate below {rate:g}"
        raise ValueError(text) from error
    return metrics


class _NoProgress:
    """Stands for `progress` where none is shown."""

    stopped = False

    def begin(self, *_args):
        pass

    step = epoch = end = begin


def train_dense(vectors, labels, rate):
    """The weights of a dense layer of two classes after one step of gradient descent for each vector, from zeros.

    From vectors of shape (B, N) and labels of shape (B,), 0 or 1, to weights of shape (2, N).

    >>> train_dense([[2, 1]], [0], rate=0.5).tolist()
    [[0.5, 0.25], [-0.5, -0.25]]
    """
    vectors, labels = validate.array(vectors, "vectors", axes=2), validate.array(labels, "labels", axes=1)
    if len(vectors) != len(labels):
        raise ValueError(f"{len(vectors)} vectors and {len(labels)} labels; give one label for each vector")
    return _train_dense(vectors, labels, validate.number(rate, "rate", 0))


def _train_dense(vectors, labels, rate):
    """What the student writes."""
    weights = np.zeros((2, vectors.shape[1]))
    for x, label in zip(vectors, labels, strict=True):
        z = weights @ x
        p = np.exp(z - z.max())
        p = p / p.sum()
        for k in range(2):
            y = 1 if k == label else 0
            weights[k] = weights[k] - rate * (p[k] - y) * x
    return weights


def linear_descent(vectors, targets, rate, steps, weights=None):
    """Outputs of a linear layer, vectors @ weights, during gradient descent on half the squared error.

    From B vectors of shape (B, N), targets of shape (B, C) and weights of shape (N, C), zeros when left out, to the
    outputs before the first step and after each, of shape (steps + 1, B, C); they are infinite where they overflow.

    >>> linear_descent([[1, 1]], [[1, 0]], rate=0.25, steps=2).tolist()
    [[[0.0, 0.0]], [[0.5, 0.0]], [[0.75, 0.0]]]
    """
    vectors = validate.array(vectors, "vectors", axes=2).astype(float)
    targets = validate.array(targets, "targets", axes=2).astype(float)
    if len(vectors) != len(targets):
        raise ValueError(f"{len(vectors)} vectors and {len(targets)} targets; give one target for each vector")
    shape = (vectors.shape[1], targets.shape[1])
    weights = np.zeros(shape) if weights is None else validate.array(weights, "weights", axes=2).astype(float)
    if weights.shape != shape:
        raise ValueError(f"weights have shape {weights.shape}; give {shape}, a row for a number, a column for a class")
    rate, outputs = validate.number(rate, "rate", low=0), []
    with np.errstate(over="ignore", invalid="ignore"):
        for _step in range(validate.whole(steps, "steps", low=0) + 1):
            outputs.append(vectors @ weights)
            # The gradient of half the squared error: the input times (output - target), as a mean over the vectors.
            weights = weights - rate * vectors.T @ (outputs[-1] - targets) / len(vectors)
    return np.nan_to_num(np.array(outputs), nan=np.inf, posinf=np.inf, neginf=-np.inf)


def largest_rate(vectors):
    """The learning rate from which `linear_descent` diverges: 2 over the largest curvature of the loss.

    See Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 4.3.1, https://www.deeplearningbook.org

    >>> round(largest_rate([[1, 1]]), 9)
    1.0
    """
    vectors = validate.array(vectors, "vectors", axes=2).astype(float)
    if not vectors.any():
        raise ValueError("vectors holds only zeros; give vectors with something in them")
    length = float(np.linalg.norm(vectors, 2))
    if not 1e-100 < length < 1e100:
        raise ValueError(f"vectors holds numbers of size {length:g}; give numbers whose squares fit into a float")
    return 2 * len(vectors) / length**2
