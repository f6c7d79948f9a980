"""The gates of the new form: each change of one tiny good lesson is refused by one of them alone."""

import doctest
import re
import sys
from types import ModuleType

import nbformat.v4 as v4
import pytest

import lesson as lesson_tool
import tiny
from formatting import read_text
from gates import findings, gates_of, lesson_form
from lessons_lib.core import words
from lessons_lib.core.question import Question
from test_gates import output, remove, source, update

TEN = ", ".join(f"**{lesson_form.names(row)[0]}**" for row in words.words() if row["lesson"] == "2")
FOLD = "<details><summary>Solution</summary>\n\nIt is 2.\n\n```python\nanswer = 2\n```\n\n</details>"
MARKDOWN = {
    "title": "# 2. Tiny\n\nWhat is a sum?",
    "start": "## Warm-up (9 min)\n\nThree questions.",
    "touch": "## Touch it first (5 min)\n\nMove the window.",
    "sum": f"## One sum (34 min)\n\n$$R = w \\cdot x$$\n\nThe words are {TEN}.",
    "task-hand-solution": FOLD,
    "task-slide-solution": FOLD,
    "talk": "## Talk about it (5 min)\n\nWhy?\n\n<details><summary>An answer</summary>\n\nBecause.\n\n</details>",
    "home": "## At home: draw (18 min)\n\nDraw a photo of your own.",
    "task-draw-solution": FOLD.replace("answer = 2", "def draw(photo):\n    return photo"),
    "task-kernel-solution": FOLD,
    "now": "## What you can do now\n\nYou can sum.",
    "sources": "## Sources\n\nA. Author, *A sum*.",
}
CODE = {
    "imports": "from lessons_lib.core import notebook\nfrom lessons_lib.tiny import checks, panels, questions",
    "warm-up": "questions.warm_up()",
    "window": "panels.Window()",
    **{f"predict-{k}": f'questions.predict("sum-{k}")' for k in "abcd"},
    "sum-shown": 'print(f"sum: {2 + 3}")',
    "task-hand": "answer = ...\nchecks.hand(answer)",
    "task-slide": "def slide(image):\n    return ...\n\n\nslide = checks.slide(slide)",
    "game": 'panels.FilterGame("diagonals")',
    "task-draw": "photo = 3\ndraw = ...\ndraw = checks.draw(draw)",
    "task-kernel": "answer = ...\nchecks.kernel(answer)",
    "results": "questions.results()",
    "words": 'notebook.ten_words("tiny")',
    "further": 'notebook.further("tiny")',
}
# Cells of text and of code, in the order of the lesson.
ORDER = (
    "title imports start warm-up touch window sum predict-a predict-b predict-c predict-d sum-shown task-hand "
    "task-hand-solution task-slide task-slide-solution game talk home task-draw task-draw-solution task-kernel "
    "task-kernel-solution now results words further sources"
)


@pytest.fixture(autouse=True)
def _bank(monkeypatch):
    """Lesson tiny's questions, four of five words and one for the warm-up, of two."""
    module = ModuleType("lessons_lib.tiny.questions")
    banked = [Question(f"sum-{k}", "What is the sum?", {"two": "2"}, None, {}) for k in "abcd"]
    module.bank = lambda: [*banked, Question("early", "What?", {"one": "1"}, None, {})]
    module.WARM_UP = ["tiny/early"]
    monkeypatch.setitem(sys.modules, "lessons_lib.tiny.questions", module)


def made(folder, *changes, name="02-tiny"):
    """The tiny lesson of the new form after these changes."""

    def change(notebook):
        [text] = [change(notebook) for change in changes][-1:] or [None]
        for count, cell in enumerate((one for one in notebook.cells if one.cell_type == "code"), start=1):
            cell.execution_count = count
        return text

    shown = dict.fromkeys(CODE) | {"sum-shown": v4.new_output("stream", text="sum: 5\n")}
    notebook = tiny.notebook({one: (MARKDOWN | CODE)[one] for one in ORDER.split()}, shown)
    return tiny.lesson(folder, change, reasons="", bounds="", there=notebook, name=name)


def refused_by(lesson):
    return {gate.__name__ for gate in gates_of(lesson) if findings(lesson, [gate])}


def more(*sources):
    """Adds code cells to the section with the sum."""

    def change(notebook):
        place = notebook.cells.index(tiny.cell(notebook.cells, "sum-shown"))
        notebook.cells[place:place] = [v4.new_code_cell(one, id=f"more-{k}") for k, one in enumerate(sources)]

    return change


def prints(text):
    """Gives the teaching cell another output."""
    return output("sum-shown", output_type="stream", text=text)


def section(title, text):
    """Adds a section before the talk."""

    def change(notebook):
        place = notebook.cells.index(tiny.cell(notebook.cells, "talk"))
        notebook.cells.insert(place, v4.new_markdown_cell(f"## {title}\n\n{text}", id="section"))

    return change


def takes(name, minutes):
    """Gives the heading in a cell other minutes."""

    def change(notebook):
        cell = tiny.cell(notebook.cells, name)
        cell.source = re.sub(r"\(\d+ min\)", f"({minutes} min)", cell.source, count=1)

    return change


BAD = [
    ("amounts", "1,700 words in class", section("Long (17 min)", " ".join(["word"] * 1660))),
    ("amounts", "700 words at home", source("home", "own.", "own." + " word" * 720), takes("home", 25)),
    ("amounts", "over 90 minutes", section("Long (48 min)", f"![{tiny.ALT}](02-tiny.ipynb)\n" * 159 + "End.")),
    ("amounts", "13 teaching cells", more(*["x = 1"] * 12), takes("sum", 46)),
    ("amounts", "three panels", more(*["panels.Window()"] * 2), takes("sum", 44)),
    ("amounts", "five tasks and games", more("panels.AGame()", "panels.BGame()"), takes("sum", 50)),
    ("amounts", "one task at home", remove("task-kernel"), remove("task-kernel-solution"), takes("home", 12)),
    ("amounts", "three predictions", remove("predict-d"), takes("sum", 32)),
    ("amounts", "one task with code", update("task-draw-solution", source=FOLD), takes("home", 12)),
    ("amounts", "16 words in bold", section("Bold (0 min)", " ".join(f"**new {k}**" for k in "abcdef"))),
    ("amounts", "a long opening", source("title", "sum?", "sum?" + " word" * 120), takes("start", 10)),
    ("minutes", "too few", takes("touch", 2)),
    ("minutes", "none", source("touch", " (5 min)", "")),
    ("frame", "no warm-up", update("warm-up", source="x = 1"), takes("start", 6)),
    ("frame", "a formula first", source("touch", "window.", "window.\n\n$$R$$")),
    ("frame", "no talk", source("talk", "Talk about it (5 min)", "Think about it (0 min)")),
    ("frame", "a talk without an answer", source("talk", "<details><summary>An answer</summary>\n\nBecause.", "")),
    ("frame", "no results", update("results", source="x = 1")),
    ("frame", "no ten words", update("words", source="x = 1")),
    ("frame", "no further notebooks", update("further", source="x = 1")),
    ("frame", "an unknown question", source("predict-a", "sum-a", "sum-x")),
    ("task_solutions", "not folded", update("task-hand-solution", source="```python\nanswer = 2\n```")),
    ("task_solutions", "no code", source("task-hand-solution", "```python", "```text")),
    ("task_solutions", "missing", remove("task-hand-solution")),
    ("task_solutions", "no Python", source("task-hand-solution", "answer = 2", "answer is 2!")),
    ("task_solutions", "indented, but nothing above it", source("task-hand-solution", "answer", "    answer")),
    ("task_solutions", "answered", source("task-hand", "...", "2")),
    ("named_numbers", "True", prints("right: True\n")),
    ("named_numbers", "many truth values", prints("[[ True False]]\n")),
    ("named_numbers", "yes", prints("same: yes\n")),
    ("named_numbers", "no difference", prints("difference: 0.0\n")),
    ("named_numbers", "a number alone", prints("sum: 5\n3\n")),
    ("named_numbers", "numbers alone", prints("14 19 6 8\n")),
    ("named_numbers", "a size alone", output("sum-shown", output_type="stream", text="510 x 510\n")),
    ("words", "not in bold", source("sum", "**kernel**", "kernel")),
    ("words", "of another lesson", source("talk", "Why?", "Why a **stride**?")),
    ("symbols", "a letter", source("sum", "R =", "Q =")),
    ("symbols", "a Greek letter", source("task-hand-solution", "2.", "$\\beta$.")),
]  # fmt: skip


@pytest.mark.parametrize(("gate", "why", "changes"), [(gate, why, changes) for gate, why, *changes in BAD])
def test_a_bad_lesson_is_refused_by_its_gate_alone(gate, why, changes, tmp_path):
    assert refused_by(made(tmp_path, *changes)) == {gate}, why


def test_every_gate_has_refused_something():
    assert {gate.__name__ for gate in lesson_form.GATES} <= {gate for gate, *_change in BAD}


@pytest.mark.parametrize(
    "text", ["", "A: [0 1 2]\n[[1 2]\n [3 4]]\nsize: 2 x 2\n", "yes: 3 of 4\n", "difference: 0.5\n"]
)
def test_the_tiny_lesson_passes_and_may_print_arrays_and_names(text, tmp_path):
    assert findings(made(tmp_path, prints(text))) == []


def test_a_further_notebook_has_bounds_of_its_own(tmp_path):
    smaller = [remove("task-slide"), remove("task-slide-solution"), remove("game"), takes("sum", 14)]
    smaller += [takes("start", 4), source("sum", "**kernel**", "kernel")]
    longer = [more(*["x = 1"] * 5), takes("sum", 19)]
    smaller += [source("title", "a sum?", "a sum in [lesson 2](../02-tiny.ipynb)?")]
    assert findings(made(tmp_path / "good", *smaller, name="further/02-tiny")) == []
    assert refused_by(made(tmp_path / "alone", *smaller[:-1], name="further/02-tiny")) == {"frame"}
    assert refused_by(made(tmp_path / "long", *smaller, *longer, name="further/02-tiny")) == {"amounts"}


def test_a_lesson_is_read_and_its_minutes_are_said(tmp_path, capsys):
    path = str(made(tmp_path, more('panels.Window("a")'), takes("sum", 39)).path)
    assert lesson_tool.main(["minutes", path]) == lesson_tool.main(["read", path]) == 0
    said = capsys.readouterr().out
    assert "  38 min    35 words  One sum (39 min)\n" in said
    assert "  18 min    19 words  at home\n" in said
    assert '```python\nquestions.predict("sum-a")\n```\n\n[question]\nWhat is the sum?\n- 2\n' in said
    assert "```output\nsum: 5\n```" in said
    lesson_tool.main(["read", "--workbook", path])
    assert "sum: 5" not in capsys.readouterr().out


def test_a_solution_stands_in_place_of_what_is_open(tmp_path):
    lesson = made(tmp_path, source("task-slide-solution", "answer = 2", "    half = 1\n    return half"))
    whole, piece = (lesson_form.solved(lesson, lesson.by_id(name)) for name in ("task-draw", "task-slide"))
    assert whole == "photo = 3\n\ndef draw(photo):\n    return photo\ndraw = checks.draw(draw)"
    assert piece == "def slide(image):\n    half = 1\n    return half\nslide = checks.slide(slide)"


def test_each_symbol_of_the_course_has_one_row():
    rows = re.findall(r"^\| (.*?) \| (.*?) \| (\d) \|$", read_text(words.COURSE / "docs" / "symbols.md"), re.MULTILINE)
    assert len(rows) == len({symbol for symbol, _meaning, _lesson in rows}) > 20


def test_the_examples_of_the_form_hold():
    result = doctest.testmod(lesson_form)
    assert result.attempted > result.failed == 0
