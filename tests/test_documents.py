"""README, CONTRIBUTING and docs: every link leads somewhere, every picture is described, no heading is skipped."""

import itertools
import re

import pytest

from formatting import ROOT, read_text
from gates import documents
from gates.lesson_file import HEADING, without_fences
from gates.outputs import SHORTEST_ALT
from gates.structure import anchors_of

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "benchmarks" / "README.md", *(ROOT / "docs").glob("*.md")]


def problems(path, text):
    """What is wrong with a page, as sentences."""
    found = []
    for target in documents.targets(text):
        name, _hash, anchor = target.partition("#")
        there = path.parent / name
        if not target or not there.exists():
            found.append(f"links to {target!r}, which does not exist")
        elif anchor and anchor not in (anchors_of(there) if name else documents.anchors(text)):
            found.append(f"links to {target!r}; there is no such heading")
    found += [f"has the alt text {alt!r}" for alt in documents.alt_texts(text) if len(alt) < SHORTEST_ALT]
    levels = [0, *(len(marks) for marks, _title in HEADING.findall(without_fences(text)))]
    found += [f"skips to level {after}" for before, after in itertools.pairwise(levels) if after > before + 1]
    if levels.count(1) != 1:
        found.append("has not one title")
    if documents.BY_REFERENCE.search(documents.without_code(text)):
        found.append("has a link by reference")
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_holds_together(path):
    assert not problems(path, read_text(path))


def test_the_pages_have_links_and_pictures_to_look_at():
    texts = [read_text(path) for path in PAGES]
    assert sum(len(documents.targets(text)) for text in texts) > 10
    assert sum(len(documents.alt_texts(text)) for text in texts) >= 1


def test_the_readme_lists_every_lesson():
    linked = set(documents.targets(read_text(ROOT / "README.md")))
    lessons = {str(path.relative_to(ROOT).as_posix()) for path in (ROOT / "notebooks" / "en").glob("*.ipynb")}
    assert lessons <= linked, f"the README does not link {sorted(lessons - linked)}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# A\n[b](LICENSE)", None),
        ("# A\n[b](#a) [c](CONTRIBUTING.md#house-style) [d](https://example.org/x#y)", None),
        ("# A\n[b](notebooks/en/02-filtering.ipynb#Objectives) `[c](nowhere)` $[d](nowhere)$", None),
        ("# A\n## B\n### C\n## B\n[b](#b-1)", None),
        ("# A: the `b`, and c!\n[d](#a-the-b-and-c)", None),
        ("# A\n![a picture of some length](docs/filter-bench.png)", None),
        ('# A\n<img alt="a picture of some length" src="docs/filter-bench.png">', None),
        ("# A\n[b](nowhere.md)", "'nowhere.md', which does not exist"),
        ("# A\n[b]()", "'', which does not exist"),
        ("# A\n[b](#c)", "'#c'; there is no such heading"),
        ("# A\n[b](CONTRIBUTING.md#nothing)", "no such heading"),
        ("# A\n[b](notebooks/en/02-filtering.ipynb#Nothing)", "no such heading"),
        ("# A\n![short](LICENSE)", "alt text 'short'"),
        ('# A\n<img src="LICENSE">', "alt text ''"),
        ('# A\n<img src="nowhere.png" alt="a picture of some length">', "does not exist"),
        ("# A\n### B", "skips to level 3"),
        ("# A\n# B", "not one title"),
        ("# A\n[b][c]\n\n[c]: nowhere.md", "by reference"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_page_is_found(text, problem):
    found = problems(ROOT / "page.md", text)
    assert bool(found) is (problem is not None)
    assert problem is None or re.search(re.escape(problem), found[0])
