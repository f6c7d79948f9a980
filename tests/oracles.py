"""What a panel's sentence must say, recomputed by other means: one function for each panel, in its lesson's oracle.py.

`check(panel)` finds the function by the panel's name. It reads the controls and the grids, computes with SciPy,
scikit-image or plain loops, and compares every number of the sentence; `reading.Said` notices numbers that were not.
"""

import importlib
from inspect import isfunction
from pathlib import Path

from reading import Said


def check(panel):
    """Check everything that a panel says now."""
    with panel.turn:
        said = Said(panel.sentence)
        found()[type(panel).__name__](panel, said)
    said.nothing_left()


def found():
    """The oracles, by the name of the panel that each is for."""
    table = {}
    for path in Path(__file__).parent.glob("*/oracle.py"):
        module = importlib.import_module(f"{path.parent.name}.oracle")
        table |= {name: make for name, make in vars(module).items() if name[0].isupper() and isfunction(make)}
    return table
