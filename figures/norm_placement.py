"""Twelve transformer blocks without normalisation multiply the gradient by {none_growth}; scaled ones hardly change it.

The gradient of the stream, ∂L/∂h, by block, before training. Left: branches are added as they are; the network
normalises nowhere, before each branch or after each addition. Right: the same with every branch divided by the square
root of their number. Marks: medians; bars span the seeds.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, in_the_median
from vgcore.press import marks

experiment = "norm_placement"
title = "Gradient by transformer block, for three places of the normalisation, with and without scaled branches"
alt = (
    "Two panels, gradient against block, twelve blocks. Left, unscaled: without normalisation the gradient grows by "
    "{none_growth} from the last block to the first; normalised before the branches it grows by {before_growth}, "
    "and a third line is normalised after the additions. Right, with scaled branches: all three stay within a factor "
    "of {scaled}."
)
arm = "arm"

SERIES: dict[str, tuple[str, str, marks.Side]] = {
    "none": ("broken", "none", "right"),
    "before": ("residual", "before", "above"),
    "after": ("batchnorm", "after", "below"),
}


def _at_first(column: str, arm: str, scaled: int = 0) -> Callable[[pd.DataFrame], float]:
    def of(table: pd.DataFrame) -> float:
        one = table[(table["arm"] == arm) & (table["scaled"] == scaled)]
        return float(one.set_index("layer")[column].loc[1])

    return of


def _furthest(table: pd.DataFrame) -> float:
    """The largest factor between two blocks of a network with scaled branches."""
    blocks = table[table["scaled"] == 1].groupby("arm")["stream_gradient"]
    return float((blocks.max() / blocks.min()).max())


def _top_heavy(table: pd.DataFrame) -> float:
    """The last block's weight gradient relative to the first one's, after the additions over before the branches."""
    return _at_first("weight_gradient", "before")(table) / _at_first("weight_gradient", "after")(table)


claims = {
    "none_growth": Claim(text="{:,.0f}", value=_at_first("stream_gradient", "none"), at_least=100),
    "before_growth": Claim(text="{:.1f}", value=_at_first("stream_gradient", "before"), at_least=1.5, at_most=10),
    "after_weights": Claim(text="{:.1f} times", value_of_run=in_the_median(_top_heavy), at_least=1.5),
    "scaled": Claim(text="{:.1f}", value=_furthest, at_most=3, counterfeit=lambda table: table.assign(scaled=1)),
}


def draw(run: Run) -> Figure:
    figure, *panels = marks.panels(2, share_y=True)
    for axes, scaled, name in zip(panels, (0, 1), ("branches as they are", "branches scaled"), strict=True):
        table = run.table[run.table["scaled"] == scaled]
        table = table.assign(decades=np.log10(table["stream_gradient"]))
        for arm, (meaning, words, side) in SERIES.items():
            one = table[table["arm"] == arm]
            marks.line(axes, one, "layer", "decades", meaning)
            if len(one) and not scaled:
                at = 11 if arm == "none" else 7
                level = float(one[one["layer"] == min(at, one["layer"].max())]["decades"].median())
                marks.label(axes, at, level, words, meaning, side=side)
        marks.depth_ticks(axes, int(table["layer"].max()))
        marks.describe(
            axes, name=name, y="∂L/∂h, decades relative to the last block", x="layer: block (1 = next to the input)"
        )
    return figure
