"""The instructor's page: every call works and says what is promised; what is quoted stands in the lessons."""

import ast
import builtins
import importlib
import inspect
import re

import pytest

import notebooks
import solutions
from formatting import read_text
from lessons_lib.widgets.panel import Panel
from notebooks import ROOT

PAGE = read_text(ROOT / "docs" / "teaching.md")
PARTS = dict(re.findall(r"^## Lesson (\d): [^\n]*\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
LESSONS = {path.name[1]: path for path in notebooks.lessons("en") if path.parent.name != "further"}
CALLS = [
    (number, *row)
    for number, part in PARTS.items()
    for row in re.findall(r"^\| [^|]+ \| `(panels\.[^`]+)` \| ([^|]+) \|$", part, re.MULTILINE)
]


def panels(number):
    return importlib.import_module(f"lessons_lib.{LESSONS[number].stem[3:]}.panels")


def plain(text):
    return re.sub(r"[\s>]+", " ", text)


@pytest.mark.parametrize(("number", "call", "says"), CALLS, ids=[call[:60] for _number, call, _says in CALLS])
def test_a_call_says_what_the_page_promises(number, call, says):
    names = {node.id for node in ast.walk(ast.parse(call)) if isinstance(node, ast.Name)} - {"panels"}
    if says != "needs the lesson's cells":
        assert says in eval(call, {"panels": panels(number)}).sentence
        assert not names
        return
    # What it is given comes from the lesson or its further notebooks; here, that these make such names, and that the
    # panel takes the rest.
    paths = [path for path in notebooks.lessons("en") if path.name[1] == number]
    code = ast.parse("\n".join(cell.source for path in paths for cell in solutions.lesson(path).code))
    made = {node.id for node in ast.walk(code) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    assert names - set(dir(builtins)) <= made
    tree = ast.parse(call, mode="eval").body
    starred = sum(isinstance(argument, ast.Starred) for argument in tree.args)
    given = [None] * (len(tree.args) + starred)
    panel = eval(ast.unparse(tree.func), {"panels": panels(number)})
    inspect.signature(panel).bind(*given, **dict.fromkeys(word.arg for word in tree.keywords))


@pytest.mark.parametrize("number", LESSONS)
def test_every_panel_of_a_lesson_has_a_call(number):
    public = {
        name
        for name, value in vars(panels(number)).items()
        if inspect.isclass(value) and issubclass(value, Panel) and value is not Panel and not name.startswith("_")
    }
    assert {re.match(r"panels\.(\w+)", call)[1] for part, call, _says in CALLS if part == number} == public


@pytest.mark.parametrize("number", LESSONS)
def test_the_plan_names_sections_in_their_order(number):
    named = re.findall(r"^\| (\d+) \| ([^|]+) \|", PARTS[number], re.MULTILINE)
    lesson = solutions.lesson(LESSONS[number])
    sections = [title for _cell, level, title in lesson.headings if level == 2]
    named = [f"{title} ({minutes} min)" for minutes, title in named]
    assert [section for section in sections if section in named] == named


@pytest.mark.parametrize("number", LESSONS)
def test_what_is_quoted_stands_in_the_lesson_or_its_checks(number):
    lesson = solutions.lesson(LESSONS[number])
    package = [
        *(ROOT / "lessons_lib" / lesson.slug).glob("*checks.py"),
        ROOT / "lessons_lib" / lesson.slug / "questions.py",
    ]
    trees = [ast.parse(read_text(path)) for path in package]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    strings = [node.value for node in nodes if isinstance(node.value, str)]
    there = plain("\n".join([cell.source for cell in lesson.markdown] + strings))
    assert [text for text in re.findall("“([^”]+)”", PARTS[number]) if plain(text) not in there] == []


def test_every_lesson_has_its_part():
    assert list(PARTS) == list(LESSONS)
