"""Lesson 3's tasks: all scores, a game, two layers with and without ReLU, learning from letters, its rates.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict; `score_map` and `learn` show
their Verdict, and return the student's function when it is right, else the library's.
"""

import copy

import numpy as np

from lessons_lib import filtering, matching
from lessons_lib.core.answer import readings
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import Verdict, judge, judge_function, keeps_input, task
from lessons_lib.matching import learned_features

# NumPy's own ways to slide a window.
LIBRARY = ("convolve", "correlate", "sliding_window_view", "as_strided")
# Pictures and features that are not square, of many numbers; the first picture and feature are made of +1 and -1.
SIGNS = np.where(np.arange(42).reshape(6, 7) ** 2 % 7 < 3, 1, -1)
CASES = [
    (SIGNS, np.array([[1, -1, -1], [1, 1, -1], [-1, 1, -1]])),
    (np.array([[9, 2, 7, 1, 8], [4, 0, 5, 9, 2], [20, 3, 9, 4, 25], [6, 1, 0, 8, 3]]) / 4,
     np.array([[1, 2, 3, -2], [0, -1, 4, 0.5]])),
    (np.arange(30.0).reshape(6, 5) ** 2 / 8, np.array([[1, -3], [0.5, 2], [4, 1]])),
]  # fmt: skip
MOST_RATES, MOST_WRONG, STARTS = 3, 20, range(1, 11)
GOOD_RATES = (1, 0.1)


@task("matching/score_map", otherwise=matching.score_map)
def score_map(answer):
    """A function of picture and feature that computes the mean of the products at every place.

    >>> _ = score_map(lambda picture, feature: matching.response_map(picture, feature))
    ✗ These are the sums of the products; a score is their mean.
    """

    def only(where):
        def rule(picture, feature):
            result = matching.score_map(picture, feature)
            kept = np.zeros_like(result)
            kept[where] = result[where]
            return kept

        return rule

    def of_windows(number_of):
        """The map of what `number_of` computes from a window and the feature."""

        def rule(picture, feature):
            rows, columns = feature.shape
            shape = np.subtract(picture.shape, feature.shape) + 1
            found = [number_of(picture[i : i + rows, j : j + columns], feature) for i, j in np.ndindex(*shape)]
            return np.reshape(found, shape)

        return rule

    def first_window(picture, feature):
        result = matching.score_map(picture, feature)
        return np.full(result.shape, result[0, 0])

    x, diagonal = matching.letter("X"), matching.FEATURES["diagonal"]
    returned = _("Only the first numbers are filled in: does `return` stand inside a loop, and ends it too early?")
    names = _("Your function gives the map of the X and the diagonal, whatever it receives: use its two arguments.")
    ninth = _("You always divide by 9. This feature has another number of cells: use the size of the feature.")
    size = _(
        "A picture of N rows and a feature of F rows have N − F + 1 places below each other; columns the same way."
    )
    matrix = _("`@` is the matrix product. A score multiplies cell by cell, with `*`.")
    early = _("The last row or column of your map is still 0: does a loop end one place too early?")
    late = _("The first row or column of your map is still 0: does a loop begin at 1?")
    every, not_last, not_first = slice(None), slice(-1), slice(1, None)
    mistakes = [
        ("sums", matching.response_map, _("These are the sums of the products; a score is their mean.")),
        ("ninths", lambda picture, feature: matching.response_map(picture, feature) / 9, ninth),
        ("by-picture", lambda picture, feature: matching.response_map(picture, feature) / picture.size,
         _("You divide by the cells of the picture; a score is the mean over the cells of the feature.")),
        ("window-only", of_windows(lambda window, _feature: window.mean()),
         _("That is the mean of the pixels: the feature is not used.")),
        ("share", of_windows(lambda window, feature: (window == feature).mean()),
         _("You count the cells that are equal. Multiply instead: a cell that disagrees must take something away.")),
        ("matrix-product", of_windows(lambda window, feature: (window @ feature).mean()), matrix),
        ("half-turn", lambda picture, feature: matching.score_map(picture, np.flip(feature)),
         _("Your feature is turned by half a turn before it is laid down.")),
        ("transposed", lambda picture, feature: matching.score_map(picture, feature).T,
         _("The numbers are right, but rows and columns of your result are exchanged.")),
        ("names", lambda _picture, _feature: matching.score_map(x, diagonal), names),
        ("names", lambda picture, feature: matching.score_map(x[: picture.shape[0], : picture.shape[1]], feature),
         _("Your function looks at `x`, whatever picture it receives: use its first argument.")),
        ("one-number", lambda picture, feature: matching.score_map(picture, feature)[-1, -1],
         _("Your function returns the last score alone: each score must go to its own place, scores[i, j].")),
        ("one-window", first_window,
         _("Every number is that of the first window: your window does not move with i and j.")),
        ("last-only", only((-1, -1)), _("Only the last number is filled in: its line must stand inside both loops.")),
        ("return-in-loop", only((0, 0)), returned),
        ("return-in-loop", only(0), returned),
        ("last-column", only((slice(None), -1)),
         _("Only one column is filled in: the line must stand inside both loops.")),
        *(("ends-early", only(where), early)
          for where in ((not_last, every), (every, not_last), (not_last, not_last))),
        *(("begins-late", only(where), late)
          for where in ((not_first, every), (every, not_first), (not_first, not_first))),
        ("zeros", lambda picture, feature: 0 * matching.score_map(picture, feature),
         _("Your map holds only zeros: nothing is put into it.")),
    ]  # fmt: skip

    def hint(results):
        """The size of the map, or the first number that is wrong."""
        pairs = [(result, matching.score_map(*case)) for result, case in zip(results, CASES, strict=True)]
        pairs = [(result, wanted) for result, wanted in pairs if result is not None]
        if any(result.shape != wanted.shape for result, wanted in pairs):
            return size
        result, wanted = next(pair for pair in pairs if not np.allclose(*pair, rtol=0, atol=1e-9))
        row, column = np.argwhere(~np.isclose(result, wanted, rtol=0, atol=1e-9))[0]
        text = _(
            "Row {row}, column {column} of your map is {given:.4g}; the mean of the products there is {wanted:.4g}."
        )
        return text.format(row=row, column=column, given=result[row, column], wanted=wanted[row, column])

    what = _("a picture and a feature, two arrays with two axes each")
    verdict = judge_function(answer, CASES, matching.score_map, mistakes, what, hint, 1e-9, alone=LIBRARY)
    called = getattr(getattr(answer, "__code__", None), "co_names", ())
    if verdict.id == "library" and any(answer.__globals__.get(name) is filtering.correlate for name in called):
        text = _("The numbers are right, but they are the course's own. Compute each score from its window.")
        return Verdict(text, False, "library")
    if verdict.id == "exception" and "with a sequence" in verdict:
        text = _("A score is one number, and you put a whole array there: multiply with `*`, and take the mean.")
        return Verdict(f"{verdict} {text}", False, "array-as-score")
    if not verdict.passed and _is_always(answer, matching.score_map(x, diagonal)):
        return Verdict(names, False, "names")
    return verdict


def _is_always(answer, result):
    """Whether a function gives this result for all cases."""
    try:
        return all(np.array_equal(answer(*copy.deepcopy(case)), result) for case in CASES)
    # It may fail in any way, and then it does not.
    except Exception:
        return False


@task("matching/only-the-o", game=True)
def only_the_o(answer):
    """A feature of +1 and -1 that fits the O perfectly somewhere, and an X, bent X or blank sheet nowhere above 5/9.

    >>> only_the_o(matching.FEATURES["diagonal"])
    ✗ It fits the X too well: 9/9, and at most 5/9 is allowed. Look for a piece that only the O has.
    """
    meant = readings(answer)
    if not meant or meant[0].values.shape != (3, 3) or not np.isin(meant[0].values, [-1, 1]).all():
        return Verdict(_("A feature has three rows of three numbers, each +1 or −1."), False, "no-feature")
    feature = meant[0].values
    pictures = {name: matching.letter(name) for name in ("O", "X", "bent X")} | {"blank": np.full((9, 9), -1)}
    best = {name: matching.score_map(picture, feature).max() for name, picture in pictures.items()}
    on_o, rival = best.pop("O"), max(best, key=best.get)
    labels = {"X": _("the X"), "bent X": _("the bent X"), "blank": _("the blank sheet")}
    inverted = matching.score_map(pictures["O"], -feature).max()
    if (feature < 0).all():
        name, text = "empty", _("It is black, so it fits every place without white cells, on the blank sheet too.")
    elif on_o < 1 - 1e-9 and inverted > 1 - 1e-9 and (feature < 0).any():
        name, text = "inverted", _("On the O it has only {o}. But its negative fits: the strokes are white.")
    elif on_o < 1 - 1e-9:
        name, text = "not-on-the-o", _("On the O it has only {o}. Which 3 × 3 pieces does the ring of the O have?")
    elif best[rival] > 5 / 9 + 1e-9:
        name, text = (
            "on-both",
            _("It fits {rival} too well: {score}, and at most 5/9 is allowed. Look for a piece that only the O has."),
        )
    else:
        return Verdict(_("Right."), True)
    words = {"o": matching.fraction(on_o), "rival": labels[rival], "score": matching.fraction(best[rival])}
    return Verdict(text.format(**words), False, name)


@task("matching/two-layers")
def two_layers(answer):
    """The sum of the maps of a rise and a fall on one row of pixels, without ReLU and with ReLU on each map.

    >>> two_layers([[0, 0, 0, 0, 0], [0, 0, 0, 0, 0]])
    ✗ With ReLU you get only 0, too. Which numbers does ReLU receive, before or after the sum?
    """
    pixels = np.array([[0, 0, 9, 9, 9, 4]])
    rise, fall = (filtering.correlate(pixels, np.array([kernel])) for kernel in ([-1, 1], [1, -1]))
    without, edges = rise + fall, matching.relu(rise) + matching.relu(fall)
    one_map = _("You have only one of the two maps; the second layer adds them.")
    one_relu = _("ReLU is on one of the two maps only; the other one still has its negative numbers.")
    mistakes = [
        ("too-late", (without, without),
         _("With ReLU you get only 0, too. Which numbers does ReLU receive, before or after the sum?")),
        ("exchanged", (edges, without), _("The two are exchanged: the first one is without ReLU.")),
        ("relu-twice", (edges, edges), _("The first one is without ReLU: add the two maps as they are.")),
        ("smaller", (without, -edges), _("You kept the negative numbers: ReLU keeps the others, np.maximum(map, 0).")),
        ("one-relu", (without, matching.relu(rise) + fall), one_relu),
        ("one-relu", (without, rise + matching.relu(fall)), one_relu),
        ("subtracted", (rise - fall, matching.relu(rise) - matching.relu(fall)),
         _("You subtracted the maps; the second layer adds them.")),
        ("one-map", (rise, matching.relu(rise)), one_map),
        ("one-map", (fall, matching.relu(fall)), one_map),
    ]  # fmt: skip
    meant = [one.values.squeeze() for one in readings(answer)]
    if not meant or meant[0].shape != (2, 5):
        text = _("Each of the two answers must be a row of 5 numbers, one for each two neighbouring pixels.")
        return Verdict(text, False, "no-rows")
    hint = _("Compute the two maps first, and look at their numbers.")
    verdict = judge(meant[0].reshape(2, 1, 5), (without, edges), mistakes, hint)
    if verdict.id != "unknown":
        return verdict
    row, column = np.argwhere(~np.isclose(meant[0], [without[0], edges[0]]))[0]
    name = _("the result with ReLU") if row else _("the result without ReLU")
    text = _("Not yet: look again at {name}, column {column}. {hint}")
    return Verdict(text.format(name=name, column=column, hint=hint), False, "unknown")


def _training():
    """A few letters, labels, and a feature to begin with; the second case has letters that are not square."""
    letters, labels = matching.random_letters(6, seed=5)
    start = np.array([[0.5, -1, 0.25], [-0.5, 1, 0], [0.75, -0.25, -1]])
    return [(letters, labels, start, 0.5), (letters[:4, 1:8], 1 - labels[:4], start.T / 2, 0.25)]


def _steps(step, start_again=False, choose=np.argmax):
    """The rule of learning with another step, a function of weights, window, score, label and rate."""

    def rule(letters, labels, feature, rate):
        start = weights = np.asarray(feature, float)
        for letter, label in zip(letters, labels, strict=True):
            weights = start if start_again else weights
            scores = matching.score_map(letter, weights)
            i, j = np.unravel_index(choose(scores), scores.shape)
            weights = step(weights, letter[i : i + 3, j : j + 3], scores[i, j], label, rate)
        return weights

    return rule


def _right(weights, window, score, label, rate):
    return weights - rate * (score - (1 - label)) * window


@task("matching/learn", otherwise=learned_features.learn)
def learn(answer):
    """A function of letters, labels, feature and rate that makes one step for each letter, and returns the feature.

    >>> _ = learn(lambda letters, labels, feature, rate: feature)
    ✗ Your function returns the feature that it received: no step was made.
    """
    cases = _training()
    exact = _("That is the step with the exact slope. Leave the 2 and the 9 out: they are part of the rate.")
    squared = _(
        "You square the error in the step. The slope of the squared error has the error itself, not its square."
    )
    early = _("Only the first letter counts: does `return` stand inside the loop, and ends it too early?")
    last = _("Only the last letter counts: each step must begin with the feature that the step before has made.")

    def first_letter(letters, labels, feature, rate):
        return _steps(_right)(letters[:1], labels[:1], feature, rate)

    mistakes = [
        ("no-step", lambda letters, labels, feature, rate: feature,
         _("Your function returns the feature that it received: no step was made.")),
        ("uphill", _steps(lambda w, x, s, y, r: w + r * (s - (1 - y)) * x),
         _("You go the wrong way: where the score is too high, the step must make it smaller.")),
        ("label-as-target", _steps(lambda w, x, s, y, r: w - r * (s - y) * x),
         _("You take the label as the target. But the label of an X is 0, and its target is 1.")),
        ("no-target", _steps(lambda w, x, s, y, r: w - r * s * x),
         _("The target is missing: the error is the score minus the target.")),
        ("target-1", _steps(lambda w, x, s, y, r: w - r * (s - 1) * x),
         _("You take the target 1 for each letter; the target of an O is 0.")),
        ("no-rate", _steps(lambda w, x, s, y, r: w - (s - (1 - y)) * x), _("The rate is not used.")),
        ("no-error", _steps(lambda w, x, s, y, r: w - r * x),
         _("The error is missing: every step is equally long, whatever the score is.")),
        ("squared", _steps(lambda w, x, s, y, r: w - r * (s - (1 - y)) ** 2 * x), squared),
        ("no-window", _steps(lambda w, x, s, y, r: w - r * (s - (1 - y))),
         _("The window is missing: all nine weights move by the same amount.")),
        ("feature-as-window", _steps(lambda w, x, s, y, r: w - r * (s - (1 - y)) * w),
         _("You multiply the error by the feature; the slope of a score is its window.")),
        ("exact", _steps(lambda w, x, s, y, r: w - r * 2 * (s - (1 - y)) * x / 9), exact),
        ("exact", _steps(lambda w, x, s, y, r: w - r * (s - (1 - y)) * x / 9), exact),
        ("last-only", _steps(_right, start_again=True), last),
        ("return-in-loop", first_letter, early),
        ("smallest", _steps(_right, choose=np.argmin),
         _("You take the window with the smallest score; the largest is wanted.")),
        ("first-window", _steps(_right, choose=lambda scores: 0),
         _("You always take the window at row 0, column 0: take the one with the largest score.")),
    ]  # fmt: skip
    hint = _("Do for each letter what the cell above does for one; use the four arguments.")
    what = _("letters, labels, a feature and a rate")
    verdict = judge_function(answer, cases, _steps(_right), mistakes, what, hint, 1e-9)
    names = getattr(getattr(answer, "__code__", None), "co_names", ())
    if verdict.id == "exception" and "argmax" in names and "unravel_index" not in names:
        text = _("argmax gives one number for the place; np.unravel_index makes its row and column, as in the example.")
        return Verdict(f"{verdict} {text}", False, "argmax")
    own = {
        "x": _("Your function looks at `x`, the letter of the example: use each of the letters that it receives."),
        "start": _("Your function looks at `start`, your own first weights: use the feature that it receives."),
    }
    for name in ("row", "column", "i", "j", "first", "error"):
        text = _("Your function looks at `{name}`, which another cell has made: compute it for each letter.")
        own[name] = text.format(name=name)
    used = [name for name in own if name in names and name in answer.__globals__]
    if used and verdict.passed is False and verdict.id != "no-return":
        said = verdict if verdict.id == "exception" else ""
        return Verdict(f"{said} {own[used[0]]}".strip(), False, "example")
    return keeps_input(verdict, answer, cases[0])


@task("matching/rates")
def rates(answer):
    """One to three learning rates, one for each pass through the letters, that are good for ten student numbers.

    >>> rates([1])
    ✗ Fewest wrong 16, most wrong 102, of 1,000. All ten learn, but not exactly: the steps at the end are too large.
    """
    meant = [] if isinstance(answer, str) else readings(answer)
    if not meant or not meant[0].values.size or not np.isfinite(meant[0].values).all():
        return Verdict(_("Give one, two or three numbers, such as [0.5, 2]."), False, "no-numbers")
    values = meant[0].values.ravel().tolist()
    if len(values) > MOST_RATES:
        text = _("You gave {count} rates; at most {most} are allowed.")
        return Verdict(text.format(count=len(values), most=MOST_RATES), False, "too-many")
    if min(values) <= 0:
        return Verdict(_("A rate is a positive number."), False, "not-positive")
    wrong = [learned_features.wrong_after(number, values) for number in STARTS]
    counts = _("Fewest wrong {least}, most wrong {most}, of 1,000.").format(least=min(wrong), most=max(wrong))
    if max(wrong) < MOST_WRONG:
        return Verdict(_("Right. {counts}").format(counts=counts), True)
    if values[-1] >= 2:
        name, text = "too-large", _("The steps at the end go beyond the target, and nothing after them repairs it.")
    elif max(wrong) < 100 and values[-1] < 0.05:
        name, text = "too-fine", _("All ten learn, but not exactly: the steps at the end are too small to get there.")
    elif max(wrong) < 100 or (max(wrong) < 150 and values[-1] > 0.7):
        name, text = "too-coarse", _("All ten learn, but not exactly: the steps at the end are too large.")
    elif max(values) >= 2:
        name, text = (
            "too-large",
            _("Steps of 2 or more go beyond the target; what comes after them did not repair it."),
        )
    elif min(wrong) >= MOST_WRONG and max(values) < 0.5:
        name, text = "too-slow", _("None of the ten has learned enough: the steps are too small.")
    elif min(wrong) >= MOST_WRONG:
        name, text = "too-large", _("None of the ten has learned enough: the steps are too large.")
    else:
        name, text = "stuck", _("Some of the ten learn well, and others do not find the crossing at all.")
    return Verdict(f"{counts} {text}", False, name)
