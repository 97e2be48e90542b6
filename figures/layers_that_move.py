"""The plain network trains its last layers only: its first {layers_that_stand_still} do not change by a single bit.

How far each hidden layer's weights moved in twenty epochs of training, |W − W₀| / |W₀|. Marks are medians, bars span
the seeds. Marks on the dotted line: exactly zero.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "sigmoid_stalls"
title = "Relative change of each layer's weights after training"
alt = (
    "In the plain network the last hidden layer's weights change by {last_layer_plain} of their size and every layer "
    "before it by a smaller part, down to {layers_that_stand_still} at the input that do not change at all. With "
    "skips all layers change by {least_with_skips} of their size or more, the first by {first_layer_with_skips}."
)
arm = "arm"

PLAIN, SKIPS = "plain", "with skips"
ZERO = 1e-14  # where the marks of weights stand that did not move at all


def _change(tables: Tables, arm: str) -> pd.Series:
    """Relative change by hidden layer; the last row of the table is the output layer."""
    layers = tables["layers"]
    change = layers[layers["arm"] == arm].set_index("layer")["relative_change"].sort_index()
    return change.iloc[:-1]


claims = {
    "layers_that_stand_still": Claim(
        text="{:.0f} layers", value=lambda tables: float((_change(tables, PLAIN) == 0).sum()), at_least=3
    ),
    "last_layer_plain": Claim(
        text="{:.1%}",
        value=lambda tables: float(_change(tables, PLAIN).iloc[-1]),
        at_least=0.005,
        # Exchanging the arms leaves it alone: the last layer moves in both networks.
        counterfeit=lambda table: table.assign(relative_change=0.0),
    ),
    "first_layer_with_skips": Claim(
        text="{:.0%}", value=lambda tables: float(_change(tables, SKIPS).iloc[0]), at_least=0.1
    ),
    "least_with_skips": Claim(text="{:.1%}", value=lambda tables: float(_change(tables, SKIPS).min()), at_least=0.005),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels()
    layers = run.tables["layers"]
    hidden = layers[layers["layer"] < layers["layer"].max()]
    hidden = hidden.assign(relative_change=hidden["relative_change"].clip(lower=ZERO))
    for arm, meaning in {PLAIN: "broken", SKIPS: "healthy"}.items():
        marks.line(axes, hidden[hidden["arm"] == arm], "layer", "relative_change", meaning)
    axes.set_ylim(ZERO / 6, 10)
    marks.logarithmic(axes)
    axes.set_yticks([1e-12, 1e-8, 1e-4, 1])
    marks.threshold(axes, ZERO, "dotted: exactly zero")
    marks.label(axes, 9, 1e-2, SKIPS, "healthy", side="below")
    marks.label(axes, 11.5, 1e-8, PLAIN, "broken", side="below right")
    marks.depth_ticks(axes, int(hidden["layer"].max()))
    marks.describe(axes, y="Relative change of the weights", x="layer (1 = next to the input)")
    return figure
