"""Lesson 6's pictures: the network as volumes, its kernels and maps, its mistakes, and networks beside each other."""

import numpy as np
from matplotlib.patches import Polygon, Rectangle

from lessons_lib import lenet
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.plots.grid import Grid, draw, mosaic, side_by_side
from lessons_lib.plots.style import BLUE, GREEN, GREY, INK, ORANGE, PINK, RED, SERIES, SKY, new_figure

EDGE = 0.35  # of the largest number: the grey of the lines between maps, so that they do not outshine them
WIDE = 9.4  # inches of all maps together: the two rows of a LeNet fit a laptop's screen
COLOURS = {"input": GREY, "conv": BLUE, "act": SKY, "pool": GREEN, "fc": ORANGE, "softmax": PINK}


def named(key):
    """The words for a network or a curve that the code calls by a short name; the name itself where there are none.

    >>> named("no-pooling")
    'LeNet without pooling'
    """
    names = {
        "linear": _("linear classifier"),
        "mlp": _("fully connected, same size"),
        "mlp-shuffled": _("the same, pixels shuffled"),
        "lenet5": _("LeNet-5 (1998)"),
        "tanh": _("LeNet with tanh"),
        "relu": _("LeNet with ReLU"),
        "no-activation": _("LeNet without activation"),
        "no-pooling": _("LeNet without pooling"),
        "shuffled": _("LeNet, pixels shuffled"),
        "dropout": _("LeNet with dropout"),
        "deformed": _("LeNet with deformed digits"),
        "best": _("both, for longer"),
        "moved": _("as they are"),
        "centred": _("centred first"),
    }
    return names.get(key, key)


def volumes(rows=None):
    """What goes through the network, as boxes: high and wide as a map, deep as there are maps.

    Parameters
    ----------
    rows : list of lenet.Row, optional
        `lenet.table()` when left out.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> volumes().alt[:60]
    'Boxes from left to right: input 28 × 28 × 1, conv1 28 × 28 ×'
    """
    shown = [row for row in rows or lenet.table() if not row.name.startswith("act")]
    figure, axes = new_figure(11.5, 3.3)
    place, left, described = axes[0, 0], 0.0, []
    for row in shown:
        height, width, depth = row.shape if len(row.shape) == 3 else (row.shape[0] ** 0.56, 1.5, 1)
        wide = 0.5 * width if len(row.shape) == 3 else width
        deep = 0.28 * depth if len(row.shape) == 3 else 0
        _box(place, left, height, wide, deep, COLOURS[row.name.rstrip("0123456789")])
        text = " × ".join(str(side) for side in row.shape)
        place.text(
            left + (wide + deep) / 2, -height / 2 - 2.5, f"{row.name}\n{text}", ha="center", va="top", fontsize=11
        )
        described.append(f"{row.name} {text}")
        left += max(wide + deep, 8) + 5.5
    place.set(xlim=(-2, left - 3), ylim=(-25, 20), aspect="equal")
    place.set_axis_off()
    figure.alt = _("Boxes from left to right: {list}.").format(list=", ".join(described))
    return figure


def _box(place, left, height, width, deep, colour):
    bottom, top, up = -height / 2, height / 2, 0.35 * deep
    front = [(left, bottom), (left + width, bottom), (left + width, top), (left, top)]
    side = [
        (left + width, bottom),
        (left + width + deep, bottom + up),
        (left + width + deep, top + up),
        (left + width, top),
    ]
    lid = [(left, top), (left + width, top), (left + width + deep, top + up), (left + deep, top + up)]
    for corners, strength in ((front, 0.85), (side, 0.6), (lid, 0.4)):
        place.add_patch(Polygon(corners, facecolor=colour, alpha=strength, edgecolor=INK, linewidth=0.7))


def costs(rows=None):
    """Where the parameters of a network are, and where its multiply-adds: two bars, cut into layers.

    Parameters
    ----------
    rows : list of lenet.Row, optional
        `lenet.table()` when left out.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> costs().alt.split(". ")[1:]
    ['Parameters: conv1 0.0 %, conv2 2.0 %, fc3 97.6 %, fc4 0.4 %', 'Multiply-adds: conv1 6.0 %, conv2 75.1 %, ...']
    """
    rows = [row for row in rows or lenet.table() if row.parameters]
    figure, axes = new_figure(9.6, 2.1)
    place, described = axes[0, 0], []
    bars = (
        (_("parameters"), [row.parameters for row in rows]),
        (_("multiply-adds"), [row.multiply_adds for row in rows]),
    )
    for line, (name, numbers) in enumerate(bars):
        left, shares = 0.0, [100 * number / sum(numbers) for number in numbers]
        for row, share in zip(rows, shares, strict=True):
            colour = COLOURS[row.name.rstrip("0123456789")]
            place.barh(line, share, left=left, color=colour, edgecolor="white", height=0.7)
            if share > 4:
                text = f"{row.name}  {share:.1f} %" if share > 9 else row.name
                ink = INK if colour == ORANGE else "white"
                size = 12 if share > 9 else 10
                place.text(left + share / 2, line, text, ha="center", va="center", color=ink, fontsize=size)
            left += share
        list_ = ", ".join(f"{row.name} {share:.1f} %" for row, share in zip(rows, shares, strict=True))
        described.append(f"{name[0].upper()}{name[1:]}: {list_}")
    place.set(yticks=[0, 1], yticklabels=[name for name, _numbers in bars], xlim=(0, 100), xticks=[0, 25, 50, 75, 100])
    place.set_xlabel(_("share of the whole network, %"))
    place.tick_params(axis="y", length=0, labelcolor=INK)
    place.invert_yaxis()
    figure.alt = _("Two bars. {parameters}. {adds}.").format(parameters=described[0], adds=described[1])
    return figure


def digits(pictures, captions=None, columns=10, marked=()):
    """Many digits in rows, with a line above each.

    Parameters
    ----------
    pictures : array_like of shape (K, M, N)
    captions : sequence, length K, optional
    columns : int
    marked : sequence of int
        Pictures whose caption is written in red.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    TypeError, ValueError
        If there are no pictures, or not one caption for each.

    Examples
    --------
    >>> digits(np.zeros((2, 28, 28)), [7, "1 for 7"]).alt
    '2 pictures of digits: 7, 1 for 7.'
    """
    pictures = validate.array(pictures, "pictures", axes=3)
    captions = [""] * len(pictures) if captions is None else [str(caption) for caption in captions]
    if len(captions) != len(pictures):
        raise ValueError(f"there are {len(pictures)} pictures and {len(captions)} captions; give one caption a picture")
    columns = min(len(pictures), validate.whole(columns, "columns"))
    rows, above = -(-len(pictures) // columns), 0.34 if any(captions) else 0.06
    side = min(2.0, 10.4 / columns)
    figure, axes = new_figure(columns * side, rows * (side + above), rows=rows, columns=columns)
    for index, place in enumerate(axes.flat):
        place.set_axis_off()
        if index < len(pictures):
            place.imshow(pictures[index], cmap="gray", vmin=0, vmax=255, interpolation="nearest")
            place.set_title(captions[index], fontsize=12, color=RED if index in marked else INK)
    named = ": " + ", ".join(captions) if any(captions) else ""
    figure.alt = _("{count} pictures of digits{captions}.").format(count=len(pictures), captions=named)
    return figure


def kernels(conv, columns=10):
    """The kernels of a layer that sees one channel, all with the same colours: white at zero.

    Parameters
    ----------
    conv : array_like of shape (R, C, 1, K) or (R, C, K)
    columns : int
        Kernels in a row.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> kernels(np.ones((5, 5, 1, 20))).alt
    '20 kernels of 5 × 5 numbers from 1.00 to 1.00, negative blue, zero white, positive red.'
    """
    conv = validate.array(conv, "conv", axes=(3, 4))
    conv = conv[:, :, 0] if conv.ndim == 4 else conv
    reach, count = float(np.abs(conv).max()), conv.shape[2]
    rows = -(-count // columns)
    figure, axes = new_figure(10.4, 1.3 * rows, rows=rows, columns=columns)
    blank = [[""] * conv.shape[1]] * conv.shape[0]
    for k, place in enumerate(axes.flat):
        if k < count:
            draw(place, Grid(conv[:, :, k], str(k), "signed", high=reach, texts=blank))
        else:
            place.set_axis_off()
    text = _(
        "{count} kernels of {rows} × {columns} numbers from {low:.2f} to {high:.2f}, "
        "negative blue, zero white, positive red."
    )
    figure.alt = text.format(count=count, rows=conv.shape[0], columns=conv.shape[1], low=conv.min(), high=conv.max())
    return figure


def maps(seen, names=("act1", "pool1", "act2", "pool2")):
    """Every map of some layers, for one picture: the brighter, the larger the number.

    Parameters
    ----------
    seen : dict of str to ndarray of shape (1, M, N, K)
        What the layers answered, as from `lenet.forward`.
    names : sequence of str
        Which layers.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> maps({"act1": np.ones((1, 4, 4, 20))}, ["act1"]).alt
    'Maps of one picture: act1, 20 of 4 × 4, at most 1.00.'
    """
    grids, described = [], []
    for name in names:
        answer = validate.array(seen[name], name, axes=4)[0]
        top = float(max(answer.max(), 1e-9))
        rows, columns, count = answer.shape
        title = _("{name}: {count} maps of {rows} × {columns}").format(
            name=name, count=count, rows=rows, columns=columns
        )
        grids.append(Grid(mosaic(answer, edge=EDGE * top), title, low=min(0.0, float(answer.min())), high=top))
        text = _("{name}, {count} of {rows} × {columns}, at most {top:.2f}")
        described.append(text.format(name=name, count=count, rows=rows, columns=columns, top=answer.max()))
    lines, width = -(-len(grids) // 2), WIDE / min(2, len(grids))
    # Each line as high as its mosaics need, and room for a title.
    heights = [
        0.4 + width * max(np.divide(*grid.values.shape) for grid in grids[k : k + 2]) for k in range(0, len(grids), 2)
    ]
    figure, axes = new_figure(WIDE, sum(heights), rows=lines, columns=min(2, len(grids)), height_ratios=heights)
    for place in axes.flat[len(grids) :]:
        place.set_axis_off()
    for place, grid in zip(axes.flat, grids, strict=False):
        draw(place, grid)
    figure.alt = _("Maps of one picture: {list}.").format(list="; ".join(described))
    return figure


def confusion(matrix, trained_here=False, classes=None):
    """How often each class was taken for each; what is wrong is coloured, what is right is only counted.

    Parameters
    ----------
    matrix : array_like of int, shape (C, C)
        Rows are what it is, columns what was answered, as from `lenet.confusion`.
    trained_here : bool
        The network learned on this machine, and on another one a few digits would be read in another way: the text
        that is compared leaves the counts out.
    classes : sequence of str, optional
        Their names; 0, 1, 2 ... when left out, as digits have.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    TypeError, ValueError
        If it is no matrix, or there are not as many names as rows.

    Examples
    --------
    >>> confusion([[5, 1], [0, 7]]).alt.split(": ")[1]
    '12 right on the diagonal, 1 wrong; most often 0 was read as 1, 1 times.'
    """
    matrix = validate.array(matrix, "matrix", axes=2)
    wrong = matrix - np.diag(np.diag(matrix))
    count, (row, column) = len(matrix), np.unravel_index(wrong.argmax(), wrong.shape)
    names = [str(k) for k in range(count)] if classes is None else validate.sequence(classes, "classes", count)
    figure, axes = new_figure(6.2, 5.6) if classes is None else new_figure(2.4 + 0.95 * count, 1.3 + 0.85 * count)
    place = axes[0, 0]
    texts = [[str(number) if number else "·" for number in line] for line in matrix]
    draw(place, Grid(wrong, "", "signed", high=max(1, wrong.max()), texts=texts))
    for k in range(count):
        place.add_patch(Rectangle((k - 0.5, k - 0.5), 1, 1, facecolor=GREEN, alpha=0.25, edgecolor="none"))
    place.set(xticks=range(count), yticks=range(count), xlabel=_("answered"), ylabel=_("what it is"))
    place.xaxis.tick_top()
    long = max(map(len, names)) > 9
    place.set_xticklabels(names, rotation=40 if long else 0, ha="left" if long else "center")
    place.set_yticklabels(names)
    place.xaxis.labelpad = 4 if classes is None else 10
    place.xaxis.set_label_position("top")
    place.tick_params(length=0, labelcolor=INK)
    text = _(
        "A table of {count} rows (what it is) and {count} columns (what was answered): {right} right on the diagonal, "
        "{wrong} wrong; most often {row} was read as {column}, {most} times."
    )
    figure.alt = text.format(
        count=count, right=int(np.trace(matrix)), wrong=int(wrong.sum()), row=names[row], column=names[column],
        most=int(wrong.max()),
    )  # fmt: skip
    if trained_here:
        text = _("A table of {count} rows (what it is) and {count} columns (what was answered), counted from answers.")
        figure.steady = text.format(count=count)
    return figure


def drivers(picture, fallen, slopes, digit):
    """A digit, how far its probability falls when a square is covered, and how its score grows with each pixel.

    Parameters
    ----------
    picture : array_like of shape (M, N)
    fallen : array_like of shape (M, N)
        As from `lenet.occlusion`.
    slopes : array_like of shape (M, N)
        As from `keras_models.lenet.slopes`.
    digit : int

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> len(drivers(np.zeros((28, 28)), np.eye(28), np.eye(28), 3).axes)
    3
    """
    fallen, slopes = validate.array(fallen, "fallen", axes=2), validate.array(slopes, "slopes", axes=2)
    figure = side_by_side(
        [
            Grid(picture, _("the digit"), low=0, high=255),
            Grid(fallen, _("covered: how far {digit} falls").format(digit=digit), "signed"),
            Grid(slopes, _("more ink: how {digit} grows").format(digit=digit), "signed"),
        ]
    )
    row, column = np.unravel_index(fallen.argmax(), fallen.shape)
    text = _(
        "A {digit}; a map of how far its probability falls when a square around each pixel is covered, at most "
        "{most:.2f} at row {row}, column {column}; a map of how its score grows with ink, red for and blue against it."
    )
    figure.alt = text.format(digit=digit, most=fallen.max(), row=int(row), column=int(column))
    return figure


def compared(names, accuracies):
    """Networks beside each other: one dot a run, a line at the mean.

    Parameters
    ----------
    names : sequence of str
        As `named` knows them.
    accuracies : array_like of shape (len(names), runs)
        Of digits never seen, 0..1.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> compared(["linear", "lenet5"], [[0.9, 0.92], [0.98, 0.99]]).alt.split(": ")[1]
    'linear classifier 9.0 (8.0 to 10.0), LeNet-5 (1998) 1.5 (1.0 to 2.0).'
    """
    errors = 100 * (1 - validate.array(accuracies, "accuracies", axes=2))
    if len(names) != len(errors):
        raise ValueError(f"{len(names)} names and {len(errors)} rows of accuracies; give one row a name")
    figure, axes = new_figure(9.6, 0.46 * len(names) + 0.9)
    place, described = axes[0, 0], []
    for line, (name, runs) in enumerate(zip(names, errors, strict=True)):
        place.plot(runs, [line] * len(runs), "o", color=BLUE, alpha=0.55, markersize=8)
        place.plot([runs.mean()] * 2, [line - 0.3, line + 0.3], color=ORANGE, linewidth=3)
        place.text(runs.max() * 1.07, line, f"{runs.mean():.1f} %", va="center")
        described.append(f"{named(name)} {runs.mean():.1f} ({runs.min():.1f} to {runs.max():.1f})")
    ticks = [tick for tick in (0.5, 1, 2, 5, 10, 20) if errors.min() / 1.6 < tick < errors.max() * 1.8]
    place.set_xscale("log")
    place.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    place.set_xticks([], minor=True)
    place.set(xlim=(max(0.2, errors.min() / 1.4), errors.max() * 1.6), ylim=(len(names) - 0.4, -0.6))
    place.set(
        yticks=range(len(names)),
        yticklabels=[named(name) for name in names],
        xlabel=_("errors, % of digits never seen (each line about twice the last)"),
    )
    place.tick_params(length=0, labelcolor=INK)
    place.grid(axis="x", color=GREY, alpha=0.25)
    text = _("Errors of {count} networks in {runs} runs each, in percent: {list}.")
    figure.alt = text.format(count=len(names), runs=errors.shape[1], list=", ".join(described))
    return figure


def shifted(pixels, accuracies):
    """Accuracy over how far the digits were moved away from the middle.

    Parameters
    ----------
    pixels : array_like of shape (K,)
    accuracies : dict of str to array_like of shape (K,)
        Names of `NAMES`, such as "moved" and "centred".

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> shifted([0, 4], {"moved": [0.99, 0.5]}).alt
    'Curves of accuracy over the pixels that the digits were moved, 0 to 4: as they are from 0.99 to 0.50.'
    """
    text = _("Curves of accuracy over the pixels that the digits were moved, {first} to {last}: {list}.")
    return _lines(pixels, accuracies, _("pixels moved"), _("accuracy"), text)


def progress(accuracies):
    """How well several networks did after each epoch.

    Parameters
    ----------
    accuracies : dict of str to array_like of shape (epochs,)
        Names of `NAMES`, such as "relu" and "tanh".

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> progress({"relu": [0.9, 0.98], "tanh": [0.8, 0.97]}).alt
    'Curves of accuracy over epochs, 1 to 2: LeNet with ReLU from 0.90 to 0.98; LeNet with tanh from 0.80 to 0.97.'
    """
    epochs = np.arange(1, max(len(numbers) for numbers in accuracies.values()) + 1)
    text = _("Curves of accuracy over epochs, {first} to {last}: {list}.")
    return _lines(epochs, accuracies, _("epoch"), _("accuracy"), text)


def _lines(x, series, xlabel, ylabel, text):
    x = validate.array(x, "x", axes=1)
    figure, axes = new_figure(8, 3.2)
    place, described = axes[0, 0], []
    for (key, numbers), colour in zip(series.items(), SERIES, strict=False):
        name, numbers = named(key), validate.array(numbers, key, axes=1)
        place.plot(x[: len(numbers)], numbers, marker="o", color=colour, linewidth=2, label=name)
        entry = _("{name} from {first:.2f} to {last:.2f}")
        described.append(entry.format(name=name, first=numbers[0], last=numbers[-1]))
    place.set(xlabel=xlabel, ylabel=ylabel, xticks=x)
    place.tick_params(length=0)
    place.grid(axis="y", color=GREY, alpha=0.25)
    place.legend(frameon=False)
    figure.alt = text.format(first=x[0], last=x[-1], list="; ".join(described))
    return figure
