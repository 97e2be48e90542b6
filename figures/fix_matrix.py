"""Twenty sigmoid layers stay at {none}. ReLU takes them to {relu}, batch normalisation to {batch}, clipping nowhere.

Left: accuracy on new digits, after no more operations than the network without a fix needs for sixteen epochs. Right:
decades of ∂L/∂h lost between the last hidden layer and the first, before training. Medians; lines span the seeds.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = ("dense_activations", "dense_structures", "dense_trainings", "fix_costs")
title = "Every fix on the same dense network"
alt = (
    "One row for each fix. Without any, accuracy is {none} and {none_decades} of the gradient are lost. ReLU reaches "
    "{relu}, batch normalisation {batch}, residual branches {residual}, pretraining layer by layer {pretrained}. "
    "Clipping stays at {clipping}, Adam at {adam}, layer normalisation at {layer_norm}; none of these three brings the "
    "gradient back. Adam with ReLU and Keras's weights reaches {adam_relu}, gradient descent with them {sgd_relu}."
)
arm = "arm"

ROWS = (
    "none", "ReLU", "Leaky ReLU", "PReLU", "ELU", "SELU", "Swish", "GELU", "Maxout", "ReLU, Keras's weights",
    "He's weights", "LeCun's weights", "orthogonal weights", "batch normalisation", "layer normalisation", "residual",
    "residual, batch normalisation", "highway", "dense connections", "layer by layer", "clipping",
    "a tenth of the rate", "ten times the rate", "L2", "Adam", "Adam, ReLU, Keras's weights", "three layers",
)  # fmt: skip
LEARNT, ARRIVED = 0.5, 2.0  # accuracy; decades


def _gathered(name: str, *measured: Tables) -> pd.DataFrame:
    """One of the tables of all experiments together; "none" is in each of them."""
    tables = pd.concat([tables[name] for tables in measured], ignore_index=True)
    return tables.drop_duplicates([column for column in tables if column in ("arm", "epoch", "seed")])


def _at_equal_compute(accuracy: pd.DataFrame, costs: pd.DataFrame) -> pd.DataFrame:
    """Accuracy at the last epoch that ends before as much has been computed as by all epochs of "none"."""
    operations = costs[costs["base"] == "dense"].set_index("arm")["operations"]
    ratio = accuracy["arm"].map(operations).fillna(1.0)  # layer by layer: only its last training is counted
    within = accuracy[accuracy["epoch"] * ratio <= accuracy["epoch"].max()]
    keys = [column for column in ("arm", "seed") if column in accuracy]
    return within.sort_values("epoch").groupby(keys, as_index=False).last()


def _accuracy(arm: str) -> Callable[..., float]:
    def of(*tables: Any) -> float:
        *measured, costs = tables
        found = _at_equal_compute(_gathered("accuracy", *measured), costs)
        return float(found.set_index("arm")["test_accuracy"].loc[arm])

    return of


def _decades(arm: str) -> Callable[..., float]:
    def of(*tables: Any) -> float:
        return float(_gathered("gradient", *tables[:-1]).set_index("arm")["decades"].loc[arm])

    return of


claims = {
    "none": Claim(text="{:.0%}", value=_accuracy("none"), at_most=0.2),
    "none_decades": Claim(text="{:.0f} decades", value=_decades("none"), at_least=11, at_most=13),
    "relu": Claim(text="{:.0%}", value=_accuracy("ReLU"), at_least=0.6),
    "swish": Claim(text="{:.0%}", value=_accuracy("Swish"), at_most=0.9),
    "batch": Claim(text="{:.0%}", value=_accuracy("batch normalisation"), at_least=0.8),
    "residual": Claim(text="{:.0%}", value=_accuracy("residual"), at_least=0.8),
    "layer_norm": Claim(text="{:.0%}", value=_accuracy("layer normalisation"), at_most=0.3),
    "layer_norm_decades": Claim(text="{:.1f} decades", value=_decades("layer normalisation"), at_least=6, at_most=10),
    "clipping": Claim(text="{:.0%}", value=_accuracy("clipping"), at_most=0.2),
    "adam": Claim(text="{:.0%}", value=_accuracy("Adam"), at_most=0.3),
    "adam_relu": Claim(text="{:.0%}", value=_accuracy("Adam, ReLU, Keras's weights"), at_least=0.7),
    "sgd_relu": Claim(text="{:.0%}", value=_accuracy("ReLU, Keras's weights"), at_most=0.6),
    "pretrained": Claim(text="{:.0%}", value=_accuracy("layer by layer"), at_least=0.8),
}


def draw(activations: Run, structures: Run, trainings: Run, costs: Run) -> Figure:
    figure, learnt, left = marks.panels(2, widths=(1.25, 1), height=520, share_y=True)
    measured = [run.tables for run in (activations, structures, trainings)]
    accuracy = _at_equal_compute(_gathered("accuracy", *measured), costs.table)
    _panel(learnt, accuracy, "test_accuracy")
    _panel(left, _gathered("gradient", *measured), "decades")
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


def table(activations: Run, structures: Run, trainings: Run, costs: Run) -> pd.DataFrame:
    """Medians over the seeds, and what a step costs relative to the network without a fix."""
    measured = [run.tables for run in (activations, structures, trainings)]
    accuracy = _at_equal_compute(_gathered("accuracy", *measured), costs.table).groupby("arm")["test_accuracy"].median()
    decades = _gathered("gradient", *measured).groupby("arm")["decades"].median()
    cost = costs.table[costs.table["base"] == "dense"].set_index("arm")
    rows = [
        {"fix": arm, "accuracy": _number(accuracy, arm, "{:.0%}"), "decades lost": _number(decades, arm, "{:.1f}")}
        | {name: _number(cost[column], arm, "× {:.2f}") for name, column in COSTS.items()}
        for arm in ROWS
    ]
    return pd.DataFrame(rows)


COSTS = {"weights": "parameters", "operations": "operations", "memory": "kept_bytes"}


def _number(values: pd.Series, arm: str, text: str) -> str:
    return text.format(values[arm]) if arm in values.index else "none of its own"
