"""Lesson 5's predictions: choices, the right one computed, and what a wrong one misunderstands."""

import numpy as np

from lessons_lib import pooling
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['max-of-four', 'ten-more']
    """
    return [
        Question(
            "max-of-four",
            _("Max pooling reads the window 1, 1, 5, 6. What is its result?"),
            {"6": "6", "13": "13", "3.25": "3.25"},
            lambda: f"{pooling.max_pool(np.array([[1, 1], [5, 6]])).item():g}",
            {"13": _("That is the sum of the four."), "3.25": _("That is their mean, as mean pooling gives.")},
        ),
        Question(
            "ten-more",
            _("You add 10 to each of three scores. What happens to their softmax?"),
            {"same": _("nothing"), "larger": _("all three grow"), "sharper": _("the largest grows, the others shrink")},
            lambda: (
                "same" if np.allclose(*(pooling.softmax(np.add([2, 1, -1], more)) for more in (0, 10))) else "sharper"
            ),
            {
                "larger": _("The three results always add up to 1, so they cannot all grow."),
                "sharper": _("That happens when you multiply the scores; softmax sees only their differences."),
            },
        ),
    ]
