"""Lesson 2's pictures: one place of the kernel, the walk of the window, filtered photos, borders, half turns, costs."""

from fractions import Fraction

import numpy as np

from lessons_lib import filtering
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.plots.grid import Grid, draw, number
from lessons_lib.plots.style import COLOURMAPS, GREEN, GREY, INK, SERIES, new_figure

LARGEST_WEIGHT = 12  # up to here positive numbers are taken for weights, and beyond for grey levels
DASHES = ["-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 2)), (0, (8, 2))]


def written(weights):
    """The weights of a kernel as they are said: 1/9 rather than 0.11, but 0.25 rather than 1/4.

    Parameters
    ----------
    weights : array_like of shape (K, L)

    Returns
    -------
    list of list of str

    Examples
    --------
    >>> written([[1 / 9, 0.25, -4, 0.0585]])
    [['1/9', '0.25', '-4', '0.059']]
    """
    return [[_written(float(weight)) for weight in row] for row in validate.array(weights, "weights", axes=2)]


def short(value):
    """A number with at most two digits after the point, and none that say nothing.

    >>> short(57.6), short(80.0000001), short(-0.001), short(1234567)
    ('57.6', '80', '0', '1234567')
    """
    return f"{round(float(value), 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _written(weight):
    if abs(weight - round(weight, 2)) < 1e-9:
        return short(weight)
    fraction = Fraction(weight).limit_denominator(100)
    if abs(weight - float(fraction)) < 1e-9:
        return f"{fraction.numerator}/{fraction.denominator}"
    return number(weight, 2 if abs(weight) >= 0.1 else 3)


def kernel_grid(kernel, title):
    """A kernel as a grid: negative weights blue, zero white, positive red.

    Parameters
    ----------
    kernel : ndarray of shape (K, L)
    title : str

    Returns
    -------
    lessons_lib.plots.grid.Grid

    Examples
    --------
    >>> kernel_grid(filtering.KERNELS["mean"], "mean").texts[0]
    ['1/9', '1/9', '1/9']
    """
    reach = 2 * np.abs(kernel).max()  # pale colours, on which numbers are read easily
    return Grid(kernel, title, "signed", -reach, reach, texts=written(kernel))


def one_place(picture, kernel, row, column, border="valid"):
    """One number of the result in the making: the window, its pixels, the kernel, and the products that are added.

    Parameters
    ----------
    picture : ndarray of shape (M, N)
        At most 20 x 20.
    kernel : ndarray of shape (K, L)
    row, column : int
        A place of the result.
    border : {"valid", "zero", "reflect", "replicate"}

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> one_place(np.eye(4), np.ones((2, 2)), 0, 0).alt[-29:]
    '. The 4 products add up to 2.'
    """
    pixels, products = filtering.terms(picture, kernel, row, column, border)
    rows, columns = kernel.shape
    up, left = (0, 0) if border == "valid" else (rows // 2, columns // 2)
    window = (row - up, column - left, rows, columns)
    total = short(products.sum())
    low, high = float(np.min(picture)), float(np.max(picture))
    grids = [
        Grid(picture, _("picture"), low=low, high=high, window=window),
        Grid(pixels, _("pixels z"), low=low, high=high),
        kernel_grid(kernel, _("weights w")),
        Grid(_tidy(products), _("products w z; sum {total}").format(total=total), "signed", *_pale(products)),
    ]
    figure, axes = new_figure(12, 4.4, columns=4, width_ratios=[1.9, 1, 1, 1])
    for place, grid in zip(axes[0], grids, strict=True):
        draw(place, grid)
    for place, sign in zip(axes[0][1:], "×=", strict=False):
        place.text(1.08, 0.5, sign, transform=place.transAxes, ha="center", va="center", fontsize=20, color=INK)
    figure.alt = _(
        "A picture with a frame around {rows} × {columns} pixels from row {row}, column {column}; these pixels; the "
        "weights of the kernel; and their products. The {count} products add up to {total}."
    ).format(rows=rows, columns=columns, row=window[0], column=window[1], count=products.size, total=total)
    return figure


def steps(picture, kernel, places):
    """The window at some places, and below each the result as far as it goes.

    Parameters
    ----------
    picture : ndarray of shape (M, N)
        At most 20 x 20.
    kernel : ndarray of shape (K, L)
    places : sequence of int
        Counted row by row from 0.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> steps(np.eye(4), np.ones((2, 2)), [0, 3]).alt[-27:]
    'the values are 2 and then 1'
    """
    result = _tidy(filtering.correlate(picture, kernel))
    low, high = float(np.min(picture)), float(np.max(picture))
    figure, axes = new_figure(3.6 * len(places), 7, rows=2, columns=len(places))
    values = []
    for column, place in enumerate(places):
        place = validate.whole(place, "place", 0, result.size - 1)
        i, j = np.unravel_index(place, result.shape)
        texts = [[short(value) for value in row] for row in result]
        later = np.arange(result.size).reshape(result.shape) > place
        shown = np.where(later, high, result)
        texts = np.where(later, "", texts)
        values.append(short(result[i, j]))
        title = _("step {step}: row {row}, column {column}").format(step=place, row=i, column=j)
        window = (i, j, *kernel.shape)
        draw(axes[0, column], Grid(picture, title, low=low, high=high, window=window))
        draw(axes[1, column], Grid(shown, "", low=low, high=high, texts=texts, window=(i, j, 1, 1)))
    axes[0, 0].set_ylabel(_("picture"))
    axes[1, 0].set_ylabel(_("result"))
    figure.alt = _(
        "Above the picture with the window at steps {steps}, below the result, filled as far; the values are {values}"
    ).format(steps=_listed(str(place) for place in places), values=_(" and then ").join(values))
    return figure


def tables(arrays, window=None):
    """Small arrays side by side, with their numbers; those with negative values in signed colours.

    Parameters
    ----------
    arrays : dict of str to ndarray of shape (M, N)
        The titles are names of the code: `F`, `mean`.
    window : dict of str to tuple of int (row, column, height, width), optional
        Cells to frame.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> tables({"F": np.eye(2), "G": np.ones((1, 2))}).alt
    'F, 2 × 2, from 0 to 1; G, 1 × 2, from 1 to 1.'
    """
    grids, told = [], []
    for name, array in arrays.items():
        array = _tidy(validate.array(array, name, axes=2))
        words = _("{name}, {rows} × {columns}, from {low} to {high}")
        low, high = short(array.min()), short(array.max())
        told.append(words.format(name=name, rows=array.shape[0], columns=array.shape[1], low=low, high=high))
        frame = (window or {}).get(name)
        if array.min() < 0 or array.max() <= LARGEST_WEIGHT:
            grids.append(Grid(array, name, "signed", *_pale(array), texts=written(array), window=frame))
        else:
            grids.append(Grid(array, name, low=0, high=array.max(), texts=written(array), window=frame))
    shapes = [np.shape(grid.values) for grid in grids]
    tallest, total = max(rows for rows, _columns in shapes), sum(columns for _rows, columns in shapes)
    # One size of cell for all of them, so that a row looks as long as the kernel it belongs to.
    cell = min(0.62, 11.5 / total, 5 / tallest)
    width, ratios = cell * total + 0.4 * len(grids), [columns for _rows, columns in shapes]
    figure, axes = new_figure(width, cell * tallest + 0.5, columns=len(grids), width_ratios=ratios)
    for place, grid in zip(axes[0], grids, strict=True):
        draw(place, grid)
        place.title.set_size(12)
    figure.alt = "; ".join(told) + "."
    return figure


def results(pictures, zoom=None, columns=3):
    """Photos and their filtered versions: grey from 0 to 255, or signed colours where something is below 0.

    Parameters
    ----------
    pictures : dict of str to ndarray of shape (M, N) or (M, N, 3)
        The titles are names of the code: `photo`, `mean`. Colour is cut off at 0 and 255.
    zoom : tuple of int (row, column, height, width), optional
        Show this part only, enlarged.
    columns : int
        How many in a row.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> results({"photo": np.full((4, 4), 7), "laplacian": np.eye(4) - 1}).alt
    'Pictures: photo, grey levels from 7 to 7; laplacian, signed colours from -1 to 0.'
    """
    columns = min(validate.whole(columns, "columns"), len(pictures))
    rows = -(-len(pictures) // columns)
    parts = {name: _part(picture, zoom) for name, picture in pictures.items()}
    tall, wide = np.shape(next(iter(parts.values())))[:2]
    width = min(10.5, 4.2 * columns)
    figure, axes = new_figure(width, rows * (width / columns * tall / wide + 0.35), rows=rows, columns=columns)
    told = []
    for place in axes.flat[len(parts) :]:
        place.remove()
    for place, (name, picture) in zip(axes.flat, parts.items(), strict=False):
        signed = picture.ndim == 2 and picture.min() < 0
        words = (
            _("{name}, signed colours from {low} to {high}")
            if signed
            else _("{name}, grey levels from {low} to {high}")
        )
        if picture.ndim == 3:
            words = _("{name}, colours from {low} to {high}")
        told.append(words.format(name=name, low=round(float(picture.min())), high=round(float(picture.max()))))
        if picture.ndim == 3:
            place.imshow(np.clip(np.rint(picture), 0, 255).astype(np.uint8), interpolation="nearest")
        elif signed:
            reach = np.percentile(np.abs(picture), 99.5) or 1  # a few extreme pixels must not make all others pale
            place.imshow(picture, cmap=COLOURMAPS["signed"], vmin=-reach, vmax=reach, interpolation="nearest")
        else:
            place.imshow(picture, cmap=COLOURMAPS["grey"], vmin=0, vmax=255, interpolation="nearest")
        place.set(title=name, xticks=[], yticks=[])
        for spine in place.spines.values():
            spine.set(visible=True, color=GREY, linewidth=0.8)
    figure.alt = _("Pictures: {told}.").format(told="; ".join(told))
    return figure


def profile(pictures, row, first, last):
    """The grey levels along a piece of one row, a line a picture.

    Parameters
    ----------
    pictures : dict of str to ndarray of shape (M, N)
        The labels are names of the code: `photo`, `mean`.
    row : int
    first, last : int
        Columns; the last one is shown too.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> profile({"photo": np.array([[1, 5, 9]])}, row=0, first=0, last=2).alt
    'Grey levels along row 0, columns 0 to 2: photo from 1 to 9, largest step 4.'
    """
    figure, axes = new_figure(8.5, 3.6)
    place = axes[0, 0]
    columns, told = np.arange(first, last + 1), []
    for (name, picture), colour, dashes in zip(pictures.items(), SERIES, DASHES, strict=False):
        levels = np.asarray(picture[row, first : last + 1], dtype=float)
        place.plot(columns, levels, color=colour, label=name, linewidth=2, linestyle=dashes, marker="o", markersize=4)
        told.append(
            _("{name} from {low} to {high}, largest step {step}").format(
                name=name, low=round(levels.min()), high=round(levels.max()), step=round(np.abs(np.diff(levels)).max())
            )
        )
    place.set(xlabel=_("column (row {row})").format(row=row), ylabel=_("grey level"))
    place.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    figure.alt = _("Grey levels along row {row}, columns {first} to {last}: {told}.").format(
        row=row, first=first, last=last, told="; ".join(told)
    )
    return figure


def bells(sigmas):
    """The middle row of the Gaussian kernels, a line a sigma.

    Parameters
    ----------
    sigmas : sequence of float

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> bells([1]).alt
    'The weights in the middle row of Gaussian kernels: sigma 1, 7 weights, the largest 0.16.'
    """
    figure, axes = new_figure(8.5, 3.6)
    place, told = axes[0, 0], []
    for sigma, colour, dashes in zip(sigmas, SERIES, DASHES, strict=False):
        kernel = filtering.gaussian(sigma)
        radius = len(kernel) // 2
        middle = kernel[radius]
        label = _("sigma {sigma:g}: {side} × {side}").format(sigma=sigma, side=len(kernel))
        away = np.arange(-radius, radius + 1)
        place.plot(away, middle, color=colour, label=label, linewidth=2, linestyle=dashes, marker="o", markersize=4)
        told.append(
            _("sigma {sigma:g}, {side} weights, the largest {largest}").format(
                sigma=sigma, side=len(kernel), largest=number(middle.max(), 2)
            )
        )
    place.set(xlabel=_("columns away from the centre"), ylabel=_("weight"), ylim=(0, None))
    place.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    figure.alt = _("The weights in the middle row of Gaussian kernels: {told}.").format(told="; ".join(told))
    return figure


def borders(row, reach):
    """A row of numbers, continued past its ends by each border.

    Parameters
    ----------
    row : sequence of int
    reach : int
        Columns that are added at each end.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> borders([1, 2, 3], 1).alt.split(": ", 1)[1]
    'valid 1 2 3; zero 0 1 2 3 0; reflect 1 1 2 3 3; replicate 1 1 2 3 3.'
    """
    row = validate.array(row, "row", axes=1)
    names = list(filtering.BORDERS)
    figure, axes = new_figure(7.4, 0.62 * len(names) + 0.2, rows=len(names))
    told = []
    for place, name in zip(axes[:, 0], names, strict=True):
        padded = filtering.pad(row[None], (1, 2 * reach + 1), name)[0]
        told.append(f"{name} {' '.join(str(value) for value in padded)}")
        if name == "valid":
            padded = np.pad(padded, reach)
        outside = np.ones(padded.shape, bool)
        outside[reach:-reach] = False
        texts = np.where(outside & (name == "valid"), "", padded.astype(str))
        colours = np.where(outside, 0.45 if name != "valid" else 0, 0.18)
        draw(place, Grid(colours[None], "", "signed", -1, 1, texts=texts[None], window=(0, reach, 1, len(row))))
        place.set_ylabel(name, rotation=0, ha="right", va="center", labelpad=12)
    figure.alt = _("A row of numbers, framed, as each border continues it: {told}.").format(told="; ".join(told))
    return figure


def costs(largest):
    """Multiplications a pixel: a square kernel at once, or as a column and a row.

    Parameters
    ----------
    largest : int
        Side of the largest kernel.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> costs(31).alt.split("; ")[1]
    'at side 31 it is 961 at once and 62 as a column and a row.'
    """
    sides = np.arange(1, validate.whole(largest, "largest") + 1, 2)
    figure, axes = new_figure(7.5, 3.4)
    place = axes[0, 0]
    place.plot(sides, sides**2, color=SERIES[0], linewidth=2, marker="o", markersize=4)
    place.plot(sides, 2 * sides, color=GREEN, linewidth=2, marker="s", markersize=4)
    place.text(0.8 * sides[-1], 0.75 * sides[-1] ** 2, _("at once: K × K"), color=SERIES[0], ha="right")
    place.text(sides[-1], 2 * sides[-1] + 0.04 * sides[-1] ** 2, _("column and row: 2 K"), color=GREEN, ha="right")
    place.set(xlabel=_("side K of the kernel"), ylabel=_("multiplications a pixel"), ylim=(0, None))
    figure.alt = _(
        "Multiplications a pixel over the side of the kernel: one curve grows with the square, one is a straight line; "
        "at side {side} it is {square} at once and {line} as a column and a row."
    ).format(side=sides[-1], square=sides[-1] ** 2, line=2 * sides[-1])
    return figure


def bench(grids, large=(0, 1)):
    """Grids in one row, some of them twice as large: what a panel looks like on paper.

    Parameters
    ----------
    grids : sequence of lessons_lib.plots.grid.Grid
    large : sequence of int
        Which of them are large.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> len(bench([Grid(np.eye(3))] * 3).axes)
    3
    """
    ratios = [2 if place in large else 1 for place in range(len(grids))]
    figure, axes = new_figure(13, 13 * 2 / sum(ratios) + 0.4, columns=len(grids), width_ratios=ratios)
    for place, grid in zip(axes[0], grids, strict=True):
        draw(place, grid)
        place.title.set_size(11)
    return figure


def _tidy(values):
    """Without the last digits in which 10 and 9.999999999999998 differ."""
    return np.round(np.asarray(values, dtype=float), 9) + 0.0


def _pale(values):
    """Ends of the signed colours at which numbers are read easily."""
    reach = 2 * float(np.abs(values).max() or 1)
    return -reach, reach


def _part(picture, zoom):
    picture = validate.array(picture, "picture", axes=(2, 3))
    if zoom is None:
        return picture
    row, column, height, width = zoom
    part = picture[row : row + height, column : column + width]
    if not part.size:
        raise ValueError(f"zoom {zoom} lies outside the picture {picture.shape[:2]}; choose a part of it")
    return part


def _listed(words):
    return ", ".join(words)
