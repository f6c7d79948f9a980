"""`Panel`: controls, grids and one sentence; it leaves a still picture and its sentence in the notebook's file."""

import base64
import contextlib
import threading

import ipywidgets as widgets

from lessons_lib.plots.grid import side_by_side
from lessons_lib.plots.style import png
from lessons_lib.widgets.sentence import Sentence


class Panel(widgets.VBox):
    """The pattern of every panel.

    A subclass makes its controls and grids, calls `super().__init__(controls, grids)` with one row of grids or several,
    then `watch(...)` and `follow(...)` for what is pressed, and `refresh()`, which computes everything with the
    lesson's functions, sets the grids' values and calls `say`.

    Who holds `turn` finds the panel at rest: it is held while the panel answers to the page.

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
        self._said = Sentence()
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
        self.turn, self._quiets = threading.RLock(), 0
        self._take_turns(self)

    def _take_turns(self, widget):
        # A kernel may deal with two controls at once, each in a thread of its own (ipykernel 7 does). The second would
        # find a panel that is half changed, and what the student did with it would be lost.
        handle = widget.comm.handle_msg

        def in_turn(message):
            with self.turn:
                handle(message)

        widget.comm.handle_msg = in_turn
        for child in getattr(widget, "children", ()):
            self._take_turns(child)

    def refresh(self, _change=None):
        """Recompute and show everything; a subclass overrides it."""

    def watch(self, *controls, name=None):
        """Call `refresh` whenever one of `controls` changes, as `follow` does."""
        for control in controls:
            self.follow(control, self.refresh, name)

    def follow(self, control, callback, name=None):
        """Call `callback(change)` when the selection of a grid or the value of a control changes, but not in `quiet`.

        >>> from lessons_lib.widgets.pixel_grid import PixelGrid
        >>> grid = PixelGrid([[1, 2]])
        >>> panel = Panel([], [grid])
        >>> panel.follow(grid, lambda change: panel.say(f"Column {change.new[1]}."))
        >>> grid.select(0, 1)
        >>> panel.sentence
        'Column 1.'
        """

        def react(change):
            with self.turn:
                if not self.is_quiet:
                    callback(change)

        control.observe(react, names=name or ("selected" if control.has_trait("selected") else "value"))

    @property
    def is_quiet(self):
        """Whether a `with self.quiet():` is open."""
        return self._quiets > 0

    @contextlib.contextmanager
    def quiet(self):
        """Within it the panel may move its own controls and grids: no callback of `watch` and `follow` is called.

        >>> slider = widgets.IntSlider()
        >>> panel = Panel([slider], [])
        >>> panel.follow(slider, lambda change: panel.say(f"It is {change.new}."))
        >>> with panel.quiet():
        ...     slider.value = 3
        >>> panel.sentence
        ''
        """
        with self.turn:
            self._quiets += 1
            try:
                yield
            finally:
                self._quiets -= 1

    def say(self, sentence):
        """Show one sentence that says in words what the picture shows; screen readers announce it."""
        self.sentence = self._said.text = sentence

    def still(self):
        """The figure that stands for the panel where there is no kernel: on paper, on a web page."""
        return side_by_side([grid.picture() for row in self._grids for grid in row])

    def _repr_mimebundle_(self, **kwargs):
        data = super()._repr_mimebundle_(**kwargs)
        content, width, height = png(self.still())
        data["image/png"] = base64.b64encode(content).decode()
        data["text/plain"] = self.sentence
        return data, {"image/png": {"alt": self.sentence, "width": width, "height": height}}
