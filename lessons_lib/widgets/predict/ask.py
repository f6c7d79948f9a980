"""The panel of a question: a guess is chosen, typed or pointed at, and then committed."""

import os
import threading
from pathlib import Path

import anywidget
import ipywidgets as widgets
import numpy as np
from traitlets import Any, Dict

from lessons_lib.core.i18n import _
from lessons_lib.core.question import Cells, Number
from lessons_lib.core.text import short_number
from lessons_lib.widgets.predict import as_html, guess_of, keep

FOLDER = Path(__file__).parent
# Set by tools/present.py: the page for the projector can reveal what comes.
PRESENT = "LESSON_PRESENT"

# What was chosen and not committed yet, by item: it outlives a cell that is run again.
_chosen = {}


class Ask(anywidget.AnyWidget):
    """A question that is answered once, for good; or with `at_once` again and again, each time with its verdict.

    >>> from lessons_lib.core.question import Question
    >>> right = Question("sum", "1 + 1?", {"2": "two", "11": "eleven"}, lambda: "2", {"11": "Those are digits."})
    >>> ask = Ask(right, "example/sum", at_once=True)
    >>> ask.answer("11")
    >>> ask.state["said"]
    '✗ Those are digits.'
    """

    _esm = (FOLDER / "predict.js").read_text(encoding="utf-8")
    _css = (FOLDER / "predict.css").read_text(encoding="utf-8")

    question = Dict().tag(sync=True)
    # What the page begins with; the page changes its own copy and tells it by messages, which keep their order.
    chosen = Any(None, allow_none=True).tag(sync=True)
    state = Dict().tag(sync=True)

    def __init__(self, question, item, at_once=False):
        self._question, self._item, self._at_once, self._turn = question, item, at_once, threading.RLock()
        super().__init__(question=self._shown(), chosen=_chosen.get(item))
        self._show("", "")
        guess = None if at_once else guess_of(question, item)
        if guess is not None:
            self._final(guess)
        self.on_msg(self._receive)

    def answer(self, guess):
        """Commit a guess, or refuse what is none with the reason."""
        with self._turn:
            try:
                guess = self._question.answers.read(guess)
            except ValueError as error:
                self._show(str(error), "refused")
                return
            if self._at_once:
                keep(self._question, self._item, guess)
                verdict = self._question.verdict(guess)
                self._show(repr(verdict), "right" if verdict.passed else "wrong")
                return
            # It is final: another page may have been quicker.
            first = guess_of(self._question, self._item)
            if first is None:
                keep(self._question, self._item, guess)
            self._final(guess if first is None else first)

    def reveal(self):
        """Show what comes, and what each wrong answer misunderstands; for a class that has committed."""
        answers, right = self._question.answers, self._question.right()
        known = [one for one in self._question.misconceptions if one is not None]
        order = (
            [one for one in answers if one in known or one == right] if isinstance(answers, dict) else [right, *known]
        )
        lines = []
        for one in order:
            verdict = self._question.verdict(one)
            why = "" if verdict.passed else as_html(str(verdict))
            lines.append([verdict.passed, as_html(answers.words(one)), why])
        self.state = self.state | {"revealed": lines}

    def _final(self, guess):
        text = _("Committed: {guess}. You see what came at the end of the lesson.")
        words = self._question.answers.words(guess)
        shown = words if isinstance(guess, float) else list(guess) if isinstance(guess, tuple) else guess
        self._show(text.format(guess=words), "final", shown)

    def _show(self, said, tone, final=None):
        revealed = self.state.get("revealed", [])
        self.state = {"said": as_html(said), "tone": tone, "final": final, "revealed": revealed}

    def _receive(self, _widget, message, _buffers):
        if "chosen" in message:
            if not self._at_once:
                _chosen[self._item] = message["chosen"]
            if self.state["tone"] == "refused":
                self._show("", "")
        elif "guess" in message:
            self.answer(message["guess"])
        elif "reveal" in message and PRESENT in os.environ:
            self.reveal()

    def _shown(self):
        question, choices = self._question, self._question.choices
        shown = {"text": as_html(question.text), "at_once": self._at_once, "present": PRESENT in os.environ}
        hint = _("Type a number, then commit (Enter).")
        if isinstance(choices, dict):
            shown["choices"] = [[id, as_html(text)] for id, text in choices.items()]
            hint = _("Choose (keys 1 to {count}), then commit (Enter).").format(count=len(choices))
        elif isinstance(choices, Cells):
            values = np.asarray(choices.values(), float)
            low, high = min(values.min(), 0), values.max()
            grey = np.rint(255 * (values - low) / max(high - low, 1e-9)).astype(int)
            shown["cells"] = [[short_number(value) for value in row] for row in values]
            shown["grey"] = grey.tolist()
            hint = _("Point at a cell or walk to it (arrow keys), then commit (Enter).")
        shown["words"] = {
            "hint": "" if self._at_once else f"{hint} {_('A commit is final.')}",
            "commit": _("Check") if self._at_once else _("Commit"),
            "committed": _("Committed"),
            "reveal": _("Reveal"),
            "number": _("your number"),
            "cell": _("row {row}, column {column}: {value}"),
            "nothing": _("There is no guess yet; make one first."),
            "silent": _("The kernel has not answered: wait for the cell that runs, or run this cell again."),
        }
        return shown

    def still(self):
        """The question as a page without a kernel shows it: in HTML and as plain text, without an answer."""
        question, choices = self._question, self._question.choices
        if isinstance(choices, dict):
            items = "".join(f"<li>{as_html(text)}</li>" for text in choices.values())
            page = f"<ol>{items}</ol>"
            plain = "\n".join(f"{number}. {text}" for number, text in enumerate(choices.values(), 1))
        elif isinstance(choices, Number):
            plain = _("Guess a number.")
            page = f"<p>{as_html(plain)}</p>"
        else:
            rows = self.question["cells"]
            page = "".join(f"<tr>{''.join(f'<td>{value}</td>' for value in row)}</tr>" for row in rows)
            page = f"<table><tbody>{page}</tbody></table>"
            plain = "\n".join([_("Guess a cell of this grid:"), *map(" ".join, rows)])
        return f"<p><b>{as_html(question.text)}</b></p>{page}", f"{question.text}\n{plain}"

    def _repr_mimebundle_(self, **kwargs):
        return bundle(super()._repr_mimebundle_(**kwargs), [self])


class Asks(widgets.VBox):
    """Some questions, one below the other."""

    def _repr_mimebundle_(self, **kwargs):
        return bundle(super()._repr_mimebundle_(**kwargs), self.children)


def bundle(shown, asks):
    """What the notebook's file keeps: the widget, and the questions for who has no kernel."""
    data = shown[0] if isinstance(shown, tuple) else shown
    pages, plain = zip(*(ask.still() for ask in asks), strict=True)
    return data | {"text/html": "".join(pages), "text/plain": "\n\n".join(plain)}
