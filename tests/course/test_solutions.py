"""The harness of the exercises, on a lesson of one: it lets a right solution through and notices a wrong one."""

import nbformat.v4 as v4
import pytest

import solutions
from formatting import as_text, write

IMPORTS = (
    "from types import SimpleNamespace\n\nfrom lessons_lib.core.verdict import judge\n\n"
    "checks = SimpleNamespace(three=lambda answer: judge(answer, 33))"
)


@pytest.fixture
def exercise(tmp_path):
    """Makes the exercise with this solution."""

    def make(solution):
        path = tmp_path / "notebooks" / "en" / "01-tiny.ipynb"
        path.parent.mkdir(parents=True)
        cells = [
            v4.new_code_cell(IMPORTS, id="imports"),
            v4.new_code_cell("later = 33", id="later"),
            v4.new_code_cell("answer = ...\nchecks.three(answer)", id="exercise-1"),
            v4.new_markdown_cell(f"<details>\n\n```python\n{solution}\n```\n\n</details>", id="exercise-1-solution"),
        ]
        write(as_text(v4.new_notebook(cells=cells)), path)
        [found] = solutions.of(path)
        return found

    return make


def test_an_exercise_is_found_with_its_check_and_its_solution(exercise):
    found = exercise("half = 16.5\nanswer = 2 * half")
    assert (found.k, found.name, found.check) == (1, "three", "checks.three(answer)")
    assert str(found) == "en-01-tiny-three"
    answer, names = solutions.solved(found)
    assert answer == 33
    assert solutions.verdict(found, answer, names).passed is True
    assert solutions.verdict(found, ...).passed is None
    assert solutions.verdict(found, 32).passed is False


def test_a_wrong_solution_is_noticed(exercise):
    found = exercise("answer = 32")
    assert solutions.verdict(found, *solutions.solved(found)).passed is False


def test_a_solution_that_needs_another_cell_is_noticed(exercise):
    found = exercise("answer = later")
    with pytest.raises(NameError, match="later"):
        solutions.solved(found)


def test_a_solution_without_an_answer_is_noticed(exercise):
    found = exercise("print()")
    with pytest.raises(KeyError, match="answer"):
        solutions.solved(found)
