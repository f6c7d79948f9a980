"""Lesson 4: its numbers, its pictures, its panels, its checks."""

import ast
import importlib.util
import inspect
import math
import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.signal import correlate2d

import oracles
import solutions
from gates import lesson_form
from lessons_lib import filtering, geometry
from lessons_lib.core.fast_conv import fast_conv2d
from lessons_lib.geometry import checks, figures, panels

NOTEBOOK = solutions.ROOT / "notebooks" / "en" / "04-geometry.ipynb"

# --- The lecture's numbers, each computed


def test_stride_3_does_not_fit_and_says_why():
    assert round((7 - 3) / 3 + 1, 2) == 2.33
    with pytest.raises(ValueError, match=r"= 2\.33 is not whole; 1 px left over at the end") as error:
        geometry.output_size(7, 3, stride=3)
    assert "never read: row and column 6;" in str(error.value)
    assert "choose a stride of 1, 2, 4," in str(error.value)
    assert geometry.unused_pixels(7, 3, stride=3) == [6]
    assert geometry.keras_output_size(7, 3, stride=3) == math.floor(2.33) == 2
    assert geometry.keras_output_size(7, 3, stride=3, padding="same") == math.ceil(7 / 3) == 3


def test_known_first_layers():
    assert geometry.layer(227, 227, 3, 96, 11, 4) == (55, 55, 96, 34848, 96, 105415200)
    assert geometry.layer(224, 224, 3, 64, 3, 1, 1)[:5] == (224, 224, 64, 1728, 64)
    assert geometry.layer(28, 28, 1, 20, 5, 1, 2)[:5] == (28, 28, 20, 500, 20)
    assert geometry.layer(9, 5, 2, 4, 3).shape == (7, 3, 4)
    with pytest.raises(ValueError, match=r"^width: side 224 does not fit"):
        geometry.layer(224, 224, 3, 96, 11, 4)
    assert geometry.layer(224, 224, 3, 64, 7, 2, "same").shape == (112, 112, 64)


def test_groups_split_the_depth():
    assert geometry.layer(27, 27, 96, 256, 5, 1, 2, groups=2).weights == 5 * 5 * 48 * 256
    assert geometry.layer(27, 27, 96, 256, 5, 1, 2, bias=False).biases == 0
    with pytest.raises(ValueError, match="groups is 5; choose a number that divides depth 96 and kernels 256"):
        geometry.layer(27, 27, 96, 256, 5, 1, 2, groups=5)


# --- Sizes, against windows put down one by one

sides = st.tuples(st.integers(1, 24), st.integers(1, 12), st.integers(1, 12), st.integers(0, 5))
fitting_sides = sides.filter(lambda side: side[1] <= side[0] + 2 * side[3])


def windows(n, f, stride, padding):
    """The pixels of each window on the padded side."""
    starts = [start for start in range(n + 2 * padding) if start % stride == 0 and start + f <= n + 2 * padding]
    return [set(range(start, start + f)) for start in starts]


@given(fitting_sides)
def test_output_size_counts_windows_or_says_what_is_left(side):
    n, f, stride, padding = side
    places = windows(*side)
    left = n + 2 * padding - max(places[-1]) - 1
    if left == 0:
        assert geometry.output_size(*side) == len(places)
    else:
        with pytest.raises(ValueError, match=f"; {left} px left over at the end"):
            geometry.output_size(*side)
    if padding == 0:
        assert geometry.keras_output_size(n, f, stride) == len(places)


@given(fitting_sides)
def test_read_counts_are_those_of_windows_over_a_pixel(side):
    n, _f, _stride, padding = side
    places = windows(*side)
    counts = geometry.read_counts(*side)
    assert counts.tolist() == [sum(i in place for place in places) for i in range(n + 2 * padding)]
    assert geometry.unused_pixels(*side) == [
        i - padding for i in range(n + 2 * padding) if not any(i in p for p in places)
    ]


@given(fitting_sides)
def test_the_strides_it_offers_do_fit(side):
    try:
        geometry.output_size(*side)
    except ValueError as error:
        offered = str(error).split("choose a stride of ")[1].split(", another")[0]
        for stride in offered.split(", "):
            geometry.output_size(side[0], side[1], int(stride), side[3])


@given(st.integers(1, 24), st.integers(1, 12), st.integers(1, 12))
def test_same_pads_no_more_than_it_needs(n, f, stride):
    before, after = geometry.pad_widths(n, f, stride, "same")
    size = geometry.keras_output_size(n, f, stride, "same")
    assert size == math.ceil(n / stride) and 0 <= after - before <= 1
    if before + after:
        assert (size - 1) * stride + f == n + before + after


# --- Receptive fields, against marking the cells that matter

stacks = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 3)), min_size=1, max_size=4)


@given(stacks, st.integers(0, 2))
def test_receptive_field_is_what_can_change_the_output(layers, position):
    counts = np.eye(position + 1, dtype=int)[position]
    for f, stride in reversed(layers):
        before = np.zeros((len(counts) - 1) * stride + f, dtype=int)
        for i, ways in enumerate(counts):
            before[i * stride : i * stride + f] += ways
        counts = before
    seen = np.flatnonzero(counts)
    first, last = geometry.input_windows(layers, position)[-1]
    assert (first, last) == (seen[0], seen[-1])
    assert geometry.receptive_field(layers) == last - first + 1
    assert geometry.path_counts(layers).tolist() == counts[first : last + 1].tolist()
    assert geometry.path_counts(layers).sum() == math.prod(f for f, _stride in layers)


@given(stacks)
def test_grow_receptive_field_is_one_window_of_receptive_field(layers):
    field = (1, 1)
    for f, stride in layers:
        field = geometry.grow_receptive_field(field, f, stride)
    # What one cell sees, and how far the next one's first pixel is from its own.
    first, second = (geometry.input_windows(layers, position)[-1] for position in (0, 1))
    assert field == (first[1] - first[0] + 1, second[0] - first[0])


def test_a_published_receptive_field():
    # Araujo, Norris and Sim (2019), table: AlexNet's last pooling sees 195 px, VGG-16's 212.
    alexnet = [(11, 4), (3, 2), (5, 1), (3, 2), 3, 3, 3, (3, 2)]
    vgg = [3, 3, (2, 2), 3, 3, (2, 2), 3, 3, 3, (2, 2), 3, 3, 3, (2, 2), 3, 3, 3, (2, 2)]
    assert geometry.receptive_field(alexnet) == 195
    assert geometry.receptive_field(vgg) == 212


# --- The convolution, against SciPy and against Keras


@st.composite
def convolutions(draw, integers=True):
    """x, kernels, bias, stride and padding that go together."""
    batch, depth, count = (draw(st.integers(1, 3)) for _ in range(3))
    rows, columns = (draw(st.integers(1, 5)) for _ in range(2))
    padding = draw(st.sampled_from([0, 1, 2, "valid", "same"]))
    room = 2 * padding if isinstance(padding, int) else 0
    height, width = (draw(st.integers(max(1, f - room), 10)) for f in (rows, columns))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    if integers and draw(st.booleans()):
        x = rng.integers(0, 256, (batch, height, width, depth)).astype(draw(st.sampled_from([np.uint8, np.int64])))
        kernels = rng.integers(-9, 10, (rows, columns, depth, count))
    else:
        x = rng.normal(size=(batch, height, width, depth)).astype(draw(st.sampled_from([np.float32, np.float64])))
        kernels = rng.normal(size=(rows, columns, depth, count)).astype(x.dtype)
    bias = draw(st.sampled_from([None, rng.normal(size=count)]))
    return x, kernels, bias, draw(st.integers(1, 4)), padding


def by_scipy(x, kernels, bias, stride, padding):
    around = [geometry.pad_widths(n, f, stride, padding) for n, f in zip(x.shape[1:3], kernels.shape, strict=False)]
    x = np.pad(x.astype(float), [(0, 0), *around, (0, 0)])
    maps = [
        [
            sum(correlate2d(x[b, :, :, d], kernels[:, :, d, k].astype(float), "valid") for d in range(x.shape[3]))
            for k in range(kernels.shape[3])
        ]
        for b in range(len(x))
    ]
    result = np.array(maps).transpose(0, 2, 3, 1)[:, ::stride, ::stride]
    return result if bias is None else result + bias


@given(convolutions())
@settings(deadline=None)
def test_conv2d_agrees_with_scipy(case):
    ours, theirs = geometry.conv2d(*case), by_scipy(*case)
    assert ours.shape == theirs.shape
    assert np.allclose(ours, theirs, rtol=1e-4, atol=1e-4 if ours.dtype == np.float32 else 1e-9)
    for axis, n, f in ((1, case[0].shape[1], case[1].shape[0]), (2, case[0].shape[2], case[1].shape[1])):
        if isinstance(case[4], str):
            assert ours.shape[axis] == geometry.keras_output_size(n, f, case[3], case[4])


@given(convolutions())
@settings(deadline=None)
def test_the_fast_form_agrees_with_the_one_that_lessons_show(case):
    x, kernels, bias, stride, padding = case
    padding = padding if isinstance(padding, int) else 0
    assume(min(x.shape[1] - kernels.shape[0], x.shape[2] - kernels.shape[1]) + 2 * padding >= 0)
    shown = geometry.conv2d(x, kernels, bias, stride, padding)
    fast = fast_conv2d(x, kernels, 0 if bias is None else bias, stride, padding)
    assert fast.shape == shown.shape and fast.dtype == shown.dtype
    assert np.allclose(fast, shown, rtol=1e-4, atol=1e-4 if shown.dtype == np.float32 else 1e-9)


def test_the_fast_form_takes_as_many_pictures_as_there_are():
    rng = np.random.default_rng(0)
    x, kernels = rng.random((300, 28, 28, 1), np.float32), rng.random((5, 5, 1, 4), np.float32)
    assert np.allclose(fast_conv2d(x, kernels, padding=2), geometry.conv2d(x, kernels, padding=2), rtol=1e-4)
    with pytest.raises(ValueError, match=r"has depth 1, kernels of shape .* have 2"):
        fast_conv2d(x, np.ones((3, 3, 2, 1)))


@pytest.mark.parametrize(
    ("notebook", "cell", "core"),
    [
        ("02-filtering", "task-correlate", filtering.correlate_valid),
        ("04-geometry", "layer-by-cells", geometry.conv2d_valid),
    ],
)
def test_the_library_computes_with_the_function_that_a_student_writes(notebook, cell, core):
    lesson = solutions.lesson(NOTEBOOK.with_stem(notebook))
    source = lesson_form.solved(lesson, lesson.by_id(cell)) or lesson.by_id(cell).source
    written = ast.parse(source).body[0]
    shown = ast.parse(inspect.getsource(core)).body[0]
    assert [ast.unparse(line) for line in shown.body[1:]] == [ast.unparse(line) for line in written.body]
    assert ast.unparse(shown.args) == ast.unparse(written.args)


def test_conv2d_never_overflows_bytes_nor_changes_its_input():
    x = np.full((1, 4, 4, 2), 255, np.uint8)
    kernels = np.ones((3, 3, 2, 1), np.uint8)
    assert geometry.conv2d(x, kernels, padding=1).max() == 255 * 18
    assert (x == 255).all() and (kernels == 1).all()
    assert geometry.conv2d(x, kernels.astype(np.float32)).dtype == np.float32
    assert geometry.conv2d(x.astype(int), kernels).dtype == np.float64


@pytest.fixture(scope="module")
def keras():
    """Keras, imported once."""
    pytest.importorskip("tensorflow")
    import keras

    from lessons_lib import keras_models  # noqa: F401

    return keras


def test_conv2d_agrees_with_keras(keras):
    from lessons_lib.keras_models.keras_conv import keras_conv2d

    @given(convolutions(integers=False))
    @settings(max_examples=40, deadline=None)
    def agree(case):
        ours, theirs = geometry.conv2d(*case), keras_conv2d(*case)
        assert ours.shape == theirs.shape
        assert np.allclose(ours, theirs, rtol=1e-4, atol=1e-4)

    agree()


def test_keras_output_size_is_keras_own(keras):
    compared = 0
    for f in (1, 2, 3, 4, 5, 7):
        for stride in (1, 2, 3, 4, 5):
            for padding in ("valid", "same"):
                layer = keras.layers.Conv2D(1, f, strides=stride, padding=padding)
                for n in range(f, 20):
                    _batch, rows, _columns, _depth = layer.compute_output_shape((1, n, n, 1))
                    assert rows == geometry.keras_output_size(n, f, stride, padding)
                    compared += 1
    assert compared == 980


def test_keras_counts_the_same_parameters(keras):
    for depth, count, size in ((1, 20, 5), (3, 64, 3), (20, 50, 5), (7, 4, 1)):
        layer = keras.layers.Conv2D(count, size, padding="same")
        layer.build((None, 16, 16, depth))
        assert layer.count_params() == geometry.layer(16, 16, depth, count, size, 1, "same").parameters


def test_keras_conv2d_says_what_does_not_fit(keras):
    from lessons_lib.keras_models.keras_conv import keras_conv2d

    with pytest.raises(ValueError, match="has depth 2, kernels of shape"):
        keras_conv2d(np.ones((1, 4, 4, 2)), np.ones((3, 3, 1, 1)))


# --- What is refused besides values of a wrong type, which test_fire_numbers sends

X, KERNELS = np.ones((1, 5, 5, 2)), np.ones((3, 3, 2, 4))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: geometry.output_size(3, 8, 1, 2), "kernel 8 is larger than 3 px with padding 2; choose at most 7"),
        (lambda: geometry.read_counts(7, 3, 0), "stride is 0; give 1 or more"),
        (lambda: geometry.keras_output_size(7, 3, 1, 1), "padding is 1; choose one of 'valid', 'same'"),
        (lambda: geometry.keras_output_size(7, 9), "kernel 9 is larger than 7 px with padding 0"),
        (lambda: geometry.pad_widths(7, 3, 0, "same"), "stride is 0; give 1 or more"),
        (lambda: geometry.layer(7, 8, 1, 1, 3, 2), r"^height: side 8 does not fit"),
        (lambda: geometry.receptive_field([]), r"layers is \[\]; give a list of sizes"),
        (lambda: geometry.receptive_field([(3, 1, 1)]), r"layers\[0\] is \(3, 1, 1\); give a size or \(size, stride\)"),
        (lambda: geometry.receptive_field([3, (3, 0)]), r"stride of layers\[1\] is 0; give 1 or more"),
        (lambda: geometry.conv2d(X, KERNELS[:, :, :1]), "has depth 2, kernels of shape .* have 1"),
        (lambda: geometry.conv2d(X, KERNELS, [1, 2]), "bias has 2 numbers; give one for each of the 4 kernels"),
        (lambda: geometry.conv2d(X[:, :2], KERNELS), "kernel 3 is larger than 2 px with padding 0; choose at most 2"),
        (
            lambda: geometry.conv2d(X, KERNELS, padding=10**6),
            "the padded x of shape .* values, 64,000 GB; give at most",
        ),
        (lambda: geometry.shrink(np.ones((2, 3)), 2), r"picture of shape \(2, 3\) is not square"),
        (lambda: geometry.shrink(np.ones((2, 2)), 3), "side is 3; give 2 or less"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- Shrinking


@given(st.integers(1, 30), st.data())
def test_shrink_is_the_mean_of_blocks(length, drawn):
    side = drawn.draw(st.integers(1, length))
    picture = np.arange(length**2).reshape(length, length) % 7
    edges = [length * i // side for i in range(side + 1)]
    blocks = [[picture[a:b, c:d].mean() for c, d in pairwise(edges)] for a, b in pairwise(edges)]
    assert np.allclose(geometry.shrink(picture, side), blocks)


# --- Pictures


def test_steps_draws_a_window_for_each_place_and_a_ghost_where_one_sticks_out():
    for n, f, stride, padding in ((7, 3, 1, 0), (7, 3, 2, 0), (7, 3, 3, 0), (7, 3, 1, 1), (9, 2, 5, 1)):
        figure = figures.steps(n, f, stride, padding)
        places = windows(n, f, stride, padding)
        sticks_out = max(places[-1]) < n + 2 * padding - 1
        patches = figure.axes[0].patches
        assert len(patches) == n + 2 * padding + len(places) + sticks_out
        assert sum(patch.get_hatch() is not None for patch in patches) == len(
            geometry.unused_pixels(n, f, stride, padding)
        )
        assert ("would stick out" in figure.alt) == sticks_out
        starts = [min(place) - padding for place in places]
        assert f"begin at {', '.join(map(str, starts))}" in figure.alt
    with pytest.raises(ValueError, match="kernel 8 is larger"):
        figures.steps(7, 8)


def test_output_cell_shows_what_conv2d_computes():
    picture, kernel = np.arange(49).reshape(7, 7), np.arange(9).reshape(3, 3) - 4
    figure = figures.output_cell(picture, kernel, stride=2, padding=1, cell=(3, 0))
    written = [[text.get_text() for text in axes.texts] for axes in figure.axes]
    output = correlate2d(np.pad(picture, 1), kernel, "valid")[::2, ::2]
    assert written[0] == [str(value) for value in np.pad(picture, 1).ravel()]
    assert written[2] == [str(value) for value in output.ravel()]
    assert "7 × 7 in a border of 1" in figure.alt and "output of 4 × 4 at stride 2" in figure.alt
    assert "Never read" not in figure.alt


def test_the_picture_of_read_counts_leaves_the_padding_out():
    assert "the corner 4, the middle 9" in figures.read_counts(7, 3, padding=1).alt


def test_maps_in_a_row_keep_the_size_of_a_pixel():
    figure = figures.maps_in_a_row([np.ones((9, 9)), np.ones((5, 7))])
    limits = {(axes.get_xlim(), axes.get_ylim()) for axes in figure.axes}
    assert len(limits) == 1
    assert "9 × 9, 5 × 7" in figure.alt


def test_colour_cell_adds_three_sums_and_the_bias():
    rng = np.random.default_rng(4)
    patch, kernel = rng.integers(0, 10, (3, 3, 3)), rng.integers(-2, 3, (3, 3, 3))
    sums = [int((patch[:, :, i] * kernel[:, :, i]).sum()) for i in range(3)]
    figure = figures.colour_cell(patch, kernel, -2)
    assert f"red {sums[0]}, green {sums[1]}, blue {sums[2]}; with the bias -2 they make {sum(sums) - 2}." in figure.alt
    assert figure.get_supxlabel().endswith(f"- 2 = {sum(sums) - 2}")
    cell = geometry.conv2d(patch[None], kernel[..., None], [-2])
    assert cell.item() == sum(sums) - 2
    with pytest.raises(ValueError, match="differ; give two of shape"):
        figures.colour_cell(patch, kernel[:2])


def test_boxes_do_not_overlap_and_grow_with_the_numbers():
    shapes = [(227, 227, 3), (11, 11, 3), (55, 55, 96)]
    drawn = figures.boxes(shapes)
    spans = [(min(face[:, 0].min() for face in faces), max(face[:, 0].max() for face in faces)) for faces in drawn]
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert spans[0][0] == 0 and math.isclose(spans[-1][1], 100)
    for shape, (front, _top, _side) in zip(shapes, drawn, strict=True):
        width, height = np.ptp(front, axis=0)
        assert math.isclose(width / height, math.sqrt(shape[0] / shape[1]))


def test_one_kernel_is_written_in_the_singular():
    assert "in 7 × 5 × 2, 1 kernel of 3 × 3 × 2, out 5 × 3 × 1." in figures.volumes((7, 5, 2), 1, 3, (5, 3, 1)).alt


def test_costs_writes_every_number():
    figure = figures.costs(["a", "b"], [27, 1_000_000], [12_345, 1_000_000])
    assert [text.get_text() for text in figure.axes[0].texts] == ["27", "1,000,000"]
    assert [text.get_text() for text in figure.axes[1].texts] == ["12,345", "1,000,000"]
    with pytest.raises(ValueError, match="have 1, 2 and 1 entries"):
        figures.costs(["a"], [1, 2], [1])


# --- Exercises

_products = checks.PATCH * checks.KERNEL
_sums = _products.sum(axis=(0, 1))

WRONG = {
    "side_of_the_output": [
        (61, "forgot the stride"), (30, "the place it starts from counts too"), (29, "at *each* end"),
        (27, "forgot the padding"), (35.5, "subtract the kernel's side: the last window"),
        (34.5, "and to count the first place"), (12, "how many steps"),
        (60, "a step is two pixels"), (20, "divided by S + 1"), (26, "forgot the padding, and"),
        (961, "number of rows"),
    ],
    "shape_by_keras": [
        ((10, 6), "rounded to the nearest"), ((10, 7), "which is what `same` does"),
        ((6, 9), "Rows come before columns"), ((29 / 3, 19 / 3), "no fraction of a window"),
        ((8, 5), "numbers of steps"), ((27, 17), "forgot the stride"), (9, "Those are the rows"),
        ((9.67, 6.33), "no fraction of a window"), ((8.67, 5.33), "numbers of steps"), (54, "number of cells"),
        ((9, 7), "Right: rows. Not yet: columns. You rounded up"), ((9, 1), "Right: rows. Not yet: columns. Give"),
        ({9, 6}, "in an order"), ((1, 2, 3), "3 numbers in place of 2 numbers"),
    ],
    "padding_that_keeps": [
        (lambda f: f - 1, "counted at each end"), (lambda f: f / 2, "no half pixels"),
        (lambda f: (f + 1) // 2, "one too many at each end"), (lambda f: 1, "right for F = 3 only"),
        (lambda f: f, "smaller than the kernel"),
        (lambda f: f + 7, "For F = 1 your function gives 8, and 20 pixels become 36"),
        (lambda: 1, "stops with TypeError"), (lambda f: None, "returns nothing"), (1, "which is no function"),
        (lambda f: [f], "20 pixels become"), (lambda f: (f, f), "2 numbers in place of one number"),
        (lambda f: "same", "the text 'same'"), (lambda f: str((f - 1) // 2), "it must return numbers"),
    ],
    "colour_cell": [
        (_products.sum(), "forgot the bias"), (_sums, "three partial sums"),
        (_sums + checks.BIAS, "Add up the three channels"),
        (_products.sum() + 3 * checks.BIAS, "one bias for a kernel"),
        (_sums.mean() + checks.BIAS, "mean of the channels"), (_products.mean() + checks.BIAS, "mean of the products"),
        (_sums[0] + checks.BIAS, "first channel only"),
        (checks.PATCH.sum() * checks.KERNEL.sum() + checks.BIAS, "you added first"),
        (_products.sum(axis=2), "added up the channels only"),
        # By hand: -8 of the upright edge, 12 of the flat one, 9 of the middle, and the bias.
        (-8 + 12 + 9 + 6, "half a turn"), (-99, "Channel by channel"),
        (5 + 9 * 6, "one bias for a kernel"), (5 + 27 * 6, "one bias for a kernel"), (20, "first row of all channels"),
        (63, "without their minus signs"),
    ],
    "cost_of_a_layer": [
        ((51_200, 1), "forgot the biases"), ((800, 1), "weights of one kernel"),
        ((864, 1), "the slide's sum: the weights need the factor K"), ((801, 1), "one kernel with its bias"),
        ((1_664, 1), "the factor 32 is missing"), ((51_201, 1), "a bias of its own"),
        ((51_232, 1), "not for each channel that comes in"), ((10_304, 1), "a square"),
        ((51_264, 51_200), "used once at every place"), ((51_264, 37_324_800), "places of the input"),
        ((51_264, 19_353_600), "both sides shorter"), ((51_264, 156_800), "work of one kernel"),
        ((51_264, 313_600), "reads every channel"), ((51_264, 10_047_744), "multiplied by nothing"),
        ((51_264, 20_070_400), "count as one"),
        ((51_264, 7_372_800), "Right: parameters. Not yet: multiply-adds. You forgot the padding"),
        ((51_264, 8_652_800), "begins counts too"),
        ((51_200, 10_035_200), "Not yet: parameters. You forgot the biases"),
        ((51_200, 51_200), "parameters: You forgot the biases. multiply-adds: Those are the weights"),
        ((51_264, 1), "how many places"), ((10_035_200, 51_264), "The other way round"),
        (51_264, "one number in place of 2 numbers"), (("many", 1), "I received ('many', 1)"),
    ],
    "field_of_three_layers": [
        (11, "forgot the strides"), (13, "added the sizes"), (63, "multiplied the sizes"), (17, "begin at the last"),
        (361, "side of the square"), (7, "two after it see more"), (20, "Begin with one cell"),
        (15, "one of the strides"), (23, "n − 1 gaps"), ((3, 7, 19), "Give the last of them"),
    ],
}  # fmt: skip
_cell = geometry.conv2d(checks.PATCH[None], checks.KERNEL[..., None], [checks.BIAS]).item()
RIGHT = {
    "side_of_the_output": [31, 31.0, np.int64(31), "31", [31]],
    "shape_by_keras": [(9, 6), [9, 6], np.array([9, 6]), "9, 6"],
    "padding_that_keeps": [lambda f: (f - 1) // 2, lambda f: f // 2, lambda f: (f - 1) / 2],
    "colour_cell": [11, np.float32(11), _cell],
    "cost_of_a_layer": [(51_264, 10_035_200), [51_264, 10_035_200], ("51,264", "10,035,200")],
    "field_of_three_layers": [19],
}


@pytest.mark.parametrize("name", WRONG)
def test_the_checks_name_the_mistake_and_accept_what_is_right(name):
    check = getattr(checks, name)
    assert check(...).passed is None
    for answer, words in WRONG[name]:
        verdict = check(answer)
        assert verdict.passed is False
        assert words in verdict, verdict
    for answer in RIGHT[name]:
        assert check(answer).passed is True


# --- Panels; `oracles` computes every number that they show and write by SciPy and by counting


PRESETS = [
    (panels.StrideBoard, "case", panels.CASES),
    (panels.LayerCalculator, "layer", panels.LAYERS),
    (panels.ReceptiveFieldGrower, "stack", panels.STACKS),
]


@pytest.mark.parametrize(("kind", "dropdown", "table"), PRESETS)
def test_a_preset_sets_its_numbers_and_is_named_for_as_long_as_they_stay(kind, dropdown, table):
    chosen = kind()
    for name, values in table.items():
        getattr(chosen, dropdown).value = name
        for panel in (chosen, kind(name)):
            if kind is panels.ReceptiveFieldGrower:
                assert (panel.side.value, tuple(panel.layers())) == values
                other = panel.side
            else:
                assert tuple(control.value for control in panel.numbers) == values
                other = panel.numbers[0]
            assert getattr(panel, dropdown).value == name
            oracles.check(panel)
        other.value = 11
        assert getattr(panel, dropdown).value == "own"


@pytest.mark.parametrize(
    ("kind", "function", "control"),
    [(panels.StrideBoard, "conv2d", "f"), (panels.ColourLayer, "conv2d", "bias"),
     (panels.LayerCalculator, "layer", "size"), (panels.ReceptiveFieldGrower, "path_counts", "side")],
)  # fmt: skip
def test_a_panel_goes_on_after_an_error(monkeypatch, kind, function, control):
    panel = kind()
    with monkeypatch.context() as broken:
        broken.setattr(geometry, function, lambda *_given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            getattr(panel, control).value = 4
    getattr(panel, control).value = 5
    oracles.check(panel)


def test_pointing_at_the_input_moves_the_window_to_the_nearest_place():
    for numbers in ((7, 3, 2, 0), (7, 3, 3, 0), (8, 4, 1, 2), (7, 1, 2, 0), (5, 5, 1, 0)):
        n, f, stride, padding = numbers
        panel = panels.StrideBoard(n=n, f=f, stride=stride, padding=padding)
        starts = [min(place) for place in windows(*numbers)]
        for row in range(n + 2 * padding):
            panel.input.select(row, row // 2)
            top = panel.input.window[0]
            assert abs(row - top - (f - 1) / 2) == min(abs(row - start - (f - 1) / 2) for start in starts)
            oracles.check(panel)


def test_a_pixel_pointed_at_while_there_is_no_window_is_described_when_there_is_one():
    panel = panels.StrideBoard(n=2, f=7, stride=1, padding=2)
    panel.input.select(0, 1)
    assert "has no window" in panel.sentence and "The pixel" not in panel.sentence
    panel.input.select(3, 0)
    panel.padding.value = 4
    assert "The pixel in row 3, column 0 lies in" in panel.sentence
    oracles.check(panel)


def test_pointing_at_the_output_moves_the_window_too():
    panel = panels.StrideBoard("padding 1")
    panel.input.select(1, 1)
    for row in range(7):
        panel.output.select(row, 6 - row)
        assert panel.output.selected == (row, 6 - row) and "The pixel in row" not in panel.sentence
        oracles.check(panel)


def test_numbers_typed_into_the_board():
    panel = panels.StrideBoard("stride 3")
    before = panel.output.values
    panel.input.type(6, 2, 0)
    assert np.array_equal(panel.output.values, before) and panel.input.values[6, 2] == 0
    panel.input.type(0, 0, 0)
    assert (panel.output.values - before).tolist() == [[-7, 0], [0, 0]]
    panel.kernel.type(1, 1, -9)
    oracles.check(panel)
    panel.padding.value = 2
    panel.input.type(0, 1, 5)
    assert panel.input.values[0, 1] == 0 and panel.sentence.startswith("The border stays 0. ")
    panel.input.type(2, 2, 5)
    assert panel.input.values[2, 2] == 5 and "The border stays" not in panel.sentence
    panel.again.click()
    panel.padding.value = 0
    assert np.array_equal(panel.output.values, before)


def test_the_colour_layer():
    panel = panels.ColourLayer()
    for cell in ((0, 0), (3, 3), (6, 6), (5, 1)):
        for grid in panel.channels:
            grid.select(*cell)
            assert panel.output.selected == tuple(min(4, max(0, i - 1)) for i in cell)
            oracles.check(panel)
    panel.bias.value = 20
    panel.which.value = 1
    assert panel.bias.value == 0
    panel.bias.value = 3
    panel.channels[2].type(0, 4, 9)
    panel.slices[1].type(2, 2, -9)
    oracles.check(panel)
    panel.which.value = 0
    assert panel.bias.value == 20
    oracles.check(panel)


def test_the_calculator_knows_a_layer_by_its_numbers_and_draws_no_output_where_there_is_none():
    panel = panels.LayerCalculator("AlexNet, first")
    panel.width.value = 224
    assert "Width 54.25 does not fit and is rounded down to 54." in panel.sentence
    panel.height.value = 224
    assert panel.layer.value == "AlexNet, first, as printed"
    assert "out 54 × 54 × 96" in panel.still().alt
    panel.width.value = 5
    oracles.check(panel)
    assert "out" not in panel.still().alt


def test_layers_are_added_removed_and_changed():
    panel = panels.ReceptiveFieldGrower("one 7 x 7")
    assert panel.remove.disabled and not panel.add.disabled
    for count in range(2, 6):
        panel.add.click()
        assert len(panel.layers()) == count
        oracles.check(panel)
    assert panel.add.disabled and panel.stack.value == "own"
    for side in (1, 6, 7, 13, 40):
        panel.side.value = side
        oracles.check(panel)
        shown = [grid for grid in panel.maps if grid.layout.display != "none"]
        assert len(shown) == 1 + len(panel.layers()) if side == 40 else len(shown) < 6
    for count in range(4, 0, -1):
        panel.remove.click()
        assert len(panel.layers()) == count
    panel.side.value = 9
    assert panel.stack.value == "one 7 x 7"


def test_pointing_at_the_maps_of_the_grower():
    panel = panels.ReceptiveFieldGrower("three 3 x 3")
    panel.maps[3].select(2, 0)
    assert [grid.window for grid in panel.maps[:4]] == [(2, 0, 7, 7), (2, 0, 5, 5), (2, 0, 3, 3), (2, 0, 1, 1)]
    panel.maps[0].select(5, 4)
    assert panel.sentence.endswith("Pixel row 5, column 4: 42 paths.")
    panel.maps[1].select(2, 0)
    assert panel.sentence.endswith("Cell row 2, column 0: 1 paths.")
    panel.side.value = 12
    assert "paths." not in panel.sentence.split("C²")[-1]
    oracles.check(panel)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: panels.StrideBoard("stride 4"), "case is 'stride 4'; choose one of 'stride 1'"),
        (lambda: panels.StrideBoard(stride=0), "stride is 0; give 1 or more"),
        (lambda: panels.StrideBoard(n=13), "n is 13; give 12 or less"),
        (lambda: panels.ColourLayer(kernel=2), "kernel is 2; choose one of 0, 1"),
        (lambda: panels.ColourLayer(bias=21), "bias is 21; give 20 or less"),
        (lambda: panels.LayerCalculator("AlexNet"), "layer is 'AlexNet'; choose one of"),
        (lambda: panels.ReceptiveFieldGrower("VGG"), "stack is 'VGG'; choose one of"),
    ],
)
def test_the_panels_refuse_unknown_settings(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("kind", "control", "first"),
    [(panels.StrideBoard, "n", 6), (panels.LayerCalculator, "width", 100), (panels.ReceptiveFieldGrower, "side", 24)],
)
def test_a_change_costs_the_kernel_at_most_thirty_milliseconds(kind, control, first):
    panel, times = kind(), []
    for i in range(15):
        start = time.process_time()
        getattr(panel, control).value = first + i % 5
        times.append(time.process_time() - start)
    assert sorted(times)[7] < 0.030


# --- The lesson without TensorFlow


def test_without_tensorflow_the_comparison_says_so_in_one_sentence(monkeypatch, capsys):
    cell = solutions.lesson(NOTEBOOK).by_id("compare-with-keras")
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "tensorflow" else found(name))
    names = solutions.after_imports(NOTEBOOK)
    exec(cell.source, names)
    assert capsys.readouterr().out == "tensorflow is not installed here, so this cell skips this comparison.\n"
    assert "keras_conv2d" not in names


def test_no_other_cell_of_the_lesson_touches_tensorflow():
    touching = [cell.id for cell in solutions.lesson(NOTEBOOK).code if "keras_models" in cell.source]
    assert touching == ["compare-with-keras"]
