"""What a student may have meant by an answer: numbers in several spellings, and how near they are to a value."""

import itertools
import re
from decimal import Decimal

import numpy as np

THOUSANDS = re.compile(r"-?\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*")
MOST = 100  # more numbers than these are not compared as rounded


class Reading:
    """One meaning of an answer: its `values`, and the unit of the last digit given of each, its `steps`.

    >>> Reading(57.6).steps.tolist(), Reading(51000).steps.tolist()
    (0.1, 1000.0)
    """

    def __init__(self, values, steps=None):
        self.values = np.array(values, float)
        if steps is None and self.values.size <= MOST and np.isfinite(self.values).all():
            steps = [_step(value) for value in self.values.ravel()]
        self.steps = np.zeros(self.values.shape) if steps is None else np.reshape(steps, self.values.shape)

    def shaped(self, shape):
        """The same numbers with the brackets that are wanted, where only brackets make the difference."""
        only_brackets = [side for side in self.values.shape if side != 1] == [side for side in shape if side != 1]
        return Reading(self.values.reshape(shape), self.steps) if only_brackets else self

    def per_cent(self):
        """The same numbers, meant as per cent."""
        return Reading(self.values / 100, self.steps / 100)

    def apart(self):
        """Each number as a reading of its own."""
        return [Reading(*one) for one in zip(self.values.ravel(), self.steps.ravel(), strict=True)]

    def agrees(self, value, tolerance):
        """How it agrees with a value: "same", "rounded", "cut", "far" (rounded too much), or "" for not at all.

        Where the value is nan, any number agrees. An integer must be given exactly.

        >>> [Reading(given).agrees(2 / 3, 1e-6) for given in (2 / 3, 0.667, 0.67, 0.66, 0.7, 1)]
        ['same', 'rounded', 'rounded', 'cut', 'far', '']
        """
        value = np.asarray(value, float)
        if value.shape != self.values.shape:
            return ""
        free = np.isnan(value)
        off = np.where(free, 0, np.abs(self.values - value))
        if (off <= tolerance).all():
            return "same"
        scale = np.nanmax(np.abs(value))
        size = np.abs(self.values)
        # Two digits, or one behind the point: 1 is not 0.995 rounded. The zero of 60 may be a digit or not.
        digits = (self.steps < 1) | (size >= 10 * self.steps) | (size >= 10) & (off <= 0.01 * np.abs(value))
        rounded = (off <= self.steps * (0.5 + 1e-9)) & digits | (off <= tolerance)
        if rounded.all() and (off <= 0.1 * scale).all():
            exact = (value == np.rint(value)) & (off > tolerance)
            return "far" if exact.any() or (off > 0.01 * scale).any() else "rounded"
        short = (size < np.abs(value)) & (off < self.steps) & (self.steps < 1) & (off <= 0.1 * scale)
        return "cut" if (short | rounded).all() else ""


def _step(value):
    return 10.0 ** Decimal(repr(float(value))).normalize().as_tuple().exponent if value else 0.1


def readings(answer):
    """What an answer may mean, the likeliest first; nothing if it is not made of numbers.

    >>> [reading.values.tolist() for reading in readings("9,961")], readings("2/3")[0].values.round(3).item()
    ([9961.0, 9.961], 0.667)
    >>> readings(["57,6", "66.7%"])[0].values.round(3).tolist(), readings("many"), readings({1, 2})
    ([57.6, 0.667], [], [])
    """
    if isinstance(answer, str):
        several = re.split(r"[,;]\s+", answer.strip(" ()[]"))
        return readings(several) if len(several) > 1 else [Reading(*number) for number in _spelt(several[0])]
    if isinstance(answer, set | frozenset | dict):
        return []
    try:
        array = np.asarray(answer)
        if array.dtype.kind in "biuf":
            # The shortest decimals of a small float: 57.6, and not 57.599998.
            return [Reading(array.astype(str) if array.dtype in (np.float16, np.float32) else array)]
        if array.dtype.kind not in "UO" or array.size > MOST:
            return []
        flat = [[(one, 0.0)] if not isinstance(one, str) else _spelt(one) for one in np.asarray(answer, object).ravel()]
        if any(value is None for number in flat for value, _step in number):
            return []
        ways = itertools.islice(itertools.product(*flat), 16)
        pairs = [np.array(way, float).reshape(-1, 2) for way in ways]
        return [Reading(way[:, 0].reshape(array.shape), way[:, 1]) for way in pairs]
    # Lists of several lengths, functions, and what else an answer may be.
    except (TypeError, ValueError):
        return []


def _spelt(text):
    """What a text may mean as a number, each with the unit of its last digit."""
    text = text.strip().replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", " ").strip("()[] ")
    if text.endswith("%"):
        return [(value / 100, step / 100) for value, step in _spelt(text[:-1])]
    if text.count("/") == 1:
        above, below = map(_spelt, text.split("/"))
        return [(a / b, 0.0) for (a, _), (b, _) in itertools.product(above, below) if b]
    found = []
    if THOUSANDS.fullmatch(text):
        found.append(re.sub(r"[., ]", "", text))
    found += [text.replace(",", ".")] if text.count(",") == 1 else [text]
    numbers = []
    for one in found:
        try:
            numbers.append((float(one), _step(float(one)) if np.isfinite(float(one)) else 0.0))
        except ValueError:
            continue
    return numbers
