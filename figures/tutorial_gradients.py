"""The repaired plot, and the tutorial’s exercise: Glorot’s weights cost sigmoid {sigmoid_glorot}, not {sigmoid_normal}.

RMS of ∂L/∂W by layer before the first step, relative to the output layer: the tutorial’s networks of four hidden layers
of five units, on two rings of points; the median of ten networks a seed. Left: weights drawn as in the tutorial,
from a standard normal distribution. Right: Glorot’s. Marks are medians, bars span the seeds.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "tutorial_gradients"
title = "Gradient of the weights by layer, in the networks of a tutorial"
alt = (
    "Two panels over five layers. With the tutorial’s weights sigmoid falls by {sigmoid_normal} from the output back "
    "to the first layer, tanh and ReLU by {tanh_normal} and {relu_normal}. With Glorot’s weights sigmoid falls by "
    "{sigmoid_glorot}, tanh and ReLU by {tanh_glorot} and {relu_glorot}."
)
arm = "arm"

MEANINGS = {"sigmoid": "sigmoid", "tanh": "tanh", "ReLU": "relu"}
PLACES = {"sigmoid": (2.8, -2.7), "tanh": (1.7, 0.2), "ReLU": (1.7, -1)}


def _lost(arm: str) -> Callable[[pd.DataFrame], float]:
    """Decades between the output layer's gradient and the first layer's."""

    def of(table: pd.DataFrame) -> float:
        one = table[table["arm"] == arm].sort_values("layer")["relative_gradient"]
        return float(-np.log10(one.iloc[0]))

    return of


def _size(arm: str) -> Callable[[pd.DataFrame], float]:
    return lambda table: abs(_lost(arm)(table))


claims = {
    "sigmoid_normal": Claim(text="{:.1f} decades", value=_lost("sigmoid, normal"), at_least=2, at_most=3.5),
    "sigmoid_glorot": Claim(text="{:.1f} decades", value=_lost("sigmoid, Glorot"), at_least=3.3),
    "tanh_normal": Claim(text="{:.1f} decades", value=_size("tanh, normal"), at_most=1.2),
    "relu_normal": Claim(text="{:.1f} decades", value=_size("ReLU, normal"), at_most=1.2),
    "tanh_glorot": Claim(text="{:.1f} decades", value=_size("tanh, Glorot"), at_most=1),
    "relu_glorot": Claim(text="{:.1f} decades", value=_size("ReLU, Glorot"), at_most=1),
}


def draw(run: Run) -> Figure:
    figure, normal, glorot = marks.panels(2, share_y=True)
    _panel(normal, run.table, "normal")
    _panel(glorot, run.table, "Glorot")
    marks.describe(normal, name="The tutorial’s weights", y="∂L/∂W, decades relative to the output",
                   x="layer (1 = next to the input)")  # fmt: skip
    marks.describe(glorot, name="Glorot’s weights", y="∂L/∂W, decades relative to the output",
                   x="layer (1 = next to the input)")  # fmt: skip
    return figure


def _panel(axes: Axes, table: pd.DataFrame, weights: str) -> None:
    table = table.assign(decades=np.log10(table["relative_gradient"]))
    for name, meaning in MEANINGS.items():
        one = table[table["arm"] == f"{name}, {weights}"]
        if len(one):
            marks.line(axes, one, "layer", "decades", meaning)
            marks.label(axes, *PLACES[name], name, meaning, side="on")
    marks.depth_ticks(axes, int(table["layer"].max()))
