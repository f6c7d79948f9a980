"""ResNet, 2015: blocks that add to what they were given, so that 152 layers can be trained; and the plain nets."""

import keras
from keras import layers, ops

from lessons_lib.core import validate
from lessons_lib.keras_models.blocks import START, classes_of, conv, normed, picture, thin

# Blocks of the stages conv2_x to conv5_x: Table 1 of the paper.
BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def resnet(
    depth=50, shape=(224, 224, 3), classes=1000, width=1.0, *, shortcuts=True, preactivation=False, bias=False,
    seed=None,
):  # fmt: skip
    """The networks for ImageNet: 7 x 7, pooling, four stages of blocks, the mean of each map, one sum a class.

    Parameters
    ----------
    depth : {18, 34, 50, 101, 152}
        Up to 34 a block is two 3 x 3; from 50 on it is 1 x 1, 3 x 3, 1 x 1, the last with four times as many kernels.
    shape : tuple of int (rows, columns, depth)
    classes : int
    width : float
        Times the paper's number of kernels.
    shortcuts : bool
        Without them it is the plain network of the same layers.
    preactivation : bool
        Normalise and activate before each convolution, not after it; nothing then stands in the way of the sums.
    bias : bool
        Keras' own ResNet50 has biases that its normalisations take away again; PyTorch's has none.
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
    He, Zhang, Ren and Sun, "Deep residual learning for image recognition", https://arxiv.org/abs/1512.03385; "Identity
    mappings in deep residual networks", https://arxiv.org/abs/1603.05027 (preactivation).

    Examples
    --------
    >>> resnet(18, (32, 32, 3), 10, width=1 / 16).get_layer("conv5_2").output.shape
    (None, 1, 1, 32)
    """
    validate.choice(depth, "depth", BLOCKS)
    for name, given in (("shortcuts", shortcuts), ("preactivation", preactivation), ("bias", bias)):
        validate.flag(given, name)
    wide = thin(width)
    x = start = picture(shape, classes, seed)
    x = conv(x, wide(64), 7, 2, norm=True, bias=bias, name="conv1")
    x = layers.MaxPooling2D(3, 2, "same", name="pool1")(x)
    for stage, blocks in enumerate(BLOCKS[depth], start=2):
        kernels = wide(64 * 2 ** (stage - 2))
        for number in range(1, blocks + 1):
            stride = 2 if stage > 2 and number == 1 else 1
            parts = [(kernels, 3)] * 2 if depth < 50 else [(kernels, 1), (kernels, 3), (4 * kernels, 1)]
            x = block(
                x, parts, stride, shortcut="project" if shortcuts else None, preactivation=preactivation, bias=bias,
                name=f"conv{stage}_{number}",
            )  # fmt: skip
    if preactivation:
        x = normed(x, "last")
    kind = "resnet" if shortcuts else "plain"
    return keras.Model(start, classes_of(x, classes), name=f"{kind}{depth}")


def cifar_resnet(
    depth=20, shape=(32, 32, 3), classes=10, width=1.0, *, shortcuts=True, stem=1, survival=None, seed=None,
):  # fmt: skip
    """The same paper's networks for small pictures: one 3 x 3, then three stages of blocks of two 3 x 3.

    A shortcut has no weights here: where a stage halves rows and columns it takes every second one, and fills the new
    maps with zeros (the paper's option A).

    Parameters
    ----------
    depth : int
        6 n + 2, such as 8, 20, 32, 110; n blocks a stage.
    shape : tuple of int (rows, columns, depth)
    classes : int
    width : float
        Times 16, 32 and 64 kernels.
    shortcuts : bool
        Without them it is the plain network.
    stem : int
        The stride of the first convolution; 2 makes everything four times as quick.
    survival : callable, optional
        Of block l of L (from 1), the probability to be there in a step of the training, as in `stochastic_depth`.
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
    He and others, https://arxiv.org/abs/1512.03385, section 4.2.

    Examples
    --------
    >>> round(cifar_resnet(20).count_params() / 1e6, 2)
    0.27
    """
    n, rest = divmod(validate.whole(depth, "depth", low=8) - 2, 6)
    if rest:
        raise ValueError(f"depth is {depth}; give 6 n + 2, such as {6 * n + 2} or {6 * n + 8}")
    validate.flag(shortcuts, "shortcuts")
    if survival is not None and not callable(survival):
        raise TypeError(f"survival is {survival!r}; give a function of the block and of how many there are, or None")
    wide = thin(width)
    x = start = picture(shape, classes, seed)
    x = conv(x, wide(16), 3, validate.whole(stem, "stem"), norm=True, name="conv1")
    for stage in (1, 2, 3):
        kernels = wide(16 * 2 ** (stage - 1))
        for number in range(1, n + 1):
            stride, place = 2 if stage > 1 and number == 1 else 1, (stage - 1) * n + number
            x = block(
                x, [(kernels, 3)] * 2, stride, shortcut="pad" if shortcuts else None,
                survival=survival(place, 3 * n) if survival else 1.0, name=f"stage{stage}_{number}",
            )  # fmt: skip
    kind = "resnet" if shortcuts else "plain"
    return keras.Model(start, classes_of(x, classes), name=f"cifar_{kind}{depth}")


def block(
    x, parts, stride=1, *, shortcut="project", groups=1, strided=0, preactivation=False, bias=False,
    dropout=0.0, survival=1.0, name="block",
):  # fmt: skip
    """F(x) + x: some convolutions, and their input added to what they make of it.

    Parameters
    ----------
    x : keras.KerasTensor
    parts : list of (kernels, size)
        The convolutions of F.
    stride : int
    shortcut : {"project", "pad", None}
        Where F changes the shape: a 1 x 1 convolution, or zeros for the new maps. None leaves the sum out.
    groups : int
        Of the 3 x 3 convolutions (ResNeXt).
    strided : int
        Which of the convolutions takes the stride.
    preactivation : bool
        Normalisation and ReLU before each convolution.
    bias : bool
        As in `resnet`.
    dropout : float
        Between the convolutions (Wide ResNet).
    survival : float
        In training F is there with this probability only (stochastic depth).
    name : str
        Of what comes out.

    Returns
    -------
    keras.KerasTensor

    Examples
    --------
    >>> block(picture((8, 8, 16), 10), [(8, 1), (8, 3), (32, 1)], stride=2, name="c").shape
    (None, 4, 4, 32)
    """
    if preactivation:
        ready = normed(x, f"{name}_0")
        # The sum gets x untouched; only a projection reads what was normalised.
        x, given = ready, ready if _changes(x, parts, stride) else x
    else:
        given = x
    for place, (kernels, size) in enumerate(parts):
        last, layer = place == len(parts) - 1, f"{name}_{place + 1}"
        if preactivation and place:
            x = normed(x, f"{name}_{place}")
            x = layers.Dropout(dropout, name=f"{layer}_drop")(x) if dropout else x
        x = layers.Conv2D(
            kernels, size, stride if place == strided else 1, "same", groups=groups if size > 1 else 1,
            use_bias=bias, kernel_initializer=START, name=layer,
        )(x)  # fmt: skip
        if not preactivation:
            x = normed(x, layer, relu=not last)
    if shortcut:
        given = _fitting(given, x, stride, shortcut, preactivation, bias, name)
        x = Sum(survival, name=name if preactivation else f"{name}_sum")([x, given])
    return x if preactivation else layers.ReLU(name=name)(x)


def _changes(x, parts, stride):
    return stride > 1 or x.shape[-1] != parts[-1][0]


def _fitting(given, x, stride, shortcut, preactivation, bias, name):
    """The input of a block with the shape of its output."""
    if stride == 1 and given.shape[-1] == x.shape[-1]:
        return given
    if shortcut == "pad":
        return MoreMaps(x.shape[-1], stride, name=f"{name}_shortcut")(given)
    given = layers.Conv2D(
        x.shape[-1], 1, stride, use_bias=bias, kernel_initializer=START, name=f"{name}_shortcut"
    )(given)  # fmt: skip
    return given if preactivation else normed(given, f"{name}_shortcut", relu=False)


class MoreMaps(layers.Layer):
    """Every second row and column, and maps of zeros until there are enough; nothing to learn."""

    def __init__(self, maps, stride, **kwargs):
        super().__init__(**kwargs)
        self.maps, self.stride = maps, stride

    def call(self, x):
        """Half of the new maps before the old ones, half after."""
        more = self.maps - x.shape[-1]
        return ops.pad(
            x[:, :: self.stride, :: self.stride], ((0, 0), (0, 0), (0, 0), (more // 2, more - more // 2))
        )  # fmt: skip

    def get_config(self):
        """What a copy of the layer is made with."""
        return {**super().get_config(), "maps": self.maps, "stride": self.stride}


class Sum(layers.Layer):
    """F(x) + x; while training, F is there with the probability `survival`, afterwards always, but that much weaker."""

    def __init__(self, survival=1.0, **kwargs):
        super().__init__(**kwargs)
        self.survival = survival
        self.chance = keras.random.SeedGenerator(0) if survival < 1 else None

    def call(self, pair, training=False):
        """One throw of the dice for the whole batch, as in the paper."""
        changed, x = pair
        if self.survival < 1:
            there = keras.random.uniform((), seed=self.chance) < self.survival
            changed = changed * (ops.cast(there, changed.dtype) if training else self.survival)
        return changed + x

    def get_config(self):
        """What a copy of the layer is made with."""
        return {**super().get_config(), "survival": self.survival}
