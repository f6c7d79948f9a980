"""Put a student's copy back to how the course brings it: `make start-over LESSON=02`; theirs is kept beside it."""

import contextlib
import sys
from pathlib import Path

import notebooks
import workbook
from lessons_lib.core import record


def start_over(name, root=notebooks.ROOT):
    """Put back the copy of the lesson that `name` means, such as "02" or "pt/02"; what was done, in sentences."""
    said = [] if (root / workbook.FOLDER / record.EDITIONS).exists() else workbook.update(root)
    languages = {notebooks.language(lesson) for lesson in notebooks.lessons(root=root)}
    language = next((part for part in Path(name).parts if part in languages), "en")
    lesson = notebooks.named(name, notebooks.lessons(language, root))
    copy, course = workbook.copy_of(lesson, root), workbook.read(lesson.read_bytes())
    if course is None:
        raise SystemExit(workbook.unreadable(lesson))
    before, after = copy.read_bytes() if copy.exists() else None, workbook.fresh(course)
    said.append(f"{copy.name} is as the course brings it, and its questions are open again.")
    if before != after:
        if before is not None:
            kept = workbook.keep(before, copy)
            said.append(f"Your version is now {kept.name}, beside it.")
            said.append("If it is open in JupyterLab, choose File > Reload Notebook from Disk there.")
        workbook.write(copy, after)
        workbook.note_editions(root)
    with contextlib.chdir(copy.parent):
        record.add(f"{notebooks.LESSON.fullmatch(lesson.name)[2]}/start-over")
    return " ".join(said)


if __name__ == "__main__":
    print(start_over("".join(sys.argv[1:2])))
