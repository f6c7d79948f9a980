"""A prediction: a question with choices, the right one computed, and the misconception behind each wrong one."""

from collections.abc import Callable
from dataclasses import dataclass

from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import Verdict


@dataclass(frozen=True)
class Question:
    """Choices by id; `right` computes the id of the right one, `misconceptions` has a sentence for each other id.

    >>> question = Question("sum", "2 + 2 * 3?", {"8": "8", "12": "12"}, lambda: str(2 + 2 * 3), {"12": "× before +."})
    >>> question.verdict("12")
    ✗ × before +.
    >>> question.verdict("8")
    ✓ Right.
    """

    id: str
    text: str
    choices: dict[str, str]
    right: Callable[[], str]
    misconceptions: dict[str, str]

    def verdict(self, choice):
        """Right, or the misconception behind a wrong choice."""
        if choice not in self.choices:
            raise ValueError(f"choice {choice!r} is not among {', '.join(self.choices)}; give one of these")
        if choice == self.right():
            return Verdict(_("Right."), True)
        return Verdict(self.misconceptions[choice], False)
