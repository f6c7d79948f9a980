"""Lesson 3's pictures: letters, matches, score maps, banks of filters, features on their way from noise to strokes.

Each takes arrays and returns a matplotlib Figure with its alt text. A picture has shape (M, N), a feature (R, C),
random letters (K, M, N). `label_of` and `fraction_texts` are the words that the panels use too.
"""

import numpy as np
from matplotlib.patches import Rectangle

from lessons_lib import matching
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import size_text
from lessons_lib.plots.gallery import gallery
from lessons_lib.plots.grid import Grid, draw, side_by_side
from lessons_lib.plots.style import GREY, INK, SERIES, new_figure

# A letter: -1 is black and +1 is white, so +1 is chalk on a board. A score: -1 is blue and +1 is red.
BOARD = {"colours": "grey", "low": -1, "high": 1}
SCORE = {"colours": "signed", "low": -1, "high": 1}


def fraction_texts(scores, cells=9):
    """Every score of a map as a fraction, for the cells of a grid.

    >>> fraction_texts(np.array([[1, 0], [-1 / 9, 5 / 9]]))
    [['9/9', '0'], ['-1/9', '5/9']]
    """
    return [[matching.fraction(score, cells) for score in row] for row in validate.array(scores, "scores", axes=2)]


def label_of(name):
    """The label of a letter, feature, filter or channel.

    >>> label_of("small X")
    'small X'
    """
    words = {
        "X": _("X"), "O": _("O"), "bent X": _("bent X"), "moved X": _("moved X"), "blank": _("blank sheet"),
        "diagonal": _("diagonal"), "small X": _("small X"), "anti-diagonal": _("anti-diagonal"),
        "right": _("right"), "left": _("left"), "bottom": _("bottom"), "top": _("top"),
        "own": _("your own"), "red": _("red"), "green": _("green"), "blue": _("blue"),
    }  # fmt: skip
    return words.get(name, name)


def letters(pictures):
    """Pictures of +1 and -1 side by side, with their numbers.

    >>> letters({"X": matching.letter("X")}).alt
    'White cells of +1 on a black board of -1: X with 13 white cells.'
    """
    grids = [Grid(picture, label_of(name), **BOARD) for name, picture in pictures.items()]
    small = max(len(picture) for picture in pictures.values()) <= 5
    figure = side_by_side(grids, height=2 if small else None)
    items = [
        _("{name} with {ink} white cells").format(name=label_of(n), ink=int((p > 0).sum())) for n, p in pictures.items()
    ]
    figure.alt = _("White cells of +1 on a black board of -1: {items}.").format(items="; ".join(items))
    return figure


def agreement(pictures, template):
    """Where each picture agrees with a template, cell by cell, and the mean of these products.

    >>> agreement({"O": matching.letter("O")}, matching.letter("X")).alt.split(": ")[1]
    'O 21 blue, mean 39/81.'
    """
    figure, axs = new_figure(2.4 * len(pictures), 5.2, rows=2, columns=len(pictures))
    items = []
    for (name, picture), (above, below) in zip(pictures.items(), axs.T, strict=True):
        score = matching.fraction(matching.score_map(picture, template).item(), template.size)
        draw(above, Grid(picture, label_of(name), texts=_blank(picture), **BOARD))
        draw(below, Grid(picture * template, score, texts=_blank(picture), **SCORE))
        wrong = int((picture != template).sum())
        items.append(_("{name} {wrong} blue, mean {score}").format(name=label_of(name), wrong=wrong, score=score))
    text = _("Above, pictures; below, red cells where each agrees with the template and blue cells where not: {items}.")
    figure.alt = text.format(items="; ".join(items))
    return figure


def sheet(images, labels):
    """A page of random letters, ten in a row, with labels 0 for an X and 1 for an O.

    >>> sheet(*matching.random_letters(20, seed=1)).alt
    'A page of 20 letters, no two alike: 10 are X and 10 are O, with noise, arms that lean and rings of many shapes.'
    """
    figure = gallery(images, columns=min(10, len(images)), low=-1.5, high=1.5)
    figure.alt = _(
        "A page of {count} letters, no two alike: {x} are X and {o} are O, "
        "with noise, arms that lean and rings of many shapes."
    ).format(count=len(images), x=int((labels == 0).sum()), o=int((labels == 1).sum()))
    return figure


def match(picture, feature, row, column):
    """One match: the window in the picture, the feature, and their products.

    >>> match(matching.letter("X"), matching.FEATURES["diagonal"], 3, 3).alt[-67:]
    'the feature; the products, 1 1 -1, 1 1 1, -1 1 1, whose mean is 5/9'
    """
    products = matching.products(picture, feature, row, column)
    figure = side_by_side([
        Grid(picture, _("picture"), window=(row, column, *feature.shape), **BOARD),
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


def score_map(picture, feature, scores):
    """A picture, a feature, and the map of its scores as fractions.

    >>> x, diagonal = matching.letter("X"), matching.FEATURES["diagonal"]
    >>> score_map(x, diagonal, matching.score_map(x, diagonal)).alt.split("; ")[-1]
    'the 7 × 7 map of its scores, from -3/9 to 9/9, with 9/9 in 4 places.'
    """
    figure = side_by_side([
        Grid(picture, _("picture"), **BOARD),
        Grid(feature, _("feature"), **BOARD),
        Grid(scores, _("scores"), texts=fraction_texts(scores, feature.size), **SCORE),
    ])  # fmt: skip
    text = _(
        "A picture; a feature; the {rows} × {columns} map of its scores, from {low} to {high}, "
        "with {high} in {places} places."
    )
    low, high = (matching.fraction(end, feature.size) for end in (scores.min(), scores.max()))
    places = int(np.isclose(scores, scores.max()).sum())
    figure.alt = text.format(rows=len(scores), columns=scores.shape[1], low=low, high=high, places=places)
    return figure


def before_and_after_relu(scores):
    """A map of scores, and what ReLU leaves of it.

    >>> before_and_after_relu(np.array([[7, -3], [-1, 9]]) / 9).alt
    'A map of scores, and the same after ReLU: 2 negative scores are 0 now, the other 2 are as before.'
    """
    titles = {_("scores"): scores, _("after ReLU"): matching.relu(scores)}
    figure = side_by_side([Grid(one, title, texts=fraction_texts(one), **SCORE) for title, one in titles.items()])
    text = _(
        "A map of scores, and the same after ReLU: {cut} negative scores are 0 now, the other {kept} are as before."
    )
    figure.alt = text.format(cut=int((scores < 0).sum()), kept=int((scores >= 0).sum()))
    return figure


def feature_maps(picture, maps):
    """A picture, and under each of the lecture's three features its map of scores, given by its name.

    >>> ring = matching.letter("O")
    >>> maps = {name: matching.score_map(ring, feature) for name, feature in matching.FEATURES.items()}
    >>> feature_maps(ring, maps).alt.split(": ")[1]
    'diagonal 9/9, small X 5/9, anti-diagonal 9/9.'
    """
    figure, _axs = new_figure(11, 5.2)
    figure.clear()
    above = [f"{name} above" for name in matching.FEATURES]
    rows = [["picture", *above], ["picture", *matching.FEATURES]]
    axs = figure.subplot_mosaic(rows, height_ratios=[1, 2], width_ratios=[1.6, 3, 3, 3])
    figure.draw_without_rendering()  # the layout decides how large the numbers can be
    draw(axs["picture"], Grid(picture, _("picture"), texts=_blank(picture), **BOARD))
    best = []
    for name, feature in matching.FEATURES.items():
        scores = maps[name]
        score = matching.fraction(scores.max())
        draw(axs[f"{name} above"], Grid(feature, label_of(name), **BOARD))
        draw(axs[name], Grid(scores, _("largest {score}").format(score=score), texts=fraction_texts(scores), **SCORE))
        best.append(f"{label_of(name)} {score}")
    text = _("A picture, three features, and below each feature its 7 × 7 map of scores; the largest are: {best}.")
    figure.alt = text.format(best=", ".join(best))
    return figure


def zeros_and_ones(picture, feature):
    """A picture of zeros and ones, a filter, the sums of the products, and what ReLU leaves.

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
    figure.alt = _(
        "A picture of 0 and 1 with {ink} ones; a filter of -1 and +1; the map of sums; the map after ReLU, {rows}."
    ).format(ink=int(picture.sum()), rows=rows)
    return figure


def filter_bank(picture):
    """A picture under the lecture's bank of filters: each with its response map, and with what ReLU leaves of it.

    >>> filter_bank(np.eye(9)).alt.split(": ")[1]
    'right 12, left 12, bottom 12, top 12.'
    """
    filters = matching.HALF_PLANES.items()
    maps = {name: matching.response_map(picture, kernel) for name, kernel in filters}
    reach = max(float(np.abs(responses).max()) for responses in maps.values())
    figure, axs = new_figure(11, 6.6, rows=3, columns=len(maps) + 1, height_ratios=[1.1, 2, 2])
    for ax in axs[[0, 2], 0]:
        ax.set_axis_off()
    draw(axs[1, 0], Grid(picture, _("picture"), texts=_blank(picture)))
    counts = []
    for (name, kernel), column in zip(filters, axs[:, 1:].T, strict=True):
        draw(column[0], Grid(kernel, label_of(name), **BOARD))
        look = {"colours": "signed", "high": reach, "texts": _blank(maps[name])}
        draw(column[1], Grid(maps[name], _("responses"), **look))
        draw(column[2], Grid(matching.relu(maps[name]), _("after ReLU"), **look))
        counts.append(f"{label_of(name)} {int((maps[name] > 0).sum())}")
    figure.alt = _(
        "A picture, and below each filter its response map, red above zero and blue below, "
        "then the same after ReLU; the cells that stay red are: {counts}."
    ).format(counts=", ".join(counts))
    return figure


def _blank(array):
    return [[""] * array.shape[1]] * array.shape[0]


def channel_sums(picture, feature):
    """A filter as deep as its picture: the partial sums of red, green and blue, and their total.

    >>> red = np.stack([matching.SEVEN, 0 * matching.SEVEN, 0 * matching.SEVEN], axis=-1)
    >>> channel_sums(red, np.ones((3, 3, 3))).alt.split("; ")[-1]
    'and the map of their total, from 1 to 5.'
    """
    figure, axs = new_figure(10, 6.4, rows=3, columns=4, width_ratios=[5, 4, 4, 4])
    total = matching.response_map(picture, feature)
    parts = [matching.response_map(picture[..., d], feature[..., d]) for d in range(3)]
    reach = max(float(np.abs(part).max()) for part in (*parts, total))
    signed = {"colours": "signed", "high": reach}
    for d, name in enumerate((_("red"), _("green"), _("blue"))):
        draw(axs[d, 0], Grid(picture[..., d], _("picture, {channel}").format(channel=name), low=0, high=1))
        draw(axs[d, 1], Grid(feature[..., d], _("filter, {channel}").format(channel=name), **BOARD))
        draw(axs[d, 2], Grid(parts[d], _("sums, {channel}").format(channel=name), **signed))
    for ax in axs[[0, 2], 3]:
        ax.set_axis_off()
    draw(axs[1, 3], Grid(total, _("their total"), **signed))
    figure.alt = _(
        "Three rows, red, green and blue: a layer of the picture, a layer of the filter, the map of their sums; "
        "and the map of their total, from {low:g} to {high:g}."
    ).format(low=total.min(), high=total.max())
    return figure


def photo_maps(photo, maps, names):
    """A colour photo and its K maps, of shape (P, Q, K).

    >>> photo_maps(np.zeros((5, 5, 3)), np.ones((3, 3, 1)), ["red"]).alt[-30:]
    'red from 1.00 to 1.00, white 0'
    """
    grids, items = [Grid(photo, _("photo"))], []
    for name, values in zip(names, np.moveaxis(maps, -1, 0), strict=True):
        grids.append(Grid(values, label_of(name), colours="signed", texts=_blank(values)))
        text = _("{name} from {low:.2f} to {high:.2f}")
        items.append(text.format(name=label_of(name), low=values.min(), high=values.max()))
    figure = side_by_side(grids)
    figure.alt = _("A colour photo and its maps: {items}, white 0").format(items="; ".join(items))
    return figure


def volumes(shapes):
    """The shapes (rows, columns, depth) of layer after layer, drawn as stacks of maps.

    >>> volumes([(9, 9, 1), (7, 7, 3)]).alt
    'Stacks of maps, one after the other: 9 × 9 × 1, 7 × 7 × 3.'
    """
    figure, axs = new_figure(2.3 * len(shapes), 3)
    ax = axs[0, 0]
    tallest = max(shape[0] for shape in shapes)
    left = 0.0
    for index, (rows, columns, layers) in enumerate(shapes):
        height, width = 4 * rows / tallest, 4 * columns / tallest
        shown = min(layers, 8)
        for k in reversed(range(shown)):
            corner = (left + 0.3 * k, 0.3 * k - height / 2)
            ax.add_patch(Rectangle(corner, width, height, facecolor="white", edgecolor=SERIES[index % 5], linewidth=2))
        ax.text(left + width / 2, -2.6, size_text(rows, columns, layers), ha="center", va="top", color=INK)
        end = left + width + 0.3 * (shown - 1)
        if index < len(shapes) - 1:
            arrow = {"arrowstyle": "->", "color": GREY, "linewidth": 2}
            ax.annotate("", (end + 1.3, 0), (end + 0.3, 0), arrowprops=arrow)
        left = end + 1.7
    ax.set(xlim=(-0.3, left - 1.3), ylim=(-3.4, 4.4), aspect="equal")
    ax.set_axis_off()
    items = ", ".join(size_text(*shape) for shape in shapes)
    figure.alt = _("Stacks of maps, one after the other: {items}.").format(items=items)
    return figure


def learned(features):
    """A learned feature at different times, and a designed one, by title, with their numbers.

    >>> learned({"small X": matching.FEATURES["small X"], "learned": np.eye(3) / 4}).alt
    'Weights, red above zero and blue below: small X, from -1.0 to 1.0; learned, from 0.0 to 0.2.'
    """
    items = [
        _("{name}, from {low:.1f} to {high:.1f}").format(name=name, low=values.min(), high=values.max())
        for name, values in features.items()
    ]
    # One scale of colours, beyond which all is as dark as it can be.
    grids = [Grid(values, name, "signed", -1, 1, decimals=1) for name, values in features.items()]
    figure = side_by_side(grids, height=2.6)
    figure.alt = _("Weights, red above zero and blue below: {items}.").format(items="; ".join(items))
    return figure
