"""Lesson 4's exercises: sizes, Keras' rounding, padding that keeps the size, a colour cell, costs, receptive fields.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict.
"""

import numpy as np

from lessons_lib import geometry
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import Verdict, judge, tried, untouched

# Exercise 4, channel by channel: a patch and a kernel of shape (3, 3, 3), small enough to be read.
PATCH = np.stack(
    [[[7, 7, 2], [8, 6, 2], [5, 1, 2]], [[3, 4, 5], [2, 4, 6], [1, 4, 7]], [[0, 1, 0], [2, 9, 2], [0, 1, 0]]], -1
)
KERNEL = np.stack([[[1, 1, 1], [0, 0, 0], [-1, -1, -1]], [[1, 0, -1]] * 3, [[0, 0, 0], [0, 1, 0], [0, 0, 0]]], axis=-1)
BIAS = 6


def side_of_the_output(answer):
    """Exercise 1: how many places a 9 x 9 kernel has on 61 pixels with stride 2 and padding 4.

    >>> side_of_the_output(30).passed
    False
    """
    n, f, s, p = 61, 9, 2, 4
    padded = n + 2 * p
    mistakes = [
        (padded - f + 1, _("You forgot the stride: the window moves two pixels at a time.")),
        ((padded - f) // s, _("That is the number of steps; the place it starts from counts too.")),
        ((n - f + p) / s + 1, _("Padding 4 means four zeros at *each* end, eight in all; you counted four.")),
        ((n - f) / s + 1, _("You forgot the padding.")),
        (padded / s + 1, _("You forgot to subtract the kernel's side: the last window begins before the end.")),
        (padded / s, _("You forgot to subtract the kernel's side, and to count the first place.")),
        (n, _("With stride 1 this padding would keep 61; here the stride is 2.")),
    ]
    hint = _("Put N = 61, F = 9, S = 2 and P = 4 into (N - F + 2P)/S + 1.")
    return judge(answer, geometry.output_size(n, f, s, p), mistakes, hint)


def shape_by_keras(answer):
    """Exercise 2: the shape of Keras' `valid` output of 30 rows and 20 columns under 4 x 4 at stride 3.

    >>> shape_by_keras((10, 6)).passed
    False
    """
    rows, columns, f, s = 30, 20, 4, 3
    expected = [geometry.keras_output_size(n, f, s) for n in (rows, columns)]
    exact = [(n - f) / s + 1 for n in (rows, columns)]
    up = [int(np.ceil(value)) for value in exact]
    mistakes = [
        (np.rint(exact), _("You rounded to the nearest; a window that sticks out has no place at all: round down.")),
        (up, _("You rounded up, which is what `same` does; `valid` rounds down.")),
        (expected[::-1], _("Rows come before columns.")),
        (exact, _("There is no fraction of a window: Keras gives a whole number.")),
        (np.array(expected) - 1, _("Those are the numbers of steps; the place it starts from counts too.")),
        ([n - f + 1 for n in (rows, columns)], _("You forgot the stride.")),
        ([n // s for n in (rows, columns)], _("You forgot that the kernel itself needs room.")),
    ]
    hint = _("Give (rows, columns); compute each side by itself.")
    return judge(answer, expected, mistakes, hint)


def padding_that_keeps(answer):
    """Exercise 3: a function that gives the padding with which an odd kernel keeps the size at stride 1.

    >>> padding_that_keeps(lambda f: f - 1).passed
    False
    """
    sizes = np.arange(1, 12, 2)
    given, verdict = tried(answer, [(int(f),) for f in sizes], _("one odd number, such as 3"))
    if verdict is not None:
        return verdict
    mistakes = [
        (sizes - 1, _("That is what both ends need together; P is counted at each end.")),
        (sizes / 2, _("For F = 3 that gives 1.5, and there are no half pixels.")),
        ((sizes + 1) // 2, _("For F = 3 that gives 2, and 7 pixels become 9: one too many at each end.")),
        (np.ones_like(sizes), _("That is right for F = 3 only: a larger kernel needs more.")),
        (sizes, _("The padding is smaller than the kernel; put it into N - F + 2P + 1 = N and see.")),
    ]
    f, p = next(((f, p.sum()) for f, p in zip(sizes, given, strict=True) if p.sum() != (f - 1) / 2), (1, 0))
    hint = _("For F = {f} your function gives {p:g}, and 20 pixels become {n:g}.").format(f=f, p=p, n=21 - f + 2 * p)
    return judge(given, (sizes - 1) / 2, mistakes, hint)


def colour_cell(answer):
    """Exercise 4: the output cell of `PATCH` under `KERNEL` with `BIAS`.

    >>> colour_cell((PATCH * KERNEL).sum()).passed
    False
    """
    products = PATCH * KERNEL
    sums, turned = products.sum(axis=(0, 1)), (PATCH * KERNEL[::-1, ::-1]).sum() + BIAS
    mistakes = [
        (sums.sum(), _("You forgot the bias.")),
        (sums, _("Those are the three partial sums; the layer adds them up, and the bias.")),
        (sums + BIAS, _("Add up the three channels; one cell of the output is one number.")),
        (sums.sum() + 3 * BIAS, _("There is one bias for a kernel, not one for each of its channels.")),
        (sums.mean() + BIAS, _("You took the mean of the channels; the layer adds them up.")),
        (products.mean() + BIAS, _("You took the mean of the products; the layer adds them up.")),
        (sums[0] + BIAS, _("That is the first channel only; the kernel is as deep as its input.")),
        (PATCH.sum() * KERNEL.sum() + BIAS, _("Multiply cell by cell first, then add; you added first.")),
        (products.sum(axis=2), _("You added up the channels only; rows and columns are still to be added.")),
        (turned, _("You turned the kernel by half a turn first; a layer of a network lays it down as it is.")),
    ]
    return judge(answer, sums.sum() + BIAS, mistakes, _("27 products, one sum, one bias."))


def cost_of_a_layer(answer):
    """Exercise 5: parameters and multiply-adds of 64 kernels 5 x 5, stride 2, padding 2, on 27 x 27 x 32.

    >>> cost_of_a_layer((51_200, 10_035_200)).passed
    False
    """
    n, depth, kernels, f = 27, 32, 64, 5
    layer = geometry.layer(n, n, depth, kernels, f, 2, 2)
    parameters = [
        (layer.weights, _("You forgot the biases.")),
        (f * f * depth, _("Those are the weights of one kernel: the factor K is missing, and the biases.")),
        (f * f * depth + kernels, _("That is the slide's sum: the weights need the factor K.")),
        (f * f * depth + 1, _("That is one kernel with its bias; the layer has 64.")),
        (f * f * kernels + kernels, _("A kernel is as deep as its input: the factor 32 is missing.")),
        (layer.weights + 1, _("Each kernel has a bias of its own.")),
        (layer.weights + depth, _("There is one bias for each kernel, not for each channel that comes in.")),
        (f * depth * kernels + kernels, _("The kernel is a square: F x F weights in each channel.")),
    ]
    work = [
        (layer.weights, _("Those are the weights; each is used once at every place of the window.")),
        (n * n * layer.weights, _("You counted the places of the input; with stride 2 the output has fewer.")),
        (27 * 14 * layer.weights, _("The stride makes both sides shorter, not one of them.")),
        (layer.multiply_adds // kernels, _("That is the work of one kernel; there are 64.")),
        (layer.multiply_adds // depth, _("A kernel reads every channel of its input: the factor 32 is missing.")),
        (layer.width**2 * layer.parameters, _("A bias is added, but it is multiplied by nothing: leave it out here.")),
        (2 * layer.multiply_adds, _("A multiplication and its addition count as one here.")),
        (13**2 * layer.weights, _("You forgot the padding: the output has 14 rows and columns.")),
    ]
    pending = untouched(answer)
    if pending is not None:
        return pending
    if not isinstance(answer, (tuple, list, np.ndarray)) or len(answer) != 2:
        return Verdict(_("Give two numbers: answer = parameters, multiply_adds."), False)
    if list(answer) == [layer.multiply_adds, layer.parameters]:
        return Verdict(_("The other way round: parameters first, then multiply-adds."), False)
    first = judge(answer[0], layer.parameters, parameters, _("Count one kernel, then all, then the biases."))
    if not first.passed:
        return Verdict(_("Parameters: {sentence}").format(sentence=first), False)
    second = judge(answer[1], layer.multiply_adds, work, _("Places of the window times weights."))
    if not second.passed:
        return Verdict(_("The parameters are right. Multiply-adds: {sentence}").format(sentence=second), False)
    return second


def field_of_three_layers(answer):
    """Exercise 6: the receptive field of 7 x 7 at stride 2, then 3 x 3 at stride 2, then 3 x 3 at stride 1.

    >>> field_of_three_layers(13).passed
    False
    """
    layers = [(7, 2), (3, 2), (3, 1)]
    sizes = [f for f, _stride in layers]
    field = geometry.receptive_field(layers)
    mistakes = [
        (
            geometry.receptive_field(sizes),
            _("You forgot the strides: a step in a later map is several in the picture."),
        ),
        (sum(sizes), _("You added the sizes; two windows that touch share cells, and strides pull them apart.")),
        (int(np.prod(sizes)), _("You multiplied the sizes; neighbouring windows overlap.")),
        (
            geometry.receptive_field(layers[::-1]),
            _("You went from the first layer on; begin at the last and walk back."),
        ),
        (7, _("That is what the first layer sees; the two after it see more.")),
        (geometry.receptive_field(layers[:2]), _("That is the field after two layers.")),
        (geometry.receptive_field(layers[1:]), _("You left out the first layer.")),
        (field**2, _("That is the number of pixels; give the side of the square.")),
    ]
    hint = _("Begin with one cell of the last map: n cells need (n - 1) S + F cells of the map before.")
    return judge(answer, field, mistakes, hint)
