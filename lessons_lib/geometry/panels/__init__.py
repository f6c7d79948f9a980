"""Lesson 4's panels: the stride-and-padding board, a colour layer, the layer calculator, the receptive field."""

from lessons_lib.geometry.panels.board import CASES, StrideBoard
from lessons_lib.geometry.panels.calculator import LAYERS, LayerCalculator
from lessons_lib.geometry.panels.colour import ColourLayer
from lessons_lib.geometry.panels.field import STACKS, ReceptiveFieldGrower

__all__ = ["CASES", "LAYERS", "STACKS", "ColourLayer", "LayerCalculator", "ReceptiveFieldGrower", "StrideBoard"]
