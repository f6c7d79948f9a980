"""The Python side of the grid and of the panel: what is accepted, what is sent, what is refused and how."""

import base64
import re
import subprocess
import sys
import threading
import time

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import FOLDER, SCRIPTS, PixelGrid


def received(grid):
    """The array as the browser reads it from the bytes."""
    sent = grid._picture
    dtype = {"u1": np.uint8, "f4": "<f4"}[sent["dtype"]]
    return np.frombuffer(sent["bytes"], dtype).reshape(sent["shape"])


@given(hnp.arrays(
    st.sampled_from([np.uint8, np.int16, np.float32, np.float64]),
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=20), elements={"min_value": 0, "max_value": 200},
))  # fmt: skip
@settings(max_examples=50, deadline=None)
def test_bytes_carry_the_values(values):
    grid = PixelGrid(values, "F")
    np.testing.assert_allclose(received(grid), values, rtol=1e-6, atol=1e-6)
    assert grid._picture["low"] < grid._picture["high"]
    np.testing.assert_array_equal(grid.values, values)


def test_colour_is_sent_as_bytes_whether_it_came_as_bytes_or_floats():
    colour = np.random.default_rng(0).integers(0, 256, (4, 5, 3)).astype(np.uint8)
    np.testing.assert_array_equal(received(PixelGrid(colour)), colour)
    np.testing.assert_array_equal(received(PixelGrid(colour / 255)), colour)


def test_signed_colours_have_zero_in_the_middle():
    sent = PixelGrid([[-1.0, 3.0]], colours="signed")._picture
    assert sent["low"] == -3 and sent["high"] == 3
    assert PixelGrid([[0, 0]], colours="signed")._picture["high"] == 1


def test_numbers_are_written_with_as_many_decimals_as_they_need():
    assert PixelGrid([[1, 2]])._picture["decimals"] == 0
    assert PixelGrid([[1.0, 2.0]])._picture["decimals"] == 0
    assert PixelGrid([[1.5, 2.0]])._picture["decimals"] == 2
    assert PixelGrid([[1.5, 2.0]], decimals=1)._picture["decimals"] == 1


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


def test_the_ramp_can_be_changed_and_travels_with_the_values():
    grid = PixelGrid([[-1, 3]])
    assert grid._picture["ramp"] == [(0, 0, 0), (255, 255, 255)]
    grid.colours = "signed"
    assert (grid.colours, grid._picture["ramp"][2]) == ("signed", (255, 255, 255))
    assert (grid._picture["low"], grid._picture["high"]) == (-3, 3)
    assert grid.picture().colours == "signed"
    with pytest.raises(ValueError, match="colours is 'jet'"):
        grid.colours = "jet"


def test_bad_colours_are_refused():
    with pytest.raises(ValueError, match="'rainbow'; choose one of 'grey', 'signed'"):
        PixelGrid([[1]], colours="rainbow")


def test_selecting_moves_and_refuses_cells_outside():
    grid = PixelGrid(np.zeros((2, 3)))
    seen = []
    grid.observe(lambda change: seen.append(change.new), "selected")
    grid.select(1, 2)
    assert seen == [(1, 2)] and grid._cursor[:2] == [1, 2]
    for row, column in ((2, 0), (0, 3), (-1, 0)):
        with pytest.raises(ValueError, match=r"row is|column is"):
            grid.select(row, column)


def test_the_selection_stays_inside_when_the_picture_shrinks():
    grid = PixelGrid(np.zeros((5, 5)))
    grid.select(4, 4)
    grid.values = np.zeros((2, 3))
    assert grid.selected == (1, 2)


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


def test_typing_a_fraction_into_whole_numbers_keeps_the_fraction():
    grid = PixelGrid(np.array([[1, 2]]), edit=(-1, 1))
    grid.type(0, 0, 0.25)
    assert grid.values.tolist() == [[0.25, 2.0]]


def test_painting_takes_only_the_palette():
    grid = PixelGrid([[-1, -1]], palette=[-1, 1])
    grid.type(0, 0, 1)
    with pytest.raises(ValueError, match=r"choose one of \[-1.0, 1.0\]"):
        grid.type(0, 0, 0)


def test_a_grid_that_is_not_editable_says_so():
    with pytest.raises(ValueError, match="not editable"):
        PixelGrid([[1]]).type(0, 0, 1)


def test_messages_from_the_browser_are_answered_even_when_a_callback_fails(monkeypatch):
    grid = PixelGrid([[1, 2]], edit=(0, 9))
    answers = []
    monkeypatch.setattr(grid, "send", answers.append)
    grid._receive(grid, {"edits": [[0, 1, 5]], "selected": [0, 1], "number": "a-1"}, [])
    assert grid.values.tolist() == [[1, 5]] and grid.selected == (0, 1) and answers == [{"done": "a-1"}]

    def fail(*_edit):
        raise RuntimeError("a callback failed")

    grid.on_edit(fail)
    with pytest.raises(RuntimeError):
        grid._receive(grid, {"edits": [[0, 0, 5]], "number": "a-2"}, [])
    assert answers[-1] == {"done": "a-2"}


def test_a_stale_selection_of_a_larger_picture_is_moved_inside():
    grid = PixelGrid(np.zeros((2, 2)))
    grid._receive(grid, {"selected": [9, 9], "number": "a-1"}, [])
    assert grid.selected == (1, 1)


def test_marks_reach_the_browser():
    grid = PixelGrid(np.zeros((3, 3)))
    grid.window, grid.hatched, grid.texts = (-1, 0, 3, 3), np.eye(3), [["1/9"] * 3] * 3
    marks = grid._marks
    assert marks["hatched"]["shape"] == [3, 3]  # a mask that comes before its picture must not be laid on the old one
    assert marks["window"] == (-1, 0, 3, 3) and marks["texts"][0][0] == "1/9"
    assert (
        np.unpackbits(np.frombuffer(marks["hatched"]["bits"], np.uint8))[:9].reshape(3, 3).tolist()
        == np.eye(3).tolist()
    )
    grid.blank = np.eye(3)
    assert grid._marks["blank"] == marks["hatched"]
    grid.window = grid.hatched = grid.blank = grid.texts = None
    assert grid._marks == {"window": None, "hatched": None, "blank": None, "texts": None}


def test_the_scripts_are_one_module_without_network_or_convolution():
    for path in sorted(FOLDER.glob("*.js")):
        source = path.read_text(encoding="utf-8")
        assert path.name in SCRIPTS, f"{path.name} is not loaded"
        assert not re.search(r"https?:|fetch\(|import |XMLHttpRequest|WebSocket", source), path.name
        assert len(source.splitlines()) <= 320, f"{path.name} is too long to read"
    assert str(PixelGrid._esm).count("export default") == 1


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


def test_a_panel_follows_its_controls():
    panel = Counter()
    panel.step.value = 3
    assert panel.sentence == "The sum is 30 < 99."
    assert "30 &lt; 99" in panel._said.value and 'role="status"' in panel._said.value


class Slow(Panel):
    """Takes its time to add, and would hear nothing meanwhile."""

    def __init__(self):
        self.controls = [widgets.IntSlider(value=1, min=0, max=5) for _ in range(3)]
        self.moving = False
        super().__init__([self.controls[0], widgets.HBox(self.controls[1:])], [])
        self.watch(*self.controls)

    def refresh(self, _change=None):
        if self.moving:
            return
        self.moving = True
        total = sum(control.value for control in self.controls)
        time.sleep(0.1)
        self.moving = False
        self.say(f"The sum is {total}.")


def test_of_two_controls_moved_at_once_none_is_lost():
    panel = Slow()
    update = {"method": "update", "state": {"value": 4}, "buffer_paths": []}
    message = {"content": {"data": update}, "buffers": []}
    threads = [threading.Thread(target=control.comm.handle_msg, args=[message]) for control in panel.controls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert panel.sentence == "The sum is 12."


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


def test_importing_the_grid_needs_no_tensorflow():
    code = "import sys, lessons_lib.widgets.pixel_grid; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_cells_of_one_message_are_one_stroke_and_one_answer():
    grid = PixelGrid(np.zeros((5, 5)), palette=[9], lens=False)
    seen = []
    grid.on_edit(lambda row, column, value: seen.append((row, column, grid.busy, grid.stroke)))
    grid.observe(lambda change: seen.append(("busy", change.new)), names="busy")
    pictures = []
    grid.observe(lambda change: pictures.append(change.new), names="_picture")
    grid._receive(grid, {"edits": [[0, 0, 9], [0, 1, 9]], "selected": [0, 1], "number": "a-1", "stroke": "a-1"}, [])
    assert seen == [("busy", True), (0, 0, True, "a-1"), (0, 1, True, "a-1"), ("busy", False)]
    assert grid.values.sum() == 18 and grid.selected == (0, 1) and len(pictures) == 2
    grid.type(4, 4, 9)
    first = grid.stroke
    grid.type(4, 4, 9)
    assert first != grid.stroke and not grid.busy


@pytest.mark.parametrize("late", [[0, 0, 5], [2, 0, 9], [0, 7, 9], [0, 0, None]])
def test_an_edit_that_comes_too_late_is_taken_back_and_leaves_the_grid_ready(late):
    grid = PixelGrid(np.zeros((2, 2)), palette=[9])
    edits, pictures = [], []
    grid.on_edit(lambda *edit: edits.append(edit))
    grid.observe(lambda change: pictures.append(change.new), names="_picture")
    for number in (1, 2):
        grid._receive(grid, {"edits": [late, [1, 1, 9]], "selected": [1, 1], "number": f"a-{number}"}, [])
        assert edits == [(1, 1, 9.0)] * number and not grid.busy
        assert grid.values.tolist() == [[0, 0], [0, 9]] and len(pictures) >= number
    grid._receive(grid, {"edits": [late], "number": "a-3"}, [])
    assert pictures[-1] != pictures[-2] and pictures[-1]["bytes"] == pictures[-2]["bytes"]


def test_a_palette_can_be_changed():
    grid = PixelGrid(np.zeros((2, 2)), palette=[255])
    grid.palette = [0]
    assert grid.palette == [0] and grid._rules["palette"] == [0]
    with pytest.raises(ValueError, match="choose one of"):
        grid.type(0, 0, 255)
    with pytest.raises(ValueError, match="not painted on"):
        PixelGrid([[1, 2]]).palette = [0]
