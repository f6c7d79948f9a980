"""Lesson 8's pictures: what is in photos, model zoos, small data sets, training methods, what a layer sees.

Each function takes arrays or the rows of the course's data and returns a figure described by its `alt`; `zoo` returns a
`Chart`. What does not fit together is refused with a ValueError.
"""

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from lessons_lib import transfer
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import large_number
from lessons_lib.plots.chart import Chart, Dot, Frame, Line, Words, ticks
from lessons_lib.plots.gallery import gallery
from lessons_lib.plots.style import BLUE, GREEN, GREY, INK, ORANGE, PINK, RED, SKY, new_figure
from lessons_lib.transfer import model_tables
from lessons_lib.transfer.training_comparison import accuracies_by_case, method_name, summary

COLOURS = {"scratch": ORANGE, "random": GREY, "frozen": BLUE, "start": SKY, "last": GREEN, "all": PINK}
COLOURS |= {"scratch-means": ORANGE, "frozen-means": BLUE}
MARKERS = {"scratch": "s", "random": "x", "frozen": "o", "start": "D", "last": "^", "all": "v"}
MARKERS |= {"scratch-means": "s", "frozen-means": "o"}
DEAD = 1e-3  # a filter whose numbers are all smaller does nothing


def top_bars(photos, answers, columns=2):
    """The middle square of each photo beside its most probable classes, as `transfer.top` gives them, as bars.

    >>> top_bars([np.zeros((4, 4))], [[("cup", 0.75), ("bowl", 0.25)]]).alt
    'Photos with the most probable classes: cup 0.75.'
    """
    if len(photos) != len(answers) or not len(photos):
        raise ValueError(f"{len(photos)} photos and {len(answers)} answers; give one answer for each photo")
    rows = -(-len(photos) // columns)
    # Four rows fit a laptop's screen.
    figure, axs = new_figure(5 * columns, 1.65 * rows, rows=rows, columns=2 * columns, width_ratios=[1, 1.2] * columns)
    for ax in axs.flat:
        ax.set_axis_off()
    for k, (photo, answer) in enumerate(zip(photos, answers, strict=True)):
        left, right = axs[k // columns, 2 * (k % columns) :][:2]
        left.imshow(transfer.square(photo).astype(np.uint8))
        right.set_axis_on()
        colours = [BLUE] + [SKY] * (len(answer) - 1)
        right.barh(range(len(answer)), [probability for _name, probability in answer], color=colours, height=0.72)
        for row, (name, probability) in enumerate(answer):
            right.text(probability + 0.02, row, f"{name} {probability:.2f}", va="center", fontsize=10.5)
        right.set(xlim=(0, 1.75), ylim=(len(answer) - 0.4, -0.6), xticks=[], yticks=[])
        right.spines[["bottom"]].set_visible(False)
    names = ", ".join(f"{answer[0][0]} {answer[0][1]:.2f}" for answer in answers)
    figure.alt = _("Photos with the most probable classes: {names}.").format(names=names)
    return figure


def zoo(rows=None, cost="parameters", gain="top-1"):
    """The `Chart` of accuracy against size, with a line through the networks that no other one beats.

    The rows are Keras' table and this lesson's network when left out.

    >>> zoo(model_tables.table("Keras")).alt
    'Top-1 against parameters for 7 networks; no other one beats MobileNet, Xception, InceptionResNetV2.'
    """
    rows = [*model_tables.table("Keras"), model_tables.OURS] if rows is None else rows
    front = model_tables.pareto_front(rows, cost, gain)
    known = [row for row in rows if row[cost] is not None and row[gain] is not None]
    if not known:
        raise ValueError(f"no row has both {cost} and {gain}; choose other columns")
    costs, gains = [row[cost] for row in known], [row[gain] for row in known]
    room = 0.09 * (max(gains) - min(gains)) or 1
    across, up = (min(costs) / 1.5, max(costs) * 1.5), (min(gains) - room, max(gains) + room)
    dots, names = [], []
    for row in known:
        is_front = any(row is one for one in front)
        near = [one for one in known if abs(np.log(one[cost] / row[cost])) < 0.3 and abs(one[gain] - row[gain]) < 0.6]
        is_highest = len(near) > 1 and row[gain] == max(one[gain] for one in near)
        # The dashed line goes up to the right, so names stand below it on the right or above it on the left.
        is_right = row[cost] < 0.45 * max(costs) and not is_highest
        down = (10 if is_right else -10) if is_front or len(near) > 1 else 1
        colour = RED if row["library"] == model_tables.OURS["library"] else BLUE if is_front else SKY
        dots.append(Dot(row[cost], row[gain], 7, colour, 1))
        right, anchor = (12, "start") if is_right else (-12, "end")
        names.append(Words(row["model"], row[cost], row[gain], right, down, anchor))
    sizes = [(tick, large_number(tick).replace(".0 ", " ")) for tick in ticks(across, 9, log=True)]
    labels = model_tables.column_name(cost), _("{column}, per cent").format(column=model_tables.column_name(gain))
    frame = Frame((74, 10, 456, 372), across, up, (True, False), (sizes, ticks(up, 9)), labels)
    frame.marks = [Line([row[cost] for row in front], [row[gain] for row in front], dashed=True), *dots, *names]
    alt = _("{gain} against {cost} for {count} networks; no other one beats {front}.").format(
        gain=model_tables.column_name(gain).capitalize(), cost=model_tables.column_name(cost), count=len(known),
        front=", ".join(row["model"] for row in front),
    )  # fmt: skip
    return Chart([frame], 556, 432, alt)


def class_gallery(pictures, labels, classes, columns=10):
    """At most `columns` pictures of each class, a class in each row, each from its darkest to its brightest value.

    >>> class_gallery(np.zeros((3, 4, 4)), np.array([0, 1, 1]), ["brick", "grass"]).alt
    'Small pictures, a class in each row: brick 1, grass 2.'
    """
    rows = [[_stretch(pictures[k]) for k in np.flatnonzero(np.asarray(labels) == row)[:columns]]
            for row in range(len(classes))]  # fmt: skip
    # Ten classes fit a laptop's screen.
    figure = gallery(rows, row_names=classes, low=0, high=1, side=min(0.95, 6.4 / len(classes)))
    counts = ", ".join(f"{name} {len(row)}" for name, row in zip(classes, rows, strict=True))
    figure.alt = _("Small pictures, a class in each row: {counts}.").format(counts=counts)
    return figure


def _stretch(picture):
    picture = np.asarray(picture, dtype=float)
    return (picture - picture.min()) / (np.ptp(picture) or 1)


def learning_curves(rows, task, methods=("scratch", "random", "frozen", "last"), chance=None):
    """Accuracy against training pictures a class, for some methods: means, and the deviation over the seeds.

    `chance` is where guessing would lie.

    >>> rows = [{"task": "t", "method": "scratch", "per_class": n, "seed": 0, "accuracy": n / 10} for n in (5, 8)]
    >>> learning_curves(rows, "t", ["scratch"]).alt
    'Accuracy against pictures a class, from 5 to 8: from scratch 0.50 to 0.80.'
    """
    figure, [[ax]] = new_figure(7.6, 4.0)
    parts, best = [], 0
    for method in methods:
        found = summary(rows, task, method)
        counts, name = list(found), method_name(method)
        means, deviations = np.array(list(found.values())).T
        high = np.minimum(1, means + deviations)
        ax.fill_between(counts, means - deviations, high, color=COLOURS[method], alpha=0.18, lw=0)
        ax.plot(counts, means, color=COLOURS[method], marker=MARKERS[method], linewidth=2, label=name)
        best = max(best, means.max())
        parts.append(_("{name} {first:.2f} to {last:.2f}").format(name=name, first=means[0], last=means[-1]))
    if chance is not None:
        ax.axhline(chance, color=INK, linewidth=1, linestyle=":")
        ax.text(counts[-1], chance + 0.012, _("guessing"), ha="right", fontsize=10.5)
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator(counts))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _k: f"{value:g}"))
    ax.set(xlabel=_("pictures a class"), ylabel=_("test accuracy"))
    ax.set_ylim(top=min(1.02, best + 0.04))
    ax.grid(color=GREY, alpha=0.2)
    ax.tick_params(length=0)
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    text = _("Accuracy against pictures a class, from {first} to {last}: {parts}.")
    figure.alt = text.format(first=counts[0], last=counts[-1], parts="; ".join(parts))
    return figure


def accuracy_by_cut(accuracies, cuts):
    """A line for each name in `accuracies`: accuracy of a linear classifier by where the network is cut.

    >>> accuracy_by_cut({"textures": [0.5, 0.9]}, ["stem", "head"]).alt
    'A line for each of textures: accuracy by where the network is cut, in 2 places from stem to head.'
    """
    figure, [[ax]] = new_figure(7.6, 3.8)
    for (name, values), colour, marker in zip(accuracies.items(), (BLUE, ORANGE, GREEN, PINK), "osD^", strict=False):
        ax.plot(range(len(cuts)), values, color=colour, marker=marker, linewidth=2, label=name)
    ax.set(ylabel=_("test accuracy"), ylim=(None, 1.02), xticks=range(len(cuts)))
    ax.set_xticklabels(cuts, rotation=40, ha="right", rotation_mode="anchor")
    ax.grid(color=GREY, alpha=0.2)
    ax.tick_params(length=0)
    ax.legend(frameon=False, loc="lower right")
    # One picture more or less may be right on another machine, so the description has no accuracy.
    text = _(
        "A line for each of {names}: accuracy by where the network is cut, in {count} places from {first} to {last}."
    )
    figure.alt = text.format(names=", ".join(accuracies), count=len(cuts), first=cuts[0], last=cuts[-1])
    return figure


def accuracy_by_case(rows):
    """The table small or large, similar or different, filled by measurement: a bar for each training method.

    >>> from lessons_lib.transfer.training_comparison import CASES
    >>> rows = [{"task": task, "method": method, "per_class": n, "accuracy": 0.9}
    ...         for task, n in CASES.values() for method in ("scratch", "frozen", "start", "last", "all")]
    >>> accuracy_by_case(rows).alt.split(",")[1]
    ' similar pictures: from scratch 0.90'
    """
    titles = {
        "small": _("small set"), "large": _("large set"), "similar": _("similar pictures"),
        "different": _("different pictures"),
    }  # fmt: skip
    figure, axs = new_figure(9.8, 5.2, rows=2, columns=2, sharex=True)
    figure.get_layout_engine().set(wspace=0.06, hspace=0.04)
    parts = []
    for ax, ((size, similarity), accuracies) in zip(axs.flat, accuracies_by_case(rows).items(), strict=True):
        for k, (method, accuracy) in enumerate(accuracies.items()):
            is_best = f"{accuracy:.2f}" == f"{max(accuracies.values()):.2f}"
            ax.barh(k, accuracy, color=COLOURS[method], alpha=1 if is_best else 0.55, height=0.74)
            ax.text(accuracy + 0.015, k, f"{accuracy:.2f}", va="center", fontweight="bold" if is_best else "normal")
        ax.set(yticks=range(len(accuracies)), xlim=(0, 1.16), ylim=(len(accuracies) - 0.4, -0.6), xticks=[])
        ax.set_yticklabels([method_name(method) for method in accuracies], color=INK)
        ax.tick_params(length=0)
        ax.spines[["bottom"]].set_visible(False)
        title = f"{titles[size]}, {titles[similarity]}"
        ax.set_title(title)
        bars = ", ".join(f"{method_name(method)} {accuracy:.2f}" for method, accuracy in accuracies.items())
        parts.append(f"{title}: {bars}")
    figure.alt = "; ".join(parts) + "."
    return figure


def filters(kernels, columns=8):
    """First filters, of shape (R, C, 3, K), as small colour pictures, each as bright as can be.

    >>> filters(np.zeros((3, 3, 3, 4))).alt
    '4 filters of 3 × 3 cells in colour, grey where a number is 0; 4 of them are 0 everywhere.'
    """
    kernels = np.moveaxis(validate.array(kernels, "kernels", axes=4).astype(float), 3, 0)
    largest = np.abs(kernels).max(axis=(1, 2, 3), keepdims=True)
    pictures = 0.5 + kernels / (2 * np.maximum(largest, DEAD))
    figure = gallery(pictures, range(len(kernels)), min(columns, len(kernels)), side=0.95)
    text = _(
        "{count} filters of {rows} × {columns} cells in colour, grey where a number is 0; "
        "{dead} of them are 0 everywhere."
    )
    count, rows, columns, _channels = kernels.shape
    figure.alt = text.format(count=count, rows=rows, columns=columns, dead=int((largest < DEAD).sum()))
    return figure


def unit_patches(rows, names):
    """The patches that excite some units most, one unit in each row; all patches of a row have one size.

    >>> unit_patches([[np.zeros((4, 4, 3), np.uint8)] * 2], ["block2, unit 5"]).alt
    'Patches of photos that excite a unit most: block2, unit 5, 2 patches of 4 × 4 pixels.'
    """
    figure = gallery(rows, row_names=names, side=1.05)
    text = _("{name}, {count} patches of {rows} × {columns} pixels")
    parts = [
        text.format(name=name, count=len(row), rows=row[0].shape[0], columns=row[0].shape[1])
        for name, row in zip(names, rows, strict=True)
    ]
    figure.alt = _("Patches of photos that excite a unit most: {parts}.").format(parts="; ".join(parts))
    return figure


def heat_maps(photo, maps, names):
    """A photo's middle square, and the same under one map for each class, as `inspect_network.grad_cam` gives them.

    >>> heat_maps(np.zeros((224, 224)), [np.eye(7)[::-1]], ["cup"]).alt
    'A photo, and where in it each class was found: cup most at row 16 and column 208 of 224.'
    """
    photo = transfer.square(photo).astype(np.uint8)
    side, parts = len(photo), []
    figure, axs = new_figure(3.0 * (len(maps) + 1), 3.35, columns=len(maps) + 1)
    axs[0, 0].imshow(photo)
    axs[0, 0].set_title(_("photo"))
    for ax, heat_map, name in zip(axs[0, 1:], maps, names, strict=True):
        ax.imshow(highlight(photo, heat_map))
        ax.set_title(name)
        cell = np.unravel_index(np.argmax(heat_map), np.shape(heat_map))
        row, column = (round((k + 0.5) * side / len(heat_map)) for k in cell)
        text = _("{name} most at row {row} and column {column} of {side}")
        parts.append(text.format(name=name, row=row, column=column, side=side))
    for ax in axs[0]:
        ax.set_axis_off()
    figure.alt = _("A photo, and where in it each class was found: {parts}.").format(parts="; ".join(parts))
    return figure


def highlight(photo, heat_map):
    """A photo of bytes, shape (S, S, 3), dark where a map is cold and unchanged where it is warmest.

    No colour is painted over the photo, so a map is readable without colours.

    >>> highlight(np.full((2, 2, 3), 100, np.uint8), np.array([[1, 0], [0, 0]]))[..., 0].tolist()
    [[100, 15], [15, 15]]
    """
    large = transfer.resize(np.asarray(heat_map, dtype=float), *photo.shape[:2])
    large = large / (large.max() or 1)
    return np.clip(photo * (0.15 + 0.85 * large[..., None]), 0, 255).astype(np.uint8)
