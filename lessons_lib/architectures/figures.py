"""Lesson 7's pictures: layer tables, the timeline, modules, normalisations, depth and shortcuts.

Every function of arrays or rows returns a matplotlib Figure with `alt`, its description, or a `plots.chart.Chart`;
`rows` are those of `layer_table.Row`. What cannot be drawn is refused with a ValueError.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lessons_lib import architectures
from lessons_lib.architectures.drawing_figures import block as block
from lessons_lib.architectures.drawing_figures import kind_label as kind_label
from lessons_lib.architectures.drawing_figures import network as network
from lessons_lib.architectures.drawing_figures import volumes as volumes
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import join_words, large_number, size_text
from lessons_lib.plots.chart import Chart, Dot, Frame, Line, Words, between
from lessons_lib.plots.style import BLUE, GREEN, GREY, INK, ORANGE, PINK, RED, SERIES, SKY, new_figure

QUANTITIES = ("year", "layers", "parameters", "multiply_adds", "top5")
LONGEST_TABLE = 24
# Lines of a layer table around a marked row, and how many of them come before it.
MOST_ROWS, BEFORE = 22, 6
DEPTHS = (SKY, GREEN, RED, PINK)
# Pixels that a letter and a line of the type take in a chart.
LETTER, LINE = 8.2, 16.0
COSTS = {"parameters": BLUE, "multiply_adds": GREEN}


def label_of(quantity):
    """The words for a column of the timeline.

    >>> label_of("top5")
    'top-5 error of one network on one crop, %'
    """
    return {
        "year": _("year"), "layers": _("layers with weights"), "parameters": _("parameters"),
        "multiply_adds": _("multiply-adds for one picture"),
        "top5": _("top-5 error of one network on one crop, %"),
    }[quantity]  # fmt: skip


def reads_label(row):
    """What a layer reads, in words, where it is not simply the layer before.

    >>> from lessons_lib.architectures.layer_table import Row
    >>> reads_label(Row("sum9", "sum", (8, 8, 4), 0, 0, 3, (8, 4))), reads_label(Row("conv9", "conv", (8, 8), 0, 0, 3))
    ('from 8 and 4', '')
    """
    return _("from {layers}").format(layers=join_words(row.reads)) if row.reads else ""


def visible_rows(count, marked, most=MOST_ROWS):
    """The range of rows of a long layer table that are shown one by one: those around the marked one, most behind it.

    Of `most` lines the rows before and those behind take one each.

    >>> visible_rows(17, 3), visible_rows(400, 200), visible_rows(400, 2)
    (range(0, 17), range(194, 214), range(0, 21))
    """
    if count <= most:
        return range(count)
    # One row alone needs as much room as the line that stands for it.
    if marked <= BEFORE + 1:
        return range(most - 1)
    if marked >= count - (most - 1 - BEFORE):
        return range(count - (most - 1), count)
    return range(marked - BEFORE, marked - BEFORE + most - 2)


def summary_row(rows, first, stop):
    """One row for those from `first` to before `stop`: the shape of the last, and what all of them cost.

    >>> from lessons_lib.architectures import layer_table as tables
    >>> summary_row(tables.table((8, 8, 3), [tables.Layer("conv", 4, 3)] * 3), 2, 4)[:4]
    ('2 – 3', '2 layers', (2, 2, 4), 296)
    """
    some = rows[first:stop]
    count = len(some) - (first == 0)
    return some[-1]._replace(
        name=f"{max(first, 1)} – {stop - 1}",
        kind=(_("{count} layer") if count == 1 else _("{count} layers")).format(count=count),
        parameters=sum(row.parameters for row in some),
        multiply_adds=sum(row.multiply_adds for row in some),
        reads=(),
    )


class _Column(NamedTuple):
    """A column of a layer table: its head, where it stands from 0 to 100, how it is aligned, and the text of a row."""

    head: str
    x: float
    align: str
    text: Callable


def _columns(branches):
    """The columns; with branches there is one more for what a layer reads."""

    def number(value):
        return f"{value:,}" if value else "·"

    columns = {
        "name": _Column(_("layer"), 0, "left", lambda row: row.name),
        "kind": _Column(_("what"), 9.5 if branches else 17, "left", lambda row: kind_label(row.kind)),
        "shape": _Column(_("comes out"), 46 if branches else 37, "left", lambda row: size_text(*row.shape)),
        "parameters": _Column(_("parameters"), 67 if branches else 62, "right", lambda row: number(row.parameters)),
        "multiply_adds": _Column(
            _("multiply-adds"), 88.5 if branches else 86.5, "right", lambda row: number(row.multiply_adds)
        ),
        "field": _Column(_("sees"), 99.5, "right", lambda row: str(row.field)),
    }
    return columns | ({"reads": _Column(_("reads"), 23.5, "left", reads_label)} if branches else {})


def layer_table(rows, marked=None):
    """A layer table, with bars for the two costs; of a long one the rows around `marked`, or else beginning and end.

    >>> from lessons_lib.architectures import layer_table as tables
    >>> layer_table(tables.table((8, 8, 3), [tables.Layer("conv", 4, 3)])).alt
    'A layer table of 2 rows, from 8 × 8 × 3 to 6 × 6 × 4: 112 parameters and 3,888 multiply-adds in all.'
    """
    rows = list(rows)
    if not rows:
        raise ValueError("rows is empty; give at least one row of a layer table")
    lines = _lines(rows, marked)
    # Numbers of layers say nothing where the names do not hold them, as those of Keras.
    numbered = (row.reads for index, row in lines if row is not None and row.name.endswith(str(index)))
    columns = _columns(branches=any(numbered))
    figure, axs = new_figure(9.6, 0.27 * len(lines) + 0.75)
    ax, font = axs[0, 0], {"fontsize": 11.5, "va": "center"}
    ax.set(xlim=(0, 100), ylim=(len(lines) + 0.1, -1.8))
    ax.set_axis_off()
    for column in columns.values():
        ax.text(column.x, -1.1, column.head, color=GREY, ha=column.align, **font)
    most = {cost: max(max(getattr(row, cost) for row in rows), 1) for cost in COSTS}
    for line, (index, row) in enumerate(lines):
        if row is None:
            ax.text(columns["kind"].x, line, "…", **font)
            continue
        if index is not None and index == marked:
            ax.axhspan(line - 0.5, line + 0.5, color=ORANGE, alpha=0.25, linewidth=0)
        for cost, colour in COSTS.items():
            length = 7 * getattr(row, cost) / most[cost] if index is not None else 0
            ax.barh(line, length, left=columns[cost].x + 0.8, height=0.62, color=colour, alpha=0.75)
        for column in columns.values():
            ink = INK if index is not None else GREY
            ax.text(column.x, line, column.text(row), ha=column.align, color=ink, **font)
    text = _(
        "A layer table of {count} rows, from {first} to {last}: {parameters:,} parameters and {work:,} multiply-adds "
        "in all."
    )
    figure.alt = text.format(
        count=len(rows), first=size_text(*rows[0].shape), last=size_text(*rows[-1].shape),
        parameters=sum(row.parameters for row in rows), work=sum(row.multiply_adds for row in rows),
    )  # fmt: skip
    return figure


def _lines(rows, marked):
    """The lines of a layer table as (index, row); a summary has no index, and a gap is (None, None)."""
    lines = list(enumerate(rows))
    if marked is None:
        half = LONGEST_TABLE // 2
        return lines if len(rows) <= LONGEST_TABLE else [*lines[:half], (None, None), *lines[-half + 1 :]]
    visible = visible_rows(len(rows), marked)
    before = [(None, summary_row(rows, 0, visible.start))] if visible.start else []
    behind = [(None, summary_row(rows, visible.stop, len(rows)))] if visible.stop < len(rows) else []
    return [*before, *(lines[index] for index in visible), *behind]


def costs(tables):
    """Where parameters and multiply-adds of networks are, in convolutions or fully connected; `tables` is {name: rows}.

    >>> from lessons_lib.architectures import layer_table
    >>> costs({"AlexNet": layer_table.table(*layer_table.NETWORKS["AlexNet, on one GPU"])}).alt
    'Two bars for each network. AlexNet: 6 % of the parameters and 95 % of the multiply-adds are in convolutions.'
    """
    figure, axs = new_figure(9.6, 0.6 + 0.75 * len(tables))
    ax, descriptions = axs[0, 0], []
    words = {"parameters": _("parameters"), "multiply_adds": _("multiply-adds")}
    text = _("{name}: {parameters:.0f} % of the parameters and {multiply_adds:.0f} % of the multiply-adds are in "
             "convolutions.")  # fmt: skip
    for number, (name, rows) in enumerate(tables.items()):
        shares = {}
        for y, cost in ((number, "parameters"), (number + 0.36, "multiply_adds")):
            total = sum(getattr(row, cost) for row in rows)
            share = 100 * sum(getattr(row, cost) for row in rows if row.kind.startswith("conv")) / total
            ax.barh(y, share, height=0.32, color=BLUE)
            ax.barh(y, 100 - share, left=share, height=0.32, color=ORANGE)
            # On the larger part, where there is room.
            x, align, colour = (99, "right", INK) if share < 50 else (1, "left", "white")
            label = _("{what}: {whole}").format(what=words[cost], whole=large_number(total))
            ax.text(x, y, label, ha=align, va="center", fontsize=11, color=colour)
            shares[cost] = share
        descriptions.append(text.format(name=name, **shares))
    ax.set(xlim=(0, 100), xticks=[], yticks=[number + 0.18 for number in range(len(tables))], yticklabels=list(tables))
    ax.invert_yaxis()
    ax.tick_params(length=0, labelcolor=INK)
    for colour, label in ((BLUE, _("convolutions")), (ORANGE, _("fully connected"))):
        ax.bar(0, 0, color=colour, label=label)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=2, frameon=False)
    figure.alt = _("Two bars for each network. {list}").format(list=" ".join(descriptions))
    return figure


def timeline(across="year", up="top5", marked=None):
    """The architectures as circles, larger with more parameters, by two of QUANTITIES; all errors from one table.

    >>> timeline().alt[:76]
    'Circles by year and top-5 error of one network on one crop, %: AlexNet at 20'
    """
    return timeline_chart(architectures.timeline(), across, up, marked).figure()


def timeline_chart(rows, across="year", up="top5", marked=None):
    """A chart of architectures, as from `architectures.timeline`, as circles; one of them may be marked.

    >>> timeline_chart(architectures.timeline(["AlexNet", "ResNet-152"])).alt.split(": ")[1]
    'AlexNet at 2012 and 20.91, ResNet-152 at 2015 and 5.94.'
    """
    for quantity, name in ((across, "across"), (up, "up")):
        validate.choice(quantity, name, QUANTITIES)
    rows = [row for row in rows if None not in (row[across], row[up])]
    ends = [axis_range(quantity, [row[quantity] for row in rows], room) for quantity, room in ((across, 1), (up, 0))]
    frame = Frame((84, 14, 788, 340), *(end[:2] for end in ends), *zip(*(end[2:] for end in ends), strict=True))
    frame.labels, frame.marks = (label_of(across), label_of(up)), []
    radii = [circle_radius(row["parameters"]) for row in rows]
    # The marked circle comes after the others, the small ones after the large ones, and all names after all circles,
    # so that nothing covers them.
    for row, radius in sorted(zip(rows, radii, strict=True), key=lambda pair: (pair[0]["name"] == marked, -pair[1])):
        look = (ORANGE, 0.95) if row["name"] == marked else (SKY, 0.7)
        frame.marks.append(Dot(row[across], row[up], radius, *look))
    positions = label_positions(
        [(frame.x(row[across]), frame.y(row[up])) for row in rows], radii, [row["name"] for row in rows]
    )
    for row, radius, (right, down, anchor) in zip(rows, radii, positions, strict=True):
        place = {"right": right, "down": down, "anchor": anchor, "leader": radius if abs(down) > radius else None}
        frame.marks.append(Words(row["name"], row[across], row[up], bold=row["name"] == marked, **place))
    text = _("{name} at {x} and {y}")
    points = [text.format(name=row["name"], x=_value(across, row[across]), y=_value(up, row[up])) for row in rows]
    text = _("Circles by {across} and {up}: {list}.")
    alt = text.format(across=label_of(across), up=label_of(up), list=", ".join(points))
    return Chart([frame], 880, 404, alt)


def _value(quantity, value):
    return large_number(value) if quantity in ("parameters", "multiply_adds") else f"{value:g}"


def axis_range(quantity, values, room=0):
    """Low and high end of an axis of the timeline, whether it is logarithmic, and its ticks as (number, text).

    `room` is kept free for names behind the largest value: 0 none, 1 about a quarter of the axis.

    >>> axis_range("top5", [3.6, 16.4])
    (0, 22, False, [(0, '0'), (5, '5'), (10, '10'), (15, '15'), (20, '20')])
    >>> axis_range("layers", [8, 152])[3]
    [(5, '5'), (10, '10'), (20, '20'), (50, '50'), (100, '100'), (200, '200')]
    """
    low, high = min(values), max(values)
    if quantity == "year":
        years = range(int(low), int(high) + 1)
        return low - 0.4, high + 0.4 + 0.9 * room, False, [(year, str(year)) for year in years]
    if quantity == "top5":
        return 0, 22 + room, False, [(error, str(error)) for error in range(0, 22, 5)]
    low, high = low / 1.7, high * 1.7 * (2 if room else 1)
    ticks = (5, 10, 20, 50, 100, 200) if quantity == "layers" else [10**k for k in range(5, 12)]
    return low, high, True, [(tick, large_number(tick).replace(".0", "")) for tick in ticks if low <= tick <= high]


def circle_radius(parameters):
    """The radius, in pixels, of the circle of a network.

    >>> round(circle_radius(60_000_000), 1), round(circle_radius(1_000_000), 1)
    (12.6, 4.2)
    """
    return 0.7 * (14 * (parameters / 1e6) ** 0.75 + 22) ** 0.5


def label_positions(centres, radii, names):
    """Where the name of each circle stands so that it covers no other name and no other circle, all in pixels.

    For each name: to the right and down from the centre (x, y), with y downwards, and "start" where it begins there or
    "end" where it ends there.

    >>> label_positions([(0, 0), (6, 1)], [4, 4], ["one", "two"])
    [(-8.0, 0.0, 'end'), (8.0, 0.0, 'start')]
    """
    circles = [(x - r, x + r, y - r, y + r) for (x, y), r in zip(centres, radii, strict=True)]
    taken, found = [], []
    for (x, y), radius, name in zip(centres, radii, names, strict=True):
        best, least, width = None, np.inf, LETTER * len(name)
        for step in (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6):
            down = step * LINE / 2
            for right, anchor, left in ((radius + 4.0, "start", 0.0), (-radius - 4.0, "end", width)):
                begin = x + right - left
                box = begin, begin + width, y + down - LINE / 2, y + down + LINE / 2
                cost = _overlap(box, taken) + 0.3 * _overlap(box, circles)
                if cost < least:
                    best, least = ((right, down, anchor), box), cost
        found.append(best[0])
        taken.append(best[1])
    return found


def _overlap(box, others):
    """The area that a box shares with others; each is left, right, top, bottom."""
    left, right, top, bottom = box
    return sum(max(0.0, min(right, b) - max(left, a)) * max(0.0, min(bottom, d) - max(top, c)) for a, b, c, d in others)


def inception(narrow, wide):
    """The multiply-adds of the four branches of an inception module, with the 1 x 1 bottleneck and without it.

    Both as from `layer_table.inception`.

    >>> from lessons_lib.architectures import layer_table
    >>> kernels = (64, 96, 128, 16, 32, 32)
    >>> inception(*(layer_table.inception(28, 192, kernels, narrow) for narrow in (True, False))).alt.split(". ")[1]
    'With the 1 × 1: 1 × 1 9.6 M, 3 × 3 101.2 M, 5 × 5 12.4 M, pool 4.8 M, together 128.0 M, 256 maps'
    """
    figure, axs = new_figure(9.6, 2.5)
    ax, descriptions = axs[0, 0], []
    names = (_("with the 1 × 1"), _("without"))
    for y, (name, branches) in enumerate(zip(names, (narrow, wide), strict=True)):
        work, maps = 0, sum(branch.shape[2] for branch in branches)
        for colour, branch in zip((SKY, BLUE, ORANGE, GREEN), branches, strict=True):
            label = kind_label(branch.name) if y else None
            ax.barh(y, branch.multiply_adds / 1e6, left=work / 1e6, color=colour, height=0.6, label=label)
            work += branch.multiply_adds
        label = _("{work}, {maps} maps").format(work=large_number(work), maps=maps)
        ax.text(work / 1e6, y, f"  {label}", va="center", fontsize=12)
        parts = ", ".join(f"{kind_label(branch.name)} {large_number(branch.multiply_adds)}" for branch in branches)
        text = _("{name}: {parts}, together {work}, {maps} maps")
        name = name[0].upper() + name[1:]
        descriptions.append(text.format(name=name, parts=parts, work=large_number(work), maps=maps))
    ax.set(yticks=[0, 1], yticklabels=names, xlabel=_("multiply-adds, millions"))
    ax.set_xlim(0, 1.3 * sum(branch.multiply_adds for branch in wide) / 1e6)
    ax.tick_params(length=0, labelcolor=INK)
    ax.invert_yaxis()
    ax.legend(loc="upper right", frameon=False, ncols=4, bbox_to_anchor=(1, 1.25), handlelength=1)
    figure.alt = _("Two bars of four parts. {list}.").format(list=". ".join(descriptions))
    return figure


def curves(sizes):
    """Curves of the root mean square over the layers, counted from 0, on a logarithmic axis; `sizes` by their name.

    >>> curves({"He": [1, 1], "Xavier": [1, 0.5]}).alt
    'Curves of the RMS over layer 0 to 1: He from 1 to 1, Xavier from 1 to 0.5.'
    """
    figure, axs = new_figure(7.6, 3.2)
    ax, ends = axs[0, 0], []
    for colour, (name, values) in zip(SERIES, sizes.items(), strict=False):
        ax.plot(values, color=colour, linewidth=2.2, label=name)
        ends.append(_("{name} from {first:.2g} to {last:.2g}").format(name=name, first=values[0], last=values[-1]))
    ax.set(xlabel=_("layer"), ylabel=_("RMS"), yscale="log")
    ax.grid(axis="y", color=GREY, alpha=0.25)
    ax.legend(frameon=False)
    count = max(len(values) for values in sizes.values()) - 1
    figure.alt = _("Curves of the RMS over layer 0 to {count}: {list}.").format(count=count, list=", ".join(ends))
    return figure


def accuracy_by_depth(accuracies, depths, marked=None, validation=False):
    """Accuracy by epoch of plain networks of several depths, the mean of several trainings and their range.

    `accuracies` has shape (kinds, depths, trainings, epochs), on the training or on the `validation` pictures; with two
    kinds, the second one has shortcuts, and stands on the right. The depth `marked`, or else each, is drawn strongly.

    >>> accuracy_by_depth(np.linspace(0, 0.9, 20).reshape(2, 2, 1, 5), [8, 32]).alt
    'Accuracy on the training pictures by epoch, after 5 epochs. Plain: 8 layers 0.19, 32 layers 0.43. ...'
    """
    accuracies = validate.array(accuracies, "accuracies", axes=4)
    most, frames, descriptions = accuracies.shape[3], [], []
    epochs, ticks = range(1, most + 1), (range(1, most + 1), [k / 4 for k in range(5)])
    labels = [_("{depth} layers").format(depth=depth) for depth in depths]
    what = _("validation") if validation else _("training")
    for left, title, by_depth in zip((72, 512), (_("plain"), _("with shortcuts")), accuracies, strict=False):
        marks, last = [], []
        for colour, runs, depth, label in zip(DEPTHS, by_depth, depths, labels, strict=False):
            strong, mean = marked in (None, depth), runs.mean(axis=0)
            if strong and len(runs) > 1:
                marks.append(between(epochs, runs.min(axis=0), runs.max(axis=0), colour))
            marks.append(Line(epochs, mean, colour, 2.8 if strong else 1.6, 1.0 if strong else 0.85, dots=True))
            last.append(f"{label} {mean[-1]:.2f}")
        beside = "" if frames else _("{what} accuracy").format(what=what)
        frame = Frame((left, 30, 380, 240), (0.7, most + 0.3), (0, 1), ticks=ticks, labels=(_("epoch"), beside))
        frame.title, frame.marks = title, marks
        frames.append(frame)
        descriptions.append(f"{title[0].upper()}{title[1:]}: {', '.join(last)}.")
    text = _("Accuracy on the {what} pictures by epoch, after {epochs} epochs. {list}")
    alt = text.format(what=what, epochs=most, list=" ".join(descriptions))
    return Chart(frames, 20 + 440 * len(frames), 350, alt, list(zip(labels, DEPTHS, strict=False)))


def channels(before, after):
    """The numbers of all maps at one place, before and after local response normalisation.

    >>> channels([1, 2], [0.5, 0.9]).alt
    'Bars of 2 maps at one place: before at most 2.00, after at most 0.90.'
    """
    before, after = validate.array(before, "before", axes=1), validate.array(after, "after", axes=1)
    figure, axs = new_figure(9.2, 2.6, columns=2)
    parts = ((before, _("before"), GREY), (after, _("after"), BLUE))
    for ax, (numbers, title, colour) in zip(axs[0], parts, strict=True):
        ax.bar(np.arange(len(numbers)), numbers, color=colour)
        ax.set(title=title, xlabel=_("map"))
        ax.tick_params(length=0)
    text = _("Bars of {count} maps at one place: before at most {before:.2f}, after at most {after:.2f}.")
    figure.alt = text.format(count=len(before), before=before.max(), after=after.max())
    return figure
