"""Lesson 7's experiment: the same layers with and without shortcuts, trained for the same short time."""

import keras
import numpy as np

from lessons_lib import data
from lessons_lib.core import validate
from lessons_lib.keras_models.residual import cifar_resnet

PICTURES, VALIDATION, SIDE = 1500, 500, 14
EPOCHS, BATCH, RATE, WIDTH = 6, 32, 1e-3, 12 / 16


def pictures():
    """(images, labels) for training and for validation: Fashion-MNIST at 14 x 14, of mean 0 and standard deviation 1.

    >>> (images, labels), (validation_images, validation_labels) = pictures()
    >>> images.shape, validation_images.shape, len(labels)
    ((1500, 14, 14), (500, 14, 14), 1500)
    """
    everything = data.load("fashion-mnist")
    count = PICTURES + VALIDATION
    images = everything["images"][:count].astype(np.float32) / 255
    images = images.reshape(count, SIDE, 2, SIDE, 2).mean(axis=(2, 4))
    images = (images - images[:PICTURES].mean()) / images[:PICTURES].std()
    labels = everything["labels"][:count]
    return (images[:PICTURES], labels[:PICTURES]), (images[PICTURES:], labels[PICTURES:])


def build(depth=8, shortcuts=True, seed=0):
    """The network of the experiment: `cifar_resnet` with 12, 24 and 48 kernels and a first stride of 2.

    >>> build(32, True).count_params() == build(32, False).count_params()
    True
    """
    validate.flag(shortcuts, "shortcuts")
    return cifar_resnet(depth, (SIDE, SIDE, 1), 10, WIDTH, shortcuts=shortcuts, stem=2, seed=seed)


def train(depth=8, shortcuts=True, seed=0, epochs=EPOCHS, callbacks=()):
    """What Keras' `fit` measured of a network of this depth, a list for each name: Adam at one rate, batches of 32.

    >>> sorted(train(epochs=1))
    ['accuracy', 'loss', 'val_accuracy', 'val_loss']
    """
    epochs, seed = validate.whole(epochs, "epochs"), validate.whole(seed, "seed", low=0)
    network = build(depth, shortcuts, seed)
    (images, labels), (others, targets) = pictures()
    network.compile(keras.optimizers.Adam(RATE), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return network.fit(
        images[..., None], labels, validation_data=(others[..., None], targets), epochs=epochs, batch_size=BATCH,
        callbacks=[*callbacks], verbose=0,
    ).history  # fmt: skip
