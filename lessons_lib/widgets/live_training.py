"""Watching a training: a bar, curves that grow, and a button that stops it without losing what was learned."""

import time

import ipywidgets as widgets
import numpy as np

from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.plots.grid import mosaic
from lessons_lib.plots.training_curves import curves
from lessons_lib.widgets.panel import Panel
from lessons_lib.widgets.pixel_grid import PixelGrid


def let_interrupt(control):
    """Let a control act while a cell runs and the main thread of the kernel deals with no message.

    JupyterLab sends the messages of widgets to a second thread, but ipykernel (from 7.4) gives them to the thread that
    wrote to the control last, unless it forgets which. There is no public way; a test in tests/widgets fails when this
    one has gone.

    >>> let_interrupt(widgets.Button())
    """
    vars(control.comm).pop("_reply_subshell_id", None)


class Live(Panel):
    """A training as it goes, which calls `begin`, `step`, `epoch` and `end`, and stops when `stopped` is true.

    `look()` returns what is shown of the network beside the curves, below the title `label`: K kernels of shape
    (M, N, K), or one grid of shape (M, N). `seconds` is the time between two drawings, or more where drawing is slow.

    >>> live = Live()
    >>> live.begin(epochs=1, steps=2)
    >>> live.step(loss=2.0, accuracy=0.5)
    >>> live.step(loss=1.0, accuracy=0.75)
    >>> live.end({"val_loss": [1.2], "val_accuracy": [0.7]})
    >>> live.sentence
    'Step 2 of 2 (epoch 1 of 1): 0.62 right in the last 2 steps, 0.70 of the validation pictures. Done.'
    """

    def __init__(self, look=None, label="", seconds=0.5):
        self._pause, self._look = validate.number(seconds, "seconds", low=0), look
        if look is not None and not callable(look):
            raise TypeError(
                f"look is of type {type(look).__name__}; give a function without arguments, such as "
                "lambda: network.get_weights()[0][:, :, 0]"
            )
        self.bar = widgets.FloatProgress(
            min=0, max=1, description=_("training"), style={"description_width": "initial"}, layout={"width": "380px"}
        )
        self.button = widgets.Button(description=_("Stop"), icon="stop", tooltip=_("Stop and keep what was learned"))
        self.picture = widgets.HTML(layout={"flex": "1 1 600px", "max_width": "690px"})
        self.button.on_click(self.stop)
        self.stopped = False
        self.seen = None if look is None else PixelGrid([[0.0]], label, colours="signed", size=260)
        super().__init__([self.bar, self.button], [[self.picture] if look is None else [self.picture, self.seen]])
        self._restart(1, 1)
        self._draw()
        self.say(_("Nothing is being trained yet; 0 steps are done."))

    def stop(self, _button=None):
        """What the button does: the training ends after the step it is in."""
        self.stopped = True
        self.button.disabled = True

    def begin(self, epochs, steps):
        """A training of so many epochs begins, each of so many steps."""
        self.stopped = False
        self.button.disabled = False
        let_interrupt(self.button)
        self._restart(validate.whole(epochs, "epochs"), validate.whole(steps, "steps"))

    def step(self, loss, accuracy):
        """A step is done; its loss and accuracy are those of its own pictures."""
        self._loss.append(float(loss))
        self._accuracy.append(float(accuracy))
        now = time.perf_counter()
        if now >= self._next_curves:
            self.refresh()
        elif now >= self._next_words:
            self._tell()

    def epoch(self, record):
        """An epoch is done; `record` has one number an epoch in `val_loss` and `val_accuracy`, where there are any."""
        self._held = {name: list(record.get(name, [])) for name in ("val_loss", "val_accuracy")}
        self.refresh()

    def end(self, record, best=None):
        """No step follows; `record` is as in `epoch`, and `best` the number of the epoch whose weights are kept."""
        self._ended, self._best = True, best
        self.button.disabled = True
        self.bar.bar_style = "success" if len(self._loss) == self._epochs * self._steps else "warning"
        self._held = {name: list(record.get(name, [])) for name in ("val_loss", "val_accuracy")}
        self.refresh()

    def refresh(self, _change=None):
        """Draw the curves and say how far it is."""
        self._tell()
        began = time.perf_counter()
        self._draw()
        now = time.perf_counter()
        # At most a tenth of the time goes into drawing.
        self._next_curves = now + max(self._pause, 9 * (now - began))

    def _tell(self):
        self.bar.value = len(self._loss) / (self._epochs * self._steps)
        self.say(self._text())
        self._next_words = time.perf_counter() + self._pause / 2

    def still(self):
        """The curves as they are now."""
        figure = self._chart().figure()
        figure.alt = self.sentence
        return figure

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        # What was measured differs a little from machine to machine, so the text that is compared leaves it out.
        data["text/plain"] = _("A training, live: its curves of accuracy and loss, and a button to stop it.")
        return data, metadata

    def _restart(self, epochs, steps):
        self._epochs, self._steps = epochs, steps
        self._loss, self._accuracy, self._held = [], [], {"val_loss": [], "val_accuracy": []}
        self._ended, self._best, self._began = False, None, time.perf_counter()
        self._next_curves = self._next_words = 0.0
        self.bar.value, self.bar.bar_style = 0, ""

    def _numbers(self):
        return self._loss, self._accuracy, self._held["val_loss"], self._held["val_accuracy"]

    def _draw(self):
        if self.seen is not None:
            self._show(np.asarray(self._look()))
        self.picture.value = self._chart().svg()

    def _chart(self):
        return curves(*self._numbers(), epochs=self._epochs, steps=self._steps)

    def _show(self, seen):
        if seen.ndim == 2:
            self.seen.values = seen
            return
        self.seen.values = mosaic(seen)
        # The lines between kernels are ones where kernels are zeros.
        self.seen.blank = mosaic(np.zeros(seen.shape), edge=1.0)

    def _text(self):
        done, total = len(self._loss), self._epochs * self._steps
        if not done:
            return _("Nothing is being trained yet; 0 steps are done.")
        last = self._accuracy[-50:]
        text = _("Step {done} of {total} (epoch {epoch} of {epochs}): {right:.2f} right in the last {last} steps")
        text = text.format(
            done=done, total=total, epoch=-(-done // self._steps), epochs=self._epochs, right=sum(last) / len(last),
            last=len(last),
        )  # fmt: skip
        if self._held["val_accuracy"]:
            text += _(", {right:.2f} of the validation pictures").format(right=self._held["val_accuracy"][-1])
        return f"{text}. {self._rest(done, total)}"

    def _rest(self, done, total):
        if self._ended or self.stopped:
            text = _("Done.") if done == total else _("Stopped; what was learned is kept.")
            if self._best is not None and self._best < -(-done // self._steps):
                text += _(" The network has the weights after epoch {best}, its best.").format(best=self._best)
            return text
        left = (time.perf_counter() - self._began) * (total - done) / done
        return _("About {seconds} s to go.").format(seconds=round(left))
