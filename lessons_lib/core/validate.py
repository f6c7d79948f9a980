"""What a function expects of its input, in one line each: `image = array(image, "image", axes=(2, 3))`.

Each returns the value in the form that the caller needs, or raises a TypeError or ValueError that begins with `name`,
repeats what came and says what to give instead.
"""

import math
import numbers
from collections.abc import Sequence

import numpy as np

LARGEST = 2**28  # values in an array: 2 GB of float64
KINDS = {"c": "complex numbers", "O": "objects", "V": "records", "U": "text", "S": "bytes", "M": "dates", "m": "times"}


def array(value, name, axes=None, finite=True, *, low=None, high=None):
    """`value` as an array of real numbers that is not empty, with one of the given numbers of axes; bool becomes uint8.

    >>> array([[1, 2], [3, 4]], "image", axes=2).shape
    (2, 2)
    >>> array(np.ma.masked_equal([0, 1], 0), "image")
    Traceback (most recent call last):
    ValueError: image is masked at index (0,); replace masked values, such as by image.filled(0)
    """
    if isinstance(value, np.ndarray):
        room(value.shape, name)
    try:
        result = np.asarray(value)
    except (MemoryError, OverflowError) as error:
        raise ValueError(f"{name} is {_brief(value)}, too large for the memory; give a smaller array") from error
    except ValueError as error:
        raise ValueError(f"{name} has rows of different lengths; give every row the same number of values") from error
    if result.dtype == bool:
        result = result.astype(np.uint8)
    if result.dtype.kind not in "iuf":
        kind = f", {KINDS[result.dtype.kind]} ({result.dtype})" if result.ndim else ""
        raise TypeError(f"{name} is {_brief(value)} of type {type(value).__name__}{kind}; give an array of numbers")
    if np.ma.is_masked(value):
        where = tuple(int(i) for i in np.argwhere(value.mask)[0])
        raise ValueError(f"{name} is masked at index {where}; replace masked values, such as by {name}.filled(0)")
    if result.size == 0:
        raise ValueError(f"{name} of shape {result.shape} is empty; give at least one value")
    allowed = (axes,) if isinstance(axes, int) else axes
    if allowed is not None and result.ndim not in allowed:
        has, wanted = f"{result.ndim} {_axes(result.ndim)}", f"{' or '.join(map(str, allowed))} {_axes(allowed[-1])}"
        raise ValueError(f"{name} of shape {result.shape} has {has}; give an array of {wanted}")
    if finite and not np.isfinite(result).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(result))[0])
        raise ValueError(f"{name} holds {result[where]} at index {where}; give finite numbers only")
    if (low is not None and result.min() < low) or (high is not None and result.max() > high):
        raise ValueError(f"{name} holds {result.min():g} to {result.max():g}; give numbers in {low:g}..{high:g}")
    return result


def room(shape, name):
    """`shape`, a tuple or one number, when an array of this shape is not too large for the memory.

    >>> room((10**6, 10**6), "the result")
    Traceback (most recent call last):
    ValueError: the result of shape (1000000, 1000000) has 1,000,000,000,000 values, 8,000 GB; give at most 268,435,456
    """
    count = math.prod(shape) if isinstance(shape, tuple) else shape
    if count > LARGEST:
        size = f"{count:,} values, {8 * count / 1e9:,.0f} GB" if count < 1e15 else "far too many values"
        raise ValueError(f"{name} of shape {shape} has {size}; give at most {LARGEST:,}")
    return shape


def whole(value, name, low=1, high=None):
    """`value` as an int between `low` and `high`, both allowed; 2.0 is a whole number, and 2.5, True and "2" are none.

    >>> whole(3.0, "stride")
    3
    """
    value = _scalar(value, name)
    if not isinstance(value, numbers.Integral) and number(value, name) != int(value):
        raise TypeError(f"{name} is {value}; give a whole number such as {max(low, round(value))}")
    # An int of any size stays exact; a float would not.
    return _within(int(value), name, low, high)


def number(value, name, low=None, high=None):
    """`value` as a float between `low` and `high`, both allowed; None is no limit.

    >>> number(1, "sigma", low=0)
    1.0
    """
    value = _scalar(value, name)
    try:
        result = float(value)
    except OverflowError as error:
        raise ValueError(f"{name} is {_brief(value)}, too large for a float; give a smaller number") from error
    if not np.isfinite(result):
        raise ValueError(f"{name} is {result}; give a finite number")
    return _within(result, name, low, high)


def choice(value, name, choices):
    """`value` when it is one of `choices`.

    >>> choice("zero", "border", ["valid", "zero"])
    'zero'
    """
    options = list(choices)
    if not isinstance(value, (str, int)) or isinstance(value, bool) or value not in options:
        raise ValueError(f"{name} is {_brief(value)}; choose one of {', '.join(map(repr, options))}")
    return value


def flag(value, name):
    """`value` when it is True or False, and not 1 or "no".

    >>> flag(True, "bias")
    True
    """
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} is {_brief(value)} of type {type(value).__name__}; give True or False")
    return bool(value)


def sequence(value, name, length=None, *, empty=False):
    """`value` as a list of `length` entries: a list, tuple or array, and not a text.

    >>> sequence((9, 9, 1), "shape", length=3)
    [9, 9, 1]
    """
    listed = (isinstance(value, np.ndarray) and value.ndim) or isinstance(value, Sequence)
    if not listed or isinstance(value, (str, bytes)):
        raise TypeError(f"{name} is {_brief(value)} of type {type(value).__name__}; give a list")
    if (len(value) == 0 and not empty) or len(value) != (length or len(value)):
        raise ValueError(f"{name} is {_brief(value)}; give a list of {length or 'one or more'}")
    return list(value)


def having(value, name, attribute, what):
    """`value` when it has an `attribute`, such as "backward"; `what` to give instead, such as "a backprop.Network".

    >>> having(np.random.default_rng(0), "generator", "uniform", "np.random.default_rng(0)").uniform() < 1
    True
    """
    if not hasattr(value, attribute):
        raise TypeError(f"{name} is {_brief(value)} of type {type(value).__name__}; give {what}")
    return value


def _scalar(value, name):
    """`value` when it is one real number and no bool."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} is {_brief(value)} of type {type(value).__name__}; give a number")
    return value


def _within(value, name, low, high):
    if low is not None and value < low:
        raise ValueError(f"{name} is {_short(value)}; give {_short(low)} or more")
    if high is not None and value > high:
        raise ValueError(f"{name} is {_short(value)}; give {_short(high)} or less")
    return value


def _axes(count):
    return "axis" if count == 1 else "axes"


def _short(value):
    return f"{value:g}" if isinstance(value, float) else _brief(value)


def _brief(value):
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
