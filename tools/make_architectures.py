"""Lesson 7's data: the table of the architectures, and the depth experiment over three seeds.

    python tools/make_architectures.py architectures     count every network of the table: architectures.csv
    python tools/make_architectures.py --new depth       train 18 small networks, some minutes: depth.npz, registered

What is counted comes from the course's own builders, what is quoted from the sources named below. Training is not the
same to the last bit on two machines, so `depth` made again differs a little from the file registered.
"""

import sys

import numpy as np

from lessons_lib import keras_models
from lessons_lib.keras_models import depth_experiment as experiment
from lessons_lib.keras_models.as_table import count, sketch
from make_data import as_csv, as_npz, main

SEVEN = "seven networks of the competition, test pictures"
TEN = "one network, ten views of each validation picture"
ONE = "one network, one view of each validation picture"
SMALL = "made for CIFAR-10: no figure for ImageNet"
HE = "He and others, arXiv:1512.03385"
AUTHORS = "also in the authors' repository KaimingHe/deep-residual-networks"
TORCH = "torchvision 0.20.1"
CV = "the table of pytorchcv (osmr/imgclsmob)"
VGG = "Simonyan and Zisserman, arXiv:1409.1556, Table 7"
# Name, year, how it is built, per cent wrong among the best five, what that was measured with, who says so, and who
# else counts as many parameters.
QUOTED = [
    ("AlexNet", 2012, "classic.alexnet()", 16.4, "average of five networks, validation pictures",
     "Krizhevsky and others, NeurIPS 2012, Table 2", "the paper's section 1 (60 million)"),
    ("NiN", 2013, "classic.nin()", None, SMALL, "Lin and others, arXiv:1312.4400, section 4.2", f"{CV}, nin_cifar10"),
    ("VGG-16", 2014, 'classic.vgg("D")', 7.3, SEVEN, VGG, f"{TORCH}, vgg16"),
    ("VGG-19", 2014, 'classic.vgg("E")', 7.3, SEVEN, VGG, f"{TORCH}, vgg19"),
    ("GoogLeNet", 2014, "branching.googlenet()", 6.7, SEVEN, "Szegedy and others, arXiv:1409.4842, Table 2 (6.67)",
     "the table of HewlettPackard/dlcookbook-dlbs, for Caffe's bvlc_googlenet"),
    ("ResNet-34", 2015, "residual.resnet(34)", 7.5, TEN, f"{HE}, Table 3, ResNet-34 B (7.46)", f"{TORCH}, resnet34"),
    ("ResNet-50", 2015, "residual.resnet(50)", 6.7, TEN, f"{HE}, Table 3 (6.71); {AUTHORS}", f"{TORCH}, resnet50"),
    ("ResNet-101", 2015, "residual.resnet(101)", 6.1, TEN, f"{HE}, Table 3 (6.05); {AUTHORS} (6.1)",
     f"{TORCH}, resnet101"),
    ("ResNet-152", 2015, "residual.resnet(152)", 3.6, "six networks of the competition, test pictures",
     f"{HE}, Table 5 (3.57)", f"{TORCH}, resnet152"),
    ("SqueezeNet", 2016, "branching.squeezenet()", 19.7, "one network, validation pictures",
     "Iandola and others, arXiv:1602.07360, Table 2 (80.3 right)", f"{TORCH}, squeezenet1_0"),
    ("Stochastic depth", 2016, "residual.stochastic_depth()", None, SMALL,
     "Huang and others, arXiv:1603.09382, section 4", f"{HE}, Table 6 (1.7 million)"),
    ("Wide ResNet", 2016, "residual.wide_resnet()", None, SMALL, "Zagoruyko and Komodakis, arXiv:1605.07146, Table 4",
     f"{CV}, wrn28_10_cifar10"),
    ("FractalNet", 2016, "branching.fractalnet()", None, SMALL, "Larsson and others, arXiv:1605.07648, section 4",
     "nobody for this width; four narrower ones are those of the paper's Table 3"),
    ("DenseNet-121", 2016, "branching.densenet()", 7.7, ONE, "Huang and others, arXiv:1608.06993, Table 3 (7.71)",
     f"{TORCH}, densenet121"),
    ("ResNeXt-50", 2016, "residual.resnext()", 6.3, ONE,
     f"Xie and others, arXiv:1611.05431, gives only the first answer's error; this one: {TORCH}, its first weights "
     "(93.698 right)", f"{TORCH}, resnext50_32x4d"),
]  # fmt: skip
DEPTHS, SEEDS = (8, 20, 32), (0, 1, 2)


def architectures(_work):
    """One line per network: what is quoted, and what is counted."""
    rows = [["name", "year", "layers", "parameters", "multiply_adds", "top5", "top5_of", "call", "source"]]
    for name, year, call, wrong, what, source, counted in QUOTED:
        found = count(sketch(lambda call=call: eval(call, vars(keras_models))))
        counts = [found[column] for column in ("layers", "parameters", "multiply_adds")]
        rows.append([name, year, *counts, wrong, what, call, f"{source}; parameters: {counted}"])
    return as_csv(rows)


def depth(_work):
    """Accuracy and loss, on what is learned from and on pictures held out, by shortcuts, depth, seed and epoch."""
    names = {"accuracy": "learned", "val_accuracy": "tested", "loss": "loss", "val_loss": "tested_loss"}
    shape = (2, len(DEPTHS), len(SEEDS), experiment.EPOCHS)
    arrays = {name: np.zeros(shape, np.float32) for name in names.values()}
    for column, seed in enumerate(SEEDS):
        for row, layers in enumerate(DEPTHS):
            for shortcuts in (False, True):
                record = experiment.train(layers, shortcuts, seed=seed)
                for theirs, ours in names.items():
                    arrays[ours][int(shortcuts), row, column] = record[theirs]
                print(
                    f"seed {seed}, {layers} layers, shortcuts {shortcuts}, {record['seconds'][-1]:.0f} s:", flush=True
                )
                print(*(f"{name} {record[name][-1]:.3f}" for name in names), flush=True)
    return as_npz({"depths": np.array(DEPTHS, np.int32), "seeds": np.array(SEEDS, np.int32), **arrays})


if __name__ == "__main__":
    sys.exit(main(makers={"architectures": architectures, "depth": depth}, doc=__doc__))
