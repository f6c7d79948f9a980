"""Lesson 5's predictions: choices, the right one computed, and what a wrong one misunderstands."""

from functools import cache

import numpy as np

from lessons_lib import data, matching, pooling
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Number, Question
from lessons_lib.pooling import gradient_descent, networks, other_data
from lessons_lib.widgets.predict import asked

RATE = 0.02  # of the training at home


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['moving-dot', 'ten-more', 'sure-and-wrong', 'small-neighbour', 'most-moved', 'kernels-moved', 'rate-1-2', \
'moved-or-other', 'shuffled-dense', 'first-to-learn']
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
                "A window of a map holds −3, −1, −4 and −2; ReLU and max pooling follow. Each of the four numbers "
                "grows by 0.001, one at a time. For how many of them does the result change?"
            ),
            {"4": "4", "1": "1", "0": "0"},
            lambda window=(-3, -1, -4, -2): str(_felt(window)),
            {
                "4": _("That would be so for average pooling without ReLU, where each number counts a quarter."),
                "1": _("−1 is the largest of the four, but ReLU makes 0 of it, and of −0.999, too."),
            },
        ),
        Question(
            "most-moved",
            _(
                "Your loop learns from four versions of the same letters, and all letters of the test are moved by one "
                "pixel. With which version does it make the fewest mistakes?"
            ),
            {
                "pixels": _("the 81 pixels"),
                "maps": _("three maps after ReLU, without pooling: 243 numbers"),
                "two stages": _("two stages with pooling: 12 numbers"),
                "largest of each map": _("the largest number of each map: 3 numbers"),
            },
            lambda moved=1: _best_version(moved),
            {
                "pixels": _(
                    "Every weight belongs to one pixel, and after the move another part of the letter is there."
                ),
                "maps": _("The maps show where the pieces are. When the letter moves, they move."),
                "two stages": _("Pooling with small windows helps in part: some numbers still go to the next window."),
            },
        ),
        Question(
            "kernels-moved",
            _(
                "With the kernels made by hand, 220 to 269 of 2,000 moved letters are wrong (ten student numbers). Now "
                "the kernels learn, too: the same letters, the same rate. How many moved letters are wrong?"
            ),
            {"few": _("fewer than 60"), "half": _("about 120"), "same": _("about 240"), "more": _("300 or more")},
            lambda rate=RATE: _how_many(_wrong_with_learned_kernels(rate)),
            {
                "half": _("It is the right direction, but the kernels matter more than that."),
                "same": _(
                    "Pooling stays as it was. But our kernels fit a clean X, and these letters are bent and noisy."
                ),
                "more": _("Overfitting is a good worry. But 68 numbers learn from 2,000 letters here."),
            },
        ),
        # The questions of `FURTHER`.
        Question(
            "rate-1-2",
            _(
                "With the learning rate 0.2, each step multiplies the errors of both outputs by 0.714. What does a "
                "step do with the rate 1.2?"
            ),
            {
                "smaller": _("the errors become smaller, with the same signs"),
                "gone": _("the errors are 0 after one step"),
                "jump": _("the errors change their signs, and become smaller"),
                "grow": _("the errors change their signs, and become larger"),
            },
            lambda rate=1.2: _what_a_step_does(rate),
            {
                "smaller": _("That is so up to a rate of about 0.7; a longer step goes too far."),
                "gone": _("There is such a rate, but it is smaller."),
                "grow": _("There are such rates, but they are larger."),
            },
        ),
        Question(
            "moved-or-other",
            _(
                "The maps of 200 letters, after ReLU and without pooling, are compared twice: with those of the same "
                "letters, moved to the right by one pixel; and those of each X with those of an O, where nothing "
                "moved. Which overlap is larger?"
            ),
            {
                "same": _("that with the same letters, moved"),
                "other": _("that of an X with an O"),
                "equal": _("they differ by less than 0.01"),
            },
            lambda size=1, stride=1: _more_alike(size, stride),
            {
                "same": _("A thin stroke that moves by one pixel leaves the places where its scores were high."),
                "equal": _("They are close, but in each of five sets of letters they differ by more."),
            },
        ),
        Question(
            "shuffled-dense",
            _(
                "The columns of all pictures are put into another order, the same for all, before the training and in "
                "the test. A network of dense layers learns from them. What happens to its accuracy?"
            ),
            {"same": _("nothing but chance"), "lower": _("it falls"), "guess": _("it falls to guessing")},
            lambda each=False: _dense_after_shuffle(each),
            {
                "lower": _("A dense layer does not know which pixels are neighbours, so it loses nothing."),
                "guess": _("The order is the same in all pictures: each weight only belongs to another pixel."),
            },
        ),
        Question(
            "first-to-learn",
            _(
                "The same network with ReLU, with tanh and with sigmoid, learning rate 0.1, five starts each. The "
                "steps are counted until the loss is small. What comes out?"
            ),
            {
                "relu": _("each start with ReLU is quicker than each with tanh or sigmoid"),
                "tanh": _("each start with tanh is quicker than each with ReLU or sigmoid"),
                "overlap": _("ReLU and tanh overlap, each start with sigmoid is slower"),
                "all": _("all three overlap"),
            },
            lambda rate=0.1: _quickest(rate),
            {
                "relu": _("That was found in larger networks. In this one the steps of ReLU and tanh overlap."),
                "tanh": _("At this rate some starts with ReLU are quicker than some with tanh."),
                "all": _("The sigmoid has a much smaller slope, and needs many more steps at the same rate."),
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
    """How many of the numbers of a window change the result of ReLU and max pooling when they grow a little."""
    grown = pooling.relu(np.array(window) + 0.001 * np.eye(len(window)))
    return int((grown.max(axis=1) != pooling.relu(np.array(window)).max()).sum())


@cache
def _letters():
    return matching.random_letters(2000, seed=1), matching.random_letters(2000, seed=1001)


@cache
def _best_version(moved):
    (letters, labels), (unseen, unseen_labels) = _letters()
    tests = pooling.four_versions(pooling.moved(unseen, columns=moved))
    wrong = {}
    for name, vectors in pooling.four_versions(letters).items():
        weights = gradient_descent.train_dense(vectors, labels, RATE)
        wrong[name] = ((tests[name] @ weights.T).argmax(axis=1) != unseen_labels).sum()
    return min(wrong, key=wrong.get)


@cache
def _wrong_with_learned_kernels(rate):
    training, (unseen, labels) = _letters()
    network = networks.TwoStages()
    network.train(*training, rate)
    return network.count_wrong(pooling.moved(unseen, columns=1), labels)


def _what_a_step_does(rate):
    vector = pooling.two_stages([matching.letter("X")])[0]
    factor = round(1 - rate * (vector @ vector), 1)
    return "gone" if factor == 0 else "smaller" if factor > 0 else "jump" if factor > -1 else "grow"


def _more_alike(size, stride):
    rows = [row for row in data.load("letter-shifts") if (row["size"], row["stride"]) == (size, stride)]
    margins = [moved["same"] - still["other"] for moved, still in _pairs(rows)]
    return "equal" if max(map(abs, margins)) < 0.01 else "same" if min(margins) > 0 else "other"


def _pairs(rows):
    """For each seed the row of letters moved by one column, and that of letters that did not move."""
    by_columns = [[row for row in rows if row["columns"] == columns] for columns in (1, 0)]
    return zip(*by_columns, strict=True)


def _dense_after_shuffle(each):
    """Whether weights in another order undo the shuffle of three pictures; `each` shuffles them differently."""
    pictures, network = np.random.default_rng(2).normal(size=(3, 4, 6, 1)), other_data.dense_network((4, 6, 1))
    shuffled = np.concatenate(
        [other_data.shuffle_columns(one, k if each else 0) for k, one in enumerate(pictures[:, np.newaxis])]
    )
    before, weights = network.probabilities(pictures), network.layers[0].matrix
    weights.value = other_data.shuffle_columns(weights.value.reshape(1, 4, 6, 12)).reshape(24, 12)
    return "same" if np.allclose(network.probabilities(shuffled), before) else "lower"


def _quickest(rate):
    runs = [row for row in data.load("activation-runs") if row["rate"] == rate]
    steps = {curve: [row["steps"] for row in runs if row["curve"] == curve] for curve in ("relu", "tanh", "sigmoid")}
    for first in ("relu", "tanh"):
        if max(steps[first]) < min(min(steps[other]) for other in steps if other != first):
            return first
    return "overlap" if min(steps["sigmoid"]) > max(steps["relu"] + steps["tanh"]) else "all"


def _how_many(wrong):
    return "few" if wrong < 60 else "half" if wrong < 180 else "same" if wrong < 300 else "more"


WARM_UP = ["geometry/places-28", "geometry/maps", "matching/nudge"]
FURTHER = ["rate-1-2", "moved-or-other", "shuffled-dense", "first-to-learn"]
predict, results, warm_up = asked(__name__, bank, WARM_UP, own=["max_pool", "softmax", "train"], further=FURTHER)
