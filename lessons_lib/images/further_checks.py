"""The tasks of lesson 1's further notebooks: bytes and brightness, data sets.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict; `error` shows its Verdict, and
returns the student's function when it is right, else the library's.
"""

import numpy as np

from lessons_lib import data, images
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import Verdict, judge, judge_function, task

SAUCER = (300, 220)

# --- 01-bytes


@task("images/half-and-half")
def half_and_half(answer):
    """A function that gives the mean of two pictures of bytes, pixel by pixel.

    >>> half_and_half(lambda first, second: (first + second) // 2)
    ✗ For the pixels 200 and 100 that gives 22: their sum no longer fits into a byte and wraps.
    """
    random = np.random.default_rng(0)
    cases = [tuple(random.integers(0, 256, (2, *shape), dtype=np.uint8)) for shape in ((9, 7), (4, 6))]
    first, second = cases[0]
    first[0, 0], second[0, 0] = 200, 100
    wrapped = _("For the pixels 200 and 100 that gives 22: their sum no longer fits into a byte and wraps.")
    cut = _("For the pixels 200 and 100 that gives 127.5 or 127: the sum was cut off at 255 before it was halved.")
    halves = _("That is half the sum of one picture with the whole of the other: where are the brackets?")

    def summed(a, b):
        return a.astype(int) + b

    mistakes = [
        ("wrapped", lambda a, b: (a + b) // 2, wrapped),
        ("wrapped", lambda a, b: (a + b) / 2, wrapped),
        ("wrapped-sum", lambda a, b: a + b,
         _("That is the sum, and it wraps: 200 + 100 gives 44.")),
        ("sum", summed, _("That is the sum; half of it is wanted.")),
        ("cut", lambda a, b: np.clip(summed(a, b), 0, 255) / 2, cut),
        ("cut-sum", lambda a, b: np.clip(summed(a, b), 0, 255),
         _("That is the sum, cut off at 255; half of it is wanted.")),
        ("brackets", lambda a, b: a + b / 2, halves),
        ("brackets", lambda a, b: a + b // 2, halves),
        ("one-picture", lambda a, b: a, _("That is the first picture alone.")),
        ("one-picture", lambda a, b: b, _("That is the second picture alone.")),
        ("one-number", lambda a, b: summed(a, b).mean() / 2,
         _("That is one mean for all pixels; each pixel has its own.")),
    ]  # fmt: skip

    def hint(given):
        text = _("For the pixels 200 and 100 your function gives {value:g}.")
        return text.format(value=given[0][0, 0]) if given[0].shape == first.shape else ""

    what = _("two uint8 arrays of one shape")
    # Rounding down, up, or each half by itself are all right: at most one grey level away.
    verdict = judge_function(answer, cases, lambda a, b: summed(a, b) / 2, mistakes, what, hint, tolerance=1)
    if verdict.id == "unknown" and np.allclose(255 * verdict.compare[1], verdict.compare[2], atol=1):
        return Verdict(_("The blend is right, but as fractions of white; give it in 0 to 255."), False, "fractions")
    return verdict


@task("images/luminance-of-the-saucer")
def luminance_of_the_saucer(answer):
    """The luminance of one pixel of the red saucer in `coffee`, by Rec. 709.

    >>> luminance_of_the_saucer(38)
    ✗ That is the plain mean: it counts blue as much as green, but green looks far brighter.
    """
    coffee, weights = data.load("coffee").astype(float), images.LUMINANCE["Rec. 709"]
    pixel = coffee[SAUCER]
    mistakes = [
        ("plain-mean", pixel.mean(),
         _("That is the plain mean: it counts blue as much as green, but green looks far brighter.")),
        ("rec-601", pixel @ images.LUMINANCE["Rec. 601"],
         _("Those are the weights of Rec. 601; the exercise asks for Rec. 709.")),
        ("blue-first", pixel[::-1] @ weights, _("You took blue for red: the channels come as red, green, blue.")),
        ("green", pixel[1], _("That is the green channel alone.")),
        ("red", pixel[0], _("That is the red channel alone.")),
        ("sum", pixel.sum(), _("That is the sum of the three channels; each has its own weight.")),
        ("channels", pixel, _("Those are the three channels; multiply each by its weight, and add.")),
        ("products", pixel * weights, _("Those are the three products; add them.")),
        ("fraction", pixel @ weights / 255, _("That is right as a fraction of white; give it in 0 to 255.")),
        ("exchanged", coffee[SAUCER[::-1]] @ weights, _("Row and column are exchanged.")),
    ]  # fmt: skip
    hint = _("Multiply red, green and blue by their three weights, and add the three products.")
    return judge(answer, pixel @ weights, mistakes, hint, tolerance=0.05)


# --- 01-datasets


@task("images/megabytes-of-cifar")
def megabytes_of_cifar(answer):
    """Megabytes of the 50 000 training pictures of CIFAR-10 as float32.

    >>> megabytes_of_cifar(153.6)
    ✗ You counted one byte a value, as in the file; a float32 takes four.
    """
    expected = images.megabytes(50_000 * 32 * 32 * 3)
    mebibytes = _("That is right in mebibytes of 1 048 576 bytes; here a megabyte is a million bytes.")
    mistakes = [
        ("one-byte", expected / 4, _("You counted one byte a value, as in the file; a float32 takes four.")),
        ("one-channel", expected / 3, _("A colour picture has three values a pixel.")),
        ("one-byte-one-channel", expected / 12, _("Three values a pixel, and four bytes a value, are missing.")),
        ("all-pictures", expected * 6 / 5, _("Those are all 60 000 pictures; 50 000 of them are for training.")),
        ("test-pictures", expected / 5, _("Those are the 10 000 test pictures; 50 000 are for training.")),
        ("eight-bytes", expected * 2, _("You counted eight bytes a value, which is float64; a float32 takes four.")),
        ("bits", expected * 8, _("Those are megabits; a byte has eight bits.")),
        ("one-picture", expected / 50_000, _("That is one picture; there are 50 000.")),
        ("one-row", expected / 32, _("You counted 32 pixels a picture; it has 32 × 32.")),
        ("bytes", expected * 1e6, _("That is right in bytes; a megabyte is a million of them.")),
        ("kilobytes", expected * 1e3, _("That is right in kilobytes; a megabyte is a thousand of them.")),
        ("gigabytes", expected / 1e3, _("That is right in gigabytes; a gigabyte is a thousand megabytes.")),
        ("mebibytes", expected * 1e6 / 2**20, mebibytes),
    ]  # fmt: skip
    hint = _("How many values has one picture, how many bytes has a value, and how many pictures are there?")
    return judge(answer, expected, mistakes, hint, tolerance=0.05)


def _error(answers, labels):
    return np.mean(answers != labels)


@task("images/error", otherwise=_error)
def error(answer):
    """The share of the answers that are wrong.

    >>> _function = error(lambda answers, labels: np.mean(answers == labels))
    ✗ That is the share of right answers; the error is the share of wrong ones.
    """

    def wrong(answers, labels):
        return np.sum(answers != labels)

    mistakes = [
        ("accuracy", lambda answers, labels: 1 - _error(answers, labels),
         _("That is the share of right answers; the error is the share of wrong ones.")),
        ("count", wrong, _("That is how many are wrong; divide it by how many answers there are.")),
        ("right-count", lambda answers, labels: np.sum(answers == labels), _("That is how many are right.")),
        ("2000", lambda answers, labels: wrong(answers, labels) / 2000,
         _("You divide by 2000, whatever was given; divide by the number of answers.")),
        ("each", lambda answers, labels: answers != labels,
         _("That says for each answer whether it is wrong; one number is wanted for all.")),
        ("distance", lambda answers, labels: np.mean(np.abs(answers - labels)),
         _("A 7 in place of a 1 is one mistake, and not six: count the answers that differ.")),
        ("difference", lambda answers, labels: np.mean(answers - labels),
         _("A 7 in place of a 1 is one mistake, and not six: count the answers that differ.")),
        ("zero", lambda answers, labels: np.mean(answers == 0),
         _("You count answers that are 0; compare each answer with its label.")),
    ]  # fmt: skip
    cases = [
        (np.array([7, 1, 3, 3, 0]), np.array([7, 7, 3, 8, 0])),
        (np.array([1, 2, 3, 4]), np.array([1, 2, 3, 5])),
        (np.array([4, 4]), np.array([4, 4])),
        (np.array([9, 0, 9]), np.array([0, 9, 2])),
    ]
    hint = _("`answers != labels` says for each answer whether it is wrong; which share is that?")
    return judge_function(answer, cases, _error, mistakes, _("answers and labels, two arrays"), hint)
