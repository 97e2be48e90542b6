"""Over forty steps back a forget bias of 0 loses {lost_0}, Keras's 1 loses {lost_1}, and 3 gains {gained_3}.

How much of ∂L/∂c reaches the state of an LSTM, by lag, for four biases of its forget gate. Layers of 64 units before
training, reading random numbers of variance 1. A mark is the median of the seeds, the bar behind it spans them all.
Dashed: theory of weak inputs; nothing is fitted.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks
from vgcore.press.explorable import Control, Explorable, View, part, profile, share

experiment = ("gradient_by_lag", "memory_span")
title = "Gradient by lag, for four biases of the forget gate"
alt = (
    "Four lines that start from zero at lag 0. Over forty steps an LSTM with forget bias 0 loses {lost_0} of its "
    "gradient and one with bias 1, Keras's default, {lost_1}. With bias 3 it gains {gained_3} and with "
    "bias 5 {gained_5}. The dashed lines are theory for weak inputs."
)
arm = "cell"

INPUTS = {"standard": "of variance 1", "weak": "a tenth as large"}
CELLS = {"SimpleRNN": "rnn", "GRU": "gru", "LSTM": "lstm"}
LAGS = (1, 2, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40)
PLACES = {"0": (25, -6.6), "1": (30, -1.7), "3": (22, -0.6), "5": (24, 1.6)}
MARKERS = {"0": "o", "1": "^", "3": "D", "5": "s"}
SPARSE = 4  # every fourth lag is drawn


def _decades(table: pd.DataFrame, cell: str, inputs: str = "standard") -> pd.DataFrame:
    """What is left by lag, in decades."""
    one = table[(table["cell"] == cell) & (table["inputs"] == inputs)]
    return one.assign(decades=np.log10(one["state_gradient"]), theory=np.log10(one["theory"]))


def _changed(table: pd.DataFrame, bias: int) -> float:
    return float(_decades(table, f"LSTM {bias}").sort_values("lag")["decades"].iloc[-1])


claims = {
    "lost_0": Claim(text="{:.1f} decades", value=lambda table, _: -_changed(table, 0), at_least=8, at_most=10),
    "lost_1": Claim(text="{:.1f} decades", value=lambda table, _: -_changed(table, 1), at_least=2.5, at_most=4),
    "gained_3": Claim(text="{:.1f} decades", value=lambda table, _: _changed(table, 3), at_least=0, at_most=1),
    "gained_5": Claim(text="{:.1f} decades", value=lambda table, _: _changed(table, 5), at_least=0, at_most=1),
}


def draw(gradients: Run, _: Run) -> Figure:
    figure, axes = marks.panels(height=340)
    for bias, place in PLACES.items():
        one = _decades(gradients.table, f"LSTM {bias}")
        line = one.groupby("lag")["theory"].median()
        marks.theory(axes, line.index, line)
        marks.points(axes, one[one["lag"] % SPARSE == 0], "lag", "decades", "lstm", marker=MARKERS[bias])
        marks.label(axes, *place, f"bias {bias}", "lstm", side="on")
    marks.describe(axes, y="∂L/∂c, decades relative to lag 0", x="lag, steps back in time")
    return figure


def explore(gradients: Run, trained: Run) -> Explorable:
    names = [*gradients.table["cell"].unique()]
    biases = tuple(name.removeprefix("LSTM ") for name in names if name.startswith("LSTM"))
    lags = tuple(lag for lag in LAGS if lag <= gradients.table["lag"].max())
    return Explorable(
        controls=(
            Control(name="Cell", options=tuple(CELLS), start=2),
            Control(name="Forget bias", options=biases, start=biases.index("1"), only=("Cell", "LSTM")),
            Control(name="Inputs", options=tuple(INPUTS.values())),
            Control(name="Lag", options=tuple(map(str, lags)), start=lags.index(16) if 16 in lags else 0, slider=True),
        ),
        views=tuple(_views(gradients.table, trained.table, biases, lags)),
        x="lag, steps back in time",
        y="Gradient, decades relative to lag 0",
        theory="theory of weak inputs",
    )


def _views(
    gradients: pd.DataFrame, trained: pd.DataFrame, biases: tuple[str, ...], lags: tuple[int, ...]
) -> Iterator[View]:
    for (cell, meaning), bias, inputs in product(CELLS.items(), biases, INPUTS):
        name = f"LSTM {bias}" if cell == "LSTM" else cell
        spoken = f"An LSTM with forget bias {bias}" if cell == "LSTM" else f"A {cell}"
        rows = _decades(gradients, name, inputs)
        label = f"LSTM, bias {bias}" if cell == "LSTM" else cell
        line = profile(rows[rows["lag"] > 0], "lag", "decades", meaning=meaning, name=label)
        for lag in lags:
            left = part(line.middle[line.x.index(lag)])
            ended = trained[(trained["cell"] == name) & (trained["lag"] == lag)]["test_accuracy"]
            back = f"{lag} step{'s' * (lag > 1)} back"
            said = f"{spoken} has {left} its last step's gradient left, {back}. {_learnt(ended, lag)}"
            yield View(line=line, at=lag, said=said)


def _learnt(accuracies: pd.Series, lag: int) -> str:
    if accuracies.empty:
        return "It was not trained with this lag."
    return f"Trained to name a digit after {lag} rows of noise, it gets {share(accuracies.tolist())} right."
