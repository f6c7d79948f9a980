"""The words of the course, and what a lesson's last cells show."""

import json
import re
import shutil
from collections import Counter

import pytest
from IPython.core.formatters import DisplayFormatter

from lessons_lib.core import i18n, notebook, words
from notebooks import ROOT, lessons


def test_each_lesson_has_ten_words_and_no_word_is_there_twice():
    rows = words.words()
    assert Counter(row["lesson"] for row in rows) == {
        path.name[1]: 10 for path in lessons("en", ROOT) if path.parent.name == "en"
    }
    names = [name.lower() for row in rows for name in re.split(r"[(,)] ?", row["word"]) if name]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert [row for row in rows if not all(row.values())] == []


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course in the folder of a student's copy, with one further notebook and one that a student copied."""
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "words.md", tmp_path / "docs")
    (tmp_path / "workbook" / "en" / "further").mkdir(parents=True)
    source = ["# Borders\n", "\n", "What lies beyond [the border](../a.ipynb)?\n", "More."]
    text = json.dumps({"cells": [{"cell_type": "markdown", "source": source}]})
    for name in ("02-filtering", "further/02-borders", "further/02-borders.mine-1", "further/03-pieces"):
        (tmp_path / "workbook" / "en" / f"{name}.ipynb").write_text(text)
    monkeypatch.chdir(tmp_path / "workbook" / "en")
    return tmp_path


def test_the_further_notebooks_that_are_there_are_listed(course):
    assert words.further("filtering", course) == "- [Borders](further/02-borders.ipynb): What lies beyond the border?"
    (course / "workbook" / "en" / "further" / "02-borders.ipynb").unlink()
    assert words.further("filtering", course) == "There are no further notebooks of this lesson."


def test_ten_words_are_a_table_in_the_language_in_use(monkeypatch):
    monkeypatch.setitem(i18n._in_use, "texts", {"word": "palavra", "channel": "canal"})
    table = notebook.ten_words("images")
    assert len(table.splitlines()) == 12
    assert table.startswith("| palavra | meaning | in Portuguese |\n| --- | --- | --- |\n| canal | one of the tables")
    data, _metadata = DisplayFormatter().format(table)
    assert data == {"text/plain": table, "text/markdown": table}


def test_what_is_missing_is_named(course):
    with pytest.raises(ValueError, match="there is no lesson 'filters'"):
        notebook.further("filters")
    (course / "docs" / "words.md").unlink()
    with pytest.raises(
        FileNotFoundError, match=r"words\.md is missing: .* open the notebook in the course's own folder"
    ):
        words.ten_words("filtering", course)
