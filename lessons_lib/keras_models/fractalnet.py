"""FractalNet, 2016: as deep as a ResNet without a shortcut; a rule doubles the depth and keeps the short way."""

import keras
from keras import layers

from lessons_lib.core import validate
from lessons_lib.keras_models.blocks import classes_of, conv, picture, thin


def fractalnet(columns=3, shape=(32, 32, 3), classes=10, width=1.0, *, seed=None):
    """Five fractal blocks, a pooling after each; the longest way has 5 * 2 ** (columns - 1) convolutions.

    Parameters
    ----------
    columns : int
        How often the rule is used: 3 for the 20 layers of the paper's main table.
    shape : tuple of int (rows, columns, depth)
    classes : int
    width : float
        Times 64, 128, 256, 512 and 512 kernels; 1 / 4 gives the paper's thin networks.
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
    Larsson, Maire and Shakhnarovich, "FractalNet: ultra-deep neural networks without residuals", ICLR 2017,
    https://arxiv.org/abs/1605.07648

    Examples
    --------
    >>> round(fractalnet(3, width=1 / 4, classes=100).count_params() / 1e6, 1)
    2.1
    """
    columns, wide = validate.whole(columns, "columns", high=6), thin(width)
    x = start = picture(shape, classes, seed)
    for number, kernels in enumerate((64, 128, 256, 512, 512), start=1):
        x = _joined(fractal(x, wide(kernels), columns, f"block{number}"), f"block{number}")
        x = layers.MaxPooling2D(2, padding="same", name=f"pool{number}")(x)
    return keras.Model(start, classes_of(x, classes), name=f"fractalnet{5 * 2 ** (columns - 1)}")


def fractal(x, kernels, columns, name="fractal"):
    """The rule: one convolution beside two copies of the smaller fractal, one after the other.

    Parameters
    ----------
    x : keras.KerasTensor
    kernels, columns : int
    name : str

    Returns
    -------
    list of keras.KerasTensor
        What comes out of each column, not yet joined.

    Examples
    --------
    >>> len(fractal(picture((8, 8, 4), 10), 4, 3))
    3
    """
    short = conv(x, kernels, 3, norm=True, bias=False, name=f"{name}_{columns}")
    if columns == 1:
        return [short]
    between = _joined(fractal(x, kernels, columns - 1, f"{name}a"), f"{name}a")
    return [short, *fractal(between, kernels, columns - 1, f"{name}b")]


def _joined(ways, name):
    """The mean of the columns; of one column, itself."""
    return layers.Average(name=f"{name}_join")(ways) if len(ways) > 1 else ways[0]
