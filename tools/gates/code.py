"""What a code cell may be: short, plain Python, without a word that would have to be translated."""

import ast
import io
import re
import tokenize
from statistics import median

LONGEST = 12
MEDIAN = 3
WORD = r"[^\W\d_]{2,}"
UNITS = {"px", "ms", "kB", "MB", "GB", "nan", "inf"}
# Arguments that a reader sees.
SHOWN = {"alt", "title", "label", "description", "caption", "text", "xlabel", "ylabel", "suptitle"}
DRAWING = {"matplotlib", "pylab", "ipywidgets", "ipympl", "plotly", "seaborn"}
SLOW = {"interact", "interactive", "interactive_output", "interact_manual", "Output"}


def _tree(cell):
    """The parsed cell, or None when it is not Python; `plain_python` speaks of that."""
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return None


def plain_python(lesson):
    """No magics, no shell, no semicolon that silences."""
    for cell in lesson.code:
        problem = None
        if re.search(r"^\s*(%|!|\?)|\?\s*$|^\s*\w+\s*=\s*[%!]", cell.source, re.MULTILINE):
            problem = "holds a magic or a shell command; write Python that runs everywhere"
        elif _tree(cell) is None:
            problem = "is not Python"
        elif re.search(r";\s*$", cell.source, re.MULTILINE):
            problem = "ends a line with `;`, which silences nothing in a comparison; write `_ = ...`"
        yield cell, problem


def short_cells(lesson):
    """At most 12 lines a cell, and 3 in the median; the imports do not count there."""
    lengths = []
    for cell in lesson.code:
        length = sum(1 for line in cell.source.splitlines() if line.strip())
        if cell.get("id") != "imports":
            lengths.append(length)
        yield cell, f"has {length} lines; at most {LONGEST} fit a reader's eye" if length > LONGEST else None
    if lengths:
        middle = median(lengths)
        wrong = f"has a median of {middle:g} lines a code cell; split cells until it is {MEDIAN}"
        yield None, wrong if middle > MEDIAN else None


def no_comments(lesson):
    """What a comment would say is said in the text before the cell, where it can be translated."""
    for cell in lesson.code:
        problem = None
        try:
            for token in tokenize.generate_tokens(io.StringIO(cell.source).readline):
                if token.type == tokenize.COMMENT:
                    problem = f"holds the comment {token.string!r}; say it in the text before the cell"
                    break
        except (tokenize.TokenError, SyntaxError):
            pass
        yield cell, problem


def no_human_language(lesson):
    """No string that a reader would read: such words come from the library, through its `_()`."""
    for cell in lesson.code:
        tree = _tree(cell)
        problem = None if tree is None else next(_words(tree), None)
        yield cell, problem


def _words(tree):
    shown = {id(string) for node in ast.walk(tree) for string in _shown(node)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        words = [word for word in re.findall(WORD, node.value) if word not in UNITS]
        sentence = len(words) >= 2 and re.search(r"\s", node.value) and re.search(r"[.!?:;,]\s*$", node.value)
        # Two words may be a name, such as "deformed X"; three are language.
        language = len(words) >= 3 and len(re.findall(rf"{WORD}\s+", node.value)) >= 2
        if sentence or language or (id(node) in shown and words):
            yield f"holds the words {node.value!r}; a reader's words come from the library, through `_()`"


def _shown(node):
    """The strings in `node` that appear on the page whatever they hold."""
    direct = []
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in {"print", "display", "Markdown", "HTML"}:
            direct += node.args
        direct += [keyword.value for keyword in node.keywords if keyword.arg in SHOWN]
    elif isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) is not None:
        direct.append(node.body[0].value)
    for value in direct:
        if isinstance(value, ast.JoinedStr):
            yield from value.values
        elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "format":
            yield value.func.value
        else:
            yield value


def pictures_by_the_library(lesson):
    """Figures and panels come from `lessons_lib`: no pyplot, no `interact`, no `Output`."""
    for cell in lesson.code:
        tree, problem = _tree(cell), None
        for node in ast.walk(tree) if tree else ():
            names = [alias.name for alias in node.names] if isinstance(node, (ast.Import, ast.ImportFrom)) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            used = getattr(node, "id", getattr(node, "attr", None))
            if any(name.split(".")[0] in DRAWING or name.endswith("pyplot") for name in names):
                problem = f"imports {names[0]}; pictures come from figures and panels from explorers"
            elif used in SLOW or set(names) & SLOW:
                problem = f"uses {used or names[0]}, which redraws slowly and breaks the comparison; use an explorer"
        yield cell, problem
