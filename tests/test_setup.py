"""The two commands: what they decide, and that nothing half-made is left; and that all that names versions agrees."""

import ast
import hashlib
import importlib.metadata
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
import types
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import bootstrap
import check_all
import conda_wheel
import environment
import notebooks
import pythons

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
on_posix = pytest.mark.skipif(os.name == "nt", reason="writes shell scripts")


def a_python(version=(3, 12), **more):
    usual = {"executable": "python", "usual": True, "bits": 64, "pip": True, "ensurepip": True}
    usual |= {"optimised": True, "whole": True}
    return {**usual, "version": list(version), **more}


def script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


# Which Python


@pytest.mark.parametrize("name", ["bootstrap", "environment", "notebooks", "pythons", "start_over"])
def test_an_old_python_can_read_what_runs_first(name):
    tree = ast.parse((ROOT / "tools" / f"{name}.py").read_text(encoding="utf-8"), feature_version=(3, 7))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names | {"environment", "notebooks", "pythons", "start_over"}
    assert "tomllib" not in imported


@pytest.mark.parametrize(
    ("python", "suits"),
    [
        (a_python((3, 10)), False),
        (a_python((3, 11)), True),
        (a_python((3, 13)), True),
        (a_python((3, 14)), False),
        (a_python((2, 7)), False),
        (a_python(usual=False), False),
        (a_python(bits=32), False),
        (None, False),
    ],
)
def test_which_python_can_carry_the_course(python, suits):
    assert pythons.is_suitable(python) is suits


def test_a_python_says_what_it_is():
    python = pythons.probe([sys.executable])
    assert python["version"] == list(sys.version_info[:2])
    assert python["bits"] == 64
    assert Path(python["executable"]).exists()


def test_what_is_no_python_is_passed_over(tmp_path):
    assert pythons.probe([str(tmp_path / "missing")]) is None


@on_posix
def test_a_shim_that_does_not_start_is_passed_over(tmp_path, monkeypatch):
    script(tmp_path / "old" / "python", f"echo '{json.dumps(a_python((3, 8)))}'")
    for name in ("python3.13", "python3.12"):
        script(tmp_path / "shims" / name, "echo not installed >&2; exit 127")
    script(tmp_path / "good" / "python3.12", f"echo '{json.dumps(a_python((3, 12), executable='the good one'))}'")
    monkeypatch.setenv("PATH", os.pathsep.join(str(tmp_path / name) for name in ("shims", "empty", "good")))
    monkeypatch.setattr(pythons.sys, "executable", str(tmp_path / "old" / "python"))
    assert pythons.find()["executable"] == "the good one"


@pytest.mark.parametrize(
    ("optimised", "whole", "named", "found"),
    [
        (["own", "other", "third"], True, False, "own"),
        (["other", "third"], True, False, "other"),
        (["third"], True, False, "third"),
        (["other", "third"], False, False, "third"),
        (["other", "third"], True, True, "own"),
        ([], True, False, "own"),
    ],
    ids=["the first", "the next", "the last", "a part missing", "named by PYTHON", "none"],
)
def test_the_first_python_is_taken_unless_only_another_is_optimised(monkeypatch, optimised, whole, named, found):
    if named:
        monkeypatch.setenv("PYTHON", "own")
    else:
        monkeypatch.delenv("PYTHON", raising=False)
    # The first comes twice, as a Python that runs does when it is also on the PATH.
    monkeypatch.setattr(pythons, "candidates", lambda: [["own"], ["old"], ["own"], ["other"], ["third"]])
    there = {name: a_python(executable=name, optimised=name in optimised) for name in ("own", "other", "third")}
    there["old"] = a_python((3, 10))
    there["other"]["whole"] = whole
    monkeypatch.setattr(pythons, "probe", lambda command: there[command[0]])
    assert pythons.find()["executable"] == found


@pytest.mark.parametrize(("named", "optimised"), [(False, True), (True, False)])
def test_no_other_python_is_asked_when_the_first_will_be_taken(monkeypatch, named, optimised):
    asked = []
    first = a_python(optimised=optimised)
    monkeypatch.setattr(pythons, "probe", lambda command: asked.append(command) or first)
    if named:
        monkeypatch.setenv("PYTHON", sys.executable)
    else:
        monkeypatch.delenv("PYTHON", raising=False)
    assert pythons.find() == first
    assert asked == [[sys.executable]]


@on_posix
@pytest.mark.parametrize(
    ("prefix", "options", "optimised"),
    [
        ("/usr", "'--enable-shared'", True),
        ("/opt/one", "'--enable-shared' '--enable-optimizations'", True),
        ("/opt/one", "'--enable-shared'", False),
        ("C:", None, True),
    ],
    ids=["the system's", "it says so", "it does not", "Windows"],
)
def test_a_python_says_whether_it_is_optimised(tmp_path, prefix, options, optimised):
    says = f"sysconfig.get_config_vars()['CONFIG_ARGS'] = {options!r}"
    (tmp_path / "sitecustomize.py").write_text(f"import sys, sysconfig\nsys.base_prefix = {prefix!r}\n{says}\n")
    add = f"export PYTHONPATH={shlex.quote(str(tmp_path))}"
    script(tmp_path / "python", f'{add}\nexec {shlex.quote(sys.executable)} "$@"')
    assert pythons.probe([str(tmp_path / "python")])["optimised"] is optimised


@pytest.mark.parametrize(
    ("uv", "ensurepip", "taken"), [("uv", False, "other"), (None, True, "other"), (None, False, "own")]
)
def test_an_optimised_python_is_taken_only_where_it_can_install(tmp_path, monkeypatch, capsys, uv, ensurepip, taken):
    other = a_python(executable="other", ensurepip=ensurepip)
    monkeypatch.setattr(environment.pythons, "find", lambda: other)
    monkeypatch.setattr(environment.pythons, "probe", lambda command: a_python(executable="own"))
    monkeypatch.setattr(environment.pythons, "get_uv", lambda usable, lock, place: uv)
    python, same = environment.tools_for_making("uv==1\n", tmp_path, "lab")
    assert (python["executable"], same) == (taken, uv)
    assert ("other is taken" in capsys.readouterr().out) is (taken == "other")


def test_settings_for_other_pythons_are_left_out(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/of/another")
    monkeypatch.setenv("PIP_USER", "1")
    kept = pythons.surroundings()
    assert "PYTHONPATH" not in kept
    assert kept["PIP_USER"] == "0"


# How uv comes


def test_only_uv_is_taken_from_the_lock():
    lines = pythons.uv_requirement((ROOT / "requirements.lock").read_text()).splitlines()
    assert re.match(r"uv==[\d.]+ \\$", lines[0])
    assert len(lines) > 5
    assert all(line.strip().startswith("--hash=sha256:") for line in lines[1:])


def test_uv_comes_by_pip_with_its_hashes(tmp_path, monkeypatch):
    commands = []

    def pip(command, quiet=False):
        commands.append([str(word) for word in command])
        if "--target" in command:
            uv = command[command.index("--target") + 1] / "bin" / "uv"
            uv.parent.mkdir(parents=True)
            uv.touch()
        return True

    monkeypatch.setattr(pythons, "run", pip)
    uv = pythons.get_uv([a_python()], "six==1\nuv==2 \\\n    --hash=sha256:0\nzipp==3\n", tmp_path)
    assert uv.is_relative_to(tmp_path)
    assert "--require-hashes" in commands[0]
    assert (tmp_path / "uv.txt").read_text() == "uv==2 \\\n    --hash=sha256:0\n"


def test_without_pip_a_pip_of_its_own_is_made_for_uv(tmp_path, monkeypatch):
    commands = []
    monkeypatch.setattr(pythons, "run", lambda command, quiet=False: commands.append(command) or True)
    monkeypatch.setattr(pythons.shutil, "which", lambda name: None)
    assert pythons.get_uv([a_python(pip=False)], "uv==2\n", tmp_path) is None
    assert commands[0][1:3] == ["-m", "venv"]
    assert commands[1][0] == pythons.python_in(commands[0][3])


def test_without_pip_and_ensurepip_this_machines_own_uv_serves(tmp_path, monkeypatch):
    monkeypatch.setattr(pythons, "run", lambda command, quiet=False: pytest.fail("nothing can be run"))
    monkeypatch.setattr(pythons.shutil, "which", lambda name: f"/somewhere/{name}")
    assert pythons.get_uv([a_python(pip=False, ensurepip=False)], "uv==2\n", tmp_path) == "/somewhere/uv"


def test_uv_fetches_a_python_once_when_it_knows_none(monkeypatch, capsys):
    monkeypatch.setattr(pythons, "output", lambda command: "")
    fetched = []
    monkeypatch.setattr(pythons, "run", lambda command, quiet=False: fetched.append(command) or False)
    assert pythons.python_by_uv("uv") is None
    assert [command[1:3] for command in fetched] == [["python", "install"]]
    assert "fetching Python 3.12" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("user", "sudo", "apt", "installs"),
    [(0, False, True, True), (1000, True, True, True), (1000, False, True, False), (0, True, False, False)],
)
def test_packages_are_installed_only_where_the_system_lets_us(monkeypatch, user, sudo, apt, installs):
    commands = []

    def run(command, quiet=False):
        commands.append(" ".join(command))
        return sudo or command != ["sudo", "-n", "true"]

    monkeypatch.setattr(pythons, "run", run)
    monkeypatch.setattr(pythons.shutil, "which", lambda name: "/usr/bin/apt-get" if apt else None)
    monkeypatch.setattr(pythons.os, "geteuid", lambda: user, raising=False)
    assert pythons.apt_install(["chromium"], "why") is installs
    assert any("install -y" in command for command in commands) is installs


@pytest.mark.parametrize("kind", ["lab", "test"])
def test_only_a_test_adds_what_a_new_debian_comes_without(tmp_path, monkeypatch, kind):
    bare, whole, asked = a_python(pip=False, ensurepip=False), a_python(pip=False), []
    monkeypatch.setattr(environment.pythons, "find", lambda: bare)
    monkeypatch.setattr(environment.pythons, "probe", lambda command: whole if asked else bare)
    monkeypatch.setattr(environment.pythons, "apt_install", lambda packages, why: asked.append(packages) or True)
    monkeypatch.setattr(
        environment.pythons, "get_uv", lambda usable, lock, place: "uv" if usable[0]["ensurepip"] else None
    )
    assert environment.tools_for_making("uv==1\n", tmp_path, kind) == (
        (whole, "uv") if kind == "test" else (bare, None)
    )
    assert asked == ([["python3.12-venv"]] if kind == "test" else [])


# The environment: whole, or not at all


class Course(environment.Environment):
    """One whose installing takes no time and does as it is told."""

    def __init__(self, root):
        super().__init__(root)
        for name in ("pyproject.toml", "requirements.lock", "requirements-test.lock"):
            (self.root / name).write_text(f"{name}\nuv==1\n")
        for name in environment.PROGRAMS:
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.root / name)
        self.made, self.by_uv, self.by_pip = [], True, True

    def install_by_uv(self, uv, python, kind):
        return self._install(f"uv {kind}", self.by_uv)

    def install_by_pip(self, python, kind):
        return self._install(f"pip {kind}", self.by_pip)

    def _install(self, what, succeeds):
        environment.remove(self.folder)
        self.folder.mkdir()
        (self.folder / "half").touch()
        self.made.append(what)
        if isinstance(succeeds, BaseException):
            raise succeeds
        return succeeds

    def version(self):
        return "3 12"

    @property
    def names(self):
        return sorted(path.name for path in self.root.iterdir() if path.name.startswith(".venv"))


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "tools_for_making", lambda lock, place, kind: (a_python(), "uv"))
    return Course(tmp_path)


def test_the_second_start_does_no_work(course, capsys):
    course.ensure("lab")
    course.ensure("lab")
    assert course.made == ["uv lab"]
    assert course.names == [".venv"]
    assert capsys.readouterr().out.count("Setting up") == 1


def test_looking_whether_all_is_ready_takes_no_time():
    real = environment.Environment(ROOT)
    began = time.perf_counter()
    real.is_ready("test")
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("name", environment.NEEDLESS)
def test_what_jupyter_does_without_is_not_loaded_at_each_start(name):
    assert re.search(rf"^{name}==", (ROOT / "requirements.lock").read_text(), re.MULTILINE), "nothing to leave out"
    with pytest.raises(importlib.metadata.PackageNotFoundError):
        importlib.metadata.version(name)


def test_tests_need_more_than_the_lab_and_the_lab_no_more_than_the_tests(course):
    course.ensure("lab")
    course.ensure("test")
    course.ensure("lab")
    assert course.made == ["uv lab", "uv test"]


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements.lock", *environment.PROGRAMS])
def test_a_changed_file_means_a_new_environment(course, name):
    course.ensure("lab")
    (course.root / name).write_text("uv==2\n")
    assert not course.is_ready("lab")


def test_the_lab_does_not_care_about_the_lock_of_the_tests(course):
    course.ensure("test")
    (course.root / "requirements-test.lock").write_text("other\n")
    assert course.is_ready("lab")
    assert not course.is_ready("test")


def test_an_environment_that_was_moved_is_made_anew(course, tmp_path):
    course.ensure("lab")
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    course.folder.rename(moved / ".venv")
    assert not Course(moved).is_ready("lab")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"python": "3 12"}'])
def test_a_damaged_stamp_counts_as_none(course, text):
    course.ensure("lab")
    course.stamp.write_text(text)
    assert not course.is_ready("lab")


def test_an_environment_whose_python_is_gone_is_made_anew(course, monkeypatch):
    course.ensure("lab")
    monkeypatch.setattr(Course, "version", lambda self: "")
    assert not course.is_ready("lab")


def test_jupyterlab_is_told_not_to_ask_for_news(course):
    course.ensure("lab")
    settings = json.loads((course.folder / "share/jupyter/lab/settings/overrides.json").read_text())
    assert settings["@jupyterlab/apputils-extension:notification"] == {"fetchNews": "false", "checkForUpdates": False}
    left_out = json.loads((course.folder / "etc/jupyter/labconfig/page_config.json").read_text())
    assert left_out["disabledExtensions"] == {"@voila-dashboards/jupyterlab-preview": True}


def test_pip_does_it_when_uv_cannot(course):
    course.by_uv = False
    course.ensure("lab")
    assert course.made == ["uv lab", "pip lab"]
    assert course.is_ready("lab")


@pytest.mark.parametrize("failure", [False, KeyboardInterrupt(), OSError("the disk is full")])
class TestFailure:
    def fail(self, course, failure, kind):
        course.by_uv = course.by_pip = failure
        expected = environment.SetupError if failure is False else type(failure)
        with pytest.raises(expected):
            course.ensure(kind)

    def test_nothing_half_made_is_left(self, course, failure):
        self.fail(course, failure, "lab")
        assert course.names == []

    def test_an_environment_that_worked_is_still_there(self, course, failure):
        course.ensure("lab")
        self.fail(course, failure, "test")
        assert course.names == [".venv"]
        assert course.is_ready("lab")

    def test_the_next_try_succeeds(self, course, failure):
        self.fail(course, failure, "lab")
        course.by_uv = True
        course.ensure("lab")
        assert course.is_ready("lab")


class TestKilled:
    """What a set-up leaves that was killed: a half-made folder, the earlier one beside it, or both whole."""

    def test_while_the_first_was_made(self, course):
        course.folder.mkdir()
        course.ensure("lab")
        assert course.names == [".venv"]
        assert course.is_ready("lab")

    def test_while_a_new_one_was_made(self, course):
        course.ensure("lab")
        course.folder.rename(course.before)
        course.folder.mkdir()
        course.ensure("lab")
        assert course.made == ["uv lab"], "the earlier one is whole and has come back"
        assert course.names == [".venv"]

    def test_before_a_new_one_was_begun(self, course):
        course.ensure("lab")
        course.folder.rename(course.before)
        course.ensure("lab")
        assert course.made == ["uv lab"]

    def test_while_the_earlier_one_was_deleted(self, course):
        course.ensure("lab")
        course.before.mkdir()
        course.ensure("test")
        assert course.names == [".venv"]
        assert course.is_ready("test")


def test_an_environment_in_use_is_left_alone(course, monkeypatch):
    course.ensure("lab")

    def refuse(self, target):
        raise PermissionError("in use")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(environment.SetupError, match="in use: close JupyterLab"):
        course.make("test")
    assert course.is_ready("lab")


def test_one_set_up_at_a_time(tmp_path):
    with environment.one_at_a_time(tmp_path), open(tmp_path / "other", "w") as other:
        assert environment.locked(other), "another folder has another lock"
        waits = f"import sys; sys.path.insert(0, {str(ROOT / 'tools')!r}); import environment\n"
        waits += f"with environment.one_at_a_time({str(tmp_path)!r}): print('in')"
        second = subprocess.Popen([sys.executable, "-Su", "-c", waits], stdout=subprocess.PIPE, text=True)
        assert "waiting" in second.stdout.readline()
    assert second.stdout.readline() == "in\n"
    second.stdout.close()
    assert second.wait() == 0


def test_no_python_is_one_sentence_and_exit_code_1(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(environment.pythons, "find", lambda: None)
    monkeypatch.setattr(environment.pythons, "get_uv", lambda found, lock, place: None)
    monkeypatch.setattr(bootstrap, "COURSE", Course(tmp_path))
    monkeypatch.setattr(bootstrap.signal, "signal", lambda *_: None)
    assert bootstrap.main(["lab"]) == 1
    last = capsys.readouterr().out.strip().splitlines()[-1]
    assert "install Python 3.12" in last
    assert last.count(".") == sys.version.split()[0].count(".") + 6
    assert bootstrap.COURSE.names == []


def test_no_venv_module_is_one_sentence_that_names_the_package(tmp_path):
    course = environment.Environment(tmp_path)
    with pytest.raises(environment.SetupError, match=r"apt install python3\.12-venv"):
        course.install_by_pip(a_python(ensurepip=False), "lab")


def test_ctrl_c_is_one_line_and_exit_code_1(monkeypatch, capsys):
    def interrupted(_kind):
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap.COURSE, "ensure", interrupted)
    monkeypatch.setattr(bootstrap.signal, "signal", lambda *_: None)
    assert bootstrap.main(["test"]) == 1
    assert "nothing half-made" in capsys.readouterr().out


# The commands


@pytest.fixture
def become(monkeypatch):
    """Records the command a process would have gone on as."""
    commands = []
    monkeypatch.setattr(bootstrap.COURSE, "ensure", lambda kind: commands.append(kind))
    monkeypatch.setattr(bootstrap, "become", lambda command: commands.append([str(word) for word in command]))
    return commands


def test_the_lab_opens_the_first_lesson(become):
    bootstrap.lab([])
    kind, command = become
    assert kind == "lab"
    assert command[-1].endswith("01-images.ipynb")


@pytest.mark.parametrize(("before", "after"), [(None, "1"), ("4", "4")])
def test_the_lab_computes_with_one_thread_unless_told_otherwise(become, monkeypatch, before, after):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", before or "")
    if before is None:
        monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    bootstrap.lab([])
    assert os.environ["OPENBLAS_NUM_THREADS"] == after


def test_the_lab_opens_what_is_named_and_passes_arguments_on(become):
    bootstrap.lab(["--no-browser", "notebooks/en/02-filtering.ipynb"])
    assert become[1][-2:] == ["--no-browser", "notebooks/en/02-filtering.ipynb"]
    assert sum(word.endswith(".ipynb") for word in become[1]) == 1


@pytest.mark.parametrize("name", ["3", "03", "matching"])
def test_a_lesson_is_presented_by_its_number_or_name(become, name):
    bootstrap.present([name, "--no-browser"])
    kind, command = become
    assert kind == "lab"
    assert Path(command[1]).name == "present.py"
    assert Path(command[2]) == ROOT / "notebooks" / "en" / "03-matching.ipynb"
    assert command[3:] == ["--no-browser"]


def test_nothing_is_installed_to_present_an_unknown_lesson(become):
    with pytest.raises(notebooks.UnknownLessonError, match="01 images, 02 filtering"):
        bootstrap.present(["99"])
    assert become == []


def test_the_lab_starts_also_where_nothing_can_be_written(become, monkeypatch):
    def refuse():
        raise PermissionError

    monkeypatch.setattr(bootstrap.start_over, "remember", refuse)
    bootstrap.lab([])
    assert len(become) == 2


def test_only_root_starts_the_lab_as_root(become, monkeypatch):
    for user in (0, 1000):
        monkeypatch.setattr(bootstrap.os, "geteuid", lambda user=user: user, raising=False)
        bootstrap.lab([])
        assert ("--allow-root" in become[-1]) is (user == 0)


def test_make_has_the_same_commands_as_the_script():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    described = set(re.findall(r"^([a-z-]+) ", bootstrap.__doc__, re.MULTILINE))
    assert targets - {"help"} == described == set(bootstrap.COMMANDS)


def test_ci_calls_make_test_and_nothing_weaker():
    run = ROOT / ".ci" / "run"
    assert run.read_text().strip().splitlines()[-1] == "exec make test </dev/null"
    assert os.name == "nt" or os.access(run, os.X_OK)
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())["jobs"]["test"]
    matrix = workflow["strategy"]["matrix"]
    assert matrix["os"] == ["ubuntu-latest", "macos-latest", "windows-latest"]
    assert {step["run"] for step in workflow["steps"] if "run" in step} == {
        "make test",
        "python tools/bootstrap.py test",
    }
    versions = matrix["python"] + [more["python"] for more in matrix["include"]]
    assert set(versions) == {"3.11", "3.12", "3.13"}


class TestCheckAll:
    @pytest.fixture
    def ran(self, monkeypatch):
        """Every command that would have been run; those in `ran.fails` fail."""

        class Ran(list):
            fails = ()

        ran = Ran()

        def run(command):
            ran.append(" ".join(str(word) for word in command))
            return int(any(word in ran[-1] for word in ran.fails))

        monkeypatch.setattr(check_all, "run", run)
        monkeypatch.setattr(check_all, "hear", lambda command: (run(command), f"{command[-1]} was heard\n"))
        monkeypatch.setattr(check_all.pythons, "run", lambda command, quiet: True)
        monkeypatch.setattr(check_all.os, "environ", {"CI": "true"})
        monkeypatch.setattr(check_all.offline, "words", lambda: ["offline"])
        return ran

    def test_pytest_with_all_that_it_can_check_comes_last(self, ran, monkeypatch):
        monkeypatch.setattr(check_all.chromium, "find", lambda: Path("chromium"))
        assert check_all.main([]) == 0
        gates = [command.split(" -m ")[-1].removesuffix(" .").split("lesson.py ")[-1] for command in ran[:-1]]
        assert sorted(gates) == ["check all", "format --check all", "ruff check", "ruff format --check"]
        words = ran[-1].split()
        assert {"pytest", "--doctest-modules", "--nbval", "lessons_lib", "tests", "notebooks"} <= set(words)
        assert "--nbval-lax" not in words
        assert [command.startswith("offline") for command in ran] == [False, False, False, False, True]

    def test_what_a_gate_says_is_shown_below_its_name(self, ran, monkeypatch, capsys):
        check_all.main([])
        assert "== tools/lesson.py check\nall was heard\n\n== tools/lesson.py format" in capsys.readouterr().out
        monkeypatch.undo()
        program = "import sys; print('ä × 1', flush=True); print('wrong', file=sys.stderr); sys.exit(3)"
        assert check_all.hear([sys.executable, "-X", "utf8", "-c", program]) == (3, "ä × 1\nwrong\n")

    @pytest.mark.no_cover
    def test_what_is_not_to_be_counted_is_not_followed(self):
        """In `make test` each worker has a report of its own, and pytest-cov once left a second one at work."""
        assert "coverage" not in str(sys.gettrace())

    @pytest.mark.parametrize(("has", "limit"), [(True, ["--cov=lessons_lib", "--cov-fail-under=95"]), (False, [])])
    def test_how_much_is_covered_is_asked_where_all_of_it_can_be(self, ran, monkeypatch, has, limit):
        monkeypatch.setattr(check_all.importlib.util, "find_spec", lambda name: (name == "tensorflow" and has) or None)
        check_all.main([])
        assert [word for word in ran[-1].split() if "cov" in word] == limit
        check_all.main(["tests/test_setup.py"])
        assert "cov" not in ran[-1] and ran[-1].endswith("tests/test_setup.py")

    @pytest.mark.parametrize(
        ("cores", "gigabytes", "workers"), [(2, 16, 2), (1, 16, 0), (None, 16, 0), (8, 64, 4), (8, 11, 2), (8, 7, 0)]
    )
    def test_files_run_side_by_side_where_cores_and_memory_allow_it(self, ran, monkeypatch, cores, gigabytes, workers):
        monkeypatch.setattr(check_all.os, "cpu_count", lambda: cores)
        monkeypatch.setattr("psutil.virtual_memory", lambda: types.SimpleNamespace(available=gigabytes * 2**30))
        check_all.main([])
        words = ran[-1].split()
        assert words[words.index("-n") + 1 :][:2] == [str(workers), "--dist=loadfile"] if workers else "-n" not in words

    @pytest.mark.parametrize(
        ("mends", "ci", "code", "says"),
        [
            ("", "true", 0, "needs no network is not checked: why."),
            ("install it", "", 0, "needs no network is not checked: why; install it."),
            ("install it", "true", 1, "needs no network fails: why; install it."),
        ],
    )
    def test_where_the_network_cannot_be_taken_away_one_line_says_why(
        self, ran, monkeypatch, capsys, mends, ci, code, says
    ):
        def refuse():
            raise check_all.offline.NoNamespaceError("why", mends)

        check_all.os.environ["CI"] = ci
        monkeypatch.setattr(check_all.chromium, "find", lambda: Path("chromium"))
        monkeypatch.setattr(check_all.offline, "words", refuse)
        assert check_all.main([]) == code
        assert len(ran) == 5 and ran[-1].startswith(sys.executable)
        assert sum(line.endswith(says) for line in capsys.readouterr().out.splitlines()) == 1

    @pytest.mark.parametrize("fails", ["ruff check", "ruff format", "lesson.py format", "lesson.py check", "pytest"])
    def test_whatever_fails_the_rest_is_run_and_all_fails(self, ran, fails, monkeypatch):
        monkeypatch.setattr(check_all.chromium, "find", lambda: Path("chromium"))
        ran.fails = (fails,)
        assert check_all.main([]) == 1
        assert len(ran) == 5

    def test_a_browser_is_installed_only_when_there_is_none_and_none_was_named(self, ran, monkeypatch):
        asked = []
        monkeypatch.setattr(check_all.pythons, "apt_install", lambda packages, why: asked.append(packages[0]))
        monkeypatch.setattr(check_all.chromium, "find", lambda: Path("chromium"))
        assert check_all.have_browser()
        monkeypatch.setattr(check_all.chromium, "find", lambda: None)
        check_all.os.environ["COURSE_CHROMIUM"] = "missing"
        assert not check_all.have_browser()
        assert asked == []
        del check_all.os.environ["COURSE_CHROMIUM"]
        assert not check_all.have_browser()
        assert asked == ["chromium-headless-shell", "chromium"]

    def test_a_browser_that_cannot_be_driven_gets_what_is_missing(self, ran, monkeypatch):
        asked = []
        monkeypatch.setattr(check_all.pythons, "apt_install", lambda packages, why: asked.append(packages[-1]) or True)
        monkeypatch.setattr(check_all.chromium, "find", lambda: Path("chromium"))
        monkeypatch.setattr(check_all.pythons, "run", lambda command, quiet: "playwright" not in command)
        assert check_all.have_browser()
        assert asked == ["libatomic1"]

    @pytest.mark.parametrize(("ci", "says"), [("true", "tests fail: install"), ("", "tests are skipped: install")])
    def test_without_a_browser_one_line_says_what_to_install(self, ran, monkeypatch, capsys, ci, says):
        check_all.os.environ["CI"] = ci
        monkeypatch.setattr(check_all, "have_browser", lambda: False)
        check_all.main([])
        assert sum(says in line for line in capsys.readouterr().out.splitlines()) == 1


def test_the_headless_shell_serves_the_tests_but_not_what_measures(monkeypatch):
    chromium, installed = check_all.chromium, ["chromium-headless-shell"]
    monkeypatch.delenv("COURSE_CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "PLACES", [])
    monkeypatch.setattr(chromium.shutil, "which", lambda name: name if name in installed else None)
    assert chromium.find() == Path("chromium-headless-shell")
    with pytest.raises(FileNotFoundError, match="apt install chromium"):
        chromium.of_students()
    installed.append("google-chrome")
    assert chromium.find() == Path("chromium-headless-shell")
    assert chromium.of_students() == "google-chrome"


# What names versions agrees

SYSTEMS = {
    "Linux x86-64": {"sys_platform": "linux", "platform_machine": "x86_64", "os_name": "posix"},
    "Linux ARM": {"sys_platform": "linux", "platform_machine": "aarch64", "os_name": "posix"},
    "Linux RISC-V": {"sys_platform": "linux", "platform_machine": "riscv64", "os_name": "posix"},
    "Mac": {"sys_platform": "darwin", "platform_machine": "arm64", "os_name": "posix"},
    "Intel Mac": {"sys_platform": "darwin", "platform_machine": "x86_64", "os_name": "posix"},
    "Windows": {"sys_platform": "win32", "platform_machine": "AMD64", "os_name": "nt"},
    "Windows on ARM": {"sys_platform": "win32", "platform_machine": "ARM64", "os_name": "nt"},
}
WITH_TENSORFLOW = {"Linux x86-64", "Linux ARM", "Mac", "Windows"}
VERSIONS = ["3.11", "3.12", "3.13"]
CELLS = [(system, version) for system in SYSTEMS for version in VERSIONS]


def entries(name):
    """The lock as (name, version, marker or None, hashes), and every line of it must be one of these."""
    text = (ROOT / name).read_text(encoding="utf-8")
    pattern = r"([a-z0-9-]+)==([^ ;]+)(?: ; (.+?))? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
    assert re.fullmatch(f"(?:{pattern})+", text), f"{name} holds something else than versions and hashes"
    return [
        (package, version, Marker(marker) if marker else None, frozenset(re.findall("[0-9a-f]{64}", hashes)))
        for package, version, marker, hashes in re.findall(pattern, text)
    ]


LOCKS = {kind: entries(name) for kind, name in environment.LOCKS.items()}


def surroundings(system, version):
    return {
        **SYSTEMS[system],
        "python_version": version, "python_full_version": f"{version}.9", "implementation_name": "cpython",
        "platform_python_implementation": "CPython", "extra": "",
    }  # fmt: skip


def installed(kind, system, version):
    """What a lock installs there: {name: version}."""
    where = surroundings(system, version)
    found = [(name, pin) for name, pin, marker, _hashes in LOCKS[kind] if marker is None or marker.evaluate(where)]
    assert len(found) == len(dict(found)), "one version each"
    return dict(found)


def demanded(kind):
    groups = PYPROJECT["dependency-groups"]
    texts = PYPROJECT["project"]["dependencies"] + groups["lab"] + (groups["test"] if kind == "test" else [])
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("kind", ["lab", "test"])
@pytest.mark.parametrize(("system", "version"), CELLS)
def test_the_lock_holds_every_dependency_within_its_range(kind, system, version):
    have, where, looked_at = installed(kind, system, version), surroundings(system, version), 0
    for requirement in demanded(kind):
        name = canonicalize_name(requirement.name)
        if requirement.marker is None or requirement.marker.evaluate(where):
            assert requirement.specifier.contains(have[name]), f"{requirement}: locked is {have[name]}"
            looked_at += 1
    assert looked_at >= 8


@pytest.mark.parametrize(("system", "version"), CELLS)
def test_tensorflow_is_there_where_it_exists(system, version):
    have = installed("lab", system, version)
    assert len(have.keys() & {"tensorflow", "tensorflow-cpu"}) == (system in WITH_TENSORFLOW)
    assert ("keras" in have) is (system in WITH_TENSORFLOW)
    assert "scikit-learn" not in have, "Keras would import it at every start"


@pytest.mark.parametrize(("system", "version"), CELLS)
def test_the_lock_of_the_tests_holds_that_of_the_students(system, version):
    assert installed("lab", system, version).items() <= installed("test", system, version).items()


def test_the_same_version_has_the_same_hashes_in_both_locks():
    tests = {entry[:2]: entry[3] for entry in LOCKS["test"]}
    for name, version, _marker, hashes in LOCKS["lab"]:
        assert tests[name, version] == hashes


def test_pyproject_has_ranges_and_never_pins():
    for requirement in demanded("test"):
        assert requirement.specifier
        assert {part.operator for part in requirement.specifier} <= {">=", ">", "<", "<=", "!="}


def test_everyone_names_the_same_pythons():
    allowed = SpecifierSet(PYPROJECT["project"]["requires-python"])
    every = [f"3.{minor}" for minor in range(8, 20)]
    low, high = pythons.OLDEST[1], pythons.NEWEST[1]
    assert [version for version in every if version in allowed] == [f"3.{minor}" for minor in range(low, high + 1)]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "Python 3.11, 3.12 or 3.13" in readme
    assert conda_python() in allowed


def conda():
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def conda_python():
    (python,) = [Requirement(text.replace("=", "==", 1)) for text in conda()["dependencies"] if "python" in text]
    (part,) = python.specifier
    return part.version


def test_conda_gives_python_and_the_same_lock_all_else():
    *by_conda, by_pip = conda()["dependencies"]
    assert [re.match("[a-z]+", text).group() for text in by_conda] == ["python", "pip"]
    assert by_pip["pip"][0] == f"-r {environment.LOCKS['lab']}"
    # pip may not replace the pip that runs: Windows forbids it.
    assert "pip" not in {name for name, *_rest in LOCKS["lab"]}


def test_condas_wheel_is_the_one_its_script_makes():
    path, option = conda()["dependencies"][-1]["pip"][1].split()
    assert (ROOT / path).read_bytes() == conda_wheel.build()
    assert option == f"--hash=sha256:{hashlib.sha256(conda_wheel.build()).hexdigest()}"


def import_by_wheel(folder):
    """Import lessons_lib in a Python that has only conda's wheel."""
    code = "import lessons_lib, lessons_lib.i18n as i; print(lessons_lib.__version__, i.FOLDER)"
    surroundings = {**os.environ, "PYTHONPATH": str(conda_wheel.WHEEL)}
    return subprocess.run([sys.executable, "-Sc", code], cwd=folder, env=surroundings, capture_output=True, text=True)


def test_condas_wheel_finds_the_course_from_a_notebooks_folder(tmp_path):
    found = import_by_wheel(ROOT / "notebooks" / "en")
    assert found.stdout.split(maxsplit=1)[1].strip() == str(ROOT / "lessons_lib" / "locale"), found.stderr


def test_condas_wheel_says_what_to_do_elsewhere(tmp_path):
    assert "open a notebook inside the course's folder" in import_by_wheel(tmp_path).stderr


def test_condas_wheel_and_the_environment_of_make_hold_the_same_settings_of_jupyter(course):
    course.ensure("lab")
    with zipfile.ZipFile(conda_wheel.WHEEL) as wheel:
        inside = {Path(name).name: wheel.read(name) for name in wheel.namelist() if "/etc/jupyter/" in name}
    assert sorted(inside) == ["jupyter_server_config.py", "voila.py"]
    for name, content in inside.items():
        assert content == (course.folder / "etc" / "jupyter" / name).read_bytes()


CONNECT = """
import gc, socket, sys
from jupyter_server.serverapp import ServerApp
from tornado.iostream import IOStream
from tornado.websocket import websocket_connect

kind, folder = sys.argv[1:]
if kind == "voila":
    from voila.app import Voila

    app = Voila(open_browser=False)
    app.initialize([f"--Voila.root_dir={folder}", "--no-browser"])
    print(app.kernel_websocket_connection_class.__name__)
    sys.exit()

app = ServerApp()
app.initialize(["--no-browser", "--allow-root", "--IdentityProvider.token=t", f"--ServerApp.root_dir={folder}"])


async def connect():
    kernel = await app.kernel_manager.start_kernel()
    before = {id(stream) for stream in gc.get_objects() if isinstance(stream, IOStream)}
    page = await websocket_connect(f"ws://127.0.0.1:{app.port}/api/kernels/{kernel}/channels?token=t")
    while not await page.read_message():
        pass
    for stream in gc.get_objects():
        if isinstance(stream, IOStream) and id(stream) not in before and stream.socket.getsockname()[1] == app.port:
            print(bool(stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
    page.close()
    await app.kernel_manager.shutdown_all(now=True)
    app.io_loop.stop()


app.io_loop.add_callback(connect)
app.start()
"""


def connected(kind, folder, config):
    """What a server says of a page's connection to its kernel, when it reads `config`."""
    surroundings = os.environ | {name: str(folder / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")}
    surroundings["JUPYTER_CONFIG_PATH"] = str(config)
    command = [sys.executable, "-c", CONNECT, kind, str(folder)]
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(("kind", "said"), [("lab", "True"), ("voila", "PromptConnection")])
def test_an_answer_of_the_kernel_is_not_held_back(tmp_path, kind, said):
    assert connected(kind, tmp_path, ROOT / "tools" / "jupyter") == [said]


# What is committed


def committed():
    """Every text of the project."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("this copy of the course has no git")
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            text = (ROOT / name).read_bytes()
            if b"\0" not in text:
                yield name, text.decode("utf-8")


def test_no_committed_file_names_the_host_of_a_registry():
    hosts = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "debian" + ".org", "anaconda" + ".org"]
    found = [(name, host) for name, text in committed() for host in hosts if host in text]
    assert found == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/teaching.md"])
def test_every_link_leads_somewhere(name):
    links = re.findall(r"\]\(([^)]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_the_screenshots_are_light_enough_for_a_page():
    pictures = list((ROOT / "docs").glob("*.png"))
    assert len(pictures) >= 3
    assert {path.name: path.stat().st_size for path in pictures if path.stat().st_size > 200_000} == {}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in pictures if f"(docs/{path.name})" not in readme] == []


def test_there_is_a_licence_for_code_and_one_for_text():
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    assert "CC-BY-4.0" in (ROOT / "LICENSE-TEXT").read_text(encoding="utf-8")
    assert PYPROJECT["project"]["license"] == "MIT"
