"""What a panel's sentence must say, recomputed by other means: one function for each explorer.

`of(panel)` finds the function by the panel's name. It reads the controls and the grids, computes with SciPy,
scikit-image or plain loops, and compares every number of the sentence; `reading.Said` notices numbers nobody checked.
"""

import importlib
from inspect import isfunction

LESSONS = ["images", "filtering", "matching", "geometry", "pooling", "training", "lenet", "architectures", "transfer"]


def of(panel):
    """Check everything that a panel says now."""
    from oracles.reading import Said

    with panel.turn:
        said = Said(panel.sentence)
        found()[type(panel).__name__](panel, said)
    said.nothing_left()


def found():
    """The oracles, by the name of the explorer that each is for."""
    table = {}
    for lesson in LESSONS:
        module = importlib.import_module(f"oracles.{lesson}")
        table |= {name: make for name, make in vars(module).items() if name[0].isupper() and isfunction(make)}
    return table
