"""Lesson 3's panels: any of 49 scores explained, a board to draw on, a game, a feature that learns from letters.

Each is made with what it shows first; what is not among its choices raises ValueError and lists them.
"""

from collections import deque

import numpy as np

from lessons_lib import matching
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import short_number, sum_text
from lessons_lib.matching import checks, learned_features
from lessons_lib.matching.figures import BOARD, SCORE, fraction_texts, label_of
from lessons_lib.plots.grid import side_by_side
from lessons_lib.widgets import game
from lessons_lib.widgets.controls import button, checkbox, dropdown, slider
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import PixelGrid

NARROW = "190px"
LETTER, SCORES = BOARD | {"cell": 17}, SCORE | {"cell": 28}
THRESHOLD = 7 / 9  # the smallest largest score of the small X that counts as an X
RATES = [0.01, 0.1, 0.5, 1, 2]


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
    """Draw an X, an O or anything: its score as a whole picture, and, with `pieces`, the maps of the three features.

    >>> Board("O").sentence.split(". ")[1]
    'Largest scores: diagonal 9/9, small X 5/9, anti-diagonal 9/9'
    >>> Board("blank", pieces=False).sentence
    '0 of 81 cells are white. Compared with our X, your board scores 55/81; a blank sheet scores 55/81.'
    """

    def __init__(self, letter="X", pieces=True):
        validate.choice(letter, "letter", [*matching.LETTERS, "blank"])
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
        shown = matching.FEATURES if pieces else {}
        self.maps = {name: PixelGrid(np.zeros((7, 7)), label_of(name), size=240, **SCORES) for name in shown}
        self.template = [] if pieces else [PixelGrid(matching.letter("X"), _("our X"), size=270, hover=False, **LETTER)]
        self._history = deque(maxlen=100)  # of pictures before a stroke; so many strokes can be undone
        self._picture, self._stroke, self._seed = self.board.values, "", 0
        controls = [*self.presets.values(), self.random, self.clear, self.undo]
        super().__init__(controls, [self.board, *self.template, *self.maps.values()])
        self.board.on_edit(self._painted)
        # A fast stroke paints many cells in one message; the maps follow once.
        self.follow(self.board, lambda change: change.new or self.refresh(), name="busy")
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
        """Compute the scores of what is drawn: of the whole picture, and of the pieces where they are shown."""
        picture = self.board.values
        self.undo.disabled = not self._history
        ink = _("{ink} of 81 cells are white.").format(ink=int((picture > 0).sum()))
        whole = {name: _as_81sts(picture, matching.letter(name)) for name in ("X", "O")}
        if not self.maps:
            blank = _as_81sts(_board_picture("blank"), matching.letter("X"))
            text = _("Compared with our X, your board scores {own}; a blank sheet scores {blank}.")
            self.say(f"{ink} {text.format(own=whole['X'], blank=blank)}")
            return
        best = {}
        for name, grid in self.maps.items():
            scores = matching.score_map(picture, matching.FEATURES[name])
            best[name] = scores.max()
            grid.values, grid.texts = scores, fraction_texts(scores)
            grid.window = (*np.unravel_index(scores.argmax(), scores.shape), 1, 1)
        self.board.window = (*self.maps["small X"].window[:2], 3, 3)
        found = best["small X"] > THRESHOLD - 1e-9
        rule = (
            _("The small X fits best in the frame; its score is 7/9 or more, so the rule says: an X.")
            if found
            else _("The small X fits best in the frame; its score is less than 7/9, so the rule says: no X.")
        )
        scores = ", ".join(f"{label_of(name)} {matching.fraction(score)}" for name, score in best.items())
        self.say(" ".join([
            ink,
            _("Largest scores: {scores}.").format(scores=scores),
            rule,
            _("Compared as a whole picture: {x} with the X, {o} with the O.").format(x=whole["X"], o=whole["O"]),
        ]))  # fmt: skip


def _board_picture(name):
    return np.full((9, 9), -1) if name == "blank" else matching.letter(name)


def _as_81sts(picture, template):
    return matching.fraction((picture * template).mean(), 81)


class FeatureGame(game.Game):
    """A feature to build, cell by cell, until it fits what the game asks for; `game` is "only-the-o".

    >>> panel = FeatureGame()
    >>> for row in range(3):
    ...     panel.feature.type(row, 1, 1)
    >>> panel.sentence[:19]
    '✓ Won with 3 moves.'
    """

    def __init__(self, game="only-the-o"):
        goal = _(
            "Build a feature that fits the O and nothing else: its largest score is 9/9 on the O, and at most 5/9 on "
            "the X, on the bent X and on the blank sheet. Press a cell to change it."
        )
        games = {"only-the-o": (goal, checks.only_the_o)}
        goal, self._check = games[validate.choice(game, "game", games)]
        self.feature = PixelGrid(
            np.full((3, 3), -1), _("your feature"), palette=[-1, 1], hover=False, size=180, **LETTER
        )
        self.feature.layout.max_width = "220px"
        pictures = {name: _board_picture(name) for name in ("O", "X", "bent X", "blank")}
        self.pictures = {
            name: PixelGrid(picture, label_of(name), size=190, hover=False, lens=False, **BOARD)
            for name, picture in pictures.items()
        }
        super().__init__([], [[self.feature, self.frame(goal)], list(self.pictures.values())])
        self.feature.on_edit(self.move)
        self.start()

    def reset(self):
        """The black feature."""
        self.feature.values = np.full((3, 3), -1)

    def refresh(self, _change=None):
        """Show the largest score on each picture, the window it comes from, and what the check says."""
        found = []
        for name, grid in self.pictures.items():
            scores = matching.score_map(grid.values, self.feature.values)
            best = matching.fraction(scores.max())
            grid.window = (*np.unravel_index(scores.argmax(), scores.shape), 3, 3)
            grid.label = f"{label_of(name)}: {best}"
            found.append(f"{label_of(name)} {best}")
        numbers = _("Largest scores: {scores}.").format(scores="; ".join(found))
        opening = _("The feature is black. {numbers}").format(numbers=numbers)
        self.report(lambda: self._check(self.feature.values), numbers, opening)

    def still(self):
        """The feature, and the pictures in one row."""
        return side_by_side([grid.picture() for grid in (self.feature, *self.pictures.values())])


class LearningPanel(Panel):
    """A feature that learns from letters: from ten random starts or your own, at any of five rates, letter by letter.

    >>> LearningPanel(1, rate=1, letters=0).sentence.split(": ")[0]
    'Student number 1, rate 1, after 0 letters'
    """

    def __init__(self, student_number=1, rate=0.01, letters=0):
        student_number = validate.whole(student_number, "student_number", 0)
        rates = {f"{one:g}": one for one in RATES}
        rate = rates[validate.choice(f"{validate.number(rate, 'rate'):g}", "rate", rates)]
        letters = validate.whole(letters, "letters", 0, learned_features.TRAINING)
        numbers = sorted({*range(1, 11), student_number})
        self.number = dropdown(_("student number"), numbers, student_number, NARROW)
        self.rate = dropdown(_("rate"), rates.items(), rate, NARROW)
        self.letters = slider(_("letters"), letters, 0, learned_features.TRAINING, width="420px")
        self.feature = PixelGrid(np.zeros((3, 3)), _("feature"), decimals=2, size=260, **SCORES)
        self.known = PixelGrid(matching.FEATURES["small X"], label_of("small X"), size=260, **SCORES)
        super().__init__([self.number, self.rate, self.letters], [self.feature, self.known])
        self.watch(self.number, self.rate, self.letters)
        self.refresh()

    def refresh(self, _change=None):
        """Learn from the first letters of the chosen student number, and count mistakes on 1,000 other letters."""
        number, rate, count = self.number.value, self.rate.value, self.letters.value
        feature = learned_features.first_weights(number)
        if count:
            letters, labels = learned_features.own_letters(number)
            feature = learned_features.learn(letters[:count], labels[:count], feature, rate)
        self.feature.values = feature
        text = _(
            "Student number {number}, rate {rate:g}, after {count} letters: {wrong} of 1,000 other letters are wrong."
        )
        wrong = learned_features.count_wrong(*learned_features.other_letters(), feature)
        self.say(text.format(number=number, rate=rate, count=count, wrong=wrong))
