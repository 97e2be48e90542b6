"""The weights have to suit the activation: He's take ReLU to {relu_he}, LeCun's to {relu_lecun}. None helps sigmoid.

Twenty layers of 64 units. Left: decades of ∂L/∂h lost between the last hidden layer and the first, before training;
the dashes are theory. Right: accuracy on new digits after sixteen epochs. Marks are medians, lines span the seeds.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore import theory
from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = ("initialisations", "dense_activations")
title = "Gradient lost and accuracy, for three activations and their initialisations"
alt = (
    "One row for each pair. Sigmoid networks lose {sigmoid_least} or more, whatever their weights, and none gets "
    "beyond {sigmoid_best}. With tanh little is lost, and all learn. ReLU loses nothing with He's weights and with "
    "orthogonal ones times the root of two, and ends at {relu_he} and {relu_scaled}; with Glorot's, LeCun's and "
    "orthogonal weights it loses about three decades and ends near {relu_lecun}."
)
arm = "arm"

MATRIX = {  # the pairs that the fix matrix holds, under its names
    "none": "sigmoid, Glorot",
    "LeCun's weights": "sigmoid, LeCun",
    "orthogonal weights": "sigmoid, orthogonal",
    "He's weights": "sigmoid, He",
    "ReLU, Keras's weights": "ReLU, Glorot",
    "ReLU": "ReLU, He",
}
ROWS = (
    "sigmoid, Glorot", "sigmoid, LeCun", "sigmoid, orthogonal", "sigmoid, He",
    "tanh, Glorot", "tanh, LeCun", "tanh, orthogonal", "tanh, He",
    "ReLU, Glorot", "ReLU, LeCun", "ReLU, orthogonal", "ReLU, orthogonal × √2", "ReLU, He",
)  # fmt: skip
VARIANCES = {"He": 2.0, "orthogonal × √2": 2.0}
DEPTH = 20


def _together(own: Tables, dense: Tables, name: str) -> pd.DataFrame:
    """One of the tables of both experiments, the matrix's arms under the names of this figure."""
    matrix: pd.DataFrame = dense[name]
    matrix = matrix.assign(arm=matrix["arm"].map(MATRIX)).dropna(subset=["arm"])
    together: pd.DataFrame = pd.concat([own[name], matrix], ignore_index=True)
    return together


def _last(table: pd.DataFrame) -> pd.DataFrame:
    last: pd.DataFrame = table[table["epoch"] == table["epoch"].max()]
    return last


def _accuracy(arm: str) -> Callable[[Tables, Tables], float]:
    return lambda own, dense: float(_last(_together(own, dense, "accuracy")).set_index("arm")["test_accuracy"].loc[arm])


def _median(arm: str, own: Run, dense: Run) -> float:
    """Accuracy of the median network."""
    table = _last(_together(own.tables, dense.tables, "accuracy"))
    return float(table[table["arm"] == arm]["test_accuracy"].median())


def _of(activation: str, name: str, column: str) -> Callable[[Tables, Tables], pd.Series]:
    """All arms of an activation."""

    def values(own: Tables, dense: Tables) -> pd.Series:
        table = _together(own, dense, name)
        table = _last(table) if "epoch" in table else table
        return pd.Series(table[table["arm"].str.startswith(activation)].set_index("arm")[column])

    return values


claims = {
    # On the way single networks stumble, even in the last epoch.
    "relu_he": Claim(text="{:.0%}", value_of_run=lambda *runs: _median("ReLU, He", *runs), at_least=0.75),
    "relu_scaled": Claim(
        text="{:.0%}", value_of_run=lambda *runs: _median("ReLU, orthogonal × √2", *runs), at_least=0.75
    ),
    "relu_lecun": Claim(text="{:.0%}", value=_accuracy("ReLU, LeCun"), at_most=0.5),
    "sigmoid_least": Claim(
        text="{:.0f} decades",
        value=lambda own, dense: float(_of("sigmoid", "gradient", "decades")(own, dense).min()),
        at_least=8.5,
    ),
    "sigmoid_saved": Claim(
        text="{:.1f} decades",
        value=lambda own, dense: float(
            _of("sigmoid", "gradient", "decades")(own, dense).loc["sigmoid, Glorot"]
            - _of("sigmoid", "gradient", "decades")(own, dense).loc["sigmoid, He"]
        ),
        at_least=1.5,
        at_most=3.5,
    ),
    "sigmoid_best": Claim(
        text="{:.0%}",
        value=lambda own, dense: float(_of("sigmoid", "accuracy", "test_accuracy")(own, dense).max()),
        at_most=0.2,
    ),
}


def draw(own: Run, dense: Run) -> Figure:
    figure, lost, learnt = marks.panels(2, widths=(1.15, 1), height=360, share_y=True)
    gradient = _together(own.tables, dense.tables, "gradient")
    _panel(lost, gradient, "decades")
    for row, arm in enumerate(ROWS):
        predicted = _theory(arm)
        marks.theory(lost, [predicted, predicted], [row - 0.4, row + 0.4])
    _panel(learnt, _last(_together(own.tables, dense.tables, "accuracy")), "test_accuracy")
    lost.set_yticks(range(len(ROWS)), list(ROWS))
    lost.set_ylim(len(ROWS) - 0.4, -0.6)
    learnt.set_xlim(0, 1.05)
    marks.describe(lost, y="Networks by activation and first weights", x="decades of the gradient lost")
    marks.describe(learnt, y="Networks by activation and first weights", x="share of digits right")
    return figure


def _theory(arm: str) -> float:
    """Decades that wide layers lose between the last and the first; the digits' mean square is one."""
    activation, initialisation = arm.split(", ")
    variance = VARIANCES.get(initialisation, 1.0)
    return -float(np.log10(theory.gradient_line(activation.lower(), variance, DEPTH, variance)[0]))


def _panel(axes: Axes, table: pd.DataFrame, column: str) -> None:
    for row, arm in enumerate(ROWS):
        one = table[table["arm"] == arm]
        if len(one):
            hue = arm.split(",")[0].lower()
            axes.plot([one[column].min(), one[column].max()], [row, row], color=hue, linewidth=1.1)
            marks.points(axes, pd.DataFrame({"x": [one[column].median()], "row": [row]}), "x", "row", hue)
