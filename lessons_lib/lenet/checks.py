"""Lesson 6's tasks: the parameters by hand, LeNet in Keras, its training as a function, LeNet with a part taken out.

Networks are seen through what Keras makes public, so that nothing here loads Keras. `build`, `train` and `broken` show
their Verdict, and return the student's function when it is right.
"""

import dis
import re
import reprlib
from types import SimpleNamespace

import numpy as np

from lessons_lib import data, lenet
from lessons_lib.core.i18n import _
from lessons_lib.core.network import configs, stopped
from lessons_lib.core.student import outcomes, unused
from lessons_lib.core.text import size_text
from lessons_lib.core.verdict import GIVEN, Verdict, judge, refused, task

PARAMETERS = 1_256_080
TRAINING, TEST = slice(0, 7000), slice(8000, None)


@task("lenet/parameters")
def parameters(answer):
    """The parameters of conv1, conv2, fc3 and fc4 of the lecture's LeNet.

    >>> parameters([520, 25_050, 1_225_500, 5000])
    ✗ Right: conv1, conv2 and fc3. Not yet: fc4. You forgot the biases: one for each kernel, one for each unit.
    """
    rows = {row.name: row.parameters for row in lenet.layer_table() if row.parameters}
    outputs = {"conv1": 20, "conv2": 50, "fc3": 500, "fc4": 10}

    def only(name, value):
        return [value if name == one else np.nan for one in rows]

    once = _("You added a single bias; there is one for each kernel, and one for each unit.")
    mistakes = [
        *(("no-biases", only(name, rows[name] - outputs[name]),
           _("You forgot the biases: one for each kernel, one for each unit.")) for name in rows),
        *(("one-bias", only(name, rows[name] - outputs[name] + 1), once) for name in rows),
        ("flat-kernel", only("conv2", 50 * (5 * 5 + 1)),
         _("A kernel is as deep as the volume that it reads, and pool1 is 20 deep.")),
        ("one-kernel", only("conv2", 5 * 5 * 20 + 1), _("That is one kernel; there are 50.")),
        ("own-depth", only("conv2", 50 * (5 * 5 * 50 + 1)),
         _("A kernel is as deep as the volume that it reads, not as the one that it makes.")),
        *(("side", only("fc3", 500 * (side * side * 50 + 1)),
           _("Each unit reads all numbers of pool2; look up its size.")) for side in (14, 28)),
        ("one-map", only("fc3", 500 * (7 * 7 + 1)), _("Each unit reads all 50 maps of pool2, not one of them.")),
        ("inputs", only("fc3", 7 * 7 * 50), _("That is what one unit reads; there are 500 units.")),
        ("bias-each-map", only("conv2", 50 * 20 * (5 * 5 + 1)),
         _("You gave a kernel a bias for each map that it reads; a kernel has one bias.")),
        ("counts-exchanged", only("conv2", 20 * (5 * 5 * 50 + 1)),
         _("Two numbers are exchanged: conv2 reads 20 maps and has 50 kernels.")),
        ("from-maps", only("fc4", 10 * (7 * 7 * 50 + 1)), _("The last layer reads the 500 units, not the maps.")),
    ]  # fmt: skip
    hint = _("For each kernel or unit count the numbers that it reads, and add its bias.")
    return judge(answer, list(rows.values()), mistakes, hint, parts=list(rows))


def _steps(network):
    return configs(network.layers, ("InputLayer", "Dropout"), ("activation", "relu", "softmax"))


KINDS = ["Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dense", "Dense"]
NAMES = ["conv1", "pool1", "conv2", "pool2", "flatten", "fc3", "fc4"]


@task("lenet/build", otherwise=GIVEN)
def build(answer, otherwise):
    """A function that builds the lecture's LeNet in Keras: its input, its layers, their activations and parameters.

    >>> _ = build(lambda: [1, 2], "the course's function")
    ✗ Your function returns [1, 2], which is no network: put your layers, in a list, into keras.Sequential( ... ).
    """
    network, verdict = _built(answer)
    verdict = verdict or _input(network) or _order(network) or _each(network)
    text = _("Right. Keras counts {count} parameters.")
    return verdict or Verdict(text.format(count=f"{network.count_params():,}"), True)


def _built(answer):
    """The network that a student's function builds, and None; or None and the verdict."""
    if verdict := _no_function(answer):
        return None, verdict
    [(network, error), (again, _error)] = outcomes(answer, [(), ()])
    if error is not None:
        return None, _stopped(error)
    if network is None:
        return None, Verdict(
            _("Your function returns nothing; put return before keras.Sequential."), False, "no-return"
        )
    if isinstance(network, type) or not hasattr(network, "layers"):
        text = _(
            "Your function returns {network}, which is no network: put your layers, in a list, into "
            "keras.Sequential( ... )."
        )
        return None, Verdict(text.format(network=reprlib.repr(network)), False, "no-network")
    if not network.layers:
        return None, Verdict(_("Your network has no layers yet."), False, "empty")
    if not network.built:
        text = _("Keras cannot count yet, because it does not know the size of a digit: begin with keras.Input( ... ).")
        return None, Verdict(text, False, "no-input")
    if network.weights and np.array_equal(network.get_weights()[0], again.get_weights()[0]):
        text = _(
            "Called twice, your function gives the same weights: make the layers inside it, with new random weights "
            "each time."
        )
        return None, Verdict(text, False, "same-weights")
    return network, None


def _no_function(answer):
    """The verdict on what is no function, or on the library's own, also where a student's function only calls it."""
    if hasattr(answer, "layers"):
        text = _("I received a network, which is no function; give its name alone, without brackets behind it.")
        return Verdict(text, False, "no-function")
    calls_ours = "plain" in getattr(getattr(answer, "__code__", None), "co_names", ())
    return refused(lenet.layer_table if calls_ours else answer)


def _stopped(error):
    """The verdict on an exception in a student's function, with what some messages of Keras mean here."""
    meanings = {
        "found ndim=3": _(
            "A picture has rows, columns and depth: the input needs three numbers, also where it is grey."
        ),
        "has no attribute 'lower'": _("In Keras, padding is a word in quotes and no number: same or valid."),
        "zero or negative": _("The maps become too small: is the input in the order rows, columns, depth?"),
        "Only instances of": _("Every layer needs brackets behind its name, such as layers.Flatten()."),
    }
    return stopped(error, meanings)


def _input(answer):
    shape = tuple(answer.input_shape[1:])
    if shape == (28, 28, 1):
        return None
    text = _("Your network reads {size}; a grey digit has 28 rows, 28 columns and depth 1, in this order.")
    return Verdict(text.format(size=size_text(*shape)), False, "input")


def _order(answer):
    """The verdict on a layer that is missing, too much, or in another place."""
    kinds = [step["kind"] for step in _steps(answer)]
    if kinds == KINDS:
        return None
    if "AveragePooling2D" in kinds:
        return Verdict(_("You pool by means; the lecture's network keeps the largest of four."), False, "mean-pooling")
    if [kind for kind in KINDS if kind != "Flatten"] == kinds:
        text = _("The maps are never written into one row, so the 500 units read each of the 7 × 7 places alone.")
        return Verdict(text, False, "no-flatten")
    for kind, what in (("Conv2D", _("convolutions")), ("MaxPooling2D", _("poolings")), ("Dense", _("dense layers"))):
        if kinds.count(kind) != 2:
            text = _("Number of {what} in your network: {count}; in the drawing: 2.")
            return Verdict(text.format(count=kinds.count(kind), what=what), False, f"count-{kind}".lower())
    if {"Activation", "ReLU", "Softmax"} & set(kinds):
        text = _("One activation follows another one, or stands where there is none.")
        return Verdict(text, False, "activation-twice")
    if more := [kind for kind in kinds if kind not in KINDS]:
        text = _("Your network has a layer {kind} that I cannot place. Where is it in the drawing?")
        return Verdict(text.format(kind=more[0]), False, "another-layer")
    text = _("The layers are there, but in another order than in the drawing: yours is {order}.")
    return Verdict(text.format(order=", ".join(kinds)), False, "order")


def _each(answer):
    """The verdict on the first layer with another number or activation than the drawing's."""
    steps = dict(zip(NAMES, _steps(answer), strict=True))
    for name, filters in (("conv1", 20), ("conv2", 50)):
        if verdict := _convolution(name, steps[name], filters, steps):
            return verdict
    for name in ("pool1", "pool2"):
        if [*steps[name]["pool_size"], *steps[name]["strides"]] != [2, 2, 2, 2]:
            text = _("{name} does not halve rows and columns: it takes the largest of 2 × 2, with stride 2.")
            return Verdict(text.format(name=name), False, "pooling")
    units = [steps[name]["units"] for name in ("fc3", "fc4")]
    if units != [500, 10]:
        text = _("Your dense layers have {first} and {second} units; look them up in the drawing.")
        return Verdict(text.format(first=units[0], second=units[1]), False, "units")
    for name in ("conv1", "conv2", "fc3"):
        if verdict := _bends(name, steps[name]["activation"]):
            return verdict
    return _last(steps["fc4"]["activation"])


def _convolution(name, step, filters, steps):
    sizes = tuple(step["kernel_size"])
    if step["filters"] != filters:
        text = _("{name} has {given} kernels; look it up in the drawing.")
        verdict = Verdict(text.format(name=name, given=step["filters"]), False, "kernels")
        if (step["filters"], *sizes) == (5, filters, filters):
            text = _("{name} has 5 kernels of {size}: two numbers are exchanged.")
            return Verdict(text.format(name=name, size=size_text(*sizes)), False, "filters-and-size")
        if [steps[one]["filters"] for one in ("conv1", "conv2")] == [50, 20]:
            return Verdict(_("The numbers of kernels of conv1 and conv2 are exchanged."), False, "filters-swapped")
        return verdict
    if sizes != (5, 5):
        text = _("The kernels of {name} are {size}; all kernels of this network are 5 × 5.")
        return Verdict(text.format(name=name, size=size_text(*sizes)), False, "kernel-size")
    if tuple(step["strides"]) != (1, 1):
        text = _("{name} takes steps of {stride}; its stride is 1.")
        return Verdict(text.format(name=name, stride=step["strides"][0]), False, "stride")
    if step["padding"] != "same":
        text = _("The maps of {name} are smaller than its input; in the drawing 28 stays 28, and 14 stays 14.")
        return Verdict(text.format(name=name), False, "padding")
    if not step["use_bias"]:
        return Verdict(_("{name} has no biases.").format(name=name), False, "no-bias")
    return None


def _bends(name, activation):
    if activation == "relu":
        return None
    if activation == "linear":
        text = _("{name} has no activation: it must be followed by ReLU.")
        return Verdict(text.format(name=name), False, "no-relu")
    text = _("{name} is followed by {given}; here it must be ReLU.")
    return Verdict(text.format(name=name, given=activation), False, "another-activation")


def _last(activation):
    if activation == "softmax":
        return None
    if activation == "linear":
        text = _("Your last layer puts out ten logits, and the loss that we use needs probabilities.")
        return Verdict(text, False, "no-softmax")
    text = _("Your last layer ends in {given}; its ten results would not be probabilities that add up to 1.")
    return Verdict(text.format(given=activation), False, "last-activation")


def _train(network):
    """Three epochs on the 7,000 training digits; returned is how many of the 2,000 test digits are wrong."""
    digits = data.load("mnist")
    x, y = (digits["images"] / 255).astype(np.float32)[..., None], digits["labels"]
    network.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    network.fit(x[TRAINING], y[TRAINING], epochs=3, batch_size=64, verbose=0)
    answers = network.predict(x[TEST], verbose=0).argmax(axis=1)
    return int((answers != y[TEST]).sum())


class Probe:
    """What a student's function is given in place of a network: it notes what is called, and predicts at random."""

    def __init__(self):
        self.calls, self.compiled, self.fitted, self.predicted = [], None, None, None

    def __deepcopy__(self, memo):
        """A check gives copies to a student's function, and what is noted must not go into a copy."""
        return self

    def compile(self, optimizer="rmsprop", loss=None, **more):
        """Note the loss."""
        self.calls.append("compile")
        self.compiled = {"optimizer": optimizer, "loss": loss, **more}

    def fit(self, x=None, y=None, batch_size=None, epochs=1, **more):
        """Note the pictures, the labels, and how often they are seen; return a history of made-up numbers."""
        self.calls.append("fit")
        self.fitted = {"x": np.asarray(x), "y": np.asarray(y), "epochs": epochs, "batch_size": batch_size or 32}
        names = ("loss", "accuracy", "val_loss", "val_accuracy")
        return SimpleNamespace(history={name: [0.5] * epochs for name in names}, epoch=list(range(epochs)))

    def predict(self, x, **more):
        """Probabilities, the same ones each time, of which about half name the label of a test digit."""
        self.calls.append("predict")
        self.predicted = np.asarray(x)
        return probe_answers(len(self.predicted))

    def __call__(self, x, **more):
        """As `predict`."""
        return self.predict(x)

    def evaluate(self, x, y, **more):
        """Loss and accuracy."""
        probabilities = self.predict(x)
        return [2.3, float((probabilities.argmax(axis=1) == np.asarray(y)).mean())]


def probe_answers(count):
    """What a `Probe` predicts for so many pictures.

    >>> probe_answers(2000).shape
    (2000, 10)
    """
    probabilities = np.random.default_rng(0).random((count, 10))
    labels = data.load("mnist")["labels"][TEST]
    probabilities[np.arange(0, min(count, len(labels)), 2), labels[: min(count, len(labels)) : 2]] = 2
    return probabilities / probabilities.sum(axis=1, keepdims=True)


@task("lenet/train", otherwise=_train)
def train(answer):
    """A function that trains a network on the training digits and returns how many test digits it gets wrong.

    >>> _function = train(lambda network: 0)
    ✗ Your function does not train the network that it is given, its argument network.
    """
    probe = Probe()
    if verdict := _no_function(answer) or _another(answer):
        return verdict
    [(result, error)] = outcomes(answer, [(probe,)])
    return _stopped(error) if error else _fitted(probe) or _counted(probe, result)


def _another(answer):
    """The verdict on a function that does not use its argument, or puts another network in its place; or None.

    It comes before the call, which would train that other network.
    """
    code = getattr(answer, "__code__", None)
    if code is None or not code.co_argcount:
        return None
    name = code.co_varnames[0]
    stored = [step.argval for step in dis.get_instructions(answer) if step.opname.startswith("STORE_FAST")]
    # Newer Pythons make one step of two.
    if not unused(answer, 1) and not any(name == one or (isinstance(one, tuple) and name in one) for one in stored):
        return None
    text = _("Your function does not train the network that it is given, its argument {name}.")
    return Verdict(text.format(name=name), False, "another-network")


def _fitted(probe):
    """The verdict on how the network was compiled and fitted, or None."""
    x, y = data.load("mnist")["images"], data.load("mnist")["labels"]
    if probe.fitted is None:
        return Verdict(_("Your function never calls network.fit, so the network learns nothing."), False, "no-fit")
    if probe.compiled is None:
        return Verdict(_("Keras cannot fit a network before network.compile( ... )."), False, "no-compile")
    if probe.calls.index("fit") < probe.calls.index("compile"):
        return Verdict(_("Your function compiles after it fits; Keras needs it the other way round."), False, "order")
    if probe.compiled["loss"] != "sparse_categorical_crossentropy":
        text = _("Your loss is {loss!r}; take the one of class, which fits labels that are whole numbers.")
        return Verdict(text.format(loss=probe.compiled["loss"]), False, "loss")
    optimiser = probe.compiled["optimizer"]
    optimiser = getattr(optimiser, "name", None) or str(optimiser)
    if optimiser.lower() != "adam":
        text = _("Your optimiser is {name}; take the one of class, adam, so that all numbers can be compared.")
        return Verdict(text.format(name=optimiser), False, "optimiser")
    seen, labels = probe.fitted["x"], probe.fitted["y"]
    if len(seen) == len(x) or (len(seen) == 2000 and np.allclose(seen[0, ..., 0] * 255, x[TEST][0])):
        text = _("You train on the test digits. Then their number says nothing about new digits.")
        return Verdict(text, False, "test-digits")
    if len(seen) != len(x[TRAINING]):
        text = _("You train on {count} digits; the training set has 7,000.")
        return Verdict(text.format(count=f"{len(seen):,}"), False, "other-digits")
    if not np.array_equal(labels, y[TRAINING]):
        return Verdict(_("The second argument of fit is not the labels of the training set."), False, "labels")
    if probe.fitted["epochs"] != 3:
        text = _("You train for {count} epochs; take 3, so that all numbers can be compared.")
        return Verdict(text.format(count=probe.fitted["epochs"]), False, "epochs")
    if probe.fitted["batch_size"] != 64:
        text = _("Your batches have {count} digits; take 64, so that all numbers can be compared.")
        return Verdict(text.format(count=probe.fitted["batch_size"]), False, "batch-size")
    return None


def _counted(probe, result):
    """The verdict on what a function that trains returns."""
    pictures, labels = data.load("mnist")["images"][TEST], data.load("mnist")["labels"]
    if result is None:
        return Verdict(_("Your function returns nothing; end it with return and the number."), False, "no-return")
    if probe.predicted is None or "fit" not in probe.calls[: probe.calls.index("predict")]:
        return Verdict(_("Ask the network for its answers after it has learned."), False, "no-predict")
    if len(probe.predicted) != len(labels[TEST]):
        text = _("You ask about {count} digits; the test set has 2,000.")
        return Verdict(text.format(count=f"{len(probe.predicted):,}"), False, "not-test-set")
    if not np.allclose(probe.predicted.reshape(-1), pictures.reshape(-1) / 255, atol=1e-5):
        text = _("You ask about 2,000 other pictures, not the test digits as they are, test_x.")
        return Verdict(text, False, "other-pictures")
    right = int((probe_answers(2000).argmax(axis=1) == labels[TEST]).sum())
    if np.size(result) != 1:
        text = _("Your function returns {count:,} numbers; count how many answers are wrong, and return the count.")
        return Verdict(text.format(count=np.size(result)), False, "many-numbers")
    mistakes = [
        ("right-ones", right, _("That is how many are right; return how many are wrong.")),
        ("accuracy", right / 2000, _("That is the accuracy; return how many are wrong.")),
        ("share", 1 - right / 2000, _("That is the share of wrong answers; return how many they are.")),
    ]
    hint = _("Compare the digit with the largest probability with the label, and count where they differ.")
    return judge(result, 2000 - right, mistakes, hint)


@task("lenet/broken", otherwise=GIVEN)
def broken(answer, otherwise):
    """A function that builds LeNet with a part taken out, or replaced by a simpler one.

    >>> _ = broken(7, "the whole network")
    ✗ I received 7, which is no function; give its name alone, without brackets behind it.
    """
    network, verdict = _built(answer)
    if verdict := verdict or _input(network):
        return verdict
    steps = _steps(network)
    kinds = [step["kind"] for step in steps]
    if network.count_params() != PARAMETERS:
        text = _("Your network has {count} parameters, and 1,256,080 are to stay. {hint}")
        hint = ""
        if network.count_params() > PARAMETERS:
            hint = _("fc3 reads larger maps now: something must still halve their rows and columns, twice.")
        text = text.format(count=f"{network.count_params():,}", hint=hint).strip()
        return Verdict(text, False, "parameters")
    # Kernels with stride 2 may stand in the place of a pooling: the parameters stay.
    stage = "Conv2D((Max|Average)Pooling2D)?"
    if not re.fullmatch(f"{stage}{stage}FlattenDenseDense", "".join(kinds)):
        return Verdict(_("Keep the order of the layers, and one activation after each at most."), False, "order")
    activations = [step["activation"] for step in steps if "activation" in step]
    if activations[-1] != "softmax":
        return Verdict(_("Keep the softmax at the end: the loss needs probabilities."), False, "no-softmax")
    if other := set(activations[:-1]) - {"relu", "linear"}:
        text = _("You have put {name} in the place of ReLU; put nothing there.")
        return Verdict(text.format(name=other.pop()), False, "another-activation")
    if kinds == KINDS and "linear" not in activations:
        text = _("All layers and activations of LeNet are there: take one out, or put a simpler one in its place.")
        return Verdict(text, False, "whole")
    return Verdict(_("That is LeNet with something taken out. Now train it, and count."), True)
