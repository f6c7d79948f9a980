"""JupyterLab's own keys keep away from a panel: an arrow key moves its lists and sliders, with and without a grid."""

import pytest

CODE = """
import ipywidgets as widgets
from lessons_lib.widgets.pixel_grid import PixelGrid
from lessons_lib.widgets.panel import Panel
from lessons_lib.plots.style import new_figure
class Demo(Panel):
    def __init__(self, shown):
        self.name = widgets.Dropdown(options=["one", "two", "three"])
        self.number = widgets.IntSlider(5, 0, 9)
        super().__init__([self.name, self.number], [shown])
        self.watch(self.name, self.number)
        self.refresh()
    def refresh(self, _change=None):
        self.say(f"{self.name.value}, {self.number.value}")
    def still(self):
        return new_figure(1, 1)[0]
beside = iter([widgets.HTML, lambda: PixelGrid([[1]], "beside")])
"""
# The grid brings a script of its own to the page, so it comes when the keys were tried without it.
NEXT = "Demo(next(beside)())"


@pytest.fixture(scope="module")
def lesson(open_code):
    opened = open_code(CODE, NEXT)
    yield opened
    assert opened.errors == []


def test_arrow_keys_move_a_list_and_a_slider(lesson):
    keys_move(lesson.panel(0))


def test_and_beside_a_grid(lesson):
    lesson.run_cell(1)
    assert lesson.panel(0).grid("beside").shape() == (1, 1)
    keys_move(lesson.panel(0))


def keys_move(panel):
    for key, then in (("ArrowDown", "two, 5"), ("ArrowDown", "three, 5"), ("ArrowUp", "two, 5")):
        panel.dropdown(0).focus()
        panel.page.keyboard.press(key)
        panel.reads(then)
    panel.press_slider("ArrowRight")
    panel.reads("two, 6")
    panel.press_slider("ArrowDown")
    panel.reads("two, 5")


def test_escape_gives_the_keys_back_to_the_notebook(lesson):
    page = lesson.panel(0).page
    lesson.panel(0).dropdown(0).focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.classList.contains('jp-Cell')")
