"""LeNet layer by layer with functions of earlier lessons, and digits: drawn, centred, deformed, covered, counted."""

from typing import NamedTuple

import numpy as np

from lessons_lib import geometry, pooling
from lessons_lib.core import validate
from lessons_lib.core.fast_conv import fast_conv2d

SIDE, BOX = 28, 20  # pixels of a digit's picture, and of the box inside it that the ink fills
WEIGHTS = [
    "conv1_kernels", "conv1_bias", "conv2_kernels", "conv2_bias", "fc3_weights", "fc3_bias", "fc4_weights", "fc4_bias",
]  # fmt: skip
BRUSH = np.array([[60, 170, 60], [170, 255, 170], [60, 170, 60]], np.uint8)


class Row(NamedTuple):
    """One row of the layer table, made by `table`.

    >>> Row("pool1", (14, 14, 20), 0, 0).shape
    (14, 14, 20)
    """

    name: str
    shape: tuple
    parameters: int
    multiply_adds: int


def table(kernels=(20, 50), units=500, classes=10, side=SIDE, size=5, pooled=True):
    """The lecture's layer table: what comes out of each layer, and what it costs.

    Parameters
    ----------
    kernels : sequence of int
        K of each convolution.
    units, classes : int
        Of the two fully connected layers.
    side : int
        Rows and columns of the picture, which has one channel.
    size : int
        F, odd; (F - 1) / 2 zeros around keep rows and columns.
    pooled : bool
        A 2 x 2 pooling after each convolution.

    Returns
    -------
    list of Row

    Raises
    ------
    TypeError, ValueError
        If a number is not whole or does not fit.

    References
    ----------
    LeCun, Kavukcuoglu and Farabet, "Convolutional networks and applications in vision", ISCAS 2010.

    Examples
    --------
    >>> [(row.name, row.parameters) for row in table() if row.parameters]
    [('conv1', 520), ('conv2', 25050), ('fc3', 1225500), ('fc4', 5010)]
    """
    size = validate.whole(size, "size")
    shape, rows = (validate.whole(side, "side"), side, 1), []
    rows.append(Row("input", shape, 0, 0))
    for stage, count in enumerate(validate.sequence(kernels, "kernels"), start=1):
        conv = geometry.layer(*shape, kernels=count, size=size, padding=(size - 1) // 2)
        shape = conv.shape
        rows.append(Row(f"conv{stage}", shape, conv.parameters, conv.multiply_adds))
        rows.append(Row(f"act{stage}", shape, 0, 0))
        if validate.flag(pooled, "pooled"):
            shape = (geometry.output_size(shape[0], 2, 2), geometry.output_size(shape[1], 2, 2), count)
            rows.append(Row(f"pool{stage}", shape, 0, 0))
    stage, inputs = len(kernels) + 1, int(np.prod(shape))
    for name, count in ((f"fc{stage}", units), (f"fc{stage + 1}", classes)):
        count = validate.whole(count, "units")
        rows.append(Row(name, (count,), (inputs + 1) * count, inputs * count))
        rows += [Row(f"act{stage}", (count,), 0, 0)] if name == f"fc{stage}" else []
        inputs = count
    return [*rows, Row("softmax", (inputs,), 0, 0)]


def forward(pictures, weights, curve=pooling.relu):
    """What every layer of LeNet answers, computed with lesson 4's convolution and lesson 5's pooling and softmax.

    Parameters
    ----------
    pictures : array_like of shape (28, 28) or (B, 28, 28)
        Integers are taken for bytes in 0..255, fractions for 0..1.
    weights : dict of str to ndarray
        As `data.load("lenet")`: for conv1 and conv2 `_kernels` (R, C, D, K) and `_bias` (K,), for fc3 and fc4
        `_weights` (inputs, outputs) and `_bias`.
    curve : callable
        The activation, such as `pooling.relu` or `np.tanh`.

    Returns
    -------
    dict of str to ndarray
        By the names of `table`, each with B in front of its shape.

    Raises
    ------
    TypeError, ValueError
        If the pictures or the weights have another shape.

    Examples
    --------
    >>> from lessons_lib import data
    >>> seen = forward(data.load("mnist")["images"][9999], data.load("lenet"))
    >>> seen["pool2"].shape, seen["softmax"].argmax().item()
    ((1, 7, 7, 50), 2)
    """
    validate.having(curve, "curve", "__call__", "a function such as pooling.relu")
    validate.having(weights, "weights", "keys", "a dict of arrays such as data.load('lenet')")
    if missing := [name for name in WEIGHTS if name not in weights]:
        raise ValueError(f"weights have {', '.join(map(repr, weights))} and no {missing[0]}; give {', '.join(WEIGHTS)}")
    x = _fractions(pictures)[..., None]
    seen = {"input": x}
    for stage in (1, 2):
        kernels, bias = weights[f"conv{stage}_kernels"], weights[f"conv{stage}_bias"]
        seen[f"conv{stage}"] = fast_conv2d(x, kernels, bias, padding=2)
        seen[f"act{stage}"] = curve(seen[f"conv{stage}"])
        x = seen[f"pool{stage}"] = pooling.max_pool(seen[f"act{stage}"])
    seen["fc3"] = x.reshape(len(x), -1) @ weights["fc3_weights"] + weights["fc3_bias"]
    seen["act3"] = curve(seen["fc3"])
    seen["fc4"] = seen["act3"] @ weights["fc4_weights"] + weights["fc4_bias"]
    seen["softmax"] = pooling.softmax(seen["fc4"])
    return seen


def centre(drawing):
    """A drawing made ready as MNIST's digits were: its ink fills a box of 20 x 20, its centre of mass is in the middle.

    Parameters
    ----------
    drawing : array_like of shape (M, N)
        Any size; 0 is paper, more is ink.

    Returns
    -------
    ndarray of uint8, shape (28, 28)
        The darkest ink is 255. All zeros where there is no ink.

    Raises
    ------
    TypeError, ValueError
        If it is no picture, or holds negative numbers.

    References
    ----------
    LeCun, Cortes and Burges, "The MNIST database of handwritten digits", http://yann.lecun.com/exdb/mnist/

    Examples
    --------
    >>> drawing = np.zeros((50, 50))
    >>> drawing[3:43, 5:9] = 1
    >>> ready = centre(drawing)
    >>> np.argwhere(ready)[[0, -1]].tolist()
    [[4, 13], [23, 14]]
    """
    ink = validate.array(drawing, "drawing", axes=2).astype(float)
    if ink.min() < 0:
        raise ValueError(f"drawing holds {ink.min():g}; give 0 for paper and positive numbers for ink")
    ready = np.zeros((SIDE, SIDE), np.uint8)
    if not ink.any():
        return ready
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = (max(1, round(side * BOX / max(ink.shape))) for side in ink.shape)
    ink = _stretched(height, ink.shape[0]) @ ink @ _stretched(width, ink.shape[1]).T
    middle = (ink.sum(axis=1) @ np.arange(height) / ink.sum(), ink.sum(axis=0) @ np.arange(width) / ink.sum())
    # In each of MNIST's digits the centre of mass lies between 13.5 and 14.5, that is in pixel 14. (Where it lies on an
    # edge, as in a drawing that is its own mirror image, the last digits of a sum must not decide.)
    places = [np.ceil(np.round(SIDE / 2 - 0.5 - at, 9)) for at in middle]
    top, left = (int(min(max(place, 0), SIDE - side)) for place, side in zip(places, ink.shape, strict=True))
    ready[top : top + height, left : left + width] = np.rint(255 * ink / ink.max())
    return ready


def _stretched(new, old):
    """The matrix that makes `new` numbers of `old`: each the mean of those around its place, the nearest count most."""
    reach = max(1, old / new)
    places = (np.arange(new) + 0.5) * old / new
    share = np.maximum(0, 1 - np.abs(np.arange(old) + 0.5 - places[:, None]) / reach)
    return share / share.sum(axis=1, keepdims=True)


def dab(picture, row, column, brush=BRUSH):
    """A picture after one touch of a soft brush: each pixel becomes the brush's ink if that is more than it has.

    Parameters
    ----------
    picture : array_like of shape (M, N)
        0..255.
    row, column : int
        Where the middle of the brush touches; it may stick out.
    brush : ndarray of shape (odd, odd)

    Returns
    -------
    ndarray of uint8, shape (M, N)

    Raises
    ------
    TypeError, ValueError
        If it is no picture, or has no such pixel.

    Examples
    --------
    >>> dab(np.zeros((2, 4)), 0, 0).tolist()
    [[255, 170, 0, 0], [170, 60, 0, 0]]
    """
    picture = validate.array(picture, "picture", axes=2, low=0, high=255)
    brush = validate.array(brush, "brush", axes=2, low=0, high=255)
    rows, columns = picture.shape
    row, column = validate.whole(row, "row", 0, rows - 1), validate.whole(column, "column", 0, columns - 1)
    up, left = brush.shape[0] // 2, brush.shape[1] // 2
    around = np.zeros((rows + 2 * up, columns + 2 * left), np.uint8)
    around[row : row + brush.shape[0], column : column + brush.shape[1]] = brush
    return np.maximum(picture, around[up : up + rows, left : left + columns]).astype(np.uint8)


def deform(pictures, generator, shift=2.2, turn=14.0, zoom=0.14, shear=0.2, wave=1.3, knots=4):
    """Each picture a little moved, turned, stretched, slanted and waved, by chance: the digit stays what it is.

    Parameters
    ----------
    pictures : array_like of shape (B, M, N)
        0..255.
    generator : numpy.random.Generator
    shift : float
        At most so many pixels up, down, left and right.
    turn : float
        At most so many degrees to either side.
    zoom : float
        Rows and columns each become longer or shorter by a factor between exp(-zoom) and exp(zoom).
    shear : float
        At most so many columns a row.
    wave : float
        Standard deviation, in pixels, of the pushes at `knots` x `knots` places, between which they change smoothly.
    knots : int

    Returns
    -------
    ndarray of uint8, shape (B, M, N)

    Raises
    ------
    TypeError, ValueError
        If they are no pictures.

    References
    ----------
    Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied to visual document
    analysis", ICDAR 2003 (the waves).

    Examples
    --------
    >>> pictures = np.full((3, 28, 28), 200, np.uint8)
    >>> deform(pictures, np.random.default_rng(0)).shape
    (3, 28, 28)
    """
    pictures = validate.array(pictures, "pictures", axes=3, low=0, high=255)
    if min(pictures.shape[1:]) < 2:
        raise ValueError(f"pictures of shape {pictures.shape} are too small; give 2 × 2 pixels or more")
    validate.having(generator, "generator", "uniform", "np.random.default_rng(0)")
    most = {"shift": shift, "turn": turn, "zoom": zoom, "shear": shear, "wave": wave}
    shift, turn, zoom, shear, wave = (validate.number(value, name, 0, 1000) for name, value in most.items())
    knots = validate.whole(knots, "knots", 2)
    result = np.empty(pictures.shape, np.uint8)
    # A few hundred at a time: what is worked on stays in the processor's own memory, and all goes much faster.
    for start in range(0, len(pictures), 500):
        some = slice(start, start + 500)
        rows, columns = _moved(pictures[some].shape, generator, shift, turn, zoom, shear, wave, knots)
        result[some] = _sampled(pictures[some], rows, columns)
    return result


def _moved(shape, generator, shift, turn, zoom, shear, wave, knots):
    """Where each pixel of the new pictures comes from: its row and its column in the old ones."""
    count, height, width = shape

    def chance(most):
        return generator.uniform(-most, most, count).astype(np.float32)[:, None, None]

    down = np.arange(height, dtype=np.float32)[:, None] - (height - 1) / 2
    right = np.arange(width, dtype=np.float32) - (width - 1) / 2
    angle, taller, wider, slant = np.deg2rad(chance(turn)), np.exp(chance(zoom)), np.exp(chance(zoom)), chance(shear)
    turned_down = np.cos(angle) * down - np.sin(angle) * right
    turned_right = np.sin(angle) * down + np.cos(angle) * right
    rows = taller * turned_down + (height - 1) / 2 + chance(shift)
    columns = wider * turned_right + slant * turned_down + (width - 1) / 2 + chance(shift)
    if wave:
        pushes = generator.normal(0, wave, (2, count, knots + 2, knots + 2)).astype(np.float32)
        over, along = _smooth(height, knots), _smooth(width, knots).T
        rows += over @ pushes[0] @ along
        columns += over @ pushes[1] @ along
    return rows, columns


def _smooth(length, knots):
    """The matrix that makes `length` numbers of `knots` + 2: a cubic B-spline through the middle of them."""
    apart = np.abs(np.linspace(0, knots - 1, length)[:, None] - np.arange(-1, knots + 1))
    near, far = (4 - 6 * apart**2 + 3 * apart**3) / 6, (2 - apart) ** 3 / 6
    return np.where(apart < 1, near, np.where(apart < 2, far, 0)).astype(np.float32)


def _sampled(pictures, rows, columns):
    """Pictures read between their pixels: the four around each place, the nearest counts most."""
    count, height, width = pictures.shape
    flat = pictures.reshape(-1).astype(np.float32)
    np.clip(rows, 0, height - 1.001, out=rows)
    np.clip(columns, 0, width - 1.001, out=columns)
    row, column = rows.astype(np.int32), columns.astype(np.int32)
    rows -= row
    columns -= column
    first = row * width + column + np.arange(count, dtype=np.int32)[:, None, None] * (height * width)
    above = flat[first] + (flat[first + 1] - flat[first]) * columns
    below = flat[first + width] + (flat[first + width + 1] - flat[first + width]) * columns
    return np.rint(above + (below - above) * rows)


def covered(picture, size=5, ink=0):
    """The picture once for each of its pixels, each time with a square around that pixel covered.

    Parameters
    ----------
    picture : array_like of shape (M, N)
    size : int
        Rows and columns of the square, odd.
    ink : float
        What it is filled with.

    Returns
    -------
    ndarray of shape (M * N, M, N)

    Raises
    ------
    TypeError, ValueError
        If it is no picture, or the size is even or below 1.

    References
    ----------
    Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014, https://arxiv.org/abs/1311.2901

    Examples
    --------
    >>> covered([[1, 2, 3]], size=1).tolist()
    [[[0, 2, 3]], [[1, 0, 3]], [[1, 2, 0]]]
    """
    picture = validate.array(picture, "picture", axes=2)
    size = validate.whole(size, "size")
    if size % 2 == 0:
        raise ValueError(f"size is {size}; give an odd one, so that the square has a middle")
    whole = picture.dtype.kind in "iu"
    limits = (np.iinfo(picture.dtype).min, np.iinfo(picture.dtype).max) if whole else (None, None)
    ink = (validate.whole if whole else validate.number)(ink, "ink", *limits)
    rows, columns = picture.shape
    near_row = np.abs(np.arange(rows)[:, None] - np.arange(rows)) <= size // 2
    near_column = np.abs(np.arange(columns)[:, None] - np.arange(columns)) <= size // 2
    under = near_row[:, None, :, None] & near_column[None, :, None, :]
    return np.where(under, np.asarray(ink, picture.dtype), picture).reshape(-1, rows, columns)


def occlusion(picture, digit, predict, size=5):
    """How much the probability of a digit falls when a square around each pixel is covered with paper.

    Parameters
    ----------
    picture : array_like of shape (M, N)
    digit : int
        Whose probability is followed.
    predict : callable
        (B, M, N) pictures to (B, classes) probabilities.
    size : int
        Rows and columns of the square, odd.

    Returns
    -------
    ndarray of shape (M, N)
        Positive where covering hurts, negative where it helps.

    Raises
    ------
    TypeError, ValueError
        As `covered`.

    References
    ----------
    Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014, https://arxiv.org/abs/1311.2901

    Examples
    --------
    >>> occlusion([[4, 2, 0]], 0, lambda pictures: pictures.sum(axis=1) / 6, size=1).round(3).tolist()
    [[0.667, 0.0, 0.0]]
    """
    picture = validate.array(picture, "picture", axes=2)
    validate.having(predict, "predict", "__call__", "a function of pictures")
    answers = validate.array(predict(picture[None]), "what predict returns", axes=2)
    digit = validate.whole(digit, "digit", 0, answers.shape[1] - 1)
    whole = answers[0, digit]
    return (whole - np.asarray(predict(covered(picture, size)))[:, digit]).reshape(picture.shape)


def confusion(labels, answers, classes=10):
    """How often each class was taken for each: rows are what it is, columns what was answered.

    Parameters
    ----------
    labels, answers : array_like of int, shape (B,)
        Below `classes`.
    classes : int

    Returns
    -------
    ndarray of int, shape (classes, classes)

    Raises
    ------
    TypeError, ValueError
        If there are not as many answers as labels, or one is not a class.

    Examples
    --------
    >>> confusion([0, 1, 1, 1], [0, 1, 0, 1], classes=2).tolist()
    [[1, 0], [1, 2]]
    """
    classes = validate.whole(classes, "classes", 1, 10_000)
    labels, answers = _classes(labels, "labels", classes), _classes(answers, "answers", classes)
    if len(labels) != len(answers):
        raise ValueError(f"{len(labels)} labels and {len(answers)} answers; give one answer a label")
    return np.bincount(labels * classes + answers, minlength=classes**2).reshape(classes, classes)


def _classes(values, name, classes):
    values = validate.array(values, name, axes=1)
    if values.dtype.kind not in "iu" or not 0 <= values.min() <= values.max() < classes:
        raise ValueError(f"{name} are {values}; give whole numbers from 0 to {classes - 1}")
    return values.astype(int)


def _fractions(pictures):
    pictures = validate.array(pictures, "pictures", axes=(2, 3), low=-255, high=255)
    if pictures.shape[-2:] != (SIDE, SIDE):
        raise ValueError(f"pictures of shape {pictures.shape} are not 28 × 28; `lenet.centre` makes them so")
    pictures = pictures.reshape(-1, SIDE, SIDE)
    return (pictures / np.float32(255) if pictures.dtype.kind in "iu" else pictures).astype(np.float32)
