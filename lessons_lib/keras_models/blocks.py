"""What the architectures share: the picture they take, a convolution with what follows it, the ten or 1 000 classes."""

import keras
import numpy as np
from keras import layers

from lessons_lib.core import validate

START = "he_normal"  # He and others' initialiser, made for ReLU; Xavier (Glorot and Bengio) is another one


def picture(shape, classes, seed=None, smallest=1):
    """The layer that takes the pictures, after a look at the arguments that every architecture has.

    Parameters
    ----------
    shape : tuple of int (rows, columns, depth)
    classes : int
    seed : int, optional
        Chooses the random weights of all that is built from here on.
    smallest : int
        The fewest rows and columns the network can work with.

    Returns
    -------
    keras.KerasTensor

    Raises
    ------
    TypeError, ValueError
        If an argument is not whole or too small.

    Examples
    --------
    >>> picture((32, 32, 3), 10).shape
    (None, 32, 32, 3)
    """
    if not isinstance(shape, (list, tuple)) or len(shape) != 3:
        raise ValueError(f"shape is {shape!r}; give rows, columns and depth, such as (224, 224, 3)")
    rows, columns, depth = (validate.whole(side, "shape") for side in shape)
    if min(rows, columns) < smallest:
        raise ValueError(f"shape is {tuple(shape)}; this network needs at least {smallest} rows and columns")
    validate.whole(classes, "classes", low=2)
    if seed is not None:
        keras.utils.set_random_seed(validate.whole(seed, "seed", low=0))
    return keras.Input((rows, columns, depth), name="picture")


def thin(width, step=1):
    """A function that makes the paper's numbers of kernels smaller or larger.

    Parameters
    ----------
    width : float
        Above 0; 1 leaves them as they are.
    step : int
        The results are multiples of it, and never 0.

    Returns
    -------
    callable

    Raises
    ------
    TypeError, ValueError
        If an argument is not what stands above; the error says what came.

    Examples
    --------
    >>> [thin(1 / 8)(kernels) for kernels in (64, 100, 4)]
    [8, 12, 1]
    """
    width, step = validate.number(width, "width", low=1e-3), validate.whole(step, "step")
    return lambda kernels: max(step, round(kernels * width / step) * step)


def conv(x, kernels, size, stride=1, padding="same", *, groups=1, norm=False, relu=True, bias=None, name=None):
    """A convolution, then batch normalisation if wanted, then ReLU if wanted.

    Parameters
    ----------
    x : keras.KerasTensor
    kernels, size, stride : int
    padding : {"same", "valid"}
    groups : int
        Parts that do not see each other.
    norm : bool
        Normalise each map; these are layers of their own in a table, `<name>_norm` and `<name>_relu`.
    relu : bool
    bias : bool, optional
        Left out where a normalisation follows, which would take it away again.
    name : str, optional

    Returns
    -------
    keras.KerasTensor

    Examples
    --------
    >>> conv(picture((8, 8, 3), 10), 4, 3, stride=2, norm=True, name="a").shape
    (None, 4, 4, 4)
    """
    bias = not norm if bias is None else bias
    x = layers.Conv2D(
        kernels, size, stride, padding, groups=groups, use_bias=bias, kernel_initializer=START,
        activation="relu" if relu and not norm else None, name=name,
    )(x)  # fmt: skip
    return normed(x, name, relu) if norm else x


def normed(x, name=None, relu=True):
    """Batch normalisation, then ReLU if wanted.

    Parameters
    ----------
    x : keras.KerasTensor
    name : str, optional
    relu : bool

    Returns
    -------
    keras.KerasTensor

    Examples
    --------
    >>> normed(picture((8, 8, 3), 10), "b").shape
    (None, 8, 8, 3)
    """
    # Keras' own memory of 0.99 is too long for trainings of a few hundred steps.
    norm = layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=_part(name, "norm"))
    x = norm(x)
    return layers.ReLU(name=_part(name, "relu"))(x) if relu else x


def _part(name, part):
    return None if name is None else f"{name}_{part}"


def classes_of(x, classes):
    """The mean of each map, one weighted sum of them for each class, and the softmax.

    Parameters
    ----------
    x : keras.KerasTensor
    classes : int

    Returns
    -------
    keras.KerasTensor

    Examples
    --------
    >>> classes_of(picture((8, 8, 3), 10), 10).shape
    (None, 10)
    """
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    return softmax(layers.Dense(classes, name="fc")(x))


def softmax(x):
    """The last layer of all of them.

    >>> softmax(classes_of(picture((8, 8, 3), 10), 10)).shape
    (None, 10)
    """
    return layers.Softmax(name="softmax")(x)


def batch_norm(x, epsilon=1e-5):
    """What Keras' `BatchNormalization` answers while training, before it has learned a scale and a shift.

    Parameters
    ----------
    x : array_like of shape (B, ..., D)
    epsilon : float

    Returns
    -------
    ndarray of float32, of the same shape

    Raises
    ------
    TypeError, ValueError
        If an argument is not what stands above; the error says what came.

    Examples
    --------
    >>> batch_norm([[1.0, 10.0], [3.0, 10.0]], epsilon=0.0001).round(2).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    x = validate.array(x, "x").astype("float32")
    return np.asarray(layers.BatchNormalization(epsilon=validate.number(epsilon, "epsilon", 0))(x, training=True))
