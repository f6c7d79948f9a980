"""Which notebooks are lessons, and finding one by what a person calls it.

A student's own notebooks may lie beside the lessons: only `02-filtering.ipynb` and its like are lessons, and
`02-filtering.mine-1.ipynb`, `02-filtering-Copy1.ipynb` or `Untitled.ipynb` are not.
"""

import re
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What decides how a lesson's numbers come out: one thread, no random hashes, and none of the settings and weights that
# Keras may have kept on this machine, such as those of the ResNet50 that lesson 8 asks for.
SURROUNDINGS = {
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "KERAS_HOME": str(Path(tempfile.gettempdir(), "course-keras")),
}
# A kernel that says nothing but what a lesson says, and keeps no history: that is a database, which two kernels at once
# may find locked.
KERNEL = ["--HistoryManager.enabled=False", "--IPKernelApp.log_level=40"]
# A cell that takes longer hangs. On the slowest machine so far the training of lesson 6 took 175 s and more.
SECONDS_A_CELL = 600
LESSON = re.compile(r"(\d\d)-([a-z][a-z0-9]*)\.ipynb")
# Lessons up to this one take seconds; the later ones train networks.
LAST_QUICK = 5


class UnknownLessonError(Exception):
    """One sentence that lists the lessons there are."""


def lessons(language="*", root=ROOT):
    """The files of the lessons of one edition, such as "en", or of all."""
    return sorted(path for path in (root / "notebooks").glob(f"{language}/*.ipynb") if LESSON.fullmatch(path.name))


def is_quick(path):
    """Whether a lesson takes so little time that it can be run several times in one test."""
    found = LESSON.fullmatch(path.name)
    return bool(found) and int(found[1]) <= LAST_QUICK


def named(name, names):
    """Which of `names`, such as "02-filtering.ipynb", a person means by "2", "02", "filtering" or a path."""
    wanted = Path(name).name.lower()
    for one in names:
        number, slug = LESSON.fullmatch(one).groups()
        if wanted in (str(int(number)), number, slug, f"{number}-{slug}", one):
            return one
    there = ", ".join("{} {}".format(*LESSON.fullmatch(one).groups()) for one in names)
    which = f"There is no lesson {name!r}" if name else "Name a lesson, such as LESSON=02"
    raise UnknownLessonError(f"{which}; the lessons are: {there}.")
