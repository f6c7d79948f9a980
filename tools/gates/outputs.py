"""What the committed outputs must be, so that a strict comparison compares something."""

import re

from gates import documents
from gates.lesson_file import printed

SHORTEST_ALT = 20
PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
# These make nbval skip a cell, or not look at its output.
LENIENT = {"nbval-skip", "nbval-ignore-output", "nbval-raises-exception", "raises-exception"}
LENIENT |= {"pytest-validate-ignore-output", "nbval-check-output", "skip-execution"}
UNSTABLE = {
    r"\b0x[0-9a-f]{6,}\b": "prints an address in memory, which is another one in every run",
    r"\bnp\.\w+\((?!\[)": "prints the repr of a NumPy scalar; use print, .item(), .tolist() or round",
}


def executed(lesson):
    """Every code cell was executed, in order, in one fresh kernel."""
    for count, cell in enumerate(lesson.code, start=1):
        came = cell.get("execution_count")
        wrong = f"has execution count {came}; run the lesson, so that it is {count}"
        yield cell, None if came == count else wrong


def clean_outputs(lesson):
    """No error, nothing on stderr, nothing that is different in every run."""
    for cell in lesson.code:
        problem = None
        for output in cell.outputs:
            if output.output_type == "error":
                problem = f"ends in an error: {output.get('ename')}: {output.get('evalue')}"
            elif output.output_type == "stream" and output.name == "stderr":
                problem = f"writes to stderr: {output.text.strip()[:80]}"
            for pattern, sentence in UNSTABLE.items():
                if "text/markdown" not in output.get("data", {}) and re.search(pattern, printed(output)):
                    problem = sentence
        yield cell, problem


def strictly_compared(lesson):
    """No cell asks the comparison of outputs to look away."""
    for cell in lesson.code:
        asked = sorted(tag for tag in cell.metadata.get("tags", []) if tag.lower().replace("_", "-") in LENIENT)
        yield cell, f"has the tag {asked[0]}, which hides it from the comparison; remove it" if asked else None


def alt_texts(lesson):
    """Every picture has a description for those who cannot see it."""
    for cell in lesson.code:
        for output in cell.outputs:
            for kind in set(PICTURES) & set(output.get("data", {})):
                metadata = output.get("metadata", {})
                yield cell, _too_short(metadata.get(kind, {}).get("alt", metadata.get("alt", "")))
            for kind in {"text/html", "text/markdown"} & set(output.get("data", {})):
                for alt in documents.alt_texts(output.data[kind]):
                    yield cell, _too_short(alt)
    for cell in lesson.markdown:
        for alt in documents.alt_texts(cell.source):
            yield cell, _too_short(alt)


def _too_short(alt):
    if len(alt.strip()) >= SHORTEST_ALT:
        return None
    return f"has a picture with the alt text {alt!r}; describe it in {SHORTEST_ALT} characters or more"


def numbers_beside_pictures(lesson):
    """A cell with a picture prints a number too: pictures are not compared, numbers are.

    The sentence of a panel is such a print; the alt text of a shown figure is not.
    """
    for cell in lesson.code:
        pictures = [output for output in cell.outputs if set(PICTURES) & set(output.get("data", {}))]
        if not pictures:
            continue
        told = [o for o in cell.outputs if o not in pictures or o.output_type == "execute_result"]
        missing = "shows a picture and prints no number; print one that the text names"
        yield cell, None if any(re.search(r"\d", printed(output)) for output in told) else missing
