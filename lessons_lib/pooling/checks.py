"""Lesson 5's exercises: a shape, a partial invariance, a softmax, an error, slopes through a window, neighbours.

Each check takes a student's answer, `...` where there is none yet, and returns a Verdict.
"""

import numpy as np

from lessons_lib import pooling
from lessons_lib.core.i18n import _
from lessons_lib.core.text import join_words
from lessons_lib.core.verdict import Verdict, judge, tried

MAP = np.array([[3, 1, 0, 2], [4, 8, 5, 1], [7, 2, 6, 9], [0, 3, 1, 4]])
SLOPES = np.array([[1, 2], [3, 4]])


def pooled_shape(answer):
    """Exercise 1: rows, columns and depth of 55 x 55 x 96 after max pooling with F = 3 and S = 2.

    >>> pooled_shape((28, 28, 96))
    ✗ You rounded up: what does not fill a whole window is left out.
    """
    side, depth = 55, 96
    expected = pooling.max_pool(np.zeros((side, side, depth), dtype=np.uint8), 3, 2).shape
    after = expected[0]
    thirds = _("That would be the depth of kernels; pooling works on each map by itself, so no map is lost.")
    mistakes = [
        ((after + 1, after + 1, depth), _("You rounded up: what does not fill a whole window is left out.")),
        ((after - 1, after - 1, depth), _("The + 1 is missing: the window stands somewhere before it takes a step.")),
        ((side - 2, side - 2, depth), _("You forgot the stride: the window goes two pixels at a step.")),
        ((side // 3, side // 3, depth), _("You moved the window by its own size; here the stride is smaller.")),
        ((after, after, 1), _("One map only? Pooling works on each of the maps by itself.")),
        ((after, after, depth // 2), _("Pooling makes rows and columns fewer, and not the depth.")),
        ((after, after, depth // 3), thirds),
        ((depth, after, after), _("Rows and columns come first here, and the depth last.")),
        ((after, after), _("The depth is missing.")),
        (after, _("That is one side; give rows, columns and depth.")),
    ]
    return judge(answer, expected, mistakes, hint=_("(N - F) / S + 1 for rows and for columns; what of the depth?"))


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
    mistakes = [
        (1, _("That would be full invariance; put a dot at the right edge of a window and shift it.")),
        (0, _("That would be no invariance at all; put a dot in the middle of a window and shift it.")),
        (1 - expected, _("That is the share of the places where something changes.")),
        (0.5, _("That is so for windows of 2 × 2; these are 3 pixels wide.")),
        (expected**2, _("You shifted down as well; here the dot goes to the right only.")),
        (8 / 9, _("You lost only the dots that leave the picture; a dot may also go into the next window.")),
        (same, share),
        (81 - same, share),
        (100 * expected, share),
    ]
    return judge(answer, expected, mistakes, hint=_("In which columns of a window may the dot stand?"), tolerance=0.005)


def stable_softmax(answer):
    """Exercise 3: a function that turns a vector of scores of any size into probabilities.

    >>> stable_softmax(lambda z: np.exp(z) / np.exp(z).sum())
    ✗ Right for small scores, but for 1000 and 1001 you give nan and nan: exp(1000) does not fit into a float.
    """
    small = np.array([1.0, 2.0, 4.0])
    cases = [small, np.array([1000.0, 1001.0]), np.array([-1000.0, -1001.0]), np.array([-1000.0, 1000.0])]
    given, verdict = tried(answer, [(scores,) for scores in cases], _("a vector of scores"))
    if verdict is not None:
        return verdict
    powers, expected = np.exp(small), pooling.softmax(small)
    no_sum = _("Your results are not divided by their sum, so they do not sum to 1.")
    mistakes = [
        (small / small.sum(), _("You divide the scores themselves; a negative score would give a negative result.")),
        (powers, no_sum),
        (powers / powers.max(), no_sum),
        (2**small / (2**small).sum(), _("You take powers of 2; softmax takes powers of e.")),
        (np.log(expected), _("Those are the logarithms of the probabilities.")),
        (np.eye(3)[2], _("The largest score gets everything: that is a hard maximum, not a soft one.")),
    ]
    hint = _("Raise e to each score, then divide by the sum of the results.")
    verdict = judge(given[0], expected, mistakes, hint)
    if not verdict.passed:
        return verdict
    reasons = {True: _("exp(1000) does not fit into a float"), False: _("exp(-1000) becomes 0, and so the sum")}
    for scores, result in zip(cases[1:], given[1:], strict=True):
        if not judge(result, pooling.softmax(scores)).passed:
            text = _("Right for small scores, but for {scores} you give {result}: {why}.")
            words = [join_words(f"{value:g}" for value in values.ravel()) for values in (scores, result)]
            return Verdict(text.format(scores=words[0], result=words[1], why=reasons[scores.max() > 0]), False)
    return Verdict(_("Right, for small scores and for large ones."), True)


def total_error(answer):
    """Exercise 4: the total error for a picture of an O with the outputs 0.30 for X and 0.60 for O.

    >>> total_error(1.1)
    ✗ You took the distance to 1 for both letters, as the slide does; for the absent letter it is to 0.
    """
    outputs, targets = np.array([0.3, 0.6]), np.array([0, 1])
    errors = abs(targets - outputs)
    slide = _("You took the distance to 1 for both letters, as the slide does; for the absent letter it is to 0.")
    cancel = _("You let a positive and a negative error cancel; take each without its sign.")
    mistakes = [
        ((1 - outputs).sum(), slide),
        ((targets - outputs).sum(), cancel),
        ((outputs - targets).sum(), cancel),
        (abs(targets[::-1] - outputs).sum(), _("That would be the error if the picture were an X.")),
        ((errors**2).sum(), _("You added up squares; the lecture's table adds the plain distances.")),
        (errors.mean(), _("That is the mean of the two errors; their total is wanted.")),
        (errors[0], _("That is the error of the output for X alone.")),
        (errors[1], _("That is the error of the output for O alone.")),
        (-np.log(outputs[1]), _("That is the cross-entropy; the lecture's table adds plain distances.")),
    ]
    return judge(answer, errors.sum(), mistakes, hint=_("For each letter: how far is its output from the target?"))


def max_pool_gradient(answer):
    """Exercise 5: for each of the 16 cells of `MAP` the slope that max pooling with F = S = 2 gives back to it.

    >>> max_pool_gradient(np.kron(SLOPES, np.ones((2, 2))) / 4)
    ✗ You shared each slope among four cells: that is the rule of mean pooling.
    """
    everywhere = np.kron(SLOPES, np.ones((2, 2)))
    largest = np.kron(pooling.max_pool(MAP), np.ones((2, 2))) == MAP
    expected = largest * everywhere
    corner = np.zeros((4, 4))
    corner[::2, ::2] = SLOPES
    mistakes = [
        (everywhere / 4, _("You shared each slope among four cells: that is the rule of mean pooling.")),
        (everywhere, _("You gave the slope to all four cells; a cell that is not the largest changes nothing.")),
        (largest, _("The right cells, but each gets the slope that arrived at its window, not 1.")),
        (largest * MAP, _("Those are the largest numbers themselves; put the slopes at their places.")),
        (corner, _("You put each slope into the first cell of its window; put it where the largest number is.")),
        (expected.T, _("Rows and columns are exchanged.")),
        (expected * MAP, _("You multiplied the slope with the number; the maximum has slope 1 there.")),
        (SLOPES, _("Those are the slopes at the results; there are 16 cells before the pooling.")),
    ]
    hint = _("If a cell that is not the largest grew a little, would the result of its window change?")
    return judge(answer, expected, mistakes, hint)


def neighbours(answer):
    """Exercise 6: for which of five kinds of data would shuffling the columns hurt.

    >>> neighbours([True, True, True, True, True])
    ✗ Look again at number 2: does the alphabet bring together what belongs together?
    """
    expected = [True, False, True, True, False]
    beside = _("Look again at number {number}: what stands between two of its columns that are side by side?")
    alphabet = _("Look again at number {number}: does the alphabet bring together what belongs together?")
    basket = _("Look again at number {number}: would the basket be another one if the list were in another order?")
    photo = _("Look again at number {number}: would you know the photo with its columns exchanged?")
    sentences = [photo, alphabet, beside, beside, basket]
    if isinstance(answer, (list, tuple)) and len(answer) == 5 and all(isinstance(a, (bool, int)) for a in answer):
        for number, (given, wanted) in enumerate(zip(answer, expected, strict=True), start=1):
            if given != wanted:
                return Verdict(sentences[number - 1].format(number=number), False)
    hint = _("Give five answers, each True or False: True where shuffling hurts.")
    return judge(answer, expected, hint=hint)
