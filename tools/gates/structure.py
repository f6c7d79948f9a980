"""How a lesson is built: headings, objectives, links, exercises, and the same code in every language."""

import re
from urllib.parse import unquote

from formatting import as_text, formatted, read_text
from gates import documents
from gates.lesson_file import Lesson, python_blocks, without_fences

IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SECTIONS = ["Objectives", "Exercises", "Summary", "Sources"]
# A heading in HTML, or one that is underlined; a table has its lines too, between bars.
OTHER_HEADING = re.compile(r"<h[1-6]\b|^ {0,3}[^\s|].*\n {0,3}(?:=+|-+)[ \t]*$", re.IGNORECASE | re.MULTILINE)
FEWEST, MOST = 4, 6
# A page on the web, and a diff, load all of it at once.
LARGEST_MB = 5


def file_form(lesson):
    """The file is in the one form that is committed, and light enough for a page on the web to show it."""
    after = as_text(formatted(lesson.notebook, lesson.path))
    yield None, None if lesson.text == after else "is not formatted; run `tools/lesson.py format` on it"
    size = len(lesson.text.encode()) / 1e6
    yield None, f"is {size:.1f} MB; make its pictures smaller, at most {LARGEST_MB} MB" if size > LARGEST_MB else None


def readable_ids(lesson):
    """Every cell has an id that says what it is, and no other cell has it."""
    seen = set()
    for cell in lesson.cells:
        name = cell.get("id", "")
        problem = None
        if not IDENTIFIER.fullmatch(name) or len(name) < 3:
            problem = f"has the id {name!r}; give one such as mean-by-hand: small letters, digits, hyphens"
        elif any(re.fullmatch(r"(?=.*\d)[0-9a-f]{8,}", part) for part in name.split("-")):
            problem = f"has the random id {name!r}; give one that says what the cell is"
        elif name in seen:
            problem = f"has the id {name!r} of an earlier cell; give it its own"
        seen.add(name)
        yield cell, problem


def headings(lesson):
    """One title, first, with the lesson's number; no level is skipped; no two headings are alike."""
    before, titles = 0, set()
    for place, (cell, level, title) in enumerate(lesson.headings):
        problem = None
        if (place == 0) != (level == 1):
            problem = f"has the heading {title!r} of level {level}; the first heading is the title, and the only `#`"
        elif place == 0 and (cell is not lesson.cells[0] or not re.match(rf"{lesson.number}\. \S", title)):
            problem = f"has the title {title!r}; begin the first cell with `# {lesson.number}. ...`"
        elif level > before + 1:
            problem = f"skips from heading level {before} to {level} at {title!r}"
        elif title in titles:
            problem = f"has a second heading {title!r}, so links to it are ambiguous; rename one"
        titles.add(title)
        before = level
        yield cell, problem
    for cell in lesson.markdown:
        other = OTHER_HEADING.search(without_fences(cell.source))
        if other:
            yield cell, f"has the heading {other[0]!r}, which is in no count; write it with `#`"
    if not lesson.headings:
        yield None, "has no heading; begin with `# N. Title`"


def sections(lesson):
    """The sections every lesson has, in their order."""
    if lesson.language != "en":
        return
    titles = [title for _cell, level, title in lesson.headings if level == 2]
    for title in SECTIONS:
        yield None, None if titles.count(title) == 1 else f"has no section `## {title}`"
    here = [title for title in titles if title in SECTIONS]
    if sorted(here) == sorted(SECTIONS):
        yield None, None if here == SECTIONS else f"has its sections in the order {here}; make it {SECTIONS}"


def objectives(lesson):
    """Each objective opens with a verb and links to the section and exercise that answer it; no exercise is over."""
    if lesson.language != "en":
        return
    text = "\n".join(cell.source for cell in lesson.sections.get("Objectives", []) if cell.cell_type == "markdown")
    cell = next(iter(lesson.sections.get("Objectives", [])), None)
    # An objective may go on in the next lines, which are indented.
    items = re.findall(r"^(?:(\d+)\.|[-*+]) (.*(?:\n {2,}.*)*)", text, re.MULTILINE)
    if len(items) < 2:
        yield cell, f"has {len(items)} numbered objectives; give each as `1. **Verb** ...`"
    linked = set()
    for k, (number, item) in enumerate(items, start=1):
        targets = [unquote(target) for target in re.findall(r"\]\(#([^)\s]+)\)", item)]
        missing = [target for target in targets if target not in lesson.anchors]
        exercise = {target for target in targets if re.match(r"Exercise-\d", target)}
        empty = [target for target in targets if target not in exercise | set(missing) and not _teaches(target, lesson)]
        linked |= exercise
        problem = None
        if number != str(k):
            problem = f"has the objective {item[:40]!r} with the number {number!r}; make it {k}"
        elif not re.match(r"\*\*[A-Z]\w+", item):
            problem = f"has the objective {item[:40]!r}; open it with a bold verb"
        elif missing:
            problem = f"has the objective {item[:40]!r}, whose link #{missing[0]} leads to no heading"
        elif empty:
            problem = f"has the objective {item[:40]!r}, but no code is run in the section {empty[0]!r}"
        elif not exercise or len(exercise) == len(targets):
            problem = f"has the objective {item[:40]!r}; link it to its section and to its exercise"
        yield cell, problem
    for anchor in lesson.anchors:
        if re.match(r"Exercise-\d", anchor):
            yield cell, None if anchor in linked else f"has no objective that {anchor} answers; link it, or drop it"


def _teaches(anchor, lesson):
    """Whether code is run between this heading and the next as high, in a section of this lesson's own."""
    place = lesson.anchors.index(anchor)
    first, level, title = lesson.headings[place]
    following = [cell for cell, other, _title in lesson.headings[place + 1 :] if other <= level and cell is not first]
    cells = lesson.cells[_place(first, lesson) : _place(following[0], lesson) if following else None]
    return title not in SECTIONS and any(cell.cell_type == "code" for cell in cells)


def _place(cell, lesson):
    return next(i for i, one in enumerate(lesson.cells) if one is cell)


def links(lesson):
    """Every link and picture that is not on the web is there."""
    for cell in lesson.markdown:
        if documents.BY_REFERENCE.search(documents.without_code(cell.source)):
            yield cell, "has a link by reference, `[text][name]`; write `[text](address)`"
        for target in documents.targets(cell.source):
            yield cell, _missing(target, cell, lesson)


def _missing(target, cell, lesson):
    if target.startswith("attachment:"):
        there = target.removeprefix("attachment:") in cell.get("attachments", {})
        return None if there else f"shows {target}, which is not attached to the cell"
    name, _hash, anchor = target.partition("#")
    path = lesson.path.parent / name if name else lesson.path
    if not target or (name and not path.exists()):
        return f"links to {target!r}, which does not exist"
    if anchor and (not name or path.suffix in {".ipynb", ".md"}):
        anchors = lesson.anchors if not name else anchors_of(path)
        return None if anchor in anchors else f"links to {target!r}; there is no such heading"
    return None


def anchors_of(path):
    """What a link into this notebook or page can point to."""
    return Lesson.read(path).anchors if path.suffix == ".ipynb" else documents.anchors(read_text(path))


def exercises(lesson):
    """Four to six exercises, each a task, a cell to answer in, and a folded solution."""
    tasks = [(cell, title) for cell, level, title in lesson.headings if level == 3 and re.match(r"\w+ \d+: .", title)]
    count = len(tasks)
    yield None, None if FEWEST <= count <= MOST else f"has {count} exercises; give {FEWEST} to {MOST}"
    for k, (task, title) in enumerate(tasks, start=1):
        number = int(re.search(r"\d+", title)[0])
        following = lesson.cells[lesson.cells.index(task) + 1 :][:2]
        names = [cell.get("id") for cell in following]
        problem = None
        if number != k:
            problem = f"is exercise {number} where {k} comes next"
        elif names != [f"exercise-{k}", f"exercise-{k}-solution"]:
            problem = f"is followed by the cells {names}; let exercise-{k} and exercise-{k}-solution follow"
        elif not re.fullmatch(rf"answer = \.\.\.\nchecks\.{lesson.slug}\.\w+\(answer\)", following[0].source):
            problem = f"has in exercise-{k} more than `answer = ...` and `checks.{lesson.slug}.name(answer)`"
        else:
            problem = _solution(following[1].source)
        yield task, problem


def _solution(source):
    blocks = python_blocks(source)
    if not re.match(r"<details>\s*<summary>", source) or not source.rstrip().endswith("</details>"):
        return "has a solution that is not folded in <details><summary>"
    if len(blocks) != 1 or not re.search(r"^answer = ", blocks[0], re.MULTILINE):
        return f"has a solution with {len(blocks)} python blocks; give one that ends with `answer = ...`"
    return None


def predict_first(lesson):
    """A student is asked for a prediction at least once."""
    if lesson.language == "en":
        asked = any(re.search(r"^> \*\*Predict first\.\*\*", cell.source, re.MULTILINE) for cell in lesson.markdown)
        yield None, None if asked else "asks for no prediction; begin a quotation with `> **Predict first.**`"


def explorer(lesson):
    """At least one panel to play with."""
    there = any(cell.source.startswith("explorers.") for cell in lesson.code)
    yield None, None if there else "has no explorer; add a cell such as `explorers.filtering.FilterBench()`"


def editions(lesson):
    """A lesson in another language has the code, the cells and the headings of the English one."""
    if lesson.language == "en":
        return
    path = lesson.path.parent.parent / "en" / lesson.path.name
    if not path.exists():
        yield None, f"has no English edition at {path}"
        return
    english = Lesson.read(path)
    ids = [cell.get("id") for cell in lesson.cells]
    yield (
        None,
        None if ids == [cell.get("id") for cell in english.cells] else "has other cells than the English edition",
    )
    levels = [[level for _cell, level, _title in one.headings] for one in (lesson, english)]
    yield None, None if levels[0] == levels[1] else "has other headings than the English edition"
    for cell in lesson.code:
        twin = english.by_id(cell.get("id"))
        same = twin is not None and twin.source == cell.source
        yield cell, None if same else "has other code than the English edition; copy the cell"
