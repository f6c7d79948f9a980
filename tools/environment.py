"""The course's own environment in `.venv`: made whole from a lock, or not at all.

A stamp inside it says what it was made from. While a new one is made the old one waits beside it, and comes back if the
new one fails; a set-up that was killed is tidied up by the next one.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pythons

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"lab": "requirements.lock", "test": "requirements-test.lock"}
FROM_LOCK = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r"]
ITSELF = ["--no-deps", "--no-build-isolation", "-e"]
# A checker of addresses in foreign letters, which Jupyter does without when it is missing; there is no such address
# here, and a slow machine takes three seconds to load it, at each start of JupyterLab.
NEEDLESS = ["rfc3987-syntax", "lark"]
AGAIN = "type the same command again"
SETTINGS = {
    # What JupyterLab would otherwise ask a student, or ask the network, at the first start.
    "share/jupyter/lab/settings/overrides.json": {
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
    },
    # Voila's button in JupyterLab opens a page that asks other hosts for its fonts; `make present` does without both.
    "etc/jupyter/labconfig/page_config.json": {"disabledExtensions": {"@voila-dashboards/jupyterlab-preview": True}},
    "etc/jupyter/jupyter_server_config.d/voila.json": {
        "ServerApp": {"jpserver_extensions": {"voila.server_extension": False}}
    },
}
# What Jupyter's servers of this environment run when they start.
PROGRAMS = ["tools/jupyter/jupyter_server_config.py", "tools/jupyter/voila.py"]


class SetupError(Exception):
    """One sentence for the person at the keyboard."""


class Environment:
    """The environment of the course in the folder `root`."""

    def __init__(self, root=ROOT):
        self.root = Path(root)
        self.folder = self.root / ".venv"
        self.before = self.root / ".venv-before"
        self.stamp = self.folder / "course.json"
        self.python = pythons.python_in(self.folder)

    def wanted(self, kind):
        """What the stamp of an environment of this kind ("lab", or "test" which holds more) must say."""
        files = ["pyproject.toml", LOCKS["lab"], *PROGRAMS] + ([LOCKS["test"]] if kind == "test" else [])
        digests = {name: hashlib.sha256((self.root / name).read_bytes()).hexdigest() for name in files}
        # The folder counts: an environment holds absolute paths, so a course that was moved needs a new one.
        return {"folder": str(self.root), "without": NEEDLESS, **digests}

    def is_ready(self, kind):
        """Whether nothing needs to be done: made from these files, in this folder, by a Python that still starts."""
        try:
            stamp = dict(json.loads(self.stamp.read_text()))
        except (OSError, TypeError, ValueError):
            return False
        if any(stamp.get(name) != value for name, value in self.wanted(kind).items()):
            return False
        return self.version() == stamp.get("python")

    def ensure(self, kind):
        """Make the environment unless it is ready."""
        if self.is_ready(kind):
            return
        with one_at_a_time(self.root):
            self.tidy()
            if not self.is_ready(kind):
                self.make(kind)

    def tidy(self):
        """Clear what a set-up that was killed left behind."""
        if self.before.exists():
            if self.stamp.exists():
                remove(self.before)
            else:
                remove(self.folder)
                self.before.rename(self.folder)

    def make(self, kind):
        """Make the environment anew; whatever goes wrong, it is then as it was before."""
        began = time.time()
        say("Setting up the course in .venv. The first time this downloads about 300 MB; later starts do without.")
        with tempfile.TemporaryDirectory() as place:
            python, uv = tools_for_making((self.root / LOCKS["lab"]).read_text(), Path(place), kind)
            with keeping(self.folder, self.before):
                if not (uv and self.install_by_uv(uv, python, kind)) and not self.install_by_pip(python, kind):
                    raise SetupError(
                        "The packages could not be installed; the reason is above (often: no network, or a full disk). "
                        f"Nothing half-made was left behind: {AGAIN} when that is mended."
                    )
                self.finish(kind)
        say(f"Ready after {time.time() - began:.0f} s.")

    def finish(self, kind):
        """Jupyter's settings, and last of all the stamp."""
        for name, content in SETTINGS.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(json.dumps(content))
        for name in PROGRAMS:
            shutil.copy(str(self.root / name), str(self.folder / "etc" / "jupyter"))
        unfinished = self.folder / "course.json.new"
        unfinished.write_text(json.dumps({"python": self.version(), **self.wanted(kind)}, indent=1))
        os.replace(str(unfinished), str(self.stamp))

    def version(self):
        """Which Python the environment has, such as "3 12"; nothing when it does not start."""
        return pythons.output([self.python, "-S", "-c", "import sys; print(*sys.version_info[:2])"])

    def install_by_uv(self, uv, python, kind):
        """Whether uv, which takes a third of pip's time, could do it all."""
        remove(self.folder)
        install = [uv, "pip", "install", "--python", self.python]
        return (
            pythons.run([uv, "venv", "-q", "--no-project", "--python", python["executable"], self.folder])
            # Byte-compiled now: otherwise the first import of TensorFlow takes ten seconds.
            and pythons.run([*install, "--compile-bytecode", *FROM_LOCK, self.root / LOCKS[kind]])
            and pythons.run([*install, "-q", "--offline", *ITSELF, self.root])
            and pythons.run([uv, "pip", "uninstall", "-q", "--python", self.python, *NEEDLESS])
        )

    def install_by_pip(self, python, kind):
        """The same by the Python's own pip."""
        remove(self.folder)
        if not python["ensurepip"]:
            raise SetupError(
                f"{python['executable']} comes without the modules venv and ensurepip, so it can install nothing: "
                f"add them (Debian, Ubuntu: sudo apt install {venv_package(python)}) and {AGAIN}."
            )
        say("uv is not to be had; pip does it, which takes a few minutes.")
        install = [self.python, "-m", "pip", "install", "-q"]
        return (
            pythons.run([python["executable"], "-m", "venv", self.folder])
            and pythons.run([*install, *FROM_LOCK, self.root / LOCKS[kind]])
            and pythons.run([*install, *ITSELF, self.root])
            and pythons.run([self.python, "-m", "pip", "uninstall", "-q", "-y", *NEEDLESS])
        )


def tools_for_making(lock, place, kind):
    """A suitable Python, and uv or None."""
    own, found = pythons.probe([sys.executable]), pythons.find()
    usable = [python for python in (found, own) if python]
    uv = pythons.get_uv(usable, lock, place)
    if found and pythons.is_suitable(own) and own["executable"] != found["executable"]:
        if uv or found["ensurepip"]:
            say(
                f"{found['executable']} is taken, for {own['executable']} was built without optimisation (PYTHON=... "
                "names another)."
            )
        else:
            found = own
    # A new Debian has neither pip nor venv. A student is told; a test, on a machine of its own, helps itself.
    bare = found and not uv and not found["ensurepip"]
    if bare and kind == "test" and pythons.apt_install([venv_package(found)], "Python has no module venv"):
        found = pythons.probe([found["executable"]])
        uv = pythons.get_uv([found], lock, place)
    python = found or (uv and pythons.python_by_uv(uv))
    if not python:
        raise SetupError(
            f"The course needs Python 3.11, 3.12 or 3.13 (64 bits); this is {sys.version.split()[0]}, and no other was "
            "found here or could be fetched: install Python 3.12 from python.org or by your system's package manager, "
            f"and {AGAIN}."
        )
    return python, uv


def venv_package(python):
    """Debian's name for what its Python comes without."""
    return "python{}.{}-venv".format(*python["version"])


def say(text):
    print(text, flush=True)


def remove(folder):
    """Delete a folder, also while a dying process still writes to it."""
    for attempt in range(20):
        if folder.is_symlink():
            folder.unlink()
        if not folder.exists():
            return
        time.sleep(0.1 if attempt else 0)
        shutil.rmtree(str(folder), ignore_errors=True)
    raise SetupError(f"{folder} cannot be deleted: close JupyterLab and whatever else uses it, and {AGAIN}.")


@contextlib.contextmanager
def keeping(folder, before):
    """Put `folder` aside as `before`; afterwards delete `before`, or on any failure put it back."""
    if folder.exists():
        try:
            folder.rename(before)
        except OSError as error:
            in_use = f"{folder.name} is in use: close JupyterLab and whatever else was started from it, and {AGAIN}."
            raise SetupError(in_use) from error
    try:
        yield
    except BaseException:
        if folder.exists():
            say("Tidying up ...")
        with undisturbed():
            remove(folder)
            if before.exists():
                before.rename(folder)
        raise
    with undisturbed():
        remove(before)


@contextlib.contextmanager
def undisturbed():
    """Let no second Ctrl-C break off the tidying up."""
    import signal

    old = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, old)


@contextlib.contextmanager
def one_at_a_time(root):
    """Wait while another set-up works in the same folder; the lock of one that was killed is freed by the system."""
    who = hashlib.sha256(f"{root} {getattr(os, 'getuid', int)()}".encode()).hexdigest()[:16]
    with open(os.path.join(tempfile.gettempdir(), f"course-{who}.lock"), "w") as file:
        waiting = False
        while not locked(file):
            if not waiting:
                say("Another set-up is at work in this folder; waiting for it.")
            waiting = True
            time.sleep(0.5)
        yield


def locked(file):
    """Whether the lock on the open file could be had; it lasts until the file is closed."""
    try:
        if pythons.WINDOWS:
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
