"""Tasks for lesson 5's further notebooks: a partial invariance, gradients through a window, neighbours.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict.
"""

import numpy as np

from lessons_lib import pooling
from lessons_lib.core.answer import readings
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import Verdict, judge, task

MAP = np.array([[3, 1, 0, 2], [4, 8, 5, 1], [7, 2, 6, 9], [0, 3, 1, 4]])
SLOPES = np.array([[1, 2], [3, 4]])


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
