"""Train lesson 6's networks: the weights that are shipped, and the table of many networks over several seeds.

    python tools/train_lenet.py lenet              the recipe of lesson 6 on the 8 000 digits for training: lenet.npz
    python tools/train_lenet.py lenet-runs         every network of the table, five times each, and what the recipe was
                                                   chosen by, on validation parts of the 8 000: lenet-runs.npz
    python tools/train_lenet.py --new lenet        write the file and register its SHA-256

The digits from 8 000 on choose nothing: they are only counted, at the very end. Training is not the same to the last
bit on two machines, so a file made again differs a little from the one registered; `--new` says that it is meant to.
"""

import sys
import time
from functools import partial

import keras
import numpy as np

from lessons_lib import data, images, lenet
from lessons_lib.keras_models import lenet as builders
from lessons_lib.keras_models.training import to_batch
from make_data import as_npz, main

TRAINING = slice(0, 8000)
TEST = slice(8000, 10_000)
SEEDS = range(5)
# How a network is trained: the rate falls to zero along half a cosine wave (Loshchilov and Hutter, "SGDR", ICLR 2017),
# and each epoch may show the digits deformed anew.
PLAIN = {
    "epochs": 8, "batch": 64, "optimizer": keras.optimizers.Adam, "rate": 1e-3, "falling": True, "deformed": False,
    "shuffled": False,
}  # fmt: skip
# For the weights that are shipped; chosen by validation digits among the first 8 000, never by the last 2 000.
RECIPE = {
    "epochs": 30, "rate": 0.05, "deformed": True,
    "optimizer": partial(keras.optimizers.SGD, momentum=0.9, nesterov=True, weight_decay=5e-4),
}  # fmt: skip
# The network of each row of the table, and how it is trained where not as all the others.
NETWORKS = {
    "linear": (builders.linear, {"epochs": 40}),  # until it no longer gets better
    "mlp": (builders.mlp, {}),
    "mlp-shuffled": (builders.mlp, {"shuffled": True}),
    "lenet5": (builders.lenet5, {}),
    "tanh": (partial(builders.build, "tanh"), {}),
    "relu": (builders.build, {}),
    "no-activation": (partial(builders.build, None), {}),
    "no-pooling": (partial(builders.build, pooling=False), {}),
    "shuffled": (builders.build, {"shuffled": True}),
    "dropout": (partial(builders.build, dropout=0.5), {}),
    "deformed": (builders.build, {"deformed": True}),
    "best": (partial(builders.build, dropout=0.5), RECIPE),
}
# What was tried on the way to the recipe, each for 20 epochs.
CHOICES = {
    "plain": (builders.build, {}),
    "dropout": (partial(builders.build, dropout=0.5), {}),
    "deformed": (builders.build, {"deformed": True}),
    "both": (partial(builders.build, dropout=0.5), {"deformed": True}),
    "batch-norm": (partial(builders.build, dropout=0.5, batch_norm=True), {"deformed": True}),
    "recipe": (partial(builders.build, dropout=0.5), RECIPE),
    "batch-32": (partial(builders.build, dropout=0.5), RECIPE | {"batch": 32}),
    "batch-128": (partial(builders.build, dropout=0.5), RECIPE | {"batch": 128}),
    "steady-rate": (partial(builders.build, dropout=0.5), RECIPE | {"falling": False}),
}
PARTS = [slice(first, first + 1000) for first in (1000, 2000, 3000)]


def digits(part, shuffled=False):
    """Pictures and labels of a part; `shuffled`: all with their pixels in the same wrong order."""
    everything = data.load("mnist")
    pictures = everything["images"][part]
    return images.shuffle_pixels(pictures) if shuffled else pictures, everything["labels"][part]


def train(network, how, seed, training_part=TRAINING, test_part=TEST, **more):
    """Train a network; seconds by the clock and of work, and its accuracies on the training and the test part."""
    how = PLAIN | how | more
    pictures, labels = digits(training_part, how["shuffled"])
    steps = how["epochs"] * -(-len(labels) // how["batch"])
    rate = keras.optimizers.schedules.CosineDecay(how["rate"], steps) if how["falling"] else how["rate"]
    network.compile(how["optimizer"](rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    clock, work, generator = time.perf_counter(), time.process_time(), np.random.default_rng(seed)
    for _epoch in range(how["epochs"]):
        shown = lenet.deform(pictures, generator) if how["deformed"] else pictures
        network.fit(to_batch(shown), labels, batch_size=how["batch"], verbose=0)
    seconds = time.perf_counter() - clock, time.process_time() - work
    return seconds, [accuracy(network, part, how["shuffled"]) for part in (training_part, test_part)]


def accuracy(network, part, shuffled=False):
    """The share of a part that a network gets right."""
    pictures, labels = digits(part, shuffled)
    return float((network.predict(to_batch(pictures), verbose=0).argmax(axis=1) == labels).mean())


def shipped():
    """The weights of the recipe as float16."""
    network = NETWORKS["best"][0](seed=0)
    (clock, work), (training_accuracy, test_accuracy) = train(network, RECIPE, seed=0)
    arrays = {name: array.astype(np.float16) for name, array in builders.weights(network).items()}
    rounded = accuracy(builders.from_weights(arrays), TEST)
    print(f"{clock:.0f} s by the clock, {work:.0f} s of work; training accuracy {training_accuracy:.4f}")
    print(f"test accuracy {test_accuracy:.4f}, with the weights rounded to float16 {rounded:.4f}")
    return arrays


def one_run(name, seed):
    """A network of the table trained once: parameters, seconds of work, accuracies."""
    build, how = NETWORKS[name]
    network = build(seed=seed)
    # Seconds of the processor, not of the clock: other programs may run beside this one.
    (_clock, work), (learned, tested) = train(network, how, seed)
    print(f"{name:14}{seed:3}{network.count_params():>12,}{work:8.1f} s{learned:8.4f}{tested:8.4f}", flush=True)
    return network.count_params(), work, learned, tested


def one_choice(name, number):
    """The mistakes that one of `CHOICES` makes on a validation part of 1000 digits."""
    build, how = CHOICES[name]
    validation = PARTS[number]
    rest = np.r_[0 : validation.start, validation.stop : TRAINING.stop]
    (_clock, work), (_accuracy, accuracy) = train(build(seed=number), how, number, rest, validation, epochs=20)
    print(f"{name:14}{validation.start:6}{work:8.1f} s{1000 * (1 - accuracy):5.0f} wrong of 1000", flush=True)
    return round(1000 * (1 - accuracy))


def runs(run=one_run, choice=one_choice):
    """Every network of the table, `SEEDS` times, and the choices that led to the recipe."""
    table = np.array([[run(name, seed) for seed in SEEDS] for name in NETWORKS])
    wrong = [[choice(name, number) for number in range(len(PARTS))] for name in CHOICES]
    return {
        "names": np.array(list(NETWORKS)),
        "parameters": table[:, 0, 0].astype(np.int32),
        "seconds": table[:, :, 1].astype(np.float32),
        "learned": table[:, :, 2].astype(np.float32),
        "tested": table[:, :, 3].astype(np.float32),
        "choices": np.array(list(CHOICES)),
        "choices_wrong": np.array(wrong, np.int32),
    }


MAKERS = {"lenet": lambda _work: as_npz(shipped()), "lenet-runs": lambda _work: as_npz(runs())}


if __name__ == "__main__":
    sys.exit(main(makers=MAKERS, doc=__doc__))
