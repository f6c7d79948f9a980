"""Lesson 6's panels: draw a digit and see the output of every layer, cover parts of a digit, browse the mistakes.

`network` is weights as `keras_models.lenet.weights(...)` gives them, those of the course's own training if left out, or
a function of pictures (B, 28, 28) in 0..255 that returns a dict of the layers' outputs. No panel needs TensorFlow.
A constructor raises a ValueError for a choice that it does not have.
"""

import numpy as np

from lessons_lib import data, geometry, lenet
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.lenet.figures import EDGE
from lessons_lib.plots.grid import in_mosaic, mosaic, side_by_side
from lessons_lib.widgets import controls
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import PixelGrid

BAR = 6  # cells of the longest bar; more would leave no room for the numbers
EVERY_DIGIT = -1  # in place of a digit
COLUMNS = 25  # of the units of act3
UNDO = 50  # strokes that can be undone
TEST = slice(8000, None)  # the test digits: no network of the course is trained on them
# The layers shown; for each, size and stride of the windows from the picture on, and how many pixels the padding lets
# its window reach beyond the picture.
LAYERS = {
    "act1": ([5], 2),
    "pool1": ([5, (2, 2)], 2),
    "act2": ([5, (2, 2), 5], 2 + 2 * 2),
    "pool2": ([5, (2, 2), 5, (2, 2)], 2 + 2 * 2),
}


def show_bars(grid, probabilities):
    """Show ten probabilities in a grid as ten bars: a row a digit, its name before and its percent behind the bar."""
    filled = np.clip(np.asarray(probabilities)[:, None] * BAR - np.arange(BAR), 0, 1)
    empty = np.zeros((len(filled), 1))
    grid.values = np.hstack([empty, filled, empty])
    grid.texts = [[digit, *[""] * BAR, f"{100 * p:.0f}"] for digit, p in enumerate(probabilities)]


def bar_grid(label, size=240):
    """A grid for `show_bars`."""
    return PixelGrid(np.zeros((10, BAR + 2)), label, low=0, high=1, hover=False, size=size, cell=27)


def best_two(probabilities):
    """The digit with the largest probability, the next one, and both in words."""
    first, second = np.argsort(probabilities, kind="stable")[::-1][:2]
    text = _("{first} with probability {p:.2f}, then {second} with {q:.2f}")
    return int(first), int(second), text.format(
        first=first, p=probabilities[first], second=second, q=probabilities[second]
    )  # fmt: skip


def outputs_of(network=None):
    """A panel's `network` as a function of pictures, computed in NumPy when weights or nothing are given.

    >>> outputs_of()(np.zeros((1, 28, 28)))["softmax"].shape
    (1, 10)
    """
    if hasattr(network, "get_layer"):
        raise TypeError("network is a Keras network; give its numbers, keras_models.lenet.weights(network)")
    if callable(network):
        return network
    weights = data.load("lenet") if network is None else network
    lenet.forward(np.zeros((lenet.SIDE, lenet.SIDE)), weights)  # says at once what does not fit
    weights = {name: np.asarray(array, np.float32) for name, array in weights.items()}
    return lambda pictures: lenet.forward(pictures, weights)


def extent(picture):
    """First row, first column, rows and columns of the ink in a picture that is not empty."""
    rows, columns = np.flatnonzero(picture.any(axis=1)), np.flatnonzero(picture.any(axis=0))
    return rows[0], columns[0], rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1


class DrawDigit(Panel):
    """Draw a digit; it is centred as MNIST's are, and every layer of the network is shown at once.

    `start` is one of MNIST's digits to begin with, "empty", or "corner": a small seven in the lower right. Unless
    `centred`, the network gets the drawing as it is, and nothing offers to centre it.

    >>> DrawDigit(start="empty").sentence[:50]
    'The board is empty, 0 of 784 pixels have ink: draw'
    """

    def __init__(self, network=None, start=3, centred=True):
        starts = {_("empty board"): "empty", _("small 7 in a corner"): "corner"}
        starts |= {_("MNIST's {digit}").format(digit=digit): digit for digit in range(10)}
        validate.choice(start, "start", starts.values())
        self._predict, self._digits = outputs_of(network), data.load("mnist")
        self._drawing = np.zeros((lenet.SIDE, lenet.SIDE), np.uint8)
        self._history, self._stroke, self._pointed_layer = [], "", None
        starts = list((starts | {_("own drawing"): "own"}).items())
        self.start = controls.dropdown(_("start from"), starts, start, "265px")
        self.tool = controls.toggle_buttons("", [(_("pen"), 255), (_("eraser"), 0)], 255, button_width="70px")
        self.undo = controls.button(_("Undo"), self._undo, "undo", width="90px")
        self.clear = controls.button(_("Clear"), self._clear, "trash", width="90px")
        self.centred = controls.checkbox(_("centre it as MNIST does"), centred, "220px")
        # A board that does not centre does not offer it: lesson 6 begins with one, and finds out why.
        self.centred.layout.display = None if centred else "none"
        self.board = PixelGrid(
            self._drawing, _("draw here"), low=0, high=255, palette=[255], hover=False, lens=False, size=290, cell=9
        )
        self.ready = PixelGrid(self._drawing, _("what the network gets"), low=0, high=255, hover=False, size=220)
        self.answer = bar_grid(_("what it answers, in %"), size=230)
        self.layers = {name: PixelGrid([[0.0]], name, size=210 if "1" in name else 270) for name in LAYERS}
        self.units = PixelGrid(np.zeros((20, COLUMNS)), "act3", size=210)
        bar = [self.start, self.tool, self.undo, self.clear, self.centred]
        # Two rows: a laptop shows all of them while a digit is drawn.
        super().__init__(bar, [[self.board, self.ready, self.units, self.answer], [*self.layers.values()]])
        self.board.on_edit(self._paint)
        self.follow(self.board, self._end_message, "busy")
        for name, grid in (*self.layers.items(), ("act3", self.units)):
            self.follow(grid, lambda _change, name=name: self._point(name))
        self.follow(self.start, self._load_start)
        self.follow(self.tool, self._set_ink)
        self.watch(self.centred)
        self._load_start()

    def refresh(self, _change=None):
        """Centre the drawing, compute every layer, show it."""
        ready = lenet.centre(self._drawing) if self.centred.value else self._drawing
        self._outputs = {name: np.asarray(output[0]) for name, output in self._predict(ready[None]).items()}
        self._shown_drawing, self.ready.values = self._drawing, ready
        for name, grid in self.layers.items():
            output = self._outputs[name]
            top = max(float(output.max()), 1e-6)
            grid.colour_range(min(0.0, float(output.min())), top)
            grid.values = mosaic(output, edge=EDGE * top)
            text = _("{name}: {count} maps of {side} × {side}")
            grid.label = text.format(name=name, count=output.shape[2], side=output.shape[0])
        units = self._outputs["act3"]
        # A last row that is not full is filled with zeros.
        self.units.values = np.pad(units, (0, -len(units) % COLUMNS)).reshape(-1, COLUMNS)
        self.units.label = _("act3: {on} of {all} are on").format(on=int((units > 0).sum()), all=len(units))
        show_bars(self.answer, self._outputs["softmax"])
        self.undo.disabled = not self._history
        self._describe()

    def still(self):
        """The board, the network's input, and its answer; the maps have a figure of their own."""
        return side_by_side([grid.picture() for grid in (self.board, self.ready, self.answer)])

    def _load_start(self, _change=None):
        start = self.start.value
        if start == "own":
            return
        labels, pictures = self._digits["labels"][TEST], self._digits["images"][TEST]
        drawings = {"empty": np.zeros_like(self._drawing), "corner": np.roll(lenet.small_seven(), (13, 17), (0, 1))}
        self._set_drawing(drawings[start] if start in drawings else pictures[np.flatnonzero(labels == start)[0]])

    def _set_drawing(self, drawing, remember=True):
        if remember and self._drawing.any():
            self._history = [*self._history[-UNDO + 1 :], self._drawing]
        self._drawing = drawing
        self.board.values = drawing
        self.refresh()

    def _clear(self):
        self._set_drawing(np.zeros_like(self._drawing))

    def _undo(self):
        if self._history:
            self._set_drawing(self._history.pop(), remember=False)

    def _set_ink(self, _change=None):
        self.board.palette = [self.tool.value]

    def _paint(self, row, column, ink):
        if self.board.stroke != self._stroke:
            self._history = [*self._history[-UNDO + 1 :], self._drawing]
            self._stroke = self.board.stroke
            with self.quiet():
                self.start.value = "own"
        if ink:
            self._drawing = lenet.dab(self._drawing, row, column)
        else:
            # The eraser takes away what the pen would have touched.
            touched = lenet.dab(np.zeros_like(self._drawing), row, column) > 0
            self._drawing = np.where(touched, 0, self._drawing).astype(np.uint8)
        self.board.values = self._drawing
        if not self.board.busy:
            self.refresh()

    def _end_message(self, change):
        if not change.new and self._drawing is not self._shown_drawing:
            self.refresh()

    def _point(self, name):
        self._pointed_layer = name
        self._describe()

    def _describe(self):
        self.ready.window = None
        if not self._drawing.any():
            text = _(
                "The board is empty, 0 of 784 pixels have ink: draw a digit with the pointer, with a finger, "
                "or with the arrow keys and the space bar."
            )
            self.say(text)
            return
        read = _("I read {answer}.").format(answer=best_two(self._outputs["softmax"])[2])
        self.say(" ".join(text for text in (read, self._ink_text(), self._cell_text()) if text))

    def _ink_text(self):
        row, column, rows, columns = extent(self._drawing)
        drawn = _("Your ink is {rows} × {columns} pixels from row {row}, column {column};")
        drawn = drawn.format(rows=rows, columns=columns, row=row, column=column)
        if not self.centred.value:
            return _("{drawn} it is shown to the network as it is.").format(drawn=drawn)
        row, column, rows, columns = extent(self.ready.values)
        text = _("{drawn} centred it is {rows} × {columns} from row {row}, column {column}.")
        return text.format(drawn=drawn, rows=rows, columns=columns, row=row, column=column)

    def _cell_text(self):
        """The value of the cell that was pointed at last; the pixels it depends on get a frame."""
        if self._pointed_layer is None:
            return ""
        if self._pointed_layer == "act3":
            unit = int(np.ravel_multi_index(self.units.selected, self.units.values.shape))
            if unit >= len(self._outputs["act3"]):
                return ""
            text = _("Unit {unit} of act3 says {value:.2f}; it sees the whole picture.")
            return text.format(unit=unit, value=self._outputs["act3"][unit])
        output = self._outputs[self._pointed_layer]
        cell = in_mosaic(*self.layers[self._pointed_layer].selected, output.shape)
        if cell is None:
            return ""
        k, row, column = cell
        windows, padding = LAYERS[self._pointed_layer]
        top, bottom = geometry.input_windows(windows, row)[-1]
        left, _right = geometry.input_windows(windows, column)[-1]
        side = bottom - top + 1
        self.ready.window = (top - padding, left - padding, side, side)
        text = _(
            "Map {k} of {name} says {value:.2f} at row {row}, column {column}; it sees the framed {side} × {side}."
        )
        value = output[row, column, k]
        return text.format(k=k, name=self._pointed_layer, value=value, row=row, column=column, side=side)


class CoverDigit(Panel):
    """Move a square of paper, of `size` 1, 3 ... 11, over one of MNIST's digits and see which pixels the network needs.

    >>> panel = CoverDigit(digit=4, size=7)
    >>> panel.picture.select(14, 14)
    >>> panel.sentence.split(";")[0]
    'With 7 × 7 pixels around row 14, column 14 covered, 115 of 159 pixels of ink ...'
    """

    SIZES = (1, 3, 5, 7, 9, 11)

    def __init__(self, network=None, digit=4, size=7):
        validate.choice(digit, "digit", range(10))
        validate.choice(size, "size", self.SIZES)
        self._predict, self._digits = outputs_of(network), data.load("mnist")
        self.digit = controls.dropdown(_("digit"), list(range(10)), digit, "120px")
        self.number = controls.slider(_("which one"), 0, 0, 19)
        self.size = controls.selection_slider(_("side of the square"), list(self.SIZES), size)
        empty = np.zeros((lenet.SIDE, lenet.SIDE), np.uint8)
        self.picture = PixelGrid(empty, _("point at the digit"), low=0, high=255, lens=False, size=330)
        self.answer = bar_grid(_("what is answered, in %"), size=260)
        super().__init__([self.digit, self.number, self.size], [self.picture, self.answer])
        self.picture.select(14, 14)
        self.watch(self.digit, self.number, self.size, self.picture)
        self.refresh()

    def refresh(self, _change=None):
        """Cover the square and compare the probabilities with those of the whole digit."""
        digit, size, (row, column) = self.digit.value, self.size.value, self.picture.selected
        whole = self._digits["images"][TEST][self._digits["labels"][TEST] == digit][self.number.value]
        top, left = row - size // 2, column - size // 2
        covered = whole.copy()
        covered[max(0, top) : top + size, max(0, left) : left + size] = 0
        before, after = np.asarray(self._predict(np.stack([whole, covered]))["softmax"], float)
        self.picture.values = covered
        self.picture.window = (top, left, size, size)
        show_bars(self.answer, after)
        text = _(
            "With {size} × {size} pixels around row {row}, column {column} covered, {ink} of {all} pixels of ink are "
            "left, and I read {answer}; the {digit} had {before:.2f} while it was whole and has {after:.2f} now."
        )
        self.say(text.format(
            size=size, row=row, column=column, ink=int((covered > 0).sum()), all=int((whole > 0).sum()),
            answer=best_two(after)[2], digit=digit, before=before[digit], after=after[digit],
        ))  # fmt: skip


class Mistakes(Panel):
    """Browse the digits that a network gets wrong, those it gives the largest probability first.

    `pictures` are (B, 28, 28) in 0..255, `probabilities` (B, 10); `digit` shows mistakes about one digit only.
    `trained_here`: another machine makes a few other mistakes, so the text that is compared leaves them out.

    >>> panel = Mistakes(np.ones((2, 28, 28)), [3, 5], np.eye(10)[[3, 6]])
    >>> panel.sentence
    'Mistake 1 of 1 among 2 digits: picture 1 is a 5, read as 6 with probability 1.00; 5 got 0.00.'
    """

    def __init__(self, pictures, labels, probabilities, digit=None, trained_here=False):
        self._trained_here = bool(trained_here)
        self._pictures = validate.array(pictures, "pictures", axes=3)
        self._labels = validate.array(labels, "labels", axes=1)
        self._probabilities = validate.array(probabilities, "probabilities", axes=2)
        if not len(self._pictures) == len(self._labels) == len(self._probabilities):
            counts = [len(some) for some in (self._pictures, self._labels, self._probabilities)]
            raise ValueError(f"there are {counts} pictures, labels and answers; give as many of each")
        if digit is not None:
            validate.choice(digit, "digit", range(10))
        answers = self._probabilities.argmax(axis=1)
        wrong = np.flatnonzero(answers != self._labels)
        self._wrong = wrong[np.argsort(-self._probabilities[wrong, answers[wrong]], kind="stable")]
        digits = [(_("every digit"), EVERY_DIGIT)] + [(str(number), number) for number in range(10)]
        first = EVERY_DIGIT if digit is None else digit
        self.digit = controls.dropdown(_("mistakes about"), digits, first, "230px")
        self.number = controls.slider(_("mistake"), 1, 1, 1)
        self.picture = PixelGrid(np.zeros((28, 28)), _("the digit"), low=0, high=255, size=300)
        self.answer = bar_grid(_("what was answered, in %"), size=240)
        self.all = PixelGrid([[0.0]], _("all of them: press one"), low=0, high=255, hover=False, lens=False, size=300)
        super().__init__([self.digit, self.number], [self.picture, self.answer, self.all])
        self.follow(self.digit, self._filter)
        self.follow(self.all, self._select)
        self.watch(self.number)
        self._filter()

    def refresh(self, _change=None):
        """Show the mistake with this number."""
        self.number.disabled = not len(self._shown)
        if not len(self._shown):
            self.picture.values, self.all.values = np.zeros((28, 28)), np.zeros((28, 28))
            show_bars(self.answer, np.zeros(10))
            text = _("There is no mistake about {digit} among {count} digits: 0 were wrong.")
            digit = _("any digit") if self.digit.value == EVERY_DIGIT else self.digit.value
            self.say(text.format(digit=digit, count=len(self._labels)))
            return
        index = self._shown[self.number.value - 1]
        probabilities, label = self._probabilities[index], int(self._labels[index])
        self.picture.values = self._pictures[index]
        show_bars(self.answer, probabilities)
        first = int(probabilities.argmax())
        text = _(
            "Mistake {number} of {count} among {all} digits: picture {index} is a {label}, read as {first} with "
            "probability {p:.2f}; {label} got {q:.2f}."
        )
        self.say(text.format(
            number=self.number.value, count=len(self._shown), all=len(self._labels), index=int(index), label=label,
            first=first, p=probabilities[first], q=probabilities[label],
        ))  # fmt: skip

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        if self._trained_here:
            text = _("The digits among {all} that a network trained here gets wrong, the surest mistakes first.")
            data["text/plain"] = text.format(all=len(self._labels))
        return data, metadata

    def _filter(self, _change=None):
        digit = self.digit.value
        self._shown = [index for index in self._wrong if digit in (EVERY_DIGIT, self._labels[index])]
        self._columns = max(1, int(np.ceil(np.sqrt(len(self._shown)))))
        if self._shown:
            self.all.values = mosaic(np.moveaxis(self._pictures[self._shown], 0, -1), self._columns, edge=128)
        with self.quiet():
            self.number.max = max(1, len(self._shown))
            self.number.value = 1
        self.refresh()

    def _select(self, _change=None):
        cell = in_mosaic(*self.all.selected, (28, 28, len(self._shown)), self._columns)
        if cell is not None:
            self.number.value = cell[0] + 1
