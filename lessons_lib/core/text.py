"""Numbers and lists as short words: the same everywhere a picture, a panel or a check writes them."""

from lessons_lib.core.i18n import _


def short_number(value):
    """A number to two decimals, without zeros at its end.

    >>> short_number(57.6), short_number(80.0), short_number(-0.001), short_number(-0.125)
    ('57.6', '80', '0', '-0.12')
    """
    return f"{round(float(value), 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def large_number(value):
    """A large number to one decimal, with k, M or G for thousands, millions and milliards.

    >>> large_number(138_357_544), large_number(15.5e9), large_number(1_800), large_number(12)
    ('138.4 M', '15.5 G', '1.8 k', '12')
    """
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:.1f} {unit}"
    return f"{value:g}"


def in_brackets(value):
    """A number as a factor or a term is written: in brackets when it is negative.

    >>> in_brackets(2), in_brackets(-2)
    ('2', '(-2)')
    """
    return f"({value})" if value < 0 else str(value)


def sum_text(values):
    """A sum, term by term, each to two decimals.

    >>> sum_text([149, 1, -123, 2])
    '149 + 1 - 123 + 2'
    """
    return " + ".join(short_number(value) for value in values).replace("+ -", "- ")


def size_text(*sides):
    """The sides of an array, or of a shape.

    >>> size_text(7, 3), size_text(*(224, 224, 3)), size_text(1000)
    ('7 × 3', '224 × 224 × 3', '1000')
    """
    return " × ".join(str(side) for side in sides)


def join_words(words):
    """Words, or numbers, in a row, with "and" before the last.

    >>> join_words([8, 4]), join_words([8]), join_words(["a", "b", "c"])
    ('8 and 4', '8', 'a, b and c')
    """
    *most, last = map(str, words)
    return _("{some} and {last}").format(some=", ".join(most), last=last) if most else last
