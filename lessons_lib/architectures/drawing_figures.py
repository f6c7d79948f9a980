"""Networks and blocks drawn from their layer tables, as the papers draw them: boxes, branches and shortcuts; volumes.

`rows` are those of `layer_table.table` or `keras_models.as_table.rows`. Each function returns a `plots.Picture`.
"""

from dataclasses import dataclass

from matplotlib.colors import to_rgb
from matplotlib.patches import Ellipse, FancyArrowPatch, FancyBboxPatch, Patch, Polygon

from lessons_lib.architectures import layer_table
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.core.text import join_words, size_text
from lessons_lib.plots.style import BLUE, GREEN, GREY, INK, ORANGE, PINK, RED, SKY, YELLOW, new_figure

# Units: a column is one wide and a lane one high, in inches so many.
UNIT, LANE, NARROW = 0.76, 0.62, 0.5
HALF, TALL = 0.43, 0.36  # half a box
LONGEST, MOST_LINES, MOST_BOXES = 15.0, 5, 600
# Layers without a window and without a sum are not drawn in a network; most books leave them out as well.
HIDDEN = {
    "batch norm", "relu", "activation", "softmax", "dropout", "flatten", "response norm", "maps of zeros", "moremaps",
    "zeropadding2d", "leakyrelu", "rescaling", "reshape", "spatialdropout2d", "gaussiannoise", "randomflip",
    "randomrotation", "randomtranslation", "randomzoom", "randomcontrast", "randombrightness",
}  # fmt: skip
JOINS = ("sum", "side by side")
COLOURS = {
    "input": GREY, "1 x 1": SKY, "conv": BLUE, "pool": GREEN, "mean": GREEN, "largest": GREEN,
    "fully connected": ORANGE, "sum": YELLOW, "side by side": PINK, "batch norm": GREY, "relu": GREY,
}  # fmt: skip


def kind_label(kind):
    """The words for the kind of a layer.

    >>> kind_label("conv 3 x 3"), kind_label("conv 3 x 3, 32 groups"), kind_label("fully connected")
    ('conv 3 × 3', 'conv 3 × 3, 32 groups', 'fully connected')
    """
    words = {
        "conv": _("conv"), "pool": _("pool"), "input": _("picture"), "fully connected": _("fully connected"),
        "mean of each map": _("mean of each map"), "largest of each map": _("largest of each map"),
        "flatten": _("flatten"), "sum": _("sum"), "side by side": _("side by side"), "batch norm": _("batch norm"),
        "maps of zeros": _("maps of zeros"), "response norm": _("response norm"), "dropout": _("dropout"),
        "relu": _("ReLU"), "softmax": _("softmax"), "moremaps": _("maps of zeros"), "activation": _("activation"),
        "zeropadding2d": _("zero padding"),
    }  # fmt: skip
    if kind in words:
        return words[kind]
    kind, _comma, groups = kind.partition(", ")
    if groups:
        return _("{kind}, {count} groups").format(kind=kind_label(kind), count=groups.split()[0])
    first, _space, rest = kind.partition(" ")
    return f"{words.get(first, first)} {rest}".strip().replace(" x ", " × ")


@dataclass(eq=False)
class Node:
    """A layer that is drawn: its row, what it reads, its column and lane inside its part, and then its place.

    `instead` is the equal node that is drawn in place of it, if any.
    """

    row: layer_table.Row
    reads: tuple
    column: int = 0
    lane: float = 0.0
    x: float = 0.0
    instead: "Node | None" = None

    @property
    def narrow(self):
        """Whether it is drawn as a circle or a bar in place of a box."""
        return self.row.kind in JOINS

    @property
    def half(self):
        """Half of its width."""
        return {"sum": 0.17, "side by side": 0.09}.get(self.row.kind, HALF)


def network(rows, title=""):
    """A network from left to right: a box for each layer with a window or with weights, a line for each shortcut.

    Parameters
    ----------
    rows : sequence of Row
        A layer table, such as `keras_models.as_table.rows` makes of any Keras network.
    title : str

    Returns
    -------
    Picture
        Equal blocks one after the other are drawn once where a network is very deep. What is not drawn is named below.

    Raises
    ------
    TypeError, ValueError
        If rows holds no layer that can be drawn, or more than 600.

    Examples
    --------
    >>> network(layer_table.table(*layer_table.NETWORKS["lecture's LeNet"]), "LeNet").alt
    'LeNet, drawn from left to right, from 28 × 28 × 1 to 10: 2 convolutions (2 of 5 × 5), 2 poolings and 2 ...'
    """
    rows = [
        validate.having(row, "a row of rows", "reads", "rows of a layer table")
        for row in validate.sequence(rows, "rows")
    ]
    nodes = _nodes(rows, HIDDEN)
    if len(nodes) < 2:
        raise ValueError(f"rows has {len(nodes)} layers that can be drawn; give a network of one or more layers")
    parts, times = _parts(nodes), {}
    if sum(map(_width, parts)) > LONGEST * MOST_LINES:
        parts, times = _folded(parts)
    if sum(map(len, parts)) > MOST_BOXES:
        raise ValueError(f"rows has {len(nodes)} layers to draw; the most is {MOST_BOXES}")
    hidden = list(dict.fromkeys(kind_label(row.kind) for row in rows if row.kind in HIDDEN))
    notes = [_("not drawn: {kinds}").format(kinds=", ".join(hidden))] * bool(hidden)
    notes += [_("× 7: seven such blocks in a row")] * bool(times)
    figure = _drawn(_lines(parts), times, title, "; ".join(notes))
    figure.alt = _described(nodes, rows, title or _("A network"))
    return figure


def block(kind):
    """A block of VGG, GoogLeNet or ResNet with every layer, or the "plain" one, a residual block without its shortcut.

    `kind` is "vgg", "inception", "residual" or "plain".

    >>> block("residual").alt
    'A residual block from left to right, from 56 × 56 × 64 to 56 × 56 × 64: conv 3 × 3 (64), batch norm, ...'
    """
    validate.choice(kind, "kind", layer_table.BLOCKS)
    titles = {
        "vgg": _("A VGG block"), "inception": _("An inception module"), "residual": _("A residual block"),
        "plain": _("A plain block"),
    }  # fmt: skip
    rows = layer_table.table(*layer_table.BLOCKS[kind])
    nodes = _nodes(rows, set())
    figure = _drawn([_parts(nodes)], {}, "", "", names=kind == "residual")
    text = _("{title} from left to right, from {first} to {last}: {kinds}. {parameters:,} parameters.")
    kinds = [kind_label(node.row.kind) + (f" ({node.row.shape[-1]})" if "conv" in node.row.kind else "")
             for node in nodes[1:]]  # fmt: skip
    figure.alt = text.format(
        title=titles[kind], first=size_text(*rows[0].shape), last=size_text(*rows[-1].shape), kinds=", ".join(kinds),
        parameters=sum(row.parameters for row in rows),
    )  # fmt: skip
    if kind == "residual":
        figure.alt += " " + _("The shortcut carries x round both convolutions: R(x) + x comes out of the sum.")
    if kind == "inception":
        figure.alt += " " + _("Four branches read the same maps; their maps are put side by side.")
    return figure


def volumes(rows, title=""):
    """A network without branches as boxes: high and wide as a map, deep as there are maps; windows where they stand.

    Sides and depths are drawn by their square roots, so that the largest and the smallest can be seen. A fully
    connected layer is a bar. ValueError if rows has a sum or maps side by side.

    >>> volumes(layer_table.table(*layer_table.NETWORKS["AlexNet, on one GPU"])).alt[:72]
    'Boxes from left to right: picture 227 × 227 × 3, conv 11 × 11 to 55 × 55'
    """
    rows = [validate.having(row, "a row of rows", "reads", "rows of a layer table") for row in
            validate.sequence(rows, "rows")]  # fmt: skip
    nodes = _nodes(rows, HIDDEN)
    if any(node.narrow for node in nodes):
        raise ValueError("rows has layers that read several others; draw it by `network`")
    # In inches: the highest face, the deepest box, and the gaps.
    shapes = [node.row.shape for node in nodes]
    maps = [shape for shape in shapes if len(shape) == 3]
    face = 1.7 / max((shape[0] for shape in maps), default=1) ** 0.5
    deep = 0.75 / max((shape[2] for shape in maps), default=1) ** 0.5
    bar = 2.0 / max((shape[0] for shape in shapes if len(shape) == 1), default=1) ** 0.5
    figure, axs = new_figure(4, 3)
    figure.set_layout_engine("none")
    ax, left, before, texts = axs[0, 0], 0.15, None, []
    for node in nodes:
        kind, shape, label = node.row.kind, node.row.shape, kind_label(node.row.kind)
        wide, high, depth = (0.12, bar * shape[0] ** 0.5, 0.0) if len(shape) == 1 else (
            face * shape[1] ** 0.5 * 0.65, face * shape[0] ** 0.5, deep * shape[2] ** 0.5
        )  # fmt: skip
        title_lines = label.replace(" ", "\n", 1) if len(shape) == 1 else label
        words = [*title_lines.split("\n"), size_text(*shape[:2]), *(f"× {side}" for side in shape[2:])]
        room = max(wide + 0.8 * depth, 0.075 * max(map(len, words)))
        x = left + (room - wide - 0.8 * depth) / 2
        _volume(ax, x, wide, high, depth, COLOURS.get(_colour_key(kind), GREY))
        if before and len(before[2]) == 3:
            _window(ax, before, kind, (x, x + wide, high))
        ax.text(left + room / 2, -1.3, "\n".join(words), ha="center", va="top", fontsize=9.5, linespacing=1.25)
        before, left = (x, wide, shape, high), left + room + 0.16
        texts.append(_("{kind} to {size}").format(kind=label, size=size_text(*shape)) if texts else
                     _("{kind} {size}").format(kind=label, size=size_text(*shape)))  # fmt: skip
    left = max(left, 5.2)
    note = _("sizes by their square roots; a small square is the window of the next layer")
    figure.set_size_inches(left, 3.5 + 0.3 * bool(title))
    figure.text(0.5, 0.07, note, ha="center", va="center", fontsize=9.5, color=GREY)
    figure.text(0.5, 0.95, title, ha="center", va="center", fontsize=14)
    ax.set_position((0, 0, 1, 1))
    ax.set(xlim=(0, left), ylim=(-2.35, 1.15 + 0.3 * bool(title)))
    ax.set_axis_off()
    figure.alt = _("Boxes from left to right: {list}.").format(list=", ".join(texts))
    return figure


def _volume(ax, left, wide, high, deep, colour):
    """A box seen from the front, a little from the right and from above."""
    bottom, top, right, across, up = -high / 2, high / 2, left + wide, 0.8 * deep, 0.35 * deep
    front = [(left, bottom), (right, bottom), (right, top), (left, top)]
    side = [(right, bottom), (right + across, bottom + up), (right + across, top + up), (right, top)]
    lid = [(left, top), (right, top), (right + across, top + up), (left + across, top + up)]
    for corners, share in ((front, 0.35), (side, 0.55), (lid, 0.2)):
        ax.add_patch(Polygon(corners, facecolor=_tint(colour, share), edgecolor=colour, linewidth=1.0))


def _window(ax, before, kind, after):
    """The window of a convolution or pooling on the face that it reads, and the cell of the next face that it makes."""
    if not kind.startswith(("conv ", "pool ")):
        return
    words = kind.split()
    x, wide, shape, high = before
    rows, columns = int(words[1]) / shape[0] * high, int(words[3].rstrip(",")) / shape[1] * wide
    left, bottom = x + 0.6 * (wide - columns), 0.3 * (high - rows)
    ax.add_patch(Polygon(
        [(left, bottom), (left + columns, bottom), (left + columns, bottom + rows), (left, bottom + rows)],
        facecolor="none", edgecolor=INK, linewidth=1.0,
    ))  # fmt: skip
    first, last, height = after
    end = first + 0.4 * (last - first), 0.15 * height
    for corner in (bottom, bottom + rows):
        ax.plot([left + columns, end[0]], [corner, end[1]], color=INK, linewidth=0.7, alpha=0.6)


def _described(nodes, rows, title):
    """What a drawing shows, in words and numbers."""
    kinds = [node.row.kind for node in nodes]
    convs = [kind.split()[1:4] for kind in kinds if kind.startswith("conv ")]
    sizes = dict.fromkeys(f"{first} × {second}" for first, _x, second in (_clean(size) for size in convs))
    per_size = [_("{count} of {size}").format(count=sum(" × ".join(_clean(one)[::2]) == size for one in convs),
                size=size) for size in sizes]  # fmt: skip
    counts = [(_("{count} convolutions") if len(convs) != 1 else _("{count} convolution")).format(count=len(convs))
              + f" ({', '.join(per_size)})"] * bool(convs)  # fmt: skip
    for first, one, many in (
        ("pool", _("{count} pooling"), _("{count} poolings")),
        ("fully", _("{count} fully connected layer"), _("{count} fully connected layers")),
        ("sum", _("{count} sum"), _("{count} sums")),
        ("side", _("{count} place where maps are put side by side"),
         _("{count} places where maps are put side by side")),
    ):  # fmt: skip
        count = sum(kind.startswith(first) for kind in kinds)
        counts += [(one if count == 1 else many).format(count=count)] * bool(count)
    sides = dict.fromkeys(size_text(*node.row.shape[:2]) for node in nodes if len(node.row.shape) == 3)
    text = _("{title}, drawn from left to right, from {first} to {last}: {counts}. Maps of {sides}; {parameters:,} "
             "parameters.")  # fmt: skip
    return text.format(
        title=title, first=size_text(*nodes[0].row.shape), last=size_text(*nodes[-1].row.shape),
        counts=join_words(counts), sides=", ".join(sides), parameters=sum(row.parameters for row in rows),
    )  # fmt: skip


def _clean(size):
    """Numbers of a window as they stand in a kind."""
    return [part.rstrip(",") for part in size]


# --- Where everything stands


def _nodes(rows, hidden):
    """The layers that are drawn; what reads a hidden one reads what that one reads."""
    nodes, numbers = [], {}
    for number, row in enumerate(rows):
        reads = () if number == 0 or row.kind == "input" else row.reads or (number - 1,)
        reads = tuple(numbers[one] for one in reads)
        if row.kind in hidden and reads:
            numbers[number] = reads[0]
            continue
        numbers[number] = len(nodes)
        nodes.append(Node(row, reads))
    return nodes


def _parts(nodes):
    """The network cut wherever only one layer is read by all that follow; columns and lanes are set inside each part.

    A part is a list of nodes whose last one all the next parts read, such as one layer, or a block with its branches.
    """
    last_reader = list(range(len(nodes)))
    for number, node in enumerate(nodes):
        for one in node.reads:
            last_reader[one] = number
    parts, current, far = [], [], 0
    for number in range(len(nodes)):
        current.append(number)
        if far <= number:
            _place(nodes, current)
            parts.append([nodes[one] for one in current])
            current = []
        far = max(far, last_reader[number])
    if current:
        _place(nodes, current)
        parts.append([nodes[one] for one in current])
    for node in nodes:
        node.reads = tuple(nodes[one] for one in node.reads)
    return parts


def _place(nodes, part):
    """Columns by the longest path; the longest branch is in lane 0, others above it, or around it if side by side."""
    inside = set(part)
    for number in part:
        nodes[number].column = 1 + max((nodes[one].column for one in nodes[number].reads if one in inside), default=-1)
    lanes, taken = {}, {}

    def chain(number):
        """A node and, before it, the parents on the longest path that have no lane yet."""
        found = [number]
        while True:
            free = [one for one in nodes[found[-1]].reads if one in inside and one not in lanes and one not in found]
            if not free:
                return found
            found.append(max(free, key=lambda one: nodes[one].column))

    def settle(number, lane):
        found = chain(number)
        lanes.update(dict.fromkeys(found, lane))
        taken.setdefault(lane, []).append((nodes[found[-1]].column, nodes[number].column))
        for one in found:
            for parent in nodes[one].reads:
                if parent in inside and parent not in lanes:
                    ends = nodes[chain(parent)[-1]].column, nodes[parent].column
                    settle(parent, _free(taken, ends))

    end = part[-1]
    branches = [one for one in nodes[end].reads if one in inside]
    if nodes[end].row.kind == "side by side" and len(branches) == len(nodes[end].reads) > 1:
        # All branches are equal: in their order from top to bottom, the end in their middle.
        taken[0] = [(0, nodes[end].column)]
        for index, one in enumerate(branches):
            if one not in lanes:
                settle(one, index + 1)
        middle = (min(lanes.values()) + max(lanes.values())) / 2
        lanes = {one: lane - middle for one, lane in lanes.items()} | {end: 0.0}
    else:
        settle(end, 0)
    # What nobody reads, such as a second classifier, goes below.
    for number in reversed(part):
        if number not in lanes:
            settle(number, _free(taken, (0, nodes[end].column), step=1))
    for number in part:
        nodes[number].lane = float(lanes[number])


def _free(taken, ends, step=-1):
    """The nearest lane that nothing stands in between two columns."""
    lane = step
    while any(low <= ends[1] and ends[0] <= high for low, high in taken.get(lane, ())):
        lane += step
    return lane


def _widths(part):
    """How wide each column of a part is."""
    count = 1 + max(node.column for node in part)
    return [NARROW if all(node.narrow for node in part if node.column == column) else 1.0 for column in range(count)]


def _width(part):
    return sum(_widths(part))


def _folded(parts):
    """The parts with each run of equal blocks drawn once, and how often the block at a position is there."""
    found, times, before = [], {}, None
    for part in parts:
        numbers = {id(node): index for index, node in enumerate(part)}
        sign = [(node.row.kind, node.row.shape, [numbers.get(id(one), -1) for one in node.reads]) for node in part]
        if len(part) > 1 and sign == before:
            times[len(found) - 1] = times.get(len(found) - 1, 1) + 1
            # What comes behind the run reads the one that is drawn.
            part[-1].instead = found[-1][-1]
            continue
        for node in part:
            node.reads = tuple(one.instead or one for one in node.reads)
        found.append(part)
        before = sign
    return found, times


def _lines(parts):
    """The parts in lines: what has maps of one size stays together where there is room."""
    if sum(map(_width, parts)) <= LONGEST:
        return [parts]
    stages, size = [], None
    for part in parts:
        shape = part[-1].row.shape
        if not stages or (len(shape) == 3 and shape[:2] != size):
            stages.append([])
            size = shape[:2]
        stages[-1].append(part)
    lines, room = [[]], LONGEST
    for stage in stages:
        width = sum(map(_width, stage))
        if width > room and lines[-1]:
            lines.append([])
            room = LONGEST
        # A long stage takes several lines of about the same length.
        share, used = width / -(-width // LONGEST), 0.0
        for part in stage:
            if lines[-1] and (room < _width(part) or used + _width(part) / 2 > share):
                lines.append([])
                room, used = LONGEST, 0.0
            lines[-1].append(part)
            room, used = room - _width(part), used + _width(part)
    return lines


# --- What it looks like


def _tint(colour, share=0.32):
    """A light colour, on which ink is legible."""
    return tuple(1 - share * (1 - part) for part in to_rgb(colour))


def _colour_key(kind):
    if kind.startswith("conv 1 x 1"):
        return "1 x 1"
    return next((key for key in COLOURS if kind.startswith(key)), None)


def _text(row):
    """What stands in a box: the window and the number of kernels."""
    kind, depth = row.kind, row.shape[-1]
    if kind.startswith("conv "):
        size, _comma, groups = kind_label(kind).partition(", ")
        return "\n".join([size.split(" ", 1)[1], str(depth), *([groups] if groups else [])])
    if kind.startswith("pool "):
        return _("pool") + "\n" + kind_label(kind).split(" ", 1)[1]
    if kind == "fully connected":
        return _("full") + f"\n{depth}"
    if kind == "input":
        what = _("picture") if depth <= 4 else _("maps")
        return "\n".join([what, size_text(*row.shape[:2]), *(f"× {side}" for side in row.shape[2:])])
    words = {
        "mean of each map": _("mean") + f"\n{depth}",
        "largest of each map": _("largest") + f"\n{depth}", "batch norm": _("batch\nnorm"), "relu": _("ReLU"),
    }  # fmt: skip
    return words.get(kind, kind_label(kind)[:11])


def _drawn(lines, times, title, note, names=False):
    """The figure of some lines of parts; with `names` x, R(x) and their sum are written beside a block."""
    placed, top, widest = [], 0.0, 0.0
    for line in lines:
        nodes, end = [node for part in line for node in part], 0.0
        for part in line:
            widths = _widths(part)
            for node in part:
                node.x = end + sum(widths[: node.column]) + widths[node.column] / 2
            end += sum(widths)
        edges = _edges(nodes, placed and placed[-1][0][-1][-1].row)
        above = max(
            0.5,
            0.95 * names,
            *(0.12 - y for points, _kind in edges for _x, y in points),
            *(0.5 - node.lane for node in nodes),
        )
        below = 0.5 + max(node.lane for node in nodes) + (0.55 if names else 0.3)
        placed.append((line, edges, top + above, end))
        top, widest = top + above + below, max(widest, end)
    shown = [node for line in lines for part in line for node in part]
    there = {_colour_key(node.row.kind) for node in shown}
    keys = [key for key in _legend() if key in there]
    width = max(UNIT * (widest + 0.7), 1.25 * len(keys) + 1.0, 4.0)
    head, foot = 0.4 * bool(title) + 0.08, 0.4 + 0.22 * bool(note)
    height = LANE * top + head + foot
    figure, axs = new_figure(width, height)
    # One unit is as long in every drawing.
    figure.set_layout_engine("none")
    ax, count, size = axs[0, 0], 0, None
    ax.set_position((0, foot / height, 1, LANE * top / height))
    figure.text(0.5, 1 - 0.25 / height, title, ha="center", va="center", fontsize=14)
    figure.text(0.5, 0.5 / height, note, ha="center", va="center", fontsize=10, color=GREY)
    spare = (width / UNIT - widest) / 2
    ax.set(xlim=(-spare, widest + spare), ylim=(top, 0))
    ax.set_axis_off()
    for line, edges, middle, end in placed:
        for points, kind in edges:
            _path(ax, [(x, y + middle) for x, y in points], kind)
        for part in line:
            for node in part:
                _mark(ax, node, node.lane + middle)
                sides = node.row.shape[:2] if len(node.row.shape) == 3 else size
                if sides != size and node.row.kind != "input":
                    low = middle + max(other.lane for other in part if other.column == node.column)
                    ax.text(
                        node.x, low + TALL + 0.05, size_text(*sides), ha="center", va="top", fontsize=9.5, color=GREY
                    )
                size = sides
            if count in times:
                text, low = _("× {count}").format(count=times[count]), middle + max(node.lane for node in part)
                x = sum(node.x for node in part) / len(part)
                ax.text(x, low + TALL + 0.05, text, ha="center", va="top", fontsize=12, weight="bold")
            count += 1
        if line is not lines[-1]:
            _path(ax, [(line[-1][-1].x + line[-1][-1].half, middle), (end + 0.3, middle)])
    if names:
        _name_residual(ax, shown, placed[0][2])
    patches = [Patch(facecolor=_tint(COLOURS[key]), edgecolor=COLOURS[key], label=_legend()[key]) for key in keys]
    figure.legend(handles=patches, loc="lower center", ncols=len(patches), frameon=False, fontsize=10.5,
                  handlelength=1.2, columnspacing=1.2, borderaxespad=0.3)  # fmt: skip
    return figure


def _legend():
    return {
        "conv": _("conv"), "1 x 1": _("conv 1 × 1"), "pool": _("pool"), "mean": _("mean of each map"),
        "largest": _("largest of each map"), "fully connected": _("fully connected"), "sum": _("sum"),
        "side by side": _("side by side"),
    }  # fmt: skip


def _edges(nodes, before=None):
    """The points and the kind of each connection in a line of nodes; from another line they enter from the left.

    The kind is "plain", "same" for a shortcut, or "changed" for a shortcut between two shapes. `before` is the row of
    the last node in the line above.
    """
    start = Node(before or nodes[0].row, ())
    start.x = -0.35 - start.half
    edges, arcs = [], []
    for node in nodes:
        for one in node.reads:
            one = one if any(one is other for other in nodes) else start
            begin, end = one.x + one.half, node.x - node.half
            bend = begin + 0.05
            between = any(one.x < other.x < node.x and other.lane == one.lane for other in nodes)
            if one.lane == node.lane and not between:
                edges.append(([(begin, one.lane), (end, node.lane)], "plain"))
            elif one.lane == node.lane:
                y = node.lane - 0.6
                while any(one.x < x and low < node.x and abs(y - lane) < 0.44 for low, x, lane in
                          [(other.x, other.x, other.lane) for other in nodes if not other.narrow]) or any(
                    one.x < high and low < node.x and abs(y - height) < 0.1 for low, high, height in arcs
                ):  # fmt: skip
                    y -= 0.15
                arcs.append((one.x, node.x, y))
                into = _top(node)
                kind = "same" if node.row.kind != "sum" or one.row.shape == node.row.shape else "changed"
                edges.append(([(bend, one.lane), (bend, y), (node.x, y), (node.x, into)], kind))
            elif node.row.kind == "side by side":
                edges.append(([(begin, one.lane), (end, one.lane)], "plain"))
            elif node.narrow:
                into = node.lane + (0.17 if one.lane > node.lane else -0.17)
                edges.append(([(begin, one.lane), (node.x, one.lane), (node.x, into)], "plain"))
            else:
                edges.append(([(begin, one.lane), (bend, one.lane), (bend, node.lane), (end, node.lane)], "plain"))
    return edges


def _top(node):
    """How high a node begins, from the middle of its line."""
    lanes = [node.lane, *(one.lane for one in node.reads)] if node.row.kind == "side by side" else [node.lane]
    return min(lanes) - (0.17 if node.row.kind == "sum" else TALL)


def _path(ax, points, kind="plain"):
    """A line with an arrow at its end; a shortcut is strong, and dashed where it changes the shape."""
    colour, width = (GREY, 1.1) if kind == "plain" else (RED, 1.7)
    xs, ys = zip(*points, strict=True)
    ax.plot(xs, ys, color=colour, linewidth=width, zorder=0, linestyle="--" if kind == "changed" else "-")
    ax.add_patch(FancyArrowPatch(points[-2], points[-1], arrowstyle="-|>", mutation_scale=8, color=colour,
                                 linewidth=width, shrinkA=0, shrinkB=0, zorder=0.5))  # fmt: skip


def _name_residual(ax, nodes, middle):
    """x, R(x) and R(x) + x where they are in a residual block."""
    end = next(node for node in nodes if node.row.kind == "sum")
    style = {"fontsize": 13, "style": "italic", "ha": "center"}
    ax.text((nodes[0].x + end.x) / 2, middle - 0.66, "x", va="bottom", **style)
    left, right, y = nodes[1].x - HALF, nodes[nodes.index(end) - 1].x + HALF, middle + TALL
    ax.plot([left, left, right, right], [y + 0.06, y + 0.12, y + 0.12, y + 0.06], color=INK, linewidth=1.0)
    ax.text((left + right) / 2, middle + 0.7, "R(x)", va="center", **style)
    ax.text(end.x, middle + 0.7, "R(x) + x", va="center", **style)


def _mark(ax, node, y):
    """A box with its text, a circle for a sum, or a bar where maps are put side by side."""
    kind, colour = node.row.kind, COLOURS.get(_colour_key(node.row.kind), GREY)
    if kind == "sum":
        ax.add_patch(
            Ellipse((node.x, y), 0.34, 0.34 * UNIT / LANE, facecolor=_tint(colour, 0.6), edgecolor=INK, linewidth=1.0)
        )
        ax.text(node.x, y, "+", ha="center", va="center_baseline", fontsize=12)
        return
    if kind == "side by side":
        ys = [y + lane - node.lane for lane in (node.lane, *(one.lane for one in node.reads))]
        _box(ax, node.x, (min(ys) + max(ys)) / 2, 0.09, (max(ys) - min(ys)) / 2 + TALL, colour)
        ax.text(node.x, max(ys) + TALL + 0.05, str(node.row.shape[-1]), ha="center", va="top", fontsize=9.5)
        return
    _box(ax, node.x, y, HALF, TALL, colour, 0.12 if kind in ("relu", "batch norm") else 0.32)
    lines = _text(node.row).split("\n")
    size = 8 if len(lines) > 2 or max(map(len, lines)) > 7 else 10.5
    ax.text(node.x, y, "\n".join(lines), ha="center", va="center", fontsize=size, linespacing=1.15)


def _box(ax, x, y, half, tall, colour, share=0.32):
    corner = (x - half + 0.05, y - tall + 0.05)
    look = {"facecolor": _tint(colour, share), "edgecolor": colour, "linewidth": 1.1}
    ax.add_patch(FancyBboxPatch(corner, 2 * half - 0.1, 2 * tall - 0.1, boxstyle="round,pad=0.05", **look))
