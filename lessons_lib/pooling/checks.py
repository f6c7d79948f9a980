"""Lesson 5's exercises: a shape, a partial invariance, a softmax, an error, slopes through a window, neighbours.

Each check takes a student's answer, `...` where there is none yet, and returns a Verdict.
"""

import numpy as np

from lessons_lib import pooling
from lessons_lib.core.answer import readings
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import Verdict, judge, judge_function, task

MAP = np.array([[3, 1, 0, 2], [4, 8, 5, 1], [7, 2, 6, 9], [0, 3, 1, 4]])
SLOPES = np.array([[1, 2], [3, 4]])


@task("pooling/pooled-shape")
def pooled_shape(answer):
    """Exercise 1: rows, columns and depth of 55 x 55 x 96 after max pooling with F = 3 and S = 2.

    >>> pooled_shape((28, 28, 96))
    ✗ Right: depth. Not yet: rows and columns. You rounded up: a part of a window does not count.
    """
    side, depth, other = 55, 96, np.nan
    expected = pooling.max_pool(np.zeros((side, side, depth), dtype=np.uint8), 3, 2).shape
    after = expected[0]
    kernels = _("That would be the depth of kernels; pooling works on each map by itself, so no map is lost.")
    formula = _("The formula is for rows and columns; pooling works on each map by itself, so no map is lost.")
    product = _("That is how many numbers the result has; give its rows, columns and depth.")
    mistakes = [
        ("rounded-up", (after + 1, after + 1, other), _("You rounded up: a part of a window does not count.")),
        ("no-plus-1", (after - 1, after - 1, other), _("The + 1 is missing: the first place counts too.")),
        ("no-stride", (side - 2, side - 2, other), _("You forgot the stride: the window goes two pixels at a step.")),
        ("own-size", (side // 3, side // 3, other), _("You moved the window by its own size; its stride is 2.")),
        ("one-map", (other, other, 1), _("One map only? Pooling works on each of the maps by itself.")),
        ("half-depth", (other, other, depth // 2), _("Pooling makes rows and columns fewer, and not the depth.")),
        ("third-depth", (other, other, depth // 3), kernels),
        ("depth-as-side", (other, other, (depth - 3) // 2 + 1), formula),
        ("depth-first", (depth, after, after), _("Rows and columns come first here, and the depth last.")),
        ("no-depth", (after, after), _("The depth is missing.")),
        ("one-side", after, _("That is one side; give rows, columns and depth.")),
        ("product", after * after * depth, product),
    ]
    hint = _("How many steps of 2 can a window of 3 take in 55 pixels? And what becomes of the depth?")
    return judge(answer, expected, mistakes, hint, parts=[_("rows"), _("columns"), _("depth")])


@task("pooling/share-unchanged")
def share_unchanged(answer):
    """Exercise 2: at which share of the places of a 9 x 9 map a dot may move right and the pooled map not change.

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


@task("pooling/stable-softmax")
def stable_softmax(answer):
    """Exercise 3: a function that turns a vector of scores of any size into probabilities.

    >>> stable_softmax(lambda z: np.exp(z) / np.exp(z).sum())  # doctest: +ELLIPSIS
    ✗ For z = [1000.0, 1001.0] your function gives [nan, nan], ... exp(1000) does not fit into a float, ...
    """

    def shares(values):
        return values / values.sum()

    no_sum = _("Your results are not divided by their sum, so they do not sum to 1.")
    negative = _("You divide the scores themselves; a negative score would give a negative result.")
    mistakes = [
        ("scores", shares, negative),
        ("no-sum", np.exp, no_sum),
        ("no-sum", lambda z: np.exp(z - z.max()), no_sum),
        ("powers-of-2", lambda z: shares(2**z), _("You take powers of 2; softmax takes powers of e.")),
        ("minus", lambda z: shares(np.exp(-z)), _("The smallest score gets the most: you take powers of −z.")),
        ("logarithms", lambda z: np.log(shares(np.exp(z))), _("Those are the logarithms of the probabilities.")),
        ("hard", lambda z: np.eye(len(z))[z.argmax()], _("The largest score gets everything; softmax shares.")),
    ]
    what, hint = _("a vector of scores"), _("Every result must be positive, and all must sum to 1.")
    cases = [(np.array([1.0, 2.0, 4.0]),), (np.array([0.5, -1.0]),)]
    verdict = judge_function(answer, cases, pooling.softmax, mistakes, what, hint, alone=())
    if not verdict.passed:
        return verdict
    large = [(np.array(scores),) for scores in ([1000.0, 1001.0], [-1000.0, -1001.0], [-1000.0, 1000.0])]
    hint = _("For small scores it is right; but exp(1000) does not fit into a float, and exp(-1000) becomes 0.")
    return judge_function(answer, large, pooling.softmax, (), what, hint)


@task("pooling/total-error")
def total_error(answer):
    """Exercise 4: the total error for a picture of an O with the outputs 0.30 for X and 0.60 for O.

    >>> total_error(1.1)
    ✗ You took the distance to 1 for both letters, as the slide does; for the absent letter it is to 0.
    """
    outputs, targets = np.array([0.3, 0.6]), np.array([0, 1])
    errors = abs(targets - outputs)
    slide = _("You took the distance to 1 for both letters, as the slide does; for the absent letter it is to 0.")
    cancel = _("You let a positive and a negative error cancel; take each without its sign.")
    squares = _("You added up squares; the lecture's table adds the plain distances.")
    half = _(
        "That is half the sum of the squares, the loss of the lesson; the lecture's table adds the plain distances."
    )
    entropy = _("That is the cross-entropy; the lecture's table adds plain distances.")
    mistakes = [
        ("slide", (1 - outputs).sum(), slide),
        ("cancel", (targets - outputs).sum(), cancel),
        ("cancel", (outputs - targets).sum(), cancel),
        ("other-letter", abs(targets[::-1] - outputs).sum(), _("That would be the error if the picture were an X.")),
        ("squares", (errors**2).sum(), squares),
        ("half-squares", (errors**2).sum() / 2, half),
        ("mean", errors.mean(), _("That is the mean of the two errors; their total is wanted.")),
        ("only-x", errors[0], _("That is the error of the output for X alone.")),
        ("only-o", errors[1], _("That is the error of the output for O alone.")),
        ("two-errors", errors, _("Those are the two errors; add them.")),
        ("cross-entropy", -np.log(outputs[1]), entropy),
        ("cross-entropy", -np.log10(outputs[1]), entropy),
    ]
    return judge(answer, errors.sum(), mistakes, hint=_("For each letter: how far is its output from the target?"))


@task("pooling/max-pool-gradient")
def max_pool_gradient(answer):
    """Exercise 5: for each of the 16 cells of `MAP` the slope that max pooling with F = S = 2 gives back to it.

    >>> max_pool_gradient(np.kron(SLOPES, np.ones((2, 2))) / 4)
    ✗ You shared each slope among four cells: so does mean pooling.
    """
    ones = np.ones((2, 2))
    everywhere = np.kron(SLOPES, ones)
    largest = np.kron(pooling.max_pool(MAP), ones) == MAP
    expected = largest * everywhere
    corner = np.zeros((4, 4))
    corner[::2, ::2] = SLOPES
    all_four = _("You gave the slope to all four cells; a cell that is not the largest changes nothing.")
    first = _("You put each slope into the first cell of its window; put it where the largest number is.")
    swapped = _("Each slope has gone to the wrong window: the first row of slopes belongs to the two upper windows.")
    against = _("The step goes against the slope, but later; the slope itself keeps its sign.")
    mistakes = [
        ("mean-pooling", everywhere / 4, _("You shared each slope among four cells: so does mean pooling.")),
        ("all-four", everywhere, all_four),
        ("ones", largest, _("The right cells, but each gets the slope that arrived at its window, not 1.")),
        ("numbers", largest * MAP, _("Those are the largest numbers themselves; put the slopes at their places.")),
        ("first-cell", corner, first),
        ("transposed", expected.T, _("Rows and columns are exchanged.")),
        ("slopes-transposed", largest * np.kron(SLOPES.T, ones), swapped),
        ("minus", -expected, against),
        ("times-number", expected * MAP, _("You multiplied the slope with the number; the maximum has slope 1 there.")),
        ("slopes", SLOPES, _("Those are the slopes at the results; there are 16 cells before the pooling.")),
    ]
    hint = _("If a cell that is not the largest grew a little, would the result of its window change?")
    return judge(answer, expected, mistakes, hint)


@task("pooling/neighbours")
def neighbours(answer):
    """Exercise 6: for which of five kinds of data would shuffling the columns hurt.

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
    words = {"true": 1, "yes": 1, "false": 0, "no": 0}
    if isinstance(answer, list | tuple):
        answer = [words.get(one.lower(), one) if isinstance(one, str) else one for one in answer]
    given = [reading.values for reading in readings(answer)][:1]
    if not given or given[0].shape != (5,) or not np.isin(given[0], (0, 1)).all():
        text = _("Give five answers in the order of the list: True where shuffling hurts, False where it does not.")
        return Verdict(text, False, "form")
    for number, (one, (name, wanted, question)) in enumerate(zip(given[0], kinds, strict=True), start=1):
        if one != wanted:
            text = _("Look again at number {number}: {question}").format(number=number, question=question)
            return Verdict(text, False, name)
    return Verdict(_("Right."), True)
