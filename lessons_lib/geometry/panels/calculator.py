"""`LayerCalculator`: what goes out of a layer and what it costs."""

import html

import ipywidgets as widgets

from lessons_lib import geometry
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import size_text
from lessons_lib.geometry import figures
from lessons_lib.geometry.panels.presets import Presets, preset_dropdown, slider
from lessons_lib.widgets.panel import Panel

# W, H, D, K, F, S, P of layers that are known by name.
LAYERS = {
    "lecture's LeNet, first": (28, 28, 1, 20, 5, 1, 2),
    "lecture's LeNet, second": (14, 14, 20, 50, 5, 1, 2),
    "LeNet-5, first": (32, 32, 1, 6, 5, 1, 0),
    "AlexNet, first": (227, 227, 3, 96, 11, 4, 0),
    "AlexNet, first, as printed": (224, 224, 3, 96, 11, 4, 0),
    "VGG, first": (224, 224, 3, 64, 3, 1, 1),
    "VGG, second": (224, 224, 64, 64, 3, 1, 1),
    "ResNet, first": (224, 224, 3, 64, 7, 2, 3),
    "GoogLeNet, a 1 x 1": (28, 28, 192, 16, 1, 1, 0),
}
BESIDE = "display:flex;flex-flow:row wrap;align-items:center;gap:8px 24px"


class LayerCalculator(Panel):
    """From W x H x D by K, F, S, P to the output's shape, the weights, the biases and the multiply-adds.

    `layer` is a name of `LAYERS`.

    >>> LayerCalculator("AlexNet, first").sentence.split(":")[0]
    'In 227 × 227 × 3, out 55 × 55 × 96'
    """

    def __init__(self, layer="VGG, first"):
        validate.choice(layer, "layer", LAYERS)
        names = {
            "lecture's LeNet, first": _("lecture's LeNet, first"),
            "lecture's LeNet, second": _("lecture's LeNet, second"),
            "LeNet-5, first": _("LeNet-5, first"), "AlexNet, first": _("AlexNet, first"),
            "AlexNet, first, as printed": _("AlexNet, first, as printed"), "VGG, first": _("VGG, first"),
            "VGG, second": _("VGG, second"), "ResNet, first": _("ResNet, first"),
            "GoogLeNet, a 1 x 1": _("GoogLeNet, a 1 × 1"),
        }  # fmt: skip
        self.layer = preset_dropdown(LAYERS, layer, names)
        limits = {
            "width": (1, 256, _("W, width")), "height": (1, 256, _("H, height")), "depth": (1, 1024, _("D, depth")),
            "kernels": (1, 1024, _("K, kernels")), "size": (1, 15, _("F, size")), "stride": (1, 8, _("S, stride")),
            "padding": (0, 7, _("P, padding")),
        }  # fmt: skip
        for (name, (low, high, title)), value in zip(limits.items(), LAYERS[layer], strict=True):
            setattr(self, name, slider(value, low, high, title))
        self.numbers = [getattr(self, name) for name in limits]
        self.board = widgets.HTML(layout={"width": "100%"})
        super().__init__([self.layer, *self.numbers], [self.board])
        Presets(self, self.layer, self.numbers, LAYERS)
        self.refresh()

    def _shapes(self):
        """(volume, kernels, size, result) for the boxes; the result is None when no window fits, and rounded down."""
        width, height, depth, kernels, size, stride, padding = (slider.value for slider in self.numbers)
        if size > min(width, height) + 2 * padding:
            return (width, height, depth), kernels, size, None
        sides = [geometry.keras_output_size(n + 2 * padding, size, stride) for n in (width, height)]
        return (width, height, depth), kernels, size, (*sides, kernels)

    def refresh(self, _change=None):
        """Show the boxes, the formulas with the numbers in them, and the sentence."""
        width, height, depth, kernels, size, stride, padding = (slider.value for slider in self.numbers)
        volume, _kernels, _size, result = self._shapes()
        into = size_text(*volume)
        if result is None:
            text = _("In {into}: a kernel of {size} is larger than the picture with its border, so nothing goes out.")
            self.say(text.format(into=into, size=size_text(size, size)))
            self.board.value = _drawing(volume, kernels, size, result)
            return
        # On the padded sides "valid" rounds down where the numbers do not fit.
        cost = geometry.layer(width + 2 * padding, height + 2 * padding, depth, kernels, size, stride, "valid")
        rows, rounded = [], []
        for name, n, out in ((_("width"), width, cost.width), (_("height"), height, cost.height)):
            exact = (n - size + 2 * padding) / stride + 1
            formula = f"({n} - {size} + 2×{padding})/{stride} + 1 = "
            whole = exact == out
            rows.append((name, formula + (str(out) if whole else f"{exact:.2f} → {out}")))
            if not whole:
                rounded.append(_("{name} {exact} does not fit and is rounded down to {out}").format(
                    name=name, exact=f"{exact:.2f}", out=out))  # fmt: skip
        rows += [
            (_("depth"), f"K = {cost.depth}"),
            (_("weights"), f"{size}×{size}×{depth}×{kernels} = {cost.weights:,}"),
            (_("biases"), f"K = {cost.biases:,}"),
            (_("parameters"), f"{cost.weights:,} + {cost.biases:,} = {cost.parameters:,}"),
            (_("multiply-adds"), f"{cost.width}×{cost.height}×{cost.weights:,} = {cost.multiply_adds:,}"),
        ]
        dense = width * height * depth * cost.width * cost.height * cost.depth
        rows.append((_("fully connected"), _("{dense:,} weights").format(dense=dense)))
        self.board.value = f'<div style="{BESIDE}">{_drawing(volume, kernels, size, result)}{_table(rows)}</div>'
        text = _(
            "In {into}, out {out}: {weights:,} weights and {biases:,} biases, {parameters:,} parameters; "
            "{work:,} multiply-adds for one picture. "
            "A fully connected layer between the same volumes would have {dense:,} weights."
        )
        sentence = text.format(
            into=into, out=size_text(*cost.shape), weights=cost.weights, biases=cost.biases,
            parameters=cost.parameters, work=cost.multiply_adds, dense=dense,
        )  # fmt: skip
        self.say(sentence + "".join(f" {side[0].upper()}{side[1:]}." for side in rounded))

    def still(self):
        """The boxes."""
        return figures.volumes(*self._shapes())


def _drawing(volume, kernels, size, result):
    """The boxes as a drawing that the browser scales."""
    shapes = [volume, (size, size, volume[2])] + ([] if result is None else [result])
    drawn = figures.boxes(shapes)
    titles = figures.box_titles(volume, kernels, size, result)
    bottom = max(float(front[:, 1].max()) for front, _top, _side in drawn)
    highest = min(float(top[:, 1].min()) for _front, top, _side in drawn)
    parts = []
    for faces, title, colour in zip(drawn, titles, figures.COLOURS_OF_BOXES, strict=False):
        for face, opacity in zip(faces, (0.45, 0.25, 0.7), strict=True):
            points = " ".join(f"{x:.2f},{y:.2f}" for x, y in face)
            style = f'fill="{colour}" fill-opacity="{opacity}" stroke="{colour}" stroke-width="0.3"'
            parts.append(f'<polygon points="{points}" {style}/>')
        middle = (faces[0][:, 0].min() + faces[2][:, 0].max()) / 2
        style = 'text-anchor="middle" font-size="2.6" fill="currentColor"'
        parts.append(f'<text x="{middle:.2f}" y="{bottom + 5:.2f}" {style}>{html.escape(title)}</text>')
    frame = f"-12 {highest - 1:.2f} 124 {bottom - highest + 8:.2f}"
    style = "flex:1 1 480px;min-width:0;max-width:620px"
    label = html.escape(", ".join(titles))
    return f'<svg viewBox="{frame}" style="{style}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _table(rows):
    style = "text-align:left;padding:1px 16px 1px 0"
    cells = "".join(
        f'<tr><th style="{style}">{html.escape(name)}</th><td>{html.escape(text)}</td></tr>' for name, text in rows
    )
    return f'<table style="font-size:15px;line-height:1.5">{cells}</table>'
