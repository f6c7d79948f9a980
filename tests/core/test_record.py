"""The record: whole lines from two kernels at once, past damage and a full disk, and nothing outside a workbook."""

import json
import os
import subprocess
import sys

import pytest

from lessons_lib.core import record


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A workbook in whose folder of lessons the test works."""
    monkeypatch.setattr(record, "_said", [])
    (tmp_path / "workbook" / "en" / "further").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "workbook" / "en")
    return tmp_path / "workbook"


def test_an_event_says_what_was_answered_to_which_text_of_which_edition(place):
    (place / record.EDITIONS).write_text('{"en/filtering": "abc"}')
    record.add("images/row", "Row?", verdict="right")
    os.chdir("further")
    record.add("filtering/still-90", "Turn it?", choice="same")
    row, still = record.events()
    assert {
        "format": 1,
        "lesson": "filtering",
        "edition": "abc",
        "choice": "same",
        "language": "en",
    }.items() <= still.items()
    assert (row["edition"], row["verdict"]) == (None, "right") and still["time"].endswith("+00:00")
    assert record.events("images") == [row] and record.last("filtering/still-90") == still
    assert len({still["english"], row["english"]}) == 2


def test_the_last_event_is_the_newest_since_the_lesson_was_started_over(place):
    for choice in "ab":
        record.add("filtering/q", choice=choice)
    record.add("images/start-over")
    assert record.last("filtering/q")["choice"] == "b" and record.last("filtering/other") is None
    record.add("filtering/start-over")
    assert record.last("filtering/q") is None
    record.add("filtering/q", choice="c")
    assert record.last("filtering/q")["choice"] == "c"


@pytest.mark.parametrize("folder", [".", "notebooks/en", "workbook/course/notebooks/en"])
def test_outside_a_workbook_nothing_is_written(folder, tmp_path, monkeypatch):
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(tmp_path / folder)
    record.add("filtering/q", choice="a")
    assert record.events() == [] and [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "damage",
    [
        b'{"format": 1, "item": "filt',
        b"[" * 100_000,
        b"\xff\xfe\x00",
        b'[1]\n{"format": 2, "lesson": "a", "item": "a/b"}\n7',
        b"\r\n\n",
    ],
)
def test_what_is_damaged_is_skipped_and_the_next_event_has_a_line_of_its_own(damage, place):
    record.add("filtering/q", choice="a")
    with open(place / "record.jsonl", "ab") as file:
        file.write(damage)
    record.add("filtering/q", choice="b")
    assert [event["choice"] for event in record.events()] == ["a", "b"]


def test_two_kernels_at_once_lose_nothing(place):
    code = (
        "from lessons_lib.core import record\nprint(flush=True)\ninput()\n"
        "for k in range(1000): record.add('a/b', n=k, filler='x' * (k % 97) * 99)"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    kernels = [subprocess.Popen([sys.executable, "-c", code], **pipes) for _ in range(3)]
    for kernel in kernels:
        kernel.stdout.readline()
    for kernel in kernels:
        kernel.stdin.write(b"\n")
        kernel.stdin.flush()
    assert [kernel.communicate()[0] for kernel in kernels] == [b""] * 3
    assert len((place / "record.jsonl").read_bytes().splitlines()) == 3000
    assert sorted(event["n"] for event in record.events()) == sorted([*range(1000)] * 3)


@pytest.mark.skipif(os.name == "nt", reason="no such limits there")
def test_a_full_disk_is_said_and_what_came_before_and_after_stays(place, capfd):
    record.add("filtering/q", choice="a")
    size = (place / "record.jsonl").stat().st_size
    # A file that may not grow beyond half a line more: the system writes only a part.
    code = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size + 50}, {size + 50}))\n"
        "from lessons_lib.core import record; record.add('filtering/q', choice='lost')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert "cannot be saved" in capfd.readouterr().out
    assert (place / "record.jsonl").stat().st_size == size + 50
    record.add("filtering/q", choice="b")
    assert [event["choice"] for event in record.events()] == ["a", "b"]


def test_a_record_that_cannot_be_opened_stops_no_cell(place, capfd):
    # A folder in its place is what no user, not even root, can write to.
    (place / "record.jsonl").mkdir()
    for _ in range(2):
        record.add("filtering/q", choice="a")
    assert capfd.readouterr().out.count("cannot be saved") == 1
    assert record.events() == [] and record.last("filtering/q") is None


def test_the_file_is_one_json_object_a_line(place):
    record.add("filtering/q", "ä", choice="ä\n")
    lines = (place / "record.jsonl").read_bytes().split(b"\n")
    assert json.loads(lines[0])["choice"] == "ä\n" and lines[1:] == [b""]
