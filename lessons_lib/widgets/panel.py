"""`Panel`: controls, grids and one sentence; it leaves a still picture and its sentence in the notebook's file."""

import base64
import html
import threading

import ipywidgets as widgets

from lessons_lib.plots.grid import side_by_side
from lessons_lib.plots.style import png


class Panel(widgets.VBox):
    """The pattern of every explorer.

    A subclass makes its controls and grids, calls `super().__init__`, then `watch(...)` the controls and `refresh()`.
    `refresh` recomputes everything with the lesson's functions, sets the grids' values and calls `say`.

    Parameters
    ----------
    controls : sequence of ipywidgets.Widget
        In one row above the grids.
    grids : sequence of PixelGrid, or of sequences of PixelGrid
        In one row, or in several.

    Attributes
    ----------
    sentence : str
    turn : threading.RLock
        Held while the panel answers to the page; who holds it finds the panel at rest.

    Examples
    --------
    >>> from lessons_lib.widgets.pixel_grid import PixelGrid
    >>> panel = Panel([], [PixelGrid([[1, 2]], label="F")])
    >>> panel.say("Two numbers in one row.")
    >>> panel.sentence
    'Two numbers in one row.'
    """

    def __init__(self, controls, grids):
        rows = [row if isinstance(row, (list, tuple)) else None for row in grids]
        rows = [list(grids)] if None in rows else [list(row) for row in rows]
        self._grids = rows
        self.sentence = ""
        self._said = widgets.HTML()
        self._said.add_class("lesson-sentence")
        bar = widgets.Box(list(controls))
        bar.add_class("lesson-controls")
        boxes = []
        for row in rows:
            box = widgets.Box(row)
            box.add_class("lesson-grids")
            boxes.append(box)
        super().__init__([bar, *boxes, self._said] if controls else [*boxes, self._said])
        self.add_class("lesson-panel")
        self.turn = threading.RLock()
        self._take_turns(self)

    def _take_turns(self, widget):
        # A kernel may hear two controls at once, each in a thread of its own (ipykernel 7 does). The second would find
        # a panel that is half changed, and what the student did with it would be lost.
        widget.comm.on_msg(lambda message: self._hear(widget, message))
        for child in getattr(widget, "children", ()):
            self._take_turns(child)

    def _hear(self, widget, message):
        with self.turn:
            widget._handle_msg(message)

    def refresh(self, _change=None):
        """Recompute and show everything; a subclass overrides it."""

    def watch(self, *controls, name="value"):
        """Call `refresh` whenever one of `controls` changes."""
        for control in controls:
            control.observe(self.refresh, names=name)

    def say(self, sentence):
        """Show one sentence that says in words what the picture shows; screen readers announce it."""
        self.sentence = sentence
        self._said.value = f'<span role="status" aria-live="polite">{html.escape(sentence)}</span>'

    def still(self):
        """The figure that stands for the panel where there is no kernel: on paper, on a web page.

        Returns
        -------
        matplotlib.figure.Figure
        """
        return side_by_side([grid.picture() for row in self._grids for grid in row])

    def _repr_mimebundle_(self, **kwargs):
        data = super()._repr_mimebundle_(**kwargs)
        content, width, height = png(self.still())
        data["image/png"] = base64.b64encode(content).decode()
        data["text/plain"] = self.sentence
        return data, {"image/png": {"alt": self.sentence, "width": width, "height": height}}
