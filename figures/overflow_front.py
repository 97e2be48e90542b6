"""In step {overflow_step} a forward pass overflows. The first step changed the weights by {first_update} of their size.

Twenty ReLU layers with weights a fifth larger than He's and the output layer, plain gradient descent with rate 1/10.
Left: the largest number that each layer returns. Right: the largest of ∂L/∂h. Each in the first step, in the second,
and in the third, which overflows, so that it has no backward pass. Marks are medians, bars span the
seeds, thin lines are seeds. Dotted: the largest 32-bit number.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, decades
from vgcore.press import marks

experiment = "first_overflow"
title = "Largest number by layer, forward and backward, until one overflows"
alt = (
    "Left: what the layers return. In the first step it grows by {forward_decades} over all layers, in the "
    "second by {later_decades}, and in the third it shoots up to the largest 32-bit number within a few layers. Right: "
    "the gradients of the first two steps grow towards the input, and stay {ahead} below what the layers return."
)
arm = "stage"

FIRST, LAST, OVERFLOW = "first step", "last whole step", "overflow"
SHOWN, LARGEST = 1.2, float(np.finfo(np.float32).max)


def _origin(tables: Tables, column: str) -> float:
    origins = tables["origins"]
    return float(origins[(origins["gain"] == SHOWN) & (origins["arm"] == "float32")][column].item())


def _largest(tables: Tables, stage: str, direction: str) -> pd.Series:
    layers = tables["layers"]
    own = layers[(layers["stage"] == stage) & (layers["direction"] == direction)]
    return own.set_index("layer")["largest"].sort_index()


def _forward_decades(tables: Tables, stage: str) -> float:
    own = _largest(tables, stage, "forward")
    return decades(own.iloc[-1], own.iloc[0])


def _ahead(tables: Tables) -> float:
    """By how much the forward pass of the last whole step is ahead of its backward pass."""
    return decades(_largest(tables, LAST, "forward").max(), _largest(tables, LAST, "backward").max())


claims = {
    "overflow_step": Claim(
        text="{:.0f}",
        value=lambda tables: _origin(tables, "overflow_step"),
        at_least=3,
        at_most=3,
        counterfeit=lambda table: table.assign(overflow_step=45.0),
    ),
    "first_update": Claim(
        text="{:.0%}",
        value=lambda tables: _origin(tables, "first_update"),
        at_least=0.1,
        counterfeit=lambda table: table.assign(first_update=0.01),
    ),
    "last_update": Claim(
        text="{:.1f} decades",
        value=lambda tables: float(np.log10(_origin(tables, "last_update"))),
        at_least=2,
        counterfeit=lambda table: table.assign(last_update=0.01),
    ),
    "forward_decades": Claim(
        text="{:.1f} decades", value=lambda tables: _forward_decades(tables, FIRST), at_least=0.5, at_most=2
    ),
    "later_decades": Claim(text="{:.1f} decades", value=lambda tables: _forward_decades(tables, LAST), at_least=3),
    "ahead": Claim(text="{:.1f} decades", value=_ahead, at_least=0.5),
}


def draw(run: Run) -> Figure:
    figure, forward, backward = marks.panels(2, share_y=True)
    _panel(forward, run.tables["layers"], "forward", "Forward")
    _panel(backward, run.tables["layers"], "backward", "Backward")
    marks.label(forward, 15, 1e-3, "first step", "relu", side="on")
    marks.label(forward, 14, 1e11, "second", "relu", side="on")
    marks.label(forward, 12, 1e31, "third step", "broken", side="on")
    marks.label(backward, 7, 1e-5, "first step", "relu", side="on")
    marks.label(backward, 10, 1e10, "second", "relu", side="on")
    marks.threshold(forward, LARGEST, "")
    marks.threshold(backward, LARGEST, "largest 32-bit number", side="below left")
    return figure


def _panel(axes: Axes, table: pd.DataFrame, direction: str, name: str) -> None:
    own = table[table["direction"] == direction]
    marks.points(axes, own[own["stage"] == FIRST], "layer", "largest", "relu", marker="o")
    marks.points(axes, own[own["stage"] == LAST], "layer", "largest", "relu")
    for _, one in own[own["stage"] == OVERFLOW].groupby("seed", sort=True):
        axes.plot(one["layer"], one["largest"], color="broken", linewidth=1.2, marker="s", markersize=3)
    axes.set_ylim(1e-8, 1e40)
    marks.logarithmic(axes)
    marks.depth_ticks(axes, int(table["layer"].max()))
    y = "Largest output, relative to one" if direction == "forward" else "Largest ∂L/∂h, nats per unit"
    marks.describe(axes, name=name, y=y, x="layer (1 = next to the input)")
