"""One valid call of every public function of the lessons' modules, argument by argument, and what must be refused."""

import importlib
import inspect
import pkgutil
import re
from typing import NamedTuple

import numpy as np

import lessons_lib
from lessons_lib import pooling, transfer
from lessons_lib.architectures import layer_table
from lessons_lib.pooling import backprop

# Not lessons' arithmetic: pictures, panels, exercises and networks have tests of their own kind,
# and every call here is a test of `validate`.
OTHERS = re.compile(
    r"(figures|panels|checks|questions?|plots|widgets|keras_models|notebook|text|validate|verdict|student|answer|record|"
    r"words|core\.network)\b"
)
RANDOM = np.random.default_rng(0)


class Argument(NamedTuple):
    """A valid value, what it is, and whether None may stand for it."""

    value: object
    kind: str
    optional: bool = False


def array(value, optional=False):
    return Argument(np.asarray(value), "array", optional)


def kind(name):
    return lambda value, optional=False: Argument(value, name, optional)


def flag(value=True):
    return Argument(value, "flag")


# A thing is a network, a generator, a function, a list of rows: what it is not must be said, whatever comes.
whole, number, choice, words, thing = map(kind, ["whole", "number", "choice", "words", "thing"])
BYTES = RANDOM.integers(0, 256, (6, 5), dtype=np.uint8)
COLOUR = RANDOM.integers(0, 256, (6, 5, 3), dtype=np.uint8)
FRACTIONS = RANDOM.random((4, 3, 2))
FLOATS = RANDOM.normal(size=(6, 5))
LETTERS = np.where(RANDOM.random((3, 9, 9)) < 0.4, 1.0, -1.0)
VOLUME = RANDOM.normal(size=(2, 6, 5, 3))
KERNELS = RANDOM.normal(size=(3, 3, 3, 2))
DIGITS = RANDOM.integers(0, 256, (2, 28, 28), dtype=np.uint8)
PHOTO = RANDOM.integers(0, 256, (120, 240), dtype=np.uint8)
ROWS = [{"task": task, "method": method, "per_class": count, "seed": 0, "accuracy": 0.5, "seconds": 1.0, "trained": 9}
        for task, count in (("textures", 10), ("textures", 200), ("clothes", 20), ("clothes", 500))
        for method in ("scratch", "random", "frozen", "start", "last", "all")]  # fmt: skip
ZOO = [{"library": "Keras", "model": name, "top-1": 70.0 + k, "top-5": None, "megabytes": 5.0, "parameters": 9 - k,
        "depth": 3, "mark": None} for k, name in enumerate("ab")]  # fmt: skip


def network():
    """A small network of lesson 5 for pictures of 2 x 2."""
    return backprop.Network(backprop.Dense(4, 2))


def lenet_weights():
    shapes = {"conv1_kernels": (5, 5, 1, 2), "conv1_bias": (2,), "conv2_kernels": (5, 5, 2, 3), "conv2_bias": (3,),
              "fc3_weights": (147, 4), "fc3_bias": (4,), "fc4_weights": (4, 10), "fc4_bias": (10,)}  # fmt: skip
    return {name: np.random.default_rng(1).normal(size=shape) for name, shape in shapes.items()}


LINEAR = transfer.learn_linear(np.array([[0.0, 1.0], [1.0, 0.0], [5.0, 5.0]]), [0, 0, 1])
NETWORK = network()
LAYERS = [layer_table.Layer("conv", 4, 3), layer_table.Layer("norm")]
SMALL = {"x": array(RANDOM.normal(size=(4, 2, 2, 1))), "labels": array([0, 1, 0, 1])}
SAMPLE = {"count": whole(3), "seed": whole(1), "validation": flag()}
SIDES = {"n": whole(9), "f": whole(3), "stride": whole(2), "padding": whole(0)}

CALLS = {
    "images.brighten": {"picture": array(BYTES), "amount": whole(7), "rule": choice("wrap")},
    "images.to_float": {"picture": array(BYTES)},
    "images.to_bytes": {"picture": array(FRACTIONS)},
    "images.split_channels": {"photo": array(COLOUR)},
    "images.luminance": {"photo": array(COLOUR), "standard": choice("Rec. 601")},
    "images.mix_channels": {"photo": array(COLOUR), "matrix": array(np.eye(3))},
    "images.pixel_order": {"pixels": whole(6), "seed": whole(1)},
    "images.shuffle_pixels": {"pictures": array(BYTES), "seed": whole(1)},
    "images.count_dense": {"inputs": whole(6), "units": whole(5), "bias": flag()},
    "images.count_conv": {"side": whole(3), "kernels": whole(4), "channels": whole(2), "bias": flag()},
    "images.megabytes": {"numbers": whole(9), "bytes_each": whole(2)},
    "images.train_dense": {
        "pictures": array(FRACTIONS), "labels": array([0, 1, 2, 0]), "units": whole(3), "epochs": whole(2),
        "rate": number(0.1), "seed": whole(1),
    },
    "images.classify": {"layers": thing([(np.eye(6), np.zeros(6))]), "pictures": array(FRACTIONS)},
    "images.share_right": {
        "layers": thing([(np.eye(6), np.zeros(6))]), "pictures": array(FRACTIONS), "labels": array([0, 1, 2, 0]),
    },
    "images.secret_digits": {"student_number": whole(7)},
    "images.move": {"pictures": array(BYTES), "rows": whole(1), "columns": whole(1)},
    "images.slide": {"picture": array(FLOATS), "kernels": array(np.eye(3))},
    "images.cut_kernels": {"pictures": array(FRACTIONS), "side": whole(2), "count": whole(2), "seed": whole(1)},
    "filtering.correlate": {"image": array(FLOATS), "kernel": array(np.eye(3)), "border": choice("zero")},
    "filtering.convolve": {"image": array(FLOATS), "kernel": array(np.eye(3)), "border": choice("zero")},
    "filtering.pad": {"image": array(FLOATS), "shape": thing((3, 3)), "border": choice("zero")},
    "filtering.terms_of_sum": {
        "image": array(FLOATS), "kernel": array(np.eye(3)), "row": whole(1), "column": whole(2),
        "border": choice("zero"),
    },
    "filtering.normalise": {"kernel": array(BYTES)},
    "filtering.gaussian": {"sigma": number(1.5)},
    "filtering.separate": {"kernel": array(np.ones((3, 2)))},
    "filtering.game_answers": {"kernel": array(np.eye(3))},
    "filtering.count_faults": {"drawing": array(np.full((510, 508), 9, np.uint8))},
    "filtering.mystery": {"photo": array(FLOATS), "student_number": whole(7)},
    "matching.letter": {"name": choice("X")},
    "matching.random_letters": {"count": whole(3), "seed": whole(1), "noise": number(0.2)},
    "matching.learned_features.first_weights": {"student_number": whole(1)},
    "matching.learned_features.own_letters": {"student_number": whole(1)},
    "matching.learned_features.learn": {
        "letters": array(LETTERS), "labels": array([0, 1, 0]), "feature": array(np.eye(3)), "rate": number(0.5),
    },
    "matching.learned_features.count_wrong": {
        "letters": array(LETTERS), "labels": array([0, 1, 0]), "feature": array(np.eye(3)), "threshold": number(0.5),
    },
    "matching.learned_features.wrong_after": {
        "student_number": whole(1), "rates": array([0.5]), "scale": number(1.0),
    },
    "matching.products": {"picture": array(FLOATS), "feature": array(np.eye(3)), "row": whole(1), "column": whole(1)},
    "matching.response_map": {"picture": array(FLOATS), "feature": array(np.eye(3))},
    "matching.score_map": {"picture": array(FLOATS), "feature": array(np.eye(3))},
    "matching.layer": {"picture": array(VOLUME[0]), "filters": array(KERNELS)},
    "matching.relu": {"x": array(FLOATS)},
    "matching.fraction": {"score": number(0.5), "cells": whole(9)},
    "geometry.output_size": SIDES,
    "geometry.read_counts": SIDES,
    "geometry.unused_pixels": SIDES,
    "geometry.keras_output_size": SIDES | {"padding": choice("same")},
    "geometry.pad_widths": SIDES | {"padding": choice("same")},
    "geometry.layer": {
        "width": whole(9), "height": whole(8), "depth": whole(4), "kernels": whole(6), "size": whole(3),
        "stride": whole(1), "padding": whole(1), "groups": whole(2), "bias": flag(),
    },
    "geometry.input_windows": {"layers": thing([3, (2, 2)]), "position": whole(1)},
    "geometry.receptive_field": {"layers": thing([3, (2, 2)])},
    "geometry.grow_receptive_field": {"field": thing((3, 2)), "size": whole(3), "stride": whole(2)},
    "geometry.path_counts": {"layers": thing([3, (2, 2)])},
    "geometry.conv2d": {
        "x": array(VOLUME), "kernels": array(KERNELS), "bias": array([1.0, 2.0], optional=True), "stride": whole(2),
        "padding": whole(1),
    },
    "geometry.own_side": {"student_number": whole(1)},
    "geometry.shrink": {"picture": array(BYTES[:5, :5]), "side": whole(3)},
    "pooling.sigmoid": {"x": array(FLOATS)},
    "pooling.window_slices": {
        "rows": whole(6), "columns": whole(5), "size": whole(2), "stride": whole(1, optional=True),
    },
    "pooling.windows": {"x": array(FLOATS), "size": whole(2), "stride": whole(1, optional=True)},
    "pooling.max_pool": {"x": array(FLOATS), "size": whole(2), "stride": whole(1, optional=True)},
    "pooling.mean_pool": {"x": array(FLOATS), "size": whole(2), "stride": whole(1, optional=True)},
    "pooling.softmax": {"z": array(FLOATS), "temperature": number(2.0)},
    "pooling.conv_relu_pool": {
        "x": array(VOLUME), "kernels": array(KERNELS), "size": whole(2), "stride": whole(2, optional=True),
        "padding": whole(1),
    },
    "pooling.two_stages": {"letters": array(LETTERS)},
    "pooling.first_maps": {"letters": array(LETTERS)},
    "pooling.four_versions": {"letters": array(LETTERS)},
    "pooling.moved": {"letters": array(LETTERS), "columns": whole(1)},
    "pooling.overlap": {"a": array(abs(FLOATS)), "b": array(FLOATS**2)},
    "pooling.networks.eight_kernels": {"seed": whole(1)},
    "pooling.networks.Training": {"seed": whole(1), "rate": number(0.1)},
    "pooling.rows_and_columns": {"value": whole(2), "name": Argument("size", "none")},
    "pooling.shift": {"x": array(FLOATS), "rows": whole(1), "columns": whole(-1), "fill": number(3.0)},
    "pooling.backprop.Conv": {"size": whole(3), "depth": whole(2), "kernels": whole(4), "seed": whole(1)},
    "pooling.backprop.Activation": {"name": choice("tanh")},
    "pooling.backprop.MaxPool": {"size": whole(2), "stride": whole(1, optional=True)},
    "pooling.backprop.Dense": {"inputs": whole(3), "outputs": whole(2), "seed": whole(1)},
    "pooling.gradient_descent.numerical_gradient": {
        "network": thing(NETWORK), **SMALL, "weights": thing(NETWORK.weights()[1]), "nudge": number(1e-4),
    },
    "pooling.gradient_descent.train": {
        "network": thing(NETWORK), **SMALL, "steps": whole(2), "rate": number(0.1), "batch": whole(2),
        "seed": whole(1), "epochs": whole(1), "validation": thing((SMALL["x"].value, [0, 1, 0, 1]), optional=True),
    },
    "pooling.gradient_descent.train_dense": {
        "vectors": array(np.ones((4, 3))), "labels": array([0, 1, 1, 0]), "rate": number(0.1),
    },
    "pooling.gradient_descent.linear_descent": {
        "vectors": array(FLOATS), "targets": array(np.eye(6)[:, :2]), "rate": number(0.1), "steps": whole(2),
        "weights": array(np.ones((5, 2)), optional=True),
    },
    "pooling.gradient_descent.largest_rate": {"vectors": array(FLOATS)},
    "pooling.other_data.letters": SAMPLE,
    "pooling.other_data.chirps": SAMPLE,
    "pooling.other_data.spectrogram": {"waves": array(RANDOM.normal(size=(2, 600)))},
    "pooling.other_data.sound": SAMPLE,
    "pooling.other_data.one_hot": {"words": words("a cab")},
    "pooling.other_data.text": SAMPLE,
    "pooling.other_data.customers": SAMPLE,
    "pooling.other_data.shuffle_columns": {"x": array(VOLUME), "seed": whole(1)},
    "pooling.other_data.conv_network": {"source": choice("letters"), "shape": thing((9, 9, 1)), "seed": whole(1)},
    "pooling.other_data.dense_network": {"shape": thing((9, 9, 1)), "seed": whole(1)},
    "pooling.other_data.shuffle_test": {
        "source": choice("customers"), "seeds": thing([0]), "count": whole(20), "steps": whole(1),
    },
    "lenet.layer_table": {
        "kernels": thing((2, 3)), "units": whole(5), "classes": whole(4), "side": whole(12), "size": whole(3),
        "pooled": flag(),
    },
    "lenet.forward": {"pictures": array(DIGITS), "weights": thing(lenet_weights()), "activation": thing(pooling.relu)},
    "lenet.small_seven": {},
    "lenet.centre": {"drawing": array(BYTES)},
    "lenet.dab": {"picture": array(BYTES), "row": whole(2), "column": whole(3), "brush": array(np.full((3, 3), 9))},
    "lenet.deform": {
        "pictures": array(DIGITS), "generator": thing(np.random.default_rng(0)), "shift": number(1.0),
        "turn": number(9.0), "zoom": number(0.1), "shear": number(0.1), "wave": number(1.0), "knots": whole(4),
    },
    "lenet.occlusions": {"picture": array(BYTES), "size": whole(3), "ink": number(7)},
    "lenet.occlusion_map": {
        "picture": array(BYTES), "digit": whole(1), "predict": thing(lambda x: x.reshape(len(x), -1)[:, :3]),
        "size": whole(3),
    },
    "lenet.interval": {"wrong": whole(3), "n": whole(20)},
    "lenet.confusion": {"labels": array([0, 1, 2]), "answers": array([0, 2, 2]), "classes": whole(3)},
    "architectures.layer_table.table": {"shape": thing((9, 9, 3)), "layers": thing([])},
    "architectures.layer_table.rows": {"shape": thing((9, 9, 3)), "layers": thing([])},
    "architectures.layer_table.insert": {"layers": thing(LAYERS), "number": whole(1), "layer": thing(LAYERS[0])},
    "architectures.layer_table.remove": {"layers": thing(LAYERS), "number": whole(1)},
    "architectures.layer_table.replace": {"layers": thing(LAYERS), "number": whole(2), "layer": thing(LAYERS[0])},
    "architectures.layer_table.inception": {
        "side": whole(9), "depth": whole(4), "kernels": thing((1, 2, 3, 4, 5, 6)), "bottleneck": flag(),
    },
    "architectures.response_norm": {
        "x": array(FLOATS), "size": whole(3), "k": number(2.0), "alpha": number(1e-4), "beta": number(0.75),
    },
    "architectures.batch_norm": {
        "x": array(FLOATS), "scale": array(np.full(5, 2.0)), "shift": array(np.arange(5)), "epsilon": number(1e-5),
    },
    "architectures.timeline": {"names": thing(["AlexNet"], optional=True)},
    "architectures.contest": {},
    "architectures.clothes": {"first": whole(0), "count": whole(3)},
    "architectures.spreads": {
        "weights": thing([np.eye(5)]), "x": array(FLOATS), "norm": flag(), "shortcut": flag(),
    },
    "transfer.square": {"photo": array(COLOUR)},
    "transfer.scale": {"pictures": array(COLOUR)},
    "transfer.prepare": {"photo": array(COLOUR), "side": whole(9)},
    "transfer.top": {
        "probabilities": array([0.1, 0.7, 0.2]), "classes": thing(["a", "b", "c"]), "count": whole(2),
    },
    "transfer.learn_linear": {
        "features": array(FLOATS), "labels": array([0, 1, 0, 1, 2, 2]), "strength": number(0.1),
    },
    "transfer.classify": {"classifier": thing(LINEAR), "features": array([[1.0, 2.0]])},
    "transfer.wrong": {"probabilities": array([[0.9, 0.1], [0.3, 0.7]]), "labels": array([0, 1])},
    "transfer.missing": {"predicted": array([0, 1]), "classes": Argument(["a", "b", "c"], "list")},
    "transfer.small_data.class_names": {"task": choice("clothes")},
    "transfer.small_data.textures": {"per_class": whole(1), "part": choice("test"), "seed": whole(1)},
    "transfer.small_data.clothes": {
        "per_class": whole(1), "part": choice("test"), "seed": whole(1), "side": whole(30),
    },
    "transfer.small_data.patches": {"photo": array(PHOTO), "count": whole(1), "part": choice("test"), "seed": whole(1)},
    "transfer.small_data.column_ranges": {"columns": whole(99)},
    "transfer.small_data.standardise": {"pictures": array(LETTERS)},
    "transfer.small_data.three_channels": {"pictures": array(LETTERS)},
    "transfer.small_data.stratified_split": {"labels": array([0, 1, 0, 1]), "seed": whole(1)},
    "transfer.training_comparison.method_name": {"method": words("scratch")},
    "transfer.training_comparison.summary": {"rows": thing(ROWS), "task": words("textures"), "method": words("frozen")},
    "transfer.training_comparison.comparison": {
        "rows": thing(ROWS), "task": words("textures"), "per_class": whole(10), "methods": thing(["frozen"]),
    },
    "transfer.training_comparison.accuracies_by_case": {"rows": thing(ROWS), "methods": thing(["frozen"])},
    "transfer.inspect_network.window": {"path": thing([(3, 2)]), "row": whole(1), "column": whole(1), "side": whole(9)},
    "transfer.inspect_network.crop": {
        "picture": array(BYTES), "frame": thing((0, 1, 3, 3)), "largest": whole(2, optional=True),
    },
    "transfer.inspect_network.margin": {"path": thing([(3, 2)]), "side": whole(9), "largest": whole(5, optional=True)},
    "transfer.inspect_network.top_activations": {
        "maps": array(VOLUME), "unit": whole(1), "count": whole(2), "margin": whole(1),
    },
    "transfer.inspect_network.grad_cam": {"maps": array(VOLUME[0]), "gradients": array([1.0, -1.0, 2.0])},
    "transfer.lite0.path": {"layer": choice("stem")},
    "transfer.model_tables.table": {"library": choice("Keras", optional=True)},
    "transfer.model_tables.sort": {"rows": thing(ZOO), "by": choice("depth"), "descending": flag()},
    "transfer.model_tables.pareto_front": {"rows": thing(ZOO), "cost": choice("depth"), "gain": choice("top-1")},
    "transfer.model_tables.dominates": {
        "one": thing(ZOO[0]), "other": thing(ZOO[1]), "cost": choice("depth"), "gain": choice("top-1"),
    },
    "transfer.model_tables.in_columns": {"lines": thing([["a", "b"], ["cd", "e"]])},
    "transfer.model_tables.column_name": {"column": choice("depth")},
    "transfer.model_tables.as_text": {"rows": thing(ZOO), "columns": thing(["model", "depth"])},
    "core.data.load": {"name": words("portrait")},
    "core.data.photo": {"name": words("me.jpg"), "largest": whole(64)},
    "core.data.folder": {"path": words("my-photos"), "largest": whole(64)},
    "core.resize.resize": {"picture": array(BYTES), "rows": whole(3), "columns": whole(9, optional=True)},
    "core.resize.tent_weights": {"old": Argument(4, "none"), "new": Argument(2, "none")},
    "core.i18n.use": {"language": choice("en")},
}  # fmt: skip
# Records that hold what they are given, layers that only a network calls, and functions that take nothing.
WITHOUT_ARGUMENTS = {
    "pooling.backprop.Network", "pooling.backprop.Weights", "pooling.networks.TwoStages", "core.data.Photos",
    "core.data.photos", "geometry.Layer", "core.i18n.english", "core.i18n.language", "core.i18n.languages",
    "images.DataSet", "lenet.Row",
    "matching.learned_features.other_letters", "architectures.layer_table.Layer", "architectures.layer_table.Row",
    "transfer.Linear", "transfer.lite0.Lite0", "transfer.model_tables.cell_text",
}  # fmt: skip


# Loops whose callers have checked the input.
CORES = {
    "correlate_valid",
    "conv2d_valid",
    "fast_conv2d",
    "fast_depthwise2d",
    "places",
    "count",
    "sides",
    "rows_read",
    "answers",
}


def public():
    """Every public function and class of the lessons' modules, by module and name."""
    for found in pkgutil.walk_packages(lessons_lib.__path__, "lessons_lib."):
        if OTHERS.search(found.name):
            continue
        module = importlib.import_module(found.name)
        for name, one in vars(module).items():
            ours = (inspect.isfunction(one) or inspect.isclass(one)) and one.__module__ == module.__name__
            if ours and not name.startswith("_") and name not in CORES:
                yield f"{found.name.removeprefix('lessons_lib.')}.{name}", one


def bad(argument):
    """Values that must be refused in place of a valid one."""
    valid = argument.value
    common = {"array": [{"a": 1}, {1, 2}], "thing": [], "list": [{"a": 1}, {1, 2}]}.get(
        argument.kind, [{"a": 1}, {1, 2}, [[]]]
    )
    nothing = [] if argument.optional else [None]
    lists = {
        "array": lambda: [
            "a cat", "", b"bytes", np.array(["a", "b"]), np.array([1, None], object), np.zeros(0), np.zeros((0, 3)),
            np.zeros(valid.shape, object), [[1, 2], [3]], [[1], [[2]]], [1j, 2], np.full(valid.shape, np.nan),
            np.full(valid.shape, np.inf), np.where(np.arange(valid.size).reshape(valid.shape) == 0, -np.inf, valid),
            np.zeros(3, "datetime64[s]"), lambda: 0, object(), 10**400, np.ma.masked_equal(valid, valid.flat[0]),
            np.zeros(valid.shape, [("x", float)]), np.broadcast_to(valid.flat[0], (10**6, *valid.shape[1:], 10**6)),
        ],
        "whole": lambda: ["3", "", b"3", 2.5, np.nan, np.inf, -np.inf, True, np.True_, [1], (), 1j, object(),
                          np.array([1, 2]), np.array(["1"]), np.float32("nan")],
        "number": lambda: ["1", "", b"1", np.nan, np.inf, -np.inf, True, [1.0], (), 1j, object(), np.array([1.0, 2]),
                           10**400, -(10**400)],
        "choice": lambda: ["nonsense", "", str(valid).upper() + " ", 3.7, np.nan, True, [valid], (), b"valid", object(),
                           np.zeros(2)],
        "flag": lambda: ["no", "", "True", 2, -1, 0.5, np.nan, [], [True], object(), np.zeros(2)],
        "words": lambda: [3, 3.7, np.nan, True, b"bytes", ["portrait"], (), object(), np.zeros(2)],
        "thing": lambda: ["nonsense", "", 3.7, np.nan, True, object(), {"a": 1}, [object()], [[]], [None], [np.nan]],
        "list": lambda: ["nonsense", "", 3.7, np.nan, True, object(), []],
        "none": lambda: [],
    }  # fmt: skip
    return [] if argument.kind == "none" else [*lists[argument.kind](), *common, *nothing]


def named(message, value):
    """Whether a message repeats what came: the value, a part of it, its type or its shape."""
    tokens = {repr(value)[:30], str(value)[:30], type(value).__name__}
    if isinstance(value, np.ndarray):
        tokens |= {str(value.shape), str(value.dtype), f"{len(value)} "}
        tokens |= {"masked"} if isinstance(value, np.ma.MaskedArray) else set()
        tokens |= {word for word in ("nan", "inf") if value.dtype.kind == "f" and word in str(value)}
    if isinstance(value, (list, tuple, set, dict)):
        tokens |= {"different lengths", f"{len(value)} ", "(0,)", "(1, 0)", "shape ()"}
        tokens |= {text for part in value for text in (repr(part)[:30], type(part).__name__)}
        tokens |= {repr(inner) for part in value if isinstance(part, list) for inner in part}
    return any(token and token in message for token in tokens)
