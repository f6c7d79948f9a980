"""Lesson 5's pictures that are none: sound, text and customers, and what shuffling their columns costs."""

import numpy as np

from lessons_lib.core.i18n import _
from lessons_lib.plots.style import BLUE, COLOURMAPS, GREY, INK, ORANGE, new_figure


def other_pictures(sounds, words, letters, table, columns):
    """Sound, text and a customer table as pictures.

    Parameters
    ----------
    sounds : sequence of ndarray of shape (M, N)
        Spectrograms, one of each class.
    words : ndarray of shape (letters, positions)
        One-hot.
    letters : str
        What each row of `words` stands for.
    table : ndarray of shape (customers, columns)
    columns : sequence of str

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> grid = np.eye(3)
    >>> len(other_pictures([grid, grid], grid, "abc", grid, ["x", "y", "z"]).axes)
    4
    """
    figure, axes = new_figure(11, 6.6, rows=2, columns=4)
    gs = axes[0, 0].get_gridspec()
    for place in axes.ravel():
        place.remove()
    for k, (sound, title) in enumerate(zip(sounds, (_("a sound that rises"), _("one that falls")), strict=True)):
        place = figure.add_subplot(gs[0, k])
        place.imshow(sound, cmap=COLOURMAPS["grey"], aspect="auto", interpolation="nearest")
        place.set(title=title, xlabel=_("time"), ylabel=_("pitch") if k == 0 else "", xticks=[], yticks=[])
    place = figure.add_subplot(gs[0, 2:])
    place.imshow(words, cmap="Greys", aspect="auto", interpolation="nearest", vmin=0, vmax=1)
    text = "".join(letters[i] for i in words.argmax(axis=0))
    place.set(title=_("a text"), ylabel=_("letter"))
    place.set_xticks(range(len(text)), list(text), fontsize=10)
    place.set_yticks(range(1, len(letters), 3), list(letters[1::3]), fontsize=10)
    place.tick_params(length=0)
    place = figure.add_subplot(gs[1, :])
    place.imshow(table, cmap=COLOURMAPS["signed"], vmin=-3, vmax=3, aspect="auto", interpolation="nearest")
    place.set(title=_("customers, one a row"), ylabel=_("customer"), yticks=[])
    place.set_xticks(range(len(columns)), columns, rotation=30, ha="right", fontsize=10)
    place.tick_params(length=0)
    figure.alt = _(
        "Four pictures. A rising and a falling sound: bright strokes that climb and sink through noise. A text: one "
        "black cell in each column, in the row of its letter. A table of customers: red and blue cells, no strokes."
    )
    return figure


def contest(results):
    """Accuracy of a convolutional and a dense network, with columns as they are and shuffled; a dot a seed.

    Parameters
    ----------
    results : dict of str to ndarray of shape (2, 2, seeds)
        As `elsewhere.contest` returns them.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> len(contest({"letters": np.full((2, 2, 3), 0.9)}).axes)
    1
    """
    names = {"letters": _("letters"), "sound": _("sound"), "text": _("text"), "customers": _("customers")}
    figure, axes = new_figure(9.5, 4.2)
    place = axes[0, 0]
    kinds = [(_("convolutional"), BLUE), (_("dense"), ORANGE)]
    for group, values in enumerate(results.values()):
        for kind, (label, colour) in enumerate(kinds):
            x = np.array([group - 0.3, group - 0.1]) + 0.4 * kind
            means = values[kind].mean(axis=1)
            place.plot(x, means, "-", color=colour, linewidth=2.5, label=label if group == 0 else None)
            for order in range(2):
                face = colour if order == 0 else "white"
                dots = np.full(values.shape[2], x[order])
                place.plot(dots, values[kind, order], "o", color=colour, markerfacecolor=face, markersize=7)
                height = values[kind, order].max() + 0.015 if order == 0 else values[kind, order].min() - 0.015
                # On white, so that no line runs through the number.
                place.text(
                    x[order], height, f"{means[order]:.2f}", ha="center", va="top" if order else "bottom", fontsize=10,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
                )  # fmt: skip
    place.axhline(0.5, color=GREY, linewidth=1, linestyle="--")
    place.text(-0.48, 0.5, _("guessing"), color=GREY, ha="left", va="bottom", fontsize=10)
    place.set(ylabel=_("accuracy on unseen ones"), ylim=(0.46, 1.06), xlim=(-0.5, len(results) - 0.5))
    place.set_xticks(range(len(results)), [names.get(name, name) for name in results], color=INK, fontsize=12)
    place.tick_params(axis="x", length=0)
    place.legend(frameon=False, loc="center right", bbox_to_anchor=(1, 0.35))
    figure.alt = _(
        "Accuracy in four tasks, full dots with the columns as they are and empty dots with the columns shuffled. For "
        "letters, sound and text the convolutional network is best and falls when shuffled; for customers it does not "
        "fall and the dense network is better."
    )
    return figure
