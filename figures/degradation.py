"""56 plain layers get {plain_error_deep} of their own training digits wrong; with skips it is {residual_error_deep}.

Left: training error after ten epochs of fully connected ReLU networks, all with batch normalisation. Right: the first
convolution’s weight gradient over the last one’s in convolutional networks before training, also normalised. A mark is
the median of the seeds, the bar behind it spans them all.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = ("degradation", "residual_start")
title = "Training error and initial gradient by depth, plain and residual"
alt = (
    "Left: training error by depth. Plain networks rise from {plain_error_shallow} at 20 layers to {plain_error_deep} "
    "at 56; residual ones stay at {residual_error_deep}. Right, logarithmic: at 110 layers the first layer of the "
    "plain network gets {start_plain} the gradient of the last, that of the residual networks {start_post} "
    "post-activation and {start_pre} pre-activation."
)
arm = "arm"


def _error(table: pd.DataFrame, arm: str, depth: int, column: str = "train_error") -> float:
    chosen = table[(table["arm"] == arm) & (table["depth"] == depth) & (table["epoch"] == table["epoch"].max())]
    return float(chosen[column].iloc[0])


def _start(table: pd.DataFrame, arm: str, depth: int = 110) -> float:
    return float(table[(table["arm"] == arm) & (table["depth"] == depth)]["first_over_last"].iloc[0])


claims = {
    "plain_error_shallow": Claim(text="{:.1%}", value=lambda errors, _: _error(errors, "plain", 20), at_most=0.1),
    "plain_error_deep": Claim(text="{:.0%}", value=lambda errors, _: _error(errors, "plain", 56), at_least=0.5),
    "plain_test_error_deep": Claim(
        text="{:.0%}", value=lambda errors, _: _error(errors, "plain", 56, "test_error"), at_least=0.5
    ),
    "residual_error_deep": Claim(text="{:.1%}", value=lambda errors, _: _error(errors, "residual", 56), at_most=0.02),
    "residual_test_error_deep": Claim(
        text="{:.0%}", value=lambda errors, _: _error(errors, "residual", 56, "test_error"), at_most=0.08
    ),
    "start_plain_56": Claim(text="{:,.0f} times", value=lambda _, start: _start(start, "plain", 56), at_least=100),
    "start_plain": Claim(text="{:,.0f} times", value=lambda _, start: _start(start, "plain"), at_least=10000),
    "start_pre": Claim(text="{:.0f} times", value=lambda _, start: _start(start, "pre-activation"), at_most=200),
    "start_post": Claim(text="{:.0f} times", value=lambda _, start: _start(start, "post-activation"), at_most=500),
}


def draw(errors: Run, start: Run) -> Figure:
    figure, learnt, gradient = marks.panels(2)
    table = errors.table[errors.table["epoch"] == errors.table["epoch"].max()]
    table = table.assign(percent=100 * table["train_error"])
    for arm, meaning in {"plain": "broken", "residual": "residual"}.items():
        marks.line(learnt, table[table["arm"] == arm], "depth", "percent", meaning)
    for arm, (meaning, marker) in {"plain": ("broken", "o"), "post-activation": ("residual", "^"),
                                   "pre-activation": ("residual", "s")}.items():  # fmt: skip
        marks.line(gradient, start.table[start.table["arm"] == arm], "depth", "first_over_last", meaning, marker=marker)
    learnt.set_ylim(-4, 100)
    learnt.set_xticks(sorted(table["depth"].unique()))
    marks.label(learnt, 38, 40, "plain", "broken", side="left")
    marks.label(learnt, 38, 3, "residual", "residual", side="above")
    marks.describe(learnt, y="Training error, % of the digits", x="depth, layers")
    marks.logarithmic(gradient)
    gradient.set_xticks(sorted(start.table["depth"].unique()))
    marks.label(gradient, 70, 3e4, "plain", "broken", side="left")
    marks.label(gradient, 108, 60, "post-activation", "residual", side="above left")
    marks.label(gradient, 108, 6, "pre-activation", "residual", side="below left")
    marks.describe(gradient, y="∂L/∂W, ratio of first to last", x="depth, layers")
    return figure
