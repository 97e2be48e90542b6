"""A GRU has {gru_parameters} of an LSTM’s parameters, {gru_operations} of its operations, {gru_bytes} of its memory.

One training step with a batch of 64 digits, read row by row by 32 units; the answering layer is counted too. Counted
in TensorFlow’s own graph, not timed.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "recurrent_costs"
title = "Parameters and kept memory of six cells"
alt = (
    "A scatter of six cells, kept kilobytes over parameters. SimpleRNN lies lowest; GRU has {gru_over_rnn} and LSTM "
    "{lstm_over_rnn} its parameters. Layer normalisation adds almost no parameters but {normalised_bytes} the memory "
    "of an LSTM and {normalised_rnn_bytes} that of a SimpleRNN; dropout of the state adds no parameter and "
    "{dropout_bytes} the memory."
)
arm = "cell"

PLACES: dict[str, tuple[str, marks.Side]] = {
    "SimpleRNN": ("rnn", "right"),
    "GRU": ("gru", "above"),
    "LSTM": ("lstm", "right"),
    "SimpleRNN, normalised": ("rnn", "above right"),
    "LSTM, normalised": ("lstm", "left"),
    "LSTM, dropout": ("lstm", "above"),
}


def _ratio(table: pd.DataFrame, column: str, cell: str, other: str) -> float:
    values = table.set_index("cell")[column]
    return float(values[cell] / values[other])


claims = {
    "gru_parameters": Claim(
        text="{:.0%}", value=lambda t: _ratio(t, "parameters", "GRU", "LSTM"), at_least=0.75, at_most=0.8
    ),
    "gru_operations": Claim(
        text="{:.0%}", value=lambda t: _ratio(t, "operations", "GRU", "LSTM"), at_least=0.7, at_most=0.85
    ),
    "gru_bytes": Claim(
        text="{:.0%}", value=lambda t: _ratio(t, "kept_bytes", "GRU", "LSTM"), at_least=0.75, at_most=0.95
    ),
    "gru_over_rnn": Claim(text="{:.1f} times", value=lambda t: _ratio(t, "parameters", "GRU", "SimpleRNN"), at_least=2),
    "lstm_over_rnn": Claim(
        text="{:.1f} times", value=lambda t: _ratio(t, "parameters", "LSTM", "SimpleRNN"), at_least=3
    ),
    "lstm_operations_over_rnn": Claim(
        text="{:.0f} times", value=lambda t: _ratio(t, "operations", "LSTM", "SimpleRNN"), at_least=3, at_most=5
    ),
    "lstm_bytes_over_rnn": Claim(
        text="{:.1f} times", value=lambda t: _ratio(t, "kept_bytes", "LSTM", "SimpleRNN"), at_least=4
    ),
    "gru_operations_over_rnn": Claim(
        text="{:.0f} times", value=lambda t: _ratio(t, "operations", "GRU", "SimpleRNN"), at_least=2.5, at_most=4
    ),
    "gru_bytes_over_rnn": Claim(
        text="{:.1f} times", value=lambda t: _ratio(t, "kept_bytes", "GRU", "SimpleRNN"), at_least=3
    ),
    "normalised_bytes": Claim(
        text="{:.1f} times", value=lambda t: _ratio(t, "kept_bytes", "LSTM, normalised", "LSTM"), at_least=2
    ),
    "normalised_operations": Claim(
        text="{:.1f} times", value=lambda t: _ratio(t, "operations", "LSTM, normalised", "LSTM"), at_least=1.1
    ),
    "normalised_rnn_bytes": Claim(
        text="{:.1f} times", value=lambda t: _ratio(t, "kept_bytes", "SimpleRNN, normalised", "SimpleRNN"), at_least=2
    ),
    "dropout_bytes": Claim(
        text="{:.1f} times", value=lambda t: _ratio(t, "kept_bytes", "LSTM, dropout", "LSTM"), at_least=1.2
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(1)
    table = run.table.assign(thousands=run.table["parameters"] / 1000, kilobytes=run.table["kept_bytes"] / 1000)
    for cell, (meaning, side) in PLACES.items():
        row = table[table["cell"] == cell]
        if row.empty:
            continue
        marks.points(axes, row, "thousands", "kilobytes", meaning)
        marks.label(axes, row["thousands"].item(), row["kilobytes"].item(), cell, meaning, side=side)
    axes.set_xlim(0, 7)
    axes.set_ylim(0, 1850)
    marks.describe(axes, y="Kept for the backward pass, thousand bytes", x="parameters, thousands")
    return figure
