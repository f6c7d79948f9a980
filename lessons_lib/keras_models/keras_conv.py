"""One layer of Keras with given numbers in it, to be compared with the same layer in NumPy."""

import keras
import numpy as np

from lessons_lib.core import validate


def keras_conv2d(x, kernels, bias=None, stride=1, padding="valid"):
    """The output of Keras' `Conv2D` for x (B, M, N, D) with these kernels (R, C, D, K) and this bias (K,).

    Keras knows only the paddings "valid" and "same"; a number of zeros at each end is the work of a `ZeroPadding2D`.

    >>> keras_conv2d(np.ones((1, 4, 4, 1)), np.ones((3, 3, 1, 1)), bias=[1])[0, :, :, 0].tolist()
    [[10.0, 10.0], [10.0, 10.0]]
    """
    x = validate.array(x, "x", axes=4).astype("float32")
    kernels = validate.array(kernels, "kernels", axes=4).astype("float32")
    *size, depth, count = kernels.shape
    if x.shape[3] != depth:
        raise ValueError(f"x of shape {x.shape} has depth {x.shape[3]}, kernels of shape {kernels.shape} have {depth}")
    bias = np.zeros(count) if bias is None else validate.array(bias, "bias", axes=1)
    if isinstance(padding, str):
        validate.choice(padding, "padding", ["valid", "same"])
    else:
        x = keras.layers.ZeroPadding2D(validate.whole(padding, "padding", 0))(x)
        padding = "valid"
    layer = keras.layers.Conv2D(count, tuple(size), strides=validate.whole(stride, "stride"), padding=padding)
    layer.build(x.shape)
    layer.set_weights([kernels, bias])
    return np.asarray(layer(x))
