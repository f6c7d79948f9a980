"""`Lesson`: a notebook, its text, and the questions that the gates ask of it."""

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import notebooks
from formatting import read, read_text
from gates import documents


@dataclass
class Lesson:
    """One notebook `NN-slug.ipynb`, and the folder of what tests know of it."""

    path: Path
    course: Path = notebooks.ROOT / "tests" / "course"

    def __post_init__(self):
        self.text, self.notebook = read_text(self.path), read(self.path)
        self.cells = self.notebook.cells
        self.code = [cell for cell in self.cells if cell.cell_type == "code"]
        self.markdown = [cell for cell in self.cells if cell.cell_type == "markdown"]
        self.language = notebooks.language(self.path)
        self.slug = re.sub(r"^\d\d-", "", self.path.stem)
        # (cell, level, title as it is read) of every heading.
        self.headings = [(cell, *one) for cell in self.markdown for one in documents.headings(cell.source)]

    @cached_property
    def sections(self):
        """The title of the `##` section of each cell, or ""; a cell belongs to the last section that it opens."""
        found, last = [], (1, "")
        for cell in self.cells:
            last = ([last] + [one for there, *one in self.headings if there is cell and one[0] <= 2])[-1]
            found.append(last[1] if last[0] == 2 else "")
        return found

    @cached_property
    def reasons(self):
        """The numbers of the prose that no cell prints, each with its reason."""
        return self._table(f"prose/{self.path.stem}.toml")

    @cached_property
    def bounds(self):
        """The bounds of the numbers of each cell that varies, by the cell's id."""
        return self._table("bounds.toml").get(self.path.stem, {})

    def _table(self, name):
        path = self.course / name
        return tomllib.loads(read_text(path)) if path.exists() else {}

    def solution(self, k):
        """The ```python blocks of the solution of exercise `k`, or "" when there are none."""
        cell = self.by_id(f"exercise-{k}-solution")
        return "\n".join(documents.python_blocks(cell.source)) if cell else ""

    def by_id(self, name):
        """The cell with this id, or None."""
        return next((cell for cell in self.cells if cell.get("id") == name), None)
