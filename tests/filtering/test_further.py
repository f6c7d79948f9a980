"""The further notebooks of lesson 2: their solutions are right, and their checks name the mistakes they know."""

import numpy as np
import pytest

from checking import names_its_mistakes
from lessons_lib import filtering
from lessons_lib.filtering import further_checks as checks


def mirror(change=lambda result, width: None, mode="symmetric"):
    def pad(image, width):
        result = np.pad(image, width, mode=mode)
        change(result, width)
        return result

    return pad


def clear(*places):
    """Zeros at the places that are named by (rows, columns): "all", or the "first" and "last" ones of the border."""

    def change(result, width):
        part = {"all": slice(None), "first": slice(width), "last": slice(-width, None)}
        for rows, columns in places:
            result[part[rows], part[columns]] = 0

    return change


def columns(mode):
    """The rows are right, the columns follow another rule."""

    def pad(image, width):
        tall = np.pad(image, ((width, width), (0, 0)), mode="symmetric")
        return np.pad(tall, ((0, 0), (width, width)), mode=mode)

    return pad


def columns_first(image, width):
    """Columns are copied while the rows above and below are still zeros; then only the picture's own columns follow."""
    result = np.pad(image, width)
    for k in range(width):
        result[:, width - 1 - k] = result[:, width + k]
        result[:, -width + k] = result[:, -width - 1 - k]
    for k in range(width):
        result[width - 1 - k, width:-width] = image[k]
        result[-width + k, width:-width] = image[-1 - k]
    return result


def old_order(side):
    """A mirror whose pixels on one side are not turned."""

    def change(result, width):
        turns = {"above": 0, "right": 1, "below": 2, "left": 3}[side]
        part = np.rot90(result, turns)[:width]
        part[:] = part[::-1].copy()

    return mirror(change)


def drawing(photo, side=9):
    smooth = filtering.correlate(photo, np.ones((side, side)) / side**2)
    right, down = (filtering.correlate(smooth, kernel) for kernel in (NINE, NINE.T))
    return (255 - np.sqrt(right**2 + down**2)).clip(0, 255)


def padded(width, mode="symmetric", side=9):
    return drawing(np.pad(PHOTO, width, mode=mode), side)


def stairs(change=lambda weights: weights, step=1):
    def make(weights, pixels):
        result = np.zeros((pixels - len(weights) + 1, pixels))
        for i in range(len(result)):
            result[i, step * i : step * i + len(weights)] = change(weights)
        return result

    return make


NINE = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
PHOTO = np.random.default_rng(2).integers(0, 256, (24, 30)).astype(np.uint8)
TWICE = np.pad(np.pad(PHOTO, 4, mode="symmetric"), 1, mode="symmetric")
SMOOTH = filtering.correlate(PHOTO, np.ones((9, 9)) / 81, "reflect")
SLOPES = [filtering.correlate(SMOOTH, kernel, "reflect") for kernel in (NINE, NINE.T)]
TOP_AND_BOTTOM, SIDES = [("first", "all"), ("last", "all")], [("all", "first"), ("all", "last")]
CORNERS = [(rows, columns) for rows in ("first", "last") for columns in ("first", "last")]
MISTAKES = {
    "pad_reflect": [
        (mirror(mode="reflect"), "yours comes once"), (mirror(mode="edge"), "You repeat the last pixel"),
        (mirror(mode="wrap"), "the opposite edge"), (mirror(mode="constant"), "still only zeros"),
        (mirror(clear(*SIDES)), "Above and below it is right"), (mirror(clear(*TOP_AND_BOTTOM)), "above and below are"),
        (mirror(clear(*CORNERS)), "The corners are still 0"), (columns_first, "The corners are still 0"),
        (mirror(clear(("all", "last"))), "On the right there are"), (columns("edge"), "You repeat the last pixel"),
        (mirror(clear(("all", "first"))), "On the left there are"), (columns("wrap"), "the opposite edge"),
        (columns("reflect"), "yours comes once"), (lambda image, width: 2 * mirror()(image, width), "and width 2"),
        *((old_order(side), "in their old order") for side in ("above", "right", "below", "left")),
        (lambda image, width: image[-width:], "gives an array"), (lambda image, width: None, "returns nothing"),
        (lambda image, width: np.pad(image, width, mode="symmetric"), "a library computes them"),
        (lambda image, width: filtering.pad(image, (2 * width + 1,) * 2, "reflect"), "is larger than image"),
    ],
    "draw_whole": [
        (padded(5, "constant"), "has a dark frame"), (padded(0), "pad the photo before you draw it"),
        (padded(4), "forgot the nine numbers"), (padded(3), "three pixels were for side 5"),
        (padded(9), "larger than the photo"), (padded(5, side=5), "smooths with side 5"),
        (padded(3, side=5), "as above"), (np.pad(padded(0), 5, mode="symmetric"), "pad the photo first"),
        (drawing(TWICE), "the second mirror repeats the first"), (padded(5, "edge"), "by another rule"),
        (padded(6), "How far does a mean of 9"), (drawing, "I received a function"),
    ],
    "move_down": [
        ([[0, 0, 0], [0, 0, 0], [0, 1, 0]], "moves the picture up"), ([[1], [0], [0]], "give 3 × 3 weights"),
        ([[0, 0, 0], [1, 0, 0], [0, 0, 0]], "to the right"), ([[0, 0, 0], [0, 0, 1], [0, 0, 0]], "to the left"),
        ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], "where it is"), ([[0, 2, 0], [0, 0, 0], [0, 0, 0]], "by 2; to keep them"),
        (np.ones((3, 3)) / 9, "Each pixel of the result"), (7, "Give rows of numbers"),
    ],
    "one_kernel": [
        ([4, 9, 14, 3], "the second row was not turned"), ([3, 14, 9, 4], "of the second row with the first"),
        ([12, 11, 6, 1], "in the opposite order"), ([6, 11], "where both rows lie wholly"),
        ([1, 2, 3, 4, 8, 12], "the six products"), ([1, 8, 3, 0], "what has the same power"),
    ],
    "split": [
        (([1, 2, -1], [2, 3, 1]), "are swapped"), (([2, 3, 1], [2, 4, -2]), "is 2 times the kernel"),
        (([-2, -3, -1], [1, 2, -1]), "the opposite sign"), (([2, 3, 2], [1, 2, -1]), "look at row 2"),
        (([2, 3], [1, 2, -1]), "three numbers each"), (7, "three numbers each"), (([0, 0, 0], [0, 0, 0]), "Not yet"),
    ],
    "separable_cost": [
        (512 * 512 * 361, "the whole kernel at once"), (512 * 512 * 19, "one of the two passes"), (38, "for one pixel"),
        (361, "for one pixel, and for the whole"), (512 * 512 * 6, "Sigma is not the side"),
        (512 * 512 * 18, "reaches 9 pixels"), (512 * 512 * 36, "forgot the middle"), (1, "count both passes"),
        (38 * 494 * 494, "count the pixels at the border"), (512 * 512 * 14, "sigma 1"), (512 * 512 * 26, "sigma 2"),
    ],
    "staircase": [
        (stairs(lambda weights: weights[::-1]), "that is a convolution"), (stairs(step=0), "begin at column 0"),
        (lambda weights, pixels: stairs()(weights, pixels).T, "swapped"),
        (lambda weights, pixels: stairs()(weights[::-1], pixels)[:, ::-1], "to the left"),
        (lambda weights, pixels: stairs()(weights, pixels)[:-1], "In which column"),
        (stairs(lambda weights: np.multiply(weights, [1, *[0] * (len(weights) - 1)])), "only one weight"),
    ],
    "weighted_pixel": [
        (5760, "forgot to divide"), (640, "You divided by 9"), (50, "plain mean"), (25.2, "count from 0"),
        (0, "the pixel itself"), (64, "You added the weights"), (79.2, "one column too far"), (57, "Not yet"),
    ],
    "brighter_below": [
        (filtering.KERNELS["sobel-right"], "rows and columns are swapped"),
        (-filtering.KERNELS["sobel-down"], "gets darker downwards"),
        (filtering.KERNELS["mean"], "gives 10; its weights must add up to 0"),
        (filtering.KERNELS["laplacian"], "gives 0 where each row is brighter"),
        ([[-1, 0, 0], [0, 0, 0], [0, 0, 1]], "what its left column adds"),
        (filtering.KERNELS["sobel-down"], "invent another one"), ([[-1], [1]], "Your kernel is 2 × 1"),
        ("sobel", "Give rows of numbers"), ([[np.nan] * 3] * 3, "Give rows of numbers"),
    ],
}  # fmt: skip
ALSO_RIGHT = {
    # Each step padded for itself: the mirror of a smooth picture is the smooth mirror.
    "draw_whole": [(255 - np.hypot(*SLOPES)).clip(0, 255)],
    "split": [([4, 6, 2], [0.5, 1, -0.5]), (np.array([[2], [3], [1]]), np.array([[1, 2, -1]]))],
    "separable_cost": ["9,961,472"],
    "weighted_pixel": [[57.6], "57,6", 58],
    "brighter_below": [[[0, -1, 0], [0, 0, 0], [0, 1, 0]]],
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_and_an_untouched_task_says_so(name):
    more = [PHOTO] if name == "draw_whole" else []
    check, right = getattr(checks, name), ALSO_RIGHT.get(name, [])
    names_its_mistakes(check, MISTAKES[name], right, *more, never=["57.6", "9961472"])
