"""Ways to train a network for a new task, compared: what `data.load("transfer-runs")` holds, over several seeds."""

import numpy as np

from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.transfer.model_tables import in_columns


def way_name(way):
    """A way to train as a reader calls it.

    Parameters
    ----------
    way : str
        As in `data.load("transfer-runs")`.

    Returns
    -------
    str

    Examples
    --------
    >>> way_name("scratch")
    'from scratch'
    """
    names = {
        "scratch": _("from scratch"), "random": _("random base"), "frozen": _("frozen base"),
        "start": _("cut after block 4"), "last": _("last blocks tuned"), "all": _("all tuned"),
        "fast": _("tuned too fast"), "norms": _("norms set free"),
    }  # fmt: skip
    return names.get(_words(way, "way"), way)


def summary(rows, task, way):
    """Accuracy of one way to train, for each number of pictures a class: mean and spread over the seeds.

    Parameters
    ----------
    rows : list of dict
        As `data.load("transfer-runs")` gives them: `task`, `way`, `per_class`, `seed`, `accuracy` and more.
    task, way : str

    Returns
    -------
    dict of int to (float, float)
        Pictures a class: mean and standard deviation of the accuracy.

    Raises
    ------
    ValueError
        If no row is of this task and way.

    Examples
    --------
    >>> rows = [{"task": "t", "way": "w", "per_class": 5, "seed": k, "accuracy": a} for k, a in enumerate([0.5, 0.7])]
    >>> summary(rows, "t", "w")[5][0]
    0.6
    """
    rows, task, way = validate.sequence(rows, "rows"), _words(task, "task"), _words(way, "way")
    for row in rows:
        validate.having(row, "a row of rows", "keys", "rows such as data.load('transfer-runs')")
    mine = [row for row in rows if (row.get("task"), row.get("way")) == (task, way)]
    if not mine:
        known = sorted({(row.get("task"), row.get("way")) for row in rows}, key=str)
        raise ValueError(f"no row is of task {task!r} and way {way!r}; choose one of {known}")
    found = {}
    for count in sorted({row["per_class"] for row in mine}):
        accuracies = [row["accuracy"] for row in mine if row["per_class"] == count]
        found[count] = (float(np.mean(accuracies)), float(np.std(accuracies)))
    return found


def comparison(rows, task, per_class, ways=("scratch", "random", "frozen", "last", "all")):
    """Some ways to train beside each other, as lines of text.

    Parameters
    ----------
    rows : list of dict
        As `data.load("transfer-runs")` gives them.
    task : str
    per_class : int
        Pictures a class.
    ways : sequence of str

    Returns
    -------
    str
        How many numbers learn, seconds of the processor (median over the seeds), accuracy (mean, standard deviation).

    Raises
    ------
    ValueError
        If there are no such rows.

    Examples
    --------
    >>> row = {"task": "t", "way": "scratch", "per_class": 5, "accuracy": 0.5, "seconds": 1.25, "trained": 30499}
    >>> print(comparison([row, row], "t", 5, ["scratch"]))
    way           trained  seconds  accuracy  spread
    from scratch   30,499      1.2      0.50    0.00
    """
    lines = [[_("way"), _("trained"), _("seconds"), _("accuracy"), _("spread")]]
    per_class = validate.whole(per_class, "per_class")
    for way in validate.sequence(ways, "ways"):
        mean, spread = _at(summary(rows, task, way), per_class)
        mine = [row for row in rows if (row["task"], row["way"], row["per_class"]) == (task, way, per_class)]
        seconds = np.median([row["seconds"] for row in mine])
        lines.append([way_name(way), f"{mine[0]['trained']:,}", f"{seconds:.1f}", f"{mean:.2f}", f"{spread:.2f}"])
    return in_columns(lines)


# Pictures a class that are few and many in each of the two tasks: the first is like ImageNet's photos, the second not.
CELLS = {
    ("small", "similar"): ("textures", 10), ("small", "different"): ("clothes", 20),
    ("large", "similar"): ("textures", 200), ("large", "different"): ("clothes", 500),
}  # fmt: skip


def cells(rows, wanted=("scratch", "frozen", "start", "last", "all")):
    """The lecture's table, small or large set and similar or different pictures, with accuracies in its cells.

    Parameters
    ----------
    rows : list of dict
        As `data.load("transfer-runs")` gives them.
    wanted : sequence of str
        Ways to train.

    Returns
    -------
    dict of (str, str) to dict of str to float
        For ("small", "similar") and so on, the mean accuracy of each way, the best first.

    Examples
    --------
    >>> rows = [{"task": task, "way": "frozen", "per_class": n, "accuracy": 0.9} for task, n in CELLS.values()]
    >>> cells(rows, ["frozen"])["large", "different"]
    {'frozen': 0.9}
    """
    found = {}
    for key, (task, count) in CELLS.items():
        means = {way: _at(summary(rows, task, way), count)[0] for way in validate.sequence(wanted, "wanted")}
        found[key] = dict(sorted(means.items(), key=lambda item: -item[1]))
    return found


def _words(value, name):
    if not isinstance(value, str):
        raise TypeError(f"{name} is {value!r} of type {type(value).__name__}; give a text")
    return value


def _at(found, per_class):
    if per_class not in found:
        raise ValueError(f"no row has {per_class} pictures a class; choose one of {', '.join(map(str, found))}")
    return found[per_class]
