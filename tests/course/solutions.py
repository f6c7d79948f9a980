"""Tasks of rewritten lessons with their solutions; exercises of the others, as functions, with wrong answers."""

import importlib.util
import re
from dataclasses import dataclass
from functools import cache

from formatting import read
from gates import Lesson, lesson_form
from lesson import execute
from notebooks import ROOT, language, lessons

CHECK = re.compile(r"checks\.(?:\w+\.)?(\w+)\(answer\)")


@dataclass(frozen=True)
class Exercise:
    """One exercise of one lesson: `name` is the name of its check."""

    path: object
    k: int
    name: str
    check: str
    solution: str

    def __str__(self):
        return f"{language(self.path)}-{self.path.stem}-{self.name}"


@cache
def lesson(path):
    """The lesson in a file, read once for all tests."""
    return Lesson(path)


def of(path):
    """The exercises of one lesson."""
    found = []
    for cell in lesson(path).code:
        number, check = re.fullmatch(r"exercise-(\d+)", cell.id), cell.source.split("\n")[-1]
        name = CHECK.fullmatch(check)
        # A cell of another form is refused by the gate of the exercises.
        if number and name:
            k = int(number[1])
            found.append(Exercise(path, k, name[1], check, lesson(path).solution(f"exercise-{k}")))
    return found


def exercises():
    """Every exercise of every lesson."""
    return [exercise for path in lessons() for exercise in of(path)]


def after_imports(path):
    """The names a student has who ran the imports cell and nothing else."""
    names = {"__name__": "__main__"}
    exec(lesson(path).by_id("imports").source, names)
    return names


def verdict(exercise, answer, names=None):
    """What the exercise's check says of `answer`."""
    names = after_imports(exercise.path) if names is None else names
    names["answer"] = answer
    return eval(exercise.check, names)


def solved(exercise):
    """The answer that the folded solution computes, and the names it leaves."""
    names = after_imports(exercise.path)
    exec(exercise.solution, names)
    return names["answer"], names


def tasks_solved(path):
    """The task cells of a rewritten lesson as they come out with their solutions, all other cells as they are."""
    there, notebook = lesson(path), read(path)
    tasks = [cell for cell in notebook.cells if cell.cell_type == "code" and lesson_form.kind(cell) == "task"]
    for cell in tasks:
        cell.source = lesson_form.solved(there, cell)
    names = {cell.id for cell in tasks}
    return [cell for cell in execute(notebook, path, allow_errors=True).cells if cell.id in names]


@cache
def wrong_answers(slug):
    """`WRONG` of the tests of a lesson: pairs of a wrong answer and words of its sentence, by the check's name."""
    tests = ROOT / "tests"
    files = [*(tests / slug).glob("test_*.py"), *tests.glob(f"test_{slug}.py")]
    [file] = [path for path in files if re.search(r"^WRONG = ", path.read_text(encoding="utf-8"), re.MULTILINE)]
    # Found by its path, since the lesson's test in the browser has the same name.
    spec = importlib.util.spec_from_file_location(f"wrong_answers_{slug}", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.WRONG
