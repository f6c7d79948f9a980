"""Lesson 4's pictures: the window's steps, how often a pixel is read, a colour layer, volumes, receptive fields.

Each returns a matplotlib Figure with its description as `figure.alt`, or what the panels draw themselves; a wrong
argument raises a TypeError or ValueError that repeats it. n, f, stride and padding are those of `geometry.read_counts`.
"""

import numpy as np
from matplotlib.patches import Rectangle

from lessons_lib import geometry
from lessons_lib.core.i18n import _
from lessons_lib.core.text import size_text
from lessons_lib.plots.chart import Area, Chart, Frame, Words
from lessons_lib.plots.grid import Grid, draw
from lessons_lib.plots.style import BLUE, GREEN, GREY, INK, ORANGE, RED, new_figure

PIXEL = "#dbe7f0"


# In pixels of the row, which is drawn from y = 0 to y = 1; the bars of the windows follow below it.
FIRST_BAR, NEXT_BAR, BAR, INSET, MARGIN = 1.35, 0.85, 0.6, 0.06, 0.15


def steps(n, f, stride=1, padding=0):
    """One row of pixels from the side, and below it each place of the window; the last one may stick out.

    >>> steps(7, 3, 3).alt
    'A row of 7 pixels. Windows of 3 at stride 3 begin at 0, 3; the next, at 6, would stick out. Never read: 6.'
    """
    unused = geometry.unused_pixels(n, f, stride, padding)
    starts = list(range(-padding, n + padding - f + 1, stride))
    too_far = starts[-1] + stride
    fits = starts[-1] + f == n + padding
    bars = starts if fits else [*starts, too_far]
    right = max(n + padding, bars[-1] + f)
    figure, axs = new_figure(min(10, 0.62 * (right + padding) + 0.6), 0.34 * len(bars) + 1.0)
    ax = axs[0, 0]
    _row(ax, n, padding, unused)
    for step, start in enumerate(bars):
        _window_bar(ax, start, f, step, sticks_out=step == len(starts))
    bottom = FIRST_BAR + NEXT_BAR * (len(bars) - 1) + BAR
    ax.set(xlim=(-padding - MARGIN, right + MARGIN), ylim=(bottom + MARGIN, -MARGIN), aspect="equal")
    ax.set_axis_off()
    text = _("A row of {n} pixels, {padding} more at each end.") if padding else _("A row of {n} pixels.")
    text += _(" Windows of {f} at stride {stride} begin at {starts}")
    text += _("; the last ends at the border.") if fits else _("; the next, at {next}, would stick out.")
    if unused:
        text += _(" Never read: {unused}.")
    numbers = {"n": n, "f": f, "stride": stride, "padding": padding, "next": too_far}
    figure.alt = text.format(**numbers, starts=", ".join(map(str, starts)), unused=", ".join(map(str, unused)))
    return figure


def _row(ax, n, padding, unused):
    """The pixels with their numbers, white those of the padding, hatched those that no window reads."""
    for i in range(-padding, n + padding):
        colour, hatch = (PIXEL if 0 <= i < n else "white"), ("////" if i in unused else None)
        ax.add_patch(Rectangle((i, 0), 1, 1, facecolor=colour, edgecolor=GREY, linewidth=0.8, hatch=hatch))
        if 0 <= i < n:
            box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5} if i in unused else None
            ax.text(i + 0.5, 0.5, str(i), bbox=box, ha="center", va="center")


def _window_bar(ax, start, f, step, sticks_out):
    """The window at one step, as a bar below the pixels that it reads."""
    top = FIRST_BAR + NEXT_BAR * step
    style = {"facecolor": BLUE, "edgecolor": "none"}
    if sticks_out:
        style = {"fill": False, "edgecolor": RED, "linewidth": 2, "linestyle": "--"}
    ax.add_patch(Rectangle((start + INSET, top), f - 2 * INSET, BAR, **style))
    text, colour = ("?", RED) if sticks_out else (str(step), "white")
    ax.text(start + f / 2, top + BAR / 2, text, color=colour, ha="center", va="center")


def grids_to_scale(grids, width=9.5, room=3):
    """Grids in one row, the first the largest, with cells of nearly one size; the narrowest is `room` cells wide.

    >>> len(grids_to_scale([Grid(np.eye(7)), Grid(np.eye(3))]).axes)
    2
    """
    widths = [max(room, np.shape(grid.values)[1]) for grid in grids]
    height = min(0.5 * width, width * np.shape(grids[0].values)[0] / sum(widths))
    figure, axs = new_figure(width, height, columns=len(grids), width_ratios=widths)
    for ax, grid in zip(axs[0], grids, strict=True):
        draw(ax, grid)
    return figure


def unused_cells(shape, size, stride, padding):
    """Which cells of a padded picture no window reads: an array of bool, from the shapes of picture and kernel.

    >>> unused_cells((7, 7), (3, 3), 3, 0).sum().item()
    13
    """
    rows, columns = (geometry.read_counts(n, f, stride, padding) for n, f in zip(shape, size, strict=True))
    return np.outer(rows, columns) == 0


DEPTH_DRAWN, GAP = 0.45, 0.35  # a step backwards beside one to the right; the space between boxes beside the widest
FACES = (0.45, 0.25, 0.7)  # opacities of the front, the top and the side


def boxes(shapes):
    """Boxes of some (width, height, depth) beside each other in oblique projection: the faces (front, top, side) each.

    A face has shape (4, 2), x to the right and y downwards, in a drawing 100 wide. Sides are drawn as the square root
    of their numbers, so that 3 and 512 both can be seen.

    >>> len(boxes([(7, 7, 1), (3, 3, 1), (5, 5, 1)]))
    3
    """
    roots = np.sqrt(np.array(shapes, dtype=float))
    widths, heights, backs = roots[:, 0], roots[:, 1], DEPTH_DRAWN * roots[:, 2]
    across, tall = widths + backs, (heights + backs).max()
    gap = GAP * across.max()
    scale = 100 / (across.sum() + (len(shapes) - 1) * gap)
    drawn, x = [], 0.0
    for width, height, back in zip(widths, heights, backs, strict=True):
        y = (tall - height + back) / 2
        near = np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)]) * scale
        far = near + np.array([back, -back]) * scale
        drawn.append((near, np.array([near[0], near[1], far[1], far[0]]), np.array([near[1], far[1], far[2], near[2]])))
        x += width + back + gap
    return drawn


def volumes(volume, kernels, size, result=None):
    """A Chart of a layer as boxes: the (width, height, depth) that comes in, one of its kernels, what goes out if any.

    >>> volumes((227, 227, 3), 96, 11, (55, 55, 96)).alt
    'Boxes: in 227 × 227 × 3, 96 kernels of 11 × 11 × 3, out 55 × 55 × 96.'
    """
    shapes = [volume, (size, size, volume[2])] + ([] if result is None else [result])
    middle = _("1 kernel of {size}") if kernels == 1 else _("{kernels} kernels of {size}")
    texts = [_("in {size}"), middle, _("out {size}")]
    titles = [text.format(kernels=kernels, size=size_text(*shape)) for text, shape in zip(texts, shapes, strict=False)]
    description = _("Boxes: {titles}.").format(titles=", ".join(titles))
    return _drawn(shapes, titles, (BLUE, ORANGE, GREEN), description)


def plan(shapes):
    """The volumes of a network as boxes, from the input on: (width, height, depth) of each.

    >>> plan([(100, 100, 3), (24, 24, 32)]).alt
    'Boxes from left to right: 100 × 100 × 3, 24 × 24 × 32.'
    """
    titles = [size_text(*shape) for shape in shapes]
    description = _("Boxes from left to right: {titles}.").format(titles=", ".join(titles))
    return _drawn(shapes, titles, [BLUE] + [GREEN] * (len(shapes) - 1), description).figure()


def _drawn(shapes, titles, colours, description):
    """A Chart of boxes beside each other, each with its title below."""
    drawn = boxes(shapes)
    ends = np.concatenate([face[:, 1] for faces in drawn for face in faces])
    top, bottom = ends.min(), ends.max()
    marks = []
    for faces, title, colour in zip(drawn, titles, colours, strict=False):
        marks += [Area(*face.T, colour, opacity, edge=1.2) for face, opacity in zip(faces, FACES, strict=True)]
        middle = (faces[0][:, 0].min() + faces[2][:, 0].max()) / 2
        marks.append(Words(title, middle, bottom, down=20, anchor="middle"))
    width = 560
    height = width * (bottom - top) / 100
    frame = Frame((60, 10, width, height), (0, 100), (bottom, top), marks=marks, edges=False)
    return Chart([frame], width + 120, round(height) + 50, description)


def shares(costs):
    """Where a network's activations, parameters and multiply-adds are: from a name to `geometry.count` of this part.

    >>> shares({"first": (10, 300, 80), "last": (30, 100, 20)}).alt.split(". ")[1]
    'Activations: first 80 %, last 20 %'
    """
    figure, axs = new_figure(10, 0.9 + 0.36 * len(costs), columns=3, sharey=True)
    titles = [(2, _("activations"), GREEN), (0, _("parameters"), BLUE), (1, _("multiply-adds"), ORANGE)]
    descriptions = []
    for ax, (part, title, colour) in zip(axs[0], titles, strict=True):
        values = np.array([cost[part] for cost in costs.values()], dtype=float)
        values *= 100 / values.sum()
        texts = [f"{value:.0f} %" if value >= 0.5 else "< 1 %" for value in values]
        ax.barh(range(len(values)), values, color=colour)
        ax.set(title=title, xlim=(0, 118), yticks=range(len(values)), yticklabels=list(costs), xticks=[])
        ax.tick_params(axis="y", labelcolor=INK, length=0)
        ax.spines["bottom"].set_visible(False)
        for row, (value, text) in enumerate(zip(values, texts, strict=True)):
            ax.text(value + 2, row, text, va="center", ha="left", fontsize=11)
        pairs = ", ".join(f"{name} {text}" for name, text in zip(costs, texts, strict=True))
        descriptions.append(f"{title.capitalize()}: {pairs}.")
    axs[0, 0].invert_yaxis()
    figure.alt = _("Bars, in per cent of the whole network.") + " " + " ".join(descriptions)
    return figure


def receptive_field(layers, side):
    """The receptive field of the middle cell, followed back from the last map to a picture of `side` rows, unpadded.

    >>> receptive_field([3, 3, 3], 9).alt
    'From the picture to the last map: 9 × 9 with a square of 7, 7 × 7 with 5, 5 × 5 with 3, 3 × 3 with 1.'
    """
    grids = receptive_field_grids(layers, side)
    texts = [_("{side} × {side} with a square of {field}"), *[_("{side} × {side} with {field}")] * (len(grids) - 1)]
    maps = [text.format(side=len(grid.values), field=grid.window[2]) for text, grid in zip(texts, grids, strict=True)]
    figure = grids_to_scale(grids, width=10, room=5)
    figure.alt = _("From the picture to the last map: {maps}.").format(maps=", ".join(maps))
    return figure


def receptive_field_grids(layers, side, cell=None):
    """One Grid for the picture and each map: on how many paths each cell reaches one `cell` of the last map.

    >>> [grid.window for grid in receptive_field_grids([3, 3], 5)]
    [(0, 0, 5, 5), (0, 0, 3, 3), (0, 0, 1, 1)]
    """
    sides = [side]
    pairs = [entry if isinstance(entry, (tuple, list)) else (entry, 1) for entry in layers]
    for f, stride in pairs:
        sides.append(geometry.keras_output_size(sides[-1], f, stride))
    row, column = ((sides[-1] - 1) // 2,) * 2 if cell is None else cell
    titles = [_("the picture")] + [_("after layer {k}").format(k=k) for k in range(1, len(sides))]
    grids = []
    rows, columns = (geometry.input_windows(pairs, position)[::-1] for position in (row, column))
    for k, (length, title) in enumerate(zip(sides, titles, strict=True)):
        (top, bottom), (left, right) = rows[k], columns[k]
        counts = geometry.path_counts(pairs[k:]) if k < len(pairs) else np.ones(1, dtype=int)
        values = np.zeros((length, length), dtype=int)
        values[top : bottom + 1, left : right + 1] = np.outer(counts, counts)
        window = (top, left, bottom - top + 1, right - left + 1)
        grids.append(Grid(values, f"{title}, {length} × {length}", colours="signed", window=window))
    return grids
