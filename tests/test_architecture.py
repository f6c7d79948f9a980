"""Who may import what: the table of the house, module by module, and the order of the lessons."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import notebooks

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "lessons_lib"
GROUND = {"expect", "i18n"}
# Layer: packages from outside, layers of our own; the standard library is free to all but the package itself.
MAY_IMPORT = {
    "package": (set(), set()),
    "i18n": (set(), set()),
    "expect": ({"numpy"}, set()),
    "data": ({"numpy", "skimage", "PIL"}, GROUND),
    "numbers": ({"numpy"}, {"numbers", "data"} | GROUND),
    "networks": ({"numpy", "tensorflow", "keras"}, {"networks", "numbers", "data"} | GROUND),
    "figures": ({"numpy", "matplotlib", "PIL"}, {"figures", "numbers", "data"} | GROUND),
    "explorers": (
        {"numpy", "ipywidgets", "anywidget", "traitlets"},
        {"explorers", "figures", "numbers", "data"} | GROUND,
    ),
    "checks": ({"numpy"}, {"checks", "numbers", "data"} | GROUND),
    "notebook": ({"numpy", "IPython"}, {"figures"} | GROUND),
}
SINGLE = {"i18n", "expect", "data", "notebook"}
FOLDERS = {"networks", "figures", "explorers", "checks"}
# The order of the lessons stands in the names of the notebooks and nowhere else.
ORDER = [path.stem[3:] for path in notebooks.lessons("en")]
MODULES = sorted(PACKAGE.rglob("*.py"))


def layer(name):
    """The layer of a dotted name such as lessons_lib.figures.filtering."""
    parts = name.split(".")[1:]
    if not parts:
        return "package"
    return parts[0] if parts[0] in SINGLE | FOLDERS else "numbers"


def lesson_of(name, order):
    """The lesson a module belongs to, or None for what all lessons share."""
    last = name.split(".")[-1]
    return last if last in order else None


def imported(source):
    """Dotted names of everything a source imports, wherever it does so."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def forbidden(name, source, order):
    """What is wrong with the imports of one module, as sentences."""
    outside, own = MAY_IMPORT[layer(name)]
    for target in imported(source):
        top = target.split(".")[0]
        if target.startswith("."):
            yield f"{name} imports {target} by dots; write the name in full"
        elif "pyplot" in target.split(".") or top == "pylab":
            yield f"{name} imports {target}; pyplot keeps figures of its own"
        elif top == "lessons_lib":
            yield from _within(name, target, own, order)
        elif layer(name) == "package" or (top not in sys.stdlib_module_names and top not in outside):
            yield f"{name} imports {target}; the layer {layer(name)} may import {sorted(outside)}"


def _within(name, target, own, order):
    target = _module(target)
    if layer(target) not in own:
        yield f"{name} imports {target}; the layer {layer(name)} may import {sorted(own)}"
        return
    ours, theirs = lesson_of(name, order), lesson_of(target, order)
    if ours is None or theirs is None or ours == theirs:
        return
    if layer(target) != "numbers":
        yield f"{name} imports {target}; of another lesson only its numbers may be used"
    elif order.index(theirs) > order.index(ours):
        yield f"{name} imports {target}, which is a later lesson"


def _module(target):
    """`target` without the name of a function or a constant at its end."""
    parts = target.split(".")
    for length in range(len(parts), 1, -1):
        path = ROOT.joinpath(*parts[:length])
        if path.is_dir() or path.with_suffix(".py").is_file():
            return ".".join(parts[:length])
    return parts[0]


def dotted(path):
    """The dotted name of a file of the package."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def test_there_are_modules():
    assert {layer(dotted(path)) for path in MODULES} >= set(MAY_IMPORT) - {"networks"}


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_module_imports_only_what_its_layer_may(path):
    assert not list(forbidden(dotted(path), path.read_text(encoding="utf-8"), ORDER))


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("lessons_lib", "import sys"),
        ("lessons_lib.i18n", "import numpy"),
        ("lessons_lib.images", "import matplotlib"),
        ("lessons_lib.images", "from scipy import ndimage"),
        ("lessons_lib.images", "from skimage import data"),
        ("lessons_lib.images", "def f():\n    import keras"),
        ("lessons_lib.images", "from lessons_lib.figures import style"),
        ("lessons_lib.images", "from lessons_lib import checks"),
        ("lessons_lib.images", "from . import expect"),
        ("lessons_lib.images", "from lessons_lib.filtering import correlate"),
        ("lessons_lib.figures.images", "import matplotlib.pyplot as plt"),
        ("lessons_lib.figures.images", "from matplotlib import pyplot"),
        ("lessons_lib.figures.images", "import ipywidgets"),
        ("lessons_lib.figures.images", "from lessons_lib.explorers.panel import Panel"),
        ("lessons_lib.figures.filtering", "from lessons_lib.figures.images import anything"),
        ("lessons_lib.explorers.images", "import tensorflow as tf"),
        ("lessons_lib.explorers.images", "from lessons_lib import networks"),
        ("lessons_lib.explorers.images", "from IPython.display import display"),
        ("lessons_lib.explorers.images", "import matplotlib"),
        ("lessons_lib.checks.images", "from lessons_lib.explorers import panel"),
        ("lessons_lib.networks.lenet", "import matplotlib"),
        ("lessons_lib.notebook", "from lessons_lib import explorers"),
    ],
)
def test_a_forbidden_import_is_noticed(name, source):
    assert list(forbidden(name, source, ["images", "filtering"])), f"{name} may do: {source}"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("lessons_lib.filtering", "import numpy as np\nfrom lessons_lib import expect, images"),
        ("lessons_lib.figures.filtering", "from lessons_lib.figures.style import BLUE\nfrom lessons_lib import images"),
        ("lessons_lib.explorers.filtering", "from lessons_lib import figures, filtering\nimport ipywidgets"),
        ("lessons_lib.checks.filtering", "from lessons_lib.checks.verdict import judge\nimport math"),
        ("lessons_lib.networks.lenet", "import keras"),
        ("lessons_lib.data", "from skimage import data"),
    ],
)
def test_an_allowed_import_is_let_through(name, source):
    assert not list(forbidden(name, source, ["images", "filtering"]))


def test_importing_the_package_imports_nothing_else():
    code = "import sys; before = set(sys.modules); import lessons_lib; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "['lessons_lib']"


def test_lessons_1_to_5_run_without_tensorflow():
    code = (
        "import sys; sys.modules.update(tensorflow=None, keras=None)\n"
        "from lessons_lib import checks, data, explorers, figures, notebook"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
