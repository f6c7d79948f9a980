"""Lesson 4's tasks: the size formula, a layer, a budget game, the cost of a plan, a plan; and a receptive field.

Each check takes the answer, or `...` when there is none yet, and returns a Verdict; `places`, `conv2d` and `count` show
their Verdict, and return the student's function when it is right, else the library's.
"""

import html
import math
import re
from itertools import pairwise

import numpy as np

from lessons_lib import geometry
from lessons_lib.core.i18n import _
from lessons_lib.core.student import outcomes
from lessons_lib.core.text import join_words, size_text
from lessons_lib.core.verdict import Verdict, judge_function, task

SIDES = [
    (7, 3, 1, 0), (7, 3, 2, 0), (7, 3, 3, 0), (28, 5, 1, 2), (100, 5, 4, 0), (9, 4, 2, 3), (12, 1, 5, 0), (5, 5, 1, 0),
    (3, 5, 2, 1), (3, 8, 1, 1), (2, 7, 2, 0), (3, 4, 2, 0),
]  # fmt: skip
# x, kernels, bias, stride: not square, no two axes alike, one with two pictures.
_numbers = np.random.default_rng(4)
LAYERS = [
    (_numbers.integers(0, 9, (1, 7, 8, 3)), _numbers.integers(-2, 3, (4, 3, 3, 2)), np.array([1, -4]), 1),
    (_numbers.integers(0, 9, (1, 8, 7, 2)), _numbers.integers(-2, 3, (3, 3, 2, 4)), np.array([5, 0, -3, 2]), 2),
    (_numbers.random((2, 7, 10, 4)), _numbers.normal(size=(2, 3, 4, 3)), np.array([0.5, -1, 2]), 3),
]
# NumPy's own ways to slide a window or to multiply many axes, and the library's layer.
LIBRARY = ("conv2d", "conv2d_valid", "fast_conv2d", "sliding_window_view", "as_strided", "correlate", "convolve")
PLANS = [
    ([(10, 5, 1, 2)], 32, 3),
    ([(8, 3, 2, 1), (16, 3, 2, 1), (12, 2, 1, 0)], 33, 3),
    ([(4, 3, 1, 0), (6, 1, 1, 0)], 9, 2),
]
# The game: three layers from `into` to `out`.
BUDGET = {"into": (32, 32, 3), "out": (4, 4, 64), "kernels": 112, "parameters": 20_000, "work": 720_000}
# The plan at home: at least so many kernels, at most so much.
OWN = {"layers": 5, "first": 16, "last": 128, "kernels": 240, "side": 4, "parameters": 100_000,
       "work": 5_000_000, "activations": 65_000}  # fmt: skip


# The plan that the lesson begins with.
FIRST_PLAN = [(32, 5, 4, 0), (128, 3, 2, 0), (512, 3, 3, 0)]


@task("geometry/places", otherwise=geometry.places)
def places(answer):
    """A function of n, f, stride and padding: how many places a window has along a side, rounded down.

    >>> _ = places(lambda n, f, stride=1, padding=0: (n - f + 2 * padding) // stride)
    ✗ That is the number of steps; the place where the window begins counts too.
    """

    def whole(rule):
        """A rule for the cases in which a window fits, and 0 for the others."""
        return lambda n, f, s, p: rule(n, f, s, p) if f <= n + 2 * p else 0

    def clipped(rule):
        """A rule whose negative results become 0."""
        return lambda n, f, s, p: max(0, rule(n, f, s, p))

    def way(n, f, p):
        return n - f + 2 * p

    nothing = _("Where the window is larger than the picture with its zeros, it has no place: return 0.")
    rules = [
        ("steps", lambda n, f, s, p: way(n, f, p) // s,
         _("That is the number of steps; the place where the window begins counts too.")),
        ("one-end", lambda n, f, s, p: (n - f + p) // s + 1,
         _("Padding stands at both ends: a side gets twice as many zeros.")),
        ("no-padding", lambda n, f, s, p: (n - f) // s + 1, _("You forgot the padding.")),
        ("no-stride", lambda n, f, s, p: way(n, f, p) + 1, _("You forgot the stride.")),
        ("one-too-early", lambda n, f, s, p: (way(n, f, p) + 1) // s,
         _("You add 1 before you divide: first count the steps, then add the place where the window begins.")),
        ("stride-plus-1", lambda n, f, s, p: way(n, f, p) // (s + 1),
         _("You divide by S + 1: divide by the stride, and count the place where the window begins after that.")),
        ("brackets", lambda n, f, s, p: n - f + 2 * p // s + 1,
         _("Without brackets only the last part is divided by the stride.")),
        ("rounded-up", lambda n, f, s, p: math.ceil(way(n, f, p) / s) + 1,
         _("You round up: then the last window sticks out. The libraries round down.")),
        ("nearest", lambda n, f, s, p: round(way(n, f, p) / s + 1),
         _("You round to the nearest number; a window that sticks out is no place, so round down.")),
        ("fractions", lambda n, f, s, p: way(n, f, p) / s + 1,
         _("You return fractions, such as 2.33; there is no third of a place, so round down.")),
        ("refuses", lambda n, f, s, p: 0 if way(n, f, p) % s else way(n, f, p) // s + 1,
         _("You return 0 where the steps do not fit. The libraries round down: the windows before still count.")),
        ("fixed", lambda n, f, s, p: way(7, 3, p) // s + 1,
         _("Your function uses the numbers 7 and 3, whatever it is called with; use n and f.")),
        ("negative", lambda n, f, s, p: way(n, f, p) // s + 1, nothing),
        ("negative", lambda n, f, s, p: int(way(n, f, p) / s + 1), nothing),
        ("towards-zero", lambda n, f, s, p: int(way(n, f, p) / s) + 1,
         _("`int` cuts towards zero: int(-0.5) is 0. `//` rounds down: -1 // 2 is -1.")),
        ("padding-not-compared", lambda n, f, s, p: 0 if f > n else way(n, f, p) // s + 1,
         _("With its zeros the picture may be large enough: a window fits if f is at most n + 2 * padding.")),
        ("one-place", lambda n, f, s, p: way(n, f, p) // s + 1 if way(n, f, p) > 0 else 0,
         _("A window as large as the picture has one place.")),
    ]  # fmt: skip
    mistakes = [(name, one, sentence) for name, rule, sentence in rules for one in (whole(rule), rule, clipped(rule))]
    fitting = [f <= n + 2 * p for n, f, _s, p in SIDES]

    def hint(given):
        right = [np.array_equal(value, geometry.places(*case)) for value, case in zip(given, SIDES, strict=True)]
        if all(ok for ok, fits in zip(right, fitting, strict=True) if fits):
            return nothing
        return _("How far can the window move, how many steps is that, and which place is not counted yet?")

    what = _("four whole numbers, n, f, stride and padding")
    verdict = judge_function(answer, SIDES, geometry.places, mistakes, what, hint)
    if callable(answer) and verdict.passed is False:
        errors = [error for _result, error in outcomes(answer, SIDES)]
        if any(errors) and not errors[0] and all(isinstance(error, ValueError) for error in errors if error):
            text = _("Your function refuses what does not fit. Here it shall round down, or return 0.")
            return Verdict(text, False, "refuses")
        names = [error.name for error in errors if isinstance(error, NameError)]
        if names and names[0] in ("N", "F", "S", "P"):
            text = _("Your function does not know {name}: its arguments are called n, f, stride and padding.")
            return Verdict(text.format(name=names[0]), False, "capitals")
    if verdict.passed:
        for number, _error in outcomes(answer, SIDES):
            if not isinstance(number, (int, np.integer)):
                text = _(
                    "Your function returns {number}. Give a whole number: // divides whole numbers and rounds down."
                )
                return Verdict(text.format(number=number), False, "float")
    return verdict


def _layer(x, kernels, bias, stride):
    return geometry.conv2d_valid(x, kernels, bias, stride)


@task("geometry/conv2d", otherwise=geometry.conv2d_valid)
def conv2d(answer):
    """A function of x, kernels, bias and stride that computes a whole layer.

    >>> _ = conv2d(lambda x, kernels, bias, stride=1: geometry.conv2d_valid(x, kernels, 0 * bias, stride))
    ✗ You forgot the bias: one number for each kernel, added once.
    """

    def some(cells):
        """Some cells of the kernels only."""

        def rule(x, kernels, bias, stride):
            kept = np.zeros(kernels.shape)
            kept[cells] = kernels[cells]
            return _layer(x, kept, bias, stride)

        return rule

    def corner(x, kernels, bias, stride):
        rows, columns = kernels.shape[:2]
        one = kernels.sum(axis=(0, 1), keepdims=True)
        return _layer(x[:, : x.shape[1] - rows + 1, : x.shape[2] - columns + 1], one, bias, stride)

    def dense(x, kernels, bias, stride):
        """A step of 1 inside the copy, in place of the stride."""
        result = _layer(x, kernels, bias, stride)
        return _layer(x, kernels, bias, 1)[:, : result.shape[1], : result.shape[2]]

    def biases(more):
        """One bias for each cell of the kernels, and `more`."""
        return lambda x, kernels, bias, stride: _layer(x, kernels, bias * (kernels[..., 0, 0].size + more), stride)

    def first(x, kernels, bias, stride):
        """The first picture in place of each."""
        return _layer(np.repeat(x[:1], len(x), axis=0), kernels, bias, stride)

    def added(x, kernels, bias, stride):
        """The sum of all pictures in place of each."""
        return _layer(np.repeat(x.sum(axis=0, keepdims=True), len(x), axis=0), kernels, bias, stride)

    returned = _("Only the first cells of the kernels are used: does `return` stand inside a loop?")
    mistakes = [
        ("no-bias", lambda x, kernels, bias, stride: _layer(x, kernels, 0 * bias, stride),
         _("You forgot the bias: one number for each kernel, added once.")),
        *(("many-biases", biases(more), _("The bias is added once for each place, not once for each cell of a kernel."))
          for more in (0, 1)),
        ("bias-alone", lambda x, kernels, bias, stride: _layer(x, 0 * kernels, bias, stride),
         _("Your result holds only the bias: no copy is added.")),
        ("assigned", lambda x, kernels, bias, stride: some((-1, -1))(x, kernels, 0 * bias, stride),
         _("Only the last copy is left: each copy must be added to the ones before, with +=.")),
        ("assigned", some((-1, -1)), _("Only the last copy is used: the line must stand inside both loops.")),
        ("same-corner", corner,
         _("All your copies begin at row 0, column 0. The copy for `kernels[a, b]` begins at row a, column b.")),
        ("no-stride", dense, _("Your copy takes neighbouring pixels: with a stride it takes every second or third.")),
        *(("pictures", rule, _("x has 2 pictures here: do you treat each of them?")) for rule in (first, added)),
        ("exchanged", lambda x, kernels, bias, stride: _layer(x, kernels.swapaxes(0, 1), bias, stride),
         _("Are a and b exchanged? `a` counts rows, of the kernels and of the copy, and `b` counts columns.")),
        ("half-turn", lambda x, kernels, bias, stride: _layer(x, kernels[::-1, ::-1], bias, stride),
         _("Your kernels are turned by half a turn: the copy from row 0, column 0 meets the first weights.")),
        ("return-in-loop", some((0, 0)), returned),
        ("return-in-loop", some(0), returned),
        ("last-row", some(-1), _("Only the last row of the kernels is used: the line must stand inside both loops.")),
        ("last-column", some((slice(None), -1)),
         _("Only the last column of the kernels is used: the line must stand inside both loops.")),
    ]  # fmt: skip
    what = _("x, kernels and bias, arrays with four, four and one axis, and a stride")
    hint = _("Take one cell of the kernels after the other: where does its copy begin, and which steps does it take?")
    verdict = judge_function(answer, LAYERS, _layer, mistakes, what, hint, 1e-9, LIBRARY, [geometry.places])
    if verdict.id != "exception":
        return verdict
    meanings = {
        "matmul": _("`@` needs the copy on its left and `kernels[a, b]` on its right: the depth must meet the depth."),
        "broadcast": _copy_size(answer),
        "out of bounds": _("How many rows and how many columns do the kernels have, and which index counts rows?"),
    }
    meaning = next((meaning for words, meaning in meanings.items() if words in verdict), "")
    return Verdict(f"{verdict} {meaning}".strip(), False, "exception")


def _copy_size(answer):
    """What to say of a copy that cannot be added to the result, from the shapes that NumPy's error names; or ""."""
    failed = [
        (case, str(error)) for case, (_result, error) in zip(LAYERS, outcomes(answer, LAYERS), strict=True) if error
    ]
    (x, kernels, bias, stride), error = failed[0]
    shapes = [tuple(map(int, re.findall(r"\d+", one))) for one in re.findall(r"\(([\d, ]+)\)", error)]
    wanted = _layer(x, kernels, bias, stride).shape
    copies = [shape for shape in shapes if len(shape) == 4 and shape != wanted and shape[3] == wanted[3]]
    if kernels.shape[2:] in shapes:
        return _("`*` multiplies number by number. `@` also adds along the depth.")
    if not copies or wanted not in shapes:
        return _("The copy must have as many rows and columns as the result.")
    given, places = copies[0][1:3], wanted[1:3]
    text = _("Your copy gives {given} places, the result has {places}.")
    text = text.format(given=size_text(*given), places=size_text(*places))
    if given == places[::-1]:
        return text + " " + _("Are height and width exchanged?")
    if given[1] == x.shape[2] and given[0] != x.shape[1]:
        return text + " " + _("The first axis of x is the pictures, the second the rows, the third the columns.")
    return text + " " + _("Where must its slices begin and end, and in which steps?")


def _misses(plan, side, limits):
    """What a plan of whole numbers misses, as pairs of id and sentence; `limits` is `BUDGET` or `OWN`."""
    parameters, work, activations = geometry.count(plan, side, 3)
    kernels = sum(layer[0] for layer in plan)
    read = geometry.rows_read(plan, side)
    if not geometry.sides(plan, side)[-1]:
        return [("nothing-left", _("A window is larger than its input, so nothing comes out."))]
    found = []
    if not read.all():
        text = _("{lost} of the {side} rows, and as many columns, are never read.")
        found.append(("unread", text.format(lost=(~read).sum(), side=side)))
    amounts = {"parameters": (parameters, _("{amount:,} parameters are too many; at most {most:,} are allowed.")),
               "work": (work, _("{amount:,} multiply-adds are too many; at most {most:,} are allowed.")),
               "activations": (activations, _("{amount:,} activations are too many; at most {most:,} are allowed."))
               }  # fmt: skip
    for name, (amount, text) in amounts.items():
        if amount > limits.get(name, amount):
            found.append((name, text.format(amount=amount, most=limits[name])))
    if kernels < limits["kernels"]:
        text = _("{amount} kernels in all are too few; at least {least} are wanted.")
        found.append(("few-kernels", text.format(amount=kernels, least=limits["kernels"])))
    return found


@task("geometry/budget", game=True)
def budget(plan):
    """Three layers that keep the budget of the game.

    >>> budget([(16, 3, 2, 1), (32, 3, 2, 1), (64, 3, 2, 1)])
    ✗ 23,584 parameters are too many; at most 20,000 are allowed.
    """
    side, _columns, _depth = BUDGET["into"]
    found = _misses(plan, side, BUDGET)
    last, wanted = (geometry.sides(plan, side)[-1], plan[-1][0]), BUDGET["out"][1:]
    if last != wanted and last[0]:
        text = _("The last volume is {side} × {side} × {depth}; {wanted} × {wanted} × {wanted_depth} is wanted.")
        words = {"side": last[0], "depth": last[1], "wanted": wanted[0], "wanted_depth": wanted[1]}
        found.insert(0, ("last", text.format(**words)))
    return Verdict(" ".join(text for _id, text in found) or _("Right."), not found, found[0][0] if found else None)


@task("geometry/count", otherwise=geometry.count)
def count(answer):
    """A function of plan, side and depth that counts parameters, multiply-adds and activations.

    >>> _ = count(lambda plan, side, depth: 2 * np.array(geometry.count(plan, side, depth)))
    ✗ Not yet. Take one layer after the other. What does it read, what does it put out, and what does that cost?
    """

    def counted(slip=""):
        """What counting with one slip leads to."""

        def rule(plan, side, depth):
            parts, first = [], side
            for kernels, f, stride, padding in plan:
                before, into = side, kernels if slip == "depth-too-early" else depth
                step = 1 if slip in ("window-alone", "no-stride") else stride
                side = geometry.places(
                    100 if slip == "side-100" else side,
                    f,
                    step,
                    0 if slip in ("window-alone", "no-padding") else padding,
                )
                weights = f * f * into * kernels
                biases = {"no-biases": 0, "one-bias": 1, "bias-per-channel": into}.get(slip, kernels)
                area = {"weights-as-work": 1, "one-side": side, "input-places": before**2}.get(slip, side**2)
                out = before**2 if slip == "side-too-late" else first**2 if slip == "side-unused" else side**2
                area = out if slip in ("side-too-late", "side-unused") else area
                more = kernels if slip == "biases-in-work" else 0
                work = area * (weights + more)
                if slip == "all-parameters":
                    work = area * (sum(part[0] for part in parts) + weights + kernels)
                parts.append([weights + biases, work, out * (1 if slip == "one-map" else kernels)])
                if slip == "one-kernel":
                    parts[-1] = [weights // kernels + 1, area * weights // kernels, out]
                if slip == "no-depth":
                    parts[-1][:2] = f * f * kernels + kernels, area * f * f * kernels
                if slip == "one-f":
                    parts[-1][:2] = f * into * kernels + kernels, area * f * into * kernels
                if slip == "maps-read":
                    parts[-1][2] = out * into
                if slip not in ("depth-kept", "both-kept"):
                    depth = depth + kernels if slip == "depth-added" else kernels
                if slip in ("side-kept", "both-kept"):
                    side = first
            chosen = {"last-only": parts[-1:], "first-only": parts[:1]}.get(slip, parts)
            total = np.sum(chosen, axis=0)
            return total * [1, 2, 1] if slip == "twice" else total[[1, 0, 2]] if slip == "exchanged" else total

        return rule

    sentences = {
        "last-only": _("Only the last layer is counted: add each layer to the ones before, with +=."),
        "first-only": _("Only the first layer is counted: does `return` stand inside the loop?"),
        "depth-kept": _("Your depth never changes. The next layer is as deep as this one has kernels."),
        "depth-added": _("You add to the depth. The next layer reads only what this one puts out."),
        "depth-too-early": _(
            "You change the depth before you count the weights: a kernel is as deep as what it reads."
        ),
        "side-kept": _("Your side never changes: the next layer reads the result of this one."),
        "side-unused": _("You compute the new side, but do not use it: the layer puts out side times side numbers."),
        "both-kept": _("Every layer of yours reads the picture. Side and depth change from layer to layer."),
        "side-too-late": _(
            "You count places before you compute the new side: the window has as many places as the result has numbers."
        ),
        "side-100": _("Your function uses the number 100, whatever it is called with; use side."),
        "window-alone": _("You give stride and padding of the layer to nobody: places uses 1 and 0."),
        "no-stride": _("You forgot the stride."),
        "no-padding": _("You forgot the padding."),
        "no-biases": _("You forgot the biases: each kernel has one."),
        "one-bias": _("You count one bias a layer: each kernel has one."),
        "bias-per-channel": _("There is one bias for each kernel, not for each channel."),
        "input-places": _("For the multiply-adds, count the places of the output: with a stride there are fewer."),
        "one-side": _("The window moves in two directions: the places are side times side."),
        "weights-as-work": _("Your multiply-adds are the weights: each is used at every place."),
        "biases-in-work": _("A bias is added, but it is multiplied by nothing: leave it out of the multiply-adds."),
        "all-parameters": _(
            "`parameters` holds all layers so far, and their biases. Multiply the weights of this layer alone."
        ),
        "twice": _("A product and its sum count as one multiply-add."),
        "one-kernel": _("That is one kernel of each layer: the factor K is missing."),
        "no-depth": _("A kernel is as deep as its input: the factor D is missing."),
        "one-f": _("A window has F rows and F columns: the factor F stands there twice."),
        "maps-read": _("A layer puts out as many maps as it has kernels, not as many as it reads."),
        "one-map": _("Your activations are those of one feature map: each kernel makes one."),
        "exchanged": _("Parameters come first, then multiply-adds."),
    }
    names = [_("parameters"), _("multiply-adds"), _("activations")]
    wanted = np.array([geometry.count(*case) for case in PLANS])
    mistakes = [
        (slip, np.array([counted(slip)(*case) for case in PLANS]), sentence) for slip, sentence in sentences.items()
    ]
    # The same slip in one of the three numbers only, where that is no other slip.
    for slip, values, sentence in list(mistakes):
        for k, name in enumerate(names):
            alone = np.where(np.arange(3) == k, values, wanted)
            if not any(np.array_equal(alone, known) for _slip, known, _sentence in mistakes):
                mistakes.append((slip, alone, f"{name}: {sentence}"))
    general = _("Take one layer after the other. What does it read, what does it put out, and what does that cost?")

    def hint(given):
        if any(np.shape(value) != (3,) for value in given):
            return general
        right = (np.array(given) == wanted).all(axis=0)
        if not right.any():
            return general
        parts = [
            join_words([name for name, ok in zip(names, right, strict=True) if ok == way]) for way in (True, False)
        ]
        return _("Right: {right}. Not yet: {wrong}.").format(right=parts[0], wrong=parts[1])

    what = _("a plan, a side and a depth")
    return judge_function(answer, PLANS, geometry.count, mistakes, what, hint)


@task("geometry/my-plan", otherwise=FIRST_PLAN)
def my_plan(answer, student_number):
    """A plan of layers for a student's own photo that reads every pixel and keeps three budgets.

    >>> _ = my_plan([(128, 3, 2, 0)], 1)
    ✗ Your last maps are 48 × 48; ...
                  output  kernels  parameters  multiply-adds  activations
    layer 1  48 × 48 × 128      128       3,584      7,962,624      294,912
     in all                     128       3,584      7,962,624      294,912
    """
    plan, text = _as_plan(answer)
    if plan is None:
        return Verdict(text, False, "no-plan")
    side = geometry.own_side(student_number)
    found = _broken_rules(plan)
    last = geometry.sides(plan, side)[-1]
    if last > OWN["side"]:
        text = _("Your last maps are {last} × {last}; at most {side} × {side} is wanted.")
        found.append(("large-maps", text.format(last=last, side=OWN["side"])))
    found += _misses(plan, side, OWN)
    sentences = " ".join(text for _id, text in found) or _("Right.")
    verdict = _Costs(sentences, not found, found[0][0] if found else None)
    verdict.rows = _costs(plan, side)
    return verdict


class _Costs(Verdict):
    """A verdict on a plan; below it a table, `rows` of text, says what each layer costs."""

    rows = ()

    def __repr__(self):
        widths = [max(map(len, column)) for column in zip(*self.rows, strict=True)]
        lines = ["  ".join(map(str.rjust, row, widths)) for row in self.rows]
        return "\n".join([super().__repr__(), *lines])

    def _repr_html_(self):
        head, *body = [[html.escape(cell) for cell in row] for row in self.rows]
        edge = 'style="text-align:right;padding:1px 14px 1px 0;color:inherit;background:transparent"'
        lines = ["".join(f'<th scope="col" {edge}>{cell}</th>' for cell in head)]
        for name, *cells in body:
            lines.append(f'<th scope="row" {edge}>{name}</th>' + "".join(f"<td {edge}>{cell}</td>" for cell in cells))
        return super()._repr_html_() + f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _costs(plan, side):
    """A table of text: what each layer of a plan puts out and costs, and the sums."""
    rows = [("", _("output"), _("kernels"), _("parameters"), _("multiply-adds"), _("activations"))]
    sides, depths = geometry.sides(plan, side), [3, *(layer[0] for layer in plan)]
    for k, layer in enumerate(plan, 1):
        costs = geometry.count([layer], sides[k - 1], depths[k - 1])
        out = size_text(sides[k], sides[k], depths[k])
        rows.append((_("layer {k}").format(k=k), out, str(layer[0]), *(f"{cost:,}" for cost in costs)))
    rows.append((_("in all"), "", str(sum(depths[1:])), *(f"{cost:,}" for cost in geometry.count(plan, side, 3))))
    return rows


def _broken_rules(plan):
    """Which rules of the plan at home are broken, and by which layer, as pairs of id and sentence."""
    found = []
    if len(plan) > OWN["layers"]:
        text = _("{given} layers are too many; at most {most} are allowed.")
        found.append(("layers", text.format(given=len(plan), most=OWN["layers"])))
    for k, (_kernels, f, stride, padding) in enumerate(plan, 1):
        words = {"k": k, "f": f, "stride": stride, "padding": padding}
        for broken, text in [
            (f < 3, _("Layer {k} has F = {f}: windows must be 3 × 3 or larger.")),
            (stride > 2, _("Layer {k} has S = {stride}: strides must be 1 or 2.")),
            (padding >= f, _("Layer {k} has P = {padding} and F = {f}: P must be smaller than F.")),
        ]:
            if broken:
                found.append(("rules", text.format(**words)))
    kernels = [layer[0] for layer in plan]
    if kernels[0] < OWN["first"]:
        text = _("Layer 1 must have at least {first} kernels, not {given}.")
        found.append(("ends", text.format(given=kernels[0], **OWN)))
    if kernels[-1] != OWN["last"]:
        text = _("Layer {k}, the last one, must have exactly {last} kernels, not {given}.")
        found.append(("ends", text.format(k=len(plan), given=kernels[-1], **OWN)))
    for k, (before, after) in enumerate(pairwise(kernels), 2):
        if after < before:
            text = _("Layer {k} has fewer kernels than layer {before_k}: {after} against {before}.")
            found.append(("fewer", text.format(k=k, before_k=k - 1, after=after, before=before)))
    return found


def _as_plan(answer):
    """The answer as a list of layers of four whole numbers, and None; or None and the sentence that says why not."""
    text = _("Give a list of layers, each of four whole numbers: kernels, F, S and P, such as [(16, 3, 2, 1)].")
    answer = answer.tolist() if isinstance(answer, np.ndarray) else answer
    if not isinstance(answer, (list, tuple)) or not answer:
        return None, text
    layers = []
    for k, layer in enumerate(answer, 1):
        numbers = np.asarray(layer, dtype=object).ravel().tolist() if np.ndim(layer) == 1 else []
        if len(numbers) != 4 or not all(type(value) is int or isinstance(value, np.integer) for value in numbers):
            where = _("Layer {k} is {layer}.").format(k=k, layer=layer)
            return None, f"{where} {text}"
        kernels, f, stride, padding = map(int, numbers)
        if min(kernels, f, stride) < 1 or padding < 0 or max(numbers) > 10_000:
            return None, _("Layer {k} is {layer}: K, F and S are at least 1, P at least 0.").format(k=k, layer=layer)
        layers.append((kernels, f, stride, padding))
    return layers, None
