"""Four families fail, in the median, at depths {apart} apart. Counted in depth scales, they fail within {together}.

Accuracy on digits never seen, after ten epochs, for networks of growing depth. Left: depth in layers. Right: the same
marks, depth divided by theory's depth scale ξ. A mark is the median of the seeds, the bar spans them all; dotted: half
of the digits are right. The number behind tanh is its σ², the variance of a weight times the number of inputs.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, in_the_median
from vgcore.press import marks

experiment = "trainable_depth"
title = "Accuracy by depth, in layers and in depth scales"
alt = (
    "Accuracy after ten epochs for sigmoid, ReLU and two kinds of tanh networks. On the left, against layers, four "
    "curves fall one after the other, the sigmoid's at {limit_sigmoid}, the last at {limit_tanh}. On the right, "
    "against depth in depth scales, all four fall together, between {least_limit} and {largest_limit} scales."
)
arm = "family"

MARKS = {"sigmoid": ("sigmoid", "o"), "tanh, small": ("tanh", "D"), "ReLU": ("relu", "^"), "tanh": ("tanh", "s")}


def _limits(tables: Tables, column: str) -> pd.Series:
    """The depth limit of each family after the short training."""
    limits = tables["limits"]
    return pd.Series(limits[limits["epoch"] == limits["epoch"].min()].set_index("family")[column])


def _apart(tables: Tables, column: str) -> float:
    limits = _limits(tables, column)
    return float(limits.max() / limits.min())


def _in_layers(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit in which the depth scale explains nothing: every family has the same one."""
    return table.assign(limit_scales=table["limit"]) if "limit" in table else table


claims = {
    "apart": Claim(
        text="a factor of {:.0f}", value_of_run=in_the_median(lambda tables: _apart(tables, "limit")), at_least=7
    ),
    "together": Claim(
        text="a factor of {:.1f}",
        value=lambda tables: _apart(tables, "limit_scales"),
        at_most=2,
        counterfeit=_in_layers,
    ),
    "least_limit": Claim(
        text="{:.0f}",
        value=lambda tables: float(_limits(tables, "limit_scales").min()),
        at_least=4,
        counterfeit=_in_layers,
    ),
    "largest_limit": Claim(
        text="{:.0f}",
        value=lambda tables: float(_limits(tables, "limit_scales").max()),
        at_most=13,
        counterfeit=_in_layers,
    ),
    "limit_sigmoid": Claim(
        text="{:.1f} layers", value=lambda tables: float(_limits(tables, "limit")["sigmoid"]), at_least=2, at_most=3
    ),
    "limit_tanh": Claim(
        text="{:.0f} layers",
        value_of_run=in_the_median(lambda tables: float(_limits(tables, "limit")["tanh"])),
        at_least=18,
        at_most=30,
    ),
}


def draw(run: Run) -> Figure:
    figure, layers, scales = marks.panels(2, share_y=True)
    table = run.tables["accuracy"]
    table = table[table["epoch"] == table["epoch"].min()]
    for axes, column in ((layers, "depth"), (scales, "scales")):
        for family, (meaning, marker) in MARKS.items():
            marks.line(axes, table[table["family"] == family], column, "test_accuracy", meaning, marker=marker)
        marks.threshold(axes, 0.5, "")
        axes.set_ylim(0, 1.1)
        axes.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"])
    layers.set_xscale("log")
    layers.set_xticks([1, 2, 5, 10, 20], ["1", "2", "5", "10", "20"])
    layers.minorticks_off()
    marks.label(layers, 1.55, 0.28, "sigmoid", "sigmoid", side="on")
    marks.label(layers, 7, 0.66, "tanh, ⅓", "tanh", side="below left")
    marks.label(layers, 13, 0.2, "ReLU", "relu", side="below left")
    marks.label(layers, 20, 0.98, "tanh, 0.7", "tanh", side="above")
    marks.describe(layers, y="Test accuracy, share of digits", x="depth, layers")
    marks.describe(scales, y="Test accuracy, share of digits", x="depth, in depth scales ξ")
    return figure
