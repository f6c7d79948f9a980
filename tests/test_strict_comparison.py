"""`pytest --nbval` really compares: one changed digit fails, and a panel saved without its live view passes."""

import subprocess
import sys

import nbformat.v4 as v4
import pytest

import lesson
from formatting import ROOT, as_text, read, write

CELLS = [
    "import numpy as np\n\nfrom lessons_lib.explorers.grid import PixelGrid\n"
    "from lessons_lib.explorers.panel import Panel\n"
    "from lessons_lib.figures.grid import Grid, side_by_side\nfrom lessons_lib.notebook import begin, show\n\nbegin()",
    "print(2 + 2)\nprint(np.arange(3))",
    'show(side_by_side([Grid(np.eye(3))]), alt="the three by three identity as a picture")',
    'panel = Panel([], [PixelGrid([[1, 2]], label="F")])\npanel.say("Two numbers in one row.")\npanel',
]
CHANGES = {
    "01-printed.ipynb": (1, "4\n", "5\n"),
    "02-alt.ipynb": (2, "identity", "unity"),
    "03-panel.ipynb": (3, "Two", "Six"),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What nbval says of each cell of a good notebook and of three with one changed output."""
    folder = tmp_path_factory.mktemp("en")
    good = folder / "00-good.ipynb"
    cells = [v4.new_code_cell(source, id=f"cell-{place}") for place, source in enumerate(CELLS)]
    write(as_text(v4.new_notebook(cells=cells)), good)
    lesson.run(good)
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
    command += ["-v", "--tb=no", "--color=no", "-p", "no:cacheprovider", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    lines = [line for line in done.stdout.splitlines() if "::Cell" in line and not line.startswith(("FAILED", "ERROR"))]
    found = {}
    for line in lines:
        place, outcome = line.split("::")[1].split()[1], line.split("::")[1].split()[2]
        found.setdefault(line.split("::")[0].split("/")[-1], {})[int(place)] = outcome
    assert len(found) == len(CHANGES) + 1, done.stdout + done.stderr
    return found


def test_the_committed_outputs_are_equal(outcomes):
    assert outcomes["00-good.ipynb"] == dict.fromkeys(range(len(CELLS)), "PASSED")


@pytest.mark.parametrize("name", CHANGES)
def test_one_changed_output_fails_in_its_cell_alone(name, outcomes):
    expected = dict.fromkeys(range(len(CELLS)), "PASSED") | {CHANGES[name][0]: "FAILED"}
    assert outcomes[name] == expected
