"""Lesson 2's predictions: choices, the right one computed, and what a wrong one misunderstands."""

import numpy as np

from lessons_lib import data, filtering
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question
from lessons_lib.widgets.predict import asked


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['sum-zero', 'ten-filters']
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
    ]


def _rows_left(photo, times):
    for _time in range(times):
        photo = filtering.correlate(photo, filtering.KERNELS["mean"])
    return len(photo)


WARM_UP = ["images/row-column", "images/kernels-200", "images/shuffle"]
predict, results, warm_up = asked(__name__, bank, WARM_UP, own=["slide", "correlate", "draw"])
