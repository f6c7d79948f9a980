"""Pictures: arrays in, a matplotlib Figure out; the only place with matplotlib, and never pyplot."""

from lessons_lib.figures import architectures as architectures
from lessons_lib.figures import descent as descent
from lessons_lib.figures import elsewhere as elsewhere
from lessons_lib.figures import filtering as filtering
from lessons_lib.figures import geometry as geometry
from lessons_lib.figures import images as images
from lessons_lib.figures import lenet as lenet
from lessons_lib.figures import matching as matching
from lessons_lib.figures import pooling as pooling
from lessons_lib.figures import training as training
from lessons_lib.figures import transfer as transfer
