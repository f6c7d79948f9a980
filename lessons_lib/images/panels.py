"""Lesson 1's panels: change a pixel, add to all pixels, mix channels, count weights.

Each is made with what it shows first; a name that is not among its choices raises ValueError and lists them.
"""

from functools import cache, lru_cache

import ipywidgets as widgets
import numpy as np

from lessons_lib import data, images
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.images.figures import numbers_and_picture, weight_bars
from lessons_lib.plots import chart
from lessons_lib.plots.style import GREEN, RED
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import PixelGrid

WIDE = {"description_width": "initial"}
CHOICES = WIDE | {"button_width": "auto"}
FITTING = {"width": "auto"}
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
# Side and channels of the picture, units, side of a kernel, kernels.
PRESETS = {
    "lecture": (200, 1, 40_000, 5, 100),
    "mnist": (28, 1, 64, 3, 16),
    "cifar": (32, 3, 100, 3, 16),
    "photo": (1000, 3, 1_000, 3, 64),
}
UNITS = (1, 10, 16, 32, 64, 100, 128, 256, 500, 512, 1_000, 2_048, 4_096, 10_000, 20_000, 40_000, 100_000)


def _picture_names():
    """What a reader calls the pictures and the photos."""
    return {
        "portrait": _("portrait"), "digit": _("a digit"), "eye": _("the photographer's eye"),
        "camera": _("photographer"), "moon": _("moon"), "coins": _("coins"),
        "clock": _("clock"), "page": _("page of a book"), "astronaut": _("astronaut"),
        "coffee": _("coffee"), "cat": _("cat"), "rocket": _("rocket"),
    }  # fmt: skip


def _dropdown(choices, value, description, names=None):
    names = names or _picture_names()
    options = [(names[choice], choice) for choice in choices]
    return widgets.Dropdown(options=options, value=value, description=description, style=WIDE)


@cache
def _small_picture(name):
    """The pictures of `PixelEditor`: small enough to show every number."""
    if name == "digit":
        # MNIST centres its digits in 20 x 20 pixels of the 28 x 28.
        return data.load("mnist")["images"][3][4:24, 4:24]
    if name == "eye":
        return data.load("camera")[144:162, 226:244]
    return data.load("portrait")


@cache
def _photo(name):
    return data.load(name)


@lru_cache(maxsize=8)
def _sample_photo(side, channels):
    """A photo with so many rows and columns, made by leaving out or repeating pixels."""
    photo = _photo("camera" if channels == 1 else "astronaut")
    kept = np.arange(side) * len(photo) // side
    return photo[np.ix_(kept, kept)]


def _link(panel, *grids):
    """Point at the same row and column in all of `grids`, and refresh the panel."""

    def follow(change):
        for grid in grids:
            if grid.selected != change.new:
                grid.select(*change.new)
        panel.refresh()

    for grid in grids:
        grid.observe(follow, names="selected")


class PixelEditor(Panel):
    """Change any pixel of a small picture: its number and its grey level change together.

    >>> panel = PixelEditor()
    >>> panel.numbers.type(4, 9, 0)
    >>> panel.pixels.values[4, 9].item()
    0
    """

    def __init__(self, picture="portrait"):
        validate.choice(picture, "picture", SMALL_PICTURES)
        self._edits = {name: _small_picture(name).copy() for name in SMALL_PICTURES}
        self._history = {name: [] for name in SMALL_PICTURES}
        self._last_pixel = None
        self.picture = _dropdown(SMALL_PICTURES, picture, _("picture"))
        self.picture.layout.width = "250px"
        self.level = widgets.IntSlider(0, 0, 255, description=_("grey level"), style=WIDE, layout={"width": "280px"})
        self.original = widgets.Button(description=_("Original picture"), layout=FITTING)
        self.undo = widgets.Button(description=_("Undo"), layout=FITTING)
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
        _link(self, self.numbers, self.pixels)
        self.numbers.on_edit(self._type_value)
        self.pixels.on_edit(self._type_value)
        self.level.observe(self._set_level, names="value")
        self.original.on_click(self._restore)
        self.undo.on_click(self._undo)
        self.watch(self.picture)
        self.refresh()

    def _type_value(self, row, column, value):
        self._change(row, column, value)
        self.refresh()

    def _set_level(self, change):
        row, column = self.numbers.selected
        if change.new != self._edits[self.picture.value][row, column]:
            self._change(row, column, change.new)
            self.refresh()

    def _change(self, row, column, value):
        name = self.picture.value
        # All changes of one pixel in a row, as when a slider is dragged, are undone together.
        if self._last_pixel != (name, row, column):
            self._history[name].append(self._edits[name].copy())
            self._last_pixel = (name, row, column)
        self._edits[name][row, column] = value

    def _restore(self, _button):
        name = self.picture.value
        if not np.array_equal(self._edits[name], _small_picture(name)):
            self._history[name].append(self._edits[name])
            self._edits[name] = _small_picture(name).copy()
        self._last_pixel = None
        self.refresh()

    def _undo(self, _button):
        name = self.picture.value
        if self._history[name]:
            self._edits[name] = self._history[name].pop()
        self._last_pixel = None
        self.refresh()

    def refresh(self, _change=None):
        """Show the picture of the moment in both grids."""
        name = self.picture.value
        picture, first = self._edits[name], _small_picture(name)
        self.numbers.values = self.pixels.values = picture
        row, column = self.numbers.selected
        value = int(picture[row, column])
        self.level.value = value
        self.undo.disabled = not self._history[name]
        self.original.disabled = np.array_equal(picture, first)
        text = _(
            "Row {row}, column {column}: {value} of 255, {shade}. "
            "{changed} of {pixels} pixels differ from the original; the mean of all is {mean:.1f}."
        )
        self.say(
            text.format(
                row=row, column=column, value=value, shade=_shade_name(value), changed=int((picture != first).sum()),
                pixels=picture.size, mean=picture.mean(),
            )
        )  # fmt: skip

    def still(self):
        """The numbers and the picture, with a frame around the pixel pointed at."""
        return numbers_and_picture(self._edits[self.picture.value], self.numbers.selected)


def _shade_name(value):
    """A word for a grey level."""
    if value in (0, 255):
        return _("black") if value == 0 else _("white")
    if value < 32:
        return _("nearly black")
    if value < 96:
        return _("dark grey")
    if value < 160:
        return _("middle grey")
    return _("light grey") if value < 224 else _("nearly white")


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
        self.photo = _dropdown(GREY_PHOTOS, photo, _("photo"))
        self.amount = widgets.IntSlider(amount, -255, 255, description=_("add"), style=WIDE)
        rules = [(_("uint8 wraps"), "wrap"), (_("clip"), "clip")]
        self.rule = widgets.ToggleButtons(
            options=rules, value=rule, description=_("what does not fit"), style=CHOICES, layout=FITTING
        )
        self.before = PixelGrid(_photo(photo), _("before"), low=0, high=255, size=440)
        self.after = PixelGrid(_photo(photo), _("after"), low=0, high=255, size=440)
        super().__init__([self.photo, self.amount, self.rule], [self.before, self.after])
        rows, columns = _photo(photo).shape
        # A light pixel: in the portrait the one of which the lesson speaks, in the photographer one of the sky.
        pixel = (3, 8) if photo == "portrait" else (rows // 8, columns // 4)
        for grid in (self.before, self.after):
            grid.select(*pixel)
        _link(self, self.before, self.after)
        self.photo.observe(self._load, names="value")
        self.watch(self.amount, self.rule)
        self.refresh()

    def _load(self, _change):
        self.before.values = _photo(self.photo.value)
        self.refresh()

    def refresh(self, _change=None):
        """Add, store, and follow one pixel."""
        picture, amount, rule = _photo(self.photo.value), self.amount.value, self.rule.value
        wrapped, clipped = (images.brighten(picture, amount, name) for name in ("wrap", "clip"))
        stored = wrapped if rule == "wrap" else clipped
        self.after.values = stored
        row, column = self.after.selected
        value, kept = int(picture[row, column]), int(stored[row, column])
        values = {
            "row": row, "column": column, "value": value, "sign": "-" if amount < 0 else "+", "size": abs(amount),
            "total": value + amount, "kept": kept, "pixels": picture.size,
            "outside": int(np.sum(wrapped != clipped)),
        }  # fmt: skip
        if 0 <= values["total"] <= 255:
            result = _("fits into a byte and is stored.")
        elif rule == "clip":
            result = _("does not fit and becomes {kept}.")
        elif values["total"] > 255:
            result = _("does not fit; what is stored is {total} - 256 = {kept}.")
        else:
            result = _("does not fit; what is stored is {total} + 256 = {kept}.")
        text = _("Row {row}, column {column}: {value} {sign} {size} = {total} {result} ")
        text += _("{outside} of {pixels} pixels do not fit.")
        self.say(text.format(result=result.format(**values), **values))


class ChannelMixer(Panel):
    """Turn red, green and blue of a photo up and down, exchange them, or make one grey of them.

    >>> panel = ChannelMixer("coffee", mix="exchanged")
    >>> panel.mixed.values[300, 220].tolist()
    [3, 14, 97]
    """

    def __init__(self, photo="astronaut", mix="own"):
        validate.choice(photo, "photo", COLOUR_PHOTOS)
        validate.choice(mix, "mix", MIXES)
        names = {
            "own": _("each to its own"), "exchanged": _("red and blue exchanged"), "rotated": _("each to the next"),
            "luminance": _("luminance in all three"), "mean": _("plain mean in all three"),
        }  # fmt: skip
        self.photo = _dropdown(COLOUR_PHOTOS, photo, _("photo"))
        self.mix = _dropdown(MIXES, mix, _("mix"), names)
        self.gains = [
            widgets.FloatSlider(1.0, min=0, max=2, step=0.05, description=name, style=WIDE)
            for name in (_("red ×"), _("green ×"), _("blue ×"))
        ]
        channels = images.split_channels(_photo(photo))
        self.mixed = PixelGrid(_photo(photo), _("the mix"), size=320)
        self.channels = [
            PixelGrid(channel, name, low=0, high=255, size=210)
            for channel, name in zip(channels, (_("red"), _("green"), _("blue")), strict=True)
        ]
        for grid in (self.mixed, *self.channels):
            # On the astronaut's suit, of which the lesson speaks.
            grid.select(min(300, channels[0].shape[0] - 1), 182)
        super().__init__([self.photo, self.mix, widgets.HBox(self.gains)], [self.mixed, *self.channels])
        _link(self, self.mixed, *self.channels)
        self._shown = (None,) * 5
        self.watch(self.photo, self.mix, *self.gains)
        self.refresh()

    def refresh(self, _change=None):
        """Mix, show what is new, and follow one pixel."""
        photo = _photo(self.photo.value)
        gains = [slider.value for slider in self.gains]
        setting = (self.photo.value, self.mix.value, *gains)
        if setting != self._shown:
            self._mixed = images.mix_channels(photo, MIXES[self.mix.value] @ np.diag(gains))
            self._white = float(np.mean(self._mixed == 255))
            self.mixed.values = self._mixed
            scaled = images.split_channels(images.mix_channels(photo, np.diag(gains)))
            for number, (grid, channel) in enumerate(zip(self.channels, scaled, strict=True)):
                if self._shown[0] != setting[0] or self._shown[2 + number] != gains[number]:
                    grid.values = channel
            self._shown = setting
        row, column = self.mixed.selected
        old, new = photo[row, column].tolist(), self._mixed[row, column].tolist()
        text = _(
            "Row {row}, column {column}: red {old[0]} × {gains[0]:.2f}, green {old[1]} × {gains[1]:.2f}, "
            "blue {old[2]} × {gains[2]:.2f}; the mix has red {new[0]}, green {new[1]}, blue {new[2]}."
        )
        rest = _("{white:.1f} % of the mix is at 255, the most a byte can hold.")
        sentence = text.format(row=row, column=column, old=old, gains=gains, new=new)
        self.say(f"{sentence} {rest.format(white=100 * self._white)}")


class ParameterCounter(Panel):
    """Count the weights of a fully connected and of a convolutional layer over the same picture.

    >>> panel = ParameterCounter("lecture")
    >>> panel.dense, panel.conv
    (1600000000, 2500)
    """

    def __init__(self, preset="lecture"):
        validate.choice(preset, "preset", PRESETS)
        names = {
            "lecture": _("the lecture's picture"), "mnist": _("a digit of MNIST"), "cifar": _("a picture of CIFAR"),
            "photo": _("a photo of one megapixel"), "own": _("your own numbers"),
        }  # fmt: skip
        side, channels, units, kernel, kernels = PRESETS[preset]
        self.preset = _dropdown(names, preset, _("example"), names)
        self.side = widgets.IntSlider(side, 1, 1000, description=_("picture side"), style=WIDE)
        self.channels = widgets.ToggleButtons(
            options=[(_("grey"), 1), (_("colour"), 3)],
            value=channels,
            description=_("channels"),
            style=CHOICES,
            layout=FITTING,
        )
        self.units = widgets.SelectionSlider(
            options=[(f"{count:,}", count) for count in UNITS], value=units, description=_("units"), style=WIDE
        )
        self.kernel = widgets.IntSlider(kernel, 1, 11, description=_("kernel side"), style=WIDE)
        self.kernels = widgets.IntSlider(kernels, 1, 512, description=_("kernels"), style=WIDE)
        self.bias = widgets.Checkbox(False, description=_("count biases"), indent=False)
        self._numbers = [self.side, self.channels, self.units, self.kernel, self.kernels]
        self._picture, self._loading = None, False
        # To scale: how little of the picture one kernel looks at.
        self.view = PixelGrid(
            _sample_photo(side, channels), _("the picture and one window"), low=0, high=255, size=230, lens=False
        )
        self.view.select(3 * side // 10, 9 * side // 20)
        self.bars = widgets.HTML(layout={"width": "640px", "max_width": "100%"})
        super().__init__([self.preset, *self._numbers, self.bias], [self.view, self.bars])
        self.preset.observe(self._choose, names="value")
        self.view.observe(self._move_window, names="selected")
        self.watch(*self._numbers, self.bias)
        self.refresh()

    def _move_window(self, _change=None):
        """Put the window of one kernel where the pointer is, or as near as it fits."""
        kernel = self.kernel.value
        last = max(0, self.side.value - kernel)
        row, column = (min(index, last) for index in self.view.selected)
        self.view.window = (row, column, kernel, kernel)

    def _choose(self, change):
        if change.new != "own":
            self._loading = True
            for control, value in zip(self._numbers, PRESETS[change.new], strict=True):
                control.value = value
            self._loading = False
            self.refresh()

    def refresh(self, _change=None):
        """Count, draw the bars, say the numbers."""
        if self._loading:
            return
        side, channels, units, kernel, kernels = (control.value for control in self._numbers)
        same = [name for name, preset in PRESETS.items() if preset == (side, channels, units, kernel, kernels)]
        self.preset.value = same[0] if same else "own"
        picture = _sample_photo(side, channels)
        if picture is not self._picture:
            self._picture = self.view.values = picture
        self._move_window()
        bias = self.bias.value
        inputs = side * side * channels
        self.dense = images.parameters_dense(inputs, units, bias)
        self.conv = images.parameters_conv(kernel, kernels, channels, bias)
        text = _(
            "A picture of {side} × {side} × {channels} has {inputs:,} values. "
            "{units:,} fully connected units: {dense:,} weights, {dense_mb} MB. "
            "{kernels} kernels of {kernel} × {kernel} × {channels}: {conv:,} weights, {conv_mb} MB. {last}"
        )
        if kernel > side:
            last = _("But a kernel of {kernel} × {kernel} does not fit into this picture.")
        elif self.dense >= self.conv:
            last = _("The convolutional layer has {ratio} times fewer.")
        else:
            last = _("The convolutional layer has {ratio} times more: this picture is too small to need it.")
        ratio = max(self.dense, self.conv) / min(self.dense, self.conv)
        last = last.format(kernel=kernel, ratio=_amount_text(ratio))
        self.say(
            text.format(
                side=side, channels=channels, inputs=inputs, units=units, dense=self.dense, conv=self.conv,
                dense_mb=_amount_text(images.megabytes(self.dense)), conv_mb=_amount_text(images.megabytes(self.conv)),
                kernels=kernels, kernel=kernel, last=last,
            )
        )  # fmt: skip
        self.bars.value = self._drawing()

    def still(self):
        """The bars, as a figure."""
        return weight_bars(self.dense, self.conv)

    def _drawing(self):
        """The bars on a scale on which each line is a hundred times the one before."""
        frame = chart.Frame((132, 8, 494, 74), (1, 1e15), (1.5, -0.5), logs=(True, False))
        ticks = [(100.0**k, text) for k, text in enumerate(("1", "100", "10⁴", "10⁶", "10⁸", "10¹⁰", "10¹²"))]
        parts = [chart.axes(frame, ticks, [], (_("weights (each line: 100 times the one before)"), ""))]
        bars = (_("fully connected"), self.dense, RED), (_("convolutional"), self.conv, GREEN)
        for row, (name, count, colour) in enumerate(bars):
            parts.append(chart.bar(frame, row, count, colour))
            parts.append(chart.words(name, frame.x(1) - 8, frame.y(row) + 5, "end"))
            parts.append(chart.words(f"{count:,}", frame.x(count) + 7, frame.y(row) + 5))
        return chart.drawing(640, 132, parts, self.sentence)


def _amount_text(value):
    """A count or an amount to about three digits: 6,400 and 1.23 and 0.01."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 0.0001 else f"{value:.6f}"
