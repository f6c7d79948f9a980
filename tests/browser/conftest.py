"""One JupyterLab and one browser for all browser tests; a page, and so a kernel, for each module."""

import os

import lab
import nbformat
import pytest
from chromium import find
from playwright.sync_api import sync_playwright
from stage import BEGIN, Stage

MISSING = (
    "no Chromium, Chrome or Edge was found; install one (Debian: apt install chromium) or name it in COURSE_CHROMIUM"
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("course")


@pytest.fixture(scope="session")
def browser():
    path = find()
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(path), args=lab.CHROMIUM_FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def address(folder, browser):
    with lab.lab(folder) as served:
        yield served


@pytest.fixture(scope="module")
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, has_touch=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def open_lesson(page, address, folder):
    """Open a lesson by name, such as "02-filtering", run it, and close its kernel afterwards."""
    opened = []

    def open_and_run(name):
        lab.copy_notebook(name, folder)
        lesson = lab.Lesson(page, address, f"en/{name}.ipynb")
        lesson.run_all()
        opened.append(lesson)
        return lesson

    yield open_and_run
    for lesson in opened:
        assert lesson.errors == []
    lab.stop_kernels(address)


@pytest.fixture(scope="module")
def open_code(page, address, folder):
    """Open a notebook made of the given code cells and run it."""

    def open_and_run(*sources):
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), folder / "code.ipynb")
        lesson = lab.Lesson(page, address, "code.ipynb")
        lesson.run_all()
        return lesson

    yield open_and_run
    lab.stop_kernels(address)


@pytest.fixture(scope="module")
def stage(open_code, folder):
    """All panels, one at a time, in one cell: JupyterLab itself keeps some listeners for each cell at each save."""
    opened = Stage(open_code(BEGIN), folder / "home" / "runtime")
    yield opened
    opened.kernel.stop_channels()
