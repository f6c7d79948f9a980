"""A grid of numbers as a picture: the numbers written are the numbers given, and the colours mean what they say."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

from lessons_lib.plots.grid import LARGEST_WITH_NUMBERS, Grid, draw, limits, number, side_by_side
from lessons_lib.plots.style import COLOURMAPS, GREY, WINDOW, new_figure, png


def drawn(grid):
    _figure, axes = new_figure(4, 4)
    draw(axes[0, 0], grid)
    return axes[0, 0]


def words(axes):
    return [text.get_text() for text in axes.texts]


def frames(axes, colour):
    from matplotlib.colors import to_rgba

    patches = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return [patch for patch in patches if patch.get_edgecolor() == to_rgba(colour)]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9), st.sampled_from(["grey", "signed"]))
def test_the_limits_hold_every_value_and_have_room(values, colours):
    low, high = limits(np.array([values]), colours)
    assert low < high
    assert low <= min(values)
    assert max(values) <= high
    assert colours == "grey" or low == -high


@pytest.mark.parametrize(
    ("low", "high", "colours", "expected"),
    [
        (0, 255, "grey", (0, 255)), (None, 255, "grey", (1, 255)), (7, 7, "grey", (7, 8)),
        (None, 5, "signed", (-5, 5)), (-9, 5, "signed", (-9, 9)), (0, 0, "signed", (-3, 3)),
    ],
)  # fmt: skip
def test_limits_that_are_given_are_kept(low, high, colours, expected):
    assert limits(np.array([[1, 3]]), colours, low, high) == expected
    assert limits(np.zeros((2, 2)), "signed") == (-1, 1) and limits(np.zeros((2, 2))) == (0, 1)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(3, None, "3"), (3.0, None, "3"), (0.5, None, "0.50"), (-0.001, 1, "0.0"), (-0.4, 0, "0"), (2 / 3, 3, "0.667")],
)
def test_a_number_is_written_short_and_never_as_minus_zero(value, decimals, text):
    assert number(value, decimals) == text


def test_white_is_at_zero_and_the_signs_have_their_colours():
    signed = COLOURMAPS["signed"]
    (red, _green, blue, _alpha), (no_red, _green, all_blue, _alpha) = signed(1.0), signed(0.0)
    assert red > blue and all_blue > no_red
    assert np.allclose(signed(0.5)[:3], 1, atol=0.01)
    assert np.allclose([COLOURMAPS["grey"](0.0)[:3], COLOURMAPS["grey"](1.0)[:3]], [[0] * 3, [1] * 3])


def test_every_cell_says_its_value_row_before_column():
    axes = drawn(Grid(np.arange(6).reshape(2, 3), title="F"))
    assert words(axes) == ["0", "1", "2", "3", "4", "5"]
    assert [text.get_position() for text in axes.texts][3] == (0, 1)
    assert axes.get_title() == "F"


def test_one_fraction_gives_every_cell_two_digits():
    assert words(drawn(Grid([[0.5, 1]]))) == ["0.50", "1.00"]
    assert words(drawn(Grid([[0.5, 1]], decimals=1))) == ["0.5", "1.0"]
    assert words(drawn(Grid([[0.5, 1]], texts=[["1/2", "1"]]))) == ["1/2", "1"]


def test_a_number_is_read_on_its_own_colour():
    dark, light = (text.get_color() for text in drawn(Grid([[0, 255]])).texts)
    assert (dark, light) == ("white", "black")


@pytest.mark.parametrize("shape", [(1, 1), (1, 12), (20, 20)])
def test_numbers_are_never_smaller_than_they_can_be_read(shape):
    assert min(text.get_fontsize() for text in drawn(Grid(np.full(shape, 255))).texts) >= 5


def test_a_large_picture_and_a_colour_picture_show_pixels_only():
    assert not words(drawn(Grid(np.zeros((LARGEST_WITH_NUMBERS + 1, 4)))))
    axes = drawn(Grid(np.zeros((2, 2, 3), np.uint8)))
    assert not words(axes)
    assert axes.images[0].get_array().shape == (2, 2, 3)


def test_the_window_is_framed_and_hatched_cells_are_hatched():
    axes = drawn(Grid(np.zeros((4, 4)), window=(-1, 2, 3, 2), hatched=np.eye(4, dtype=bool)))
    [frame] = frames(axes, WINDOW)
    assert (frame.get_xy(), frame.get_width(), frame.get_height()) == ((1.5, -1.5), 2, 3)
    assert not frame.get_clip_on(), "a window may stick out"
    hatched = [patch.get_xy() for patch in frames(axes, GREY) if patch.get_hatch()]
    assert hatched == [(i - 0.5, i - 0.5) for i in range(4)]


def test_there_is_no_cell_where_it_is_blank():
    blank = [patch.get_xy() for patch in frames(drawn(Grid(np.ones((2, 3)), blank=np.eye(2, 3) > 0)), "white")]
    assert blank == [(-0.5, -0.5), (0.5, 0.5)]


@pytest.mark.parametrize("colours", ["grey", "signed"])
def test_the_values_are_drawn_with_the_ends_of_the_ramp(colours):
    image = drawn(Grid([[-2, 1]], colours=colours)).images[0]
    assert image.get_clim() == ((-2, 1) if colours == "grey" else (-2, 2))


def test_grids_stand_side_by_side_as_wide_as_they_ask_for():
    figure = side_by_side([Grid(np.eye(3), title="F"), Grid(np.ones((3, 6)), title="G")])
    assert [axes.get_title() for axes in figure.axes] == ["F", "G"]
    assert figure.get_size_inches()[0] <= 10
    figure.canvas.draw()
    first, second = (axes.get_position().width for axes in figure.axes)
    assert second > 1.5 * first


def test_no_grid_is_refused_in_words():
    with pytest.raises(ValueError, match="grids is empty; give at least one Grid"):
        side_by_side([])


def pixels(content):
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def test_a_figure_is_stored_as_matplotlib_saves_it_and_stays_as_it_was():
    grids = [Grid(np.arange(12).reshape(3, 4), "a", window=(0, 1, 2, 2)), Grid(np.eye(4) / 3, "b")]
    # Each is laid out once: again, from where it ended, the layout would end a little elsewhere.
    figure, same, saved = side_by_side(grids), side_by_side(grids), io.BytesIO()
    canvas, dpi = figure.canvas, figure.dpi
    stored, _width, _height = png(figure)
    assert figure.canvas is canvas and figure.dpi == dpi
    same.savefig(saved, format="png", dpi=2 * dpi)
    difference = np.abs(pixels(stored).astype(int) - pixels(saved.getvalue()))
    assert difference.max() <= 8 and len(stored) < len(saved.getvalue())


@pytest.mark.parametrize(("colours", "mode", "most"), [("grey", "L", 5), ("signed", "P", 16)])
def test_a_photo_is_stored_in_few_bytes_at_the_size_of_the_screen_and_looks_the_same(colours, mode, most):
    noise = np.linspace(-90, 90, 300) + np.random.default_rng(0).normal(0, 9, (300, 300))
    figure, axs = new_figure(4, 4)
    draw(axs[0, 0], Grid(noise, colours=colours))
    stored, width, height = png(figure)
    image = Image.open(io.BytesIO(stored))
    assert image.size == (width, height) and image.mode == mode and len(stored) < 110_000
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=200)
    once = Image.open(file).convert("L" if mode == "L" else "RGB").reduce(2).convert("RGB")
    assert np.abs(pixels(stored) - np.asarray(once, int)).max() <= most


def test_a_figure_without_paper_of_its_own_is_stored_on_white():
    figure = Figure(figsize=(1, 1), facecolor="none")
    figure.text(0.5, 0.5, "x")
    stored, width, height = png(figure)
    assert (width, height) == (100, 100)
    assert (pixels(stored)[0] == 255).all() and pixels(stored).min() < 50
