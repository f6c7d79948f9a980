"""Lesson 7's pictures: layer tables, the timeline, blocks and modules, normalisations, depth and shortcuts."""

import numpy as np
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.ticker import NullLocator

from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.plots.style import BLUE, GREEN, GREY, INK, ORANGE, PINK, RED, SERIES, SKY, new_figure

QUANTITIES = ("year", "layers", "parameters", "multiply_adds", "top5")
LONGEST_TABLE = 24
# Lines of a layer table around a marked row, and how many of them come before it.
MOST_ROWS, BEFORE = 22, 6
DEPTHS = (SKY, GREEN, RED, PINK)


def large(number):
    """A large number in words that can be read aloud.

    >>> large(138357544), large(15470264320), large(1792), large(12)
    ('138.4 M', '15.5 G', '1.8 k', '12')
    """
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= limit:
            return f"{number / limit:.1f} {unit}"
    return f"{number:g}"


def sides(shape):
    """A shape as it is said: rows, columns, depth.

    >>> sides((224, 224, 3)), sides((1000,))
    ('224 × 224 × 3', '1000')
    """
    return " × ".join(str(side) for side in shape)


def named(quantity):
    """The words for a column of the timeline.

    >>> named("top5")
    'top-5 error, %'
    """
    names = {
        "year": _("year"),
        "layers": _("layers with weights"),
        "parameters": _("parameters"),
        "multiply_adds": _("multiply-adds for one picture"),
        "top5": _("top-5 error, %"),
    }
    return names[quantity]


def kind(text):
    """The words for the kind of a layer, such as "conv 3 x 3" or "fully connected".

    >>> kind("conv 3 x 3"), kind("conv 3 x 3, 32 groups"), kind("fully connected")
    ('conv 3 × 3', 'conv 3 × 3, 32 groups', 'fully connected')
    """
    words = {
        "conv": _("conv"),
        "pool": _("pool"),
        "input": _("picture"),
        "fully connected": _("fully connected"),
        "mean of each map": _("mean of each map"),
        "flatten": _("flatten"),
        "sum": _("sum"),
        "side by side": _("side by side"),
        "batch norm": _("batch norm"),
        "maps of zeros": _("maps of zeros"),
        "response norm": _("response norm"),
        "dropout": _("dropout"),
        "relu": _("ReLU"),
        "softmax": _("softmax"),
    }
    if text in words:
        return words[text]
    text, _comma, groups = text.partition(", ")
    if groups:
        return _("{kind}, {count} groups").format(kind=kind(text), count=groups.split()[0])
    first, _space, rest = text.partition(" ")
    return f"{words.get(first, first)} {rest}".strip().replace(" x ", " × ")


def window(count, chosen, most=MOST_ROWS):
    """Which rows of a long layer table are shown one by one: those around the chosen one, and more behind it.

    Parameters
    ----------
    count : int
        Rows in all.
    chosen : int
    most : int
        Lines there is room for; the rows before and those behind take one each.

    Returns
    -------
    range

    Examples
    --------
    >>> window(17, 3), window(400, 200), window(400, 2)
    (range(0, 17), range(194, 214), range(0, 21))
    """
    if count <= most:
        return range(count)
    # One row alone needs as much room as the line that stands for it.
    if chosen <= BEFORE + 1:
        return range(most - 1)
    if chosen >= count - (most - 1 - BEFORE):
        return range(count - (most - 1), count)
    return range(chosen - BEFORE, chosen - BEFORE + most - 2)


def folded(rows, first, stop):
    """One row for several: what comes out of the last, and what all of them cost.

    Parameters
    ----------
    rows : sequence of architectures.Row
    first, stop : int
        From row `first` to the one before `stop`.

    Returns
    -------
    architectures.Row

    Examples
    --------
    >>> from lessons_lib import architectures
    >>> rows = architectures.table((8, 8, 3), [architectures.Layer("conv", 4, 3)] * 3)
    >>> folded(rows, 2, 4)[:4]
    ('2 – 3', '2 layers', (2, 2, 4), 296)
    """
    some = rows[first:stop]
    count = len(some) - (first == 0)
    words = (_("{count} layer") if count == 1 else _("{count} layers")).format(count=count)
    parameters, work = (sum(row[column] for row in some) for column in (3, 4))
    return some[-1]._replace(
        name=f"{max(first, 1)} – {stop - 1}", kind=words, parameters=parameters, multiply_adds=work, reads=()
    )  # fmt: skip


def reads(row):
    """What a layer reads, in words, where it is not simply the layer before.

    >>> from lessons_lib.architectures import Row
    >>> reads(Row("sum9", "sum", (8, 8, 4), 0, 0, 3, (8, 4))), reads(Row("conv9", "conv", (8, 8, 4), 0, 0, 3))
    ('from 8 and 4', '')
    """
    return _("from {layers}").format(layers=listed(row.reads)) if row.reads else ""


def listed(numbers):
    """Numbers as they are said.

    >>> listed((8, 4)), listed((8,)), listed((8, 5, 4))
    ('8 and 4', '8', '8, 5 and 4')
    """
    *most, last = map(str, numbers)
    return _("{some} and {last}").format(some=", ".join(most), last=last) if most else last


def layer_table(rows, marked=None):
    """A layer table: shape, parameters, multiply-adds and receptive field, with bars for the two costs.

    Parameters
    ----------
    rows : sequence of architectures.Row
        Of a long table are drawn those around the marked row, or else the beginning and the end.
    marked : int, optional
        The row to be shaded.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no row.

    Examples
    --------
    >>> from lessons_lib import architectures
    >>> layer_table(architectures.table((8, 8, 3), [architectures.Layer("conv", 4, 3)])).alt
    'A layer table of 2 rows, from 8 × 8 × 3 to 6 × 6 × 4: 112 parameters and 3,888 multiply-adds in all.'
    """
    rows = list(rows)
    if not rows:
        raise ValueError("rows is empty; give at least one row of a layer table")
    if marked is not None:
        place = window(len(rows), marked)
        shown = [(index, rows[index]) for index in place]
        if place.start:
            shown.insert(0, (None, folded(rows, 0, place.start)))
        if place.stop < len(rows):
            shown.append((None, folded(rows, place.stop, len(rows))))
    elif len(rows) > LONGEST_TABLE:
        half = LONGEST_TABLE // 2
        shown = list(enumerate(rows))
        shown = [*shown[:half], (None, None), *shown[-half + 1 :]]
    else:
        shown = list(enumerate(rows))
    figure, axes = new_figure(9.6, 0.27 * len(shown) + 0.75)
    place = axes[0, 0]
    place.set(xlim=(0, 100), ylim=(len(shown) + 0.1, -1.8))
    place.set_axis_off()
    branches = any(row.reads for _index, row in shown if row is not None)
    heads = (_("layer"), _("what"), _("comes out"), _("parameters"), _("multiply-adds"), _("sees"), _("reads"))
    columns = (0, 9.5, 46, 67, 88.5, 99.5, 23.5) if branches else (0, 17, 37, 62, 86.5, 99.5)
    sizes, sides_ = {"fontsize": 11.5, "va": "center"}, ("left", "left", "left", "right", "right", "right", "left")
    for left, head, side in zip(columns, heads, sides_, strict=False):
        place.text(left, -1.1, head, color=GREY, ha=side, **sizes)
    most = [max(max(row[3 + k] for row in rows), 1) for k in range(2)]
    for line, (index, row) in enumerate(shown):
        if row is None:
            place.text(columns[1], line, "…", **sizes)
            continue
        if index is not None and index == marked:
            place.axhspan(line - 0.5, line + 0.5, color=ORANGE, alpha=0.25, linewidth=0)
        for k, (right, colour) in enumerate(((columns[3], BLUE), (columns[4], GREEN))):
            length = 7 * row[3 + k] / most[k] if index is not None else 0
            place.barh(line, length, left=right + 0.8, height=0.62, color=colour, alpha=0.75)
        texts = (row.name, kind(row.kind), sides(row.shape), *(f"{row[k]:,}" if row[k] else "·" for k in (3, 4)))
        colour = INK if index is not None else GREY
        for left, text, side in zip(columns, (*texts, str(row.field), reads(row)), sides_, strict=False):
            place.text(left, line, text, ha=side, color=colour, **sizes)
    text = _(
        "A layer table of {count} rows, from {first} to {last}: {parameters:,} parameters and {work:,} multiply-adds "
        "in all."
    )
    figure.alt = text.format(
        count=len(rows), first=sides(rows[0].shape), last=sides(rows[-1].shape),
        parameters=sum(row.parameters for row in rows), work=sum(row.multiply_adds for row in rows),
    )  # fmt: skip
    return figure


def costs(tables):
    """Where the parameters of some networks are, and where their multiply-adds: in convolutions or fully connected.

    Parameters
    ----------
    tables : dict of str to sequence of architectures.Row

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from lessons_lib import architectures
    >>> shape, layers = architectures.LISTS["AlexNet, on one GPU"]
    >>> costs({"AlexNet": architectures.table(shape, layers)}).alt
    'Two bars for each network. AlexNet: 6 % of the parameters and 95 % of the multiply-adds are in convolutions.'
    """
    figure, axes = new_figure(9.6, 0.6 + 0.75 * len(tables))
    place, described, ticks = axes[0, 0], [], []
    for number, (name, rows) in enumerate(tables.items()):
        shares = []
        for line, column in enumerate((3, 4)):
            whole = sum(row[column] for row in rows)
            part = sum(row[column] for row in rows if row.kind.startswith("conv"))
            share, where = 100 * part / whole, number + 0.36 * line
            place.barh(where, share, height=0.32, color=BLUE)
            place.barh(where, 100 - share, left=share, height=0.32, color=ORANGE)
            words = _("{what}: {whole}").format(what=(_("parameters"), _("multiply-adds"))[line], whole=large(whole))
            # Written where there is room, on the larger part.
            end = 99 if share < 50 else 1
            side, colour = ("right", INK) if share < 50 else ("left", "white")
            place.text(end, where, words, ha=side, va="center", fontsize=11, color=colour)
            shares.append(share)
        ticks.append((number + 0.18, name))
        text = _(
            "{name}: {parameters:.0f} % of the parameters and {work:.0f} % of the multiply-adds are in convolutions."
        )
        described.append(text.format(name=name, parameters=shares[0], work=shares[1]))
    place.set(yticks=[tick for tick, _name in ticks], yticklabels=[name for _tick, name in ticks], xlim=(0, 100))
    place.invert_yaxis()
    place.tick_params(length=0, labelcolor=INK)
    for colour, words in ((BLUE, _("convolutions")), (ORANGE, _("fully connected"))):
        place.bar(0, 0, color=colour, label=words)
    place.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=2, frameon=False)
    place.set_xticks([])
    figure.alt = _("Two bars for each network. {list}").format(list=" ".join(described))
    return figure


def timeline(rows, across="year", up="top5", marked=None):
    """Architectures as circles, larger with more parameters.

    Parameters
    ----------
    rows : sequence of dict
        As from `architectures.timeline`.
    across, up : str
        Of `QUANTITIES`. All but year and error are drawn so that each step is ten times more.
    marked : str, optional
        The name of the one to be coloured.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no such quantity.

    Examples
    --------
    >>> from lessons_lib import architectures
    >>> timeline(architectures.timeline(["AlexNet", "ResNet-152"])).alt
    'Circles by year and top-5 error, %: AlexNet at 2012 and 16.4, ResNet-152 at 2015 and 3.6.'
    """
    validate.choice(across, "across", QUANTITIES)
    validate.choice(up, "up", QUANTITIES)
    figure, axes = new_figure(8.6, 4.6)
    figure.set_layout_engine(None)
    figure.subplots_adjust(left=0.095, right=0.985, bottom=0.13, top=0.97)
    place = axes[0, 0]
    there = [row for row in rows if row[across] is not None and row[up] is not None]
    for row in there:
        chosen = row["name"] == marked
        place.scatter(
            row[across], row[up], s=size(row["parameters"]), color=ORANGE if chosen else SKY,
            alpha=0.95 if chosen else 0.7, edgecolors="white", zorder=2 + chosen - size(row["parameters"]) / 1e4,
        )  # fmt: skip
    for axis, quantity in (("x", across), ("y", up)):
        low, high, log, ticks = span(quantity, [row[quantity] for row in there], axis == "x")
        if log:
            getattr(place, f"set_{axis}scale")("log")
        line = getattr(place, f"{axis}axis")
        line.set_minor_locator(NullLocator())
        line.set_ticks([tick for tick, _word in ticks], [word for _tick, word in ticks])
        getattr(place, f"set_{axis}lim")(low, high)
        getattr(place, f"set_{axis}label")(named(quantity))
    # A point is 1 / 72 inch; the names are kept apart in pixels.
    point, names = figure.dpi / 72, [row["name"] for row in there]
    centres = place.transData.transform([(row[across], row[up]) for row in there]) * (1, -1)
    radii = [point * 0.5 * np.sqrt(size(row["parameters"])) for row in there]
    for row, radius, (right, down, side) in zip(there, radii, apart(centres, radii, names, 9.2), strict=True):
        # A name that had to give way is led back to its circle.
        leader = {"arrowstyle": "-", "color": GREY, "linewidth": 0.8, "shrinkA": 0, "shrinkB": radius / point}
        leader["relpos"] = (0 if side == "start" else 1, 0.5)
        place.annotate(
            row["name"], (row[across], row[up]), (right / point, -down / point), textcoords="offset points",
            fontsize=11, va="center", ha="left" if side == "start" else "right", color=INK,
            fontweight="bold" if row["name"] == marked else "normal",
            arrowprops=leader if abs(down) > radius else None,
        )  # fmt: skip
    place.grid(color=GREY, alpha=0.2)
    told = ", ".join(
        _("{name} at {x} and {y}").format(name=row["name"], x=_told(across, row[across]), y=_told(up, row[up]))
        for row in there
    )
    text = _("Circles by {across} and {up}: {list}.")
    figure.alt = text.format(across=named(across), up=named(up), list=told)
    return figure


def span(quantity, values, room=0.0):
    """The ends of an axis of the timeline, whether each step is ten times more, and its ticks.

    Parameters
    ----------
    quantity : str
        Of `QUANTITIES`.
    values : sequence of float
    room : float
        How much is kept free for names behind the largest value: 0 none, 1 about a quarter of the axis.

    Returns
    -------
    low, high : float
    log : bool
    ticks : list of (float, str)

    Examples
    --------
    >>> span("top5", [3.6, 16.4])
    (0, 22, False, [(0, '0'), (5, '5'), (10, '10'), (15, '15'), (20, '20')])
    >>> span("layers", [8, 152])[3]
    [(5, '5'), (10, '10'), (20, '20'), (50, '50'), (100, '100'), (200, '200')]
    """
    low, high = min(values), max(values)
    if quantity == "year":
        years = range(int(low), int(high) + 1)
        return low - 0.4, high + 0.4 + 0.9 * room, False, [(year, str(year)) for year in years]
    if quantity == "top5":
        return 0, 22, False, [(error, str(error)) for error in range(0, 22, 5)]
    low, high = low / 1.7, high * 1.7 * (2 if room else 1)
    ticks = (5, 10, 20, 50, 100, 200) if quantity == "layers" else [10**k for k in range(5, 12)]
    return low, high, True, [(tick, large(tick).replace(".0", "")) for tick in ticks if low <= tick <= high]


def size(parameters):
    """How large the circle of a network is: the square of its diameter in points.

    >>> round(size(60_000_000)), round(size(1_000_000))
    (324, 36)
    """
    return 14 * (parameters / 1e6) ** 0.75 + 22


def apart(centres, radii, names, letter=8.2, height=16.0):
    """Where the name of each circle is written, so that it covers no other name and no other circle.

    Parameters
    ----------
    centres : sequence of (float, float)
        In pixels; downwards is positive.
    radii : sequence of float
    names : sequence of str
    letter, height : float
        Of the type, in pixels.

    Returns
    -------
    list of (float, float, str)
        To the right (or left) and down from the centre; "start" for a name that begins there, "end" for one that ends
        there.

    Examples
    --------
    >>> apart([(0, 0), (6, 1)], [4, 4], ["one", "two"])
    [(-8.0, 0.0, 'end'), (8.0, 0.0, 'start')]
    """
    circles = [(x - r, x + r, y - r, y + r) for (x, y), r in zip(centres, radii, strict=True)]
    taken, found = [], []
    for (x, y), radius, name in zip(centres, radii, names, strict=True):
        tries = [
            (away, step * height / 2, side)
            for step in (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6)
            for away, side in ((radius + 4.0, "start"), (-radius - 4.0, "end"))
        ]
        best, least = None, np.inf
        for away, down, side in tries:
            box = _box(x + away, y + down, letter * len(name), height, side)
            cost = _covered(box, taken) + 0.3 * _covered(box, circles)
            if cost < least:
                best, least = ((away, down, side), box), cost
            if not cost:
                break
        found.append(best[0])
        taken.append(best[1])
    return found


def _box(x, y, width, height, side):
    left = x if side == "start" else x - width
    return left, left + width, y - height / 2, y + height / 2


def _covered(box, others):
    """The area that a box shares with others."""
    left, right, top, bottom = box
    return sum(max(0.0, min(right, b) - max(left, a)) * max(0.0, min(bottom, d) - max(top, c)) for a, b, c, d in others)


def _told(quantity, value):
    return large(value) if quantity in ("parameters", "multiply_adds") else f"{value:g}"


def inception(narrow, wide):
    """The multiply-adds of the four ways of an inception module, with the 1 x 1 bottleneck and without it.

    Parameters
    ----------
    narrow, wide : sequence of architectures.Row
        As from `architectures.inception`.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from lessons_lib import architectures
    >>> kernels = (64, 96, 128, 16, 32, 32)
    >>> ways = [architectures.inception(28, 192, kernels, bottleneck) for bottleneck in (True, False)]
    >>> inception(*ways).alt.split(". ")[1]
    'With the 1 × 1: 1 × 1 9.6 M, 3 × 3 101.2 M, 5 × 5 12.4 M, pool 4.8 M, together 128.0 M, 256 maps'
    """
    figure, axes = new_figure(9.6, 2.5)
    place, described = axes[0, 0], []
    names = (_("with the 1 × 1"), _("without"))
    for line, (name, ways) in enumerate(zip(names, (narrow, wide), strict=True)):
        left = 0
        for colour, way in zip((SKY, BLUE, ORANGE, GREEN), ways, strict=True):
            place.barh(
                line,
                way.multiply_adds / 1e6,
                left=left,
                color=colour,
                height=0.6,
                label=kind(way.name) if line else None,
            )
            left += way.multiply_adds / 1e6
        maps = sum(way.shape[2] for way in ways)
        words = _("{work}, {maps} maps").format(work=large(left * 1e6), maps=maps)
        place.text(left, line, f"  {words}", va="center", fontsize=12)
        parts = ", ".join(f"{kind(way.name)} {large(way.multiply_adds)}" for way in ways)
        text = _("{name}: {parts}, together {work}, {maps} maps")
        described.append(text.format(name=name[0].upper() + name[1:], parts=parts, work=large(left * 1e6), maps=maps))
    place.set(yticks=[0, 1], yticklabels=names, xlabel=_("multiply-adds, millions"))
    place.set_xlim(0, 1.3 * sum(way.multiply_adds for way in wide) / 1e6)
    place.tick_params(length=0, labelcolor=INK)
    place.invert_yaxis()
    place.legend(loc="upper right", frameon=False, ncols=4, bbox_to_anchor=(1, 1.25), handlelength=1)
    figure.alt = _("Two bars of four parts. {list}.").format(list=". ".join(described))
    return figure


def blocks():
    """Three blocks of two convolutions: plain, with the shortcut, and with everything else before the convolutions.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> blocks().alt[:62]
    'Three blocks, each from x to y. Plain: conv, norm, ReLU, conv,'
    """
    conv, norm, relu, add = _("conv"), _("norm"), _("ReLU"), _("sum")
    kinds = {
        _("plain"): [conv, norm, relu, conv, norm, relu],
        _("residual (2015)"): [conv, norm, relu, conv, norm, add, relu],
        _("pre-activation (2016)"): [norm, relu, conv, norm, relu, conv, add],
    }
    colours = {conv: BLUE, norm: GREEN, relu: SKY, add: ORANGE}
    figure, axes = new_figure(9.6, 4.6, columns=3)
    described = []
    for place, (title, parts) in zip(axes[0], kinds.items(), strict=True):
        place.set(xlim=(-1.7, 2.3), ylim=(len(parts) + 0.6, -1.2))
        place.set_axis_off()
        place.set_title(title)
        place.text(0, -0.85, "x", ha="center", va="center", fontsize=14, style="italic")
        for line, part in enumerate(parts):
            box = FancyBboxPatch(
                (-0.75, line - 0.28), 1.5, 0.56, boxstyle="round,pad=0.05", color=colours[part], alpha=0.85
            )
            place.add_patch(box)
            place.text(0, line, part, ha="center", va="center", color="white" if part == conv else INK, fontsize=12)
            _arrow(place, (0, line - 0.65), (0, line - 0.33))
        _arrow(place, (0, len(parts) - 0.66), (0, len(parts) - 0.1))
        place.text(0, len(parts) + 0.2, "y", ha="center", va="center", fontsize=14, style="italic")
        if add in parts:
            line = parts.index(add)
            place.plot([0, 1.6, 1.6], [-0.6, -0.6, line], color=ORANGE, linewidth=2.4, zorder=0)
            _arrow(place, (1.6, line), (0.85, line), ORANGE)
            place.text(1.72, line / 2, "x", fontsize=14, style="italic", va="center")
        described.append(f"{title[0].upper()}{title[1:]}: {', '.join(parts)}")
    figure.alt = _("Three blocks, each from x to y. {list}. In the last two x itself is added at the sum.").format(
        list=". ".join(described)
    )
    return figure


def _arrow(place, start, end, colour=GREY):
    place.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=12, color=colour, linewidth=1.4))


def lines(curves, across, up, log=False):
    """Some curves over the number of a layer or of a step.

    Parameters
    ----------
    curves : dict of str to sequence of float
        Those of the same length begin at 0.
    across, up : str
        One of "layer" and "step"; one of "spread" and "error".
    log : bool
        Each step upwards is ten times more.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> lines({"he": [1, 1], "xavier": [1, 0.5]}, "layer", "spread").alt
    'Curves of the spread over layer 0 to 1: He from 1 to 1, Xavier from 1 to 0.5.'
    """
    words = {"layer": _("layer"), "step": _("step"), "spread": _("spread"), "error": _("mean squared error")}
    titles = {
        "he": _("He"), "xavier": _("Xavier"), "normed": _("Xavier, batch norm"), "plain": _("F(x)"),
        "shortcut": _("F(x) + x"),
    }  # fmt: skip
    figure, axes = new_figure(7.6, 3.2)
    place, told = axes[0, 0], []
    for colour, (name, numbers) in zip(SERIES, curves.items(), strict=False):
        title = titles.get(name, name)
        place.plot(numbers, color=colour, linewidth=2.2, label=title)
        told.append(_("{name} from {first:.2g} to {last:.2g}").format(name=title, first=numbers[0], last=numbers[-1]))
    place.set(xlabel=words[across], ylabel=words[up])
    if log:
        place.set_yscale("log")
    else:
        place.set_ylim(0)
    place.grid(axis="y", color=GREY, alpha=0.25)
    place.legend(frameon=False)
    count = max(len(numbers) for numbers in curves.values()) - 1
    text = _("Curves of the {up} over {across} 0 to {count}: {list}.")
    figure.alt = text.format(up=words[up], across=words[across], count=count, list=", ".join(told))
    return figure


def depths(learned, across, seed=None, marked=None, held_out=False):
    """Accuracy by epoch for networks of several depths: plain on the left, with shortcuts on the right.

    Parameters
    ----------
    learned : array_like of shape (2, depths, seeds, epochs)
        Plain first.
    across : sequence of int
        The depths.
    seed : int, optional
        Only this one, counted from 0; the mean of all and their range when left out.
    marked : int, optional
        The depth that is shown strongly; all when left out.
    held_out : bool
        What the accuracies are of, for the description.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> accuracies = np.linspace(0, 0.9, 20).reshape(2, 2, 1, 5)
    >>> depths(accuracies, [8, 32]).alt
    'Accuracy on what was learned from by epoch, after 5 epochs. Plain: 8 layers 0.19, 32 layers 0.43. ...'
    """
    learned = validate.array(learned, "learned", axes=4)
    figure, _axes = new_figure(9.2, 3.4, columns=2, sharey=True)
    epochs, told = np.arange(1, learned.shape[3] + 1), []
    for kind_, (place, title) in enumerate(zip(figure.axes, (_("plain"), _("with shortcuts")), strict=True)):
        last = []
        for colour, row, depth in zip(DEPTHS, learned[kind_], across, strict=False):
            some = row if seed is None else row[seed : seed + 1]
            strong = marked in (None, depth)
            mean = some.mean(axis=0)
            place.plot(
                epochs, mean, color=colour, linewidth=2.6 if strong else 1.2, alpha=1 if strong else 0.3, marker="o",
                markersize=4, label=_("{depth} layers").format(depth=depth),
            )  # fmt: skip
            if strong and len(some) > 1:
                place.fill_between(epochs, some.min(axis=0), some.max(axis=0), color=colour, alpha=0.18, linewidth=0)
            last.append(_("{depth} layers {right:.2f}").format(depth=depth, right=mean[-1]))
        place.set(title=title, xlabel=_("epoch"), ylim=(0, 1), xticks=epochs, yticks=[0, 0.25, 0.5, 0.75, 1])
        place.grid(axis="y", color=GREY, alpha=0.25)
        place.tick_params(length=0)
        told.append(f"{title[0].upper()}{title[1:]}: {', '.join(last)}.")
    what = _("held out") if held_out else _("learned from")
    figure.axes[0].set_ylabel(_("accuracy, {what}").format(what=what))
    figure.axes[0].legend(frameon=False, loc="lower right", fontsize=11)
    text = _("Accuracy on what was {what} by epoch, after {epochs} epochs. {list}")
    figure.alt = text.format(what=what, epochs=len(epochs), list=" ".join(told))
    return figure


def channels(before, after):
    """The numbers of all maps at one place, before and after local response normalisation.

    Parameters
    ----------
    before, after : array_like of shape (D,)

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> channels([1, 2], [0.5, 0.9]).alt
    'Bars of 2 maps at one place: before at most 2.00, after at most 0.90.'
    """
    before, after = validate.array(before, "before", axes=1), validate.array(after, "after", axes=1)
    figure, axes = new_figure(9.2, 2.6, columns=2)
    for place, numbers, title, colour in zip(
        axes[0], (before, after), (_("before"), _("after")), (GREY, BLUE), strict=True
    ):
        place.bar(np.arange(len(numbers)), numbers, color=colour)
        place.set(title=title, xlabel=_("map"))
        place.tick_params(length=0)
    text = _("Bars of {count} maps at one place: before at most {before:.2f}, after at most {after:.2f}.")
    figure.alt = text.format(count=len(before), before=before.max(), after=after.max())
    return figure


def views(photo, parts):
    """A photo, and what the network sees of it in some epochs.

    Parameters
    ----------
    photo : array_like of shape (M, N, 3)
    parts : sequence of array_like of shape (S, S, 3)

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> views(np.zeros((30, 40, 3), np.uint8), np.zeros((8, 20, 20, 3), np.uint8)).alt
    'A photo of 30 × 40 pixels, and 8 random parts of 20 × 20 of it, some mirrored, each in a slightly other light.'
    """
    parts = validate.array(parts, "parts", axes=4)
    columns = -(-len(parts) // 2)
    figure, axes = new_figure(9.6, 3.0, rows=1, columns=2, width_ratios=[1.35, columns / 2])
    axes[0, 0].imshow(photo)
    rows, side = 2, parts.shape[1]
    sheet = np.full((rows * (side + 8) - 8, columns * (side + 8) - 8, 3), 255, np.uint8)
    for number, part in enumerate(parts):
        top, left = number // columns * (side + 8), number % columns * (side + 8)
        sheet[top : top + side, left : left + side] = part
    axes[0, 1].imshow(sheet)
    for place in axes[0]:
        place.set_axis_off()
    text = _(
        "A photo of {rows} × {columns} pixels, and {count} random parts of {side} × {side} of it, some mirrored, each "
        "in a slightly other light."
    )
    figure.alt = text.format(rows=len(photo), columns=photo.shape[1], count=len(parts), side=side)
    return figure
