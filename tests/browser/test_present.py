"""`make present`: a lesson's panels on a page without code, as in the lesson, from this machine alone.

The lessons that train networks run the same cells in `pytest --nbval`, and are left out here for their time.
"""

import contextlib
import re
import sys
from types import SimpleNamespace
from urllib.parse import urlsplit

import lab
import pytest

import formatting
import notebooks
import present

LESSONS = [path for path in notebooks.lessons("en") if notebooks.is_quick(path) and path.parent.name != "further"]
# How many cells of the page have begun to run, and how many show a panel or questions.
GONE_SO_FAR = """() => ['[cell-index]', '.jp-OutputArea-output:has(.lesson-panel, .lesson-question)']
    .map((one) => document.querySelectorAll(one).length)"""


@contextlib.contextmanager
def presented(path, browser, home, width=1280):
    """The page of a lesson once its last panel is there, and what went wrong: errors, and requests to other hosts."""
    command = [sys.executable, notebooks.ROOT / "tools" / "present.py", path, "--no-browser"]
    with lab.serving(command, home) as address:
        page = browser.new_page(viewport={"width": width, "height": 1000})
        problems = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: problems.append(request.url) if elsewhere(request.url) else None)
        try:
            page.goto(address, wait_until="commit")
            lab.while_it_goes_on(lambda: page.evaluate(GONE_SO_FAR), lambda found: found[1] >= len(shown(path)))
            yield page, problems
        finally:
            page.close()


def elsewhere(url):
    return urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).hostname != "127.0.0.1"


def shown(path):
    """The cells of a lesson that the page shows."""
    return [cell for cell in formatting.read(path).cells if cell.cell_type == "code" and present.shows_panel(cell)]


def sentences(path):
    """What each panel says in the lesson's file."""
    panels = [cell for cell in shown(path) if "questions." not in cell.source]
    return [cell.outputs[-1].data["text/plain"] for cell in panels]


@pytest.fixture(scope="module", params=LESSONS, ids=lambda path: path.stem)
def presentation(request, browser, tmp_path_factory):
    with presented(request.param, browser, tmp_path_factory.mktemp("home")) as (page, problems):
        found = page.locator("css:light=.lesson-panel").all()
        panels = [lab.PanelOnPage(SimpleNamespace(page=page), one) for one in found]
        yield SimpleNamespace(path=request.param, page=page, panels=panels, problems=problems)


def test_the_page_shows_every_panel_as_the_lesson_does_and_nothing_else(presentation):
    path, page, panels = presentation.path, presentation.page, presentation.panels
    for panel, expected in zip(panels, sentences(path), strict=True):
        assert panel.reads(expected, seconds=20) == expected
    assert page.locator("h1").inner_text().startswith(f"{int(path.stem[:2])}. ")
    assert page.locator(".jp-CodeCell .jp-InputArea, .highlight").count() == 0
    # Nothing that a cell prints or draws beside a panel.
    assert page.locator(".jp-OutputArea-output").count() == len(shown(path))
    assert presentation.problems == []


@pytest.mark.parametrize("presentation", [path for path in LESSONS if path.stem == "03-matching"], indirect=True)
def test_a_panel_answers_to_a_key(presentation):
    page, panel = presentation.page, presentation.panels[0]
    panel.reads("13 of 81 cells are white.", "your board scores 81/81")
    panel.grid("your board").press(4, 4)
    panel.reads("12 of 81 cells are white.", "your board scores 79/81")
    panel.grid("your board").keys("ArrowLeft", "Space")
    panel.reads("13 of 81 cells are white.", "your board scores 77/81")
    headings = page.locator("h1, h2, h3").all_inner_texts()
    assert len(headings) == len(set(headings)) > len(presentation.panels)
    assert presentation.problems == []


def test_another_host_would_be_noticed():
    assert elsewhere("https://cdn.example/font.css")
    assert not any(elsewhere(url) for url in ("http://127.0.0.1:8866/voila", "data:text/css,", "blob:null/1"))
    assert re.search("jsdelivr|cdnjs", (present.TEMPLATES / "voila/templates/lesson/index.html.j2").read_text()) is None
