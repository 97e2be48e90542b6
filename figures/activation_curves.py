"""Sigmoid and tanh are flat at both ends, ReLU and its relatives at one end at most.

Of each pair the first panel shows what a unit passes on for an input z, the second its slope there, which is the factor
that it puts on a gradient. Below zero Leaky ReLU has the slope of Keras's layer.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore import theory
from vgcore.press import marks

experiment = None
title = "Activation functions and their slopes"
alt = (
    "Three pairs of panels, the function and its slope. Sigmoid and tanh level off on both sides; their slopes are "
    "bells with peaks of a quarter and of one. ReLU and Leaky ReLU are straight lines with a bend at zero; their "
    "slopes are one above zero and nought or a little below. ELU, SELU, Swish and GELU are curved below zero; all "
    "their slopes approach one, SELU's a little more, for large inputs and zero for large negative ones."
)
arm = ""
claims: dict[str, object] = {}

NAMES = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU", "leaky_relu": "Leaky ReLU", "selu": "SELU", "elu": "ELU",
         "swish": "Swish, GELU"}  # fmt: skip
HUES = {"leaky_relu": "relu", "elu": "selu", "swish": "selu", "gelu": "selu"}
PANELS: dict[str, tuple[str, ...]] = {
    "flat at both ends": ("sigmoid", "tanh"),
    "straight above zero": ("relu", "leaky_relu"),
    "curved below zero": ("selu", "elu", "swish", "gelu"),
}
PLACES = {  # of the names, beside the function and beside its slope
    "sigmoid": ((-3, 0.65), (3.1, 0.42)), "tanh": ((-3, -1.6), (2, 0.8)),
    "relu": ((-3, 0.6), (-2, -0.25)), "leaky_relu": ((-1.2, -1.25), (-2, 0.6)),
    "selu": ((-3, -2.2), (-2, 1.4)), "elu": ((-3.2, -0.55), (-2.9, 0.55)), "swish": ((-2.6, 0.55), (2.7, 0.55)),
}  # fmt: skip


def draw() -> Figure:
    figure, *panels = marks.panels(6, columns=2, height=215)
    for row, (name, activations) in enumerate(PANELS.items()):
        functions, slopes = panels[2 * row], panels[2 * row + 1]
        for activation in activations:
            _curve(functions, activation, 0)
            _curve(slopes, activation, 1)
        functions.set_ylim(-2.6, 1.7)
        slopes.set_ylim(-0.45, 1.9)
        marks.describe(functions, name=name, y="Output f(z), a ratio", x="input z (a ratio, no unit)")
        marks.describe(slopes, name="their slopes", y="Slope f′(z), a factor", x="input z (a ratio, no unit)")
    return figure


def _curve(axes: Axes, activation: str, order: int) -> None:
    """The function itself, or its slope as order 1."""
    z = np.concatenate([np.linspace(-4, -1e-9, 24), np.linspace(1e-9, 4, 24)])
    hue = HUES.get(activation, activation)
    axes.plot(z, theory.ACTIVATIONS[activation][order](z), color=hue)
    axes.set_xticks([-4, -2, 0, 2, 4])
    if activation in PLACES:
        marks.label(axes, *PLACES[activation][order], NAMES[activation], hue, side="on")
