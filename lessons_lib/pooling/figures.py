"""Lesson 5's pictures: activations, pooling, probabilities, gradient descent, other data.

Each function takes arrays and texts and returns a matplotlib Figure, whose `alt` says what it shows; a wrong argument
raises a TypeError or ValueError that says what came.
"""

import numpy as np
from matplotlib.patches import Rectangle

from lessons_lib import pooling
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import size_text
from lessons_lib.plots.chart import Bar, Chart, Frame, Line, Words, ticks
from lessons_lib.plots.grid import Grid, draw, number
from lessons_lib.plots.style import BLUE, COLOURMAPS, GREEN, GREY, INK, ORANGE, PINK, RED, SERIES, SKY, new_figure
from lessons_lib.pooling import backprop

# A score is blue below zero and red above.
SCORE = {"colours": "signed", "low": -1, "high": 1}
# With these ends of the grey ramp every value from 0 on is white: a grid of bare numbers.
BARE = {"low": -2, "high": -1}
TINTS = [SKY, ORANGE, PINK, GREEN]
LOSSES = [0.01, 0.1, 1, 10, 100, 1000]  # the ticks of `loss_by_rate`; losses outside of them are not shown


def _row_text(values, decimals=2):
    return " ".join(number(value, decimals) for value in values)


# --- Activations, pooling, probabilities


def activations():
    """ReLU, tanh and sigmoid, and the slope of each of them.

    >>> len(activations().axes)
    2
    """
    x = np.linspace(-5, 5, 401)
    figure, axs = new_figure(9.5, 3.6, columns=2)
    curves, slopes = axs[0]
    for (name, (curve, derivative)), colour in zip(backprop.ACTIVATIONS.items(), SERIES, strict=False):
        curves.plot(x, curve(x), color=colour, linewidth=2.5, label=name)
        slopes.plot(x, derivative(curve(x)), color=colour, linewidth=2.5, label=name)
    curves.set(title=_("what comes out"), xlabel=_("what goes in"), ylim=(-1.3, 3.2))
    slopes.set(title=_("how steep it is there"), xlabel=_("what goes in"), ylim=(-0.05, 1.1), yticks=[0, 0.25, 0.5, 1])
    for ax in (curves, slopes):
        ax.axhline(0, color=GREY, linewidth=0.8, zorder=0)
        ax.axvline(0, color=GREY, linewidth=0.8, zorder=0)
    curves.legend(frameon=False)
    figure.alt = _(
        "Left, three curves: ReLU is 0 up to 0 and then a straight line; tanh bends from -1 to 1; sigmoid from 0 to 1. "
        "Right, how steep they are: ReLU 0 or 1, however far out; tanh at most 1 and sigmoid at most 0.25, both only "
        "near 0."
    )
    return figure


def pooling_windows(picture, size=2, stride=None):
    """A small picture of shape (M, N) with its windows in colours, and the results of max and of average pooling.

    >>> pooling_windows(np.arange(16).reshape(4, 4)).alt.split("; ")[2]
    'the means: 2.50 4.50, 10.50 12.50.'
    """
    picture = validate.array(picture, "picture", axes=2)
    largest, means = pooling.max_pool(picture, size, stride), pooling.mean_pool(picture, size, stride)
    grids = [
        Grid(picture, _("a map"), **BARE),
        Grid(largest, _("max pooling"), **BARE),
        Grid(means, _("average pooling"), texts=[[f"{mean:g}" for mean in row] for row in means], **BARE),
    ]
    figure, axs = new_figure(9.5, 3.9, columns=3, width_ratios=[2, 1.2, 1.2])
    step = size if stride is None else stride
    for ax, grid in zip(axs[0], grids, strict=True):
        draw(ax, grid)
        for row, column in np.ndindex(largest.shape):
            colour = TINTS[(2 * row + column) % 4]
            side, corner = (size, (column * step, row * step)) if grid is grids[0] else (1, (column, row))
            corner = corner[0] - 0.5, corner[1] - 0.5
            ax.add_patch(Rectangle(corner, side, side, facecolor=colour, alpha=0.35, edgecolor="none"))
            ax.add_patch(Rectangle(corner, side, side, fill=False, edgecolor=GREY, linewidth=2.5))
    text = _(
        "A map of {rows} × {columns} numbers, its windows of {size} × {size} in colours; "
        "the largest number of each: {largest}; the means: {means}."
    )
    values = [", ".join(_row_text(row, 2 * int(np.any(x % 1))) for row in x) for x in (largest, means)]
    rows, columns = picture.shape
    figure.alt = text.format(rows=rows, columns=columns, size=size, largest=values[0], means=values[1])
    return figure


def overlap_by_shift(shifts, overlaps, others):
    """How much of the maps stays the same when letters are moved by so many pixels, and how much an X has of an O.

    `overlaps` has a curve for each name, and `others` the overlap of an X with an O, a dashed line.

    >>> overlap_by_shift([0, 1], {"maps": [1, 0.25]}, {"maps": 0.5}).alt
    'Curves of overlap, letters moved by 0 to 1 pixels; by one, and in brackets X with O: maps 0.25 (0.50).'
    """
    figure, axs = new_figure(8.5, 4.2)
    ax = axs[0, 0]
    for (name, values), colour in zip(overlaps.items(), SERIES, strict=False):
        ax.plot(shifts, values, "o-", color=colour, linewidth=2.5, label=name)
        ax.axhline(others[name], color=colour, linewidth=1.5, linestyle="--")
    ax.set(xlabel=_("moved to the right, pixels"), ylabel=_("overlap"), xticks=list(shifts), ylim=(0, 1.05))
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1), title=_("dashed: X with O"))
    text = _(
        "Curves of overlap, letters moved by {first} to {last} pixels; by one, and in brackets X with O: {values}."
    )
    one = list(shifts).index(1)
    values = ", ".join(f"{name} {values[one]:.2f} ({others[name]:.2f})" for name, values in overlaps.items())
    figure.alt = text.format(first=shifts[0], last=shifts[-1], values=values)
    return figure


def two_stages(letter, title=""):
    """A letter of shape (9, 9) in the two stages of `pooling.two_stages`: maps, pooled maps, twelve numbers.

    >>> from lessons_lib import matching
    >>> len(two_stages(matching.letter("X")).axes)
    14
    """
    letter = validate.array(letter, "letter", axes=2)
    x = letter[np.newaxis, ..., np.newaxis]
    first = pooling.conv_relu_pool(x, pooling.FIRST_KERNELS, 1, 1, padding=1)
    first_pooled = pooling.max_pool(first, 3, 2)
    second = pooling.conv_relu_pool(first_pooled, pooling.SECOND_KERNELS, 1, 1)
    second_pooled = pooling.max_pool(second, 2, 2)
    convolution, pool = _("{side} × {side}, padding {padding},\nReLU"), _("max pooling\nF = {size}, S = {stride}")
    stages = [
        (first, convolution.format(side=3, padding=1)), (first_pooled, pool.format(size=3, stride=2)),
        (second, convolution.format(side=1, padding=0)), (second_pooled, pool.format(size=2, stride=2)),
    ]  # fmt: skip
    figure, axs = new_figure(11.5, 6.4, rows=3, columns=6, width_ratios=[1.2, 1, 1, 1, 1, 0.42])
    grid = axs[0, 0].get_gridspec()
    for ax in (*axs[:, 0], *axs[:, 5]):
        ax.remove()
    whole, vector = (figure.add_subplot(grid[:, column]) for column in (0, 5))
    draw(whole, Grid(letter, f"{title} 9 × 9".strip(), texts=[[""] * 9] * 9, low=-1, high=1))
    for column, (maps, name) in enumerate(stages, start=1):
        rows, columns, depth = maps.shape[1:]
        blank = [[""] * columns] * rows if rows == 9 else None
        for k in range(depth):
            title = f"{name}\n{size_text(rows, columns, depth)}" if k == 0 else ""
            draw(axs[k, column], Grid(maps[0, :, :, k], title, texts=blank, decimals=2, **SCORE))
    draw(vector, Grid(second_pooled.reshape(12, 1), _("vector"), decimals=2, **SCORE))
    text = _(
        "A letter of 9 × 9 pixels goes to the right through two stages: three maps of 9 × 9, with kernels of 3 × 3 and "
        "padding 1, pooled to 4 × 4 with F = 3 and S = 2; three maps of 4 × 4, with kernels of 1 × 1, pooled to 2 × 2 "
        "with F = 2 and S = 2; these make a vector of 12 numbers, {values}."
    )
    figure.alt = text.format(values=_row_text(second_pooled.ravel()))
    return figure


def probability_bars(names, probabilities):
    """A Chart of probabilities as bars, a row for each class.

    >>> probability_bars(["X", "O"], [0.73, 0.27]).alt
    'A row of bars: X 0.73, O 0.27.'
    """
    if len(names) != len(probabilities):
        raise ValueError(f"{len(names)} names and {len(probabilities)} probabilities; give as many of each")
    texts = [number(probability, 2) for probability in probabilities]
    rows = zip(names, probabilities, texts, strict=True)
    bars = [Bar(row, length, BLUE, name, text, 0.7) for row, (name, length, text) in enumerate(rows)]
    count = len(names)
    frame = Frame((46, 34, 340, 33 * count), (0, 1), (count - 0.5, -0.5), title=_("probabilities"), marks=bars)
    values = ", ".join(f"{name} {text}" for name, text in zip(names, texts, strict=True))
    return Chart([frame], 460, 46 + 33 * count, _("A row of bars: {values}.").format(values=values))


# --- Gradient descent


def wrong_by_step(steps, wrong, last):
    """A Chart of how many of 1,000 letters are wrong after so many steps, as far as a training of `last` steps is done.

    >>> wrong_by_step([0, 50], [498, 23], last=1000).alt
    'Wrong letters of 1,000, over the steps: 498 at step 0, 23 at step 50.'
    """
    frame = Frame((58, 26, 350, 210), (0, last), (0, 600), labels=(_("step"), ""), title=_("wrong letters of 1,000"))
    frame.ticks = [(at, f"{at:,.0f}") for at in ticks((0, last), 4, whole=True)], ticks((0, 600), 6, whole=True)
    frame.marks = [Line(list(steps), list(wrong), BLUE, 2.5, dots=len(wrong) == 1)]
    text = _("Wrong letters of 1,000, over the steps: {first} at step {begin}, {now} at step {end}.")
    return Chart([frame], 430, 290, text.format(first=wrong[0], begin=steps[0], now=wrong[-1], end=steps[-1]))


def outputs_by_step(outputs, targets):
    """The two outputs (steps + 1, 2) for one picture, for X and for O, over the steps, and their total error.

    >>> outputs_by_step(np.array([[0.92, 0.51], [1, 0.1]]), [1, 0]).alt.split("; ")[1]
    'the total error goes from 0.59 to 0.10.'
    """
    outputs = validate.array(outputs, "outputs", axes=2)
    errors = np.abs(outputs - np.asarray(targets)).sum(axis=1)
    figure, axs = new_figure(9.5, 3.2, columns=2)
    left, right = axs[0]
    for k, (name, colour) in enumerate((("X", BLUE), ("O", ORANGE))):
        left.plot(outputs[:, k], "o-", color=colour, linewidth=2.5, label=name)
        left.axhline(targets[k], color=colour, linewidth=1, linestyle="--")
    left.set(title=_("outputs"), xlabel=_("step"), ylim=(-0.15, 1.15), yticks=[0, 0.5, 1])
    left.legend(frameon=False, loc="center right")
    right.plot(errors, "o-", color=RED, linewidth=2.5)
    right.set(title=_("total error"), xlabel=_("step"))
    right.set_ylim(bottom=0)
    text = _(
        "Over {steps} steps the output for X goes from {x[0]:.2f} to {x[1]:.2f} and the output for O from {o[0]:.2f} "
        "to {o[1]:.2f}; the total error goes from {e[0]:.2f} to {e[1]:.2f}."
    )
    x, o, e = (values[[0, -1]].round(2) + 0.0 for values in (*outputs.T, errors))
    figure.alt = text.format(steps=len(outputs) - 1, x=x, o=o, e=e)
    return figure


def loss_by_rate(curves, limit):
    """A Chart of losses over the steps at up to five learning rates, the latest in front; `limit` is the largest rate.

    >>> loss_by_rate({0.5: [1, 0.5, 0.25], 5: [1, 8, 64]}, limit=2).alt.split(". ")[1:]
    ['Rate 0.5: from 1.000 to 0.250', 'Rate 5: from 1.000 to 64.000.']
    """
    if not 1 <= len(curves) <= 5:
        raise ValueError(f"curves holds {len(curves)} curves; give 1 to 5")
    latest, losses = list(curves.items())[-1]
    steps, lines, labels, below = len(losses) - 1, [], [], 0
    for rate, values in curves.items():
        # A curve that leaves the chart ends at its first point above.
        shown = np.maximum(values[: np.argmax(np.append(values, np.inf) > LOSSES[-1]) + 1], LOSSES[0])
        colour, width, opacity = (RED if rate >= limit else BLUE, 3.5, 1) if rate == latest else (None, 1.5, 0.55)
        lines.append(Line(range(len(shown)), shown, colour, width, opacity))
        height = min(shown[-1], 0.7 * LOSSES[-1])
        labels.append(Words(f"{rate:g}", len(shown) - 1, height, right=7, colour=colour, bold=rate == latest))
    for label in sorted(labels, key=lambda label: label.y):
        label.y = below = max(label.y, 2.2 * below)  # no label covers the one below it
    marks = ticks((0, steps), 4, whole=True), [(loss, f"{loss:g}") for loss in LOSSES]
    texts = _("step"), _("loss")
    frame = Frame((80, 12, 520, 258), (0, steps), (LOSSES[0], LOSSES[-1]), (False, True), marks, texts)
    frame.marks = lines + labels
    text = _("Losses over {steps} steps, on a scale where each mark is ten times the one below. {rates}")
    one = _("Rate {rate:g}: from {first} to {last}.")
    rates = [one.format(rate=r, first=_loss_text(v[0]), last=_loss_text(v[-1])) for r, v in curves.items()]
    return Chart([frame], 660, 322, text.format(steps=steps, rates=" ".join(rates)))


def _loss_text(loss):
    if not np.isfinite(loss):
        return _("no number any more")
    return f"{loss:.3f}" if loss < 1000 else f"{loss:.1e}"


def smoothed_losses(curves, window=20):
    """Losses of several trainings, by name; each point is the mean of `window` steps.

    >>> smoothed_losses({"relu": [1.0] * 30, "tanh": [2.0] * 30}).alt
    'Losses over 30 steps of training for relu, tanh.'
    """
    figure, axs = new_figure(8, 3.6)
    ax = axs[0, 0]
    for (name, values), colour in zip(curves.items(), SERIES, strict=False):
        smooth = np.convolve(values, np.full(window, 1 / window), "valid")
        ax.plot(np.arange(len(smooth)) + window, smooth, color=colour, linewidth=2.5, label=name)
    ax.set(xlabel=_("step"), ylabel=_("loss"))
    ax.set_ylim(bottom=0)
    ax.legend(frameon=False)
    figure.alt = _("Losses over {steps} steps of training for {names}.").format(
        steps=len(values), names=", ".join(curves)
    )
    return figure


def forward_and_backward(network, shape):
    """The layers of a network for a picture of this shape: numbers go to the right, gradients come back to the left.

    >>> network = backprop.Network(backprop.MaxPool(2), backprop.Dense(4, 2))
    >>> forward_and_backward(network, (4, 4, 1)).alt.split(": ")[1]
    'picture 4 × 4 × 1, MaxPool 2 × 2 × 1, Dense 2, softmax 2.'
    """
    x = np.zeros((1, *shape))
    layers = [(_("picture"), size_text(*shape), 0)]
    for layer in network.layers:
        x = layer.forward(x)
        count = sum(weights.value.size for weights in layer.weights)
        layers.append((type(layer).__name__, size_text(*x.shape[1:]), count))
    layers.append((_("softmax"), size_text(*x.shape[1:]), 0))
    figure, axs = new_figure(11, 2.9)
    ax = axs[0, 0]
    for k, (name, size, count) in enumerate(layers):
        box = {"boxstyle": "round,pad=0.45", "facecolor": "#eef2f7", "edgecolor": GREY}
        ax.text(k, 0, name, ha="center", va="center", bbox=box)
        ax.text(k, 0.62, size, ha="center", va="center", color=BLUE)
        text = _("{count} weights").format(count=count) if count else ""
        ax.text(k, -1.5, text, ha="center", va="center", color=GREY, fontsize=11)
    last = len(layers) - 1
    for k in range(last):
        for height, start, end, colour in ((0.62, k + 0.36, k + 0.64, BLUE), (-0.75, k + 0.64, k + 0.36, RED)):
            style = {"arrowstyle": "->", "color": colour, "linewidth": 2.2}
            ax.annotate("", (end, height), (start, height), arrowprops=style)
    ax.text(0, 1.25, _("forward: numbers"), color=BLUE, ha="center")
    ax.text(last, -0.75, "p - y", color=RED, ha="center", va="center", fontsize=11)
    ax.text(0, -1.5, _("backward: gradients"), color=RED, ha="center", va="center")
    ax.set(xlim=(-0.55, last + 0.5), ylim=(-1.8, 1.6))
    ax.axis("off")
    text = _("Layers in a row, numbers going to the right, gradients coming back to the left: {row}.")
    figure.alt = text.format(row=", ".join(f"{name} {size}" for name, size, _count in layers))
    return figure


def kernels(by_hand, learned):
    """Three kernels (3, 3, 3) made by hand, and below them the same three after training, with their numbers.

    >>> kernels(pooling.FIRST_KERNELS[:, :, 0], 3 * pooling.FIRST_KERNELS[:, :, 0]).alt.split(". ")[1]
    'After training the three go from -0.33 to 0.33, from -0.33 to 0.33, from -0.33 to 0.33'
    """
    figure, axs = new_figure(7.5, 5, rows=2, columns=3)
    reach = float(max(np.abs(by_hand).max(), np.abs(learned).max()))
    for row, (values, title) in enumerate(((by_hand, _("by hand")), (learned, _("learned")))):
        for k, ax in enumerate(axs[row]):
            draw(ax, Grid(values[:, :, k], title, "signed", -reach, reach, decimals=2))
    text = _(
        "Above, three kernels made by hand, each with the numbers 0.11 and -0.11. After training the three go {ends}. "
        "Red is above zero, blue below."
    )
    ends = [
        _("from {low:.2f} to {high:.2f}").format(low=learned[:, :, k].min(), high=learned[:, :, k].max())
        for k in range(3)
    ]
    figure.alt = text.format(ends=", ".join(ends))
    return figure


# --- Other data


def data_as_pictures(sounds, words, letters, table, columns):
    """Two spectrograms, a one-hot text with its letters, and a table of customers with its columns, as pictures.

    >>> grid = np.eye(3)
    >>> len(data_as_pictures([grid, grid], grid, "abc", grid, ["x", "y", "z"]).axes)
    4
    """
    figure, axs = new_figure(11, 6.6, rows=2, columns=4)
    grid = axs[0, 0].get_gridspec()
    for ax in axs.ravel():
        ax.remove()
    for k, (sound, title) in enumerate(zip(sounds, (_("a sound that rises"), _("one that falls")), strict=True)):
        ax = figure.add_subplot(grid[0, k])
        ax.imshow(sound, cmap=COLOURMAPS["grey"], aspect="auto", interpolation="nearest")
        ax.set(title=title, xlabel=_("time"), ylabel=_("pitch") if k == 0 else "", xticks=[], yticks=[])
    ax = figure.add_subplot(grid[0, 2:])
    ax.imshow(words, cmap="Greys", aspect="auto", interpolation="nearest", vmin=0, vmax=1)
    ax.set(title=_("a text"), ylabel=_("letter"))
    ax.set_xticks(range(words.shape[1]), [letters[row] for row in words.argmax(axis=0)], fontsize=10)
    ax.set_yticks(range(1, len(letters), 3), list(letters[1::3]), fontsize=10)
    ax.tick_params(length=0)
    ax = figure.add_subplot(grid[1, :])
    ax.imshow(table, cmap=COLOURMAPS["signed"], vmin=-3, vmax=3, aspect="auto", interpolation="nearest")
    ax.set(title=_("customers, a row for each"), ylabel=_("customer"), yticks=[])
    ax.set_xticks(range(len(columns)), columns, rotation=30, ha="right", fontsize=10)
    ax.tick_params(length=0)
    figure.alt = _(
        "Four pictures. A rising and a falling sound: bright strokes that climb and sink through noise. A text: one "
        "black cell in each column, in the row of its letter. A table of customers: red and blue cells, no strokes."
    )
    return figure


def shuffle_test(results):
    """The results of `other_data.shuffle_test` by source: a full dot is a training as it is, an empty one shuffled.

    >>> shuffle_test({"letters": np.full((2, 2, 3), 0.9)}).alt.split(". ")[1]
    'letters: convolutional 0.90, shuffled 0.90; dense 0.90, shuffled 0.90.'
    """
    names = {"letters": _("letters"), "sound": _("sound"), "text": _("text"), "customers": _("customers")}
    figure, axs = new_figure(9.5, 4.2)
    ax = axs[0, 0]
    kinds = [(_("convolutional"), BLUE), (_("dense"), ORANGE)]
    for group, values in enumerate(results.values()):
        for kind, (label, colour) in enumerate(kinds):
            x = np.array([group - 0.3, group - 0.1]) + 0.4 * kind
            means = values[kind].mean(axis=1)
            ax.plot(x, means, "-", color=colour, linewidth=2.5, label=label if group == 0 else None)
            for order, face in enumerate((colour, "white")):
                dots = values[kind, order]
                ax.plot(np.full(len(dots), x[order]), dots, "o", color=colour, markerfacecolor=face, markersize=7)
                height, align = (dots.min() - 0.015, "top") if order else (dots.max() + 0.015, "bottom")
                # On white, so that no line runs through the number.
                box = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
                ax.text(x[order], height, f"{means[order]:.2f}", ha="center", va=align, fontsize=10, bbox=box)
    ax.axhline(0.5, color=GREY, linewidth=1, linestyle="--")
    ax.text(-0.48, 0.5, _("guessing"), color=GREY, ha="left", va="bottom", fontsize=10)
    ax.set(ylabel=_("validation accuracy"), ylim=(0.46, 1.06), xlim=(-0.5, len(results) - 0.5))
    ax.set_xticks(range(len(results)), [names.get(name, name) for name in results], color=INK, fontsize=12)
    ax.tick_params(axis="x", length=0)
    ax.legend(frameon=False, loc="center right", bbox_to_anchor=(1, 0.35))
    text = _(
        "Accuracy: full dots with the columns as they are, empty dots with the columns shuffled, lines between their "
        "means. {rows}."
    )
    one = _(
        "{name}: convolutional {conv[0]:.2f}, shuffled {conv[1]:.2f}; dense {dense[0]:.2f}, shuffled {dense[1]:.2f}"
    )
    rows = [
        one.format(name=names.get(name, name), conv=values[0].mean(axis=1), dense=values[1].mean(axis=1))
        for name, values in results.items()
    ]
    figure.alt = text.format(rows=". ".join(rows))
    return figure
