"""The same code in every language."""

import ast

import notebooks
from gates.lesson_file import Lesson

# Arguments whose words may differ between editions.
WORDS = {"title", "label", "alt"}


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
