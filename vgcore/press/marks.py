"""The few marks that every figure is drawn from.

A figure says what is measured and what it means; width, margins, fonts and colours come from the style. Tables are a
run's: one row an observation, with the column `seed`. A meaning is a name of the palette, such as "sigmoid" or
"broken", or "ink". Solid is measured, dashed is theory, dotted is a threshold.

Examples:
    >>> import pandas as pd
    >>> from vgcore.press.style import style
    >>> table = pd.DataFrame({"seed": [0, 1, 0, 1], "depth": [1, 1, 2, 2], "decades": [-4.1, -4.3, 0.0, 0.0]})
    >>> with style("column"):
    ...     figure, axes = panels()
    ...     points(axes, table, "depth", "decades", "sigmoid")
    ...     theory(axes, [1, 2], [-4.2, 0])
    ...     label(axes, 1, -4.2, "sigmoid", "sigmoid", side="right")
    ...     depth_ticks(axes, 2)
    ...     describe(axes, y="Gradient, decades relative to the last layer", x="layer (1 = next to the input)")
    >>> [text.get_text() for text in axes.texts]
    ['sigmoid']
"""

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Any, Literal, TypedDict, Unpack, cast, overload

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from matplotlib.transforms import ScaledTranslation
from numpy.typing import ArrayLike

from vgcore.evidence import ten_to
from vgcore.press.palette import MEANINGS, RAMP, TOKENS
from vgcore.press.style import POINT, WIDTHS, PixelLayout

Side = Literal[
    "left", "right", "above", "below", "above left", "above right", "below left", "below right", "on"
]  # fmt: skip
"""Where a label stands, seen from its point."""

Axis = Literal["x", "y"]

_BETWEEN = 12
"""Pixels between rows of panels."""


class Layout(TypedDict, total=False):
    """What `panels` may be told besides their number."""

    columns: int | None
    widths: Sequence[float] | None
    height: int
    share_y: bool


@overload
def panels(count: Literal[1] = 1, **layout: Unpack[Layout]) -> tuple[Figure, Axes]: ...
@overload
def panels(count: Literal[2], **layout: Unpack[Layout]) -> tuple[Figure, Axes, Axes]: ...
@overload
def panels(count: Literal[3], **layout: Unpack[Layout]) -> tuple[Figure, Axes, Axes, Axes]: ...
@overload
def panels(count: int, **layout: Unpack[Layout]) -> tuple[Figure, *tuple[Axes, ...]]: ...
def panels(
    count: int = 1,
    *,
    columns: int | None = None,
    widths: Sequence[float] | None = None,
    height: int = 320,
    share_y: bool = False,
) -> tuple[Figure, *tuple[Axes, ...]]:
    """A figure and its axes: side by side in a column, stacked on a phone.

    `columns` is the number of panels in a row of the wide figure, `widths` their relative widths; `height` is that of
    one panel in pixels, a little less when panels are stacked. Raises ValueError if there is no panel.

    Examples:
        >>> from vgcore.press.style import style
        >>> with style("phone"):
        ...     figure, left, right = panels(2)
        >>> (figure.get_size_inches() * 96).round().tolist()
        [328.0, 532.0]
    """
    if count < 1:
        raise ValueError(f"a figure needs at least one panel, not {count}")
    width = mpl.rcParams["figure.figsize"][0]
    stacked = width * 96 < WIDTHS["column"]
    across = 1 if stacked else columns or (count if count <= 3 else 2)
    down = ceil(count / across)
    pixels = round(height * 13 / 16) if stacked and count > 1 else height
    between = _BETWEEN / pixels
    ratios = None if stacked or widths is None else list(widths)
    figure = Figure(figsize=(width, pixels * (down + (down - 1) * between) / 96), layout=PixelLayout())
    places = figure.subfigures(down, across, squeeze=False, wspace=0, hspace=between, width_ratios=ratios).flat
    first: Axes | None = None
    made = []
    for panel in places[:count]:
        axes = panel.add_subplot(sharey=first if share_y else None)
        first = first or axes
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 4, 5, 10]))
        made.append(axes)
    return figure, *made


def describe(axes: Axes, *, y: str, x: str = "", name: str = "") -> None:
    """Say what the axes show: `y` above, flush with the panel's edge; `x` below; `name` tells panels apart."""
    panel = cast(SubFigure, axes.figure)
    lines = [(name, "bold")] * bool(name) + [(y, "normal")]
    for row, (words, weight) in enumerate(lines):
        down = ScaledTranslation(0, -(4 + 18 * row) / 96, panel.dpi_scale_trans)
        panel.text(0, 1, words, weight=weight, va="top", transform=panel.transSubfigure + down)
    axes.set_xlabel(x)


def points(axes: Axes, table: pd.DataFrame, x: str, y: str, meaning: str, *, marker: str = "") -> None:
    """Measured values at discrete places: a mark at the median, behind it a thin bar over all seeds."""
    _marks(axes, table, x, y, meaning, marker, joined=False)


def line(axes: Axes, table: pd.DataFrame, x: str, y: str, meaning: str, *, marker: str = "") -> None:
    """The same marks and bars, joined: for a series without a theory to lie on."""
    _marks(axes, table, x, y, meaning, marker, joined=True)


def seeds(axes: Axes, table: pd.DataFrame, x: str, y: str, meaning: str, *, marker: str = "") -> None:
    """Measured values over time: every seed as a thin line, their median as a thick one with three marks."""
    meaning, marker = _sign(meaning, marker)
    for _, one in table.groupby("seed", sort=True):
        axes.plot(one[x], one[y], color=meaning, linewidth=1 * POINT, alpha=0.4, zorder=2)
    median = table.groupby(x, sort=True)[y].median()
    last = len(median) - 1
    axes.plot(
        median.index, median, color=meaning, linewidth=2.5 * POINT, zorder=3, clip_on=False,
        marker=marker, markevery=sorted({0, last // 2, last}),
    )  # fmt: skip


def theory(axes: Axes, x: ArrayLike, y: ArrayLike) -> None:
    """What a closed form predicts: dashed ink, below the data."""
    axes.plot(np.asarray(x), np.asarray(y), color="ink", linewidth=1.5 * POINT, linestyle=(0, (5, 3.5)), zorder=2)


def threshold(axes: Axes, value: float, text: str, *, axis: Axis = "y", side: Side = "above left") -> None:
    """A bound or a yardstick: a dotted line across, with its words at the end of the line."""
    draw = axes.axhline if axis == "y" else axes.axvline
    draw(value, color="muted", linewidth=1.5 * POINT, linestyle=(0, (0.75, 2)), zorder=1.8)
    across = axes.get_yaxis_transform() if axis == "y" else axes.get_xaxis_transform()
    place = (float("left" in side), value) if axis == "y" else (value, 1.0)
    _write(axes, place, text, "muted", side, across, gap=(0, 3) if axis == "y" else (6, 0))


def label(axes: Axes, x: Any, y: float, text: str, meaning: str = "ink", *, side: Side = "right") -> None:
    """Name a series beside its line, in its colour; there are no legends. `x` and `y` are in data units."""
    meaning, _ = _sign(meaning, "")
    _write(axes, (x, y), text, meaning, side, axes.transData, gap=(8, 6))


def regions(axes: Axes, x: ArrayLike, y: ArrayLike, values: ArrayLike, steps: Sequence[float]) -> None:
    """A magnitude over a plane, in up to six steps of ink: `steps` are the limits between them, lightest first.

    Shapes: `x` (columns,), `y` (rows,), `values` (rows, columns). Raises ValueError for more limits than steps.
    """
    if len(steps) >= len(RAMP):
        raise ValueError(f"the ink ramp has {len(RAMP)} steps, so at most {len(RAMP) - 1} limits, not {len(steps)}")
    inks = list(RAMP)[: len(steps) + 1]
    axes.contourf(x, y, np.asarray(values), levels=list(steps), colors=inks, extend="both", zorder=0.5)
    axes.grid(visible=False)


def depth_ticks(axes: Axes, depth: int) -> None:
    """Ticks for the layers 1 to `depth`, layer 1 at the left: 1, 5, 10, 15, 20.

    Examples:
        >>> from vgcore.press.style import style
        >>> with style("column"):
        ...     _, axes = panels()
        ...     depth_ticks(axes, 20)
        >>> axes.get_xticks().tolist()
        [1, 5, 10, 15, 20]
    """
    step = next(step for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000) if depth <= 5 * step or step == 1000)
    axes.set_xticks([1, *range(step if step > 1 else 2, depth + 1, step)])
    margin = 0.03 * depth
    axes.set_xlim(1 - margin, depth + margin)


def logarithmic(axes: Axes, axis: Axis = "y", *, ticks: int = 4) -> None:
    """A logarithmic axis with at most about `ticks` labels, written 10⁻⁷. Call it after the data are drawn.

    Raises ValueError if the axis holds no positive number.
    """
    one = axes.yaxis if axis == "y" else axes.xaxis
    (axes.set_yscale if axis == "y" else axes.set_xscale)("log")
    low, high = sorted(one.get_view_interval())
    if not 0 < low <= high < np.inf:
        raise ValueError(f"a logarithmic {axis} axis needs positive numbers: its limits are {low:g} and {high:g}")
    first, last = ceil(log10(low) - 1e-9), floor(log10(high) + 1e-9)
    every = max(1, ceil((last - first) / ticks))
    one.set_major_locator(FixedLocator([10.0**power for power in range(last, first - 1, -every)]))
    one.set_major_formatter(FuncFormatter(lambda value, _: power_of_ten(value)))
    one.set_minor_locator(NullLocator())


def power_of_ten(value: float) -> str:
    """A power of ten as a tick's label.

    Examples:
        >>> power_of_ten(1e-7), power_of_ten(1.0), power_of_ten(10.0)
        ('10⁻⁷', '1', '10')
    """
    power = round(log10(value))
    return str(10**power) if power in (0, 1) else ten_to(power)


def _marks(axes: Axes, table: pd.DataFrame, x: str, y: str, meaning: str, marker: str, *, joined: bool) -> None:
    meaning, marker = _sign(meaning, marker)
    over_seeds = table.groupby(x, sort=True)[y].agg(["min", "median", "max"]).dropna()
    spread = over_seeds[over_seeds["max"] > over_seeds["min"]]
    axes.vlines(spread.index, spread["min"], spread["max"], color=meaning, linewidth=1.5 * POINT, zorder=2.5)
    axes.plot(
        over_seeds.index, over_seeds["median"], color=meaning, zorder=3, clip_on=False,
        marker=marker, linestyle="solid" if joined else "none",
    )  # fmt: skip


def _sign(meaning: str, marker: str) -> tuple[str, str]:
    """The colour and the marker of a series; grey never carries data."""
    if meaning not in MEANINGS and meaning != "ink":
        raise ValueError(f"{meaning!r} is no meaning of the palette: choose one of {', '.join(MEANINGS)} or ink")
    return meaning, marker or TOKENS[meaning].marker


def _write(
    axes: Axes, place: tuple[Any, float], text: str, colour: str, side: str, frame: Any, *, gap: tuple[int, int]
) -> None:
    across = ("right" in side) - ("left" in side)
    up = ("above" in side) - ("below" in side)
    axes.annotate(
        text, place, xycoords=frame, color=colour, zorder=5, annotation_clip=False,
        xytext=(across * gap[0] * POINT, up * gap[1] * POINT), textcoords="offset points",
        ha={-1: "right", 0: "center", 1: "left"}[across], va={-1: "top", 0: "center", 1: "bottom"}[up],
    )  # fmt: skip
