"""Any Keras network as a layer table: shape, parameters, multiply-adds and receptive field of each layer."""

import math

import keras
from keras import layers

from lessons_lib import architectures, expect, geometry

CONVOLUTIONS = (layers.Conv2D, layers.DepthwiseConv2D, layers.SeparableConv2D)
POOLINGS = (layers.MaxPooling2D, layers.AveragePooling2D)
WHOLE = (layers.Flatten, layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D)


def sketch(build):
    """What `build` builds, with the shapes of its weights and without the weights: it costs no memory.

    Whatever Keras itself remembers between networks is forgotten afterwards; networks built before stay as they are.

    Parameters
    ----------
    build : callable
        Such as `lambda: vgg("D")`.

    Returns
    -------
    keras.Model
        To be counted, not to be used.

    Examples
    --------
    >>> sketch(lambda: keras.applications.VGG16(weights=None)).count_params()
    138357544
    """
    # Keras makes weights later where it keeps no state, and here never.
    with keras.StatelessScope(initialize_variables=False):
        network = build()
    keras.utils.clear_session(free_memory=False)
    return network


def count(network):
    """How large a network is.

    Parameters
    ----------
    network : keras.Model

    Returns
    -------
    dict of str to int
        `layers`, those with weights of a convolution or a fully connected layer, along the longest way; `parameters`,
        numbers that are learned; `statistics`, numbers that batch normalisation keeps and Keras counts as parameters
        too; `multiply_adds`, for one picture, of convolutions and fully connected layers.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what stands above; the error says what came.

    Examples
    --------
    >>> from lessons_lib.networks.squeezenet import squeezenet
    >>> count(sketch(squeezenet))
    {'layers': 18, 'parameters': 1248424, 'statistics': 0, 'multiply_adds': 832667936}
    """
    expect.having(network, "network", "get_layer", "a Keras network")
    learned, kept = (
        sum(math.prod(weight.shape) for weight in group)
        for group in (network.trainable_weights, network.non_trainable_weights)
    )
    depths, most = {}, 0
    for layer in network.layers:
        deepest = max((depths.get(parent, 0) for parent in _parents(layer)), default=0)
        depths[layer.name] = deepest + isinstance(layer, (layers.Dense, *CONVOLUTIONS))
        most = max(most, depths[layer.name])
    work = sum(row.multiply_adds for row in rows(network))
    return {"layers": most, "parameters": learned, "statistics": kept, "multiply_adds": work}


def rows(network, normed=True):
    """The layer table of a network.

    Parameters
    ----------
    network : keras.Model
        From one picture, by layers of the kinds this course uses.
    normed : bool
        Give batch normalisations, activations and dropouts a row too.

    Returns
    -------
    list of architectures.Row
        In Keras' order. The receptive field counts rows, along the way that sees farthest; padding counts as if there
        was picture.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what stands above; the error says what came.

    Examples
    --------
    >>> from lessons_lib.networks.vgg import vgg
    >>> table = rows(sketch(vgg))
    >>> table[1].kind, table[1].shape, table[1].parameters, table[-7].name, table[-7].field
    ('conv 3 x 3', (224, 224, 64), 1792, 'flatten', 404)
    """
    expect.having(network, "network", "get_layer", "a Keras network")
    expect.flag(normed, "normed")
    ways, found = {}, []
    for layer in network.layers:
        inputs = [ways.get(parent, ()) for parent in _parents(layer)]
        way = max(inputs, key=_field, default=())
        window, kind, work = _described(layer)
        ways[layer.name] = (*way, window) if window else way
        parameters = sum(math.prod(weight.shape) for weight in layer.weights)
        shape = tuple(layer.output.shape[1:])
        if normed or kind in ("input", "sum", "side by side", "flatten") or window or work:
            found.append(architectures.Row(layer.name, kind, shape, parameters, work, _field(ways[layer.name])))
    return found


def _field(way):
    return geometry.receptive_field(list(way)) if way else 1


def _parents(layer):
    """The names of the layers that a layer reads."""
    if isinstance(layer, layers.InputLayer):
        return []
    given = layer.input if isinstance(layer.input, (list, tuple)) else [layer.input]
    return [tensor._keras_history.operation.name for tensor in given]


def _described(layer):
    """Window (size, stride) or None, kind, multiply-adds."""
    if isinstance(layer, CONVOLUTIONS):
        size = layer.kernel_size
        return (size[0], layer.strides[0]), f"conv {size[0]} x {size[1]}", _work(layer)
    if isinstance(layer, layers.Dense):
        inputs = layer.input.shape[-1]
        return None, "fully connected", inputs * layer.units
    if isinstance(layer, POOLINGS):
        size = layer.pool_size
        return (size[0], layer.strides[0]), f"pool {size[0]} x {size[1]}", 0
    if isinstance(layer, WHOLE):
        side = layer.input.shape[1] if len(layer.input.shape) == 4 else 1
        return (side, 1), "flatten" if isinstance(layer, layers.Flatten) else "mean of each map", 0
    kinds = {
        "InputLayer": "input", "BatchNormalization": "batch norm", "Concatenate": "side by side", "Add": "sum",
        "Sum": "sum", "Average": "sum", "ResponseNorm": "response norm", "Dropout": "dropout",
    }  # fmt: skip
    return None, kinds.get(type(layer).__name__, type(layer).__name__.lower()), 0


def _work(layer):
    """Multiply-adds of a convolution: by lesson 4's formula where the window is square."""
    rows, columns, depth = layer.input.shape[1:]
    size, kernels = layer.kernel_size, layer.output.shape[-1]
    if isinstance(layer, layers.SeparableConv2D):
        across = geometry.layer(*layer.output.shape[2:0:-1], depth, kernels, 1).multiply_adds
        return across + _square(columns, rows, depth, depth, size[0], layer, groups=depth)
    if size[0] != size[1]:
        return math.prod(layer.output.shape[1:]) * math.prod(size) * (depth // layer.groups)
    groups = depth if isinstance(layer, layers.DepthwiseConv2D) else layer.groups
    return _square(columns, rows, depth, kernels, size[0], layer, groups)


def _square(columns, rows, depth, kernels, size, layer, groups):
    cost = geometry.layer(columns, rows, depth, kernels, size, layer.strides[0], layer.padding, groups=groups)
    return cost.multiply_adds
