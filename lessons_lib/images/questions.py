"""Lesson 1's predictions: choices, the right one computed, and what a wrong one misunderstands."""

import numpy as np

from lessons_lib import data, images
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['dense-digits', 'shuffled-digits']
    """
    return [
        Question(
            "dense-digits",
            _(
                "A picture of 200 × 200 pixels goes into 40,000 fully connected units. How many digits has the "
                "number of weights?"
            ),
            {"5": "5", "8": "8", "10": "10"},
            lambda: str(len(str(images.parameters_dense(200 * 200, 40_000)))),
            {
                "5": _("That is one weight a unit; every unit has a weight for every pixel."),
                "8": _("Multiply 40,000 pixels by 40,000 units; ten thousand times ten thousand alone is 100 million."),
            },
        ),
        Question(
            "shuffled-digits",
            _("The pixels of every digit are shuffled in the same way. How many of a digit's values change?"),
            {"all": _("all"), "half": _("about half"), "none": _("none, only their places")},
            lambda: "none" if _values_stay(data.load("mnist")["images"][:10]) else "all",
            {
                "all": _("A shuffle moves values and changes none of them: sort them and they are the same."),
                "half": _("Many dark pixels land on dark ones, but a value that moves does not change either."),
            },
        ),
    ]


def _values_stay(digits):
    shuffled = images.shuffle_pixels(digits, seed=1)
    return bool(np.array_equal(*(np.sort(some.reshape(len(some), -1)) for some in (digits, shuffled))))
