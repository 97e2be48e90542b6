"""Where the gradient fades, the first layer learns last. Where it arrives, the first one matters most.

Trained networks, of which one layer is set back to an earlier epoch, while the others stay as they are. Left: three
sigmoid layers, by the epoch to which a layer is set back (the first: circles). Right: eight ReLU layers, each in turn
set back to its random first weights. A mark is the median of the seeds, the bar behind it spans them all; dotted:
nothing set back.
"""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, in_the_median
from vgcore.press import marks

experiment = "rewound_layers"
title = "Accuracy with one layer set back"
alt = (
    "Left: three sigmoid layers trained for 128 epochs. With the last layer set back to epoch 32 the network keeps "
    "all but {last_quarter} of its accuracy, with the first set back it loses {first_quarter}. Right: of eight ReLU "
    "layers the first set back to its start costs {relu_first}, none of the others more than {relu_later}."
)
arm = "layer"

VANISHING, HEALTHY = "sigmoid", "ReLU"
QUARTER = 32


def _lost(table: pd.DataFrame, arm: str, epoch: int, layer: int) -> float:
    """Points of accuracy that setting a layer back to an epoch costs."""
    one = table[table["arm"] == arm].set_index(["layer", "epoch"])["test_accuracy"]
    end = table[table["arm"] == arm]["epoch"].max()
    return 100 * float(one.get((layer, end), float("nan")) - one.get((layer, epoch), float("nan")))


def _thrown_back(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: without the end of any layer's way the network guesses."""
    return table.assign(test_accuracy=table["test_accuracy"].where(table["way_left"] == 0, 0.1))


def _most_of_later(table: pd.DataFrame) -> float:
    return max(_lost(table, HEALTHY, 0, layer) for layer in range(2, 9))


claims = {
    "first_quarter": Claim(
        text="{:.0f} points", value_of_run=in_the_median(lambda t: _lost(t, VANISHING, QUARTER, 1)), at_least=15
    ),
    "last_quarter": Claim(
        text="{:.0f} points",
        value_of_run=in_the_median(lambda t: _lost(t, VANISHING, QUARTER, 3)),
        at_most=12,
        counterfeit=_thrown_back,
    ),
    "first_start": Claim(text="{:.0f} points", value=lambda t: _lost(t, VANISHING, 0, 1), at_least=20),
    "last_start": Claim(text="{:.0f} points", value=lambda t: _lost(t, VANISHING, 0, 3), at_least=20),
    "relu_first": Claim(
        text="{:.0f} points", value_of_run=in_the_median(lambda t: _lost(t, HEALTHY, 0, 1)), at_least=13
    ),
    "relu_later": Claim(
        text="{:.0f} points", value_of_run=in_the_median(_most_of_later), at_most=12, counterfeit=_thrown_back
    ),
}


def draw(run: Run) -> Figure:
    figure, sigmoid, relu = marks.panels(2, height=300, share_y=True)
    table = run.table.assign(percent=100 * run.table["test_accuracy"])
    _over_time(sigmoid, table[table["arm"] == VANISHING])
    _by_layer(relu, table[table["arm"] == HEALTHY])
    return figure


def _over_time(axes: Axes, table: pd.DataFrame) -> None:
    epochs = sorted(table["epoch"].unique())
    placed = table.assign(place=table["epoch"].map(epochs.index))
    for layer, marker in zip(sorted(table["layer"].unique()), ("o", "D", "s"), strict=False):
        marks.line(axes, placed[placed["layer"] == layer], "place", "percent", "sigmoid", marker=marker)
    for words, (x, y) in {"layer 1": (2, 58), "layers 2, 3": (0.9, 92)}.items():
        marks.label(axes, x, y, words, "sigmoid", side="on")
    axes.set_xticks(range(len(epochs)), [str(epoch) for epoch in epochs])
    axes.set_ylim(0, 108)
    axes.set_yticks([0, 50, 100])
    marks.describe(axes, y="Accuracy on unseen digits, %", x="epoch to which one layer is set back")


def _by_layer(axes: Axes, table: pd.DataFrame) -> None:
    whole = table[table["epoch"] == table["epoch"].max()]["percent"].median()
    marks.line(axes, table[table["epoch"] == 0], "layer", "percent", "relu")
    marks.threshold(axes, float(whole), "", side="above left")
    axes.set_xticks(sorted(table["layer"].unique()))
    marks.describe(axes, y="Accuracy on unseen digits, %", x="layer set back to its start")
