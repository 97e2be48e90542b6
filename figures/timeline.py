"""Thirty years on one task: twenty layers go from {sigmoid} to {selu}. Two layers were at {two} all along.

A row is a way to train a deep network and the year of its paper; each has twenty layers, but for the last row. All
share one learning rate, a fifth of that on most pages, which does not suit every one of them. Left: accuracy on unseen
digits after no more operations than sixteen epochs of the first row take. Right: the computing that a row needs until
80 of 100 digits are right, in epochs of the first row; red marks at the edge never are. A mark is the median of the
seeds, the bar behind it spans them all.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, in_the_median
from vgcore.press import marks

experiment = ("dense_activations", "dense_structures", "dense_trainings", "tanh_starts", "fix_costs")
title = "Accuracy and computing of deep networks, by year"
alt = (
    "Rows by year. Twenty sigmoid layers, 1986: {sigmoid}, and never more. Layer by layer, 2006: {pretrained}. Tanh "
    "with the weights usual then: {tanh_before}; with Glorot's, 2010: {tanh}. ReLU with Glorot's weights, 2011: "
    "{relu}; with He's, 2015: {he}. Batch normalisation, 2015: {batch}. Residual, 2015: {residual}, and "
    "{residual_epochs} until 80 of 100 are right. SELU, 2017: {selu}. Two sigmoid layers: {two}, and {two_epochs}."
)
arm = "arm"

ROWS = {
    "none": "1986 sigmoid",
    "layer by layer": "2006 by layers",
    "tanh, usual weights": "till 2010 tanh",
    "tanh, Glorot's weights": "2010 tanh, Glorot",
    "ReLU, Keras's weights": "2011 ReLU, Glorot",
    "Adam, ReLU, Keras's weights": "2014 with Adam",
    "ReLU": "2015 ReLU, He",
    "batch norm": "2015 batch norm",
    "highway": "2015 highway",
    "residual": "2015 residual",
    "dense connections": "2016 dense",
    "SELU": "2017 SELU",
    "two layers": "1986 two layers",
}
BUDGET, LEARNT, NEVER = 16.0, 0.8, 18.0
"""Epochs of the first row; the accuracy to reach; where the marks stand that do not reach it."""


def _outcomes(*measured: Any) -> pd.DataFrame:
    """One row for each arm: accuracy within the budget, and what was spent until it was learnt."""
    *tables, costs = measured
    dense = costs[costs["base"] == "dense"].set_index("arm")["operations"]
    accuracy = pd.concat([one["accuracy"] for one in tables], ignore_index=True)
    accuracy = accuracy.drop_duplicates([key for key in ("arm", "epoch", "seed") if key in accuracy])
    return pd.DataFrame(
        [_outcome(arm, accuracy, float(dense.get(arm, 1.0))) for arm in ROWS if arm in set(accuracy["arm"])]
    )


def _outcome(arm: str, accuracy: pd.DataFrame, cost: float) -> dict[str, Any]:
    curve = accuracy[accuracy["arm"] == arm].sort_values("epoch")
    spent = curve["epoch"].to_numpy() * cost
    within = curve["test_accuracy"].to_numpy()[spent <= 1.01 * BUDGET]
    learnt = spent[: len(within)][within >= LEARNT]
    return {"arm": arm, "accuracy": within[-1], "epochs": learnt[0] if len(learnt) else np.inf}


def _of(arm: str, column: str, *measured: Tables) -> float:
    return float(_outcomes(*measured).set_index("arm")[column].loc[arm])


def _learnt(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: every network learns at once."""
    return table.assign(test_accuracy=0.9) if "test_accuracy" in table else table


def _guessing(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: none does."""
    return table.assign(test_accuracy=0.1) if "test_accuracy" in table else table


def _share(arm: str, **bounds: Any) -> Claim:
    counterfeit = _learnt if "at_most" in bounds else _guessing
    value = in_the_median(lambda *all: _of(arm, "accuracy", *all))
    return Claim(text="{:.0%}", value_of_run=value, counterfeit=counterfeit, **bounds)


def _epochs(arm: str, **bounds: Any) -> Claim:
    value = in_the_median(lambda *all: _of(arm, "epochs", *all))
    return Claim(text="{:.1f} epochs", value_of_run=value, counterfeit=_guessing, **bounds)


claims = {
    "sigmoid": _share("none", at_most=0.2),
    "pretrained": _share("layer by layer", at_least=0.8),
    "tanh_before": _share("tanh, usual weights", at_most=0.3),
    "tanh": _share("tanh, Glorot's weights", at_least=0.5),
    "relu": _share("ReLU, Keras's weights", at_most=0.4),
    "adam": _share("Adam, ReLU, Keras's weights", at_least=0.7),
    "he": _share("ReLU", at_least=0.6),
    "batch": _share("batch norm", at_least=0.8),
    "residual": _share("residual", at_least=0.8),
    "selu": _share("SELU", at_least=0.8),
    "two": _share("two layers", at_least=0.8),
    "residual_epochs": _epochs("residual", at_most=6),
    "two_epochs": _epochs("two layers", at_most=10),
}


def draw(*runs: Run) -> Figure:
    figure, accuracy, epochs = marks.panels(2, widths=(1.1, 1), height=330)
    table = pd.concat(list(_by_seed(*runs)), ignore_index=True)
    names = list(ROWS)
    table = table.assign(row=table["arm"].map(names.index), percent=100 * table["accuracy"])
    table["spent"] = table["epochs"].clip(upper=NEVER)
    for axes, column in ((accuracy, "percent"), (epochs, "spent")):
        _rows(axes, table, column)
        axes.set_yticks(range(len(names)), list(ROWS.values()))
    accuracy.set_xlim(0, 103)
    epochs.set_xlim(0, NEVER + 1)
    epochs.set_xticks([0, 5, 10, 15])
    marks.describe(accuracy, y="Accuracy at equal computing, %", x="share of unseen digits, %")
    marks.describe(epochs, y="Computing until 80% are right", x="epoch of the first row")
    return figure


def _by_seed(*runs: Run) -> Iterator[pd.DataFrame]:
    *trained, costs = runs
    for seed in trained[0].seeds:
        yield _outcomes(*(run.of_seed(seed) for run in trained), costs.table).assign(seed=seed)


def _rows(axes: Axes, table: pd.DataFrame, column: str) -> None:
    for row in range(len(ROWS)):
        one = table[table["row"] == row]
        if one.empty:  # a small run has not all arms
            continue
        learnt = np.isfinite(one["epochs"].median())
        meaning, marker = ("healthy", "s") if learnt else ("broken", "o")
        axes.plot([one[column].min(), one[column].max()], [row, row], color=meaning, linewidth=1.1, zorder=2)
        axes.plot(one[column].median(), row, color=meaning, marker=marker, zorder=3)
    axes.set_ylim(len(ROWS) - 0.4, -0.6)
    axes.axhline(len(ROWS) - 1.5, color="grid", linewidth=1, zorder=0)
