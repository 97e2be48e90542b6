"""A sigmoid's slope never exceeds a quarter. A layer’s factor does, as soon as its weights are large enough.

Left: what is left of a gradient after a layer's slopes. Right: after its slopes and its weights, ∂L/∂h one layer
earlier. RMS, before training, on handwritten digits. Marks are medians, bars span the seeds, dashed is theory.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "layer_factors"
title = "Factor of each sigmoid layer, for weights of three sizes"
alt = (
    "Two panels over the layers of a network of twenty. Left: the slopes alone leave {slope} of the gradient with "
    "Keras's default weights, {slope_four} with weights four times as large, never more than a quarter. Right: slopes "
    "and weights together pass back {factor} by default, {old} with the older, smaller initialisation and {four} with "
    "weights four times as large."
)
arm = "arm"

ARMS = {"weights × 4": "D", "Keras default": "o", "old initialisation": "s"}


def _deep(table: pd.DataFrame, arm: str, column: str) -> float:
    """The geometric mean over the later half of the layers, where the input's own size is forgotten."""
    half = table["layer"].max() / 2
    return float(np.exp(np.log(table[(table["arm"] == arm) & (table["layer"] > half)][column]).mean()))


def _off_theory(run: Run) -> float:
    """Largest relative distance of a median from its theory line, over the three networks."""
    shown = run.table[run.table["arm"].isin(ARMS)].groupby(["arm", "layer"])[["factor", "theory"]].median()
    return float(np.abs(shown["factor"] / shown["theory"] - 1).max())


claims = {
    "factor": Claim(
        text="{:.3f}", value=lambda table: _deep(table, "Keras default", "factor"), at_least=0.22, at_most=0.25
    ),
    "old": Claim(
        text="{:.2f}", value=lambda table: _deep(table, "old initialisation", "factor"), at_least=0.13, at_most=0.15
    ),
    "four": Claim(text="{:.2f}", value=lambda table: _deep(table, "weights × 4", "factor"), at_least=0.55, at_most=0.7),
    "slope": Claim(
        text="{:.3f}", value=lambda table: _deep(table, "Keras default", "slope_factor"), at_least=0.23, at_most=0.24
    ),
    "slope_four": Claim(
        text="{:.2f}", value=lambda table: _deep(table, "weights × 4", "slope_factor"), at_least=0.14, at_most=0.175
    ),
    "steepest": Claim(
        text="{:.3f}",
        value=lambda table: float(table["slope_factor"].max()),
        at_most=0.25,
        counterfeit=lambda table: table.assign(slope_factor=table["factor"]),
    ),
    "weights": Claim(
        text="{:.2f}", value=lambda table: _deep(table, "Keras default", "weight_factor"), at_least=0.95, at_most=1.05
    ),
    "certain": Claim(
        text="{:.2f}", value=lambda table: _deep(table, "Keras default", "largest_factor"), at_least=0.45, at_most=0.5
    ),
    "off_theory": Claim(
        text="{:.0%}", value_of_run=_off_theory, at_most=0.25, counterfeit=lambda table: table.assign(theory=0.5)
    ),
}


def draw(run: Run) -> Figure:
    figure, slopes, layers = marks.panels(2)
    _panel(slopes, run.table, "slope_factor", "theory_slope")
    _panel(layers, run.table, "factor", "theory")
    slopes.set_ylim(0, 0.32)
    layers.set_ylim(0, 0.86)
    marks.threshold(slopes, 0.25, "dotted: 1/4, the bound")
    marks.threshold(layers, 0.25, "")
    marks.label(slopes, 20, 0.225, "the other two", "sigmoid", side="below left")
    marks.label(slopes, 20, 0.13, "weights × 4", "sigmoid", side="below left")
    marks.label(layers, 20, 0.5, "weights × 4", "sigmoid", side="below left")
    marks.label(layers, 20, 0.3, "Keras default", "sigmoid", side="above left")
    marks.label(layers, 20, 0.1, "old initialisation", "sigmoid", side="below left")
    marks.describe(slopes, name="slopes alone", y="Factor of the gradient", x="layer (1 = next to the input)")
    marks.describe(layers, name="slopes and weights", y="Factor of the gradient", x="layer (1 = next to the input)")
    return figure


def _panel(axes: Axes, table: pd.DataFrame, column: str, theory: str) -> None:
    for arm, marker in ARMS.items():
        one = table[table["arm"] == arm]
        predicted = one.groupby("layer")[theory].median()
        marks.theory(axes, predicted.index, predicted)
        marks.points(axes, one, "layer", column, "sigmoid", marker=marker)
    marks.depth_ticks(axes, int(table["layer"].max()))
