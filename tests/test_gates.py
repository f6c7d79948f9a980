"""A gate is trusted only after it was seen to fail: each of bad_notebooks is refused by the gate in its name."""

from collections import Counter
from pathlib import Path

import nbformat
import pytest

from formatting import LessonError, read_text
from gates import GATES, Lesson, findings

BAD = Path(__file__).parent / "bad_notebooks"
FILES = sorted(BAD.glob("*--*.ipynb"))
# A warning in the output also shows that the lesson was saved by something else than the lesson tool.
ALSO = {"clean_outputs--stderr": {"file_form"}}
# Refused before any gate sees it.
UNREADABLE = "not_valid"


def lesson(path):
    """The lesson in `path` as if it stood where the good one stands, or beside it in another language."""
    language = "pt" if path.name.startswith("editions") else "en"
    return Lesson(BAD / language / "01-tiny.ipynb", read_text(path), BAD / "prose")


@pytest.fixture(scope="module")
def refused_by():
    lessons = {path.stem: lesson(path) for path in FILES if not path.name.startswith(UNREADABLE)}
    return {stem: {gate.__name__ for gate in GATES if findings(gate, one)[0]} for stem, one in lessons.items()}


def test_the_good_notebook_passes_every_gate():
    good = Lesson(BAD / "en" / "01-tiny.ipynb", read_text(BAD / "en" / "01-tiny.ipynb"), BAD / "prose")
    looked_at = {}
    for gate in GATES:
        found, looked_at[gate.__name__] = findings(gate, good)
        assert not found
    assert {gate for gate, count in looked_at.items() if count == 0} == {"editions"}


@pytest.mark.parametrize("stem", [path.stem for path in FILES if not path.name.startswith(UNREADABLE)])
def test_a_bad_notebook_is_refused_by_its_gate_alone(stem, refused_by):
    assert refused_by[stem] == {stem.split("--")[0]} | ALSO.get(stem, set())


def test_every_gate_has_refused_something():
    named = Counter(path.stem.split("--")[0] for path in FILES)
    assert set(named) == {gate.__name__ for gate in GATES} | {UNREADABLE}


def test_a_file_that_is_no_valid_notebook_is_refused():
    with pytest.raises(LessonError, match=r"is not a valid notebook: cells/2/outputs/0: .*name"):
        _ = lesson(BAD / "not_valid--output-without-name.ipynb").notebook


def test_a_finding_names_the_file_and_the_cell():
    found, _count = findings(GATES[1], lesson(BAD / "readable_ids--random.ipynb"))
    assert len(found) == 1
    assert "01-tiny.ipynb: a1b2c3d4: has the random id 'a1b2c3d4'" in found[0]


def test_a_file_too_heavy_for_a_page_is_refused():
    heavy = Lesson(BAD / "en" / "01-tiny.ipynb", GOOD + " " * 6_000_000)
    found, _count = findings(GATES[0], heavy)
    assert "is 6.0 MB; make its pictures smaller" in found[-1]


# The prose is read by heuristics; these are what they must and must not say.

GOOD = read_text(BAD / "en" / "01-tiny.ipynb")


def refusals(gate, text, reasons=None, tmp_path=None):
    """What `gate` says of the good notebook with `text` in place of a sentence that has no number."""
    here = Lesson(BAD / "en" / "01-tiny.ipynb", GOOD, tmp_path or BAD / "prose")
    here.by_id("summary").source += "\n" + text
    if reasons is not None:
        (tmp_path / "01-tiny.toml").write_text('"102" = "a reason"\n"1,600" = "a reason"\n' + reasons, encoding="utf-8")
    named = next(one for one in GATES if one.__name__ == gate)
    return findings(named, here)[0]


@pytest.mark.parametrize(
    "text",
    [
        "One sentence only.",
        "Kernels, e.g. Sobel's, and K. Fukushima et al. They are one sentence to a machine.",
        "> **Predict first.** What comes out?",
        "- **Rows** come first.",
        "1. **Rows.** They come first.",
        "| A cell. Another. | B. C. |",
        "```text\nA comment. Another one.\n```",
        "The code `a. B` and $x. Y$ is no sentence.",
        "It is [here](https://example.org/a. B).",
        "A question? 3 is no capital letter.",
    ],
)
def test_text_that_is_one_sentence_a_line(text):
    assert not refusals("one_sentence_a_line", text)


@pytest.mark.parametrize(
    "text",
    [
        "One. Two.",
        "One! Two.",
        'He said "one." Then two.',
        "- One. Two.",
        "> One? Two!",
        "*One.* *Two.*",
        "One (1). Two.",
    ],
)
def test_text_that_is_two_sentences_in_a_line(text):
    assert refusals("one_sentence_a_line", text)


@pytest.mark.parametrize(
    "text",
    [
        "A 3 x 3 window and 12 rows",
        "printed: 25.5, rounded to 26, in math $1{,}600 = 1600$",
        "names: VGG16, LeNet-5, ResNet-50, uint8, Conv2D, `x[77]`, w_99",
        "25 x 20, 25x20, 0..25, (25, 20)",
        "as in 1998, which is in the sources",
        "[a link](https://example.org/77), <https://example.org/77> and &#77;",
        "2550 % of one",
        "7/9 = 0.777… = 0.78",
        "20 - 5.5 = 14.5, and 14.5 again",
        "$(20 + 5.5) \\cdot 2 = 51 = 2 × 25.5$, and 51 is shown",
        "$\\frac{20}{3} \\approx 6.67$, $20^2 = 400$ and 9² = 81",
        "$x + 1 = 25$, $\\sqrt 25 = 5$, $\\sqrt{25} = 5$ and 25x = 1 say nothing",
        "twenty-five rows, Twenty columns",
        "<img alt='a picture with no number' width='77'>",
    ],
)
def test_numbers_that_somebody_computed(text):
    assert not refusals("numbers_in_prose", text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("77 rows", "77"),
        ("7/9 = 0.77", "0.77"),
        ("7/9 = 0.778…", "0.778…"),
        ("70 000 digits", "70 000"),
        ("70,000 digits", "70,000"),
        ("25.6 is not 25.5", "25.6"),
        ("0.77", "0.77"),
        (".77", ".77"),
        ("77x25", "77"),
        ("0..255", "255"),
        ("8 %", "8%"),
        ("9 million", "9million"),
        ("$\\frac{1}{77}$", "77"),
        ("1e-4", "1e-4"),
        ("in 1997", "1997"),
        ("| 77 |", "77"),
        ("`77`", "77"),
        ("`(77, 2)`", "77"),
        ("_77_ rows", "77"),
        ("```text\n77\n```", "77"),
        ("```python\n77\n```", "77"),
        ("### All 77 rows", "77"),
        ("### Exercise 77: Sum 78 ones", "78"),
        ("25 million", "25million"),
        ("twenty-six and a half, seventy-seven rows", "77"),
        ("a change of −25.5", "-25.5"),
        ("$-25.5$", "-25.5"),
        ("an x + 70 = 77 of which half is said", "70"),
    ],
)
def test_numbers_that_nobody_computed(text, number):
    found = refusals("numbers_in_prose", text)
    assert any(f"says {number}, which no cell near it prints" in sentence for sentence in found)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("3 · 4 = 13", "says 3 * 4 = 13, and 3 * 4 is 12"),
        ("> so $(7 - 3)/3 + 1 = 2.33$, but $(7 - 3)/3 + 1 = 2.34$", "= 2.34"),
        ("- 1 − 2 = 1", "= 1, and 1 - 2 is -1"),
        ("1 + 2 = 3 = 4", "says 3 = 4"),
        ("7/9 = 0.77", "is 0.77"),
    ],
)
def test_an_equation_that_does_not_hold(text, problem):
    assert any(problem in sentence for sentence in refusals("numbers_in_prose", text))


def test_what_a_cell_far_away_prints_is_not_in_view():
    gate = next(one for one in GATES if one.__name__ == "numbers_in_prose")
    here = Lesson(BAD / "en" / "01-tiny.ipynb", GOOD, BAD / "prose")
    here.by_id("sum").source = here.by_id("sum").source.replace("are summed", "are summed, not 77")
    assert "sum: says 77" in findings(gate, here)[0][0]
    far = here.by_id("panel")
    far.outputs[0].data["text/plain"] = "The panel shows 77 pixels."
    assert not findings(gate, here)[0]
    here.cells.insert(here.cells.index(far), nbformat.v4.new_markdown_cell("## Another section", id="another"))
    for k in range(4):
        here.cells.insert(here.cells.index(far), nbformat.v4.new_markdown_cell("Text.", id=f"another-{k}"))
    there = Lesson(here.path, nbformat.writes(here.notebook), BAD / "prose")
    assert "sum: says 77" in findings(gate, there)[0][0]


def test_a_solution_may_say_what_it_computes():
    here = Lesson(BAD / "en" / "01-tiny.ipynb", GOOD, BAD / "prose")
    gate = next(one for one in GATES if one.__name__ == "numbers_in_prose")
    cell = here.by_id("exercise-1-solution")
    cell.source = cell.source.replace("The sum", "7 * 11 is 77; the sum").replace(
        "answer = 1", "x = 7 * 11\nanswer = 1"
    )
    assert "says 77" in findings(gate, here)[0][0]
    for code in ("print(7 * 11)\nanswer = 1", "answer = [1, 7 * 11]"):
        fresh = Lesson(BAD / "en" / "01-tiny.ipynb", GOOD, BAD / "prose")
        fresh.by_id(cell.id).source = cell.source.replace("x = 7 * 11\nanswer = 1", code)
        assert not findings(gate, fresh)[0]
    assert here.solution_says(9) == ""


@pytest.mark.parametrize(
    ("reasons", "problem"),
    [
        ('"77" = "counted on the slide, page 3"', None),
        ('"77" = { expression = "7 * 11", equals = 77 }', None),
        ('"77" = { expression = "images.parameters_conv(7, 1) + 28", equals = 77 }', None),
        ('"77" = "why"', "give"),
        ('"77" = { cell = "pixel" }', "pixel does not print 77"),
        ('"77" = { cell = "nowhere" }', "nowhere does not print 77"),
        ('"77" = { expression = "7 * 12", equals = 77 }', "is 84 and not 77"),
        ('"77" = { expression = "7 * 12", equals = 84 }', "is 84"),
        ('"77" = 77', "neither"),
        ('"77" = "counted on the slide, page 3"\n"78" = "counted too, on page 4"', "never says 78"),
    ],
)
def test_a_number_with_a_reason(reasons, problem, tmp_path):
    found = refusals("numbers_in_prose", "77 rows", reasons, tmp_path)
    found = [sentence for sentence in found if "102" not in sentence and "1,600" not in sentence]
    assert bool(found) is (problem is not None)
    assert problem is None or problem in found[0]


@pytest.mark.parametrize(
    "code", ['data.load("camera")', 'boards["deformed X"]', 'np.einsum("mn,mn->", a, b)', 'print(f"{a} x {b}")']
)
def test_strings_that_are_no_human_language(code):
    here = Lesson(BAD / "en" / "01-tiny.ipynb", GOOD, BAD / "prose")
    here.by_id("sum-shown").source = code
    assert not findings(next(gate for gate in GATES if gate.__name__ == "no_human_language"), here)[0]
