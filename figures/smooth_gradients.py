"""A hundred Swish layers lose {swish_lost} of gradient, GELU layers {gelu_lost}. With SELU it grows by {selu_grown}.

∂L/∂h by layer before training, in decades relative to the last of 100 hidden layers of 128 units, each activation with
the weights that are recommended for it. Marks are medians, bars span the seeds; dashed is theory, nothing is fitted.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, in_the_median
from vgcore.press import marks

experiment = ("smooth_activations", "dense_activations", "fix_costs")
title = "Gradient by layer in a hundred layers of ELU, SELU, Swish and GELU"
alt = (
    "Four series from the last layer, at the right, back to the first. SELU rises slowly to {selu_grown}. ELU stays "
    "nearly level and loses {elu_lost}, most of it in the first layers. Swish and GELU fall along the same straight "
    "line, by {swish_lost} and {gelu_lost}; in the first twenty layers GELU falls no further, and its seeds part."
)
arm = "arm"

SIGNS = {"SELU, LeCun": "D", "ELU, LeCun": "o", "GELU, He": "s", "Swish, He": "^"}


def _decades(arm: str) -> Callable[..., float]:
    """By how much the gradient has changed at the first layer."""

    def of(smooth: Tables, *_: object) -> float:
        table = smooth["gradient"]
        first = table[(table["arm"] == arm) & (table["layer"] == 1)]["relative_gradient"].iloc[0]
        return float(np.log10(first))

    return of


def _deep(smooth: Run, *arms: str) -> pd.Series:
    """Accuracy of the networks of fifty layers, of all seeds."""
    table = smooth.tables["training"]
    return pd.Series(table[table["arm"].isin(arms)]["test_accuracy"])


def _all_learn(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit in which every network learns."""
    return table.assign(test_accuracy=0.9) if "test_accuracy" in table else table


def _twenty(arm: str) -> Callable[..., float]:
    """Accuracy of the networks of twenty layers, at the last epoch."""

    def of(*tables: Any) -> float:
        curves = tables[1]["accuracy"]
        return float(curves[curves["arm"] == arm].set_index("epoch")["test_accuracy"].sort_index().iloc[-1])

    return of


def _kept(arm: str) -> Callable[..., float]:
    def of(*tables: Any) -> float:
        costs = tables[-1]
        return float(costs[costs["base"] == "dense"].set_index("arm")["kept_bytes"].loc[arm])

    return of


claims = {
    "swish_lost": Claim(text="{:.0f} decades", value=lambda *t: -_decades("Swish, He")(*t), at_least=13),
    "gelu_lost": Claim(text="{:.0f}", value=lambda *t: -_decades("GELU, He")(*t), at_least=6),
    "selu_grown": Claim(
        text="a factor of {:.0f}", value=lambda *t: float(10 ** _decades("SELU, LeCun")(*t)), at_least=10, at_most=100
    ),
    "elu_lost": Claim(text="{:.1f} decades", value=lambda *t: -_decades("ELU, LeCun")(*t), at_least=1, at_most=2.2),
    "selu_twenty": Claim(text="{:.0%}", value_of_run=in_the_median(_twenty("SELU")), at_least=0.9),
    "elu_twenty": Claim(text="{:.0%}", value_of_run=in_the_median(_twenty("ELU")), at_least=0.85),
    "gelu_twenty": Claim(text="{:.0%}", value_of_run=in_the_median(_twenty("GELU")), at_least=0.4, at_most=0.95),
    "swish_twenty": Claim(text="{:.0%}", value_of_run=in_the_median(_twenty("Swish")), at_most=0.7),
    # Single networks differ: from a fifth to two thirds of the digits.
    "deep_learning": Claim(
        text="{:.0%}", value_of_run=lambda smooth, *_: _deep(smooth, "ELU, LeCun", "SELU, LeCun").median(), at_least=0.3
    ),
    "deep_guessing": Claim(
        text="{:.0%}",
        value_of_run=lambda smooth, *_: _deep(smooth, "GELU, He", "Swish, He").median(),
        at_most=0.15,
        counterfeit=_all_learn,
    ),
    "swish_kept": Claim(text="× {:.1f}", value=_kept("Swish"), at_least=1.8, at_most=2.2),
    "gelu_kept": Claim(text="× {:.1f}", value=_kept("GELU"), at_least=3.5),
}


def draw(smooth: Run, *_: Run) -> Figure:
    figure, axes = marks.panels(height=300)
    table = smooth.tables["gradient"]
    table = table.assign(decades=np.log10(table["relative_gradient"]), predicted=np.log10(table["theory"]))
    depth = int(table["layer"].max())
    for arm, marker in SIGNS.items():
        one = table[table["arm"] == arm]
        predicted = one.groupby("layer")["predicted"].median()
        marks.theory(axes, predicted.index, predicted)
        marks.points(axes, one[(one["layer"] - 1) % 9 == 0], "layer", "decades", "selu", marker=marker)
    marks.depth_ticks(axes, depth)
    marks.label(axes, 20, 2.6, "SELU", "selu", side="on")
    marks.label(axes, 20, -2.8, "ELU", "selu", side="on")
    marks.label(axes, 7, -8.2, "GELU", "selu", side="on")
    marks.label(axes, 26, -14.6, "Swish", "selu", side="on")
    marks.describe(axes, y="∂L/∂h, decades relative to the last layer", x="layer (1 = next to the input)")
    return figure
