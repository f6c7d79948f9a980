"""The form of a notebook: its file, cells, headings, links, descriptions, and outputs that a comparison can compare."""

import ast
import re

from nbval.plugin import metadata_tags

from formatting import as_text, committed_form, output_text
from gates import documents
from strict_comparison import out_of_bounds

IDENTIFIER = re.compile(r"(?=...)[a-z][a-z0-9]*(-[a-z0-9]+)*")
RANDOM = re.compile(r"\b(?=[a-f-]*\d)[0-9a-f]{8,}\b")
LONGEST_CELL = 12
# A page on the web, and a diff, load all of it at once.
LARGEST_MB = 1
PICTURES = ("image/png", "image/jpeg", "image/svg+xml")

# These make nbval or nbclient skip a cell, or not look at its output; the same words in a comment do so too.
LENIENT = {*metadata_tags, "skip-execution"}
UNSTABLE = {
    r"\b0x[0-9a-f]{6,}\b": "prints an address in memory, which is another one in every run",
    r"\bnp\.\w+\((?!\[)": "prints the repr of a NumPy scalar; use print, .item(), .tolist() or round",
    r"^(?:Output\(|\w+\(children=)": "shows a bare widget, which a file cannot keep; use a panel",
}


def file_form(lesson):
    """The file is in the one form that is committed, and light enough for a page on the web to show it."""
    if lesson.text != as_text(committed_form(lesson.notebook)):
        yield None, "is not formatted; run `tools/lesson.py format` on it"
    if (size := len(lesson.text.encode()) / 1e6) > LARGEST_MB:
        yield None, f"is {size:.1f} MB; make its pictures smaller, at most {LARGEST_MB} MB"


def readable_ids(lesson):
    """Every cell has an id that says what it is, and no other cell has it."""
    seen = set()
    for cell in lesson.cells:
        name = cell.get("id", "")
        if not IDENTIFIER.fullmatch(name) or RANDOM.search(name):
            yield cell, f"has the id {name!r}; give one such as mean-by-hand: small letters, digits, hyphens"
        elif name in seen:
            yield cell, f"has the id {name!r} of an earlier cell; give it its own"
        seen.add(name)


def code(lesson):
    """Short cells of plain Python: no magics, no shell."""
    for cell in lesson.code:
        length = len(re.findall(r"\S.*", cell.source))
        if length > LONGEST_CELL and cell.get("id") != "imports":
            yield cell, f"has {length} lines; at most {LONGEST_CELL} fit a reader's eye"
        try:
            ast.parse(cell.source)
        except SyntaxError:
            yield cell, "is not Python; a magic or a shell command does not run everywhere"


def headings(lesson):
    """One title, first, with the lesson's number; no level is skipped; no two headings are alike."""
    titles, levels = [one[2] for one in lesson.headings], [one[1] for one in lesson.headings]
    yield from ((None, problem) for problem in documents.wrong_levels(levels))
    begin = "" if lesson.path.parent.name == "further" else rf"{int(lesson.path.name[:2])}\. "
    if not titles or lesson.headings[0][0] is not lesson.cells[0] or not re.match(rf"{begin}\S", titles[0]):
        yield None, "has no title with its number in its first cell; begin with `# N. Title`"
    for title in sorted({title for title in titles if titles.count(title) > 1}):
        yield None, f"has two headings {title!r}, so that links to them are ambiguous; rename one"


def links(lesson):
    """Every link and picture that is not on the web is there."""
    for cell in lesson.markdown:
        found = documents.wrong_links(cell.source, lesson.path, cell.get("attachments", {}))
        yield from ((cell, problem) for problem in found)


def alt_texts(lesson):
    """Every picture has a description for those who cannot see it."""
    for cell in lesson.cells:
        found = documents.alts(cell.source) if cell.cell_type == "markdown" else []
        for output in cell.get("outputs", []):
            data, metadata = output.get("data", {}), output.get("metadata", {})
            found += [(metadata | metadata.get(kind, {})).get("alt", "") for kind in PICTURES if kind in data]
            found += documents.alts(data.get("text/html", "")) + documents.alts(data.get("text/markdown", ""))
        yield from ((cell, problem) for problem in documents.wrong_alts(found))


def executed(lesson):
    """Every code cell was executed, in order, in one fresh kernel."""
    for count, cell in enumerate(lesson.code, start=1):
        if cell.get("execution_count") != count:
            yield cell, f"has execution count {cell.get('execution_count')}; run the lesson, so that it is {count}"


def clean_outputs(lesson):
    """No error, nothing on stderr, nothing that is different in every run."""
    for cell in lesson.code:
        for output in cell.outputs:
            if output.output_type == "error":
                yield cell, f"ends in an error: {output.ename}: {output.evalue}"
            elif output.get("name") == "stderr":
                yield cell, f"writes to stderr: {output.text.strip()[:80]}"
            shown = "" if "text/markdown" in output.get("data", {}) else output_text(output)
            yield from ((cell, sentence) for pattern, sentence in UNSTABLE.items() if re.search(pattern, shown))


def strictly_compared(lesson):
    """No cell asks the comparison of outputs to look away, by a tag or by a comment."""
    for cell in lesson.code:
        for name in cell.metadata.get("tags", []) + re.findall(r"^\s*#\s*(\w+)\s*$", cell.source, re.MULTILINE):
            if name.lower().replace("_", "-") in LENIENT:
                yield cell, f"has {name}, which hides it from the comparison; remove it"


def varies(lesson):
    """Every cell with the tag `varies` has bounds, which its committed numbers keep, and all bounds have a cell."""
    tagged = {cell.id: cell for cell in lesson.code if "varies" in cell.metadata.get("tags", [])}
    for name in lesson.bounds.keys() | tagged.keys():
        if name not in lesson.bounds:
            yield tagged[name], "varies; give the bounds of its numbers in tests/course/bounds.toml"
        elif name not in tagged:
            yield None, f"has bounds for {name}, which is no cell with the tag `varies`"
        elif lesson.bounds[name].keys() != {"low", "high", "why"}:
            yield tagged[name], "has bounds that are not `low`, `high` and `why`"
        elif problem := out_of_bounds(tagged[name].outputs, **lesson.bounds[name]):
            yield tagged[name], problem
