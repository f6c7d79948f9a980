"""The tasks of lesson 8's further notebooks: their checks name the mistakes they know."""

import numpy as np
import pytest

from checking import names_its_mistakes, said
from lessons_lib import data
from lessons_lib.transfer import further_checks as checks
from lessons_lib.transfer import training_comparison

RUNS = data.load("transfer-runs")


def mean(task, method, count):
    return training_comparison.summary(RUNS, task, method)[count][0]


WRONG = {
    "megabytes": [
        (17.9, "with 4 bytes a number"),
        (9.388, "2 ** 20 bytes"),
        (9_388_048, "Those are bytes"),
        (4.477, "with 1 byte a number"),
        (71.6, "megabits"),
        (3, "with other bytes a number"),
    ],
    "pareto_front": [
        (["VGG16", "VGG19", "Xception", "InceptionResNetV2"], "the older column"),
        (["MobileNet", "Xception", "InceptionResNetV2"], "when parameters are the cost"),
        (["InceptionResNetV2"], "best in top-1"),
        (["VGG16", "ResNet50"], "ResNet50 is beaten"),
        (["VGG16", "Xception"], "some are missing"),
        (["LeNet"], "not in Keras' table"),
        ("VGG16", "Give a list of names"),
        (["VGG16", 3], "Give a list of names"),
        ([], "Your list is empty"),
    ],
    "learned": [
        (400, "Each class has a bias, too"),
        (401, "a bias of its own"),
        (440, "not for each map"),
        (14_410, "the mean of each map"),
        (12_810, "block 4 has fewer maps"),
        (123, "ten kinds of clothes"),
        (41, "for one class"),
        (7, "How many weights has one class"),
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
    "megabytes": [8.95, 9.0, 4_694_024 * 2 / 2**20],
    "pareto_front": [["VGG16", "Xception", "InceptionResNetV2"], ("Xception", "VGG16", "InceptionResNetV2")],
    "learned": [410, "410", 41 * 10],
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


def by_loops(maps, weights):
    rows, columns, depth = maps.shape
    cells = np.zeros((rows, columns))
    for k in range(depth):
        cells += maps[:, :, k] * weights[k]
    return cells / rows / columns


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda maps, weights: maps @ weights / maps[..., 0].size, "✓ Right"),
        (by_loops, "✓ Right"),
        (lambda maps, weights: (maps * weights).sum(axis=-1) / (maps.shape[0] * maps.shape[1]), "✓ Right"),
        (lambda maps, weights: maps @ weights, "only its share of the mean"),
        (lambda maps, weights: maps @ weights / 49, "divided by 49"),
        (lambda maps, weights: maps @ weights / len(weights), "the mean is over the cells"),
        (lambda maps, weights: maps.mean(axis=(0, 1)) @ weights, "the whole score"),
        (lambda maps, weights: maps.mean(axis=(0, 1)) * weights, "what each map contributes"),
        (lambda maps, weights: maps * weights / maps[..., 0].size, "a cell has one number"),
        (lambda maps, weights: maps.sum(axis=2) / maps[..., 0].size, "without the weights"),
        (lambda maps, weights: np.maximum(0, maps @ weights / maps[..., 0].size), "Keep the negative"),
        (lambda maps, weights: None, "returns nothing"),
    ],
)
def test_contributions_of_cells(answer, words, capsys):
    function = checks.contributions(answer)
    assert words in capsys.readouterr().out
    maps = np.arange(12.0).reshape(2, 2, 3)
    assert np.allclose(function(maps, np.ones(3)), maps.sum(axis=2) / 4)
