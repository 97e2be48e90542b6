"""The first step of gradient descent leaves {still} of twenty sigmoid layers without a single changed weight.

Share of each layer's weights that are another number after one step at learning rate one tenth, when the weights are
kept in float32, float16 or bfloat16. Marks are medians, bars span the seeds, dashed is theory.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "lost_steps"
title = "Weights that one step changes, by layer and number format"
alt = (
    "Twenty sigmoid layers before training. In float32 nearly all weights of the last seven layers change in the first "
    "step, then the share falls, and in the {still} layers at the input not one weight changes. In float16 the last "
    "layer changes {half} of its weights, in bfloat16 {brain}, and the layers before them soon none."
)
arm = "format"

MARKERS = {"float32": "D", "float16": "o", "bfloat16": "s"}


def _moved(table: pd.DataFrame, name: str) -> pd.Series:
    return table[table["format"] == name].set_index("layer")["share_moved"].sort_index()


claims = {
    "still": Claim(
        text="{:.0f}", value=lambda table: float((_moved(table, "float32") == 0).sum()), at_least=4, at_most=9
    ),
    "last": Claim(text="{:.0%}", value=lambda table: float(_moved(table, "float32").iloc[-1]), at_least=0.98),
    "half": Claim(
        text="{:.0%}", value=lambda table: float(_moved(table, "float16").iloc[-1]), at_least=0.7, at_most=0.995
    ),
    "brain": Claim(
        text="{:.0%}", value=lambda table: float(_moved(table, "bfloat16").iloc[-1]), at_least=0.3, at_most=0.85
    ),
    "brain_half_way": Claim(
        text="{:.1%}", value=lambda table: float(_moved(table, "bfloat16").loc[:15].max()), at_most=0.02
    ),
    "off_theory": Claim(
        text="{:.1%}",
        value=lambda table: float((table["share_moved"] - table["theory"]).abs().max()),
        at_most=0.02,
        counterfeit=lambda table: table.assign(theory=1.0),
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=300)
    table = run.table.assign(percent=100 * run.table["share_moved"], predicted=100 * run.table["theory"])
    for name, marker in MARKERS.items():
        one = table[table["format"] == name]
        predicted = one.groupby("layer")["predicted"].median()
        marks.theory(axes, predicted.index, predicted)
        marks.points(axes, one, "layer", "percent", "sigmoid", marker=marker)
    depth = int(table["layer"].max())
    marks.label(axes, 12, 62, "float32", "sigmoid", side="left")
    marks.label(axes, depth, 90, "float16", "sigmoid", side="right")
    marks.label(axes, depth, 56, "bfloat16", "sigmoid", side="right")
    marks.depth_ticks(axes, depth)
    axes.set_xlim(right=1.25 * depth)
    axes.set_yticks(np.arange(0, 101, 25))
    marks.describe(axes, y="Weights changed by one step, %", x="layer (1 = next to the input)")
    return figure
