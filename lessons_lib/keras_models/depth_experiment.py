"""Lesson 7's experiment: the same layers with and without shortcuts, trained for the same short time.

The functions are those that the lesson shows, or lets a student write.
"""

import keras
import numpy as np
from keras import layers

from lessons_lib import architectures


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
    start = keras.Input((14, 14, 1))
    x = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")(start)
    for _block in range(blocks):
        x = block(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(start, layers.Dense(10, activation="softmax")(x))


def train(block, blocks, seed, live=None, epochs=4, validation_data=None):
    """The accuracy of a network of so many blocks on its training pictures, by epoch; `live` is a callback of Keras.

    With `validation_data`, that on its pictures, too.

    >>> len(train(residual, 1, seed=0))
    4
    """
    keras.utils.set_random_seed(seed)
    network = deep(block, blocks)
    network.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    images, labels = architectures.clothes()
    history = network.fit(
        images, labels, validation_data=validation_data, epochs=epochs, batch_size=32, callbacks=live, verbose=0
    ).history
    return history["accuracy"] if validation_data is None else (history["accuracy"], history["val_accuracy"])


def modes(seed):
    """How often a trained residual network of 8 layers is right on its own training pictures, measured in three ways.

    While it learns, in the last of 4 epochs; after that, as `evaluate` has it; and with each batch's own statistics.

    >>> learning, evaluated, training = modes(0)
    >>> min(learning, training) > 0.6, evaluated < 0.4
    (True, True)
    """
    keras.utils.set_random_seed(seed)
    network = deep(residual, 3)
    network.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    images, labels = architectures.clothes()
    history = network.fit(images, labels, epochs=4, batch_size=32, verbose=0).history
    evaluated = network.evaluate(images, labels, verbose=0)[1]
    answers = np.asarray(network(images, training=True)).argmax(axis=1)
    return history["accuracy"][-1], evaluated, float((answers == labels).mean())
