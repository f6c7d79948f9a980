"""Lesson 4: the shape of a convolutional layer. Where the window stops, what it skips, what a layer costs and sees.

The letters are the lecture's: N or W x H x D the input, F the kernel's side, K kernels, S the stride, P the padding.
Everything that treats rows and columns alike is written for one side and used for both.
"""

from typing import NamedTuple

import numpy as np

from lessons_lib.core import validate


def output_size(n, f, stride=1, padding=0):
    """How many places a window has along one side: (n - f + 2 padding) / stride + 1, if that is whole.

    Parameters
    ----------
    n : int
        Pixels along the side.
    f : int
        Side of the kernel; at most n + 2 padding.
    stride : int
        Pixels from one place to the next.
    padding : int
        Zeros added at *each* end.

    Returns
    -------
    int

    Raises
    ------
    TypeError, ValueError
        If a number is not whole or too small, the kernel is larger than the padded side, or the steps do not end at the
        border; the error says how many pixels are left over and which are never read.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016), https://arxiv.org/abs/1603.07285

    Examples
    --------
    >>> output_size(7, 3), output_size(7, 3, stride=2), output_size(7, 3, padding=1)
    (5, 3, 7)
    """
    n, f, stride, padding = _side(n, f, stride, padding)
    span = n - f + 2 * padding
    if span % stride:
        names = [str(i) if 0 <= i < n else f"{i} (border)" for i in unused_pixels(n, f, stride, padding)]
        fitting = [str(s) for s in range(1, span + 1) if span % s == 0]
        raise ValueError(
            f"side {n} does not fit: ({n} - {f} + 2*{padding})/{stride} + 1 = {span / stride + 1:.2f} is not whole; "
            f"{span % stride} px left over at the end, never read: row and column {', '.join(names)}; "
            f"choose a stride of {', '.join(fitting)}, another padding, or round as Keras does with keras_output_size"
        )
    return span // stride + 1


def places(n, f, stride=1, padding=0):
    """How many places a window has along one side, rounded down; 0 where not even one fits.

    >>> places(7, 3), places(7, 3, stride=3), places(7, 3, padding=1), places(2, 5)
    (5, 2, 7, 0)
    """
    steps = (n - f + 2 * padding) // stride
    return max(0, steps + 1)


def read_counts(n, f, stride=1, padding=0):
    """How many windows read each pixel along one side, the padding included; windows that would stick out do not count.

    A pixel of a picture is read by the windows of its row times those of its column: `np.outer(rows, columns)`.

    >>> read_counts(7, 3).tolist()
    [1, 2, 3, 3, 3, 2, 1]
    """
    n, f, stride, padding = _side(n, f, stride, padding)
    counts = np.zeros(validate.room(n + 2 * padding, "the padded side"), dtype=int)
    for start in range(0, len(counts) - f + 1, stride):
        counts[start : start + f] += 1
    return counts


def unused_pixels(n, f, stride=1, padding=0):
    """Which pixels along one side no window reads, from 0 to n - 1; smaller and larger numbers lie in the padding.

    >>> unused_pixels(7, 3, stride=3), unused_pixels(7, 1, stride=2)
    ([6], [1, 3, 5])
    """
    return [i - int(padding) for i, count in enumerate(read_counts(n, f, stride, padding).tolist()) if count == 0]


def keras_output_size(n, f, stride=1, padding="valid"):
    """How many places Keras gives the window, which never refuses a stride; n, f and stride as in `output_size`.

    "valid" pads nothing and rounds down, so that the end may stay unread; "same" divides n by the stride, rounds up,
    and pads what that needs. See `padding` in https://keras.io/api/layers/convolution_layers/convolution2d/

    >>> keras_output_size(7, 3, stride=3), keras_output_size(7, 3, stride=3, padding="same")
    (2, 3)
    """
    validate.choice(padding, "padding", ["valid", "same"])
    widths = pad_widths(n, f, stride, padding)
    return places(int(n) + sum(widths), int(f), int(stride))


def pad_widths(n, f, stride=1, padding="same"):
    """How many zeros are put before the first pixel of a side and after the last; n, f and stride as in `output_size`.

    A number as `padding` is put at both ends, "valid" is 0. "same" puts as many in all as ceil(n / stride) windows
    need; of an odd number, the greater half goes to the end.

    >>> pad_widths(7, 3), pad_widths(7, 3, stride=2), pad_widths(8, 3, stride=2)
    ((1, 1), (1, 1), (0, 1))
    """
    word = validate.choice(padding, "padding", ["valid", "same"]) if isinstance(padding, str) else ""
    if word != "same":
        n, f, stride, padding = _side(n, f, stride, 0 if word else padding)
        return padding, padding
    n, f, stride = map(validate.whole, (n, f, stride), ("n", "f", "stride"))
    places = -(-n // stride)
    total = max((places - 1) * stride + f - n, 0)
    return total // 2, total - total // 2


class Layer(NamedTuple):
    """What comes out of a layer and what it costs; made by `layer`.

    >>> Layer(5, 5, 1, 9, 1, 225).parameters
    10
    """

    width: int
    height: int
    depth: int
    weights: int
    biases: int
    multiply_adds: int

    @property
    def shape(self):
        """(width, height, depth), which are the first three arguments of the next `layer`."""
        return self[:3]

    @property
    def parameters(self):
        """Numbers to be learned: weights and biases."""
        return self.weights + self.biases


def layer(width, height, depth, kernels, size, stride=1, padding=0, *, groups=1, bias=True):
    """The whole convolutional layer: from W1 x H1 x D1 by K, F, S, P to W2 x H2 x D2, and its cost.

    Parameters
    ----------
    width, height, depth : int
        W1, H1 and D1. (The lecture writes the width first; an array of such a picture has shape (H1, W1, D1).)
    kernels : int
        K; it becomes the depth of what comes out.
    size : int
        F: a kernel has F x F x D1 weights.
    stride : int
        S.
    padding : int or {"valid", "same"}
        P zeros at each end, which must fit; or Keras' two ways, which round.
    groups : int
        Depth and kernels are split into so many parts, each with its own kernels; 1 is an ordinary layer.
    bias : bool
        Each kernel has a bias.

    Returns
    -------
    Layer
        width, height, depth, weights, biases, multiply_adds, and `.parameters` and `.shape`.

    Raises
    ------
    TypeError, ValueError
        As `output_size`, saying whether of the width or of the height; or if groups do not divide depth and kernels.

    Examples
    --------
    >>> layer(32, 32, 3, kernels=10, size=5, padding=2)
    Layer(width=32, height=32, depth=10, weights=750, biases=10, multiply_adds=768000)
    """
    depth, kernels = validate.whole(depth, "depth"), validate.whole(kernels, "kernels")
    groups = validate.whole(groups, "groups")
    if depth % groups or kernels % groups:
        raise ValueError(f"groups is {groups}; choose a number that divides depth {depth} and kernels {kernels}")
    sides = []
    for name, n in (("width", width), ("height", height)):
        try:
            size_of = keras_output_size if isinstance(padding, str) else output_size
            sides.append(size_of(n, size, stride, padding))
        except (TypeError, ValueError) as error:
            raise type(error)(f"{name}: {error}") from error
    weights = int(size) ** 2 * (depth // groups) * kernels
    biases = kernels if validate.flag(bias, "bias") else 0
    return Layer(*sides, kernels, weights, biases, sides[0] * sides[1] * weights)


def input_windows(layers, position=0):
    """Which cells one output cell depends on: (first, last) in each map from the output back to the input.

    `layers` has, from the input on, the size of each window, or (size, stride); no layer pads. `position` is the row
    (or column) of the output cell.

    >>> input_windows([3, 3, 3])
    [(0, 0), (0, 2), (0, 4), (0, 6)]
    """
    position = validate.whole(position, "position", 0)
    ranges = [(position, position)]
    for f, stride in reversed(_windows(layers)):
        first, last = ranges[-1]
        ranges.append((first * stride, last * stride + f - 1))
    return ranges


def receptive_field(layers):
    """The side of the square of input pixels that one output cell depends on; `layers` as in `input_windows`.

    References
    ----------
    Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks", Distill (2019),
    https://distill.pub/2019/computing-receptive-fields

    Examples
    --------
    >>> receptive_field([3, 3, 3]), receptive_field([7]), receptive_field([(3, 2), 3])
    (7, 7, 7)
    """
    field = (1, 1)
    for f, stride in _windows(layers):
        field = grow_receptive_field(field, f, stride)
    return field[0]


def grow_receptive_field(field, size, stride=1):
    """(field, step) behind one more window: `receptive_field` layer by layer, from a pixel of the input, (1, 1), on.

    `field` has the input pixels along a side that a cell depends on, and those from it to the next cell.

    >>> grow_receptive_field((1, 1), 3, 2), grow_receptive_field((3, 2), 3)
    ((3, 2), (7, 2))
    """
    pixels, step = (validate.whole(number, "field") for number in validate.sequence(field, "field", 2))
    size, stride = validate.whole(size, "size"), validate.whole(stride, "stride")
    return pixels + (size - 1) * step, step * stride


def path_counts(layers):
    """On how many paths each pixel of the receptive field reaches the output cell, along one side.

    0 where a stride larger than its window skips a pixel. For a picture: `np.outer(rows, columns)`.

    References
    ----------
    Luo, Li, Urtasun and Zemel, "Understanding the effective receptive field in deep convolutional neural networks",
    NeurIPS 2016, https://arxiv.org/abs/1701.04128

    Examples
    --------
    >>> path_counts([3, 3, 3]).tolist()
    [1, 3, 6, 7, 6, 3, 1]
    """
    counts = np.ones(1, dtype=int)
    for f, stride in reversed(_windows(layers)):
        spread = np.zeros((len(counts) - 1) * stride + 1, dtype=int)
        spread[::stride] = counts
        counts = np.convolve(spread, np.ones(f, dtype=int))
    return counts


def conv2d(x, kernels, bias=None, stride=1, padding=0):
    """A whole convolutional layer, as Keras and TensorFlow compute it (without turning the kernel round).

    Parameters
    ----------
    x : array_like of shape (B, M, N, D)
        B pictures of depth D.
    kernels : array_like of shape (R, C, D, K)
        K kernels, each as deep as the pictures.
    bias : array_like of shape (K,), optional
        Added to every cell of a kernel's map.
    stride : int
        Rows and columns from one window to the next; what is left over at the end is not read.
    padding : int or {"valid", "same"}
        Zeros at each end, or as in `pad_widths`.

    Returns
    -------
    ndarray of shape (B, M', N', K)
        Computed in float64; given in float32 if that can hold both inputs.

    Raises
    ------
    TypeError, ValueError
        If a number of axes, a depth or a length does not fit, or a kernel is larger than the padded picture.

    Examples
    --------
    >>> picture, kernels = np.arange(16).reshape(1, 4, 4, 1), np.ones((3, 3, 1, 2))
    >>> conv2d(picture, kernels, bias=[0, 100])[0, :, :, 1].tolist()
    [[145.0, 154.0], [181.0, 190.0]]
    """
    x, kernels = validate.array(x, "x", axes=4), validate.array(kernels, "kernels", axes=4)
    rows, columns, depth, count = kernels.shape
    if x.shape[3] != depth:
        raise ValueError(f"x of shape {x.shape} has depth {x.shape[3]}, kernels of shape {kernels.shape} have {depth}")
    bias = np.zeros(count) if bias is None else validate.array(bias, "bias", axes=1)
    if len(bias) != count:
        raise ValueError(f"bias has {len(bias)} numbers; give one for each of the {count} kernels")
    around = [pad_widths(n, f, stride, padding) for n, f in zip(x.shape[1:3], (rows, columns), strict=True)]
    # float32 has no room for large whole numbers, so result_type makes float64 of those.
    dtype = np.result_type(x, kernels, np.float32)
    height, width = (n + before + after for n, (before, after) in zip(x.shape[1:3], around, strict=True))
    validate.room((len(x), height, width, depth), "the padded x")
    x = np.pad(x.astype(float), [(0, 0), *around, (0, 0)])
    return conv2d_valid(x, kernels.astype(float), bias, int(stride)).astype(dtype, copy=False)


def conv2d_valid(x, kernels, bias, stride=1):
    """The loop of `conv2d`, on arrays that are checked and padded: a moved input for each cell of the kernels.

    >>> conv2d_valid(np.arange(16).reshape(1, 4, 4, 1), np.ones((3, 3, 1, 2)), [0, 100])[0, :, :, 1].tolist()
    [[145.0, 154.0], [181.0, 190.0]]
    """
    rows, columns = kernels.shape[:2]
    height = places(x.shape[1], rows, stride)
    width = places(x.shape[2], columns, stride)
    result = np.zeros((len(x), height, width, len(bias))) + bias
    for a in range(rows):
        for b in range(columns):
            copy = x[:, a : a + stride * height : stride, b : b + stride * width : stride]
            result += copy @ kernels[a, b]
    return result


def count(plan, side, depth):
    """Parameters, multiply-adds and activations of a plan: kernels, size, stride and padding of each layer.

    >>> count([(10, 5, 1, 2)], side=32, depth=3)
    (760, 768000, 10240)
    """
    parameters, work, activations = 0, 0, 0
    for k, f, stride, padding in plan:
        side = places(side, f, stride, padding)
        weights = f * f * depth * k
        parameters += weights + k
        work += side * side * weights
        activations += side * side * k
        depth = k
    return parameters, work, activations


def sides(plan, side):
    """The side of each map of a plan, the input's first.

    >>> sides([(8, 3, 2, 0), (16, 3, 1, 1)], 10)
    [10, 4, 4]
    """
    found = [side]
    for _kernels, f, stride, padding in plan:
        found.append(places(found[-1], f, stride, padding))
    return found


def rows_read(plan, side):
    """Which rows (or columns) of the input have a way to the last map of a plan: an array of bool.

    >>> rows_read([(8, 3, 2, 0), (16, 3, 2, 0)], 10).astype(int)
    array([1, 1, 1, 1, 1, 1, 1, 0, 0, 0])
    """
    maps = sides(plan, side)
    read = np.ones(maps[-1], dtype=bool)
    for (_kernels, f, stride, padding), before in zip(reversed(plan), reversed(maps[:-1]), strict=True):
        padded = np.zeros(before + 2 * padding, dtype=bool)
        for place in np.flatnonzero(read):
            padded[place * stride : place * stride + f] = True
        read = padded[padding : padding + before]
    return read


def answers(plan, picture, layer=conv2d_valid):
    """The last volume of a network with this plan and random weights, always the same ones, for a square picture.

    After each `layer`, a function such as `conv2d_valid`, negative numbers become 0.

    >>> answers([(2, 3, 2, 1), (5, 3, 2, 1)], np.ones((8, 8, 3))).shape
    (2, 2, 5)
    """
    rng = np.random.default_rng(0)
    x = np.asarray(picture, float)[None] / 255
    for kernels, f, stride, padding in plan:
        x = np.pad(x, [(0, 0), (padding, padding), (padding, padding), (0, 0)])
        weights = rng.normal(0, np.sqrt(2 / (f * f * x.shape[3])), (f, f, x.shape[3], kernels))
        x = np.maximum(layer(x, weights, np.zeros(kernels), stride), 0)
    return x[0]


def own_side(student_number):
    """The side of a student's photo, 97 to 104, by the student number, which may stand in quotes, such as "0731".

    >>> own_side(1), own_side("0731")
    (98, 100)
    """
    if isinstance(student_number, str):
        if not student_number.strip().isdecimal():
            raise ValueError(f"student_number is {student_number!r}; give its digits alone, such as 20231234")
        student_number = int(student_number)
    return 97 + validate.whole(student_number, "student_number", 0) % 8


def shrink(picture, side):
    """A square picture with fewer pixels, (M, M) or (M, M, D): each is the mean of the block it stands for.

    Blocks differ by one row or column where `side` does not divide M.

    >>> shrink([[0, 2, 4, 4], [2, 0, 4, 4], [1, 1, 8, 0], [1, 1, 0, 8]], 2).tolist()
    [[1.0, 4.0], [1.0, 4.0]]
    """
    picture = validate.array(picture, "picture", axes=(2, 3))
    if picture.shape[0] != picture.shape[1]:
        raise ValueError(f"picture of shape {picture.shape} is not square; give as many rows as columns")
    edges = np.arange(validate.whole(side, "side", 1, len(picture)) + 1) * len(picture) // int(side)
    sums = np.add.reduceat(np.add.reduceat(picture.astype(float), edges[:-1], axis=0), edges[:-1], axis=1)
    areas = np.outer(np.diff(edges), np.diff(edges))
    return sums / (areas if picture.ndim == 2 else areas[:, :, None])


def _side(n, f, stride, padding):
    """The four numbers of one side, checked, as ints."""
    n, f, stride = map(validate.whole, (n, f, stride), ("n", "f", "stride"))
    padding = validate.whole(padding, "padding", 0)
    if f > n + 2 * padding:
        raise ValueError(f"kernel {f} is larger than {n} px with padding {padding}; choose at most {n + 2 * padding}")
    return n, f, stride, padding


def _windows(layers):
    """[(size, stride), ...], checked."""
    if not isinstance(layers, (list, tuple)) or not layers:
        raise ValueError(f"layers is {layers!r}; give a list of sizes or of (size, stride), such as [3, (2, 2), 3]")
    windows = []
    for i, entry in enumerate(layers):
        pair = tuple(entry) if isinstance(entry, (list, tuple)) else (entry, 1)
        if len(pair) != 2:
            raise ValueError(f"layers[{i}] is {entry!r}; give a size or (size, stride)")
        names = (f"size of layers[{i}]", f"stride of layers[{i}]")
        windows.append(tuple(map(validate.whole, pair, names)))
    return windows
