"""Lesson 4's panels: the stride-and-padding board, a colour layer, the layer calculator, the receptive field."""

from lessons_lib.explorers.geometry.board import CASES, StrideBoard
from lessons_lib.explorers.geometry.calculator import LAYERS, LayerCalculator
from lessons_lib.explorers.geometry.colour import ColourLayer
from lessons_lib.explorers.geometry.field import STACKS, ReceptiveFieldGrower

__all__ = ["CASES", "LAYERS", "STACKS", "ColourLayer", "LayerCalculator", "ReceptiveFieldGrower", "StrideBoard"]
