"""With unscaled skips the loss stops being a number after {finite_steps} of training. Saturation keeps tanh finite.

Plain gradient descent with rate 1/100, twenty layers. Left: how far the first step moves each layer, relative to its
weights. Right: the furthest that any layer moves in each step; a line ends where the loss is inf or NaN. Marks are
medians, bars span the seeds, thin lines are seeds. Dotted: a step as long as the weights themselves.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, in_the_median
from vgcore.press import marks

experiment = "explosion_ends"
title = "First update by layer, and largest update by step"
alt = (
    "Left: the first step moves every layer of the ReLU network whose weights are one and a half times He's by "
    "{least_large} its size or more, while with He's weights no layer moves by more than {most_healthy}. Right: the "
    "lines of the ReLU network and of the one with unscaled skips shoot up and end, the latter after {finite_steps}. "
    "The tanh network's steps become smaller again."
)
arm = "network"

HEALTHY, LARGE, SKIPS, SATURATING = "ReLU, He", "ReLU, weights x 1.5", "ReLU, unscaled skips", "tanh, weights x 4"
SIGNS = {LARGE: ("relu", "^"), SKIPS: ("residual", "s"), SATURATING: ("tanh", "s"), HEALTHY: ("relu", "o")}
SHOWN = 20  # steps; what goes on after them is more of the same


def _end(tables: Tables, network: str, column: str) -> float:
    return float(tables["ends"].set_index("network")[column].loc[network])


def _first_updates(tables: Tables, network: str) -> pd.Series:
    layers = tables["layers"]
    return layers[layers["network"] == network].set_index("layer")["first_update"].sort_index()


def _turned_round(run: Run) -> float:
    """Share of the seeds in which the tanh network's gradient ends smaller at the first layer than at the last."""
    ends = run.tables["ends"]
    return float((ends[ends["network"] == SATURATING]["decades_after"] < 0).mean())


def _regained(tables: Tables) -> float:
    return _end(tables, SATURATING, "decades_before") - _end(tables, SATURATING, "decades_after")


claims = {
    "finite_steps": Claim(
        text="{:.0f} steps", value=lambda tables: _end(tables, SKIPS, "finite_steps"), at_least=1, at_most=3
    ),
    "large_learns_nothing": Claim(
        text="never comes below guessing", value=lambda tables: _end(tables, LARGE, "last_loss"), at_least=2.29
    ),
    "healthy_loss": Claim(
        text="{:.2f}",
        value_of_run=in_the_median(lambda tables: _end(tables, HEALTHY, "last_loss")),
        at_most=float(np.log(10)),
    ),
    "skips_decades": Claim(
        text="{:.1f} decades", value=lambda tables: _end(tables, SKIPS, "decades_before"), at_least=2, at_most=4
    ),
    "skips_first_update": Claim(
        text="{:.1f} times", value=lambda tables: float(_first_updates(tables, SKIPS).iloc[0]), at_least=1
    ),
    "least_large": Claim(
        text="{:.1f} times", value=lambda tables: float(_first_updates(tables, LARGE).min()), at_least=0.9
    ),
    "most_healthy": Claim(
        text="{:.1%}", value=lambda tables: float(_first_updates(tables, HEALTHY).max()), at_most=0.05
    ),
    "tanh_first_update": Claim(
        text="{:.0%}",
        value_of_run=in_the_median(lambda tables: float(_first_updates(tables, SATURATING).iloc[0])),
        at_least=0.2,
        at_most=1,
    ),
    "tanh_last_update": Claim(
        text="{:.2%}", value=lambda tables: float(_first_updates(tables, SATURATING).iloc[-1]), at_most=0.001
    ),
    "tanh_regained": Claim(text="{:.1f} decades", value=_regained, at_least=2),
    "tanh_turned_round": Claim(text="{:.0%}", value_of_run=_turned_round, at_least=0.6),
    "saturated_before": Claim(
        text="{:.0%}", value=lambda tables: _end(tables, SATURATING, "saturated_before"), at_least=0.5, at_most=0.6
    ),
    "saturated_after": Claim(
        text="{:.0%}", value=lambda tables: _end(tables, SATURATING, "saturated_after"), at_least=0.7
    ),
}


def draw(run: Run) -> Figure:
    figure, layers, steps = marks.panels(2, share_y=False)
    _layers(layers, run.tables["layers"])
    _steps(steps, run.tables["steps"])
    return figure


def _layers(axes: Axes, table: pd.DataFrame) -> None:
    for network, (meaning, marker) in SIGNS.items():
        marks.points(axes, table[table["network"] == network], "layer", "first_update", meaning, marker=marker)
    axes.set_ylim(3e-5, 3e3)
    marks.logarithmic(axes)
    marks.threshold(axes, 1, "")
    marks.label(axes, 10, 60, "ReLU, He’s weights × 1.5", "relu", side="on")
    marks.label(axes, 11, 0.3, "ReLU, unscaled skips", "residual", side="on")
    marks.label(axes, 13, 0.04, "tanh × 4", "tanh", side="on")
    marks.label(axes, 11, 2e-4, "ReLU, He", "relu", side="on")
    marks.depth_ticks(axes, int(table["layer"].max()))
    marks.describe(axes, name="The first step", y="Relative change of the weights", x="layer (1 = next to the input)")


def _steps(axes: Axes, table: pd.DataFrame) -> None:
    for network, (meaning, marker) in SIGNS.items():
        one = table[(table["network"] == network) & (table["step"] <= SHOWN)]
        marks.seeds(axes, one, "step", "update", meaning, marker=marker)
    axes.set_ylim(1e-5, 1e32)
    marks.logarithmic(axes)
    marks.threshold(axes, 1, "")
    marks.label(axes, 8.5, 1e24, "ReLU, He’s × 1.5", "relu", side="on")
    marks.label(axes, 8, 1e13, "unscaled skips", "residual", side="on")
    marks.label(axes, 14, 1e3, "tanh × 4", "tanh", side="on")
    axes.set_xticks([1, 5, 10, 15, 20])
    marks.describe(axes, name="Every step", y="Largest relative change of any layer", x="step")
