"""The links and pictures of the pages beside the lessons: README, CONTRIBUTING, what is in docs."""

import re
from urllib.parse import unquote

from gates.lesson_file import HEADING, plain, without_fences

OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
LINK = re.compile(r"""\]\(\s*<?((?:[^()\s<>]|\([^()\s]*\))*)>?[^)]*\)|\b(?:href|src)=["']([^"']*)["']""")
PICTURE = re.compile(r"""!\[([^\]]*)\]|<img\b(?:[^>]*?\balt=["'](.*?)["'])?[^>]*>""")
BY_REFERENCE = re.compile(r"\][ ]?\[[^\]\n]*\]|^ {0,3}\[[^\]\n]+\]: ", re.MULTILINE)


def without_code(text):
    """Markdown without code and mathematics, which may hold brackets."""
    return re.sub(r"(`+)[^\n]*?\1|\$\$.*?\$\$|\$[^$\n]+\$", "", without_fences(text), flags=re.DOTALL)


def targets(text):
    """Where the links and pictures of a text lead, as far as that is not on the web."""
    found = (unquote(parts[0] or parts[1]) for parts in LINK.findall(without_code(text)))
    return [target for target in found if not OUTSIDE.match(target) or target.startswith("attachment:")]


def alt_texts(text):
    """The descriptions of a text's pictures."""
    return [parts[0] or parts[1] for parts in PICTURE.findall(without_code(text))]


def anchors(text):
    """What a link can point to on a page of GitHub: the headings in small letters, hyphens for spaces, no signs."""
    titles, found = [plain(title).lower() for _marks, title in HEADING.findall(without_fences(text))], []
    for title in titles:
        anchor = re.sub(r"[^\w\- ]", "", title).replace(" ", "-")
        twin = sum(1 for other in found if re.fullmatch(rf"{re.escape(anchor)}(-\d+)?", other))
        found.append(f"{anchor}-{twin}" if twin else anchor)
    return found
