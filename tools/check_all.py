"""All that CI checks, in one run: `make test`. The last line printed is pytest's."""

import importlib.util
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import notebooks
import offline
import pythons

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))
import chromium  # noqa: E402 (found only now)

# A Debian or Ubuntu has one or the other. libatomic is what playwright's own Node needs and a small Debian comes
# without.
BROWSERS = [chromium.SHELL, "chromium"]
BESIDES = ["fonts-liberation", "libatomic1"]

# Percent of the library's lines and branches.
COVERED = 95
GIGABYTES_A_WORKER, MOST_WORKERS = 5, 4


def steps(arguments):
    """The commands: the gates, those that take longest first; then pytest, which runs without a network."""
    python, lessons = sys.executable, notebooks.lessons()
    if lessons:
        yield [python, "tools/lesson.py", "check", "all"]
        yield [python, "tools/lesson.py", "format", "--check", "all"]
    yield [python, "-m", "ruff", "check", "."]
    yield [python, "-m", "ruff", "format", "--check", "."]
    # --nbval compares each lesson's outputs, run anew, with the outputs in its file.
    yield [
        python, "-m", "pytest", "--doctest-modules", "--nbval", "--nbval-current-env",
        f"--nbval-cell-timeout={notebooks.SECONDS_A_CELL}", "--ignore=tests/bad_notebooks",
        *side_by_side(), *(arguments or everything()),
    ]  # fmt: skip


def everything():
    """What is tested, and how much of the library must be run by it; without TensorFlow a third of it cannot be."""
    limit = ["--cov=lessons_lib", f"--cov-fail-under={COVERED}"] if importlib.util.find_spec("tensorflow") else []
    return [*limit, "lessons_lib", "tests", "notebooks"]


def side_by_side():
    """As many files at once as there are cores, and memory for the networks of each."""
    import psutil

    memory = psutil.virtual_memory().available // (GIGABYTES_A_WORKER * 2**30)
    workers = min(os.cpu_count() or 1, int(memory), MOST_WORKERS)
    return ["-n", str(workers), "--dist=loadfile", "--no-loadscope-reorder"] if workers > 1 else []


def have_browser():
    """Whether there is a browser, after an attempt to install one where the system lets us."""
    missing = chromium.find() is None and "COURSE_CHROMIUM" not in os.environ
    if missing or not pythons.run([sys.executable, "-m", "playwright", "--version"], quiet=True):
        why = "The browser tests have no browser, or cannot drive it"
        any(pythons.apt_install([browser, *BESIDES], why) for browser in BROWSERS)
    return chromium.find() is not None


def without_network():
    """The words before pytest's that take the network away, and what fails when there are none in CI."""
    try:
        return offline.words(), []
    except offline.NoNamespaceError as reason:
        fails = bool(reason.mends) and os.environ.get("CI") == "true"
        mends = f"; {reason.mends}" if reason.mends else ""
        print(
            f"That the course needs no network {'fails' if fails else 'is not checked'}: {reason}{mends}.", flush=True
        )
        return [], ["offline"] if fails else []


def run(command):
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL).returncode


def hear(command):
    """The exit code of a command, and what it said."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(command, cwd=ROOT, encoding="utf-8", errors="replace", **pipes)
    return done.returncode, done.stdout


def title(command):
    name = " ".join(word for word in command[1:5] if word not in ("-m", ".", "all"))
    print(f"\n== {name}", flush=True)
    return name


def main(arguments):
    # The same as when a lesson is run and saved; and two threads on two busy cores were never faster than one.
    os.environ.update(OPENBLAS_NUM_THREADS="1", PYTHONHASHSEED="0")
    # TensorFlow's threads wait for each other by asking: a third more processor time, when others need the cores.
    os.environ.update(TF_NUM_INTRAOP_THREADS="1", TF_NUM_INTEROP_THREADS="1")
    # Memory in large pages, where glibc can: a training takes a fifteenth less time.
    os.environ.setdefault("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1")
    # Containers often say so; then each of a hundred kernels would compile the library, and pytest its tests, anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    *gates, tests = steps(arguments)
    # The gates want one core each and a browser's packages want the disk, so all of them go on side by side.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = pool.map(hear, gates)
        browser = have_browser()
    if not browser:
        happens = "fail" if os.environ.get("CI") == "true" else "are skipped"
        print(
            f"The browser tests {happens}: install Chromium, Chrome or Edge, or name one in COURSE_CHROMIUM.",
            flush=True,
        )
    before, failed = without_network()
    for gate, (code, said) in zip(gates, answers, strict=True):
        name = title(gate)
        print(said, end="", flush=True)
        failed += [name] if code else []
    name = title(tests)
    if failed:
        print(f"failed so far: {', '.join(failed)}", flush=True)
    failed += [name] if run(before + tests) else []
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
