"""Lesson 5's predictions: choices, the right one computed, and what a wrong one misunderstands."""

from functools import cache

import numpy as np

from lessons_lib import matching, pooling
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Number, Question
from lessons_lib.pooling import gradient_descent, networks
from lessons_lib.widgets.predict import asked

RATE = 0.02  # of the training at home


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['moving-dot', 'ten-more', 'sure-and-wrong', 'small-neighbour', 'most-moved', 'kernels-too']
    """
    return [
        Question(
            "moving-dot",
            _(
                "A row has 8 cells and one dot. Max pooling with F = 2 and S = 2 makes 4 cells of it. Then the dot "
                "moves one cell to the right; from the last cell it leaves the row. For how many of its 8 places does "
                "the pooled row stay the same?"
            ),
            {"8": "8", "7": "7", "4": "4", "0": "0"},
            lambda size=2: str(_still_dots(size)),
            {
                "8": _("That would be complete invariance. But a dot can move into the next window."),
                "7": _("You lost only the dot that leaves the row. A dot can also move into the next window."),
                "0": _("Two neighbouring cells are often in the same window."),
            },
        ),
        Question(
            "ten-more",
            _(
                "Three classes have the logits 2, 1 and −1. You add 10 to each of them. What happens to the "
                "probabilities?"
            ),
            {
                "same": _("nothing"),
                "larger": _("all become larger"),
                "sharper": _("the largest becomes larger, the others smaller"),
                "equal": _("they become more equal"),
            },
            lambda change=np.add: _change(*(pooling.softmax(z) for z in ([2, 1, -1], change([2, 1, -1], 10)))),
            {
                "larger": _("They always sum to 1, so they cannot all become larger."),
                "sharper": _("That happens when you multiply the logits by 10."),
                "equal": _("12 and 11 may look more alike than 2 and 1, but the difference is the same."),
            },
        ),
        Question(
            "sure-and-wrong",
            _(
                "Ten letters, two networks. A is right about 6 of them; the right class always gets 0.6 or, when A is "
                "wrong, 0.4. B is right about 9, with 0.99 each; for the tenth letter the right class gets 0.001. "
                "Which network has the smaller mean loss?"
            ),
            {"a": "A", "b": "B", "same": _("both have the same")},
            lambda wrong=0.001: min(_mean_losses(wrong), key=_mean_losses(wrong).get),
            {
                "b": _("B is right more often. But one answer that is sure and wrong costs more than ten unsure ones."),
                "same": _("Compute −ln 0.001: this one letter costs 6.9."),
            },
        ),
        Question(
            "small-neighbour",
            _(
                "A window of max pooling holds 3, 1, 4 and 8. Each of the four numbers grows by 0.001, one at a time. "
                "For how many of them does the result change?"
            ),
            {"4": "4", "2": "2", "1": "1", "0": "0"},
            lambda window=(3, 1, 4, 8): str(_felt(window)),
            {
                "4": _("That is so for average pooling, where each number counts a quarter."),
                "2": _("4 is the second largest, but 4.001 is still smaller than 8."),
                "0": _("If the 8 grows, the largest number grows."),
            },
        ),
        Question(
            "most-moved",
            _(
                "Your loop learns from four forms of the same letters, and all letters of the test are moved by one "
                "pixel. With which form does it make the fewest mistakes?"
            ),
            {
                "pixels": _("the 81 pixels"),
                "maps": _("three maps after ReLU, without pooling: 243 numbers"),
                "two stages": _("two stages with pooling: 12 numbers"),
                "largest of each map": _("the largest number of each map: 3 numbers"),
            },
            lambda moved=1: _best_form(moved),
            {
                "pixels": _(
                    "Every weight belongs to one pixel, and after the move another part of the letter is there."
                ),
                "maps": _("The maps show where the pieces are. When the letter moves, they move."),
                "two stages": _("Pooling with small windows helps in part: some numbers still go to the next window."),
            },
        ),
        Question(
            "kernels-too",
            _(
                "With the kernels made by hand, 46 to 68 of 2,000 letters are wrong (ten student numbers). Now the "
                "kernels learn, too: the same letters, the same rate. How many are wrong?"
            ),
            {"few": _("0 to 5"), "half": _("about 25"), "same": _("about 50"), "more": _("70 or more")},
            lambda rate=RATE: _how_many(_wrong_with_learned_kernels(rate)),
            {
                "half": _("It is the right direction, but the kernels matter more than that."),
                "same": _("The kernels fit our clean X. But these letters are bent and noisy."),
                "more": _("Overfitting is a good worry. But 68 numbers learn from 2,000 letters here."),
            },
        ),
    ]


def recall():
    """What later lessons ask about this one.

    >>> [question.id for question in recall()]
    ['pooled-volume', 'pooled-55']
    """
    return [
        Question(
            "pooled-volume",
            _("A layer has 20 maps of 4 × 4. Max pooling follows, with F = 2 and S = 2. What comes out?"),
            {"20": _("20 maps of 2 × 2"), "10": _("10 maps of 2 × 2"), "1": _("one map of 2 × 2")},
            lambda depth=20: str(pooling.max_pool(np.zeros((4, 4, depth)), 2, 2).shape[2]),
            {
                "10": _("Pooling makes rows and columns fewer, and not the maps."),
                "1": _("A kernel adds up all maps; pooling works on each map alone."),
            },
        ),
        Question(
            "pooled-55",
            _("A map has 55 rows. Max pooling with F = 3 and S = 2 follows. How many rows are left?"),
            Number(low=1, high=55),
            lambda stride=2: pooling.max_pool(np.zeros((55, 3)), 3, stride).shape[0],
            {
                26: _("The first place counts, too."),
                28: _("That is rounded up; the window of 3 fits exactly 27 times."),
                18: _("The window moves by its stride, 2, and not by its own size."),
                53: _("That is stride 1."),
                None: _("How many steps of 2 can a window of 3 take in 55 rows? The first place counts, too."),
            },
        ),
    ]


def _still_dots(size):
    """For how many places in a row of 8 a dot moves right by one and the pooled row stays."""
    rows = np.eye(8)[:, np.newaxis].repeat(size, axis=1)
    pooled = [[pooling.max_pool(pooling.shift(row, columns=by), size) for by in (0, 1)] for row in rows]
    return sum(np.array_equal(*pair) for pair in pooled)


def _change(before, after):
    if np.allclose(before, after):
        return "same"
    if (after > before).all():
        return "larger"
    return "sharper" if after.max() > before.max() else "equal"


def _mean_losses(wrong):
    p = {"a": [0.6] * 6 + [0.4] * 4, "b": [0.99] * 9 + [wrong]}
    return {name: -np.log(values).mean() for name, values in p.items()}


def _felt(window):
    """How many of the numbers of a window change its maximum when they grow a little."""
    grown = np.array(window) + 0.001 * np.eye(len(window))
    return int((grown.max(axis=1) != max(window)).sum())


@cache
def _letters():
    return matching.random_letters(2000, seed=1), matching.random_letters(2000, seed=1001)


@cache
def _best_form(moved):
    (letters, labels), (unseen, unseen_labels) = _letters()
    tests = pooling.four_forms(pooling.moved(unseen, columns=moved))
    wrong = {}
    for name, vectors in pooling.four_forms(letters).items():
        weights = gradient_descent.train_dense(vectors, labels, RATE)
        wrong[name] = ((tests[name] @ weights.T).argmax(axis=1) != unseen_labels).sum()
    return min(wrong, key=wrong.get)


@cache
def _wrong_with_learned_kernels(rate):
    training, unseen = _letters()
    network = networks.TwoStages()
    network.train(*training, rate)
    return network.count_wrong(*unseen)


def _how_many(wrong):
    return "few" if wrong <= 5 else "half" if wrong < 35 else "same" if wrong < 70 else "more"


WARM_UP = ["geometry/places-28", "geometry/maps", "matching/nudge"]
predict, results, warm_up = asked(__name__, bank, WARM_UP, own=["max_pool", "softmax", "train"])
