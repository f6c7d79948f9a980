"""The instructor's page: every call works and says what is promised; what is quoted stands in the lessons."""

import ast
import builtins
import inspect
import re

import pytest

import notebooks
import solutions
from formatting import ROOT
from lessons_lib import explorers
from lessons_lib.explorers.panel import Panel

PAGE = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
PARTS = dict(re.findall(r"^## Lesson (\d): [^\n]*\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
LESSONS = {path.name[1]: path for path in notebooks.lessons("en")}
CALLS = [
    (number, *row)
    for number, part in PARTS.items()
    for row in re.findall(r"^\| [^|]+ \| `(explorers\.[^`]+)` \| ([^|]+) \|$", part, re.MULTILINE)
]


def plain(text):
    return re.sub(r"[\s>]+", " ", text)


@pytest.mark.parametrize(("number", "call", "says"), CALLS, ids=[call[:60] for _number, call, _says in CALLS])
@pytest.mark.no_cover
def test_a_call_says_what_the_page_promises(number, call, says):
    names = {node.id for node in ast.walk(ast.parse(call)) if isinstance(node, ast.Name)} - {"explorers"}
    if says != "needs the lesson's cells":
        assert says in eval(call, {"explorers": explorers}).sentence
        assert not names
        return
    # What it is given comes from the lesson; here, that the lesson makes such names and that the panel takes the rest.
    code = "\n".join(cell.source for cell in solutions.lesson(LESSONS[number]).code)
    made = {
        node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    assert names - set(dir(builtins)) <= made
    tree = ast.parse(call, mode="eval").body
    starred = sum(isinstance(argument, ast.Starred) for argument in tree.args)
    given = [None] * (len(tree.args) + starred)
    panel = eval(ast.unparse(tree.func), {"explorers": explorers})
    inspect.signature(panel).bind(*given, **dict.fromkeys(word.arg for word in tree.keywords))


def test_every_explorer_has_a_call():
    modules = [vars(explorers)[path.stem[3:]] for path in LESSONS.values()]
    public = {
        f"{module.__name__.removeprefix('lessons_lib.')}.{name}"
        for module in modules
        for name, value in vars(module).items()
        if inspect.isclass(value) and issubclass(value, Panel) and value is not Panel and not name.startswith("_")
    }
    assert {call.split("(")[0] for _number, call, _says in CALLS} == public


@pytest.mark.parametrize("number", LESSONS)
class TestLesson:
    def test_the_plan_names_sections_and_takes_ninety_minutes(self, number):
        rows = re.findall(r"^\| (\d+) \| ([^|]+) \|", PARTS[number], re.MULTILINE)
        assert sum(int(minutes) for minutes, _section in rows) == 90
        sections = [title for _cell, level, title in solutions.lesson(LESSONS[number]).headings if level == 2]
        named = [section for _minutes, section in rows]
        assert [section for section in sections if section in named] == named

    def test_what_is_quoted_stands_in_the_lesson_or_its_checks(self, number):
        lesson = solutions.lesson(LESSONS[number])
        checks = (ROOT / "lessons_lib" / "checks" / f"{lesson.path.stem[3:]}.py").read_text(encoding="utf-8")
        strings = [node.value for node in ast.walk(ast.parse(checks)) if isinstance(node, ast.Constant)]
        there = plain(
            "\n".join([cell.source for cell in lesson.markdown] + [text for text in strings if isinstance(text, str)])
        )
        quoted = re.findall("“([^”]+)”", PARTS[number])
        assert len(quoted) >= 5
        assert [text for text in quoted if plain(text) not in there] == []


def test_every_lesson_has_its_part():
    assert list(PARTS) == list(LESSONS)
