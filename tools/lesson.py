"""Run, format and check lessons.

run PATH...|all       execute in a fresh kernel, format, save; a lesson that fails is not overwritten
format PATH...|all    format only; with --check, change nothing and say what would change
check PATH...|all     every gate, and how many things each one looked at

Such as `python tools/lesson.py run notebooks/en/02-filtering.ipynb`.
"""

import argparse
import os
import re
import sys
from collections import Counter
from pathlib import Path

import nbformat

import notebooks
from formatting import ROOT, LessonError, as_text, formatted, read, read_text, write


def execute(notebook, path, seconds=notebooks.SECONDS_A_CELL):
    """A copy with the outputs of a fresh kernel that ran every cell in the notebook's folder."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    os.environ.update(notebooks.SURROUNDINGS)
    notebook = nbformat.from_dict(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    now = {}
    client = NotebookClient(
        notebook,
        timeout=seconds,
        startup_timeout=120,
        record_timing=False,
        store_widget_state=False,
        on_cell_execute=lambda cell, cell_index: now.update(cell=cell),
        resources={"metadata": {"path": str(Path(path).resolve().parent)}},
        extra_arguments=notebooks.KERNEL,
    )
    try:
        client.execute()
    except CellExecutionError as error:
        trace = re.sub(r"\x1b\[[0-9;]*m", "", error.traceback).strip()
        raise LessonError(f"{_where(path, now)}: {error.ename}: {error.evalue}\n{trace}") from error
    except CellTimeoutError as error:
        raise LessonError(f"{_where(path, now)}: took longer than {seconds} s") from error
    except (DeadKernelError, RuntimeError) as error:
        raise LessonError(f"{_where(path, now)}: {error}") from error
    return notebook


def _where(path, now):
    return f"{path}: {now['cell'].id if now else 'before the first cell'}"


def run(path, seconds=notebooks.SECONDS_A_CELL):
    """Execute, format and save one lesson."""
    # Formatted first, so that an output which shows source code shows it as it will be in the file.
    write(as_text(formatted(execute(formatted(read(path), path), path, seconds), path)), path)
    return []


def format_file(path, check=False):
    """Format one lesson; with `check`, only say whether it would change."""
    after = as_text(formatted(read(path), path))
    if read_text(path) == after:
        return []
    if check:
        return [f"{path}: is not formatted; run `tools/lesson.py format` on it"]
    write(after, path)
    return []


def check(path, counts):
    """What the gates find in one lesson; adds to `counts` what each of them looked at."""
    from gates import GATES, Lesson, findings

    lesson = Lesson.read(path)
    found = []
    for gate in GATES:
        here, looked_at = findings(gate, lesson)
        found += here
        counts[gate.__name__] += looked_at
    return found


def lessons(names):
    """The paths that were named; `all` is every notebook of every edition."""
    paths = notebooks.lessons(root=ROOT) if names == ["all"] else [Path(name) for name in names]
    return [Path(os.path.relpath(path)) for path in paths]


def main(arguments=None):
    """The command line; the exit code is 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["run", "format", "check"])
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a notebook, or `all`")
    parser.add_argument("--check", action="store_true", help="with format: change nothing")
    parser.add_argument("--seconds", type=int, default=notebooks.SECONDS_A_CELL, help="with run: limit of a cell")
    options = parser.parse_args(arguments)
    found, counts = [], Counter()
    commands = {
        "run": lambda path: run(path, options.seconds),
        "format": lambda path: format_file(path, options.check),
        "check": lambda path: check(path, counts),
    }
    paths = lessons(options.paths)
    for path in paths:
        try:
            found += commands[options.command](path)
        except LessonError as error:
            found.append(str(error))
    for finding in found:
        print(finding, file=sys.stderr)
    if counts:
        print("looked at: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
    print(f"{options.command}: {len(paths)} lessons, {len(found)} findings")
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
