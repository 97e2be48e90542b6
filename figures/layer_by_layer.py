"""Twenty sigmoid layers guess when trained at once. Built one by one they reach {built}, and the gradient is back.

Left: digits right after each layer's own training, by Adam and by gradient descent (SGD); the diamond is the network
that was trained at once. Right: what is left of the gradient, for random weights, for pretrained ones, and for the
pretrained ones with the entries of each matrix shuffled.
"""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, decades
from vgcore.press import marks

experiment = "layer_by_layer"
title = "Accuracy of the growing network, and the gradient before and after pretraining"
alt = (
    "Left: built layer by layer with Adam, the network begins at {first} with one layer and ends at {built} with "
    "twenty. By gradient descent it falls to {descent} with the fourth. Trained at once it stays at {at_once}. Right: "
    "with random weights the first layer gets {random} less of the gradient than the last, with pretrained weights "
    "{pretrained} more, with the same weights shuffled {shuffled} less."
)
arm = "arm"


def _own(tables: Tables, arm: str) -> pd.DataFrame:
    table = tables["training"]
    return table[table["arm"] == arm].sort_values("passes")


def _tower(tables: Tables, arm: str = "layer by layer") -> pd.Series:
    """Accuracy after each layer's own training, by layer."""
    own = _own(tables, arm)
    return pd.Series(own[own["epoch"] == 0].set_index("layer")["test_accuracy"])


def _as_good(tables: Tables) -> pd.Series:
    """The residual network when it first does as well as the pretraining ends."""
    residual = _own(tables, "residual")
    return pd.Series(residual[residual["test_accuracy"] >= _tower(tables).iloc[-1]].iloc[0])


def _dearer(tables: Tables) -> float:
    """Work of the pretraining over what the residual network needs to do as well."""
    tower = _own(tables, "layer by layer")
    return float(tower[tower["epoch"] == 0]["passes"].max() / _as_good(tables)["passes"])


def _lost(tables: Tables, weights: str) -> float:
    table = tables["gradients"]
    gradient = table[table["weights"] == weights].set_index("layer")["gradient"].sort_index()
    return decades(gradient.iloc[-1], gradient.iloc[0])


claims = {
    "at_once": Claim(
        text="{:.0%}", value=lambda tables: float(_own(tables, "at once")["test_accuracy"].max()), at_most=0.2
    ),
    "first": Claim(text="{:.0%}", value=lambda tables: float(_tower(tables).iloc[0]), at_least=0.9),
    "built": Claim(text="{:.0%}", value=lambda tables: float(_tower(tables).iloc[-1]), at_least=0.8),
    "tuned": Claim(
        text="{:.0%}",
        value=lambda tables: float(_own(tables, "layer by layer")["test_accuracy"].iloc[-1]),
        at_least=0.85,
    ),
    "dearer": Claim(text="{:.0f} times", value=_dearer, at_least=2),
    "lost": Claim(
        text="{:.1f} points",
        value=lambda tables: (
            100 * float(_tower(tables).iloc[0] - _own(tables, "layer by layer")["test_accuracy"].iloc[-1])
        ),
        at_least=-3,
        counterfeit=lambda table: table.assign(test_accuracy=table["passes"]) if "passes" in table else table,
    ),
    "descent": Claim(
        text="{:.0%}", value=lambda tables: float(_tower(tables, "gradient descent").iloc[-1]), at_most=0.3
    ),
    "random": Claim(text="{:.0f} decades", value=lambda tables: _lost(tables, "random"), at_least=11, at_most=13),
    "pretrained": Claim(
        text="{:.1f} decades",
        value=lambda tables: -_lost(tables, "pretrained"),
        at_least=-1,
        at_most=2,
        counterfeit=lambda table: table.assign(gradient=10.0 ** table["layer"]) if "gradient" in table else table,
    ),
    "shuffled": Claim(text="{:.0f} decades", value=lambda tables: _lost(tables, "shuffled"), at_least=3, at_most=12),
}


def draw(run: Run) -> Figure:
    figure, growing, layers = marks.panels(2)
    _growing(growing, run.tables["training"])
    _layers(layers, run.tables["gradients"])
    return figure


def _growing(axes: Axes, table: pd.DataFrame) -> None:
    own = table[table["epoch"] == 0]
    for arm, meaning in {"layer by layer": "healthy", "gradient descent": "broken"}.items():
        marks.line(axes, own[own["arm"] == arm], "layer", "test_accuracy", meaning)
    at_once = table[(table["arm"] == "at once") & (table["epoch"] == table["epoch"].max())]
    marks.points(axes, at_once, "layer", "test_accuracy", "broken", marker="D")
    axes.set_ylim(0, 1.05)
    marks.depth_ticks(axes, int(table["layer"].max()))
    marks.label(axes, 10, 0.84, "layer by layer, Adam", "healthy", side="on")
    marks.label(axes, 4, 0.36, "layer by layer, SGD", "broken", side="right")
    marks.label(axes, 19.5, 0.17, "at once", "broken", side="left")
    marks.describe(axes, y="Share of digits right", x="layer that was trained last")


def _layers(axes: Axes, table: pd.DataFrame) -> None:
    for weights, meaning in {"random": "broken", "pretrained": "healthy", "shuffled": "ink"}.items():
        marks.points(axes, table[table["weights"] == weights], "layer", "gradient", meaning)
    axes.set_ylim(1e-13, 1e3)
    marks.logarithmic(axes)
    marks.depth_ticks(axes, int(table["layer"].max()))
    marks.label(axes, 11, 30, "pretrained", "healthy", side="on")
    marks.label(axes, 6, 1e-3, "shuffled", "ink", side="on")
    marks.label(axes, 10, 1e-11, "random", "broken", side="on")
    marks.describe(axes, y="Gradient ∂L/∂h over the last layer’s (ratio)", x="layer (1 = next to the input)")
