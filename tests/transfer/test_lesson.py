"""Lesson 8 in its new form: its checks, the example folder, what the measured runs say."""

import inspect

import keras
import numpy as np
import pytest
import scipy.stats
from keras import layers

from checking import said
from lessons_lib import data, transfer
from lessons_lib.keras_models import efficientnet_lite
from lessons_lib.keras_models import transfer as builders
from lessons_lib.transfer import checks, small_data

SIDE, LOSS = 8, "sparse_categorical_crossentropy"


def small_base():
    """Sixteen layers, seven of them with weights: five are among the last eleven."""
    x = pictures = keras.Input((SIDE, SIDE, 3))
    for k in range(5):
        x = layers.Conv2D(4, 3, padding="same")(x)
        x = layers.BatchNormalization()(x) if k in (2, 4) else x
        x = layers.ReLU()(x)
        x = layers.Dropout(0.1)(x) if k in (1, 3) else x
    return keras.Model(pictures, layers.ReLU(6)(x))


def head(freeze=True, end=layers.GlobalAveragePooling2D, units=None, activation="softmax", more=None, inputs=None):
    """A student's `add_head`, with a slip where an argument is not the default."""

    def add_head(base, classes):
        base.trainable = not freeze
        pictures = keras.Input(base.input_shape[1:])
        maps = base(pictures) if inputs is None else pictures
        numbers = maps if end is None else end()(maps)
        for layer in () if more is None else more():
            numbers = layer(numbers)
        return keras.Model(pictures, layers.Dense(units or classes, activation=activation)(numbers))

    return add_head


def sequential(base, classes):
    base.trainable = False
    return keras.Sequential([base, layers.GlobalAveragePooling2D(), layers.Dense(classes), layers.Softmax()])


def two_softmaxes(base, classes):
    network = head()(base, classes)
    return keras.Model(network.input, layers.Softmax()(network.output))


def no_dense(base, _classes):
    base.trainable = False
    return keras.Sequential([keras.Input(base.input_shape[1:]), base, layers.GlobalAveragePooling2D()])


def one_pair(base, classes):
    maps = base(pictures := keras.Input(base.input_shape[1:]))
    return keras.Model(pictures, layers.Dense(classes, "softmax")(layers.GlobalAveragePooling2D(maps)))


def not_called_with_maps(base, classes):
    return layers.Dense(classes, base.output)


def maps_as_units(base, classes):
    return layers.Dense(base.output)


def of_a_layer(base, classes):
    return layers.Dense(classes)(layers.ReLU())


def never_called(base, classes):
    base(pictures := keras.Input(base.input_shape[1:]))
    return keras.Model(pictures, layers.Dense(classes, "softmax"))


def layer_by_layer(base, classes):
    network = head(freeze=False)(base, classes)
    for layer in base.layers:
        layer.trainable = False
    return network


def stops(base, classes):
    return layers.Dense(classes)(undefined)  # noqa: F821


HEADS = [
    (head(freeze=False), "Your base is not frozen", "not-frozen"),
    (head(units=3), "For 5 classes your network has 3 outputs", "units"),
    (head(units=1000), "has 1000 outputs", "units"),
    (head(activation=None), "activation linear: its outputs are no probabilities", "activation"),
    (head(activation="relu"), "activation relu", "activation"),
    (head(activation="sigmoid"), "activation sigmoid", "activation"),
    (head(end=layers.Flatten), "Flatten keeps every place", "flatten"),
    (head(end=layers.GlobalMaxPooling2D), "the largest number of each map", "max"),
    (head(end=None), "gives 8 × 8 × 5 numbers", "no-means"),
    (head(inputs=True), "does not use the base", "no-base"),
    (head(more=lambda: [layers.Dense(256, "relu")]), "it has 2 dense layers", "more-layers"),
    (two_softmaxes, "Softmax stands there twice", "softmax-twice"),
    (no_dense, "no dense layer", "no-dense"),
    (lambda base, classes: None, "returns nothing", "no-return"),
    (lambda base, classes: 5, "which is no Keras network", "no-network"),
    (stops, "stops in line", "exception"),
    (one_pair, "A layer has two pairs of brackets", "exception"),
    (not_called_with_maps, "A layer has two pairs of brackets", "exception"),
    (maps_as_units, "A layer has two pairs of brackets", "exception"),
    (of_a_layer, "A layer has two pairs of brackets", "exception"),
    (never_called, "A layer has two pairs of brackets", "exception"),
    (len, "belongs to a library", "library"),
    (5, "which is no function", "no-function"),
]


@pytest.mark.parametrize(("answer", "words", "number"), HEADS, ids=[number for _answer, _words, number in HEADS])
def test_a_heads_mistake_is_named(answer, words, number):
    base = small_base()
    verdict = inspect.unwrap(checks.add_head)(answer, base, None)
    assert verdict.passed is False and words in verdict and verdict.id == number, (verdict, verdict.id)
    assert base.trainable and all(layer.trainable for layer in base.layers)


@pytest.mark.parametrize("answer", [head(), sequential, layer_by_layer, head(more=lambda: [layers.Dropout(0.2)])])
def test_a_right_head_goes_on(answer, capsys):
    base = small_base()
    assert checks.add_head(answer, base, "the course's") is answer
    assert capsys.readouterr().out == "✓ Right.\n"
    assert checks.add_head(..., base, "the course's") == "the course's"


def test_the_librarys_own_functions_pass_their_checks():
    """Word for word, since a library's own function is refused."""
    base = efficientnet_lite.build(weights=None, include_top=False, side=32)
    assert inspect.unwrap(checks.add_head)(lambda *a: builders.add_head(*a), base, None).passed
    network = builders.add_head(base, 3)
    assert inspect.unwrap(checks.fine_tune)(lambda *a: builders.fine_tune(*a), network, base, None).passed


def tuning(free=True, freeze=slice(0, -11), rate=1e-4, compiled=True, early=False, norms=False, loss=LOSS):
    """A student's `fine_tune`, with a slip where an argument is not the default."""

    def fine_tune(network, base):
        if early:
            network.compile(keras.optimizers.Adam(rate), LOSS)
        base.trainable = free
        for layer in base.layers[freeze] if free else ():
            layer.trainable = False
        for layer in base.layers if not norms else ():
            layer.trainable = layer.trainable and not isinstance(layer, layers.BatchNormalization)
        if compiled:
            network.compile(keras.optimizers.Adam(rate), loss)

    return fine_tune


def nothing_learns(network, base):
    network.trainable = False
    tuning()(network, base)


def head_frozen(network, base):
    network.layers[-1].trainable = False
    tuning()(network, base)


def by_hand(network, base):
    for layer in base.layers[-11:]:
        layer.trainable = not isinstance(layer, layers.BatchNormalization)
    network.compile(keras.optimizers.SGD(1e-4), LOSS)


TUNINGS = [
    (tuning(free=False), "whole base is still frozen", "frozen"),
    (tuning(norms=True), "Batch normalisation is free, too", "batch-norm"),
    (tuning(freeze=slice(0, 0)), "All layers of the base are free", "all-free"),
    (tuning(freeze=slice(0, 0), norms=True), "All layers of the base are free", "all-free"),
    (tuning(freeze=slice(-11, None)), "The last block is frozen", "exchanged"),
    (tuning(freeze=slice(0, 11)), "layers with weights are free", "other-layers"),
    (tuning(freeze=slice(0, -1)), "whole base is still frozen", "frozen"),
    (tuning(compiled=False), "You did not compile.", "not-compiled"),
    (tuning(rate=1e-3), "learning rate is 0.001, as for new weights", "large-rate"),
    (tuning(rate=0.01), "learning rate is 0.01, as for new weights", "large-rate"),
    (tuning(rate=1e-7), "nothing will change", "tiny-rate"),
    (tuning(loss="categorical_crossentropy"), "Your loss is categorical_crossentropy", "loss"),
    (nothing_learns, "The head is frozen, or the network as a whole", "nothing-learns"),
    (head_frozen, "The head is frozen", "nothing-learns"),
    (lambda network, base: base.layer, "stops in line", "exception"),
    (lambda network: None, "stops", "exception"),
    (3, "which is no function", "no-function"),
]


@pytest.fixture
def trained():
    base = small_base()
    network = head()(base, 3)
    network.compile("adam", LOSS)
    return network, base


@pytest.mark.parametrize(("answer", "words", "number"), TUNINGS, ids=[number for _answer, _words, number in TUNINGS])
def test_what_spoils_a_fine_tuning_is_named(answer, words, number, trained):
    verdict = inspect.unwrap(checks.fine_tune)(answer, *trained, None)
    assert verdict.passed is False and words in verdict and verdict.id == number, (verdict, verdict.id)
    # The lesson goes on with the library's function, and the head must learn.
    assert trained[0].trainable and trained[0].layers[-1].trainable


def test_a_compile_without_loss_is_named():
    network = head()(base := small_base(), 3)
    verdict = inspect.unwrap(checks.fine_tune)(tuning(loss=None), network, base, None)
    assert verdict.id == "no-loss" and "no loss" in verdict
    assert inspect.unwrap(checks.fine_tune)(tuning(compiled=False), head()(base, 3), base, None).id == "not-compiled"


# To compile before is right, too: Keras makes its list in the first `fit` after it.
@pytest.mark.parametrize(
    "answer",
    [
        tuning(),
        tuning(rate=3e-4),
        tuning(compiled=False, early=True),
        by_hand,
        tuning(loss=keras.losses.sparse_categorical_crossentropy),
        tuning(loss=keras.losses.SparseCategoricalCrossentropy()),
    ],
)
def test_a_right_fine_tuning_goes_on_and_moves_the_last_block_only(answer, trained):
    network, base = trained
    assert checks.fine_tune(answer, network, base, "the course's") is answer
    before = [layer.get_weights() for layer in base.layers]
    x, y = np.random.default_rng(0).normal(size=(9, SIDE, SIDE, 3)), np.arange(9) % 3
    network.fit(x, y, epochs=2, verbose=0)
    moved = [
        any(not np.array_equal(a, b) for a, b in zip(layer.get_weights(), old, strict=True))
        for layer, old in zip(base.layers, before, strict=True)
    ]
    assert any(moved) and not any(moved[:-11])


def test_a_change_of_trainable_without_compile_changes_nothing(trained):
    """What the lesson says of Keras: no error, and the base stays as it is."""
    network, base = trained
    x, y = np.random.default_rng(0).normal(size=(9, SIDE, SIDE, 3)), np.arange(9) % 3
    network.fit(x, y, verbose=0)
    before = base.get_weights()
    tuning(compiled=False)(network, base)
    network.fit(x, y, epochs=2, verbose=0)
    assert all(np.array_equal(a, b) for a, b in zip(before, base.get_weights(), strict=True))
    assert base.trainable_weights


def test_only_freezing_keeps_the_means_of_the_batch_normalisation():
    """What the lesson says of Keras: `fit` overrides `training=False` (keras-team/keras, issue 20285)."""

    def moved(norms, **call):
        base = small_base()
        pictures = keras.Input((SIDE, SIDE, 3))
        means = layers.GlobalAveragePooling2D()(base(pictures, **call))
        network = keras.Model(pictures, layers.Dense(3, "softmax")(means))
        tuning(norms=norms)(network, base)
        norm = base.layers[-3]
        before = norm.moving_mean.numpy()
        network.fit(np.random.default_rng(0).normal(size=(9, SIDE, SIDE, 3)), np.arange(9) % 3, verbose=0)
        return np.abs(norm.moving_mean.numpy() - before).max()

    assert moved(norms=False) == 0 < min(moved(norms=True), moved(norms=True, training=False))


# A folder of one's own

PICTURES = np.repeat(np.eye(3, dtype=np.float32)[:, None, None], 4, axis=0) * np.ones((1, SIDE, SIDE, 1), np.float32)
LABELS, CLASSES = np.repeat([0, 1, 2], 4), ["red", "green", "blue"]


def own(make=None, labels=LABELS, fit=True, compiled=True):
    """A network for three colours, whose base hands them on."""
    base = keras.Sequential([keras.Input((SIDE, SIDE, 3)), layers.ReLU()]) if make is None else make()
    network = head()(base, 3)
    if compiled:
        network.compile(keras.optimizers.Adam(0.1), LOSS, metrics=["accuracy"])
    if fit:
        network.fit(PICTURES, labels, epochs=30, verbose=0)
    return network


OWN = [
    (lambda: own(fit=False), "has not learned yet: call fit", "not-trained"),
    (lambda: own(fit=False, compiled=False), "not compiled yet", "not-compiled"),
    (lambda: own(labels=np.minimum(LABELS, 1)), "never says blue: did you use train", "never"),
    (lambda: own(labels=(LABELS + 1) % 3), "No better than always answering", "guesses"),
    (lambda: keras.Sequential([keras.Input((SIDE, SIDE, 3)), layers.Flatten(), layers.Dense(3, "softmax")]),
     "There is no base", "no-base"),
    (lambda: head()(efficientnet_lite.build(None, include_top=False, side=32), 3), "32 pixels a side", "side"),
    (lambda: head()(small_base(), 2), "For 3 classes your network has 2 outputs", "units"),
    (lambda: 7, "which is no Keras network", "no-network"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "words", "number"), OWN, ids=[number for _make, _words, number in OWN])
def test_what_is_wrong_with_an_own_network_is_named(make, words, number):
    keras.utils.set_random_seed(0)
    verdict = inspect.unwrap(checks.own_network)(make(), PICTURES, LABELS, CLASSES)
    assert verdict.passed is False and words in verdict and verdict.id == number, (verdict, verdict.id)


def test_an_own_network_gets_its_number():
    keras.utils.set_random_seed(0)
    assert said(checks.own_network, own(), PICTURES, LABELS, CLASSES).startswith("✓ Right. Test photos: 0 of 12 wrong")
    assert said(checks.own_network, ..., PICTURES, LABELS, CLASSES).startswith("…")


# The numbers that a network expects


def in_place(pixels):
    pixels -= 127
    pixels /= 128
    return pixels


SCALES = [
    (lambda pixels: pixels, "the pixels themselves", "bytes"),
    (lambda pixels: pixels / 255, "between 0 and 1", "to-1"),
    (lambda pixels: pixels - 127, "did not divide", "not-divided"),
    (lambda pixels: pixels / 128, "did not subtract", "not-subtracted"),
    (lambda pixels: pixels / 127.5 - 1, "other networks", "other-recipe"),
    (lambda pixels: (pixels - 128) / 127, "changed places", "exchanged"),
    (lambda pixels: (pixels - 127) / 127, "two different ones", "one-number"),
    (lambda pixels: pixels - 127 / 128, "Without brackets", "no-brackets"),
    (lambda pixels: ((pixels - 127) / 128).round(1), "rounded", "rounded"),
    (lambda pixels: None, "returns nothing", "no-return"),
    (lambda pixels: pixels.nothing, "stops", "exception"),
    (lambda pixels: (pixels - 127) / 300, "What must become 0", "unknown"),
    (lambda pixels: transfer.scale(pixels), "a library computes them", "library"),
    (in_place, "also changes what it receives", "in-place"),
]


@pytest.mark.parametrize(("answer", "words", "number"), SCALES, ids=[number for _answer, _words, number in SCALES])
def test_wrong_numbers_are_named(answer, words, number):
    verdict = inspect.unwrap(checks.scale)(answer)
    assert verdict.passed is False and words in verdict and verdict.id == number, (verdict, verdict.id)


def another(pixels):
    return pixels / 128 - 127 / 128


@pytest.mark.parametrize("answer", [lambda pixels: (pixels - 127) / 128, another, lambda pixels: -(127 - pixels) / 128])
def test_right_numbers_go_on(answer):
    assert checks.scale(answer) is answer
    assert checks.scale(...) is transfer.scale


def test_what_the_text_says_of_photos_with_wrong_numbers_and_of_coins():
    pixels = np.array([transfer.resize(transfer.square(data.load(name)), 224) for name in data.photos()])
    right, bytes_, fractions = (
        transfer.imagenet().probabilities(change(pixels)).argmax(axis=1)
        for change in (transfer.scale, lambda x: x, lambda x: x / 255)
    )
    assert [len(right), (right != bytes_).sum(), (right != fractions).sum()] == [19, 18, 5]
    names = [[name for name, _p in transfer.imagenet().top(data.load(one), 3)] for one in ("clock", "brick", "grass")]
    assert names[0][0] == "bubble" and names[0][2] == "wall clock"
    assert [names[1][0], names[2][0]] == ["racket", "soccer ball"]
    assert round(scipy.stats.binomtest(13, 18).pvalue, 1) == 0.1


# The example folder


def test_the_example_names_what_it_skips():
    photos = data.load("example-photos")
    assert photos.classes == ["cat", "coffee", "grass"] and np.bincount(photos.labels).tolist() == [12] * 3
    assert [name for name, _reason in photos.skipped] == ["coffee/broken.jpg", "grass/notes.jpg"]
    assert str(data.folder("example-photos")) == str(photos)


def test_a_changed_example_is_noticed(monkeypatch, tmp_path):
    import shutil

    shutil.copytree(data.FOLDER, tmp_path / "data")
    monkeypatch.setattr(data, "FOLDER", tmp_path / "data")
    shutil.move(tmp_path / "data/example-photos/cat/01.jpg", tmp_path / "data/example-photos/cat/13.jpg")
    with pytest.raises(ValueError, match="is damaged or changed"):
        data.load("example-photos")
    shutil.rmtree(tmp_path / "data/example-photos")
    with pytest.raises(FileNotFoundError, match=r"is missing; get it back with `git checkout"):
        data.load("example-photos")


def test_clothes_of_another_side_are_the_same_clothes():
    (small, labels), (large, others) = small_data.clothes(2), small_data.clothes(2, side=96)
    assert np.array_equal(labels, others) and large.shape == (20, 96, 96, 3)
    assert np.abs(large[:, ::2, ::2].mean() - small.mean()) < 0.02
