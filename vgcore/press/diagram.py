"""The few shapes that every diagram is drawn from: boxes, gates, words, and arrows between them.

A diagram measures nothing: it is ink. A hue is that of a meaning of the palette, for what another figure measures in
that hue. Places are pixels from the upper left corner, so that x runs right and y down, as words do.

Examples:
    >>> from vgcore.press.style import style
    >>> with style("phone"):
    ...     figure, axes = canvas(120, phone=200)
    ...     weights = box(axes, 100, 60, "W₁, f")
    ...     hidden = word(axes, 240, 60, "h₁")
    ...     arrow(axes, weights, hidden)
    >>> [text.get_text() for text in axes.texts]
    ['W₁, f', 'h₁']
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import Literal, cast

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Polygon

from vgcore.press.palette import MEANINGS
from vgcore.press.style import POINT, WIDTHS

Point = tuple[float, float]

Side = Literal["on", "left", "right", "above", "below"]
"""Where a word stands, seen from its place."""

GATE = 11
"""Radius of a gate in pixels."""

_HEAD = (8.0, 3.6)  # length of an arrow's head, and half its width
_CORNER = 8.0  # radius of a bent arrow's corners
_APART = 3.0  # what an arrow keeps from a word


@dataclass(frozen=True, kw_only=True)
class Node:
    """Something an arrow can start from or point at: its middle and its size, in pixels."""

    x: float
    y: float
    width: float
    height: float
    round: bool = False

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height / 2

    def edge(self, toward: Point) -> Point:
        """Where a straight line from its middle to another place leaves it.

        Examples:
            >>> Node(x=100, y=50, width=40, height=20).edge((300, 50))
            (120.0, 50.0)
        """
        across, down = toward[0] - self.x, toward[1] - self.y
        if not (across or down):
            return self.x, self.y
        if self.round:
            part = self.width / 2 / hypot(across, down)
        else:
            part = min(self.width / 2 / abs(across or 1e-9), self.height / 2 / abs(down or 1e-9))
        return self.x + part * across, self.y + part * down


def canvas(height: int, *, phone: int) -> tuple[Figure, Axes]:
    """A figure without axes to read, `height` pixels high in a column and `phone` pixels on one.

    Ask `is_wide(axes)` which of the two it is.
    """
    inches = mpl.rcParams["figure.figsize"][0]
    pixels = height if inches * 96 >= WIDTHS["column"] else phone
    figure = Figure(figsize=(inches, pixels / 96))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, inches * 96), ylim=(pixels, 0), xticks=[], yticks=[])
    axes.set_axis_off()
    return figure, axes


def is_wide(axes: Axes) -> bool:
    """Whether a diagram is drawn for a column, 680 pixels wide, rather than for a phone, 328 pixels wide."""
    return bool(round(axes.get_xlim()[1]) >= WIDTHS["column"])


def box(
    axes: Axes, x: float, y: float, text: str, meaning: str = "ink", *, width: float = 44, height: float = 28
) -> Node:
    """An operation with its name in it, around a place."""
    corner = (x - width / 2, y - height / 2)
    style = f"round,pad=0,rounding_size={min(5, height / 2)}"
    axes.add_patch(
        FancyBboxPatch(corner, width, height, boxstyle=style, facecolor="paper", edgecolor=_colour(meaning),
                       linewidth=1.5 * POINT, zorder=3)
    )  # fmt: skip
    word(axes, x, y, text, meaning)
    return Node(x=x, y=y, width=width, height=height)


def gate(axes: Axes, x: float, y: float, sign: str, meaning: str = "ink") -> Node:
    """An operation on each number by itself, as a circle: ⊙ or +; the sign is drawn, for fonts draw it in all sizes.

    Raises ValueError for another sign.
    """
    colour = _colour(meaning)
    axes.add_patch(Circle((x, y), GATE, facecolor="paper", edgecolor=colour, linewidth=1.5 * POINT, zorder=3))
    if sign == "⊙":
        axes.add_patch(Circle((x, y), 2.6, facecolor=colour, linewidth=0, zorder=4))
    elif sign == "+":
        for arm in ((5, 0), (0, 5)):
            axes.plot((x - arm[0], x + arm[0]), (y - arm[1], y + arm[1]), color=colour, linewidth=1.5 * POINT, zorder=4)
    else:
        raise ValueError(f"a gate's sign is ⊙ or +, not {sign!r}: use a box for another operation")
    return Node(x=x, y=y, width=2 * GATE, height=2 * GATE, round=True)


def unit(axes: Axes, x: float, y: float, meaning: str = "ink", *, radius: float = 6) -> Node:
    """A unit of a layer: a small empty circle."""
    axes.add_patch(
        Circle((x, y), radius, facecolor="paper", edgecolor=_colour(meaning), linewidth=1.5 * POINT, zorder=3)
    )
    return Node(x=x, y=y, width=2 * radius, height=2 * radius, round=True)


def word(
    axes: Axes, x: float, y: float, text: str, meaning: str = "ink", *, side: Side = "on", size: int = 13,
    bold: bool = False,
) -> Node:  # fmt: skip
    """A word at a place, in one line, and the room it takes, for arrows to start from; `size` in pixels, at least 11.

    Raises ValueError for words too small to be read on a phone.
    """
    if size < 11:
        raise ValueError(f"words of {size} pixels cannot be read on a phone: give them 11 or more")
    across = {"left": -6.0, "right": 6.0}.get(side, 0.0)
    down = {"above": -6.0, "below": 6.0 + 0.74 * size}.get(side, 0.36 * size)
    written = axes.text(
        x + across, y + down, text, color=_colour(meaning), fontsize=size * POINT, va="baseline", zorder=5,
        ha={"left": "right", "right": "left"}.get(side, "center"), weight="bold" if bold else "normal",
    )  # fmt: skip
    extent = written.get_window_extent().width / cast(Figure, axes.figure).dpi * 96
    middle = x + across + {"left": -extent / 2, "right": extent / 2}.get(side, 0.0)
    return Node(x=middle, y=y + down - 0.36 * size, width=extent + 2 * _APART, height=size + 2 * _APART)


def arrow(
    axes: Axes, *stops: Node | Point, meaning: str = "ink", label: str = "", side: Side = "above", thick: bool = False,
    head: bool = True, size: int = 13,
) -> None:  # fmt: skip
    """A path from the first stop to the last, bent at the places between, with a head at its end.

    A node is left and met at its edge. `label` stands at the middle of a path, on the named side. Raises ValueError
    for less than two stops.
    """
    if len(stops) < 2:
        raise ValueError(f"an arrow needs two stops, where it starts and where it points, not {len(stops)}")
    places = list(_places(stops))
    line = _shortened(places, _HEAD[0] - 1) if head else places
    width = 3 if thick else 1.5
    axes.plot(
        *zip(*_rounded(line), strict=True), color=_colour(meaning), linewidth=width * POINT, zorder=2,
        solid_capstyle="butt",
    )  # fmt: skip
    if head:
        scale = 1.35 if thick else 1.0
        axes.add_patch(Polygon(_head(places, scale), facecolor=_colour(meaning), linewidth=0, zorder=2.5))
    if label:
        (x0, y0), (x1, y1) = max(pairwise(places), key=lambda piece: _length(*piece))
        word(axes, (x0 + x1) / 2, (y0 + y1) / 2, label, meaning, side=side, size=size)


def branch(axes: Axes, x: float, y: float, meaning: str = "ink") -> Node:
    """The point at which one value goes two ways."""
    axes.add_patch(Circle((x, y), 3, facecolor=_colour(meaning), linewidth=0, zorder=3))
    return Node(x=x, y=y, width=0, height=0, round=True)


def thread(axes: Axes, start: Node, end: Node) -> None:
    """One of many thin connections between units."""
    places = start.edge((end.x, end.y)), end.edge((start.x, start.y))
    axes.plot(*zip(*places, strict=True), color="axis", linewidth=1 * POINT, zorder=1, solid_capstyle="butt")


def _places(stops: Sequence[Node | Point]) -> Iterator[Point]:
    middles = [(stop.x, stop.y) if isinstance(stop, Node) else stop for stop in stops]
    for index, (stop, middle) in enumerate(zip(stops, middles, strict=True)):
        if not isinstance(stop, Node):
            yield stop
        elif index == 0:
            yield stop.edge(middles[1])
        elif index == len(stops) - 1:
            yield stop.edge(middles[-2])
        else:
            yield middle


def _length(start: Point, end: Point) -> float:
    return hypot(end[0] - start[0], end[1] - start[1])


def _along(start: Point, end: Point, distance: float) -> Point:
    """The place so many pixels from `start` on the way to `end`."""
    return _between(start, end, distance / (_length(start, end) or 1.0))


def _between(start: Point, end: Point, part: float) -> Point:
    return start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])


def _shortened(places: list[Point], by: float) -> list[Point]:
    return [*places[:-1], _along(places[-1], places[-2], min(by, _length(*places[-2:])))]


def _head(places: list[Point], scale: float) -> list[Point]:
    tip, (length, half) = places[-1], _HEAD
    back = _along(tip, places[-2], scale * length)
    beside = (tip[1] - back[1]) * half / length, (back[0] - tip[0]) * half / length
    return [tip, (back[0] + beside[0], back[1] + beside[1]), (back[0] - beside[0], back[1] - beside[1])]


def _rounded(places: list[Point]) -> list[Point]:
    """The same path with its corners rounded."""
    path = [places[0]]
    for before, corner, after in zip(places, places[1:], places[2:], strict=False):
        radius = min(_CORNER, _length(before, corner) / 2, _length(corner, after) / 2)
        start, end = _along(corner, before, radius), _along(corner, after, radius)
        for part in np.linspace(0, 1, 6):
            first, second = _between(start, corner, part), _between(corner, end, part)
            path.append(_between(first, second, part))
    return [*path, places[-1]]


def _colour(meaning: str) -> str:
    if meaning not in (*MEANINGS, "ink", "muted"):
        raise ValueError(f"{meaning!r} is no meaning of the palette: choose one of {', '.join(MEANINGS)}, ink or muted")
    return meaning
