"""`Game`: a panel with a goal, which counts moves, starts again, and says when it is won."""

import ipywidgets as widgets

from lessons_lib.core.i18n import _
from lessons_lib.widgets.controls import button
from lessons_lib.widgets.panel import Panel


class Game(Panel):
    """The frame of every game.

    A subclass puts `self.frame(goal)` among its grids, calls `self.move` when the student has moved and `self.start()`
    at the end of its constructor. It overrides `reset`, which brings back the beginning, and its `refresh` ends in
    `self.report(...)`.

    >>> from lessons_lib.core.verdict import Verdict
    >>> class Wait(Game):
    ...     def __init__(self):
    ...         super().__init__([], [self.frame("Two moves.")])
    ...         self.start()
    ...
    ...     def refresh(self, _change=None):
    ...         self.report(lambda: Verdict("You moved.", self.moves > 1), opening="Move twice.")
    >>> game, said = Wait(), []
    >>> for act in (game.move, game.move, game.again.click):
    ...     act()
    ...     said.append(game.sentence)
    >>> said
    ['You moved. Moves: 1.', '✓ Won with 2 moves. You moved.', 'Move twice.']
    """

    moves = 0

    def frame(self, goal, *inside):
        """The goal, which may hold HTML, what stands below it, and the button that starts again."""
        self.goal = widgets.HTML(f"<p>{goal}</p>")
        self.goal.add_class("lesson-goal")
        self.again = button(_("Start again"), self.start, icon="refresh")
        self.again.layout.align_self = "flex-start"
        return widgets.VBox([self.goal, *inside, self.again])

    def reset(self):
        """Bring back what the game begins with; a subclass overrides it."""

    def start(self):
        """Begin, or begin again, with no move."""
        with self.quiet():
            self.reset()
        self.moves = 0
        self.refresh()

    def move(self, *_what):
        """Count a move and show what it did."""
        self.moves += 1
        self.refresh()

    def report(self, check, numbers="", opening=""):
        """Say what `check()` says, and `numbers`; before the first move only `opening`, if there is one."""
        verdict = check() if self.moves or not opening else None
        won = bool(self.moves and verdict.passed)
        (self.add_class if won else self.remove_class)("lesson-won")
        text = _("✓ Won with {moves} moves. {numbers}") if won else _("{verdict} Moves: {moves}. {numbers}")
        numbers = numbers or (verdict if won else "")
        said = text.format(moves=self.moves, verdict=verdict, numbers=numbers).strip()
        self.say(opening if verdict is None else said)
