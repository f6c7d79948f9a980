"""The commands: the environment mends itself, the locks hold what pyproject.toml asks for, and the network can go."""

import ast
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

import chromium
import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement

import check_all
import course
import offline
from notebooks import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ENTRY = re.compile(r"([a-z0-9-]+)==([^ ;]+)(?: ; (.+?))? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)")
LOCKS = {kind: (ROOT / name).read_text(encoding="utf-8") for kind, name in course.LOCKS.items()}


def locked(kind, *names):
    return "".join(entry.group() for entry in ENTRY.finditer(LOCKS[kind]) if entry[1] in names)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the course, in git, whose locks hold two small packages; none of it needs a network."""
    root = tmp_path_factory.mktemp("copy")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("this copy of the course has no git")
    for name in filter(None, listed.stdout.split("\0")):
        if not name.startswith(("data/", "docs/", "tests/")) and (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, root / name)
    for name in course.LOCKS.values():
        (root / name).write_text(locked("test", "setuptools", "packaging"))
    commit(root)
    uv = Path(sys.prefix, course.PYTHON.parent.name, "uv")
    known = [uv, "pip", "install", "--offline", "--target", root / "tried", "-r", root / course.LOCKS["lab"]]
    if not shutil.which(uv) or subprocess.run(known, capture_output=True).returncode:
        pytest.skip("uv's cache does not hold the packages (it does where `make test` made the environment)")
    shutil.rmtree(root / "tried")
    return root


def commit(root):
    who = ["-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "course"]):
        subprocess.run(["git", *who, *command], cwd=root, check=True)


def begin(root, *command):
    """Start one of the course's commands in a copy of it, with the uv of this environment."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    words = [sys.executable, "tools/course.py", *command]
    more = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(words, cwd=root, env=os.environ | {"PATH": path, "UV_OFFLINE": "1"}, **more)


def end(process, code=0):
    said, _ = process.communicate(timeout=120)
    assert process.returncode == code, said
    return said


@pytest.mark.parametrize("lost", ["course.stamp", "bin/python", "lib/*/site-packages/__editable__*"])
@pytest.mark.skipif(os.name == "nt", reason="the folders have other names")
def test_a_half_made_environment_mends_itself(copy, lost):
    end(begin(copy, "count"))
    for path in [*(copy / ".venv").glob(lost), *(copy / ".venv").glob("lib/*/site-packages/packaging/version.py")]:
        path.unlink()
    assert "Setting up" in end(begin(copy, "count"))
    assert list((copy / ".venv").glob("lib/*/site-packages/packaging/version.py"))
    assert "Setting up" not in end(begin(copy, "count"))


def test_a_new_lock_brings_the_environment_up_to_date(copy):
    end(begin(copy, "count"))
    (copy / ".venv" / "kept").touch()
    with open(copy / course.LOCKS["lab"], "a") as lock:
        lock.write(locked("test", "six"))
    assert "+ six" in end(begin(copy, "count"))
    assert (copy / ".venv" / "kept").exists()


def test_of_two_set_ups_at_once_one_waits(copy):
    shutil.rmtree(copy / ".venv", ignore_errors=True)
    said = "".join(map(end, [begin(copy, "count"), begin(copy, "count")]))
    assert said.count("Creating virtual environment") == 1
    assert said.count("tools and gates") == 2


def test_a_python_that_can_install_nothing_is_told_what_it_lacks(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(course, "UV", tmp_path)
    monkeypatch.setattr(course.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        course.find_uv()


@pytest.mark.parametrize(("version", "tried"), [((3, 14), [">=3.11,<3.14", sys.executable]), ((3, 9), [">=3.11,<3.14"]),
                                                ((3, 13), [sys.executable])])  # fmt: skip
def test_a_newer_python_serves_where_uv_finds_no_other(monkeypatch, tmp_path, version, tried):
    asked = []
    monkeypatch.setattr(course, "run", lambda *words, **_how: asked.append(words[3]) if words[1] == "venv" else False)
    monkeypatch.setattr(course, "find_uv", lambda: "uv")
    monkeypatch.setattr(course, "made", list)
    monkeypatch.setattr(course, "VENV", tmp_path / "none")
    with monkeypatch.context() as here:
        here.setattr(sys, "version_info", version)
        assert not course.make("lab")
    assert asked == tried


def test_an_old_python_can_read_what_runs_first():
    tree = ast.parse(Path(course.__file__).read_text(encoding="utf-8"), feature_version=(3, 8))
    imports = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert {name.partition(".")[0] for name in imports} <= sys.stdlib_module_names


def test_make_and_the_help_have_every_command():
    targets = re.search(r"^help (.*):$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[1].split()
    described = re.findall(r"^([a-z-]+) .*  ", course.__doc__, re.MULTILINE)
    assert sorted(targets) == sorted(described) == sorted(course.COMMANDS)


# What is locked

PLATFORMS = [
    ("linux", "x86_64"), ("linux", "aarch64"), ("linux", "riscv64"), ("darwin", "arm64"), ("darwin", "x86_64"),
    ("win32", "AMD64"), ("win32", "ARM64"),
]  # fmt: skip
WITH_TENSORFLOW = {("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "AMD64")}


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_locks_hold_every_dependency_within_its_range(platform, version):
    where = dict(zip(("sys_platform", "platform_machine"), platform, strict=True), extra="")
    where |= {"os_name": "nt" if platform[0] == "win32" else "posix", "python_version": version}
    where |= {"python_full_version": f"{version}.9", "implementation_name": "cpython"}
    where["platform_python_implementation"] = "CPython"
    have = {
        kind: {e[1]: e.group(2, 4) for e in ENTRY.finditer(text) if e[3] is None or Marker(e[3]).evaluate(where)}
        for kind, text in LOCKS.items()
    }
    assert have["lab"].items() <= have["test"].items()
    groups = PYPROJECT["dependency-groups"]
    asked = {"lab": PYPROJECT["project"]["dependencies"] + groups["lab"], "test": groups["test"]}
    for kind, texts in asked.items():
        for requirement in map(Requirement, texts):
            if requirement.marker is None or requirement.marker.evaluate(where):
                assert have[kind][requirement.name][0] in requirement.specifier
    # Keras would import scikit-learn at every start.
    assert have["lab"].keys() & {"tensorflow", "tensorflow-cpu", "scikit-learn"} <= {"tensorflow", "tensorflow-cpu"}
    assert ("keras" in have["lab"]) is (platform in WITH_TENSORFLOW and version != "3.14")


@pytest.mark.parametrize("kind", ["lab", "test"])
def test_a_lock_holds_versions_and_hashes_and_no_host(kind):
    assert ENTRY.sub("", LOCKS[kind]) == ""


def test_conda_has_a_python_that_suits_and_the_ranges():
    python, _pip, by_pip = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    assert python.partition("=")[2] in Requirement(f"python{PYPROJECT['project']['requires-python']}").specifier
    assert by_pip["pip"] == ["-e .", *(one for one in PYPROJECT["dependency-groups"]["lab"] if "voila" in one)]


# What `make test` does


def test_a_failure_stops_nothing_and_is_the_exit_code(monkeypatch, capfd):
    program = ["-c", "import os, sys; print('ran', os.environ.get('COURSE_TRIED')); sys.exit(len(sys.argv) > 1)"]
    monkeypatch.setattr(check_all, "GATES", [[*program, "fails"], program])
    monkeypatch.setattr(check_all, "tests", lambda: [program, program])
    monkeypatch.setattr(check_all.os, "environ", dict(os.environ))
    monkeypatch.setattr(offline, "words", lambda: ["env", "COURSE_TRIED=offline"])
    assert check_all.main([]) == 1
    assert re.findall("^ran .*", capfd.readouterr().out, re.MULTILINE) == ["ran None"] * 2 + ["ran offline"] * 2
    monkeypatch.setattr(check_all, "GATES", [program])
    assert check_all.main([]) == 0


def test_the_headless_shell_serves_the_tests_but_not_what_measures(monkeypatch):
    monkeypatch.delenv("COURSE_CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "PLACES", [])
    monkeypatch.setattr(chromium.shutil, "which", lambda name: name if name == chromium.SHELL else None)
    assert chromium.find() == Path(chromium.SHELL)
    with pytest.raises(FileNotFoundError, match="apt install chromium"):
        chromium.of_students()


@pytest.mark.skipif(not offline.words(), reason="this system has no means to take the network away")
@pytest.mark.parametrize(("to", "error"), [("('192.0.2.1', 80)", "unreachable"), ("here.getsockname()", "")])
def test_without_a_network_only_the_loopback_answers(to, error):
    ask = f"import socket; here = socket.create_server(('127.0.0.1', 0)); socket.create_connection({to}, 2)"
    done = subprocess.run([*offline.words(), sys.executable, "-c", ask], capture_output=True, text=True)
    assert (done.returncode != 0) is bool(error) and error in done.stderr


# What `make lab` does


@pytest.mark.skipif(not course.made(), reason="`.venv` was not made by `make lab` or `make test`")
def test_the_lab_starts_again_without_a_network():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    lab = begin(
        ROOT, "lab", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token="
    )
    page = f"http://127.0.0.1:{port}/api/contents/en/01-images.ipynb?content=0"
    while lab.poll() is None:
        try:
            assert urllib.request.urlopen(page).status == 200
            lab.terminate()
            break
        except urllib.error.URLError:
            time.sleep(0.2)
    said, _ = lab.communicate(timeout=30)
    assert "is running at" in said and "Setting up" not in said


CONNECT = """
import gc, socket
from jupyter_server.serverapp import ServerApp
from tornado.iostream import IOStream
from tornado.websocket import websocket_connect
from voila.app import Voila

voila = Voila(open_browser=False)
voila.initialize(["--no-browser"])
app = ServerApp()
app.initialize(["--no-browser", "--allow-root", "--IdentityProvider.token=t"])
print(voila.kernel_websocket_connection_class.__name__, app.jpserver_extensions["voila.server_extension"])


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


def test_an_answer_of_the_kernel_is_not_held_back(tmp_path):
    own = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    own["JUPYTER_CONFIG_PATH"] = course.SURROUNDINGS["JUPYTER_CONFIG_PATH"]
    command = [sys.executable, "-c", CONNECT]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | own, capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["PromptConnection", "False", "True"], done.stderr
