"""Layer normalisation sets a SimpleRNN’s factor by its inputs: {weak} with weak ones, {many} with 64 features.

Left: what a step passes back before training, 64 units, by the variance that the inputs alone give to a sum; dashed:
theory for the SimpleRNN, nothing is fitted. Right: test accuracy of networks of 32 units, digits and sixteen rows of
noise; thin lines are the seeds. Triangles and thick diamonds: normalised.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore import theory
from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "normalised_cells"
title = "What a step passes back, and accuracy by epoch, with and without layer normalisation"
alt = (
    "Left: with weak inputs layer normalisation lifts a SimpleRNN from {weak_plain} to {weak} a step, above 1; with a "
    "digit's rows from {row_plain} to {row}; with 64 features it lowers it, from {many_plain} to {many}. The LSTM goes "
    "from {lstm_plain} to {lstm} and higher. Right: after eight epochs the SimpleRNN has {rnn_accuracy}, normalised "
    "{rnn_normalised}; the LSTM {lstm_accuracy}, normalised {lstm_normalised}."
)
arm = "kind"

WEAK, ROW, MANY = "weak", "a digit's row", "64 features"
SIGNS = {("SimpleRNN", "plain"): ("rnn", "o"), ("SimpleRNN", "normalised"): ("rnn", "^"),
         ("LSTM", "plain"): ("lstm", "s"), ("LSTM", "normalised"): ("lstm", "D")}  # fmt: skip


def _factor(tables: Tables, cell: str, kind: str, inputs: str) -> float:
    table = tables["factors"]
    return float(
        table[(table["cell"] == cell) & (table["kind"] == kind) & (table["inputs"] == inputs)]["factor"].item()
    )


def _accuracy(tables: Tables, cell: str, kind: str) -> float:
    table = tables["training"]
    rows = table[(table["cell"] == cell) & (table["kind"] == kind)].set_index("epoch")["test_accuracy"]
    return float(rows.loc[rows.index.max()])


def _off_theory(tables: Tables) -> float:
    both = tables["factors"].merge(tables["theory"], on=["cell", "kind", "inputs"])
    return float((both["factor"] / both["theory"] - 1).abs().max())


def _solved(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: the plain networks remember as well."""
    return table.assign(test_accuracy=0.9)


def _claim(cell: str, kind: str, inputs: str, at_least: float, at_most: float) -> Claim:
    return Claim(
        text="{:.2f}", value=lambda tables: _factor(tables, cell, kind, inputs), at_least=at_least, at_most=at_most
    )


claims = {
    "weak": _claim("SimpleRNN", "normalised", WEAK, 1.03, 1.15),
    "weak_plain": _claim("SimpleRNN", "plain", WEAK, 0.94, 1),
    "row": _claim("SimpleRNN", "normalised", ROW, 0.83, 0.95),
    "row_plain": _claim("SimpleRNN", "plain", ROW, 0.73, 0.82),
    "many": _claim("SimpleRNN", "normalised", MANY, 0.54, 0.61),
    "many_plain": _claim("SimpleRNN", "plain", MANY, 0.6, 0.66),
    "lstm": _claim("LSTM", "normalised", ROW, 0.98, 1.1),
    "lstm_plain": _claim("LSTM", "plain", ROW, 0.8, 0.87),
    "lstm_weak": _claim("LSTM", "normalised", WEAK, 1.01, 1.15),
    "off_theory": Claim(text="{:.0%}", value=_off_theory, at_most=0.09, counterfeit=lambda t: t.assign(factor=1.0)),
    "rnn_accuracy": Claim(
        text="{:.0%}", value=lambda t: _accuracy(t, "SimpleRNN", "plain"), at_most=0.4, counterfeit=_solved
    ),
    "rnn_normalised": Claim(text="{:.0%}", value=lambda t: _accuracy(t, "SimpleRNN", "normalised"), at_least=0.2),
    "lstm_accuracy": Claim(text="{:.0%}", value=lambda t: _accuracy(t, "LSTM", "plain"), at_least=0.3, at_most=0.8),
    "lstm_normalised": Claim(text="{:.0%}", value=lambda t: _accuracy(t, "LSTM", "normalised"), at_least=0.4),
    "rnn_gain": Claim(
        text="{:.1f} times",
        value=lambda t: _accuracy(t, "SimpleRNN", "normalised") / _accuracy(t, "SimpleRNN", "plain"),
        at_least=1,
    ),
}


def draw(run: Run) -> Figure:
    figure, factors, learned = marks.panels(2, height=340)
    _factors(factors, run.tables["factors"])
    table = run.tables["training"]
    table = table.assign(percent=100 * table["test_accuracy"])
    for (cell, kind), (meaning, marker) in SIGNS.items():
        rows = table[(table["cell"] == cell) & (table["kind"] == kind)]
        if len(rows):
            marks.line(learned, rows, "epoch", "percent", meaning, marker=marker)
    marks.threshold(learned, 10, "guessing", side="below left")
    marks.label(learned, 8, 62, "LSTM, normalised", "lstm", side="above left")
    marks.label(learned, 2, 30, "LSTM", "lstm", side="above left")
    marks.label(learned, 8.1, 40, "normalised", "rnn", side="right")
    marks.label(learned, 8.1, 17, "SimpleRNN", "rnn", side="right")
    learned.set_ylim(0, 80)
    learned.set_xlim(0, 11)
    learned.set_xticks([0, 4, 8])
    marks.describe(learned, y="Test accuracy, %", x="epoch")
    return figure


def _factors(axes: Axes, table: pd.DataFrame) -> None:
    variances = np.linspace(0, 1.05, 40)
    marks.theory(axes, variances, [theory.layer_norm_factor(each) for each in variances])
    marks.theory(axes, variances, [theory.chi("tanh", 1.0, each) ** 0.5 for each in variances])
    for (cell, kind), (meaning, marker) in SIGNS.items():
        rows = table[(table["cell"] == cell) & (table["kind"] == kind)]
        marks.points(axes, rows, "input_variance", "factor", meaning, marker=marker)
    marks.threshold(axes, 1, "neither vanishes nor explodes", side="below left")
    marks.label(axes, 0.6, 1.05, "LSTM, normalised", "lstm", side="above")
    marks.label(axes, 0.6, 0.81, "LSTM", "lstm", side="on")
    marks.label(axes, 0.55, 0.66, "SimpleRNN", "rnn", side="below left")
    axes.set_xlim(-0.05, 1.1)
    axes.set_ylim(0.5, 1.22)
    marks.describe(axes, y="Factor of the gradient at a step", x="share of the inputs in a sum’s variance")
