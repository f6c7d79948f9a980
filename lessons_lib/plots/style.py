"""One visual language for every picture: sizes, type, and colours that colour-blind eyes can tell apart."""

import io

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from PIL import Image, ImageChops, ImageStat

# Told apart by colour-blind eyes: Okabe and Ito, "Color Universal Design" (2008), https://jfly.uni-koeln.de/color/
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
UNSEEN = 0.2  # grey levels, on average
LARGEST_PNG = 250_000  # bytes; ten such pictures make a notebook of 3.4 MB


def new_figure(width=8.0, height=4.0, rows=1, columns=1, **grid):
    """A figure that belongs to no window and no pyplot state, with its axes.

    Parameters
    ----------
    width, height : float
        Inches; 100 pixels each on screen, drawn at double density.
    rows, columns : int
        How many axes.
    grid : dict
        Passed on to `Figure.subplots`, such as `width_ratios=[1, 2]`.

    Returns
    -------
    figure : matplotlib.figure.Figure
    axes : ndarray of shape (rows, columns) of matplotlib.axes.Axes

    Examples
    --------
    >>> figure, axes = new_figure(columns=2)
    >>> axes.shape
    (1, 2)
    """
    if "width_ratios" in grid or "height_ratios" in grid:
        names = [name for name in ("width_ratios", "height_ratios") if name in grid]
        grid["gridspec_kw"] = {name: grid.pop(name) for name in names}
    figure = Figure(figsize=(width, height), dpi=100, layout="constrained", facecolor="white")
    inner = (MARGIN / width, MARGIN / height, 1 - 2 * MARGIN / width, 1 - 2 * MARGIN / height)
    figure.get_layout_engine().set(rect=inner)
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, squeeze=False, **grid)


def png(figure):
    """A figure as it is stored in a notebook: sharp where that is cheap, small where it holds photos.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    content : bytes
        A PNG of twice the size on screen, with 256 colours where nobody sees the difference and it would take more than
        `LARGEST_PNG` bytes; of the size on screen when even that is too large, or all colours take twice as many bytes.
    width, height : int
        On screen, in pixels.

    Examples
    --------
    >>> figure, _axes = new_figure(2, 1)
    >>> content, width, height = png(figure)
    >>> content[1:4], width, height
    (b'PNG', 200, 100)
    """
    width, height = (round(float(side) * figure.dpi) for side in figure.get_size_inches())
    for density in (2, 1):
        full, file = _drawn(figure, density), io.BytesIO()
        # Packed more tightly it would be a tenth smaller, and take twice as long.
        full.save(file, format="png", compress_level=1)
        if file.tell() <= LARGEST_PNG:
            return file.getvalue(), width, height
        if density == 2 and file.tell() > 2 * LARGEST_PNG:
            # With 256 colours no picture of the course was small enough then, and to choose them takes long.
            continue
        few = full.quantize(256)
        difference = np.mean(ImageStat.Stat(ImageChops.difference(few.convert("RGB"), full)).mean)
        if density == 1 or difference < UNSEEN:
            file = io.BytesIO()
            few.save(file, format="png")
            if density == 1 or file.tell() <= LARGEST_PNG:
                return file.getvalue(), width, height


def _drawn(figure, density):
    """The figure's pixels on white paper; `savefig` would draw it twice, the first time for nobody."""
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
