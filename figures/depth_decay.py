"""A sigmoid layer passes back a quarter of the gradient. Twenty in a row lose {decades_lost}.

RMS of ∂L/∂h at each layer of networks with twenty layers of 64 units, before training, on handwritten digits. A mark is
the median of the seeds, the bar behind it spans them all. Dashed: what theory predicts; nothing is fitted.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "depth_decay"
title = "Gradient by layer, for three activations and two initialisations"
alt = (
    "Twenty layers of width 64 before training. With Keras's defaults the gradient loses {decades_lost} from layer 20 "
    "back to layer 1 with sigmoid, {relu_decades} with ReLU and {tanh_decades} with tanh. With He's initialisation "
    "ReLU stays within {he_factor}, and sigmoid with weights four times as large still loses "
    "{scaled_sigmoid_decades}. The dashed theory lines run through the measured marks."
)
arm = "activation"


def _hidden(table: pd.DataFrame, activation: str, initialisation: str) -> pd.DataFrame:
    """One network, layer 1 first."""
    return table[(table["activation"] == activation) & (table["arm"] == initialisation)].sort_values("layer")


def _decades(table: pd.DataFrame, activation: str, initialisation: str = "Keras default") -> float:
    return float(-np.log10(_hidden(table, activation, initialisation)["relative_gradient"].iloc[0]))


def _factor(table: pd.DataFrame) -> float:
    """The geometric mean of what one sigmoid layer passes back."""
    depth = len(_hidden(table, "sigmoid", "Keras default"))
    return float(10 ** (-_decades(table, "sigmoid") / (depth - 1)))


def _off_theory(run: Run) -> float:
    """Largest distance of a mark of the sigmoid network from its theory line, in decades."""
    hidden = _hidden(run.table, "sigmoid", "Keras default").groupby("layer")[["relative_gradient", "theory"]].median()
    return float(np.abs(np.log10(hidden["relative_gradient"] / hidden["theory"])).max())


def _he_factor(run: Run) -> float:
    """The factor by which He's initialisation misses an unchanged gradient, for the worst seed."""
    first = run.table[run.table["layer"] == 1]
    return float(10 ** np.abs(np.log10(_hidden(first, "relu", "suited")["relative_gradient"])).max())


claims = {
    "decades_lost": Claim(
        text="{:.1f} decades", value=lambda table: _decades(table, "sigmoid"), at_least=11, at_most=13
    ),
    "factor": Claim(text="{:.3f}", value=_factor, at_least=0.22, at_most=0.25),
    "off_theory": Claim(
        text="{:.2f} decades",
        value_of_run=_off_theory,
        at_most=0.3,
        counterfeit=lambda table: table.assign(theory=1.0),
    ),
    "relu_decades": Claim(text="{:.1f} decades", value=lambda table: _decades(table, "relu"), at_least=2, at_most=4),
    "tanh_decades": Claim(text="{:.1f} decades", value=lambda table: _decades(table, "tanh"), at_least=0.3, at_most=1),
    "he_factor": Claim(text="a factor of {:.1f}", value_of_run=_he_factor, at_most=4),
    "scaled_sigmoid_decades": Claim(
        text="{:.1f} decades", value=lambda table: _decades(table, "sigmoid", "suited"), at_least=3, at_most=5
    ),
}


def draw(run: Run) -> Figure:
    figure, defaults, suited = marks.panels(2, share_y=True)
    _panel(defaults, run.table, "Keras default", {"tanh": (5, 0.9), "relu": (4, -3.6), "sigmoid": (7.5, -10.2)})
    _panel(suited, run.table, "suited", {"relu": (4, 0.9), "sigmoid": (6, -4.9)})
    marks.label(defaults, 13.2, -8.6, "theory, dashed", side="on")
    marks.describe(defaults, name="Keras’s defaults", y="∂L/∂h, decades relative to the last layer",
                   x="layer (1 = next to the input)")  # fmt: skip
    marks.describe(suited, name="He for ReLU, weights × 4 for sigmoid", y="∂L/∂h, decades relative to the last layer",
                   x="layer (1 = next to the input)")  # fmt: skip
    return figure


def _panel(axes: Axes, table: pd.DataFrame, initialisation: str, places: dict[str, tuple[float, float]]) -> None:
    names = {"tanh": "tanh", "relu": "ReLU", "sigmoid": "sigmoid"}
    for activation, place in places.items():
        hidden = _hidden(table, activation, initialisation)
        hidden = hidden.assign(decades=np.log10(hidden["relative_gradient"]), predicted=np.log10(hidden["theory"]))
        predicted = hidden.groupby("layer")["predicted"].median()
        marks.theory(axes, predicted.index, predicted)
        marks.points(axes, hidden, "layer", "decades", activation)
        marks.label(axes, *place, names[activation], activation, side="on")
    marks.depth_ticks(axes, int(table["layer"].max()))
    axes.set_ylim(-13, 1.6)
    axes.set_yticks([0, -4, -8, -12])
