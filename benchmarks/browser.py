"""From a key press to new pixels on the screen, in JupyterLab: our panels beside the same picture by `interact`.

Run `python benchmarks/browser.py`; it needs Chromium. One page holds three notebooks' worth of cells: the filter bench
(a photo of 512 x 512 and its result), the sliding window (grids of numbers), and what every tutorial does: `interact`
with three pyplot pictures. A list of kernels or a grid gets the focus, an arrow key is pressed, and the page itself
notes the time from the key event to the first painted frame that shows the new picture. All in one run.
"""

import json
import sys
import tempfile
from pathlib import Path
from statistics import median

import nbformat

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))
import chromium  # noqa: E402 (found only now)
import lab  # noqa: E402

PRESSES = 24
LIMITS = {"grid": 60, "photo": 100}
LIST = ["ArrowDown"] * 4 + ["ArrowUp"] * 4
WALK = ["ArrowRight"] * 4 + ["ArrowLeft"] * 4
CELLS = [
    "from lessons_lib import explorers, filtering, data\nimport numpy as np",
    "explorers.filtering.FilterBench('camera', 'mean')",
    "explorers.filtering.SlidingWindow()",
    """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import interact
photo = data.load("camera")
@interact(name=list(filtering.KERNELS))
def picture(name):
    kernel = filtering.KERNELS[name]
    result = filtering.correlate(photo, kernel, border="reflect")
    figure, axes = plt.subplots(1, 3, figsize=(13, 4.5), dpi=100)
    axes[0].imshow(photo, cmap="gray")
    axes[1].imshow(kernel, cmap="gray")
    axes[2].imshow(result, cmap="gray")
    plt.show()
""",
]
# The page's own clock: a key starts it, and it stops in the task after the frame in which `changed` was called.
CLOCK = """() => {
    window.clock = { start: null, times: [], watched: null };
    document.addEventListener("keydown", () => { clock.start = performance.now(); }, true);
    // The first task after a frame's callbacks comes when that frame is painted.
    const painted = (start) => setTimeout(() => clock.times.push(performance.now() - start), 0);
    window.changed = (inFrame) => {
        if (clock.start === null) return;
        const start = clock.start;
        clock.start = null;
        if (inFrame === true) painted(start);
        else requestAnimationFrame(() => painted(start));
    };
    const draw = CanvasRenderingContext2D.prototype.drawImage;
    let last = null;
    CanvasRenderingContext2D.prototype.drawImage = function (...rest) {
        const answer = draw.apply(this, rest);
        if (clock.watched && clock.watched.contains(this.canvas)) {
            // The same pixels are drawn again when only the selection moved; new pixels came from Python.
            if (rest[0] !== last) window.changed(true);
            last = rest[0];
        }
        return answer;
    };
}"""
WATCH_PICTURES = """(area) => {
    new MutationObserver((records) => {
        for (const record of records) for (const node of record.addedNodes) {
            const image = node.querySelector?.("img") ?? (node.tagName === "IMG" ? node : null);
            if (image) image.decode().then(window.changed, window.changed);
        }
    }).observe(area, { childList: true, subtree: true });
}"""


def measure(presses=PRESSES):
    """Milliseconds from key press to pixels.

    Parameters
    ----------
    presses : int
        How many keys are pressed for each way.

    Returns
    -------
    list of dict
        `what`, `kind` ("grid" or "photo"), `median`, `slowest`, and `ratio`, the time of `interact` divided by it.
    """
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "speed.ipynb")
        with lab.lab(folder) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(chromium.find()), args=lab.CHROMIUM_FLAGS)
            page = browser.new_page(viewport={"width": 1400, "height": 1600})
            page.add_init_script(f"({CLOCK})()")
            lesson = lab.Lesson(page, address, "speed.ipynb")
            lesson.run_all()
            rows = [
                _photo(lesson.panel(0), presses),
                _grid(lesson.panel(1), presses),
                _interact(page, presses),
            ]
            browser.close()
    usual = rows[-1]["median"]
    return [row | {"ratio": usual / row["median"]} for row in rows]


def _photo(panel, presses):
    """The kernel, chosen in the list: the whole photo is filtered anew."""
    result = panel.grid("result")
    return _row("filter bench, 512 x 512", "photo", panel.page, result.root, panel.dropdown(1), presses, LIST)


def _grid(panel, presses):
    """The window on F, by the arrow keys: the sentence's grids come back from Python."""
    output = panel.grid("result")
    first = panel.grids()[0]
    return _row("sliding window, 10 x 10", "grid", panel.page, output.root, first.board, presses, WALK)


def _interact(page, presses):
    area = page.locator(".jp-CodeCell").last
    area.scroll_into_view_if_needed()
    area.locator(".jp-OutputArea").first.evaluate(WATCH_PICTURES)
    choice = area.locator("select").first
    # Without this JupyterLab takes the arrow key for itself and nothing happens at all.
    choice.evaluate("(list) => { list.dataset.lmSuppressShortcuts = 'true'; }")
    return _row("interact + pyplot, 512 x 512", "usual", page, None, choice, presses, LIST)


def _row(what, kind, page, watched, focus, presses, keys):
    page.evaluate("() => { clock.times.length = 0; clock.watched = null; clock.start = null; }")
    if watched is not None:
        watched.evaluate("(node) => { clock.watched = node; }")
    focus.focus()
    for number in range(presses):
        page.keyboard.press(keys[number % len(keys)])
        page.wait_for_function(f"clock.times.length >= {number + 1}", timeout=30_000)
        page.wait_for_timeout(120)
    times = json.loads(page.evaluate("JSON.stringify(clock.times)"))[2:]
    return {"what": what, "kind": kind, "median": median(times), "slowest": max(times)}


if __name__ == "__main__":
    for row in measure():
        times = f"median {row['median']:6.1f} ms, slowest {row['slowest']:6.1f}"
        print(f"{row['what']:30} {times}, interact takes {row['ratio']:.1f} times as long")
