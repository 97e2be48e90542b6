"""After {epochs} of training the sigmoid network's gradient still loses {sigmoid} on its way to the first layer.

What a recorder wrote down during the training: how much smaller ∂L/∂h is at the first of eight hidden layers than at
the last, in powers of ten, after each fourth epoch. Marks are medians, bars span the seeds. Below 0 it is larger.
"""

import math
from typing import Literal

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "layer_changes"
title = "Decades that the gradient loses, recorded during training"
alt = (
    "Two nearly level lines over the epochs of the training. The sigmoid network's stays at {sigmoid_least} decades "
    "lost or more, and ends at {sigmoid}. The ReLU network's stays within {relu} of zero, a little below it."
)
arm = "arm"

SIGMOID, RELU = "sigmoid", "ReLU, He"


def _lost(table: pd.DataFrame) -> pd.DataFrame:
    """`decades` lost from the last hidden layer to the first, by seed, `arm` and `epoch`."""
    keys = [column for column in ("seed", "arm", "epoch") if column in table]
    by_layer = table.sort_values("layer").groupby(keys)["gradient"]
    ratio: pd.Series = by_layer.last() / by_layer.first()
    return ratio.map(math.log10).rename("decades").reset_index()


def _of(table: pd.DataFrame, arm: str) -> pd.Series:
    lost = _lost(table)
    decades: pd.Series = lost[lost["arm"] == arm].set_index("epoch")["decades"]
    return decades


def _faint(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: the gradient of all networks loses a decade a layer."""
    return table.assign(gradient=10.0 ** table["layer"])


claims = {
    "epochs": Claim(
        text="{:.0f} epochs",
        value=lambda table: float(table["epoch"].max()),
        at_least=16,
        counterfeit=lambda table: table.assign(epoch=1),
    ),
    "sigmoid": Claim(
        text="{:.1f} decades", value=lambda table: float(_of(table, SIGMOID).iloc[-1]), at_least=3, at_most=6
    ),
    "sigmoid_least": Claim(text="{:.1f}", value=lambda table: float(_of(table, SIGMOID).min()), at_least=3),
    "relu": Claim(
        text="{:.1f} decades",
        value=lambda table: float(_of(table, RELU).abs().max()),
        at_most=1.5,
        counterfeit=_faint,
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=280)
    lost = _lost(run.table)
    for arm, meaning in {SIGMOID: "broken", RELU: "healthy"}.items():
        one = lost[lost["arm"] == arm]
        marks.line(axes, one, "epoch", "decades", meaning)
        last = one[one["epoch"] == one["epoch"].max()]["decades"].median()
        side: Literal["above left", "below left"] = "above left" if arm == SIGMOID else "below left"
        marks.label(axes, one["epoch"].max(), last, arm, meaning, side=side)
    axes.set_xticks(sorted(lost["epoch"].unique()))
    axes.set_ylim(-2, 6)
    marks.describe(axes, y="Decades lost from the last layer to the first", x="epoch")
    return figure
