"""With batch normalisation nine tenths of the gradient come over paths of at most {most_travelled} of forty branches.

How the gradient at the input divides over paths by the number of branches passed, in residual ReLU networks of
forty blocks before training. A mark is the median of the seeds, the bar behind it spans them all. Dashed: how the
paths themselves divide, which is also theory for the network without normalisation.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "path_lengths"
title = "Share of the gradient by length of its path"
alt = (
    "Share of the gradient against the number of branches that a path passes, 0 to 40. Without normalisation the marks "
    "form a bell around {mean_without}, like the dashed line of the paths themselves. With batch normalisation they "
    "form a narrower bell around {mean_normalised}, where there are hardly any paths."
)
arm = "arm"

NORMALISED, WITHOUT = "batch norm", "unnormalised"


def _summary(tables: Tables, arm: str, column: str) -> float:
    return float(tables["summary"].set_index("arm")[column].loc[arm])


claims = {
    "most_travelled": Claim(
        text="{:.0f}", value=lambda tables: _summary(tables, NORMALISED, "most_travelled"), at_least=4, at_most=13
    ),
    "mean_normalised": Claim(
        text="{:.1f}", value=lambda tables: _summary(tables, NORMALISED, "mean_length"), at_least=3, at_most=8
    ),
    "mean_without": Claim(
        text="{:.0f}", value=lambda tables: _summary(tables, WITHOUT, "mean_length"), at_least=16, at_most=24
    ),
    "paths_needed": Claim(
        text="{:.3%}", value=lambda tables: _summary(tables, NORMALISED, "paths_needed"), at_most=0.01
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=290)
    table = run.tables["lengths"].assign(percent=100 * run.tables["lengths"]["share"])
    paths = table.groupby("length")["paths"].median()
    marks.theory(axes, paths.index, 100 * paths)
    for arm, (meaning, marker) in {NORMALISED: ("residual", "s"), WITHOUT: ("broken", "o")}.items():
        one = table[table["arm"] == arm]
        telling = one.groupby("length")["percent"].median().abs() > 0.2  # where a mark would lie on the axis, none
        marks.points(axes, _at(one, telling), "length", "percent", meaning, marker=marker)
    marks.label(axes, 8, 17, "with batch normalisation", "residual", side="right")
    marks.label(axes, 24, 11, "without", "broken", side="right")
    marks.label(axes, 33, 5, "all paths, dashed", side="above")
    axes.set_xlim(-1.5, 41)
    axes.set_ylim(-2.5, 30)
    marks.describe(axes, y="Share of the gradient, %", x="depth of the path, branches of 40")
    return figure


def _at(table: pd.DataFrame, telling: pd.Series) -> pd.DataFrame:
    return table[table["length"].isin(telling[telling].index)]
