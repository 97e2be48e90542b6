"""Gaussian weights keep the gradient's mean square and shrink its middle direction by {gaussian_median}.

Singular values of fifty layers at one digit, before training, largest first: by how much each direction is stretched
on its way through. A mark is the median of the seeds, the bar spans them all; dashed is theory for layers without
activations. Values below a millionth of a millionth are not drawn: they are rounding, or exactly zero.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, in_the_median
from vgcore.press import marks

experiment = "jacobian_spectrum"
title = "Singular values after fifty layers, for Gaussian and orthogonal weights"
alt = (
    "Two panels, singular values of fifty layers from the largest to the smallest, logarithmic. Gaussian weights: the "
    "root mean square is {gaussian_rms}, but the values fall steeply, without activations to {gaussian_median} below 1 "
    "in the middle, with tanh further. Orthogonal weights: all are 1 without activations, tanh spreads them over "
    "{tanh_orthogonal_spread}, and ReLU leaves only {relu_orthogonal_alive} of the directions."
)
arm = "weights"

NAMES = {"linear": "ink", "tanh": "tanh", "relu": "relu"}
WORDS = {"linear": "no activation", "tanh": "tanh", "relu": "ReLU"}
LEAST = -12  # decades; what is smaller is not drawn


def _values(table: pd.DataFrame, activation: str, weights: str, layer: int = 0) -> pd.Series:
    """Singular values, largest first, behind the last hidden layer or the one that is named."""
    own = table[(table["activation"] == activation) & (table["weights"] == weights)]
    return own[own["layer"] == (layer or own["layer"].max())].sort_values("rank")["singular_value"]


def _rms(values: pd.Series) -> float:
    return float(np.sqrt((values**2).mean()))


def _decades_below_one(values: pd.Series) -> float:
    return float(-np.log10(values.median()))


def _spread(values: pd.Series) -> float:
    return float(np.log10(values.max() / values.min()))


def _alive(values: pd.Series) -> float:
    """The share of directions that more than rounding gets through of."""
    return float((values > 1e-9 * values.max()).mean())


claims = {
    "gaussian_median": Claim(
        text="{:.1f} decades",
        value=lambda table: _decades_below_one(_values(table, "linear", "Gaussian")),
        at_least=6.5,
        at_most=9,
    ),
    "gaussian_rms": Claim(
        text="{:.2f}", value=lambda table: _rms(_values(table, "linear", "Gaussian")), at_least=0.3, at_most=2.5
    ),
    "tanh_gaussian_median": Claim(
        text="{:.1f} decades",
        value=lambda table: _decades_below_one(_values(table, "tanh", "Gaussian")),
        at_least=7,
    ),
    "tanh_orthogonal_median": Claim(
        text="{:.2f}", value=lambda table: float(_values(table, "tanh", "orthogonal").median()), at_least=0.05
    ),
    "tanh_orthogonal_spread": Claim(
        text="{:.1f} decades", value=lambda table: _spread(_values(table, "tanh", "orthogonal")), at_most=5
    ),
    "relu_orthogonal_alive": Claim(
        text="{:.0%}", value=lambda table: _alive(_values(table, "relu", "orthogonal")), at_most=0.5
    ),
    "one_layer_rms": Claim(
        text="{:.2f}", value=lambda table: _rms(_values(table, "linear", "Gaussian", 1)), at_least=0.95, at_most=1.05
    ),
    "one_layer_median": Claim(
        text="{:.2f}",
        value=lambda table: float(_values(table, "linear", "Gaussian", 1).median()),
        at_least=0.72,
        at_most=0.9,
    ),
    "gaussian_mean": Claim(
        text="{:.2f}",
        value_of_run=in_the_median(lambda table: float(_values(table, "linear", "Gaussian").mean())),
        at_least=0.05,
        at_most=0.4,
    ),
    "one_layer_mean": Claim(
        text="{:.2f}",
        value=lambda table: float(_values(table, "linear", "Gaussian", 1).mean()),
        at_least=0.82,
        at_most=0.88,
    ),
}


def draw(run: Run) -> Figure:
    figure, gaussian, orthogonal = marks.panels(2, share_y=True)
    _panel(gaussian, run.table, "Gaussian", {"linear": (44, -5.6, "right"), "tanh": (40, -8.9, "left"),
                                              "relu": (18, -5.4, "left")})  # fmt: skip
    _panel(orthogonal, run.table, "orthogonal", {"linear": (66, 0, "above"), "tanh": (60, -1.2, "below"),
                                                  "relu": (28, -6.2, "right")})  # fmt: skip
    return figure


def _panel(axes: Axes, table: pd.DataFrame, weights: str, places: dict[str, tuple[float, float, marks.Side]]) -> None:
    own = table[(table["weights"] == weights) & (table["layer"] == table["layer"].max()) & (table["rank"] % 6 == 1)]
    own = own.assign(decades=np.log10(own["singular_value"].clip(lower=1e-99)), percent=100 * own["share"])
    predicted = np.log10(own.groupby("percent")["theory"].median())
    marks.theory(axes, predicted[predicted > LEAST].index, predicted[predicted > LEAST])
    for activation, meaning in NAMES.items():
        kept = own[(own["activation"] == activation) & (own["decades"] > LEAST)]
        marks.points(axes, kept, "percent", "decades", meaning)
        x, y, side = places[activation]
        marks.label(axes, x, y, WORDS[activation], meaning, side=side)
    axes.set_xlim(-3, 103)
    axes.set_ylim(LEAST - 0.6, 2)
    axes.set_yticks([0, -4, -8, -12])
    axes.set_xticks([0, 50, 100], ["0%", "50%", "100%"])
    marks.describe(
        axes, name=f"{weights.capitalize()} weights", y="Singular value, decades", x="share of values that are larger"
    )
