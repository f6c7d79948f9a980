"""Layer tables: what comes out of each layer of a list, and what it costs. Lists may have branches, and be changed."""

from functools import lru_cache
from math import prod
from typing import NamedTuple

from lessons_lib import geometry
from lessons_lib.core import validate

# What a layer can be. "sum" and "concat" (side by side) read several layers, all others one; "norm" is batch
# normalisation, "mean" the mean of each map, and "zeros" every S-th row and column with maps of zeros behind the maps.
KINDS = ("conv", "pool", "fc", "sum", "concat", "norm", "mean", "zeros")
JOINS = ("sum", "concat")


class Row(NamedTuple):
    """One row of a layer table; made by `table`, and by `keras_models.as_table.rows` from a network.

    `reads` has the numbers of the rows it reads, where that is not simply the one before.

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
    """One layer as a student changes it: kind, kernels (or units), side of the window, stride, zeros at each end.

    A convolution may have groups, and no bias. `reads` has the numbers of the layers it reads, counted from 1, where 0
    is the picture; when it is empty, that is the layer before.

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


def _conv(kernels, size=3, stride=1, padding=None, reads=()):
    padding = (size - 1) // 2 if padding is None else padding
    return Layer("conv", kernels, size, stride, padding, reads=reads)


def _pool(size=2, stride=2, padding=0, reads=()):
    return Layer("pool", 1, size, stride, padding, reads=reads)


# Rows, columns and depth of the picture, and the layers, of networks a student may change.
LISTS = {
    "one 7 x 7": ((56, 56, 64), [_conv(64, 7)]),
    "three 3 x 3": ((56, 56, 64), [_conv(64), _conv(64), _conv(64)]),
    "lecture's LeNet": (
        (28, 28, 1),
        [_conv(20, 5), _pool(), _conv(50, 5), _pool(), Layer("fc", 500), Layer("fc", 10)],
    ),
    "AlexNet, on one GPU": (
        (227, 227, 3),
        [
            _conv(96, 11, 4, 0), _pool(3), _conv(256, 5), _pool(3), _conv(384), _conv(384), _conv(256), _pool(3),
            Layer("fc", 4096), Layer("fc", 4096), Layer("fc", 1000),
        ],
    ),
    "VGG, configuration A": (
        (224, 224, 3),
        [
            _conv(64), _pool(), _conv(128), _pool(), _conv(256), _conv(256), _pool(), _conv(512), _conv(512), _pool(),
            _conv(512), _conv(512), _pool(), Layer("fc", 4096), Layer("fc", 4096), Layer("fc", 1000),
        ],
    ),
    "VGG, configuration D": (
        (224, 224, 3),
        [
            _conv(64), _conv(64), _pool(), _conv(128), _conv(128), _pool(),
            _conv(256), _conv(256), _conv(256), _pool(), _conv(512), _conv(512), _conv(512), _pool(),
            _conv(512), _conv(512), _conv(512), _pool(), Layer("fc", 4096), Layer("fc", 4096), Layer("fc", 1000),
        ],
    ),
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
        field is that of the way that sees farthest.

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
    """The rows of a `table`, one by one: when a layer does not fit, those before it have come already.

    Parameters
    ----------
    shape, layers
        As in `table`.

    Returns
    -------
    iterator of Row

    Raises
    ------
    TypeError, ValueError
        As in `table`; what does not fit is told when its turn comes.

    Examples
    --------
    >>> for row in rows((4, 4, 3), [Layer("conv", 8, 3), Layer("conv", 8, 3)]):
    ...     print(row.shape)
    Traceback (most recent call last):
    ValueError: layer 2, conv: width: kernel 3 is larger than 2 px with padding 0; choose at most 2
    """
    shape = tuple(validate.whole(side, "shape") for side in validate.sequence(shape, "shape", 3))
    layers = validate.sequence(layers, "layers", empty=True)
    for number, layer in enumerate(layers):
        validate.having(layer, f"layers[{number}]", "reads", "a Layer")
    return _walk(shape, layers)


def _walk(shape, layers):
    found, seen = [Row("input", "input", shape, 0, 0, 1)], [(1, 1)]
    yield found[0]
    for number, layer in enumerate(layers, start=1):
        try:
            reads = _reads(layer, number)
            given = [found[one].shape for one in reads]
            kind, shape, parameters, work, window = _made(*_checked(layer), *given)
            before = max((seen[one] for one in reads), key=lambda sees: sees[0])
            seen.append(_further(before, *window) if window else before)
        except (TypeError, ValueError) as error:
            raise type(error)(f"layer {number}, {layer.kind}: {error}") from error
        aside = () if reads == (number - 1,) else reads
        found.append(Row(f"{layer.kind}{number}", kind, shape, parameters, work, seen[-1][0], aside))
        yield found[-1]


def _reads(layer, number):
    """What a layer reads, in full."""
    if isinstance(layer.reads, tuple) and not layer.reads:
        return (number - 1,)
    reads = validate.sequence(layer.reads, "reads", empty=True) or [number - 1]
    return tuple(validate.whole(one, "reads", 0, number - 1) for one in reads)


def _checked(layer):
    """All of a layer but what it reads, in whole numbers; what they may be, its kind decides."""
    named = zip(layer[1:6], Layer._fields[1:6], strict=True)
    numbers = (value if type(value) is int else validate.whole(value, name, 0) for value, name in named)
    return validate.choice(layer.kind, "kind", KINDS), *numbers, validate.flag(layer.bias, "bias")


# Most layers stay as they are when one is changed, so they are kept.
_further = lru_cache(8192)(geometry.grow_receptive_field)


@lru_cache(8192)
def _made(kind, kernels, size, stride, padding, groups, bias, *given):
    """What a layer makes of shapes: in words, shape, parameters, multiply-adds, and its window, if it has one."""
    if kind in JOINS:
        return *_joined(kind, given), 0, 0, None
    if len(given) > 1:
        raise ValueError(f"reads {len(given)} layers and can read one; put a sum or a side by side before it")
    (shape,) = given
    if kind == "norm":
        return "batch norm", shape, 4 * shape[-1], 0, None
    if kind == "fc":
        units, inputs = validate.whole(kernels, "units"), prod(shape)
        return "fully connected", (units,), (inputs + bias) * units, inputs * units, (_side(shape), 1)
    if len(shape) == 1:
        raise ValueError("there are no rows and columns left; put it before the fully connected layers")
    rows, columns, depth = shape
    if kind == "mean":
        return "mean of each map", (depth,), 0, 0, (_side(shape), 1)
    if kind == "zeros":
        if kernels < depth:
            raise ValueError(f"kernels is {kernels}; give the {depth} maps it reads, or more")
        sides = (geometry.keras_output_size(side, 1, stride) for side in (rows, columns))
        return "maps of zeros", (*sides, kernels), 0, 0, (1, stride)
    # On the padded sides "valid" rounds down where the numbers do not fit. A pooling looks at each map by itself.
    pool = kind == "pool"
    cost = geometry.layer(
        columns + 2 * padding, rows + 2 * padding, depth, depth if pool else kernels, size, stride, "valid",
        groups=depth if pool else groups, bias=bias,
    )  # fmt: skip
    shape = (cost.height, cost.width, cost.depth)
    if pool:
        return f"pool {size} x {size}", shape, 0, 0, (size, stride)
    words = f"conv {size} x {size}" + (f", {groups} groups" if groups > 1 else "")
    return words, shape, cost.parameters, cost.multiply_adds, (size, stride)


def _joined(kind, given):
    """Words and shape of several layers added, or put one behind the other."""
    shapes = " and ".join(" × ".join(map(str, shape)) for shape in dict.fromkeys(given))
    if kind == "sum":
        if len(set(given)) > 1:
            raise ValueError(f"sum of {shapes}; give all that it reads the same stride and as many maps")
        return "sum", given[0]
    if len({shape[:-1] for shape in given}) > 1:
        raise ValueError(f"side by side of {shapes}; give all that it reads the same rows and columns")
    return "side by side", (*given[0][:-1], sum(shape[-1] for shape in given))


def _side(shape):
    return shape[0] if len(shape) == 3 else 1


def inserted(layers, place, layer):
    """A list with one layer more; whatever read the layer before it reads the new one.

    Parameters
    ----------
    layers : sequence of Layer
    place : int
        The number of the layer that the new one comes after, and reads; 0 is the picture.
    layer : Layer

    Returns
    -------
    list of Layer

    Raises
    ------
    TypeError, ValueError
        If one of them is no layer, or there is no such place.

    Examples
    --------
    >>> [one.reads for one in inserted([Layer("norm"), Layer("sum", reads=(1, 0))], 1, Layer("norm"))]
    [(), (), (2, 0)]
    """
    layers = _listed(layers)
    validate.having(layer, "layer", "reads", "a Layer")
    place = validate.whole(place, "place", 0, len(layers))
    moved = [
        _reading(one, number + 1, [read + (read >= place) for read in _reads(one, number)])
        for number, one in enumerate(layers[place:], start=place + 1)
    ]
    return [*layers[:place], layer._replace(reads=()), *moved]


def removed(layers, place):
    """A list with one layer fewer; whatever read it reads what that one read.

    Of what a sum or a side by side read, that is the first. So a residual block without its sum is the plain one.

    Parameters
    ----------
    layers : sequence of Layer
    place : int
        The number of the layer, from 1.

    Returns
    -------
    list of Layer

    Raises
    ------
    TypeError, ValueError
        If one of them is no layer, or there is no such place.

    Examples
    --------
    >>> [one.reads for one in removed([Layer("norm"), Layer("norm"), Layer("sum", reads=(2, 1))], 2)]
    [(), (1, 1)]
    """
    layers = _listed(layers)
    place = validate.whole(place, "place", 1, len(layers))
    instead = _reads(layers[place - 1], place)[0]
    moved = []
    for number, one in enumerate(layers[place:], start=place + 1):
        reads = [instead if read == place else read - (read > place) for read in _reads(one, number)]
        moved.append(_reading(one, number - 1, reads))
    return [*layers[: place - 1], *moved]


def replaced(layers, place, layer):
    """A list with another layer in the place of one, which goes on reading what it says that it reads.

    A sum or a side by side in the place of something else reads also what the layer before it reads: a shortcut round
    that. Something else in the place of a sum or a side by side reads the first of what that read.

    Parameters
    ----------
    layers : sequence of Layer
    place : int
        The number of the layer, from 1.
    layer : Layer

    Returns
    -------
    list of Layer

    Raises
    ------
    TypeError, ValueError
        If one of them is no layer, there is no such place, or the layer reads a later one.

    Examples
    --------
    >>> layers = [Layer("norm"), Layer("norm"), Layer("norm")]
    >>> replaced(layers, 3, Layer("sum"))[2].reads
    (2, 1)
    """
    layers = _listed(layers)
    validate.having(layer, "layer", "reads", "a Layer")
    place = validate.whole(place, "place", 1, len(layers))
    reads = _reads(layer, place)
    if layer.kind not in JOINS:
        reads = reads[:1]
    elif layers[place - 1].kind not in JOINS and len(reads) == 1:
        reads += _reads(layers[reads[0] - 1], reads[0])[:1] if reads[0] else (0,)
    return [*layers[: place - 1], _reading(layer, place, reads), *layers[place:]]


def _listed(layers):
    """Layers, every one of which reads earlier ones only."""
    layers = validate.sequence(layers, "layers")
    for number, layer in enumerate(layers, start=1):
        _reads(validate.having(layer, f"layers[{number - 1}]", "reads", "a Layer"), number)
    return layers


def _reading(layer, number, reads):
    """A layer that reads these; of a chain they are not written."""
    return layer._replace(reads=() if list(reads) == [number - 1] else tuple(reads))


def inception(side, depth, kernels, bottleneck=True):
    """The four ways of an inception module, and what each costs.

    Parameters
    ----------
    side, depth : int
        Of what the module reads: side x side x depth.
    kernels : sequence of six int
        1 x 1; 3 x 3 reduce and 3 x 3; 5 x 5 reduce and 5 x 5; 1 x 1 after the pooling.
    bottleneck : bool
        Without it the two "reduce" and the 1 x 1 after the pooling are left out.

    Returns
    -------
    list of Row
        One a way: the shape it hands on, and the parameters and multiply-adds of all its layers.

    Raises
    ------
    TypeError, ValueError
        If there are not six numbers, or one is not whole.

    References
    ----------
    Szegedy and others, "Going deeper with convolutions", CVPR 2015, https://arxiv.org/abs/1409.4842

    Examples
    --------
    >>> [row.shape[2] for row in inception(28, 192, (64, 96, 128, 16, 32, 32))]
    [64, 128, 32, 32]
    """
    kernels = validate.sequence(kernels, "kernels", 6)
    one, reduce3, three, reduce5, five, pooled = kernels
    ways = {
        "1 x 1": [_conv(one, 1)],
        "3 x 3": [_conv(reduce3, 1), _conv(three)],
        "5 x 5": [_conv(reduce5, 1), _conv(five, 5)],
        "pool": [Layer("pool", 1, 3, 1, 1), _conv(pooled, 1)],
    }
    if not validate.flag(bottleneck, "bottleneck"):
        ways |= {"3 x 3": [_conv(three)], "5 x 5": [_conv(five, 5)], "pool": [Layer("pool", 1, 3, 1, 1)]}
    found = []
    for name, layers in ways.items():
        some = table((side, side, depth), layers)
        parameters, work = sum(row.parameters for row in some), sum(row.multiply_adds for row in some)
        found.append(
            Row(name, " + ".join(row.kind for row in some[1:]), some[-1].shape, parameters, work, some[-1].field)
        )
    return found
