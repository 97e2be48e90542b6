"""56 plain layers get {plain_error_deep} of their own training digits wrong; with skips it is {residual_error_deep}.

Left: training error after five epochs of fully connected ReLU networks, all with batch normalisation. Right: the first
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
    "at 56; residual ones stay at {residual_error_deep}. Right, logarithmic: at 56 layers the first layer of the plain "
    "network gets {start_plain} the gradient of the last, that of the residual networks {start_post} post-activation "
    "and {start_pre} pre-activation."
)
arm = "arm"


def _error(table: pd.DataFrame, arm: str, depth: int, column: str = "train_error") -> float:
    return float(table[(table["arm"] == arm) & (table["depth"] == depth)][column].iloc[0])


def _start(table: pd.DataFrame, arm: str) -> float:
    deepest = table[table["depth"] == table["depth"].max()]
    return float(deepest.set_index("arm")["first_over_last"].loc[arm])


claims = {
    "plain_error_shallow": Claim(text="{:.0%}", value=lambda errors, _: _error(errors, "plain", 20), at_most=0.4),
    "plain_error_deep": Claim(text="{:.0%}", value=lambda errors, _: _error(errors, "plain", 56), at_least=0.6),
    "residual_error_deep": Claim(text="{:.0%}", value=lambda errors, _: _error(errors, "residual", 56), at_most=0.05),
    "residual_test_error": Claim(
        text="{:.0%}", value=lambda errors, _: _error(errors, "residual", 56, "test_error"), at_most=0.1
    ),
    "start_plain": Claim(text="{:,.0f} times", value=lambda _, start: _start(start, "plain"), at_least=100),
    "start_pre": Claim(text="{:.0f} times", value=lambda _, start: _start(start, "pre-activation"), at_most=50),
    "start_post": Claim(text="{:.0f} times", value=lambda _, start: _start(start, "post-activation"), at_most=50),
}


def draw(errors: Run, start: Run) -> Figure:
    figure, learnt, gradient = marks.panels(2, height=280)
    table = errors.table.assign(percent=100 * errors.table["train_error"])
    for arm, meaning in {"plain": "broken", "residual": "residual"}.items():
        marks.line(learnt, table[table["arm"] == arm], "depth", "percent", meaning)
    for arm, (meaning, marker) in {"plain": ("broken", "o"), "post-activation": ("residual", "^"),
                                   "pre-activation": ("residual", "s")}.items():  # fmt: skip
        marks.line(gradient, start.table[start.table["arm"] == arm], "depth", "first_over_last", meaning, marker=marker)
    learnt.set_ylim(-4, 100)
    learnt.set_xlim(14, 62)
    learnt.set_xticks(sorted(table["depth"].unique()))
    marks.label(learnt, 38, 50, "plain", "broken", side="left")
    marks.label(learnt, 38, 3, "residual", "residual", side="above")
    marks.describe(learnt, y="Training error, % of the digits", x="depth, layers")
    marks.logarithmic(gradient)
    gradient.set_xlim(14, 62)
    gradient.set_xticks(sorted(start.table["depth"].unique()))
    marks.label(gradient, 38, 200, "plain", "broken", side="left")
    marks.label(gradient, 38, 6, "post-activation", "residual", side="above left")
    marks.label(gradient, 38, 3, "pre-activation", "residual", side="below right")
    marks.describe(gradient, y="∂L/∂W, ratio of first to last", x="depth, layers")
    return figure
