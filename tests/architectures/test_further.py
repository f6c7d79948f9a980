"""The further notebooks of lesson 7: their checks name the mistakes they know."""

import numpy as np
import pytest

from checking import names_its_mistakes
from lessons_lib import architectures
from lessons_lib.architectures import further_checks as checks


def only_two_maps(x):
    """It normalises two maps, however many there are."""
    result = np.zeros_like(x)
    for k in range(2):
        result[..., k] = (x[..., k] - x[..., k].mean()) / x[..., k].std()
    return result[..., :2]


MISTAKES = {
    "share_of_the_first_fully_connected": [
        (74.28, "right in per cent"),
        (74.3, "right in per cent"),
        (89.35, "all three fully connected"),
        (0.8935, "all three fully connected"),
        (1 - 0.8935, "share of the convolutions"),
        (0.01519, "still has 7 × 7 numbers"),
        (102_764_544, "divide by all parameters"),
        (0.2572, "everything else"),
        (0.8, "How many numbers does it read"),
        (0.0, "How many numbers"),
    ],
    "what_the_bottleneck_saves": [
        (16.5, "The 1 × 1 costs something too"),
        (0.0706, "Upside down"),
        (100, "counted the 1 × 1 alone"),
        (92.94, "share that is saved"),
        (92.9, "share that is saved"),
        ("93%", "share that is saved"),
        (14, "rounded too much"),
        (0.9294, "share that is saved"),
        (307_779_584, "That is the difference"),
    ],
    "batch_norm": [
        (lambda x: (x - x.mean()) / x.std(), "each of the maps has its own"),
        (lambda x: (x - x.mean(0)) / x.std(0), "all rows and columns of a map"),
        (lambda x: (x - x.mean((1, 2), keepdims=True)) / x.std((1, 2), keepdims=True), "the whole batch"),
        (lambda x: (x - x.mean((0, 1, 2))) / x.var((0, 1, 2)), "root of the variance"),
        (lambda x: x - x.mean((0, 1, 2)), "now divide by the spread"),
        (lambda x: x[0], "in place of"),
        (lambda x: None, "returns nothing; end it with return"),
        (lambda x: (x - x.mean((0, 1, 2))) / x.std((0, 1, 2), ddof=1), "all the numbers of a map, not by one less"),
        (lambda x: architectures.batch_norm(x), "a library computes them"),
        (lambda x: x * 2, "Look at the mean and the spread of y[..., 0]"),
        (only_two_maps, "a number, such as 2, where the size of its input"),
    ],
    "maps_of_a_dense_block": [
        (384, "kept beside them"),
        (640, "keeps half of the maps"),
        (256, "the second makes more"),
        (480, "it adds its own 32"),
        (128 * 2**12, "do not double"),
        (1000, "Not yet. How many maps leave the first block"),
        ((128, 384), "add them"),
        ([640], "keeps half of the maps"),
    ],
    "he_start": [
        (2 / 576, "That is the variance"), (1 / 24, "rule of Xavier"), (1 / 576, "after the rule of Xavier"),
        (0.177, "a product for each weight"), (0.471, "a product for each weight"),
        (0.102, "a product for each weight"),
        (1 / 12, "not the variance"), (16.97, "Upside down"), (576, "which variance"), (0.5, "what is its root"),
    ],
    "weights_in_groups": [
        (147_456, "only the maps of its own group"), ("147,456", "only the maps of its own group"),
        (144, "That is one group"), (4736, "added the biases"), (36_864, "32 is the number of groups"),
        (1152, "not one map"), (512, "forgot the window"), (4000, "does each kernel read"),
    ],
}  # fmt: skip

ALSO_RIGHT = {
    "share_of_the_first_fully_connected": [(7 * 7 * 512 + 1) * 4096 / 138_357_544, 0.7427, 0.7428],
    "what_the_bottleneck_saves": [25 * 528 * 128 / (528 * 32 + 25 * 32 * 128), 14.163],
    "batch_norm": [
        lambda x: (x - x.mean((0, 1, 2))) / x.std((0, 1, 2)),
        lambda x: (x - x.mean(axis=(0, 1, 2), keepdims=True)) / np.sqrt(x.var(axis=(0, 1, 2), keepdims=True) + 1e-3),
    ],
    "maps_of_a_dense_block": [512, (64 + 6 * 32) / 2 + 12 * 32],
    "he_start": [(2 / 576) ** 0.5, 0.0589, "0.059"],
    "weights_in_groups": [4608, "4,608", [3 * 3 * 4 * 128]],
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_and_an_untouched_task_says_so(name):
    names_its_mistakes(getattr(checks, name), MISTAKES[name], ALSO_RIGHT[name])
