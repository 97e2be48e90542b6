"""Weights twice He's multiply the gradient by {factor} a layer: at the first of twenty it is {decades} larger.

RMS of ∂L/∂h at each layer before training, on handwritten digits. Weights × 1 is He's initialisation for ReLU and
Glorot's for tanh. A mark is the median of the seeds, the bar behind it spans them all. Dashed: theory, nothing fitted.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "weight_gain"
title = "Gradient by layer when the initial weights are too large"
alt = (
    "Two panels, twenty layers each, before training. From layer 20 back to layer 1 the gradient grows in straight "
    "lines on a logarithmic scale. ReLU with twice He's weights gains {decades}; with He's own it stays within "
    "{he_factor}. Tanh with weights four times Glorot's gains {tanh_decades}, by {tanh_factor} a layer instead of 4."
)
arm = "network"


def _relative(table: pd.DataFrame, network: str) -> pd.Series:
    """The gradient by layer, relative to the last one."""
    return table[table["network"] == network].set_index("layer")["relative_gradient"].sort_index()


def _decades(table: pd.DataFrame, network: str) -> float:
    return float(np.log10(_relative(table, network).iloc[0]))


def _factor(table: pd.DataFrame, network: str) -> float:
    """The geometric mean of what one layer multiplies the gradient by."""
    return float(10 ** (_decades(table, network) / (len(_relative(table, network)) - 1)))


def _off_theory(run: Run) -> float:
    """Largest distance of a mark from its theory line, in decades."""
    medians = run.table.groupby(["network", "layer"])[["relative_gradient", "theory"]].median()
    return float(np.abs(np.log10(medians["relative_gradient"] / medians["theory"])).max())


claims = {
    "factor": Claim(text="{:.2f}", value=lambda table: _factor(table, "relu x 2"), at_least=1.9, at_most=2.15),
    "decades": Claim(text="{:.1f} decades", value=lambda table: _decades(table, "relu x 2"), at_least=5.3, at_most=6.3),
    "he_factor": Claim(
        text="a factor of {:.1f}", value=lambda table: 10 ** abs(_decades(table, "relu x 1")), at_most=4
    ),
    "tanh_factor": Claim(text="{:.2f}", value=lambda table: _factor(table, "tanh x 4"), at_least=1.5, at_most=1.6),
    "tanh_decades": Claim(
        text="{:.1f} decades", value=lambda table: _decades(table, "tanh x 4"), at_least=3.2, at_most=4
    ),
    "off_theory": Claim(
        text="{:.2f} decades",
        value_of_run=_off_theory,
        at_most=0.3,
        counterfeit=lambda table: table.assign(theory=1.0),
    ),
}


def draw(run: Run) -> Figure:
    figure, relu, tanh = marks.panels(2, share_y=True)
    _panel(relu, run.table, "relu", {1.0: (10, -1.1), 1.5: (5.5, 1.1), 2.0: (9.5, 4.8)})
    _panel(tanh, run.table, "tanh", {1.5: (10, -1.1), 2.0: (3.2, 2.1), 4.0: (9.5, 3.6)})
    marks.label(tanh, 14.5, 5.3, "theory, dashed", side="on")
    marks.describe(relu, name="ReLU, He’s weights × …", y="∂L/∂h, decades relative to the last layer",
                   x="layer (1 = next to the input)")  # fmt: skip
    marks.describe(tanh, name="tanh, Glorot’s weights × …", y="∂L/∂h, decades relative to the last layer",
                   x="layer (1 = next to the input)")  # fmt: skip
    return figure


def _panel(axes: Axes, table: pd.DataFrame, activation: str, places: dict[float, tuple[float, float]]) -> None:
    table = table[table["activation"] == activation]
    table = table.assign(decades=np.log10(table["relative_gradient"]), predicted=np.log10(table["theory"]))
    for gain, place in places.items():
        one = table[table["gain"] == gain]
        predicted = one.groupby("layer")["predicted"].median()
        marks.theory(axes, predicted.index, predicted)
        marks.points(axes, one, "layer", "decades", activation)
        marks.label(axes, *place, f"× {gain:g}", activation, side="on")
    marks.depth_ticks(axes, int(table["layer"].max()))
    axes.set_ylim(-2, 7)
    axes.set_yticks([0, 2, 4, 6])
