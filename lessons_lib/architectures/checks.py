"""Lesson 7's exercises: where the parameters are, small windows, bottlenecks, shortcuts, batch norm, dense blocks.

Each check takes the answer, which may be anything, and returns a Verdict.
"""

import numpy as np

from lessons_lib import geometry
from lessons_lib.architectures.layer_table import Layer, table
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import judge, judge_function

VGG16 = 138_357_544
# Exercise 3: what the 5 x 5 of module 4e reads, and its kernels.
SIDE, DEPTH, REDUCE, KERNELS = 14, 528, 32, 128


def share_of_the_first_fully_connected(answer):
    """Exercise 1: the share of VGG16's parameters that is in its first fully connected layer.

    >>> share_of_the_first_fully_connected(0.5).passed
    False
    """
    units = (7 * 7 * 512 + 1) * 4096
    three = units + 4097 * 4096 + 4097 * 1000
    expected = units / VGG16
    mistakes = [
        (_near(answer, 100 * expected, 0.02), _("Give a share between 0 and 1, not per cent.")),
        (three / VGG16, _("Those are all three fully connected layers; the first alone is asked for.")),
        (1 - three / VGG16, _("That is the share of the convolutions.")),
        (1 - expected, _("That is everything else; the layer itself is asked for.")),
        (513 * 4096 / VGG16, _("Each of the 512 maps still has 7 × 7 numbers, and every unit reads all of them.")),
        ((14 * 14 * 512 + 1) * 4096 / VGG16, _("A fifth pooling comes before it: 14 × 14 becomes 7 × 7.")),
        (units, _("That is how many there are; divide by all parameters of the network.")),
        (units / (VGG16 - units), _("Divide by all parameters, those of the layer included.")),
    ]
    hint = _("It reads 7 × 7 × 512 numbers with 4,096 units; each unit has a weight for every number, and a bias.")
    return judge(answer, expected, mistakes, hint, tolerance=2e-4)


def one_large_or_three_small(answer):
    """Exercise 2: all parameters of one 7 x 7 layer, and of three 3 x 3, from 128 maps to 128 maps.

    >>> one_large_or_three_small((49, 27)).passed
    False
    """
    c = 128
    large = geometry.layer(56, 56, c, c, 7, padding=3).parameters
    small = 3 * geometry.layer(56, 56, c, c, 3, padding=1).parameters
    mistakes = [
        ((small, large), _("The other way round: the one large window first.")),
        ((49 * c * c, 27 * c * c), _("You forgot the biases: one a kernel, in every layer.")),
        ((large, 27 * c * c + c), _("Three layers have three times 128 biases.")),
        ((49, 27), _("That is the ratio of the slide; a kernel is as deep as its input, and there are 128 of them.")),
        ((49 * c, 27 * c), _("That is one kernel of each layer; each layer has 128.")),
        ((50 * c, 30 * c), _("A kernel is as deep as its input: 128 maps, not one.")),
        ((large, small / 3), _("That is one of the three small layers.")),
        ((large, 3 * 3 * c * c + 3 * c), _("A small window has 3 × 3 weights for each map; you took three.")),
    ]
    hint = _("A layer has F·F·C·C weights and C biases; C is 128 here.")
    return judge(answer, (large, small), mistakes, hint)


def what_the_bottleneck_saves(answer):
    """Exercise 3: how many times fewer multiply-adds the 5 x 5 of module 4e needs behind its 1 x 1.

    >>> what_the_bottleneck_saves(2).passed
    False
    """
    shape, five = (SIDE, SIDE, DEPTH), Layer("conv", KERNELS, 5, padding=2)
    _picture, reduce_, rest = (row.multiply_adds for row in table(shape, [Layer("conv", REDUCE), five]))
    wide = table(shape, [five])[1].multiply_adds
    expected = wide / (reduce_ + rest)
    saved = 1 - 1 / expected
    mistakes = [
        (1 / expected, _("Upside down: how many times *fewer*, so the number is above 1.")),
        (DEPTH / REDUCE, _("The 1 × 1 costs something too; add it to the 5 × 5 behind it.")),
        (wide / reduce_, _("You counted the 1 × 1 alone; the 5 × 5 behind it works too.")),
        (wide - reduce_ - rest, _("That is the difference; the ratio is asked for.")),
        (saved, _("That is the share that is saved; how many times fewer is asked for.")),
        (_near(answer, 100 * saved, 0.05), _("That is the share that is saved, in per cent; give the ratio.")),
        (wide / (reduce_ + wide), _("Behind the 1 × 1 the 5 × 5 reads 32 maps, not 528.")),
        (9 * wide / (25 * reduce_ + 9 * rest), _("That would be right for windows of 3 × 3; these are 5 × 5.")),
        (rest / reduce_, _("Compare with the 5 × 5 that reads all 528 maps.")),
    ]
    hint = _("Count three layers: the 5 × 5 on 528 maps; the 1 × 1 on 528 maps; the 5 × 5 on 32 maps.")
    return judge(answer, expected, mistakes, hint, tolerance=5e-3)


def _near(answer, value, room):
    """The answer itself where it is a value rounded, so that it is recognised; otherwise the value."""
    try:
        return answer if abs(float(answer) - value) <= room else value
    except (TypeError, ValueError):
        return value


def residual_block(answer):
    """Exercise 4: a function of x and f, the function of the layers inside, that gives what a residual block gives.

    >>> residual_block(lambda x, f: f(x)).passed
    False
    """
    generator = np.random.default_rng(0)
    x, matrix = generator.normal(size=(6, 5)), generator.normal(size=(5, 5))

    def layers(x):
        return np.asarray(x, float) @ matrix

    def relu(x):
        return np.maximum(x, 0)

    mistakes = [
        (lambda x, f: f(x), _("That is the plain block without its ReLU; where is the shortcut?")),
        (lambda x, f: relu(f(x)), _("That is the plain block; add x to what the layers give.")),
        (lambda x, f: f(x) + x, _("The sum is right; after it comes one more ReLU.")),
        (lambda x, f: relu(f(x)) + x, _("The ReLU comes after the sum, not before it.")),
        (lambda x, f: relu(f(x)) + relu(x), _("Add first, then one ReLU over the sum.")),
        (lambda x, f: relu(f(x + x)), _("x is added to what comes out of f, not to what goes in.")),
        (lambda x, f: relu(f(x) * x), _("The shortcut adds; it does not multiply.")),
        (lambda x, f: relu(f(x) - x), _("You took x away; it is added.")),
        (lambda x, f: relu(f(f(x)) + x), _("f is used once; it stands for all the layers inside.")),
        (
            lambda x, f: np.concatenate([f(x), x], axis=-1),
            _("You put them side by side, as DenseNet does; here they are added."),
        ),
    ]
    what = _("x, an array of shape (6, 5), and f, a function of one array")
    hint = _("F(x), plus x, and then the last ReLU.")
    return judge_function(answer, [(x, layers)], lambda x, f: relu(f(x) + x), mistakes, what, hint)


def batch_norm_by_hand(answer):
    """Exercise 5: a function that normalises x of shape (B, M, N, D) over the batch, without scale and shift.

    >>> batch_norm_by_hand(lambda x: x).passed
    False
    """
    x = np.random.default_rng(0).normal([3, -1], [2, 0.5], size=(4, 3, 5, 2))

    def over(axis, spread=np.std):
        return lambda x: (x - x.mean(axis, keepdims=True)) / spread(x, axis=axis, keepdims=True)

    mistakes = [
        (over(None), _("You took one mean for everything; each of the maps has its own.")),
        (over(0), _("You normalised each pixel by itself; all rows and columns of a map belong together.")),
        (over((1, 2)), _("You normalised each picture by itself; the whole batch belongs together.")),
        (over(3), _("You normalised over the maps; it is each map over batch, rows and columns.")),
        (over((1, 2, 3)), _("That is layer normalisation: one picture over all its maps.")),
        (over((0, 1, 2), np.var), _("Divide by the standard deviation, the root of the variance.")),
        (lambda x: x - x.mean((0, 1, 2)), _("The mean is right; now divide by the spread.")),
        (lambda x: x / x.std((0, 1, 2)), _("First take away the mean.")),
        (
            lambda x: (x - x.min((0, 1, 2))) / np.ptp(x, axis=(0, 1, 2)),
            _("That squeezes into 0 to 1; mean 0 and spread 1 are wanted."),
        ),
    ]
    what = _("x, an array of shape (4, 3, 5, 2): pictures, rows, columns, maps")
    hint = _("After it each map must have mean 0 and spread 1 over the batch, its rows and its columns.")
    # Libraries add some thousandths to the variance; that is right too.
    return judge_function(answer, [(x,)], over((0, 1, 2)), mistakes, what, hint, tolerance=1e-2)


def maps_of_a_dense_block(answer):
    """Exercise 6: how many maps come out of the second dense block of DenseNet-121, before its transition.

    >>> maps_of_a_dense_block(384).passed
    False
    """
    mistakes = [
        (12 * 32, _("Those are the new maps; the ones that came in are kept beside them.")),
        (256 + 12 * 32, _("Between the blocks a 1 × 1 keeps half of the maps: 128 come in, not 256.")),
        (64 + 12 * 32, _("64 came into the first block; think what it made of them.")),
        (64 + 6 * 32, _("256 leave the first block, and the transition behind the second; the second makes more.")),
        (128 + 11 * 32, _("That is what the last layer reads; it adds its own 32.")),
        (128 + 32, _("Each of the twelve layers adds 32.")),
        (64 + 18 * 32, _("You left out the transition, which halves the maps between the two blocks.")),
        (128 * 2**12, _("The maps do not double; each layer adds 32.")),
        (32, _("That is what one layer adds.")),
    ]
    hint = _("64, then six times 32 more; half of that; then twelve times 32 more.")
    return judge(answer, 128 + 12 * 32, mistakes, hint)
