"""One step moves each ReLU layer by {relu_least} of its size or more, the first sigmoid layer by {sigmoid_first}.

How long one step of training is beside the weights that it changes, |step| / |W|, by layer: the first of the fourth
epoch. Marks are medians, bars span the seeds. Dotted: the thousandth that is often given as a rule.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, in_the_median
from vgcore.press import marks

experiment = "layer_changes"
title = "Length of one training step relative to the weights, by layer"
alt = (
    "In the ReLU network the steps of all eight layers lie between {relu_least} and {relu_most} of their weights. In "
    "the sigmoid network they fall from {sigmoid_last} at the last layer to {sigmoid_first} at the first."
)
arm = "arm"

SIGMOID, RELU = "sigmoid", "ReLU, He"
RULE = 1e-3


def _ratios(table: pd.DataFrame, arm: str, record: int = 0) -> pd.Series:
    """By layer, at the first record, or at another."""
    epochs = sorted(table["epoch"].unique())
    one = table[(table["arm"] == arm) & (table["epoch"] == epochs[record])]
    ratios: pd.Series = one.set_index("layer")["update_ratio"].sort_index()
    return ratios


def _adding_up(table: pd.DataFrame) -> pd.Series:
    """How far the sigmoid layers have come, as a share of the way if all steps were as long as the first record's."""
    epochs = sorted(table["epoch"].unique())
    end = table[(table["arm"] == SIGMOID) & (table["epoch"] == epochs[-1])].set_index("layer").sort_index()
    share: pd.Series = end["relative_change"] / (end["steps_taken"] * _ratios(table, SIGMOID))
    return share


# One batch's step is a noisy thing where the network learns: the ReLU layers' are those of the median seed.
claims = {
    "sigmoid_first": Claim(
        text="{:.5%}", value=lambda table: float(_ratios(table, SIGMOID).iloc[0]), at_least=1e-8, at_most=3e-6
    ),
    "sigmoid_last": Claim(
        text="{:.1%}", value=lambda table: float(_ratios(table, SIGMOID).iloc[-1]), at_least=0.0005, at_most=0.02
    ),
    "relu_least": Claim(
        text="{:.1%}", value_of_run=in_the_median(lambda table: _ratios(table, RELU).min()), at_least=0.002
    ),
    "relu_most": Claim(
        text="{:.1%}",
        value_of_run=in_the_median(lambda table: _ratios(table, RELU).max()),
        at_most=0.2,
        counterfeit=lambda table: table.assign(update_ratio=1.0),
    ),
    "first_adds_up": Claim(text="{:.0%}", value=lambda table: float(_adding_up(table).iloc[0]), at_least=0.3),
    "last_adds_up": Claim(text="{:.0%}", value=lambda table: float(_adding_up(table).iloc[-1]), at_most=0.1),
    "relu_end": Claim(
        text="{:.2%}",
        value_of_run=in_the_median(lambda table: _ratios(table, RELU, -1).max()),
        at_most=0.002,
        counterfeit=lambda table: table.assign(update_ratio=1.0),
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=300)
    table = run.table
    epochs = sorted(table["epoch"].unique())
    one = table[table["epoch"] == epochs[0]]
    for arm, meaning in {SIGMOID: "broken", RELU: "healthy"}.items():
        marks.line(axes, one[one["arm"] == arm], "layer", "update_ratio", meaning)
    axes.set_ylim(1e-7, 1)
    marks.logarithmic(axes)
    marks.threshold(axes, RULE, "a thousandth", side="above right")
    marks.label(axes, 4, 0.1, "ReLU, He", "healthy", side="above")
    marks.label(axes, 5, 2e-5, "sigmoid", "broken", side="right")
    marks.depth_ticks(axes, int(one["layer"].max()))
    marks.describe(axes, y="Step, relative to the weights", x="layer (1 = next to the input)")
    return figure
