"""Put a lesson back to how the course brought it; the student's version is kept beside it: `make start-over LESSON=02`.

The course's version comes from git. A course that was downloaded as a ZIP has no git, so `make lab` puts a copy of each
untouched lesson into the folder `.untouched`, and it comes from there.
"""

import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import notebooks

FOLDER = "notebooks/en"


def start_over(name, root=notebooks.ROOT):
    """Put the lesson that `name` means back, also a deleted one; the sentence that says what was done."""
    folder, untouched = root / FOLDER, root / ".untouched"
    tracked = (git(folder, "ls-tree", "-r", "--name-only", "HEAD", ".") or b"").decode().splitlines()
    found = {path.relative_to(top).as_posix() for top in (untouched, folder) for path in top.rglob("*.ipynb")}
    names = sorted(one for one in found.union(tracked) if notebooks.LESSON.fullmatch(Path(one).name))
    file = notebooks.named(name, names)
    lesson, copy = folder / file, untouched / file
    ours = git(folder, "show", f"HEAD:./{file}") or (copy.read_bytes() if copy.exists() else None)
    if ours is None:
        raise SystemExit(
            f"The course's own {file} is not to be had here: there is no git, and `make lab` never saw it untouched. "
            f"Download the course again and copy {FOLDER}/{file} from there; first give your version another name."
        )
    back = f"{file} is as the course brought it"
    if not lesson.exists():
        lesson.write_bytes(ours)
        return f"{back}."
    if lesson.read_bytes() == ours:
        return f"{back}: there is nothing to do."
    mine = (lesson.with_name(f"{lesson.stem}.mine-{number}.ipynb") for number in itertools.count(1))
    kept = next(path for path in mine if not path.exists())
    shutil.copyfile(lesson, kept)
    new = lesson.with_suffix(".new")
    new.write_bytes(ours)
    os.replace(new, lesson)
    reload = "If it is open in JupyterLab, choose File > Reload Notebook from Disk there."
    return f"{back}. Your version is now {kept.name}, beside it. {reload}"


def git(folder, *arguments):
    """What git prints in this folder; None when there is no git, or it fails."""
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def remember(root=notebooks.ROOT):
    """Keep a copy of each lesson that is untouched, in a course without git."""
    if git(root / FOLDER, "rev-parse", "--verify", "HEAD:./") is not None:
        return
    for lesson in filter(is_untouched, notebooks.lessons("en", root)):
        copy = root / ".untouched" / lesson.relative_to(root / FOLDER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(lesson, copy)


def is_untouched(lesson):
    """Whether no editor has saved it: each of them adds to what the course says of the language."""
    try:
        return json.loads(lesson.read_bytes())["metadata"]["language_info"] == {"name": "python"}
    except (ValueError, KeyError, TypeError):
        return False


if __name__ == "__main__":
    print(start_over("".join(sys.argv[1:2])))
