"""The exercises of a lesson, and the same code in every language."""

import ast
import re

import notebooks
from gates import documents
from gates.lesson_file import Lesson

# Arguments whose words may differ between editions.
WORDS = {"title", "label", "alt"}


def exercises(lesson):
    """Each exercise is a task under a heading with its number, a cell to answer in, and a folded solution."""
    ids = [cell.get("id") for cell in lesson.cells]
    answers = [name for name in ids if re.fullmatch(r"exercise-\d+", str(name))]
    for k, name in enumerate(answers, start=1):
        place = ids.index(name)
        before, cell, after = lesson.cells[place - 1], lesson.cells[place], [*lesson.cells, None][place + 1]
        if name != f"exercise-{k}" or not re.search(rf"^#+ \w+ {k}: \S", before.source, re.MULTILINE):
            yield cell, f"comes as exercise {k}; give it that number, and the heading `### Exercise {k}: ...` above it"
        if not re.fullmatch(rf"answer = \.\.\.\nchecks\.(?:{lesson.slug}\.)?\w+\(answer\)", cell.source):
            yield cell, "has more than `answer = ...` and `checks.name(answer)`"
        if after is None or after.get("id") != f"{name}-solution":
            yield cell, f"is not followed by its solution, the cell {name}-solution"
        else:
            blocks = documents.python_blocks(after.source)
            if not re.fullmatch(r"<details>\s*<summary>.*</details>\s*", after.source, re.DOTALL):
                yield after, "is not folded in <details><summary>"
            if len(blocks) != 1 or not re.search(r"^answer = ", blocks[0], re.MULTILINE):
                yield after, f"has {len(blocks)} python blocks; give one that ends with `answer = ...`"
    headed = [title for _cell, level, title in lesson.headings if level == 3 and re.match(r"\w+ \d+: ", title)]
    if len(headed) > len(answers):
        yield None, f"has {len(headed)} exercises and {len(answers)} cells to answer in, exercise-1 and so on"


def editions(lesson):
    """Another language has the English cells, headings and code, but for comments and words that a reader sees."""
    path = notebooks.in_english(lesson.path)
    if lesson.language == "en":
        return
    if not path.exists():
        yield None, f"has no English edition at {path}"
        return
    english = Lesson(path)
    if [cell.get("id") for cell in lesson.cells] != [cell.get("id") for cell in english.cells]:
        yield None, "has other cells than the English edition"
    if [level for _cell, level, _title in lesson.headings] != [level for _cell, level, _title in english.headings]:
        yield None, "has other headings than the English edition"
    for cell in lesson.code:
        twin = english.by_id(cell.get("id"))
        if twin is not None and without_words(cell.source) != without_words(twin.source):
            yield cell, "has other code than the English edition; only comments and the words in print differ"


def without_words(source):
    """Code without comments and without the words in `print`, `title=`, `label=` and `alt=`.

    >>> without_words("print(f'right: {share:.3f}')  # of all") == without_words("print(f'certos: {share:.3f}')")
    True
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "print":
            node.args = list(map(_expressions, node.args))
        if isinstance(node, ast.keyword) and node.arg in WORDS:
            node.value = _expressions(node.value)
    return ast.dump(tree)


def _expressions(value):
    """A text without its words: a language may put its expressions in another order."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return ast.Constant("")
    if isinstance(value, ast.JoinedStr):
        return ast.List(sorted((part for part in value.values if isinstance(part, ast.FormattedValue)), key=ast.dump))
    return value
