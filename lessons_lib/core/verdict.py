"""How a check answers: `judge` compares a value, `judge_function` a function, and both name the mistake they recognise.

In both, `answer` is whatever the student put there (`...` means nothing yet), `mistakes` are pairs of what a known
misconception leads to and the sentence that names it, `hint` is for any other mistake, and `tolerance` is the largest
absolute difference that still counts as equal. Both return a `Verdict`.
"""

import copy
import html
import reprlib
import traceback

import numpy as np

from lessons_lib.core.i18n import _
from lessons_lib.core.text import join_words

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
    """The verdict on an exercise that is not answered yet, or None when there is an answer.

    >>> untouched(...)
    … Not answered yet: put your answer in place of the three dots and run the cell again.
    >>> untouched(3) is None
    True
    """
    if answer is not ...:
        return None
    return Verdict(_("Not answered yet: put your answer in place of the three dots and run the cell again."), None)


def tried(answer, cases, what=""):
    """What a student's function gives for some cases, as arrays of float, or the verdict on one that gives none.

    >>> tried(lambda a, b: a + b, [(1, 2), (3, 4)], "two numbers")
    ([array(3.), array(7.)], None)
    >>> tried(len, [(1,)], "a number")[1]
    ✗ Your function stops with TypeError: object of type 'int' has no len(). This happens for 1. It receives a number.
    """
    pending = untouched(answer)
    if pending is not None:
        return None, pending
    if not callable(answer):
        text = _("I received {answer}, which is no function; give its name alone, without calling it: answer = name.")
        return None, Verdict(text.format(answer=reprlib.repr(answer)), False)
    results = []
    for case in cases:
        try:
            with np.errstate(all="ignore"):
                result = answer(*copy.deepcopy(case))
        # A student's function may fail in any way.
        except Exception as error:
            text = _("Your function stops with {name}: {error}. This happens {line}for {case}.")
            text = text.format(name=type(error).__name__, error=error, line=_line(error), case=_arguments(case))
            return None, Verdict(f"{text} {_('It receives {what}.').format(what=what) if what else ''}".strip(), False)
        if result is None:
            return None, Verdict(_("Your function returns nothing; end it with return and the result."), False)
        try:
            results.append(np.asarray(result, float))
        except (TypeError, ValueError):
            text = _("For {case} your function returns {result}, which is not made of numbers.")
            return None, Verdict(text.format(case=_arguments(case), result=reprlib.repr(result)), False)
    return results, None


def _line(error):
    """The last line of the student's own code, in the file or cell that the function stands in; "" if none was run."""
    frames = traceback.extract_tb(error.__traceback__)[1:]
    own = [frame for frame in frames if frame.filename == frames[0].filename and frame.line]
    return _("in line {number}, `{code}`, ").format(number=own[-1].lineno, code=own[-1].line) if own else ""


def _arguments(case):
    """The arguments of one call in words."""

    def short(value):
        if isinstance(value, np.ndarray) and value.size > 9:
            return _("an array of shape {shape}").format(shape=value.shape)
        return getattr(value, "__name__", None) or reprlib.repr(value.tolist() if hasattr(value, "tolist") else value)

    return join_words([short(value) for value in case])


def judge_function(answer, cases, expected, mistakes=(), what="", hint="", tolerance=1e-6):
    """Call a student's function with the arguments of each case and compare its results with those expected.

    `expected`, and the first of each pair in `mistakes`, is a function of the same arguments or the list of its
    results. `what` names in words what the function receives.

    >>> def check(answer):
    ...     mistakes = [(lambda a, b: a - b, "You subtracted.")]
    ...     return judge_function(answer, [(3, 2), (4, 4)], lambda a, b: a + b, mistakes, "two numbers", "Add them.")
    >>> check(lambda a, b: a + b), check(lambda a, b: a - b), check(max)
    (✓ Right., ✗ You subtracted., ✗ Not yet. Add them.)
    >>> check(lambda a, b: None)
    ✗ Your function returns nothing; end it with return and the result.
    >>> check(5)
    ✗ I received 5, which is no function; give its name alone, without calling it: answer = name.
    """
    given, verdict = tried(answer, cases, what)
    if verdict is not None:
        return verdict

    def results(rule):
        with np.errstate(all="ignore"):
            return [np.asarray(rule(*copy.deepcopy(case))) for case in cases] if callable(rule) else list(rule)

    def gives(values):
        return all(_same(*pair, tolerance) for pair in zip(given, values, strict=True))

    wanted = results(expected)
    if gives(wanted):
        return Verdict(_("Right."), True)
    for rule, sentence in mistakes:
        if gives(results(rule)):
            return Verdict(sentence, False)
    for case, value, right in zip(cases, given, wanted, strict=True):
        text = ""
        if not np.isfinite(value).all():
            text = _("For {case} your function gives {value}, which is not a finite number. {hint}")
        elif value.shape != np.shape(right):
            text = _("For {case} your function gives an array of shape {shape}; another shape is wanted. {hint}")
        if text:
            words = {"case": _arguments(case), "value": reprlib.repr(value.tolist()), "shape": value.shape}
            return Verdict(text.format(**words, hint=hint).strip(), False)
    return Verdict(_("Not yet. {hint}").format(hint=hint).strip(), False)


def judge(answer, expected, mistakes=(), hint="", tolerance=1e-6):
    """Compare an answer with the expected number or array.

    >>> judge(5, 5), judge(7, 5, mistakes=[(7, "You forgot the stride.")])
    (✓ Right., ✗ You forgot the stride.)
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
