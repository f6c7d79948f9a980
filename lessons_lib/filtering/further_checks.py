"""The tasks of lesson 2's further notebooks: borders, the half turn, split kernels and staircases, a gallery.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict; `pad_reflect` and `staircase`
show their Verdict, and return the student's function when it is right, else the library's.
"""

import itertools

import numpy as np

from lessons_lib import data, filtering
from lessons_lib.core.answer import readings
from lessons_lib.core.i18n import _
from lessons_lib.core.text import join_words, size_text
from lessons_lib.core.verdict import Verdict, judge, judge_function, task

# --- 02-borders


@task("filtering/pad-reflect", otherwise=lambda image, width: np.pad(image, width, mode="symmetric"))
def pad_reflect(answer):
    """Continue a picture by a mirror at each edge.

    >>> _function = pad_reflect(lambda image, width: np.pad(image, width, mode="edge"))
    ✗ You repeat the last pixel; in a mirror the pixel beside it comes next.
    """

    def like(rows, columns=None):
        def mirror(image, width):
            tall = np.pad(image, ((width, width), (0, 0)), mode=rows)
            return np.pad(tall, ((0, 0), (width, width)), mode=columns or rows)

        return mirror

    def left_only(image, width):
        whole = like("symmetric")(image, width)
        whole[:, -width:] = 0
        return whole

    def right_only(image, width):
        return left_only(image[:, ::-1], width)[:, ::-1]

    def corners(image, width):
        tall, wide = like("symmetric", "constant"), like("constant", "symmetric")
        return np.maximum(tall(image, width), wide(image, width))

    def not_turned(above, below, left, right):
        def mirror(image, width):
            def part(pixels, old):
                return pixels if old else pixels[::-1]

            tall = np.concatenate([part(image[:width], above), image, part(image[-width:], below)]).T
            return np.concatenate([part(tall[:width], left), tall, part(tall[-width:], right)]).T

        return mirror

    rules = [
        ("numpy", "reflect", _("The last pixel must come twice, 2 1 | 1 2 3; yours comes once, 3 2 | 1 2 3.")),
        ("replicate", "edge", _("You repeat the last pixel; in a mirror the pixel beside it comes next.")),
        ("wrap", "wrap", _("Beside each edge are the pixels of the opposite edge; a mirror shows the nearest ones.")),
    ]
    sides = list(itertools.product([True, False], repeat=4))[:-1]
    old_order = _("You copy the pixels in their old order; in a mirror the nearest one comes first.")
    mistakes = [
        *((name, like(mode), text) for name, mode, text in rules),
        *((name, like("symmetric", mode), text) for name, mode, text in rules),
        *(("not-turned", not_turned(*side), old_order) for side in sides),
        ("zeros", like("constant"), _("Around the picture there are still only zeros.")),
        ("rows", like("symmetric", "constant"),
         _("Above and below it is right; on the left and on the right there are still zeros.")),
        ("left", left_only, _("On the right there are still zeros.")),
        ("right", right_only, _("On the left there are still zeros.")),
        ("columns", like("constant", "symmetric"),
         _("On the left and on the right it is right; above and below are still zeros.")),
        ("corners", corners,
         _("The corners are still 0: fill the columns over the whole height, after the rows.")),
    ]  # fmt: skip
    small, tall, wide = np.arange(1, 7).reshape(2, 3), np.arange(20.5, 32).reshape(4, 3), np.arange(5, 20).reshape(3, 5)
    cases = [(small, 1), (small, 2), (tall, 2), (wide, 3)]
    hint = _(
        "Take a picture of 2 × 3 and width 2, and write down its mirror: beside each edge the nearest comes first."
    )
    return judge_function(answer, cases, like("symmetric"), mistakes, _("a picture and a width"), hint, alone=["pad"])


@task("filtering/draw-whole")
def draw_whole(answer, photo):
    """The drawing of a photo with side 9, as large as the photo and without a false frame.

    >>> draw_whole(_draw(np.pad(data.load("coins"), 5), 9), data.load("coins"))
    ✗ The size is right, but your drawing has a dark frame: there are zeros around the photo.
    """

    def padded(width, mode="symmetric", side=9):
        return _draw(np.pad(photo, width, mode=mode), side)

    other = _("There is no frame, but you padded by another rule; use `pad_reflect`.")
    twice = _("You padded twice, and the second mirror repeats the first; pad once, by the sum of both widths.")
    mistakes = [
        ("zeros", padded(5, "constant"),
         _("The size is right, but your drawing has a dark frame: there are zeros around the photo.")),
        ("no-padding", padded(0), _("Your drawing is smaller than the photo: pad the photo before you draw it.")),
        ("without-sobel", padded(4),
         _("Your drawing is smaller than the photo: you padded for the mean, and forgot the nine numbers.")),
        ("always-three", padded(3),
         _("Your drawing is smaller than the photo: three pixels were for side 5, and side 9 reaches further.")),
        ("side-as-width", padded(9),
         _("Your drawing is larger than the photo: a mean does not reach `side` pixels to each side of its middle.")),
        ("side-forgotten", padded(5, side=5), _("You padded for side 9, but `draw` still smooths with side 5.")),
        ("example", padded(3, side=5), _("That is the drawing with side 5, as above.")),
        ("drawing-padded", np.pad(padded(0), 5, mode="symmetric"),
         _("You padded the drawing; pad the photo first, then draw it.")),
        *(("twice", _draw(np.pad(np.pad(photo, width, mode="symmetric"), 5 - width, mode="symmetric"), 9), twice)
          for width in range(1, 5)),
        ("replicate", padded(5, "edge"), other),
        ("numpy", padded(5, "reflect"), other),
    ]  # fmt: skip
    hint = _("How far does a mean of 9 × 9 reach from its middle, and how far do the nine numbers?")
    return judge(answer, padded(5), mistakes, hint)


def _draw(photo, side):
    """The drawing of the lesson, smaller than the photo."""
    smooth = filtering.correlate(photo, np.ones((side, side)) / side**2)
    right, down = (filtering.correlate(smooth, filtering.KERNELS[f"sobel-{way}"]) for way in ("right", "down"))
    return (255 - np.sqrt(right**2 + down**2)).clip(0, 255)


# --- 02-convolution


@task("filtering/move-down")
def move_down(answer):
    """A 3 x 3 kernel with which `correlate` moves a picture down by one pixel.

    >>> move_down([[0, 0, 0], [0, 0, 1], [0, 0, 0]])
    ✗ Your kernel moves the picture to the left; rows come before columns.
    """
    kernel, verdict = _three_by_three(answer)
    if verdict is not None:
        return verdict
    picture = np.zeros((7, 7))
    picture[2:5, 2:5] = [[9, 1, 4], [2, 8, 3], [7, 5, 6]]
    given = filtering.correlate(picture, kernel, "zero")
    up = _("Your kernel moves the picture up: the 1 says from where each pixel is fetched, not where it goes.")
    moves = {
        (1, 0): ("right", _("Right.")),
        (-1, 0): ("up", up),
        (0, 1): ("to-the-right", _("Your kernel moves the picture to the right; rows come before columns.")),
        (0, -1): ("to-the-left", _("Your kernel moves the picture to the left; rows come before columns.")),
        (0, 0): ("stays", _("Your kernel leaves the picture where it is.")),
    }
    for (down, right), (name, sentence) in moves.items():
        if np.allclose(given, np.roll(picture, (down, right), axis=(0, 1))):
            return Verdict(sentence, name == "right", name)
    if np.count_nonzero(kernel) == 1 and kernel.sum() != 1:
        text = _("Your kernel multiplies the grey levels by {sum:g}; to keep them its weights must add up to 1.")
        return Verdict(text.format(sum=kernel.sum()), False, "sum")
    return Verdict(_("Not yet. Each pixel of the result must be one pixel of the picture, with weight 1."), False)


@task("filtering/one-kernel")
def one_kernel(answer):
    """The convolution of the rows 1 2 3 and 1 4.

    >>> one_kernel([6, 11])
    ✗ These are the two places where both rows lie wholly on each other; the ends belong to the product, too.
    """
    a, b = [1, 2, 3], [1, 4]
    inner = _("These are the two places where both rows lie wholly on each other; the ends belong to the product, too.")
    mistakes = [
        ("correlation", np.correlate(a, b, "full"), _("That is the correlation: the second row was not turned.")),
        ("correlation", np.correlate(b, a, "full"), _("That is the correlation of the second row with the first.")),
        ("reversed", np.convolve(a, b)[::-1],
         _("The numbers are right, in the opposite order: begin with the one without x.")),
        ("inside", np.convolve(a, b, "valid"), inner),
        ("no-sums", [1, 2, 3, 4, 8, 12],
         _("These are the six products; add those that belong to the same power of x.")),
    ]  # fmt: skip
    hint = _("Multiply every number of one row by every number of the other, and add what has the same power of x.")
    return judge(answer, np.convolve(a, b), mistakes, hint)


# --- 02-fast


@task("filtering/split")
def split(answer):
    """A column and a row whose product is a given kernel.

    >>> split(([1, 2, -1], [2, 3, 1]))
    ✗ Column and row are swapped: the column stands beside the rows, one number for each.
    """
    kernel = np.array([[2, 4, -2], [3, 6, -3], [1, 2, -1]])
    parts = [readings(part) for part in answer] if isinstance(answer, list | tuple) and len(answer) == 2 else []
    numbers = [part[0].values.ravel() for part in parts if part]
    if [len(part) for part in numbers] != [3, 3]:
        text = _("Give a column and a row, three numbers each, such as ([1, 2, 1], [-1, 0, 1]).")
        return Verdict(text, False, "no-numbers")
    product = np.outer(*numbers)
    if np.allclose(product, kernel):
        return Verdict(_("Right."), True)
    compare = (_("column * row"), product, kernel.astype(float))
    if np.allclose(product, kernel.T):
        text = _("Column and row are swapped: the column stands beside the rows, one number for each.")
        return Verdict(text, False, "swapped", compare)
    if np.allclose(product, -kernel):
        return Verdict(_("Your product has the opposite sign everywhere."), False, "sign", compare)
    if np.allclose(product * kernel[0, 0], kernel * product[0, 0]) and product[0, 0]:
        text = _("Your product is {factor:g} times the kernel; change the column or the row, not both.")
        return Verdict(text.format(factor=product[0, 0] / kernel[0, 0]), False, "factor", compare)
    rows = join_words([str(row) for row in range(3) if not np.allclose(product[row], kernel[row])])
    text = _("Not yet. In your product look at row {rows}: which multiple of the row is it in the kernel?")
    return Verdict(text.format(rows=rows), False, compare=compare)


@task("filtering/separable-cost")
def separable_cost(answer):
    """Multiplications for a Gaussian of sigma 3 on 512 x 512 pixels, as a column and a row.

    >>> separable_cost(512 * 512 * 19 * 19)
    ✗ That is the whole kernel at once; as a column and a row it takes fewer.
    """
    side, pixels = len(filtering.gaussian(3)), 512 * 512
    inside = 512 - side + 1
    mistakes = [
        ("at-once", pixels * side * side, _("That is the whole kernel at once; as a column and a row it takes fewer.")),
        ("one-pass", pixels * side, _("That is one of the two passes; the row follows the column.")),
        ("one-pixel", 2 * side, _("That is for one pixel; there are 512 × 512 of them.")),
        ("one-pixel-at-once", side * side, _("That is for one pixel, and for the whole kernel at once.")),
        ("sigma", pixels * 2 * 3,
         _("Sigma is not the side: the kernel reaches three sigma to each side of its middle.")),
        ("reach", pixels * 2 * 9, _("The kernel reaches 9 pixels to each side of its middle, so it is wider than 9.")),
        ("no-middle", pixels * 2 * 18,
         _("You forgot the middle of the kernel: 9 pixels to each side, and one between.")),
        ("other-sigma", pixels * 2 * 7, _("7 rows belong to sigma 1.")),
        ("other-sigma", pixels * 2 * 13, _("13 rows belong to sigma 2.")),
        ("valid", inside * inside * 2 * side,
         _("The result is as large as the photo: count the pixels at the border, too.")),
    ]  # fmt: skip
    hint = _("Multiply the number of pixels by the weights that each pass lays on a pixel, and count both passes.")
    return judge(answer, 2 * side * pixels, mistakes, hint)


def _staircase(weights, pixels):
    result = np.zeros((pixels - len(weights) + 1, pixels))
    for i in range(len(result)):
        result[i, i : i + len(weights)] = weights
    return result


@task("filtering/staircase", otherwise=_staircase)
def staircase(answer):
    """The matrix of a filter that slides along a row of pixels.

    >>> _function = staircase(lambda weights, pixels: _staircase(weights[::-1], pixels))
    ✗ The weights stand in the opposite order: that is a convolution.
    """

    def not_moved(weights, pixels):
        return np.tile([*weights, *[0] * (pixels - len(weights))], (pixels - len(weights) + 1, 1))

    def once(weights, pixels):
        return not_moved(weights, pixels) * (np.arange(pixels - len(weights) + 1) == 0)[:, None]

    def first_only(weights, pixels):
        return _staircase([weights[0], *[0] * (len(weights) - 1)], pixels)

    mistakes = [
        ("half-turn", lambda weights, pixels: _staircase(weights[::-1], pixels),
         _("The weights stand in the opposite order: that is a convolution.")),
        ("not-moved", not_moved,
         _("In every row the weights begin at column 0; each row must be one step further to the right.")),
        ("once", once, _("Only your first row has weights; every row needs them.")),
        ("one-weight", first_only, _("There is only one weight in each row; put all of them there.")),
        ("transposed", lambda weights, pixels: _staircase(weights, pixels).T, _("Rows and columns are swapped.")),
        ("left", lambda weights, pixels: _staircase(weights[::-1], pixels)[:, ::-1],
         _("Your staircase goes to the left.")),
    ]  # fmt: skip
    cases = [([1, 2, 3], 6), ([2, -1], 4), ([0.5, 1, 2, 4], 7), ([5], 3)]
    hint = _("In which column do the weights of row 0 begin, and in which those of row 1?")
    return judge_function(answer, cases, _staircase, mistakes, _("a list of weights and a number of pixels"), hint)


# --- 02-gallery


@task("filtering/weighted-pixel")
def weighted_pixel(answer):
    """The weighted mean of the square at row 3, column 2 of the result.

    >>> weighted_pixel(50)
    ✗ That is the plain mean: here the nine pixels have different weights.
    """
    picture, row, column = data.load("picture-f"), 3, 2
    result, plain = (filtering.correlate(picture, filtering.KERNELS[name]) for name in ("weighted-mean", "mean"))
    right = result[row, column]
    mistakes = [
        ("not-divided", 100 * right, _("You multiplied and added, and forgot to divide by the sum of the weights.")),
        ("by-nine", 100 * right / 9, _("You divided by 9; divide by the sum of the weights.")),
        ("weights", 100 * right / 90, _("You added the weights; multiply each by the pixel under it.")),
        ("weights", right / 90, _("You added the weights; multiply each by the pixel under it.")),
        ("plain", plain[row, column], _("That is the plain mean: here the nine pixels have different weights.")),
        ("swapped", result[column, row],
         _("That is row 2, column 3: rows are counted downwards, columns to the right.")),
        ("before", result[row - 1, column - 1],
         _("That is row 2, column 1: rows and columns count from 0, and the window begins there.")),
        ("beside", result[row, column + 1],
         _("That is row 3, column 3: your window lies one column too far to the right.")),
        ("pixel", picture[row, column], _("That is the pixel itself; what is wanted is the response of the kernel.")),
    ]  # fmt: skip
    return judge(answer, right, mistakes, _("Write down the nine pixels, and under each its weight."), tolerance=1e-3)


@task("filtering/brighter-below")
def brighter_below(answer):
    """A 3 x 3 kernel that is positive where a picture gets brighter downwards, and 0 on flat parts.

    >>> brighter_below(filtering.KERNELS["sobel-right"])
    ✗ Your kernel answers where it gets brighter to the right, and not downwards: rows and columns are swapped.
    """
    kernel, verdict = _three_by_three(answer)
    if verdict is not None:
        return verdict
    ramp, step = np.tile(np.arange(5.0), (5, 1)), np.tile([0.0, 0, 1, 1, 1], (5, 1))
    flat = filtering.correlate(np.full((3, 3), 10.0), kernel).item()
    down, right = (filtering.correlate(picture, kernel)[0, 0] for picture in (ramp.T, ramp))
    sideways = max(np.abs(filtering.correlate(picture, kernel)).max() for picture in (ramp, step))
    level = _("On a flat part of grey level 10 your kernel gives {flat:g}; its weights must add up to 0.")
    both = _(
        "Your kernel answers downwards, but also to a change from left to right: what its left column adds, "
        "its right column must add, too."
    )
    swapped = _(
        "Your kernel answers where it gets brighter to the right, and not downwards: rows and columns are swapped."
    )
    own = _("That is Sobel's kernel, which you know; invent another one.")
    mistakes = [
        ("sum", abs(flat) > 1e-9, level),
        ("swapped", abs(down) <= 1e-9 < abs(right), swapped),
        ("sign", down < -1e-9, _("Your kernel is negative there: it is positive where it gets darker downwards.")),
        ("zero", down <= 1e-9, _("Your kernel gives 0 where each row is brighter than the one above.")),
        ("sideways", sideways > 1e-9, both),
        ("library", np.array_equal(kernel, filtering.KERNELS["sobel-down"]), own),
    ]
    for name, made, sentence in mistakes:
        if made:
            return Verdict(sentence.format(flat=flat), False, name)
    return Verdict(_("Right."), True)


def _three_by_three(answer):
    """The answer as a 3 x 3 array, or None; and the verdict that says why it is none, or None."""
    meant = readings(answer)
    kernel = meant[0].values if meant else np.zeros(0)
    if kernel.ndim != 2 or kernel.size == 0 or not np.isfinite(kernel).all():
        text = _("Give rows of numbers, such as [[0, 0, 0], [0, 1, 0], [0, 0, 0]].")
        return None, Verdict(text, False, "no-numbers")
    if kernel.shape != (3, 3):
        text = _("Your kernel is {size}; give 3 × 3 weights.").format(size=size_text(*kernel.shape))
        return None, Verdict(text, False, "shape")
    return kernel, None
