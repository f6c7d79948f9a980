"""Lesson 3's exercises: whole pictures, one match, a feature for the O, ReLU, a colour layer, one step downhill.

Each check takes the student's answer (`...` while there is none) and returns a Verdict.
"""

import reprlib

import numpy as np

from lessons_lib import matching
from lessons_lib.core.answer import readings
from lessons_lib.core.i18n import _
from lessons_lib.core.text import size_text
from lessons_lib.core.verdict import Verdict, judge, task

RATE = 20  # of the step in `one_step`


@task("matching/whole-pictures")
def whole_pictures(answer):
    """Exercise 1: two scores, of an O moved down by one row, compared as a whole with the O and with the X.

    >>> whole_pictures([57 / 81, 52 / 81])
    ✗ You counted the part of the cells that agree; one that disagrees takes one away.
    """
    ring, cross = matching.letter("O"), matching.letter("X")
    moved = np.roll(ring, 1, axis=0)
    expected = np.array([(moved * template).mean() for template in (ring, cross)])
    unmoved = _("You did not move the O; np.roll(picture, 1, axis=0) moves it by one row.")
    counted = _("You counted the part of the cells that agree; one that disagrees takes one away.")
    mistakes = [
        ("exchanged", expected[::-1],
         _("These two are in the other order: first the score with the O, then with the X.")),
        ("agreeing", (expected + 1) / 2, counted),
        ("agreeing", (expected + 1) / 2 * 81, counted),
        ("sums", expected * 81, _("These are the sums of the 81 products; the score is their mean.")),
        ("with-itself", (1, np.nan), _("You compared the O with itself; move it down by one row first.")),
        ("not-moved", (np.nan, (ring * cross).mean()), unmoved),
        ("one-score", expected[0], _("That is the score with the O; give the score with the X too.")),
    ]  # fmt: skip
    hint = _("Take the mean of the 81 products of the cells, once for each template.")
    return judge(answer, expected, mistakes, hint, parts=[_("with the O"), _("with the X")])


@task("matching/one-match")
def one_match(answer):
    """Exercise 2: the score of the anti-diagonal on the deformed X, with the window's corner at row 1, column 4.

    >>> one_match(5)
    ✗ This is the sum of the nine products; the score is their mean.
    """
    picture, feature = matching.letter("deformed X"), matching.FEATURES["anti-diagonal"]
    scores = matching.score_map(picture, feature)
    other = matching.score_map(picture, matching.FEATURES["diagonal"])
    straight = matching.score_map(matching.letter("X"), feature)
    expected = scores[1, 4].item()
    window = matching.products(picture, feature, 1, 4)
    lines = _("You took a mean along one axis only: three means; the score is the mean of all nine products.")
    mistakes = [
        ("sum", expected * 9, _("This is the sum of the nine products; the score is their mean.")),
        ("exchanged", scores[4, 1], _("This is the score at row 4, column 1: the row comes before the column.")),
        ("centred", scores[0, 3],
         _("You put the middle of the window on row 1, column 4; its top left corner lies there.")),
        ("from-1", scores[2, 5], _("Your window begins at row 2, column 5; rows and columns count from 0.")),
        ("diagonal", other[1, 4], _("This is the score of the diagonal; the anti-diagonal rises to the right.")),
        ("other-picture", straight[1, 4], _("This is the score on the X; the picture is the deformed X.")),
        ("agreeing", (expected + 1) / 2,
         _("You counted the part of the cells that agree; one that disagrees takes one away.")),
        ("cut", 0.55, _("You cut the decimals off, as the slide does; leave it as a fraction.")),
        ("lines", window.mean(axis=0), lines),
        ("lines", window.mean(axis=1), lines),
        ("products", window, _("These are the nine products; the score is their mean.")),
    ]  # fmt: skip
    hint = _("Multiply rows 1 to 3, columns 4 to 6 of the deformed X by the feature, number by number; take the mean.")
    return judge(answer, expected, mistakes, hint, tolerance=1e-4)


@task("matching/feature-for-the-o")
def feature_for_the_o(answer):
    """Exercise 3: a feature of +1 and -1 that fits the O perfectly somewhere, and the X nowhere better than 5/9.

    >>> feature_for_the_o(matching.FEATURES["diagonal"])
    ✗ Its best score is 9/9 on the O but 9/9 on the X too: look for a piece of the O that no X has.
    """
    meant = readings(answer)
    if not meant:
        text = _("I received {answer}, which is not made of numbers.").format(answer=reprlib.repr(answer))
        return Verdict(text, False, "no-numbers")
    feature = meant[0].values
    if feature.shape != (3, 3):
        text = _("A feature has three rows of three numbers; yours has {size}.")
        size = size_text(*feature.shape) if feature.ndim > 1 else _("{count} numbers").format(count=feature.size)
        return Verdict(text.format(size=size), False, "shape")
    if not np.isin(feature, [-1, 1]).all():
        return Verdict(_("Your feature holds other numbers than +1 and -1."), False, "other-numbers")
    on_o, on_x = (matching.score_map(matching.letter(name), feature).max() for name in ("O", "X"))
    upside_down = matching.score_map(matching.letter("O"), -feature).max()
    if on_o > 1 - 1e-9 and on_x < 5 / 9 + 1e-9:
        name, text = "right", _("Right: its best score is {o} on the O and {x} on the X.")
    elif (feature < 0).all():
        name = "empty"
        text = _("It holds no stroke, so it fits every empty corner: best score {o} on the O and {x} on the X.")
    elif on_o > 1 - 1e-9:
        name = "on-both"
        text = _("Its best score is {o} on the O but {x} on the X too: look for a piece of the O that no X has.")
    elif upside_down > 1 - 1e-9 and (feature < 0).any():
        name = "inverted"
        text = _("Its best score on the O is only {o}, but its opposite fits: ink is +1 and the board is -1.")
    else:
        name = "not-on-the-o"
        text = _("Its best score on the O is only {o}: copy a window of the O through which a stroke passes.")
    text = text.format(o=matching.fraction(on_o), x=matching.fraction(on_x))
    return Verdict(text, name == "right", name)


@task("matching/relu-of-a-map")
def relu_of_a_map(answer):
    """Exercise 4: the map of the small X on the deformed X, after ReLU.

    >>> relu_of_a_map(matching.score_map(matching.letter("deformed X"), matching.FEATURES["small X"]))
    ✗ This is the map before ReLU; every negative score must become 0.
    """
    picture, feature = matching.letter("deformed X"), matching.FEATURES["small X"]
    scores = matching.score_map(picture, feature)
    straight = matching.score_map(matching.letter("X"), feature)
    products = np.array([[matching.products(picture, feature, r, c) for c in range(7)] for r in range(7)])
    mistakes = [
        ("no-relu", scores, _("This is the map before ReLU; every negative score must become 0.")),
        ("absolute", np.abs(scores), _("You made the negative scores positive; ReLU makes them 0.")),
        ("negative-kept", np.minimum(scores, 0), _("You kept the negative scores; ReLU keeps the positive ones.")),
        ("picture-first", matching.score_map(matching.relu(picture), feature),
         _("You applied ReLU to the picture; it comes last.")),
        ("products-first", matching.relu(products).mean(axis=(2, 3)),
         _("You applied ReLU to the products; it comes after their mean.")),
        ("yes-or-no", (scores > 0).astype(float),
         _("You kept only whether a score is positive; ReLU keeps how large it is.")),
        ("sums", matching.relu(scores) * 9,
         _("These are the sums of the products after ReLU; the score is their mean.")),
        ("other-picture", matching.relu(straight), _("This is the map of the X; the picture is the deformed X.")),
        ("transposed", matching.relu(scores).T, _("Rows and columns are exchanged.")),
    ]  # fmt: skip
    hint = _("First the map of 49 scores, then ReLU for each of them.")
    return judge(answer, matching.relu(scores), mistakes, hint)


@task("matching/colour-layer")
def colour_layer(answer):
    """Exercise 5: 16 filters of 5 x 5 on a colour photo of 200 rows and 300 columns.

    >>> colour_layer([196, 296, 48, 1200])
    ✗ Right: rows, columns and weights. Not yet: depth. Each filter makes one map: its three partial sums are added.
    """
    rows, columns, filters, weights, any_ = 196, 296, 16, 5 * 5 * 3 * 16, np.nan
    deep = _("A filter is as deep as its picture: it has 5 × 5 × 3 weights, not 5 × 5.")
    places = _("Only whole windows count here, so the map is smaller than the photo.")
    mistakes = [
        ("columns-first", [columns, rows, any_, any_], _("Rows come first: the photo has 200 rows and 300 columns.")),
        ("first-place", [rows - 1, columns - 1, any_, any_],
         _("The first place counts too: add 1 to rows and columns.")),
        ("same-size", [200, 300, any_, any_], places),
        ("map-per-colour", [any_, any_, 3 * filters, any_],
         _("Each filter makes one map: its three partial sums are added.")),
        ("depth-of-photo", [any_, any_, 3, any_],
         _("The result is not as deep as the photo; how many maps are there?")),
        ("one-map", [any_, any_, 1, any_], _("That is the map of one filter; how many filters are there?")),
        ("flat-filter", [any_, any_, any_, 5 * 5 * filters], deep),
        ("flat-filter", [any_, any_, any_, 5 * 5], deep),
        ("one-filter", [any_, any_, any_, 5 * 5 * 3],
         _("These are the weights of one filter; how many has the layer?")),
        ("biases-too", [any_, any_, any_, weights + filters],
         _("The filters of this exercise have no biases; count the weights.")),
    ]  # fmt: skip
    hint = _("Count the places where 5 × 5 fits on 200 × 300, then the maps, then the numbers in all filters.")
    parts = [_("rows"), _("columns"), _("depth"), _("weights")]
    return judge(answer, [rows, columns, filters, weights], mistakes, hint, parts=parts)


@task("matching/one-step")
def one_step(answer):
    """Exercise 6: a feature of zeros after one step of gradient descent towards the lecture's map.

    >>> one_step(np.zeros((3, 3)))
    ✗ This is where you started: the step is still missing.
    """
    picture, diagonal = matching.letter("X"), matching.FEATURES["diagonal"]
    error = 0 - matching.score_map(picture, diagonal)
    gradient = 2 / (49 * 9) * matching.response_map(picture, error)
    expected = -RATE * gradient
    mistakes = [
        ("no-step", np.zeros((3, 3)), _("This is where you started: the step is still missing.")),
        ("uphill", -expected, _("You went uphill: the step goes against the gradient.")),
        ("gradient", gradient, _("This is the gradient itself; the step is minus the rate times the gradient.")),
        ("no-rate", -gradient, _("You forgot the rate, {rate}.").format(rate=RATE)),
        ("no-2", expected / 2, _("The gradient of a square, e times e, is 2 e: you forgot the 2.")),
        ("not-mean", expected * 49, _("The loss is the mean of 49 squares, so its gradient is divided by 49.")),
        ("not-ninth", expected * 9, _("A score is the mean of nine products, so its gradient is divided by 9.")),
        ("sums", expected * 49 * 9, _("Loss and score are means: the gradient is divided by 49 and by 9.")),
        ("two-steps", 2 * expected, _("That is twice the step; take it once.")),
        ("goal", diagonal, _("This is where the descent ends; only its first step is asked for.")),
    ]  # fmt: skip
    hint = _("Find the 49 errors of a feature of zeros, then the gradient as in the lesson's loop, then go against it.")
    return judge(answer, expected, mistakes, hint)
