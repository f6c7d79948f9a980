"""The door to the course: `make NAME`, or `python tools/course.py NAME` (Windows: `py tools\\course.py NAME`).

lab                 open your copy of the first lesson in JupyterLab, or the notebook named
test                check everything that CI checks
present LESSON      show a lesson's panels on one page without code, for a projector
start-over LESSON   put your copy of a lesson back; your version is kept beside it
lessons PATH...     run the lessons named, or `all`, in a fresh kernel each and save them with their outputs
format              format code and notebooks
bench [PART...]     measure again what benchmarks/README.md says
site                build the course's pages into site/
web                 build them, serve them on this machine, and open the browser
lock [--upgrade]    make the lock files again from pyproject.toml
count               count the project's lines
Each first makes the environment in .venv, unless it is ready. Until then there is only this file and a Python >= 3.8.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV, UV, AGAIN = ROOT / ".venv", ROOT / ".uv", "and type the same command again."
PYTHON, STAMP = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"), VENV / "course.stamp"
LOCKS = {"lab": "requirements.lock", "test": "requirements-test.lock"}
COMMANDS = {  # the packages that a command needs, and its program
    "lab": ("lab", "tools/open_lab.py"),
    "test": ("test", "tools/check_all.py"),
    "present": ("lab", "tools/present.py"),
    "start-over": ("lab", "tools/start_over.py"),
    "lessons": ("test", "tools/lesson.py", "run"),
    "format": ("test", "tools/check_all.py", "--fix"),
    "bench": ("test", "benchmarks/run.py"),
    "site": ("test", "tools/make_site.py"),
    "web": ("test", "tools/make_site.py", "--serve"),
    "lock": ("lab", "tools/lock.py"),
    "count": ("lab", "tools/count.py"),
}
# Without what a person set for other Pythons; with the course's own settings of Jupyter.
OURS = {"PYTHONPATH": "", "PYTHONHOME": "", "VIRTUAL_ENV": "", "JUPYTER_CONFIG_PATH": str(ROOT / "tools" / "jupyter")}
SURROUNDINGS = {name: value for name, value in {**os.environ, **OURS}.items() if value}


def run(*command, to=None):
    """Whether a command can be started in the course's folder, and ends well."""
    try:
        return (
            subprocess.run([*map(str, command)], cwd=str(ROOT), env=SURROUNDINGS, stdout=to, stderr=to).returncode == 0
        )
    except OSError:
        return False


def find_uv():
    """This machine's uv; otherwise the locked one, which pip brings into the folder `.uv`."""
    for folder in [*os.get_exec_path(), str(UV / "bin")]:
        uv = shutil.which("uv", path=folder)
        # The first of that name may be a shim that does not start.
        if uv and run(uv, "--version", to=subprocess.DEVNULL):
            return uv
    pin, python = UV / "uv.txt", sys.executable
    pin.write_text(re.search(r"^uv==.*\n(?:[ \t].*\n)*", (ROOT / LOCKS["lab"]).read_text(), re.MULTILINE).group())
    if not importlib.util.find_spec("pip"):
        if not importlib.util.find_spec("ensurepip"):
            sys.exit(f"{python} has neither venv nor pip: install them (Debian: apt install python3-venv) {AGAIN}")
        run(python, "-m", "venv", UV)
        python = UV / PYTHON.relative_to(VENV)
    options = ["-q", "--disable-pip-version-check", "--no-user", "--no-deps", "--require-hashes", "--only-binary=:all:"]
    run(python, "-m", "pip", "install", *options, "--upgrade", "--target", UV, "-r", pin)
    return UV / "bin" / "uv"


def source():
    """The hash of what an environment is made from; the folder counts, for an environment cannot be moved."""
    files = [(ROOT / name).read_bytes() for name in ["pyproject.toml", *LOCKS.values()]]
    return hashlib.sha256(b"".join([bytes(ROOT), *files])).hexdigest()


def made():
    """What `.venv` was made from, and its kind; nothing if it was not finished, or its Python no longer starts."""
    look = "from importlib.util import find_spec; assert find_spec('lessons_lib')"
    whole = STAMP.is_file() and run(PYTHON, "-I", "-c", look, to=subprocess.DEVNULL)
    return STAMP.read_text().split() if whole else []


def make(kind):
    """Make `.venv` for this kind, or bring one that is whole up to date; false when that fails."""
    uv, suitable = find_uv(), (3, 11) <= sys.version_info[:2] <= (3, 13) and sys.maxsize > 2**32
    if made():
        STAMP.unlink()
    elif VENV.exists():
        shutil.rmtree(str(VENV))
    sync = ["pip", "sync", "--require-hashes", "--only-binary", ":all:", "--python", PYTHON]
    itself = ["pip", "install", "-q", "--no-deps", "--no-build-isolation", "--offline", "--python", PYTHON, "-e", ROOT]
    # Without TensorFlow, when there is neither an older Python nor a network.
    last = [sys.executable] * (sys.version_info >= (3, 14))
    pythons = [sys.executable] if suitable else [">=3.11,<3.14", *last]
    there = VENV.exists() or any(run(uv, "venv", "--python", one, VENV) for one in pythons)
    # Byte-compiled now: otherwise the first import of TensorFlow takes ten seconds.
    whole = there and run(uv, *sync, "--compile-bytecode", LOCKS[kind]) and run(uv, *itself)
    return whole and STAMP.write_text(f"{source()} {kind}")


def main(name="help", *arguments):
    """Make the environment if need be, and go on as the command's program, so that Ctrl-C reaches it alone."""
    if name not in COMMANDS:
        sys.exit(print(__doc__) or int(name != "help"))
    kind, *program = COMMANDS[name]
    ready = ([source(), kind], [source(), "test"])
    if made() not in ready:
        print("Setting up the course in .venv. The first time this downloads about 300 MB.", flush=True)
        UV.mkdir(exist_ok=True)
        # Of two set-ups at once one waits: a database locks on every system, and not beyond the life of its holder.
        lock = sqlite3.connect(str(UV / "lock"), timeout=3600)
        lock.execute("BEGIN EXCLUSIVE")
        if made() not in ready and not make(kind):
            sys.exit(f"\nThe set-up failed (often: no network, or a full disk). Mend what it says above {AGAIN}")
        lock.close()
    os.chdir(str(ROOT))
    command = [str(PYTHON), *program, *arguments]
    if os.name != "nt":
        os.execve(command[0], command, SURROUNDINGS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(subprocess.run(command, env=SURROUNDINGS).returncode)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("\nStopped; the same command goes on from here.")
    except OSError as error:
        sys.exit(f"\n{error}: close JupyterLab and whatever else uses the course's folder, {AGAIN}")
