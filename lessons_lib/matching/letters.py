"""Letters of 9 x 9 cells: an X, an O, a deformed X, and as many leaning, moved, noisy ones as one likes."""

import numpy as np

from lessons_lib.core import validate

LETTERS = ["X", "O", "deformed X"]


def letter(name):
    """A letter of 9 x 9 cells, +1 where there is ink and -1 elsewhere, built from its rule.

    Parameters
    ----------
    name : {"X", "O", "deformed X"}
        The X is the two diagonals of rows 1 to 7; the O is a ring; the deformed X keeps the crossing of the X and has
        each of its four arms moved by one pixel: left, up, right, down.

    Returns
    -------
    ndarray of int, shape (9, 9)

    Raises
    ------
    ValueError
        If there is no such letter.

    References
    ----------
    The X and its features are those of B. Rohrer, "How do convolutional neural networks work?" (2016).

    Examples
    --------
    >>> letter("X")[1].tolist()
    [-1, 1, -1, -1, -1, -1, -1, 1, -1]
    """
    validate.choice(name, "name", LETTERS)
    rows, columns = np.indices((9, 9)) - 4  # counted from the centre
    if name == "O":
        ink = (rows**2 + columns**2 >= 8) & (rows**2 + columns**2 <= 10)
    else:
        arm = 3 if name == "X" else 1
        ink = (abs(rows) == abs(columns)) & (abs(rows) <= arm)
    if name == "deformed X":
        step = np.arange(1, 4)  # the three cells of an arm, from the centre outwards
        ink[4 - step, 4 - step - 1] = True
        ink[4 - step - 1, 4 + step] = True
        ink[4 + step, 4 + step + 1] = True
        ink[4 + step + 1, 4 - step] = True
    return np.where(ink, 1, -1)


def random_letters(count, seed=0, noise=0.25):
    """Letters X and O as if written by many hands: arms that lean, rings of many shapes, moved by a pixel, and noise.

    Parameters
    ----------
    count : int
        Half of them (the larger half when it is odd) are X.
    seed : int
        The same seed gives the same letters.
    noise : float
        Standard deviation of the normal noise on every cell.

    Returns
    -------
    images : ndarray of float, shape (count, 9, 9)
        Around +1 where there is ink and around -1 elsewhere.
    labels : ndarray of int, shape (count,)
        0 for an X and 1 for an O.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a number in its range.

    Examples
    --------
    >>> images, labels = random_letters(6, seed=1)
    >>> images.shape, sorted(labels.tolist())
    ((6, 9, 9), [0, 0, 0, 1, 1, 1])
    """
    count = validate.whole(count, "count", high=10**5)
    random = np.random.default_rng(validate.whole(seed, "seed", 0))
    labels = random.permutation(np.arange(count) % 2)
    # An X: four arms of four cells, from the centre to an end that lies near a corner.
    ends = np.array([(-3, -3), (-3, 3), (3, -3), (3, 3)]) + random.uniform(-1.2, 1.2, (count, 4, 2))
    arms = (ends[:, :, np.newaxis] * np.linspace(0, 1, 4)[:, np.newaxis]).reshape(count, 16, 2)
    # An O: sixteen cells around the centre, on an ellipse.
    angles = np.linspace(0, 2 * np.pi, 16, endpoint=False) + random.uniform(-0.1, 0.1, (count, 1))
    rings = np.stack([np.sin(angles), np.cos(angles)], axis=-1) * (3 + random.uniform(-1.2, 1.2, (count, 1, 2)))
    points = np.where(labels[:, np.newaxis, np.newaxis] == 0, arms, rings)
    points = np.rint(4 + points + random.integers(-1, 2, (count, 1, 2))).astype(int).clip(0, 8)
    images = np.full((count, 9, 9), -1.0)
    images[np.arange(count)[:, np.newaxis], points[..., 0], points[..., 1]] = 1
    return images + random.normal(0, validate.number(noise, "noise", 0), images.shape), labels
