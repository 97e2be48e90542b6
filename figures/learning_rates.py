"""First and last layer step {lost} apart. A rate {rates_apart} as large changes that by {ratio_changed}.

Left: how far one epoch moves each layer of a sigmoid network, relative to its weights, at five rates, from a
thousandth (the lowest line) to a thousand. Right: digits right after sixteen epochs, for that network and for an
exploding one, ReLU with weights a fifth larger than He's, which ends in NaN at its largest rate, and mostly at the
next.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, in_the_median
from vgcore.press import marks

experiment = "learning_rates"
title = "Layers and accuracy at learning rates from tiny to huge"
alt = (
    "Left: relative change by layer at five learning rates, parallel lines on a logarithmic axis that lose {lost} from "
    "the last hidden layer to the first. At the two largest rates the last layers no longer follow. Right: accuracy by "
    "learning rate. The sigmoid network guesses at every rate. The ReLU network gets {best} right at one thousandth, "
    "less at smaller rates, and at one tenth it is NaN."
)
arm = "network"

GENTLE = 10.0
"""The largest learning rate that leaves the ratio alone."""


def _ratios(tables: Tables) -> pd.Series:
    """Decades from the change of the last hidden layer down to that of the first, by rate."""
    wide = tables["layers"].pivot(index="rate", columns="layer", values="relative_change")  # noqa: PD010
    return pd.Series(np.log10(wide.iloc[:, -2]) - np.log10(wide.iloc[:, 0]))


def _ratio_changed(tables: Tables) -> float:
    ratios = _ratios(tables)
    gentle = ratios[ratios.index <= GENTLE]
    return float(gentle.max() - gentle.min())


def _change(tables: Tables, rate: float, layer: int) -> float:
    """Relative change of a layer, -2 being the last hidden one."""
    layers = tables["layers"]
    return float(layers[layers["rate"] == rate].set_index("layer")["relative_change"].sort_index().iloc[layer])


def _accuracy(tables: Tables, network: str, *, finite: bool = True) -> pd.Series:
    table = tables["accuracy"]
    own = table[(table["network"] == network) & (table["finite"] == float(finite))]
    return own.set_index("rate")["test_accuracy"].sort_index()


def _survive(run: Run) -> float:
    """Share of the seeds in which the exploding network ends with finite numbers at a rate of one hundredth."""
    table = run.tables["accuracy"]
    return float(table[(table["network"] == "exploding") & (table["rate"] == 0.01)]["finite"].mean())


def _alike(table: pd.DataFrame) -> pd.DataFrame:
    """Every layer moves by its own size at every rate."""
    return table.assign(relative_change=1.0) if "relative_change" in table else table


def _all_right(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(test_accuracy=1.0) if "test_accuracy" in table else table


def _blurred(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(relative_change=table["relative_change"] ** table["rate"]) if "layer" in table else table


claims = {
    "rates_apart": Claim(
        text="ten thousand times",
        value=lambda tables: GENTLE / float(_ratios(tables).index.min()),
        at_least=9999,
        at_most=10001,
        counterfeit=lambda table: table.assign(rate=1.0 + np.arange(len(table))),
    ),
    "ratio_changed": Claim(text="{:.1f} of a decade", value=_ratio_changed, at_most=1.2, counterfeit=_blurred),
    "lost": Claim(
        text="{:.0f} decades",
        value=lambda tables: float(_ratios(tables).median()),
        at_least=11,
        at_most=13.5,
        counterfeit=_alike,
    ),
    "top_destroyed": Claim(
        text="more than ten times",
        value=lambda tables: _change(tables, 1e3, -2),
        at_least=10,
        counterfeit=_alike,
    ),
    "first_still": Claim(
        text="ten billionths of a per cent",
        value_of_run=in_the_median(lambda tables: _change(tables, 1e3, 0)),
        at_least=1e-11,
        at_most=1e-9,
        counterfeit=lambda table: table.assign(relative_change=1.0) if "layer" in table else table,
    ),
    "vanishing_best": Claim(
        text="{:.0%}", value=lambda tables: float(_accuracy(tables, "vanishing").max()), at_most=0.2
    ),
    "best": Claim(
        text="{:.0%}",
        value=lambda tables: float(_accuracy(tables, "exploding").loc[1e-3]),
        at_least=0.35,
        at_most=0.9,
        counterfeit=_all_right,
    ),
    "slow": Claim(
        text="{:.0%}",
        value=lambda tables: float(_accuracy(tables, "exploding").loc[1e-5]),
        at_most=0.35,
        counterfeit=_all_right,
    ),
    "nan_at_tenth": Claim(
        text="none",
        value=lambda tables: float((_accuracy(tables, "exploding").index >= 0.1).sum()),
        at_most=0,
        counterfeit=lambda table: table.assign(finite=1.0) if "finite" in table else table,
    ),
    "survive_hundredth": Claim(text="{:.0%}", value_of_run=_survive, at_least=0.05, at_most=0.9),
}


def draw(run: Run) -> Figure:
    figure, layers, rates = marks.panels(2)
    _layers(layers, run.tables["layers"])
    _rates(rates, run.tables["accuracy"])
    return figure


def _layers(axes: Axes, table: pd.DataFrame) -> None:
    for rate in sorted(table["rate"].unique()):
        marks.line(axes, table[table["rate"] == rate], "layer", "relative_change", "sigmoid")
    axes.set_ylim(1e-16, 1e8)
    marks.logarithmic(axes)
    marks.label(axes, 13, 1e5, "rate 1000", "sigmoid", side="on")
    marks.label(axes, 10.5, 1e-12, "rate 0.001", "sigmoid", side="on")
    marks.depth_ticks(axes, int(table["layer"].max()))
    marks.describe(axes, name="Vanishing", y="Relative change of the weights", x="layer (1 = next to the input)")


def _rates(axes: Axes, table: pd.DataFrame) -> None:
    for network, meaning in {"vanishing": "sigmoid", "exploding": "relu"}.items():
        marks.line(axes, table[table["network"] == network], "rate", "test_accuracy", meaning)
    marks.logarithmic(axes, "x")
    axes.set_ylim(0, 1)
    marks.label(axes, 1e-4, 0.75, "exploding", "relu", side="on")
    marks.label(axes, 3, 0.2, "vanishing", "sigmoid", side="on")
    marks.describe(axes, name="Sixteen epochs", y="Share of digits right", x="learning rate (a factor)")
