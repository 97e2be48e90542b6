"""Where the gradient is lost, seeds differ by {dead}; where it arrives, mostly by {alive}. With 32 layers, by {edge}.

Tanh networks of eight layers (triangles), sixteen (diamonds) and 32 (squares), with weights from small to large,
trained alike: accuracy on unseen digits by what theory says that a gradient loses or gains on its way through all
layers. A mark is the median of the seeds, the bar behind it runs from the worst seed to the best. Dotted: no
change.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "init_phases"
title = "Accuracy and its spread over seeds, by the gradient's change in decades"
alt = (
    "Accuracy against the decades by which a gradient shrinks or grows. Below minus four decades all networks guess "
    "and the seeds agree within {dead}. Near zero, up to sixteen layers, all learn and agree within {alive}. In "
    "between, on both sides, bars are long. At 32 layers the seeds differ by {edge}, although "
    "theory says that nothing is lost."
)
arm = "deviation"

DEEP, SHALLOW = 8, 16
LOST, KEPT = -4.0, 0.4
"""Decades: no seed learns beyond the first; within the second the gradient changes by less than a factor of three."""


def _spreads(run: Run) -> pd.DataFrame:
    """How far apart the best and the worst seed of each network are, in points of accuracy."""
    cells = run.table.groupby(["depth", "deviation"])
    accuracy = cells["test_accuracy"]
    spread = 100 * (accuracy.max() - accuracy.min())
    return pd.DataFrame(
        {"spread": spread, "worst": accuracy.min(), "decades": cells["theory_decades"].median()}
    ).reset_index()


def _dead(run: Run) -> float:
    spreads = _spreads(run)
    return float(spreads[spreads["decades"] < LOST]["spread"].max())


def _alive(run: Run) -> pd.DataFrame:
    spreads = _spreads(run)
    kept = (spreads["decades"].abs() < KEPT) & spreads["depth"].between(DEEP, SHALLOW)
    return spreads[kept]


def _edge(run: Run) -> float:
    """The deepest networks, with weights that keep the gradient."""
    spreads = _spreads(run)
    deepest = spreads[spreads["depth"] == spreads["depth"].max()]
    return float(deepest[deepest["deviation"] == "1"]["spread"].iloc[0])


def _torn(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: odd seeds guess, even ones learn, whatever the network."""
    return table.assign(test_accuracy=0.1 + 0.8 * (table["seed"] % 2))


claims = {
    "dead": Claim(text="{:.1f} points", value_of_run=_dead, at_most=10, counterfeit=_torn),
    "alive": Claim(
        text="{:.0f} points", value_of_run=lambda run: float(_alive(run)["spread"].median()), at_most=10,
        counterfeit=_torn,
    ),
    "alive_worst": Claim(
        text="{:.0%}", value_of_run=lambda run: float(_alive(run)["worst"].min()), at_least=0.5, counterfeit=_torn
    ),
    "worst": Claim(
        text="{:.0f} points", value_of_run=lambda run: float(_spreads(run)["spread"].max()), at_least=30
    ),
    "edge": Claim(text="{:.0f} points", value_of_run=_edge, at_least=20),
}  # fmt: skip


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=280)
    table = run.table[run.table["depth"] >= DEEP] if run.table["depth"].max() >= DEEP else run.table
    table = table.assign(percent=100 * table["test_accuracy"])
    for depth, marker in zip(sorted(table["depth"].unique()), ("^", "D", "s"), strict=False):
        marks.points(axes, table[table["depth"] == depth], "theory_decades", "percent", "tanh", marker=marker)
    marks.threshold(axes, 0, "", axis="x")
    marks.label(axes, -6, 16, "all guess", side="on")
    marks.label(axes, -0.6, 106, "all learn", side="left")
    axes.set_ylim(0, 116)
    axes.set_yticks([0, 50, 100])
    marks.describe(axes, y="Accuracy on unseen digits, %", x="change of the gradient, in decades (theory)")
    return figure
