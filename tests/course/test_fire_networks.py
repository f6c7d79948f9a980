"""Networks under fire: what a builder or a training cannot use is refused, and the message names what came.

A warning is an error here.
"""

import importlib
import inspect
import pkgutil
from functools import cache, partial

import numpy as np
import pytest

import fire_calls
from fire_calls import array, choice, flag, named, number, thing, whole, words
from lessons_lib import keras_models

SMALL = {"shape": thing((32, 32, 3)), "classes": whole(3), "width": number(0.25), "seed": whole(1, optional=True)}
DROPOUT = {"dropout": number(0.1)}
PICTURES = array(np.zeros((4, 28, 28), np.uint8) + np.arange(28, dtype=np.uint8))
LABELS = array([0, 1, 2, 3])


class Late:
    """A network that is built when it is needed: collecting the tests shall not take half a minute."""

    def __init__(self, build, **how):
        self.make = cache(partial(build, **how))


LINEAR = thing(Late(keras_models.lenet.linear, seed=0))
DIGITS = thing(Late(keras_models.lenet.build, seed=0))
ARRAYS = thing(Late(lambda: keras_models.lenet.weights(DIGITS.value.make())))
LITE = thing(Late(keras_models.efficientnet_lite.build, include_top=False, side=48))

CALLS = {
    "classic.alexnet": {**SMALL, "shape": thing((67, 67, 3)), **DROPOUT, "groups": whole(2), "lrn": flag()},
    "branching.densenet": {**SMALL, "depth": choice(121), "growth": whole(32)},
    "efficientnet_lite.build": {
        "weights": choice("imagenet", optional=True), "include_top": flag(), "side": whole(48),
        "seed": whole(1, optional=True),
    },
    "pretrained.keras_own": {"name": words("ResNet50")},
    "branching.fractalnet": {**SMALL, "columns": whole(2)},
    "branching.googlenet": {
        **SMALL, **DROPOUT, "bottleneck": flag(), "auxiliary": flag(False), "norm": flag(False),
    },
    "lenet.build": {
        "activation": choice("relu", optional=True), "pooling": flag(), "dropout": number(0.1),
        "batch_norm": flag(False), "seed": whole(1, optional=True),
    },
    "lenet.lenet5": {"seed": whole(1, optional=True)},
    "lenet.linear": {"seed": whole(1, optional=True)},
    "lenet.mlp": {"units": thing((5,)), "seed": whole(1, optional=True)},
    "lenet.layer_outputs": {"network": DIGITS},
    "lenet.gradients": {"network": LINEAR, "picture": array(PICTURES.value[0]), "digit": whole(3)},
    "lenet.from_weights": {"arrays": ARRAYS},
    "lenet.weights": {"network": DIGITS},
    "classic.nin": {**SMALL, **DROPOUT},
    "residual.resnet": {
        **SMALL, "depth": choice(18), "shortcuts": flag(), "preactivation": flag(False), "bias": flag(False),
    },
    "residual.cifar_resnet": {
        **SMALL, "depth": whole(8), "shortcuts": flag(), "stem": whole(1),
        "survival": thing(keras_models.residual.survival_rule(), optional=True),
    },
    "residual.resnext": {**SMALL, "depth": choice(50), "cardinality": whole(8), "d": whole(4)},
    "branching.squeezenet": {**SMALL, "shape": thing((67, 67, 3)), **DROPOUT, "version": choice("1.1")},
    "residual.stochastic_depth": {**SMALL, "depth": whole(8), "last": number(0.5)},
    "residual.survival_rule": {"last": number(0.5)},
    "as_table.count": {"network": LINEAR},
    "as_table.layer_list": {"network": DIGITS, "normed": flag()},
    "as_table.rows": {"network": DIGITS, "normed": flag()},
    "as_table.sketch": {"build": thing(keras_models.lenet.linear)},
    "training.to_batch": {"images": PICTURES},
    "training.predict": {"network": LINEAR, "images": PICTURES, "batch": whole(2)},
    "transfer.add_head": {"base": LITE, "classes": whole(3)},
    "transfer.fine_tune": {"network": LITE, "base": LITE, "rate": number(0.01)},
    "transfer.add_top": {"base": LITE, "classes": whole(3), "units": whole(4), "seed": whole(0)},
    "transfer.measure_norms": {"base": LITE, "pictures": array(np.zeros((2, 48, 48, 3), np.uint8))},
    "transfer.small_network": {
        "classes": whole(3), "side": whole(48), "channels": whole(3), "means": flag(), "seed": whole(0),
    },
    "transfer.unfreeze": {"base": LITE, "first": words("block14"), "norms": flag(False)},
    "blocks.scaler": {"width": number(0.5), "step": whole(4)},
    "classic.vgg": {**SMALL, **DROPOUT, "configuration": choice("A")},
    "residual.wide_resnet": {**SMALL, **DROPOUT, "depth": whole(10), "k": whole(1)},
    "pretrained.load": {"name": choice("efficientnet-lite0"), "online": flag(False)},
}  # fmt: skip
# Pieces of a network under construction, what takes nothing, records, what only a network of its own kind is for, and
# what takes what Keras' own takes.
WITHOUT = {
    "blocks.ResponseNorm", "classic.fully_connected", "branching.fractal", "branching.inception",
    "residual.block", "residual.MoreMaps", "residual.Sum", "branching.fire", "blocks.classify", "blocks.conv",
    "blocks.normalise", "blocks.picture", "blocks.softmax", "lenet.Subsampling", "lenet.scaled_tanh",
    "lenet.plain", "depth_experiment.vgg_block", "depth_experiment.plain", "depth_experiment.residual",
    "depth_experiment.deep", "depth_experiment.train", "depth_experiment.modes", "training.LiveTraining",
    "pretrained.Pretrained",
    "transfer.top_of", "transfer.trainable_count",
}  # fmt: skip


def public():
    for found in pkgutil.iter_modules(keras_models.__path__):
        module = importlib.import_module(f"lessons_lib.keras_models.{found.name}")
        for name, one in vars(module).items():
            ours = (inspect.isfunction(one) or inspect.isclass(one)) and one.__module__ == module.__name__
            if ours and not name.startswith("_"):
                yield f"{found.name}.{name}", one


PUBLIC = dict(public())


def valid(name):
    given = {argument: one.value for argument, one in CALLS[name].items()}
    return {argument: value.make() if isinstance(value, Late) else value for argument, value in given.items()}


def test_every_public_function_is_called():
    assert set(CALLS) | WITHOUT == set(PUBLIC)
    for name, call in CALLS.items():
        assert set(inspect.signature(PUBLIC[name]).parameters) - set(call) <= {"progress", "change", "optimizer"}, name


@pytest.mark.parametrize("name", CALLS)
def test_the_valid_call_is_valid(name, capsys):
    PUBLIC[name](**valid(name))


@pytest.mark.parametrize(("name", "argument"), [(name, one) for name, call in CALLS.items() for one in call], ids=str)
def test_bad_input_is_refused_and_named(name, argument, capsys):
    for value in fire_calls.bad(CALLS[name][argument]):
        with pytest.raises((TypeError, ValueError)) as refused:
            print(repr(value), PUBLIC[name](**valid(name) | {argument: value}))
        assert named(str(refused.value), value), f"{value!r} is not named in {str(refused.value)!r}"


@pytest.mark.parametrize(("name", "parameters"), [("MobileNetV2", 3_538_984), ("ResNet50", 25_636_712)])
def test_keras_own_is_as_large_as_its_documentation_says(name, parameters):
    assert keras_models.pretrained.keras_own(name).count_params() == parameters


def test_settling_measures_means_and_variances():
    base = keras_models.efficientnet_lite.build(weights=None, include_top=False, side=48, seed=0)
    pictures = np.random.default_rng(0).normal(size=(6, 48, 48, 3)).astype(np.float32)
    before = [weight.copy() for weight in base.get_weights()]
    momenta = [layer.momentum for layer in base.layers if hasattr(layer, "momentum")]
    keras_models.transfer.measure_norms(base, pictures)
    stem = keras_models.keras.Model(base.inputs, base.get_layer("stem_conv").output)
    maps = stem.predict_on_batch(pictures)
    norm = base.get_layer("stem_norm")
    np.testing.assert_allclose(norm.moving_mean.numpy(), maps.mean(axis=(0, 1, 2)), atol=1e-4)
    np.testing.assert_allclose(norm.moving_variance.numpy(), maps.var(axis=(0, 1, 2)), rtol=1e-3)
    assert momenta == [layer.momentum for layer in base.layers if hasattr(layer, "momentum")]
    trained = {id(weight) for weight in base.trainable_weights}
    for old, weight in zip(before, base.weights, strict=True):
        assert (old == weight.numpy()).all() or id(weight) not in trained
