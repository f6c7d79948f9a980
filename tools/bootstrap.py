"""Every command of the course; `make NAME` is short for `python tools/bootstrap.py NAME`.

lab                 make the environment if need be and open JupyterLab on the first lesson, or on the notebook named
present LESSON      a lesson's panels on one page without code, for a projector
start-over LESSON   put a lesson back; the student's version is kept beside it
test                everything that CI checks
format              format code and notebooks
lessons [PATH...]   run every lesson, or those named, in a fresh kernel and save it with its outputs
bench               measure again what benchmarks/README.md says
lock [--upgrade]    make the lock files again from pyproject.toml
clean               delete the environment and every cache
"""

import contextlib
import os
import signal
import subprocess
import sys

import environment
import notebooks
import pythons
import start_over
from environment import ROOT, Environment, SetupError, remove, say

COURSE = Environment()


def lab(arguments):
    """Open JupyterLab; `arguments` go to it."""
    COURSE.ensure("lab")
    with contextlib.suppress(OSError):
        start_over.remember()
    # As the lessons were run and measured: a second thread does not pay for these sizes, and the page wants a core too.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    command = [COURSE.python, "-m", "jupyterlab", "--LabApp.extension_manager=readonly", f"--ServerApp.root_dir={ROOT}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container everyone is root, and Jupyter would refuse.
        command.append("--allow-root")
    if not any(argument.endswith(".ipynb") for argument in arguments):
        command += notebooks.lessons("en")[:1]
    return become(command + arguments)


def present(arguments):
    """Show a lesson's panels on one page; arguments after the lesson go to Voila."""
    lessons = {path.name: path for path in notebooks.lessons("en")}
    lesson = lessons[notebooks.named(arguments[0] if arguments else "", sorted(lessons))]
    COURSE.ensure("lab")
    return become([COURSE.python, ROOT / "tools" / "present.py", lesson, *arguments[1:]])


def put_back(arguments):
    """Put a lesson back to how the course brought it."""
    say(start_over.start_over(arguments[0] if arguments else ""))
    return 0


def test(arguments):
    """Check everything; the last line is pytest's."""
    COURSE.ensure("test")
    return become([COURSE.python, ROOT / "tools" / "check_all.py", *arguments])


def format(_arguments):
    """Format code and notebooks."""
    COURSE.ensure("test")
    ruff = [COURSE.python, "-m", "ruff"]
    done = [call([*ruff, "check", "--fix", "."]), call([*ruff, "format", "."])]
    return max([*done, call([COURSE.python, "tools/lesson.py", "format", "all"])])


def lessons(arguments):
    """Run every lesson, or those named, and save them with their outputs."""
    COURSE.ensure("test")
    return call([COURSE.python, "tools/lesson.py", "run", *(arguments or ["all"])])


def bench(arguments):
    """Measure."""
    COURSE.ensure("test")
    return call([COURSE.python, "benchmarks/run.py", *arguments])


def lock(arguments):
    """Make both lock files again: versions and hashes for every platform, and no address of a registry."""
    COURSE.ensure("lab")
    oldest = "{}.{}".format(*pythons.OLDEST)
    compile_lock = [
        COURSE.python, "-m", "uv", "pip", "compile", "-q", "--universal", "--python-version", oldest,
        "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url",
        "pyproject.toml", "--group", "lab", *arguments,
    ]  # fmt: skip
    student, tests = environment.LOCKS["lab"], environment.LOCKS["test"]
    return call([*compile_lock, "-o", student]) or call([*compile_lock, "--group", "test", "-c", student, "-o", tests])


def clean(_arguments):
    """Delete what the other commands made; the lessons stay."""
    caches = [".pytest_cache", ".ruff_cache", ".hypothesis", "lessons_lib.egg-info", ".venv", ".venv-before"]
    for folder in [ROOT / name for name in caches] + list(ROOT.glob("[!.]*/**/__pycache__")):
        remove(folder)
    return 0


def call(command):
    """The exit code of a command, run in the course's folder."""
    return subprocess.run([str(word) for word in command], cwd=str(ROOT), env=pythons.surroundings()).returncode


def become(command):
    """Go on as this command, so that Ctrl-C reaches it alone."""
    if pythons.WINDOWS:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return call(command)
    os.chdir(str(ROOT))
    os.execve(str(command[0]), [str(word) for word in command], pythons.surroundings())
    return 1


def interrupt(_number, _frame):
    raise KeyboardInterrupt


COMMANDS = {command.__name__: command for command in (lab, present, test, format, lessons, bench, lock, clean)}
COMMANDS["start-over"] = put_back


def main(arguments):
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 2
    # A closed window or a `kill` must tidy up as Ctrl-C does.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), interrupt)
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except (SetupError, notebooks.UnknownLessonError, start_over.StartOverError) as reason:
        say(f"\n{reason}")
    except KeyboardInterrupt:
        say("\nStopped; nothing half-made was left behind.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
