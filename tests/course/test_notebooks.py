"""Every notebook is found, passes every gate, and every exercise its own solution."""

import re
import subprocess
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import notebooks
import solutions
import strict_comparison
import tiny
from formatting import output_text, read_text
from gates import findings
from lessons_lib.core import record

LESSONS = notebooks.lessons()
EXERCISES = solutions.exercises()
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


@pytest.mark.parametrize("path", [path for path in LESSONS if solutions.lesson(path).is_rewritten], ids=name)
def test_the_solutions_of_a_lesson_are_right(path):
    for cell in solutions.tasks_solved(path):
        said = "\n".join(output.get("evalue") or output_text(output) for output in cell.outputs)
        assert "✓" in said, f"{cell.id}: {said}"


@pytest.mark.parametrize(("solution", "verdict"), [("half = 1\nanswer = 2 * half", "✓"), ("answer = 3", "✗")])
def test_the_solution_of_a_task_is_run_and_judged(solution, verdict, tmp_path):
    def change(notebook):
        with_solution(solution)(notebook)
        tiny.cell(
            notebook.cells, "imports"
        ).source += "\nchecks.ones = lambda answer: print('✓' if answer == 2 else '✗')"
        notebook.cells = [cell for cell in notebook.cells if cell.id.startswith(("imports", "exercise"))]
        for cell in notebook.cells[1:]:
            cell.id = cell.id.replace("exercise-1", "task-ones")

    [cell] = solutions.tasks_solved(tiny.lesson(tmp_path, change).path)
    assert cell.outputs[0].text == f"{verdict}\n"


@pytest.mark.parametrize("exercise", EXERCISES, ids=str)
class TestExercise:
    @pytest.fixture(autouse=True)
    def _in_its_folder(self, exercise, monkeypatch):
        monkeypatch.chdir(exercise.path.parent)

    def test_its_solution_is_accepted(self, exercise):
        answer, names = solutions.solved(exercise)
        verdict = solutions.verdict(exercise, answer, names)
        assert verdict.passed is True, verdict

    def test_untouched_it_only_says_so(self, exercise):
        verdict = solutions.verdict(exercise, ...)
        assert verdict.passed is None
        assert verdict.strip()

    def test_wrong_answers_get_their_sentence_and_never_the_solution(self, exercise):
        right, _names = solutions.solved(exercise)
        wrong = solutions.wrong_answers(exercise.path.stem[3:])[exercise.name]
        assert len(wrong) >= 2, f"give {exercise.name} two typical wrong answers in WRONG"
        for answer, words in wrong:
            verdict = solutions.verdict(exercise, answer)
            assert verdict.passed is False, f"{answer!r} is accepted"
            assert words, f"say in WRONG what {answer!r} is answered"
            assert words in verdict
            assert not gives_away(verdict, right, answer), f"{verdict!r} holds the solution"

    def test_what_is_said_of_an_answer_that_nobody_foresaw_does_not_hold_the_solution(self, exercise):
        right, _names = solutions.solved(exercise)
        numbers = np.asarray(right)
        numbers = numbers.astype(float) if numbers.dtype.kind in "iuf" else np.zeros(())
        for answer in (numbers + 1, 1000 * numbers + 7, -numbers - 3, [numbers, numbers], numbers * 1.03):
            verdict = solutions.verdict(exercise, answer)
            assert verdict.passed is False and not gives_away(verdict, right, answer), verdict

    @pytest.mark.parametrize("answer", [None, "some text", np.nan, [], {}, object, [[1], [2, 3]]], ids=repr)
    def test_any_answer_gets_a_verdict(self, exercise, answer):
        assert solutions.verdict(exercise, answer).passed is False


@pytest.mark.parametrize("exercise", EXERCISES, ids=str)
def test_each_verdict_is_recorded_with_the_ids_of_its_task_and_of_its_mistake(exercise, monkeypatch):
    noted = []
    monkeypatch.setattr(record, "add", lambda item, text, verdict: noted.append((item, verdict)))
    slug = exercise.path.stem[3:]
    for answer, _words in solutions.wrong_answers(slug)[exercise.name]:
        solutions.verdict(exercise, answer)
    [item], ids = {item for item, _id in noted}, {id_ for _item, id_ in noted}
    assert re.fullmatch(rf"{slug}/[a-z0-9-]+", item)
    assert all(re.fullmatch(r"[a-z0-9-]+", id_) for id_ in ids) and "known" not in ids


def gives_away(sentence, right, answer):
    """Whether the expected answer stands in the sentence; what the student wrote may be repeated."""
    if callable(right):
        return False
    right = np.asarray(right)
    if right.ndim:
        return re.sub(r"\s", "", str(right.tolist())) in re.sub(r"\s", "", sentence)
    if right.dtype.kind not in "iuf":
        return False
    said = {float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", sentence.replace(repr(answer), ""))}
    # 0, 1 and 2 are words of any sentence.
    return float(right) not in {0, 1, 2} and float(right) in said


@pytest.mark.parametrize("path", [path for path in notebooks.lessons("en") if solutions.of(path)], ids=name)
def test_wrong_answers_belong_to_an_exercise(path):
    assert set(solutions.wrong_answers(path.stem[3:])) == {exercise.name for exercise in solutions.of(path)}


@pytest.mark.parametrize(
    ("sentence", "right", "given_away"),
    [
        ("It is 25.", 25, True),
        ("It is 25.5, not that.", 25, False),
        ("Use 1 window.", 1, False),
        ("The rows are [1, 2].", np.array([1, 2]), True),
        ("Turn the kernel.", np.array([1, 2]), False),
        ("Your function returns 3.", max, False),
    ],
)
def test_a_sentence_that_gives_the_solution_away_is_noticed(sentence, right, given_away):
    assert gives_away(sentence, right, None) is given_away


IMPORTS = "from types import SimpleNamespace\nchecks = SimpleNamespace(ones=lambda answer: answer == 2)"


@pytest.mark.parametrize(("solution", "accepted"), [("half = 1\nanswer = 2 * half", True), ("answer = 3", False)])
def test_a_solution_is_run_and_judged(solution, accepted, tmp_path):
    [found] = solutions.of(tiny.lesson(tmp_path, with_solution(solution)).path)
    assert (found.k, found.name, found.check, str(found)) == (1, "ones", "checks.ones(answer)", "en-01-tiny-ones")
    assert solutions.verdict(found, *solutions.solved(found)) is accepted
    assert solutions.verdict(found, ...) is False


@pytest.mark.parametrize(("solution", "error"), [("answer = later", NameError), ("print()", KeyError)])
def test_a_solution_that_needs_another_cell_or_gives_no_answer_is_noticed(solution, error, tmp_path):
    [found] = solutions.of(tiny.lesson(tmp_path, with_solution(solution)).path)
    with pytest.raises(error):
        solutions.solved(found)


def with_solution(solution):
    def change(notebook):
        tiny.cell(notebook.cells, "imports").source = IMPORTS
        tiny.cell(notebook.cells, "exercise-1-solution").source = f"```python\n{solution}\n```"

    return change
