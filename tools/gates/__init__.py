"""The gates of a notebook: each is one small generator that yields (cell or None, sentence) for what it refuses."""

from gates import editions, form, lesson_form
from gates.lesson_file import Lesson
from gates.prose import numbers_in_prose

FORM = [form.file_form, form.readable_ids, form.code, form.headings, form.links, form.alt_texts]
OUTPUTS = [form.executed, form.clean_outputs, form.strictly_compared, form.varies]
GATES = [*FORM, *OUTPUTS, editions.editions, numbers_in_prose]

__all__ = ["Lesson", "findings", "gates_of"]


def gates_of(lesson):
    """The gates of a lesson: another edition has the cells of the English one, and other words."""
    return [*GATES, *(lesson_form.GATES if lesson.language == "en" else [])]


def findings(lesson, gates=None):
    """What the gates refuse in a lesson, as sentences with file, cell and gate."""
    return [
        f"{lesson.path}: {'the notebook' if cell is None else cell.get('id', 'a cell without id')}: {sentence} "
        f"({gate.__name__})"
        for gate in gates or gates_of(lesson)
        for cell, sentence in gate(lesson)
    ]
