"""Headings, links and pictures of markdown: of the lessons' cells, of README, CONTRIBUTING and docs."""

import itertools
import re
from functools import cache
from urllib.parse import unquote

from formatting import read, read_text

FENCE = re.compile(r"^( *)(```|~~~).*?^ *\2[ \t]*$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#{1,6}) +(.*?) *#*$", re.MULTILINE)
OUTSIDE = re.compile(r"(?!attachment:)[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
LINK = re.compile(r"""\]\(\s*<?((?:[^()\s<>]|\([^()\s]*\))*)>?[^)]*\)|\b(?:href|src)=["']([^"']*)["']""")
PICTURE = re.compile(r"""!\[([^\]]*)\]|<img\b(?:[^>]*?\balt=["'](.*?)["'])?[^>]*>""")
BY_REFERENCE = re.compile(r"\][ ]?\[[^\]\n]*\]|^ {0,3}\[[^\]\n]+\]: ", re.MULTILINE)
SHORTEST_ALT = 20


def without_fences(text):
    """Markdown without its blocks of code."""
    return FENCE.sub("", text)


def without_code(text):
    """Markdown without code and mathematics, which may hold brackets."""
    return re.sub(r"(`+)[^\n]*?\1|\$\$.*?\$\$|\$[^$\n]+\$", "", without_fences(text), flags=re.DOTALL)


def python_blocks(text):
    """The bodies of the ```python blocks."""
    return re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def headings(text):
    """(level, title as it is read) of every heading."""
    found = HEADING.findall(re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", without_fences(text)))
    return [(len(marks), re.sub(r"[`*]|(?<!\w)_|_(?!\w)", "", title).strip()) for marks, title in found]


@cache
def anchors(path):
    """What a link into this notebook or page can point to.

    JupyterLab puts hyphens for spaces; GitHub also makes the letters small, drops signs and numbers twins.
    """
    if path.suffix == ".ipynb":
        cells = [cell for cell in read(path).cells if cell.cell_type == "markdown"]
        return [title.replace(" ", "-") for cell in cells for _level, title in headings(cell.source)]
    names = [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for _level, title in headings(read_text(path))]
    return [f"{name}-{names[:k].count(name)}".removesuffix("-0") for k, name in enumerate(names)]


def wrong_levels(levels):
    """What is wrong with the levels of a page's headings."""
    if levels.count(1) != 1 or levels[0] != 1:
        yield "has not one title, `# ...`, as its first heading"
    for before, after in itertools.pairwise(levels):
        if after > before + 1:
            yield f"skips from heading level {before} to {after}"


def wrong_links(text, path, attached=()):
    """What is wrong with the links and pictures of a text that stands in `path`; those on the web are not followed."""
    if BY_REFERENCE.search(without_code(text)):
        yield "has a link by reference, `[text][name]`; write `[text](address)`"
    for target in (unquote("".join(parts)) for parts in LINK.findall(without_code(text))):
        name, _hash, anchor = target.partition("#")
        there = path.parent / name if name else path
        if OUTSIDE.match(target) or target.removeprefix("attachment:") in attached:
            continue
        if not target or not there.exists():
            yield f"links to {target!r}, which does not exist"
        elif anchor and there.suffix in {".ipynb", ".md"} and anchor not in anchors(there):
            yield f"links to {target!r}; there is no such heading"


def alts(text):
    """The descriptions of the pictures of a text, for those who cannot see them."""
    return ["".join(parts) for parts in PICTURE.findall(without_code(text))]


def wrong_alts(found):
    """What is wrong with descriptions."""
    return [f"has a picture with the alt text {alt!r}; describe it" for alt in found if len(alt.strip()) < SHORTEST_ALT]
