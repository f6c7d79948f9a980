"""Every notebook is found, passes every gate, and every task its own solution."""

import subprocess
from collections import Counter
from pathlib import Path

import pytest

import notebooks
import solutions
import strict_comparison
import tiny
from formatting import output_text, read_text
from gates import findings

LESSONS = notebooks.lessons()
FOUND = ["en/02-filtering.ipynb", "en/06-lenet-1998.ipynb", "en/further/02-borders.ipynb", "pt/02-filtering.ipynb"]
STUDENTS = ["02-filtering.mine-1", "02-filtering.new", "02-filtering-Copy1", "Untitled", "further/Untitled1"]


def name(path):
    return path.relative_to(notebooks.ROOT / "notebooks").with_suffix("").as_posix()


@pytest.fixture
def course(tmp_path):
    """A course in git with four lessons, and a student's own notebooks beside them."""
    for file in [*FOUND, *(f"en/{own}.ipynb" for own in STUDENTS)]:
        path = tmp_path / "notebooks" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", *(f"notebooks/{file}" for file in FOUND)], cwd=tmp_path, check=True)
    return tmp_path


def test_lessons_are_found_and_a_students_own_are_not(course):
    assert [path.relative_to(course / "notebooks").as_posix() for path in notebooks.lessons(root=course)] == FOUND
    assert [path.parent.name for path in notebooks.lessons("pt", course)] == ["pt"]
    assert notebooks.unvisited(course) == []


@pytest.mark.parametrize(
    "stray", ["notebooks/en/Untitled.ipynb", "docs/02-filtering.ipynb", "notebooks/en/x/02-a.ipynb"]
)
def test_a_stray_tracked_notebook_is_noticed(stray, course):
    (course / stray).parent.mkdir(parents=True, exist_ok=True)
    (course / stray).touch()
    subprocess.run(["git", "add", stray], cwd=course, check=True)
    assert notebooks.unvisited(course) == [stray]


def test_every_tracked_notebook_is_checked_and_compared():
    if not (notebooks.ROOT / ".git").exists():
        pytest.skip("a course without git tracks nothing")
    assert notebooks.unvisited() == []


@pytest.mark.parametrize(
    ("path", "language", "english"),
    [
        ("/notebooks/pt/02-filtering.ipynb", "pt", "/notebooks/en/02-filtering.ipynb"),
        ("/notebooks/pt/further/02-borders.ipynb", "pt", "/notebooks/en/further/02-borders.ipynb"),
        ("/notebooks/course/workbook/en/02-filtering.ipynb", "en", "/notebooks/course/workbook/en/02-filtering.ipynb"),
        ("/elsewhere/pt/02-filtering.ipynb", "pt", "/elsewhere/en/02-filtering.ipynb"),
    ],
)
def test_the_language_is_the_folder(path, language, english):
    assert notebooks.language(path) == language
    assert notebooks.in_english(path) == Path(english)


@pytest.mark.parametrize("called", ["6", "06", "lenet-1998", "06-LeNet-1998", "notebooks/en/06-lenet-1998.ipynb"])
def test_a_lesson_is_found_by_what_a_person_calls_it(called):
    names = ["further/06-dropout.ipynb", "02-filtering.ipynb", "06-lenet-1998.ipynb"]
    assert notebooks.named(called, names) == "06-lenet-1998.ipynb"
    assert notebooks.named("dropout", names) == "further/06-dropout.ipynb"


def test_an_unknown_lesson_is_answered_with_those_there_are():
    with pytest.raises(SystemExit, match=r"no lesson '7'; the lessons are: 02 filtering\."):
        notebooks.named("7", ["02-filtering.ipynb"])


def test_every_lesson_has_its_own_number_and_every_notebook_its_own_name():
    assert LESSONS
    numbers = Counter(name(path)[:5] for path in LESSONS if path.parent.name != "further")
    names = Counter((notebooks.language(path), path.stem) for path in LESSONS)
    assert max(*numbers.values(), *names.values()) == 1


def test_reasons_and_bounds_belong_to_a_notebook():
    stems = {path.stem for path in LESSONS}
    assert {path.stem for path in (notebooks.ROOT / "tests" / "course" / "prose").glob("*.toml")} <= stems
    assert set(strict_comparison.tomllib.loads(read_text(strict_comparison.BOUNDS))) <= stems


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_a_lesson_passes_the_gates(path):
    found = findings(solutions.lesson(path))
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_the_solutions_of_a_lesson_are_right(path):
    for cell in solutions.tasks_solved(path):
        said = "\n".join(output.get("evalue") or output_text(output) for output in cell.outputs)
        assert "✓" in said, f"{cell.id}: {said}"


@pytest.mark.parametrize(("solution", "verdict"), [("half = 1\nanswer = 2 * half", "✓"), ("answer = 3", "✗")])
def test_the_solution_of_a_task_is_run_and_judged(solution, verdict, tmp_path):
    def change(notebook):
        judge = "SimpleNamespace(ones=lambda answer: print('✓' if answer == 2 else '✗'))"
        tiny.cell(notebook.cells, "imports").source = f"from types import SimpleNamespace\nchecks = {judge}"
        tiny.cell(notebook.cells, "task-ones-solution").source = f"```python\n{solution}\n```"
        notebook.cells = [cell for cell in notebook.cells if cell.id.startswith(("imports", "task"))]

    [cell] = solutions.tasks_solved(tiny.lesson(tmp_path, change).path)
    assert cell.outputs[0].text == f"{verdict}\n"
