"""Panels a student plays with: controls, grids and one sentence; the arithmetic is in the lesson modules."""

from lessons_lib.explorers import architectures as architectures
from lessons_lib.explorers import filtering as filtering
from lessons_lib.explorers import geometry as geometry
from lessons_lib.explorers import images as images
from lessons_lib.explorers import lenet as lenet
from lessons_lib.explorers import matching as matching
from lessons_lib.explorers import pooling as pooling
from lessons_lib.explorers import training as training
from lessons_lib.explorers import transfer as transfer
