"""A hundred ReLU layers change the gradient by {relu_decades}; two digits arrive with a cosine of {relu_cosine}.

A hundred hidden layers of 100 units, ReLU with He’s weights and SELU with LeCun’s, before training, on handwritten
digits. Left: RMS of ∂L/∂h in decades relative to the last layer. Right: cosine between two digits, median over 64
pairs. Marks are medians, bars span the seeds; dashed is theory, nothing is fitted.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, in_the_median
from vgcore.press import marks

experiment = "hundred_layers"
title = "Gradient and cosine between inputs in a hundred layers of ReLU and of SELU"
alt = (
    "Two panels over a hundred layers. Left: back from the last layer ReLU’s gradient changes by {relu_decades} in "
    "the median network, by {relu_worst} at most; SELU’s grows by {selu_grown}. Right: with ReLU the cosine between "
    "two digits climbs to {relu_cosine}, with SELU it is {selu_cosine} at the end."
)
arm = "arm"

MEANINGS = {"ReLU": "relu", "SELU": "selu"}


def _layer(table: pd.DataFrame, arm: str, column: str, place: int) -> float:
    return float(table[table["arm"] == arm].sort_values("layer")[column].iloc[place])


def _decades(arm: str) -> Callable[[pd.DataFrame], float]:
    """By how much the gradient has grown at the first layer; negative where it has shrunk."""
    return lambda table: float(np.log10(_layer(table, arm, "relative_gradient", 0)))


def _cosine(arm: str) -> Callable[[pd.DataFrame], float]:
    return lambda table: _layer(table, arm, "cosine", -1)


def _worst(run: Run) -> float:
    """Decades by which the gradient of the ReLU network that strays farthest has changed."""
    return max(abs(_decades("ReLU")(table)) for _, table in run.table.groupby("seed"))


def _vanished(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit in which no gradient arrives."""
    return table.assign(relative_gradient=10.0 ** (table["layer"] - table["layer"].max()))


claims = {
    "relu_decades": Claim(
        text="{:.1f} decades",
        value_of_run=in_the_median(lambda table: abs(_decades("ReLU")(table))),
        at_most=1.2,
        counterfeit=_vanished,
    ),
    "relu_worst": Claim(text="{:.1f} decades", value_of_run=_worst, at_most=2.5, counterfeit=_vanished),
    "selu_grown": Claim(
        text="a factor of {:.0f}",
        value_of_run=in_the_median(lambda table: 10 ** _decades("SELU")(table)),
        at_least=10,
        at_most=100,
    ),
    "relu_cosine": Claim(text="{:.3f}", value=_cosine("ReLU"), at_least=0.98),
    "selu_cosine": Claim(text="{:.2f}", value_of_run=in_the_median(_cosine("SELU")), at_most=0.5),
}


def draw(run: Run) -> Figure:
    figure, gradient, cosine = marks.panels(2)
    table = run.table
    depth = int(table["layer"].max())
    table = table.assign(decades=np.log10(table["relative_gradient"]), predicted=np.log10(table["theory"]))
    for arm, meaning in MEANINGS.items():
        one = table[table["arm"] == arm]
        predicted = one.groupby("layer")["predicted"].median()
        marks.theory(gradient, predicted.index, predicted)
        shown = one[(one["layer"] - 1) % 11 == 0]
        marks.points(gradient, shown, "layer", "decades", meaning)
        marks.line(cosine, shown, "layer", "cosine", meaning)
    for axes in (gradient, cosine):
        marks.depth_ticks(axes, depth)
    gradient.set_ylim(-1.2, 2.1)
    cosine.set_ylim(-0.15, 1.2)
    cosine.set_yticks([0, 0.5, 1])
    marks.label(gradient, 50, 1.5, "SELU", "selu", side="on")
    marks.label(gradient, 50, -0.85, "ReLU", "relu", side="on")
    marks.label(cosine, 60, 1.1, "ReLU", "relu", side="on")
    marks.label(cosine, 76, 0.58, "SELU", "selu", side="on")
    marks.describe(gradient, y="∂L/∂h, decades relative to the last layer", x="layer (1 = next to the input)")
    marks.describe(cosine, y="Cosine between two digits, ratio", x="layer (1 = next to the input)")
    return figure
