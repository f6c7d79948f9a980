"""What the lesson's panels share: a slider, a dropdown of known cases, the numbers they begin with."""

from functools import cache

import ipywidgets as widgets
import numpy as np

from lessons_lib import data, geometry
from lessons_lib.core.i18n import _

WIDE = {"description_width": "initial"}
OWN = "own"


@cache
def photographer(side):
    """The photo `camera` with `side` rows, in ten grey levels."""
    return np.rint(geometry.shrink(data.load("camera"), side) * 9 / 255).astype(int)


def edge_kernel(side):
    """The upper half of the window minus its lower half, for edges from light above to dark below."""
    column = np.sign(side - 1 - 2 * np.arange(side)) if side > 1 else np.ones(1, dtype=int)
    return np.repeat(column[:, None], side, axis=1)


def slider(value, low, high, description):
    """A slider over whole numbers, low and high allowed."""
    # Three of them share a row on a laptop.
    return widgets.IntSlider(value, low, high, description=description, style=WIDE, layout={"width": "245px"})


def preset_dropdown(table, value, names):
    """A dropdown of the presets by their names, and one entry for what is none of them."""
    options = [(names.get(key, key), key) for key in table] + [(_("own choice"), OWN)]
    return widgets.Dropdown(options=options, value=value, description=_("case"), style=WIDE)


class Presets:
    """Keeps a dropdown of presets in step with the controls that they set; each change refreshes the panel once."""

    def __init__(self, panel, dropdown, controls, table):
        self.panel, self.dropdown, self.controls, self.table = panel, dropdown, controls, table
        self.busy = False
        dropdown.observe(self._chosen, names="value")
        for control in controls:
            control.observe(self._moved, names="value")

    def _chosen(self, change):
        if self.busy or change.new == OWN:
            return
        self.busy = True
        for control, value in zip(self.controls, self.table[change.new], strict=True):
            control.value = value
        self.busy = False
        self.panel.refresh()

    def _moved(self, _change):
        if self.busy:
            return
        self.busy = True
        now = tuple(control.value for control in self.controls)
        self.dropdown.value = next((name for name, values in self.table.items() if values == now), OWN)
        self.busy = False
        self.panel.refresh()
