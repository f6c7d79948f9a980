"""Lesson 5's predictions: choices, the right one computed, and what a wrong one misunderstands."""

import numpy as np

from lessons_lib import pooling
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question
from lessons_lib.widgets.predict import asked


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
            lambda pool=pooling.max_pool: f"{pool(np.array([[1, 1], [5, 6]])).item():g}",
            {"13": _("That is the sum of the four."), "3.25": _("That is their mean, as mean pooling gives.")},
        ),
        Question(
            "ten-more",
            _("You add 10 to each of three scores. What happens to their softmax?"),
            {"same": _("nothing"), "larger": _("all three grow"), "sharper": _("the largest grows, the others shrink")},
            lambda change=np.add: _change(*(pooling.softmax(z) for z in ([2, 1, -1], change([2, 1, -1], 10)))),
            {
                "larger": _("The three results always add up to 1, so they cannot all grow."),
                "sharper": _("That happens when you multiply the scores; softmax sees only their differences."),
            },
        ),
    ]


def _change(before, after):
    return "same" if np.allclose(before, after) else "larger" if (after > before).all() else "sharper"


predict, results, warm_up = asked(__name__, bank)
