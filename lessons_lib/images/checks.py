"""Lesson 1's tasks: a game of slices, red and blue exchanged, two counts of weights, largest sums, shuffled pixels.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict; `count_dense`, `count_conv`,
`largest_sums` and `restore` show their Verdict, and return the student's function when it is right, else the library's.
"""

import numpy as np

from lessons_lib import data, images
from lessons_lib.core.i18n import _
from lessons_lib.core.student import outcomes
from lessons_lib.core.verdict import Verdict, judge, judge_function, task

# The lines of the game, with the rows and the columns that each paints white: first, and the first that is not.
LINES = {
    "picture[1:4, 1] = 255": ((1, 4), (1, 2)),
    "picture[4, 1:6] = 255": ((4, 5), (1, 6)),
    "picture[2:7, 4] = 255": ((2, 7), (4, 5)),
}
BOARD = (8, 8)


def painted(change=lambda first, end: (first, end)):
    """The board as the lines of the game paint it, or with each pair of ends changed.

    >>> int(painted().sum())
    12
    """
    board = np.zeros(BOARD, bool)
    for rows, columns in LINES.values():
        board[slice(*change(*rows)), slice(*change(*columns))] = True
    return board


@task("images/paint", game=True)
def paint(picture):
    """The 8 × 8 picture that three lines of code paint white on black.

    >>> paint(np.zeros((8, 8)))
    ✗ 0 of 12 pixels are white; none is wrong.
    >>> paint(painted().T)
    ✗ You went to the column first. Before the comma stand the rows, after it the columns.
    """
    white, wanted = np.asarray(picture) > 0, painted()
    mistakes = [
        ("exchanged", wanted.T,
         _("You went to the column first. Before the comma stand the rows, after it the columns.")),
        ("end-counted", painted(lambda first, end: (first, end + (end > first + 1))),
         _("The end of a slice does not count: 1:4 is 1, 2 and 3.")),
        ("from-1", painted(lambda first, end: (first - 1, end - 1)),
         _("You counted from 1. The row at the top is row 0, the column at the left is column 0.")),
        ("start-left-out", painted(lambda first, end: (first + (end > first + 1), end + (end > first + 1))),
         _("The start of a slice counts, and its end does not: 1:4 is 1, 2 and 3.")),
    ]  # fmt: skip
    if np.array_equal(white, wanted):
        return Verdict(_("Right: it is a 4."), True)
    words = {"count": int((white & wanted).sum()), "all": int(wanted.sum())}
    if not (white & ~wanted).any():
        text = _("{count} of {all} pixels are white; none is wrong.")
        return Verdict(text.format(**words), False, "incomplete")
    for name, board, sentence in mistakes:
        # One wrong pixel may be a slip of the hand, and lies in several of these pictures.
        if (white & ~wanted).sum() > 1 and not (white & ~board).any():
            return Verdict(sentence, False, name)
    row, column = np.argwhere(white & ~wanted)[0].tolist()
    text = _("Row {row}, column {column} is white, and no line paints it. {count} of {all} pixels are right.")
    return Verdict(text.format(row=row, column=column, **words), False, "extra")


@task("images/swap-red-and-blue")
def swap_red_and_blue(answer):
    """The photo of the astronaut with its red and its blue channel exchanged.

    >>> swap_red_and_blue(data.load("astronaut"))
    ✗ That is the photo as it was.
    """
    photo = data.load("astronaut")
    red, green, blue = images.split_channels(photo)
    axes = _("You turned the photo, and left its colours as they are. The channels are the third axis.")
    mistakes = [
        ("unchanged", photo, _("That is the photo as it was.")),
        ("one-lost", np.stack([blue, green, blue], axis=2),
         _("Red now holds the blue, but blue still holds the blue: the old red is lost.")),
        ("one-lost", np.stack([red, green, red], axis=2),
         _("Blue now holds the red, but red still holds the red: the old blue is lost.")),
        ("green-moved", np.stack([blue, red, green], axis=2), _("Green has moved, too. It should stay in the middle.")),
        ("green-moved", np.stack([green, blue, red], axis=2), _("Green has moved, too. It should stay in the middle.")),
        ("green-moved", np.stack([green, red, blue], axis=2), _("You exchanged red and green.")),
        ("green-moved", np.stack([red, blue, green], axis=2), _("You exchanged green and blue.")),
        ("rows-reversed", photo[::-1], axes),
        ("columns-reversed", photo[:, ::-1], axes),
        ("all-reversed", photo[::-1, ::-1, ::-1], _("The colours are right, but you turned the photo as well.")),
        ("fractions", photo[:, :, ::-1] / 255, _("The order is right; leave the values in 0 to 255.")),
    ]  # fmt: skip
    shape = getattr(answer, "shape", None)
    if shape == (3, *photo.shape[:2]):
        text = _("Your channels come first: the shape is {shape}. They are the third axis: stack with axis=2.")
        return Verdict(text.format(shape=shape), False, "first-axis")
    if shape == (photo.shape[0], 3, photo.shape[1]):
        return Verdict(
            _("Your channels are the second axis. They are the third one: stack with axis=2."), False, "axis"
        )
    hint = _("Which of the old channels is the new red, which the new green, which the new blue?")
    return judge(answer, photo[:, :, ::-1], mistakes, hint)


@task("images/count_dense", otherwise=images.count_dense)
def count_dense(answer):
    """A function of inputs and units: how many weights a fully connected layer has.

    >>> _ = count_dense(lambda inputs, units: inputs + units)
    ✗ You added. Each of the units has a weight for each of the inputs.
    """
    one = _("You wrote a number in place of one of the arguments: use both.")
    mistakes = [
        ("added", lambda inputs, units: inputs + units,
         _("You added. Each of the units has a weight for each of the inputs.")),
        ("inputs-only", lambda inputs, units: inputs, _("Those are the weights of one unit.")),
        ("units-only", lambda inputs, units: units,
         _("That is the number of units. How many weights does one unit have?")),
        ("squared", lambda inputs, units: inputs**2 * units,
         _("The inputs are all the pixels already: do not square them.")),
        ("squared", lambda inputs, units: inputs**2, _("You multiplied the inputs by themselves.")),
        ("bias", lambda inputs, units: inputs * units + units,
         _("You counted one more number for each unit. Here only the weights count.")),
        ("in-bytes", lambda inputs, units: 4 * inputs * units, _in_bytes()),
        ("fixed", lambda inputs, units: 784 * 10, _fixed()),
        ("fixed", lambda inputs, units: 200 * 200 * 40_000, _fixed()),
        ("fixed", lambda inputs, units: 784 * units, one),
        ("fixed", lambda inputs, units: 40_000 * units, one),
        ("fixed", lambda inputs, units: inputs * 10, one),
        ("fixed", lambda inputs, units: inputs * 40_000, one),
    ]  # fmt: skip
    hint = _("One unit has a weight for each input. How many have all units together?")
    what = _("two whole numbers, the inputs and the units")
    return judge_function(answer, [(36, 2), (784, 10), (3, 5)], images.count_dense, mistakes, what, hint)


def _fixed():
    return _("Your function gives the same whatever it is called with: use its arguments.")


def _in_bytes():
    return _("You multiplied by 4, the bytes that one weight takes. Count the weights themselves.")


@task("images/count_conv", otherwise=images.count_conv)
def count_conv(answer):
    """A function of the side of the kernels, their number, and the channels: how many weights a layer of kernels has.

    >>> _ = count_conv(lambda side, kernels, channels: side * kernels * channels)
    ✗ A kernel has side × side weights in each channel: five rows of five, for example.
    """
    mistakes = [
        ("in-bytes", lambda side, kernels, channels: 4 * side**2 * kernels * channels, _in_bytes()),
        ("side-not-squared", lambda side, kernels, channels: side * kernels * channels,
         _("A kernel has side × side weights in each channel: five rows of five, for example.")),
        ("doubled", lambda side, kernels, channels: 2 * side * kernels * channels,
         _("2 × side are two rows only. How many weights has a table of side rows and side columns?")),
        ("no-channels", lambda side, kernels, channels: side**2 * kernels,
         _("The channels are missing: each kernel has a table of weights for each channel.")),
        ("no-kernels", lambda side, kernels, channels: side**2 * channels, _("Those are the weights of one kernel.")),
        ("one-table", lambda side, kernels, channels: side**2,
         _("That is one table of weights. How many tables has a kernel, and how many kernels are there?")),
        ("added", lambda side, kernels, channels: side**2 + kernels + channels,
         _("You added. Each kernel has a table for each channel: multiply.")),
        ("added", lambda side, kernels, channels: side**2 * kernels + channels,
         _("You added the channels. Each kernel has a table for each of them.")),
        ("kernels-squared", lambda side, kernels, channels: (side * kernels) ** 2 * channels,
         _("You squared the number of kernels, too. Only the side is squared.")),
        ("channels-squared", lambda side, kernels, channels: (side * channels) ** 2 * kernels,
         _("You squared the number of channels, too. Only the side is squared.")),
        ("cubed", lambda side, kernels, channels: side**3 * kernels,
         _("You used the side three times. The third factor is the number of channels.")),
        ("bias", lambda side, kernels, channels: (side**2 * channels + 1) * kernels,
         _("You counted one more number for each kernel. Here only the weights count.")),
        ("fixed", lambda side, kernels, channels: 2500, _fixed()),
        ("fixed", lambda side, kernels, channels: side**2 * 100 * channels,
         _("You wrote 100 in place of kernels: use the argument.")),
        ("fixed", lambda side, kernels, channels: 25 * kernels * channels,
         _("You wrote 25 in place of the side: use the argument.")),
    ]  # fmt: skip
    hint = _("First count the weights in one channel of one kernel.")
    what = _("three whole numbers, the side, the kernels and the channels")
    cases = [(5, 100, 1), (5, 100, 3), (3, 16, 3), (2, 7, 4)]
    return judge_function(answer, cases, images.count_conv, mistakes, what, hint)


def _largest_sums(pictures, kernels):
    """For each picture the largest sum of each kernel.

    >>> _largest_sums(np.eye(3)[np.newaxis], np.array([[[2]], [[3]]])).tolist()
    [[2.0, 3.0]]
    """
    result = np.zeros((len(pictures), len(kernels)))
    for n in range(len(pictures)):
        result[n] = images.slide(pictures[n], kernels).max(axis=(1, 2))
    return result


@task("images/largest_sums", otherwise=_largest_sums)
def largest_sums(answer):
    """A function of pictures and kernels: a row for each picture, with the largest sum of each kernel.

    >>> _ = largest_sums(lambda pictures, kernels: np.zeros((len(pictures), len(kernels))))
    ✗ All your numbers are 0: nothing is written into the result.
    """

    def reduced(reduce):
        return lambda pictures, kernels: np.array([reduce(images.slide(one, kernels)) for one in pictures])

    def only(keep):
        def rule(pictures, kernels):
            result = np.zeros((len(pictures), len(kernels)))
            result[keep] = _largest_sums(pictures, kernels)[keep]
            return result

        return rule

    inside = _("Only {part} is filled: does the line stand inside the loop, and `return` outside?")
    mistakes = [
        ("zeros", lambda pictures, kernels: np.zeros((len(pictures), len(kernels))),
         _("All your numbers are 0: nothing is written into the result.")),
        ("first-only", only(0), inside.format(part=_("the first row"))),
        ("last-only", only(-1), inside.format(part=_("the last row"))),
        ("first-only", only((0, 0)), inside.format(part=_("the first number"))),
        ("mean", reduced(lambda sums: sums.mean(axis=(1, 2))), _("Those are the means of the sums; take the largest.")),
        ("sum", reduced(lambda sums: sums.sum(axis=(1, 2))), _("You added all the sums; take the largest.")),
        ("smallest", reduced(lambda sums: sums.min(axis=(1, 2))), _("Those are the smallest sums; take the largest.")),
        ("all-kernels", reduced(lambda sums: np.full(len(sums), sums.max())),
         _("You took the largest sum of all kernels together. Each kernel has a largest sum of its own.")),
        ("one-picture", lambda pictures, kernels: np.tile(_largest_sums(pictures[:1], kernels), (len(pictures), 1)),
         _("All rows are alike: does the loop use its own picture each time?")),
        ("all-rows", lambda pictures, kernels: np.tile(_largest_sums(pictures[-1:], kernels), (len(pictures), 1)),
         _("All rows hold the sums of the last picture: each turn of the loop should fill one row only.")),
        ("one-place", reduced(lambda sums: sums[:, 0, 0]), _("That is the sum at one place only. Slide everywhere.")),
        ("absolute", reduced(lambda sums: np.abs(sums).max(axis=(1, 2))),
         _("You left out the signs before you took the largest sum.")),
    ]  # fmt: skip
    random = np.random.default_rng(0)
    cases = [
        (random.random((3, 6, 7)), random.normal(size=(4, 3, 3))),
        (random.random((2, 5, 5)), random.normal(size=(3, 1, 1))),
    ]
    what = _("pictures, an array with three axes, and kernels, an array with three axes")
    hint = _("One picture after the other: slide all kernels over it, and take the largest number of each table.")
    verdict = judge_function(answer, cases, _largest_sums, mistakes, what, hint)
    if verdict.id == "shape" or "broadcast" in verdict:
        axes = _(
            "For one picture `images.slide` gives an array with three axes: axis 0 counts the kernels, axes 1 and 2 "
            "are the rows and columns of each table. Take the maximum over axes 1 and 2: one number for each kernel."
        )
        return Verdict(f"{verdict} {axes}", False, "axes")
    return verdict


def _restore(shuffled, order):
    """Each pixel back to the place where it came from.

    >>> _restore(np.array([[14, 10, 12], [11, 15, 13]]), [4, 0, 2, 1, 5, 3]).tolist()
    [[10.0, 11.0, 12.0], [13.0, 14.0, 15.0]]
    """
    restored = np.zeros(shuffled.size)
    restored[order] = shuffled.reshape(-1)
    return restored.reshape(shuffled.shape)


@task("images/restore", otherwise=_restore)
def restore(answer):
    """A function of a shuffled picture and its order that puts every pixel back.

    >>> _ = restore(lambda shuffled, order: shuffled.reshape(-1)[order].reshape(shuffled.shape))
    ✗ You shuffled once more. The pixel at place i came from place order[i]: that is where it must go.
    """

    def again(shuffled, order):
        return shuffled.reshape(-1)[order].reshape(shuffled.shape)

    def last_only(shuffled, order):
        result = np.zeros(shuffled.size)
        result[order[-1]] = shuffled.reshape(-1)[-1]
        return result.reshape(shuffled.shape)

    def first_only(shuffled, order):
        result = np.zeros(shuffled.size)
        result[order[0]] = shuffled.reshape(-1)[0]
        return result.reshape(shuffled.shape)

    def all_but_one(shuffled, order):
        result = _restore(shuffled, order)
        result.reshape(-1)[order[-1]] = 0
        return result

    def in_place(shuffled, order):
        row = shuffled.flatten()
        for i in range(row.size):
            row[order[i]] = row[i]
        return row.reshape(shuffled.shape)

    flat = _("The pixels are in their places, in one long row. Give them their rows again, with reshape.")
    mistakes = [
        ("twice", again,
         _("You shuffled once more. The pixel at place i came from place order[i]: that is where it must go.")),
        ("twice", lambda shuffled, order: again(shuffled, order).reshape(-1),
         _("You shuffled once more, and the picture has lost its rows.")),
        ("unchanged", lambda shuffled, order: shuffled, _("That is the shuffled picture as it came.")),
        ("one-row", lambda shuffled, order: _restore(shuffled, order).reshape(-1), flat),
        ("transposed", lambda shuffled, order: _restore(shuffled, order).T,
         _("The pixels are right, but rows and columns are exchanged.")),
        ("reversed", lambda shuffled, order: again(shuffled, order[::-1]),
         _("You reversed the order. What you need is its inverse: from where it is to where it was.")),
        ("reversed", lambda shuffled, order: shuffled[::-1, ::-1],
         _("You reversed the picture. Each pixel has a place of its own to go to.")),
        ("sorted", lambda shuffled, order: np.sort(shuffled, axis=None).reshape(shuffled.shape),
         _("You sorted the grey levels. Their places must be sorted.")),
        ("order", lambda shuffled, order: np.array(order), _("That is the order. Use it as places of pixels.")),
        ("zeros", lambda shuffled, order: np.zeros(shuffled.shape),
         _("All your numbers are 0: nothing is written into the result.")),
        ("all-places", lambda shuffled, order: np.full(shuffled.shape, shuffled.reshape(-1)[-1]),
         _("All places hold the last pixel: each turn of the loop should fill only one place.")),
        ("return-in-loop", first_only, _("Only one pixel is back: does `return` stand inside the loop?")),
        ("last-only", last_only, _("Only the last pixel is back: does the line stand inside the loop?")),
        ("one-missing", all_but_one, _("The last pixel is missing: how often must the loop run?")),
        ("in-place", in_place,
         _("You write into the picture that you still read from. Write into a new array, which np.zeros makes.")),
    ]  # fmt: skip
    # No pixel is 0, so that one left out is seen.
    pictures = np.random.default_rng(0).uniform(0.1, 1, (2, 28, 28))
    cases = [(images.shuffle_pixels(one, seed), images.pixel_order(784, seed)) for seed, one in enumerate(pictures, 5)]
    what = _("a shuffled picture of 28 × 28 pixels, and the order, 784 whole numbers")
    hint = _("Take one pixel after the other: where is it now, and where did it come from?")
    verdict = judge_function(answer, cases, _restore, mistakes, what, hint)
    if verdict.passed:
        given = [argument.copy() for argument in cases[0]]
        outcomes(lambda: answer(*given), [()])
        if not all(map(np.array_equal, given, cases[0])):
            text = _("The result is right, but your function changes what it was given: write into a new array.")
            return Verdict(text, False, "input-changed")
    return verdict
