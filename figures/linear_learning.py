"""From Gaussian weights thirty-two linear layers need {gaussian} the steps of two, from orthogonal ones {orthogonal}.

Steps of gradient descent until a deep linear network explains four fifths of what a linear map can, by the number of
its square layers; each depth at its own best rate. Inputs are whitened principal components of digits. A mark is the
median of the seeds, the bar spans them all; at the upper edge no rate got there in time.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "deep_linear"
title = "Steps to learn of deep linear networks, by depth"
alt = (
    "Two curves of steps against depth. With orthogonal weights the curve stays level: thirty-two layers take "
    "{orthogonal} the steps of two. With Gaussian weights it climbs to {gaussian}."
)
arm = "weights"

NAMES = {"Gaussian": ("broken", "o"), "orthogonal": ("healthy", "s")}


def _steps(table: pd.DataFrame, weights: str) -> pd.Series:
    steps: pd.Series = table[table["weights"] == weights].set_index("depth")["steps"].sort_index()
    return steps


def _times(table: pd.DataFrame, weights: str) -> float:
    """Steps of the deepest network over those of the shallowest."""
    steps = _steps(table, weights)
    return float(steps.iloc[-1] / steps.iloc[0])


claims = {
    "orthogonal": Claim(text="{:.1f} times", value=lambda table: _times(table, "orthogonal"), at_most=1.5),
    "gaussian": Claim(text="{:.1f} times", value=lambda table: _times(table, "Gaussian"), at_least=2.5),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels()
    for weights, (meaning, marker) in NAMES.items():
        own = run.table[run.table["weights"] == weights]
        marks.line(axes, own, "depth", "steps", meaning, marker=marker)
        last = own["depth"].max()
        height = float(own[own["depth"] == last]["steps"].median())
        marks.label(axes, last, height, weights, meaning, side="above left")
    axes.set_xscale("log")
    axes.set_xticks([2, 4, 8, 16, 32], ["2", "4", "8", "16", "32"])
    axes.minorticks_off()
    axes.set_ylim(0, None)
    marks.describe(axes, y="Steps until learnt", x="depth, square layers")
    return figure
