"""The student's copies: `workbook/en/02-filtering.ipynb` is the lesson without outputs, made and renewed by `make lab`.

A copy keeps the stamp of its edition, a hash of all cell ids and sources, in its metadata. One whose cells are still
those of an edition was at most run, and a new edition replaces it; beside an edited one the new edition arrives as
`02-filtering.new.ipynb`. What a student of the first edition changed under `notebooks/` is taken over the first time.
"""

import hashlib
import itertools
import json
import os
import subprocess
import threading
from pathlib import Path

import notebooks
from lessons_lib.core import record

FOLDER = "workbook"
# The stamps of the first edition's lessons, and of their versions until copies had a stamp.
KNOWN = frozenset(Path(__file__).with_name("first_edition.txt").read_text().split())
PHOTOS = """Put your own photos here.
data.photo("me.jpg") reads the photo me.jpg; data.folder("my-photos") reads a folder that has a folder for each class.
"""


def stamp(notebook):
    """The edition of a notebook: a hash of all its cell ids and sources."""
    cells = [[cell.get("id"), "".join(cell["source"])] for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:12]


def read(content):
    """The notebook in these bytes, None when there is none."""
    try:
        notebook = json.loads(content)
        return notebook if stamp(notebook) and isinstance(notebook["metadata"], dict) else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def is_edited(notebook):
    """Whether its cells are those of no edition; so is what cannot be read."""
    return notebook is None or stamp(notebook) not in KNOWN | {str(notebook["metadata"].get("edition"))}


def fresh(notebook):
    """The bytes of a student's copy: no outputs, no counts, and the stamp."""
    cells = [
        cell | {"outputs": [], "execution_count": None} if "outputs" in cell else cell for cell in notebook["cells"]
    ]
    metadata = notebook["metadata"] | {"edition": stamp(notebook)}
    text = json.dumps(notebook | {"cells": cells, "metadata": metadata}, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def write(file, content):
    """Write a whole file or, with an OSError, nothing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f".{file.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        half.write_bytes(content)
        os.replace(half, file)
    except OSError:
        half.unlink(missing_ok=True)
        raise


def keep(content, copy):
    """Save a student's version beside the copy, as the first `.mine-N` that is free; that file."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        kept = copy.with_name(f"{copy.stem}.mine-{number}.ipynb")
        try:
            with open(kept, "xb") as file:
                file.write(content)
            return kept
        except FileExistsError:
            continue
        except OSError:
            kept.unlink(missing_ok=True)
            raise


def copy_of(lesson, root=notebooks.ROOT):
    """Where the student's copy of a notebook below `notebooks/` lies."""
    return root / FOLDER / lesson.relative_to(root / "notebooks")


def update(root=notebooks.ROOT):
    """Make and renew all copies; what to tell the student, in sentences."""
    editions, said, failed = root / FOLDER / record.EDITIONS, [], []
    lessons = notebooks.lessons(root=root)
    own = [file for file in notebooks.files(root=root) if file not in lessons]
    first = [] if editions.exists() else [(take_over, file) for file in [*own, *lessons]]
    for task, file in [*first, *((renew, lesson) for lesson in lessons)]:
        try:
            said += task(file, copy_of(file, root))
        except OSError as error:
            failed.append(f"{file.name} could not be copied into the folder {FOLDER}: {error.strerror or error}.")
    photos = root / FOLDER / "photos"
    if not failed:
        if not photos.exists():
            write(photos / "README.txt", PHOTOS.encode())
        note_editions(root)
    return said + failed


def note_editions(root):
    """Note the edition of each copy for the record."""
    editions = {}
    for lesson in notebooks.lessons(root=root):
        copy = copy_of(lesson, root)
        mine = read(copy.read_bytes()) if copy.exists() else None
        name = f"{notebooks.language(lesson)}/{notebooks.LESSON.fullmatch(lesson.name)[2]}"
        editions[name] = mine["metadata"].get("edition") if mine else None
    write(root / FOLDER / record.EDITIONS, json.dumps(editions, indent=1).encode())


def take_over(file, copy):
    """Bring what a student has under `notebooks/` into the workbook, and where git can, put the course's own back."""
    content = file.read_bytes()
    if not notebooks.LESSON.fullmatch(file.name):
        if not copy.exists():
            write(copy, content)
        return []
    notebook = read(content)
    # Every editor adds to what the course says of the language.
    if notebook is None or notebook["metadata"].get("language_info") == {"name": "python"}:
        return []
    tracked = git(file, "ls-files", "--", file.name)
    if tracked and not git(file, "ls-files", "-m", "--", file.name):
        return []
    course = read(git(file, "show", f":./{file.name}")) if tracked else None
    kept = None
    if is_edited(notebook) and not (course and stamp(course) == stamp(notebook)):
        mine = copy.parent.glob(f"{copy.stem}.mine-*.ipynb")
        kept = next((one for one in mine if one.read_bytes() == content), None) or keep(content, copy)
    back = tracked and git(file, "checkout", "--", file.name) is not None
    if not kept:
        return []
    left = "" if back else f" It stays in {file.parent} too, since git could not put the course's own back."
    return [f"Your version of {file.name} is now {kept}.{left}"]


def git(file, *words):
    """What git prints in the file's folder; None when there is no git, or it fails."""
    try:
        done = subprocess.run(["git", *words], cwd=file.parent, capture_output=True)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def unreadable(lesson):
    """What to do about a lesson of the course that is broken."""
    return f"{lesson} holds no notebook that can be read; get the course's own with `git checkout HEAD -- {lesson}`."


def renew(lesson, copy):
    """Bring a copy to the lesson's edition, or the new edition beside a copy that is edited."""
    course = read(lesson.read_bytes())
    if course is None:
        return [unreadable(lesson)]
    edition = stamp(course)
    if not copy.exists():
        write(copy, fresh(course))
        return []
    mine = read(copy.read_bytes())
    if mine and edition in (stamp(mine), mine["metadata"].get("edition")):
        return []
    if not is_edited(mine):
        write(copy, fresh(course))
        return []
    new = copy.with_name(f"{copy.stem}.new.ipynb")
    if new.exists():
        before = new.read_bytes()
        if (other := read(before)) and other["metadata"].get("edition") == edition:
            return []
        if is_edited(other):
            keep(before, copy)
    write(new, fresh(course))
    why = "There is a new edition of" if mine else "No notebook can be read in"
    return [f"{why} {copy.name}. Your file stays as it is; the new edition lies beside it, as {new.name}."]


if __name__ == "__main__":
    for sentence in update():
        print(sentence)
