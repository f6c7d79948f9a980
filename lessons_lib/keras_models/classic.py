"""AlexNet, VGG and Network in network: one layer after the other.

Every builder takes the shape (rows, columns, depth) of the pictures, the number of classes, `width`, a factor for all
kernels and units, and a seed for the random weights; it returns a keras.Model, and raises TypeError or ValueError where
an argument is none of its choices. Left out, the arguments are the paper's.
"""

import keras
from keras import layers

from lessons_lib.core import validate
from lessons_lib.keras_models.blocks import ResponseNorm, conv, picture, scaler, softmax

# Table 1 of VGG's paper, column by column: kernels of each convolution between two poolings. "1:" is a 1 x 1.
CONFIGURATIONS = {
    "A": ("64", "128", "256 256", "512 512", "512 512"),
    "A-LRN": ("64 LRN", "128", "256 256", "512 512", "512 512"),
    "B": ("64 64", "128 128", "256 256", "512 512", "512 512"),
    "C": ("64 64", "128 128", "256 256 1:256", "512 512 1:512", "512 512 1:512"),
    "D": ("64 64", "128 128", "256 256 256", "512 512 512", "512 512 512"),
    "E": ("64 64", "128 128", "256 256 256 256", "512 512 512 512", "512 512 512 512"),
}


def alexnet(shape=(227, 227, 3), classes=1000, width=1.0, *, groups=2, lrn=True, dropout=0.5, seed=None):
    """Five convolutions, the second, fourth and fifth in one group for each of two GPUs, and three fully connected.

    Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks", NeurIPS 2012.
    The paper says 224 rows, but with windows of 11 at stride 4 only 227 fit (lesson 4).

    >>> alexnet((67, 67, 1), 10, width=1 / 16).get_layer("conv5").output.shape
    (None, 3, 3, 16)
    """
    validate.choice(groups, "groups", [1, 2])
    validate.flag(lrn, "lrn")
    scale, dropout = scaler(width, step=2), validate.number(dropout, "dropout", 0, 0.9)
    x = start = picture(shape, classes, seed, smallest=67)
    x = conv(x, scale(96), 11, 4, "valid", name="conv1")
    x = ResponseNorm(name="lrn1")(x) if lrn else x
    x = layers.MaxPooling2D(3, 2, name="pool1")(x)
    x = conv(x, scale(256), 5, groups=groups, name="conv2")
    x = ResponseNorm(name="lrn2")(x) if lrn else x
    x = layers.MaxPooling2D(3, 2, name="pool2")(x)
    x = conv(x, scale(384), 3, name="conv3")
    x = conv(x, scale(384), 3, groups=groups, name="conv4")
    x = conv(x, scale(256), 3, groups=groups, name="conv5")
    x = layers.MaxPooling2D(3, 2, name="pool5")(x)
    x = fully_connected(x, scale(4096), classes, dropout)
    return keras.Model(start, softmax(x), name="alexnet")


def fully_connected(x, units, classes, dropout):
    """The end of AlexNet and of VGG: two fully connected layers with dropout, and one weighted sum for each class.

    >>> fully_connected(picture((7, 7, 4), 10), 8, 10, 0.5).shape
    (None, 10)
    """
    x = layers.Flatten(name="flatten")(x)
    for name in ("fc6", "fc7"):
        x = layers.Dense(units, "relu", kernel_initializer="he_normal", name=name)(x)
        x = layers.Dropout(dropout, name=f"{name}_drop")(x) if dropout else x
    return layers.Dense(classes, name="fc8")(x)


def vgg(configuration="D", shape=(224, 224, 3), classes=1000, width=1.0, *, dropout=0.5, seed=None):
    """Convolutions of 3 x 3 and poolings of 2 x 2; configuration D is known as VGG16, E as VGG19.

    Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition", ICLR 2015,
    https://arxiv.org/abs/1409.1556

    >>> vgg("D", (32, 32, 3), 10, width=1 / 16).get_layer("conv5_3").output.shape
    (None, 2, 2, 32)
    """
    validate.choice(configuration, "configuration", CONFIGURATIONS)
    scale, dropout = scaler(width), validate.number(dropout, "dropout", 0, 0.9)
    x = start = picture(shape, classes, seed, smallest=32)
    for stage, column in enumerate(CONFIGURATIONS[configuration], start=1):
        for number, entry in enumerate(column.split(), start=1):
            if entry == "LRN":
                x = ResponseNorm(name=f"lrn{stage}")(x)
                continue
            size, kernels = (1, entry[2:]) if entry.startswith("1:") else (3, entry)
            x = conv(x, scale(int(kernels)), size, name=f"conv{stage}_{number}")
        x = layers.MaxPooling2D(2, name=f"pool{stage}")(x)
    x = fully_connected(x, scale(4096), classes, dropout)
    return keras.Model(start, softmax(x), name=f"vgg_{configuration}")


def nin(shape=(32, 32, 3), classes=10, width=1.0, *, dropout=0.5, seed=None):
    """Three times a convolution and two of 1 x 1, for CIFAR-10; the mean of each of the last maps scores a class.

    Lin, Chen and Yan, "Network in network", ICLR 2014, https://arxiv.org/abs/1312.4400

    >>> nin().count_params()
    966986
    """
    scale, dropout = scaler(width), validate.number(dropout, "dropout", 0, 0.9)
    x = start = picture(shape, classes, seed)
    stages = [
        (5, (scale(192), scale(160), scale(96))),
        (5, (scale(192), scale(192), scale(192))),
        (3, (scale(192), scale(192), classes)),
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
