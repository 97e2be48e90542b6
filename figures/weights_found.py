"""A gradient costs less than three passes, and with it {passes} passes find what blind search finds in {search_passes}.

Left: training loss against its cost. One pass is one loss over the 512 digits used here; a backward pass counts as two.
Thin lines are seeds, thick ones their median. Right: cost of one gradient, in forward passes of networks from small to
large; dashed: the multiplications counted by hand.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = ("weight_search", "gradient_cost")
title = "Training loss against passes, and the cost of one gradient"
alt = (
    "Left: the loss by gradient descent with back-propagation falls within {passes} passes to where a random search "
    "ends after {search_passes}. With finite differences the first step comes after {first_step} passes. Right: by "
    "back-propagation a gradient costs at most {most_passes} forward passes for networks of all sizes; by finite "
    "differences {million} for the largest one."
)
arm = "arm"

BACK, DIFFERENCES, SEARCH = "back-propagation", "finite differences", "random search"
COLOURS = {BACK: ("relu", "^"), DIFFERENCES: ("ink", "s"), SEARCH: ("ink", "o")}


def _found(tables: Tables, arm: str, column: str) -> float:
    return float(tables["found"].set_index("arm")[column].loc[arm])


def _cost(costs: pd.DataFrame, arm: str) -> pd.DataFrame:
    return costs[costs["arm"] == arm].sort_values("width")


def _off_theory(_: Tables, costs: pd.DataFrame) -> float:
    one = _cost(costs, BACK)
    return float(np.abs(one["passes"] / one["theory"] - 1).max())


def _one_pass(table: pd.DataFrame) -> pd.DataFrame:
    """A theory by which the way back costs nothing."""
    return table.assign(theory=1.0) if "theory" in table else table


claims = {
    "passes": Claim(text="{:.0f}", value=lambda tables, _: _found(tables, BACK, "passes_to_target"), at_most=600),
    "search_passes": Claim(
        text="{:.0f}",
        value=lambda tables, _: _found(tables, SEARCH, "passes_to_target"),
        at_least=2000,
    ),
    "times_cheaper": Claim(
        text="{:.0f} times",
        value=lambda tables, _: _found(tables, SEARCH, "passes_to_target") / _found(tables, BACK, "passes_to_target"),
        at_least=5,
    ),
    "accuracy": Claim(text="{:.0%}", value=lambda tables, _: _found(tables, BACK, "test_accuracy"), at_least=0.92),
    "last_loss": Claim(text="{:.3f}", value=lambda tables, _: _found(tables, BACK, "last_loss"), at_most=0.02),
    "search_loss": Claim(text="{:.2f}", value=lambda tables, _: _found(tables, SEARCH, "last_loss"), at_least=0.03),
    "first_step": Claim(
        text="{:.0f}", value=lambda tables, _: _found(tables, DIFFERENCES, "first_step"), at_least=2369, at_most=2369
    ),
    "most_passes": Claim(text="{:.2f}", value=lambda _, costs: float(_cost(costs, BACK)["passes"].max()), at_most=3),
    "million": Claim(
        text="{:.1f} million",
        value=lambda _, costs: float(_cost(costs, DIFFERENCES)["passes"].max()) / 1e6,
        at_least=1.1,
    ),
    "off_theory": Claim(  # in a small network not only multiplications count
        text="{:.1%}", value=_off_theory, at_most=0.03, counterfeit=_one_pass
    ),
}


def draw(training: Run, costs: Run) -> Figure:
    figure, loss, cost = marks.panels(2, widths=(1.15, 1))
    _loss(loss, training.tables["training"])
    _cost_panel(cost, costs.table)
    return figure


def _loss(axes: Axes, table: pd.DataFrame) -> None:
    for arm, (meaning, marker) in COLOURS.items():
        marks.seeds(axes, table[table["arm"] == arm], "passes", "loss", meaning, marker=marker)
    marks.logarithmic(axes, "x")
    axes.set_ylim(0, 4.1)
    marks.label(axes, 3, 0.75, "gradient by", "relu", side="on")
    marks.label(axes, 3, 0.4, "back-propagation", "relu", side="on")
    marks.label(axes, 400, 1.75, "search")
    marks.label(axes, 150, 3.9, "by finite differences", side="on")
    marks.describe(axes, y="Training loss, nats", x="cost, relative to one pass")


def _cost_panel(axes: Axes, table: pd.DataFrame) -> None:
    for arm in (BACK, DIFFERENCES):
        one = _cost(table, arm)
        marks.theory(axes, one["weights"], one["theory"])
        marks.points(axes, one, "weights", "passes", COLOURS[arm][0], marker=COLOURS[arm][1])
    axes.set_ylim(0.5, 4e6)
    marks.logarithmic(axes, "x")
    marks.logarithmic(axes)
    marks.label(axes, 1.5e4, 12, "back-propagation", "relu", side="on")
    marks.label(axes, 6e3, 3e5, "finite differences", side="on")
    marks.describe(axes, y="Cost of a gradient, relative to a pass", x="weights, parameters of the network")
