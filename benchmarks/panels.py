"""What a change costs on the kernel's side, for every control and every grid of every panel.

Each control is set to values over its whole range and each grid is pointed at in
many cells, from Python, with nothing listening; the time is that of everything the panel recomputes and sends.
Beside it stands what `interact` would compute for the same change: the panel's still picture, drawn and stored as PNG.
A panel that stands on a lesson's own cells, such as a trained network's mistakes, is made by these cells.
"""

import ast
import contextlib
import importlib
import inspect
import io
import itertools
import pkgutil
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import ipywidgets as widgets
import numpy as np
from IPython.core.pylabtools import print_figure

import lessons_lib
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import PixelGrid

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import formatting  # noqa: E402 (found only now)
import present  # noqa: E402

LIMITS = {"grid": 10, "photo": 30, "chart": 30, "network": 60}
# A whole network answers in these.
NETWORKS = {"DrawDigit", "CoverDigit"}
# The display of a training: there is nothing to move in it.
ONLY_SHOWS = {"Live"}
LARGEST_GRID = 64 * 64
CHANGES = 25
STILLS = 6


def calls():
    """Every panel: its lesson, its name, the cells it stands on, and the expression that makes it."""
    for found in pkgutil.walk_packages(lessons_lib.__path__, "lessons_lib."):
        if "panels" not in found.name.split("."):
            continue
        module, lesson = importlib.import_module(found.name), found.name.split(".")[1]
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if not issubclass(kind, Panel) or kind is Panel or kind.__module__ != module.__name__ or name in ONLY_SHOWS:
                continue
            parameters = inspect.signature(kind).parameters.values()
            if all(one.default is not one.empty or one.kind is one.VAR_KEYWORD for one in parameters):
                yield lesson, name, [f"from lessons_lib.{lesson} import panels"], f"panels.{name}()"
            else:
                yield from _in_lesson(lesson, name)


def _in_lesson(lesson, name):
    """The same for a panel that is made of what a lesson computed, where a lesson shows one."""
    for path in (ROOT / "notebooks" / "en").glob(f"*-{lesson}.ipynb"):
        code = [cell for cell in formatting.read(path).cells if cell.cell_type == "code"]
        for place, cell in enumerate(code):
            if f"panels.{name}(" in cell.source and present.shows_panel(cell):
                *before, last = ast.parse(cell.source).body
                cells = [one.source for one in code[:place]]
                yield lesson, name, [*cells, *map(ast.unparse, before)], ast.unparse(last)
                return


def panels():
    """Every panel, made, by lesson and name."""
    for lesson, name, cells, call in calls():
        names = {}
        with contextlib.redirect_stdout(io.StringIO()):
            for cell in cells:
                exec(cell, names)
            panel = eval(call, names)
        yield lesson, name, panel


def kind_of(name, panel):
    """ "photo" when a picture is larger than 64 x 64, "chart" when there is a curve, "network" when one answers."""
    if name in NETWORKS:
        return "network"
    if any(parts(panel, widgets.Image)):
        return "chart"
    sizes = [grid.values.shape[0] * grid.values.shape[1] for grid in parts(panel, PixelGrid)]
    return "photo" if max(sizes, default=0) > LARGEST_GRID else "grid"


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


def time_of_still(panel):
    """Milliseconds, in the middle, of drawing the panel's still picture as a notebook draws a figure of `interact`."""
    counted = []
    for _ in range(STILLS):
        start = perf_counter()
        print_figure(panel.still())
        counted.append(1000 * (perf_counter() - start))
    return median(counted[1:])


def measure():
    """One dict for each panel: milliseconds of all changes and of the slowest `control`, and `usual`, of its still."""
    rows = []
    for lesson, name, panel in panels():
        kind, times = kind_of(name, panel), times_of(panel)
        by_control = {}
        for milliseconds, control in times:
            by_control.setdefault(control, []).append(milliseconds)
        if times:
            slowest = max(by_control, key=lambda control: median(by_control[control]))
            rows.append({
                "lesson": lesson, "panel": name, "kind": kind, "changes": len(times),
                "median": median(milliseconds for milliseconds, _control in times),
                "slowest": median(by_control[slowest]), "control": slowest,
                "limit": LIMITS[kind], "usual": time_of_still(panel),
            })  # fmt: skip
    return rows
