"""A grid of numbers as a picture: cells with their values, a highlighted window, hatched cells."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle

from lessons_lib.core import validate
from lessons_lib.plots.style import COLOURMAPS, GREY, WINDOW, new_figure

LARGEST_WITH_NUMBERS = 20


@dataclass
class Grid:
    """One grid for `draw` and `side_by_side`: values of shape (M, N), or (M, N, 3) as bytes or fractions of 1.

    `colours` is "grey", or "signed" with white at zero; `low` and `high` are the values at both ends. `texts` stand in
    the cells in place of the values, which have `decimals` digits after the point. `window` is a frame (row, column,
    height, width), which may stick out; `hatched` and `blank` are masks of cells to hatch and of places without a cell.

    >>> Grid(np.eye(3), title="identity").decimals is None
    True
    """

    values: Any
    title: str = ""
    colours: str = "grey"
    low: float | None = None
    high: float | None = None
    texts: Any = None
    window: tuple | None = None
    hatched: Any = None
    decimals: int | None = None
    blank: Any = None


def limits(values, colours="grey", low=None, high=None):
    """The values at the two ends of the colours, low < high; for "signed" they are -high and high.

    >>> limits(np.array([[-1, 3]]), "signed")
    (-3.0, 3.0)
    """
    values = np.asarray(values, dtype=float)
    if colours == "signed":
        reach = max(abs(end) for end in (low, high) if end is not None) if (low, high) != (None, None) else 0
        reach = float(reach or np.abs(values).max() or 1)
        return -reach, reach
    low = float(values.min() if low is None else low)
    high = float(values.max() if high is None else high)
    return (low, high) if low < high else (low, low + 1)


def number(value, decimals=None):
    """A value as it is written in a cell.

    >>> number(3.0), number(0.5), number(-1 / 3, decimals=1)
    ('3', '0.50', '-0.3')
    """
    if decimals is None:
        decimals = 0 if float(value).is_integer() else 2
    text = f"{value:.{decimals}f}"
    return text[1:] if text.startswith("-") and float(text) == 0 else text


def draw(ax, grid):
    """Draw one grid into an Axes.

    >>> figure, axs = new_figure()
    >>> draw(axs[0, 0], Grid(np.eye(3), title="identity"))
    """
    values = np.asarray(grid.values)
    rows, columns = values.shape[:2]
    low, high = (0, 1) if values.ndim == 3 else limits(values, grid.colours, grid.low, grid.high)
    ax.imshow(values, cmap=COLOURMAPS[grid.colours], vmin=low, vmax=high, interpolation="nearest")
    ax.set_title(grid.title)
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set(visible=True, color=GREY, linewidth=0.8)
    small = max(rows, columns) <= LARGEST_WITH_NUMBERS and values.ndim == 2
    if small:
        for line in range(1, rows):
            ax.axhline(line - 0.5, color=GREY, linewidth=0.4)
        for line in range(1, columns):
            ax.axvline(line - 0.5, color=GREY, linewidth=0.4)
        _write(ax, values, grid, low, high)
    if grid.hatched is not None:
        for row, column in np.argwhere(grid.hatched):
            cell = Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, hatch="////", edgecolor=GREY, linewidth=0)
            ax.add_patch(cell)
    if grid.blank is not None:
        for row, column in np.argwhere(grid.blank):
            ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, color="white", zorder=5))
    if grid.window is not None:
        row, column, height, width = grid.window
        for colour, thickness in (("black", 5), (WINDOW, 3)):
            frame = {"fill": False, "edgecolor": colour, "linewidth": thickness, "clip_on": False, "zorder": 4}
            ax.add_patch(Rectangle((column - 0.5, row - 0.5), width, height, **frame))


def _write(ax, values, grid, low, high):
    shared = grid.decimals
    if shared is None:
        shared = 0 if np.all(values == np.round(values)) else 2
    longest = 1
    entries = []
    for (row, column), value in np.ndenumerate(values):
        text = str(grid.texts[row][column]) if grid.texts is not None else number(value, shared)
        longest = max(longest, len(text))
        entries.append((row, column, value, text))
    inches = ax.get_figure().get_size_inches()[0] * ax.get_position().width / values.shape[1]
    size = min(14, max(5, 72 * inches / (0.75 * longest)), 72 * inches * 0.5)
    for row, column, value, text in entries:
        share = np.clip((value - low) / (high - low), 0, 1)
        red, green, blue, _alpha = COLOURMAPS[grid.colours](share)
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.55
        colour = "white" if dark else "black"
        ax.text(column, row, text, ha="center", va="center", fontsize=size, color=colour, in_layout=False)


def side_by_side(grids, width=None, height=None):
    """Grids in one row, each as wide as its shape needs, in a figure of `width` and `height` inches, at most 10 wide.

    >>> figure = side_by_side([Grid(np.eye(3)), Grid(np.ones((3, 6)))])
    >>> len(figure.axes)
    2
    """
    grids = list(grids)
    if not grids:
        raise ValueError("grids is empty; give at least one Grid")
    shapes = [np.shape(grid.values)[:2] for grid in grids]
    ratios = [min(3, max(0.34, columns / rows)) for rows, columns in shapes]
    if height is None:
        height = min(4.2, 10 / sum(ratios))
    if width is None:
        width = height * sum(ratios)
    figure, axs = new_figure(width, height + 0.4, columns=len(grids), width_ratios=ratios)
    for ax, grid in zip(axs[0], grids, strict=True):
        draw(ax, grid)
    return figure


def mosaic(maps, columns=None, edge=0.0):
    """K maps, of shape (M, N, K), as one picture with lines one cell wide, of the value `edge`, between them.

    Without `columns` the picture is as nearly square as a divisor of K makes it.

    >>> mosaic(np.arange(6).reshape(1, 1, 6), columns=3, edge=-1).tolist()
    [[0, -1, 1, -1, 2], [-1, -1, -1, -1, -1], [3, -1, 4, -1, 5]]
    """
    maps = validate.array(maps, "maps", axes=3)
    height, width, count = maps.shape
    columns = _columns(maps.shape) if columns is None else validate.whole(columns, "columns")
    rows = -(-count // columns)
    picture = np.full(
        (rows * (height + 1), columns * (width + 1)), edge, np.result_type(maps, np.array(edge, maps.dtype))
    )
    for k in range(count):
        top, left = k // columns * (height + 1), k % columns * (width + 1)
        picture[top : top + height, left : left + width] = maps[:, :, k]
    return picture[:-1, :-1]


def in_mosaic(row, column, shape, columns=None):
    """Which map of a mosaic a cell belongs to, and its row and column there; None on a line between maps.

    >>> in_mosaic(2, 4, (1, 1, 6), columns=3), in_mosaic(1, 0, (1, 1, 6), columns=3)
    ((5, 0, 0), None)
    """
    height, width, count = shape
    columns = _columns(shape) if columns is None else columns
    k = row // (height + 1) * columns + column // (width + 1)
    within = row % (height + 1), column % (width + 1)
    return (k, *within) if k < count and within[0] < height and within[1] < width else None


def _columns(shape):
    height, width, count = shape
    divisors = [columns for columns in range(1, count + 1) if count % columns == 0]
    # Rather a little too wide than too high, as pages and screens are.
    return min(divisors, key=lambda columns: abs(np.log(columns * width / (1.6 * (count // columns) * height))))
