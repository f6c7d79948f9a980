"""A prediction: a question, its right answer computed, and the misconception behind each wrong one.

It is answered by a choice, by a number, or by a cell of a grid. A guess is what JSON can hold: the id of a choice, a
number, or a row and a column.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import Verdict


class Number(NamedTuple):
    """In place of choices: a number from `low` to `high`, as good as the right one up to `tolerance`.

    >>> number = Number(tolerance=0.5, low=0)
    >>> number.read("9,961,472"), number.read("57,6"), number.words(2500)
    (9961472.0, 57.6, '2,500')
    >>> number.read("many")
    Traceback (most recent call last):
    ValueError: "many" is not a number; type one such as 2500 or 0.5.
    """

    tolerance: float = 1e-6
    low: float = -np.inf
    high: float = np.inf

    def read(self, guess):
        """The number that was typed; a ValueError says what is wrong with it."""
        text = re.sub(r"\s", "", str(guess)).replace("−", "-")
        # A comma before three digits is a thousand; any other is the point of most languages.
        commas = "" if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?", text) else "."
        try:
            number = float(text.replace(",", commas))
        except ValueError:
            number = np.nan
        if not np.isfinite(number):
            raise ValueError(_('"{text}" is not a number; type one such as 2500 or 0.5.').format(text=guess))
        for wrong, text, end in (
            (number < self.low, _("{number} is too small; type {end} or more."), self.low),
            (number > self.high, _("{number} is too large; type {end} or less."), self.high),
        ):
            if wrong:
                raise ValueError(text.format(number=self.words(number), end=self.words(end)))
        return number

    def words(self, guess):
        """A number with commas at the thousands."""
        return f"{round(guess, 4):,.12g}"

    def same(self, guess, other):
        """Whether two numbers differ by no more than `tolerance`."""
        return abs(guess - other) <= self.tolerance


class Cells(NamedTuple):
    """In place of choices: a cell of a small grid of numbers, which `values` returns.

    >>> cells = Cells(lambda: np.eye(3))
    >>> cells.read([2, 0]), cells.words((2, 0))
    ((2, 0), 'row 2, column 0')
    """

    values: Callable[[], np.ndarray]

    def read(self, guess):
        """The row and the column; a ValueError says that there is no such cell."""
        cell = tuple(guess) if isinstance(guess, list | tuple) else ()
        rows, columns = self.values().shape
        if cell not in [(row, column) for row in range(rows) for column in range(columns)]:
            text = _("{cell!r} is no cell of {rows} rows and {columns} columns; choose a row and a column.")
            raise ValueError(text.format(cell=guess, rows=rows, columns=columns))
        return cell

    def words(self, guess):
        """Its row and its column."""
        return _("row {row}, column {column}").format(row=guess[0], column=guess[1])

    def same(self, guess, other):
        """Whether two cells are one."""
        return tuple(guess) == tuple(other)


class Choices(dict):
    """Two to five texts by id.

    >>> Choices(a="left", b="right").words("b")
    'right'
    """

    def read(self, guess):
        """The id of a choice; a ValueError names all."""
        if guess not in list(self):
            text = _("choice {guess!r} is not among {ids}; give one of these")
            raise ValueError(text.format(guess=guess, ids=", ".join(self)))
        return guess

    def words(self, guess):
        """The text of a choice."""
        return self[guess]

    def same(self, guess, other):
        """Whether two ids are one."""
        return guess == other


@dataclass(frozen=True)
class Question:
    """`choices` is a dict of texts by id, `Number(...)` or `Cells(...)`; `right` computes the right answer.

    `misconceptions` has a sentence for each wrong choice; for a number or a cell those that are known, and one at None
    for all others. `right` takes what it computes from as arguments with defaults, so that a test may change it.

    >>> right = lambda factor=2: str(2 + factor * 3)
    >>> question = Question("sum", "2 + 2 * 3?", {"8": "8", "12": "12"}, right, {"12": "× before +."})
    >>> question.verdict("12"), question.verdict("8")
    (✗ × before +., ✓ Right.)
    >>> Question("sum", "2 + 2 * 3?", Number(), lambda: 8, {12: "× before +.", None: "Look again."}).verdict("12.0")
    ✗ × before +.
    """

    id: str
    text: str
    choices: dict[str, str] | Number | Cells
    right: Callable
    misconceptions: dict

    @property
    def answers(self):
        """What reads, writes and compares guesses."""
        return Choices(self.choices) if isinstance(self.choices, dict) else self.choices

    def verdict(self, guess):
        """Right, or the misconception behind a wrong guess."""
        answers = self.answers
        guess = answers.read(guess)
        if answers.same(guess, self.right()):
            return Verdict(_("Right."), True)
        known = [one for one in self.misconceptions if one is not None and answers.same(guess, one)]
        return Verdict(self.misconceptions[known[0] if known else None], False)
