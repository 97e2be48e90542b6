"""With batch normalisation ReLU's gradient grows by a factor of {growth_large} a layer, and more in small batches.

RMS of ∂L/∂h at the layers of ReLU networks with fifty layers and He’s weights, before training, over that at the last
layer; normalised before each activation, on batches of 256 and of 8 digits, and without. A mark is the median of the
seeds, the bar behind it spans them all. Dashed: theory for that batch; nothing is fitted.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "batch_norm_growth"
title = "Gradient by layer with batch normalisation and without"
alt = (
    "Fifty ReLU layers before training, logarithmic scale. Without normalisation the gradient stays about level. With "
    "it the gradient grows in a straight line from the last layer to the first, by a factor of {growth_large} a layer "
    "on 256 digits and {growth_small} on 8, up to {exploded} at the first layer. The dashed theory lines run through "
    "the marks."
)
arm = "arm"

NONE = "no normalisation"

SIGNS = {(NONE, 256): ("relu", "^"), ("before", 256): ("batchnorm", "D"), ("before", 8): ("batchnorm", "v")}
"""How each arm and batch is drawn."""


def _growth(tables: Tables, arm: str, batch: int) -> pd.Series:
    growth = tables["growth"]
    return pd.Series(growth[(growth["arm"] == arm) & (growth["batch"] == batch)].iloc[0])


def _exploded(tables: Tables) -> float:
    """How many times the last layer's gradient the first one gets, on the large batch."""
    layers = tables["layers"]
    first = layers[(layers["layer"] == 1) & (layers["arm"] == "before") & (layers["batch"] == layers["batch"].max())]
    return float(first["relative_gradient"].iloc[0])


def _off_theory(run: Run) -> float:
    growth = run.tables["growth"]
    medians = growth[growth["arm"] == "before"].groupby("batch")[["growth", "theory"]].median()
    return float((medians["growth"] / medians["theory"] - 1).abs().max())


def _decades(tables: Tables, arm: str) -> float:
    return float(tables["sigmoid"].set_index("arm")["decades"].loc[arm])


claims = {
    "growth_large": Claim(
        text="{:.2f}", value=lambda tables: _growth(tables, "before", 256)["growth"], at_least=1.17, at_most=1.25
    ),
    "growth_small": Claim(
        text="{:.2f}", value=lambda tables: _growth(tables, "before", 8)["growth"], at_least=1.25, at_most=1.45
    ),
    "off_theory": Claim(
        text="{:.1%}",
        value_of_run=_off_theory,
        at_most=0.03,
        counterfeit=lambda table: table.assign(theory=1.0) if "theory" in table else table,
    ),
    "exploded": Claim(text="{:,.0f} times", value=_exploded, at_least=2000, at_most=60000),
    "growth_without": Claim(
        text="{:.2f}", value=lambda tables: _growth(tables, NONE, 256)["growth"], at_least=0.9, at_most=1.1
    ),
    "sigmoid_without": Claim(
        text="{:.1f} decades", value=lambda tables: _decades(tables, NONE), at_least=11, at_most=13
    ),
    "sigmoid_before": Claim(
        text="{:.1f} decades", value=lambda tables: -_decades(tables, "before"), at_least=0.05, at_most=1
    ),
    "sigmoid_after": Claim(
        text="{:.1f} decades", value=lambda tables: -_decades(tables, "after"), at_least=0.05, at_most=1
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=300)
    table = run.tables["layers"]
    table = table[table["layer"].isin([1, *range(5, int(table["layer"].max()) + 1, 5)])]
    table = table.assign(decades=np.log10(table["relative_gradient"]), predicted=np.log10(table["theory"]))
    for (arm, batch), (meaning, marker) in SIGNS.items():
        one = table[(table["arm"] == arm) & (table["batch"] == batch)]
        predicted = one.groupby("layer")["predicted"].median()
        marks.theory(axes, predicted.index, predicted)
        marks.points(axes, one, "layer", "decades", meaning, marker=marker)
    marks.label(axes, 12, 5.05, "normalised, 8 digits", "batchnorm", side="right")
    marks.label(axes, 0.5, 1.4, "normalised, 256 digits", "batchnorm", side="right")
    marks.label(axes, 20, -0.25, "without", "relu", side="below")
    marks.label(axes, 29, 4.2, "theory, dashed", side="right")
    marks.depth_ticks(axes, int(run.tables["layers"]["layer"].max()))
    axes.set_ylim(-1.2, 7)
    marks.describe(axes, y="∂L/∂h, decades relative to the last layer", x="layer (1 = next to the input)")
    return figure
