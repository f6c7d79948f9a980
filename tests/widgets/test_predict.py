"""Guesses: committed once, kept in a workbook and shown again, compared at the end with what came."""

import html
import json
import re

import numpy as np
import pytest

from lessons_lib.core import i18n, record, verdict
from lessons_lib.core.question import Cells, Number, Question
from lessons_lib.widgets import predict as module
from lessons_lib.widgets.predict import ask, asked

CHOICES = {"right": "to the right", "left": "to the < left"}
BANK = [
    Question("copy", "Where does `w[1, 2]` put the copy?", CHOICES, lambda: "left", {"right": "It takes from there."}),
    Question("rows", "How many rows?", Number(low=0), lambda: 492, {502: "One a filter.", None: "Count again."}),
    Question("cell", "Which cell?", Cells(lambda: np.eye(2, 3)), lambda: (1, 1), {(0, 0): "Not that.", None: "No."}),
]
predict, results, warm_up = asked(
    "lessons_lib.filtering.questions", lambda: BANK, ["images/row-column", "images/shuffle"], own=("slide", "draw")
)


@pytest.fixture(autouse=True)
def new_kernel(monkeypatch):
    """What a kernel keeps in memory, empty again."""
    for place, name in ((module, "_kept"), (ask, "_chosen"), (verdict, "_own")):
        monkeypatch.setattr(place, name, {})


@pytest.fixture
def workbook(tmp_path, monkeypatch):
    folder = tmp_path / "workbook" / "en"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder.parent


def lines(workbook):
    return [json.loads(line) for line in (workbook / "record.jsonl").read_text(encoding="utf-8").splitlines()]


def send(panel, **message):
    panel._receive(panel, message, [])


def test_a_choice_can_be_changed_until_it_is_committed_and_then_it_is_final(workbook, monkeypatch):
    panel = predict("copy")
    send(panel, chosen="left")
    assert predict("copy").chosen == "left", "a cell that is run again forgets the choice"
    assert not (workbook / "record.jsonl").exists()
    send(panel, guess="right")
    send(panel, guess="left")
    monkeypatch.setattr(ask, "_chosen", {})
    for shown in (panel, predict("copy")):
        assert shown.state["final"] == "right"
        assert shown.state["said"].startswith("Committed: to the right.")
        send(shown, guess="left")
    (line,) = lines(workbook)
    assert (line["item"], line["choice"]) == ("filtering/copy", "right")


def test_starting_over_asks_again(workbook):
    send(predict("rows"), guess="500")
    assert predict("rows").state["final"] == "500"
    record.add("filtering/start-over")
    assert predict("rows").state["final"] is None and results().rows[1][2] == "no guess; go back to it"


def test_outside_a_workbook_a_guess_lives_in_the_kernel(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    send(predict("cell"), guess=[1, 2])
    assert predict("cell").state["final"] == [1, 2]
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_that_cannot_be_written_loses_no_guess(workbook):
    (workbook / "record.jsonl").mkdir()
    send(predict("copy"), guess="left")
    assert predict("copy").state["final"] and results().rows[0][0] is True


@pytest.mark.parametrize("choice", ["nonsense", None, 3, [0, 0], {"a": 1}])
def test_a_damaged_line_of_the_record_is_no_guess(workbook, choice):
    record.add("filtering/copy", choice=choice)
    assert not predict("copy").state["final"] and results().rows[0][0] is None


def test_a_refused_number_says_why_until_it_is_changed(workbook):
    panel = predict("rows")
    send(panel, chosen="-3 <b>")
    send(panel, guess="-3 <b>")
    assert panel.state["tone"] == "refused" and "-3 &lt;b&gt;" in panel.state["said"]
    send(panel, chosen="-3")
    assert panel.state["said"] == ""
    send(panel, guess="-3")
    assert panel.state["said"] == "-3 is too small; type 0 or more."
    assert not panel.state["final"] and not (workbook / "record.jsonl").exists()


def test_the_end_of_the_lesson_compares_each_guess_with_what_came(workbook):
    text = repr(results())
    assert text.startswith("0 of 3 as you predicted") and text.count("no guess; go back to it") == 3
    assert not any(word in text for word in ("492", "row 1, column 1", "< left", "takes"))
    send(predict("copy"), guess="left")
    send(predict("rows"), guess="502")
    record.add("filtering/slide", verdict="untouched")
    record.add("filtering/slide", verdict="right")
    record.add("filtering/draw", verdict="right")
    record.add("filtering/draw", verdict="exception")
    shown = results()
    assert [row[:1] + row[2:] for row in shown.rows] == [
        (True, "to the < left", "to the < left", ""),
        (False, "502", "492", "One a filter."),
        (None, "no guess; go back to it", "", ""),
    ]
    page = re.sub(r' style="[^"]*"', "", shown._repr_html_())
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", page)
    assert cells[3:9] == [
        "Where does <code>w[1, 2]</code> put the copy?", "✓ to the &lt; left", "to the &lt; left",
        "How many rows?", "✗ 502", "492<br>One a filter.",
    ]  # fmt: skip
    summary = ["1 of 3 as you predicted", "Functions of your own: slide.", "Not your own yet: draw."]
    assert shown.summary == summary and "<caption>" + "<br>".join(summary) in page
    assert page.count('scope="col"') == page.count('scope="row"') == 3


def test_functions_of_ones_own_are_known_without_a_workbook_and_by_what_they_are_now(workbook, monkeypatch):
    record.add("filtering/draw", verdict="right")
    monkeypatch.setattr(verdict, "_own", {"filtering/slide": True, "filtering/draw": False})
    assert results().summary[1:] == ["Functions of your own: slide.", "Not your own yet: draw."]


def test_a_warm_up_answers_at_once_and_again(workbook):
    row_column, shuffle = warm_up().children
    send(row_column, guess="column")
    assert row_column.state["said"].startswith("✗ That is x before y") and row_column.state["tone"] == "wrong"
    send(row_column, guess="row")
    assert row_column.state["said"] == "✓ Right." and not row_column.state["final"]
    assert shuffle.state["said"] == ""
    assert [(line["item"], line["choice"]) for line in lines(workbook)] == [
        ("filtering/warm-up/images/row-column", "column"), ("filtering/warm-up/images/row-column", "row"),
    ]  # fmt: skip


def test_the_record_knows_a_question_by_its_english_text(workbook, monkeypatch):
    send(warm_up().children[0], guess="row")
    monkeypatch.setitem(i18n._in_use, "texts", {"Which pixel is `portrait[3, 8]`?": "Qual pixel é `portrait[3, 8]`?"})
    panel = warm_up().children[0]
    send(panel, guess="row")
    english = [line["english"] for line in lines(workbook)]
    assert panel.question["text"].startswith("Qual pixel") and len(english) == 2 and len(set(english)) == 1


def test_only_the_projector_reveals(monkeypatch):
    panel = predict("copy")
    send(panel, reveal=True)
    assert not panel.question["present"] and panel.state["revealed"] == []
    monkeypatch.setenv(ask.PRESENT, "1")
    panel = predict("copy")
    send(panel, reveal=True)
    assert panel.question["present"]
    assert panel.state["revealed"] == [
        [False, "to the right", "It takes from there."], [True, "to the &lt; left", ""],
    ]  # fmt: skip
    send(panel, guess="right")
    assert len(panel.state["revealed"]) == 2, "a commit hides what was revealed"
    rows = predict("rows")
    send(rows, reveal=True)
    assert rows.state["revealed"] == [[True, "492", ""], [False, "502", "One a filter."]]


def test_the_file_keeps_the_question_and_never_the_guess(workbook):
    def still(panel):
        data = panel._repr_mimebundle_()
        return data["text/plain"], data["text/html"]

    before = [still(predict(question.id)) for question in BANK]
    assert before[0][0] == "Where does `w[1, 2]` put the copy?\n1. to the right\n2. to the < left"
    assert "<li>to the &lt; left</li>" in before[0][1]
    assert before[2][0].endswith("\n1 0 0\n0 1 0") and before[2][1].count("<td>") == 6
    for question, guess in zip(BANK, ("left", 492, [1, 1]), strict=True):
        send(predict(question.id), guess=guess)
    assert [still(predict(question.id)) for question in BANK] == before
    text, page = still(warm_up())
    assert text.count("\n\n") == 1 and page.count("<ol>") == 2
    # Neither an answer nor a misconception is in what the browser holds, either.
    for question in BANK:
        held = html.unescape(json.dumps(predict(question.id).question))
        assert not any(sentence in held for sentence in question.misconceptions.values())


def test_a_name_that_is_not_there_names_those_that_are():
    with pytest.raises(ValueError, match="question 'copies' is not among copy, rows, cell; give one of these"):
        predict("copies")
    with pytest.raises(ValueError, match="lesson 'images' has no warm-up"):
        asked("lessons_lib.images.questions", lambda: BANK)[2]()
