"""The tasks of lesson 8's further notebooks: each check takes an answer and returns a Verdict.

`contributions` shows its Verdict, and returns the student's function when it is right, else the library's.
"""

import numpy as np

from lessons_lib import data, images
from lessons_lib.core.i18n import _
from lessons_lib.core.verdict import Verdict, judge, judge_function, task
from lessons_lib.transfer import inspect_network, model_tables, small_data, training_comparison

# Two maps, and the gradient of the score for each of their cells.
MAPS = np.array([[[1, 3], [2, 0]], [[0, 1], [4, 2]]])
GRADIENTS = np.array([[[1, -4], [3, 0]], [[2, 0], [2, 0]]])


# --- 08-zoos


@task("transfer/megabytes")
def megabytes(answer):
    """The megabytes of 4,694,024 numbers of 2 bytes, to one decimal.

    >>> megabytes(17.9)
    ✗ That is with 4 bytes a number; here each has 2.
    """
    numbers = model_tables.OURS["parameters"]
    mistakes = [
        ("four-bytes", numbers * 4 / 2**20, _("That is with 4 bytes a number; here each has 2.")),
        ("million", numbers * 2 / 1e6, _("A megabyte of this table is 2 ** 20 bytes, a little more than a million.")),
        ("bytes", numbers * 2, _("Those are bytes; how many megabytes?")),
        ("kilobytes", numbers * 2 / 2**10, _("Those are kilobytes, of 2 ** 10 bytes.")),
        ("one-byte", numbers / 2**20, _("That is with 1 byte a number; here each has 2.")),
        ("bits", numbers * 16 / 2**20, _("Those are megabits; a byte has 8 bits.")),
    ]
    hint = _("Do as in the cell above, with other bytes a number.")
    return judge(answer, numbers * 2 / 2**20, mistakes, hint, tolerance=0.06)


@task("transfer/pareto-front")
def pareto_front(answer):
    """The names of Keras' networks that no other one beats by depth and top-1 measured again; in any order.

    >>> pareto_front(["VGG16"])
    ✗ All of these belong there, but some are missing: who is better than each of the others, in depth or in top-1?
    """
    rows, gain = model_tables.table("Keras"), "top-1 again"
    if isinstance(answer, str) or not np.iterable(answer) or not all(isinstance(name, str) for name in answer):
        return Verdict(_('Give a list of names, such as ["VGG16", "ResNet50"].'), False, "form")
    given, unknown = set(answer), sorted(set(answer) - {row["model"] for row in rows})

    def front(cost, gain):
        return {row["model"] for row in model_tables.pareto_front(rows, cost, gain)}

    wanted = front("depth", gain)
    dominated = [row for row in rows if row["model"] in given - wanted]
    if given == wanted:
        return Verdict(_("Right: for each of the others, one of these has fewer layers and is right more often."), True)
    if not given:
        id_, text = "empty", _("Your list is empty; the network with the fewest layers can never be beaten.")
    elif unknown:
        text = _("{name!r} is not in Keras' table; take the names from there.").format(name=unknown[0])
        id_ = "no-name"
    elif given == front("depth", "top-1"):
        id_, text = "old-column", _("These are unbeaten by the older column; take the top-1 that was measured again.")
    elif given == front("parameters", gain):
        id_, text = "parameters", _("These are unbeaten when parameters are the cost; here it is the number of layers.")
    elif given == {model_tables.sort(rows, gain, descending=True)[0]["model"]}:
        text = _("This one is best in top-1, but it also has the most layers; who is unbeaten with fewer?")
        id_ = "only-best"
    elif dominated:
        better = next(row for row in rows if model_tables.dominates(row, dominated[0], "depth", gain))
        text = _("{name} is beaten: {better} has {depth} layers and a top-1 of {top:.1f}.").format(
            name=dominated[0]["model"], better=better["model"], depth=better["depth"], top=better[gain]
        )
        id_ = "beaten"
    else:
        text = _(
            "All of these belong there, but some are missing: "
            "who is better than each of the others, in depth or in top-1?"
        )
        id_ = "missing"
    return Verdict(text, False, id_)


# --- 08-inside


def _contributions(maps, weights):
    return maps @ weights / (maps.shape[0] * maps.shape[1])


@task("transfer/contributions", otherwise=_contributions)
def contributions(answer):
    """What each cell of the last maps, (M, N, K), contributes to the score of a class with K weights.

    >>> _function = contributions(lambda maps, weights: maps @ weights)
    ✗ The maps are averaged: each cell has only its share of the mean.
    """
    share = _("The maps are averaged: each cell has only its share of the mean.")
    mistakes = [
        ("no-mean", lambda maps, weights: maps @ weights, share),
        ("score", lambda maps, weights: maps.mean(axis=(0, 1)) @ weights,
         _("That is the whole score without b; give each cell's part of it.")),
        ("means-of-maps", lambda maps, weights: maps.mean(axis=(0, 1)) * weights,
         _("That is what each map contributes; give what each cell contributes.")),
        ("not-added", lambda maps, weights: maps * weights / (maps.shape[0] * maps.shape[1]),
         _("Add the contributions of the K maps: a cell has one number.")),
        ("no-weights", lambda maps, weights: maps.sum(axis=2) / (maps.shape[0] * maps.shape[1]),
         _("You added the maps without the weights of the class.")),
        ("mean-of-depth", lambda maps, weights: maps @ weights / maps.shape[2],
         _("You divided by the number of maps; the mean is over the cells of a map.")),
        ("always-49", lambda maps, weights: maps @ weights / 49,
         _("You divided by 49; other maps have other numbers of cells.")),
        ("relu", lambda maps, weights: np.maximum(0, _contributions(maps, weights)),
         _("Keep the negative contributions, too; they are dropped only for the picture.")),
    ]  # fmt: skip
    draw = np.random.default_rng(0).normal
    cases = [(draw(size=(2, 3, 4)), draw(size=4)), (draw(size=(5, 5, 2)), draw(size=2))]
    hint = _("For each cell: multiply its K numbers by the K weights, add them, and take the cell's share of the mean.")
    return judge_function(answer, cases, _contributions, mistakes, _("maps and weights"), hint)


@task("transfer/grad-cam")
def grad_cam(answer):
    """Grad-CAM of two maps of 2 x 2 cells.

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


# --- 08-lecture-recipe


@task("transfer/trainable-parameters")
def trainable_parameters(answer):
    """How many parameters learn in the lecture's recipe on VGG16 at 48 x 48 x 3, with 3 classes.

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
    """The last column at which a patch of the training part may begin, when it is 96 columns wide.

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


# --- 08-where-to-cut


@task("transfer/learned")
def learned(answer):
    """How many numbers a linear classifier of ten classes learns from the means of block 4's 40 maps.

    >>> learned(400)
    ✗ Each class has a bias, too.
    """
    mistakes = [
        ("no-biases", 40 * 10, _("Each class has a bias, too.")),
        ("one-bias", 40 * 10 + 1, _("Each class has a bias of its own.")),
        ("bias-a-map", 40 * 11, _("There is a bias for each class, not for each map.")),
        ("cells", 6 * 6 * 40 * 10 + 10, _("That is for all cells; here the classifier gets the mean of each map.")),
        ("head", 1281 * 10, _("That is at the end of the network; block 4 has fewer maps.")),
        ("textures", 41 * 3, _("That is for the three textures; there are ten kinds of clothes.")),
        ("one-class", 41, _("That is for one class.")),
    ]
    return judge(
        answer, images.count_dense(40, 10, True), mistakes, _("How many weights has one class? And what else?")
    )


@task("transfer/gain")
def gain(answer):
    """How much better cutting after block 4 is than the whole frozen base, on clothes, 20 a class.

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
