"""How training goes: accuracy and loss, step by step on the training data, epoch by epoch on the validation data."""

import numpy as np

from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.plots.chart import Chart, Frame, Line
from lessons_lib.plots.chart import ticks as ticks
from lessons_lib.plots.style import BLUE, ORANGE

DOTS = 10  # so many points are drawn of each epoch's steps, each a mean
MOST = 3  # an axis is at most so many times as long as the steps after the first eighth need


def curves(loss, accuracy, val_loss=(), val_accuracy=(), epochs=None, steps=1):
    """The `Chart` of a training, as far as it has come: `steps` numbers an epoch, and one an epoch of the validation.

    >>> curves([2, 1], [0.5, 0.8], [1.1, 1.0], [0.7, 0.8]).alt
    'Curves over 2 epochs. Accuracy: training 0.80, validation 0.80. Loss: training 1.00, validation 1.00.'
    """
    if len(loss) != len(accuracy) or len(val_loss) != len(val_accuracy):
        raise ValueError(
            f"{len(loss)} losses and {len(accuracy)} accuracies, of validation {len(val_loss)} and "
            f"{len(val_accuracy)}; give as many of each"
        )
    steps = validate.whole(steps, "steps")
    epochs = max(1, len(loss) / steps if epochs is None else validate.whole(epochs, "epochs"))
    frames = []
    for left, name, numbers, val in ((52, _("accuracy"), accuracy, val_accuracy), (402, _("loss"), loss, val_loss)):
        # A step's curve goes on within the epoch; the numbers of the validation belong to its end.
        xs, means = _smoothed(numbers, steps)
        ends = _ends(not frames, [*means, *val])
        marks = [Line(xs, means, BLUE, dots=steps == 1)]
        if len(val):
            marks.append(Line(np.minimum(np.arange(1, len(val) + 1), len(numbers) / steps), val, ORANGE, dots=True))
        frame = Frame((left, 34, 276, 196), (0, epochs), ends, labels=(_("epoch"), ""), title=name, marks=marks)
        frame.ticks = ticks((0, epochs), 6, whole=True), ticks(ends, 4)
        frames.append(frame)
    legend = [(_("training"), BLUE), (_("validation"), ORANGE)][: 1 + bool(len(val_loss))]
    return Chart(frames, 690, 312, _description(loss, accuracy, val_loss, val_accuracy, steps), legend)


def _smoothed(numbers, steps):
    """`DOTS` means an epoch, and the places in the middle of what they are means of."""
    numbers = np.asarray(numbers, dtype=float)
    if not len(numbers) or steps == 1:
        return np.arange(1, len(numbers) + 1), numbers
    starts = np.arange(0, len(numbers), max(1, round(steps / DOTS)))
    ends = np.append(starts[1:], len(numbers))
    return (starts + ends) / 2 / steps, np.add.reduceat(numbers, starts) / (ends - starts)


def _ends(is_accuracy, numbers):
    def around(some):
        some = [number for number in some if np.isfinite(number)] or [0, 1]
        if is_accuracy:
            return max(0.0, float(np.floor(10 * min(some) - 1e-9) / 10)), 1.004
        return 0.0, max(0.05, 1.05 * max(some))

    every, later = around(numbers), around(numbers[len(numbers) // 8 :])
    # The first steps, of a network that knows nothing, may press all others into one line.
    return every if every[1] - every[0] <= MOST * (later[1] - later[0]) else later


def _description(loss, accuracy, val_loss, val_accuracy, steps):
    if not len(loss):
        return _("Two empty axes for accuracy and loss; training has not begun.")
    count, last = len(loss) / steps, max(1, round(steps))
    text = _(
        "Curves over {epochs} epochs. Accuracy: training {accuracy:.2f}{val_accuracy}. "
        "Loss: training {loss:.2f}{val_loss}."
    )
    both = (val_accuracy, val_loss)
    val = [_(", validation {number:.2f}").format(number=numbers[-1]) if len(numbers) else "" for numbers in both]
    return text.format(
        epochs=f"{count:.2g}" if count < 10 else round(count), accuracy=np.mean(accuracy[-last:]),
        loss=np.mean(loss[-last:]), val_accuracy=val[0], val_loss=val[1],
    )  # fmt: skip
