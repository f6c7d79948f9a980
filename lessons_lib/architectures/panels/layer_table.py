"""Lesson 7's layer table: a list of layers to change, with branches, and what follows from each change."""

import html

import ipywidgets as widgets
import numpy as np

from lessons_lib.architectures import figures, layer_table
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.widgets.panel import Panel

STYLE = {"description_width": "initial"}
OWN = "own"
MOST_LAYERS = 600
# The largest kernels, window, stride, padding and groups that can be chosen, unless a network has larger ones already.
LIMITS = {"kernels": 8192, "size": 15, "stride": 8, "padding": 7, "groups": 1024}
# What a kind of layer has; all others of these have no meaning for it.
HAS = {
    "conv": ("kernels", "size", "stride", "padding", "groups"), "pool": ("size", "stride", "padding"),
    "fc": ("kernels",), "zeros": ("kernels", "stride"),
}  # fmt: skip
CHANGED = "background:rgba(255,176,0,.28)"


def said(number, singular, plural):
    """A number with the right word after it.

    >>> said(1, "layer", "layers"), said(3, "layer", "layers")
    ('1 layer', '3 layers')
    """
    return f"{number:,} {singular if number == 1 else plural}"


def named(layer):
    """A layer in a few words, before anything is known of what it reads.

    >>> named(layer_table.Layer("conv", 64, 3)), named(layer_table.Layer("sum")), named(layer_table.Layer("fc", 10))
    ('conv 3 × 3, 64', 'sum', 'fully connected, 10')
    """
    words = {
        "conv": f"conv {layer.size} x {layer.size}", "pool": f"pool {layer.size} x {layer.size}",
        "fc": "fully connected", "sum": "sum", "concat": "side by side", "norm": "batch norm",
        "mean": "mean of each map", "zeros": "maps of zeros",
    }  # fmt: skip
    count = f", {layer.kernels}" if "kernels" in HAS.get(layer.kind, ()) else ""
    return figures.kind(words[layer.kind]) + count


class LayerTable(Panel):
    """A layer table: choose a layer, change it, and see shape, parameters, multiply-adds and field of all the others.

    Of a long table the rows around the chosen layer are shown, and one row each for those before and behind. A layer
    that is added goes into the way from the chosen one; whatever read a layer that is removed reads what that one read.

    Parameters
    ----------
    network : str
        One of `architectures.LISTS`, such as "VGG, configuration A", or a name in `more`.
    layer : int
        Which layer is chosen first, from 1.
    more : dict of str to (shape, list of Layer), optional
        Networks that can be chosen too, such as `keras_models.as_table.editable` makes.

    Raises
    ------
    TypeError, ValueError
        If there is no such network or layer, or one of `more` is no network that fits together; the error names it.

    Examples
    --------
    >>> panel = LayerTable("three 3 x 3")
    >>> panel.size.value = 5
    >>> panel.sentence.split(". ")[0]
    'Layer 1, conv 5 × 5: 54 × 54 × 64, 102,464 parameters, 298,598,400 multiply-adds, sees 5 pixels'
    """

    def __init__(self, network="VGG, configuration A", layer=1, more=None):
        self._lists = layer_table.LISTS | _checked(more)
        validate.choice(network, "network", self._lists)
        validate.whole(layer, "layer", high=len(self._lists[network][1]))
        names = {
            "one 7 x 7": _("one 7 × 7"), "three 3 x 3": _("three 3 × 3"), "lecture's LeNet": _("lecture's LeNet"),
            "AlexNet, on one GPU": _("AlexNet, on one GPU"), "VGG, configuration A": _("VGG, configuration A"),
            "VGG, configuration D": _("VGG, configuration D"), "Network in network": _("Network in network"),
            "5 x 5 behind a 1 x 1": _("5 × 5 behind a 1 × 1"), "5 x 5 at once": _("5 × 5 at once"),
            "ResNet's bottleneck": _("ResNet's bottleneck"),
        }  # fmt: skip
        options = [(names.get(name, name), name) for name in self._lists] + [(_("own network"), OWN)]
        wide = {"style": STYLE, "layout": {"width": "auto"}}
        self.network = widgets.Dropdown(options=options, value=network, description=_("network"), **wide)
        self.layer = widgets.Dropdown(options=[(" ", 0)], value=0, description=_("layer"), **wide)
        kinds = [
            (_("convolution"), "conv"), (_("pooling"), "pool"), (_("fully connected"), "fc"), (_("sum"), "sum"),
            (_("side by side"), "concat"), (_("batch norm"), "norm"), (_("mean of each map"), "mean"),
            (_("maps of zeros"), "zeros"),
        ]  # fmt: skip
        self.kind = widgets.Dropdown(options=kinds, value="conv", description=_("kind"), **wide)
        titles = {
            "kernels": _("K, kernels"), "size": _("F, size"), "stride": _("S, stride"), "padding": _("P, padding"),
            "groups": _("groups"),
        }  # fmt: skip
        for name, title in titles.items():
            low, room = 0 if name == "padding" else 1, "150px" if name == "kernels" else "125px"
            setattr(self, name, _box(low, LIMITS[name], title, room))
        self.reads = _box(0, 0, _("reads"), "135px")
        self.add = widgets.Button(description=_("Add one after it"), layout={"width": "140px"})
        self.remove = widgets.Button(description=_("Remove it"), layout={"width": "110px"})
        self.again = widgets.Button(description=_("As it was"), layout={"width": "110px"})
        self.board = widgets.HTML(layout={"width": "100%"})
        self._numbers = {name: getattr(self, name) for name in LIMITS}
        controls = [self.network, self.layer, self.kind, *self._numbers.values(), self.reads]
        super().__init__([*controls, self.add, self.remove, self.again], [[self.board]])
        self._busy = False
        self.network.observe(self._chosen, names="value")
        self.layer.observe(self._moved, names="value")
        for control in (self.kind, *self._numbers.values(), self.reads):
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
                number=len(rows), problem=problem, count=said(len(rows) - 1, _("layer"), _("layers"))
            )  # fmt: skip
        row = rows[chosen]
        text = _(
            "Layer {number}, {kind}: {shape}, {parameters:,} parameters, {work:,} multiply-adds, sees {field} pixels. "
            "All {count}: {all_parameters:,} parameters{change}, {all_work:,} multiply-adds; "
            "{share:.0f} % of the parameters are in layer {largest}."
        )
        parameters, work = (sum(row[column] for row in rows) for column in (3, 4))
        largest = int(np.argmax([row.parameters for row in rows]))
        kind = figures.kind(row.kind) + (f" {figures.reads(row)}" if row.reads else "")
        return text.format(
            number=chosen, kind=kind, shape=figures.sides(row.shape), parameters=row.parameters,
            work=row.multiply_adds, field=row.field, count=said(len(rows) - 1, _("layer"), _("layers")),
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
        return text.format(layers=figures.listed(loose))

    def _change(self, parameters):
        """How many more or fewer parameters than before, in brackets, or nothing."""
        before = sum(row.parameters for row in self._before)
        if parameters == before:
            return ""
        text = (
            _(" ({difference:,} more than before)") if parameters > before else _(" ({difference:,} fewer than before)")
        )
        return text.format(difference=abs(parameters - before))

    def _html(self, rows, problem, chosen):
        place = figures.window(len(rows), min(chosen, len(rows) - 1))
        heads = [_("layer"), _("what"), _("reads"), _("comes out"), _("parameters"), _("multiply-adds"), _("sees")]
        lines = [(heads, (), "th", "", ())]
        most = [max(max(row[column] for row in rows), 1) for column in (3, 4)]
        if place.start:
            lines.append(self._folded(rows, 0, place.start))
        for number in place:
            row = rows[number]
            cells = [str(number), figures.kind(row.kind), figures.reads(row), *_costs(row)]
            frame = "outline:2px solid #ffb000;outline-offset:-1px" if number == chosen else ""
            bars = (row.parameters / most[0], row.multiply_adds / most[1])
            lines.append((cells, self._new(number, row), "td", frame, bars))
        if place.stop < len(rows):
            lines.append(self._folded(rows, place.stop, len(rows)))
        if problem:
            bad = self._layers[len(rows) - 1]
            reads = figures.reads(rows[-1]._replace(reads=bad.reads))
            cells = [str(len(rows)), named(bad), reads, _("does not fit"), "", "", ""]
            lines.append((cells, [False] * 3 + [True] + [False] * 3, "td", "", ()))
        # A chain reads the layer before, always.
        branches = any(layer.reads for layer in self._layers) or any(row.reads for row in self._before)
        style = "font-size:15px;line-height:1.33;border-collapse:collapse"
        return f'<table style="{style}">{"".join(_line(*line, branches) for line in lines)}</table>'

    def _new(self, number, row):
        """Which cells of a line are other ones than before anything was changed."""
        origin = self._origins[number]
        if origin is None:
            return [False, *[True] * 6]
        old = self._before[origin]
        reads = [self._origins[one] for one in row.reads or (number - 1,)] if number else []
        same_reads = reads == list(old.reads or (origin - 1,)) or not number
        same = (row.kind == old.kind, same_reads, *(row[column] == old[column] for column in (2, 3, 4, 5)))
        return [False, *(not one for one in same)]

    def _folded(self, rows, first, stop):
        """The line that stands for the rows before those shown, or for those behind."""
        row = figures.folded(rows, first, stop)
        low = next((one for one in reversed(self._origins[:first]) if one is not None), -1) + 1
        high = next((one for one in self._origins[stop:] if one is not None), len(self._before))
        old = figures.folded(self._before, low, high) if low < high else (None,) * 6
        new = [row[column] != old[column] for column in (1, 2, 3, 4, 5)]
        return [f"{row.name}", row.kind, "", *_costs(row)], [False, new[0], False, *new[1:]], "td", "opacity:.75", ()

    def _load(self, name, layer=1):
        self._name = name
        self._shape, layers = self._lists[name]
        self._layers = self._first = list(layers)
        # Of the picture and of each layer, which it was before anything was changed; None when it was added.
        self._origins = list(range(len(layers) + 1))
        self._before = layer_table.table(self._shape, layers)
        self._show(layer)

    def _show(self, layer):
        """Every control as the layers are, with this one chosen."""
        self._busy = True
        try:
            options = [(f"{number}: {named(one)}", number) for number, one in enumerate(self._layers, start=1)]
            # Thousands of words take their time on the way to the browser.
            if self.layer.options != tuple(options):
                self.layer.options = options
            self.layer.value = layer
            one = self._layers[layer - 1]
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
        number = self.layer.value
        reads = (*self._layers[number - 1].reads[:-1], self.reads.value)
        values = {name: control.value for name, control in self._numbers.items()}
        layer = self._layers[number - 1]._replace(kind=self.kind.value, reads=reads, **values)
        self._layers = layer_table.replaced(self._layers, number, layer)
        self._show(number)

    def _insert(self):
        if len(self._layers) >= MOST_LAYERS:
            return
        place = self.layer.value
        layer = self._layers[place - 1]
        if layer.kind in (*layer_table.JOINS, "mean"):
            # Another of these would do nothing, or not fit: what is put after it instead leaves the shape as it is.
            rows = self._rows()[0]
            depth = rows[place].shape[-1] if place < len(rows) else 1
            flat = place < len(rows) and len(rows[place].shape) == 1
            layer = layer_table.Layer("fc", depth) if flat else layer_table.Layer("conv", depth, 3, 1, 1)
        self._layers = layer_table.inserted(self._layers, place, layer)
        self._origins.insert(place + 1, None)
        self._show(place + 1)

    def _drop(self):
        if len(self._layers) > 1:
            place = self.layer.value
            self._layers = layer_table.removed(self._layers, place)
            del self._origins[place]
            self._show(min(place, len(self._layers)))


def _box(low, high, title, room):
    return widgets.BoundedIntText(low, low, high, description=title, style=STYLE, layout={"width": room})


def _costs(row):
    """The last four cells of a line."""
    return figures.sides(row.shape), f"{row.parameters:,}", f"{row.multiply_adds:,}", str(row.field)


def _line(texts, new, tag, frame, bars, branches):
    """One line of the table; without branches, without the cell of what a layer reads."""
    cells = []
    for place, text in enumerate(texts):
        if place == 2 and not branches:
            continue
        style = f"padding:1px 6px;text-align:{'left' if place < 4 else 'right'};white-space:nowrap"
        style += f";{CHANGED}" if new and new[place] else ""
        if bars and place in (4, 5):
            style += f";{_bar(bars[place - 4])}"
        cells.append(f'<{tag} style="{style}">{html.escape(text)}</{tag}>')
    return f'<tr style="{frame}">{"".join(cells)}</tr>'


def _bar(share):
    """A bar below a number, which so needs no room of its own; it leaves the colour of a changed cell to be seen."""
    length = f"{max(1, round(100 * share)) if share else 0}%"
    image = f"linear-gradient(to left,#56b4e9 {length},transparent {length})"
    place = "background-position:bottom;background-origin:content-box;background-repeat:no-repeat"
    return f"background-image:{image};background-size:100% 4px;{place}"


def _checked(more):
    """The networks that can be chosen too."""
    if more is None:
        return {}
    wanted = "give a dict of names to (shape, layers), such as keras_models.as_table.editable makes"
    if not isinstance(more, dict):
        raise TypeError(f"more is {str(more)[:40]!r} of type {type(more).__name__}; {wanted}")
    found = {}
    for name, pair in more.items():
        if not isinstance(name, str) or name in (*layer_table.LISTS, OWN, ""):
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
        values = {name: int(getattr(layer, name)) for name in LIMITS}
        found.append(layer._replace(reads=() if reads == (number - 1,) else reads, **values))
    return found
