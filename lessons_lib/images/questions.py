"""Lesson 1's predictions: choices, the right one computed, and what a wrong one misunderstands."""

import numpy as np

from lessons_lib import data, images
from lessons_lib.core.i18n import _
from lessons_lib.core.question import Question
from lessons_lib.widgets.predict import asked


def bank():
    """The questions, in the order of the lesson.

    >>> [question.id for question in bank() if question.id not in FURTHER]
    ['yellow-swapped', 'twice-the-side', 'two-classifiers', 'largest-sum-moved', 'kernels-shuffled']
    """
    return [
        Question(
            "yellow-swapped",
            _("Red and blue are exchanged in a photo of a yellow flower. Which colour does the flower get?"),
            {"blue": _("blue"), "violet": _("violet"), "light-blue": _("light blue"), "yellow": _("yellow, as before")},
            lambda swap=lambda colours: colours[..., ::-1]: _colour(swap(np.array([255, 220, 0]))),
            {
                "blue": _("The green stays. A screen's yellow is red and green, so it becomes blue and green."),
                "violet": _("Violet needs red. The red of the yellow has become blue, and the new red is 0."),
                "yellow": _("A screen's yellow is red and green without blue, so the exchange takes its red away."),
            },
        ),
        Question(
            "twice-the-side",
            _(
                "The lecture's picture of 200 × 200 pixels gets twice as many rows and twice as many columns, and "
                "again there is one unit for each pixel. How many times as many weights does the fully connected layer "
                "have?"
            ),
            {"2": "2", "4": "4", "8": "8", "16": "16"},
            lambda count=images.count_dense: str(count(400**2, 400**2) // count(200**2, 200**2)),
            {
                "2": _("Twice as many rows and twice as many columns: there are four times as many pixels."),
                "4": _("Each unit has four times as many weights, and there are also four times as many units."),
                "8": _("There are four times as many inputs and four times as many units."),
            },
        ),
        Question(
            "two-classifiers",
            _(
                "A second classifier learns from the shuffled digits and sees only shuffled ones in the test. For how "
                "many of the 2,000 new digits do the two give different answers?"
            ),
            {"0": _("for none"), "few": _("for a few dozen"), "many": _("for several hundred"), "most": _("for most")},
            lambda move=images.shuffle_pixels, seed=0: _different_answers(move, seed),
            {
                "few": _("Not even that: both start from zeros and see the same digits in the same order."),
                "many": _("The strokes are broken for you. A unit only adds, and a sum has no order."),
                "most": _("The second one never sees a digit in order, and does not need it: a sum has no order."),
            },
        ),
        Question(
            "largest-sum-moved",
            _(
                "The kernel slides over the digit, and one of its sums is the largest. The digit moves three pixels "
                "down, and the kernel slides again. What happens to the largest sum?"
            ),
            {
                "moves": _("it is the same, three rows lower"),
                "stays": _("it is the same, at the same place"),
                "higher": _("it is the same, three rows higher"),
                "smaller": _("it is smaller"),
            },
            lambda rows=3: _largest_sum(rows),
            {
                "stays": _("The stroke lies three rows lower, so the window that fits it does, too."),
                "higher": _("The stroke lies lower, and so does the window that fits it."),
                "smaller": _("The weights of a unit belong to places. The kernel finds the same pixels, only lower."),
            },
        ),
        Question(
            "kernels-shuffled",
            _(
                "Now kernels are cut out of shuffled digits, and a classifier learns from their largest sums in "
                "shuffled digits. How well does it read new shuffled digits?"
            ),
            {
                "same": _("as well as before the shuffle"),
                "worse": _("worse than before, but better than guessing"),
                "guess": _("only as well as guessing, 1 in 10"),
            },
            lambda move=images.shuffle_pixels: _kernels_read(move),
            {
                "same": _("A fully connected layer would. But a kernel looks at neighbours, and they are gone."),
                "guess": _("The pixels of a window no longer belong together, but they still say something."),
            },
        ),
        # The questions of `FURTHER`.
        Question(
            "clip-too-late",
            _(
                "A pixel of type uint8 is 220. You add 100 in bytes, and then `np.clip` cuts the result to 0 to 255. "
                "What is the pixel then?"
            ),
            {"64": "64", "220": "220", "255": "255", "320": "320"},
            lambda dtype=np.uint8: str(np.clip(np.array([220], dtype) + np.array([100], dtype), 0, 255).item()),
            {
                "220": _("The sum is computed first, and it does not stay 220."),
                "255": _("By then the sum has wrapped. It is a byte between 0 and 255, and there is nothing to cut."),
                "320": _("A byte cannot hold 320, and 320 is what `np.clip` would cut."),
            },
        ),
        Question(
            "photo-against-digit",
            _(
                "A photo of ImageNet has 415 × 482 pixels in colour, on average. A digit of MNIST has 28 × 28 pixels "
                "in grey. How many times as many numbers does the photo have?"
            ),
            {"16": _("about 16 times"), "250": _("about 250 times"), "750": _("about 750 times")},
            lambda name="ImageNet": _times_a_digit(*images.DATA_SETS[name][1:4]),
            {
                "16": _("That is how much longer a side is. There are rows and columns, and three channels."),
                "250": _("That is right for the pixels. In colour each pixel has three numbers."),
            },
        ),
    ]  # fmt: skip


def recall():
    """What later lessons ask about this one.

    >>> [question.id for question in recall()]
    ['row-column', 'kernels-200', 'shuffle']
    """
    return [
        Question(
            "row-column",
            _("Which pixel is `portrait[3, 8]`?"),
            {
                "row": _("the one in row 3, column 8"),
                "column": _("the one in column 3, row 8"),
                "from-one": _("the one in the third row and the eighth column"),
            },
            lambda read=lambda portrait: portrait[3, 8]: _place(read),
            {
                "column": _("That is x before y, as in mathematics. NumPy takes the row first, then the column."),
                "from-one": _("Rows and columns count from 0, so row 3 is the fourth from the top."),
            },
        ),
        Question(
            "kernels-200",
            _("A layer has 100 kernels of 5 × 5. It reads grey pictures of 200 × 200. How many weights is that?"),
            {"25": "25", "2500": "2,500", "4000000": "4,000,000"},
            lambda kernel=5, kernels=100: str(images.count_conv(kernel, kernels)),
            {
                "25": _("Those are the weights of one kernel, and there are 100 kernels."),
                "4000000": _(
                    "Here every pixel has 100 weights of its own. But a kernel has the same weights everywhere."
                ),
            },
        ),
        Question(
            "shuffle",
            _(
                "The pixels of all digits are shuffled, in every picture in the same way. Then a fully connected "
                "layer learns from these pictures. How well does it read new ones, shuffled in the same way?"
            ),
            {
                "same": _("as well as before"),
                "worse": _("worse, since the strokes are broken"),
                "guess": _("only as well as guessing"),
            },
            lambda test_seed=1: _read_when_shuffled(test_seed),
            {
                "worse": _("The layer has a weight for each pixel and never knew which pixels are neighbours."),
                "guess": _("No value is lost: each pixel is in another place, and its weight goes there with it."),
            },
        ),
    ]


def _colour(values):
    """The name of a colour by its red, green and blue."""
    red, green, blue = np.asarray(values) > 127
    names = {(1, 1, 0): "yellow", (0, 1, 1): "light-blue", (1, 0, 1): "violet", (0, 0, 1): "blue"}
    return names[(int(red), int(green), int(blue))]


def _different_answers(move, seed):
    """How often a classifier of straight digits, and one of moved digits, give different answers."""
    digits = data.load("mnist")
    pictures, labels = digits["images"] / 255, digits["labels"]
    answers = []
    for train, start in ((pictures, 0), (move(pictures), seed)):
        layers = images.train_dense(train[:8000], labels[:8000], epochs=2, seed=start)
        answers.append(images.classify(layers, train[8000:]))
    different = int((answers[0] != answers[1]).sum())
    return "0" if different == 0 else "few" if different < 100 else "many" if different < 1000 else "most"


def _largest_sum(rows):
    """What happens to the largest sum of the lesson's kernel when its digit moves down."""
    digit, kernel = data.load("mnist")["images"][8006] / 255, np.array([[-1, 0, 2, 0, -1]] * 5)
    before, after = (images.slide(images.move(digit, rows=steps), kernel) for steps in (0, rows))
    if after.max() < before.max() - 1e-9:
        return "smaller"
    down = np.argmax(after) // 28 - np.argmax(before) // 28
    return "stays" if down == 0 else "moves" if down > 0 else "higher"


def _kernels_read(move):
    """How well kernels of 7 × 7 and their largest sums read moved pictures, beside those as they are."""
    mnist, right = data.load("mnist"), []
    parts = [*range(1000), *range(8000, 9000)]  # to learn from, and new ones
    for change in (np.array, move):
        pictures, labels = change(mnist["images"][parts] / 255), mnist["labels"][parts]
        kernels = images.cut_kernels(pictures[:1000], 7, 40)
        sums = np.array([images.slide(picture, kernels).max(axis=(1, 2)) for picture in pictures])
        layers = images.train_dense(sums[:1000], labels[:1000], epochs=100, rate=0.05)
        right.append(images.share_right(layers, sums[1000:], labels[1000:]))
    before, after = right
    return "same" if after > before - 0.04 else "guess" if after < 0.2 else "worse"


def _place(read):
    """Which of three pixels of the portrait, found by counting along its rows, has the value that `read` takes."""
    portrait = data.load("portrait")
    rows = portrait.tolist()
    values = {"row": rows[3][8], "column": rows[8][3], "from-one": rows[2][7]}
    return next(place for place, value in values.items() if value == read(portrait))


def _read_when_shuffled(test_seed):
    """How well a layer reads digits that were shuffled by a seed of their own, after a training with seed 1."""
    digits = data.load("mnist")
    pictures, labels = images.to_float(digits["images"][:1200]), digits["labels"][:1200]
    right = []
    for train, test in (
        (pictures, pictures),
        (images.shuffle_pixels(pictures, 1), images.shuffle_pixels(pictures, test_seed)),
    ):
        layers = images.train_dense(train[:1000], labels[:1000], epochs=5)
        right.append(np.mean(images.classify(layers, test[1000:]) == labels[1000:]))
    before, after = right
    return "same" if abs(before - after) < 0.05 else "guess" if after < 0.2 else "worse"


def _times_a_digit(rows, columns, channels):
    """Which of the choices is nearest to what a picture has for each number of a digit."""
    times = rows * columns * channels / (28 * 28)
    return str(min([16, 250, 750], key=lambda choice: abs(choice - times)))


FURTHER = ["clip-too-late", "photo-against-digit"]
predict, results, warm_up = asked(
    __name__, bank, own=["count_dense", "count_conv", "largest_sums", "restore"], further=FURTHER
)
