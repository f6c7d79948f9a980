"""A small network, conv -> activation -> pool -> dense -> softmax, each layer's forward and backward rule side by side.

On the way forward a layer keeps what it will need; on the way back it turns `slope`, how fast the loss grows with each
of its outputs, into how fast it grows with each of its inputs: the chain rule, one layer at a time.

>>> Network(Conv(3, 1, 3), Activation("relu"), MaxPool(3, 2), Dense(27, 2)).votes(np.zeros((5, 9, 9, 1))).shape
(5, 2)
"""
# ruff: noqa: D102 (what forward and backward do is said once, above)

import numpy as np

from lessons_lib import pooling
from lessons_lib.core import validate

ACTIVATIONS = {  # name: (y from x, the slope of y from y itself)
    "relu": (pooling.relu, lambda y: y > 0),
    "tanh": (np.tanh, lambda y: 1 - y**2),
    "sigmoid": (pooling.sigmoid, lambda y: y * (1 - y)),
}


class Weights:
    """Numbers to be learned (`value`), and how fast the loss grows with each of them (`slope`)."""

    def __init__(self, shape, inputs, seed):
        # He's rule: the more inputs are summed, the smaller each weight, so that sums neither explode nor vanish.
        random = np.random.default_rng(validate.whole(seed, "seed", 0))
        validate.room(shape, "the array of weights")
        self.value, self.slope = random.normal(0, np.sqrt(2 / inputs) if inputs else 0, shape), np.zeros(shape)


class Conv:
    """`kernels` kernels of `size` (one int or rows, columns): (B, M, N, depth) -> (B, M', N', kernels)."""

    def __init__(self, size, depth, kernels, seed=0):
        rows, columns = pooling.sides(size, "size")
        depth, kernels = validate.whole(depth, "depth"), validate.whole(kernels, "kernels")
        self.kernels = Weights((rows, columns, depth, kernels), rows * columns * depth, seed)
        self.bias = Weights(kernels, 0, seed)

    def forward(self, x):
        rows, columns, depth, count = self.kernels.value.shape
        if x.shape[3] != depth:
            raise ValueError(f"x of shape {x.shape} has depth {x.shape[3]}; give depth {depth}, that of the kernels")
        self.shape, self.cells = x.shape, pooling.cells(*x.shape[1:3], (rows, columns), stride=1)
        # Every window laid out as one row of numbers: then a convolution is a dense layer on each window.
        self.windows = np.concatenate([x[:, a, b] for a, b in self.cells], axis=-1)
        return self.windows @ self.kernels.value.reshape(-1, count) + self.bias.value

    def backward(self, slope):
        rows, kernels = slope.reshape(-1, slope.shape[-1]), self.kernels.value
        self.kernels.slope = (self.windows.reshape(len(rows), -1).T @ rows).reshape(kernels.shape)
        self.bias.slope = rows.sum(axis=0)
        result, back = np.zeros(self.shape), slope @ kernels.reshape(-1, rows.shape[1]).T
        for (a, b), part in zip(self.cells, np.split(back, len(self.cells), axis=-1), strict=True):
            result[:, a, b] += part
        return result


class Activation:
    """One curve, applied to every number by itself: "relu", "tanh" or "sigmoid"."""

    def __init__(self, name="relu"):
        self.curve, self.slope_of = ACTIVATIONS[validate.choice(name, "name", ACTIVATIONS)]

    def forward(self, x):
        self.y = self.curve(x)
        return self.y

    def backward(self, slope):
        return slope * self.slope_of(self.y)


class MaxPool:
    """The largest number of each window, as `pooling.max_pool`; on the way back the winner gets the whole slope."""

    def __init__(self, size=2, stride=None):
        self.size, self.stride = size, stride

    def forward(self, x):
        self.shape, windows = x.shape, pooling.windows(x, self.size, self.stride)
        self.winner = windows.argmax(axis=0)
        return windows.max(axis=0)

    def backward(self, slope):
        result = np.zeros(self.shape)
        for cell, (a, b) in enumerate(pooling.cells(*self.shape[1:3], self.size, self.stride)):
            result[:, a, b] += slope * (self.winner == cell)
        return result


class Dense:
    """Each output is a weighted sum of all inputs, a volume being laid out as one vector: (B, ...) -> (B, outputs)."""

    def __init__(self, inputs, outputs, seed=0):
        inputs, outputs = validate.whole(inputs, "inputs"), validate.whole(outputs, "outputs")
        self.matrix, self.bias = Weights((inputs, outputs), inputs, seed), Weights(outputs, 0, seed)

    def forward(self, x):
        self.shape, self.x = x.shape, x.reshape(len(x), -1)
        if self.x.shape[1] != len(self.matrix.value):
            raise ValueError(f"x of shape {x.shape} makes {self.x.shape[1]} inputs; give {len(self.matrix.value)}")
        return self.x @ self.matrix.value + self.bias.value

    def backward(self, slope):
        self.matrix.slope, self.bias.slope = self.x.T @ slope, slope.sum(axis=0)
        return (slope @ self.matrix.value.T).reshape(self.shape)


class Network:
    """Layers one after the other and a softmax; x is (B, M, N, D), labels are B whole numbers from 0."""

    def __init__(self, *layers):
        self.layers = layers

    def votes(self, x):
        x = validate.array(x, "x", axes=4)
        for layer in self.layers:
            x = layer.forward(x)
        return pooling.softmax(x)

    def loss(self, x, labels):
        """Cross-entropy: the mean of -log(vote for the right class)."""
        return self._loss(votes := self.votes(x), self._right(votes, labels))

    def backward(self, x, labels):
        """The loss and the accuracy; how fast the loss grows with each weight is left in `weights.slope`."""
        right = self._right(votes := self.votes(x), labels)
        # Of softmax and cross-entropy together the slope is the simplest there is: actual answer minus right answer.
        slope = (votes - right) / len(votes)
        for layer in reversed(self.layers):
            slope = layer.backward(slope)
        return self._loss(votes, right), (votes.argmax(axis=1) == labels).mean()

    def accuracy(self, x, labels):
        """The share of pictures whose right class gets the largest vote."""
        return (self.votes(x).argmax(axis=1) == validate.array(labels, "labels", axes=1)).mean()

    def weights(self):
        """Every `Weights` of every layer, from the picture to the votes."""
        return [part for layer in self.layers for part in vars(layer).values() if isinstance(part, Weights)]

    def _right(self, votes, labels):
        labels, (count, classes) = validate.array(labels, "labels", axes=1), votes.shape
        if len(labels) != count or labels.dtype.kind not in "iu" or not 0 <= labels.min() <= labels.max() < classes:
            raise ValueError(f"labels are {labels}; give {count} whole numbers from 0 to {classes - 1}, one a picture")
        return np.eye(classes)[labels]

    def _loss(self, votes, right):
        return -np.log(np.maximum((votes * right).sum(axis=1), 1e-300)).mean()
