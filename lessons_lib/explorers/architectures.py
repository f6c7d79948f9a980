"""Lesson 7's panels: a layer table to change, the timeline, depth with and without shortcuts."""

import html

import ipywidgets as widgets
import numpy as np

from lessons_lib import architectures, data, expect
from lessons_lib.architectures import Layer, Row
from lessons_lib.explorers import chart
from lessons_lib.explorers.panel import Panel
from lessons_lib.explorers.training import Style
from lessons_lib.figures import architectures as figures
from lessons_lib.figures.style import ORANGE, SKY
from lessons_lib.i18n import _

STYLE = {"description_width": "initial"}
OWN = "own"
MOST_LAYERS = 24
# The largest kernels, window, stride and padding that can be chosen.
LIMITS = {"kernels": 8192, "size": 15, "stride": 8, "padding": 7}
CHANGED = "background:rgba(255,176,0,.28)"


def said(number, singular, plural):
    """A number with the right word after it.

    >>> said(1, "layer", "layers"), said(3, "layer", "layers")
    ('1 layer', '3 layers')
    """
    return f"{number:,} {singular if number == 1 else plural}"


class LayerTable(Panel):
    """A layer table: choose a layer, change it, and see shape, parameters, multiply-adds and field of all the others.

    Parameters
    ----------
    network : str
        One of `architectures.LISTS`, such as "VGG, configuration A".
    layer : int
        Which layer is chosen first, from 1.

    Raises
    ------
    ValueError
        If there is no such network or layer.

    Examples
    --------
    >>> panel = LayerTable("three 3 x 3")
    >>> panel.size.value = 5
    >>> panel.sentence.split(". ")[0]
    'Layer 1, conv 5 × 5: 54 × 54 × 64, 102,464 parameters, 298,598,400 multiply-adds, sees 5 pixels'
    """

    def __init__(self, network="VGG, configuration A", layer=1):
        expect.choice(network, "network", architectures.LISTS)
        expect.whole(layer, "layer", high=len(architectures.LISTS[network][1]))
        names = {
            "one 7 x 7": _("one 7 × 7"), "three 3 x 3": _("three 3 × 3"), "lecture's LeNet": _("lecture's LeNet"),
            "AlexNet, on one GPU": _("AlexNet, on one GPU"), "VGG, configuration A": _("VGG, configuration A"),
            "VGG, configuration D": _("VGG, configuration D"), "Network in network": _("Network in network"),
            "5 x 5 behind a 1 x 1": _("5 × 5 behind a 1 × 1"), "5 x 5 at once": _("5 × 5 at once"),
            "ResNet's bottleneck": _("ResNet's bottleneck"),
        }  # fmt: skip
        options = [(names[name], name) for name in architectures.LISTS] + [(_("own network"), OWN)]
        wide = {"style": STYLE, "layout": {"width": "auto"}}
        self.network = widgets.Dropdown(options=options, value=network, description=_("network"), **wide)
        self.layer = widgets.Dropdown(options=[(" ", 0)], value=0, description=_("layer"), **wide)
        kinds = [(_("convolution"), "conv"), (_("pooling"), "pool"), (_("fully connected"), "fc")]
        self.kind = widgets.Dropdown(options=kinds, value="conv", description=_("kind"), **wide)
        titles = {
            "kernels": _("K, kernels"),
            "size": _("F, size"),
            "stride": _("S, stride"),
            "padding": _("P, padding"),
        }
        for name, title in titles.items():
            low, room = 0 if name == "padding" else 1, "150px" if name == "kernels" else "125px"
            control = widgets.BoundedIntText(
                1, low, LIMITS[name], description=title, style=STYLE, layout={"width": room}
            )
            setattr(self, name, control)
        self.add = widgets.Button(description=_("Add one after it"), layout={"width": "140px"})
        self.remove = widgets.Button(description=_("Remove it"), layout={"width": "110px"})
        self.again = widgets.Button(description=_("As it was"), layout={"width": "110px"})
        self.board = widgets.HTML(layout={"width": "100%"})
        self._fields = (self.kind, self.kernels, self.size, self.stride, self.padding)
        controls = [self.network, self.layer, *self._fields, self.add, self.remove, self.again]
        super().__init__(controls, [[self.board, Style()]])
        self._busy = False
        self.network.observe(self._chosen, names="value")
        self.layer.observe(self._moved, names="value")
        for control in self._fields:
            control.observe(self._changed, names="value")
        self.add.on_click(lambda _button: self._insert())
        self.remove.on_click(lambda _button: self._drop())
        self.again.on_click(lambda _button: self._load(self._name))
        self._load(network, layer)

    @property
    def layers(self):
        """The layers as they are now."""
        return list(self._layers)

    def refresh(self, _change=None):
        """The table, and what the chosen layer and the whole network cost."""
        rows, problem = self._rows()
        chosen = self.layer.value
        self.board.value = self._html(rows, chosen)
        self.remove.disabled, self.add.disabled = len(self._layers) == 1, len(self._layers) >= MOST_LAYERS
        self.say(self._sentence(rows, problem, chosen))

    def still(self):
        """The table as a figure."""
        return figures.layer_table(self._rows()[0], self.layer.value)

    def _rows(self):
        """The rows as far as the layers fit, and the error of the first that does not."""
        try:
            return architectures.table(self._shape, self._layers), None
        except ValueError as error:
            problem = error
        fitting = 0
        while fitting < len(self._layers):
            try:
                rows = architectures.table(self._shape, self._layers[: fitting + 1])
            except ValueError:
                break
            fitting += 1
        return (rows if fitting else architectures.table(self._shape, [])), problem

    def _sentence(self, rows, problem, chosen):
        if problem is not None:
            text = _("Layer {number} does not fit: {problem}. The {count} before it are shown.")
            words = str(problem).split(": ", 1)[-1]
            return text.format(
                number=len(rows), problem=words, count=said(len(rows) - 1, _("layer"), _("layers"))
            )  # fmt: skip
        row = rows[chosen]
        text = _(
            "Layer {number}, {kind}: {shape}, {parameters:,} parameters, {work:,} multiply-adds, sees {field} pixels. "
            "All {count}: {all_parameters:,} parameters{change}, {all_work:,} multiply-adds; "
            "{share:.0f} % of the parameters are in layer {largest}."
        )
        parameters, work = (sum(row[column] for row in rows) for column in (3, 4))
        largest = int(np.argmax([row.parameters for row in rows]))
        return text.format(
            number=chosen, kind=figures.kind(row.kind), shape=figures.sides(row.shape), parameters=row.parameters,
            work=row.multiply_adds, field=row.field, count=said(len(rows) - 1, _("layer"), _("layers")),
            all_parameters=parameters, change=self._change(parameters), all_work=work,
            share=100 * rows[largest].parameters / max(parameters, 1), largest=largest,
        )  # fmt: skip

    def _change(self, parameters):
        """How many more or fewer parameters than before, in brackets, or nothing."""
        before = sum(row.parameters for row in architectures.table(*architectures.LISTS[self._name]))
        if parameters == before:
            return ""
        text = (
            _(" ({difference:,} more than before)") if parameters > before else _(" ({difference:,} fewer than before)")
        )
        return text.format(difference=abs(parameters - before))

    def _html(self, rows, chosen):
        shape, layers = architectures.LISTS[self._name]
        before = architectures.table(shape, layers) if self._layers != layers else rows
        heads = (_("layer"), _("what"), _("comes out"), _("parameters"), _("multiply-adds"), _("sees"))
        lines = [self._line(heads, ["th"] * 6, "")]
        most = [max(max(row[column] for row in rows), 1) for column in (3, 4)]
        aligned = len(before) == len(self._layers) + 1
        for number, row in enumerate(rows):
            old = before[number] if aligned else Row(*row)
            cells = [
                (row.name, False), (figures.kind(row.kind), row.kind != old.kind),
                (figures.sides(row.shape), row.shape != old.shape),
                (f"{row.parameters:,}", row.parameters != old.parameters),
                (f"{row.multiply_adds:,}", row.multiply_adds != old.multiply_adds),
                (str(row.field), row.field != old.field),
            ]  # fmt: skip
            bars = [0, 0, 0, row.parameters / most[0], row.multiply_adds / most[1], 0]
            frame = "outline:2px solid #ffb000" if number == chosen else ""
            lines.append(
                self._line([text for text, _new in cells], ["td"] * 6, frame, bars, [new for _t, new in cells])
            )
        style = "font-size:15px;line-height:1.45;border-collapse:collapse"
        return f'<table style="{style}">{"".join(lines)}</table>'

    @staticmethod
    def _line(texts, tags, frame, bars=(0,) * 6, new=(False,) * 6):
        cells = []
        for place, (text, tag) in enumerate(zip(texts, tags, strict=True)):
            style = f"padding:1px 12px;text-align:{'left' if place < 3 else 'right'};white-space:nowrap"
            style += f";{CHANGED}" if new[place] else ""
            bar = ""
            if bars[place]:
                inner = f"width:{max(2, round(110 * bars[place]))}px;height:9px;background:#56b4e9;opacity:.9"
                bar = f'<div style="{inner}"></div>'
            cells.append(f'<{tag} style="{style}">{html.escape(text)}</{tag}>')
            if place in (3, 4):
                cells.append(f'<{tag} style="width:112px;min-width:112px;padding:0">{bar}</{tag}>')
        return f'<tr style="{frame}">{"".join(cells)}</tr>'

    def _load(self, name, layer=1):
        self._name = name
        self._shape, layers = architectures.LISTS[name]
        self._layers = list(layers)
        self._show(layer)

    def _show(self, layer):
        """Every control as the layers are, with this one chosen."""
        self._busy = True
        try:
            options = []
            for number, one in enumerate(self._layers, start=1):
                text = f"{one.kernels}" if one.kind == "fc" else f"{one.size} × {one.size}"
                options.append((f"{number}: {one.kind} {text}", number))
            self.layer.options = options
            self.layer.value = layer
            one = self._layers[layer - 1]
            for control, value in zip(self._fields, one, strict=True):
                control.value = value
            self.kernels.disabled = one.kind == "pool"
            for control in self._fields[2:]:
                control.disabled = one.kind == "fc"
            same = self._layers == architectures.LISTS[self._name][1]
            self.network.value = self._name if same else OWN
        finally:
            self._busy = False
        self.refresh()

    def _chosen(self, change):
        if not self._busy and change.new != OWN:
            self._load(change.new)

    def _moved(self, change):
        if not self._busy and change.new:
            self._show(change.new)

    def _changed(self, _change):
        if self._busy:
            return
        self._layers[self.layer.value - 1] = Layer(*(control.value for control in self._fields))
        self._show(self.layer.value)

    def _insert(self):
        if len(self._layers) < MOST_LAYERS:
            place = self.layer.value
            self._layers.insert(place, self._layers[place - 1])
            self._show(place + 1)

    def _drop(self):
        if len(self._layers) > 1:
            place = self.layer.value
            del self._layers[place - 1]
            self._show(min(place, len(self._layers)))


class Timeline(Panel):
    """The architectures as circles, larger with more parameters; choose what stands across and what upwards.

    Parameters
    ----------
    name : str
        The one that is told about first, such as "ResNet-152".
    across, up : str
        year, layers, parameters, multiply_adds or top5.

    Raises
    ------
    ValueError
        If there is no such architecture or quantity.

    Examples
    --------
    >>> Timeline("GoogLeNet").sentence.split(": ")[0]
    'GoogLeNet (2014), built by googlenet()'
    """

    def __init__(self, name="ResNet-152", across="year", up="top5"):
        self._table = architectures.timeline()
        expect.choice(name, "name", [row["name"] for row in self._table])
        expect.choice(across, "across", figures.QUANTITIES)
        expect.choice(up, "up", figures.QUANTITIES)
        quantities = [(figures.named(quantity), quantity) for quantity in figures.QUANTITIES]
        wide = {"style": STYLE, "layout": {"width": "auto"}}
        names = [row["name"] for row in self._table]
        self.name = widgets.Dropdown(options=names, value=name, description=_("network"), **wide)
        self.across = widgets.Dropdown(options=quantities, value=across, description=_("across"), **wide)
        self.up = widgets.Dropdown(options=quantities, value=up, description=_("upwards"), **wide)
        self.picture = widgets.HTML(layout={"width": "100%"})
        super().__init__([self.name, self.across, self.up], [[self.picture, Style()]])
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
            work=figures.large(row["multiply_adds"]), error=error.format(error=row["top5"], what=row["top5_of"]),
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
            figures.span(name, [row[name] for row in there], name_ == "x") for name, name_ in ((across, "x"), (up, "y"))
        ]
        frame = chart.Frame((84, 14, 788, 370), *(end[:2] for end in ends), logs=tuple(end[2] for end in ends))
        labels = (figures.named(across), figures.named(up))
        parts = [chart.axes(frame, ends[0][3], ends[1][3], labels)]
        radii = [0.7 * figures.size(row["parameters"]) ** 0.5 for row in there]
        centres = [(frame.x(row[across]), frame.y(row[up])) for row in there]
        names = [row["name"] for row in there]
        # The chosen circle comes after the others, and all names after all circles, so that nothing covers them.
        # Of the others the small ones come after the large ones.
        order = sorted(zip(there, radii, strict=True), key=lambda one: (one[0]["name"] == self.name.value, -one[1]))
        for row, radius in order:
            look = (ORANGE, 0.95) if row["name"] == self.name.value else (SKY, 0.7)
            parts.append(chart.circle(frame, row[across], row[up], radius, *look))
        places = figures.apart(centres, radii, names)
        for name, (x, y), radius, (right, down, side) in zip(names, centres, radii, places, strict=True):
            more = 'font-weight="700"' if name == self.name.value else ""
            far = (right**2 + down**2) ** 0.5
            if abs(down) > radius:
                start = (x + radius * right / far, y + radius * down / far)
                parts.append(chart.leader(start, (x + right, y + down)))
            parts.append(chart.words(name, x + right, y + down + 5, side, more))
        return chart.drawing(880, 434, parts, self.sentence)


class DepthExplorer(Panel):
    """Networks of several depths, with and without shortcuts, as they were trained with three seeds.

    Parameters
    ----------
    depth : int
        8, 20 or 32 layers.
    held_out : bool
        Accuracy on pictures held out, in place of those that were learned from.

    Raises
    ------
    ValueError
        If there is no network of this depth.

    Examples
    --------
    >>> DepthExplorer(32).sentence.split(":")[0]
    '32 layers, accuracy on the pictures learned from, after 6 epochs, mean of 3 seeds'
    """

    def __init__(self, depth=32, held_out=False):
        self._runs = data.load("depth")
        depths, seeds = self._runs["depths"].tolist(), self._runs["seeds"].tolist()
        expect.choice(depth, "depth", depths)
        narrow = {"button_width": "auto"}
        layers = [(_("{depth} layers").format(depth=one), one) for one in depths]
        self.depth = widgets.ToggleButtons(options=layers, value=depth, style=narrow)
        self.shown = widgets.ToggleButtons(
            options=[(_("learned from"), False), (_("held out"), True)], value=bool(held_out), style=narrow
        )
        options = [(_("mean of all"), -1)] + [(_("seed {seed}").format(seed=seed), seed) for seed in seeds]
        self.seed = widgets.Dropdown(options=options, value=-1, description=_("runs"), style=STYLE)
        self.epoch = widgets.IntSlider(
            value=self._epochs, min=1, max=self._epochs, description=_("after epoch"), style=STYLE
        )
        self.picture = widgets.HTML(layout={"width": "100%"})
        super().__init__([self.depth, self.shown, self.seed, self.epoch], [[self.picture, Style()]])
        self.watch(self.depth, self.shown, self.seed, self.epoch)
        self.refresh()

    @property
    def _epochs(self):
        return self._runs["learned"].shape[3]

    def refresh(self, _change=None):
        """The curves, and plain against shortcuts at the chosen depth and epoch."""
        runs = self._runs["tested" if self.shown.value else "learned"]
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
            "{depth} layers, accuracy on the pictures {what}, after {epochs}, {which}: plain {plain}, with shortcuts "
            "{residual}; the shortcuts make a difference of {difference:+.2f}."
        )
        self.say(text.format(
            depth=self.depth.value, what=_("held out") if self.shown.value else _("learned from"),
            epochs=said(epoch, _("epoch"), _("epochs")), which=which, plain=plain, residual=residual,
            difference=difference,
        ))  # fmt: skip

        self.picture.value = self._drawing(runs[..., :epoch])

    def still(self):
        """The curves as they are now, as a figure."""
        runs = self._runs["tested" if self.shown.value else "learned"][..., : self.epoch.value]
        depths = self._runs["depths"].tolist()
        return figures.depths(runs, depths, self._seed, marked=self.depth.value, held_out=self.shown.value)

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
        beside = _("accuracy, {what}").format(what=_("held out") if self.shown.value else _("learned from"))
        for kind, title in enumerate((_("plain"), _("with shortcuts"))):
            frame = chart.Frame((72 + 440 * kind, 30, 380, 240), (0.7, self._epochs + 0.3), (0, 1))
            parts.append(chart.axes(frame, across, up, (_("epoch"), "" if kind else beside), title))
            for depth, row, colour in zip(self._runs["depths"].tolist(), runs[kind], figures.DEPTHS, strict=False):
                some = row if self._seed is None else row[[self._seed]]
                strong = depth == self.depth.value
                if strong and len(some) > 1:
                    parts.append(chart.band(frame, steps, some.min(axis=0), some.max(axis=0), colour))
                look = (2.8, 1.0) if strong else (1.6, 0.6)
                parts.append(chart.line(frame, steps, some.mean(axis=0), colour, *look))
                place = (
                    frame.x(self._epochs) - 76,
                    frame.y(0.05 + 0.09 * (2 - list(self._runs["depths"]).index(depth))),
                )
                if not kind:
                    parts.append(
                        f'<path d="M{place[0] - 26:.0f} {place[1] - 4:.0f}h20" stroke="{colour}" stroke-width="3"/>'
                    )
                    parts.append(chart.words(_("{depth} layers").format(depth=depth), *place))
        return chart.drawing(900, 318, parts, self.sentence)
