"""Going downhill: the slope by nudging each weight, the step against the slope, and how long a step may be."""

import numpy as np

from lessons_lib.core import validate


def nudged_slopes(network, x, labels, weights, nudge=1e-5):
    """How fast the loss grows with each weight, the slow way: nudge it up, nudge it down, and look at the loss.

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
    >>> slopes = nudged_slopes(network, np.zeros((1, 1, 1, 1)), [0], network.layers[0].bias)
    >>> slopes.round(6).tolist()
    [-0.5, 0.5]
    """
    validate.having(network, "network", "backward", "a backprop.Network")
    validate.having(weights, "weights", "slope", "one of network.weights()")
    if validate.number(nudge, "nudge") <= 0:
        raise ValueError(f"nudge is {nudge:g}; give a number above 0, such as 1e-5")
    slopes = np.zeros(weights.value.shape)
    for place, value in np.ndenumerate(weights.value):
        weights.value[place] = value + nudge
        above = network.loss(x, labels)
        weights.value[place] = value - nudge
        below = network.loss(x, labels)
        weights.value[place] = value
        slopes[place] = (above - below) / (2 * nudge)
    return slopes


def train(network, x, labels, steps, rate, *, batch=32, seed=0, epochs=1, unseen=None, live=None):
    """Gradient descent: at each step some random pictures, the slopes, and every weight moved against its slope.

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
        Pictures a step.
    seed : int
        Chooses the pictures.
    epochs : int
    unseen : tuple of (x, labels), optional
        Pictures the network never learns from; their loss and accuracy are measured after each epoch.
    live : live_training.Live, optional
        Shows how it goes, and may stop it.

    Returns
    -------
    dict of str to list of float
        `loss` and `accuracy`, one number a step; `val_loss` and `val_accuracy`, one an epoch, of unseen pictures.

    Raises
    ------
    TypeError, ValueError
        If the network does not take `x` and `labels`, a number is out of range, or the weights grow beyond all bounds.

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
        raise ValueError(f"{len(x)} pictures and {len(labels)} labels; give one label a picture")
    steps, batch, epochs = (validate.whole(n, m) for n, m in ((steps, "steps"), (batch, "batch"), (epochs, "epochs")))
    validate.room((batch, *x.shape[1:]), "a batch")
    if validate.number(rate, "rate") <= 0:
        raise ValueError(f"rate is {rate:g}; give a number above 0, such as 0.1")
    validate.having(network, "network", "backward", "a backprop.Network")
    unseen = None if unseen is None else validate.sequence(unseen, "unseen", 2)
    generator, live = np.random.default_rng(validate.whole(seed, "seed", 0)), live or _Nobody()
    record = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    live.begin(epochs, steps)
    for step in range(epochs * steps):
        some = generator.integers(len(x), size=batch)
        loss, accuracy = _step(network, x[some], labels[some], rate, step)
        record["loss"].append(float(loss))
        record["accuracy"].append(float(accuracy))
        live.step(loss, accuracy)
        if (step + 1) % steps == 0 and unseen is not None:
            record["val_loss"].append(float(network.loss(*unseen)))
            record["val_accuracy"].append(float(network.accuracy(*unseen)))
            live.epoch(record)
        if live.stopped:
            break
    live.end(record)
    return record


def _step(network, x, labels, rate, step):
    try:
        with np.errstate(over="raise", invalid="raise"):
            seen = network.backward(x, labels)
            for weights in network.weights():
                weights.value = weights.value - rate * weights.slope
    except FloatingPointError as error:
        text = f"the weights grow beyond all bounds at step {step}; choose a rate below {rate:g}"
        raise ValueError(text) from error
    return seen


class _Nobody:
    """Who watches a training that nobody watches."""

    stopped = False

    def begin(self, *_news):
        pass

    step = epoch = end = begin


def move_votes(vectors, right, rate, steps, weights=None):
    """Votes that are weighted sums, moved by gradient descent on half the squared error.

    Parameters
    ----------
    vectors : array_like of shape (B, N)
        One vector of N numbers a picture.
    right : array_like of shape (B, C)
        The right answers: 1 for the class it is, 0 for the others.
    rate : float
    steps : int
    weights : array_like of shape (N, C), optional
        To start from; zeros when left out.

    Returns
    -------
    ndarray of shape (steps + 1, B, C)
        The votes before the first step and after each; infinite once they leave all bounds.

    Raises
    ------
    TypeError, ValueError
        If the shapes do not fit together, or a number is out of range.

    Examples
    --------
    >>> move_votes([[1, 1]], [[1, 0]], rate=0.25, steps=2).tolist()
    [[[0.0, 0.0]], [[0.5, 0.0]], [[0.75, 0.0]]]
    """
    vectors, right = _pairs(vectors, right)
    shape = (vectors.shape[1], right.shape[1])
    weights = np.zeros(shape) if weights is None else validate.array(weights, "weights", axes=2).astype(float)
    if weights.shape != shape:
        raise ValueError(f"weights have shape {weights.shape}; give {shape}, a row a number and a column a class")
    rate, votes = validate.number(rate, "rate", low=0), []
    with np.errstate(over="ignore", invalid="ignore"):
        for _step in range(validate.whole(steps, "steps", low=0) + 1):
            votes.append(vectors @ weights)
            # The slope of half the squared error: the input times (actual answer - right answer), mean over pictures.
            weights = weights - rate * vectors.T @ (votes[-1] - right) / len(vectors)
    return np.nan_to_num(np.array(votes), nan=np.inf, posinf=np.inf, neginf=-np.inf)


def largest_rate(vectors):
    """The learning rate from which `move_votes` no longer comes to rest: 2 over the steepest curvature.

    Parameters
    ----------
    vectors : array_like of shape (B, N)

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If `vectors` is no table of finite numbers, or holds only zeros.

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 4.3.1, https://www.deeplearningbook.org

    Examples
    --------
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


def _pairs(vectors, right):
    vectors = validate.array(vectors, "vectors", axes=2).astype(float)
    right = validate.array(right, "right", axes=2).astype(float)
    if len(vectors) != len(right):
        raise ValueError(f"{len(vectors)} vectors and {len(right)} right answers; give one answer a vector")
    return vectors, right
