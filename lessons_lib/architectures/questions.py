"""Lesson 7's predictions: choices, the right one computed, and what a wrong one misunderstands."""

from lessons_lib.architectures import layer_table
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question
from lessons_lib.widgets.predict import asked


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['alexnet-parameters', 'bottleneck']
    """
    return [
        Question(
            "alexnet-parameters",
            _("Where are most of AlexNet's parameters?"),
            {"conv": _("in the five convolutions"), "fc": _("in the three fully connected layers")},
            lambda network="AlexNet, on one GPU": max(("conv", "fc"), key=lambda kind: _parameters(network, kind)),
            {"conv": _("There is most of the work; a window of few weights is used at every place.")},
        ),
        Question(
            "bottleneck",
            _(
                "The first inception module takes 128 million multiply-adds. How many without its 1 × 1 layers "
                "before the large windows?"
            ),
            {"less": _("fewer"), "double": _("about 2 to 3 times as many"), "ten": _("more than 10 times as many")},
            lambda kernels=(64, 96, 128, 16, 32, 32): _times(_work(kernels, False) / _work(kernels, True)),
            {
                "less": _("A layer less, but then 3 × 3 and 5 × 5 read all 192 maps."),
                "ten": _("The 3 × 3 and 5 × 5 grow many times, but they are a part of the module."),
            },
        ),
    ]


def _parameters(network, kind):
    shape, layers = layer_table.NETWORKS[network]
    rows = layer_table.table(shape, layers)[-len(layers) :]
    return sum(row.parameters for row, layer in zip(rows, layers, strict=True) if layer.kind == kind)


def _work(kernels, bottleneck):
    return sum(row.multiply_adds for row in layer_table.inception(28, 192, kernels, bottleneck))


def _times(ratio):
    return "less" if ratio < 1 else "ten" if ratio > 10 else "double"


predict, results, warm_up = asked(__name__, bank)
