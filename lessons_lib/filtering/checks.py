"""Lesson 2's exercises: one pixel by hand, a loop, an edge detector, a corner, a half turn, and what a filter costs.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict.
"""

import numpy as np

from lessons_lib import data, filtering
from lessons_lib.core.i18n import _
from lessons_lib.core.text import size_text
from lessons_lib.core.verdict import Verdict, judge, tried, untouched

# A picture whose rows and columns cannot be mistaken for each other, and a kernel that a half turn changes.
PICTURE = np.array([[9, 2, 7, 1, 8, 3, 6], [4, 0, 5, 9, 2, 7, 1], [200, 3, 90, 4, 250, 5, 8], [6, 1, 0, 80, 3, 2, 9]])
KERNEL = np.array([[1, 2, 3], [0, -1, 4]])
COUNTED = np.arange(1, 26).reshape(5, 5)


def weighted_pixel(answer):
    """Exercise 1: the weighted mean of picture F at row 3, column 2 of the result.

    >>> weighted_pixel(50)
    ✗ That is the plain mean: here the nine pixels have different weights.
    """
    picture, row, column = data.load("picture-f"), 3, 2
    result, plain = (filtering.correlate(picture, filtering.KERNELS[name]) for name in ("weighted-mean", "mean"))
    expected = result[row, column]
    mistakes = [
        (100 * expected, _("You multiplied and added, and forgot to divide by the sum of the weights.")),
        (100 * expected / 9, _("You divided by 9; divide by the sum of the weights.")),
        (plain[row, column], _("That is the plain mean: here the nine pixels have different weights.")),
        (result[column, row], _("Row and column are swapped: row 3 is counted downwards, column 2 to the right.")),
        (
            result[row - 1, column - 1],
            _("You centred the window on row 3, column 2; in the result that place has its window's corner there."),
        ),
        (picture[row, column], _("That is the pixel itself; what is wanted is the number that the window makes.")),
    ]
    hint = _("Write down the nine pixels, and under each its weight.")
    return judge(answer, expected, mistakes, hint, tolerance=1e-3)


def sliding_window(answer):
    """Exercise 2: a function of picture and kernel that returns all numbers of the valid result.

    >>> sliding_window(lambda image, kernel: filtering.convolve(image, kernel))
    ✗ Your kernel is turned by half a turn before it is laid on the picture: that is a convolution.
    """
    case = PICTURE.astype(np.uint8), KERNEL
    given, verdict = tried(answer, [case], _("a picture of 4 × 7 bytes and a kernel of 2 × 3"))
    if verdict is not None:
        return verdict
    expected, shape = filtering.correlate(PICTURE, KERNEL), given[0].shape
    turned, unweighted = filtering.convolve(PICTURE, KERNEL), filtering.correlate(PICTURE, np.ones_like(KERNEL))
    if shape == PICTURE.shape:
        return Verdict(_("Your result is as large as the picture; use only places where the whole kernel fits."), False)
    if len(shape) == 2 and shape not in (expected.shape, expected.T.shape):
        text = _("The kernel has {places} places in your result; count once more how often 2 × 3 fits into 4 × 7.")
        return Verdict(text.format(places=size_text(*shape)), False)
    mistakes = [
        (turned, _("Your kernel is turned by half a turn before it is laid on the picture: that is a convolution.")),
        (expected.T, _("Your rows and columns are swapped in the result.")),
        (unweighted, _("You add up the pixels of each window and forget the weights.")),
        (expected / KERNEL.size, _("You take the mean of the products; their sum is wanted.")),
        (expected % 256, _("Your sums are stored in 8 bits and wrap at 256; make the result of floats or int64.")),
        (np.abs(expected), _("You lose the minus signs; a result may be negative.")),
    ]
    hint = _("Compare your function with the loop of the lesson, on a small picture.")
    return judge(given[0], expected, mistakes, hint)


def brighter_below(answer):
    """Exercise 3: a 3 x 3 kernel that is positive where a picture grows brighter downwards, and 0 on flat parts.

    >>> brighter_below(filtering.KERNELS["sobel-right"])
    ✗ Your kernel answers where it grows brighter to the right, and not downwards: rows and columns are swapped.
    """
    kernel, verdict = _as_kernel(answer)
    if verdict is None and kernel.shape != (3, 3):
        verdict = _not_3_by_3(kernel)
    if verdict is not None:
        return verdict
    ramp, step = np.tile(np.arange(5.0), (5, 1)), np.tile([0.0, 0, 1, 1, 1], (5, 1))
    flat = filtering.correlate(np.full((3, 3), 10.0), kernel).item()
    down, right = (filtering.correlate(picture, kernel)[0, 0] for picture in (ramp.T, ramp))
    sideways = max(np.abs(filtering.correlate(picture, kernel)).max() for picture in (ramp, step))
    level = _("On a flat part of grey level 10 your kernel says {flat:g}; its weights must add up to 0.")
    swapped = _(
        "Your kernel answers where it grows brighter to the right, and not downwards: rows and columns are swapped."
    )
    mistakes = [
        (abs(flat) > 1e-9, level),
        (abs(down) <= 1e-9 < abs(right), swapped),
        (down < -1e-9, _("Your kernel is negative there: it is positive where it grows darker downwards.")),
        (down <= 1e-9, _("Your kernel says 0 where each row is brighter than the one above.")),
        (sideways > 1e-9, _("Your kernel answers downwards, but also to the right; make its columns alike.")),
    ]
    sentence = next((sentence for made, sentence in mistakes if made), None)
    return Verdict(_("Right."), True) if sentence is None else Verdict(sentence.format(flat=flat), False)


def corner(answer):
    """Exercise 4: the 5 x 5 box at row 0, column 0 of the numbers 1 to 25, with zero, replicate and reflect.

    >>> corner((7, 4.6, 5.8))
    ✗ With zero you divided by the 9 pixels that exist; the box divides by 25 wherever it lies.
    """
    borders, box = ("zero", "replicate", "reflect"), filtering.KERNELS["box"]
    zero, replicate, reflect = (filtering.correlate(COUNTED, box, border)[0, 0] for border in borders)
    mirror = np.pad(COUNTED, 2, mode="reflect")[:5, :5].mean()
    mistakes = [
        (
            (zero * 25 / 9, replicate, reflect),
            _("With zero you divided by the 9 pixels that exist; the box divides by 25 wherever it lies."),
        ),
        (
            (zero, replicate, mirror),
            _("For reflect you left out the edge, as NumPy's reflect does; here the edge itself is repeated first."),
        ),
        ((zero, reflect, replicate), _("Replicate and reflect are swapped.")),
        ((25 * zero, 25 * replicate, 25 * reflect), _("These are the sums; the box has the weights 1/25.")),
        ((COUNTED.mean(),) * 3, _("That is the box at the centre of the picture, where no border is needed.")),
    ]
    hint = _("Write the 5 × 5 pixels under the box for each border; the given pixels are only a quarter of them.")
    return judge(answer, (zero, replicate, reflect), mistakes, hint, tolerance=1e-3)


def move_down(answer):
    """Exercise 5: a kernel, with odd sides, with which `correlate` moves a picture down by one pixel.

    >>> move_down([[0, 0, 0], [0, 0, 1], [0, 0, 0]])
    ✗ Your kernel moves the picture to the left; rows come before columns.
    """
    kernel, verdict = _as_kernel(answer)
    if verdict is None and (kernel.shape[0] % 2 == 0 or kernel.shape[1] % 2 == 0 or max(kernel.shape) > 5):
        verdict = _not_3_by_3(kernel)
    if verdict is not None:
        return verdict
    picture = np.zeros((7, 7))
    picture[2:5, 2:5] = [[9, 1, 4], [2, 8, 3], [7, 5, 6]]
    given = filtering.correlate(picture, kernel, "zero")
    sentences = {
        (1, 0): _("Right."),
        (-1, 0): _(
            "Your kernel moves the picture up: the 1 says from where each pixel is fetched, not where it goes. "
            "With a convolution it would have been right."
        ),
        (0, 1): _("Your kernel moves the picture to the right; rows come before columns."),
        (0, -1): _("Your kernel moves the picture to the left; rows come before columns."),
        (0, 0): _("Your kernel leaves the picture where it is."),
    }
    for (down, right), sentence in sentences.items():
        if np.allclose(given, np.roll(picture, (down, right), axis=(0, 1))):
            return Verdict(sentence, (down, right) == (1, 0))
    if np.count_nonzero(kernel) == 1 and kernel.sum() != 1:
        sentence = _("Your kernel multiplies the grey levels by {sum:g}; to keep them its weights must add up to 1.")
        return Verdict(sentence.format(sum=kernel.sum()), False)
    return Verdict(_("Not yet. Each pixel of the result must be one pixel of the picture, with weight 1."), False)


def separable_cost(answer):
    """Exercise 6: multiplications for a Gaussian of sigma 3 on 512 x 512 pixels, as a column and a row.

    >>> separable_cost(512 * 512 * 19 * 19)
    ✗ That is the whole kernel at once; as a column and a row it takes fewer.
    """
    side, pixels = len(filtering.gaussian(3)), 512 * 512
    mistakes = [
        (pixels * side * side, _("That is the whole kernel at once; as a column and a row it takes fewer.")),
        (pixels * side, _("That is one of the two passes; the row follows the column.")),
        (2 * side, _("That is for one pixel; there are 512 × 512 of them.")),
        (side * side, _("That is for one pixel, and for the whole kernel at once.")),
        (pixels * 2 * 3, _("Sigma is not the side of the kernel: look at the shape of filtering.gaussian(3).")),
        (pixels * 2 * 9, _("The kernel reaches 9 pixels to each side of its centre, so its side is more than 9.")),
        (pixels * 2 * 18, _("You forgot the centre of the kernel: 9 pixels to each side, and one between.")),
    ]
    hint = _("Multiply the number of pixels by the weights that each pass lays on a pixel, and count both passes.")
    return judge(answer, 2 * side * pixels, mistakes, hint)


def _as_kernel(answer):
    """The answer as an array of two axes, or None; and the verdict that says why it is none, or None."""
    pending = untouched(answer)
    if pending is not None:
        return None, pending
    try:
        kernel = np.array(answer, dtype=float)
    except (TypeError, ValueError):
        kernel = np.zeros(0)
    if kernel.ndim != 2 or kernel.size == 0 or not np.isfinite(kernel).all():
        return None, Verdict(_("Give rows of numbers, such as [[0, 0, 0], [0, 1, 0], [0, 0, 0]]."), False)
    return kernel, None


def _not_3_by_3(kernel):
    return Verdict(_("Your kernel is {size}; give 3 × 3 weights.").format(size=size_text(*kernel.shape)), False)
