"""A plugin of pytest beside nbval: quick lessons are compared twice in one kernel, and numbers may have bounds.

A student runs cells again and again; each has to give again what it gave. The numbers of a cell with the tag `varies`
depend on training, a processor or a clock: they are masked, and each must lie within tests/course/bounds.toml.
"""

import copy
import re
import tomllib
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

import notebooks
from formatting import output_text, read_text

BOUNDS = notebooks.ROOT / "tests" / "course" / "bounds.toml"
NUMBER = re.compile(r" *(?<![\w.])[-+−]?(?:\d+(?:,\d{3})*(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?")


def pytest_addoption(parser):
    """Other bounds, for the test of this plugin."""
    parser.addoption("--bounds", type=Path, default=BOUNDS, help="the bounds of cells with the tag `varies`")


def out_of_bounds(outputs, low, high, why):
    """What is wrong with the numbers in the outputs of a cell, as a sentence, or None.

    `low` and `high` hold for each number, or are lists with one for each.

    >>> out_of_bounds([{"text": "float32, right: 0.91-0.97"}], 0.9, 1.0, "spread over ten seeds")
    >>> out_of_bounds([{"text": "46 of 2000"}], [30, 2000], [40, 2000], "spread over ten seeds")
    'prints 46, which is not between 30 and 40 (spread over ten seeds)'
    """
    texts = NUMBER.findall("\n".join(map(output_text, outputs)).replace("−", "-"))
    found = [float(re.sub("[ ,]", "", text)) for text in texts]
    lows, highs = ([end] * len(found) if isinstance(end, int | float) else end for end in (low, high))
    if not len(found) == len(lows) == len(highs):
        return f"prints {len(found)} numbers; bounds.toml has {len(lows)} low and {len(highs)} high ends"
    for number, least, most in zip(found, lows, highs, strict=True):
        if not least <= number <= most:
            return f"prints {number:g}, which is not between {least:g} and {most:g} ({why})"
    return None


class LessonFile(IPyNbFile):
    def collect(self):
        """Its cells; after those of a quick lesson come the same ones again."""
        cells = list(super().collect())
        for again in ("", " again") if notebooks.is_quick(self.path) else ("",):
            for one in cells:
                # A copy of each cell, for nbval joins the pieces of what it printed in place.
                given = {"cell_num": one.cell_num, "cell": copy.deepcopy(one.cell), "options": one.options}
                yield LessonCell.from_parent(self, name=one.name + again, **given)


class LessonCell(IPyNbCell):
    @property
    def varies(self):
        return "varies" in self.cell.metadata.get("tags", [])

    def sanitize(self, s):
        """The text that is compared: that of a cell which varies without its numbers."""
        text = super().sanitize(s)
        return NUMBER.sub(" #", text) if self.varies and isinstance(text, str) else text

    def compare_outputs(self, test, ref, skip_compare=None):
        """Whether the new outputs are those of the file, and their numbers within bounds."""
        if self.varies:
            bounds = tomllib.loads(read_text(self.config.option.bounds))
            if wrong := out_of_bounds(test, **bounds[self.path.stem][self.cell.id]):
                self.comparison_traceback = [wrong]
                return False
        return super().compare_outputs(test, ref, skip_compare)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Take the place of nbval's own collector of a notebook."""
    found = yield
    return [LessonFile.from_parent(parent, path=file_path) if isinstance(one, IPyNbFile) else one for one in found]
