"""`pytest --nbval` really compares: one changed digit fails, and a panel saved without its live view passes.

It does so twice in one kernel, as the lessons are compared.
"""

import re
import subprocess
import sys

import nbformat.v4 as v4
import pytest

import lesson
import notebooks
from formatting import ROOT, as_text, read, write

CELLS = [
    "import numpy as np\n\nfrom lessons_lib.explorers.grid import PixelGrid\n"
    "from lessons_lib.explorers.panel import Panel\n"
    "from lessons_lib.figures.grid import Grid, side_by_side\nfrom lessons_lib.notebook import begin, show\n\nbegin()",
    "print(2 + 2)\nprint(np.arange(3))",
    'show(side_by_side([Grid(np.eye(3))]), alt="the three by three identity as a picture")',
    'panel = Panel([], [PixelGrid([[1, 2]], label="F")])\npanel.say("Two numbers in one row.")\npanel',
]
TWICE = 'times = globals().get("times", 0) + 1\nprint(times)'
CHANGES = {
    "01-printed.ipynb": (1, "4\n", "5\n"),
    "02-alt.ipynb": (2, "identity", "unity"),
    "03-panel.ipynb": (3, "Two", "Six"),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What nbval says of each cell, and when it is run again, of good notebooks and of some with one changed output."""
    folder = tmp_path_factory.mktemp("en")
    good = folder / "00-good.ipynb"
    cells = [v4.new_code_cell(source, id=f"cell-{place}") for place, source in enumerate(CELLS)]
    write(as_text(v4.new_notebook(cells=cells)), good)
    lesson.run(good)
    forgetful = folder / "04-forgetful.ipynb"
    write(as_text(v4.new_notebook(cells=[*cells, v4.new_code_cell(TWICE, id="twice")])), forgetful)
    lesson.run(forgetful)
    for name, (place, old, new) in CHANGES.items():
        notebook = read(good)
        output = notebook.cells[place].outputs[0]
        if "text" in output:
            output.text = output.text.replace(old, new)
        else:
            output.data["text/plain"] = output.data["text/plain"].replace(old, new)
        write(as_text(notebook), folder / name)
        assert as_text(notebook) != good.read_text(encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "--nbval", "--nbval-cell-timeout", "60"]
    command += ["-p", "again", "-v", "--tb=no", "--color=no", "-p", "no:cacheprovider", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240, cwd=ROOT)
    found = {}
    for name, place, outcome in re.findall(r"(\S+)::Cell (\d+(?: again)?) (PASSED|FAILED|ERROR)", done.stdout):
        found.setdefault(name.split("/")[-1], {})[place] = outcome
    assert len(found) == len(CHANGES) + 2, done.stdout + done.stderr
    return found


def passed(count):
    return {f"{place}{again}": "PASSED" for place in range(count) for again in ("", " again")}


def test_the_committed_outputs_are_equal(outcomes):
    assert outcomes["00-good.ipynb"] == passed(len(CELLS))


@pytest.mark.parametrize("name", CHANGES)
def test_one_changed_output_fails_in_its_cell_alone(name, outcomes):
    place = CHANGES[name][0]
    assert outcomes[name] == passed(len(CELLS)) | {f"{place}": "FAILED", f"{place} again": "FAILED"}


def test_a_cell_that_says_something_else_the_second_time_fails(outcomes):
    assert outcomes["04-forgetful.ipynb"] == passed(len(CELLS) + 1) | {f"{len(CELLS)} again": "FAILED"}


def test_the_lessons_are_compared_by_the_same_plugin(request):
    assert request.config.pluginmanager.has_plugin("again")


@pytest.mark.parametrize(
    ("name", "quick"),
    [
        ("01-images.ipynb", True),
        ("05-pooling.ipynb", True),
        ("06-lenet.ipynb", False),
        ("01-images-Copy1.ipynb", False),
    ],
)
def test_which_lessons_are_run_twice(name, quick):
    assert notebooks.is_quick(ROOT / "notebooks" / "en" / name) is quick
