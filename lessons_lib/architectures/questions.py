"""Lesson 7's predictions: choices, the right one computed or measured, and what a wrong one misunderstands."""

import numpy as np

from lessons_lib import architectures, data
from lessons_lib.architectures import layer_table
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question
from lessons_lib.widgets.predict import asked


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['deeper', 'zero-weights', 'evaluated', 'parameters-152', 'five-more', 'blocks-stay', 'rms-after-30', 'rms-of-sums']
    """
    return [
        Question(
            "deeper",
            _(
                "A network of 8 layers learns 1,500 pictures of clothes. A network with 24 more layers of the same "
                "kind learns the same pictures, for as long. Which one is right more often on these 1,500 pictures?"
            ),
            {"deep": _("the one of 32 layers"), "shallow": _("the one of 8 layers"),
             "equal": _("both about as often")},
            lambda ends=None: _deeper(data.load("depth")["learned"][0, :, :, -1] if ends is None else ends),
            {
                "deep": _(
                    "It could be: it has many more weights, and it could do all that the other one does. But something "
                    "has to find these weights."
                ),
                "equal": _("It could be: 24 layers that only hand on would do. But gradient descent has to find them."),
            },
        ),
        Question(
            "zero-weights",
            _(
                "All weights and biases of the two convolutions in your residual block are 0. No number that comes "
                "into the block is negative. What comes out?"
            ),
            {"zeros": _("only zeros"), "input": _("what came in"), "twice": _("twice what came in"),
             "ones": _("only ones")},
            lambda shortcut=True: _without_weights(shortcut),
            {
                "zeros": _("That is what a plain block gives. Here x goes past the convolutions, and is added."),
                "twice": _("x is added once, to the result of the two convolutions, and that is 0."),
                "ones": _("Two convolutions without weights give 0, not 1; x is added to that."),
            },
        ),
        Question(
            "evaluated",
            _(
                "In the last epoch this network was right on about 7 of 10 training pictures. Now training is over, "
                "and `evaluate` looks at the same pictures. On how many is it right?"
            ),
            {"nine": _("about 9 of 10"), "seven": _("about 7 of 10"), "four": _("about 4 of 10"),
             "one": _("about 1 of 10")},
            lambda which=1: _nearest(data.load("depth")["modes"][:, which].mean()),
            {
                "nine": _("The pictures are known, but they were known in the last epoch, too."),
                "seven": _("Weights and pictures are the same. But one kind of layer now computes something else."),
                "four": _("It is worse than that. Which number does guessing among ten classes reach?"),
            },
        ),
        Question(
            "parameters-152",
            _("AlexNet has 8 layers and 61 million parameters. How many has ResNet-152, with 152 layers?"),
            {"60": _("about 60 million"), "140": _("about 140 million, as VGG-16"), "600": _("about 600 million"),
             "1200": _("about 1,200 million, as it has 19 times as many layers")},
            lambda name="ResNet-152": _millions(architectures.timeline([name])[0]["parameters"]),
            {
                "140": _("Most parameters of VGG-16 are in its fully connected layers; ResNet has one, a small one."),
                "600": _("Most parameters of AlexNet are in its fully connected layers; ResNet has one, a small one."),
                "1200": _(
                    "Not every layer is equally large: most parameters of AlexNet are in three fully connected layers."
                ),
            },
        ),
        Question(
            "five-more",
            _("VGG-A has 11 layers, VGG-16 has five convolutions more. How many more parameters has it?"),
            {"few": _("less than a tenth more"), "half": _("about half as many more, as with the layers"),
             "double": _("twice as many or more")},
            lambda small="VGG, configuration A": _growth(small, "VGG, configuration D"),
            {
                "half": _("Layers are not equally large: most parameters are in the three fully connected ones."),
                "double": _("The five new layers are convolutions of 3 × 3, which are small beside the end of VGG."),
            },
        ),
        Question(
            "blocks-stay",
            _(
                "The first of 54 blocks stays in nearly all steps, the last one in half of them, and between them the "
                "chance falls evenly. How many blocks stay in a step, on average?"
            ),
            {"27": _("about 27"), "40": _("about 40"), "53": _("about 53")},
            lambda last=0.5: _by_size({"27": 27, "40": 40, "53": 53}, np.linspace(1, last, 54).sum()),
            {
                "27": _("Only the last block stays in half of the steps; those before it stay more often."),
                "53": _("Only the first blocks stay in nearly all steps."),
            },
        ),
        Question(
            "rms-after-30",
            _(
                "Numbers of RMS 1 go through 30 fully connected layers of 256 units, with Xavier's start, and ReLU "
                "after each. What is the RMS at the end?"
            ),
            {"same": _("about 1, as before"), "thirtieth": _("about a thirtieth"),
             "thousandth": _("less than a thousandth")},
            lambda variance=1: _by_size({"same": 1, "thirtieth": 1 / 30, "thousandth": 1e-4}, _rms(variance)),
            {
                "same": _("That is so without ReLU. ReLU sets half of the numbers to 0, in each layer."),
                "thirtieth": _("What is lost is a share of what is left: the shares of 30 layers multiply."),
            },
        ),
        Question(
            "rms-of-sums",
            _(
                "Now 30 such layers have the start of He and no batch normalisation, and the input of each layer is "
                "added to its output. What becomes of an RMS of 1?"
            ),
            {"same": _("it stays about 1"), "thirty": _("about 10 to 30: each layer adds 1 or less"),
             "millions": _("millions")},
            lambda norm=False: _by_size({"same": 1, "thirty": 30, "millions": 1e6}, _rms(2, norm, shortcut=True)),
            {
                "same": _("He's start keeps the size of what a layer computes; here the input of the layer is added."),
                "thirty": _("A layer adds about as much as it reads, and that has grown in the layers before."),
            },
        ),
    ]  # fmt: skip


def recall():
    """What later lessons ask about this one.

    >>> [question.id for question in recall()]
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


def _deeper(ends):
    """Which of the first and the last depth ends with the higher accuracy in each training; else they are equal."""
    first, last = ends[0], ends[-1]
    return "shallow" if last.max() < first.min() else "deep" if first.max() < last.min() else "equal"


def _without_weights(shortcut):
    """What a block without weights makes of random numbers that are not negative."""
    x = np.random.default_rng(0).random(100)
    out = np.maximum(np.zeros(100) + (x if shortcut else 0), 0)
    return "input" if np.allclose(out, x) else "zeros"


def _nearest(right):
    return min({"nine": 0.9, "seven": 0.7, "four": 0.4, "one": 0.1}.items(), key=lambda one: abs(one[1] - right))[0]


def _millions(count):
    return min(("60", "140", "600", "1200"), key=lambda one: abs(int(one) - count / 1e6))


def _growth(small, large):
    few, many = (layer_table.table(*layer_table.NETWORKS[name]) for name in (small, large))
    ratio = sum(row.parameters for row in many) / sum(row.parameters for row in few)
    return "few" if ratio < 1.1 else "half" if ratio < 1.9 else "double"


def _rms(variance, norm=False, shortcut=False):
    """The RMS after 30 layers of 256 units and ReLU, whose weights have `variance` / 256."""
    random = np.random.default_rng(0)
    weights = random.normal(0, np.sqrt(variance / 256), (30, 256, 256))
    return architectures.spreads(list(weights), random.normal(size=(200, 256)), norm, shortcut)[-1]


def _by_size(choices, value):
    return min(choices, key=lambda one: abs(np.log(choices[one] / value)))


def _parameters(network, kind):
    shape, layers = layer_table.NETWORKS[network]
    rows = layer_table.table(shape, layers)[-len(layers) :]
    return sum(row.parameters for row, layer in zip(rows, layers, strict=True) if layer.kind == kind)


def _work(kernels, bottleneck):
    return sum(row.multiply_adds for row in layer_table.inception(28, 192, kernels, bottleneck))


def _times(ratio):
    return "less" if ratio < 1 else "ten" if ratio > 10 else "double"


WARM_UP = ["filtering/single-one", "geometry/maps", "geometry/larger-picture"]
FURTHER = ["five-more", "blocks-stay", "rms-after-30", "rms-of-sums"]
predict, results, warm_up = asked(__name__, bank, WARM_UP, own=["vgg_block", "residual", "train"], further=FURTHER)
