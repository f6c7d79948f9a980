"""Lesson 4's pictures: the window's steps, who is read how often, a colour layer, volumes, receptive fields."""

import math

import numpy as np
from matplotlib.patches import Polygon, Rectangle

from lessons_lib import geometry
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.plots.grid import Grid, draw, limits, side_by_side
from lessons_lib.plots.style import BLUE, COLOURMAPS, GREEN, GREY, INK, ORANGE, RED, new_figure

CHANNELS = [RED, GREEN, BLUE]


def steps(n, f, stride=1, padding=0):
    """One row of pixels from the side, and below it each place of the window; the last one may stick out.

    Parameters
    ----------
    n, f, stride, padding : int
        As in `geometry.coverage`.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> steps(7, 3, 3).alt
    'A row of 7 pixels. Windows of 3 at stride 3 begin at 0, 3; the next, at 6, would stick out. Never read: 6.'
    """
    unread = geometry.unread(n, f, stride, padding)
    starts = list(range(-padding, n + padding - f + 1, stride))
    too_far = starts[-1] + stride
    fits = starts[-1] + f == n + padding
    rows = len(starts) + (not fits)
    right = n + padding if fits else max(n + padding, too_far + f)
    figure, axes = new_figure(min(10, 0.62 * (right + padding) + 0.6), 0.34 * rows + 1.0)
    place = axes[0, 0]
    for i in range(-padding, n + padding):
        outside = not 0 <= i < n
        cell = {"facecolor": "white" if outside else "#dbe7f0", "edgecolor": GREY, "linewidth": 0.8}
        place.add_patch(Rectangle((i, 0), 1, 1, **cell, hatch="////" if i in unread else None))
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5} if i in unread else None
        place.text(i + 0.5, 0.5, "" if outside else str(i), ha="center", va="center", bbox=None if outside else box)
    for line, start in enumerate(starts):
        bar = Rectangle((start + 0.06, -0.95 - 0.85 * line), f - 0.12, 0.6, facecolor=BLUE, edgecolor="none")
        place.add_patch(bar)
        place.text(start + f / 2, -0.65 - 0.85 * line, str(line), ha="center", va="center", color="white")
    if not fits:
        bottom = -0.95 - 0.85 * len(starts)
        ghost = Rectangle(
            (too_far + 0.06, bottom), f - 0.12, 0.6, fill=False, edgecolor=RED, linewidth=2, linestyle="--"
        )
        place.add_patch(ghost)
        place.text(too_far + f / 2, bottom + 0.3, "?", ha="center", va="center", color=RED)
    place.set(xlim=(-padding - 0.1, right + 0.1), ylim=(-0.3 - 0.85 * rows, 1.15), aspect="equal")
    place.set_axis_off()
    places = ", ".join(str(start) for start in starts)
    text = _("A row of {n} pixels. Windows of {f} at stride {stride} begin at {places}")
    if padding:
        text = _("A row of {n} pixels, {padding} more at each end. Windows of {f} at stride {stride} begin at {places}")
    figure.alt = text.format(n=n, f=f, stride=stride, padding=padding, places=places)
    if fits:
        figure.alt += _("; the last ends at the border.")
    else:
        figure.alt += _("; the next, at {start}, would stick out.").format(start=too_far)
    if unread:
        figure.alt += _(" Never read: {unread}.").format(unread=", ".join(str(i) for i in unread))
    return figure


def board(picture, kernel, stride=1, padding=0, cell=(0, 0)):
    """A padded picture with the window of one output cell, the kernel, and the output.

    Parameters
    ----------
    picture : ndarray of shape (M, N)
    kernel : ndarray of shape (R, C)
    stride, padding : int
    cell : tuple of int (row, column)
        Of the output.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> board(np.ones((7, 7)), np.ones((3, 3)), stride=3).alt
    'A picture of 7 × 7, a kernel of 3 × 3, and the output of 2 × 2 at stride 3. Never read: 13 pixels, hatched.'
    """
    picture, kernel = validate.array(picture, "picture", axes=2), validate.array(kernel, "kernel", axes=2)
    output = geometry.conv2d(picture[None, :, :, None], kernel[:, :, None, None], None, stride, padding)[0, :, :, 0]
    hatched = unread_cells(picture.shape, kernel.shape, stride, padding)
    row, column = cell
    window = (row * stride, column * stride, *kernel.shape)
    title = _("the picture") if padding == 0 else _("the picture in its border")
    grids = [
        Grid(np.pad(picture, padding), title, window=window, hatched=hatched),
        Grid(kernel, _("the kernel"), colours="signed"),
        Grid(output, _("the output"), colours="signed", window=(row, column, 1, 1)),
    ]
    figure = to_scale(grids)
    text = _("A picture of {picture}, a kernel of {kernel}, and the output of {output} at stride {stride}.")
    if padding:
        text = _(
            "A picture of {picture} in a border of {padding}, a kernel of {kernel}, "
            "and the output of {output} at stride {stride}."
        )
    shapes = {"picture": picture.shape, "kernel": kernel.shape, "output": output.shape}
    sides = {name: _times(shape) for name, shape in shapes.items()}
    figure.alt = text.format(**sides, stride=stride, padding=padding)
    if hatched.any():
        figure.alt += _(" Never read: {count} pixels, hatched.").format(count=hatched.sum())
    return figure


def to_scale(grids, width=9.5, room=3):
    """Grids in one row, the first the largest, with cells of nearly one size.

    Parameters
    ----------
    grids : sequence of Grid
    width : float
        Inches.
    room : int
        So many cells wide is the narrowest, for its title.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> len(to_scale([Grid(np.eye(7)), Grid(np.eye(3))]).axes)
    2
    """
    widths = [max(room, np.shape(grid.values)[1]) for grid in grids]
    height = min(0.5 * width, width * np.shape(grids[0].values)[0] / sum(widths))
    figure, axes = new_figure(width, height, columns=len(grids), width_ratios=widths)
    for place, grid in zip(axes[0], grids, strict=True):
        draw(place, grid)
    return figure


def unread_cells(shape, size, stride, padding):
    """Which cells of a padded picture no window reads.

    Parameters
    ----------
    shape : tuple of int (rows, columns)
        Of the picture without its border.
    size : tuple of int (rows, columns)
        Of the kernel.
    stride, padding : int

    Returns
    -------
    ndarray of bool, shape (rows + 2 padding, columns + 2 padding)

    Examples
    --------
    >>> unread_cells((7, 7), (3, 3), 3, 0).sum().item()
    13
    """
    rows, columns = (geometry.coverage(n, f, stride, padding) for n, f in zip(shape, size, strict=True))
    return np.outer(rows, columns) == 0


def coverage(n, f, stride=1, padding=0):
    """How many windows read each pixel of a square picture.

    Parameters
    ----------
    n, f, stride, padding : int
        As in `geometry.coverage`.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> coverage(7, 3).alt
    'How many windows read each of 7 × 7 pixels: the corner 1, the middle 9.'
    """
    counts = geometry.coverage(n, f, stride, padding)[padding : padding + n]
    counts = np.outer(counts, counts)
    figure = side_by_side([Grid(counts, _("read how often"), low=0, hatched=counts == 0)], width=4.2, height=4.0)
    text = _("How many windows read each of {n} × {n} pixels: the corner {corner}, the middle {middle}.")
    figure.alt = text.format(n=n, corner=counts[0, 0], middle=counts[n // 2, n // 2])
    return figure


def in_a_row(maps, colours="grey"):
    """Maps of different sizes beside each other, all drawn with pixels of one size.

    Parameters
    ----------
    maps : sequence of ndarray of shape (M, N)
    colours : {"grey", "signed"}

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> in_a_row([np.ones((4, 4)), np.ones((2, 2))]).alt
    'Pictures that shrink or keep their size: 4 × 4, 2 × 2.'
    """
    maps = [validate.array(values, "map", axes=2) for values in maps]
    figure, axes = new_figure(10, 2.0, columns=len(maps))
    tall = max(values.shape[0] for values in maps)
    wide = max(values.shape[1] for values in maps)
    names = [f"{values.shape[0]} × {values.shape[1]}" for values in maps]
    for place, values, name in zip(axes[0], maps, names, strict=True):
        low, high = limits(values, colours)
        height, width = values.shape
        edges = (-width / 2, width / 2, height / 2, -height / 2)
        place.imshow(values, cmap=COLOURMAPS[colours], vmin=low, vmax=high, interpolation="nearest", extent=edges)
        frame = Rectangle((-width / 2, -height / 2), width, height, fill=False, edgecolor=GREY, linewidth=0.8)
        place.add_patch(frame)
        place.set_title(name, fontsize=11)
        place.set(xlim=(-wide / 2 - 0.2, wide / 2 + 0.2), ylim=(tall / 2 + 0.2, -tall / 2 - 0.2))
        place.set_axis_off()
    figure.alt = _("Pictures that shrink or keep their size: {sizes}.").format(sizes=", ".join(names))
    return figure


def colour_cell(patch, kernel, bias=0.0):
    """One output cell of a layer on a colour picture: three patches, three slices of the kernel, three sums, one bias.

    Parameters
    ----------
    patch, kernel : ndarray of shape (F, F, 3)
    bias : float

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> colour_cell(np.ones((3, 3, 3)), np.ones((3, 3, 3)), 2).alt
    'Three patches times three slices of the kernel: red 9, green 9, blue 9; with the bias 2 they make 29.'
    """
    patch, kernel = validate.array(patch, "patch", axes=3), validate.array(kernel, "kernel", axes=3)
    if patch.shape != kernel.shape or patch.shape[2] != 3:
        raise ValueError(f"patch {patch.shape} and kernel {kernel.shape} differ; give two of shape (F, F, 3)")
    products = patch * kernel
    sums = products.sum(axis=(0, 1))
    figure, axes = new_figure(9.2, 6.6, rows=3, columns=4, width_ratios=[1, 1, 1, 0.75])
    reach = max(1, np.abs(products).max())
    names = [_("red"), _("green"), _("blue")]
    for channel, (colour, name) in enumerate(zip(CHANNELS, names, strict=True)):
        low, high = patch.min(), patch.max()
        draw(axes[channel, 0], Grid(patch[:, :, channel], _("patch, {name}").format(name=name), low=low, high=high))
        reach_of_kernel = max(1, np.abs(kernel).max())
        draw(axes[channel, 1], Grid(kernel[:, :, channel], _("kernel"), "signed", high=reach_of_kernel))
        draw(axes[channel, 2], Grid(products[:, :, channel], _("products"), "signed", high=reach))
        for place in axes[channel, :3]:
            place.title.set(color=colour, fontsize=12)
            for spine in place.spines.values():
                spine.set(color=colour, linewidth=2)
        axes[channel, 3].set_axis_off()
        style = {"ha": "center", "va": "center", "color": colour, "fontsize": 17}
        axes[channel, 3].text(0.5, 0.5, short(sums[channel]), **style)
        axes[channel, 0].annotate("×", (1.08, 0.5), xycoords="axes fraction", ha="center", va="center", fontsize=16)
        axes[channel, 1].annotate("=", (1.08, 0.5), xycoords="axes fraction", ha="center", va="center", fontsize=16)
        axes[channel, 2].annotate("Σ →", (1.14, 0.5), xycoords="axes fraction", ha="center", va="center", fontsize=14)
    total = sums.sum() + bias
    figure.supxlabel(f"{added([*sums, bias])} = {short(total)}", fontsize=17)
    text = _(
        "Three patches times three slices of the kernel: red {red}, green {green}, blue {blue}; "
        "with the bias {bias} they make {total}."
    )
    red, green, blue = (short(value) for value in sums)
    figure.alt = text.format(red=red, green=green, blue=blue, bias=short(bias), total=short(total))
    return figure


def short(value):
    """A number with at most two digits after the point.

    >>> short(2.0), short(-0.125), short(-0.001)
    ('2', '-0.12', '0')
    """
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def added(values):
    """Numbers as a sum that can be read.

    >>> added([149, 1, -123, 2])
    '149 + 1 - 123 + 2'
    """
    return " + ".join(short(value) for value in values).replace("+ -", "- ")


def boxes(shapes):
    """Boxes in oblique projection, beside each other.

    Sides are drawn as the square root of their numbers, so that 3 and 512 both can be seen.

    Parameters
    ----------
    shapes : sequence of tuple of int (width, height, depth)

    Returns
    -------
    list of (front, top, side)
        Each face is an ndarray of shape (4, 2): x to the right, y downwards, in a drawing 100 wide.

    Examples
    --------
    >>> len(boxes([(7, 7, 1), (3, 3, 1), (5, 5, 1)]))
    3
    """
    roots = [[math.sqrt(side) for side in shape] for shape in shapes]
    across = [width + 0.45 * depth for width, _height, depth in roots]
    gap = 0.35 * max(across)
    scale = 100 / (sum(across) + (len(shapes) - 1) * gap)
    tall = max(height + 0.45 * depth for _width, height, depth in roots)
    drawn, x = [], 0.0
    for (width, height, depth), room in zip(roots, across, strict=True):
        back = 0.45 * depth
        y = (tall - height - back) / 2 + back
        near = np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)]) * scale
        far = near + np.array([back, -back]) * scale
        drawn.append((near, np.array([near[0], near[1], far[1], far[0]]), np.array([near[1], far[1], far[2], near[2]])))
        x += room + gap
    return drawn


COLOURS_OF_BOXES = [BLUE, ORANGE, GREEN]


def titles_of_boxes(volume, kernels, size, result=None):
    """What is written under the boxes.

    Parameters
    ----------
    volume : tuple of int (width, height, depth)
    kernels, size : int
    result : tuple of int (width, height, depth), optional

    Returns
    -------
    list of str

    Examples
    --------
    >>> titles_of_boxes((7, 7, 1), 2, 3, (5, 5, 2))
    ['in 7 × 7 × 1', '2 kernels of 3 × 3 × 1', 'out 5 × 5 × 2']
    """
    middle = _("1 kernel of {sides}") if kernels == 1 else _("{kernels} kernels of {sides}")
    titles = [
        _("in {sides}").format(sides=_times(volume)),
        middle.format(kernels=kernels, sides=_times((size, size, volume[2]))),
    ]
    return titles if result is None else [*titles, _("out {sides}").format(sides=_times(result))]


def _times(shape):
    return " × ".join(str(side) for side in shape)


def volumes(volume, kernels, size, result=None):
    """A layer as boxes: the volume that comes in, one of its kernels, the volume that goes out.

    Parameters
    ----------
    volume : tuple of int (width, height, depth)
    kernels, size : int
    result : tuple of int (width, height, depth), optional
        Left out when there is none.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> volumes((227, 227, 3), 96, 11, (55, 55, 96)).alt
    'Boxes: in 227 × 227 × 3, 96 kernels of 11 × 11 × 3, out 55 × 55 × 96.'
    """
    shapes = [volume, (size, size, volume[2])] + ([] if result is None else [result])
    titles = titles_of_boxes(volume, kernels, size, result)
    figure, axes = new_figure(9, 3.6)
    place = axes[0, 0]
    drawn = boxes(shapes)
    bottom = max(front[:, 1].max() for front, _top, _side in drawn)
    for faces, title, colour in zip(drawn, titles, COLOURS_OF_BOXES, strict=False):
        for face, alpha in zip(faces, (0.45, 0.25, 0.7), strict=True):
            place.add_patch(Polygon(face, facecolor=(*_rgb(colour), alpha), edgecolor=colour, linewidth=1.2))
        middle = (faces[0][:, 0].min() + faces[2][:, 0].max()) / 2
        place.text(middle, bottom + 3, title, ha="center", va="top", fontsize=12)
    highest = min(top[:, 1].min() for _front, top, _side in drawn)
    place.set(xlim=(-9, 109), ylim=(bottom + 9, highest - 2), aspect="equal")
    place.set_axis_off()
    figure.alt = _("Boxes: {titles}.").format(titles=", ".join(titles))
    return figure


def _rgb(colour):
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))


def costs(names, weights, multiply_adds):
    """What layers have to learn beside what they have to do, on two logarithmic axes.

    Parameters
    ----------
    names : sequence of str
    weights, multiply_adds : sequence of int

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> costs(["a", "b"], [10, 1000], [10000, 1000]).alt
    'Bars of weights and multiply-adds: a 10 and 10,000; b 1,000 and 1,000.'
    """
    if not len(names) == len(weights) == len(multiply_adds) > 0:
        lengths = f"{len(names)}, {len(weights)} and {len(multiply_adds)}"
        raise ValueError(f"names, weights and multiply_adds have {lengths} entries; give each as many")
    figure, axes = new_figure(9, 0.75 + 0.5 * len(names), columns=2, sharey=True)
    titles = [_("weights to learn"), _("multiply-adds for one picture")]
    for place, values, title, colour in zip(axes[0], (weights, multiply_adds), titles, (BLUE, ORANGE), strict=True):
        place.barh(range(len(names)), values, color=colour)
        place.set(title=title, xscale="log", yticks=range(len(names)), yticklabels=names, xticks=[])
        place.tick_params(axis="y", labelcolor=INK, length=0)
        place.minorticks_off()
        place.spines["bottom"].set_visible(False)
        place.set_xlim(min(values) / 8, max(values) * 60)
        for line, value in enumerate(values):
            place.text(value * 1.15, line, f"{value:,}", va="center", ha="left", fontsize=11)
    axes[0, 0].invert_yaxis()
    pairs = [f"{name} {a:,} {_('and')} {b:,}" for name, a, b in zip(names, weights, multiply_adds, strict=True)]
    figure.alt = _("Bars of weights and multiply-adds: {pairs}.").format(pairs="; ".join(pairs))
    return figure


def field(layers, side):
    """The receptive field of the middle cell, followed back from the last map to the picture.

    Parameters
    ----------
    layers : sequence of int or of (int, int)
        As in `geometry.look_back`.
    side : int
        Of the picture; no layer pads.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If nothing is left of the picture after some layer.

    Examples
    --------
    >>> field([3, 3, 3], 9).alt
    'From the picture to the last map: 9 × 9 with a square of 7, 7 × 7 with 5, 5 × 5 with 3, 3 × 3 with 1.'
    """
    grids = field_grids(layers, side)
    sizes = [(len(grid.values), grid.window[2]) for grid in grids]
    first = _("{side} × {side} with a square of {field}").format(side=sizes[0][0], field=sizes[0][1])
    others = [_("{side} × {side} with {field}").format(side=a, field=b) for a, b in sizes[1:]]
    figure = to_scale(grids, width=10, room=5)
    figure.alt = _("From the picture to the last map: {maps}.").format(maps=", ".join([first, *others]))
    return figure


def field_grids(layers, side, cell=None):
    """One grid for the picture and each map: how often each of its cells counts for one cell of the last map.

    Parameters
    ----------
    layers : sequence of int or of (int, int)
    side : int
    cell : tuple of int (row, column), optional
        Of the last map; the middle one when left out.

    Returns
    -------
    list of Grid
        From the picture to the last map, each with a window around what counts.

    Examples
    --------
    >>> [grid.window for grid in field_grids([3, 3], 5)]
    [(0, 0, 5, 5), (0, 0, 3, 3), (0, 0, 1, 1)]
    """
    sides = [side]
    pairs = [entry if isinstance(entry, (tuple, list)) else (entry, 1) for entry in layers]
    for f, stride in pairs:
        sides.append(geometry.keras_output_size(sides[-1], f, stride))
    row, column = ((sides[-1] - 1) // 2,) * 2 if cell is None else cell
    titles = [_("the picture")] + [_("after layer {k}").format(k=k) for k in range(1, len(sides))]
    grids = []
    ranges = [list(reversed(geometry.look_back(pairs, place))) for place in (row, column)]
    for k, (length, title) in enumerate(zip(sides, titles, strict=True)):
        (top, bottom), (left, right) = ranges[0][k], ranges[1][k]
        ways = geometry.paths(pairs[k:]) if k < len(pairs) else np.ones(1, dtype=int)
        values = np.zeros((length, length), dtype=int)
        values[top : bottom + 1, left : right + 1] = np.outer(ways, ways)
        window = (top, left, bottom - top + 1, right - left + 1)
        grids.append(Grid(values, f"{title}, {length} × {length}", colours="signed", window=window))
    return grids
