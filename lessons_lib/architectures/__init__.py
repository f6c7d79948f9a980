"""Lesson 7's arithmetic: normalisations by hand, starting values, and the networks by year.

Every function raises TypeError or ValueError where its arguments do not fit.
"""

import numpy as np

from lessons_lib import data
from lessons_lib.core import validate

# AlexNet's four numbers: neighbours on both sides together with the middle, then k, alpha and beta.
RESPONSE_NORM = {"size": 5, "k": 2.0, "alpha": 1e-4, "beta": 0.75}


def response_norm(x, size=5, k=2.0, alpha=1e-4, beta=0.75):
    """Local response normalisation: a number is divided by more, the larger its neighbours in the depth are.

    b[c] = a[c] / (k + alpha * sum of a[c']**2 over the `size` maps around c) ** beta

    Parameters
    ----------
    x : array_like of shape (..., D)
        The maps lie along the last axis.
    size : int
        Odd number of maps, c in the middle; fewer at both ends.
    k, alpha, beta : float

    Returns
    -------
    ndarray of the same shape

    Raises
    ------
    TypeError, ValueError
        If x holds no numbers, or size is even.

    References
    ----------
    Krizhevsky, Sutskever and Hinton, NeurIPS 2012, section 3.3.

    Examples
    --------
    >>> response_norm([0, 3, 4, 0], size=3, k=0, alpha=1, beta=0.5).round(2).tolist()
    [0.0, 0.6, 0.8, 0.0]
    """
    x = validate.array(x, "x").astype(float)
    size = validate.whole(size, "size")
    k, alpha = validate.number(k, "k", 0, 1e6), validate.number(alpha, "alpha", 0, 1e6)
    beta = validate.number(beta, "beta", 0, 10)
    if size % 2 == 0:
        raise ValueError(f"size is {size}; give an odd one, so that a map is in the middle")
    squares = np.pad(x**2, [(0, 0)] * (x.ndim - 1) + [(size // 2, size // 2)])
    around = sum(squares[..., start : start + x.shape[-1]] for start in range(size))
    divisor = (k + alpha * around) ** beta
    # Where a number and its neighbours are 0, and k is 0 too, it stays 0.
    return np.divide(x, divisor, out=np.zeros_like(x), where=divisor > 0)


def batch_norm(x, scale=1.0, shift=0.0, epsilon=1e-5):
    """Batch normalisation in training: each map gets mean `shift` and standard deviation `scale` over the whole batch.

    Parameters
    ----------
    x : array_like of shape (B, ..., D)
        The maps lie along the last axis; mean and variance are over all the others.
    scale, shift : float or array_like of shape (D,)
        The parameters that the network learns, gamma and beta.
    epsilon : float
        Keeps from dividing by zero.

    Returns
    -------
    ndarray of the same shape

    Raises
    ------
    TypeError, ValueError
        If x holds no numbers, or has one axis only.

    References
    ----------
    Ioffe and Szegedy, "Batch normalization", ICML 2015, https://arxiv.org/abs/1502.03167

    Examples
    --------
    >>> batch_norm([[1.0, 10.0], [3.0, 10.0]], epsilon=0.0001).round(2).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    x = validate.array(x, "x").astype(float)
    if x.ndim < 2:
        raise ValueError(f"x of shape {x.shape} has one axis; give a batch, with the maps along the last axis")
    scale, shift = validate.array(scale, "scale", axes=(0, 1)), validate.array(shift, "shift", axes=(0, 1))
    epsilon = validate.number(epsilon, "epsilon", 0)
    others = tuple(range(x.ndim - 1))
    return scale * (x - x.mean(axis=others)) / np.sqrt(x.var(axis=others) + epsilon) + shift


def clothes(first=0, count=1500):
    """`count` pictures of clothes at 14 x 14, from 0 to 1, with their labels; from picture `first` on.

    Each pixel is the mean of four of Fashion-MNIST.

    Returns
    -------
    images : ndarray of shape (B, 14, 14, 1), float32
    labels : ndarray of shape (B,)

    Examples
    --------
    >>> images, labels = clothes()
    >>> images.shape, labels[:5].tolist()
    ((1500, 14, 14, 1), [2, 1, 3, 9, 8])
    """
    everything = data.load("fashion-mnist")
    first = validate.whole(first, "first", low=0, high=len(everything["labels"]) - 1)
    some = slice(first, first + validate.whole(count, "count", high=len(everything["labels"]) - first))
    images = everything["images"][some].reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)) / 255
    return images[..., None].astype(np.float32), everything["labels"][some]


def timeline(names=None):
    """The architectures by year, or those of some names, from `data/architectures.csv`; one dict for each.

    `top5` is the error in per cent of one network on one crop of each photo, for all from one table (torchvision's),
    measured with `top5_of`; None for a network that was made for small pictures.

    >>> [row["year"] for row in timeline(["AlexNet", "ResNet-152"])]
    [2012, 2015]
    """
    rows = data.load("architectures")
    known = [row["name"] for row in rows]
    if names is None:
        return rows
    return [rows[known.index(validate.choice(name, "name", known))] for name in validate.sequence(names, "names")]


def contest():
    """What four teams reached in the yearly ImageNet contest: name, year, `contest` in per cent, and `contest_of`.

    These are several networks together on many crops of each photo, so they do not belong beside those of `timeline`,
    and `name` is that of the kind.

    >>> for row in contest():
    ...     print(row["year"], row["name"], row["contest"])
    2012 AlexNet 15.3
    2014 VGG 7.3
    2014 GoogLeNet 6.7
    2015 ResNet 3.6
    """
    rows = (row for row in data.load("architectures") if row["contest"] is not None)
    return [row | {"name": row["name"].split("-")[0]} for row in rows]


def spreads(weights, x, norm=False, shortcut=False):
    """The root mean square of x, of shape (B, D), and of the output of each fully connected layer with ReLU after it.

    `weights` holds an array of shape (D, D) for each layer. `norm` is batch normalisation before each ReLU, `shortcut`
    adds the input of each layer to its output. He and others, "Delving deep into rectifiers", ICCV 2015,
    https://arxiv.org/abs/1502.01852

    >>> spreads([np.eye(2), 2 * np.eye(2)], [[3, 4]])
    [3.5355339059327378, 3.5355339059327378, 7.0710678118654755]
    """
    x = validate.array(x, "x", axes=2).astype(float)
    norm, shortcut = validate.flag(norm, "norm"), validate.flag(shortcut, "shortcut")
    found = [float(np.sqrt(np.mean(x**2)))]
    for index, layer in enumerate(validate.sequence(weights, "weights")):
        layer = validate.array(layer, f"weights[{index}]", axes=2)
        if layer.shape != (x.shape[1], x.shape[1]):
            raise ValueError(f"weights[{index}] has shape {layer.shape}; give {(x.shape[1], x.shape[1])}")
        y = x @ layer
        y = np.maximum(batch_norm(y) if norm else y, 0)
        x = x + y if shortcut else y
        found.append(float(np.sqrt(np.mean(x**2))))
    return found
