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

# N, F, S, P of the lecture's slides, and of cases that surprise.
CASES = {
    "stride 1": (7, 3, 1, 0),
    "stride 2": (7, 3, 2, 0),
    "stride 3": (7, 3, 3, 0),
    "padding 1": (7, 3, 1, 1),
    "5 x 5, padding 2": (7, 5, 1, 2),
    "1 x 1": (7, 1, 1, 0),
    "even kernel": (7, 4, 1, 1),
    "gaps": (7, 2, 5, 0),
    "uneven border": (8, 3, 2, 0),
}
LIMITS = {"n": (1, 12), "f": (1, 11), "stride": (1, 11), "padding": (0, 4)}


class StrideBoard(Panel):
    """A window walks over a picture in its border of zeros: what it gives, what it never reads, and why.

    `case` is a name of `CASES`; n (1..12), f and stride (1..11) and padding (0..4) stand in place of its numbers.

    >>> panel = StrideBoard("stride 3")
    >>> panel.sentence.split(": ")[0]
    '(7 - 3 + 2×0)/3 + 1 = 2.33 does not fit'
    """

    def __init__(self, case="stride 1", *, n=None, f=None, stride=None, padding=None):
        validate.choice(case, "case", CASES)
        given = zip(LIMITS, (n, f, stride, padding), CASES[case], strict=True)
        numbers = tuple(
            usual if value is None else validate.whole(value, name, *LIMITS[name]) for name, value, usual in given
        )
        names = {
            "stride 1": _("7 × 7, 3 × 3, stride 1"), "stride 2": _("7 × 7, 3 × 3, stride 2"),
            "stride 3": _("7 × 7, 3 × 3, stride 3"), "padding 1": _("7 × 7, 3 × 3, padding 1"),
            "5 x 5, padding 2": _("7 × 7, 5 × 5, padding 2"), "1 x 1": _("7 × 7, 1 × 1"),
            "even kernel": _("an even kernel"), "gaps": _("a stride with gaps"),
            "uneven border": _("an uneven border"),
        }  # fmt: skip
        self.case = presets.preset_dropdown(CASES, presets.preset_of(CASES, numbers), names)
        titles = (_("N, picture"), _("F, kernel"), _("S, stride"), _("P, padding"))
        self.numbers = [
            slider(title, value, *ends, width=presets.THIRD)
            for title, value, ends in zip(titles, numbers, LIMITS.values(), strict=True)
        ]
        self.n, self.f, self.stride, self.padding = self.numbers
        self.again = button(_("First numbers"), self._restore)
        self.input = PixelGrid([[0]], edit=(0, 9), whole=True, low=0, high=9, size=295, cell=16, rows_and_columns=True)
        self.kernel = PixelGrid([[0]], edit=(-9, 9), whole=True, colours="signed", size=95, cell=25, hover=False)
        self.output = PixelGrid([[0]], colours="signed", size=225, cell=24, rows_and_columns=True)
        self.valid = PixelGrid([[0]], colours="signed", size=150, cell=24, hover=False)
        self.same = PixelGrid([[0]], colours="signed", size=205, cell=24, hover=False)
        self._picture, self._kernel = presets.photographer(numbers[0]), presets.edge_kernel(numbers[1])
        self._cell, self._pixel = (0, 0), None
        grids = [self.input, self.kernel, self.output, self.valid, self.same]
        super().__init__([self.case, *self.numbers, self.again], grids)
        self.follow(self.input, self._point_at_input)
        self.follow(self.output, self._point_at_output)
        self.input.on_edit(self._edit_input)
        self.kernel.on_edit(self._edit_kernel)
        presets.follow_presets(self, self.case, self.numbers, CASES)
        self.refresh()

    def _places(self):
        """How many places the window has along a side; 0 when it is larger than the padded picture."""
        n, f, stride, padding = (control.value for control in self.numbers)
        return max(0, (n - f + 2 * padding) // stride + 1)

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

    def _restore(self):
        self._picture, self._kernel = presets.photographer(self.n.value), presets.edge_kernel(self.f.value)
        self.refresh()

    def refresh(self, _change=None, note=""):
        """Show the numbers, the window, the hatching, the formula and Keras' results for what is chosen."""
        n, f, stride, padding = (control.value for control in self.numbers)
        if len(self._picture) != n:
            self._picture = presets.photographer(n)
        if len(self._kernel) != f:
            self._kernel = presets.edge_kernel(f)
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
            self._show_output(self.output, padding, _("output {size}"))
            if places:
                self.output.select(row, column)
            self._show_output(self.valid, "valid", _("Keras valid {size}"))
            self._show_output(self.same, "same", _("Keras same {size}"))
            self.input.window = (row * stride, column * stride, f, f) if places else None
            self.output.window = (row, column, 1, 1) if places else None
            unused = figures.unused_cells((n, n), (f, f), stride, padding) if places else np.ones_like(padded, bool)
            self.input.hatched = unused if unused.any() else None
        self.say(note + " ".join(part for part in (self._size(), self._product(), self._keras()) if part))

    def _show(self, grid, values, label):
        # Window, hatching and texts of the old size do not fit the new values.
        if values.shape != grid.values.shape:
            grid.window = grid.hatched = grid.texts = None
        grid.values, grid.label = values, label

    def _show_output(self, grid, padding, label):
        """The output with one kind of padding, or one hatched cell where the window has no place."""
        f, stride = self.f.value, self.stride.value
        room = self.n.value + (2 * padding if isinstance(padding, int) else 0)
        if padding != "same" and f > room:
            self._show(grid, np.zeros((1, 1)), label.format(size=_("none")))
            grid.texts, grid.hatched = [["-"]], [[True]]
            return
        picture, kernel = self._picture[None, :, :, None], self._kernel[:, :, None, None]
        result = geometry.conv2d(picture, kernel, None, stride, padding)[0, :, :, 0]
        self._show(grid, np.rint(result).astype(int), label.format(size=size_text(*result.shape)))
        grid.texts = grid.hatched = None

    def _size(self):
        """The formula with the numbers in it, and the reason where it does not fit."""
        n, f, stride, padding = (control.value for control in self.numbers)
        span = n - f + 2 * padding
        formula = f"({n} - {f} + 2×{padding})/{stride} + 1"
        if span < 0:
            text = _(
                "{formula} has no window: the kernel needs {f} pixels, and with its border the picture has {room}."
            )
            return text.format(formula=formula, f=f, room=n + 2 * padding)
        places = span // stride + 1
        unused = figures.unused_cells((n, n), (f, f), stride, padding)
        inside = unused[padding : padding + n, padding : padding + n]
        values = {
            "formula": formula, "exact": f"{span / stride + 1:.2f}", "places": places,
            "size": size_text(places, places), "starts": ", ".join(str(i * stride) for i in range(places)),
            "next": places * stride, "end": places * stride + f - 1, "last": n + 2 * padding - 1, "left": span % stride,
            "unread": int(inside.sum()), "pixels": n * n, "border": int(unused.sum() - inside.sum()),
        }  # fmt: skip
        if span % stride == 0:
            text = _("{formula} = {places}: the output is {size}.")
        else:
            text = _(
                "{formula} = {exact} does not fit: windows begin at {starts}, and the next, from {next} to {end}, "
                "would pass the last row {last}; {left} px left over."
            )
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

    def _keras(self):
        n, f, stride = self.n.value, self.f.value, self.stride.value
        same, (before, after) = geometry.keras_output_size(n, f, stride, "same"), geometry.pad_widths(n, f, stride)
        values = {"same": size_text(same, same), "before": before, "after": after}
        if f > n:
            text = _("Keras refuses valid here; same gives {same} with a border of {before} + {after}.")
            return text.format(**values)
        valid = geometry.keras_output_size(n, f, stride)
        text = _("Keras: valid gives {valid}, same gives {same} with a border of {before} + {after}.")
        return text.format(valid=size_text(valid, valid), **values)

    def still(self):
        """The board alone: picture, kernel, output."""
        return figures.grids_to_scale([grid.picture() for grid in (self.input, self.kernel, self.output)])
