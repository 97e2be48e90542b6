"""Sixteen linear layers learn in {orthogonal} from orthogonal weights, and in {gaussian} from Gaussian ones.

Steps of gradient descent until a deep linear network explains nine tenths of what a linear map can, by the number of
its square layers; each depth at its own best rate. Inputs are whitened principal components of digits. A mark is the
median of the seeds, the bar behind it spans them all.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "deep_linear"
title = "Steps to learn of deep linear networks, by depth"
alt = (
    "Two curves of steps by depth. With orthogonal weights the curve stays at the bottom and ends at {orthogonal}, "
    "with Gaussian weights it climbs from {gaussian_two} at two layers to {gaussian} at sixteen."
)
arm = "weights"

NAMES = {"Gaussian": ("broken", "o"), "orthogonal": ("healthy", "s")}


def _steps(table: pd.DataFrame, weights: str) -> pd.Series:
    steps: pd.Series = table[table["weights"] == weights].set_index("depth")["steps"].sort_index()
    return steps


def _at(table: pd.DataFrame, weights: str, depth: int) -> float:
    return float(_steps(table, weights).loc[depth])


claims = {
    "orthogonal": Claim(text="{:.0f} steps", value=lambda table: _at(table, "orthogonal", 16), at_most=8),
    "gaussian": Claim(text="{:.0f} steps", value=lambda table: _at(table, "Gaussian", 16), at_least=30),
    "gaussian_two": Claim(
        text="{:.0f} steps",
        value=lambda table: _at(table, "Gaussian", 2),
        at_most=12,
        counterfeit=lambda table: table.assign(steps=100),
    ),
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
    axes.set_xticks([2, 4, 8, 16], ["2", "4", "8", "16"])
    axes.minorticks_off()
    axes.set_ylim(0, None)
    marks.describe(axes, y="Steps until learnt", x="depth, square layers")
    return figure
