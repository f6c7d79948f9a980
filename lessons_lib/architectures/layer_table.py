"""Layer tables: what comes out of each layer of a list, and what it costs. Lists may have branches, and be changed.

A layer's number is counted from 1; 0 is the picture. Functions that change a list return a new one, and raise TypeError
or ValueError if one of its layers is none, reads a later layer, or does not exist.
"""

from functools import lru_cache
from math import prod
from typing import NamedTuple

from lessons_lib import data, geometry
from lessons_lib.core import validate
from lessons_lib.core.text import size_text

# Kinds of layers that read several layers, added or side by side; all others read one.
JOINS = ("sum", "concat")


class Row(NamedTuple):
    """One row of a layer table; `reads` has the numbers of the layers it reads, where that is not the one before.

    >>> Row("conv1", "conv 3 x 3", (224, 224, 64), 1792, 86704128, 3).shape
    (224, 224, 64)
    """

    name: str
    kind: str
    shape: tuple
    parameters: int
    multiply_adds: int
    field: int
    reads: tuple = ()


class Layer(NamedTuple):
    """One layer as a student changes it; `kind` is one of `KINDS`, `reads` is empty where it reads the layer before.

    >>> Layer("conv", 64, 3, padding=1)[:5]
    ('conv', 64, 3, 1, 1)
    >>> Layer("sum", reads=(3, 0)).reads
    (3, 0)
    """

    kind: str
    kernels: int = 1
    size: int = 1
    stride: int = 1
    padding: int = 0
    groups: int = 1
    bias: bool = True
    reads: tuple = ()


def _conv(kernels, size=3, stride=1, padding=None):
    return Layer("conv", kernels, size, stride, (size - 1) // 2 if padding is None else padding)


def _pool(size=2, stride=2, padding=0):
    return Layer("pool", 1, size, stride, padding)


def _vgg(*stages):
    return [*(layer for stage in stages for layer in (*map(_conv, stage), _pool())), *FULLY_CONNECTED]


FULLY_CONNECTED = [Layer("fc", 4096), Layer("fc", 4096), Layer("fc", 1000)]
# Networks to change: rows, columns and depth of the picture, and the layers.
NETWORKS = {
    "one 7 x 7": ((56, 56, 64), [_conv(64, 7)]),
    "three 3 x 3": ((56, 56, 64), [_conv(64), _conv(64), _conv(64)]),
    "lecture's LeNet": (
        (28, 28, 1), [_conv(20, 5), _pool(), _conv(50, 5), _pool(), Layer("fc", 500), Layer("fc", 10)],
    ),
    "AlexNet, on one GPU": (
        (227, 227, 3),
        [
            _conv(96, 11, 4, 0), _pool(3), _conv(256, 5), _pool(3), _conv(384), _conv(384), _conv(256), _pool(3),
            *FULLY_CONNECTED,
        ],
    ),
    "VGG, configuration A": ((224, 224, 3), _vgg([64], [128], [256] * 2, [512] * 2, [512] * 2)),
    "VGG, configuration D": ((224, 224, 3), _vgg([64] * 2, [128] * 2, [256] * 3, [512] * 3, [512] * 3)),
    "Network in network": (
        (32, 32, 3),
        [
            _conv(192, 5), _conv(160, 1), _conv(96, 1), _pool(3, 2, 1),
            _conv(192, 5), _conv(192, 1), _conv(192, 1), _pool(3, 2, 1),
            _conv(192), _conv(192, 1), _conv(10, 1), _pool(8, 8),
        ],
    ),
    "5 x 5 behind a 1 x 1": ((28, 28, 192), [_conv(16, 1), _conv(32, 5)]),
    "5 x 5 at once": ((28, 28, 192), [_conv(32, 5)]),
    "ResNet's bottleneck": ((56, 56, 256), [_conv(64, 1), _conv(64), _conv(256, 1), Layer("sum", reads=(3, 0))]),
}  # fmt: skip
# A block of each kind: the maps it reads, and its layers. VGG's third, lesson 7's residual one, GoogLeNet's module 3a.
PLAIN = [_conv(64), Layer("norm"), Layer("relu")] * 2
BLOCKS = {
    "vgg": ((56, 56, 128), [*[_conv(256), Layer("relu")] * 3, _pool()]),
    "plain": ((56, 56, 64), PLAIN),
    "residual": ((56, 56, 64), [*PLAIN[:-1], Layer("sum", reads=(5, 0)), Layer("relu")]),
    "inception": (
        (28, 28, 192),
        [
            _conv(64, 1), _conv(96, 1)._replace(reads=(0,)), _conv(128), _conv(16, 1)._replace(reads=(0,)),
            _conv(32, 5), Layer("pool", 1, 3, 1, 1, reads=(0,)), _conv(32, 1), Layer("concat", reads=(1, 3, 5, 7)),
        ],
    ),
}  # fmt: skip


@lru_cache(1)
def networks():
    """The networks to change by name: those of `NETWORKS`, and eight built in Keras, from `data/networks.csv`.

    >>> shape, layers = networks()["ResNet-34"]
    >>> shape, len(layers), layers[4].reads
    ((224, 224, 3), 91, ())
    """
    found = dict(NETWORKS)
    for row in data.load("networks"):
        name, kind, kernels, size, *rest, bias, reads = row.values()
        if kind == "input":
            found[name] = (size, size, kernels), []
            continue
        reads = () if reads is None else tuple(map(int, str(reads).split()))
        found[name][1].append(Layer(kind, kernels, size, *rest, bool(bias), reads))
    return found


def table(shape, layers):
    """What comes out of each layer of a list, and what it costs.

    Parameters
    ----------
    shape : tuple of int (rows, columns, depth)
        Of the picture.
    layers : sequence of Layer

    Returns
    -------
    list of Row
        The picture first. A window that does not fit at the end is left out, as Keras' "valid" does. The receptive
        field is that of the path that sees farthest.

    Raises
    ------
    TypeError, ValueError
        If a number is not whole or too small, a window is larger than what it looks at, a window comes after a
        fully connected layer, a layer reads one that comes later, or the layers of a sum or those side by side do not
        fit together; the error names the layer.

    Examples
    --------
    >>> [row.parameters for row in table((56, 56, 64), [Layer("conv", 64, 3, padding=1)] * 3)]
    [0, 36928, 36928, 36928]
    >>> table((8, 8, 3), [Layer("pool", size=3, padding=1), Layer("concat", reads=(0, 1))])[-1].shape
    (8, 8, 6)
    """
    return list(rows(shape, layers))


def rows(shape, layers):
    """The rows of a `table`, one by one: those before a layer that does not fit come before the error.

    >>> for row in rows((4, 4, 3), [Layer("conv", 8, 3), Layer("conv", 8, 3)]):
    ...     print(row.shape)
    Traceback (most recent call last):
    ValueError: layer 2, conv: width: kernel 3 is larger than 2 px with padding 0; choose at most 2
    """
    shape = tuple(validate.whole(side, "shape") for side in validate.sequence(shape, "shape", 3))
    layers = validate.sequence(layers, "layers", empty=True)
    for index, layer in enumerate(layers):
        validate.having(layer, f"layers[{index}]", "reads", "a Layer")
    return _rows(shape, layers)


def _rows(shape, layers):
    found, fields = [Row("input", "input", shape, 0, 0, 1)], [(1, 1)]
    yield found[0]
    for number, layer in enumerate(layers, start=1):
        try:
            reads = _reads(layer, number)
            output = _output(_checked(layer), *(found[one].shape for one in reads))
            field = max((fields[one] for one in reads), key=lambda field: field[0])
            fields.append(_grow(field, *output.window) if output.window else field)
        except (TypeError, ValueError) as error:
            raise type(error)(f"layer {number}, {layer.kind}: {error}") from error
        branch = () if reads == (number - 1,) else reads
        found.append(Row(f"{layer.kind}{number}", *output[:4], fields[-1][0], branch))
        yield found[-1]


def _reads(layer, number):
    """The numbers of all layers that a layer reads."""
    if isinstance(layer.reads, tuple) and not layer.reads:
        return (number - 1,)
    reads = validate.sequence(layer.reads, "reads", empty=True) or [number - 1]
    return tuple(validate.whole(one, "reads", 0, number - 1) for one in reads)


def _checked(layer):
    """A layer in whole numbers, without what it reads; which numbers make sense, its kind decides."""
    pairs = zip(layer[1:6], Layer._fields[1:6], strict=True)
    numbers = (value if type(value) is int else validate.whole(value, name, 0) for value, name in pairs)
    return Layer(validate.choice(layer.kind, "kind", KINDS), *numbers, validate.flag(layer.bias, "bias"))


class _Output(NamedTuple):
    """What a layer makes of what it reads: kind in words, shape, costs, and size and stride of its window, if any."""

    kind: str
    shape: tuple
    parameters: int = 0
    multiply_adds: int = 0
    window: tuple = ()


# Most layers stay as they are when one is changed, so they are kept.
_grow = lru_cache(8192)(geometry.grow_receptive_field)


@lru_cache(8192)
def _output(layer, *shapes):
    if len(shapes) > 1 and layer.kind not in JOINS:
        raise ValueError(f"reads {len(shapes)} layers and can read one; put a sum or a side by side before it")
    return KINDS[layer.kind](layer, *shapes)


def _conv_output(layer, shape):
    cost = _windows(layer, shape, layer.kernels, layer.groups)
    kind = f"conv {layer.size} x {layer.size}" + (f", {layer.groups} groups" if layer.groups > 1 else "")
    window = (layer.size, layer.stride)
    return _Output(kind, (cost.height, cost.width, cost.depth), cost.parameters, cost.multiply_adds, window)


def _pool_output(layer, shape):
    # A pooling looks at each map by itself.
    cost = _windows(layer, shape, shape[-1], shape[-1])
    kind = f"pool {layer.size} x {layer.size}"
    return _Output(kind, (cost.height, cost.width, cost.depth), window=(layer.size, layer.stride))


def _windows(layer, shape, kernels, groups):
    """Sides and costs of a convolution; on padded sides "valid" rounds down where the numbers do not fit."""
    height, width, depth = _maps(shape)
    return geometry.layer(
        width + 2 * layer.padding, height + 2 * layer.padding, depth, kernels, layer.size, layer.stride, "valid",
        groups=groups, bias=layer.bias,
    )  # fmt: skip


def _maps(shape):
    if len(shape) == 1:
        raise ValueError("there are no rows and columns left; put it before the fully connected layers")
    return shape


def _fully_connected_output(layer, shape):
    units, inputs = validate.whole(layer.kernels, "units"), prod(shape)
    return _Output("fully connected", (units,), (inputs + layer.bias) * units, inputs * units, (_height(shape), 1))


def _height(shape):
    return shape[0] if len(shape) == 3 else 1


def _sum_output(_layer, *shapes):
    if len(set(shapes)) > 1:
        raise ValueError(f"sum of {_sizes(shapes)}; give all that it reads the same stride and as many maps")
    return _Output("sum", shapes[0])


def _concat_output(_layer, *shapes):
    if len({shape[:-1] for shape in shapes}) > 1:
        raise ValueError(f"side by side of {_sizes(shapes)}; give all that it reads the same rows and columns")
    return _Output("side by side", (*shapes[0][:-1], sum(shape[-1] for shape in shapes)))


def _sizes(shapes):
    return " and ".join(size_text(*shape) for shape in dict.fromkeys(shapes))


def _norm_output(_layer, shape):
    return _Output("batch norm", shape, 4 * shape[-1])


def _relu_output(_layer, shape):
    return _Output("relu", shape)


def _mean_output(_layer, shape):
    return _Output("mean of each map", _maps(shape)[2:], window=(_height(shape), 1))


def _zeros_output(layer, shape):
    depth = _maps(shape)[2]
    if layer.kernels < depth:
        raise ValueError(f"kernels is {layer.kernels}; give the {depth} maps it reads, or more")
    sides = (geometry.keras_output_size(side, 1, layer.stride) for side in shape[:2])
    return _Output("maps of zeros", (*sides, layer.kernels), window=(1, layer.stride))


# What a layer can be: convolution, pooling, fully connected, sum, side by side, batch normalisation, ReLU, the mean of
# each map, and every S-th row and column with maps of zeros behind the maps.
KINDS = {
    "conv": _conv_output, "pool": _pool_output, "fc": _fully_connected_output, "sum": _sum_output,
    "concat": _concat_output, "norm": _norm_output, "relu": _relu_output, "mean": _mean_output, "zeros": _zeros_output,
}  # fmt: skip


def insert(layers, number, layer):
    """A list with one layer more, after layer `number`, which it reads; what read that one reads the new one.

    >>> [one.reads for one in insert([Layer("norm"), Layer("sum", reads=(1, 0))], 1, Layer("norm"))]
    [(), (), (2, 0)]
    """
    layers = _checked_list(layers)
    validate.having(layer, "layer", "reads", "a Layer")
    number = validate.whole(number, "number", 0, len(layers))
    moved = [
        _reading(one, own + 1, [read + (read >= number) for read in _reads(one, own)])
        for own, one in enumerate(layers[number:], start=number + 1)
    ]
    return [*layers[:number], layer._replace(reads=()), *moved]


def remove(layers, number):
    """A list without layer `number`; what read it reads the first that it read.

    So a residual block without its sum is the plain one.

    >>> [one.reads for one in remove([Layer("norm"), Layer("norm"), Layer("sum", reads=(2, 1))], 2)]
    [(), (1, 1)]
    """
    layers = _checked_list(layers)
    number = validate.whole(number, "number", 1, len(layers))
    instead = _reads(layers[number - 1], number)[0]
    moved = []
    for own, one in enumerate(layers[number:], start=number + 1):
        reads = [instead if read == number else read - (read > number) for read in _reads(one, own)]
        moved.append(_reading(one, own - 1, reads))
    return [*layers[: number - 1], *moved]


def replace(layers, number, layer):
    """A list with another layer as layer `number`; what it reads are its own `reads`.

    A sum or a side by side in the place of something else reads also what the layer before it reads: a shortcut round
    that. Something else in the place of a sum or a side by side reads the first of what that read.

    >>> replace([Layer("norm"), Layer("norm"), Layer("norm")], 3, Layer("sum"))[2].reads
    (2, 1)
    """
    layers = _checked_list(layers)
    validate.having(layer, "layer", "reads", "a Layer")
    number = validate.whole(number, "number", 1, len(layers))
    reads = _reads(layer, number)
    if layer.kind not in JOINS:
        reads = reads[:1]
    elif layers[number - 1].kind not in JOINS and len(reads) == 1:
        reads += _reads(layers[reads[0] - 1], reads[0])[:1] if reads[0] else (0,)
    return [*layers[: number - 1], _reading(layer, number, reads), *layers[number:]]


def _checked_list(layers):
    """Layers, each of which reads earlier ones only."""
    layers = validate.sequence(layers, "layers")
    for number, layer in enumerate(layers, start=1):
        _reads(validate.having(layer, f"layers[{number - 1}]", "reads", "a Layer"), number)
    return layers


def _reading(layer, number, reads):
    """Layer `number` with what it reads, which stays empty where that is the layer before."""
    return layer._replace(reads=() if list(reads) == [number - 1] else tuple(reads))


def inception(side, depth, kernels, bottleneck=True):
    """The four branches of an inception module on side x side x depth: the last shape of each, and what it costs.

    `kernels` are six numbers: 1 x 1; 3 x 3 reduce and 3 x 3; 5 x 5 reduce and 5 x 5; 1 x 1 after the pooling. Without
    the `bottleneck` both "reduce" and the 1 x 1 after the pooling are left out. Szegedy and others, "Going deeper with
    convolutions", CVPR 2015, https://arxiv.org/abs/1409.4842

    >>> [row.shape[2] for row in inception(28, 192, (64, 96, 128, 16, 32, 32))]
    [64, 128, 32, 32]
    """
    one, reduce3, three, reduce5, five, after_pool = validate.sequence(kernels, "kernels", 6)
    pool = Layer("pool", 1, 3, 1, 1)
    branches = {
        "1 x 1": [_conv(one, 1)], "3 x 3": [_conv(reduce3, 1), _conv(three)],
        "5 x 5": [_conv(reduce5, 1), _conv(five, 5)], "pool": [pool, _conv(after_pool, 1)],
    }  # fmt: skip
    if not validate.flag(bottleneck, "bottleneck"):
        branches |= {"3 x 3": [_conv(three)], "5 x 5": [_conv(five, 5)], "pool": [pool]}
    found = []
    for name, layers in branches.items():
        _picture, *made = table((side, side, depth), layers)
        parameters, work = sum(row.parameters for row in made), sum(row.multiply_adds for row in made)
        kinds = " + ".join(row.kind for row in made)
        found.append(Row(name, kinds, made[-1].shape, parameters, work, made[-1].field))
    return found
