"""Lesson 5's pictures of learning: votes and losses on their way down, features found, letters named."""

import numpy as np

from lessons_lib import matching
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.plots.grid import Grid, draw
from lessons_lib.plots.style import BLUE, GREEN, GREY, INK, ORANGE, PINK, RED, new_figure

SCORE = {"colours": "signed", "low": -1, "high": 1}
LOWEST, HIGHEST, MOST_CURVES = -2, 3, 5  # what `descents` shows: losses from 0.01 to 1000, as powers of ten
AMOUNTS = [(mark, f"{10.0**mark:g}") for mark in range(LOWEST, HIGHEST + 1)]


def votes_on_the_way(votes, right):
    """The votes of one picture over the steps of gradient descent, and their total error.

    Parameters
    ----------
    votes : ndarray of shape (steps + 1, 2)
        For X and for O.
    right : sequence of float
        The right answers.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> votes_on_the_way(np.array([[0.92, 0.51], [1, 0.1]]), [1, 0]).alt.split("; ")[1]
    'the total error goes from 0.59 to 0.10.'
    """
    votes = validate.array(votes, "votes", axes=2)
    errors = np.abs(votes - np.asarray(right)).sum(axis=1)
    figure, axes = new_figure(9.5, 3.2, columns=2)
    left, place = axes[0]
    for k, (name, colour) in enumerate((("X", BLUE), ("O", ORANGE))):
        left.plot(votes[:, k], "o-", color=colour, linewidth=2.5, label=name)
        left.axhline(right[k], color=colour, linewidth=1, linestyle="--")
    left.set(title=_("votes"), xlabel=_("step"), ylim=(-0.15, 1.15), yticks=[0, 0.5, 1])
    left.legend(frameon=False, loc="center right")
    place.plot(errors, "o-", color=RED, linewidth=2.5)
    place.set(title=_("total error"), xlabel=_("step"))
    place.set_ylim(bottom=0)
    text = _(
        "Over {steps} steps the vote for X goes from {x[0]:.2f} to {x[1]:.2f} and the vote for O from {o[0]:.2f} to "
        "{o[1]:.2f}; the total error goes from {e[0]:.2f} to {e[1]:.2f}."
    )
    ends = [0, -1]
    figure.alt = text.format(
        steps=len(votes) - 1, x=abs(votes[ends, 0].round(2)), o=abs(votes[ends, 1].round(2)), e=errors[ends]
    )
    return figure


def descents(curves, limit):
    """Losses over the steps of gradient descent at up to five learning rates, the latest in front.

    Parameters
    ----------
    curves : dict of float to sequence of float
        The losses by learning rate.
    limit : float
        From here on a rate is too large.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no curve, or there are more than five.

    Examples
    --------
    >>> descents({0.5: [1, 0.5, 0.25], 5: [1, 8, 64]}, limit=2).alt.split(". ")[1:]
    ['Rate 0.5: from 1.000 to 0.250', 'Rate 5: from 1.000 to 64.000.']
    """
    if not 1 <= len(curves) <= MOST_CURVES:
        raise ValueError(f"curves holds {len(curves)} curves; give 1 to {MOST_CURVES}")
    figure, axes = new_figure(6.6, 3.3)
    place = axes[0, 0]
    ways, steps = paths(curves, limit)
    for rate, heights, colour, name in ways:
        latest = colour != GREY
        place.plot(heights, color=colour, linewidth=3.5 if latest else 1.5)
        end = len(heights) - 1 + 0.012 * steps
        place.text(end, name, f"{rate:g}", color=colour, fontsize=13 if latest else 10, va="center", clip_on=False)
    place.set(xlabel=_("step"), ylabel=_("loss"), ylim=(LOWEST, HIGHEST), xlim=(0, steps))
    place.set_xticks(np.unique(np.linspace(0, steps, 4).round()))
    place.set_yticks(*zip(*AMOUNTS, strict=True))
    text = _("Losses over {steps} steps, on a scale where each mark is ten times the one below. {said}")
    one = _("Rate {rate:g}: from {first} to {last}.")
    said = [one.format(rate=r, first=_amount(v[0]), last=_amount(v[-1])) for r, v in curves.items()]
    figure.alt = text.format(steps=steps, said=" ".join(said))
    return figure


def paths(curves, limit):
    """What `descents` draws: each curve's heights, its colour, and where its name stands so that no two overlap.

    Parameters
    ----------
    curves, limit
        As in `descents`.

    Returns
    -------
    list of (rate, heights, colour, name)
        Heights are powers of ten, up to the first above the chart; `name` is the height of the name.
    steps : int

    Examples
    --------
    >>> ways, steps = paths({5: [1, 10, 1e9]}, limit=2)
    >>> ways[0][1].tolist(), ways[0][2] == RED, steps
    ([0.0, 1.0, 9.0], True, 2)
    """
    latest, losses = list(curves.items())[-1]
    ways, below = [], -np.inf
    for rate, values in curves.items():
        heights = np.log10(np.maximum(values, 10.0**LOWEST))
        above = np.flatnonzero(heights > HIGHEST)
        heights = heights[: above[0] + 1] if len(above) else heights
        ways.append((rate, heights, GREY if rate != latest else RED if rate >= limit else BLUE))
    names = {}
    for rate, heights, _colour in sorted(ways, key=lambda way: min(way[1][-1], HIGHEST - 0.15)):
        below = names[rate] = max(min(heights[-1], HIGHEST - 0.15), below + 0.35)
    return [(*way, names[way[0]]) for way in ways], len(losses) - 1


def _amount(loss):
    if not np.isfinite(loss):
        return _("no number any more")
    return f"{loss:.3f}" if loss < 1000 else f"{loss:.1e}"


def losses(curves, window=20):
    """Losses of several trainings, each smoothed over some steps.

    Parameters
    ----------
    curves : dict of str to sequence of float
    window : int
        How many steps each point is the mean of.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> losses({"relu": [1.0] * 30, "tanh": [2.0] * 30}).alt
    'Losses over 30 steps of training for relu, tanh.'
    """
    figure, axes = new_figure(8, 3.6)
    place = axes[0, 0]
    for (name, values), colour in zip(curves.items(), (BLUE, ORANGE, GREEN, PINK), strict=False):
        smooth = np.convolve(values, np.full(window, 1 / window), "valid")
        place.plot(np.arange(len(smooth)) + window, smooth, color=colour, linewidth=2.5, label=name)
    place.set(xlabel=_("step"), ylabel=_("loss"))
    place.set_ylim(bottom=0)
    place.legend(frameon=False)
    text = _("Losses over {steps} steps of training for {names}.")
    figure.alt = text.format(steps=len(values), names=", ".join(curves))
    return figure


def there_and_back(network, shape):
    """A network as a row of layers: numbers go through it to the right, slopes come back to the left.

    Parameters
    ----------
    network : backprop.Network
    shape : tuple of int (M, N, D)
        Of a picture.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from lessons_lib.pooling import backprop
    >>> there_and_back(backprop.Network(backprop.MaxPool(2), backprop.Dense(4, 2)), (4, 4, 1)).alt.split(": ")[1]
    'picture 4 × 4 × 1, MaxPool 2 × 2 × 1, Dense 2, softmax 2.'
    """
    x = np.zeros((1, *shape))
    stations = [(_("picture"), x.shape[1:], 0)]
    for layer in network.layers:
        x = layer.forward(x)
        learned = sum(part.value.size for part in vars(layer).values() if hasattr(part, "slope"))
        stations.append((type(layer).__name__, x.shape[1:], learned))
    stations.append((_("softmax"), x.shape[1:], 0))
    figure, axes = new_figure(11, 2.9)
    place = axes[0, 0]
    for k, (name, size, learned) in enumerate(stations):
        box = {"boxstyle": "round,pad=0.45", "facecolor": "#eef2f7", "edgecolor": GREY}
        weights = _("{count} weights").format(count=learned) if learned else ""
        place.text(k, 0, name, ha="center", va="center", bbox=box)
        place.text(k, 0.62, " × ".join(map(str, size)), ha="center", va="center", color=BLUE)
        place.text(k, -1.5, weights, ha="center", va="center", color=GREY, fontsize=11)
    last = len(stations) - 1
    for k in range(last):
        for height, start, end, colour in ((0.62, k + 0.36, k + 0.64, BLUE), (-0.75, k + 0.64, k + 0.36, RED)):
            style = {"arrowstyle": "->", "color": colour, "linewidth": 2.2}
            place.annotate("", (end, height), (start, height), arrowprops=style)
    place.text(0, 1.25, _("forward: numbers"), color=BLUE, ha="center")
    place.text(last, -0.75, _("actual - right"), color=RED, ha="center", va="center", fontsize=11)
    place.text(0, -1.5, _("backward: slopes"), color=RED, ha="center", va="center")
    place.set(xlim=(-0.55, last + 0.5), ylim=(-1.8, 1.6))
    place.axis("off")
    row = ", ".join(f"{name} {' × '.join(map(str, size))}" for name, size, _learned in stations)
    figure.alt = _("Layers in a row, numbers going to the right, slopes coming back to the left: {row}.").format(
        row=row
    )
    return figure


def features_found(kernels, features):
    """Kernels that were learned, each with the known feature that it is most like.

    Parameters
    ----------
    kernels : ndarray of shape (R, C, 1, K)
    features : dict of str to ndarray of shape (R, C)

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> kernels = np.stack(list(matching.FEATURES.values()), axis=-1)[:, :, None]
    >>> len(features_found(kernels, matching.FEATURES).axes)
    6
    """
    kernels = validate.array(kernels, "kernels", axes=4)
    count = kernels.shape[3]
    columns = max(count, len(features))
    figure, axes = new_figure(11, 3.6, rows=2, columns=columns)
    for place in axes[0, len(features) :]:
        place.remove()
    for place, (name, feature) in zip(axes[0], features.items(), strict=False):
        draw(place, Grid(feature, name, **SCORE))
    reach = float(np.abs(kernels).max())
    for k, place in enumerate(axes[1]):
        kernel = kernels[:, :, 0, k]
        best = max(features, key=lambda name: matching.likeness(kernel, features[name]))
        value = matching.likeness(kernel, features[best])
        draw(place, Grid(kernel, f"{best}\n{value:.2f}", colours="signed", low=-reach, high=reach, decimals=1))
        place.title.set_fontsize(11)
        place.title.set_color(INK if value > 0.7 else GREY)
    text = _(
        "Above, the lecture's {known} features; below, {count} kernels that were learned, red above zero and blue "
        "below, each with the feature it is most like and how like it is."
    )
    figure.alt = text.format(known=len(features), count=count)
    return figure


def letters_and_votes(images, votes, labels):
    """Letters with what a network says of each; wrong answers have an orange title.

    Parameters
    ----------
    images : ndarray of shape (count, M, N)
    votes : ndarray of shape (count, 2)
        For X and for O.
    labels : ndarray of int, shape (count,)

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> images, labels = matching.random_letters(8)
    >>> letters_and_votes(images, np.eye(2)[labels], labels).alt
    '8 letters with the votes of the network above each.'
    """
    images = validate.array(images, "images", axes=3)
    figure, axes = new_figure(11, 2.2 * -(-len(images) // 6), rows=-(-len(images) // 6), columns=6)
    for place in axes.ravel()[len(images) :]:
        place.remove()
    blank = [[""] * images.shape[2]] * images.shape[1]
    for place, image, vote, label in zip(axes.ravel(), images, votes, labels, strict=False):
        draw(place, Grid(image, f"X {vote[0]:.2f}   O {vote[1]:.2f}", texts=blank, colours="grey", low=-1.5, high=1.5))
        place.title.set_fontsize(11)
        place.title.set_color(INK if vote.argmax() == label else RED)
    figure.alt = _("{count} letters with the votes of the network above each.").format(count=len(images))
    return figure
