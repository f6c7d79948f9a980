"""The lesson tool: what it runs, what it saves, what it leaves alone."""

import json

import nbformat.v4 as v4
import pytest

import lesson
import notebooks
import tiny
from formatting import LIVE, as_text, committed_form, read

OUTPUT = {"image/png": "AAAA", "text/plain": "a panel with 3 cells"}


def save(path, *sources):
    """A notebook of code cells as a student's editor would leave it."""
    cells = [v4.new_code_cell(source, id=f"cell-{place}") for place, source in enumerate(sources)]
    path.write_text(json.dumps(v4.new_notebook(cells=cells)), encoding="utf-8")
    return path


def test_a_run_saves_the_outputs_in_the_form_that_is_committed(tmp_path):
    path = save(
        tmp_path / "01-tiny.ipynb",
        "import os, sys\nfrom pathlib import Path\nprint(Path.cwd().name)",
        "print('out'); print('err', file=sys.stderr); print('more')",
        "os.environ['OPENBLAS_NUM_THREADS'], os.environ['PYTHONHASHSEED']",
        "import ipywidgets\nipywidgets.IntSlider(3)",
    )
    assert lesson.main(["run", str(path)]) == 0
    cells = read(path).cells
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4]
    assert cells[0].outputs[0].text == f"{tmp_path.name}\n"
    assert [output.text for output in cells[1].outputs] == ["out\nmore\n"]
    assert cells[2].outputs[0].data["text/plain"] == "('1', '0')"
    assert list(cells[3].outputs[0].data) == ["text/plain"]
    assert "widgets" not in read(path).metadata
    before = path.read_bytes()
    assert lesson.main(["format", str(path)]) == 0
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("source", "words"),
    [("1 / 0", "ZeroDivisionError: division by zero"), ("while True:\n    pass", "timed out")],
)
def test_a_lesson_that_fails_is_named_and_not_overwritten(source, words, tmp_path, capsys):
    path = save(tmp_path / "01-tiny.ipynb", "print(1)", source)
    before = path.read_bytes()
    assert lesson.main(["run", "--seconds", "2", str(path)]) == 1
    said = capsys.readouterr().err
    assert "01-tiny.ipynb: cell-1: " in said
    assert words in said
    assert path.read_bytes() == before


def test_formatting_keeps_what_a_student_sees_and_drops_what_one_run_left():
    notebook = v4.new_notebook(metadata={"widgets": {}, "kernelspec": {"name": "my-env", "display_name": "my env"}})
    alt = {"image/png": {"alt": "a panel"}}
    panel = v4.new_output("execute_result", {LIVE: {"model_id": "a"}, **OUTPUT}, metadata=alt)
    streams = [v4.new_output("stream", name=name, text=f"{name}\n") for name in ("stdout", "stderr", "stdout")]
    notebook.cells = [
        v4.new_markdown_cell("\n# Title  \n\nText.\n", id="title", attachments={"a.png": {"image/png": "AAAA"}}),
        v4.new_code_cell("x", id="one", outputs=streams, metadata={"execution": {}, "scrolled": True, "tags": ["t"]}),
        v4.new_code_cell("panel", id="two", outputs=[streams[0], panel, streams[2]]),
        v4.new_code_cell("  ", id="empty"),
    ]
    after = committed_form(notebook)
    title, one, two = after.cells
    assert title.source == "# Title\n\nText."
    assert title.attachments == {"a.png": {"image/png": "AAAA"}}
    assert one.metadata == {"tags": ["t"]}
    assert [output.text for output in one.outputs] == ["stdout\nstdout\n"]
    assert [output.output_type for output in two.outputs] == ["stream", "execute_result", "stream"]
    assert two.outputs[1].data == OUTPUT
    assert two.outputs[1].metadata == alt
    assert after.metadata.kernelspec.name == "python3"
    assert as_text(committed_form(after)) == as_text(after)
    assert LIVE in panel.data, "the notebook that came was changed"


@pytest.mark.parametrize("text", ["", "[1]", "{}", '{"cells": 3}', "not json", None])
def test_a_file_that_is_no_notebook_is_named(text, tmp_path, capsys):
    path = tmp_path / "01-tiny.ipynb"
    if text is not None:
        path.write_text(text)
    for command in ("run", "format", "check"):
        assert lesson.main([command, str(path)]) == 1
        assert "01-tiny.ipynb: " in capsys.readouterr().err


def test_check_says_what_it_found(capsys, tmp_path):
    path = tiny.lesson(tmp_path).path
    assert lesson.main(["check", str(path)]) == 1
    said = capsys.readouterr()
    # Its reasons and bounds are beside itself, not in tests/course.
    assert said.err.count("(numbers_in_prose)") == said.err.count("(varies)") == 1
    assert f"check: 1 lessons, {len(said.err.splitlines())} findings" in said.out


def test_all_is_every_notebook_and_none_at_all_is_a_failure(monkeypatch, tmp_path):
    path = tiny.lesson(tmp_path).path
    monkeypatch.setattr(notebooks, "lessons", lambda: [path])
    assert lesson.main(["format", "all"]) == 0
    monkeypatch.setattr(notebooks, "lessons", list)
    assert lesson.main(["format", "all"]) == 1
