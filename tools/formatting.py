"""The one form in which a notebook is committed, and reading and writing it."""

from pathlib import Path

import nbformat
from nbformat.validator import iter_validate

# A student's front end needs these of a cell's metadata; timings, scroll positions and the like are of one run only.
KEPT = {"tags", "slideshow", "jupyter", "editable", "deletable"}
# Without its state a live widget cannot be shown from the file, so the front end must take the picture beside it.
LIVE = "application/vnd.jupyter.widget-view+json"


class LessonError(Exception):
    """Why a lesson could not be read, run or formatted."""


def read(path):
    """The notebook as it is in the file: nothing is repaired, no id is invented."""
    text = read_text(path)
    try:
        notebook = nbformat.v4.reads(text)
    except (ValueError, AttributeError, TypeError) as error:
        raise LessonError(f"{path}: cannot be read as a notebook of nbformat 4 ({error})") from error
    for wrong in iter_validate(notebook):
        where = "/".join(map(str, wrong.absolute_path))
        raise LessonError(f"{path}: is not a valid notebook: {where}: {wrong.message[:200]}")
    return notebook


def read_text(path):
    """What the file holds, line ends as they are."""
    try:
        return Path(path).read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise LessonError(f"{path}: cannot be read ({error})") from error


def as_text(notebook):
    """What the file of `notebook` holds: sorted keys, indent 1, one newline at the end."""
    return nbformat.v4.writes(notebook).rstrip("\n") + "\n"


def write(text, path):
    """Save `text` with the line ends of every machine alike."""
    Path(path).write_bytes(text.encode())


def output_text(output):
    """The text of an output; of a picture it is the description."""
    data = output.get("data", {})
    return output.get("text", "\n".join(data[kind] for kind in ("text/plain", "text/markdown") if kind in data))


def committed_form(notebook):
    """A copy in the form that is committed, but for its code, which ruff formats; a second time nothing changes."""
    notebook = nbformat.from_dict(notebook)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook.update(nbformat=4, nbformat_minor=5)
    notebook.cells = [cell for cell in notebook.cells if cell.source.strip()]
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in KEPT}
        if cell.cell_type != "code":
            cell.source = "\n".join(line.rstrip() for line in cell.source.strip("\n").split("\n"))
            continue
        outputs, cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"], []
        for output in outputs:
            output.get("data", {}).pop(LIVE, None)
            output.pop("transient", None)
            if cell.outputs and output.output_type == cell.outputs[-1].output_type == "stream":
                cell.outputs[-1].text += output.text
            else:
                cell.outputs.append(output)
    return notebook
