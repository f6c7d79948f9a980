"""Lesson 5's tasks: max pooling, a game, one step by hand, a softmax that does not overflow, a training.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict; `max_pool`, `softmax` and `train`
show their Verdict, and return the student's function when it is right, else the library's.
"""

import numpy as np

from lessons_lib import geometry, pooling
from lessons_lib.core.i18n import _
from lessons_lib.core.student import unused
from lessons_lib.core.verdict import Verdict, judge, judge_function, keeps_input, task
from lessons_lib.pooling import gradient_descent

# Maps that are not square, with negative numbers, and windows that touch, overlap and leave gaps.
MAPS = [
    (np.array([[-9, -2, -7, -1, -8], [-4, -10, -5, -9, -2], [-20, -3, -9, -4, -25], [-6, -1, -11, -8, -3]]) / 4, 2, 2),
    (np.arange(42.0).reshape(6, 7) * 11 % 43 - 20, 3, 2),
    (np.arange(40.0).reshape(8, 5) * 7 % 41 - 19, 2, 3),
]


def _by_windows(rows_of, columns_of=None, of=np.max):
    """Pooling with another window: `rows_of` and `columns_of` give its slice from i or j, size and stride."""

    def rule(x, size, stride):
        shape = [(side - size) // stride + 1 for side in x.shape]
        result = np.zeros(shape)
        for i, j in np.ndindex(*shape):
            result[i, j] = of(x[rows_of(i, size, stride), (columns_of or rows_of)(j, size, stride)])
        return result

    return rule


def _window(i, size, stride):
    return slice(i * stride, i * stride + size)


@task("pooling/max_pool", otherwise=pooling.max_pool)
def max_pool(answer):
    """A function of a map, a size and a stride that keeps the largest number of each window.

    >>> _ = max_pool(lambda x, size, stride: pooling.mean_pool(x, size, stride))
    ✗ That is the mean of each window; its largest number is wanted.
    """

    def turned(x, size, stride):
        shape = [(side - size) // stride + 1 for side in x.shape]
        result = np.zeros(shape)
        for i, j in np.ndindex(*shape):
            result[i, j] = x[_window(j, size, stride), _window(i, size, stride)].max()
        return result

    def first(x, size, stride):
        result = np.zeros_like(pooling.max_pool(x, size, stride))
        result[0, 0] = x[:size, :size].max()
        return result

    moves = _("Your window begins at row i and column j. With a stride it moves on by more than 1 each time.")
    by_size = _("Your window moves on by its own size; it must move on by the stride.")
    example = _("Your window is that of the example, 2 × 2 and every 2 cells, whatever size and stride are.")
    long = _("Your window is one row and one column too long: the end of a slice does not count.")
    short = _("Your window is one row and one column too short: the end of a slice does not count.")
    strip = _("Your window is cut in one direction only: it needs a slice for rows and one for columns.")
    everything = slice(None)
    mistakes = [
        ("step-1", _by_windows(lambda i, size, stride: slice(i, i + size)), moves),
        ("by-size", _by_windows(lambda i, size, stride: slice(i * size, i * size + size)), by_size),
        ("as-long-as-stride", _by_windows(lambda i, size, stride: slice(i * stride, i * stride + stride)),
         _("Your window is as long as the stride; it must be as long as size says.")),
        ("to-next", _by_windows(lambda i, size, stride: slice(i * stride, (i + 1) * size)),
         _("Your window begins at the right place, but it must end `size` cells further on.")),
        ("example", _by_windows(lambda i, size, stride: slice(2 * i, 2 * i + 2)), example),
        ("too-long", _by_windows(lambda i, size, stride: slice(i * stride, i * stride + size + 1)), long),
        ("too-short", _by_windows(lambda i, size, stride: slice(i * stride, i * stride + size - 1)), short),
        ("exchanged", turned, _("Rows and columns are exchanged: i counts rows, and rows come first.")),
        ("strip", _by_windows(_window, lambda j, size, stride: everything), strip),
        ("strip", _by_windows(lambda i, size, stride: everything, _window), strip),
        ("everything", _by_windows(lambda i, size, stride: everything),
         _("Your window is the whole map: cut a piece out of x.")),
        ("one-window", _by_windows(lambda i, size, stride: slice(0, size)),
         _("Every number is that of the first window: your window does not move with i and j.")),
        ("one-cell", lambda x, size, stride: x[::stride, ::stride][: (x.shape[0] - size) // stride + 1,
                                                                  : (x.shape[1] - size) // stride + 1],
         _("Your window is a single cell; it needs `size` rows and `size` columns.")),
        ("mean", pooling.mean_pool, _("That is the mean of each window; its largest number is wanted.")),
        ("smallest", lambda x, *window: -pooling.max_pool(-x, *window),
         _("That is the smallest number of each window; the largest is wanted.")),
        ("return-in-loop", first,
         _("Only the first number is filled in: does `return` stand inside a loop, and ends it too early?")),
        ("zeros", lambda x, *window: 0 * pooling.max_pool(x, *window),
         _("Your result holds only zeros: nothing is put into it.")),
    ]  # fmt: skip

    def by_one_index(k):
        def rule(x, size, stride):
            result = np.zeros_like(pooling.max_pool(x, size, stride), float)
            for place in np.ndindex(*result.shape):
                result[place] = x[_window(place[k], size, stride), _window(place[k], size, stride)].max()
            return result

        return rule

    mistakes += [
        ("i-for-j", by_one_index(0), _("Both slices use i: the second one, for the columns, needs j.")),
        ("i-for-j", by_one_index(1), _("Both slices use j: the first one, for the rows, needs i.")),
    ]
    what = _("a map with two axes, a size and a stride")
    hint = _("At which row does window i begin, and at which row does it end? Try it for i = 1, F = 2, S = 3.")
    verdict = judge_function(answer, MAPS, pooling.max_pool, mistakes, what, hint, 1e-9, alone=("sliding_window_view",))
    if verdict.id == "exception" and "zero-size" in verdict and not unused(answer, 1):
        # Here only the column 0 of windows is asked for, and a second pair of brackets does not yet leave nothing.
        chained = _(
            "The second pair of brackets cuts rows again, not columns: both slices belong into one pair, with a comma."
        )
        rows_only = [("chained", _by_windows(_window, lambda j, size, stride: everything), chained)]
        first_column = judge_function(answer, [(np.arange(24.0).reshape(6, 4), 3, 2)], pooling.max_pool, rows_only)
        if first_column.id == "chained":
            return first_column
        text = _(
            "For some i and j your window is empty. In each slice the second number must be larger than the first, "
            "and both are counted from row or column 0 of x."
        )
        return Verdict(text, False, "empty-window")
    return verdict


def read(side, size, stride):
    """Which cells of a square map any window reads, as True.

    >>> read(3, 2, 2).astype(int).tolist()
    [[1, 1, 0], [1, 1, 0], [0, 0, 0]]
    """
    line = geometry.read_counts(side, size, stride) > 0
    return np.outer(line, line)


@task("pooling/still-dot", game=True)
def still_dot(answer):
    """F, S, and row and column of a dot on a map of 8 × 8 that moves right by 1, 2 and 3 and never changes the result.

    >>> still_dot((2, 2, 0, 0)), still_dot((1, 4, 0, 1))
    (✗ Not yet: the pooled map changes., ✗ No window reads the dot: choose a cell that is not hatched.)
    >>> still_dot((8, 8, 0, 0))
    ✗ The pooled map stays the same. Now find a smaller F that can do it, too.
    """
    size, stride, row, column = answer
    dot = np.zeros((8, 8))
    dot[row, column] = 1
    if not read(8, size, stride)[row, column]:
        return Verdict(_("No window reads the dot: choose a cell that is not hatched."), False, "unread")
    before = pooling.max_pool(dot, size, stride)
    after = [pooling.max_pool(pooling.shift(dot, columns=move), size, stride) for move in (1, 2, 3)]
    if not all(np.array_equal(before, one) for one in after):
        return Verdict(_("Not yet: the pooled map changes."), False, "changes")
    if size > 1 + len(after):  # a window with room for the dot and its moves
        return Verdict(_("The pooled map stays the same. Now find a smaller F that can do it, too."), False, "larger")
    return Verdict(_("Right."), True)


@task("pooling/one-step")
def one_step(answer):
    """The four weights after one step: inputs 2 and 1, weights 0, the picture is an X, the rate is 0.5.

    >>> one_step((-0.5, -0.25, 0.5, 0.25))
    ✗ The signs are exchanged: subtract the gradient, and give the target 1 to X, not to O.
    """
    x, rate, error = np.array([2, 1]), 0.5, np.array([0.5, 0.5]) - np.array([1, 0])
    gradient = np.outer(error, x)
    right = (-rate * gradient).ravel()
    both = np.outer([-0.5, -0.5], x)
    mistakes = [
        ("signs", -right, _("The signs are exchanged: subtract the gradient, and give the target 1 to X, not to O.")),
        ("gradient", gradient.ravel(), _("That is the gradient; a step is minus the rate times the gradient.")),
        ("no-rate", -gradient.ravel(), _("You forgot the learning rate.")),
        ("no-input", -rate * np.repeat(error, 2), _("You forgot the input: the gradient is input × (p − y).")),
        ("no-target", (-rate * np.outer([0.5, 0.5], x)).ravel(),
         _("You forgot the target of X, which is 1.")),
        ("two-targets", (-rate * both).ravel(), _("You took the target 1 for both classes; that of O is 0.")),
        ("only-x", right * [1, 1, 0, 0], _("The weights of O move, too: their error is not 0.")),
        ("by-input", right[[0, 2, 1, 3]], _("Order: first the two weights of X, then the two weights of O.")),
        ("only-x", right[:2], _("The weights of O move, too: give four numbers.")),
        ("inputs", right[[1, 0, 3, 2]], _("The inputs are exchanged: the first is 2, the second 1.")),
        ("logits", (-rate * np.outer([-1, 0], x)).ravel(),
         _("You took the logits for probabilities: what does softmax make of 0 and 0?")),
        ("no-input-signs", rate * np.repeat(error, 2),
         _("You forgot the input, and the signs are exchanged: subtract the gradient, which is input × (p − y).")),
    ]  # fmt: skip
    hint = _("Which logits do weights of 0 give, and which probabilities? Then go through the formula, class by class.")
    verdict = judge(answer, right, mistakes, hint)
    # Which of the four are right is not said: they could be guessed one by one.
    return Verdict(_("Not yet. {hint}").format(hint=hint), False) if verdict.id == "unknown" else verdict


@task("pooling/softmax", otherwise=pooling.softmax)
def softmax(answer):
    """A function that turns a vector of logits of any size into probabilities.

    >>> _ = softmax(lambda z: np.exp(z) / np.exp(z).sum())  # doctest: +ELLIPSIS
    ✗ For z = [1000.0, 1001.0] your function gives [nan, nan], ... have the same differences?
    """

    def shares(values):
        return values / values.sum()

    no_sum = _("Your results are not divided by their sum, so they do not sum to 1.")
    two_logits = _("You changed the logits in one place only: the powers above and below the line need the same ones.")
    negative = _("You divide the logits themselves; a negative logit would give a negative result.")
    mistakes = [
        ("logits", shares, negative),
        ("logits-by-powers", lambda z: z / np.exp(z).sum(),
         _("The sum below the line is right, but above it stands the logit itself, not its power.")),
        ("no-sum", np.exp, no_sum),
        ("no-sum", lambda z: np.exp(z - z.max()), no_sum),
        ("powers-of-2", lambda z: shares(2**z), _("You take powers of 2; softmax takes powers of e.")),
        ("minus", lambda z: shares(np.exp(-z)), _("The smallest logit gets the most: you take powers of −z.")),
        ("logarithms", lambda z: np.log(shares(np.exp(z))), _("Those are the logarithms of the probabilities.")),
        ("hard", lambda z: np.eye(len(z))[z.argmax()], _("The largest logit gets everything; softmax shares.")),
        ("two-logits", lambda z: np.exp(z - z.max()) / np.exp(z).sum(), two_logits),
        ("two-logits", lambda z: np.exp(z) / np.exp(z - z.max()).sum(), two_logits),
        ("divided", lambda z: shares(np.exp(z / z.max())),
         _("You divide the logits by the largest; the differences between them change then.")),
    ]  # fmt: skip
    what, hint = _("a vector of logits"), _("Every result must be positive, and all must sum to 1.")
    cases = [(np.array([1.0, 2.0, 4.0]),), (np.array([0.5, -1.0]),)]
    verdict = judge_function(answer, cases, pooling.softmax, mistakes, what, hint, 1e-9, alone=())
    if not verdict.passed:
        return verdict
    large = [(np.array(logits),) for logits in ([1000.0, 1001.0], [-1000.0, -1001.0], [-1000.0, 1000.0])]
    hint = _(
        "e to 1000 does not fit into a float, and e to −1000 becomes 0. Which other logits have the same differences?"
    )
    return keeps_input(judge_function(answer, large, pooling.softmax, (), what, hint, 1e-9), answer, cases[0])


def _training():
    """Vectors, labels and a rate; no case is square."""
    random = np.random.default_rng(5)
    cases = [(random.normal(size=(6, 4)), np.array([0, 1, 1, 0, 0, 1]), 0.5)]
    return [*cases, (random.normal(size=(5, 3)), np.array([1, 0, 1, 1, 0]), 0.25)]


def _loop(step):
    """The loop of `train` with another step: a function of weights, input, label and rate that returns weights."""

    def rule(vectors, labels, rate):
        weights = np.zeros((2, vectors.shape[1]))
        for x, label in zip(vectors, labels, strict=True):
            weights = step(weights, x, label, rate)
        return weights

    return rule


def _errors(weights, x, label):
    return pooling.softmax(weights @ x) - np.eye(2)[label]


@task("pooling/train", otherwise=gradient_descent.train_dense)
def train(answer):
    """A function of vectors, labels and rate that makes one step of gradient descent for each vector.

    >>> _ = train(lambda vectors, labels, rate: np.zeros((2, vectors.shape[1])))
    ✗ Your weights are still 0: is nothing put into them, or does each error move both rows, not weights[k] alone?
    """

    def with_errors(errors):
        return _loop(lambda w, x, label, rate: w - rate * np.outer(errors(w, x, label), x))

    def only(rows):
        return _loop(lambda w, x, label, rate: w - rate * np.outer(_errors(w, x, label) * rows(label), x))

    def one_by_one(w, x, label, rate):
        w = w.copy()
        for k in range(2):
            w[k] -= rate * _errors(w, x, label)[k] * x
        return w

    def first_letter(vectors, labels, rate):
        return gradient_descent.train_dense(vectors[:1], labels[:1], rate)

    def last_letter(vectors, labels, rate):
        return gradient_descent.train_dense(vectors[-1:], labels[-1:], rate)

    def first_class(vectors, labels, rate):
        weights = np.zeros((2, vectors.shape[1]))
        weights[0] -= rate * _errors(weights, vectors[0], labels[0])[0] * vectors[0]
        return weights

    def p_before(vectors, labels, rate):
        errors = 0.5 - np.eye(2)[labels]
        return -rate * errors.T @ vectors

    def whole(vectors, labels, rate):
        return p_before(vectors, labels, rate) / len(vectors)

    def one_error(error):
        """Both rows get the same error, or errors with the same part, from p, targets and label."""
        return with_errors(lambda w, x, label: error(pooling.softmax(w @ x), np.eye(2)[label], label))

    one_p = _("You use the same probability for both rows: row k needs the one of class k.")
    one_y = _("Both rows get the same y: for each letter, one class has the target 1 and the other 0.")
    zeros = _(
        "Your weights are still 0: is nothing put into them, or does each error move both rows, not weights[k] alone?"
    )
    early = _("Only the first letter counts: does `return` stand inside the loop, and ends it too early?")
    last = _("Only the last letter counts: each step must begin with the weights that the step before has made.")
    replaced = _(
        "You replace the weights. Each step must begin with the old weights[k], and subtract something from it."
    )
    targets = _("The targets are exchanged: y is 1 for the class that the label names.")
    mistakes = [
        ("uphill", _loop(lambda w, x, label, rate: w + rate * np.outer(_errors(w, x, label), x)),
         _("You go uphill: the loss becomes larger with each step.")),
        ("exchanged", with_errors(lambda w, x, label: _errors(w, x, 1 - label)), targets),
        ("label-as-target", with_errors(lambda w, x, label: pooling.softmax(w @ x) - label),
         _("You take the label as the target of both classes: y is 1 for the right class, and 0 for the other.")),
        ("no-target", with_errors(lambda w, x, label: pooling.softmax(w @ x)),
         _("The target is missing: the error is p − y.")),
        ("target-1", with_errors(lambda w, x, label: pooling.softmax(w @ x) - 1),
         _("You take the target 1 for both classes; for the wrong class it is 0.")),
        ("always-x", one_error(lambda p, y, label: p - [1, 0]),
         _("You take each letter for an X: y must depend on the label of the letter.")),
        ("always-o", one_error(lambda p, y, label: p - [0, 1]),
         _("You take each letter for an O: y must depend on the label of the letter.")),
        ("same-y", one_error(lambda p, y, label: p - y[0]), one_y),
        ("same-p", one_error(lambda p, y, label: p[0] - y), one_p),
        ("same-p", one_error(lambda p, y, label: p[1] - y), one_p),
        ("same-p", one_error(lambda p, y, label: p[label] - y), one_p),
        ("same-error", one_error(lambda p, y, label: p[label] - 1),
         _("Both rows get the error of the right class: row k needs its own p and its own y.")),
        ("softmax-of-x", _loop(lambda w, x, label, rate: w - rate * np.outer(
            pooling.softmax(x)[:2] - np.eye(2)[label], x)),
         _("You take the softmax of the vector x: softmax needs the two logits.")),
        ("no-rate", _loop(lambda w, x, label, rate: w - np.outer(_errors(w, x, label), x)), _("The rate is not used.")),
        ("no-input", _loop(lambda w, x, label, rate: w - rate * _errors(w, x, label)[:, np.newaxis]),
         _("The input is missing: all weights of a class move by the same amount.")),
        ("no-softmax", with_errors(lambda w, x, label: w @ x - np.eye(2)[label]),
         _("You take the logits for probabilities: softmax is missing.")),
        ("only-right", only(lambda label: np.eye(2)[label]),
         _("You move the weights of the right class only; the other class has an error, too.")),
        ("only-wrong", only(lambda label: 1 - np.eye(2)[label]),
         _("You move the weights of the wrong class only; the right class has an error, too.")),
        ("only-x", only(lambda _label: np.array([1, 0])), _("Only the weights of X move: k must also be 1.")),
        ("only-o", only(lambda _label: np.array([0, 1])), _("Only the weights of O move: k must also be 0.")),
        ("one-by-one", _loop(one_by_one),
         _("You compute p again between the two classes. Compute p once for each letter, then move both rows.")),
        ("p-before-the-loop", p_before,
         _("Your probabilities are always 0.5: compute p inside the loop, with the weights as they are then.")),
        ("whole-set", whole, _("You make one step for all letters together; make one step for each letter.")),
        ("replaced", _loop(lambda w, x, label, rate: rate * np.outer(_errors(w, x, label), x)), replaced),
        ("replaced", _loop(lambda w, x, label, rate: -rate * np.outer(_errors(w, x, label), x)), replaced),
        ("last-only", last_letter, last),
        ("return-in-loop", first_letter, early),
        ("return-in-loop", first_class, early),
        ("zeros", lambda vectors, labels, rate: np.zeros((2, vectors.shape[1])),
         zeros),
    ]  # fmt: skip
    what = _("a table of vectors, a list of labels and a rate")
    hint = _("For each letter: first p, then for k = 0 and k = 1 the target y and the step for weights[k].")
    allowed = (pooling.softmax,)
    return judge_function(
        answer, _training(), gradient_descent.train_dense, mistakes, what, hint, 1e-9, alone=(), allowed=allowed
    )
