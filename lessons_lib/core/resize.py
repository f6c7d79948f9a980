"""One resampling for every picture that must have another size."""

import numpy as np

from lessons_lib.core import validate


def tent_weights(old, new):
    """The matrix of shape (new, old) that makes `new` numbers of `old`: means of those near its place, by distance.

    >>> tent_weights(4, 2).round(2).tolist()
    [[0.43, 0.43, 0.14, 0.0], [0.0, 0.14, 0.43, 0.43]]
    """
    middles = (np.arange(new) + 0.5) * old / new
    distances = np.abs(np.arange(old) + 0.5 - middles[:, None])
    weights = np.maximum(0, 1 - distances / max(1, old / new))
    return weights / weights.sum(axis=1, keepdims=True)


def resize(picture, rows, columns=None):
    """A picture of shape (M, N) or (M, N, C) with other sides, as floats; `columns` are as many as `rows` if left out.

    The filter is a tent: Turkowski, "Filters for common resampling tasks", Graphics Gems I (1990).

    >>> resize([[0, 0, 4, 4]], 1, 2).round(2).tolist()
    [[0.57, 3.43]]
    """
    picture = validate.array(picture, "picture", axes=(2, 3)).astype(float)
    rows = validate.whole(rows, "rows")
    columns = rows if columns is None else validate.whole(columns, "columns")
    validate.room((rows, columns, *picture.shape[2:]), "the new picture")
    down, across = tent_weights(picture.shape[0], rows), tent_weights(picture.shape[1], columns)
    return np.einsum("ir,rc...,jc->ij...", down, picture, across, optimize=True)
