"""Nothing in `lessons_lib` that no lesson needs: a report of helpers that can go, which must be empty.

Functions, classes and values are known by their qualified names: what a lesson's code names, here or in a solution, is
needed, and so is what that names in its turn. Methods are known by their bare names, since a type is seen at run time.
"""

import ast
import re
from textwrap import dedent

import pytest

import notebooks
from formatting import read, read_text
from gates.documents import python_blocks
from notebooks import ROOT

# Called by Python, Jupyter and Keras, by these names; the questions that the lessons will ask, and their records.
CALLED = re.compile(
    r"__\w+__|_repr_\w+_|_render_traceback_|find_spec|get_config|compute_output_shape|call|on_\w+|bank|recall|verdict"
    r"|language|WARM_UP|predict|results|warm_up"
)


def imports(tree):
    """Which qualified name each imported name stands for."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {one.asname or one.name: f"{node.module}.{one.name}" for node in nodes for one in node.names}


def names_in(node, known, local=frozenset()):
    """What a piece of code names: qualified if its first part is `known` in its module, and the bare attributes."""
    if isinstance(node, ast.FunctionDef | ast.Lambda):
        inside = [one for one in ast.walk(node) if isinstance(one, ast.arg | ast.Name)]
        local = local.union(one.arg for one in inside if isinstance(one, ast.arg))
        local = local.union(one.id for one in inside if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load))
    found = {node.attr} if isinstance(node, ast.Attribute) else set()
    if isinstance(node, ast.Attribute | ast.Name):
        first, *rest = ast.unparse(node).split(".")
        if first in known and first not in local:
            found.add(".".join([known[first], *rest]))
    return found.union(*(names_in(child, known, local) for child in ast.iter_child_nodes(node)))


def pieces(module, tree):
    """The functions, classes, methods and values of a module: where each is, its name, and what it names."""
    own = {name: f"{module}.{name}" for node in tree.body for name in definitions(node)}
    known = own | imports(tree)
    for node in tree.body:
        methods = [part for part in getattr(node, "body", []) if isinstance(part, ast.FunctionDef)]
        if isinstance(node, ast.ClassDef):
            yield from ((f"{own[node.name]}.{method.name}", method.name, names_in(method, known)) for method in methods)
            node.body = [part for part in node.body if part not in methods]
        # What a module does while it is imported, such as a call or an `if`, is always needed.
        for name in definitions(node) or ["__import__"]:
            yield f"{module}.{name}", own.get(name, name), names_in(node, known) - {own.get(name)}


def definitions(node):
    """The names that a statement of a module makes."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]


def prefixes(name, shown):
    """A qualified name and all that it is a part of; what a module imports is also what another module makes."""
    parts = name.split(".")
    for k in range(1, len(parts) + 1):
        prefix = ".".join(parts[:k])
        yield prefix
        if shown.get(prefix, prefix) != prefix:
            yield from prefixes(".".join([shown[prefix], *parts[k:]]), shown)


def unused(modules, lessons):
    """Which pieces of `modules` (a name to its code) no lesson needs."""
    trees = {module: ast.parse(code) for module, code in modules.items()}
    shown = {f"{module}.{name}": full for module, tree in trees.items() for name, full in imports(tree).items()}
    left = [piece for module, tree in trees.items() for piece in pieces(module, tree)]
    names = set().union(*(names_in(tree, imports(tree)) for tree in map(ast.parse, lessons)))
    needed = set()
    while names:
        needed |= {prefix for name in names for prefix in prefixes(name, shown)}
        kept = [piece for piece in left if piece[1] in needed or CALLED.fullmatch(piece[1].split(".")[-1])]
        left = [piece for piece in left if piece not in kept]
        names = set().union(*(piece[2] for piece in kept)) - needed
    return [where for where, _name, _names in left]


def needs():
    """The code of each notebook with its solutions, and of the tools that made the data or keep the workbook."""
    for path in notebooks.lessons():
        cells = read(path).cells
        code = [cell.source for cell in cells if cell.cell_type == "code"]
        yield "\n".join(code + [dedent(block) for cell in cells for block in python_blocks(cell.source)])
    tools = ("make_*", "train_*", "workbook", "start_over")
    yield from map(read_text, [path for tool in tools for path in ROOT.glob(f"tools/{tool}.py")])


def library():
    """The modules of the library, each with its code."""
    for path in sorted((ROOT / "lessons_lib").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), read_text(path)


def test_every_helper_is_needed_by_a_lesson():
    found = unused(dict(library()), needs())
    assert not found, "\n" + "\n".join(found)


LESSON = "from lib import m\nm.lesson()"


@pytest.mark.parametrize(
    ("code", "report"),
    [
        ("def f(): pass\ndef lesson(): f = 1; return f", ["lib.m.f"]),
        ("def lesson(): return f()\ndef f(): return g()\ndef g(): pass", []),
        ("def lesson(): pass\ndef f(): return g()\ndef g(): return f()", ["lib.m.f", "lib.m.g"]),
        ("class lesson:\n    def f(self): pass\n    def __len__(self): return g()\ndef g(): pass", ["lib.m.lesson.f"]),
        ("lesson = {}\nA, B = 1, 2", ["lib.m.A", "lib.m.B"]),
        ("from lib.n import f as g\ndef lesson(): return g()", ["lib.n.lesson"]),
        ("from lib import n\ndef lesson(): return n.f.g", ["lib.n.lesson"]),
    ],
)
def test_what_nothing_needs_is_found(code, report):
    other = "from lib.m import lesson as again\ndef f(): pass\ndef lesson(): pass"
    modules = {"lib.m": code} | ({"lib.n": other} if "lib.n" in code or "import n" in code else {})
    assert sorted(unused(modules, [LESSON])) == report
    assert unused({"lib.m": "from lib.n import lesson", "lib.n": "def lesson(): pass"}, [LESSON]) == []
