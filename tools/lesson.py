"""Run, format, check and read lessons.

run PATH...|all       execute in a fresh kernel, save, warn of what the gates find; one that fails is not overwritten
format PATH...|all    bring into the form that is committed; its code is formatted by ruff
check PATH...|all     every gate
minutes PATH...|all   what each section of a rewritten lesson takes, by the formula
read PATH...|all      the lesson as one text, for readers; with --workbook as a student gets it, without outputs
"""

import argparse
import os
import re
import sys
from pathlib import Path

import nbformat

import notebooks
from formatting import LessonError, as_text, committed_form, read, write


def execute(notebook, path, seconds=notebooks.SECONDS_A_CELL, **options):
    """A copy with the outputs of a fresh kernel that ran every cell in the notebook's folder."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    os.environ.update(notebooks.SURROUNDINGS)
    notebook = nbformat.from_dict(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    now = {"id": "before the first cell"}
    options |= {"timeout": seconds, "startup_timeout": 120, "record_timing": False, "store_widget_state": False}
    options |= {"resources": {"metadata": {"path": str(Path(path).resolve().parent)}}}
    options |= {"on_cell_execute": lambda cell, cell_index: now.update(id=cell.id)}
    try:
        return NotebookClient(notebook, extra_arguments=notebooks.KERNEL, **options).execute()
    except (CellExecutionError, CellTimeoutError, RuntimeError) as error:
        said = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip()
        raise LessonError(f"{path}: {now['id']}: {said}") from error


def findings(command, path, options):
    """Do what the command says with one lesson; what is wrong with it, as sentences."""
    import gates
    from gates import lesson_form

    try:
        if command == "check":
            return gates.findings(gates.Lesson(path))
        if command == "minutes":
            there = gates.Lesson(path)
            for title, count in [*lesson_form.sections(there), *lesson_form.parts(there).items()]:
                print(f"{count['minutes']:4.0f} min {count['words']:5} words  {title}")
        elif command == "read":
            print(lesson_form.as_read(gates.Lesson(path), not options.workbook))
        else:
            notebook = read(path)
            run = command == "run"
            write(as_text(committed_form(execute(notebook, path, options.seconds) if run else notebook)), path)
            if run:
                print(*(f"warning: {found}" for found in gates.findings(gates.Lesson(path))), sep="\n", file=sys.stderr)
    except LessonError as error:
        return [str(error)]
    return []


def main(arguments=None):
    """The command line; the exit code is 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["run", "format", "check", "minutes", "read"])
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a notebook, or `all`")
    parser.add_argument("--seconds", type=int, default=notebooks.SECONDS_A_CELL, help="with run: limit of a cell")
    parser.add_argument("--workbook", action="store_true", help="with read: without outputs")
    options = parser.parse_args(arguments)
    paths = notebooks.lessons() if options.paths == ["all"] else options.paths
    paths = [Path(os.path.relpath(path)) for path in paths]
    found = [finding for path in paths for finding in findings(options.command, path, options)]
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    if options.command != "read":
        print(f"{options.command}: {len(paths)} lessons, {len(found)} findings")
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
