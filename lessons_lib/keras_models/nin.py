"""Network in network, 2013: after each convolution two of 1 x 1, and at the end one map a class."""

import keras
from keras import layers

from lessons_lib.core import validate
from lessons_lib.keras_models.blocks import conv, picture, softmax, thin


def nin(shape=(32, 32, 3), classes=10, width=1.0, *, dropout=0.5, seed=None):
    """The paper's network for CIFAR-10: three times a convolution and two of 1 x 1; no fully connected layer at all.

    Parameters
    ----------
    shape : tuple of int (rows, columns, depth)
    classes : int
        As many maps the last 1 x 1 makes; the mean of each is the score of a class.
    width : float
        Times the paper's number of kernels.
    dropout : float
        After each pooling.
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
    Lin, Chen and Yan, "Network in network", ICLR 2014, https://arxiv.org/abs/1312.4400

    Examples
    --------
    >>> nin().count_params()
    966986
    """
    wide, dropout = thin(width), validate.number(dropout, "dropout", 0, 0.9)
    x = start = picture(shape, classes, seed)
    stages = [
        (5, (wide(192), wide(160), wide(96))),
        (5, (wide(192), wide(192), wide(192))),
        (3, (wide(192), wide(192), classes)),
    ]
    for stage, (size, (kernels, inner, outer)) in enumerate(stages, start=1):
        x = conv(x, kernels, size, name=f"conv{stage}")
        x = conv(x, inner, 1, name=f"mlp{stage}_1")
        x = conv(x, outer, 1, relu=stage < 3, name=f"mlp{stage}_2")
        if stage < 3:
            x = layers.MaxPooling2D(3, 2, "same", name=f"pool{stage}")(x)
            x = layers.Dropout(dropout, name=f"drop{stage}")(x) if dropout else x
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    return keras.Model(start, softmax(x), name="nin")
