"""The page for the projector: which cells it shows, which it runs in silence, which it leaves out."""

import nbformat.v4 as v4
import pytest

import notebooks
import present
from formatting import read


@pytest.mark.parametrize(
    ("source", "shows"),
    [
        ("panels.FilterBench()", True),
        ("x = 1\nlenet_panels.DrawDigit(x)", True),
        ("panel = panels.CutPoint(features)\npanel", True),
        ("panel = panels.CutPoint(features)", False),
        ("with live(panels.Live()) as shown:\n    train(shown)", False),
        ("bench = 3\nbench", False),
        ("print(panels.FilterBench().sentence)", False),
        ('questions.predict("still-90")', True),
        ("questions.warm_up()", True),
        ("questions.results()", False),
        ("", False),
    ],
)
def test_which_cells_show_a_panel(source, shows):
    assert present.shows_panel(v4.new_code_cell(source)) is shows
    assert present.shows_panel(v4.new_code_cell(source, metadata={"tags": ["panel"]}))


def test_the_page_has_panels_their_headings_and_silent_cells():
    text, code = v4.new_markdown_cell, v4.new_code_cell
    cells = [text("# 1. Title\n\nSome text."), text("## Objectives"), code("from lessons_lib.x import panels")]
    cells += [text("## First\n\nText."), code("a = 1\nprint(a)"), text("### Deeper"), code("panels.Y(a)")]
    cells += [code("panels.Z()"), text("### No panel"), text("## Second"), code("panels.Y(a)"), code("print(a)")]
    notebook = v4.new_notebook(cells=cells)
    assert [cell.source for cell in present.page(notebook).cells] == [
        "%%capture\nfrom lessons_lib.x import panels",
        "%%capture\na = 1\nprint(a)",
        "# 1. Title",
        "## First",
        "### Deeper",
        "panels.Y(a)",
        "panels.Z()",
        "## Second",
        "panels.Y(a)",
    ]
    assert notebook.cells[2].source == "from lessons_lib.x import panels", "the notebook that came was changed"


@pytest.mark.parametrize("path", notebooks.lessons("en"), ids=lambda path: path.stem)
def test_every_lesson_has_panels_to_present(path):
    if path.parent.name != "further":
        shown = [cell for cell in read(path).cells if cell.cell_type == "code" and present.shows_panel(cell)]
        assert (
            [cell.id for cell in shown] == [cell.id for cell in present.page(read(path)).cells if cell in shown] != []
        )
