"""Lesson 5's pictures: activations, windows, the way from a letter to a short vector, votes."""

import numpy as np
from matplotlib.patches import Rectangle

from lessons_lib import pooling
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.plots.grid import Grid, draw, number
from lessons_lib.plots.style import BLUE, GREEN, GREY, INK, ORANGE, PINK, SERIES, SKY, YELLOW, new_figure
from lessons_lib.pooling import backprop

# A letter is chalk on a board; a score is blue below zero and red above.
BOARD = {"colours": "grey", "low": -1, "high": 1}
SCORE = {"colours": "signed", "low": -1, "high": 1}
# With these ends of the grey ramp every value from 0 on is white: a grid of bare numbers.
BARE = {"low": -2, "high": -1}
TINTS = [SKY, YELLOW, PINK, GREEN]


def activations():
    """ReLU, tanh and sigmoid, and how steep each of them is.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> len(activations().axes)
    2
    """
    x = np.linspace(-5, 5, 401)
    figure, axes = new_figure(9.5, 3.6, columns=2)
    curves, slopes = axes[0]
    for (name, (curve, slope_of)), colour in zip(backprop.ACTIVATIONS.items(), (BLUE, ORANGE, GREEN), strict=True):
        curves.plot(x, curve(x), color=colour, linewidth=2.5, label=name)
        slopes.plot(x, slope_of(curve(x)), color=colour, linewidth=2.5, label=name)
    curves.set(title=_("what comes out"), xlabel=_("what goes in"), ylim=(-1.3, 3.2))
    slopes.set(title=_("how steep it is there"), xlabel=_("what goes in"), ylim=(-0.05, 1.1), yticks=[0, 0.25, 0.5, 1])
    for place in (curves, slopes):
        place.axhline(0, color=GREY, linewidth=0.8, zorder=0)
        place.axvline(0, color=GREY, linewidth=0.8, zorder=0)
    curves.legend(frameon=False)
    figure.alt = _(
        "Left, three curves: ReLU is 0 up to 0 and then a straight line; tanh bends from -1 to 1; sigmoid from 0 to 1. "
        "Right, how steep they are: ReLU 0 or 1, however far out; tanh at most 1 and sigmoid at most 0.25, both only "
        "near 0."
    )
    return figure


def pooled(picture, size=2, stride=None):
    """A small picture with its windows in colours, and what max and mean pooling make of each.

    Parameters
    ----------
    picture : ndarray of shape (M, N)
    size, stride : int
        As in `pooling.max_pool`.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> pooled(np.arange(16).reshape(4, 4)).alt.split("; ")[2]
    'the means: 2.50 4.50, 10.50 12.50.'
    """
    picture = validate.array(picture, "picture", axes=2)
    largest, means = pooling.max_pool(picture, size, stride), pooling.mean_pool(picture, size, stride)
    grids = [
        Grid(picture, _("the picture"), **BARE),
        Grid(largest, _("max pooling"), **BARE),
        Grid(means, _("mean pooling"), texts=[[f"{mean:g}" for mean in row] for row in means], **BARE),
    ]
    figure, axes = new_figure(9.5, 3.9, columns=3, width_ratios=[2, 1.2, 1.2])
    step = size if stride is None else stride
    for place, grid in zip(axes[0], grids, strict=True):
        draw(place, grid)
        for (row, column), _value in np.ndenumerate(largest):
            colour = TINTS[(2 * row + column) % 4]
            side, corner = (size, (column * step, row * step)) if grid is grids[0] else (1, (column, row))
            corner = corner[0] - 0.5, corner[1] - 0.5
            place.add_patch(Rectangle(corner, side, side, facecolor=colour, alpha=0.35, edgecolor="none"))
            place.add_patch(Rectangle(corner, side, side, fill=False, edgecolor=GREY, linewidth=2.5))
    text = _(
        "A picture of {rows} × {columns} numbers, its windows of {size} × {size} in colours; "
        "the largest number of each: {largest}; the means: {means}."
    )
    figure.alt = text.format(
        rows=picture.shape[0], columns=picture.shape[1], size=size, largest=_spoken(largest), means=_spoken(means)
    )
    return figure


def _spoken(grid):
    decimals = 0 if np.all(grid == np.round(grid)) else 2
    return ", ".join(" ".join(number(value, decimals) for value in row) for row in grid)


def kept_alike(shifts, likeness):
    """How much of a map stays the same when the picture is shifted, for several poolings.

    Parameters
    ----------
    shifts : sequence of int
        In pixels.
    likeness : dict of str or tuple to sequence of float
        A curve for "pixels", for "map", and for each pooling (F, S): 1 where nothing changes, 0 where nothing stays.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> kept_alike([0, 1], {"pixels": [1, 0.25]}).alt
    'Curves of likeness over a shift of 0 to 1 pixels; after a shift of one pixel: pixels 0.25.'
    """
    words = {"pixels": _("pixels"), "map": _("map after ReLU")}
    likeness = {words.get(name) or "F = {}, S = {}".format(*name): values for name, values in likeness.items()}
    figure, axes = new_figure(8.5, 3.8)
    place = axes[0, 0]
    for (name, values), colour in zip(likeness.items(), SERIES, strict=False):
        place.plot(shifts, values, "o-", color=colour, linewidth=2.5, label=name)
    place.set(xlabel=_("shift to the right, pixels"), ylabel=_("likeness"), xticks=list(shifts), ylim=(0, 1.05))
    place.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    text = _("Curves of likeness over a shift of {first} to {last} pixels; after a shift of one pixel: {values}.")
    one = list(shifts).index(1)
    values = ", ".join(f"{name} {values[one]:.2f}" for name, values in likeness.items())
    figure.alt = text.format(first=shifts[0], last=shifts[-1], values=values)
    return figure


def journey(letter, title=""):
    """A letter on its way through two stages: pixels, three maps, pooled, three maps, pooled, twelve numbers.

    Parameters
    ----------
    letter : ndarray of shape (9, 9)
    title : str
        What to call it.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from lessons_lib import matching
    >>> len(journey(matching.letter("X")).axes)
    14
    """
    letter = validate.array(letter, "letter", axes=2)
    x = letter[np.newaxis, ..., np.newaxis]
    first = pooling.stage(x, pooling.FIRST, 1, 1, padding=1)
    first_pooled = pooling.max_pool(first, 3, 2)
    second = pooling.stage(first_pooled, pooling.SECOND, 1, 1)
    second_pooled = pooling.max_pool(second, 2, 2)
    stages = [
        (first, _("convolution, ReLU")), (first_pooled, _("pooling")),
        (second, _("convolution, ReLU")), (second_pooled, _("pooling")),
    ]  # fmt: skip
    figure, axes = new_figure(11.5, 6.4, rows=3, columns=6, width_ratios=[1.2, 1, 1, 1, 1, 0.42])
    for place in (*axes[:, 0], *axes[:, 5]):
        place.remove()
    whole, vector = (
        figure.add_subplot(axes[0, 0].get_gridspec()[:, 0]),
        figure.add_subplot(axes[0, 0].get_gridspec()[:, 5]),
    )
    draw(whole, Grid(letter, f"{title} 9 × 9".strip(), texts=[[""] * 9] * 9, **BOARD))
    for column, (maps, name) in enumerate(stages, start=1):
        rows, columns, depth = maps.shape[1:]
        blank = [[""] * columns] * rows if rows == 9 else None
        for k in range(depth):
            title = f"{name}\n{rows} × {columns} × {depth}" if k == 0 else ""
            draw(axes[k, column], Grid(maps[0, :, :, k], title, texts=blank, decimals=2, **SCORE))
    draw(vector, Grid(second_pooled.reshape(12, 1), _("vector"), decimals=2, **SCORE))
    text = _(
        "A letter of 9 × 9 pixels goes to the right through two stages: three maps of 9 × 9, pooled to 4 × 4; three "
        "maps of 4 × 4, pooled to 2 × 2; these make a vector of 12 numbers, {values}."
    )
    figure.alt = text.format(values=" ".join(number(value, 2) for value in second_pooled.ravel()))
    return figure


def vectors(table):
    """Several vectors under each other.

    Parameters
    ----------
    table : dict of str to ndarray of shape (N,)

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> vectors({"X": np.array([1, 0]), "O": np.array([0, 0.5])}).alt
    'Vectors of 2 numbers. X: 1.00 0.00. O: 0.00 0.50.'
    """
    values = np.stack([validate.array(vector, name, axes=1) for name, vector in table.items()])
    figure, axes = new_figure(9.5, 0.6 + 0.62 * len(values))
    place = axes[0, 0]
    draw(place, Grid(values, colours="signed", low=-1, high=1, decimals=2))
    place.set_yticks(range(len(table)), list(table), color=INK, fontsize=12)
    place.tick_params(length=0)
    rows = " ".join(f"{name}: {' '.join(number(v, 2) for v in vector)}." for name, vector in table.items())
    figure.alt = _("Vectors of {count} numbers. {rows}").format(count=values.shape[1], rows=rows)
    return figure


def vote_bars(names, votes):
    """Votes as bars, a row a class.

    Parameters
    ----------
    names : sequence of str
    votes : sequence of float
        As many as there are names.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there are not as many votes as names.

    Examples
    --------
    >>> vote_bars(["X", "O"], [0.73, 0.27]).alt
    'A row of bars: X 0.73, O 0.27.'
    """
    if len(names) != len(votes):
        raise ValueError(f"{len(names)} names and {len(votes)} votes; give as many of each")
    figure, axes = new_figure(4.6, 0.5 + 0.33 * len(names))
    place, rows = axes[0, 0], range(len(names))
    place.barh(rows, votes, color=BLUE, height=0.7)
    place.set(xlim=(0, 1), ylim=(len(names) - 0.4, -0.6), xticks=[], title=_("votes"))
    place.set_yticks(rows, names, color=INK)
    place.tick_params(length=0)
    place.spines["bottom"].set_visible(False)
    for row, vote in zip(rows, votes, strict=True):
        place.text(1.03, row, number(vote, 2), va="center", ha="left", clip_on=False)
    said = ", ".join(f"{name} {number(vote, 2)}" for name, vote in zip(names, votes, strict=True))
    figure.alt = _("A row of bars: {votes}.").format(votes=said)
    return figure


def temperatures(scores, temperatures):
    """The votes for the same scores at several temperatures.

    Parameters
    ----------
    scores : sequence of float
    temperatures : sequence of float

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> temperatures([1, 0], [0.5, 1]).alt
    'Bars of 2 votes: at temperature 0.5: 0.88 0.12; at temperature 1: 0.73 0.27.'
    """
    figure, axes = new_figure(9.5, 2.6, columns=len(temperatures))
    said = []
    for place, temperature in zip(axes[0], temperatures, strict=True):
        votes = pooling.softmax(scores, temperature)
        place.bar(range(len(votes)), votes, color=BLUE)
        place.set(title=f"T = {temperature:g}", ylim=(0, 1.02), yticks=[0, 1], xticks=range(len(votes)))
        values = " ".join(number(vote, 2) for vote in votes)
        said.append(_("at temperature {temperature:g}: {values}").format(temperature=temperature, values=values))
    figure.alt = _("Bars of {count} votes: {said}.").format(count=len(scores), said="; ".join(said))
    return figure
