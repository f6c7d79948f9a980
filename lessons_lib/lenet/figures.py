"""Lesson 6's pictures: the network as volumes, its kernels and maps, its mistakes, and networks beside each other.

Each takes arrays, or rows of `lenet.layer_table`, and returns a `plots.Picture` with its description in `alt`; it
raises a ValueError where they do not fit together.
"""

import numpy as np
from matplotlib.patches import Polygon, Rectangle

from lessons_lib import lenet
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import size_text
from lessons_lib.plots.gallery import gallery
from lessons_lib.plots.grid import Grid, draw, mosaic, side_by_side
from lessons_lib.plots.style import BLUE, GREEN, GREY, INK, ORANGE, PINK, SERIES, SKY, new_figure

EDGE = 0.35  # of the largest number: the grey of the lines between maps
WIDE = 9.4  # inches of all maps together: the two rows of a LeNet fit a laptop's screen
COLOURS = {"input": GREY, "conv": BLUE, "act": SKY, "pool": GREEN, "fc": ORANGE, "softmax": PINK}


def label_of(key):
    """The words for a network or a curve that the code calls by a short name; the name itself where there are none.

    >>> label_of("no-pooling")
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

    >>> volumes().alt[:60]
    'Boxes from left to right: input 28 × 28 × 1, conv1 28 × 28 ×'
    """
    shown = [row for row in rows or lenet.layer_table() if not row.name.startswith("act")]
    figure, axs = new_figure(11.5, 3.3)
    ax, left, texts = axs[0, 0], 0.0, []
    for row in shown:
        height, width, depth = row.shape if len(row.shape) == 3 else (row.shape[0] ** 0.56, 3, 0)
        wide, deep, size = 0.5 * width, 0.28 * depth, size_text(*row.shape)
        _box(ax, left, height, wide, deep, COLOURS[row.name.rstrip("0123456789")])
        ax.text(left + (wide + deep) / 2, -height / 2 - 2.5, f"{row.name}\n{size}", ha="center", va="top", fontsize=11)
        texts.append(f"{row.name} {size}")
        left += max(wide + deep, 8) + 5.5
    ax.set(xlim=(-2, left - 3), ylim=(-25, 20), aspect="equal")
    ax.set_axis_off()
    figure.alt = _("Boxes from left to right: {list}.").format(list=", ".join(texts))
    return figure


def _box(ax, left, height, width, deep, colour):
    """A box seen from the front, a little from the right and from above."""
    bottom, top, right, up = -height / 2, height / 2, left + width, 0.35 * deep
    front = [(left, bottom), (right, bottom), (right, top), (left, top)]
    side = [(right, bottom), (right + deep, bottom + up), (right + deep, top + up), (right, top)]
    lid = [(left, top), (right, top), (right + deep, top + up), (left + deep, top + up)]
    for corners, alpha in ((front, 0.85), (side, 0.6), (lid, 0.4)):
        ax.add_patch(Polygon(corners, facecolor=colour, alpha=alpha, edgecolor=INK, linewidth=0.7))


def costs(rows=None):
    """Where the parameters of a network are, and where its multiply-adds: two bars, cut into layers.

    >>> costs().alt.split(". ")[1:]
    ['Parameters: conv1 0.0 %, conv2 2.0 %, fc3 97.6 %, fc4 0.4 %', 'Multiply-adds: conv1 6.0 %, conv2 75.1 %, ...']
    """
    rows = [row for row in rows or lenet.layer_table() if row.parameters]
    figure, axs = new_figure(9.6, 2.1)
    ax, texts = axs[0, 0], []
    quantities = {
        _("parameters"): [row.parameters for row in rows],
        _("multiply-adds"): [row.multiply_adds for row in rows],
    }
    for line, (quantity, counts) in enumerate(quantities.items()):
        left, shares = 0.0, [100 * count / sum(counts) for count in counts]
        for row, share in zip(rows, shares, strict=True):
            colour = COLOURS[row.name.rstrip("0123456789")]
            ax.barh(line, share, left=left, color=colour, edgecolor="white", height=0.7)
            if share > 4:
                text, size = (f"{row.name}  {share:.1f} %", 12) if share > 9 else (row.name, 10)
                ink = INK if colour == ORANGE else "white"
                ax.text(left + share / 2, line, text, ha="center", va="center", color=ink, fontsize=size)
            left += share
        parts = ", ".join(f"{row.name} {share:.1f} %" for row, share in zip(rows, shares, strict=True))
        texts.append(f"{quantity[0].upper()}{quantity[1:]}: {parts}")
    ax.set(yticks=[0, 1], yticklabels=list(quantities), xlim=(0, 100), xticks=[0, 25, 50, 75, 100])
    ax.set_xlabel(_("share of the whole network, %"))
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    ax.invert_yaxis()
    figure.alt = _("Two bars. {parameters}. {adds}.").format(parameters=texts[0], adds=texts[1])
    return figure


def digits(pictures, titles=(), columns=10, trained_here=False):
    """Digits (B, M, N) in 0..255 in rows, with a title above each.

    `trained_here`: which ones they are differs on each machine, so the text that is compared leaves that out.

    >>> digits(np.zeros((2, 28, 28)), [7, "1 for 7"]).alt
    '2 pictures of digits: 7, 1 for 7.'
    """
    figure = gallery(pictures, titles, columns, low=0, high=255)
    list_ = ": " + ", ".join(map(str, titles)) if len(titles) else ""
    figure.alt = _("{count} pictures of digits{titles}.").format(count=len(pictures), titles=list_)
    if trained_here:
        figure.steady = _("Pictures of digits, with what each is and what was answered.")
    return figure


def kernels(conv, columns=10):
    """The kernels (R, C, 1, K) of a layer that sees one channel, all with the same colours: white at zero.

    >>> kernels(np.ones((5, 5, 1, 20))).alt
    '20 kernels of 5 × 5 numbers from 1.00 to 1.00, negative blue, zero white, positive red.'
    """
    conv = validate.array(conv, "conv", axes=4)
    rows, cols, _depth, count = conv.shape
    figure = gallery(np.moveaxis(conv[:, :, 0], -1, 0), range(count), columns, colours="signed")
    text = _("{count} kernels of {size} numbers from {low:.2f} to {high:.2f}, negative blue, zero white, positive red.")
    figure.alt = text.format(count=count, size=size_text(rows, cols), low=conv.min(), high=conv.max())
    return figure


def maps(outputs, names=("act1", "pool1", "act2", "pool2")):
    """Every map of some layers for one picture, as from `lenet.forward`: the brighter, the larger the number.

    >>> maps({"act1": np.ones((1, 4, 4, 20))}, ["act1"]).alt
    'Maps of one picture: act1, 20 of 4 × 4, at most 1.00.'
    """
    grids, texts = [], []
    for name in names:
        output = validate.array(outputs[name], name, axes=4)[0]
        top = float(max(output.max(), 1e-9))
        words = {"name": name, "count": output.shape[2], "size": size_text(*output.shape[:2]), "top": output.max()}
        title = _("{name}: {count} maps of {size}").format(**words)
        grids.append(Grid(mosaic(output, edge=EDGE * top), title, low=min(0.0, float(output.min())), high=top))
        texts.append(_("{name}, {count} of {size}, at most {top:.2f}").format(**words))
    columns = min(2, len(grids))
    # Each row as high as its mosaics need, and room for a title.
    tall = [np.divide(*grid.values.shape) for grid in grids]
    heights = [0.4 + WIDE / columns * max(tall[k : k + columns]) for k in range(0, len(grids), columns)]
    figure, axs = new_figure(WIDE, sum(heights), rows=len(heights), columns=columns, height_ratios=heights)
    for ax in axs.flat[len(grids) :]:
        ax.set_axis_off()
    for ax, grid in zip(axs.flat, grids, strict=False):
        draw(ax, grid)
    figure.alt = _("Maps of one picture: {list}.").format(list="; ".join(texts))
    return figure


def pushed_map(before, after):
    """One map of pool2 (M, N) of a digit, and of the digit after a push of 4 pixels: what only moves is framed.

    >>> figure = pushed_map(np.eye(7), np.eye(7))
    >>> figure.alt[:71], figure.steady
    ('Two maps of 7 × 7 numbers; the framed 4 × 4 of the one before the push ', 'Two maps with numbers, before and ...')
    """
    maps = {_("before the push"): before, _("after the push"): after}
    top = max(1e-9, *(validate.array(one, "a map", axes=2).max() for one in maps.values()))
    # The zeros around the picture change the numbers at the border.
    rows, columns = (side - 3 for side in np.shape(before))
    figure = side_by_side(
        [
            Grid(one, title, low=0, high=top, decimals=1, window=(place, place, rows, columns))
            for place, (title, one) in enumerate(maps.items(), start=1)
        ]
    )
    text = _(
        "Two maps of {size} numbers; the framed {inner} of the one before the push stand one cell lower and one cell "
        "further right after it. The largest number is {top:.1f}."
    )
    figure.alt = text.format(size=size_text(*np.shape(before)), inner=size_text(rows, columns), top=top)
    # Which numbers they are differs on each machine.
    figure.steady = _("Two maps with numbers, before and after the push.")
    return figure


def confusion(matrix, trained_here=False, classes=None):
    """A confusion matrix, as from `lenet.confusion`, with the mistakes coloured; `classes` are the classes' names.

    `trained_here`: the counts differ a little on each machine, so the text that is compared leaves them out.

    >>> confusion([[5, 1], [0, 7]]).alt.split(": ")[1]
    '12 right on the diagonal, 1 wrong; most often 0 was read as 1, 1 times.'
    """
    matrix = validate.array(matrix, "matrix", axes=2)
    wrong = matrix - np.diag(np.diag(matrix))
    count, (row, column) = len(matrix), np.unravel_index(wrong.argmax(), wrong.shape)
    names = [str(k) for k in range(count)] if classes is None else validate.sequence(classes, "classes", count)
    figure, axs = new_figure(6.2, 5.6) if classes is None else new_figure(2.4 + 0.95 * count, 1.3 + 0.85 * count)
    ax = axs[0, 0]
    texts = [[str(number) if number else "·" for number in line] for line in matrix]
    draw(ax, Grid(wrong, "", "signed", high=max(1, wrong.max()), texts=texts))
    for k in range(count):
        ax.add_patch(Rectangle((k - 0.5, k - 0.5), 1, 1, facecolor=GREEN, alpha=0.25, edgecolor="none"))
    ax.set(xticks=range(count), yticks=range(count), xlabel=_("answered"), ylabel=_("what it is"))
    ax.xaxis.tick_top()
    long = max(map(len, names)) > 9
    ax.set_xticklabels(names, rotation=40 if long else 0, ha="left" if long else "center")
    ax.set_yticklabels(names)
    ax.xaxis.labelpad = 4 if classes is None else 10
    ax.xaxis.set_label_position("top")
    ax.tick_params(length=0, labelcolor=INK)
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


def attributions(picture, falls, gradients, digit):
    """A digit beside its `lenet.occlusion_map` and its `keras_models.lenet.gradients`.

    >>> len(attributions(np.zeros((28, 28)), np.eye(28), np.eye(28), 3).axes)
    3
    """
    falls, gradients = validate.array(falls, "falls", axes=2), validate.array(gradients, "gradients", axes=2)
    figure = side_by_side(
        [
            Grid(picture, _("the digit"), low=0, high=255),
            Grid(falls, _("covered: how far {digit} falls").format(digit=digit), "signed"),
            Grid(gradients, _("more ink: how {digit} grows").format(digit=digit), "signed"),
        ]
    )
    row, column = np.unravel_index(falls.argmax(), falls.shape)
    text = _(
        "A {digit}; a map of how far its probability falls when a square around each pixel is covered, at most "
        "{most:.2f} at row {row}, column {column}; a map of how its score grows with ink, red for and blue against it."
    )
    figure.alt = text.format(digit=digit, most=falls.max(), row=int(row), column=int(column))
    return figure


def errors_by_network(names, accuracies):
    """Networks beside each other by their errors on the test digits: one dot a run, a line at the mean.

    >>> errors_by_network(["linear", "lenet5"], [[0.9, 0.92], [0.98, 0.99]]).alt.split(": ")[1]
    'linear classifier 9.0 (8.0 to 10.0), LeNet-5 (1998) 1.5 (1.0 to 2.0).'
    """
    errors = 100 * (1 - validate.array(accuracies, "accuracies", axes=2))
    if len(names) != len(errors):
        raise ValueError(f"{len(names)} names and {len(errors)} rows of accuracies; give one row a name")
    figure, axs = new_figure(9.6, 0.46 * len(names) + 0.9)
    ax, labels, texts = axs[0, 0], [label_of(name) for name in names], []
    for line, (label, runs) in enumerate(zip(labels, errors, strict=True)):
        ax.plot(runs, [line] * len(runs), "o", color=BLUE, alpha=0.55, markersize=8)
        ax.plot([runs.mean()] * 2, [line - 0.3, line + 0.3], color=ORANGE, linewidth=3)
        ax.text(runs.max() * 1.07, line, f"{runs.mean():.1f} %", va="center")
        texts.append(f"{label} {runs.mean():.1f} ({runs.min():.1f} to {runs.max():.1f})")
    ticks = [tick for tick in (0.5, 1, 2, 5, 10, 20) if errors.min() / 1.6 < tick < errors.max() * 1.8]
    ax.set_xscale("log")
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.set_xticks([], minor=True)
    ax.set(xlim=(max(0.2, errors.min() / 1.4), errors.max() * 1.6), ylim=(len(names) - 0.4, -0.6))
    ax.set(yticks=range(len(names)), yticklabels=labels)
    ax.set_xlabel(_("errors on test digits, % (each line about twice the last)"))
    ax.tick_params(length=0, labelcolor=INK)
    ax.grid(axis="x", color=GREY, alpha=0.25)
    text = _("Errors of {count} networks in {runs} runs each, in percent: {list}.")
    figure.alt = text.format(count=len(names), runs=errors.shape[1], list=", ".join(texts))
    return figure


def accuracy_by_shift(pixels, accuracies):
    """Accuracy over how many pixels the digits were moved: one curve for each name that `label_of` knows.

    >>> accuracy_by_shift([0, 4], {"moved": [0.99, 0.5]}).alt
    'Curves of accuracy over the pixels that the digits were moved, 0 to 4: as they are from 0.99 to 0.50.'
    """
    figure, axs = new_figure(8, 3.2)
    ax, texts = axs[0, 0], []
    for (name, values), colour in zip(accuracies.items(), SERIES, strict=False):
        ax.plot(pixels, values, marker="o", color=colour, linewidth=2, label=label_of(name))
        text = _("{name} from {first:.2f} to {last:.2f}")
        texts.append(text.format(name=label_of(name), first=values[0], last=values[-1]))
    ax.set(xlabel=_("pixels moved"), ylabel=_("accuracy"), xticks=pixels)
    ax.tick_params(length=0)
    ax.grid(axis="y", color=GREY, alpha=0.25)
    ax.legend(frameon=False)
    text = _("Curves of accuracy over the pixels that the digits were moved, {first} to {last}: {list}.")
    figure.alt = text.format(first=pixels[0], last=pixels[-1], list="; ".join(texts))
    return figure
