"""The gates of a notebook: each is one small generator that yields (cell or None, sentence) for what it refuses."""

from gates.form import alt_texts, code, file_form, headings, links, readable_ids
from gates.lesson_file import Lesson
from gates.outputs import clean_outputs, executed, strictly_compared, varies
from gates.prose import numbers_in_prose
from gates.tasks import editions, exercises

GATES = [
    file_form, readable_ids, code, executed, clean_outputs, strictly_compared, varies,
    headings, links, alt_texts, exercises, editions, numbers_in_prose,
]  # fmt: skip

__all__ = ["GATES", "Lesson", "findings"]


def findings(lesson, gates=GATES):
    """What the gates refuse in a lesson, as sentences with file, cell and gate."""
    return [
        f"{lesson.path}: {'the notebook' if cell is None else cell.get('id', 'a cell without id')}: {sentence} "
        f"({gate.__name__})"
        for gate in gates
        for cell, sentence in gate(lesson)
    ]
