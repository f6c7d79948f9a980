"""LeNet in Keras: the lecture's network and its variants, and LeNet-5 as published in 1998.

All networks take (B, 28, 28, 1) in 0..1 and return (B, 10) probabilities; `seed` chooses their random weights, others
each time when left out. An argument that does not fit raises a TypeError or a ValueError that repeats it.
"""

from collections.abc import Mapping

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from lessons_lib import lenet as numpy_lenet
from lessons_lib.core import validate
from lessons_lib.keras_models.training import to_batch

# Which of the six maps each of the sixteen kernels of LeNet-5's second convolution, c3, sees: Table I of the paper.
C3_MAPS = [
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5), (0, 1, 2, 3, 4, 5),
]  # fmt: skip
ACTIVATIONS = ("relu", "tanh", "sigmoid", None)
POOLINGS = {True: layers.MaxPooling2D, "mean": layers.AveragePooling2D, False: None}


def build(activation="relu", *, pooling=True, dropout=0.0, batch_norm=False, seed=None):
    """The lecture's LeNet, untrained: CONV, ACT, POOL, CONV, ACT, POOL, FC, ACT, FC, SOFTMAX.

    `activation` stands after both convolutions and the first fully connected layer; None leaves it out. `pooling` may
    be "mean" in place of the largest number, or False: the maps stay 28 x 28. `dropout` is the share of the 500 units
    that is switched off in a step, and `batch_norm` normalises each map before the activation. Layers have the names of
    the lecture's table.

    References
    ----------
    LeCun, Kavukcuoglu and Farabet, "Convolutional networks and applications in vision", ISCAS 2010.

    Examples
    --------
    >>> build().count_params()
    1256080
    """
    if not isinstance(activation, str | None) or activation not in ACTIVATIONS:
        raise ValueError(f"activation is {activation!r}; choose one of {', '.join(map(repr, ACTIVATIONS))}")
    if not isinstance(pooling, str | bool) or pooling not in POOLINGS:
        raise ValueError(f"pooling is {pooling!r}; choose one of {', '.join(map(repr, POOLINGS))}")
    validate.flag(batch_norm, "batch_norm")
    dropout = validate.number(dropout, "dropout", 0, 0.9)
    _set_seed(seed)
    initializer = "he_normal" if activation == "relu" else "glorot_uniform"
    network = keras.Sequential([keras.Input((28, 28, 1), name="input")], name="lenet")
    for stage, kernels in enumerate((20, 50), start=1):
        conv = layers.Conv2D(kernels, 5, padding="same", use_bias=not batch_norm, kernel_initializer=initializer)
        parts = [("conv", conv)]
        parts += [("norm", layers.BatchNormalization(momentum=0.9))] if batch_norm else []
        parts += [("act", layers.Activation(activation))] if activation else []
        parts += [("pool", POOLINGS[pooling](2))] if pooling else []
        _add(network, parts, stage)
    network.add(layers.Flatten(name="flatten"))
    parts = [("fc", layers.Dense(500, kernel_initializer=initializer))]
    parts += [("act", layers.Activation(activation))] if activation else []
    _add(network, parts, 3)
    if dropout:
        network.add(layers.Dropout(dropout, name="dropout"))
    network.add(layers.Dense(10, name="fc4"))
    network.add(layers.Softmax(name="softmax"))
    return network


def plain():
    """The lecture's LeNet in plain Keras, as students write it in lesson 6.

    >>> plain().count_params()
    1256080
    """
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(20, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(50, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(500, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def _add(network, parts, stage):
    for name, layer in parts:
        layer.name = f"{name}{stage}"
        network.add(layer)


def _set_seed(seed):
    if seed is not None:
        keras.utils.set_random_seed(validate.whole(seed, "seed", low=0))


def linear(seed=None):
    """A linear classifier: ten weighted sums of the pixels, and a softmax.

    >>> linear().count_params()
    7850
    """
    return _dense([], seed, "linear")


def mlp(units=(791, 791), seed=None):
    """A fully connected network; with these two hidden layers it has as many weights as LeNet, to 1 in 1000.

    >>> mlp().count_params()
    1255327
    """
    return _dense([validate.whole(count, "units") for count in validate.sequence(units, "units")], seed, "mlp")


def _dense(units, seed, name):
    _set_seed(seed)
    hidden = [layers.Dense(count, "relu", kernel_initializer="he_normal") for count in units]
    return keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Flatten(), *hidden, layers.Dense(10), layers.Softmax()], name=name
    )


def scaled_tanh(x):
    """LeNet-5's activation: a tanh that is 1 at 1 and -1 at -1."""
    return 1.7159 * ops.tanh(x * (2 / 3))


class Subsampling(layers.Layer):
    """LeNet-5's pooling: the sum of four cells times one trained number a map, plus another; then the activation."""

    def build(self, shape):
        """Two weights for each map."""
        self.times = self.add_weight(shape=(shape[-1],), initializer=keras.initializers.Constant(0.25), name="times")
        self.plus = self.add_weight(shape=(shape[-1],), initializer="zeros", name="plus")

    def call(self, x):
        """(B, M, N, D) to (B, M / 2, N / 2, D)."""
        return scaled_tanh(4 * ops.average_pool(x, 2, 2) * self.times + self.plus)


def lenet5(seed=None):
    """LeNet-5 of 1998: 6 and 16 kernels, trained subsampling, its own activation, and kernels that see only some maps.

    Up to its layer of 84 units it has the paper's 60,000 trained numbers exactly. The paper then compares the 84 with
    ten fixed pictures of the digits; here, as everyone does today, a fully connected layer and a softmax follow.
    LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", Proceedings of the
    IEEE 86 (1998), https://doi.org/10.1109/5.726791

    >>> lenet5().count_params() - (84 + 1) * 10
    60000
    """
    _set_seed(seed)
    x = picture = keras.Input((28, 28, 1), name="input")
    x = layers.ZeroPadding2D(2, name="frame")(x)
    x = layers.Conv2D(6, 5, activation=scaled_tanh, name="c1")(x)
    x = Subsampling(name="s2")(x)
    maps = [
        layers.Conv2D(1, 5, activation=scaled_tanh, name=f"c3-{k}")(ops.take(x, seen, axis=-1))
        for k, seen in enumerate(C3_MAPS)
    ]
    x = layers.Concatenate(name="c3")(maps)
    x = Subsampling(name="s4")(x)
    x = layers.Conv2D(120, 5, activation=scaled_tanh, name="c5")(x)
    x = layers.Dense(84, activation=scaled_tanh, name="f6")(layers.Flatten(name="flatten")(x))
    x = layers.Softmax(name="softmax")(layers.Dense(10, name="output")(x))
    return keras.Model(picture, x, name="lenet5")


def layer_outputs(network):
    """A function of pictures, as in `training.to_batch`, that returns the output of every layer by its name.

    The dict begins with "input"; what the network learns afterwards shows in it.

    >>> outputs_of = layer_outputs(build(seed=0))
    >>> outputs_of(np.zeros((28, 28)))["pool2"].shape
    (1, 7, 7, 50)
    """
    validate.having(network, "network", "get_layer", "a Keras network")
    model = keras.Model(network.inputs, [layer.output for layer in network.layers])
    names = [layer.name for layer in network.layers]
    compiled = tf.function(lambda x: model(x, training=False), reduce_retracing=True)

    def outputs_of(pictures):
        x = to_batch(pictures)
        return {"input": x} | {name: np.asarray(output) for name, output in zip(names, compiled(x), strict=True)}

    return outputs_of


def gradients(network, picture, digit):
    """The gradient of a digit's logit with respect to each pixel (M, N): positive where more ink favours the digit.

    Simonyan, Vedaldi and Zisserman, "Deep inside convolutional networks", ICLR 2014 workshop, arXiv:1312.6034

    >>> gradients(build(seed=0), np.zeros((28, 28)), 3).shape
    (28, 28)
    """
    validate.having(network, "network", "get_layer", "a Keras network")
    logits = keras.Model(network.inputs, network.layers[-1].input)
    x = tf.constant(to_batch(picture))
    with tf.GradientTape() as tape:
        tape.watch(x)
        logit = logits(x, training=False)[0, validate.whole(digit, "digit", 0, logits.output.shape[-1] - 1)]
    return tape.gradient(logit, x).numpy()[0, :, :, 0]


def weights(network):
    """The trained numbers of a network of the lecture's shape, by name, as `lessons_lib.lenet.forward` takes them.

    It may be your own `Sequential`, with any names and numbers of kernels and units. Once trained, batch norm is the
    same product and sum for every picture, so it is multiplied into the kernels before it: Ioffe and Szegedy, "Batch
    normalization", ICML 2015, arXiv:1502.03167

    >>> {name: array.shape for name, array in weights(build()).items() if "conv" in name}
    {'conv1_kernels': (5, 5, 1, 20), 'conv1_bias': (20,), 'conv2_kernels': (5, 5, 20, 50), 'conv2_bias': (50,)}
    """
    validate.having(network, "network", "get_layer", "a Keras network")
    if not network.built:
        raise ValueError("network has no numbers yet; put keras.Input((28, 28, 1)) first in it, or train it")
    arrays, convolutions, dense = {}, 0, 0
    for layer in network.layers:
        values = layer.get_weights()
        if isinstance(layer, layers.Conv2D):
            convolutions += 1
            last = f"conv{convolutions}"
            arrays[f"{last}_kernels"] = values[0]
            arrays[f"{last}_bias"] = values[1] if layer.use_bias else np.zeros(layer.filters, np.float32)
        elif isinstance(layer, layers.Dense):
            dense += 1
            last = f"fc{2 + dense}"
            arrays[f"{last}_weights"] = values[0]
            arrays[f"{last}_bias"] = values[1] if layer.use_bias else np.zeros(layer.units, np.float32)
        elif isinstance(layer, layers.BatchNormalization) and convolutions and not dense:
            gamma, beta, mean, variance = values
            times = gamma / np.sqrt(variance + layer.epsilon)
            arrays[f"{last}_kernels"] = arrays[f"{last}_kernels"] * times
            arrays[f"{last}_bias"] = (arrays[f"{last}_bias"] - mean) * times + beta
    if not _agrees(network, arrays):
        found = ", ".join(type(layer).__name__ for layer in network.layers)
        raise ValueError(
            f"network has {found}; give one of the lecture's shape, for pictures (28, 28, 1) in 0..1: twice Conv2D of "
            "5 × 5 with padding 'same', ReLU and MaxPooling2D of 2 × 2, then Flatten, Dense, ReLU, Dense of 10, softmax"
        )
    return arrays


def _agrees(network, arrays):
    """Whether NumPy computes with these arrays what the network does, so that no layer between them was overlooked."""
    picture = np.random.default_rng(0).random((1, 28, 28, 1)).astype(np.float32)
    try:
        ours = numpy_lenet.forward(picture[..., 0], arrays)
        theirs = np.asarray(network(picture, training=False))
    except ValueError:
        return False
    # A network may end in its logits, too.
    return theirs.shape == (1, 10) and any(
        np.allclose(theirs, ours[last], rtol=1e-3, atol=1e-3) for last in ("softmax", "fc4")
    )


def from_weights(arrays):
    """The lecture's LeNet with given numbers in it, as from `weights` or `data.load("lenet")`.

    >>> first = build(seed=0)
    >>> bool((from_weights(weights(first)).get_weights()[0] == first.get_weights()[0]).all())
    True
    """
    if not isinstance(arrays, Mapping):
        raise TypeError(f"arrays is {arrays!r}; give a dictionary of arrays, such as data.load('lenet')")
    network = build()
    names = list(weights(network))
    if missing := [name for name in names if name not in arrays]:
        raise ValueError(f"arrays has {', '.join(map(repr, arrays))} and not {', '.join(missing)}; give these too")
    network.set_weights([validate.array(arrays[name], name).astype(np.float32) for name in names])
    return network
