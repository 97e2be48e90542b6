"""Sixteen rows of noise cost {before} of gradient. After training it even gains {gained}.

How much of ∂L/∂c is left, by lag, in an LSTM with forget bias 1. Squares: all of it. Circles: what came through the
cell state alone, never through h. A mark is the median of the seeds, the bar behind it spans them; dashed: theory.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore import theory
from vgcore.evidence import Claim, Run, Tables, in_the_median
from vgcore.press import marks

experiment = "carried_digit"
title = "Gradient of the cell state by lag, in all and along the straight path"
alt = (
    "Left, before training: both lines fall straight on a logarithmic scale and lie on their dashed theories, all of "
    "the gradient by {before} over sixteen steps and its straight part by {straight_before}. Right, after training: "
    "all of the gradient gains {gained}, the straight part still loses {straight_after}."
)
arm = "phase"

DEFAULT, BIASED, LAG = "LSTM 1", "LSTM 3", 16
EVERY = 2


def _lost(tables: Tables, path: str, phase: str, cell: str = DEFAULT) -> float:
    """Decades that `path` has lost across the noise."""
    table = tables["gradients"]
    rows = table[(table["cell"] == cell) & (table["path"] == path) & (table["phase"] == phase) & (table["lag"] == LAG)]
    return -float(np.log10(rows["gradient"].item()))


def _straight_share(tables: Tables, cell: str, phase: str) -> float:
    return float(10 ** (_lost(tables, "c", phase, cell) - _lost(tables, "straight", phase, cell)))


def _alike(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: both ways bring everything."""
    return table.assign(gradient=1.0) if "gradient" in table else table


claims = {
    "before": Claim(text="{:.1f} decades", value=lambda tables: _lost(tables, "c", "before"), at_least=1.2),
    "gained": Claim(
        text="{:.1f} decades",
        value_of_run=in_the_median(lambda tables: -_lost(tables, "c", "after")),
        at_least=0,
        at_most=0.7,
    ),
    "straight_before": Claim(
        text="{:.1f} decades", value=lambda tables: _lost(tables, "straight", "before"), at_least=2, at_most=2.4
    ),
    "straight_after": Claim(
        text="{:.1f} decades",
        value_of_run=in_the_median(lambda tables: _lost(tables, "straight", "after")),
        at_least=0.3,
        at_most=1.5,
    ),
    "share_before": Claim(
        text="{:.0%}",
        value_of_run=in_the_median(lambda tables: _straight_share(tables, DEFAULT, "before")),
        at_least=0.1,
        at_most=0.35,
        counterfeit=_alike,
    ),
    "share_after": Claim(
        text="{:.0%}", value=lambda tables: _straight_share(tables, DEFAULT, "after"), at_most=0.5, counterfeit=_alike
    ),
    "share_biased": Claim(
        text="{:.0%}", value=lambda tables: _straight_share(tables, BIASED, "after"), at_most=0.6, counterfeit=_alike
    ),
    "biased_before": Claim(
        text="{:.1f} decades", value=lambda tables: abs(_lost(tables, "c", "before", BIASED)), at_most=0.2
    ),
}


def draw(run: Run) -> Figure:
    figure, before, after = marks.panels(2, share_y=True)
    table = run.tables["gradients"]
    table = table[table["cell"] == DEFAULT]
    table = table.assign(decades=np.log10(table["gradient"]))
    lags = np.arange(int(table["lag"].max()) + 1)
    for line in (theory.lstm_gradient_line(1.0, lags), theory.forget_gate_line(1.0, lags)):
        marks.theory(before, lags, np.log10(line))
    for axes, phase in ((before, "before"), (after, "after")):
        _series(axes, table[(table["phase"] == phase) & (table["lag"] % EVERY == 0)])
        marks.describe(
            axes, name=f"{phase.title()} training", y="∂L/∂c, decades relative to lag 0", x="lag, steps back in time"
        )
    marks.label(before, 13, -0.95, "all of it", "lstm", side="above right")
    marks.label(before, 11, -1.75, "through c alone", side="below left")
    marks.label(after, 10, 0.3, "all of it", "lstm", side="above")
    marks.label(after, 11, -0.85, "through c alone", side="below left")
    before.set_yticks([0, -1, -2, -3])
    return figure


def _series(axes: Axes, rows: pd.DataFrame) -> None:
    marks.points(axes, rows[rows["path"] == "straight"], "lag", "decades", "ink")
    marks.points(axes, rows[rows["path"] == "c"], "lag", "decades", "lstm")
