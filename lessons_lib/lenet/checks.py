"""Lesson 6's exercises: counting, shapes, the middle of the ink, a confusion matrix, dropout, digits moved aside.

Each check takes a student's answer, `...` where there is none yet, and returns a Verdict.
"""

from functools import cache

import numpy as np

from lessons_lib import data, lenet, pooling
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import judge, judge_function, tried, untouched

# Exercise 4: what 604 digits are (rows: 4, 7, 9), and as what they were read (columns).
COUNTS = np.array([[190, 1, 5], [0, 205, 3], [6, 4, 190]])


def parameters_with_more_kernels(answer):
    """Exercise 1: all parameters of the lecture's LeNet when its second convolution has 64 kernels.

    >>> parameters_with_more_kernels(1_256_080).passed
    False
    """
    before, after = (
        {row.name: row.parameters for row in lenet.layer_table(kernels)} for kernels in ((20, 50), (20, 64))
    )
    total, total_before = sum(after.values()), sum(before.values())
    only_conv = _("You changed the convolution only; the 500 units after it now have more inputs.")
    deep = _("A kernel of the second convolution is as deep as its input: 5 × 5 × 20 weights, not 5 × 5.")
    pooling_left_out = _("You left out the second pooling: the 500 units see 7 × 7 × 64 numbers.")
    mistakes = [
        (total_before, _("That is the network with 50 kernels.")),
        (total - after["fc3"] + before["fc3"], only_conv),
        (total - after["conv2"] + before["conv2"], _("You changed the 500 units only; the kernels count too.")),
        (total - 20 - 64 - 500 - 10, _("You forgot the biases: one a kernel, one a unit.")),
        (total - 64, _("You forgot the biases of the 64 kernels.")),
        (total - 500, _("You forgot the biases of the 500 units.")),
        (total - after["conv2"] + 64 * 25 + 64, deep),
        (total - after["fc3"] + (14 * 14 * 64 + 1) * 500, pooling_left_out),
        (after["conv2"], _("Those are the parameters of that convolution; the whole network is asked for.")),
        (total - total_before, _("That is how many came in addition; the whole network is asked for.")),
    ]
    hint = _("Two layers change: the convolution, and the fully connected layer that reads its maps.")
    return judge(answer, total, mistakes, hint)


def inputs_without_padding(answer):
    """Exercise 2: how many numbers reach the 500 units when no convolution pads.

    >>> inputs_without_padding(2450).passed
    False
    """
    padded = _("That is the network with padding: without it each convolution takes away four rows and columns.")
    mistakes = [
        (7 * 7 * 50, padded),
        (4 * 4, _("That is one map; there are 50.")),
        (4 * 4 * 20, _("The second convolution has 50 kernels, so 50 maps come out of it.")),
        (4 * 4 * 20 * 50, _("The 20 maps were summed up by each of the 50 kernels; 50 maps are left.")),
        (5 * 5 * 50, _("You took the four away once only; there are two convolutions.")),
        (20 * 20 * 50, _("You forgot the poolings: each halves rows and columns.")),
        (10 * 10 * 50, _("There are two poolings; you halved once.")),
        (8 * 8 * 50, _("You stopped before the second pooling.")),
        (6 * 6 * 50, _("A 5 × 5 window takes away four rows and columns, not two.")),
        (4 * 4 * 50 + 1, _("The bias is a parameter of the unit, not one of its inputs.")),
        ((4 * 4 * 50 + 1) * 500, _("Those are the parameters of the 500 units; the inputs of one are asked for.")),
    ]
    hint = _("Write down rows and columns after each layer: 28, 24, ...")
    return judge(answer, 4 * 4 * 50, mistakes, hint)


def middle_of_the_ink(answer):
    """Exercise 3: a function of a picture (M, N) that returns row and column of its centre of mass.

    >>> middle_of_the_ink(lambda picture: (13.5, 13.5)).passed
    False
    """

    def mass(picture):
        return [ink @ np.arange(len(ink)) / picture.sum() for ink in (picture.sum(axis=1), picture.sum(axis=0))]

    def box(picture):
        return [np.flatnonzero(picture.any(axis=axis))[[0, -1]].mean() for axis in (1, 0)]

    in_box = _("That is the middle of the box around the ink; heavy parts pull the centre of mass to them.")
    mistakes = [
        (lambda p: mass(p)[::-1], _("The other way round: the row comes first.")),
        (
            lambda p: np.argwhere(p).mean(axis=0),
            _("Grey counts too: a pixel of 200 weighs twice as much as one of 100."),
        ),
        (box, in_box),
        (lambda p: [(n - 1) / 2 for n in p.shape], _("That is the middle of the picture; where is the ink?")),
        (lambda p: np.add(mass(p), 1), _("Count rows and columns from 0.")),
        (
            lambda p: p.sum() / p.size * np.array(mass(p)),
            _("Divide by the sum of the ink, not by the number of pixels."),
        ),
        (lambda p: p.sum() / 255 * np.array(mass(p)), _("Divide by the sum of the ink, not by 255.")),
        (lambda p: np.unravel_index(p.argmax(), p.shape), _("That is the brightest pixel; all the ink counts.")),
    ]
    cases = [(picture,) for picture in _test_digits(6)[0]] + [(np.array([[0, 200, 0, 0], [0, 100, 0, 100]]),)]
    what = _("a picture, an array of shape (28, 28)")
    given, verdict = tried(answer, cases, what)
    if verdict is not None:
        return verdict
    hint = _(
        "For the first picture your function gives {given}; think of each pixel as a weight at its row and column."
    )
    hint = hint.format(given=np.round(given[0], 2).tolist())
    return judge_function(answer, cases, mass, mistakes, what, hint, tolerance=1e-4)


def found_and_trusted(answer):
    """Exercise 4: of `COUNTS`, the share of nines that was found, and the share of answers "9" that is right.

    >>> found_and_trusted((0.5, 0.5)).passed
    False
    """
    found, trusted = COUNTS[2, 2] / COUNTS[2].sum(), COUNTS[2, 2] / COUNTS[:, 2].sum()
    accuracy = np.trace(COUNTS) / COUNTS.sum()
    mistakes = [
        ((trusted, found), _("The other way round: found looks along a row, trusted down a column.")),
        ((found, found), _("The second asks about everything that was *read* as 9, a column.")),
        ((trusted, trusted), _("The first asks about everything that *is* a 9, a row.")),
        ((accuracy, accuracy), _("That is the accuracy over all digits; only the nines are asked about.")),
        ((1 - found, 1 - trusted), _("Those are the shares that went wrong; the right ones are asked for.")),
        ((100 * found, 100 * trusted), _("Give shares between 0 and 1, not percent.")),
        ((190, 190), _("Divide: 190 of how many?")),
        ((190 / 10, 190 / 8), _("You divided by the wrong ones only; the 190 right ones belong to the whole too.")),
        ((190 / 604, 190 / 604), _("You divided by all 604 digits; only a row, and only a column, are asked about.")),
        ((200 / 604, 198 / 604), _("Those are the shares of 9 among all; how many are right?")),
    ]
    hint = _("Give two shares: of the row of 9, and of the column of 9.")
    return judge(answer, (found, trusted), mistakes, hint, tolerance=5e-4)


def dropout_by_hand(answer):
    """Exercise 5: a function of units (N,), kept (N,), which is True or False, and the share dropped on average.

    >>> dropout_by_hand(lambda units, kept, share: units * kept).passed
    False
    """
    too_small = _("The sum of the units is now smaller than it will be later, when all are on: make up for it.")
    wrong_share = _("You divided by the share that is dropped; it is the others that must make up for it.")
    this_time = _("Nearly: divide by the share that is kept on average, 1 - share, not by the one kept this time.")
    mistakes = [
        (lambda u, k, s: u * k, too_small),
        (lambda u, k, s: u * k / s, wrong_share),
        (lambda u, k, s: u * k * (1 - s), _("You made the units that are left weaker; they must become stronger.")),
        (lambda u, k, s: u * ~k / (1 - s), _("You dropped those that are kept.")),
        (lambda u, k, s: u / (1 - s), _("No unit was dropped: where kept is False, give 0.")),
        (lambda u, k, s: u * k / k.mean(), this_time),
        (lambda u, k, s: u * (1 - s), _("That makes every unit weaker; where kept is False, give 0.")),
    ]
    generator = np.random.default_rng(0)
    cases = [(generator.normal(1, 1, 40), generator.random(40) >= share, share) for share in (0.2, 0.5, 0.8)]
    what = _("units, kept and share: two arrays of 40 numbers, and a number")
    hint = _(
        "Where kept is False the result is 0; how large must the others be, for the sum to be the same on average?"
    )
    return judge_function(answer, cases, lambda u, k, s: u * k / (1 - s), mistakes, what, hint)


def smallest_move(answer):
    """Exercise 6: how many pixels to the right it takes until fewer than half of 200 digits are read correctly.

    >>> smallest_move(0).passed
    False
    """
    if answer is ...:
        return untouched(answer)
    right, left = _first_below(0.5, 1), _first_below(0.5, -1)
    mistakes = [
        (right - 1, _("There it still reads at least half of them.")),
        (-right, _("Give the number of pixels; to the right is meant.")),
        (right + 1, _("That is enough, but one pixel less is enough too.")),
    ]
    if left != right:
        mistakes.append((left, _("That is the answer for moving to the left.")))
    hint = _("Move all 200 pictures by 1, 2, 3 ... columns and count how many are read correctly each time.")
    return judge(answer, right, mistakes, hint)


@cache
def _first_below(share, direction):
    """The smallest move, to the right or (-1) to the left, after which less than this share of 200 digits is read."""
    pictures, labels = _test_digits(200)
    weights = {name: array.astype(np.float32) for name, array in data.load("lenet").items()}
    for pixels in range(lenet.SIDE):
        moved = [pooling.shift(picture, columns=direction * pixels) for picture in pictures]
        if (lenet.forward(moved, weights)["softmax"].argmax(axis=1) == labels).mean() < share:
            return pixels
    return lenet.SIDE


@cache
def _test_digits(count):
    """The first test digits and their labels."""
    digits = data.load("mnist")
    return digits["images"][8000 : 8000 + count], digits["labels"][8000 : 8000 + count]
