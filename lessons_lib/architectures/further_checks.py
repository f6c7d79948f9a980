"""The tasks of lesson 7's further notebooks: costs, bottlenecks, starting values, batch norm, groups, dense blocks.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict; `batch_norm` shows its Verdict, and
returns the student's function when it is right, else the library's.
"""

import numpy as np

from lessons_lib import architectures, geometry
from lessons_lib.architectures.layer_table import Layer, table
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import judge, judge_function, task

VGG16 = 138_357_544
# What the 5 x 5 of module 4e reads, and its kernels.
SIDE, DEPTH, REDUCE, KERNELS = 14, 528, 32, 128


@task("architectures/share-of-the-first-fully-connected")
def share_of_the_first_fully_connected(answer):
    """The share of VGG16's parameters that is in its first fully connected layer.

    >>> share_of_the_first_fully_connected(102_764_544)
    ✗ That is how many there are; divide by all parameters of the network.
    """
    units = (7 * 7 * 512 + 1) * 4096
    three = units + 4097 * 4096 + 4097 * 1000
    expected = units / VGG16
    one_number = _("Each of the 512 maps still has 7 × 7 numbers, and every unit reads all of them.")
    fifth = _("A fifth pooling comes before it: 14 × 14 becomes 7 × 7.")
    mistakes = [
        ("all-three", three / VGG16, _("Those are all three fully connected layers; the first alone is asked for.")),
        ("convolutions", 1 - three / VGG16, _("That is the share of the convolutions.")),
        ("rest", 1 - expected, _("That is everything else; the layer itself is asked for.")),
        ("one-number-a-map", 513 * 4096 / VGG16, one_number),
        ("no-fifth-pooling", (14 * 14 * 512 + 1) * 4096 / VGG16, fifth),
        ("count", units, _("That is how many there are; divide by all parameters of the network.")),
        ("by-rest", units / (VGG16 - units), _("Divide by all parameters, those of the layer included.")),
    ]
    hint = _("How many numbers does it read, and how many weights and biases are that for all its units?")
    # Without the biases the share is right in four digits.
    return judge(answer, expected, mistakes, hint, tolerance=2e-4)


@task("architectures/what-the-bottleneck-saves")
def what_the_bottleneck_saves(answer):
    """How many times fewer multiply-adds the 5 x 5 of module 4e needs behind its 1 x 1.

    >>> what_the_bottleneck_saves(16.5)
    ✗ The 1 × 1 costs something too; add it to the 5 × 5 behind it.
    """
    shape, five = (SIDE, SIDE, DEPTH), Layer("conv", KERNELS, 5, padding=2)
    _picture, reduce_, rest = (row.multiply_adds for row in table(shape, [Layer("conv", REDUCE), five]))
    wide = table(shape, [five])[1].multiply_adds
    expected = wide / (reduce_ + rest)
    saved = 1 - 1 / expected
    share = _("That is the share that is saved; how many times fewer is asked for.")
    threes = _("That would be right for windows of 3 × 3; these are 5 × 5.")
    mistakes = [
        ("upside-down", 1 / expected, _("Upside down: how many times *fewer*, so the number is above 1.")),
        ("free-1x1", DEPTH / REDUCE, _("The 1 × 1 costs something too; add it to the 5 × 5 behind it.")),
        ("only-1x1", wide / reduce_, _("You counted the 1 × 1 alone; the 5 × 5 behind it works too.")),
        ("difference", wide - reduce_ - rest, _("That is the difference; the ratio is asked for.")),
        ("share", saved, share),
        ("share", 100 * saved, share),
        ("all-maps-behind", wide / (reduce_ + wide), _("Behind the 1 × 1 the 5 × 5 reads 32 maps, not 528.")),
        ("3x3", 9 * wide / (25 * reduce_ + 9 * rest), threes),
        ("inside", rest / reduce_, _("Compare with the 5 × 5 that reads all 528 maps.")),
    ]
    hint = _("Which layers work with the 1 × 1, and which without it? How many maps does each of them read?")
    return judge(answer, expected, mistakes, hint)


@task("architectures/batch-norm-by-hand", otherwise=architectures.batch_norm)
def batch_norm(answer):
    """A function that normalises x of shape (B, M, N, D) over the batch, without scale and shift.

    >>> _function = batch_norm(lambda x: x - x.mean(axis=(0, 1, 2)))
    ✗ The mean is right; now divide by the spread.
    """
    generator = np.random.default_rng(0)
    cases = [(generator.normal([3, -1], [2, 0.5], (4, 3, 5, 2)),), (generator.normal(1, [1, 2, 3], (4, 3, 5, 3)),)]

    def over(axis, spread=np.std, **more):
        return lambda x: (x - x.mean(axis, keepdims=True)) / spread(x, axis=axis, keepdims=True, **more)

    maps = (0, 1, 2)
    squeezed = _("That squeezes into 0 to 1; mean 0 and spread 1 are wanted.")
    sample = _("Divide by the number of all the numbers of a map, not by one less: without ddof.")
    mistakes = [
        ("one-mean", over(None), _("You took one mean for everything; each of the maps has its own.")),
        (
            "each-pixel",
            over(0),
            _("You normalised each pixel by itself; all rows and columns of a map belong together."),
        ),
        ("each-picture", over((1, 2)), _("You normalised each picture by itself; the whole batch belongs together.")),
        ("over-maps", over(3), _("You normalised over the maps; it is each map over batch, rows and columns.")),
        ("layer", over((1, 2, 3)), _("That is layer normalisation: one picture over all its maps.")),
        ("variance", over(maps, np.var), _("Divide by the standard deviation, the root of the variance.")),
        ("sample", over(maps, ddof=1), sample),
        ("only-mean", lambda x: x - x.mean(maps), _("The mean is right; now divide by the spread.")),
        ("only-spread", lambda x: x / x.std(maps), _("First take away the mean.")),
        ("squeezed", lambda x: (x - x.min(maps)) / np.ptp(x, axis=maps), squeezed),
    ]
    what = _("x, an array of four axes: pictures, rows, columns, maps")
    hint = _("Look at the mean and the spread of y[..., 0], the first map of your result y, and of the other maps.")
    # Libraries add some thousandths to the variance; that is right too.
    return judge_function(answer, cases, over(maps), mistakes, what, hint, tolerance=1e-2, alone=())


@task("architectures/maps-of-a-dense-block")
def maps_of_a_dense_block(answer):
    """How many maps come out of the second dense block of DenseNet-121, before its transition.

    >>> maps_of_a_dense_block(384)
    ✗ Those are the new maps; the ones that came in are kept beside them.
    """
    first = _("256 leave the first block, and the transition behind the second; the second makes more.")
    not_halved = _("Between the blocks a 1 × 1 keeps half of the maps: 128 come in, not 256.")
    mistakes = [
        ("only-new", 12 * 32, _("Those are the new maps; the ones that came in are kept beside them.")),
        ("two-parts", (128, 12 * 32), _("Those that come in and those that are new: add them.")),
        ("not-halved", 256 + 12 * 32, not_halved),
        ("first-input", 64 + 12 * 32, _("64 came into the first block; think what it made of them.")),
        ("first-block", 64 + 6 * 32, first),
        ("last-reads", 128 + 11 * 32, _("That is what the last layer reads; it adds its own 32.")),
        ("one-layer", 128 + 32, _("Each of the twelve layers adds 32.")),
        ("doubled", 128 * 2**12, _("The maps do not double; each layer adds 32.")),
        ("new-of-one", 32, _("That is what one layer adds.")),
    ]
    hint = _("How many maps leave the first block, how many go into the second, and how many does each layer add?")
    return judge(answer, 128 + 12 * 32, mistakes, hint)


@task("architectures/he-start")
def he_start(answer):
    """The standard deviation of the weights of a 3 x 3 that reads 64 maps, after He's rule.

    >>> he_start(0.177)
    ✗ A cell adds up a product for each weight of its window, in each of the 64 maps.
    """
    products = 3 * 3 * 64
    expected = float(np.sqrt(2 / products))
    window = _("A cell adds up a product for each weight of its window, in each of the 64 maps.")
    mistakes = [
        ("variance", 2 / products, _("That is the variance; the standard deviation is its root.")),
        ("xavier", float(np.sqrt(1 / products)), _("That is the rule of Xavier; ReLU needs twice the variance.")),
        ("xavier", 1 / products, _("That is the variance after the rule of Xavier.")),
        ("no-window", float(np.sqrt(2 / 64)), window),
        ("no-maps", float(np.sqrt(2 / 9)), window),
        ("one-side", float(np.sqrt(2 / (3 * 64))), window),
        ("twice-outside", 2 * float(np.sqrt(1 / products)), _("You doubled the standard deviation, not the variance.")),
        ("upside-down", float(np.sqrt(products / 2)), _("Upside down: the more products, the smaller the weights.")),
        ("products", products, _("That is the number of products; which variance do the weights have?")),
    ]
    hint = _("How many products does a cell add up, which variance follows, and what is its root?")
    return judge(answer, expected, mistakes, hint)


@task("architectures/weights-in-groups")
def weights_in_groups(answer):
    """The weights of ResNeXt's first 3 x 3: from 128 maps to 128, in 32 groups, without biases.

    >>> weights_in_groups(147_456)
    ✗ That is with one group; here each kernel reads only the maps of its own group.
    """
    maps, groups = 128, 32
    expected = geometry.layer(56, 56, maps, maps, 3, padding=1, groups=groups, bias=False).parameters
    mistakes = [
        ("one-group", 9 * maps * maps,
         _("That is with one group; here each kernel reads only the maps of its own group.")),
        ("one-of-the-groups", expected // groups, _("That is one group; there are 32.")),
        ("biases", expected + maps, _("You added the biases; there are none.")),
        ("reads-groups", 9 * groups * maps, _("A group has 4 maps; 32 is the number of groups.")),
        ("one-map", 9 * maps, _("Each kernel reads the 4 maps of its group, not one map.")),
        ("no-window", expected // 9, _("You forgot the window of 3 × 3.")),
        ("resnet", 9 * 64 * 64, _("That is the layer of ResNet.")),
    ]  # fmt: skip
    hint = _("How many maps does each kernel read, and how many kernels are there?")
    return judge(answer, expected, mistakes, hint)
