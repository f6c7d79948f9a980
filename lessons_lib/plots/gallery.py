"""Many small pictures in rows: digits, letters, kernels, patches of photos."""

import numpy as np

from lessons_lib.core import validate
from lessons_lib.plots.grid import limits
from lessons_lib.plots.style import COLOURMAPS, GREY, INK, RED, new_figure

WIDTH, LARGEST = 10.4, 2.0  # inches: of a whole row, and of a picture where there are few


def gallery(
    pictures, titles=(), columns=10, *, row_names=(), marked=(), colours="grey", low=None, high=None, side=None
):
    """Pictures of shape (M, N) or (M, N, 3) in rows of `columns`; the caller describes the figure in `figure.alt`.

    With `row_names`, `pictures` holds a list for each row, which may have lengths of their own. All pictures share
    the colours "grey" or "signed" between `low` and `high`, their least and largest value when left out; three channels
    are red, green and blue in 0..1 or bytes. `marked` holds the numbers of pictures with a red title and border. `side`
    is in inches.

    >>> len(gallery(np.zeros((5, 4, 4)), "abcde", columns=3, marked=[2]).axes)
    5
    >>> gallery([np.eye(2)], ["one", "two"])
    Traceback (most recent call last):
    ValueError: there are 1 pictures and 2 titles; give one title for each picture
    """
    columns = validate.whole(columns, "columns")
    if len(row_names):
        rows = [validate.sequence(row, "a row of pictures") for row in pictures]
        validate.sequence(row_names, "row_names", len(rows))
    else:
        rows = [list(pictures[start : start + columns]) for start in range(0, len(pictures), columns)]
    shown = [validate.array(picture, "a picture", axes=(2, 3)) for row in rows for picture in row]
    if not shown:
        raise ValueError("pictures is empty; give at least one picture")
    if len(titles) not in (0, len(shown)):
        raise ValueError(f"there are {len(shown)} pictures and {len(titles)} titles; give one title for each picture")
    columns = max(map(len, rows))
    side, above = side or min(LARGEST, WIDTH / columns), 0.34 if len(titles) else 0.06
    low, high = limits(np.concatenate([picture.ravel() for picture in shown]), colours, low, high)
    wide = 0.3 + 0.1 * max(map(len, row_names)) if len(row_names) else 0
    figure, axs = new_figure(columns * side + wide, len(rows) * (side + above), rows=len(rows), columns=columns)
    number = 0
    for row, row_axs in zip(rows, axs, strict=True):
        for ax in row_axs[len(row) :]:
            ax.remove()
        for ax, picture in zip(row_axs, row, strict=False):
            colour, width = (RED, 2.5) if number in marked else (GREY, 0.6)
            ax.imshow(picture, cmap=COLOURMAPS[colours], vmin=low, vmax=high, interpolation="nearest")
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set(visible=True, color=colour, linewidth=width)
            if len(titles):
                ax.set_title(str(titles[number]), fontsize=12, color=RED if number in marked else INK)
            number += 1
    for name, row_axs in zip(row_names, axs, strict=False):
        row_axs[0].set_ylabel(name, rotation=0, ha="right", va="center", labelpad=8)
    return figure
