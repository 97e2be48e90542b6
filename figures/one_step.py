"""A small step lowers the loss as the gradient promises; a large one keeps only part of the promise, or none.

Loss of the network of ten weights after one step against the learning rate. Dashed: the loss minus the learning rate
times the squared length of the gradient, which is what a straight slope would give.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "worked_example"
title = "Loss after one step of gradient descent, by learning rate"
alt = (
    "The loss before the step is {before}. With a growing learning rate the loss after one step falls, first along the "
    "dashed straight line, of which {kept_small} is kept at a rate of one tenth and {kept} at one half. It is lowest "
    "at a rate of {best_rate} and then rises, until at 3 it is above where it began."
)
arm = "quantity"


def _steps(tables: Tables) -> pd.DataFrame:
    return tables["steps"].set_index("rate").sort_index()


def _loss(tables: Tables, rate: float) -> float:
    steps = _steps(tables)["loss"]
    return float(steps.iloc[int(np.abs(steps.index - rate).argmin())])


def _kept(tables: Tables, rate: float) -> float:
    """Which part of the promised fall is there after a step."""
    steps = _steps(tables)
    row = steps.iloc[int(np.abs(steps.index - rate).argmin())]
    start = steps["loss"].iloc[0]
    return float((start - row["loss"]) / (start - row["theory"]))


def _best_rate(tables: Tables) -> float:
    steps = _steps(tables)["loss"]
    return float(steps.index[int(np.argmin(steps))])


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    """A loss that no step changes."""
    return table.assign(loss=1.0) if "loss" in table else table


claims = {
    "before": Claim(
        text="{:.3f}", value=lambda tables: _loss(tables, 0), at_least=0.3925, at_most=0.3935, counterfeit=_flat
    ),
    "after": Claim(
        text="{:.3f}", value=lambda tables: _loss(tables, 0.5), at_least=0.1765, at_most=0.1775, counterfeit=_flat
    ),
    "kept_small": Claim(
        text="{:.0%}", value=lambda tables: _kept(tables, 0.1), at_least=0.95, at_most=1, counterfeit=_flat
    ),
    "kept": Claim(text="{:.0%}", value=lambda tables: _kept(tables, 0.5), at_least=0.8, at_most=0.9, counterfeit=_flat),
    "best_rate": Claim(text="{:.1f}", value=_best_rate, at_least=1.4, at_most=1.6, counterfeit=_flat),
    "overshoot": Claim(
        text="{:.3f}", value=lambda tables: _loss(tables, 3) - _loss(tables, 0), at_least=0.001, counterfeit=_flat
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=280)
    steps = run.tables["steps"]
    promised = steps[steps["theory"] > -0.03]
    marks.theory(axes, promised["rate"], promised["theory"])
    marks.points(axes, steps, "rate", "loss", "sigmoid")
    axes.set_ylim(-0.03, 0.46)
    marks.threshold(axes, float(steps["loss"].iloc[0]), "dotted: the loss before", side="above right")
    marks.label(axes, 0.45, 0.085, "promised,", side="left")
    marks.label(axes, 0.45, 0.045, "dashed", side="left")
    marks.label(axes, 2.2, 0.16, "measured", "sigmoid", side="left")
    marks.describe(axes, y="Step 4: the loss after the update", x="learning rate, a factor on the gradient")
    return figure
