"""Saturation alone does not stop a gradient: with {large_saturated} of its units' outputs flat, a network learns.

Three tanh networks of five layers after training on handwritten digits: the share of outputs at which tanh's slope is
below a sixteenth, and ∂L/∂h relative to the last layer. Marks are medians, bars span the seeds.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "saturated_network"
title = "Saturated outputs and gradient by layer, for three trained tanh networks"
alt = (
    "Left: the share of saturated outputs by layer after training. It is small with Keras's defaults, about "
    "{large_saturated} in all layers with weights three times as large, and reaches {fast_saturated} in the last layer "
    "with ten times the learning rate. Right: with large weights the gradient is even {large_gained} larger in the "
    "first layer than in the last; with the high learning rate the middle network loses {fast_lost}."
)
arm = "arm"

DEFAULT, LARGE, FAST = "default", "weights × 3", "rate × 10"
MARKERS = {DEFAULT: "s", LARGE: "D", FAST: "o"}


def _after(tables: Tables, arm: str, column: str) -> pd.Series:
    layers = tables["layers"]
    return layers[(layers["arm"] == arm) & (layers["moment"] == "after")].set_index("layer")[column].sort_index()


def _before(tables: Tables, arm: str) -> float:
    layers = tables["layers"]
    return float(layers[(layers["arm"] == arm) & (layers["moment"] == "before")]["saturated_fraction"].mean())


def _lost(tables: Tables, arm: str) -> float:
    return float(-np.log10(_after(tables, arm, "relative_gradient").iloc[0]))


def _fast_lost(run: Run) -> float:
    """What the middle network loses."""
    after = run.tables["layers"].query("moment == 'after' and layer == 1")
    return float(-np.log10(after.loc[after["arm"] == FAST, "relative_gradient"].median()))


def _training(tables: Tables, arm: str, column: str) -> float:
    training = tables["training"]
    return float(training[training["arm"] == arm][column].iloc[0])


claims = {
    "large_saturated": Claim(
        text="{:.0%}",
        value=lambda tables: float(_after(tables, LARGE, "saturated_fraction").mean()),
        at_least=0.35,
        at_most=0.6,
    ),
    "large_before": Claim(text="{:.0%}", value=lambda tables: _before(tables, LARGE), at_least=0.35, at_most=0.55),
    "large_gained": Claim(text="{:.1f} decades", value=lambda tables: -_lost(tables, LARGE), at_least=0.1, at_most=0.8),
    "large_train": Claim(text="{:.1%}", value=lambda tables: _training(tables, LARGE, "train_accuracy"), at_least=0.97),
    "large_test": Claim(
        text="{:.0%}", value=lambda tables: _training(tables, LARGE, "test_accuracy"), at_least=0.84, at_most=0.95
    ),
    "default_test": Claim(
        text="{:.0%}", value=lambda tables: _training(tables, DEFAULT, "test_accuracy"), at_least=0.95
    ),
    "default_saturated": Claim(
        text="{:.0%}",
        value=lambda tables: float(_after(tables, DEFAULT, "saturated_fraction").iloc[-1]),
        at_most=0.05,
    ),
    "fast_before": Claim(text="{:.0%}", value=lambda tables: _before(tables, FAST), at_most=0.03),
    "fast_saturated": Claim(
        text="{:.0%}", value=lambda tables: float(_after(tables, FAST, "saturated_fraction").iloc[-1]), at_least=0.9
    ),
    # In single networks anything from half a decade to eight.
    "fast_lost": Claim(text="{:.1f} decades", value_of_run=_fast_lost, at_least=2),
    "fast_accuracy": Claim(
        text="{:.0%}", value=lambda tables: _training(tables, FAST, "train_accuracy"), at_least=0.05, at_most=0.25
    ),
    "fast_loss": Claim(text="{:.0f}", value=lambda tables: _training(tables, FAST, "train_loss"), at_least=4),
}


def draw(run: Run) -> Figure:
    figure, saturated, gradient = marks.panels(2)
    layers = run.tables["layers"]
    after = layers[layers["moment"] == "after"]
    after = after.assign(percent=100 * after["saturated_fraction"], decades=np.log10(after["relative_gradient"]))
    for arm, marker in MARKERS.items():
        one = after[after["arm"] == arm]
        marks.line(saturated, one, "layer", "percent", "tanh", marker=marker)
        marks.line(gradient, one, "layer", "decades", "tanh", marker=marker)
    saturated.set_ylim(-4, 104)
    depth = int(after["layer"].max())
    for axes, y in ((saturated, "Saturated outputs, %"), (gradient, "∂L/∂h, decades relative to the last layer")):
        marks.depth_ticks(axes, depth)
        marks.describe(axes, y=y, x="layer (1 = next to the input)")
    marks.label(saturated, 3.4, 92, FAST, "tanh", side="left")
    marks.label(saturated, 4, 38, LARGE, "tanh", side="below")
    marks.label(saturated, 3, 8, DEFAULT, "tanh", side="above")
    marks.label(gradient, 2.2, -2.6, FAST, "tanh", side="on")
    marks.label(gradient, 2.6, -0.9, "the other two", "tanh", side="on")
    return figure
