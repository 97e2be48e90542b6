"""Residual and dense connections bring back the whole gradient. A highway with gate bias −3 keeps {highway_3_first}.

Left: ∂L/∂h by layer in networks of twenty sigmoid layers, before training; dashed: a highway whose gates stay where
their first bias puts them, −3 and −1; plain layers leave the picture. Right: accuracy on unseen digits after twelve
epochs against the memory that the way forward keeps for the way back. A mark is the median of the seeds, the bar behind
it spans them all.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = ("skip_kinds", "mechanism_costs")
title = "Gradient by layer, and accuracy against memory, for five ways around a layer"
alt = (
    "Left: from the last layer to the first the plain network loses everything and a highway with gate bias −1 all but "
    "{highway_1_first}; with bias −3 {highway_3_first} is left, with dense or residual connections all. Right: plain "
    "guesses at {plain_accuracy}; residual reaches {residual_accuracy} with {residual_kept} the memory, highway "
    "{highway_3_accuracy} and dense {dense_accuracy} with nearly four times the memory."
)
arm = "arm"

PLACES: tuple[tuple[str, str, str, str, marks.Side], ...] = (
    ("plain", "plain", "plain", "broken", "right"),
    ("residual", "residual", "residual", "residual", "below"),
    ("highway -3", "highway", "highway, −3", "gru", "below left"),
    ("dense connections", "dense connections", "dense", "ink", "left"),
)
"""Of the right panel: arm, whose costs, its name there, meaning, side of the name."""


def _end(tables: Tables, arm: str, column: str) -> float:
    return float(tables["training"].set_index("arm")[column].loc[arm])


def _cost(costs: pd.DataFrame, arm: str, column: str, base: str = "dense") -> float:
    return float(costs[(costs["arm"] == arm) & (costs["base"] == base)][column].iloc[0])


def _off_theory(run: Run, _: Run) -> float:
    """Largest distance of the first layer's median from theory, over all gate biases, in decades."""
    predicted = run.tables["highways"].query("layer == 1").groupby("arm")["theory"].median()
    measured = run.tables["training"].groupby("arm")["first"].median()[predicted.index]
    return float(np.abs(np.log10(measured / predicted)).max())


def _left(arm: str, digits: int, low: float | None, high: float | None) -> Claim:
    return Claim(
        text=f"{{:.{digits}%}}", value=lambda tables, _: _end(tables, arm, "first"), at_least=low, at_most=high
    )


def _accuracy(arm: str, low: float | None = None, high: float | None = None) -> Claim:
    return Claim(text="{:.0%}", value=lambda tables, _: _end(tables, arm, "test_accuracy"), at_least=low, at_most=high)


def _times(arm: str, column: str, low: float, high: float, base: str = "dense") -> Claim:
    return Claim(
        text="{:.2f} times", value=lambda _, costs: _cost(costs, arm, column, base), at_least=low, at_most=high
    )


claims = {
    "residual_first": _left("residual", 0, 0.9, 1.2),
    "dense_first": _left("dense connections", 0, 0.9, 1.3),
    "highway_1_first": _left("highway -1", 1, None, 0.006),
    "highway_3_first": _left("highway -3", 0, 0.25, 0.45),
    "highway_4_first": _left("highway -4", 0, 0.55, 0.8),
    "long_first": _left("long skip", 0, 0.95, 1.05),
    "long_lost": Claim(
        text="{:.0f} decades",
        value=lambda tables, _: -float(np.log10(_end(tables, "long skip", "least"))),
        at_least=10,
    ),
    "off_theory": Claim(
        text="{:.2f} decades",
        value_of_run=_off_theory,
        at_most=0.15,
        counterfeit=lambda table: table.assign(theory=1.0) if "theory" in table else table,
    ),
    "plain_accuracy": _accuracy("plain", high=0.15),
    "long_accuracy": _accuracy("long skip", low=0.8),
    "highway_1_accuracy": _accuracy("highway -1", high=0.3),
    "highway_3_accuracy": _accuracy("highway -3", low=0.5),
    "highway_4_accuracy": _accuracy("highway -4", low=0.75),
    "dense_accuracy": _accuracy("dense connections", low=0.85),
    "residual_accuracy": _accuracy("residual", low=0.88),
    "residual_parameters": _times("residual", "parameters", 0.999, 1.001),
    "residual_operations": _times("residual", "operations", 1.005, 1.03),
    "residual_kept": _times("residual", "kept", 1.8, 2.1),
    "residual_kept_convolutional": _times("residual", "kept", 0.99, 1.05, "convolutional"),
    "norm_parameters": _times("batch norm", "parameters", 1.01, 1.05),
    "norm_operations": _times("batch norm", "operations", 1.03, 1.07),
    "norm_kept": _times("batch norm", "kept", 1.95, 2.15),
    "norm_kept_convolutional": _times("batch norm", "kept", 1.9, 2.1, "convolutional"),
    "highway_parameters": _times("highway", "parameters", 1.8, 2),
    "highway_operations": _times("highway", "operations", 1.8, 2.1),
    "highway_kept": _times("highway", "kept", 3.5, 4.1),
    "dense_parameters": _times("dense connections", "parameters", 0.8, 0.95),
    "dense_operations": _times("dense connections", "operations", 0.8, 0.95),
    "dense_kept": _times("dense connections", "kept", 3.5, 4.1),
}


def draw(run: Run, costs: Run) -> Figure:
    figure, gradient, accuracy = marks.panels(2, widths=(1.1, 1))
    _gradient(gradient, run)
    table = run.tables["training"].assign(percent=100 * run.tables["training"]["test_accuracy"])
    for arm, cost, name, meaning, side in PLACES:
        kept = _cost(costs.table, cost, "kept")
        one = table[table["arm"] == arm].assign(kept=kept)
        marks.points(accuracy, one, "kept", "percent", meaning)
        if len(one):
            marks.label(accuracy, kept, float(one["percent"].median()), name, meaning, side=side)
    accuracy.set_xlim(0.7, 4.2)
    accuracy.set_ylim(0, 106)
    accuracy.set_yticks([0, 25, 50, 75, 100])
    marks.describe(accuracy, y="Accuracy on unseen digits, %", x="bytes kept, relative to the plain network")
    return figure


def _gradient(axes: Axes, run: Run) -> None:
    table = run.tables["layers"].assign(decades=np.log10(run.tables["layers"]["relative_gradient"]))
    table = table[table["decades"] > -3.4]
    highways = run.tables["highways"].assign(predicted=np.log10(run.tables["highways"]["theory"]))
    for arm, (meaning, marker) in {"plain": ("broken", "o"), "highway -1": ("gru", "v"), "highway -3": ("gru", "^"),
                                   "residual": ("residual", "s")}.items():  # fmt: skip
        predicted = highways[highways["arm"] == arm].groupby("layer")["predicted"].median()
        if len(predicted):
            marks.theory(axes, predicted.index, predicted)
        marks.points(axes, table[table["arm"] == arm], "layer", "decades", meaning, marker=marker)
    marks.label(axes, 14.5, -2.6, "plain", "broken", side="left")
    marks.label(axes, 4, -2.7, "highway, −1", "gru", side="right")
    marks.label(axes, 5, -0.5, "highway, −3", "gru", side="below")
    marks.label(axes, 10, 0.1, "residual, dense", "residual", side="above")
    marks.depth_ticks(axes, int(table["layer"].max()))
    axes.set_ylim(-3.6, 0.7)
    marks.describe(axes, y="∂L/∂h, decades relative to the last layer", x="layer (1 = next to the input)")
