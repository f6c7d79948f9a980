"""The further notebooks of lesson 4: their checks name the mistakes they know."""

import math

import pytest

from checking import names_its_mistakes
from lessons_lib import geometry
from lessons_lib.geometry import further_checks as checks


def walk(rule):
    def field(layers):
        cells = 1
        for size, stride in reversed(layers):
            cells = rule(cells, size, stride)
        return cells

    return field


def forwards(layers):
    cells = 1
    for size, stride in layers:
        cells = (cells - 1) * stride + size
    return cells


def first_turn(layers):
    for size, stride in reversed(layers):
        return (1 - 1) * stride + size


def by_jumps(layers):
    pixels, jump = 1, 1
    for size, stride in layers:
        pixels, jump = pixels + (size - 1) * jump, jump * stride
    return pixels


MISTAKES = {
    "field": [
        (walk(lambda cells, size, stride: cells * stride + size), "one stride less than there are cells"),
        (walk(lambda cells, size, stride: cells + size - 1), "forgot the stride"),
        (walk(lambda cells, size, stride: cells * size), "multiplied the sizes"),
        (walk(lambda cells, size, stride: (cells - 1) * stride), "where the last window begins"),
        (walk(lambda cells, size, stride: (cells - 1) * size + stride), "exchanged"),
        (walk(lambda cells, size, stride: cells), "always gives 1"), (forwards, "begin at the last layer"),
        (first_turn, "go through all layers"), (lambda layers: by_jumps(layers) ** 2, "the side of the square"),
        (lambda layers: None, "returns nothing"), (geometry.receptive_field, "belongs to a library"),
        (walk(lambda cells, size, stride: cells + 1), "How many do two cells need"),
    ],
    "field_of_three_layers": [
        (11, "forgot the strides"), (63, "overlap"), (13, "added the sizes"), (361, "the side of the square"),
        (23, "two steps apart"), (7, "first layer"), (12, "Begin with one cell"),
    ],
    "places_up": [
        (lambda pixels, size, stride, padding=0: (pixels - size + 2 * padding) // stride + 1, "You round down"),
        (lambda pixels, size, stride, padding=0: round((pixels - size + 2 * padding) / stride) + 1, "to the nearest"),
        (lambda pixels, size, stride, padding=0: (pixels - size + 2 * padding) / stride + 1, "do not round"),
        (lambda pixels, size, stride, padding=0: math.ceil((pixels - size + 2 * padding) / stride), "number of steps"),
        (lambda pixels, size, stride, padding=0: math.ceil((pixels - size + padding) / stride) + 1, "both ends"),
        (lambda pixels, size, stride, padding=0: math.ceil((pixels - size) / stride) + 1, "forgot the padding"),
        (lambda pixels, size, stride, padding=0: (pixels - size + 2 * padding) // stride + 2, "nothing is rounded"),
        (lambda pixels, size, stride, padding=0: math.ceil(pixels / stride), "Keras' `same`"),
        (lambda pixels, size, stride, padding=0: 55, "use its arguments"),
        (lambda pixels, size, stride, padding=0: None, "returns nothing"),
        (lambda pixels, size, stride, padding=0: pixels, "what is rounded is the number of steps"),
    ],
    "last_window": [
        ((220, 7), "needs no step"), ((212, 3), "lies inside; the one after"), ((3, 216), "The other way round"),
        ((217, 3), "counted from 0"), ((216, 8), "inside the picture; the others"), ((216, 226), "last column"),
        ((216, 2), "outside already"), ((216, 4), "start + 11"), ((216, 1), "round down"), (216, "one number"),
        ((100, 3), "Right: columns outside. Not yet: where it begins."),
    ],
}  # fmt: skip
ALSO_RIGHT = {
    "field": [walk(lambda cells, size, stride: cells * stride - stride + size), by_jumps],
    "field_of_three_layers": ["19", [19], 19.0],
    "places_up": [
        lambda pixels, size, stride, padding=0: -(-(pixels + 2 * padding - size) // stride) + 1,
        lambda pixels, size, stride, padding=0: math.ceil((pixels + 2 * padding - size) / stride + 1),
        lambda pixels, size, stride, padding=0: len(range(0, pixels + 2 * padding - size + stride, stride)),
    ],
    "last_window": [[216, 3], "216, 3", (216.0, 3)],
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_and_an_untouched_task_says_so(name):
    names_its_mistakes(getattr(checks, name), MISTAKES[name], ALSO_RIGHT[name], never=["216", "19"])
