"""Lesson 8: the pretrained network, what it predicts, what it sees, how it is trained further; panels."""

import http.server
import socket
import threading
import tomllib

import keras
import numpy as np
import pytest
import tensorflow

import train_transfer
from lessons_lib import data, pooling, transfer
from lessons_lib.keras_models import efficientnet_lite, pretrained, training
from lessons_lib.keras_models import transfer as builders
from lessons_lib.transfer import figures, inspect_network, model_tables, panels, small_data, training_comparison
from lessons_lib.transfer.lite0 import LAYERS, path

RUNS = data.load("transfer-runs")


def mean(task, method, count):
    return training_comparison.summary(RUNS, task, method)[count][0]


@pytest.fixture(scope="module")
def network():
    return efficientnet_lite.build()


@pytest.fixture(scope="module")
def photos():
    return {name: transfer.prepare(data.load(name)) for name in data.photos()}


@pytest.fixture(scope="module")
def answers(network, photos):
    return network.predict_on_batch(np.array(list(photos.values())))


# The network


def test_agrees_with_the_reference_of_its_weights(answers):
    """Computed in NumPy, without Keras, from the same float16 weights."""
    stored = data.load("photo-probabilities")["shipped"]
    assert np.abs(answers - stored).max() < 1e-4


def test_numpy_and_keras_agree_layer_by_layer(network, photos, answers):
    ours, names, pair = transfer.imagenet(), data.photos(), ["coffee", "cat"]
    batch = np.array([photos[name] for name in pair])
    by_layer = keras.Model(network.inputs, {layer: network.get_layer(layer).output for layer in LAYERS})
    keras_maps, maps = by_layer.predict_on_batch(batch), ours.all_maps(batch, LAYERS)
    for layer in LAYERS:
        assert maps[layer].dtype == np.float32
        assert np.abs(maps[layer] - keras_maps[layer]).max() < 1e-4 * np.abs(keras_maps[layer]).max(), layer
    expected = answers[[names.index(name) for name in pair]]
    assert np.abs(ours.probabilities(batch) - expected).max() < 1e-4
    assert np.abs(ours.probabilities(data.load("cat")) - expected[1]).max() < 1e-4


@pytest.mark.parametrize("side", [32, 51, 97])
def test_numpy_and_keras_agree_on_small_pictures(side):
    small = efficientnet_lite.build(include_top=False, side=side)
    batch = np.random.default_rng(side).uniform(-1, 1, (2, side, side, 3)).astype(np.float32)
    theirs = small.predict_on_batch(batch)
    assert np.abs(transfer.imagenet().maps(batch, "head") - theirs).max() < 1e-4 * theirs.max()


def test_float16_keeps_what_the_original_weights_say(answers):
    stored = data.load("photo-probabilities")["original"]
    assert np.abs(answers - stored).max() < 7e-3
    for name, ours, theirs in zip(data.photos(), answers, stored, strict=True):
        best, others = np.argsort(-theirs)[:5], np.argsort(-ours)[:5]
        assert others[0] == best[0], name
        assert set(others) == set(best), name
        # Only neighbours that are as good as equal may change places.
        assert np.abs(theirs[others] - theirs[best]).max() < 1e-3, name


def test_path_is_that_of_the_layers(network):
    convolutions = {
        layer.name: (layer.kernel_size[0], layer.strides[0])
        for layer in network.layers
        if isinstance(layer, (keras.layers.Conv2D, keras.layers.DepthwiseConv2D)) and layer.kernel_size[0] > 1
    }
    assert path("head") == list(convolutions.values())
    with pytest.raises(ValueError, match="give 32 or more"):
        efficientnet_lite.build(side=31)


# Pretrained networks by name


class Nearby(http.server.BaseHTTPRequestHandler):
    """A server on this machine, in place of the one that has Keras' weights."""

    status, asked = 200, []

    def do_HEAD(self):
        self.asked.append(self.path)
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_words):
        pass


@pytest.fixture
def nearby(monkeypatch, tmp_path):
    """That server, and no weights that Keras has fetched before."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(Nearby, "asked", [])
    with http.server.HTTPServer(("127.0.0.1", 0), Nearby) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(pretrained, "WEIGHTS", f"http://127.0.0.1:{server.server_port}/")
        yield server
        server.shutdown()


def without_a_download(monkeypatch, name, fails=False):
    """Keras builds a network with random weights where it would fetch them, or fails as a broken download does."""
    module, builder, _side, _file = pretrained.KERAS[name]
    module = getattr(keras.applications, module)
    build = getattr(module, builder)

    def instead(weights):
        assert weights == "imagenet"
        if fails:
            raise Exception("URL fetch failure")
        return build(weights=None)

    monkeypatch.setattr(module, builder, instead)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, None),
        ({"name": "resnet50", "online": False}, "(the network was not asked), so the lesson goes on with"),
    ],
)
def test_the_network_is_not_asked_without_need(nearby, arguments, words, capsys):
    network = pretrained.load(**arguments)
    assert (network.name, network.top(data.load("coffee"))[0][0]) == ("efficientnet-lite0", "espresso")
    assert Nearby.asked == []
    printed = capsys.readouterr().out
    assert words in printed if words else printed == ""


@pytest.mark.parametrize(("status", "reason"), [(None, "refused"), (503, "503"), (200, "URL fetch failure")])
def test_without_weights_one_sentence_and_the_shipped_network(status, reason, nearby, monkeypatch, capsys):
    monkeypatch.setattr(Nearby, "status", status)
    if status is None:
        nearby.shutdown()
        nearby.server_close()
    without_a_download(monkeypatch, "mobilenet", fails=True)
    assert pretrained.load("mobilenet").name == "efficientnet-lite0"
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert "mobilenet is not on this machine (" in printed
    assert reason in printed


def test_the_lectures_resnet50_has_its_own_recipe(nearby, monkeypatch, capsys):
    """All but the download: the weights are random ones."""
    without_a_download(monkeypatch, "resnet50")
    network = pretrained.load("resnet50")
    assert (network.name, len(Nearby.asked), network.network.count_params()) == ("resnet50", 1, 25_636_712)
    # Blue, green, red, minus the means of ImageNet (Simonyan and Zisserman).
    x = network.prepare(np.full((300, 400, 3), (255, 127, 0), np.uint8))
    assert x.shape == (224, 224, 3)
    assert np.allclose(x, [0 - 103.939, 127 - 116.779, 255 - 123.68], atol=1e-3)
    assert len(network.top(data.load("coffee"))) == 5
    assert capsys.readouterr().out == ""


# The others' names were checked in the same way; building a VGG takes half a gigabyte.
@pytest.mark.parametrize("name", ["resnet50", "mobilenet"])
def test_weights_that_keras_has_kept_need_no_network(name, nearby, monkeypatch, tmp_path):
    """The file is the one that Keras itself asks for: its name ends the address that Keras cannot reach here."""
    module, builder, _side, file = pretrained.KERAS[name]

    def no_address(*_host, **_options):
        raise OSError("no network")

    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", no_address)
        with pytest.raises(Exception, match=rf"/{file}\b"):
            getattr(getattr(keras.applications, module), builder)(weights="imagenet")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / file).touch()
    without_a_download(monkeypatch, name)
    assert pretrained.load(name, online=False).name == name
    assert Nearby.asked == []


def test_the_tables_are_the_lectures():
    keras_table = {row["model"]: row for row in model_tables.table("Keras")}
    parameters = {
        "Xception": 22_910_480, "VGG16": 138_357_544, "VGG19": 143_667_240, "ResNet50": 25_636_712,
        "InceptionV3": 23_851_784, "InceptionResNetV2": 55_873_736, "MobileNet": 4_253_864,
    }  # fmt: skip
    assert {name: row["parameters"] for name, row in keras_table.items()} == parameters
    assert [keras_table[name]["depth"] for name in parameters] == [126, 23, 26, 168, 159, 572, 88]
    assert len(model_tables.table("TF-Slim")) == 15
    assert {row["mark"] for row in model_tables.table()} == {None, "^", "*"}


@pytest.mark.parametrize("column", model_tables.COLUMNS)
@pytest.mark.parametrize("descending", [False, True])
def test_tables_sort_by_any_column(column, descending):
    rows = model_tables.sort(model_tables.table(), column, descending)
    assert len(rows) == 22
    known = [row[column] for row in rows if row[column] is not None]
    assert [row[column] for row in rows[len(known) :]] == [None] * (22 - len(known))
    if column != "model":
        assert known == sorted(known, reverse=descending)
    assert len(model_tables.as_text(rows).splitlines()) == 23


# Photos and tasks


@pytest.mark.parametrize("shape", [(300, 451), (512, 512, 3), (17, 1000, 3), (1, 1)])
def test_prepare_takes_photos_of_any_size(shape):
    x = transfer.prepare(np.full(shape, 127, np.uint8))
    assert x.shape == (224, 224, 3)
    assert np.abs(x).max() < 1e-6


@pytest.mark.parametrize(
    ("photo", "words"),
    [
        (np.zeros((4, 4, 4)), "give 3"),
        (np.full((4, 4), 300), "bytes in 0..255"),
        (np.full((4, 4), -1), "bytes in 0..255"),
    ],
)
def test_what_is_no_photo(photo, words):
    with pytest.raises((TypeError, ValueError), match=words):
        transfer.prepare(photo)


def test_no_pixel_is_in_both_parts():
    columns = np.tile(np.arange(512.0), (512, 1))
    train, test = (small_data.patches(columns, 200, part) for part in ("train", "test"))
    assert train.max() <= 239
    assert test.min() >= 272


def test_patches_are_standardised_and_depend_on_the_seed():
    pictures, labels = small_data.textures(7, "train", seed=3)
    assert np.allclose(pictures.std(axis=(1, 2)), 1, atol=1e-3)
    assert np.array_equal(pictures, small_data.textures(7, "train", seed=3)[0])
    assert not np.array_equal(pictures, small_data.textures(7, "train", seed=4)[0])
    assert np.bincount(labels).tolist() == [7, 7, 7]


def test_clothes_are_balanced_and_none_is_in_both_parts():
    (train, labels), (test, targets) = small_data.clothes(30), small_data.clothes(30, "test")
    assert np.bincount(labels).tolist() == np.bincount(targets).tolist() == [30] * 10
    assert not {picture.tobytes() for picture in train} & {picture.tobytes() for picture in test}
    with pytest.raises(ValueError, match="give 200 or less"):
        small_data.clothes(201, "test")


def test_the_linear_classifier_is_ridge_regression():
    rng = np.random.default_rng(1)
    features, labels = rng.normal(size=(12, 40)), np.repeat([0, 1, 2], 4)
    classifier = transfer.learn_linear(features, labels, strength=0.1)
    x = (features - features.mean(axis=0)) / features.std(axis=0)
    targets = np.eye(3)[labels] - 1 / 3
    direct = np.linalg.solve(x.T @ x + 0.1 * 12 * 40 * np.eye(40), x.T @ targets)
    assert np.allclose(classifier.weights, direct)
    assert np.array_equal(transfer.classify(classifier, features), (x @ direct).argmax(axis=1))
    with pytest.raises(ValueError, match="one label for each"):
        transfer.learn_linear(features, labels[1:])


def test_halves_share_nothing_and_have_every_class():
    labels = np.repeat([0, 1, 2], [1, 5, 8])
    train, test = small_data.stratified_split(labels, seed=4)
    assert sorted([*train, *test]) == list(range(14))
    assert np.bincount(labels[train]).tolist() == [1, 3, 4]


# The recipe


def test_what_is_frozen_does_not_move_and_what_is_new_does():
    base = efficientnet_lite.build(include_top=False, side=48)
    network = builders.add_top(base)
    assert builders.trainable_count(network) == 1_311_747
    pictures, labels = small_data.textures(4)
    before, new = base.get_weights(), network.get_layer("dense").get_weights()[0].copy()
    network.compile("adam", "sparse_categorical_crossentropy")
    network.fit(pictures, labels, verbose=0)
    assert all(np.array_equal(a, b) for a, b in zip(before, base.get_weights(), strict=True))
    assert not np.array_equal(new, network.get_layer("dense").get_weights()[0])
    top = builders.top_of(network)
    assert np.allclose(
        training.predict(top, base.predict_on_batch(pictures)), training.predict(network, pictures), atol=1e-5
    )


def test_unfreezing_frees_the_last_blocks_and_no_norm():
    base = efficientnet_lite.build(include_top=False, side=48)
    network = builders.add_top(base)
    assert builders.unfreeze(base, "block14") == 1_480_960
    pictures, labels = small_data.textures(2)
    before = {layer.name: [w.copy() for w in layer.get_weights()] for layer in base.layers if layer.get_weights()}
    network.compile("adam", "sparse_categorical_crossentropy")
    network.fit(pictures, labels, verbose=0)
    moved = {
        name for name, kept in before.items()
        if any(not np.array_equal(a, b) for a, b in zip(kept, base.get_layer(name).get_weights(), strict=True))
    }  # fmt: skip
    assert {name.split("_")[0] for name in moved} <= {"block14", "block15", "head"}
    assert "head_conv" in moved
    assert not any(name.endswith("norm") or name in ("block14", "block15") for name in moved)
    assert builders.unfreeze(base, "stem", norms=True) > builders.unfreeze(base, "stem")
    with pytest.raises(ValueError, match="name of a block such as 'block14'"):
        builders.unfreeze(base, "block99")


def test_vgg16_of_the_slides():
    base = keras.applications.VGG16(weights=None, include_top=False, input_shape=(48, 48, 3))
    assert base.count_params() == 14_714_688
    assert base.output_shape == (None, 1, 1, 512)
    assert builders.trainable_count(builders.add_top(base)) == 132_099


# What was measured


def test_runs_are_complete():
    counts = {"textures": (1, 2, 5, 10, 20, 50, 200), "clothes": (5, 10, 20, 50, 100, 500)}
    found = {tuple(row[name] for name in train_transfer.KEYS) for row in RUNS}
    assert found == set(train_transfer.plan()) and len(found) == len(RUNS)
    for task, task_counts in counts.items():
        for method in ("scratch", "random", "frozen", "start", "last", "all"):
            for count in task_counts:
                assert {(task, method, count, seed, 48) for seed in range(5)} <= found
    for method in ("scratch-means", "frozen-means"):
        assert {("textures", method, count, seed, 48) for count in counts["textures"] for seed in range(5)} <= found
    assert {("clothes", "frozen-means", 20, seed, side) for seed in range(5) for side in (48, 96, 192)} <= found
    assert all(0 <= row["accuracy"] <= 1 and row["seconds"] > 0 for row in RUNS)


def test_what_the_lesson_says_of_them():
    assert (
        mean("textures", "frozen", 10) > 0.97 > 0.75 > mean("textures", "scratch", 10) > mean("textures", "random", 10)
    )
    assert mean("textures", "frozen", 2) > mean("textures", "scratch", 50)
    for count in (20, 50, 100, 500):
        assert mean("clothes", "frozen", count) < mean("clothes", "scratch", count) < mean("clothes", "start", count)
    assert mean("clothes", "all", 500) > mean("clothes", "frozen", 500) + 0.02
    fast = [row for row in RUNS if row["method"] == "fast" and row["task"] == "clothes"]
    assert len(fast) == 5 and all(row["predicted"] == 1 for row in fast)
    assert mean("textures", "frozen-means", 2) > 0.94 > mean("textures", "scratch-means", 10)
    assert 0.94 < mean("textures", "scratch-means", 20) < mean("textures", "frozen-means", 10) < 1
    assert mean("clothes", "norms", 20) < mean("clothes", "frozen", 20)
    assert mean("textures", "start", 10) < mean("textures", "frozen", 10) - 0.1
    assert any(row["predicted"] < 3 for row in RUNS if row["method"] == "random")


def test_what_looked_like_other_pictures_was_too_small():
    def at(method, side):
        found = [row for row in RUNS if (row["task"], row["method"], row["side"]) == ("clothes", method, side)]
        return np.array([row["accuracy"] for row in found if row["per_class"] == 20])

    frozen, random = (
        [at(f"{base}-means", side) for side in train_transfer.RESOLUTIONS] for base in ("frozen", "random")
    )
    assert min(len(some) for some in (*frozen, *random)) >= 3
    scratch, tuned = at("scratch", 48), at("all", 48)
    assert frozen[0].max() < scratch.mean() + 0.02 and frozen[2].min() > max(scratch.max(), tuned.max())
    assert max(some.max() for some in random) < 0.4


def test_the_script_writes_what_the_data_is(tmp_path, capsys):
    """Given all its rows, it trains nothing, and the file it would write is the one registered."""
    (tmp_path / "rows.csv").write_bytes(train_transfer.as_csv(RUNS))
    train_transfer.main(["--keep", str(tmp_path / "rows.csv")])
    registered = tomllib.loads((data.FOLDER / "registry.toml").read_text(encoding="utf-8"))["transfer-runs"]["sha256"]
    assert capsys.readouterr().out.endswith(f"SHA-256 {registered}\n")


def test_the_script_trains_what_it_says():
    row = train_transfer.run(("textures", "frozen", 2, 0, 48))
    (before,) = (one for one in RUNS if all(one[name] == row[name] for name in train_transfer.KEYS))
    assert row["trained"] == before["trained"] == 1_311_747
    assert row["accuracy"] > 0.7


def test_runs_that_are_not_there_are_refused():
    with pytest.raises(ValueError, match="choose one of"):
        training_comparison.summary(RUNS, "textures", "magic")
    with pytest.raises(ValueError, match="choose one of 1, 2, 5"):
        training_comparison.comparison(RUNS, "textures", 3)


# What a layer sees


def test_window_is_what_a_cell_depends_on():
    """Exciting one pixel of the picture changes the cell exactly when the pixel lies in the window."""
    path, side = [(3, 2), (3, 1), (5, 2)], 16
    row, column, height, width = inspect_network.window(path, 2, 1, side)
    layers = [keras.layers.Conv2D(1, k, s, "same", kernel_initializer="ones") for k, s in path]
    pixels = np.eye(side * side).reshape(-1, side, side, 1).astype(np.float32)
    x = pixels
    for layer in layers:
        x = layer(x)
    touched = np.asarray(x)[:, 2, 1, 0].reshape(side, side) != 0
    inside = np.zeros((side, side), bool)
    inside[max(0, row) : row + height, max(0, column) : column + width] = True
    assert np.array_equal(touched, inside)


def test_top_activations_are_the_largest():
    maps = np.random.default_rng(0).normal(size=(6, 7, 8, 3))
    found = inspect_network.top_activations(maps, 1, count=4, margin=2)
    assert len({picture for picture, *_rest in found}) == 4
    assert [answer for *_rest, answer in found] == sorted((answer for *_rest, answer in found), reverse=True)
    for picture, row, column, answer in found:
        assert answer == maps[picture, 2:-2, 2:-2, 1].max() == maps[picture, row, column, 1]


def test_grad_cam_by_weights_and_by_gradients(network, photos):
    weights, biases = network.get_layer("scores").get_weights()
    model = keras.Model(network.input, [network.get_layer(name).output for name in ("head", "scores")])
    with tensorflow.GradientTape() as tape:
        maps, scores = model(photos["coffee"][None], training=False)
        score = scores[0, 967]
    maps, gradients = maps.numpy()[0], tape.gradient(score, maps).numpy()[0]
    assert np.allclose(49 * gradients.mean(axis=(0, 1)), weights[:, 967], atol=1e-4)
    by_gradients, by_weights = (inspect_network.grad_cam(maps, numbers) for numbers in (gradients, weights[:, 967]))
    assert np.allclose(49 * by_gradients, by_weights, atol=1e-2)
    ours = transfer.imagenet().heat_map(data.load("coffee"), "espresso")
    assert np.abs(ours - by_gradients).max() < 1e-4 < ours.max()
    scores = maps.mean(axis=(0, 1)) @ weights + biases
    assert pooling.softmax(scores)[967] == pytest.approx(0.94, abs=0.01)
    with pytest.raises(ValueError, match="one number for each cell or each map"):
        inspect_network.grad_cam(maps, gradients[:3])


# Panels: what the oracles do not recompute


PHOTOS = {name: np.random.default_rng(5).integers(0, 256, (64, 64, 3), np.uint8) for name in "abc"}
PATH, MAPS = [(3, 2), (3, 1), (5, 2)], np.random.default_rng(1).normal(size=(3, 16, 16, 4))


def test_layer_viewer_follows_presses_on_photo_and_patches():
    panel = panels.LayerViewer(PHOTOS, {"layer": MAPS}, {"layer": PATH})
    panel.seen.select(40, 21)
    assert panel.activations.selected == (10, 5)
    patches = inspect_network.top_activations(MAPS, panel.unit.value, 9, inspect_network.margin(PATH, 64, 96))
    for number, (photo, row, column, _activation) in enumerate(patches):
        panel.patches.select(10, 68 * number + 10)
        assert (panel.photo.value, *panel.activations.selected) == ("abc"[photo], row, column)
    chosen = panel.sentence
    panel.patches.select(199, 199)
    assert panel.sentence == chosen


@pytest.fixture(scope="module")
def tasks():
    features, labels = {name: np.eye(3)[[0, 1, 2] * 20] for name in "abc"}, np.array([0, 1, 2] * 20)
    return {"one": (features, labels, features, labels, ["x", "y", "z"])}


def test_cut_point_is_chosen_in_the_table(tasks):
    panel = panels.CutPoint(tasks, [1, 5, 20], cut="a", count=5)
    panel.accuracies.select(2, 1)
    assert (panel.count.value, panel.cut.value) == (20, "b")
    text = "Where to cut, with 1 tasks, 3 numbers of pictures and 3 places: a table of accuracies."
    assert panel._repr_mimebundle_()[0]["text/plain"] == text


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda tasks: panels.CutPoint(tasks, [1, 5], task="three"), "choose one of"),
        (lambda tasks: panels.CutPoint(tasks, [1, 5], cut="d"), "choose one of"),
        (lambda tasks: panels.CutPoint(tasks, [1, 5], count=7), "choose one of"),
        (lambda _tasks: panels.Zoo(by="colour"), "choose one of"),
        (lambda _tasks: panels.WhereItLooked(PHOTOS, np.ones((3, 2, 2, 4)), np.ones((5, 2)), [0, 0], "ab"), "agree"),
        (lambda _tasks: panels.LayerViewer(PHOTOS, {"a": np.ones((2, 3, 3, 1))}, {"a": PATH}), "give one for each"),
    ],
)
def test_presets_and_arrays_that_do_not_fit_are_refused(tasks, make, words):
    with pytest.raises(ValueError, match=words):
        make(tasks)


def test_the_zoos_table_has_the_rows_in_order():
    panel = panels.Zoo("Keras", by="parameters", descending=False)
    places = [panel.board.value.index(f">{row['model']}<") for row in panel.rows]
    assert places == sorted(places)
    assert [row["model"] for row in panel.rows][:2] == ["MobileNet", "Xception"]


@pytest.mark.parametrize("cost", ["parameters", "megabytes", "depth"])
def test_the_zoos_chart_has_every_network_and_the_front(cost):
    (frame,) = figures.zoo(cost=cost).frames
    front, *marks = frame.marks
    rows = [row for row in [*model_tables.table("Keras"), model_tables.OURS] if row[cost] is not None]
    dots, names = marks[: len(rows)], marks[len(rows) :]
    assert [(dot.x, dot.y) for dot in dots] == [(row[cost], row["top-1"]) for row in rows]
    assert [(name.text, name.x, name.y) for name in names] == [(row["model"], row[cost], row["top-1"]) for row in rows]
    assert list(zip(front.xs, front.ys, strict=True)) == sorted(
        (row[cost], row["top-1"])
        for row in rows
        if not any(other[cost] < row[cost] and other["top-1"] > row["top-1"] for other in rows)
    )
