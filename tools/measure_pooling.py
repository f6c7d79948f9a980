"""Lesson 5's experiments, in NumPy alone: how alike a moved letter is, and which activation learns sooner.

python tools/measure_pooling.py letter-shifts            seconds
python tools/measure_pooling.py activation-runs          some minutes
python tools/measure_pooling.py --new letter-shifts      write the file and register its SHA-256
"""

import sys

import numpy as np

from lessons_lib import geometry, matching, pooling
from lessons_lib.pooling import backprop, gradient_descent
from make_data import as_csv, main

SEEDS = range(5)
POOLINGS = ((1, 1), (2, 2), (3, 2), (6, 6), (13, 13))
RATES = (0.1, 0.5)
LEAST, MOST = 600, 3000  # steps of a training
BELOW, OVER = 0.1, 20  # it has learned when the mean loss of so many steps is below


def likeness(a, b):
    """The smaller of two numbers in each place, added up, divided by the sum of the larger ones."""
    return float(np.minimum(a, b).sum() / np.maximum(a, b).sum())


def shifted_letters(seed, columns):
    """200 letters with three pixels of background around them, moved to the right; and which are X."""
    letters, labels = matching.random_letters(200, seed=seed)
    letters = np.pad(letters, ((0, 0), (3, 3), (3, 3)), constant_values=-1)
    return np.stack([pooling.shift(letter, columns=columns, fill=-1) for letter in letters]), labels == 0


def letter_shifts():
    """How like itself, and how like a letter of the other kind, a letter is that was moved by some columns."""
    rows = [["seed", "size", "stride", "columns", "same", "other"]]
    for seed in SEEDS:
        moved = [shifted_letters(seed, columns)[0] for columns in range(4)]
        is_x = shifted_letters(seed, 0)[1]
        maps = [pooling.relu(geometry.conv2d(some[..., np.newaxis], pooling.FIRST_KERNELS)) for some in moved]
        stages = {(0, 0): [some > 0 for some in moved]}
        stages |= {how: [pooling.max_pool(some, *how) for some in maps] for how in POOLINGS}
        for how, (still, *_moved) in stages.items():
            for columns, some in enumerate(stages[how]):
                same, other = likeness(still, some), likeness(still[is_x], some[~is_x])
                rows.append([seed, *how, columns, round(same, 4), round(other, 4)])
    return rows


class UntilLearned:
    """For `train`: it has learned, and had its least number of steps."""

    stopped, learned = False, None

    def begin(self, _epochs, _steps):
        self.losses = []

    def step(self, loss, _accuracy):
        self.losses.append(loss)
        count = len(self.losses)
        if self.learned is None and count >= OVER and np.mean(self.losses[-OVER:]) < BELOW:
            self.learned = count
        self.stopped = count >= LEAST and self.learned is not None

    def epoch(self, _record):
        pass

    end = epoch


def activation_run(curve, rate, seed):
    """The steps until a network with this activation has learned X against O, and its accuracy on other letters."""
    network = backprop.Network(
        backprop.Conv(3, depth=1, kernels=8, seed=10 * seed + 1),
        backprop.Activation(curve),
        backprop.Conv(3, depth=8, kernels=8, seed=10 * seed + 2),
        backprop.Activation(curve),
        backprop.MaxPool(3, 2),
        backprop.Dense(2 * 2 * 8, 16, seed=10 * seed + 3),
        backprop.Activation(curve),
        backprop.Dense(16, 2, seed=10 * seed + 4),
    )
    images, labels = matching.random_letters(2000, seed=1000 + seed)
    others, targets = matching.random_letters(2000, seed=2000 + seed)
    watch = UntilLearned()
    gradient_descent.train(network, images[..., np.newaxis], labels, MOST, rate, seed=seed, progress=watch)
    row = [curve, rate, seed, watch.learned, round(float(network.accuracy(others[..., np.newaxis], targets)), 4)]
    print(*row, flush=True)
    return row


def activation_runs():
    """Each activation at each rate, from five starts on five sets of letters."""
    rows = [activation_run(curve, rate, seed) for curve in backprop.ACTIVATIONS for rate in RATES for seed in SEEDS]
    return [["curve", "rate", "seed", "steps", "accuracy"], *rows]


MAKERS = {
    "letter-shifts": lambda _work: as_csv(letter_shifts()),
    "activation-runs": lambda _work: as_csv(activation_runs()),
}


if __name__ == "__main__":
    sys.exit(main(makers=MAKERS, doc=__doc__))
