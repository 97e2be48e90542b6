"""Silence seven eighths of a network's units. ReLU gets hardly any back and ends at {relu}, Leaky ReLU at {leaky}.

Five layers, in each of which a share of the units begins with a bias so low that they are off for every digit. Left:
accuracy on new digits after ten epochs. Right: units that are still off for every training digit; dotted: all of
those that were silenced. Bars span the seeds.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, in_the_median
from vgcore.press import marks

experiment = ("dying_units", "dense_activations", "fix_costs")
title = "Accuracy and silent units after training, by share of units silenced before it"
alt = (
    "Left: with half of the units silenced all three networks learn, with seven eighths ReLU ends at {relu}, PReLU "
    "at {prelu} and Leaky ReLU at {leaky}. Right: in ReLU networks nearly as many units are off after training as were "
    "silenced, {relu_idle} with seven eighths, in Leaky ReLU networks {leaky_idle}."
)
arm = "arm"

SIGNS = {"ReLU": "^", "PReLU": "s", "Leaky ReLU": "o"}
MOST = "0.875"


def _silenced(arm: str, column: str, share: str = MOST) -> Callable[..., float]:
    def of(dying: Tables, *_: object) -> float:
        return float(dying["silenced"].set_index(["arm", "share"])[column][(arm, share)])

    return of


def _at_rate(arm: str, column: str, rate: str) -> Callable[..., float]:
    return lambda dying, *_: float(dying["rates"].set_index(["arm", "rate"])[column][(arm, rate)])


def _twenty(arm: str) -> Callable[..., float]:
    def of(*tables: Any) -> float:
        curves = tables[1]["accuracy"]
        return float(curves[curves["arm"] == arm].set_index("epoch")["test_accuracy"].sort_index().iloc[-1])

    return of


def _kept(arm: str) -> Callable[..., float]:
    def of(*tables: Any) -> float:
        costs = tables[-1]
        return float(costs[costs["base"] == "dense"].set_index("arm")["kept_bytes"].loc[arm])

    return of


def _half_dead(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit in which every second unit is off."""
    return table.assign(idle=0.5) if "idle" in table else table


def _median(dying: Run, arm: str) -> float:
    """Accuracy of the median network, most of whose units were silenced."""
    table = dying.tables["silenced"]
    return float(table[(table["arm"] == arm) & (table["share"] == MOST)]["test_accuracy"].median())


def _survivors(dying: Run, *arms: str) -> float:
    """Share of the networks that end in numbers at five times the usual rate."""
    table = dying.tables["rates"]
    return float(table[table["arm"].isin(arms) & (table["rate"] == "0.5")]["is_finite"].mean())


claims = {
    "relu": Claim(text="{:.0%}", value=_silenced("ReLU", "test_accuracy"), at_most=0.5),
    # Single networks: from under a half to most of the digits.
    "leaky": Claim(text="{:.0%}", value_of_run=lambda dying, *_: _median(dying, "Leaky ReLU"), at_least=0.5),
    "prelu": Claim(text="{:.0%}", value_of_run=lambda dying, *_: _median(dying, "PReLU"), at_least=0.2, at_most=0.7),
    "relu_idle": Claim(text="{:.0%}", value=_silenced("ReLU", "idle"), at_least=0.8),
    "leaky_idle": Claim(text="{:.0%}", value_of_run=in_the_median(_silenced("Leaky ReLU", "idle")), at_most=0.75),
    "relu_moved": Claim(text="{:.0%}", value=_silenced("ReLU", "first_moved"), at_most=0.005),
    "leaky_moved": Claim(text="{:.0%}", value=_silenced("Leaky ReLU", "first_moved"), at_least=0.05),
    "dead": Claim(text="{:.0%}", value=_at_rate("ReLU", "idle", "0.1"), at_most=0.08, counterfeit=_half_dead),
    "relu_survives": Claim(text="{:.0%}", value_of_run=lambda dying, *_: _survivors(dying, "ReLU"), at_least=0.3),
    "leaky_survives": Claim(
        text="{:.0%}", value_of_run=lambda dying, *_: _survivors(dying, "Leaky ReLU", "PReLU"), at_most=0.2
    ),
    "leaky_twenty": Claim(text="{:.0%}", value_of_run=in_the_median(_twenty("Leaky ReLU")), at_least=0.85),
    "leaky_kept": Claim(text="× {:.1f}", value=_kept("Leaky ReLU"), at_least=1.8, at_most=2.2),
    "prelu_kept": Claim(text="× {:.1f}", value=_kept("PReLU"), at_least=2.5),
}


def draw(dying: Run, *_: Run) -> Figure:
    figure, accuracy, idle = marks.panels(2)
    table = dying.tables["silenced"]
    for arm, marker in SIGNS.items():
        one = table[table["arm"] == arm]
        marks.line(accuracy, one, "silenced", "test_accuracy", "relu", marker=marker)
        marks.line(idle, one, "silenced", "idle", "relu", marker=marker)
    idle.plot([0, 0.875], [0, 0.875], color="muted", linestyle="dotted", linewidth=1.1)
    accuracy.set_ylim(0, 1.05)
    idle.set_ylim(0, 1.05)
    for axes, (leaky, prelu, relu) in {accuracy: (0.74, 0.38, 0.2), idle: (0.54, 0.71, 0.88)}.items():
        marks.label(axes, 0.89, leaky, "Leaky ReLU", "relu")
        marks.label(axes, 0.89, prelu, "PReLU", "relu")
        marks.label(axes, 0.89, relu, "ReLU", "relu")
        axes.set_xlim(-0.03, 1.3)
    for axes in (accuracy, idle):
        axes.set_xticks([0, 0.5, 0.75, 0.875], ["0", "½", "¾", "⅞"])
    marks.describe(accuracy, y="Share of digits right", x="share of units silenced at the start")
    marks.describe(idle, y="Share of units still off for every digit", x="share of units silenced at the start")
    return figure
