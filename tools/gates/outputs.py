"""What the committed outputs must be, so that a strict comparison compares something."""

import re

from nbval.plugin import metadata_tags

from formatting import output_text
from strict_comparison import out_of_bounds

# These make nbval or nbclient skip a cell, or not look at its output; the same words in a comment do so too.
LENIENT = {*metadata_tags, "skip-execution"}
UNSTABLE = {
    r"\b0x[0-9a-f]{6,}\b": "prints an address in memory, which is another one in every run",
    r"\bnp\.\w+\((?!\[)": "prints the repr of a NumPy scalar; use print, .item(), .tolist() or round",
    r"^(?:Output\(|\w+\(children=)": "shows a bare widget, which a file cannot keep; use a panel",
}


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
            elif output.output_type == "stream" and output.name == "stderr":
                yield cell, f"writes to stderr: {output.text.strip()[:80]}"
            for pattern, sentence in UNSTABLE.items():
                if "text/markdown" not in output.get("data", {}) and re.search(pattern, output_text(output)):
                    yield cell, sentence


def strictly_compared(lesson):
    """No cell asks the comparison of outputs to look away, by a tag or by a comment."""
    for cell in lesson.code:
        asked = [*cell.metadata.get("tags", []), *re.findall(r"^\s*#\s*(\w+)\s*$", cell.source, re.MULTILINE)]
        for name in asked:
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
