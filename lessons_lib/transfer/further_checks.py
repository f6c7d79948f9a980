"""The tasks of lesson 8's further notebooks: each check takes an answer and returns a Verdict."""

import numpy as np

from lessons_lib import data, images
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import Verdict, judge, task
from lessons_lib.transfer import inspect_network, model_tables, small_data, training_comparison

# Exercise 3's maps, and the gradient of the score for each of their cells.
MAPS = np.array([[[1, 3], [2, 0]], [[0, 1], [4, 2]]])
GRADIENTS = np.array([[[1, -4], [3, 0]], [[2, 0], [2, 0]]])


@task("transfer/pareto-front")
def pareto_front(answer):
    """Exercise 2: the names of Keras' networks that no other one beats, when fewer layers are better; in any order.

    >>> pareto_front(["VGG16"])
    ✗ All of these belong there, but some are missing: who is better than each of the others, in depth or in top-1?
    """
    rows = model_tables.table("Keras")
    if isinstance(answer, str) or not np.iterable(answer) or not all(isinstance(name, str) for name in answer):
        return Verdict(_('Give a list of names, such as ["VGG16", "ResNet50"].'), False, "form")
    given, unknown = set(answer), sorted(set(answer) - {row["model"] for row in rows})
    front = {row["model"] for row in model_tables.pareto_front(rows, "depth")}
    dominated = [row for row in rows if row["model"] in given - front]
    if given == front:
        return Verdict(_("Right: for each of the others, one of these has fewer layers and is right more often."), True)
    if not given:
        id_, text = "empty", _("Your list is empty; the network with the fewest layers can never be beaten.")
    elif unknown:
        text = _("{name!r} is not in Keras' table; take the names from there.").format(name=unknown[0])
        id_ = "no-name"
    elif given == {row["model"] for row in model_tables.pareto_front(rows)}:
        id_, text = "parameters", _("These are unbeaten when parameters are the cost; here it is the number of layers.")
    elif given == {model_tables.sort(rows, "top-1", descending=True)[0]["model"]}:
        text = _("This one is best in top-1, but it also has the most layers; who is unbeaten with fewer?")
        id_ = "only-best"
    elif dominated:
        better = next(row for row in rows if model_tables.dominates(row, dominated[0], "depth"))
        text = _("{name} is beaten: {better} has {depth} layers and a top-1 of {top}.").format(
            name=dominated[0]["model"], better=better["model"], depth=better["depth"], top=better["top-1"]
        )
        id_ = "beaten"
    else:
        text = _(
            "All of these belong there, but some are missing: "
            "who is better than each of the others, in depth or in top-1?"
        )
        id_ = "missing"
    return Verdict(text, False, id_)


@task("transfer/grad-cam")
def grad_cam(answer):
    """Exercise 3: Grad-CAM of two maps of 2 x 2 cells.

    >>> grad_cam([[-1, 4], [-1, 6]])
    ✗ Cells below zero speak against the class; Grad-CAM drops them at the end.
    """
    expected = inspect_network.grad_cam(MAPS, GRADIENTS)
    weights = GRADIENTS.mean(axis=(0, 1))
    by_cell = np.maximum(0, (MAPS * GRADIENTS).sum(axis=2))
    positive = MAPS @ np.maximum(0, weights)
    below = _("Cells below zero speak against the class; Grad-CAM drops them at the end.")
    cells = _("You multiplied cell by cell; first take the mean of each map's gradient, one weight a map.")
    dropped = _("You dropped the map with the negative weight; drop negative cells, after the maps are added.")
    scaled = _("You scaled it to 1, which a picture needs and this exercise does not.")
    mistakes = [
        ("no-relu", MAPS @ weights, below),
        ("cell-by-cell", by_cell, cells),
        ("sums", expected * 4, _("You added the four numbers of a map's gradient; take their mean.")),
        ("map-dropped", positive, dropped),
        ("scaled", expected / expected.max(), scaled),
        ("transposed", expected.T, _("Rows and columns have changed places.")),
        ("no-weights", MAPS.sum(axis=2), _("You added the maps without their weights.")),
    ]
    hint = _("What is each map worth for the class? And what becomes of cells that speak against it?")
    return judge(answer, expected, mistakes, hint)


@task("transfer/trainable-parameters")
def trainable_parameters(answer):
    """Exercise 4: how many parameters learn in the lecture's recipe on VGG16 at 48 x 48 x 3, with 3 classes.

    >>> trainable_parameters(131072 + 768)
    ✗ Each unit of the two new layers has a bias too.
    """

    def count(inputs, bias=True):
        return images.count_dense(inputs, 256, bias) + images.count_dense(256, 3, bias)

    base, expected = 14_714_688, count(512)
    first, second = images.count_dense(512, 256, True), images.count_dense(256, 3, True)
    with_base = _("You counted the frozen base as well; only the two new layers learn.")
    larger = _("This is for pictures of 224 × 224; at 48 × 48 the five poolings leave fewer cells.")
    rounded_up = _("48 halved five times is 1 in the end, for VGG16's poolings round down.")
    mistakes = [
        ("with-base", base + expected, with_base),
        ("base", base, _("This is the base, which is frozen; count the two new layers.")),
        ("no-biases", count(512, bias=False), _("Each unit of the two new layers has a bias too.")),
        ("larger-picture", count(7 * 7 * 512), larger),
        ("rounded-up", count(2 * 2 * 512), rounded_up),
        ("our-head", count(2 * 2 * 1280), _("This is our network's head; VGG16 ends in other maps.")),
        ("first-layer", first, _("You counted the first new layer; there is a second one.")),
        ("second-layer", second, _("You counted the second new layer; there is a first one.")),
        ("two-parts", (first, second), _("Those are the two new layers; add them.")),
        ("no-256", images.count_dense(512, 3, True), _("You left out the layer of 256 units.")),
    ]
    hint = _("How many numbers does Flatten give? Count the weights and the biases of both new layers.")
    return judge(answer, expected, mistakes, hint)


@task("transfer/split")
def split(answer):
    """Exercise 5: the last column at which a patch of the training part may begin, when it is 96 columns wide.

    >>> split(239)
    ✗ This patch would begin inside the part and end far outside it, among the pixels of the test.
    """
    (_first, end), (test, _last) = small_data.column_ranges(512).values()
    widest = small_data.ZOOM[1]
    inside = _("This patch would begin inside the part and end far outside it, among the pixels of the test.")
    after = _("This is the first column after the part; where must a patch begin to end before it?")
    one_more = _("One too many: count the columns from this one on, it is one of them itself.")
    resized = _("48 is the side after resizing; the square that is cut out is wider.")
    gap = _("This patch would end at the first column of the test's part; the gap belongs to no part.")
    whole = _("This is the last place in the whole photo; training has only its left part.")
    mistakes = [
        ("last-column", end - 1, inside),
        ("after-the-part", end, after),
        ("one-more", end - widest + 1, one_more),
        ("one-less", end - widest - 1, _("One too few: the patch may use the last column of its part.")),
        ("resized", end - small_data.PATCH, resized),
        ("gap", test - widest, gap),
        ("whole-photo", 512 - widest, whole),
        ("from-to", (0, end - widest), _("Give the last column alone.")),
    ]
    hint = _("Which is the last column of a patch that begins at column 0?")
    return judge(answer, end - widest, mistakes, hint)


@task("transfer/gain")
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
    cut, whole = mean("clothes", "start"), mean("clothes", "frozen")
    seed = _("This is the first seed alone; one seed may be lucky, so take the mean over all of them.")
    mistakes = [
        ("minus", -expected, _("The sign: how much better is the cut network, not how much worse is the whole one.")),
        ("one-seed", difference(some=first), seed),
        ("textures", difference("textures"), _("These are the textures; the exercise asks for clothes.")),
        ("only-cut", cut, _("This is the accuracy of the cut network; by how much is it better?")),
        ("only-whole", whole, _("This is the accuracy of the whole base; by how much is the cut network better?")),
        ("two-means", (cut, whole), _("These are the two means; take the difference.")),
        ("scratch", difference(other="scratch"), _("You compared it with training from scratch.")),
    ]
    for count in (5, 10, 50, 100, 500):
        text = _("This is for {count} pictures a class.").format(count=count)
        mistakes.append(("other-count", difference(count=count), text))
    hint = _("Take the mean over all the seeds for each method, then the difference.")
    return judge(answer, expected, mistakes, hint, tolerance=5e-4)
