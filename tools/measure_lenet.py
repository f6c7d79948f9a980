"""Train lesson 6's networks as its cells do, five times each, and count mistakes: data/lenet-lesson.csv.

    python tools/measure_lenet.py lenet-lesson         about a quarter of an hour on two cores
    python tools/measure_lenet.py --new lenet-lesson   write the file and register its SHA-256

`wrong` and `pushed` are mistakes on the 2 000 test digits as they are, and 4 rows lower and 4 columns further right;
`centred` on the pushed ones after `lenet.centre`; `first` is how many of 1 000 validation digits are right after one
epoch. Training is not the same to the last bit on two machines, so a file made again differs a little.
"""

import sys

import numpy as np

import make_data
from lessons_lib import data, images, lenet
from lessons_lib.keras_models import keras

layers = keras.layers
SEEDS = range(1, 6)
COLUMNS = ["name", "seed", "epochs", "wrong", "pushed", "centred", "first"]
MAX, MEAN = layers.MaxPooling2D, layers.AveragePooling2D
# What is different from the lesson's LeNet, and for how many epochs it is trained.
NETWORKS = {
    "lenet": ({}, 5),
    "whole": ({}, 3),
    "pooled": ({"end": layers.GlobalMaxPooling2D}, 3),
    "taught": ({"first": [layers.RandomTranslation(0.2, 0.2, fill_mode="constant")]}, 3),
    "no-relu": ({"activation": None}, 3),
    "mean-pooling": ({"pool": MEAN}, 3),
    "linear": ({"activation": None, "pool": MEAN}, 3),
    "stride": ({"pool": None}, 3),
    "shuffled": ({}, 3),
}


def build(activation="relu", pool=MAX, end=layers.Flatten, first=()):
    """The lesson's LeNet, or a relative; without `pool` the kernels take steps of 2."""
    body = []
    for kernels in (20, 50):
        conv = layers.Conv2D(kernels, 5, 1 if pool else 2, padding="same", activation=activation)
        body += [conv, pool(2)] if pool else [conv]
    head = [end(), layers.Dense(500, activation=activation), layers.Dense(10, activation="softmax")]
    return keras.Sequential([keras.Input((28, 28, 1)), *first, *body, *head])


def push(pictures, rows=4, columns=4):
    """Pictures moved down and to the right."""
    pushed = np.zeros_like(pictures)
    pushed[:, rows:, columns:] = pictures[:, :-rows, :-columns]
    return pushed


def run(name, seed):
    """One training, as the lesson's cells do it: the numbers of `COLUMNS`."""
    digits, (change, epochs) = data.load("mnist"), NETWORKS[name]
    pictures = images.shuffle_pixels(digits["images"]) if name == "shuffled" else digits["images"]
    x, y = (pictures / 255).astype("float32")[..., None], digits["labels"]
    keras.utils.set_random_seed(seed)
    network = build(**change)
    network.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    kept, rights = None, []  # the lesson keeps the weights of the epoch with the best val_accuracy
    for _epoch in range(epochs):
        network.fit(x[:7000], y[:7000], batch_size=64, verbose=0)
        rights.append(int((network.predict(x[7000:8000], verbose=0).argmax(axis=1) == y[7000:8000]).sum()))
        kept = network.get_weights() if rights[-1] == max(rights) else kept
    if name == "lenet":
        network.set_weights(kept)

    def wrong(pictures):
        return int((network.predict(pictures, verbose=0).argmax(axis=1) != y[8000:]).sum())

    pushed = push(x[8000:])
    centred = np.array([lenet.centre(one[..., 0]) for one in pushed])[..., None] / np.float32(255)
    row = [name, seed, epochs, wrong(x[8000:]), wrong(pushed), wrong(centred), rights[0]]
    print(*row, sep=",", flush=True)
    return row


def table():
    """The whole file."""
    return make_data.as_csv([COLUMNS, *(run(name, seed) for name in NETWORKS for seed in SEEDS)])


if __name__ == "__main__":
    sys.exit(make_data.main(makers={"lenet-lesson": lambda _work: table()}, doc=__doc__))
