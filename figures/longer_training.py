"""Four times the training buys a sigmoid network {sigmoid_gain}.

The depth at which half of the digits are right, after ten epochs and after forty, for the four families of the figure
before. A mark is the median of the seeds, the bar spans them all. Dashed, from the median after ten epochs: what four
times the steps would buy if they made up for a gradient four times as small.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "trainable_depth"
title = "Depth limit after ten and after forty epochs"
alt = (
    "Depth at which half of the digits are right, after ten and after forty epochs. The limit of the sigmoid networks "
    "rises by {sigmoid_gain}, that of the tanh networks with small weights by {small_gain}, that of the ReLU "
    "networks by {relu_gain}; the dashed lines of the first two rise about as far. The limit of the fourth family, "
    "tanh with larger weights, gains {tanh_share} of what its dashed line promises."
)
arm = "family"

MARKS = {"sigmoid": ("sigmoid", "o"), "tanh, small": ("tanh", "D"), "ReLU": ("relu", "^"), "tanh": ("tanh", "s")}


def _gain(tables: Tables, family: str) -> float:
    """The layers that the longer training adds to a family's limit."""
    limits = tables["limits"]
    limit = limits[limits["family"] == family].set_index("epoch")["limit"].sort_index()
    return float(limit.iloc[-1] - limit.iloc[0])


def _median_gain(run: Run, family: str) -> float:
    """The same for the middle seed: these families differ a lot from one seed to the next."""
    return float(np.median([_gain({"limits": table}, family) for _, table in run.tables["limits"].groupby("seed")]))


def _line(limits: pd.DataFrame, family: str) -> float:
    """The layers that the longer training would add if it made up for a gradient as many times smaller."""
    longer = limits["epoch"].max() / limits["epoch"].min()
    scale = limits[limits["family"] == family]["depth_scale"].iloc[0]
    return float(2 * np.log(longer) * scale)


claims = {
    "sigmoid_gain": Claim(
        text="{:.1f} of a layer", value=lambda tables: _gain(tables, "sigmoid"), at_least=0.5, at_most=1.4
    ),
    "small_gain": Claim(
        text="{:.1f} layers", value_of_run=lambda run: _median_gain(run, "tanh, small"), at_least=2, at_most=5
    ),
    "small_line": Claim(
        text="{:.1f}", value=lambda tables: _line(tables["limits"], "tanh, small"), at_least=2.4, at_most=2.6
    ),
    "relu_gain": Claim(text="{:.1f} layers", value_of_run=lambda run: _median_gain(run, "ReLU"), at_least=1, at_most=8),
    "relu_line": Claim(text="{:.1f}", value=lambda tables: _line(tables["limits"], "ReLU"), at_least=3.9, at_most=4.1),
    "tanh_share": Claim(
        text="{:.0%}",
        value_of_run=lambda run: _median_gain(run, "tanh") / _line(run.tables["limits"], "tanh"),
        at_most=0.6,
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=280)
    limits = run.tables["limits"]
    epochs = sorted(limits["epoch"].unique())
    for family, (meaning, marker) in MARKS.items():
        own = limits[limits["family"] == family]
        if own.empty:
            continue  # a small run has not all families
        start = own[own["epoch"] == epochs[0]]
        marks.theory(axes, [0, 1], start["limit"].median() + np.array([0, _line(limits, family)]))
        marks.line(axes, _placed(own, epochs), "place", "limit", meaning, marker=marker)
    for height, (name, meaning) in {21: ("tanh, 0.7", "tanh"), 14.6: ("ReLU", "relu"), 8.4: ("tanh, ⅓", "tanh"),
                                    5.2: ("sigmoid", "sigmoid")}.items():  # fmt: skip
        marks.label(axes, 0.7, height, name, meaning, side="on")
    axes.set_xlim(-0.15, 1.15)
    axes.set_ylim(0, 32)
    axes.set_xticks(range(len(epochs)), [str(epoch) for epoch in epochs])
    marks.describe(axes, y="Depth at which half of the digits are right, layers", x="epoch")
    return figure


def _placed(table: pd.DataFrame, epochs: list[int]) -> pd.DataFrame:
    return table.assign(place=table["epoch"].map(epochs.index))
