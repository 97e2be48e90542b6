"""He's weights keep the gradient on average over networks. The middle network keeps {median_kept} of it.

∂L/∂h on its way back through fifty ReLU layers of 64 units, relative to the last layer: NumPy networks, one digit, a
random gradient at the end. Thin lines are three single networks. Marks: the lengths below which 5, 50 and 95 of a
hundred networks lie, medians and range over the seeds. Dashed is theory for this width and depth; nothing is fitted.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "gradient_band"
title = "Spread of the gradient over networks that differ in their seed alone"
alt = (
    "Fifty ReLU layers with He's weights. Back from the last layer single networks wander apart: at layer 1 the "
    "middle one keeps {median_kept} of its gradient, and nine tenths of all networks lie between {low} and {high} "
    "times what they started with, {apart} from end to end. The marks lie on theory's dashed lines."
)
arm = "statistic"

LABELS: dict[str, tuple[int, marks.Side]] = {"95 %": (33, "above"), "50 %": (4, "above"), "5 %": (33, "below")}


def _at_first(tables: Tables, statistic: str) -> float:
    spread = tables["spread"].set_index(["statistic", "layer"])["length"]
    return float(spread[(statistic, 1)])


def _variance_off(run: Run) -> float:
    """By which share the variance of log length² at layer 1, over the networks of all seeds, misses theory."""
    logarithms = run.tables["logarithms"]
    first = logarithms[logarithms["layer"] == 1]
    return float(abs(first["variance"].mean() / first["theory_variance"].mean() - 1))


def _one_variance(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit in which theory says 1, whatever the depth."""
    return table.assign(theory_variance=1.0) if "theory_variance" in table else table


claims = {
    "median_kept": Claim(text="{:.0%}", value=lambda tables: _at_first(tables, "50 %"), at_least=0.25, at_most=0.55),
    "low": Claim(text="{:.2f}", value=lambda tables: _at_first(tables, "5 %"), at_least=0.03, at_most=0.15),
    "high": Claim(text="{:.1f}", value=lambda tables: _at_first(tables, "95 %"), at_least=1.1, at_most=3.5),
    "apart": Claim(
        text="a factor of {:.0f}",
        value=lambda tables: _at_first(tables, "95 %") / _at_first(tables, "5 %"),
        at_least=12,
        at_most=65,
    ),
    "variance_off": Claim(text="{:.0%}", value_of_run=_variance_off, at_most=0.2, counterfeit=_one_variance),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels()
    spread = run.tables["spread"]
    depth = int(spread["layer"].max())
    singles = run.tables["networks"]
    for _, one in singles[singles["seed"].isin(run.seeds[:3])].groupby(["seed", "network"]):
        axes.plot(one["layer"], np.log10(one["length"]), color="relu", linewidth=0.75, alpha=0.4, zorder=1.9)
    spread = spread.assign(decades=np.log10(spread["length"]), predicted=np.log10(spread["theory"]))
    for statistic, (at, side) in LABELS.items():
        table = spread[spread["statistic"] == statistic]
        predicted = table.groupby("layer")["predicted"].median()
        marks.theory(axes, predicted.index, predicted)
        marks.points(axes, table[(table["layer"] % 7 == 1)], "layer", "decades", "relu")
        marks.label(axes, at, predicted.get(at, 0.0), statistic.replace(" ", ""), "relu", side=side)
    marks.depth_ticks(axes, depth)
    marks.describe(axes, y="∂L/∂h, decades relative to the last layer", x="layer (1 = next to the input)")
    return figure
