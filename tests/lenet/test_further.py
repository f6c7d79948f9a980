"""The tasks of lesson 6's further notebooks: their checks name the mistakes they know."""

import numpy as np
import pytest
from scipy import ndimage

from checking import names_its_mistakes
from lessons_lib import data
from lessons_lib.keras_models import lenet as builders
from lessons_lib.keras_models import training
from lessons_lib.lenet import further_checks as checks

DIGITS = data.load("mnist")
TEST = DIGITS["images"][8000:], DIGITS["labels"][8000:]


def mass(picture):
    picture = np.asarray(picture, float)
    return [total @ np.arange(len(total)) / picture.sum() for total in (picture.sum(axis=1), picture.sum(axis=0))]


def rule(wrong, n):
    share = wrong / n
    return 1.96 * np.sqrt(share * (1 - share) / n)


def by_loop(picture):
    """As a beginner writes it: right, but the sums wrap where the picture is of bytes."""
    total = row = column = 0
    for i in range(picture.shape[0]):
        for j in range(picture.shape[1]):
            total = total + picture[i, j]
            row = row + i * picture[i, j]
            column = column + j * picture[i, j]
    return row / total, column / total


def only_28(picture):
    """Right for 28 x 28 pixels, and for nothing else."""
    ink = [(float(picture[i, j]), i, j) for i in range(28) for j in range(28)]
    return np.array([[weight * i, weight * j] for weight, i, j in ink]).sum(axis=0) / sum(
        weight for weight, _, _ in ink
    )


def square(first, last, more=None):
    """Covers rows and columns from first to last, in sides from the middle, and `more`."""

    def cover(picture, row, column, side):
        end = (1 if first < 0 else 0) if more is None else more
        rows, columns = ([max(0, at + int(first * side)), at + int(last * side) + end] for at in (row, column))
        result = picture.copy()
        result[slice(*rows), slice(*columns)] = 0
        return result

    return cover


def sliced(picture, row, column, half):
    result = picture.copy()
    result[row - half : row + half + 1, column - half : column + half + 1] = 0
    return result


WRONG = {
    "parameters_with_more_kernels": [
        (1_256_080, "network with 50 kernels"),
        (1_256_080 + 14 * 501, "changed the convolution only"),
        (1_256_080 + 14 * 49 * 500, "changed the 500 units only"),
        (1_606_094 - 594, "forgot the biases: one a kernel, one a unit"),
        (1_606_094 - 64, "biases of the 64 kernels"),
        (1_606_094 - 500, "biases of the 500 units"),
        (520 + 64 * 26 + 3137 * 500 + 5010, "as deep as its input"),
        (520 + 64 * 501 + (14 * 14 * 64 + 1) * 500 + 5010, "left out the second pooling"),
        (64 * 501, "the whole network is asked for"),
        (350_014, "how many came in addition"),
        (7, "Two layers change"),
        (1_654_094, "as deep as the 20 maps"),
        (1_605_574, "forgot the first convolution"),
        (1_601_084, "forgot the last layer"),
        (1_256_080 * 64 / 50, "in proportion"),
        (1_607_782, "in proportion"),
        (1_606_000, "give more digits"),
        ("1,256,080", "network with 50 kernels"),
    ],
    "inputs_without_padding": [
        (2450, "network with padding"),
        (16, "That is one map"),
        (320, "50 maps come out"),
        (16_000, "50 maps are left"),
        (1250, "there are two convolutions"),
        (20_000, "forgot the poolings"),
        (5000, "you halved once"),
        (3200, "before the second pooling"),
        (1800, "takes away four rows"),
        (801, "not one of its inputs"),
        (400_500, "the inputs of one are asked for"),
        (3, "28, 24, ..."),
        ((4, 4, 50), "multiply them"),
        (400_000, "weights of the 500 units"),
        ((4, 4), "You gave 2 numbers in place of one number"),
    ],
    "middle_of_the_ink": [
        (lambda picture: mass(picture)[::-1], "row comes first"),
        (lambda picture: np.argwhere(picture).mean(axis=0), "Grey counts too"),
        (lambda picture: [(np.flatnonzero(picture.any(axis=a))[[0, -1]]).mean() for a in (1, 0)], "middle of the box"),
        (lambda picture: [(n - 1) / 2 for n in picture.shape], "middle of the picture"),
        (lambda picture: np.add(mass(picture), 1), "Count rows and columns from 0"),
        (lambda picture: np.multiply(mass(picture), picture.sum() / picture.size), "not by the number of pixels"),
        (lambda picture: np.multiply(mass(picture), picture.sum() / 255), "not by 255"),
        (lambda picture: np.unravel_index(picture.argmax(), picture.shape), "brightest pixel"),
        (lambda picture: (1, 2), "Think of each pixel as a weight"),
        (by_loop, "uint8"),
        (only_28, "a number, such as 28, where the size of its input"),
        (lambda picture: mass(picture)[0], "gives one number in place of 2 numbers"),
        (lambda picture: None, "returns nothing; end it with return"),
        (lambda picture: [round(at) for at in mass(picture)], "fractions"),
        (lambda picture: np.round(mass(picture), 1), "Your results are rounded"),
        (ndimage.center_of_mass, "belongs to a library"),
        (lambda picture: ndimage.center_of_mass(picture), "a library computes them"),
        (lambda picture: 1 / 0, "ZeroDivisionError"),
        ((14, 14), "which is no function"),
    ],
    "found_and_trusted": [
        ((190 / 198, 190 / 200), "The other way round"),
        ((0.95, 0.95), "a column"),
        ((190 / 198, 190 / 198), "a row"),
        ((585 / 604, 585 / 604), "only the nines"),
        ((0.05, 8 / 198), "went wrong"),
        ((95, 19_000 / 198), "in per cent"),
        ((95, 96), "in per cent"),
        (("95%", "95%"), "a column"),
        ((5, 4.04), "went wrong"),
        ((190, 190), "of how many"),
        ((19, 190 / 8), "belong to the whole too"),
        ((190 / 604, 190 / 604), "only a row, and only a column"),
        ((200 / 604, 198 / 604), "how many are right"),
        ((0.5, 0.5), "Give two shares"),
        (0.95, "You gave one number in place of 2 numbers"),
        ((0.95, 0.97), "Right: found. Not yet: trusted."),
        ((0.8, 190 / 198), "Right: trusted. Not yet: found."),
    ],
    "dropout_by_hand": [
        (lambda units, kept, share: units * kept, "make up for it"),
        (lambda units, kept, share: units * kept / share, "the others that must make up"),
        (lambda units, kept, share: units * kept * (1 - share), "they must become stronger"),
        (lambda units, kept, share: units * ~kept / (1 - share), "dropped those that are kept"),
        (lambda units, kept, share: units / (1 - share), "No unit was dropped"),
        (lambda units, kept, share: units * kept / kept.mean(), "Nearly"),
        (lambda units, kept, share: units * (1 - share), "makes every unit weaker"),
        (lambda units, kept, share: units, "Where kept is False the result is 0"),
        (lambda units: units, "TypeError"),
        (lambda units, kept, share: units[kept] / (1 - share), "missing in your result"),
        (lambda units, kept, share: units * kept * 2, "right for share = 0.5 only"),
        (lambda units, kept, share: None, "returns nothing; end it with return"),
        (lambda units, kept, share: (units * kept / (1 - share)).sum(), "gives one number in place of 11 numbers"),
        (lambda units, kept, share: np.round(units * kept / (1 - share), 2), "Your results are rounded"),
        (lambda units, kept, share: units * kept / (1 - share) if share < 0.6 else units, "is right for units of 11"),
        ([1, 2], "which is no function"),
    ],
    "smallest_move": [
        (0, "count how many are read correctly"),
        (-1, "count how many"),
        (28, "Move all 200 pictures"),
        (5, "still reads at least half"),
        (6, "still reads at least half"),
        (7, "one picture at a time"),
        (12, "fewer pixels are enough"),
        (-8, "to the right is meant"),
        ([7], "one picture at a time"),
    ],
    "half_width": [
        (lambda wrong, n: rule(wrong, n) / np.sqrt(n), "divide by its square root"),
        (lambda wrong, n: 1.96 * wrong / n * (1 - wrong / n) / n, "forgot the square root"),
        (lambda wrong, n: 1.96 * np.sqrt(wrong / n * (1 - wrong / n)), "under the root"),
        (lambda wrong, n: 1.96 * np.sqrt(wrong * (1 - wrong / n)), "give a share of 1"),
        (lambda wrong, n: 100 * rule(wrong, n), "in per cent"),
        (lambda wrong, n: 2 * rule(wrong, n), "the whole width"),
        (lambda wrong, n: rule(wrong, n) / 1.96, "one standard deviation"),
        (lambda wrong, n: 1.96 * np.sqrt(wrong) / n, "the factor 1 − p"),
        (lambda wrong, n: wrong / n + rule(wrong, n), "the upper end"),
        (lambda wrong, n: 0.004, "First p"),
        (lambda wrong, n: None, "returns nothing"),
    ],
    "units_of_the_rival": [
        (1580, "right for one hidden layer"),
        (1115, "to the first hidden layer"),
        (1120, "to the first hidden layer"),
        (618, "three hidden layers"),
        (795, "ten units that gives the answer"),
        (1101, "not 28"),
        (790, "a neighbour comes closer"),
        (1255327, "Three layers have weights"),
    ],
}

WRONG |= {
    "cover": [
        (lambda p, row, column, side: checks.covered(p, column, row, side), "are exchanged"),
        (square(0, 1), "begins at row and column"),
        (square(-0.5, 0.5, 0), "A row and a column are missing"),
        (square(-1, 1), "half is enough"),
        (lambda p, row, column, side: sliced(p, row, column, side // 2), "counts from the other end"),
        (lambda p, row, column, side: np.zeros(p.shape), "The whole picture"),
        (lambda p, row, column, side: p, "Nothing is covered"),
        (lambda p, row, column, side: 2 * p, "the first row of the square"),
        (lambda p, row, column, side: None, "returns nothing"),
    ],
    "signed_step": [
        (lambda p, g, size: p + size * np.sign(g), "left the range"),
        (lambda p, g, size: np.clip(p + size * g, 0, 1), "take its sign"),
        (lambda p, g, size: np.clip(p - size * np.sign(g), 0, 1), "go up"),
        (lambda p, g, size: np.clip(p + np.sign(g), 0, 1), "forgot the size"),
        (lambda p, g, size: np.clip(size * np.sign(g), 0, 1), "the step alone"),
        (lambda p, g, size: np.clip(p + size, 0, 1), "became brighter"),
        (lambda p, g, size: p * 0, "sign of the gradient"),
    ],
}
ALSO_RIGHT = {
    "cover": [lambda p, *place: checks.covered(p, *place)],
    "signed_step": [lambda p, g, size: np.minimum(np.maximum(p + size * np.where(g > 0, 1, -1), 0), 1)],
    "parameters_with_more_kernels": [1_606_094.0, "1,606,094"],
    "inputs_without_padding": [np.int64(800)],
    "middle_of_the_ink": [mass, lambda picture: by_loop(picture.astype(float))],
    "found_and_trusted": [[0.95, 0.9596]],
    "dropout_by_hand": [lambda u, k, s: [x / (1 - s) if kept else 0 for x, kept in zip(u, k, strict=True)]],
    "half_width": [rule, lambda wrong, n: 1.96 * (wrong * (n - wrong) / n**3) ** 0.5],
    "units_of_the_rival": [791.0],
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_named_and_an_untouched_task_says_so(name):
    names_its_mistakes(getattr(checks, name), WRONG[name], ALSO_RIGHT.get(name, ()), never=["1606094", "1,606,094"])


def test_the_smallest_move_by_a_loop_of_its_own():
    weights = data.load("lenet")
    network, pixels, share = builders.from_weights(weights), 0, 1.0
    while share >= 0.5:
        pixels += 1
        moved = np.roll(TEST[0][:200], pixels, axis=2)
        moved[:, :, :pixels] = 0
        share = (training.predict(network, moved).argmax(axis=1) == TEST[1][:200]).mean()
    assert checks.smallest_move(pixels).passed
    assert "still reads at least half" in checks.smallest_move(pixels - 1)
    assert "fewer pixels are enough" in checks.smallest_move(pixels + 1)
    assert "to the right is meant" in checks.smallest_move(-pixels)
