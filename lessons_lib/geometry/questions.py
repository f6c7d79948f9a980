"""Lesson 4's predictions: choices, the right one computed, and what a wrong one misunderstands."""

from lessons_lib import geometry
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question
from lessons_lib.widgets.predict import asked


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['places', 'larger-picture']
    """
    return [
        Question(
            "places",
            _("A row has 7 pixels and the window is 3 wide. At how many places can it stand without sticking out?"),
            {"3": "3", "4": "4", "5": "5"},
            lambda pixels=7: str(int(geometry.output_size(pixels, 3))),
            {
                "3": _("That is the width of the window."),
                "4": _("7 - 3 = 4 is the last place; count from 0 to 4."),
            },
        ),
        Question(
            "larger-picture",
            _(
                "A layer has 10 kernels of 5 × 5 and reads 32 × 32 pixels in colour. What becomes of its parameters "
                "at 320 × 320?"
            ),
            {"same": _("they stay"), "ten": _("10 times as many"), "hundred": _("100 times as many")},
            lambda kernels=10: {1: "same", 10: "ten", 100: "hundred"}[
                geometry.layer(320, 320, 3, kernels, 5).parameters // geometry.layer(32, 32, 3, 10, 5).parameters
            ],
            {
                "ten": _(
                    "The window is the same at every place; the size of the picture is in the work, not in the weights."
                ),
                "hundred": _(
                    "The multiply-adds grow about so; the weights of a window do not know how often it is used."
                ),
            },
        ),
    ]


predict, results, warm_up = asked(__name__, bank)
