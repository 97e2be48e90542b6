"""With eight units a random first layer costs {lost_narrow} of accuracy, with 64 units {lost_wide}.

Accuracy on unseen digits after training ReLU networks of three layers, in which one layer keeps its initial weights
and the others learn. A mark is the median of the seeds, the bar behind it spans them all.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "random_layers"
title = "Accuracy when one layer stays random, for three widths"
alt = (
    "Accuracy of networks of 8, 16 and 64 units a layer with no layer, the first, the second or the third left random. "
    "With eight units a random first layer costs {lost_narrow}, with sixteen {lost_middle}, with 64 {lost_wide}. A "
    "random second or third layer changes the accuracy by at most {lost_later} at eight units."
)
arm = "random_layer"

NARROW, MIDDLE, WIDE = 8, 16, 64


def _accuracy(table: pd.DataFrame, width: int, layer: str) -> float:
    chosen = table[(table["width"] == width) & (table["random_layer"] == layer)]
    return float(chosen["test_accuracy"].iloc[0])


def _lost(table: pd.DataFrame, width: int, layer: str = "layer 1") -> float:
    """Points of accuracy that a random layer costs."""
    return 100 * (_accuracy(table, width, "none") - _accuracy(table, width, layer))


def _lost_over_seeds(run: Run, width: int, layer: str) -> float:
    chosen = run.table[run.table["width"] == width].groupby("random_layer")["test_accuracy"].median()
    return 100 * float(chosen["none"] - chosen[layer])


claims = {
    "lost_narrow": Claim(text="{:.0f} points", value=lambda table: _lost(table, NARROW), at_least=10),
    "lost_middle": Claim(
        text="{:.0f} points", value_of_run=lambda run: _lost_over_seeds(run, MIDDLE, "layer 1"), at_least=10
    ),
    "lost_wide": Claim(
        text="{:.1f} points",
        value_of_run=lambda run: _lost_over_seeds(run, WIDE, "layer 1"),
        at_most=4,
        counterfeit=lambda table: table.assign(width=table["width"].map({NARROW: WIDE, MIDDLE: MIDDLE, WIDE: NARROW})),
    ),
    "lost_later": Claim(
        text="{:.1f} points",
        value_of_run=lambda run: max(abs(_lost_over_seeds(run, NARROW, layer)) for layer in ("layer 2", "layer 3")),
        at_most=10,
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=280)
    table = run.table.assign(percent=100 * run.table["test_accuracy"])
    for width, marker in {NARROW: "^", MIDDLE: "s", WIDE: "o"}.items():
        marks.line(axes, table[table["width"] == width], "layer", "percent", "relu", marker=marker)
    marks.label(axes, 1, 102.5, "64 units", "relu", side="on")
    marks.label(axes, 1.0, 84, "16 units", "relu", side="on")
    marks.label(axes, 1.32, 48, "8 units", "relu", side="on")
    axes.set_ylim(34, 106)
    axes.set_yticks([40, 60, 80, 100])
    axes.set_xticks([0, 1, 2, 3], ["none", "1", "2", "3"])
    marks.describe(axes, y="Accuracy on unseen digits, %", x="layer left random (1 = next to the input)")
    return figure
