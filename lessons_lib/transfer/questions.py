"""Lesson 8's predictions: choices, the right one computed, and what a wrong one misunderstands."""

from lessons_lib import data, transfer
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question
from lessons_lib.widgets.predict import asked


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['input-range', 'no-such-class']
    """
    return [
        Question(
            "input-range",
            _("The network wants (x - 127) / 128. Between which numbers does a prepared photo lie?"),
            {"bytes": _("0 and 255"), "unit": _("0 and 1"), "signed": _("-1 and 1")},
            lambda prepare=transfer.prepare: _range(prepare(data.load("coffee"))),
            {
                "bytes": _("Those are the bytes as they lie in the file; with them the network names nonsense."),
                "unit": _("That is x / 255, as in other lessons; this network was trained with other numbers."),
            },
        ),
        Question(
            "no-such-class",
            _("ImageNet has 1000 classes. Is there one for a person?"),
            {"yes": _("yes"), "no": _("no")},
            lambda word="person": (
                "yes" if any(word in name.split() for name in data.load("imagenet-classes")) else "no"
            ),
            {
                "yes": _(
                    "There are sorts of dogs by the hundred, and no class for people: the astronaut becomes something "
                    "else."
                )
            },
        ),
    ]


def _range(values):
    return "signed" if values.min() < 0 else "unit" if values.max() <= 1 else "bytes"


predict, results, warm_up = asked(__name__, bank)
