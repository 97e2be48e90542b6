"""With 32 rows of noise after a digit, only the LSTM with forget bias 3 still learns to name it: {biased_32} rightly.

Left: test accuracy after the same short training, by the rows of noise between the digit and the answer. Right: the
same networks, by how much of ∂L/∂h crossed the noise before training. A mark is the median of the seeds, the bar behind
it spans them all; dotted is guessing. LSTMs carry their forget bias as a name.
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
    "the LSTM with bias 3 still {biased_32}. Right: accuracy against the gradient that crossed "
    "the noise. Where three decades or more are lost it is at most {best_without_gradient}."
)
arm = "cell"

SHORT = ("SimpleRNN", "GRU")
LOST = 1e-3
"""A thousandth of the gradient: three decades lost."""


def _accuracy(table: pd.DataFrame, cell: str, lag: int) -> float:
    found = table[(table["cell"] == cell) & (table["lag"] == lag)]["test_accuracy"]
    return float(found.item()) if len(found) else float("nan")  # a small run has neither all cells nor all lags


def _shift_lags(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: the accuracies in reverse order, so that much noise looks easy."""
    return table.assign(test_accuracy=table["test_accuracy"].to_numpy()[::-1])


def _without_gradient(table: pd.DataFrame) -> float:
    """The best accuracy of any network that had lost three decades."""
    return float(table[table["gradient_left"] < LOST]["test_accuracy"].max())


claims = {
    "read": Claim(
        text="{:.0%}",
        value=lambda table: float(table[table["lag"] == 0]["test_accuracy"].min()),
        at_least=0.85,
        counterfeit=_shift_lags,
    ),
    "short_16": Claim(
        text="{:.0%}", value=lambda table: max(_accuracy(table, cell, 16) for cell in SHORT), at_most=0.35
    ),
    "default_16": Claim(text="{:.0%}", value=lambda table: _accuracy(table, "LSTM 1", 16), at_least=0.3),
    "default_32": Claim(text="{:.0%}", value=lambda table: _accuracy(table, "LSTM 1", 32), at_most=0.5),
    "biased_32": Claim(text="{:.0%}", value=lambda table: _accuracy(table, "LSTM 3", 32), at_least=0.45),
    "best_without_gradient": Claim(text="{:.0%}", value=_without_gradient, at_most=0.35, counterfeit=_shift_lags),
    "rnn_16": Claim(text="{:.0%}", value=lambda table: _accuracy(table, "SimpleRNN", 16), at_most=0.25),
    "gru_8": Claim(text="{:.0%}", value=lambda table: _accuracy(table, "GRU", 8), at_least=0.35),
}


def draw(run: Run) -> Figure:
    figure, lags, gradients = marks.panels(2, share_y=True, height=340)
    table = run.table.assign(percent=100 * run.table["test_accuracy"])
    names = [name for name in SIGNS if name in set(table["cell"])]
    for name in names:
        meaning, marker, *_ = SIGNS[name]
        rows = table[table["cell"] == name]
        marks.line(lags, rows, "lag", "percent", meaning, marker=marker)
        crossed = np.log10(rows.groupby("lag")["gradient_left"].transform("median"))
        noisy = rows.assign(crossed=crossed)[rows["lag"] > 0]
        marks.line(gradients, noisy, "crossed", "percent", meaning, marker=marker)
    _label(lags, "lag", names)
    _label(gradients, "gradient", names)
    lags.set_xticks(sorted(table["lag"].unique()))
    gradients.set_xticks([0, -2, -4, -6])
    lags.set_ylim(0, 108)
    lags.set_yticks([0, 25, 50, 75, 100])
    marks.threshold(lags, 10, "guessing", side="below left")
    marks.threshold(gradients, 10, "guessing", side="below left")
    marks.describe(lags, y="Test accuracy, %", x="lag, rows of noise after the digit")
    marks.describe(gradients, y="Test accuracy, %", x="gradient left, decades")
    return figure


SIGNS = {
    "LSTM 3": ("lstm", "D", (25, 75, "above"), (-0.3, 60, "left")),
    "LSTM 1": ("lstm", "^", (22, 52, "right"), (-1.5, 72, "above left")),
    "GRU": ("gru", "^", (10, 62, "right"), (-2.6, 50, "left")),
    "SimpleRNN": ("rnn", "o", (4, 40, "below"), (-1.2, 30, "right")),
}


def _label(axes: Axes, kind: str, names: list[str]) -> None:
    for name in names:
        meaning, _, by_lag, by_gradient = SIGNS[name]
        x, y, side = by_lag if kind == "lag" else by_gradient
        marks.label(axes, x, y, name, meaning, side=side)
