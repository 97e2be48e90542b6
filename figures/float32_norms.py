"""After {plain} sigmoid layers a plain float32 norm reads exactly zero; the true norm is then {true_size} below one.

Norm of ∂L/∂h of one batch by layer, in a network of eighty layers before training, in decades. Squares: computed in
float64, as this book does. Diamonds: in float32, divided by the largest entry before squaring. Circles: in float32 as
Keras computes a norm. Marks are medians, bars span the seeds; what reads zero has no mark.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "float32_norms"
title = "Norm of the gradient by layer, measured in three ways"
alt = (
    "Eighty sigmoid layers, the norm falling along a straight line from the last to the first. The plain float32 norm "
    "follows it for {plain} layers and is zero from there on, where the true norm is {true_size} below one. Scaled "
    "before squaring, float32 follows for {scaled} layers. Float64 follows for {exact}, to {least} below one."
)
arm = "arm"

SHOWN = {"float64": "s", "float32, scaled": "D", "float32, plain": "o"}


def _norms(table: pd.DataFrame, arm: str) -> pd.Series:
    """From the last layer back."""
    norms: pd.Series = table[table["arm"] == arm].set_index("layer")["norm"].sort_index(ascending=False)
    return norms


def _layers(arm: str) -> Callable[[pd.DataFrame], float]:
    """Layers, counted from the last, in which the norm is not zero."""
    return lambda table: float((_norms(table, arm) > 0).sum())


def _true_size(table: pd.DataFrame) -> float:
    """Decades by which the true norm lies below one in the first layer, going back, that the plain one calls zero."""
    lost = _norms(table, "float32, plain") == 0
    return float(-np.log10(_norms(table, "float64")[lost].iloc[0]))


claims = {
    "plain": Claim(text="{:.0f}", value=_layers("float32, plain"), at_least=25, at_most=33),
    "scaled": Claim(text="{:.0f}", value=_layers("float32, scaled"), at_least=54, at_most=62),
    "early": Claim(
        text="{:.0f} layers",
        value=lambda table: _layers("float32, scaled")(table) - _layers("float32, plain")(table),
        at_least=25,
        at_most=33,
    ),
    "exact": Claim(text="all {:.0f}", value=_layers("float64"), at_least=80),
    "true_size": Claim(
        text="{:.0f} decades", value=_true_size, at_least=16, at_most=20,
        counterfeit=lambda table: table.assign(norm=table["norm"].where(table["arm"] != "float64", 1.0)),
    ),
    "least": Claim(
        text="{:.0f} decades",
        value=lambda table: float(-np.log10(_norms(table, "float64").iloc[-1])),
        at_least=45,
        at_most=55,
        counterfeit=lambda table: table.assign(norm=1.0),
    ),
}  # fmt: skip


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=300)
    table = run.table[run.table["norm"] > 0]
    table = table.assign(decades=np.log10(table["norm"]))
    depth = int(run.table["layer"].max())
    for place, (arm, marker) in enumerate(SHOWN.items()):
        one = table[(table["arm"] == arm) & ((depth - table["layer"]) % 6 == 2 * place)]
        marks.points(axes, one, "layer", "decades", "sigmoid", marker=marker)
    marks.depth_ticks(axes, depth)
    marks.label(axes, 0.74 * depth, -8, "float32, plain", "sigmoid", side="left")
    marks.label(axes, 0.45 * depth, -22, "float32, scaled", "sigmoid", side="left")
    marks.label(axes, 0.22 * depth, -44, "float64", "sigmoid", side="right")
    marks.describe(axes, y="Norm of ∂L/∂h, decades", x="layer (1 = next to the input)")
    return figure
