"""Lesson 8 in a real browser: every panel by pointer and by keyboard."""

import pytest

# The lesson's panels without its trainings: what is borrowed, seen and cut is computed as there, from fewer pictures.
CODE = """
import numpy as np
from lessons_lib import data, transfer
from lessons_lib.transfer import panels, small_data
photos = {name: data.load(name) for name in ("cat", "coffee", "camera")}

def extract(pictures):
    maps = transfer.imagenet().all_maps(pictures, ["stem", "block4", "head"])
    return {name: one.mean(axis=(1, 2)) for name, one in maps.items()}

features = {}
for name, task in {"textures": small_data.textures, "clothes": small_data.clothes}.items():
    (train, labels), (test, targets) = task(5), task(5, "test")
    features[name] = (extract(train), labels, extract(test), targets, small_data.class_names(name))
"""
PANELS = [
    "panels.Zoo()",
    'panels.LayerViewer(photos, layer="block2")',
    "panels.WhereItLooked(photos)",
    "panels.CutPoint(features, [1, 2, 5])",
]


@pytest.fixture(scope="module")
def lesson(open_code):
    opened = open_code(CODE, *PANELS)
    yield opened
    assert opened.errors == []


def test_the_zoo_is_sorted(lesson):
    panel = lesson.panel(0)
    panel.reads("22 networks by top-1, the largest first")
    panel.dropdown(0).select_option("Keras")
    panel.dropdown(1).select_option("parameters")
    panel.reads("7 networks by parameters, the largest first: VGG19 143,667,240")
    panel.box().press("Space")
    panel.reads("the smallest first: MobileNet 4,253,864")
    assert "MobileNet" in panel.root.locator("table tr").nth(1).inner_text()
    panel.dropdown(2).select_option("depth")
    panel.reads("in the plot of top-1 against depth")


def test_a_layer_is_looked_into(lesson):
    panel = lesson.panel(1)
    panel.reads("block2, unit 0 of 24")
    panel.grid("map").press(20, 30)
    panel.reads("at row 20, column 30")
    panel.grid("map").keys("ArrowDown")
    panel.reads("at row 21, column 30")
    panel.press_slider("ArrowRight")
    panel.reads("block2, unit 1 of 24")
    panel.dropdown(1).select_option("block10")
    panel.reads("block10, unit 1 of 112", "map of 14 × 14")
    panel.dropdown(0).select_option("coffee")
    panel.grid("photo").press(8, 200)
    panel.reads("at row 0, column 12")


def test_where_it_looked(lesson):
    panel = lesson.panel(2)
    panel.reads("Egyptian cat, probability 0.40 in cat")
    panel.dropdown(0).select_option("coffee")
    panel.reads("espresso, probability 0.94 in coffee")
    panel.grid("contributions").press(6, 0)
    panel.reads("The cell at row 6, column 0 contributes")
    panel.grid("contributions").keys("ArrowUp")
    panel.reads("The cell at row 5, column 0 contributes")
    panel.dropdown(1).select_option(index=1)
    panel.reads("cup, probability 0.02")


def test_where_to_cut(lesson):
    panel = lesson.panel(3)
    panel.reads("textures, cut after head, training pictures a class 1")
    panel.grid("accuracy").press(2, 1)
    panel.reads("textures, cut after block4, training pictures a class 5")
    panel.grid("accuracy").keys("ArrowLeft")
    panel.reads("cut after stem, training pictures a class 5")
    panel.press_slider("ArrowRight")
    panel.reads("cut after block4")
    panel.dropdown(0).select_option("clothes")
    panel.reads("clothes, cut after block4")
    panel.grid("classes").press(0, 6)
    panel.reads("T-shirt was called shirt")
