"""Five points apart the notebook’s gradients correlate at {notebook_deep}, and with centred units at {centred_deep}.

Gradient of the output with respect to the one input, at 256 points from −2 to 2, before training. Left: its
autocorrelation, 1 where two points agree and 0 where they have nothing in common, as in white noise; networks of 50
hidden layers of 200 ReLU units. Right: that of gradients 5 points apart, by the number of layers. First: biases in
the first layer only; centred: each unit's mean along the line taken away. Marks are medians, bars span the seeds; all
networks of a seed use the same random numbers, scaled.
"""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, in_the_median
from vgcore.press import marks

experiment = "shattered_gradients"
title = "Autocorrelation of a gradient along a line, for four ways to start a network"
alt = (
    "Two panels. Left, fifty layers: the notebook’s autocorrelation falls slowly and is {notebook_deep} five points "
    "away, with He’s weights {he_deep}, with biases in the first layer only {first_deep}; with every unit centred it "
    "drops to about zero at once, and is {centred_deep} five points away. Right: with one hidden layer all are alike, "
    "and they part with depth."
)
arm = "arm"

NEAR = 5
SHALLOW, DEEP = 1, 50
DRAWN = (0, 1, 2, 3, 5, 8, 11, 15)  # lags: between these the lines go on alike
SHOWN = {"notebook": "^", "He": "D", "first biases": "s", "centred": "o"}


def _at(arm: str, layers: int, lag: int = NEAR) -> Callable[[Tables], float]:
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
    "notebook_deep": Claim(text="{:.2f}", value_of_run=in_the_median(_at("notebook", DEEP)), at_least=0.6),
    "he_deep": Claim(text="{:.2f}", value_of_run=in_the_median(_at("He", DEEP)), at_least=0.35, at_most=0.75),
    "first_deep": Claim(
        text="{:.2f}", value_of_run=in_the_median(_at("first biases", DEEP)), at_least=0.08, at_most=0.6
    ),
    "centred_deep": Claim(
        text="{:.2f}", value_of_run=in_the_median(_at("centred", DEEP)), at_least=-0.12, at_most=0.15
    ),
    "shrunk": Claim(text="{:.0f} decades", value=_shrunk("notebook"), at_least=5, at_most=10),
    "he_shrunk": Claim(text="{:.1f} decades", value_of_run=in_the_median(_shrunk("He")), at_most=1.5),
}


def draw(run: Run) -> Figure:
    figure, lags, depths = marks.panels(2, share_y=True)
    table = run.tables["autocorrelation"]
    deepest = int(table["hidden_layers"].max())
    for arm, marker in SHOWN.items():
        own = table[table["arm"] == arm]
        if own.empty:
            continue
        deep = own[(own["hidden_layers"] == deepest) & own["lag"].isin(DRAWN)]
        marks.line(lags, deep, "lag", "autocorrelation", "relu", marker=marker)
        marks.line(depths, own[own["lag"] == NEAR], "hidden_layers", "autocorrelation", "relu", marker=marker)
    lags.set_ylim(-0.3, 1.1)
    lags.set_yticks([0, 0.5, 1])
    depths.set_xticks(sorted(table["hidden_layers"].unique()))
    for name, place in {"notebook": (9, 0.86), "He": (6.5, 0.4), "first": (4, 0.22), "centred": (9, -0.16)}.items():
        marks.label(lags, *place, name, "relu", side="on")
    for name, height in {"notebook": 0.94, "He": 0.74, "first": 0.49, "centred": 0.14}.items():
        marks.label(depths, 40, height, name, "relu", side="on")
    marks.describe(lags, y="Autocorrelation at 50 layers, ratio", x="lag (in points of the line)")
    marks.describe(depths, y="Autocorrelation at lag 5, ratio", x="depth (hidden layers)")
    return figure
