"""Lesson 3's predictions: choices, the right one computed, and what a wrong one misunderstands."""

from lessons_lib import matching
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question


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
            lambda: str(int((matching.products(matching.letter("X"), matching.FEATURES["diagonal"], 3, 3) > 0).sum())),
            {
                "5": _("That is the score, 5/9: seven agree, two do not, and 7 - 2 = 5."),
                "9": _("The window is a small X: two of its corners have ink where the diagonal has none."),
            },
        ),
        Question(
            "best-of-the-o",
            _("An O has no strokes from corner to corner. What is its best score with the diagonal feature?"),
            {"below": _("less than 5/9"), "some": _("between 5/9 and 1"), "one": _("1")},
            lambda: (
                "one" if matching.score_map(matching.letter("O"), matching.FEATURES["diagonal"]).max() == 1 else "some"
            ),
            {
                "below": _("The ring has no long diagonal, but look at its corners: they are cut."),
                "some": _("Look at the corners of the ring: three cells in a diagonal, and nothing beside them."),
            },
        ),
    ]
