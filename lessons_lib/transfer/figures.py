"""Lesson 8's pictures: what a network says of photos, model zoos, patches, ways to train, what a layer sees."""

from typing import NamedTuple

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from lessons_lib import transfer
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.plots.style import BLUE, GREEN, GREY, INK, ORANGE, PINK, RED, SKY, new_figure
from lessons_lib.transfer import model_tables, training_comparison

COLOURS = {"scratch": ORANGE, "random": GREY, "frozen": BLUE, "start": SKY, "last": GREEN, "all": PINK}
DEAD = 1e-3  # a filter whose numbers are all smaller does nothing
MARKERS = {"scratch": "s", "random": "x", "frozen": "o", "start": "D", "last": "^", "all": "v"}


def top_bars(photos, answers, columns=2):
    """Photos, each beside its most probable classes as bars.

    Parameters
    ----------
    photos : sequence of ndarray of shape (M, N) or (M, N, 3)
        Only the square in the middle is shown, as the network sees it.
    answers : sequence of list of (str, float)
        As `transfer.top` gives them.
    columns : int
        Photos in a row.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there are not as many answers as photos.

    Examples
    --------
    >>> top_bars([np.zeros((4, 4))], [[("cup", 0.75), ("bowl", 0.25)]]).alt
    'Photos with the most probable classes: cup 0.75.'
    """
    if len(photos) != len(answers) or not len(photos):
        raise ValueError(f"{len(photos)} photos and {len(answers)} answers; give one answer for each photo")
    rows = -(-len(photos) // columns)
    # Four rows fit a laptop's screen.
    figure, axes = new_figure(5 * columns, 1.65 * rows, rows=rows, columns=2 * columns, width_ratios=[1, 1.2] * columns)
    for place in axes.flat:
        place.set_axis_off()
    for k, (photo, answer) in enumerate(zip(photos, answers, strict=True)):
        left, right = axes[k // columns, 2 * (k % columns) :][:2]
        left.imshow(transfer.square(photo).astype(np.uint8))
        right.set_axis_on()
        names, shares = [name for name, _share in answer], [share for _name, share in answer]
        right.barh(range(len(answer)), shares, color=[BLUE] + [SKY] * (len(answer) - 1), height=0.72)
        for row, (name, share) in enumerate(zip(names, shares, strict=True)):
            right.text(share + 0.02, row, f"{name} {share:.2f}", va="center", fontsize=10.5)
        right.set(xlim=(0, 1.75), ylim=(len(answer) - 0.4, -0.6), xticks=[], yticks=[])
        right.spines[["bottom"]].set_visible(False)
    said = ", ".join(f"{answer[0][0]} {answer[0][1]:.2f}" for answer in answers)
    figure.alt = _("Photos with the most probable classes: {said}.").format(said=said)
    return figure


class Spot(NamedTuple):
    """A network on the plot of a zoo: where it stands, its colour, and where its name goes."""

    name: str
    x: float
    y: float
    colour: str
    right: bool
    lift: int


class Plot(NamedTuple):
    """What `zoo` draws: the ends of both axes, the ticks of the lower one, the networks, and which none other beats."""

    across: tuple
    up: tuple
    ticks: list
    spots: list
    best: list


def zoo_plot(rows=None, cost="parameters", gain="top-1"):
    """Where everything stands in the plot of accuracy against size.

    Parameters
    ----------
    rows, cost, gain
        As in `zoo`.

    Returns
    -------
    Plot

    Raises
    ------
    ValueError
        If there is no such column, or no row has both.

    Examples
    --------
    >>> [spot.name for spot in zoo_plot(cost="depth").spots if not spot.right]
    ['Xception', 'InceptionResNetV2']
    """
    rows = [*model_tables.table("Keras"), model_tables.OURS] if rows is None else rows
    best = model_tables.unbeaten(rows, cost, gain)
    known = [row for row in rows if row[cost] is not None and row[gain] is not None]
    if not known:
        raise ValueError(f"no row has both {cost} and {gain}; choose other columns")
    spots = []
    for row in known:
        ours, front = row["library"] == model_tables.OURS["library"], any(row is one for one in best)
        near = [one for one in known if abs(np.log(one[cost] / row[cost])) < 0.3 and abs(one[gain] - row[gain]) < 0.6]
        above = len(near) > 1 and row[gain] == max(one[gain] for one in near)
        right = row[cost] < 0.45 * max(one[cost] for one in known) and not above
        # The dashed line goes up to the right, so names stand below it on the right or above it on the left.
        lift = (8 if not right else -8) if front or len(near) > 1 else -1
        spots.append(Spot(row["model"], row[cost], row[gain], RED if ours else BLUE if front else SKY, right, lift))
    low, high = min(spot.x for spot in spots) / 1.5, max(spot.x for spot in spots) * 1.5
    least, most = min(spot.y for spot in spots), max(spot.y for spot in spots)
    room = 0.09 * (most - least) or 1
    ticks = [step * 10.0**power for power in range(10) for step in (1, 2, 5)]
    ticks = [(tick, _short(tick)) for tick in ticks if low <= tick <= high]
    return Plot((low, high), (least - room, most + room), ticks, spots, best)


def zoo(rows=None, cost="parameters", gain="top-1"):
    """Accuracy against size, with a line through the networks that no other one beats.

    Parameters
    ----------
    rows : list of dict, optional
        As `model_tables.table` gives them; Keras' table and this lesson's network when left out.
    cost, gain : str
        Columns of the table.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no such column, or no row has both.

    Examples
    --------
    >>> zoo(model_tables.table("Keras")).alt
    'Top-1 against parameters for 7 networks; no other one beats MobileNet, Xception, InceptionResNetV2.'
    """
    plot = zoo_plot(rows, cost, gain)
    figure, axes = new_figure(7.6, 4.2)
    place = axes[0, 0]
    line = [row[cost] for row in plot.best], [row[gain] for row in plot.best]
    place.plot(*line, color=GREY, linewidth=1.2, linestyle="--")
    for spot in plot.spots:
        place.plot(spot.x, spot.y, "o", markersize=9, color=spot.colour)
        place.annotate(
            spot.name, (spot.x, spot.y), xytext=(8 if spot.right else -8, spot.lift), textcoords="offset points",
            ha="left" if spot.right else "right", va="center", fontsize=11,
        )  # fmt: skip
    place.set_xscale("log")
    place.set(xlim=plot.across, ylim=plot.up)
    place.set_xticks([tick for tick, _text in plot.ticks], [text for _tick, text in plot.ticks])
    place.xaxis.set_minor_locator(NullLocator())
    place.set(xlabel=column_name(cost), ylabel=_("{column}, per cent").format(column=column_name(gain)))
    place.grid(color=GREY, alpha=0.2)
    place.tick_params(length=0)
    figure.alt = zoo_words(plot, cost, gain)
    return figure


def zoo_words(plot, cost="parameters", gain="top-1"):
    """The plot of `zoo` in words.

    >>> zoo_words(zoo_plot(model_tables.table("Keras")))
    'Top-1 against parameters for 7 networks; no other one beats MobileNet, Xception, InceptionResNetV2.'
    """
    return _("{gain} against {cost} for {count} networks; no other one beats {best}.").format(
        gain=column_name(gain).capitalize(), cost=column_name(cost), count=len(plot.spots),
        best=", ".join(row["model"] for row in plot.best),
    )  # fmt: skip


def column_name(column):
    """A column of the zoos' tables as a reader calls it.

    >>> column_name("megabytes")
    'megabytes'
    """
    names = {
        "model": _("model"), "top-1": _("top-1"), "top-5": _("top-5"), "megabytes": _("megabytes"),
        "parameters": _("parameters"), "depth": _("depth"),
    }  # fmt: skip
    return names[column]


def _short(value):
    return f"{value / 1e6:g} M" if value >= 1e6 else f"{value:g}"


def sheet(pictures, labels, classes, columns=10):
    """Some pictures of each class, one class a row.

    Parameters
    ----------
    pictures : ndarray of shape (B, M, N) or (B, M, N, 3)
        Of any range; each is drawn from its darkest to its brightest value.
    labels : ndarray of int, shape (B,)
    classes : sequence of str
    columns : int
        At most so many of each class.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> sheet(np.zeros((3, 4, 4)), np.array([0, 1, 1]), ["brick", "grass"]).alt
    'Small pictures, a class in each row: brick 1, grass 2.'
    """
    most = min(columns, np.bincount(labels).max())
    # Ten classes fit a laptop's screen.
    side = min(0.95, 6.4 / len(classes))
    figure, axes = new_figure(side * most + 0.9, (side + 0.05) * len(classes), rows=len(classes), columns=most)
    shown = []
    for row, name in enumerate(classes):
        mine = np.flatnonzero(np.asarray(labels) == row)[:most]
        shown.append(f"{name} {len(mine)}")
        for place in axes[row]:
            place.set(xticks=[], yticks=[])
            place.spines[:].set_visible(False)
        for place, k in zip(axes[row], mine, strict=False):
            picture = np.asarray(pictures[k], dtype=float)
            low, high = picture.min(), picture.max()
            picture = (picture - low) / (high - low if high > low else 1)
            place.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        axes[row, 0].set_ylabel(name, rotation=0, ha="right", va="center", labelpad=8)
    figure.alt = _("Small pictures, a class in each row: {shown}.").format(shown=", ".join(shown))
    return figure


def learning(rows, task, wanted=("scratch", "random", "frozen", "last"), chance=None):
    """Accuracy against the number of pictures a class, for some ways to train: means, and the spread over the seeds.

    Parameters
    ----------
    rows : list of dict
        As `data.load("transfer-runs")` gives them.
    task : str
    wanted : sequence of str
    chance : float, optional
        Where guessing would lie.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there are no such rows.

    Examples
    --------
    >>> rows = [{"task": "t", "way": "scratch", "per_class": n, "seed": 0, "accuracy": n / 10} for n in (5, 8)]
    >>> learning(rows, "t", ["scratch"]).alt
    'Accuracy against pictures a class, from 5 to 8: from scratch 0.50 to 0.80.'
    """
    figure, axes = new_figure(7.6, 4.0)
    place, said, counts, best = axes[0, 0], [], [], 0
    for way in wanted:
        found = training_comparison.summary(rows, task, way)
        counts = sorted(found)
        means, spreads = np.array([found[count] for count in counts]).T
        place.fill_between(
            counts, means - spreads, np.minimum(1, means + spreads), color=COLOURS[way], alpha=0.18, lw=0
        )
        place.plot(
            counts, means, color=COLOURS[way], marker=MARKERS[way], linewidth=2, label=training_comparison.way_name(way)
        )
        best = max(best, means.max())
        said.append(f"{training_comparison.way_name(way)} {means[0]:.2f} {_('to')} {means[-1]:.2f}")
    if chance is not None:
        place.axhline(chance, color=INK, linewidth=1, linestyle=":")
        place.text(counts[-1], chance + 0.012, _("guessing"), ha="right", fontsize=10.5)
    place.set_xscale("log")
    place.xaxis.set_major_locator(FixedLocator(counts))
    place.xaxis.set_minor_locator(NullLocator())
    place.xaxis.set_major_formatter(FuncFormatter(lambda value, _k: f"{value:g}"))
    place.set(xlabel=_("pictures a class"), ylabel=_("accuracy on pictures held out"))
    place.set_ylim(top=min(1.02, best + 0.04))
    place.grid(color=GREY, alpha=0.2)
    place.tick_params(length=0)
    place.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    text = _("Accuracy against pictures a class, from {first} to {last}: {said}.")
    figure.alt = text.format(first=counts[0], last=counts[-1], said="; ".join(said))
    return figure


def cuts(found, names):
    """Accuracy of a linear classifier by where the network is cut, for some numbers of pictures a class.

    Parameters
    ----------
    found : dict of str to sequence of float
        A line's name, and its accuracy at each cut.
    names : sequence of str
        Of the cuts, from the picture to the end.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> cuts({"textures": [0.5, 0.9]}, ["stem", "head"]).alt
    'A line for each of textures: accuracy by where the network is cut, in 2 places from stem to head.'
    """
    figure, axes = new_figure(7.6, 3.8)
    place = axes[0, 0]
    for (line, values), colour, marker in zip(found.items(), (BLUE, ORANGE, GREEN, PINK), "osD^", strict=False):
        place.plot(range(len(names)), values, color=colour, marker=marker, linewidth=2, label=line)
    place.set(ylabel=_("accuracy on pictures held out"), ylim=(None, 1.02), xticks=range(len(names)))
    place.set_xticklabels(names, rotation=40, ha="right", rotation_mode="anchor")
    place.grid(color=GREY, alpha=0.2)
    place.tick_params(length=0)
    place.legend(frameon=False, loc="lower right")
    # What was computed may differ in the last picture from machine to machine, so no accuracy is told here.
    text = _(
        "A line for each of {lines}: accuracy by where the network is cut, in {count} places from {first} to {last}."
    )
    figure.alt = text.format(lines=", ".join(found), count=len(names), first=names[0], last=names[-1])
    return figure


def choice(rows):
    """The table small or large, similar or different, filled by measurement: a bar for each way to train.

    Parameters
    ----------
    rows : list of dict
        As `data.load("transfer-runs")` gives them.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> rows = [{"task": task, "way": way, "per_class": n, "accuracy": 0.9}
    ...         for task, n in training_comparison.CELLS.values()
    ...         for way in ("scratch", "frozen", "start", "last", "all")]
    >>> choice(rows).alt.split(",")[1]
    ' similar pictures: from scratch 0.90'
    """
    titles = {
        "small": _("small set"), "large": _("large set"), "similar": _("similar pictures"),
        "different": _("different pictures"),
    }  # fmt: skip
    figure, axes = new_figure(9.8, 5.2, rows=2, columns=2, sharex=True)
    figure.get_layout_engine().set(wspace=0.06, hspace=0.04)
    said = []
    for place, ((size, likeness), found) in zip(axes.flat, training_comparison.cells(rows).items(), strict=True):
        for k, (way, accuracy) in enumerate(found.items()):
            best = f"{accuracy:.2f}" == f"{max(found.values()):.2f}"
            place.barh(k, accuracy, color=COLOURS[way], alpha=1 if best else 0.55, height=0.74)
            place.text(accuracy + 0.015, k, f"{accuracy:.2f}", va="center", fontweight="bold" if best else "normal")
        place.set(yticks=range(len(found)), xlim=(0, 1.16), ylim=(len(found) - 0.4, -0.6), xticks=[])
        place.set_yticklabels([training_comparison.way_name(way) for way in found], color=INK)
        place.tick_params(length=0)
        place.spines[["bottom"]].set_visible(False)
        title = f"{titles[size]}, {titles[likeness]}"
        place.set_title(title)
        said.append(
            f"{title}: " + ", ".join(f"{training_comparison.way_name(way)} {share:.2f}" for way, share in found.items())
        )
    figure.alt = "; ".join(said) + "."
    return figure


def filters(kernels, columns=8):
    """First filters as small colour pictures, each with its largest number as bright as can be.

    Parameters
    ----------
    kernels : ndarray of shape (R, C, 3, K)
    columns : int

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> filters(np.zeros((3, 3, 3, 4))).alt
    '4 filters of 3 × 3 cells in colour, grey where a number is 0; 4 of them are 0 everywhere.'
    """
    kernels = validate.array(kernels, "kernels", axes=4).astype(float)
    count = kernels.shape[3]
    columns = min(columns, count)
    figure, axes = new_figure(1.12 * columns, 1.2 * -(-count // columns), rows=-(-count // columns), columns=columns)
    for place in axes.flat:
        place.set_axis_off()
    for k, place in enumerate(axes.flat[:count]):
        kernel = kernels[..., k]
        reach = max(np.abs(kernel).max(), DEAD)
        place.imshow(0.5 + kernel / (2 * reach), interpolation="nearest")
        place.set_title(str(k), fontsize=10.5, pad=2)
    text = _(
        "{count} filters of {rows} × {columns} cells in colour, grey where a number is 0; "
        "{dead} of them are 0 everywhere."
    )
    dead = int((np.abs(kernels).max(axis=(0, 1, 2)) < DEAD).sum())
    figure.alt = text.format(count=count, rows=kernels.shape[0], columns=kernels.shape[1], dead=dead)
    return figure


def exciting(rows, names):
    """The patches that excite some units most, one unit a row.

    Parameters
    ----------
    rows : sequence of sequence of ndarray
        Patches of photos; all of a row have one size.
    names : sequence of str
        What each row is called.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> exciting([[np.zeros((4, 4, 3), np.uint8)] * 2], ["block2, unit 5"]).alt
    'Patches of photos that excite a unit most: block2, unit 5, 2 patches of 4 × 4 pixels.'
    """
    columns = max(len(row) for row in rows)
    figure, axes = new_figure(1.15 * columns + 1.6, 1.16 * len(rows), rows=len(rows), columns=columns)
    said = []
    for line, (row, name) in enumerate(zip(rows, names, strict=True)):
        for place in axes[line]:
            place.set(xticks=[], yticks=[])
            place.spines[:].set_visible(False)
        for place, patch in zip(axes[line], row, strict=False):
            place.imshow(patch, interpolation="nearest")
        axes[line, 0].set_ylabel(name.replace(", ", "\n"), rotation=0, ha="right", va="center", labelpad=8, fontsize=11)
        text = _("{name}, {count} patches of {rows} × {columns} pixels")
        said.append(text.format(name=name, count=len(row), rows=row[0].shape[0], columns=row[0].shape[1]))
    figure.alt = _("Patches of photos that excite a unit most: {said}.").format(said="; ".join(said))
    return figure


def heat(photo, maps, names):
    """Where a network looked: a photo, and the same under one map of heat for each class.

    Parameters
    ----------
    photo : ndarray of shape (M, N) or (M, N, 3)
        Its middle square is shown.
    maps : sequence of ndarray of shape (M', N')
        As `seeing.grad_cam` gives them.
    names : sequence of str
        Of the classes.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> heat(np.zeros((224, 224)), [np.eye(7)[::-1]], ["cup"]).alt
    'A photo, and where in it each class was found: cup most at row 16 and column 208 of 224.'
    """
    photo = transfer.square(photo).astype(np.uint8)
    side = len(photo)
    figure, axes = new_figure(3.0 * (len(maps) + 1), 3.35, columns=len(maps) + 1)
    said = []
    axes[0, 0].imshow(photo)
    axes[0, 0].set_title(_("photo"))
    for place, heat_map, name in zip(axes[0, 1:], maps, names, strict=True):
        place.imshow(glow(photo, heat_map))
        place.set_title(name)
        row, column = np.unravel_index(np.argmax(heat_map), np.shape(heat_map))
        row, column = (round((k + 0.5) * side / len(heat_map)) for k in (row, column))
        text = _("{name} most at row {row} and column {column} of {side}")
        said.append(text.format(name=name, row=row, column=column, side=side))
    for place in axes[0]:
        place.set_axis_off()
    figure.alt = _("A photo, and where in it each class was found: {said}.").format(said="; ".join(said))
    return figure


def glow(photo, heat_map):
    """A photo that is dark where a map is cold, and itself where the map is warm.

    Nothing is painted over it, so one sees what is there; and no colour has to be told from another.

    Parameters
    ----------
    photo : ndarray of uint8, shape (S, S, 3)
    heat_map : ndarray of shape (M, N)

    Returns
    -------
    ndarray of uint8, shape (S, S, 3)

    Examples
    --------
    >>> glow(np.full((2, 2, 3), 100, np.uint8), np.array([[1, 0], [0, 0]]))[..., 0].tolist()
    [[100, 15], [15, 15]]
    """
    large = transfer.resize(np.asarray(heat_map, dtype=float), *photo.shape[:2])
    large = large / (large.max() or 1)
    return np.clip(photo * (0.15 + 0.85 * large[..., None]), 0, 255).astype(np.uint8)
