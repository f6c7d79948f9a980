"""Lesson 1's pictures: numbers beside their picture, channels, data sets to scale, which unit has which inputs.

Each takes arrays and returns a matplotlib Figure with its alt text. A grey picture has shape (M, N) and a photo
(M, N, 3), both of bytes. What does not fit raises TypeError or ValueError.
"""

import numpy as np
from matplotlib.patches import Circle, Rectangle

from lessons_lib import images
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import size_text
from lessons_lib.plots.grid import Grid, draw, side_by_side
from lessons_lib.plots.style import BLUE, COLOURMAPS, GREEN, GREY, INK, ORANGE, RED, SERIES, new_figure

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
    text = _(
        "On the left a table of {rows} rows and {columns} columns of numbers from {low} to {high}; "
        "on the right the same as grey squares, 0 black, 255 white."
    )
    figure.alt = text.format(rows=rows, columns=columns, low=picture.min(), high=picture.max())
    return figure


def interpolation(picture):
    """A small grey picture as squares, and with smooth transitions between them, as one sees it from afar.

    >>> len(interpolation(np.eye(3)).axes)
    2
    """
    picture = validate.array(picture, "picture", axes=2)
    figure, axs = new_figure(8, 4.4, columns=2)
    styles = [(_("one square a pixel"), "nearest"), (_("the same numbers, smoothed"), "bicubic")]
    for ax, (title, kind) in zip(axs[0], styles, strict=True):
        ax.imshow(picture, cmap=COLOURMAPS["grey"], vmin=0, vmax=255, interpolation=kind)
        ax.set(title=title, xticks=[], yticks=[])
    text = _(
        "A grey picture of {rows} × {columns} pixels, once as squares and once with smooth transitions between them."
    )
    figure.alt = text.format(rows=picture.shape[0], columns=picture.shape[1])
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
    text = _(
        "A picture; the same plus {amount} in uint8, where {wrapped} pixels wrapped; "
        "the same plus {amount} with clip, where these pixels are {end}."
    )
    figure.alt = text.format(amount=amount, wrapped=wrapped, end=end)
    return figure


def colour_patch(photo, row, column, side=3):
    """A few pixels of a photo enlarged, and the three numbers of each.

    >>> len(colour_patch(np.zeros((9, 9, 3), dtype=np.uint8), 2, 3).axes)
    5
    """
    patch = validate.array(photo, "photo", axes=3)[row : row + side, column : column + side]
    figure = side_by_side(
        [
            Grid(photo, _("the photo"), window=(row, column, side, side)),
            Grid(patch, _("{side} × {side} pixels").format(side=side)),
            *(Grid(values, name, **BARE) for name, values in _labelled_channels(patch)),
        ],
        width=11.5,
        height=2.4,
    )
    red, green, blue = patch[0, 0]
    text = _(
        "A photo with a small frame at row {row}, column {column}; the framed {side} × {side} pixels enlarged; "
        "three tables with their red, green and blue. The first pixel has red {red}, green {green}, blue {blue}."
    )
    figure.alt = text.format(row=row, column=column, side=side, red=red, green=green, blue=blue)
    return figure


def channels(photo):
    """A photo and its three channels as grey pictures.

    >>> len(channels(np.zeros((9, 9, 3), dtype=np.uint8)).axes)
    4
    """
    split = _labelled_channels(validate.array(photo, "photo", axes=3))
    figure = side_by_side([Grid(photo, _("the photo")), *(_grey(values, name) for name, values in split)], width=11.5)
    red, green, blue = (round(float(values.mean()), 1) for _name, values in split)
    text = _(
        "A photo and its red, green and blue channels as grey pictures, bright where there is much of that colour. "
        "Their means are {red}, {green} and {blue}."
    )
    figure.alt = text.format(red=red, green=green, blue=blue)
    return figure


def additive_colours(photo):
    """The three channels as lights of their own colour, and their sum.

    >>> len(additive_colours(np.zeros((9, 9, 3), dtype=np.uint8)).axes)
    4
    """
    photo = validate.array(photo, "photo", axes=3)
    grids = []
    for channel, (name, _values) in enumerate(_labelled_channels(photo)):
        only = np.zeros_like(photo)
        only[:, :, channel] = photo[:, :, channel]
        grids.append(Grid(only, name))
    figure = side_by_side([*grids, Grid(photo, _("all three together"))], width=11.5)
    figure.alt = _(
        "The red part of a photo in shades of red, the green part in greens, the blue part in blues; their sum."
    )
    return figure


def mean_and_luminance(photo):
    """A colour picture, the plain mean of its channels, and its luminance.

    >>> len(mean_and_luminance(np.zeros((9, 9, 3), dtype=np.uint8)).axes)
    3
    """
    photo = validate.array(photo, "photo", axes=3)
    mean, bright = photo.mean(axis=2), images.luminance(photo)
    figure = side_by_side([Grid(photo, _("colour")), _grey(mean, _("plain mean")), _grey(bright, _("luminance"))])
    text = _(
        "A colour picture, the plain mean of its channels and its luminance; they differ by up to {most:.0f} of 255."
    )
    figure.alt = text.format(most=float(np.abs(mean - bright).max()))
    return figure


def gallery(pictures, labels=None, columns=10):
    """Small grey pictures of shape (K, M, N) in rows, with their labels above them or, in a riddle, without.

    >>> gallery(np.zeros((4, 28, 28)), [7, 2, 1, 0], columns=2).alt
    '4 pictures of 28 × 28 pixels, labelled 7, 2, 1, 0.'
    """
    pictures = validate.array(pictures, "pictures", axes=3)
    columns = min(len(pictures), validate.whole(columns, "columns"))
    if labels is not None and len(labels) != len(pictures):
        raise ValueError(f"there are {len(pictures)} pictures and {len(labels)} labels; give one label a picture")
    rows = -(-len(pictures) // columns)
    height = rows * (10 / columns + (0.3 if labels is not None else 0.05))
    figure, axs = new_figure(10, height, rows=rows, columns=columns)
    for ax in axs.flat[len(pictures) :]:
        ax.set_axis_off()
    for index, (ax, picture) in enumerate(zip(axs.flat, pictures, strict=False)):
        draw(ax, _grey(picture, "" if labels is None else str(labels[index]), high=pictures.max()))
    text = _("{count} pictures of {rows} × {columns} pixels").format(
        count=len(pictures), rows=pictures.shape[1], columns=pictures.shape[2]
    )
    end = _(", without labels.")
    if labels is not None:
        end = _(", labelled {labels}.").format(labels=", ".join(map(str, labels)))
    figure.alt = text + end
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


def templates(straight, shuffled, order, shape=(28, 28)):
    """The weights that a linear classifier learned for each class from pictures as they are, and from shuffled ones.

    >>> weights = np.zeros((784, 10))
    >>> len(templates(weights, weights, np.arange(784)).axes)
    30
    """
    classes = straight.shape[1]
    back = shuffled[np.argsort(order)]
    rows = [(_("straight"), straight), (_("shuffled"), shuffled), (_("shuffled,\nput back"), back)]
    reach = float(np.quantile(np.abs(straight), 0.995)) or 1.0
    figure, axs = new_figure(10.6, 3.5, rows=3, columns=classes)
    for line, (name, weights) in zip(axs, rows, strict=True):
        for digit, ax in enumerate(line):
            title = "" if weights is not straight else str(digit)
            draw(ax, Grid(weights[:, digit].reshape(shape), title, "signed", high=reach))
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    text = _(
        "Three rows of {classes} pictures of weights, red for and blue against a digit. Learned from straight digits, "
        "one sees ghosts of digits; from shuffled digits, noise; put back in order, the same ghosts again."
    )
    figure.alt = text.format(classes=classes)
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
    counts = {_("fully connected"): validate.whole(dense, "dense"), _("convolutional"): validate.whole(conv, "conv")}
    if local is not None:
        (first, last), between = counts.items(), (_("a window each"), validate.whole(local, "local"))
        counts = dict([first, between, last])
    lines, lengths = range(len(counts)), [np.log10(count) for count in counts.values()]
    figure, axs = new_figure(8, 0.62 * len(counts) + 0.7)
    ax = axs[0, 0]
    ax.grid(axis="x", color=GREY, alpha=0.3)
    ax.set_axisbelow(True)
    ax.barh(lines, lengths, color=[RED, *[BLUE] * (len(counts) - 2), GREEN], height=0.62)
    for line, length, count in zip(lines, lengths, counts.values(), strict=True):
        ax.text(length + 0.12, line, f"{count:,}", va="center")
    ax.set_yticks(lines, list(counts))
    ax.set_xticks(range(0, 14, 2), ["1", "100", "10⁴", "10⁶", "10⁸", "10¹⁰", "10¹²"])
    ax.set(xlim=(0, 15), ylim=(len(counts) - 0.5, -0.5), xlabel=_("weights (each line: 100 times the one before)"))
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    described = "; ".join(f"{name} {count:,}" for name, count in counts.items())
    figure.alt = _("Bars on a logarithmic scale: {list}.").format(list=described)
    return figure


def _grey(values, title, high=255):
    blank = None if max(np.shape(values)) > 20 else [[""] * np.shape(values)[1]] * np.shape(values)[0]
    return Grid(values, title, low=0, high=high, texts=blank)


def _labelled_channels(photo):
    return list(zip((_("red"), _("green"), _("blue")), images.split_channels(photo), strict=True))
