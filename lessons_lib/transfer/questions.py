"""Lesson 8's predictions, each right answer computed, and what a wrong one misunderstands."""

import numpy as np

from lessons_lib import data, transfer
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question
from lessons_lib.transfer.training_comparison import summary
from lessons_lib.widgets.predict import asked


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank() if question.id not in FURTHER]
    ['divided-by-255', 'random-base', 'same-end', 'larger-clothes', 'ten-times-the-rate']
    """
    return [
        Question(
            "divided-by-255",
            _(
                "This network expects (pixels − 127) / 128. Somebody gives it pixels / 255, as in lesson 6. What does "
                "it say to our four photos?"
            ),
            {"nonsense": _("nonsense again"), "same": _("the same four names as with the right numbers"),
             "error": _("nothing: it stops with an error")},
            lambda divide=lambda pixels: pixels / 255: _said(divide),
            {
                "nonsense": _(
                    "Fractions from 0 to 1 lie inside of −1 to 1, where the network learned. The photo only becomes "
                    "pale, and pale photos it has met."
                ),
                "error": _("A network multiplies and adds any numbers; it cannot notice where they came from."),
            },
        ),
        Question(
            "random-base",
            _(
                "The same head on a base of the same shape, but with random weights, frozen, too. It learns from the "
                "same 30 patches. How well does it do on new ones?"
            ),
            {"as-pretrained": _("about as well as with the pretrained base"),
             "between": _("worse, but better than the network from scratch"),
             "worst": _("worse than the network from scratch")},
            lambda method="random": _rank(method),
            {
                "as-pretrained": _(
                    "Then the shape of the network would be enough. But what the maps show depends on the weights."
                ),
                "between": _(
                    "It has many more maps than the small network. But the small network learns which maps help, and "
                    "random maps stay as they are."
                ),
            },
        ),
        Question(
            "same-end",
            _(
                "About 3 patches in 10 were wrong. What if the small network from scratch ends in the mean of each "
                "map, too?"
            ),
            {"third": _("still about 3 in 10"), "some": _("1 in 10 to 1 in 20"),
             "none": _("hardly any, as with the base")},
            lambda method="scratch-means": _errors(method),
            {
                "third": _(
                    "A texture looks alike in all places. With means the network need not learn each place anew."
                ),
                "none": _("Then pretrained weights would bring nothing here. A part of the errors stays."),
            },
        ),
        Question(
            "larger-clothes",
            _(
                "Small pictures of clothes, 28 × 28 pixels, are enlarged before the frozen base sees them. Enlarging "
                "adds no information. What happens to the test accuracy when they are enlarged to 192 × 192 and not to "
                "48 × 48?"
            ),
            {"worse": _("it falls: the pictures are blurred"), "same": _("it stays: nothing was added"),
             "better": _("it rises by several points")},
            lambda side=192: _change(side),
            {
                "worse": _("They are as blurred at 48: both hold the same 28 × 28 pixels."),
                "same": _(
                    "Nothing was added for you. But at 48 × 48 the base ends in maps of 2 × 2 cells, and at 192 × 192 "
                    "of 6 × 6; and it learned at 224 × 224."
                ),
            },
        ),
        Question(
            "ten-times-the-rate",
            _(
                "A frozen base names 74 of 100 clothes. Now all of its layers learn, too. With a rate of 0.0003, 76 "
                "are right after a few epochs. And with 0.003?"
            ),
            {"better": _("about as many: it only learns faster"), "less": _("about 60: a part is lost"),
             "guess": _("about 10: no better than guessing")},
            lambda method="fast": _spoiled(method),
            {
                "better": _(
                    "The weights are good already. Steps ten times as large lead away from them."
                ),
                "less": _("Each layer reads what the one before it gives. When all of them move far, nothing fits."),
            },
        ),
        # The questions of `FURTHER`.
        Question(
            "two-zoos",
            _(
                "Six networks are in both tables. The architectures are the same, and so are the 50,000 photos. How "
                "far apart are the two values of top-1 at most, in points?"
            ),
            {"0": _("0: the tables agree"), "0.5": _("about half a point"), "4": _("about 4 points")},
            lambda column="top-1": _apart(column),
            {
                "0": _("Each table has files of its own, trained and tested by other people."),
                "0.5": _("That would be so if all numbers had been measured well; one of them is far off."),
            },
        ),
        Question(
            "heat-of-espresso",
            _(
                "The cat is on the left, the coffee on the right; the middle column of the 7 is at the seam. Only the "
                "positive contributions to espresso are kept. Which share of them lies in the three columns on the "
                "right?"
            ),
            {"all": _("all: cells that show no coffee contribute nothing"), "most": _("about 0.8"),
             "half": _("about half: each cell has read the whole photo")},
            lambda name="espresso", columns=slice(4, 7): _share(name, columns),
            {
                "all": _("A cell's receptive field is larger than the photo, so cells of the cat read coffee, too."),
                "half": _("A cell depends on all pixels, but on those near its centre much more."),
            },
        ),
        Question(
            "early-cut",
            _(
                "A base is used to its end, or only up to block 4. The rest is the same: frozen, with a new head that "
                "learns from 20 pictures of each kind of clothes, at 48 × 48. Which names more new ones right?"
            ),
            {"end": _("the whole base"), "cut": _("the base up to block 4"), "same": _("both as many")},
            lambda task="clothes", count=20: _better_cut(task, count),
            {
                "end": _("The last blocks know ImageNet's classes best, but these are no ImageNet photos."),
                "same": _("The two give quite different maps to the head."),
            },
        ),
        Question(
            "two-heads",
            _(
                "The lecture's head (Flatten, Dense 256, Dense 3) learns 1,311,747 numbers, the head of lesson 8 "
                "(means, Dense 3) learns 3,843. Both learn from ten patches of each class. Which names more new "
                "patches right?"
            ),
            {"small": _("the small head"), "large": _("the large head"), "same": _("hardly a difference")},
            lambda large="frozen", small="frozen-means": _better_head(large, small),
            {
                "small": _(
                    "With 30 pictures for a million numbers one may fear this. But the base's maps differ so much from "
                    "class to class that both heads find it."
                ),
                "large": _("The maps already show what is needed; more numbers in the head add nothing."),
            },
        ),
    ]  # fmt: skip


def _said(divide):
    """What the network says to two photos whose pixels were changed: the "same" names as it should, or "nonsense"."""
    network = transfer.imagenet()
    photos = [transfer.resize(transfer.square(data.load(name)), transfer.SIDE) for name in ("coffee", "motorcycle")]
    wanted, given = (
        network.probabilities(np.array([change(photo) for photo in photos])).argmax(axis=1).tolist()
        for change in (transfer.scale, divide)
    )
    return "same" if wanted == given else "nonsense"


def _mean(task, method, per_class, side=48):
    rows = [row for row in data.load("transfer-runs") if row["side"] == side]
    return summary(rows, task, method)[per_class][0]


def _rank(method):
    scratch, found, frozen = (_mean("textures", one, 10) for one in ("scratch", method, "frozen"))
    return "as-pretrained" if found > frozen - 0.05 else "between" if found > scratch else "worst"


def _errors(method):
    wrong = 1 - _mean("textures", method, 10)
    return "third" if wrong > 0.2 else "some" if wrong > 0.03 else "none"


def _spoiled(method):
    accuracy = _mean("clothes", method, 20)
    return "better" if accuracy > 0.7 else "less" if accuracy > 0.3 else "guess"


def _change(side):
    change = _mean("clothes", "frozen-means", 20, side) - _mean("clothes", "frozen-means", 20)
    return "better" if change > 0.03 else "worse" if change < -0.03 else "same"


def _apart(column):
    pairs = {"VGG 16": "VGG16", "VGG 19": "VGG19", "ResNet V1 50": "ResNet50", "Inception V3": "InceptionV3",
             "Inception-ResNet-v2": "InceptionResNetV2", "MobileNet_v1_1.0_224": "MobileNet"}  # fmt: skip
    rows = {row["model"]: row for row in data.load("model-zoo")}
    apart = max(abs(rows[one]["top-1"] - rows[other][column]) for one, other in pairs.items())
    return "0" if apart < 0.1 else "0.5" if apart < 1 else "4"


def _share(name, columns):
    photos = [transfer.resize(transfer.square(data.load(name)), transfer.SIDE) for name in ("cat", "coffee")]
    both = np.hstack([photos[0][:, 56:168], photos[1][:, 40:152]]).round().clip(0, 255)
    heat = transfer.imagenet().heat_map(both, name)
    share = heat[:, columns].sum() / heat.sum()
    return "all" if share > 0.95 else "most" if share > 0.65 else "half"


def _better_cut(task, count):
    change = _mean(task, "start", count) - _mean(task, "frozen", count)
    return "cut" if change > 0.02 else "end" if change < -0.02 else "same"


def _better_head(large, small):
    change = _mean("textures", large, 10) - _mean("textures", small, 10)
    return "large" if change > 0.02 else "small" if change < -0.02 else "same"


FURTHER = ["two-zoos", "heat-of-espresso", "early-cut", "two-heads"]
WARM_UP = ["lenet/untrained", "architectures/alexnet-parameters", "pooling/ten-more"]
OWN = ["scale", "add-head", "fine-tune"]
predict, results, warm_up = asked(__name__, bank, WARM_UP, own=OWN, further=FURTHER)
