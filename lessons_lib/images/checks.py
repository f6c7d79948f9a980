"""Lesson 1's exercises: reading a pixel, blending, luminance, megabytes, counting weights, putting pixels back.

Each check takes the student's answer (`...` while there is none) and returns a Verdict.
"""

from itertools import product

import numpy as np

from lessons_lib import data, images
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import Verdict, judge, tried

PIXEL = (4, 9)
SAUCER = (300, 220)
DIGIT, SEED = 3, 7


def pixel_of_the_portrait(answer):
    """Exercise 1: the portrait's value at row 4, column 9.

    >>> pixel_of_the_portrait(21).passed
    False
    """
    portrait = data.load("portrait")
    row, column = PIXEL
    mistakes = [
        (portrait[column, row], _("That is row 9, column 4: the row comes first, then the column.")),
        (portrait[row - 1, column - 1], _("Rows and columns are counted from 0, so row 4 is the fifth.")),
        (portrait[row - 1, column], _("That is one row too high: counting begins with row 0.")),
        (portrait[row, column - 1], _("That is one column too far to the left: counting begins with column 0.")),
        (portrait[-row, column], _("You counted the rows from below; row 0 is at the top.")),
    ]
    return judge(answer, portrait[PIXEL], mistakes, _("Write portrait[row, column] and read what comes."))


def half_and_half(answer):
    """Exercise 2: a function that gives the mean of two pictures of bytes, pixel by pixel.

    >>> half_and_half(lambda first, second: (first + second) // 2).passed
    False
    """
    random = np.random.default_rng(0)
    first, second = random.integers(0, 256, (2, 9, 9), dtype=np.uint8)
    first[0, 0], second[0, 0] = 200, 100
    results, refused = tried(answer, [(first, second)], _("two uint8 arrays of one shape"))
    if refused is not None:
        return refused
    [result], total = results, first.astype(int) + second
    value = f"{result[0, 0]:g}" if result.shape == total.shape else "?"
    if result.shape == total.shape and np.allclose(255 * result, total / 2, atol=1):
        return Verdict(_("The blend is right, but as fractions of white; give it in 0 to 255."), False)
    hint = _("For the pixels 200 and 100 your function gives {value}.").format(value=value)
    wrapped = hint + " " + _("Their sum no longer fits into a byte and wraps.")
    cut = hint + " " + _("The sum was cut off at 255 before it was halved.")
    mistakes = [
        ((first + second) // 2, wrapped),
        ((first + second) / 2, wrapped),
        (first + second, _("That is the sum, and it wraps: 200 + 100 gives {value}.").format(value=value)),
        (total, _("That is the sum; half of it is wanted.")),
        (np.clip(total, 0, 255) // 2, cut),
        (np.clip(total, 0, 255) / 2, cut),
        (np.clip(total, 0, 255), _("That is the sum, cut off at 255; half of it is wanted.")),
    ]
    # Rounding down, up, or each half by itself are all right: at most one grey level away.
    return judge(result, total / 2, mistakes, hint, tolerance=1)


def luminance_of_the_saucer(answer):
    """Exercise 3: the luminance of one pixel of the red saucer in `coffee`, by Rec. 709.

    >>> luminance_of_the_saucer(0).passed
    False
    """
    coffee, weights = data.load("coffee").astype(float), images.LUMINANCE["Rec. 709"]
    pixel = coffee[SAUCER]
    mistakes = [
        (pixel.mean(), _("That is the plain mean: it counts blue as much as green, but green looks far brighter.")),
        (pixel @ images.LUMINANCE["Rec. 601"], _("Those are the weights of Rec. 601; the exercise asks for Rec. 709.")),
        (pixel[::-1] @ weights, _("You took blue for red: the channels come as red, green, blue.")),
        (pixel[1], _("That is the green channel alone.")),
        (coffee[SAUCER[::-1]] @ weights, _("Row and column are exchanged.")),
    ]
    hint = _("Multiply red, green and blue by their three weights, and add the three products.")
    return judge(answer, pixel @ weights, mistakes, hint, tolerance=0.05)


def megabytes_of_cifar(answer):
    """Exercise 4: megabytes of the 50 000 training pictures of CIFAR-10 as float32.

    >>> megabytes_of_cifar(153.6).passed
    False
    """
    expected = images.megabytes(50_000 * 32 * 32 * 3)
    mebibytes = _("That is right in mebibytes of 1 048 576 bytes; here a megabyte is a million bytes.")
    mistakes = [
        (expected / 4, _("You counted one byte a value, as in the file; a float32 takes four.")),
        (expected / 3, _("A colour picture has three values a pixel.")),
        (expected / 12, _("Three values a pixel, and four bytes a value, are missing.")),
        (expected * 6 / 5, _("Those are all 60 000 pictures; 50 000 of them are for training.")),
        (expected / 5, _("Those are the 10 000 test pictures; 50 000 are for training.")),
        (expected * 2, _("You counted eight bytes a value, which is float64; a float32 takes four.")),
        (expected * 1e6, _("That is right in bytes; a megabyte is a million of them.")),
        (expected * 1e6 / 2**20, mebibytes),
    ]
    return judge(answer, expected, mistakes, _("Pictures × rows × columns × channels × bytes."), tolerance=0.05)


def weights_of_two_layers(answer):
    """Exercise 5: the numbers to learn in a dense and in a convolutional layer over a CIFAR picture, biases included.

    >>> weights_of_two_layers([307_300, 160]).passed
    False
    """
    dense = {
        images.parameters_dense(32 * 32 * 3, 100, bias=True): "",
        images.parameters_dense(32 * 32 * 3, 100): _("The dense layer lacks its 100 biases."),
        images.parameters_dense(32 * 32, 100, bias=True): _("The dense layer has three inputs a pixel, one a channel."),
        images.parameters_dense(32 * 32, 100): _("The dense layer lacks two of three channels, and its biases."),
        images.parameters_dense(32 * 32 * 3, 100) + 1: _("Each of the 100 dense units has a bias of its own."),
    }
    expected = images.parameters_conv(3, 16, depth=3, bias=True)
    shared = _("A kernel's weights are shared by all places, so the picture's size does not count.")
    conv = {
        expected: "",
        images.parameters_conv(3, 16, depth=3): _("The convolutional layer lacks its 16 biases."),
        images.parameters_conv(3, 16, bias=True): _("A kernel is as deep as its input: 3 × 3 × 3, not 3 × 3."),
        images.parameters_conv(3, 16): _("A kernel is as deep as its input, 3 × 3 × 3, and has a bias."),
        images.parameters_conv(3, 1, depth=3, bias=True): _("That is one kernel; there are 16 different ones."),
        images.parameters_conv(3, 16, depth=3) + 1: _("Each of the 16 kernels has a bias of its own."),
        expected * 32 * 32: shared,
        expected * 30 * 30: shared,
    }
    mistakes = [((a, b), f"{dense[a]} {conv[b]}".strip()) for a, b in product(dense, conv) if dense[a] or conv[b]]
    mistakes += [((b, a), _("The dense layer comes first.")) for a, b in product(dense, conv)]
    hint = _(
        "Two whole numbers: inputs × units and a bias for each unit; then rows × columns × depth × kernels and biases."
    )
    return judge(answer, (next(iter(dense)), expected), mistakes, hint)


def pixels_put_back(answer):
    """Exercise 6: digit 3 of MNIST, shuffled with seed 7, put back in order.

    >>> pixels_put_back(images.shuffle_pixels(data.load("mnist")["images"][3], seed=7)).passed
    False
    """
    digit = data.load("mnist")["images"][DIGIT]
    shuffled = images.shuffle_pixels(digit, SEED)
    order = images.pixel_order(digit.size, SEED)
    twice = _("You shuffled once more: the pixel that went from place a to place b must come from b back to a.")
    mistakes = [
        (shuffled, _("That is the shuffled picture as it came.")),
        (shuffled.ravel()[order].reshape(28, 28), twice),
        (shuffled.ravel()[order], twice),
        (shuffled.ravel(), _("That is the shuffled picture as it came, in one row.")),
        (digit.ravel(), _("The order is right; give the 784 numbers their 28 rows again.")),
        (digit.T, _("The pixels are right, but rows and columns are exchanged.")),
        (shuffled.ravel()[::-1].reshape(28, 28), _("You reversed the order; its inverse is wanted.")),
        (digit / 255, _("The order is right; leave the values in 0 to 255.")),
    ]
    hint = _("Place order[i] of the digit is what lies at place i now.")
    return judge(answer, digit, mistakes, hint)
