"""Every word that a reader meets outside the lessons, and the list of names; the gate reads the lessons."""

import re
from collections import Counter

import pytest

import solutions
from formatting import ROOT, read_text
from gates.spelling import NAMES, by_name, library_texts, misspelt, names, texts, unlisted, words

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def everything():
    """(where, text) of all that is checked, as the gate and the tests below read it."""
    for path in solutions.lessons():
        if path.parent.name == "en":
            for cell in solutions.lesson(path).cells:
                for text in texts(cell):
                    yield path, text
    yield from library_texts()
    for path in DOCUMENTS:
        yield path, read_text(path)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_is_spelt_as_the_lists_have_it(path):
    found = [misspelt(word) for word in words(read_text(path))]
    assert len(found) > 100
    assert not list(filter(None, found))


@pytest.mark.no_cover
def test_the_library_is_spelt_as_the_lists_have_it():
    looked_at, found = Counter(), []
    for path, text in library_texts():
        for word in words(text):
            looked_at[path.parent.name] += 1
            found += [f"{path.relative_to(ROOT)}: {misspelt(word)}"] if misspelt(word) else []
    assert min(looked_at[folder] for folder in ("figures", "explorers", "checks", "lessons_lib")) > 1000
    assert not found, "\n" + "\n".join(found)


def test_the_list_of_names_is_sorted_and_says_nothing_twice():
    listed = read_text(NAMES).splitlines()
    assert listed == sorted(set(listed))
    assert not [word for word in listed if not re.fullmatch(r"[^\W\d_]{2,}", word)]


@pytest.mark.no_cover
def test_every_entry_of_the_list_of_names_is_needed():
    used = {by_name(word) for _path, text in everything() for word in words(text)}
    unused = sorted(names() - used)
    assert not unused, f"no text uses {', '.join(unused)}: remove it from tests/words.txt"
    known = sorted(word for word in names() if unlisted(word) is None)
    assert not known, f"the word list has {', '.join(known)}: remove it from tests/words.txt"


@pytest.mark.parametrize(
    "text",
    [
        "The colour of the centre is grey; its neighbours are grey's neighbours.",
        "We normalise, analyse and visualise the behaviour, in metres; labelled, cancelled, modelling.",
        "The size of a prize, a seized maize field, and the noise of an exercise.",
        "Keras' layers and NumPy's arrays; a don't, an isn't, a photographer’s eye.",
        "A name such as VGG16, uint8, w_center or x2_gray is no word.",
        "The code `color`, the mathematics $\\operatorname{color}$, and a <br> or &nbsp; are none.",
        "[a page](https://example.org/color/teh) and <https://example.org/teh>, and teh/teh.toml",
        "keras.Model and `teh`",
        "{teh} is a value, and **u**nsigned a word with a letter that stands out",
        "```text\nteh\n```",
    ],
)
def test_a_text_that_is_right(text):
    assert not list(filter(None, map(misspelt, words(text))))


@pytest.mark.parametrize(
    ("text", "word", "says"),
    [
        ("a kernal slides", "kernal", "in no list"),
        ("**teh** kernel", "teh", "in no list"),
        ("_teh_ kernel", "teh", "in no list"),
        ("[teh kernel](https://example.org)", "teh", "in no list"),
        ("a neighbuor's pixel", "neighbuor's", "in no list"),
        ("jupyter", "jupyter", "in no list"),
        ("Gray", "Gray", "write 'grey'"),
        ("coloring", "coloring", "write 'colouring'"),
        ("normalized", "normalized", "write 'normalised'"),
        ("Centers", "Centers", "write 'centres'"),
        ("centered", "centered", "write 'centred'"),
        ("labeling", "labeling", "write 'labelling'"),
        ("we analyze", "analyze", "write 'analyse'"),
        ("a catalog", "catalog", "write 'catalogue'"),
        ("an artifact", "artifact", "write 'artefact'"),
        ("the defense", "defense", "write 'defence'"),
    ],
)
def test_a_word_that_is_wrong(text, word, says):
    found = [misspelt(one) for one in words(text) if misspelt(one)]
    assert len(found) == 1
    assert repr(word) in found[0]
    assert says in found[0]


def test_a_title_keeps_its_american_but_not_its_slips():
    quoted = {"Visualizing", "teh"}
    assert misspelt("Visualizing", quoted) is None
    assert misspelt("Visualizing") is not None
    assert misspelt("teh", quoted) is not None
