"""The student's copies: made, renewed and put back, and nothing that a student wrote is ever lost."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

import notebooks
import start_over
import workbook
from lessons_lib.core import record

SAVED = {"name": "python", "version": "3.12.1"}


def lesson(source="x = 1", language_info=None, outputs=(), **more):
    """The bytes of a notebook of one cell; as the course has it, or with what JupyterLab adds when it saves."""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": [source], "outputs": list(outputs)}
    cell["execution_count"] = 3 if outputs else None
    metadata = {"language_info": language_info or {"name": "python"}} | more
    return json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


OUTPUT = {"output_type": "stream", "name": "stdout", "text": "1"}
COURSES, MINE = lesson(outputs=[OUTPUT]), lesson("x = 2", SAVED)


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A course of two lessons and a further notebook, as it was downloaded, without git."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for name in ("en/01-images", "en/02-filtering", "en/further/02-borders", "pt/02-filtering"):
        file = tmp_path / f"notebooks/{name}.ipynb"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(COURSES)
    return tmp_path


def git(root, *words):
    who = ["-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"]
    return subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True, text=True).stdout


def commit(root):
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "course"]):
        git(root, *words)


def files(root, folder="workbook/en"):
    return {path.name: path.read_bytes() for path in (root / folder).iterdir() if path.is_file()}


def save(copy, source=None):
    """What JupyterLab makes of a copy that was run, and edited if there is a `source`."""
    notebook = json.loads(copy.read_bytes())
    notebook["metadata"]["language_info"] = SAVED
    notebook["cells"][0] |= {"outputs": [OUTPUT], "execution_count": 1} | ({"source": source} if source else {})
    copy.write_text(json.dumps(notebook))
    return copy.read_bytes()


def test_copies_have_no_outputs_and_the_lessons_stay_as_they_are(root):
    assert workbook.update(root) == []
    made = sorted(path.relative_to(root / "workbook").as_posix() for path in root.glob("workbook/**/*.ipynb"))
    assert made == [
        "en/01-images.ipynb",
        "en/02-filtering.ipynb",
        "en/further/02-borders.ipynb",
        "pt/02-filtering.ipynb",
    ]
    copy = json.loads((root / "workbook" / made[0]).read_bytes())
    assert copy["cells"] == [json.loads(lesson())["cells"][0]]
    assert set(files(root, "notebooks/en").values()) == {COURSES}
    assert (root / "workbook/photos/README.txt").exists()
    noted = json.loads((root / "workbook" / record.EDITIONS).read_bytes())
    assert noted == dict.fromkeys(
        ["en/images", "en/filtering", "en/borders", "pt/filtering"], copy["metadata"]["edition"]
    )


def test_a_copy_that_was_only_run_becomes_the_new_edition_and_an_edited_one_gets_it_beside_it(root):
    workbook.update(root)
    run, edited = root / "workbook/en/01-images.ipynb", root / "workbook/en/02-filtering.ipynb"
    (root / "notebooks/en/02-filtering.ipynb").write_bytes(lesson("x = 1", outputs=[]))
    kept = [save(run), save(edited, "x = 2")]
    assert workbook.update(root) == [], "the same edition"
    assert [run.read_bytes(), edited.read_bytes()] == kept
    for name in ("01-images", "02-filtering"):
        (root / f"notebooks/en/{name}.ipynb").write_bytes(lesson("x = 3", outputs=[OUTPUT]))
    [said] = workbook.update(root)
    assert "02-filtering.ipynb" in said and "02-filtering.new.ipynb" in said
    new = run.read_bytes()
    assert b"x = 3" in new and files(root) == {run.name: new, edited.name: kept[1], "02-filtering.new.ipynb": new}
    assert workbook.update(root) == [], "it is said once"
    # The student begins in the new file, and then comes a third edition.
    began = save(root / "workbook/en/02-filtering.new.ipynb", "x = 4")
    (root / "notebooks/en/02-filtering.ipynb").write_bytes(lesson("x = 5"))
    assert len(workbook.update(root)) == 1
    there = files(root)
    assert there[edited.name] == kept[1] and there["02-filtering.mine-1.ipynb"] == began
    assert b"x = 5" in there["02-filtering.new.ipynb"]


@pytest.mark.parametrize("broken", [b"", b"<<<<<<< HEAD", b'{"cells": 1}', b"[" * 100_000, b"\xff"])
def test_a_file_that_is_no_notebook_is_never_overwritten(root, broken):
    workbook.update(root)
    copy = root / "workbook/en/02-filtering.ipynb"
    copy.write_bytes(broken)
    (root / "notebooks/en/01-images.ipynb").write_bytes(broken)
    said = workbook.update(root)
    assert copy.read_bytes() == broken and (root / "workbook/en/02-filtering.new.ipynb").exists()
    assert ["No notebook can be read in 02" in one for one in said] == [False, True] and "git checkout" in said[0]
    start_over.start_over("02", root)
    assert files(root)["02-filtering.mine-1.ipynb"] == broken


@pytest.mark.parametrize("with_git", [True, False])
def test_what_a_student_of_the_first_edition_wrote_is_kept(root, with_git, monkeypatch):
    monkeypatch.setattr(workbook, "KNOWN", {workbook.stamp(json.loads(COURSES))})
    if with_git:
        commit(root)
    course = root / "notebooks/en"
    theirs, ran = course / "02-filtering.ipynb", lesson(language_info=SAVED, outputs=[OUTPUT] * 2)
    (course / "01-images.ipynb").write_bytes(ran)
    (course / "02-filtering.mine-1.ipynb").write_bytes(b"older")
    for _ in "a start that is cut off", "and one more":
        theirs.write_bytes(MINE)
        (root / "workbook" / record.EDITIONS).unlink(missing_ok=True)
        [said] = workbook.update(root)
    assert "02-filtering.mine-2.ipynb" in said and ("It stays in" in said) is not with_git
    there = files(root)
    assert sorted(there) == [
        f"0{name}.ipynb" for name in ("1-images", "2-filtering", "2-filtering.mine-1", "2-filtering.mine-2")
    ]
    assert there["02-filtering.mine-1.ipynb"] == b"older" and there["02-filtering.mine-2.ipynb"] == MINE
    if with_git:
        assert b"x = 1" in there["02-filtering.ipynb"]
        assert git(root, "status", "--short", "--untracked-files=no") == "", "git pull works again"
    else:
        assert theirs.read_bytes() == MINE and (course / "01-images.ipynb").read_bytes() == ran
    theirs.write_bytes(MINE)
    workbook.update(root)
    assert theirs.read_bytes() == MINE, "only the first time"


def test_a_lesson_that_its_author_saved_and_committed_is_the_courses(root):
    (root / "notebooks/en/02-filtering.ipynb").write_bytes(MINE)
    commit(root)
    assert workbook.update(root) == [] and list(root.glob("workbook/**/*.mine-*")) == []


def test_the_first_edition_and_the_present_one_are_known():
    assert "ad4f690d8e00" in workbook.KNOWN
    unedited = [workbook.read(path.read_bytes()) for path in notebooks.lessons()]
    assert not any(workbook.is_edited(json.loads(workbook.fresh(notebook))) for notebook in unedited)
    assert workbook.is_edited(json.loads(MINE))


def test_starting_over_puts_the_copy_back_keeps_theirs_and_opens_the_questions(root, monkeypatch):
    assert "its questions are open again" in start_over.start_over("02", root), "also before the first `make lab`"
    copy, before = root / "workbook/en/02-filtering.ipynb", files(root)
    monkeypatch.chdir(copy.parent)
    record.add("filtering/q", choice="a")
    mine = [save(copy, "x = 2")]
    assert "Your version is now 02-filtering.mine-1.ipynb" in start_over.start_over("filtering", root)
    assert record.last("filtering/q") is None
    mine.append(save(copy, "x = 3"))
    assert "mine-2" in start_over.start_over("2", root)
    assert files(root) == before | {f"02-filtering.mine-{k}.ipynb": one for k, one in enumerate(mine, 1)}
    copy.unlink()
    assert "Your version" not in start_over.start_over("workbook/en/02-filtering.ipynb", root)
    save(root / "workbook/pt/02-filtering.ipynb", "x = 2")
    assert (
        "mine-1" in start_over.start_over("pt/02", root) and (root / "workbook/pt/02-filtering.mine-1.ipynb").exists()
    )
    assert files(root) == before | {f"02-filtering.mine-{k}.ipynb": one for k, one in enumerate(mine, 1)}


def test_two_starts_at_once_lose_nothing(root):
    workbook.update(root)
    mine = save(root / "workbook/en/02-filtering.ipynb", "x = 2")
    (root / "notebooks/en/02-filtering.ipynb").write_bytes(lesson("x = 3"))
    with ThreadPoolExecutor() as pool:
        assert len([*pool.map(lambda _: start_over.start_over("02", root), range(8))]) == 8
    there = files(root)
    assert mine in there.values() and not [name for name in there if name.startswith(".0")]
    assert b"x = 3" in there["02-filtering.ipynb"]


@pytest.mark.skipif(os.name == "nt", reason="no such limit there")
def test_on_a_full_disk_the_students_file_stays(root):
    workbook.update(root)
    mine = save(root / "workbook/en/02-filtering.ipynb", "x = 2")
    before = files(root)
    code = (
        "import resource, sys; from pathlib import Path; import start_over, workbook\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try: start_over.start_over('02', Path(sys.argv[1]))\n"
        "except OSError: print('refused')\n"
        "(Path(sys.argv[1]) / 'workbook/en/01-images.ipynb').unlink()\n"
        "print(*workbook.update(Path(sys.argv[1])))"
    )
    where = os.pathsep.join([str(notebooks.ROOT), str(notebooks.ROOT / "tools")])
    command = [sys.executable, "-c", code, root]
    said = subprocess.check_output(command, env=os.environ | {"PYTHONPATH": where}, text=True)
    assert said.startswith("refused") and "01-images.ipynb could not be copied" in said
    assert files(root) == {name: content for name, content in before.items() if name != "01-images.ipynb"}
    assert mine in before.values()


def test_ruff_leaves_a_students_files_alone(tmp_path):
    for name in ("02-filtering.mine-1.ipynb", "workbook/02-filtering.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    command = ["-m", "ruff", "check", "--show-files", "--config", notebooks.ROOT / "pyproject.toml", tmp_path]
    assert b"filtering" not in subprocess.check_output([sys.executable, *command])
