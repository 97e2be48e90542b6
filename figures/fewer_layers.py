"""The most that more layers gain is {deeper_gains} of the digits. The deepest lose {deepest_lost} or more (medians).

New digits right after forty epochs, for the networks with which the depth limit was found, by their number of
weights, which the operations of a step follow. From left to right each line gets deeper. The number beside a tanh is
the variance of its first weights times the inputs. Dotted: half of the digits right.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "trainable_depth"
title = "Accuracy by number of weights, in families of growing depth"
alt = (
    "Accuracy after forty epochs against the number of weights for sigmoid, ReLU and two kinds of tanh networks. "
    "Every line begins at {shallow_least} or more with its fewest layers, stays there or falls, and the best ends at "
    "{deepest_most} with its most. The sigmoid line falls at once, by {sigmoid_second} with its second layer."
)
arm = "family"

MARKS = {"sigmoid": ("sigmoid", "o"), "tanh, small": ("tanh", "D"), "ReLU": ("relu", "^"), "tanh": ("tanh", "s")}
WIDTH = 64


def _accuracy(tables: Tables) -> dict[str, pd.Series]:
    """Accuracy after the longer training by depth, for each family."""
    table = tables["accuracy"]
    longest = table[table["epoch"] == table["epoch"].max()]
    return {str(name): own.set_index("depth")["test_accuracy"].sort_index() for name, own in longest.groupby("family")}


def _deeper_gains(tables: Tables) -> float:
    """What a family gains at most with more layers than its fewest: nothing, where each of them loses."""
    return max(0.0, *(float(one.iloc[1:].max() - one.iloc[0]) for one in _accuracy(tables).values()))


claims = {
    "deeper_gains": Claim(
        text="{:.1%}",
        value=_deeper_gains,
        at_most=0.03,
        counterfeit=lambda table: table.assign(test_accuracy=table["depth"] / 40) if "depth" in table else table,
    ),
    "deepest_lost": Claim(
        text="{:.0%}",
        value=lambda tables: min(float(one.iloc[0] - one.iloc[-1]) for one in _accuracy(tables).values()),
        at_least=0.2,
    ),
    "shallow_least": Claim(
        text="{:.0%}",
        value=lambda tables: min(float(one.iloc[0]) for one in _accuracy(tables).values()),
        at_least=0.9,
    ),
    "deepest_most": Claim(
        text="{:.0%}", value=lambda tables: max(float(one.iloc[-1]) for one in _accuracy(tables).values()), at_most=0.75
    ),
    "sigmoid_second": Claim(
        text="{:.1%}",
        value=lambda tables: -float(_accuracy(tables)["sigmoid"].diff().iloc[1]),
        at_least=0.005,
        at_most=0.08,
    ),
    "sigmoid_third": Claim(
        text="{:.0%}",
        value=lambda tables: -float(_accuracy(tables)["sigmoid"].diff().iloc[2]),
        at_least=0.1,
        at_most=0.5,
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=280)
    table = run.tables["accuracy"]
    table = table[table["epoch"] == table["epoch"].max()]
    table = table.assign(weights=(WIDTH + 1) * (WIDTH * table["depth"] + 10) / 1000)
    for family, (meaning, marker) in MARKS.items():
        marks.line(axes, table[table["family"] == family], "weights", "test_accuracy", meaning, marker=marker)
    marks.threshold(axes, 0.5, "")
    marks.label(axes, 30, 0.3, "sigmoid", "sigmoid", side="on")
    marks.label(axes, 70, 0.45, "tanh, ⅓", "tanh", side="on")
    marks.label(axes, 80, 0.12, "ReLU", "relu", side="on")
    marks.label(axes, 100, 0.8, "tanh, 0.7", "tanh", side="on")
    axes.set_ylim(0, 1.05)
    axes.set_xlim(0, 150)
    marks.describe(axes, y="Share of digits right", x="parameters, thousands")
    return figure
