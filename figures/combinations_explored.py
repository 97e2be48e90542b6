"""Networks that keep the gradient within a decade get {kept} in the median. Where three are lost, none beats {lost}.

Networks of sixteen layers with every combination of activation, weights, normalisation and skips, one mark each, the
median of the seeds: circles are sigmoid, squares tanh, triangles ReLU. Across: ∂L/∂h at the first layer before
training, relative to the last; further left, more is lost. Up: accuracy after four epochs. Dotted is guessing.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, in_the_median
from vgcore.press import marks
from vgcore.press.explorable import Control, Explorable, View, part, profile, share

experiment = ("combined_gradients", "combined_trainings")
title = "Accuracy after training, by the gradient that is lost before, for every combination"
alt = (
    "Networks of sixteen layers as marks. Most stand at the right, where at most a decade is lost or gained, and high "
    "up: the median of them gets {kept} of the digits. At the left, where more than three decades are lost, "
    "all lie near the dotted line of guessing, at {lost} or less."
)
arm = "activation"

CHOICES = ["activation", "weights", "normalisation", "skip", "depth"]
SIGNS = {"sigmoid": ("sigmoid", "sigmoid"), "tanh": ("tanh", "tanh"), "relu": ("ReLU", "relu")}
"""What an activation is called, and its colour."""


def _deep(gradients: pd.DataFrame, trained: pd.DataFrame) -> pd.DataFrame:
    """One seed's deepest networks: decades of gradient at the first layer, and accuracy."""
    first = gradients[gradients["layer"] == 1].drop(columns=["layer", "theory"])
    both = first.merge(trained, on=[*CHOICES, *({"seed"} & {*gradients} & {*trained})])
    return pd.DataFrame(both[both["depth"] == both["depth"].max()])


def _kept(gradients: pd.DataFrame, trained: pd.DataFrame) -> float:
    """The median accuracy of the combinations that keep the gradient within a decade."""
    deep = _deep(gradients, trained)
    return float(deep[deep["decades"].abs() < 1]["test_accuracy"].median())


def _lost(gradients: pd.DataFrame, trained: pd.DataFrame) -> float:
    """The highest accuracy among the combinations that lose more than three decades."""
    deep = _deep(gradients, trained)
    return float(deep[deep["decades"] < -3]["test_accuracy"].max())


def _relu(gradients: pd.DataFrame, trained: pd.DataFrame) -> float:
    """Accuracy of the deepest plain ReLU network with He's weights, whose gradient arrives whole."""
    deep = _deep(gradients, trained)
    plain = deep[(deep["normalisation"] == "none") & (deep["skip"] == "no")]
    found = plain[(plain["activation"] == "relu") & (plain["weights"] == "He")]["test_accuracy"]
    return float(found.item()) if len(found) else float("nan")  # a small run has no such network


def _wrong(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit in which every digit that was named rightly is named wrongly."""
    return table.assign(test_accuracy=1 - table["test_accuracy"]) if "test_accuracy" in table else table


claims = {
    "kept": Claim(text="{:.0%}", value=_kept, at_least=0.8, counterfeit=_wrong),
    "lost": Claim(text="{:.0%}", value=_lost, at_most=0.3, counterfeit=_wrong),
    "relu": Claim(text="{:.0%}", value_of_run=in_the_median(_relu), at_most=0.7, counterfeit=_wrong),
}


def draw(gradients: Run, trained: Run) -> Figure:
    figure, axes = marks.panels(height=340)
    deep = _deep(gradients.table, trained.table)
    medians = deep.groupby(CHOICES, sort=False)[["decades", "test_accuracy"]].median().reset_index()
    for activation, rows in medians.groupby("activation", sort=False):
        percent = rows.assign(percent=100 * rows["test_accuracy"], seed=0)
        marks.points(axes, percent, "decades", "percent", SIGNS[str(activation)][1])
    marks.threshold(axes, 10, "guessing", side="below left")
    axes.set_ylim(0, 108)
    axes.set_yticks([0, 50, 100])
    marks.describe(axes, y="Test accuracy, %", x="first layer's gradient, decades relative to last")
    return figure


def explore(gradients: Run, trained: Run) -> Explorable:
    table = gradients.table
    options = {name: tuple(map(str, table[name].unique())) for name in CHOICES}
    return Explorable(
        controls=(
            Control(name="Activation", options=tuple(SIGNS[name][0] for name in options["activation"])),
            Control(name="Weights", options=options["weights"], start=len(options["weights"]) // 2),
            Control(name="Normalisation", options=options["normalisation"]),
            Control(name="Skips", options=options["skip"]),
            Control(name="Depth", options=options["depth"], start=len(options["depth"]) - 1),
        ),
        views=tuple(_views(table, trained.table)),
        x="layer (1 = next to the input)",
        y="∂L/∂h, decades relative to the last layer",
    )


def _views(gradients: pd.DataFrame, trained: pd.DataFrame) -> Iterator[View]:
    ended = trained.groupby(CHOICES)["test_accuracy"].apply(list)
    by_choice = dict(iter(gradients.groupby(CHOICES)))
    for choice in product(*(gradients[name].unique() for name in CHOICES)):
        name, meaning = SIGNS[choice[0]]
        line = profile(by_choice[choice], "layer", "decades", meaning=meaning, name=name)
        accuracies = ended.get(choice, [])
        yield View(line=line, at=1, said=f"{_arrives(line.middle[0])} {_learnt(accuracies)}")


def _arrives(decades: float) -> str:
    if abs(decades) < 0.03:
        return "The first layer gets as much of the gradient as the last one."
    more = "lost on the way" if decades < 0 else "gained on the way"
    return f"The first layer gets {part(decades)} the last one's gradient: {abs(decades):.1f} decades are {more}."


def _learnt(accuracies: list[float]) -> str:
    if not accuracies:
        return "It was not trained."
    guesses = ": it guesses" if np.median(accuracies) < 0.2 else ""
    return f"After four epochs the network gets {share(accuracies)} of unseen digits right{guesses}."
