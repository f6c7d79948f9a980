"""Put a lesson back to how the course brought it; the student's version is kept beside it: `make start-over LESSON=02`.

The course's version comes from git. A course that was downloaded as a ZIP has no git, so `make lab` puts a copy of each
untouched lesson into the folder `.untouched`, and it comes from there.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import notebooks
from notebooks import ROOT

FOLDER = "notebooks/en"


class StartOverError(Exception):
    """One sentence for the person at the keyboard."""


def start_over(name, root=ROOT):
    """Put the lesson that `name` means back; returns the sentence that says what was done."""
    file = notebooks.named(name, names(root))
    lesson, ours = root / FOLDER / file, original(file, root)
    if ours is None:
        raise StartOverError(
            f"The course's own {file} is not to be had here: there is no git, and `make lab` never saw it untouched. "
            f"Download the course again and copy {FOLDER}/{file} from there; first give your version another name."
        )
    back = f"{file} is as the course brought it"
    if lesson.exists() and lesson.read_bytes() == ours:
        return f"{back}: there is nothing to do."
    kept = keep(lesson) if lesson.exists() else None
    new = lesson.with_suffix(".new")
    new.write_bytes(ours)
    os.replace(new, lesson)
    again = "If it is open in JupyterLab, choose File > Reload Notebook from Disk there."
    return f"{back}. Your version is now {kept.name}, beside it. {again}" if kept else f"{back}."


def keep(lesson):
    """Copy a student's version to the first free name, such as `02-filtering.mine-1.ipynb`."""
    number = 1
    while (kept := lesson.with_name(f"{lesson.stem}.mine-{number}.ipynb")).exists():
        number += 1
    shutil.copyfile(lesson, kept)
    return kept


def names(root):
    """Every lesson and further notebook, such as "further/02-borders.ipynb", also one that the student has deleted."""
    tracked = (git(root, "ls-tree", "-r", "--name-only", "HEAD", f"./{FOLDER}/") or b"").decode().splitlines()
    places = [(Path(path), FOLDER) for path in tracked]
    places += [(path, root / folder) for folder in (".untouched", FOLDER) for path in (root / folder).rglob("*.ipynb")]
    return sorted({path.relative_to(top).as_posix() for path, top in places if notebooks.LESSON.fullmatch(path.name)})


def original(file, root):
    """What the course's version of a lesson holds, or None."""
    copy = root / ".untouched" / file
    return git(root, "show", f"HEAD:./{FOLDER}/{file}") or (copy.read_bytes() if copy.exists() else None)


def git(root, *arguments):
    """What git prints; None when there is no git, or it fails."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def remember(root=ROOT):
    """Keep a copy of each lesson that is untouched, in a course without git."""
    if git(root, "rev-parse", "--verify", f"HEAD:./{FOLDER}") is not None:
        return
    for lesson in notebooks.lessons("en", root):
        copy = root / ".untouched" / lesson.relative_to(root / FOLDER)
        if untouched(lesson.read_bytes()):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(lesson, copy)


def untouched(text):
    """Whether no editor has saved it: each of them adds to what the course says of the language."""
    try:
        return json.loads(text)["metadata"]["language_info"] == {"name": "python"}
    except (ValueError, KeyError, TypeError):
        return False


if __name__ == "__main__":
    try:
        print(start_over("".join(sys.argv[1:2])))
    except (StartOverError, notebooks.UnknownLessonError) as reason:
        sys.exit(str(reason))
