"""SqueezeNet, 2016: as good as AlexNet with a fiftieth of its parameters."""

import keras
from keras import layers

from lessons_lib.core import validate
from lessons_lib.keras_models.blocks import conv, picture, softmax, thin

# The first convolution (kernels, size); then "pool" and the fire modules: kernels that squeeze, that expand.
VERSIONS = {
    "1.0": ((96, 7), "pool", (16, 64), (16, 64), (32, 128), "pool", (32, 128), (48, 192), (48, 192), (64, 256), "pool",
            (64, 256)),
    "1.1": ((64, 3), "pool", (16, 64), (16, 64), "pool", (32, 128), (32, 128), "pool", (48, 192), (48, 192), (64, 256),
            (64, 256)),
}  # fmt: skip


def squeezenet(version="1.0", shape=(227, 227, 3), classes=1000, width=1.0, *, dropout=0.5, seed=None):
    """A convolution, eight fire modules, and a 1 x 1 with one map a class.

    Parameters
    ----------
    version : {"1.0", "1.1"}
        1.0 is the paper's.
    shape : tuple of int (rows, columns, depth)
    classes : int
    width : float
        Times the paper's number of kernels.
    dropout : float
        Before the last convolution.
    seed : int, optional

    Returns
    -------
    keras.Model

    Raises
    ------
    TypeError, ValueError
        If an argument is not one of the choices.

    References
    ----------
    Iandola and others, "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and < 0.5 MB model size",
    https://arxiv.org/abs/1602.07360

    Examples
    --------
    >>> squeezenet().count_params()
    1248424
    """
    validate.choice(version, "version", VERSIONS)
    wide, dropout = thin(width), validate.number(dropout, "dropout", 0, 0.9)
    (kernels, size), *parts = VERSIONS[version]
    x = start = picture(shape, classes, seed, smallest=32)
    x = conv(x, wide(kernels), size, 2, "valid", name="conv1")
    number = 1
    for part in parts:
        if part == "pool":
            x = layers.MaxPooling2D(3, 2, "same" if min(x.shape[1:3]) < 3 else "valid", name=f"pool{number}")(x)
        else:
            number += 1
            x = fire(x, wide(part[0]), wide(part[1]), f"fire{number}")
    x = layers.Dropout(dropout, name="drop")(x) if dropout else x
    x = conv(x, classes, 1, name="conv10")
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    return keras.Model(start, softmax(x), name=f"squeezenet_{version}")


def fire(x, squeeze, expand, name="fire"):
    """A 1 x 1 that leaves few maps; then 1 x 1 and 3 x 3 that read them, side by side.

    Parameters
    ----------
    x : keras.KerasTensor
    squeeze, expand : int
        Kernels of the first, and of each of the other two.
    name : str

    Returns
    -------
    keras.KerasTensor

    Examples
    --------
    >>> fire(picture((55, 55, 96), 10), 16, 64).shape
    (None, 55, 55, 128)
    """
    x = conv(x, squeeze, 1, name=f"{name}_squeeze")
    ways = [conv(x, expand, size, name=f"{name}_{size}x{size}") for size in (1, 3)]
    return layers.Concatenate(name=name)(ways)
