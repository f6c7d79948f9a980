"""Lesson 3's panels: any of the 49 scores explained, a board to draw on, features learned step by step.

Each is made with what it shows first; what is not among its choices raises ValueError and lists them.
"""

from collections import deque

import numpy as np

from lessons_lib import matching
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import short_number, sum_text
from lessons_lib.matching import learned_features
from lessons_lib.matching.figures import BOARD, SCORE, fraction_texts, label_of
from lessons_lib.widgets.controls import button, checkbox, dropdown, slider
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import PixelGrid

NARROW = "190px"
LETTER, SCORES = BOARD | {"cell": 17}, SCORE | {"cell": 28}
THRESHOLD = 7 / 9  # the least best score of the small X that counts as an X


class MatchPanel(Panel):
    """Press any of the 49 scores: its window, its nine products and their mean are shown; the feature can be edited.

    >>> MatchPanel(row=0, column=4).sentence.split(". ")[0]
    'Window at row 0, column 4: -1 + 1 + 1 + 1 - 1 + 1 + 1 + 1 + 1 = 5, and 5/9 = 0.56'
    """

    def __init__(self, letter="X", feature="diagonal", row=3, column=3, relu=False):
        validate.choice(letter, "letter", matching.LETTERS)
        validate.choice(feature, "feature", matching.FEATURES)
        letters = [(label_of(name), name) for name in matching.LETTERS]
        features = [(label_of(name), name) for name in (*matching.FEATURES, "own")]
        self.letter = dropdown(_("picture"), letters, letter, NARROW)
        self.choice = dropdown(_("feature"), features, feature, NARROW)
        self.relu = checkbox(_("ReLU"), relu)
        self.picture = PixelGrid(matching.letter(letter), _("picture"), hover=False, size=245, **LETTER)
        known = matching.FEATURES[feature]
        self.feature = PixelGrid(known, _("feature"), edit=(-1, 1), hover=False, size=125, **LETTER)
        self.products = PixelGrid(np.zeros((3, 3)), _("products"), size=125, **SCORES)
        self.scores = PixelGrid(np.zeros((7, 7)), _("scores"), hover=False, rows_and_columns=True, size=265, **SCORES)
        self.scores.select(row, column)
        self.picture.select(row + 1, column + 1)
        grids = [self.picture, self.feature, self.products, self.scores]
        super().__init__([self.letter, self.choice, self.relu], grids)
        self.follow(self.choice, self._choose)
        self.feature.on_edit(self._edited)
        self.follow(self.picture, self._move_window)
        self.follow(self.scores, self._move_cursor)
        self.watch(self.letter, self.relu)
        self.refresh()

    def _choose(self, change):
        if change.new != "own":
            self.feature.values = matching.FEATURES[change.new]
        self.refresh()

    def _edited(self, _row, _column, _value):
        known = [name for name, feature in matching.FEATURES.items() if np.array_equal(feature, self.feature.values)]
        with self.quiet():
            self.choice.value = known[0] if known else "own"
        self.refresh()

    def _move_window(self, change):
        """A press on the picture lays the window around that cell, as far as there is room."""
        with self.quiet():
            self.scores.select(*(min(max(cell - 1, 0), 6) for cell in change.new))
        self.refresh()

    def _move_cursor(self, change):
        """The cursor of the picture goes to the middle of the window."""
        with self.quiet():
            self.picture.select(*(cell + 1 for cell in change.new))
        self.refresh()

    def refresh(self, _change=None):
        """Compute the map and the nine products of the chosen place."""
        picture, feature = matching.letter(self.letter.value), self.feature.values
        row, column = self.scores.selected
        products, scores = matching.products(picture, feature, row, column), matching.score_map(picture, feature)
        shown = matching.relu(scores) if self.relu.value else scores
        self.picture.values, self.picture.window = picture, (row, column, 3, 3)
        self.products.values = products
        self.scores.values, self.scores.texts, self.scores.window = shown, fraction_texts(shown), (row, column, 1, 1)
        text = _("Window at row {row}, column {column}: {terms} = {total}, and {total}/9 = {mean:.2f}.")
        terms, total = sum_text(products.flat), short_number(products.sum())
        sentences = [text.format(row=row, column=column, terms=terms, total=total, mean=products.mean())]
        if self.relu.value:
            sentences.append(_("After ReLU it is {kept}.").format(kept=fraction_texts(shown)[row][column]))
        best, places = shown.max(), int(np.isclose(shown, shown.max()).sum())
        text = _("The highest score of the map is {best} (places: {places}).")
        sentences.append(text.format(best=matching.fraction(best), places=places))
        self.say(" ".join(sentences))


class Board(Panel):
    """Draw an X, an O or anything; the score maps of the three features follow each stroke.

    >>> Board("O").sentence.split(". ")[1]
    'Best scores: diagonal 9/9, small X 5/9, anti-diagonal 9/9'
    """

    def __init__(self, letter="X", relu=False):
        validate.choice(letter, "letter", [*matching.LETTERS, "blank"])
        self.relu = checkbox(_("ReLU"), relu)
        self.presets = {
            name: button(label_of(name), lambda name=name: self._replace_picture(_board_picture(name)))
            for name in matching.LETTERS
        }
        self.random = button(_("random letter"), self._draw_random)
        self.clear = button(_("Clear"), lambda: self._replace_picture(_board_picture("blank")))
        self.undo = button(_("Undo"), self._undo)
        self.board = PixelGrid(
            _board_picture(letter), _("your board"), palette=[-1, 1], hover=False, size=270, **BOARD, cell=18
        )
        blank = np.zeros((7, 7))
        self.maps = {name: PixelGrid(blank, label_of(name), size=240, **SCORES) for name in matching.FEATURES}
        self._history = deque(maxlen=100)  # of pictures before a stroke; so many strokes can be undone
        self._picture, self._stroke, self._seed = self.board.values, "", 0
        controls = [*self.presets.values(), self.random, self.clear, self.undo, self.relu]
        super().__init__(controls, [self.board, *self.maps.values()])
        self.board.on_edit(self._painted)
        # A fast stroke paints many cells in one message; the maps follow once.
        self.follow(self.board, lambda change: change.new or self.refresh(), name="busy")
        self.watch(self.relu)
        self.refresh()

    def _painted(self, _row, _column, _value):
        if self.board.stroke != self._stroke:
            self._history.append(self._picture)
        self._stroke, self._picture = self.board.stroke, self.board.values
        if not self.board.busy:
            self.refresh()

    def _replace_picture(self, picture):
        self._history.append(self._picture)
        self._set_picture(picture)

    def _undo(self):
        if self._history:
            self._set_picture(self._history.pop())

    def _set_picture(self, picture):
        self.board.values = self._picture = picture
        self.refresh()

    def _draw_random(self):
        self._seed += 1
        images, _labels = matching.random_letters(1 + self._seed % 2, seed=self._seed, noise=0)
        self._replace_picture(images[-1])

    def refresh(self, _change=None):
        """Compute the three maps and both verdicts on what is drawn."""
        picture = self.board.values
        best = {}
        for name, feature in matching.FEATURES.items():
            scores = matching.score_map(picture, feature)
            best[name] = scores.max()
            shown, grid = matching.relu(scores) if self.relu.value else scores, self.maps[name]
            grid.values, grid.texts = shown, fraction_texts(shown)
            grid.window = (*np.unravel_index(scores.argmax(), scores.shape), 1, 1)
        self.board.window = (*self.maps["small X"].window[:2], 3, 3)
        whole = {name: matching.score_map(picture, matching.letter(name)).item() for name in ("X", "O")}
        self.undo.disabled = not self._history
        self.say(" ".join([
            _("{ink} of 81 cells are white.").format(ink=int((picture > 0).sum())),
            _("Best scores: {best}.").format(
                best=", ".join(f"{label_of(name)} {matching.fraction(score)}" for name, score in best.items())),
            _("By the rule that the small X reaches 7/9 in an X, this is {verdict}; it fits best in the frame.").format(
                verdict=_("an X") if best["small X"] > THRESHOLD - 1e-9 else _("not an X")),
            _("Compared as a whole picture: {x} with the X, {o} with the O.").format(
                x=matching.fraction(whole["X"], 81), o=matching.fraction(whole["O"], 81)),
        ]))  # fmt: skip


def _board_picture(name):
    return np.full((9, 9), -1) if name == "blank" else matching.letter(name)


class LearningPanel(Panel):
    """Features on their way from random numbers, one step of gradient descent at a time.

    `runs` has one `LearnedFeatures` for each random start; when it is left out, six starts on 200 letters.

    >>> runs = [learned_features.learn_features([matching.letter("X")], seed=2)]
    >>> LearningPanel(runs, step=0).sentence.split(": ")[0]
    'Start 0, step 0'
    """

    def __init__(self, runs=None, start=0, step=None):
        if runs is None:
            images, labels = matching.random_letters(400, seed=1)
            runs = [learned_features.learn_features(images[labels == 0], seed=seed) for seed in range(6)]
        self.runs = list(runs)
        start = validate.whole(start, "start", 0, len(self.runs) - 1)
        last = len(self.runs[0].history) - 1
        step = last if step is None else validate.whole(step, "step", 0, last)
        self.start = dropdown(_("start"), range(len(self.runs)), start, NARROW)
        self.step = slider(_("step"), step, 0, last, width="420px")
        self.features = [
            PixelGrid(values, _("feature {number}").format(number=number), decimals=1, size=220, **SCORES)
            for number, values in enumerate(self.runs[0].history[0], start=1)
        ]
        super().__init__([self.start, self.step], [self.features])
        self.watch(self.start, self.step)
        self.refresh()

    def refresh(self, _change=None):
        """Show the features as they were after the chosen step."""
        run, step = self.runs[self.start.value], self.step.value
        found = []
        for number, (grid, values) in enumerate(zip(self.features, run.history[step], strict=True), start=1):
            name, correlation = matching.closest_feature(values)
            grid.values = values
            text = _("feature {number} is most like the {name}, {correlation:.2f}")
            found.append(text.format(number=number, name=label_of(name), correlation=correlation))
        text = _(
            "Start {start}, step {step}: a piece of an X is {distance:.3f} away from its nearest feature; {found}."
        )
        self.say(text.format(start=self.start.value, step=step, distance=run.distances[step], found="; ".join(found)))
