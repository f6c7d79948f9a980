"""GoogLeNet, SqueezeNet, DenseNet and FractalNet: layers beside each other, whose maps are put together.

Arguments, results and errors of the builders are as in `classic`.
"""

import keras
from keras import layers

from lessons_lib.core import validate
from lessons_lib.keras_models.blocks import START, ResponseNorm, classify, conv, normalise, picture, scaler, softmax

# GoogLeNet's Table 1: kernels of 1 x 1, 3 x 3 (reduce, conv), 5 x 5 (reduce, conv), and 1 x 1 after the pooling.
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
# SqueezeNet's first convolution (kernels, size); then "pool" and the fire modules: kernels that squeeze, that expand.
VERSIONS = {
    "1.0": ((96, 7), "pool", (16, 64), (16, 64), (32, 128), "pool", (32, 128), (48, 192), (48, 192), (64, 256), "pool",
            (64, 256)),
    "1.1": ((64, 3), "pool", (16, 64), (16, 64), "pool", (32, 128), (32, 128), "pool", (48, 192), (48, 192), (64, 256),
            (64, 256)),
}  # fmt: skip
# Layers of DenseNet's four blocks: Table 1 of the paper.
DENSE_BLOCKS = {121: (6, 12, 24, 16), 169: (6, 12, 32, 32), 201: (6, 12, 48, 32)}


def googlenet(
    shape=(224, 224, 3), classes=1000, width=1.0, *, bottleneck=True, auxiliary=False, norm=False, dropout=0.4,
    seed=None,
):  # fmt: skip
    """Three convolutions, nine inception modules, and the mean of each map in place of fully connected layers.

    Szegedy and others, "Going deeper with convolutions", CVPR 2015, https://arxiv.org/abs/1409.4842. `auxiliary` adds
    the two classifiers after 4a and 4d, which are only for the training, as second and third output; `norm` adds batch
    normalisation, which is a year younger, in place of the response normalisation.

    >>> googlenet((32, 32, 3), 10, width=1 / 8).get_layer("3a").output.shape
    (None, 4, 4, 32)
    """
    for name, value in (("bottleneck", bottleneck), ("auxiliary", auxiliary), ("norm", norm)):
        validate.flag(value, name)
    scale, dropout = scaler(width), validate.number(dropout, "dropout", 0, 0.9)
    x = start = picture(shape, classes, seed)
    x = conv(x, scale(64), 7, 2, norm=norm, name="conv1")
    x = layers.MaxPooling2D(3, 2, "same", name="pool1")(x)
    x = x if norm else ResponseNorm(name="lrn1")(x)
    x = conv(x, scale(64), 1, norm=norm, name="conv2_reduce")
    x = conv(x, scale(192), 3, norm=norm, name="conv2")
    x = x if norm else ResponseNorm(name="lrn2")(x)
    x = layers.MaxPooling2D(3, 2, "same", name="pool2")(x)
    others = []
    for name, kernels in MODULES.items():
        x = inception(x, [scale(count) for count in kernels], name, bottleneck=bottleneck, norm=norm)
        if auxiliary and name in ("4a", "4d"):
            others.append(_auxiliary(x, classes, scale, name))
        if name in ("3b", "4e"):
            x = layers.MaxPooling2D(3, 2, "same", name=f"pool{name[0]}")(x)
    x = layers.Dropout(dropout, name="drop")(x) if dropout else x
    probabilities = classify(x, classes)
    return keras.Model(start, [probabilities, *others] if auxiliary else probabilities, name="googlenet")


def inception(x, kernels, name="inception", *, bottleneck=True, norm=False):
    """Four branches side by side, with six numbers of kernels as in `MODULES`.

    >>> inception(picture((28, 28, 192), 10), MODULES["3a"]).shape
    (None, 28, 28, 256)
    """
    one, reduce3, three, reduce5, five, after_pool = kernels
    branches = [conv(x, one, 1, norm=norm, name=f"{name}_1x1")]
    for size, before, after in ((3, reduce3, three), (5, reduce5, five)):
        y = conv(x, before, 1, norm=norm, name=f"{name}_{size}x{size}_reduce") if bottleneck else x
        branches.append(conv(y, after, size, norm=norm, name=f"{name}_{size}x{size}"))
    y = layers.MaxPooling2D(3, 1, "same", name=f"{name}_pool")(x)
    branches.append(conv(y, after_pool, 1, norm=norm, name=f"{name}_pool_1x1") if bottleneck else y)
    return layers.Concatenate(name=name)(branches)


def _auxiliary(x, classes, scale, name):
    x = layers.AveragePooling2D(5, 3, name=f"{name}_aux_pool")(x)
    x = conv(x, scale(128), 1, name=f"{name}_aux_conv")
    x = layers.Dense(scale(1024), "relu", kernel_initializer=START, name=f"{name}_aux_fc")(layers.Flatten()(x))
    x = layers.Dense(classes, name=f"{name}_aux_classes")(layers.Dropout(0.7)(x))
    return layers.Softmax(name=f"{name}_aux")(x)


def squeezenet(version="1.0", shape=(227, 227, 3), classes=1000, width=1.0, *, dropout=0.5, seed=None):
    """A convolution, eight fire modules, and a 1 x 1 with one map for each class; version 1.0 is the paper's.

    Iandola and others, "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and < 0.5 MB model size",
    https://arxiv.org/abs/1602.07360

    >>> squeezenet().count_params()
    1248424
    """
    validate.choice(version, "version", VERSIONS)
    scale, dropout = scaler(width), validate.number(dropout, "dropout", 0, 0.9)
    (kernels, size), *parts = VERSIONS[version]
    x = start = picture(shape, classes, seed, smallest=32)
    x = conv(x, scale(kernels), size, 2, "valid", name="conv1")
    number = 1
    for part in parts:
        if part == "pool":
            x = layers.MaxPooling2D(3, 2, "same" if min(x.shape[1:3]) < 3 else "valid", name=f"pool{number}")(x)
        else:
            number += 1
            x = fire(x, scale(part[0]), scale(part[1]), f"fire{number}")
    x = layers.Dropout(dropout, name="drop")(x) if dropout else x
    x = conv(x, classes, 1, name="conv10")
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    return keras.Model(start, softmax(x), name=f"squeezenet_{version}")


def fire(x, squeeze, expand, name="fire"):
    """A 1 x 1 with `squeeze` kernels; then 1 x 1 and 3 x 3 side by side, with `expand` kernels each.

    >>> fire(picture((55, 55, 96), 10), 16, 64).shape
    (None, 55, 55, 128)
    """
    x = conv(x, squeeze, 1, name=f"{name}_squeeze")
    branches = [conv(x, expand, size, name=f"{name}_{size}x{size}") for size in (1, 3)]
    return layers.Concatenate(name=name)(branches)


def densenet(depth=121, shape=(224, 224, 3), classes=1000, width=1.0, *, growth=32, seed=None):
    """Four blocks in which each layer reads all before it and adds `growth` maps; between them half of the maps go.

    Huang, Liu, van der Maaten and Weinberger, "Densely connected convolutional networks", CVPR 2017,
    https://arxiv.org/abs/1608.06993. The depth is 121, 169 or 201.

    >>> densenet(121, (32, 32, 3), 10, width=1 / 8).get_layer("dense1_6").output.shape
    (None, 8, 8, 32)
    """
    validate.choice(depth, "depth", DENSE_BLOCKS)
    growth = scaler(width)(validate.whole(growth, "growth"))
    x = start = picture(shape, classes, seed)
    x = conv(x, 2 * growth, 7, 2, norm=True, name="conv1")
    x = layers.MaxPooling2D(3, 2, "same", name="pool1")(x)
    for stage, count in enumerate(DENSE_BLOCKS[depth], start=1):
        for number in range(1, count + 1):
            x = _dense_layer(x, growth, f"dense{stage}_{number}")
        x = normalise(x, f"after{stage}")
        if stage < 4:
            x = conv(x, x.shape[-1] // 2, 1, bias=False, relu=False, name=f"transition{stage}")
            x = layers.AveragePooling2D(2, padding="same", name=f"pool{stage + 1}")(x)
    return keras.Model(start, classify(x, classes), name=f"densenet{depth}")


def _dense_layer(x, growth, name):
    """Normalise, 1 x 1, normalise, 3 x 3; the output is put beside the input."""
    y = normalise(x, f"{name}_0")
    y = conv(y, 4 * growth, 1, norm=True, name=f"{name}_1")
    y = conv(y, growth, 3, bias=False, relu=False, name=f"{name}_2")
    return layers.Concatenate(name=name)([x, y])


def fractalnet(columns=3, shape=(32, 32, 3), classes=10, width=1.0, *, seed=None):
    """Five fractal blocks, a pooling after each; the longest path has 5 * 2 ** (columns - 1) convolutions.

    Larsson, Maire and Shakhnarovich, "FractalNet: ultra-deep neural networks without residuals", ICLR 2017,
    https://arxiv.org/abs/1605.07648. 3 columns are the main table's, and width=1 / 4 gives its thin networks.

    >>> round(fractalnet(3, width=1 / 4, classes=100).count_params() / 1e6, 1)
    2.1
    """
    columns, scale = validate.whole(columns, "columns", high=6), scaler(width)
    x = start = picture(shape, classes, seed)
    for number, kernels in enumerate((64, 128, 256, 512, 512), start=1):
        x = _mean(fractal(x, scale(kernels), columns, f"block{number}"), f"block{number}")
        x = layers.MaxPooling2D(2, padding="same", name=f"pool{number}")(x)
    return keras.Model(start, classify(x, classes), name=f"fractalnet{5 * 2 ** (columns - 1)}")


def fractal(x, kernels, columns, name="fractal"):
    """The outputs of all columns: one convolution beside two copies of the smaller fractal, one after the other.

    >>> len(fractal(picture((8, 8, 4), 10), 4, 3))
    3
    """
    short = conv(x, kernels, 3, norm=True, bias=False, name=f"{name}_{columns}")
    if columns == 1:
        return [short]
    between = _mean(fractal(x, kernels, columns - 1, f"{name}a"), f"{name}a")
    return [short, *fractal(between, kernels, columns - 1, f"{name}b")]


def _mean(outputs, name):
    """The mean of the columns; of one column, itself."""
    return layers.Average(name=f"{name}_join")(outputs) if len(outputs) > 1 else outputs[0]
