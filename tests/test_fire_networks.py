"""Networks under fire: what a builder or a training cannot use is refused, and the message names what came.

The answers themselves are compared in `test_networks_architectures` (parameters and shapes beside the published ones),
`test_lenet` and `test_transfer`. A warning is an error here.
"""

import importlib
import inspect
import pkgutil
from functools import cache

import numpy as np
import pytest

import fire_calls
from fire_calls import array, choice, flag, number, thing, whole, words
from lessons_lib import networks
from test_fire_numbers import named

SMALL = {"shape": thing((32, 32, 3)), "classes": whole(3), "width": number(0.25), "seed": whole(1, optional=True)}
DROPOUT = {"dropout": number(0.1)}
PICTURES = array(np.zeros((4, 28, 28), np.uint8) + np.arange(28, dtype=np.uint8))
LABELS = array([0, 1, 2, 3])


@cache
def linear():
    return networks.lenet.linear(seed=0)


@cache
def digits():
    return networks.lenet.build(seed=0)


@cache
def lite():
    return networks.efficientnet_lite.build(include_top=False, side=48)


@cache
def whole_lite():
    return networks.efficientnet_lite.build(side=48)


class Late:
    """A network that is built when it is needed: collecting the tests shall not take half a minute."""

    def __init__(self, make):
        self.make = make


def late(make):
    return thing(Late(make))


PHOTO = array(np.zeros((48, 48, 3), np.uint8))
NUMBERS = {"x": array(np.ones((1, 6, 6, 2))), "kernels": array(np.ones((3, 3, 2, 2)))}

CALLS = {
    "alexnet.alexnet": {**SMALL, "shape": thing((67, 67, 3)), **DROPOUT, "groups": whole(2), "lrn": flag()},
    "compare.keras_conv2d": {
        **NUMBERS, "bias": array(np.ones(2), optional=True), "stride": whole(1), "padding": choice("valid"),
    },
    "densenet.densenet": {**SMALL, "depth": choice(121), "growth": whole(32)},
    "depth.build": {"depth": whole(8), "shortcuts": flag(), "seed": whole(0, optional=True)},
    "depth.train": {"depth": whole(8), "shortcuts": flag(), "seed": whole(0), "epochs": whole(1)},
    "efficientnet_lite.build": {
        "weights": choice("imagenet", optional=True), "include_top": flag(), "side": whole(48),
        "seed": whole(1, optional=True),
    },
    "efficientnet_lite.inside": {
        "network": late(lite), "names": thing(["stem"]), "pooled": flag(False),
    },
    "efficientnet_lite.path": {"layer": choice("stem")},
    "efficientnet_lite.slopes": {
        "network": late(whole_lite), "picture": PHOTO, "layer": choice("stem"), "number": whole(1),
    },
    "families.keras_own": {"name": words("ResNet50")},
    "fractalnet.fractalnet": {**SMALL, "columns": whole(2)},
    "googlenet.googlenet": {
        **SMALL, **DROPOUT, "bottleneck": flag(), "auxiliary": flag(False), "norm": flag(False),
    },
    "lenet.build": {
        "activation": choice("relu", optional=True), "pooling": flag(), "dropout": number(0.1), "batch_norm": flag(False),
        "seed": whole(1, optional=True),
    },
    "lenet.lenet5": {"seed": whole(1, optional=True)},
    "lenet.linear": {"seed": whole(1, optional=True)},
    "lenet.mlp": {"units": thing((5,)), "seed": whole(1, optional=True)},
    "lenet.inside": {"network": late(digits)},
    "lenet.slopes": {"network": late(linear), "picture": array(PICTURES.value[0]), "digit": whole(3)},
    "lenet.trained": {"arrays": late(lambda: networks.lenet.weights(digits()))},
    "lenet.weights": {"network": late(digits)},
    "nin.nin": {**SMALL, **DROPOUT},
    "resnet.resnet": {
        **SMALL, "depth": choice(18), "shortcuts": flag(), "preactivation": flag(False), "bias": flag(False),
    },
    "resnet.cifar_resnet": {
        **SMALL, "depth": whole(8), "shortcuts": flag(), "stem": whole(1),
        "survival": thing(networks.stochastic_depth.survival(), optional=True),
    },
    "resnext.resnext": {**SMALL, "depth": choice(50), "cardinality": whole(8), "d": whole(4)},
    "squeezenet.squeezenet": {**SMALL, "shape": thing((67, 67, 3)), **DROPOUT, "version": choice("1.1")},
    "stochastic_depth.stochastic_depth": {**SMALL, "depth": whole(8), "last": number(0.5)},
    "stochastic_depth.survival": {"last": number(0.5)},
    "table.count": {"network": late(linear)},
    "table.rows": {"network": late(digits), "normed": flag()},
    "table.sketch": {"build": thing(networks.lenet.linear)},
    "training.as_input": {"images": PICTURES},
    "training.evaluate": {"network": late(linear), "images": PICTURES, "labels": LABELS},
    "training.fit": {
        "network": late(linear), "images": PICTURES, "labels": LABELS, "epochs": whole(1), "batch": whole(2),
        "rate": number(0.01), "falling": flag(), "seed": whole(0), "held_out": thing(None, optional=True),
    },
    "training.predict": {"network": late(linear), "images": PICTURES, "batch": whole(2)},
    "transfer.on_top": {"base": late(lite), "classes": whole(3), "units": whole(4), "seed": whole(0)},
    "transfer.settle": {"base": late(lite), "pictures": array(np.zeros((2, 48, 48, 3), np.uint8))},
    "transfer.small": {"classes": whole(3), "side": whole(48), "channels": whole(3), "seed": whole(0)},
    "transfer.thaw": {"base": late(lite), "first": words("block14"), "norms": flag(False)},
    "units.batch_norm": {"x": array(np.arange(6.0).reshape(3, 2)), "epsilon": number(1e-5)},
    "units.thin": {"width": number(0.5), "step": whole(4)},
    "vgg.vgg": {**SMALL, **DROPOUT, "configuration": choice("A")},
    "wide_resnet.wide_resnet": {**SMALL, **DROPOUT, "depth": whole(10), "k": whole(1)},
    "zoo.load": {"name": choice("efficientnet-lite0"), "online": flag(False)},
}  # fmt: skip
# Pieces of a network under construction, what takes nothing, records, and what only a network of its own kind is for.
WITHOUT = {
    "alexnet.ResponseNorm", "alexnet.fully_connected", "fractalnet.fractal", "googlenet.inception", "resnet.block",
    "resnet.MoreMaps", "resnet.Sum", "squeezenet.fire", "units.classes_of", "units.conv", "units.normed",
    "units.picture", "units.softmax", "lenet.Subsampling", "lenet.curve", "lenet.recipe", "depth.pictures",
    "training.Unwatched", "training.interrupts", "zoo.Pretrained", "transfer.top_of", "transfer.trained",
}  # fmt: skip


def public():
    for found in pkgutil.iter_modules(networks.__path__):
        module = importlib.import_module(f"lessons_lib.networks.{found.name}")
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
        assert set(inspect.signature(PUBLIC[name]).parameters) - set(call) <= {"live", "change", "optimizer"}, name


@pytest.mark.parametrize("name", CALLS)
def test_the_valid_call_is_valid(name, capsys):
    PUBLIC[name](**valid(name))


@pytest.mark.parametrize(("name", "argument"), [(name, one) for name, call in CALLS.items() for one in call], ids=str)
def test_bad_input_is_refused_and_named(name, argument, capsys):
    for value in fire_calls.bad(CALLS[name][argument]):
        with pytest.raises((TypeError, ValueError)) as refused:
            print(repr(value), PUBLIC[name](**valid(name) | {argument: value}))
        assert named(str(refused.value), value), f"{value!r} is not named in {str(refused.value)!r}"
