"""Fifty-six plain layers get {plain_error_deep} of their training digits wrong; with skips it is {residual_error_deep}.

ReLU networks with batch normalisation, plain and residual. Left: training error after five epochs. Right: how the RMS
of ∂L/∂h grows from the last layer to the first before training. A mark is the median of the seeds, the bar behind it
spans them all.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "degradation"
title = "Training error and growth of the gradient by depth, plain and residual"
alt = (
    "Left: training error by depth. Plain networks rise from {plain_error_shallow} at 20 layers to {plain_error_deep} "
    "at 56; residual ones stay at {residual_error_deep}. Right, logarithmic: at 56 layers the gradient at the first "
    "layer of the plain network is {growth_plain} that at the last, of the residual network {growth_residual}."
)
arm = "arm"


def _of(table: pd.DataFrame, arm: str, depth: int, column: str) -> float:
    return float(table[(table["arm"] == arm) & (table["depth"] == depth)][column].iloc[0])


def _deepest(table: pd.DataFrame, arm: str, column: str) -> float:
    return _of(table, arm, int(table["depth"].max()), column)


claims = {
    "plain_error_shallow": Claim(
        text="{:.0%}",
        value=lambda table: _of(table, "plain", 20, "train_error"),
        at_most=0.4,
        counterfeit=lambda table: table.assign(train_error=0.9),
    ),
    "plain_error_deep": Claim(text="{:.0%}", value=lambda table: _deepest(table, "plain", "train_error"), at_least=0.6),
    "residual_error_deep": Claim(
        text="{:.0%}", value=lambda table: _deepest(table, "residual", "train_error"), at_most=0.05
    ),
    "residual_test_error": Claim(
        text="{:.0%}", value=lambda table: _deepest(table, "residual", "test_error"), at_most=0.1
    ),
    "growth_plain": Claim(text="{:,.0f} times", value=lambda table: _deepest(table, "plain", "growth"), at_least=5000),
    "growth_residual": Claim(
        text="{:.1f} times", value=lambda table: _deepest(table, "residual", "growth"), at_most=10
    ),
}


def draw(run: Run) -> Figure:
    figure, learnt, gradient = marks.panels(2, height=280)
    table = run.table.assign(percent=100 * run.table["train_error"])
    for arm, meaning in {"plain": "broken", "residual": "residual"}.items():
        marks.line(learnt, table[table["arm"] == arm], "depth", "percent", meaning)
        marks.line(gradient, table[table["arm"] == arm], "depth", "growth", meaning)
    for axes in (learnt, gradient):
        axes.set_xlim(14, 62)
        axes.set_xticks(sorted(table["depth"].unique()))
    learnt.set_ylim(-4, 100)
    marks.label(learnt, 33, 62, "plain", "broken", side="left")
    marks.label(learnt, 38, 3, "residual", "residual", side="above")
    marks.describe(learnt, y="Training error, % of the digits", x="depth, layers")
    marks.logarithmic(gradient)
    marks.label(gradient, 32, 6e3, "plain", "broken", side="left")
    marks.label(gradient, 38, 4, "residual", "residual", side="above")
    marks.describe(gradient, y="Growth of ∂L/∂h, ratio of first to last", x="depth, layers")
    return figure
