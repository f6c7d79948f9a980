"""Lesson 7's experiment: the same layers with and without shortcuts, trained for the same short time."""

import numpy as np

from lessons_lib import data
from lessons_lib.core import validate
from lessons_lib.keras_models import training
from lessons_lib.keras_models.resnet import cifar_resnet

PICTURES, HELD_OUT, SIDE = 1500, 500, 14
EPOCHS, BATCH, RATE, WIDTH = 6, 32, 1e-3, 12 / 16


def pictures():
    """Clothes of 14 x 14 pixels: each the mean of four pixels of Fashion-MNIST, made 0 on average and 1 in spread.

    Returns
    -------
    learned, held_out : tuple of (images, labels)
        1 500 and 500 pictures, float32, of shape (14, 14).

    Examples
    --------
    >>> (images, labels), (others, _answers) = pictures()
    >>> images.shape, others.shape, len(labels)
    ((1500, 14, 14), (500, 14, 14), 1500)
    """
    everything = data.load("fashion-mnist")
    count = PICTURES + HELD_OUT
    images = everything["images"][:count].astype(np.float32) / 255
    images = images.reshape(count, SIDE, 2, SIDE, 2).mean(axis=(2, 4))
    images = (images - images[:PICTURES].mean()) / images[:PICTURES].std()
    labels = everything["labels"][:count]
    return (images[:PICTURES], labels[:PICTURES]), (images[PICTURES:], labels[PICTURES:])


def build(depth=8, shortcuts=True, seed=0):
    """The network of the experiment: `cifar_resnet` with 12, 24 and 48 kernels and a first stride of 2.

    Parameters
    ----------
    depth : int
        6 n + 2.
    shortcuts : bool
    seed : int

    Returns
    -------
    keras.Model

    Raises
    ------
    TypeError, ValueError
        If an argument is not what stands above; the error says what came.

    Examples
    --------
    >>> build(32, True).count_params() == build(32, False).count_params()
    True
    """
    validate.flag(shortcuts, "shortcuts")
    return cifar_resnet(depth, (SIDE, SIDE, 1), 10, WIDTH, shortcuts=shortcuts, stem=2, seed=seed)


def train(depth=8, shortcuts=True, seed=0, epochs=EPOCHS, progress=None):
    """Build it and train it: Adam at one rate, batches of 32.

    Parameters
    ----------
    depth : int
    shortcuts : bool
    seed : int
    epochs : int
    progress : object, optional
        As in `training.fit`.

    Returns
    -------
    dict of str to list of float
        As of `training.fit`: one number an epoch.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what stands above; the error says what came.

    Examples
    --------
    >>> sorted(train.__code__.co_varnames[:2])
    ['depth', 'shortcuts']
    """
    epochs, seed = validate.whole(epochs, "epochs"), validate.whole(seed, "seed", low=0)
    network = build(depth, shortcuts, seed)
    (images, labels), held_out = pictures()
    return training.fit(
        network, images, labels, validation=held_out, epochs=epochs, batch=BATCH, rate=RATE, falling=False, seed=seed,
        progress=progress,
    )  # fmt: skip
