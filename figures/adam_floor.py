"""Adam enlarges small gradients, but not those below its epsilon: layer 1 steps {first} of the learning rate.

Left: RMS of Adam's first step at each layer of a sigmoid network of twenty. Right: its step at a gradient that stays
the same. Both in learning rates, with Keras's Adam as it comes. Dashed is the formula.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "adam_floor"
title = "Size of Adam's steps by layer, and by number of steps"
alt = (
    "Left: the first step of Adam is {last} learning rates in the last of twenty sigmoid layers and stays near one for "
    "the four layers before it; then it falls with the gradient, to {first} in the first layer. Right: at a "
    "constant gradient of one ten-millionth the step grows from {tenth_first} to {tenth_late} learning rates within "
    "2000 steps."
)
arm = "arm"

TENTH = "10⁻⁷"


def _by_layer(tables: Tables) -> pd.Series:
    return tables["layers"].set_index("layer")["step_size"].sort_index()


def _constant(tables: Tables, arm: str) -> pd.Series:
    table = tables["constant"]
    return table[table["arm"] == arm].set_index("step")["step_size"].sort_index()


def _off_theory(tables: Tables) -> float:
    return 1e6 * max(float((table["step_size"] / table["theory"] - 1).abs().max()) for table in tables.values())


claims = {
    "first": Claim(
        text="a few billionths",
        value=lambda tables: float(_by_layer(tables).iloc[0]),
        at_least=5e-10,
        at_most=1e-8,
        counterfeit=lambda table: table.assign(step_size=1.0),
    ),
    "last": Claim(
        text="{:.2f}",
        value=lambda tables: float(_by_layer(tables).iloc[-1]),
        at_least=0.95,
        counterfeit=lambda table: table.assign(step_size=0.0),
    ),
    "most": Claim(
        text="{:.0f} layers",
        value=lambda tables: float((_by_layer(tables) < 0.01).sum()),
        at_least=9,
        at_most=13,
    ),
    "tenth_first": Claim(
        text="{:.3f}", value=lambda tables: float(_constant(tables, TENTH).iloc[0]), at_least=0.03, at_most=0.031
    ),
    "tenth_late": Claim(
        text="{:.2f}", value=lambda tables: float(_constant(tables, TENTH).iloc[-1]), at_least=0.47, at_most=0.49
    ),
    "off_theory": Claim(
        text="{:.0f} parts in a million",
        value=_off_theory,
        at_most=100,
        counterfeit=lambda table: table.assign(theory=1.0),
    ),
}


def draw(run: Run) -> Figure:
    figure, layers, steps = marks.panels(2)
    table = run.tables["layers"]
    predicted = table.groupby("layer")["theory"].median()
    marks.theory(layers, predicted.index, predicted)
    marks.points(layers, table, "layer", "step_size", "sigmoid")
    marks.logarithmic(layers)
    marks.depth_ticks(layers, int(table["layer"].max()))
    constant = run.tables["constant"]
    places = {"10⁻⁶": ("D", 8, 0.8), "10⁻⁷": ("o", 60, 0.41), "10⁻⁸": ("s", 500, 0.17)}
    for name, (marker, x, y) in places.items():
        one = constant[constant["arm"] == name]
        formula = one.groupby("step")["theory"].median()
        marks.theory(steps, formula.index, formula)
        marks.points(steps, one, "step", "step_size", "ink", marker=marker)
        marks.label(steps, x, y, f"gradient {name}", side="on")
    steps.set_xscale("log")
    steps.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    steps.minorticks_off()
    steps.set_ylim(-0.04, 1.08)
    marks.describe(layers, name="first step", y="Step relative to the learning rate",
                   x="layer (1 = next to the input)")  # fmt: skip
    marks.describe(steps, name="constant gradient", y="Step relative to the learning rate", x="steps")
    return figure
