"""Spelling: every word is in the English list of `pyspellchecker` or in tests/words.txt, in British spelling.

That list is American where the two differ, so a British word is looked up in its American form.
"""

import ast
import re
from functools import cache

from formatting import ROOT, read_text
from gates.lesson_file import without_fences

NAMES = ROOT / "tests" / "words.txt"
WORD = re.compile(r"(?<![\w\\])[^\W\d_²³]{2,}(?:['’][^\W\d_]+)*(?![\w²³])")
# Beginnings of words, then how they go on in American and in British, then their ends.
PAIRS = [
    (
        "arm|behavi|col|endeav|fav|flav|harb|hon|hum|lab|neighb|od|rig|rum|splend|vap|vig", "or", "our",
        "|s|ed|ing|less|ful|fully|able|ably|ite|ites|hood|hoods|al|ally|ly|er|ers|y",
    ),
    ("calib|cent|fib|lit|lust|met|sab|spect|theat", "er", "re", "|s"),
    ("cent", "er", "r", "ed|ing"),
    ("cance|channe|fue|labe|leve|mode|pixe|signa|trave|tunne", "l", "ll", "ed|ing|er|ers"),
    ("anal|catal|paral", "yz", "ys", "e|ed|er|ers|es|ing"),
    ("anal|catal|dial", "og", "ogue", "|s"),
    ("defen|offen|preten", "se", "ce", "|s"),
    ("gr", "ay", "ey", "|s|ish|er|est|scale"),
    ("art", "ifact", "efact", "|s"),
    # Such as normalise, but not such as size, prize, seize, maize.
    (r"(?!(?:re|cap|over|under)?(?:s|pr|se|ma)iz)\w+", "iz", "is", "e|ed|es|ing|er|ers|able|ation|ations"),
]  # fmt: skip
AMERICAN, BRITISH = 1, 2


def spelling(lesson):
    """Every word of the text, of the descriptions of pictures and of the panels' sentences is spelt in British."""
    if lesson.language != "en":
        return
    for cell in lesson.cells:
        # A title of somebody else's is not ours to respell.
        quoted = _titles(cell.source) if any(cell is one for one in lesson.sections.get("Sources", [])) else set()
        for text in texts(cell):
            for word in words(text):
                yield cell, misspelt(word, quoted)


def words(text):
    """The words of markdown without code, mathematics, addresses and tags; a name with a digit is no word."""
    text = re.sub(r"<!--.*?-->", " ", without_fences(text), flags=re.DOTALL)
    text = re.sub(r"(`+)[^\n]*?\1|\{[^{}\n]*\}", " ", text)
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$", " ", text, flags=re.DOTALL)
    text = re.sub(r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*", "] ", text)
    # A name with a point within, such as data/registry.toml, is no word.
    text = re.sub(r"<?https?://[^\s>)]+>?|</?[a-zA-Z][^>\n]*>|&#?\w+;|[\w./-]*\w\.\w[\w./-]*", " ", text)
    # A part of a word may stand out, as in **u**nsigned; an underscore between letters belongs to a name.
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", " ", text.replace("*", ""))
    return [word.replace("’", "'") for word in WORD.findall(text)]


def misspelt(word, quoted=frozenset()):
    """What is wrong with a word, as a sentence, or None; those in `quoted` may be American."""
    return None if by_name(word) else unlisted(word, quoted)


def by_name(word):
    """The entry of tests/words.txt that allows a word, or None; a capital letter there is demanded here."""
    bare = re.sub(r"'s$", "", word)
    return next((entry for entry in (bare, bare.lower()) if entry in names()), None)


def unlisted(word, quoted=frozenset()):
    """What is wrong with a word if tests/words.txt is left aside."""
    bare = re.sub(r"'s$", "", word)
    low = bare.lower()
    british, american = _other(low, AMERICAN, BRITISH), _other(low, BRITISH, AMERICAN)
    if british and low in english() and bare not in quoted:
        return f"has the word {word!r}, which is American; write {british!r}"
    if low in english() or american in english():
        return None
    return f"has the word {word!r}, which is in no list; mend it, or add it to tests/words.txt"


@cache
def names():
    """The names and technical words of tests/words.txt."""
    return frozenset(read_text(NAMES).split())


@cache
def english():
    """The words of `pyspellchecker`."""
    from spellchecker import SpellChecker

    return frozenset(SpellChecker(language="en").word_frequency.words())


def library_texts(folder=ROOT / "lessons_lib"):
    """(file, text) for all that a student may read of the library: what goes through `_()`, and what `help` says."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(read_text(path))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
                for part in ast.walk(node):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield path, part.value
            elif isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
                # Without references, which are names, examples, which are code, and types.
                said = re.split(r"^(?:References|Examples)\n---", ast.get_docstring(node) or "", flags=re.MULTILINE)[0]
                said = re.sub(r"^\w+(?:, \w+)* : .*|^.*Error$|>>>(?:.|\n)*", "", said, flags=re.MULTILINE)
                yield path, said


def texts(cell):
    """What a reader reads of a cell, without code."""
    if cell.cell_type == "markdown":
        yield cell.source
        yield from (alt for _quote, alt in re.findall(r"""<img\b[^>]*?\balt=(["'])(.*?)\1""", cell.source))
    for output in cell.get("outputs", []):
        if "image/png" in output.get("data", {}):
            yield output.get("metadata", {}).get("image/png", {}).get("alt", "")
            yield output.data.get("text/plain", "")


def _titles(source):
    return set(words(" ".join(re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", source))))


def _other(word, here, there):
    """The form of a word on the other side of the Atlantic, or None."""
    for pair in PAIRS:
        match = re.fullmatch(rf"({pair[0]}){pair[here]}({pair[3]})", word)
        if match:
            return match[1] + pair[there] + match[2]
    return None
