"""Which notebooks are lessons, in which language, and finding one by what a person calls it.

A student's own notebooks may lie beside the lessons: `02-filtering.mine-1.ipynb` and `Untitled.ipynb` are no lessons.
"""

import re
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What decides how a lesson's numbers come out: one thread, no random hashes, nothing that Keras kept on this machine.
SURROUNDINGS = {
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "KERAS_HOME": str(Path(tempfile.gettempdir(), "course-keras")),
}
# A kernel that prints only what a lesson prints, and keeps no history, a database that a second kernel may lock.
KERNEL = ["--HistoryManager.enabled=False", "--IPKernelApp.log_level=40"]
# A cell that takes longer hangs. On the slowest machine so far the training of lesson 6 took 175 s and more.
SECONDS_A_CELL = 600
LESSON = re.compile(r"(\d\d)-([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\.ipynb")
# Lessons up to this one take seconds; the later ones train networks.
LAST_QUICK = 5


def files(language="*", root=ROOT):
    """All notebooks of one language, such as "en", or of all, a student's own among them."""
    return sorted([*root.glob(f"notebooks/{language}/*.ipynb"), *root.glob(f"notebooks/{language}/further/*.ipynb")])


def lessons(language="*", root=ROOT):
    """The lessons and further notebooks of one language, or of all."""
    return [path for path in files(language, root) if LESSON.fullmatch(path.name)]


def unvisited(root=ROOT):
    """The notebooks that git tracks and `lessons` does not find, so that nothing checks or compares them."""
    listed = subprocess.check_output(["git", "ls-files", "-z", "*.ipynb"], cwd=root, encoding="utf-8")
    known = {path.relative_to(root).as_posix() for path in lessons(root=root)}
    return sorted(set(listed.split("\0")) - known - {""})


def language(path):
    """The edition of a notebook: the folder below `notebooks/` or `workbook/`, else the folder that it lies in."""
    *folders, own = Path(path).resolve().parent.parts
    places = [k for k, name in enumerate(folders) if name in ("notebooks", "workbook")]
    return [*folders, own][places[-1] + 1] if places else own


def in_english(path):
    """Where the English edition of a notebook lies."""
    folder = next(one for one in Path(path).resolve().parents if one.name == language(path))
    return folder.with_name("en") / Path(path).resolve().relative_to(folder)


def is_quick(path):
    """Whether a notebook takes so little time that it can be run several times in one test."""
    return bool(LESSON.fullmatch(path.name)) and int(path.name[:2]) <= LAST_QUICK


def named(name, names):
    """Which of `names`, such as "02-filtering.ipynb", a person means by "2", "02", "filtering" or a path.

    A number alone means the lesson, not one of its further notebooks.
    """
    there = []
    for one in names:
        file = Path(one)
        number, slug = LESSON.fullmatch(file.name).groups()
        numbers = set() if file.parent.name == "further" else {number, str(int(number))}
        if Path(name).name.lower() in {slug, file.stem, file.name} | numbers:
            return one
        there.append(f"{number} {slug}")
    which = f"There is no lesson {name!r}" if name else "Name a lesson, such as LESSON=02"
    raise SystemExit(f"{which}; the lessons are: {', '.join(there)}.")
