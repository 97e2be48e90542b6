"""A step off the cliff undoes a training. Clipped, {clipped_solved} of descents reach the valley, else {plain_solved}.

Left: the loss of a recurrent network with one unit, after fifty steps of time, over its two numbers: the more ink, the
larger; the brightest wedge is the valley. Both paths begin at the same random start. Where the plain one (squares)
meets the cliff, a single step takes it out of the picture; the clipped one (triangles) goes to and fro along the edge.
Right: their losses. One seed is drawn.
"""

from collections.abc import Callable

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "loss_cliff"
title = "The cliff in the loss of a recurrent network"
alt = (
    "Left: a plane of loss, high below a diagonal edge and low above it. A path without clipping comes to the edge and "
    "is thrown out of the picture; with clipping it stays at the edge and reaches the valley at its end. Right: the "
    "loss of the plain path jumps up and stays there. Clipped, {clipped_solved} of the starts end in the valley."
)
arm = "arm"

PLAIN, CLIPPED, SLOW = "plain", "clipped", "a tenth of the rate"
SIGNS = {PLAIN: ("broken", "s"), CLIPPED: ("clipping", "v")}
LEVELS = (0.01, 0.05, 0.2)


def _of(column: str, arm: str) -> Callable[[Tables], float]:
    return lambda tables: float(tables["starts"].set_index("arm")[column].loc[arm])


claims = {
    "clipped_solved": Claim(text="{:.0%}", value=_of("solved", CLIPPED), at_least=0.95),
    "plain_solved": Claim(text="{:.0%}", value=_of("solved", PLAIN), at_most=0.6),
    "thrown": Claim(text="{:.0%}", value=_of("thrown", PLAIN), at_least=0.6),
    "slow_thrown": Claim(text="{:.0%}", value=_of("thrown", SLOW), at_least=0.1, at_most=0.7),
    "slow_solved": Claim(text="{:.0%}", value=_of("solved", SLOW), at_most=0.1),
    "longest": Claim(text="{:,.0f}", value=_of("longest", PLAIN), at_least=50),
    "clipped_steps": Claim(text="{:.1%}", value=_of("clipped", CLIPPED), at_least=0.004, at_most=0.02),
}


def draw(run: Run) -> Figure:
    figure, plane, losses = marks.panels(2)
    first = run.seeds[0]
    tables = {name: table[table["seed"] == first] for name, table in run.tables.items()}
    _plane(plane, tables["plane"], tables["paths"])
    _losses(losses, tables["paths"])
    return figure


def _plane(axes: Axes, plane: pd.DataFrame, paths: pd.DataFrame) -> None:
    grid = plane.pivot_table(values="loss", index="b", columns="w")
    marks.regions(axes, grid.columns, grid.index, grid.to_numpy(), LEVELS)
    for arm, (meaning, marker) in SIGNS.items():
        path = paths[paths["arm"] == arm]
        path = path[path["step"] <= 100]
        axes.plot(path["w"], path["b"], color=meaning, marker=marker, markevery=10, linewidth=1.3, markersize=4)
    axes.set_xlim(plane["w"].min(), plane["w"].max())
    axes.set_ylim(plane["b"].min(), plane["b"].max())
    marks.label(axes, 4.2, -3.5, "large loss", "ink", side="on")
    marks.label(axes, 6.9, -1.4, "smaller loss", "ink", side="on")
    marks.describe(axes, name="The plane", y="Bias b, against the factor w", x="recurrent weight w, a factor")


def _losses(axes: Axes, paths: pd.DataFrame) -> None:
    for arm, (meaning, marker) in SIGNS.items():
        path = paths[(paths["arm"] == arm) & (paths["step"] % 4 == 0)]
        axes.plot(path["step"], path["loss"], color=meaning, marker=marker, markevery=25, linewidth=1.3)
    axes.set_ylim(1e-6, 3)
    marks.logarithmic(axes)
    marks.label(axes, 300, 1.2, "plain", "broken", side="on")
    marks.label(axes, 300, 2e-2, "clipped", "clipping", side="on")
    marks.describe(axes, name="The two paths", y="Loss, a squared share", x="step of the descent")
