"""Lesson 2's tasks: one response by hand, the double loop, the nine copies, a game, a drawing, and a secret kernel.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict; `slide`, `correlate` and `draw`
show their Verdict, and return the student's function when it is right, else the library's.
"""

import timeit

import numpy as np

from lessons_lib import data, filtering
from lessons_lib.core.answer import readings
from lessons_lib.core.i18n import _
from lessons_lib.core.student import as_numbers, outcomes
from lessons_lib.core.text import short_number, size_text
from lessons_lib.core.verdict import Verdict, judge, judge_function, task, tried

SOBEL, SOBEL_DOWN = filtering.KERNELS["sobel-right"], filtering.KERNELS["sobel-down"]
# Not square, and no two rows or columns alike; the second picture is made of bytes.
FLOATS = [[9, 2, 7, 1, 8, 3], [4, 0, 5, 9, 2, 7], [20, 3, 9, 4, 25, 5], [6, 1, 0, 8, 3, 2], [1, 7, 4, 6, 9, 8]]
BYTES = [[9, 2, 7, 1, 8, 3, 6], [4, 0, 5, 9, 2, 7, 1], [200, 3, 90, 4, 250, 5, 8], [6, 1, 0, 80, 3, 2, 9]]
CASES = [
    (np.array(FLOATS) / 4, np.array([[1, 2, 3], [0, -1, 4], [-2, 5, 0.5]])),
    (np.array(BYTES, np.uint8), np.array([[1, 2, 3, -2], [0, -1, 4, 1]])),
    (np.arange(30.0).reshape(6, 5) ** 2 / 8, np.array([[1, -3], [0.5, 2], [4, 1]])),
]
# NumPy's own ways to slide a window.
LIBRARY = ("convolve", "correlate", "sliding_window_view", "as_strided")
SLOW = 20  # times slower than the copies: a function that goes from pixel to pixel
MOST_DOTS, MOST_MISSING = 10, 10
STUDENTS = 1000  # secret kernels that an answer is compared with


@task("filtering/by-hand")
def by_hand(answer):
    """Sobel's nine numbers on rows 2 to 4 and columns 2 to 4 of the square: the response.

    >>> by_hand(40)
    ✗ You divided by 9. Only the mean does that: its weights are ninths. Here the products are only added.
    """
    picture = data.load("picture-f").astype(int)
    window = picture[2:5, 2:5]
    right = (SOBEL * window).sum()

    def at(row, column):
        return (SOBEL * picture[row : row + 3, column : column + 3]).sum()

    shifted = _(
        "Your window begins at row 1 and column 1. Rows and columns count from 0, "
        "and the window covers rows 2, 3 and 4 and columns 2, 3 and 4."
    )
    mistakes = [
        ("counted-from-1", at(1, 1), shifted),
        ("twos-forgotten", (np.sign(SOBEL) * window).sum(), _("The middle row of the kernel counts double: −2, 0, 2.")),
        ("inside", at(2, 3), _("Your window lies inside the square. It begins at column 2, one column further left.")),
        ("downwards", (SOBEL.T * window).sum(),
         _("You exchanged rows and columns of the kernel: its left column is negative.")),
        ("mean", window.mean(), _("That is the mean of the window; here the weights are not ninths.")),
        ("divided-by-9", right / 9,
         _("You divided by 9. Only the mean does that: its weights are ninths. Here the products are only added.")),
        ("divided", right / 4, _("You divided by 4. Here the nine products are only added.")),
        ("divided", right / 8, _("You divided by 8. Here the nine products are only added.")),
        ("left-minus-right", -right, _("The signs are exchanged: the negative weights lie on the left column.")),
        ("one-row", (SOBEL * window)[0].sum(), _("That is the upper row alone; add up all three rows.")),
        ("one-row", (SOBEL * window)[1].sum(), _("That is the middle row alone; add up all three rows.")),
        ("no-weights", window.sum(), _("That is the sum of the nine pixels. Multiply each by its weight first.")),
        ("zeros-as-ones", (np.array([[-1, 1, 1], [-2, 2, 2], [-1, 1, 1]]) * window).sum(),
         _("The middle column of the kernel is 0, so the pixels under it do not count.")),
    ]  # fmt: skip
    hint = _(
        "Write down the nine pixels, and under each one its weight. Multiply each pair, then add the nine products."
    )
    return judge(answer, right, mistakes, hint)


def _slide(image, kernel):
    """The double loop of the lesson: one window after the other.

    >>> _slide(np.array([[1, 2, 3]]), np.array([[1, 10]])).tolist()
    [[21.0, 32.0]]
    """
    rows, columns = kernel.shape
    result = np.zeros((image.shape[0] - rows + 1, image.shape[1] - columns + 1))
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            result[i, j] = (kernel * image[i : i + rows, j : j + columns]).sum()
    return result


def _only(where, rule=filtering.correlate):
    """The result of `rule`, and 0 but at the places `where`."""

    def rest(image, kernel):
        result, kept = rule(image, kernel), np.zeros_like(rule(image, kernel))
        kept[where] = result[where]
        return kept

    return rest


# What `slide` and `correlate` are often instead.
MISTAKES = [
    ("kernel-forgotten", lambda image, kernel: filtering.correlate(image, np.ones(kernel.shape)),
     _("You add up the pixels and forget the weights: no number of the kernel is used.")),
    ("mean", lambda image, kernel: filtering.correlate(image, kernel) / kernel.size,
     _("You take the mean of the products; their sum is wanted. (In the mean kernel the weights are ninths already.)")),
    ("plain-mean", lambda image, kernel: filtering.correlate(image, np.ones(kernel.shape) / kernel.size),
     _("That is the mean of the pixels, whatever the kernel is. Multiply each pixel by its number in kernel.")),
    ("half-turn", filtering.convolve,
     _("Your kernel is turned by half a turn before it is laid down: its first weight meets the last pixel.")),
    ("added", lambda image, kernel: filtering.correlate(image, np.ones(kernel.shape)) + kernel.sum(),
     _("You add each weight to the pixels; multiply them, with *.")),
    ("kernel-transposed", lambda image, kernel: filtering.correlate(image, kernel.T),
     _("Rows and columns are exchanged somewhere: the first index, of kernel and picture, counts rows.")),
    ("result-transposed", lambda image, kernel: filtering.correlate(image, kernel).T,
     _("The numbers are right, but rows and columns of your result are exchanged.")),
    ("signs-lost", lambda image, kernel: np.abs(filtering.correlate(image, kernel)),
     _("You lose the minus signs; a response may be negative.")),
    ("zeros", lambda image, kernel: 0 * filtering.correlate(image, kernel),
     _("Your result holds only zeros: nothing is put into it.")),
]  # fmt: skip


@task("filtering/slide", otherwise=_slide)
def slide(answer):
    """A function of picture and kernel that computes the response at every place, by a double loop.

    >>> _ = slide(lambda image, kernel: filtering.correlate(image, kernel / kernel.size))
    ✗ You take the mean of the products; their sum is wanted. (In the mean kernel the weights are ninths already.)
    """

    def first_window(image, kernel):
        result = filtering.correlate(image, kernel)
        return np.full(result.shape, result[0, 0])

    def in_all(place):
        """The numbers at `place`, such as the first row, in all places."""
        return lambda image, kernel: filtering.correlate(image, kernel)[place] + 0 * filtering.correlate(image, kernel)

    returned = _("Only the first numbers are filled in: does `return` stand inside a loop, and ends it too early?")
    mistakes = [
        *MISTAKES,
        ("one-number", lambda image, kernel: filtering.correlate(image, kernel)[-1, -1],
         _("Your function returns the last number alone: each number must go to its own place, result[i, j].")),
        ("one-window", first_window,
         _("Every number is that of the first window: your window does not move with i and j.")),
        ("same-rows", in_all(0), _("All rows of your result are equal: does the window move down with i?")),
        ("same-columns", in_all((slice(None), [0])),
         _("All columns of your result are equal: does the window move to the right with j?")),
        ("whole-rows", in_all((slice(None), [-1])),
         _("All columns of your result are equal: each number must go to its own place, result[i, j].")),
        ("last-only", _only((-1, -1)), _("Only the last number is filled in: its line must stand inside both loops.")),
        ("return-in-loop", _only((0, 0)), returned),
        ("return-in-loop", _only(0), returned),
        ("last-column", _only((slice(None), -1)),
         _("Only one column is filled in: the line must stand inside both loops.")),
        ("as-large", lambda image, kernel: filtering.correlate(image, kernel, "zero"),
         _("Your result is as large as the picture; use only places where the whole kernel fits.")),
    ]  # fmt: skip
    verdict = _filter(
        answer, mistakes, _("Try your function on the square and the mean, and compare it with the panel.")
    )
    return _window(verdict)


def _filter(answer, mistakes, hint):
    """The verdict on a function of picture and kernel."""
    what = _("a picture and a kernel, two arrays with two axes each")
    return judge_function(answer, CASES, filtering.correlate, mistakes, what, hint, 1e-9, alone=LIBRARY)


def _window(verdict, special=()):
    """The verdict, with what some messages of NumPy mean here; the first counts; `special` ones replace them."""
    sizes = _(
        "Here two arrays have different sizes: how large is each of them, and at which row and column does it begin?"
    )
    single = _("Is `result` a single number here? Each number needs its own place, result[i, j].")
    by_place = _("Multiply place by place with *, and add up the products.")
    meanings = {
        "@": by_place,
        "matmul": by_place,
        "not aligned": by_place,
        "setting an array element": _("There is room for one number: add up the products first."),
        "could not be broadcast": sizes,
        "non-broadcastable": sizes,
        "tuple index out of range": single,
        "invalid index to scalar": single,
    }
    for words, meaning in (meanings | dict(special)).items():
        if verdict.id == "exception" and words in verdict:
            return Verdict(f"{verdict} {meaning}", False, "exception")
    return verdict


@task("filtering/correlate", otherwise=filtering.correlate_valid)
def correlate(answer):
    """A function of picture and kernel that computes the same as a sum of copies, one for each weight.

    >>> _ = correlate(lambda image, kernel: kernel[-1, -1] * image[kernel.shape[0] - 1 :, kernel.shape[1] - 1 :])
    ✗ Only the last copy is left: each copy must be added to the ones before, with +=.
    """

    def corner(image, kernel):
        height, width = filtering.correlate(image, kernel).shape
        return kernel.sum() * image[:height, :width].astype(float)

    def some(weights):
        """The copies of some of the weights only."""

        def rule(image, kernel):
            kept = np.zeros(kernel.shape)
            kept[weights] = kernel[weights]
            return filtering.correlate(image, kept)

        return rule

    returned = _("Only the first weights are used: does `return` stand inside a loop, and ends it too early?")
    mistakes = [
        *MISTAKES,
        ("assigned", some((-1, -1)),
         _("Only the last copy is left: each copy must be added to the ones before, with +=.")),
        ("same-corner", corner,
         _("All your copies begin at row 0, column 0. The copy for kernel[a, b] begins at row a, column b.")),
        ("return-in-loop", some((0, 0)), returned),
        ("return-in-loop", some(0), returned),
        ("last-row", some(-1), _("Only the last row of the kernel is used: the line must stand inside both loops.")),
        ("last-column", some((slice(None), -1)),
         _("Only the last column of the kernel is used: the line must stand inside both loops.")),
    ]  # fmt: skip
    meanings = {
        "setting an array element": _("The whole copy is added to the whole `result`, without [a, b] behind it."),
        "Cannot cast ufunc 'multiply'": _(
            "The copy is still made of bytes, which *= keeps: write kernel[a, b] * copy."
        ),
        "is out of bounds": _("A kernel may have any number of rows and columns: kernel.shape has them."),
    }
    verdict = _filter(answer, mistakes, _("Take one weight after the other: where does its copy begin?"))
    if verdict.passed is False and verdict.id in ("unknown", "exception") and _some_weights(answer):
        text = _("Only some of the weights are used. A kernel may have any number of rows and columns: use them all.")
        return Verdict(text, False, "some-weights", verdict.compare)
    if not verdict.passed:
        return _window(verdict, meanings)
    small = data.load("camera")[:200, :200]
    if _seconds(answer, small) > SLOW * _seconds(filtering.correlate_valid, small):
        text = _(
            "The numbers are right, but your function goes from pixel to pixel, as slide did. "
            "Add the whole copy of each weight at once."
        )
        return Verdict(text, False, "windows")
    photo = data.load("camera")
    slow, fast = _seconds(_slide, photo, times=1), _seconds(answer, photo)
    text = _(
        "Right. On the photo of the man slide takes {slow:.2f} s and your function {fast:.4f} s: "
        "it is {times:.0f} times as fast."
    )
    return Verdict(text.format(slow=slow, fast=fast, times=slow / fast), True)


def _some_weights(answer):
    """Whether a function adds up the copies of some of the weights, and not of all, wherever it gives numbers."""
    # The copies of the third picture depend on one another.
    found = []
    for (image, kernel), (result, error) in zip(CASES[:2], outcomes(answer, CASES[:2]), strict=True):
        wanted, given = filtering.correlate(image, kernel), as_numbers(result)
        if error is not None:
            continue
        if given is None or given.shape != wanted.shape:
            return False
        copies = [filtering.correlate(image, one.reshape(kernel.shape)) for one in np.diag(kernel.ravel())]
        table = np.stack([copy.ravel() for copy in copies], axis=1)
        used = np.linalg.lstsq(table, given.ravel())[0].round() == 1
        if not used.any() or not np.allclose(table @ used, given.ravel(), rtol=0, atol=1e-6):
            return False
        found.append(np.allclose(given, wanted))
    return bool(found) and not all(found)


def _seconds(function, photo, times=3):
    """How long a function takes with Sobel's kernel on a photo, at best: another program may be busy."""
    return min(timeit.repeat(lambda: function(photo, SOBEL), number=1, repeat=times))


@task("filtering/only-diagonals", game=True)
def only_diagonals(kernel):
    """A kernel of sum 0 that answers to lines from top left to bottom right at least twice as strongly as to all else.

    >>> only_diagonals(np.eye(3))
    ✗ The response to the line is 3, and that to a white sheet is 3, too. What is the sum of the weights?
    """
    kernel, verdict = _as_kernel(kernel)
    if verdict is not None:
        return verdict
    answers = filtering.game_answers(kernel)
    line, others = answers.pop("diagonal"), answers
    words = {"line": _digits(line), "white": _digits(others["white"]), "sum": _digits(kernel.sum())}
    places = {
        "other-diagonal": _("a line from top right to bottom left"), "vertical": _("a vertical line"),
        "horizontal": _("a horizontal line"), "steep": _("a steep line"), "shallow": _("a shallow line"),
    }  # fmt: skip
    rival = max(places, key=lambda name: abs(others[name]))
    mirrored, rest = others["other-diagonal"], [others[name] for name in others if name != "other-diagonal"]
    if not kernel.any():
        text, name = _("All weights are 0, so every response is 0."), "empty"
    elif abs(kernel.sum()) > 1e-9 and abs(others["white"]) >= abs(line):
        text = _(
            "The response to the line is {line}, and that to a white sheet is {white}, too. "
            "What is the sum of the weights?"
        )
        name = "white"
    elif mirrored > 0 and mirrored >= 2 * max(map(abs, [line, *rest])):
        text, name = _("Your kernel finds lines from top right to bottom left, the other diagonal."), "mirrored"
    elif line <= 0:
        text, name = _("The response to the line is {line}; that must be a positive number."), "negative"
    elif abs(kernel.sum()) > 1e-9:
        text, name = _("The weights add up to {sum}, so a white sheet gets {white}; the sum must be 0."), "sum"
    elif line < 2 * abs(others[rival]) - 1e-9:
        text = _(
            "The response to the line is {line}, and that to {picture} is {rival}: at most half as much is allowed."
        )
        if others[rival] < 0:
            text += " " + _("In this game {rival} is as strong as {size}.")
        words |= {"rival": _digits(others[rival]), "picture": places[rival], "size": _digits(-others[rival])}
        name = rival
    else:
        return Verdict(_("Right."), True)
    return Verdict(text.format(**words), False, name)


def _digits(value):
    """A number to two decimals, and to its first digit if it is so small that it would look like 0.

    >>> _digits(2.5), _digits(0.0001), _digits(1e-17)
    ('2.5', '0.0001', '0')
    """
    return f"{value:.1g}" if 1e-9 < abs(value) < 0.005 else short_number(value)


def _as_kernel(answer):
    """The answer as a 3 x 3 array, and None; or None and the verdict that says why it is none."""
    text = _("Give three rows of three numbers, such as [[0, 0, 0], [0, 1, 0], [0, 0, 0]].")
    [first, *_rest] = readings(answer) or [None]
    if first is None or not np.isfinite(first.values).all() or first.values.ndim != 2:
        return None, Verdict(text, False, "no-kernel")
    if first.values.shape != (3, 3):
        text = _("Your kernel is {size}; give 3 × 3 weights.").format(size=size_text(*first.values.shape))
        return None, Verdict(text, False, "size")
    return first.values, None


def _draw(photo):
    """Smooth a photo, and draw its edges in both directions, dark on white.

    >>> _draw(np.full((8, 9), 9)).tolist()
    [[255.0, 255.0, 255.0], [255.0, 255.0, 255.0]]
    """
    mean = filtering.KERNELS["mean"]
    smooth = filtering.correlate(filtering.correlate(photo, mean), mean)
    right, down = filtering.correlate(smooth, SOBEL), filtering.correlate(smooth, SOBEL_DOWN)
    return (255 - np.hypot(right, down)).clip(0, 255)


def _probes():
    """Small pictures by which a drawing shows what its function does: ramps, one bright pixel, a thin line."""
    down, right = np.indices((40, 40)).astype(float)
    return {
        "flat": 0 * down + 100, "right": right, "right twice": 2 * right, "down": down, "left": 40 - right,
        "up": 40 - down, "falling": right - down + 40, "rising": right + down, "steep": 1000 * right,
        "bent": right * down / 8, "dot": 255.0 * ((down == 20) & (right == 20)),
        "line": 20.0 * (right == 20),
    }  # fmt: skip


@task("filtering/draw", otherwise=_draw)
def draw(answer, photo=None):
    """A function that draws a photo: smooth, edges in both directions, dark on white, few dots and no missing lines.

    It is judged on the photo of the man, and also tried on `photo`, if there is one.

    >>> _ = draw(lambda photo: 255 - _draw(photo))
    ✗ Your drawing is white on black: flat parts are 0. Subtract the strength from 255.
    """
    camera, probes = data.load("camera"), _probes()
    part = camera[100:450, 100:480]
    what = _("a photo, an array with two axes")
    given, verdict = tried(answer, [(camera,), (part,), *((probe,) for probe in probes.values())], what)
    if verdict is None and photo is not None:
        _own, verdict = tried(answer, [(photo,)], what)
    if verdict is not None:
        return verdict
    drawing, shown = given[0], dict(zip(probes, given[2:], strict=True))
    name, text = _form(drawing, shown) or _strength(shown) or _by_place(drawing, given[1]) or (None, None)
    if name:
        return Verdict(text, False, name)
    dots, missing = filtering.count_faults(drawing)
    before = filtering.count_faults(255 - np.abs(filtering.correlate(camera, SOBEL)).clip(0, 255))
    counted = _(
        "In the photo of the man: {dots} dots in the grass (first drawing: {dots_before}), "
        "and {missing} of 50 columns of the camera's top edge are missing (first drawing: {missing_before})."
    )
    words = {"dots": dots, "missing": missing, "dots_before": before[0], "missing_before": before[1]}
    smoothed = (np.abs(shown["dot"] - 255) > 1e-6).sum() > 9
    name, text = "right", _("Right.")
    if (dots >= MOST_DOTS or missing > MOST_MISSING) and _smoothed_after(shown["line"]):
        name, text = (
            "smoothed-after",
            _("You smooth after the root, where nothing is negative and dots do not cancel: smooth the photo first."),
        )
    elif dots >= MOST_DOTS and not smoothed:
        name, text = (
            "not-smoothed",
            _(
                "The dots are still there, and the second direction adds its own: smooth the photo before you look for "
                "edges."
            ),
        )
    elif dots >= MOST_DOTS:
        name, text = (
            "too-little-smoothing",
            _("There are still too many dots: smooth a little more before you look for edges."),
        )
    elif missing > MOST_MISSING and _gain(shown) < 0.6:
        name, text = (
            "weak",
            _("Lines are lost, because your edge kernels are too weak: use the nine numbers as they are."),
        )
    elif missing > MOST_MISSING:
        name, text = "too-much-smoothing", _("The grass is clean, but lines are lost too: smooth less.")
    return Verdict(f"{text} {counted.format(**words)}", name == "right", name)


def _form(drawing, shown):
    """The id and the sentence of what is wrong with size, range and colour of a drawing; or None."""
    flat, border = shown["flat"], 512 - np.array(drawing.shape)
    white = flat.flat[0] if flat.size else np.nan
    if drawing.ndim != 2 or drawing.size == 0:
        return "shape", _("Your function must return one drawing, an array with two axes.")
    if flat.shape == drawing.shape or (np.array_equal(shown["right"], shown["down"]) and np.ptp(shown["right"])):
        return "global", _("Your function draws the same whatever photo it is given: use its argument, photo.")
    if (border < 0).any() or (border % 2).any() or flat.shape != tuple(40 - border):
        text = _(
            "From 512 × 512 pixels your drawing has {size}: correlate with kernels that have a middle, without borders."
        )
        return "size", text.format(size=size_text(*drawing.shape))
    if not (np.isfinite(drawing).all() and np.isfinite(white)):
        return "not-finite", _("Your drawing holds numbers that are not finite.")
    if abs(white) < 1:
        return "white-on-black", _("Your drawing is white on black: flat parts are 0. Subtract the strength from 255.")
    if abs(white - 255) > 1:
        text = _("Flat parts must be white, 255. Where the photo is 100 everywhere, your drawing is {white}.")
        return "flat", text.format(white=short_number(white))
    if drawing.min() < -1e-6 or drawing.max() > 255 + 1e-6:
        text = _("Your numbers lie between {low} and {high}; cut off what is outside 0 to 255.")
        return "not-clipped", text.format(low=short_number(drawing.min()), high=short_number(drawing.max()))
    return None


def _in_the_middle(shown):
    """The strength of the edge in the middle of each probe."""
    return {name: 255 - result[len(result) // 2, len(result) // 2].item() for name, result in shown.items()}


def _gain(shown):
    """How many times as large as Sobel's the responses are."""
    strength = _in_the_middle(shown)
    return max(strength["right"], strength["down"]) / 8


def _strength(shown):
    """The id and the sentence of what is wrong with the strength of the edges; or None."""
    strength, gain = _in_the_middle(shown), _gain(shown)
    if strength["right twice"] > 3 * strength["right"] > 0:
        return "no-root", _("You add the two squares, and forget the square root.")
    # Other edge kernels may be weaker than Sobel's, but a factor of more than 2 is a sum that was not divided.
    if gain > 2:
        text = _("Your responses are {gain} times as large as Sobel's: do the weights of your smoothing add up to 1?")
        return "not-divided", text.format(gain=short_number(gain))
    if gain < 1e-6:
        return "no-edges", _(
            "A picture that gets brighter to the right, or downwards, is left white: where are its edges?"
        )
    lost = {name for name in ("right", "left", "down", "up") if strength[name] < 1e-6}
    if {"left", "right"} & lost and not {"left", "right"} <= lost:
        return "sign", _(
            "Edges are missing where the photo gets brighter, or where it gets darker: a negative response is an edge."
        )
    if "down" in lost and strength["bent"] > 1.02 * max(strength["right"] * 20 / 8, 1e-6):
        return "down-from-right", _("You compute down from right. Both must be computed from the smoothed photo.")
    if "down" in lost:
        return "only-right", _("Lines from left to right are missing: look for edges downwards too.")
    if "right" in lost:
        return "only-down", _("Lines from top to bottom are missing: look for edges to the right too.")
    if min(strength["falling"], strength["rising"]) < 1e-6:
        return "cancel", _("In some directions right and down cancel: 3 + (−3) is 0. Add their squares instead.")
    both = np.hypot(strength["right"], strength["down"])
    # A drawing in bytes has no fractions: what is weak tells nothing.
    if min(strength["right"], strength["down"]) > 1.5 and abs(strength["rising"] - both) > 0.2 * both:
        text = _(
            "Where right is {right} and down is {down}, the strength must be {both}, and yours is {given}: "
            "add the squares and take the root."
        )
        names = {name: strength[name] for name in ("right", "down")} | {"both": both, "given": strength["rising"]}
        return "not-pythagoras", text.format(**{name: short_number(one) for name, one in names.items()})
    if strength["right"] > 0.5 and shown["steep"].min() > 1:
        return "eight-bits", _(
            "The strongest edges are not black: you made bytes too early, and numbers above 255 wrap."
        )
    return None


def _by_place(drawing, part):
    """The id and the sentence of a function that draws rows 100 to 449, columns 100 to 479, otherwise when alone."""
    frame = 40  # where a border of zeros, or another, makes a difference
    inside = (slice(frame, -frame), slice(frame, -frame))
    same = drawing[100 : 100 + part.shape[0], 100 : 100 + part.shape[1]]
    if part.shape == same.shape and np.abs(same - part)[inside].max() <= 2:
        return None
    return "by-place", _(
        "Your function treats some rows or columns differently: of a part of the photo alone it makes another drawing. "
        "Do the same at every place."
    )


def _smoothed_after(line):
    """Whether the drawing of a thin line has no white in its middle, where smoothing before the edges leaves 0."""
    row = 255 - line[len(line) // 2]
    dark = np.flatnonzero(row > 0.01)
    return bool(dark.size) and (dark[0] + dark[-1]) % 2 == 0 and row[(dark[0] + dark[-1]) // 2] > 0.4 * row.max()


@task("filtering/secret-kernel")
def secret_kernel(answer, student_number):
    """The nine whole numbers with which `filtering.mystery` has filtered a photo.

    >>> secret_kernel(SOBEL, 7)
    ✗ That is Sobel's kernel, of the example above; take the result of filtering.mystery instead of edges.
    """
    kernel = filtering._secret_kernel(student_number)
    others = [filtering._secret_kernel(number) for number in range(STUDENTS) if str(number) != str(student_number)]
    other = _(
        "That is the kernel of another student number. Give the check the number that you gave to filtering.mystery."
    )
    mistakes = [
        ("transposed", kernel.T,
         _("Rows and columns are exchanged: the copies come row by row, and so do the weights.")),
        ("half-turn", np.rot90(kernel, 2),
         _("Your kernel is turned by half a turn: the first copy belongs to the first weight.")),
        ("example", SOBEL,
         _("That is Sobel's kernel, of the example above; take the result of filtering.mystery instead of edges.")),
        *(("another-number", one, other) for one in others),
    ]  # fmt: skip
    hint = _("Filter the photo with your kernel, and compare with what filtering.mystery gave.")
    if isinstance(answer, tuple) and len(answer) == 4 and np.shape(answer[0])[:1] == (9,):
        text = _("lstsq returns four things, and the weights are the first: put [0] behind its brackets.")
        return Verdict(text, False, "lstsq")
    meant = readings(answer)
    if not meant or meant[0].values.size != 9:
        return judge(answer, kernel, mistakes, hint)
    given = meant[0].values.reshape(3, 3)
    verdict = judge(given, kernel, mistakes, hint, tolerance=0.01)
    if verdict.id != "unknown":
        return verdict
    right = np.abs(given - kernel) <= 0.01
    if np.array_equal(given[~right], (kernel - np.sign(kernel))[~right]):
        text = _("astype(int) cuts the fractions off, so that 2.9999 becomes 2: round first.")
        return Verdict(text, False, "cut")
    # Which ones are right is not said: they could be tried one after the other.
    text = _("Right so far: {count} of 9 numbers. {hint}").format(count=right.sum(), hint=hint)
    return Verdict(text, False)
