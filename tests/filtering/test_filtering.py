"""Lesson 2: its numbers, its pictures, its panels, its checks."""

import linecache
import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image
from scipy import ndimage, signal
from skimage import filters

import oracles
from lessons_lib import data, filtering
from lessons_lib.core import record
from lessons_lib.core.verdict import own
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
def test_flipping_twice_is_correlating_and_symmetric_kernels_make_no_difference(both):
    picture, kernel = both
    assert np.array_equal(filtering.convolve(picture, np.flip(kernel)), filtering.correlate(picture, kernel))
    symmetric = wide(kernel) + np.flip(wide(kernel))
    assert np.array_equal(filtering.convolve(picture, symmetric), filtering.correlate(picture, symmetric))


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
    pixels, products = filtering.terms_of_sum(picture, kernel, row, column, border)
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


def test_what_the_kernels_add_up_to():
    sums = {name: round(kernel.sum().item(), 9) for name, kernel in filtering.KERNELS.items()}
    zero = {"laplacian", "sobel-right", "sobel-down"}
    assert sums == {name: 0 if name in zero else 1 for name in filtering.KERNELS}


def test_the_kernels_cannot_be_changed():
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


# --- What is refused besides values that are no picture, kernel or border, which test_fire_numbers sends


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: filtering.correlate(np.ones((4, 5)), np.ones((5, 5))),
            r"kernel \(5, 5\) is larger than image \(4, 5\);",
        ),
        (lambda: filtering.convolve(np.ones((4, 5)), np.ones((1, 6)), "zero"), "choose at most 4 × 5"),
        (lambda: filtering.pad(np.ones((4, 5)), (5, 5), "zero"), r"kernel \(5, 5\) is larger than image \(4, 5\)"),
        (lambda: filtering.pad(np.ones((4, 5)), (1, 2, 3), "zero"), "give the rows and columns of a kernel"),
        (lambda: filtering.terms_of_sum(np.ones((4, 5)), np.ones((3, 3)), 2, 0), "row is 2; give 1 or less"),
        (lambda: filtering.normalise([[0.1, 0.2, -0.3]]), "kernel has the sum 0 and cannot be divided by it"),
        (lambda: filtering.separate([[1, 0], [0, 1]]), "kernel is not a column times a row; filter with the kernel"),
        (lambda: filtering.gaussian(0), "sigma is 0; give a number above 0"),
        (lambda: filtering.gaussian(101), "sigma is 101; give 100 or less"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- The filter bench; `oracles` computes every number that it shows and writes by SciPy


@pytest.mark.parametrize("border", BORDERS)
def test_photo_and_result_are_pointed_at_together(border):
    panel = panels.FilterBench(photo="page", kernel="emboss", border=border)
    rows, columns = panel.photo.values.shape
    for row, column in product((0, 90, rows - 1), (0, 111, columns - 1)):
        panel.photo.select(row, column)
        assert panel.photo.selected == (row, column)
        oracles.check(panel)
        i, j = panel.result.selected
        panel.photo.select(50, 50)
        panel.result.select(i, j)
        assert panel.result.selected == (i, j)
        oracles.check(panel)


def test_the_selected_pixel_is_kept_while_a_smaller_photo_is_shown():
    panel = panels.FilterBench(photo="camera", kernel="box", border="valid")
    panel.photo.select(511, 511)
    panel.source.value = "clock"
    assert "stick out" not in panel.sentence
    panel.source.value = "camera"
    assert panel.sentence.startswith("Around row 511, column 511 the window would stick out;")
    assert panel.photo.selected == (511, 511)
    panel.border.value = "zero"
    assert panel.pixels.hatched.sum() == 16
    oracles.check(panel)


@pytest.mark.parametrize("name", list(filtering.KERNELS))
def test_a_preset_is_shown_and_decides_about_the_colours(name):
    panel = panels.FilterBench()
    panel.preset.value = name
    kernel = filtering.KERNELS[name]
    assert np.array_equal(panel.kernel.values, kernel)
    assert panel.result.colours == ("signed" if abs(kernel.sum()) < 1e-9 else "grey")


def test_typed_numbers_stay_when_the_size_changes_and_make_the_kernel_custom():
    panel = panels.FilterBench(kernel="mean")
    panel.size.value = 5
    assert panel.preset.value == "custom"
    panel.kernel.type(0, 4, 7.5)
    panel.kernel.type(2, 2, -3)
    for size, corner, middle in ((3, None, (1, 1)), (9, (2, 6), (4, 4)), (8, (2, 6), (4, 4)), (2, None, (1, 1))):
        panel.size.value = size
        assert panel.kernel.values.shape == panel.products.values.shape == (size, size)
        assert panel.kernel.values[middle] == -3 and (corner is None or panel.kernel.values[corner] == 7.5)
        oracles.check(panel)
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


def test_kernels_that_cannot_be_divided_by_their_sum_are_used_as_they_are():
    panel = panels.FilterBench(kernel="emboss", normalise=True, flip=True)
    oracles.check(panel)
    assert panel.kernel.label == "kernel, sum 1, laid on after half a turn"
    panel.kernel.type(0, 0, -3)
    assert "cannot be divided" in panel.sentence
    oracles.check(panel)
    panel = panels.FilterBench(kernel="identity", normalise=True)
    panel.kernel.type(1, 1, 0)
    assert not panel.result.values.any()
    oracles.check(panel)


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
    assert calls


@pytest.mark.parametrize(
    "function",
    ["correlate", "terms_of_sum"],
)
def test_a_panel_goes_on_after_an_error(monkeypatch, function):
    panel = panels.FilterBench()
    with monkeypatch.context() as broken:
        broken.setattr(filtering, function, lambda *_given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            panel.size.value = 4
    panel.size.value = 5
    oracles.check(panel)


@pytest.mark.parametrize(
    ("panel", "one", "other"),
    [(panels.FilterBench(), "pixels", "products"), (panels.SlidingWindow(), "kernel", "products")],
)
def test_the_small_grids_point_at_the_same_cell(panel, one, other):
    for first, second, cell in ((one, other, (2, 1)), (other, one, (0, 2))):
        getattr(panel, first).select(*cell)
        assert getattr(panel, second).selected == cell


def test_a_photo_of_ones_own_is_filtered_and_stands_in_the_list(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 60), np.uint8)).save("me.png")
    panel = panels.FilterBench("me.png", kernel="sobel-down")
    assert panel.source.value == "me.png" and panel.photo.values.shape == (40, 60)
    oracles.check(panel)
    panel.source.value = "coins"
    oracles.check(panel)
    panel.source.value = "me.png"
    oracles.check(panel)
    with pytest.raises(FileNotFoundError, match=r"you\.png"):
        panels.FilterBench("you.png")


# --- The game


def build(panel, kernel):
    """Type a kernel weight by weight."""
    for (row, column), weight in np.ndenumerate(kernel):
        panel.kernel.type(row, column, weight)
        oracles.check(panel)


@pytest.mark.parametrize(
    ("kernel", "words"),
    [
        (np.eye(3), "The response to the line is 3, and that to a white sheet is 3, too."),
        ([[1, 0, -1], [0, 0, 0], [-1, 0, 1]], "The response to the line is 2, and that to a line"),
        ([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]], "the other diagonal"),
        ([[-2, 1, 1], [1, -2, 1], [1, 1, -2]], "that must be a positive number"),
        ([[2, -1, -1], [-1, 3, -1], [-1, -1, 2]], "The weights add up to 1"),
    ],
)
def test_the_game_says_what_is_not_yet_right(kernel, words):
    panel = panels.FilterGame()
    build(panel, kernel)
    assert words in panel.sentence and "Moves: 9." in panel.sentence
    assert "lesson-won" not in panel._dom_classes


def test_the_game_is_won_lost_again_and_starts_again():
    panel = panels.FilterGame()
    build(panel, [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]])
    assert panel.sentence.startswith("✓ Won with 9 moves.") and "lesson-won" in panel._dom_classes
    assert [grid.label for grid in panel.pictures.values()][:2] == ["down right: 6", "down left: 2"]
    panel.kernel.type(1, 1, 9)
    assert "lesson-won" not in panel._dom_classes and "Moves: 10." in panel.sentence
    panel.again.click()
    assert panel.moves == 0 and not panel.kernel.values.any() and panel.sentence.startswith("The kernel is empty.")
    oracles.check(panel)


def test_a_game_that_is_won_is_recorded_by_its_check(tmp_path, monkeypatch):
    (tmp_path / "workbook").mkdir()
    monkeypatch.chdir(tmp_path / "workbook")
    build(panels.FilterGame(), [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]])
    assert record.last("filtering/only-diagonals")["verdict"] == "right"


# --- The sliding window


def test_the_window_walks_over_two_rows_and_no_further():
    panel = panels.SlidingWindow()
    for step in range(16):
        oracles.check(panel)
        assert panel.result.selected == panel.picture.window[:2] == divmod(step, 8)
        found = [text for row in panel.result.texts for text in row if text != "?"]
        assert found == [str(value) for row in G for value in row][: step + 1]
        assert panel.forward.disabled == (step == 15)
        panel.forward.click()
    assert panel.result.window[:2] == (1, 7) and "of 64" in panel.result.label
    panel.back.click()
    assert panel.result.window[:2] == (1, 6) and panel.result.label.endswith("16 of 64 known")
    oracles.check(panel)


def test_only_known_numbers_can_be_pointed_at():
    panel = panels.SlidingWindow()
    for _step in range(9):
        panel.forward.click()
    panel.result.select(0, 3)
    assert panel.sentence == (
        "The window lies on rows 0 to 2 and columns 3 to 5 of the square: 3 pixels of 90, "
        "6 of 0. The response in row 0, column 3 is 30."
    )
    panel.result.select(7, 7)
    assert panel.sentence.endswith("column 3 is 30.") and panel.result.label.endswith("10 of 64 known")
    panel.forward.click()
    assert panel.result.selected == panel.result.window[:2] == (0, 4)


def test_all_rows_are_shown_where_they_are_asked_for():
    panel = panels.SlidingWindow("sobel-right", rows=8)
    for _step in range(63):
        panel.forward.click()
    assert panel.result.hatched is None and "stops" not in panel.sentence
    assert np.array_equal(panel.result.values, filtering.correlate(F, filtering.KERNELS["sobel-right"]))


@pytest.mark.parametrize(
    ("kind", "settings", "error"),
    [
        (panels.FilterBench, {"kernel": None}, ValueError),
        (panels.FilterBench, {"border": "wrap"}, ValueError),
        (panels.SlidingWindow, {"kernel": "blur"}, ValueError),
        (panels.SlidingWindow, {"kernel": "gaussian", "rows": 5}, ValueError),
        (panels.SlidingWindow, {"rows": "2"}, TypeError),
        (panels.FilterGame, {"game": "only-circles"}, ValueError),
    ],
)
def test_the_panels_refuse_unknown_settings(kind, settings, error):
    with pytest.raises(error, match=r"choose one of|rows is"):
        kind(**settings)


# --- The pictures


F, PHOTO, LAPLACIAN = data.load("picture-f"), data.load("camera"), filtering.KERNELS["laplacian"]
RESULTS = {"photo": PHOTO, "edges": filtering.correlate(PHOTO, LAPLACIAN)}


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (lambda: figures.one_place(F, filtering.KERNELS["box"], 0, 0, "reflect"), "from row -2, column -2"),
        (lambda: figures.one_place(F, LAPLACIAN, 1, 2), "add up to -180."),
        (lambda: figures.number_grids({"F": F, "k": LAPLACIAN}), "F, 10 × 10, from 0 to 90; k, 3 × 3, from -4 to 1."),
        (
            lambda: figures.pictures(RESULTS),
            "photo, 512 × 512, grey levels from 0 to 255; edges, 510 × 510, grey levels",
        ),
        (lambda: figures.pictures(RESULTS, "edges"), "edges, 510 × 510, from -424, blue, to 281, red, white at 0."),
        (lambda: figures.pictures(RESULTS, zoom=(80, 200, 60, 60), columns=1), "photo, 60 × 60, grey levels from"),
        (lambda: figures.pictures({"coffee": data.load("coffee"), "F": F}), "600, colours from 0 to 255; F, 10 × 10"),
        (lambda: figures.pictures(RESULTS, alt="The man, and his edges."), "The man, and his edges."),
        (lambda: figures.copies(F, LAPLACIAN), "; -4 × from row 1, column 1; 1 × from row 1, column 2; "),
        (lambda: figures.copies(PHOTO, np.array([[-1, 1]])), "the result, from -189 to 174."),
    ],
)
def test_every_picture_has_its_numbers_in_its_description(figure, words):
    assert words in figure().alt


def test_places_outside_a_picture_are_refused():
    with pytest.raises(ValueError, match="row is 9; give 7 or less"):
        figures.one_place(F, np.ones((3, 3)), 9, 0)
    with pytest.raises(ValueError, match="lies outside the picture"):
        figures.pictures({"photo": F}, zoom=(20, 20, 5, 5))
    with pytest.raises(ValueError, match="signed is 'edge'; choose"):
        figures.pictures(RESULTS, signed=["edge"])


def shades(figure, k, *cells):
    """The colours, 0 to 1, in which some cells of the k-th picture of a figure are shown."""
    image = figure.axes[k].images[0]
    return [image.to_rgba(image.get_array())[cell][:3].round(2).tolist() for cell in cells]


def test_pictures_are_black_at_0_white_at_255_and_clipped_or_white_at_0_in_signed_colours():
    array = np.array([[-900, 0, 51, 255, 900]])
    figure = figures.pictures({"grey": array, "colours": array}, signed=["colours"])
    assert shades(figure, 0, *np.ndindex(1, 5)) == [[0] * 3, [0] * 3, [0.2] * 3, [1] * 3, [1] * 3]
    (least, zero, little, _more, most) = shades(figure, 1, *np.ndindex(1, 5))
    assert zero == [1, 1, 1] and least[2] > least[0] and most[0] > most[2] and little[0] > little[2] > 0.8
    assert len(figures.pictures(dict.fromkeys("abcd", array)).axes) == 4


def test_copies_frame_the_part_of_each_weight_and_show_the_sum():
    *axs, result = figures.copies(F, LAPLACIAN).axes
    frames = [(patch.get_y() + 0.5, patch.get_x() + 0.5) for ax in axs for patch in ax.patches[-1:]]
    assert frames == list(np.ndindex(3, 3))
    assert [ax.get_ylabel() for ax in axs][:5] == ["0 ×", "+ 1 ×", "+ 0 ×", "+ 1 ×", "− 4 ×"]
    assert np.array_equal(result.images[0].get_array(), filtering.correlate(F, LAPLACIAN))


# --- The tasks


def windows(image, kernel):
    rows, columns = kernel.shape
    result = np.zeros((image.shape[0] - rows + 1, image.shape[1] - columns + 1))
    for i, j in np.ndindex(result.shape):
        result[i, j] = (kernel * image[i : i + rows, j : j + columns]).sum()
    return result


def windows_of_three(image, kernel):
    result = np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))
    for i, j in np.ndindex(result.shape):
        result[i, j] = (kernel * image[i : i + 3, j : j + 3]).sum()
    return result


def sums_left_out(image, kernel):
    result = windows(image, kernel)
    result[0, 0] = kernel * image[: kernel.shape[0], : kernel.shape[1]]
    return result


def overwritten(image, kernel):
    result = windows(image, kernel)
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            result = (kernel * image[i : i + kernel.shape[0], j : j + kernel.shape[1]]).sum()
    return result


def outside(image, kernel):
    return (kernel * image[-1:2, -1:2]).sum()


def copies(image, kernel, start=lambda a, b: (a, b), add=lambda result, copy: result + copy, stop=None):
    """The nine copies, or what they become by a mistake."""
    height, width = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    result = np.zeros((height, width))
    for a, b in list(np.ndindex(kernel.shape))[:stop]:
        row, column = start(a, b)
        result = add(result, kernel[a, b] * image[row : row + height, column : column + width])
    return result


def only(where):
    def rule(image, kernel):
        result, kept = windows(image, kernel), np.zeros_like(windows(image, kernel))
        kept[where] = result[where]
        return kept

    return rule


MEAN = np.ones((3, 3)) / 9


def drawing(
    smooth=(MEAN, MEAN), strength=np.hypot, end=lambda strength: (255 - strength).clip(0, 255), down=checks.SOBEL_DOWN
):  # fmt: skip
    def draw(photo):
        soft = photo
        for kernel in smooth:
            soft = filtering.correlate(soft, kernel)
        return end(strength(filtering.correlate(soft, checks.SOBEL), filtering.correlate(soft, down)))

    return draw


def down_from_right(photo):
    soft = filtering.correlate(photo, np.ones((3, 3)) / 9)
    right = filtering.correlate(soft, checks.SOBEL)
    return (255 - np.hypot(right[1:-1, 1:-1], filtering.correlate(right, checks.SOBEL_DOWN))).clip(0, 255)


def made(head, *lines):
    """The function that a cell with these lines makes."""
    names = {"__name__": "__main__", "np": np, "square": data.load("picture-f"), "mean": MEAN, "nine": checks.SOBEL}
    file = f"<cell {len(linecache.cache)}>"
    source = "\n    ".join([head, *lines])
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    exec(compile(source, file, "exec"), names)
    return names["f"]


def window(products, place="result[i, j]"):
    """A student's slide, whose inner line is `place = products`."""
    return made(
        "def f(image, kernel):", "rows, columns = kernel.shape",
        "result = np.zeros((image.shape[0] - rows + 1, image.shape[1] - columns + 1))",
        "for i in range(result.shape[0]):", "    for j in range(result.shape[1]):", f"        {place} = {products}",
        "return result",
    )  # fmt: skip


COPIES = ["height, width = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1",
          "result = np.zeros((height, width))"]  # fmt: skip


def weights(line):
    """A student's correlate, with `line` in its inner loop."""
    loops = ["for a in range(kernel.shape[0]):", "    for b in range(kernel.shape[1]):"]
    copy = "        copy = image[a : a + height, b : b + width]"
    return made("def f(image, kernel):", *COPIES, *loops, copy, f"        {line}", "return result")


def by_hand(count):
    """The first weights of a kernel of 3 x 3, written out."""
    cells = list(np.ndindex(3, 3))[:count]
    lines = [f"result += kernel[{a}, {b}] * image[{a} : {a} + height, {b} : {b} + width]" for a, b in cells]
    return made("def f(image, kernel):", *COPIES, *lines, "return result")


def smooth_after(rule):
    return lambda *values: filtering.correlate(rule(*values), MEAN)


WHITE = [(slice(300, None),), (slice(None), slice(410, None)), (slice(300, 500), slice(410, 500))]


def erased(*where):
    """A drawing with too little smoothing, in which a part is made white."""

    def draw(photo):
        page = drawing([MEAN])(photo)
        page[where] = 255
        return page

    return draw


TABLE = np.random.default_rng(0).random((49, 9))


def unfinished(photo): ...


CAMERA, SECRET = data.load("camera"), filtering._secret_kernel(7)
WRONG = {
    "by_hand": [
        (270, "Either: Your window begins at row 1"), (270, "counts double"), (0, "inside the square"),
        (0, "exchanged rows and columns"), (40, "divided by 9"), (-360, "signs are exchanged"), (90, "upper row alone"),
        (180, "middle row alone"), (540, "Multiply each by its weight"), (720, "middle column of the kernel is 0"),
        (45, "divided by 8"), (361, "Write down the nine pixels"), ((0, 360), "2 numbers in place of one number"),
    ],
    "slide": [
        (lambda image, kernel: windows(image, np.ones(kernel.shape)), "forget the weights"),
        (lambda image, kernel: windows(image, kernel) / kernel.size, "mean of the products"),
        (lambda image, kernel: windows(image, np.ones(kernel.shape) / kernel.size), "mean of the pixels"),
        (lambda image, kernel: windows(image, kernel[::-1, ::-1]), "turned by half a turn"),
        (lambda image, kernel: windows(image, kernel).T, "rows and columns of your result are exchanged"),
        (lambda image, kernel: np.abs(windows(image, kernel)), "minus signs"),
        (lambda image, kernel: windows(image, kernel) * 0, "only zeros"),
        (lambda image, kernel: windows(image, kernel)[-1, -1], "the last number alone"),
        (lambda image, kernel: windows(image, kernel) * 0 + windows(image, kernel)[0, 0], "that of the first window"),
        (lambda image, kernel: windows(image, kernel).astype(int), "cuts their fractions off"),
        (lambda image, kernel: windows(image, kernel).astype(image.dtype), "stored in 8 bits"),
        (lambda image, kernel: filtering.correlate(image, kernel, "zero"), "as large as the picture"),
        (windows_of_three, "Does it use a number, such as 3, where the size"),
        (windows_of_three, "image of 5 × 6 and kernel of 3"),
        (only((-1, -1)), "Only the last number"), (only((0, 0)), "does `return` stand inside a loop"),
        (only(0), "does `return`"),
        (only((slice(None), -1)), "Only one column"), (sums_left_out, "add up the products first"),
        (overwritten, "Is `result` a single number here?"), (outside, "two arrays have different sizes"),
        (lambda image, kernel: None, "returns nothing"),
        (lambda image, kernel: 3, "one number in place of an array of 3 × 4"),
        (lambda image: image, "It receives a picture and a kernel"), (filtering.correlate, "belongs to a library"),
        (lambda image, kernel: filtering.correlate(image, kernel), "a library computes them"),
        (lambda image, kernel: signal.correlate2d(image, kernel, "valid"), "a library computes them"),
        (filtering.KERNELS["mean"], "which is no function"),
        (window("(kernel * image[0:rows, j : j + columns]).sum()"), "move down with i"),
        (window("(kernel * image[i : i + rows, 0:columns]).sum()"), "move to the right with j"),
        (window("(kernel * image[i : i + rows, j : j + columns]).sum()", "result[i]"), "own place, result[i, j]"),
        (window("(kernel * image[i : i + rows, j : j + columns]).sum()", "result"), "Is `result` a single number"),
        (window("result[i, j] + kernel[0, 0] * image[i, j]", "result"), "Is `result` a single number"),
        (window("(kernel + image[i : i + rows, j : j + columns]).sum()"), "multiply them, with *"),
        (window("kernel @ image[i : i + rows, j : j + columns]"), "Multiply place by place with *"),
        (window("(kernel @ image[i : i + rows, j : j + columns]).sum()"), "Multiply place by place with *"),
        (window("np.dot(kernel, image[i : i + rows, j : j + columns]).sum()"), "Multiply place by place with *"),
        (window("(kernel * square[i : i + rows, j : j + columns]).sum()"), "does not use its argument image"),
        (window("(mean * image[i : i + rows, j : j + columns]).sum()"), "by its number in kernel"),
    ],
    "correlate": [
        (lambda image, kernel: copies(image, kernel, add=lambda result, copy: copy), "Only the last copy is left"),
        (lambda image, kernel: copies(image, kernel, lambda a, b: (0, 0)), "All your copies begin at row 0, column 0"),
        (lambda image, kernel: copies(image, kernel, lambda a, b: (b, a)), "Rows and columns are exchanged somewhere"),
        (lambda image, kernel: copies(image, kernel.T), "Rows and columns are exchanged somewhere"),
        (lambda image, kernel: copies(image, np.ones(kernel.shape)), "forget the weights"),
        (lambda image, kernel: copies(image, kernel, stop=1), "Only the first weights are used"),
        (lambda image, kernel: copies(image, kernel, stop=kernel.shape[1]), "Only the first weights are used"),
        (lambda image, kernel: copies(image, kernel[::-1, ::-1]), "half a turn"),
        (lambda image, kernel: copies(image, kernel, stop=0), "only zeros"),
        (windows, "goes from pixel to pixel, as slide did"),
        (weights("result[a, b] += kernel[a, b] * copy"), "added to the whole `result`"),
        (weights("copy *= kernel[a, b]; result += copy"), "still made of bytes"),
        (weights("result += kernel[a, b] + copy"), "multiply them, with *"),
        (weights("result += nine[a, b] * copy"), "does not use its argument kernel"),
        (weights("result += kernel[a, b] * copy if a < 2 and b < 2 else 0"), "Only some of the weights are used"),
        (weights("result += kernel[0, 2] * copy if b == 2 and a == 0 else 0"), "Only some of the weights are used"),
        (by_hand(9), "may have any number of rows and columns"), (by_hand(3), "Only some of the weights are used"),
        (lambda image, kernel: None, "returns nothing"), (filtering.correlate_valid, "belongs to a library"),
    ],
    "draw": [
        (drawing(end=lambda strength: strength.clip(0, 255)), "white on black"),
        (drawing(end=lambda strength: 255 - strength), "cut off"),
        (drawing(end=lambda strength: (255 - strength).astype(np.int64).astype(np.uint8)), "numbers above 255 wrap"),
        (drawing(strength=lambda right, down: abs(right)), "Lines from left to right are missing"),
        (drawing(strength=lambda right, down: abs(down)), "Lines from top to bottom are missing"),
        (drawing(down=checks.SOBEL), "Lines from left to right are missing"),
        (down_from_right, "You compute down from right"),
        (drawing(strength=lambda right, down: abs(right + down)), "right and down cancel"),
        (drawing(strength=lambda right, down: right + down), "a negative response is an edge"),
        (drawing(strength=lambda right, down: right**2 + down**2), "forget the square root"),
        (drawing([]), "1765 dots in the grass (first drawing: 518)"), (drawing([]), "smooth the photo before"),
        (drawing([MEAN]), "19 dots"), (drawing([MEAN]), "smooth a little more"),
        (drawing([np.ones((5, 5)) / 25]), "22 of 50 columns"), (drawing([np.ones((7, 7)) / 49]), "smooth less"),
        (drawing([np.ones((3, 3))]), "9 times as large as Sobel"),
        (drawing([np.ones((5, 5)) / 9]), "2.78 times as large"),
        (drawing(strength=lambda right, down: np.hypot(right, down) / 4), "edge kernels are too weak"),
        (drawing(strength=lambda right, down: (abs(right) + abs(down)) / 4), "must be 2.83, and yours is 4"),
        (drawing(strength=lambda right, down: abs(right) + abs(down)), "add the squares and take the root"),
        (drawing(strength=lambda right, down: np.maximum(abs(right), abs(down))), "and yours is 8: add the squares"),
        *((drawing(soft, smooth_after(np.hypot)), "smooth after the root") for soft in ([], [np.eye(3) / 3])),
        (drawing([], end=lambda strength: smooth_after((255 - strength).clip)(0, 255)), "smooth after the root"),
        *((erased(*where), "treats some rows or columns differently") for where in WHITE),
        (lambda photo: drawing()(CAMERA), "the same whatever photo"), (lambda photo: photo, "Flat parts must be white"),
        (lambda photo: None, "returns nothing"), (lambda photo: [1, 2], "one drawing"),
        (lambda photo: photo.no, "stops in line"),
        (lambda photo: 255 + 0 * filtering.correlate(photo, checks.SOBEL), "where are its edges"),
        (drawing([np.ones((2, 2)) / 4]), "509 × 509"),
    ],
    "secret_kernel": [
        (SECRET.T, "Rows and columns are exchanged"), (np.rot90(SECRET, 2), "half a turn"),
        (checks.SOBEL, "Sobel's kernel"),
        (SECRET + np.diag([0, 0, 5]), "Right so far: 8 of 9 numbers. Filter"), (SECRET + 5, "Right so far: 0 of 9"),
        (np.trunc(SECRET * 0.9999), "so that 2.9999 becomes 2"),
        (np.linalg.lstsq(TABLE, np.zeros(49)), "put [0] behind"),
        (np.where(np.eye(3), np.trunc(SECRET * 0.9999), SECRET).tolist(), "round first"),
        (filtering._secret_kernel(8), "another student number"), (-SECRET, "Filter the photo with your kernel"),
        ([1, 2], "2 numbers in place of an array of 3 × 3"),
    ],
}  # fmt: skip
RIGHT = {
    "by_hand": [360, "360", [360.0]],
    "slide": [windows, lambda image, kernel: windows(image, kernel).tolist(), copies],
    "correlate": [copies, lambda image, kernel: copies(image.astype(float), kernel)],
    "draw": [drawing(), drawing([filtering.gaussian(1)]),
             drawing(end=lambda edges: np.uint8(255 - edges.clip(0, 255)))],
    "secret_kernel": [SECRET, SECRET.ravel() + 0.004, SECRET.tolist()],
}  # fmt: skip
MORE = {"draw": (data.load("coins"),), "secret_kernel": (7,)}


def verdict_on(name, answer):
    """What a check says, whether or not the lesson goes on with the answer."""
    return getattr(checks, name).__wrapped__(answer, *MORE.get(name, ()))


@pytest.mark.parametrize("name", list(WRONG))
def test_the_checks_name_the_mistake_and_never_the_solution(name):
    for answer, words in WRONG[name]:
        verdict = verdict_on(name, answer)
        assert verdict.passed is False and verdict.id.isascii()
        assert words in verdict, verdict
        assert name != "by_hand" or "360" not in verdict.replace(repr(answer), "")
    for answer in RIGHT[name]:
        assert verdict_on(name, answer).passed is True, verdict_on(name, answer)


@pytest.mark.parametrize(("name", "library"), [("slide", "_slide"), ("correlate", "correlate"), ("draw", "_draw")])
def test_the_lesson_goes_on_with_the_students_function_or_the_librarys(name, library, capsys):
    for answer, words in [*WRONG[name][:1], (unfinished, "Not written yet"), (..., "Not answered yet")]:
        goes_on = getattr(checks, name)(answer, *MORE.get(name, ()))
        assert goes_on.__module__.startswith("lessons_lib.filtering") and goes_on.__name__.startswith(library)
        assert words in capsys.readouterr().out
    right = RIGHT[name][0]
    assert getattr(checks, name)(right, *MORE.get(name, ())) is right
    assert "Right." in capsys.readouterr().out and own("filtering")[name]


def test_a_right_function_of_copies_is_told_how_much_faster_it_is():
    slow, fast, times = map(float, re.findall(r"[\d.]+(?= s|  *times)", checks.correlate.__wrapped__(copies)))
    assert 0 < fast < slow and times == pytest.approx(slow / fast, rel=0.2) and times > 5


@pytest.mark.parametrize(
    ("kernel", "name", "words"),
    [
        ([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]], "right", "Right."),
        ([["1", "-.5", "-1/2"], [-0.5, 1, -0.5], [-0.5, -0.5, 1]], "right", ""),
        (np.eye(3), "white", "line is 3, and that to a white sheet is 3, too"),
        ([[1, 0, -1], [0, 1, 0], [-1, 0, 1]], "sum", "add up to 1"),
        (-np.eye(3) + 1 / 3, "negative", "must be a positive number"),
        ([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]], "mirrored", "the other diagonal"),
        (np.zeros((3, 3)), "empty", "All weights are 0"),
        ([[2, -1, -1], [-1, 2, 0], [-1, -1, 1]], "shallow", "line is 5, and that to a shallow line is 4"),
        ([[1, 0, 0], [0, 0, 0], [0, 0, -1]], "negative", "response to the line is 0"),
        ([[0, 0, 0], [2, 2, 2], [-2, -2, -2]], "horizontal", "line is 2, and that to a horizontal line is 6"),
        ([[3, 0, 0], [0, -6, 0], [0, 0, 3]], "negative", "response to the line is 0"),
        ([[-2, -1, 0], [-1, 0, 1], [0, 1, 2]], "negative", "response to the line is 0"),
        ([[-2, -1, 1], [-1, 2, 1], [2, 0, -2]], "other-diagonal", "line is 2, and that to a line from top right"),
        ([[2, -1, -1], [-1, 2, -1], [-1, -1, 2.0001]], "sum", "add up to 0.0001, so a white sheet gets 0.0001"),
        ([[1, -1, 0], [-2, 2, -1], [0, -1, 2]], "other-diagonal", "In this game -3 is as strong as 3."),
        ([[1, 2]], "size", "1 × 2"), ([1, 2, 3], "no-kernel", "three rows"), ("x", "no-kernel", "three rows"),
    ],
)  # fmt: skip
def test_only_a_detector_of_diagonals_wins_the_game(kernel, name, words):
    verdict = checks.only_diagonals.__wrapped__(kernel)
    assert (verdict.id, verdict.passed) == (name, name == "right"), verdict
    assert words in verdict


def test_a_kernel_that_wins_the_game_answers_most_to_a_line_through_its_middle():
    kernels = np.random.default_rng(0).integers(-3, 4, (1_000_000, 3, 3))
    kernels = kernels[kernels.sum(axis=(1, 2)) == 0]
    answers = {}
    for name, picture in filtering.GAME_PICTURES.items():
        places = np.lib.stride_tricks.sliding_window_view(picture, (3, 3)).reshape(-1, 9)
        answers[name] = np.abs(kernels.reshape(-1, 9) @ places.T).max(axis=1)
    line = answers.pop("diagonal")
    likely = kernels[line >= 2 * np.max(list(answers.values()), axis=0)]
    winners = [kernel for kernel in likely if checks.only_diagonals.__wrapped__(kernel).passed]
    assert len(winners) > 10
    through_the_middle = [kernel.trace() == filtering.game_answers(kernel)["diagonal"] for kernel in winners]
    assert np.mean(through_the_middle) > 0.9


def test_a_secret_kernel_belongs_to_its_number_and_has_no_symmetry():
    kernels = [filtering._secret_kernel(number) for number in range(200)]
    assert len({kernel.tobytes() for kernel in kernels}) == 200
    assert all(np.abs(kernel).max() <= 9 and not np.array_equal(kernel, kernel.T) for kernel in kernels)
    assert np.array_equal(filtering.mystery(F, 7), filtering.correlate(F, SECRET))
    assert np.array_equal(filtering.mystery(F, " 007"), filtering.mystery(F, 7))
    assert checks.secret_kernel.__wrapped__(SECRET, "7").passed
    with pytest.raises(TypeError, match="student_number is 'x7'"):
        filtering.mystery(F, "x7")
    with pytest.raises(ValueError, match="student_number is -1"):
        filtering.mystery(F, -1)


def test_faults_are_counted_where_a_drawing_has_them():
    page = np.full((508, 508), 255)
    page[298 + 5, 408 + 1] = 0  # a dot, in the photo at row 305, column 411
    page[134:138, 270:300] = 100  # 30 of the 50 columns
    assert filtering.count_faults(page) == (1, 20)
    for shape in ((513, 513), (511, 512)):
        with pytest.raises(ValueError, match="give 512 × 512, or as much less"):
            filtering.count_faults(np.zeros(shape))
