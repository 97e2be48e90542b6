"""A trained LSTM's input gate is {input_digit} open for the digit, in the median {input_noise} at the noise's end.

Two gates of an LSTM with forget bias 3, step by step: eight rows of a digit, then sixteen of noise. Thick marks: the
mean over units and unseen digits after training; thin lines: the most open and the least open tenth of the units;
circles: before training. Medians and ranges over the seeds.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, in_the_median
from vgcore.press import marks

experiment = "carried_digit"
title = "Input and forget gate, step by step, before and after training"
alt = (
    "Left: before training the input gate stands half open at every step. After training it is {input_digit} open in "
    "the middle of the digit and {input_noise} open at the end of the noise. Right: the forget gate starts at "
    "{forget_before} and on average stays within {forget_moved} of it; its units spread apart, most while they read "
    "the digit."
)
arm = "phase"

BIASED, DEFAULT = "LSTM 3", "LSTM 1"
DIGIT, NOISE, EVERY = 4, 23, 2
"""The steps looked at: in the middle of the digit, and the last of the noise."""


def _open(tables: Tables, gate: str, phase: str, step: int, cell: str = BIASED, column: str = "opening") -> float:
    table = tables["gates"]
    rows = table[
        (table["cell"] == cell) & (table["gate"] == gate) & (table["phase"] == phase) & (table["step"] == step)
    ]
    return float(rows[column].item())


def _spread(tables: Tables, phase: str) -> float:
    """Between the tenths of units of the default LSTM that forget least and most, in the noise."""
    return _open(tables, "forget", phase, NOISE, DEFAULT, "high") - _open(
        tables, "forget", phase, NOISE, DEFAULT, "low"
    )


def _shut(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: gates that are shut after training, and begin half open."""
    if "opening" not in table:
        return table
    return table.assign(opening=np.where(table["phase"] == "before", 0.5, 0.1))


claims = {
    "input_digit": Claim(
        text="{:.0%}",
        value=lambda tables: _open(tables, "input", "after", DIGIT),
        at_least=0.4,
        at_most=0.65,
        counterfeit=_shut,
    ),
    "input_closed": Claim(
        text="{:.0f} points",
        value_of_run=in_the_median(
            lambda tables: 100 * (_open(tables, "input", "after", DIGIT) - _open(tables, "input", "after", NOISE))
        ),
        at_least=4,
    ),
    "input_noise": Claim(
        text="{:.0%}", value_of_run=in_the_median(lambda tables: _open(tables, "input", "after", NOISE)), at_most=0.46
    ),
    "forget_before": Claim(
        text="{:.2f}",
        value=lambda tables: _open(tables, "forget", "before", NOISE),
        at_least=0.94,
        at_most=0.96,
        counterfeit=_shut,
    ),
    "forget_moved": Claim(
        text="{:.2f}",
        value=lambda tables: max(
            abs(_open(tables, "forget", "after", step) - _open(tables, "forget", "before", step))
            for step in (DIGIT, NOISE)
        ),
        at_most=0.08,
        counterfeit=_shut,
    ),
    "default_noise": Claim(
        text="{:.2f}",
        value_of_run=in_the_median(lambda tables: _open(tables, "forget", "after", NOISE, DEFAULT)),
        at_least=0.68,
        at_most=0.79,
        counterfeit=_shut,
    ),
    "spread_before": Claim(text="{:.2f}", value=lambda tables: _spread(tables, "before"), at_most=0.08),
    "spread_after": Claim(
        text="{:.2f}", value_of_run=in_the_median(lambda tables: _spread(tables, "after")), at_least=0.12
    ),
}


def draw(run: Run) -> Figure:
    figure, write, keep = marks.panels(2)
    table = run.tables["gates"]
    table = table[(table["cell"] == BIASED) & (table["step"] % EVERY == 0)]
    for axes, gate in ((write, "input"), (keep, "forget")):
        _series(axes, table[table["gate"] == gate])
        marks.threshold(axes, 7.5, "noise begins", axis="x", side="above right")
        marks.describe(axes, y=f"{gate.title()} gate, share open", x="step")
    write.set_ylim(0, 1.06)
    keep.set_ylim(0.7, 1.02)
    marks.label(write, 13, 0.51, "before training", side="above right")
    marks.label(write, 12, 0.25, "after", "lstm", side="on")
    marks.label(keep, 13, 0.9, "least open tenth", "lstm", side="below right")
    return figure


def _series(axes: Axes, rows: pd.DataFrame) -> None:
    marks.points(axes, rows[rows["phase"] == "before"], "step", "opening", "ink")
    after = rows[rows["phase"] == "after"]
    marks.line(axes, after, "step", "opening", "lstm")
    for column in ("low", "high"):
        middle = after.groupby("step")[column].median()
        axes.plot(middle.index, middle, color="lstm", linewidth=0.8, zorder=2)
