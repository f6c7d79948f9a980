"""A small network, conv -> activation -> pool -> dense -> softmax, each layer's forward and backward rule side by side.

On the way forward a layer keeps what it will need; on the way back it gets `gradient`, that of the loss for each
of its outputs, and returns the gradient of the loss for each of its inputs: the chain rule, one layer at a time.

>>> Network(Conv(3, 1, 3), Activation("relu"), MaxPool(3, 2), Dense(27, 2)).probabilities(np.zeros((5, 9, 9, 1))).shape
(5, 2)
"""
# ruff: noqa: D102 (what forward and backward do is said once, above)

import numpy as np

from lessons_lib import pooling
from lessons_lib.core import validate

ACTIVATIONS = {  # name: (y from x, the derivative of the curve from y)
    "relu": (pooling.relu, lambda y: y > 0),
    "tanh": (np.tanh, lambda y: 1 - y**2),
    "sigmoid": (pooling.sigmoid, lambda y: y * (1 - y)),
}
SMALLEST_PROBABILITY = 1e-300  # a probability may round to 0, and log(0) is infinite


class Weights:
    """Numbers to be learned (`value`), and the gradient of the loss for each of them (`gradient`)."""

    def __init__(self, shape, inputs, seed):
        # He's rule: the more inputs are summed, the smaller each weight, so that sums neither explode nor vanish.
        random = np.random.default_rng(validate.whole(seed, "seed", 0))
        validate.room(shape, "the array of weights")
        self.value, self.gradient = random.normal(0, np.sqrt(2 / inputs) if inputs else 0, shape), np.zeros(shape)


class Conv:
    """`kernels` kernels of `size` (one int or rows, columns): (B, M, N, depth) -> (B, M', N', kernels)."""

    def __init__(self, size, depth, kernels, seed=0):
        rows, columns = pooling.rows_and_columns(size, "size")
        depth, kernels = validate.whole(depth, "depth"), validate.whole(kernels, "kernels")
        self.kernels = Weights((rows, columns, depth, kernels), rows * columns * depth, seed)
        self.bias = Weights(kernels, 0, seed)
        self.weights = [self.kernels, self.bias]

    def forward(self, x):
        rows, columns, depth, count = self.kernels.value.shape
        if x.shape[3] != depth:
            raise ValueError(f"x of shape {x.shape} has depth {x.shape[3]}; give depth {depth}, that of the kernels")
        self.shape, self.slices = x.shape, pooling.window_slices(*x.shape[1:3], (rows, columns), stride=1)
        # Every window laid out as one row of numbers: then a convolution is a dense layer on each window.
        self.windows = np.concatenate([x[:, a, b] for a, b in self.slices], axis=-1)
        return self.windows @ self.kernels.value.reshape(-1, count) + self.bias.value

    def backward(self, gradient):
        rows, kernels = gradient.reshape(-1, gradient.shape[-1]), self.kernels.value
        self.kernels.gradient = (self.windows.reshape(len(rows), -1).T @ rows).reshape(kernels.shape)
        self.bias.gradient = rows.sum(axis=0)
        result, back = np.zeros(self.shape), gradient @ kernels.reshape(-1, rows.shape[1]).T
        for (a, b), part in zip(self.slices, np.split(back, len(self.slices), axis=-1), strict=True):
            result[:, a, b] += part
        return result


class Activation:
    """One curve, applied to every number by itself: "relu", "tanh" or "sigmoid"."""

    weights = ()  # nothing to learn

    def __init__(self, name="relu"):
        self.curve, self.derivative = ACTIVATIONS[validate.choice(name, "name", ACTIVATIONS)]

    def forward(self, x):
        self.y = self.curve(x)
        return self.y

    def backward(self, gradient):
        return gradient * self.derivative(self.y)


class MaxPool:
    """The largest number of each window, as `pooling.max_pool`; backward, its cell gets the whole gradient."""

    weights = ()  # nothing to learn

    def __init__(self, size=2, stride=None):
        self.size, self.stride = size, stride

    def forward(self, x):
        self.shape, windows = x.shape, pooling.windows(x, self.size, self.stride)
        self.largest = windows.argmax(axis=0)
        return windows.max(axis=0)

    def backward(self, gradient):
        result = np.zeros(self.shape)
        for cell, (a, b) in enumerate(pooling.window_slices(*self.shape[1:3], self.size, self.stride)):
            result[:, a, b] += gradient * (self.largest == cell)
        return result


class Dense:
    """Each output is a weighted sum of all inputs, a volume being laid out as one vector: (B, ...) -> (B, outputs)."""

    def __init__(self, inputs, outputs, seed=0):
        inputs, outputs = validate.whole(inputs, "inputs"), validate.whole(outputs, "outputs")
        self.matrix, self.bias = Weights((inputs, outputs), inputs, seed), Weights(outputs, 0, seed)
        self.weights = [self.matrix, self.bias]

    def forward(self, x):
        self.shape, self.x = x.shape, x.reshape(len(x), -1)
        if self.x.shape[1] != len(self.matrix.value):
            raise ValueError(f"x of shape {x.shape} makes {self.x.shape[1]} inputs; give {len(self.matrix.value)}")
        return self.x @ self.matrix.value + self.bias.value

    def backward(self, gradient):
        self.matrix.gradient, self.bias.gradient = self.x.T @ gradient, gradient.sum(axis=0)
        return (gradient @ self.matrix.value.T).reshape(self.shape)


class Network:
    """Layers one after the other and a softmax; x is (B, M, N, D), labels are B whole numbers from 0."""

    def __init__(self, *layers):
        self.layers = layers

    def probabilities(self, x):
        x = validate.array(x, "x", axes=4)
        for layer in self.layers:
            x = layer.forward(x)
        return pooling.softmax(x)

    def loss(self, x, labels):
        """Cross-entropy: the mean of -log(probability of the right class)."""
        probabilities = self.probabilities(x)
        return _cross_entropy(probabilities, _one_hot(labels, probabilities.shape))

    def backward(self, x, labels):
        """The loss and the accuracy; the gradient of the loss for each weight is left in `weights.gradient`."""
        probabilities = self.probabilities(x)
        targets = _one_hot(labels, probabilities.shape)
        # Of softmax and cross-entropy together the gradient is the simplest there is: probability minus target.
        gradient = (probabilities - targets) / len(targets)
        for layer in reversed(self.layers):
            gradient = layer.backward(gradient)
        return _cross_entropy(probabilities, targets), (probabilities.argmax(axis=1) == labels).mean()

    def accuracy(self, x, labels):
        """The share of pictures whose right class has the largest probability."""
        return (self.probabilities(x).argmax(axis=1) == validate.array(labels, "labels", axes=1)).mean()

    def weights(self):
        """Every `Weights` of every layer, from the first layer to the last."""
        return [weights for layer in self.layers for weights in layer.weights]


def _one_hot(labels, shape):
    """The targets, of this shape: 1 for the right class of each picture and 0 for the others."""
    labels, (count, classes) = validate.array(labels, "labels", axes=1), shape
    if len(labels) != count or labels.dtype.kind not in "iu" or not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(f"labels are {labels}; give {count} whole numbers from 0 to {classes - 1}, one for a picture")
    return np.eye(classes)[labels]


def _cross_entropy(probabilities, targets):
    return -np.log(np.maximum((probabilities * targets).sum(axis=1), SMALLEST_PROBABILITY)).mean()
