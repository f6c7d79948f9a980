"""The lecture's two model zoos as tables: sorted, as text, and the networks that no other one beats.

A row is a dict with `library`, `model`, `top-1` and `top-5` in per cent of ImageNet's validation pictures, and for
Keras' models `megabytes`, `parameters` and `depth`; None where the slide says nothing. `top-1 again` and `top-5 again`
are what Keras measured of its own files later (github.com/keras-team/keras-applications, README.md, one centre crop).
A column that does not exist is refused with a ValueError.
"""

from lessons_lib import data
from lessons_lib.core import validate
from lessons_lib.core.i18n import _

LIBRARIES = ("TF-Slim", "Keras")
COLUMNS = ("model", "top-1", "top-5", "top-1 again", "top-5 again", "megabytes", "parameters", "depth")
# The network of this lesson, for comparison; its accuracy is Google's own figure, of the original weights.
OURS = {
    "library": "Lite", "model": "EfficientNet-Lite0", "top-1": 75.1, "top-5": None, "top-1 again": None,
    "top-5 again": None, "megabytes": 9, "parameters": 4_694_024, "depth": None, "mark": None,
}  # fmt: skip


def table(library=None):
    """The rows of one of the lecture's tables, or of both.

    >>> table("Keras")[3]["model"], table("Keras")[3]["parameters"]
    ('ResNet50', 25636712)
    """
    rows = data.load("model-zoo")
    if library is None:
        return rows
    validate.choice(library, "library", LIBRARIES)
    return [row for row in rows if row["library"] == library]


def sort(rows, by, descending=False):
    """The rows in the order of one column; rows that say nothing there come last.

    >>> [row["model"] for row in sort(table("Keras"), "parameters")][:3]
    ['MobileNet', 'Xception', 'InceptionV3']
    """
    validate.choice(by, "by", COLUMNS)
    rows, descending = _rows(rows), validate.flag(descending, "descending")
    known = [row for row in rows if row[by] is not None]
    unknown = [row for row in rows if row[by] is None]
    is_text = by == "model"
    return sorted(known, key=lambda row: row[by].lower() if is_text else row[by], reverse=descending) + unknown


def pareto_front(rows, cost="parameters", gain="top-1"):
    """The rows that no other one dominates, by rising cost; rows without cost or gain are left out.

    >>> small, large = {"parameters": 1, "top-1": 70}, {"parameters": 9, "top-1": 60}
    >>> pareto_front([small, large]) == [small]
    True
    """
    for column in (cost, gain):
        validate.choice(column, "column", COLUMNS[1:])
    known = [row for row in _rows(rows) if row[cost] is not None and row[gain] is not None]
    front = [row for row in known if not any(dominates(other, row, cost, gain) for other in known)]
    return sorted(front, key=lambda row: row[cost])


def dominates(one, other, cost="parameters", gain="top-1"):
    """Whether one row costs as little and gains as much as another, and differs from it in one of the two.

    >>> dominates({"parameters": 1, "top-1": 70}, {"parameters": 9, "top-1": 70})
    True
    """
    for row in _rows([one, other]):
        for column in (cost, gain):
            validate.choice(column, "column", row)
    as_good = one[cost] <= other[cost] and one[gain] >= other[gain]
    return as_good and (one[cost], one[gain]) != (other[cost], other[gain])


def column_name(column):
    """A column's name in a sentence or at an axis.

    >>> column_name("megabytes")
    'megabytes'
    """
    names = {
        "model": _("model"), "top-1": _("top-1"), "top-5": _("top-5"), "top-1 again": _("top-1 again"),
        "top-5 again": _("top-5 again"), "megabytes": _("megabytes"),
        "parameters": _("parameters"), "depth": _("depth"),
    }  # fmt: skip
    return names[validate.choice(column, "column", COLUMNS)]


def as_text(rows, columns=COLUMNS):
    """The rows as lines of text, a column under its name.

    >>> print(as_text(table("Keras")[:2], ["model", "top-1", "parameters"]))
    model     top-1   parameters
    Xception   79.0   22,910,480
    VGG16      71.5  138,357,544
    """
    columns = validate.sequence(columns, "columns")
    head = [_("MB") if column == "megabytes" else column_name(column) for column in columns]
    return in_columns([head, *([cell_text(row, column) for column in columns] for row in _rows(rows))])


def in_columns(lines):
    """Texts as lines, each column as wide as its longest: the first begins at the left, the others end at the right.

    >>> print(in_columns([["model", "MB"], ["VGG16", "528"], ["own", "9"]]))
    model   MB
    VGG16  528
    own      9
    """
    lines = [validate.sequence(line, "a line of lines") for line in validate.sequence(lines, "lines")]
    first, *others = (max(map(len, column)) for column in zip(*lines, strict=True))
    texts = [[line[0].ljust(first), *map(str.rjust, line[1:], others)] for line in lines]
    return "\n".join("  ".join(line).rstrip() for line in texts)


def cell_text(row, column):
    """One cell of the tables; a model's mark stands behind its name.

    >>> row = {"model": "VGG16", "mark": "^", "top-1": 71.5, "top-5": None, "parameters": 138_357_544}
    >>> [cell_text(row, column) for column in ("model", "top-1", "top-5", "parameters")]
    ['VGG16^', '71.5', '', '138,357,544']
    """
    value = row[column]
    if column == "model":
        return value + (row["mark"] or "")
    if value is None:
        return ""
    return f"{value:.1f}" if isinstance(value, float) else f"{value:,}"


def _rows(rows):
    rows = validate.sequence(rows, "rows")
    return [validate.having(row, "a row of rows", "keys", "rows as `table` gives them") for row in rows]
