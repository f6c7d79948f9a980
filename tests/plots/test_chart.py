"""A chart's two drawings say the same of the same marks, and escape whatever they write."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from lessons_lib.plots.chart import Area, Bar, Chart, Dot, Frame, Line, Words, between, ticks
from lessons_lib.plots.training_curves import curves

NASTY = """a < b & "c" $x$ '"""


def chart(*marks, **about):
    frame = Frame((40, 10, 100, 50), (0, 10), (0, 100), ticks=([(0, NASTY), 5], [50]), marks=marks, **about)
    return Chart([frame], 200, 120, NASTY)


def drawn(described):
    """The paths (points, colour or None for the ink) and the circles of both drawings, and their texts."""
    root = ET.fromstring(described.svg())
    svg = [
        [[tuple(map(float, pair.split(","))) for pair in path.get("points").split()] for path in root.iter()
         if path.tag in ("polyline", "polygon") and path.get("points")],
        [tuple(float(circle.get(name)) for name in ("cx", "cy", "r")) for circle in root.iter("circle")],
        [text.text for text in root.iter("text")],
    ]  # fmt: skip
    [axes] = described.figure().axes
    circles = [patch for patch in axes.patches if hasattr(patch, "radius")]
    paths = [patch.get_xy() for patch in axes.patches if patch not in circles]
    paper = [
        [path[:-1] if path.shape[0] > 3 and np.array_equal(path[0], path[-1]) else path for path in paths],
        [(*circle.center, circle.radius) for circle in circles],
        [text.get_text() for text in axes.texts if text.get_text()],
    ]
    return svg, paper


EVERY = [
    Line([0, 5, 10], [0, np.nan, 1e9], "#0072b2", dots=True), Line(np.arange(3), np.ones(3), dashed=True),
    Line([3], [4]), between([1, 2], [10, 20], [30, 40]), Area([0, 4, 4], [0, 0, 50], "#d55e00", edge=1.2),
    Dot(5, 50, 12, "#e69f00"), Dot(np.nan, 1, 3), Bar(20, 7, name="one", value="7"),
    Words(NASTY, 5, 50, right=20, down=15, leader=12, bold=True),
]  # fmt: skip


def test_both_drawings_are_the_same():
    described = chart(*EVERY)
    described.legend = [("one", "#0072b2"), ("two", "#e69f00")]
    svg, paper = drawn(described)
    assert len(svg[0]) == len(paper[0]) and len(svg[1]) == 4 and len(svg[2]) == 8
    for path, other in zip(svg[0], paper[0], strict=True):
        np.testing.assert_allclose(path, other, atol=0.06)
    np.testing.assert_allclose(svg[1], paper[1], atol=0.06)
    assert svg[2] == paper[2]


def test_marks_stand_where_their_numbers_are():
    svg, _paper = drawn(chart(Dot(5, 50, 12), Line([0, 10], [0, 100]), Bar(50, 10), edges=False))
    assert svg[1] == [(90, 35, 12)]
    assert [(40, 60), (140, 10)] in svg[0] and svg[0][-2][1][0] == 140


def test_whatever_is_written_is_escaped():
    described = chart(Words(NASTY, 0, 0, colour='"><script>'), title=NASTY, labels=(NASTY, NASTY))
    described.legend = [(NASTY, '"><b>')]
    root = ET.fromstring(described.svg())
    assert root.get("aria-label") == NASTY and {text.text for text in root.iter("text")} == {NASTY, "5", "50"}
    assert not list(root.iter("script")) and not list(root.iter("b"))


def test_ink_is_the_pages_own_where_no_colour_is_given():
    svg = chart(Line([0, 1], [0, 1])).svg()
    assert set(re.findall(r'stroke="([^"]*)"', svg)) == {"currentColor"}


def test_a_logarithmic_frame():
    frame = Frame((10, 20, 100, 200), (1, 100), (1, 10), (True, True))
    assert [frame.x(value) for value in (1, 10, 100)] == pytest.approx([10, 60, 110])
    assert [frame.y(value) for value in (1, 10)] == pytest.approx([220, 20])
    # What lies far outside, or has no logarithm, is drawn where a browser can reach it.
    assert frame.y(0) == 220 + 9 * 200 and frame.x(1e300) == 10 + 10 * 100


@pytest.mark.parametrize(("ends", "count"), [((0, 1), 4), ((0.13, 0.97), 4), ((0, 60), 3), ((-3, 1e4), 5)])
def test_ticks_are_few_round_and_inside(ends, count):
    found = ticks(ends, count)
    assert 2 <= len(found) <= count + 1 and ends[0] <= found[0] and found[-1] <= ends[1]
    assert len(set(np.diff(found).round(9))) == 1


def test_curves_of_a_training():
    described = curves([3, 2, 1, 1], [0.1, 0.5, 0.9, 0.9], [1.5], [0.8], epochs=3, steps=2)
    assert described.alt == (
        "Curves over 2 epochs. Accuracy: training 0.90, validation 0.80. Loss: training 1.00, validation 1.50."
    )
    accuracy, loss = described.frames
    assert accuracy.across == loss.across == (0, 3) and [text for text, _c in described.legend] == [
        "training",
        "validation",
    ]
    (training, validation), (_training, losses) = accuracy.marks, loss.marks
    assert training.ys.tolist() == [0.1, 0.5, 0.9, 0.9] and training.xs.tolist() == [0.25, 0.75, 1.25, 1.75]
    assert list(validation.xs) == [1] and validation.ys == [0.8] and losses.ys == [1.5]
    # Nothing is named that is not there.
    assert [text for text, _c in curves([3], [0.1], epochs=3, steps=2).legend] == ["training"]
    assert "has not begun" in curves([], []).alt
    with pytest.raises(ValueError, match="2 losses and 1 accuracies"):
        curves([1, 2], [1])


def test_a_first_step_far_above_the_others_does_not_press_them_into_one_line():
    assert curves([900.0] + [1.0] * 20, [0.1] * 21).frames[1].up[1] < 2
