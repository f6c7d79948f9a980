"""How a guess is read, and compared with the right answer: choices, numbers, cells."""

import numpy as np
import pytest

from lessons_lib.core.question import Cells, Number, Question

OTHER = "Some other mistake."


@pytest.mark.parametrize(
    ("text", "number"),
    [("360", 360), (" 57.6 ", 57.6), ("57,6", 57.6), ("9,961,472", 9_961_472), ("2,500.5", 2500.5), ("−3", -3),
     ("1e3", 1000), (7, 7), ("1 000", 1000)],
)  # fmt: skip
def test_a_number_is_read_as_it_is_written_here_or_in_brazil(text, number):
    assert Number().read(text) == number


@pytest.mark.parametrize("text", ["", "many", "nan", "inf", "1.2.3", "1,2,3", "3 + 4", None, [1], "0x10"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="is not a number; type one such as"):
        Number().read(text)


def test_a_number_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="2,500 is too large; type 64 or less"):
        Number(low=0, high=64).read("2500")


@pytest.mark.parametrize("guess", [[3, 0], [0, -1], [0], "00", None, [0.5, 0], [[0], 0]])
def test_a_cell_that_is_not_there_is_refused(guess):
    with pytest.raises(ValueError, match="is no cell of 3 rows and 2 columns"):
        Cells(lambda: np.zeros((3, 2))).read(guess)


@pytest.mark.parametrize(
    ("choices", "right", "misconceptions", "guesses"),
    [
        ({"a": "left", "b": "right"}, "a", {"b": "Look again."}, {"a": "Right.", "b": "Look again."}),
        (Number(0.5), 10, {20: "Twice.", None: OTHER},
         {"10.4": "Right.", "10.6": OTHER, "20.5": "Twice.", "20.6": OTHER, 10: "Right."}),
        (Cells(lambda: np.eye(3)), (2, 1), {(1, 2): "Row first.", None: OTHER},
         {(2, 1): "Right.", (1, 2): "Row first.", (0, 0): OTHER}),
    ],
)  # fmt: skip
def test_a_verdict_is_right_or_names_the_misconception(choices, right, misconceptions, guesses):
    question = Question("id", "What?", choices, lambda: right, misconceptions)
    for guess, sentence in guesses.items():
        verdict = question.verdict(guess)
        assert verdict == sentence and verdict.passed is (sentence == "Right.")
