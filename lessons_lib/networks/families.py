"""Every architecture of lesson 7 by one call: `vgg("D")`, `resnet(50)`, `resnet(34, shortcuts=False)`, `nin()`."""

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
