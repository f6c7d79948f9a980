"""What a check sees of a student's Keras network: through what Keras makes public, so that nothing here loads Keras."""

import re

from lessons_lib.core.i18n import _
from lessons_lib.core.student import line_of
from lessons_lib.core.verdict import Verdict

# What Keras says, in many words, where a layer gets a volume in the brackets in which it is made.
SYMBOLIC = (
    "cannot be used as a boolean", "KerasTensor is symbolic", "Iterating over a symbolic", "<kerastensor shape",
    "<KerasTensor shape",
)  # fmt: skip


def two_brackets():
    """What to do where one pair of brackets is missing.

    >>> print(two_brackets())
    A layer must be made before it reads something, with two pairs of brackets: layers.ReLU()(y).
    """
    return _("A layer must be made before it reads something, with two pairs of brackets: layers.ReLU()(y).")


def stopped(error, meanings=()):
    """The verdict on an exception in a student's function; `meanings` says what some messages of Keras mean here.

    >>> stopped(ValueError("found ndim=3"), {"found ndim=3": "The depth is missing."})
    ✗ Your function stops with ValueError: found ndim=3. The depth is missing.
    """
    # Keras writes in colours, and over several lines.
    lines = [line.strip() for line in re.sub(r"\x1b\[[\d;]*m", "", str(error)).split("\n")]
    said = f"{type(error).__name__}: {next((line for line in lines[1:] if line), lines[0])}".rstrip(" .:")
    place = line_of(error)
    place = _(" in {place}").format(place=place) if place else ""
    meanings = {**dict(meanings), **dict.fromkeys(SYMBOLIC, two_brackets())}
    meaning = next((meanings[words] for words in meanings if words in str(error)), "")
    text = _("Your function stops{place} with {error}. {meaning}")
    return Verdict(text.format(place=place, error=said, meaning=meaning).strip(), False, "exception")


def configs(layers, passed_over=("InputLayer",), activations=("activation", "relu")):
    """The layers of a network, each a dict; one that is only an activation belongs to the one before it.

    >>> configs([])
    []
    """
    found = []
    for layer in layers:
        kind, config = type(layer).__name__, layer.get_config() if hasattr(layer, "weights") else {}
        if kind in passed_over:
            continue
        if kind.lower() in activations:
            # The largest of four after ReLU is ReLU of the largest of four.
            before = found[-2:-1] if found[-1:] and found[-1]["kind"] == "MaxPooling2D" else found[-1:]
            if before and before[0].get("activation") == "linear":
                before[0]["activation"] = config.get("activation", kind.lower())
                continue
        found.append({"kind": kind, **config})
    return found
