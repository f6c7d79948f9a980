"""Lesson 3's pictures: letters, matches, score maps, banks of filters, features on their way from noise to strokes."""

import numpy as np
from matplotlib.patches import Rectangle

from lessons_lib import matching
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.plots.grid import Grid, draw, side_by_side
from lessons_lib.plots.style import BLUE, GREY, INK, ORANGE, SERIES, new_figure

# A letter: -1 is black and +1 is white, so +1 is chalk on a board. A score: -1 is blue and +1 is red.
BOARD = {"colours": "grey", "low": -1, "high": 1}
SCORE = {"colours": "signed", "low": -1, "high": 1}


def fractions(scores, cells=9):
    """Every score of a map as a fraction, for the cells of a grid.

    Parameters
    ----------
    scores : ndarray of shape (M, N)
    cells : int
        How many products each score is the mean of.

    Returns
    -------
    list of list of str

    Examples
    --------
    >>> fractions(np.array([[1, 0], [-1 / 9, 5 / 9]]))
    [['9/9', '0'], ['-1/9', '5/9']]
    """
    return [[matching.fraction(score, cells) for score in row] for row in validate.array(scores, "scores", axes=2)]


def spelled(products):
    """The sum of some products as one writes it: 1 + 1 - 1 + 1.

    Parameters
    ----------
    products : ndarray of any shape

    Returns
    -------
    str

    Examples
    --------
    >>> spelled(np.array([[1, -1], [0.5, 1]]))
    '1 - 1 + 0.5 + 1'
    """
    first, *rest = validate.array(products, "products").ravel().round(3).tolist()
    return f"{first:g}" + "".join(f" {'-' if value < 0 else '+'} {abs(value):g}" for value in rest)


def named(name):
    """A letter, feature or filter as a reader calls it.

    Parameters
    ----------
    name : str
        A key of `matching.FEATURES` or `matching.HALF_PLANES`, or one of `matching.LETTERS`.

    Returns
    -------
    str

    Examples
    --------
    >>> named("small X")
    'small X'
    """
    words = {
        "X": _("X"), "O": _("O"), "deformed X": _("deformed X"), "moved X": _("moved X"), "blank": _("blank sheet"),
        "diagonal": _("diagonal"), "small X": _("small X"), "anti-diagonal": _("anti-diagonal"),
        "right": _("right"), "left": _("left"), "bottom": _("bottom"), "top": _("top"),
    }  # fmt: skip
    return words.get(name, name)


def letters(pictures):
    """Pictures of +1 and -1 side by side, with their numbers.

    Parameters
    ----------
    pictures : dict of str to ndarray of shape (M, N)

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> letters({"X": matching.letter("X")}).alt
    'White cells of +1 on a black board of -1: X with 13 white cells.'
    """
    small = max(picture.shape[0] for picture in pictures.values()) <= 5
    grids = [Grid(picture, named(name), **BOARD) for name, picture in pictures.items()]
    figure = side_by_side(grids, height=2 if small else None)
    items = [
        _("{name} with {ink} white cells").format(name=named(n), ink=int((p > 0).sum())) for n, p in pictures.items()
    ]
    figure.alt = _("White cells of +1 on a black board of -1: {items}.").format(items="; ".join(items))
    return figure


def agreement(pictures, template):
    """Where each picture agrees with a template, cell by cell, and the mean of these products.

    Parameters
    ----------
    pictures : dict of str to ndarray of shape (M, N)
    template : ndarray of shape (M, N)

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> agreement({"O": matching.letter("O")}, matching.letter("X")).alt.split(": ")[1]
    'O 21 blue, mean 39/81.'
    """
    figure, axes = new_figure(2.4 * len(pictures), 5.2, rows=2, columns=len(pictures))
    blank = [[""] * template.shape[1]] * template.shape[0]
    items = []
    for (name, picture), (above, below) in zip(pictures.items(), axes.T, strict=True):
        score = matching.fraction(matching.score_map(picture, template).item(), template.size)
        draw(above, Grid(picture, named(name), texts=blank, **BOARD))
        draw(below, Grid(picture * template, score, texts=blank, **SCORE))
        wrong = int((picture != template).sum())
        items.append(_("{name} {wrong} blue, mean {score}").format(name=named(name), wrong=wrong, score=score))
    text = _("Above, pictures; below, red cells where each agrees with the template and blue cells where not: {items}.")
    figure.alt = text.format(items="; ".join(items))
    return figure


def sheet(images, labels, columns=10):
    """A page of random letters.

    Parameters
    ----------
    images : ndarray of shape (count, M, N)
    labels : ndarray of int, shape (count,)
        0 for an X and 1 for an O.
    columns : int

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> sheet(*matching.random_letters(20, seed=1)).alt
    'A page of 20 letters, no two alike: 10 are X and 10 are O, with noise, arms that lean and rings of many shapes.'
    """
    rows = -(-len(images) // columns)
    figure, axes = new_figure(columns, rows * 1.05, rows=rows, columns=columns)
    for place in axes.flat:
        place.set_axis_off()
    for place, image in zip(axes.flat, images, strict=False):
        place.imshow(image, cmap="gray", vmin=-1.5, vmax=1.5, interpolation="nearest")
    text = _(
        "A page of {count} letters, no two alike: {x} are X and {o} are O, "
        "with noise, arms that lean and rings of many shapes."
    )
    figure.alt = text.format(count=len(images), x=int((labels == 0).sum()), o=int((labels == 1).sum()))
    return figure


def match(picture, feature, row, column, **look):
    """One match: the window in the picture, the feature, and their products.

    Parameters
    ----------
    picture : ndarray of shape (M, N)
    feature : ndarray of shape (R, C)
    row, column : int
        Where the window's top left corner lies.
    look : dict
        Overrides `BOARD`, the colours of the picture.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> match(matching.letter("X"), matching.FEATURES["diagonal"], 3, 3).alt[-67:]
    'the feature; the products, 1 1 -1, 1 1 1, -1 1 1, whose mean is 5/9'
    """
    products = matching.products(picture, feature, row, column)
    figure = side_by_side([
        Grid(picture, _("picture"), window=(row, column, *feature.shape), **(BOARD | look)),
        Grid(feature, _("feature"), **BOARD),
        Grid(products, _("products"), **SCORE),
    ])  # fmt: skip
    text = _(
        "A picture with a frame around the window at row {row}, column {column}; the feature; "
        "the products, {products}, whose mean is {mean}"
    )
    rows = ", ".join(" ".join(f"{value:g}" for value in line) for line in products)
    mean = matching.fraction(products.mean(), products.size)
    figure.alt = text.format(row=row, column=column, products=rows, mean=mean)
    return figure


def score_map(picture, feature, title=""):
    """A picture, a feature, and all scores as fractions.

    Parameters
    ----------
    picture : ndarray of shape (M, N)
    feature : ndarray of shape (R, C)
    title : str
        Of the feature.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> score_map(matching.letter("X"), matching.FEATURES["diagonal"]).alt.split("; ")[-1]
    'the 7 × 7 map of its scores, from -3/9 to 9/9, with 9/9 in 4 places.'
    """
    scores = matching.score_map(picture, feature)
    figure = side_by_side([
        Grid(picture, _("picture"), **BOARD),
        Grid(feature, title or _("feature"), **BOARD),
        Grid(scores, _("scores"), texts=fractions(scores, feature.size), **SCORE),
    ])  # fmt: skip
    text = _(
        "A picture; a feature; the {rows} × {columns} map of its scores, from {low} to {high}, "
        "with {high} in {places} places."
    )
    low, high = (matching.fraction(end, feature.size) for end in (scores.min(), scores.max()))
    places = int(np.isclose(scores, scores.max()).sum())
    figure.alt = text.format(rows=len(scores), columns=scores.shape[1], low=low, high=high, places=places)
    return figure


def feature_maps(picture, title=""):
    """A picture, and under each of the lecture's three features its score map.

    Parameters
    ----------
    picture : ndarray of shape (9, 9)
    title : str

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> feature_maps(matching.letter("O")).alt.split(": ")[1]
    'diagonal 9/9, small X 5/9, anti-diagonal 9/9.'
    """
    figure, _axes = new_figure(10, 6.4)
    figure.clear()
    names = list(matching.FEATURES)
    places = figure.subplot_mosaic(
        [
            ["picture"] * 3 + [f"{name} above" for name in names for _half in range(3)],
            [name for name in names for _part in range(4)],
        ],
        height_ratios=[1, 1.5],
    )
    figure.draw_without_rendering()  # the layout decides how large the numbers can be
    draw(places["picture"], Grid(picture, title or _("picture"), texts=_without_numbers(picture), **BOARD))
    best = []
    for name, feature in matching.FEATURES.items():
        scores = matching.score_map(picture, feature)
        score = matching.fraction(scores.max())
        draw(places[f"{name} above"], Grid(feature, named(name), **BOARD))
        draw(places[name], Grid(scores, _("best {score}").format(score=score), texts=fractions(scores), **SCORE))
        best.append(f"{named(name)} {score}")
    text = _("A picture, three features, and below each feature its 7 × 7 score map; the best scores are: {best}.")
    figure.alt = text.format(best=", ".join(best))
    return figure


def rectified(scores, cells=9):
    """A map before and after ReLU.

    Parameters
    ----------
    scores : ndarray of shape (M, N)
    cells : int
        How many products each score is the mean of.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> rectified(np.array([[1, -1 / 9], [5 / 9, -3 / 9]])).alt
    'A map of scores, and the same after ReLU: 2 blue cells became 0 and white, 2 red cells stayed.'
    """
    kept = matching.relu(scores)
    figure = side_by_side([
        Grid(scores, _("scores"), texts=[[f"{text:^5}" for text in row] for row in fractions(scores, cells)], **SCORE),
        Grid(kept, _("after ReLU"), texts=[[f"{text:^5}" for text in row] for row in fractions(kept, cells)], **SCORE),
    ])  # fmt: skip
    text = _(
        "A map of scores, and the same after ReLU: {lost} blue cells became 0 and white, {stayed} red cells stayed."
    )
    figure.alt = text.format(lost=int((scores < 0).sum()), stayed=int((kept > 0).sum()))
    return figure


def told_apart(labels, measures):
    """For each way of measuring, how its values spread over the X and over the O.

    Parameters
    ----------
    labels : ndarray of int, shape (count,)
        0 for an X and 1 for an O.
    measures : sequence of (str, ndarray of shape (count,))
        "whole" and "crossing" have titles of their own.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> told_apart(np.array([0, 1]), [("whole", np.array([1.0, -1.0]))]).alt.split(": ")[1]
    'for the whole picture 0 % of the bars of X lie on bars of O.'
    """
    titles = {"whole": _("whole picture: score of X less score of O"), "crossing": _("best score of the small X")}
    spoken = {"whole": _("the whole picture"), "crossing": _("the small X")}
    figure, axes = new_figure(9.5, 3.2, columns=len(measures))
    items = []
    for place, (name, values) in zip(axes[0], measures, strict=True):
        edges = np.linspace(values.min(), values.max(), 41)
        counts = [np.histogram(values[labels == label], edges)[0] for label in (0, 1)]
        for count, colour, letter in zip(counts, (BLUE, ORANGE), (_("X"), _("O")), strict=True):
            place.stairs(count, edges, fill=True, color=colour, alpha=0.65, label=letter)
        place.set(title=titles.get(name, name), ylabel=_("letters"))
        place.legend(frameon=False)
        overlap = round(100 * np.minimum(*counts).sum() / max(1, counts[0].sum()))
        items.append(_("for {name} {overlap} % of the bars of X lie on bars of O").format(
            name=spoken.get(name, name), overlap=overlap))  # fmt: skip
    text = _("Bars of how many X and how many O get each value: {items}.")
    figure.alt = text.format(items="; ".join(items))
    return figure


def zeros_and_ones(picture, feature):
    """A picture of zeros and ones, a filter, the sums of the products, and what ReLU leaves.

    Parameters
    ----------
    picture : ndarray of shape (M, N)
    feature : ndarray of shape (R, C)

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> zeros_and_ones(matching.SEVEN, matching.FEATURES["anti-diagonal"]).alt.split("; ")[-1]
    'the map after ReLU, 0 0 0, 0 0 3, 0 3 0.'
    """
    sums = matching.response_map(picture, feature)
    kept = matching.relu(sums)
    figure = side_by_side([
        Grid(picture, _("picture"), low=0, high=1),
        Grid(feature, _("filter"), **BOARD),
        Grid(sums, _("sums"), colours="signed"),
        Grid(kept, _("after ReLU"), colours="signed", high=float(np.abs(sums).max())),
    ])  # fmt: skip
    rows = ", ".join(" ".join(f"{value:g}" for value in line) for line in kept)
    text = _(
        "A picture of 0 and 1 with {ink} ones; a filter of -1 and +1; the map of sums; the map after ReLU, {rows}."
    )
    figure.alt = text.format(ink=int(picture.sum()), rows=rows)
    return figure


def bank(picture, filters=None):
    """A picture under a bank of filters: each filter with its response map, and with what ReLU leaves of it.

    Parameters
    ----------
    picture : ndarray of shape (M, N)
    filters : dict of str to ndarray of shape (R, C), optional
        The lecture's four half-planes when left out.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> bank(np.eye(9)).alt.split(": ")[1]
    'right 12, left 12, bottom 12, top 12.'
    """
    filters = matching.HALF_PLANES if filters is None else filters
    maps = {name: matching.response_map(picture, kernel) for name, kernel in filters.items()}
    reach = max(float(np.abs(responses).max()) for responses in maps.values())
    figure, axes = new_figure(11, 6.6, rows=3, columns=len(filters) + 1, height_ratios=[1.1, 2, 2])
    for place in axes[:, 0]:
        place.set_axis_off()
    draw(axes[1, 0], Grid(picture, _("picture"), texts=_without_numbers(picture)))
    axes[1, 0].set_axis_on()
    counts = []
    for (name, kernel), column in zip(filters.items(), axes[:, 1:].T, strict=True):
        draw(column[0], Grid(kernel, named(name), **BOARD))
        look = {"colours": "signed", "high": reach, "texts": _without_numbers(maps[name])}
        draw(column[1], Grid(maps[name], _("responses"), **look))
        draw(column[2], Grid(matching.relu(maps[name]), _("after ReLU"), **look))
        counts.append(f"{named(name)} {int((maps[name] > 0).sum())}")
    text = _(
        "A picture, and below each filter its response map, red above zero and blue below, "
        "then the same after ReLU; the cells that stay red are: {counts}."
    )
    figure.alt = text.format(counts=", ".join(counts))
    return figure


def _without_numbers(array):
    return [[""] * array.shape[1]] * array.shape[0]


def depth(picture, feature):
    """A filter as deep as its picture: the partial sums of red, green and blue, and their total.

    Parameters
    ----------
    picture : ndarray of shape (M, N, 3)
    feature : ndarray of shape (R, C, 3)

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> red = np.stack([matching.SEVEN, 0 * matching.SEVEN, 0 * matching.SEVEN], axis=-1)
    >>> depth(red, np.ones((3, 3, 3))).alt.split("; ")[-1]
    'and the map of their total, from 1 to 5.'
    """
    figure, axes = new_figure(10, 6.4, rows=3, columns=4, width_ratios=[5, 4, 4, 4])
    total = matching.response_map(picture, feature)
    parts = [matching.response_map(picture[..., d], feature[..., d]) for d in range(3)]
    reach = max(float(np.abs(part).max()) for part in (*parts, total))
    for d, name in enumerate((_("red"), _("green"), _("blue"))):
        draw(axes[d, 0], Grid(picture[..., d], _("picture, {channel}").format(channel=name), low=0, high=1))
        draw(axes[d, 1], Grid(feature[..., d], _("filter, {channel}").format(channel=name), **BOARD))
        draw(axes[d, 2], Grid(parts[d], _("sums, {channel}").format(channel=name), colours="signed", high=reach))
        axes[d, 3].set_axis_off()
    axes[1, 3].set_axis_on()
    draw(axes[1, 3], Grid(total, _("their total"), colours="signed", high=reach))
    text = _(
        "Three rows, red, green and blue: a layer of the picture, a layer of the filter, the map of their sums; "
        "and the map of their total, from {low} to {high}."
    )
    figure.alt = text.format(low=f"{total.min():g}", high=f"{total.max():g}")
    return figure


def colour_maps(photo, maps, names):
    """A colour photo and its maps.

    Parameters
    ----------
    photo : ndarray of shape (M, N, 3)
    maps : ndarray of shape (P, Q, K)
    names : sequence of str
        Of the K filters: "red", "green", "blue" have words of their own.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> colour_maps(np.zeros((5, 5, 3)), np.ones((3, 3, 1)), ["red"]).alt[-30:]
    'red from 1.00 to 1.00, white 0'
    """
    words = {"red": _("red"), "green": _("green"), "blue": _("blue")}
    grids = [Grid(photo, _("photo"))]
    items = []
    for k, name in enumerate(names):
        values = maps[..., k]
        title = words.get(name, name)
        grids.append(Grid(values, title, colours="signed", texts=_without_numbers(values)))
        items.append(
            _("{name} from {low} to {high}").format(name=title, low=f"{values.min():.2f}", high=f"{values.max():.2f}")
        )
    figure = side_by_side(grids)
    figure.alt = _("A colour photo and its maps: {items}, white 0").format(items="; ".join(items))
    return figure


def volumes(shapes):
    """The shapes of layer after layer, drawn as stacks of maps.

    Parameters
    ----------
    shapes : sequence of tuple of int (rows, columns, depth)

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> volumes([(9, 9, 1), (7, 7, 3)]).alt
    'Stacks of maps, one after the other: 9 × 9 × 1, 7 × 7 × 3.'
    """
    figure, axes = new_figure(2.3 * len(shapes), 3)
    place = axes[0, 0]
    place.set_axis_off()
    place.set_aspect("equal")
    tallest = max(shape[0] for shape in shapes)
    left = 0.0
    for index, (rows, columns, layers) in enumerate(shapes):
        height, width = 4 * rows / tallest, 4 * columns / tallest
        shown = min(layers, 8)
        for k in reversed(range(shown)):
            corner = (left + 0.3 * k, 0.3 * k - height / 2)
            place.add_patch(
                Rectangle(corner, width, height, facecolor="white", edgecolor=SERIES[index % 5], linewidth=2)
            )
        place.text(left + width / 2, -2.6, f"{rows} × {columns} × {layers}", ha="center", va="top", color=INK)
        end = left + width + 0.3 * (shown - 1)
        if index < len(shapes) - 1:
            place.annotate(
                "", (end + 1.3, 0), (end + 0.3, 0), arrowprops={"arrowstyle": "->", "color": GREY, "linewidth": 2}
            )
        left = end + 1.7
    place.set(xlim=(-0.3, left - 1.3), ylim=(-3.4, 4.4))
    items = ", ".join(f"{rows} × {columns} × {layers}" for rows, columns, layers in shapes)
    figure.alt = _("Stacks of maps, one after the other: {items}.").format(items=items)
    return figure


def learning(history, steps):
    """Features on their way from random numbers: one column a step.

    Parameters
    ----------
    history : ndarray of shape (S, K, 3, 3)
    steps : sequence of int
        Which of the S to show.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> learned = matching.learn_features([matching.letter("X")], seed=2)
    >>> learning(learned.history, [0, 200]).alt.split(": ")[1]
    'small X 1.00, anti-diagonal 0.99, diagonal 0.99.'
    """
    count = history.shape[1]
    figure, axes = new_figure(1.45 * len(steps), 1.5 * count, rows=count, columns=len(steps))
    for column, step in enumerate(steps):
        for k in range(count):
            values = history[step, k]
            draw(axes[k, column], Grid(values, colours="signed", texts=_without_numbers(values)))
        axes[0, column].set_title(_("step {step}").format(step=step))
    found = []
    for feature in history[steps[-1]]:
        name, correlation = matching.resembles(feature)
        found.append(f"{named(name)} {correlation:.2f}")
    text = _("{count} features of random numbers turn, step by step, into strokes; the last are most like: {found}.")
    figure.alt = text.format(count=count, found=", ".join(found))
    return figure


def learned_beside(features):
    """Learned features above the lecture's features that they are most like, with their correlation.

    Parameters
    ----------
    features : ndarray of shape (K, 3, 3)

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> learned_beside(np.array(list(matching.FEATURES.values()))).alt.split(": ")[1]
    'diagonal 1.00, small X 1.00, anti-diagonal 1.00.'
    """
    figure, axes = new_figure(2.4 * len(features), 4.9, rows=2, columns=len(features))
    found = []
    for feature, (above, below) in zip(features, axes.T, strict=True):
        name, correlation = matching.resembles(feature)
        draw(above, Grid(feature, _("learned"), colours="signed", decimals=1))
        draw(below, Grid(matching.FEATURES[name], f"{named(name)}: {correlation:.2f}", colours="signed"))
        found.append(f"{named(name)} {correlation:.2f}")
    text = _("Learned features above the designed ones they are most like, with their correlation: {found}.")
    figure.alt = text.format(found=", ".join(found))
    return figure


def descents(curves, best=None, ylabel=""):
    """How the distance to the nearest feature fell from each start, step by step.

    Parameters
    ----------
    curves : sequence of sequences of float
    best : int, optional
        The curve to draw thick; the lowest at the end when left out.
    ylabel : str

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> descents([[3, 2], [3, 1]]).alt.split("; ")[1]
    'after 1 steps the lowest is at 1.000 and the highest at 2.000.'
    """
    last = [curve[-1] for curve in curves]
    best = int(np.argmin(last)) if best is None else best
    figure, axes = new_figure(7.5, 3.2)
    place = axes[0, 0]
    for number, curve in enumerate(curves):
        thick = number == best
        place.plot(curve, color=ORANGE if thick else BLUE, linewidth=3 if thick else 1.2, alpha=1 if thick else 0.6,
                   zorder=3 if thick else 2)  # fmt: skip
    place.set(xlabel=_("step"), ylabel=ylabel or _("mean distance"))
    place.set_ylim(0.85 * min(last), 1.6 * max(last))
    text = _(
        "How the mean distance to the nearest feature falls from {count} random starts; "
        "after {steps} steps the lowest is at {low} and the highest at {high}."
    )
    figure.alt = text.format(
        count=len(curves), steps=len(curves[0]) - 1, low=f"{min(last):.3f}", high=f"{max(last):.3f}"
    )
    return figure
