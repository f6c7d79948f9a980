"""Lesson 2's predictions: choices, the right one computed, and what a wrong one misunderstands."""

import numpy as np

from lessons_lib import data, filtering
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question
from lessons_lib.widgets.predict import asked

RIGHT_LEFT = np.array([[-1, 0, 1]])


def bank():
    """The questions, in the order of the lesson; then those of `FURTHER`.

    >>> [question.id for question in bank()]
    ['sum-zero', 'ten-filters', 'border-ramp', 'zeros-inside', 'single-pixel']
    """
    return [
        Question(
            "sum-zero",
            _("The weights of a kernel add up to 0. What does it give where all pixels have the value 90?"),
            {"0": "0", "10": "10", "90": "90"},
            lambda name="laplacian": f"{filtering.correlate(np.full((3, 3), 90), filtering.KERNELS[name]).item():.0f}",
            {
                "10": _("That would be 90 divided by 9, and no weight here is a ninth."),
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
        Question(
            "border-ramp",
            _(
                "The pixels of a row are 0, 10, 20 and so on up to 90. At every inner pixel the kernel −1 0 1 gives "
                "20. What does it give at the first pixel, with the border `replicate`?"
            ),
            {"20": "20", "10": "10", "0": "0"},
            lambda step=10: str(
                filtering.correlate(np.arange(0, 10 * step, step)[None], RIGHT_LEFT, "replicate")[0, 0]
            ),
            {
                "20": _("The invented pixel is a copy of the first one; it does not go on with the slope."),
                "0": _("The −1 and the 0 lie on two pixels of 0, but the 1 lies on the second pixel, and that is 10."),
            },
        ),
        Question(
            "zeros-inside",
            _(
                "A picture of 28 × 28 goes through ten layers of 3 × 3 kernels, each with a border of zeros. How many "
                "of the 784 cells of the last map do not depend on any of these zeros?"
            ),
            {"676": "676 = 26 × 26", "324": "324 = 18 × 18", "64": "64 = 8 × 8", "0": _("none")},
            lambda layers=10: str(_without_zeros(28, layers)),
            {
                "676": _("That is right after one layer; each layer carries the zeros one cell further in."),
                "324": _("You took one row for each layer; the zeros come in from the top and from the bottom."),
                "0": _("In ten layers the zeros get ten cells in from each side, and 28 rows have more than 20."),
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
            lambda column=2: _form(column),
            {
                "same": _("At the first place of the window the 1 lies under the last weight, not under the first."),
                "upside-down": _("The rows come out in the other order, and so do the columns."),
                "copies": _("The 1 lies under the 5 only where the window stands in the middle."),
            },
        ),
    ]


def _rows_left(photo, times):
    for _time in range(times):
        photo = filtering.correlate(photo, filtering.KERNELS["mean"])
    return len(photo)


def _without_zeros(side, layers):
    """How many cells of a white picture are still white after so many means with a border of zeros."""
    picture = np.ones((side, side))
    for _layer in range(layers):
        picture = filtering.correlate(picture, filtering.KERNELS["mean"], "zero")
    return (picture > 1 - 1e-9).sum()


def _form(column):
    """What becomes of 1 to 9 when they are correlated with a single 1 in this column of five."""
    numbered, impulse = np.arange(1, 10).reshape(3, 3), np.zeros((5, 5), int)
    impulse[2, column] = 1
    forms = {"same": numbered, "upside-down": numbered[::-1], "half-turn": np.flip(numbered)}
    result = filtering.correlate(impulse, numbered)
    return next(name for name, form in forms.items() if np.array_equal(result, form))


WARM_UP = ["images/row-column", "images/kernels-200", "images/shuffle"]
FURTHER = ["border-ramp", "zeros-inside", "single-pixel"]
predict, results, warm_up = asked(__name__, bank, WARM_UP, further=FURTHER)
