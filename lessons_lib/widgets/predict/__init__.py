"""Predictions: `asked` makes what a lesson's `questions.py` offers. ipywidgets is loaded when a question is shown."""

import html
import importlib
import re

from lessons_lib.core import record, verdict
from lessons_lib.core.i18n import _, english
from lessons_lib.core.text import join_words

# Guesses that no workbook keeps, by item.
_kept = {}


def asked(name, bank, warm_up=(), own=(), further=()):
    """The functions `predict`, `results` and `warm_up` of the module `name`, which has the questions of `bank()`.

    `warm_up` has the questions that a lesson begins with, such as "images/row-column": an earlier lesson and the id of
    a question in its `bank()` or `recall()`. `own` are the ids of the checks of functions that a student writes;
    `further` those of the questions that only further notebooks ask.

    >>> from lessons_lib.core.question import Question
    >>> question = Question("sum", "1 + 1?", {"2": "two", "11": "eleven"}, lambda: "2", {"11": "Those are digits."})
    >>> predict, results, _warm_up = asked("lessons_lib.example.questions", lambda: [question])
    >>> results()
    0 of 1 as you predicted
    <BLANKLINE>
    … 1 + 1?
      no guess; go back to it
    >>> asked("lessons_lib.example.questions", lambda: [question], further=["sum"])[1]().summary
    ['0 of 0 as you predicted']
    """
    lesson = name.split(".")[-2]
    warm_up_ids = warm_up

    def predict(id):
        """Show a question; a guess is kept once it is committed, and tells nothing before `results()`."""
        from lessons_lib.widgets.predict.ask import Ask

        return Ask(find(bank(), id), f"{lesson}/{id}")

    def results(*ids):
        """The guesses of this lesson beside what came; in a further notebook those of its own questions, by id."""
        if ids:
            return Results(lesson, [find(bank(), id) for id in ids])
        return Results(lesson, [question for question in bank() if question.id not in further], own)

    def warm_up():
        """Three questions of earlier lessons, each answered at once."""
        from lessons_lib.widgets.predict.ask import Ask, Asks

        if not warm_up_ids:
            raise ValueError(f"lesson {lesson!r} has no warm-up; the first one that has is lesson 2")
        return Asks([Ask(earlier(name, one), f"{lesson}/warm-up/{one}", at_once=True) for one in warm_up_ids])

    return predict, results, warm_up


def find(questions, id):
    """The question of this id.

    >>> find([], "still-90")
    Traceback (most recent call last):
    ValueError: question 'still-90' is not among ; give one of these
    """
    by_id = {question.id: question for question in questions}
    if id not in by_id:
        raise ValueError(f"question {id!r} is not among {', '.join(by_id)}; give one of these")
    return by_id[id]


def earlier(name, item):
    """The question `item`, such as "images/row-column", for the module `name` of a later lesson.

    >>> earlier("lessons_lib.filtering.questions", "images/row-column").id
    'row-column'
    """
    lesson, id = item.split("/")
    module = importlib.import_module(".".join([*name.split(".")[:-2], lesson, "questions"]))
    return find([*module.bank(), *getattr(module, "recall", list)()], id)


def guess_of(question, item):
    """The committed guess, or None.

    >>> from lessons_lib.core.question import Number, Question
    >>> question = Question("sum", "1 + 1?", Number(), lambda: 2, {})
    >>> guess_of(question, "example/sum")
    >>> keep(question, "example/sum", 3)
    >>> guess_of(question, "example/sum")
    3.0
    """
    event = record.last(item)
    guess = event.get("choice") if event else _kept.get(item)
    try:
        return None if guess is None else question.answers.read(guess)
    except ValueError:
        # A line that somebody edited, or a choice of another edition.
        return None


def keep(question, item, guess):
    """Record a guess; where there is no record it stays in the kernel's memory."""
    choices = question.choices.values() if isinstance(question.choices, dict) else ()
    record.add(item, "\n".join(map(english, [question.text, *choices])), choice=guess)
    if record.last(item) is None:
        _kept[item] = guess


def as_html(text):
    """A text for a page; what stands in backticks is code.

    >>> as_html("Is `a < b`?")
    'Is <code>a &lt; b</code>?'
    """
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))


class Results:
    """The table at the end of a lesson: each question, the guess, what came, and why a wrong guess was wrong."""

    def __init__(self, lesson, questions, own=()):
        self.rows, self._right, self._own = [], 0, {}
        for question in questions:
            guess = guess_of(question, f"{lesson}/{question.id}")
            if guess is None:
                self.rows.append((None, question.text, _("no guess; go back to it"), "", ""))
                continue
            words, said = question.answers.words, question.verdict(guess)
            self._right += said.passed
            why = "" if said.passed else str(said)
            self.rows.append((said.passed, question.text, words(guess), words(question.right()), why))
        checked = verdict.own(lesson)
        for name in own:
            last = record.last(f"{lesson}/{name}") or {}
            self._own.setdefault(checked.get(name, last.get("verdict") == "right"), []).append(name)

    @property
    def summary(self):
        """How many were right, and which functions are the student's own."""
        text = _("{right} of {all} as you predicted").format(right=self._right, all=len(self.rows))
        lines = [text]
        if self._own.get(True):
            lines.append(_("Functions of your own: {names}.").format(names=join_words(self._own[True])))
        if self._own.get(False):
            lines.append(_("Not your own yet: {names}.").format(names=join_words(self._own[False])))
        return lines

    def __repr__(self):
        lines = []
        for passed, question, guess, came, why in self.rows:
            lines.append(f"{verdict.MARKS[passed][0]} {question}")
            text = _("your guess: {guess}; what came: {came}") if came else "{guess}"
            lines.append("  " + text.format(guess=guess, came=came))
            if why:
                lines.append(f"  {why}")
        return "\n".join([*self.summary, "", *lines])

    def _repr_html_(self):
        left = 'style="text-align:left"'
        cell = 'style="text-align:left;vertical-align:top;white-space:normal"'
        names = [_("question"), _("your guess"), _("what came")]
        head = "".join(f'<th scope="col" {left}>{html.escape(name)}</th>' for name in names)
        body = []
        for passed, question, guess, came, why in self.rows:
            why = f"<br>{as_html(why)}" if why else ""
            row = f"<td {cell}>{verdict.MARKS[passed][0]} {as_html(guess)}</td><td {cell}>{as_html(came)}{why}</td>"
            body.append(f'<tr><th scope="row" {cell}>{as_html(question)}</th>{row}</tr>')
        summary = "<br>".join(map(html.escape, self.summary))
        caption = f"<caption {left}>{summary}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
