"""Lesson 7's drawings: what is drawn is what the layer table says, box by box, and nothing covers anything."""

import itertools
import re
from collections import Counter

import numpy as np
import pytest
from matplotlib.patches import Ellipse, FancyBboxPatch, Polygon

from lessons_lib import architectures
from lessons_lib.architectures import drawing_figures, figures, layer_table
from lessons_lib.architectures.layer_table import BLOCKS, NETWORKS, Layer, Row
from lessons_lib.plots.style import RED, png

SILENT = ("batch norm", "relu", "activation", "softmax", "dropout", "flatten", "response norm", "moremaps")


def keras_rows(name):
    """The layer table of a network that has branches, or of one that a student would write."""
    import keras
    from keras import layers

    from lessons_lib.keras_models import as_table, branching, residual

    def student():
        parts = [layers.Conv2D(20, 5, padding="same", activation="relu"), layers.MaxPooling2D(2),
                 layers.Conv2D(50, 5, activation="relu"), layers.GlobalMaxPooling2D(), layers.Dense(10)]  # fmt: skip
        return keras.Sequential([keras.Input((28, 28, 1)), *parts])

    def small():
        x = start = keras.Input((14, 14, 1))
        x = layers.Conv2D(12, 3, padding="same")(x)
        for kernels, stride in ((12, 1), (24, 2)):
            y = layers.Conv2D(kernels, 3, stride, padding="same")(x)
            y = layers.Activation("relu")(layers.BatchNormalization()(y))
            y = layers.Conv2D(kernels, 3, padding="same")(y)
            x = layers.Add()([x if stride == 1 else layers.Conv2D(kernels, 1, stride)(x), y])
        return keras.Model(start, layers.Dense(10)(layers.GlobalAveragePooling2D()(x)))

    builders = {
        "GoogLeNet": branching.googlenet, "ResNet-34": lambda: residual.resnet(34), "student": student,
        "ResNet-152": lambda: residual.resnet(152), "CIFAR ResNet-8": lambda: residual.cifar_resnet(8),
        "FractalNet": branching.fractalnet, "DenseNet": branching.densenet, "SqueezeNet": branching.squeezenet,
        "small residual": small,
    }  # fmt: skip
    return as_table.rows(as_table.sketch(builders[name]))


BRANCHED = (
    "GoogLeNet", "ResNet-34", "CIFAR ResNet-8", "FractalNet", "DenseNet", "SqueezeNet", "student", "small residual",
)  # fmt: skip


def table(name):
    return layer_table.table(*NETWORKS[name]) if name in NETWORKS else keras_rows(name)


def written(row):
    """What has to stand in the box of a row."""
    kind, _space, size = row.kind.partition(" ")
    size = size.replace("x", "×")
    if kind == "conv":
        return f"{size}\n{row.shape[-1]}"
    if kind == "pool":
        return f"pool\n{size}"
    if kind == "input":
        return "\n".join(["picture" if row.shape[2] < 5 else "maps", "{} × {}\n× {}".format(*row.shape)])
    return {"fully": "full", "mean": "mean", "largest": "largest"}[kind.split()[0]] + f"\n{row.shape[-1]}"


def boxes(figure):
    """Left, right, bottom and top of every box with a text in it, and that text."""
    ax = figure.axes[0]
    patches = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    found = []
    for patch in patches:
        outline = patch.get_path().get_extents(patch.get_patch_transform())
        inside = [
            text.get_text() for text in ax.texts
            if outline.contains(*text.get_position()) and text.get_va() == "center"
        ]  # fmt: skip
        found.append((outline, inside))
    return found


@pytest.mark.parametrize("name", [*NETWORKS, *BRANCHED])
def test_every_layer_of_the_table_is_drawn_once_with_its_numbers(name):
    rows = table(name)
    figure = figures.network(rows, name)
    shown = [row for row in rows if row.kind not in SILENT]
    expected = Counter(written(row) for row in shown if row.kind not in ("sum", "side by side"))
    drawn = boxes(figure)
    assert Counter(text for _outline, texts in drawn for text in texts) == expected
    assert sum(not texts for _outline, texts in drawn) == sum(row.kind == "side by side" for row in shown)
    circles = [patch for patch in figure.axes[0].patches if isinstance(patch, Ellipse)]
    assert len(circles) == sum(row.kind == "sum" for row in shown)
    # No box covers another, and all are on the page.
    (left, right), (bottom, top) = figure.axes[0].get_xlim(), figure.axes[0].get_ylim()
    for (one, _text), (other, _other_text) in itertools.combinations(drawn, 2):
        assert not (one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1), name
    assert all(left < one.x0 and one.x1 < right and top < one.y0 and one.y1 < bottom for one, _text in drawn)
    # The words below the picture agree with the table.
    convs = [row.kind.split(",")[0] for row in rows if row.kind.startswith("conv")]
    assert f": {len(convs)} convolution" in figure.alt
    for size, count in Counter(convs).items():
        assert f"{count} of {size[5:].replace('x', '×')}" in figure.alt
    assert f" {sum(row.parameters for row in rows):,} parameters." in figure.alt
    assert name in figure.alt and {text.get_text() for text in figure.texts} >= {name}
    assert figure.get_size_inches()[0] <= 12.2 and len(png(figure)[0]) < 90_000


def strong(figure):
    """The styles of the lines of shortcuts."""
    return [line.get_linestyle() for line in figure.axes[0].lines if line.get_color() == RED]


@pytest.mark.parametrize(
    ("name", "same", "changed"),
    [("ResNet-34", 13, 0), ("CIFAR ResNet-8", 1, 2), ("small residual", 1, 0), ("GoogLeNet", 0, 0), ("student", 0, 0)],
)
def test_a_shortcut_without_a_layer_is_a_strong_line(name, same, changed):
    assert Counter(strong(figures.network(table(name)))) == Counter({"-": same, "--": changed})


def test_equal_blocks_of_a_very_deep_network_are_drawn_once_and_counted():
    rows = table("ResNet-152")
    figure = figures.network(rows)
    repeats = [text for text in figure.axes[0].texts if re.fullmatch(r"× \d+", text.get_text())
               and text.get_weight() == "bold"]  # fmt: skip
    assert [int(text.get_text()[2:]) for text in repeats] == [2, 7, 35, 2]
    sums = sum(isinstance(patch, Ellipse) for patch in figure.axes[0].patches)
    assert sums + sum(int(text.get_text()[2:]) - 1 for text in repeats) == sum(row.kind == "sum" for row in rows) == 50
    assert "50 sums" in figure.alt and "155 convolutions" in figure.alt


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_block_has_every_layer_of_its_table(kind):
    rows = layer_table.table(*BLOCKS[kind])
    figure = figures.block(kind)
    written_now = [text for _outline, texts in boxes(figure) for text in texts]
    assert len(written_now) == sum(row.kind not in ("sum", "side by side") for row in rows)
    assert len(strong(figure)) == (kind == "residual")
    assert f" {sum(row.parameters for row in rows):,} parameters." in figure.alt
    assert ("R(x) + x" in {text.get_text() for text in figure.axes[0].texts}) == (kind == "residual")


def test_the_blocks_are_those_of_the_networks():
    """The residual block is the lesson's, the plain one the same without its shortcut, and 3a GoogLeNet's."""
    import keras

    from lessons_lib.keras_models import depth_experiment
    from lessons_lib.keras_models.branching import MODULES

    found = [row.shape[-1] for row in layer_table.table(*BLOCKS["inception"]) if row.kind.startswith("conv")]
    assert tuple(found) == MODULES["3a"]
    residual, plain = (layer_table.table(*BLOCKS[kind]) for kind in ("residual", "plain"))
    assert [row[1:4] for row in residual if row.kind != "sum"] == [row[1:4] for row in plain]
    # A student's block has as many parameters as the drawing says.
    x = keras.Input((56, 56, 64))
    assert keras.Model(x, depth_experiment.residual(x)).count_params() == sum(row.parameters for row in residual)


def test_r_of_x_is_beneath_the_layers_that_compute_it():
    ax = figures.block("residual").axes[0]
    [label] = [text for text in ax.texts if text.get_text() == "R(x)"]
    places = [text.get_position()[0] for text in ax.texts if text.get_text().startswith(("3 × 3", "batch"))]
    assert label.get_position()[0] == pytest.approx((min(places) + max(places)) / 2)


@pytest.mark.parametrize("name", ["lecture's LeNet", "AlexNet, on one GPU", "student"])
def test_volumes_have_the_sides_and_windows_of_the_table(name):
    rows = table(name)
    shown = [row for row in rows if row.kind not in SILENT and row.kind != "largest of each map"]
    figure = figures.volumes(rows)
    faces, squares = [], []
    for patch in figure.axes[0].patches:
        assert isinstance(patch, Polygon)
        xy = patch.get_xy()
        if patch.get_facecolor()[3] == 0:
            squares.append(np.ptp(xy, axis=0))
        elif np.isclose(xy[0, 1], xy[1, 1]) and np.isclose(xy[0, 0], xy[3, 0]):
            faces.append(np.ptp(xy, axis=0))
    maps = [row for row in shown if len(row.shape) == 3]
    heights = [high for _wide, high in faces[: len(maps)]]
    assert np.allclose(np.square(heights) / heights[0] ** 2, [row.shape[0] / maps[0].shape[0] for row in maps])
    windows = [
        (row, face, after) for row, face, after in zip(maps, faces, shown[1:], strict=False) if " x " in after.kind
    ]
    assert len(windows) == len(squares) == len(maps) - 1
    for (row, face, after), square in zip(windows, squares, strict=True):
        assert np.allclose(square / face, int(after.kind.split()[1]) / row.shape[0])
    for row in shown:
        assert " × ".join(map(str, row.shape)) in figure.alt


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: figures.network([]), "give a list of one or more"),
        (lambda: figures.network([3]), "a row of rows is 3"),
        (lambda: figures.network(layer_table.table((8, 8, 3), [Layer("norm")])), "1 layers that can be drawn"),
        (lambda: figures.network([Row(f"c{k}", "conv 3 x 3", (9, 9, k), k, k, 3) for k in range(700)]), "most is 600"),
        (lambda: figures.volumes(layer_table.table(*BLOCKS["residual"])), "draw it by `network`"),
        (lambda: figures.block("dense"), "choose one of 'vgg'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(make, words):
    with pytest.raises((TypeError, ValueError), match=words):
        make()


def test_the_timeline_has_the_table_s_errors_and_no_ensemble():
    figure, rows = figures.timeline(), [row for row in architectures.timeline() if row["top5"] is not None]
    assert [float(error) for error in re.findall(r"and ([\d.]+)[,.]", figure.alt)] == [row["top5"] for row in rows]
    assert len(rows) == 11 and "one network on one crop" in figure.alt
    assert not {row["contest"] for row in rows} & {row["top5"] for row in rows}


def test_a_kind_that_is_not_known_gets_a_box_of_its_own():
    rows = [*layer_table.table((8, 8, 3), [Layer("conv", 4, 3)]), Row("x", "attention", (6, 6, 4), 9, 9, 8)]
    assert ["attention"] in [texts for _outline, texts in boxes(drawing_figures.network(rows))]
