"""Lesson 1's exercises: reading a pixel, blending, luminance, megabytes, counting weights, putting pixels back.

Each check takes the student's answer (`...` while there is none) and returns a Verdict.
"""

import numpy as np

from lessons_lib import data, images
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import Verdict, judge, judge_function, task

PIXEL = (4, 9)
SAUCER = (300, 220)
DIGIT, SEED = 3, 7


@task("images/pixel-of-the-portrait")
def pixel_of_the_portrait(answer):
    """Exercise 1: the portrait's value at row 4, column 9.

    >>> pixel_of_the_portrait(21)
    ✗ That is row 9, column 4: the row comes first, then the column.
    """
    portrait = data.load("portrait")
    row, column = PIXEL
    mistakes = [
        ("exchanged", portrait[column, row], _("That is row 9, column 4: the row comes first, then the column.")),
        ("from-1", portrait[row - 1, column - 1], _("Rows and columns are counted from 0, so row 4 is the fifth.")),
        ("row-from-1", portrait[row - 1, column], _("That is one row too high: counting begins with row 0.")),
        ("column-from-1", portrait[row, column - 1],
         _("That is one column too far to the left: counting begins with column 0.")),
        ("from-below", portrait[-row, column], _("You counted the rows from below; row 0 is at the top.")),
        ("place", PIXEL, _("That is the place; give the value of the pixel there.")),
        ("whole-row", portrait[row], _("That is the whole row; give its value at column 9.")),
    ]  # fmt: skip
    return judge(answer, portrait[PIXEL], mistakes, _("Write portrait[row, column] and read what comes."))


@task("images/half-and-half")
def half_and_half(answer):
    """Exercise 2: a function that gives the mean of two pictures of bytes, pixel by pixel.

    >>> half_and_half(lambda first, second: (first + second) // 2)
    ✗ For the pixels 200 and 100 that gives 22: their sum no longer fits into a byte and wraps.
    """
    random = np.random.default_rng(0)
    cases = [tuple(random.integers(0, 256, (2, *shape), dtype=np.uint8)) for shape in ((9, 7), (4, 6))]
    first, second = cases[0]
    first[0, 0], second[0, 0] = 200, 100
    wrapped = _("For the pixels 200 and 100 that gives 22: their sum no longer fits into a byte and wraps.")
    cut = _("For the pixels 200 and 100 that gives 127.5 or 127: the sum was cut off at 255 before it was halved.")
    halves = _("That is half the sum of one picture with the whole of the other: where are the brackets?")

    def summed(a, b):
        return a.astype(int) + b

    mistakes = [
        ("wrapped", lambda a, b: (a + b) // 2, wrapped),
        ("wrapped", lambda a, b: (a + b) / 2, wrapped),
        ("wrapped-sum", lambda a, b: a + b,
         _("That is the sum, and it wraps: 200 + 100 gives 44.")),
        ("sum", summed, _("That is the sum; half of it is wanted.")),
        ("cut", lambda a, b: np.clip(summed(a, b), 0, 255) / 2, cut),
        ("cut-sum", lambda a, b: np.clip(summed(a, b), 0, 255),
         _("That is the sum, cut off at 255; half of it is wanted.")),
        ("brackets", lambda a, b: a + b / 2, halves),
        ("brackets", lambda a, b: a + b // 2, halves),
        ("one-picture", lambda a, b: a, _("That is the first picture alone.")),
        ("one-picture", lambda a, b: b, _("That is the second picture alone.")),
        ("one-number", lambda a, b: summed(a, b).mean() / 2,
         _("That is one mean for all pixels; each pixel has its own.")),
    ]  # fmt: skip

    def hint(given):
        text = _("For the pixels 200 and 100 your function gives {value:g}.")
        return text.format(value=given[0][0, 0]) if given[0].shape == first.shape else ""

    what = _("two uint8 arrays of one shape")
    # Rounding down, up, or each half by itself are all right: at most one grey level away.
    verdict = judge_function(answer, cases, lambda a, b: summed(a, b) / 2, mistakes, what, hint, tolerance=1)
    if verdict.id == "unknown" and np.allclose(255 * verdict.compare[1], verdict.compare[2], atol=1):
        return Verdict(_("The blend is right, but as fractions of white; give it in 0 to 255."), False, "fractions")
    return verdict


@task("images/luminance-of-the-saucer")
def luminance_of_the_saucer(answer):
    """Exercise 3: the luminance of one pixel of the red saucer in `coffee`, by Rec. 709.

    >>> luminance_of_the_saucer(38)
    ✗ That is the plain mean: it counts blue as much as green, but green looks far brighter.
    """
    coffee, weights = data.load("coffee").astype(float), images.LUMINANCE["Rec. 709"]
    pixel = coffee[SAUCER]
    mistakes = [
        ("plain-mean", pixel.mean(),
         _("That is the plain mean: it counts blue as much as green, but green looks far brighter.")),
        ("rec-601", pixel @ images.LUMINANCE["Rec. 601"],
         _("Those are the weights of Rec. 601; the exercise asks for Rec. 709.")),
        ("blue-first", pixel[::-1] @ weights, _("You took blue for red: the channels come as red, green, blue.")),
        ("green", pixel[1], _("That is the green channel alone.")),
        ("red", pixel[0], _("That is the red channel alone.")),
        ("sum", pixel.sum(), _("That is the sum of the three channels; each has its own weight.")),
        ("channels", pixel, _("Those are the three channels; multiply each by its weight, and add.")),
        ("products", pixel * weights, _("Those are the three products; add them.")),
        ("fraction", pixel @ weights / 255, _("That is right as a fraction of white; give it in 0 to 255.")),
        ("exchanged", coffee[SAUCER[::-1]] @ weights, _("Row and column are exchanged.")),
    ]  # fmt: skip
    hint = _("Multiply red, green and blue by their three weights, and add the three products.")
    return judge(answer, pixel @ weights, mistakes, hint, tolerance=0.05)


@task("images/megabytes-of-cifar")
def megabytes_of_cifar(answer):
    """Exercise 4: megabytes of the 50 000 training pictures of CIFAR-10 as float32.

    >>> megabytes_of_cifar(153.6)
    ✗ You counted one byte a value, as in the file; a float32 takes four.
    """
    expected = images.megabytes(50_000 * 32 * 32 * 3)
    mebibytes = _("That is right in mebibytes of 1 048 576 bytes; here a megabyte is a million bytes.")
    mistakes = [
        ("one-byte", expected / 4, _("You counted one byte a value, as in the file; a float32 takes four.")),
        ("one-channel", expected / 3, _("A colour picture has three values a pixel.")),
        ("one-byte-one-channel", expected / 12, _("Three values a pixel, and four bytes a value, are missing.")),
        ("all-pictures", expected * 6 / 5, _("Those are all 60 000 pictures; 50 000 of them are for training.")),
        ("test-pictures", expected / 5, _("Those are the 10 000 test pictures; 50 000 are for training.")),
        ("eight-bytes", expected * 2, _("You counted eight bytes a value, which is float64; a float32 takes four.")),
        ("bits", expected * 8, _("Those are megabits; a byte has eight bits.")),
        ("one-picture", expected / 50_000, _("That is one picture; there are 50 000.")),
        ("one-row", expected / 32, _("You counted 32 pixels a picture; it has 32 × 32.")),
        ("bytes", expected * 1e6, _("That is right in bytes; a megabyte is a million of them.")),
        ("kilobytes", expected * 1e3, _("That is right in kilobytes; a megabyte is a thousand of them.")),
        ("gigabytes", expected / 1e3, _("That is right in gigabytes; a gigabyte is a thousand megabytes.")),
        ("mebibytes", expected * 1e6 / 2**20, mebibytes),
    ]  # fmt: skip
    hint = _("How many values has one picture, how many bytes has a value, and how many pictures are there?")
    return judge(answer, expected, mistakes, hint, tolerance=0.05)


@task("images/weights-of-two-layers")
def weights_of_two_layers(answer):
    """Exercise 5: the numbers to learn in a dense and in a convolutional layer over a CIFAR picture, biases included.

    >>> weights_of_two_layers([307_300, 160])
    ✗ Right: fully connected. Not yet: convolutional. A kernel is as deep as its input: 3 × 3 × 3, not 3 × 3.
    """
    dense, conv = (
        images.parameters_dense(32 * 32 * 3, 100, bias=True),
        images.parameters_conv(3, 16, depth=3, bias=True),
    )
    fully = [
        ("dense-biases", dense - 100, _("The dense layer lacks its 100 biases.")),
        ("dense-depth", images.parameters_dense(32 * 32, 100, bias=True),
         _("The dense layer has three inputs a pixel, one a channel.")),
        ("dense-depth", images.parameters_dense(32 * 32, 100),
         _("The dense layer lacks two of three channels, and its biases.")),
        ("dense-one-bias", dense - 99, _("Each of the 100 dense units has a bias of its own.")),
    ]  # fmt: skip
    shared = _("A kernel's weights are shared by all places, so the picture's size does not count.")
    kernels = [
        ("conv-biases", conv - 16, _("The convolutional layer lacks its 16 biases.")),
        ("conv-depth", images.parameters_conv(3, 16, bias=True),
         _("A kernel is as deep as its input: 3 × 3 × 3, not 3 × 3.")),
        ("conv-depth", images.parameters_conv(3, 16),
         _("A kernel is as deep as its input, 3 × 3 × 3, and has a bias.")),
        ("one-kernel", images.parameters_conv(3, 1, depth=3, bias=True),
         _("That is one kernel; there are 16 different ones.")),
        ("conv-one-bias", conv - 15, _("Each of the 16 kernels has a bias of its own.")),
        ("not-shared", conv * 32 * 32, shared),
        ("not-shared", conv * 30 * 30, shared),
    ]  # fmt: skip
    mistakes = [
        ("exchanged", (conv, dense), _("The dense layer comes first.")),
        *((name, (value, np.nan), sentence) for name, value, sentence in fully),
        *((name, (np.nan, value), sentence) for name, value, sentence in kernels),
        ("sum", dense + conv, _("That is both together; give two numbers.")),
    ]  # fmt: skip
    hint = _(
        "Two whole numbers: how many weights has one unit, or one kernel? How many are there, and how many biases?"
    )
    return judge(answer, (dense, conv), mistakes, hint, parts=[_("fully connected"), _("convolutional")])


@task("images/pixels-put-back")
def pixels_put_back(answer):
    """Exercise 6: digit 3 of MNIST, shuffled with seed 7, put back in order.

    >>> pixels_put_back(images.shuffle_pixels(data.load("mnist")["images"][3], seed=7))
    ✗ That is the shuffled picture as it came.
    """
    digit = data.load("mnist")["images"][DIGIT]
    shuffled = images.shuffle_pixels(digit, SEED)
    order = images.pixel_order(digit.size, SEED)
    came, again = shuffled.ravel(), shuffled.ravel()[order]
    twice = _("You shuffled once more: the pixel that went from place a to place b must come from b back to a.")
    unchanged = _("That is the shuffled picture as it came.")
    mistakes = [
        ("unchanged", shuffled, unchanged),
        ("unchanged", came, unchanged),
        ("twice", again.reshape(28, 28), twice),
        ("twice", again, twice),
        ("one-row", digit.ravel(), _("The order is right; give the 784 numbers their 28 rows again.")),
        ("transposed", digit.T, _("The pixels are right, but rows and columns are exchanged.")),
        ("reversed", came[::-1].reshape(28, 28), _("You reversed the order; its inverse is wanted.")),
        ("sorted", np.sort(came).reshape(28, 28), _("You sorted the grey levels; sort the places.")),
        ("order", order, _("That is the order; use it as places of the pixels.")),
        ("other-digit", data.load("mnist")["images"][DIGIT - 1], _("That is another digit; numbers begin with 0.")),
        ("fractions", digit / 255, _("The order is right; leave the values in 0 to 255.")),
    ]  # fmt: skip
    hint = _("Place order[i] of the digit is what lies at place i now.")
    return judge(answer, digit, mistakes, hint)
