"""VGG, 2014: nothing but 3 x 3, pooling, and once more; deeper than anything before."""

import keras
from keras import layers

from lessons_lib.core import validate
from lessons_lib.keras_models.alexnet import ResponseNorm, fully_connected
from lessons_lib.keras_models.blocks import conv, picture, softmax, thin

# Table 1 of the paper, column by column: kernels of each convolution between two poolings. "1:" is a 1 x 1.
CONFIGURATIONS = {
    "A": ("64", "128", "256 256", "512 512", "512 512"),
    "A-LRN": ("64 LRN", "128", "256 256", "512 512", "512 512"),
    "B": ("64 64", "128 128", "256 256", "512 512", "512 512"),
    "C": ("64 64", "128 128", "256 256 1:256", "512 512 1:512", "512 512 1:512"),
    "D": ("64 64", "128 128", "256 256 256", "512 512 512", "512 512 512"),
    "E": ("64 64", "128 128", "256 256 256 256", "512 512 512 512", "512 512 512 512"),
}


def vgg(configuration="D", shape=(224, 224, 3), classes=1000, width=1.0, *, dropout=0.5, seed=None):
    """One column of the paper's table; D is known as VGG16, E as VGG19.

    Parameters
    ----------
    configuration : {"A", "A-LRN", "B", "C", "D", "E"}
    shape : tuple of int (rows, columns, depth)
        At least 32 rows and columns.
    classes : int
    width : float
        Times the paper's number of kernels and units.
    dropout : float
        The share of the units switched off in a step of the training.
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
    Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition", ICLR 2015,
    https://arxiv.org/abs/1409.1556

    Examples
    --------
    >>> vgg("D", (32, 32, 3), 10, width=1 / 16).get_layer("conv5_3").output.shape
    (None, 2, 2, 32)
    """
    validate.choice(configuration, "configuration", CONFIGURATIONS)
    wide, dropout = thin(width), validate.number(dropout, "dropout", 0, 0.9)
    x = start = picture(shape, classes, seed, smallest=32)
    for stage, column in enumerate(CONFIGURATIONS[configuration], start=1):
        for place, entry in enumerate(column.split(), start=1):
            if entry == "LRN":
                x = ResponseNorm(name=f"lrn{stage}")(x)
                continue
            size, kernels = (1, entry[2:]) if entry.startswith("1:") else (3, entry)
            x = conv(x, wide(int(kernels)), size, name=f"conv{stage}_{place}")
        x = layers.MaxPooling2D(2, name=f"pool{stage}")(x)
    x = fully_connected(x, wide(4096), classes, dropout)
    return keras.Model(start, softmax(x), name=f"vgg_{configuration}")
