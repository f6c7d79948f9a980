"""Lesson 2, by SciPy."""

import math
import re
from functools import lru_cache

import numpy as np
from PIL import Image
from scipy import ndimage, signal
from skimage import util

from lessons_lib import data
from reading import near

MODES = {"valid": "constant", "zero": "constant", "reflect": "reflect", "replicate": "nearest"}


@lru_cache(maxsize=2)
def _photo(name):
    if "." in name:
        return np.asarray(Image.open(name), float)
    photo = data.load(name)
    if photo.ndim == 3:
        photo = np.rint(photo @ [0.2126, 0.7152, 0.0722])
    top, left = (max(0, side - 512) // 2 for side in photo.shape)
    return photo[top : top + 512, left : left + 512].astype(float)


@lru_cache(maxsize=4)
def _filtered(name, weights, side, border):
    kernel = np.array(weights).reshape(side, side)
    result = ndimage.correlate(_photo(name), kernel, mode=MODES[border], cval=0)
    if border == "valid":
        rows, columns = result.shape
        result = result[side // 2 : rows - (side - 1) // 2, side // 2 : columns - (side - 1) // 2]
    return result


def _terms(text, weights, pixels, total):
    """The terms of a spelled sum are the weights and the pixels, in order, without those of weight 0."""
    wanted = [(w, z) for w, z in zip(np.ravel(weights), np.ravel(pixels), strict=True) if abs(w) > 1e-9]
    if not wanted:
        assert text == "all weights are 0, so the sum is 0" and abs(total) < 1e-6
    elif len(wanted) > 9:
        count, shown = re.fullmatch(r"the (\d+) products add up to (\S+)", text).groups()
        assert int(count) == len(wanted) and near(shown, float(total)), (text, wanted, total)
    else:
        terms, shown = text.split(" = ")
        terms = re.sub(r" - (?=\S+ ×)", " + -", terms).split(" + ")
        pairs = [re.fullmatch(r"(\S+) × (\S+)", term).groups() for term in terms]
        assert len(pairs) == len(wanted) and near(shown, float(total)), (text, total)
        for (w, z), (weight, pixel) in zip(pairs, wanted, strict=True):
            assert near(w, float(weight)) and near(z, float(pixel)), (text, weight, pixel)


def FilterBench(panel, said):  # noqa: N802
    name, border, kernel = panel.source.value, panel.border.value, panel.kernel.values
    total, side = math.fsum(kernel.ravel()), len(kernel)
    if panel.normalise.value:
        if abs(total) > 1e-12 * np.abs(kernel).sum():
            kernel = kernel / total
        else:
            said.says("The weights add up to 0, so they cannot be divided by their sum.")
    if panel.flip.value:
        kernel = kernel[::-1, ::-1]
    photo, result = _photo(name), _filtered(name, tuple(kernel.ravel()), side, border)
    assert np.array_equal(panel.photo.values, photo)
    scale = np.abs(kernel).sum() * 255
    assert np.abs(panel.result.values - result).max() <= 1e-5 * scale + 1e-9
    i, j = panel.result.selected
    row, column = (i + side // 2, j + side // 2) if border == "valid" else (i, j)
    if panel.photo.selected != (row, column):
        assert border == "valid"
        text = "Around row {}, column {} the window would stick out; the nearest that fits is around row {}, column {}."
        said.says(text, *panel.photo.selected, row, column)
    padded = photo
    if border != "valid":
        mode = {"zero": "constant", "reflect": "symmetric", "replicate": "edge"}[border]
        padded = np.pad(photo, (side // 2, (side - 1) // 2), mode=mode)
    patch = util.view_as_windows(padded, kernel.shape)[i, j]
    assert np.array_equal(panel.pixels.values, patch)
    top, left = row - side // 2, column - side // 2
    assert panel.photo.window == (top, left, side, side) and panel.result.window == (i, j, 1, 1)
    sticks_out = min(top, left) < 0 or top + side > photo.shape[0] or left + side > photo.shape[1]
    assert sticks_out == (panel.pixels.hatched is not None)
    assert np.allclose(panel.products.values, patch * kernel, atol=1e-6)
    (terms,) = said.reads(
        r"(?<=: )(all weights are 0, so the sum is 0|the \d+ products add up to \S+|\S+ × [^;]*)(?=;)"
    )
    _terms(terms, kernel, patch, result[i, j])
    said.says("Photo row {}, column {} was {}:", row, column, int(photo[row, column]))
    said.says("; so the result has {} in row {}, column {}.", float(result[i, j]), i, j)
    said.says("The whole result goes from {} to {}.", float(result.min()), float(result.max()))


def SlidingWindow(panel, said):  # noqa: N802
    picture, kernel = data.load("picture-f"), panel.kernel.values
    rows, columns = kernel.shape
    windows = util.view_as_windows(picture, kernel.shape)
    result = np.tensordot(windows, kernel, 2)
    i, j, *one = panel.result.window
    assert one == [1, 1] and panel.picture.window == (i, j, rows, columns)
    assert np.allclose(panel.products.values, windows[i, j] * kernel, atol=1e-6)
    known = np.array(panel.result.texts) != "?"
    assert known[i, j] and known.ravel()[: known.sum()].all() and known.sum() <= 2 * result.shape[1]
    assert np.array_equal(panel.result.hatched, ~known) and len(set(panel.result.values[~known])) == 1
    assert np.allclose(panel.result.values[known], result[known], atol=1e-6)
    assert panel.result.label.endswith(f": {known.sum()} of {result.size} known")
    last = (i, j) == (1, result.shape[1] - 1)
    assert panel.back.disabled == ((i, j) == (0, 0)) and panel.forward.disabled == last
    assert last == ("The panel stops here" in said.sentence)
    count, *others = [
        (int((windows[i, j] == value).sum()), int(value)) for value in sorted({*windows[i, j].flat})[::-1]
    ]
    said.says("rows {} to {} and columns {} to {} of the square: ", i, i + rows - 1, j, j + columns - 1)
    said.says(f" {{}} pixel{'s' * (count[0] > 1)} of {{}}", *count)
    for pair in others:
        said.says(", {} of {}", *pair)
    said.says("The response in row {}, column {} is {}.", i, j, float(result[i, j]))


def _lines():
    """The pictures of the game: lines drawn pixel by pixel, and a white sheet."""
    places = [
        [(k, k) for k in range(9)], [(k, 8 - k) for k in range(9)], [(k, 4) for k in range(9)],
        [(4, k) for k in range(9)], [(k, math.floor(2.5 + k / 2)) for k in range(9)],
        [(math.floor(2.5 + k / 2), k) for k in range(9)], [(i, j) for i in range(9) for j in range(9)],
    ]  # fmt: skip
    for cells in places:
        picture = np.zeros((9, 9))
        picture[tuple(np.transpose(cells))] = 1
        yield picture


def FilterGame(panel, said):  # noqa: N802
    kernel, answers = panel.kernel.values.astype(float), []
    for grid, picture in zip(panel.pictures.values(), _lines(), strict=True):
        found = signal.correlate2d(picture, kernel, "valid")
        i, j, *size = grid.window
        assert np.array_equal(grid.values, picture) and size == [3, 3]
        assert abs(found[i, j]) >= np.abs(found).max() - 1e-9 * np.abs(kernel).sum()
        name, shown = grid.label.split(": ")
        assert near(shown, float(found[i, j]))
        said.says(f"{name} {{}}", float(found[i, j]))
        answers.append(float(found[i, j]))
    line, *others, white = answers
    total = math.fsum(kernel.ravel())
    assert near(panel.kernel.label.removeprefix("your kernel, sum "), total)
    won = "lesson-won" in panel._dom_classes
    text, words = said.sentence, "The response to the line is {}"
    if not panel.moves:
        assert text.startswith("The kernel is empty.") and not kernel.any() and not won
        return
    said.says("Won with {} moves." if won else "Moves: {}.", panel.moves)
    if won:
        assert text.startswith("✓ Won") and abs(total) <= 2e-9 and line > 0
        assert line >= 2 * max(map(abs, others)) - 2e-9
    elif "white sheet is" in text:
        assert abs(total) > 1e-10 and abs(white) >= abs(line) - 1e-9
        said.says(words + ", and that to a white sheet is {}, too.", line, white)
    elif "the other diagonal" in text:
        assert 0 < others[0] >= 2 * max(map(abs, [line, *others[1:], white])) - 1e-9
    elif "positive number" in text:
        assert line <= 1e-9
        said.says(words + "; that must be", line)
    elif "the sum must be 0" in text:
        assert abs(total) > 1e-10
        said.says("add up to {}, so a white sheet gets {}; the sum must be {}.", total, white, 0)
    elif "at most half" in text:
        rival = max(others, key=abs)
        assert line < 2 * abs(rival) - 1e-10
        said.says(words + ", and that to", line)
        said.says(" is {}: at most half", rival)
        if rival < 0:
            said.says("In this game {} is as strong as {}.", rival, -rival)
    else:
        assert "All weights are 0" in text and not kernel.any()
        said.says("All weights are {}, so every response is {}.", 0, 0)
