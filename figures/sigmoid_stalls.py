"""Twenty sigmoid layers lose {decades_lost} of gradient. With skips the same layers lose none, and learn.

Left: the gradient, ∂L/∂h, by layer before training; marks are medians, dashed is theory. Right: the training loss after
each epoch; thin lines are seeds, the thick one their median. A decade is a factor of ten.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "sigmoid_stalls"
title = "Gradient by layer and training loss, plain and with skips"
alt = (
    "Left: in the plain network of twenty sigmoid layers the gradient falls in a straight line on a logarithmic scale, "
    "{decades_lost} from the last layer to the first; with skip connections it changes by {decades_with_skips}. Right: "
    "over twenty epochs the plain network's loss stays at {loss_plain}, which is guessing, while the loss of the one "
    "with skips falls to {loss_with_skips}."
)
arm = "arm"

PLAIN, SKIPS = "plain", "with skips"


def _of(table: pd.DataFrame, arm: str) -> pd.DataFrame:
    return table[table["arm"] == arm]


def _decades(tables: Tables, arm: str) -> float:
    gradients = _of(tables["gradients"], arm).set_index("layer")["relative_gradient"]
    return float(-np.log10(gradients.loc[1]))


def _last(tables: Tables, arm: str, column: str) -> float:
    training = _of(tables["training"], arm).set_index("epoch")[column]
    return float(training.loc[training.index.max()])


def _factor(tables: Tables) -> float:
    """The geometric mean of what one layer of the plain network passes back."""
    depth = int(tables["gradients"]["layer"].max())
    return float(10 ** (-_decades(tables, PLAIN) / (depth - 1)))


claims = {
    "quarter": Claim(text="a quarter of it", value=_factor, at_least=0.22, at_most=0.28),
    "decades_lost": Claim(text="{:.1f} decades", value=lambda tables: _decades(tables, PLAIN), at_least=11, at_most=13),
    "decades_with_skips": Claim(text="{:.1f} decades", value=lambda tables: abs(_decades(tables, SKIPS)), at_most=0.1),
    "loss_plain": Claim(
        text="{:.2f}", value=lambda tables: _last(tables, PLAIN, "train_loss"), at_least=2.29, at_most=2.35
    ),
    "loss_with_skips": Claim(text="{:.2f}", value=lambda tables: _last(tables, SKIPS, "train_loss"), at_most=0.2),
    "accuracy_plain": Claim(
        text="{:.0%}", value=lambda tables: _last(tables, PLAIN, "test_accuracy"), at_least=0.05, at_most=0.15
    ),
    "accuracy_with_skips": Claim(
        text="{:.0%}", value=lambda tables: _last(tables, SKIPS, "test_accuracy"), at_least=0.93
    ),
}


def draw(run: Run) -> Figure:
    figure, gradient, loss = marks.panels(2, widths=(1.15, 1))
    _gradient(gradient, run.tables["gradients"])
    _loss(loss, run.tables["training"])
    return figure


def _gradient(axes: Axes, table: pd.DataFrame) -> None:
    table = table.assign(decades=np.log10(table["relative_gradient"]), predicted=np.log10(table["theory"]))
    for arm, meaning in {PLAIN: "broken", SKIPS: "healthy"}.items():
        predicted = _of(table, arm).groupby("layer")["predicted"].median()
        marks.theory(axes, predicted.index, predicted)
        marks.points(axes, _of(table, arm), "layer", "decades", meaning)
    marks.label(axes, 4, 0, SKIPS, "healthy", side="below")
    marks.label(axes, 8, -6.2, PLAIN, "broken", side="above left")
    marks.label(axes, 13.5, -9, "theory, dashed", side="on")
    marks.depth_ticks(axes, int(table["layer"].max()))
    axes.set_yticks([0, -4, -8, -12])
    marks.describe(axes, y="∂L/∂h, decades relative to the last layer", x="layer (1 = next to the input)")


def _loss(axes: Axes, table: pd.DataFrame) -> None:
    for arm, meaning in {PLAIN: "broken", SKIPS: "healthy"}.items():
        marks.seeds(axes, _of(table, arm), "epoch", "train_loss", meaning)
    marks.threshold(axes, float(np.log(10)), "dotted: guessing, ln 10", side="below left")
    marks.label(axes, 12, 2.42, PLAIN, "broken", side="above")
    marks.label(axes, 8, 0.62, SKIPS, "healthy", side="right")
    axes.set_ylim(0, 3.6)
    marks.describe(axes, y="Training loss, nats", x="epoch")
