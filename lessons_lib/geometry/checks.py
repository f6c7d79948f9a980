"""Lesson 4's exercises: sizes, Keras' rounding, padding that keeps the size, a colour cell, costs, receptive fields.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict.
"""

import numpy as np

from lessons_lib import geometry
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import judge, judge_function, task

# Exercise 4, channel by channel: a patch and a kernel of shape (3, 3, 3), small enough to be read.
PATCH = np.stack(
    [[[7, 7, 2], [8, 6, 2], [5, 1, 2]], [[3, 4, 5], [2, 4, 6], [1, 4, 7]], [[0, 1, 0], [2, 9, 2], [0, 1, 0]]], -1
)
KERNEL = np.stack([[[1, 1, 1], [0, 0, 0], [-1, -1, -1]], [[1, 0, -1]] * 3, [[0, 0, 0], [0, 1, 0], [0, 0, 0]]], axis=-1)
BIAS = 6


@task("geometry/side-of-the-output")
def side_of_the_output(answer):
    """Exercise 1: how many places a 9 x 9 kernel has on 61 pixels with stride 2 and padding 4.

    >>> side_of_the_output(30)
    ✗ That is the number of steps; the place it starts from counts too.
    """
    n, f, s, p = 61, 9, 2, 4
    padded = n + 2 * p
    right = geometry.output_size(n, f, s, p)
    mistakes = [
        ("no-stride", padded - f + 1, _("You forgot the stride: the window moves two pixels at a time.")),
        ("steps", (padded - f) // s, _("That is the number of steps; the place it starts from counts too.")),
        ("way", padded - f,
         _("That is how far the window can move; a step is two pixels, and the first place counts.")),
        ("one-end", (n - f + p) / s + 1,
         _("Padding 4 means four zeros at *each* end, eight in all; you counted four.")),
        ("no-padding", (n - f) / s + 1, _("You forgot the padding.")),
        ("no-padding", (n - f) / s, _("You forgot the padding, and to count the first place.")),
        ("no-kernel", padded / s + 1,
         _("You forgot to subtract the kernel's side: the last window begins before the end.")),
        ("no-kernel", padded / s, _("You forgot to subtract the kernel's side, and to count the first place.")),
        ("divided-by-3", (padded - f) / (s + 1),
         _("You divided by S + 1; divide by S, and count the first place after that.")),
        ("stride-1", n, _("With stride 1 this padding would keep 61; here the stride is 2.")),
        ("cells", right**2, _("That is the number of cells; give the number of rows.")),
    ]  # fmt: skip
    hint = _("How long is a row with its zeros, and how many steps can the window take on it?")
    return judge(answer, right, mistakes, hint)


@task("geometry/shape-by-keras")
def shape_by_keras(answer):
    """Exercise 2: the shape of Keras' `valid` output of 30 rows and 20 columns under 4 x 4 at stride 3.

    >>> shape_by_keras((9, 7))
    ✗ Right: rows. Not yet: columns. You rounded up, which is what `same` does; `valid` rounds down.
    """
    rows, columns, f, s = 30, 20, 4, 3
    expected = [geometry.keras_output_size(n, f, s) for n in (rows, columns)]
    exact = [(n - f) / s + 1 for n in (rows, columns)]
    up = _("You rounded up, which is what `same` does; `valid` rounds down.")
    steps = _("Those are the numbers of steps; the place it starts from counts too.")
    mistakes = [
        ("nearest", np.rint(exact),
         _("You rounded to the nearest; a window that sticks out has no place at all: round down.")),
        ("rounded-up", np.ceil(exact), up),
        ("rounded-up", (np.nan, np.ceil(exact[1])), up),
        ("columns-first", expected[::-1], _("Rows come before columns.")),
        ("fractions", exact, _("There is no fraction of a window: Keras gives a whole number.")),
        ("fractions", np.array(exact) - 1, steps),
        ("steps", np.array(expected) - 1, steps),
        ("no-stride", [n - f + 1 for n in (rows, columns)], _("You forgot the stride.")),
        ("no-kernel", [n // s for n in (rows, columns)], _("You forgot that the kernel itself needs room.")),
        ("product", np.prod(expected), _("That is the number of cells; give rows and columns.")),
        ("one-side", expected[0], _("Those are the rows; give rows and columns.")),
    ]  # fmt: skip
    hint = _("Give (rows, columns); compute each side by itself.")
    return judge(answer, expected, mistakes, hint, parts=[_("rows"), _("columns")])


@task("geometry/padding-that-keeps")
def padding_that_keeps(answer):
    """Exercise 3: a function that gives the padding with which an odd kernel keeps the size at stride 1.

    >>> padding_that_keeps(lambda f: f - 1)
    ✗ That is what both ends need together; P is counted at each end.
    """
    sizes = range(1, 12, 2)
    mistakes = [
        ("both-ends", lambda f: f - 1, _("That is what both ends need together; P is counted at each end.")),
        ("half", lambda f: f / 2, _("For F = 3 that gives 1.5, and there are no half pixels.")),
        ("one-more", lambda f: (f + 1) // 2,
         _("For F = 3 that gives 2, and 7 pixels become 9: one too many at each end.")),
        ("always-1", lambda f: 1, _("That is right for F = 3 only: a larger kernel needs more.")),
        ("kernel", lambda f: f, _("The padding is smaller than the kernel; put it into N - F + 2P + 1 = N and see.")),
    ]  # fmt: skip

    def hint(given):
        text = _("For F = {f} your function gives {p:g}, and 20 pixels become {n:g}.")
        wrong = [(f, p.item()) for f, p in zip(sizes, given, strict=True) if p.size == 1 and p.item() != (f - 1) / 2]
        return next((text.format(f=f, p=p, n=21 - f + 2 * p) for f, p in wrong), "")

    what = _("one odd number, such as 3")
    return judge_function(answer, [(f,) for f in sizes], lambda f: (f - 1) / 2, mistakes, what, hint)


@task("geometry/colour-cell")
def colour_cell(answer):
    """Exercise 4: the output cell of `PATCH` under `KERNEL` with `BIAS`.

    >>> colour_cell((PATCH * KERNEL).sum())
    ✗ You forgot the bias.
    """
    products = PATCH * KERNEL
    sums, turned = products.sum(axis=(0, 1)), (PATCH * KERNEL[::-1, ::-1]).sum() + BIAS
    biases = _("There is one bias for a kernel, not one for each of its channels or weights.")
    block = _("You took the first block that `print` shows for the first channel; it is the first row of all channels.")
    mistakes = [
        ("no-bias", sums.sum(), _("You forgot the bias.")),
        ("partial-sums", sums, _("Those are the three partial sums; the layer adds them up, and the bias.")),
        ("channels-apart", sums + BIAS, _("Add up the three channels; one cell of the output is one number.")),
        *(("many-biases", sums.sum() + count * BIAS, biases) for count in (3, 9, 27)),
        ("mean", sums.mean() + BIAS, _("You took the mean of the channels; the layer adds them up.")),
        ("mean", products.mean() + BIAS, _("You took the mean of the products; the layer adds them up.")),
        ("first-channel", sums[0] + BIAS, _("That is the first channel only; the kernel is as deep as its input.")),
        ("first-row", products[0].sum() + BIAS, block),
        ("minus-lost", (PATCH * abs(KERNEL)).sum() + BIAS, _("You took the weights without their minus signs.")),
        ("added-first", PATCH.sum() * KERNEL.sum() + BIAS,
         _("Multiply cell by cell first, then add; you added first.")),
        ("channels-only", products.sum(axis=2),
         _("You added up the channels only; rows and columns are still to be added.")),
        ("half-turn", turned,
         _("You turned the kernel by half a turn first; a layer of a network lays it down as it is.")),
    ]  # fmt: skip
    hint = _(
        "Channel by channel, [:, :, 0], [:, :, 1] and [:, :, 2]: nine products and their sum. The bias comes once."
    )
    return judge(answer, sums.sum() + BIAS, mistakes, hint)


@task("geometry/cost-of-a-layer")
def cost_of_a_layer(answer):
    """Exercise 5: parameters and multiply-adds of 64 kernels 5 x 5, stride 2, padding 2, on 27 x 27 x 32.

    >>> cost_of_a_layer((51_200, 10_035_200))
    ✗ Right: multiply-adds. Not yet: parameters. You forgot the biases.
    """
    n, depth, kernels, f = 27, 32, 64, 5
    layer = geometry.layer(n, n, depth, kernels, f, 2, 2)
    parameters = [
        ("no-biases", layer.weights, _("You forgot the biases.")),
        ("one-kernel", f * f * depth,
         _("Those are the weights of one kernel: the factor K is missing, and the biases.")),
        ("slide", f * f * depth + kernels, _("That is the slide's sum: the weights need the factor K.")),
        ("one-kernel", f * f * depth + 1, _("That is one kernel with its bias; the layer has 64.")),
        ("flat-kernel", f * f * kernels + kernels, _("A kernel is as deep as its input: the factor 32 is missing.")),
        ("one-bias", layer.weights + 1, _("Each kernel has a bias of its own.")),
        ("bias-per-channel", layer.weights + depth,
         _("There is one bias for each kernel, not for each channel that comes in.")),
        ("side-not-squared", f * depth * kernels + kernels,
         _("The kernel is a square: F x F weights in each channel.")),
    ]  # fmt: skip
    work = [
        ("weights", layer.weights, _("Those are the weights; each is used once at every place of the window.")),
        ("input-places", n * n * layer.weights,
         _("You counted the places of the input; with stride 2 the output has fewer.")),
        ("one-side", n * layer.width * layer.weights, _("The stride makes both sides shorter, not one of them.")),
        ("one-kernel", layer.multiply_adds // kernels, _("That is the work of one kernel; there are 64.")),
        ("flat-kernel", layer.multiply_adds // depth,
         _("A kernel reads every channel of its input: the factor 32 is missing.")),
        ("biases-too", layer.width**2 * layer.parameters,
         _("A bias is added, but it is multiplied by nothing: leave it out here.")),
        ("counted-twice", 2 * layer.multiply_adds, _("A multiplication and its addition count as one here.")),
        ("no-padding", 12**2 * layer.weights, _("You forgot the padding: with it, the output has more places.")),
        ("first-place", 13**2 * layer.weights, _("The place where the window begins counts too: add 1 to the steps.")),
    ]  # fmt: skip
    mistakes = [
        ("exchanged", (layer.multiply_adds, layer.parameters),
         _("The other way round: parameters first, then multiply-adds.")),
        *((name, (value, np.nan), sentence) for name, value, sentence in parameters),
        *((name, (np.nan, value), sentence) for name, value, sentence in work),
    ]  # fmt: skip
    hint = _("Count one kernel, then all, then the biases; and at how many places of the window is each weight used?")
    parts = [_("parameters"), _("multiply-adds")]
    return judge(answer, (layer.parameters, layer.multiply_adds), mistakes, hint, parts=parts)


@task("geometry/field-of-three-layers")
def field_of_three_layers(answer):
    """Exercise 6: the receptive field of 7 x 7 at stride 2, then 3 x 3 at stride 2, then 3 x 3 at stride 1.

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
