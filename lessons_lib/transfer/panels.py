"""Lesson 8's panels: the model zoo, what a layer sees, where a network looked, where to cut it."""

import html

import ipywidgets as widgets
import numpy as np

from lessons_lib import lenet, transfer
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.plots import chart
from lessons_lib.plots.training_curves import ticks
from lessons_lib.transfer import figures, inspect_network, model_tables
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import PixelGrid

SPACE = {"style": {"description_width": "initial"}}
NARROW = SPACE | {"layout": {"width": "auto"}}
COSTS = ("megabytes", "parameters", "depth")
LARGEST_PATCH = 96  # pixels of a photo; the windows of late layers are larger than the photo
TILE, EDGE = 64, 4


class Zoo(Panel):
    """The lecture's tables, sorted by any column, and accuracy against size.

    Parameters
    ----------
    library : {"both", "TF-Slim", "Keras"}
    by : {"model", "top-1", "top-5", "megabytes", "parameters", "depth"}
    falling : bool

    Raises
    ------
    ValueError
        If a preset is not among the choices.

    Examples
    --------
    >>> Zoo("Keras", by="parameters", falling=False).sentence.split("; ")[0]
    '7 networks by parameters, the smallest first: MobileNet 4,253,864, then Xception 22,910,480'
    """

    def __init__(self, library="both", by="top-1", falling=True, cost="parameters"):
        validate.choice(library, "library", ["both", *model_tables.LIBRARIES])
        validate.choice(by, "by", model_tables.COLUMNS)
        validate.choice(cost, "cost", COSTS)
        libraries = [(_("both tables"), "both"), *((name, name) for name in model_tables.LIBRARIES)]
        columns = [(figures.column_name(name), name) for name in model_tables.COLUMNS]
        self.library = widgets.Dropdown(options=libraries, value=library, description=_("table"), **NARROW)
        self.by = widgets.Dropdown(options=columns, value=by, description=_("sort by"), **NARROW)
        self.falling = widgets.Checkbox(
            value=bool(falling), description=_("largest first"), indent=False, layout={"width": "auto"}
        )
        self.cost = widgets.Dropdown(
            options=[(figures.column_name(name), name) for name in COSTS], value=cost, description=_("plot against"),
            **NARROW,
        )  # fmt: skip
        self.board = widgets.HTML(layout={"width": "520px", "max_width": "100%", "overflow": "visible"})
        self.picture = widgets.HTML(layout={"flex": "1 1 480px", "max_width": "680px"})
        self._tables = {
            "both": model_tables.table(),
            **{name: model_tables.table(name) for name in model_tables.LIBRARIES},
        }
        super().__init__([self.library, self.by, self.falling, self.cost], [[self.board, self.picture]])
        self.watch(self.library, self.by, self.falling, self.cost)
        self.refresh()

    @property
    def rows(self):
        """The rows in the order shown."""
        return model_tables.sort(self._tables[self.library.value], self.by.value, self.falling.value)

    def refresh(self, _change=None):
        """Sort, write the table, show the plot; only Keras' table knows sizes, so the plot is always of Keras'."""
        rows = self.rows
        self.board.value = self._table(rows)
        known = [row for row in rows if row[self.by.value] is not None]
        said = []
        if known:
            ends = (
                (_("the first"), _("the last")) if self.by.value == "model" else (_("the smallest"), _("the largest"))
            )
            text = _("{count} networks by {column}, {end} first: {first}, then {second}")
            said.append(text.format(
                count=len(known), column=figures.column_name(self.by.value), end=ends[self.falling.value],
                first=self._named(known[0]), second=self._named(known[1]),
            ))  # fmt: skip
        else:
            text = _("The table of {library} says nothing of {column} for its {count} networks")
            column = figures.column_name(self.by.value)
            said.append(text.format(library=self.library.value, column=column, count=len(rows)))
        plotted = [*self._tables["Keras"], model_tables.OURS]
        best = model_tables.unbeaten(plotted, self.cost.value)
        text = _("in the plot of top-1 against {cost}, no other network beats {best} ({count} of {all}).")
        count = sum(row[self.cost.value] is not None for row in plotted)
        said.append(text.format(
            cost=figures.column_name(self.cost.value), best=", ".join(row["model"] for row in best), count=len(best),
            all=count,
        ))  # fmt: skip
        self.say("; ".join(said))
        self.picture.value = self._drawing(self.cost.value)

    def still(self):
        """The plot alone: the rows are in the sentence's words, and in the lesson's text."""
        return figures.zoo(cost=self.cost.value)

    def _named(self, row):
        value = "" if self.by.value == "model" else f" {model_tables.written(row[self.by.value])}"
        return row["model"] + value

    @staticmethod
    def _drawing(cost):
        """Accuracy against size, in the page's own ink."""
        plot = figures.zoo_plot(cost=cost)
        frame = chart.Frame((74, 10, 456, 372), plot.across, plot.up, logs=(True, False))
        up = [(tick, f"{tick:g}") for tick in ticks(plot.up, 9)]
        labels = (figures.column_name(cost), _("{column}, per cent").format(column=figures.column_name("top-1")))
        line = [row[cost] for row in plot.best], [row["top-1"] for row in plot.best]
        parts = [chart.axes(frame, plot.ticks, up, labels), chart.dashes(frame, *line)]
        for spot in plot.spots:
            parts.append(chart.circle(frame, spot.x, spot.y, 7, spot.colour, 1))
            aside, end = (12, "start") if spot.right else (-12, "end")
            parts.append(chart.words(spot.name, frame.x(spot.x) + aside, frame.y(spot.y) + 5 - 1.3 * spot.lift, end))
        return chart.drawing(556, 432, parts, figures.zoo_words(plot, cost))

    def _table(self, rows):
        cell = '<{tag} style="padding:1px 8px;text-align:{side};white-space:nowrap;{more}">{text}</{tag}>'

        def line(texts, tag):
            made = []
            for column, text in zip(model_tables.COLUMNS, texts, strict=True):
                more = "background:rgba(255,176,0,.28);" if column == self.by.value else ""
                side = "left" if column == "model" else "right"
                made.append(cell.format(tag=tag, side=side, more=more, text=html.escape(text)))
            return f"<tr>{''.join(made)}</tr>"

        head = line([figures.column_name(column) for column in model_tables.COLUMNS], "th")
        body = "".join(
            line(
                [model_tables.written(row[c]) + (row["mark"] or "") * (c == "model") for c in model_tables.COLUMNS],
                "td",
            )
            for row in rows
        )
        return f'<table style="line-height:1.35;border-collapse:collapse">{head}{body}</table>'


class LayerViewer(Panel):
    """Pick a photo, a layer and a unit: the unit's map, the window behind a cell, and what excites the unit most.

    Parameters
    ----------
    photos : dict of str to ndarray of uint8, shape (S, S, 3)
        As the network saw them.
    maps : dict of str to ndarray of shape (B, M, N, K)
        What each layer says of the photos, in their order.
    paths : dict of str to list of (int, int)
        Kernels and strides from the picture to each layer.
    photo, layer : str, optional
        The first ones when left out.
    unit : int

    Raises
    ------
    ValueError
        If there are not as many answers as photos, or a preset is not among the choices.

    Examples
    --------
    >>> photos = {"dot": np.zeros((8, 8, 3), np.uint8)}
    >>> panel = LayerViewer(photos, {"stem": np.eye(4)[None, ..., None]}, {"stem": [(3, 2)]})
    >>> panel.sentence.split(". ")[0]
    'stem, unit 0 of 1, a map of 4 × 4: at row 0, column 0 it answers 1.00 to the 3 × 3 pixels in the frame'
    """

    COUNT = 9

    def __init__(self, photos, maps, paths, photo=None, layer=None, unit=0):
        self._photos, self._maps, self._paths = dict(photos), dict(maps), dict(paths)
        for name, answers in self._maps.items():
            validate.array(answers, name, axes=4)
            if len(answers) != len(self._photos):
                raise ValueError(f"{len(self._photos)} photos, but {name} answers to {len(answers)}; give one for each")
        photo = next(iter(self._photos)) if photo is None else validate.choice(photo, "photo", self._photos)
        layer = next(iter(self._maps)) if layer is None else validate.choice(layer, "layer", self._maps)
        units = self._maps[layer].shape[3]
        unit = validate.whole(unit, "unit", 0, units - 1)
        self.photo = widgets.Dropdown(options=list(self._photos), value=photo, description=_("photo"), **NARROW)
        self.layer = widgets.Dropdown(options=list(self._maps), value=layer, description=_("layer"), **NARROW)
        self.unit = widgets.IntSlider(unit, 0, units - 1, description=_("unit"), continuous_update=True, **SPACE)
        self.seen = PixelGrid(self._photos[photo], _("photo"), hover=False, size=300, lens=False)
        self.answers = PixelGrid(np.zeros((2, 2)), _("map"), colours="signed", hover=False, size=300)
        blank = np.zeros((2, 2, 3), np.uint8)
        self.patches = PixelGrid(blank, _("what excites it most"), hover=False, size=300, lens=False)
        super().__init__([self.photo, self.layer, self.unit], [[self.seen, self.answers, self.patches]])
        self._quiet = False
        self.layer.observe(self._other_layer, names="value")
        self.watch(self.photo, self.unit)
        self.answers.observe(self._pointed, names="selected")
        self.seen.observe(self._looked, names="selected")
        self.patches.observe(self._followed, names="selected")
        self.refresh()

    def _other_layer(self, _change):
        self._quiet = True
        self.unit.max = self._maps[self.layer.value].shape[3] - 1
        self._quiet = False
        self.refresh()

    def _pointed(self, _change):
        if not self._quiet:
            self._frame()

    def _looked(self, _change):
        """A press on the photo chooses the cell whose window lies around that pixel."""
        if self._quiet:
            return
        rows, columns = self.answers.values.shape
        row, column = self.seen.selected
        side = len(self._photos[self.photo.value])
        self.answers.select(row * rows // side, column * columns // side)

    def _followed(self, _change):
        """A press on a patch goes to its photo."""
        if self._quiet or not self._best:
            return
        step = TILE + EDGE
        row, column = self.patches.selected
        number = 3 * (row // step) + column // step
        if number < len(self._best):
            photo, row, column, _answer = self._best[number]
            self._quiet = True
            self.photo.value = list(self._photos)[photo]
            self._quiet = False
            self._show_maps()
            self.answers.select(row, column)
            self._frame()

    def refresh(self, _change=None):
        """The unit's map of the photo, its strongest cell framed, and the patches."""
        if self._quiet:
            return
        self._show_maps()
        side = len(self._photos[self.photo.value])
        # At the edge most units answer to the zeros around the photo.
        inner = inspect_network.margin(self._paths[self.layer.value], side, LARGEST_PATCH)
        self._best = inspect_network.strongest(self._maps[self.layer.value], self.unit.value, self.COUNT, inner)
        self._show_patches()
        now = self.answers.values
        self._quiet = True
        self.answers.select(*(int(k) for k in np.unravel_index(now.argmax(), now.shape)))
        self._quiet = False
        self._frame()

    def _show_maps(self):
        now = self._maps[self.layer.value][list(self._photos).index(self.photo.value), ..., self.unit.value]
        self.seen.values = self._photos[self.photo.value]
        self.answers.values = np.asarray(now, dtype=np.float32)
        text = _("map {rows} × {columns}")
        self.answers.label = text.format(rows=now.shape[0], columns=now.shape[1])

    def _window(self, row, column):
        return inspect_network.window(self._paths[self.layer.value], row, column, len(self._photos[self.photo.value]))

    def _show_patches(self):
        pictures, step = list(self._photos.values()), TILE + EDGE
        sheet = np.full((3 * step - EDGE, 3 * step - EDGE, 3), 128, np.uint8)
        for number, (photo, row, column, _answer) in enumerate(self._best):
            patch = inspect_network.crop(pictures[photo], self._window(row, column), LARGEST_PATCH)
            tile = transfer.resize(patch, TILE).round().astype(np.uint8)
            top, left = step * (number // 3), step * (number % 3)
            sheet[top : top + TILE, left : left + TILE] = tile
        self.patches.values = sheet

    def _frame(self):
        row, column = self.answers.selected
        answers = self.answers.values
        frame = self._window(row, column)
        self.seen.window, self.answers.window = frame, (row, column, 1, 1)
        best, names = self._best[0], list(self._photos)
        rank = 1 + int((answers > answers[row, column]).sum())
        text = _(
            "{layer}, unit {unit} of {units}, a map of {rows} × {columns}: at row {row}, column {column} it answers "
            "{answer:.2f} to the {height} × {width} pixels in the frame. That is number {rank} of {cells} in this "
            "photo, the strongest of all photos is {best:.2f}, in {photo}; the patches come from {from_}."
        )
        self.say(text.format(
            layer=self.layer.value, unit=self.unit.value, units=self.unit.max + 1, rows=answers.shape[0],
            columns=answers.shape[1], row=row, column=column, answer=answers[row, column], height=frame[2],
            width=frame[3], rank=rank, cells=answers.size, best=best[3], photo=names[best[0]],
            from_=", ".join(names[photo] for photo, *_rest in self._best),
        ))  # fmt: skip


class WhereItLooked(Panel):
    """Pick a photo and one of its most probable classes: where in the photo the score of that class comes from.

    Parameters
    ----------
    photos : dict of str to ndarray of uint8, shape (S, S, 3)
    maps : ndarray of shape (B, M, N, K)
        What the last layer with maps says of each photo.
    weights : ndarray of shape (K, C)
        Of the dense layer behind the means.
    biases : ndarray of shape (C,)
    classes : sequence of str
        C names.
    photo : str, optional
    place : int
        0 for the most probable class, 1 for the second, up to 4.

    Raises
    ------
    ValueError
        If shapes do not agree or a preset is not among the choices.

    Examples
    --------
    >>> maps = np.eye(4).reshape(1, 4, 4, 1)
    >>> panel = WhereItLooked({"dot": np.zeros((8, 8, 3), np.uint8)}, maps, [[1, -1]], [0, 0], ["cup", "bowl"])
    >>> panel.sentence.split(": ")[0]
    'cup, probability 0.62 in dot'
    """

    def __init__(self, photos, maps, weights, biases, classes, photo=None, place=0):
        self._photos = dict(photos)
        self._maps = validate.array(maps, "maps", axes=4)
        self._weights, self._biases = (np.asarray(some, dtype=float) for some in (weights, biases))
        if len(self._maps) != len(self._photos) or self._weights.shape != (self._maps.shape[3], len(classes)):
            raise ValueError(
                f"{len(self._photos)} photos, maps of shape {self._maps.shape}, weights of shape "
                f"{self._weights.shape} and {len(classes)} classes do not agree; give all of one network"
            )
        self._classes = list(classes)
        photo = next(iter(self._photos)) if photo is None else validate.choice(photo, "photo", self._photos)
        self.photo = widgets.Dropdown(options=list(self._photos), value=photo, description=_("photo"), **NARROW)
        self.name = widgets.Dropdown(options=[("", 0)], value=0, description=_("class"), **NARROW)
        self.seen = PixelGrid(self._photos[photo], _("photo"), hover=False, size=300, lens=False)
        self.warm = PixelGrid(self._photos[photo], _("where it looked"), hover=False, size=300, lens=False)
        self.answers = PixelGrid(self._maps[0, ..., 0], _("votes"), colours="signed", hover=False, size=300, decimals=1)
        super().__init__([self.photo, self.name], [[self.seen, self.warm, self.answers]])
        self._quiet = False
        self.photo.observe(self._other_photo, names="value")
        self.watch(self.name)
        self.watch(self.answers, name="selected")
        self._other_photo()
        if place:
            self.name.value = self.name.options[validate.whole(place, "place", 0, len(self.name.options) - 1)][1]

    def _other_photo(self, _change=None):
        maps = self._maps[list(self._photos).index(self.photo.value)]
        scores = maps.mean(axis=(0, 1)) @ self._weights + self._biases
        powers = np.exp(scores - scores.max())
        self._shares = powers / powers.sum()
        order = np.argsort(-self._shares, kind="stable")[:5]
        self._quiet = True
        self.name.options = [(f"{self._short(k)} {self._shares[k]:.2f}", int(k)) for k in order]
        self.name.value = int(order[0])
        votes = maps.astype(float) @ self._weights[:, order[0]]
        self.answers.select(*(int(k) for k in np.unravel_index(votes.argmax(), votes.shape)))
        self._quiet = False
        self.refresh()

    def _short(self, number):
        return self._classes[number].split(",")[0]

    def refresh(self, _change=None):
        """Each cell's vote for the class, and the photo lit by the votes for it."""
        if self._quiet:
            return
        maps, photo = self._maps[list(self._photos).index(self.photo.value)], self._photos[self.photo.value]
        number = self.name.value
        # Divided by the number of cells, the votes add up to the score.
        votes = maps.astype(float) @ self._weights[:, number] / (maps.shape[0] * maps.shape[1])
        heat = inspect_network.grad_cam(maps, self._weights[:, number])
        self.seen.values, self.warm.values, self.answers.values = photo, figures.glow(photo, heat), votes
        row, column = self.answers.selected
        height, width = photo.shape[0] / maps.shape[0], photo.shape[1] / maps.shape[1]
        self.seen.window = (round(row * height), round(column * width), round(height), round(width))
        self.answers.window = (row, column, 1, 1)
        top = [int(k) for k in np.unravel_index(votes.argmax(), votes.shape)]
        text = _(
            "{name}, probability {share:.2f} in {photo}: the {cells} votes add up to {sum:.2f}, and {bias:.2f} is "
            "added to every photo's score. The cell at row {row}, column {column} votes {vote:.2f}; the strongest "
            "vote, {best:.2f}, comes from row {top}, column {left}."
        )
        self.say(text.format(
            name=self._short(number), share=self._shares[number], photo=self.photo.value, cells=votes.size,
            sum=votes.sum(), bias=self._biases[number], row=row, column=column, vote=votes[row, column],
            best=votes.max(), top=top[0], left=top[1],
        ))  # fmt: skip


class CutPoint(Panel):
    """Where to cut the borrowed network, and how many pictures a class to learn from: accuracy of a linear classifier.

    Parameters
    ----------
    tasks : dict of str to (train, train_labels, test, test_labels, classes)
        `train` and `test` are dicts of a cut's name to features of shape (B, D), computed before, the cuts in order.
    counts : sequence of int
        Pictures a class that can be chosen.
    task, cut : str, optional
        The first task and the last cut when left out.
    count : int, optional
        The first when left out.

    Raises
    ------
    ValueError
        If a preset is not among the choices.

    Examples
    --------
    >>> some, labels = np.array([[0.0], [1.0], [5.0], [6.0]]), np.array([0, 0, 1, 1])
    >>> panel = CutPoint({"dots": ({"end": some}, labels, {"end": some}, labels, ["a", "b"])}, counts=[1, 2])
    >>> panel.sentence.split(". ")[0]
    'dots, cut after end, pictures a class 1: 1.00 of 4 pictures held out are right'
    """

    def __init__(self, tasks, counts, task=None, cut=None, count=None):
        self._tasks, self._counts, self._tables, self._tried = dict(tasks), list(counts), {}, {}
        task = next(iter(self._tasks)) if task is None else validate.choice(task, "task", self._tasks)
        self._cuts = list(self._tasks[task][0])
        cut = self._cuts[-1] if cut is None else validate.choice(cut, "cut", self._cuts)
        count = self._counts[0] if count is None else validate.choice(count, "count", self._counts)
        self.task = widgets.Dropdown(options=list(self._tasks), value=task, description=_("task"), **NARROW)
        self.cut = widgets.SelectionSlider(options=self._cuts, value=cut, description=_("cut after"), **SPACE)
        self.count = widgets.SelectionSlider(
            options=self._counts, value=count, description=_("pictures a class"), **SPACE
        )
        title = _("accuracy: {few} to {many} a class downwards, {start} to {end} across").format(
            few=self._counts[0], many=self._counts[-1], start=self._cuts[0], end=self._cuts[-1]
        )
        blank = np.zeros((len(self._counts), len(self._cuts)))
        self.accuracies = PixelGrid(blank, title, low=0, high=1, hover=False, size=460, decimals=2)
        title = _("classes (rows), answers (columns)")
        self.confusion = PixelGrid(np.zeros((2, 2)), title, colours="signed", hover=False, size=330)
        super().__init__([self.task, self.cut, self.count], [[self.accuracies, self.confusion]])
        self._quiet = False
        self.accuracies.observe(self._pointed, names="selected")
        self.watch(self.task, self.cut, self.count)
        self.watch(self.confusion, name="selected")
        self.refresh()
        # Begins with the mistake that is made most often.
        mistakes = self.confusion.values
        self.confusion.select(*(int(k) for k in np.unravel_index(mistakes.argmax(), mistakes.shape)))

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        # On another machine a picture in a thousand may be named otherwise, so the text that is compared leaves it out.
        text = _(
            "Where to cut, with {tasks} tasks, {counts} numbers of pictures and {cuts} places: a table of accuracies."
        )
        data["text/plain"] = text.format(tasks=len(self._tasks), counts=len(self._counts), cuts=len(self._cuts))
        return data, metadata

    def _pointed(self, _change):
        if self._quiet:
            return
        row, column = self.accuracies.selected
        self._quiet = True
        self.count.value, self.cut.value = self._counts[row], self._cuts[column]
        self._quiet = False
        self.refresh()

    def _answers(self, task, count, cut):
        """What the classifier says of the pictures held out; computed once."""
        if (task, count, cut) not in self._tried:
            train, labels, test, _test_labels, _classes = self._tasks[task]
            chosen = np.concatenate([np.flatnonzero(labels == label)[:count] for label in np.unique(labels)])
            classifier = transfer.learn_linear(train[cut][chosen], labels[chosen])
            self._tried[task, count, cut] = transfer.classify(classifier, test[cut])
        return self._tried[task, count, cut]

    def table(self, task=None):
        """Accuracy for each number of pictures (rows) and each cut (columns) of a task.

        Parameters
        ----------
        task : str, optional
            The one shown when left out.

        Returns
        -------
        ndarray of shape (counts, cuts)
        """
        task = task or self.task.value
        if task not in self._tables:
            labels = self._tasks[task][3]
            self._tables[task] = np.array(
                [[(self._answers(task, n, cut) == labels).mean() for cut in self._cuts] for n in self._counts]
            )
        return self._tables[task]

    def refresh(self, _change=None):
        """Show the table, its chosen cell, and the mistakes made there."""
        if self._quiet:
            return
        task, count, cut = self.task.value, self.count.value, self.cut.value
        train, _labels, _test, labels, classes = self._tasks[task]
        table = self.table()
        row, column = self._counts.index(count), self._cuts.index(cut)
        mistakes = lenet.confusion(labels, self._answers(task, count, cut), len(classes))
        self._quiet = True
        self.accuracies.values, self.accuracies.window = table, (row, column, 1, 1)
        self.accuracies.select(row, column)
        # As in lesson 6, what is wrong is coloured and what is right only counted.
        self.confusion.values = mistakes - np.diag(np.diag(mistakes))
        self.confusion.texts = [[number or "·" for number in line] for line in mistakes.tolist()]
        self._quiet = False
        self.say(
            self._sentence(task, count, cut, table[row, column], mistakes, train[cut].shape[1], classes, table[row])
        )

    def _sentence(self, task, count, cut, accuracy, mistakes, numbers, classes, line):
        best = int(line.argmax())
        one, other = self.confusion.selected
        text = _(
            "{task}, cut after {cut}, pictures a class {count}: {accuracy:.2f} of {tested} pictures held out are "
            "right. Each picture is {numbers} numbers there, and the classifier learns {learned:,}. "
            "With as many pictures the best cut is {best} ({top:.2f}). {name} was called {called} {times} times."
        )
        return text.format(
            task=task, cut=cut, count=count, accuracy=accuracy, tested=mistakes.sum(), numbers=numbers,
            learned=(numbers + 1) * len(classes), best=self._cuts[best], top=line[best], name=classes[one],
            called=classes[other], times=mistakes[one, other],
        )  # fmt: skip
