"""Lesson 2: one small window of weights, the kernel, makes a new picture: R = w1 z1 + ... + w9 z9 at every place."""

from types import MappingProxyType

import numpy as np

from lessons_lib.core import validate

# How a picture is continued past its edge, and what `numpy.pad` calls it.
BORDERS = {"valid": None, "zero": "constant", "reflect": "symmetric", "replicate": "edge"}
LARGEST_SIGMA = 100


def correlate(image, kernel, border="valid"):
    """Lay the kernel on every place of a picture, multiply pixels by weights, and add up.

    result[i, j] = sum over a, b of kernel[a, b] * image[i + a, j + b], where i, j count from the first place of the
    kernel: inside the picture for "valid", partly outside it for the other borders.

    Parameters
    ----------
    image : array_like of shape (M, N) or (M, N, C)
        Booleans, integers or floats. Each channel of a colour picture is filtered by itself.
    kernel : array_like of shape (K, L)
        At most as large as the picture. The result belongs to the pixel under kernel[K // 2, L // 2]: the middle when
        K and L are odd; when one is even, the cell after the middle, as in `scipy.ndimage.correlate`.
    border : {"valid", "zero", "reflect", "replicate"}
        "valid" uses only places where the whole kernel lies on the picture, so the result is smaller. The others
        continue the picture a b c d and keep its size: "zero" 0 0 | a b c d | 0 0; "replicate" a a | a b c d | d d;
        "reflect" b a | a b c d | d c (the edge is repeated: `reflect` in SciPy and scikit-image, `symmetric` in
        NumPy; it is not what NumPy and Keras call `reflect`).

    Returns
    -------
    ndarray of shape (M - K + 1, N - L + 1) for "valid", else (M, N); with C channels if the picture has them
        Computed in float64. Given as int64 and exact when picture and kernel are integers, since float64 holds every
        integer up to 2 ** 53; otherwise in the floating type of the two together: float32 from float32 (or bytes) and
        float32, float64 from bytes and float64.

    Raises
    ------
    TypeError
        If picture or kernel is not made of real numbers.
    ValueError
        If one is empty, has other axes, or holds NaN or infinity; if the kernel is larger than the picture; if there
        is no such border; if integers are so large that a sum might not be exact.

    References
    ----------
    R. C. Gonzalez and R. E. Woods, Digital Image Processing, 4th ed. (2018), section 3.4.

    Examples
    --------
    >>> correlate([[1, 2, 3], [4, 5, 6]], [[1, 10]]).tolist()
    [[21, 32], [54, 65]]
    >>> correlate([[1, 2, 3]], [[1, 1, 1]], border="zero").tolist()
    [[3, 6, 5]]
    """
    image, kernel, dtype = _numbers(image, kernel, border)
    image = pad(image, kernel.shape, border)
    if image.ndim == 2:
        return correlate_valid(image, kernel).astype(dtype, copy=False)
    channels = [correlate_valid(image[:, :, channel], kernel) for channel in range(image.shape[2])]
    return np.stack(channels, axis=2).astype(dtype, copy=False)


def correlate_valid(image, kernel):
    """The loop of `correlate`, on one channel (M, N) that is checked and padded: each weight times a moved picture.

    >>> correlate_valid(np.array([[1, 2, 3], [4, 5, 6]]), np.array([[1, 10]])).tolist()
    [[21.0, 32.0], [54.0, 65.0]]
    """
    height = image.shape[0] - kernel.shape[0] + 1
    width = image.shape[1] - kernel.shape[1] + 1
    result = np.zeros((height, width))
    for a in range(kernel.shape[0]):
        for b in range(kernel.shape[1]):
            result += kernel[a, b] * image[a : a + height, b : b + width]
    return result


def convolve(image, kernel, border="valid"):
    """Correlate with the kernel turned by half a turn, which is a convolution; all else is as in `correlate`.

    An even kernel has its place as in `scipy.signal.convolve2d`.

    >>> convolve([[1, 2, 3], [4, 5, 6]], [[1, 10]]).tolist()
    [[12, 23], [45, 56]]
    """
    return correlate(image, np.flip(validate.array(kernel, "kernel", axes=2)), border)


def pad(image, shape, border):
    """Continue a picture (M, N) or (M, N, C) past its edges, so that a kernel of `shape` (K, L) has a place everywhere.

    The result has M + K - 1 rows and N + L - 1 columns; "valid" adds nothing.

    >>> pad([[1, 2, 3]], (1, 3), "reflect").tolist()
    [[1, 1, 2, 3, 3]]
    """
    image = validate.array(image, "image", axes=(2, 3))
    mode = BORDERS[validate.choice(border, "border", BORDERS)]
    try:
        rows, columns = shape
    except (TypeError, ValueError) as error:
        raise type(error)(f"shape is {shape!r}; give the rows and columns of a kernel, such as (3, 3)") from error
    rows, columns = validate.whole(rows, "rows of the kernel"), validate.whole(columns, "columns of the kernel")
    if rows > image.shape[0] or columns > image.shape[1]:
        limit = f"{image.shape[0]} × {image.shape[1]}"
        raise ValueError(f"kernel {(rows, columns)} is larger than image {image.shape[:2]}; choose at most {limit}")
    if mode is None:
        return image
    widths = [(side // 2, (side - 1) // 2) for side in (rows, columns)]
    return np.pad(image, widths + [(0, 0)] * (image.ndim - 2), mode=mode)


def terms_of_sum(image, kernel, row, column, border="valid"):
    """The pixels z1, z2, ... under the kernel at one place of the result, and the products w1 z1, w2 z2, ...

    >>> pixels, products = terms_of_sum([[1, 2, 3], [4, 5, 6]], [[1, 10]], row=1, column=0)
    >>> pixels.tolist(), products.tolist()
    ([[4, 5]], [[4, 50]])
    """
    image, kernel = validate.array(image, "image", axes=2), validate.array(kernel, "kernel", axes=2)
    padded = pad(image, kernel.shape, border)
    row = validate.whole(row, "row", 0, padded.shape[0] - kernel.shape[0])
    column = validate.whole(column, "column", 0, padded.shape[1] - kernel.shape[1])
    pixels = padded[row : row + kernel.shape[0], column : column + kernel.shape[1]]
    return pixels, pixels * kernel.astype(np.result_type(kernel, np.int64))


def normalise(kernel):
    """A kernel divided by its sum, so that flat parts of a picture keep their grey level.

    >>> normalise([[1, 2, 1]]).tolist()
    [[0.25, 0.5, 0.25]]
    """
    kernel = validate.array(kernel, "kernel", axes=2)
    total = kernel.sum()
    if abs(total) <= 1e-12 * np.abs(kernel).sum():
        raise ValueError("kernel has the sum 0 and cannot be divided by it; use it as it is")
    return kernel / total


def gaussian(sigma):
    """The Gaussian as a kernel of sum 1: nearby pixels count most, and no direction is preferred.

    `sigma` is the standard deviation in pixels, above 0, at most 100. The curve is cut off r = int(3 sigma + 0.5)
    pixels from the centre, as `scipy.ndimage.gaussian_filter(..., truncate=3)` does; the shape is (2 r + 1, 2 r + 1).

    >>> gaussian(1).shape, gaussian(1).max().round(2).item()
    ((7, 7), 0.16)
    """
    sigma = validate.number(sigma, "sigma", high=LARGEST_SIGMA)
    if sigma <= 0:
        raise ValueError(f"sigma is {sigma:g}; give a number above 0")
    radius = int(3 * sigma + 0.5)
    bell = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    return np.outer(bell, bell) / bell.sum() ** 2


def separate(kernel):
    """Split a kernel (K, L) into a column (K, 1) and a row (1, L), floats whose product `column * row` it is.

    Filtering with one after the other does the same as filtering with the kernel; a ValueError if it is not separable.

    >>> column, row = separate([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    >>> column.tolist(), row.tolist()
    ([[1.0], [2.0], [1.0]], [[-1.0, 0.0, 1.0]])
    """
    kernel = validate.array(kernel, "kernel", axes=2).astype(float)
    # If all rows are multiples of one row, the row and the column through the largest weight give all the others.
    i, j = np.unravel_index(np.abs(kernel).argmax(), kernel.shape)
    largest = kernel[i, j] or 1.0
    column, row = np.sign(largest) * kernel[:, j : j + 1], kernel[i : i + 1] / abs(largest)
    if np.abs(column * row - kernel).max() > 1e-9 * abs(largest):
        raise ValueError("kernel is not a column times a row; filter with the kernel as it is")
    return column + 0.0, row + 0.0


def _numbers(image, kernel, border):
    """Picture and kernel, checked, in float64; and the type of the result."""
    image = validate.array(image, "image", axes=(2, 3))
    kernel = validate.array(kernel, "kernel", axes=2)
    validate.choice(border, "border", BORDERS)
    dtype = np.result_type(image, kernel, np.float32)
    if image.dtype.kind in "iu" and kernel.dtype.kind in "iu":
        dtype = np.int64
        if max(abs(float(image.min())), abs(float(image.max()))) * np.abs(kernel.astype(float)).sum() > 2**53:
            raise ValueError("image and kernel hold integers so large that a sum might not be exact; give floats")
    return image.astype(float), kernel.astype(float), dtype


class _Kernels(dict):
    def __missing__(self, name):
        raise KeyError(f"{name!r} is not the name of a kernel; choose one of {', '.join(self)}")


KERNELS = {
    "identity": np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    "shift": np.array([[0, 0, 0], [0, 0, 1], [0, 0, 0]]),  # each pixel becomes its right neighbour
    "mean": np.ones((3, 3)) / 9,
    "weighted-mean": np.array([[8, 12, 8], [12, 20, 12], [8, 12, 8]]) / 100,
    "box": np.ones((5, 5)) / 25,
    "gaussian": gaussian(1),
    "laplacian": np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
    "sobel-right": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),  # positive where it grows brighter to the right
    "sobel-down": np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),  # positive where it grows brighter downwards
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "emboss": np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
}
for _kernel in KERNELS.values():
    _kernel.setflags(write=False)
KERNELS = MappingProxyType(_Kernels(KERNELS))


def _game_pictures():
    """The pictures of the game "only diagonals", 9 x 9, black and white; its kernel may answer to the first alone."""
    down, right = np.indices((9, 9))
    lines = {
        "diagonal": down == right,
        "other-diagonal": down + right == 8,
        "vertical": right == 4,
        "horizontal": down == 4,
        "steep": right == (down + 5) // 2,
        "shallow": down == (right + 5) // 2,
        "white": down >= 0,
    }
    return {name: line.astype(int) for name, line in lines.items()}


GAME_PICTURES = _game_pictures()


def game_answers(kernel):
    """For each of `GAME_PICTURES` the answer of the kernel that is farthest from 0.

    >>> [round(answer, 2) for answer in game_answers(KERNELS["mean"]).values()]
    [0.33, 0.33, 0.33, 0.33, 0.33, 0.33, 1.0]
    """
    answers = {name: correlate(picture, kernel) for name, picture in GAME_PICTURES.items()}
    return {name: max(answer.max(), answer.min(), key=abs).item() for name, answer in answers.items()}


def count_faults(drawing):
    """Count two faults in a drawing of the photo "camera": dots in the grass, and missing columns of an edge.

    The drawing is dark on white, from 0 to 255, and as large as the photo or smaller by as much on all sides. A pixel
    below 128 is ink. In the part of the photo from row 300 and column 410 on there is only grass, so each pixel of ink
    is a dot; the top edge of the camera crosses 50 columns, and those without ink there are missing.

    >>> count_faults(np.full((510, 510), 255))
    (0, 50)
    """
    drawing = validate.array(drawing, "drawing", axes=2)
    border = 512 - np.array(drawing.shape)
    if (border < 0).any() or (border % 2).any():
        size, most = "{} × {}".format(*drawing.shape), "512 × 512"
        raise ValueError(f"drawing is {size}; give {most}, or as much less on the left as on the right")
    page = np.pad(drawing < 128, [(side // 2, side // 2) for side in border])
    return int(page[300:500, 410:500].sum()), int((~page[130:148, 272:322].any(axis=0)).sum())


def mystery(photo, student_number):
    """Filter a photo with a secret kernel of 3 x 3 whole numbers from -9 to 9, another one for each student number.

    A student number may stand in quotes, such as "0731", since Python has no numbers that begin with 0.

    >>> mystery(np.ones((5, 6)), student_number=7).shape
    (3, 4)
    """
    return correlate(photo, _secret_kernel(student_number))


def _secret_kernel(student_number):
    """The kernel of `mystery`: no turned or mirrored form of it is the same kernel."""
    if isinstance(student_number, str) and student_number.strip().isdecimal():
        student_number = int(student_number)
    generator = np.random.default_rng(validate.whole(student_number, "student_number", 0))
    while True:
        kernel = generator.integers(-9, 10, (3, 3))
        turned = [np.rot90(form, turns) for form in (kernel, kernel.T) for turns in range(4)]
        if not any(np.array_equal(kernel, form) for form in turned[1:]):
            return kernel
