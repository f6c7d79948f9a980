"""From a key press to new pixels on the screen, in JupyterLab: our panels beside the same picture by `interact`.

Run `python benchmarks/browser.py`; it needs Chromium. The page has the filter bench (a photo of 512 x 512, its result,
kernel, pixels and products), the sliding window (grids of numbers), and what every tutorial does: the same pictures by
`interact` and pyplot. A list, a grid or a slider gets the focus, an arrow key is pressed, and the page itself notes the
time from the key event to the first painted frame that shows the new picture. All in one run.
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
    "import numpy as np\nfrom lessons_lib import data, filtering\nfrom lessons_lib.filtering import panels",
    "panels.FilterBench('camera', 'mean')",
    "panels.SlidingWindow()",
    """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import interact
photo, small = data.load("camera"), data.load("picture-f")
def numbers(axes, values):
    axes.imshow(values, cmap="gray")
    for (row, column), value in np.ndenumerate(values):
        axes.text(column, row, f"{value:.3g}", ha="center", va="center", color="red")
""",
    """@interact(name=list(filtering.KERNELS))
def bench(name):
    kernel = filtering.KERNELS[name]
    result = filtering.correlate(photo, kernel, border="reflect")
    figure, axes = plt.subplots(2, 3, figsize=(11, 8))
    axes[0, 0].imshow(photo, cmap="gray")
    axes[0, 1].imshow(result, cmap="gray")
    pixels, products = filtering.terms_of_sum(photo, kernel, 222, 303, "reflect")
    for place, values in zip(axes[1], (kernel, pixels, products)):
        numbers(place, values)
    plt.show()
""",
    """@interact(column=(0, 7))
def window(column=0):
    kernel = filtering.KERNELS["mean"]
    result = filtering.correlate(small, kernel)
    figure, axes = plt.subplots(1, 4, figsize=(14, 4))
    pixels, products = filtering.terms_of_sum(small, kernel, 0, column)
    result[0, column + 1:] = result[1:] = np.nan
    for place, values in zip(axes, (small, result, kernel, products)):
        numbers(place, values)
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
        `what`, `kind` ("grid" or "photo"), `median`, `slowest`, `usual` (the median of `interact`), and `ratio`,
        which is `usual` divided by `median`.
    """
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "speed.ipynb")
        with lab.lab(folder) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.of_students(), args=lab.CHROMIUM_FLAGS)
            page = browser.new_page(viewport={"width": 1400, "height": 1600})
            page.add_init_script(f"({CLOCK})()")
            lesson = lab.Lesson(page, address, "speed.ipynb")
            lesson.run_all()
            pairs = [
                (_photo(lesson.panel(0), presses), _interact(page, -2, "select", LIST, presses)),
                (_grid(lesson.panel(1), presses), _interact(page, -1, ".noUi-handle", WALK, presses)),
            ]
            browser.close()
    return [row | {"usual": usual["median"], "ratio": usual["median"] / row["median"]} for row, usual in pairs]


def _photo(panel, presses):
    """The kernel, chosen in the list: the whole photo is filtered anew."""
    result = panel.grid("result")
    return _row("filter bench, 512 x 512", "photo", panel.page, result.root, panel.dropdown(1), presses, LIST)


def _grid(panel, presses):
    """The window on F, by the arrow keys: the sentence's grids come back from Python."""
    output = panel.grid("result")
    first = panel.grids()[0]
    return _row("sliding window, 10 x 10", "grid", panel.page, output.root, first.board, presses, WALK)


def _interact(page, cell, control, keys, presses):
    area = page.locator(".jp-CodeCell").nth(cell)
    area.scroll_into_view_if_needed()
    area.locator(".jp-OutputArea").first.evaluate(WATCH_PICTURES)
    focus = area.locator(control).first
    # Without this JupyterLab takes the arrow key for itself and nothing happens at all.
    focus.evaluate("(node) => { node.dataset.lmSuppressShortcuts = 'true'; }")
    return _row("interact", "usual", page, None, focus, presses, keys)


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
        print(f"{row['what']:30} {times}, interact {row['usual']:6.1f} ms: {row['ratio']:.1f} times as long")
