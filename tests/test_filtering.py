"""Lesson 2: its numbers, its pictures, its panels, its checks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import ndimage, signal
from skimage import filters

from lessons_lib import data, filtering

# What SciPy calls the borders that keep the size. Its `reflect` repeats the edge; NumPy's name for that is `symmetric`.
SCIPY = {"zero": "constant", "reflect": "reflect", "replicate": "nearest"}
NUMPY = {"zero": "constant", "reflect": "symmetric", "replicate": "edge"}
BORDERS = list(filtering.BORDERS)
VALUES = {
    np.bool_: st.booleans(),
    np.uint8: st.integers(0, 255),
    np.int16: st.integers(-(2**15), 2**15 - 1),
    np.int64: st.integers(-(10**6), 10**6),
    np.float32: st.floats(-100, 100, width=32),
    np.float64: st.floats(-100, 100),
}
WHOLE = (np.bool_, np.uint8, np.int16, np.int64)


@st.composite
def pictures_and_kernels(draw, picture_types=tuple(VALUES), kernel_types=tuple(VALUES), odd=False, largest=21):
    """A picture of any shape and type, and a kernel at most as large; often 1 x 1, even, or as large as the picture."""
    shape = draw(st.tuples(st.integers(1, largest), st.integers(1, largest)))
    if draw(st.booleans()) and not odd:
        sides = shape if draw(st.booleans()) else (1, 1)
    else:
        sides = [draw(st.integers(1, min(side, 11))) for side in shape]
    if odd:
        sides = [side - (side % 2 == 0) for side in sides]
    picture_type, kernel_type = draw(st.sampled_from(picture_types)), draw(st.sampled_from(kernel_types))
    picture = draw(arrays.arrays(picture_type, shape, elements=VALUES[picture_type]))
    return picture, draw(arrays.arrays(kernel_type, tuple(sides), elements=VALUES[kernel_type]))


def wide(array):
    """The same values in a type in which SciPy computes exactly, or nearly so."""
    return array.astype(np.int64 if array.dtype.kind in "biu" else np.float64)


def both_wide(picture, kernel):
    """Picture and kernel in one wide type, so that SciPy does not narrow its result to the picture's type."""
    common = np.result_type(wide(picture), wide(kernel))
    return picture.astype(common), kernel.astype(common)


def agrees(result, expected, picture, kernel):
    """Equal for integers; otherwise equal within the rounding of the terms that are added."""
    assert result.shape == expected.shape
    if picture.dtype.kind in "biu" and kernel.dtype.kind in "biu":
        assert result.dtype == np.int64
        assert np.array_equal(result, expected)
    else:
        terms = np.abs(wide(picture)).max() * np.abs(wide(kernel)).sum()
        # scipy.ndimage leaves out weights under 2.2e-16, whatever the picture holds.
        assert np.allclose(result, expected, rtol=0, atol=20 * np.finfo(result.dtype).eps * terms + 1e-8)


# --- correlate and convolve beside SciPy and scikit-image


@settings(max_examples=200, deadline=None)
@given(pictures_and_kernels())
def test_valid_agrees_with_scipy_signal(both):
    picture, kernel = both
    wide_picture, wide_kernel = both_wide(picture, kernel)
    expected = signal.correlate2d(wide_picture, wide_kernel, mode="valid")
    agrees(filtering.correlate(picture, kernel), expected, picture, kernel)
    expected = signal.convolve2d(wide_picture, wide_kernel, mode="valid")
    agrees(filtering.convolve(picture, kernel), expected, picture, kernel)


@settings(max_examples=200, deadline=None)
@given(pictures_and_kernels(), st.sampled_from(list(SCIPY)))
def test_the_other_borders_agree_with_scipy_ndimage_for_even_and_odd_kernels(both, border):
    picture, kernel = both
    expected = ndimage.correlate(*both_wide(picture, kernel), mode=SCIPY[border])
    agrees(filtering.correlate(picture, kernel, border), expected, picture, kernel)
    flipped = ndimage.correlate(*both_wide(picture, np.flip(kernel)), mode=SCIPY[border])
    agrees(filtering.convolve(picture, kernel, border), flipped, picture, kernel)


@settings(deadline=None)
@given(pictures_and_kernels(odd=True), st.sampled_from(list(SCIPY)))
def test_odd_convolutions_agree_with_scipy_ndimage(both, border):
    picture, kernel = both
    expected = ndimage.convolve(*both_wide(picture, kernel), mode=SCIPY[border])
    agrees(filtering.convolve(picture, kernel, border), expected, picture, kernel)


@settings(deadline=None)
@given(pictures_and_kernels())
def test_an_even_convolution_has_its_place_as_in_scipy_signal(both):
    picture, kernel = both
    expected = signal.convolve2d(*both_wide(picture, kernel), mode="same")
    agrees(filtering.convolve(picture, kernel, "zero"), expected, picture, kernel)


@settings(deadline=None)
@given(pictures_and_kernels((np.float32, np.float64), (np.float64,), odd=True), st.sampled_from(["valid", *SCIPY]))
def test_correlate_agrees_with_scikit_image(both, border):
    picture, kernel = both
    if not kernel.any():
        kernel = np.ones_like(kernel)  # scikit-image has no answer to a kernel of zeros
    expected = filters.correlate_sparse(picture.astype(float), kernel, mode=SCIPY.get(border, "valid"))
    agrees(filtering.correlate(picture, kernel, border), expected, picture, kernel)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize(
    ("shape", "sides"),
    [((1, 1), (1, 1)), ((7, 9), (7, 9)), ((8, 6), (8, 6)), ((1, 9), (1, 4)), ((9, 1), (2, 1)), ((65, 40), (4, 11)),
     ((130, 3), (64, 1)), ((16, 17), (9, 2)), ((200, 200), (101, 100))],
)  # fmt: skip
def test_the_shapes_that_break_things(shape, sides, border):
    random = np.random.default_rng(0)
    picture, kernel = random.integers(0, 256, shape, dtype=np.uint8), random.integers(-9, 10, sides)
    if border == "valid":
        expected = signal.correlate(picture.astype(float), kernel.astype(float), mode="valid", method="direct")
    else:
        expected = ndimage.correlate(picture.astype(np.int64), kernel, mode=SCIPY[border])
    assert np.array_equal(filtering.correlate(picture, kernel, border), np.rint(expected))


@pytest.mark.parametrize("border", BORDERS)
def test_a_colour_picture_is_filtered_channel_by_channel(border):
    random = np.random.default_rng(1)
    for depth, dtype in ((1, np.uint8), (2, float), (3, np.uint8), (4, np.float32)):
        picture = (255 * random.random((11, 9, depth))).astype(dtype)
        kernel = random.integers(-9, 10, (4, 3))
        result = filtering.correlate(picture, kernel, border)
        grey = [filtering.correlate(picture[:, :, channel], kernel, border) for channel in range(depth)]
        assert result.shape[2] == depth
        assert np.allclose(result, np.stack(grey, axis=2), rtol=1e-5)
        turned = filtering.convolve(picture, kernel[::-1, ::-1], border)
        assert np.array_equal(turned, result)


def test_channels_first_in_memory_and_steps_backwards_make_no_difference():
    picture = np.arange(5 * 6 * 3).reshape(3, 5, 6).transpose(1, 2, 0)[::-1, ::2]
    kernel = np.arange(6).reshape(3, 2).T[::-1]
    same = filtering.correlate(picture.copy(), kernel.copy())
    assert np.array_equal(filtering.correlate(picture, kernel), same)
    assert np.array_equal(filtering.correlate(np.asfortranarray(picture), kernel), same)


def test_bytes_never_overflow():
    white = np.full((9, 9), 255, dtype=np.uint8)
    result = filtering.correlate(white, np.full((9, 9), 255, dtype=np.uint8))
    assert result.tolist() == [[81 * 255 * 255]]
    darker = filtering.correlate(np.zeros((3, 3), np.uint8), [[1]])
    assert (darker - 1).min() == -1


def test_integers_are_exact_up_to_the_limit_and_refused_beyond():
    kernel = [[1, 1]]
    largest = 2**52
    assert filtering.correlate([[largest - 1, largest]], kernel).item() == 2**53 - 1
    with pytest.raises(ValueError, match=r"integers so large that a sum might not be exact; give floats"):
        filtering.correlate([[largest, largest + 1]], kernel)
    assert filtering.correlate(np.array([[2**64 - 1]], np.uint64), [[1.0]]).item() == 2.0**64


@pytest.mark.parametrize(
    ("picture", "kernel", "result"),
    [("uint8", "int64", "int64"), ("bool", "bool", "int64"), ("int16", "uint8", "int64"), ("uint64", "int8", "int64"),
     ("float32", "float32", "float32"), ("uint8", "float32", "float32"), ("float32", "int8", "float32"),
     ("uint8", "float64", "float64"), ("float32", "float64", "float64"), ("float16", "float16", "float32"),
     ("int64", "float32", "float64"), ("uint8", "float16", "float32"), (">f4", "<f4", "float32")],
)  # fmt: skip
@pytest.mark.parametrize("border", BORDERS)
def test_the_type_of_the_result(picture, kernel, result, border):
    assert filtering.correlate(np.ones((3, 3), picture), np.ones((2, 2), kernel), border).dtype == result


def test_what_comes_in_is_not_changed_and_what_comes_out_is_new():
    picture, kernel = np.arange(25.0).reshape(5, 5), np.array([[1.0]])
    before = picture.copy()
    for border in BORDERS:
        result = filtering.correlate(picture, kernel, border)
        result[:] = -1
    assert np.array_equal(picture, before)
    assert np.array_equal(kernel, [[1]])


@settings(deadline=None)
@given(pictures_and_kernels(WHOLE, WHOLE))
def test_flipping_twice_is_correlating_and_symmetric_kernels_do_not_care(both):
    picture, kernel = both
    assert np.array_equal(filtering.convolve(picture, np.flip(kernel)), filtering.correlate(picture, kernel))
    symmetric = wide(kernel) + np.flip(wide(kernel))
    assert np.array_equal(filtering.convolve(picture, symmetric), filtering.correlate(picture, symmetric))


def test_the_borders_mean_what_the_docstring_says():
    row = [[1, 2, 3, 4, 5]]
    assert filtering.pad(row, (1, 5), "zero").tolist() == [[0, 0, 1, 2, 3, 4, 5, 0, 0]]
    assert filtering.pad(row, (1, 5), "replicate").tolist() == [[1, 1, 1, 2, 3, 4, 5, 5, 5]]
    assert filtering.pad(row, (1, 5), "reflect").tolist() == [[2, 1, 1, 2, 3, 4, 5, 5, 4]]
    assert filtering.pad(row, (1, 5), "valid").tolist() == row
    assert filtering.pad(row, (1, 2), "replicate").tolist() == [[1, 1, 2, 3, 4, 5]]


@given(pictures_and_kernels(), st.sampled_from(BORDERS))
def test_pad_is_numpys_pad_and_correlate_stands_on_it(both, border):
    picture, kernel = both
    padded = filtering.pad(picture, kernel.shape, border)
    assert padded.dtype == (np.uint8 if picture.dtype == bool else picture.dtype)
    if border != "valid":
        before = [side // 2 for side in kernel.shape]
        widths = [(first, side - 1 - first) for first, side in zip(before, kernel.shape, strict=True)]
        assert np.array_equal(padded, np.pad(picture, widths, mode=NUMPY[border]))
    assert np.array_equal(filtering.correlate(padded, kernel), filtering.correlate(picture, kernel, border))


@given(pictures_and_kernels(largest=9), st.sampled_from(BORDERS), st.data())
def test_terms_are_what_correlate_adds_up(both, border, draw):
    picture, kernel = both
    result = filtering.correlate(picture, kernel, border)
    row, column = (draw.draw(st.integers(0, side - 1)) for side in result.shape)
    pixels, products = filtering.terms(picture, kernel, row, column, border)
    assert pixels.shape == products.shape == kernel.shape
    assert np.allclose(products, wide(pixels) * wide(kernel), rtol=1e-6)
    agrees(np.array([[products.sum(dtype=result.dtype)]]), result[row : row + 1, column : column + 1], picture, kernel)


# --- The kernels


def test_the_kernels_of_the_lecture():
    kernels = filtering.KERNELS
    assert (9 * kernels["mean"]).tolist() == [[1, 1, 1]] * 3
    assert (100 * kernels["weighted-mean"]).round(9).tolist() == [[8, 12, 8], [12, 20, 12], [8, 12, 8]]
    assert (25 * kernels["box"]).tolist() == [[1] * 5] * 5
    assert kernels["laplacian"].tolist() == [[0, 1, 0], [1, -4, 1], [0, 1, 0]]
    assert kernels["sobel-right"].tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert np.array_equal(kernels["sobel-down"], kernels["sobel-right"].T)
    assert np.array_equal(kernels["sharpen"], kernels["identity"] - kernels["laplacian"])


@pytest.mark.parametrize(
    ("name", "total"),
    [("identity", 1), ("shift", 1), ("mean", 1), ("weighted-mean", 1), ("box", 1), ("gaussian", 1), ("laplacian", 0),
     ("sobel-right", 0), ("sobel-down", 0), ("sharpen", 1), ("emboss", 1)],
)  # fmt: skip
def test_what_the_kernels_add_up_to(name, total):
    assert filtering.KERNELS[name].sum() == pytest.approx(total)


def test_nobody_can_change_the_kernels():
    assert len(filtering.KERNELS) == 11
    with pytest.raises(ValueError, match="read-only"):
        filtering.KERNELS["mean"][0, 0] = 5
    with pytest.raises(TypeError):
        filtering.KERNELS["mine"] = np.ones((3, 3))


def test_kernels_do_what_scikit_image_and_scipy_do():
    camera = data.load("camera") / 255
    kernels = filtering.KERNELS
    inside = slice(1, -1), slice(1, -1)
    assert np.allclose(filtering.correlate(camera, kernels["sobel-down"]) / 4, filters.sobel_h(camera)[inside])
    assert np.allclose(filtering.correlate(camera, kernels["sobel-right"]) / 4, filters.sobel_v(camera)[inside])
    assert np.allclose(-filtering.correlate(camera, kernels["laplacian"], "reflect"), filters.laplace(camera))
    assert np.allclose(filtering.correlate(camera, kernels["box"], "reflect"), ndimage.uniform_filter(camera, 5))
    blurred = filters.gaussian(camera, 2, mode="reflect", truncate=3)
    assert np.allclose(filtering.correlate(camera, filtering.gaussian(2), "reflect"), blurred)


@settings(max_examples=30)
@given(st.floats(0.01, 8))
def test_gaussian_is_scipys(sigma):
    kernel = filtering.gaussian(sigma)
    side = len(kernel)
    impulse = np.zeros((2 * side + 1, 2 * side + 1))
    impulse[side, side] = 1
    spread = ndimage.gaussian_filter(impulse, sigma, truncate=3)
    assert side % 2 == 1 and kernel.shape == (side, side)
    assert side == 2 * int(3 * sigma + 0.5) + 1
    assert kernel.sum() == pytest.approx(1)
    around = slice(side - side // 2, side + side // 2 + 1)
    assert np.allclose(kernel, spread[around, around])
    assert np.allclose(kernel, kernel.T) and np.allclose(kernel, np.flip(kernel))
    assert kernel.max() == kernel[side // 2, side // 2]


def test_a_small_gaussian_changes_nothing_and_the_largest_is_still_made():
    assert filtering.gaussian(0.1).tolist() == [[1.0]]
    assert filtering.gaussian(100).shape == (601, 601)


@given(arrays.arrays(float, (4, 3), elements=st.floats(-9, 9)).filter(lambda kernel: abs(kernel.sum()) > 1e-3))
def test_normalise_makes_the_sum_one(kernel):
    assert filtering.normalise(kernel).sum() == pytest.approx(1)
    assert np.allclose(filtering.normalise(kernel) * kernel.sum(), kernel)


@given(
    arrays.arrays(float, st.tuples(st.integers(1, 6), st.just(1)), elements=st.integers(-9, 9)),
    arrays.arrays(float, st.tuples(st.just(1), st.integers(1, 6)), elements=st.integers(-9, 9)),
)
def test_separate_undoes_a_product(column, row):
    first, second = filtering.separate(column * row)
    assert first.shape == column.shape and second.shape == row.shape
    assert np.allclose(first * second, column * row)


def test_which_kernels_are_separable():
    separable = []
    for name, kernel in filtering.KERNELS.items():
        try:
            column, row = filtering.separate(kernel)
        except ValueError:
            continue
        separable.append(name)
        camera = data.load("camera")[:40, :40] / 255
        for border in BORDERS:
            once = filtering.correlate(camera, kernel, border)
            twice = filtering.correlate(filtering.correlate(camera, column, border), row, border)
            assert np.allclose(once, twice)
    assert separable == ["identity", "shift", "mean", "box", "gaussian", "sobel-right", "sobel-down"]


# --- The lecture's numbers

G = [
    [0, 10, 20, 30, 30, 30, 20, 10],
    [0, 20, 40, 60, 60, 60, 40, 20],
    [0, 30, 60, 90, 90, 90, 60, 30],
    [0, 30, 50, 80, 80, 90, 60, 30],
    [0, 30, 50, 80, 80, 90, 60, 30],
    [0, 20, 30, 50, 50, 60, 40, 20],
    [10, 20, 30, 30, 30, 30, 20, 10],
    [10, 10, 10, 0, 0, 0, 0, 0],
]  # fmt: skip


def test_the_64_values_of_the_lecture():
    F = data.load("picture-f")
    assert np.allclose(filtering.correlate(F, filtering.KERNELS["mean"]), G)
    assert (filtering.correlate(F, np.ones((3, 3), int)) / 9).tolist() == G
    by_loop = np.zeros((8, 8))
    for i, j in np.ndindex(8, 8):
        by_loop[i, j] = sum(int(F[i + a, j + b]) for a in range(3) for b in range(3)) / 9
    assert by_loop.tolist() == G


# --- Bad input

PICTURE = np.ones((4, 5))
BAD_PICTURES = [
    ("picture", TypeError, "image is 'picture' of type str; give an array of numbers"),
    (None, TypeError, "image is None"),
    ([["a", "b"]], TypeError, "image is"),
    (np.ones((2, 2), complex), TypeError, "image is"),
    ([[1, 2], [3]], ValueError, "image has rows of different lengths"),
    ([], ValueError, "empty"),
    (np.ones((0, 4)), ValueError, r"image of shape \(0, 4\) is empty"),
    (5, ValueError, r"image of shape \(\) has 0 axes"),
    ([1, 2, 3], ValueError, r"image of shape \(3,\) has 1 axes; give an array of 2"),
    (np.ones((1, 2, 3, 4)), ValueError, "has 4 axes"),
    ([[1, np.nan]], ValueError, r"image holds nan at index \(0, 1\); give finite numbers only"),
    ([[np.inf, 1]], ValueError, "image holds inf"),
]
BAD_KERNELS = [
    ("mean", TypeError, "kernel is 'mean' of type str; give an array of numbers"),
    ([1, 2, 3], ValueError, r"kernel of shape \(3,\) has 1 axes; give an array of 2 axes"),
    (np.ones((3, 3, 3)), ValueError, "kernel of shape .* has 3 axes"),
    ([[]], ValueError, "kernel of shape .* is empty"),
    ([[1, np.nan]], ValueError, "kernel holds nan"),
    ([[1], [2, 3]], ValueError, "kernel has rows of different lengths"),
]
TOO_LARGE = [
    (np.ones((5, 5)), ValueError, r"kernel \(5, 5\) is larger than image \(4, 5\); choose at most 4 x 5"),
    (np.ones((1, 6)), ValueError, r"kernel \(1, 6\) is larger than image \(4, 5\)"),
]


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("function", [filtering.correlate, filtering.convolve])
def test_bad_pictures_and_kernels_are_refused(function, border):
    for bad, error, message in BAD_PICTURES:
        with pytest.raises(error, match=message):
            function(bad, [[1]], border)
    for bad, error, message in BAD_KERNELS + TOO_LARGE:
        with pytest.raises(error, match=message):
            function(PICTURE, bad, border)


@pytest.mark.parametrize("border", ["mirror", "", None, 3, ["zero"], "Valid"])
def test_unknown_borders_are_refused(border):
    message = "border is .*; choose one of 'valid', 'zero', 'reflect', 'replicate'"
    for call in (
        lambda: filtering.correlate(PICTURE, [[1]], border),
        lambda: filtering.convolve(PICTURE, [[1]], border),
        lambda: filtering.pad(PICTURE, (1, 1), border),
        lambda: filtering.terms(PICTURE, [[1]], 0, 0, border),
    ):
        with pytest.raises(ValueError, match=message):
            call()


def test_bad_input_to_pad():
    for bad, error, message in BAD_PICTURES:
        with pytest.raises(error, match=message):
            filtering.pad(bad, (1, 1), "zero")
    for shape, error, message in [
        ((5, 5), ValueError, r"kernel \(5, 5\) is larger than image \(4, 5\)"),
        ((0, 1), ValueError, "give 1 or more"),
        ((1.5, 1), TypeError, "give a whole number"),
        (("a", 1), TypeError, "give a number"),
        (3, TypeError, "shape is 3; give the rows and columns of a kernel, such as"),
        ((1, 2, 3), ValueError, r"shape is \(1, 2, 3\); give the rows and columns of a kernel"),
    ]:
        with pytest.raises(error, match=message):
            filtering.pad(PICTURE, shape, "zero")


def test_bad_input_to_terms():
    for bad, error, message in BAD_KERNELS + TOO_LARGE:
        with pytest.raises(error, match=message):
            filtering.terms(PICTURE, bad, 0, 0)
    for bad in ("picture", [[1, np.nan]], [], np.ones((2, 2, 3))):
        with pytest.raises((TypeError, ValueError), match="image"):
            filtering.terms(bad, [[1]], 0, 0)
    for row, column, message in [(2, 0, "row is 2; give 1 or less"), (0, -1, "column is -1; give 0 or more")]:
        with pytest.raises(ValueError, match=message):
            filtering.terms(PICTURE, np.ones((3, 3)), row, column)
    with pytest.raises(TypeError, match="row is '0' of type str"):
        filtering.terms(PICTURE, [[1]], "0", 0)


def test_bad_input_to_the_makers_of_kernels():
    for function in (filtering.normalise, filtering.separate):
        for bad, error, message in BAD_KERNELS:
            with pytest.raises(error, match=message):
                function(bad)
    for kernel in (filtering.KERNELS["laplacian"], [[0]], [[0.1, 0.2, -0.3]]):
        with pytest.raises(ValueError, match="kernel has the sum 0 and cannot be divided by it; use it as it is"):
            filtering.normalise(kernel)
    with pytest.raises(ValueError, match="kernel is not a column times a row; filter with the kernel as it is"):
        filtering.separate([[1, 0], [0, 1]])
    for sigma, error, message in [
        (0, ValueError, "sigma is 0; give a number above 0"),
        (-1, ValueError, "sigma is -1; give a number above 0"),
        (101, ValueError, "sigma is 101; give 100 or less"),
        (np.nan, ValueError, "sigma is nan; give a finite number"),
        ("1", TypeError, "sigma is '1' of type str; give a number"),
        (None, TypeError, "sigma is None"),
        ([1], TypeError, "sigma is"),
        (True, TypeError, "sigma is True"),
    ]:
        with pytest.raises(error, match=message):
            filtering.gaussian(sigma)
