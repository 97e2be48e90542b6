"""After {epochs} the last of eight sigmoid layers has moved by {sigmoid_last}, the first by {sigmoid_first}.

How far each hidden layer's weights have moved, |W − W₀| / |W₀|, after four and sixteen epochs, recorded during
model.fit. Left: sigmoid with the weights that Keras draws. Right: the same network of ReLU with He's weights. A mark
is the median of the seeds, the bar behind it spans them all.
"""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "layer_changes"
title = "Relative change of each layer's weights during training, with sigmoid and with ReLU"
alt = (
    "Left: in the sigmoid network the relative change falls from {sigmoid_last} at the last layer to {sigmoid_first} "
    "at the first, after sixteen epochs as after four. Right: in the ReLU network all layers move alike, the first by "
    "{relu_first}, and none by less than {relu_least}."
)
arm = "arm"

SIGMOID, RELU = "sigmoid", "ReLU, He"


def _last(table: pd.DataFrame, arm: str) -> pd.Series:
    """Relative change by layer at the end of the training."""
    end = table[(table["arm"] == arm) & (table["epoch"] == table["epoch"].max())]
    changes: pd.Series = end.set_index("layer")["relative_change"].sort_index()
    return changes


claims = {
    "epochs": Claim(
        text="{:.0f} epochs",
        value=lambda table: float(table["epoch"].max()),
        at_least=16,
        at_most=16,
        counterfeit=lambda table: table.assign(epoch=1),
    ),
    "sigmoid_first": Claim(
        text="{:.3%}", value=lambda table: float(_last(table, SIGMOID).iloc[0]), at_least=1e-6, at_most=1e-3
    ),
    "sigmoid_last": Claim(
        text="{:.0%}",
        value=lambda table: float(_last(table, SIGMOID).iloc[-1]),
        at_least=0.01,
        counterfeit=lambda table: table.assign(relative_change=0.0),
    ),
    "relu_first": Claim(text="{:.0%}", value=lambda table: float(_last(table, RELU).iloc[0]), at_least=0.1),
    "relu_least": Claim(text="{:.0%}", value=lambda table: float(_last(table, RELU).min()), at_least=0.04),
}


def draw(run: Run) -> Figure:
    figure, broken, healthy = marks.panels(2, share_y=True, height=300)
    _profile(broken, run.table[run.table["arm"] == SIGMOID], "broken")
    _profile(healthy, run.table[run.table["arm"] == RELU], "healthy")
    marks.label(broken, 6, 2e-4, "4 epochs", "broken", side="right")
    marks.label(broken, 4, 6e-4, "16 epochs", "broken", side="left")
    marks.label(healthy, 4, 0.04, "4 epochs", "healthy", side="below")
    marks.label(healthy, 4, 0.3, "16 epochs", "healthy", side="above")
    marks.describe(broken, y="Relative change of the weights", x="layer (1 = next to the input)", name="sigmoid")
    marks.describe(healthy, y="Relative change of the weights", x="layer (1 = next to the input)", name="ReLU")
    return figure


def _profile(axes: Axes, table: pd.DataFrame, meaning: str) -> None:
    epochs = sorted(table["epoch"].unique())
    for epoch, marker in zip((epochs[0], epochs[-1]), ("D", "o"), strict=True):
        marks.line(axes, table[table["epoch"] == epoch], "layer", "relative_change", meaning, marker=marker)
    axes.set_ylim(1e-6, 1)
    marks.logarithmic(axes)
    marks.depth_ticks(axes, int(table["layer"].max()))
