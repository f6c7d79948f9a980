"""The course needs no network: `make test` runs pytest where there is none, and what needs one fails there."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import nbformat.v4 as v4
import pytest

import environment
import notebooks
import offline
from formatting import ROOT, as_text, write

OUTSIDE = "import socket; socket.create_connection(('192.0.2.1', 80), 2)"
IN_CI = os.environ.get("CI") == "true"


@pytest.fixture(scope="module")
def before():
    """What to put before a command to take the network away."""
    try:
        return offline.words()
    except offline.NoNamespaceError as reason:
        pytest.skip(str(reason))


@pytest.fixture
def inside():
    """For tests of the surroundings that `make test` made."""
    if os.environ.get(offline.INSIDE) != "1":
        pytest.skip("runs only within `make test`, where that can take the network away")


def run(command, **more):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **more)


def test_the_tests_themselves_have_no_network(inside):
    assert offline.working() == ["lo"]
    with pytest.raises(OSError, match="unreachable"):
        socket.create_connection(("192.0.2.1", 80), 2)
    with pytest.raises(OSError, match=r"resolution|known"):
        socket.getaddrinfo("a-host-of-a-registry.example", 443)


def test_a_connection_fails_and_the_loopback_works(before):
    done = run([*before, sys.executable, "-c", OUTSIDE])
    assert done.returncode != 0 and "unreachable" in done.stderr
    here = "import socket; s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname(), 2)"
    assert run([*before, sys.executable, "-W", "ignore", "-c", here]).returncode == 0


def test_a_lesson_that_needs_a_network_fails(before, tmp_path):
    cells = [v4.new_code_cell(source, execution_count=1, id="cell") for source in ("print(1)", OUTSIDE)]
    for cell, name in zip(cells, ("good", "bad"), strict=True):
        cell.outputs = [v4.new_output("stream", text="1\n")] * (name == "good")
        notebook = v4.new_notebook(cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": "Python"}})
        write(as_text(notebook), tmp_path / f"{name}.ipynb")
    nbval = [sys.executable, "-m", "pytest", "--nbval", "-c", ROOT / "pyproject.toml", "-p", "no:cacheprovider", "-q"]
    done = run([*before, *nbval, "--nbval-current-env", tmp_path])
    assert "1 failed, 1 passed" in done.stdout, done.stdout
    assert "unreachable" in done.stdout


def test_a_second_interface_is_refused(before):
    add = "ip link add there type veth peer name back && ip link set there up && ip link set back up"
    look = f"{add} && {sys.executable} {offline.__file__} --inside true"
    if run([*before, "sh", "-c", add]).returncode != 0:
        pytest.skip("no interface can be added here")
    done = run([*before, "sh", "-c", look])
    assert done.returncode != 0
    assert "not offline: the interfaces that work are ['lo', " in done.stderr


@pytest.mark.parametrize("found", [["lo", "eth0"], ["eth0"], []])
def test_anything_but_the_loopback_alone_is_refused(found, monkeypatch):
    monkeypatch.setattr(offline, "working", lambda: found)
    with pytest.raises(OSError, match="not offline"):
        offline.refuse_network()


class TestWhereItCannotBe:
    def test_another_system(self, monkeypatch):
        monkeypatch.setattr(offline.sys, "platform", "darwin")
        with pytest.raises(offline.NoNamespaceError, match="only Linux") as caught:
            offline.words()
        assert caught.value.mends == ""

    def unshare(self, tmp_path, monkeypatch, text):
        monkeypatch.setattr(offline.sys, "platform", "linux")
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin{os.pathsep}/usr/bin" if text else str(tmp_path))
        if text:
            (tmp_path / "unshare").write_text(f"#!/bin/sh\n{text}\n")
            (tmp_path / "unshare").chmod(0o755)
        with pytest.raises(offline.NoNamespaceError) as caught:
            offline.words()
        return caught.value

    @pytest.mark.skipif(os.name == "nt", reason="writes shell scripts")
    def test_no_program(self, tmp_path, monkeypatch):
        assert self.unshare(tmp_path, monkeypatch, "").mends == "install util-linux"

    @pytest.mark.skipif(os.name == "nt", reason="writes shell scripts")
    def test_a_kernel_that_forbids_it_is_forgiven(self, tmp_path, monkeypatch):
        reason = self.unshare(tmp_path, monkeypatch, "echo 'unshare failed: Operation not permitted' >&2; exit 1")
        assert reason.mends == ""
        assert str(reason) == "this system forbids it (unshare failed: Operation not permitted)"

    @pytest.mark.skipif(os.name == "nt", reason="writes shell scripts")
    def test_a_namespace_with_a_network_is_not(self, tmp_path, monkeypatch):
        reason = self.unshare(tmp_path, monkeypatch, "echo 'OSError: this is not offline' >&2; exit 1")
        assert reason.mends
        assert "not offline" in str(reason)


def test_the_lab_starts_again_without_a_network(inside, tmp_path):
    if not environment.Environment().is_ready("lab"):
        (pytest.fail if IN_CI else pytest.skip)("`.venv` was not made by `make lab` or `make test`")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [sys.executable, ROOT / "tools" / "bootstrap.py", "lab", "--no-browser", f"--port={port}"]
    command += ["--ServerApp.port_retries=0", "--IdentityProvider.token="]
    with open(tmp_path / "log.txt", "w") as log:
        lab = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | own)
        try:
            first = notebooks.lessons("en")[0].relative_to(ROOT).as_posix()
            for page in ("api/contents", "lab/tree"):
                assert answer(f"http://127.0.0.1:{port}/{page}/{first}", lab) == 200
        finally:
            lab.terminate()
            lab.wait(30)
    assert "Setting up" not in (tmp_path / "log.txt").read_text()


def answer(url, process, seconds=60):
    """The status of a page as soon as the server answers."""
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as page:
                return page.status
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    return None
