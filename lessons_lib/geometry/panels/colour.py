"""`ColourLayer`: three partial sums and a bias make one cell."""

from functools import cache

import numpy as np

from lessons_lib import data, geometry
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import in_brackets, size_text
from lessons_lib.geometry.panels.presets import THIRD, edge_kernel
from lessons_lib.plots.grid import draw
from lessons_lib.plots.style import new_figure
from lessons_lib.widgets.controls import dropdown, slider
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import PixelGrid


class ColourLayer(Panel):
    """Two kernels over a small colour picture: each output cell is three partial sums and a bias.

    `kernel` is 0 or 1, whose map is shown; `bias`, in -20..20, is that of this kernel.

    >>> panel = ColourLayer(bias=2)
    >>> panel.output.select(0, 0)
    >>> panel.sentence.split(": ")[0]
    'Map 0, row 0, column 0'
    """

    def __init__(self, kernel=0, bias=0):
        validate.choice(kernel, "kernel", [0, 1])
        validate.whole(bias, "bias", -20, 20)
        choices = [(_("0, red but not blue"), 0), (_("1, light above dark"), 1)]
        self.which = dropdown(_("kernel"), choices, kernel)
        self.bias = slider(_("bias"), int(bias), -20, 20, width=THIRD)
        self._picture, self._kernels = _astronaut().copy(), _two_kernels()
        self._biases = [0, 0]
        self._biases[kernel] = int(bias)
        names = [_("red"), _("green"), _("blue")]
        digits = {"edit": (0, 9), "whole": True, "low": 0, "high": 9}
        self.channels = [
            PixelGrid(self._picture[:, :, i], _("picture, {name}").format(name=name), size=200, **digits)
            for i, name in enumerate(names)
        ]
        self.slices = [
            PixelGrid([[0]], _("kernel, {name}").format(name=name), edit=(-9, 9), whole=True, colours="signed",
                      high=2, size=140, hover=False)
            for name in names
        ]  # fmt: skip
        self.output = PixelGrid([[0]], colours="signed", size=200)
        super().__init__([self.which, self.bias], [self.channels, [*self.slices, self.output]])
        self.add_class("lesson-two-rows")
        self._cell = (4, 0)
        for i, grid in enumerate(self.channels):
            # The cursor begins in the middle of the window.
            grid.select(self._cell[0] + 1, self._cell[1] + 1)
            self.follow(grid, self._point_at_channel)
            grid.on_edit(lambda row, column, value, i=i: self._edit(self._picture, (row, column, i), value))
        for i, grid in enumerate(self.slices):
            grid.on_edit(
                lambda row, column, value, i=i: self._edit(self._kernels, (row, column, i, self.which.value), value)
            )
        self.follow(self.output, self._point_at_output)
        self.follow(self.which, self._other_kernel)
        self.follow(self.bias, self._other_bias)
        self.refresh()

    def _point_at_channel(self, change):
        last = len(self._picture) - 3
        self._cell = tuple(min(last, max(0, i - 1)) for i in change.new)
        self.refresh()

    def _point_at_output(self, change):
        self._cell = change.new
        self.refresh()

    def _edit(self, array, place, value):
        array[place] = value
        self.refresh()

    def _other_kernel(self, change):
        with self.quiet():
            self.bias.value = self._biases[change.new]
        self.refresh()

    def _other_bias(self, change):
        self._biases[self.which.value] = change.new
        self.refresh()

    def refresh(self, _change=None):
        """Show the chosen kernel's map, the window in all three channels, and the sums."""
        k, (row, column) = self.which.value, self._cell
        maps = geometry.conv2d(self._picture[None], self._kernels, self._biases)[0]
        with self.quiet():
            for i, (channel, part) in enumerate(zip(self.channels, self.slices, strict=True)):
                channel.values = self._picture[:, :, i]
                channel.window = (row, column, 3, 3)
                part.values = self._kernels[:, :, i, k]
            self.output.values = np.rint(maps[:, :, k]).astype(int)
            self.output.label = _("map {k} of 2, {size}").format(k=k, size=size_text(*maps.shape[:2]))
            self.output.window = (row, column, 1, 1)
            self.output.select(row, column)
        sums = (self._picture[row : row + 3, column : column + 3] * self._kernels[:, :, :, k]).sum(axis=(0, 1))
        text = _(
            "Map {k}, row {row}, column {column}: red {red} + green {green} + blue {blue} + bias {bias} = {total}. "
            "The kernel has {weights} weights, and the layer of 2 kernels makes 2 maps."
        )
        red, green, blue = (in_brackets(int(value)) for value in sums)
        bias, total = in_brackets(self._biases[k]), int(sums.sum()) + self._biases[k]
        channels = {"red": red, "green": green, "blue": blue, "bias": bias, "total": total}
        self.say(text.format(k=k, row=row, column=column, weights=self._kernels[..., 0].size, **channels))

    def still(self):
        """The channels over their slices of the kernel, and the map."""
        figure, axs = new_figure(10, 5.6, rows=2, columns=4)
        for ax, grid in zip(axs.flat, [*self.channels, self.output, *self.slices], strict=False):
            draw(ax, grid.picture())
        axs[1, 3].set_axis_off()
        return figure


@cache
def _astronaut():
    return np.rint(geometry.shrink(data.load("astronaut"), 7) * 9 / 255).astype(int)


def _two_kernels():
    """One for orange, which is red without blue, and one for an edge in all channels."""
    kernels = np.zeros((3, 3, 3, 2), dtype=int)
    kernels[:, :, :, 0] = [1, 0, -1]
    kernels[:, :, :, 1] = edge_kernel(3)[:, :, None]
    return kernels
