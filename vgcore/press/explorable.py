"""What a reader may explore: every view of it made from runs beforehand, with its sentence, so that no view is wrong.

A script shows it, `docs/assets/explore.js`, which measures and computes nothing. It is the book's own because the
usual library weighs too much for one page: Vega 6.4, Vega-Lite 6.4 and vega-embed 7.3 are 280 KB gzipped and evaluate
strings as code; the script is 4 KB, its controls are the browser's own, and every page stays below 100 KB.

Examples:
    >>> import pandas as pd
    >>> table = pd.DataFrame({"seed": [0, 1], "layer": [1, 1], "decades": [-6.4, -6.6], "theory": [-6.5, -6.5]})
    >>> line = profile(table, "layer", "decades", meaning="sigmoid", name="sigmoid")
    >>> line.middle, line.low, line.high, line.theory
    ((-6.5,), (-6.6,), (-6.4,), (-6.5,))
    >>> shown = Explorable(
    ...     controls=(Control(name="Activation", options=("sigmoid",)),), views=(View(line=line, at=1, said="Small."),),
    ...     x="layer", y="decades",
    ... )
    >>> json.loads(shown.text())["views"]
    [[0, 1, 'Small.']]
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import prod

import numpy as np
import pandas as pd

from vgcore.evidence import ten_to
from vgcore.press.palette import MEANINGS


@dataclass(frozen=True, kw_only=True)
class Control:
    """A choice: radio buttons, or a slider over its options. `only`: the other control's option that it belongs to."""

    name: str
    options: tuple[str, ...]
    start: int = 0
    slider: bool = False
    only: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A measured series: at each `x` the median of the seeds, their range, and theory if there is one."""

    meaning: str
    name: str
    x: tuple[float, ...]
    middle: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    theory: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class View:
    """What one choice of all controls shows: a line, the place on it that is meant, and what is said of it."""

    line: Line
    at: float
    said: str


@dataclass(frozen=True, kw_only=True)
class Map:
    """A plane to choose from: the first control across, the second up; in each place a text on a step of the ramp."""

    x: str
    y: str
    texts: tuple[tuple[str, ...], ...]
    inks: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Explorable:
    """All of it; `views` in the order of the controls' options, the last control's changing quickest.

    `theory` is what the dashed line says it is.

    Raises ValueError if there is not one view for each choice, or a line has a colour that means nothing.
    """

    controls: tuple[Control, ...]
    views: tuple[View, ...]
    x: str
    y: str
    theory: str = "theory"
    map: Map | None = None

    def __post_init__(self) -> None:
        needed = prod(len(control.options) for control in self.controls)
        if len(self.views) != needed:
            raise ValueError(f"{needed} choices need as many views, not {len(self.views)}")
        unknown = {view.line.meaning for view in self.views} - set(MEANINGS)
        if unknown:
            raise ValueError(f"{', '.join(sorted(unknown))}: no meaning of the palette")

    def text(self) -> str:
        """All of it as JSON, each line once."""
        lines = list(dict.fromkeys(view.line for view in self.views))
        places = {line: place for place, line in enumerate(lines)}
        parts = {  # in an order in which no two braces meet, as those of a page's directives do
            "map": asdict(self.map) if self.map else None,
            "controls": [asdict(control) for control in self.controls],
            "lines": [asdict(line) | {"marker": MEANINGS[line.meaning].marker} for line in lines],
            "views": [[places[view.line], view.at, view.said] for view in self.views],
            "x": self.x,
            "y": self.y,
            "theory": self.theory,
        }
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def profile(table: pd.DataFrame, x: str, y: str, *, meaning: str, name: str, theory: str = "theory") -> Line:
    """A line from the rows of all seeds, rounded to what can be drawn; without theory where a run has none."""
    seeds = table.groupby(x, sort=True)[y].agg(["median", "min", "max"]).round(2)
    predicted = table.groupby(x, sort=True)[theory].median().round(2)
    return Line(
        meaning=meaning,
        name=name,
        x=tuple(seeds.index.tolist()),
        middle=tuple(seeds["median"].tolist()),
        low=tuple(seeds["min"].tolist()),
        high=tuple(seeds["max"].tolist()),
        theory=() if predicted.isna().any() else tuple(predicted.tolist()),
    )


def number(decades: float) -> str:
    """A factor, given in decades, as a number to read: two digits, or one and a power of ten.

    Examples:
        >>> number(-6.52), number(-0.3), number(0.08), number(2.1), number(3.7)
        ('3·10⁻⁷', '0.50', '1.2', '130', '5·10³')
    """
    if not -3 < decades < 3:
        power = int(np.floor(decades + 1e-9))
        digit = round(10 ** (decades - power))
        digit, power = (1, power + 1) if digit == 10 else (digit, power)
        return f"{digit}·{ten_to(power)}"
    value = float(f"{10**decades:.2g}")
    digits = 0 if value >= 10 else 1 - int(np.floor(np.log10(value)))
    return f"{value:.{digits}f}"


def part(decades: float) -> str:
    """A factor, given in decades, before what it is a factor of.

    Examples:
        >>> part(-0.3), part(2.1)
        ('0.50 of', '130 times')
    """
    return f"{number(decades)} {'of' if decades < 0 else 'times'}"


def share(accuracies: Sequence[float]) -> str:
    """The median of some shares in percent, and from where to where they go.

    Examples:
        >>> share([0.5, 0.52, 0.6]), share([0.1])
        ('52% (50 to 60%)', '10%')
    """
    low, middle, high = (round(100 * float(value)) for value in np.percentile(accuracies, [0, 50, 100]))
    return f"{middle}%" if low == high else f"{middle}% ({low} to {high}%)"
