"""The Python side of the grid and of the panel: what is accepted, what is sent, what is refused and how."""

import base64
import inspect
import re
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from ipykernel.comm.comm import BaseComm

from browser_messages import from_browser, send
from lessons_lib.widgets.live_training import let_interrupt
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import FOLDER, PixelGrid
from lessons_lib.widgets.sentence import Sentence


@given(hnp.arrays(
    st.sampled_from([np.uint8, np.int16, np.float32, np.float64]),
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=20), elements={"min_value": 0, "max_value": 200},
))  # fmt: skip
@settings(max_examples=50, deadline=None)
def test_a_grid_keeps_its_values(values):
    grid = PixelGrid(values, "F")
    np.testing.assert_array_equal(grid.values, values)
    grid.values[:] = 0
    np.testing.assert_array_equal(grid.picture().values, values)


@pytest.mark.parametrize(("values", "error", "words"), [
    ([], ValueError, "empty"), ([1, 2], ValueError, "2 or 3 axes"), ([[1, np.nan]], ValueError, "nan"),
    ([["a"]], TypeError, "numbers"), (np.zeros((4, 4, 4)), ValueError, "4 channels"),
    (np.zeros((1025, 2)), ValueError, "1024"),
])  # fmt: skip
def test_bad_values_are_refused(values, error, words):
    with pytest.raises(error, match=words):
        PixelGrid(values)
    grid = PixelGrid([[1, 2]])
    with pytest.raises(error, match=words):
        grid.values = values
    np.testing.assert_array_equal(grid.values, [[1, 2]], err_msg="a refused value must not be kept")


def test_an_editable_grid_is_at_most_64_by_64():
    PixelGrid(np.zeros((64, 64)), edit=(0, 1))
    with pytest.raises(ValueError, match="64 × 64"):
        PixelGrid(np.zeros((65, 2)), edit=(0, 1))


def test_the_ramp_can_be_changed():
    grid = PixelGrid([[-1, 3]])
    assert grid.colours == grid.picture().colours == "grey"
    grid.colours = "signed"
    assert grid.colours == grid.picture().colours == "signed"
    for change in (lambda: setattr(grid, "colours", "jet"), lambda: PixelGrid([[1]], colours="jet")):
        with pytest.raises(ValueError, match="'jet'; choose one of 'grey', 'signed'"):
            change()


def test_selecting_moves_and_refuses_cells_outside():
    grid = PixelGrid(np.zeros((2, 3)))
    seen = []
    grid.observe(lambda change: seen.append(change.new), "selected")
    grid.select(1, 2)
    assert seen == [(1, 2)]
    for row, column in ((2, 0), (0, 3), (-1, 0)):
        with pytest.raises(ValueError, match=r"row is|column is"):
            grid.select(row, column)


def test_typing_obeys_the_range_and_calls_back():
    grid = PixelGrid([[1, 2]], edit=(0, 9), whole=True)
    calls = []
    grid.on_edit(lambda *edit: calls.append(edit))
    grid.type(0, 1, 7)
    assert calls == [(0, 1, 7.0)] and grid.values.tolist() == [[1, 7]]
    for value, words in ((10, "9 or less"), (-1, "0 or more"), (2.5, "whole"), ("a", "number"), (float("nan"), "nan")):
        with pytest.raises((ValueError, TypeError), match=words):
            grid.type(0, 1, value)
    assert grid.values.tolist() == [[1, 7]]
    with pytest.raises(ValueError, match="not editable"):
        PixelGrid([[1]]).type(0, 0, 1)


def test_typing_a_fraction_into_whole_numbers_keeps_the_fraction():
    grid = PixelGrid(np.array([[1, 2]]), edit=(-1, 1))
    grid.type(0, 0, 0.25)
    assert grid.values.tolist() == [[0.25, 2.0]]


def test_messages_from_the_browser_are_answered_even_when_a_callback_fails(monkeypatch):
    grid = PixelGrid([[1, 2]], edit=(0, 9))
    answers = []
    monkeypatch.setattr(grid, "send", answers.append)
    from_browser(grid, edits=[[0, 1, 5]], selected=[0, 1], number="a-1")
    assert grid.values.tolist() == [[1, 5]] and grid.selected == (0, 1) and answers == [{"done": "a-1"}]

    def fail(*_edit):
        raise RuntimeError("a callback failed")

    grid.on_edit(fail)
    from_browser(grid, edits=[[0, 0, 5]], number="a-2")
    assert answers[-1] == {"done": "a-2"} and not grid.busy


@pytest.mark.parametrize("selected", [[-1, 0], [0, -2], [0.5, 0], ["a", 0], [None, 0], [True, 0]])
def test_a_selection_that_no_browser_sends_is_refused(selected):
    grid = PixelGrid(np.zeros((2, 2)))
    grid.select(1, 1)
    from_browser(grid, selected=selected, number="a-1")
    assert grid.selected == (1, 1) and not grid.busy


def test_marks_can_be_set_and_taken_away():
    grid = PixelGrid(np.zeros((3, 3)))
    marks = {"window": (-1, 0, 3, 3), "hatched": np.eye(3), "blank": 1 - np.eye(3), "texts": [["1/9"] * 3] * 3}
    for name, mark in marks.items():
        setattr(grid, name, mark)
        np.testing.assert_array_equal(getattr(grid, name), mark)
        np.testing.assert_array_equal(getattr(grid.picture(), name), mark)
        setattr(grid, name, None)
        assert getattr(grid, name) is None


def test_every_script_is_loaded_and_none_needs_the_network():
    folders = FOLDER, Path(inspect.getfile(Sentence)).parent
    loaded = PixelGrid([[1]])._esm + Sentence()._esm
    for path in sorted(path for folder in folders for path in folder.glob("*.js")):
        source = path.read_text(encoding="utf-8")
        assert source in loaded, f"{path.name} is not loaded"
        assert not re.search(r"https?:|fetch\(|import |XMLHttpRequest|WebSocket", source), path.name


class Counter(Panel):
    def __init__(self):
        self.step = widgets.IntSlider(value=1, min=0, max=5, description="step")
        self.grid = PixelGrid([[1, 2], [3, 4]], "F")
        super().__init__([self.step], [self.grid])
        self.watch(self.step)
        self.refresh()

    def refresh(self, _change=None):
        self.grid.values = np.array([[1, 2], [3, 4]]) * self.step.value
        self.say(f"The sum is {self.grid.values.sum()} < 99.")


def test_in_quiet_a_panel_moves_its_own_controls_and_grids():
    panel = Counter()
    moves = []
    panel.follow(panel.grid, lambda change: moves.append(change.new))
    with panel.quiet():
        with panel.quiet():
            panel.step.value = 2
        panel.grid.select(1, 1)
        assert panel.is_quiet, "the outer one is still open"
    assert panel.sentence == "The sum is 10 < 99." and moves == [] and not panel.is_quiet
    panel.step.value = 3
    panel.grid.select(0, 1)
    assert panel.sentence == "The sum is 30 < 99." and moves == [(0, 1)]


def test_a_panel_lives_on_after_an_exception_in_quiet():
    panel = Counter()
    with pytest.raises(ZeroDivisionError), panel.quiet(), panel.quiet():
        panel.step.value = 2 // 0
    panel.step.value = 3
    assert panel.sentence == "The sum is 30 < 99."


class Slow(Panel):
    """Takes its time to add, and moves a control of its own meanwhile."""

    def __init__(self):
        self.controls = [widgets.IntSlider(value=1, min=0, max=5) for _ in range(3)]
        self.total = widgets.IntSlider(max=15)
        super().__init__([self.controls[0], widgets.HBox(self.controls[1:])], [])
        self.watch(*self.controls, self.total)

    def refresh(self, _change=None):
        with self.quiet():
            total = sum(control.value for control in self.controls)
            time.sleep(0.1)
            self.total.value = total
        self.say(f"The sum is {total}.")


def test_of_two_controls_moved_at_once_none_is_lost():
    panel = Slow()
    update = {"method": "update", "state": {"value": 4}, "buffer_paths": []}
    threads = [threading.Thread(target=send, args=[control, update]) for control in panel.controls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert panel.sentence == "The sum is 12."


def test_while_a_panel_answers_no_message_reaches_its_controls():
    """Else a control would move while the panel is half changed. The kernel calls `comm.handle_msg`, as `comm` says."""
    panel = Slow()
    update = {"method": "update", "state": {"value": 4}, "buffer_paths": []}
    with panel.turn:
        thread = threading.Thread(target=send, args=[panel.controls[1], update])
        thread.start()
        thread.join(0.2)
        assert panel.controls[1].value == 1, "the message came in past Panel._take_turns: adapt it to this ipywidgets"
    thread.join()
    assert panel.sentence == "The sum is 6."


def test_ipykernel_still_keeps_the_thread_of_a_control_where_it_is_forgotten():
    """There is no public way to forget it; this fails when an upgrade of ipykernel keeps it elsewhere."""
    talk = BaseComm(target_name="test")
    vars(talk)["_reply_subshell_id"] = "main"
    let_interrupt(SimpleNamespace(comm=talk))
    chosen = getattr(talk, "_reply_subshell_for", lambda _data, _default: "no such method")({}, "second")
    assert chosen == "second", (
        "ipykernel chooses the thread of a control in another way: press Stop while a training runs (test_lenet.py in "
        "tests/browser does); where that works, delete training.let_interrupt, else adapt it"
    )


def test_a_panel_leaves_a_picture_and_its_sentence():
    data, metadata = Counter()._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"] == "The sum is 10 < 99." == metadata["image/png"]["alt"]
    assert metadata["image/png"]["width"] <= 1100
    assert "application/vnd.jupyter.widget-view+json" in data


def test_grids_may_stand_in_several_rows():
    grids = [PixelGrid([[1, 2]], str(number)) for number in range(3)]
    panel = Panel([], [[grids[0]], grids[1:]])
    assert len(panel.children) == 3 and len(panel.still().axes) == 3


def test_cells_of_one_message_are_one_stroke_and_one_answer():
    grid = PixelGrid(np.zeros((5, 5)), palette=[9], lens=False)
    seen = []
    grid.on_edit(lambda row, column, value: seen.append((row, column, grid.busy, grid.stroke)))
    grid.observe(lambda change: seen.append(("busy", change.new)), names="busy")
    from_browser(grid, edits=[[0, 0, 9], [0, 1, 9]], selected=[0, 1], number="a-1", stroke="a-1")
    assert seen == [("busy", True), (0, 0, True, "a-1"), (0, 1, True, "a-1"), ("busy", False)]
    assert grid.values.sum() == 18 and grid.selected == (0, 1)
    grid.type(4, 4, 9)
    first = grid.stroke
    grid.type(4, 4, 9)
    assert first != grid.stroke and not grid.busy


@pytest.mark.parametrize("late", [[0, 0, 5], [2, 0, 9], [0, 7, 9], [0, 0, None]])
def test_an_edit_that_comes_too_late_is_taken_back_and_leaves_the_grid_ready(late, monkeypatch):
    grid = PixelGrid(np.zeros((2, 2)), palette=[9])
    edits = []
    grid.on_edit(lambda *edit: edits.append(edit))
    for number in (1, 2):
        from_browser(grid, edits=[late, [1, 1, 9]], selected=[1, 1], number=f"a-{number}")
        assert edits == [(1, 1, 9.0)] * number and not grid.busy
        assert grid.values.tolist() == [[0, 0], [0, 9]]
    sent = []
    monkeypatch.setattr(grid, "send_state", sent.append)
    from_browser(grid, edits=[late], number="a-3")
    assert len(sent) == 1, "the browser shows the edit until it reads the picture again"


def test_a_palette_can_be_changed():
    grid = PixelGrid(np.zeros((2, 2)), palette=[255])
    grid.palette = [0, 7]
    assert grid.palette == [0, 7]
    grid.type(0, 0, 7)
    with pytest.raises(ValueError, match=r"choose one of \[0.0, 7.0\]"):
        grid.type(0, 0, 255)
    with pytest.raises(ValueError, match="not painted on"):
        PixelGrid([[1, 2]]).palette = [0]
