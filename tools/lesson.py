"""Run, format and check lessons: `python tools/lesson.py run notebooks/en/02-filtering.ipynb`.

run PATH...|all            execute in a fresh kernel, format, save; a lesson that fails is not overwritten
format PATH...|all         format only; with --check, change nothing and say what would change
check PATH...|all          every gate, and how many things each one looked at
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
# A student's front end needs these of a cell's metadata; timings, scroll positions and the like are of one run only.
KEPT = {"tags", "slideshow", "jupyter", "editable", "deletable"}
# Without its state a live widget cannot be shown from the file, so the front end must take the picture beside it.
LIVE = "application/vnd.jupyter.widget-view+json"
SECONDS_A_CELL = 180


class LessonError(Exception):
    """Why a lesson could not be run or formatted, in one sentence."""


def read(path):
    """The notebook as it is in the file: nothing is repaired, no id is invented."""
    try:
        notebook = nbformat.v4.reads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LessonError(f"{path}: cannot be read as a notebook ({error})") from error
    if not isinstance(notebook.get("cells"), list):
        raise LessonError(f"{path}: has no list of cells; make it anew in nbformat 4.5")
    return notebook


def write(notebook, path):
    """Save in the one form that is committed."""
    Path(path).write_text(text(notebook), encoding="utf-8", newline="\n")


def text(notebook):
    """What the file holds: sorted keys, indent 1, one newline at the end."""
    return nbformat.v4.writes(notebook).rstrip("\n") + "\n"


def execute(notebook, path, seconds=SECONDS_A_CELL):
    """Run every cell in a fresh kernel, in the notebook's folder, and return the notebook with its outputs."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    os.environ.update(OPENBLAS_NUM_THREADS="1", PYTHONHASHSEED="0")
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
        # IPython keeps its history in a database, which two kernels at once may find locked.
        extra_arguments=["--HistoryManager.enabled=False", "--IPKernelApp.log_level=40"],
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


def formatted(notebook, path):
    """A copy in the form that is committed; formatting it again changes nothing."""
    notebook = nbformat.from_dict(notebook)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook.update(nbformat=4, nbformat_minor=5)
    notebook.cells = [cell for cell in notebook.cells if cell.source.strip()]
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in KEPT}
        if cell.cell_type == "code":
            cell.outputs = _outputs(cell.outputs)
        else:
            cell.source = "\n".join(line.rstrip() for line in cell.source.strip("\n").split("\n"))
    return _ruff(notebook, path)


def _outputs(outputs):
    kept = []
    for output in outputs:
        if output.output_type == "stream" and output.name == "stderr":
            continue
        if output.output_type == "stream" and kept and kept[-1].output_type == "stream":
            kept[-1].text += output.text
            continue
        if "data" in output:
            output.data.pop(LIVE, None)
        output.pop("transient", None)
        kept.append(output)
    return kept


def _ruff(notebook, path):
    """The code cells as `ruff format` writes them, all in one call."""
    command = [sys.executable, "-m", "ruff", "format", "--config", ROOT / "pyproject.toml"]
    command += ["--stdin-filename", Path(path).name, "-"]
    done = subprocess.run(command, input=text(notebook), capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise LessonError(f"{path}: ruff cannot format it: {done.stderr.strip()}")
    return nbformat.v4.reads(done.stdout)


def run(path, seconds=SECONDS_A_CELL):
    """Execute, format and save one lesson."""
    write(formatted(execute(formatted(read(path), path), path, seconds), path), path)
    return []


def format_file(path, check=False):
    """Format one lesson; with `check`, only say whether it would change."""
    before = Path(path).read_text(encoding="utf-8")
    after = text(formatted(read(path), path))
    if before == after:
        return []
    if check:
        return [f"{path}: is not formatted; run `python tools/lesson.py format {path}`"]
    Path(path).write_text(after, encoding="utf-8", newline="\n")
    return []


def lessons(names):
    """The paths that were named; `all` is every notebook of every edition."""
    paths = sorted((ROOT / "notebooks").glob("*/*.ipynb")) if names == ["all"] else [Path(name) for name in names]
    return [Path(os.path.relpath(path)) for path in paths]


def main(arguments=None):
    """The command line; the exit code is 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["run", "format", "check"])
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a notebook, or `all`")
    parser.add_argument("--check", action="store_true", help="with format: change nothing")
    parser.add_argument("--seconds", type=int, default=SECONDS_A_CELL, help="with run: time limit of one cell")
    options = parser.parse_args(arguments)
    findings = []
    for path in lessons(options.paths):
        try:
            if options.command == "run":
                findings += run(path, options.seconds)
            elif options.command == "format":
                findings += format_file(path, options.check)
            else:
                findings += check(path)
        except LessonError as error:
            findings.append(str(error))
        else:
            print(f"{path}: {options.command} done")
    for finding in findings:
        print(finding, file=sys.stderr)
    return 1 if findings else 0


def check(path):
    """Every gate."""
    return format_file(path, check=True)


if __name__ == "__main__":
    sys.exit(main())
