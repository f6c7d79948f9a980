"""Measure what the course promises about speed, and write the results to `benchmarks/README.md`: `make bench`.

The promises are times with much room, because machines differ; each part says what is promised and whether it holds in
this run. The exit code is 1 when a promise is broken. Name parts to measure only those, such as
`python benchmarks/run.py panels page`; the others keep what the file says.
"""

import os
import platform
import re
import sys
from importlib.metadata import version
from pathlib import Path

import install
import keys
import lessons
import page
import panels

README = Path(__file__).resolve().parent / "README.md"
PACKAGES = ["numpy", "keras", "ipywidgets", "anywidget", "jupyterlab"]
HEAD = """# What it costs

Written by `make bench` (`benchmarks/run.py`); do not edit.
Times depend on the machine and on what else it does; numbers side by side were measured in one run and mean more.
"""


def table(columns, rows):
    """A Markdown table; nothing stands for None."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join("" if cell is None else str(cell) for cell in line) + " |" for line in lines)


def run_panels():
    """Every control of every panel, on the kernel's side."""
    rows, most = panels.measure(), panels.LIMITS
    body = [
        (row["panel"], row["kind"], f"{row['median']:.2f}", f"{row['slowest']:.2f}", row["control"],
         f"{row['usual']:.0f}") for row in rows
    ]  # fmt: skip
    text = f"""Every control is set over its whole range, and every grid is pointed at.
The time is that of all that is computed and sent.
Beside it: the panel's still picture, drawn and stored as a notebook does it for each change of `interact`.
Promise: at most {most["grid"]} ms for grids, {most["photo"]} ms where there is a photo or a chart,
{most["network"]} ms where a network answers."""
    columns = ["panel", "kind", "median, ms", "slowest control, ms", "which", "`interact`, ms"]
    return text, all(row["slowest"] <= row["limit"] for row in rows), table(columns, body)


def run_keys():
    """From key press to pixels for every panel."""
    rows, most = keys.measure(), keys.LIMITS
    body = [
        (row["panel"], row["kind"], f"{row['median']:.0f}", f"{row['slowest']:.0f}",
         row["page"] and f"{row['page']:.0f}", f"{row['usual']:.0f}", f"{row['usual'] / row['median']:.1f}")
        for row in rows
    ]  # fmt: skip
    text = f"""A real browser (headless Chromium) notes the time from the key event to the frame that shows what is new.
Beside it: the same panel on the course's page, where a lesson has it, and its still picture, drawn by `interact`.
Promise: a median of at most {most["grid"]} ms for grids and {most["photo"]} ms for all others, in both."""
    columns = [
        "panel", "kind", "JupyterLab: median, ms", "slowest, ms", "page: median, ms", "`interact`: median, ms",
        "times JupyterLab's",
    ]  # fmt: skip
    return text, all(max(row["median"], row["page"] or 0) <= row["limit"] for row in rows), table(columns, body)


def run_page():
    """Bytes, seconds and memory of a page."""
    rows, most = page.measure(), page.LIMITS
    local = rows[0]
    kept = all(row["loaded"] <= most["loaded"] and row["memory"] <= most["memory"] for row in rows)
    body = [(row["line"], *(f"{row[name]:.1f}" for name in ("read", "loaded", "seconds")), f"{row['memory']:.0f}")
            for row in rows]  # fmt: skip
    text = f"""A fresh browser reads lesson 2, and touches its first panel.
The memory is that of the tab with all its panels alive.
Promise: {most["loaded"]} MB to the first panel, {most["seconds"]} s on this machine, {most["memory"]} MB of memory."""
    columns = ["line", "MB to read", "MB from the touch to the panel", "seconds from the touch", "memory, MB"]
    return text, kept and local["seconds"] <= most["seconds"], table(columns, body)


def run_lessons():
    """Seconds and memory of each lesson, and the import."""
    seconds, rows = lessons.import_seconds(), lessons.measure()
    kept = all(row["seconds"] <= row["most_seconds"] and row["megabytes"] <= row["most_megabytes"] for row in rows)
    body = [
        (row["lesson"], row["cells"], f"{row['seconds']:.0f}", row["most_seconds"], f"{row['megabytes']:.0f}",
         row["most_megabytes"]) for row in rows
    ]  # fmt: skip
    text = f"""From a fresh kernel to the last cell. `import lessons_lib` takes {1000 * seconds:.1f} ms.
Promise for the import: at most {1000 * lessons.IMPORT_LIMIT:.0f} ms."""
    columns = ["lesson", "code cells", "seconds", "at most", "MB", "at most"]
    return text, kept and seconds <= lessons.IMPORT_LIMIT, table(columns, body)


def run_install():
    """The first start of `make lab`, and later ones."""
    found = install.measure()
    text = f"""`make lab` in a fresh clone with empty caches, until JupyterLab answers, and until a browser that runs
the first lesson shows its first figure; then `make lab` once more.
Promise: at most {install.FIRST} s to the first figure where the registry is fast, and {install.LATER} s later."""
    rows = [
        ("first start", f"{found['first']:.0f} s"),
        ("first figure of the first lesson", f"{found['figure']:.0f} s"),
        ("later start", f"{found['later']:.1f} s"),
        ("the environment", f"{found['installed']:.0f} MB"),
        ("the course itself", f"{found['cloned']:.0f} MB"),
    ]
    kept = found["figure"] <= install.FIRST and found["later"] <= install.LATER
    return text, kept, table(["what", "measured"], rows)


PARTS = {
    "panels": ("A change of a panel, in the kernel", run_panels),
    "keys": ("From a key press to pixels", run_keys),
    "page": ("A page", run_page),
    "lessons": ("The lessons", run_lessons),
    "install": ("Setting up", run_install),
}


def machine():
    """The processor, the cores and the versions, in one sentence."""
    info, processor = Path("/proc/cpuinfo"), platform.processor() or platform.machine()
    found = re.search(r"model name\s*:\s*(.+)", info.read_text()) if info.exists() else None
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{found[1] if found else processor}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}; {versions}."
    )


def main(names):
    """Measure the parts named, or all, and write the file."""
    if unknown := [name for name in names if name not in PARTS]:
        sys.exit(f"{', '.join(unknown)}: unknown; choose among {', '.join(PARTS)}")
    try:
        page.chromium.of_students()
    except FileNotFoundError as reason:
        sys.exit(str(reason))
    broken = []
    for name in names or PARTS:
        print(f"measuring {name} ...", flush=True)
        title, part = PARTS[name]
        text, kept, found = part()
        said = f"{text}\nKept: {'yes' if kept else '**no**'}.\n\n{found}\n\nMeasured on {machine()}\n"
        print(said)
        broken += [] if kept else [name]
        # At once: measuring all takes half an hour, and a later part may fail.
        old = dict(part.split("\n\n", 1) for part in README.read_text(encoding="utf-8").split("\n## ")[1:])
        order = [title for title, _part in PARTS.values()]
        new = {one: text for one, text in (old | {title: said}).items() if one in order}
        sections = [f"\n## {one}\n\n{new[one].strip()}\n" for one in order if one in new]
        README.write_text(HEAD + "".join(sections), encoding="utf-8")
    if broken:
        print(f"promises broken: {', '.join(broken)}")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
