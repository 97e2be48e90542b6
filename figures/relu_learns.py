"""Twenty sigmoid layers stay at {sigmoid}. With ReLU and He's weights they reach {relu}, with Keras's own {default}.

Left: what is left of ∂L/∂h in each layer before training, relative to the last hidden layer; the dashes are theory.
Right: accuracy on new digits by epoch, with the same plain gradient descent. Bars span the seeds.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = ("activation_pairs", "dense_activations", "fix_costs")
title = "Gradient by layer and accuracy by epoch, for sigmoid and ReLU"
alt = (
    "Left: towards the input the gradient of the sigmoid network falls by {sigmoid_lost}, that of ReLU with Keras's "
    "weights by {default_lost}, and that of ReLU with He's weights by hardly anything. Right: after sixteen epochs "
    "ReLU with He's weights gets {relu} of new digits right, with Keras's weights {default}, and the sigmoid network "
    "{sigmoid}."
)
arm = "arm"

SIGMOID, RELU, DEFAULT = "none", "ReLU", "ReLU, Keras's weights"
SIGNS = {SIGMOID: ("sigmoid", "o"), DEFAULT: ("relu", "v"), RELU: ("relu", "^")}
PAIRS = {"sigmoid, Glorot": SIGMOID, "ReLU, Glorot": DEFAULT, "ReLU, He": RELU}


def _accuracy(arm: str) -> Callable[..., float]:
    def of(*tables: Any) -> float:
        curves = tables[1]["accuracy"]
        return float(curves[curves["arm"] == arm].set_index("epoch")["test_accuracy"].sort_index().iloc[-1])

    return of


def _accuracies_of(arm: str, *runs: Run) -> pd.Series:
    """Accuracy at the last epoch, of all seeds."""
    table = runs[1].tables["accuracy"]
    return pd.Series(table[(table["arm"] == arm) & (table["epoch"] == table["epoch"].max())]["test_accuracy"])


def _decades(arm: str) -> Callable[..., float]:
    return lambda *tables: float(tables[1]["gradient"].set_index("arm")["decades"].loc[arm])


def _cost(column: str) -> Callable[..., float]:
    def of(*tables: Any) -> float:
        costs = tables[-1]
        return float(costs[costs["base"] == "dense"].set_index("arm")[column].loc[RELU])

    return of


claims = {
    "sigmoid": Claim(text="{:.0%}", value=_accuracy(SIGMOID), at_most=0.2),
    # On the way single networks stumble, even in the last epoch.
    "relu": Claim(text="{:.0%}", value_of_run=lambda *runs: _accuracies_of(RELU, *runs).median(), at_least=0.75),
    "default": Claim(text="{:.0%}", value=_accuracy(DEFAULT), at_most=0.5),
    "sigmoid_lost": Claim(text="{:.0f} decades", value=_decades(SIGMOID), at_least=11, at_most=13),
    "default_lost": Claim(text="{:.1f} decades", value=_decades(DEFAULT), at_least=2, at_most=3.6),
    "kept": Claim(text="× {:.2f}", value=_cost("kept_bytes"), at_least=0.99, at_most=1.01),
    "relu_changed": Claim(text="{:.1f} decades", value=lambda *tables: abs(_decades(RELU)(*tables)), at_most=1),
}


def draw(pairs: Run, dense: Run, *_: Run) -> Figure:
    figure, gradient, accuracy = marks.panels(2)
    _gradient(gradient, pairs.table)
    _accuracies(accuracy, dense.tables["accuracy"])
    return figure


def _gradient(axes: Axes, table: pd.DataFrame) -> None:
    for pair, arm in PAIRS.items():
        one = table[table["pair"] == pair]
        one = one.assign(decades=np.log10(one["relative_gradient"]), predicted=np.log10(one["theory"]))
        predicted = one.groupby("layer")["predicted"].median()
        marks.theory(axes, predicted.index, predicted)
        marks.points(axes, one, "layer", "decades", SIGNS[arm][0], marker=SIGNS[arm][1])
    marks.depth_ticks(axes, int(table["layer"].max()))
    marks.label(axes, 13, -6.5, "sigmoid", "sigmoid", side="on")
    marks.label(axes, 7, 1, "ReLU, He", "relu", side="on")
    marks.label(axes, 4, -4, "ReLU, Keras", "relu", side="on")
    marks.describe(axes, y="∂L/∂h, decades relative to the last layer", x="layer (1 = next to the input)")


def _accuracies(axes: Axes, table: pd.DataFrame) -> None:
    for arm, (meaning, marker) in SIGNS.items():
        marks.line(axes, table[table["arm"] == arm], "epoch", "test_accuracy", meaning, marker=marker)
    axes.set_xlim(-0.5, 21.5)
    axes.set_xticks([0, 5, 10, 15])
    axes.set_ylim(0, 1.05)
    marks.label(axes, 6, 0.9, "ReLU, He", "relu", side="on")
    marks.label(axes, 10.8, 0.35, "ReLU, Keras", "relu", side="on")
    marks.label(axes, 16, 0.1, "sigmoid", "sigmoid", side="right")
    marks.describe(axes, y="Share of digits right", x="epoch")
