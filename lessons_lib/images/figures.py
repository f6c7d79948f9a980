"""Lesson 1's pictures: numbers beside their picture, channels, data sets to scale, which unit has which inputs.

Each takes arrays and returns a matplotlib Figure with its alt text; `weight_bars` returns a Chart. A grey picture has
shape (M, N) and a photo (M, N, 3), both of bytes. What does not fit raises TypeError or ValueError.
"""

import numpy as np
from matplotlib.patches import Circle, Rectangle

from lessons_lib import images
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import short_number, size_text
from lessons_lib.plots.chart import Bar, Chart, Frame
from lessons_lib.plots.gallery import gallery as picture_rows
from lessons_lib.plots.grid import Grid, draw, side_by_side
from lessons_lib.plots.style import BLUE, GREEN, GREY, INK, ORANGE, RED, SERIES, new_figure

# With these ends of the grey ramp every value from 0 on is white: a grid of bare numbers.
BARE = {"low": -2, "high": -1}


def numbers_and_picture(picture, cell=None):
    """A small grey picture twice: its numbers, and what the screen makes of them.

    >>> numbers_and_picture(np.eye(3, dtype=np.uint8)).alt.split(";")[0]
    'On the left a table of 3 rows and 3 columns of numbers from 0 to 1'
    """
    picture = validate.array(picture, "picture", axes=2)
    rows, columns = picture.shape
    window = None if cell is None else (*cell, 1, 1)
    blank = [[""] * columns] * rows
    left = Grid(picture, _("what the computer has"), window=window, **BARE)
    right = Grid(picture, _("what we see"), low=0, high=255, texts=blank, window=window)
    figure = side_by_side([left, right], width=11.5, height=11.5 / 2 * rows / columns)
    for ax in figure.axes:
        ax.set_xticks(range(columns))
        ax.set_yticks(range(rows))
        ax.tick_params(length=0, labelsize=9, labelbottom=False, labeltop=True)
        for number in ax.texts:
            number.set_fontsize(9.5)
    figure.alt = _(
        "On the left a table of {rows} rows and {columns} columns of numbers from {low} to {high}; "
        "on the right the same as grey squares, 0 black, 255 white."
    ).format(rows=rows, columns=columns, low=picture.min(), high=picture.max())
    return figure


def stored_values():
    """The byte stored for each sum: `uint8` wraps around, `clip` stops at 0 and 255.

    >>> len(stored_values().axes)
    1
    """
    sums = np.arange(-256, 769)
    figure, axs = new_figure(8, 3)
    ax = axs[0, 0]
    wrapped = np.where(np.diff(sums % 256, append=0) < 0, np.nan, sums % 256)
    ax.plot(sums, wrapped, color=ORANGE, linewidth=2)
    ax.plot(sums, np.clip(sums, 0, 255), color=BLUE, linewidth=3)
    ax.text(512, 268, _("clip"), color=BLUE, ha="center", va="bottom")
    ax.text(596, 60, _("uint8 wraps"), color="#8a5a00", ha="left", va="center")
    ax.axvspan(0, 255, color=GREY, alpha=0.12, linewidth=0)
    ax.set(xlabel=_("the sum"), ylabel=_("what is stored"), xticks=[-256, 0, 255, 512, 768], yticks=[0, 255])
    ax.set_ylim(-12, 310)
    figure.alt = _(
        "Two curves of the stored value over the sum from -256 to 768. In 0 to 255 both are the sum itself. "
        "Outside, the uint8 curve starts again at 0 like the teeth of a saw, and clip stays at 0 or at 255."
    )
    return figure


def brightness(picture, amount):
    """A picture, and the two results of adding the same amount to every pixel.

    >>> brightness(np.full((3, 3), 200), 100).alt.split("; ")[1]
    'the same plus 100 in uint8, where 9 pixels wrapped'
    """
    picture = validate.array(picture, "picture", axes=2)
    grids = [
        _grey(picture, _("the picture")),
        _grey(images.brighten(picture, amount, "wrap"), _("{amount:+d}, uint8 wraps").format(amount=amount)),
        _grey(images.brighten(picture, amount), _("{amount:+d}, clipped").format(amount=amount)),
    ]
    figure = side_by_side(grids)
    wrapped = int(np.sum((picture.astype(int) + amount > 255) | (picture.astype(int) + amount < 0)))
    end = _("white") if amount >= 0 else _("black")
    figure.alt = _(
        "A picture; the same plus {amount} in uint8, where {wrapped} pixels wrapped; "
        "the same plus {amount} with clip, where these pixels are {end}."
    ).format(amount=amount, wrapped=wrapped, end=end)
    return figure


def channels(photo):
    """A photo and its three channels as grey pictures.

    >>> len(channels(np.zeros((9, 9, 3), dtype=np.uint8)).axes)
    4
    """
    split = _labelled_channels(validate.array(photo, "photo", axes=3))
    figure = side_by_side([Grid(photo, _("the photo")), *(_grey(values, name) for name, values in split)], width=11.5)
    red, green, blue = (round(float(values.mean()), 1) for _name, values in split)
    figure.alt = _(
        "A photo and its red, green and blue channels as grey pictures, bright where there is much of that colour. "
        "Their means are {red}, {green} and {blue}."
    ).format(red=red, green=green, blue=blue)
    return figure


def mean_and_luminance(photo):
    """A colour picture, the plain mean of its channels, and its luminance.

    >>> len(mean_and_luminance(np.zeros((9, 9, 3), dtype=np.uint8)).axes)
    3
    """
    photo = validate.array(photo, "photo", axes=3)
    mean, bright = photo.mean(axis=2), images.luminance(photo)
    figure = side_by_side([Grid(photo, _("colour")), _grey(mean, _("plain mean")), _grey(bright, _("luminance"))])
    figure.alt = _(
        "A colour picture, the plain mean of its channels and its luminance; they differ by up to {most:.0f} of 255."
    ).format(most=float(np.abs(mean - bright).max()))
    return figure


def gallery(pictures, labels=()):
    """Small grey pictures of shape (K, M, N), ten in a row, with their labels above them or, in a riddle, without.

    >>> gallery(np.zeros((4, 28, 28)), [7, 2, 1, 0]).alt
    '4 pictures of 28 × 28 pixels, labelled 7, 2, 1, 0.'
    """
    pictures = validate.array(pictures, "pictures", axes=3)
    figure = picture_rows(pictures, labels, min(10, len(pictures)), low=0)
    text = _("{count} pictures of {size} pixels, labelled {labels}.")
    if not len(labels):
        text = _("{count} pictures of {size} pixels, without labels.")
    labels = ", ".join(map(str, labels))
    figure.alt = text.format(count=len(pictures), size=size_text(*pictures.shape[1:]), labels=labels)
    return figure


def rows(pictures, alt=None):
    """Rows of small grey pictures by name, all of shape (K, M, N) with values of 0..1; `alt` replaces the description.

    >>> rows({"digits": np.zeros((4, 28, 28)), "moved": np.zeros((4, 28, 28))}).alt
    'Rows of pictures of 28 × 28 pixels: 4 of digits, 4 of moved.'
    """
    stacks = [validate.array(stack, name, axes=3) for name, stack in pictures.items()]
    figure = picture_rows(stacks, row_names=list(pictures), low=0, high=1, side=0.94)
    described = ", ".join(f"{len(stack)} of {name}" for name, stack in pictures.items())
    text = _("Rows of pictures of {size} pixels: {list}.")
    figure.alt = alt or text.format(size=size_text(*stacks[0].shape[1:]), list=described)
    return figure


def photos(arrays, alt=None):
    """Colour pictures by name, side by side, of bytes; `alt` replaces the description.

    >>> photos({"photo": np.zeros((9, 9, 3), dtype=np.uint8)}).alt
    'Colour pictures: photo, 9 × 9.'
    """
    grids = [Grid(validate.array(photo, name, axes=3), name) for name, photo in arrays.items()]
    figure = side_by_side(grids, width=min(11.5, 4.2 * len(grids)))
    described = "; ".join(f"{name}, {size_text(*np.shape(photo)[:2])}" for name, photo in arrays.items())
    figure.alt = alt or _("Colour pictures: {list}.").format(list=described)
    return figure


def one_window(picture, kernel, row, column):
    """A picture with a frame around one window, its pixels, the kernel on it, and their products with their sum.

    >>> one_window(np.eye(7), np.eye(3), 2, 2).alt.split("; ")[-1]
    'and the 9 products, whose sum is 3.'
    """
    rows, columns = kernel.shape
    window = picture[row : row + rows, column : column + columns]
    total = short_number((window * kernel).sum())
    figure = side_by_side([
        Grid(picture, _("the picture"), low=0, high=1, window=(row, column, rows, columns)),
        Grid(window, _("the window"), low=0, high=1, decimals=1),
        Grid(kernel, _("the kernel"), "signed"),
        Grid(window * kernel, _("the products: sum {sum}").format(sum=total), "signed", decimals=1),
    ])  # fmt: skip
    text = _(
        "A picture with a frame around the window at row {row}, column {column}; the pixels of this window; the "
        "kernel; and the {count} products, whose sum is {sum}."
    )
    figure.alt = text.format(row=row, column=column, count=kernel.size, sum=total)
    return figure


def slid(pictures, kernel, alt=None):
    """Pictures by name, and under each the sums of a kernel at all places; where the largest sum is, there is a frame.

    >>> slid({"digit": np.eye(7)}, np.eye(3)).alt
    'digit: the largest sum, 3, is at row 1, column 1.'
    """
    side, described = len(kernel), []
    figure, axs = new_figure(3.4 * len(pictures), 7, rows=2, columns=len(pictures))
    for (name, picture), (above, below) in zip(pictures.items(), axs.T, strict=True):
        sums = images.slide(picture, kernel)
        row, column = np.argwhere(sums == sums.max())[0].tolist()
        window = (row - side // 2, column - side // 2, side, side)
        draw(above, Grid(picture, name, low=0, high=1, window=window))
        draw(below, Grid(sums, _("{name}: the sums").format(name=name), "signed", window=(row, column, 1, 1)))
        text = _("{name}: the largest sum, {sum}, is at row {row}, column {column}")
        described.append(text.format(name=name, sum=short_number(sums.max()), row=row, column=column))
    figure.alt = alt or "; ".join(described) + "."
    return figure


def sizes_to_scale():
    """One picture of each data set as a rectangle, all to the same scale.

    >>> len(sizes_to_scale().axes)
    1
    """
    figure, axs = new_figure(8, 3.9)
    ax = axs[0, 0]
    left, described = 0, []
    for (name, facts), colour in zip(images.DATA_SETS.items(), SERIES, strict=False):
        ax.add_patch(Rectangle((left, 0), facts.columns, facts.rows, facecolor=colour, alpha=0.8))
        shape = size_text(*facts[1:4]) if facts.channels > 1 else size_text(*facts[1:3])
        ax.text(left + facts.columns / 2, facts.rows + 8, f"{name}\n{shape}", ha="center", va="bottom")
        described.append(f"{name} {shape}")
        left += max(facts.columns, 130) + 40
    ax.set(xlim=(-40, left), ylim=(0, 500), aspect="equal")
    ax.set_axis_off()
    figure.alt = _("Rectangles to one scale: {list}.").format(list=", ".join(described))
    return figure


def templates(straight, shuffled, order):
    """The weights that a linear classifier learned for each class from 28 × 28 pixels, and from shuffled ones.

    >>> weights = np.zeros((784, 10))
    >>> len(templates(weights, weights, np.arange(784)).axes)
    30
    """
    classes = straight.shape[1]
    rows = [matrix.T.reshape(classes, 28, 28) for matrix in (straight, shuffled, shuffled[np.argsort(order)])]
    names = _("straight"), _("shuffled"), _("shuffled,\nput back")
    reach = float(np.quantile(np.abs(straight), 0.995)) or 1.0
    titles = [*range(classes)] * 3
    figure = picture_rows(rows, titles, row_names=names, colours="signed", high=reach, side=0.94)
    figure.alt = _(
        "Three rows of {classes} pictures of weights, red for and blue against a digit. Learned from straight digits, "
        "one sees ghosts of digits; from shuffled digits, noise; put back in order, the same ghosts again."
    ).format(classes=classes)
    return figure


def connections():
    """Two units over a small picture: fully connected, each with its own window, and sharing one window's weights.

    >>> len(connections().axes)
    3
    """
    figure, axs = new_figure(11.5, 3.0, columns=3)
    everything, upper, lower = (0, 0, 6, 6), (0, 1, 3, 3), (3, 3, 3, 3)
    scenes = [
        (_("fully connected\n36 + 36 weights"), [(everything, BLUE), (everything, ORANGE)]),
        (_("a window each\n9 + 9 weights"), [(upper, BLUE), (lower, ORANGE)]),
        (_("convolutional: one window's\nweights for all: 9"), [(upper, GREEN), (lower, GREEN)]),
    ]
    for ax, (title, units) in zip(axs[0], scenes, strict=True):
        for row, column in np.ndindex(6, 6):
            ax.add_patch(Rectangle((column, row), 1, 1, facecolor="#eef0f2", edgecolor=GREY, linewidth=0.8))
        for (window, colour), height in zip(units, (1.2, 4.8), strict=True):
            row, column, rows, columns = window
            if window != everything:
                ax.add_patch(Rectangle((column, row), columns, rows, facecolor=colour, alpha=0.3, linewidth=0))
            for r, c in np.ndindex(rows, columns):
                line = [column + c + 0.5, 9], [row + r + 0.5, height]
                ax.plot(*line, color=colour, linewidth=0.7, alpha=0.8)
            ax.add_patch(Circle((9, height), 0.5, facecolor=colour, edgecolor=INK, zorder=3))
        ax.set(xlim=(-0.2, 9.8), ylim=(6.2, -0.2), aspect="equal", title=title)
        ax.set_axis_off()
    figure.alt = _(
        "Three drawings of a 6 × 6 picture and two units. Fully connected: lines from all 36 pixels to each unit, 72 "
        "weights. A window each: 9 lines to each unit, 18 weights. Convolutional: 9 lines to each, the same 9 weights."
    )
    return figure


def weight_bars(dense, conv, local=None):
    """Counts of weights as bars on a scale on which each line is a hundred times the one before.

    >>> weight_bars(1_600_000_000, 2_500).alt
    'Bars on a logarithmic scale: fully connected 1,600,000,000; convolutional 2,500.'
    """
    bars = [(_("fully connected"), validate.whole(dense, "dense"), RED)]
    if local is not None:
        bars.append((_("a window each"), validate.whole(local, "local"), BLUE))
    bars.append((_("convolutional"), validate.whole(conv, "conv"), GREEN))
    marks = [Bar(row, count, colour, name, f"{count:,}") for row, (name, count, colour) in enumerate(bars)]
    powers = [(100.0**k, text) for k, text in enumerate(("1", "100", "10⁴", "10⁶", "10⁸", "10¹⁰", "10¹²"))]
    frame = Frame((132, 8, 494, 37 * len(bars)), (1, 1e15), (len(bars) - 0.5, -0.5), (True, False), marks=marks)
    frame.ticks, frame.labels = (powers, ()), (_("weights (each line: 100 times the one before)"), "")
    described = "; ".join(f"{name} {count:,}" for name, count, _colour in bars)
    alt = _("Bars on a logarithmic scale: {list}.").format(list=described)
    return Chart([frame], 640, 37 * len(bars) + 58, alt)


def _grey(values, title, high=255):
    blank = None if max(np.shape(values)) > 20 else [[""] * np.shape(values)[1]] * np.shape(values)[0]
    return Grid(values, title, low=0, high=high, texts=blank)


def _labelled_channels(photo):
    return list(zip((_("red"), _("green"), _("blue")), images.split_channels(photo), strict=True))
