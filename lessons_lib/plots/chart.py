"""A chart that is quick enough to follow a slider: lines, bars, circles and words as SVG, which the browser draws."""

import html
import math
from typing import NamedTuple

GRID = "stroke:currentColor;stroke-opacity:.18"


class Frame(NamedTuple):
    """Where a chart stands on the page, in pixels, and which numbers its ends mean.

    >>> frame = Frame((0, 0, 100, 50), (0, 10), (1, 100), logs=(False, True))
    >>> frame.x(5), frame.y(10)
    (50.0, 25.0)
    """

    box: tuple
    across: tuple
    up: tuple
    logs: tuple = (False, False)

    def x(self, value):
        """How far from the left a number stands."""
        left, _top, width, _height = self.box
        return left + width * _share(value, self.across, self.logs[0])

    def y(self, value):
        """How far from the top a number stands."""
        _left, top, _width, height = self.box
        return top + height * (1 - _share(value, self.up, self.logs[1]))


def _share(value, ends, log):
    low, high = ends
    if log:
        value, low, high = math.log(value), math.log(low), math.log(high)
    return (value - low) / (high - low)


def words(text, x, y, anchor="start", more=""):
    """Some words; `anchor` is "start", "middle" or "end", `more` are other attributes.

    >>> words("a < b", 1, 2.5)
    '<text x="1.0" y="2.5" text-anchor="start" fill="currentColor" >a &lt; b</text>'
    """
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor"'
    return f"<text {place} {more}>{html.escape(text)}</text>"


def axes(frame, across, up, labels=("", ""), title=""):
    """The frame's left and lower edge, a thin line and a word for each tick, and what the axes mean.

    Parameters
    ----------
    frame : Frame
    across, up : sequence of (number, str)
        The ticks and their words.
    labels : (str, str)
        Below, and beside.
    title : str
        Above.

    Returns
    -------
    str

    Examples
    --------
    >>> axes(Frame((10, 10, 80, 40), (0, 1), (0, 1)), [(0, "0")], [(1, "1")]).count("<text")
    2
    """
    left, top, width, height = frame.box
    right, bottom = left + width, top + height
    parts = []
    for value, text in across:
        parts.append(f'<path d="M{frame.x(value):.1f} {top}V{bottom}" style="{GRID}"/>')
        parts.append(words(text, frame.x(value), bottom + 18, "middle"))
    for value, text in up:
        parts.append(f'<path d="M{left} {frame.y(value):.1f}H{right}" style="{GRID}"/>')
        parts.append(words(text, left - 7, frame.y(value) + 4.5, "end"))
    edge = 'fill="none" stroke="currentColor" stroke-opacity=".6"'
    parts.append(f'<path d="M{left} {top}V{bottom}H{right}" {edge}/>')
    if labels[0]:
        parts.append(words(labels[0], left + width / 2, bottom + 40, "middle"))
    if labels[1]:
        middle = top + height / 2
        parts.append(words(labels[1], left - 54, middle, "middle", f'transform="rotate(-90 {left - 54} {middle})"'))
    if title:
        parts.append(words(title, left + width / 2, top - 9, "middle", 'font-weight="600"'))
    return "".join(parts)


def line(frame, across, up, colour, width=2.0, opacity=1.0, dots=True):
    """A line through some points, with a dot at each unless they are too many.

    >>> line(Frame((0, 0, 10, 10), (0, 1), (0, 1)), [0, 1], [0, 1], "#000000").count("<circle")
    2
    """
    points = [(frame.x(x), frame.y(y)) for x, y in zip(across, up, strict=True)]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    at = points if dots else []
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{width + 0.8:.1f}" stroke="none"/>' for x, y in at)
    style = f'stroke="{colour}" fill="{colour}" stroke-width="{width}" opacity="{opacity}"'
    return f'<g {style}><polyline points="{way}" fill="none"/>{dots}</g>'


def dashes(frame, across, up):
    """A thin dashed line through some points, in the page's own ink.

    >>> dashes(Frame((0, 0, 10, 10), (0, 1), (0, 1)), [0, 1], [0, 1])[:32]
    '<polyline points="0.0,10.0 10.0,'
    """
    way = " ".join(f"{frame.x(x):.1f},{frame.y(y):.1f}" for x, y in zip(across, up, strict=True))
    return f'<polyline points="{way}" fill="none" stroke="currentColor" stroke-opacity=".6" stroke-dasharray="5 4"/>'


def cut(frame, parts):
    """Parts of a drawing, without what lies beyond the frame.

    >>> cut(Frame((5, 6, 10, 20), (0, 1), (0, 1)), ["<g/>"])
    '<svg x="5" y="2" width="14" height="24" viewBox="5 2 14 24"><g/></svg>'
    """
    left, top, width, height = frame.box
    # A dot at the upper or right end is whole.
    box = (left, top - 4, width + 4, height + 4)
    where = 'x="{}" y="{}" width="{}" height="{}" viewBox="{} {} {} {}"'.format(*box, *box)
    return f"<svg {where}>{''.join(parts)}</svg>"


def band(frame, across, low, high, colour):
    """What lies between two lines.

    >>> band(Frame((0, 0, 10, 10), (0, 1), (0, 1)), [0, 1], [0, 0], [1, 1], "#000000")[:35]
    '<polygon points="0.0,10.0 10.0,10.0'
    """
    there = [(x, y) for x, y in zip(across, low, strict=True)]
    back = [(x, y) for x, y in zip(across, high, strict=True)][::-1]
    way = " ".join(f"{frame.x(x):.1f},{frame.y(y):.1f}" for x, y in there + back)
    return f'<polygon points="{way}" fill="{colour}" opacity=".2"/>'


def bar(frame, row, length, colour, thick=0.62):
    """A lying bar from the frame's left edge to a number.

    >>> bar(Frame((0, 0, 10, 10), (0, 1), (1, 0)), 0.5, 1, "#000000")
    '<rect x="0.0" y="1.9" width="10.0" height="6.2" fill="#000000"/>'
    """
    left, top, bottom = frame.box[0], frame.y(row - thick / 2), frame.y(row + thick / 2)
    size = f'width="{frame.x(length) - left:.1f}" height="{bottom - top:.1f}"'
    return f'<rect x="{left:.1f}" y="{top:.1f}" {size} fill="{colour}"/>'


def circle(frame, x, y, radius, colour, opacity=0.6):
    """One circle, with a thin rim, so that one on another shows.

    >>> circle(Frame((0, 0, 10, 10), (0, 1), (0, 1)), 0, 1, 3, "#000000")
    '<circle cx="0.0" cy="0.0" r="3.0" fill="#000000" opacity="0.6" stroke="#fff"/>'
    """
    where = f'cx="{frame.x(x):.1f}" cy="{frame.y(y):.1f}"'
    return f'<circle {where} r="{radius:.1f}" fill="{colour}" opacity="{opacity}" stroke="#fff"/>'


def leader(start, end):
    """A thin line from a thing, at `start`, to its name, at `end`: two pairs of pixels.

    >>> leader((0, 0), (3, 4))
    '<path d="M0.0 0.0L3.0 4.0" stroke="currentColor" stroke-opacity=".5"/>'
    """
    (x, y), (to_x, to_y) = start, end
    return f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="currentColor" stroke-opacity=".5"/>'


def drawing(width, height, parts, label):
    """All of it, as wide as the page lets it be.

    Parameters
    ----------
    width, height : int
        Pixels; a wide page shows it up to a quarter larger.
    parts : sequence of str
    label : str
        What a screen reader says.

    Returns
    -------
    str
        For an `ipywidgets.HTML`.

    Examples
    --------
    >>> drawing(20, 10, [], "nothing")[:60]
    '<svg viewBox="0 0 20 10" role="img" aria-label="nothing" sty'
    """
    style = f"display:block;width:100%;max-width:{1.25 * width:.0f}px;height:auto;font-size:14px;font-family:inherit"
    head = f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{html.escape(label)}" style="{style}">'
    return head + "".join(parts) + "</svg>"
