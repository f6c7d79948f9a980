"""The two networks of lesson 5 that learn to tell an X from an O: eight random kernels, and two stages made by hand."""

from functools import cache

import numpy as np

from lessons_lib import matching, pooling
from lessons_lib.core import validate
from lessons_lib.pooling import backprop

BATCH = 32  # letters that one step of `training` uses
STEPS, SLICE = 1000, 50  # of `training`; so many steps are made at once


class TwoStages(backprop.Network):
    """The two stages of `pooling.two_stages` and a dense layer of zeros, 68 numbers; `train` changes all of them.

    >>> network = TwoStages()
    >>> sum(weights.value.size for weights in network.weights())
    68
    """

    def __init__(self):
        first, second = (backprop.Conv(len(kernels), kernels.shape[2], 3) for kernels in _BY_HAND)
        super().__init__(
            first, backprop.Activation(), backprop.MaxPool(3, 2),
            second, backprop.Activation(), backprop.MaxPool(2, 2), backprop.Dense(12, 2),
        )  # fmt: skip
        first.kernels.value, second.kernels.value = (kernels.copy() for kernels in _BY_HAND)
        self.layers[-1].matrix.value[:] = 0

    @property
    def kernels(self):
        """The first three kernels as they are now: shape (3, 3, 3), the last axis for the kernels."""
        return self.layers[0].kernels.value[:, :, 0]

    def train(self, letters, labels, rate=0.02):
        """One step of gradient descent for each letter, in their order, which changes kernels, weights and biases."""
        x, labels = _bordered(letters), validate.array(labels, "labels", axes=1)
        rate = validate.number(rate, "rate", 0)
        for k in range(len(x)):
            self.backward(x[k : k + 1], labels[k : k + 1])
            for weights in self.weights():
                weights.value = weights.value - rate * weights.gradient

    def count_wrong(self, letters, labels):
        """How many letters get the larger logit for the wrong class.

        >>> TwoStages().count_wrong(*matching.random_letters(10))
        5
        """
        return _count_wrong(self, _bordered(letters), labels)


_BY_HAND = (pooling.FIRST_KERNELS, pooling.SECOND_KERNELS)


def _bordered(letters):
    """Letters (B, 9, 9) with a border of zeros, as pictures of depth 1."""
    letters = validate.array(letters, "letters", axes=3)
    return np.pad(letters, ((0, 0), (1, 1), (1, 1)))[..., np.newaxis]


def _count_wrong(network, x, labels):
    return int((network.probabilities(x).argmax(axis=1) != labels).sum())


def eight_kernels(seed):
    """A network of 226 random numbers: 8 kernels of 3 × 3, ReLU, pooling with F = 3 and S = 2, and two classes.

    >>> sum(weights.value.size for weights in eight_kernels(1).weights())
    226
    """
    return backprop.Network(
        backprop.Conv(3, 1, 8, seed), backprop.Activation(), backprop.MaxPool(3, 2), backprop.Dense(72, 2, seed + 1)
    )


@cache
def _letters(seed):
    letters, labels = matching.random_letters(2000, seed)
    return letters[..., np.newaxis], labels


@cache
def _unseen():
    letters, labels = matching.random_letters(1000, seed=3)
    return letters[..., np.newaxis], labels


class Training:
    """`eight_kernels(seed)` at a learning rate, after every `SLICE` steps; what was not asked for yet is trained then.

    A training stays where it was before its weights became too large for floats; `reached` says at which step.

    >>> training = Training(seed=1, rate=0.02)
    >>> training.wrong(0), training.weights(0)[0].shape
    (500, (3, 3, 1, 8))
    """

    def __init__(self, seed, rate):
        self.seed, self.rate = validate.whole(seed, "seed", 0), validate.number(rate, "rate", 0)
        self._network, self._random = eight_kernels(self.seed), np.random.default_rng(self.seed)
        self._burst = False
        self._seen = []  # for each slice: the weights, the wrong letters, the share of the maps above 0
        self._look()

    def _look(self):
        x, labels = _unseen()
        wrong = _count_wrong(self._network, x, labels)
        # A step makes new arrays of weights, so these stay as they are.
        weights = [weights.value for weights in self._network.weights()]
        if not all(np.isfinite(values).all() for values in weights):
            raise FloatingPointError("a weight is no finite number")
        self._seen.append((weights, wrong, float((self._network.layers[1].y > 0).mean())))

    def _train(self, step):
        while len(self._seen) <= step // SLICE and not self._burst:
            try:
                with np.errstate(over="raise", invalid="raise"):
                    self._slice()
            except (FloatingPointError, ValueError):
                self._burst = True
        return self._seen[self.reached(step) // SLICE]

    def reached(self, step):
        """The step whose weights stand for this one; a smaller one where a number has become too large for a float."""
        return min(step // SLICE, len(self._seen) - 1) * SLICE

    def _slice(self):
        x, labels = _letters(1000 + self.seed)
        for _step in range(SLICE):
            some = self._random.integers(len(x), size=BATCH)
            self._network.backward(x[some], labels[some])
            for weights in self._network.weights():
                weights.value = weights.value - self.rate * weights.gradient
        self._look()

    def weights(self, step):
        """Kernels (3, 3, 1, 8), their biases, the table of the dense layer and its biases after so many steps."""
        return self._train(step)[0]

    def wrong(self, step):
        """How many of 1,000 unseen letters are wrong after so many steps."""
        return self._train(step)[1]

    def above_zero(self, step):
        """The share of the numbers in the maps of these letters that are above 0 after ReLU."""
        return self._train(step)[2]
