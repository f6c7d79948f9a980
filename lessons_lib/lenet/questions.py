"""Lesson 6's predictions: choices, the right one computed, and what a wrong one misunderstands."""

from lessons_lib import lenet
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question
from lessons_lib.widgets.predict import asked


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['where-the-weights-are', 'untrained']
    """
    return [
        Question(
            "where-the-weights-are",
            _("Which layer of the lecture's LeNet has most of the parameters?"),
            {
                "conv1": "conv1",
                "conv2": "conv2",
                "fc3": _("the fully connected layer of 500"),
                "fc4": _("the last one"),
            },
            lambda units=500: max(lenet.layer_table(units=units), key=lambda row: row.parameters).name,
            {
                "conv1": _("It has 20 kernels of 5 × 5 on one map: 520 parameters."),
                "conv2": _("It does most of the work, but its windows are used again at each place."),
                "fc4": _("It reads 500 numbers only."),
            },
        ),
        Question(
            "untrained",
            _("All weights are random. About how many of 1000 digits does the network name right?"),
            {"0": _("none"), "100": _("about 100"), "500": _("about 500")},
            lambda classes=10: str(1000 // lenet.layer_table(classes=classes)[-1].shape[-1]),
            {
                "0": _(
                    "To be wrong every time it would have to know the answer; a guess among ten is right one time in "
                    "ten."
                ),
                "500": _("That would be a guess between two classes; there are ten."),
            },
        ),
    ]


predict, results, warm_up = asked(__name__, bank)
