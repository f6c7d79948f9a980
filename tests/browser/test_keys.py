"""JupyterLab's own keys keep away from a panel: an arrow key moves its lists and sliders, with and without a grid."""

import pytest

CODE = """
import ipywidgets as widgets
from lessons_lib.explorers.grid import PixelGrid
from lessons_lib.explorers.panel import Panel
from lessons_lib.explorers.training import Style
from lessons_lib.figures.style import new_figure
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
"""


@pytest.mark.parametrize("shown", ["Style()", "PixelGrid([[1]])"])
def test_arrow_keys_move_a_list_and_a_slider(open_code, shown):
    lesson = open_code(f"{CODE}\nDemo({shown})")
    panel = lesson.panel(0)
    for key, then in (("ArrowDown", "two, 5"), ("ArrowDown", "three, 5"), ("ArrowUp", "two, 5")):
        panel.dropdown(0).focus()
        lesson.page.keyboard.press(key)
        panel.reads(then)
    panel.press_slider("ArrowRight")
    panel.reads("two, 6")
    panel.press_slider("ArrowDown")
    panel.reads("two, 5")
    assert lesson.errors == []
