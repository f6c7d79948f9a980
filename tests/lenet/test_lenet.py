"""LeNet in NumPy, digits, figures and checks of lesson 6."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import interpolate, ndimage

from lenet import oracle
from lessons_lib import data, lenet
from lessons_lib.keras_models import lenet as builders
from lessons_lib.keras_models import training
from lessons_lib.lenet import checks, figures
from lessons_lib.plots.grid import in_mosaic, mosaic

DIGITS = data.load("mnist")
PICTURES, LABELS = DIGITS["images"], DIGITS["labels"]
TEST = PICTURES[8000:], LABELS[8000:]


@pytest.fixture(scope="module")
def weights():
    return {name: array.astype(np.float32) for name, array in data.load("lenet").items()}


def test_the_lectures_table():
    shapes = [(row.name, row.shape) for row in lenet.layer_table()]
    assert shapes == [
        ("input", (28, 28, 1)), ("conv1", (28, 28, 20)), ("act1", (28, 28, 20)), ("pool1", (14, 14, 20)),
        ("conv2", (14, 14, 50)), ("act2", (14, 14, 50)), ("pool2", (7, 7, 50)), ("fc3", (500,)), ("act3", (500,)),
        ("fc4", (10,)), ("softmax", (10,)),
    ]  # fmt: skip
    assert lenet.layer_table(pooled=False)[-4].parameters == (28 * 28 * 50 + 1) * 500
    by_hand = [(5 * 5 * 1 + 1) * 20, (5 * 5 * 20 + 1) * 50, (7 * 7 * 50 + 1) * 500, (500 + 1) * 10]
    assert [row.parameters for row in lenet.layer_table() if row.parameters] == by_hand
    assert sum(by_hand) == 1_256_080


# --- Digits


@given(
    hnp.arrays(
        np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 60)), elements=st.sampled_from([0, 0, 0, 90, 255])
    )
)
@settings(max_examples=60)
def test_centring_against_pil_and_scipy(drawing):
    ready = lenet.centre(drawing)
    assert ready.shape == (28, 28) and ready.dtype == np.uint8
    if not drawing.any():
        assert not ready.any()
        return
    assert ready.max() == 255
    expected = oracle.centred(drawing)
    # On the edge between two pixels the last digits of Pillow's float32 would decide.
    assume(min(abs(at % 1 - 0.5) for at in ndimage.center_of_mass(expected)) > 1e-4)
    assert np.abs(ready - expected).max() <= 1


def test_mnist_is_centred_already():
    same = [np.abs(lenet.centre(picture).astype(int) - picture).max() <= 1 for picture in PICTURES]
    assert (sum(same), len(same)) == (9998, 10_000)
    ink, places = PICTURES.sum(axis=(1, 2)), np.arange(28)
    for axis in (1, 2):
        middle = PICTURES.sum(axis=axis) @ places / ink
        assert middle.min() >= 13.5 and middle.max() <= 14.5


def test_centring_refuses_negative_ink():
    with pytest.raises(ValueError, match="drawing holds -1; give 0"):
        lenet.centre([[0, -1], [3, 4]])


@given(st.integers(-3, 30), st.integers(-3, 30), st.integers(0, 255))
def test_a_dab_darkens_its_neighbours(row, column, ink):
    if not (0 <= row < 28 and 0 <= column < 28):
        return
    before = np.full((28, 28), ink, np.uint8)
    after = lenet.dab(before, row, column)
    for r in range(28):
        for c in range(28):
            near = abs(r - row) <= 1 and abs(c - column) <= 1
            brush = lenet.BRUSH[r - row + 1, c - column + 1] if near else 0
            assert after[r, c] == max(ink, brush)


def test_deforming_is_the_same_for_the_same_seed_and_keeps_the_ink():
    some = PICTURES[:700]
    changed = lenet.deform(some, np.random.default_rng(0))
    assert changed.shape == some.shape and changed.dtype == np.uint8
    assert np.array_equal(changed, lenet.deform(some, np.random.default_rng(0)))
    assert changed.mean() == pytest.approx(some.mean(), rel=0.1)


def test_deforming_is_that_of_scipy():
    """The same draws, turned into places by hand; waves by SciPy's splines, values between pixels by SciPy's."""
    count, knots, pictures = 20, 4, PICTURES[:20]
    changed = lenet.deform(pictures, np.random.default_rng(1), 2.0, 12.0, 0.12, 0.15, 1.0, knots)
    generator = np.random.default_rng(1)
    turn, taller, wider, shear, down, right = (
        generator.uniform(-most, most, count) for most in (12.0, 0.12, 0.12, 0.15, 2.0, 2.0)
    )
    pushes = generator.normal(0, 1.0, (2, count, knots + 2, knots + 2))
    basis = interpolate.BSpline(np.arange(-3, knots + 3), np.eye(knots + 2), 3)(np.linspace(0, knots - 1, 28))
    middle, angles = np.indices((28, 28)) - 13.5, np.deg2rad(turn)
    for k in range(count):
        row = np.cos(angles[k]) * middle[0] - np.sin(angles[k]) * middle[1]
        column = np.sin(angles[k]) * middle[0] + np.cos(angles[k]) * middle[1]
        waves = [basis @ push[k] @ basis.T for push in pushes]
        rows = np.exp(taller[k]) * row + 13.5 + down[k] + waves[0]
        columns = np.exp(wider[k]) * column + shear[k] * row + 13.5 + right[k] + waves[1]
        expected = ndimage.map_coordinates(pictures[k].astype(float), [rows, columns], order=1, mode="nearest")
        assert np.abs(changed[k] - expected).max() <= 1


@pytest.mark.parametrize("size", [1, 3, 7])
def test_occlusions_by_a_loop(size):
    picture = TEST[0][5]
    occluded = lenet.occlusions(picture, size).reshape(28, 28, 28, 28)
    for row, column in ((0, 0), (14, 9), (27, 13)):
        expected = picture.copy()
        reach = size // 2
        expected[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1] = 0
        assert np.array_equal(occluded[row, column], expected)
    with pytest.raises(ValueError, match="size is 4; give an odd one"):
        lenet.occlusions(picture, 4)


def test_the_occlusion_map_is_what_falls():
    picture = TEST[0][5]

    def predict(pictures):
        share = np.asarray(pictures, float).sum(axis=(1, 2)) / picture.sum()
        return np.stack([share, 1 - share], axis=1)

    falls = lenet.occlusion_map(picture, 0, predict, size=3)
    assert falls[14, 14] == pytest.approx(picture[13:16, 13:16].sum() / picture.sum())
    np.testing.assert_allclose(lenet.occlusion_map(picture, 1, predict, size=3), -falls, atol=1e-9)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60))
def test_confusion_by_a_loop(pairs):
    labels, answers = zip(*pairs, strict=True)
    expected = np.zeros((5, 5), int)
    for label, answer in pairs:
        expected[label, answer] += 1
    assert np.array_equal(lenet.confusion(labels, answers, classes=5), expected)


@pytest.mark.parametrize(("labels", "answers", "words"), [
    ([1, 2], [1], "2 labels and 1 answers"), ([10], [1], "labels are"), ([1], [-1], "answers are"),
])  # fmt: skip
def test_confusion_refuses(labels, answers, words):
    with pytest.raises(ValueError, match=words):
        lenet.confusion(labels, answers)


# --- What is shipped


def test_the_shipped_weights_read(weights):
    assert sum(array.size for array in weights.values()) == 1_256_080
    probabilities = training.predict(builders.from_weights(weights), TEST[0])
    assert (probabilities.argmax(axis=1) == TEST[1]).mean() >= 0.988
    ours = lenet.forward(TEST[0][:200], weights)["softmax"]
    np.testing.assert_allclose(ours, probabilities[:200], atol=1e-3)


def test_numpy_computes_what_keras_stored(weights):
    outputs = lenet.forward(TEST[0][:20], weights)
    assert np.abs(outputs["fc4"] - data.load("keras-answers")["logits"]).max() < 1e-4
    assert {name: array.dtype.name for name, array in outputs.items() if name != "softmax"} == dict.fromkeys(
        [name for name in outputs if name != "softmax"], "float32"
    )


STROKES = {  # corners of the lines of a hand that draws on the board, (row, column)
    0: [(4, 14), (7, 8), (14, 6), (21, 8), (24, 14), (21, 20), (14, 22), (7, 20), (4, 14)],
    1: [(4, 15), (24, 13)],
    2: [(7, 8), (4, 13), (7, 19), (12, 18), (23, 7), (23, 20)],
    3: [(5, 8), (4, 15), (9, 18), (13, 13), (18, 19), (23, 15), (22, 7)],
    4: [(4, 9), (14, 7), (14, 20), (5, 18), (25, 16)],
    5: [(4, 19), (4, 9), (12, 8), (12, 16), (18, 19), (23, 14), (22, 7)],
    6: [(4, 17), (10, 9), (18, 8), (23, 13), (19, 19), (15, 14), (18, 8)],
    7: [(5, 7), (5, 20), (24, 11)],
    8: [(9, 18), (4, 14), (8, 9), (13, 14), (20, 19), (24, 14), (20, 8), (13, 14), (9, 18)],
    9: [(9, 18), (4, 13), (9, 9), (12, 14), (9, 18), (24, 16)],
}


def drawn(corners, move=(0, 0), zoom=1.0):
    """A board after strokes from corner to corner."""
    picture = np.zeros((28, 28), np.uint8)
    corners = [(round(r * zoom) + move[0], round(c * zoom) + move[1]) for r, c in corners]
    for (r, c), (to_r, to_c) in itertools.pairwise(corners):
        steps = max(abs(to_r - r), abs(to_c - c), 1)
        for step in range(steps + 1):
            picture = lenet.dab(picture, round(r + step / steps * (to_r - r)), round(c + step / steps * (to_c - c)))
    return picture


def test_the_soft_brush_draws_digits_that_are_read(weights):
    for move, zoom in (((0, 0), 1.0), ((-2, -3), 1.0), ((1, 1), 0.6), ((10, 12), 0.5)):
        boards = np.array([lenet.centre(drawn(STROKES[digit], move, zoom)) for digit in range(10)])
        answers = lenet.forward(boards, weights)["softmax"].argmax(axis=1)
        assert (answers == np.arange(10)).sum() >= 9, (move, zoom, answers)


def test_the_runs_are_those_of_the_lesson():
    runs = data.load("lenet-runs")
    names = runs["names"].tolist()
    assert names[0] == "linear" and names[-1] == "best" and all(figures.label_of(name) != name for name in names)
    assert runs["tested"].shape == runs["learned"].shape == runs["seconds"].shape == (len(names), 5)
    row = {name: index for index, name in enumerate(names)}
    built = {"linear": builders.linear(), "mlp": builders.mlp(), "lenet5": builders.lenet5(), "relu": builders.build()}
    assert all(runs["parameters"][row[name]] == network.count_params() for name, network in built.items())
    mean = dict(zip(names, runs["tested"].mean(axis=1), strict=True))
    assert mean["best"] > mean["relu"] > mean["mlp"] > mean["linear"]
    assert mean["relu"] >= 0.975 and mean["best"] >= 0.988
    assert mean["shuffled"] < mean["relu"] and abs(mean["mlp-shuffled"] - mean["mlp"]) < 0.006
    assert runs["choices_wrong"].shape == (len(runs["choices"]), 3)


# --- Pictures


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 12), st.integers(1, 12))
@settings(max_examples=40)
def test_each_cell_of_a_mosaic_is_found(height, width, count, columns):
    maps = np.arange(height * width * count).reshape(height, width, count)
    for asked in (columns, None):
        picture = mosaic(maps, asked, edge=-1)
        seen = 0
        for (row, column), value in np.ndenumerate(picture):
            place = in_mosaic(row, column, maps.shape, asked)
            if place is None:
                assert value == -1
            else:
                k, r, c = place
                assert value == maps[r, c, k]
                seen += 1
        assert seen == maps.size


def test_the_mosaics_of_the_lesson_are_wide():
    shapes = [mosaic(np.zeros(shape)).shape for shape in ((28, 28, 20), (14, 14, 50), (5, 5, 20))]
    assert shapes == [(115, 144), (74, 149), (23, 29)]


def test_figures_of_a_network_and_its_mistakes(weights):
    outputs = lenet.forward(TEST[0][0], weights)
    described = figures.maps(outputs).alt
    assert "act1, 20 of 28 × 28" in described and "pool2, 50 of 7 × 7" in described
    assert f"{outputs['act1'].max():.2f}" in described
    matrices = lenet.confusion([0, 1, 1], [0, 1, 0]), np.eye(10, dtype=int)
    assert len({figures.confusion(matrix, trained_here=True).steady for matrix in matrices}) == 1
    assert not hasattr(figures.confusion(matrices[0]), "steady")
    with pytest.raises(ValueError, match="1 names and 2 rows"):
        figures.errors_by_network(["a"], [[1], [2]])


# --- Exercises


def mass(picture):
    picture = np.asarray(picture, float)
    return [total @ np.arange(len(total)) / picture.sum() for total in (picture.sum(axis=1), picture.sum(axis=0))]


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
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_get_their_sentence(name):
    check = getattr(checks, name)
    assert check(...).passed is None
    for answer, words in WRONG[name]:
        verdict = check(answer)
        assert verdict.passed is False
        assert words in verdict, (answer, verdict)


def test_right_answers_are_accepted_however_they_are_written():
    assert checks.parameters_with_more_kernels(1_606_094.0).passed
    assert checks.inputs_without_padding(np.int64(800)).passed
    assert checks.middle_of_the_ink(lambda picture: by_loop(picture.astype(float))).passed
    assert checks.found_and_trusted([0.95, 0.9596]).passed
    assert checks.dropout_by_hand(
        lambda u, k, s: [x / (1 - s) if kept else 0 for x, kept in zip(u, k, strict=True)]
    ).passed


def test_the_smallest_move_by_a_loop_of_its_own(weights):
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
