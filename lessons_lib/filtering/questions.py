"""Lesson 2's predictions, each right answer computed, and what a wrong one misunderstands."""

import numpy as np

from lessons_lib import data, filtering
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Number, Question
from lessons_lib.widgets.predict import asked


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['still-90', 'single-one', 'coin', 'noise-left', 'wrap', 'zeros-inside', 'single-pixel']
    """
    return [
        Question(
            "still-90",
            _("The mean slides over all of the square and gives 64 responses. How many of them are still 90?"),
            Number(low=0, high=64),
            lambda name="picture-f": _count_still_90(data.load(name)),
            {
                25: _("So many pixels are 90. But at an edge the window also covers black pixels."),
                24: _("So many pixels of the bright area are 90. But at its edge the window also covers black pixels."),
                9: _("So many windows lie inside the bright area. Some of them cover the hole."),
                0: _("The mean of nine 90s is 90, and some windows cover nothing else."),
                None: _("Only a window with nine pixels of 90 gives 90: no black pixel, and not the hole."),
            },
        ),
        Question(
            "single-one",
            _(
                "A kernel with a 1 in the middle and eight zeros copies the picture. Now the 1 moves one place to the "
                "right. Where does the copy go?"
            ),
            {"right": _("to the right"), "left": _("to the left"), "blurred": _("nowhere, but it is blurred"),
             "same": _("nowhere, it stays the same")},
            lambda name="shift": _moves(filtering.KERNELS[name]),
            {
                "right": _("The 1 does not push pixels. It fetches them, and it fetches from the right."),
                "blurred": _("Only one weight is not 0, so only one pixel counts at each place: nothing is mixed."),
                "same": _("The 1 lies on another pixel now, so each place gets the number of another pixel."),
            },
        ),
        Question(
            "coin",
            _("A bright, round coin lies on a dark table. Where on its outline do our nine numbers give almost 0?"),
            {"nowhere": _("nowhere, the outline is an edge everywhere"), "sides": _("at the left and at the right"),
             "ends": _("at the top and at the bottom"), "half": _("on the whole right half")},
            lambda name="sobel-right": _weakest_on_a_disc(filtering.KERNELS[name]),
            {
                "nowhere": _("They compare only left with right. At two places of the outline these are equal."),
                "sides": _("There the picture changes from left to right, and the response is strongest."),
                "half": _("There the response is negative. That is not 0: a large negative number is strong, too."),
            },
        ),
        Question(
            "noise-left",
            _("Independent random errors have a typical size of 20. How large are they after the mean of nine pixels?"),
            {"20": _("20, as before"), "7": _("about 7"), "2": _("about 2"), "0": _("0, they cancel")},
            lambda side=3: _nearest(_noise_after(np.ones((side, side)) / side**2), [20, 7, 2, 0]),
            {
                "20": _("That would be so if all nine errors were equal. Some are positive, some negative."),
                "2": _("You divided one error by nine. But the sum of nine errors is larger than one error."),
                "0": _("Nine random errors cancel only in part."),
            },
        ),
        Question(
            "wrap",
            _("At its right end, row 4 falls from 90 to 0. What does this difference give there, in NumPy?"),
            {"-90": "−90", "90": "90", "0": "0", "166": "166"},
            lambda dtype=np.uint8: str(np.diff(np.array([90, 0], dtype)).item()),
            {
                "-90": _("Right on paper. But the pixels are bytes of type uint8, which has no negative numbers."),
                "90": _("The difference is 0 − 90, not 90 − 0; and it is computed in bytes."),
                "0": _("NumPy does not stop at 0. It goes on from the other end, at 255."),
            },
        ),
        # The questions of `FURTHER`.
        Question(
            "zeros-inside",
            _(
                "A picture of 28 × 28 goes through ten layers. Each one pads with zeros and applies a 3 × 3 kernel, so "
                "the size stays. How many of the 784 numbers of the last feature map depend on none of these zeros?"
            ),
            {"676": "676 = 26 × 26", "324": "324 = 18 × 18", "64": "64 = 8 × 8", "0": _("none")},
            lambda layers=10: str(_without_zeros(28, layers)),
            {
                "676": _("That is right after one layer. Each layer takes the zeros one pixel further in."),
                "324": _("You took one row for each layer. The zeros come in from the top and from the bottom."),
                "0": _("In ten layers the zeros get ten pixels in from each side, and 28 rows have more than 20."),
            },
        ),
        Question(
            "single-pixel",
            _(
                "A picture is 0 everywhere, with a single 1 in the middle. What does a correlation with the kernel "
                "1 2 3 / 4 5 6 / 7 8 9 give?"
            ),
            {
                "same": "1 2 3 / 4 5 6 / 7 8 9",
                "upside-down": "7 8 9 / 4 5 6 / 1 2 3",
                "half-turn": "9 8 7 / 6 5 4 / 3 2 1",
                "copies": _("nine times 5"),
            },
            lambda operation=filtering.correlate: _form(operation),
            {
                "same": _("At the first place of the window the 1 lies under the last weight, not under the first."),
                "upside-down": _("The rows come out in the other order, and so do the columns."),
                "copies": _("The 1 lies under the 5 only where the window stands in the middle."),
            },
        ),
    ]  # fmt: skip


def recall():
    """What later lessons ask about this one.

    >>> [question.id for question in recall()]
    ['sum-zero', 'ten-filters']
    """
    return [
        Question(
            "sum-zero",
            _("The weights of a kernel add up to 0. What does it give where all pixels have the value 90?"),
            {"0": "0", "10": "10", "90": "90"},
            lambda name="laplacian": f"{filtering.correlate(np.full((3, 3), 90), filtering.KERNELS[name]).item():.0f}",
            {
                "10": _("That would be 90 divided by 9, but flat parts are multiplied by the sum of the weights."),
                "90": _(
                    "That is what a kernel of sum 1 does: the result of a flat part is 90 times the sum of the weights."
                ),
            },
        ),
        Question(
            "ten-filters",
            _(
                "A photo of 512 rows goes through ten filters of 3 × 3, one after the other, without a border. How "
                "many rows are left?"
            ),
            {"502": "502", "492": "492", "482": "482"},
            lambda times=10: str(_rows_left(data.load("camera"), times)),
            {
                "502": _("You took one row for each filter; it is one at the top and one at the bottom."),
                "482": _("You took three rows for each filter; a window of 3 rows costs 2."),
            },
        ),
    ]


def _count_still_90(picture):
    return int((filtering.correlate(picture, np.ones((3, 3)) / 9).round(9) == 90).sum())


def _moves(kernel):
    """Where a kernel takes a lonely pixel in the middle of a row of five."""
    row = np.zeros((3, 5))
    row[1, 2] = 1
    result = filtering.correlate(row, kernel)[0]
    return "blurred" if (result > 0).sum() > 1 else {0: "left", 1: "same", 2: "right"}[int(result.argmax())]


def _noise_after(kernel):
    return filtering.correlate(np.random.default_rng(0).normal(0, 20, (200, 200)), kernel).std()


def _nearest(value, choices):
    return str(min(choices, key=lambda choice: abs(choice - value)))


def _weakest_on_a_disc(kernel):
    """Where on the outline of a bright disc the answer of a kernel is weakest."""
    rows, columns = np.ogrid[-20:21, -20:21]
    strength = np.abs(filtering.correlate(100.0 * (rows**2 + columns**2 <= 225), kernel, "zero"))
    near = {"ends": (slice(3, 8), 20), "sides": (20, slice(3, 8)), "half": (20, slice(33, 38))}
    return min(near, key=lambda name: strength[near[name]].max())


def _rows_left(photo, times):
    for _time in range(times):
        photo = filtering.correlate(photo, filtering.KERNELS["mean"])
    return len(photo)


def _without_zeros(side, layers):
    """How many pixels of a white picture are still white after so many means with a border of zeros."""
    picture = np.ones((side, side))
    for _layer in range(layers):
        picture = filtering.correlate(picture, filtering.KERNELS["mean"], "zero")
    return (picture > 1 - 1e-9).sum()


def _form(operation):
    """In which order the numbers 1 to 9 come out when they meet a single 1."""
    numbered, impulse = np.arange(1, 10).reshape(3, 3), np.zeros((5, 5), int)
    impulse[2, 2] = 1
    forms = {"same": numbered, "upside-down": numbered[::-1], "half-turn": np.flip(numbered)}
    return next(name for name, form in forms.items() if np.array_equal(operation(impulse, numbered), form))


WARM_UP = ["images/row-column", "images/kernels-200", "images/shuffle"]
FURTHER = ["zeros-inside", "single-pixel"]
predict, results, warm_up = asked(__name__, bank, WARM_UP, own=["slide", "correlate", "draw"], further=FURTHER)
