"""The further notebooks of lesson 3: their checks name the mistakes they know."""

import numpy as np
import pytest

from checking import names_its_mistakes
from lessons_lib import filtering, matching
from lessons_lib.matching import further_checks as checks


def by_channel(picture, kernel, channels=None):
    """The map of each channel, as a student computes it."""
    channels = range(kernel.shape[2]) if channels is None else channels
    return [filtering.correlate(picture[:, :, d], kernel[:, :, d]) for d in channels]


def by_numbers(picture, kernel):
    rows, columns = (picture.shape[k] - kernel.shape[k] + 1 for k in (0, 1))
    windows = [[picture[r : r + kernel.shape[0], c : c + kernel.shape[1]] for c in range(columns)] for r in range(rows)]
    return np.array([[(window * kernel).sum() for window in row] for row in windows])


MISTAKES = {
    "deep_response": [
        (lambda picture, kernel: by_channel(picture, kernel)[0], "first channel alone"),
        (lambda picture, kernel: by_channel(picture, kernel)[-1], "add to what there was"),
        (lambda picture, kernel: sum(by_channel(picture, kernel)) / kernel.shape[2], "a layer adds them"),
        (lambda picture, kernel: np.stack(by_channel(picture, kernel), axis=-1), "one filter makes one map"),
        (by_channel, "one filter makes one map"),
        (lambda picture, kernel: np.sum(by_channel(picture, kernel)), "the places are not"),
        (lambda picture, kernel: sum(by_channel(picture, kernel, range(3))), "depth"),
        (lambda picture, kernel: sum(by_channel(picture, kernel)).clip(0), "ReLU comes later"),
        (lambda picture, kernel: sum(by_channel(picture, np.stack([kernel[..., 0]] * kernel.shape[2], -1))),
         "its own channel of the filter"),
        (lambda picture, kernel: sum(by_channel(np.stack([picture[..., 0]] * kernel.shape[2], -1), kernel)),
         "first channel of the picture every time"),
        (lambda picture, kernel: None, "returns nothing"), (matching.response_map, "belongs to a library"),
        (lambda picture, kernel: 0 * picture[:, :, 0], "add in a loop"),
    ],
    "colour_layer": [
        ([296, 196, 16, 1200], "Rows come first"), ([195, 295, 16, 1200], "The first place counts too"),
        ([196, 296, 48, 1200], "Right: rows, columns and weights. Not yet: depth."),
        ([196, 296, 16, 400], "5 × 5 × 3 weights"), ([196, 296, 16, 75], "weights of one filter"),
        ([200, 300, 16, 1200], "Only whole windows"), ([196, 296, 16, 1216], "no biases"),
        ([196, 296, 3, 1200], "not as deep as the photo"), (1200, "one number"),
    ],
}  # fmt: skip
ALSO_RIGHT = {
    "deep_response": [lambda picture, kernel: sum(by_channel(picture, kernel)), by_numbers],
    "colour_layer": [(196, 296, 16, 1200), "196, 296, 16, 1200", np.array([196, 296, 16, 1200])],
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_and_an_untouched_task_says_so(name):
    names_its_mistakes(getattr(checks, name), MISTAKES[name], ALSO_RIGHT[name])
