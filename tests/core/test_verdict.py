"""The exercises' verdicts: right, wrong with the mistake named, and not answered yet."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lessons_lib.core.verdict import Verdict, judge, judge_function, untouched


@given(hnp.arrays(float, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e6, 1e6)))
def test_the_expected_value_is_right_in_any_clothes(expected):
    for answer in (expected, expected.tolist()):
        verdict = judge(answer, expected)
        assert verdict.passed is True
        assert verdict == "Right."


MISTAKES = [(np.zeros(2), "You forgot the bias."), (7, "You forgot the stride."), (5, "Never said.")]


@pytest.mark.parametrize(
    ("answer", "expected", "sentence"),
    [
        (np.arange(4, dtype=np.uint8), range(4), "Right."), (5.0, 5, "Right."), (5 + 1e-9, 5, "Right."),
        (5.001, 5, "Not yet. Think."), (7, 5, "You forgot the stride."), ([0, 0], np.ones(2), "You forgot the bias."),
        (123, 55555, "Not yet. Think."),
        (np.zeros((4, 3)), np.zeros((17, 19)), "Your answer has shape (4, 3); another shape is wanted. Think."),
    ],
)  # fmt: skip
def test_right_a_known_mistake_or_the_hint(answer, expected, sentence):
    verdict = judge(answer, expected, MISTAKES, hint="Think.")
    assert verdict == sentence and verdict.passed is (sentence == "Right.")
    assert judge(5.001, 5, tolerance=0.01).passed is True


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("five", "I received 'five', which is not made of numbers."), (None, "which is not a finite number"),
        ([1, "a"], "I received [1, 'a']"), ([[1], [2, 3]], "which is not made of numbers"),
        (print, "which is not made of numbers"), ({}, "I received {}"),
        (float("nan"), "I received nan, which is not a finite number."),
        ([1, float("inf")], "which is not a finite number"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_repeated(answer, words):
    verdict = judge(answer, 5)
    assert verdict.passed is False
    assert words in verdict


def check(answer):
    cases = [(np.arange(3.0), 1), (np.ones((4, 3)), 2), (7, 8)]
    mistakes = [(lambda a, b: a - b, "You subtracted."), ([np.zeros(3), np.zeros((4, 3)), 0], "All zeros.")]
    return judge_function(answer, cases, lambda a, b: a + b, mistakes, "an array and a number", "Add them.", 1e-3)


def change_in_place(a, b):
    a += b
    return a


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (np.add, "Right."), (change_in_place, "Right."), (lambda a, b: a + b + 1e-4, "Right."),
        (np.subtract, "You subtracted."), (lambda a, b: a * 0, "All zeros."), (lambda a, b: a + 2 * b, "Not yet. Add"),
        (check_line := lambda a, b: a + 1 if b == 1 else a.missing,
         "AttributeError: 'numpy.ndarray' object has no attribute 'missing'. This happens in line"),
        (check_line, "for an array of shape (4, 3) and 2. It receives an array and a number."),
        (lambda a: a, "stops with TypeError"), (lambda a, b: None, "returns nothing"),
        (lambda a, b: "sum", "For [0.0, 1.0, 2.0] and 1 your function returns 'sum', which is not made of numbers."),
        (lambda a, b: np.sum(a + b), "gives an array of shape (); another shape is wanted. Add them."),
        (lambda a, b: np.log(a * 0), "which is not a finite number"), (np.ones((4, 3)), "without calling it"),
        (None, "I received None, which is no function"),
    ],
)  # fmt: skip
def test_a_function_is_called_for_each_case_and_its_mistake_named(answer, words):
    verdict = check(answer)
    assert words in verdict and verdict.passed is (words == "Right.")


def test_the_line_named_is_the_students_own_and_not_the_librarys():
    def answer(a, b):
        return np.reshape(a, b)

    assert ", in line" not in check(lambda a: a)
    assert "in line" in check(answer) and "`return np.reshape(a, b)`" in check(answer)


@pytest.mark.parametrize("check", [untouched, lambda answer: judge(answer, 5), check])
def test_untouched_is_neither_right_nor_wrong(check):
    verdict = check(...)
    assert verdict.passed is None
    assert "Not answered yet" in verdict
    assert untouched(0) is None


@pytest.mark.parametrize(("passed", "mark"), [(True, "✓"), (False, "✗"), (None, "…")])
def test_a_verdict_is_shown_as_text_and_as_a_page(passed, mark):
    verdict = Verdict("Is 3 < 4?", passed)
    assert repr(verdict) == f"{mark} Is 3 < 4?"
    assert mark in verdict._repr_html_()
    assert "Is 3 &lt; 4?" in verdict._repr_html_()
