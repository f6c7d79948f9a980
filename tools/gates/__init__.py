"""The gates of a notebook: each is one small generator that yields a pair for everything it looks at.

The pair is (cell or None, sentence or None): what was looked at, and what is wrong with it.
So every gate counts what it checked, and a gate that looked at nothing shows.
"""

from gates.code import no_comments, no_human_language, pictures_by_the_library, plain_python, short_cells
from gates.lesson_file import Lesson
from gates.outputs import alt_texts, clean_outputs, executed, numbers_beside_pictures, strictly_compared
from gates.prose import numbers_in_prose, one_sentence_a_line
from gates.spelling import spelling
from gates.structure import (
    editions,
    exercises,
    explorer,
    file_form,
    headings,
    links,
    objectives,
    predict_first,
    readable_ids,
    sections,
)

GATES = [
    file_form,
    readable_ids,
    executed,
    clean_outputs,
    strictly_compared,
    alt_texts,
    numbers_beside_pictures,
    plain_python,
    short_cells,
    no_comments,
    no_human_language,
    pictures_by_the_library,
    headings,
    sections,
    objectives,
    links,
    exercises,
    predict_first,
    explorer,
    editions,
    one_sentence_a_line,
    numbers_in_prose,
    spelling,
]

__all__ = ["GATES", "Lesson", "findings"]


def findings(gate, lesson):
    """What one gate found in a lesson, as sentences with file and cell, and how many things it looked at."""
    looked_at = list(gate(lesson))
    found = [
        f"{lesson.path}: {'the notebook' if cell is None else cell.get('id', 'a cell without id')}: {sentence}"
        for cell, sentence in looked_at
        if sentence
    ]
    return found, len(looked_at)
