"""What the checks of lesson 5 say of the answers that students give."""

import math

import numpy as np
import pytest

from checking import names_its_mistakes
from lessons_lib import pooling
from lessons_lib.core.verdict import own
from lessons_lib.pooling import checks, gradient_descent


def written(source, **names):
    """The function that some code defines, as a cell of a notebook would."""
    space = {"np": np, "__name__": "__main__", **names}
    exec(source, space)
    return [value for value in space.values() if getattr(value, "__module__", "") == "__main__"][-1]


def pool(window, before="", end="    return result", value="window.max()"):
    return written(f"""
small_map = np.arange(16).reshape(4, 4)


def max_pool(x, size, stride):
    rows = (x.shape[0] - size) // stride + 1
    columns = (x.shape[1] - size) // stride + 1
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = {window}
            result[i, j] = {value}
{end}
""")


def train(body, end="    return weights"):
    return written(
        f"""
def train(vectors, labels, rate):
    weights = np.zeros((2, vectors.shape[1]))
    for x, label in zip(vectors, labels):
{body}
{end}
""",
        softmax=lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(),
    )


def step(target="1 if k == label else 0", change="weights[k] = weights[k] - rate * (p[k] - y) * x", classes="range(2)"):
    return f"""
        p = softmax(weights @ x)
        for k in {classes}:
            y = {target}
            {change}"""


RIGHT_WINDOW = "x[i * stride : i * stride + size, j * stride : j * stride + size]"
SHARES = "np.exp({z}) / np.exp({z}).sum()"
WRONG = {
    "max_pool": [
        (pool("x[i : i + size, j : j + size]"), "With a stride it moves on by more than 1"),
        (pool("x[i * size : i * size + size, j * size : j * size + size]"), "moves on by its own size"),
        (pool("x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]"), "that of the example, 2 × 2"),
        (pool("x[i * stride : i * stride + stride, j * stride : j * stride + stride]"), "as long as the stride"),
        (pool("x[i * stride : i * stride + size + 1, j * stride : j * stride + size + 1]"), "too long"),
        (pool("x[i * stride : i * stride + size - 1, j * stride : j * stride + size - 1]"), "too short"),
        (pool("x[i * stride : i * stride + size]"), "✗ Your window is cut in one direction only"),
        (pool("x"), "✗ Your window is the whole map"),
        (pool("x[0:size, 0:size]"), "does not move with i and j"),
        (pool("x[i * stride : size, j * stride : size]"), "For some i and j your window is empty"),
        (pool("x[i * stride : i * stride + size][j * stride : j * stride + size]"), "cuts rows again, not columns"),
        (pool("x[i * stride : i * stride + size, i * stride : i * stride + size]"), "Both slices use i"),
        (pool("x[j * stride : j * stride + size, j * stride : j * stride + size]"), "Both slices use j"),
        (pool(RIGHT_WINDOW.replace("x", "small_map")), "does not use its argument x"),
        (pool("x[i * stride, j * stride]"), "a single cell"),
        (pool("x[i * stride, j * stride]", value="window"), "a single cell"),
        (pool("y[i : i + 2, j : j + 2]"), "NameError: name 'y' is not defined"),
        (pool(RIGHT_WINDOW, value="window.mean()"), "the mean of each window"),
        (pool(RIGHT_WINDOW, value="window.min()"), "the smallest number"),
        (pool(RIGHT_WINDOW, end="            return result"), "`return` stand inside a loop"),
        (pool(RIGHT_WINDOW, end=""), "returns nothing"),
        (pooling.max_pool, "belongs to a library"),
    ],
    "one_step": [
        ((-0.5, -0.25, 0.5, 0.25), "signs are exchanged"), ((-1, -0.5, 1, 0.5), "That is the gradient"),
        ((1, 0.5, -1, -0.5), "forgot the learning rate"), ((0.25, 0.25, -0.25, -0.25), "forgot the input"),
        ((-0.5, -0.25, -0.5, -0.25), "forgot the target of X, which is 1"), ((0.5, 0.25, 0.5, 0.25), "that of O is 0"),
        ((0.5, 0.25, 0, 0), "The weights of O move, too"), ((0.5, 0.25), "give four numbers"),
        ((0.5, -0.5, 0.25, -0.25), "first the two weights of X"), (0.5, "You gave one number in place of 4 numbers"),
        ((0.25, 0.5, -0.25, -0.5), "inputs are exchanged"), ((1, 0.5, 0, 0), "took the logits for probabilities"),
        ((-0.25, -0.25, 0.25, 0.25), "forgot the input, and the signs"),
        ((0.5, 0.25, -0.5, 0.3), "Not yet. Which logits do weights of 0 give"), ("yes", "not made of numbers"),
    ],
    "softmax": [
        (written(f"def softmax(z): return {SHARES.format(z='z')}"), "have the same differences?"),
        (written("def softmax(z): return z / z.sum()"), "divide the logits themselves"),
        (written("def softmax(z): return z / np.exp(z).sum()"), "above it stands the logit itself"),
        (written("def softmax(z): return np.exp(z)"), "not divided by their sum"),
        (written("def softmax(z): return np.exp(z - z.max())"), "not divided by their sum"),
        (written("def softmax(z): return np.exp(z - z.max()) / np.exp(z).sum()"), "in one place only"),
        (written("def softmax(z): return np.exp(z) / np.exp(z - z.max()).sum()"), "in one place only"),
        (written("def softmax(z):\n    from scipy.special import softmax\n    return softmax(z)"), "a library"),
        (written("def softmax(z): return 2**z / (2**z).sum()"), "powers of 2"),
        (written("def softmax(z): return np.exp(z) / np.exp(z).max()"), "✗ Your results are not divided by their sum"),
        (written(f"def softmax(z): return {SHARES.format(z='-z')}"), "The smallest logit gets the most"),
        (written(f"def softmax(z): return {SHARES.format(z='(z / z.max())')}"), "the differences between them change"),
        (written(f"def softmax(z): return ({SHARES.format(z='z')}).round(3)"), "rounded"),
        (written(f"def softmax(z): return 100 * {SHARES.format(z='(z - z.max())')}"), "right in per cent"),
        (written(f"def softmax(z): return {SHARES.format(z='np.minimum(z, 700)')}"), "z = [1000.0, 1001.0]"),
        (written(f"def softmax(z): return {SHARES.format(z='(z - z.min())')}"), "z = [-1000.0, 1000.0]"),
        (written("def softmax(z): np.exp(z)"), "returns nothing"),
        (written("def softmax(z): return pooling.softmax(z)", pooling=pooling), "a library computes them"),
        (pooling.softmax, "belongs to a library"), ([0.1, 0.9], "its name alone"),
    ],
    "train": [
        (train(step(change="weights[k] = weights[k] + rate * (p[k] - y) * x")), "You go uphill"),
        (train(step(target="label")), "the label as the target of both classes"),
        (train(step(target="0 if k == label else 1")), "The targets are exchanged"),
        (train(step(target="1 if k == 0 else 0")), "You take each letter for an X"),
        (train(step(target="k")), "You take each letter for an O"),
        (train(step(target="1 - label")), "Both rows get the same y"),
        (train(step(target="np.array([1, 0])[label]")), "Both rows get the same y"),
        (train(step(target="np.eye(2)[label][label]")), "the target 1 for both"),
        (train(step().replace("p[k]", "p[0]")), "the same probability for both rows"),
        (train(step().replace("p[k]", "p[1]")), "the same probability for both rows"),
        (train(step().replace("p[k]", "p[label]")), "the same probability for both rows"),
        (train(step(target="1").replace("p[k]", "p[label]")), "the error of the right class"),
        (train(step().replace("weights @ x", "x")), "softmax of the vector x"),
        (train(step(target="0")), "The target is missing"), (train(step(target="1")), "the target 1 for both"),
        (train(step(change="weights[k] = weights[k] - (p[k] - y) * x")), "The rate is not used"),
        (train(step(change="weights[k] = weights[k] - rate * (p[k] - y)")), "The input is missing"),
        (train(step().replace("softmax(weights @ x)", "weights @ x")), "softmax is missing"),
        (train(step(classes="[label]")), "of the right class only"),
        (train(step(classes="[1 - label]")), "of the wrong class only"),
        (train(step(classes="range(1)")), "Only the weights of X move"),
        (train(step(classes="[1]")), "Only the weights of O move"),
        (train(step(change="weights = weights - rate * (p[k] - y) * x")), "does each error move both rows"),
        (train(step(change="weights[k] = -rate * (p[k] - y) * x")), "You replace the weights"),
        (train(step(change="weights[k] = rate * (p[k] - y) * x")), "You replace the weights"),
        (train(step(change="weights[k] - rate * (p[k] - y) * x")), "is nothing put into them"),
        (train(step(), end="        return weights"), "`return` stand inside the loop"),
        (train(step(), end="            return weights"), "`return` stand inside the loop"),
        (train(step(), end=""), "returns nothing"),
        (train(step(change="weights[k] = weights[k] - rate * (softmax(weights @ x)[k] - y) * x")), "Compute p once"),
        (train(step(change="weights[k] = weights[k] - rate * (p[k] - y) * vectors")), "could not broadcast"),
        (written("def train(vectors, labels, rate):\n    p = 0.5\n    return np.array([\n"
                 "        -rate * (p - (labels == k)) @ vectors for k in range(2)])"), "always 0.5"),
        (gradient_descent.train_dense, "belongs to a library"),
    ],
}  # fmt: skip
RIGHT = {
    "max_pool": [
        pool(RIGHT_WINDOW),
        pool("[x[i * stride + a, j * stride + b] for a in range(size) for b in range(size)]", value="max(window)"),
        pool("x[i * stride :, j * stride :][:size, :size]", end="    return result.tolist()"),
    ],
    "one_step": [(0.5, 0.25, -0.5, -0.25), [0.5, 0.25, -0.5, -0.25], "0.5, 0.25, -0.5, -0.25"],
    "softmax": [
        written(f"def softmax(z): return {SHARES.format(z='(z - z.max())')}"),
        written(
            "def softmax(z): return [math.exp(a - max(z)) / sum(math.exp(b - max(z)) for b in z) for a in z]", math=math
        ),
        written("def softmax(z): return 1 / np.exp(z[np.newaxis] - z[:, np.newaxis]).sum(axis=1)"),
    ],
    "train": [
        train(step()),
        train(step(change="weights[k] += rate * (y - p[k]) * x")),
        train("        weights -= rate * np.outer(softmax(weights @ x) - np.eye(2)[label], x)"),
    ],
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_are_named_and_right_ones_accepted(name):
    never = {"max_pool": ["i * stride + size"], "one_step": ["0.25"], "softmax": ["z.max", "z -"], "train": ["rate *"]}
    some = [(answer, words) for answer, words in WRONG[name] if not isinstance(answer, tuple | str | float)]
    names_its_mistakes(getattr(checks, name), some or WRONG[name], RIGHT[name], never=never[name] if some else ())


@pytest.mark.parametrize("name", ["max_pool", "softmax", "train"])
def test_the_lesson_goes_on_with_the_students_function_or_the_librarys(name, capsys):
    library = {"max_pool": pooling.max_pool, "softmax": pooling.softmax, "train": gradient_descent.train_dense}[name]
    assert getattr(checks, name)(WRONG[name][0][0]) is library and not own("pooling")[name]
    right = RIGHT[name][0]
    assert getattr(checks, name)(right) is right and own("pooling")[name]
    assert "Right." in capsys.readouterr().out


def test_a_softmax_that_changes_its_argument_is_told(capsys):
    checks.softmax(written("def softmax(z):\n    z -= z.max()\n    return np.exp(z) / np.exp(z).sum()"))
    assert "✗ The result is right, but your function also changes what it receives" in capsys.readouterr().out


def test_the_game_is_won_with_the_smallest_window_and_no_other():
    said = {}
    for place in np.ndindex(8, 8, 8, 8):
        verdict = checks.still_dot.__wrapped__((place[0] + 1, place[1] + 1, *place[2:]))
        said.setdefault(verdict.id, set()).add((place[0] + 1, place[1] + 1, place[3]))
    assert said["right"] == {(4, stride, 0) for stride in range(4, 9)} | {(4, 4, 4)}
    assert min(size for size, _stride, _column in said["larger"]) == 5 and (8, 8, 0) in said["larger"]
    assert said["unread"] >= {(1, 8, 1), (4, 8, 4)} and (1, 1, 0) in said["changes"]
