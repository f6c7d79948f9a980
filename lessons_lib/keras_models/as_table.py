"""Any Keras network as a layer table: shape, parameters, multiply-adds and receptive field of each layer.

Every function but `sketch` takes a keras.Model of the kinds of layers that this course uses, and raises TypeError or
ValueError for anything else.
"""

import math

import keras
from keras import layers

from lessons_lib import geometry
from lessons_lib.architectures.layer_table import Layer, Row
from lessons_lib.core import validate

CONVOLUTIONS = (layers.Conv2D, layers.DepthwiseConv2D, layers.SeparableConv2D)
POOLINGS = (layers.MaxPooling2D, layers.AveragePooling2D)
# What layers of these names are called in a layer table.
KINDS = {
    "InputLayer": "input", "BatchNormalization": "batch norm", "Concatenate": "side by side", "Add": "sum",
    "Sum": "sum", "Average": "sum", "ResponseNorm": "response norm",
}  # fmt: skip
JOINS = {"Add": "sum", "Sum": "sum", "Average": "sum", "Concatenate": "concat"}
NO_ZEROS = ((0, 0), (0, 0))


def sketch(build):
    """What `build` builds, with the shapes of its weights and without the weights: to be counted, not to be used.

    >>> sketch(lambda: keras.applications.VGG16(weights=None)).count_params()
    138357544
    """
    # Keras makes weights later where it keeps no state, and here never.
    with keras.StatelessScope(initialize_variables=False):
        network = build()
    # What Keras remembers between networks; networks built before stay as they are.
    keras.utils.clear_session(free_memory=False)
    return network


def count(network):
    """A dict of the numbers of layers with weights along the longest path, parameters that learn, and the rest.

    `statistics` are those that batch normalisation keeps, which Keras counts as parameters; `multiply_adds` are those
    of convolutions and fully connected layers for one picture.

    >>> from lessons_lib.keras_models.branching import squeezenet
    >>> count(sketch(squeezenet))
    {'layers': 18, 'parameters': 1248424, 'statistics': 0, 'multiply_adds': 832667936}
    """
    validate.having(network, "network", "get_layer", "a Keras network")
    parameters, statistics = (
        sum(math.prod(weight.shape) for weight in group)
        for group in (network.trainable_weights, network.non_trainable_weights)
    )
    parents, depths = _parents(network), {}
    for layer in network.layers:
        deepest = max((depths[parent] for parent in parents[layer.name]), default=0)
        depths[layer.name] = deepest + isinstance(layer, (layers.Dense, *CONVOLUTIONS))
    work = sum(row.multiply_adds for row in rows(network))
    return {
        "layers": max(depths.values()), "parameters": parameters, "statistics": statistics, "multiply_adds": work,
    }  # fmt: skip


def rows(network, normed=True):
    """The list of rows of a network in Keras' order; with normed=False without normalisation, activation and dropout.

    The picture is the first, also where Keras hides its `Input`; `reads` counts rows. The receptive field counts
    pixels down, along the path that sees farthest; padding counts as if there was picture.

    >>> from lessons_lib.keras_models.classic import vgg
    >>> table = rows(sketch(vgg))
    >>> table[1].kind, table[1].shape, table[1].parameters, table[-7].name, table[-7].field
    ('conv 3 x 3', (224, 224, 64), 1792, 'flatten', 404)
    """
    validate.having(network, "network", "get_layer", "a Keras network")
    validate.flag(normed, "normed")
    parents, fields, numbers, found = _parents(network), {}, {}, []
    if not isinstance(network.layers[0], layers.InputLayer):
        found.append(Row("input", "input", tuple(network.inputs[0].shape[1:]), 0, 0, 1))
    for layer in network.layers:
        field = max((fields[parent] for parent in parents[layer.name]), key=lambda field: field[0], default=(1, 1))
        window, kind, work = _describe(layer)
        fields[layer.name] = geometry.grow_receptive_field(field, *window) if window else field
        parameters = sum(math.prod(weight.shape) for weight in layer.weights)
        shape = tuple(layer.output.shape[1:])
        reads = tuple(numbers[parent] for parent in parents[layer.name])
        if normed or kind in ("input", "sum", "side by side", "flatten") or window or work:
            numbers[layer.name] = len(found)
            reads = () if reads == (len(found) - 1,) else reads
            found.append(Row(layer.name, kind, shape, parameters, work, fields[layer.name][0], reads))
        else:
            numbers[layer.name] = reads[0] if reads else 0
    return found


def layer_list(network, normed=True):
    """Shape of the picture and list of `Layer` of a network: what `layer_table.table` and the panel `LayerTable` take.

    Branch by branch: what a sum or a side by side reads first comes first, with all before it. Layers that have neither
    parameters nor a window, such as activations and dropouts, are left out, and with normed=False batch normalisations
    too: a layer that reads one reads what that one reads. Windows must be square.

    >>> from lessons_lib.keras_models.branching import squeezenet
    >>> shape, some = layer_list(sketch(squeezenet))
    >>> shape, len(some), some[4].kind, some[5].kind, some[5].reads
    ((227, 227, 3), 38, 'conv', 'concat', (4, 5))
    """
    validate.having(network, "network", "get_layer", "a Keras network")
    validate.flag(normed, "normed")
    if len(network.inputs) != 1 or len(network.inputs[0].shape) != 4:
        raise ValueError(f"network reads {[tuple(one.shape) for one in network.inputs]}; give one that reads a picture")
    # Of each of Keras' layers: the number, in the list, of the layer whose output it hands on, and the zeros it adds.
    parents, numbers, zeros, found = _parents(network), {}, {}, []
    for layer in _by_branches(network, parents):
        before = parents[layer.name]
        if isinstance(layer, layers.InputLayer):
            numbers[layer.name] = 0
            continue
        one = _layer(layer, zeros.get(before[0], NO_ZEROS) if before else NO_ZEROS, normed)
        if isinstance(layer, layers.ZeroPadding2D):
            zeros[layer.name] = layer.padding
        elif any(parent in zeros for parent in before) and getattr(one, "kind", "") not in ("conv", "pool"):
            raise ValueError(f"layer {layer.name!r} reads zeros laid around maps; only a window may read them here")
        reads = tuple(numbers[parent] for parent in before) or (0,)
        if one is None:
            numbers[layer.name] = reads[0]
            continue
        found.append(one._replace(reads=() if reads == (len(found),) else reads))
        numbers[layer.name] = len(found)
    return tuple(network.inputs[0].shape[1:]), found


def _parents(network):
    """For the name of each layer the names of the layers that it reads."""
    if isinstance(network, keras.Sequential):
        names = [layer.name for layer in network.layers]
        return {name: names[:index][-1:] for index, name in enumerate(names)}
    made_by = {id(tensor): layer.name for layer in network.layers for tensor in keras.tree.flatten(layer.output)}
    found = {}
    for layer in network.layers:
        tensors = [] if isinstance(layer, layers.InputLayer) else keras.tree.flatten(layer.input)
        if not all(id(tensor) in made_by for tensor in tensors):
            raise ValueError(f"layer {layer.name!r} reads what no layer of this network makes; build it from its Input")
        found[layer.name] = [made_by[id(tensor)] for tensor in tensors]
    return found


def _by_branches(network, parents):
    """The layers of a network, each behind all that it reads, and branch after branch."""
    read = {parent for some in parents.values() for parent in some}
    done, waiting = {}, [layer for layer in reversed(network.layers) if layer.name not in read]
    while waiting:
        layer = waiting[-1]
        missing = [network.get_layer(name) for name in parents[layer.name] if name not in done]
        if missing:
            waiting += reversed(missing)
            continue
        done[waiting.pop().name] = layer
    return list(done.values())


def _layer(layer, zeros, normed):
    """A layer of Keras as a `Layer`, or None where it has neither parameters nor a window."""
    name = type(layer).__name__
    if name in JOINS and (name != "Concatenate" or layer.axis in (-1, len(layer.output.shape) - 1)):
        return Layer(JOINS[name])
    if isinstance(layer, (layers.Conv2D, layers.DepthwiseConv2D, *POOLINGS)):
        return _window(layer, zeros)
    if isinstance(layer, layers.Dense) and len(layer.input.shape) == 2:
        return Layer("fc", layer.units, bias=layer.use_bias)
    if isinstance(layer, layers.GlobalAveragePooling2D) and not layer.keepdims:
        return Layer("mean")
    if name == "MoreMaps":
        return Layer("zeros", layer.maps, stride=layer.stride)
    if isinstance(layer, layers.BatchNormalization) and (not normed or (layer.center and layer.scale)):
        return Layer("norm") if normed else None
    same = not isinstance(layer.input, (list, tuple)) and layer.input.shape == layer.output.shape
    if isinstance(layer, (layers.Flatten, layers.ZeroPadding2D)) or (same and not layer.weights):
        return None
    raise ValueError(f"layer {layer.name!r}, {name}, cannot be written as a Layer; leave it out")


def _window(layer, zeros):
    """A convolution or a pooling; `zeros` are the numbers of zeros before and behind its rows and columns."""
    pool = isinstance(layer, POOLINGS)
    size, stride = layer.pool_size if pool else layer.kernel_size, layer.strides[0]
    sides = [side - sum(ends) for side, ends in zip(layer.input.shape[1:3], zeros, strict=True)]
    # Keras' own padding with an odd window, and whatever else gives as many rows and columns.
    first = (size[0] - 1) // 2 if layer.padding == "same" else zeros[0][0]
    fits = [
        padding
        for padding in (first, *range(size[0]))
        if [(side + 2 * padding - size[0]) // stride + 1 for side in sides] == list(layer.output.shape[1:3])
    ]
    dilated = not pool and set(layer.dilation_rate) != {1}
    if len(set(size)) > 1 or len(set(layer.strides)) > 1 or dilated or not fits:
        raise ValueError(
            f"layer {layer.name!r} has windows of {' × '.join(map(str, size))} and padding {layer.padding!r}, which "
            f"cannot be written as a Layer; its windows must be square and its padding alike at all ends"
        )
    if pool:
        return Layer("pool", 1, size[0], stride, fits[0])
    groups = layer.input.shape[-1] if isinstance(layer, layers.DepthwiseConv2D) else layer.groups
    return Layer("conv", layer.output.shape[-1], size[0], stride, fits[0], groups, bias=layer.use_bias)


def _describe(layer):
    """Window (size, stride) or None, kind, multiply-adds."""
    if isinstance(layer, CONVOLUTIONS):
        size = layer.kernel_size
        return (size[0], layer.strides[0]), f"conv {size[0]} x {size[1]}", _work(layer)
    if isinstance(layer, layers.Dense):
        return None, "fully connected", layer.input.shape[-1] * layer.units
    if isinstance(layer, POOLINGS):
        size = layer.pool_size
        return (size[0], layer.strides[0]), f"pool {size[0]} x {size[1]}", 0
    if isinstance(layer, (layers.Flatten, layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D)):
        side = layer.input.shape[1] if len(layer.input.shape) == 4 else 1
        kinds = {"Flatten": "flatten", "GlobalMaxPooling2D": "largest of each map"}
        return (side, 1), kinds.get(type(layer).__name__, "mean of each map"), 0
    name = type(layer).__name__
    return None, KINDS.get(name, name.lower()), 0


def _work(layer):
    """Multiply-adds of a convolution: numbers that come out, times the weights of one kernel."""
    outputs, depth, window = math.prod(layer.output.shape[1:]), layer.input.shape[-1], math.prod(layer.kernel_size)
    if isinstance(layer, layers.SeparableConv2D):
        return outputs // layer.filters * depth * (window + layer.filters)
    if isinstance(layer, layers.DepthwiseConv2D):
        return outputs * window
    return outputs * window * (depth // layer.groups)
