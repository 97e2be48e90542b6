"""To reach the same loss, batches of 16 need {times_fewer} fewer digits than steps that wait for all of them.

Left: cosine between the gradient of a batch and that of all digits, mean over many batches; dashed: what the spread of
the single digits' gradients predicts, nothing fitted; later: after 100 full steps. Right: the digits that a network has
seen when it reaches the same training loss, for batches of four and more, each with its best learning rate. Bars span
the seeds.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "mini_batches"
title = "Direction of mini-batch gradients, and digits needed to learn, by batch size"
alt = (
    "Left: before training the gradient of 64 digits has a cosine of {cosine} with that of all; later, when little is "
    "left to gain, of {cosine_later}. The theory lines run through the marks from 16 digits on. Right: the digits "
    "needed to reach the same loss grow with the batch, from {digits_seen} at 16 to {digits_all} with all at once."
)
arm = "arm"

BEFORE, LATER = "before training", "later"


def _cosine(tables: Tables, arm: str, column: str = "cosine") -> float:
    table = tables["direction"]
    return float(table[(table["arm"] == arm) & (table["batch"] == 64)][column].iloc[0])


def _seen(tables: Tables, arm: str) -> float:
    return float(tables["race"].set_index("arm")["digits_seen"].loc[arm])


def _off_theory(tables: Tables) -> float:
    table = tables["direction"]
    table = table[table["batch"] >= 16]  # the closed form is for the mean of several
    return float(np.abs(table["cosine"] - table["theory"]).max())


claims = {
    "cosine": Claim(text="{:.2f}", value=lambda tables: _cosine(tables, BEFORE), at_least=0.7),
    "cosine_later": Claim(text="{:.2f}", value=lambda tables: _cosine(tables, LATER), at_most=0.3),
    "off_theory": Claim(
        text="{:.2f}", value=_off_theory, at_most=0.06, counterfeit=lambda table: table.assign(theory=1.0)
    ),
    "digits_seen": Claim(text="{:.0f}", value=lambda tables: _seen(tables, "16 at a time"), at_most=3000),
    "digits_all": Claim(text="{:.0f}", value=lambda tables: _seen(tables, "1437 at a time"), at_least=10000),
    "times_fewer": Claim(
        text="{:.0f} times",
        value=lambda tables: _seen(tables, "1437 at a time") / _seen(tables, "16 at a time"),
        at_least=8,
    ),
}


def draw(run: Run) -> Figure:
    figure, direction, race = marks.panels(2)
    _direction(direction, run.tables["direction"])
    marks.line(race, run.tables["race"], "batch", "digits_seen", "relu")
    race.set_ylim(200, 60000)
    _batches(race, 1437)
    marks.logarithmic(race)
    marks.describe(race, y="Digits until the same loss, 0.3 nats", x="batch size, digits")
    return figure


def _direction(axes: Axes, table: pd.DataFrame) -> None:
    for arm, marker in {BEFORE: "^", LATER: "s"}.items():
        one = table[table["arm"] == arm]
        predicted = one.groupby("batch")["theory"].median()
        marks.theory(axes, predicted.index, predicted)
        marks.points(axes, one, "batch", "cosine", "relu", marker=marker)
    axes.set_ylim(0, 1.15)
    _batches(axes, 1024)
    marks.label(axes, 150, 0.66, BEFORE, "relu", side="on")
    marks.label(axes, 64, 0.28, LATER, "relu", side="on")
    marks.describe(axes, y="Share along the full gradient (cosine)", x="batch size, digits")


def _batches(axes: Axes, largest: int) -> None:
    sizes = (1, 4, 16, 64, 256, largest)
    axes.set_xscale("log")
    axes.set_xlim(0.8, 2600)
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
