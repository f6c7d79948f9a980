"""ResNeXt, 2016: each block is many thin paths beside each other, which is one convolution in groups."""

import keras
from keras import layers

from lessons_lib.core import validate
from lessons_lib.keras_models.blocks import classes_of, conv, picture, thin
from lessons_lib.keras_models.resnet import BLOCKS, block


def resnext(depth=50, cardinality=32, d=4, shape=(224, 224, 3), classes=1000, width=1.0, *, seed=None):
    """ResNeXt-depth (cardinality x d): the ResNet of this depth, whose 3 x 3 are cut into groups and made wider.

    Parameters
    ----------
    depth : {50, 101, 152}
    cardinality : int
        Paths in a block: the groups of its 3 x 3.
    d : int
        Maps of each path in the first stage; they double from stage to stage.
    shape : tuple of int (rows, columns, depth)
    classes : int
    width : float
        Times the paper's number of kernels, and the maps of a path.
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
    Xie and others, "Aggregated residual transformations for deep neural networks", CVPR 2017,
    https://arxiv.org/abs/1611.05431

    Examples
    --------
    >>> resnext(50, 4, 4, (32, 32, 3), 10, width=1 / 8).get_layer("conv2_1_2").groups
    4
    """
    validate.choice(depth, "depth", [50, 101, 152])
    cardinality, wide = validate.whole(cardinality, "cardinality"), thin(width)
    path = thin(width)(validate.whole(d, "d"))
    x = start = picture(shape, classes, seed)
    x = conv(x, wide(64), 7, 2, norm=True, name="conv1")
    x = layers.MaxPooling2D(3, 2, "same", name="pool1")(x)
    for stage, blocks in enumerate(BLOCKS[depth], start=2):
        doubled = 2 ** (stage - 2)
        inner, outer = cardinality * path * doubled, wide(256 * doubled)
        for number in range(1, blocks + 1):
            stride = 2 if stage > 2 and number == 1 else 1
            x = block(
                x, [(inner, 1), (inner, 3), (outer, 1)], stride, groups=cardinality, strided=1,
                name=f"conv{stage}_{number}",
            )  # fmt: skip
    return keras.Model(start, classes_of(x, classes), name=f"resnext{depth}_{cardinality}x{d}")
