"""Lesson 1's predictions: choices, the right one computed, and what a wrong one misunderstands."""

import numpy as np

from lessons_lib import data, images
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question
from lessons_lib.widgets.predict import asked


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['dense-digits', 'shuffled-digits', 'clip-too-late', 'photo-against-digit']
    """
    return [
        Question(
            "dense-digits",
            _(
                "A picture of 200 × 200 pixels goes into 40,000 fully connected units. How many digits has the "
                "number of weights?"
            ),
            {"5": "5", "8": "8", "10": "10"},
            lambda units=40_000: str(len(str(images.parameters_dense(200 * 200, units)))),
            {
                "5": _("That is one weight a unit; every unit has a weight for every pixel."),
                "8": _("Multiply 40,000 pixels by 40,000 units; ten thousand times ten thousand alone is 100 million."),
            },
        ),
        Question(
            "shuffled-digits",
            _("The pixels of every digit are shuffled in the same way. How many of a digit's values change?"),
            {"all": _("all"), "half": _("about half"), "none": _("none, only their places")},
            lambda move=images.shuffle_pixels: _values_changed(data.load("mnist")["images"][:10], move),
            {
                "all": _("A shuffle moves values and changes none of them: sort them and they are the same."),
                "half": _("Many dark pixels land on dark ones, but a value that moves does not change either."),
            },
        ),
        # The questions of `FURTHER`.
        Question(
            "clip-too-late",
            _(
                "A pixel of type uint8 is 220. You add 100 in bytes, and then `np.clip` cuts the result to 0 to 255. "
                "What is the pixel then?"
            ),
            {"64": "64", "220": "220", "255": "255", "320": "320"},
            lambda dtype=np.uint8: str(np.clip(np.array([220], dtype) + np.array([100], dtype), 0, 255).item()),
            {
                "220": _("The sum is computed first, and it does not stay 220."),
                "255": _("By then the sum has wrapped. It is a byte between 0 and 255, and there is nothing to cut."),
                "320": _("A byte cannot hold 320, and 320 is what `np.clip` would cut."),
            },
        ),
        Question(
            "photo-against-digit",
            _(
                "A photo of ImageNet has 415 × 482 pixels in colour, on average. A digit of MNIST has 28 × 28 pixels "
                "in grey. How many times as many numbers does the photo have?"
            ),
            {"16": _("about 16 times"), "250": _("about 250 times"), "750": _("about 750 times")},
            lambda name="ImageNet": _times_a_digit(*images.DATA_SETS[name][1:4]),
            {
                "16": _("That is how much longer a side is. There are rows and columns, and three channels."),
                "250": _("That is right for the pixels. In colour each pixel has three numbers."),
            },
        ),
    ]


def recall():
    """What later lessons ask about this one.

    >>> [question.id for question in recall()]
    ['row-column', 'kernels-200', 'shuffle']
    """
    return [
        Question(
            "row-column",
            _("Which pixel is `portrait[3, 8]`?"),
            {
                "row": _("the one in row 3, column 8"),
                "column": _("the one in column 3, row 8"),
                "from-one": _("the one in the third row and the eighth column"),
            },
            lambda read=lambda portrait: portrait[3, 8]: _place(read),
            {
                "column": _("That is x before y, as on a map. NumPy takes the row first, then the column."),
                "from-one": _("Rows and columns count from 0, so row 3 is the fourth from the top."),
            },
        ),
        Question(
            "kernels-200",
            _("A layer has 100 kernels of 5 × 5. It reads grey pictures of 200 × 200. How many weights is that?"),
            {"25": "25", "2500": "2,500", "4000000": "4,000,000"},
            lambda kernel=5, kernels=100: str(images.parameters_conv(kernel, kernels)),
            {
                "25": _("Those are the weights of one kernel, and there are 100 kernels."),
                "4000000": _(
                    "Here every pixel has 100 weights of its own. But a kernel has the same weights everywhere."
                ),
            },
        ),
        Question(
            "shuffle",
            _(
                "The pixels of all digits are shuffled, in every picture in the same way. Then a fully connected "
                "layer learns from these pictures. How well does it read new ones, shuffled in the same way?"
            ),
            {
                "same": _("as well as before"),
                "worse": _("worse, since the strokes are broken"),
                "guess": _("only as well as guessing"),
            },
            lambda test_seed=1: _read_when_shuffled(test_seed),
            {
                "worse": _("The layer has a weight for each pixel and never knew which pixels are neighbours."),
                "guess": _("No value is lost: each pixel is in another place, and its weight goes there with it."),
            },
        ),
    ]


def _values_changed(digits, move):
    before, after = (np.sort(some.reshape(len(some), -1)) for some in (digits, move(digits)))
    changed = np.mean(before != after)
    return "none" if changed == 0 else "half" if changed < 0.75 else "all"


def _place(read):
    """Which of three pixels of the portrait, found by counting along its rows, has the value that `read` takes."""
    portrait = data.load("portrait")
    rows = portrait.tolist()
    values = {"row": rows[3][8], "column": rows[8][3], "from-one": rows[2][7]}
    return next(place for place, value in values.items() if value == read(portrait))


def _read_when_shuffled(test_seed):
    """How well a layer reads digits that were shuffled by a seed of their own, after a training with seed 1."""
    digits = data.load("mnist")
    pictures, labels = images.to_float(digits["images"][:1200]), digits["labels"][:1200]
    right = []
    for train, test in (
        (pictures, pictures),
        (images.shuffle_pixels(pictures, 1), images.shuffle_pixels(pictures, test_seed)),
    ):
        layers = images.train_dense(train[:1000], labels[:1000], epochs=5)
        right.append(np.mean(images.classify(layers, test[1000:]) == labels[1000:]))
    before, after = right
    return "same" if abs(before - after) < 0.05 else "guess" if after < 0.2 else "worse"


def _times_a_digit(rows, columns, channels):
    """Which of the choices is nearest to what a picture has for each number of a digit."""
    times = rows * columns * channels / (28 * 28)
    return str(min([16, 250, 750], key=lambda choice: abs(choice - times)))


FURTHER = ["clip-too-late", "photo-against-digit"]
predict, results, warm_up = asked(__name__, bank, further=FURTHER)
