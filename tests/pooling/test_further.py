"""The tasks of lesson 5's further notebooks: right answers, and wrong ones that are named."""

import numpy as np
import pytest

from checking import names_its_mistakes
from lessons_lib import geometry, matching, pooling
from lessons_lib.pooling import further_checks, gradient_descent, other_data


def backward(into, over=None, outputs=range):
    """The student's two loops; `into` says what becomes of one number of the result."""

    def rule(weights, gradient):
        result = np.zeros(len(weights))
        for i in range(len(weights)):
            for k in outputs(len(gradient)):
                result[i] = into(result[i], weights[i, k], gradient[k])
        return result / (over(gradient) if over else 1)

    return rule


def moving(change):
    """The student's loop over the columns; `change` puts one into the result."""

    def rule(pictures, order):
        result = np.zeros(pictures.shape)
        for new in range(pictures.shape[2]):
            change(result, pictures, order, new)
        return result

    return rule


def put(result, place, values):
    result[place] = values


def counting(found, step_of=lambda step, over: step):
    """The student's loop over the steps; `found` says whether the count ends here."""

    def rule(losses, below, over):
        for step in range(over, len(losses) + 1):
            if found(losses, step, below, over):
                return step_of(step, over)

    return rule


def mean_below(losses, step, below, over):
    return np.mean(losses[step - over : step]) < below


def last_step(losses, below, over):
    for step in range(over, len(losses) + 1):
        if mean_below(losses, step, below, over):
            found = step
    return found


ALL = slice(None)

WRONG = {
    "share_unchanged": [
        (1, "full invariance"), (0, "no invariance"), (1 / 3, "something changes"), (0.5, "windows of 2 × 2"),
        (4 / 9, "shifted down as well"), (8 / 9, "leave the picture"), (54, "Give the share"), (27, "Give the share"),
        (66.67, "right in per cent"), (66.7, "right in per cent"), (67.0, "right in per cent"),
        (0.66, "cut off and not rounded"), (0.7, "rounded too much"), (0.78, "leaves the map"),
        (7 / 9, "leaves the map"), (33.3, "something changes"), ("1/3", "something changes"),
        ("33.3%", "something changes"), (0.2, "In which columns of a window"),
    ],
    "max_pool_gradient": [
        (np.kron([[1, 2], [3, 4]], np.ones((2, 2))) / 4, "mean pooling"),
        (np.kron([[1, 2], [3, 4]], np.ones((2, 2))), "all four cells"),
        ([[0, 0, 0, 0], [0, 1, 1, 0], [1, 0, 0, 1], [0, 0, 0, 0]], "not 1"),
        ([[0, 0, 0, 0], [0, 8, 5, 0], [7, 0, 0, 9], [0, 0, 0, 0]], "largest numbers themselves"),
        ([[1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]], "first cell"),
        ([[1, 2], [3, 4]], "16 cells"),
        ([[0, 0, 3, 0], [0, 1, 0, 0], [0, 2, 0, 0], [0, 0, 4, 0]], "Rows and columns are exchanged"),
        ([[0, 0, 0, 0], [0, 1, 3, 0], [2, 0, 0, 4], [0, 0, 0, 0]], "upper windows"),
        ([[0, 0, 0, 0], [0, -1, -2, 0], [-3, 0, 0, -4], [0, 0, 0, 0]], "keeps its sign"),
        ([[0, 0, 0, 0], [0, 1, 2, 0], [3, 0, 4, 0], [0, 0, 0, 0]], "look again at row 2, column 2"),
        (np.zeros((4, 4)), "12 of your 16 numbers are right; look again at row 1, column 1"),
        ([0, 1, 2, 0], "You gave 4 numbers in place of an array of 4 × 4"),
    ],
    "neighbours": [
        ([True] * 5, "number 2"), ([False] * 5, "number 1"), ([True, False, False, True, False], "number 3"),
        ([True, False, True, False, False], "number 4"), ([True, False, True, True, True], "number 5"),
        ([True, False], "Give five answers"), ("yes", "Give five answers"), ([1, 3, 4], "Give five answers"),
        (["True"] * 5, "number 2"), (["yes", "no", "no", "Yes", "no"], "number 3"), ([1, 0, 1, 0, 0], "number 4"),
        (["photo", "", "hours", "DNA", ""], "True where shuffling hurts"), (5, "Give five answers"),
    ],
    "dense_backward": [
        (backward(lambda r, w, g: w * g), "Only one output counts"),
        (backward(lambda r, w, g: w * g, outputs=lambda n: range(1)), "Only one output counts"),
        (backward(lambda r, w, g: r + w), "weights alone"), (backward(lambda r, w, g: r + g), "derivatives alone"),
        (backward(lambda r, w, g: r + w * g, len), "the mean over the outputs"),
        (backward(lambda r, w, g: r - w * g), "signs are opposite"),
        (lambda weights, gradient: weights * gradient, "one number for each weight"),
        (lambda weights, gradient: (weights * gradient).sum(), "a number of its own"),
        (lambda weights, gradient: weights.T @ gradient, "in line"),
        (lambda weights, gradient: None, "returns nothing"),
        (backward(lambda r, w, g: r + w + g), "By which numbers"),
    ],
    "overlap": [
        (lambda a, b: np.maximum(a, b).sum() / np.minimum(a, b).sum(), "upside down"),
        (lambda a, b: (a == b).mean(), "equal numbers"), (lambda a, b: np.minimum(a, b).sum() / a.sum(), "sum of `a`"),
        (lambda a, b: np.minimum(a, b).sum() / b.sum(), "sum of `b`"),
        (lambda a, b: np.minimum(a, b).sum() / (a.sum() + b.sum()), "have 0.5"),
        (lambda a, b: np.minimum(a, b).sum(), "did not divide"),
        (lambda a, b: min(a.sum(), b.sum()) / max(a.sum(), b.sum()), "place by place"),
        (lambda a, b: (np.minimum(a, b) / np.maximum(np.maximum(a, b), 1e-300)).mean(), "divide once"),
        (lambda a, b: np.minimum(a, b).mean() / np.maximum(a, b).sum(), "`np.minimum(a, b)`"),
        (lambda a, b: None, "returns nothing"),
        (pooling.overlap, "belongs to a library"),
    ],
    "shuffle_columns": [
        (moving(lambda r, p, order, new: put(r, (ALL, ALL, new), p[:, :, new])), "stand where they stood"),
        (moving(lambda r, p, order, new: put(r, (ALL, ALL, order[new]), p[:, :, new])), "wrong way round"),
        (moving(lambda r, p, order, new: put(r, (ALL, new), p[:, order[new]])), "exchange the rows"),
        (lambda p, order: p[..., order], "exchange the last axis"),
        (moving(lambda r, p, order, new: put(r, (0, ALL, new), p[0, :, order[new]])), "Only the first picture"),
        (moving(lambda r, p, order, new: put(r, (ALL, ALL), p[:, :, order[new] : order[new] + 1])), "the same one"),
        (moving(lambda r, p, order, new: put(r, (ALL, ALL, new), order[new])), "numbers of the columns"),
        (lambda p, order: p[:, :, ::-1], "turned the columns round"), (lambda p, order: None, "returns nothing"),
        (lambda p, order: 0 * p, "which one does `order` name"),
    ],
    "straight": [
        ([False] * 5, "number 1"), ([True] * 5, "number 2"), ([True, False, False, False, False], "number 3"),
        ([True, False, True, True, False], "number 4"), ([True, False, True, False, True], "number 5"),
        ([True, False, True], "True where the rule holds"), ("kernel", "True where the rule holds"),
    ],
    "steps_until": [
        (counting(lambda losses, step, below, over: losses[step - 1] < below), "single small loss"),
        (counting(mean_below, lambda step, over: step - over), "before the first loss"),
        (counting(mean_below, lambda step, over: step - 1), "too early"),
        (counting(lambda losses, step, below, over: np.mean(losses[step - over - 1 : step - 1]) < below), "too late"),
        (last_step, "last such step"),
        (counting(lambda losses, step, below, over: np.mean(losses[:step]) < below), "all losses so far"),
        (counting(lambda losses, step, below, over: True), "first mean"),
        (counting(lambda losses, step, below, over: False), "returns nothing"),
        (counting(lambda losses, step, below, over: max(losses[step - over : step]) < below), "which two losses"),
    ],
}  # fmt: skip
RIGHT = {
    "dense_backward": [lambda weights, gradient: weights @ gradient, backward(lambda r, w, g: r + w * g)],
    "overlap": [
        lambda a, b: np.minimum(a, b).sum() / np.maximum(a, b).sum(),
        lambda a, b: np.where(a < b, a, b).sum() / np.where(a < b, b, a).sum(),
    ],
    "shuffle_columns": [
        lambda p, order: p[:, :, order],
        moving(lambda r, p, order, new: put(r, (ALL, ALL, new), p[:, :, order[new]])),
    ],
    "straight": [[True, False, True, False, False], ["yes", "no", "yes", "no", "no"]],
    "steps_until": [counting(mean_below)],
    "share_unchanged": [2 / 3, 0.667, 0.67, "2/3", "0,667", [0.667]],
    "max_pool_gradient": [[[0, 0, 0, 0], [0, 1, 2, 0], [3, 0, 0, 4], [0, 0, 0, 0]]],
    "neighbours": [[1, 0, 1, 1, 0], ["True", "no", "yes", "TRUE", "false"], np.array([1, 0, 1, 1, 0]) > 0],
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_are_named(name):
    names_its_mistakes(getattr(further_checks, name), WRONG[name], RIGHT[name])


def test_the_overlap_of_the_notebook_is_that_of_the_table():
    """200 letters of seed 0 on their boards, without padding: the maps that are not pooled in `letter-shifts`."""
    letters, labels = matching.random_letters(200, seed=0)
    board = np.pad(letters, ((0, 0), (3, 3), (3, 3)), constant_values=-1)
    still, moved = (
        pooling.relu(geometry.conv2d(pooling.moved(board, by)[..., np.newaxis], pooling.FIRST_KERNELS)) for by in (0, 1)
    )
    assert round(pooling.overlap(still, moved), 4) == 0.5496
    assert round(pooling.overlap(still[labels == 0], still[labels == 1]), 4) == 0.5814


def test_a_dense_network_that_is_shuffled_learns_the_same():
    """With its first weights in the same order as the columns, each step of the training is the same."""
    x, labels = other_data.customers(200)
    losses = []
    for shuffled in (False, True):
        network = other_data.dense_network(x.shape[1:])
        weights = network.layers[0].matrix
        if shuffled:
            x, table = other_data.shuffle_columns(x), weights.value.reshape(1, 1, 16, 12)
            weights.value = other_data.shuffle_columns(table).reshape(16, 12)
        losses.append(gradient_descent.train(network, x, labels, steps=20, rate=0.1)["loss"])
    assert losses[0][0] > losses[0][-1] and np.allclose(*losses)
