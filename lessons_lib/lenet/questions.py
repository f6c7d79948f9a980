"""Lesson 6's predictions, each right answer computed or measured, and what a wrong one misunderstands."""

import numpy as np

from lessons_lib import data, lenet
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question
from lessons_lib.widgets.predict import asked


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank() if question.id not in FURTHER]
    ['first-epoch', 'pushed', 'maps-moved', 'pooled', 'no-relu']
    """
    return [
        Question(
            "first-epoch",
            _(
                "Training shows each of the 7,000 training digits to your network once. How many of 1,000 other digits "
                "does it read right after that?"
            ),
            {"100": _("about 100"), "300": _("about 300"), "600": _("about 600"), "900": _("more than 900")},
            lambda name="lenet", column="first": _nearest(_measured(name, column), [100, 300, 600, 900]),
            {
                "100": _("That is guessing among ten digits, as before the training."),
                "300": _("The weights change with every 64 digits, so 7,000 digits are more than 100 steps."),
                "600": _("Other digits look like those that it has seen, and it has made more than 100 steps."),
            },
        ),
        Question(
            "pushed",
            _(
                "All 2,000 test digits are pushed 4 rows down and 4 columns to the right. About 97 % of the ink stays "
                "in the picture. How many does your network read wrong now?"
            ),
            {"50": _("about 50, as before"), "200": _("about 200"), "700": _("about 700"), "1800": _("about 1,800")},
            lambda name="lenet": _nearest(_measured(name, "pushed"), [50, 200, 700, 1800]),
            {
                "50": _(
                    "The convolutions find the strokes elsewhere, but something after them must expect them there."
                ),
                "200": _("Max pooling forgives a move of a pixel or so, and these are four."),
                "700": _("It is much worse. With ten digits, guessing reads 1,800 wrong."),
            },
        ),
        Question(
            "maps-moved",
            _("A digit is pushed 4 rows down and 4 columns to the right. What happens to the maps of pool2?"),
            {
                "same": _("they stay the same: max pooling forgives moves"),
                "one": _("they move by one cell"),
                "four": _("they move by four cells"),
                "other": _("they change altogether"),
            },
            lambda rows=4: _move_of_maps(rows),
            {
                "same": _("One pooling forgives a move inside its window of 2 × 2, and these are four pixels."),
                "four": _("Two poolings halve rows and columns twice: a cell of pool2 stands for 4 × 4 pixels."),
                "other": _("Convolution and pooling do the same at every place, so their maps move with the digit."),
            },
        ),
        Question(
            "pooled",
            _(
                "Only the largest number of each map goes to fc3, wherever it is. How many test digits, not pushed, "
                "does this network read wrong after 3 epochs? (LeNet itself: about {whole}.)"
            ).format(whole=_tens("whole")),
            {
                "fewer": _("half as many"),
                "more": _("about one and a half times as many"),
                "many": _("about five times as many"),
                "guess": _("about thirty times as many: it guesses"),
            },
            lambda name="pooled": _times(_measured(name, "wrong")),
            {
                "fewer": _("It has far fewer parameters, but it also loses something: where the strokes lie."),
                "many": _("It is trained anew, and its kernels come to find larger pieces of digits than strokes."),
                "guess": _("Its 50 numbers still say which pieces of digits are there."),
            },
        ),
        Question(
            "no-relu",
            _(
                "LeNet without its three ReLUs, trained for 3 epochs; nothing else is changed. How many of the 2,000 "
                "test digits are wrong? (LeNet itself: about {whole}; a linear classifier: about {linear}.)"
            ).format(whole=_tens("whole"), linear=_tens("linear")),
            {
                "fewer": _("fewer than 50"),
                "little-more": _("60 to 100"),
                "like-linear": _("about 190"),
                "guess": _("about 1,800, as when guessing"),
            },
            lambda name="no-relu": _like(_measured(name, "wrong")),
            {
                "fewer": _("A part is gone that helped: it is a little worse."),
                "like-linear": _("It would be so if all that is left were linear. One kind of layer is not."),
                "guess": _("Even a linear classifier reads nine digits in ten."),
            },
        ),
        # The questions of `FURTHER`.
        Question(
            "same-parameters",
            _(
                "LeNet reads about {lenet:.1f} % of the test digits wrong, a linear classifier about {linear:.0f} %. A "
                "fully connected network has as many parameters as LeNet, and learns from the same digits. How many "
                "does it read wrong?"
            ).format(lenet=_percent("relu"), linear=_percent("linear")),
            {"1.6": _("about 1.6 %"), "4": _("about 4 %"), "8": _("about 8 %"), "16": _("about 16 %")},
            lambda name="mlp": _nearest(_percent(name), [1.6, 4, 8, 16]),
            {
                "1.6": _("The number of parameters is not what makes LeNet good: where they are counts."),
                "8": _("It has two layers of ReLUs, so it can do more than a linear classifier."),
                "16": _(
                    "With its ReLUs it can compute all that a linear classifier can, and it has many more weights."
                ),
            },
        ),
        Question(
            "still-learning",
            _(
                "LeNet-5 learns from 8,000 digits for 8 epochs, as the lecture's network did. Which share of these "
                "training digits does it still read wrong at the end? (The lecture's network: none.)"
            ),
            {"0.01": _("none"), "2": _("about 2 %"), "10": _("about 10 %"), "40": _("about 40 %")},
            lambda name="lenet5": _nearest(0.01 + _percent(name, "learned"), [0.01, 2, 10, 40]),
            {
                "0.01": _("The lecture's network has 20 times as many parameters, and learns its digits by heart."),
                "10": _("Even a linear classifier does better than this."),
                "40": _("40 % would be nearly half of the digits; eight epochs teach it much more."),
            },
        ),
        Question(
            "small-seven",
            _(
                "A small 7 is laid at each of the 320 places where it fits into the picture, and is not centred. At "
                "how many of them does the network read a 7?"
            ),
            {"20": _("about 20"), "100": _("about 100"), "220": _("about 220"), "320": _("at all of them")},
            lambda prepare=np.asarray: _nearest(_sevens(prepare), [20, 100, 220, 320]),
            {
                "20": _("It learned from digits that were moved a little and made smaller, so it forgives more."),
                "100": _("Near the middle it forgives a few pixels in each direction; these are more places."),
                "320": _("fc3 has never seen digits at the edge of the picture."),
            },
        ),
        Question(
            "luckiest",
            _(
                "50 students know each digit with probability 0.98. Each answers 1,000 digits, and the luckiest has "
                "991 right. Now he answers 2,000 other digits. How many of these are right, most probably?"
            ),
            {"1982": _("about 1,982"), "1970": _("about 1,970"), "1960": _("about 1,960"), "1938": _("about 1,938")},
            lambda skill=0.98: _nearest(2000 * skill, [1982, 1970, 1960, 1938]),
            {
                "1982": _("He was chosen for his luck with other digits, and luck does not come along."),
                "1970": _("His 991 say something about his luck only: we know what he knows."),
                "1938": _("Luck is not followed by bad luck: he goes back to what he knows."),
            },
        ),
        Question(
            "top-covered",
            _(
                "A 9 that the network reads with probability 1.00. A square of 5 × 5 pixels is covered, at the top of "
                "its loop. What does the network read?"
            ),
            {"9": "9", "4": "4", "7": "7", "1": "1"},
            lambda top=6: _read_when_covered(top),
            {
                "9": _("The loop of a 9 is closed at the top, and this is what was covered."),
                "7": _("The left side of the loop is still there."),
                "1": _("Most of the loop is still there."),
            },
        ),
    ]


def recall():
    """What a later lesson's warm-up asks of this one.

    >>> [question.id for question in recall()]
    ['untrained']
    """
    return [
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


def _read_when_covered(top):
    """What the 9 of the question is read as when five rows from `top` are covered at the top of its loop."""
    nine = data.load("mnist")["images"][8065].copy()
    nine[top : top + 5, 11:16] = 0
    return str(lenet.forward(nine, data.load("lenet"))["softmax"].argmax())


def _measured(name, column):
    """The mean over the seeds of what was measured for the lesson."""
    return np.mean([row[column] for row in data.load("lenet-lesson") if row["name"] == name])


def _percent(name, column="tested"):
    """The mean share of mistakes of a network of the table of twelve, in per cent."""
    runs = data.load("lenet-runs")
    return 100 * (1 - runs[column][runs["names"].tolist().index(name)].astype(float).mean())


def _sevens(prepare):
    """At how many of its 320 places a small seven is read as a 7, each picture prepared by this function."""
    row, column = np.divmod(np.arange(320), 20)
    laid = [prepare(np.roll(lenet.small_seven(), (i - 1, j - 1), (0, 1))) for i, j in zip(row, column, strict=True)]
    return int((lenet.forward(np.array(laid), data.load("lenet"))["softmax"].argmax(axis=1) == 7).sum())


def _tens(name):
    """The mean number of mistakes, to the nearest ten."""
    return int(np.round(_measured(name, "wrong"), -1))


def _times(wrong):
    """How many times as large as LeNet's a number of mistakes is."""
    times = {"fewer": 0.5, "more": 1.5, "many": 5, "guess": 30}
    return min(times, key=lambda name: abs(np.log(times[name] * _measured("whole", "wrong") / wrong)))


def _nearest(value, choices):
    return str(min(choices, key=lambda choice: abs(np.log(choice / value))))


def _like(wrong):
    """To what a number of mistakes comes nearest."""
    known = {"fewer": 40, "little-more": 80, "like-linear": _measured("linear", "wrong"), "guess": 1800}
    return min(known, key=lambda name: abs(np.log(known[name] / wrong)))


def _move_of_maps(rows):
    """How the maps of pool2 move when a digit moves so many rows and columns."""
    digit = data.load("mnist")["images"][8000]
    pushed = np.zeros_like(digit)
    pushed[rows:, rows:] = digit[: 28 - rows, : 28 - rows]
    before, after = (lenet.forward(one, data.load("lenet"))["pool2"][0] for one in (digit, pushed))
    for cells, name in ((0, "same"), (1, "one"), (4, "four")):
        # The border of zeros makes a difference, so the inside counts.
        moved, there = before[1 : 6 - cells, 1 : 6 - cells], after[1 + cells : 6, 1 + cells : 6]
        if np.abs(moved - there).sum() < 0.1 * np.abs(there - there.mean(axis=(0, 1))).sum():
            return name
    return "other"


FURTHER = ["same-parameters", "still-learning", "small-seven", "luckiest", "top-covered"]
WARM_UP = ["pooling/pooled-volume", "images/largest-sum-moved", "pooling/ten-more"]
predict, results, warm_up = asked(__name__, bank, WARM_UP, own=["build", "train", "broken"], further=FURTHER)
