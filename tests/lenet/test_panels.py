"""What lesson 6's panels do beyond the sentence, the units and the covered digit, which the oracle recomputes."""

import numpy as np
import pytest

from lessons_lib import data, lenet
from lessons_lib.lenet import figures
from lessons_lib.lenet.panels import CoverDigit, DrawDigit, Mistakes
from lessons_lib.plots.grid import mosaic

DIGITS = data.load("mnist")
PICTURES, LABELS = DIGITS["images"], DIGITS["labels"].astype(int)


def fake(pictures):
    """Outputs that can be computed by head: maps are multiples of the picture, the class follows its ink."""
    x = np.asarray(pictures, float) / 255
    ink = x.sum(axis=(1, 2)).astype(int) % 10
    softmax = np.full((len(x), 10), 0.02)
    softmax[np.arange(len(x)), ink] = 0.75
    softmax[np.arange(len(x)), (ink + 1) % 10] = 0.09
    return {
        "act1": x[..., None] * np.arange(20), "pool1": x[:, ::2, ::2, None] * np.arange(20),
        "act2": x[:, ::2, ::2, None] * np.arange(50), "pool2": x[:, ::4, ::4, None] * np.arange(50),
        "act3": np.tile(x.sum(axis=(1, 2))[:, None] - 50, 500) * (np.arange(500) % 2), "softmax": softmax,
    }  # fmt: skip


def first_test_digit(digit):
    return PICTURES[8000:][np.flatnonzero(LABELS[8000:] == digit)[0]]


def send(board, cells, stroke, ink=255):
    """What the browser sends of one stroke."""
    edits = [[*cell, ink] for cell in cells]
    board._receive(board, {"edits": edits, "selected": cells[-1], "number": stroke, "stroke": stroke}, [])


@pytest.mark.parametrize("start", range(10))
def test_drawing_begins_with_any_digit(start):
    panel = DrawDigit(fake, start, centred=False)
    assert np.array_equal(panel.board.values, first_test_digit(start))
    assert np.array_equal(panel.ready.values, first_test_digit(start))


def test_the_small_seven_in_a_corner_is_read_when_it_is_centred():
    answers = [DrawDigit(start="corner", centred=centred).sentence.split(" with")[0] for centred in (True, False)]
    assert answers == ["I read 7", "I read 5"]


def test_every_layer_is_shown():
    panel = DrawDigit(fake, 5)
    outputs = fake(panel.ready.values[None])
    for name, grid in panel.layers.items():
        maps = outputs[name][0].astype(np.float32)
        np.testing.assert_allclose(grid.values, mosaic(maps, edge=figures.EDGE * maps.max()), rtol=1e-5)
        assert grid.label == f"{name}: {maps.shape[2]} maps of {maps.shape[0]} × {maps.shape[0]}"
    assert f"{(outputs['act3'][0] > 0).sum()} of 500" in panel.units.label
    probabilities = outputs["softmax"][0]
    assert [row[-1] for row in panel.answer.texts] == [f"{100 * p:.0f}" for p in probabilities]
    np.testing.assert_allclose(panel.answer.values.sum(axis=1), probabilities * 6, atol=1e-6)


def test_strokes_by_the_pen_and_the_eraser():
    panel = DrawDigit(fake, "empty")
    assert "The board is empty" in panel.sentence and panel.undo.disabled
    send(panel.board, [[10, 5], [10, 6]], "a-1")
    expected = lenet.dab(lenet.dab(np.zeros((28, 28)), 10, 5), 10, 6)
    assert np.array_equal(panel.board.values, expected) and panel.start.value == "own"
    panel.tool.value = 0
    assert panel.board.palette == [0]
    panel.board.type(10, 7, 0)
    assert np.array_equal(panel.board.values > 0, (expected > 0) & (np.arange(28) < 6))
    panel.board.type(10, 5, 0)
    assert not panel.board.values.any() and "The board is empty" in panel.sentence


def test_the_network_is_called_once_for_each_message():
    calls = []

    def counted(pictures):
        calls.append(len(pictures))
        return fake(pictures)

    panel = DrawDigit(counted, "empty")
    calls.clear()
    send(panel.board, [[5, column] for column in range(20)], "a-1")
    assert calls == [1]
    panel.board._receive(panel.board, {"edits": [], "selected": [5, 18], "number": "a-2", "stroke": "a-1"}, [])
    assert calls == [1], "pointing alone needs no network"


def test_undo_goes_back_stroke_by_stroke():
    panel = DrawDigit(fake, 3)
    boards = [panel.board.values]
    for number, cells in enumerate(([[2, 2], [2, 3]], [[2, 4]], [[9, 9], [10, 9], [11, 9]])):
        for cell in cells:  # several messages of one stroke
            send(panel.board, [cell], f"a-{number}")
        boards.append(panel.board.values)
    panel.clear.click()
    assert not panel.board.values.any()
    for board in boards[::-1]:
        panel.undo.click()
        assert np.array_equal(panel.board.values, board)
    assert panel.undo.disabled
    panel.undo.click()
    assert np.array_equal(panel.board.values, boards[0])
    panel.board.type(20, 20, 255)
    panel.start.value = 8
    assert np.array_equal(panel.board.values, first_test_digit(8))
    panel.undo.click()
    assert panel.board.values[20, 20] == 255


@pytest.mark.parametrize(("call", "words"), [
    (lambda: DrawDigit(fake, start=11), "start is 11; choose one of 'empty', 'corner', 0, 1"),
    (lambda: CoverDigit(fake, digit=10), "digit is 10; choose one of 0, 1"),
    (lambda: CoverDigit(fake, size=4), "size is 4; choose one of 1, 3"),
    (lambda: Mistakes(PICTURES[:2], [1, 2], np.zeros((3, 10))), "as many of each"),
    (lambda: Mistakes(PICTURES[:2], [1, 2], np.zeros((2, 10)), digit="x"), "digit is 'x'"),
])  # fmt: skip
def test_what_a_panel_has_not_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_mistake_is_chosen_among_all_of_them():
    panel = Mistakes(PICTURES[:30], LABELS[:30], np.eye(10)[(LABELS[:30] + 1) % 10])
    panel.all.select(5, 2 * 29 + 5)
    assert panel.number.value == 3
    panel.all.select(28, 5)
    assert panel.number.value == 3, "a line between two pictures is none of them"


def test_a_network_without_a_mistake():
    panel = Mistakes(PICTURES[:5], LABELS[:5], np.eye(10)[LABELS[:5]], digit=3)
    assert panel.sentence == "There is no mistake about 3 among 5 digits: 0 were wrong."
    panel.all.select(3, 3)
    panel.digit.value = -1
    assert panel.sentence.startswith("There is no mistake about any digit") and panel.number.disabled


def test_what_is_compared_of_the_mistakes_of_a_network_trained_here():
    texts = set()
    for answer in (3, 4):
        panel = Mistakes(PICTURES[:3], LABELS[:3], np.eye(10)[[answer] * 3], trained_here=True)
        content, metadata = panel._repr_mimebundle_()
        assert metadata["image/png"]["alt"] == panel.sentence != content["text/plain"]
        texts.add(content["text/plain"])
    assert texts == {"The digits among 3 that a network trained here gets wrong, the surest mistakes first."}


def test_panels_leave_a_picture_and_their_sentence():
    for panel in (DrawDigit(fake), CoverDigit(fake), Mistakes(PICTURES[:3], LABELS[:3], np.eye(10)[[3, 3, 3]])):
        content, metadata = panel._repr_mimebundle_()
        assert content["text/plain"] == panel.sentence == metadata["image/png"]["alt"] and content["image/png"]
