"""`LayerCalculator`: what goes out of a layer and what it costs."""

import html

import ipywidgets as widgets

from lessons_lib import geometry
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import size_text
from lessons_lib.geometry import figures
from lessons_lib.geometry.panels.presets import THIRD, follow_presets, preset_dropdown
from lessons_lib.widgets.controls import slider
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
BOARD = """<style>.lesson-costs th {{ text-align: left; padding: 1px 16px 1px 0 }}</style>
<div style="display:flex;flex-flow:row wrap;align-items:center;gap:8px 24px">
<div style="flex:1 1 480px;min-width:0;max-width:680px">{boxes}</div>
<table class="lesson-costs" style="font-size:15px;line-height:1.5">{cells}</table></div>"""


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
            setattr(self, name, slider(title, value, low, high, width=THIRD))
        self.numbers = [getattr(self, name) for name in limits]
        self.board = widgets.HTML(layout={"width": "100%"})
        super().__init__([self.layer, *self.numbers], [self.board])
        follow_presets(self, self.layer, self.numbers, LAYERS)
        self.refresh()

    def refresh(self, _change=None):
        """Show the boxes, the formulas with the numbers in them, and the sentence."""
        width, height, depth, kernels, size, stride, padding = (control.value for control in self.numbers)
        volume, into = (width, height, depth), size_text(width, height, depth)
        if size > min(width, height) + 2 * padding:
            self._show(figures.volumes(volume, kernels, size), [])
            text = _("In {into}: a kernel of {size} is larger than the picture with its border, so nothing goes out.")
            self.say(text.format(into=into, size=size_text(size, size)))
            return
        # On the padded sides "valid" rounds down where the numbers do not fit.
        cost = geometry.layer(width + 2 * padding, height + 2 * padding, depth, kernels, size, stride, "valid")
        rows, rounded = [], ""
        for name, n, out in ((_("width"), width, cost.width), (_("height"), height, cost.height)):
            exact = (n - size + 2 * padding) / stride + 1
            text = str(out) if exact == out else f"{exact:.2f} → {out}"
            rows.append((name, f"({n} - {size} + 2×{padding})/{stride} + 1 = {text}"))
            if exact != out:
                text = _(" {name} {exact} does not fit and is rounded down to {out}.")
                rounded += text.format(name=name.capitalize(), exact=f"{exact:.2f}", out=out)
        dense = width * height * depth * cost.width * cost.height * cost.depth
        rows += [
            (_("depth"), f"K = {cost.depth}"),
            (_("weights"), f"{size}×{size}×{depth}×{kernels} = {cost.weights:,}"),
            (_("biases"), f"K = {cost.biases:,}"),
            (_("parameters"), f"{cost.weights:,} + {cost.biases:,} = {cost.parameters:,}"),
            (_("multiply-adds"), f"{cost.width}×{cost.height}×{cost.weights:,} = {cost.multiply_adds:,}"),
            (_("fully connected"), _("{dense:,} weights").format(dense=dense)),
        ]
        self._show(figures.volumes(volume, kernels, size, cost.shape), rows)
        text = _(
            "In {into}, out {out}: {weights:,} weights and {biases:,} biases, {parameters:,} parameters; "
            "{work:,} multiply-adds for one picture. "
            "A fully connected layer between the same volumes would have {dense:,} weights."
        )
        sentence = text.format(
            into=into, out=size_text(*cost.shape), weights=cost.weights, biases=cost.biases,
            parameters=cost.parameters, work=cost.multiply_adds, dense=dense,
        )  # fmt: skip
        self.say(sentence + rounded)

    def _show(self, boxes, rows):
        self._boxes = boxes
        cells = "".join(f"<tr><th>{html.escape(name)}</th><td>{html.escape(text)}</td></tr>" for name, text in rows)
        self.board.value = BOARD.format(boxes=boxes.svg(), cells=cells)

    def still(self):
        """The boxes."""
        return self._boxes.figure()
