"""Lesson 6: the lecture's LeNet once more, by scikit-image's windows; digits centred by Pillow."""

from functools import lru_cache

import numpy as np
from PIL import Image
from scipy import ndimage, special
from skimage import measure, util

from lessons_lib import data


@lru_cache(maxsize=1)
def _weights():
    return {name: array.astype(float) for name, array in data.load("lenet").items()}


@lru_cache(maxsize=64)
def _answers(content):
    """What each layer of the network says of a picture of 28 x 28 bytes."""
    maps = np.frombuffer(content, np.uint8).reshape(28, 28, 1) / 255
    found, weights = {}, _weights()
    for stage in (1, 2):
        kernels, bias = weights[f"conv{stage}_kernels"], weights[f"conv{stage}_bias"]
        windows = util.view_as_windows(np.pad(maps, ((2, 2), (2, 2), (0, 0))), kernels.shape[:3])[:, :, 0]
        found[f"act{stage}"] = np.maximum(np.tensordot(windows, kernels, 3) + bias, 0)
        maps = found[f"pool{stage}"] = measure.block_reduce(found[f"act{stage}"], (2, 2, 1), np.max)
    found["act3"] = np.maximum(maps.ravel() @ weights["fc3_weights"] + weights["fc3_bias"], 0)
    found["softmax"] = special.softmax(found["act3"] @ weights["fc4_weights"] + weights["fc4_bias"])
    return found


def _extent(picture):
    rows, columns = ndimage.find_objects((picture > 0).astype(int))[0]
    return rows.stop - rows.start, columns.stop - columns.start, rows.start, columns.start


def centred(drawing):
    """The ink resized by Pillow to fill a box of 20 x 20, its centre of mass in the middle of 28 x 28."""
    rows, columns = ndimage.find_objects((drawing > 0).astype(int))[0]
    ink = Image.fromarray(drawing[rows, columns].astype(np.float32))
    scale = 20 / max(ink.size)
    ink = np.array(ink.resize([max(1, round(side * scale)) for side in ink.size], Image.Resampling.BILINEAR))
    corner = [np.ceil(round(13.5 - at, 6)) for at in ndimage.center_of_mass(ink)]
    top, left = (int(min(max(at, 0), 28 - side)) for at, side in zip(corner, ink.shape, strict=True))
    ready = np.zeros((28, 28))
    ready[top : top + ink.shape[0], left : left + ink.shape[1]] = 255 * ink / ink.max()
    return ready


def _best_two(said, start, answers, end):
    """The two largest probabilities, whichever of two equal ones is named."""
    pattern = rf"{start}(\d) with probability (\d\.\d\d), then (\d) with (\d\.\d\d){end}"
    first, p, second, q = said.reads(pattern)
    largest = np.sort(answers)[::-1]
    for digit, text, wanted in ((first, p, largest[0]), (second, q, largest[1])):
        assert abs(answers[int(digit)] - wanted) <= 1e-3 * wanted and abs(float(text) - wanted) < 0.0051


def DrawDigit(panel, said):  # noqa: N802
    drawing, ready = panel.board.values, panel.ready.values
    if not drawing.any():
        said.says("The board is empty, {} of {} pixels have ink: draw a digit", 0, 784)
        assert not ready.any()
        return
    wanted = centred(drawing) if panel.centred.value else drawing
    assert np.abs(ready - wanted).max() <= 1.01
    answers = _answers(ready.astype(np.uint8).tobytes())
    _best_two(said, "I read ", answers["softmax"], r"\.")
    said.says("Your ink is {} × {} pixels from row {}, column {};", *_extent(drawing))
    if panel.centred.value:
        said.says("centred it is {} × {} from row {}, column {}.", *_extent(ready))
    else:
        said.says("it is shown to the network as it is.")
    assert np.abs(panel.units.values.ravel() - answers["act3"]).max() < 1e-3
    _cell(panel, said, answers)


def _cell(panel, said, answers):
    unit = said.may_say("Unit {} of act3 says {}; it sees the whole picture.")
    if unit:
        row, column = panel.units.selected
        assert unit[0] == 25 * row + column and abs(unit[1] - answers["act3"][int(unit[0])]) < 0.0051
        return
    found = said.reads(
        r"Map (\d+) of (\w+) says (-?[\d.]+) at row (\d+), column (\d+); it sees the framed (\d+) × (\d+)\."
    )
    if not found:
        assert panel.ready.window is None
        return
    k, name, value, row, column, side, side_too = (part if part.isalnum() and not part.isdigit() else float(part)
                                                   for part in found)  # fmt: skip
    place = int(row), int(column), int(k)
    grid = panel.layers[name]
    assert abs(answers[name][place] - value) < 0.0051 and abs(grid.values[grid.selected] - value) < 0.0051
    # First pixel, stride and side of the windows, counted by hand on squared paper.
    first, stride, sees = {"act1": (-2, 1, 5), "pool1": (-2, 2, 6), "act2": (-6, 2, 14), "pool2": (-6, 4, 16)}[name]
    assert side == side_too == sees
    assert panel.ready.window == (first + stride * place[0], first + stride * place[1], sees, sees)


def CoverDigit(panel, said):  # noqa: N802
    digit, size, (row, column) = panel.digit.value, panel.size.value, panel.picture.selected
    mnist = data.load("mnist")
    whole = [image for image, label in zip(mnist["images"][8000:], mnist["labels"][8000:], strict=True)
             if label == digit][panel.number.value]  # fmt: skip
    rows, columns = np.indices(whole.shape)
    reach = size // 2
    paper = np.maximum(abs(rows - row), abs(columns - column)) <= reach
    covered = np.where(paper, 0, whole).astype(np.uint8)
    assert np.array_equal(panel.picture.values, covered)
    before, after = (_answers(picture.tobytes())["softmax"] for picture in (whole, covered))
    _best_two(said, "and I read ", after, ";")
    text = "With {} × {} pixels around row {}, column {} covered, {} of {} pixels of ink are left,"
    ink = [int(np.count_nonzero(picture)) for picture in (covered, whole)]
    said.says(text, size, size, row, column, *ink)
    text = "the {} had {} while it was whole and has {} now."
    said.says(text, digit, before[digit], after[digit], slack=1e-4)


def Mistakes(panel, said):  # noqa: N802
    pictures, labels, answers = panel.given
    digit = panel.digit.value
    about = [k for k in range(len(labels)) if np.argmax(answers[k]) != labels[k] and digit in (-1, labels[k])]
    about.sort(key=lambda k: -answers[k].max())
    if not about:
        what = "any digit" if digit == -1 else str(digit)
        said.says("There is no mistake about {} among {} digits: {} were wrong.", what, len(labels), 0)
        return
    index = about[panel.number.value - 1]
    assert np.array_equal(panel.picture.values, pictures[index]) and panel.number.max == len(about)
    text = "Mistake {} of {} among {} digits: picture {} is a {}, read as {} with probability {}; {} got {}."
    label, first = int(labels[index]), int(np.argmax(answers[index]))
    said.says(text, panel.number.value, len(about), len(labels), index, label, first, answers[index].max(), label,
              answers[index][label])  # fmt: skip
