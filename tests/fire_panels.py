"""Every panel, found by itself and made with something small to show, for the tests under fire."""

import importlib
import inspect
import pkgutil

import numpy as np

import lessons_lib
from lessons_lib.widgets.game import Game
from lessons_lib.widgets.panel import Panel


def kinds():
    """Every panel of every lesson."""
    for found in pkgutil.walk_packages(lessons_lib.__path__, "lessons_lib."):
        if not {"panels", "widgets"} & set(found.name.split(".")):
            continue
        module = importlib.import_module(found.name)
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Panel) and kind not in (Panel, Game) and kind.__module__ == module.__name__:
                yield name, kind


KINDS = dict(kinds())


def _photos(count=3, side=64):
    generator = np.random.default_rng(5)
    return {f"photo {chr(97 + k)}": generator.integers(0, 256, (side, side, 3), np.uint8) for k in range(count)}


def _live(kind):
    panel = kind(look=lambda: np.eye(3), seconds=0)
    panel.heard = {"epochs": 1, "steps": 1, "accuracy": [], "held": [], "ended": False}
    return panel


def _mistakes(kind):
    generator = np.random.default_rng(1)
    pictures = generator.integers(0, 256, (40, 28, 28))
    labels = generator.integers(0, 9, 40)
    answers = generator.dirichlet(np.full(10, 0.3), 40)
    panel = kind(pictures, labels, answers)
    panel.given = pictures, labels, answers
    return panel


def _layer_viewer(kind):
    generator, photos = np.random.default_rng(2), _photos()
    paths = {"early": [(3, 2)], "later": [(3, 2), (3, 1), (5, 2)], "last": [(3, 2), (3, 1), (5, 2), (7, 4)]}
    sides = {"early": 32, "later": 16, "last": 4}
    maps = {name: generator.normal(size=(3, side, side, 4 + k)) for k, (name, side) in enumerate(sides.items())}
    panel = kind(photos, maps, paths)
    panel.given = photos, maps, paths
    return panel


def _where_it_looked(kind):
    generator, photos = np.random.default_rng(3), _photos()
    names = ["cup, mug", "bowl", "spoon", "fork", "knife", "plate", "pan"]
    given = photos, generator.normal(size=(3, 4, 5, 6)), generator.normal(size=(6, 7)), generator.normal(size=7), names
    panel = kind(*given)
    panel.given = given
    return panel


def _cut_point(kind):
    generator, tasks = np.random.default_rng(4), {}
    for task, classes in {"shapes": ["a disc", "a square"], "colours": ["red", "green", "blue"]}.items():
        labels = np.repeat(np.arange(len(classes)), 24 // len(classes))
        parts = [
            {cut: generator.normal(labels[:, None] / 2, size=(24, 9))[:, :n] for cut, n in (("stem", 3), ("head", 8))}
            for _part in range(2)
        ]
        tasks[task] = parts[0], labels, parts[1], labels, classes
    panel = kind(tasks, [1, 3, 10])
    panel.given = tasks, [1, 3, 10]
    return panel


def _branched():
    """Two networks with branches: one of each kind of layer, and one with more rows than are shown."""
    from lessons_lib.architectures.layer_table import Layer

    every = [
        Layer("conv", 8, 3, 2, 1, 4, bias=False), Layer("norm"), Layer("conv", 8, 1, 2, reads=(0,)),
        Layer("sum", reads=(2, 3)), Layer("pool", 1, 3, 1, 1), Layer("concat", reads=(4, 5, 1)),
        Layer("zeros", 24, stride=2), Layer("mean"), Layer("fc", 10),
    ]  # fmt: skip
    long = [Layer("conv", 4, 3, padding=1)]
    for _block in range(13):
        start = len(long)
        long += [Layer("conv", 4, 3, padding=1), Layer("norm"), Layer("sum", reads=(start + 2, start))]
    return {"every kind": ((12, 10, 4), every), "long": ((9, 9, 2), long)}


def _layer_table(kind):
    from lessons_lib.architectures import layer_table

    more = _branched()
    panel, known = kind("every kind", 4, more), layer_table.networks() | more
    # The network that "before" means: the last one chosen by its name.
    chosen = [panel.network.value]
    panel.network.observe(lambda change: change.new in known and chosen.append(change.new), "value")
    panel.began = lambda: known[chosen[-1]]
    return panel


MAKE = {
    "Live": _live, "Mistakes": _mistakes, "LayerViewer": _layer_viewer, "WhereItLooked": _where_it_looked,
    "CutPoint": _cut_point, "LayerTable": _layer_table,
}  # fmt: skip


def make(name):
    """A panel by its name, with what its oracle has to know."""
    return MAKE.get(name, lambda kind: kind())(KINDS[name])


def questions():
    """A question of each kind, one that is committed, and one that was refused."""
    from lessons_lib.core.question import Cells, Number, Question
    from lessons_lib.widgets.predict.ask import Ask

    choices = {"left": "to the left", "right": "to the right"}
    kinds = {
        "choice": choices,
        "number": Number(),
        "cell": Cells(lambda: np.arange(24).reshape(4, 6)),
        "final": choices,
    }
    asks = {
        f"{name} question": Ask(Question(name, "Where does `w[1, 2]` put it?", kind, lambda: None, {}), f"fire/{name}")
        for name, kind in kinds.items()
    }
    asks["final question"].answer("left")
    asks["number question"].answer("many")
    for ask in asks.values():
        ask.add_class("lesson-panel")
    return asks


QUESTIONS = list(questions())
