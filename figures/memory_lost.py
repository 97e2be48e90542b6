"""After eight rows of noise a SimpleRNN still names {rnn_8} of the digits, after sixteen {rnn_16}, which is guessing.

Left: accuracy on unseen digits by the rows of noise after the digit, all networks trained alike. Right: the same task
with twelve rows, epoch by epoch. A mark is the median of the seeds, the bar behind it spans them all. The number
behind LSTM is its forget bias; dotted is guessing.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, in_the_median
from vgcore.press import marks

experiment = ("memory_span", "recurrent_fixes")
title = "Accuracy by distance, and by epoch at one distance"
alt = (
    "Left: without noise all networks name most digits. With more rows of noise the accuracy falls to guessing. Half "
    "of the digits are right up to {reach_rnn} for the SimpleRNN, {reach_gru} for the GRU and {reach_lstm} for the "
    "LSTM as Keras makes it; the LSTM with forget bias three stays above at 32 rows. Right: with twelve rows the GRU "
    "stands at {gru_early} after two epochs and at {gru_late} after eight."
)
arm = "cell"

BY_LAG = {"LSTM 3": ("lstm", "D"), "LSTM 1": ("lstm", "s"), "GRU": ("gru", "^"), "SimpleRNN": ("rnn", "o")}
BY_EPOCH = {
    "LSTM, forget bias 3": ("lstm", "D"), "LSTM": ("lstm", "s"), "GRU": ("gru", "^"), "none": ("rnn", "o"),
}  # fmt: skip


def _at(table: pd.DataFrame, cell: str, lag: int) -> float:
    found = table[(table["cell"] == cell) & (table["lag"] == lag)]["test_accuracy"]
    return float(found.item()) if len(found) else float("nan")


def _reach(table: pd.DataFrame, cell: str) -> float:
    """The rows of noise after which half of the digits are still right, on a straight line between two lags."""
    curve = table[table["cell"] == cell].sort_values("lag")
    lag, accuracy = curve["lag"].to_numpy(float), curve["test_accuracy"].to_numpy()
    lost = np.flatnonzero(accuracy < 0.5)
    if not len(lost) or lost[0] == 0:
        return float("nan")
    around = slice(lost[0] - 1, lost[0] + 1)
    return float(np.interp(-0.5, -accuracy[around], lag[around]))


def _after(tables: Tables, arm: str, epoch: int) -> float:
    found = tables["accuracy"].set_index(["arm", "epoch"])["test_accuracy"]
    return float(found.get((arm, epoch), float("nan")))


def _backwards(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: the accuracies in reverse order, so that much noise looks easy and training harms."""
    return table.assign(test_accuracy=table["test_accuracy"].to_numpy()[::-1]) if "test_accuracy" in table else table


def _guessing(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: no network learns anything."""
    return table.assign(test_accuracy=0.1) if "test_accuracy" in table else table


claims = {
    "rnn_8": Claim(
        text="{:.0%}",
        value_of_run=in_the_median(lambda span, _: _at(span, "SimpleRNN", 8)),
        at_least=0.4,
        counterfeit=_guessing,
    ),
    "rnn_16": Claim(
        text="{:.0%}",
        value_of_run=in_the_median(lambda span, _: _at(span, "SimpleRNN", 16)),
        at_most=0.25,
        counterfeit=_backwards,
    ),
    "reach_rnn": Claim(
        text="{:.0f} rows",
        value_of_run=in_the_median(lambda span, _: _reach(span, "SimpleRNN")),
        at_least=8,
        at_most=15,
        counterfeit=_backwards,
    ),
    "reach_gru": Claim(
        text="{:.0f} rows",
        value_of_run=in_the_median(lambda span, _: _reach(span, "GRU")),
        at_least=8,
        at_most=16,
        counterfeit=_backwards,
    ),
    "reach_lstm": Claim(
        text="{:.0f} rows",
        value_of_run=in_the_median(lambda span, _: _reach(span, "LSTM 1")),
        at_least=11,
        at_most=28,
        counterfeit=_backwards,
    ),
    "gru_early": Claim(
        text="{:.0%}",
        value_of_run=in_the_median(lambda _, fixes: _after(fixes, "GRU", 2)),
        at_most=0.3,
        counterfeit=_backwards,
    ),
    "gru_late": Claim(
        text="{:.0%}",
        value_of_run=in_the_median(lambda _, fixes: _after(fixes, "GRU", 8)),
        at_least=0.45,
        counterfeit=_backwards,
    ),
    "open_early": Claim(
        text="{:.0%}",
        value_of_run=in_the_median(lambda _, fixes: _after(fixes, "LSTM, forget bias 3", 2)),
        at_least=0.4,
        counterfeit=_backwards,
    ),
}


def draw(span: Run, fixes: Run) -> Figure:
    figure, lags, epochs = marks.panels(2, share_y=True)
    table = span.table.assign(percent=100 * span.table["test_accuracy"])
    for cell, (meaning, marker) in BY_LAG.items():
        marks.line(lags, table[table["cell"] == cell], "lag", "percent", meaning, marker=marker)
    lags.set_xticks(sorted(table["lag"].unique()))
    accuracy = fixes.tables["accuracy"]
    accuracy = accuracy.assign(percent=100 * accuracy["test_accuracy"])
    for arm, (meaning, marker) in BY_EPOCH.items():
        marks.line(epochs, accuracy[accuracy["arm"] == arm], "epoch", "percent", meaning, marker=marker)
    for axes in (lags, epochs):
        axes.set_ylim(0, 108)
        axes.set_yticks([0, 50, 100])
    marks.threshold(lags, 10, "guessing", side="below left")
    _name(lags, {"LSTM 3": (26, 89, "lstm"), "LSTM 1": (25, 47, "lstm"), "GRU": (20, 25, "gru")})
    _name(lags, {"SimpleRNN": (6, 40, "rnn")})
    _name(epochs, {"LSTM 3": (2, 74, "lstm"), "LSTM 1": (2.15, 23, "lstm"), "GRU": (4.35, 38, "gru")})
    _name(epochs, {"SimpleRNN": (5.4, 8, "rnn")})
    marks.describe(lags, y="Accuracy on unseen digits, %", x="lag, rows of noise after the digit")
    marks.describe(epochs, y="Accuracy with twelve rows of noise, %", x="epoch")
    return figure


def _name(axes: Axes, places: dict[str, tuple[float, float, str]]) -> None:
    for words, (x, y, meaning) in places.items():
        marks.label(axes, x, y, words, meaning, side="on")
