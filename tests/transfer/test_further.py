"""The tasks of lesson 8's further notebooks: their checks name the mistakes they know."""

import pytest

from checking import names_its_mistakes, said
from lessons_lib import data
from lessons_lib.transfer import further_checks as checks
from lessons_lib.transfer import training_comparison

RUNS = data.load("transfer-runs")


def mean(task, method, count):
    return training_comparison.summary(RUNS, task, method)[count][0]


WRONG = {
    "pareto_front": [
        (["MobileNet", "Xception", "InceptionResNetV2"], "when parameters are the cost"),
        (["InceptionResNetV2"], "best in top-1"),
        (["VGG16", "ResNet50"], "ResNet50 is beaten"),
        (["VGG16", "VGG19"], "some are missing"),
        (["LeNet"], "not in Keras' table"),
        ("VGG16", "Give a list of names"),
        (["VGG16", 3], "Give a list of names"),
        ([], "Your list is empty"),
    ],
    "grad_cam": [
        ([[-1, 4], [-1, 6]], "drops them at the end"),
        ([[0, 6], [0, 8]], "cell by cell"),
        ([[0, 16], [0, 24]], "take their mean"),
        ([[2, 4], [0, 8]], "negative weight"),
        ([[0, 0], [4, 6]], "changed places"),
        ([[0, 4], [0, 5]], "3 of your 4 numbers are right; look again at row 1, column 1"),
        ([0, 4, 0, 6], "You gave 4 numbers in place of an array of 2 × 2"),
        ([[9, 9], [9, 9]], "Not yet. What is each map worth"),
    ],
    "trainable_parameters": [
        (14_714_688 + 132_099, "frozen base as well"),
        (131_072 + 768, "has a bias too"),
        (25_088 * 256 + 256 + 771, "224 × 224"),
        (1_311_747, "our network's head"),
        (131_328, "there is a second one"),
        ("131,840", "has a bias too"),
        ((131_328, 771), "add them"),
        (132_000, "give more digits"),
        (5, "How many numbers does Flatten give"),
    ],
    "split": [
        (239, "far outside it"),
        (145, "One too many"),
        (143, "One too few"),
        (192, "48 is the side after resizing"),
        (176, "the gap belongs to no part"),
        ((0, 144), "Give the last column alone"),
        (3, "a patch that begins at column 0"),
    ],
    "gain": [
        (mean("clothes", "start", 20), "by how much"),
        (mean("textures", "start", 20) - mean("textures", "frozen", 20), "the textures"),
        (mean("clothes", "frozen", 20) - mean("clothes", "start", 20), "The sign"),
        (100 * (mean("clothes", "start", 20) - mean("clothes", "frozen", 20)), "right in per cent"),
        (mean("clothes", "frozen", 20), "accuracy of the whole base"),
        ([mean("clothes", "start", 20), mean("clothes", "frozen", 20)], "take the difference"),
    ],
}
RIGHT = {
    "pareto_front": [["VGG16", "VGG19", "Xception", "InceptionResNetV2"]],
    "grad_cam": [[[0, 4], [0, 6]], ((0, 4), (0, 6))],
    "trainable_parameters": [132_099, "132,099"],
    "split": [144, 144.0],
    "gain": [mean("clothes", "start", 20) - mean("clothes", "frozen", 20)],
}


@pytest.mark.parametrize("name", WRONG)
def test_the_checks_name_the_mistake_and_accept_what_is_right(name):
    check = getattr(checks, name)
    names_its_mistakes(check, WRONG[name])
    assert all(said(check, answer).startswith("✓ Right") for answer in RIGHT[name])
