"""In the median, Maxout reaches {maxout}, ReLU with half of the weights {relu}, and with as many {wide}.

Left: accuracy on new digits after sixteen epochs, by the number of weights of twenty layers. Right: in networks of
five layers, ReLU units that are off for every training digit, and maxout pieces that are never the larger one.
Diamonds are Maxout, triangles ReLU; bars span the seeds.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, in_the_median
from vgcore.press import marks

experiment = ("maxout_sizes", "dense_activations", "dying_units", "fix_costs")
title = "Accuracy of Maxout and ReLU by number of weights, and idle units and pieces"
alt = (
    "Left: Maxout with 64 units a layer reaches {maxout} and with 45 units {small}. ReLU with 64 units reaches {relu} "
    "and with 91 units, which is as many weights as the larger Maxout network has, {wide}. Right: {idle_before} of the "
    "maxout pieces are idle before training and {idle} after it; of the ReLU units about as many as before stay idle."
)
arm = "arm"

SIGNS = {"Maxout": (2, "D"), "ReLU": (1, "^")}
WIDTHS = {"{}": 64, "{}, 45 units": 45, "{}, 91 units": 91}
DEPTH = 20


def _accuracy(arm: str) -> Callable[..., float]:
    def of(sizes: Tables, dense: Tables, *_: object) -> float:
        curves = pd.concat([sizes["accuracy"], dense["accuracy"]])
        return float(curves[curves["arm"] == arm].set_index("epoch")["test_accuracy"].sort_index().iloc[-1])

    return of


def _median(arm: str, sizes: Run, dense: Run, *_: Run) -> float:
    """Accuracy of the median network."""
    table = pd.concat([sizes.tables["accuracy"], dense.tables["accuracy"]])
    return float(table[(table["arm"] == arm) & (table["epoch"] == table["epoch"].max())]["test_accuracy"].median())


def _idle(column: str, arm: str = "Maxout") -> Callable[..., float]:
    """At the lowest rate."""
    return lambda *tables: float(tables[2]["rates"].set_index(["arm", "rate"])[column][(arm, "0.1")])


def _half_idle(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit in which every second piece is idle."""
    return table.assign(idle=0.5, idle_before=0.5) if "idle" in table else table


def _cost(column: str) -> Callable[..., float]:
    def of(*tables: Any) -> float:
        costs = tables[-1]
        return float(costs[costs["base"] == "dense"].set_index("arm")[column].loc["Maxout"])

    return of


claims = {
    # On the way single networks stumble, even in the last epoch.
    "maxout": Claim(text="{:.0%}", value_of_run=lambda *runs: _median("Maxout", *runs), at_least=0.85),
    "relu": Claim(text="{:.0%}", value_of_run=lambda *runs: _median("ReLU", *runs), at_least=0.75),
    "small": Claim(text="{:.0%}", value_of_run=lambda *runs: _median("Maxout, 45 units", *runs), at_least=0.75),
    "wide": Claim(text="{:.0%}", value_of_run=lambda *runs: _median("ReLU, 91 units", *runs), at_least=0.75),
    "idle_before": Claim(
        text="{:.1%}",
        value_of_run=in_the_median(_idle("idle_before")),
        at_least=0.005,
        at_most=0.1,
        counterfeit=_half_idle,
    ),
    "idle": Claim(text="{:.1%}", value=_idle("idle"), at_most=0.02, counterfeit=_half_idle),
    "survives": Claim(
        text="{:.0%}",
        value_of_run=lambda *runs: float(
            runs[2].tables["rates"].query("arm == 'Maxout' and rate == '0.5'")["is_finite"].mean()
        ),
        at_most=0.2,
    ),
    "parameters": Claim(text="× {:.2f}", value=_cost("parameters"), at_least=1.9, at_most=2.1),
    "operations": Claim(text="× {:.2f}", value=_cost("operations"), at_least=1.9, at_most=2.1),
    "kept": Claim(text="× {:.1f}", value=_cost("kept_bytes"), at_least=2.7, at_most=3.3),
}


def draw(sizes: Run, dense: Run, dying: Run, *_: Run) -> Figure:
    figure, learnt, idle = marks.panels(2)
    _learnt(learnt, pd.concat([sizes.tables["accuracy"], dense.tables["accuracy"]]))
    _before_and_after(idle, dying.tables["rates"].query("rate == '0.1'"))
    return figure


def _learnt(axes: Axes, table: pd.DataFrame) -> None:
    last = table[table["epoch"] == table["epoch"].max()]
    for activation, (pieces, marker) in SIGNS.items():
        for pattern, units in WIDTHS.items():
            one = last[last["arm"] == pattern.format(activation)]
            weights = pieces * units * (64 + 1 + (DEPTH - 1) * (units + 1)) + 10 * (units + 1)
            marks.points(axes, one.assign(weights=weights / 1000), "weights", "test_accuracy", "relu", marker=marker)
    axes.set_ylim(0.75, 1)
    axes.set_xlim(60, 190)
    marks.label(axes, 100, 0.965, "Maxout", "relu", side="on")
    marks.label(axes, 100, 0.865, "ReLU", "relu", side="on")
    marks.describe(axes, y="Share of digits right", x="parameters, thousands")


def _before_and_after(axes: Axes, table: pd.DataFrame) -> None:
    for arm, marker in {"ReLU": "^", "Maxout": "D"}.items():
        one = table[table["arm"] == arm]
        both = pd.concat([one.assign(moment=i, percent=100 * one[c]) for i, c in enumerate(("idle_before", "idle"))])
        marks.line(axes, both, "moment", "percent", "relu", marker=marker)
    axes.set_xticks([0, 1], ["before", "after"])
    axes.set_xlim(-0.5, 1.6)
    marks.label(axes, 1.05, 2, "ReLU", "relu")
    marks.label(axes, 1.05, 0.3, "Maxout", "relu")
    marks.describe(axes, y="Idle units or pieces, %", x="epoch: before training, and after ten")
