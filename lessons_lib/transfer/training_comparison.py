"""Training methods for a new task, compared over several seeds.

`rows` are those of `data.load("transfer-runs")`: dicts with `task`, `method`, `per_class` (training pictures a class),
`seed`, `accuracy` (on test pictures), `seconds`, `trained` (how many parameters) and `predicted` (how many classes).
What is not among them is refused with a ValueError that says what is.
"""

import numpy as np

from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.transfer.model_tables import in_columns

# The lecture's table, each case as a task and training pictures a class: textures are like ImageNet's photos.
CASES = {
    ("small", "similar"): ("textures", 10), ("small", "different"): ("clothes", 20),
    ("large", "similar"): ("textures", 200), ("large", "different"): ("clothes", 500),
}  # fmt: skip


def method_name(method):
    """A training method in words.

    >>> method_name("scratch")
    'from scratch'
    """
    names = {
        "scratch": _("from scratch"), "random": _("random base"), "frozen": _("frozen base"),
        "start": _("cut after block 4"), "last": _("last blocks tuned"), "all": _("all tuned"),
        "fast": _("tuned too fast"), "norms": _("norms set free"),
        "scratch-means": _("from scratch, with means"), "frozen-means": _("pretrained base, with means"),
    }  # fmt: skip
    return names.get(_text(method, "method"), method)


def summary(rows, task, method):
    """Mean and standard deviation of a method's accuracy over the seeds, for each number of pictures a class.

    >>> row = {"task": "t", "method": "m", "per_class": 5}
    >>> summary([row | {"accuracy": 0.5}, row | {"accuracy": 0.7}], "t", "m")[5][0]
    0.6
    """
    rows, task, method = validate.sequence(rows, "rows"), _text(task, "task"), _text(method, "method")
    for row in rows:
        validate.having(row, "a row of rows", "keys", "rows such as data.load('transfer-runs')")
    chosen = [row for row in rows if (row.get("task"), row.get("method")) == (task, method)]
    if not chosen:
        known = sorted({(row.get("task"), row.get("method")) for row in rows}, key=str)
        raise ValueError(f"no row is of task {task!r} and method {method!r}; choose one of {known}")
    accuracies = {count: [] for count in sorted(row["per_class"] for row in chosen)}
    for row in chosen:
        accuracies[row["per_class"]].append(row["accuracy"])
    return {count: (float(np.mean(some)), float(np.std(some))) for count, some in accuracies.items()}


def comparison(rows, task, per_class, methods=("scratch", "random", "frozen", "last", "all")):
    """Methods as lines of text: trained parameters, seconds of the processor (median), accuracy (mean, deviation).

    >>> row = {"task": "t", "method": "scratch", "per_class": 5, "accuracy": 0.5, "seconds": 1.25, "trained": 30499}
    >>> print(comparison([row, row], "t", 5, ["scratch"]))
    method        trained  seconds  accuracy  spread
    from scratch   30,499      1.2      0.50    0.00
    """
    lines = [[_("method"), _("trained"), _("seconds"), _("accuracy"), _("spread")]]
    per_class = validate.whole(per_class, "per_class")
    for method in validate.sequence(methods, "methods"):
        mean, spread = _at(summary(rows, task, method), per_class)
        chosen = [row for row in rows if (row["task"], row["method"], row["per_class"]) == (task, method, per_class)]
        seconds = np.median([row["seconds"] for row in chosen])
        numbers = [f"{chosen[0]['trained']:,}", f"{seconds:.1f}", f"{mean:.2f}", f"{spread:.2f}"]
        lines.append([method_name(method), *numbers])
    return in_columns(lines)


def accuracies_by_case(rows, methods=("scratch", "frozen", "start", "last", "all")):
    """The lecture's table of small or large sets and similar or different pictures, with mean accuracies.

    Each case has a dict of method to accuracy, the best first.

    >>> rows = [{"task": task, "method": "frozen", "per_class": n, "accuracy": 0.9} for task, n in CASES.values()]
    >>> accuracies_by_case(rows, ["frozen"])["large", "different"]
    {'frozen': 0.9}
    """
    found = {}
    for case, (task, count) in CASES.items():
        means = {method: _at(summary(rows, task, method), count)[0] for method in validate.sequence(methods, "methods")}
        found[case] = dict(sorted(means.items(), key=lambda item: -item[1]))
    return found


def _text(value, name):
    if not isinstance(value, str):
        raise TypeError(f"{name} is {value!r} of type {type(value).__name__}; give a text")
    return value


def _at(found, per_class):
    if per_class not in found:
        raise ValueError(f"no row has {per_class} pictures a class; choose one of {', '.join(map(str, found))}")
    return found[per_class]
