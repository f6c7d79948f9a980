"""The exercises' checks: an answer in, a sentence out that names the misconception and never the solution."""

from lessons_lib.checks import architectures as architectures
from lessons_lib.checks import filtering as filtering
from lessons_lib.checks import geometry as geometry
from lessons_lib.checks import images as images
from lessons_lib.checks import lenet as lenet
from lessons_lib.checks import matching as matching
from lessons_lib.checks import pooling as pooling
from lessons_lib.checks import transfer as transfer
