"""Measure what the course promises about speed, and write the results to `benchmarks/README.md`: `make bench`.

The promises are ratios, or times with much room, because machines differ; each table says what is promised and whether
it holds in this run. The exit code is 1 when a promise is broken. Name parts to measure only those:
`python benchmarks/run.py panels browser`; the others keep what the file says.
"""

import json
import os
import platform
import re
import sys
from importlib.metadata import version
from pathlib import Path

import accuracy
import install
import keys
import lessons
import panels

import browser

HERE = Path(__file__).resolve().parent
README = HERE / "README.md"
PACKAGES = [
    "numpy",
    "scipy",
    "scikit-image",
    "tensorflow",
    "ipywidgets",
    "anywidget",
    "jupyterlab",
]
HEAD = """# What it costs

Written by `make bench` (`benchmarks/run.py`); do not edit.
Times depend on the machine and on what else it does; the ratios were measured in one run each and mean more.
"""


def held(holds):
    """How a table says whether a promise is kept."""
    return "yes" if holds else "**no**"


def table(columns, rows):
    """A Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def run_panels():
    """Every control of every panel, on the kernel's side."""
    rows = panels.measure()
    kept = all(row["slowest"] <= row["limit"] for row in rows)
    text = f"""## A change of a panel, in the kernel

Every control is set over its whole range and every grid is pointed at.
The time is that of all that is computed and sent.
Beside it: the panel's still picture, drawn and stored as a notebook does it for each change of `interact`.
A panel that needs what a lesson computed, such as a network's mistakes, has the lesson's own.
Promise: at most {panels.LIMITS["grid"]} ms for grids, {panels.LIMITS["photo"]} ms where there is a photo or a chart,
{panels.LIMITS["network"]} ms where a network answers.
Kept: {held(kept)}.

"""
    body = [
        (
            row["lesson"],
            row["panel"],
            row["kind"],
            row["changes"],
            f"{row['median']:.2f}",
            f"{row['slowest']:.2f}",
            row["control"],
            f"{row['usual']:.0f}",
            held(row["slowest"] <= row["limit"]),
        )
        for row in rows
    ]
    columns = [
        "lesson", "panel", "kind", "changes", "median, ms", "slowest control, ms", "which", "`interact`, ms", "kept"
    ]  # fmt: skip
    return text + table(columns, body), kept


def run_browser():
    """From key press to pixels, beside `interact`."""
    rows = browser.measure()
    fast = all(row["median"] <= browser.LIMITS[row["kind"]] for row in rows)
    five = all(row["ratio"] >= 5 for row in rows)
    text = f"""## From a key press to pixels, in JupyterLab

A real browser (headless Chromium) notes the time from the key event to the frame that shows the new picture.
Promise: a median of at most {browser.LIMITS["grid"]} ms for grids and {browser.LIMITS["photo"]} ms for a photo.
Promise: at least 5 times faster than `interact` with pyplot, the same picture in the same run.
Kept: times {held(fast)}, ratio {held(five)}.

"""
    body = [
        (row["what"], f"{row['median']:.0f}", f"{row['slowest']:.0f}", f"{row['usual']:.0f}", f"{row['ratio']:.1f}")
        for row in rows
    ]
    return text + table(["what", "median, ms", "slowest, ms", "`interact`, ms", "times as long"], body), fast and five


def run_keys():
    """From key press to pixels for every panel."""
    rows = keys.measure()
    kept = all(row["median"] <= row["limit"] for row in rows)
    text = f"""## From a key press to pixels, every panel

As above, for every panel; beside it the still picture of the same panel, drawn by `interact`.
Promise: a median of at most {keys.LIMITS["grid"]} ms for grids and {keys.LIMITS["photo"]} ms for all others.
Kept: {held(kept)}.

"""
    body = [
        (
            row["lesson"],
            row["panel"],
            row["kind"],
            f"{row['median']:.0f}",
            f"{row['slowest']:.0f}",
            f"{row['usual']:.0f}",
            f"{row['ratio']:.1f}",
        )
        for row in rows
    ]
    columns = ["lesson", "panel", "kind", "median, ms", "slowest, ms", "`interact`, ms", "times as long"]
    return text + table(columns, body), kept


def run_lessons():
    """Seconds and memory of each lesson, and the import."""
    seconds = lessons.import_seconds()
    rows = lessons.measure()
    quick = seconds <= lessons.IMPORT_LIMIT
    kept = all(row["seconds"] <= row["most_seconds"] and row["megabytes"] <= row["most_megabytes"] for row in rows)
    text = f"""## The lessons

From a fresh kernel to the last cell. `import lessons_lib` takes {1000 * seconds:.1f} ms.
Promise for the import: at most {1000 * lessons.IMPORT_LIMIT:.0f} ms. Kept: import {held(quick)}, lessons {held(kept)}.

"""
    body = [
        (
            row["lesson"],
            row["cells"],
            f"{row['seconds']:.0f}",
            row["most_seconds"],
            f"{row['megabytes']:.0f}",
            row["most_megabytes"],
        )
        for row in rows
    ]
    return text + table(["lesson", "code cells", "seconds", "at most", "MB", "at most"], body), quick and kept


def run_install():
    """The first start of `make lab`, and later ones."""
    found = install.measure()
    kept = found["figure"] <= install.FIRST and found["later"] <= install.LATER
    text = f"""## Setting up

`make lab` in a fresh clone with empty caches, until JupyterLab answers, and until a browser that runs the first lesson
shows its first figure; then `make lab` once more.
Promise: at most {install.FIRST} s to the first figure where the registry is fast, and {install.LATER} s later.
Kept: {held(kept)}.

"""
    rows = [
        ("first start", f"{found['first']:.0f} s"),
        ("first figure of the first lesson", f"{found['figure']:.0f} s"),
        ("later start", f"{found['later']:.1f} s"),
        ("the environment", f"{found['installed']:.0f} MB"),
        ("the course itself", f"{found['cloned']:.0f} MB"),
    ]
    return text + table(["what", "measured"], rows), kept


def run_accuracy():
    """What the trained networks reach."""
    rows = accuracy.measure()
    promised = [row for row in rows if row["least"]]
    kept = all(row["accuracy"] >= row["least"] and row["seconds"] <= row["most"] for row in promised)
    text = f"""## What training reaches

On pictures never seen: 2 000 digits of MNIST, and 300 patches from other halves of the three photos. One training each;
the lessons show five, and their spread.
Kept: {held(kept)}.

"""
    body = [
        (
            row["lesson"],
            row["network"],
            f"{100 * row['accuracy']:.2f} %",
            f"{100 * row['least']:.1f} %" if row["least"] else "",
            f"{row['seconds']:.0f}",
            row["most"] or "",
        )
        for row in rows
    ]
    return text + table(["lesson", "network", "right", "at least", "seconds", "at most"], body), kept


PARTS = {
    "panels": run_panels, "browser": run_browser,
    "keys": run_keys, "lessons": run_lessons, "accuracy": run_accuracy, "install": run_install,
}  # fmt: skip
IN_A_BROWSER = {"browser", "keys", "install"}


def machine():
    """The processor, the cores and the versions, in one paragraph."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = re.search(r"model name\s*:\s*(.+)", info.read_text())
        processor = found[1] if found else processor
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES if _there(name))
    return f"{processor}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}; {versions}."


def _there(name):
    try:
        return bool(version(name))
    except ImportError:
        return False


def main(names):
    """Measure the parts named, or all, and write the file."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.exit(f"{', '.join(unknown)}: unknown; choose among {', '.join(PARTS)}")
    if IN_A_BROWSER.intersection(names or PARTS):
        try:
            browser.chromium.of_students()
        except FileNotFoundError as reason:
            sys.exit(str(reason))
    stored = HERE / "results.json"
    results = json.loads(stored.read_text()) if stored.exists() else {}
    broken = []
    for name in names or PARTS:
        print(f"measuring {name} ...", flush=True)
        text, kept = PARTS[name]()
        results[name] = f"{text}\n\nMeasured on {machine()}"
        print(text)
        broken += [] if kept else [name]
        # At once: measuring all takes half an hour, and a later part may fail.
        stored.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")
        README.write_text("\n".join([HEAD, *(results[name] + "\n" for name in PARTS if name in results)]))
    if broken:
        print(f"promises broken: {', '.join(broken)}")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
