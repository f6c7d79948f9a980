"""Lesson 7's panels: a layer table to change (from `layer_table`), the timeline, depth with and without shortcuts.

A name, quantity or depth that does not exist is refused with a ValueError.
"""

import ipywidgets as widgets

from lessons_lib import architectures, data
from lessons_lib.architectures import figures
from lessons_lib.architectures.panels.layer_table import LayerTable as LayerTable
from lessons_lib.architectures.panels.layer_table import count_text
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import large_number
from lessons_lib.plots import chart
from lessons_lib.plots.style import ORANGE, SKY
from lessons_lib.widgets.panel import Panel

STYLE = {"description_width": "initial"}


class Timeline(Panel):
    """The architectures as circles, larger with more parameters; choose the quantities of both axes.

    `name` is the network described first; `across` and `up` are year, layers, parameters, multiply_adds or top5.

    >>> Timeline("GoogLeNet").sentence.split(": ")[0]
    'GoogLeNet (2014), built by branching.googlenet()'
    """

    def __init__(self, name="ResNet-152", across="year", up="top5"):
        self._table = architectures.timeline()
        validate.choice(name, "name", [row["name"] for row in self._table])
        validate.choice(across, "across", figures.QUANTITIES)
        validate.choice(up, "up", figures.QUANTITIES)
        quantities = [(figures.label_of(quantity), quantity) for quantity in figures.QUANTITIES]
        wide = {"style": STYLE, "layout": {"width": "auto"}}
        names = [row["name"] for row in self._table]
        self.name = widgets.Dropdown(options=names, value=name, description=_("network"), **wide)
        self.across = widgets.Dropdown(options=quantities, value=across, description=_("across"), **wide)
        self.up = widgets.Dropdown(options=quantities, value=up, description=_("upwards"), **wide)
        self.picture = widgets.HTML(layout={"width": "100%"})
        super().__init__([self.name, self.across, self.up], [[self.picture]])
        self.watch(self.name, self.across, self.up)
        self.refresh()

    def refresh(self, _change=None):
        """The circles, and all numbers of the chosen network."""
        row = next(row for row in self._table if row["name"] == self.name.value)
        text = _(
            "{name} ({year}), built by {call}: {layers} layers with weights, {parameters:,} parameters, "
            "{work} multiply-adds for one picture. {error} {missing}"
        )
        error = _("Top-5 error {error} % ({what}).") if row["top5"] is not None else _("No top-5 error: {what}.")
        missing = [one["name"] for one in self._table if None in (one[self.across.value], one[self.up.value])]
        if missing:
            names = _("Without a circle, for want of a number: {names}.").format(names=", ".join(missing))
        self.say(text.format(
            name=row["name"], year=row["year"], call=row["call"], layers=row["layers"], parameters=row["parameters"],
            work=large_number(row["multiply_adds"]), error=error.format(error=row["top5"], what=row["top5_of"]),
            missing=names if missing else "",
        ).strip())  # fmt: skip
        self.picture.value = self._drawing()

    def still(self):
        """The circles as they are now, as a figure."""
        return figures.timeline(self._table, self.across.value, self.up.value, self.name.value)

    def _drawing(self):
        """The circles and their names, the chosen one last, so that no other covers it."""
        across, up = self.across.value, self.up.value
        there = [row for row in self._table if None not in (row[across], row[up])]
        ends = [
            figures.axis_range(across, [row[across] for row in there], room=1),
            figures.axis_range(up, [row[up] for row in there]),
        ]
        frame = chart.Frame((84, 14, 788, 340), *(end[:2] for end in ends), logs=tuple(end[2] for end in ends))
        labels = (figures.label_of(across), figures.label_of(up))
        parts = [chart.axes(frame, ends[0][3], ends[1][3], labels)]
        radii = [0.7 * figures.circle_area(row["parameters"]) ** 0.5 for row in there]
        centres = [(frame.x(row[across]), frame.y(row[up])) for row in there]
        names = [row["name"] for row in there]
        # The chosen circle comes after the others, and all names after all circles, so that nothing covers them.
        # Of the others the small ones come after the large ones.
        order = sorted(zip(there, radii, strict=True), key=lambda one: (one[0]["name"] == self.name.value, -one[1]))
        for row, radius in order:
            look = (ORANGE, 0.95) if row["name"] == self.name.value else (SKY, 0.7)
            parts.append(chart.circle(frame, row[across], row[up], radius, *look))
        positions = figures.label_positions(centres, radii, names)
        for name, (x, y), radius, (right, down, side) in zip(names, centres, radii, positions, strict=True):
            more = 'font-weight="700"' if name == self.name.value else ""
            far = (right**2 + down**2) ** 0.5
            if abs(down) > radius:
                start = (x + radius * right / far, y + radius * down / far)
                parts.append(chart.leader(start, (x + right, y + down)))
            parts.append(chart.words(name, x + right, y + down + 5, side, more))
        return chart.drawing(880, 404, parts, self.sentence)


class DepthExplorer(Panel):
    """Networks of 8, 20 and 32 layers, with and without shortcuts, as they were trained with three seeds.

    `depth` is shown strongly; with `validation` the accuracy is on the validation pictures, not on the training ones.

    >>> DepthExplorer(32).sentence.split(":")[0]
    '32 layers, accuracy on the training pictures, after 6 epochs, mean of 3 seeds'
    """

    def __init__(self, depth=32, validation=False):
        self._runs = data.load("depth")
        depths, seeds = self._runs["depths"].tolist(), self._runs["seeds"].tolist()
        validate.choice(depth, "depth", depths)
        narrow = {"button_width": "auto"}
        layers = [(_("{depth} layers").format(depth=one), one) for one in depths]
        self.depth = widgets.ToggleButtons(options=layers, value=depth, style=narrow)
        self.validation = widgets.ToggleButtons(
            options=[(_("training"), False), (_("validation"), True)], value=bool(validation), style=narrow
        )
        options = [(_("mean of all"), -1)] + [(_("seed {seed}").format(seed=seed), seed) for seed in seeds]
        self.seed = widgets.Dropdown(
            options=options, value=-1, description=_("runs"), style=STYLE, layout={"width": "auto"}
        )
        self.epoch = widgets.IntSlider(
            value=self._epochs, min=1, max=self._epochs, description=_("after epoch"), style=STYLE
        )
        self.picture = widgets.HTML(layout={"width": "100%"})
        super().__init__([self.depth, self.validation, self.seed, self.epoch], [[self.picture]])
        self.watch(self.depth, self.validation, self.seed, self.epoch)
        self.refresh()

    @property
    def _epochs(self):
        return self._runs["learned"].shape[3]

    def refresh(self, _change=None):
        """The curves, and plain against shortcuts at the chosen depth and epoch."""
        runs = self._accuracies
        row, epoch = self._runs["depths"].tolist().index(self.depth.value), self.epoch.value
        now = runs[:, row, :, epoch - 1]
        if self.seed.value >= 0:
            now = now[:, [self._runs["seeds"].tolist().index(self.seed.value)]]
            which = _("seed {seed}").format(seed=self.seed.value)
            plain, residual = (f"{values[0]:.2f}" for values in now)
        else:
            which = _("mean of {count} seeds").format(count=now.shape[1])
            spread = _("{mean:.2f} ({low:.2f} to {high:.2f})")
            plain, residual = (spread.format(mean=values.mean(), low=values.min(), high=values.max()) for values in now)
        difference = now[1].mean() - now[0].mean()
        text = _(
            "{depth} layers, accuracy on the {what} pictures, after {epochs}, {which}: plain {plain}, with shortcuts "
            "{residual}; the shortcuts make a difference of {difference:+.2f}."
        )
        self.say(text.format(
            depth=self.depth.value, what=_("validation") if self.validation.value else _("training"),
            epochs=count_text(epoch, _("epoch"), _("epochs")), which=which, plain=plain, residual=residual,
            difference=difference,
        ))  # fmt: skip
        self.picture.value = self._drawing(runs[..., :epoch])

    def still(self):
        """The curves as they are now, as a figure."""
        return figures.accuracy_by_depth(
            self._accuracies[..., : self.epoch.value], self._runs["depths"].tolist(), self._seed,
            marked=self.depth.value, validation=self.validation.value,
        )  # fmt: skip

    @property
    def _accuracies(self):
        return self._runs["tested" if self.validation.value else "learned"]

    @property
    def _seed(self):
        """Which of the runs is shown, or None for the mean of all."""
        return None if self.seed.value < 0 else self._runs["seeds"].tolist().index(self.seed.value)

    def _drawing(self, runs):
        """Two charts: a line for each depth, and the range of the seeds around the chosen one."""
        steps, parts = range(1, runs.shape[3] + 1), []
        across, up = (
            [(step, str(step)) for step in range(1, self._epochs + 1)],
            [(k / 4, f"{k / 4:g}") for k in range(5)],
        )
        beside = _("{what} accuracy").format(what=_("validation") if self.validation.value else _("training"))
        for kind, title in enumerate((_("plain"), _("with shortcuts"))):
            frame = chart.Frame((72 + 440 * kind, 30, 380, 240), (0.7, self._epochs + 0.3), (0, 1))
            parts.append(chart.axes(frame, across, up, (_("epoch"), "" if kind else beside), title))
            for depth, row, colour in zip(self._runs["depths"].tolist(), runs[kind], figures.DEPTHS, strict=False):
                some = row if self._seed is None else row[[self._seed]]
                strong = depth == self.depth.value
                if strong and len(some) > 1:
                    parts.append(chart.band(frame, steps, some.min(axis=0), some.max(axis=0), colour))
                look = (2.8, 1.0) if strong else (1.6, 0.85)
                parts.append(chart.line(frame, steps, some.mean(axis=0), colour, *look))
                position = (
                    frame.x(self._epochs) - 76,
                    frame.y(0.05 + 0.09 * (2 - list(self._runs["depths"]).index(depth))),
                )
                if not kind:
                    start = f"{position[0] - 26:.0f} {position[1] - 4:.0f}"
                    parts.append(f'<path d="M{start}h20" stroke="{colour}" stroke-width="3"/>')
                    parts.append(chart.words(_("{depth} layers").format(depth=depth), *position))
        return chart.drawing(900, 318, parts, self.sentence)
