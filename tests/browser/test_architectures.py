"""Lesson 7 in a browser: a layer is changed, depths are compared, circles are chosen, by keyboard and by pointer."""

import lab
import pytest
from playwright.sync_api import expect

IMPORT = "from lessons_lib.architectures import panels"
PANELS = [
    "LayerTable('VGG, configuration A', layer=14)", "LayerTable('GoogLeNet', layer=10)",
    "LayerTable('ResNet-34', layer=19)", "DepthExplorer(8)", "DepthExplorer(32, shortcuts=True)",
    "Timeline('ResNet-152')",
]  # fmt: skip
TABLE, MODULES, BRANCHES, PLAIN, DEPTH, TIMELINE = range(len(PANELS))


@pytest.fixture(scope="module")
def lesson(open_code):
    return open_code(IMPORT, *(f"panels.{panel}" for panel in PANELS))


def press(panel, control, *keys):
    """Focus a control and press keys."""
    control.focus()
    for key in keys:
        panel.page.keyboard.press(key)


def number(panel, index):
    """One of the boxes for K, F, S, P, the groups and what is read."""
    lab.answered(panel.page)
    return panel.root.locator("input[type=number]").nth(index)


def rewrite(panel, index, value):
    """Type another number into a box, as one does with the mouse."""
    number(panel, index).click(click_count=3)
    panel.page.keyboard.type(str(value))
    panel.page.keyboard.press("Enter")


def line(panel, index):
    """A line of the layer table; that of the heads is 0."""
    return panel.root.locator("table tr").nth(index)


def svg(panel, inside=""):
    """The panel's drawing, or all elements of a kind in it; it comes a moment after the sentence."""
    return panel.root.locator(f"svg[role=img] {inside}".strip())


def is_chosen(panel, year, error):
    """Wait until the circle that is drawn last, which is the chosen one, stands there, and is orange."""
    circle = svg(panel, "circle").last
    # In a frame of 788 x 340 that begins at 84, 14.
    expect(circle).to_have_attribute("cx", f"{round(84 + 788 * (year - 2011.6) / 5.7, 2):g}")
    expect(circle).to_have_attribute("cy", f"{round(14 + 340 * (1 - error / 22), 2):g}")
    expect(circle).to_have_attribute("fill", "#e69f00")


def test_a_long_table_shows_the_rows_around_the_chosen_one(lesson):
    panel = lesson.panel(MODULES)
    panel.reads("Layer 10, conv 5 × 5: 28 × 28 × 32", "All 81 layers: 6,998,552 parameters,")
    # The heads, one line for the layers before, twenty rows, one line for those behind.
    expect(panel.root.locator("table tr")).to_have_count(23)


def test_a_layer_is_changed_by_the_keyboard(lesson):
    panel = lesson.panel(TABLE)
    panel.reads("Layer 14, fully connected: 4096", "132,863,336 parameters")
    press(panel, panel.dropdown(1), "ArrowUp")
    panel.reads("Layer 13, pool 2 × 2: 7 × 7 × 512")
    # A pooling has no kernels.
    expect(number(panel, 0)).to_be_disabled()
    press(panel, panel.dropdown(1), "Home")
    panel.reads("Layer 1, conv 3 × 3: 224 × 224 × 64")
    press(panel, number(panel, 2), "ArrowUp", "Tab")
    panel.reads("Layer 1, conv 3 × 3: 112 × 112 × 64", "fewer than before")
    expect(line(panel, 2)).to_contain_text("112 × 112 × 64")
    # Shape and multiply-adds are other ones; parameters and what it sees are not.
    expect(line(panel, 2).locator('td[style*="255,176,0"], td[style*="255, 176, 0"]')).to_have_count(2)
    press(panel, panel.dropdown(2), "ArrowDown")
    panel.reads("Layer 1, pool 3 × 3")
    press(panel, panel.button("As it was"), "Enter")
    panel.reads("Layer 1, conv 3 × 3: 224 × 224 × 64", "All 16 layers: 132,863,336 parameters,")
    press(panel, panel.dropdown(0), "ArrowUp")
    panel.reads("All 11 layers")


def test_a_layer_is_changed_by_the_pointer(lesson):
    panel = lesson.panel(TABLE)
    panel.dropdown(0).select_option("three 3 × 3")
    panel.reads("Layer 1, conv 3 × 3", "All 3 layers: 110,784 parameters,")
    rewrite(panel, 1, 7)
    panel.reads("Layer 1, conv 7 × 7: 52 × 52 × 64", "sees 7 pixels", "more than before")
    rewrite(panel, 3, 3)
    panel.reads("Layer 1, conv 7 × 7: 56 × 56 × 64")
    panel.button("Add one after it").click()
    panel.reads("Layer 2, conv 7 × 7", "All 4 layers", "sees 13 pixels")
    expect(panel.root.locator("table tr")).to_have_count(6)
    panel.button("Remove it").click()
    panel.reads("All 3 layers")
    rewrite(panel, 0, 8)
    panel.reads("56 × 56 × 8")
    panel.dropdown(2).select_option("fully connected")
    panel.reads("Layer 3 does not fit")
    panel.button("As it was").click()
    panel.reads("All 3 layers: 110,784 parameters,")


def test_a_block_is_changed_by_the_pointer(lesson):
    panel = lesson.panel(BRANCHES)
    panel.reads("Layer 19, conv 3 × 3: 28 × 28 × 128", "All 91 layers: 21,814,696 parameters,")
    rewrite(panel, 2, 1)
    panel.reads("Layer 25 does not fit: sum of 56 × 56 × 128 and 28 × 28 × 128;")
    expect(panel.root.locator("table tr").last).to_contain_text("does not fit")
    panel.dropdown(1).select_option("23: conv 1 × 1, 128")
    rewrite(panel, 2, 1)
    panel.reads("Layer 23, conv 1 × 1 from 18: 56 × 56 × 128", "All 91 layers: 21,814,696 parameters,")
    # The summary line changes too, in multiply-adds and in what is seen: windows behind have more places.
    expect(
        panel.root.locator("table tr").last.locator('td[style*="255,176,0"], td[style*="255, 176, 0"]')
    ).to_have_count(2)
    panel.dropdown(0).select_option("ResNeXt-50")
    panel.dropdown(1).select_option("6: conv 3 × 3, 128")
    panel.reads("conv 3 × 3, 32 groups: 56 × 56 × 128, 4,608 parameters")


def test_depth_by_the_keyboard(lesson):
    panel = lesson.panel(PLAIN)
    panel.reads("8 layers after 6 epochs, mean of 5 trainings: accuracy on the training pictures plain 0.76")
    # One frame with three lines of six points, and the band of one depth.
    expect(svg(panel, "circle")).to_have_count(18)
    expect(svg(panel, "polygon")).to_have_count(1)
    press(panel, panel.button("32 layers"), "Enter")
    panel.reads("32 layers after", "plain 0.53")
    press(panel, panel.button("validation pictures"), "Space")
    panel.reads("accuracy on the validation pictures plain 0.48")


def test_depth_by_the_pointer(lesson):
    panel = lesson.panel(DEPTH)
    panel.reads("32 layers", "plain 0.53", "with shortcuts 0.83")
    panel.button("20 layers").click()
    panel.reads("20 layers", "plain 0.71 (0.69 to 0.73), with shortcuts 0.82 (0.80 to 0.86)")
    expect(svg(panel, "circle")).to_have_count(36)
    expect(svg(panel, "polygon")).to_have_count(2)


def test_the_timeline_by_the_keyboard(lesson):
    panel = lesson.panel(TIMELINE)
    panel.reads("ResNet-152 (2015)", "60,192,808 parameters", "Top-5 error 5.94 %")
    is_chosen(panel, 2015, 5.94)
    press(panel, panel.dropdown(0), "Home")
    panel.reads("AlexNet (2012)", "60,965,224 parameters", "one network, one crop")
    is_chosen(panel, 2012, 20.91)
    press(panel, panel.dropdown(1), "ArrowDown")
    expect(svg(panel)).to_contain_text("layers with weights")
    press(panel, panel.dropdown(2), "ArrowUp")
    expect(svg(panel, "text[transform]")).to_have_text("multiply-adds for one picture")


def test_the_timeline_by_the_pointer(lesson):
    panel = lesson.panel(TIMELINE)
    panel.dropdown(0).select_option("GoogLeNet")
    panel.reads("GoogLeNet (2014)", "6,998,552 parameters")
    panel.dropdown(1).select_option("parameters")
    panel.dropdown(2).select_option("top-5 error of one network on one crop, %")
    panel.reads("Without a circle, for want of a number: NiN")
    expect(svg(panel, "circle")).to_have_count(11)
    panel.dropdown(2).select_option("year")
    expect(svg(panel, "circle")).to_have_count(15)
    expect(svg(panel, 'text[font-weight="700"]')).to_have_text("GoogLeNet")
    assert lesson.errors == []


def test_the_widest_table_fits_beside_the_list_of_files(lesson):
    panel = lesson.panel(BRANCHES)
    panel.dropdown(0).select_option("ResNeXt-50")
    panel.dropdown(1).select_option("98: conv 1 × 1, 1024")
    panel.reads("Layer 98, conv 1 × 1: 14 × 14 × 1024")
    table, box = panel.root.locator("table").bounding_box(), panel.root.bounding_box()
    assert table["x"] + table["width"] <= box["x"] + box["width"]
