"""Adam rescues gradients that are small everywhere: {relu_adam} against {relu_sgd}. Where they vanish, it does not.

Twenty layers with Glorot's weights, sixteen epochs. Left: digits right by epoch, by Adam or by gradient
descent (SGD); the lines of the two sigmoid networks lie on each other. Right: how far each layer has moved at the end,
relative to its first weights.
"""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, in_the_median
from vgcore.press import marks

experiment = "adam_rescue"
title = "Accuracy by epoch and movement by layer with Adam"
alt = (
    "Left: the ReLU network reaches {relu_adam} with Adam and {relu_sgd} by gradient descent; the sigmoid network "
    "stays at {sigmoid_adam} with Adam, and at {sigmoid_tiny} with a tiny epsilon. Right: with Adam every layer of the "
    "ReLU network moves by {relu_least_moved} or more. The sigmoid's first layer moves by {sigmoid_first_moved}, with "
    "a tiny epsilon by {tiny_first_moved} of its size."
)
arm = "arm"

SGD, ADAM, SIGMOID, TINY = "ReLU, SGD", "ReLU, Adam", "sigmoid, Adam", "sigmoid, tiny epsilon"
SIGNS = {SGD: ("relu", "o"), ADAM: ("relu", "^"), SIGMOID: ("sigmoid", "o"), TINY: ("sigmoid", "D")}


def _accuracy(tables: Tables, arm: str) -> float:
    table = tables["training"]
    return float(table[table["arm"] == arm].set_index("epoch")["test_accuracy"].sort_index().iloc[-1])


def _moved(tables: Tables, arm: str) -> pd.Series:
    """Relative change by hidden layer."""
    table = tables["layers"]
    return table[table["arm"] == arm].set_index("layer")["relative_change"].sort_index().iloc[:-1]


claims = {
    "relu_adam": Claim(
        text="{:.0%}", value_of_run=in_the_median(lambda tables: _accuracy(tables, ADAM)), at_least=0.85
    ),
    "relu_sgd": Claim(text="{:.0%}", value=lambda tables: _accuracy(tables, SGD), at_most=0.7),
    "sigmoid_adam": Claim(text="{:.0%}", value=lambda tables: _accuracy(tables, SIGMOID), at_most=0.2),
    "sigmoid_tiny": Claim(
        text="{:.0%}", value_of_run=in_the_median(lambda tables: _accuracy(tables, TINY)), at_most=0.15
    ),
    "relu_least_moved": Claim(text="{:.0%}", value=lambda tables: float(_moved(tables, ADAM).min()), at_least=0.05),
    "sigmoid_first_moved": Claim(
        text="a few billionths", value=lambda tables: float(_moved(tables, SIGMOID).iloc[0]), at_most=1e-8
    ),
    "tiny_first_moved": Claim(text="{:.0%}", value=lambda tables: float(_moved(tables, TINY).iloc[0]), at_least=0.5),
}


def draw(run: Run) -> Figure:
    figure, epochs, layers = marks.panels(2)
    _epochs(epochs, run.tables["training"])
    _layers(layers, run.tables["layers"])
    return figure


def _epochs(axes: Axes, table: pd.DataFrame) -> None:
    for arm, (meaning, marker) in SIGNS.items():
        marks.line(axes, table[table["arm"] == arm], "epoch", "test_accuracy", meaning, marker=marker)
    axes.set_ylim(-0.07, 1.05)
    marks.label(axes, 6, 0.88, "ReLU, Adam", "relu", side="on")
    marks.label(axes, 9.5, 0.46, "ReLU, SGD", "relu", side="on")
    marks.label(axes, 16, 0.02, "sigmoid, Adam", "sigmoid", side="left")
    marks.describe(axes, y="Share of digits right", x="epoch")


def _layers(axes: Axes, table: pd.DataFrame) -> None:
    hidden = table[table["layer"] < table["layer"].max()]
    for arm, (meaning, marker) in SIGNS.items():
        if arm != SGD:
            marks.points(axes, hidden[hidden["arm"] == arm], "layer", "relative_change", meaning, marker=marker)
    axes.set_ylim(1e-10, 1e2)
    marks.logarithmic(axes)
    marks.label(axes, 7, 12, "sigmoid, tiny ε", "sigmoid", side="on")
    marks.label(axes, 14, 1e-5, "sigmoid, ε = 10⁻⁷", "sigmoid", side="on")
    marks.label(axes, 5, 0.03, "ReLU", "relu", side="on")
    marks.depth_ticks(axes, int(hidden["layer"].max()))
    marks.describe(axes, name="Adam", y="Relative change of the weights", x="layer (1 = next to the input)")
