"""The banks of predictions: each has a right choice that is computed, and a misconception behind every other one."""

import importlib

import pytest

import notebooks

BANKS = {
    path.stem[3:]: importlib.import_module(f"lessons_lib.{path.stem[3:]}.questions")
    for path in notebooks.lessons("en")
    if path.parent.name != "further"
}
QUESTIONS = {question.id: question for bank in BANKS.values() for question in bank.bank()}


def test_no_id_is_used_twice():
    assert len(QUESTIONS) == sum(len(bank.bank()) for bank in BANKS.values()) >= 2 * len(BANKS)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_the_right_choice_is_computed_and_each_wrong_one_explained(question):
    assert question.id.isascii() and 2 <= len(question.choices) <= 5
    right = question.right()
    assert set(question.misconceptions) == set(question.choices) - {right}
    for choice in question.choices:
        verdict = question.verdict(choice)
        assert verdict.passed is (choice == right) and verdict
    with pytest.raises(ValueError, match="'nonsense' is not among"):
        question.verdict("nonsense")
