"""Lesson 8's exercises: each check takes an answer, returns a Verdict, and names the mistakes it knows."""

import numpy as np

from lessons_lib import data, images, transfer
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import Verdict, judge, judge_function, untouched
from lessons_lib.transfer import inspect_network, model_tables, small_data, training_comparison

# Exercise 3's maps, and the gradient of the score for each of their cells.
MAPS = np.array([[[1, 3], [2, 0]], [[0, 1], [4, 2]]])
GRADIENTS = np.array([[[1, -4], [3, 0]], [[2, 0], [2, 0]]])


def scale(answer):
    """Exercise 1: a function that makes of a photo's bytes what the pretrained network was trained on.

    >>> scale(lambda photo: photo / 255)
    ✗ Your numbers lie between 0 and 1; this network wants black at about -1 and white at 1.
    """
    photo = (np.arange(224 * 224 * 3).reshape(224, 224, 3) * 7919 % 256).astype(np.uint8)
    mistakes = [
        (lambda x: x, _("These are the bytes themselves; the network has never met numbers as large as 255.")),
        (
            lambda x: x / 255,
            _("Your numbers lie between 0 and 1; this network wants black at about -1 and white at 1."),
        ),
        (
            lambda x: (x - np.uint8(127)) / 128,
            _("Something wraps: 126 became 255 and not -1, for bytes know no sign. Make them float first."),
        ),
        (lambda x: x - 127.0, _("You subtracted 127 but did not divide.")),
        (lambda x: x / 128, _("You divided but did not subtract; black must become a negative number.")),
        (
            lambda x: x / 127.5 - 1,
            _("That is the recipe of other networks (MobileNet, Xception); this one has its own two numbers."),
        ),
        (lambda x: transfer.scale(x)[..., ::-1], _("Red and blue have changed places.")),
        (lambda x: (x - 128.0) / 127, _("The two numbers have changed places.")),
        (
            lambda x: (x - 127.0) / 127,
            _("You divided by the number that you subtracted; there are two different ones."),
        ),
        (lambda x: x - 127 / 128, _("The division comes first without brackets.")),
    ]
    what = _("a photo, an array of uint8 of shape (224, 224, 3)")
    hint = _("Subtract one number from every byte, then divide by another.")
    return judge_function(answer, [(photo,)], transfer.scale, mistakes, what, hint, tolerance=1e-5)


def pareto_front(answer):
    """Exercise 2: the names of Keras' networks that no other one beats, when fewer layers are better; in any order.

    >>> pareto_front(["VGG16"])
    ✗ All of these belong there, but some are missing: who is better than each of the others, in depth or in top-1?
    """
    pending = untouched(answer)
    if pending is not None:
        return pending
    rows = model_tables.table("Keras")
    if isinstance(answer, str) or not np.iterable(answer) or not all(isinstance(name, str) for name in answer):
        return Verdict(_('Give a list of names, such as ["VGG16", "ResNet50"].'), False)
    given, unknown = set(answer), sorted(set(answer) - {row["model"] for row in rows})
    front = {row["model"] for row in model_tables.pareto_front(rows, "depth")}
    dominated = [row for row in rows if row["model"] in given - front]
    if given == front:
        return Verdict(_("Right: for each of the others, one of these has fewer layers and is right more often."), True)
    if not given:
        text = _("Your list is empty; the network with the fewest layers can never be beaten.")
    elif unknown:
        text = _("{name!r} is not in Keras' table; take the names from there.").format(name=unknown[0])
    elif given == {row["model"] for row in model_tables.pareto_front(rows)}:
        text = _("These are unbeaten when parameters are the cost; here it is the number of layers.")
    elif given == {model_tables.sort(rows, "top-1", descending=True)[0]["model"]}:
        text = _("This one is best in top-1, but it also has the most layers; who is unbeaten with fewer?")
    elif dominated:
        better = next(row for row in rows if model_tables.dominates(row, dominated[0], "depth"))
        text = _("{name} is beaten: {better} has {depth} layers and a top-1 of {top}.").format(
            name=dominated[0]["model"], better=better["model"], depth=better["depth"], top=better["top-1"]
        )
    else:
        text = _(
            "All of these belong there, but some are missing: "
            "who is better than each of the others, in depth or in top-1?"
        )
    return Verdict(text, False)


def grad_cam(answer):
    """Exercise 3: Grad-CAM of two maps of 2 x 2 cells.

    >>> grad_cam([[-1, 4], [-1, 6]])
    ✗ Cells below zero speak against the class; Grad-CAM drops them at the end.
    """
    expected = inspect_network.grad_cam(MAPS, GRADIENTS)
    weights = GRADIENTS.mean(axis=(0, 1))
    mistakes = [
        (MAPS @ weights, _("Cells below zero speak against the class; Grad-CAM drops them at the end.")),
        (
            np.maximum(0, (MAPS * GRADIENTS).sum(axis=2)),
            _("You multiplied cell by cell; first take the mean of each map's gradient, one weight a map."),
        ),
        (expected * 4, _("You added the four numbers of a map's gradient; take their mean.")),
        (
            MAPS @ np.maximum(0, weights),
            _("You dropped the map with the negative weight; drop negative cells, after the maps are added."),
        ),
        (expected / expected.max(), _("You scaled it to 1, which a picture needs and this exercise does not.")),
        (expected.T, _("Rows and columns have changed places.")),
        (MAPS.sum(axis=2), _("You added the maps without their weights.")),
    ]
    return judge(answer, expected, mistakes, _("One weight a map, the weighted maps added, then ReLU."))


def trainable_parameters(answer):
    """Exercise 4: how many parameters learn in the lecture's recipe on VGG16 at 48 x 48 x 3, with 3 classes.

    >>> trainable_parameters(131072 + 768)
    ✗ Each unit of the two new layers has a bias too.
    """

    def count(inputs, bias=True):
        return images.parameters_dense(inputs, 256, bias) + images.parameters_dense(256, 3, bias)

    base, expected = 14_714_688, count(512)
    mistakes = [
        (base + expected, _("You counted the frozen base as well; only the two new layers learn.")),
        (base, _("This is the base, which is frozen; count the two new layers.")),
        (count(512, bias=False), _("Each unit of the two new layers has a bias too.")),
        (count(7 * 7 * 512), _("This is for pictures of 224 × 224; at 48 × 48 the five poolings leave fewer cells.")),
        (count(2 * 2 * 512), _("48 halved five times is 1 in the end, for VGG16's poolings round down.")),
        (count(2 * 2 * 1280), _("This is our network's head; VGG16 ends in other maps.")),
        (images.parameters_dense(512, 256, True), _("You counted the first new layer; there is a second one.")),
        (images.parameters_dense(512, 3, True), _("You left out the layer of 256 units.")),
    ]
    hint = _("Flatten gives so many numbers; each unit has a weight for each, and a bias.")
    return judge(answer, expected, mistakes, hint)


def split(answer):
    """Exercise 5: the last column at which a patch of the training part may begin, when it is 96 columns wide.

    >>> split(239)
    ✗ This patch would begin inside the part and end far outside it, among the pixels of the test.
    """
    (_first, end), (test, _last) = small_data.column_ranges(512).values()
    widest = small_data.ZOOM[1]
    mistakes = [
        (end - 1, _("This patch would begin inside the part and end far outside it, among the pixels of the test.")),
        (end, _("This is the first column after the part; where must a patch begin to end before it?")),
        (end - widest + 1, _("One too many: count the columns from this one on, it is one of them itself.")),
        (end - widest - 1, _("One too few: the patch may use the last column of its part.")),
        (end - small_data.PATCH, _("48 is the side after resizing; the square that is cut out is wider.")),
        (test - widest, _("This patch would end at the first column of the test's part; the gap belongs to no part.")),
        (512 - widest, _("This is the last place in the whole photo; training has only its left part.")),
    ]
    return judge(answer, end - widest, mistakes, _("A patch that begins at column c uses the columns c to c + 95."))


def gain(answer):
    """Exercise 6: how much better cutting after block 4 is than the whole frozen base, on clothes, 20 a class.

    >>> gain(7)
    ✗ Not yet. Take the mean over all the seeds for each method, then the difference.
    """
    rows = data.load("transfer-runs")

    def mean(task, method, count=20, some=rows):
        return training_comparison.summary(some, task, method)[count][0]

    def difference(task="clothes", count=20, some=rows, other="frozen"):
        return mean(task, "start", count, some) - mean(task, other, count, some)

    expected, first = difference(), [row for row in rows if row["seed"] == 0]
    mistakes = [
        (-expected, _("The sign: how much better is the cut network, not how much worse is the whole one.")),
        (
            difference(some=first),
            _("This is the first seed alone; one seed may be lucky, so take the mean over all of them."),
        ),
        (difference("textures"), _("These are the textures; the exercise asks for clothes.")),
        (mean("clothes", "start"), _("This is the accuracy of the cut network; by how much is it better?")),
        (difference(other="scratch"), _("You compared it with training from scratch.")),
        (100 * expected, _("Give a fraction, not per cent.")),
    ]
    for count in (5, 10, 50, 100, 500):
        mistakes.append((difference(count=count), _("This is for {count} pictures a class.").format(count=count)))
    hint = _("Take the mean over all the seeds for each method, then the difference.")
    return judge(answer, expected, mistakes, hint, tolerance=5e-4)
