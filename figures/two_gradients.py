"""The gradient of the weights can hide what happens: in a ReLU network it is equally small in every layer.

RMS of ∂L/∂h (what a layer passes on) and of ∂L/∂W (its weights) before training, Keras's defaults, each relative to its
own last layer. A mark is the median of the seeds, the bar behind it spans them all.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "depth_decay"
title = "Gradients of activations and of weights, by layer"
alt = (
    "Two panels. In a sigmoid network of twenty layers both gradients fall towards the input, that of the weights by "
    "{sigmoid_weight_decades}. In a ReLU network the gradient of what the layers pass on falls by "
    "{relu_hidden_decades}, while that of the weights differs by only {relu_weight_decades} from the last layer to the "
    "second."
)
arm = "activation"


def _lost(table: pd.DataFrame, activation: str, column: str) -> float:
    """Decades between the second layer and the last: layer 1 sees the pixels, not what another layer passed on."""
    hidden = table[(table["activation"] == activation) & (table["arm"] == "Keras default")].set_index("layer")[column]
    return float(np.log10(hidden.loc[hidden.index.max()]) - np.log10(hidden.loc[2]))


claims = {
    "sigmoid_weight_decades": Claim(
        text="{:.1f} decades", value=lambda table: _lost(table, "sigmoid", "weight_gradient_rms"), at_least=9
    ),
    "relu_hidden_decades": Claim(
        text="{:.1f} decades", value=lambda table: _lost(table, "relu", "activation_gradient_rms"), at_least=1.5
    ),
    "relu_weight_decades": Claim(
        text="{:.1f} decades", value=lambda table: abs(_lost(table, "relu", "weight_gradient_rms")), at_most=0.5
    ),
}


def draw(run: Run) -> Figure:
    figure, sigmoid, relu = marks.panels(2, share_y=True)
    _panel(sigmoid, run.table, "sigmoid")
    _panel(relu, run.table, "relu")
    marks.label(sigmoid, 13.5, -9.2, "both fall", "sigmoid", side="on")
    marks.label(relu, 10, 1.1, "∂L/∂W", "relu", side="on")
    marks.label(relu, 8, -3.6, "∂L/∂h", "relu", side="on")
    marks.describe(sigmoid, name="sigmoid", y="Decades relative to the last layer", x="layer (1 = next to the input)")
    marks.describe(relu, name="ReLU", y="Decades relative to the last layer", x="layer (1 = next to the input)")
    return figure


def _panel(axes: Axes, table: pd.DataFrame, activation: str) -> None:
    table = table[(table["activation"] == activation) & (table["arm"] == "Keras default")]
    for column, marker in {"activation_gradient_rms": "", "weight_gradient_rms": "s"}.items():
        last = table[table["layer"] == table["layer"].max()].set_index("seed")[column]
        relative = table.assign(decades=np.log10(table[column] / table["seed"].map(last)))
        marks.line(axes, relative, "layer", "decades", activation, marker=marker)
    marks.depth_ticks(axes, int(table["layer"].max()))
    axes.set_ylim(-13, 1.8)
    axes.set_yticks([0, -4, -8, -12])
