"""Gradients at unrelated inputs have a cosine of {one} after one ReLU layer, {ten} after ten, {skips_ten} with skips.

Cosine of the gradients at two independent inputs, before training, by the number of layers: NumPy networks of 256
units with He's weights, a random output. A mark is the median of the seeds, the bar spans them all; dashed is theory
for wide networks, nothing is fitted. Dotted: one half to the power of the depth.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "gradient_correlation"
title = "Likeness of two inputs’ gradients, by depth"
alt = (
    "Three curves fall with depth. Plain layers fall fastest, from {one} after one layer to {ten} after ten; far more "
    "slowly than the dotted line of one half to the power of the depth, which is at a thousandth there. With skips the "
    "cosine is {skips_one} after one layer and {skips_ten} after ten, with scaled skips {scaled_twenty} after twenty."
)
arm = "arm"

NAMES = {"plain": ("relu", "^"), "skips": ("residual", "s"), "scaled skips": ("healthy", "D")}
LABELS: dict[str, tuple[int, marks.Side]] = {"plain": (2, "above right"), "skips": (7, "above right"),
                                             "scaled skips": (10, "above")}  # fmt: skip


def _at(table: pd.DataFrame, arm: str, depth: int) -> float:
    return float(table.set_index(["arm", "depth"])["correlation"][(arm, depth)])


def _off_theory(run: Run) -> float:
    medians = run.table.groupby(["arm", "depth"])[["correlation", "theory"]].median()
    return float((medians["correlation"] - medians["theory"]).abs().max())


claims = {
    "one": Claim(text="{:.2f}", value=lambda table: _at(table, "plain", 1), at_least=0.47, at_most=0.53),
    "skips_one": Claim(text="{:.2f}", value=lambda table: _at(table, "skips", 1), at_least=0.72, at_most=0.78),
    "ten": Claim(text="{:.2f}", value=lambda table: _at(table, "plain", 10), at_least=0.01, at_most=0.08),
    "skips_ten": Claim(text="{:.2f}", value=lambda table: _at(table, "skips", 10), at_least=0.1, at_most=0.25),
    "scaled_twenty": Claim(
        text="{:.2f}", value=lambda table: _at(table, "scaled skips", 20), at_least=0.58, at_most=0.7
    ),
    "off_theory": Claim(
        text="{:.2f}", value_of_run=_off_theory, at_most=0.03, counterfeit=lambda table: table.assign(theory=1.0)
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels()
    table = run.table
    depths = np.array(sorted(table["depth"].unique()))
    for arm, (meaning, marker) in NAMES.items():
        own = table[table["arm"] == arm]
        predicted = own.groupby("depth")["theory"].median()
        marks.theory(axes, predicted.index, predicted)
        marks.points(axes, own, "depth", "correlation", meaning, marker=marker)
        at, side = LABELS[arm]
        marks.label(axes, at, float(np.interp(at, predicted.index, predicted)), arm, meaning, side=side)
    axes.plot(depths, 0.5**depths, color="muted", linewidth=1.1, linestyle=(0, (0.75, 2)), zorder=1.8)
    axes.set_xscale("log")
    axes.set_xticks([1, 2, 5, 10, 20], ["1", "2", "5", "10", "20"])
    axes.minorticks_off()
    axes.set_ylim(-0.05, 1)
    marks.describe(axes, y="Cosine of the gradients at two inputs, ratio", x="depth, layers")
    return figure
