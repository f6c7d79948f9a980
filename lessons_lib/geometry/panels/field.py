"""`ReceptiveFieldGrower`: which pixels one cell of the last map depends on."""

import ipywidgets as widgets
import numpy as np

from lessons_lib import geometry
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import size_text
from lessons_lib.geometry import figures
from lessons_lib.geometry.panels.presets import OWN, THIRD, preset_dropdown, preset_of
from lessons_lib.plots.grid import side_by_side
from lessons_lib.widgets.controls import button, dropdown, slider
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import PixelGrid

# The picture's side, and size and stride of each layer.
STACKS = {
    "three 3 x 3": (9, ((3, 1), (3, 1), (3, 1))),
    "one 7 x 7": (9, ((7, 1),)),
    "two 3 x 3": (9, ((3, 1), (3, 1))),
    "stride 2 between": (15, ((3, 1), (3, 2), (3, 1))),
    "LeNet": (28, ((5, 1), (2, 2), (5, 1), (2, 2))),
    "ResNet's beginning": (31, ((7, 2), (3, 2), (3, 1))),
    "a stride too long": (13, ((2, 3), (2, 1))),
}
MOST_LAYERS = 5


class ReceptiveFieldGrower(Panel):
    """Layers are added and removed, and the pixels that one cell of the last map depends on are marked.

    `stack` is a name of `STACKS`.

    >>> ReceptiveFieldGrower("three 3 x 3").sentence.split(". ")[0]
    'One cell of the last map depends on 7 × 7 pixels: walking back 1, 3, 5, 7'
    """

    def __init__(self, stack="three 3 x 3"):
        validate.choice(stack, "stack", STACKS)
        names = {
            "three 3 x 3": _("three of 3 × 3"), "one 7 x 7": _("one of 7 × 7"), "two 3 x 3": _("two of 3 × 3"),
            "stride 2 between": _("3 × 3, the second with stride 2"), "LeNet": _("LeNet's layers, unpadded"),
            "ResNet's beginning": _("ResNet's beginning"), "a stride too long": _("a stride longer than its window"),
        }  # fmt: skip
        self.stack = preset_dropdown(STACKS, stack, names)
        self.side = slider(_("picture"), 9, 1, 40, width=THIRD)
        self.add = button(_("Add a layer"), lambda: self._resize(1))
        self.remove = button(_("Remove the last"), lambda: self._resize(-1))
        texts = [_("layer {k}: size").format(k=k) for k in range(1, MOST_LAYERS + 1)]
        self.sizes = [dropdown(text, [1, 2, 3, 5, 7, 11], 3, width="auto") for text in texts]
        self.strides = [dropdown(_("stride"), [1, 2, 3, 4], 1, width="auto") for _k in range(MOST_LAYERS)]
        self.rows = [widgets.HBox([size, stride]) for size, stride in zip(self.sizes, self.strides, strict=True)]
        self.maps = [PixelGrid([[0]], colours="signed", size=280 if k == 0 else 150) for k in range(MOST_LAYERS + 1)]
        super().__init__([self.stack, self.side, self.add, self.remove, *self.rows], [self.maps])
        self.follow(self.stack, lambda change: change.new == OWN or self._load(change.new))
        for control in (self.side, *self.sizes, *self.strides):
            self.follow(control, self._rename)
        for k, grid in enumerate(self.maps):
            self.follow(grid, lambda change, k=k: self._point(k, change.new))
        self._load(stack)

    def layers(self):
        """[(size, stride), ...] of the layers."""
        pairs = zip(self.sizes, self.strides, strict=True)
        return [(size.value, stride.value) for size, stride in pairs][: self._count]

    def _load(self, name):
        with self.quiet():
            self.side.value, layers = STACKS[name]
            self._count, self._cell, self._pixel = len(layers), None, None
            for k, (size, stride) in enumerate(layers):
                self.sizes[k].value, self.strides[k].value = size, stride
        self.refresh()

    def _resize(self, step):
        self._count = min(MOST_LAYERS, max(1, self._count + step))
        self._rename()

    def _rename(self, _change=None):
        """After a change the dropdown has the name of this stack, and nothing is pointed at."""
        with self.quiet():
            self.stack.value = preset_of(STACKS, (self.side.value, tuple(self.layers())))
        self._cell = self._pixel = None
        self.refresh()

    def _point(self, k, cell):
        """Follow back a cell of the last map; of an earlier map, write the cell's number of paths."""
        if k == self._shown - 1:
            self._cell, self._pixel = cell, None
        else:
            self._pixel = (k, *cell)
        self.refresh()

    def refresh(self, _change=None):
        """Show every map that there is, each with the cells that the chosen cell depends on."""
        layers, side = self.layers(), self.side.value
        sides = [side]
        for f, stride in layers:
            if f > sides[-1]:
                break
            sides.append(geometry.keras_output_size(sides[-1], f, stride))
        fitting = layers[: len(sides) - 1]
        self._shown = len(sides)
        with self.quiet():
            for k, row in enumerate(self.rows):
                row.layout.display = None if k < self._count else "none"
            self.add.disabled, self.remove.disabled = self._count == MOST_LAYERS, self._count == 1
            grids = figures.receptive_field_grids(fitting, side, self._cell) if fitting else []
            for k, grid in enumerate(self.maps):
                grid.layout.display = None if k < max(1, len(grids)) else "none"
                if k < len(grids):
                    self._show(k, grids[k])
            if not grids:
                self.maps[0].window = None
                self.maps[0].values = np.zeros((side, side), dtype=int)
                self.maps[0].label = _("the picture, {side} × {side}").format(side=side)
        self.say(self._sentence(layers, fitting, sides))

    def _show(self, k, picture):
        grid = self.maps[k]
        if picture.values.shape != grid.values.shape:
            grid.window = None
        grid.values, grid.label, grid.window = picture.values, picture.title, picture.window
        if self._pixel is None or self._pixel[0] != k:
            # The cursor begins in the middle of the window, where the number is largest.
            row, column, height, width = picture.window
            grid.select(row + height // 2, column + width // 2)

    def _sentence(self, layers, fitting, sides):
        field = geometry.receptive_field(layers)
        back = [last - first + 1 for first, last in geometry.input_windows(layers)]
        counts = geometry.path_counts(layers)
        values = {
            "field": size_text(field, field), "back": ", ".join(map(str, back)), "middle": int(counts.max()) ** 2,
            "corner": int(counts[0]) ** 2, "weights": sum(f * f for f, _stride in layers), "one": field**2,
        }  # fmt: skip
        parts = [_("One cell of the last map depends on {field} pixels: walking back {back}.")]
        if len(fitting) < len(layers):
            values.update(k=len(sides), f=layers[len(sides) - 1][0], side=sides[-1])
            parts.append(_("But the map before layer {k} has {side} rows only, too few for its window of {f}."))
        elif (counts == 0).any():
            values["skipped"] = field**2 - int(np.count_nonzero(counts)) ** 2
            parts.append(_("A stride is longer than its window: {skipped} of these pixels are skipped."))
        else:
            parts.append(_("The most-used pixel counts by {middle} paths, the corner by {corner}."))
        if len(layers) == 1:
            parts.append(_("With depth D in and out the layer has {weights} D² weights."))
        else:
            parts.append(
                _("With depth D throughout: {weights} D² weights, against {one} D² for one window of {field}.")
            )
        if self._pixel is not None and self._pixel[0] < len(sides):
            k, row, column = self._pixel
            values.update(row=row, column=column, count=int(self.maps[k].values[row, column]))
            where = _("Pixel") if k == 0 else _("Cell")
            parts.append(where + _(" row {row}, column {column}: {count} paths."))
        return " ".join(parts).format(**values)

    def still(self):
        """The maps that are there."""
        grids = [grid.picture() for grid in self.maps if grid.layout.display != "none"]
        return side_by_side(grids, width=10, height=max(2.6, 10 / max(3, len(grids))))
