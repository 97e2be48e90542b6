"""Networks that keep a tenth of the gradient learn to remember a digit; those that lose two decades do not.

Left: test accuracy after the same short training, by the rows of noise between the digit and the answer. Right: the
same networks, by how much of ∂L/∂h crossed the noise before training. A mark is the median of the seeds, the bar behind
it spans them all. The number behind LSTM is its forget bias; dotted is guessing.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "memory_span"
title = "Accuracy by lag, and by the gradient that crosses it"
alt = (
    "Left: without noise all four networks name {read} or more of the digits. With sixteen rows of noise SimpleRNN "
    "and GRU get at most {short_16}, the LSTM with forget bias 1 {default_16}; with 32 rows it gets {default_32}, and "
    "the LSTM with bias 3 still {biased_32}. Right: the same accuracies lie near one rising curve over the gradient "
    "that crossed the noise: at least {least_with_much} where a tenth is kept, at most {most_with_little} where two "
    "decades are lost."
)
arm = "cell"

SHORT = ("SimpleRNN", "GRU")
MUCH, LITTLE = 0.1, 0.01
"""One decade lost, and two. In between lies a transition, in which seeds differ."""

Place = tuple[float, float, marks.Side]

SIGNS: dict[str, tuple[str, str, Place, Place]] = {
    "LSTM 3": ("lstm", "D", (24, 74, "above right"), (-0.35, 94, "on")),
    "LSTM 1": ("lstm", "s", (20, 57, "right"), (-1.35, 45, "right")),
    "GRU": ("gru", "^", (16.4, 20, "right"), (-1.6, 77, "left")),
    "SimpleRNN": ("rnn", "o", (11, 42, "left"), (-4.6, 17, "above")),
}
"""For each network its colour and marker, and where its name stands in the two panels."""


def _accuracy(table: pd.DataFrame, cell: str, lag: int) -> float:
    found = table[(table["cell"] == cell) & (table["lag"] == lag)]["test_accuracy"]
    return float(found.item()) if len(found) else float("nan")  # a small run has neither all cells nor all lags


def _least_with_much(table: pd.DataFrame) -> float:
    """The worst accuracy of the networks that had to remember and lost less than a decade."""
    return float(table[(table["lag"] > 0) & (table["gradient_left"] > MUCH)]["test_accuracy"].min())


def _most_with_little(table: pd.DataFrame) -> float:
    """The best accuracy of the networks that lost two decades or more."""
    return float(table[table["gradient_left"] < LITTLE]["test_accuracy"].max())


def _backwards(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: the accuracies in reverse order, so that much noise looks easy."""
    return table.assign(test_accuracy=table["test_accuracy"].to_numpy()[::-1])


# Guessing gives a tenth. What is learned must be twice that in every seed, what is not must stay below a half; the
# comparisons between networks, seed by seed, carry the rest.
claims = {
    "least_with_much": Claim(text="{:.0%}", value=_least_with_much, at_least=0.2, counterfeit=_backwards),
    "most_with_little": Claim(text="{:.0%}", value=_most_with_little, at_most=0.5, counterfeit=_backwards),
    "much_over_little": Claim(
        text="{:.1f} times",
        value=lambda table: _least_with_much(table) / _most_with_little(table),
        at_least=1,
        counterfeit=_backwards,
    ),
    "read": Claim(
        text="{:.0%}",
        value=lambda table: float(table[table["lag"] == 0]["test_accuracy"].min()),
        at_least=0.85,
        counterfeit=_backwards,
    ),
    "gru_8": Claim(text="{:.0%}", value=lambda table: _accuracy(table, "GRU", 8), at_least=0.5, counterfeit=_backwards),
    "short_16": Claim(
        text="{:.0%}", value=lambda table: max(_accuracy(table, cell, 16) for cell in SHORT), at_most=0.5
    ),
    "default_16": Claim(text="{:.0%}", value=lambda table: _accuracy(table, "LSTM 1", 16), at_least=0.2),
    "default_32": Claim(text="{:.0%}", value=lambda table: _accuracy(table, "LSTM 1", 32), at_most=0.5),
    "biased_32": Claim(text="{:.0%}", value=lambda table: _accuracy(table, "LSTM 3", 32), at_least=0.2),
    "bias_over_default": Claim(
        text="{:.0f} times",
        value=lambda table: _accuracy(table, "LSTM 3", 32) / _accuracy(table, "LSTM 1", 32),
        at_least=1,
    ),
}


def draw(run: Run) -> Figure:
    figure, lags, gradients = marks.panels(2, height=340)
    table = run.table.assign(percent=100 * run.table["test_accuracy"])
    for name, (meaning, marker, by_lag, by_gradient) in SIGNS.items():
        rows = table[table["cell"] == name]
        if rows.empty:
            continue
        marks.line(lags, rows, "lag", "percent", meaning, marker=marker)
        left = np.log10(rows.groupby("lag")["gradient_left"].transform("median"))
        marks.points(gradients, rows.assign(left=left)[rows["lag"] > 0], "left", "percent", meaning, marker=marker)
        _label(lags, name, meaning, *by_lag)
        _label(gradients, name, meaning, *by_gradient)
    lags.set_xticks(sorted(table["lag"].unique()))
    gradients.set_xticks([-6, -4, -2, 0])
    for axes in (lags, gradients):
        axes.set_ylim(0, 108)
        axes.set_yticks([0, 50, 100])
        marks.threshold(axes, 10, "guessing", side="below left")
    marks.describe(lags, y="Test accuracy, %", x="lag, rows of noise after the digit")
    marks.describe(gradients, y="Test accuracy, %", x="gradient left, decades")
    return figure


def _label(axes: Axes, name: str, meaning: str, x: float, y: float, side: marks.Side) -> None:
    marks.label(axes, x, y, name, meaning, side=side)
