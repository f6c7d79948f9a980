"""`make start-over`: the lesson is as it was, the student's version is never lost, and neither counts as the other."""

import json
import subprocess

import pytest

import bootstrap
import check_all
import formatting
import lesson
import notebooks
import solutions
import start_over

COURSES = json.dumps({"cells": [], "metadata": {"language_info": {"name": "python"}}}).encode()
# What JupyterLab makes of it as soon as it saves.
SAVED = json.dumps({"cells": [], "metadata": {"language_info": {"name": "python", "version": "3.12.1"}}}).encode()
NAMES = ["01-images.ipynb", "02-filtering.ipynb", "10-last.ipynb"]


def make_course(root):
    folder = root / "notebooks" / "en"
    folder.mkdir(parents=True)
    for name in NAMES:
        (folder / name).write_bytes(COURSES + name.encode() if name == NAMES[1] else COURSES)
    return folder


def git(root, *arguments):
    who = ["-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"]
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture(params=["git", "a folder of a git repository", "ZIP"])
def course(request, tmp_path, monkeypatch):
    """A course of three lessons as it was downloaded, after a first `make lab`."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    root = tmp_path / "in" / "here" if request.param.startswith("a folder") else tmp_path
    make_course(root)
    if request.param != "ZIP":
        git(tmp_path, "init", "-q")
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-qm", "course")
    start_over.remember(root)
    assert (root / ".untouched").exists() is (request.param == "ZIP")
    return root


def files(root):
    return {path.name: path.read_bytes() for path in (root / "notebooks" / "en").iterdir()}


def test_the_lesson_is_put_back_and_the_students_version_kept(course):
    before, mine = files(course), b"what I wrote"
    (course / "notebooks" / "en" / NAMES[0]).write_bytes(mine)
    said = start_over.start_over("01", course)
    assert files(course) == before | {"01-images.mine-1.ipynb": mine}
    assert "Your version is now 01-images.mine-1.ipynb" in said and "Reload Notebook from Disk" in said


def test_nothing_kept_is_ever_overwritten(course):
    versions = [b"first", b"second", b"third"]
    for version in versions:
        (course / "notebooks" / "en" / NAMES[0]).write_bytes(version)
        start_over.start_over("01", course)
    assert [files(course)[f"01-images.mine-{number}.ipynb"] for number in (1, 2, 3)] == versions


def test_an_untouched_lesson_has_nothing_to_do(course):
    before = files(course)
    assert "nothing to do" in start_over.start_over("01", course)
    assert files(course) == before


def test_a_deleted_lesson_comes_back(course):
    before = files(course)
    (course / "notebooks" / "en" / NAMES[0]).unlink()
    assert "Your version" not in start_over.start_over("images", course)
    assert files(course) == before


@pytest.mark.parametrize("name", ["2", "02", "filtering", "02-filtering", "notebooks/en/02-filtering.ipynb"])
def test_a_lesson_has_several_names(name):
    assert notebooks.named(name, NAMES) == "02-filtering.ipynb"


@pytest.mark.parametrize("name", ["", "3", "1.5", "filter", "../secrets"])
def test_an_unknown_name_gets_the_list_of_lessons(name, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap.signal, "signal", lambda *_: None)
    monkeypatch.setattr(start_over, "names", lambda root: NAMES)
    for arguments in (["start-over", name], ["start-over"] if not name else ["start-over", name, "more"]):
        assert bootstrap.main(arguments) == 1
        said = capsys.readouterr().out.strip()
        assert said.startswith(f"There is no lesson {name!r}; " if name else "Name a lesson")
        assert said.endswith("the lessons are: 01 images, 02 filtering, 10 last.")


class TestWithoutGit:
    @pytest.fixture
    def course(self, tmp_path, monkeypatch):
        monkeypatch.setattr(start_over, "git", lambda *_: None)
        make_course(tmp_path)
        return tmp_path

    def write(self, course, content):
        (course / "notebooks" / "en" / NAMES[0]).write_bytes(content)

    def test_a_lesson_that_lab_saw_too_late_is_left_alone_and_one_sentence_says_what_to_do(self, course):
        self.write(course, SAVED)
        start_over.remember(course)
        with pytest.raises(start_over.StartOverError, match="Download the course again and copy"):
            start_over.start_over("01", course)
        assert files(course)[NAMES[0]] == SAVED
        assert len(files(course)) == len(NAMES)

    def test_a_students_version_never_becomes_the_courses(self, course):
        start_over.remember(course)
        self.write(course, SAVED)
        start_over.remember(course)
        start_over.start_over("01", course)
        assert files(course)[NAMES[0]] == COURSES

    def test_a_newer_download_of_the_course_does(self, course):
        start_over.remember(course)
        newer = COURSES.replace(b"[]", b'[{"cell_type": "markdown"}]')
        self.write(course, newer)
        start_over.remember(course)
        self.write(course, SAVED)
        start_over.start_over("01", course)
        assert files(course)[NAMES[0]] == newer

    @pytest.mark.parametrize("damaged", [b"", b"\xff", b"[]", b"{}", b'{"metadata": 1}'])
    def test_what_is_no_notebook_is_not_kept(self, course, damaged):
        self.write(course, damaged)
        start_over.remember(course)
        assert not (course / ".untouched" / NAMES[0]).exists()


def test_every_lesson_of_the_course_counts_as_untouched():
    found = notebooks.lessons("en")
    assert found
    assert [path.name for path in found if not start_over.untouched(path.read_bytes())] == []


def test_without_git_there_is_no_output_of_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert start_over.git(tmp_path, "--version") is None


def test_a_students_notebooks_are_no_lessons(tmp_path, monkeypatch):
    folder = make_course(tmp_path)
    for name in ("02-filtering.mine-1.ipynb", "02-filtering-Copy1.ipynb", "Untitled.ipynb", "notes.ipynb"):
        (folder / name).touch()
    for module in (lesson, solutions):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    for found in (notebooks.lessons(root=tmp_path), lesson.lessons(["all"]), solutions.lessons()):
        assert [path.name for path in found] == NAMES


def test_the_notebook_comparison_and_ruff_leave_a_students_version_alone(tmp_path):
    lessons = notebooks.lessons("en")
    mine = lessons[0].with_name(f"{lessons[0].stem}.mine-99.ipynb")
    if mine.exists():
        pytest.skip("someone's own version is there")
    try:
        mine.write_text('{"cells": [{"cell_type": "code", "source": "import   os"}]}')
        python = check_all.sys.executable
        pytest_finds = [python, "-m", "pytest", "--nbval", "--collect-only", "-q", lessons[0].parent]
        found = subprocess.run(pytest_finds, cwd=formatting.ROOT, capture_output=True, text=True)
        assert lessons[0].name in found.stdout
        assert mine.name not in found.stdout
        ruff = subprocess.run([python, "-m", "ruff", "check", "--show-files"], cwd=formatting.ROOT, capture_output=True)
        assert lessons[0].name.encode() in ruff.stdout
        assert mine.name.encode() not in ruff.stdout
    finally:
        mine.unlink(missing_ok=True)


def test_every_committed_notebook_is_a_lesson():
    listed = start_over.git(formatting.ROOT, "ls-files", "notebooks")
    if listed is None:
        pytest.skip("this copy of the course has no git")
    committed = {line for line in listed.decode().splitlines() if line.endswith(".ipynb")}
    assert committed == {path.relative_to(formatting.ROOT).as_posix() for path in notebooks.lessons()}
