"""How training goes: accuracy and loss, step by step on what is learned from, epoch by epoch on what is held out."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from lessons_lib import expect
from lessons_lib.figures.style import BLUE, GREY, ORANGE, new_figure
from lessons_lib.i18n import _

DOTS = 10  # so many points are drawn of each epoch's steps, each a mean


def curves(loss, accuracy, val_loss=(), val_accuracy=(), epochs=None, steps=1, figure=None):
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
    figure : matplotlib.figure.Figure, optional
        Draw into this one again, which is quicker.

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
    if len(loss) != len(accuracy) or len(val_loss) != len(val_accuracy):
        raise ValueError(
            f"{len(loss)} losses and {len(accuracy)} accuracies, held out {len(val_loss)} and {len(val_accuracy)}; "
            "give as many of each"
        )
    steps = expect.whole(steps, "steps")
    epochs = max(1, len(loss) / steps if epochs is None else expect.whole(epochs, "epochs"))
    if figure is None:
        figure, _axes = new_figure(6.6, 2.8, columns=2)
        # Found once and for all: looking for room each time would take most of the time of a drawing.
        figure.set_layout_engine(None)
        figure.subplots_adjust(left=0.085, right=0.985, bottom=0.2, top=0.88, wspace=0.24)
    parts = (
        (figure.axes[0], _("accuracy"), accuracy, val_accuracy),
        (figure.axes[1], _("loss"), loss, val_loss),
    )
    for place, name, learned, held_out in parts:
        place.clear()
        # A step's curve goes on within the epoch; the numbers held out belong to its end.
        where, means = _smoothed(learned, steps)
        place.plot(where, means, color=BLUE, linewidth=1.8, marker="o" if len(means) <= 1 or steps == 1 else None)
        if len(held_out):
            ends = np.minimum(np.arange(1, len(held_out) + 1), len(learned) / steps)
            place.plot(ends, held_out, color=ORANGE, linewidth=2, marker="o", markersize=5)
        _frame(place, name, epochs, [*means, *held_out], len(held_out) > 0)
    figure.alt = _alt(loss, accuracy, val_loss, val_accuracy, steps)
    return figure


def _smoothed(numbers, steps):
    """`DOTS` means an epoch, and the places in the middle of what they are means of."""
    numbers = np.asarray(numbers, dtype=float)
    if not len(numbers) or steps == 1:
        return np.arange(1, len(numbers) + 1), numbers
    starts = np.arange(0, len(numbers), max(1, round(steps / DOTS)))
    ends = np.append(starts[1:], len(numbers))
    return (starts + ends) / 2 / steps, np.add.reduceat(numbers, starts) / (ends - starts)


def _frame(place, name, epochs, numbers, held):
    place.set(xlim=(0, epochs), xlabel=_("epoch"), title=name)
    place.grid(axis="y", color=GREY, alpha=0.25)
    place.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    place.yaxis.set_major_locator(MaxNLocator(4))
    place.tick_params(length=0)
    # The first steps, of a network that knows nothing, would press all others into one line.
    later = [number for number in numbers[len(numbers) // 8 :] if np.isfinite(number)] or [0, 1]
    if place is place.figure.axes[0]:
        place.set_ylim(max(0, np.floor(10 * min(later) - 1e-9) / 10), 1.004)
    else:
        place.set_ylim(0, max(0.05, 1.05 * max(later)))
        place.plot([], [], color=BLUE, label=_("learned from"))
        if held:
            place.plot([], [], color=ORANGE, marker="o", label=_("held out"))
        # A loss that falls leaves this corner free.
        place.legend(loc="upper right", frameon=False)


def _alt(loss, accuracy, val_loss, val_accuracy, steps):
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
