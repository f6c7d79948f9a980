"""Lesson 7: a layer table counted window by window; the timeline and the depth runs read from their files."""

import csv
import math

import numpy as np

from lessons_lib import data


def _rows(shape, layers):
    """(shape, parameters, multiply-adds, field) of the picture and of each layer, as far as they fit."""
    found, field, jump = [(shape, 0, 0, 1)], 1, 1
    for layer in layers:
        shape = found[-1][0]
        if layer.kind == "fc":
            inputs, side = math.prod(shape), shape[0] if len(shape) == 3 else 1
            field += (side - 1) * jump
            found.append(((layer.kernels,), (inputs + 1) * layer.kernels, inputs * layer.kernels, field))
            continue
        if len(shape) == 1:
            return found
        ends = [n + 2 * layer.padding - layer.size for n in shape[:2]]
        sides = [len(range(0, end + 1, layer.stride)) for end in ends]
        if not all(sides):
            return found
        field += (layer.size - 1) * jump
        jump *= layer.stride
        conv = layer.kind == "conv"
        weights = layer.size**2 * shape[2] * layer.kernels if conv else 0
        depth = layer.kernels if conv else shape[2]
        found.append(((*sides, depth), weights + layer.kernels * conv, weights * math.prod(sides), field))
    return found


def _counted(number):
    return f"{number:,} layer{'s' * (number != 1)}"


def LayerTable(panel, said):  # noqa: N802
    layers, chosen = panel.layers, panel.layer.value
    rows = _rows(panel._shape, layers)
    for name in ("one 7 x 7", "three 3 x 3"):
        assert name in dict(panel.network.options).values()
    if len(rows) <= len(layers):
        found = said.reads(r"^Layer (\d+) does not fit: (.+)\. The (\S+ layers?) before it are shown\.$")
        assert int(found[0]) == len(rows) and found[2] == _counted(len(rows) - 1), said.sentence
        return
    shape, parameters, work, field = rows[chosen]
    layer = layers[chosen - 1]
    kind = "fully connected" if layer.kind == "fc" else f"{layer.kind} {layer.size} × {layer.size}"
    text = "Layer {}, {}: {}, {} parameters, {} multiply-adds, sees {} pixels."
    said.says(text, chosen, kind, " × ".join(map(str, shape)), parameters, work, field)
    counts = [row[1] for row in rows]
    total, all_work = sum(counts), sum(row[2] for row in rows)
    before = sum(row[1] for row in _rows(*panel.began()))
    said.says("All {}: {} parameters", _counted(len(layers)), total)
    if total != before:
        said.says(" ({} {} than before)", abs(total - before), "more" if total > before else "fewer")
    largest = counts.index(max(counts))
    text = ", {} multiply-adds; {} % of the parameters are in layer {}."
    said.says(text, all_work, 100 * max(counts) / max(total, 1), largest)


def Timeline(panel, said):  # noqa: N802
    with open(data.FOLDER / "architectures.csv", encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    row = next(row for row in table if row["name"] == panel.name.value)
    work = float(row["multiply_adds"])
    limit, unit = next((limit, unit) for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")) if work >= limit)
    text = "{} ({}), built by {}: {} layers with weights, {} parameters, {} {} multiply-adds for one picture."
    said.says(text, row["name"], row["year"], row["call"], int(row["layers"]), int(row["parameters"]), work / limit,
              unit)  # fmt: skip
    if row["top5"]:
        said.says("Top-5 error {} % ({}).", row["top5"], row["top5_of"])
    else:
        said.says("No top-5 error: {}.", row["top5_of"])
    unknown = [one["name"] for one in table if not one[panel.across.value] or not one[panel.up.value]]
    if unknown:
        said.says("Without a circle, for want of a number: {}.", ", ".join(unknown))


def DepthExplorer(panel, said):  # noqa: N802
    with np.load(data.FOLDER / "depth.npz") as arrays:
        runs = arrays["tested" if panel.shown.value else "learned"]
        place = arrays["depths"].tolist().index(panel.depth.value)
        seeds = arrays["seeds"].tolist()
    now = runs[:, place, :, panel.epoch.value - 1]
    what = "held out" if panel.shown.value else "learned from"
    epochs = f"{panel.epoch.value} epoch{'s' * (panel.epoch.value > 1)}"
    start = "{} layers, accuracy on the pictures {}, after {}, "
    if panel.seed.value == -1:
        text = start + "mean of {} seeds: plain {} ({} to {}), with shortcuts {} ({} to {});"
        numbers = [float(number) for row in now for number in (np.average(row), min(row), max(row))]
        said.says(text, panel.depth.value, what, epochs, len(seeds), *numbers)
    else:
        now = now[:, [seeds.index(panel.seed.value)]]
        text = start + "seed {}: plain {}, with shortcuts {};"
        said.says(text, panel.depth.value, what, epochs, panel.seed.value, *map(float, now[:, 0]))
    said.says("the shortcuts make a difference of {}.", float(np.average(now[1]) - np.average(now[0])))
