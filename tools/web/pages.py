"""Make a page of each notebook: text, code, saved outputs; which cells the page runs, and which it keeps as saved."""

import ast
import base64
import hashlib
import html
import json
import re
import subprocess

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import markdown2html
from traitlets.config import Config

from formatting import output_text
from gates import lesson_form
from gates.lesson_file import Lesson
from web.pack import ROOT

WEB = ROOT / "web"
LIVE = {"panel", "game", "prediction", "warm-up"}
FORMULA = re.compile(r"(```.*?```|`[^`\n]*`)|\$\$(.+?)\$\$|\$(?![\s$])([^$\n]+?)(?<!\s)\$", re.DOTALL)
KATEX = """
import katex from "katex";
const all = JSON.parse(await new Response(process.stdin).text());
console.log(JSON.stringify(all.map(([tex, displayMode]) => katex.renderToString(tex, { displayMode }))));
"""


def names(code):
    """The names that a cell takes from cells above, and those that it gives to cells below."""
    tree = ast.parse(code)
    given, taken = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            given |= {(one.asname or one.name).split(".")[0] for one in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            given.add(node.name)
        elif isinstance(node, ast.Name):
            (given if isinstance(node.ctx, ast.Store) else taken).add(node.id)
    return taken, given


def kept(cells):
    """The ids of the code cells that a page cannot run: they import Keras, or use what only such a cell gives."""
    found, missing = set(), set()
    for cell in cells:
        taken, given = names(cell.source)
        if re.search(r"\b(keras|tensorflow)", cell.source) or taken & missing:
            found.add(cell.id)
            missing |= given
        else:
            missing -= given
    return found


def formulas(node, texts):
    """Each formula as HTML, by KaTeX."""
    wanted = [
        (display or inline, bool(display))
        for text in texts
        for _, display, inline in FORMULA.findall(text)
        if display or inline
    ]
    command = [node, "--input-type=module", "-e", KATEX]
    made = subprocess.run(command, input=json.dumps(wanted), capture_output=True, text=True, check=True, cwd=WEB)
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
    # Another notebook is another page, one folder deeper.
    return re.sub(r'href="([^":#]*)\.ipynb(#[^"]*)?"', r'href="../\1/\2"', page)


def described(output, place):
    """A saved output as HTML; pictures are files beside the page."""
    data = output.get("data", {})
    if "image/png" in data:
        content, known = base64.b64decode(data["image/png"]), output.metadata.get("image/png", {})
        name = f"{hashlib.sha256(content).hexdigest()[:12]}.png"
        (place / name).write_bytes(content)
        size = "".join(f' {side}="{known[side]}"' for side in ("width", "height") if side in known)
        return f'<img src="{name}" alt="{html.escape(known.get("alt", ""))}"{size} loading="lazy">'
    if "text/html" in data:
        return f'<div class="table">{data["text/html"]}</div>'
    if "text/markdown" in data:
        return markdown(data["text/markdown"], iter(()))
    return f"<pre>{html.escape(output_text(output))}</pre>"


def make(path, place, node, around):
    """Write the page of a notebook into the folder `place`; the ids of the cells that it keeps."""
    lesson, notebook = Lesson(path), nbformat.read(path, 4)
    place.mkdir(parents=True, exist_ok=True)
    made = formulas(node, [cell.source for cell in notebook.cells if cell.cell_type == "markdown"])
    unable, run = kept(lesson.code), []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.page = markdown(cell.source, made)
            continue
        kind = lesson_form.kind(cell) if lesson.is_rewritten else "teaching cell"
        results = "questions.results(" in cell.source
        cell.kind = "live" if kind in LIVE or results else "task" if kind == "task" else "code"
        cell.kept = cell.id in unable
        cell.page = "".join(described(output, place) for output in cell.outputs)
        if not cell.kept:
            run.append({"id": cell.id, "code": cell.source, "show": cell.kind == "live"})
    exporter = HTMLExporter(Config(), template_name="page", extra_template_basedirs=[str(WEB)])
    titles = [(title, re.sub(r"\s", "-", title)) for _cell, level, title in lesson.headings if level == 2]
    page, _resources = exporter.from_notebook_node(
        notebook,
        {"title": lesson.headings[0][2], "titles": titles, "cells": json.dumps(run).replace("<", "\\u003c"), **around},
    )
    (place / "index.html").write_text(page, encoding="utf-8")
    return unable


def start(site, order):
    """Write the first page: the lessons, and below each its further notebooks."""
    lines = []
    for path in order:
        heading, text = "".join(nbformat.read(path, 4).cells[0].source).split("\n", 1)
        link = f'<a href="{path.relative_to(ROOT / "notebooks").with_suffix("").as_posix()}/">{html.escape(heading.lstrip("# "))}</a>'
        lines.append((path.name[:2], path.parent.name == "further", link))
    items = []
    for number, further, link in sorted(lines):
        if not further:
            items.append(f"<li>{link}")
        else:
            items.append(f"<p>Further: {link}</p>")
    page = (WEB / "start.html").read_text(encoding="utf-8").replace("<!-- lessons -->", "\n".join(items))
    (site / "index.html").write_text(page, encoding="utf-8")
