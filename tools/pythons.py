"""Which Python can carry the course, and how to get uv.

This and `environment.py` run before anything is installed: standard library only, and words that an old Python knows.
"""

import json
import os
import re
import shutil
import subprocess
import sys

# TensorFlow has no wheel for a newer one. pyproject.toml says the same, and a test compares the two.
OLDEST, NEWEST = (3, 11), (3, 13)
WINDOWS = os.name == "nt"

# A Python that was built without optimisation, as pyenv does unless told otherwise, takes 1.25 to 1.6 times the seconds
# of Debian's on the same machine. It says so; those that a system brings (/usr) are optimised and do not always say it.
PROBE = """
import importlib.util as util, json, platform, sys, sysconfig
option = "--enable-optimizations"
print(json.dumps({
    "executable": getattr(sys, "_base_executable", None) or sys.executable,
    "version": list(sys.version_info[:2]),
    "usual": platform.python_implementation() == "CPython" and not sysconfig.get_config_var("Py_GIL_DISABLED"),
    "bits": 64 if sys.maxsize > 2**32 else 32,
    "pip": util.find_spec("pip") is not None,
    "ensurepip": util.find_spec("ensurepip") is not None,
    "optimised": sys.base_prefix == "/usr" or option in (sysconfig.get_config_var("CONFIG_ARGS") or option),
    "whole": all(util.find_spec(name) for name in ("_bz2", "_ctypes", "_lzma", "_sqlite3", "_ssl")),
}))
"""


def surroundings():
    """The environment of every command: without what a person set for other Pythons or other uses of pip."""
    own = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if name not in own}
    kept.update(PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PIP_NO_INPUT="1")
    kept.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_ROOT_USER_ACTION="ignore")
    return kept


def run(command, quiet=False):
    """True when the command could be started and ended well."""
    to = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run([str(word) for word in command], env=surroundings(), stdout=to, stderr=to).returncode == 0
    except OSError:
        return False


def output(command):
    """What the command prints; nothing when it fails."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            env=surroundings(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else ""


def probe(command):
    """What a Python says of itself, as a dict; None when it is no Python, or one that does not start."""
    try:
        return json.loads(output([*command, "-c", PROBE]))
    except ValueError:
        return None


def is_suitable(python):
    """Whether a Python, as `probe` describes it, can carry the course."""
    return bool(python) and OLDEST <= tuple(python["version"]) <= NEWEST and python["usual"] and python["bits"] == 64


def candidates():
    """The commands that may be a suitable Python: this one, then by name on the PATH, newest first."""
    yield [sys.executable]
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            # One folder at a time: the first of that name may be a shim that does not start.
            found = shutil.which(f"python3.{minor}", path=folder) if folder else None
            if found:
                yield [found]
        if WINDOWS and shutil.which("py"):
            yield ["py", f"-3.{minor}"]


def find():
    """A suitable Python of this machine, as `probe` describes it, or None.

    The first there is. If that one was built without optimisation, the first that was built with it and has all its
    parts; but the first at all events if make was told `PYTHON=`.
    """
    suitable = filter(is_suitable, map(probe, candidates()))
    first = next(suitable, None)
    if not first or first["optimised"] or "PYTHON" in os.environ:
        return first
    return next((python for python in suitable if python["optimised"] and python["whole"]), first)


def uv_requirement(lock):
    """The lines of a lock that pin uv, with its hashes."""
    return re.search(r"^uv==.*\n(?:[ \t].*\n)*", lock, re.MULTILINE).group()


def get_uv(pythons, lock, folder):
    """uv as the lock pins it, brought into `folder` by the pip of one of `pythons`; or this machine's own; or None."""
    wanted = folder / "uv.txt"
    wanted.write_text(uv_requirement(lock))
    for number, python in enumerate(pythons):
        pip, target = python["executable"], folder / f"uv-{number}"
        if not python["pip"]:
            home = folder / f"pip-{number}"
            if not (python["ensurepip"] and run([pip, "-m", "venv", home], quiet=True)):
                continue
            pip = python_in(home)
        options = ["-qq", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--target", target, "-r", wanted]
        run([pip, "-m", "pip", "install", *options])
        for uv in (target / "bin" / "uv", target / "bin" / "uv.exe", target / "Scripts" / "uv.exe"):
            if uv.exists() and run([uv, "--version"], quiet=True):
                return uv
    return shutil.which("uv")


def apt_install(packages, why):
    """Whether Debian's packages could be installed; not even tried where the system would ask for a password."""
    if not shutil.which("apt-get"):
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and not run([*sudo, "true"], quiet=True):
        return False
    print(f"{why}: installing Debian's {' and '.join(packages)}.", flush=True)
    quietly = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    run([*quietly, "update"])
    return run([*quietly, "install", "-y", "--no-install-recommends", *packages])


def python_by_uv(uv):
    """A suitable Python that uv knows of or can fetch, as `probe` describes it, or None."""
    wanted = f">={OLDEST[0]}.{OLDEST[1]},<{NEWEST[0]}.{NEWEST[1] + 1}"
    for fetch in (None, [uv, "python", "install", "--no-bin", "3.12"]):
        if fetch:
            print("No suitable Python is here; fetching Python 3.12.", flush=True)
            if not run(fetch, quiet=True):
                break
        python = probe([output([uv, "python", "find", "--no-project", wanted])])
        if is_suitable(python):
            return python
    return None


def python_in(venv):
    """The path of the Python of a virtual environment."""
    return venv / ("Scripts/python.exe" if WINDOWS else "bin/python")
