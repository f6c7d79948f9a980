"""Lesson 5's panels: kernels that learn, a game with a dot, a pooling window, probabilities, a learning rate.

The arguments are what a panel begins with; one that is out of its range raises a TypeError or ValueError.
"""

import ipywidgets as widgets
import numpy as np

from lessons_lib import matching, pooling
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.plots.grid import mosaic, number, side_by_side
from lessons_lib.pooling import checks, figures, gradient_descent, networks
from lessons_lib.pooling.backprop import SMALLEST_PROBABILITY
from lessons_lib.widgets import controls
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import PixelGrid

LEARNING_RATES = [0.001, 0.02, 0.5, 5.0]


class LearnLetters(Panel):
    """Eight random kernels learn to tell an X from an O: press play, or pull the steps, at one of four learning rates.

    The training is a function of `student_number`, `rate` and `step`, made in slices of 50 steps, so that the kernel
    stays free between them.

    >>> panel = LearnLetters(student_number=1)
    >>> panel.step.value = 100
    >>> panel.sentence.split(". ")[0]
    'Student number 1, rate 0.02, step 100: 7 of 1,000 unseen letters are wrong'
    """

    def __init__(self, student_number=1, rate=0.02, step=0):
        student_number = validate.whole(student_number, "student_number", 0)
        rates = {f"{one:g}": one for one in LEARNING_RATES}
        rate = rates[validate.choice(f"{validate.number(rate, 'rate'):g}", "rate", rates)]
        step = validate.whole(step, "step", 0, networks.STEPS)
        self.number = controls.dropdown(
            _("student number"), sorted({*range(1, 11), student_number}), student_number, "190px"
        )
        self.rate = controls.dropdown(_("learning rate"), rates.items(), rate, "190px")
        self.play = widgets.Play(value=step, min=0, max=networks.STEPS, step=networks.SLICE, interval=200)
        self.step = controls.slider(_("step"), step, 0, networks.STEPS, networks.SLICE, width="340px")
        # The page itself moves the slider on, however long a slice takes.
        self._together = widgets.jslink((self.play, "value"), (self.step, "value"))
        self.kernels = PixelGrid([[0.0]], _("eight kernels"), colours="signed", low=-1, high=1, size=330)
        self.curve = widgets.HTML(layout={"width": "430px", "max_width": "100%"})
        super().__init__([self.number, self.rate, self.play, self.step], [self.kernels, self.curve])
        self.follow(self.number, self._start)
        self.follow(self.rate, self._start)
        self.watch(self.step)
        self._begin()
        self.refresh()

    def _begin(self):
        self._training = networks.Training(self.number.value, self.rate.value)

    def _start(self, _change):
        """Another number or rate is another training, and begins with step 0."""
        with self.quiet():
            self.step.value = self.play.value = 0
        self._begin()
        self.refresh()

    def refresh(self, _change=None):
        """Train as far as the slider says, show the kernels, and count mistakes on letters that nothing learns from."""
        training = self._training
        step = self.step.value // networks.SLICE * networks.SLICE
        kernels, wrong = training.weights(step)[0][:, :, 0], training.wrong(step)
        with self.kernels.hold_sync():
            # Each kernel in colours of its own scale: at a rate that is too large, weights have fifty digits and more.
            self.kernels.values = mosaic(kernels / np.abs(kernels).max(axis=(0, 1)))
            self.kernels.texts = [[""] * self.kernels.values.shape[1]] * self.kernels.values.shape[0]
            # The lines between kernels are ones where kernels are zeros.
            self.kernels.blank = mosaic(np.zeros(kernels.shape), edge=1.0)
        text = _(
            "Student number {number}, rate {rate:g}, step {step:,}: {wrong} of 1,000 unseen letters are wrong. "
            "After ReLU, {above:.3g} % of the numbers in their maps are above 0."
        )
        above = 100 * training.above_zero(step)
        text = text.format(number=training.seed, rate=training.rate, step=step, wrong=wrong, above=above)
        if (reached := training.reached(step)) < step:
            text += " " + _("A number has become too large, so the weights are those of step {step}.").format(
                step=reached
            )
        self.say(text)
        steps = range(0, step + 1, networks.SLICE)
        self._chart = figures.wrong_by_step(steps, [training.wrong(one) for one in steps], networks.STEPS)
        self.curve.value = self._chart.svg()

    def still(self):
        """The kernels; once some steps are done, the curve."""
        return self._chart.figure() if self.step.value else side_by_side([self.kernels.picture()])


SIDE = 8  # of the map of `PoolingGame`
MOVES = (0, 1, 2, 3)  # by how many columns its dot moves


class PoolingGame(Panel):
    """Choose the smallest F, S and a place for the dot so that it moves right by 1, 2 and 3 and no pooled map changes.

    >>> panel = PoolingGame()
    >>> panel.size.value = panel.stride.value = 4
    >>> panel.map.select(5, 0)
    >>> panel.sentence[:42]
    '✓ Won. Numbers that are left: 4 of 64. F ='
    """

    def __init__(self):
        goal = _(
            "Press a cell to put the dot there, and choose F and S. The goal: the dot moves to the right by 1, by 2 "
            "and by 3 columns, and the pooled map stays the same each time, with the smallest F that can do it."
        )
        self.size = controls.slider(_("size F"), 2, 1, SIDE)
        self.stride = controls.slider(_("stride S"), 2, 1, SIDE)
        self.map = PixelGrid(np.zeros((SIDE, SIDE)), _("map with one dot"), low=0, high=1, hover=False, size=300)
        self.map.select(2, 2)
        self.pooled = [PixelGrid([[0]], low=0, high=1, size=170) for _columns in MOVES]
        text = widgets.HTML(f"<p>{goal}</p>")
        text.add_class("lesson-goal")
        super().__init__([self.size, self.stride], [[self.map, text], self.pooled])
        self.watch(self.size, self.stride, self.map)
        self.refresh()

    def refresh(self, _change=None):
        """Pool the dot where it is and after each move, and say which pooled maps are the same."""
        size, stride, dot = self.size.value, self.stride.value, np.zeros((SIDE, SIDE), dtype=int)
        row, column = self.map.selected
        dot[row, column] = 1
        self.map.values = dot
        self.map.hatched = ~checks.read(SIDE, size, stride)
        results = [pooling.max_pool(pooling.shift(dot, columns=move), size, stride) for move in MOVES]
        for move, grid, result in zip(MOVES, self.pooled, results, strict=True):
            grid.values = result
            grid.label = _("pooled, moved by {move}").format(move=move) if move else _("pooled")
        verdict = checks.still_dot((size, stride, row, column))
        (self.add_class if verdict.passed else self.remove_class)("lesson-won")
        same = [np.array_equal(results[0], result) for result in results[1:]]
        words = ", ".join(
            (_("by {move}: the same") if one else _("by {move}: different")).format(move=move)
            for move, one in zip(MOVES[1:], same, strict=True)
        )
        text = _("F = {size}, S = {stride}, dot in row {row}, column {column}. Moved {words}.")
        state = text.format(size=size, stride=stride, row=row, column=column, words=words)
        if verdict.passed:
            text = _("✓ Won. Numbers that are left: {left} of {all}. {state}")
            state = text.format(left=results[0].size, all=dot.size, state=state)
        elif verdict.id in ("unread", "larger"):
            state = f"{verdict} {state}"
        self.say(state)

    def still(self):
        """The map, and the four pooled maps."""
        return side_by_side([grid.picture() for grid in (self.map, *self.pooled)])


OPERATIONS = {"max": pooling.max_pool, "mean": pooling.mean_pool}


def _pictures():
    """The pictures of `PoolingWindow`: the two of the lecture, the X's scores for the diagonal in ninths, one dot."""
    scores = matching.response_map(matching.letter("X"), matching.FEATURES["diagonal"])
    dot = np.zeros((6, 6), dtype=int)
    dot[2, 2] = 9
    return {
        "first slide": np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]),
        "second slide": np.array([[21, 8, 8, 12], [12, 19, 9, 7], [8, 10, 4, 3], [18, 12, 9, 10]]),
        "map of the X": pooling.relu(scores).astype(int),
        "one dot": dot,
    }


class PoolingWindow(Panel):
    """A pooling window on a small picture: point at a result to see what it is made of; shift the picture and compare.

    Pictures are "first slide", "second slide", "map of the X", "one dot"; operations "max", "mean"; `size` and `stride`
    are 1 to 4, and the picture is shifted by `right` and `down`, 0 to 3 pixels.

    >>> panel = PoolingWindow("second slide", operation="mean")
    >>> panel.result.values.tolist()
    [[15.0, 9.0], [12.0, 6.5]]
    """

    def __init__(self, picture="first slide", operation="max", size=2, stride=2, right=0, down=0):
        self._now = _pictures()
        validate.choice(picture, "picture", self._now)
        validate.choice(operation, "operation", OPERATIONS)
        size, stride = validate.whole(size, "size", 1, 4), validate.whole(stride, "stride", 1, 4)
        right, down = validate.whole(right, "right", 0, 3), validate.whole(down, "down", 0, 3)
        options = [
            (_("the lecture's first"), "first slide"), (_("the lecture's second"), "second slide"),
            (_("the X's map, in ninths"), "map of the X"), (_("one dot"), "one dot"),
        ]  # fmt: skip
        self.picture = controls.dropdown(_("picture"), options, picture)
        operations = [(_("max"), "max"), (_("mean"), "mean")]
        self.operation = controls.toggle_buttons(_("keep the"), operations, operation)
        self.size = controls.slider(_("size F"), size, 1, 4)
        self.stride = controls.slider(_("stride S"), stride, 1, 4)
        self.right = controls.slider(_("shift right"), right, 0, 3)
        self.down = controls.slider(_("shift down"), down, 0, 3)
        self.original = controls.button(_("Original numbers"), self._restore)
        typed = {"edit": (0, 99), "whole": True}
        self.before = PixelGrid(self._now[picture], _("the picture"), colours="signed", size=330, **typed)
        self.result = PixelGrid([[0]], _("pooled"), colours="signed", size=230)
        self.unshifted = PixelGrid([[0]], _("pooled without the shift"), colours="signed", size=230)
        moved = [self.picture, self.operation, self.size, self.stride, self.right, self.down]
        super().__init__([*moved, self.original], [self.before, self.result, self.unshifted])
        self.follow(self.before, self._pointed_at_picture)
        self.follow(self.result, self._pointed_at_result)
        self.follow(self.unshifted, self._pointed_at_result)
        self.before.on_edit(self._edited)
        self.watch(*moved)
        self.refresh()

    def _edited(self, row, column, value):
        picture = self._now[self.picture.value]
        row, column = row - self.down.value, column - self.right.value
        # A cell that came in with the shift belongs to no pixel of the picture; `refresh` sets it back to 0.
        if row >= 0 and column >= 0:
            picture[row, column] = int(value)
        self.refresh()

    def _restore(self):
        self._now[self.picture.value] = _pictures()[self.picture.value]
        self.refresh()

    def _pointed_at_result(self, change):
        self._select(change.new, tuple(self.stride.value * i for i in change.new))

    def _pointed_at_picture(self, change):
        sides = self.result.values.shape
        # The last window that has begun: of several that overlap the one nearest to the pointer.
        window = tuple(min(i // self.stride.value, n - 1) for i, n in zip(change.new, sides, strict=True))
        self._select(window, change.new)

    def _select(self, window, cell):
        with self.quiet():
            for grid, index in ((self.result, window), (self.unshifted, window), (self.before, cell)):
                # A grid that the pointer is on must not be sent back to where the pointer was.
                if grid.selected != index:
                    grid.select(*index)
        self.refresh()

    def refresh(self, _change=None):
        """Shift, pool, and follow one window."""
        picture, size, stride = self._now[self.picture.value], self.size.value, self.stride.value
        pool = OPERATIONS[self.operation.value]
        shifted = pooling.shift(picture, self.down.value, self.right.value)
        result, unshifted = pool(shifted, size, stride), pool(picture, size, stride)
        high = max(1, int(picture.max()))
        with self.quiet():
            for grid, values in ((self.before, shifted), (self.result, result), (self.unshifted, unshifted)):
                grid.values = values
                grid.colour_range(-high, high)
        read = np.zeros(picture.shape, dtype=bool)
        for pair in pooling.window_slices(*picture.shape, size, stride):
            read[pair] = True
        self.before.hatched = ~read
        row, column = self.result.selected
        self.before.window = (row * stride, column * stride, size, size)
        self.result.window = self.unshifted.window = (row, column, 1, 1)
        self.say(" ".join(self._sentences(picture, shifted, result, unshifted, int((~read).sum()))))

    def _sentences(self, picture, shifted, result, unshifted, unread):
        size, stride = self.size.value, self.stride.value
        row, column = self.result.selected
        window = shifted[row * stride :, column * stride :][:size, :size].ravel()
        values = {
            "row": row, "column": column, "count": len(window), "value": number(result[row, column]),
            "sum": int(window.sum()), "window": " ".join(str(value) for value in window),
        }  # fmt: skip
        if self.operation.value == "max":
            yield _("Row {row}, column {column}: the largest of {window} is {value}.").format(**values)
        else:
            text = _("Row {row}, column {column}: the mean of {window} is {sum} / {count} = {value}.")
            yield text.format(**values)
        rows, columns = picture.shape
        text = _("{rows} × {columns} become {after[0]} × {after[1]}: {dropped:.0f} % fewer numbers, 0 parameters.")
        dropped = 100 * (1 - result.size / picture.size)
        yield text.format(rows=rows, columns=columns, after=result.shape, dropped=dropped)
        if unread:
            yield _("{unread} of {total} pixels are read by no window.").format(unread=unread, total=picture.size)
        if stride < size:
            yield _("Windows overlap by {overlap}.").format(overlap=size - stride)
        if self.right.value or self.down.value:
            text = _(
                "Shifted by {right} to the right and {down} down, {pixels} of {total} pixels change and {pooled} of "
                "{count} pooled numbers."
            )
            yield text.format(
                right=self.right.value, down=self.down.value, total=picture.size, count=result.size,
                pixels=int((shifted != picture).sum()), pooled=int((result != unshifted).sum()),
            )  # fmt: skip


# The names of the classes, and their logits; those of the digit are the logarithms of the lecture's probabilities.
EXAMPLES = {
    "letters": (["X", "O"], [0.92, 0.51]),
    "tie": (["X", "O"], [2.0, 2.0]),
    "sure": (["X", "O"], [4.0, -4.0]),
    "digit": (list("0123456789"), [-10, -2.3, -2.3, -0.29, -10, -10, -10, -10, -10, -3.0]),
}


class Softmax(Panel):
    """Drag the logits and see the probabilities that softmax makes of them, and the error against the target.

    Examples are "letters", the lecture's 0.92 and 0.51; "tie", equal scores; "sure", far apart; "digit", the lecture's.
    The temperature is 0.1 to 10, and `target` the number of the right class.

    >>> panel = Softmax("digit", target=3)
    >>> panel.probabilities.round(2).tolist()
    [0.0, 0.1, 0.1, 0.75, 0.0, 0.0, 0.0, 0.0, 0.0, 0.05]
    """

    def __init__(self, example="letters", temperature=1.0, target=0):
        validate.choice(example, "example", EXAMPLES)
        temperature = validate.number(temperature, "temperature", 0.1, 10)
        target = validate.whole(target, "target", 0, len(EXAMPLES[example][0]) - 1)
        options = [
            (_("the lecture's X and O"), "letters"), (_("equal scores"), "tie"), (_("far apart"), "sure"),
            (_("the lecture's digit"), "digit"),
        ]  # fmt: skip
        self.example = controls.dropdown(_("begin with"), options, example)
        self.temperature = controls.log_slider(_("temperature"), temperature, -1, 1)
        self.add = controls.slider(_("add to every logit"), 0, -1000, 1000, step=50)
        self.target = controls.dropdown(_("target"), [("X", 0)], 0)
        self.scores = [controls.slider(str(k), 0, -10, 10, step=0.01) for k in range(10)]
        self.bars = widgets.HTML(layout={"width": "460px", "max_width": "100%"})
        column = widgets.VBox(self.scores)
        super().__init__([self.example, self.temperature, self.add, self.target], [column, self.bars])
        self.follow(self.example, self._choose)
        self.watch(self.temperature, self.add, self.target, *self.scores)
        self._choose(target=target)

    def _choose(self, _change=None, target=0):
        names, scores = EXAMPLES[self.example.value]
        with self.quiet():
            self.target.options = [(name, k) for k, name in enumerate(names)]
            self.target.value = target
            self.add.value = 0
            for k, slider in enumerate(self.scores):
                slider.layout.display = None if k < len(names) else "none"
                if k < len(names):
                    slider.description, slider.value = names[k], scores[k]
        self.refresh()

    def refresh(self, _change=None):
        """From scores to probabilities to the error."""
        names, target = EXAMPLES[self.example.value][0], self.target.value
        scores = np.array([slider.value for slider in self.scores[: len(names)]]) + self.add.value
        temperature = self.temperature.value
        self.probabilities = probabilities = pooling.softmax(scores, temperature)
        first, second = np.argsort(-probabilities, kind="stable")[:2]
        text = _(
            "The largest probability is {largest:.2f} for {first}, then {next:.2f} for {second}; all {count} together "
            "are {total:.2f}. If {target} is right, the total error is {error:.2f} and the loss, minus log "
            "{probability:.2f}, is {loss:.2f}."
        )
        sentence = text.format(
            largest=probabilities[first], first=names[first], next=probabilities[second], second=names[second],
            count=len(names), total=probabilities.sum(), target=names[target],
            error=abs(np.eye(len(names))[target] - probabilities).sum(), probability=probabilities[target],
            loss=abs(np.log(max(probabilities[target], SMALLEST_PROBABILITY))),
        )  # fmt: skip
        if self.add.value:
            text = _("{add} was added to every logit, and the probabilities did not change: only differences count.")
            sentence += " " + text.format(add=self.add.value)
        if temperature != 1:
            text = _("At temperature {temperature:.2f} every logit is first divided by {temperature:.2f}.")
            sentence += " " + text.format(temperature=temperature)
        self.say(sentence)
        self._chart = figures.probability_bars(names, probabilities)
        self.bars.value = self._chart.svg()

    def still(self):
        """The bars, as a figure."""
        return self._chart.figure()


RATES = [0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0]
STEPS = 60
REMEMBERED = 4


class LearningRate(Panel):
    """How the loss of a linear layer falls, or does not, at a learning rate that you choose, beside the last curves.

    `rate` is one of `RATES`, `tried` holds at most 3 others whose curves are there from the beginning, and `data` is
    "one X" or "forty letters".

    >>> panel = LearningRate(rate=0.3)
    >>> panel.losses[0].item(), panel.losses[-1].item() < 0.1
    (0.5, True)
    """

    def __init__(self, rate=0.3, data="forty letters", tried=()):
        for one in (rate, *tried):
            if validate.number(one, "rate") not in RATES:
                raise ValueError(f"rate is {one:g}; choose one of {', '.join(f'{known:g}' for known in RATES)}")
        if len(tried) >= REMEMBERED:
            raise ValueError(f"tried has {len(tried)} rates; give at most {REMEMBERED - 1}")
        validate.choice(data, "data", ["one X", "forty letters"])
        images, labels = matching.random_letters(40, seed=0)
        self._sets = {
            "one X": (pooling.two_stages([matching.letter("X")]), np.array([[1, 0]])),
            "forty letters": (pooling.two_stages(images), np.eye(2, dtype=int)[labels]),
        }
        options = [(f"{one:g}", one) for one in RATES]
        self.rate = controls.selection_slider(_("learning rate"), options, float(rate))
        options = [(_("one X"), "one X"), (_("40 letters"), "forty letters")]
        self.data = controls.toggle_buttons(_("training data"), options, data)
        self.forget = controls.button(_("Forget old curves"), self._forget)
        self.curves = widgets.HTML(layout={"width": "660px", "max_width": "100%"})
        super().__init__([self.rate, self.data, self.forget], [self.curves])
        self.follow(self.data, self._forget)
        self.watch(self.rate)
        self._curves = {float(one): self._descend(one)[1] for one in tried}
        self.refresh()

    def _forget(self, _change=None):
        self._curves = {}
        self.refresh()

    def refresh(self, _change=None):
        """Descend from outputs of 0, draw the loss beside the last curves, say what happened."""
        vectors, targets = self._sets[self.data.value]
        rate, self.limit = self.rate.value, gradient_descent.largest_rate(vectors)
        outputs, self.losses = self._descend(rate)
        self._curves.pop(rate, None)
        self._curves[rate] = self.losses
        self._curves = dict(list(self._curves.items())[-REMEMBERED:])
        correct = int((outputs[-1].argmax(axis=1) == targets.argmax(axis=1)).sum())
        text = _("Rate {rate:g}: the loss goes from {first:.3f} to {last} in {steps} steps. {what}")
        last = self.losses[-1]
        sentence = text.format(
            rate=rate, first=self.losses[0], last=f"{last:.3f}" if last < 1000 else f"{last:.0e}", steps=STEPS,
            what=self._behaviour(rate, last),
        )  # fmt: skip
        text = _("{correct} of {count} letters get the larger output for the right class.")
        self.say(f"{sentence} {text.format(correct=correct, count=len(targets))}")
        self._chart = figures.loss_by_rate(self._curves, self.limit)
        self.curves.value = self._chart.svg()

    def _descend(self, rate):
        vectors, targets = self._sets[self.data.value]
        outputs = gradient_descent.linear_descent(vectors, targets, rate, STEPS)
        with np.errstate(over="ignore"):
            return outputs, ((outputs - targets) ** 2).sum(axis=2).mean(axis=1) / 2

    def _behaviour(self, rate, last):
        if rate >= self.limit:
            text = _("Too large: above {limit:.2f} each step jumps over the valley and lands higher than before.")
        elif last > 0.5 * self.losses[0]:
            text = _("Too small: it is on its way, but hardly gets anywhere; up to {limit:.2f} there is room.")
        elif rate > self.limit / 2:
            text = _("It comes to rest, jumping over the valley at each step: {limit:.2f} is not far.")
        else:
            text = _("It goes down without jumping; it would come to rest at any rate below {limit:.2f}.")
        return text.format(limit=self.limit)

    def still(self):
        """The curves, as a figure."""
        return self._chart.figure()
