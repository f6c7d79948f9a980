"""Lesson 7: layer tables, normalisations by hand, the timeline, what was measured; its pictures and panels."""

import contextlib
import itertools
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from architectures import oracle
from lessons_lib import architectures, data, geometry
from lessons_lib.architectures import figures, layer_table
from lessons_lib.architectures.layer_table import NETWORKS, Layer, Row
from lessons_lib.architectures.panels import DepthExplorer, LayerTable, Timeline
from lessons_lib.plots.chart import Area, Dot, Line, Words

# --- Layer tables


def fitting_rows(shape, layers):
    """(shape, parameters, multiply-adds, field) of the rows of a table, as far as the layers fit."""
    found = []
    with contextlib.suppress(ValueError):
        for row in layer_table.rows(shape, layers):
            found.append(row[2:6])
    return found


@st.composite
def lists_of_layers(draw):
    """Layers of all kinds that read one layer before them, or several."""
    found = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        numbers = [draw(st.integers(*ends)) for ends in ((1, 9), (1, 5), (1, 3), (0, 3), (1, 3))]
        reads = draw(st.lists(st.integers(0, number - 1), max_size=2))
        kind = draw(st.sampled_from(list(layer_table.KINDS)))
        found.append(Layer(kind, *numbers, draw(st.booleans()), tuple(reads)))
    return found


@settings(max_examples=200)
@given(st.tuples(st.integers(5, 40), st.integers(5, 40), st.integers(1, 5)), lists_of_layers())
def test_a_table_of_anything_is_that_of_the_oracle(shape, some):
    assert fitting_rows(shape, some) == oracle.fitting_rows(shape, some)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_fits(name):
    shape, layers = NETWORKS[name]
    rows = layer_table.table(shape, layers)
    assert rows[0][:6] == ("input", "input", shape, 0, 0, 1)
    assert [row[2:6] for row in rows] == oracle.fitting_rows(shape, layers)


def test_the_lectures_lenet_in_the_table():
    assert sum(row.parameters for row in layer_table.table(*NETWORKS["lecture's LeNet"])) == 1_256_080


@pytest.mark.parametrize(
    ("shape", "some", "words"),
    [
        ((8, 8, 3), [Layer("conv", 4, 9)], "layer 1, conv"),
        ((8, 8, 3), [Layer("dense", 4)], "choose one of 'conv', 'pool', 'fc', 'sum'"),
        ((8, 8, 3), [Layer("conv", 0, 3)], "layer 1, conv: kernels is 0"),
        ((8, 8, 3), [Layer("conv", 4, [3])], r"layer 1, conv: size is \[3\]"),
        ((8, 8, 3), [Layer("conv", 4, 3, bias=1)], "layer 1, conv: bias is 1 of type int"),
        ((8, 8, 3), [Layer("conv", 4, 3), Layer("sum", reads=(1, 2))], "layer 2, sum: reads is 2; give 1 or less"),
        ((8, 8, 3), [Layer("sum", reads=(0, -1))], "layer 1, sum: reads is -1; give 0 or more"),
        ((8, 8, 3), [Layer("sum", reads=5)], "layer 1, sum: reads is 5 of type int; give a list"),
        ((8, 8, 3), [Layer("conv", 4, 3), Layer("concat", reads=(1, 0))], "side by side of 6 × 6 × 4 and 8 × 8 × 3; g"),
        ((8, 8, 3), [Layer("norm"), Layer("conv", 4, 3, reads=(0, 1))], "layer 2, conv: reads 2 layers and can read"),
        ((8, 8, 3), [geometry.Layer(8, 8, 3, 0, 0, 0)], r"layers\[0\] is Layer\(width=8.*; give a Layer"),
    ],
)
def test_tables_that_cannot_be(shape, some, words):
    with pytest.raises((TypeError, ValueError), match=words):
        layer_table.table(shape, some)


def values(layers):
    """What the last layer reads, as nested tuples: each layer is its kernels, or its kind, and all that it reads."""
    found = ["x"]
    for number, layer in enumerate(layers, start=1):
        given = [found[one] for one in layer.reads or (number - 1,)]
        found.append((layer.kind, *given) if layer.kind in layer_table.JOINS else (layer.kernels, *given))
    return found[-1]


BRANCHES = [
    Layer("conv", 10), Layer("conv", 20, reads=(0,)), Layer("conv", 30), Layer("sum", reads=(1, 3)), Layer("conv", 50),
    Layer("sum", reads=(5, 4)), Layer("concat", reads=(6, 2, 1)),
]  # fmt: skip


def test_a_layer_is_put_into_every_branch_behind_another():
    for number in range(len(BRANCHES) + 1):
        longer = layer_table.insert(BRANCHES, number, Layer("conv", 99, reads=(7,)))
        assert len(longer) == 8
        assert longer[number] == Layer("conv", 99)
        # What read the old one reads the new one, and taken out again everything is as it was.
        assert layer_table.remove(longer, number + 1) == BRANCHES
        gone = str(values(BRANCHES[:number])) if number else "'x'"
        assert str(values(longer)) == str(values(BRANCHES)).replace(gone, f"(99, {gone})"), number


def test_what_read_a_layer_reads_what_that_one_read():
    ten, x = (10, "x"), "x"
    assert values(layer_table.remove(BRANCHES, 1)) == (
        "concat", ("sum", (50, ("sum", x, (30, (20, x)))), ("sum", x, (30, (20, x)))), (20, x), x,
    )  # fmt: skip
    # Without its sum a block is plain: what read it reads the first branch.
    assert values(layer_table.remove(BRANCHES, 4)) == (
        "concat", ("sum", (50, ten), ten), (20, x), ten,
    )  # fmt: skip
    assert values(layer_table.remove(BRANCHES, 6)) == ("concat", (50, values(BRANCHES[:4])), (20, x), ten)
    assert layer_table.remove([Layer("conv", 4)], 1) == []


def test_another_layer_in_the_place_of_one():
    assert layer_table.replace(BRANCHES, 3, Layer("sum"))[2].reads == (2, 0)
    assert layer_table.replace(BRANCHES, 1, Layer("concat"))[0].reads == (0, 0)
    assert layer_table.replace(BRANCHES, 4, Layer("concat", reads=(1, 3)))[3].reads == (1, 3)
    assert layer_table.replace(BRANCHES, 4, Layer("conv", 5, reads=(1, 3)))[3].reads == (1,)
    assert layer_table.replace(BRANCHES, 4, Layer("conv", 5, reads=(3, 1)))[3] == Layer("conv", 5)
    changed = layer_table.replace(BRANCHES, 4, Layer("norm"))
    assert changed[:3] + changed[4:] == BRANCHES[:3] + BRANCHES[4:]
    with pytest.raises(ValueError, match="reads is 4; give 3 or less"):
        layer_table.replace(BRANCHES, 4, Layer("sum", reads=(4, 1)))
    for act in (layer_table.insert, layer_table.replace):
        with pytest.raises(ValueError, match="number is 9; give 7 or less"):
            act(BRANCHES, 9, Layer("norm"))


def test_the_inception_module():
    """3a, by hand: with the bottleneck and without it."""
    kernels, places = (64, 96, 128, 16, 32, 32), 28 * 28
    narrow, wide = (layer_table.inception(28, 192, kernels, bottleneck) for bottleneck in (True, False))
    one, three = places * 192 * 64, places * (192 * 96 + 9 * 96 * 128)
    five, pooled = places * (192 * 16 + 25 * 16 * 32), places * 192 * 32
    assert [row.multiply_adds for row in narrow] == [one, three, five, pooled]
    assert [row.multiply_adds for row in wide] == [one, places * 9 * 192 * 128, places * 25 * 192 * 32, 0]
    assert sum(row.shape[2] for row in narrow) == 256
    assert sum(row.shape[2] for row in wide) == 64 + 128 + 32 + 192


# --- By hand, number by number


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: architectures.response_norm([1, 2], size=4), "size is 4"),
        (lambda: architectures.batch_norm([1, 2]), "one axis"),
        (lambda: architectures.spreads([np.ones((2, 3))], [[1, 2]]), r"weights\[0\] has shape"),
    ],
)
def test_arguments_that_do_not_fit(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_he_keeps_the_spread_and_xavier_halves_its_square():
    """With ReLU each layer of Xavier's keeps half of the mean square, He's all of it."""
    chance, units = np.random.default_rng(0), 256
    x = chance.normal(size=(400, units))
    draw = {"he": np.sqrt(2 / units), "xavier": np.sqrt(1 / units)}
    runs = {
        name: architectures.spreads([chance.normal(0, sd, (units, units)) for _ in range(20)], x)
        for name, sd in draw.items()
    }
    assert 0.5 < runs["he"][-1] / runs["he"][0] < 2
    assert runs["xavier"][-1] / runs["xavier"][0] == pytest.approx(2**-10, rel=0.6)
    normed = architectures.spreads([chance.normal(0, draw["xavier"], (units, units)) for _ in range(20)], x, norm=True)
    # A ReLU of numbers with spread 1 leaves a mean square of 1/2.
    assert normed[-1] == pytest.approx(math.sqrt(0.5), rel=0.05)


# --- The lecture's numbers, and the table of architectures


TABLE = {row["name"]: row for row in architectures.timeline()}


def test_the_lectures_timeline():
    """8, 19, 22 and 152 layers; 60 M, 138 M, 7 M and 60 M parameters; 15.3, 7.3, 6.7 and 3.6 % in the contest."""
    four = [TABLE[name] for name in ("AlexNet", "VGG-19", "GoogLeNet", "ResNet-152")]
    assert [row["year"] for row in four] == [2012, 2014, 2014, 2015]
    assert [row["layers"] for row in four] == [8, 19, 22, 152]
    kinds = ("AlexNet", "VGG", "GoogLeNet", "ResNet")
    assert architectures.contest() == [row | {"name": kind} for row, kind in zip(four, kinds, strict=True)]
    assert [row["contest"] for row in four] == [15.3, 7.3, 6.7, 3.6]
    assert all("together" in row["contest_of"] for row in four)
    # One network on one crop is worse than the contest's ensembles, and GoogLeNet no better than VGG (A1.3).
    assert all(row["top5"] > row["contest"] for row in four) and TABLE["GoogLeNet"]["top5"] > TABLE["VGG-16"]["top5"]
    # The lecture's 138 M is configuration D with 16 layers.
    millions = [TABLE[name]["parameters"] // 10**6 for name in ("AlexNet", "VGG-16", "GoogLeNet", "ResNet-152")]
    assert millions == [60, 138, 6, 60]
    assert round(TABLE["GoogLeNet"]["parameters"] / 1e6) == 7


def test_counted_columns_are_what_the_builders_give():
    from lessons_lib import keras_models
    from lessons_lib.keras_models.as_table import count, sketch

    for name in ("AlexNet", "GoogLeNet", "ResNet-50", "SqueezeNet", "NiN", "FractalNet", "Wide ResNet"):
        row = TABLE[name]
        found = count(sketch(lambda call=row["call"]: eval(call, dict(vars(keras_models)))))
        assert [found[one] for one in ("layers", "parameters", "multiply_adds")] == [
            row[one] for one in ("layers", "parameters", "multiply_adds")
        ], name


def test_every_line_has_a_source_and_says_what_was_measured():
    assert len(TABLE) == 15
    for row in TABLE.values():
        assert re.search(r"arXiv:\d{4}\.\d{5}|arXiv:1312\.4400|arXiv:1409|NeurIPS 2012", row["source"]), row["name"]
        assert (row["top5"] is None) == ("no figure for ImageNet" in row["top5_of"])
        assert row["top5"] is None or row["top5_of"].startswith("one network, one crop")
        # An arXiv number begins with year and month.
        number = re.search(r"arXiv:(\d\d)\d\d", row["source"])
        assert number is None or row["year"] == 2000 + int(number[1])


RUNS = data.load("depth")


def test_what_was_measured_of_depth():
    """Deeper plain networks have the worse training accuracy, with shortcuts they have not: in each training."""
    assert RUNS["depths"].tolist() == [8, 20, 32]
    plain, shortcuts = RUNS["learned"][:, :, :, -1]
    assert (plain[0] > plain[1]).all() and (plain[1] > plain[2]).all()
    assert (shortcuts[2] > shortcuts[0]).all() and (shortcuts[2] > plain[2] + 0.2).all()
    # With 8 layers the shortcuts make little difference.
    assert abs(shortcuts[0].mean() - plain[0].mean()) < 0.05
    # It is no overfitting: on the validation pictures the deep plain network is the worst too.
    plain, shortcuts = RUNS["tested"][:, :, :, -1]
    assert (plain[2] < plain[0] - 0.1).all()


def test_what_was_measured_of_batch_normalisation():
    """While it learns, evaluated, and in training mode, on the same pictures; a guess among ten classes is 0.1."""
    learning, evaluated, training = RUNS["modes"].T
    assert (learning > 0.65).all() and (training > 0.65).all() and (evaluated < 0.25).all()


# --- Pictures


def marks(chart, kind):
    """All marks of a kind."""
    return [mark for frame in chart.frames for mark in frame.marks if isinstance(mark, kind)]


def test_layer_tables_of_any_length():
    rows = [Row(f"conv{k}", "conv 3 x 3", (8, 8, k), k, 64 * k, 3) for k in range(1, 90)]
    figure = figures.layer_table(rows)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert "…" in texts
    assert {"conv1", "conv12", "conv89"} <= set(texts)
    assert not {"conv13", "conv45"} & set(texts)
    assert figure.alt.startswith("A layer table of 89 rows")
    # Around a marked row, with one line for those before and one for those behind.
    texts = [text.get_text() for text in figures.layer_table(rows, marked=50).axes[0].texts]
    assert {"1 – 43", "43 layers", "conv45", "conv51", "conv64", "64 – 88", "25 layers"} <= set(texts)
    assert not {"conv44", "conv65", "…"} & set(texts)
    # Bars for the rows, none for the two lines.
    assert sum(bar.get_width() > 0 for bar in figures.layer_table(rows, marked=50).axes[0].patches) == 2 * 20 + 1
    with pytest.raises(ValueError, match="at least one row"):
        figures.layer_table([])
    # What a layer reads is written where names hold numbers, and not for names of Keras.
    rows = layer_table.table(*NETWORKS["ResNet's bottleneck"])
    for names, heads in (([row.name for row in rows], 1), (["a_1", "b", "c", "d", "add"], 0)):
        named = [row._replace(name=name) for row, name in zip(rows, names, strict=True)]
        assert [text.get_text() for text in figures.layer_table(named).axes[0].texts].count("reads") == heads


@pytest.mark.parametrize("across", figures.QUANTITIES)
@pytest.mark.parametrize("up", figures.QUANTITIES)
def test_every_circle_is_inside_and_no_name_covers_another(across, up):
    chart = figures.timeline_chart(architectures.timeline(), across, up, "GoogLeNet")
    known = [row["name"] for row in architectures.timeline() if None not in (row[across], row[up])]
    dots, words = marks(chart, Dot), marks(chart, Words)
    assert [word.text for word in words] == known and len(dots) == len(known)
    # The marked one is drawn last, so that no other covers it.
    assert [dot.colour == figures.ORANGE for dot in dots] == [False] * (len(dots) - 1) + [True]
    assert [word.text for word in words if word.bold] == ["GoogLeNet"]
    frame, figure = chart.frames[0], chart.figure()
    left, top, width, height = frame.box
    for dot in dots:
        assert left < frame.x(dot.x) < left + width and top < frame.y(dot.y) < top + height
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].findobj(Text) if text.get_text() in known]
    assert all(box.x0 > 0 and box.x1 < chart.width for box in boxes)
    shared = [Bbox.intersection(*pair) for pair in itertools.combinations(boxes, 2)]
    area = sum(box.width * box.height for box in boxes)
    assert sum(box.width * box.height for box in shared if box is not None) < 0.01 * area


def test_accuracy_by_depth_shows_the_mean_and_the_range_of_what_is_marked():
    accuracies, depths = RUNS["learned"], [8, 20, 32]
    chart = figures.accuracy_by_depth(accuracies, depths)
    lines = marks(chart, Line)
    assert np.allclose([line.ys for line in lines], accuracies.mean(axis=2).reshape(6, -1))
    assert len(marks(chart, Area)) == 6 and len({line.width for line in lines}) == 1
    chart = figures.accuracy_by_depth(accuracies[:1], depths, marked=20)
    assert [line.width > 2 for line in marks(chart, Line)] == [False, True, False]
    assert [max(area.ys) for area in marks(chart, Area)] == [accuracies[0, 1].max()]


# --- Panels; what they say is compared, number by number, in test_fire_panels.py


def test_the_timeline_draws_what_is_chosen():
    panel = Timeline("GoogLeNet")
    panel.up.value, panel.across.value, panel.name.value = "parameters", "layers", "VGG-19"
    assert (
        panel.picture.value == figures.timeline_chart(architectures.timeline(), "layers", "parameters", "VGG-19").svg()
    )


def test_the_depth_explorer_draws_what_is_chosen():
    panel = DepthExplorer(20)
    panel.validation.value = True
    assert panel.picture.value == figures.accuracy_by_depth(RUNS["tested"][:1], [8, 20, 32], 20, True).svg()
    panel = DepthExplorer(32, shortcuts=True)
    assert panel.picture.value == figures.accuracy_by_depth(RUNS["learned"], [8, 20, 32], 32).svg()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Timeline("LeNet"), "choose one of 'AlexNet'"),
        (lambda: Timeline(across="weight"), "choose one of 'year'"),
        (lambda: DepthExplorer(50), "choose one of 8, 20, 32"),
        (lambda: LayerTable("ResNet"), "choose one of 'one 7 x 7'"),
        (lambda: LayerTable(layer=99), "layer is 99"),
    ],
)
def test_bad_presets(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_a_layer_is_added_changed_removed_and_brought_back():
    panel = LayerTable("three 3 x 3")
    panel.add.click()
    assert len(panel.layers) == 4 and panel.network.value == "own"
    panel.stride.value = 2
    assert panel.layers[1].stride == 2
    panel.remove.click()
    panel.reset.click()
    assert panel.layers == NETWORKS["three 3 x 3"][1] and panel.network.value == "three 3 x 3"


def test_a_layer_table_lives_on_after_an_exception(monkeypatch):
    panel = LayerTable("three 3 x 3")
    with monkeypatch.context() as patch:
        patch.setattr(layer_table, "replace", lambda *_given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            panel.stride.value = 2
        patch.setattr(layer_table, "rows", lambda *_given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            panel.layer.value = 2
    panel.size.value = 5
    assert panel.layers[1].size == 5 and panel.sentence.startswith("Layer 2, conv 5 × 5: 54 × 54 × 64")


BLOCK = [
    Layer("conv", 8, 3, 2, 1), Layer("conv", 8, 3, 1, 1), Layer("conv", 8, 1, 2, reads=(0,)),
    Layer("sum", reads=(2, 3)), Layer("mean"), Layer("fc", 10),
]  # fmt: skip
MORE = {"a block": ((8, 8, 4), BLOCK)}


def marked(panel, number):
    """How many cells of a line of the table are coloured; that of the heads is 0."""
    return panel.board.value.split("<tr")[number + 1].count("rgba(255,176,0")


def test_a_branch_is_changed_and_no_longer_fits():
    panel = LayerTable("a block", 3, MORE)
    panel.stride.value = 1
    assert panel.sentence.startswith("Layer 4 does not fit")
    assert len(panel.still().axes) == 1
    panel.reset.click()
    panel.layer.value = 4
    assert all(getattr(panel, name).disabled for name in ("kernels", "size", "stride", "padding", "groups"))
    assert panel.reads.description == "and reads" and panel.reads.value == 3
    panel.reads.value = 1
    assert panel.layers[3].reads == (2, 1)
    panel.kind.value = "concat"
    # Kind, branches and shape of the layer itself, the shape of the mean, both costs of the last one.
    assert [marked(panel, line) for line in range(8)] == [0, 0, 0, 0, 0, 3, 1, 2]
    panel.remove.click()
    assert panel.layers[3:] == [Layer("mean", reads=(2,)), BLOCK[5]]
    panel.reset.click()
    assert panel.layers == BLOCK and panel.network.value == "a block"


def test_a_layer_is_added_behind_a_branch():
    panel = LayerTable("a block", 4, MORE)
    panel.add.click()
    assert panel.layers[4] == Layer("conv", 8, 3, 1, 1)
    assert marked(panel, 6) == 6
    panel.layer.value = 6
    panel.add.click()
    assert panel.layers[6] == Layer("fc", 8)
    panel.kind.value = "sum"
    assert panel.layers[6].reads == (6, 5)


def test_a_change_is_seen_in_what_is_folded():
    long = [Layer("conv", 4, 3, padding=1)] * 60
    panel = LayerTable("long", 30, {"long": ((9, 9, 4), long)})
    rows = panel.board.value.count("<tr")
    assert rows == 23 and ">1 – 23<" in panel.board.value and ">44 – 60<" in panel.board.value
    assert (marked(panel, 1), marked(panel, 22)) == (0, 0)
    panel.stride.value = 2
    assert marked(panel, 1) == 0 and marked(panel, 22) == 3


def test_a_network_of_more_is_as_large_as_it_is():
    panel = LayerTable("wide", more={"wide": ((40, 40, 3), [Layer("conv", 9000, 31, 9, 11)])})
    assert (panel.kernels.value, panel.size.value, panel.stride.value, panel.padding.value) == (9000, 31, 9, 11)
    panel.network.value = "one 7 x 7"
    assert (panel.kernels.max, panel.size.max) == (8192, 15)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ([], r"more is '\[\]' of type list; give a dict"),
        ({"one 7 x 7": ((8, 8, 4), BLOCK)}, "more has a network 'one 7 x 7'; give it a name"),
        ({3: ((8, 8, 4), BLOCK)}, "more has a network 3; give it a name that is a text"),
        ({"a": BLOCK}, r"more\['a'\]: it is .*; give a list of 2"),
        ({"a": ((8, 8, 4), [])}, r"more\['a'\]: layers is \[\]; give a list"),
        ({"a": ((8, 8, 4), [3])}, r"more\['a'\]: layers\[0\] is 3 of type int; give a Layer"),
        ({"a": ((2, 2, 4), [Layer("conv", 4, 3)])}, r"more\['a'\]: layer 1, conv: width: kernel 3 is larger"),
        ({"a": ((8, 8, 4), [Layer("norm")] * 601)}, r"more\['a'\]: it has 601 layers; give 600 or fewer"),
    ],
)
def test_more_networks_that_cannot_be(more, words):
    with pytest.raises((TypeError, ValueError), match=words):
        LayerTable(more=more)


@pytest.mark.parametrize("make", [LayerTable, Timeline, DepthExplorer])
def test_a_panel_leaves_a_picture(make):
    assert len(make()._repr_mimebundle_()[0]["image/png"]) > 10_000
