"""Fifty blocks with branches of scale one multiply the gradient by {full_growth}. Scaled by 1/√L, by {scaled_growth}.

How the RMS of ∂L/∂h grows from the last layer to the first of ReLU networks with He’s weights and without
normalisation, before training. A mark is the median of the seeds, the bar behind it spans them all; dashed: theory.
"""

import numpy as np
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "branch_scales"
title = "Growth of the gradient by number of blocks and scale of the branches"
alt = (
    "Growth of the gradient, in decades, against the number of residual blocks. With branches of scale one it rises in "
    "a straight line, as theory says, to a factor of {full_growth} at fifty blocks. With branches scaled by one over "
    "the square root of the number of blocks it stays at a factor of {scaled_growth}."
)
arm = "arm"


def _growth(tables: Tables, arm: str) -> float:
    growth = tables["growth"]
    return float(growth[(growth["arm"] == arm) & (growth["blocks"] == growth["blocks"].max())]["growth"].iloc[0])


def _off_theory(run: Run) -> float:
    """Largest distance of a median from theory, in decades."""
    growth = run.tables["growth"]
    medians = growth[growth["arm"] != "no skips"].groupby(["arm", "blocks"])[["growth", "theory"]].median()
    return float(np.abs(np.log10(medians["growth"] / medians["theory"])).max())


def _accuracy(tables: Tables, arm: str) -> float:
    return float(tables["training"].set_index("arm")["test_accuracy"].loc[arm])


claims = {
    "full_growth": Claim(
        text="{:.0f} million", value=lambda tables: _growth(tables, "scale 1") / 1e6, at_least=8, at_most=150
    ),
    "scaled_growth": Claim(text="{:.1f}", value=lambda tables: _growth(tables, "scaled"), at_least=1.3, at_most=2.1),
    "off_theory": Claim(
        text="{:.2f} decades",
        value_of_run=_off_theory,
        at_most=0.2,
        counterfeit=lambda table: table.assign(theory=1.0) if "theory" in table else table,
    ),
    "full_accuracy": Claim(text="{:.0%}", value=lambda tables: _accuracy(tables, "scale 1"), at_most=0.2),
    "scaled_accuracy": Claim(text="{:.0%}", value=lambda tables: _accuracy(tables, "scaled"), at_least=0.93),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=280)
    growth = run.tables["growth"]
    growth = growth.assign(decades=np.log10(growth["growth"]), predicted=np.log10(growth["theory"]))
    for arm, (meaning, marker) in {"scale 1": ("broken", "o"), "scaled": ("residual", "s")}.items():
        one = growth[growth["arm"] == arm]
        predicted = one.groupby("blocks")["predicted"].median()
        marks.theory(axes, predicted.index, predicted)
        marks.points(axes, one, "blocks", "decades", meaning, marker=marker)
    marks.label(axes, 32, 5.1, "scale 1", "broken", side="left")
    marks.label(axes, 35, 0.25, "scaled by 1/√L", "residual", side="above")
    marks.label(axes, 20, 5.9, "theory, dashed", side="above")
    axes.set_xticks(sorted(growth["blocks"].unique()))
    axes.set_ylim(-0.4, 8.6)
    marks.describe(axes, y="Growth of ∂L/∂h, decades", x="depth, blocks of one layer")
    return figure
