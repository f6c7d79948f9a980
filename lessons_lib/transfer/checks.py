"""Lesson 8's tasks: the numbers a network expects, a head, a network for a folder of photos, fine-tuning.

Networks are seen through what Keras makes public, so that nothing here loads Keras. `scale`, `add_head` and `fine_tune`
show their Verdict, and return the student's function when it is right, else the library's.
"""

import reprlib

import numpy as np

from lessons_lib import transfer
from lessons_lib.core.i18n import _
from lessons_lib.core.network import stopped
from lessons_lib.core.text import join_words
from lessons_lib.core.verdict import GIVEN, Verdict, judge_function, keeps_input, refused, task

LAST = 11  # layers of the base from its last block on
LARGE_RATE = 5e-4  # what is more is no small learning rate for the base
TINY_RATE = 5e-6  # what is less changes nothing in a few epochs
# What Keras says to layers.Dense(5, maps), to layers.GlobalAveragePooling2D(maps) and to layers that were never called.
ONE_PAIR = (
    "`data_format`", "`units`", "activation function identifier: <KerasTensor", "Only input tensors", "All `outputs`"
)  # fmt: skip


@task("transfer/scale", otherwise=transfer.scale)
def scale(answer):
    """A function that makes of a photo's bytes what the pretrained network was trained on.

    >>> _ = scale(lambda pixels: pixels / 255)
    ✗ Your numbers lie between 0 and 1; this network wants black at about −1 and white at 1.
    """
    some, others = np.linspace(0, 255, 6 * 7 * 3).reshape(6, 7, 3), np.arange(5 * 4 * 3.0).reshape(5, 4, 3)
    mistakes = [
        ("bytes", lambda x: x, _("These are the pixels themselves; the network never met numbers as large as 255.")),
        ("to-1", lambda x: x / 255,
         _("Your numbers lie between 0 and 1; this network wants black at about −1 and white at 1.")),
        ("not-divided", lambda x: x - 127.0, _("You subtracted 127 but did not divide.")),
        ("not-subtracted", lambda x: x / 128, _("You divided but did not subtract: black must become negative.")),
        ("other-recipe", lambda x: x / 127.5 - 1,
         _("That is the recipe of other networks, such as MobileNet; this one has its own two numbers.")),
        ("exchanged", lambda x: (x - 128.0) / 127, _("The two numbers have changed places.")),
        ("one-number", lambda x: (x - 127.0) / 127,
         _("You divided by the number that you subtracted; there are two different ones.")),
        ("no-brackets", lambda x: x - 127 / 128, _("Without brackets only 127 is divided.")),
    ]  # fmt: skip
    what = _("pixels, an array of rows, columns and 3 channels")
    hint = _("What must become 0, and what 1? First subtract, then divide.")
    verdict = judge_function(answer, [(some,), (others,)], transfer.scale, mistakes, what, hint, 1e-5, alone=())
    return keeps_input(verdict, answer, (some,))


@task("transfer/add-head", otherwise=GIVEN)
def add_head(answer, base, otherwise):
    """A function of a base and a number of classes: the base frozen, the mean of each map, a dense softmax.

    >>> _ = add_head(5, None, print)
    ✗ I received 5, which is no function; give its name alone, without brackets behind it.
    """
    if verdict := refused(answer):
        return verdict
    before, base.trainable = base.trainable, True
    try:
        network, verdict = _called(answer, base, 5)
        return verdict or _no_network(network) or _head(network, base) or Verdict(_("Right."), True)
    finally:
        base.trainable = before


def _called(answer, *arguments):
    """What a student's function returns for these arguments, or the verdict on the exception that it stops with."""
    try:
        return answer(*arguments), None
    # A student's function may fail in any way.
    except (Exception, SystemExit) as error:
        brackets = _(
            "A layer has two pairs of brackets: the first make it, and the second call it with what it reads, as in "
            "layer()(maps)."
        )
        return None, stopped(error, dict.fromkeys(ONE_PAIR, brackets))


def _no_network(network):
    if hasattr(network, "layers") and hasattr(network, "trainable_weights"):
        return None
    if network is None:
        return Verdict(_("Your function returns nothing; end it with return and the network."), False, "no-return")
    text = _("I received {answer}, which is no Keras network.")
    return Verdict(text.format(answer=reprlib.repr(network)), False, "no-network")


def _kinds(network, base):
    """The layers of a network after its base, by the names of their kinds; None when the base is not in it."""
    layers = network.layers
    places = [k for k, layer in enumerate(layers) if layer is base]
    return [type(layer).__name__ for layer in layers[places[0] + 1 :]] if places else None


def _head(network, base, classes=5):
    """The verdict on what is wrong with a head of so many classes on a base, or None."""
    kinds = _kinds(network, base)
    if kinds is None:
        return Verdict(_("Your network does not use the base: the head must read its maps."), False, "no-base")
    dense = [layer for layer in network.layers if type(layer).__name__ == "Dense"]
    if base.trainable_weights:
        text = _("Your base is not frozen: all of it would learn from thirty pictures.")
        return Verdict(text, False, "not-frozen")
    if not dense:
        return Verdict(_("Your head has no dense layer, so it has no unit for each class."), False, "no-dense")
    if "Flatten" in kinds:
        text = _("Flatten keeps every place of every map. Here the mean of each map is wanted.")
        return Verdict(text, False, "flatten")
    if "GlobalMaxPooling2D" in kinds:
        return Verdict(_("You take the largest number of each map; the mean is wanted."), False, "max")
    if len(network.output_shape) != 2:
        text = _(
            "Your network gives {size} numbers: the maps still have rows and columns when the dense layer reads them."
        )
        size = " × ".join(map(str, network.output_shape[1:]))
        return Verdict(text.format(size=size), False, "no-means")
    units = network.output_shape[-1]
    if units != classes:
        text = _("For {classes} classes your network has {units} outputs. Give the last layer a unit for each class.")
        return Verdict(text.format(classes=classes, units=units), False, "units")
    activations = [layer.get_config().get("activation", "softmax") for layer in network.layers if _acts(layer)]
    if activations.count("softmax") > 1:
        return Verdict(_("Softmax stands there twice; once is enough."), False, "softmax-twice")
    if activations[-1] != "softmax":
        text = _("The last layer has the activation {name}: its outputs are no probabilities that sum to 1.")
        return Verdict(text.format(name=activations[-1]), False, "activation")
    if len(dense) > 1:
        text = _("This works, too, but it has {count} dense layers. Here one is enough, and it learns fewer weights.")
        return Verdict(text.format(count=len(dense)), False, "more-layers")
    return None


def _acts(layer):
    return type(layer).__name__ in ("Dense", "Activation", "Softmax")


@task("transfer/own-network")
def own_network(network, pictures, labels, classes):
    """A trained network for a folder of photos: its base frozen, its head right, its answers better than guesses.

    >>> own_network(3, np.zeros((2, 96, 96, 3)), np.array([0, 1]), ["cat", "dog"])
    ✗ I received 3, which is no Keras network.
    """
    if verdict := _no_network(network):
        return verdict
    base = next((layer for layer in network.layers if hasattr(layer, "layers")), None)
    if base is None:
        return Verdict(_("There is no base in your network: begin with the pretrained one."), False, "no-base")
    if tuple(network.input_shape[1:]) != pictures.shape[1:]:
        text = _("Your network reads pictures of {given} pixels a side, and these have {side}.")
        text = text.format(given=network.input_shape[1], side=pictures.shape[1])
        return Verdict(text, False, "side")
    if verdict := _head(network, base, len(classes)):
        return verdict
    steps = getattr(getattr(network, "optimizer", None), "iterations", None)
    if steps is None:
        return Verdict(_("Your network is not compiled yet."), False, "not-compiled")
    if int(steps) == 0:
        return Verdict(_("Your network has not learned yet: call fit."), False, "not-trained")
    probabilities = network.predict(pictures, verbose=0)
    answers = probabilities.argmax(axis=1)
    said = [_("Test photos: {wrong}.").format(wrong=transfer.wrong(probabilities, labels))]
    guesses = 1 - np.bincount(labels).max() / len(labels)
    if (answers != labels).mean() >= guesses:
        said.insert(
            0, _("No better than always answering the most frequent class: did fit get these pictures' labels?")
        )
        return Verdict(" ".join(said), False, "guesses")
    if never := transfer.missing(answers, classes):
        text = _("It runs, but it never says {names}: did you use train, for the photos and for the labels?")
        return Verdict(" ".join([text.format(names=join_words(never)), *said]), False, "never")
    return Verdict(" ".join([_("Right."), *said]), True)


@task("transfer/fine-tune", otherwise=GIVEN)
def fine_tune(answer, network, base, otherwise):
    """A function of a network and its base that sets the last block free and compiles again with a small rate.

    >>> _ = fine_tune(len, None, None, print)
    ✗ Nice try: that function belongs to a library. Write your own, and run its cell.
    """
    if verdict := refused(answer):
        return verdict
    base.trainable, before = False, getattr(network, "optimizer", None)
    _nothing, verdict = _called(answer, network, base)
    return verdict or _set_free(network, base) or _compiled(network, before) or Verdict(_("Right."), True)


def _set_free(network, base):
    """The verdict on the layers that learn now, or None: the head, the base's last ones without batch normalisation."""
    head = [layer for layer in network.layers if layer is not base and layer.weights]
    if not all(part.trainable for part in [network, *head]):
        for part in [network, *head]:
            part.trainable = True
        text = _(
            "The head is frozen, or the network as a whole, and then nothing learns. Freeze layers of the base only."
        )
        return Verdict(text, False, "nothing-learns")
    weighty = [layer for layer in base.layers if layer.weights]
    last = [layer for layer in base.layers[-LAST:] if layer.weights]
    wanted = [layer for layer in last if not _is_norm(layer)]
    free = [layer for layer in weighty if layer.trainable_weights]
    if free == wanted:
        return None
    if not free:
        return Verdict(_("The whole base is still frozen."), False, "frozen")
    if free == last:
        text = _("Batch normalisation is free, too: it would use the means of each small batch. Freeze these layers.")
        return Verdict(text, False, "batch-norm")
    if free in (weighty, [layer for layer in weighty if not _is_norm(layer)]):
        text = _("All layers of the base are free now; the first ones should stay as they are.")
        return Verdict(text, False, "all-free")
    if not any(layer in free for layer in wanted):
        return Verdict(_("The last block is frozen, and others are free."), False, "exchanged")
    text = _("{count} layers with weights are free. Without batch normalisation layers[-{last}:] has {wanted}.")
    text = text.format(count=len(free), last=LAST, wanted=len(wanted))
    return Verdict(text, False, "other-layers")


def _is_norm(layer):
    return type(layer).__name__ == "BatchNormalization"


def _compiled(network, before):
    """The verdict on the optimiser, or None when it is a new one with a small rate."""
    if getattr(network, "optimizer", None) is before:
        text = _(
            "You did not compile. Call compile after each change of trainable: without it fit stops, or may go on with "
            "an old list of weights."
        )
        return Verdict(text, False, "not-compiled")
    loss = getattr(network.loss, "name", None) or getattr(network.loss, "__name__", network.loss)
    if loss is None:
        return Verdict(_("Your compile has no loss, so fit cannot know what is wrong."), False, "no-loss")
    if loss.replace("_", "").lower() != "sparsecategoricalcrossentropy":
        text = _("Your loss is {loss}; take that of the head, which fits labels that are whole numbers.")
        return Verdict(text.format(loss=loss), False, "loss")
    rate = float(np.asarray(network.optimizer.learning_rate))
    if rate > LARGE_RATE:
        text = _(
            "Your learning rate is {rate:g}, as for new weights. Take a smaller one for weights that are good already."
        )
        return Verdict(text.format(rate=rate), False, "large-rate")
    if rate < TINY_RATE:
        text = _("Your learning rate is {rate:g}: with such small steps nothing will change in a few epochs.")
        return Verdict(text.format(rate=rate), False, "tiny-rate")
    return None
