"""The further notebooks of lesson 1: their checks name the mistakes they know."""

import numpy as np
import pytest

from checking import names_its_mistakes
from lessons_lib import data
from lessons_lib.images import further_checks as checks

SAUCER = data.load("coffee")[300, 220].astype(float)
MISTAKES = {
    "half_and_half": [
        (lambda first, second: (first + second) // 2, "no longer fits into a byte"),
        (lambda first, second: first + second, "That is the sum, and it wraps"),
        (lambda first, second: first.astype(int) + second, "half of it is wanted"),
        (lambda first, second: first + second / 2, "where are the brackets"),
        (lambda first, second: np.minimum(first.astype(int) + second, 255) / 2, "cut off at 255 before"),
        (lambda first, second: first, "first picture alone"),
        (lambda first, second: (first.astype(float) + second) / 510, "as fractions of white"),
        (lambda first, second: None, "returns nothing"),
    ],
    "luminance_of_the_saucer": [
        (38, "plain mean"), (SAUCER @ [0.299, 0.587, 0.114], "Rec. 601"), (97, "red channel alone"),
        (SAUCER @ [0.0722, 0.7152, 0.2126], "took blue for red"), (114, "sum of the three channels"),
        (30.85 / 255, "as a fraction of white"), (12.3, "add the three products"),
    ],
    "megabytes_of_cifar": [
        (153.6, "one byte a value"), (204.8, "three values a pixel"), (614_400_000, "right in bytes"),
        (737.28, "all 60 000 pictures"), (0.6144, "right in gigabytes"), (1228.8, "float64"), (19.2, "32 × 32"),
        (100, "how many bytes has a value"),
    ],
    "error": [
        (lambda answers, labels: np.mean(answers == labels), "share of right answers"),
        (lambda answers, labels: np.sum(answers != labels), "divide it by how many"),
        (lambda answers, labels: sum(answers != labels) / 2000, "divide by 2000"),
        (lambda answers, labels: answers != labels, "one number is wanted"),
        (lambda answers, labels: np.abs(answers - labels).mean(), "one mistake, and not six"),
        (lambda answers, labels: 100 * np.mean(answers != labels), "in per cent"),
        (lambda answers, labels: round(np.mean(answers != labels), 1), "rounded"),
        (lambda answers, labels: None, "returns nothing"), (0.0845, "no function"),
    ],
}  # fmt: skip
ALSO_RIGHT = {
    "half_and_half": [
        lambda first, second: first // 2 + second // 2, lambda first, second: np.mean([first, second], axis=0),
    ],
    "luminance_of_the_saucer": ["30,85", [30.851], 30.9],
    "megabytes_of_cifar": ["614.4", [614.4], 614],
    "error": [
        lambda answers, labels: 1 - np.mean(answers == labels),
        lambda answers, labels: sum(a != b for a, b in zip(answers, labels, strict=True)) / len(labels),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_and_an_untouched_task_says_so(name):
    names_its_mistakes(getattr(checks, name), MISTAKES[name], ALSO_RIGHT[name], never=["614.4", "30.8"])
