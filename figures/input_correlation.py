"""After fifty ReLU layers with He's weights, two different digits point {degrees} apart.

Digits in pairs, before training. Left: the cosine between what the two leave behind in each layer, 1 being the same
direction. Right: how far it falls short of 1, in decades. A mark is the median pair of the median seed, the bar spans
the seeds; dashed is theory for wide networks, nothing is fitted. The tanh network has weights twice as large as
Glorot's.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "input_correlation"
title = "Cosine between two digits, layer by layer"
alt = (
    "Two panels over fifty layers. In sigmoid networks the cosine between two digits reaches 1 within a few layers: "
    "after five it lacks {sigmoid_lacks}. With ReLU and He's weights it creeps up until they lie {degrees} apart. In "
    "tanh networks with large weights it falls to {tanh_cosine}. Marks follow the dashed lines of theory."
)
arm = "network"

NETWORKS = {"sigmoid": "sigmoid", "ReLU": "relu", "tanh": "tanh"}
LEAST = 1e-12  # below this the difference is rounding


def _at(table: pd.DataFrame, network: str, layer: int, column: str = "cosine") -> float:
    return float(table.set_index(["network", "layer"])[column][(network, layer)])


def _last(table: pd.DataFrame, network: str) -> float:
    return _at(table, network, int(table["layer"].max()))


def _off_theory(run: Run) -> float:
    """The largest distance of the seeds' median from theory, in ReLU networks."""
    relu = run.table[run.table["network"] == "ReLU"].groupby("layer")[["cosine", "theory"]].median()
    return float((relu["cosine"] - relu["theory"]).abs().max())


claims = {
    "degrees": Claim(
        text="{:.0f} degrees",
        value=lambda table: float(np.degrees(np.arccos(_last(table, "ReLU")))),
        at_most=15,
    ),
    "start_degrees": Claim(
        text="{:.0f} degrees",
        value=lambda table: float(np.degrees(np.arccos(_at(table, "ReLU", 0)))),
        at_least=55,
        at_most=70,
        counterfeit=lambda table: table.assign(cosine=0.0),
    ),
    "tanh_cosine": Claim(text="{:.2f}", value=lambda table: _last(table, "tanh"), at_most=0.3),
    "sigmoid_lacks": Claim(
        text="a millionth",
        value=lambda table: _at(table, "sigmoid", 5, "difference"),
        at_least=2e-7,
        at_most=5e-6,
    ),
    "off_theory": Claim(text="{:.2f}", value_of_run=_off_theory, at_most=0.08),
}


def draw(run: Run) -> Figure:
    figure, cosine, lacking = marks.panels(2)
    shown = run.table[run.table["layer"].isin([0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 25, 30, 35, 40, 45, 50])]
    for network, meaning in NETWORKS.items():
        own = run.table[run.table["network"] == network].groupby("layer")[["theory", "theory_difference"]].median()
        marks.theory(cosine, own.index, own["theory"])
        marks.points(cosine, shown[shown["network"] == network], "layer", "cosine", meaning)
        if network != "tanh":
            _difference(lacking, own["theory_difference"], shown[shown["network"] == network], meaning)
    cosine.set_ylim(-0.1, 1.15)
    cosine.set_yticks([0, 0.5, 1])
    marks.label(cosine, 12, 0.72, "ReLU, He", "relu")
    marks.label(cosine, 6, 1.06, "sigmoid", "sigmoid")
    marks.label(cosine, 16, 0.22, "tanh, large weights", "tanh")
    marks.label(lacking, 25, -1, "ReLU, He", "relu", side="above")
    marks.label(lacking, 11, -8, "sigmoid", "sigmoid")
    lacking.set_yticks([0, -4, -8, -12])
    marks.describe(cosine, y="Cosine between two digits (a ratio)", x="layer (0 = the digits)")
    marks.describe(lacking, y="1 − cosine, decades", x="layer (0 = the digits)")
    return figure


def _difference(axes: Axes, predicted: pd.Series, table: pd.DataFrame, meaning: str) -> None:
    predicted = predicted[predicted > LEAST]
    marks.theory(axes, predicted.index, np.log10(predicted))
    table = table[table["difference"] > LEAST]
    marks.points(axes, table.assign(decades=np.log10(table["difference"])), "layer", "decades", meaning)
