"""EfficientNet-Lite0 in NumPy, compared with stored results of Keras and of double precision; no Keras is needed."""

import numpy as np
import pytest

from lessons_lib import data, transfer
from lessons_lib.transfer.lite0 import LAYERS

NETWORK = transfer.imagenet()
COFFEE = data.load("coffee")
ANSWERS = data.load("keras-answers")


def test_every_photo_has_the_stored_probabilities():
    stored = data.load("photo-probabilities")["shipped"]
    for name, expected in zip(data.photos(), stored, strict=True):
        photo = data.load(name)
        assert np.abs(NETWORK.probabilities(photo) - expected).max() < 1e-4, name
        (best, probability), *_others = NETWORK.top(photo)
        assert NETWORK.classes[expected.argmax()].startswith(best), name
        assert probability == pytest.approx(expected.max(), abs=1e-4)


def test_maps_and_heat_are_those_of_keras():
    maps = NETWORK.all_maps(COFFEE, LAYERS)
    means = np.concatenate([maps[layer].mean(axis=(0, 1)) for layer in LAYERS])
    assert np.abs(means - ANSWERS["means"]).max() < 2e-4
    heat = NETWORK.heat_map(COFFEE, "espresso")
    assert np.abs(heat - ANSWERS["heat"]).max() < 1e-4 < heat.max()
    assert np.array_equal(heat, NETWORK.heat_map(COFFEE, 967))


def test_one_photo_and_a_batch_give_the_same():
    batch = np.stack([transfer.prepare(COFFEE), transfer.prepare(data.load("cat"))])
    assert np.allclose(NETWORK.probabilities(batch)[0], NETWORK.probabilities(COFFEE), rtol=1e-5)
    assert np.array_equal(NETWORK.maps(batch, "block4")[0], NETWORK.maps(COFFEE, "block4"))
    assert transfer.imagenet() is NETWORK


def test_a_class_is_known_by_its_names():
    assert NETWORK.number("maillot, tank suit") == NETWORK.number("tank suit") == 639
    assert NETWORK.number("missile") == 657
    with pytest.raises(ValueError, match=r"'crane', which several classes have; give the number: 134 .* or 517"):
        NETWORK.heat_map(COFFEE, "crane")
    with pytest.raises(ValueError, match=r"'espreso', which is no class; .* such as espresso"):
        NETWORK.heat_map(COFFEE, "espreso")
    with pytest.raises(ValueError, match="name is 1000"):
        NETWORK.heat_map(COFFEE, 1000)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: NETWORK.probabilities(transfer.prepare(COFFEE)), "give bytes in 0..255"),
        (lambda: NETWORK.probabilities(COFFEE[..., 0][None, ..., None]), "are no batch; give"),
        (lambda: NETWORK.probabilities(np.zeros((1, 31, 40, 3))), "of 32 × 32 pixels or more"),
        (lambda: NETWORK.top(transfer.prepare(COFFEE)[None]), "photo of shape .* has 4 axes"),
        (lambda: NETWORK.maps(COFFEE, "block16"), "layer is 'block16'; choose one of"),
        (lambda: NETWORK.maps(np.full((40, 40), np.nan), "stem"), "finite numbers"),
    ],
)
def test_what_is_no_photo_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
