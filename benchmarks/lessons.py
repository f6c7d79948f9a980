"""Seconds and memory of each lesson, from a fresh kernel to the last cell, and what `import lessons_lib` costs.

Lessons run one after the other; the time and the largest memory of the kernel
process are those the operating system reports, sampled ten times a second.
"""

import subprocess
import sys
import threading
from pathlib import Path
from statistics import median
from time import perf_counter

import nbformat
import psutil
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import notebooks  # noqa: E402 (found only now)

# Seconds and MB that each lesson may take on two cores.
LIMITS = dict.fromkeys(range(1, 6), (60, 700)) | dict.fromkeys(range(6, 9), (150, 2500))
IMPORTS = 15
IMPORT_LIMIT = 0.05


def measure():
    """One dict for each lesson: its code cells, seconds and MB, and what it may take."""
    rows = []
    for path in sorted((ROOT / "notebooks" / "en").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        where = {"metadata": {"path": str(path.parent)}}
        client = NotebookClient(
            notebook, timeout=notebooks.SECONDS_A_CELL, resources=where, extra_arguments=notebooks.KERNEL
        )
        watch = Memory()
        start = perf_counter()
        with watch:
            client.execute()
        seconds = perf_counter() - start
        most_seconds, most_megabytes = LIMITS[int(path.name[:2])]
        rows.append({
            "lesson": path.stem, "cells": sum(cell.cell_type == "code" for cell in notebook.cells),
            "seconds": seconds, "megabytes": watch.most / 1e6,
            "most_seconds": most_seconds, "most_megabytes": most_megabytes,
        })  # fmt: skip
    return rows


class Memory(threading.Thread):
    """The largest memory of any kernel that this process has started."""

    def __init__(self):
        super().__init__(daemon=True)
        self.most, self.done = 0, threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self.done.set()
        self.join()

    def run(self):
        """Look ten times a second."""
        while not self.done.wait(0.1):
            for child in psutil.Process().children(recursive=True):
                try:
                    self.most = max(self.most, child.memory_info().rss)
                except psutil.NoSuchProcess:
                    continue


def import_seconds(times=IMPORTS):
    """How long `import lessons_lib` takes in a Python that has just started: the median, in seconds."""
    timed = "from time import perf_counter as now\nstart = now()\nimport lessons_lib\nprint(now() - start)"
    return median(float(subprocess.check_output([sys.executable, "-c", timed])) for _ in range(times))
