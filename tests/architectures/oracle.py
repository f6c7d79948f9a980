"""Lesson 7: a layer table counted window by window; the timeline and the depth runs read from their files."""

import csv
import math

import numpy as np

from lessons_lib import data


def fitting_rows(shape, layers):
    """(shape, parameters, multiply-adds, field) of the picture and of each layer, as far as they fit."""
    found, sees = [(shape, 0, 0, 1)], [(1, 1)]
    for number, layer in enumerate(layers, start=1):
        reads = layer.reads or (number - 1,)
        given = [found[one][0] for one in reads]
        shape, side = given[0], given[0][0] if len(given[0]) == 3 else 1
        units, work, window = 0, 0, (1, 1)
        if layer.kind in ("sum", "concat"):
            same = {one if layer.kind == "sum" else one[:-1] for one in given}
            if len(same) > 1:
                return found
            shape = (*shape[:-1], sum(one[-1] for one in given) if layer.kind == "concat" else shape[-1])
        elif len(reads) > 1 or (len(shape) == 1 and layer.kind not in ("fc", "norm", "relu")):
            return found
        elif layer.kind == "relu":
            pass
        elif layer.kind == "norm":
            units = 4 * shape[-1]
        elif layer.kind == "fc":
            inputs, shape, window = math.prod(shape), (layer.kernels,), (side, 1)
            units, work = inputs * layer.kernels + layer.kernels * layer.bias, inputs * layer.kernels
        elif layer.kind == "mean":
            shape, window = shape[2:], (side, 1)
        elif layer.kind == "zeros":
            if layer.kernels < shape[2]:
                return found
            shape = (*(len(range(0, n, layer.stride)) for n in shape[:2]), layer.kernels)
            window = (1, layer.stride)
        else:
            ends = [n + 2 * layer.padding - layer.size for n in shape[:2]]
            sides = [len(range(0, end + 1, layer.stride)) for end in ends]
            conv = layer.kind == "conv"
            if not all(sides) or (conv and (shape[2] % layer.groups or layer.kernels % layer.groups)):
                return found
            each = layer.size**2 * shape[2] // layer.groups
            depth = layer.kernels if conv else shape[2]
            units, work = (each * depth + depth * layer.bias) * conv, each * depth * math.prod(sides) * conv
            shape, window = (*sides, depth), (layer.size, layer.stride)
        field, jump = max((sees[one] for one in reads), key=lambda one: one[0])
        sees.append((field + (window[0] - 1) * jump, jump * window[1]))
        found.append((shape, units, work, field + (window[0] - 1) * jump))
    return found


def _count_text(number):
    return f"{number:,} layer{'s' * (number != 1)}"


def _joined(numbers):
    texts = [str(number) for number in numbers]
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if texts[1:] else texts)


def _size(shape):
    return " × ".join(map(str, shape))


def _why(layers, found):
    """The words for the first layer that does not fit."""
    number = len(found)
    layer = layers[number - 1]
    given = [found[one][0] for one in layer.reads or (number - 1,)]
    if layer.kind in ("sum", "concat"):
        shapes = " and ".join(_size(shape) for shape in dict.fromkeys(given))
        return f"sum of {shapes}; give" if layer.kind == "sum" else f"side by side of {shapes}; give"
    if len(given) > 1:
        return f"reads {len(given)} layers and can read one"
    if len(given[0]) == 1:
        return "there are no rows and columns left"
    if layer.kind == "zeros":
        return f"kernels is {layer.kernels}; give the {given[0][2]} maps"
    if layer.kind == "conv" and (given[0][2] % layer.groups or layer.kernels % layer.groups):
        return f"groups is {layer.groups}; choose a number that divides depth {given[0][2]} and kernels {layer.kernels}"
    return f"kernel {layer.size} is larger than"


def LayerTable(panel, said):  # noqa: N802
    layers, chosen = panel.layers, panel.layer.value
    rows = fitting_rows(panel._shape, layers)
    for name in ("one 7 x 7", "three 3 x 3"):
        assert name in dict(panel.network.options).values()
    label = {number: text for text, number in panel.layer.options}[chosen]
    layer = layers[chosen - 1]
    assert label.startswith(f"{chosen}: "), label
    if layer.kind in ("conv", "pool"):
        assert f"{layer.kind} {layer.size} × {layer.size}" in label, label
    # A line for each row shown, for the heads, and for a layer that does not fit; never many.
    assert panel.board.value.count("<tr") <= 24
    assert (">does not fit<" in panel.board.value) == (len(rows) <= len(layers))
    if len(rows) <= len(layers):
        why = _why(layers, rows)
        assert why in said.sentence, f"{said.sentence!r} does not say {why!r}"
        found = said.reads(r"^Layer (\d+) does not fit: (.+)\. The (\S+ layers?) before it are shown\.$")
        assert int(found[0]) == len(rows) and found[2] == _count_text(len(rows) - 1), said.sentence
        return
    shape, parameters, work, field = rows[chosen]
    kinds = {
        "fc": "fully connected", "concat": "side by side", "norm": "batch norm", "relu": "ReLU",
        "mean": "mean of each map", "zeros": "maps of zeros",
    }  # fmt: skip
    window = layer.kind in ("conv", "pool")
    kind = f"{layer.kind} {layer.size} × {layer.size}" if window else kinds.get(layer.kind, layer.kind)
    if layer.kind == "conv" and layer.groups > 1:
        kind += f", {layer.groups} groups"
    if layer.reads:
        kind += f" from {_joined(layer.reads)}"
    text = "Layer {}, {}: {}, {} parameters, {} multiply-adds, sees {} pixels."
    said.says(text, chosen, kind, _size(shape), parameters, work, field)
    counts = [row[1] for row in rows]
    total, all_work = sum(counts), sum(row[2] for row in rows)
    before = sum(row[1] for row in fitting_rows(*panel.began()))
    said.says("All {}: {} parameters", _count_text(len(layers)), total)
    if total != before:
        said.says(" ({} {} than before)", abs(total - before), "more" if total > before else "fewer")
    largest = counts.index(max(counts))
    text = ", {} multiply-adds; {} % of the parameters are in layer {}."
    said.says(text, all_work, 100 * max(counts) / max(total, 1), largest)
    used = {one for number, layer in enumerate(layers, start=1) for one in layer.reads or (number - 1,)}
    loose = sorted(set(range(1, len(layers))) - used)
    if loose:
        said.says("No layer reads layer{} {}.", "s" * (len(loose) > 1), _joined(loose))


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
        runs = arrays["tested" if panel.validation.value else "learned"]
        row = arrays["depths"].tolist().index(panel.depth.value)
    plain, residual = (
        [
            float(number)
            for number in (np.average(runs[kind, row, :, 5]), min(runs[kind, row, :, 5]), max(runs[kind, row, :, 5]))
        ]
        for kind in (0, 1)
    )
    what = "validation" if panel.validation.value else "training"
    text = (
        f"{{}} layers after 6 epochs, mean of {{}} trainings: accuracy on the {what} pictures plain {{}} ({{}} to {{}})"
    )
    said.says(text, panel.depth.value, runs.shape[2], *plain)
    if "with shortcuts" in panel.sentence:
        said.says("with shortcuts {} ({} to {}).", *residual)
