"""Every architecture of lesson 7 by one call: `vgg("D")`, `resnet(50)`, `resnet(34, shortcuts=False)`, `nin()`."""

import keras

from lessons_lib.core import validate
from lessons_lib.keras_models.alexnet import alexnet as alexnet
from lessons_lib.keras_models.densenet import densenet as densenet
from lessons_lib.keras_models.fractalnet import fractalnet as fractalnet
from lessons_lib.keras_models.googlenet import googlenet as googlenet
from lessons_lib.keras_models.googlenet import inception as inception
from lessons_lib.keras_models.nin import nin as nin
from lessons_lib.keras_models.resnet import block as block
from lessons_lib.keras_models.resnet import cifar_resnet as cifar_resnet
from lessons_lib.keras_models.resnet import resnet as resnet
from lessons_lib.keras_models.resnext import resnext as resnext
from lessons_lib.keras_models.squeezenet import squeezenet as squeezenet
from lessons_lib.keras_models.stochastic_depth import stochastic_depth as stochastic_depth
from lessons_lib.keras_models.vgg import vgg as vgg
from lessons_lib.keras_models.wide_resnet import wide_resnet as wide_resnet

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
    return getattr(keras.applications, validate.choice(name, "name", known))(weights=None)
