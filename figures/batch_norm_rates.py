"""Batch normalisation bears a learning rate {headroom} as large. Its best accuracy is hardly better.

Accuracy on unseen digits after eight epochs of ReLU networks with five layers and He’s weights, without batch
normalisation, with it before each activation, and after. A mark is the median of the seeds, the bar behind it spans
them all; dotted: guessing.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "batch_norm_rates"
title = "Accuracy by learning rate, with batch normalisation and without"
alt = (
    "Accuracy against learning rate, logarithmic. Without normalisation it is high up to a rate of {largest_without} "
    "and falls to guessing beyond. With normalisation before the activation it is high up to {largest_before}, with "
    "normalisation after it nearly as far. The best accuracies of all three differ by {best_apart} only."
)
arm = "arm"


def _of(table: pd.DataFrame, arm: str) -> pd.DataFrame:
    return table[table["arm"] == arm]


def _largest(table: pd.DataFrame, arm: str) -> float:
    """The largest rate at which four in five unseen digits are right."""
    one = _of(table, arm)
    return float(one[one["test_accuracy"] > 0.8]["rate"].max())


def _headroom(table: pd.DataFrame) -> float:
    return _largest(table, "before") / _largest(table, "none")


def _best_apart(run: Run) -> float:
    """Points of accuracy between the best rates of the three kinds, for the median seed."""
    best = run.table.groupby(["arm", "rate"])["test_accuracy"].median().groupby("arm").max()
    return 100 * float(best.max() - best.min())


def _lost_at_small(run: Run) -> float:
    """Points that normalisation before the activation costs at the smallest rate."""
    smallest = run.table[run.table["rate"] == run.table["rate"].min()].groupby("arm")["test_accuracy"].median()
    return 100 * float(smallest["none"] - smallest["before"])


claims = {
    "headroom": Claim(text="{:.0f} times", value=_headroom, at_least=3),
    "largest_without": Claim(text="{:.1f}", value=lambda table: _largest(table, "none"), at_most=0.5),
    "largest_before": Claim(text="{:.0f}", value=lambda table: _largest(table, "before"), at_least=1),
    "best_apart": Claim(
        text="{:.1f} points",
        value_of_run=_best_apart,
        at_most=3,
        counterfeit=lambda table: table.assign(test_accuracy=table["test_accuracy"] - 0.1 * (table["arm"] == "none")),
    ),
    "lost_at_small": Claim(text="{:.0f} points", value_of_run=_lost_at_small, at_least=2),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=290)
    table = run.table.assign(percent=100 * run.table["test_accuracy"])
    for arm, (meaning, marker) in {
        "none": ("relu", "^"),
        "before": ("batchnorm", "D"),
        "after": ("batchnorm", "v"),
    }.items():
        marks.line(axes, _of(table, arm), "rate", "percent", meaning, marker=marker)
    axes.set_xscale("log")
    axes.set_xticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
    axes.minorticks_off()
    axes.set_ylim(0, 120)
    axes.set_yticks([0, 25, 50, 75, 100])
    marks.threshold(axes, 10, "guessing", side="below left")
    marks.label(axes, 0.45, 50, "without", "relu", side="left")
    marks.label(axes, 0.5, 99, "normalised, before or after", "batchnorm", side="above")
    marks.describe(axes, y="Accuracy on unseen digits, %", x="learning rate (a factor)")
    return figure
