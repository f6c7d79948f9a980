"""Lesson 5, by scikit-image's windows, SciPy's softmax, and gradient descent in one matrix power."""

import numpy as np
from scipy import ndimage, special
from skimage import util

from lessons_lib.matching import letter, random_letters
from lessons_lib.pooling import two_stages


def LearnLetters(panel, said):  # noqa: N802
    step = panel.step.value // 50 * 50
    kernels, biases, table, last = panel._training.weights(step)
    for k in range(8):
        top, left = k // 4 * 4, k % 4 * 4
        shown, kernel = panel.kernels.values[top : top + 3, left : left + 3], kernels[:, :, 0, k]
        assert np.allclose(shown * np.abs(kernel).max(), kernel)
    letters, labels = random_letters(1000, seed=3)
    windows = util.view_as_windows(letters, (1, 3, 3))[:, :, :, 0]
    maps = np.maximum(np.einsum("nijab,abk->nijk", windows, kernels[:, :, 0]) + biases, 0)
    pooled = util.view_as_windows(maps, (1, 3, 3, 1), (1, 2, 2, 1)).max(axis=(4, 5, 6, 7))
    wrong = int(((pooled.reshape(1000, -1) @ table + last).argmax(axis=1) != labels).sum())
    text = "Student number {}, rate {}, step {}: {} of 1,000 unseen letters are wrong."
    said.says(text, panel.number.value, panel.rate.value, step, wrong)
    said.says("After ReLU, {} % of the numbers in their maps are above 0.", 100 * (maps > 0).mean())
    assert panel._chart.frames[0].marks[0].ys[-1] == wrong


def PoolingGame(panel, said):  # noqa: N802
    size, stride, (row, column) = panel.size.value, panel.stride.value, panel.map.selected
    starts = range(0, 8 - size + 1, stride)

    def windows_with(dot):
        """The windows that a dot is in; a dot outside of the map is in none."""
        pairs = [(i, j) for i in starts for j in starts if i <= row < i + size and j <= dot < j + size]
        return pairs if dot < 8 else []

    before = windows_with(column)
    same = [windows_with(column + move) == before for move in (1, 2, 3)]
    words = ", ".join(
        f"by {move}: {'the same' if one else 'different'}" for move, one in zip((1, 2, 3), same, strict=True)
    )
    text = "F = {}, S = {}, dot in row {}, column {}. Moved "
    said.says(text + words + ".", size, stride, row, column)
    assert panel.map.values.sum() == panel.map.values[row, column] == 1
    assert [int(grid.values.sum()) for grid in panel.pooled] == [len(windows_with(column + m)) for m in range(4)]
    if all(same) and before and size > 4:
        said.says("The pooled map stays the same. Now find a smaller F that can do it, too.")
    elif all(same) and before:
        said.says("✓ Won. Numbers that are left: {} of {}.", len(starts) ** 2, 64)
    if not before:
        said.says("No window reads the dot: choose a cell that is not hatched.")


POOLS = {"max": np.max, "mean": np.mean}


def PoolingWindow(panel, said):  # noqa: N802
    size, stride, right, down = (getattr(panel, name).value for name in ("size", "stride", "right", "down"))
    picture, shifted = panel._now[panel.picture.value], panel.before.values
    assert np.array_equal(shifted, ndimage.shift(picture, (down, right), order=0))
    windows, still = (util.view_as_windows(np.ascontiguousarray(x), size, stride) for x in (shifted, picture))
    pool = POOLS[panel.operation.value]
    result, unshifted = pool(windows, axis=(2, 3)), pool(still, axis=(2, 3))
    assert np.allclose(panel.result.values, result) and np.allclose(panel.unshifted.values, unshifted)
    row, column = panel.result.selected
    window = windows[row, column].ravel()
    listed, value = " ".join(map(str, window)), float(result[row, column])
    if panel.operation.value == "max":
        said.says("Row {}, column {}: the largest of {} is {}.", row, column, listed, value)
    else:
        text = "Row {}, column {}: the mean of {} is {} / {} = {}."
        said.says(text, row, column, listed, int(window.sum()), size * size, value)
    dropped = 100 - 100 * result.size / picture.size
    text = "{} × {} become {} × {}: {} % fewer numbers, 0 parameters."
    said.says(text, *picture.shape, *result.shape, dropped)
    seen = {(i + a, j + b) for i in range(0, len(result) * stride, stride) for a in range(size)
            for j in range(0, result.shape[1] * stride, stride) for b in range(size)}  # fmt: skip
    assert np.count_nonzero(panel.before.hatched) == picture.size - len(seen)
    if len(seen) < picture.size:
        said.says("{} of {} pixels are read by no window.", picture.size - len(seen), picture.size)
    if stride < size:
        said.says("Windows overlap by {}.", size - stride)
    if right or down:
        text = "Shifted by {} to the right and {} down, {} of {} pixels change and {} of {} pooled numbers."
        changed = [int(np.count_nonzero(a != b)) for a, b in ((shifted, picture), (result, unshifted))]
        said.says(text, right, down, changed[0], picture.size, changed[1], result.size)


def Softmax(panel, said):  # noqa: N802
    names = [name for name, _number in panel.target.options]
    scores = np.array([slider.value for slider in panel.scores[: len(names)]]) + panel.add.value
    temperature, target = panel.temperature.value, panel.target.value
    probabilities, logs = special.softmax(scores / temperature), special.log_softmax(scores / temperature)
    assert np.allclose(panel.probabilities, probabilities)
    first, second = sorted(range(len(names)), key=lambda k: (-scores[k], k))[:2]
    text = "The largest probability is {} for {}, then {} for {}; all {} together are {}."
    largest = (probabilities[first], names[first], probabilities[second], names[second])
    said.says(text, *largest, len(names), probabilities.sum())
    error = 1 - probabilities[target] + sum(np.delete(probabilities, target))
    text = "If {} is right, the total error is {} and the loss, minus log {}, is {}."
    said.says(text, names[target], error, probabilities[target], -logs[target])
    if panel.add.value:
        text = "{} was added to every logit, and the probabilities did not change: only differences count."
        said.says(text, panel.add.value)
    if temperature != 1:
        text = "At temperature {} every logit is first divided by {}."
        said.says(text, temperature, temperature)


def LearningRate(panel, said):  # noqa: N802
    letters, labels = random_letters(40, seed=0) if panel.data.value == "forty letters" else ([letter("X")], [0])
    vectors, targets = two_stages(letters), np.eye(2, dtype=int)[labels]
    rate, steps = panel.rate.value, 60
    # Each step multiplies the errors of the outputs by the same matrix, so sixty steps are its sixtieth power.
    curvature = vectors @ vectors.T / len(vectors)
    errors = np.linalg.matrix_power(np.eye(len(vectors)) - rate * curvature, steps) @ -targets.astype(float)
    first, last = ((x**2).sum() / len(vectors) / 2 for x in (targets, errors))
    limit = 2 / np.linalg.eigvalsh(curvature).max()
    said.says("Rate {}: the loss goes from {} to {} in {} steps.", rate, first, last, steps, slack=1e-5)
    if rate >= limit:
        text = "Too large: above {} each step jumps over the valley and lands higher than before."
    elif last > first / 2:
        text = "Too small: it is on its way, but hardly gets anywhere; up to {} there is room."
    elif rate > limit / 2:
        text = "It comes to rest, jumping over the valley at each step: {} is not far."
    else:
        text = "It goes down without jumping; it would come to rest at any rate below {}."
    said.says(text, limit)
    correct = int(np.sum((targets + errors).argmax(axis=1) == targets.argmax(axis=1)))
    said.says("{} of {} letters get the larger output for the right class.", correct, len(targets))
