"""Every architecture of lesson 7 by one call: `vgg("D")`, `resnet(50)`, `resnet(34, shortcuts=False)`, `nin()`."""

import keras

from lessons_lib import expect
from lessons_lib.networks.alexnet import alexnet as alexnet
from lessons_lib.networks.densenet import densenet as densenet
from lessons_lib.networks.fractalnet import fractalnet as fractalnet
from lessons_lib.networks.googlenet import googlenet as googlenet
from lessons_lib.networks.googlenet import inception as inception
from lessons_lib.networks.nin import nin as nin
from lessons_lib.networks.resnet import block as block
from lessons_lib.networks.resnet import cifar_resnet as cifar_resnet
from lessons_lib.networks.resnet import resnet as resnet
from lessons_lib.networks.resnext import resnext as resnext
from lessons_lib.networks.squeezenet import squeezenet as squeezenet
from lessons_lib.networks.stochastic_depth import stochastic_depth as stochastic_depth
from lessons_lib.networks.vgg import vgg as vgg
from lessons_lib.networks.wide_resnet import wide_resnet as wide_resnet

# The lecture's table of Keras' models.
ZOO = ("Xception", "VGG16", "VGG19", "ResNet50", "InceptionV3", "InceptionResNetV2", "MobileNet")


def keras_own(name):
    """A network as Keras builds it, with random weights.

    Parameters
    ----------
    name : str
        One of `ZOO`, or DenseNet121 and others of `keras.applications`.

    Returns
    -------
    keras.Model

    Raises
    ------
    ValueError
        If Keras has no network of that name.

    References
    ----------
    https://keras.io/api/applications

    Examples
    --------
    >>> keras_own("MobileNet").count_params()
    4253864
    """
    known = [own for own in vars(keras.applications) if own[0].isupper()]
    return getattr(keras.applications, expect.choice(name, "name", known))(weights=None)
