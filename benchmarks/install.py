"""How long `make lab` takes the first time, how much it keeps, and how soon it opens later.

Run `python benchmarks/install.py`; it needs a network. A fresh clone of the last commit is set up with empty caches,
and JupyterLab is started in it twice. The seconds depend most on the way to the package registry.
"""

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

ROOT = Path(__file__).resolve().parent.parent
# Seconds to the first lesson on the first start, and on a later one.
FIRST, LATER = 180, 5
PATIENCE = 900


def measure():
    """The first start and a later one.

    Returns
    -------
    dict
        `first` and `later`, seconds from the command to JupyterLab's first page; `installed` and `cloned`, in MB.
    """
    with tempfile.TemporaryDirectory() as place:
        course, cache = Path(place) / "course", Path(place) / "cache"
        subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{ROOT}", course], check=True)
        cloned = megabytes(course) - megabytes(course / ".git")
        environment = os.environ | {"UV_CACHE_DIR": str(cache), "PIP_NO_CACHE_DIR": "1", "UV_LINK_MODE": "copy"}
        first, later = (seconds_to_answer(course, environment) for _ in range(2))
        return {"first": first, "later": later, "installed": megabytes(course / ".venv"), "cloned": cloned}


def seconds_to_answer(course, environment):
    """From `bootstrap.py lab`, which is `make lab`, to the first page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "tools/bootstrap.py", "lab", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
        "--IdentityProvider.token=",
    ]  # fmt: skip
    start = time.perf_counter()
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=course, env=environment, start_new_session=True, **silent)
    try:
        while time.perf_counter() - start < PATIENCE:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/lab", timeout=5).close()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
            else:
                return time.perf_counter() - start
        raise RuntimeError(f"JupyterLab did not answer within {PATIENCE} s")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def megabytes(folder):
    """What the files below a folder hold, links not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 1e6


if __name__ == "__main__":
    found = measure()
    print(f"first start {found['first']:.0f} s, later {found['later']:.1f} s")
    print(f"{found['installed']:.0f} MB installed, the course itself {found['cloned']:.0f} MB")
