"""Lesson 4: its numbers, its pictures, its panels, its checks."""

import ast
import importlib.util
import inspect
import itertools
import math
import re
import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.signal import correlate2d

import notebooks
import oracles
import solutions
from gates import lesson_form
from lessons_lib import filtering, geometry
from lessons_lib.core.fast_conv import fast_conv2d
from lessons_lib.geometry import checks, figures, panels

NOTEBOOK = notebooks.ROOT / "notebooks" / "en" / "04-geometry.ipynb"

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
    ("notebook", "task", "core"),
    [
        ("02-filtering", "correlate", filtering.correlate_valid),
        ("04-geometry", "places", geometry.places),
        ("04-geometry", "conv2d", geometry.conv2d_valid),
        ("04-geometry", "count", geometry.count),
    ],
)
def test_the_library_computes_with_the_function_that_a_student_writes(notebook, task, core):
    lesson = solutions.lesson(NOTEBOOK.with_stem(notebook))
    written = ast.parse(lesson_form.solved(lesson, lesson.by_id(f"task-{task}"))).body[0]
    shown = ast.parse(inspect.getsource(core)).body[0]
    assert [ast.unparse(line) for line in shown.body[1:]] == [ast.unparse(line) for line in written.body]
    assert ast.unparse(shown.args) == ast.unparse(written.args)


# --- A plan


plans = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2)), min_size=1, max_size=3
)


@given(plans, st.integers(4, 12), st.integers(1, 2))
@settings(deadline=None)
def test_a_plan_costs_what_its_layers_cost_and_reads_what_changes_its_result(plan, side, depth):
    assume(all(geometry.sides(plan, side)[1:]))
    costs, n, d = np.zeros(3, int), side, depth
    for kernels, f, stride, padding in plan:
        layer = geometry.layer(n + 2 * padding, n + 2 * padding, d, kernels, f, stride, "valid")
        costs += [layer.parameters, layer.multiply_adds, math.prod(layer.shape)]
        n, d = layer.width, kernels
    assert geometry.count(plan, side, depth) == tuple(costs)
    assert geometry.sides(plan, side)[-1] == n

    def result(picture):
        x = picture[None]
        for kernels, f, stride, padding in plan:
            x = np.pad(x, [(0, 0), (padding, padding), (padding, padding), (0, 0)])
            x = geometry.conv2d(x, np.ones((f, f, x.shape[3], kernels)), None, stride)
        return x

    white = np.ones((side, side, depth))
    for row, read in enumerate(geometry.rows_read(plan, side)):
        black = white.copy()
        black[row] = 0
        assert read == bool((result(black) != result(white)).any())


def test_the_first_plan_does_not_see_what_is_painted_and_a_right_one_does():
    names = solutions.after_imports(NOTEBOOK)
    exec(solutions.lesson(NOTEBOOK).by_id("blind").source.split("pictures(")[0], names)
    plan, photo, painted = names["plan"], names["photo"], names["painted"]
    assert plan == checks.FIRST_PLAN and geometry.rows_read(plan, 100).sum() == 77
    seen = geometry.answers(plan, photo)
    assert np.array_equal(seen, geometry.answers(plan, painted)) and seen.any(axis=(0, 1)).sum() > 100
    # One row more, and the answers change.
    painted[76] = 0
    assert not np.array_equal(seen, geometry.answers(plan, painted))
    right = [(16, 3, 2, 1), (16, 3, 2, 1), (16, 3, 2, 1), (64, 3, 2, 1), (128, 3, 2, 1)]
    last = photo.copy()
    last[-1] = 0
    assert not np.array_equal(geometry.answers(right, photo), geometry.answers(right, last))


def test_answers_uses_the_layer_that_it_is_given():
    plan, photo = [(2, 3, 1, 1)], np.full((5, 5, 3), 255)
    negative = geometry.answers(plan, photo, lambda *given: -geometry.conv2d_valid(*given))
    assert (negative[geometry.answers(plan, photo) > 0] == 0).all() and negative.any()


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
    def keras_conv2d(x, kernels, bias, stride, padding):
        x = x.astype("float32")
        if isinstance(padding, int):
            x, padding = keras.layers.ZeroPadding2D(padding)(x), "valid"
        layer = keras.layers.Conv2D(kernels.shape[3], kernels.shape[:2], strides=stride, padding=padding)
        layer.build(x.shape)
        layer.set_weights([kernels, np.zeros(kernels.shape[3]) if bias is None else bias])
        return layer(x).numpy()

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
    colours = np.stack([picture, 2 * picture], axis=-1)
    assert np.allclose(geometry.shrink(colours, side), np.stack([blocks, 2 * np.array(blocks)], axis=-1))


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


def test_shares_writes_every_share():
    figure = figures.shares({"a": (1, 50, 3), "b": (999, 50, 1)})
    written = [[text.get_text() for text in ax.texts] for ax in figure.axes]
    assert written == [["75 %", "25 %"], ["< 1 %", "100 %"], ["50 %", "50 %"]]
    assert [round(bar.get_width()) for bar in figure.axes[0].patches] == [75, 25]


def test_a_plan_is_drawn_with_a_box_for_each_volume():
    figure = figures.plan([(9, 9, 3), (4, 4, 8), (1, 1, 20)])
    assert figure.alt == "Boxes from left to right: 9 × 9 × 3, 4 × 4 × 8, 1 × 1 × 20."


# --- Tasks


def layer_with(part, *, stride=True, start=(0, 0), product=np.matmul, exchanged=False):
    """A layer as a student would write it, with the cells of the kernels in `part` only."""

    def layer(x, kernels, bias, stride_=1, /):
        step = stride_ if stride else 1
        rows, columns = kernels.shape[:2]
        height, width = (places(n, f, stride_) for n, f in zip(x.shape[1:3], (rows, columns), strict=True))
        result = np.zeros((len(x), height, width, len(bias))) + bias
        for a in range(rows):
            for b in range(columns):
                if part(a, b, rows, columns):
                    top, left = ((b, a) if exchanged else (a, b)) if start is not None else (0, 0)
                    copy = x[:, top : top + step * height : step, left : left + step * width : step]
                    result = result + product(copy, kernels[a, b])
        return result

    return layer


def copying(slices):
    """`conv2d` as a student would write it, with another copy."""
    lesson = solutions.lesson(NOTEBOOK)
    source = lesson_form.solved(lesson, lesson.by_id("task-conv2d")).split("conv2d = checks")[0]
    source, copies = re.subn(r"copy = .*", f"copy = {slices}", source)
    assert copies == 1
    names = {"places": geometry.places, "np": np, "__name__": "__main__"}
    exec(source, names)
    return names["conv2d"]


def every(*_place):
    return True


def counting(n, f, stride=1, padding=0):
    found = 0
    while found * stride + f <= n + 2 * padding:
        found += 1
    return found


def geometry_free(n, f, stride=1, padding=0):
    room = n + 2 * padding - f
    if room < 0:
        return 0
    return int(room / stride) + 1


def by_windows(x, kernels, bias, stride=1):
    rows, columns, _depth, count = kernels.shape
    height, width = counting(x.shape[1], rows, stride), counting(x.shape[2], columns, stride)
    result = np.zeros((len(x), height, width, count))
    for i in range(height):
        for j in range(width):
            window = x[:, i * stride : i * stride + rows, j * stride : j * stride + columns]
            for k in range(count):
                result[:, i, j, k] = (window * kernels[:, :, :, k]).sum(axis=(1, 2, 3)) + bias[k]
    return result


def by_einsum(x, kernels, bias, stride=1):
    rows, columns = kernels.shape[:2]
    height, width = counting(x.shape[1], rows, stride), counting(x.shape[2], columns, stride)
    result = 0
    for a, b in np.ndindex(rows, columns):
        copy = x[:, a:, b:][:, ::stride, ::stride][:, :height, :width]
        result = result + np.einsum("nhwd,dk->nhwk", copy, kernels[a, b])
    return result + bias


def count_by_layer(plan, side, depth):
    layers = []
    for kernels, f, stride, padding in plan:
        layers.append(geometry.layer(side + 2 * padding, side + 2 * padding, depth, kernels, f, stride, "valid"))
        side, depth = layers[-1].width, kernels
    costs = [(one.parameters, one.multiply_adds, math.prod(one.shape)) for one in layers]
    return np.sum(costs, axis=0).tolist()


def slipping(*slips):
    """`count` as a student would write it, with a line that is missing or wrong."""
    lesson = solutions.lesson(NOTEBOOK)
    source = lesson_form.solved(lesson, lesson.by_id("task-count")).split("count = checks")[0]
    for old, new in slips:
        assert old in source
        source = source.replace(old, new, 1)
    names = {"places": geometry.places, "__name__": "__main__"}
    exec(source, names)
    return names["count"]


def refuses(n, f, stride=1, padding=0):
    if (n - f + 2 * padding) % stride:
        raise ValueError("does not fit")
    return (n - f + 2 * padding) // stride + 1


def plan_of(*kernels, padding=1):
    return [(k, 3, 2, padding) for k in kernels]


def way(n, f, padding):
    return n - f + 2 * padding


places = geometry.places  # what the lesson goes on with while the student's own is not right


# What is judged, words of the verdict, and the id.
WRONG = {
    "places": [
        (lambda n, f, stride=1, padding=0: way(n, f, padding) // stride, "begins counts too", "steps"),
        (lambda n, f, stride=1, padding=0: way(n, f, padding) // stride + 1, "it has no place: return 0", "negative"),
        (lambda n, f, stride=1, padding=0: int(way(n, f, padding) / stride + 1), "return 0", "negative"),
        (lambda n, f, stride=1, padding=0: way(n, f, padding) / stride + 1, "no third of a place", "fractions"),
        (lambda n, f, stride=1, padding=0: max(0, (n - f + padding) // stride + 1), "at both ends", "one-end"),
        (lambda n, f, stride=1, padding=0: max(0, (n - f) // stride + 1), "forgot the padding", "no-padding"),
        (lambda n, f, stride=1, padding=0: max(0, way(n, f, padding) + 1), "forgot the stride", "no-stride"),
        (lambda n, f, stride=1, padding=0: max(0, math.ceil(way(n, f, padding) / stride) + 1), "round up",
         "rounded-up"),
        (lambda n, f, stride=1, padding=0: 0 if f > n else way(n, f, padding) // stride + 1, "With its zeros",
         "padding-not-compared"),
        (lambda n, f, stride=1, padding=0: n - f + 2 * padding // stride + 1, "Without brackets", "brackets"),
        (lambda n, f, stride=1, padding=0: (7 - 3 + 2 * padding) // stride + 1, "the numbers 7 and 3", "fixed"),
        (lambda n, f, stride=1, padding=0: way(n, f, padding) // stride + 1 if way(n, f, padding) > 0 else 0,
         "as large as the picture", "one-place"),
        (lambda n, f, stride=1, padding=0: max(0, np.floor(way(n, f, padding) / stride) + 1), "a whole number",
         "float"),
        (lambda n, f, stride=1, padding=0: max(0.0, (way(n, f, padding) / stride + 1) // 1), "returns 5.0", "float"),
        (lambda n, f, stride=1, padding=0: (N - f + 2 * padding) // stride + 1, "does not know N: its", "capitals"),  # noqa: F821
        (lambda n, f, stride=1, padding=0: abs(way(n, f, padding)) // stride + 1, "return 0", "unknown"),
        (lambda n, f, stride=1, padding=0: max(0, int(way(n, f, padding) / stride) + 1), "cuts towards zero",
         "towards-zero"),
        (refuses, "Here it shall round down", "refuses"),
        (lambda n, f, stride=1, padding=0: None, "returns nothing", "no-return"),
    ],
    "conv2d": [
        (layer_with(every, stride=False), "takes every second or third", "no-stride"),
        (layer_with(every, start=None), "begin at row 0, column 0", "same-corner"),
        (layer_with(lambda a, b, rows, columns: a == rows - 1 and b == columns - 1), "inside both loops", "assigned"),
        (layer_with(lambda a, b, rows, columns: a == b == 0), "does `return` stand inside", "return-in-loop"),
        (layer_with(lambda a, b, rows, columns: a == rows - 1), "Only the last row", "last-row"),
        (layer_with(every, product=lambda copy, weights: copy * weights), "`@` also adds along the depth", "exception"),
        (copying("x[:, a : a + height : stride, b : b + width : stride]"),
         "gives 2 × 2 places, the result has 3 × 3. Where must its slices begin and end", "exception"),
        (copying("x[:, a::stride, b::stride]"), "gives 7 × 8 places, the result has 4 × 6. Where", "exception"),
        (copying("x[:, a * stride : a * stride + stride * height : stride, b : b + stride * width : stride]"),
         "gives 2 × 3 places, the result has 3 × 3. Where", "exception"),
        (copying("x[:, a : a + stride * width : stride, b : b + stride * height : stride]"),
         "height and width exchanged", "exception"),
        (copying("x[a : a + stride * height : stride, b : b + stride * width : stride]"),
         "The first axis of x is the pictures", "exception"),
        (layer_with(every, product=lambda copy, weights: copy[0] @ weights), "x has 2 pictures", "pictures"),
        (layer_with(every, product=lambda copy, weights: copy.sum(axis=0) @ weights), "x has 2 pictures", "pictures"),
        (layer_with(every, exchanged=True), "a and b exchanged", "exchanged"),
        (lambda x, kernels, bias, stride=1: layer_with(every)(x, kernels, 0 * bias, stride), "forgot the bias",
         "no-bias"),
        (lambda x, kernels, bias, stride=1: layer_with(every)(x, kernels[::-1, ::-1], bias, stride), "half a turn",
         "half-turn"),
        (geometry.conv2d, "belongs to a library", "library"),
        (lambda x, kernels, bias, stride=1: geometry.conv2d(x, kernels, bias, stride), "a library computes them",
         "library"),
    ],
    "count": [
        (slipping(("depth = k", "pass")), "depth never changes", "depth-kept"),
        (slipping(("depth = k", "depth += k")), "add to the depth", "depth-added"),
        (slipping(("weights + k", "weights")), "forgot the biases", "no-biases"),
        (slipping(("weights + k", "weights + 1")), "one bias a layer", "one-bias"),
        (slipping(("side * side * weights", "side * side * (weights + k)")), "multiplied by nothing",
         "biases-in-work"),
        (slipping(("side * side * weights", "side * side * parameters")), "weights of this layer alone",
         "all-parameters"),
        (slipping(("side * side * weights", "side * side * f * depth * k")), "multiply-adds: A window has F rows",
         "one-f"),
        (slipping(("side * side * weights", "side * side * f * f * k")), "multiply-adds: A kernel is as deep",
         "no-depth"),
        (slipping(("side * side * weights", "weights")), "each is used at every place", "weights-as-work"),
        (slipping(("side * side * weights", "side * weights")), "side times side", "one-side"),
        (slipping(("side * side * k", "side * side")), "one feature map", "one-map"),
        (slipping(("f * f * depth * k", "f * f * k")), "the factor D", "no-depth"),
        (slipping(("f * f * depth", "f * depth")), "stands there twice", "one-f"),
        (slipping(("side * side * k", "side * side * depth")), "not as many as it reads", "maps-read"),
        (slipping(("side = places", "other = places")), "do not use it", "side-unused"),
        (slipping(("side = places(side", "side = places(first"), ("parameters, ", "first = side\n    parameters, ")),
         "side never changes", "side-kept"),
        (slipping(("side = places(side, f, stride, padding)", "side = places(side, f)")), "to nobody", "window-alone"),
        (slipping(("places(side, f", "places(100, f")), "the number 100", "side-100"),
        (slipping(("return (parameters, work", "return (work, parameters")), "come first", "exchanged"),
        (slipping(("side * side * k", "side * side * k * 2")), "Not yet: activations.", "unknown"),
        (lambda plan, side, depth: 1, "one number in place of 3", "shape"),
        (geometry.count, "belongs to a library", "library"),
    ],
    "my_plan": [
        (plan_of(16, 32, 64, 128), "Your last maps are 7 × 7", "large-maps"),
        (plan_of(8, 16, 32, 64, 128), "must have at least 16 kernels, not 8", "ends"),
        (plan_of(16, 16, 16, 64, 256), "Layer 5, the last one, must have exactly 128 kernels", "ends"),
        (plan_of(16, 16, 32, 64, 128), "multiply-adds are too many", "work"),
        (plan_of(16, 32, 64, 128, 128), "parameters are too many", "parameters"),
        (plan_of(32, 32, 32, 32, 128), "activations are too many", "work"),
        (plan_of(16, 16, 24, 64, 128, padding=0), "3 of the 98 rows", "unread"),
        (plan_of(16, 1, 1, 1, 128), "Layer 2 has fewer kernels than layer 1: 1 against 16", "fewer"),
        (plan_of(16, 16, 16, 16, 128), "192 kernels in all are too few", "few-kernels"),
        ([(16, 25, 25, 1), (128, 3, 1, 1)], "Layer 1 has S = 25: strides must be 1 or 2", "rules"),
        ([(16, 3, 2, 1), (128, 1, 1, 0)], "Layer 2 has F = 1: windows", "rules"),
        ([(16, 3, 2, 5), *plan_of(16, 16, 64, 128)], "Layer 1 has P = 5 and F = 3: P must be smaller", "rules"),
        ([(16, 3, 2, 1)] * 14 + [(128, 3, 2, 1)], "15 layers are too many; at most 5", "layers"),
        ([(16, 300, 1, 0)], "nothing comes out", "ends"),
        (16, "Give a list of layers", "no-plan"),
        ([16, 3, 2, 1], "Layer 1 is 16", "no-plan"),
        ([(16, 3, 2, 1), (16, 3, 2.5, 1)], "Layer 2 is (16, 3, 2.5, 1)", "no-plan"),
        ([(16, 3, 2, -1)], "P at least 0", "no-plan"),
    ],
    "budget": [
        (plan_of(16, 32, 64), "23,584 parameters are too many", "parameters"),
        (plan_of(48, 16, 64), "921,600 multiply-adds are too many", "work"),
        (plan_of(8, 16, 64), "88 kernels in all", "few-kernels"),
        (plan_of(24, 24, 64, padding=0), "The last volume is 3 × 3 × 64", "last"),
        ([(24, 3, 2, 1), (24, 7, 4, 3), (64, 3, 1, 0)], "The last volume is 2 × 2", "last"),
        ([(32, 7, 7, 0), (16, 3, 1, 1), (64, 3, 1, 1)], "4 of the 32 rows", "unread"),
    ],
}  # fmt: skip
RIGHT = {
    "places": [geometry_free, counting, lambda n, f, stride=1, padding=0: max(0, way(n, f, padding) // stride + 1)],
    "conv2d": [layer_with(every), by_windows, by_einsum],
    "count": [slipping(("work", "work")), count_by_layer, lambda *case: np.array(count_by_layer(*case))],
    "my_plan": [plan_of(16, 16, 16, 64, 128), np.array(plan_of(16, 16, 16, 64, 128)),
                [list(layer) for layer in plan_of(16, 16, 24, 64, 128)]],
    "budget": [plan_of(24, 24, 64), plan_of(32, 16, 64), plan_of(48, 8, 64)],
}  # fmt: skip
MORE = {"my_plan": (1,)}
GOES_ON = {
    "places": geometry.places, "conv2d": geometry.conv2d_valid, "count": geometry.count, "my_plan": checks.FIRST_PLAN,
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_the_checks_name_the_mistake_and_accept_what_is_right(name):
    more = MORE.get(name, ())
    judged = inspect.unwrap(getattr(checks, name))
    for answer, words, number in WRONG[name]:
        verdict = judged(answer, *more)
        assert verdict.passed is False and words in verdict and verdict.id == number, (verdict, verdict.id)
    for answer in RIGHT[name]:
        verdict = judged(answer, *more)
        assert verdict.passed is True, verdict
    if name in GOES_ON:
        check = getattr(checks, name)
        assert check(RIGHT[name][0], *more) is RIGHT[name][0]
        assert check(WRONG[name][0][0], *more) is check(..., *more) is GOES_ON[name]


def test_a_result_that_is_compared_is_printed_in_whole_numbers():
    verdict = inspect.unwrap(checks.count)(WRONG["count"][0][0])
    verdict.shown = True
    assert "e+0" not in repr(verdict) and str(geometry.count(*checks.PLANS[1])[1]) in repr(verdict)


@pytest.mark.parametrize("name", ["places", "conv2d", "count"])
def test_the_cell_of_a_task_is_untouched_as_it_stands(name, capsys):
    names = solutions.after_imports(NOTEBOOK)
    exec(solutions.lesson(NOTEBOOK).by_id(f"task-{name}").source, names)
    assert "… Not written yet" in capsys.readouterr().out and names[name] is GOES_ON[name]


def test_a_verdict_on_a_plan_has_a_table_of_what_each_layer_costs():
    verdict = inspect.unwrap(checks.my_plan)(plan_of(16, 16, 32, 64, 128), 1)
    lines = repr(verdict).split("\n")
    assert lines[3].split() == ["layer", "2", "25", "×", "25", "×", "16", "16", "2,320", "1,440,000", "10,000"]
    assert lines[-1].split() == ["in", "all", "256", "99,760", "5,338,800", "59,008"]
    assert verdict._repr_html_().count("<tr>") == 7 and "<td" in verdict._repr_html_()


def test_a_student_number_with_other_signs_is_refused():
    with pytest.raises(ValueError, match="student_number is '2023-1234'; give its digits alone"):
        geometry.own_side("2023-1234")


def test_no_sentence_of_a_check_gives_the_formula():
    texts = [str(inspect.unwrap(checks.places)(answer)) for answer, _words, _id in WRONG["places"]]
    assert not any("// stride + 1" in text or "/S + 1" in text for text in texts)


@pytest.mark.parametrize("number", range(8))
def test_every_student_number_has_a_plan_and_none_falls_to_doubling(number, capsys):
    side = geometry.own_side(number)
    assert 97 <= side <= 104
    check = inspect.unwrap(checks.my_plan)
    assert check(plan_of(16, 16, 16, 64, 128), number).passed
    doubling = [plan_of(*(first * 2**k for k in range(layers))) for first in (8, 16, 32) for layers in (3, 4, 5)]
    assert not any(check(plan, number).passed for plan in [*doubling, plan_of(16, 16, 32, 64, 128)])


# --- Panels; `oracles` computes every number that they show and write by SciPy and by counting


PRESETS = [
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
    assert "has no place" in panel.sentence and "The pixel" not in panel.sentence
    panel.input.select(3, 0)
    panel.padding.value = 4
    assert "The pixel in row 3, column 0 lies in" in panel.sentence
    oracles.check(panel)


def test_pointing_at_the_output_moves_the_window_too():
    panel = panels.StrideBoard(padding=1)
    panel.input.select(1, 1)
    for row in range(7):
        panel.output.select(row, 6 - row)
        assert panel.output.selected == (row, 6 - row) and "The pixel in row" not in panel.sentence
        oracles.check(panel)


def test_numbers_typed_into_the_board():
    panel = panels.StrideBoard(stride=3)
    first = before = panel.output.values
    panel.input.type(6, 2, 0)
    assert np.array_equal(panel.output.values, before) and panel.input.values[6, 2] == 0
    panel.input.type(0, 0, 0)
    assert (panel.output.values - before).tolist() == [[-7, 0], [0, 0]]
    # Each pixel that is read changes the output.
    for row, column in np.ndindex(6, 6):
        before = panel.output.values
        panel.input.type(row, column, (panel.input.values[row, column] + 1) % 10)
        assert (panel.output.values != before).sum() == 1
    panel.kernel.type(1, 1, -9)
    oracles.check(panel)
    panel.padding.value = 2
    panel.input.type(0, 1, 5)
    assert panel.input.values[0, 1] == 0 and panel.sentence.startswith("The border stays 0. ")
    panel.input.type(2, 2, 5)
    assert panel.input.values[2, 2] == 5 and "The border stays" not in panel.sentence
    panel.again.click()
    panel.padding.value = 0
    assert np.array_equal(panel.output.values, first)


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
    assert "paths." not in panel.sentence.split("D²")[-1]
    oracles.check(panel)


def test_the_budget_game_is_won_and_lost_and_starts_again():
    game = panels.BudgetGame()
    assert "Moves: 0." in game.sentence and "✓" not in game.sentence
    for layer, kernels in zip(game.layers, (24, 24, 64), strict=True):
        for control, value in zip(layer, (kernels, 3, 2, 1), strict=True):
            control.value = value
        oracles.check(game)
    assert game.sentence.startswith("✓ Won with 8 moves.") and "lesson-won" in game._dom_classes
    assert game.still().alt == "Boxes from left to right: 32 × 32 × 3, 16 × 16 × 24, 8 × 8 × 24, 4 × 4 × 64."
    game.layers[1][0].value = 32
    assert "✓" not in game.sentence and "lesson-won" not in game._dom_classes
    game.again.click()
    assert game.plan == [(64, 3, 1, 0)] * 3 and game.moves == 0
    oracles.check(game)


def test_no_plan_of_the_game_wins_by_one_kernel_size_alone():
    every_plan = list(_game_plans())
    wins = [plan for plan in every_plan if checks.budget(plan).passed]
    assert 3 <= len(wins) < len(every_plan) / 50 and not any(len({layer[0] for layer in plan}) == 1 for plan in wins)


def _game_plans():
    """All plans of the game with the sides that it asks for."""
    shapes = [(f, s, p) for f in (3, 5, 7) for s in (1, 2, 4) for p in (0, 1, 2, 3)]
    kernels = (8, 16, 24, 32, 48, 64)
    for windows in itertools.product(shapes, repeat=3):
        if geometry.sides([(1, *window) for window in windows], 32)[-1] == 4:
            for amounts in itertools.product(kernels, repeat=2):
                yield [(k, *window) for k, window in zip((*amounts, 64), windows, strict=True)]


@pytest.mark.parametrize(
    ("call", "message"),
    [
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
    assert (
        capsys.readouterr().out == "tensorflow is not installed here, so this cell skips the comparison with Keras.\n"
    )
    assert "keras" not in names


def test_no_other_cell_of_the_lesson_touches_tensorflow():
    touching = [cell.id for cell in solutions.lesson(NOTEBOOK).code if "keras_models" in cell.source]
    assert touching == ["compare-with-keras"]
