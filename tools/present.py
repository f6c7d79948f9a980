"""A lesson for the projector, by Voila: its title, and its panels below their headings, without code.

    python tools/present.py notebooks/en/03-matching.ipynb [arguments of Voila]

The page runs less than the whole lesson: each cell that ends in an explorer, and the statements that these cells stand
on. The names in the code tell which those are; a test compares each panel with the one in the lesson.
"""

import ast
import builtins
import os
import re
import signal
import subprocess
import symtable
import sys
import tempfile
from pathlib import Path

import nbformat.v4 as v4

from formatting import ROOT, as_text, read, write

# What is given to these is only shown.
SHOWS = {"print", "show", "show_code"}
# They are asked about what they are given, or about what they belong to, and change nothing of it.
ASKS = {
    "argmax", "as_input", "count", "editable", "evaluate", "forward", "get_layer", "get_weights", "inside", "look",
    "pieces", "predict", "predict_on_batch", "rows", "scale", "weights", "zip",
}  # fmt: skip
# A class does not wait for a training: these cells are run with weights that the course brings.
INSTEAD = {"live": "network = networks.lenet.trained(data.load('lenet'))"}
# A page that fetches nothing from other hosts, which Voila's own templates do.
TEMPLATES = ROOT / "tools" / "projector"


def page(notebook):
    """The notebook of the page: headings that lead to a panel, the panels, and silent cells before them."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    shown = {cell.id for cell in code if shows_explorer(cell.source)}
    sources = [(cell.id, INSTEAD.get(cell.id, cell.source)) for cell in code]
    pieces = [(name, ast.unparse(statement)) for name, source in sources for statement in ast.parse(source).body]
    wanted = {place for place, (name, _source) in enumerate(pieces) if name in shown}
    silent = {}
    for place in needed([source for _name, source in pieces], wanted):
        name, source = pieces[place]
        silent.setdefault(name, []).append(source)
    cells, above = [], {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for marks, title in re.findall(r"^(#{1,6}) +(.+)$", cell.source, re.MULTILINE):
                above = {level: one for level, one in above.items() if level < len(marks)} | {len(marks): title}
        elif cell.id in shown:
            # A heading is shown once, above the first panel that it leads to.
            cells += [v4.new_markdown_cell(f"{'#' * level} {title}") for level, title in above.items() if title]
            above = dict.fromkeys(above)
            cells.append(v4.new_code_cell(cell.source, id=cell.id))
        elif cell.id in silent:
            cells.append(v4.new_code_cell("\n".join(["%%capture", *silent[cell.id]]), id=cell.id))
    return v4.new_notebook(cells=cells, metadata=notebook.metadata)


def shows_explorer(source):
    """Whether a cell ends in `explorers.filtering.FilterBench(...)`, or in the name that it gave to one."""
    statements = ast.parse(source).body
    last = statements[-1].value if statements and isinstance(statements[-1], ast.Expr) else None
    if isinstance(last, ast.Name):
        last = next((one.value for one in statements if isinstance(one, ast.Assign) and last.id in _stored(one)), None)
    return isinstance(last, ast.Call) and ast.unparse(last.func).startswith("explorers.")


def needed(sources, wanted):
    """The pieces of code, as places in their list, that must run so that the `wanted` ones can."""
    keep, names, flows = set(), set(), [flow(source) for source in sources]
    modules = set().union(*(_imported(source) for source in sources))
    for place in reversed(range(len(sources))):
        reads, gives, changes = flows[place]
        if place in wanted or names & (gives | (changes - modules)):
            keep.add(place)
            names = (names - gives) | reads
    return sorted(keep)


def flow(source):
    """Three sets of names: what code reads of earlier code, what it gives a value, what it may change."""
    reads, gives, changes = set(), set(), set()
    for node, bound in _steps(ast.parse(source).body):
        again = _names(node.target) if isinstance(node, ast.AugAssign) else set()
        reads |= (_read(symtable.symtable(ast.unparse(node), "cell", "exec")) | again) - gives
        gives |= bound
        changes |= _changed(node)
    return reads - set(dir(builtins)), gives, changes


def _steps(statements):
    """Piece after piece of a cell, each with the names it gives a value once it was read."""
    for statement in statements:
        if isinstance(statement, ast.For):
            yield statement.iter, _names(statement.target)
            yield from _steps(statement.body + statement.orelse)
        elif isinstance(statement, ast.With):
            for item in statement.items:
                yield item.context_expr, _names(item.optional_vars) if item.optional_vars else set()
            yield from _steps(statement.body)
        else:
            yield statement, _stored(statement)


def _names(target):
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}


def _stored(node):
    """The names that a statement itself gives a value; those inside its functions are not seen from outside."""
    table = symtable.symtable(ast.unparse(node), "cell", "exec")
    return {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}


def _imported(source):
    return {
        symbol.get_name() for symbol in symtable.symtable(source, "cell", "exec").get_symbols() if symbol.is_imported()
    }


def _read(table):
    here = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    if table.get_type() != "module":
        here = {name for name in here if table.lookup(name).is_global()}
    return here.union(*(_read(child) for child in table.get_children()))


def _changed(node):
    """Names whose value a piece of code may change: `x[0] = 1`, `x.append(1)`, `training.fit(x, digits)`."""
    call = getattr(node, "value", None)
    if isinstance(node, ast.Expr) and isinstance(call, ast.Call) and ast.unparse(call.func) in SHOWS:
        return set()
    roots = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute | ast.Subscript) and isinstance(part.ctx, ast.Store):
            roots.add(_root(part))
        elif isinstance(part, ast.AugAssign):
            roots.add(_root(part.target))
        elif isinstance(part, ast.Call) and ast.unparse(part.func).rpartition(".")[2] not in ASKS:
            # What a function changes comes first.
            roots |= {_root(one) for one in [part.func, *part.args[:1]]}
    return roots - {None}


def _root(node):
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def present(path, arguments):
    """Serve the page until Ctrl-C."""
    path = Path(path)
    with tempfile.TemporaryDirectory() as place:
        # In a folder of the same name, which tells a lesson its language.
        copy = Path(place) / path.resolve().parent.name / path.name
        copy.parent.mkdir()
        write(as_text(page(read(path))), copy)
        places = [str(TEMPLATES), os.environ.get("JUPYTER_PATH", "")]
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, places))
        os.environ.update(OPENBLAS_NUM_THREADS="1", TF_CPP_MIN_LOG_LEVEL="3")
        command = [sys.executable, "-m", "voila", "--template=lesson", "--theme=light", "--Voila.ip=127.0.0.1"]
        voila = subprocess.Popen([*command, *arguments, str(copy)])
        # Both hear Ctrl-C; Voila ends its kernels, and then the copy can go.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: voila.terminate())
        return voila.wait()


def main(name="", *arguments):
    """Present the lesson that `name` means; a path is taken as it is."""
    import notebooks

    lessons = {
        path.relative_to(notebooks.ROOT / "notebooks" / "en").as_posix(): path for path in notebooks.lessons("en")
    }
    try:
        path = name if Path(name).is_file() else lessons[notebooks.named(name, list(lessons))]
    except notebooks.UnknownLessonError as reason:
        sys.exit(str(reason))
    return present(path, arguments)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
