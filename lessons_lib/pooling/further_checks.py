"""The tasks of lesson 5's further notebooks: backward rules, overlap and shifts, columns, bent functions.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict; the checks of functions show their
Verdict, and return the student's function when it is right, else the library's.
"""

import numpy as np

from lessons_lib import filtering, pooling
from lessons_lib.core.answer import readings
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import Verdict, judge, judge_function, task, untouched

MAP = np.array([[3, 1, 0, 2], [4, 8, 5, 1], [7, 2, 6, 9], [0, 3, 1, 4]])
SLOPES = np.array([[1, 2], [3, 4]])


@task("pooling/share-unchanged")
def share_unchanged(answer):
    """At which share of the places of a 9 x 9 map a dot may move right and the pooled map not change.

    The pooling has F = S = 3, and the dot moves by one pixel.

    >>> share_unchanged(1)
    ✗ That would be full invariance; put a dot at the right edge of a window and shift it.
    """
    same = 0
    for index in np.ndindex(9, 9):
        dot = np.zeros((9, 9))
        dot[index] = 1
        same += np.array_equal(pooling.max_pool(dot, 3), pooling.max_pool(pooling.shift(dot, columns=1), 3))
    expected = same / 81
    share = _("Give the share of all 81 places, a number from 0 to 1.")
    window = _("You lost only the dots that leave the picture; a dot may also go into the next window.")
    leaves = _("A dot in the last column leaves the map, so the pooled map loses it: it is not the same.")
    mistakes = [
        ("full", 1, _("That would be full invariance; put a dot at the right edge of a window and shift it.")),
        ("none", 0, _("That would be no invariance at all; put a dot in the middle of a window and shift it.")),
        ("changed", 1 - expected, _("That is the share of the places where something changes.")),
        ("window-of-2", 0.5, _("That is so for windows of 2 × 2; these are 3 pixels wide.")),
        ("down-too", expected**2, _("You shifted down as well; here the dot goes to the right only.")),
        ("next-window", 8 / 9, window),
        ("leaves", (same + 9) / 81, leaves),
        ("count", same, share),
        ("count", 81 - same, share),
    ]
    return judge(answer, expected, mistakes, hint=_("In which columns of a window may the dot stand?"))


@task("pooling/max-pool-gradient")
def max_pool_gradient(answer):
    """For each of the 16 cells of `MAP` the derivative that max pooling with F = S = 2 gives back to it.

    >>> max_pool_gradient(np.kron(SLOPES, np.ones((2, 2))) / 4)
    ✗ You shared each derivative among four cells: so does mean pooling.
    """
    ones = np.ones((2, 2))
    everywhere = np.kron(SLOPES, ones)
    largest = np.kron(pooling.max_pool(MAP), ones) == MAP
    expected = largest * everywhere
    corner = np.zeros((4, 4))
    corner[::2, ::2] = SLOPES
    all_four = _("You gave the derivative to all four cells; a cell that is not the largest changes nothing.")
    first = _("You put each derivative into the first cell of its window; put it where the largest number is.")
    swapped = _(
        "Each derivative has gone to the wrong window: the first row of derivatives belongs to the two upper windows."
    )
    against = _("The step goes against the derivative, but later; the derivative itself keeps its sign.")
    mistakes = [
        ("mean-pooling", everywhere / 4, _("You shared each derivative among four cells: so does mean pooling.")),
        ("all-four", everywhere, all_four),
        ("ones", largest, _("The right cells, but each gets the derivative that arrived at its window, not 1.")),
        ("numbers", largest * MAP, _("Those are the largest numbers themselves; put the derivatives at their places.")),
        ("first-cell", corner, first),
        ("transposed", expected.T, _("Rows and columns are exchanged.")),
        ("slopes-transposed", largest * np.kron(SLOPES.T, ones), swapped),
        ("minus", -expected, against),
        (
            "times-number",
            expected * MAP,
            _("You multiplied the derivative with the number; the maximum has derivative 1 there."),
        ),
        ("slopes", SLOPES, _("Those are the derivatives at the results; there are 16 cells before the pooling.")),
    ]
    hint = _("If a cell that is not the largest grew a little, would the result of its window change?")
    return judge(answer, expected, mistakes, hint)


@task("pooling/neighbours")
def neighbours(answer):
    """For which of five kinds of data would shuffling the columns hurt.

    >>> neighbours([True, True, True, True, True])
    ✗ Look again at number 2: does the alphabet bring together what belongs together?
    """
    beside = _("what stands between two of its columns that are side by side?")
    kinds = [
        ("photo", True, _("would you know the photo with its columns exchanged?")),
        ("alphabet", False, _("does the alphabet bring together what belongs together?")),
        ("hours", True, beside),
        ("dna", True, beside),
        ("basket", False, _("would the basket be another one if the list were in another order?")),
    ]
    return _five(answer, kinds, _("True where shuffling hurts, False where it does not"))


def _five(answer, kinds, meaning):
    """The verdict on five answers, each yes or no; `kinds` has for each its id, the right answer and a question."""
    pending = untouched(answer)
    if pending is not None:
        return pending
    words = {"true": 1, "yes": 1, "false": 0, "no": 0}
    if isinstance(answer, list | tuple):
        answer = [words.get(one.lower(), one) if isinstance(one, str) else one for one in answer]
    given = [reading.values for reading in readings(answer)][:1]
    if not given or given[0].shape != (5,) or not np.isin(given[0], (0, 1)).all():
        text = _("Give five answers in the order of the list: {meaning}.").format(meaning=meaning)
        return Verdict(text, False, "form")
    for number, (one, (name, wanted, question)) in enumerate(zip(given[0], kinds, strict=True), start=1):
        if one != wanted:
            text = _("Look again at number {number}: {question}").format(number=number, question=question)
            return Verdict(text, False, name)
    return Verdict(_("Right."), True)


# --- 05-backprop


def _dense_backward(weights, gradient):
    return np.asarray(weights) @ gradient


@task("pooling/dense-backward", otherwise=_dense_backward)
def dense_backward(answer):
    """A function of the weights (inputs, outputs) and the gradient (outputs) that gives the gradient of each input.

    >>> _function = dense_backward(lambda weights, gradient: weights.sum(axis=1))
    ✗ You add up the weights alone: each weight is multiplied by the derivative that arrives at its output.
    """
    one = _("Only one output counts: an input reaches all outputs, and what comes back is added up.")
    mistakes = [
        ("weights-alone", lambda weights, gradient: weights.sum(axis=1),
         _("You add up the weights alone: each weight is multiplied by the derivative that arrives at its output.")),
        ("gradient-alone", lambda weights, gradient: np.full(len(weights), gradient.sum()),
         _("You add up the derivatives alone: each is multiplied by the weight on its way back.")),
        ("first-output", lambda weights, gradient: weights[:, 0] * gradient[0], one),
        ("last-output", lambda weights, gradient: weights[:, -1] * gradient[-1], one),
        ("mean", lambda weights, gradient: (weights * gradient).mean(axis=1),
         _("That is the mean over the outputs; what comes back on several ways is added up.")),
        ("not-added", lambda weights, gradient: weights * gradient,
         _("You keep one number for each weight; for each input, add up what comes back from all outputs.")),
        ("one-number", lambda weights, gradient: (weights * gradient).sum(),
         _("You added up everything; each input gets a number of its own.")),
        ("minus", lambda weights, gradient: -(weights @ gradient),
         _("The signs are opposite: this is the derivative, and the step against it comes later.")),
    ]  # fmt: skip
    random = np.random.default_rng(6)
    cases = [
        (random.integers(-4, 5, (rows, columns)), random.integers(-4, 5, columns)) for rows, columns in ((3, 2), (2, 4))
    ]
    hint = _("By which numbers does input i reach the outputs? What comes back takes the same ways.")
    what = _("a table of weights and a list of derivatives")
    return judge_function(answer, cases, _dense_backward, mistakes, what, hint, 1e-9)


# --- 05-shift


@task("pooling/overlap", otherwise=pooling.overlap)
def overlap(answer):
    """A function of two arrays: the smaller of two numbers in each place, added up, divided by the sum of the larger.

    >>> _function = overlap(lambda a, b: (a == b).mean())
    ✗ That is the share of places with equal numbers; add up the smaller and the larger numbers.
    """

    def safe(a, b):
        return np.minimum(a, b) / np.maximum(np.maximum(a, b), 1e-300)

    mistakes = [
        ("upside-down", lambda a, b: np.maximum(a, b).sum() / np.minimum(a, b).sum(),
         _("Your fraction is upside down: it is above 1 when the arrays differ.")),
        ("equal-places", lambda a, b: (a == b).mean(),
         _("That is the share of places with equal numbers; add up the smaller and the larger numbers.")),
        ("by-a", lambda a, b: np.minimum(a, b).sum() / a.sum(),
         _("You divide by the sum of `a`; divide by the sum of the larger numbers.")),
        ("by-b", lambda a, b: np.minimum(a, b).sum() / b.sum(),
         _("You divide by the sum of `b`; divide by the sum of the larger numbers.")),
        ("by-both", lambda a, b: np.minimum(a, b).sum() / (a.sum() + b.sum()),
         _("You divide by both sums; two equal arrays would then have 0.5.")),
        ("no-division", lambda a, b: np.minimum(a, b).sum(), _("You did not divide by the sum of the larger numbers.")),
        ("two-sums", lambda a, b: min(a.sum(), b.sum()) / max(a.sum(), b.sum()),
         _("You compare the two sums; compare the numbers place by place, then add up.")),
        ("mean-of-quotients", lambda a, b: safe(a, b).mean(),
         _("You divide in each place; add up first, and divide once.")),
        ("not-added", safe, _("You divide in each place; add up first, and divide once.")),
    ]  # fmt: skip
    random = np.random.default_rng(8)
    cases = [tuple(random.integers(0, 9, (2, *shape)) / 2) for shape in ((3, 4), (2, 5), (2, 3, 2))]
    hint = _("`np.minimum(a, b)` has the smaller of the two numbers in each place.")
    what = _("two arrays of the same shape")
    return judge_function(answer, cases, pooling.overlap, mistakes, what, hint, 1e-9)


# --- 05-other-data


def _in_order(pictures, order):
    return np.asarray(pictures)[:, :, order]


@task("pooling/shuffle-columns", otherwise=_in_order)
def shuffle_columns(answer):
    """A function of pictures (count, rows, columns, depth) and an order of the columns.

    >>> _function = shuffle_columns(lambda pictures, order: pictures[:, order])
    ✗ You exchange the rows; the columns are the third axis.
    """

    def back(pictures, order):
        return pictures[:, :, np.argsort(order)]

    def first_only(pictures, order):
        result = np.zeros(pictures.shape)
        result[0] = pictures[0][:, order]
        return result

    mistakes = [
        ("same", lambda pictures, order: pictures, _("Your columns stand where they stood: `order` is not used.")),
        ("back", back, _("You use the order the wrong way round: column `new` must be column `order[new]` of before.")),
        ("rows", lambda pictures, order: pictures[:, order],
         _("You exchange the rows; the columns are the third axis.")),
        ("depth", lambda pictures, order: pictures[..., order],
         _("You exchange the last axis; the columns are the third.")),
        ("first-picture", first_only, _("Only the first picture has its columns; every picture needs them.")),
        ("one-column", lambda pictures, order: np.repeat(pictures[:, :, order[-1:]], len(order), axis=2),
         _("All your columns are the same one; take another one for each `new`.")),
        ("numbers", lambda pictures, order: np.broadcast_to(np.reshape(order, (-1, 1)), pictures.shape),
         _("You put the numbers of the columns there; take the pixels of these columns.")),
        ("reversed", lambda pictures, order: pictures[:, :, ::-1],
         _("You turned the columns round; take them as in `order`.")),
    ]  # fmt: skip
    random = np.random.default_rng(9)
    # As many rows and maps as columns in one case: an exchange of another axis does not stop there.
    cases = [
        (random.integers(0, 99, (2, 4, 4, 4)), [2, 0, 3, 1]),
        (random.integers(0, 99, (3, 2, 5, 1)), [1, 3, 0, 4, 2]),
    ]
    hint = _("Column `new` of the result is another column of `pictures`: which one does `order` name?")
    return judge_function(answer, cases, _in_order, mistakes, _("pictures and an order"), hint, 1e-9)


# --- 05-bent


@task("pooling/straight")
def straight(answer):
    """For which of five functions f(a + b) is f(a) + f(b), whatever a and b are.

    >>> straight([True, False, True, True, False])
    ✗ Look again at number 4: the largest number of a may stand at another place than the largest number of b.
    """
    a, b = np.random.default_rng(4).normal(size=(2, 4, 4))

    def obeys(f):
        return np.allclose(f(a + b), f(a) + f(b))

    kinds = [
        ("kernel", obeys(lambda x: filtering.correlate(x, np.eye(3))), _("what is a sum of products for a + b?")),
        ("relu", obeys(pooling.relu), _("try one number that is positive and one that is negative.")),
        ("average", obeys(pooling.mean_pool), _("is the mean of sums the sum of the means?")),
        ("max", obeys(pooling.max_pool),
         _("the largest number of a may stand at another place than the largest number of b.")),
        ("bias", obeys(lambda x: x.sum() + 1), _("how often is the bias added in f(a) + f(b)?")),
    ]  # fmt: skip
    return _five(answer, kinds, _("True where the rule holds, False where it does not"))


def _steps_until(losses, below, over):
    for step in range(over, len(losses) + 1):
        if np.mean(losses[step - over : step]) < below:
            return step
    return None


@task("pooling/steps-until", otherwise=_steps_until)
def steps_until(answer):
    """A function of losses, a bound and a number of steps: the step at which the mean of the last losses is below it.

    >>> _function = steps_until(lambda losses, below, over: int(np.argmax(np.array(losses) < below)) + 1)
    ✗ A single small loss is enough for you; take the mean of the last `over` losses.
    """

    def single(losses, below, over):
        return int(np.argmax(np.asarray(losses) < below)) + 1

    def late(losses, below, over):
        """From the last step backwards."""
        return max(k for k in range(over, len(losses) + 1) if np.mean(losses[k - over : k]) < below)

    def all_until(losses, below, over):
        return next((k for k in range(over, len(losses) + 1) if np.mean(losses[:k]) < below), len(losses))

    mistakes = [
        ("single", single, _("A single small loss is enough for you; take the mean of the last `over` losses.")),
        ("begin-of-window", lambda *case: _steps_until(*case) - case[2],
         _("That is the step before the first loss of the mean; the step of its last loss is wanted.")),
        ("one-too-small", lambda *case: _steps_until(*case) - 1,
         _("One step too early: `losses[a:b]` ends before b.")),
        ("one-too-large", lambda *case: _steps_until(*case) + 1,
         _("One step too late: `losses[a:b]` ends before b.")),
        ("last", late, _("That is the last such step; return as soon as the first is found.")),
        ("all-losses", all_until, _("You take the mean of all losses so far; only the last `over` count.")),
        ("above", lambda losses, below, over: over, _("You stop at the first mean; it must be below the bound.")),
    ]  # fmt: skip
    cases = [
        ([0.5, 0.9, 0.4, 0.1, 0.6, 0.3, 0.3, 0.2, 0.1, 0.1, 0.1, 0.9], 0.36, 3),
        ([0.7, 0.05, 0.6, 0.05, 0.05, 0.04, *[0.0] * 9, 0.9], 0.1, 2),
    ]
    hint = _("At step 3 with over = 2, which two losses count?")
    return judge_function(answer, cases, _steps_until, mistakes, _("losses, a bound and a number"), hint, alone=())
