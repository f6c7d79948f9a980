"""AlexNet, 2012: ReLU, dropout, two GPUs, 60 million parameters; it won by ten points."""

import keras
import tensorflow as tf
from keras import layers

from lessons_lib import architectures
from lessons_lib.core import validate
from lessons_lib.keras_models.blocks import conv, picture, softmax, thin


def alexnet(shape=(227, 227, 3), classes=1000, width=1.0, *, groups=2, lrn=True, dropout=0.5, seed=None):
    """Five convolutions and three fully connected layers.

    The paper says 224 rows, but with windows of 11 at stride 4 only 227 fit (lesson 4).

    Parameters
    ----------
    shape : tuple of int (rows, columns, depth)
        At least 67 rows and columns.
    classes : int
    width : float
        Times the paper's number of kernels and units.
    groups : {1, 2}
        2 is the paper's: the second, fourth and fifth convolution are cut into halves, one on each of two GPUs.
    lrn : bool
        Local response normalisation after the first two.
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
    Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks", NeurIPS 2012.

    Examples
    --------
    >>> alexnet((67, 67, 1), 10, width=1 / 16).get_layer("conv5").output.shape
    (None, 3, 3, 16)
    """
    validate.choice(groups, "groups", [1, 2])
    validate.flag(lrn, "lrn")
    wide, dropout = thin(width, step=2), validate.number(dropout, "dropout", 0, 0.9)
    x = start = picture(shape, classes, seed, smallest=67)
    x = conv(x, wide(96), 11, 4, "valid", name="conv1")
    x = ResponseNorm(name="lrn1")(x) if lrn else x
    x = layers.MaxPooling2D(3, 2, name="pool1")(x)
    x = conv(x, wide(256), 5, groups=groups, name="conv2")
    x = ResponseNorm(name="lrn2")(x) if lrn else x
    x = layers.MaxPooling2D(3, 2, name="pool2")(x)
    x = conv(x, wide(384), 3, name="conv3")
    x = conv(x, wide(384), 3, groups=groups, name="conv4")
    x = conv(x, wide(256), 3, groups=groups, name="conv5")
    x = layers.MaxPooling2D(3, 2, name="pool5")(x)
    x = fully_connected(x, wide(4096), classes, dropout)
    return keras.Model(start, softmax(x), name="alexnet")


def fully_connected(x, units, classes, dropout):
    """The end of AlexNet and of VGG: two layers of 4 096 units with dropout, and one sum a class.

    Parameters
    ----------
    x : keras.KerasTensor
    units, classes : int
    dropout : float

    Returns
    -------
    keras.KerasTensor

    Examples
    --------
    >>> fully_connected(picture((7, 7, 4), 10), 8, 10, 0.5).shape
    (None, 10)
    """
    x = layers.Flatten(name="flatten")(x)
    for name in ("fc6", "fc7"):
        x = layers.Dense(units, "relu", kernel_initializer="he_normal", name=name)(x)
        x = layers.Dropout(dropout, name=f"{name}_drop")(x) if dropout else x
    return layers.Dense(classes, name="fc8")(x)


class ResponseNorm(layers.Layer):
    """Local response normalisation with the paper's four numbers, as `architectures.response_norm` in NumPy."""

    def call(self, x):
        """Divide each number by what its neighbours in the depth say."""
        paper = architectures.RESPONSE_NORM
        return tf.nn.local_response_normalization(
            x, depth_radius=paper["size"] // 2, bias=paper["k"], alpha=paper["alpha"], beta=paper["beta"]
        )

    def compute_output_shape(self, shape):
        """The shape stays as it is."""
        return shape
