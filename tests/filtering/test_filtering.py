"""Lesson 2: its numbers, its pictures, its panels, its checks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import ndimage, signal
from skimage import filters

from lessons_lib import data, filtering
from lessons_lib.filtering import checks, figures, panels

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
    with pytest.raises(KeyError, match=r"'sobel' is not the name of a kernel; choose one of identity, .* sobel-right"):
        filtering.KERNELS["sobel"]
    assert "sobel" not in filtering.KERNELS


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
    ([1, 2, 3], ValueError, r"image of shape \(3,\) has 1 axis; give an array of 2"),
    (np.ones((1, 2, 3, 4)), ValueError, "has 4 axes"),
    ([[1, np.nan]], ValueError, r"image holds nan at index \(0, 1\); give finite numbers only"),
    ([[np.inf, 1]], ValueError, "image holds inf"),
]
BAD_KERNELS = [
    ("mean", TypeError, "kernel is 'mean' of type str; give an array of numbers"),
    ([1, 2, 3], ValueError, r"kernel of shape \(3,\) has 1 axis; give an array of 2 axes"),
    (np.ones((3, 3, 3)), ValueError, "kernel of shape .* has 3 axes"),
    ([[]], ValueError, "kernel of shape .* is empty"),
    ([[1, np.nan]], ValueError, "kernel holds nan"),
    ([[1], [2, 3]], ValueError, "kernel has rows of different lengths"),
]
TOO_LARGE = [
    (np.ones((5, 5)), ValueError, r"kernel \(5, 5\) is larger than image \(4, 5\); choose at most 4 × 5"),
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


# --- The filter bench


def outside(border, place, side):
    """The index that a border reads in place of one outside 0..side-1, or None for a zero; worked out by itself."""
    if 0 <= place < side:
        return place
    if border == "zero":
        return None
    if border == "replicate":
        return 0 if place < 0 else side - 1
    return -1 - place if place < 0 else 2 * side - 1 - place


def by_hand(photo, kernel, row, column, border):
    """The pixels under the kernel whose anchor lies on a pixel of the photo, and the sum, by loops only."""
    up, left = kernel.shape[0] // 2, kernel.shape[1] // 2
    pixels, total = np.zeros(kernel.shape), 0.0
    for a, b in np.ndindex(kernel.shape):
        r, c = outside(border, row + a - up, photo.shape[0]), outside(border, column + b - left, photo.shape[1])
        pixels[a, b] = 0 if r is None or c is None else photo[r, c]
        total += pixels[a, b] * kernel[a, b]
    return pixels, total


def said(value):
    """A number as the sentences write it."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def grey(name):
    """The photo of the bench, made here once more."""
    photo = data.load(name)
    if photo.ndim == 3:
        photo = np.rint(photo @ [0.2126, 0.7152, 0.0722]).astype(int)
    top, left = (max(0, side - 512) // 2 for side in photo.shape)
    return photo[top : top + 512, left : left + 512]


def agrees_with_the_bench(panel, row, column):
    """What the bench shows and says for a pixel of the photo, against loops and SciPy."""
    photo = grey(panel.source.value)
    kernel = np.array(panel.kernel.values, dtype=float)
    if panel.normalise.value and abs(kernel.sum()) > 1e-9:
        kernel = kernel / kernel.sum()
    if panel.flip.value:
        kernel = kernel[::-1, ::-1]
    border = panel.border.value
    pixels, total = by_hand(photo, kernel, row, column, border)
    i, j = (row - len(kernel) // 2, column - len(kernel) // 2) if border == "valid" else (row, column)
    assert np.array_equal(panel.pixels.values, pixels)
    assert np.allclose(panel.products.values, pixels * kernel, atol=1e-5)
    assert panel.result.values[i, j] == pytest.approx(total, abs=0.05, rel=1e-5)
    assert panel.result.window == (i, j, 1, 1)
    up, left = kernel.shape[0] // 2, kernel.shape[1] // 2
    assert panel.photo.window == (row - up, column - left, *kernel.shape)
    text = f"Photo row {row}, column {column} was {photo[row, column]}:"
    assert text in panel.sentence
    assert f"so the result has {said(total)} in row {i}, column {j}." in panel.sentence
    assert panel.products.label == f"products, sum {said(total)}"
    nonzero = np.count_nonzero(kernel)
    if nonzero > 9:
        assert f"the {nonzero} products add up to {said(total)}" in panel.sentence


def test_the_bench_follows_every_preset_photo_and_border():
    panel = panels.FilterBench()
    for n, (photo, _words) in enumerate((value, text) for text, value in panel.source.options):
        panel.source.value = photo
        kernel = list(filtering.KERNELS)[n % 11]
        panel.preset.value = kernel
        panel.border.value = BORDERS[n % 4]
        picture = grey(photo)
        assert np.array_equal(panel.photo.values, picture)
        assert np.array_equal(panel.kernel.values, filtering.KERNELS[kernel])
        weights = filtering.KERNELS[kernel].astype(float)
        if panel.border.value == "valid":
            expected = signal.correlate(picture.astype(float), weights, mode="valid", method="direct")
        else:
            expected = ndimage.correlate(picture.astype(float), weights, mode=SCIPY[panel.border.value])
        assert np.allclose(panel.result.values, expected, atol=1e-2)
        assert f"The whole result goes from {said(expected.min())} to {said(expected.max())}." in panel.sentence
        assert panel.result.label == f"result, {expected.shape[0]} × {expected.shape[1]}"
        assert panel.signed.value == (abs(weights.sum()) < 1e-9)
        assert panel.result.colours == ("signed" if panel.signed.value else "grey")
        for row, column in ((100, 120), (60, 200)):
            panel.photo.select(row, column)
            agrees_with_the_bench(panel, row, column)


@pytest.mark.parametrize("border", BORDERS)
def test_pointing_works_both_ways_and_at_every_corner(border):
    panel = panels.FilterBench(photo="page", kernel="emboss", border=border)
    rows, columns = grey("page").shape
    inside = 1 if border == "valid" else 0
    for row in (inside, 90, rows - 1 - inside):
        for column in (inside, 111, columns - 1 - inside):
            panel.photo.select(row, column)
            agrees_with_the_bench(panel, row, column)
            assert panel.result.selected == (row - inside, column - inside)
            panel.photo.select(50, 50)
            panel.result.select(row - inside, column - inside)
            agrees_with_the_bench(panel, row, column)
            assert panel.photo.selected == (row, column)
            beyond = row in (0, rows - 1) or column in (0, columns - 1)
            assert (panel.pixels.hatched is not None) == beyond


def test_where_the_window_sticks_out_the_nearest_place_is_read_and_said():
    panel = panels.FilterBench(photo="coins", kernel="box", border="valid")
    panel.photo.select(0, 383)
    start = "Around row 0, column 383 the window would stick out; the nearest that fits is around row 2, column 381."
    assert panel.sentence.startswith(start)
    assert panel.photo.selected == (0, 383)
    agrees_with_the_bench(panel, 2, 381)
    panel.border.value = "zero"
    assert "stick out" not in panel.sentence
    agrees_with_the_bench(panel, 0, 383)
    assert panel.pixels.hatched.sum() == 16


def test_the_cursor_is_where_the_sentence_says_when_a_small_photo_was_shown_meanwhile():
    panel = panels.FilterBench(photo="camera", kernel="box", border="valid")
    panel.photo.select(511, 511)
    panel.source.value = "clock"
    assert "stick out" not in panel.sentence
    panel.source.value = "camera"
    assert panel.sentence.startswith("Around row 511, column 511 the window would stick out;")
    assert panel.photo.selected == (511, 511)


@pytest.mark.parametrize("size", range(1, 12))
def test_every_size_even_ones_too(size):
    panel = panels.FilterBench(photo="cat", kernel="sharpen", border="replicate")
    panel.size.value = size
    assert panel.kernel.values.shape == panel.pixels.values.shape == panel.products.values.shape == (size, size)
    for flip in (False, True):
        panel.flip.value = flip
        panel.photo.select(0, 150)
        agrees_with_the_bench(panel, 0, 150)
    expected = np.zeros((11, 11))
    expected[4:7, 4:7] = filtering.KERNELS["sharpen"]
    first = 5 - size // 2
    assert np.array_equal(panel.kernel.values, expected[first : first + size, first : first + size])
    panel.size.value = 3
    assert panel.preset.value == "sharpen"


def test_typed_numbers_stay_when_the_size_changes_and_make_the_kernel_custom():
    panel = panels.FilterBench(kernel="mean")
    panel.size.value = 5
    assert panel.preset.value == "custom"
    panel.kernel.type(0, 4, 7.5)
    panel.kernel.type(2, 2, -3)
    panel.size.value = 3
    assert panel.kernel.values[1, 1] == -3
    panel.size.value = 9
    assert panel.kernel.values[2, 6] == 7.5 and panel.kernel.values[4, 4] == -3
    agrees_with_the_bench(panel, *panel.photo.selected)
    panel.preset.value = "mean"
    panel.size.value = 9
    assert np.count_nonzero(panel.kernel.values) == 9


def test_an_edit_that_makes_a_preset_again_gets_its_name_back():
    panel = panels.FilterBench(kernel="laplacian")
    panel.kernel.type(1, 1, -8)
    assert panel.preset.value == "custom"
    assert panel.kernel.label == "kernel, sum -4"
    panel.kernel.type(1, 1, -4)
    assert panel.preset.value == "laplacian"
    panel.preset.value = "custom"
    assert panel.preset.value == "laplacian"


def test_dividing_by_the_sum_and_the_half_turn():
    panel = panels.FilterBench(kernel="emboss", normalise=True, flip=True)
    agrees_with_the_bench(panel, *panel.photo.selected)
    assert panel.kernel.label == "kernel, sum 1, laid on after half a turn"
    panel.kernel.type(0, 0, 6)
    assert panel.kernel.label.startswith("kernel, sum 9")
    agrees_with_the_bench(panel, *panel.photo.selected)
    panel.kernel.type(0, 0, -3)
    assert "The weights add up to 0, so they cannot be divided by their sum." in panel.sentence
    agrees_with_the_bench(panel, *panel.photo.selected)


def test_a_kernel_of_zeros_is_said_and_not_raised():
    panel = panels.FilterBench(kernel="identity", normalise=True)
    panel.kernel.type(1, 1, 0)
    assert "all weights are 0, so the sum is 0" in panel.sentence
    assert "cannot be divided" in panel.sentence
    assert not panel.result.values.any()


def test_pointing_does_not_filter_again(monkeypatch):
    panel = panels.FilterBench()
    calls = []
    correlate = filtering.correlate
    monkeypatch.setattr(filtering, "correlate", lambda *given: calls.append(1) or correlate(*given))
    for place in range(5):
        panel.photo.select(place, 2 * place)
        panel.result.select(3 * place, place)
    assert calls == []
    panel.kernel.type(0, 0, 1)
    panel.signed.value = True
    assert len(calls) == 2


def test_the_small_grids_point_at_the_same_cell():
    panel = panels.FilterBench()
    panel.pixels.select(2, 1)
    assert panel.products.selected == (2, 1)
    panel.products.select(0, 2)
    assert panel.pixels.selected == (0, 2)


@pytest.mark.parametrize(
    "settings", [{"photo": "sky"}, {"kernel": "blur"}, {"border": "wrap"}, {"kernel": None}, {"photo": 3}]
)
def test_the_bench_refuses_unknown_presets(settings):
    with pytest.raises(ValueError, match="choose one of"):
        panels.FilterBench(**settings)


# --- The sliding window


def test_the_window_walks_over_the_whole_picture_forwards_and_back():
    panel = panels.SlidingWindow()
    for step in range(64):
        i, j = divmod(step, 8)
        assert panel.step.value == step
        assert panel.picture.window == (i, j, 3, 3) and panel.result.window == (i, j, 1, 1)
        assert panel.result.selected == (i, j) and panel.picture.selected == (i + 1, j + 1)
        assert f"Step {step}: the window lies on rows {i} to {i + 2} and columns {j} to {j + 2} of F;" in panel.sentence
        assert f"row {i}, column {j}: 1/9 × " in panel.sentence
        assert panel.sentence.endswith(f" = {G[i][j]}.")
        pixels = [[int(value) for value in row] for row in data.load("picture-f")[i : i + 3, j : j + 3]]
        assert " + ".join(f"1/9 × {value}" for row in pixels for value in row) in panel.sentence
        found = [text for row in panel.result.texts for text in row if text]
        assert found == [str(value) for row in G for value in row][: step + 1]
        assert (panel.result.hatched is None) == (step == 63)
        panel.forward.click()
    assert panel.forward.disabled and not panel.back.disabled
    for step in range(63, 0, -1):
        panel.back.click()
        assert panel.step.value == step - 1
    assert panel.back.disabled


def test_pointing_moves_the_window_in_both_grids():
    panel = panels.SlidingWindow()
    panel.result.select(3, 4)
    assert panel.step.value == 28 and panel.picture.selected == (4, 5)
    panel.picture.select(9, 9)
    assert panel.step.value == 63 and panel.picture.selected == (9, 9) and panel.result.selected == (7, 7)
    panel.picture.select(0, 4)
    assert panel.step.value == 3 and panel.sentence.endswith("= 30.")
    panel.step.value = 0
    assert panel.picture.selected == (1, 1)
    panel.kernel.select(2, 0)
    assert panel.products.selected == (2, 0)
    panel.products.select(0, 1)
    assert panel.kernel.selected == (0, 1)


@pytest.mark.parametrize("name", list(filtering.KERNELS))
def test_the_window_walks_with_every_kernel(name):
    panel = panels.SlidingWindow(step=40)
    panel.choice.value = name
    kernel = filtering.KERNELS[name]
    expected = signal.correlate(data.load("picture-f").astype(float), kernel.astype(float), "valid", method="direct")
    assert panel.step.max == panel.play.max == expected.size - 1
    for step in (0, expected.size // 2, expected.size - 1):
        panel.step.value = step
        i, j = divmod(step, expected.shape[1])
        end = f"{said(expected[i, j])}."
        assert panel.sentence.endswith(end)
        assert panel.products.label == f"products, sum {end[:-1]}"
        assert panel.result.values[i, j] == pytest.approx(expected[i, j], abs=1e-5)
        assert panel.products.values.sum() == pytest.approx(expected[i, j], abs=1e-4)
    assert panel.result.colours == ("signed" if expected.min() < -1e-9 else "grey")
    assert (
        panel.result.label == f"result G, {expected.shape[0]} × {expected.shape[1]}: {expected.size} of {expected.size}"
    )


@pytest.mark.parametrize(
    ("settings", "error"),
    [({"kernel": "blur"}, ValueError), ({"step": 64}, ValueError), ({"step": -1}, ValueError),
     ({"step": "0"}, TypeError), ({"kernel": "gaussian", "step": 16}, ValueError)],
)  # fmt: skip
def test_the_window_refuses_unknown_presets(settings, error):
    with pytest.raises(error):
        panels.SlidingWindow(**settings)


@pytest.mark.parametrize("panel", [panels.FilterBench, panels.SlidingWindow])
def test_the_panels_leave_a_picture_and_their_sentence(panel):
    made = panel(kernel="laplacian")
    bundle, metadata = made._repr_mimebundle_()
    assert bundle["text/plain"] == metadata["image/png"]["alt"] == made.sentence
    assert len(made.still().axes) == (5 if panel is panels.FilterBench else 4)


# --- The pictures


def figures_of_the_lesson():
    F, kernels = data.load("picture-f"), filtering.KERNELS
    photo = data.load("camera")
    draw = figures
    yield draw.one_place(F, kernels["mean"], 0, 1), "The 9 products add up to 10."
    yield draw.one_place(F, kernels["box"], 0, 0, "reflect"), "from row -2, column -2"
    yield draw.one_place(F, kernels["laplacian"], 1, 2), "add up to -180."
    yield draw.steps(F, kernels["mean"], [0, 1, 2, 63]), "the values are 0 and then 10 and then 20 and then 0"
    yield (
        draw.tables({"F": F, "kernel": kernels["laplacian"]}),
        "F, 10 × 10, from 0 to 90; kernel, 3 × 3, from -4 to 1.",
    )
    results = {"photo": photo, "edges": filtering.correlate(photo, kernels["laplacian"])}
    yield draw.results(results), "photo, grey levels from 0 to 255; edges, signed colours from -424 to 281."
    yield draw.results(results, zoom=(80, 200, 60, 60), columns=1), "photo, grey levels from"
    yield draw.results({"photo": data.load("coffee")}), "photo, colours from 0 to 255."
    yield draw.profile({"photo": photo}, 222, 296, 312), "photo from 8 to 205, largest step 189."
    yield draw.bells([1, 2]), "sigma 1, 7 weights, the largest 0.16; sigma 2, 13 weights, the largest 0.04."
    yield draw.borders([1, 2, 3, 4, 5], 2), "reflect 2 1 1 2 3 4 5 5 4; replicate 1 1 1 2 3 4 5 5 5."
    yield draw.costs(31), "it is 961 at once and 62 as a column and a row."


def test_every_picture_says_its_numbers():
    count = 0
    for figure, words in figures_of_the_lesson():
        figure.canvas.draw()
        assert words in figure.alt
        count += 1
    assert count == 12


def test_bad_input_to_the_pictures():
    draw, F = figures, data.load("picture-f")
    with pytest.raises(ValueError, match="row is 9; give 7 or less"):
        draw.one_place(F, np.ones((3, 3)), 9, 0)
    with pytest.raises(ValueError, match="place is 64; give 63 or less"):
        draw.steps(F, np.ones((3, 3)), [64])
    with pytest.raises(ValueError, match="lies outside the picture"):
        draw.results({"photo": F}, zoom=(20, 20, 5, 5))
    with pytest.raises(ValueError, match="row of shape"):
        draw.borders(F, 2)
    with pytest.raises(TypeError, match="weights is 'mean'"):
        draw.written("mean")


# --- The exercises

ROW_BY_ROW = filtering.correlate
WRONG = {
    "weighted_pixel": [
        (5760, "forgot to divide"), (640, "You divided by 9"), (50, "plain mean"), (90, "Row and column are swapped"),
        (25.2, "You centred the window"), (0, "the pixel itself"), (57, "Write down the nine pixels"),
    ],
    "sliding_window": [
        (lambda image, kernel: filtering.convolve(image, kernel), "a convolution"),
        (lambda image, kernel: ROW_BY_ROW(image, kernel).T, "rows and columns are swapped in the result"),
        (lambda image, kernel: ROW_BY_ROW(image, np.ones_like(kernel)), "forget the weights"),
        (lambda image, kernel: ROW_BY_ROW(image, kernel) / kernel.size, "You take the mean of the products"),
        (lambda image, kernel: ROW_BY_ROW(image, kernel).astype(np.uint8), "wrap at 256"),
        (lambda image, kernel: ROW_BY_ROW(image, kernel, "zero"), "as large as the picture"),
        (lambda image, kernel: ROW_BY_ROW(image, kernel)[:-1, :-1], "has 2 × 4 places in your result"),
        (lambda image, kernel: np.abs(ROW_BY_ROW(image, kernel)), "minus signs"),
        (lambda image, kernel: None, "returns nothing"),
        (lambda image: image, "stops with TypeError"),
        (lambda image, kernel: image[9, 9], "stops with IndexError"),
        (lambda image, kernel: ROW_BY_ROW(image, kernel) + 1, "on a small picture"),
        (lambda image, kernel: 3, "has shape ()"),
        (filtering.KERNELS["mean"], "Give the function itself"),
    ],
    "brighter_below": [
        (filtering.KERNELS["sobel-right"], "rows and columns are swapped"),
        (-filtering.KERNELS["sobel-down"], "grows darker downwards"),
        (filtering.KERNELS["mean"], "says 10; its weights must add up to 0"),
        (filtering.KERNELS["laplacian"], "says 0 where each row is brighter"),
        (filtering.KERNELS["sobel-down"] + filtering.KERNELS["sobel-right"], "but also to the right"),
        (np.zeros((3, 3)), "says 0 where each row is brighter"),
        ([[-1], [1]], "Your kernel is 2 × 1; give 3 × 3 weights"),
        ([1, 2, 3], "Give rows of numbers"),
        ("sobel", "Give rows of numbers"),
        ([[np.nan] * 3] * 3, "Give rows of numbers"),
    ],
    "corner": [
        ((7, 4.6, 5.8), "divided by the 9 pixels that exist"), ((2.52, 4.6, 8.2), "left out the edge"),
        ((2.52, 5.8, 4.6), "are swapped"), ((63, 115, 145), "These are the sums"), ((13, 13, 13), "at the centre"),
        ((1, 2, 3), "Write the 5 × 5 pixels"), (2.52, "has shape ()"),
    ],
    "move_down": [
        ([[0, 0, 0], [0, 0, 0], [0, 1, 0]], "moves the picture up"),
        ([[0, 0, 0], [1, 0, 0], [0, 0, 0]], "to the right; rows come before columns"),
        ([[0, 0, 0], [0, 0, 1], [0, 0, 0]], "to the left; rows come before columns"),
        ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], "where it is"), ([[0, 2, 0], [0, 0, 0], [0, 0, 0]], "by 2; to keep them"),
        (np.ones((3, 3)) / 9, "Each pixel of the result"), ([[1], [0]], "give 3 × 3 weights"),
        (7, "Give rows of numbers"),
    ],
    "separable_cost": [
        (512 * 512 * 361, "the whole kernel at once"), (512 * 512 * 19, "one of the two passes"), (38, "for one pixel"),
        (361, "for one pixel, and for the whole"), (512 * 512 * 6, "Sigma is not the side"),
        (512 * 512 * 18, "reaches 9 pixels"), (512 * 512 * 36, "forgot the centre"), (1, "count both passes"),
    ],
}  # fmt: skip
RIGHT = {
    "weighted_pixel": [57.6, np.float32(57.6)],
    "sliding_window": [ROW_BY_ROW, lambda image, kernel: ROW_BY_ROW(image, kernel).tolist()],
    "brighter_below": [
        filtering.KERNELS["sobel-down"],
        [[0, -1, 0], [0, 0, 0], [0, 1, 0]],
        [[-1] * 3, [0] * 3, [1] * 3],
    ],
    "corner": [(2.52, 4.6, 5.8), [2.52, 4.6, 5.8]],
    "move_down": [[[0, 1, 0], [0, 0, 0], [0, 0, 0]], [[1], [0], [0]]],
    "separable_cost": [9_961_472],
}


@pytest.mark.parametrize("name", list(WRONG))
def test_the_checks_name_the_mistake_and_never_the_solution(name):
    check = getattr(checks, name)
    assert check(...).passed is None
    for answer, words in WRONG[name]:
        verdict = check(answer)
        assert verdict.passed is False
        assert words in verdict
        assert "57.6" not in verdict and "9961472" not in verdict
    for answer in RIGHT[name]:
        assert check(answer).passed is True
