"""The tasks of lesson 6's further notebooks: counting, the middle of the ink, found and trusted, dropout, moves.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict; those of functions show it, and
return the student's function when it is right, else the library's.
"""

from bisect import bisect_left
from functools import cache

import numpy as np

from lessons_lib import data, lenet, pooling
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import judge, judge_function, task

# What 604 digits are (rows: 4, 7, 9), and as what they were read (columns).
COUNTS = np.array([[190, 1, 5], [0, 205, 3], [6, 4, 190]])


@task("lenet/parameters-with-more-kernels")
def parameters_with_more_kernels(answer):
    """All parameters of the lecture's LeNet when its second convolution has 64 kernels.

    >>> parameters_with_more_kernels(1_256_080)
    ✗ That is the network with 50 kernels.
    """
    before, after = (
        {row.name: row.parameters for row in lenet.layer_table(kernels)} for kernels in ((20, 50), (20, 64))
    )
    total, total_before = sum(after.values()), sum(before.values())
    only_conv = _("You changed the convolution only; the 500 units after it now have more inputs.")
    only_units = _("You changed the 500 units only; the kernels count too.")
    flat = _("A kernel of the second convolution is as deep as its input: 5 × 5 × 20 weights, not 5 × 5.")
    deep = _("A kernel of the second convolution is as deep as the 20 maps it reads, and not as the maps it makes.")
    pooling_left_out = _("You left out the second pooling: the 500 units see 7 × 7 × 64 numbers.")
    scaled = _("Not every layer grows in proportion to the kernels: the first and the last stay as they are.")
    mistakes = [
        ("unchanged", total_before, _("That is the network with 50 kernels.")),
        ("only-convolution", total - after["fc3"] + before["fc3"], only_conv),
        ("only-units", total - after["conv2"] + before["conv2"], only_units),
        ("no-biases", total - 20 - 64 - 500 - 10, _("You forgot the biases: one a kernel, one a unit.")),
        ("no-kernel-biases", total - 64, _("You forgot the biases of the 64 kernels.")),
        ("no-unit-biases", total - 500, _("You forgot the biases of the 500 units.")),
        ("flat-kernel", total - after["conv2"] + 64 * 25 + 64, flat),
        *[("deep-kernel", total + 64 * 25 * (maps - 20), deep) for maps in (50, 64)],
        ("no-pooling", total - after["fc3"] + (14 * 14 * 64 + 1) * 500, pooling_left_out),
        ("no-first", total - after["conv1"], _("You forgot the first convolution.")),
        ("no-last", total - after["fc4"], _("You forgot the last layer.")),
        ("one-layer", after["conv2"], _("Those are only that convolution's; the whole network is asked for.")),
        ("difference", total - total_before, _("That is how many came in addition; the whole network is asked for.")),
        ("scaled", total_before * 64 / 50, scaled),
    ]
    hint = _("Two layers change: the convolution, and the fully connected layer that reads its maps.")
    return judge(answer, total, mistakes, hint)


@task("lenet/inputs-without-padding")
def inputs_without_padding(answer):
    """How many numbers reach the 500 units when no convolution pads.

    >>> inputs_without_padding((4, 4, 50))
    ✗ Those are rows, columns and maps; multiply them.
    """
    padded = _("That is the network with padding: without it each convolution takes away four rows and columns.")
    summed = _("The 20 maps were summed up by each of the 50 kernels; 50 maps are left.")
    kernels = _("The second convolution has 50 kernels, so 50 maps come out of it.")
    weights = _("Those are the weights of the 500 units; the inputs of one are asked for.")
    parameters = _("Those are the parameters of the 500 units; the inputs of one are asked for.")
    mistakes = [
        ("padded", 7 * 7 * 50, padded),
        ("one-map", 4 * 4, _("That is one map; there are 50.")),
        ("first-kernels", 4 * 4 * 20, kernels),
        ("all-kernels", 4 * 4 * 20 * 50, summed),
        ("one-convolution", 5 * 5 * 50, _("You took the four away once only; there are two convolutions.")),
        ("no-poolings", 20 * 20 * 50, _("You forgot the poolings: each halves rows and columns.")),
        ("one-pooling", 10 * 10 * 50, _("There are two poolings; you halved once.")),
        ("too-early", 8 * 8 * 50, _("You stopped before the second pooling.")),
        ("two-rows", 6 * 6 * 50, _("A 5 × 5 window takes away four rows and columns, not two.")),
        ("bias", 4 * 4 * 50 + 1, _("The bias is a parameter of the unit, not one of its inputs.")),
        ("weights", 4 * 4 * 50 * 500, weights),
        ("parameters", (4 * 4 * 50 + 1) * 500, parameters),
        ("three-numbers", (4, 4, 50), _("Those are rows, columns and maps; multiply them.")),
    ]
    hint = _("Write down rows and columns after each layer: 28, 24, ...")
    return judge(answer, 4 * 4 * 50, mistakes, hint)


def mass(picture):
    """Row and column of the centre of mass.

    >>> [round(float(at), 2) for at in mass(np.array([[0, 3], [0, 1]]))]
    [0.25, 1.0]
    """
    ink = np.asarray(picture, float)
    return [total @ np.arange(len(total)) / ink.sum() for total in (ink.sum(axis=1), ink.sum(axis=0))]


@task("lenet/middle-of-the-ink", otherwise=mass)
def middle_of_the_ink(answer):
    """A function of a picture (M, N) that returns row and column of its centre of mass.

    >>> _function = middle_of_the_ink(lambda picture: [(side - 1) / 2 for side in picture.shape])
    ✗ That is the middle of the picture; where is the ink?
    """

    def box(picture):
        return [np.flatnonzero(picture.any(axis=axis))[[0, -1]].mean() for axis in (1, 0)]

    def brightest(picture):
        return np.unravel_index(picture.argmax(), picture.shape)

    in_box = _("That is the middle of the box around the ink; heavy parts pull the centre of mass to them.")
    grey = _("Grey counts too: a pixel of 200 weighs twice as much as one of 100.")
    by_pixels = _("Divide by the sum of the ink, not by the number of pixels.")
    by_255 = _("Divide by the sum of the ink, not by 255.")
    mistakes = [
        ("swapped", lambda p: mass(p)[::-1], _("The other way round: the row comes first.")),
        ("no-grey", lambda p: np.argwhere(p).mean(axis=0), grey),
        ("box", box, in_box),
        ("picture", lambda p: np.subtract(p.shape, 1) / 2, _("That is the middle of the picture; where is the ink?")),
        ("from-1", lambda p: np.add(mass(p), 1), _("Count rows and columns from 0.")),
        ("by-pixels", lambda p: p.sum() / p.size * np.array(mass(p)), by_pixels),
        ("by-255", lambda p: p.sum() / 255 * np.array(mass(p)), by_255),
        ("brightest", brightest, _("That is the brightest pixel; all the ink counts.")),
    ]
    small = np.array([[0, 200, 0, 0], [0, 100, 0, 100]], dtype=np.uint8)
    cases = [(picture,) for picture in (*_test_digits(6)[0], small)]
    what = _("a picture, an array of rows and columns")
    hint = _("Think of each pixel as a weight that lies at its row and its column.")
    return judge_function(answer, cases, mass, mistakes, what, hint, tolerance=1e-4, alone=())


@task("lenet/found-and-trusted")
def found_and_trusted(answer):
    """Of `COUNTS`, the share of nines that was found, and the share of answers "9" that is right.

    >>> found_and_trusted((0.95, 0.97))
    ✗ Right: found. Not yet: trusted. Give two shares: of the row of 9, and of the column of 9.
    """
    row, column, whole, right = COUNTS[2].sum(), COUNTS[:, 2].sum(), COUNTS.sum(), COUNTS[2, 2]
    found, trusted = right / row, right / column
    accuracy = np.trace(COUNTS) / whole
    wrong_only = _("You divided by the wrong ones only; the 190 right ones belong to the whole too.")
    all_digits = _("You divided by all 604 digits; only a row, and only a column, are asked about.")
    mistakes = [
        ("swapped", (trusted, found), _("The other way round: found looks along a row, trusted down a column.")),
        ("both-row", (found, found), _("The second asks about everything that was *read* as 9, a column.")),
        ("both-column", (trusted, trusted), _("The first asks about everything that *is* a 9, a row.")),
        ("accuracy", (accuracy, accuracy), _("That is the accuracy over all digits; only the nines are asked about.")),
        (
            "wrong-share",
            (1 - found, 1 - trusted),
            _("Those are the shares that went wrong; the right ones are asked for."),
        ),
        ("counts", (right, right), _("Divide: 190 of how many?")),
        ("by-wrong", (right / (row - right), right / (column - right)), wrong_only),
        ("by-all", (right / whole, right / whole), all_digits),
        ("nines", (row / whole, column / whole), _("Those are the shares of 9 among all; how many are right?")),
    ]
    hint = _("Give two shares: of the row of 9, and of the column of 9.")
    return judge(answer, (found, trusted), mistakes, hint, parts=[_("found"), _("trusted")])


@task("lenet/dropout-by-hand", otherwise=lambda units, kept, share: np.where(kept, units / (1 - share), 0))
def dropout_by_hand(answer):
    """A function of units (N,), kept (N,), which is True or False, and the share dropped on average.

    >>> _function = dropout_by_hand(lambda units, kept, share: units * ~kept / (1 - share))
    ✗ You dropped those that are kept.
    """
    too_small = _("The sum of the units is now smaller than it will be later, when all are on: make up for it.")
    wrong_share = _("You divided by the share that is dropped; it is the others that must make up for it.")
    this_time = _("Nearly: divide by the share that is kept on average, 1 - share, not by the one kept this time.")
    weaker = _("You made the units that are left weaker; they must become stronger.")
    all_weaker = _("That makes every unit weaker; where kept is False, give 0.")
    cut_out = _("The units that are off are missing in your result; where kept is False, give 0.")
    twice = _("Twice as much is right for share = 0.5 only; how much is it for 0.2?")
    mistakes = [
        ("not-scaled", lambda u, k, s: u * k, too_small),
        ("by-share", lambda u, k, s: u * k / s, wrong_share),
        ("weaker", lambda u, k, s: u * k * (1 - s), weaker),
        ("inverted", lambda u, k, s: u * ~k / (1 - s), _("You dropped those that are kept.")),
        ("all-on", lambda u, k, s: u / (1 - s), _("No unit was dropped: where kept is False, give 0.")),
        ("this-time", lambda u, k, s: u * k / k.mean(), this_time),
        ("all-weaker", lambda u, k, s: u * (1 - s), all_weaker),
        ("twice", lambda u, k, s: u * k * 2, twice),
        ("cut-out", lambda u, k, s: u[k] / (1 - s), cut_out),
        ("cut-out", lambda u, k, s: u[k], cut_out),
    ]
    # So few that both results can be shown; the share that is kept is never the one kept on average.
    generator = np.random.default_rng(2)
    cases = [(generator.normal(1, 1, 11), generator.random(11) >= share, share) for share in (0.2, 0.5, 0.8)]
    what = _("units, kept and share: two arrays of 11 numbers, and a number")
    hint = _(
        "Where kept is False the result is 0; how large must the others be, for the sum to be the same on average?"
    )
    return judge_function(answer, cases, lambda u, k, s: u * k / (1 - s), mistakes, what, hint, alone=())


@task("lenet/smallest-move")
def smallest_move(answer):
    """How many pixels to the right it takes until fewer than half of 200 digits are read correctly.

    >>> smallest_move(0).passed
    False
    """
    right, left, down = (_first_below(0.5, *way) for way in ((0, 1), (0, -1), (1, 0)))
    downwards = _(
        "That is the answer for moving down. Give pooling.shift one picture at a time, and name the move: columns=3."
    )
    too_few = _("There it still reads at least half of them.")
    too_many = _("That is enough, but fewer pixels are enough too.")
    mistakes = [
        ("down", down, downwards),
        ("left", left, _("That is the answer for moving to the left.")),
        ("minus", -right, _("Give the number of pixels; to the right is meant.")),
        *[("too-few", pixels, too_few) for pixels in range(1, right)],
        *[("too-many", pixels, too_many) for pixels in range(right + 1, lenet.SIDE)],
    ]
    hint = _("Move all 200 pictures by 1, 2, 3 ... columns and count how many are read correctly each time.")
    return judge(answer, right, mistakes, hint)


@cache
def _first_below(share, rows, columns):
    """The smallest number of moves by so many rows and columns after which less than this share of 200 is read."""
    pictures, labels = _test_digits(200)
    weights = {name: array.astype(np.float32) for name, array in data.load("lenet").items()}

    def below(pixels):
        moved = [pooling.shift(picture, pixels * rows, pixels * columns) for picture in pictures]
        return (lenet.forward(moved, weights)["softmax"].argmax(axis=1) == labels).mean() < share

    # Each pixel more makes it worse, so five trials find the place.
    return bisect_left(range(lenet.SIDE), True, key=below)


@cache
def _test_digits(count):
    """The first test digits and their labels."""
    digits = data.load("mnist")
    return digits["images"][8000 : 8000 + count], digits["labels"][8000 : 8000 + count]


@task("lenet/half-width", otherwise=lambda wrong, n: 1.96 * np.sqrt(wrong / n * (1 - wrong / n) / n))
def half_width(answer):
    """Half the width of the 95 % interval of a share of mistakes, by the rule of the normal distribution.

    >>> _function = half_width(lambda wrong, n: 1.96 * (wrong / n * (1 - wrong / n)) ** 0.5 / n)
    ✗ You divided by n; divide by its square root: four times as many digits halve the width.
    """

    def rule(wrong, n):
        return 1.96 * np.sqrt(wrong / n * (1 - wrong / n) / n)

    mistakes = [
        ("by-n", lambda wrong, n: rule(wrong, n) / np.sqrt(n),
         _("You divided by n; divide by its square root: four times as many digits halve the width.")),
        ("no-root", lambda wrong, n: 1.96 * wrong / n * (1 - wrong / n) / n, _("You forgot the square root.")),
        ("no-n", lambda wrong, n: rule(wrong, n) * np.sqrt(n),
         _("That is the same for 10 digits and for 10,000: divide by n under the root.")),
        ("counts", lambda wrong, n: n * rule(wrong, n), _("That is a number of digits; give a share of 1.")),
        ("percent", lambda wrong, n: 100 * rule(wrong, n), _("That is in per cent; give a share of 1.")),
        ("whole", lambda wrong, n: 2 * rule(wrong, n), _("That is the whole width; give half of it.")),
        ("no-196", lambda wrong, n: rule(wrong, n) / 1.96, _("That is one standard deviation; take 1.96 of them.")),
        ("share", lambda wrong, n: 1.96 * np.sqrt(wrong / n / n), _("You forgot the factor 1 − p.")),
        ("upper-end", lambda wrong, n: wrong / n + rule(wrong, n),
         _("That is the upper end of the interval; give the distance to it from the middle.")),
    ]  # fmt: skip
    cases = [(20, 2000), (60, 500), (90, 100)]
    hint = _("First p = wrong / n, then p (1 − p) / n, then the root, then 1.96 of it.")
    return judge_function(answer, cases, rule, mistakes, _("wrong and n: two whole numbers"), hint)


@task("lenet/units-of-the-rival")
def units_of_the_rival(answer):
    """How many units two equal hidden layers have in a fully connected network with as many parameters as LeNet.

    >>> units_of_the_rival(1580)
    ✗ That is right for one hidden layer; there are two of the same size.
    """
    total = sum(row.parameters for row in lenet.layer_table())

    def nearest(count):
        units = np.arange(1, 3000)
        return int(units[np.abs(count(units) - total).argmin()])

    right = nearest(lambda u: 785 * u + (u + 1) * u + (u + 1) * 10)
    first = _("You forgot the weights from the pixels to the first hidden layer: 784 for each unit.")
    mistakes = [
        ("one-layer", nearest(lambda u: 785 * u + (u + 1) * 10),
         _("That is right for one hidden layer; there are two of the same size.")),
        ("no-pixels", nearest(lambda u: (u + 1) * u + (u + 1) * 10), first),
        ("only-between", nearest(lambda u: (u + 1) * u), first),
        ("three-layers", nearest(lambda u: 785 * u + 2 * (u + 1) * u + (u + 1) * 10),
         _("That is right for three hidden layers; there are two.")),
        ("no-answer", nearest(lambda u: 785 * u + (u + 1) * u),
         _("You forgot the layer of ten units that gives the answer.")),
        ("side", nearest(lambda u: 29 * u + (u + 1) * u + (u + 1) * 10),
         _("A unit of the first layer reads all 28 × 28 pixels, not 28.")),
        *[("near", right + more, _("Near, but a neighbour comes closer to 1,256,080.")) for more in (-2, -1, 1, 2)],
    ]  # fmt: skip
    hint = _("Three layers have weights: pixels to units, units to units, units to ten. Each unit also has a bias.")
    return judge(answer, right, mistakes, hint)
