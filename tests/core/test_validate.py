"""Input checks: each lets the good through unchanged and repeats the bad in its message.

What is no array, number, choice, flag or list at all, `tests/course/test_fire_numbers.py` sends through the lessons.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lessons_lib.core.validate import array, choice, flag, having, number, room, sequence, whole

NUMBERS = st.sampled_from([np.uint8, np.int16, np.int64, np.float32, np.float64])


@given(hnp.arrays(NUMBERS, hnp.array_shapes(max_dims=4, max_side=3), elements={"min_value": 0, "max_value": 9}))
def test_an_array_of_numbers_comes_back_as_it_is(values):
    result = array(values, "image", axes=values.ndim)
    assert result.dtype == values.dtype and np.array_equal(result, values)


@pytest.mark.parametrize(
    ("value", "dtype", "shape"),
    [
        ([[1, 2], [3, 4]], int, (2, 2)), ([True, False], np.uint8, (2,)), (3.5, float, ()), ([1, 2.5], float, (2,)),
        (np.ma.array([1, 2]), int, (2,)),
    ],
)  # fmt: skip
def test_what_is_like_an_array_becomes_one(value, dtype, shape):
    result = array(value, "image")
    assert result.dtype == dtype and result.shape == shape


def test_what_is_allowed_comes_back():
    assert np.isnan(array([np.nan], "image", finite=False)).all()
    for value in (3, 3.0, np.int8(3), np.float32(3), np.array(3)):
        assert whole(value, "stride") == 3 and type(whole(value, "stride")) is int
    assert whole(2**53 + 1, "count") == 2**53 + 1 and whole(10**400, "count") == 10**400
    assert [number(value, "sigma", 0, 10) for value in (0, 3.5, 10)] == [0, 3.5, 10]
    assert choice("zero", "border", ["valid", "zero"]) == "zero" and choice(3, "size", (1, 3)) == 3
    assert flag(np.True_, "bias") is True and flag(False, "bias") is False
    assert sequence((1, 2), "sizes", 2) == [1, 2] and sequence(np.arange(3), "sizes") == [0, 1, 2]
    assert sequence([], "layers", empty=True) == [] and room((2, 3), "x") == (2, 3)
    generator = np.random.default_rng(0)
    assert having(generator, "generator", "uniform", "a generator") is generator


MASKED, RECORDS = np.ma.masked_equal([[2, 0], [0, 0]], 0), np.zeros(2, [("x", "<i8")])


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: array([[1, 2], [3]], "image"), ValueError, "image has rows of different lengths"),
        (lambda: array("x" * 500, "image"), TypeError, "image is 'xxx"),
        (lambda: array("a cat", "image"), TypeError, "image is 'a cat' of type str; give an array of numbers"),
        (lambda: array([1j], "image"), TypeError, r"\[1j\] of type list, complex numbers \(complex128\); give"),
        (lambda: array(np.array([None, 2]), "image"), TypeError, r"of type ndarray, objects \(object\)"),
        (lambda: array(RECORDS, "image"), TypeError, r"of type ndarray, records \(\[\('x', '<i8'\)\]\)"),
        (lambda: array(MASKED, "image"), ValueError, r"is masked at index \(0, 1\); replace .*image.filled\(0\)"),
        (lambda: array(np.broadcast_to(1, (10**6, 10**6)), "image"), ValueError, "1,000,000,000,000 values, 8,000 GB"),
        (lambda: array(range(10**13), "image"), ValueError, r"range\(0, 1000.* too large for the memory; give a small"),
        (lambda: array([[]], "image"), ValueError, r"image of shape \(1, 0\) is empty; give at least one value"),
        (lambda: array([1, 2], "image", 2), ValueError, r"shape \(2,\) has 1 axis; give an array of 2 axes"),
        (lambda: array(np.zeros((1, 1, 1, 1)), "image", (2, 3)), ValueError, "4 axes; give an array of 2 or 3 axes"),
        (lambda: array([[0, np.nan]], "image"), ValueError, r"holds nan at index \(0, 1\); give finite numbers only"),
        (lambda: array([0, 300], "image", low=0, high=255), ValueError, "holds 0 to 300; give numbers in 0..255"),
        (lambda: whole(2.5, "stride"), TypeError, "stride is 2.5; give a whole number such as 2"),
        (lambda: whole(0.2, "stride"), TypeError, "stride is 0.2; give a whole number such as 1"),
        (lambda: whole(True, "stride"), TypeError, "stride is True of type bool; give a number"),
        (lambda: whole(0, "stride"), ValueError, "stride is 0; give 1 or more"),
        (lambda: whole(10**6, "count", high=999_999), ValueError, "count is 1000000; give 999999 or less"),
        (lambda: number(-0.5, "sigma", 0, 10), ValueError, "sigma is -0.5; give 0 or more"),
        (lambda: number(10**400, "rate"), ValueError, "too large for a float"),
        (lambda: choice("Zero", "border", {"valid": 1, "zero": 2}), ValueError, "'Zero'; choose one of 'valid'"),
        (lambda: choice(True, "kernel", [0, 1]), ValueError, "kernel is True; choose one of 0, 1"),
        (lambda: flag(1, "bias"), TypeError, "bias is 1 of type int; give True or False"),
        (lambda: sequence("ab", "names"), TypeError, "names is 'ab' of type str; give a list"),
        (lambda: sequence([], "names"), ValueError, r"names is \[\]; give a list of one or more"),
        (lambda: sequence([1], "shape", 3), ValueError, r"shape is \[1\]; give a list of 3"),
        (lambda: having(3, "network", "backward", "a Network"), TypeError, "network is 3 of type int; give a Network"),
    ],
)  # fmt: skip
def test_what_is_refused_is_repeated_with_what_to_give(call, error, words):
    with pytest.raises(error, match=words) as refused:
        call()
    assert len(str(refused.value)) < 160
