"""Nothing in `lessons_lib` that no lesson needs: a report of helpers that can go, which must be empty.

By names: what a lesson's code names, here or in a solution, is needed, and so is what that names in its turn. A name
that two things share keeps both.
"""

import ast
import itertools
import re

import pytest

import notebooks
from formatting import ROOT, read

# Called by Jupyter and by Keras, by these names.
CALLED = re.compile("__\\w+__|_repr_\\w+_|_render_traceback_|get_config|compute_output_shape|update_step|apply")


def named(*nodes):
    """All names in pieces of code; a string may be the name of a thing too, as in `getattr(figures, "bars")`."""
    found = set()
    for node in itertools.chain.from_iterable(map(ast.walk, nodes)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            found.add(node.value)
    return found


def named_in_lessons():
    """All names in the code of the lessons and of their solutions."""
    found = set()
    for path in notebooks.lessons():
        for cell in read(path).cells:
            code = [re.sub(r"^%.*", "", cell.source, flags=re.MULTILINE)]
            if cell.cell_type == "markdown":
                code = re.findall(r"```python\n(.*?)```", cell.source, re.DOTALL)
            found |= named(*(ast.parse(source) for source in code))
    return found


def pieces(tree):
    """Functions, classes, methods and values of a module: what each is called, and what it names."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
            rest = [part for part in node.body if part not in methods]
            yield node.name, node.name, named(*rest, *node.bases, *node.decorator_list)
            yield from ((f"{node.name}.{method.name}", method.name, named(method)) for method in methods)
        elif isinstance(node, ast.FunctionDef):
            yield node.name, node.name, named(node)
        elif isinstance(node, ast.Assign):
            for name in {part.id for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)}:
                yield name, name, named(node.value)
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            # What a module does while it is imported, such as a call or an `if`.
            yield "", "__import__", named(node)


def unused(modules, needed):
    """Which pieces of `modules` (a name to its code) nothing needs, when the names `needed` are."""
    left = [(module, *piece) for module, code in modules.items() for piece in pieces(ast.parse(code))]
    needed = set(needed)
    while True:
        kept = [piece for piece in left if piece[2] not in needed and not CALLED.fullmatch(piece[2])]
        if len(kept) == len(left):
            return [f"{module}: {name}" for module, name, *_rest in left]
        for piece in left:
            if piece not in kept:
                needed |= piece[3]
        left = kept


LIBRARY = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "lessons_lib").rglob("*.py"))
}


@pytest.mark.no_cover
def test_every_helper_is_needed_by_a_lesson():
    assert unused(LIBRARY, named_in_lessons()) == []


@pytest.mark.parametrize(
    ("code", "report"),
    [
        ("def f(): pass", ["m: f"]),
        ("def lesson(): return f()\ndef f(): return g()\ndef g(): pass", []),
        ("def f(): return g()\ndef g(): return f()", ["m: f", "m: g"]),
        ("class lesson:\n    def f(self): pass\n    def __len__(self): return g()\ndef g(): pass", ["m: lesson.f"]),
        ("lesson = {'f': 1}\ndef f(): pass\nA, B = 1, 2", ["m: A", "m: B"]),
    ],
)
def test_what_nothing_needs_is_found(code, report):
    assert sorted(unused({"m": code}, {"lesson"})) == report
