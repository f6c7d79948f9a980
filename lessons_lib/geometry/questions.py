"""Lesson 4's predictions: choices, the right one computed, and what a wrong one misunderstands."""

from lessons_lib import geometry
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question
from lessons_lib.widgets.predict import asked


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['places', 'larger-picture', 'three-windows', 'left-over']
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
        # The questions of `FURTHER`.
        Question(
            "three-windows",
            _(
                "Three layers of 3 × 3, stride 1, lie on top of each other. How wide is the square of pixels that one "
                "cell of the third layer depends on?"
            ),
            {"3": "3", "5": "5", "7": "7", "9": "9", "27": "27"},
            lambda layers=3: str(geometry.receptive_field([3] * layers)),
            {
                "3": _("That is what the cell sees of the map before. Each cell of that map sees more than one pixel."),
                "5": _("That is right for two layers."),
                "9": _("Three times three: but neighbouring windows overlap, and share most of their pixels."),
                "27": _("The sizes are not multiplied, because neighbouring windows overlap."),
            },
        ),
        Question(
            "left-over",
            _(
                "A photo of 224 rows gets 2 rows of zeros at the top and 2 at the bottom. Windows of 11, stride 4: "
                "(224 − 11 + 4) / 4 + 1 = 55.25, rounded down to 55. What is never read?"
            ),
            {
                "nothing": _("nothing"),
                "border": _("a row of the zeros"),
                "photo": _("a row of the photo"),
                "quarter": _("a quarter of a row"),
            },
            lambda padding=2, pixels=224: _never_read(geometry.unused_pixels(pixels, 11, 4, padding), pixels),
            {
                "nothing": _("The 0.25 is a quarter of a step of 4, so 1 row is left over."),
                "photo": _("The row that is left over is the last one, and the last rows are zeros."),
                "quarter": _("A window reads whole rows. A quarter of a step of 4 is one row."),
            },
        ),
    ]


def _never_read(rows, pixels):
    """Whether such rows, which no window reads, lie in the picture or in its border."""
    return "nothing" if not rows else "photo" if min(rows) < pixels else "border"


FURTHER = ["three-windows", "left-over"]
predict, results, warm_up = asked(__name__, bank, further=FURTHER)
