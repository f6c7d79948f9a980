"""DenseNet, 2016: every layer of a block reads the maps of all layers before it, side by side and not added."""

import keras
from keras import layers

from lessons_lib.core import validate
from lessons_lib.keras_models.blocks import classes_of, conv, normed, picture, thin

# Layers of the four blocks: Table 1 of the paper.
BLOCKS = {121: (6, 12, 24, 16), 169: (6, 12, 32, 32), 201: (6, 12, 48, 32)}


def densenet(depth=121, shape=(224, 224, 3), classes=1000, width=1.0, *, growth=32, seed=None):
    """DenseNet-depth: four dense blocks, and between them a 1 x 1 that keeps half of the maps, and a pooling.

    Parameters
    ----------
    depth : {121, 169, 201}
    shape : tuple of int (rows, columns, depth)
    classes : int
    width : float
        Times the kernels of the first convolution, and the growth.
    growth : int
        How many maps each layer adds; the paper's k.
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
    Huang, Liu, van der Maaten and Weinberger, "Densely connected convolutional networks", CVPR 2017,
    https://arxiv.org/abs/1608.06993

    Examples
    --------
    >>> densenet(121, (32, 32, 3), 10, width=1 / 8).get_layer("dense1_6").output.shape
    (None, 8, 8, 32)
    """
    validate.choice(depth, "depth", BLOCKS)
    wide = thin(width)
    growth = wide(validate.whole(growth, "growth"))
    x = start = picture(shape, classes, seed)
    x = conv(x, 2 * growth, 7, 2, norm=True, name="conv1")
    x = layers.MaxPooling2D(3, 2, "same", name="pool1")(x)
    for stage, count in enumerate(BLOCKS[depth], start=1):
        for number in range(1, count + 1):
            x = _layer(x, growth, f"dense{stage}_{number}")
        x = normed(x, f"after{stage}")
        if stage < 4:
            x = conv(x, x.shape[-1] // 2, 1, bias=False, relu=False, name=f"transition{stage}")
            x = layers.AveragePooling2D(2, padding="same", name=f"pool{stage + 1}")(x)
    return keras.Model(start, classes_of(x, classes), name=f"densenet{depth}")


def _layer(x, growth, name):
    """Normalise, 1 x 1, normalise, 3 x 3; what comes out is put behind what came in."""
    y = normed(x, f"{name}_0")
    y = conv(y, 4 * growth, 1, norm=True, name=f"{name}_1")
    y = conv(y, growth, 3, bias=False, relu=False, name=f"{name}_2")
    return layers.Concatenate(name=name)([x, y])
