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
        self.is_further = self.path.parent.name == "further"
        # The lesson whose questions a notebook asks, as its import names it.
        found = re.search(
            r"from lessons_lib\.(\w+) import [^\n]*\bquestions\b", "\n".join(one.source for one in self.code)
        )
        self.package = found[1] if found else self.slug
        # (cell, level, title as it is read) of every heading.
        self.headings = [(cell, *one) for cell in self.markdown for one in documents.headings(cell.source)]
        # The numbers of the prose that no cell prints, with their reasons; the bounds of the cells that vary, by id.
        self.reasons = self._table(f"prose/{self.path.stem}.toml")
        self.bounds = self._table("bounds.toml").get(self.path.stem, {})

    def _table(self, name):
        path = self.course / name
        return tomllib.loads(read_text(path)) if path.exists() else {}

    @cached_property
    def sections(self):
        """The title of the `##` section of each cell, or ""; a cell belongs to the last section that it opens."""
        found, title = [], ""
        for cell in self.cells:
            for opened, level, text in self.headings:
                if opened is cell and level <= 2:
                    title = text if level == 2 else ""
            found.append(title)
        return found

    def solution(self, name):
        """The ```python blocks of the solution of a task, or "" when there are none."""
        cell = self.by_id(f"{name}-solution")
        return "\n".join(documents.python_blocks(cell.source)) if cell else ""

    def by_id(self, name):
        """The cell with this id, or None."""
        return next((cell for cell in self.cells if cell.get("id") == name), None)
