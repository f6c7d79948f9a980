"""`PixelGrid`: a grid of numbers in the browser that can be pointed at, typed into and painted.

The JavaScript beside this file draws and listens; it receives arrays as bytes and sends events (row, column, value).
It knows nothing of convolution: every number comes from Python.
"""

from pathlib import Path

import anywidget
import numpy as np
from traitlets import Bool, Dict, List, Tuple, Unicode

from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.plots import grid as pictures
from lessons_lib.plots.style import GREY_RAMP, SIGNED, WINDOW

FOLDER = Path(__file__).parent
# One ES module for the browser, in files short enough to read: colours, drawing, typing, then the widget itself.
SCRIPTS = ["colours.js", "draw.js", "typing.js", "events.js", "grid.js"]
LARGEST_EDITABLE = 64
LARGEST = 1024


def _words():
    """What the browser says, in the language in use; `{row}` and the like are filled in there."""
    return {
        "grid": _("grid of {rows} rows and {columns} columns"),
        "state": _("row {row}, column {column}: {value}"),
        "edit": _("Enter or a digit changes it, the arrow keys walk."),
        "paint": _("Space or a press changes it, the arrow keys walk."),
        "walk": _("The arrow keys walk."),
        "refused": _("{text} is not a number; type something like {example}."),
        "outside": _("{text} is outside {low} to {high}; type a number in that range."),
        "fraction": _("{text} is not a whole number; type a number without a point."),
        "editing": _("new value for row {row}, column {column}"),
    }


def _mask(cells):
    return None if cells is None else {"bits": np.packbits(cells).tobytes(), "shape": list(cells.shape)}


class PixelGrid(anywidget.AnyWidget):
    """A grid of numbers in the browser: shape (M, N), or (M, N, 3) for colour in bytes or 0..1; at most 1024 x 1024.

    label, colours: the title, which a screen reader says too; "grey", or "signed" with white at zero, red above.
    low, high: the values at the ends of the colours; from the values when left out.
    edit, whole: the least and the largest number that may be typed (at most 64 x 64 cells); only whole ones.
    palette: a press, or the space bar, changes a cell to the next of these values, and dragging paints it on; with one
        value that is what a press paints, whatever was there.
    hover: moving the pointer selects; when False only a press does. A tap always does.
    decimals: digits after the point; 0 for whole numbers and 2 for others when left out.
    size, cell: preferred width on the page, and what a cell needs so that its number can be read, in pixels. A grid
        goes to a new row before it is narrower than that (`size` at most) or than 0.6 times `size`.
    rows_and_columns, lens: number the edges; show the cells around the pointer where they are too small for numbers.

    Set `values` to redraw; observe `selected`, a (row, column), to follow the pointer and the arrow keys. `window` is a
    frame (row, column, height, width), `hatched` and `blank` are cells of shape (M, N) that are hatched or left out,
    and `texts` are written in the cells in place of the numbers; each may be None.

    >>> grid = PixelGrid([[1, 2], [3, 4]], label="F")
    >>> grid.select(1, 0)
    >>> grid.selected, grid.values[grid.selected].item()
    ((1, 0), 3)
    """

    _esm = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS)
    _css = (FOLDER / "grid.css").read_text(encoding="utf-8")

    _picture = Dict().tag(sync=True)
    _marks = Dict().tag(sync=True)
    _cursor = List().tag(sync=True)
    _rules = Dict().tag(sync=True)
    label = Unicode().tag(sync=True)
    selected = Tuple()
    busy = Bool(False)

    def __init__(
        self, values, label="", *, colours="grey", low=None, high=None, edit=None, whole=False, palette=None,
        hover=True, decimals=None, size=320, cell=0, rows_and_columns=False, lens=True,
    ):  # fmt: skip
        validate.choice(colours, "colours", ["grey", "signed"])
        self._low, self._high, self._colours, self._decimals = low, high, colours, decimals
        self._edit = None if edit is None else tuple(float(end) for end in edit)
        self._whole = whole
        self._palette = None if palette is None else [float(value) for value in palette]
        self._editors = []
        self._typed, self.stroke = 0, ""
        self._window = self._hatched = self._blank = self._texts = None
        rules = {
            "frame": WINDOW, "edit": self._edit, "whole": whole, "palette": self._palette,
            "hover": hover, "size": size, "cell": cell, "numbered": rows_and_columns, "lens": lens, "words": _words(),
        }  # fmt: skip
        super().__init__(label=label, selected=(0, 0), _cursor=[0, 0, 0], _rules=rules)
        self.values = values
        self._mark()
        self.on_msg(self._receive)

    @property
    def values(self):
        """A copy of what the grid shows."""
        return self._values.copy()

    @values.setter
    def values(self, values):
        array = validate.array(values, "values", axes=(2, 3))
        if array.ndim == 3 and array.shape[2] != 3:
            raise ValueError(f"values of shape {array.shape} have {array.shape[2]} channels; give 3 (red, green, blue)")
        largest = LARGEST if not (self._edit or self._palette) else LARGEST_EDITABLE
        if max(array.shape[:2]) > largest:
            raise ValueError(f"values of shape {array.shape} are too large; choose at most {largest} × {largest}")
        self._values = np.array(array)
        row, column = self.selected
        if row >= array.shape[0] or column >= array.shape[1]:
            self.select(min(row, array.shape[0] - 1), min(column, array.shape[1] - 1))
        self._send_values()

    def _send_values(self):
        array = self._values
        if array.ndim == 3 and array.dtype != np.uint8:
            array = np.clip(np.rint(array * 255), 0, 255).astype(np.uint8)
        if array.ndim == 3:
            low, high = 0, 255
        else:
            low, high = pictures.limits(array, self._colours, self._low, self._high)
        decimals = self._decimals
        if decimals is None:
            decimals = 0 if array.dtype.kind in "iu" or np.array_equal(array, np.rint(array)) else 2
        sent, step = self._small(array, decimals)
        self._picture = {
            "shape": list(array.shape), "dtype": sent.dtype.str[1:], "step": step,
            "bytes": sent.tobytes(), "low": low, "high": high, "decimals": decimals,
            "ramp": SIGNED if self._colours == "signed" else GREY_RAMP,
        }  # fmt: skip

    def _small(self, array, decimals):
        """What the browser needs of the values in few bytes, and the step by which it multiplies them."""
        if array.dtype == np.uint8:
            return array, 1
        if array.size > LARGEST_EDITABLE**2 and not self._edit:
            # A photo is read to its decimals only; that is half as much to send, and the way takes most of the time.
            steps = np.rint(array * 10**decimals)
            if np.abs(steps).max() < 2**15:
                return steps.astype("<i2"), 10**-decimals
        return array.astype("<f4"), 1

    @property
    def colours(self):
        """The colour ramp in use; set "grey" or "signed" to change it."""
        return self._colours

    @colours.setter
    def colours(self, colours):
        self._colours = validate.choice(colours, "colours", ["grey", "signed"])
        self._send_values()

    @property
    def palette(self):
        """The values that a press changes a cell to, or None."""
        return None if self._palette is None else list(self._palette)

    @palette.setter
    def palette(self, palette):
        if self._palette is None:
            raise ValueError("this grid is not painted on; make it with palette=[...]")
        self._palette = [float(value) for value in palette]
        self._rules = self._rules | {"palette": self._palette}

    @property
    def window(self):
        """The framed cells (row, column, height, width), or None."""
        return self._window

    @window.setter
    def window(self, window):
        self._window = None if window is None else tuple(int(side) for side in window)
        self._mark()

    @property
    def hatched(self):
        """Which cells are hatched, or None."""
        return self._hatched

    @hatched.setter
    def hatched(self, hatched):
        self._hatched = None if hatched is None else np.asarray(hatched, dtype=bool)
        self._mark()

    @property
    def blank(self):
        """Where no cell is drawn, or None."""
        return self._blank

    @blank.setter
    def blank(self, blank):
        self._blank = None if blank is None else np.asarray(blank, dtype=bool)
        self._mark()

    @property
    def texts(self):
        """What is written in the cells in place of the numbers, or None."""
        return self._texts

    @texts.setter
    def texts(self, texts):
        self._texts = None if texts is None else [[str(text) for text in row] for row in texts]
        self._mark()

    def _mark(self):
        hatched, blank = _mask(self._hatched), _mask(self._blank)
        self._marks = {"window": self._window, "hatched": hatched, "blank": blank, "texts": self._texts}

    def colour_range(self, low=None, high=None):
        """Change the values that the ends of the colour ramp stand for; None takes them from the values."""
        self._low, self._high = low, high
        self._send_values()

    def select(self, row, column):
        """Move the selection from Python to a cell of the grid."""
        rows, columns = self._values.shape[:2]
        row = validate.whole(row, "row", 0, rows - 1)
        column = validate.whole(column, "column", 0, columns - 1)
        # The third number makes every call a change, even back to where the browser has been since.
        self._cursor = [row, column, self._cursor[2] + 1]
        self.selected = (row, column)

    def type(self, row, column, value):
        """Change one cell as a student would, obeying `edit`, `whole` or `palette`, and call back for `on_edit`."""
        rows, columns = self._values.shape[:2]
        row = validate.whole(row, "row", 0, rows - 1)
        column = validate.whole(column, "column", 0, columns - 1)
        value = self._allowed(value)
        if not self.busy:
            self._typed += 1
            self.stroke = f"typed-{self._typed}"
        if self._values.dtype.kind in "iu" and value != int(value):
            self._values = self._values.astype(float)
        self._values[row, column] = value
        self._send_values()
        for callback in self._editors:
            callback(row, column, value)

    def _allowed(self, value):
        if self._palette is not None:
            if value not in self._palette:
                raise ValueError(f"value is {value}; choose one of {self._palette}")
            return float(value)
        if self._edit is None:
            raise ValueError("this grid is not editable; make it with edit=(minimum, maximum)")
        if self._whole:
            return float(validate.whole(value, "value", *self._edit))
        return validate.number(value, "value", *self._edit)

    def on_edit(self, callback):
        """Call `callback(row, column, value)` after each cell that is typed or painted."""
        self._editors.append(callback)

    def picture(self):
        """What the grid shows now, as a `figures.grid.Grid` for a still picture."""
        return pictures.Grid(
            self._values, self.label, self._colours, self._low, self._high,
            self._texts, self._window, self._hatched, self._decimals, self._blank,
        )  # fmt: skip

    def _receive(self, _widget, message, _buffers):
        """One message from the browser: cells that changed, then where the selection is now."""
        try:
            self.busy = True
            self.stroke = message.get("stroke", "")
            # One picture goes back for all the cells of the message.
            with self.hold_sync():
                for row, column, value in message.get("edits", []):
                    self._late_or_typed(row, column, value)
            if "selected" in message:
                row, column = (validate.whole(place, "selected", low=0) for place in message["selected"])
                rows, columns = self._values.shape[:2]
                self.selected = (min(row, rows - 1), min(column, columns - 1))
        finally:
            self.busy = False
            # The browser sends the next event only now, so a fast drag is thinned out and never queues up.
            self.send({"done": message.get("number")})

    def _late_or_typed(self, row, column, value):
        """A cell changed in the browser, unless the grid has changed meanwhile and that cell, or value, is no more."""
        try:
            self._allowed(value)
            validate.whole(row, "row", 0, self._values.shape[0] - 1)
            validate.whole(column, "column", 0, self._values.shape[1] - 1)
        except (TypeError, ValueError):
            # The browser shows the change already; with a number that is new it reads the old picture again.
            self._picture = self._picture | {"refused": self._picture.get("refused", 0) + 1}
        else:
            self.type(row, column, value)
