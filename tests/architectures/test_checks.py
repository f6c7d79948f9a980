"""Lesson 7's checks: what a student's blocks and training are told."""

import numpy as np
import pytest

from checking import names_its_mistakes, said
from lessons_lib import architectures
from lessons_lib.architectures import checks
from lessons_lib.core.verdict import own

keras_models = pytest.importorskip("lessons_lib.keras_models")

import keras  # noqa: E402
from keras import layers  # noqa: E402

from lessons_lib.keras_models import depth_experiment as ours  # noqa: E402


def conv(kernels, size=3, padding="same", activation=None, **more):
    return layers.Conv2D(kernels, size, padding=padding, activation=activation, **more)


def vgg(turn, pool=layers.MaxPooling2D(2), times=None):  # noqa: B008
    def block(x, kernels, convolutions):
        for _number in range(convolutions if times is None else times):
            x = turn(x, kernels)
        return pool(x) if pool else x

    return block


def right_turn(x, kernels):
    return conv(kernels, activation="relu")(x)


def shared():
    made = conv(5, activation="relu")
    return lambda x, _kernels: made(x)


def unchained(x, kernels, convolutions):
    for _number in range(convolutions):
        y = conv(kernels, activation="relu")(x)
    return layers.MaxPooling2D(2)(y)


def pooling_in_the_loop(x, kernels, convolutions):
    for _number in range(convolutions):
        x = layers.MaxPooling2D(2, padding="same")(right_turn(x, kernels))
    return x


def exchanged(x, kernels, convolutions):
    return vgg(lambda x, _kernels: right_turn(x, convolutions), times=kernels)(x, kernels, convolutions)


def kernels_are_convolutions(x, kernels, convolutions):
    return vgg(lambda x, _kernels: right_turn(x, convolutions))(x, kernels, convolutions)


def vgg_without_return(x, kernels, convolutions):
    vgg(right_turn)(x, kernels, convolutions)


def pooling_first(x, kernels, convolutions):
    return vgg(right_turn, None)(layers.MaxPooling2D(2)(x), kernels, convolutions)


VGG_WRONG = [
    (vgg(lambda x, kernels: right_turn(x, 64)), "always have 64 kernels"),
    (vgg(right_turn, times=2), "convolutions is always 2"), (unchained, "read what the one before it gives"),
    (exchanged, "in your block is 5; the argument says 3"), (kernels_are_convolutions, "two arguments are exchanged"),
    (pooling_in_the_loop, "one pooling, after the last"), (vgg(right_turn, None), "no pooling"),
    (pooling_first, "The pooling comes after"), (vgg_without_return, "returns nothing"),
    (vgg(lambda x, kernels: conv(kernels)(x)), "not followed by ReLU"),
    (vgg(lambda x, kernels: conv(kernels, activation="tanh")(x)), "followed by tanh"),
    (vgg(lambda x, kernels: conv(kernels, padding="valid", activation="relu")(x)), "loses two rows"),
    (vgg(lambda x, kernels: conv(kernels, 5, activation="relu")(x)), "windows are 5 × 5"),
    (vgg(lambda x, kernels: conv(kernels, strides=2, activation="relu")(x)), "steps of 2"),
    (vgg(right_turn, layers.AveragePooling2D(2)), "by means"),
    (vgg(right_turn, layers.MaxPooling2D(3, strides=2, padding="same")), "does not halve"),
    (vgg(lambda x, kernels: layers.BatchNormalization()(right_turn(x, kernels))), "layer BatchNormalization"),
    (lambda x, kernels, convolutions: layers.MaxPooling2D(2)(x), "Does each line keep its result"),
    (lambda x, kernels, convolutions: keras.Sequential([conv(kernels), layers.MaxPooling2D(2)])(x), "one by one"),
    (vgg(right_turn, layers.MaxPooling2D), "two pairs of brackets"), (vgg(shared()), "make a new layer each time"),
    (lambda x, kernels, convolutions: 3, "returns 3"),
    (lambda x, kernels, convolutions: conv(kernels), "returns a layer"),
    (lambda x, kernels, convolutions: layers.MaxPooling2D(2)(keras.Input((8, 8, 3))), "not computed from x"),
    (lambda x, kernels, convolutions: layers.MaxPooling2D(2)(conv(kernels)), "two pairs of brackets"),
    (ours.vgg_block, "belongs to a library"), (5, "is no function"),
]  # fmt: skip
VGG_RIGHT = [
    vgg(right_turn),
    vgg(lambda x, kernels: layers.ReLU()(conv(kernels)(x))),
    vgg(lambda x, kernels: keras.activations.relu(conv(kernels, (3, 3))(x)), layers.MaxPool2D()),
]


def test_a_vgg_block():
    names_its_mistakes(checks.vgg_block, VGG_WRONG, VGG_RIGHT, keras, ours.vgg_block)


def two(x, middle=layers.ReLU, **more):
    """Two convolutions, each with batch normalisation."""
    y = layers.BatchNormalization()(conv(x.shape[-1], **more)(x))
    y = middle()(y) if middle else y
    return layers.BatchNormalization()(conv(x.shape[-1], **more)(y))


def relu(x):
    return layers.ReLU()(x)


def from_the_middle(x):
    first = relu(layers.BatchNormalization()(conv(x.shape[-1])(x)))
    return relu(layers.BatchNormalization()(conv(x.shape[-1])(first)) + first)


def sum_before_norm(x):
    y = relu(layers.BatchNormalization()(conv(x.shape[-1])(x)))
    return relu(layers.BatchNormalization()(conv(x.shape[-1])(y) + x))


def relu_first(x):
    y = layers.BatchNormalization()(relu(conv(x.shape[-1])(x)))
    return relu(layers.BatchNormalization()(conv(x.shape[-1])(y)) + x)


def later_form(x):
    y = conv(x.shape[-1])(relu(layers.BatchNormalization()(x)))
    return conv(x.shape[-1])(relu(layers.BatchNormalization()(y))) + x


def lost(x):
    conv(x.shape[-1])(x)
    return relu(layers.Add()([layers.BatchNormalization()(layers.BatchNormalization()(conv(x.shape[-1])(x))), x]))


def in_sequence(x):
    parts = [
        conv(x.shape[-1]),
        layers.BatchNormalization(),
        layers.ReLU(),
        conv(x.shape[-1]),
        layers.BatchNormalization(),
    ]
    return relu(keras.Sequential(parts)(x) + x)


def one_norm(x):
    norm = layers.BatchNormalization()
    return relu(norm(conv(x.shape[-1])(relu(norm(conv(x.shape[-1])(x))))) + x)


def sixteen(x):
    return relu(layers.Add()([layers.BatchNormalization()(conv(16)(x)), x]))


RESIDUAL_WRONG = [
    (ours.plain, "belongs to a library"), (lambda x: relu(two(x)), "never adds x: it is a plain block"),
    (lambda x: two(x), "never adds x, and has no ReLU"), (lambda x: two(x) + x, "one more ReLU follows"),
    (lambda x: relu(two(x)) + x, "before the sum, not after"), (lambda x: relu(relu(two(x)) + x), "one ReLU too many"),
    (lambda x: relu(two(x, None) + x), "no ReLU between"), (lambda x: two(x, None) + x, "no ReLU at all"),
    (from_the_middle, "You add what the first ReLU gives"), (sum_before_norm, "before the second normalisation"),
    (relu_first, "first ReLU comes before the normalisation"), (later_form, "a later form of the block"),
    (lambda x: relu(layers.Concatenate()([two(x), x])), "is put beside the result"),
    (lambda x: relu(layers.Multiply()([two(x), x])), "multiply"), (lambda x: relu(two(x) - x), "subtract x"),
    (lambda x: relu(two(x) + two(x)), "convolutions in your block is 4"), (lost, "block is 1;"),
    (one_norm, "batch normalisations in your block is 1"),
    (lambda x: relu(conv(x.shape[-1])(relu(conv(x.shape[-1])(x))) + x), "batch normalisations in your block is 0"),
    (sixteen, "two volumes of one size"), (lambda x: relu(two(x, padding="valid") + x), "two volumes of one size"),
    (lambda x: relu(layers.Add()(two(x), x)), "one list of two volumes"),
    (lambda x: relu(two(x, activation="relu") + x), "its own relu, before the batch normalisation"),
    (lambda x: relu(two(x, size=5) + x), "windows are 5 × 5"), (lambda x: None, "returns nothing"),
    (lambda x: layers.ReLU(two(x) + x), "two pairs of brackets"), (lambda x: in_sequence(x), "one by one"),
    (lambda x: relu(layers.BatchNormalization(conv(x.shape[-1])(x)) + x), "two pairs of brackets"),
    (lambda x: relu(tw(x)), "NameError"),  # noqa: F821
]  # fmt: skip
RESIDUAL_RIGHT = [
    lambda x: relu(two(x) + x),
    lambda x: keras.activations.relu(layers.add([x, two(x, use_bias=False)])),
    lambda x: layers.Activation("relu")(layers.Add()([x, two(x, lambda: layers.Activation("relu"))])),
]


def test_a_residual_block():
    names_its_mistakes(checks.residual, RESIDUAL_WRONG, RESIDUAL_RIGHT, keras, ours.residual)


def test_the_lesson_goes_on_with_what_is_right():
    assert checks.residual(RESIDUAL_RIGHT[0], keras, ours.residual) is RESIDUAL_RIGHT[0]
    assert own("architectures")["residual"]
    assert checks.residual(relu, keras, ours.residual) is ours.residual
    assert checks.residual(..., keras, ours.residual) is ours.residual
    assert not own("architectures")["residual"]


def training(take=lambda history: history.history["accuracy"], when="before", blocks=None, epochs=4, batch=32,
             kind=None, metrics=("accuracy",)):  # fmt: skip
    """A student's training with one thing changed."""

    def train(block, count, seed, live):
        if when != "after":
            keras.utils.set_random_seed(3 if when == "fixed" else seed)
        network = ours.deep(kind or block, count if blocks is None else blocks)
        if when == "after":
            keras.utils.set_random_seed(seed)
        network.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=list(metrics))
        pictures = architectures.clothes()
        return take(network.fit(*pictures, epochs=epochs, batch_size=batch, callbacks=[live], verbose=0))

    return train


TRAIN_WRONG = [
    (training(lambda history: None), "returns nothing"), (training(lambda history: history), "all that fit has noted"),
    (training(lambda history: history.history), "all that fit has noted"),
    (training(lambda history: history.model), "returns the network"),
    (training(lambda history: history.history["accuracy"][-1]), "accuracy of each epoch"),
    (training(lambda history: history.history["loss"]), "they are losses"), (training(epochs=1), "accuracies is 1"),
    (training(blocks=15), "15 blocks where 2 are wanted"),
    (training(kind=ours.residual), "not built of block"), (training(metrics=()), 'metrics=["accuracy"]'),
    (lambda block, blocks, seed, live: training()(block, blocks, seed, live()), "already"),
    (training(when="fixed"), "another number stand"),
    (training(when="after"), "must be set before"), (training(batch=256), "Compare: all pictures"),
    (lambda block, blocks, seed, live: 1 / 0, "ZeroDivisionError"), (ours.train, "belongs to a library"),
]  # fmt: skip


def test_a_training():
    names_its_mistakes(checks.train, TRAIN_WRONG, [training()], keras, ours.train)


def test_the_weights_of_a_bottleneck():
    mistakes = [
        ((69_632, 1_179_648), "other way round"), ((589_824, 69_632), "one of the two layers"),
        ((1_180_160, 70_016), "counted biases"), ((1_179_648, 53_248), "the third leads back"),
        ((1_179_648, 180_224), "reads what the first"), ((1_179_648, 331_776), "one weight for each map"),
        ((4608, 69_632), "as deep as the volume"), ((393_216, 69_632), "nine weights"),
        ((131_072, 69_632), "each place of its window"), ((1_179_648, 36_864), "The 3 × 3 has weights for each place"),
        ((1, 2), "its window, times"),
        (5, "one number in place of"),
    ]  # fmt: skip
    right = [(1_179_648, 69_632), "1,179,648; 69,632", np.array([1_179_648, 69_632])]
    names_its_mistakes(checks.bottleneck_weights, mistakes, right, never=["69,632", "1,179,648", "69632"])


def test_the_second_miss_shows_no_solution():
    for _time in range(2):
        text = said(checks.residual, lambda x: relu(two(x)), keras, ours.residual)
    assert "Add" not in text and "\n" not in text.strip()
