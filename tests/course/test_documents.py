"""README, CONTRIBUTING and docs: every link leads somewhere, every picture is described, no heading is skipped."""

import pytest

import notebooks
import tiny
from formatting import read_text, write
from gates import documents
from notebooks import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "benchmarks" / "README.md", *ROOT.glob("docs/**/*.md")]


def problems(path):
    """What is wrong with a page, as sentences."""
    text = read_text(path)
    levels = [level for level, _title in documents.headings(text)]
    return [
        *documents.wrong_levels(levels),
        *documents.wrong_links(text, path),
        *documents.wrong_alts(documents.alts(text)),
    ]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_holds_together(path):
    assert not problems(path)


def test_the_readme_lists_every_lesson():
    text = read_text(ROOT / "README.md")
    lessons = [path.relative_to(ROOT) for path in notebooks.lessons("en") if path.parent.name != "further"]
    missing = [path.name for path in lessons if f"({path.as_posix()})" not in text]
    assert not missing, "the README links every lesson"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# A\n[b](#a) [c](other.md#house-style) [d](https://example.org/x#y) `[e](nowhere)` $[f](nowhere)$", None),
        ("# A: the `b`, and c!\n## B\n### C\n## B\n[b](#b-1) [d](#a-the-b-and-c) [e](en/01-tiny.ipynb#One-sum)", None),
        ('# A\n![a picture of some length](other.md) <img alt="a picture of some length" src="other.md">', None),
        ("# A\n[b]()", "'', which does not exist"),
        ("# A\n[b](#c)", "'#c'; there is no such heading"),
        ("# A\n[b](other.md#House-style)", "no such heading"),
        ("# A\n[b](en/01-tiny.ipynb#Nothing)", "no such heading"),
        ('# A\n<img src="other.md">', "alt text ''"),
        ('# A\n<img src="nowhere.png" alt="a picture of some length">', "does not exist"),
        ("# A\n### B", "skips from heading level 1 to 3"),
        ("## B", "not one title"),
    ],
)
def test_what_is_wrong_with_a_page_is_found(text, problem, tmp_path):
    folder = tiny.lesson(tmp_path).path.parent.parent
    write("# B\n## House style", folder / "other.md")
    write(text, folder / "page.md")
    found = problems(folder / "page.md")
    assert len(found) == (problem is not None)
    assert problem is None or problem in found[0]
