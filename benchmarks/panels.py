"""What a change costs on the kernel's side, for every control and every grid of every explorer.

Run `python benchmarks/panels.py`. Each control is set to values over its whole range and each grid is pointed at in
many cells, from Python, with nothing listening; the time is that of everything the panel recomputes and sends.
"""

import importlib
import inspect
import itertools
import pkgutil
from statistics import median
from time import perf_counter

import ipywidgets as widgets
import numpy as np

from lessons_lib import explorers
from lessons_lib.explorers.grid import PixelGrid
from lessons_lib.explorers.panel import Panel

LIMITS = {"grid": 10, "photo": 30, "chart": 30, "network": 60}
# A whole network answers in these.
NETWORKS = {"DrawDigit", "CoverDigit"}
LARGEST_GRID = 64 * 64
CHANGES = 25


def panels():
    """Every explorer that can be made without arguments, by lesson and name."""
    for found in pkgutil.walk_packages(explorers.__path__, "lessons_lib.explorers."):
        module = importlib.import_module(found.name)
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Panel) and kind.__module__ == module.__name__ and not name.startswith("_"):
                required = [
                    parameter
                    for parameter in list(inspect.signature(kind).parameters.values())
                    if parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
                ]
                if kind is not Panel and not required:
                    yield found.name.split(".")[2], name, kind()


def kind_of(name, panel):
    """ "photo" when a picture is larger than 64 x 64, "chart" when there is a curve, "network" when one answers."""
    if name in NETWORKS:
        return "network"
    if any(parts(panel, widgets.Image)):
        return "chart"
    sizes = [grid.values.shape[0] * grid.values.shape[1] for grid in parts(panel, PixelGrid)]
    return "photo" if max(sizes, default=0) > LARGEST_GRID else "grid"


def answers(panel):
    """Whether there is anything to move in it."""
    moved = [control for control in parts(panel, widgets.ValueWidget) if settings(control) and not control.disabled]
    return bool(moved) or any(parts(panel, PixelGrid))


def parts(widget, kinds):
    """All widgets of these kinds inside a panel."""
    if isinstance(widget, kinds):
        yield widget
    for child in getattr(widget, "children", ()):
        yield from parts(child, kinds)


def settings(control):
    """Values over the whole range of a control."""
    if isinstance(control, (widgets.IntSlider, widgets.FloatSlider)):
        values = np.linspace(control.min, control.max, 5)
        return [type(control.value)(value) for value in values]
    if isinstance(control, widgets.Checkbox):
        return [not control.value, control.value]
    if isinstance(control, (widgets.Dropdown, widgets.ToggleButtons, widgets.SelectionSlider)):
        return [value for _label, value in control._options_full]
    return []


def times_of(panel):
    """Milliseconds of each change, after one round that is not counted."""
    counted = []
    for control in parts(panel, widgets.ValueWidget):
        values = settings(control)
        if len(values) > 1 and not control.disabled:
            for value in values:
                control.value = value
            for value in itertools.islice(itertools.cycle(values), CHANGES):
                start = perf_counter()
                control.value = value
                counted.append((1000 * (perf_counter() - start), control.description or type(control).__name__))
    for grid in parts(panel, PixelGrid):
        generator = np.random.default_rng(0)
        for _ in range(CHANGES):
            rows, columns = grid.values.shape[:2]
            row, column = int(generator.integers(rows)), int(generator.integers(columns))
            start = perf_counter()
            grid._receive(grid, {"selected": [row, column]}, [])
            counted.append((1000 * (perf_counter() - start), grid.label))
    return counted


def measure():
    """One row for each explorer.

    Returns
    -------
    list of dict
        `lesson`, `explorer`, `kind` as in `kind_of`, `changes`, `median` and `slowest` in milliseconds (the slowest is
        the median of the slowest control), `control` (which one), `limit`.
    """
    rows = []
    for lesson, name, panel in panels():
        kind, times = kind_of(name, panel), times_of(panel)
        by_control = {}
        for milliseconds, control in times:
            by_control.setdefault(control, []).append(milliseconds)
        if times:
            slowest = max(by_control, key=lambda control: median(by_control[control]))
            rows.append({
                "lesson": lesson, "explorer": name, "kind": kind, "changes": len(times),
                "median": median(milliseconds for milliseconds, _control in times),
                "slowest": median(by_control[slowest]), "control": slowest, "limit": LIMITS[kind],
            })  # fmt: skip
    return rows


if __name__ == "__main__":
    for row in measure():
        print(
            f"{row['lesson']:12} {row['explorer']:22} {row['kind']:6} {row['changes']:4} changes, "
            f"median {row['median']:6.2f} ms, slowest {row['slowest']:6.2f} ms ({row['control']}), limit {row['limit']}"
        )
