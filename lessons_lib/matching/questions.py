"""Lesson 3's predictions: choices, the right one computed, and what a wrong one misunderstands."""

from dataclasses import replace

import numpy as np

from lessons_lib import filtering, matching
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question
from lessons_lib.matching import learned_features
from lessons_lib.widgets.predict import asked

RATES = ["0.01", "0.1", "1", "2"]


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['moved-x', 'best-of-the-o', 'nine-numbers', 'two-filters', 'nudge', 'rate', 'coat-edge', 'white-seven']
    """
    return [
        Question(
            "moved-x",
            _("The same X moves one column to the right. How does it score against the X?"),
            {"81": "81/81", "68": "68/81", "55": "55/81", "29": "29/81"},
            lambda columns=1: str((matching.letter("X") * np.roll(matching.letter("X"), columns, axis=1)).sum()),
            {
                "81": _("For you it is the same X. But the program compares each cell with the one at the same place."),
                "68": _(
                    "You took 1 away for each white cell. But a wrong cell counts −1 in place of 1: that is 2 less."
                ),
                "55": _("26 cells are wrong, not 13, and each of them takes 2 away, not 1."),
            },
        ),
        Question(
            "best-of-the-o",
            _("The O has no stroke from corner to corner. What is the largest score of the diagonal on the O?"),
            {"below": _("less than 5/9"), "some": _("5/9 or 7/9"), "one": "9/9"},
            lambda feature="diagonal": _best(
                matching.score_map(matching.letter("O"), matching.FEATURES[feature]).max()
            ),
            {
                "below": _("The O has no long diagonal. But its round corners are short diagonals."),
                "some": _("Look at a round corner of the O: three white cells in a diagonal, black cells beside them."),
            },
        ),
        Question(
            "nine-numbers",
            _(
                "The new rule looks only at the largest score of the small X, and the threshold is 7/9. Two whole "
                "templates named 783 of the 1,000 letters right. How many does the new rule name right?"
            ),
            {
                "fewer": _("fewer than 700"),
                "same": _("700 to 850, about as many"),
                "more": _("850 to 950"),
                "nearly-all": _("more than 950"),
            },
            lambda feature="small X": _how_many(
                1000 - learned_features.count_wrong(*_letters(), matching.FEATURES[feature], 7 / 9)
            ),
            {
                "fewer": _("Nine numbers are few, but they are tried at all 49 places."),
                "same": _("Moved letters and rings of other shapes hurt the templates. A crossing stays a crossing."),
                "more": _(
                    "Every X here has a crossing that is not bent, blurred only by noise, and hardly any O has one."
                ),
            },
        ),
        Question(
            "two-filters",
            _(
                "The diagonal slides over a picture, then the small X slides over the map. Both only multiply and add. "
                "Can one single kernel give the same result, for every picture?"
            ),
            {
                "no": _("no, two steps can do more than one"),
                "some": _("only for some pictures"),
                "3": _("yes, one of 3 × 3"),
                "5": _("yes, one of 5 × 5"),
            },
            lambda between=np.positive: _one_kernel(between),
            {
                "no": _("Products and sums of products and sums are again products and sums, with other weights."),
                "some": _("The weights of the one kernel do not depend on the picture."),
                "3": _("Each response of the second step looks at 3 × 3 responses, and these look at 5 × 5 cells."),
            },
        ),
        Question(
            "nudge",
            _(
                "The diagonal lies on the middle of the X: five white cells and four black ones, score 5/9. You make "
                "one of the nine weights larger by 0.1. Which weight raises the score most?"
            ),
            {
                "wrong": _("one of the two that disagree with their cell"),
                "white": _("any of the five on white cells, all equally"),
                "all": _("any of the nine, all equally"),
            },
            lambda letter="X": _raised_most(matching.letter(letter)[3:6, 3:6]),
            {
                "wrong": _("They raise it, but not more than the others on white: each product grows by 0.1 · 1."),
                "all": _("On a black cell the product is weight times −1: a larger weight makes the score smaller."),
            },
        ),
        Question(
            "rate",
            _(
                "Ten students begin with ten random features and make 400 steps each, all with the same rate. For each "
                "rate, look only at the worst of the ten features. With which rate is this worst feature best?"
            ),
            dict(zip(RATES, RATES, strict=True)),
            lambda scale=1: _safest_rate(scale),
            {
                "0.01": _(
                    "400 small steps do not lead far enough, and from some beginnings they lead to a worse solution."
                ),
                "0.1": _("Some of the ten learn very well. Others stay at a worse solution and do not get away."),
                "2": _("A step with rate 2 goes beyond the target by as much as the score was away from it."),
            },
        ),
        # The questions of `FURTHER`.
        Question(
            "coat-edge",
            _(
                "The filter `right` adds the right half of its window and subtracts the left half; `left`, `bottom` "
                "and `top` do so with their halves. At an edge it is bright on the left and dark on the right. Which "
                "filter has the largest response there?"
            ),
            {"right": _("right"), "left": _("left"), "bottom": _("bottom"), "top": _("top")},
            lambda edge=((1, 1, 0, 0),) * 4: max(
                matching.HALF_PLANES, key=lambda name: (matching.HALF_PLANES[name] * np.array(edge)).sum()
            ),
            {
                "right": _("It adds the dark half and subtracts the bright one, so its response is negative."),
                "bottom": _("Its bottom half is half bright and half dark, as its top half is: the response is 0."),
                "top": _("Its top half is half bright and half dark, as its bottom half is: the response is 0."),
            },
        ),
        Question(
            "white-seven",
            _(
                "A filter has a stroke in its red layer, and the same stroke times −1 in its green and its blue layer. "
                "On a red 7 its response is 3 at one place. On a white 7 all three layers are like the red one. What "
                "is the response there?"
            ),
            {"9": "9", "3": "3", "0": "0", "-3": "−3"},
            lambda sign=-1: str(_stroke_on_white(sign)),
            {
                "9": _("It would be 9 if the filter had the same stroke in all three layers."),
                "3": _("White has as much red, but green and blue as well, and this filter counts them with −1."),
                "0": _("There are two layers with −1 against one with +1, so they do not cancel."),
            },
        ),
    ]


def recall():
    """What later lessons ask about this one.

    >>> [question.id for question in recall()]
    ['two-kernels']
    """
    text = _(
        "A kernel of 3 × 3 slides over a picture, and a second one of 3 × 3 slides over the result. Both only multiply "
        "and add. Can one single kernel do the same, for every picture?"
    )
    asked = next(question for question in bank() if question.id == "two-filters")
    return [replace(asked, id="two-kernels", text=text)]


def _best(score):
    return "one" if score == 1 else "below" if score < 5 / 9 else "some"


def _stroke_on_white(sign):
    """The response to a white 7 of a filter with a red stroke, and the same times `sign` in green and blue."""
    stroke = matching.products(matching.SEVEN, matching.FEATURES["anti-diagonal"], 1, 2).sum()
    return int(stroke + 2 * sign * stroke)


def _letters():
    return matching.random_letters(1000, seed=2)


def _how_many(right):
    return "fewer" if right < 700 else "same" if right < 850 else "more" if right < 950 else "nearly-all"


def _one_kernel(between):
    """The side of the kernel that does the work of the two features with `between` between them, or "no"."""

    def twice(picture):
        first = filtering.correlate(picture, matching.FEATURES["diagonal"])
        return filtering.correlate(between(first), matching.FEATURES["small X"])

    dot = np.zeros((9, 9))
    dot[4, 4] = 1
    kernel = np.flip(twice(dot))
    for seed in range(3):
        picture = np.random.default_rng(seed).normal(size=(9, 9))
        if not np.allclose(twice(picture), filtering.correlate(picture, kernel)):
            return "no"
    return str(len(kernel))


def _raised_most(window):
    """Which weights of the diagonal raise its score on a window most, each made larger by 0.1."""
    feature = matching.FEATURES["diagonal"]
    raised = np.array([(window * (feature + 0.1 * one.reshape(3, 3))).mean() for one in np.eye(9)]).reshape(3, 3)
    most = np.isclose(raised, raised.max())
    return "all" if most.all() else "white" if np.array_equal(most, window > 0) else "wrong"


def _safest_rate(scale):
    """The rate with which the worst of ten features is best, on letters of +1 and -1 times `scale`."""

    def worst(rate):
        return max(learned_features.wrong_after(number, [float(rate)], scale) for number in range(1, 11))

    return min(RATES, key=worst)


FURTHER = ["coat-edge", "white-seven"]
WARM_UP = ["filtering/sum-zero", "images/row-column", "filtering/ten-filters"]
predict, results, warm_up = asked(__name__, bank, WARM_UP, own=["score_map", "learn"], further=FURTHER)
