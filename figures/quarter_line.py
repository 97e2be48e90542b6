"""A quarter a layer fits Keras's default weights only: with others twenty sigmoid layers lose {four}, or {old}.

∂L/∂h at each layer of sigmoid networks with twenty layers, before training, on handwritten digits. Marks are medians,
bars span the seeds, dashed is theory. Dotted: a quarter a layer.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "layer_factors"
title = "Gradient by layer, beside a quarter a layer"
alt = (
    "From layer 20 back to layer 1 the gradient of a sigmoid network loses {default} with Keras's default weights, "
    "close to a quarter a layer. With the older initialisation it loses {old}, with weights four times as large "
    "only {four}. The largest loss that the weights themselves make certain is {certain}."
)
arm = "arm"

ARMS = {"weights × 4": "D", "Keras default": "o", "old initialisation": "s"}


def _lost(table: pd.DataFrame, arm: str, column: str = "factor") -> float:
    return float(-np.log10(table[table["arm"] == arm][column]).sum())


claims = {
    "default": Claim(
        text="{:.1f} decades", value=lambda table: _lost(table, "Keras default"), at_least=11.5, at_most=12.5
    ),
    "old": Claim(
        text="{:.1f} decades", value=lambda table: _lost(table, "old initialisation"), at_least=15.5, at_most=17
    ),
    "four": Claim(text="{:.1f} decades", value=lambda table: _lost(table, "weights × 4"), at_least=3, at_most=5),
    "certain": Claim(
        text="{:.1f} decades",
        value=lambda table: _lost(table, "Keras default", "largest_factor"),
        at_least=5,
        at_most=7,
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels()
    depth = int(run.table["layer"].max())
    layers = np.array([1, depth])
    axes.plot(layers, (layers - depth) * np.log10(4), color="muted", linewidth=1.1, linestyle=(0, (0.75, 2)))
    for arm, marker in ARMS.items():
        line = _decades(run.table[run.table["arm"] == arm])
        predicted = line.groupby("layer")["predicted"].median()
        marks.theory(axes, predicted.index, predicted)
        marks.points(axes, line, "layer", "decades", "sigmoid", marker=marker)
    marks.label(axes, 8, -1.6, "weights × 4", "sigmoid", side="above")
    marks.label(axes, 3.5, -7.4, "Keras default", "sigmoid", side="on")
    marks.label(axes, 7.5, -12, "old initialisation", "sigmoid", side="below right")
    marks.label(axes, 20, -9, "dotted: 1/4 a layer", side="left")
    marks.depth_ticks(axes, depth)
    axes.set_yticks([0, -4, -8, -12, -16])
    marks.describe(axes, y="∂L/∂h, decades relative to the last layer", x="layer (1 = next to the input)")
    return figure


def _decades(table: pd.DataFrame) -> pd.DataFrame:
    """The product of the factors from the last layer back, in decades; row for layer l - 1 by the factor of layer l."""
    table = table.sort_values(["seed", "layer"], ascending=[True, False])
    sums = table[["factor", "theory"]].apply(np.log10).groupby(table["seed"]).cumsum()
    return table[["seed"]].assign(layer=table["layer"] - 1, decades=sums["factor"], predicted=sums["theory"])
