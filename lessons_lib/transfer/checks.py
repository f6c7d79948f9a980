"""Lesson 8's exercises: preparing a photo, model zoos, a map of heat, numbers that learn, an honest split, a choice."""

import numpy as np

from lessons_lib import data, images, transfer
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import Verdict, judge, tried, untouched
from lessons_lib.transfer import inspect_network, model_tables, small_data, training_comparison

# Exercise 3's maps, and how fast the score grows with each of their cells.
MAPS = np.array([[[1, 3], [2, 0]], [[0, 1], [4, 2]]])
SLOPES = np.array([[[1, -4], [3, 0]], [[2, 0], [2, 0]]])


def scaled(answer):
    """Exercise 1: a function that makes of a photo's bytes what the borrowed network was trained on.

    Parameters
    ----------
    answer : callable
        From ndarray of uint8, shape (224, 224, 3), to ndarray of the same shape.

    Returns
    -------
    Verdict

    Examples
    --------
    >>> scaled(lambda photo: photo / 255)
    ✗ Your numbers lie between 0 and 1; this network wants black at about -1 and white at 1.
    """
    photo = np.arange(224 * 224 * 3, dtype=np.int64).reshape(224, 224, 3) * 7919 % 256
    photo = photo.astype(np.uint8)
    kept = photo.copy()
    given, verdict = tried(answer, [(photo,)], _("a photo, an array of uint8 of shape (224, 224, 3)"))
    if verdict is not None:
        return verdict
    x = kept.astype(float)
    wraps = (kept - np.uint8(127)) / 128
    mistakes = [
        (x, _("These are the bytes themselves; the network has never met numbers as large as 255.")),
        (x / 255, _("Your numbers lie between 0 and 1; this network wants black at about -1 and white at 1.")),
        (wraps, _("Something wraps: 126 became 255 and not -1, for bytes know no sign. Make them float first.")),
        (wraps.astype(np.float32), _("Bytes wrap around below zero; make them float before you subtract.")),
        (x - 127, _("You subtracted 127 but did not divide.")),
        (x / 128, _("You divided but did not subtract; black must become a negative number.")),
        (
            x / 127.5 - 1,
            _("That is the recipe of other networks (MobileNet, Xception); this one has its own two numbers."),
        ),
        (transfer.scale(kept)[..., ::-1], _("Red and blue have changed places.")),
        ((x - 128) / 127, _("The two numbers have changed places.")),
        ((x - 127) / 127, _("You divided by the number that you subtracted; there are two different ones.")),
        (x - 127 / 128, _("The division comes first without brackets.")),
    ]
    hint = _("Subtract one number from every byte, then divide by another.")
    return judge(given[0], transfer.scale(kept), mistakes, hint, tolerance=1e-5)


def unbeaten(answer):
    """Exercise 2: the networks of Keras' table that no other one beats, when fewer layers are better.

    Parameters
    ----------
    answer : sequence of str
        Names as in the table, in any order.

    Returns
    -------
    Verdict

    Examples
    --------
    >>> unbeaten(["VGG16"])
    ✗ All of these belong there, but some are missing: who is better than each of the others, in depth or in top-1?
    """
    pending = untouched(answer)
    if pending is not None:
        return pending
    rows = model_tables.table("Keras")
    known = {row["model"] for row in rows}
    if isinstance(answer, str) or not np.iterable(answer) or not all(isinstance(name, str) for name in answer):
        return Verdict(_('Give a list of names, such as ["VGG16", "ResNet50"].'), False)
    given = set(answer)
    if not given:
        return Verdict(_("Your list is empty; the network with the fewest layers can never be beaten."), False)
    if given - known:
        text = _("{name!r} is not in Keras' table; take the names from there.")
        return Verdict(text.format(name=sorted(given - known)[0]), False)
    right = {row["model"] for row in model_tables.unbeaten(rows, "depth")}
    if given == right:
        return Verdict(_("Right: for each of the others, one of these has fewer layers and is right more often."), True)
    if given == {row["model"] for row in model_tables.unbeaten(rows)}:
        return Verdict(_("These are unbeaten when parameters are the cost; here it is the number of layers."), False)
    if len(given) == 1 and given <= {row["model"] for row in model_tables.sort(rows, "top-1", falling=True)[:1]}:
        text = _("This one is best in top-1, but it also has the most layers; who is unbeaten with fewer?")
        return Verdict(text, False)
    wrong = [row for row in rows if row["model"] in given - right]
    if wrong:
        better = next(row for row in rows if model_tables.beats(row, wrong[0], "depth"))
        text = _("{name} is beaten: {better} has {depth} layers and a top-1 of {top}.")
        told = {"name": wrong[0]["model"], "better": better["model"], "depth": better["depth"], "top": better["top-1"]}
        return Verdict(text.format(**told), False)
    text = _(
        "All of these belong there, but some are missing: who is better than each of the others, in depth or in top-1?"
    )
    return Verdict(text, False)


def looked(answer):
    """Exercise 3: Grad-CAM of two maps of 2 x 2 cells.

    Parameters
    ----------
    answer : array_like of shape (2, 2)

    Returns
    -------
    Verdict

    Examples
    --------
    >>> looked([[-1, 4], [-1, 6]])
    ✗ Cells below zero speak against the class; Grad-CAM drops them at the end.
    """
    expected = inspect_network.grad_cam(MAPS, SLOPES)
    weights = SLOPES.mean(axis=(0, 1))
    mistakes = [
        (MAPS @ weights, _("Cells below zero speak against the class; Grad-CAM drops them at the end.")),
        (
            np.maximum(0, (MAPS * SLOPES).sum(axis=2)),
            _("You multiplied cell by cell; first take the mean of each map's slopes, one weight a map."),
        ),
        (expected * 4, _("You added the four slopes of a map; take their mean.")),
        (
            MAPS @ np.maximum(0, weights),
            _("You dropped the map with the negative weight; drop negative cells, after the maps are added."),
        ),
        (expected / expected.max(), _("You scaled it to 1, which a picture needs and this exercise does not.")),
        (expected.T, _("Rows and columns have changed places.")),
        (MAPS.sum(axis=2), _("You added the maps without their weights.")),
    ]
    return judge(answer, expected, mistakes, _("One weight a map, the weighted maps added, then ReLU."))


def new_numbers(answer):
    """Exercise 4: how many numbers learn in the lecture's recipe on VGG16 at 48 x 48 x 3, with 3 classes.

    Parameters
    ----------
    answer : int

    Returns
    -------
    Verdict

    Examples
    --------
    >>> new_numbers(131072 + 768)
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
    return judge(
        answer, expected, mistakes, _("Flatten gives so many numbers; each unit has a weight for each, and a bias.")
    )


def split(answer):
    """Exercise 5: the last column at which a patch of the training part may begin, when it is 96 columns wide.

    Parameters
    ----------
    answer : int

    Returns
    -------
    Verdict

    Examples
    --------
    >>> split(239)
    ✗ This patch would begin inside the part and end far outside it, among the pixels of the test.
    """
    (_first, end), (test, _last) = small_data.halves(512).values()
    widest = small_data.ZOOM[1]
    mistakes = [
        (end - 1, _("This patch would begin inside the part and end far outside it, among the pixels of the test.")),
        (end, _("This is the first column after the part; where must a patch begin to end before it?")),
        (end - widest + 1, _("One too many: count the columns from this one on, it is one of them itself.")),
        (end - widest - 1, _("One too few: the patch may use the last column of its part.")),
        (end - small_data.PATCH, _("48 is the side after resizing; the square that is cut out is wider.")),
        (test - widest, _("This patch would end at the first column of the test's part; the gap is for nobody.")),
        (512 - widest, _("This is the last place in the whole photo; training has only its left part.")),
    ]
    return judge(answer, end - widest, mistakes, _("A patch that begins at column c uses the columns c to c + 95."))


def gain(answer):
    """Exercise 6: by how much cutting after block 4 is better than the whole frozen base, on clothes, 20 a class.

    Parameters
    ----------
    answer : float
        Difference of the mean accuracies over the seeds.

    Returns
    -------
    Verdict

    Examples
    --------
    >>> gain(7)
    ✗ Not yet. Take the mean over all the seeds for each way, then the difference.
    """
    rows = data.load("transfer-runs")

    def mean(task, way, count=20, seeds=None):
        some = [row for row in rows if seeds is None or row["seed"] in seeds]
        return training_comparison.summary(some, task, way)[count][0]

    expected = mean("clothes", "start") - mean("clothes", "frozen")
    mistakes = [
        (-expected, _("The sign: how much better is the cut network, not how much worse is the whole one.")),
        (
            mean("clothes", "start", seeds=[0]) - mean("clothes", "frozen", seeds=[0]),
            _("This is the first seed alone; one seed may be lucky, so take the mean over all of them."),
        ),
        (
            mean("textures", "start") - mean("textures", "frozen"),
            _("These are the textures; the exercise asks for clothes."),
        ),
        (mean("clothes", "start"), _("This is the accuracy of the cut network; by how much is it better?")),
        (mean("clothes", "start") - mean("clothes", "scratch"), _("You compared it with training from scratch.")),
        (100 * expected, _("Give a fraction, not per cent.")),
    ]
    for count in (5, 10, 50, 100, 500):
        text = _("This is for {count} pictures a class.").format(count=count)
        mistakes.append((mean("clothes", "start", count) - mean("clothes", "frozen", count), text))
    hint = _("Take the mean over all the seeds for each way, then the difference.")
    return judge(answer, expected, mistakes, hint, tolerance=5e-4)
