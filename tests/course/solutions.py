"""Lessons as tests see them, and their tasks with the solutions in place."""

from functools import cache

from formatting import read
from gates import Lesson, lesson_form
from lesson import execute


@cache
def lesson(path):
    """The lesson in a file, read once for all tests."""
    return Lesson(path)


def after_imports(path):
    """The names a student has who ran the imports cell and nothing else."""
    names = {"__name__": "__main__"}
    exec(lesson(path).by_id("imports").source, names)
    return names


def tasks_solved(path):
    """The task cells of a rewritten lesson as they come out with their solutions, all other cells as they are."""
    there, notebook = lesson(path), read(path)
    tasks = [cell for cell in notebook.cells if cell.cell_type == "code" and lesson_form.kind(cell) == "task"]
    for cell in tasks:
        cell.source = lesson_form.solved(there, cell)
    names = {cell.id for cell in tasks}
    return [cell for cell in execute(notebook, path, allow_errors=True).cells if cell.id in names]
