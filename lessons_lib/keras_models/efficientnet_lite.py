"""EfficientNet-Lite0 in Keras with weights learned from ImageNet: small enough to read, to ship and to run anywhere.

An argument that is not what is wanted is refused with a TypeError or ValueError that says what came.
"""

import keras
from keras import layers

from lessons_lib import data
from lessons_lib.core import validate
from lessons_lib.transfer.lite0 import STAGES

NORM = ("weight", "bias", "running_mean", "running_var")


def build(weights="imagenet", include_top=True, *, side=224, seed=None):
    """EfficientNet-Lite0: a convolution, 16 blocks, a 1 x 1 convolution; then a mean over each map, and 1 000 classes.

    A block widens (1 x 1), filters each map by itself (depthwise), narrows (1 x 1), and is added to its input where the
    shapes agree. Every convolution is normalised; after the first two of a block and outside of blocks
    comes ReLU6, which also cuts at 6.

    Without its top the network ends in its last maps, of shape (side / 32, side / 32, 1280). `weights` is "imagenet",
    or None, which leaves it untrained; `side` is 32 or more, and was 224 in the training. Pictures are prepared by
    `lessons_lib.transfer.prepare`; the layers `stem`, `block0` ... `block15` and `head` give the output of each part.

    References
    ----------
    Tan and Le, "EfficientNet", ICML 2019, https://arxiv.org/abs/1905.11946; the Lite variants, without squeeze and
    excitation and with ReLU6, https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite

    Examples
    --------
    >>> build(weights=None).count_params()
    4694024
    """
    if weights is not None:
        validate.choice(weights, "weights", ["imagenet"])
    validate.flag(include_top, "include_top")
    side = validate.whole(side, "side", low=32)
    if seed is not None:
        keras.utils.set_random_seed(validate.whole(seed, "seed", low=0))
    stored = {}  # layer's name -> name in the file of weights
    x = picture = keras.Input((side, side, 3), name="picture")
    x = _normed(x, layers.Conv2D(32, 3, 2, "same", use_bias=False), "stem", stored, "_conv_stem", "_bn0")
    number = 0
    for blocks, kernel, stride, expansion, maps in STAGES:
        for position in range(blocks):
            x = _block(x, number, kernel, 1 if position else stride, expansion, maps, stored)
            number += 1
    x = _normed(x, layers.Conv2D(1280, 1, use_bias=False), "head", stored, "_conv_head", "_bn1")
    if include_top:
        x = layers.GlobalAveragePooling2D(name="mean")(x)
        x = layers.Dense(1000, name="scores")(layers.Dropout(0.2, name="dropout")(x))
        x = layers.Softmax(name="probabilities")(x)
        stored["scores"] = "_fc"
    network = keras.Model(picture, x, name="efficientnet_lite0")
    if weights:
        _set_weights(network, stored, data.load("efficientnet-lite0"))
    return network


def _block(x, number, kernel, stride, expansion, maps, stored):
    name, origin, start = f"block{number}", f"_blocks.{number}.", x
    depth = x.shape[-1]
    if expansion > 1:
        wider = layers.Conv2D(expansion * depth, 1, use_bias=False)
        x = _normed(x, wider, f"{name}_expand", stored, f"{origin}_expand_conv", f"{origin}_bn0")
    around = layers.DepthwiseConv2D(kernel, stride, "same", use_bias=False)
    x = _normed(x, around, f"{name}_depthwise", stored, f"{origin}_depthwise_conv", f"{origin}_bn1")
    added, narrower = stride == 1 and depth == maps, layers.Conv2D(maps, 1, use_bias=False)
    end = f"{name}_project" if added else name
    x = _normed(x, narrower, end, stored, f"{origin}_project_conv", f"{origin}_bn2", relu=False)
    return layers.Add(name=name)([x, start]) if added else x


def _normed(x, convolution, name, stored, stored_convolution, stored_norm, relu=True):
    """Convolution, normalisation, ReLU6; the last of them has the name."""
    convolution.name, norm = f"{name}_conv", f"{name}_norm" if relu else name
    stored |= {convolution.name: stored_convolution, norm: stored_norm}
    x = layers.BatchNormalization(epsilon=1e-3, name=norm)(convolution(x))
    return layers.ReLU(6, name=name)(x) if relu else x


def _set_weights(network, stored, arrays):
    """Fill the layers with the arrays of the file, whose axes are already those of Keras."""
    for layer in network.layers:
        if layer.name in stored:
            parts = NORM if isinstance(layer, layers.BatchNormalization) else NORM[: len(layer.weights)]
            layer.set_weights([arrays[f"{stored[layer.name]}.{part}"] for part in parts])
