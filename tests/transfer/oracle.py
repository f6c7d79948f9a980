"""Lesson 8: tables read again, windows walked back layer by layer, ridge regression by its normal equations."""

import csv
import re

import numpy as np
from scipy import linalg, special

from lessons_lib import data
from reading import near

OURS = {"model": "EfficientNet-Lite0", "top-1": 75.1, "megabytes": 9, "parameters": 4_694_024, "depth": None}


def _zoo():
    with open(data.FOLDER / "model-zoo.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            numbers = {key: float(text) if text else None for key, text in row.items()
                       if key not in ("library", "model", "mark")}  # fmt: skip
            yield row | numbers


def Zoo(panel, said):  # noqa: N802
    table, library, by, cost = list(_zoo()), panel.library.value, panel.by.value, panel.cost.value
    shown = [row for row in table if library in ("both", row["library"])]
    known = [row for row in shown if row[by] is not None]
    if known:
        key = (lambda row: row[by].lower()) if by == "model" else (lambda row: row[by])
        known.sort(key=key, reverse=panel.descending.value)
        small, large = ("the first", "the last") if by == "model" else ("the smallest", "the largest")
        text = "{} networks by {}, {} first: "
        said.says(text, len(known), by, large if panel.descending.value else small)
        # Rows that are equal may come in any order.
        first, second = re.search(r"first: (.+?), then (.+?); in the plot", said.sentence).groups()
        for text, row in ((first, known[0]), (second, known[1])):
            name, value = (text, None) if by == "model" else text.rsplit(" ", 1)
            assert value is None or near(value, row[by])
            assert name in [one["model"] for one in known if one[by] == row[by]]
        said.left = said.left.replace(f"{first}, then {second};", "~")
    else:
        text = "The table of {} says nothing of {} for its {} networks;"
        said.says(text, library, by, len(shown))
    plotted = [row for row in [*table, OURS] if row.get(cost) is not None and row.get("library") != "TF-Slim"]
    best = [
        row for row in plotted
        if not any(one[cost] <= row[cost] and one["top-1"] >= row["top-1"]
                   and (one[cost], one["top-1"]) != (row[cost], row["top-1"]) for one in plotted)
    ]  # fmt: skip
    best.sort(key=lambda row: row[cost])
    text = "in the plot of top-1 against {}, no other network beats {} ({} of {})."
    said.says(text, cost, ", ".join(row["model"] for row in best), len(best), len(plotted))


def _window(path, row, column, side):
    """First row, first column, rows and columns of the pixels behind a cell; every layer is padded as Keras' "same"."""
    sides = [side]
    for _size, stride in path:
        sides.append((sides[-1] + stride - 1) // stride)
    spans = [(row, row), (column, column)]
    for (size, stride), before, after in zip(path[::-1], sides[-2::-1], sides[:0:-1], strict=True):
        above = max(0, (after - 1) * stride + size - before) // 2
        spans = [(low * stride - above, high * stride - above + size - 1) for low, high in spans]
    (top, bottom), (left, right) = spans
    return top, left, bottom - top + 1, right - left + 1


def LayerViewer(panel, said):  # noqa: N802
    photos, maps, paths = panel.given
    layer, unit, names = panel.layer.value, panel.unit.value, list(photos)
    now = maps[layer][names.index(panel.photo.value), :, :, unit]
    assert np.allclose(panel.activations.values, now) and np.array_equal(panel.seen.values, photos[panel.photo.value])
    row, column = panel.activations.selected
    frame = _window(paths[layer], row, column, len(photos[panel.photo.value]))
    assert panel.seen.window == frame
    text = "{}, unit {} of {}, a map of {} × {}: at row {}, column {} it answers {} to the {} × {} pixels in the frame."
    said.says(text, layer, unit, maps[layer].shape[3], *now.shape, row, column, float(now[row, column]), *frame[2:])
    rank = 1 + int(np.count_nonzero(now > now[row, column]))
    # The answers at the edge of a map, whose windows stick out of the photo, do not compete.
    side = len(photos[panel.photo.value])
    cells = maps[layer].shape[1]
    inner = [k for k in range(cells) if _fits(_window(paths[layer], k, k, side), side)]
    edge = max(inner[0], cells - 1 - inner[-1]) if inner else (cells - 1) // 2
    best = maps[layer][:, edge : cells - edge, edge : cells - edge, unit].max(axis=(1, 2))
    order = np.argsort(-best, kind="stable")[:9]
    text = "That is number {} of {} in this photo, the strongest of all photos is {}, in {}; the patches come from {}."
    said.says(text, rank, now.size, float(best[order[0]]), names[order[0]], ", ".join(names[k] for k in order))


def _fits(frame, side):
    top, _left, height, _width = frame
    cut = max(0, height - 96) // 2
    return top + cut >= 0 and top + height - cut <= side


def WhereItLooked(panel, said):  # noqa: N802
    photos, maps, weights, biases, classes = panel.given
    photo, number = list(photos).index(panel.photo.value), panel.name.value
    here = maps[photo].astype(float)
    probabilities = special.softmax(here.mean(axis=(0, 1)) @ weights + biases)
    contributions = np.tensordot(here, weights[:, number], 1) / here[..., 0].size
    row, column = panel.contributions.selected
    assert np.allclose(panel.contributions.values, contributions)
    top, left = np.argwhere(contributions == contributions.max())[0].tolist()
    text = "{}, probability {} in {}: the {} contributions add up to {}, and {} is added to every photo's score."
    name = classes[number].split(",")[0]
    total, bias = contributions.sum(), float(biases[number])
    said.says(text, name, probabilities[number], panel.photo.value, contributions.size, total, bias)
    text = "The cell at row {}, column {} contributes {}; the largest contribution, {}, comes from row {}, column {}."
    said.says(text, row, column, float(contributions[row, column]), float(contributions.max()), top, left)


def _predicted(features, labels, count, test):
    """The classes that ridge regression on standardised features predicts, by the normal equations."""
    chosen = np.concatenate([np.flatnonzero(labels == label)[:count] for label in np.unique(labels)])
    x, y = features[chosen], np.eye(labels.max() + 1)[labels[chosen]]
    spread = np.where(x.std(axis=0) > 0, x.std(axis=0), 1)
    x, new = ((some - features[chosen].mean(axis=0)) / spread for some in (x, test))
    numbers = x.shape[1]
    matrix = x.T @ x / numbers + 0.01 * len(x) * np.eye(numbers)
    weights = linalg.solve(matrix, x.T @ (y - y.mean(axis=0)) / numbers, assume_a="pos")
    return (new @ weights + y.mean(axis=0)).argmax(axis=1)


def CutPoint(panel, said):  # noqa: N802
    tasks, counts = panel.given
    task, cut, count = panel.task.value, panel.cut.value, panel.count.value
    train, labels, test, targets, classes = tasks[task]
    predicted = {name: _predicted(train[name], labels, count, test[name]) for name in train}
    scores = {name: np.mean(classes_of == targets) for name, classes_of in predicted.items()}
    place = counts.index(count), list(train).index(cut)
    assert panel.accuracies.selected == place and np.isclose(panel.accuracies.values[place], scores[cut])
    text = "{}, cut after {}, training pictures a class {}: {} of {} test pictures are right."
    said.says(text, task, cut, count, scores[cut], len(targets))
    numbers = train[cut].shape[1]
    text = "Each picture is {} numbers there, and the classifier learns {}."
    said.says(text, numbers, (numbers + 1) * len(classes))
    best = max(scores, key=scores.get)
    said.says("With as many pictures the best cut is {} ({}).", best, scores[best])
    one, other = panel.confusion.selected
    times = int(np.sum((targets == one) & (predicted[cut] == other)))
    said.says("{} was called {} {} times.", classes[one], classes[other], times)
