"""Lesson 8's panels: the model zoo, what a layer sees, where a network looked, where to cut it.

`photos` are a dict of name to bytes, the course's own if left out; `transfer.imagenet()` looks at them, and no panel
needs TensorFlow. Where `maps` of another network are given, photos are of shape (S, S, 3), as that network saw them.
Presets that are not among the choices, and arrays that do not fit together, are refused with a ValueError.
"""

import functools
import html

import ipywidgets as widgets
import numpy as np

from lessons_lib import data, lenet, pooling, transfer
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import size_text
from lessons_lib.transfer import figures, inspect_network, lite0, model_tables
from lessons_lib.widgets import controls
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import PixelGrid

COSTS = ("megabytes", "parameters", "depth")
LARGEST_PATCH = 96  # pixels of a photo; the windows of late layers are larger than the photo
TILE, EDGE = 64, 4
LAYERS = ("stem", "block2", "block4", "block10", "head")  # shown when no maps are given


class Zoo(Panel):
    """The lecture's tables of pretrained networks, sorted by any column, and accuracy against size.

    >>> Zoo("Keras", by="parameters", descending=False).sentence.split("; ")[0]
    '7 networks by parameters, the smallest first: MobileNet 4,253,864, then Xception 22,910,480'
    """

    def __init__(self, library="both", by="top-1", descending=True, cost="parameters"):
        validate.choice(library, "library", ["both", *model_tables.LIBRARIES])
        validate.choice(by, "by", model_tables.COLUMNS)
        validate.choice(cost, "cost", COSTS)
        libraries = [(_("both tables"), "both"), *((name, name) for name in model_tables.LIBRARIES)]
        columns = [(model_tables.column_name(column), column) for column in model_tables.COLUMNS]
        costs = [(model_tables.column_name(column), column) for column in COSTS]
        self.library = controls.dropdown(_("table"), libraries, library, "auto")
        self.by = controls.dropdown(_("sort by"), columns, by, "auto")
        self.descending = controls.checkbox(_("largest first"), descending, "auto")
        self.cost = controls.dropdown(_("plot against"), costs, cost, "auto")
        self.board = widgets.HTML(layout={"width": "520px", "max_width": "100%", "overflow": "visible"})
        self.picture = widgets.HTML(layout={"flex": "1 1 480px", "max_width": "680px"})
        self._both = model_tables.table()
        super().__init__([self.library, self.by, self.descending, self.cost], [[self.board, self.picture]])
        self.watch(self.library, self.by, self.descending, self.cost)
        self.refresh()

    @property
    def rows(self):
        """The rows in the order shown."""
        rows = [row for row in self._both if self.library.value in ("both", row["library"])]
        return model_tables.sort(rows, self.by.value, self.descending.value)

    def refresh(self, _change=None):
        """Sort, write the table, show the plot; only Keras' table knows sizes, so the plot is always of Keras'."""
        self.board.value = self._table(self.rows)
        networks = [*(row for row in self._both if row["library"] == "Keras"), model_tables.OURS]
        self.picture.value = figures.zoo(networks, self.cost.value).svg()
        plotted = [row for row in networks if row[self.cost.value] is not None]
        front = model_tables.pareto_front(plotted, self.cost.value)
        text = _("{rows}; in the plot of top-1 against {cost}, no other network beats {front} ({count} of {all}).")
        self.say(text.format(
            rows=self._first_rows(), cost=model_tables.column_name(self.cost.value),
            front=", ".join(row["model"] for row in front), count=len(front), all=len(plotted),
        ))  # fmt: skip

    def still(self):
        """The plot alone: the rows are in the sentence's words, and in the lesson's text."""
        return figures.zoo(cost=self.cost.value).figure()

    def _first_rows(self):
        by, column = self.by.value, model_tables.column_name(self.by.value)
        known = [row for row in self.rows if row[by] is not None]
        if not known:
            text = _("The table of {library} says nothing of {column} for its {count} networks")
            return text.format(library=self.library.value, column=column, count=len(self.rows))
        ends = (_("the first"), _("the last")) if by == "model" else (_("the smallest"), _("the largest"))
        first, second = (" ".join(dict.fromkeys([row["model"], model_tables.cell_text(row, by)])) for row in known[:2])
        text = _("{count} networks by {column}, {end} first: {first}, then {second}")
        end = ends[self.descending.value]
        return text.format(count=len(known), column=column, end=end, first=first, second=second)

    def _table(self, rows):
        cell = '<{tag} style="padding:1px 8px;text-align:{side};white-space:nowrap;{more}">{text}</{tag}>'

        def line(tag, text_of):
            cells = []
            for column in model_tables.COLUMNS:
                more = "background:rgba(255,176,0,.28);" if column == self.by.value else ""
                side = "left" if column == "model" else "right"
                cells.append(cell.format(tag=tag, side=side, more=more, text=html.escape(text_of(column))))
            return f"<tr>{''.join(cells)}</tr>"

        lines = [line("td", functools.partial(model_tables.cell_text, row)) for row in rows]
        head = line("th", model_tables.column_name)
        return f'<table style="line-height:1.35;border-collapse:collapse">{head}{"".join(lines)}</table>'


def look(photos, layers):
    """Photos as `transfer.imagenet()` sees them, (224, 224, 3) of bytes by name, and its maps of them by layer.

    >>> photos, maps = look({"dot": np.zeros((8, 9))}, ["head"])
    >>> photos["dot"].shape, maps["head"].shape
    ((224, 224, 3), (1, 7, 7, 1280))
    """
    photos = {name: data.load(name) for name in data.photos()} if photos is None else dict(photos)
    prepared = np.stack([transfer.prepare(photo) for photo in photos.values()])
    seen = np.rint(prepared * 128 + 127).clip(0, 255).astype(np.uint8)
    return dict(zip(photos, seen, strict=True)), transfer.imagenet().all_maps(prepared, layers)


class LayerViewer(Panel):
    """Pick a photo, a layer and a unit: the unit's map, the window behind a cell, and what excites the unit most.

    Of another network, `maps` are each layer's maps of the photos, (B, M, N, K), and `paths` the kernels and strides
    from the picture to the layer.

    >>> photos = {"dot": np.zeros((8, 8, 3), np.uint8)}
    >>> panel = LayerViewer(photos, {"stem": np.eye(4)[None, ..., None]}, {"stem": [(3, 2)]})
    >>> panel.sentence.split(". ")[0]
    'stem, unit 0 of 1, a map of 4 × 4: at row 0, column 0 it answers 1.00 to the 3 × 3 pixels in the frame'
    """

    COUNT = 9

    def __init__(self, photos=None, maps=None, paths=None, photo=None, layer=None, unit=0):
        if maps is None:
            photos, maps = look(photos, LAYERS)
            paths = {name: lite0.path(name) for name in LAYERS}
        self._photos, self._maps, self._paths = dict(photos), dict(maps), dict(paths)
        for name, layer_maps in self._maps.items():
            validate.array(layer_maps, name, axes=4)
            if len(layer_maps) != len(self._photos):
                raise ValueError(f"{len(self._photos)} photos, but {len(layer_maps)} maps of {name}; give one for each")
        photo = next(iter(self._photos)) if photo is None else validate.choice(photo, "photo", self._photos)
        layer = next(iter(self._maps)) if layer is None else validate.choice(layer, "layer", self._maps)
        units = self._maps[layer].shape[3]
        unit = validate.whole(unit, "unit", 0, units - 1)
        self.photo = controls.dropdown(_("photo"), list(self._photos), photo, "auto")
        self.layer = controls.dropdown(_("layer"), list(self._maps), layer, "auto")
        self.unit = controls.slider(_("unit"), unit, 0, units - 1)
        self.seen = PixelGrid(self._photos[photo], _("photo"), hover=False, size=300, lens=False)
        self.activations = PixelGrid(np.zeros((2, 2)), _("map"), colours="signed", hover=False, size=300)
        blank = np.zeros((2, 2, 3), np.uint8)
        self.patches = PixelGrid(blank, _("what excites it most"), hover=False, size=300, lens=False)
        super().__init__([self.photo, self.layer, self.unit], [[self.seen, self.activations, self.patches]])
        self.follow(self.layer, self._change_layer)
        self.watch(self.photo, self.unit)
        self.follow(self.activations, self._describe)
        self.follow(self.seen, self._choose_cell)
        self.follow(self.patches, self._choose_patch)
        self.refresh()

    def _change_layer(self, _change):
        with self.quiet():
            self.unit.max = self._maps[self.layer.value].shape[3] - 1
        self.refresh()

    def _choose_cell(self, _change):
        """A press on the photo chooses the cell whose window lies around that pixel."""
        rows, columns = self.activations.values.shape
        row, column = self.seen.selected
        side = len(self._photos[self.photo.value])
        self.activations.select(row * rows // side, column * columns // side)

    def _choose_patch(self, _change):
        """A press on a patch goes to its photo."""
        step = TILE + EDGE
        row, column = self.patches.selected
        number = 3 * (row // step) + column // step
        if number < len(self._best):
            photo, row, column, _activation = self._best[number]
            with self.quiet():
                self.photo.value = list(self._photos)[photo]
                self._show_map()
                self.activations.select(row, column)
            self._describe()

    def refresh(self, _change=None):
        """The unit's map of the photo, its strongest cell framed, and the patches."""
        side = len(self._photos[self.photo.value])
        # At the edge most units answer to the zeros around the photo.
        inner = inspect_network.margin(self._paths[self.layer.value], side, LARGEST_PATCH)
        self._best = inspect_network.top_activations(self._maps[self.layer.value], self.unit.value, self.COUNT, inner)
        self._show_patches()
        with self.quiet():
            self._show_map()
            self.activations.select(*_largest(self.activations.values))
        self._describe()

    def _show_map(self):
        unit_map = self._maps[self.layer.value][list(self._photos).index(self.photo.value), ..., self.unit.value]
        self.seen.values = self._photos[self.photo.value]
        self.activations.values = np.asarray(unit_map, dtype=np.float32)
        self.activations.label = _("map {size}").format(size=size_text(*unit_map.shape))

    def _window(self, row, column):
        return inspect_network.window(self._paths[self.layer.value], row, column, len(self._photos[self.photo.value]))

    def _show_patches(self):
        pictures, step = list(self._photos.values()), TILE + EDGE
        sheet = np.full((3 * step - EDGE, 3 * step - EDGE, 3), 128, np.uint8)
        for number, (photo, row, column, _activation) in enumerate(self._best):
            patch = inspect_network.crop(pictures[photo], self._window(row, column), LARGEST_PATCH)
            tile = transfer.resize(patch, TILE).round().astype(np.uint8)
            top, left = step * (number // 3), step * (number % 3)
            sheet[top : top + TILE, left : left + TILE] = tile
        self.patches.values = sheet

    def _describe(self, _change=None):
        row, column = self.activations.selected
        activations = self.activations.values
        frame = self._window(row, column)
        self.seen.window, self.activations.window = frame, (row, column, 1, 1)
        best, names = self._best[0], list(self._photos)
        rank = 1 + int((activations > activations[row, column]).sum())
        text = _(
            "{layer}, unit {unit} of {units}, a map of {rows} × {columns}: at row {row}, column {column} it answers "
            "{answer:.2f} to the {height} × {width} pixels in the frame. That is number {rank} of {cells} in this "
            "photo, the strongest of all photos is {best:.2f}, in {photo}; the patches come from {from_}."
        )
        self.say(text.format(
            layer=self.layer.value, unit=self.unit.value, units=self.unit.max + 1, rows=activations.shape[0],
            columns=activations.shape[1], row=row, column=column, answer=activations[row, column], height=frame[2],
            width=frame[3], rank=rank, cells=activations.size, best=best[3], photo=names[best[0]],
            from_=", ".join(names[photo] for photo, *_rest in self._best),
        ))  # fmt: skip


class WhereItLooked(Panel):
    """Pick a photo and one of its most probable classes: where in the photo the score of that class comes from.

    `place` is 0 for the most probable class, up to 4. Of another network, `maps` are the last layer's maps of the
    photos, (B, M, N, K), and `weights`, (K, C), and `biases`, (C,), those of the dense layer behind the means.

    >>> maps = np.eye(4).reshape(1, 4, 4, 1)
    >>> panel = WhereItLooked({"dot": np.zeros((8, 8, 3), np.uint8)}, maps, [[1, -1]], [0, 0], ["cup", "bowl"])
    >>> panel.sentence.split(": ")[0]
    'cup, probability 0.62 in dot'
    """

    def __init__(self, photos=None, maps=None, weights=None, biases=None, classes=None, photo=None, place=0):
        if maps is None:
            photos, maps = look(photos, ["head"])
            network, maps = transfer.imagenet(), maps["head"]
            weights, biases, classes = network.weights, network.biases, network.classes
        self._photos = dict(photos)
        self._maps = validate.array(maps, "maps", axes=4)
        self._weights, self._biases = (np.asarray(array, dtype=float) for array in (weights, biases))
        if len(self._maps) != len(self._photos) or self._weights.shape != (self._maps.shape[3], len(classes)):
            raise ValueError(
                f"{len(self._photos)} photos, maps of shape {self._maps.shape}, weights of shape "
                f"{self._weights.shape} and {len(classes)} classes do not agree; give all of one network"
            )
        self._classes = list(classes)
        photo = next(iter(self._photos)) if photo is None else validate.choice(photo, "photo", self._photos)
        self.photo = controls.dropdown(_("photo"), list(self._photos), photo, "auto")
        self.name = controls.dropdown(_("class"), [("", 0)], 0, "auto")
        self.seen = PixelGrid(self._photos[photo], _("photo"), hover=False, size=300, lens=False)
        self.warm = PixelGrid(self._photos[photo], _("where it looked"), hover=False, size=300, lens=False)
        self.contributions = PixelGrid(
            self._maps[0, ..., 0], _("contributions"), colours="signed", hover=False, size=300, decimals=1
        )
        super().__init__([self.photo, self.name], [[self.seen, self.warm, self.contributions]])
        self.follow(self.photo, self._change_photo)
        self.watch(self.name, self.contributions)
        self._change_photo()
        if place:
            self.name.value = self.name.options[validate.whole(place, "place", 0, len(self.name.options) - 1)][1]

    def _change_photo(self, _change=None):
        maps = self._maps[list(self._photos).index(self.photo.value)]
        self._probabilities = pooling.softmax(maps.mean(axis=(0, 1)) @ self._weights + self._biases)
        order = np.argsort(-self._probabilities, kind="stable")[:5]
        with self.quiet():
            self.name.options = [(f"{self._class_name(k)} {self._probabilities[k]:.2f}", int(k)) for k in order]
            self.name.value = int(order[0])
            self.contributions.select(*_largest(maps.astype(float) @ self._weights[:, order[0]]))
        self.refresh()

    def _class_name(self, number):
        return self._classes[number].split(",")[0]

    def refresh(self, _change=None):
        """Each cell's contribution to the score of the class, and the photo bright where it is positive."""
        maps, photo = self._maps[list(self._photos).index(self.photo.value)], self._photos[self.photo.value]
        number = self.name.value
        # Divided by the number of cells, the contributions add up to the score.
        contributions = maps.astype(float) @ self._weights[:, number] / (maps.shape[0] * maps.shape[1])
        heat = inspect_network.grad_cam(maps, self._weights[:, number])
        self.seen.values, self.warm.values = photo, figures.highlight(photo, heat)
        self.contributions.values = contributions
        row, column = self.contributions.selected
        height, width = photo.shape[0] / maps.shape[0], photo.shape[1] / maps.shape[1]
        self.seen.window = (round(row * height), round(column * width), round(height), round(width))
        self.contributions.window = (row, column, 1, 1)
        top, left = _largest(contributions)
        text = _(
            "{name}, probability {probability:.2f} in {photo}: the {cells} contributions add up to {sum:.2f}, and "
            "{bias:.2f} is added to every photo's score. The cell at row {row}, column {column} contributes "
            "{contribution:.2f}; the largest contribution, {largest:.2f}, comes from row {top}, column {left}."
        )
        self.say(text.format(
            name=self._class_name(number), probability=self._probabilities[number], photo=self.photo.value,
            cells=contributions.size, sum=contributions.sum(), bias=self._biases[number], row=row, column=column,
            contribution=contributions[row, column], largest=contributions.max(), top=top, left=left,
        ))  # fmt: skip


class CutPoint(Panel):
    """Where to cut the pretrained network, and how many training pictures: test accuracy of a linear classifier.

    `tasks` are a dict of name to (train, train_labels, test, test_labels, classes), where `train` and `test` are dicts
    of a cut's name to features of shape (B, D), the cuts in order; `counts` are the numbers of pictures a class.

    >>> features, labels = np.array([[0.0], [1.0], [5.0], [6.0]]), np.array([0, 0, 1, 1])
    >>> panel = CutPoint({"dots": ({"end": features}, labels, {"end": features}, labels, ["a", "b"])}, counts=[1, 2])
    >>> panel.sentence.split(". ")[0]
    'dots, cut after end, training pictures a class 1: 1.00 of 4 test pictures are right'
    """

    def __init__(self, tasks, counts, task=None, cut=None, count=None):
        self._tasks, self._counts, self._tables, self._predictions = dict(tasks), list(counts), {}, {}
        task = next(iter(self._tasks)) if task is None else validate.choice(task, "task", self._tasks)
        self._cuts = list(self._tasks[task][0])
        cut = self._cuts[-1] if cut is None else validate.choice(cut, "cut", self._cuts)
        count = self._counts[0] if count is None else validate.choice(count, "count", self._counts)
        self.task = controls.dropdown(_("task"), list(self._tasks), task, "auto")
        self.cut = controls.selection_slider(_("cut after"), self._cuts, cut)
        self.count = controls.selection_slider(_("training pictures a class"), self._counts, count)
        title = _("accuracy: {few} to {many} a class downwards, {start} to {end} across").format(
            few=self._counts[0], many=self._counts[-1], start=self._cuts[0], end=self._cuts[-1]
        )
        blank = np.zeros((len(self._counts), len(self._cuts)))
        self.accuracies = PixelGrid(blank, title, low=0, high=1, hover=False, size=460, decimals=2)
        title = _("classes (rows), predictions (columns)")
        self.confusion = PixelGrid(np.zeros((2, 2)), title, colours="signed", hover=False, size=330)
        super().__init__([self.task, self.cut, self.count], [[self.accuracies, self.confusion]])
        self.follow(self.accuracies, self._choose)
        self.watch(self.task, self.cut, self.count, self.confusion)
        self.refresh()
        # Begins with the mistake that is made most often.
        self.confusion.select(*_largest(self.confusion.values))

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        # On another machine a picture in a thousand may be named otherwise, so the text that is compared leaves it out.
        text = _(
            "Where to cut, with {tasks} tasks, {counts} numbers of pictures and {cuts} places: a table of accuracies."
        )
        data["text/plain"] = text.format(tasks=len(self._tasks), counts=len(self._counts), cuts=len(self._cuts))
        return data, metadata

    def _choose(self, _change):
        row, column = self.accuracies.selected
        with self.quiet():
            self.count.value, self.cut.value = self._counts[row], self._cuts[column]
        self.refresh()

    def _predicted(self, task, count, cut):
        """The classes that the classifier predicts for the test pictures; computed once."""
        if (task, count, cut) not in self._predictions:
            train, labels, test, _test_labels, _classes = self._tasks[task]
            chosen = np.concatenate([np.flatnonzero(labels == label)[:count] for label in np.unique(labels)])
            classifier = transfer.learn_linear(train[cut][chosen], labels[chosen])
            self._predictions[task, count, cut] = transfer.classify(classifier, test[cut])
        return self._predictions[task, count, cut]

    def table(self, task=None):
        """Accuracy for each number of pictures (rows) and each cut (columns) of a task, or of the one shown."""
        task = task or self.task.value
        if task not in self._tables:
            labels = self._tasks[task][3]
            self._tables[task] = np.array(
                [[(self._predicted(task, n, cut) == labels).mean() for cut in self._cuts] for n in self._counts]
            )
        return self._tables[task]

    def refresh(self, _change=None):
        """Show the table, its chosen cell, and the mistakes made there."""
        task, count, cut = self.task.value, self.count.value, self.cut.value
        train, _labels, _test, labels, classes = self._tasks[task]
        table = self.table()
        row, column = self._counts.index(count), self._cuts.index(cut)
        mistakes = lenet.confusion(labels, self._predicted(task, count, cut), len(classes))
        with self.quiet():
            self.accuracies.values, self.accuracies.window = table, (row, column, 1, 1)
            self.accuracies.select(row, column)
            # As in lesson 6, what is wrong is coloured and what is right only counted.
            self.confusion.values = mistakes - np.diag(np.diag(mistakes))
            self.confusion.texts = [[number or "·" for number in line] for line in mistakes.tolist()]
        self.say(
            self._sentence(task, count, cut, table[row, column], mistakes, train[cut].shape[1], classes, table[row])
        )

    def _sentence(self, task, count, cut, accuracy, mistakes, numbers, classes, line):
        best = int(line.argmax())
        one, other = self.confusion.selected
        text = _(
            "{task}, cut after {cut}, training pictures a class {count}: {accuracy:.2f} of {tested} test pictures are "
            "right. Each picture is {numbers} numbers there, and the classifier learns {learned:,}. "
            "With as many pictures the best cut is {best} ({top:.2f}). {name} was called {called} {times} times."
        )
        return text.format(
            task=task, cut=cut, count=count, accuracy=accuracy, tested=mistakes.sum(), numbers=numbers,
            learned=(numbers + 1) * len(classes), best=self._cuts[best], top=line[best], name=classes[one],
            called=classes[other], times=mistakes[one, other],
        )  # fmt: skip


def _largest(values):
    """Row and column of the largest value."""
    return tuple(int(k) for k in np.unravel_index(np.argmax(values), np.shape(values)))
