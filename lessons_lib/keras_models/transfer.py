"""The lecture's recipe in Keras: a borrowed base that is frozen, new layers on top, then its last blocks freed."""

import math

import keras
from keras import layers

from lessons_lib.core import validate


def on_top(base, classes=3, *, units=256, seed=0):
    """A network without its top, and on it Flatten, Dense with ReLU, Dense with softmax. The base is frozen.

    Frozen means two things: its weights do not change, and its batch normalisation goes on using the means it learned
    from ImageNet.

    Parameters
    ----------
    base : keras.Model
        From pictures to maps; shared with the new network, so what is freed there changes it.
    classes : int
    units : int
        Of the new layer in the middle.
    seed : int
        Chooses the weights of the new layers.

    Returns
    -------
    keras.Model
        Its layer `base` is the borrowed network.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what stands above; the error says what came.

    References
    ----------
    https://keras.io/guides/transfer_learning

    Examples
    --------
    >>> from lessons_lib.keras_models import efficientnet_lite
    >>> network = on_top(efficientnet_lite.build(weights=None, include_top=False, side=48))
    >>> network.count_params(), trained(network)
    (4724771, 1311747)
    """
    validate.having(base, "base", "get_layer", "a Keras network")
    start = keras.initializers.GlorotUniform
    seed = validate.whole(seed, "seed", low=0)
    base.trainable = False
    picture = keras.Input(base.input_shape[1:], name="pictures")
    x = base(picture)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(validate.whole(units, "units"), "relu", kernel_initializer=start(seed), name="dense")(x)
    x = layers.Dense(
        validate.whole(classes, "classes", low=2), "softmax", kernel_initializer=start(seed + 1), name="classes"
    )(x)
    return keras.Model(picture, x, name="on_top")


def top_of(network):
    """The new layers of a network made by `on_top`, as a network of their own that shares its weights.

    As long as the base is frozen, its maps of a picture are the same in every epoch: computed once, they are all that
    the new layers need.

    Parameters
    ----------
    network : keras.Model

    Returns
    -------
    keras.Sequential
        From the base's maps to the classes.

    Examples
    --------
    >>> from lessons_lib.keras_models import efficientnet_lite
    >>> network = on_top(efficientnet_lite.build(weights=None, include_top=False, side=48))
    >>> top_of(network).input_shape, top_of(network).count_params()
    ((None, 2, 2, 1280), 1311747)
    """
    maps = network.get_layer("flatten").input
    return keras.Sequential([keras.Input(maps.shape[1:]), *network.layers[2:]], name="top")


def thaw(base, first="block14", *, norms=False):
    """Let the weights from one block to the end learn again; those before it stay frozen.

    Batch normalisation stays frozen everywhere. Set free, it would use the mean and the variance of each batch of some
    twenty pictures, and the borrowed weights would meet other numbers than those they were learned with.

    Parameters
    ----------
    base : keras.Model
    first : str
        Name of the first block that is freed, such as "block14"; "stem" frees everything.
    norms : bool
        Free batch normalisation as well, to see what comes of it.

    Returns
    -------
    int
        How many numbers of the base learn now.

    Raises
    ------
    ValueError
        If the base has no such block.

    References
    ----------
    https://keras.io/guides/transfer_learning

    Examples
    --------
    >>> from lessons_lib.keras_models import efficientnet_lite
    >>> base = efficientnet_lite.build(weights=None, include_top=False, side=48)
    >>> thaw(base), thaw(base, "head")
    (1480960, 409600)
    """
    validate.having(base, "base", "get_layer", "a Keras network")
    validate.flag(norms, "norms")
    parts = [layer.name.split("_")[0] for layer in base.layers]
    if not isinstance(first, str) or first not in parts:
        raise ValueError(f"first is {first!r}; choose the name of a block such as 'block14', 'head' or 'stem'")
    base.trainable = True
    for place, layer in enumerate(base.layers):
        norm = isinstance(layer, layers.BatchNormalization)
        layer.trainable = place >= parts.index(first) and (norms or not norm)
    return trained(base)


def settle(base, pictures):
    """Let the batch normalisation of an untrained base measure some pictures.

    Its means start at 0 and its variances at 1, which no map has; a base that never learns would send on numbers that
    shrink from block to block, and nothing could be read from them.

    Parameters
    ----------
    base : keras.Model
        Its means and variances become those of the pictures.
    pictures : array_like of shape (B, M, N, 3)

    Raises
    ------
    TypeError, ValueError
        If an argument is not what stands above; the error says what came.

    Examples
    --------
    >>> import numpy as np
    >>> from lessons_lib.keras_models import efficientnet_lite
    >>> base = efficientnet_lite.build(weights=None, include_top=False, side=48, seed=0)
    >>> settle(base, np.random.default_rng(0).normal(size=(8, 48, 48, 3)))
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


def trained(network):
    """How many numbers of a network learn.

    Parameters
    ----------
    network : keras.Model

    Returns
    -------
    int

    Examples
    --------
    >>> trained(small())
    30499
    """
    return sum(math.prod(weight.shape) for weight in network.trainable_weights)


def small(classes=3, *, side=48, channels=3, seed=0):
    """A small network to train from scratch: three convolutions with ReLU and pooling, one fully connected layer.

    Parameters
    ----------
    classes : int
    side, channels : int
        Of the pictures.
    seed : int
        Chooses the weights.

    Returns
    -------
    keras.Sequential

    Raises
    ------
    TypeError, ValueError
        If an argument is not what stands above; the error says what came.

    Examples
    --------
    >>> small().output_shape
    (None, 3)
    """
    classes, side = validate.whole(classes, "classes", low=2), validate.whole(side, "side", low=8)
    channels = validate.whole(channels, "channels")
    keras.utils.set_random_seed(validate.whole(seed, "seed", low=0))
    network = keras.Sequential([keras.Input((side, side, channels))], name="small")
    for kernels in (16, 32, 64):
        network.add(layers.Conv2D(kernels, 3, padding="same", activation="relu", kernel_initializer="he_normal"))
        network.add(layers.MaxPooling2D(2))
    network.add(layers.Flatten())
    network.add(layers.Dense(classes, "softmax"))
    return network
