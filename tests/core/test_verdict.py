"""The checks' engine: right in any spelling, a mistake named, and what a student's function may do."""

import html
import linecache
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lessons_lib.core import record
from lessons_lib.core import verdict as engine
from lessons_lib.core.verdict import Verdict, judge, judge_function, own, task, untouched


@given(hnp.arrays(float, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e6, 1e6)))
def test_the_expected_value_is_right_in_any_clothes(expected):
    for answer in (expected, expected.tolist()):
        verdict = judge(answer, expected)
        assert verdict.passed is True
        assert verdict == "Right."


@given(st.floats(0.001, 1e6), st.integers(3, 6))
def test_a_value_rounded_to_three_digits_is_never_a_mistake(value, digits):
    rounded = float(f"{value:.{digits}g}")
    verdict = judge(rounded, value)
    assert verdict.passed or verdict.id == "rounded" or (rounded.is_integer() and rounded < 10)


MISTAKES = [
    ("bias", np.zeros(2), "You forgot the bias."),
    ("stride", 7, "You forgot the stride."),
    ("root", 0.51083, "That is the root."),
    ("sum", 7, "You added."),
]


@pytest.mark.parametrize(
    ("answer", "expected", "name", "words"),
    [
        (np.arange(4, dtype=np.uint8), range(4), "right", ""), (5 + 1e-9, 5, "right", ""), ([5], 5, "right", ""),
        ("5", 5, "right", ""), ("9,961,472", 9961472, "right", ""), ("9.961.472", 9961472, "right", ""),
        ("9 961 472", 9961472, "right", ""), ("57,6", 57.6, "right", ""), ("2/3", 2 / 3, "right", ""),
        ("66.7%", 2 / 3, "right", ""), (("51,264", "10,035,200"), (51264, 10035200), "right", ""),
        ("9, 6", (9, 6), "right", ""), ("(9, 6)", (9, 6), "right", ""), ([[5], [6]], [5, 6], "right", ""),
        ("\N{MINUS SIGN}3", -3, "right", ""), (np.float32(57.6), 57.6, "right", ""),
        (0.667, 2 / 3, "right", ""), (0.67, 2 / 3, "right", ""), ((9.67, 6.33), (29 / 3, 19 / 3), "right", ""),
        (2.5, 2.52, "right", ""), (58, 57.6, "right", ""), ([2.5, 4.6, 5.8], [2.52, 4.6, 5.8], "right", ""),
        (0.66, 2 / 3, "rounded", "cut off"), ([0.66, 0.17], [2 / 3, 1 / 6], "rounded", "cut off"),
        (0.7, 2 / 3, "rounded", "give more digits"),
        (51000, 51264, "rounded", "give more digits"), (66.7, 2 / 3, "per-cent", "between 0 and 1"),
        (67, 2 / 3, "per-cent", "between 0 and 1"), (51.1, 2 / 3, "root", "That is the root."),
        (51.1, 5, "unknown", ""), (0.51, 5, "root", "That is the root."),
        (5.001, 5, "unknown", "Not yet. Think."), (60, 57.6, "unknown", "Not yet. Think."), (1, 0.99, "unknown", ""),
        (359, 360, "unknown", ""), ([0, 0], np.ones(2), "bias", "You forgot the bias."),
        (7, 5, "stride", "Either: You forgot the stride. Or: You added."),
        (5, (5, 6), "shape", "You gave one number in place of 2 numbers. Think."),
        ((5, 6), 5, "shape", "You gave 2 numbers in place of one number."),
        (np.zeros((4, 3)), np.zeros((17, 19)), "shape", "an array of 4 × 3 in place of an array of 17 × 19"),
        ([1, 2, 9], [1, 2, 3], "unknown", "2 of your 3 numbers are right; look again at number 3."),
        (np.eye(3), np.diag([1, 1, 9]), "unknown", "8 of your 9 numbers are right; look again at row 2, column 2."),
        ("five", 5, "no-numbers", "I received 'five'"), (None, 5, "no-numbers", "without return"),
        ([1, "a"], 5, "no-numbers", "[1, 'a']"), ([[1], [2, 3]], 5, "no-numbers", "not made of numbers"),
        ([None, 1], [1, 1], "no-numbers", "not made of numbers"), (print, 5, "no-numbers", "call it"),
        ({9, 6}, (9, 6), "no-numbers", "in an order"), (object(), 5, "no-numbers", "not made of numbers"),
        (float("nan"), 5, "not-finite", "I received nan"), ([1, float("inf")], 5, "not-finite", ""),
    ],
)  # fmt: skip
def test_an_answer_gets_its_sentence(answer, expected, name, words):
    verdict = judge(answer, expected, MISTAKES, hint="Think.")
    assert (verdict.id, verdict.passed) == (name, name == "right"), verdict
    assert words in verdict
    assert "shape (" not in verdict


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((3, 5), "Right: rows. Not yet: columns. Think."), ((3, 8), "Right: rows. Not yet: columns. Too wide."),
        ((9, 8), "columns: Too wide."), ((9, 9), "Not yet. Think."), ((4, 3), "Swapped."),
    ],
)  # fmt: skip
def test_parts_that_are_right_are_said(answer, sentence):
    mistakes = [
        ("wide", (np.nan, 8), "Too wide."),
        ("swapped", (4, 3), "Swapped."),
        ("chance", (3, np.nan), "Never said."),
    ]
    assert judge(answer, (3, 4), mistakes, "Think.", parts=["rows", "columns"]) == sentence


def blur(image, side):
    """The mean of `side` neighbours in each row."""
    out = image.shape[1] - side + 1
    return sum(image[:, k : k + out].astype(float) for k in range(side)) / side


CASES = [(np.arange(12.0).reshape(3, 4) ** 2, 2), (np.array([[200, 100, 250, 3], [9, 1, 60, 255]], np.uint8), 3)]
BLUR_MISTAKES = [
    ("sum", lambda image, side: blur(image, side) * side, "You forgot to divide."),
    ("zeros", [np.zeros((3, 3)), np.zeros((2, 2))], "All zeros."),
]


def check(answer):
    return judge_function(
        answer, CASES, blur, BLUR_MISTAKES, "a picture and a number", "Add them.", alone=["convolve", "correlate"]
    )


def right(image, side):
    return blur(image, side)


def changes_its_input(image, side):
    result = blur(image, side)
    image[:] = 0
    return result


def in_bytes(image, side):
    out = image.shape[1] - side + 1
    return sum(image[:, k : k + out] for k in range(side)) / side


def into_bytes(image, side):
    return blur(image, side).astype(np.int64) * 2 % 256 if image.dtype == float else blur(image, side)


def into_whole(image, side):
    return blur(image, side).astype(int)


def three_rows(image, side):
    return np.array([blur(image, side)[i] for i in range(3)])


def three_rows_cut(image, side):
    return np.resize(blur(image, side), (3, image.shape[1] - side + 1))


def sometimes(image, side):
    if side == 2:
        return blur(image, side)
    return None


def one_array(image, side):
    STORE[: len(image), : image.shape[1] - side + 1] = blur(image, side)
    return STORE[: len(image), : image.shape[1] - side + 1]


def leaves(image, side):
    sys.exit()


def by_library(image, side):
    return np.array([np.convolve(row, np.ones(side) / side, "valid") for row in image.astype(float)])


def correlate(row, weights):
    return sum(weight * row[k : k + len(row) - len(weights) + 1] for k, weight in enumerate(weights))


def by_own_name(image, side):
    return np.array([correlate(row, np.ones(side) / side) for row in image.astype(float)])


STORE, DOTS = np.zeros((9, 9)), ...


@pytest.mark.parametrize(
    ("answer", "name", "words"),
    [
        (right, "right", ""), (by_own_name, "right", ""), (changes_its_input, "right", ""), (one_array, "right", ""),
        (lambda image, side: blur(image, side).tolist(), "right", ""),
        (lambda image, side: blur(image, side) * side, "sum", "You forgot to divide."),
        (lambda image, side: blur(image, side) * 0, "zeros", "All zeros."),
        (lambda image, side: blur(image, side) * 0 if side == 2 else image.missing, "zeros", "All zeros."),
        (lambda image, side: blur(image, side) * 2, "unknown", "Not yet. Add them."),
        (lambda image, side: blur(image, side) + (side == 3), "unknown", "right for image of 3 × 4 and side = 2, but"),
        (in_bytes, "eight-bits", "256 becomes 0"), (into_whole, "cut", "fractions"),
        (lambda image, side: blur(image, side).round(1), "rounded", "all their digits"),
        (lambda image, side: blur(image, side) * 100, "unknown", "Not yet. Add them."),
        (three_rows, "fixed-size", "right for image of 3 × 4 and side = 2, but for image of 2 × 4 and side = 3"),
        (three_rows, "fixed-size", "stops in line"), (three_rows, "fixed-size", "such as 3"),
        (lambda image, side: blur(image, side) if side == 2 else image.missing, "exception", "it stops in line"),
        (three_rows_cut, "fixed-size", "it gives an array of 3 × 2. Does it use a number, such as 3"),
        (lambda image, side: None, "no-return", "returns nothing; end it with return"),
        (sometimes, "no-return", "every way through it"), (lambda image, side: "same", "text", "the text 'same'"),
        (lambda image, side: [None, 1], "no-numbers", "not made of numbers"),
        (lambda image, side: {1, 2}, "no-numbers", "not made of numbers"),
        (lambda image, side: np.sum(image), "shape", "gives one number in place of an array of 3 × 3. Add them."),
        (lambda image, side: blur(image, side)[0, 0], "shape", "one number"),
        (lambda image, side: np.log(blur(image, side) * 0), "not-finite", "not a finite number"),
        (lambda image: image, "exception", "It receives a picture and a number."),
        (lambda image, side: image.missing, "exception", "with AttributeError: 'numpy.ndarray' object"),
        (leaves, "exception", "stops in line"), (leaves, "exception", "`sys.exit()` with SystemExit. The check"),
        (np.convolve, "library", "belongs to a library"), (judge, "library", "belongs to a library"),
        (max, "library", "belongs to a library"),
        (by_library, "library", "a library computes them"), (np.ones((4, 3)), "no-function", "its name alone"),
        (None, "no-function", "I received None"), ("blur", "no-function", "no function"),
    ],
)  # fmt: skip
def test_a_function_is_called_for_each_case_and_its_mistake_named(answer, name, words):
    verdict = check(answer)
    assert (verdict.id, verdict.passed) == (name, name == "right"), verdict
    assert words in verdict, verdict
    assert "shape (" not in verdict


def test_shares_in_per_cent_are_named():
    verdict = judge_function(lambda share: 100 * share, [(0.3,), (0.5,)], lambda share: share)
    assert (verdict.id, verdict.passed) == ("per-cent", False)


def test_an_interrupt_reaches_the_student():
    def waits(image, side):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(waits)


def test_what_a_function_prints_is_shown_up_to_a_limit(capsys):
    def talks(image, side):
        print("here", "x" * 10_000)
        return blur(image, side)

    assert check(talks).passed
    printed = capsys.readouterr().out
    assert printed.startswith("here") and len(printed) == 2000


def written(source):
    """The function that a cell with this source makes; its source can be read, as in a notebook."""
    file = f"<cell {len(linecache.cache)}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    names = {"__name__": "__main__", "np": np, "blur": blur, "OTHER": np.zeros((9, 9))}
    exec(compile(source, file, "exec"), names)
    return names["f"]


@pytest.mark.parametrize(
    ("body", "open_"),
    [
        ("...", True), ("y = 1\n    ...\n    return y", True), ("x[0] = ...\n    return x", True), ("return ...", True),
        ("return np.sum(...)", True), ("y = (... * x).sum()\n    return y", True), ("x += ...\n    return x", True),
        ("for i in x:\n        ...", True), ("return x[..., 0]", False), ("x[...] = 1\n    return x", False),
        ("return x is ...", False), ("'''Not ... this.'''\n    return '...'", False),
        ("y: tuple[int, ...] = x\n    return y", False),
    ],
)  # fmt: skip
def test_a_function_with_three_dots_to_replace_is_untouched(body, open_):
    verdict = untouched(written(f"def f(x, y=...):\n    {body}\n"))
    assert (verdict is not None) is open_
    assert not open_ or (verdict.passed is None and verdict.id == "untouched")


@pytest.mark.parametrize(
    ("body", "open_"),
    [("...", True), ("y = 1\n    ...\n    return y", True), ("return ...", True), ("y = ...\n    return y + x", True),
     ("return x[..., 0]", False), ("return x", False),
     ("while True:\n        x += 1\n        if x > 9:\n            return x", False),
     ("try:\n        return x\n    except TypeError:\n        return 0", False)],
)  # fmt: skip
def test_three_dots_are_found_without_the_source(body, open_):
    names = {}
    exec(f"def f(x):\n    {body}\n", names)
    assert (untouched(names["f"]) is not None) is open_


def test_three_dots_that_come_out_of_a_function_are_no_answer():
    for answer in (lambda image, side: 2 * globals()["DOTS"], lambda image, side: DOTS):
        assert check(answer).passed is None


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("return np.zeros((image.shape[0], image.shape[1] - side + 1)) + side", "image"),
        ("return blur(image, 2) + 1", "side"), ("return image + OTHER", "side"),
        ("return blur(image, side) + 1", None), ("return [blur(image, side) + k for k in range(1)][0] + 1", None),
    ],
)  # fmt: skip
def test_an_argument_that_a_function_does_not_use_is_named(body, name):
    verdict = check(written(f"def f(image, side):\n    {body}\n"))
    assert verdict.id == ("unknown" if name is None else verdict.id), verdict
    assert (f"does not use its argument {name}" in verdict) is (name is not None), verdict
    ignored = check(written(f"def f(image, _side):\n    {body.replace('side', '2')}\n"))
    assert "does not use its argument _side" not in ignored


@pytest.mark.parametrize("check", [untouched, lambda answer: judge(answer, 5), check])
@pytest.mark.parametrize("answer", [..., (1, ...), [[...], [2]]])
def test_untouched_is_neither_right_nor_wrong(check, answer):
    verdict = check(answer)
    assert verdict.passed is None
    assert "Not answered yet" in verdict
    assert untouched(0) is None and untouched(lambda: ...) is None


@pytest.fixture
def noted(monkeypatch):
    """What is recorded; the kernel begins anew."""
    found = []
    monkeypatch.setattr(record, "add", lambda item, text="", **event: found.append((item, text, event["verdict"])))
    monkeypatch.setattr(engine, "_last", {})
    monkeypatch.setattr(engine, "_own", {})
    return found


def test_each_verdict_is_recorded_and_the_second_miss_of_a_kind_shows_both_results(noted):
    @task("tiny/blur")
    def blurred(answer):
        """Blur a picture.

        More about it.
        """
        return check(answer)

    twice, once = (lambda image, side: blur(image, side) * 2), (lambda image, side: blur(image, side) * side)
    shown = [blurred(answer).shown for answer in (twice, once, twice, twice, right, twice, ...)]
    assert shown == [False, False, False, True, False, False, False]
    assert "What is wanted" not in repr(check(twice))
    ids = ["unknown", "sum", "unknown", "unknown", "right", "unknown", "untouched"]
    assert noted == [("tiny/blur", "Blur a picture.", name) for name in ids]


def test_of_a_game_only_the_changes_are_recorded(noted):
    game = task("tiny/game", game=True)(lambda answer: judge(answer, 3, [("four", 4, "Four.")]))
    for answer in (1, 2, 4, 4, 3, 3, 1):
        game(answer)
    assert [name for _item, _text, name in noted] == ["unknown", "four", "right", "unknown"]


def test_both_results_are_tables_that_can_be_read_aloud_and_their_twin_is_text(noted):
    checked = task("tiny/blur")(check)
    checked(lambda image, side: np.maximum(blur(image, side), 1))
    verdict = checked(lambda image, side: np.maximum(blur(image, side), 1))
    page, text = verdict._repr_html_(), repr(verdict)
    assert page.count("<caption") == 2 and page.count('<th scope="row">') == 6 and page.count('scope="col"') == 6
    assert page.count("<b>1</b>") == page.count("<td style") - 17 == 1
    assert "Your result for image of 3 × 4 and side = 2:\n    1   2.5   6.5\n 20.5  30.5  42.5\n" in text
    assert "What is wanted:\n  0.5   2.5   6.5\n" in text


def test_a_function_that_is_right_goes_on_and_else_the_librarys(noted, capsys):
    blurred = task("tiny/blur", otherwise=blur)(check)
    assert blurred(lambda image, side: 0) is blur
    assert own("tiny") == {"blur": False}
    assert blurred(...) is blur and blurred(right) is right
    assert own("tiny") == {"blur": True} and own("other") == {}
    assert capsys.readouterr().out.count("✓ Right.") == 1


@pytest.mark.parametrize(("passed", "mark"), [(True, "✓"), (False, "✗"), (None, "…")])
def test_a_verdict_is_shown_as_text_and_as_a_page(passed, mark):
    verdict = Verdict("Is 3 < 4?", passed)
    assert repr(verdict) == f"{mark} Is 3 < 4?"
    assert mark in verdict._repr_html_()
    assert html.escape("Is 3 < 4?") in verdict._repr_html_()
