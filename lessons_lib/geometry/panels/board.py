"""`StrideBoard`: where the window stops, what it never reads, and why."""

import numpy as np

from lessons_lib import geometry
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import in_brackets, size_text
from lessons_lib.geometry import figures
from lessons_lib.geometry.panels import presets
from lessons_lib.widgets.controls import button, slider
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import PixelGrid

LIMITS = {"n": (1, 12), "f": (1, 11), "stride": (1, 11), "padding": (0, 4)}


class StrideBoard(Panel):
    """A window walks over a picture in its border of zeros: where it stands, what it gives, what it never reads.

    n (1..12) is the side of the picture, f (1..11) that of the kernel; stride (1..11), padding (0..4).

    >>> panel = StrideBoard(stride=3)
    >>> panel.sentence.split(". ")[1]
    'The next would begin at 6 and stick out'
    """

    def __init__(self, n=7, f=3, stride=1, padding=0):
        given = zip(LIMITS, (n, f, stride, padding), strict=True)
        numbers = [validate.whole(value, name, *LIMITS[name]) for name, value in given]
        titles = (_("N, picture"), _("F, kernel"), _("S, stride"), _("P, padding"))
        self.numbers = [
            slider(title, value, *ends, width=presets.THIRD)
            for title, value, ends in zip(titles, numbers, LIMITS.values(), strict=True)
        ]
        self.n, self.f, self.stride, self.padding = self.numbers
        self.again = button(_("Start again"), lambda: self._restore(numbers), icon="refresh")
        self.input = PixelGrid([[0]], edit=(0, 9), whole=True, low=0, high=9, size=295, cell=16, rows_and_columns=True)
        self.kernel = PixelGrid([[0]], edit=(-9, 9), whole=True, colours="signed", size=110, cell=25, hover=False)
        self.output = PixelGrid([[0]], colours="signed", size=225, cell=24, rows_and_columns=True)
        self._picture, self._kernel = presets.photographer(numbers[0]), _ones(numbers[1])
        self._cell, self._pixel = (0, 0), None
        super().__init__([*self.numbers, self.again], [self.input, self.kernel, self.output])
        self.follow(self.input, self._point_at_input)
        self.follow(self.output, self._point_at_output)
        self.input.on_edit(self._edit_input)
        self.kernel.on_edit(self._edit_kernel)
        self.watch(*self.numbers)
        self.refresh()

    def _places(self):
        """How many places the window has along a side; 0 when it is larger than the padded picture."""
        return geometry.places(*(control.value for control in self.numbers))

    def _point_at_input(self, change):
        f, stride, last = self.f.value, self.stride.value, max(0, self._places() - 1)
        # The window whose middle is nearest.
        self._cell = tuple(min(last, max(0, round((i - (f - 1) / 2) / stride))) for i in change.new)
        self._pixel = change.new
        self.refresh()

    def _point_at_output(self, change):
        self._cell, self._pixel = change.new, None
        self.refresh()

    def _edit_input(self, row, column, value):
        n, padding = self.n.value, self.padding.value
        inside = 0 <= row - padding < n and 0 <= column - padding < n
        if inside:
            self._picture = self._picture.copy()
            self._picture[row - padding, column - padding] = value
        self.refresh(note="" if inside else _("The border stays 0. "))

    def _edit_kernel(self, row, column, value):
        self._kernel = self._kernel.copy()
        self._kernel[row, column] = value
        self.refresh()

    def _restore(self, numbers):
        """The numbers that the panel began with, those in the cells too."""
        with self.quiet():
            for control, value in zip(self.numbers, numbers, strict=True):
                control.value = value
        self._picture, self._kernel = presets.photographer(self.n.value), _ones(self.f.value)
        self.refresh()

    def refresh(self, _change=None, note=""):
        """Show the numbers, the window, the hatching and the output for what is chosen."""
        n, f, stride, padding = (control.value for control in self.numbers)
        if len(self._picture) != n:
            self._picture = presets.photographer(n)
        if len(self._kernel) != f:
            self._kernel = _ones(f)
        places = self._places()
        self._cell = tuple(min(i, max(0, places - 1)) for i in self._cell)
        padded = np.pad(self._picture, padding)
        if self._pixel is not None and max(self._pixel) >= len(padded):
            self._pixel = None
        row, column = self._cell
        with self.quiet():
            label = _("picture {n}, border {padding}").format(n=size_text(n, n), padding=padding)
            self._show(self.input, padded, label)
            self._show(self.kernel, self._kernel, _("kernel {f}").format(f=size_text(f, f)))
            self._show_output(padded)
            if places:
                self.output.select(row, column)
            self.input.window = (row * stride, column * stride, f, f) if places else None
            self.output.window = (row, column, 1, 1) if places else None
            unused = figures.unused_cells((n, n), (f, f), stride, padding) if places else np.ones_like(padded, bool)
            self.input.hatched = unused if unused.any() else None
        self.say(note + " ".join(part for part in (self._size(), self._product()) if part))

    def _show(self, grid, values, label):
        # Window, hatching and texts of the old size do not fit the new values.
        if values.shape != grid.values.shape:
            grid.window = grid.hatched = grid.texts = None
        grid.values, grid.label = values, label

    def _show_output(self, padded):
        """The output, or one hatched cell where the window has no place."""
        if not self._places():
            self._show(self.output, np.zeros((1, 1)), _("output, none"))
            self.output.texts, self.output.hatched = [["-"]], [[True]]
            return
        kernels = self._kernel[:, :, None, None]
        result = geometry.conv2d(padded[None, :, :, None], kernels, None, self.stride.value)[0, :, :, 0]
        self._show(self.output, np.rint(result).astype(int), _("output {size}").format(size=size_text(*result.shape)))
        self.output.texts = self.output.hatched = None

    def _size(self):
        """Where the windows begin, whether the last one ends at the border, and which pixels no window reads."""
        n, f, stride, padding = (control.value for control in self.numbers)
        places, room = self._places(), n + 2 * padding
        if not places:
            text = _("The window has no place: it needs {f} pixels, and with its border the picture has {room}.")
            return text.format(f=f, room=room)
        unused = figures.unused_cells((n, n), (f, f), stride, padding)
        inside = unused[padding : padding + n, padding : padding + n]
        values = {
            "starts": ", ".join(str(i * stride) for i in range(places)), "size": size_text(places, places),
            "next": places * stride, "unread": int(inside.sum()), "pixels": n * n,
            "border": int(unused.sum() - inside.sum()),
        }  # fmt: skip
        text = _("The windows begin at {starts}: the output is {size}.")
        if (room - f) % stride:
            text += " " + _("The next would begin at {next} and stick out.")
        if inside.any():
            text += " " + _("Never read (hatched): {unread} of {pixels} pixels.")
        if values["border"]:
            text += " " + _("Of the border, {border} zeros are never read (hatched).")
        return text.format(**values)

    def _product(self):
        """The sum at the window, and how many windows read the pixel that is pointed at."""
        if not self._places():
            return ""
        n, f, stride, padding = (control.value for control in self.numbers)
        row, column = self._cell
        patch = np.pad(self._picture, padding)[row * stride :, column * stride :][:f, :f]
        products = " + ".join(f"{a}×{in_brackets(b)}" for a, b in zip(patch.flat, self._kernel.flat, strict=True))
        if f > 3:
            products = _("the sum of {count} products").format(count=f * f)
        total = int((patch * self._kernel).sum())
        text = _("Output row {row}, column {column}: {products} = {total}.")
        sentence = text.format(row=row, column=column, products=products, total=total)
        if self._pixel is not None:
            counts = geometry.read_counts(n, f, stride, padding)
            text = _("The pixel in row {row}, column {column} lies in {count} of the {all} windows.")
            count = int(counts[self._pixel[0]] * counts[self._pixel[1]])
            row, column = self._pixel
            sentence += " " + text.format(row=row, column=column, count=count, all=self._places() ** 2)
        return sentence

    def still(self):
        """The board alone: picture, kernel, output."""
        return figures.grids_to_scale([grid.picture() for grid in (self.input, self.kernel, self.output)])


def _ones(side):
    """A kernel that adds up its window, so that each pixel that is read changes the output."""
    return np.ones((side, side), dtype=int)
