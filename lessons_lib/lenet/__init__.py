"""LeNet layer by layer with functions of earlier lessons, and digits: drawn, centred, deformed, occluded, counted."""

from typing import NamedTuple

import numpy as np

from lessons_lib import geometry, pooling
from lessons_lib.core import validate
from lessons_lib.core.fast_conv import fast_conv2d
from lessons_lib.core.resize import resize

SIDE, BOX = 28, 20  # pixels of a digit's picture, and of the box inside it that the ink fills
WEIGHTS = [
    "conv1_kernels", "conv1_bias", "conv2_kernels", "conv2_bias", "fc3_weights", "fc3_bias", "fc4_weights", "fc4_bias",
]  # fmt: skip
BRUSH = np.array([[60, 170, 60], [170, 255, 170], [60, 170, 60]], np.uint8)


class Row(NamedTuple):
    """One row of the layer table, made by `layer_table`.

    >>> Row("pool1", (14, 14, 20), 0, 0).shape
    (14, 14, 20)
    """

    name: str
    shape: tuple
    parameters: int
    multiply_adds: int


def layer_table(kernels=(20, 50), units=500, classes=10, side=SIDE, size=5, pooled=True):
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
    >>> [(row.name, row.parameters) for row in layer_table() if row.parameters]
    [('conv1', 520), ('conv2', 25050), ('fc3', 1225500), ('fc4', 5010)]
    """
    size = validate.whole(size, "size")
    shape = (validate.whole(side, "side"), side, 1)
    rows = [Row("input", shape, 0, 0)]
    for stage, count in enumerate(validate.sequence(kernels, "kernels"), start=1):
        conv = geometry.layer(*shape, kernels=count, size=size, padding=(size - 1) // 2)
        shape = conv.shape
        rows.append(Row(f"conv{stage}", shape, conv.parameters, conv.multiply_adds))
        rows.append(Row(f"act{stage}", shape, 0, 0))
        if validate.flag(pooled, "pooled"):
            shape = (geometry.output_size(shape[0], 2, 2), geometry.output_size(shape[1], 2, 2), count)
            rows.append(Row(f"pool{stage}", shape, 0, 0))
    stage, inputs = len(kernels) + 1, int(np.prod(shape))
    units, classes = validate.whole(units, "units"), validate.whole(classes, "classes")
    rows.append(Row(f"fc{stage}", (units,), (inputs + 1) * units, inputs * units))
    rows.append(Row(f"act{stage}", (units,), 0, 0))
    rows.append(Row(f"fc{stage + 1}", (classes,), (units + 1) * classes, units * classes))
    return [*rows, Row("softmax", (classes,), 0, 0)]


def forward(pictures, weights, activation=pooling.relu):
    """The output of every layer of LeNet, computed with lesson 4's convolution and lesson 5's pooling and softmax.

    Parameters
    ----------
    pictures : array_like of shape (28, 28) or (B, 28, 28)
        Integers are taken for bytes in 0..255, fractions for 0..1.
    weights : dict of str to ndarray
        As `data.load("lenet")`: for conv1 and conv2 `_kernels` (R, C, D, K) and `_bias` (K,), for fc3 and fc4
        `_weights` (inputs, outputs) and `_bias`.
    activation : callable
        Such as `pooling.relu` or `np.tanh`.

    Returns
    -------
    dict of str to ndarray
        By the names of `layer_table`, each with B in front of its shape.

    Raises
    ------
    TypeError, ValueError
        If the pictures or the weights have another shape.

    Examples
    --------
    >>> from lessons_lib import data
    >>> outputs = forward(data.load("mnist")["images"][9999], data.load("lenet"))
    >>> outputs["pool2"].shape, outputs["softmax"].argmax().item()
    ((1, 7, 7, 50), 2)
    """
    validate.having(activation, "activation", "__call__", "a function such as pooling.relu")
    validate.having(weights, "weights", "keys", "a dict of arrays such as data.load('lenet')")
    if missing := [name for name in WEIGHTS if name not in weights]:
        raise ValueError(f"weights have {', '.join(map(repr, weights))} and no {missing[0]}; give {', '.join(WEIGHTS)}")
    weights = {name: np.asarray(weights[name], np.float32) for name in WEIGHTS}
    x = _batch(pictures)
    outputs = {"input": x}
    for stage in (1, 2):
        kernels, bias = weights[f"conv{stage}_kernels"], weights[f"conv{stage}_bias"]
        outputs[f"conv{stage}"] = fast_conv2d(x, kernels, bias, padding=2)
        outputs[f"act{stage}"] = activation(outputs[f"conv{stage}"])
        x = outputs[f"pool{stage}"] = pooling.max_pool(outputs[f"act{stage}"])
    outputs["fc3"] = x.reshape(len(x), -1) @ weights["fc3_weights"] + weights["fc3_bias"]
    outputs["act3"] = activation(outputs["fc3"])
    outputs["fc4"] = outputs["act3"] @ weights["fc4_weights"] + weights["fc4_bias"]
    outputs["softmax"] = pooling.softmax(outputs["fc4"])
    return outputs


def _batch(pictures):
    """One or many pictures of 28 x 28 as (B, 28, 28, 1), bytes as fractions of 255."""
    pictures = validate.array(pictures, "pictures", axes=(2, 3), low=-255, high=255)
    if pictures.shape[-2:] != (SIDE, SIDE):
        raise ValueError(f"pictures of shape {pictures.shape} are not 28 × 28; `lenet.centre` makes them so")
    fractions = pictures / np.float32(255) if pictures.dtype.kind in "iu" else pictures
    return fractions.reshape(-1, SIDE, SIDE, 1).astype(np.float32)


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
    ink = resize(ink, height, width)
    middle = (ink.sum(axis=1) @ np.arange(height) / ink.sum(), ink.sum(axis=0) @ np.arange(width) / ink.sum())
    # In each of MNIST's digits the centre of mass lies between 13.5 and 14.5, that is in pixel 14. It is rounded first:
    # in a drawing that is its own mirror image it lies on an edge, and the last digits of a sum must not decide.
    corner = [np.ceil(np.round(SIDE / 2 - 0.5 - at, 9)) for at in middle]
    top, left = (int(np.clip(at, 0, SIDE - side)) for at, side in zip(corner, ink.shape, strict=True))
    ready[top : top + height, left : left + width] = np.rint(255 * ink / ink.max())
    return ready


def dab(picture, row, column, brush=BRUSH):
    """A picture (M, N) in 0..255 after one touch of a soft brush, which may stick out: the darker ink stays.

    >>> dab(np.zeros((2, 4)), 0, 0).tolist()
    [[255, 170, 0, 0], [170, 60, 0, 0]]
    """
    picture = validate.array(picture, "picture", axes=2, low=0, high=255)
    brush = validate.array(brush, "brush", axes=2, low=0, high=255)
    rows, columns = picture.shape
    row, column = validate.whole(row, "row", 0, rows - 1), validate.whole(column, "column", 0, columns - 1)
    up, left = brush.shape[0] // 2, brush.shape[1] // 2
    touch = np.zeros((rows + 2 * up, columns + 2 * left), np.uint8)
    touch[row : row + brush.shape[0], column : column + brush.shape[1]] = brush
    return np.maximum(picture, touch[up : up + rows, left : left + columns]).astype(np.uint8)


def small_seven():
    """A seven of 12 x 8 pixels in the upper left corner, as a hurried hand would draw it.

    >>> int(small_seven().any(axis=1).sum()), int(small_seven().any(axis=0).sum())
    (13, 9)
    """
    drawing = np.zeros((SIDE, SIDE), np.uint8)
    for column in range(2, 9):
        drawing = dab(drawing, 2, column)
    for row in range(3, 13):
        drawing = dab(drawing, row, 8 - (row - 2) // 2)
    return drawing


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
    limits = np.array([turn, zoom, zoom, shear, shift, shift])[:, None]
    result = np.empty(pictures.shape, np.uint8)
    # A few hundred at a time stay in the processor's cache, which is much faster.
    for start in range(0, len(pictures), 500):
        batch = pictures[start : start + 500]
        draws = generator.uniform(-limits, limits, (6, len(batch))).astype(np.float32)
        rows, columns = _affine(batch.shape[1:], *draws[..., None, None])
        if wave:
            pushes = generator.normal(0, wave, (2, len(batch), knots + 2, knots + 2)).astype(np.float32)
            down, right = _spline(rows.shape[1], knots) @ pushes @ _spline(rows.shape[2], knots).T
            rows += down
            columns += right
        result[start : start + 500] = _interpolate(batch, rows, columns)
    return result


def _affine(sides, turn, taller, wider, slant, down, right):
    """Which row and column of the old pictures each pixel of the new ones shows; turned first, in degrees."""
    middle_row, middle_column = (sides[0] - 1) / 2, (sides[1] - 1) / 2
    row = np.arange(sides[0], dtype=np.float32)[:, None] - middle_row
    column = np.arange(sides[1], dtype=np.float32) - middle_column
    angle = np.deg2rad(turn)
    turned_row = np.cos(angle) * row - np.sin(angle) * column
    turned_column = np.sin(angle) * row + np.cos(angle) * column
    rows = np.exp(taller) * turned_row + middle_row + down
    columns = np.exp(wider) * turned_column + slant * turned_row + middle_column + right
    return rows, columns


def _spline(length, knots):
    """The matrix that makes `length` numbers of `knots` + 2: a cubic B-spline between the first knot and the last."""
    distance = np.abs(np.linspace(0, knots - 1, length)[:, None] - np.arange(-1, knots + 1))
    near, far = (4 - 6 * distance**2 + 3 * distance**3) / 6, (2 - distance) ** 3 / 6
    return np.where(distance < 1, near, np.where(distance < 2, far, 0)).astype(np.float32)


def _interpolate(pictures, rows, columns):
    """The pictures' values between their pixels, linear in rows and in columns; `rows` and `columns` are used up."""
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


def occlusions(picture, size=5, ink=0):
    """The picture (M, N) once for each of its pixels, each time with a square of odd `size` around that pixel filled.

    >>> occlusions([[1, 2, 3]], size=1).tolist()
    [[[0, 2, 3]], [[1, 0, 3]], [[1, 2, 0]]]
    """
    picture = validate.array(picture, "picture", axes=2)
    size = validate.whole(size, "size")
    if size % 2 == 0:
        raise ValueError(f"size is {size}; give an odd one, so that the square has a middle")
    integer = picture.dtype.kind in "iu"
    limits = (np.iinfo(picture.dtype).min, np.iinfo(picture.dtype).max) if integer else (None, None)
    ink = (validate.whole if integer else validate.number)(ink, "ink", *limits)
    rows, columns = picture.shape
    near_row = np.abs(np.arange(rows)[:, None] - np.arange(rows)) <= size // 2
    near_column = np.abs(np.arange(columns)[:, None] - np.arange(columns)) <= size // 2
    in_square = near_row[:, None, :, None] & near_column[None, :, None, :]
    return np.where(in_square, np.asarray(ink, picture.dtype), picture).reshape(-1, rows, columns)


def occlusion_map(picture, digit, predict, size=5):
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
        If it is no picture, `predict` does not know the digit, or the size is even.

    References
    ----------
    Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014, https://arxiv.org/abs/1311.2901

    Examples
    --------
    >>> occlusion_map([[4, 2, 0]], 0, lambda pictures: pictures.sum(axis=1) / 6, size=1).round(3).tolist()
    [[0.667, 0.0, 0.0]]
    """
    picture = validate.array(picture, "picture", axes=2)
    validate.having(predict, "predict", "__call__", "a function of pictures")
    whole = validate.array(predict(picture[None]), "what predict returns", axes=2)[0]
    digit = validate.whole(digit, "digit", 0, len(whole) - 1)
    occluded = np.asarray(predict(occlusions(picture, size)))
    return (whole[digit] - occluded[:, digit]).reshape(picture.shape)


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


def interval(wrong, n):
    """The 95 % confidence interval of a share of errors, by Wilson's rule.

    Parameters
    ----------
    wrong, n : int
        So many of n test pictures were wrong.

    Returns
    -------
    low, high : float
        Shares of 1. If many test sets of n pictures were drawn, about 95 % of such intervals would hold the true share.

    Raises
    ------
    TypeError, ValueError
        If they are not whole numbers, or more are wrong than there are.

    References
    ----------
    Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American Statistical
    Association 22 (1927), https://doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
    >>> low, high = interval(46, 2000)
    >>> f"{low:.1%} to {high:.1%}"
    '1.7% to 3.1%'
    """
    n = validate.whole(n, "n", 1)
    share, z = validate.whole(wrong, "wrong", 0, n) / n, 1.959964  # of a normal error, 95 % lie within z deviations
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def _classes(values, name, classes):
    values = validate.array(values, name, axes=1)
    if values.dtype.kind not in "iu" or not 0 <= values.min() <= values.max() < classes:
        raise ValueError(f"{name} are {values}; give whole numbers from 0 to {classes - 1}")
    return values.astype(int)
