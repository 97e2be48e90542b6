"""Layer normalisation sets a SimpleRNN’s factor by its inputs: {weak} with weak ones, {many} with 64 features.

Left: what a step passes back before training, 64 units, by the variance that the inputs alone give to what enters a
unit; dashed: theory for the SimpleRNN, nothing is fitted. Right: accuracy on unseen digits of networks of 32 units that
read sixteen rows of noise after the digit. A mark is the median of the seeds, the bar behind it spans them all.
Triangles and diamonds: normalised.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore import theory
from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = ("normalised_cells", "carried_digit")
title = "What a step passes back, and accuracy, with and without layer normalisation"
alt = (
    "Left: with weak inputs layer normalisation lifts a SimpleRNN from {weak_plain} to {weak} a step, above 1; with a "
    "digit's rows from {row_plain} to {row}; with 64 features it lowers it, from {many_plain} to {many}. The LSTM goes "
    "from {lstm_plain} to {lstm} and higher. Right: after eight epochs the normalised SimpleRNN has {rnn_normalised}, "
    "the normalised LSTM {lstm_normalised}, its seeds {lstm_spread} apart."
)
arm = "kind"

WEAK, ROW, MANY = "weak", "a digit's row", "64 features"
SIGNS = {("SimpleRNN", "plain"): ("rnn", "o"), ("SimpleRNN", "normalised"): ("rnn", "^"),
         ("LSTM", "plain"): ("lstm", "s"), ("LSTM", "normalised"): ("lstm", "D")}  # fmt: skip

PLAIN = {"SimpleRNN": "SimpleRNN", "LSTM": "LSTM 1"}
"""What `carried_digit` calls the cells without normalisation."""


def _factor(tables: Tables, cell: str, kind: str, inputs: str) -> float:
    table = tables["factors"]
    return float(
        table[(table["cell"] == cell) & (table["kind"] == kind) & (table["inputs"] == inputs)]["factor"].item()
    )


def _median(run: Run, cell: str) -> float:
    """Accuracy of the median network: single ones differ a lot."""
    table = run.tables["training"]
    return float(table[table["cell"] == cell]["test_accuracy"].median())


def _spread(run: Run, cell: str) -> float:
    """Points of accuracy from the worst network to the best."""
    table = run.tables["training"]
    own = table[table["cell"] == cell]["test_accuracy"]
    return float(100 * (own.max() - own.min()))


def _off_theory(tables: Tables, _: Tables) -> float:
    both = tables["factors"].merge(tables["theory"], on=["cell", "kind", "inputs"])
    return float((both["factor"] / both["theory"] - 1).abs().max())


def _guessing(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: no network remembers."""
    return table.assign(test_accuracy=0.1) if "test_accuracy" in table else table


def _remembering(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: every network remembers."""
    return table.assign(test_accuracy=0.9) if "test_accuracy" in table else table


def _claim(cell: str, kind: str, inputs: str, at_least: float, at_most: float) -> Claim:
    return Claim(
        text="{:.2f}", value=lambda tables, _: _factor(tables, cell, kind, inputs), at_least=at_least, at_most=at_most
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
    "off_theory": Claim(
        text="{:.0%}",
        value=_off_theory,
        at_most=0.09,
        counterfeit=lambda t: t.assign(factor=1.0) if "factor" in t else t,
    ),
    "rnn_normalised": Claim(
        text="{:.0%}", value_of_run=lambda run, _: _median(run, "SimpleRNN"), at_most=0.5, counterfeit=_remembering
    ),
    "lstm_normalised": Claim(
        text="{:.0%}", value_of_run=lambda run, _: _median(run, "LSTM"), at_least=0.2, counterfeit=_guessing
    ),
    "lstm_spread": Claim(
        text="{:.0f} points", value_of_run=lambda run, _: _spread(run, "LSTM"), at_least=20, counterfeit=_remembering
    ),
}


def draw(run: Run, plain: Run) -> Figure:
    figure, factors, learned = marks.panels(2)
    _factors(factors, run.tables["factors"])
    for place, (cell, name) in enumerate(PLAIN.items()):
        for kind, own, table in (("plain", name, plain), ("normalised", cell, run)):
            rows = table.tables["training"]
            rows = rows[rows["cell"] == own].assign(place=place, percent=100 * rows["test_accuracy"])
            meaning, marker = SIGNS[cell, kind]
            marks.points(learned, rows, "place", "percent", meaning, marker=marker)
    marks.threshold(learned, 10, "guessing", side="below left")
    marks.label(learned, 0.08, 26, "normalised", "rnn", side="right")
    marks.label(learned, 0.08, 16, "plain", "rnn", side="right")
    learned.set_ylim(0, 100)
    learned.set_xlim(-0.5, 1.8)
    learned.set_xticks(range(2), list(PLAIN))
    marks.describe(learned, y="Accuracy on unseen digits, %", x="layer, by its cell")
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
    marks.describe(axes, y="Factor of the gradient at a step", x="variance of the inputs’ sum, relative to one")
