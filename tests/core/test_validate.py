"""Input checks: each lets the good through unchanged and repeats the bad in its message."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lessons_lib.core import validate

NUMBERS = st.sampled_from([np.uint8, np.int16, np.int64, np.float32, np.float64])


@given(hnp.arrays(NUMBERS, hnp.array_shapes(max_dims=4, max_side=3), elements={"min_value": 0, "max_value": 9}))
def test_an_array_of_numbers_comes_back_as_it_is(array):
    result = validate.array(array, "image", axes=array.ndim)
    assert result.dtype == array.dtype
    assert np.array_equal(result, array)


@pytest.mark.parametrize(
    ("value", "dtype", "shape"),
    [([[1, 2], [3, 4]], int, (2, 2)), ([True, False], np.uint8, (2,)), (3.5, float, ()), ([1, 2.5], float, (2,))],
)
def test_what_is_like_an_array_becomes_one(value, dtype, shape):
    result = validate.array(value, "image")
    assert result.dtype == dtype
    assert result.shape == shape


@pytest.mark.parametrize(
    ("value", "axes", "error", "words"),
    [
        ([[1, 2], [3]], None, ValueError, "image has rows of different lengths"),
        ("a cat", None, TypeError, "image is 'a cat' of type str; give an array of numbers"),
        (None, None, TypeError, "image is None of type NoneType"),
        ([1j], None, TypeError, r"\[1j\] of type list, complex numbers \(complex128\); give an array of numbers"),
        (np.array([None, 2]), None, TypeError, r"of type ndarray, objects \(object\)"),
        (np.zeros(2, [("x", int)]), None, TypeError, r"of type ndarray, records \(\[\('x', '<i8'\)\]\)"),
        (np.array(["a"]), None, TypeError, r"text \(<U1\)"),
        (
            np.ma.masked_equal([[2, 0], [0, 0]], 0),
            None,
            ValueError,
            r"is masked at index \(0, 1\); replace .*filled\(0\)",
        ),
        (
            np.broadcast_to(1, (10**6, 10**6)),
            None,
            ValueError,
            r"1,000,000,000,000 values, 8,000 GB; give at most 268,",
        ),
        (range(10**13), None, ValueError, r"range\(0, 1000.* too large for the memory; give a smaller"),
        ([[]], None, ValueError, r"image of shape \(1, 0\) is empty; give at least one value"),
        ([1, 2], 2, ValueError, r"image of shape \(2,\) has 1 axis; give an array of 2 axes"),
        (np.zeros((1, 1, 1, 1)), (2, 3), ValueError, "has 4 axes; give an array of 2 or 3 axes"),
        ([[0, np.nan]], None, ValueError, r"image holds nan at index \(0, 1\); give finite numbers only"),
        ([0, -np.inf], None, ValueError, r"image holds -inf at index \(1,\)"),
    ],
)
def test_a_bad_array_is_repeated(value, axes, error, words):
    with pytest.raises(error, match=words):
        validate.array(value, "image", axes=axes)


def test_an_array_without_masked_values_is_an_array():
    assert validate.array(np.ma.array([1, 2]), "image").tolist() == [1, 2]


def test_nan_is_let_through_where_it_is_wanted():
    assert np.isnan(validate.array([np.nan], "image", finite=False)).all()


def test_a_long_value_is_cut_short_in_the_message():
    with pytest.raises(TypeError) as error:
        validate.array("x" * 500, "image")
    assert len(str(error.value)) < 120


@pytest.mark.parametrize("value", [3, 3.0, np.int8(3), np.float32(3), np.array(3)])
def test_a_whole_number_comes_back_as_an_int(value):
    result = validate.whole(value, "stride")
    assert result == 3
    assert type(result) is int


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        (2.5, TypeError, "stride is 2.5; give a whole number such as 2"),
        (0.2, TypeError, "stride is 0.2; give a whole number such as 1"),
        (True, TypeError, "stride is True of type bool; give a number"),
        ("2", TypeError, "stride is '2' of type str; give a number"),
        (None, TypeError, "stride is None"),
        ([2], TypeError, r"stride is \[2\] of type list"),
        (np.array([2, 3]), TypeError, "of type ndarray"),
        (0, ValueError, "stride is 0; give 1 or more"),
        (-3, ValueError, "stride is -3; give 1 or more"),
        (9, ValueError, "stride is 9; give 7 or less"),
        (np.nan, ValueError, "stride is nan; give a finite number"),
        (np.inf, ValueError, "stride is inf; give a finite number"),
    ],
)
def test_a_bad_whole_number_is_repeated(value, error, words):
    with pytest.raises(error, match=words):
        validate.whole(value, "stride", 1, 7)


@given(st.floats(0, 10))
def test_a_number_in_its_range_comes_back(value):
    assert validate.number(value, "sigma", 0, 10) == value


@pytest.mark.parametrize(("value", "words"), [(-0.5, "sigma is -0.5; give 0 or more"), (10.5, "give 10 or less")])
def test_a_number_out_of_its_range_is_repeated(value, words):
    with pytest.raises(ValueError, match=words):
        validate.number(value, "sigma", 0, 10)


@pytest.mark.parametrize("value", ["one", None, 1j, [1.0], True, np.array([1.0])])
def test_what_is_no_number_is_repeated(value):
    with pytest.raises(TypeError, match=f"of type {type(value).__name__}; give a number"):
        validate.number(value, "sigma")


def test_a_choice_comes_back():
    assert validate.choice("zero", "border", ["valid", "zero"]) == "zero"
    assert validate.choice(3, "size", (1, 3)) == 3


@pytest.mark.parametrize("value", ["Zero", "", None, 1.5, ["zero"], np.zeros(2)])
def test_a_bad_choice_is_repeated_with_the_choices(value):
    with pytest.raises(ValueError, match=r"border is .*; choose one of 'valid', 'zero'") as error:
        validate.choice(value, "border", {"valid": 1, "zero": 2})
    assert repr(value)[:20] in str(error.value)


def test_flags_lists_and_things_come_back():
    assert validate.flag(np.True_, "bias") is True and validate.flag(False, "bias") is False
    assert validate.sequence((1, 2), "sizes", 2) == [1, 2] and validate.sequence(np.arange(3), "sizes") == [0, 1, 2]
    assert validate.sequence([], "layers", empty=True) == []
    generator = np.random.default_rng(0)
    assert validate.having(generator, "generator", "uniform", "a generator") is generator


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: validate.flag(1, "bias"), TypeError, "bias is 1 of type int; give True or False"),
        (lambda: validate.flag("no", "bias"), TypeError, "bias is 'no' of type str"),
        (lambda: validate.sequence("ab", "names"), TypeError, "names is 'ab' of type str; give a list"),
        (lambda: validate.sequence({1: 2}, "names"), TypeError, "of type dict"),
        (lambda: validate.sequence([], "names"), ValueError, r"names is \[\]; give a list of one or more"),
        (lambda: validate.sequence([1], "shape", 3), ValueError, r"shape is \[1\]; give a list of 3"),
        (lambda: validate.sequence(np.array(3), "shape"), TypeError, "of type ndarray"),
        (
            lambda: validate.having(3, "network", "backward", "a Network"),
            TypeError,
            "network is 3 of type int; give a Netw",
        ),
        (
            lambda: validate.array([0, 300], "picture", low=0, high=255),
            ValueError,
            "holds 0 to 300; give numbers in 0..255",
        ),
        (lambda: validate.number(10**400, "rate"), ValueError, "too large for a float"),
        (lambda: validate.choice(True, "kernel", [0, 1]), ValueError, "kernel is True; choose one of 0, 1"),
    ],
)
def test_what_is_no_flag_no_list_or_out_of_range_is_repeated(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_whole_numbers_of_any_size_stay_exact():
    assert validate.whole(2**53 + 1, "count") == 2**53 + 1 and validate.whole(10**400, "count") == 10**400
    with pytest.raises(ValueError, match="count is 1000000; give 999999 or less"):
        validate.whole(10**6, "count", high=999_999)
