"""Cells run out of order: the right result, or one clear sentence.

That they may be run twice is seen by nbval, which runs the quick lessons a second time in the same kernel.
"""

import re
import symtable

import nbformat.v4 as v4
import pytest

import lesson
import notebooks
import present
from formatting import read

LESSONS = notebooks.lessons("en")
QUICK = [path for path in LESSONS if notebooks.is_quick(path)]


def code_of(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def said(cell):
    """All that the outputs of a cell say in words, and their errors."""
    text = ""
    for output in cell.outputs:
        if output.output_type == "stream":
            # A stream comes in as many pieces as the kernel likes.
            text += output.text
        else:
            text += (f"{output.ename}: {output.evalue}" if "ename" in output else output.data["text/plain"]) + "\n"
    return text.rstrip("\n")


def execute(path, sources):
    """Run pieces of code one after another in one kernel; the cells with their outputs."""
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
    return lesson.execute(notebook, path, allow_errors=True, shutdown_kernel="immediate").cells


@pytest.mark.parametrize("path", QUICK, ids=lambda path: path.stem)
def test_panels_right_after_the_imports(path):
    code = code_of(path)
    imports = next(cell for cell in code if cell.id == "imports")
    alone = [cell for cell in code if present.shows_panel(cell)][::-1]
    _imports, *heard = map(said, execute(path, [cell.source for cell in (imports, *alone)]))
    for cell, words in zip(alone, heard, strict=True):
        if words != said(cell):
            missing = re.match(
                r"NameError: name '(\w+)' is not defined\n(\w+) is not known yet: run the cells above", words
            )
            assert missing and missing[1] == missing[2], f"{cell.id}: {words}"


def test_a_cell_too_early_says_what_to_do(tmp_path):
    begin = "from lessons_lib.core.notebook import begin\n\nbegin()"
    cells = execute(QUICK[0], [begin, "1 / 0", "picture.shape", "picture = 3", "picture"])
    assert [said(cell) for cell in cells[1:]] == [
        "ZeroDivisionError: division by zero",
        "NameError: name 'picture' is not defined\n"
        "picture is not known yet: run the cells above this one first (Run > Run All Above Selected Cell), "
        "or look at its spelling.",
        "",
        "3",
    ]


WITHOUT_TENSORFLOW = """
import builtins
real = builtins.__import__
def none(name, *rest, **options):
    if name == "tensorflow":
        raise ModuleNotFoundError("No module named 'tensorflow'", name=name)
    return real(name, *rest, **options)
builtins.__import__ = none
"""


@pytest.mark.parametrize("path", [path for path in LESSONS if path not in QUICK], ids=lambda path: path.stem)
def test_without_tensorflow_every_cell_says_the_one_sentence(path):
    sources = [cell.source for cell in code_of(path)]
    heard = [said(cell) for cell in execute(path, [WITHOUT_TENSORFLOW, *sources])[1:]]
    sentence = (
        "This part of the lesson needs TensorFlow, which is not installed here; run `pip install tensorflow` and "
        "restart the kernel (there is none yet for Python 3.14, Intel Macs and Windows on ARM). "
        "Lessons 1 to 5 do without it, and so do drawing digits in lesson 6 and naming photos in lesson 8."
    )
    # What needs nothing but NumPy still says what it says in the file; the first cell that needs TensorFlow says why.
    cut = [one for one, cell in zip(heard, code_of(path), strict=True) if one != said(cell)]
    assert any("keras_models" in source for source in sources) == (f"NoTensorFlow: {sentence}" in cut)
    assert [one for one in cut if not one.endswith(sentence) or "Traceback" in one] == []


def flow(source):
    """The names that a cell reads of earlier cells, and those that it gives a value."""
    table = symtable.symtable(source, "cell", "exec")
    gives = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    return read_in(table) - gives, gives


def read_in(table):
    names = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced() and symbol.is_global()}
    return names.union(*map(read_in, table.get_children()))


def given_twice(sources):
    """Cells that read a name to which a later cell gives another value: (place, name) of each."""
    flows, found = [flow(source) for source in sources], []
    for place, (reads, _gives) in enumerate(flows):
        later = set().union(*(gives for _reads, gives in flows[place + 1 :]))
        found += [(place, name) for name in sorted(reads & later)]
    return found


# Run again after the lesson's end, such a cell would silently give another result.
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_cell_that_is_run_again_finds_the_values_it_had(path):
    code = code_of(path)
    found = [(code[place].id, name) for place, name in given_twice([cell.source for cell in code])]
    assert found == [], "give the later value a name of its own"


def test_a_name_given_twice_is_noticed():
    cells = ["a = 1", "print(a)", "for b in range(a):\n    print(b)", "b = 2\nprint(b)", "a = b", "c = 1\nc = 2"]
    assert given_twice(cells) == [(1, "a"), (2, "a")]
