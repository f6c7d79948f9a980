"""What a student guessed and what the checks said: `workbook/record.jsonl`, one line an event; elsewhere nothing.

Two kernels may append at once: each takes a lock, and writes its whole line at the end of the file. A line that a full
disk cut off stays alone on its line, and is skipped when the file is read.
"""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from lessons_lib.core import i18n
from lessons_lib.core.i18n import _

FORMAT = 1
# The edition of each lesson's copy by "en/filtering"; written by tools/workbook.py.
EDITIONS = ".editions.json"

_said = []


def workbook():
    """The folder `workbook` that the current folder lies in, or None.

    >>> workbook() is None
    True
    """
    try:
        here = Path.cwd()
    except OSError:
        return None
    found = next((place for place in (here, *here.parents) if place.name in ("workbook", "notebooks")), here)
    return found if found.name == "workbook" else None


def add(item, text="", **event):
    """Append an event of `item`, such as "filtering/still-90"; `text` is its English text, of which a hash is kept.

    >>> add("filtering/still-90", "What does the still show?", choice="same")
    """
    place = workbook()
    if place is None:
        return
    line = {
        "format": FORMAT,
        "lesson": item.split("/")[0],
        "edition": _edition(place, item),
        "item": item,
        **event,
        "english": hashlib.sha256(text.encode()).hexdigest()[:12],
        "language": i18n.language(),
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    file = place / "record.jsonl"
    try:
        append(file, json.dumps(line, default=str).encode())
    except OSError as error:
        if not _said:
            _said.append(error)
            reason = error.strerror or str(error)
            print(_("Your answers cannot be saved in {file}: {reason}.").format(file=file, reason=reason))


def append(file, line):
    """Write `line` as a line of its own at the end of `file`, whole or with an OSError."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    handle = os.open(file, flags, 0o666)
    try:
        _lock(handle)
        if os.lseek(handle, 0, os.SEEK_END):
            os.lseek(handle, -1, os.SEEK_END)
            if os.read(handle, 1) != b"\n":
                line = b"\n" + line
        line += b"\n"
        if os.write(handle, line) < len(line):
            raise OSError(_("the disk is full"))
    finally:
        # This also gives the lock back.
        os.close(handle)


def _lock(handle):
    try:
        import fcntl
    except ImportError:
        # Windows: its O_APPEND alone is no guarantee. The byte locked lies far behind the end: nobody reads there.
        import msvcrt

        os.lseek(handle, 1 << 30, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError:
        # Some network folders have no locks; there, O_APPEND and a single write have to do.
        return


def events(lesson=None):
    """All events, or those of one lesson, oldest first; lines that are damaged are skipped.

    >>> events("filtering")
    []
    """
    place = workbook()
    try:
        lines = (place / "record.jsonl").read_bytes().split(b"\n") if place else []
    except OSError:
        return []
    found = filter(None, map(_event, lines))
    return [event for event in found if lesson in (None, event["lesson"])]


def last(item):
    """The newest event of `item` since its lesson was last started over, or None.

    >>> last("filtering/still-90") is None
    True
    """
    lesson = item.split("/")[0]
    for event in reversed(events(lesson)):
        if event["item"] == f"{lesson}/start-over":
            return None
        if event["item"] == item:
            return event
    return None


def _event(line):
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    known = isinstance(event, dict) and event.get("format") == FORMAT
    return event if known and all(isinstance(event.get(key), str) for key in ("lesson", "item")) else None


def _edition(place, item):
    """The stamp of the student's copy of the item's lesson, or None where there is none."""
    language = Path.cwd().relative_to(place).parts[:1]
    try:
        return json.loads((place / EDITIONS).read_bytes())["/".join([*language, item.split("/")[0]])]
    except (OSError, ValueError, KeyError, TypeError):
        return None
