"""Of mean, root mean square and volume only the mean agrees with both of Glorot and Bengio’s numbers.

Jacobian of one tanh layer of 200 units, mean over four layers, before training; the inputs are handwritten digits of
different size. Marks are medians, bars span the seeds. Dashed: the limit of small inputs, in which tanh does nothing.
Dotted: what the paper reports for these weights.
"""

from collections.abc import Callable

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore import theory
from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "layer_jacobians"
title = "Three readings of a layer’s singular values, by the size of the inputs"
alt = (
    "Two panels. With normalised weights the mean singular value falls from {normalised_small} for small inputs to "
    "{normalised_unit} for inputs of size one, and passes the reported value on the way; with standard weights it "
    "stays between {standard_small} and {standard_unit}, next to it. The volume reading lies below both reported "
    "values, at {volume} and {volume_standard}, the variance reading far off for standard weights, at "
    "{variance_standard}."
)
arm = "start"

REPORTED = {"normalised": 0.8, "standard": 0.5}
VARIANCES = {"normalised": 1.0, "standard": 1 / 3}
SMALL, UNIT = 0.1, 1.0
SHOWN = {"mean": "s", "rms": "^", "volume": "v"}
WORDS = {"mean": "mean", "rms": "root mean square", "volume": "volume"}
SIDES: dict[str, marks.Side] = {"rms": "above right", "volume": "below right"}
MEAN_AT = {"normalised": 0.7, "standard": 0.42}
"""Where the third name stands: between its own line and that of the volume."""


def _reading(start: str, size: float, column: str = "mean") -> Callable[[pd.DataFrame], float]:
    return lambda table: float(table.set_index(["start", "input_size"])[column][(start, size)])


def _shrunken(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit in which every layer halves what it did."""
    return table.assign(**{name: table[name] / 2 for name in ("mean", "rms", "volume", "variance")})


claims = {
    "normalised_small": Claim(text="{:.2f}", value=_reading("normalised", SMALL), at_least=0.83, at_most=0.86),
    "normalised_unit": Claim(text="{:.2f}", value=_reading("normalised", UNIT), at_least=0.65, at_most=0.8),
    "standard_small": Claim(text="{:.2f}", value=_reading("standard", SMALL), at_least=0.48, at_most=0.5),
    "standard_unit": Claim(text="{:.2f}", value=_reading("standard", UNIT), at_least=0.45, at_most=0.49),
    "rms_standard": Claim(text="{:.2f}", value=_reading("standard", SMALL, "rms"), at_least=0.56, at_most=0.59),
    "volume": Claim(text="{:.2f}", value=_reading("normalised", SMALL, "volume"), at_least=0.58, at_most=0.63),
    "volume_standard": Claim(text="{:.2f}", value=_reading("standard", SMALL, "volume"), at_least=0.33, at_most=0.37),
    "variance_standard": Claim(
        text="{:.2f}", value=_reading("standard", SMALL, "variance"), at_least=0.32, at_most=0.35
    ),
}


def draw(run: Run) -> Figure:
    figure, normalised, standard = marks.panels(2, share_y=True)
    _panel(normalised, run.table, "normalised")
    _panel(standard, run.table, "standard")
    return figure


def _panel(axes: Axes, table: pd.DataFrame, start: str) -> None:
    own = table[table["start"] == start]
    sizes = sorted(own["input_size"].unique())
    variance = VARIANCES[start]
    limits = {
        "mean": theory.mean_singular_value(variance),
        "rms": variance**0.5,
        "volume": theory.geometric_mean_singular_value(1000, weight_variance=variance),
    }
    marks.threshold(axes, REPORTED[start], "")
    for reading, marker in SHOWN.items():
        marks.theory(axes, sizes, [limits[reading]] * len(sizes))
        marks.points(axes, own, "input_size", reading, "tanh", marker=marker)
        if reading in SIDES:
            marks.label(axes, sizes[0], limits[reading], WORDS[reading], "tanh", side=SIDES[reading])
    marks.label(axes, 0.32, MEAN_AT[start], WORDS["mean"], "tanh", side="on")
    axes.set_xscale("log")
    axes.set_xticks(sizes, [f"{size:g}" for size in sizes])
    axes.minorticks_off()
    axes.set_ylim(0, 1.15)
    axes.set_yticks([0, 0.5, 1])
    marks.describe(axes, name=f"{start.capitalize()} weights", y="Singular value, ratio", x="RMS of the inputs")
