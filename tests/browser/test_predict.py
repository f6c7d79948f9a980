"""Predictions in JupyterLab and on the projector's page: by keys, by pointer, by touch; final; shown again."""

import json
import re

import lab
import nbformat.v4 as v4
import pytest
from lab import until

import formatting
import notebooks
from gates.lesson_file import Lesson
from test_present import presented

CODE = """
import numpy as np
from lessons_lib.core.question import Cells, Number, Question
from lessons_lib.widgets.predict import asked
bank = [
    Question("copy", "Where does the copy go?", {"right": "to the right", "left": "to the left", "nothing": "it stays"},
             lambda: "left", {"right": "It takes from there.", "nothing": "It does not."}),
    Question("touched", "Which way?", {"up": "up", "down": "down"}, lambda: "up", {"down": "No."}),
    Question("rows", "How many rows?", Number(), lambda: 492, {502: "One a filter.", None: "Count again."}),
    Question("cell", "Which cell?", Cells(lambda: np.arange(24).reshape(4, 6)), lambda: (1, 1), {None: "No."}),
]
predict, results, warm_up = asked("lessons_lib.filtering.questions", lambda: bank, ["images/row-column"])
"""
CELLS = [CODE, *(f'predict("{name}")' for name in ("copy", "touched", "rows", "cell")), "warm_up()", "results()"]
COPY, TOUCHED, ROWS, CELL, ROW_COLUMN = range(5)


@pytest.fixture(scope="module")
def workbook(folder):
    place = folder / "workbook" / "en"
    place.mkdir(parents=True)
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [v4.new_code_cell(source, id=f"cell-{k}") for k, source in enumerate(CELLS)]
    formatting.write(formatting.as_text(v4.new_notebook(cells=cells, metadata=metadata)), place / "predict.ipynb")
    return place.parent


@pytest.fixture(scope="module")
def lesson(page, address, workbook):
    opened = lab.Lesson(page, address, "workbook/en/predict.ipynb")
    opened.run_all()
    yield opened
    assert opened.errors == []
    lab.stop_kernels(address)


class Asked:
    """One question on the page."""

    def __init__(self, page, number):
        self.page, self.root = page, page.locator("css:light=.lesson-question").nth(number)
        self.root.wait_for(timeout=20_000)
        self.root.scroll_into_view_if_needed()

    def focus(self):
        """Press on the question, which gets the focus; then its first answer gets it."""
        self.root.locator(".lesson-question-text").click()
        self.page.keyboard.press("Tab")

    def keys(self, *names):
        for name in names:
            self.page.keyboard.press(name)

    def chosen(self):
        return self.root.locator("[aria-pressed=true], [aria-selected=true]").all_inner_texts()

    def says(self, text):
        status = self.root.locator("[role=status]")
        until(lambda: text in status.inner_text(), otherwise=lambda: f"it says {status.inner_text()!r}, not {text!r}")

    def has_focus(self):
        return self.root.evaluate("root => root.contains(document.activeElement)")


def recorded(workbook):
    file = workbook / "record.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [(line["item"].removeprefix("filtering/"), line["choice"]) for line in map(json.loads, lines)]


def test_by_keys_a_choice_changes_until_it_is_committed(lesson, workbook):
    asked = Asked(lesson.page, COPY)
    asked.focus()
    asked.keys("3")
    assert asked.chosen() == ["3\nit stays"]
    asked.keys("5", "6", "b", "Tab", "Shift+Tab", "1")
    assert asked.chosen() == ["1\nto the right"] and recorded(workbook) == []
    asked.root.evaluate(lab.LISTEN)
    asked.keys("Enter")
    asked.says("Committed: to the right.")
    asked.keys("2", "Enter", "Tab", "Enter", "Space")
    lesson.wait_idle()
    assert asked.chosen() == ["1\nto the right"] and asked.has_focus()
    assert recorded(workbook) == [("copy", "right")]
    assert len(lesson.page.evaluate("announced")) == 1, "a commit is announced once"
    # JupyterLab makes headings and cells by these keys.
    assert lesson.page.locator(".jp-Cell").count() == lesson.page.locator(".jp-CodeCell").count() == len(CELLS)


def test_by_touch_on_large_targets(lesson, workbook):
    asked = Asked(lesson.page, TOUCHED)
    lab.answered(lesson.page)
    for button in asked.root.locator("button:visible").all():
        assert min(button.bounding_box()[side] for side in ("width", "height")) >= 44
    asked.root.get_by_text("Commit", exact=True).tap()
    asked.says("There is no guess yet")
    asked.root.get_by_role("button", name="down").tap()
    asked.root.get_by_text("Commit", exact=True).tap()
    asked.says("Committed: down.")
    asked.root.get_by_role("button", name="up").tap(force=True)
    assert asked.chosen() == ["2\ndown"] and recorded(workbook)[-1] == ("touched", "down")


def test_a_number_is_refused_or_taken(lesson, workbook):
    asked = Asked(lesson.page, ROWS)
    asked.focus()
    lesson.page.keyboard.type("4o2")
    asked.keys("Enter")
    asked.says('"4o2" is not a number')
    field = asked.root.locator("input")
    assert field.get_attribute("aria-invalid") == "true" and asked.has_focus()
    asked.keys("Backspace")
    asked.says("")
    until(lambda: field.get_attribute("aria-invalid") == "false")
    field.fill("9961472")
    asked.keys("Enter")
    asked.says("Committed: 9,961,472.")
    lesson.page.keyboard.type("77")
    assert field.input_value() == "9,961,472" and recorded(workbook)[-1] == ("rows", 9961472)


def test_a_cell_is_walked_to_or_pointed_at(lesson, workbook):
    asked = Asked(lesson.page, CELL)
    asked.focus()
    asked.keys("ArrowUp", "ArrowLeft")
    assert asked.chosen() == []
    asked.keys("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight")
    assert asked.chosen() == ["14"]
    asked.root.get_by_role("gridcell", name="row 3, column 5: 23").click()
    assert asked.chosen() == ["23"] and asked.root.locator("[tabindex='0']").count() == 1
    asked.keys("Home", "ArrowUp", "Enter")
    asked.says("Committed: row 2, column 5.")
    asked.keys("ArrowLeft")
    assert asked.chosen() == ["17"] and recorded(workbook)[-1] == ("cell", [2, 5])


def test_a_warm_up_answers_at_once(lesson, workbook):
    asked = Asked(lesson.page, ROW_COLUMN)
    asked.root.get_by_role("button", name="column 3").click()
    asked.says("✗ That is x before y")
    asked.root.evaluate(lab.LISTEN)
    asked.focus()
    asked.keys("1")
    asked.says("✓ Right.")
    assert lesson.page.evaluate("announced") == ["✓ Right."]
    assert recorded(workbook)[-2:] == [("warm-up/images/row-column", choice) for choice in ("column", "row")]


def test_all_is_shown_again_by_a_new_kernel_in_a_new_page(lesson, workbook, address):
    lab.stop_kernels(address)
    again = lab.Lesson(lesson.page, address, "workbook/en/predict.ipynb")
    again.run_all()
    for number, guess in ((COPY, "to the right"), (TOUCHED, "down"), (ROWS, "9,961,472"), (CELL, "row 2, column 5")):
        Asked(again.page, number).says(f"Committed: {guess}.")
    rows = again.page.locator("css:light=.jp-OutputArea-output tbody tr").all_inner_texts()
    assert [re.split(r"\s*\t\s*", row)[1] for row in rows] == [
        "✗ to the right",
        "✗ down",
        "✗ 9,961,472",
        "✗ row 2, column 5",
    ]
    assert Asked(again.page, ROW_COLUMN).chosen() == []


def test_a_kernel_that_is_gone_is_said(lesson, address):
    asked = Asked(lesson.page, ROW_COLUMN)
    lab.stop_kernels(address)
    asked.root.get_by_role("button", name="column 3").click()
    asked.says("The kernel has not answered")


def test_the_projector_shows_questions_large_and_reveals(browser, tmp_path):
    place = tmp_path / "01-images.ipynb"
    sources = ["from lessons_lib.filtering import questions", "questions.warm_up()"]
    cells = [v4.new_markdown_cell("# 1. Title")] + [
        v4.new_code_cell(one) for one in [*sources, 'questions.predict("single-one")']
    ]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    formatting.write(formatting.as_text(v4.new_notebook(cells=cells, metadata=metadata)), place)
    with presented(place, browser, tmp_path / "home") as (page, problems):
        assert page.locator("css:light=.lesson-question").count() == 4
        asked = Asked(page, 3)
        assert asked.root.evaluate("root => parseFloat(getComputedStyle(root).fontSize)") >= 22
        assert "✓" not in asked.root.inner_text()
        asked.root.get_by_text("Reveal").click()
        revealed = asked.root.locator("li")
        revealed.first.wait_for()
        assert [text[:4].strip() for text in revealed.all_inner_texts()] == ["✗ to", "✓ to", "✗ no", "✗ no"]
        assert "does not push pixels" in revealed.first.inner_text()
        assert problems == []


def test_each_question_of_the_course_is_committed_by_keys_alone(page, address, workbook):
    asked = [
        (lesson.package, name)
        for lesson in map(Lesson, notebooks.lessons("en"))
        for cell in lesson.code
        for name in re.findall(r'^questions\.predict\("(.+?)"\)', cell.source, re.MULTILINE)
    ]
    cells = [
        v4.new_code_cell(
            f"from lessons_lib.{package} import questions\nquestions.predict({name!r})", id=f"question-{k}"
        )
        for k, (package, name) in enumerate(asked)
    ]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    formatting.write(formatting.as_text(v4.new_notebook(cells=cells, metadata=metadata)), workbook / "en" / "all.ipynb")
    opened = lab.Lesson(page, address, "workbook/en/all.ipynb")
    opened.run_all()
    for number in range(len(cells)):
        one = Asked(page, number)
        one.focus()
        if one.root.locator("input").count():
            page.keyboard.type("7")
        elif one.root.get_by_role("gridcell").count():
            one.keys("ArrowDown", "ArrowRight")
        else:
            one.keys("2")
        one.keys("Enter")
        one.says("Committed: ")
    assert opened.errors == []
    lines = [json.loads(line) for line in (workbook / "record.jsonl").read_text(encoding="utf-8").splitlines()]
    items = [line["item"] for line in lines if "choice" in line][-len(cells) :]
    assert items == [f"{package}/{name}" for package, name in asked]
