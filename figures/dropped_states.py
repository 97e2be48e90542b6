"""Hiding half of its state lifts a SimpleRNN’s factor from {rnn_factor_0} to {rnn_factor_half}. It forgets the digit.

By the share of the state that the next step does not see. Left: what a step passes back before training, 32 units, with
dropout on. Right: test accuracy after six epochs on a digit and eight rows of noise, dropout off. A mark is the median
of the seeds, the bar behind it spans them; dotted is guessing.
"""

from dataclasses import replace

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, in_the_median
from vgcore.press import marks

experiment = "dropped_states"
title = "What a step passes back, and accuracy, by the share of the state that is dropped"
alt = (
    "Left: with more dropout each step passes back more, in a SimpleRNN {rnn_factor_0} without and {rnn_factor_half} "
    "with half of the state dropped, in an LSTM {lstm_factor_0} and {lstm_factor_half}. Right: accuracy falls, for the "
    "SimpleRNN from {rnn} to {rnn_half}, for the LSTM from {lstm} to {lstm_half}."
)
arm = "cell"


def _at(table: pd.DataFrame, cell: str, share: float, column: str) -> float:
    return float(table[(table["cell"] == cell) & (table["dropout"] == share)][column].item())


def _useless(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: dropout changes no factor, and is what makes a network right."""
    return table.assign(factor=table["factor"].median(), test_accuracy=table["dropout"].gt(0).astype(float))


def _factor(cell: str, share: float, at_least: float, at_most: float) -> Claim:
    return Claim(
        text="{:.2f}",
        value=lambda t: _at(t, cell, share, "factor"),
        at_least=at_least,
        at_most=at_most,
        counterfeit=_useless,
    )


def _accuracy(cell: str, share: float, at_least: float = 0.0, at_most: float = 1.0) -> Claim:
    return Claim(
        text="{:.0%}",
        value=lambda t: _at(t, cell, share, "test_accuracy"),
        at_least=at_least,
        at_most=at_most,
        counterfeit=_useless,
    )


def _of_the_median(claim: Claim) -> Claim:
    """The same of the median network: single ones differ by luck."""
    assert claim.value
    return replace(claim, value=None, value_of_run=in_the_median(claim.value))


claims = {
    "rnn_factor_0": _factor("SimpleRNN", 0.0, 0.68, 0.79),
    "rnn_factor_half": _factor("SimpleRNN", 0.5, 0.88, 1.08),
    "lstm_factor_0": _factor("LSTM", 0.0, 0.8, 0.87),
    "lstm_factor_half": _of_the_median(_factor("LSTM", 0.5, 0.86, 0.95)),
    "rnn": _of_the_median(_accuracy("SimpleRNN", 0.0, at_least=0.5)),
    "rnn_half": _accuracy("SimpleRNN", 0.5, at_most=0.3),
    "lstm": _accuracy("LSTM", 0.0, at_least=0.55),
    "lstm_half": _accuracy("LSTM", 0.5, at_least=0.4, at_most=0.75),
}


def draw(run: Run) -> Figure:
    figure, factors, learned = marks.panels(2)
    table = run.table.assign(hidden=100 * run.table["dropout"], percent=100 * run.table["test_accuracy"])
    for cell, meaning in (("SimpleRNN", "rnn"), ("LSTM", "lstm")):
        rows = table[table["cell"] == cell]
        marks.line(factors, rows, "hidden", "factor", meaning)
        marks.line(learned, rows, "hidden", "percent", meaning)
    marks.label(factors, 8, 0.83, "LSTM", "lstm", side="above")
    marks.label(factors, 10, 0.77, "SimpleRNN", "rnn", side="below right")
    marks.label(learned, 37, 69, "LSTM", "lstm", side="above")
    marks.label(learned, 15, 45, "SimpleRNN", "rnn", side="below left")
    marks.threshold(learned, 10, "guessing", side="below left")
    learned.set_ylim(0, 108)
    for axes in (factors, learned):
        axes.set_xlim(-12, 62)
        axes.set_xticks([0, 50])
    marks.describe(factors, y="Factor of the gradient at a step", x="dropped of the state, %")
    marks.describe(learned, y="Test accuracy, %", x="dropped of the state, %")
    return figure
