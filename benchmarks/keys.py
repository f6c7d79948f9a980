"""From a key press to new pixels for every panel, in JupyterLab and on a page, beside its still picture by `interact`.

JupyterLab shows each panel, below the lesson's cells that it stands on, and then the picture that the panel leaves in
a notebook's file, drawn anew by `interact` for each key. In the panel the first grid, slider or list whose keys change
the sentence gets the focus. The browser's clock starts with the key. It stops when the frame after the new sentence
(which comes last, behind the grids), or after the new picture, is painted.
"""

import json
import re
import sys
import tempfile
from pathlib import Path
from statistics import median

import nbformat
import panels
from playwright.sync_api import TimeoutError, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "tools")]
import chromium  # noqa: E402 (found only now)
import lab  # noqa: E402

import make_site  # noqa: E402
import notebooks  # noqa: E402
import present  # noqa: E402

PRESSES = 11
# A frame of the browser lasts 17 ms, and the way from the page to the kernel and back 15.
LIMITS = {"grid": 60, "photo": 100, "chart": 100, "network": 100}
# A button moves what no other control does.
CONTROLS = [".lesson-grid-board", ".noUi-handle", "select", "button:not(:disabled)"]
KEYS = [
    ("ArrowRight", "ArrowLeft"), ("ArrowLeft", "ArrowRight"), ("ArrowDown", "ArrowUp"), ("ArrowUp", "ArrowDown"),
    ("Space", "Space"),
]  # fmt: skip
IMPORTS = """%matplotlib inline
from ipywidgets import interact
from IPython.display import display"""
# What the lesson's own cells print and draw would only push the panels apart.
SILENT = "%%capture\n{cell}"
OWN = "{name} = {call}\n{name}"
USUAL = """@interact(step=(0, 9))
def usual(step=4):
    display({name}.still())"""
CLOCK = """() => {
    window.clock = { start: null, times: [] };
    document.addEventListener("keydown", () => { clock.start = performance.now(); }, true);
    const stop = () => {
        const start = clock.start;
        if (start === null) return;
        clock.start = null;
        // The first task after a frame's callbacks comes when that frame is painted.
        requestAnimationFrame(() => setTimeout(() => clock.times.push(performance.now() - start), 0));
    };
    window.watchText = (area) => new MutationObserver(stop)
        .observe(area, { childList: true, subtree: true, characterData: true });
    window.watchPictures = (area) => new MutationObserver((records) => {
        for (const record of records) for (const node of record.addedNodes) {
            const image = node.tagName === "IMG" ? node : node.querySelector?.("img");
            if (image) image.decode().then(stop, stop);
        }
    }).observe(area, { childList: true, subtree: true });
}"""


def measure(presses=PRESSES):
    """One dict for each panel: milliseconds, `median`, `slowest`, `usual` (by `interact`), `page` (None if on none)."""
    kinds = {name: panels.kind_of(name, panel) for _lesson, name, panel in panels.panels()}
    lessons = {}
    for lesson, name, cells, call in panels.calls():
        lessons.setdefault(lesson, []).append((name, cells, call))
    rows = []
    with tempfile.TemporaryDirectory() as folder, lab.lab(Path(folder)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.of_students(), args=lab.CHROMIUM_FLAGS)
        for lesson, made in lessons.items():
            page = browser.new_page(viewport={"width": 1400, "height": 1600})
            page.add_init_script(f"({CLOCK})()")
            path, places = _notebook(Path(folder), lesson, made)
            opened = lab.Lesson(page, address, path)
            opened.run_all()
            for name, place in places.items():
                kind, cells = kinds[name], page.locator(".jp-CodeCell")
                own = _own(page, cells.nth(place).locator(".lesson-panel"), presses)
                usual = _usual(page, cells.nth(place + 1), presses)
                rows.append({
                    "lesson": lesson, "panel": name, "kind": kind, "limit": LIMITS[kind],
                    "median": median(own), "slowest": max(own),
                    "usual": median(usual),
                })  # fmt: skip
            page.close()
            lab.stop_kernels(address)
        on_pages = _on_pages(browser, presses)
        browser.close()
    return [row | {"page": on_pages.get(row["panel"])} for row in rows]


def _on_pages(browser, presses):
    """The median of each panel where a lesson's page has it first."""
    found = {}
    with make_site.host() as address:
        for path in notebooks.lessons("en"):
            code = make_site.pages.Lesson(path).code
            runs, page = make_site.pages.runs(code), browser.new_page(viewport={"width": 1400, "height": 1600})
            page.add_init_script(f"({CLOCK})()")
            page.goto(f"{address}{make_site.pages.address(path)}/")
            for cell in code:
                name = re.search(r"panels\.(\w+)\([^\n]*$", cell.source)
                if name and name[1] not in found and cell.id in runs and present.shows_panel(cell):
                    page.locator(f"#{cell.id} .touch").click()
                    panel = page.locator(f"#{cell.id}.alive .lesson-panel")
                    panel.locator(".lesson-sentence").first.wait_for(timeout=180_000)
                    found[name[1]] = median(_own(page, panel.first, presses))
            page.close()
    return found


def _notebook(folder, lesson, made):
    """A notebook with each panel and, below it, its picture by `interact`; and in which cell each panel is."""
    sources, places = [IMPORTS], {}
    for name, cells, call in made:
        silent = [SILENT.format(cell=cell) for cell in cells]
        # What two panels stand on is run once.
        sources += [cell for cell in silent if cell not in sources]
        places[name] = len(sources)
        sources += [OWN.format(name=name, call=call), USUAL.format(name=name)]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / f"{lesson}.ipynb")
    return f"{lesson}.ipynb", places


def _own(page, panel, presses):
    """The times of the first control of a panel that answers to an arrow key."""
    panel.locator(".lesson-sentence").evaluate("(area) => watchText(area)")
    for control in CONTROLS:
        for focus in panel.locator(control).all():
            focus.scroll_into_view_if_needed()
            focus.focus()
            for there, back in KEYS:
                if all(_press(page, key, seconds=1) for key in (there, back)):
                    return _times(page, [there, back], presses)
    raise RuntimeError(f"no control answers to an arrow key: {panel.locator('.lesson-sentence').inner_text()}")


def _usual(page, cell, presses):
    """The times of `interact`."""
    focus = cell.locator(".noUi-handle").first
    focus.scroll_into_view_if_needed()
    # Without this JupyterLab takes the arrow key for itself and nothing happens at all.
    focus.evaluate("(node) => { node.dataset.lmSuppressShortcuts = 'true'; }")
    cell.locator(".jp-OutputArea").first.evaluate("(area) => watchPictures(area)")
    focus.focus()
    return _times(page, ["ArrowRight", "ArrowLeft"], presses)


def _times(page, keys, presses):
    page.evaluate("() => { clock.times.length = 0; }")
    for number in range(presses):
        if not _press(page, keys[number % 2], seconds=20):
            raise RuntimeError(f"{keys[number % 2]}, key {number + 1}, had no answer")
        page.wait_for_timeout(120)
    # The first makes what the others find ready.
    return json.loads(page.evaluate("JSON.stringify(clock.times)"))[1:]


def _press(page, key, seconds):
    """Press a key; whether a new picture was painted in time."""
    before = page.evaluate("() => { clock.start = null; return clock.times.length; }")
    page.keyboard.press(key)
    try:
        page.wait_for_function("before => clock.times.length > before", arg=before, timeout=1000 * seconds)
    except TimeoutError:
        return False
    return True
