"""Lesson 3's predictions: choices, the right one computed, and what a wrong one misunderstands."""

from lessons_lib import matching
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question
from lessons_lib.widgets.predict import asked


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['middle-of-the-x', 'best-of-the-o']
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
    ]


def _best(score):
    return "one" if score == 1 else "below" if score < 5 / 9 else "some"


predict, results, warm_up = asked(__name__, bank)
