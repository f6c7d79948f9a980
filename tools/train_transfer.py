"""Train lesson 8's networks: ten methods on two tasks, by the number of pictures a class, over several seeds.

    python tools/train_transfer.py                 train all of them and say what came out (over an hour on two cores)
    python tools/train_transfer.py --new           also write data/transfer-runs.csv and register its SHA-256
    python tools/train_transfer.py --keep FILE     go on after the rows that this file holds, and add to it

Training is not the same to the last bit on two machines, so a file made again differs a little from the one
registered. Seconds are those of the processor, all threads together, so that a busy machine counts the same.

A process trains eight networks and is then replaced by a fresh one: TensorFlow keeps the graph of every training step
it has traced, up to 100 megabytes for each network here, after the network itself is gone. So no process needs more
than 2 gigabytes or so, where one for all runs would need as much as a large machine has.
"""

import argparse
import csv
import functools
import io
import multiprocessing
import sys
import time
from pathlib import Path

import keras
import numpy as np

import make_data
from lessons_lib.keras_models import efficientnet_lite
from lessons_lib.keras_models import transfer as builders
from lessons_lib.transfer import small_data

TASKS = {
    "textures": (small_data.textures, 3, (1, 2, 5, 10, 20, 50, 200)),
    "clothes": (small_data.clothes, 10, (5, 10, 20, 50, 100, 500)),
}
SEEDS = range(5)
TESTED = 100  # pictures a class
NETWORKS = 8  # trained by one process
CUT = "block4"
SPOILED = {"textures": 10, "clothes": 20}
RESOLUTIONS = (48, 96, 192)  # of the clothes, with the head of the lesson and 20 pictures a class
FEWER = range(3)  # the seeds of what is a control only
KEYS = ["task", "method", "per_class", "seed", "side"]
COLUMNS = [*KEYS, "accuracy", "seconds", "trained", "predicted"]


def fit(network, pictures, labels, seed, *, most, least, seen, rate=1e-3):
    """As many epochs as show the network `seen` pictures in all, but within limits; the rate falls to zero."""
    epochs, batch = min(most, max(least, seen // len(labels))), 16 if len(labels) <= 150 else 32
    keras.utils.set_random_seed(seed)
    falling = keras.optimizers.schedules.CosineDecay(rate, epochs * -(-len(labels) // batch))
    network.compile(keras.optimizers.Adam(falling), "sparse_categorical_crossentropy")
    network.fit(pictures, labels, epochs=epochs, batch_size=batch, verbose=0)


def scratch(pictures, labels, classes, seed, means=False):
    network = builders.small_network(classes, means=means, seed=seed)
    fit(network, pictures, labels, seed, most=60, least=12, seen=6000)
    return network, builders.trainable_count(network)


def frozen(pictures, labels, classes, seed, base=None):
    base = base or efficientnet_lite.build(include_top=False, side=small_data.PATCH)
    network = builders.add_top(base, classes, seed=seed)
    # The base gives the same maps in every epoch.
    fit(builders.top_of(network), maps(base, pictures), labels, seed, most=30, least=8, seen=3000)
    return network, builders.trainable_count(network)


def frozen_means(pictures, labels, classes, seed, weights="imagenet"):
    """The lesson's own way: the mean of each map, one dense layer, Keras' own `fit`."""
    base = efficientnet_lite.build(weights, include_top=False, side=pictures.shape[1], seed=seed)
    if weights is None:
        builders.measure_norms(base, pictures)
    keras.utils.set_random_seed(seed)
    network = builders.add_head(base, classes)
    features = maps(base, pictures)
    head = keras.Sequential([keras.Input(features.shape[1:]), *network.layers[-2:]])
    head.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    epochs = min(60, max(12, 6000 // len(labels)))
    head.fit(features, labels, epochs=epochs, batch_size=16 if len(labels) <= 150 else 32, verbose=0)
    return network, builders.trainable_count(network)


def untrained(pictures, labels, classes, seed):
    base = efficientnet_lite.build(None, include_top=False, side=small_data.PATCH, seed=seed)
    builders.measure_norms(base, pictures[:500])
    return frozen(pictures, labels, classes, seed, base)


def start(pictures, labels, classes, seed):
    whole = efficientnet_lite.build(include_top=False, side=small_data.PATCH)
    return frozen(pictures, labels, classes, seed, keras.Model(whole.input, whole.get_layer(CUT).output))


def tuned(first, rate, norms=False):
    def train(pictures, labels, classes, seed):
        base = efficientnet_lite.build(include_top=False, side=small_data.PATCH)
        network, _count = frozen(pictures, labels, classes, seed, base)
        builders.unfreeze(base, first, norms=norms)
        fit(network, pictures, labels, seed, most=12, least=4, seen=1200, rate=rate)
        return network, builders.trainable_count(network)

    return train


METHODS = {
    "scratch": scratch,
    "random": untrained,
    "frozen": frozen,
    "start": start,
    "last": tuned("block14", 1e-4),
    "all": tuned("stem", 3e-4),
}
MEANS = {
    "scratch-means": functools.partial(scratch, means=True),
    "frozen-means": frozen_means,
    "random-means": functools.partial(frozen_means, weights=None),
}
SPOILERS = {"fast": tuned("stem", 3e-3), "norms": tuned("stem", 3e-4, norms=True)}


def maps(base, pictures):
    return np.concatenate([base.predict_on_batch(pictures[k : k + 100]) for k in range(0, len(pictures), 100)])


def plan():
    """Task, method, pictures a class, seed and side of every run, so that one seed is complete before the next."""
    for seed in SEEDS:
        for task, (_pictures, _classes, counts) in TASKS.items():
            for per_class in counts:
                for method in [*METHODS, *(SPOILERS if SPOILED[task] == per_class else [])]:
                    yield task, method, per_class, seed, small_data.PATCH
        for side in RESOLUTIONS:
            yield "clothes", "frozen-means", SPOILED["clothes"], seed, side
        for per_class in TASKS["textures"][2]:
            for method in ("scratch-means", "frozen-means"):
                yield "textures", method, per_class, seed, small_data.PATCH
    for seed in FEWER:
        yield "clothes", "scratch-means", SPOILED["clothes"], seed, small_data.PATCH
        for side in RESOLUTIONS:
            yield "clothes", "random-means", SPOILED["clothes"], seed, side


def sized(task, side):
    """The function that makes a task's pictures of this side."""
    return TASKS[task][0] if side == small_data.PATCH else functools.partial(TASKS[task][0], side=side)


@functools.cache
def test_set(task, side):
    return sized(task, side)(TESTED, "test")


def run(what):
    """One row: a network trained by a method, and tested on the pictures that all runs share."""
    task, method, per_class, seed, side = what
    pictures, labels = sized(task, side)(per_class, "train", seed)
    began = time.process_time()
    network, count = (METHODS | MEANS | SPOILERS)[method](pictures, labels, TASKS[task][1], seed)
    seconds = time.process_time() - began
    pictures, labels = test_set(task, side)
    predicted = network.predict(pictures, batch_size=100, verbose=0).argmax(axis=1)
    keras.backend.clear_session()
    return dict(zip(KEYS, what, strict=True)) | {
        "accuracy": round(float((predicted == labels).mean()), 4), "seconds": round(seconds, 1), "trained": count,
        "predicted": len(np.unique(predicted)),
    }  # fmt: skip


def runs(wanted):
    """The rows of these runs, one after the other, in processes that end before they have grown large."""
    if not wanted:
        return
    # A forked process would inherit TensorFlow's threads without their locks.
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=NETWORKS) as pool:
        yield from pool.imap(run, wanted)


def in_order(done):
    return [done[key] for key in (tuple(map(str, what)) for what in plan()) if key in done]


def as_csv(rows):
    return make_data.as_csv([COLUMNS, *([row[name] for name in COLUMNS] for row in rows)])


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", choices=["transfer-runs"], help="the only data made here")
    parser.add_argument("--new", action="store_true", help="write the file and register its SHA-256")
    parser.add_argument("--keep", metavar="FILE", help="rows of an earlier run that was stopped")
    options = parser.parse_args(arguments)
    kept = Path(options.keep) if options.keep else None
    before = list(csv.DictReader(io.StringIO(kept.read_text()))) if kept and kept.is_file() else []
    done = {tuple(str(row[name]) for name in KEYS): row for row in before}
    left = [what for what in plan() if tuple(map(str, what)) not in done]
    for row in runs(left):
        print(",".join(str(row[name]) for name in COLUMNS), flush=True)
        done[tuple(str(row[name]) for name in KEYS)] = row
        if kept:
            kept.write_bytes(as_csv(in_order(done)))
    make_data.make("transfer-runs", lambda _work: as_csv(in_order(done)), not options.new, options.new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
