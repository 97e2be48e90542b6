"""Without gradient the weights stay. With weight decay they shrink to {decay_left} and do not turn.

The twenty hidden layers after sixteen epochs, with and without weight decay; where no skips are named, the network is
plain. Left: how much of the weights' size is left; dashed is what the decay alone leaves. Right: how far they have
turned with decay, one minus the cosine to the weights of the start; marks on the dotted line have turned by less than
rounding. Marks are medians, bars span the seeds.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "decayed_weights"
title = "Size and direction of each layer's weights after training, with and without weight decay"
alt = (
    "Left: without decay every layer keeps its size. With decay all plain layers are left with {decay_left} of it, as "
    "decay alone makes them, and so are most layers of the network with skips, which learns; its first keeps "
    "{skips_first}. Right: the first ten plain layers have turned by less than rounding, those with skips by "
    "{skips_turned} or more."
)
arm = "arm"

NONE, DECAY, SKIPS = "no decay", "decay", "decay, skips"
FLOOR = 1e-12
"""Turning that rounding alone makes, in 32-bit weights."""


def _of(tables: Tables, arm: str, column: str) -> pd.Series:
    layers = tables["layers"]
    return layers[layers["arm"] == arm].set_index("layer")[column].sort_index()


def _accuracy(tables: Tables, arm: str) -> float:
    return float(tables["training"].set_index("arm")["test_accuracy"].loc[arm])


def _off_theory(tables: Tables) -> float:
    """The largest relative distance of the first ten decayed layers from what decay alone leaves."""
    left, theory = _of(tables, DECAY, "left"), _of(tables, DECAY, "theory")
    return float((left / theory - 1).abs().loc[:10].max())


claims = {
    "decay_left": Claim(text="{:.0%}", value=lambda tables: float(_of(tables, DECAY, "left").iloc[0]), at_most=0.2),
    "off_theory": Claim(
        text="a millionth",
        value=_off_theory,
        at_most=1e-6,
        counterfeit=lambda table: table.assign(left=table["left"] * 1.01) if "left" in table else table,
    ),
    "unmoved": Claim(
        text="none",
        value=lambda tables: float((_of(tables, NONE, "left").loc[:5] - 1).abs().max()),
        at_most=0,
    ),
    "skips_first": Claim(text="{:.0%}", value=lambda tables: float(_of(tables, SKIPS, "left").iloc[0]), at_least=0.3),
    "skips_middle": Claim(
        text="{:.0%}", value=lambda tables: float(_of(tables, SKIPS, "left").loc[2:].max()), at_most=0.25
    ),
    "plain_turned": Claim(
        text="by less than rounding",
        value=lambda tables: float(_of(tables, DECAY, "turned").abs().loc[:10].max()),
        at_most=FLOOR,
    ),
    "skips_turned": Claim(
        text="{:.1%}", value=lambda tables: float(_of(tables, SKIPS, "turned").min()), at_least=0.002
    ),
    "plain_accuracy": Claim(text="{:.0%}", value=lambda tables: _accuracy(tables, DECAY), at_most=0.15),
    "skips_accuracy": Claim(text="{:.0%}", value=lambda tables: _accuracy(tables, SKIPS), at_least=0.85),
}


def draw(run: Run) -> Figure:
    figure, size, turn = marks.panels(2, height=300)
    table = run.tables["layers"].assign(turned=run.tables["layers"]["turned"].abs().clip(lower=FLOOR))
    for arm, (meaning, marker) in {NONE: ("ink", "o"), DECAY: ("broken", "o"), SKIPS: ("healthy", "s")}.items():
        one = table[table["arm"] == arm]
        marks.points(size, one, "layer", "left", meaning, marker=marker)
        if arm != NONE:
            marks.points(turn, one, "layer", "turned", meaning, marker=marker)
    theory = table[table["arm"] == DECAY].groupby("layer")["theory"].median()
    marks.theory(size, theory.index, theory)
    size.set_ylim(0, 1.1)
    turn.set_ylim(FLOOR / 10, 2)
    marks.logarithmic(turn)
    marks.threshold(turn, FLOOR, "rounding", side="above right")
    depth = int(table["layer"].max())
    for axes in (size, turn):
        marks.depth_ticks(axes, depth)
    marks.label(size, 10, 1.0, NONE, "ink", side="below")
    marks.label(size, 4, 0.42, "decay, skips", "healthy", side="right")
    marks.label(size, 12, 0.1, "decay", "broken", side="on")
    marks.label(turn, 10, 1e-2, "with skips", "healthy", side="above")
    marks.label(turn, 14, 1e-8, "plain", "broken", side="left")
    marks.describe(size, y="Size left (share)", x="layer (1 = next to the input)")
    marks.describe(turn, y="Turned, 1 − cosine (ratio)", x="layer (1 = next to the input)")
    return figure
