"""Even with He’s weights only {heard_forty} of 64 directions keep a tenth of their size across forty layers.

Singular values of the Jacobian across 1, 5, 20 and 40 ReLU layers with He's weights, at one digit before training: how
much of each of 64 independent messages is passed on. Lines are medians, bars span the seeds; a line ends where, on some
seed, next to nothing arrives. Dotted: a tenth.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "whisper_line"
title = "How much of each direction arrives after 1, 5, 20 and 40 layers"
alt = (
    "Singular values in order of size, on a logarithmic scale. After one ReLU layer {heard_one} of 64 directions keep "
    "a tenth or more of their size, after forty {heard_forty}. Their root mean square is then {rms}, and the "
    "loudest direction is {loudest} as large as that."
)
arm = "line"

HEARD = 0.1
SILENT = 1e-6
"""Below this a direction counts as lost and is not drawn."""


def _values(tables: Tables, step: int) -> pd.Series:
    directions = tables["directions"]
    return directions[directions["step"] == step].set_index("unit")["arrives"].sort_index()


def _heard(tables: Tables, step: int) -> float:
    return float((_values(tables, step) >= HEARD).sum())


def _mean_size(values: pd.Series) -> float:
    return float(np.sqrt(np.mean(values**2)))


def _loudest(tables: Tables) -> float:
    """The loudest direction after forty people over the root mean square of all; 1 where all are alike."""
    values = _values(tables, 40)
    return float(values.iloc[0]) / _mean_size(values)


def _deafened(table: pd.DataFrame) -> pd.DataFrame:
    """A line in which every direction arrives alike: none is lost, none is favoured."""
    return table.assign(arrives=1.0)


claims = {
    "heard_one": Claim(
        text="{:.0f}", value=lambda tables: _heard(tables, 1), at_least=20, at_most=45, counterfeit=_deafened
    ),
    "heard_forty": Claim(text="{:.0f}", value=lambda tables: _heard(tables, 40), at_most=12, counterfeit=_deafened),
    "loudest": Claim(text="{:.1f} times", value=_loudest, at_least=3, counterfeit=_deafened),
    "rms": Claim(
        text="{:.1f}",
        value=lambda tables: _mean_size(_values(tables, 40)),
        at_least=0.05,  # one digit's Jacobian varies: about two and a half standard deviations either way
        at_most=5,
        counterfeit=lambda table: table.assign(arrives=0.01),
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels()
    table = run.tables["directions"]
    in_all_seeds = table.groupby(["step", "unit"])["arrives"].transform("min") > SILENT
    table = table[in_all_seeds & (table["unit"] % 2 == 1)]
    for step in (1, 5, 20, 40):
        marks.line(axes, table[table["step"] == step], "unit", "arrives", "relu")
    axes.set_ylim(SILENT / 2, 60)
    axes.set_xlim(0, 36)
    marks.logarithmic(axes)
    marks.threshold(axes, HEARD, "dotted: a tenth")
    marks.label(axes, 29, 6, "after 1 layer", "relu", side="on")
    marks.label(axes, 29.5, 1e-2, "5", "relu", side="on")
    marks.label(axes, 19, 1e-3, "20", "relu", side="on")
    marks.label(axes, 9, 1e-4, "40", "relu", side="on")
    marks.describe(axes, y="Factor by which a direction arrives", x="directions in order, the loudest first")
    return figure
