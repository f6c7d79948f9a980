"""A lesson for the projector, by Voila: its title, and its panels below their headings, without code.

    python tools/present.py 3 [arguments of Voila]

All cells up to the last panel are run; shown is what ends in a panel or a question, or has the tag `panel`. There a
question has a button that reveals what comes.
"""

import ast
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

import notebooks
from formatting import as_text, read, write

SHOWN = re.compile(r"(\w+_)?panels\.|(\w+_)?questions\.(predict|warm_up)$")
# A page that fetches nothing from other hosts, which Voila's own templates do.
TEMPLATES = notebooks.ROOT / "tools" / "projector"


def shows_panel(cell):
    """Whether a cell has the tag `panel`, ends in a panel or a question, or in the name that it gave to one."""
    if "panel" in cell.metadata.get("tags", []):
        return True
    statements = ast.parse(cell.source).body
    shown = statements[-1].value if statements and isinstance(statements[-1], ast.Expr) else None
    if isinstance(shown, ast.Name):
        made = {ast.unparse(one.targets[0]): one.value for one in statements if isinstance(one, ast.Assign)}
        shown = made.get(shown.id)
    return isinstance(shown, ast.Call) and bool(SHOWN.match(ast.unparse(shown.func)))


def page(notebook):
    """The notebook of the page: headings that lead to a panel, the panels, and silent cells before them."""
    cells, above, last = [], {}, 0
    for cell in nbformat.from_dict(notebook).cells:
        if cell.cell_type == "markdown":
            for heading, marks in re.findall(r"^((#{1,6}) .+)$", cell.source, re.MULTILINE):
                above = {level: one for level, one in above.items() if level < len(marks)} | {len(marks): heading}
        elif cell.cell_type == "code":
            if shows_panel(cell):
                # A heading is shown once, above the first panel that it leads to.
                cells += map(nbformat.v4.new_markdown_cell, above.values())
                above, last = {}, len(cells) + 1
            else:
                cell.source = f"%%capture\n{cell.source}"
            cells.append(cell)
    return nbformat.v4.new_notebook(cells=cells[:last], metadata=notebook.metadata)


def present(name="", *arguments):
    """Serve the page of the lesson that `name` means, or that is at this path, until Ctrl-C."""
    path = Path(name) if Path(name).is_file() else notebooks.named(name, notebooks.lessons("en"))
    with tempfile.TemporaryDirectory() as place:
        # In folders of the same names, which tell a lesson its language.
        copy = Path(place, "notebooks", notebooks.language(path), path.name)
        copy.parent.mkdir(parents=True)
        write(as_text(page(read(path))), copy)
        places = [str(TEMPLATES), os.environ.get("JUPYTER_PATH", "")]
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, places))
        os.environ.update(OPENBLAS_NUM_THREADS="1", TF_CPP_MIN_LOG_LEVEL="3", LESSON_PRESENT="1")
        command = [sys.executable, "-m", "voila", "--template=lesson", "--theme=light", "--Voila.ip=127.0.0.1"]
        voila = subprocess.Popen([*command, *arguments, str(copy)])
        # Both get Ctrl-C; Voila ends its kernels, and then the copy can go.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: voila.terminate())
        return voila.wait()


if __name__ == "__main__":
    sys.exit(present(*sys.argv[1:]))
