"""The tasks of lesson 5's further notebooks: right answers, and wrong ones that are named."""

import numpy as np
import pytest

from checking import names_its_mistakes
from lessons_lib.pooling import further_checks

WRONG = {
    "share_unchanged": [
        (1, "full invariance"), (0, "no invariance"), (1 / 3, "something changes"), (0.5, "windows of 2 × 2"),
        (4 / 9, "shifted down as well"), (8 / 9, "leave the picture"), (54, "Give the share"), (27, "Give the share"),
        (66.67, "right in per cent"), (66.7, "right in per cent"), (67.0, "right in per cent"),
        (0.66, "cut off and not rounded"), (0.7, "rounded too much"), (0.78, "leaves the map"),
        (7 / 9, "leaves the map"), (33.3, "something changes"), ("1/3", "something changes"),
        ("33.3%", "something changes"), (0.2, "In which columns of a window"),
    ],
    "max_pool_gradient": [
        (np.kron([[1, 2], [3, 4]], np.ones((2, 2))) / 4, "mean pooling"),
        (np.kron([[1, 2], [3, 4]], np.ones((2, 2))), "all four cells"),
        ([[0, 0, 0, 0], [0, 1, 1, 0], [1, 0, 0, 1], [0, 0, 0, 0]], "not 1"),
        ([[0, 0, 0, 0], [0, 8, 5, 0], [7, 0, 0, 9], [0, 0, 0, 0]], "largest numbers themselves"),
        ([[1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]], "first cell"),
        ([[1, 2], [3, 4]], "16 cells"),
        ([[0, 0, 3, 0], [0, 1, 0, 0], [0, 2, 0, 0], [0, 0, 4, 0]], "Rows and columns are exchanged"),
        ([[0, 0, 0, 0], [0, 1, 3, 0], [2, 0, 0, 4], [0, 0, 0, 0]], "upper windows"),
        ([[0, 0, 0, 0], [0, -1, -2, 0], [-3, 0, 0, -4], [0, 0, 0, 0]], "keeps its sign"),
        ([[0, 0, 0, 0], [0, 1, 2, 0], [3, 0, 4, 0], [0, 0, 0, 0]], "look again at row 2, column 2"),
        (np.zeros((4, 4)), "12 of your 16 numbers are right; look again at row 1, column 1"),
        ([0, 1, 2, 0], "You gave 4 numbers in place of an array of 4 × 4"),
    ],
    "neighbours": [
        ([True] * 5, "number 2"), ([False] * 5, "number 1"), ([True, False, False, True, False], "number 3"),
        ([True, False, True, False, False], "number 4"), ([True, False, True, True, True], "number 5"),
        ([True, False], "Give five answers"), ("yes", "Give five answers"), ([1, 3, 4], "Give five answers"),
        (["True"] * 5, "number 2"), (["yes", "no", "no", "Yes", "no"], "number 3"), ([1, 0, 1, 0, 0], "number 4"),
        (["photo", "", "hours", "DNA", ""], "True where shuffling hurts"), (5, "Give five answers"),
    ],
}  # fmt: skip
RIGHT = {
    "share_unchanged": [2 / 3, 0.667, 0.67, "2/3", "0,667", [0.667]],
    "max_pool_gradient": [[[0, 0, 0, 0], [0, 1, 2, 0], [3, 0, 0, 4], [0, 0, 0, 0]]],
    "neighbours": [[1, 0, 1, 1, 0], ["True", "no", "yes", "TRUE", "false"], np.array([1, 0, 1, 1, 0]) > 0],
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_are_named(name):
    names_its_mistakes(getattr(further_checks, name), WRONG[name], RIGHT[name])
