"""After {float16} layers most of a sigmoid network's gradient is exactly zero in float16, after {float32} in float32.

Share of the entries of ∂L/∂h that are not exactly zero, by layer of a network of eighty, before training, on a batch of
64 handwritten digits. Marks are medians, bars span the seeds, dashed is theory.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "gradients_in_formats"
title = "Entries of the gradient that are not zero, by layer and number format"
alt = (
    "Eighty sigmoid layers. Going back from layer 80 no entry of the gradient is zero at first, then "
    "within about three layers they all become zero: in float16 after {float16} layers, with the loss multiplied by "
    "32768 after {scaled}, in float32 and bfloat16 after {float32}. In float64 {float64} layers keep theirs."
)
arm = "arm"

SHOWN = {"float16": "o", "float16, loss × 32768": "s", "float32": "D"}


def _layers(table: pd.DataFrame, arm: str, column: str = "share_not_zero") -> float:
    """Layers, counted from the last, in which at least half of the entries are not zero."""
    return float((table[table["arm"] == arm][column] >= 0.5).sum())


def _off_theory(table: pd.DataFrame) -> float:
    """The most layers by which theory misses, over all arms."""
    return max(abs(_layers(table, arm) - _layers(table, arm, "theory")) for arm in table["arm"].unique())


claims = {
    "float16": Claim(text="{:.0f}", value=lambda table: _layers(table, "float16"), at_least=7, at_most=10),
    "scaled": Claim(
        text="{:.0f}", value=lambda table: _layers(table, "float16, loss × 32768"), at_least=14, at_most=17
    ),
    "float32": Claim(text="{:.0f}", value=lambda table: _layers(table, "float32"), at_least=54, at_most=59),
    "bfloat16": Claim(text="{:.0f}", value=lambda table: _layers(table, "bfloat16"), at_least=54, at_most=59),
    "float64": Claim(text="all {:.0f}", value=lambda table: _layers(table, "float64"), at_least=80),
    "off_theory": Claim(
        text="{:.0f} layer", value=_off_theory, at_most=1, counterfeit=lambda table: table.assign(theory=1.0)
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=300)
    table = run.table.assign(percent=100 * run.table["share_not_zero"], predicted=100 * run.table["theory"])
    for arm, marker in SHOWN.items():
        one = table[table["arm"] == arm]
        predicted = one.groupby("layer")["predicted"].median()
        near = predicted[(predicted > 0.01) & (predicted < 99.9)].index
        marks.theory(axes, predicted.index, predicted)
        if len(near):
            layers = [near.min() - 2, near.min() - 1, *near, near.max() + 1]
            marks.points(axes, one[one["layer"].isin(layers)], "layer", "percent", "sigmoid", marker=marker)
    depth = int(table["layer"].max())
    marks.label(axes, 0.34 * depth, 30, "float32", "sigmoid", side="right")
    marks.label(axes, 0.8 * depth, 82, "loss × 32768", "sigmoid", side="left")
    marks.label(axes, 0.92 * depth, 112, "float16", "sigmoid", side="on")
    axes.set_ylim(-5, 120)
    marks.depth_ticks(axes, depth)
    axes.set_yticks(np.arange(0, 101, 25))
    marks.describe(axes, y="Entries of ∂L/∂h that are not zero, %", x="layer (1 = next to the input)")
    return figure
