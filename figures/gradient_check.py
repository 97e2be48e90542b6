"""On a larger network finite differences confirm {digits_central}, no more: below the best step, rounding takes over.

Relative error of finite differences for 40 weights of a network on digits, against the step by which each weight is
turned. A mark is the median of the seeds, the bar behind it spans them all. Dashed: what is cut off after the straight
line, and what rounding adds, up to an error of 1; nothing is fitted.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "gradient_check"
title = "Relative error of finite differences by step"
alt = (
    "Three V-shaped curves over the step. From large steps the error falls, with its square for central differences, "
    "to a lowest point, and rises again as the step shrinks. At best central differences agree with back-propagation "
    "to {digits_central} in 64 bits and {digits_single} in 32 bits, one-sided ones to {digits_one_sided}."
)
arm = "arm"

CENTRAL, ONE_SIDED, SINGLE = "central, 64 bits", "one-sided, 64 bits", "central, 32 bits"
LOST = 1  # a predicted error as large as the gradient itself: nothing is left to compare
MARKERS = {CENTRAL: "o", ONE_SIDED: "s", SINGLE: "^"}


def _digits(table: pd.DataFrame, arm: str) -> float:
    """How many digits agree at the best step."""
    return float(-np.log10(table[table["arm"] == arm]["error"].min()))


def _at(table: pd.DataFrame, arm: str, column: str, turn: float) -> float:
    one = table[table["arm"] == arm]
    return float(one[column].iloc[int(np.abs(np.log(one["turn"] / turn)).argmin())])


def _order(table: pd.DataFrame, arm: str) -> float:
    """By which power of the step the error falls, between a tenth and a hundredth."""
    return float(np.log10(_at(table, arm, "error", 1e-1) / _at(table, arm, "error", 1e-2)))


def _off_theory(run: Run) -> float:
    """Largest distance of a mark from its theory line, in decades, wherever there is a line."""
    medians = run.table.groupby(["arm", "power"])[["error", "theory"]].median()
    medians = medians[medians["theory"] < LOST]
    return float(np.abs(np.log10(medians["error"] / medians["theory"])).max())


claims = {
    "digits_central": Claim(text="{:.1f} digits", value=lambda table: _digits(table, CENTRAL), at_least=8.5),
    "digits_one_sided": Claim(
        text="{:.1f} digits", value=lambda table: _digits(table, ONE_SIDED), at_least=5.5, at_most=8
    ),
    "digits_single": Claim(text="{:.1f} digits", value=lambda table: _digits(table, SINGLE), at_least=3, at_most=4.5),
    "order_central": Claim(text="{:.1f}", value=lambda table: _order(table, CENTRAL), at_least=1.9, at_most=2.1),
    "order_one_sided": Claim(text="{:.1f}", value=lambda table: _order(table, ONE_SIDED), at_least=0.9, at_most=1.1),
    "off_theory": Claim(
        text="{:.1f} decades", value_of_run=_off_theory, at_most=0.6, counterfeit=lambda table: table.assign(theory=0.5)
    ),
}  # fmt: skip


def draw(run: Run) -> Figure:
    figure, axes = marks.panels()
    for name, marker in MARKERS.items():
        one = run.table[run.table["arm"] == name]
        predicted = one.groupby("turn")["theory"].median()
        predicted = predicted[predicted < LOST]
        marks.theory(axes, predicted.index, predicted)
        marks.points(axes, one, "turn", "error", "sigmoid", marker=marker)
    axes.set_ylim(3e-11, 8)
    marks.logarithmic(axes, "x")
    marks.logarithmic(axes)
    marks.label(axes, 1e-2, 3e-9, "central", "sigmoid", side="on")
    marks.label(axes, 1e-7, 1.5e-5, "one-sided", "sigmoid", side="on")
    marks.label(axes, 2e-3, 2.5, SINGLE, "sigmoid", side="on")
    marks.describe(axes, y="Relative error of the finite difference", x="step Δ, relative to a weight of 1")
    return figure
