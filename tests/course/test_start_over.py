"""`make start-over`: the lesson is as it was, and the student's version is never lost."""

import json
import subprocess
import sys

import pytest

import notebooks
import start_over

COURSES = json.dumps({"cells": [], "metadata": {"language_info": {"name": "python"}}}).encode()
# What JupyterLab makes of it as soon as it saves.
SAVED = json.dumps({"cells": [], "metadata": {"language_info": {"name": "python", "version": "3.12.1"}}}).encode()


@pytest.fixture(params=["git", "a folder of a git repository", "ZIP"])
def course(request, tmp_path, monkeypatch):
    """A course of two lessons as it was downloaded, after a first `make lab`."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    root = tmp_path / "in" / "here" if request.param.startswith("a folder") else tmp_path
    (root / start_over.FOLDER).mkdir(parents=True)
    for name in ("01-images.ipynb", "02-filtering.ipynb"):
        (root / start_over.FOLDER / name).write_bytes(COURSES)
    if request.param != "ZIP":
        who = ["-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"]
        for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "course"]):
            subprocess.run(["git", *who, *command], cwd=tmp_path, check=True)
    start_over.remember(root)
    assert (root / ".untouched").exists() is (request.param == "ZIP")
    return root


def files(root):
    return {path.name: path.read_bytes() for path in (root / start_over.FOLDER).iterdir()}


def test_the_lesson_is_put_back_and_every_version_of_the_student_kept(course):
    before, lesson = files(course), course / start_over.FOLDER / "02-filtering.ipynb"
    for number, mine in enumerate([SAVED, b"second"], start=1):
        lesson.write_bytes(mine)
        # The lab is opened again: what a student saved never becomes the course's.
        start_over.remember(course)
        assert f"Your version is now 02-filtering.mine-{number}.ipynb" in start_over.start_over("02", course)
    kept = {"02-filtering.mine-1.ipynb": SAVED, "02-filtering.mine-2.ipynb": b"second"}
    assert files(course) == before | kept
    assert "nothing to do" in start_over.start_over("filtering", course)
    lesson.unlink()
    assert "Your version" not in start_over.start_over("2", course)
    assert files(course) == before | kept


def test_what_was_never_seen_untouched_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(start_over, "git", lambda *_: None)
    lesson = tmp_path / start_over.FOLDER / "01-images.ipynb"
    lesson.parent.mkdir(parents=True)
    lesson.write_bytes(SAVED)
    start_over.remember(tmp_path)
    with pytest.raises(SystemExit, match="Download the course again and copy"):
        start_over.start_over("01", tmp_path)
    assert files(tmp_path) == {"01-images.ipynb": SAVED}


def test_every_lesson_of_the_course_counts_as_untouched():
    assert [path.name for path in notebooks.lessons("en") if not start_over.is_untouched(path)] == []


def test_ruff_leaves_a_students_version_alone(tmp_path):
    (tmp_path / "02-filtering.mine-1.ipynb").touch()
    command = ["-m", "ruff", "check", "--show-files", "--config", notebooks.ROOT / "pyproject.toml", tmp_path]
    assert b"mine" not in subprocess.check_output([sys.executable, *command])
