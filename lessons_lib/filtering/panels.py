"""Lesson 2's panels: any kernel on any photo, the window that walks over the square, and a game."""

from functools import cache

import numpy as np

from lessons_lib import data, filtering, images
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import short_number, size_text
from lessons_lib.filtering import checks
from lessons_lib.filtering.figures import grids_in_a_row, weight_texts
from lessons_lib.widgets import game
from lessons_lib.widgets.controls import button, checkbox, dropdown, slider
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import PixelGrid

LARGEST = 11
CUSTOM = "custom"
SIDE = 512
START = (222, 303)  # where the photographer's tripod is bright against his coat
LARGEST_WITH_TEXTS = 7
MOST_PRODUCTS = 9  # so many are written out in the sentence


def _photo_names():
    return {
        "camera": _("photographer"), "brick": _("brick wall"), "coins": _("coins"), "moon": _("moon"),
        "page": _("page of a book"), "clock": _("clock"), "grass": _("grass"), "astronaut": _("astronaut"),
        "coffee": _("coffee"), "cat": _("cat"), "rocket": _("rocket"),
    }  # fmt: skip


def _kernel_names():
    """The names of the kernels on the page, in the order of `filtering.KERNELS`."""
    return {
        "identity": _("identity"), "shift": _("shift"), "mean": _("mean"), "weighted-mean": _("weighted mean"),
        "box": _("box 5 × 5"), "gaussian": _("Gaussian, sigma 1"), "laplacian": _("Laplacian"),
        "sobel-right": _("Sobel, to the right"), "sobel-down": _("Sobel, downwards"), "sharpen": _("sharpen"),
        "emboss": _("emboss"),
    }  # fmt: skip


def _choice(description, names, value, width):
    """A dropdown of names: `names` has their texts on the page."""
    return dropdown(description, [(text, name) for name, text in names.items()], value, width)


def _select(grid, place):
    """Select a cell, unless it is selected: what is sent to the browser may come after the student's next move."""
    if grid.selected != place:
        grid.select(*place)


@cache
def _shipped(name):
    """A photo of the course in grey bytes, its middle where it is larger than 512 x 512."""
    photo = data.load(name)
    if photo.ndim == 3:
        photo = np.rint(images.luminance(photo)).astype(np.uint8)
    top, left = (max(0, side - SIDE) // 2 for side in photo.shape)
    return np.ascontiguousarray(photo[top : top + SIDE, left : left + SIDE])


def _sum_in_words(pixels, weights, total):
    """Such as "1/9 x 90 + 1/9 x 90 = 20"; or how many products there are when they are too many to write."""
    pairs = zip(np.ravel(weight_texts(weights)), pixels.ravel(), strict=True)
    pairs = [(text, pixel) for text, pixel in pairs if text != "0"]
    if not pairs:
        return _("all weights are 0, so the sum is 0")
    if len(pairs) > MOST_PRODUCTS:
        return _("the {count} products add up to {total}").format(count=len(pairs), total=short_number(total))
    terms = " + ".join(f"{text} × {short_number(pixel)}" for text, pixel in pairs)
    return f"{terms} = {short_number(total)}".replace("+ -", "- ")


class FilterBench(Panel):
    """Any kernel on any photo, with the products and their sum at any pixel.

    `photo` is the name of one, such as "brick", or of a file of your own, such as "me.jpg"; `kernel` is a name of
    `filtering.KERNELS`, `border` one of `filtering.BORDERS`; first the kernel is divided by its sum (`normalise`) and
    turned by half a turn (`flip`).

    >>> panel = FilterBench(kernel="laplacian")
    >>> panel.photo.select(100, 100)
    >>> panel.kernel.type(1, 1, -5)
    >>> panel.preset.value
    'custom'
    """

    def __init__(self, photo="camera", kernel="mean", border="reflect", flip=False, normalise=False):
        photos = _photo_names()
        self._own = {} if photo in photos else {photo: data.photo(photo)}
        validate.choice(kernel, "kernel", filtering.KERNELS)
        validate.choice(border, "border", filtering.BORDERS)
        # The weights lie in the middle of a sheet that is always 11 x 11, so none is lost when the kernel is made
        # smaller and larger again.
        self._sheet = np.zeros((LARGEST, LARGEST))
        self._done, self._at = None, START
        borders = {"valid": _("valid"), "zero": _("zero"), "reflect": _("reflect"), "replicate": _("replicate")}
        self.source = _choice(_("photo"), photos | {name: name for name in self._own}, photo, "220px")
        self.preset = _choice(_("kernel"), _kernel_names() | {CUSTOM: _("custom")}, kernel, "250px")
        self.size = slider(_("side"), 3, 1, LARGEST)
        self.normalise = checkbox(_("divide by the sum"), normalise)
        self.flip = checkbox(_("half turn (convolution)"), flip)
        self.signed = checkbox(_("colours: zero is white"))
        self.border = _choice(_("border"), borders, border, "190px")
        self.photo = PixelGrid(self._pixels, _("photo"), low=0, high=255, size=340)
        self.result = PixelGrid(self._pixels, _("result"), low=0, high=255, size=340)
        self.kernel = PixelGrid(np.zeros((3, 3)), colours="signed", edit=(-1000, 1000), hover=False, size=284)
        self.pixels = PixelGrid(np.zeros((3, 3)), _("pixels under it"), low=0, high=255, size=284)
        self.products = PixelGrid(np.zeros((3, 3)), colours="signed", size=284)
        controls = [self.source, self.preset, self.border, self.size, self.normalise, self.flip, self.signed]
        for grid in (self.photo, self.result):
            grid.layout.min_width = "min(100%, 250px)"
        # In reading order: photo, kernel, result. On a wide page all five stand in one row.
        super().__init__(controls, [self.photo, self.kernel, self.result, self.pixels, self.products])
        self.kernel.on_edit(self._edit)
        self.follow(self.preset, self._load)
        self.follow(self.photo, lambda change: self._point(*change.new))
        self.follow(self.result, lambda change: self._point(*change.new, in_result=True))
        self.follow(self.pixels, lambda change: _select(self.products, change.new))
        self.follow(self.products, lambda change: _select(self.pixels, change.new))
        self.watch(self.source, self.size, self.normalise, self.flip, self.signed, self.border)
        self._load()

    @property
    def _pixels(self):
        """The chosen photo, in grey bytes."""
        name = self.source.value
        return self._own[name] if name in self._own else _shipped(name)

    @property
    def weights(self):
        """The part of the sheet in the editable grid; its anchor, row K // 2 and column K // 2, stays in the middle."""
        first = LARGEST // 2 - self.size.value // 2
        return self._sheet[first : first + self.size.value, first : first + self.size.value]

    def _load(self, _change=None):
        """Put the chosen kernel in the middle of an empty sheet."""
        if self.preset.value != CUSTOM:
            weights = filtering.KERNELS[self.preset.value]
            with self.quiet():
                self._sheet[:] = 0
                self.size.value = len(weights)
                self.weights[:] = weights
                self.signed.value = bool(abs(weights.sum()) < 1e-9)
        self.refresh()

    def _edit(self, row, column, value):
        self.weights[row, column] = value
        self.refresh()

    def _name(self):
        """The name of the kernel with these weights, or "custom"."""
        weights = self.weights
        return next((name for name, k in filtering.KERNELS.items() if np.array_equal(k, weights)), CUSTOM)

    def _kernel_in_use(self):
        """The kernel as it is laid on the photo, and a remark when it cannot be divided by its sum."""
        kernel, remark = self.weights, ""
        if self.normalise.value:
            try:
                kernel = filtering.normalise(kernel)
            except ValueError:
                remark = _("The weights add up to 0, so they cannot be divided by their sum.")
        return (np.flip(kernel) if self.flip.value else kernel), remark

    def refresh(self, _change=None):
        """Filter the photo, if anything changed, and read the numbers at the selected place."""
        photo, border, weights = self._pixels, self.border.value, self.weights
        kernel, self._remark = self._kernel_in_use()
        with self.quiet():
            self.preset.value = self._name()
            if not np.array_equal(self.photo.values, photo):
                self.photo.values = photo
            key = self.source.value, border, kernel.shape, kernel.tobytes(), self.signed.value
            if key != self._done:
                self._filter(photo, kernel, border)
                self._done = key
            if not np.array_equal(self.kernel.values, weights):
                self.kernel.values = weights
            self.kernel.colour_range(-2 * np.abs(weights).max(), 2 * np.abs(weights).max())
            # Where no text fits into the cells, the grid shows its lens instead.
            self.kernel.texts = weight_texts(weights) if len(weights) <= LARGEST_WITH_TEXTS else None
        label = _("kernel, sum {total}, laid on after half a turn") if self.flip.value else _("kernel, sum {total}")
        self.kernel.label = label.format(total=short_number(weights.sum()))
        # The same room for most kernels, so that the photo beside keeps its size.
        for grid, least in ((self.kernel, 190), (self.pixels, 160), (self.products, 160)):
            width = least if len(weights) <= 5 else _width_for(len(weights))
            grid.layout.min_width = grid.layout.max_width = f"min(100%, {width}px)"
        self._read()

    def _filter(self, photo, kernel, border):
        # Band by band, which takes half the time, since a band of 64 rows stays in the processor's cache.
        padded, rows = filtering.pad(photo, kernel.shape, border), len(kernel) - 1
        bands = [padded[top : top + 64 + rows] for top in range(0, len(padded) - rows, 64)]
        self._kernel, self._result = kernel, np.concatenate([filtering.correlate(band, kernel) for band in bands])
        self._ends = short_number(self._result.min()), short_number(self._result.max())
        with self.result.hold_sync():
            self.result.colours = "signed" if self.signed.value else "grey"
            # Full colour at three standard deviations: a few extreme pixels must not make all others pale.
            reach = 3 * float(self._result.std()) or 1
            self.result.colour_range(*((-reach, reach) if self.signed.value else (0, 255)))
            self.result.values = self._result.astype(np.float32)
        self.result.label = _("result, {size}").format(size=size_text(*self._result.shape))

    def _point(self, row, column, in_result=False):
        """Read at a pixel of the photo or of the result that is pointed at, without filtering again."""
        if in_result and self.border.value == "valid":
            row, column = row + len(self._kernel) // 2, column + len(self._kernel) // 2
        self._at = (row, column)
        self._read()

    def _read(self):
        """Show the pixels, the products and their sum at the selected place."""
        photo, border, kernel = self._pixels, self.border.value, self._kernel
        before = len(kernel) // 2  # from the corner of the window to the pixel that the result belongs to
        inset = before if border == "valid" else 0
        # Where the window would stick out, the nearest place at which it fits.
        i, j = (min(max(at - inset, 0), n - 1) for at, n in zip(self._at, self._result.shape, strict=True))
        row, column = i + inset, j + inset
        near = (row, column) != self._at and self._at[0] < photo.shape[0] and self._at[1] < photo.shape[1]
        pixels, products = filtering.terms_of_sum(photo, kernel, i, j, border)
        with self.quiet():
            _select(self.photo, self._at if near else (row, column))
            _select(self.result, (i, j))
            self.photo.window = (row - before, column - before, *kernel.shape)
            self.result.window = (i, j, 1, 1)
            self.pixels.values = pixels
            self.pixels.hatched = _outside(row - before, column - before, kernel.shape, photo.shape)
            reach = 2 * float(np.abs(products).max()) or 1
            with self.products.hold_sync():
                self.products.colour_range(-reach, reach)
                self.products.values = np.round(products, 6)
        total = round(float(self._result[i, j]), 6)
        self.products.label = _("products, sum {total}").format(total=short_number(total))
        self.say(" ".join(part for part in self._sentences((row, column), (i, j), near, pixels, total) if part))

    def _sentences(self, place, out, near, pixels, total):
        if near:
            text = _(
                "Around row {row}, column {column} the window would stick out; the nearest that fits is around "
                "row {near_row}, column {near_column}."
            )
            yield text.format(row=self._at[0], column=self._at[1], near_row=place[0], near_column=place[1])
        text = _("Photo row {row}, column {column} was {old}: {sum}; so the result has {new} in row {i}, column {j}.")
        old = int(self._pixels[place])
        words = _sum_in_words(pixels, self._kernel, total)
        where = {"row": place[0], "column": place[1], "i": out[0], "j": out[1]}
        yield text.format(**where, old=old, sum=words, new=short_number(total))
        low, high = self._ends
        yield _("The whole result goes from {low} to {high}.").format(low=low, high=high)
        yield self._remark

    def still(self):
        """Photo and result large, the three small grids beside them."""
        return grids_in_a_row([grid.picture() for row in self._grids for grid in row], large=(0, 2))


def _width_for(side):
    """Pixels of the page in which the weights of a kernel can be read."""
    return next((width for most, width in ((3, 130), (5, 172), (LARGEST_WITH_TEXTS, 284)) if side <= most), 320)


def _outside(row, column, shape, photo):
    """Which cells of a window lie outside the photo; None when all are inside."""
    rows, columns = row + np.arange(shape[0]), column + np.arange(shape[1])
    outside = ((rows < 0) | (rows >= photo[0]))[:, None] | ((columns < 0) | (columns >= photo[1]))[None]
    return outside if outside.any() else None


class SlidingWindow(Panel):
    """The window on the square, place by place: what it multiplies, and the result as far as it is known.

    `kernel` is a name of `filtering.KERNELS`. After the first `rows` rows of the result it stops: how the others look
    is asked in the lesson before a program computes them.

    >>> panel = SlidingWindow()
    >>> panel.forward.click()
    >>> panel.sentence[65:]
    '1 pixel of 90, 8 of 0. The response in row 0, column 1 is 10.'
    """

    def __init__(self, kernel="mean", rows=2):
        weights = self._weights = filtering.KERNELS[validate.choice(kernel, "kernel", filtering.KERNELS)]
        self._picture = data.load("picture-f")
        self._result = np.round(filtering.correlate(self._picture, weights), 6)
        self._last = validate.whole(rows, "rows", 1, len(self._result)) * self._result.shape[1] - 1
        self._step = self._known = 0  # places, counted row by row: of the window, and the last one that is known
        self.back = button(_("Back"), lambda: self._go(self._step - 1), icon="step-backward")
        self.forward = button(_("Next"), lambda: self._go(self._step + 1), icon="step-forward")
        drawn = {"size": 330, "rows_and_columns": True}
        self.picture = PixelGrid(self._picture, _("the square, 10 × 10"), low=0, high=90, cell=20, **drawn)
        title = _("kernel, {size}").format(size=size_text(*weights.shape))
        self.kernel = PixelGrid(weights, title, colours="signed", low=-2 * np.abs(weights).max(), size=170)
        self.kernel.texts = weight_texts(weights)
        self.products = PixelGrid(weights, colours="signed", size=170)
        self.result = PixelGrid(self._result, cell=26, **drawn)
        for grid in (self.kernel, self.products):
            grid.layout.min_width = f"min(100%, {max(158, _width_for(len(weights)))}px)"  # its title in one line
        super().__init__([self.back, self.forward], [self.picture, self.kernel, self.products, self.result])
        self.follow(self.result, lambda change: self._point(*change.new))
        self.follow(self.kernel, lambda change: _select(self.products, change.new))
        self.follow(self.products, lambda change: _select(self.kernel, change.new))
        self.refresh()

    def _go(self, step):
        self._step = min(max(step, 0), self._last)
        self._known = max(self._known, self._step)
        with self.quiet():
            _select(self.result, divmod(self._step, self._result.shape[1]))
        self.refresh()

    def _point(self, row, column):
        """Put the window where a response comes from; one that is not known yet cannot be asked."""
        step = row * self._result.shape[1] + column
        if step <= self._known:
            self._go(step)

    def refresh(self, _change=None):
        """Show the window at its place, its products, and the result as far as it is known."""
        weights, result = self._weights, self._result
        i, j = divmod(self._step, result.shape[1])
        pixels, products = filtering.terms_of_sum(self._picture, weights, i, j)
        products = np.round(products, 6)
        with self.products.hold_sync():
            self.products.colour_range(-2 * float(np.abs(products).max()) or -1)
            self.products.values = products
            self.products.texts = [[short_number(value) for value in row] for row in products]
            self.products.label = _("products, sum {total}").format(total=short_number(result[i, j]))
        self.picture.window, self.result.window = (i, j, *weights.shape), (i, j, 1, 1)
        _select(self.picture, (i + len(weights) // 2, j + len(weights) // 2))
        self._show_result()
        self.back.disabled, self.forward.disabled = self._step == 0, self._step == self._last
        self._describe(i, j, pixels)

    def _show_result(self):
        """The numbers that are known; the others are hatched."""
        result = self._result
        later = np.arange(result.size).reshape(result.shape) > self._known
        signed, high = bool(result.min() < 0), float(np.abs(result).max() or 1)
        with self.result.hold_sync():
            self.result.colours = "signed" if signed else "grey"
            self.result.colour_range(-1.3 * high if signed else 0, 1.3 * high if signed else high)
            self.result.values = np.where(later, 0 if signed else high, result)
            self.result.hatched = later if later.any() else None
            self.result.texts = np.where(later, "?", [[short_number(value) for value in row] for row in result])
            text = _("responses: {known} of {all} known")
            self.result.label = text.format(known=self._known + 1, all=result.size)

    def _describe(self, i, j, pixels):
        rows, columns = pixels.shape
        values, counts = np.unique(pixels, return_counts=True)
        words = [_("{count} of {value}").format(count=counts[k], value=values[k]) for k in range(len(values))]
        words[-1] = (_("1 pixel of {value}") if counts[-1] == 1 else _("{count} pixels of {value}")).format(
            count=counts[-1], value=values[-1]
        )
        text = _(
            "The window lies on rows {top} to {bottom} and columns {left} to {right} of the square: {pixels}. "
            "The response in row {top}, column {left} is {number}."
        ).format(
            top=i, bottom=i + rows - 1, left=j, right=j + columns - 1, pixels=", ".join(words[::-1]),
            number=short_number(self._result[i, j]),
        )  # fmt: skip
        if self._step == self._last < self._result.size - 1:
            text += " " + _("The panel stops here: a program computes the other rows.")
        self.say(text)

    def still(self):
        """The picture, the kernel, the products and the result in one row."""
        grids = (self.picture, self.kernel, self.products, self.result)
        return grids_in_a_row([grid.picture() for grid in grids], large=(0, 3))


def _game_names():
    """The names of the game's pictures on the page, in the order of `filtering.GAME_PICTURES`."""
    return {
        "diagonal": _("down right"), "other-diagonal": _("down left"), "vertical": _("vertical"),
        "horizontal": _("horizontal"), "steep": _("steep"), "shallow": _("shallow"), "white": _("white sheet"),
    }  # fmt: skip


class FilterGame(game.Game):
    """A kernel to build, number by number, until the goal of the game is reached; `game` is "only-diagonals".

    >>> panel = FilterGame()
    >>> for row, column in np.ndindex(3, 3):
    ...     panel.kernel.type(row, column, 2 if row == column else -1)
    >>> panel.sentence[:19]
    '✓ Won with 9 moves.'
    """

    def __init__(self, game="only-diagonals"):
        goal = _(
            "Build a kernel of sum 0 whose response to a line from top left to bottom right is at least twice as "
            "strong as to any other picture."
        )
        games = {"only-diagonals": (goal, checks.only_diagonals)}
        goal, self._check = games[validate.choice(game, "game", games)]
        self.kernel = PixelGrid(np.zeros((3, 3), int), colours="signed", edit=(-1000, 1000), hover=False, size=220)
        self.kernel.layout.max_width = "220px"
        pictures = filtering.GAME_PICTURES.items()
        self.pictures = {name: PixelGrid(picture, low=0, high=1, size=130, lens=False) for name, picture in pictures}
        super().__init__([], [[self.kernel, self.frame(goal)], list(self.pictures.values())])
        self.children[1].layout.align_items = "flex-end"  # where some of the titles take two lines
        self.kernel.on_edit(self.move)
        self.start()

    def reset(self):
        """The empty kernel."""
        self.kernel.values = np.zeros((3, 3), int)

    def refresh(self, _change=None):
        """Show the largest answer to each picture, the window it comes from, and what the check says."""
        kernel = self.kernel.values
        answers, names = filtering.game_answers(kernel), _game_names()
        self.kernel.colour_range(-2 * float(np.abs(kernel).max() or 1))
        self.kernel.texts = weight_texts(kernel)
        self.kernel.label = _("your kernel, sum {total}").format(total=short_number(kernel.sum()))
        for name, grid in self.pictures.items():
            found = filtering.correlate(filtering.GAME_PICTURES[name], kernel)
            row, column = np.argwhere(found == answers[name])[0]
            grid.window = (row, column, 3, 3)
            _select(grid, (row + 1, column + 1))
            grid.label = f"{names[name]}: {short_number(answers[name])}"
        words = "; ".join(f"{names[name]} {short_number(answer)}" for name, answer in answers.items())
        numbers = _("Strongest responses: {answers}.").format(answers=words)
        opening = _("The kernel is empty. Type its nine weights. {numbers}").format(numbers=numbers)
        self.report(lambda: self._check(kernel), numbers, opening)

    def still(self):
        """The kernel, and the pictures in one row."""
        grids = [self.kernel, *self.pictures.values()]
        return grids_in_a_row([grid.picture() for grid in grids], large=(0,))
