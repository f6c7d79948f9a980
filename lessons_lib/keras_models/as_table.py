"""Any Keras network as a layer table: shape, parameters, multiply-adds and receptive field of each layer."""

import math

import keras
from keras import layers

from lessons_lib import architectures, geometry
from lessons_lib.core import validate

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
    >>> from lessons_lib.keras_models.squeezenet import squeezenet
    >>> count(sketch(squeezenet))
    {'layers': 18, 'parameters': 1248424, 'statistics': 0, 'multiply_adds': 832667936}
    """
    validate.having(network, "network", "get_layer", "a Keras network")
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
    >>> from lessons_lib.keras_models.vgg import vgg
    >>> table = rows(sketch(vgg))
    >>> table[1].kind, table[1].shape, table[1].parameters, table[-7].name, table[-7].field
    ('conv 3 x 3', (224, 224, 64), 1792, 'flatten', 404)
    """
    validate.having(network, "network", "get_layer", "a Keras network")
    validate.flag(normed, "normed")
    seen, found = {}, []
    for layer in network.layers:
        inputs = [seen.get(parent, (1, 1)) for parent in _parents(layer)]
        sees = max(inputs, key=lambda sees: sees[0], default=(1, 1))
        window, kind, work = _described(layer)
        seen[layer.name] = geometry.grow_receptive_field(sees, *window) if window else sees
        parameters = sum(math.prod(weight.shape) for weight in layer.weights)
        shape = tuple(layer.output.shape[1:])
        if normed or kind in ("input", "sum", "side by side", "flatten") or window or work:
            found.append(architectures.Row(layer.name, kind, shape, parameters, work, seen[layer.name][0]))
    return found


def editable(network, normed=True):
    """A network as a list that can be changed: what `architectures.table` and the panel `LayerTable` take.

    Branch by branch: what a sum or a side by side reads first comes first, with all before it. Layers that have neither
    parameters nor a window, such as activations and dropouts, are left out: whoever read one reads what that one read.

    Parameters
    ----------
    network : keras.Model
        From one picture. Windows are square; a padding is one with which as many places come out.
    normed : bool
        Give batch normalisations a row too.

    Returns
    -------
    shape : tuple of int (rows, columns, depth)
    layers : list of architectures.Layer

    Raises
    ------
    TypeError, ValueError
        If an argument is not what stands above, or a layer cannot be written as an `architectures.Layer`; the error
        names it.

    Examples
    --------
    >>> from lessons_lib.keras_models.squeezenet import squeezenet
    >>> shape, some = editable(sketch(squeezenet))
    >>> shape, len(some), some[4].kind, some[5].kind, some[5].reads
    ((227, 227, 3), 38, 'conv', 'concat', (4, 5))
    """
    validate.having(network, "network", "get_layer", "a Keras network")
    validate.flag(normed, "normed")
    if len(network.inputs) != 1 or len(network.inputs[0].shape) != 4:
        raise ValueError(f"network reads {[tuple(one.shape) for one in network.inputs]}; give one that reads a picture")
    # The number of the layer whose numbers each of Keras' layers hands on, and zeros that a layer laid around them.
    numbers, around, found = {network.inputs[0]._keras_history.operation.name: 0}, {}, []
    for layer in _by_branches(network):
        parents = _parents(layer)
        if not parents:
            continue
        one = _written(layer, around.get(parents[0], ((0, 0), (0, 0))), normed)
        if isinstance(layer, layers.ZeroPadding2D):
            around[layer.name] = layer.padding
        elif any(parent in around for parent in parents) and getattr(one, "kind", "") not in ("conv", "pool"):
            raise ValueError(f"layer {layer.name!r} reads zeros laid around maps; only a window may read them here")
        if one is None:
            numbers[layer.name] = numbers[parents[0]]
            continue
        reads = tuple(numbers[parent] for parent in parents)
        found.append(one._replace(reads=() if reads == (len(found),) else reads))
        numbers[layer.name] = len(found)
    return tuple(network.inputs[0].shape[1:]), found


def _by_branches(network):
    """The layers of a network, each behind all that it reads, and branch after branch."""
    by_name = {layer.name: layer for layer in network.layers}
    done, waiting = {}, [tensor._keras_history.operation.name for tensor in reversed(network.outputs)]
    while waiting:
        name = waiting[-1]
        missing = [parent for parent in _parents(by_name[name]) if parent in by_name and parent not in done]
        if missing:
            waiting += reversed(missing)
            continue
        done[waiting.pop()] = by_name[name]
    return list(done.values())


def _written(layer, around, normed):
    """A layer of Keras as an `architectures.Layer`, or None where it has neither parameters nor a window."""
    name = type(layer).__name__
    joins = {"Add": "sum", "Sum": "sum", "Average": "sum", "Concatenate": "concat"}
    if name in joins and (name != "Concatenate" or layer.axis in (-1, len(layer.output.shape) - 1)):
        return architectures.Layer(joins[name])
    if isinstance(layer, (layers.Conv2D, layers.DepthwiseConv2D, *POOLINGS)):
        return _window(layer, around)
    if isinstance(layer, layers.Dense) and _flat(layer):
        return architectures.Layer("fc", layer.units, bias=layer.use_bias)
    if isinstance(layer, layers.GlobalAveragePooling2D) and not layer.keepdims:
        return architectures.Layer("mean")
    if name == "MoreMaps":
        return architectures.Layer("zeros", layer.maps, stride=layer.stride)
    if isinstance(layer, layers.BatchNormalization) and (not normed or (layer.center and layer.scale)):
        return architectures.Layer("norm") if normed else None
    same = not isinstance(layer.input, (list, tuple)) and layer.input.shape == layer.output.shape
    if isinstance(layer, (layers.Flatten, layers.ZeroPadding2D)) or (same and not layer.weights):
        return None
    raise ValueError(f"layer {layer.name!r}, {name}, cannot be written as an architectures.Layer; leave it out")


def _flat(layer):
    return len(layer.input.shape) == 2


def _window(layer, around):
    """A convolution or a pooling; `around` has the zeros that were laid before and behind rows and columns."""
    pool = isinstance(layer, POOLINGS)
    size = layer.pool_size if pool else layer.kernel_size
    before = [side - sum(zeros) for side, zeros in zip(layer.input.shape[1:3], around, strict=True)]
    stride = layer.strides[0]
    # Keras' own padding with an odd window, and whatever else lets as many places come out.
    first = (size[0] - 1) // 2 if layer.padding == "same" else around[0][0]
    fits = [
        padding
        for padding in (first, *range(size[0]))
        if [(side + 2 * padding - size[0]) // stride + 1 for side in before] == list(layer.output.shape[1:3])
    ]
    plain = pool or set(layer.dilation_rate) == {1}
    if len(set(size)) > 1 or len(set(layer.strides)) > 1 or not plain or not fits:
        raise ValueError(
            f"layer {layer.name!r} has windows of {' × '.join(map(str, size))} and padding {layer.padding!r}, which "
            f"cannot be written as an architectures.Layer; its windows must be square and its padding alike at all ends"
        )
    if pool:
        return architectures.Layer("pool", 1, size[0], stride, fits[0])
    groups = layer.input.shape[-1] if isinstance(layer, layers.DepthwiseConv2D) else layer.groups
    return architectures.Layer(
        "conv", layer.output.shape[-1], size[0], stride, fits[0], groups, bias=layer.use_bias
    )  # fmt: skip


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
