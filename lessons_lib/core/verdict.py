"""How a check answers: `judge` compares an answer with the expected value and names the mistake it recognises."""

import html

import numpy as np

from lessons_lib.core.i18n import _

MARKS = {True: ("✓", "#2e7d32"), False: ("✗", "#c2410c"), None: ("…", "#6b7280")}


class Verdict(str):
    """A sentence about an answer; `passed` is True, False, or None while nothing was answered.

    >>> Verdict("Right.", passed=True)
    ✓ Right.
    """

    def __new__(cls, sentence, passed):
        """A str is made before `__init__`, so the mark is put on it here."""
        self = super().__new__(cls, sentence)
        self.passed = passed
        return self

    def __repr__(self):
        return f"{MARKS[self.passed][0]} {self}"

    def _repr_html_(self):
        mark, colour = MARKS[self.passed]
        style = f"border-left:4px solid {colour};padding:6px 12px;max-width:60em"
        return f'<div style="{style}"><b style="color:{colour}">{mark}</b> {html.escape(self)}</div>'


def untouched(answer):
    """The verdict on an exercise nobody has answered yet, or None when there is an answer.

    >>> untouched(...)
    … Not answered yet: put your answer in place of the three dots and run the cell again.
    >>> untouched(3) is None
    True
    """
    if answer is not ...:
        return None
    return Verdict(_("Not answered yet: put your answer in place of the three dots and run the cell again."), None)


def tried(answer, cases, what):
    """What a student's function gives for some cases; or, in its place, the verdict on an answer that is none.

    Parameters
    ----------
    answer : object
        Whatever the student put there; `...` means nothing yet.
    cases : sequence of tuple
        The arguments of each call.
    what : str
        What the function receives, for the sentence about a function that stops with an error.

    Returns
    -------
    list of ndarray of float, or None
    Verdict or None
        One of the two is None.

    Examples
    --------
    >>> tried(lambda a, b: a + b, [(1, 2), (3, 4)], "two numbers")
    ([array(3.), array(7.)], None)
    >>> tried(len, [(1,)], "a number")[1]
    ✗ Your function stops with TypeError: object of type 'int' has no len(). It receives a number.
    """
    pending = untouched(answer)
    if pending is not None:
        return None, pending
    if not callable(answer):
        text = _("I received {answer!r}, which is no function; begin with `answer = lambda` or give the name of one.")
        return None, Verdict(text.format(answer=answer), False)
    try:
        with np.errstate(all="ignore"):
            return [np.asarray(answer(*case), float) for case in cases], None
    # A student's function may fail in any way.
    except Exception as error:
        text = _("Your function stops with {name}: {error}. It receives {what}.")
        return None, Verdict(text.format(name=type(error).__name__, error=error, what=what), False)


def judge(answer, expected, mistakes=(), hint="", tolerance=1e-6):
    """Compare an answer with the expected number or array.

    Parameters
    ----------
    answer : object
        Whatever the student put there; `...` means nothing yet.
    expected : array_like
        The right value.
    mistakes : sequence of (array_like, str)
        Values that a known misconception leads to, each with the sentence that names it.
    hint : str
        What to think about when the answer is wrong in a way nobody foresaw.
    tolerance : float
        Largest absolute difference that still counts as equal.

    Returns
    -------
    Verdict

    Examples
    --------
    >>> judge(5, 5)
    ✓ Right.
    >>> judge(7, 5, mistakes=[(7, "You forgot the stride.")])
    ✗ You forgot the stride.
    """
    pending = untouched(answer)
    if pending is not None:
        return pending
    try:
        given = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return Verdict(_("I received {answer!r}, which is not made of numbers.").format(answer=answer), False)
    if not np.isfinite(given).all():
        return Verdict(_("I received {answer}, which is not a finite number.").format(answer=answer), False)
    if _same(given, expected, tolerance):
        return Verdict(_("Right."), True)
    for value, sentence in mistakes:
        if _same(given, value, tolerance):
            return Verdict(sentence, False)
    if given.shape != np.shape(expected):
        text = _("Your answer has shape {given}; another shape is wanted. {hint}")
        return Verdict(text.format(given=given.shape, hint=hint).strip(), False)
    return Verdict(_("Not yet. {hint}").format(hint=hint).strip(), False)


def _same(given, value, tolerance):
    value = np.asarray(value, dtype=float)
    return given.shape == value.shape and np.allclose(given, value, rtol=0, atol=tolerance)
