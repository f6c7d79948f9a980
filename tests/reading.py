"""Reading a sentence: its words as they stand, each of its numbers as exactly as it is printed."""

import re
from decimal import Decimal
from fractions import Fraction

NUMBER = r"([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?|-?inf)"


def near(text, value, slack=1e-6):
    """Whether a printed number is the value, rounded as it is printed; whole numbers have to be the same."""
    if "/" in text:
        return abs(float(Fraction(text)) - value) < 1e-6
    printed = Decimal(text.replace(",", ""))
    if isinstance(value, int) or not printed.is_finite():
        return printed == Decimal(value)
    unit = Decimal(1).scaleb(printed.as_tuple().exponent)
    return abs(printed - Decimal(float(value))) <= unit / 2 + Decimal(slack) * (1 + abs(printed))


class Said:
    """A sentence, and what of it has not been checked yet."""

    def __init__(self, sentence):
        assert sentence and sentence == sentence.strip(), f"the sentence is {sentence!r}"
        self.sentence = self.left = sentence

    def reads(self, pattern):
        """The groups of a regular expression, which is taken out of what is left; None where it is not there."""
        match = re.search(pattern, self.left)
        if match is None:
            return None
        self.left = f"{self.left[: match.start()]} ~ {self.left[match.end() :]}"
        return match.groups()

    def says(self, template, *values, slack=1e-6):
        """The words are there; each {} is a number near its value, or the value itself where that is a text."""
        parts = template.split("{}")
        assert len(parts) == len(values) + 1, f"{len(values)} values for {template!r}"
        pattern = re.escape(parts[0])
        for value, part in zip(values, parts[1:], strict=True):
            pattern += (re.escape(value) if isinstance(value, str) else NUMBER) + re.escape(part)
        texts = self.reads(pattern)
        assert texts is not None, f"{self.sentence!r} does not say {template!r} with {values}"
        numbers = [value for value in values if not isinstance(value, str)]
        for text, value in zip(texts, numbers, strict=True):
            assert near(text, value, slack), f"{self.sentence!r} says {text} where {template!r} has {value!r}"

    def may_say(self, template):
        """The numbers of an optional part, as floats, to be compared by the caller; None where it is not there."""
        texts = self.reads(NUMBER.join(re.escape(part) for part in template.split("{}")))
        return None if texts is None else [float(text.replace(",", "")) for text in texts]

    def nothing_left(self):
        """Every number was compared, and nothing strange is said."""
        assert not re.search(r"\d|nan|inf\b|None|array|[{}]", self.left), f"nobody checked {self.left!r}"


def ninths(text, score, cells=9):
    """Whether a score is written as it should be: a fraction of `cells`, 0, or a decimal."""
    total = score * cells
    if abs(total - round(total)) > 1e-6:
        return "/" not in text and near(text, score)
    return text == (f"{round(total)}/{cells}" if round(total) else "0")
