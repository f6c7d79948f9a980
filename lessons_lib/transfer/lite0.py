"""EfficientNet-Lite0 in NumPy, with weights learned from ImageNet: names photos and shows where it looked.

The same network in Keras, for training, is `keras_models.efficientnet_lite.build`.
"""

import difflib

import numpy as np

from lessons_lib import geometry, pooling, transfer
from lessons_lib.core import validate
from lessons_lib.core.fast_conv import fast_conv2d, fast_depthwise2d
from lessons_lib.transfer.inspect_network import grad_cam

# Of each stage: blocks, kernel, stride of its first block, expansion, maps. Tan and Le, Table 1, as Lite0 has it.
STAGES = (
    (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320),
)  # fmt: skip
# Kernel and stride of every convolution wider than 1 x 1: the stem's, and one in each block.
WIDE = [(3, 2), *((kernel, 1 if k else stride) for blocks, kernel, stride, *_ in STAGES for k in range(blocks))]
LAYERS = ("stem", *(f"block{number}" for number in range(len(WIDE) - 1)), "head")
EPSILON = 1e-3  # of the normalisation


def path(layer):
    """Kernel and stride of every convolution wider than 1 x 1 from the picture to "stem", "block0" ... or "head".

    >>> path("stem"), path("block1")
    ([(3, 2)], [(3, 2), (3, 1), (3, 2)])
    """
    return WIDE[: LAYERS.index(validate.choice(layer, "layer", LAYERS)) + 1]


class Lite0:
    """The network of `transfer.imagenet`; `arrays` are those of `data.load("efficientnet-lite0")`, of either precision.

    >>> transfer.imagenet().maps(np.zeros((1, 64, 64, 3)), "block1").shape
    (1, 16, 16, 24)
    """

    def __init__(self, arrays, classes, dtype=np.float32):
        self.classes, self._dtype, self._convolutions = list(classes), np.dtype(dtype), {}
        self.weights, self.biases = (arrays[f"_fc.{part}"].astype(dtype) for part in ("weight", "bias"))
        norms = {"_conv_stem": "_bn0", "_expand_conv": "_bn0", "_depthwise_conv": "_bn1", "_project_conv": "_bn2"}
        for name in [name.removesuffix(".weight") for name in arrays if "_conv" in name]:
            block, _dot, own = name.rpartition(".")
            norm = f"{block}.{norms[own]}" if block else norms.get(own, "_bn1")
            parts = ("weight", "bias", "running_mean", "running_var")
            gamma, beta, mean, variance = (arrays[f"{norm}.{part}"].astype(float) for part in parts)
            # Once trained, the normalisation is one product and one sum a map: both go into the convolution before it.
            times, kernels = gamma / np.sqrt(variance + EPSILON), arrays[f"{name}.weight"].astype(float)
            kernels = kernels * (times[:, None] if own == "_depthwise_conv" else times)
            self._convolutions[name] = kernels.astype(dtype), (beta - mean * times).astype(dtype)

    def probabilities(self, photos):
        """The probabilities of the 1,000 classes: (1000,) of a photo, (B, 1000) of a batch that is prepared already.

        A photo is bytes, (M, N) or (M, N, 3), and is prepared by `transfer.prepare`; a batch, (B, M, N, 3), is taken as
        it is.

        >>> from lessons_lib import data
        >>> transfer.imagenet().probabilities(data.load("coffee")).argmax().item()
        967
        """
        return self._probabilities(self.maps(photos, "head"))

    def _probabilities(self, head):
        return pooling.softmax(head.mean(axis=(-3, -2)) @ self.weights + self.biases)

    def top(self, photo, count=5):
        """The most probable classes of a photo with their probabilities, the largest first.

        >>> from lessons_lib import data
        >>> [(name, round(p, 2)) for name, p in transfer.imagenet().top(data.load("coffee"), count=2)]
        [('espresso', 0.94), ('cup', 0.02)]
        """
        return transfer.top(self.probabilities(_one(photo)), self.classes, count)

    def maps(self, photos, layer):
        """What a layer, "stem", "block0" ... "block15" or "head", gives: (M', N', K) of a photo, or (B, M', N', K).

        >>> from lessons_lib import data
        >>> transfer.imagenet().maps(data.load("coffee"), "head").shape
        (7, 7, 1280)
        """
        return self.all_maps(photos, [layer])[layer]

    def all_maps(self, photos, layers):
        """The maps of several layers by name, computed at once; the arguments are those of `maps`.

        >>> [maps.shape for maps in transfer.imagenet().all_maps(np.zeros((64, 64)), ["stem", "head"]).values()]
        [(112, 112, 32), (7, 7, 1280)]
        """
        layers = [validate.choice(layer, "layer", LAYERS) for layer in validate.sequence(layers, "layers")]
        photos = validate.array(photos, "photos", axes=(2, 3, 4))
        if photos.ndim == 4 and (photos.shape[3] != 3 or min(photos.shape[1:3]) < 32):
            raise ValueError(
                f"photos of shape {photos.shape} are no batch; give (B, M, N, 3) of 32 × 32 pixels or more"
            )
        batch = photos if photos.ndim == 4 else transfer.prepare(photos)[None]
        # One picture at a time stays closer to the processor.
        last = max(map(LAYERS.index, layers))
        every = [self._forward(picture[None].astype(self._dtype), layers, last) for picture in batch]
        joined = {layer: np.concatenate([maps[layer] for maps in every]) for layer in layers}
        return joined if photos.ndim == 4 else {layer: maps[0] for layer, maps in joined.items()}

    def _forward(self, x, layers, last):
        """The maps of `layers` by name, not computing further than layer number `last`."""
        kept = {}
        for number, layer in enumerate(LAYERS[: last + 1]):
            if layer == "stem":
                x = _relu6(self._conv(x, "_conv_stem", *WIDE[0]))
            elif layer == "head":
                x = _relu6(self._conv(x, "_conv_head"))
            else:
                x = self._block(x, f"_blocks.{number - 1}.", *WIDE[number])
            if layer in layers:
                kept[layer] = x
        return kept

    def _block(self, x, name, kernel, stride):
        """Wider (1 x 1), each map by itself, narrower (1 x 1); where the shape stays, the input is added."""
        start = x
        if f"{name}_expand_conv" in self._convolutions:
            x = _relu6(self._conv(x, f"{name}_expand_conv"))
        kernels, bias = self._convolutions[f"{name}_depthwise_conv"]
        x = _relu6(fast_depthwise2d(_padded(x, kernel, stride), kernels[..., 0], bias, stride))
        x = self._conv(x, f"{name}_project_conv")
        return x + start if x.shape == start.shape else x

    def _conv(self, x, name, kernel=1, stride=1):
        kernels, bias = self._convolutions[name]
        return fast_conv2d(_padded(x, kernel, stride), kernels, bias, stride)

    def heat_map(self, photo, name):
        """Grad-CAM: where in a photo the score of a class, by name or number, comes from, (7, 7); 0 is nowhere.

        Behind the last maps stand a mean over their 49 cells and one dense layer, so the gradient of the score is the
        same in each cell of a map: the class's weight, divided by 49.
        Selvaraju et al., "Grad-CAM", ICCV 2017, https://arxiv.org/abs/1610.02391

        >>> from lessons_lib import data
        >>> transfer.imagenet().heat_map(data.load("coffee"), "espresso").shape
        (7, 7)
        """
        maps = self.maps(_one(photo), "head")
        return grad_cam(maps, self.weights[:, self.number(name)] / (maps.shape[0] * maps.shape[1]))

    def number(self, name):
        """The number of a class by one of its names, or the number itself when there is such a class.

        >>> transfer.imagenet().number("espresso"), transfer.imagenet().number(967)
        (967, 967)
        """
        if not isinstance(name, str):
            return validate.whole(name, "name", 0, len(self.classes) - 1)
        # `top` shows the first of a class's names.
        found = [k for k, entry in enumerate(self.classes) if entry.split(",")[0] == name]
        found = found or [k for k, entry in enumerate(self.classes) if name in (entry, *entry.split(", "))]
        if len(found) == 1:
            return found[0]
        if found:
            numbers = " or ".join(f"{k} ({self.classes[k]})" for k in found)
            raise ValueError(f"name is {name!r}, which several classes have; give the number: {numbers}")
        names = [one for entry in self.classes for one in entry.split(", ")]
        near = difflib.get_close_matches(name, names) or ["espresso"]
        raise ValueError(f"name is {name!r}, which is no class; give one of the 1,000, such as {' or '.join(near)}")


def _one(photo):
    return validate.array(photo, "photo", axes=(2, 3))


def _padded(x, kernel, stride):
    """With TensorFlow's zeros around, of which the odd one comes last."""
    rows, columns = (geometry.pad_widths(side, kernel, stride) for side in x.shape[1:3])
    return np.pad(x, [(0, 0), rows, columns, (0, 0)]) if kernel > 1 else x


def _relu6(x):
    return np.clip(x, 0, 6, out=x)
