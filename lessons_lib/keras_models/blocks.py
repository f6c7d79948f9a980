"""Layers that the architectures share.

A function of `x` takes a keras.KerasTensor and returns one; `name` is the Keras name of what comes out.
"""

import keras
import tensorflow as tf
from keras import layers

from lessons_lib import architectures
from lessons_lib.core import validate

START = "he_normal"  # He and others' initialiser, made for ReLU; Xavier (Glorot and Bengio) is another one


def picture(shape, classes, seed=None, smallest=1):
    """The input layer, once shape, classes and seed of a builder are checked; `smallest` is its fewest rows or columns.

    >>> picture((32, 32, 3), 10).shape
    (None, 32, 32, 3)
    """
    if not isinstance(shape, (list, tuple)) or len(shape) != 3:
        raise ValueError(f"shape is {shape!r}; give rows, columns and depth, such as (224, 224, 3)")
    rows, columns, depth = (validate.whole(side, "shape") for side in shape)
    if min(rows, columns) < smallest:
        raise ValueError(f"shape is {tuple(shape)}; this network needs at least {smallest} rows and columns")
    validate.whole(classes, "classes", low=2)
    if seed is not None:
        keras.utils.set_random_seed(validate.whole(seed, "seed", low=0))
    return keras.Input((rows, columns, depth), name="picture")


def scaler(width, step=1):
    """A function that multiplies a number of kernels by `width` and rounds it to a multiple of `step`, never to 0.

    >>> [scaler(1 / 8)(kernels) for kernels in (64, 100, 4)]
    [8, 12, 1]
    """
    width, step = validate.number(width, "width", low=1e-3), validate.whole(step, "step")
    return lambda kernels: max(step, round(kernels * width / step) * step)


def conv(x, kernels, size, stride=1, padding="same", *, groups=1, norm=False, relu=True, bias=None, name=None):
    """A convolution, then batch normalisation and ReLU if wanted; it has no bias where a normalisation follows.

    >>> conv(picture((8, 8, 3), 10), 4, 3, stride=2, norm=True, name="a").shape
    (None, 4, 4, 4)
    """
    bias = not norm if bias is None else bias
    x = layers.Conv2D(
        kernels, size, stride, padding, groups=groups, use_bias=bias, kernel_initializer=START,
        activation="relu" if relu and not norm else None, name=name,
    )(x)  # fmt: skip
    return normalise(x, name, relu) if norm else x


def normalise(x, name=None, relu=True):
    """Batch normalisation, then ReLU if wanted, in layers called `<name>_norm` and `<name>_relu`.

    >>> normalise(picture((8, 8, 3), 10), "b").shape
    (None, 8, 8, 3)
    """
    norm_name, relu_name = (None, None) if name is None else (f"{name}_norm", f"{name}_relu")
    # Keras' own momentum of 0.99 is too long for trainings of a few hundred steps.
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=norm_name)(x)
    return layers.ReLU(name=relu_name)(x) if relu else x


def classify(x, classes):
    """The mean of each map, one weighted sum of them for each class, and the softmax.

    >>> classify(picture((8, 8, 3), 10), 10).shape
    (None, 10)
    """
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    return softmax(layers.Dense(classes, name="fc")(x))


def softmax(x):
    """The last layer of every architecture.

    >>> softmax(classify(picture((8, 8, 3), 10), 10)).shape
    (None, 10)
    """
    return layers.Softmax(name="softmax")(x)


@keras.saving.register_keras_serializable("lessons_lib")
class ResponseNorm(layers.Layer):
    """Local response normalisation with AlexNet's four numbers, as `architectures.response_norm` in NumPy."""

    def call(self, x):
        """Divide each number by a power of the sum of squares of its neighbours in the depth."""
        paper = architectures.RESPONSE_NORM
        return tf.nn.local_response_normalization(
            x, depth_radius=paper["size"] // 2, bias=paper["k"], alpha=paper["alpha"], beta=paper["beta"]
        )

    def compute_output_shape(self, shape):
        """The shape of the input."""
        return shape
