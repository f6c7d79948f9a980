"""GoogLeNet, 2014: nine modules that look at four sizes at once, made cheap by 1 x 1 convolutions."""

import keras
from keras import layers

from lessons_lib.core import validate
from lessons_lib.keras_models.alexnet import ResponseNorm
from lessons_lib.keras_models.blocks import START, classes_of, conv, picture, thin

# Table 1 of the paper: kernels of 1 x 1, 3 x 3 (reduce, conv), 5 x 5 (reduce, conv), and 1 x 1 after the pooling.
MODULES = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


def googlenet(
    shape=(224, 224, 3),
    classes=1000,
    width=1.0,
    *,
    bottleneck=True,
    auxiliary=False,
    norm=False,
    dropout=0.4,
    seed=None,
):
    """Three convolutions, nine inception modules, and the mean of each map in place of fully connected layers.

    Parameters
    ----------
    shape : tuple of int (rows, columns, depth)
    classes : int
    width : float
        Times the paper's number of kernels.
    bottleneck : bool
        Without it the 3 x 3 and 5 x 5 read all maps of their input, and the pooling hands all of them on.
    auxiliary : bool
        Two more classifiers, after 4a and 4d, which help the training and are taken off afterwards: three outputs.
    norm : bool
        Batch normalisation after each convolution: a year younger than the network.
    dropout : float
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
    Szegedy and others, "Going deeper with convolutions", CVPR 2015, https://arxiv.org/abs/1409.4842

    Examples
    --------
    >>> googlenet((32, 32, 3), 10, width=1 / 8).get_layer("3a").output.shape
    (None, 4, 4, 32)
    """
    for name, given in (("bottleneck", bottleneck), ("auxiliary", auxiliary), ("norm", norm)):
        validate.flag(given, name)
    wide, dropout = thin(width), validate.number(dropout, "dropout", 0, 0.9)
    x = start = picture(shape, classes, seed)
    x = conv(x, wide(64), 7, 2, norm=norm, name="conv1")
    x = layers.MaxPooling2D(3, 2, "same", name="pool1")(x)
    x = x if norm else ResponseNorm(name="lrn1")(x)
    x = conv(x, wide(64), 1, norm=norm, name="conv2_reduce")
    x = conv(x, wide(192), 3, norm=norm, name="conv2")
    x = x if norm else ResponseNorm(name="lrn2")(x)
    x = layers.MaxPooling2D(3, 2, "same", name="pool2")(x)
    others = []
    for name, kernels in MODULES.items():
        x = inception(x, [wide(count) for count in kernels], name, bottleneck=bottleneck, norm=norm)
        if auxiliary and name in ("4a", "4d"):
            others.append(_auxiliary(x, classes, wide, name))
        if name in ("3b", "4e"):
            x = layers.MaxPooling2D(3, 2, "same", name=f"pool{name[0]}")(x)
    x = layers.Dropout(dropout, name="drop")(x) if dropout else x
    answer = classes_of(x, classes)
    return keras.Model(start, [answer, *others] if auxiliary else answer, name="googlenet")


def inception(x, kernels, name="inception", *, bottleneck=True, norm=False):
    """Four ways beside each other, and their maps one behind the other.

    Parameters
    ----------
    x : keras.KerasTensor
    kernels : sequence of six int
        As in `MODULES`.
    name : str
    bottleneck, norm : bool
        As in `googlenet`.

    Returns
    -------
    keras.KerasTensor

    Examples
    --------
    >>> inception(picture((28, 28, 192), 10), MODULES["3a"]).shape
    (None, 28, 28, 256)
    """
    one, reduce3, three, reduce5, five, pooled = kernels
    ways = [conv(x, one, 1, norm=norm, name=f"{name}_1x1")]
    for size, before, after in ((3, reduce3, three), (5, reduce5, five)):
        y = conv(x, before, 1, norm=norm, name=f"{name}_{size}x{size}_reduce") if bottleneck else x
        ways.append(conv(y, after, size, norm=norm, name=f"{name}_{size}x{size}"))
    y = layers.MaxPooling2D(3, 1, "same", name=f"{name}_pool")(x)
    ways.append(conv(y, pooled, 1, norm=norm, name=f"{name}_pool_1x1") if bottleneck else y)
    return layers.Concatenate(name=name)(ways)


def _auxiliary(x, classes, wide, name):
    x = layers.AveragePooling2D(5, 3, name=f"{name}_aux_pool")(x)
    x = conv(x, wide(128), 1, name=f"{name}_aux_conv")
    x = layers.Dense(wide(1024), "relu", kernel_initializer=START, name=f"{name}_aux_fc")(layers.Flatten()(x))
    x = layers.Dense(classes, name=f"{name}_aux_classes")(layers.Dropout(0.7)(x))
    return layers.Softmax(name=f"{name}_aux")(x)
