"""Weights {crossing} times Keras's end the vanishing, and larger ones make the gradient explode.

What a deep sigmoid layer multiplies ∂L/∂h by, before training, for weights of different sizes: the mean over layers 11
to 20. Marks are medians, bars span the seeds, dashed is theory. Dotted: a gradient that keeps its size.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, in_the_median
from vgcore.press import marks

experiment = "layer_factors"
title = "Factor of a sigmoid layer by the size of its weights"
alt = (
    "The factor that a sigmoid layer multiplies the gradient by, over the size of its weights. It rises with them "
    "throughout, first in proportion, then more slowly as the slopes shrink, and passes one at weights {crossing} "
    "times as large as Keras draws them. With weights 32 times as large it is {largest}."
)
arm = "arm"


def _factors(table: pd.DataFrame, column: str = "factor") -> pd.Series:
    """Geometric mean over the later half of the layers, by gain."""
    deep = table[table["layer"] > table["layer"].max() / 2]
    means: pd.Series = deep.groupby("gain")[column].agg(lambda factors: float(np.exp(np.log(factors).mean())))
    return means


def _crossing(table: pd.DataFrame) -> float:
    """The gain at which the factor passes one, on a straight line between neighbours; nan if it never does."""
    factors = np.log(_factors(table))
    gains = np.log(factors.index.to_numpy(float))
    above = np.flatnonzero((factors.to_numpy()[:-1] < 0) & (factors.to_numpy()[1:] >= 0))
    if len(above) != 1:
        return 0.0
    low, high = factors.iloc[above[0]], factors.iloc[above[0] + 1]
    share = -low / (high - low)
    return float(np.exp(gains[above[0]] + share * (gains[above[0] + 1] - gains[above[0]])))


claims = {
    "crossing": Claim(text="{:.0f}", value=_crossing, at_least=8, at_most=13),
    "largest": Claim(text="{:.1f}", value=lambda table: float(_factors(table).iloc[-1]), at_least=1.5, at_most=2),
    "gained": Claim(
        text="{:.1f} decades",
        value_of_run=in_the_median(
            lambda table: float(np.log10(table[table["gain"] == table["gain"].max()]["factor"]).sum())
        ),
        at_least=3.8,
        at_most=5.2,
    ),
    "slope_shrinks": Claim(
        text="{:.3f}",
        value=lambda table: float(_factors(table, "slope_factor").iloc[-1]),
        at_least=0.045,
        at_most=0.065,
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=300)
    table = pd.concat(_factors(one).rename("factor").reset_index().assign(seed=seed) for seed, one in
                      run.table.groupby("seed"))  # fmt: skip
    predicted = _factors(run.table, "theory")
    marks.theory(axes, predicted.index, predicted)
    marks.points(axes, table, "gain", "factor", "sigmoid")
    axes.set_xscale("log")
    gains = [0.5, 1, 2, 4, 8, 16, 32]
    axes.set_xticks(gains, [f"{gain:g}" for gain in gains])
    axes.minorticks_off()
    axes.set_ylim(0, 2)
    marks.threshold(axes, 1, "dotted: size kept", side="above right")
    marks.label(axes, 1.1, 0.2, "Keras default", "sigmoid", side="below right")
    marks.label(axes, 4.3, 0.6, "theory, dashed", side="below right")
    marks.describe(axes, y="Factor of ∂L/∂h per layer", x="size of the weights relative to Keras’s default")
    return figure
