"""Lesson 4: its numbers, its pictures, its panels, its checks."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate2d

from lessons_lib import geometry

# --- The lecture's numbers, each computed


@pytest.mark.parametrize(("stride", "size"), [(1, 5), (2, 3)])
def test_seven_pixels_under_three(stride, size):
    assert geometry.output_size(7, 3, stride) == size == (7 - 3) / stride + 1


def test_stride_3_does_not_fit_and_says_why():
    assert round((7 - 3) / 3 + 1, 2) == 2.33
    with pytest.raises(ValueError, match=r"= 2\.33 is not whole; 1 px left over at the end") as error:
        geometry.output_size(7, 3, stride=3)
    assert "never read: row and column 6;" in str(error.value)
    assert "choose a stride of 1, 2, 4," in str(error.value)
    assert geometry.unread(7, 3, stride=3) == [6]
    assert geometry.keras_output_size(7, 3, stride=3) == math.floor(2.33) == 2
    assert geometry.keras_output_size(7, 3, stride=3, padding="same") == math.ceil(7 / 3) == 3


def test_padding_1_keeps_seven():
    assert geometry.output_size(7, 3, padding=1) == (9 - 3) // 1 + 1 == 7


@pytest.mark.parametrize(("size", "padding"), [(3, 1), (5, 2), (1, 0)])
def test_the_usual_settings_keep_width_and_height(size, padding):
    for side in range(size, 40):
        assert geometry.output_size(side, size, 1, padding) == side
        assert geometry.borders(side, size, 1, "same") == (padding, padding)


def test_a_layer_has_the_factor_k():
    layer = geometry.layer(32, 32, 3, kernels=64, size=5, padding=2)
    assert layer.shape == (32, 32, 64)
    assert layer.weights == 5 * 5 * 3 * 64 and layer.biases == 64
    assert layer.parameters == 4864
    assert layer.multiply_adds == 32 * 32 * layer.weights


@pytest.mark.parametrize("depth", [1, 3, 64, 512])
def test_three_small_kernels_see_what_one_large_one_sees(depth):
    assert geometry.receptive_field([3, 3, 3]) == geometry.receptive_field([7]) == 7
    three = sum(geometry.layer(20, 20, depth, depth, 3, padding=1).weights for _ in range(3))
    one = geometry.layer(20, 20, depth, depth, 7, padding=3).weights
    assert (three, one) == (27 * depth**2, 49 * depth**2)


def test_known_first_layers():
    assert geometry.layer(227, 227, 3, 96, 11, 4) == (55, 55, 96, 34848, 96, 105415200)
    assert geometry.layer(224, 224, 3, 64, 3, 1, 1)[:5] == (224, 224, 64, 1728, 64)
    assert geometry.layer(28, 28, 1, 20, 5, 1, 2)[:5] == (28, 28, 20, 500, 20)
    with pytest.raises(ValueError, match=r"^width: side 224 does not fit"):
        geometry.layer(224, 224, 3, 96, 11, 4)
    assert geometry.layer(224, 224, 3, 64, 7, 2, "same").shape == (112, 112, 64)


def test_groups_split_the_depth():
    assert geometry.layer(27, 27, 96, 256, 5, 1, 2, groups=2).weights == 5 * 5 * 48 * 256
    assert geometry.layer(27, 27, 96, 256, 5, 1, 2, bias=False).biases == 0
    with pytest.raises(ValueError, match="groups is 5; choose a number that divides depth 96 and kernels 256"):
        geometry.layer(27, 27, 96, 256, 5, 1, 2, groups=5)


def test_layers_chain():
    first = geometry.layer(28, 28, 1, 20, 5, 1, "same")
    assert geometry.layer(*first.shape, kernels=50, size=5, padding="valid").shape == (24, 24, 50)
    wide = geometry.layer(9, 5, 2, 4, 3)
    assert (wide.width, wide.height, wide.depth) == (7, 3, 4)


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
def test_coverage_counts_the_windows_over_a_pixel(side):
    n, _f, _stride, padding = side
    places = windows(*side)
    counts = geometry.coverage(*side)
    assert counts.tolist() == [sum(i in place for place in places) for i in range(n + 2 * padding)]
    assert geometry.unread(*side) == [i - padding for i in range(n + 2 * padding) if not any(i in p for p in places)]


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
    before, after = geometry.borders(n, f, stride, "same")
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
    first, last = geometry.look_back(layers, position)[-1]
    assert (first, last) == (seen[0], seen[-1])
    assert geometry.receptive_field(layers) == last - first + 1
    assert geometry.paths(layers).tolist() == counts[first : last + 1].tolist()
    assert geometry.paths(layers).sum() == math.prod(f for f, _stride in layers)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_without_strides_each_layer_adds_its_side_less_one(sizes):
    assert geometry.receptive_field(sizes) == 1 + sum(f - 1 for f in sizes)


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
    around = [geometry.borders(n, f, stride, padding) for n, f in zip(x.shape[1:3], kernels.shape, strict=False)]
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

    from lessons_lib import networks  # noqa: F401

    return keras


def test_conv2d_agrees_with_keras(keras):
    from lessons_lib.networks.compare import keras_conv2d

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
    from lessons_lib.networks.compare import keras_conv2d

    with pytest.raises(ValueError, match="has depth 2, kernels of shape"):
        keras_conv2d(np.ones((1, 4, 4, 2)), np.ones((3, 3, 1, 1)))


# --- Bad input

X, KERNELS = np.ones((1, 5, 5, 2)), np.ones((3, 3, 2, 4))


@pytest.mark.parametrize("sized", [geometry.output_size, geometry.coverage, geometry.unread])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 3), "n is 0; give 1 or more"),
        ((7, 0), "f is 0; give 1 or more"),
        ((7, 3, 0), "stride is 0; give 1 or more"),
        ((7, 3, 1, -1), "padding is -1; give 0 or more"),
        ((7.5, 3), "n is 7.5; give a whole number"),
        (("7", 3), "n is '7' of type str"),
        ((7, None), "f is None of type NoneType"),
        ((7, 3, True), "stride is True of type bool"),
        ((7, 3, 1, math.nan), "padding is nan; give a finite number"),
        ((3, 8, 1, 2), "kernel 8 is larger than 3 px with padding 2; choose at most 7"),
    ],
)
def test_bad_sizes(sized, arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        sized(*arguments)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: geometry.keras_output_size(7, 3, 1, "full"), "padding is 'full'; choose one of 'valid', 'same'"),
        (lambda: geometry.keras_output_size(7, 3, 1, 1), "padding is 1; choose one of 'valid', 'same'"),
        (lambda: geometry.keras_output_size(7, 9), "kernel 9 is larger than 7 px with padding 0"),
        (lambda: geometry.keras_output_size(0, 3, 1, "same"), "n is 0; give 1 or more"),
        (lambda: geometry.borders(7, 3, 1, "full"), "padding is 'full'; choose one of 'valid', 'same'"),
        (lambda: geometry.borders(7, 3, 0, "same"), "stride is 0; give 1 or more"),
        (lambda: geometry.layer(7, 8, 1, 1, 3, 2), r"^height: side 8 does not fit"),
        (lambda: geometry.layer(0, 8, 1, 1, 3), r"^width: n is 0"),
        (lambda: geometry.layer(7, 7, 0, 1, 3), "depth is 0; give 1 or more"),
        (lambda: geometry.layer(7, 7, 1, 0, 3), "kernels is 0; give 1 or more"),
        (lambda: geometry.layer(7, 7, 1, 1, 2.5), "f is 2.5; give a whole number"),
        (lambda: geometry.layer(7, 7, 1, 1, 3, 1, "full"), "padding is 'full'"),
        (lambda: geometry.receptive_field([]), r"layers is \[\]; give a list of sizes"),
        (lambda: geometry.receptive_field(3), "layers is 3; give a list"),
        (lambda: geometry.receptive_field([(3, 1, 1)]), r"layers\[0\] is \(3, 1, 1\); give a size or \(size, stride\)"),
        (lambda: geometry.receptive_field([3, (3, 0)]), r"stride of layers\[1\] is 0; give 1 or more"),
        (lambda: geometry.paths(["3"]), r"size of layers\[0\] is '3' of type str"),
        (lambda: geometry.look_back([3], -1), "position is -1; give 0 or more"),
        (lambda: geometry.conv2d(X[0], KERNELS), r"x of shape \(5, 5, 2\) has 3 axes; give an array of 4 axes"),
        (lambda: geometry.conv2d(X, KERNELS[0]), "kernels of shape .* has 3 axes"),
        (lambda: geometry.conv2d(X, KERNELS[:, :, :1]), "has depth 2, kernels of shape .* have 1"),
        (lambda: geometry.conv2d(X, KERNELS, [1, 2]), "bias has 2 numbers; give one for each of the 4 kernels"),
        (lambda: geometry.conv2d(X, KERNELS, stride=0), "stride is 0; give 1 or more"),
        (lambda: geometry.conv2d(X, KERNELS, padding="full"), "padding is 'full'; choose one of"),
        (lambda: geometry.conv2d(X, KERNELS, padding=-1), "padding is -1; give 0 or more"),
        (lambda: geometry.conv2d(X[:, :2], KERNELS), "kernel 3 is larger than 2 px with padding 0; choose at most 2"),
        (lambda: geometry.conv2d(X * np.nan, KERNELS), "x holds nan at index"),
        (lambda: geometry.conv2d("photo", KERNELS), "x is 'photo' of type str"),
        (lambda: geometry.conv2d(X[:0], KERNELS), "x of shape .* is empty"),
        (lambda: geometry.shrink(np.ones((2, 3)), 2), r"picture of shape \(2, 3\) is not square"),
        (lambda: geometry.shrink(np.ones((2, 2)), 3), "side is 3; give 2 or less"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


# --- Shrinking


@given(st.integers(1, 30), st.data())
def test_shrink_is_the_mean_of_blocks(length, drawn):
    side = drawn.draw(st.integers(1, length))
    picture = np.arange(length**2).reshape(length, length) % 7
    edges = [length * i // side for i in range(side + 1)]
    blocks = [[picture[a:b, c:d].mean() for c, d in pairwise(edges)] for a, b in pairwise(edges)]
    assert np.allclose(geometry.shrink(picture, side), blocks)
