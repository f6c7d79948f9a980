"""Lesson 7's tasks: a VGG block, a residual block, a training, and the weights of ResNet's bottleneck.

A student's network is built with the Keras that the notebook hands over, and seen through what Keras makes public, so
that nothing here loads Keras. `vgg_block`, `residual` and `train` show their Verdict, and return the student's function
when it is right, else the one that they are given.
"""

import reprlib

import numpy as np

from lessons_lib.core.i18n import _
from lessons_lib.core.network import configs, stopped, two_brackets
from lessons_lib.core.text import size_text
from lessons_lib.core.verdict import GIVEN, Verdict, judge, refused, task

EPOCHS, SEED, BLOCKS = 4, 8191, 2  # of the training with which `train` is tried


def _network(answer, keras, shape, *arguments):
    """The network that leads from an input of this shape to what a student's function returns, or a verdict."""
    x = keras.Input(shape)
    try:
        y = answer(x, *arguments)
    # A student's function may fail in any way.
    except (Exception, SystemExit) as error:
        return None, _stopped(error)
    if y is None:
        text = _("Your function returns nothing; end it with return and what the last layer gives.")
        return None, Verdict(text, False, "no-return")
    if type(y) is not type(x):
        text = _(
            "Your function returns {result}; it must return what the last layer gives, as x is what a layer gives."
        )
        return None, Verdict(text.format(result=_short(y)), False, "no-tensor")
    try:
        network = keras.Model(x, y)
    except ValueError:
        text = _("What your function returns is not computed from x: does the first layer read x?")
        return None, Verdict(text, False, "not-connected")
    if any(hasattr(layer, "layers") for layer in network.layers):
        text = _(
            "Your block holds a network, such as Sequential; write its layers one by one, each with what it reads."
        )
        return None, Verdict(text, False, "network-inside")
    return network, None


def _short(value):
    kind = type(value).__name__
    return _("a layer or network, {kind}").format(kind=kind) if hasattr(value, "layers") or hasattr(value, "weights") \
        else reprlib.repr(value)  # fmt: skip


def _stopped(error):
    """The verdict on an exception in a student's function, with what some messages of Keras mean here."""
    one_size = _("A sum needs two volumes of one size. How do rows, columns and depth change on the way?")
    meanings = {
        "incompatible shapes": one_size,
        "broadcast": one_size,
        "Only instances of": two_brackets(),
        "Only input tensors": two_brackets(),
        "expected axis -1": _("A layer that is used twice must read volumes of one depth; make a new layer each time."),
        "'accuracy'": _('fit counts what compile names in metrics=["accuracy"].'),
        "'Callback' object is not callable": _("live is a callback already; give it to fit without brackets."),
        "should be called on a list": _("Add reads a list of two volumes, in square brackets."),
        "too many positional": _("A layer reads one thing, and Add one list of two volumes, in square brackets."),
        "A merge layer": _("Add reads a list of two volumes, in square brackets."),
    }  # fmt: skip
    return stopped(error, meanings)


def _count(steps, kind):
    return sum(step["kind"] == kind for step in steps)


def _window(step, kernels):
    """The verdict on a convolution that is none of 3 x 3, stride 1, the same size and so many kernels, or None."""
    if tuple(step["kernel_size"]) != (3, 3):
        text = _("Your windows are {size}; here all are 3 × 3.")
        return Verdict(text.format(size=size_text(*step["kernel_size"])), False, "window")
    if tuple(step["strides"]) != (1, 1):
        text = _("A convolution takes steps of {stride}; its stride is 1.")
        return Verdict(text.format(stride=step["strides"][0]), False, "stride")
    if step["padding"] != "same":
        text = _("Each convolution loses two rows and two columns; they must keep rows and columns.")
        return Verdict(text, False, "padding")
    if step["filters"] != kernels:
        text = _("A convolution has {given} kernels where {kernels} are wanted.")
        return Verdict(text.format(given=step["filters"], kernels=kernels), False, "kernels")
    return None


VGG_CASES = [((32, 24, 3), 5, 3), ((16, 20, 2), 4, 1)]


@task("architectures/vgg_block", otherwise=GIVEN)
def vgg_block(answer, keras, otherwise):
    """A function of x, kernels and convolutions that builds a block of VGG.

    >>> _ = vgg_block(5, None, print)
    ✗ I received 5, which is no function; give its name alone, without brackets behind it.
    """
    if verdict := refused(answer):
        return verdict
    seen = []
    for shape, *arguments in VGG_CASES:
        network, verdict = _network(answer, keras, shape, *arguments)
        if verdict:
            return verdict
        seen.append(configs(network.operations))
    return _vgg_layers(seen) or _vgg_numbers(seen) or Verdict(_("Right."), True)


def _vgg_layers(seen):
    """The verdict on layers that are missing, too many, or in another order, or None."""
    poolings, convolutions = ([_count(steps, kind) for steps in seen] for kind in ("MaxPooling2D", "Conv2D"))
    wanted = [case[2] for case in VGG_CASES]
    kinds = {step["kind"] for steps in seen for step in steps}
    if not any(convolutions):
        text = _("There is no convolution between x and what you return. Does each line keep its result, as x = …(x)?")
        return Verdict(text, False, "no-convolution")
    if "AveragePooling2D" in kinds:
        return Verdict(_("You pool by means; VGG keeps the largest of four."), False, "mean-pooling")
    if not all(poolings):
        return Verdict(_("Your block has no pooling: rows and columns are not halved."), False, "no-pooling")
    if poolings[0] == convolutions[0] > 1:
        text = _("Your block pools after each convolution; it has one pooling, after the last of them.")
        return Verdict(text, False, "pooling-in-loop")
    if convolutions != wanted:
        text = _("The number of convolutions in your block is {found}; the argument says {wanted}.")
        if convolutions == [1, 1]:
            text = _(
                "Your block has one convolution, however many are wanted. Is there a loop, and does each convolution "
                "read what the one before it gives?"
            )
            return Verdict(text, False, "one-convolution")
        if convolutions[0] == convolutions[1]:
            text = _("The number of convolutions is always {found}; the argument says how many are wanted.")
        return Verdict(text.format(found=convolutions[0], wanted=wanted[0]), False, "how-many")
    if more := kinds - {"Conv2D", "MaxPooling2D"}:
        text = _("Your block has a layer {kind}, which is not in the drawing, or not at this place.")
        return Verdict(text.format(kind=sorted(more)[0]), False, "another-layer")
    if any(steps[-1]["kind"] != "MaxPooling2D" for steps in seen):
        return Verdict(_("The pooling comes after the last convolution."), False, "order")
    return None


def _vgg_numbers(seen):
    """The verdict on layers with other numbers, or another activation, or None."""
    filters = [steps[0]["filters"] for steps in seen]
    if filters == [case[2] for case in VGG_CASES]:
        return Verdict(_("You have as many kernels as convolutions are wanted: two arguments are exchanged."), False,
                       "exchanged")  # fmt: skip
    if filters[0] == filters[1]:
        text = _("Your convolutions always have {given} kernels; the argument says how many are wanted.")
        return Verdict(text.format(given=filters[0]), False, "kernels-fixed")
    for steps, (_shape, kernels, _convolutions) in zip(seen, VGG_CASES, strict=True):
        for step in steps[:-1]:
            if verdict := _window(step, kernels) or _bends(step["activation"]):
                return verdict
        if [*steps[-1]["pool_size"], *steps[-1]["strides"]] != [2, 2, 2, 2]:
            text = _("Your pooling does not halve rows and columns; it takes the largest of 2 × 2, with stride 2.")
            return Verdict(text, False, "pooling")
    return None


def _bends(activation):
    if activation == "relu":
        return None
    if activation == "linear":
        text = _("A convolution is not followed by ReLU. Two linear layers in a row can do no more than one.")
        return Verdict(text, False, "no-relu")
    text = _("A convolution is followed by {given}; VGG has ReLU.")
    return Verdict(text.format(given=activation), False, "another-activation")


@task("architectures/residual", otherwise=GIVEN)
def residual(answer, keras, otherwise):
    """A function of x that builds a residual block with batch normalisation.

    >>> _ = residual([], None, print)
    ✗ I received [], which is no function; give its name alone, without brackets behind it.
    """
    if verdict := refused(answer):
        return verdict
    for shape in ((6, 5, 4), (8, 7, 3)):
        network, verdict = _network(answer, keras, shape)
        if verdict := verdict or _residual_layers(network, shape) or _residual_values(network, shape):
            return verdict
    return Verdict(_("Right."), True)


def _residual_layers(network, shape):
    """The verdict on layers of a residual block that are missing, too many, or have other numbers, or None."""
    steps = [{"kind": type(layer).__name__, **layer.get_config()} for layer in network.layers]
    names = {"Conv2D": _("convolutions"), "BatchNormalization": _("batch normalisations")}
    for kind, what in names.items():
        if (found := _count(steps, kind)) != 2:
            text = _(
                "The number of {what} in your block is {found}; in the drawing it is 2. Does each layer read what the "
                "one before it gives?"
            )
            return Verdict(text.format(found=found, what=what), False, f"count-{kind}".lower())
    for step in steps:
        if step["kind"] == "Conv2D":
            if verdict := _window(step, shape[-1]):
                return verdict
            if step["activation"] != "linear":
                text = _(
                    "A convolution has its own {name}, before the batch normalisation; in the drawing it comes after."
                )
                return Verdict(text.format(name=step["activation"]), False, "activation-first")
    if tuple(network.output_shape[1:]) != shape:
        text = _("{before} comes in and {after} goes out: x is put beside the result; it must be added to it.")
        text = text.format(before=size_text(*shape), after=size_text(*network.output_shape[1:]))
        return Verdict(text, False, "side-by-side")
    return None


def _residual_values(network, shape):
    """The verdict on what a residual block with random weights makes of random numbers, or None where it is right."""
    random = np.random.default_rng(0)
    for layer in network.layers:
        # Variances, which batch normalisation keeps among its weights, are positive.
        layer.set_weights([random.uniform(0.2, 1.2, weight.shape) * (1 if weight.ndim == 1 else random.choice([-1, 1],
                          weight.shape)) for weight in layer.get_weights()])  # fmt: skip
    x = random.normal(size=(3, *shape)).astype(np.float32)
    given = np.asarray(network(x))
    conv1, conv2, norm1, norm2 = (
        lambda values, layer=layer: np.asarray(layer(values))
        for kind in ("Conv2D", "BatchNormalization")
        for layer in network.layers
        if type(layer).__name__ == kind
    )

    def relu(values):
        return np.maximum(values, 0)

    first = norm1(conv1(x))
    result, bare = norm2(conv2(relu(first))), norm2(conv2(first))
    if np.allclose(given, relu(result + x), atol=1e-2, rtol=1e-3):
        return None
    later = _("That is a later form of the block, of 2016; here ReLU comes after each normalisation and after the sum.")
    ways = [
        ("no-shortcut", relu(result), _("Your block never adds x: it is a plain block.")),
        ("no-shortcut", result, _("Your block never adds x, and has no ReLU at its end.")),
        ("no-last-relu", result + x, _("The sum is right; one more ReLU follows it.")),
        ("relu-before-sum", relu(result) + x, _("Your last ReLU comes before the sum, not after it.")),
        ("three-relus", relu(relu(result) + x), _("There is one ReLU too many, before the sum.")),
        ("no-middle-relu", relu(bare + x), _("There is no ReLU between the two convolutions.")),
        ("no-relu", bare + x, _("Your block has no ReLU at all; the drawing has two.")),
        ("from-the-middle", relu(result + relu(first)), _("You add what the first ReLU gives, not x.")),
        ("from-the-middle", relu(result + first), _("You add what the first normalisation gives, not x.")),
        ("sum-before-norm", relu(norm2(conv2(relu(first)) + x)), _("Your sum comes before the second normalisation.")),
        ("sum-in-front", relu(norm2(conv2(relu(first) + x))),
         _("You add x before the second convolution; the shortcut goes round both.")),
        ("itself", relu(2 * result), _("You add the result to itself; the shortcut brings x.")),
        ("input-twice", relu(2 * x), _("You add x to itself; the sum takes the result of the layers, and x.")),
        ("product", relu(result * x), _("You multiply; the shortcut adds.")),
        ("minus", relu(result - x), _("You subtract x; the shortcut adds it.")),
        ("minus", relu(x - result), _("You subtract the result from x; the two are added.")),
        ("relu-first", relu(norm2(conv2(norm1(relu(conv1(x))))) + x),
         _("Your first ReLU comes before the normalisation; in the drawing it comes after it.")),
        ("later-form", conv2(relu(norm2(conv1(relu(norm1(x)))))) + x, later),
    ]  # fmt: skip
    for id, values, sentence in ways:
        if np.allclose(given, values, atol=1e-2, rtol=1e-3):
            return Verdict(sentence, False, id)
    hint = _("Follow the drawing from left to right: what does each layer read?")
    return Verdict(_("Not yet. {hint}").format(hint=hint), False)


@task("architectures/train", otherwise=GIVEN)
def train(answer, keras, otherwise):
    """A function of a block, a number of blocks, a seed and a callback that trains and returns four accuracies.

    It is tried with a block of batch normalisation alone, which is quick, and compared with the course's own.

    >>> _ = train(3, None, print)
    ✗ I received 3, which is no function; give its name alone, without brackets behind it.
    """
    if verdict := refused(answer):
        return verdict
    calls = []

    def small(x):
        calls.append(x)
        return keras.layers.BatchNormalization()(x)

    def trained(seed):
        calls.clear()
        try:
            return answer(small, BLOCKS, seed, keras.callbacks.Callback()), None
        # A student's function may fail in any way.
        except (Exception, SystemExit) as error:
            return None, _stopped(error)

    result, verdict = trained(SEED)
    return verdict or _four(result) or _same(result, trained, len(calls), otherwise(small, BLOCKS, SEED))


def _four(result):
    """The verdict on a result that is no list of four accuracies, or None."""
    if result is None:
        return Verdict(_("Your function returns nothing; it must return the list of accuracies."), False, "no-return")
    if hasattr(result, "layers"):
        return Verdict(_("Your function returns the network; return the list of accuracies."), False, "network")
    if hasattr(result, "history") or isinstance(result, dict):
        text = _("Your function returns all that fit has noted; only the list under the name accuracy is wanted.")
        return Verdict(text, False, "whole-history")
    values = np.asarray(result, dtype=object)
    if values.ndim != 1 or not all(isinstance(one, int | float | np.number) for one in values):
        text = _("Your function returns {result}; the accuracy of each epoch is wanted, as a list.")
        return Verdict(text.format(result=reprlib.repr(result)), False, "no-list")
    if len(values) != EPOCHS:
        text = _("The number of accuracies is {count}; it must be 4, one for each epoch.")
        return Verdict(text.format(count=len(values)), False, "epochs")
    if max(values) > 1:
        return Verdict(_("These numbers are larger than 1: they are losses, and accuracies are wanted."), False, "loss")
    return None


def _same(result, trained, calls, wanted):
    """The verdict on four accuracies, beside those of the course's own function with the same seed."""
    if not calls:
        text = _("Your network is not built of block, the first argument.")
        return Verdict(text, False, "another-block")
    if calls != BLOCKS:
        text = _("Your network has {calls} blocks where {wanted} are wanted: look at the arguments of deep.")
        return Verdict(text.format(calls=calls, wanted=BLOCKS), False, "blocks")
    if np.allclose(result, wanted, rtol=0, atol=0.01):
        return Verdict(_("Right."), True)
    again, other = trained(SEED)[0], trained(SEED + 1)[0]
    if np.allclose(again, other, rtol=0, atol=1e-6):
        text = _("Two different seeds give the same numbers: does another number stand in the place of seed?")
        return Verdict(text, False, "seed-fixed")
    if not np.allclose(result, again, rtol=0, atol=0.01):
        text = _(
            "The same seed gives other numbers each time. It must be set before the network gets its random weights."
        )
        return Verdict(text, False, "seed-late")
    text = _(
        "Your training gives {result}, and ours {wanted} with the same seed. Compare: all pictures, 4 epochs, batches "
        "of 32, Adam, and the seed set first."
    )
    result, wanted = (", ".join(f"{one:.2f}" for one in some) for some in (result, wanted))
    return Verdict(text.format(result=result, wanted=wanted), False, "other-training")


@task("architectures/bottleneck-weights")
def bottleneck_weights(answer):
    """The weights of two 3 x 3 on 256 maps, and of a bottleneck of ResNet: 1 x 1 to 64, 3 x 3, 1 x 1 to 256.

    >>> bottleneck_weights((589_824, 69_632))
    ✗ Right: the bottleneck. Not yet: the two 3 × 3. That is one of the two layers.
    """
    wide, narrow, any_ = 256, 64, np.nan
    two, down, middle = 2 * 9 * wide**2, wide * narrow, 9 * narrow**2
    three = 2 * down + middle
    biases = _("You counted biases, too; here only the weights are asked for.")
    flat = _("A kernel is as deep as the volume that it reads.")
    mistakes = [
        ("swapped", (three, two), _("The other way round: the two 3 × 3 first.")),
        ("one-layer", (two / 2, any_), _("That is one of the two layers.")),
        ("biases", (two + 2 * wide, any_), biases),
        ("biases", (any_, three + 2 * narrow + wide), biases),
        ("flat", (2 * 9 * wide, any_), flat),
        ("flat", (any_, 2 * narrow + wide + 9 * narrow), flat),
        ("no-window", (2 * wide**2, any_), _("A kernel has weights for each place of its window, too.")),
        ("no-window", (any_, 2 * down + narrow**2), _("The 3 × 3 has weights for each place of its window, too.")),
        ("three-not-nine", (2 * 3 * wide**2, any_), _("A window of 3 × 3 has nine weights for each map.")),
        ("no-way-up", (any_, down + middle), _("Two layers are counted; the third leads back to 256 maps.")),
        (
            "middle-wide",
            (any_, 2 * down + 9 * wide * narrow),
            _("The 3 × 3 reads what the first 1 × 1 makes: 64 maps."),
        ),
        ("middle-wide", (any_, 2 * down + 9 * wide**2), _("The 3 × 3 reads 64 maps and makes 64.")),
        ("all-3x3", (any_, 18 * down + middle), _("Two of the windows are 1 × 1: one weight for each map.")),
        ("kept-wide", (any_, 2 * wide**2 + 9 * wide**2), _("Inside the bottleneck there are 64 maps, not 256.")),
    ]
    hint = _("Weights of a layer: its window, times the maps that it reads, times the maps that it makes.")
    return judge(answer, (two, three), mistakes, hint, parts=[_("the two 3 × 3"), _("the bottleneck")])
