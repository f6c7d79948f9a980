"""Lesson 4, by SciPy and by counting: every window is laid on every place."""

import math
from collections import Counter

import numpy as np
from scipy import signal


def _starts(n, f, stride):
    """Where windows of `f` begin on a side of `n`."""
    return [start for start in range(0, n, stride) if start + f <= n]


def StrideBoard(panel, said):  # noqa: N802
    n, f, stride, padding = (getattr(panel, name).value for name in ("n", "f", "stride", "padding"))
    padded, kernel, room = panel.input.values, panel.kernel.values, n + 2 * padding
    inside = (slice(padding, padding + n),) * 2
    assert padded.shape == (room, room) and kernel.shape == (f, f)
    outside = np.ones(padded.shape, bool)
    outside[inside] = False
    assert not padded[outside].any()
    starts = _starts(room, f, stride)
    said.reads(r"^The border stays 0\.")
    if not starts:
        text = "The window has no place: it needs {} pixels, and with its border the picture has {}."
        said.says(text, f, room)
        assert panel.output.texts == [["-"]] and panel.input.window is None
    else:
        _window_words(panel, said, starts)


def _window_words(panel, said, starts):
    n, f, stride, padding = (getattr(panel, name).value for name in ("n", "f", "stride", "padding"))
    padded, kernel, room, places = panel.input.values, panel.kernel.values, n + 2 * padding, len(starts)
    result = signal.correlate2d(padded, kernel, "valid")[::stride, ::stride]
    assert np.array_equal(panel.output.values, result)
    said.says("The windows begin at {}: the output is {} × {}.", ", ".join(map(str, starts)), places, places)
    if starts[-1] + f < room:
        said.says("The next would begin at {} and stick out.", starts[-1] + stride)
    windows = Counter()
    for top in starts:
        for start in starts:
            windows.update((row, column) for row in range(top, top + f) for column in range(start, start + f))
    cells = [(row, column) for row in range(room) for column in range(room)]
    unread = [cell for cell in cells if not windows[cell]]
    border = sum(not all(padding <= place < padding + n for place in cell) for cell in unread)
    if len(unread) > border:
        said.says("Never read (hatched): {} of {} pixels.", len(unread) - border, n * n)
    if border:
        said.says("Of the border, {} zeros are never read (hatched).", border)
    shown = [] if panel.input.hatched is None else [tuple(cell) for cell in np.argwhere(panel.input.hatched).tolist()]
    assert shown == unread
    row, column = panel.output.selected
    assert panel.input.window == (starts[row], starts[column], f, f) and panel.output.window == (row, column, 1, 1)
    patch = padded[starts[row] : starts[row] + f, starts[column] : starts[column] + f]
    if f <= 3:
        products = " + ".join(
            f"{a}×{f'({b})' if b < 0 else b}" for a, b in zip(patch.ravel(), kernel.ravel(), strict=True)
        )
    else:
        products = f"the sum of {f * f} products"
    said.says("Output row {}, column {}: {} = {}.", row, column, products, int(result[row, column]))
    pointed = said.may_say("The pixel in row {}, column {} lies in {} of the {} windows.")
    if pointed:
        at = panel.input.selected
        assert pointed == [*at, windows[at], places**2], (said.sentence, at, windows[at])


def ColourLayer(panel, said):  # noqa: N802
    channels, slices = ([grid.values for grid in grids] for grids in (panel.channels, panel.slices))
    bias, (row, column) = panel.bias.value, panel.output.selected
    maps = [signal.correlate2d(channel, part, "valid") for channel, part in zip(channels, slices, strict=True)]
    total = sum(maps) + bias
    assert np.array_equal(panel.output.values, total)
    assert {grid.window for grid in panel.channels} == {(row, column, 3, 3)}
    parts = [int(part[row, column]) for part in maps] + [bias]
    spelled = [f"({part})" if part < 0 else str(part) for part in parts]
    text = "Map {}, row {}, column {}: red {} + green {} + blue {} + bias {} = {}."
    said.says(text, panel.which.value, row, column, *spelled, int(total[row, column]))
    weights = sum(part.size for part in slices)
    said.says("The kernel has {} weights, and the layer of {} kernels makes {} maps.", weights, 2, 2)


def LayerCalculator(panel, said):  # noqa: N802
    width, height, depth, kernels, size, stride, padding = (slider.value for slider in panel.numbers)
    sides = [len(_starts(n + 2 * padding, size, stride)) for n in (width, height)]
    into = f"{width} × {height} × {depth}"
    boxes = [f"in {into}", f"of {size} × {size} × {depth}", f"out {sides[0]} × {sides[1]} × {kernels}"][
        : 2 + all(sides)
    ]
    assert all(f"{box}</text>" in panel.board.value for box in boxes)
    assert panel.board.value.count("<polygon") == 3 * len(boxes)
    if not all(sides):
        text = "In {}: a kernel of {} × {} is larger than the picture with its border, so nothing goes out."
        said.says(text, into, size, size)
        return
    weights = math.prod((size, size, depth, kernels))
    text = "In {}, out {} × {} × {}: {} weights and {} biases, {} parameters; {} multiply-adds for one picture."
    said.says(text, into, *sides, kernels, weights, kernels, weights + kernels, math.prod(sides) * weights)
    dense = math.prod((width, height, depth, *sides, kernels))
    assert f"= {weights:,}</td>" in panel.board.value and f"{dense:,} weights</td>" in panel.board.value
    said.says("A fully connected layer between the same volumes would have {} weights.", dense)
    for name, n, out in zip(("Width", "Height"), (width, height), sides, strict=True):
        exact = (n - size + 2 * padding) / stride + 1
        if exact != out:
            said.says("{} {} does not fit and is rounded down to {}.", name, exact, out)


def BudgetGame(panel, said):  # noqa: N802
    n, depth, weights, biases, work, kernels = 32, 3, 0, 0, 0, 0
    for layer in panel.layers:
        k, f, stride, padding = (control.value for control in layer)
        n = len(_starts(n + 2 * padding, f, stride))
        weights, work = weights + f * f * depth * k, work + n * n * f * f * depth * k
        biases, kernels, depth = biases + k, kernels + k, k
    out = f"{n} × {n} × {depth}"
    text = "Last volume {}; {} kernels, {} parameters, {} multiply-adds."
    said.says(text, out, kernels, weights + biases, work)
    lost = said.may_say("{} of the {} rows, and as many columns, are never read.")
    for what, amount, most in (("parameters", weights + biases, 20_000), ("multiply-adds", work, 720_000)):
        if n and amount > most:
            said.says("{} " + what + " are too many; at most {} are allowed.", amount, most)
    if n and kernels < 112:
        said.says("{} kernels in all are too few; at least {} are wanted.", kernels, 112)
    if not n:
        said.says("A window is larger than its input, so nothing comes out.")
    elif (n, depth) != (4, 64):
        said.says("The last volume is {}; {} is wanted.", out, "4 × 4 × 64")
    good = n == 4 and depth == 64 and not lost and weights + biases <= 20_000 and work <= 720_000 and kernels >= 112
    won = said.may_say("✓ Won with {} moves.")
    assert bool(won) == (good and panel.moves > 0)
    if not won:
        said.says("Moves: {}.", panel.moves)
    if lost:
        rows = set(range(32))
        assert lost[1] == 32 and 0 < lost[0] < len(rows)


def _back(cells, layers):
    """In how many ways each row is reached from some rows of the last map, map by map back to the picture."""
    maps = [Counter(cells)]
    for size, stride in reversed(layers):
        before = Counter()
        for row, ways in maps[-1].items():
            for place in range(row * stride, row * stride + size):
                before[place] += ways
        maps.append(before)
    return maps


def ReceptiveFieldGrower(panel, said):  # noqa: N802
    layers, sides = panel.layers(), [panel.side.value]
    maps = _back({0: 1}, layers)
    ways, spans = maps[-1], [max(found) - min(found) + 1 for found in maps]
    field = spans[-1]
    said.says("One cell of the last map depends on {} × {} pixels: walking back {}.", field, field,
              ", ".join(map(str, spans)))  # fmt: skip
    for size, stride in layers:
        places = len(_starts(sides[-1], size, stride))
        if not places:
            break
        sides.append(places)
    if len(sides) <= len(layers):
        text = "But the map before layer {} has {} rows only, too few for its window of {}."
        said.says(text, len(sides), sides[-1], layers[len(sides) - 1][0])
    elif len(ways) < field:
        skipped = field**2 - len(ways) ** 2
        said.says("A stride is longer than its window: {} of these pixels are skipped.", skipped)
    else:
        text = "The most-used pixel counts by {} paths, the corner by {}."
        said.says(text, max(ways.values()) ** 2, ways[0] ** 2)
    weights = sum(size**2 for size, _stride in layers)
    if len(layers) == 1:
        said.says("With depth D in and out the layer has {} D² weights.", weights)
    else:
        text = "With depth D throughout: {} D² weights, against {} D² for one window of {} × {}."
        said.says(text, weights, field**2, field, field)
    _pointed(panel, said, layers[: len(sides) - 1], sides)


def _pointed(panel, said, layers, sides):
    if layers:
        row, column = panel.maps[len(sides) - 1].selected
        for k, side in enumerate(sides):
            rows, columns = (_back({place: 1}, layers[k:])[-1] for place in (row, column))
            counts = np.array([[rows[i] * columns[j] for j in range(side)] for i in range(side)])
            assert np.array_equal(panel.maps[k].values, counts)
            (top, bottom), (left, right) = ((min(places), max(places)) for places in (rows, columns))
            assert panel.maps[k].window == (top, left, bottom - top + 1, right - left + 1)
    match = said.reads(r"(Pixel|Cell) row (\d+), column (\d+): (\d+) paths\.")
    if match:
        what, row, column, count = match[0], *map(int, match[1:])
        grids = [panel.maps[0]] if what == "Pixel" else panel.maps[1 : len(sides)]
        assert any(grid.selected == (row, column) and grid.values[row, column] == count for grid in grids)
