"""The tasks of lesson 2's further notebooks: borders, the half turn, split kernels and staircases, a gallery.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict; `pad_reflect`, `draw_whole` and
`staircase` show their Verdict, and return the student's function when it is right, else the library's.
"""

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

    def like(mode):
        return lambda image, width: np.pad(image, width, mode=mode)

    def only(above=False, beside=False):
        def mirror(image, width):
            whole, result, inside = (
                like("symmetric")(image, width),
                like("constant")(image, width),
                slice(width, -width),
            )
            result[:, inside] = (whole if above else result)[:, inside]
            result[inside] = (whole if beside else result)[inside]
            return result

        return mirror

    def not_turned(image, width):
        tall = np.concatenate([image[:width], image, image[-width:]])
        return np.concatenate([tall[:, :width], tall, tall[:, -width:]], axis=1)

    mistakes = [
        ("numpy", like("reflect"), _("The last pixel must come twice, 2 1 | 1 2 3; yours comes once, 3 2 | 1 2 3.")),
        ("replicate", like("edge"), _("You repeat the last pixel; in a mirror the pixel beside it comes next.")),
        ("wrap", like("wrap"),
         _("Beside each edge are the pixels of the opposite edge; a mirror shows the nearest ones.")),
        ("not-turned", not_turned,
         _("You copy the pixels in their old order; in a mirror the nearest one comes first.")),
        ("zeros", only(), _("Around the picture there are still only zeros.")),
        ("rows", only(above=True),
         _("Above and below it is right; on the left and on the right there are still zeros.")),
        ("columns", only(beside=True), _("On the left and on the right it is right; above and below are still zeros.")),
        ("corners", only(True, True),
         _("The corners are still 0: fill the columns over the whole height, after the rows.")),
    ]  # fmt: skip
    small, tall, wide = np.arange(1, 7).reshape(2, 3), np.arange(20.5, 32).reshape(4, 3), np.arange(5, 20).reshape(3, 5)
    cases = [(small, 1), (small, 2), (tall, 2), (wide, 3)]
    hint = _("Begin with width 1 and a picture of 2 × 3, and write down what a mirror shows beside each edge.")
    return judge_function(answer, cases, like("symmetric"), mistakes, _("a picture and a width"), hint, alone=["pad"])


def _draw(photo, side=5):
    """The drawing of the lesson, smaller than the photo."""
    smooth = filtering.correlate(photo, np.ones((side, side)) / side**2)
    slopes = [filtering.correlate(smooth, filtering.KERNELS[name]) for name in ("sobel-right", "sobel-down")]
    return (255 - np.hypot(*slopes)).clip(0, 255)


def _draw_whole(photo, side):
    return _draw(np.pad(photo, side // 2 + 1, mode="symmetric"), side)


@task("filtering/draw-whole", otherwise=_draw_whole)
def draw_whole(answer):
    """Draw a photo in its full size, without a false frame.

    >>> _function = draw_whole(lambda photo, side: _draw(np.pad(photo, side // 2 + 1), side))
    ✗ The size is right, but your drawing has a dark frame: there are zeros around the photo.
    """

    def padded(width, mode="symmetric", used=None):
        return lambda photo, side: _draw(np.pad(photo, width(side), mode=mode), used or side)

    def right(side):
        return side // 2 + 1

    other = _("There is no frame, but you padded by another rule; use `pad_reflect`.")
    mistakes = [
        ("zeros", padded(right, "constant"),
         _("The size is right, but your drawing has a dark frame: there are zeros around the photo.")),
        ("no-padding", padded(lambda side: 0),
         _("Your drawing is smaller than the photo: pad the photo before you draw it.")),
        ("without-sobel", padded(lambda side: side // 2),
         _("Your drawing is smaller than the photo: you padded for the mean, and forgot Sobel's kernel.")),
        ("always-three", padded(lambda side: 3),
         _("Three pixels are right for side 5 only; another side needs another width.")),
        ("side-as-width", padded(lambda side: side),
         _("Your drawing is larger than the photo: a kernel does not reach `side` pixels to each side.")),
        ("side-forgotten", padded(right, used=5),
         _("You padded for `side`, but `draw` still smooths with side 5: hand `side` on to it.")),
        ("all-five", padded(lambda side: 3, used=5),
         _("Your function does not use `side`: it is right for side 5 only.")),
        ("replicate", padded(right, "edge"), other),
        ("numpy", padded(right, "reflect"), other),
    ]  # fmt: skip
    pixels = np.random.default_rng(2).integers(0, 256, (12, 10)).astype(np.uint8)
    hint = _("How far does a kernel of this side reach from its middle, and how far does Sobel's?")
    cases = [(pixels, 5), (pixels, 3), (pixels.T, 7)]
    return judge_function(answer, cases, _draw_whole, mistakes, _("a photo and a side"), hint)


@task("filtering/corner")
def corner(answer):
    """The mean of 5 x 5 at row 0, column 0 of the numbers 1 to 25, with zero, replicate and reflect.

    >>> corner((7, 4.6, 5.8))
    ✗ Right: replicate and reflect. Not yet: zero. You divided by the 9 pixels that exist; this mean divides by 25.
    """
    counted, nan = np.arange(1, 26).reshape(5, 5), np.nan
    borders, box = ["zero", "replicate", "reflect"], filtering.KERNELS["box"]
    zero, replicate, reflect = expected = [filtering.correlate(counted, box, border)[0, 0] for border in borders]
    middle = _("That is the mean with its middle on the 13, where no border is needed.")
    mirror = np.pad(counted, 2, mode="reflect")[:5, :5].mean()
    mistakes = [
        ("nine", (zero * 25 / 9, nan, nan),
         _("You divided by the 9 pixels that exist; this mean divides by 25.")),
        ("numpy", (nan, nan, mirror),
         _("For reflect you left out the edge, as NumPy's reflect does; here the edge comes twice.")),
        ("swapped", (zero, reflect, replicate), _("Replicate and reflect are swapped.")),
        ("sums", (25 * zero, 25 * replicate, 25 * reflect), _("These are the sums; the kernel has the weights 1/25.")),
        ("middle", (counted.mean(),) * 3, middle),
    ]  # fmt: skip
    hint = _("Write down the 5 × 5 pixels under the kernel for each border; only 9 of the 25 are given.")
    return judge(answer, expected, mistakes, hint, tolerance=1e-3, parts=borders)


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
