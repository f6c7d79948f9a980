"""Lesson 2's pictures: one place of the kernel, photos and what filters make of them, copies, borders, costs.

Each takes arrays and returns a matplotlib Figure with its description as `figure.alt`; a wrong argument raises a
TypeError or ValueError that repeats it. In a dict of arrays the keys are titles: names of the code, such as `mean`.
"""

from fractions import Fraction

import numpy as np

from lessons_lib import filtering
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import short_number, size_text
from lessons_lib.plots.grid import Grid, draw, number
from lessons_lib.plots.style import GREEN, INK, SERIES, new_figure

LARGEST_WEIGHT = 12  # up to here positive numbers are taken for weights, and beyond for grey levels
DASHES = ["-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 2)), (0, (8, 2))]


def weight_texts(weights):
    """The weights of a kernel as texts: 1/9 rather than 0.11, but 0.25 rather than 1/4.

    >>> weight_texts([[1 / 9, 0.25, -4, 0.0585]])
    [['1/9', '0.25', '-4', '0.059']]
    """
    return [[_weight_text(float(weight)) for weight in row] for row in validate.array(weights, "weights", axes=2)]


def _weight_text(weight):
    if abs(weight - round(weight, 2)) < 1e-9:
        return short_number(weight)
    fraction = Fraction(weight).limit_denominator(100)
    if abs(weight - float(fraction)) < 1e-9:
        return f"{fraction.numerator}/{fraction.denominator}"
    return number(weight, 2 if abs(weight) >= 0.1 else 3)


def one_place(picture, kernel, row, column, border="valid"):
    """One number of the result: the window at its row and column, its pixels, the kernel, the products that are added.

    >>> one_place(np.eye(4), np.ones((2, 2)), 0, 0).alt[-29:]
    '. The 4 products add up to 2.'
    """
    pixels, products = filtering.terms_of_sum(picture, kernel, row, column, border)
    rows, columns = kernel.shape
    up, left = (0, 0) if border == "valid" else (rows // 2, columns // 2)
    window = (row - up, column - left, rows, columns)
    total = short_number(products.sum())
    low, high = float(np.min(picture)), float(np.max(picture))
    title = _("products w x; sum {total}").format(total=total)
    grids = [
        Grid(picture, _("picture"), low=low, high=high, window=window),
        Grid(pixels, _("pixels x"), low=low, high=high),
        Grid(kernel, _("weights w"), "signed", *_pale_range(kernel), texts=weight_texts(kernel)),
        Grid(_round_off(products), title, "signed", *_pale_range(products)),
    ]
    figure, axs = new_figure(12, 4.4, columns=4, width_ratios=[1.9, 1, 1, 1])
    for ax, grid in zip(axs[0], grids, strict=True):
        draw(ax, grid)
    for ax, sign in zip(axs[0, 1:3], "×=", strict=True):
        ax.text(1.08, 0.5, sign, transform=ax.transAxes, ha="center", va="center", fontsize=20, color=INK)
    figure.alt = _(
        "A picture with a frame around {rows} × {columns} pixels from row {row}, column {column}; these pixels; the "
        "weights of the kernel; and their products. The {count} products add up to {total}."
    ).format(rows=rows, columns=columns, row=window[0], column=window[1], count=products.size, total=total)
    return figure


def number_grids(arrays):
    """Small arrays by name, side by side, with their numbers.

    >>> number_grids({"F": np.eye(2), "G": np.ones((1, 2))}).alt
    'F, 2 × 2, from 0 to 1; G, 1 × 2, from 1 to 1.'
    """
    grids, descriptions = [], []
    for name, array in arrays.items():
        array = _round_off(validate.array(array, name, axes=2))
        low, high = array.min(), array.max()
        ends = {"low": short_number(low), "high": short_number(high)}
        text = _("{name}, {size}, from {low} to {high}")
        descriptions.append(text.format(name=name, size=size_text(*array.shape), **ends))
        signed = low < 0 or high <= LARGEST_WEIGHT
        colours = ("signed", *_pale_range(array)) if signed else ("grey", 0, high)
        grids.append(Grid(array, name, *colours, texts=weight_texts(array)))
    columns = [np.shape(grid.values)[1] for grid in grids]
    tallest, total = max(len(grid.values) for grid in grids), sum(columns)
    # One size of cell for all of them, so that a row looks as long as the kernel it belongs to.
    cell = min(0.62, 11.5 / total, 5 / tallest)
    width = cell * total + 0.4 * len(grids)
    figure, axs = new_figure(width, cell * tallest + 0.5, columns=len(grids), width_ratios=columns)
    for ax, grid in zip(axs[0], grids, strict=True):
        draw(ax, grid)
        ax.title.set_size(12)
    figure.alt = "; ".join(descriptions) + "."
    return figure


def pictures(arrays, signed=(), columns=None, zoom=None, alt=None):
    """Photos and results side by side: 0 is black, 255 white, and what is outside is shown as the nearer of the two.

    Those named in `signed` are white at 0, red above and blue below. `columns` of them stand in a row; `zoom` (row,
    column, height, width) shows this part only, enlarged; `alt` replaces the description in numbers.

    >>> pictures({"photo": np.full((4, 4), 7), "laplacian": np.eye(4) - 1}, signed=["laplacian"]).alt
    'Pictures: photo, 4 × 4, grey levels from 7 to 7; laplacian, 4 × 4, from -1, blue, to 0, red, white at 0.'
    """
    parts = {name: _crop(validate.array(array, name, axes=(2, 3)), zoom) for name, array in arrays.items()}
    for name in [signed] if isinstance(signed, str) else signed:
        validate.choice(name, "signed", parts)
    columns = (2 if len(parts) == 4 else 3) if columns is None else validate.whole(columns, "columns")
    columns = min(columns, len(parts))
    rows = -(-len(parts) // columns)
    tallest = max(part.shape[0] / part.shape[1] for part in parts.values())
    width = min(10.5, 4 * columns)
    figure, axs = new_figure(width, rows * (width / columns * tallest + 0.35), rows=rows, columns=columns)
    for ax in axs.flat[len(parts) :]:
        ax.remove()
    descriptions = []
    for ax, (name, part) in zip(axs.flat, parts.items(), strict=False):
        grid, text = Grid(part, name, low=0, high=255), _("{name}, {size}, grey levels from {low} to {high}")
        if part.ndim == 3:
            text = _("{name}, {size}, colours from {low} to {high}")
            grid.values = np.clip(np.rint(part), 0, 255).astype(np.uint8)
        elif name in signed:
            text = _("{name}, {size}, from {low}, blue, to {high}, red, white at 0")
            reach = np.percentile(np.abs(part), 99.5) or 1  # a few extreme pixels must not make all others pale
            grid = Grid(part, name, "signed", -reach, reach)
        draw(ax, grid)
        ends = {"low": round(float(part.min())), "high": round(float(part.max()))}
        descriptions.append(text.format(name=name, size=size_text(*part.shape[:2]), **ends))
    figure.alt = alt or _("Pictures: {pictures}.").format(pictures="; ".join(descriptions))
    return figure


def copies(picture, weights):
    """A filtered picture as a sum of copies: for each weight the part of the picture, framed, that it is multiplied by.

    >>> copies(np.array([[0, 90, 90]]), np.array([[-1, 1]])).alt.split("framed: ")[1]
    '-1 × from row 0, column 0; 1 × from row 0, column 1. The sum of these parts is the result, from 0 to 90.'
    """
    picture, weights = validate.array(picture, "picture", axes=2), validate.array(weights, "weights", axes=2)
    result = _round_off(filtering.correlate(picture, weights))
    (height, width), (rows, columns) = result.shape, weights.shape
    side, ratios = min(3, 5.6 / columns), [1] * columns + [1 if columns < 3 else 1.2]  # inches; widths of the columns
    tall = max(0.4, side * picture.shape[0] / picture.shape[1]) + 0.3
    grid = {"rows": rows, "columns": columns + 1, "width_ratios": ratios}
    figure, axs = new_figure(side * sum(ratios) + 0.75 * columns + 0.3, tall * rows, **grid)
    texts, descriptions = weight_texts(weights), []
    for (a, b), weight in np.ndenumerate(weights):
        ax, text = axs[a, b], texts[a][b]
        title = _("from row {row}, column {column}").format(row=a, column=b)
        draw(ax, _levels(picture, title, window=(a, b, height, width)))
        ax.title.set_size(11)
        sign = "− " if weight < 0 else "" if a == b == 0 else "+ "
        ax.set_ylabel(f"{sign}{text.lstrip('-')} ×", rotation=0, ha="right", va="center", fontsize=14, color=INK)
        pale = np.full(picture.shape, 0.7)
        pale[a : a + height, b : b + width] = 0
        ax.imshow(np.ones((*picture.shape, 3)), alpha=pale, zorder=3.5)
        descriptions.append(f"{text} × {title}")
    for ax in axs[:, -1]:
        ax.remove()
    ax = figure.add_subplot(axs[0, 0].get_gridspec()[:, -1])
    draw(ax, _levels(result, _("result, {size}").format(size=size_text(height, width))))
    ax.set_ylabel("=", rotation=0, ha="right", va="center", fontsize=20, color=INK)
    figure.alt = _(
        "A picture of {size}, with parts of {part} framed: {copies}. The sum of these parts is the result, from {low} "
        "to {high}."
    ).format(
        size=size_text(*picture.shape), part=size_text(height, width), copies="; ".join(descriptions),
        low=short_number(result.min()), high=short_number(result.max()),
    )  # fmt: skip
    return figure


def _levels(values, title, window=None):
    """A small array with its numbers: grey from 0 to its largest number, or signed colours."""
    if values.min() < 0:
        return Grid(values, title, "signed", *_pale_range(values), window=window)
    return Grid(values, title, low=0, high=max(1, values.max()), window=window)


def profile(pictures, row, first, last):
    """The grey levels along one row from column `first` to `last`, one line for each picture.

    >>> profile({"photo": np.array([[1, 5, 9]])}, row=0, first=0, last=2).alt
    'Grey levels along row 0, columns 0 to 2: photo from 1 to 9, largest step 4.'
    """
    lines = {name: np.asarray(picture[row, first : last + 1], dtype=float) for name, picture in pictures.items()}
    drawn = [(name, np.arange(first, last + 1), levels) for name, levels in lines.items()]
    figure, _ax = _line_chart(drawn, _("column (row {row})").format(row=row), _("grey level"))
    text, descriptions = _("{name} from {low} to {high}, largest step {step}"), []
    for name, levels in lines.items():
        step = round(np.abs(np.diff(levels)).max())
        descriptions.append(text.format(name=name, low=round(levels.min()), high=round(levels.max()), step=step))
    text = _("Grey levels along row {row}, columns {first} to {last}: {lines}.")
    figure.alt = text.format(row=row, first=first, last=last, lines="; ".join(descriptions))
    return figure


def gaussians(sigmas):
    """The middle row of the Gaussian kernels, one line for each sigma.

    >>> gaussians([1]).alt
    'The weights in the middle row of Gaussian kernels: sigma 1, 7 weights, the largest 0.16.'
    """
    lines, descriptions = [], []
    for sigma in sigmas:
        kernel = filtering.gaussian(sigma)
        side = len(kernel)
        label = _("sigma {sigma:g}: {side} × {side}").format(sigma=sigma, side=side)
        lines.append((label, np.arange(side) - side // 2, kernel[side // 2]))
        text = _("sigma {sigma:g}, {side} weights, the largest {largest}")
        descriptions.append(text.format(sigma=sigma, side=side, largest=number(kernel.max(), 2)))
    figure, ax = _line_chart(lines, _("columns away from the centre"), _("weight"))
    ax.set_ylim(0, None)
    figure.alt = _("The weights in the middle row of Gaussian kernels: {lines}.").format(lines="; ".join(descriptions))
    return figure


def borders(row, reach):
    """A row of numbers, continued by each border for `reach` columns at each end.

    >>> borders([1, 2, 3], 1).alt.split(": ", 1)[1]
    'valid 1 2 3; zero 0 1 2 3 0; reflect 1 1 2 3 3; replicate 1 1 2 3 3.'
    """
    row = validate.array(row, "row", axes=1)
    names = list(filtering.BORDERS)
    figure, axs = new_figure(7.4, 0.62 * len(names) + 0.2, rows=len(names))
    descriptions = []
    for ax, name in zip(axs[:, 0], names, strict=True):
        padded = filtering.pad(row[None], (1, 2 * reach + 1), name)[0]
        descriptions.append(f"{name} {' '.join(map(str, padded))}")
        if name == "valid":
            padded = np.pad(padded, reach)
        outside = np.ones(padded.shape, bool)
        outside[reach:-reach] = False
        texts = np.where(outside & (name == "valid"), "", padded.astype(str))
        colours = np.where(outside, 0.45 if name != "valid" else 0, 0.18)
        draw(ax, Grid(colours[None], "", "signed", -1, 1, texts=texts[None], window=(0, reach, 1, len(row))))
        ax.set_ylabel(name, rotation=0, ha="right", va="center", labelpad=12)
    text = _("A row of numbers, framed, as each border continues it: {rows}.")
    figure.alt = text.format(rows="; ".join(descriptions))
    return figure


def costs(largest):
    """Multiplications per pixel for square kernels up to side `largest`: at once, or as a column and a row.

    >>> costs(31).alt.split("; ")[1]
    'at side 31 it is 961 at once and 62 as a column and a row.'
    """
    sides = np.arange(1, validate.whole(largest, "largest") + 1, 2)
    figure, axs = new_figure(7.5, 3.4)
    ax = axs[0, 0]
    ax.plot(sides, sides**2, color=SERIES[0], linewidth=2, marker="o", markersize=4)
    ax.plot(sides, 2 * sides, color=GREEN, linewidth=2, marker="s", markersize=4)
    ax.text(0.8 * sides[-1], 0.75 * sides[-1] ** 2, _("at once: K × K"), color=SERIES[0], ha="right")
    ax.text(sides[-1], 2 * sides[-1] + 0.04 * sides[-1] ** 2, _("column and row: 2 K"), color=GREEN, ha="right")
    ax.set(xlabel=_("side K of the kernel"), ylabel=_("multiplications a pixel"), ylim=(0, None))
    figure.alt = _(
        "Multiplications a pixel over the side of the kernel: one curve grows with the square, one is a straight line; "
        "at side {side} it is {square} at once and {line} as a column and a row."
    ).format(side=sides[-1], square=sides[-1] ** 2, line=2 * sides[-1])
    return figure


def grids_in_a_row(grids, large=(0, 1)):
    """Grids in one row, those with a number in `large` twice as large: the still of a panel.

    >>> len(grids_in_a_row([Grid(np.eye(3))] * 3).axes)
    3
    """
    ratios = [2 if i in large else 1 for i in range(len(grids))]
    figure, axs = new_figure(10.6, 10.6 * 2 / sum(ratios) + 0.4, columns=len(grids), width_ratios=ratios)
    for ax, grid in zip(axs[0], grids, strict=True):
        draw(ax, grid)
        ax.title.set_size(11)
    return figure


def _line_chart(lines, xlabel, ylabel):
    """A figure and its Axes with one line for each (label, x, y)."""
    figure, axs = new_figure(8.5, 3.6)
    ax = axs[0, 0]
    for (label, x, y), colour, dashes in zip(lines, SERIES, DASHES, strict=False):
        ax.plot(x, y, color=colour, label=label, linewidth=2, linestyle=dashes, marker="o", markersize=4)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    return figure, ax


def _round_off(values):
    """Without the last digits in which 10 and 9.999999999999998 differ."""
    return np.round(np.asarray(values, dtype=float), 9) + 0.0


def _pale_range(values):
    """Ends of the signed colours at which numbers are read easily."""
    reach = 2 * float(np.abs(values).max() or 1)
    return -reach, reach


def _crop(picture, zoom):
    if zoom is None:
        return picture
    row, column, height, width = zoom
    part = picture[row : row + height, column : column + width]
    if not part.size:
        raise ValueError(f"zoom {zoom} lies outside the picture {picture.shape[:2]}; choose a part of it")
    return part
