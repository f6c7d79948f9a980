"""The lesson tool: what it runs, what it saves, what it leaves alone."""

import json

import nbformat.v4 as v4
import pytest

import lesson
from formatting import LIVE, LessonError, as_text, formatted, read
from test_gates import BAD

ALT = {"image/png": {"alt": "a panel"}}
OUTPUT = {"image/png": "AAAA", "text/plain": "a panel with 3 cells"}


def save(path, *sources, **metadata):
    """A notebook of code cells as a student's editor would leave it."""
    cells = [v4.new_code_cell(source, id=f"cell-{place}", metadata=metadata) for place, source in enumerate(sources)]
    path.write_text(json.dumps(v4.new_notebook(cells=cells)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A lesson that was run by the command line."""
    path = tmp_path_factory.mktemp("en") / "01-tiny.ipynb"
    save(
        path,
        "import os,sys\nfrom pathlib import Path\nprint(Path.cwd( ).name[:2])",
        "print('out'); print('err', file=sys.stderr); print('more')",
        "os.environ['OPENBLAS_NUM_THREADS'], os.environ['PYTHONHASHSEED']",
        "import ipywidgets\nipywidgets.IntSlider(3)",
    )
    assert lesson.main(["run", str(path)]) == 0
    return path


def test_a_lesson_is_run_in_its_folder_and_saved_with_its_outputs(ran):
    cells = read(ran).cells
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4]
    assert cells[0].outputs[0].text == "en\n"
    assert cells[2].outputs[0].data["text/plain"] == "('1', '0')"


def test_a_run_leaves_no_stderr_no_split_stream_and_no_live_view(ran):
    assert [output.text for output in read(ran).cells[1].outputs] == ["out\nmore\n"]
    assert list(read(ran).cells[3].outputs[0].data) == ["text/plain"]
    assert "widgets" not in read(ran).metadata


def test_a_run_is_formatted(ran, capsys):
    assert (
        read(ran).cells[0].source.startswith("import os\nimport sys\n") or "import os, sys" in read(ran).cells[0].source
    )
    assert lesson.main(["format", "--check", str(ran)]) == 0
    before = ran.read_bytes()
    assert lesson.main(["format", str(ran)]) == 0
    assert ran.read_bytes() == before
    assert "1 lessons, 0 findings" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("1 / 0", "cell-1: ZeroDivisionError: division by zero"),
        ("while True:\n    pass", "cell-1: took longer than 2 s"),
    ],
)
def test_a_lesson_that_fails_is_named_and_not_overwritten(source, words, tmp_path, capsys):
    path = save(tmp_path / "01-tiny.ipynb", "print(1)", source)
    before = path.read_bytes()
    assert lesson.main(["run", "--seconds", "2", str(path)]) == 1
    assert words in capsys.readouterr().err
    assert path.read_bytes() == before


def test_format_check_changes_nothing_and_says_so(tmp_path, capsys):
    path = save(tmp_path / "01-tiny.ipynb", "a=1")
    before = path.read_bytes()
    assert lesson.main(["format", "--check", str(path)]) == 1
    assert "01-tiny.ipynb: is not formatted" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert lesson.main(["format", str(path)]) == 0
    assert read(path).cells[0].source == "a = 1"


def test_formatting_keeps_what_a_student_sees_and_drops_what_one_run_left():
    notebook = v4.new_notebook(metadata={"widgets": {}, "kernelspec": {"name": "my-env", "display_name": "my env"}})
    panel = v4.new_output("execute_result", {LIVE: {"model_id": "a"}, **OUTPUT}, metadata=ALT)
    streams = [v4.new_output("stream", name=name, text=f"{name}\n") for name in ("stdout", "stderr", "stdout")]
    notebook.cells = [
        v4.new_markdown_cell("\n# Title  \n\nText.\n", id="title", attachments={"a.png": {"image/png": "AAAA"}}),
        v4.new_code_cell("x=1", id="one", outputs=streams, metadata={"execution": {}, "scrolled": True, "tags": ["t"]}),
        v4.new_code_cell("panel", id="two", outputs=[panel]),
        v4.new_code_cell("  ", id="empty"),
    ]
    after = formatted(notebook, "01-tiny.ipynb")
    title, one, two = after.cells
    assert title.source == "# Title\n\nText."
    assert title.attachments == {"a.png": {"image/png": "AAAA"}}
    assert one.source == "x = 1"
    assert one.metadata == {"tags": ["t"]}
    assert [output.text for output in one.outputs] == ["stdout\nstdout\n"]
    assert two.outputs[0].data == OUTPUT
    assert two.outputs[0].metadata == ALT
    assert after.metadata.kernelspec == {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert after.metadata.language_info == {"name": "python"}
    assert as_text(formatted(after, "01-tiny.ipynb")) == as_text(after)
    assert as_text(after).endswith("}\n")
    assert "x=1" in notebook.cells[1].source, "the notebook that came was changed"


def test_formatting_does_not_touch_the_order_of_text_and_pictures():
    outputs = [
        v4.new_output("stream", text="1\n"),
        v4.new_output("display_data", OUTPUT),
        v4.new_output("stream", text="2\n"),
    ]
    notebook = v4.new_notebook(cells=[v4.new_code_cell("x", id="one", outputs=outputs)])
    kept = formatted(notebook, "01-tiny.ipynb").cells[0].outputs
    assert [output.output_type for output in kept] == ["stream", "display_data", "stream"]


@pytest.mark.parametrize("text", ["", "[1]", "{}", '{"cells": 3}', "not json"])
def test_a_file_that_is_no_notebook_is_named(text, tmp_path, capsys):
    path = tmp_path / "01-tiny.ipynb"
    path.write_text(text)
    for command in ("run", "format", "check"):
        assert lesson.main([command, str(path)]) == 1
        assert "01-tiny.ipynb: " in capsys.readouterr().err


def test_a_missing_file_is_named(tmp_path, capsys):
    assert lesson.main(["check", str(tmp_path / "99-nowhere.ipynb")]) == 1
    assert "99-nowhere.ipynb: cannot be read" in capsys.readouterr().err


def test_code_that_is_no_python_is_named(tmp_path):
    notebook = v4.new_notebook(cells=[v4.new_code_cell("a = = 1", id="one")])
    with pytest.raises(LessonError, match="ruff cannot format it"):
        formatted(notebook, tmp_path / "01-tiny.ipynb")


def test_check_says_what_it_found_and_how_much_it_looked_at(capsys):
    assert lesson.main(["check", str(BAD / "en" / "01-tiny.ipynb")]) == 1
    said = capsys.readouterr()
    # It has its two reasons beside itself, not in tests/prose.
    assert said.err.count("which no cell near it prints") == len(said.err.splitlines()) == 2
    assert "executed 8" in said.out
    assert "1 lessons, 2 findings" in said.out


def test_all_is_every_notebook_of_every_edition(monkeypatch, tmp_path):
    for name in ("en/02-b.ipynb", "en/01-a.ipynb", "pt/01-a.ipynb"):
        (tmp_path / "notebooks" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "notebooks" / name).touch()
    monkeypatch.setattr(lesson, "ROOT", tmp_path)
    assert [path.name for path in lesson.lessons(["all"])] == ["01-a.ipynb", "02-b.ipynb", "01-a.ipynb"]


def test_no_lesson_at_all_is_a_failure(monkeypatch, tmp_path):
    monkeypatch.setattr(lesson, "ROOT", tmp_path)
    assert lesson.main(["check", "all"]) == 1
