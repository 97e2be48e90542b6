"""A penalty shrinks the weights, and with them each layer's factor. For an explosion at the first step it is too late.

Left: what a layer multiplies the gradient by after training, against what is left of the weights. Dashed: theory for
random weights of that size; dotted: neither growth nor decay. Right: digits right. Circles and triangles are L2 from
none to strong, diamonds L1. Exploding is ReLU, weights a fifth larger than He's; vanishing is sigmoid.
"""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, in_the_median
from vgcore.press import marks

experiment = "weight_penalties"
title = "Factor a layer and accuracy by what a penalty leaves of the weights"
alt = (
    "Left: as the weights shrink, the factor of the exploding network falls from {factor_without} to {factor_strong}, "
    "that of the vanishing one from {sigmoid_without} to {sigmoid_strong}, both close to the dashed theory. Right: the "
    "exploding network gets {best_without} right without a penalty and {worst_with} with the strongest; the vanishing "
    "one guesses throughout."
)
arm = "penalty"

NETWORKS = {"exploding": ("relu", "^"), "vanishing": ("sigmoid", "o")}


def _arm(table: pd.DataFrame, network: str, penalty: str, column: str) -> float:
    """Of the strongest penalty of its kind."""
    own = table[(table["network"] == network) & (table["penalty"] == penalty)].sort_values("strength")
    return float(own[column].iloc[-1])


def _lost(table: pd.DataFrame) -> float:
    """Points of accuracy by which the exploding network does worse with the best penalty than with none."""
    accuracy = table[table["network"] == "exploding"].set_index("penalty")["test_accuracy"]
    return float(100 * (accuracy["none"] - accuracy.drop("none").max()))


def _off_theory(table: pd.DataFrame) -> float:
    own = table[table["network"] == "vanishing"]
    return float((own["factor"] / own["theory"] - 1).abs().max())


def _by_gradient(table: pd.DataFrame) -> float:
    """What anything but the penalty did to the early weights of the vanishing network."""
    own = table[(table["network"] == "vanishing") & (table["penalty"] == "L2")]
    return float((own["left"] / own["alone"] - 1).abs().max())


claims = {
    "factor_without": Claim(
        text="{:.2f}", value=lambda table: _arm(table, "exploding", "none", "factor"), at_least=1.05, at_most=1.2
    ),
    "factor_strong": Claim(
        text="{:.2f}", value=lambda table: _arm(table, "exploding", "L2", "factor"), at_least=0.4, at_most=0.55
    ),
    "factor_l1": Claim(
        text="{:.2f}", value=lambda table: _arm(table, "exploding", "L1", "factor"), at_least=0.95, at_most=1.1
    ),
    "left_l1": Claim(
        text="{:.0%}", value=lambda table: _arm(table, "exploding", "L1", "left"), at_least=0.85, at_most=0.95
    ),
    "sigmoid_without": Claim(
        text="{:.3f}", value=lambda table: _arm(table, "vanishing", "none", "factor"), at_least=0.22, at_most=0.25
    ),
    "sigmoid_strong": Claim(
        text="{:.3f}", value=lambda table: _arm(table, "vanishing", "L2", "factor"), at_least=0.09, at_most=0.11
    ),
    "left_strong": Claim(
        text="{:.0%}", value=lambda table: _arm(table, "vanishing", "L2", "left"), at_least=0.41, at_most=0.42
    ),
    "by_gradient": Claim(
        text="a billionth",
        value=_by_gradient,
        at_most=1e-9,
        counterfeit=lambda table: table.assign(left=table["left"] * (1 + 1e-5)),
    ),
    "off_theory": Claim(
        text="{:.1%}", value=_off_theory, at_most=0.04, counterfeit=lambda table: table.assign(factor=0.236)
    ),
    "best_without": Claim(
        text="{:.0%}",
        value_of_run=in_the_median(lambda table: _arm(table, "exploding", "none", "test_accuracy")),
        at_least=0.35,
    ),
    "worst_with": Claim(
        text="{:.0%}", value=lambda table: _arm(table, "exploding", "L2", "test_accuracy"), at_most=0.4
    ),
    "lost": Claim(
        text="{:.1f} points",
        value=_lost,
        at_least=-10,
        counterfeit=lambda table: table.assign(test_accuracy=(table["strength"] > 0).astype(float)),
    ),
    "large_rate_finite": Claim(
        text="none",
        value=lambda table: _arm(table, "exploding, rate 0.1", "L2", "finite"),
        at_most=0,
        counterfeit=lambda table: table.assign(finite=1.0),
    ),
    "vanishing_accuracy": Claim(
        text="{:.0%}",
        value=lambda table: float(table[table["network"] == "vanishing"]["test_accuracy"].max()),
        at_most=0.15,
        counterfeit=lambda table: table.assign(test_accuracy=0.9),
    ),
}


def draw(run: Run) -> Figure:
    figure, factors, accuracy = marks.panels(2)
    for network, (meaning, marker) in NETWORKS.items():
        own = run.table[run.table["network"] == network]
        _network(factors, own, "factor", meaning, marker)
        _network(accuracy, own, "test_accuracy", meaning, marker)
    marks.threshold(factors, 1, "")
    factors.set_ylim(0, 1.35)
    accuracy.set_ylim(0, 1)
    marks.label(factors, 0.62, 0.95, "exploding", "relu", side="on")
    marks.label(factors, 0.75, 0.08, "vanishing", "sigmoid", side="on")
    marks.label(accuracy, 0.6, 0.45, "exploding", "relu", side="on")
    marks.label(accuracy, 0.75, 0.18, "vanishing", "sigmoid", side="on")
    for axes, label in {factors: "Factor a layer", accuracy: "Share of digits right"}.items():
        marks.describe(axes, y=label, x="share of the weights’ norm that is left")
    return figure


def _network(axes: Axes, table: pd.DataFrame, column: str, meaning: str, marker: str) -> None:
    """Every seed has weights of its own size, so all marks stand at the medians of `left`."""
    placed = table.assign(place=table.groupby(["penalty", "strength"])["left"].transform("median"))
    if column == "factor":
        line = placed.groupby("place")["theory"].median()
        marks.theory(axes, line.index, line)
    for l1 in (False, True):
        marks.points(
            axes, placed[(placed["penalty"] == "L1") == l1], "place", column, meaning, marker="D" if l1 else marker
        )
