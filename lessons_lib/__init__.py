"""The helper package of a course on convolutional neural networks: one folder a lesson, named by its slug."""

import sys

from lessons_lib.core import data as data

__version__ = "0.2.0"

# Where the modules of the first edition are now.
MOVED = {
    "backprop": "lessons_lib.pooling.backprop",
    "checks": "lessons_lib.<lesson>.checks, such as lessons_lib.filtering.checks",
    "data": "lessons_lib.core.data (from lessons_lib import data)",
    "descent": "lessons_lib.pooling.gradient_descent",
    "elsewhere": "lessons_lib.pooling.other_data",
    "expect": "lessons_lib.core.validate",
    "explorers": "lessons_lib.<lesson>.panels, such as lessons_lib.filtering.panels",
    "figures": "lessons_lib.<lesson>.figures, such as lessons_lib.filtering.figures",
    "i18n": "lessons_lib.core.i18n",
    "letters": "lessons_lib.matching",
    "networks": "lessons_lib.keras_models",
    "notebook": "lessons_lib.core.notebook",
    "pieces": "lessons_lib.matching.learned_features",
    "seeing": "lessons_lib.transfer.inspect_network",
    "tables": "lessons_lib.architectures.layer_table",
    "tasks": "lessons_lib.transfer.small_data",
    "ways": "lessons_lib.transfer.training_comparison",
    "zoos": "lessons_lib.transfer.model_tables",
}


class _MovedFinder:
    """Answers an import of a module of the first edition by the place where it is now."""

    @staticmethod
    def find_spec(fullname, _path=None, _target=None):
        package, _dot, name = fullname.partition(".")
        if package == __name__ and name in MOVED:
            raise ImportError(f"{fullname} has moved: it is now {MOVED[name]}")


# First, since a folder that is left of the first edition would be found before.
sys.meta_path.insert(0, _MovedFinder)
