"""The end of a lesson: its ten words, from docs/words.md, and the further notebooks that lie beside it."""

import json
import re
from pathlib import Path

from lessons_lib.core.i18n import _

COURSE = Path(__file__).resolve().parents[2]


class Markdown(str):
    """A text that a notebook shows as Markdown."""

    __slots__ = ()

    def __repr__(self):
        return str(self)

    def _repr_markdown_(self):
        return str(self)


def words(course=COURSE):
    """The rows of docs/words.md: word, lesson, meaning and Portuguese.

    >>> words()[0]["word"], words()[0]["lesson"]
    ('channel', '1')
    """
    page = course / "docs" / "words.md"
    if not page.is_file():
        raise FileNotFoundError(
            f"{page} is missing: the course's words come with its repository, not with the installed package; "
            "open the notebook in the course's own folder"
        )
    rows = re.findall(r"^\|(.*)\|$", page.read_text(encoding="utf-8"), re.MULTILINE)
    head, _line, *rows = [[cell.strip() for cell in row.split("|")] for row in rows]
    return [dict(zip((name.lower() for name in head), row, strict=True)) for row in rows]


def ten_words(slug, course=COURSE):
    """The table of the ten words of a lesson, such as "filtering", with their meaning and the Portuguese word.

    >>> ten_words("filtering").splitlines()[2]
    '| kernel (filter, mask) | the small table of weights that slides over a picture | núcleo, filtro ou máscara |'
    """
    number = str(int(_lesson(slug, course).name[:2]))
    rows = [(_(row["word"]), _(row["meaning"]), row["portuguese"]) for row in words(course) if row["lesson"] == number]
    head = (_("word"), _("meaning"), _("in Portuguese"))
    return Markdown("\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * 3, *rows)))


def further(slug, course=COURSE):
    """The further notebooks of a lesson, such as "filtering": each with a link and its first sentence.

    >>> further("filters")
    Traceback (most recent call last):
    ValueError: there is no lesson 'filters'; give the name of a lesson, such as 'filtering'
    """
    lesson = _lesson(slug, course)
    lines = []
    for path in sorted((lesson.parent / "further").glob(f"{lesson.name[:2]}-*.ipynb")):
        if not re.fullmatch(r"[\w-]+", path.stem):
            # A student's own copy, such as 02-borders.mine.ipynb.
            continue
        title, text = _beginning(path)
        lines.append(f"- [{title}](further/{path.name}): {text}")
    return Markdown("\n".join(lines) or _("There are no further notebooks of this lesson."))


def _lesson(slug, course):
    """The notebook of a lesson: the one that is open, else the English one."""
    for folder in (Path.cwd(), course / "notebooks" / "en"):
        if found := sorted(folder.glob(f"[0-9][0-9]-{slug}.ipynb")):
            return found[0]
    raise ValueError(f"there is no lesson {slug!r}; give the name of a lesson, such as 'filtering'")


def _beginning(path):
    """The title of a further notebook and its first sentence, without links."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", "".join(cells[0]["source"]))
    title, _newline, text = text.partition("\n")
    return title.lstrip("# "), re.split(r"(?<=[.?!])\s", text.strip())[0]
