"""One visual language for every picture: sizes, type, and colours that colour-blind eyes can tell apart."""

import base64
import io
from itertools import pairwise

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from PIL import Image

# Distinguishable for colour-blind eyes: Okabe and Ito, "Color Universal Design" (2008), https://jfly.uni-koeln.de/color/
BLUE, ORANGE, GREEN, PINK, SKY, RED, YELLOW, GREY = (
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#6b7280",
)  # fmt: skip
SERIES = [BLUE, ORANGE, GREEN, PINK, SKY, RED, GREY]
WINDOW = "#ffb000"
INK = "#1f2328"

# Negative is blue, zero is exactly white, positive is red. After ColorBrewer's RdBu, https://colorbrewer2.org
SIGNED = [(5, 113, 176), (146, 197, 222), (255, 255, 255), (244, 165, 130), (202, 0, 32)]
GREY_RAMP = [(0, 0, 0), (255, 255, 255)]

COLOURMAPS = {
    "signed": LinearSegmentedColormap.from_list("signed", np.array(SIGNED) / 255),
    "grey": LinearSegmentedColormap.from_list("grey", np.array(GREY_RAMP) / 255),
}

RULES = {
    "font.family": "DejaVu Sans",
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.labelsize": 12,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "text.color": INK,
}
matplotlib.rcParams.update(RULES)

MARGIN = 0.06  # inches around all that is drawn: on a dark page the edge of the paper is seen
LARGEST_PNG = 80_000  # bytes, where that is possible: with nine such pictures a notebook has less than a megabyte
TINT = 24  # the ink and the lines of a grey picture are bluish by so much


class Picture(Figure):
    """A matplotlib Figure that shows itself where it is the last line of a cell, with its description `alt` in words.

    A picture of something that was trained here comes out a little different on each machine; such a one also brings
    `steady`, the same description without numbers, which the comparison of outputs reads.

    >>> figure, _axs = new_figure(2, 1)
    >>> figure.alt = "two inches of empty axes"
    >>> data, metadata = figure._repr_mimebundle_()
    >>> data["text/plain"], metadata["image/png"]
    ('two inches of empty axes', {'alt': 'two inches of empty axes', 'width': 200, 'height': 100})
    """

    def _repr_mimebundle_(self, **_kwargs):
        return bundle(self)


def bundle(figure, alt=None):
    """What a notebook stores of a figure: its PNG as text, its description, and its size on screen.

    >>> bundle(Picture())
    Traceback (most recent call last):
    ValueError: alt is None; describe the picture in 20 characters or more
    """
    alt = getattr(figure, "alt", None) if alt is None else alt
    if not isinstance(alt, str) or len(alt.strip()) < 20:
        raise ValueError(f"alt is {alt!r}; describe the picture in 20 characters or more")
    content, width, height = png(figure)
    data = {"image/png": base64.b64encode(content).decode(), "text/plain": getattr(figure, "steady", alt)}
    return data, {"image/png": {"alt": alt, "width": width, "height": height}}


def new_figure(width=8.0, height=4.0, rows=1, columns=1, **grid):
    """A `Picture` that belongs to no window and no pyplot state, with its axes as an array of shape (rows, columns).

    `width` and `height` are inches, 100 pixels each on screen; `grid` is passed on to `Figure.subplots`.

    >>> figure, axs = new_figure(columns=2)
    >>> axs.shape
    (1, 2)
    """
    if "width_ratios" in grid or "height_ratios" in grid:
        names = [name for name in ("width_ratios", "height_ratios") if name in grid]
        grid["gridspec_kw"] = {name: grid.pop(name) for name in names}
    figure = Picture(figsize=(width, height), dpi=100, layout="constrained", facecolor="white")
    inner = (MARGIN / width, MARGIN / height, 1 - 2 * MARGIN / width, 1 - 2 * MARGIN / height)
    figure.get_layout_engine().set(rect=inner)
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, squeeze=False, **grid)


def png(figure):
    """A figure as a notebook stores it, and its width and height on screen: sharp where it is small, small with photos.

    It has twice the pixels of the screen, or fewer where these take more than `LARGEST_PNG` bytes. A picture without
    colours is grey; where it is still too large, its levels are wrong by 2, or at most 4, of 255. Another has 256
    colours, or 128, of which one is near each of its own.

    >>> figure, _axes = new_figure(2, 1)
    >>> content, width, height = png(figure)
    >>> content[1:4], width, height
    (b'PNG', 200, 100)
    """
    width, height = (round(float(side) * figure.dpi) for side in figure.get_size_inches())
    full = _drawn(figure, density=2)
    grey = bool(np.ptp(np.asarray(full), axis=2).max() <= TINT)
    full, content = full.convert("L") if grey else full, b""
    for density, error in [(2, 0), (1.5, 0), (1, 0), (1, 2)] + [(1, 4)] * grey:
        if density == 1.5 and len(content) > 3 * LARGEST_PNG:
            continue
        sized = full.resize((round(density * width), round(density * height)), Image.Resampling.BOX)
        if not grey:
            sized = sized.quantize(128 if error else 256, Image.Quantize.MAXCOVERAGE)
        elif error:
            sized = Image.fromarray(_smoother(np.asarray(sized), error))
        file = io.BytesIO()
        sized.save(file, format="png")
        content = file.getvalue()
        if len(content) <= LARGEST_PNG:
            break
    return content, width, height


def _smoother(levels, error):
    """Grey levels wrong by at most `error`, with fewer differences between rows, which are what a PNG stores.

    >>> _smoother(np.array([[10], [13], [11], [250]], np.uint8), 2).ravel().tolist()
    [10, 15, 10, 250]
    """
    step, rows = 2 * error + 1, levels.astype(int)
    for above, row in pairwise(rows):
        nearest = above + step * ((row - above + error) // step)
        row[:] = np.where((nearest < 0) | (nearest > 255), row, nearest)
    return rows.astype(np.uint8)


def _drawn(figure, density):
    """The figure's pixels on white paper; `savefig` would draw it twice."""
    before, dpi = figure.canvas, figure.dpi
    canvas = FigureCanvasAgg(figure)
    try:
        figure.dpi = density * dpi
        canvas.draw()
        drawn = Image.fromarray(np.asarray(canvas.buffer_rgba()))
    finally:
        figure.dpi = dpi
        figure.set_canvas(before)
    paper = Image.new("RGB", drawn.size, "white")
    paper.paste(drawn, mask=drawn.getchannel("A"))
    return paper
