"""The lecture's two model zoos as tables: sorted, written, and asked which networks no other one beats."""

from lessons_lib import data
from lessons_lib.core import validate
from lessons_lib.core.i18n import _

LIBRARIES = ("TF-Slim", "Keras")
COLUMNS = ("model", "top-1", "top-5", "megabytes", "parameters", "depth")
# The network of this lesson, for comparison; its accuracy is Google's own figure, of the original weights.
OURS = {
    "library": "Lite", "model": "EfficientNet-Lite0", "top-1": 75.1, "top-5": None, "megabytes": 9,
    "parameters": 4_694_024, "depth": None, "mark": None,
}  # fmt: skip


def table(library=None):
    """The rows of the lecture's tables.

    Parameters
    ----------
    library : {"TF-Slim", "Keras"}, optional
        Both when left out.

    Returns
    -------
    list of dict
        `library`, `model`, `top-1` and `top-5` in per cent of ImageNet's validation pictures, and for Keras' models
        `megabytes`, `parameters` and `depth`; None where the slide says nothing.

    Raises
    ------
    ValueError
        If there is no such library.

    Examples
    --------
    >>> table("Keras")[3]["model"], table("Keras")[3]["parameters"]
    ('ResNet50', 25636712)
    """
    rows = data.load("model-zoo")
    if library is None:
        return rows
    validate.choice(library, "library", LIBRARIES)
    return [row for row in rows if row["library"] == library]


def sort(rows, by, falling=False):
    """The rows in the order of one column; rows that say nothing there come last.

    Parameters
    ----------
    rows : list of dict
    by : str
        A column such as "parameters" or "model".
    falling : bool
        The largest first.

    Returns
    -------
    list of dict

    Raises
    ------
    ValueError
        If there is no such column.

    Examples
    --------
    >>> [row["model"] for row in sort(table("Keras"), "parameters")][:3]
    ['MobileNet', 'Xception', 'InceptionV3']
    """
    validate.choice(by, "by", COLUMNS)
    rows, falling = _rows(rows), validate.flag(falling, "falling")
    known = [row for row in rows if row[by] is not None]
    unknown = [row for row in rows if row[by] is None]
    lower = by == "model"
    return sorted(known, key=lambda row: row[by].lower() if lower else row[by], reverse=falling) + unknown


def unbeaten(rows, cost="parameters", gain="top-1"):
    """The rows that no other row beats: none costs as little and gains as much, and differs in one of the two.

    Parameters
    ----------
    rows : list of dict
    cost, gain : str
        Columns of numbers; of the first less is better, of the second more. Rows without both are left out.

    Returns
    -------
    list of dict
        By rising cost. Also called the Pareto front.

    Raises
    ------
    ValueError
        If there is no such column.

    Examples
    --------
    >>> small, large = {"parameters": 1, "top-1": 70}, {"parameters": 9, "top-1": 60}
    >>> unbeaten([small, large]) == [small]
    True
    """
    for column in (cost, gain):
        validate.choice(column, "column", COLUMNS[1:])
    known = [row for row in _rows(rows) if row[cost] is not None and row[gain] is not None]
    kept = [row for row in known if not any(beats(other, row, cost, gain) for other in known)]
    return sorted(kept, key=lambda row: row[cost])


def beats(one, other, cost="parameters", gain="top-1"):
    """Whether one row costs as little and gains as much as another, and differs from it in one of the two.

    Parameters
    ----------
    one, other : dict
    cost, gain : str

    Returns
    -------
    bool

    Examples
    --------
    >>> beats({"parameters": 1, "top-1": 70}, {"parameters": 9, "top-1": 70})
    True
    """
    for row in _rows([one, other]):
        for column in (cost, gain):
            validate.choice(column, "column", row)
    as_good = one[cost] <= other[cost] and one[gain] >= other[gain]
    return as_good and (one[cost], one[gain]) != (other[cost], other[gain])


def as_text(rows, columns=COLUMNS):
    """The rows as lines of text, a column under its name.

    Parameters
    ----------
    rows : list of dict
    columns : sequence of str

    Returns
    -------
    str

    Examples
    --------
    >>> print(as_text(table("Keras")[:2], ["model", "top-1", "parameters"]))
    model     top-1   parameters
    Xception   79.0   22,910,480
    VGG16      71.5  138,357,544
    """
    names = {
        "model": _("model"), "top-1": _("top-1"), "top-5": _("top-5"), "megabytes": _("MB"),
        "parameters": _("parameters"), "depth": _("depth"),
    }  # fmt: skip
    columns, rows = validate.sequence(columns, "columns"), _rows(rows)
    cells = [[names[validate.choice(column, "column", COLUMNS)] for column in columns]]
    cells += [[written(row[column]) + (row["mark"] or "") * (column == "model") for column in columns] for row in rows]
    return in_columns(cells)


def in_columns(lines):
    """Texts as lines, each column as wide as its longest: the first begins at the left, the others end at the right.

    Parameters
    ----------
    lines : sequence of sequence of str
        Equally many in each.

    Returns
    -------
    str

    Raises
    ------
    TypeError, ValueError
        If they are no lines of texts, or not equally long.

    Examples
    --------
    >>> print(in_columns([["model", "MB"], ["VGG16", "528"], ["own", "9"]]))
    model   MB
    VGG16  528
    own      9
    """
    lines = [validate.sequence(line, "a line of lines") for line in validate.sequence(lines, "lines")]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    aligned = [
        [
            text.rjust(width) if k else text.ljust(width)
            for k, (text, width) in enumerate(zip(line, widths, strict=True))
        ]
        for line in lines
    ]
    return "\n".join("  ".join(line).rstrip() for line in aligned)


def written(value):
    """A cell of the tables as it is written.

    >>> written(None), written(79.0), written(138357544), written("VGG16")
    ('', '79.0', '138,357,544', 'VGG16')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return f"{value:.1f}" if isinstance(value, float) else f"{value:,}"


def _rows(rows):
    """The rows as a list, checked."""
    return [
        validate.having(row, "a row of rows", "keys", "rows as `table` gives them")
        for row in validate.sequence(rows, "rows")
    ]
