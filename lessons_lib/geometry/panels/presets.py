"""What the lesson's panels share: a dropdown of known cases that follows the controls, and what they begin with."""

from functools import cache

import numpy as np

from lessons_lib import data, geometry
from lessons_lib.core.i18n import _
from lessons_lib.widgets.controls import dropdown

OWN = "own"
THIRD = "245px"  # a slider of which three share a row on a laptop


@cache
def photographer(side):
    """The photo `camera` with `side` rows, in ten grey levels."""
    return np.rint(geometry.shrink(data.load("camera"), side) * 9 / 255).astype(int)


def edge_kernel(side):
    """The upper half of the window minus its lower half, for edges from light above to dark below."""
    column = np.sign(side - 1 - 2 * np.arange(side)) if side > 1 else np.ones(1, dtype=int)
    return np.repeat(column[:, None], side, axis=1)


def preset_dropdown(table, value, names):
    """A dropdown of the presets by their names, and one entry for what is none of them."""
    return dropdown(_("case"), [(names[key], key) for key in table] + [(_("own choice"), OWN)], value)


def preset_of(table, values):
    """The name of the preset with these values, or `OWN`."""
    return next((name for name, known in table.items() if known == values), OWN)


def follow_presets(panel, presets, controls, table):
    """Keep a dropdown of presets in step with the controls that it sets; each change refreshes the panel once."""

    def choose(change):
        if change.new != OWN:
            with panel.quiet():
                for control, value in zip(controls, table[change.new], strict=True):
                    control.value = value
            panel.refresh()

    def rename(_change):
        with panel.quiet():
            presets.value = preset_of(table, tuple(control.value for control in controls))
        panel.refresh()

    panel.follow(presets, choose)
    for control in controls:
        panel.follow(control, rename)
