"""Lesson 6's panels: draw a digit and see every layer answer, cover parts of a digit, browse the mistakes."""

import ipywidgets as widgets
import numpy as np

from lessons_lib import data, geometry, lenet
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.lenet.figures import EDGE
from lessons_lib.plots.grid import in_mosaic, mosaic, side_by_side
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import PixelGrid

STYLE = {"description_width": "initial"}
BAR = 6  # cells of the longest bar; more would leave no room for the numbers
EVERY = -1  # in place of a digit
UNDO = 50  # strokes that can be taken back
TEST = slice(8000, None)  # the digits that no network of the course has learned from
# The layers shown; for each, size and stride of the windows from the picture on, and how far the zeros around picture
# and maps let a window stick out.
LAYERS = {
    "act1": ([5], 2),
    "pool1": ([5, (2, 2)], 2),
    "act2": ([5, (2, 2), 5], 2 + 2 * 2),
    "pool2": ([5, (2, 2), 5, (2, 2)], 2 + 2 * 2),
}


def bars(grid, probabilities):
    """Show ten probabilities in a grid as ten bars: a row a digit, its name before and its percent behind the bar."""
    filled = np.clip(np.asarray(probabilities)[:, None] * BAR - np.arange(BAR), 0, 1)
    empty = np.zeros((len(filled), 1))
    grid.values = np.hstack([empty, filled, empty])
    grid.texts = [[digit, *[""] * BAR, f"{100 * p:.0f}"] for digit, p in enumerate(probabilities)]


def bar_grid(label, size=240):
    """A grid for `bars`."""
    return PixelGrid(np.zeros((10, BAR + 2)), label, low=0, high=1, hover=False, size=size, cell=27)


def best_two(probabilities):
    """The digit with the largest probability, the next one, and both in words."""
    first, second = np.argsort(probabilities, kind="stable")[::-1][:2]
    text = _("{first} with probability {p:.2f}, then {second} with {q:.2f}")
    return int(first), int(second), text.format(
        first=first, p=probabilities[first], second=second, q=probabilities[second]
    )  # fmt: skip


def network(predict):
    """`predict`, or LeNet in NumPy with the course's trained weights where none is given."""
    if predict is not None:
        return predict
    weights = {name: array.astype(np.float32) for name, array in data.load("lenet").items()}
    return lambda pictures: lenet.forward(pictures, weights)


def small_seven():
    """A seven of 12 x 8 pixels in the upper left corner, as a hurried hand would draw it."""
    drawing = np.zeros((lenet.SIDE, lenet.SIDE), np.uint8)
    for column in range(2, 9):
        drawing = lenet.dab(drawing, 2, column)
    for row in range(3, 13):
        drawing = lenet.dab(drawing, row, 8 - (row - 2) // 2)
    return drawing


def extent(picture):
    """First row, first column, rows and columns of the ink in a picture that is not empty."""
    rows, columns = np.flatnonzero(picture.any(axis=1)), np.flatnonzero(picture.any(axis=0))
    return rows[0], columns[0], rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1


class DrawDigit(Panel):
    """Draw a digit; it is centred as MNIST's are, and every layer of the network answers at once.

    Parameters
    ----------
    predict : callable, optional
        Pictures of shape (B, 28, 28) in 0..255 to a dict of what the layers answer: at least act1, pool1, act2, pool2,
        act3 and softmax. LeNet in NumPy with the course's trained weights when left out.
    start : int or str
        0 to 9: one of MNIST's digits to begin with; "empty"; or "corner": a small seven in a corner.
    centred : bool
        Show the network the drawing made ready as MNIST's digits were, or as it is.

    Examples
    --------
    >>> DrawDigit(start="empty").sentence[:50]
    'The board is empty, 0 of 784 pixels have ink: draw'
    """

    def __init__(self, predict=None, start=3, centred=True):
        starts = {_("empty board"): "empty", _("small 7 in a corner"): "corner"}
        starts |= {_("MNIST's {digit}").format(digit=digit): digit for digit in range(10)}
        validate.choice(start, "start", starts.values())
        self._predict, self._digits = network(predict), data.load("mnist")
        self._drawing = np.zeros((lenet.SIDE, lenet.SIDE), np.uint8)
        self._past, self._stroke, self._pointed = [], "", None
        self._controls(starts | {_("own drawing"): "own"}, start, centred)
        self.board = PixelGrid(
            self._drawing, _("draw here"), low=0, high=255, palette=[255], hover=False, lens=False, size=290, cell=9
        )
        self.ready = PixelGrid(self._drawing, _("what the network gets"), low=0, high=255, hover=False, size=220)
        self.answer = bar_grid(_("what it answers, in %"), size=230)
        self.layers = {name: PixelGrid([[0.0]], name, size=210 if "1" in name else 270) for name in LAYERS}
        self.units = PixelGrid(np.zeros((20, 25)), "act3", size=210)
        controls = [self.start, self.tool, self.undo, self.clear, self.centred]
        # Two rows, which a laptop shows at once, so that whoever draws sees every layer answer.
        super().__init__(controls, [[self.board, self.ready, self.units, self.answer], [*self.layers.values()]])
        self.board.on_edit(self._painted)
        self.board.observe(self._answer_message, names="busy")
        for name, grid in (*self.layers.items(), ("act3", self.units)):
            grid.observe(lambda _change, name=name: self._point(name), names="selected")
        self.start.observe(self._begin, names="value")
        self.watch(self.centred)
        self._begin()

    def _controls(self, starts, start, centred):
        options, narrow = list(starts.items()), {"width": "90px"}
        self.start = widgets.Dropdown(
            options=options, value=start, description=_("start from"), style=STYLE, layout={"width": "265px"}
        )
        self.tool = widgets.ToggleButtons(
            options=[(_("pen"), 255), (_("eraser"), 0)], style={"button_width": "70px"}, layout={"width": "auto"}
        )
        self.undo = widgets.Button(description=_("Undo"), icon="undo", layout=narrow)
        self.clear = widgets.Button(description=_("Clear"), icon="trash", layout=narrow)
        self.centred = widgets.Checkbox(
            value=bool(centred), description=_("centre it as MNIST does"), indent=False, layout={"width": "220px"}
        )
        self.tool.observe(self._take, names="value")
        self.undo.on_click(self._back)
        self.clear.on_click(lambda _button: self._put(np.zeros_like(self._drawing)))

    def refresh(self, _change=None):
        """Centre the drawing, ask the network, show every layer."""
        ready = lenet.centre(self._drawing) if self.centred.value else self._drawing
        self._seen = {name: np.asarray(answer[0]) for name, answer in self._predict(ready[None]).items()}
        self._answered, self.ready.values = self._drawing, ready
        for name, grid in self.layers.items():
            answer = self._seen[name]
            top = max(float(answer.max()), 1e-6)
            grid.colour_range(min(0.0, float(answer.min())), top)
            grid.values = mosaic(answer, edge=EDGE * top)
            text = _("{name}: {count} maps of {side} × {side}")
            grid.label = text.format(name=name, count=answer.shape[2], side=answer.shape[0])
        self.units.values = self._seen["act3"].reshape(20, -1)
        on = int((self._seen["act3"] > 0).sum())
        self.units.label = _("act3: {on} of 500 are on").format(on=on)
        bars(self.answer, self._seen["softmax"])
        self.undo.disabled = not self._past
        self._tell()

    def still(self):
        """The board, what the network got, and its answer; the maps have a figure of their own."""
        return side_by_side([grid.picture() for grid in (self.board, self.ready, self.answer)])

    def _begin(self, _change=None):
        start = self.start.value
        if start == "own":
            return
        labels, pictures = self._digits["labels"][TEST], self._digits["images"][TEST]
        drawings = {"empty": np.zeros_like(self._drawing), "corner": small_seven()}
        self._put(drawings[start] if start in drawings else pictures[np.flatnonzero(labels == start)[0]])

    def _put(self, drawing, remember=True):
        if remember and self._drawing.any():
            self._past = [*self._past[-UNDO + 1 :], self._drawing]
        self._drawing = drawing
        self.board.values = drawing
        self.refresh()

    def _back(self, _button=None):
        if self._past:
            self._put(self._past.pop(), remember=False)

    def _take(self, _change=None):
        self.board.palette = [self.tool.value]

    def _painted(self, row, column, ink):
        if self.board.stroke != self._stroke:
            self._past = [*self._past[-UNDO + 1 :], self._drawing]
            self._stroke, self.start.value = self.board.stroke, "own"
        touched = lenet.dab(self._drawing, row, column)
        # The eraser takes away what the pen would have touched.
        rubbed = np.where(lenet.dab(np.zeros_like(self._drawing), row, column) > 0, 0, self._drawing).astype(np.uint8)
        self._drawing = touched if ink else rubbed
        self.board.values = self._drawing
        if not self.board.busy:
            self.refresh()

    def _answer_message(self, change):
        if not change.new and self._drawing is not self._answered:
            self.refresh()

    def _point(self, name):
        self._pointed = name
        self._tell()

    def _tell(self):
        self.ready.window = None
        if not self._drawing.any():
            text = _(
                "The board is empty, 0 of 784 pixels have ink: draw a digit with the pointer, with a finger, "
                "or with the arrow keys and the space bar."
            )
            self.say(text)
            return
        read = _("I read {answer}.").format(answer=best_two(self._seen["softmax"])[2])
        self.say(" ".join(text for text in (read, self._about_the_ink(), self._about_the_cell()) if text))

    def _about_the_ink(self):
        row, column, rows, columns = extent(self._drawing)
        drawn = _("Your ink is {rows} × {columns} pixels from row {row}, column {column};")
        drawn = drawn.format(rows=rows, columns=columns, row=row, column=column)
        if not self.centred.value:
            return _("{drawn} it is shown to the network as it is.").format(drawn=drawn)
        row, column, rows, columns = extent(self.ready.values)
        text = _("{drawn} centred it is {rows} × {columns} from row {row}, column {column}.")
        return text.format(drawn=drawn, rows=rows, columns=columns, row=row, column=column)

    def _about_the_cell(self):
        """What the cell says that was pointed at last; the pixels it sees get a frame."""
        if self._pointed is None:
            return ""
        if self._pointed == "act3":
            unit = int(np.ravel_multi_index(self.units.selected, self.units.values.shape))
            text = _("Unit {unit} of act3 says {value:.2f}; it sees the whole picture.")
            return text.format(unit=unit, value=self._seen["act3"][unit])
        answer = self._seen[self._pointed]
        place = in_mosaic(*self.layers[self._pointed].selected, answer.shape)
        if place is None:
            return ""
        k, row, column = place
        windows, zeros = LAYERS[self._pointed]
        top, bottom = geometry.input_windows(windows, row)[-1]
        left, _right = geometry.input_windows(windows, column)[-1]
        side = bottom - top + 1
        self.ready.window = (top - zeros, left - zeros, side, side)
        text = _(
            "Map {k} of {name} says {value:.2f} at row {row}, column {column}; it sees the framed {side} × {side}."
        )
        return text.format(k=k, name=self._pointed, value=answer[row, column, k], row=row, column=column, side=side)


class CoverDigit(Panel):
    """Move a square of paper over a digit and see what is answered: which pixels the network needs.

    Parameters
    ----------
    predict : callable, optional
        As in `DrawDigit`; softmax alone is enough.
    digit : int
        Which of MNIST's digits, 0 to 9.
    size : int
        Rows and columns of the square: 1, 3, 5, 7, 9 or 11.

    Examples
    --------
    >>> panel = CoverDigit(digit=4, size=7)
    >>> panel.picture.select(14, 14)
    >>> panel.sentence.split(";")[0]
    'With 7 × 7 pixels around row 14, column 14 covered, 115 of 159 pixels of ink ...'
    """

    SIZES = (1, 3, 5, 7, 9, 11)

    def __init__(self, predict=None, digit=4, size=7):
        validate.choice(digit, "digit", range(10))
        validate.choice(size, "size", self.SIZES)
        self._predict, self._digits = network(predict), data.load("mnist")
        self.digit = widgets.Dropdown(
            options=list(range(10)), value=digit, description=_("digit"), style=STYLE, layout={"width": "120px"}
        )
        self.number = widgets.IntSlider(value=0, min=0, max=19, description=_("which one"), style=STYLE)
        self.size = widgets.SelectionSlider(
            options=list(self.SIZES), value=size, description=_("side of the square"), style=STYLE
        )
        empty = np.zeros((lenet.SIDE, lenet.SIDE), np.uint8)
        self.picture = PixelGrid(empty, _("point at the digit"), low=0, high=255, lens=False, size=330)
        self.answer = bar_grid(_("what is answered, in %"), size=260)
        super().__init__([self.digit, self.number, self.size], [self.picture, self.answer])
        self.watch(self.digit, self.number, self.size)
        self.picture.observe(self.refresh, names="selected")
        self.picture.select(14, 14)
        self.refresh()

    def refresh(self, _change=None):
        """Cover the square, ask the network, compare with the whole digit."""
        digit, size, (row, column) = self.digit.value, self.size.value, self.picture.selected
        whole = self._digits["images"][TEST][self._digits["labels"][TEST] == digit][self.number.value]
        top, left = row - size // 2, column - size // 2
        covered = whole.copy()
        covered[max(0, top) : top + size, max(0, left) : left + size] = 0
        before, after = np.asarray(self._predict(np.stack([whole, covered]))["softmax"], float)
        self.picture.values = covered
        self.picture.window = (top, left, size, size)
        bars(self.answer, after)
        text = _(
            "With {size} × {size} pixels around row {row}, column {column} covered, {ink} of {all} pixels of ink are "
            "left, and I read {answer}; the {digit} had {before:.2f} while it was whole and has {after:.2f} now."
        )
        self.say(text.format(
            size=size, row=row, column=column, ink=int((covered > 0).sum()), all=int((whole > 0).sum()),
            answer=best_two(after)[2], digit=digit, before=before[digit], after=after[digit],
        ))  # fmt: skip


class Mistakes(Panel):
    """Browse the digits that a network gets wrong, the surest mistakes first.

    Parameters
    ----------
    pictures : array_like of shape (B, 28, 28)
        0..255.
    labels : array_like of int, shape (B,)
    probabilities : array_like of shape (B, 10)
        What the network answered.
    digit : int, optional
        Show only mistakes about this digit at first; all when left out.
    trained_here : bool
        The network learned on this machine, and would make a few other mistakes on another: the text that is compared
        leaves them out.

    Raises
    ------
    ValueError
        If there is not one label and one answer for each picture, or `digit` is no digit.

    Examples
    --------
    >>> panel = Mistakes(np.ones((2, 28, 28)), [3, 5], np.eye(10)[[3, 6]])
    >>> panel.sentence
    'Mistake 1 of 1 among 2 digits: picture 1 is a 5, read as 6 with probability 1.00; 5 got 0.00.'
    """

    def __init__(self, pictures, labels, probabilities, digit=None, trained_here=False):
        self._trained_here = bool(trained_here)
        self._pictures, self._labels = (
            validate.array(pictures, "pictures", axes=3),
            validate.array(labels, "labels", axes=1),
        )
        self._probabilities = validate.array(probabilities, "probabilities", axes=2)
        if not len(self._pictures) == len(self._labels) == len(self._probabilities):
            counts = [len(some) for some in (self._pictures, self._labels, self._probabilities)]
            raise ValueError(f"there are {counts} pictures, labels and answers; give as many of each")
        if digit is not None:
            validate.choice(digit, "digit", range(10))
        answers = self._probabilities.argmax(axis=1)
        wrong = np.flatnonzero(answers != self._labels)
        self._wrong = wrong[np.argsort(-self._probabilities[wrong, answers[wrong]], kind="stable")]
        digits = [(_("every digit"), EVERY)] + [(str(number), number) for number in range(10)]
        self.digit = widgets.Dropdown(
            options=digits,
            value=EVERY if digit is None else digit,
            description=_("mistakes about"),
            style=STYLE,
            layout={"width": "230px"},
        )
        self.number = widgets.IntSlider(value=1, min=1, max=1, description=_("mistake"), style=STYLE)
        self.picture = PixelGrid(np.zeros((28, 28)), _("the digit"), low=0, high=255, size=300)
        self.answer = bar_grid(_("what was answered, in %"), size=240)
        self.all = PixelGrid([[0.0]], _("all of them: press one"), low=0, high=255, hover=False, lens=False, size=300)
        super().__init__([self.digit, self.number], [self.picture, self.answer, self.all])
        self.digit.observe(self._choose, names="value")
        self.watch(self.number)
        self.all.observe(self._pressed, names="selected")
        self._choose()

    def refresh(self, _change=None):
        """Show the mistake with this number."""
        self.number.disabled = not len(self._shown)
        if not len(self._shown):
            self.picture.values, self.all.values = np.zeros((28, 28)), np.zeros((28, 28))
            bars(self.answer, np.zeros(10))
            text = _("There is no mistake about {digit} among {count} digits: 0 were wrong.")
            everything = _("any digit") if self.digit.value == EVERY else str(self.digit.value)
            self.say(text.format(digit=everything, count=len(self._labels)))
            return
        index = self._shown[self.number.value - 1]
        probabilities, label = self._probabilities[index], int(self._labels[index])
        self.picture.values = self._pictures[index]
        bars(self.answer, probabilities)
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

    def _choose(self, _change=None):
        digit = self.digit.value
        self._shown = [index for index in self._wrong if digit in (EVERY, self._labels[index])]
        self._columns = max(1, int(np.ceil(np.sqrt(len(self._shown)))))
        if self._shown:
            self.all.values = mosaic(np.moveaxis(self._pictures[self._shown], 0, -1), self._columns, edge=128)
        self.number.max = max(1, len(self._shown))
        self.number.value = 1
        self.refresh()

    def _pressed(self, _change=None):
        place = in_mosaic(*self.all.selected, (28, 28, len(self._shown)), self._columns)
        if place is not None:
            self.number.value = place[0] + 1
