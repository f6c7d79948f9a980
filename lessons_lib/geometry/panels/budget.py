"""`BudgetGame`: three layers that must fit into so many parameters and multiply-adds."""

import html

import ipywidgets as widgets

from lessons_lib import geometry
from lessons_lib.core.i18n import _
from lessons_lib.core.text import size_text
from lessons_lib.geometry import checks, figures
from lessons_lib.widgets import game
from lessons_lib.widgets.controls import dropdown

CHOICES = {"K": (8, 16, 24, 32, 48, 64), "F": (3, 5, 7), "S": (1, 2, 4), "P": (0, 1, 2, 3)}
FIRST = (64, 3, 1, 0)
TABLE = """<style>.lesson-budget :is(th, td) {{ text-align: right; padding: 1px 14px 1px 0 }}</style>
<table class="lesson-budget" style="font-size:15px;line-height:1.5">{rows}</table>"""


class BudgetGame(game.Game):
    """Three layers to choose, number by number, until they keep the budget.

    >>> panel = BudgetGame()
    >>> for layer, kernels in zip(panel.layers, (24, 24, 48)):
    ...     for control, value in zip(layer, (kernels, 3, 2, 1)):
    ...         control.value = value
    >>> panel.sentence.split(".")[0]
    'The last volume is 4 × 4 × 48; 4 × 4 × 64 is wanted'
    """

    def __init__(self):
        goal = _(
            "From {into} numbers to a last volume of {out}: every pixel is read, there are at least {kernels} kernels "
            "in all, and at most {parameters:,} parameters and {work:,} multiply-adds."
        )
        words = checks.BUDGET | {"into": size_text(*checks.BUDGET["into"]), "out": size_text(*checks.BUDGET["out"])}
        titles = (_("K"), _("F"), _("S"), _("P"))
        self.layers = [
            [
                dropdown(title, values, first, "100px")
                for title, values, first in zip(titles, CHOICES.values(), FIRST, strict=True)
            ]
            for _layer in range(3)
        ]
        self.board = widgets.HTML()
        names = [widgets.HTML(_("layer {k}").format(k=k), layout={"width": "60px"}) for k in (1, 2, 3)]
        rows = [widgets.HBox([name, *layer]) for name, layer in zip(names, self.layers, strict=True)]
        super().__init__([], [[self.frame(html.escape(goal.format(**words)), *rows), self.board]])
        for layer in self.layers:
            for control in layer:
                self.follow(control, self.move)
        self.start()

    @property
    def plan(self):
        """Kernels, size, stride and padding of each layer."""
        return [tuple(control.value for control in layer) for layer in self.layers]

    def reset(self):
        """The first plan."""
        for layer in self.layers:
            for control, value in zip(layer, FIRST, strict=True):
                control.value = value

    def refresh(self, _change=None):
        """Show what each layer gives and costs, and what the check says."""
        plan, (side, _columns, depth) = self.plan, checks.BUDGET["into"]
        rows = [("", _("output"), _("parameters"), _("multiply-adds"))]
        for k, layer in enumerate(plan, 1):
            parameters, work, _activations = geometry.count([layer], side, depth)
            side, depth = geometry.places(side, *layer[1:]), layer[0]
            rows.append((_("layer {k}").format(k=k), size_text(side, side, depth), f"{parameters:,}", f"{work:,}"))
        parameters, work, _activations = geometry.count(plan, *checks.BUDGET["into"][1:])
        kernels = sum(layer[0] for layer in plan)
        rows.append((_("in all"), _("{count} kernels").format(count=kernels), f"{parameters:,}", f"{work:,}"))
        cells = ["".join(f"<td>{html.escape(text)}</td>" for text in row) for row in rows]
        self.board.value = TABLE.format(rows="".join(f"<tr>{row}</tr>" for row in cells))
        numbers = _("Last volume {out}; {kernels} kernels, {parameters:,} parameters, {work:,} multiply-adds.")
        numbers = numbers.format(out=size_text(side, side, depth), kernels=kernels, parameters=parameters, work=work)
        self.report(lambda: checks.budget(plan), numbers)

    def still(self):
        """The volumes as boxes."""
        sides = geometry.sides(self.plan, checks.BUDGET["into"][0])
        depths = [checks.BUDGET["into"][2], *(layer[0] for layer in self.plan)]
        return figures.plan([(side, side, depth) for side, depth in zip(sides, depths, strict=True)])
