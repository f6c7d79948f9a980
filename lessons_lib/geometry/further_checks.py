"""The tasks of lesson 4's further notebooks: receptive fields, AlexNet's first layer.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict; `field` and `places_up` show their
Verdict, and return the student's function when it is right, else the library's.
"""

import math

import numpy as np

from lessons_lib import geometry
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import judge, judge_function, task

# --- 04-receptive-field


@task("geometry/field", otherwise=geometry.receptive_field)
def field(answer):
    """The side of the square of pixels that one cell of the last layer depends on.

    >>> _function = field(lambda layers: _walk(layers, lambda cells, size, stride: cells * stride + size))
    ✗ Three neighbouring cells lie two strides apart, not three: one stride less than there are cells.
    """
    between = _("Three neighbouring cells lie two strides apart, not three: one stride less than there are cells.")
    mistakes = [
        ("gaps", lambda layers: _walk(layers, lambda cells, size, stride: cells * stride + size), between),
        ("no-stride", lambda layers: _walk(layers, lambda cells, size, stride: cells - 1 + size),
         _("You forgot the stride: neighbouring windows begin `stride` cells apart.")),
        ("no-size", lambda layers: _walk(layers, lambda cells, size, stride: (cells - 1) * stride),
         _("That is where the last window begins; it is `size` cells long.")),
        ("multiplied", lambda layers: _walk(layers, lambda cells, size, stride: cells * size),
         _("You multiplied the sizes; neighbouring windows overlap.")),
        ("exchanged", lambda layers: _walk(layers, lambda cells, size, stride: (cells - 1) * size + stride),
         _("Size and stride are exchanged.")),
        ("forwards", lambda layers: geometry.receptive_field(layers[::-1]),
         _("You begin at the picture; begin at the last layer, and walk back.")),
        ("one-layer", lambda layers: layers[0][0], _("That is what the first layer sees: `cells` has to change.")),
        ("last-layer", lambda layers: layers[-1][0],
         _("That is the window of the last layer: the loop must go through all layers before it returns.")),
        ("always-1", lambda layers: 1, _("Your function always gives 1: `cells` does not change in the loop.")),
        ("pixels", lambda layers: geometry.receptive_field(layers) ** 2,
         _("That is the number of pixels; give the side of the square.")),
    ]  # fmt: skip
    cases = [([(5, 1), (2, 2), (5, 1), (2, 2)],), ([(7, 2), (3, 1)],), ([(3, 1), (3, 2), (5, 3)],), ([(4, 2)],)]
    hint = _("One cell of the last layer needs `size` cells of the one before. How many do two cells need?")
    return judge_function(answer, cases, geometry.receptive_field, mistakes, _("a list of (size, stride)"), hint)


def _walk(layers, rule):
    cells = 1
    for size, stride in reversed(layers):
        cells = rule(cells, size, stride)
    return cells


@task("geometry/field-of-three-layers")
def field_of_three_layers(answer):
    """The receptive field of 7 x 7 at stride 2, then 3 x 3 at stride 2, then 3 x 3 at stride 1.

    >>> field_of_three_layers(63)
    ✗ You multiplied the sizes; neighbouring windows overlap.
    """
    layers = [(7, 2), (3, 2), (3, 1)]
    sizes = [f for f, _stride in layers]
    field = geometry.receptive_field(layers)
    one_stride = _("You forgot one of the strides: both the first and the second layer take steps of 2.")
    gaps = _("Three cells in a row are two steps apart, not three: n cells have n − 1 gaps between them.")
    mistakes = [
        ("no-strides", geometry.receptive_field(sizes),
         _("You forgot the strides: a step in a later map is several in the picture.")),
        ("one-stride", geometry.receptive_field([(7, 2), (3, 1), (3, 1)]), one_stride),
        ("one-stride", geometry.receptive_field([(7, 1), (3, 2), (3, 1)]), one_stride),
        ("added", sum(sizes),
         _("You added the sizes; two windows that touch share cells, and strides pull them apart.")),
        ("multiplied", int(np.prod(sizes)), _("You multiplied the sizes; neighbouring windows overlap.")),
        ("forwards", geometry.receptive_field(layers[::-1]),
         _("You went from the first layer on; begin at the last and walk back.")),
        *(("gaps", wrong, gaps) for wrong in (23, 25, 29)),
        ("first-layer", 7, _("That is what the first layer sees; the two after it see more.")),
        ("two-layers", geometry.receptive_field(layers[:2]), _("That is the field after two layers.")),
        ("without-first", geometry.receptive_field(layers[1:]), _("You left out the first layer.")),
        ("pixels", field**2, _("That is the number of pixels; give the side of the square.")),
        ("all-steps", (3, 7, field), _("Give the last of them: the side of the square in the picture.")),
    ]  # fmt: skip
    hint = _(
        "Begin with one cell of the last map: how many cells of the map before does it see, and what do those see?"
    )
    return judge(answer, field, mistakes, hint)


# --- 04-alexnet-puzzle


def _places(pixels, size, stride, padding=0):
    return math.ceil((pixels - size + 2 * padding) / stride) + 1


@task("geometry/places-up", otherwise=_places)
def places_up(answer):
    """The number of places when the last window may stick out: rounded up.

    >>> _function = places_up(lambda pixels, size, stride, padding=0: (pixels - size + 2 * padding) // stride + 1)
    ✗ You round down; the author's program rounds up.
    """

    def rule(change):
        return lambda pixels, size, stride, padding=0: change(pixels - size, stride, padding)

    mistakes = [
        ("down", rule(lambda span, s, p: (span + 2 * p) // s + 1),
         _("You round down; the author's program rounds up.")),
        ("nearest", rule(lambda span, s, p: round((span + 2 * p) / s) + 1),
         _("You round to the nearest; the author's program rounds up, however little is left.")),
        ("fraction", rule(lambda span, s, p: (span + 2 * p) / s + 1), _("You do not round; round up.")),
        ("first-place", rule(lambda span, s, p: math.ceil((span + 2 * p) / s)),
         _("That is the number of steps; the place where the window begins counts too.")),
        ("always-more", rule(lambda span, s, p: (span + 2 * p) // s + 2),
         _("You always add one more; where the windows fit exactly, nothing is rounded.")),
        ("one-end", rule(lambda span, s, p: math.ceil((span + p) / s) + 1),
         _("The padding lies at both ends, so it counts twice.")),
        ("no-padding", rule(lambda span, s, p: math.ceil(span / s) + 1), _("You forgot the padding.")),
        ("no-stride", rule(lambda span, s, p: span + 2 * p + 1), _("You forgot the stride.")),
        ("same", lambda pixels, size, stride, padding=0: math.ceil(pixels / stride),
         _("That is Keras' `same`, which does not ask for the size of the window.")),
        ("always-55", rule(lambda span, s, p: 55), _("Your function always gives 55; use its arguments.")),
    ]  # fmt: skip
    cases = [(224, 11, 4), (227, 11, 4), (226, 11, 4), (224, 7, 2, 3), (13, 3, 3, 1), (7, 3, 2)]
    what = _("pixels, size, stride and padding")
    hint = _("Rounded up is `math.ceil` or `np.ceil` in Python; what is rounded is the number of steps.")
    return judge_function(answer, cases, _places, mistakes, what, hint)


@task("geometry/last-window")
def last_window(answer):
    """Where the last of 55 windows begins on 224 columns, and how many of its columns lie outside.

    >>> last_window((220, 7))
    ✗ You took 55 steps; the first window needs no step.
    """
    pixels, size, stride = 224, 11, 4
    count = _places(pixels, size, stride)
    start = (count - 1) * stride
    outside = start + size - pixels
    mistakes = [
        ("steps", (start + stride, outside + stride), _("You took 55 steps; the first window needs no step.")),
        ("steps", (start + stride, np.nan), _("You took 55 steps; the first window needs no step.")),
        ("inside", (start - stride, np.nan), _("That is the last window that lies inside; the one after it is meant.")),
        ("exchanged", (outside, start), _("The other way round: first where it begins, then how many lie outside.")),
        ("from-1", (start + 1, np.nan), _("Columns are counted from 0.")),
        ("inside-columns", (np.nan, size - outside),
         _("That is how many columns lie inside the picture; the others are meant.")),
        ("last-column", (np.nan, start + size - 1),
         _("That is the last column of the window; how many of its columns come after the picture?")),
        ("one-less", (np.nan, outside - 1), _("The picture ends with column 223, so column 224 is outside already.")),
        ("one-more", (np.nan, outside + 1), _("The window ends with the column before start + 11.")),
        ("left-over", (np.nan, (pixels - size) % stride),
         _("That is how many columns are never read when you round down.")),
    ]  # fmt: skip
    hint = _("The first window begins at column 0, the second at 4. A window covers 11 columns; the last pixel is 223.")
    parts = [_("where it begins"), _("columns outside")]
    return judge(answer, (start, outside), mistakes, hint, parts=parts)
