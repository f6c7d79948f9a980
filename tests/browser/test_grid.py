"""The grid by itself, in a real browser: what a student does to it reaches Python, and what Python says is drawn."""

import pytest
from lab import until

CODE = """
import time
import ipywidgets as widgets
import numpy as np
from lessons_lib.widgets.pixel_grid import PixelGrid
from lessons_lib.widgets.panel import Panel
class Demo(Panel):
    def __init__(self):
        numbers = np.arange(100).reshape(10, 10)
        self.typed = PixelGrid(numbers, "typed", edit=(0, 255), whole=True, hover=False, rows_and_columns=True)
        self.kernel = PixelGrid(np.eye(3) / 2, "kernel", colours="signed", edit=(-9, 9), hover=False, size=180)
        self.board = PixelGrid(-np.ones((9, 9)), "board", palette=[-1, 1], low=-1, high=1)
        self.photo = PixelGrid(np.add.outer(np.arange(512), np.arange(512)) % 256, "photo", size=420)
        self.unwatched = PixelGrid(numbers, "unwatched", size=180)
        grids = self.typed, self.kernel, self.board, self.photo
        super().__init__([], [[self.typed, self.kernel], [self.board, self.photo], [self.unwatched]])
        self.watch(*grids)
        for grid in grids:
            grid.on_edit(lambda *edit: self.refresh())
        self.refresh()
    def refresh(self, _change=None):
        self.typed.window = (*self.typed.selected, 3, 3)
        self.say(f"typed {self.typed.selected} sum {self.typed.values.sum()}; "
                 f"kernel sum {self.kernel.values.sum():.3f}; "
                 f"board {self.board.selected} ones {(self.board.values > 0).sum()}; photo {self.photo.selected}")
demo = Demo()
demo
"""
SIDE_BY_SIDE = """
numbers = np.full((18, 18), 255)
written = PixelGrid(numbers, "written", low=0, high=255, size=530, cell=27, rows_and_columns=True)
panel = Panel([], [[written, PixelGrid(numbers, "seen", low=0, high=255, size=310)]])
panel.say("ready")
panel
"""
TITLE = """
long, short = widgets.Checkbox(), "in a word"
titled = PixelGrid(np.zeros((3, 3)), short, size=180)
panel = Panel([long], [titled])
panel.say("ready")
long.observe(lambda change: setattr(titled, "label", 5 * "in many words " if change.new else short), "value")
panel
"""
MASK = """
masked = PixelGrid(np.zeros((3, 3)), "small")
waits = Panel([], [masked])
waits.say("3")
waits
"""
MASK_FIRST = """
for side in (9, 3, 12, 2):
    masked.hatched = np.eye(side) > 0
    time.sleep(0.2)
    masked.values = np.zeros((side, side))
    time.sleep(0.2)
waits.say("done")
"""
LARGE = """
steps = np.arange(10000).reshape(100, 100) * 0.0327 - 17.123
kinds = {"narrow": steps, "wide": steps * 10, "whole": steps.round()}
panel = Panel([], [PixelGrid(values, label) for label, values in kinds.items()])
panel.say("ready")
panel
"""
COLOURS = """
red = np.array([[[255, 0, 0], [0, 0, 255]]])
kinds = {
    "bytes": PixelGrid(red.astype(np.uint8), "bytes"),
    "floats": PixelGrid(red / 255, "floats"),
    "signed": PixelGrid([[0.0, 3.0]], "signed", colours="signed"),
    "zeros": PixelGrid([[0, 0]], "zeros", colours="signed"),
    "grey": PixelGrid([[0, 200]], "grey", low=0, high=200),
}
panel = Panel([], list(kinds.values()))
panel.say("ready")
panel
"""
CELLS = [CODE, SIDE_BY_SIDE, TITLE, MASK, MASK_FIRST, LARGE, COLOURS]


@pytest.fixture(scope="module")
def lesson(open_code):
    """All of them in one notebook: to open JupyterLab takes longer than most of these tests."""
    opened = open_code(*CELLS)
    yield opened
    assert opened.errors == []


@pytest.fixture(scope="module")
def demo(lesson):
    return lesson.panel(0)


def test_typing_changes_a_cell_and_walks_on(demo):
    typed = demo.grid("typed")
    typed.press(2, 3)
    demo.reads("typed (2, 3) sum 4950")
    until(lambda: typed.state.startswith("row 2, column 3: 23"))
    typed.type(2, 3, "200")
    demo.reads("typed (3, 3) sum 5127")
    typed.keys("Home", "PageDown", "ArrowDown")
    demo.reads("typed (9, 0)")
    typed.type(2, 3, "23")
    demo.reads("sum 4950")


@pytest.mark.parametrize(
    ("text", "total"), [("0.25", "1.750"), ("0,75", "2.250"), ("1/4", "1.750"), ("-1", "0.500"), (".5", "2.000")]
)
def test_a_kernel_takes_a_comma_a_fraction_and_a_minus_sign(demo, text, total):
    demo.grid("kernel").type(0, 1, text)
    demo.reads(f"kernel sum {total}")


def test_dragging_paints_and_the_space_bar_toggles(demo):
    board = demo.grid("board")
    board.drag((0, 0), (8, 8))
    demo.reads("ones 9")
    board.keys("Space")
    demo.reads("ones 8")
    board.drag((0, 0), (7, 7))
    demo.reads("ones 0")
    for ones in (81, 0):
        board.drag(*[(row, column) for row in range(9) for column in ((0, 8) if row % 2 == 0 else (8, 0))])
        demo.reads(f"ones {ones}", seconds=2)


def test_a_photo_is_pointed_at_and_walked(demo):
    photo = demo.grid("photo")
    photo.hover(300, 40)
    until(lambda: abs(photo_row(demo) - 300) <= 1)
    row = photo_row(demo)
    photo.keys("Shift+ArrowDown")
    demo.reads(f"photo ({row + 10}, ")


def photo_row(demo):
    return int(demo.sentence.split("photo (")[1].split(",")[0])


@pytest.mark.parametrize(("text", "reason"), [
    ("abc", "abc is not a number"), ("999", "999 is outside 0 to 255"), ("-3", "-3 is outside"),
    ("2.5", "2.5 is not a whole number"), ("", "is not a number"),
])  # fmt: skip
def test_bad_values_are_refused_where_they_are_typed(demo, text, reason):
    typed = demo.grid("typed")
    typed.press(4, 4)
    before = demo.reads("typed (4, 4)")
    demo.page.keyboard.press("Enter")
    entry = typed.root.locator("input")
    entry.fill(text)
    entry.press("Enter")
    until(lambda: reason in typed.state)
    beside = typed.root.locator(".lesson-grid-reason")
    assert beside.inner_text() == typed.state, "on a tall grid the line below it may be out of sight"
    assert 0 <= beside.bounding_box()["y"] - entry.bounding_box()["y"] <= 50
    assert entry.is_visible() and entry.input_value() == text, "what was typed is lost"
    assert entry.get_attribute("aria-invalid") == "true"
    assert demo.sentence == before, "a refused value reached Python"
    entry.press("Escape")
    until(lambda: typed.state.startswith("row 4, column 4: 44"))
    assert not entry.is_visible() and not beside.is_visible()


def test_a_tap_does_what_the_pointer_does(demo):
    photo, board, typed = (demo.grid(name) for name in ("photo", "board", "typed"))
    demo.page.touchscreen.tap(*photo.place(100, 200))
    until(lambda: abs(photo_row(demo) - 100) <= 1)
    demo.page.touchscreen.tap(*board.place(4, 4))
    demo.reads("ones 1")
    demo.page.touchscreen.tap(*board.place(4, 4))
    demo.reads("ones 0")
    demo.page.touchscreen.tap(*typed.place(5, 5))
    demo.reads("typed (5, 5)")
    # Two taps, and not one double tap, which the browser treats otherwise.
    demo.page.wait_for_timeout(700)
    demo.page.touchscreen.tap(*typed.place(5, 5))
    entry = typed.root.locator("input")
    until(entry.is_visible)
    # After a tap the browser plays mouse events, too; they must not take the focus away again.
    demo.page.wait_for_timeout(400)
    assert entry.is_visible(), "a second tap on a cell lets it be typed into"
    entry.fill("255")
    entry.press("Enter")
    demo.reads("sum 5150")
    typed.type(5, 5, "55")
    demo.reads("sum 4950")


def test_a_screen_reader_is_told_what_it_is_and_where_one_is(demo):
    typed = demo.grid("typed")
    typed.press(0, 0)
    typed.keys("ArrowDown", "ArrowRight")
    assert typed.board.get_attribute("role") == "application"
    assert typed.board.get_attribute("aria-label") == "typed"
    assert typed.shape() == (10, 10)
    until(lambda: typed.description().startswith("row 1, column 1: 11. Enter or a digit"))


@pytest.mark.parametrize(("label", "said"), [("typed", "typed (5, 6)"), ("unwatched", "row 5, column 6: 56")])
def test_a_move_is_announced_once(demo, label, said):
    """By the panel's sentence where it speaks of the move, by the grid where it does not."""
    grid = demo.grid(label)
    grid.press(5, 4)
    grid.says("row 5, column 4")
    for key in ("ArrowRight", "ArrowRight"):
        announced = demo.announced(lambda key=key: grid.keys(key))
        assert len(announced) == 1, announced
    assert said in announced[0]
    # The same words once more are announced once more.
    assert [demo.announced(lambda key=key: grid.keys(key)) for key in ("ArrowRight", "ArrowLeft")][1] == announced


def test_a_refusal_is_announced_once(demo):
    typed = demo.grid("typed")
    typed.press(4, 4)
    demo.page.keyboard.type("abc")
    announced = demo.announced(lambda: demo.page.keyboard.press("Enter"))
    assert len(announced) == 1 and "abc is not a number" in announced[0], announced
    demo.page.keyboard.press("Escape")


def test_numbers_are_never_under_12_pixels(demo):
    """Every font size that the drawing code sets, recorded by the canvas itself, at three widths of the page."""
    demo.page.evaluate("""() => {
        const proto = CanvasRenderingContext2D.prototype, fill = proto.fillText;
        window.sizes = [];
        proto.fillText = function (...rest) {
            window.sizes.push(parseFloat(this.font.match(/([0-9.]+)px/)[1]));
            return fill.apply(this, rest);
        };
    }""")
    for width in (700, 1280, 1920):
        demo.page.set_viewport_size({"width": width, "height": 1000})
        demo.page.evaluate("window.sizes.length = 0")
        demo.grid("typed").keys("ArrowDown")
        demo.grid("photo").keys("ArrowDown")
        until(lambda: demo.page.evaluate("window.sizes.length") > 0)
        assert demo.page.evaluate("Math.min(...window.sizes)") >= 12


@pytest.mark.parametrize(("width", "together"), [(1920, True), (1280, True), (1000, False)])
def test_grids_share_a_row_while_their_numbers_can_be_read(lesson, width, together):
    """With the list of files open, as JupyterLab starts; a grid that has to go to a new row does not fill it."""
    lesson.page.set_viewport_size({"width": width, "height": 800})
    lesson.run_cell(CELLS.index(SIDE_BY_SIDE))
    panel = lesson.panel(1)
    panel.reads("ready")
    written, seen = (panel.grid(label).board.locator("canvas").bounding_box() for label in ("written", "seen"))
    assert (abs(written["y"] - seen["y"]) < 40) == together
    assert together or (seen["y"] > written["y"] + written["height"] and seen["width"] <= 311)
    # A cell whose number is written has black ink on its light ground.
    ink = (
        panel.grid("written")
        .board.locator("canvas")
        .evaluate(
            "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data"
            ".reduce((dark, value, i) => dark + (i % 4 === 0 && value < 60), 0)"
        )
    )
    assert ink > 18 * 18 * 20


def test_a_board_stays_under_the_pointer_when_its_title_takes_a_line_less(lesson):
    panel = lesson.panel(2)
    grid, box, tops = panel.grid("in"), panel.box(), []
    for words in ("in many words", "in a word"):
        box.click()
        until(lambda words=words: grid.title.startswith(words))
        tops.append(grid.board.bounding_box()["y"] - grid.root.bounding_box()["y"])
    assert tops[0] == tops[1] > 35, "two lines at least"


def test_a_mask_may_come_before_its_picture(lesson):
    """Two messages of one change are drawn one after the other; neither may trip over the other's shape."""
    lesson.panel(3).reads("done")
    assert lesson.errors == []


def test_the_numbers_of_a_large_picture_are_right(lesson):
    """They travel as whole numbers of hundredths where these fit in two bytes, and whole otherwise."""
    panel = lesson.panel(4)
    for label, expected in (
        ("narrow", ["-17.12", "-17.09"]),
        ("wide", ["-171.23", "-170.90"]),
        ("whole", ["-17", "-17"]),
    ):
        grid = panel.grid(label)
        grid.press(0, 0)
        grid.says(f"row 0, column 0: {expected[0]}")
        grid.keys("ArrowRight")
        grid.says(f"row 0, column 1: {expected[1]}")
        grid.keys("End", *["PageDown"] * 10)
        last = 9999 * 0.0327 - 17.123
        grid.says(
            f"row 99, column 99: {({'narrow': f'{last:.2f}', 'wide': f'{10 * last:.2f}'}).get(label, f'{last:.0f}')}"
        )


def test_colours_are_those_of_the_values(lesson):
    panel = lesson.panel(5)
    for label in ("bytes", "floats"):
        grid = panel.grid(label)
        until(lambda grid=grid: [at_corner(grid, column) for column in (0, 1)] == [[255, 0, 0], [0, 0, 255]])
    # The table of a signed ramp has 256 entries, of which none is exactly at zero.
    assert min(at_corner(panel.grid("signed"), 0) + at_corner(panel.grid("zeros"), 1)) >= 254
    red, _green, blue = at_corner(panel.grid("signed"), 1)
    assert red > blue + 50
    assert [at_corner(panel.grid("grey"), column) for column in (0, 1)] == [[0, 0, 0], [255, 255, 255]]


def at_corner(grid, column):
    """The colour of a cell of row 0, a quarter from its middle towards its lower right corner: no number is there."""
    return grid.colour(0.25, column + 0.25)
