"""At fifty layers the notebook’s gradients have an autocorrelation of {notebook_deep}; centred, of {centred_deep}.

Gradient of the output with respect to the one input, at 256 points from -2 to 2, before training. Left: its
autocorrelation in networks of 50 hidden layers of 200 ReLU units. Right: the same 15 points apart, by the number of
layers. Marks are medians, bars span the seeds; all networks of a seed scale the same random numbers.
"""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, in_the_median
from vgcore.press import marks

experiment = "shattered_gradients"
title = "Autocorrelation of a gradient along a line, for four ways to start a network"
alt = (
    "Two panels. With one hidden layer all networks have gradients that stay alike fifteen points apart. At fifty the "
    "notebook's is still at {notebook_deep}, the same network with He's weights at {he_deep}, with biases in the "
    "first layer only at {first_deep}. With every unit centred the autocorrelation drops to {centred_deep} within "
    "a few points."
)
arm = "arm"

FAR = 15
SHALLOW, DEEP = 1, 50
SHOWN = {"notebook": "^", "He": "D", "first biases": "s", "centred": "o"}


def _at(arm: str, layers: int, lag: int = FAR) -> Callable[[Tables], float]:
    """The autocorrelation so many points apart."""

    def of(tables: Tables) -> float:
        table = tables["autocorrelation"]
        one = table[(table["arm"] == arm) & (table["hidden_layers"] == layers) & (table["lag"] == lag)]
        return float(one["autocorrelation"].iloc[0])

    return of


def _shrunk(arm: str) -> Callable[[Tables], float]:
    """Decades by which the gradient of the deep network is smaller than that of the shallow one."""

    def of(tables: Tables) -> float:
        sizes = tables["size"][tables["size"]["arm"] == arm].set_index("hidden_layers")["gradient_rms"]
        return float(np.log10(sizes[SHALLOW] / sizes[DEEP]))

    return of


claims = {
    "notebook_shallow": Claim(text="{:.2f}", value_of_run=in_the_median(_at("notebook", SHALLOW)), at_least=0.5),
    "notebook_deep": Claim(text="{:.2f}", value_of_run=in_the_median(_at("notebook", DEEP)), at_least=0.35),
    "he_deep": Claim(text="{:.2f}", value_of_run=in_the_median(_at("He", DEEP)), at_least=0.05, at_most=0.4),
    "first_deep": Claim(
        text="{:.2f}", value_of_run=in_the_median(_at("first biases", DEEP)), at_least=0.1, at_most=0.5
    ),
    "centred_deep": Claim(text="{:.2f}", value_of_run=in_the_median(_at("centred", DEEP)), at_least=-0.1, at_most=0.1),
    "shrunk": Claim(text="{:.0f} decades", value=_shrunk("notebook"), at_least=5, at_most=10),
    "he_shrunk": Claim(text="{:.1f} decades", value_of_run=in_the_median(_shrunk("He")), at_most=1.5),
}


def draw(run: Run) -> Figure:
    figure, lags, depths = marks.panels(2, share_y=True)
    table = run.tables["autocorrelation"]
    deepest = int(table["hidden_layers"].max())
    for arm, marker in SHOWN.items():
        own = table[table["arm"] == arm]
        marks.line(lags, own[own["hidden_layers"] == deepest], "lag", "autocorrelation", "relu", marker=marker)
        marks.line(
            depths, own[own["lag"] == own["lag"].max()], "hidden_layers", "autocorrelation", "relu", marker=marker
        )
    lags.set_ylim(-0.3, 1.1)
    lags.set_yticks([0, 0.5, 1])
    depths.set_xticks(sorted(table["hidden_layers"].unique()))
    marks.label(lags, 8, 0.86, "notebook", "relu", side="on")
    marks.label(lags, 13.5, 0.42, "He", "relu", side="on")
    marks.label(lags, 6, -0.14, "centred", "relu", side="on")
    marks.describe(lags, y="Autocorrelation at 50 layers, ratio", x="lag (in points of the line)")
    marks.describe(depths, y="Autocorrelation at lag 15, ratio", x="depth (hidden layers)")
    return figure
