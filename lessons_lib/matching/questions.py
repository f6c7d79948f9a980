"""Lesson 3's predictions: choices, the right one computed, and what a wrong one misunderstands."""

import numpy as np

from lessons_lib import matching
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question
from lessons_lib.widgets.predict import asked


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['middle-of-the-x', 'best-of-the-o', 'coat-edge', 'white-seven']
    """
    return [
        Question(
            "middle-of-the-x",
            _("The diagonal feature lies on the middle of the X. How many of its nine cells agree?"),
            {"5": "5", "7": "7", "9": "9"},
            lambda feature="diagonal": str(
                int((matching.products(matching.letter("X"), matching.FEATURES[feature], 3, 3) > 0).sum())
            ),
            {
                "5": _("That is the score, 5/9: seven agree, two do not, and 7 - 2 = 5."),
                "9": _("The window is a small X: two of its corners have ink where the diagonal has none."),
            },
        ),
        Question(
            "best-of-the-o",
            _("An O has no strokes from corner to corner. What is its best score with the diagonal feature?"),
            {"below": _("less than 5/9"), "some": _("between 5/9 and 1"), "one": _("1")},
            lambda feature="diagonal": _best(
                matching.score_map(matching.letter("O"), matching.FEATURES[feature]).max()
            ),
            {
                "below": _("The ring has no long diagonal, but look at its corners: they are cut."),
                "some": _("Look at the corners of the ring: three cells in a diagonal, and nothing beside them."),
            },
        ),
        # The questions of `FURTHER`.
        Question(
            "coat-edge",
            _(
                "The filter `right` adds the right half of its window and subtracts the left half; `left`, `bottom` "
                "and `top` do so with their halves. At an edge it is bright on the left and dark on the right. Which "
                "filter has the largest response there?"
            ),
            {"right": _("right"), "left": _("left"), "bottom": _("bottom"), "top": _("top")},
            lambda edge=((1, 1, 0, 0),) * 4: max(
                matching.HALF_PLANES, key=lambda name: (matching.HALF_PLANES[name] * np.array(edge)).sum()
            ),
            {
                "right": _("It adds the dark half and subtracts the bright one, so its response is negative."),
                "bottom": _("Its bottom half is half bright and half dark, as its top half is: the response is 0."),
                "top": _("Its top half is half bright and half dark, as its bottom half is: the response is 0."),
            },
        ),
        Question(
            "white-seven",
            _(
                "A filter has a stroke in its red layer, and the same stroke times −1 in its green and its blue layer. "
                "On a red 7 its response is 3 at one place. On a white 7 all three layers are like the red one. What "
                "is the response there?"
            ),
            {"9": "9", "3": "3", "0": "0", "-3": "−3"},
            lambda sign=-1: str(_stroke_on_white(sign)),
            {
                "9": _("It would be 9 if the filter had the same stroke in all three layers."),
                "3": _("White has as much red, but green and blue as well, and this filter counts them with −1."),
                "0": _("There are two layers with −1 against one with +1, so they do not cancel."),
            },
        ),
    ]


def _best(score):
    return "one" if score == 1 else "below" if score < 5 / 9 else "some"


def _stroke_on_white(sign):
    """The response to a white 7 of a filter with a red stroke, and the same times `sign` in green and blue."""
    stroke = matching.products(matching.SEVEN, matching.FEATURES["anti-diagonal"], 1, 2).sum()
    return int(stroke + 2 * sign * stroke)


FURTHER = ["coat-edge", "white-seven"]
predict, results, warm_up = asked(__name__, bank, further=FURTHER)
