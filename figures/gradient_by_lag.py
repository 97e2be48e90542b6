"""Forty steps back a GRU has lost {gru_decades} of gradient, a SimpleRNN {rnn_decades} and an LSTM {lstm_decades}.

How much gradient reaches the state, by lag: ∂L/∂h, for LSTMs ∂L/∂c. Layers of 64 units with Keras’s initialisation,
before training, reading random numbers. Left: of variance 1; weak inputs are a tenth as large. Right: a tenth as
large. A mark is the median of the seeds, the bar behind it spans them. Dashed: theory; nothing is fitted.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "gradient_by_lag"
title = "Gradient by lag, for three cells and for four forget biases"
alt = (
    "Left: with inputs of variance 1 the gradient of all three cells falls in straight lines on a logarithmic scale, "
    "over forty steps by {gru_decades} for the GRU, {rnn_decades} for the SimpleRNN and {lstm_decades} for the LSTM. "
    "Right: with weak inputs an LSTM with forget bias 0 passes back {factor_0} a step, with bias 1 {factor_1}, with "
    "bias 3 {factor_3} and with bias 5 {factor_5}, so the last two grow. Dashed theory lines run through the marks."
)
arm = "cell"

SPARSE = 5
"""Every fifth lag is drawn."""


def _of(table: pd.DataFrame, cell: str, inputs: str = "standard") -> pd.DataFrame:
    return table[(table["cell"] == cell) & (table["inputs"] == inputs)].sort_values("lag")


def _left(table: pd.DataFrame, cell: str, inputs: str = "standard", column: str = "state_gradient") -> float:
    """The share of the gradient that is left at the longest lag."""
    return float(_of(table, cell, inputs)[column].iloc[-1])


def _decades(table: pd.DataFrame, cell: str, inputs: str = "standard") -> float:
    return float(-np.log10(_left(table, cell, inputs)))


def _factor(table: pd.DataFrame, cell: str, inputs: str = "weak", column: str = "state_gradient") -> float:
    """What one step passes back, the geometric mean over all lags but the first quarter, where it still settles."""
    rows = _of(table, cell, inputs).set_index("lag")[column]
    last = int(rows.index.max())
    return float((rows.loc[last] / rows.loc[last // 4]) ** (1 / (last - last // 4)))


def _off_theory(table: pd.DataFrame, cells: Sequence[str], inputs: str) -> float:
    """Largest distance of a cell from its theory, in the factor of a step."""
    return max(abs(_factor(table, cell, inputs) / _factor(table, cell, inputs, "theory") - 1) for cell in cells)


def _off_hidden(table: pd.DataFrame) -> float:
    """How much the factor differs between an LSTM's c and its h."""
    cells = [cell for cell in table["cell"].unique() if cell.startswith("LSTM")]
    return max(abs(_factor(table, cell) / _factor(table, cell, column="hidden_gradient") - 1) for cell in cells)


claims = {
    "rnn_decades": Claim(
        text="{:.1f} decades", value=lambda table: _decades(table, "SimpleRNN"), at_least=3.5, at_most=5.5
    ),
    "gru_decades": Claim(text="{:.1f} decades", value=lambda table: _decades(table, "GRU"), at_least=7.5, at_most=9),
    "lstm_decades": Claim(
        text="{:.1f} decades", value=lambda table: _decades(table, "LSTM 1"), at_least=2.7, at_most=3.7
    ),
    "rnn_weak_decades": Claim(
        text="{:.1f} decades", value=lambda table: _decades(table, "SimpleRNN", "weak"), at_most=1
    ),
    "lstm_weak_decades": Claim(
        text="{:.1f} decades", value=lambda table: _decades(table, "LSTM 1", "weak"), at_least=2.5
    ),
    "rnn_factor": Claim(
        text="{:.2f}", value=lambda table: _factor(table, "SimpleRNN", "standard"), at_least=0.74, at_most=0.81
    ),
    "rnn_weak_factor": Claim(text="{:.2f}", value=lambda table: _factor(table, "SimpleRNN"), at_least=0.95, at_most=1),
    "gru_factor": Claim(text="{:.2f}", value=lambda table: _factor(table, "GRU"), at_least=0.61, at_most=0.66),
    "factor_0": Claim(text="{:.2f}", value=lambda table: _factor(table, "LSTM 0"), at_least=0.59, at_most=0.64),
    "factor_1": Claim(text="{:.2f}", value=lambda table: _factor(table, "LSTM 1"), at_least=0.82, at_most=0.87),
    "factor_3": Claim(text="{:.2f}", value=lambda table: _factor(table, "LSTM 3"), at_least=1.03, at_most=1.09),
    "factor_5": Claim(text="{:.2f}", value=lambda table: _factor(table, "LSTM 5"), at_least=1.05, at_most=1.13),
    "off_theory": Claim(
        text="{:.0%}",
        value=lambda table: _off_theory(table, sorted(table["cell"].unique()), "weak"),
        at_most=0.04,
        counterfeit=lambda table: table.assign(theory=1.0),
    ),
    "off_theory_large": Claim(
        text="{:.0%}",
        value=lambda table: _off_theory(table, ("SimpleRNN", "GRU", "LSTM 1"), "standard"),
        at_most=0.05,
        counterfeit=lambda table: table.assign(theory=1.0),
    ),
    "off_hidden": Claim(
        text="{:.1%}",
        value=_off_hidden,
        at_most=0.02,
        counterfeit=lambda table: table.assign(hidden_gradient=1.0),
    ),
}


def draw(run: Run) -> Figure:
    figure, cells, biases = marks.panels(2, height=340)
    table = run.table
    _series(cells, _of(table, "SimpleRNN", "weak"), "rnn", "SimpleRNN, weak inputs", 40, 0.9, "above left")
    _series(cells, _of(table, "LSTM 1"), "lstm", "LSTM", 27, -1.95, "above right")
    _series(cells, _of(table, "SimpleRNN"), "rnn", "SimpleRNN", 34, -4.9, "on")
    _series(cells, _of(table, "GRU"), "gru", "GRU", 16, -4.2, "below left")
    marks.describe(
        cells, name="As Keras builds them", y="gradient, decades relative to lag 0", x="lag, steps back in time"
    )
    _series(biases, _of(table, "LSTM 5", "weak"), "lstm", "bias 5", 20, 1.3, "above left")
    _series(biases, _of(table, "LSTM 3", "weak"), "lstm", "bias 3", 35, -0.6, "on", marker="D")
    _series(biases, _of(table, "LSTM 1", "weak"), "lstm", "bias 1", 28, -2.2, "above right", marker="^")
    _series(biases, _of(table, "LSTM 0", "weak"), "lstm", "bias 0", 16, -4.2, "below left", marker="o")
    marks.label(biases, 0, -7.6, "theory, dashed", side="right")
    marks.describe(
        biases, name="LSTM, by its forget bias", y="gradient, decades relative to lag 0", x="lag, steps back in time"
    )
    for axes in (cells, biases):
        axes.set_ylim(-9.3, 2.3)
        axes.set_yticks([0, -4, -8])
    return figure


def _series(
    axes: Axes, rows: pd.DataFrame, meaning: str, name: str, x: float, y: float, side: marks.Side, marker: str = ""
) -> None:
    rows = rows.assign(decades=np.log10(rows["state_gradient"]), predicted=np.log10(rows["theory"]))
    predicted = rows.groupby("lag")["predicted"].median()
    marks.theory(axes, predicted.index, predicted)
    marks.points(axes, rows[rows["lag"] % SPARSE == 0], "lag", "decades", meaning, marker=marker)
    marks.label(axes, x, y, name, meaning, side=side)
