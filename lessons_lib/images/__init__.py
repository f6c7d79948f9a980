"""Lesson 1: images are numbers. Pixels, channels, and what it costs to give a picture to a fully connected layer.

A function raises TypeError or ValueError when an argument is not what it needs; the error repeats what came.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from lessons_lib.core import data, validate

# What one unit of red, green and blue adds to the brightness. Screens and photo files (sRGB) have Rec. 709's colours.
LUMINANCE = {"Rec. 709": (0.2126, 0.7152, 0.0722), "Rec. 601": (0.299, 0.587, 0.114)}
BATCH_SIZE = 50
MOST_EMPTY = 0.1  # the standard deviation below which a piece of a picture is empty
MOST_TRIES = 10_000  # windows looked at for one that is not empty


class DataSet(NamedTuple):
    """How many pictures of which shape, in how many classes."""

    pictures: int
    rows: int
    columns: int
    channels: int
    classes: int


# ImageNet's pictures differ in size: rows and columns are an average. The sources are at the end of the lesson.
DATA_SETS = {
    "MNIST": DataSet(70_000, 28, 28, 1, 10),
    "CIFAR-10": DataSet(60_000, 32, 32, 3, 10),
    "CIFAR-100": DataSet(60_000, 32, 32, 3, 100),
    "ImageNet": DataSet(14_197_122, 415, 482, 3, 21_841),
}


def brighten(picture, amount, rule="clip"):
    """Add the same amount to every pixel and store the result in bytes again.

    Parameters
    ----------
    picture : array_like of any shape
        Whole numbers in 0..255.
    amount : int
        In -255..255; negative makes it darker.
    rule : {"clip", "wrap"}
        What becomes of a sum outside 0..255: the nearest end, or, as in plain `uint8` arithmetic, the remainder
        of a division by 256.

    Returns
    -------
    ndarray of the same shape, uint8

    Raises
    ------
    TypeError, ValueError
        If the picture is not made of whole numbers in 0..255, or amount or rule is not allowed.

    Examples
    --------
    >>> brighten([200], 100).tolist(), brighten([200], 100, "wrap").tolist()
    ([255], [44])
    """
    picture = _byte_picture(picture, "picture")
    amount = validate.whole(amount, "amount", -255, 255)
    wide = picture.astype(int) + amount
    if validate.choice(rule, "rule", ["clip", "wrap"]) == "clip":
        return np.clip(wide, 0, 255).astype(np.uint8)
    return (wide % 256).astype(np.uint8)


def to_float(picture):
    """Bytes as fractions of full white; floats in [0, 1] stay as they are.

    >>> to_float([0, 51, 255]).tolist()
    [0.0, 0.2, 1.0]
    """
    values = validate.array(picture, "picture")
    if values.dtype.kind == "f":
        return _in_range(values, "picture", 0, 1, "divide bytes that are stored as floats by 255").astype(float)
    return _byte_picture(values, "picture") / (1 if np.asarray(picture).dtype == bool else 255)


def to_bytes(picture):
    """Fractions of full white as bytes, rounded to the nearest; below 0 counts as 0, above 1 as 1.

    >>> to_bytes([0.0, 0.5, 1.2]).tolist()
    [0, 128, 255]
    """
    picture = validate.array(picture, "picture")
    if picture.dtype.kind != "f":
        raise TypeError(f"picture has dtype {picture.dtype}; give floats in [0, 1], where 1 is white")
    return np.rint(255 * np.clip(picture.astype(float), 0, 1)).astype(np.uint8)


def split_channels(photo):
    """The red, the green and the blue of a photo, each a grey picture.

    Parameters
    ----------
    photo : array_like of shape (M, N, 3)

    Returns
    -------
    red, green, blue : ndarray of shape (M, N)
        Of the photo's dtype.

    Raises
    ------
    TypeError, ValueError
        If it is not a picture of three channels.

    Examples
    --------
    >>> red, green, blue = split_channels([[[255, 128, 0]]])
    >>> red.item(), green.item(), blue.item()
    (255, 128, 0)
    """
    photo = _colour_photo(photo)
    return photo[:, :, 0], photo[:, :, 1], photo[:, :, 2]


def luminance(photo, standard="Rec. 709"):
    """How bright each pixel looks: a weighted sum of red, green and blue.

    The weights add up to 1. They are meant for amounts of light; applied to the stored values, as nearly all software
    does and as is done here, the result is properly called *luma*.

    Parameters
    ----------
    photo : array_like of shape (M, N, 3)
    standard : {"Rec. 709", "Rec. 601"}
        Rec. 709 (0.2126, 0.7152, 0.0722) has the red, green and blue of today's screens and of sRGB files;
        Rec. 601 (0.299, 0.587, 0.114) those of older television, and lives on in JPEG.

    Returns
    -------
    ndarray of shape (M, N), float64
        In the photo's own range.

    Raises
    ------
    TypeError, ValueError
        If it is not a picture of three channels, or there is no such standard.

    References
    ----------
    ITU-R, Recommendation BT.709-6 (2015), item 3.2, and BT.601-7 (2011), section 2.5.1.

    Examples
    --------
    >>> luminance([[[0, 255, 0]]]).round(3).item()
    182.376
    """
    return _colour_photo(photo) @ np.array(LUMINANCE[validate.choice(standard, "standard", LUMINANCE)])


def mix_channels(photo, matrix):
    """Each new channel is a weighted sum of the old three, cut off at black and white; a row of `matrix` weighs them.

    >>> swap_red_and_blue = [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    >>> mix_channels([[[255, 128, 0]]], swap_red_and_blue).tolist()
    [[[0, 128, 255]]]
    """
    photo = _colour_photo(photo)
    matrix = validate.array(matrix, "matrix", axes=2, low=-1e6, high=1e6)
    if matrix.shape != (3, 3):
        raise ValueError(f"matrix of shape {matrix.shape} does not mix three channels into three; give 3 × 3 weights")
    if photo.dtype.kind == "f":
        return np.clip(_in_range(photo, "photo", 0, 1, "or whole numbers in 0..255") @ matrix.T, 0, 1)
    mixed = _byte_picture(photo, "photo").astype(np.float32) @ matrix.T.astype(np.float32)
    return np.clip(np.rint(mixed, out=mixed), 0, 255, out=mixed).astype(np.uint8)


def pixel_order(pixels, seed=0):
    """Which old pixel, counted row by row, comes to each new place: a random order, the same for the same seed.

    >>> sorted(pixel_order(4).tolist())
    [0, 1, 2, 3]
    """
    pixels = validate.whole(pixels, "pixels", high=validate.LARGEST)
    return np.random.default_rng(validate.whole(seed, "seed", 0)).permutation(pixels)


def shuffle_pixels(pictures, seed=0):
    """Move the pixels of pictures, of shape (M, N) or (K, M, N), to new places, the same for all: see `pixel_order`.

    >>> sorted(shuffle_pixels([[1, 2], [3, 4]]).ravel().tolist())
    [1, 2, 3, 4]
    """
    pictures = validate.array(pictures, "pictures", axes=(2, 3), finite=False)
    pixels = pictures.shape[-2] * pictures.shape[-1]
    flat = pictures.reshape(-1, pixels)
    return flat[:, pixel_order(pixels, seed)].reshape(pictures.shape)


def secret_digits(student_number):
    """Six digits whose pixels are shuffled in an order of this student's, of shape (6, 28, 28), and the order.

    >>> shuffled, order = secret_digits(7)
    >>> shuffled.shape, order.shape
    ((6, 28, 28), (784,))
    """
    seed = validate.whole(student_number, "student_number", 0)
    chosen = data.load("mnist")["images"][np.random.default_rng(seed).integers(0, 10_000, 6)] / 255
    return shuffle_pixels(chosen, seed), pixel_order(chosen[0].size, seed)


def move(pictures, rows=0, columns=0):
    """Move pictures, of shape (M, N) or (K, M, N), down by `rows` and to the right by `columns`; black follows.

    >>> move(np.array([[1, 2], [3, 4]]), rows=1).tolist()
    [[0, 0], [1, 2]]
    """
    pictures = validate.array(pictures, "pictures", axes=(2, 3), finite=False)
    rows, columns = validate.whole(rows, "rows", -1000, 1000), validate.whole(columns, "columns", -1000, 1000)
    moved = np.zeros_like(pictures)
    (to_rows, from_rows), (to_columns, from_columns) = _overlap(rows), _overlap(columns)
    moved[..., to_rows, to_columns] = pictures[..., from_rows, from_columns]
    return moved


def _overlap(steps):
    """Where the part of an axis that stays inside lands when it is moved, and where it comes from."""
    ahead, behind = slice(abs(steps), None), slice(None, -abs(steps) or None)
    return (ahead, behind) if steps > 0 else (behind, ahead)


def slide(picture, kernels):
    """Lay a kernel with its middle on every pixel of a picture, multiply, and add; outside the picture is black.

    `kernels` is one, of shape (F, F) with F odd, or several, of shape (K, F, F). The sums have the shape of the picture
    (M, N), with several kernels (K, M, N). Lesson 2 writes this program.

    >>> slide(np.array([[0, 0, 1], [0, 0, 0]]), np.array([[0, 0, 0], [0, 0, 5], [0, 0, 0]])).tolist()
    [[0.0, 5.0, 0.0], [0.0, 0.0, 0.0]]
    """
    picture, kernels = validate.array(picture, "picture", axes=2), validate.array(kernels, "kernels", axes=(2, 3))
    side = kernels.shape[-1]
    if kernels.shape[-2] != side or side % 2 == 0:
        raise ValueError(
            f"kernels of shape {kernels.shape} have no middle; give as many rows as columns, an odd number"
        )
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(picture, side // 2), (side, side))
    sums = kernels.reshape(-1, side**2).astype(float) @ windows.reshape(-1, side**2).T
    return sums.reshape(*kernels.shape[:-2], *picture.shape)


def cut_kernels(pictures, side, count, seed=0):
    """Kernels of side × side, cut out of pictures (K, M, N) at random places, never out of an empty one.

    From each its mean is subtracted, so that it gives 0 where all is black or white; its squares add up to 1.

    >>> kernels = cut_kernels(np.random.default_rng(0).random((3, 9, 9)), side=5, count=2)
    >>> kernels.shape, abs(kernels.sum()).round(6).item(), (kernels**2).sum().round(6).item()
    ((2, 5, 5), 0.0, 2.0)
    """
    pictures = validate.array(pictures, "pictures", axes=3)
    side = validate.whole(side, "side", 2, min(pictures.shape[1:]))
    random, kernels = np.random.default_rng(validate.whole(seed, "seed", 0)), []
    if not (np.ptp(pictures, axis=(1, 2)) > MOST_EMPTY).any():
        raise ValueError("pictures are empty: each has one grey level; give some with something on them")
    for _kernel in range(validate.whole(count, "count")):
        for _try in range(MOST_TRIES):
            picture = pictures[random.integers(len(pictures))]
            row, column = (random.integers(length - side + 1) for length in picture.shape)
            piece = picture[row : row + side, column : column + side]
            if piece.std() >= MOST_EMPTY:
                break
        else:
            raise ValueError(f"pictures are nearly empty: {MOST_TRIES} windows had one grey level; give fuller ones")
        kernels.append((piece - piece.mean()) / np.linalg.norm(piece - piece.mean()))
    return np.array(kernels)


def count_dense(inputs, units, bias=False):
    """Weights of a fully connected layer: one for each input of each unit; on demand a bias for each unit.

    >>> count_dense(200 * 200, 40_000)
    1600000000
    """
    units = validate.whole(units, "units")
    return validate.whole(inputs, "inputs") * units + (units if validate.flag(bias, "bias") else 0)


def count_conv(side, kernels, channels=1, bias=False):
    """Weights of so many kernels of side × side, each with a table for each channel; on demand a bias for each.

    >>> count_conv(5, 100)
    2500
    """
    window = validate.whole(side, "side") ** 2 * validate.whole(channels, "channels")
    return count_dense(window, validate.whole(kernels, "kernels"), bias)


def megabytes(numbers, bytes_each=4):
    """The memory that numbers take, in millions of bytes: 4 bytes for float32, 1 for uint8.

    >>> megabytes(1_600_000_000)
    6400.0
    """
    return validate.whole(numbers, "numbers", 0) * validate.whole(bytes_each, "bytes_each") / 1e6


def train_dense(pictures, labels, units=0, epochs=10, rate=0.1, seed=0):
    """A fully connected classifier of K pictures (K, M, N) in [0, 1], trained by gradient descent on the cross-entropy.

    In place of pictures it takes rows of any numbers, of shape (K, L).

    It has one hidden layer of so many ReLU units, or with 0 none, which makes it linear. Each layer is a pair: weights
    of shape (inputs, outputs) and biases of shape (outputs,). Lesson 5 explains the training.

    >>> left_or_right = [[[1.0, 0.0]], [[0.0, 1.0]]]
    >>> classify(train_dense(left_or_right, [0, 1]), left_or_right).tolist()
    [0, 1]
    """
    inputs = _flatten(pictures)
    labels = validate.array(labels, "labels", axes=1)
    if labels.dtype.kind not in "iu" or labels.min() < 0:
        raise TypeError(f"labels hold {labels.dtype} from {labels.min()} on; give whole numbers 0, 1, 2, ...")
    if len(labels) != len(inputs):
        raise ValueError(f"there are {len(inputs)} pictures and {len(labels)} labels; give one label a picture")
    units, epochs = validate.whole(units, "units", 0), validate.whole(epochs, "epochs")
    rate = validate.number(rate, "rate", low=0)
    random = np.random.default_rng(validate.whole(seed, "seed", 0))
    widths = [inputs.shape[1], *([units] if units else []), int(labels.max()) + 1]
    validate.room((inputs.shape[1], units), "the array of weights")
    # A single layer starts from zeros: no start is fairer, and no pixel's place matters to it.
    layers = [
        (random.normal(0, np.sqrt(2 / n), (n, m)) if units else np.zeros((n, m)), np.zeros(m))
        for n, m in pairwise(widths)
    ]
    try:
        with np.errstate(over="raise", invalid="raise"):
            for _epoch in range(epochs):
                order = random.permutation(len(inputs))
                for start in range(0, len(inputs), BATCH_SIZE):
                    batch = order[start : start + BATCH_SIZE]
                    _step(layers, inputs[batch], labels[batch], rate)
    except FloatingPointError as error:
        raise ValueError(f"rate is {rate:g}, so large that the weights grow beyond all bounds") from error
    return layers


def _step(layers, batch, labels, rate):
    """One step of gradient descent on a batch, forward and backward, in place."""
    outputs = [batch]
    for weights, biases in layers[:-1]:
        outputs.append(np.maximum(0, outputs[-1] @ weights + biases))
    logits = outputs[-1] @ layers[-1][0] + layers[-1][1]
    probabilities = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    gradient = (probabilities - np.eye(logits.shape[1])[labels]) / len(labels)
    for (weights, biases), inputs in zip(reversed(layers), reversed(outputs), strict=True):
        earlier = (gradient @ weights.T) * (inputs > 0)
        weights -= rate * (inputs.T @ gradient)
        biases -= rate * gradient.sum(axis=0)
        gradient = earlier


def classify(layers, pictures):
    """The class with the largest logit for each picture; `layers` as `train_dense` returns them.

    >>> identity = [(np.eye(3), np.zeros(3))]
    >>> classify(identity, [[[0.1, 0.7, 0.2]]]).tolist()
    [1]
    """
    layers = [validate.sequence(layer, "layer", 2) for layer in validate.sequence(layers, "layers")]
    values = _flatten(pictures)
    pixels = len(validate.array(layers[0][0], "weights of the first layer", axes=2))
    if values.shape[1] != pixels:
        raise ValueError(f"pictures have {values.shape[1]} pixels; the first layer was made for {pixels}")
    for weights, biases in layers[:-1]:
        values = np.maximum(0, values @ weights + biases)
    return np.argmax(values @ layers[-1][0] + layers[-1][1], axis=1)


def share_right(layers, pictures, labels):
    """The share of pictures that a classifier of `train_dense` names right.

    >>> share_right([(np.eye(3), np.zeros(3))], [[[0.1, 0.7, 0.2]], [[0.8, 0.1, 0.1]]], [1, 2])
    0.5
    """
    answers, labels = classify(layers, pictures), validate.array(labels, "labels", axes=1)
    if len(labels) != len(answers):
        raise ValueError(f"there are {len(answers)} pictures and {len(labels)} labels; give one label a picture")
    return float(np.mean(answers == labels))


def _flatten(pictures):
    """One row a picture (K, M, N); rows of other numbers (K, L) stay as they are."""
    pictures = validate.array(pictures, "pictures", axes=(2, 3))
    if pictures.ndim == 3:
        pictures = _in_range(pictures, "pictures", 0, 1, "divide bytes by 255")
    return pictures.reshape(len(pictures), -1).astype(float)


def _colour_photo(photo):
    photo = validate.array(photo, "photo", axes=3)
    if photo.shape[2] != 3:
        advice = "; drop the transparency with photo[:, :, :3]" if photo.shape[2] == 4 else ""
        raise ValueError(
            f"photo of shape {photo.shape} has {photo.shape[2]} channels; give 3 (red, green, blue){advice}"
        )
    return photo


def _byte_picture(picture, name):
    picture = validate.array(picture, name)
    if picture.dtype.kind == "f":
        raise TypeError(f"{name} has dtype {picture.dtype}; give whole numbers in 0..255, for instance by `to_bytes`")
    return _in_range(picture, name, 0, 255, "bytes hold no others")


def _in_range(picture, name, low, high, advice):
    for value in (picture.min(), picture.max()):
        if not low <= value <= high:
            raise ValueError(f"{name} holds {value}; give values in {low}..{high} ({advice})")
    return picture
