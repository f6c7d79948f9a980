"""Lesson 1, by NumPy's own bytes, scikit-image and plain products."""

import re
from functools import lru_cache

import numpy as np
from skimage import util

from lessons_lib import data

SHADES = [(0, "black"), (31, "nearly black"), (95, "dark grey"), (159, "middle grey"), (223, "light grey"),
          (254, "nearly white"), (255, "white")]  # fmt: skip
# Which old channels (red, green, blue) make the new red, the new green, the new blue.
MIXES = {
    "own": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "exchanged": [[0, 0, 1], [0, 1, 0], [1, 0, 0]],
    "rotated": [[0, 0, 1], [1, 0, 0], [0, 1, 0]],
    "luminance": [[0.2126, 0.7152, 0.0722]] * 3,
    "mean": [[1 / 3] * 3] * 3,
}


def _small(name):
    if name == "portrait":
        return data.load("portrait")
    return data.load("mnist")["images"][3][4:24, 4:24] if name == "digit" else data.load("camera")[144:162, 226:244]


def PixelEditor(panel, said):  # noqa: N802 (the panel's name)
    picture, (row, column) = panel.numbers.values, panel.numbers.selected
    value = int(picture[row, column])
    assert np.array_equal(panel.pixels.values, picture) and panel.level.value == value
    shade = next(word for most, word in SHADES if value <= most)
    said.says("Row {}, column {}: {} of 255, {}.", row, column, value, shade)
    changed = int(np.count_nonzero(picture.astype(int) - _small(panel.picture.value)))
    text = "{} of {} pixels differ from the original; the mean of all is {}."
    said.says(text, changed, picture.size, float(np.average(picture)))


def PaintGame(panel, said):  # noqa: N802
    board, four = np.zeros((8, 8)), panel.board.values
    board[1:4, 1] = board[4, 1:6] = board[2:7, 4] = 255
    won = np.array_equal(board, four)
    assert ("lesson-won" in panel._dom_classes) == (won and panel.moves > 0)
    if not panel.moves:
        said.says("The picture is black. Paint what the three lines paint, {} pixels.", int((board > 0).sum()))
    elif won:
        said.says("✓ Won with {} moves. Right: it is a 4.", panel.moves)
    else:
        said.says("Moves: {}.", panel.moves)
        if not (four > board).any():
            said.says("{} of {} pixels are white; none is wrong.", int((four > 0).sum()), 12)
        elif found := re.match(r"Row (\d+), column (\d+) is white, and no line paints it", said.sentence):
            row, column = map(int, found.groups())
            assert four[row, column] and not board[row, column]
            text = "Row {}, column {} is white, and no line paints it. {} of {} pixels are right."
            said.says(text, row, column, int(((four > 0) & (board > 0)).sum()), 12)


def Brightness(panel, said):  # noqa: N802
    before, amount = data.load(panel.photo.value), panel.amount.value
    sums = before.astype(int) + amount
    after = np.clip(sums, 0, 255) if panel.rule.value == "clip" else before + np.uint8(amount % 256)
    assert np.array_equal(panel.before.values, before) and np.array_equal(panel.after.values, after)
    row, column = panel.after.selected
    old, total, new = int(before[row, column]), int(sums[row, column]), int(after[row, column])
    words = [row, column, old, "-" if amount < 0 else "+", abs(amount), total]
    start = "Row {}, column {}: {} {} {} = {} "
    if 0 <= total <= 255:
        said.says(start + "fits into a byte and is stored.", *words)
    elif panel.rule.value == "clip":
        said.says(start + "does not fit and becomes {}.", *words, new)
    else:
        sign = "-" if total > 255 else "+"
        said.says(start + "does not fit; what is stored is {} {} 256 = {}.", *words, total, sign, new)
    said.says("{} of {} pixels do not fit.", int(np.sum((sums < 0) | (sums > 255))), before.size)


@lru_cache(maxsize=4)
def _mixed(photo, mix, gains):
    mixed = util.img_as_float(data.load(photo)) * gains
    return np.clip(255 * np.einsum("ij,rcj->rci", np.array(MIXES[mix], dtype=float), mixed), 0, 255)


def ChannelMixer(panel, said):  # noqa: N802
    photo, gains = data.load(panel.photo.value), tuple(slider.value for slider in panel.gains)
    mixed, (row, column) = _mixed(panel.photo.value, panel.mix.value, gains), panel.mixed.selected
    assert np.abs(panel.mixed.values - mixed).max() < 0.501
    for channel, (grid, gain) in enumerate(zip(panel.channels, gains, strict=True)):
        assert np.abs(grid.values - np.clip(gain * photo[..., channel], 0, 255)).max() < 0.501
    text = "Row {}, column {}: red {} × {}, green {} × {}, blue {} × {}; the mix has red {}, green {}, blue {}."
    old = [number for pair in zip(photo[row, column].tolist(), gains, strict=True) for number in pair]
    said.says(text, row, column, *old, *mixed[row, column].tolist(), slack=1e-4)
    said.says("{} % of the mix is at 255, the most a byte can hold.", 100 * np.mean(mixed >= 254.5), slack=1e-3)


def ParameterCounter(panel, said):  # noqa: N802
    controls = panel.side, panel.channels, panel.units, panel.kernel, panel.kernels
    side, channels, units, kernel, kernels = (control.value for control in controls)
    pixels = np.empty((side, side, channels), bool)
    units = units or side**2
    dense = pixels.size * units
    conv = sum(kernel * kernel * channels for _kernel in range(kernels))
    assert (panel.dense, panel.conv) == (dense, conv)
    assert panel.view.values.size == pixels.size and panel.view.window[2:] == (kernel, kernel)
    text = "A picture of {} × {} × {} has {} values."
    said.says(text, side, side, channels, pixels.size)
    said.says("Fully connected layer: {} × {} = {} weights, {} MB.", units, pixels.size, dense, 4 * dense / 1e6)
    text = "Convolutional layer: {} × {} × {} × {} = {} weights, {} MB."
    said.says(text, kernels, kernel, kernel, channels, conv, 4 * conv / 1e6)
    if kernel > side:
        said.says("But a kernel of {} × {} does not fit into this picture.", kernel, kernel)
    elif 0.995 < dense / conv < 1.005:
        said.says("Both layers have about the same number of weights.")
    elif dense > conv:
        said.says("The convolutional layer has {} times fewer.", dense / conv)
    else:
        said.says("The convolutional layer has {} times more: here are few units, or a small picture.", conv / dense)
