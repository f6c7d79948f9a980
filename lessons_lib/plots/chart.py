"""One description of a chart, drawn as SVG in a panel, where it follows a slider, and by matplotlib for the still.

How a panel gets its chart:

1. The lesson's `figures.py` has one function that takes arrays and returns a `Chart`, with its description in words.
2. It makes a `Frame` for each pair of axes: where it stands in pixels, what its ends mean, its ticks, labels and title.
3. The frame's `marks` are `Line`, `Area`, `Dot`, `Bar` and `Words`, drawn in their order, in data units.
4. Sides, radii and widths are in pixels, 100 an inch: the still is as large as the drawing in the panel.
5. The colour None is the page's own ink, which a dark theme makes light; other colours come from `plots.style`.
6. Lines, areas and bars end at the frame; dots and words may stand outside of it. What is not finite is left out.
7. The panel: `self.picture.value = figures.losses(...).svg()`.
8. Its still: `return figures.losses(...).figure()`, which shows itself in a notebook, as every `plots.Picture` does.
9. A test looks at `Chart.frames[0].marks`; that both drawings agree with them is tested here, once for all.
"""

import contextlib
import html
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle, Polygon, Rectangle
from matplotlib.text import Text
from matplotlib.ticker import LogLocator, MaxNLocator

from lessons_lib.plots.style import INK, Picture

TYPE = 14  # pixels
POINT = 0.72  # a pixel in points
FAINT, THIN = 0.18, 0.6  # how strong the lines of the ticks are, and the axes
SIDES = {"start": "left", "middle": "center", "end": "right"}


@dataclass
class Frame:
    """A pair of axes: its place in pixels (left, top, width, height), the numbers at its ends, and its marks.

    `logs` says which axes are logarithmic; `ticks` holds numbers, or pairs of a number and its text, for both.

    >>> frame = Frame((0, 0, 100, 50), (0, 10), (1, 100), logs=(False, True))
    >>> frame.x(5), frame.y(10)
    (50.0, 25.0)
    """

    box: tuple
    across: tuple
    up: tuple
    logs: tuple = (False, False)
    ticks: tuple = ((), ())
    labels: tuple = ("", "")
    title: str = ""
    marks: Any = ()
    edges: bool = True

    def x(self, value):
        """How many pixels from the left a number stands."""
        return self.box[0] + self.box[2] * _share(value, self.across, self.logs[0])

    def y(self, value):
        """How many pixels from the top a number stands."""
        return self.box[1] + self.box[3] * (1 - _share(value, self.up, self.logs[1]))

    def points(self, xs, ys):
        """The pixels of some points, without those that are no number."""
        return [(self.x(x), self.y(y)) for x, y in zip(xs, ys, strict=True) if not (math.isnan(x) or math.isnan(y))]

    def draw(self, pen):
        """Ticks, axes and the texts around them, then the marks."""
        left, top, width, height = self.box
        right, bottom = left + width, top + height
        for value, text in map(_tick, self.ticks[0]):
            pen.path([(self.x(value), top), (self.x(value), bottom)], opacity=FAINT)
            pen.text(text, self.x(value), bottom + 18, "middle")
        for value, text in map(_tick, self.ticks[1]):
            pen.path([(left, self.y(value)), (right, self.y(value))], opacity=FAINT)
            pen.text(text, left - 7, self.y(value) + 5, "end")
        if self.edges:
            pen.path([(left, top), (left, bottom), (right, bottom)], opacity=THIN)
        pen.text(self.labels[0], left + width / 2, bottom + 40, "middle")
        pen.text(self.labels[1], left - 54, top + height / 2, "middle", turned=True)
        pen.text(self.title, left + width / 2, top - 9, "middle", bold=True)
        for mark in self.marks:
            mark._draw(pen, self)


def _tick(tick):
    return tick if isinstance(tick, tuple) else (tick, f"{tick:.3g}")


def _share(value, ends, log):
    low, high = ends
    if log:
        value, low, high = math.log(max(value, 1e-300)), math.log(low), math.log(high)
    # A browser cannot draw what is too far away.
    return max(-9.0, min(10.0, (value - low) / (high - low)))


def ticks(ends, count, whole=False, log=False):
    """Round numbers for an axis from `ends[0]` to `ends[1]`, in about `count` parts.

    >>> ticks((0, 3), 8, whole=True), ticks((2, 300), 5, log=True), ticks((2, 30), 9, log=True)
    ([0.0, 1.0, 2.0, 3.0], [10.0, 100.0], [2.0, 5.0, 10.0, 20.0])
    """
    if log:
        decades = np.log10(ends[1] / ends[0])
        values = LogLocator(10, (1, 2, 5) if 3 * decades < count else (1,), numticks=99).tick_values(*ends)
    else:
        values = MaxNLocator(count, integer=whole, steps=[1, 2, 5, 10]).tick_values(*ends)
    return [value for value in values.tolist() if ends[0] - 1e-9 <= value <= ends[1] + 1e-9]


@dataclass
class Line:
    """A line through points; a single point, or each one with `dots`, is drawn as a dot.

    >>> Line([0, 1], [2, 3]).dashed
    False
    """

    xs: Any
    ys: Any
    colour: str | None = None
    width: float = 2.0
    opacity: float = 1.0
    dots: bool = False
    dashed: bool = False

    def _draw(self, pen, frame):
        points = frame.points(self.xs, self.ys)
        with pen.inside(frame.box):
            pen.path(points, self.colour, self.width, self.opacity, self.dashed)
            for point in points if self.dots or len(points) == 1 else ():
                pen.circle(*point, self.width + 0.8, self.colour, self.opacity)


@dataclass
class Area:
    """A surface inside of points; `edge` is the width of its outline.

    >>> Area([0, 1, 1], [0, 0, 1], "#0072b2").opacity
    0.2
    """

    xs: Any
    ys: Any
    colour: str | None = None
    opacity: float = 0.2
    edge: float = 0.0

    def _draw(self, pen, frame):
        with pen.inside(frame.box):
            pen.path(frame.points(self.xs, self.ys), self.colour, self.edge, self.opacity, filled=True)


def between(xs, low, high, colour=None):
    """The area between two lines.

    >>> between([0, 1], [2, 3], [4, 5]).ys
    [2, 3, 5, 4]
    """
    return Area([*xs, *xs[::-1]], [*low, *high[::-1]], colour)


@dataclass
class Dot:
    """A circle with a thin rim, so that one on another shows; its radius is in pixels.

    >>> Dot(2015, 3.6, 12).opacity
    0.7
    """

    x: float
    y: float
    radius: float
    colour: str | None = None
    opacity: float = 0.7

    def _draw(self, pen, frame):
        for point in frame.points([self.x], [self.y]):
            pen.circle(*point, self.radius, self.colour, self.opacity, rim="#ffffff")


@dataclass
class Bar:
    """A lying bar from the frame's left edge, its name before it and its value behind it.

    >>> Bar(0, 1600, name="dense", value="1,600").thick
    0.62
    """

    row: float
    length: float
    colour: str | None = None
    name: str = ""
    value: str = ""
    thick: float = 0.62

    def _draw(self, pen, frame):
        left, right = frame.box[0], frame.x(self.length)
        top, bottom = frame.y(self.row - self.thick / 2), frame.y(self.row + self.thick / 2)
        with pen.inside(frame.box):
            pen.path([(left, top), (right, top), (right, bottom), (left, bottom)], self.colour, width=0, filled=True)
        pen.text(self.name, left - 8, frame.y(self.row) + 5, "end")
        pen.text(self.value, min(right, left + frame.box[2]) + 7, frame.y(self.row) + 5)


@dataclass
class Words:
    """A text at a point, moved by some pixels to the right and down; `leader` is the radius of the dot it is led to.

    >>> Words("ResNet", 2015, 3.6, right=12).anchor
    'start'
    """

    text: str
    x: float
    y: float
    right: float = 0.0
    down: float = 0.0
    anchor: str = "start"
    colour: str | None = None
    bold: bool = False
    leader: float | None = None

    def _draw(self, pen, frame):
        for x, y in frame.points([self.x], [self.y]):
            end, far = (x + self.right, y + self.down), math.hypot(self.right, self.down)
            if self.leader is not None and far > self.leader:
                start = (x + self.leader * self.right / far, y + self.leader * self.down / far)
                pen.path([start, end], opacity=0.5)
            pen.text(self.text, end[0], end[1] + 5, self.anchor, self.colour, self.bold)


@dataclass
class Chart:
    """Frames in a drawing of some pixels, a legend (pairs of text and colour) below them, and all of it in words.

    >>> chart = Chart([Frame((40, 10, 80, 40), (0, 1), (0, 1), marks=[Line([0, 1], [0, 1])])], 140, 80, "a line")
    >>> chart.svg()[:52], chart.figure().alt
    ('<svg viewBox="0 0 140 80" role="img" aria-label="a l', 'a line')
    """

    frames: list
    width: int
    height: int
    alt: str
    legend: tuple = ()

    def svg(self):
        """For an `ipywidgets.HTML`: as wide as the page lets it be, up to a quarter larger."""
        pen = _Svg()
        self._draw(pen)
        style = f"display:block;width:100%;max-width:{1.25 * self.width:.0f}px;height:auto;font-size:{TYPE}px"
        box = f"0 0 {self.width} {self.height}"
        return _tag(
            "svg",
            "".join(pen.parts),
            viewBox=box,
            role="img",
            aria_label=self.alt,
            style=f"{style};font-family:inherit",
        )

    def figure(self):
        """For the still: a matplotlib Figure with the same drawing, on white paper."""
        figure = Picture(figsize=(self.width / 100, self.height / 100), dpi=100, facecolor="white")
        figure.alt = self.alt
        self._draw(_Paper(figure, self.width, self.height))
        return figure

    def _draw(self, pen):
        for frame in self.frames:
            frame.draw(pen)
        # How wide a text is, only the page knows.
        widths = [56 + 7.5 * len(text) for text, _colour in self.legend]
        left, y = (self.width - sum(widths) + 24) / 2, self.height - 15
        for (text, colour), width in zip(self.legend, widths, strict=True):
            pen.path([(left, y), (left + 22, y)], colour, 3)
            pen.text(text, left + 29, y + 5)
            left += width


def _tag(kind, inner="", **attributes):
    """An element of SVG, its attributes escaped; `inner` is written as it is."""
    texts = {name: value if isinstance(value, str) else f"{round(value, 2):g}" for name, value in attributes.items()}
    written = "".join(f' {name.replace("_", "-")}="{html.escape(text)}"' for name, text in texts.items() if text)
    return f"<{kind}{written}>{inner}</{kind}>"


class _Svg:
    def __init__(self):
        self.parts = []

    @contextlib.contextmanager
    def inside(self, box):
        outer, self.parts = self.parts, []
        yield
        left, top, width, height = _widened(box)
        view = f"{left} {top} {width} {height}"
        outer.append(_tag("svg", "".join(self.parts), x=left, y=top, width=width, height=height, viewBox=view))
        self.parts = outer

    def path(self, points, colour=None, width=1.0, opacity=1.0, dashed=False, filled=False):
        colour, points = colour or "currentColor", " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        fill = {"fill": colour, "fill_opacity": opacity} if filled else {"fill": "none", "stroke_opacity": opacity}
        look = {**fill, "stroke": colour, "stroke_width": width, "stroke_dasharray": "5 4" if dashed else ""}
        self.parts.append(_tag("polygon" if filled else "polyline", points=points, **look))

    def circle(self, x, y, radius, colour, opacity, rim=""):
        look = {"fill": colour or "currentColor", "fill_opacity": opacity, "stroke": rim}
        self.parts.append(_tag("circle", cx=x, cy=y, r=radius, **look))

    def text(self, text, x, y, anchor="start", colour=None, bold=False, turned=False):
        look = {"text_anchor": anchor, "fill": colour or "currentColor", "font_weight": "700" if bold else ""}
        turn = f"rotate(-90 {x:.1f} {y:.1f})" if turned else ""
        if text:
            self.parts.append(_tag("text", html.escape(str(text)), x=x, y=y, **look, transform=turn))


class _Paper:
    """The same pen for a figure: one pair of axes, whose units are pixels."""

    def __init__(self, figure, width, height):
        self.axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
        self.axes.set_axis_off()
        self.clip = None

    def _add(self, artist):
        # The order of drawing alone decides what covers what.
        artist.set_zorder(len(self.axes.get_children()))
        self.axes.add_artist(artist)
        if self.clip is not None:
            artist.set_clip_path(self.clip)

    @contextlib.contextmanager
    def inside(self, box):
        left, top, width, height = _widened(box)
        self.clip = Rectangle((left, top), width, height, transform=self.axes.transData)
        yield
        self.clip = None

    def path(self, points, colour=None, width=1.0, opacity=1.0, dashed=False, filled=False):
        colour, style = colour or INK, (0, (5 / width, 4 / width)) if dashed else "-"
        look = {"facecolor": to_rgba(colour, opacity), "edgecolor": colour if filled else to_rgba(colour, opacity)}
        if points:
            self._add(Polygon(points, closed=filled, fill=filled, linewidth=POINT * width, linestyle=style, **look))

    def circle(self, x, y, radius, colour, opacity, rim="none"):
        self._add(Circle((x, y), radius, facecolor=to_rgba(colour or INK, opacity), edgecolor=rim, linewidth=POINT))

    def text(self, text, x, y, anchor="start", colour=None, bold=False, turned=False):
        look = {"color": colour or INK, "fontsize": POINT * TYPE, "fontweight": "bold" if bold else "normal"}
        turn = {"rotation": 90 * turned, "rotation_mode": "anchor", "ha": SIDES[anchor], "va": "baseline"}
        self._add(Text(x, y, str(text), parse_math=False, **look, **turn))


def _widened(box):
    """A frame and 4 pixels more on each side: a dot on its edge is whole."""
    return box[0] - 4, box[1] - 4, box[2] + 8, box[3] + 8
