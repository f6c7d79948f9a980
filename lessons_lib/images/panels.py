"""Lesson 1's panels: change a pixel, paint what code says, add to all pixels, mix channels, count weights.

Each is made with what it shows first; a name that is not among its choices raises ValueError and lists them.
"""

from functools import cache, lru_cache

import ipywidgets as widgets
import numpy as np

from lessons_lib import data, images
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.images import checks
from lessons_lib.images.figures import numbers_and_picture, weight_bars
from lessons_lib.plots.grid import side_by_side
from lessons_lib.widgets import game
from lessons_lib.widgets.controls import button, dropdown, selection_slider, slider, toggle_buttons
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import PixelGrid

GREY_PHOTOS = ["portrait", "camera", "moon", "coins", "clock", "page"]
COLOUR_PHOTOS = ["astronaut", "coffee", "cat", "rocket"]
SMALL_PICTURES = ["portrait", "digit", "eye"]
# Row by row what the new red, green and blue take from the old ones.
MIXES = {
    "own": np.eye(3),
    "exchanged": np.eye(3)[::-1],
    "rotated": np.roll(np.eye(3), 1, axis=0),
    "luminance": np.tile(images.LUMINANCE["Rec. 709"], (3, 1)),
    "mean": np.full((3, 3), 1 / 3),
}
# Side and channels of the picture, units (or 0: one for each pixel), side of a kernel, kernels.
PRESETS = {
    "lecture": (200, 1, 0, 5, 100),
    "mnist": (28, 1, 64, 3, 16),
    "cifar": (32, 3, 100, 3, 16),
    "photo": (1000, 3, 1_000, 3, 64),
}
UNITS = (0, 1, 10, 16, 32, 64, 100, 128, 256, 500, 512, 1_000, 2_048, 4_096, 10_000, 20_000, 40_000, 100_000)


def _labelled(names):
    """Pairs of the label and the name of each picture, mix or example."""
    labels = {
        "portrait": _("portrait"), "digit": _("a digit"), "eye": _("the photographer's eye"),
        "camera": _("photographer"), "moon": _("moon"), "coins": _("coins"),
        "clock": _("clock"), "page": _("page of a book"), "astronaut": _("astronaut"),
        "coffee": _("coffee"), "cat": _("cat"), "rocket": _("rocket"),
        "own": _("each to its own"), "exchanged": _("red and blue exchanged"), "rotated": _("each to the next"),
        "luminance": _("luminance in all three"), "mean": _("plain mean in all three"),
        "lecture": _("the lecture's picture"), "mnist": _("a digit of MNIST"), "cifar": _("a picture of CIFAR"),
        "photo": _("a photo of one megapixel"),
    }  # fmt: skip
    return [(labels[name], name) for name in names]


@cache
def _photo(name):
    """A photo, or one of the pictures of `PixelEditor`, small enough to show every number."""
    if name == "digit":
        # MNIST centres its digits in 20 x 20 pixels of the 28 x 28.
        return data.load("mnist")["images"][3][4:24, 4:24]
    return data.load("camera")[144:162, 226:244] if name == "eye" else data.load(name)


@lru_cache(maxsize=8)
def _sample_photo(side, channels):
    """A photo with so many rows and columns, made by leaving out or repeating pixels."""
    photo = _photo("camera" if channels == 1 else "astronaut")
    kept = np.arange(side) * len(photo) // side
    return photo[np.ix_(kept, kept)]


def _show(grid, values):
    """Send a picture to the browser only when it is a new one."""
    if not np.array_equal(grid.values, values):
        grid.values = values


def _link(panel, grids, callback):
    """Point at the same row and column in all of `grids`, then call `callback()`."""

    def point(change):
        with panel.quiet():
            for grid in grids:
                if grid.selected != change.new:
                    grid.select(*change.new)
        callback()

    for grid in grids:
        panel.follow(grid, point)


class PixelEditor(Panel):
    """Change any pixel of a small picture: its number and its grey level change together.

    >>> panel = PixelEditor()
    >>> panel.numbers.type(4, 9, 0)
    >>> panel.pixels.values[4, 9].item()
    0
    """

    def __init__(self, picture="portrait"):
        validate.choice(picture, "picture", SMALL_PICTURES)
        self._edits = {name: _photo(name).copy() for name in SMALL_PICTURES}
        self._history = {name: [] for name in SMALL_PICTURES}
        self._last_pixel = None
        self.picture = dropdown(_("picture"), _labelled(SMALL_PICTURES), picture, width="250px")
        self.level = slider(_("grey level"), 0, 0, 255, width="280px")
        self.original = button(_("Original picture"), self._restore)
        self.undo = button(_("Undo"), self._undo)
        typed = {"edit": (0, 255), "whole": True, "hover": False}
        # Nearly white, so that the numbers are read as numbers.
        self.numbers = PixelGrid(
            self._edits[picture], _("numbers"), low=-1020, high=255, size=530, cell=27, rows_and_columns=True, **typed
        )
        # Too small for numbers in its cells, so that it is seen as a picture.
        self.pixels = PixelGrid(self._edits[picture], _("picture"), low=0, high=255, size=310, lens=False, **typed)
        super().__init__([self.picture, self.level, self.original, self.undo], [self.numbers, self.pixels])
        for grid in (self.numbers, self.pixels):
            grid.select(3, 8)
            grid.on_edit(self._change)
        _link(self, [self.numbers, self.pixels], self.refresh)
        self.follow(self.level, lambda change: self._change(*self.numbers.selected, change.new))
        self.watch(self.picture)
        self.refresh()

    def _change(self, row, column, value):
        name = self.picture.value
        # All changes of one pixel in a row, as when a slider is dragged, are undone together.
        if self._last_pixel != (name, row, column):
            self._history[name].append(self._edits[name].copy())
            self._last_pixel = (name, row, column)
        self._edits[name][row, column] = value
        self.refresh()

    def _restore(self):
        name = self.picture.value
        if not np.array_equal(self._edits[name], _photo(name)):
            self._history[name].append(self._edits[name])
            self._edits[name] = _photo(name).copy()
        self._last_pixel = None
        self.refresh()

    def _undo(self):
        name = self.picture.value
        if self._history[name]:
            self._edits[name] = self._history[name].pop()
        self._last_pixel = None
        self.refresh()

    def refresh(self, _change=None):
        """Show the picture of the moment in both grids."""
        name = self.picture.value
        picture, first = self._edits[name], _photo(name)
        with self.quiet():
            self.numbers.values = self.pixels.values = picture
            row, column = self.numbers.selected
            self.level.value = int(picture[row, column])
        self.undo.disabled = not self._history[name]
        self.original.disabled = np.array_equal(picture, first)
        text = _(
            "Row {row}, column {column}: {value} of 255, {shade}. "
            "{changed} of {pixels} pixels differ from the original; the mean of all is {mean:.1f}."
        )
        self.say(
            text.format(
                row=row, column=column, value=self.level.value, shade=_shade(self.level.value),
                changed=int((picture != first).sum()), pixels=picture.size, mean=picture.mean(),
            )
        )  # fmt: skip

    def still(self):
        """The numbers and the picture, with a frame around the pixel pointed at."""
        return numbers_and_picture(self._edits[self.picture.value], self.numbers.selected)


def _shade(value):
    """A word for a grey level."""
    words = [
        _("black"), _("nearly black"), _("dark grey"), _("middle grey"), _("light grey"), _("nearly white"), _("white"),
    ]  # fmt: skip
    return words[np.searchsorted([0, 31, 95, 159, 223, 254], value)]


class PaintGame(game.Game):
    """A board to paint white, pixel by pixel, as three lines of code do it; `game` is "slices".

    >>> panel = PaintGame()
    >>> for row, column in np.argwhere(checks.painted()):
    ...     panel.board.type(row, column, 255)
    >>> panel.sentence
    '✓ Won with 12 moves. Right: it is a 4.'
    """

    def __init__(self, game="slices"):
        validate.choice(game, "game", ["slices"])
        goal = _("Paint what these lines paint. A press, or the space bar, makes a pixel white, and again black.")
        code = "\n".join(["picture = np.zeros((8, 8))", *checks.LINES])
        self.board = PixelGrid(
            np.zeros(checks.BOARD), _("picture"), low=0, high=255, palette=[0, 255], hover=False, size=330, cell=24,
            rows_and_columns=True, lens=False,
        )  # fmt: skip
        super().__init__([], [[self.board, self.frame(f"{goal}</p><pre>{code}</pre>")]])
        self.board.on_edit(self.move)
        self.start()

    def reset(self):
        """The black board."""
        self.board.values = np.zeros(checks.BOARD)

    def refresh(self, _change=None):
        """Say what the check says of the board."""
        opening = _("The picture is black. Paint what the three lines paint, {count} pixels.")
        self.report(lambda: checks.paint(self.board.values), opening=opening.format(count=checks.painted().sum()))

    def still(self):
        """The board."""
        return side_by_side([self.board.picture()])


class Brightness(Panel):
    """Add one number to every pixel, and store the sums as `uint8` does or clipped.

    >>> panel = Brightness(amount=100)
    >>> panel.after.values[3, 8].item()
    64
    """

    def __init__(self, photo="portrait", amount=100, rule="wrap"):
        validate.choice(photo, "photo", GREY_PHOTOS)
        amount = validate.whole(amount, "amount", -255, 255)
        validate.choice(rule, "rule", ["wrap", "clip"])
        self.photo = dropdown(_("photo"), _labelled(GREY_PHOTOS), photo)
        self.amount = slider(_("add"), amount, -255, 255)
        rules = [(_("uint8 wraps"), "wrap"), (_("clip"), "clip")]
        self.rule = toggle_buttons(_("what does not fit"), rules, rule)
        self.before = PixelGrid(_photo(photo), _("before"), low=0, high=255, size=440)
        self.after = PixelGrid(_photo(photo), _("after"), low=0, high=255, size=440)
        super().__init__([self.photo, self.amount, self.rule], [self.before, self.after])
        rows, columns = _photo(photo).shape
        # A light pixel: in the portrait the one of which the lesson speaks, in the photographer one of the sky.
        pixel = (3, 8) if photo == "portrait" else (rows // 8, columns // 4)
        for grid in (self.before, self.after):
            grid.select(*pixel)
        _link(self, [self.before, self.after], self.refresh)
        self.watch(self.photo, self.amount, self.rule)
        self.refresh()

    def refresh(self, _change=None):
        """Add, store, and follow one pixel."""
        picture, amount, rule = _photo(self.photo.value), self.amount.value, self.rule.value
        wrapped, clipped = (images.brighten(picture, amount, name) for name in ("wrap", "clip"))
        stored = wrapped if rule == "wrap" else clipped
        with self.quiet():
            _show(self.before, picture)
            _show(self.after, stored)
        row, column = self.after.selected
        value, kept = int(picture[row, column]), int(stored[row, column])
        total = value + amount
        if 0 <= total <= 255:
            result = _("fits into a byte and is stored.")
        elif rule == "clip":
            result = _("does not fit and becomes {kept}.")
        elif total > 255:
            result = _("does not fit; what is stored is {total} - 256 = {kept}.")
        else:
            result = _("does not fit; what is stored is {total} + 256 = {kept}.")
        text = _(
            "Row {row}, column {column}: {value} {sign} {size} = {total} {result} "
            "{outside} of {pixels} pixels do not fit."
        )
        self.say(
            text.format(
                row=row, column=column, value=value, sign="-" if amount < 0 else "+", size=abs(amount), total=total,
                result=result.format(total=total, kept=kept), outside=int(np.sum(wrapped != clipped)),
                pixels=picture.size,
            )
        )  # fmt: skip


class ChannelMixer(Panel):
    """Turn red, green and blue of a photo up and down, exchange them, or make one grey of them.

    >>> panel = ChannelMixer("coffee", mix="exchanged")
    >>> panel.mixed.values[300, 220].tolist()
    [3, 14, 97]
    """

    def __init__(self, photo="astronaut", mix="own"):
        validate.choice(photo, "photo", COLOUR_PHOTOS)
        validate.choice(mix, "mix", MIXES)
        self.photo = dropdown(_("photo"), _labelled(COLOUR_PHOTOS), photo)
        self.mix = dropdown(_("mix"), _labelled(MIXES), mix)
        self.gains = [slider(name, 1.0, 0, 2, step=0.05) for name in (_("red ×"), _("green ×"), _("blue ×"))]
        self.mixed = PixelGrid(_photo(photo), _("the mix"), size=320)
        self.channels = [
            PixelGrid(channel, name, low=0, high=255, size=210)
            for channel, name in zip(
                images.split_channels(_photo(photo)), (_("red"), _("green"), _("blue")), strict=True
            )
        ]
        grids = [self.mixed, *self.channels]
        for grid in grids:
            # On the astronaut's suit, of which the lesson speaks.
            grid.select(min(300, len(_photo(photo)) - 1), 182)
        super().__init__([self.photo, self.mix, widgets.HBox(self.gains)], grids)
        _link(self, grids, self._describe)
        self.watch(self.photo, self.mix, *self.gains)
        self.refresh()

    def refresh(self, _change=None):
        """Mix, show what is new, and follow one pixel."""
        photo, gains = _photo(self.photo.value), np.diag([gain.value for gain in self.gains])
        mixed = images.mix_channels(photo, MIXES[self.mix.value] @ gains)
        channels = images.split_channels(images.mix_channels(photo, gains))
        self._white = 100 * np.mean(mixed == 255)
        with self.quiet():
            for grid, values in zip([self.mixed, *self.channels], [mixed, *channels], strict=True):
                _show(grid, values)
        self._describe()

    def _describe(self):
        """Say what became of the pixel pointed at; pointing at another one mixes nothing anew."""
        row, column = self.mixed.selected
        text = _(
            "Row {row}, column {column}: red {old[0]} × {gains[0]:.2f}, green {old[1]} × {gains[1]:.2f}, "
            "blue {old[2]} × {gains[2]:.2f}; the mix has red {new[0]}, green {new[1]}, blue {new[2]}. "
            "{white:.1f} % of the mix is at 255, the most a byte can hold."
        )
        old, new = (photo[row, column].tolist() for photo in (_photo(self.photo.value), self.mixed.values))
        gains = [gain.value for gain in self.gains]
        self.say(text.format(row=row, column=column, old=old, gains=gains, new=new, white=self._white))


class ParameterCounter(Panel):
    """Count the weights of a fully connected and of a convolutional layer over the same picture.

    >>> panel = ParameterCounter("lecture")
    >>> panel.dense, panel.conv
    (1600000000, 2500)
    """

    def __init__(self, preset="lecture"):
        validate.choice(preset, "preset", PRESETS)
        side, channels, units, kernel, kernels = PRESETS[preset]
        self.preset = dropdown(_("example"), [*_labelled(PRESETS), (_("your own numbers"), "own")], preset)
        self.side = slider(_("picture side"), side, 1, 1000)
        self.channels = toggle_buttons(_("channels"), [(_("grey"), 1), (_("colour"), 3)], channels)
        self.units = selection_slider(
            _("units"), [(f"{count:,}" if count else _("one for each pixel"), count) for count in UNITS], units
        )
        self.kernel = slider(_("kernel side"), kernel, 1, 11)
        self.kernels = slider(_("kernels"), kernels, 1, 512)
        self._numbers = [self.side, self.channels, self.units, self.kernel, self.kernels]
        # To scale: how little of the picture one kernel looks at.
        self.view = PixelGrid(
            _sample_photo(side, channels), _("the picture and one window"), low=0, high=255, size=230, lens=False
        )
        self.view.select(3 * side // 10, 9 * side // 20)
        self.bars = widgets.HTML(layout={"width": "640px", "max_width": "100%"})
        super().__init__([self.preset, *self._numbers], [self.view, self.bars])
        self.follow(self.preset, self._choose)
        self.follow(self.view, self._move_window)
        self.watch(*self._numbers)
        self.refresh()

    def _move_window(self, _change=None):
        """Put the window of one kernel where the pointer is, or as near as it fits."""
        kernel = self.kernel.value
        last = max(0, self.side.value - kernel)
        row, column = (min(index, last) for index in self.view.selected)
        self.view.window = (row, column, kernel, kernel)

    def _choose(self, change):
        if change.new != "own":
            with self.quiet():
                for control, value in zip(self._numbers, PRESETS[change.new], strict=True):
                    control.value = value
            self.refresh()

    def refresh(self, _change=None):
        """Count, draw the bars, say the numbers."""
        numbers = side, channels, units, kernel, kernels = tuple(control.value for control in self._numbers)
        with self.quiet():
            self.preset.value = next((name for name, preset in PRESETS.items() if preset == numbers), "own")
            _show(self.view, _sample_photo(side, channels))
        self._move_window()
        inputs, units = side * side * channels, units or side * side
        self.dense = images.count_dense(inputs, units)
        self.conv = images.count_conv(kernel, kernels, channels)
        ratio = _amount_text(max(self.dense, self.conv) / min(self.dense, self.conv))
        text = _(
            "A picture of {side} × {side} × {channels} has {inputs:,} values. "
            "Fully connected layer: {units:,} × {inputs:,} = {dense:,} weights, {dense_mb} MB. "
            "Convolutional layer: {kernels} × {kernel} × {kernel} × {channels} = {conv:,} weights, {conv_mb} MB. {last}"
        )
        if kernel > side:
            last = _("But a kernel of {kernel} × {kernel} does not fit into this picture.")
        elif ratio == "1":
            last = _("Both layers have about the same number of weights.")
        elif self.dense > self.conv:
            last = _("The convolutional layer has {ratio} times fewer.")
        else:
            last = _("The convolutional layer has {ratio} times more: here are few units, or a small picture.")
        self.say(
            text.format(
                side=side, channels=channels, inputs=inputs, units=units, dense=self.dense, conv=self.conv,
                dense_mb=_amount_text(images.megabytes(self.dense)), conv_mb=_amount_text(images.megabytes(self.conv)),
                kernels=kernels, kernel=kernel, last=last.format(kernel=kernel, ratio=ratio),
            )
        )  # fmt: skip
        self.bars.value = weight_bars(self.dense, self.conv).svg()

    def still(self):
        """The bars, as a figure."""
        return weight_bars(self.dense, self.conv).figure()


def _amount_text(value):
    """A count or an amount to about three digits: 6,400 and 1.23 and 0.01."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 0.0001 else f"{value:.6f}"
