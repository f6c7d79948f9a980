"""How training goes: accuracy and loss, step by step on what is learned from, epoch by epoch on what is held out."""

from typing import NamedTuple

import numpy as np
from matplotlib.ticker import MaxNLocator

from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.plots.style import BLUE, GREY, ORANGE, new_figure

DOTS = 10  # so many points are drawn of each epoch's steps, each a mean
MOST = 3  # an axis is at most so many times as long as the steps after the first eighth need


class Way(NamedTuple):
    """One of the two charts of a training: points (places in epochs, numbers) of two curves, and how high it goes.

    >>> Way("loss", ([1], [0.5]), ([], []), (0, 1)).held
    ([], [])
    """

    name: str
    learned: tuple
    held: tuple
    ends: tuple


def ways(loss, accuracy, val_loss=(), val_accuracy=(), steps=1):
    """What is drawn of a training, by `curves` and by the panel that watches it.

    Parameters
    ----------
    loss, accuracy, val_loss, val_accuracy, steps
        As in `curves`.

    Returns
    -------
    list of Way
        Accuracy and loss.

    Raises
    ------
    TypeError, ValueError
        If there are not as many losses as accuracies.

    Examples
    --------
    >>> [(way.name, way.ends[0]) for way in ways([2, 1], [0.5, 0.8])]
    [('accuracy', 0.4), ('loss', 0.0)]
    """
    if len(loss) != len(accuracy) or len(val_loss) != len(val_accuracy):
        raise ValueError(
            f"{len(loss)} losses and {len(accuracy)} accuracies, held out {len(val_loss)} and {len(val_accuracy)}; "
            "give as many of each"
        )
    steps = validate.whole(steps, "steps")
    found = []
    for name, numbers, held in ((_("accuracy"), accuracy, val_accuracy), (_("loss"), loss, val_loss)):
        # A step's curve goes on within the epoch; the numbers held out belong to its end.
        where, means = _smoothed(numbers, steps)
        after = np.minimum(np.arange(1, len(held) + 1), len(numbers) / steps)
        found.append(Way(name, (where, means), (after, held), _ends(not found, [*means, *held])))
    return found


def _ends(is_accuracy, numbers):
    def around(some):
        some = [number for number in some if np.isfinite(number)] or [0, 1]
        if is_accuracy:
            return max(0.0, float(np.floor(10 * min(some) - 1e-9) / 10)), 1.004
        return 0.0, max(0.05, 1.05 * max(some))

    every, later = around(numbers), around(numbers[len(numbers) // 8 :])
    # The first steps, of a network that knows nothing, may press all others into one line.
    return every if every[1] - every[0] <= MOST * (later[1] - later[0]) else later


def ticks(ends, count, whole=False):
    """Round numbers for an axis from `ends[0]` to `ends[1]`, in about `count` parts.

    >>> ticks((0, 3), 8, whole=True)
    [0.0, 1.0, 2.0, 3.0]
    """
    values = MaxNLocator(count, integer=whole, steps=[1, 2, 5, 10]).tick_values(*ends)
    return [value for value in values.tolist() if ends[0] - 1e-9 <= value <= ends[1] + 1e-9]


def curves(loss, accuracy, val_loss=(), val_accuracy=(), epochs=None, steps=1):
    """Loss and accuracy of a training, as far as it has come.

    Parameters
    ----------
    loss, accuracy : sequence of float
        One number a step, or one an epoch.
    val_loss, val_accuracy : sequence of float, optional
        One number an epoch: of pictures held out.
    epochs : int, optional
        How many there will be; as many as there are when left out.
    steps : int
        How many numbers of `loss` and `accuracy` belong to an epoch.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    TypeError, ValueError
        If there are not as many losses as accuracies.

    Examples
    --------
    >>> curves([2, 1], [0.5, 0.8], [1.1, 1.0], [0.7, 0.8]).alt
    'Curves over 2 epochs. Accuracy: learned from 0.80, held out 0.80. Loss: learned from 1.00, held out 1.00.'
    """
    both = ways(loss, accuracy, val_loss, val_accuracy, steps)
    epochs = max(1, len(loss) / steps if epochs is None else validate.whole(epochs, "epochs"))
    figure, axes = new_figure(6.6, 3.1, columns=2)
    for place, way in zip(axes[0], both, strict=True):
        one = len(way.learned[0]) <= 1 or steps == 1
        place.plot(*way.learned, color=BLUE, linewidth=1.8, marker="o" if one else None)
        if len(way.held[0]):
            place.plot(*way.held, color=ORANGE, linewidth=2, marker="o", markersize=5, clip_on=False)
        _frame(place, way, epochs)
    figure.alt = said(loss, accuracy, val_loss, val_accuracy, steps)
    return figure


def _smoothed(numbers, steps):
    """`DOTS` means an epoch, and the places in the middle of what they are means of."""
    numbers = np.asarray(numbers, dtype=float)
    if not len(numbers) or steps == 1:
        return np.arange(1, len(numbers) + 1), numbers
    starts = np.arange(0, len(numbers), max(1, round(steps / DOTS)))
    ends = np.append(starts[1:], len(numbers))
    return (starts + ends) / 2 / steps, np.add.reduceat(numbers, starts) / (ends - starts)


def _frame(place, way, epochs):
    place.set(xlim=(0, epochs), ylim=way.ends, xlabel=_("epoch"), title=way.name)
    place.grid(axis="y", color=GREY, alpha=0.25)
    place.set_xticks(ticks((0, epochs), 8, whole=True))
    place.set_yticks(ticks(way.ends, 4))
    place.tick_params(length=0)
    if place is not place.figure.axes[0]:
        place.plot([], [], color=BLUE, label=_("learned from"))
        if len(way.held[0]):
            place.plot([], [], color=ORANGE, marker="o", label=_("held out"))
        place.figure.legend(loc="outside lower center", ncols=2, frameon=False)


def said(loss, accuracy, val_loss=(), val_accuracy=(), steps=1):
    """The curves in words.

    >>> said([], [])
    'Two empty axes for accuracy and loss; training has not begun.'
    """
    if not len(loss):
        return _("Two empty axes for accuracy and loss; training has not begun.")
    count = len(loss) / steps
    text = _(
        "Curves over {epochs} epochs. Accuracy: learned from {accuracy:.2f}{held}. Loss: learned from {loss:.2f}{out}."
    )
    held, out = "", ""
    if len(val_loss):
        held = _(", held out {number:.2f}").format(number=val_accuracy[-1])
        out = _(", held out {number:.2f}").format(number=val_loss[-1])
    last = max(1, round(steps))
    return text.format(
        epochs=f"{count:.2g}" if count < 10 else round(count), accuracy=np.mean(accuracy[-last:]),
        loss=np.mean(loss[-last:]), held=held, out=out,
    )  # fmt: skip
