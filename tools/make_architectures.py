"""Lesson 7's data: the table of the architectures, and the depth experiment over three seeds.

    python tools/make_architectures.py architectures     count every network of the table: architectures.csv
    python tools/make_architectures.py networks          the layers of eight of them, for the panel: networks.csv
    python tools/make_architectures.py --new depth       train 35 small networks, some 20 minutes: depth.npz, registered

What is counted comes from the course's own builders, what is quoted from the sources named below. Training is not the
same to the last bit on two machines, so `depth` made again differs a little from the file registered.
"""

import sys
from functools import partial

import numpy as np

from lessons_lib import architectures as lesson
from lessons_lib import keras_models
from lessons_lib.architectures.layer_table import Layer
from lessons_lib.keras_models import depth_experiment as experiment
from lessons_lib.keras_models.as_table import count, layer_list, sketch
from make_data import as_csv, as_npz, main

ONE = "one network, one crop of 224 x 224 pixels of each validation photo"
SMALL = "made for CIFAR-10: no figure for ImageNet"
HE = "He and others, arXiv:1512.03385"
TORCH = "torchvision 0.20.1"
CV = "the table of pytorchcv (osmr/imgclsmob)"
VGG = "Simonyan and Zisserman, arXiv:1409.1556, Table 7"
# Name, year, how it is built, what torchvision's copy of it changes, who says what it is, and who else counts as many
# parameters.
QUOTED = [
    ("AlexNet", 2012, "classic.alexnet()", "AlexNet of 2014, arXiv:1404.5997",
     "Krizhevsky and others, NeurIPS 2012, Table 2", "the paper's section 1 (60 million)"),
    ("NiN", 2013, "classic.nin()", None, "Lin and others, arXiv:1312.4400, section 4.2", f"{CV}, nin_cifar10"),
    ("VGG-16", 2014, 'classic.vgg("D")', "", VGG, f"{TORCH}, vgg16"),
    ("VGG-19", 2014, 'classic.vgg("E")', "", VGG, f"{TORCH}, vgg19"),
    ("GoogLeNet", 2014, "branching.googlenet()", "with batch normalisation, and 3 x 3 in place of 5 x 5",
     "Szegedy and others, arXiv:1409.4842, Table 2",
     "the table of HewlettPackard/dlcookbook-dlbs, for Caffe's bvlc_googlenet"),
    ("ResNet-34", 2015, "residual.resnet(34)", "", HE, f"{TORCH}, resnet34"),
    ("ResNet-50", 2015, "residual.resnet(50)", "", HE, f"{TORCH}, resnet50"),
    ("ResNet-101", 2015, "residual.resnet(101)", "", HE, f"{TORCH}, resnet101"),
    ("ResNet-152", 2015, "residual.resnet(152)", "", f"{HE}, Table 5", f"{TORCH}, resnet152"),
    ("SqueezeNet", 2016, "branching.squeezenet()", "", "Iandola and others, arXiv:1602.07360",
     f"{TORCH}, squeezenet1_0"),
    ("Stochastic depth", 2016, "residual.stochastic_depth()", None,
     "Huang and others, arXiv:1603.09382, section 4", f"{HE}, Table 6 (1.7 million)"),
    ("Wide ResNet", 2016, "residual.wide_resnet()", None, "Zagoruyko and Komodakis, arXiv:1605.07146, Table 4",
     f"{CV}, wrn28_10_cifar10"),
    ("FractalNet", 2016, "branching.fractalnet()", None, "Larsson and others, arXiv:1605.07648, section 4",
     "nobody for this width; four narrower ones are those of the paper's Table 3"),
    ("DenseNet-121", 2016, "branching.densenet()", "", "Huang and others, arXiv:1608.06993", f"{TORCH}, densenet121"),
    ("ResNeXt-50", 2016, "residual.resnext()", "", "Xie and others, arXiv:1611.05431", f"{TORCH}, resnext50_32x4d"),
]  # fmt: skip
# Top-5 errors in per cent, all from one table: "ImageNet 1-crop error rates (224x224)" in docs/source/models.rst of
# github.com/pytorch/vision, commit 0ac28a0ede41d61d2900353060d620ad33acf1d5.
ERRORS = {
    "AlexNet": 20.91, "VGG-16": 9.62, "VGG-19": 9.12, "GoogLeNet": 10.47, "ResNet-34": 8.58, "ResNet-50": 7.13,
    "ResNet-101": 6.44, "ResNet-152": 5.94, "SqueezeNet": 19.58, "DenseNet-121": 7.83, "ResNeXt-50": 6.30,
}  # fmt: skip
TABLE = "top-5 error: pytorch/vision, docs/source/models.rst, ImageNet 1-crop error rates"
# Top-5 errors in the contest, as the papers have them, and what was measured: several networks together, many crops.
CONTEST = {
    "AlexNet": (15.3, "seven networks together, two of them trained first on more photos, test photos"),
    "VGG-19": (7.3, "seven networks of 16 and 19 layers together, test photos"),
    "GoogLeNet": (6.7, "seven networks together, test photos, 144 crops of each"),
    "ResNet-152": (3.6, "six networks of several depths together, test photos"),
}
LISTED = (
    "AlexNet", "GoogLeNet", "ResNet-34", "SqueezeNet", "Wide ResNet", "FractalNet", "DenseNet-121", "ResNeXt-50",
)  # fmt: skip
DEPTHS, SEEDS, EPOCHS = (8, 20, 32), range(5), 6


def architectures(_work):
    """One line per network: what is quoted, and what is counted."""
    rows = [[
        "name", "year", "layers", "parameters", "multiply_adds", "top5", "top5_of", "contest", "contest_of", "call",
        "source",
    ]]  # fmt: skip
    for name, year, call, changed, source, counted in QUOTED:
        found = count(sketch(lambda call=call: eval(call, vars(keras_models))))
        counts = [found[column] for column in ("layers", "parameters", "multiply_adds")]
        what = SMALL if changed is None else f"{ONE}; torchvision's copy, {changed}" if changed else ONE
        contest = CONTEST.get(name, (None, None))
        sources = [source, *([TABLE] if name in ERRORS else []), f"parameters: {counted}"]
        rows.append([name, year, *counts, ERRORS.get(name), what, *contest, call, "; ".join(sources)])
    return as_csv(rows)


def networks(_work):
    """One line per layer, with what it reads where that is not the line before; the picture is a layer "input"."""
    rows = [["network", *Layer._fields]]
    for name, _year, call, *_ in QUOTED:
        if name in LISTED:
            (side, _side, depth), layers = layer_list(sketch(lambda call=call: eval(call, vars(keras_models))))
            for *numbers, bias, reads in (Layer("input", depth, side), *layers):
                rows.append([name, *numbers, int(bias), " ".join(map(str, reads))])
    return as_csv(rows)


def depth(_work):
    """Accuracy in training and validation, by block, depth, seed and epoch; and both modes of batch normalisation."""
    arrays = {name: np.zeros((2, len(DEPTHS), len(SEEDS), EPOCHS), np.float32) for name in ("learned", "tested")}
    for place in np.ndindex(2, len(DEPTHS), len(SEEDS)):
        kind, layers, seed = place[0], DEPTHS[place[1]], SEEDS[place[2]]
        # With quicker running means the validation says something after one epoch; they change nothing in training.
        block = partial((experiment.plain, experiment.residual)[kind], momentum=0.9)
        arrays["learned"][place], arrays["tested"][place] = experiment.train(
            block, (layers - 2) // 2, seed, epochs=EPOCHS, validation_data=lesson.clothes(1500, 500)
        )
        print(f"seed {seed}, {layers} layers, {block.func.__name__}: {arrays['learned'][place]}", flush=True)
    modes = np.array([experiment.modes(seed) for seed in SEEDS], np.float32)
    return as_npz({
        "depths": np.array(DEPTHS, np.int32), "seeds": np.array(SEEDS, np.int32), **arrays, "modes": modes,
    })  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(makers={"architectures": architectures, "networks": networks, "depth": depth}, doc=__doc__))
