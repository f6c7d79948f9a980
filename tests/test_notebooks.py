"""Every lesson passes every gate, and every exercise its own solution."""

import re
from collections import Counter

import numpy as np
import pytest

import solutions
from gates import GATES, findings
from lessons_lib.checks.verdict import Verdict

LESSONS = solutions.lessons()
EXERCISES = solutions.exercises()
# With one edition there is nothing to compare it with.
MAY_BE_IDLE = {"editions"}


def name(path):
    return f"{path.parent.name}-{path.stem}"


def test_there_are_lessons():
    assert LESSONS
    numbers = Counter(name(path)[:5] for path in LESSONS)
    assert max(numbers.values()) == 1, f"two lessons have the same number: {numbers}"


@pytest.mark.parametrize("path", LESSONS, ids=name)
@pytest.mark.no_cover
def test_a_lesson_passes_the_gates(path):
    found, idle = [], set()
    for gate in GATES:
        here, looked_at = findings(gate, solutions.lesson(path))
        found += here
        idle |= set() if looked_at else {gate.__name__}
    assert not found, "\n" + "\n".join(found)
    assert idle <= MAY_BE_IDLE, f"{idle} looked at nothing in {path.name}"


@pytest.mark.parametrize("exercise", EXERCISES, ids=str)
class TestExercise:
    @pytest.fixture(autouse=True)
    def _in_its_folder(self, exercise, monkeypatch):
        monkeypatch.chdir(exercise.path.parent)

    def test_its_solution_is_accepted(self, exercise):
        answer, names = solutions.solved(exercise)
        verdict = solutions.verdict(exercise, answer, names)
        assert isinstance(verdict, Verdict)
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

    @pytest.mark.parametrize("answer", [None, "some text", np.nan, [], {}, object, [[1], [2, 3]]], ids=repr)
    def test_any_answer_gets_a_verdict(self, exercise, answer):
        assert solutions.verdict(exercise, answer).passed is False


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


@pytest.mark.parametrize("path", [path for path in LESSONS if path.parent.name == "en"], ids=name)
def test_wrong_answers_belong_to_an_exercise(path):
    names = {exercise.name for exercise in EXERCISES if exercise.path == path}
    assert set(solutions.wrong_answers(path.stem[3:])) == names


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
