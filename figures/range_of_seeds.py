"""The range of five networks misses the next one in {next_five} of cases, that of twenty in {next_twenty}.

How far the gradient of twenty ReLU layers shrinks differs from network to network. A few of 400 untrained networks are
drawn: how often does the next one lie outside their range (triangles), how often the middle one of all 400 (circles)?
Marks are medians, bars span the seeds; the dashed lines hold for any distribution.
"""

from collections.abc import Callable

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "range_of_seeds"
title = "How often a range of networks misses the next one, and the middle one"
alt = (
    "Two falling series over the number of networks. The next network lies outside the range of five in {next_five} "
    "of cases and outside that of twenty in {next_twenty}. The middle network of all lies outside the range of five "
    "in {middle_five}, and of twenty practically never. The marks lie on the dashed lines, within {off_theory}."
)
arm = "statistic"

NEXT, MIDDLE = "next network outside", "middle network outside"


def _share(statistic: str, count: int) -> Callable[[pd.DataFrame], float]:
    return lambda table: float(table.set_index(["statistic", "count"])["share"][(statistic, count)])


def _off_theory(table: pd.DataFrame) -> float:
    """The largest distance of a share from theory, in points."""
    return 100 * float((table["share"] - table["theory"]).abs().max())


claims = {
    "next_five": Claim(text="{:.0%}", value=_share(NEXT, 5), at_least=0.3, at_most=0.37),
    "next_twenty": Claim(text="{:.0%}", value=_share(NEXT, 20), at_least=0.07, at_most=0.12),
    "middle_five": Claim(text="{:.0%}", value=_share(MIDDLE, 5), at_least=0.04, at_most=0.09),
    "off_theory": Claim(
        text="{:.1f} points",
        value=_off_theory,
        at_most=4,
        counterfeit=lambda table: table.assign(theory=1.0),
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=280)
    table = run.table.assign(percent=100 * run.table["share"], predicted=100 * run.table["theory"])
    for statistic, marker in {NEXT: "^", MIDDLE: "o"}.items():
        one = table[table["statistic"] == statistic]
        predicted = one.groupby("count")["predicted"].median()
        marks.theory(axes, predicted.index, predicted)
        marks.points(axes, one, "count", "percent", "relu", marker=marker)
    axes.set_ylim(-4, 76)
    axes.set_yticks([0, 25, 50, 75])
    axes.set_xticks([2, 3, 5, 10, 20])
    marks.label(axes, 10, 24, "next network", "relu", side="right")
    marks.label(axes, 5.6, 9, "middle network", "relu", side="right")
    marks.describe(axes, y="Outside the range, % of draws", x="networks drawn")
    return figure
