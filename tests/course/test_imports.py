"""Who may import what: the table of the house, by file name, and the order of the lessons."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import notebooks

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "lessons_lib"
# The order of the lessons stands in the names of the notebooks and nowhere else.
ORDER = [path.stem[3:] for path in notebooks.lessons("en") if path.parent.name != "further"]
SHARED = {"core", "plots", "widgets", "keras_models"}
# Kind of file: packages from outside, kinds of files of the same lesson, folders that all lessons share.
MAY_IMPORT = {
    "package": (set(), set(), {"core"}),
    "numbers": ({"numpy"}, {"numbers"}, {"core"}),
    "figures": ({"numpy", "matplotlib"}, {"numbers", "figures"}, {"core", "plots"}),
    "checks": ({"numpy"}, {"numbers"}, {"core"}),
    "questions": ({"numpy"}, {"numbers", "questions"}, {"core", "widgets"}),
    "panels": (
        {"numpy", "ipywidgets", "anywidget", "matplotlib"}, {"numbers", "figures", "checks", "panels"},
        {"core", "plots", "widgets"},
    ),
    "core": ({"numpy"}, set(), {"core"}),
    "core.data": ({"numpy", "PIL", "skimage"}, set(), {"core"}),
    "core.verdict": ({"numpy", "IPython"}, set(), {"core"}),
    "core.notebook": ({"numpy", "IPython"}, set(), {"core", "plots"}),
    "plots": ({"numpy", "matplotlib", "PIL"}, set(), {"core", "plots"}),
    "widgets": ({"numpy", "ipywidgets", "anywidget", "traitlets"}, set(), {"core", "plots", "widgets"}),
    "keras_models": ({"numpy", "keras", "tensorflow"}, {"numbers"}, {"core", "keras_models"}),
    "keras_models.training": (
        {"numpy", "keras", "tensorflow", "IPython"}, {"numbers"}, {"core", "keras_models", "widgets"},
    ),
}  # fmt: skip
MODULES = sorted(PACKAGE.rglob("*.py"))


def dotted(path):
    """The dotted name of a file of the package."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def lesson_of(name):
    """The lesson a module belongs to, or None for what all lessons share."""
    folder = name.split(".")[1:2]
    return folder[0] if folder and folder[0] not in SHARED else None


def kind(name):
    """The row of the table for a dotted name such as lessons_lib.filtering.figures."""
    parts = name.split(".")[1:]
    if not parts:
        return "package"
    if parts[0] in SHARED:
        return ".".join(parts) if ".".join(parts) in MAY_IMPORT else parts[0]
    own = parts[1] if len(parts) > 1 else "numbers"
    own = own.rsplit("_", 1)[-1]  # descent_figures
    return own if own in ("figures", "panels", "checks", "questions") else "numbers"


def imported(source):
    """Dotted names of everything a source imports, wherever it does so."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def forbidden(name, source, order):
    """What is wrong with the imports of one module, as sentences."""
    outside, _own, _shared = MAY_IMPORT[kind(name)]
    for target in imported(source):
        top = target.split(".")[0]
        if target.startswith("."):
            yield f"{name} imports {target} by dots; write the name in full"
        elif "pyplot" in target.split(".") or top == "pylab":
            yield f"{name} imports {target}; pyplot keeps figures of its own"
        elif top == "lessons_lib":
            yield from _within(name, _module(target), order)
        elif top not in sys.stdlib_module_names and top not in outside:
            yield f"{name} imports {target}; {kind(name)} may import {sorted(outside)}"


def _within(name, target, order):
    _outside, own, shared = MAY_IMPORT[kind(name)]
    ours, theirs = lesson_of(name), lesson_of(target)
    if target == "lessons_lib.core.data" or theirs is None:
        folder = target.split(".")[1:2]
        if not folder or folder[0] not in shared:
            yield f"{name} imports {target}; {kind(name)} may import {sorted(shared)}"
    elif kind(target) not in own:
        yield f"{name} imports {target}; {kind(name)} may import {sorted(own)} of a lesson"
    elif ours not in (None, theirs):
        if kind(target) not in ("numbers", "questions"):
            yield f"{name} imports {target}; of another lesson only its numbers may be used"
        elif order.index(theirs) > order.index(ours):
            yield f"{name} imports {target}, which is a later lesson"


def _module(target):
    """`target` without the name of a function or a constant at its end."""
    if target == "lessons_lib.data":
        return "lessons_lib.core.data"
    parts = target.split(".")
    for length in range(len(parts), 1, -1):
        path = ROOT.joinpath(*parts[:length])
        if path.is_dir() or path.with_suffix(".py").is_file():
            return ".".join(parts[:length])
    return parts[0]


def test_there_are_modules():
    assert {kind(dotted(path)) for path in MODULES} >= set(MAY_IMPORT) - {"questions"}


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_module_imports_only_what_its_kind_may(path):
    assert not list(forbidden(dotted(path), path.read_text(encoding="utf-8"), ORDER))


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("lessons_lib", "import numpy"),
        ("lessons_lib.core.i18n", "import skimage"),
        ("lessons_lib.core.validate", "from lessons_lib import images"),
        ("lessons_lib.images", "import matplotlib"),
        ("lessons_lib.images", "from scipy import ndimage"),
        ("lessons_lib.images", "def f():\n    import keras"),
        ("lessons_lib.images", "from lessons_lib.plots import style"),
        ("lessons_lib.images", "from lessons_lib.images import checks"),
        ("lessons_lib.images", "from . import checks"),
        ("lessons_lib.images", "from lessons_lib.filtering import correlate"),
        ("lessons_lib.images.figures", "import matplotlib.pyplot as plt"),
        ("lessons_lib.images.figures", "from matplotlib import pyplot"),
        ("lessons_lib.images.figures", "import ipywidgets"),
        ("lessons_lib.images.figures", "from lessons_lib.widgets.panel import Panel"),
        ("lessons_lib.filtering.figures", "from lessons_lib.images.figures import gallery"),
        ("lessons_lib.images.panels", "import tensorflow as tf"),
        ("lessons_lib.images.panels", "from lessons_lib import keras_models"),
        ("lessons_lib.images.panels", "from IPython.display import display"),
        ("lessons_lib.images.checks", "from lessons_lib.images import panels"),
        ("lessons_lib.plots.grid", "from lessons_lib.images import figures"),
        ("lessons_lib.widgets.panel", "from lessons_lib.lenet import figures"),
        ("lessons_lib.keras_models.lenet", "import matplotlib"),
        ("lessons_lib.core.notebook", "from lessons_lib.images import panels"),
    ],
)
def test_a_forbidden_import_is_noticed(name, source):
    assert list(forbidden(name, source, ["images", "filtering"])), f"{name} may do: {source}"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("lessons_lib.filtering", "import numpy as np\nfrom lessons_lib import data, images"),
        ("lessons_lib.filtering.figures", "from lessons_lib.plots.style import BLUE\nfrom lessons_lib import images"),
        ("lessons_lib.filtering.panels", "from lessons_lib.filtering import checks, figures\nimport ipywidgets"),
        ("lessons_lib.filtering.checks", "from lessons_lib.core.verdict import judge\nimport math"),
        ("lessons_lib.filtering.questions", "from lessons_lib.images import questions"),
        ("lessons_lib.keras_models.lenet", "import keras\nfrom lessons_lib import lenet"),
        ("lessons_lib.core.data", "from skimage import data"),
    ],
)
def test_an_allowed_import_is_let_through(name, source):
    assert not list(forbidden(name, source, ["images", "filtering"]))


@pytest.mark.parametrize("lesson", ORDER)
def test_numbers_cost_nothing_heavy(lesson):
    code = (
        f"import sys; import lessons_lib.{lesson}, lessons_lib.{lesson}.checks\n"
        "print(sorted({'matplotlib', 'ipywidgets', 'anywidget', 'IPython', 'tensorflow', 'keras'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_every_lesson_opens_without_tensorflow():
    """And what draws, looks inside, names photos and shows heat maps works there."""
    code = "import sys; sys.modules.update(tensorflow=None, keras=None)\n" + "\n".join(
        [f"from lessons_lib.{lesson} import checks, figures, panels as {lesson}" for lesson in ORDER]
        + ["from lessons_lib import data, transfer as numbers", "photos = {'mug': data.load('coffee')}"]
        + ["print(lenet.DrawDigit(start=7).sentence, lenet.CoverDigit().sentence)"]
        + ["print(transfer.LayerViewer(photos).sentence, transfer.WhereItLooked(photos).sentence)"]
        + ["print(numbers.imagenet().top(photos['mug'])[0], numbers.imagenet().heat_map(photos['mug'], 'cup').max())"]
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    for words in ("I read 7", "7 pixels around row 14", "stem, unit 0 of 32", "espresso, probability 0.94 in mug"):
        assert words in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("from lessons_lib import explorers", "lessons_lib.filtering.panels"),
        ("import lessons_lib.figures.grid", "lessons_lib.filtering.figures"),
        ("from lessons_lib.networks import vgg", "lessons_lib.keras_models"),
        ("from lessons_lib import expect", "lessons_lib.core.validate"),
    ],
)
def test_a_name_of_the_first_edition_says_where_it_is_now(code, place):
    with pytest.raises(ImportError, match=f"has moved: it is now .*{place}"):
        exec(code)
