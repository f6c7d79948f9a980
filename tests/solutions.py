"""The exercises of the notebooks as functions: their checks, their solutions, their typical wrong answers."""

import importlib.util
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import notebooks
from formatting import ROOT
from gates import Lesson

CHECK = re.compile(r"checks\.\w+\.(\w+)\(answer\)")


@dataclass(frozen=True)
class Exercise:
    """One exercise of one lesson: `name` is the name of its check."""

    path: object
    k: int
    name: str
    check: str
    solution: str

    def __str__(self):
        return f"{self.path.parent.name}-{self.path.stem}-{self.name}"


@cache
def lesson(path):
    """The lesson in a file, read once for all tests."""
    return Lesson.read(path)


def lessons():
    """The notebooks of every edition."""
    return notebooks.lessons(root=ROOT)


def exercises():
    """Every exercise of every lesson."""
    found = []
    for path in lessons():
        for cell in lesson(path).code:
            number, check = re.fullmatch(r"exercise-(\d+)", cell.id), cell.source.split("\n")[-1]
            name = CHECK.fullmatch(check)
            # A cell of another form is refused by the gate of the exercises.
            if number and name:
                k = int(number[1])
                found.append(Exercise(path, k, name[1], check, lesson(path).solution(k)))
    return found


def after_imports(path):
    """The names a student has who ran the imports cell and nothing else."""
    names = {}
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


@cache
def wrong_answers(slug):
    """`WRONG` of tests/test_<slug>.py: pairs of a wrong answer and words of its sentence, by the check's name."""
    # Found by its path, since the lesson's test in the browser has the same name.
    spec = importlib.util.spec_from_file_location(f"wrong_answers_{slug}", Path(__file__).parent / f"test_{slug}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.WRONG
