"""Panels under fire: every control and every grid in any order, and each number that is said is found otherwise.

Every panel is found by itself. What it says is compared, number by number, with what `oracles` computes.
"""

import re
import sys

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

import oracles
from fire_panels import KINDS, make
from lessons_lib.plots.training_curves import curves
from lessons_lib.widgets.pixel_grid import PixelGrid

SHOWN_ONLY = (widgets.HTML, widgets.Image, widgets.FloatProgress)
# Panels that draw a chart at each move: once through all that can be done has to do.
SLOW = {"Timeline", "DepthExplorer", "Live", "ParameterCounter", "ChannelMixer", "Zoo", "Softmax", "LearnLetters"}
# Parts of a grid's height and width: its corners.
CORNERS = [(0, 0), (0, 1), (1, 0), (1, 1)]
# Typed into a grid besides the ends of its range and what chance finds between them.
TYPED = [0, 1, -1, 0.5, 1 / 3, -1 / 9, 0.123456789, 1e-12, 5e-324, 7, 99]


def parts(widget):
    """All widgets inside a panel that can be changed: controls, buttons, grids."""
    if isinstance(widget, (widgets.ValueWidget, widgets.Button, PixelGrid)) and not isinstance(widget, SHOWN_ONLY):
        yield widget
    for child in getattr(widget, "children", ()):
        yield from parts(child)


# A move is a widget and what is done with it; each returns what it did, in words, for the report of a failure.


def _set(control, value):
    control.value = value
    return value


def _share(control, share):
    """A place on the track of a slider, 0 to 1, as far as its steps allow."""
    if isinstance(control, widgets.FloatLogSlider):
        low, high = control.base**control.min, control.base**control.max
        exponent = control.min + control.step * round(share * (control.max - control.min) / control.step)
        return _set(control, min(max(control.base**exponent, low), high))
    step = getattr(control, "step", 1) or 1
    value = min(control.max, control.min + step * round(share * (control.max - control.min) / step))
    return _set(control, type(control.value)(round(value, 10)))


def _choose(control, number):
    values = [value for _label, value in control._options_full]
    return _set(control, values[number % len(values)])


def _click(button):
    """What a click calls; ipywidgets' own way would swallow an exception."""
    for callback in list(button._click_handlers.callbacks):
        callback(button)
    return "clicked"


def _tell(grid, **message):
    grid._receive(grid, message, [])
    return message


def _point(grid, down, right):
    rows, columns = grid.values.shape[:2]
    return _tell(grid, selected=[round(down * (rows - 1)), round(right * (columns - 1))])


def _walk(grid, down, right):
    rows, columns = grid.values.shape[:2]
    row, column = grid.selected
    return _tell(grid, selected=[min(max(row + down, 0), rows - 1), min(max(column + right, 0), columns - 1)])


def _type(grid, value):
    low, high = grid._edit
    value = min(max(value, low), high)
    row, column = grid.selected
    value = round(value) if grid._whole else value
    return _tell(grid, edits=[[row, column, value]], selected=[row, column], stroke="typed")


def _paint(grid, number, length):
    rows, columns = grid.values.shape
    row, column = grid.selected
    value = grid.palette[number % len(grid.palette)]
    cells = [[(row + k) % rows, (column + k) % columns, value] for k in range(length)]
    return _tell(grid, edits=cells, selected=cells[-1][:2], stroke=f"{number}-{row}-{column}-{length}")


def _late(grid):
    """What was on its way while the panel changed: a cell that is gone, a value no longer allowed."""
    rows, columns = grid.values.shape[:2]
    edits = [[rows, columns, 0], [0, 0, 1e6]] if grid._edit or grid._palette else []
    return _tell(grid, edits=edits, selected=[rows + 3, columns + 3], stroke="late")


def _train(panel, *numbers):
    """A training tells the panel of its next event, in the only order there is."""
    heard = panel.heard
    done = len(heard["accuracy"])
    if heard["ended"] or not heard.get("begun"):
        epochs, steps = 1 + numbers[0] % 3, 1 + numbers[1] % 4
        heard.update(epochs=epochs, steps=steps, accuracy=[], held=[], ended=False, begun=True)
        panel.begin(epochs, steps)
    elif done < heard["epochs"] * heard["steps"] and not panel.stopped:
        loss = [0.5, 1e300, float("inf"), float("nan"), 0.0][numbers[0] % 5]
        heard["accuracy"].append(numbers[1] % 11 / 10)
        panel.step(loss, heard["accuracy"][-1])
        if (done + 1) % heard["steps"] == 0:
            heard["held"].append(numbers[0] % 11 / 10)
            panel.epoch({"val_loss": [loss] * len(heard["held"]), "val_accuracy": heard["held"]})
    else:
        heard["ended"] = True
        panel.end({"val_accuracy": heard["held"], "val_loss": [1.0] * len(heard["held"])})
    panel.refresh()
    return heard


def moves(panel, chance):
    """Everything that can be done with a panel: every choice, the ends of every slider and grid, and chance places."""
    found = []
    for widget in parts(panel):
        if isinstance(widget, PixelGrid):
            found += [(_point, widget, *place) for place in (*CORNERS, *chance.random((3, 2)).tolist())]
            found += [(_walk, widget, *step) for step in ((0, 1), (1, 0), (-1, 0), (0, -1))]
            found += [(_late, widget)]
            if widget._palette is not None:
                found += [(_paint, widget, number, length) for number in range(2) for length in (1, 6)]
            elif widget._edit is not None:
                found += [(_type, widget, value) for value in (*widget._edit, *TYPED, *_between(widget._edit, chance))]
        elif isinstance(widget, widgets.Button):
            found += [(_click, widget)] * 3
        elif isinstance(widget, widgets.Checkbox):
            found += [(_set, widget, value) for value in (True, False)]
        elif hasattr(widget, "_options_full"):
            found += [(_choose, widget, number) for number in range(max(3, len(widget._options_full)))]
        elif hasattr(widget, "max"):
            found += [(_share, widget, share) for share in (0, 1, *chance.random(3).tolist())]
        else:
            raise AssertionError(f"nobody knows how to move a {type(widget).__name__}")
    if hasattr(panel, "heard"):
        found += [(_train, panel, number, 3 * number + 1) for number in range(40)]
    return found


def _between(ends, chance):
    """Values of every size that lie between the two ends, whole ones among them."""
    values = chance.uniform(*ends, 2)
    return [float(value) for value in (*values, *values.round(), *(values * 10.0 ** -chance.integers(1, 9, 2)))]


def usable(widget):
    """Whether a student could do anything with it now."""
    return not getattr(widget, "disabled", False) and getattr(widget.layout, "display", None) != "none"


def play(panel, order):
    """Do every move once, in an order that hypothesis draws, and compare the sentence after each."""
    oracles.check(panel)
    chance = np.random.default_rng(order)
    every = moves(panel, chance)
    for number in chance.permutation(len(every)):
        act, widget, *how = every[number]
        if not usable(widget):
            continue
        name = getattr(widget, "description", "") or getattr(widget, "label", "") or type(widget).__name__
        note(f"{act.__name__}({name!r}, {how})")
        act(widget, *how)
        oracles.check(panel)


@pytest.mark.parametrize("name", KINDS)
def test_whatever_is_done_the_sentence_is_right(name):
    @settings(
        max_examples=1 if name in SLOW else 3, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.integers(1, 2**32))
    def whatever(order):
        panel = make(name)
        play(panel, order)
        panel.close()

    whatever()


@pytest.mark.parametrize("name", KINDS)
def test_a_number_that_is_wrong_is_noticed(name):
    """Each number of a sentence is changed in turn, and the oracle has to see it."""
    panel = make(name)
    if name == "Live":
        for number in range(6):
            _train(panel, number, number)
    said, panel.say = panel.sentence, lambda _text: None
    oracles.check(panel)
    found = list(re.finditer(r"\d+", said))
    assert found
    for number in found:
        last = number.end() - 1
        panel.sentence = f"{said[:last]}{(int(said[last]) + 5) % 10}{said[last + 1 :]}"
        if "s to go" in said[number.end() : number.end() + 8]:
            continue
        with pytest.raises((AssertionError, IndexError, KeyError, StopIteration, TypeError)):
            oracles.check(panel)


@pytest.mark.parametrize("name", KINDS)
def test_every_panel_leaves_a_picture_and_its_sentence(name):
    panel = make(name)
    content, metadata = panel._repr_mimebundle_()
    assert metadata["image/png"]["alt"] == panel.sentence
    assert content["image/png"] and content["text/plain"]


def test_every_panel_has_an_oracle_and_no_oracle_is_without_one():
    assert set(oracles.found()) == set(KINDS)
    assert len(KINDS) >= 27


def test_all_panels_are_found_where_they_are():
    files = {sys.modules[kind.__module__].__name__.split(".")[1] for kind in KINDS.values()}
    assert files >= {"images", "filtering", "matching", "geometry", "pooling", "lenet", "architectures", "transfer"}


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), 1e300])
def test_a_training_that_bursts_is_watched_to_its_end(loss):
    """Too large a learning rate makes the loss infinite, or no number at all; the panel goes on."""
    live = KINDS["Live"](seconds=0)
    live.begin(epochs=1, steps=3)
    for number in (2.0, loss, loss):
        live.step(number, 0.1)
    live.epoch({"val_loss": [loss], "val_accuracy": [0.1]})
    live.end({"val_loss": [loss], "val_accuracy": [0.1]})
    assert live.sentence.endswith("0.10 right in the last 3 steps, 0.10 of the validation pictures. Done.")
    assert live.still().axes
    low, high = curves([2.0, loss, loss], [0.1] * 3, [loss], [0.1], epochs=1, steps=3).frames[1].up
    assert low == 0 and np.isfinite(high)
