"""Lesson 7's layer table: a list of layers to change, with branches, and what follows from each change."""

import html

import ipywidgets as widgets
import numpy as np

from lessons_lib.architectures import figures, layer_table
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import join_words, size_text
from lessons_lib.widgets.controls import button, dropdown, number_box
from lessons_lib.widgets.panel import Panel

OWN = "own"
MOST_LAYERS = 600
# The largest kernels, window, stride, padding and groups that can be chosen, unless a network has larger ones already.
LIMITS = {"kernels": 8192, "size": 15, "stride": 8, "padding": 7, "groups": 1024}
# The numbers that a kind of layer has; the others have no meaning for it.
HAS = {
    "conv": ("kernels", "size", "stride", "padding", "groups"), "pool": ("size", "stride", "padding"),
    "fc": ("kernels",), "zeros": ("kernels", "stride"),
}  # fmt: skip
CHANGED = "background:rgba(255,176,0,.28)"
# The columns of the table; those of a `layer_table.Row` that can change, and those that are aligned to the left.
COLUMNS = ("layer", "kind", "reads", "shape", "parameters", "multiply_adds", "field")
VALUES, LEFT = ("kind", "shape", "parameters", "multiply_adds", "field"), COLUMNS[:4]


def count_text(count, singular, plural):
    """A number with the right word after it.

    >>> count_text(1, "layer", "layers"), count_text(3, "layer", "layers")
    ('1 layer', '3 layers')
    """
    return f"{count:,} {singular if count == 1 else plural}"


def layer_label(layer):
    """A layer in a few words, whatever it reads.

    >>> [layer_label(layer_table.Layer(kind, 64, 3)) for kind in ("conv", "sum", "fc")]
    ['conv 3 × 3, 64', 'sum', 'fully connected, 64']
    """
    kind = {
        "conv": f"conv {layer.size} x {layer.size}", "pool": f"pool {layer.size} x {layer.size}",
        "fc": "fully connected", "sum": "sum", "concat": "side by side", "norm": "batch norm",
        "relu": "relu", "mean": "mean of each map", "zeros": "maps of zeros",
    }[layer.kind]  # fmt: skip
    count = f", {layer.kernels}" if "kernels" in HAS.get(layer.kind, ()) else ""
    return figures.kind_label(kind) + count


class LayerTable(Panel):
    """A layer table: choose a layer, change it, and see shape, parameters, multiply-adds and field of all the others.

    Of a long table the rows around the chosen layer are shown, and one row each for those before and behind. A layer
    that is added goes into the path from the chosen one; what read a layer that is removed reads what that one read.

    `network` is one of `layer_table.networks()` or of `more`, a dict of names to (shape, layers) such as
    `keras_models.as_table.layer_list` makes; `layer` is the number of the one chosen first. TypeError or ValueError if
    there is no such network or layer, or one of `more` does not fit together; the error names it.

    >>> panel = LayerTable("three 3 x 3")
    >>> panel.size.value = 5
    >>> panel.sentence.split(". ")[0]
    'Layer 1, conv 5 × 5: 54 × 54 × 64, 102,464 parameters, 298,598,400 multiply-adds, sees 5 pixels'
    """

    def __init__(self, network="VGG, configuration A", layer=1, more=None):
        self._networks = layer_table.networks() | _checked(more)
        validate.choice(network, "network", self._networks)
        validate.whole(layer, "layer", high=len(self._networks[network][1]))
        names = {
            "one 7 x 7": _("one 7 × 7"), "three 3 x 3": _("three 3 × 3"), "lecture's LeNet": _("lecture's LeNet"),
            "AlexNet, on one GPU": _("AlexNet, on one GPU"), "VGG, configuration A": _("VGG, configuration A"),
            "VGG, configuration D": _("VGG, configuration D"), "Network in network": _("Network in network"),
            "5 x 5 behind a 1 x 1": _("5 × 5 behind a 1 × 1"), "5 x 5 at once": _("5 × 5 at once"),
            "ResNet's bottleneck": _("ResNet's bottleneck"),
        }  # fmt: skip
        options = [(names.get(name, name), name) for name in self._networks] + [(_("own network"), OWN)]
        self.network = dropdown(_("network"), options, network, "auto")
        self.layer = dropdown(_("layer"), [(" ", 0)], 0, "auto")
        kinds = [
            (_("convolution"), "conv"), (_("pooling"), "pool"), (_("fully connected"), "fc"), (_("sum"), "sum"),
            (_("side by side"), "concat"), (_("batch norm"), "norm"), (_("ReLU"), "relu"),
            (_("mean of each map"), "mean"), (_("maps of zeros"), "zeros"),
        ]  # fmt: skip
        self.kind = dropdown(_("kind"), kinds, "conv", "auto")
        self.kernels = number_box(_("K, kernels"), 1, 1, LIMITS["kernels"], "150px")
        self.size = number_box(_("F, size"), 1, 1, LIMITS["size"], "125px")
        self.stride = number_box(_("S, stride"), 1, 1, LIMITS["stride"], "125px")
        self.padding = number_box(_("P, padding"), 0, 0, LIMITS["padding"], "125px")
        self.groups = number_box(_("groups"), 1, 1, LIMITS["groups"], "125px")
        self.reads = number_box(_("reads"), 0, 0, 0, "135px")
        self.add = button(_("Add one after it"), self._insert, width="140px")
        self.remove = button(_("Remove it"), self._drop, width="110px")
        self.reset = button(_("As it was"), lambda: self._load(self._name), width="110px")
        self.board = widgets.HTML(layout={"width": "100%"})
        self._numbers = {name: getattr(self, name) for name in LIMITS}
        of_a_layer = [self.kind, *self._numbers.values(), self.reads]
        controls = [self.network, self.layer, *of_a_layer, self.add, self.remove, self.reset]
        super().__init__(controls, [[self.board]])
        self.follow(self.network, lambda change: change.new != OWN and self._load(change.new))
        self.follow(self.layer, lambda change: self._show(change.new))
        for control in of_a_layer:
            self.follow(control, self._change_layer)
        self._load(network, layer)

    @property
    def layers(self):
        """The layers as they are now."""
        return list(self._layers)

    def refresh(self, _change=None):
        """The table, and what the chosen layer and the whole network cost."""
        rows, problem = self._rows()
        chosen = self.layer.value
        self.board.value = self._html(rows, problem, chosen)
        self.remove.disabled, self.add.disabled = len(self._layers) == 1, len(self._layers) >= MOST_LAYERS
        self.say(self._sentence(rows, problem, chosen))

    def still(self):
        """The table as a figure."""
        rows = self._rows()[0]
        return figures.layer_table(rows, min(self.layer.value, len(rows) - 1))

    def _rows(self):
        """The rows as far as the layers fit, and what is wrong with the first that does not, or an empty text."""
        found = []
        try:
            for row in layer_table.rows(self._shape, self._layers):
                found.append(row)
        except ValueError as error:
            return found, str(error).split(": ", 1)[-1]
        return found, ""

    def _sentence(self, rows, problem, chosen):
        if problem:
            text = _("Layer {number} does not fit: {problem}. The {count} before it are shown.")
            return text.format(
                number=len(rows), problem=problem, count=count_text(len(rows) - 1, _("layer"), _("layers"))
            )  # fmt: skip
        row = rows[chosen]
        text = _(
            "Layer {number}, {kind}: {shape}, {parameters:,} parameters, {work:,} multiply-adds, sees {field} pixels. "
            "All {count}: {all_parameters:,} parameters{change}, {all_work:,} multiply-adds; "
            "{share:.0f} % of the parameters are in layer {largest}."
        )
        parameters, work = sum(row.parameters for row in rows), sum(row.multiply_adds for row in rows)
        largest = int(np.argmax([row.parameters for row in rows]))
        kind = figures.kind_label(row.kind) + (f" {figures.reads_label(row)}" if row.reads else "")
        return text.format(
            number=chosen, kind=kind, shape=size_text(*row.shape), parameters=row.parameters,
            work=row.multiply_adds, field=row.field, count=count_text(len(rows) - 1, _("layer"), _("layers")),
            all_parameters=parameters, change=self._change(parameters), all_work=work,
            share=100 * rows[largest].parameters / max(parameters, 1), largest=largest,
        ) + self._loose()  # fmt: skip

    def _loose(self):
        """A sentence about layers that no layer reads, but for the last one, or nothing."""
        read = {one for number, layer in enumerate(self._layers) for one in layer.reads or (number,)}
        loose = [number for number in range(1, len(self._layers)) if number not in read]
        if not loose:
            return ""
        text = _(" No layer reads layer {layers}.") if len(loose) == 1 else _(" No layer reads layers {layers}.")
        return text.format(layers=join_words(loose))

    def _change(self, parameters):
        """How many more or fewer parameters than before, in brackets, or nothing."""
        before = sum(row.parameters for row in self._before)
        if parameters == before:
            return ""
        more, fewer = _(" ({difference:,} more than before)"), _(" ({difference:,} fewer than before)")
        return (more if parameters > before else fewer).format(difference=abs(parameters - before))

    def _html(self, rows, problem, chosen):
        # A chain reads the layer before, always.
        branches = any(layer.reads for layer in self._layers) or any(row.reads for row in self._before)
        columns = [column for column in COLUMNS if branches or column != "reads"]
        heads = (_("layer"), _("what"), _("reads"), _("comes out"), _("parameters"), _("multiply-adds"), _("sees"))
        lines = [_line(columns, heads, tag="th")]
        most = {cost: max(max(getattr(row, cost) for row in rows), 1) for cost in figures.COSTS}
        visible = figures.visible_rows(len(rows), min(chosen, len(rows) - 1))
        if visible.start:
            lines.append(self._summary(columns, rows, 0, visible.start))
        for number in visible:
            row = rows[number]
            frame = "outline:2px solid #ffb000;outline-offset:-1px" if number == chosen else ""
            bars = {cost: getattr(row, cost) / most[cost] for cost in most}
            texts = _texts(number, figures.kind_label(row.kind), row)
            lines.append(_line(columns, texts, self._changes(number, row), frame, bars))
        if visible.stop < len(rows):
            lines.append(self._summary(columns, rows, visible.stop, len(rows)))
        if problem:
            bad = self._layers[len(rows) - 1]
            reads = figures.reads_label(rows[-1]._replace(reads=bad.reads))
            texts = (len(rows), layer_label(bad), reads, _("does not fit"), "", "", "")
            lines.append(_line(columns, texts, {"shape"}))
        style = "font-size:15px;line-height:1.33;border-collapse:collapse"
        return f'<table style="{style}">{"".join(lines)}</table>'

    def _changes(self, number, row):
        """The columns in which a row is not as it was before anything was changed."""
        origin = self._origins[number]
        if origin is None:
            return {"reads", *VALUES}
        old = self._before[origin]
        changes = {name for name in VALUES if getattr(row, name) != getattr(old, name)}
        reads = [self._origins[one] for one in row.reads or (number - 1,)]
        return changes | {"reads"} if number and reads != list(old.reads or (origin - 1,)) else changes

    def _summary(self, columns, rows, first, stop):
        """The line that stands for the rows before those shown, or for those behind."""
        row = figures.summary_row(rows, first, stop)
        low = next((one for one in reversed(self._origins[:first]) if one is not None), -1) + 1
        high = next((one for one in self._origins[stop:] if one is not None), len(self._before))
        old = figures.summary_row(self._before, low, high) if low < high else None
        changes = {name for name in VALUES if old is None or getattr(row, name) != getattr(old, name)}
        return _line(columns, _texts(row.name, row.kind, row), changes, "opacity:.75")

    def _load(self, name, layer=1):
        shape, layers = self._networks[name]
        self._before = layer_table.table(shape, layers)
        self._name, self._shape = name, shape
        self._layers = self._first = list(layers)
        # Of the picture and of each layer, which it was before anything was changed; None when it was added.
        self._origins = list(range(len(layers) + 1))
        self._show(layer)

    def _show(self, layer):
        """Every control as the layers are, with this one chosen."""
        options = [(f"{number}: {layer_label(one)}", number) for number, one in enumerate(self._layers, start=1)]
        one = self._layers[layer - 1]
        with self.quiet():
            # Thousands of words take their time on the way to the browser.
            if self.layer.options != tuple(options):
                self.layer.options = options
            self.layer.value = layer
            self.kind.value = one.kind
            for name, control in self._numbers.items():
                value = getattr(one, name)
                control.max = max(LIMITS[name], value)
                control.value, control.disabled = value, name not in HAS.get(one.kind, ())
            self.reads.max = layer - 1
            self.reads.value = one.reads[-1] if one.reads else layer - 1
            self.reads.description = _("and reads") if len(one.reads) > 1 else _("reads")
            self.reads.disabled = layer == 1
            self.network.value = self._name if self._layers == self._first else OWN
        self.refresh()

    def _change_layer(self, _change):
        number = self.layer.value
        reads = (*self._layers[number - 1].reads[:-1], self.reads.value)
        values = {name: control.value for name, control in self._numbers.items()}
        layer = self._layers[number - 1]._replace(kind=self.kind.value, reads=reads, **values)
        self._layers = layer_table.replace(self._layers, number, layer)
        self._show(number)

    def _insert(self):
        if len(self._layers) >= MOST_LAYERS:
            return
        number = self.layer.value
        layer = self._layers[number - 1]
        if layer.kind in (*layer_table.JOINS, "mean"):
            # Another of these would do nothing, or not fit: what is put after it instead leaves the shape as it is.
            rows = self._rows()[0]
            shape = rows[number].shape if number < len(rows) else (1, 1, 1)
            conv = layer_table.Layer("conv", shape[-1], 3, 1, 1)
            layer = conv if len(shape) == 3 else layer_table.Layer("fc", shape[-1])
        self._layers = layer_table.insert(self._layers, number, layer)
        self._origins.insert(number + 1, None)
        self._show(number + 1)

    def _drop(self):
        if len(self._layers) > 1:
            number = self.layer.value
            self._layers = layer_table.remove(self._layers, number)
            del self._origins[number]
            self._show(min(number, len(self._layers)))


def _texts(layer, kind, row):
    """What stands in the columns of a line."""
    costs = (f"{row.parameters:,}", f"{row.multiply_adds:,}")
    return layer, kind, figures.reads_label(row), size_text(*row.shape), *costs, row.field


def _line(columns, texts, changes=(), style="", bars=None, tag="td"):
    """A line of the table with some of its columns: those that changed are coloured, and some have bars from 0 to 1."""
    cells = []
    for column, text in zip(COLUMNS, texts, strict=True):
        look = f"padding:1px 6px;text-align:{'left' if column in LEFT else 'right'};white-space:nowrap"
        look += f";{CHANGED}" if column in changes else ""
        look += f";{_bar(bars[column])}" if bars and column in bars else ""
        if column in columns:
            cells.append(f'<{tag} style="{look}">{html.escape(str(text))}</{tag}>')
    return f'<tr style="{style}">{"".join(cells)}</tr>'


def _bar(share):
    """A bar below a number, in the same cell; the colour of a changed cell stays visible."""
    length = f"{max(1, round(100 * share)) if share else 0}%"
    image = f"linear-gradient(to left,#56b4e9 {length},transparent {length})"
    layout = "background-position:bottom;background-origin:content-box;background-repeat:no-repeat"
    return f"background-image:{image};background-size:100% 4px;{layout}"


def _checked(more):
    """The networks that can be chosen too."""
    if more is None:
        return {}
    wanted = "give a dict of names to (shape, layers), such as keras_models.as_table.layer_list makes"
    if not isinstance(more, dict):
        raise TypeError(f"more is {str(more)[:40]!r} of type {type(more).__name__}; {wanted}")
    found = {}
    for name, pair in more.items():
        if not isinstance(name, str) or name in (*layer_table.networks(), OWN, ""):
            raise ValueError(f"more has a network {name!r}; give it a name that is a text and not yet in the panel")
        try:
            shape, layers = validate.sequence(pair, "it", 2)
            layer_table.table(shape, validate.sequence(layers, "layers"))
            if len(layers) > MOST_LAYERS:
                raise ValueError(f"it has {len(layers)} layers; give {MOST_LAYERS} or fewer")
        except (TypeError, ValueError) as error:
            raise type(error)(f"more[{name!r}]: {error}; {wanted}") from error
        found[name] = tuple(shape), _plain(layers)
    return found


def _plain(layers):
    """Layers in whole numbers, and what a layer reads left out where it is the layer before."""
    found = []
    for number, layer in enumerate(layers, start=1):
        reads = tuple(map(int, layer.reads))
        numbers = {name: int(getattr(layer, name)) for name in LIMITS}
        found.append(layer._replace(reads=() if reads == (number - 1,) else reads, **numbers))
    return found
