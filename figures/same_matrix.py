"""Every singular value of the tanh network's matrix is {gain}, and still its gradient loses {tanh_decades}.

Norm of the gradient that is sent back through 96 steps by one 64 × 64 matrix. Two networks are linear; the tanh network
reads twelve digits, one after the other, row by row. Dashed: spectral radius to the power of the step. Lines are
medians, thin lines the seeds.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, in_the_median
from vgcore.press import marks

experiment = "same_matrix"
title = "Gradient by step, multiplied by the same matrix each time"
alt = (
    "Three lines over 96 steps. A linear recurrence whose spectral radius is above one gains {grown}. One with a "
    "radius below one loses {lost}, although its largest singular value is {singular_value}. A tanh network, all of "
    "whose singular values are {gain}, loses {tanh_decades}. The linear ones run parallel to their dashed theory."
)
arm = "matrix"

SHRINKING, GROWING, TANH = "linear, radius 0.95", "linear, radius 1.05", "tanh"


def _norms(tables: Tables, matrix: str, column: str = "gradient_norm") -> pd.Series:
    steps = tables["steps"]
    return steps[steps["matrix"] == matrix].set_index("step")[column].sort_index()


def _decades(tables: Tables, matrix: str) -> float:
    return float(np.log10(_norms(tables, matrix).iloc[-1]))


def _singular_value(tables: Tables, matrix: str) -> float:
    return float(tables["matrices"].set_index("matrix")["largest_singular_value"].loc[matrix])


def _long_run(tables: Tables, matrix: str) -> float:
    """The factor a step over the second half, when the beginning is forgotten."""
    norms = _norms(tables, matrix)
    half = len(norms) // 2
    return float((norms.iloc[-1] / norms.iloc[half]) ** (1 / (len(norms) - 1 - half)))


def _off_theory(tables: Tables) -> float:
    """How far the two linear factors of the long run are from the spectral radius."""
    radius = {matrix: float(_norms(tables, matrix, "theory").iloc[1]) for matrix in (SHRINKING, GROWING)}
    return max(abs(_long_run(tables, matrix) - value) for matrix, value in radius.items())


claims = {
    "gain": Claim(text="{:.1f}", value=lambda tables: _singular_value(tables, TANH), at_least=1.199, at_most=1.201),
    "tanh_decades": Claim(text="{:.1f} decades", value=lambda tables: -_decades(tables, TANH), at_least=3),
    "lost": Claim(text="{:.1f} decades", value=lambda tables: -_decades(tables, SHRINKING), at_least=1.5, at_most=4),
    "grown": Claim(text="{:.1f} decades", value=lambda tables: _decades(tables, GROWING), at_least=0, at_most=2.5),
    "singular_value": Claim(
        text="{:.1f}", value=lambda tables: _singular_value(tables, SHRINKING), at_least=1.5, at_most=2.2
    ),
    "off_theory": Claim(
        text="{:.3f}",
        value_of_run=in_the_median(_off_theory),
        at_most=0.02,
        counterfeit=lambda table: table.assign(theory=2.0) if "theory" in table else table,
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels()
    table = run.tables["steps"]
    table = table.assign(decades=np.log10(table["gradient_norm"]), predicted=np.log10(table["theory"]))
    table = table[table["step"] % 4 == 0]
    for matrix in (GROWING, SHRINKING, TANH):
        one = table[table["matrix"] == matrix]
        if matrix != TANH:
            predicted = one.groupby("step")["predicted"].median()
            marks.theory(axes, predicted.index, predicted)
        marks.seeds(axes, one, "step", "decades", "rnn")
    marks.label(axes, 40, 2.2, "linear, radius 1.05", "rnn", side="on")
    marks.label(axes, 72, -0.6, "linear, radius 0.95", "rnn", side="on")
    marks.label(axes, 24, -4.6, "tanh, singular values 1.2", "rnn", side="on")
    axes.set_yticks([2, 0, -2, -4, -6])
    marks.describe(axes, y="∂L/∂h, decades relative to the start", x="steps back in time")
    return figure
