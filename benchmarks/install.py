"""How long `make lab` takes the first time, how much it keeps, and how soon it opens later.

It needs a network and Chromium. A fresh clone of the last commit is set up with
empty caches, and JupyterLab is started in it twice. The first time a browser opens the first lesson and runs it, until
its first figure is on the screen. The seconds depend most on the way to the package registry.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "tools")]
import chromium  # noqa: E402 (found only now)
import lab  # noqa: E402

# Seconds to the first figure on the first start, and to JupyterLab on a later one.
FIRST, LATER = 180, 5
PATIENCE = 900
LESSON = "en/01-images.ipynb"
# The lesson's file has the pictures of an earlier run: only one that comes now counts.
NEW_PICTURE = """() => {
    window.pictures = 0;
    new MutationObserver((records) => {
        for (const record of records) for (const node of record.addedNodes) {
            const image = node.tagName === "IMG" ? node : node.querySelector?.("img");
            if (image) image.decode().then(() => { window.pictures += 1; });
        }
    }).observe(document.querySelector(".jp-Notebook"), { childList: true, subtree: true });
}"""


def measure():
    """Seconds to JupyterLab's `first` page, to the lesson's `figure`, and `later`; MB `installed` and `cloned`."""
    with tempfile.TemporaryDirectory() as place:
        course, cache = Path(place) / "course", Path(place) / "cache"
        subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{ROOT}", course], check=True)
        cloned = megabytes(course) - megabytes(course / ".git")
        environment = os.environ | {"UV_CACHE_DIR": str(cache), "PIP_NO_CACHE_DIR": "1", "UV_LINK_MODE": "copy"}
        start = time.perf_counter()
        with serving(course, environment) as address:
            first = time.perf_counter() - start
            wait_for_figure(address)
            figure = time.perf_counter() - start
        start = time.perf_counter()
        with serving(course, environment):
            later = time.perf_counter() - start
        installed = megabytes(course / ".venv")
        return {"first": first, "figure": figure, "later": later, "installed": installed, "cloned": cloned}


@contextlib.contextmanager
def serving(course, environment):
    """Run `course.py lab`, which is `make lab`; yields the address when the first page has come."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "tools/course.py", "lab", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
        "--IdentityProvider.token=",
    ]  # fmt: skip
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=course, env=environment, start_new_session=True, **silent)
    try:
        _wait(f"http://127.0.0.1:{port}/lab")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _wait(page):
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        try:
            urllib.request.urlopen(page, timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"JupyterLab did not answer within {PATIENCE} s")


def wait_for_figure(address):
    """Open the first lesson in a browser, run it, and wait for its first picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.of_students(), args=lab.CHROMIUM_FLAGS)
        page = browser.new_page()
        lesson = lab.Lesson(page, address, LESSON)
        page.evaluate(NEW_PICTURE)
        lesson.start_all()
        page.wait_for_function("pictures > 0", timeout=1000 * PATIENCE)
        browser.close()


def megabytes(folder):
    """What the files below a folder hold, links not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 1e6
