"""Gradient descent: the gradient by finite differences, the step against it, and how long a step may be."""

import numpy as np

from lessons_lib.core import validate


def numerical_gradient(network, x, labels, weights, nudge=1e-5):
    """The slope of the loss for each weight, by nudging the weight up and down and measuring the loss both times.

    Parameters
    ----------
    network : backprop.Network
    x : array_like of shape (B, M, N, D)
    labels : array_like of int, shape (B,)
    weights : backprop.Weights
        One of `network.weights()`; its values are the same afterwards.
    nudge : float
        How far up and down.

    Returns
    -------
    ndarray of the shape of `weights.value`

    Raises
    ------
    TypeError, ValueError
        If the network does not take `x` and `labels`, or the nudge is not above 0.

    Examples
    --------
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

    Parameters
    ----------
    network : backprop.Network
        Its weights change.
    x : array_like of shape (B, M, N, D)
    labels : array_like of int, shape (B,)
    steps : int
        In each epoch.
    rate : float
        The learning rate: how far a weight moves for a slope of 1.
    batch : int
        Pictures in each step.
    seed : int
        Chooses the pictures.
    epochs : int
    validation : tuple of (x, labels), optional
        Pictures that are not trained on; their loss and accuracy are measured after each epoch.
    progress : live_training.Live, optional
        Shows the progress, and may stop it.

    Returns
    -------
    dict of str to list of float
        `loss` and `accuracy`, one number for each step; `val_loss` and `val_accuracy`, one for each epoch.

    Raises
    ------
    TypeError, ValueError
        If the network does not take `x` and `labels`, a number is out of range, or the weights overflow.

    References
    ----------
    Robbins and Monro, "A stochastic approximation method", Annals of Mathematical Statistics 22 (1951).

    Examples
    --------
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
    steps, batch, epochs = (validate.whole(n, m) for n, m in ((steps, "steps"), (batch, "batch"), (epochs, "epochs")))
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
