"""The page for the projector: which cells it shows, which it runs in silence, which it leaves out."""

import nbformat.v4 as v4
import pytest

import notebooks
import present
from formatting import read


@pytest.mark.parametrize(
    ("source", "shows"),
    [
        ("explorers.filtering.FilterBench()", True),
        ("x = 1\nexplorers.matching.Board(x)", True),
        ("panel = explorers.transfer.CutPoint(features)\npanel", True),
        ("panel = explorers.transfer.CutPoint(features)", False),
        ("with watching(explorers.training.Live()) as live:\n    train(live)", False),
        ("bench = 3\nbench", False),
        ("print(explorers.filtering.FilterBench().sentence)", False),
        ("", False),
    ],
)
def test_which_cells_show_an_explorer(source, shows):
    assert present.shows_explorer(source) is shows


@pytest.mark.parametrize(
    ("source", "reads", "gives"),
    [
        ("a = b", {"b"}, {"a"}),
        ("a = 1\nprint(a)", set(), {"a"}),
        ("a += 1", {"a"}, {"a"}),
        ("for k in b:\n    print(k, c)", {"b", "c"}, {"k"}),
        ("a = [k * c for k in b]", {"b", "c"}, {"a"}),
        ("def f(x):\n    y = x + c\n    return y", {"c"}, {"f"}),
        ("f = lambda x: x + c", {"c"}, {"f"}),
        ("with b as a:\n    c = a", {"b"}, {"a", "c"}),
        ("(a, b), *c = d", {"d"}, {"a", "b", "c"}),
        ("import numpy as np\nfrom lessons_lib import data", set(), {"np", "data"}),
        ("if a:\n    b = c\nelse:\n    b = d", {"a", "c", "d"}, {"b"}),
        ("total = 0\nfor row in a:\n    for x in row:\n        total += x", {"a"}, {"total", "row", "x"}),
        ("", set(), set()),
    ],
)
def test_what_a_cell_reads_and_gives(source, reads, gives):
    assert present.flow(source)[:2] == (reads, gives)


@pytest.mark.parametrize("source", ["a[0] = 1", "a.b = 1", "a.append(1)", "fit(a, b)", "_ = fit(a.c[0])", "a.b.c += 1"])
def test_what_a_cell_may_change(source):
    assert "a" in present.flow(source)[2]


@pytest.mark.parametrize(
    "source", ["print(a)", "show(draw(a))", "b = a", "f(b, a)", "b = predict(a)", "n = a.b.count(1)"]
)
def test_what_a_cell_does_not_change(source):
    assert "a" not in present.flow(source)[2]


LESSON = {
    "imports": "import numpy as np",
    "unrelated": "print(np.pi)",
    "old": "a = slow()",
    "start": "a = [1]",
    "shown": "print(a)",
    "change": "a.append(2)",
    "factor": "factor = 2",
    "function": "def twice(x):\n    return factor * x",
    "explorer": "explorers.x.Y(a, twice)",
    "later": "a = 3",
}


def test_a_panel_gets_all_that_it_stands_on_and_no_more():
    found = present.needed(list(LESSON.values()), {list(LESSON).index("explorer")})
    assert [list(LESSON)[place] for place in found] == ["start", "change", "factor", "function", "explorer"]


def lesson():
    cells = [
        v4.new_markdown_cell("# 1. Title\n\nSome text.", id="title"),
        v4.new_markdown_cell("## Objectives", id="o"),
    ]
    cells += [v4.new_code_cell("from lessons_lib import explorers", id="imports")]
    cells += [v4.new_markdown_cell("## First\n\nText.", id="first"), v4.new_code_cell("a = 1\nprint(a)\nb = a", id="a")]
    cells += [v4.new_markdown_cell("### Deeper", id="deeper"), v4.new_code_cell("explorers.x.Y(a)", id="panel")]
    cells += [v4.new_code_cell("explorers.x.Z()", id="second-panel"), v4.new_markdown_cell("### No panel", id="none")]
    cells += [v4.new_markdown_cell("## Second", id="second"), v4.new_code_cell("explorers.x.Y(a)", id="third-panel")]
    cells += [v4.new_code_cell("print(a)", id="print"), v4.new_markdown_cell("## Summary", id="summary")]
    return v4.new_notebook(cells=cells)


def test_the_page_has_panels_their_headings_and_silent_cells():
    assert [cell.source for cell in present.page(lesson()).cells] == [
        "%%capture\nfrom lessons_lib import explorers",
        "%%capture\na = 1",
        "# 1. Title",
        "## First",
        "### Deeper",
        "explorers.x.Y(a)",
        "explorers.x.Z()",
        "## Second",
        "explorers.x.Y(a)",
    ]


@pytest.mark.parametrize("path", notebooks.lessons("en"), ids=lambda path: path.stem)
def test_every_lesson_has_a_page_with_fewer_cells_than_the_lesson(path):
    lesson = [cell for cell in read(path).cells if cell.cell_type == "code"]
    cells = [cell for cell in present.page(read(path)).cells if cell.cell_type == "code"]
    assert cells[0].id == "imports"
    shown = [cell.id for cell in cells if not cell.source.startswith("%%capture")]
    assert shown == [cell.id for cell in lesson if present.shows_explorer(cell.source)] != []
    assert len(cells) < len(lesson) / 2


def test_a_class_does_not_wait_for_a_training():
    known = {cell.id: cell.source for path in notebooks.lessons("en") for cell in read(path).cells}
    assert all("training.fit(" in known[name] for name in present.INSTEAD)
    assert sum(cell.id in present.INSTEAD for path in notebooks.lessons("en") for cell in read(path).cells) == 1
    pages = [present.page(read(path)).cells for path in notebooks.lessons("en")]
    assert not [cell.source for cells in pages for cell in cells if "fit(" in cell.source]
    assert all(any(source in cell.source for cells in pages for cell in cells) for source in present.INSTEAD.values())
