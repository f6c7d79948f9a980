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
from lessons_lib.widgets.controls import dropdown, slider, toggle_buttons
from lessons_lib.widgets.panel import Panel


class Timeline(Panel):
    """The architectures as circles, larger with more parameters; choose the quantities of both axes.

    `name` is the network described first; `across` and `up` are year, layers, parameters, multiply_adds or top5.

    >>> Timeline("GoogLeNet").sentence.split(": ")[0]
    'GoogLeNet (2014), built by branching.googlenet()'
    """

    def __init__(self, name="ResNet-152", across="year", up="top5"):
        self._table = architectures.timeline()
        names = [row["name"] for row in self._table]
        validate.choice(name, "name", names)
        validate.choice(across, "across", figures.QUANTITIES)
        validate.choice(up, "up", figures.QUANTITIES)
        quantities = [(figures.label_of(quantity), quantity) for quantity in figures.QUANTITIES]
        self.name = dropdown(_("network"), names, name, "auto")
        self.across = dropdown(_("across"), quantities, across, "auto")
        self.up = dropdown(_("upwards"), quantities, up, "auto")
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
        names = _("Without a circle, for want of a number: {names}.").format(names=", ".join(missing))
        self.say(text.format(
            name=row["name"], year=row["year"], call=row["call"], layers=row["layers"], parameters=row["parameters"],
            work=large_number(row["multiply_adds"]), error=error.format(error=row["top5"], what=row["top5_of"]),
            missing=names if missing else "",
        ).strip())  # fmt: skip
        self._chart = figures.timeline_chart(self._table, self.across.value, self.up.value, self.name.value)
        self.picture.value = self._chart.svg()

    def still(self):
        """The circles as they are now, as a figure."""
        return self._chart.figure()


class DepthExplorer(Panel):
    """Networks of 8, 20 and 32 layers, with and without shortcuts, as they were trained with three seeds.

    `depth` is shown strongly; with `validation` the accuracy is on the validation pictures, not on the training ones.

    >>> DepthExplorer(32).sentence.split(":")[0]
    '32 layers, accuracy on the training pictures, after 6 epochs, mean of 3 seeds'
    """

    def __init__(self, depth=32, validation=False):
        self._runs = data.load("depth")
        self._depths, self._seeds = self._runs["depths"].tolist(), self._runs["seeds"].tolist()
        validate.choice(depth, "depth", self._depths)
        layers = [(_("{depth} layers").format(depth=one), one) for one in self._depths]
        self.depth = toggle_buttons("", layers, depth)
        self.validation = toggle_buttons("", [(_("training"), False), (_("validation"), True)], bool(validation))
        seeds = [(_("mean of all"), -1)] + [(_("seed {seed}").format(seed=seed), seed) for seed in self._seeds]
        self.seed = dropdown(_("runs"), seeds, -1, "auto")
        epochs = self._runs["learned"].shape[3]
        self.epoch = slider(_("after epoch"), epochs, 1, epochs)
        self.picture = widgets.HTML(layout={"width": "100%"})
        super().__init__([self.depth, self.validation, self.seed, self.epoch], [[self.picture]])
        self.watch(self.depth, self.validation, self.seed, self.epoch)
        self.refresh()

    def refresh(self, _change=None):
        """The curves, and plain against shortcuts at the chosen depth and epoch."""
        accuracies = self._runs["tested" if self.validation.value else "learned"]
        depth, epoch = self.depth.value, self.epoch.value
        now, seed = accuracies[:, self._depths.index(depth), :, epoch - 1], None
        if self.seed.value >= 0:
            seed = self._seeds.index(self.seed.value)
            now = now[:, [seed]]
            which = _("seed {seed}").format(seed=self.seed.value)
            plain, residual = (f"{values[0]:.2f}" for values in now)
        else:
            which = _("mean of {count} seeds").format(count=now.shape[1])
            spread = _("{mean:.2f} ({low:.2f} to {high:.2f})")
            plain, residual = (spread.format(mean=values.mean(), low=values.min(), high=values.max()) for values in now)
        text = _(
            "{depth} layers, accuracy on the {what} pictures, after {epochs}, {which}: plain {plain}, with shortcuts "
            "{residual}; the shortcuts make a difference of {difference:+.2f}."
        )
        self.say(text.format(
            depth=depth, what=_("validation") if self.validation.value else _("training"),
            epochs=count_text(epoch, _("epoch"), _("epochs")), which=which, plain=plain, residual=residual,
            difference=now[1].mean() - now[0].mean(),
        ))  # fmt: skip
        self._chart = figures.accuracy_by_depth(accuracies, self._depths, seed, depth, self.validation.value, epoch)
        self.picture.value = self._chart.svg()

    def still(self):
        """The curves as they are now, as a figure."""
        return self._chart.figure()
