"""`Lesson`: a notebook, its text, and the questions the gates ask of it."""

import contextlib
import io
import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from nbformat import NotebookNode

from formatting import ROOT, parse, read_text

FENCE = re.compile(r"^( *)(```|~~~).*?^ *\2[ \t]*$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#{1,6}) +(.*?) *#*$", re.MULTILINE)


@dataclass
class Lesson:
    """One notebook `NN-slug.ipynb` in the folder of its language."""

    path: Path
    text: str
    # Numbers of the prose that no cell prints, each with its reason: one file a lesson.
    prose_folder: Path = field(default=ROOT / "tests" / "prose")
    _said: dict = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def read(cls, path):
        """The lesson in a file."""
        return cls(Path(path), read_text(path))

    @cached_property
    def notebook(self):
        """The parsed notebook, not repaired."""
        return parse(self.text, self.path)

    @property
    def cells(self):
        """All cells, in order."""
        return self.notebook.cells

    @property
    def code(self):
        """The code cells."""
        return [cell for cell in self.cells if cell.cell_type == "code"]

    @property
    def markdown(self):
        """The markdown cells."""
        return [cell for cell in self.cells if cell.cell_type == "markdown"]

    @property
    def language(self):
        """The edition: the name of the folder."""
        return self.path.resolve().parent.name

    @property
    def number(self):
        """The N of the file name, or None when the name has none."""
        match = re.match(r"(\d\d)-", self.path.name)
        return int(match[1]) if match else None

    @property
    def slug(self):
        """The name of the lesson's modules."""
        return re.sub(r"^\d\d-", "", self.path.stem)

    @cached_property
    def headings(self):
        """(cell, level, title as it is read) of every heading."""
        return [
            (cell, len(marks), plain(title))
            for cell in self.markdown
            for marks, title in HEADING.findall(without_fences(cell.source))
        ]

    @cached_property
    def anchors(self):
        """What a link can point to, as JupyterLab makes it: the heading with hyphens for spaces."""
        return [title.replace(" ", "-") for _cell, _level, title in self.headings]

    @cached_property
    def sections(self):
        """The cells of each `##` section by its title; a cell belongs to the last section that it opens."""
        sections, title = {}, ""
        for cell in self.cells:
            if cell.cell_type == "markdown":
                for marks, text in HEADING.findall(without_fences(cell.source)):
                    if len(marks) <= 2:
                        title = plain(text) if len(marks) == 2 else ""
            sections.setdefault(title, []).append(cell)
        return sections

    @cached_property
    def reasons(self):
        """The numbers of the prose that have a reason outside the notebook."""
        path = self.prose_folder / f"{self.path.stem}.toml"
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def solution(self, k):
        """The ```python block of the solution of exercise `k`, or "" when there is none."""
        for cell in self.markdown:
            if cell.get("id") == f"exercise-{k}-solution":
                return "\n".join(python_blocks(cell.source))
        return ""

    def solution_says(self, k):
        """What the solution of exercise `k` prints and answers when it is run after the imports; "" when it fails."""
        if k not in self._said:
            self._said[k] = _said_by(self.by_id("imports"), self.solution(k), self.path.resolve().parent)
        return self._said[k]

    def by_id(self, name):
        """The cell with this id, or None."""
        return next((cell for cell in self.cells if cell.get("id") == name), None)


def _said_by(imports, solution, folder):
    import numpy as np

    names, said = {}, io.StringIO()
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(said), np.printoptions():
            exec(imports.source if imports else "", names)
            exec(solution, names)
            answer = names["answer"]
            print(answer if callable(answer) else np.asarray(answer).tolist())
    except Exception:
        # The tests of the exercises run every solution, and say what fails.
        return ""
    return said.getvalue()


def plain(title):
    """A heading's markdown as the text a reader sees."""
    title = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", title)
    return re.sub(r"[`*]|(?<!\w)_|_(?!\w)", "", title).strip()


def without_fences(source):
    """Markdown without its blocks of code."""
    return FENCE.sub("", source)


def python_blocks(source):
    """The bodies of the ```python blocks."""
    return re.findall(r"^```python\n(.*?)^```", source, re.MULTILINE | re.DOTALL)


def printed(output: NotebookNode):
    """What an output says in text."""
    if output.output_type == "stream":
        return output.text
    data = output.get("data", {})
    return "\n".join(data[kind] for kind in ("text/plain", "text/markdown") if isinstance(data.get(kind), str))
