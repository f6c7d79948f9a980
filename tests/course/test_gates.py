"""A gate is trusted only after it was seen to fail: each change of the tiny lesson is refused by one gate alone."""

import doctest
import re

import nbformat.v4 as v4
import pytest

import strict_comparison
import tiny
from formatting import LIVE, LessonError, as_text
from gates import GATES, editions, findings

BY_NAME = {gate.__name__: gate for gate in GATES}


def source(name, old, new):
    """Changes a piece of the source of a cell."""

    def change(notebook):
        cell = tiny.cell(notebook.cells, name)
        assert old in cell.source
        cell.source = cell.source.replace(old, new)

    return change


def output(name, /, **new):
    """Gives a cell another output."""
    return lambda notebook: tiny.cell(notebook.cells, name).update(outputs=[v4.new_output(**new)])


def update(name, **new):
    """Changes the cell itself."""
    return lambda notebook: tiny.cell(notebook.cells, name).update(new)


def tag(name, *tags):
    """Gives a cell tags."""
    return lambda notebook: tiny.cell(notebook.cells, name).metadata.update(tags=list(tags))


def remove(name):
    """Takes a cell of text out."""
    return lambda notebook: notebook.cells.remove(tiny.cell(notebook.cells, name))


def says(text):
    """Adds a line to a section that has no number of its own."""
    return source("sum-read", "The year", f"{text}\n\nThe year")


def picture(**metadata):
    """Gives a cell a picture that is described by `metadata`."""
    return output("pixel", output_type="display_data", data={"image/png": tiny.PIXEL}, metadata=metadata)


BAD = [
    ("file_form", "no newline at the end", lambda notebook: as_text(notebook).rstrip("\n")),
    ("file_form", "timings kept", update("sum-shown", metadata={"execution": {"iopub.status.busy": "2026"}})),
    ("file_form", "widget state kept", lambda notebook: notebook.metadata.update(widgets={})),
    ("file_form", "live view kept", output("panel", output_type="execute_result", execution_count=6, data={LIVE: {}})),
    ("file_form", "an empty cell", lambda notebook: notebook.cells.append(v4.new_markdown_cell(" ", id="empty"))),
    ("file_form", "1.5 MB", lambda notebook: as_text(notebook) + " " * 1_500_000),
    ("readable_ids", "random", update("sum", id="a1b2c3d4")),
    ("readable_ids", "capitals", update("sum", id="Sum")),
    ("readable_ids", "twice", update("sum", id="sum-read")),
    ("code", "13 lines", update("sum-shown", source="\n".join(["print(20 + 5.5)"] * 13))),
    ("code", "a magic", source("sum-shown", "print", "%time print")),
    ("executed", "never", update("sum-shown", execution_count=None)),
    ("executed", "out of order", update("sum-shown", execution_count=7)),
    ("clean_outputs", "an error", output("imports", output_type="error", ename="E", evalue="", traceback=[])),
    ("clean_outputs", "an address", output("imports", output_type="stream", text="<object at 0x7f5e13a0>\n")),
    ("clean_outputs", "a NumPy scalar", output("imports", output_type="stream", text="np.float64(1.0)\n")),
    ("clean_outputs", "a bare widget", output("imports", output_type="stream", text="interactive(children=(1,))\n")),
    ("strictly_compared", "a tag", tag("sum-shown", "nbval-ignore-output")),
    ("strictly_compared", "a comment", source("sum-shown", "print", "# NBVAL_SKIP\nprint")),
    ("varies", "a cell without bounds", tag("panel", "varies")),
    ("varies", "bounds without a cell", tag("trained")),
    ("varies", "a number outside", output("trained", output_type="stream", text="right: 0.9\n")),
    ("headings", "two titles", source("sources", "## Sources", "# Sources\n\n## Sources")),
    ("headings", "not first", lambda notebook: notebook.cells.insert(1, notebook.cells.pop(0))),
    ("headings", "another number", source("title", "# 1.", "# 2.")),
    ("headings", "a level skipped", source("sum-read", "The sum", "#### The sum\n\nThe sum")),
    ("headings", "twice", source("sources", "##", "## One sum\n\n##")),
    ("links", "an anchor", source("title", "#One-sum", "#One-sun")),
    ("links", "a file", source("title", "#One-sum", "nowhere.md")),
    ("links", "a heading of another file", source("title", "#One-sum", "../en/01-tiny.ipynb#Two-sums")),
    ("links", "a picture", source("title", "[a sum](#One-sum)", f"![{tiny.ALT}](nowhere.png)")),
    ("links", "an attachment", source("title", "[a sum](#One-sum)", f"![{tiny.ALT}](attachment:nowhere.png)")),
    ("links", "by reference", source("title", "[a sum](#One-sum)", "[a sum][sum]")),
    ("alt_texts", "missing", picture()),
    ("alt_texts", "short", picture(**{"image/png": {"alt": "a pixel"}})),
    ("alt_texts", "in the text", source("title", "[a sum](#One-sum)", "![short](01-tiny.ipynb)")),
    ("alt_texts", "in HTML", output("pixel", output_type="display_data", data={"text/html": "<img src='a.png'>"})),
    ("editions", "other cells", remove("sum-read")),
    ("editions", "other headings", source("sources", "## Sources", "## Sources\n\n### More")),
    ("editions", "another number", source("sum-shown", "20 + 5.5", "5.5 + 20")),
    ("editions", "another data name", source("panel", "camera", "astronaut")),
    ("numbers_in_prose", "never printed", says("77 rows")),
    ("numbers_in_prose", "badly rounded", says("It is 25.6.")),
    ("numbers_in_prose", "a wrong sign", says("It is −25.5.")),
    ("numbers_in_prose", "an equation", says("3 · 4 = 11")),
    ("numbers_in_prose", "a reason for nothing", source("sum-read", "102 %", "all")),
    ("numbers_in_prose", "what varies, too precise", says("The share is 0.97.")),
]  # fmt: skip


def refused_by(lesson, gates=GATES):
    return {gate.__name__ for gate in gates if findings(lesson, [gate])}


def test_the_tiny_lesson_passes_every_gate(tmp_path):
    assert findings(tiny.lesson(tmp_path), GATES) == []


@pytest.mark.parametrize(("gate", "_why", "change"), BAD)
def test_a_bad_notebook_is_refused_by_its_gate_alone(gate, _why, change, tmp_path):
    lesson = tiny.lesson(tmp_path, change, "pt" if gate == "editions" else "en")
    assert refused_by(lesson) == {gate}


def test_every_gate_has_refused_something():
    assert {gate for gate, _why, _change in BAD} == set(BY_NAME)


def test_what_writes_to_stderr_is_refused_and_not_kept(tmp_path):
    changed = output("imports", output_type="stream", name="stderr", text="a warning\n")
    assert refused_by(tiny.lesson(tmp_path, changed)) == {"clean_outputs", "file_form"}


def test_a_file_that_is_no_valid_notebook_is_refused(tmp_path):
    with pytest.raises(LessonError, match=r"is not a valid notebook: cells/3/outputs/0: .*name"):
        tiny.lesson(tmp_path, lambda notebook: tiny.cell(notebook.cells, "sum-shown").outputs[0].pop("name") and None)


def test_a_finding_names_the_file_the_cell_and_the_gate(tmp_path):
    [found] = findings(tiny.lesson(tmp_path, update("sum", id="a1b2c3d4")), GATES)
    assert "01-tiny.ipynb: a1b2c3d4: has the id 'a1b2c3d4'" in found
    assert found.endswith("(readable_ids)")


@pytest.mark.parametrize(
    "change",
    [
        source("sum-shown", "sum:", "soma:"),
        source("sum-shown", "  # in one line", "  # numa linha"),
        source("pixel", "A pixel", "Um ponto"),
        source("pixel", tiny.ALT, "um ponto cinzento numa imagem"),
        source("sum-read", "The sum is", "A soma é"),
    ],
)  # fmt: skip
def test_words_may_differ_between_editions(change, tmp_path):
    assert findings(tiny.lesson(tmp_path, change, "pt"), GATES) == []


def test_an_edition_without_the_english_one_is_refused(tmp_path):
    lesson = tiny.lesson(tmp_path, language="pt")
    (tmp_path / "notebooks" / "en" / "01-tiny.ipynb").unlink()
    assert "has no English edition" in findings(lesson, GATES)[0]


@pytest.mark.parametrize("module", [strict_comparison, editions])
def test_the_examples_of_a_module_hold(module):
    result = doctest.testmod(module)
    assert result.attempted > result.failed == 0


# The numbers of the prose are read by heuristics; these are what they must and must not say.


@pytest.mark.parametrize(
    "text",
    [
        "A 3 x 3 window and 12 rows",
        "printed: 25.5, rounded to 26, in math $20^2 \\cdot 4 = 1{,}600 = 1600$",
        "names: VGG16, LeNet-5, ResNet-50, uint8, Conv2D, `x[77]`, w_99",
        "25 x 20, 25x20, 0..25, (25, 20)",
        "as in 1998, which is in the sources",
        "[a link](https://example.org/77), <https://example.org/77> and &#77;",
        "2550 % of one",
        "7/9 = 0.78",
        "20 - 5.5 = 14.5, and 14.5 again",
        "$(20 + 5.5) \\cdot 2 = 51 = 2 × 25.5$, and 51 is shown",
        "$\\frac{20}{3} \\approx 6.67$, $20^2 = 400$ and 9² = 81",
        "$x + 1 = 25$, $\\sqrt 25 = 5$, $\\sqrt{25} = 5$ and 25x = 1 say nothing",
        "<img alt='a picture with no number' src='01-tiny.ipynb' width='77'>",
        "1 in 40, about 1 digit in 40 and one of 39",
        "The share, which varies, is between 0.96 and 0.98, about 1.0.",
    ],
)
def test_numbers_that_were_computed(text, tmp_path):
    assert findings(tiny.lesson(tmp_path, says(text)), GATES) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("77 rows", "77"),
        ("7/9 = 0.77", "0.77"),
        ("70 000 digits", "70000"),
        ("70,000 digits", "70000"),
        ("25.6 is not 25.5", "25.6"),
        (".77", ".77"),
        ("77x25", "77"),
        ("0..255", "255"),
        ("8 %", "8%"),
        ("9 million", "9million"),
        ("$\\frac{1}{77}$", "77"),
        ("1e-4", "1e-4"),
        ("in 1997", "1997"),
        ("| 77 |", "77"),
        ("`(77, 2)`", "77"),
        ("_77_ rows", "77"),
        ("```text\n77\n```", "77"),
        ("#### All 77 rows", "77"),
        ("25 million", "25million"),
        ("a change of −25.5", "-25.5"),
        ("an x + 70 = 77 of which half is said", "70"),
        ("about 1 digit in 50", "50"),
    ],
)
def test_numbers_that_were_not_computed(text, number, tmp_path):
    found = findings(tiny.lesson(tmp_path, says(text)), [BY_NAME["numbers_in_prose"]])
    assert any(f"says {number}, which no cell near it prints" in sentence for sentence in found)


@pytest.mark.parametrize("text", ["3 · 4 = 13", "> so $(7 - 3)/3 + 1 = 2.34$", "- 1 − 2 = 1", "1 + 2 = 3 = 4"])
def test_an_equation_that_does_not_hold(text, tmp_path):
    assert re.search(r"says .* = .*, and .* is ", findings(tiny.lesson(tmp_path, says(text)), GATES)[0])


def test_what_a_cell_far_away_prints_is_not_in_view(tmp_path):
    def changed(notebook, cells=()):
        source("sum", "are summed", "are summed, not 77")(notebook)
        tiny.cell(notebook.cells, "panel").outputs[0].data["text/plain"] = "The panel shows 77 pixels."
        notebook.cells[5:5] = cells

    more = [v4.new_markdown_cell("Text.", id=f"more-{k}") for k in "abcd"]
    more.append(v4.new_markdown_cell("## Another section", id="another"))
    assert findings(tiny.lesson(tmp_path / "near", changed), GATES) == []
    [found] = findings(tiny.lesson(tmp_path / "far", lambda notebook: changed(notebook, more)), GATES)
    assert "sum: says 77" in found


@pytest.mark.parametrize(
    ("reasons", "problem"),
    [
        ('"77" = "counted on the slide, page 3"', None),
        ('"77" = { expression = "7 * 11", equals = 77 }', None),
        ('"77" = { expression = "images.count_conv(7, 1) + 28", equals = 77 }', None),
        ('"77" = "why"', "say where it comes from"),
        ('"77" = { expression = "7 * 12", equals = 77 }', "is 84 and not 77"),
        ('"77" = { expression = "7 * 12", equals = 84 }', "is 84"),
        ('"77" = "counted on the slide, page 3"\n"78" = "counted too, on page 4"', "never says 78"),
    ],
)
def test_a_number_with_a_reason(reasons, problem, tmp_path):
    found = findings(tiny.lesson(tmp_path, says("77 rows"), reasons=f"{tiny.REASONS}{reasons}\n"), GATES)
    assert len(found) == (problem is not None)
    assert problem is None or problem in found[0]


def test_bounds_need_a_reason(tmp_path):
    bounds = tiny.BOUNDS.replace('why = "spread over ten seeds"\n', "")
    [found] = findings(tiny.lesson(tmp_path, bounds=bounds), GATES)
    assert "has bounds that are not `low`, `high` and `why`" in found
