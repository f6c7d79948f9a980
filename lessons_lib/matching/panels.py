"""Lesson 3's panels: any of the 49 scores explained, a board to draw on, features learned step by step."""

import ipywidgets as widgets
import numpy as np

from lessons_lib import matching
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.matching.figures import BOARD, SCORE, fractions, named, spelled
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import PixelGrid

OWN = "own"
SPACE = {"style": {"description_width": "initial"}}
NARROW = {**SPACE, "layout": {"width": "190px"}}
LETTER, SCORES = BOARD | {"cell": 17}, SCORE | {"cell": 28}
ENOUGH = 7 / 9  # the least best score of the small X that counts as an X


class MatchExplorer(Panel):
    """Press any of the 49 scores: its window, its nine products and their mean are shown.

    Parameters
    ----------
    letter : {"X", "O", "deformed X"}
    feature : {"diagonal", "small X", "anti-diagonal"}
        Its nine numbers can be edited, from -1 to 1.
    row, column : int
        The place to start at, 0 to 6.
    relu : bool

    Raises
    ------
    TypeError, ValueError
        If a preset is not among the choices.

    Examples
    --------
    >>> MatchExplorer(row=0, column=4).sentence.split(". ")[0]
    'Window at row 0, column 4: -1 + 1 + 1 + 1 - 1 + 1 + 1 + 1 + 1 = 5, and 5/9 = 0.56'
    """

    def __init__(self, letter="X", feature="diagonal", row=3, column=3, relu=False):
        validate.choice(letter, "letter", matching.LETTERS)
        validate.choice(feature, "feature", matching.FEATURES)
        letters = [(named(name), name) for name in matching.LETTERS]
        features = [(named(name), name) for name in matching.FEATURES]
        self.letter = widgets.Dropdown(options=letters, value=letter, description=_("picture"), **NARROW)
        self.choice = widgets.Dropdown(
            options=[*features, (_("your own"), OWN)], value=feature, description=_("feature"), **NARROW
        )
        self.relu = widgets.Checkbox(value=bool(relu), description=_("ReLU"), indent=False)
        self.picture = PixelGrid(matching.letter(letter), _("picture"), hover=False, size=245, **LETTER)
        self.feature = PixelGrid(
            matching.FEATURES[feature], _("feature"), edit=(-1, 1), hover=False, size=125, **LETTER
        )
        self.products = PixelGrid(np.zeros((3, 3)), _("products"), size=125, **SCORES)
        self.scores = PixelGrid(np.zeros((7, 7)), _("scores"), hover=False, rows_and_columns=True, size=265, **SCORES)
        self.scores.select(row, column)
        self.picture.select(row + 1, column + 1)
        super().__init__(
            [self.letter, self.choice, self.relu], [[self.picture, self.feature, self.products, self.scores]]
        )
        self._pressed = False
        self.choice.observe(self._choose, names="value")
        self.feature.on_edit(self._edited)
        self.picture.observe(self._centre, names="selected")
        self.watch(self.letter, self.relu)
        self.scores.observe(self._follow, names="selected")
        self.refresh()

    def _choose(self, _change):
        if self.choice.value != OWN:
            self.feature.values = matching.FEATURES[self.choice.value]
        self.refresh()

    def _edited(self, _row, _column, _value):
        known = [name for name, feature in matching.FEATURES.items() if np.array_equal(feature, self.feature.values)]
        now = known[0] if known else OWN
        if self.choice.value == now:
            self.refresh()
        else:
            self.choice.value = now  # which refreshes

    def _centre(self, _change):
        """A press on the picture lays the window around that cell, as far as there is room."""
        place = tuple(min(max(cell - 1, 0), 6) for cell in self.picture.selected)
        if place != self.scores.selected:
            self._pressed = True
            self.scores.select(*place)
            self._pressed = False

    def _follow(self, _change):
        """The cursor of the picture goes along with the window, unless it moved the window itself."""
        row, column = self.scores.selected
        if not self._pressed and self.picture.selected != (row + 1, column + 1):
            self.picture.select(row + 1, column + 1)
        self.refresh()

    def refresh(self, _change=None):
        """Compute the map and the nine products of the chosen place."""
        picture, feature = matching.letter(self.letter.value), self.feature.values
        row, column = self.scores.selected
        products, scores = matching.products(picture, feature, row, column), matching.score_map(picture, feature)
        shown = matching.relu(scores) if self.relu.value else scores
        self.picture.values, self.picture.window = picture, (row, column, 3, 3)
        self.products.values = products
        self.scores.values, self.scores.texts, self.scores.window = shown, fractions(shown), (row, column, 1, 1)
        text = _("Window at row {row}, column {column}: {terms} = {total:g}, and {total:g}/9 = {mean:.2f}.")
        total = round(products.sum().item(), 3)
        said = [text.format(row=row, column=column, terms=spelled(products), total=total, mean=products.mean())]
        if self.relu.value:
            said.append(_("After ReLU it is {kept}.").format(kept=fractions(shown)[row][column]))
        best, places = shown.max(), int(np.isclose(shown, shown.max()).sum())
        text = _("The highest score of the map is {best} (places: {places}).")
        said.append(text.format(best=matching.fraction(best), places=places))
        self.say(" ".join(said))


class Board(Panel):
    """Draw an X, an O or anything; the score maps of the three features follow each stroke.

    Parameters
    ----------
    letter : {"X", "O", "deformed X", "blank"}
        What is on the board at first.
    relu : bool

    Raises
    ------
    ValueError
        If there is no such letter.

    Examples
    --------
    >>> Board("O").sentence.split(". ")[1]
    'Best scores: diagonal 9/9, small X 5/9, anti-diagonal 9/9'
    """

    LONGEST_PAST = 100  # strokes that can be taken back

    def __init__(self, letter="X", relu=False):
        validate.choice(letter, "letter", [*matching.LETTERS, "blank"])
        self.relu = widgets.Checkbox(value=bool(relu), description=_("ReLU"), indent=False)
        self.presets = {
            name: self._button(named(name), lambda name=name: self._fresh(_page(name))) for name in matching.LETTERS
        }
        self.random = self._button(_("random letter"), self._draw_by_chance)
        self.clear = self._button(_("Clear"), lambda: self._fresh(_page("blank")))
        self.undo = self._button(_("Undo"), self._undo)
        self.board = PixelGrid(_page(letter), _("your board"), palette=[-1, 1], hover=False, size=270, **BOARD, cell=18)
        self.maps = {name: PixelGrid(np.zeros((7, 7)), named(name), size=240, **SCORES) for name in matching.FEATURES}
        self._past, self._now, self._stroke, self._seed = [], self.board.values, "", 0
        controls = [*self.presets.values(), self.random, self.clear, self.undo, self.relu]
        super().__init__(controls, [self.board, *self.maps.values()])
        self.board.on_edit(self._painted)
        self.board.observe(self._answered, names="busy")
        self.watch(self.relu)
        self.refresh()

    def _button(self, text, act):
        button = widgets.Button(description=text, layout={"width": "auto"})
        button.on_click(lambda _button: act())
        return button

    def _remember(self):
        self._past = [*self._past[1 - self.LONGEST_PAST :], self._now]

    def _painted(self, _row, _column, _value):
        if self.board.stroke != self._stroke:
            self._remember()
        self._stroke, self._now = self.board.stroke, self.board.values
        if not self.board.busy:
            self.refresh()

    def _answered(self, change):
        """A fast stroke paints many cells in one message; the maps follow once."""
        if not change.new:
            self.refresh()

    def _fresh(self, picture):
        self._remember()
        self._put(picture)

    def _undo(self):
        if self._past:
            self._put(self._past.pop())

    def _put(self, picture):
        self.board.values = self._now = picture
        self.refresh()

    def _draw_by_chance(self):
        self._seed += 1
        images, _labels = matching.random_letters(1 + self._seed % 2, seed=self._seed, noise=0)
        self._fresh(images[-1])

    def refresh(self, _change=None):
        """Compute the three maps and both verdicts on what is drawn."""
        picture = self.board.values
        best = {}
        for name, feature in matching.FEATURES.items():
            scores = matching.score_map(picture, feature)
            best[name] = scores.max()
            shown = matching.relu(scores) if self.relu.value else scores
            grid = self.maps[name]
            grid.values, grid.texts = shown, fractions(shown)
            grid.window = (*np.unravel_index(scores.argmax(), scores.shape), 1, 1)
        self.board.window = (*self.maps["small X"].window[:2], 3, 3)
        whole = {name: matching.score_map(picture, matching.letter(name)).item() for name in ("X", "O")}
        self.undo.disabled = not self._past
        self.say(" ".join([
            _("{ink} of 81 cells are white.").format(ink=int((picture > 0).sum())),
            _("Best scores: {best}.").format(
                best=", ".join(f"{named(name)} {matching.fraction(score)}" for name, score in best.items())),
            _("By the rule that the small X reaches 7/9 in an X, this is {verdict}; it fits best in the frame.").format(
                verdict=_("an X") if best["small X"] > ENOUGH - 1e-9 else _("not an X")),
            _("Compared as a whole picture: {x} with the X, {o} with the O.").format(
                x=matching.fraction(whole["X"], 81), o=matching.fraction(whole["O"], 81)),
        ]))  # fmt: skip


def _page(name):
    return np.full((9, 9), -1) if name == "blank" else matching.letter(name)


class LearnExplorer(Panel):
    """Three features on their way from random numbers, one step of gradient descent at a time.

    Parameters
    ----------
    runs : sequence of matching.Learned, optional
        One for each random start, with the same numbers of features and steps; six starts on 200 letters when left out.
    start : int
        Which of them to show first.
    step : int, optional
        The last one when left out.

    Raises
    ------
    TypeError, ValueError
        If there is no such start or step.

    Examples
    --------
    >>> runs = [matching.learn_features([matching.letter("X")], seed=2)]
    >>> LearnExplorer(runs, step=0).sentence.split(": ")[0]
    'Start 0, step 0'
    """

    def __init__(self, runs=None, start=0, step=None):
        if runs is None:
            images, labels = matching.random_letters(400, seed=1)
            runs = [matching.learn_features(images[labels == 0], seed=seed) for seed in range(6)]
        self.runs = list(runs)
        start = validate.whole(start, "start", 0, len(self.runs) - 1)
        last = len(self.runs[0].history) - 1
        step = last if step is None else validate.whole(step, "step", 0, last)
        self.start = widgets.Dropdown(
            options=list(range(len(self.runs))), value=start, description=_("start"), **NARROW
        )
        self.step = widgets.IntSlider(step, 0, last, description=_("step"), layout={"width": "420px"}, **SPACE)
        first = self.runs[0].history[0]
        self.features = [PixelGrid(values, decimals=1, size=220, **SCORES) for values in first]
        super().__init__([self.start, self.step], [self.features])
        self.watch(self.start, self.step)
        self.refresh()

    def refresh(self, _change=None):
        """Show the features as they were after the chosen step."""
        run, step = self.runs[self.start.value], self.step.value
        found = []
        for number, (grid, values) in enumerate(zip(self.features, run.history[step], strict=True), start=1):
            name, correlation = matching.resembles(values)
            grid.values = values
            grid.label = _("feature {number}").format(number=number)
            found.append(_("feature {number} is most like the {name}, {correlation:.2f}").format(
                number=number, name=named(name), correlation=correlation))  # fmt: skip
        text = _(
            "Start {start}, step {step}: a piece of an X is {distance:.3f} away from its nearest feature; {found}."
        )
        self.say(text.format(start=self.start.value, step=step, distance=run.distances[step], found="; ".join(found)))
