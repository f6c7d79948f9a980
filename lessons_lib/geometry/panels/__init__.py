"""Lesson 4's panels: the stride board, a colour layer, the budget game, the layer calculator, the receptive field."""

from lessons_lib.geometry.panels.board import StrideBoard
from lessons_lib.geometry.panels.budget import BudgetGame
from lessons_lib.geometry.panels.calculator import LAYERS, LayerCalculator
from lessons_lib.geometry.panels.colour import ColourLayer
from lessons_lib.geometry.panels.field import STACKS, ReceptiveFieldGrower

__all__ = [
    "LAYERS", "STACKS", "BudgetGame", "ColourLayer", "LayerCalculator", "ReceptiveFieldGrower", "StrideBoard",
]  # fmt: skip
