"""Lesson 7's experiment: the same layers with and without shortcuts, trained for the same short time.

`vgg_block`, `residual`, `plain` and `deep` are what a student writes there.
"""

from functools import partial

import keras
import numpy as np
from keras import layers

from lessons_lib import data
from lessons_lib.core import validate

PICTURES, VALIDATION, SIDE, MAPS = 1500, 500, 14, 16
EPOCHS, BATCH = 6, 32


def vgg_block(x, kernels, convolutions):
    """So many convolutions of 3 x 3, and one pooling of 2 x 2.

    >>> vgg_block(keras.Input((8, 6, 3)), 16, 2).shape
    (None, 4, 3, 16)
    """
    for _convolution in range(convolutions):
        x = layers.Conv2D(kernels, 3, padding="same", activation="relu")(x)
    return layers.MaxPooling2D(2)(x)


def plain(x, momentum=0.99):
    """Two convolutions of 3 x 3 that keep the depth of x, each with batch normalisation and ReLU.

    >>> plain(keras.Input((8, 6, 3))).shape
    (None, 8, 6, 3)
    """
    return layers.ReLU()(_two(x, momentum))


def residual(x, momentum=0.99):
    """The same two convolutions, and x added to their result before the last ReLU.

    >>> residual(keras.Input((8, 6, 3))).shape
    (None, 8, 6, 3)
    """
    return layers.ReLU()(layers.Add()([_two(x, momentum), x]))


def _two(x, momentum):
    y = layers.Conv2D(x.shape[-1], 3, padding="same")(x)
    y = layers.BatchNormalization(momentum=momentum)(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(x.shape[-1], 3, padding="same")(y)
    return layers.BatchNormalization(momentum=momentum)(y)


def deep(block, blocks):
    """A network for clothes of 14 x 14: a convolution of stride 2, so many blocks, the mean of each map, ten classes.

    >>> deep(residual, 15).count_params() == deep(plain, 15).count_params()
    True
    """
    start = keras.Input((SIDE, SIDE, 1))
    x = layers.Conv2D(MAPS, 3, strides=2, padding="same", activation="relu")(start)
    for _block in range(blocks):
        x = block(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(start, layers.Dense(10, activation="softmax")(x))


def pictures():
    """(images, labels) for training and for validation: Fashion-MNIST at 14 x 14, from 0 to 1.

    >>> (images, labels), (validation_images, validation_labels) = pictures()
    >>> images.shape, validation_images.shape, len(labels)
    ((1500, 14, 14, 1), (500, 14, 14, 1), 1500)
    """
    everything = data.load("fashion-mnist")
    count = PICTURES + VALIDATION
    images = everything["images"][:count].astype(np.float32) / 255
    images = images.reshape(count, SIDE, 2, SIDE, 2).mean(axis=(2, 4))[..., None]
    labels = everything["labels"][:count]
    return (images[:PICTURES], labels[:PICTURES]), (images[PICTURES:], labels[PICTURES:])


def train(depth=8, shortcuts=True, seed=0, epochs=EPOCHS):
    """Keras' history of a network with so many layers that have weights; 2 of them are outside the blocks.

    The running means of batch normalisation are quick here, so that the validation says something after an epoch.

    >>> sorted(train(epochs=1))
    ['accuracy', 'loss', 'val_accuracy', 'val_loss']
    """
    epochs, seed = validate.whole(epochs, "epochs"), validate.whole(seed, "seed", low=0)
    block = partial(residual if validate.flag(shortcuts, "shortcuts") else plain, momentum=0.9)
    keras.utils.set_random_seed(seed)
    network = deep(block, validate.whole(depth - 2, "depth - 2") // 2)
    network.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    learned, validation = pictures()
    return network.fit(
        *learned, validation_data=validation, epochs=epochs, batch_size=BATCH, verbose=0
    ).history  # fmt: skip
