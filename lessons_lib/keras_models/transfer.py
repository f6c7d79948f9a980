"""The lecture's recipe in Keras: a pretrained base that is frozen, new layers on top, then its last blocks unfrozen.

A base is a `keras.Model` from pictures to maps, and a seed chooses the weights of new layers. An argument that is not
what is wanted is refused with a TypeError or ValueError that says what came.
"""

import math

import keras
from keras import layers

from lessons_lib.core import validate


def add_top(base, classes=3, *, units=256, seed=0):
    """A network without its top, and on it Flatten, Dense with ReLU, Dense with softmax. The base is frozen.

    Frozen means two things: its weights do not change, and its batch normalisation keeps using the means of ImageNet.

    The base is shared with the new network, so what is unfrozen there changes it; `units` are those of the layer in the
    middle.

    References
    ----------
    https://keras.io/guides/transfer_learning

    Examples
    --------
    >>> from lessons_lib.keras_models import efficientnet_lite
    >>> network = add_top(efficientnet_lite.build(weights=None, include_top=False, side=48))
    >>> network.count_params(), trainable_count(network)
    (4724771, 1311747)
    """
    validate.having(base, "base", "get_layer", "a Keras network")
    classes, units = validate.whole(classes, "classes", low=2), validate.whole(units, "units")
    start, seed = keras.initializers.GlorotUniform, validate.whole(seed, "seed", low=0)
    base.trainable = False
    picture = keras.Input(base.input_shape[1:], name="pictures")
    x = layers.Flatten(name="flatten")(base(picture))
    x = layers.Dense(units, "relu", kernel_initializer=start(seed), name="dense")(x)
    x = layers.Dense(classes, "softmax", kernel_initializer=start(seed + 1), name="classes")(x)
    return keras.Model(picture, x, name="with_top")


def add_head(base, classes):
    """A network of a frozen base and a head: the mean of each map, and a dense softmax with a unit for each class.

    >>> from lessons_lib.keras_models import efficientnet_lite
    >>> network = add_head(efficientnet_lite.build(weights=None, include_top=False, side=48), classes=5)
    >>> network.output_shape, trainable_count(network)
    ((None, 5), 6405)
    """
    validate.having(base, "base", "get_layer", "a Keras network")
    base.trainable = False
    pictures = keras.Input(base.input_shape[1:])
    maps = base(pictures)
    means = layers.GlobalAveragePooling2D()(maps)
    probabilities = layers.Dense(validate.whole(classes, "classes", low=2), activation="softmax")(means)
    return keras.Model(pictures, probabilities)


def fine_tune(network, base, rate=1e-4):
    """Set the last block of the base free, but no batch normalisation, and compile again with a small learning rate.

    `base(pictures, training=False)` would not do it: `fit` overrides that,
    https://github.com/keras-team/keras/issues/20285.

    >>> from lessons_lib.keras_models import efficientnet_lite
    >>> base = efficientnet_lite.build(weights=None, include_top=False, side=48)
    >>> network = add_head(base, classes=5)
    >>> fine_tune(network, base)
    >>> len(base.trainable_weights), float(network.optimizer.learning_rate) < 0.001
    (4, True)
    """
    validate.having(base, "base", "get_layer", "a Keras network")
    base.trainable = True
    for layer in base.layers[:-11]:
        layer.trainable = False
    for layer in base.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = False
    optimizer = keras.optimizers.Adam(validate.number(rate, "rate", low=0))
    network.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])


def top_of(network):
    """The new layers of a network made by `add_top`, from the base's maps to the classes, with shared weights.

    As long as the base is frozen, its maps of a picture are the same in every epoch: computed once, they are all that
    the new layers need.

    >>> from lessons_lib.keras_models import efficientnet_lite
    >>> network = add_top(efficientnet_lite.build(weights=None, include_top=False, side=48))
    >>> top_of(network).input_shape, top_of(network).count_params()
    ((None, 2, 2, 1280), 1311747)
    """
    maps = network.get_layer("flatten").input
    return keras.Sequential([keras.Input(maps.shape[1:]), *network.layers[2:]], name="top")


def unfreeze(base, first="block14", *, norms=False):
    """Let the weights from the block `first` to the end learn again ("stem": all of them), and count these numbers.

    Batch normalisation stays frozen unless `norms` is set: else it would use the mean and variance of each small batch,
    which are not those with which the pretrained weights were learned. https://keras.io/guides/transfer_learning

    >>> from lessons_lib.keras_models import efficientnet_lite
    >>> base = efficientnet_lite.build(weights=None, include_top=False, side=48)
    >>> unfreeze(base), unfreeze(base, "head")
    (1480960, 409600)
    """
    validate.having(base, "base", "get_layer", "a Keras network")
    validate.flag(norms, "norms")
    blocks = [layer.name.split("_")[0] for layer in base.layers]
    if not isinstance(first, str) or first not in blocks:
        raise ValueError(f"first is {first!r}; choose the name of a block such as 'block14', 'head' or 'stem'")
    base.trainable = True
    for number, layer in enumerate(base.layers):
        is_norm = isinstance(layer, layers.BatchNormalization)
        layer.trainable = number >= blocks.index(first) and (norms or not is_norm)
    return trainable_count(base)


def measure_norms(base, pictures):
    """Give the batch normalisation of an untrained base the means and variances of some pictures, (B, M, N, 3).

    They start at 0 and 1, which no map has; a base that never learns would return numbers that shrink from block to
    block.

    >>> import numpy as np
    >>> from lessons_lib.keras_models import efficientnet_lite
    >>> base = efficientnet_lite.build(weights=None, include_top=False, side=48, seed=0)
    >>> measure_norms(base, np.random.default_rng(0).normal(size=(8, 48, 48, 3)))
    >>> bool(base.get_layer("stem_norm").moving_variance.numpy().std() > 0)
    True
    """
    validate.having(base, "base", "get_layer", "a Keras network")
    pictures = validate.array(pictures, "pictures", axes=4).astype("float32")
    norms = [layer for layer in base.layers if isinstance(layer, layers.BatchNormalization)]
    before = [norm.momentum for norm in norms]
    base.trainable = True
    for norm in norms:
        norm.momentum = 0.0
    base(pictures, training=True)
    for norm, momentum in zip(norms, before, strict=True):
        norm.momentum = momentum


def trainable_count(network):
    """How many numbers of a network learn.

    >>> trainable_count(small_network())
    30499
    """
    return sum(math.prod(weight.shape) for weight in network.trainable_weights)


def small_network(classes=3, *, side=48, channels=3, means=False, seed=0):
    """A small network to train from scratch: three convolutions with ReLU and pooling, one fully connected layer.

    That reads all places of the last maps, or with `means` the mean of each map.

    >>> small_network().output_shape, trainable_count(small_network(means=True))
    ((None, 3), 23779)
    """
    classes, side = validate.whole(classes, "classes", low=2), validate.whole(side, "side", low=8)
    channels = validate.whole(channels, "channels")
    end = layers.GlobalAveragePooling2D() if validate.flag(means, "means") else layers.Flatten()
    keras.utils.set_random_seed(validate.whole(seed, "seed", low=0))
    network = keras.Sequential([keras.Input((side, side, channels))], name="small")
    for kernels in (16, 32, 64):
        network.add(layers.Conv2D(kernels, 3, padding="same", activation="relu", kernel_initializer="he_normal"))
        network.add(layers.MaxPooling2D(2))
    network.add(end)
    network.add(layers.Dense(classes, "softmax"))
    return network
