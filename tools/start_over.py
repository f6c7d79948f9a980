"""Put a lesson back to how the course brought it; the student's version is kept beside it.

The course's version comes from git. A course that was downloaded as a ZIP has no git, so `make lab` puts a copy of each
untouched lesson into the folder `.untouched`, and it comes from there.
"""

import json
import os
import shutil
import subprocess

import notebooks
from notebooks import ROOT

FOLDER = "notebooks/en"
RELOAD = "If it is open in JupyterLab, choose File > Reload Notebook from Disk there."


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
    if lesson.exists() and lesson.read_bytes() == ours:
        return f"{file} is as the course brought it: there is nothing to do."
    kept = keep(lesson) if lesson.exists() else None
    new = lesson.with_suffix(".new")
    new.write_bytes(ours)
    os.replace(str(new), str(lesson))
    return f"{file} is as the course brought it. " + (
        f"Your version is now {kept.name}, beside it. {RELOAD}" if kept else ""
    )


def keep(lesson):
    """Copy a student's version to the first free name, such as `02-filtering.mine-1.ipynb`."""
    number = 1
    while True:
        kept = lesson.with_name(f"{lesson.stem}.mine-{number}.ipynb")
        try:
            with open(str(kept), "xb") as file:
                file.write(lesson.read_bytes())
            return kept
        except FileExistsError:
            number += 1


def names(root):
    """Every lesson, also one that the student has deleted."""
    listed = git(root, "ls-tree", "--name-only", "HEAD", f"./{FOLDER}/") or b""
    tracked = [os.path.basename(line) for line in listed.decode().splitlines()]
    folders = [root / ".untouched", root / FOLDER]
    found = tracked + [path.name for folder in folders if folder.is_dir() for path in folder.iterdir()]
    return sorted({name for name in found if notebooks.LESSON.fullmatch(name)})


def original(file, root):
    """What the course's version of a lesson holds, or None."""
    ours = git(root, "show", f"HEAD:./{FOLDER}/{file}")
    copy = root / ".untouched" / file
    return copy.read_bytes() if ours is None and copy.exists() else ours


def git(root, *arguments):
    """What git prints; None when there is no git, or it fails."""
    try:
        done = subprocess.run(["git", *arguments], cwd=str(root), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def remember(root=ROOT):
    """Keep a copy of each lesson that is untouched, in a course without git."""
    if git(root, "rev-parse", "--verify", f"HEAD:./{FOLDER}") is not None:
        return
    folder = root / ".untouched"
    for lesson in notebooks.lessons("en", root):
        copy = folder / lesson.name
        text = lesson.read_bytes()
        if not (copy.exists() and copy.read_bytes() == text) and untouched(text):
            folder.mkdir(exist_ok=True)
            shutil.copyfile(str(lesson), str(copy))


def untouched(text):
    """Whether no editor has saved it: each of them adds to what the course says of the language."""
    try:
        return json.loads(text.decode("utf-8"))["metadata"]["language_info"] == {"name": "python"}
    except (ValueError, KeyError, TypeError):
        return False
