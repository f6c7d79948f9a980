"""Lesson 4's predictions, each right answer computed, and what a wrong one misunderstands."""

from lessons_lib import geometry
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Number, Question
from lessons_lib.widgets.predict import asked


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank()]
    ['never-read', 'corner', 'maps', 'most-work', 'half-the-side', 'three-windows', 'left-over']
    """
    return [
        Question(
            "never-read",
            _(
                "A photo has 512 × 512 pixels, the window is 3 × 3, the stride 2. How many of the 262,144 pixels "
                "does no window read?"
            ),
            {"0": "0", "512": "512", "1023": "1,023", "1024": "1,024"},
            lambda stride=2: str(512**2 - int((geometry.read_counts(512, 3, stride) > 0).sum()) ** 2),
            {
                "0": _("The last window covers rows 508 to 510. The next one would need row 512, which is not there."),
                "512": _("One row is left over, and one column as well. Each of them has 512 pixels."),
                "1024": _("The corner lies in the last row and in the last column: you counted it twice."),
            },
        ),
        Question(
            "corner",
            _(
                "A border of one zero lies around a picture of 7 × 7, and a window of 3 × 3 takes steps of 1. A pixel "
                "in the middle is read by 9 windows. How many windows read the pixel in the corner?"
            ),
            {"1": "1", "4": "4", "6": "6", "9": "9"},
            lambda padding=1: str(int(geometry.read_counts(7, 3, 1, padding)[padding]) ** 2),
            {
                "1": _("That is so without the border. With it, a window can begin one row or column earlier."),
                "6": _("That is a pixel at an edge, not in a corner: 2 windows in one direction and 3 in the other."),
                "9": _("Then windows would have to begin two rows above the picture, and the border has one."),
            },
        ),
        Question(
            "maps",
            _("A layer of 10 kernels, each 3 × 3, reads a colour photo. How many feature maps does it put out?"),
            {"3": "3", "10": "10", "13": "13", "30": "30"},
            lambda kernels=10: str(geometry.layer(7, 7, 3, kernels, 3).depth),
            {
                "3": _("That is how many channels come in. What goes out depends on the kernels."),
                "13": _("The channels are not handed on: only the results of the kernels go out."),
                "30": _("A kernel does not make one map for each colour: it adds up the three."),
            },
        ),
        Question(
            "most-work",
            _(
                "Stage 1 of VGG-16 has 2 layers of 64 kernels, with maps of 224 × 224; stage 3 has 3 layers of 256, "
                "with maps of 56 × 56; stage 5 has 3 layers of 512, with maps of 14 × 14. Which of these "
                "does more work than the others?"
            ),
            {"first": _("stage 1"), "middle": _("stage 3"), "fifth": _("stage 5"),
             "end": _("the three fully connected layers")},
            lambda sides=(224, 112, 56, 28, 14): _most_work(sides),
            {
                "first": _("It has the largest maps, but few kernels, which read 3 channels or 64."),
                "fifth": _("It has many weights, but each is used at 14 × 14 places only."),
                "end": _("They have most of the weights, but use each of them once."),
            },
        ),
        Question(
            "half-the-side",
            _(
                "A layer reads 64 maps of 56 × 56 and makes 64. A later layer reads 128 maps of 28 × 28 and makes 128. "
                "Both have windows of 3 × 3 and keep the size. The later layer does ..."
            ),
            {"quarter": _("a quarter of the work"), "half": _("half the work"), "same": _("the same work"),
             "twice": _("twice the work")},
            lambda kernels=128: {0.25: "quarter", 0.5: "half", 1: "same", 2: "twice"}[
                geometry.count([(kernels, 3, 1, 1)], 28, kernels)[1] / geometry.count([(64, 3, 1, 1)], 56, 64)[1]
            ],
            {
                "quarter": _("There are a quarter of the places. But the weights are more, too."),
                "half": _(
                    "You counted the kernels, or the depth of what they read. Both are doubled, so the weights are "
                    "four times as many."
                ),
                "twice": _("The weights are four times as many. How many places are there?"),
            },
        ),
        # The questions of `FURTHER`.
        Question(
            "three-windows",
            _(
                "Three layers of 3 × 3, stride 1, lie on top of each other. How wide is the square of pixels that one "
                "cell of the third layer depends on?"
            ),
            {"3": "3", "5": "5", "7": "7", "9": "9", "27": "27"},
            lambda layers=3: str(geometry.receptive_field([3] * layers)),
            {
                "3": _("That is what the cell sees of the map before. Each cell of that map sees more than one pixel."),
                "5": _("That is right for two layers."),
                "9": _("Three times three: but neighbouring windows overlap, and share most of their pixels."),
                "27": _("The sizes are not multiplied, because neighbouring windows overlap."),
            },
        ),
        Question(
            "left-over",
            _(
                "A photo of 224 rows gets 2 rows of zeros at the top and 2 at the bottom. Windows of 11, stride 4: "
                "(224 − 11 + 4) / 4 + 1 = 55.25, rounded down to 55. What is never read?"
            ),
            {
                "nothing": _("nothing"),
                "border": _("a row of the zeros"),
                "photo": _("a row of the photo"),
                "quarter": _("a quarter of a row"),
            },
            lambda padding=2, pixels=224: _never_read(geometry.unused_pixels(pixels, 11, 4, padding), pixels),
            {
                "nothing": _("The 0.25 is a quarter of a step of 4, so 1 row is left over."),
                "photo": _("The row that is left over is the last one, and the last rows are zeros."),
                "quarter": _("A window reads whole rows. A quarter of a step of 4 is one row."),
            },
        ),
    ]  # fmt: skip


def recall():
    """What later lessons ask about this one.

    >>> [question.id for question in recall()]
    ['larger-picture', 'places-28']
    """
    return [
        Question(
            "larger-picture",
            _(
                "A layer has 10 kernels of 5 × 5 and reads 32 × 32 pixels in colour. What becomes of its parameters "
                "at 320 × 320?"
            ),
            {"same": _("they stay"), "ten": _("10 times as many"), "hundred": _("100 times as many")},
            lambda kernels=10: {1: "same", 10: "ten", 100: "hundred"}[
                geometry.layer(320, 320, 3, kernels, 5).parameters // geometry.layer(32, 32, 3, 10, 5).parameters
            ],
            {
                "ten": _(
                    "The window is the same at every place; the size of the picture is in the work, not in the weights."
                ),
                "hundred": _(
                    "The multiply-adds grow about so; the weights of a window do not know how often it is used."
                ),
            },
        ),
        Question(
            "places-28",
            _(
                "A window of 5 × 5 takes steps of 1 over 28 × 28 pixels without padding. How many rows does the result "
                "have?"
            ),
            Number(low=1, high=32),
            lambda window=5: geometry.places(28, window),
            {
                23: _("That is how far the window can move. The place where it begins counts, too."),
                28: _("That needs padding 2; without it the window cannot stand at the last four columns."),
                None: _("How far can the window move? The place where it begins counts, too."),
            },
        ),
    ]


def _most_work(sides):
    """Which part of VGG, whose stages have maps of these sides, does the most work."""
    stages = [(64, 2, 3), (128, 2, 64), (256, 3, 128), (512, 3, 256), (512, 3, 512)]
    work = [
        geometry.count([(kernels, 3, 1, 1)] * layers, side, depth)[1]
        for side, (kernels, layers, depth) in zip(sides, stages, strict=True)
    ]
    end = geometry.count([(4096, 7, 1, 0), (4096, 1, 1, 0), (1000, 1, 1, 0)], 7, 512)[1]
    parts = {"first": work[0], "middle": work[2], "fifth": work[4], "end": end}
    return max(parts, key=parts.get)


def _never_read(rows, pixels):
    """Whether such rows, which no window reads, lie in the picture or in its border."""
    return "nothing" if not rows else "photo" if min(rows) < pixels else "border"


FURTHER = ["three-windows", "left-over"]
WARM_UP = ["matching/two-kernels", "filtering/ten-filters", "filtering/sum-zero"]
predict, results, warm_up = asked(__name__, bank, WARM_UP, own=["places", "conv2d", "count"], further=FURTHER)
