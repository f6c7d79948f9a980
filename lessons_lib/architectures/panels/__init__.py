"""Lesson 7's panels: a layer table to change (from `layer_table`), the timeline, depth with and without shortcuts.

A name, quantity or depth that does not exist is refused with a ValueError.
"""

import ipywidgets as widgets

from lessons_lib import architectures, data
from lessons_lib.architectures import figures
from lessons_lib.architectures.panels.layer_table import LayerTable as LayerTable
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import large_number
from lessons_lib.widgets.controls import dropdown, toggle_buttons
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
    """Plain networks of 8, 20 and 32 layers, and with `shortcuts` residual ones too, trained several times each.

    `depth` is the one that is chosen first.

    >>> DepthExplorer(32).sentence.split(",")[0]
    '32 layers after 6 epochs'
    """

    def __init__(self, depth=8, shortcuts=False):
        self._runs, self._kinds = data.load("depth"), 1 + validate.flag(shortcuts, "shortcuts")
        self._depths = self._runs["depths"].tolist()
        validate.choice(depth, "depth", self._depths)
        layers = [(_("{depth} layers").format(depth=one), one) for one in self._depths]
        self.depth = toggle_buttons("", layers, depth)
        both = [(_("training pictures"), False), (_("validation pictures"), True)]
        self.validation = toggle_buttons("", both, False)
        self.picture = widgets.HTML(layout={"width": "100%"})
        super().__init__([self.depth, self.validation], [[self.picture]])
        self.watch(self.depth, self.validation)
        self.refresh()

    def refresh(self, _change=None):
        """The curves, and what the chosen networks got right at the end."""
        accuracies = self._runs["tested" if self.validation.value else "learned"][: self._kinds]
        kinds = [
            _("{kind} {mean:.2f} ({low:.2f} to {high:.2f})").format(
                kind=kind, mean=ends.mean(), low=ends.min(), high=ends.max()
            )
            for kind, ends in zip(
                (_("plain"), _("with shortcuts")),
                accuracies[:, self._depths.index(self.depth.value), :, -1],
                strict=False,
            )
        ]
        text = _("{depth} layers after {epochs} epochs, mean of {count} trainings: accuracy on the {what} {kinds}.")
        self.say(text.format(
            depth=self.depth.value, epochs=accuracies.shape[3], count=accuracies.shape[2], kinds=", ".join(kinds),
            what=_("validation pictures") if self.validation.value else _("training pictures"),
        ))  # fmt: skip
        self._chart = figures.accuracy_by_depth(accuracies, self._depths, self.depth.value, self.validation.value)
        self.picture.value = self._chart.svg()

    def still(self):
        """The curves as they are now, as a figure."""
        return self._chart.figure()
