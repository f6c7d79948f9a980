"""ResNet and its successors: blocks whose input is added to their output, and the plain networks without the sums.

Arguments, results and errors of the builders are as in `classic`.
"""

import keras
from keras import layers, ops

from lessons_lib.core import validate
from lessons_lib.keras_models.blocks import START, classify, conv, normalise, picture, scaler

# Blocks of the stages conv2_x to conv5_x: Table 1 of ResNet's paper.
BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def resnet(
    depth=50, shape=(224, 224, 3), classes=1000, width=1.0, *, shortcuts=True, preactivation=False, bias=False,
    seed=None,
):  # fmt: skip
    """The networks for ImageNet, in blocks of two 3 x 3 up to depth 34, and of 1 x 1, 3 x 3, 1 x 1 from 50 on.

    He, Zhang, Ren and Sun, "Deep residual learning for image recognition", https://arxiv.org/abs/1512.03385; "Identity
    mappings in deep residual networks", https://arxiv.org/abs/1603.05027 (preactivation). Keras' own ResNet50 has
    biases, which its normalisations subtract again; PyTorch's has none.

    >>> resnet(18, (32, 32, 3), 10, width=1 / 16).get_layer("conv5_2").output.shape
    (None, 1, 1, 32)
    """
    validate.choice(depth, "depth", BLOCKS)
    for name, value in (("shortcuts", shortcuts), ("preactivation", preactivation), ("bias", bias)):
        validate.flag(value, name)
    scale = scaler(width)
    x = start = picture(shape, classes, seed)
    x = conv(x, scale(64), 7, 2, norm=True, bias=bias, name="conv1")
    x = layers.MaxPooling2D(3, 2, "same", name="pool1")(x)
    for name, stage, stride in _blocks_of(BLOCKS[depth], "conv", first=2):
        kernels = scale(64 * 2**stage)
        parts = [(kernels, 3)] * 2 if depth < 50 else [(kernels, 1), (kernels, 3), (4 * kernels, 1)]
        shortcut = "project" if shortcuts else None
        x = block(x, parts, stride, shortcut=shortcut, preactivation=preactivation, bias=bias, name=name)
    if preactivation:
        x = normalise(x, "last")
    kind = "resnet" if shortcuts else "plain"
    return keras.Model(start, classify(x, classes), name=f"{kind}{depth}")


def _blocks_of(stages, name, first=1):
    """Name, stage (from 0) and stride of each block; every stage but the first begins with stride 2."""
    for stage, blocks in enumerate(stages):
        for number in range(1, blocks + 1):
            yield f"{name}{stage + first}_{number}", stage, 2 if stage and number == 1 else 1


def cifar_resnet(
    depth=20, shape=(32, 32, 3), classes=10, width=1.0, *, shortcuts=True, stem=1, survival=None, seed=None,
):  # fmt: skip
    """The same paper's networks for small pictures (section 4.2), of depth 6 n + 2, whose shortcuts have no weights.

    `stem` is the stride of the first convolution, `survival` a rule as from `survival_rule`.

    >>> round(cifar_resnet(20).count_params() / 1e6, 2)
    0.27
    """
    n, rest = divmod(validate.whole(depth, "depth", low=8) - 2, 6)
    if rest:
        raise ValueError(f"depth is {depth}; give 6 n + 2, such as {6 * n + 2} or {6 * n + 8}")
    validate.flag(shortcuts, "shortcuts")
    if survival is not None and not callable(survival):
        raise TypeError(f"survival is {survival!r}; give a function of the block and of how many there are, or None")
    scale = scaler(width)
    x = start = picture(shape, classes, seed)
    x = conv(x, scale(16), 3, validate.whole(stem, "stem"), norm=True, name="conv1")
    for number, (name, stage, stride) in enumerate(_blocks_of((n, n, n), "stage"), start=1):
        x = block(
            x, [(scale(16 * 2**stage), 3)] * 2, stride, shortcut="pad" if shortcuts else None,
            survival=survival(number, 3 * n) if survival else 1.0, name=name,
        )  # fmt: skip
    kind = "resnet" if shortcuts else "plain"
    return keras.Model(start, classify(x, classes), name=f"cifar_{kind}{depth}")


def survival_rule(last=0.5):
    """The probability of block l of L to be there in a step of the training: from nearly 1 linearly down to `last`.

    >>> rule = survival_rule(0.5)
    >>> [rule(block, 4) for block in (1, 2, 3, 4)], round(sum(rule(block, 54) for block in range(1, 55)), 2)
    ([0.875, 0.75, 0.625, 0.5], 40.25)
    """
    last = validate.number(last, "last", 0, 1)
    return lambda number, blocks: 1 - number / blocks * (1 - last)


def stochastic_depth(depth=110, shape=(32, 32, 3), classes=10, width=1.0, *, last=0.5, seed=None):
    """`cifar_resnet`, of which some blocks are left out by chance in each step of the training.

    Huang, Sun, Liu, Sedra and Weinberger, "Deep networks with stochastic depth", https://arxiv.org/abs/1603.09382

    >>> stochastic_depth(20).count_params() - cifar_resnet(20).count_params()
    0
    """
    return cifar_resnet(depth, shape, classes, width, survival=survival_rule(last), seed=seed)


def wide_resnet(depth=28, k=10, shape=(32, 32, 3), classes=10, width=1.0, *, dropout=0.0, seed=None):
    """A pre-activation ResNet for small pictures, of depth 6 n + 4, with k times as many kernels.

    Zagoruyko and Komodakis, "Wide residual networks", BMVC 2016, https://arxiv.org/abs/1605.07146. The dropout is
    between the two convolutions of a block.

    >>> wide_resnet(16, 2, width=1 / 4).get_layer("stage3_2").output.shape
    (None, 8, 8, 32)
    """
    n, rest = divmod(validate.whole(depth, "depth", low=10) - 4, 6)
    if rest:
        raise ValueError(f"depth is {depth}; give 6 n + 4, such as {6 * n + 4} or {6 * n + 10}")
    scale, k, dropout = scaler(width), validate.whole(k, "k"), validate.number(dropout, "dropout", 0, 0.9)
    x = start = picture(shape, classes, seed)
    x = conv(x, scale(16), 3, bias=False, relu=False, name="conv1")
    for name, stage, stride in _blocks_of((n, n, n), "stage"):
        parts = [(k * scale(16 * 2**stage), 3)] * 2
        x = block(x, parts, stride, preactivation=True, dropout=dropout, name=name)
    x = normalise(x, "last")
    return keras.Model(start, classify(x, classes), name=f"wide_resnet{depth}_{k}")


def resnext(depth=50, cardinality=32, d=4, shape=(224, 224, 3), classes=1000, width=1.0, *, seed=None):
    """A ResNet of depth 50, 101 or 152 whose 3 x 3 are cut into `cardinality` groups, of d maps in the first stage.

    Xie and others, "Aggregated residual transformations for deep neural networks", CVPR 2017,
    https://arxiv.org/abs/1611.05431

    >>> resnext(50, 4, 4, (32, 32, 3), 10, width=1 / 8).get_layer("conv2_1_2").groups
    4
    """
    validate.choice(depth, "depth", [50, 101, 152])
    cardinality, scale = validate.whole(cardinality, "cardinality"), scaler(width)
    maps = scale(validate.whole(d, "d"))
    x = start = picture(shape, classes, seed)
    x = conv(x, scale(64), 7, 2, norm=True, name="conv1")
    x = layers.MaxPooling2D(3, 2, "same", name="pool1")(x)
    for name, stage, stride in _blocks_of(BLOCKS[depth], "conv", first=2):
        inner, outer = cardinality * maps * 2**stage, scale(256 * 2**stage)
        x = block(x, [(inner, 1), (inner, 3), (outer, 1)], stride, groups=cardinality, strided=1, name=name)
    return keras.Model(start, classify(x, classes), name=f"resnext{depth}_{cardinality}x{d}")


def block(
    x, parts, stride=1, *, shortcut="project", groups=1, strided=0, preactivation=False, bias=False,
    dropout=0.0, survival=1.0, name="block",
):  # fmt: skip
    """F(x) + x: some convolutions, and their input added to what they make of it.

    `parts` are the convolutions of F as (kernels, size); number `strided` of them takes the stride. Where F changes the
    shape, the shortcut is a 1 x 1 convolution ("project") or zeros for the new maps ("pad"); None leaves the sum out.
    `groups` is that of the 3 x 3 convolutions, `preactivation` normalises before each of them, `dropout` lies between
    them, and with stochastic depth F is there in training with the probability `survival` only.

    >>> block(picture((8, 8, 16), 10), [(8, 1), (8, 3), (32, 1)], stride=2, name="c").shape
    (None, 4, 4, 32)
    """
    given = x
    if preactivation:
        x = normalise(x, f"{name}_0")
        # The sum gets x untouched; only a projection reads what was normalised.
        given = x if stride > 1 or given.shape[-1] != parts[-1][0] else given
    for index, (kernels, size) in enumerate(parts):
        layer = f"{name}_{index + 1}"
        if preactivation and index:
            x = normalise(x, f"{name}_{index}")
            x = layers.Dropout(dropout, name=f"{layer}_drop")(x) if dropout else x
        x = layers.Conv2D(
            kernels, size, stride if index == strided else 1, "same", groups=groups if size > 1 else 1,
            use_bias=bias, kernel_initializer=START, name=layer,
        )(x)  # fmt: skip
        if not preactivation:
            x = normalise(x, layer, relu=index < len(parts) - 1)
    if shortcut:
        given = _fit_shape(given, x, stride, shortcut, preactivation, bias, f"{name}_shortcut")
        x = Sum(survival, name=name if preactivation else f"{name}_sum")([x, given])
    return x if preactivation else layers.ReLU(name=name)(x)


def _fit_shape(given, x, stride, shortcut, preactivation, bias, name):
    """The input of a block with the shape of its output."""
    if stride == 1 and given.shape[-1] == x.shape[-1]:
        return given
    if shortcut == "pad":
        return MoreMaps(x.shape[-1], stride, name=name)(given)
    given = layers.Conv2D(x.shape[-1], 1, stride, use_bias=bias, kernel_initializer=START, name=name)(given)
    return given if preactivation else normalise(given, name, relu=False)


@keras.saving.register_keras_serializable("lessons_lib")
class MoreMaps(layers.Layer):
    """Every `stride`-th row and column, and maps of zeros until there are `maps` (the paper's option A)."""

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


@keras.saving.register_keras_serializable("lessons_lib")
class Sum(layers.Layer):
    """F(x) + x; in training F is there with the probability `survival`, afterwards always, multiplied by it."""

    def __init__(self, survival=1.0, **kwargs):
        super().__init__(**kwargs)
        self.survival = survival
        self.chance = keras.random.SeedGenerator(0) if survival < 1 else None

    def call(self, pair, training=False):
        """One random number for the whole batch, as in the paper."""
        changed, x = pair
        if self.survival < 1:
            there = keras.random.uniform((), seed=self.chance) < self.survival
            changed = changed * (ops.cast(there, changed.dtype) if training else self.survival)
        return changed + x

    def get_config(self):
        """What a copy of the layer is made with."""
        return {**super().get_config(), "survival": self.survival}
