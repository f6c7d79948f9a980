"""Lesson 7's networks: as large as the papers and other libraries say, shape by shape, refused where they must be."""

import functools
import re

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons_lib import architectures, data
from lessons_lib.architectures import layer_table
from lessons_lib.architectures.layer_table import Layer
from lessons_lib.keras_models import blocks, branching, classic, depth_experiment, pretrained, residual, training
from lessons_lib.keras_models.as_table import count, layer_list, rows, sketch

BUILDERS = {**vars(classic), **vars(residual), **vars(branching), "keras_own": pretrained.keras_own}
# Call, learned parameters, layers, thousand millions of multiply-adds, and who else counts as many. `torchvision` is
# `num_params` and `_ops` in the metadata of the weights of torchvision 0.20.1 (alexnet.py, vgg.py, resnet.py,
# densenet.py, squeezenet.py in torchvision/models), and `pytorchcv` for the tables in the documentation of pytorchcv
# (osmr/imgclsmob, pytorch/README.md). `dlbs` is the table of HewlettPackard/dlcookbook-dlbs, which links the Caffe
# network that it counts, and `burden` albanie/convnet-burden. Depths are the lecture's and those of the papers' titles.
# Others count a little more work, such as one operation a normalisation: up to 1 %.
PUBLISHED = [
    ("alexnet()", 60_965_224, 8, 0.724, "the paper has 60 million; burden: caffenet, another order, 724 M"),
    ("alexnet(groups=1)", 62_378_344, 8, None, "pytorchcv AlexNet; dlbs alexnet"),
    ('vgg("A")', 132_863_336, 11, 7.609, "torchvision VGG11_Weights"),
    ('vgg("A-LRN")', 132_863_336, 11, 7.609, "torchvision VGG11_Weights: a response normalisation learns nothing"),
    ('vgg("B")', 133_047_848, 13, 11.308, "torchvision VGG13_Weights"),
    ('vgg("C")', 133_638_952, 16, None, "the paper's Table 2 has 134 million"),
    ('vgg("D")', 138_357_544, 16, 15.47, "torchvision VGG16_Weights; Keras VGG16; the lecture"),
    ('vgg("E")', 143_667_240, 19, 19.632, "torchvision VGG19_Weights; Keras VGG19; the lecture"),
    ("googlenet()", 6_998_552, 22, None, "dlbs googlenet"),
    ("resnet(18)", 11_689_512, 18, 1.814, "torchvision ResNet18_Weights"),
    ("resnet(34)", 21_797_672, 34, 3.664, "torchvision ResNet34_Weights"),
    ("resnet(50)", 25_557_032, 50, 3.87795, "torchvision ResNet50_Weights; work: pytorchcv, stride in the 1 × 1"),
    ("resnet(101)", 44_549_160, 101, 7.59795, "torchvision ResNet101_Weights; work: pytorchcv ResNet-101, likewise"),
    ("resnet(152)", 60_192_808, 152, 11.3, "torchvision ResNet152_Weights; work: the paper's Table 1"),
    ("cifar_resnet(20)", 269_722, 20, None, "the paper's Table 6 has 0.27 million"),
    ("cifar_resnet(32)", 464_154, 32, None, "the paper's Table 6 has 0.46 million"),
    ("cifar_resnet(56)", 853_018, 56, None, "the paper's Table 6 has 0.85 million"),
    ("cifar_resnet(110)", 1_727_962, 110, None, "the paper's Table 6 has 1.7 million"),
    ("stochastic_depth()", 1_727_962, 110, None, "the same network"),
    ("nin()", 966_986, 9, 0.22297, "pytorchcv NIN for CIFAR-10"),
    # The paper's 28 counts the three projections beside the path.
    ("wide_resnet()", 36_479_194, 28 - 2, 5.24698, "the paper's Table 4 has 36.5 million; pytorchcv WRN-28-10"),
    ("wide_resnet(16, 8)", 10_961_370, 16 - 2, None, "the paper's Table 4 has 11.0 million"),
    ("wide_resnet(40, 4)", 8_949_210, 40 - 2, None, "the paper's Table 4 has 8.9 million"),
    ("resnext()", 25_028_904, 50, 4.23, "torchvision ResNeXt50_32X4D_Weights"),
    ("resnext(101, 32, 8)", 88_791_336, 101, None, "torchvision ResNeXt101_32X8D_Weights"),
    ("densenet()", 7_978_856, 121, 2.834, "torchvision DenseNet121_Weights"),
    ("densenet(169)", 14_149_480, 169, None, "torchvision DenseNet169_Weights"),
    ("densenet(201)", 20_013_928, 201, None, "torchvision DenseNet201_Weights"),
    # The classes' own layer is counted here too: one layer more than in the paper.
    ("fractalnet(1, classes=100, width=1 / 4)", 258_292, 6, None, "the paper's Table 3 has 0.3 million and 5 layers"),
    ("fractalnet(2, classes=100, width=1 / 4)", 847_716, 11, None, "the paper's Table 3 has 0.8 million and 10"),
    ("fractalnet(3, classes=100, width=1 / 4)", 2_125_204, 21, None, "the paper's Table 3 has 2.1 million and 20"),
    ("fractalnet(4, classes=100, width=1 / 4)", 4_778_820, 41, None, "the paper's Table 3 has 4.8 million and 40"),
    ("squeezenet()", 1_248_424, 18, 0.837, "torchvision SqueezeNet1_0_Weights; burden: squeezenet1-0, 837 M"),
    ('squeezenet("1.1")', 1_235_496, 18, None, "torchvision SqueezeNet1_1_Weights"),
]  # fmt: skip


@functools.cache
def built(call):
    """A network without the memory of its weights; no test changes it."""
    return sketch(lambda: eval(call, dict(BUILDERS)))


@pytest.mark.parametrize("row", PUBLISHED, ids=[row[0] for row in PUBLISHED])
def test_counts_are_those_published(row):
    call, parameters, layers, work, source = row
    found = count(built(call))
    assert (found["parameters"], found["layers"]) == (parameters, layers), source
    assert work is None or found["multiply_adds"] / 1e9 == pytest.approx(work, rel=0.01), source


# Against Keras' own models


def shapes(network):
    return [tuple(weight.shape) for weight in network.weights]


@pytest.mark.parametrize(
    ("call", "name"), [('vgg("D")', "VGG16"), ('vgg("E")', "VGG19"), ("densenet()", "DenseNet121")]
)
def test_weights_have_the_shapes_of_keras(call, name):
    assert sorted(shapes(built(call))) == sorted(shapes(built(f"keras_own({name!r})")))


@pytest.mark.parametrize(("layers", "name"), [(50, "ResNet50"), (101, "ResNet101"), (152, "ResNet152")])
def test_resnet_is_that_of_keras_but_for_the_biases(layers, name):
    """Keras' convolutions have biases, which the normalisation behind each of them takes away again."""
    without, theirs = built(f"resnet({layers})"), built(f"keras_own({name!r})")
    assert sorted(shapes(built(f"resnet({layers}, bias=True)"))) == sorted(shapes(theirs))
    biases = sum(layer.filters for layer in without.layers if isinstance(layer, keras.layers.Conv2D))
    assert theirs.count_params() - without.count_params() == biases


def test_the_lectures_zoo():
    listed = {row["model"]: row["parameters"] for row in data.load("model-zoo")}
    for name in pretrained.ZOO:
        assert built(f"keras_own({name!r})").count_params() == listed[name]


# Shapes, stage by stage, where no published work, above, fixes the sides of the stages


SHAPES = {
    # The paper's Table 1, row by row.
    "googlenet()": {
        "conv1": (112, 112, 64), "pool1": (56, 56, 64), "conv2": (56, 56, 192), "pool2": (28, 28, 192),
        "3a": (28, 28, 256), "3b": (28, 28, 480), "pool3": (14, 14, 480), "4a": (14, 14, 512), "4b": (14, 14, 512),
        "4c": (14, 14, 512), "4d": (14, 14, 528), "4e": (14, 14, 832), "pool4": (7, 7, 832), "5a": (7, 7, 832),
        "5b": (7, 7, 1024), "mean": (1024,), "fc": (1000,),
    },
    "resnet(18, preactivation=True)": {"conv2_2": (56, 56, 64), "conv5_2": (7, 7, 512), "last_relu": (7, 7, 512)},
    "stochastic_depth()": {"stage1_18": (32, 32, 16), "stage2_18": (16, 16, 32), "stage3_18": (8, 8, 64)},
    "fractalnet()": {
        "block1_join": (32, 32, 64), "pool1": (16, 16, 64), "pool3": (4, 4, 256), "pool5": (1, 1, 512),
    },
}  # fmt: skip


@pytest.mark.parametrize("call", SHAPES)
def test_shapes_stage_by_stage(call):
    network = built(call)
    assert {name: network.get_layer(name).output.shape[1:] for name in SHAPES[call]} == SHAPES[call]
    assert network.output_shape[0] is None
    assert network.layers[-1].name == "softmax"


def test_vgg_columns_of_the_table():
    """LRN in A-LRN only; 1 x 1 in C only."""
    for configuration in classic.CONFIGURATIONS:
        layers = built(f'vgg("{configuration}")').layers
        assert sum(isinstance(layer, blocks.ResponseNorm) for layer in layers) == (configuration == "A-LRN")
        small = [layer.name for layer in layers if getattr(layer, "kernel_size", None) == (1, 1)]
        assert small == (["conv3_3", "conv4_3", "conv5_3"] if configuration == "C" else [])


def test_what_a_switch_changes():
    assert [tuple(output.shape[1:]) for output in built("googlenet(auxiliary=True)").outputs] == [(1000,)] * 3
    # Without the bottleneck the pooling's maps are all handed on, and the modules grow.
    assert built("googlenet(bottleneck=False)").get_layer("3a").output.shape[-1] == 64 + 128 + 32 + 192
    assert not any(isinstance(layer, residual.Sum) for layer in built("resnet(34, shortcuts=False)").layers)
    plain, with_shortcuts = (count(built(f"resnet(34{more})")) for more in (", shortcuts=False", ""))
    # Three 1 x 1 projections with their normalisations are all that the shortcuts cost.
    projections = sum(2 * depth_in * depth_in + 2 * 2 * depth_in for depth_in in (64, 128, 256))
    assert with_shortcuts["parameters"] - plain["parameters"] == projections
    # cifar_resnet's shortcuts cost nothing: see the experiment below.
    assert [layer.groups for layer in built("alexnet()").layers if isinstance(layer, keras.layers.Conv2D)] == [
        1, 2, 1, 2, 2
    ]  # fmt: skip
    with_dropout, without = (built(f"wide_resnet(16, 2, dropout={share})") for share in (0.3, 0))
    assert sum(isinstance(layer, keras.layers.Dropout) for layer in with_dropout.layers) == 6
    assert not any(isinstance(layer, keras.layers.Dropout) for layer in without.layers)


@pytest.mark.parametrize("width", [1 / 16, 1 / 3, 2])
def test_width_takes_all_kernels(width):
    network = built(f"vgg('B', (32, 32, 3), 10, width={width})")
    assert network.get_layer("conv1_1").filters == max(1, round(64 * width))
    assert network.get_layer("fc6").units == round(4096 * width)
    assert network.get_layer("fc8").units == 10


# What must be refused, beside what test_fire_networks.py sends to every builder


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("alexnet((66, 66, 3))", "at least 67 rows"), ('vgg("D", (31, 32, 3))', "at least 32 rows"),
        ("squeezenet(shape=(20, 20, 3))", "at least 32 rows"), ("nin((32, 32))", "give rows, columns and depth"),
        ("cifar_resnet(21)", "such as 20 or 26"), ("cifar_resnet(7)", "give 8 or more"),
        ("wide_resnet(27)", "such as 22 or 28"), ("resnext(34)", "choose one of 50, 101, 152"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_refused(call, words):
    with pytest.raises(ValueError, match=words):
        built(call)


# Parts, number by number


@pytest.mark.parametrize("maps", [3, 8])
def test_response_norm_is_that_of_numpy(maps):
    x = np.random.default_rng(0).normal(0, 30, (2, 3, 3, maps)).astype("float32")
    ours = architectures.response_norm(x, **architectures.RESPONSE_NORM)
    assert np.allclose(blocks.ResponseNorm()(x), ours, rtol=1e-4)


def test_batch_norm_is_that_of_numpy():
    x = np.random.default_rng(0).normal([3, -1], [2, 0.5], (4, 3, 5, 2)).astype("float32")
    layer = keras.layers.BatchNormalization(epsilon=1e-5)
    layer.build(x.shape)
    layer.set_weights([np.array([2.0, 3.0]), np.array([1.0, -1.0]), np.zeros(2), np.ones(2)])
    ours = architectures.batch_norm(x, scale=[2, 3], shift=[1, -1])
    assert np.allclose(layer(x, training=True), ours, atol=1e-4)


def zeroed(preactivation):
    """A block whose F is 0, since all its kernels are."""
    start = keras.Input((6, 6, 4))
    network = keras.Model(start, residual.block(start, [(4, 3), (4, 3)], preactivation=preactivation, name="b"))
    for layer in network.layers:
        if isinstance(layer, keras.layers.Conv2D):
            layer.set_weights([np.zeros_like(weight) for weight in layer.get_weights()])
    return network


@pytest.mark.parametrize("preactivation", [False, True])
def test_where_f_is_0_a_block_is_the_identity(preactivation):
    x = np.random.default_rng(0).normal(size=(2, 6, 6, 4)).astype("float32")
    y = zeroed(preactivation).predict_on_batch(x)
    # The block of 2015 has a ReLU after the sum; the pre-activation hands on negative numbers too.
    assert np.allclose(y, x if preactivation else np.maximum(x, 0), atol=1e-5)


def test_more_maps_are_zeros():
    x = np.arange(32, dtype="float32").reshape(1, 4, 4, 2)
    y = np.asarray(residual.MoreMaps(4, 2)(x))
    assert y.shape == (1, 2, 2, 4)
    assert np.array_equal(y[..., 1:3], x[:, ::2, ::2])
    assert not y[..., [0, 3]].any()


def test_a_block_comes_and_goes_by_chance():
    layer, changed, x = residual.Sum(0.25), tf.ones((1, 2)), tf.zeros((1, 2))
    seen = [float(np.asarray(layer([changed, x], training=True)).mean()) for _ in range(400)]
    assert set(seen) == {0.0, 1.0}
    # 400 throws: four standard deviations are 0.087.
    assert abs(np.mean(seen) - 0.25) < 0.087
    assert np.allclose(layer([changed, x], training=False), 0.25)
    assert np.allclose(residual.Sum()([changed, x], training=True), 1)


def test_every_block_survives_by_the_rule():
    rule = residual.survival_rule(0.5)
    sums = [layer.survival for layer in built("stochastic_depth()").layers if isinstance(layer, residual.Sum)]
    assert sums == [rule(number, 54) for number in range(1, 55)]


def test_a_network_of_our_layers_is_built_again_from_its_description():
    inner, start = residual.stochastic_depth(8, (8, 8, 1), 2, 1 / 4, seed=0), keras.Input((8, 8, 1))
    network = keras.Model(start, inner(blocks.ResponseNorm()(start)))
    copy = keras.models.model_from_json(network.to_json())
    copy.set_weights(network.get_weights())
    pictures = np.random.default_rng(0).normal(size=(2, 8, 8, 1))
    assert np.allclose(network.predict_on_batch(pictures), copy.predict_on_batch(pictures), atol=1e-6)
    assert [layer.name for layer in copy.layers[-1].layers] == [layer.name for layer in inner.layers]


@pytest.mark.parametrize("call", ["nin((8, 8, 1), 3, 1 / 16, seed=4)", "cifar_resnet(8, (8, 8, 1), 3, 1 / 4, seed=4)"])
def test_a_seed_chooses_the_weights(call):
    one, other = (eval(call, dict(BUILDERS)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one.get_weights(), other.get_weights(), strict=True))


# Layer tables


LISTED = {
    "AlexNet, on one GPU": "alexnet(groups=1)", "VGG, configuration A": 'vgg("A")', "VGG, configuration D": 'vgg("D")',
    "Network in network": "nin()",
}  # fmt: skip


@pytest.mark.parametrize("name", LISTED)
def test_the_table_of_a_network_is_the_table_of_its_list(name):
    """Once as a list of layers in NumPy, which a student changes, once as a Keras network."""
    ours = layer_table.table(*layer_table.NETWORKS[name])
    theirs = [row for row in rows(built(LISTED[name]), normed=False) if row.kind != "flatten"]
    # The mean of each map is a pooling over all of it, and leaves one row and one column.
    costs = [[(row.shape[-1], row.parameters, row.multiply_adds) for row in table] for table in (ours, theirs)]
    assert costs[0] == costs[1]
    windows = [k for k, row in enumerate(ours) if len(row.shape) == 3 and row.shape[0] > 1]
    assert [ours[k].shape for k in windows] == [theirs[k].shape for k in windows]
    # Up to the fully connected layers both see equally far; a fully connected one sees all that there is.
    assert [ours[k].field for k in windows] == [theirs[k].field for k in windows]


# Every variant of every builder that the timeline and the lesson name, and small ones with odd sides.
LISTED_CALLS = [
    *(row[0] for row in PUBLISHED), "vgg('A', (32, 32, 1), 10, 1 / 8)", "googlenet(bottleneck=False)",
    "googlenet(auxiliary=True)", "googlenet(norm=True)", *(f"resnet({n}, shortcuts=False)" for n in residual.BLOCKS),
    "resnet(50, bias=True)", "resnet(18, preactivation=True)", "resnet(50, preactivation=True)",
    "cifar_resnet(20, shortcuts=False)", "cifar_resnet(8, (28, 28, 1), stem=2)", "fractalnet()",
    "densenet(121, (50, 50, 3), 10, 1 / 8)", "keras_own('VGG16')", "keras_own('ResNet50')", "keras_own('DenseNet121')",
    "keras_own('MobileNetV2')",
]  # fmt: skip
# What has neither parameters nor a window, and has no row in a list.
LEFT_OUT = {"flatten", "relu", "activation", "dropout", "softmax", "response norm", "zeropadding2d"}


@pytest.mark.parametrize("call", LISTED_CALLS)
def test_a_list_to_change_is_the_network_row_by_row(call):
    network = built(call)
    found = layer_table.table(*layer_list(network))
    assert sum(row.parameters for row in found) == network.count_params()
    assert [row.name for row in rows(network)] == [layer.name for layer in network.layers]
    theirs = [row for row in rows(network) if row.kind not in LEFT_OUT]
    # Branch by branch, and not in Keras' order: each row of one is a row of the other.
    facts = [sorted((row.kind, *row[2:6]) for row in some) for some in (found, theirs)]
    groups, renamed = re.compile(r", \d+ groups$"), {"maps of zeros": "moremaps"}
    ours = sorted((renamed.get(kind, groups.sub("", kind)), *rest) for kind, *rest in facts[0])
    assert ours == facts[1]
    plain = layer_table.table(*layer_list(network, normed=False))
    assert [row[2:6] for row in plain] == [row[2:6] for row in found if row.kind != "batch norm"]


CALLS = {row["name"]: row["call"].split(".")[1] for row in architectures.timeline()}
SHIPPED = layer_table.networks().keys() - layer_table.NETWORKS


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_list_that_is_shipped_is_the_networks_own(name):
    assert layer_table.networks()[name] == layer_list(built(CALLS[name]))


def test_a_list_to_change_reads_what_the_network_reads():
    """GoogLeNet's first module and blocks of ResNets that grow, by hand; activations have no number."""
    _shape, layers = layer_list(built("googlenet()"))
    assert [(one.kind, one.kernels, one.size, one.reads) for one in layers[5:13]] == [
        ("conv", 64, 1, ()), ("conv", 96, 1, (5,)), ("conv", 128, 3, ()), ("conv", 16, 1, (5,)), ("conv", 32, 5, ()),
        ("pool", 1, 3, (5,)), ("conv", 32, 1, ()), ("concat", 1, 1, (6, 8, 10, 12)),
    ]  # fmt: skip
    _shape, layers = layer_list(built("resnet(18)"), normed=False)
    assert [(one.kind, one.kernels, one.size, one.stride, one.reads) for one in layers[2:12]] == [
        ("conv", 64, 3, 1, ()), ("conv", 64, 3, 1, ()), ("sum", 1, 1, 1, (4, 2)),
        ("conv", 64, 3, 1, ()), ("conv", 64, 3, 1, ()), ("sum", 1, 1, 1, (7, 5)),
        ("conv", 128, 3, 2, ()), ("conv", 128, 3, 1, ()), ("conv", 128, 1, 2, (8,)), ("sum", 1, 1, 1, (10, 11)),
    ]  # fmt: skip
    _shape, layers = layer_list(built("cifar_resnet(8)"), normed=False)
    assert [(one.kind, one.kernels, one.size, one.stride, one.reads) for one in layers[4:8]] == [
        ("conv", 32, 3, 2, ()), ("conv", 32, 3, 1, ()), ("zeros", 32, 1, 2, (4,)), ("sum", 1, 1, 1, (6, 7)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (keras.layers.Conv2D(2, (3, 5), name="odd"), "'odd' has windows of 3 × 5"),
        (keras.layers.Conv2D(2, 2, padding="same", name="even"), "'even' has windows of 2 × 2 and padding 'same'"),
        (keras.layers.Conv2D(2, 3, dilation_rate=2, name="wide"), "'wide' has windows of 3 × 3"),
        (keras.layers.SeparableConv2D(2, 3, name="two"), "'two', SeparableConv2D, cannot be written"),
        (keras.layers.UpSampling2D(name="up"), "'up', UpSampling2D, cannot be written"),
        (keras.layers.BatchNormalization(scale=False, name="norm"), "'norm', BatchNormalization, cannot be written"),
        (keras.layers.Dense(3, name="deep"), "'deep', Dense, cannot be written"),
        (keras.layers.GlobalMaxPooling2D(name="top"), "'top', GlobalMaxPooling2D, cannot be written"),
    ],
)
def test_a_layer_that_no_list_can_hold_is_named(layer, words):
    start = keras.Input((9, 9, 3))
    with pytest.raises(ValueError, match=re.escape(words)):
        layer_list(keras.Model(start, layer(start)))


def test_zeros_around_maps_belong_to_the_window_behind_them():
    start = keras.Input((9, 9, 3))
    framed = keras.layers.ZeroPadding2D(2)(start)
    assert layer_list(keras.Model(start, keras.layers.Conv2D(4, 5, 2)(framed))) == (
        (9, 9, 3), [Layer("conv", 4, 5, 2, 2)],
    )  # fmt: skip
    with pytest.raises(ValueError, match="'flat' reads zeros laid around maps"):
        layer_list(keras.Model(start, keras.layers.Flatten(name="flat")(framed)))
    with pytest.raises(ValueError, match="give one that reads a picture"):
        layer_list(keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]))


def test_a_sketch_makes_no_weights_and_leaves_other_networks_alone():
    made = []

    def initializer(shape, dtype=None):
        made.append(shape)
        return keras.ops.zeros(shape, dtype)

    def build():
        return keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, kernel_initializer=initializer)])

    before = classic.nin((8, 8, 1), 3, 1 / 16, seed=0)
    assert sketch(build).count_params() == 15
    assert made == [] and build().count_params() == 15 and made == [(4, 3)]
    assert before.predict_on_batch(np.zeros((1, 8, 8, 1))).shape == (1, 3)


# The small versions learn


def resized(pictures, side):
    """28 x 28 in a frame of black, or doubled and framed."""
    doubled = np.repeat(np.repeat(pictures, 2, axis=1), 2, axis=2) if side > 56 else pictures
    rest = side - doubled.shape[1]
    return np.pad(doubled, ((0, 0), (rest // 2, rest - rest // 2), (rest // 2, rest - rest // 2)))[..., None]


# Call, side of the pictures, learning rate, whether a step is cheaper than to prepare many.
SMALL = [
    ("alexnet({shape}, 10, 1 / 16, dropout=0, seed=0)", 67, 5e-3, False),
    ("vgg('A', {shape}, 10, 1 / 8, dropout=0, seed=0)", 32, 3e-3, False),
    ("googlenet({shape}, 10, 1 / 8, norm=True, dropout=0, seed=0)", 32, 1e-2, True),
    ("resnet(18, {shape}, 10, 1 / 8, seed=0)", 32, 5e-3, True),
    ("resnet(18, {shape}, 10, 1 / 8, preactivation=True, seed=0)", 32, 5e-3, True),
    ("cifar_resnet(8, {shape}, 10, 1 / 2, seed=0)", 28, 2e-2, True),
    ("cifar_resnet(8, {shape}, 10, 1 / 2, shortcuts=False, seed=0)", 28, 2e-2, False),
    ("nin({shape}, 10, 1 / 4, dropout=0, seed=0)", 28, 3e-3, False),
    ("wide_resnet(10, 2, {shape}, 10, 1 / 2, seed=0)", 28, 1e-2, True),
    ("resnext(50, 2, 4, {shape}, 10, 1 / 8, seed=0)", 32, 5e-3, False),
    ("stochastic_depth(8, {shape}, 10, 1 / 2, seed=0)", 28, 2e-2, False),
    ("densenet(121, {shape}, 10, 1 / 8, seed=0)", 32, 1e-2, True),
    ("fractalnet(2, {shape}, 10, 1 / 16, seed=0)", 32, 1e-2, True),
    # A ReLU is the last thing here: a class that begins with a map of zeros learns nothing. With this seed none does.
    ("squeezenet('1.1', {shape}, 10, 1 / 4, dropout=0, seed=1)", 64, 1e-3, False),
]


@pytest.mark.parametrize(("call", "side", "rate", "eager"), SMALL, ids=[row[0].split("(")[0] for row in SMALL])
def test_a_small_version_learns_32_pictures_by_heart(call, side, rate, eager):
    everything = data.load("fashion-mnist")
    pictures, labels = everything["images"][:32] / 255 - 0.3, everything["labels"][:32]
    network = eval(call.format(shape=(side, side, 1)), dict(BUILDERS))
    network.compile(
        keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"], run_eagerly=eager
    )
    for _step in range(300):
        network.reset_metrics()
        accuracy = network.train_on_batch(training.to_batch(resized(pictures, side)), labels, return_dict=True)[
            "accuracy"
        ]
        if accuracy == 1:
            return
    pytest.fail(f"{accuracy:.2f} right after 300 steps")


# The experiment of the lesson


def test_the_experiment_is_the_one_described():
    for times in (3, 9, 15):
        plain, residual_ = (
            sketch(lambda block=block: depth_experiment.deep(block, times))  # noqa: B023
            for block in (depth_experiment.plain, depth_experiment.residual)
        )
        assert plain.count_params() == residual_.count_params()
        assert count(plain)["layers"] == 2 * times + 2
    learned, validation = architectures.clothes(), architectures.clothes(1500, 500)
    assert learned[0].shape == (1500, 14, 14, 1) and len(validation[1]) == 500
    whole = data.load("fashion-mnist")
    assert np.isclose(learned[0][7, 3, 5, 0], whole["images"][7, 6:8, 10:12].mean() / 255)
    assert np.array_equal(np.concatenate([learned[1], validation[1]]), whole["labels"][:2000])


def test_the_experiment_is_the_same_with_one_seed():
    runs = [depth_experiment.train(depth_experiment.residual, 1, seed, epochs=1) for seed in (0, 0, 1)]
    assert abs(runs[0][0] - runs[1][0]) < 1e-2
    assert runs[0][0] != runs[2][0]
