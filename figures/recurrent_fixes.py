"""A SimpleRNN names {none} of the digits across twelve rows of noise. An LSTM that starts open names {lstm_open}.

Left: test accuracy after eight epochs, all trained alike. Right: decades of the gradient lost between the last row of
noise and the digit's first row, before training; along the cell's state in an LSTM. Medians; lines span the seeds.
"""

from collections.abc import Callable

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = ("recurrent_fixes", "fix_costs")
title = "Fixes in a recurrent network that has to remember"
alt = (
    "Seven networks. A SimpleRNN reaches {none} and loses {none_decades}; an LSTM with Keras's forget bias reaches "
    "{lstm}, with bias three {lstm_open}, where only {open_decades} are lost; a GRU {gru}; the SimpleRNN with clipping "
    "{clipping}, with layer normalisation {layer_norm}."
)
arm = "arm"

ROWS = ("none", "LSTM", "LSTM, forget bias 3", "GRU", "layer normalisation", "dropout", "clipping")


def _of(table: str, column: str, arm: str) -> Callable[..., float]:
    def value(tables: Tables, _: pd.DataFrame) -> float:
        last = tables[table]
        if "epoch" in last:
            last = last[last["epoch"] == last["epoch"].max()]
        return float(last.set_index("arm")[column].loc[arm])

    return value


def _accuracy(arm: str) -> Callable[..., float]:
    return _of("accuracy", "test_accuracy", arm)


claims = {
    "none": Claim(text="{:.0%}", value=_accuracy("none"), at_most=0.75),
    "none_decades": Claim(text="{:.1f} decades", value=_of("gradient", "decades", "none"), at_least=1),
    "lstm": Claim(text="{:.0%}", value=_accuracy("LSTM"), at_least=0.4),
    "lstm_open": Claim(text="{:.0%}", value=_accuracy("LSTM, forget bias 3"), at_least=0.75),
    "open_decades": Claim(text="{:.1f} decades", value=_of("gradient", "decades", "LSTM, forget bias 3"), at_most=1),
    "gru": Claim(text="{:.0%}", value=_accuracy("GRU"), at_least=0.4),
    "clipping": Claim(text="{:.0%}", value=_accuracy("clipping"), at_most=0.85),
    "layer_norm": Claim(text="{:.0%}", value=_accuracy("layer normalisation"), at_least=0.3),
}


def draw(run: Run, _: Run) -> Figure:
    figure, learnt, left = marks.panels(2, widths=(1.25, 1), height=220, share_y=True)
    accuracy = run.tables["accuracy"]
    _panel(learnt, accuracy[accuracy["epoch"] == accuracy["epoch"].max()], "test_accuracy")
    _panel(left, run.tables["gradient"], "decades")
    marks.describe(learnt, y="Fix", x="test accuracy, share of digits")
    marks.describe(left, y="", x="decades of the gradient lost")
    return figure


def _panel(axes: Axes, table: pd.DataFrame, column: str) -> None:
    for row, arm in enumerate(ROWS):
        one = table[table["arm"] == arm]
        if len(one):
            axes.plot([one[column].min(), one[column].max()], [row, row], color="ink", linewidth=1.1)
            marks.points(axes, pd.DataFrame({"x": [one[column].median()], "row": [row]}), "x", "row", "ink", marker="o")
    axes.set_yticks(range(len(ROWS)), list(ROWS))
    axes.set_ylim(len(ROWS) - 0.4, -0.6)
