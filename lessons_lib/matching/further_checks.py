"""The tasks of lesson 3's further notebooks: filters that are as deep as their picture.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict; `deep_response` shows its Verdict,
and returns the student's function when it is right, else the library's.
"""

import numpy as np

from lessons_lib import matching
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import judge, judge_function, task


@task("matching/deep-response", otherwise=matching.response_map)
def deep_response(answer):
    """The one map of a filter that is as deep as its picture.

    >>> _function = deep_response(lambda picture, kernel: _maps(picture, kernel)[0])
    ✗ That is the map of the first channel alone; the maps of all channels are added.
    """

    def three(picture, kernel):
        return sum(_maps(picture, kernel)[:3])

    mistakes = [
        ("first-channel", lambda picture, kernel: _maps(picture, kernel)[0],
         _("That is the map of the first channel alone; the maps of all channels are added.")),
        ("last-channel", lambda picture, kernel: _maps(picture, kernel)[-1],
         _("That is the map of the last channel alone: in the loop, add to what there was.")),
        ("mean", lambda picture, kernel: np.mean(_maps(picture, kernel), axis=0),
         _("That is the mean of the maps; a layer adds them.")),
        ("stacked", lambda picture, kernel: np.stack(_maps(picture, kernel), axis=-1),
         _("You keep one map for each channel; add them: one filter makes one map.")),
        ("stacked", _maps, _("You keep one map for each channel; add them: one filter makes one map.")),
        ("one-number", lambda picture, kernel: np.sum(_maps(picture, kernel)),
         _("You added too much: the channels are added, the places are not.")),
        ("three", three, _("You count on three channels; a filter may have any depth, `kernel.shape[2]`.")),
        ("relu", lambda picture, kernel: matching.relu(sum(_maps(picture, kernel))),
         _("The sums are right; leave the negative ones, ReLU comes later.")),
        ("first-kernel", lambda picture, kernel: _each(picture, [kernel[..., 0]] * kernel.shape[2]),
         _("Every channel of the picture has its own channel of the filter.")),
        ("first-picture", lambda picture, kernel: _each(picture[..., [0] * kernel.shape[2]], np.moveaxis(kernel, 2, 0)),
         _("You take the first channel of the picture every time.")),
    ]  # fmt: skip
    random = np.random.default_rng(3)
    shapes = [((5, 6, 3), (3, 3, 3)), ((6, 5, 4), (2, 3, 4)), ((4, 4, 2), (3, 2, 2))]
    cases = [tuple(random.integers(-4, 5, shape) for shape in pair) for pair in shapes]
    hint = _("Begin with total = 0, and add in a loop the map of each channel.")
    return judge_function(answer, cases, matching.response_map, mistakes, _("a picture and a filter"), hint)


def _maps(picture, kernel):
    """The map of each channel."""
    return [matching.response_map(picture[..., d], kernel[..., d]) for d in range(kernel.shape[2])]


def _each(picture, kernels):
    return sum(matching.response_map(picture[..., d], kernel) for d, kernel in enumerate(kernels))


@task("matching/colour-layer")
def colour_layer(answer):
    """Exercise 5: 16 filters of 5 x 5 on a colour photo of 200 rows and 300 columns.

    >>> colour_layer([196, 296, 48, 1200])
    ✗ Right: rows, columns and weights. Not yet: depth. Each filter makes one map: its three partial sums are added.
    """
    rows, columns, filters, weights, any_ = 196, 296, 16, 5 * 5 * 3 * 16, np.nan
    deep = _("A filter is as deep as its picture: it has 5 × 5 × 3 weights, not 5 × 5.")
    places = _("Only whole windows count here, so the map is smaller than the photo.")
    mistakes = [
        ("columns-first", [columns, rows, any_, any_], _("Rows come first: the photo has 200 rows and 300 columns.")),
        ("first-place", [rows - 1, columns - 1, any_, any_],
         _("The first place counts too: add 1 to rows and columns.")),
        ("same-size", [200, 300, any_, any_], places),
        ("map-per-colour", [any_, any_, 3 * filters, any_],
         _("Each filter makes one map: its three partial sums are added.")),
        ("depth-of-photo", [any_, any_, 3, any_],
         _("The result is not as deep as the photo; how many maps are there?")),
        ("one-map", [any_, any_, 1, any_], _("That is the map of one filter; how many filters are there?")),
        ("flat-filter", [any_, any_, any_, 5 * 5 * filters], deep),
        ("flat-filter", [any_, any_, any_, 5 * 5], deep),
        ("one-filter", [any_, any_, any_, 5 * 5 * 3],
         _("These are the weights of one filter; how many has the layer?")),
        ("biases-too", [any_, any_, any_, weights + filters],
         _("The filters of this exercise have no biases; count the weights.")),
    ]  # fmt: skip
    hint = _("Count the places where 5 × 5 fits on 200 × 300, then the maps, then the numbers in all filters.")
    parts = [_("rows"), _("columns"), _("depth"), _("weights")]
    return judge(answer, [rows, columns, filters, weights], mistakes, hint, parts=parts)
