"""How a check answers: `judge` compares a value, `judge_function` a function, and both name the mistakes they know.

A check is a table. `expected` is the right answer; `mistakes` are triples of an id, what a misconception leads to, and
the sentence that names it; `hint` is for any other mistake; `tolerance` is the largest absolute difference that still
counts as equal. `task` gives a check its id: its verdicts are recorded, and the second miss of the same kind in a row
shows the student's result beside the wanted one.
"""

import copy
import functools
import html
import reprlib

import numpy as np

from lessons_lib.core import record
from lessons_lib.core.answer import readings
from lessons_lib.core.i18n import _
from lessons_lib.core.student import (
    as_numbers,
    describe,
    has_xor,
    is_library,
    line_of,
    numbers_in,
    outcomes,
    unfinished,
    unused,
    uses_library,
)
from lessons_lib.core.text import join_words, size_text

MARKS = {True: ("✓", "#2e7d32"), False: ("✗", "#c2410c"), None: ("…", "#6b7280")}
LARGEST_GRID = 12  # rows and columns of a result that is shown

GIVEN = object()  # `otherwise` of a task whose check is given it as its last argument

_last = {}  # the verdict that each task got last in this kernel, by id
_own = {}  # whether the function that a task goes on with is the student's own


class Verdict(str):
    """A sentence about an answer; `passed` is True, False, or None while nothing was answered; `id` says which mistake.

    `compare` is a case in words, the student's result and the wanted one; both are shown once `shown` is True.

    >>> Verdict("Right.", passed=True)
    ✓ Right.
    """

    def __new__(cls, sentence, passed, id=None, compare=None):
        """A str is made before `__init__`, so all else is put on it here."""
        self = super().__new__(cls, sentence)
        self.passed, self.compare, self.shown = passed, compare, False
        self.id = id or {True: "right", False: "unknown", None: "untouched"}[passed]
        return self

    def __repr__(self):
        grids = [f"{title}\n{_as_text(cells)}" for title, cells, _marked in self._grids()]
        return "\n\n".join([f"{MARKS[self.passed][0]} {self}", *grids])

    def _repr_html_(self):
        mark, colour = MARKS[self.passed]
        style = f"border-left:4px solid {colour};padding:6px 12px;max-width:60em"
        grids = "".join(_as_table(*grid) for grid in self._grids())
        side_by_side = "display:flex;flex-wrap:wrap;gap:8px 24px;align-items:flex-end;margin-top:8px"
        grids = f'<div style="{side_by_side}">{grids}</div>' if grids else ""
        return f'<div style="{style}"><b style="color:{colour}">{mark}</b> {html.escape(self)}{grids}</div>'

    def _grids(self):
        """Two grids, the student's and the wanted one: title, cells as text, and which cells differ."""
        if not self.shown or self.compare is None:
            return
        case, given, wanted = self.compare
        marked = ~np.isclose(given, wanted, rtol=0, atol=1e-6) if given.shape == wanted.shape else given != given
        for title, values in ((_("Your result for {case}:"), given), (_("What is wanted:"), wanted)):
            cells = [
                [f"{value:.0f}" if value % 1 == 0 else f"{value:.4g}" for value in row] for row in np.atleast_2d(values)
            ]
            yield title.format(case=case), cells, np.atleast_2d(marked if values is given else np.zeros(values.shape))


def _as_text(cells):
    width = max(len(cell) for row in cells for cell in row)
    return "\n".join(" ".join(cell.rjust(width) for cell in row) for row in cells)


def _as_table(title, cells, marked):
    """A grid as a table that a screen reader can walk through; a cell that differs is bold and framed."""
    edge = "border:1px solid;padding:2px 6px;text-align:right;color:inherit;background:transparent"
    rows = ["<tr><td></td>" + "".join(f'<th scope="col">{column}</th>' for column in range(len(cells[0]))) + "</tr>"]
    for number, (row, marks) in enumerate(zip(cells, marked, strict=True)):
        text = "".join(
            f'<td style="{edge};border-width:3px"><b>{cell}</b></td>' if mark else f'<td style="{edge}">{cell}</td>'
            for cell, mark in zip(row, marks, strict=True)
        )
        rows.append(f'<tr><th scope="row">{number}</th>{text}</tr>')
    style = "margin:0;border-collapse:collapse;color:inherit"
    caption = f'<caption style="text-align:left;color:inherit">{html.escape(title)}</caption>'
    return f'<table style="{style}">{caption}{"".join(rows)}</table>'


def task(item, otherwise=None, game=False):
    """Give a check the id of its task, such as "filtering/slide".

    With `otherwise` the lesson goes on with the answer: the check shows its verdict, and returns the student's function
    when it is right, else this one. With `GIVEN` that is the last argument of the check, for what only a notebook can
    make, such as a Keras network. In a game, which judges each move, only a change of the verdict is recorded.

    >>> check = task("tiny/double", otherwise=lambda x: x + x)(lambda answer: judge_function(answer, [(3,)], [6]))
    >>> check(lambda x: 3 * x)(1)
    ✗ Not yet.
    2
    >>> own("tiny")
    {'double': False}
    """

    def decorate(check):
        @functools.wraps(check)
        def checked(answer, *more):
            verdict = untouched(answer) or check(answer, *more)
            verdict.shown = _last.get(item) == verdict.id
            _last[item] = verdict.id
            if not (game and verdict.shown):
                record.add(item, (check.__doc__ or "").split("\n")[0], verdict=verdict.id)
            if otherwise is None:
                return verdict
            _show(verdict)
            _own[item] = bool(verdict.passed)
            other = more[-1] if otherwise is GIVEN else otherwise
            return answer if verdict.passed else other

        return checked

    return decorate


def _show(verdict):
    """Display a verdict; without a notebook, `display` would leave out its mark."""
    from IPython import display, get_ipython

    display.display(verdict) if get_ipython() else print(repr(verdict))


def own(lesson):
    """Whether each function that a lesson goes on with, and that was checked in this kernel, is the student's own.

    >>> own("nowhere")
    {}
    """
    return {item.split("/")[1]: mine for item, mine in _own.items() if item.split("/")[0] == lesson}


def untouched(answer):
    """The verdict on a task that is not answered yet, or None when there is an answer.

    >>> untouched(...)
    … Not answered yet: put your answer in place of the three dots and run the cell again.
    >>> untouched(3) is None
    True
    """
    if not unfinished(answer):
        return None
    return (
        _not_written()
        if callable(answer)
        else Verdict(_("Not answered yet: put your answer in place of the three dots and run the cell again."), None)
    )


def _not_written():
    return Verdict(_("Not written yet: put your code in place of the three dots and run the cell again."), None)


def tried(answer, cases, what=""):
    """What a student's function gives for some cases, as arrays of float, or the verdict on one that gives none.

    >>> tried(lambda a, b: a + b, [(1, 2), (3, 4)], "two numbers")
    ([array(3.), array(7.)], None)
    >>> tried(len, [(1,)], "a number")[1]
    ✗ Nice try: that function belongs to a library. Write your own, and run its cell.
    >>> tried(lambda a: a.missing, [(1,)])[1]
    ✗ Your function stops in line ... with AttributeError: ... The check called it with a = 1.
    """
    pending = untouched(answer) or refused(answer)
    if pending is not None:
        return None, pending
    results = outcomes(answer, cases)
    values = _arrays(results)
    verdict = _broken(answer, cases, results, values, [], what)
    return (None, verdict) if verdict else (values, None)


def refused(answer):
    """The verdict on what is no function, or not the student's own; or None.

    >>> refused(5)
    ✗ I received 5, which is no function; give its name alone, without brackets behind it.
    """
    if not callable(answer):
        text = _("I received {answer}, which is no function; give its name alone, without brackets behind it.")
        return Verdict(text.format(answer=reprlib.repr(answer)), False, "no-function")
    if is_library(answer):
        text = _("Nice try: that function belongs to a library. Write your own, and run its cell.")
        return Verdict(text, False, "library")
    return None


def _arrays(results):
    """The results of `outcomes` as arrays of float; None for what is not made of numbers."""
    return [None if error else as_numbers(result) for result, error in results]


def _broken(answer, cases, results, values, known, what):
    """The verdict on the first case without numbers, or None; the function is right for those in `known`."""
    broken = [part for part in zip(cases, results, values, strict=True) if part[2] is None]
    return _no_numbers(answer, broken[0][0], *broken[0][1], known, what) if broken else None


def _no_numbers(answer, case, result, error, known, what):
    """The verdict on a case for which a student's function gives no numbers; it is right for those in `known`."""
    words = {"case": describe(case, answer), "answer": reprlib.repr(result)}
    if unfinished(result) or "'ellipsis'" in str(error):
        return _not_written()
    if error is not None:
        place = line_of(error)
        place = _(" in {place}").format(place=place) if place else ""
        said = str(error).rstrip(" .")
        words |= {"error": f"{type(error).__name__}: {said}" if said else type(error).__name__, "place": place}
        if known:
            words["known"] = describe(known[0], answer)
            text = _("Your function is right for {known}, but for {case} it stops{place} with {error}.")
            fixed = _fixed_size(answer, case, known)
            return Verdict(f"{text.format(**words)} {fixed}".strip(), False, "fixed-size" if fixed else "exception")
        text = _("Your function stops{place} with {error}. The check called it with {case}.")
        if isinstance(error, TypeError) and what and not place:
            text += " " + _("It receives {what}.").format(what=what)
        return Verdict(f"{text.format(**words)} {_unused(answer, case)}".strip(), False, "exception")
    if result is None and known:
        text = _("For {case} your function returns nothing; every way through it must end with return and a result.")
        return Verdict(text.format(**words), False, "no-return")
    if result is None:
        return Verdict(_("Your function returns nothing; end it with return and the result."), False, "no-return")
    if isinstance(result, str):
        text = _("For {case} your function returns the text {answer}; it must return numbers.")
        return Verdict(text.format(**words), False, "text")
    text = _("For {case} your function returns {answer}, which is not made of numbers.")
    return Verdict(text.format(**words), False, "no-numbers")


def _unused(answer, case):
    """What to say of a parameter that a student's function does not use, or ""."""
    for name in unused(answer, len(case))[:1]:
        sized = np.ndim(case[answer.__code__.co_varnames.index(name)])
        text = (
            _("Your function does not use its argument {name}, or only its size: does another name stand in its place?")
            if sized
            else _("Your function does not use its argument {name}: does another name stand in its place?")
        )
        return text.format(name=name)
    return ""


def _fixed_size(answer, case, known):
    """A question, where the code holds a side of what it is right for, and this case has no such side; else ""."""
    sides = [{side for value in one for side in np.shape(value)} for one in [case, *known[:1]]]
    found = (sides[-1] - sides[0]) & numbers_in(answer) if known else None
    text = _("Does it use a number, such as {size}, where the size of its input is needed?")
    return text.format(size=max(found)) if found else ""


def judge_function(answer, cases, expected, mistakes=(), what="", hint="", tolerance=1e-6, alone=None, allowed=()):
    """Call a student's function with the arguments of each case and compare its results with those expected.

    `expected`, and what stands in each of `mistakes`, is a function of the same arguments or the list of its results.
    `what` names in words what the function receives; `hint` may be a function of its results. With `alone`, a list of
    names, the function may call none of them, and no library but NumPy and the functions in `allowed`.

    >>> def check(answer):
    ...     mistakes = [("subtracted", lambda a, b: a - b, "You subtracted.")]
    ...     return judge_function(answer, [(3, 2), (4, 4)], lambda a, b: a + b, mistakes, "two numbers", "Add them.")
    >>> check(lambda a, b: a + b), check(lambda a, b: a - b), check(lambda a, b: a + b + 1)
    (✓ Right., ✗ You subtracted., ✗ Not yet. Add them.)
    >>> check(lambda a, b: None)
    ✗ Your function returns nothing; end it with return and the result.
    >>> check(5)
    ✗ I received 5, which is no function; give its name alone, without brackets behind it.
    """

    def results(rule):
        if not callable(rule):
            return [np.asarray(value, float) for value in rule]
        return [as_numbers(result) for result, _error in outcomes(rule, cases)]

    pending = untouched(answer) or refused(answer)
    if pending is not None:
        return pending
    found, wanted = outcomes(answer, cases), results(expected)
    given = _arrays(found)
    right = [_same(*pair, tolerance) for pair in zip(given, wanted, strict=True)]
    if all(right):
        if alone is not None and uses_library(answer, alone, allowed):
            text = _("The numbers are right, but a library computes them. Write the same without it.")
            return Verdict(text, False, "library")
        return Verdict(_("Right."), True)
    # A mistake may stop a function for some of the cases, and is known by the others.
    seen = [k for k, (_result, error) in enumerate(found) if error is None]
    ways = [(mistake, results(mistake[1])) for mistake in mistakes]
    ways = [way for way, values in ways if all(_same(given[k], values[k], tolerance) for k in seen)]
    if ways and not all(right[k] for k in seen):
        return _named(ways, _comparison(answer, cases, given, wanted, tolerance))
    known = [case for case, ok in zip(cases, right, strict=True) if ok]
    broken = _broken(answer, cases, found, given, known, what)
    if broken is None or broken.id in ("exception", "fixed-size"):
        broken = _bytes(answer, cases, given, wanted, tolerance) or broken
    return broken or _unknown(answer, cases, given, wanted, hint, tolerance)


def keeps_input(verdict, answer, case):
    """The verdict on a function, or another one if it is right and writes into an array that it receives.

    >>> def half(z):
    ...     z /= 2
    ...     return z
    >>> keeps_input(Verdict("Right.", True), half, (np.ones(2),)).id
    'in-place'
    """
    given = copy.deepcopy(case)
    # `outcomes` gives a copy of what it is told, and hides what the function prints.
    if verdict.passed and outcomes(lambda: answer(*given), [()]) and not all(map(np.array_equal, given, case)):
        text = _(
            "The result is right, but your function also changes what it receives: -= and /= write into the array "
            "itself. Make a new one, as in z = z - 1."
        )
        return Verdict(text, False, "in-place")
    return verdict


def _bytes(answer, cases, given, wanted, tolerance):
    """The verdict on a function that is right for floats, and wraps where it gets bytes; or else None."""

    def floats(value):
        return value.astype(float) if isinstance(value, np.ndarray) and value.dtype == np.uint8 else value

    in_bytes = any(isinstance(value, np.ndarray) and value.dtype == np.uint8 for case in cases for value in case)
    retried = outcomes(answer, [tuple(map(floats, case)) for case in cases]) if in_bytes else []
    right = [_same(as_numbers(result), value, tolerance) for (result, _e), value in zip(retried, wanted, strict=False)]
    wrapped = any(((value < 0) | (value > 255)).any() for value in wanted)
    wrapped = wrapped and all(_same(*pair, 1e-6) for pair in zip(given, [v % 256 // 1 for v in wanted], strict=True))
    if not wrapped and not (in_bytes and all(right)):
        return None
    text = _(
        "Your numbers are stored in 8 bits (uint8), which hold only 0 to 255: 256 becomes 0, and −1 becomes 255. "
        "Compute with floats."
    )
    return Verdict(text, False, "eight-bits", _comparison(answer, cases, given, wanted, tolerance))


def _comparison(answer, cases, given, wanted, tolerance):
    """A case in words, the student's result and the wanted one: the first case that differs and is small enough."""
    for case, value, right in zip(cases, given, wanted, strict=True):
        if value is None:
            continue
        small = max([value.ndim - 1, right.ndim - 1, *value.shape, *right.shape], default=0) <= LARGEST_GRID
        if small and max(value.ndim, right.ndim) < 3 and value.size and not _same(value, right, tolerance):
            return describe(case, answer), value, right
    return None


def _unknown(answer, cases, given, wanted, hint, tolerance):
    """The verdict on a function with a mistake that is in no table."""
    right = [_same(*pair, tolerance) for pair in zip(given, wanted, strict=True)]
    known = [case for case, ok in zip(cases, right, strict=True) if ok]
    case, value, expected = next(
        part for part, ok in zip(zip(cases, given, wanted, strict=True), right, strict=True) if not ok
    )
    hint = hint(given) if callable(hint) else hint
    words = {"case": describe(case, answer), "hint": hint, "value": reprlib.repr(value.tolist())}
    compare = _comparison(answer, cases, given, wanted, tolerance)
    pairs = list(zip(given, wanted, strict=True))

    def all_are(turned):
        return all(_same(value, turned(one), 1e-6) for value, one in pairs)

    if not np.isfinite(value).all():
        text, name = _("For {case} your function gives {value}, which is not a finite number. {hint}"), "not-finite"
    elif value.shape != expected.shape:
        words |= {"given": _amount(value.shape), "wanted": _amount(expected.shape)}
        text, name = _("For {case} your function gives {given} in place of {wanted}. {hint}"), "shape"
        if known and value.shape:
            words |= {"known": describe(known[0], answer), "fixed": (fixed := _fixed_size(answer, case, known))}
            text = _("Your function is right for {known}, but for {case} it gives {given}. {fixed}")
            name = "fixed-size" if fixed else "shape"
    elif any(map(all_are, (np.trunc, np.floor, np.rint))):
        text, name = (
            _("Your results are whole numbers: something cuts their fractions off. Compute with floats."),
            "cut",
        )
    elif any(all_are(functools.partial(np.round, decimals=digits)) for digits in range(1, 6)):
        text, name = _("Your results are rounded; return them with all their digits."), "rounded"
    elif all_are(lambda one: 100 * one) and max(np.abs(one).max() for one in wanted) <= 1:
        text, name = _("Your results are right in per cent; return numbers between 0 and 1."), "per-cent"
    elif known:
        words["known"] = describe(known[0], answer)
        text, name = _("Not yet. Your function is right for {known}, but not for {case}. {hint}"), "unknown"
    else:
        text, name = _("Not yet. {hint}"), "unknown"
    if name == "unknown" and has_xor(answer):
        text, name = _("In Python `^` is not a power: write side**2, or side * side."), "xor"
    elif name == "unknown" and (sentence := _unused(answer, case)):
        text, name = sentence + " {hint}", "unused-argument"
    return Verdict(text.format(**words).strip(), False, name, compare)


def _amount(shape):
    """How many numbers, in words: never "shape ()".

    >>> _amount(()), _amount((3,)), _amount((2, 4))
    ('one number', '3 numbers', 'an array of 2 × 4')
    """
    if not shape:
        return _("one number")
    return (
        _("{count} numbers").format(count=shape[0])
        if len(shape) == 1
        else _("an array of {size}").format(size=size_text(*shape))
    )


def judge(answer, expected, mistakes=(), hint="", tolerance=1e-6, parts=()):
    """Compare an answer with the expected number or array; `parts` are the names of its numbers, where it has several.

    A mistake that concerns one part has nan in place of the others.

    >>> judge("5,0", 5), judge(7, 5, [("stride", 7, "You forgot the stride.")]), judge(0.51, 0.5108)
    (✓ Right., ✗ You forgot the stride., ✓ Right.)
    >>> judge((3, 8), (3, 4), [("twice", (np.nan, 8), "One once.")], parts=["rows", "columns"])
    ✗ Right: rows. Not yet: columns. One once.
    """
    pending = untouched(answer)
    if pending is not None:
        return pending
    expected = np.asarray(expected, float)
    meant = [one.shaped(expected.shape) for one in readings(answer)]
    if not meant:
        return Verdict(_not_numbers(answer), False, "no-numbers")
    if not np.isfinite(meant[0].values).all():
        text = _("I received {answer}, which is not a finite number.").format(answer=answer)
        return Verdict(text, False, "not-finite")

    def agrees(value, how, some=meant):
        return any(one.agrees(value, tolerance) in how for one in some)

    whole = [one for one in mistakes if not np.isnan(np.asarray(one[1], float)).any()]
    for how in ("same", "rounded"):
        if agrees(expected, [how]):
            return Verdict(_("Right."), True)
        if found := [one for one in whole if agrees(one[1], [how])]:
            return _named(found)
    near = ["same", "rounded"]
    found = [one for one in mistakes if agrees(one[1], near)]
    if not found and agrees(expected, ["cut"]):
        return Verdict(_("That is nearly right, but its last digit was cut off and not rounded."), False, "rounded")
    if not found and agrees(expected, ["far"]):
        text = _("That may be the right answer, but it is rounded too much: give more digits.")
        return Verdict(text, False, "rounded")
    if np.abs(expected).max() <= 1 and expected.any():
        shares = [one.per_cent() for one in meant]
        if agrees(expected, [*near, "far"], shares):
            return Verdict(_("That is right in per cent; give a number between 0 and 1."), False, "per-cent")
        if in_per_cent := [one for one in whole if np.any(one[1]) and agrees(one[1], near, shares)]:
            return _named(in_per_cent)
    if meant[0].values.shape != expected.shape:
        text = _("You gave {given} in place of {wanted}. {hint}")
        words = {"given": _amount(meant[0].values.shape), "wanted": _amount(expected.shape), "hint": hint}
        return Verdict(text.format(**words).strip(), False, "shape")
    if expected.size > 1000:
        # One number of a photo after the other would take minutes.
        right = np.isclose(meant[0].values.ravel(), expected.ravel())
    else:
        pairs = zip(meant[0].apart(), expected.ravel(), strict=True)
        right = np.array([one.agrees(value, tolerance) in near for one, value in pairs], bool)
    return _by_parts(right, parts, found, hint) if parts else _by_places(right.reshape(expected.shape), hint)


def _by_places(right, hint):
    """The verdict on an array, or a number, some of which is right; no misconception is known for the rest."""
    if not right.ndim or right.sum() * 2 < right.size:
        return Verdict(_("Not yet. {hint}").format(hint=hint).strip(), False)
    row, *columns = np.argwhere(~right)[0]
    place = _("row {row}, column {column}") if columns else _("number {number}")
    place = place.format(number=row + 1, row=row, column=columns[0] if columns else 0)
    text = _("{count} of your {size} numbers are right; look again at {place}. {hint}")
    return Verdict(text.format(count=right.sum(), size=right.size, place=place, hint=hint).strip(), False)


def _by_parts(right, parts, found, hint):
    """The verdict on several numbers with names, and the mistakes that were found in some of them."""
    about = {}
    # What is about parts that are right is no mistake here.
    found = [one for one in found if (~right & ~np.isnan(np.ravel(one[1]))).any()]
    for _id, value, sentence in found:
        about[sentence] = about.get(sentence, False) | ~np.isnan(np.ravel(value))
    # A sentence on all parts that are wrong needs no names.
    sentences = [
        sentence if which[~right].all() else f"{join_words([parts[k] for k in np.flatnonzero(which)])}: {sentence}"
        for sentence, which in about.items()
    ]
    if not right.any():
        return Verdict(" ".join(sentences) or _("Not yet. {hint}").format(hint=hint).strip(), False, _first_id(found))
    both = [join_words([name for name, one in zip(parts, right, strict=True) if one == ok]) for ok in (True, False)]
    text = _("Right: {right}. Not yet: {wrong}. {sentences}")
    text = text.format(right=both[0], wrong=both[1], sentences=" ".join(sentences) or hint)
    return Verdict(text.strip(), False, _first_id(found))


def _first_id(found):
    return found[0][0] if found else "unknown"


def _not_numbers(answer):
    """What to say of an answer that is not made of numbers."""
    if callable(answer):
        return _("I received a function, which is not made of numbers; call it, and give what it returns.")
    if answer is None:
        return _(
            "I received None, which is not made of numbers: a function without return gives None, and so does print."
        )
    if isinstance(answer, set | frozenset | dict):
        text = _("I received {answer}, which is not made of numbers in an order; give them in round brackets.")
        return text.format(answer=reprlib.repr(answer))
    return _("I received {answer}, which is not made of numbers.").format(answer=reprlib.repr(answer))


def _named(found, compare=None):
    """The verdict on known mistakes: when several lead to the same answer, it says so."""
    sentences = list(dict.fromkeys(sentence for _id, _value, sentence in found))
    text = _("Either: {sentences}") if sentences[1:] else "{sentences}"
    return Verdict(text.format(sentences=_(" Or: ").join(sentences)), False, found[0][0], compare)


def _same(given, value, tolerance):
    if given is None or value is None or given.shape != np.shape(value):
        return False
    return np.allclose(given, np.asarray(value, float), rtol=0, atol=tolerance)
