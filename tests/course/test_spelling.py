"""`codespell` reads the lessons too, and finds a plain misspelling; what is wrong now, `make test` says."""

import subprocess
import sys

import pytest

import tiny
from notebooks import ROOT


@pytest.mark.parametrize(
    ("text", "misspelt"),
    [
        ("A kernal slides over teh picture.", 2),  # codespell:ignore kernal,teh
        ("The colour is grey.", 0),
    ],
)
def test_a_misspelt_word_in_a_lesson_is_found(text, misspelt, tmp_path):
    lesson = tiny.lesson(tmp_path, lambda notebook: tiny.cell(notebook.cells, "sum").update(source=text))
    command = [sys.executable, "-m", "codespell_lib", "--toml", ROOT / "pyproject.toml", lesson.path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert len(done.stdout.splitlines()) == misspelt, done.stdout + done.stderr
