"""How figures look, so that a figure need not say it: sizes in screen pixels, fonts, lines and the palette's names."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import Any, Literal, cast, get_args

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import get_named_colors_mapping
from matplotlib.figure import Figure, FigureBase, SubFigure
from matplotlib.layout_engine import LayoutEngine
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from vgcore.press.palette import GROUND, TOKENS

Variant = Literal["column", "phone"]
"""The two widths at which every figure is drawn; the page shows the one that fits."""

POINT = 0.75
"""Points in a pixel: a matplotlib SVG is shown at 4/3 of its size in points, so 9.75 pt are 13 px on screen."""

WIDTHS: dict[Variant, int] = {"column": 680, "phone": 328}
"""The widths in pixels."""

_PARAMETERS: dict[str, Any] = {
    "figure.dpi": 96,
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "savefig.bbox": None,
    "svg.fonttype": "none",
    "svg.hashsalt": "vgcore",
    # matplotlib's own font, wider than those on readers' screens: what fits here fits everywhere
    "font.family": "DejaVu Sans",
    "font.size": 13 * POINT,
    "text.color": GROUND["ink"].light,
    "text.usetex": False,
    "text.parse_math": False,
    "axes.facecolor": "none",
    "axes.labelcolor": GROUND["muted"].light,
    "axes.labelpad": 3 * POINT,
    "axes.labelsize": 13 * POINT,
    "axes.titlesize": 13 * POINT,
    "axes.edgecolor": GROUND["axis"].light,
    "axes.linewidth": 1 * POINT,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.unicode_minus": True,
    "axes.formatter.useoffset": False,
    "axes.formatter.limits": (-12, 12),  # numbers in full: a factor above the axis is overlooked
    "axes.xmargin": 0.03,
    "axes.ymargin": 0.08,
    "grid.color": GROUND["grid"].light,
    "grid.linewidth": 1 * POINT,
    "xtick.color": GROUND["axis"].light,
    "xtick.labelcolor": GROUND["muted"].light,
    "xtick.labelsize": 13 * POINT,
    "xtick.major.size": 4 * POINT,
    "xtick.major.width": 1 * POINT,
    "xtick.major.pad": 4 * POINT,
    "xtick.minor.size": 0,
    "ytick.color": GROUND["axis"].light,
    "ytick.labelcolor": GROUND["muted"].light,
    "ytick.labelsize": 13 * POINT,
    "ytick.major.size": 0,
    "ytick.major.pad": 6 * POINT,
    "ytick.minor.size": 0,
    "lines.linewidth": 2 * POINT,
    "lines.markersize": 7 * POINT,
    "lines.markeredgewidth": 0,
    "lines.scale_dashes": False,
    "lines.solid_capstyle": "round",
    "patch.linewidth": 1 * POINT,
}


@contextmanager
def style(variant: Variant) -> Iterator[None]:
    """Draw at one of the two widths, with the palette's names as colours.

    Raises ValueError for a variant that does not exist.

    Examples:
        >>> from matplotlib.colors import to_hex
        >>> with style("phone"):
        ...     to_hex("sigmoid")
        '#b23d7e'
    """
    if variant not in get_args(Variant):
        raise ValueError(f"there is no figure width {variant!r}: choose one of {', '.join(get_args(Variant))}")
    size = (WIDTHS[variant] / 96, 340 / 96)
    parameters: Any = _PARAMETERS | {"figure.figsize": size}
    with mpl.rc_context(parameters), _colour_names():
        yield


@contextmanager
def _colour_names() -> Iterator[None]:
    names = get_named_colors_mapping()
    added = {name: token.light for name, token in TOKENS.items() if name not in names}
    # one by one: matplotlib forgets its cached colours only when a single name is set
    for name, colour in added.items():
        names[name] = colour
    try:
        yield
    finally:
        for name in added:
            del names[name]


class PixelLayout(LayoutEngine):
    """Places the axes of each panel in pixels, at the moment of drawing, as wide as their own words allow.

    All panels get the same margins, so that their axes line up.
    """

    _adjust_compatible = False
    _colorbar_gridspec = False
    least_left, least_bottom, right, gap = 36, 28, 12, 14

    def execute(self, fig: FigureBase) -> None:
        """Set the position of every axes inside its panel."""
        figure = cast(Figure, fig)
        pixel = figure.dpi / 96
        left = max(self.least_left * pixel, *(_left(axes) + 2 * pixel for axes in figure.axes))
        bottom = max(self.least_bottom * pixel, *(_bottom(axes) + 4 * pixel for axes in figure.axes))
        top = max(_top(axes) for axes in figure.axes) + self.gap * pixel
        for axes in figure.axes:
            width, height = _panel(axes).bbox.size
            size = (1 - (left + self.right * pixel) / width, 1 - (top + bottom) / height)
            axes.set_position((left / width, bottom / height, *size))


def _panel(axes: Axes) -> SubFigure:
    return cast(SubFigure, axes.figure)


def _left(axes: Axes) -> float:
    box = axes.yaxis.get_tightbbox(None)
    return 0.0 if box is None else float(axes.bbox.x0 - box.x0)


def _bottom(axes: Axes) -> float:
    box = axes.xaxis.get_tightbbox(None)
    return 0.0 if box is None else float(axes.bbox.y0 - box.y0)


def _top(axes: Axes) -> float:
    """What stands above the axes: the words of the panel, and a title where a lab gave one."""
    panel = _panel(axes)
    lowest = min((text.get_window_extent().y0 for text in panel.texts), default=panel.bbox.y1)
    title = axes.title.get_window_extent().y1 - axes.bbox.y1 if axes.get_title() else 0.0
    return float(max(panel.bbox.y1 - lowest, title))


def crowding(figure: Figure) -> list[str]:
    """What a reader could not read, one clause each: words that overlap, cross a line of data or leave the figure.

    In a diagram, where no axis is on, words must also lie wholly inside a shape or wholly outside.

    An empty list means that all words are free. The check is strict: matplotlib's font is wider than a reader's.
    """
    figure.draw_without_rendering()
    boxes = [(text.get_text(), text.get_window_extent()) for axes in figure.axes for text in _words(axes)]
    edge = figure.bbox.padded(1)
    found = [f"{words!r} leaves the figure" for words, box in boxes if not _inside(box, edge)]
    for (words, box), (others, other) in combinations(boxes, 2):
        if box.padded(-1).overlaps(other.padded(-1)):
            found.append(f"{words!r} overlaps {others!r}")
    for axes in figure.axes:
        traces = [_trace(line) for line in axes.lines if line.get_alpha() is None]
        for text in axes.texts:
            box = text.get_window_extent().padded(-1)
            if any(box.count_contains(trace) for trace in traces):
                found.append(f"{text.get_text()!r} lies on a line or a mark")
            if not axes.axison and any(_crosses(box, shape.get_window_extent()) for shape in axes.patches):
                found.append(f"{text.get_text()!r} crosses the edge of a shape")
    return found


def _words(axes: Axes) -> list[Text]:
    words = [*axes.texts, *_panel(axes).texts, axes.xaxis.label]
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        labels = zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=True)
        words += [text for place, text in labels if low <= place <= high]
    return [text for text in words if text.get_visible() and text.get_text()]


def _trace(line: Line2D) -> NDArray[np.float64]:
    """Points along what is drawn, in pixels: the marks, and the line between them where there is one."""
    points = line.get_transform().transform(np.asarray(line.get_xydata()))
    if line.get_linestyle() == "None" or len(points) < 2:
        return points
    steps = np.linspace(0, len(points) - 1, 40 * len(points))
    return np.column_stack([np.interp(steps, np.arange(len(points)), column) for column in points.T])


def _crosses(box: Bbox, shape: Bbox) -> bool:
    return bool(box.overlaps(shape)) and not _inside(box, shape)


def _inside(box: Bbox, edge: Bbox) -> bool:
    return bool(edge.x0 <= box.x0 and box.x1 <= edge.x1 and edge.y0 <= box.y0 and box.y1 <= edge.y1)
