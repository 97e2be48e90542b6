"""Each unit passes a value forward and gets an error back, {times_smaller} smaller in layer 1 than at the output.

A network of ten weights and one example. Left: in circles what units pass on, on lines the weights. Right: in circles
the error ∂L/∂z (at the inputs, their values), on lines the gradient ∂L/∂w, which is the error at the line's right end
times the value at its left.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "worked_example"
title = "A network of ten weights with its values, errors and gradients"
alt = (
    "The inputs 1 and a half pass through two layers of two sigmoid units to the output {output}; the target is 1, so "
    "the loss is {loss}. Backwards, the error is {error_output} at the output, {error_upper} and {error_lower} at the "
    "second hidden layer, and {error_first} at the upper unit of the first. Each weight's gradient is an error times a "
    "value."
)
SMALL = 8.3  # points, 11 pixels: numbers on the lines leave room for no more
arm = "quantity"

VALUE, SLOPE, ERROR = "value", "slope", "error"


def _of(tables: Tables, quantity: str, layer: int, unit: int) -> float:
    units = tables["units"].set_index(["quantity", "layer", "unit"])["number"]
    return float(units.loc[(quantity, layer, unit)])


def _weight(tables: Tables, layer: int, unit: int, source: int, column: str = "weight") -> float:
    weights = tables["weights"].set_index(["layer", "unit", "source"])[column]
    return float(weights.loc[(layer, unit, source)])


def _path(tables: Tables, unit: int) -> float:
    """The product of all factors from the loss to the first weight, through one unit of the second hidden layer."""
    back_to_unit = _of(tables, ERROR, 3, 1) * _weight(tables, 3, 1, unit) * _of(tables, SLOPE, 2, unit)
    return back_to_unit * _weight(tables, 2, unit, 1) * _of(tables, SLOPE, 1, 1) * _of(tables, VALUE, 0, 1)


def _errors(tables: Tables, layer: int) -> float:
    """The root mean square of a layer's errors."""
    units = tables["units"]
    return float(np.sqrt(np.mean(units[(units["quantity"] == ERROR) & (units["layer"] == layer)]["number"] ** 2)))


def _disagreement(tables: Tables) -> float:
    weights = tables["weights"]
    return float(np.abs(weights["difference"] / weights["gradient"] - 1).max())


def _by_hand(text: str, value: Callable[[Tables], float], expected: float) -> Claim:
    """A number that a reader with a calculator gets as well, to three places."""
    return Claim(text=text, value=value, at_least=expected - 0.0005, at_most=expected + 0.0005)


claims = {
    "value_first": _by_hand("{:.3f}", lambda tables: _of(tables, VALUE, 1, 1), 0.668),
    "output": _by_hand("{:.3f}", lambda tables: _of(tables, VALUE, 3, 1), 0.113),
    "loss": _by_hand("{:.3f}", lambda tables: _of(tables, ERROR, 3, 1) ** 2 / 2, 0.393),
    "error_output": _by_hand("{:.3f}", lambda tables: _of(tables, ERROR, 3, 1), -0.887),
    "error_upper": _by_hand("{:.3f}", lambda tables: _of(tables, ERROR, 2, 1), -0.261),
    "error_lower": _by_hand("{:.3f}", lambda tables: _of(tables, ERROR, 2, 2), 0.151),
    "error_first": _by_hand("{:.3f}", lambda tables: _of(tables, ERROR, 1, 1), -0.063),
    "slope_upper": _by_hand("{:.3f}", lambda tables: _of(tables, SLOPE, 2, 1), 0.246),
    "slope_lower": _by_hand("{:.3f}", lambda tables: _of(tables, SLOPE, 2, 2), 0.244),
    "slope_first": _by_hand("{:.3f}", lambda tables: _of(tables, SLOPE, 1, 1), 0.222),
    "path_upper": _by_hand("{:.3f}", lambda tables: _path(tables, 1), -0.046),
    "path_lower": _by_hand("{:.3f}", lambda tables: _path(tables, 2), -0.017),
    "gradient_first": _by_hand("{:.3f}", lambda tables: _weight(tables, 1, 1, 1, "gradient"), -0.063),
    "updated_first": _by_hand("{:.3f}", lambda tables: _weight(tables, 1, 1, 1, "updated"), 1.032),
    "sum_of_paths": _by_hand("{:.3f}", lambda tables: _path(tables, 1) + _path(tables, 2), -0.063),
    "times_smaller": Claim(
        text="{:.0f} times",
        value=lambda tables: _errors(tables, 3) / _errors(tables, 1),
        at_least=11.5,
        at_most=12.5,
    ),
    "digits": Claim(
        text="{:.0f} digits",
        value=lambda tables: float(-np.log10(_disagreement(tables))),
        at_least=8,
        counterfeit=lambda table: table.assign(difference=table["gradient"] * 1.01) if "gradient" in table else table,
    ),
}  # fmt: skip


def draw(run: Run) -> Figure:
    figure, forward, backward = marks.panels(2, height=300)
    tables = {name: table[table["seed"] == run.seeds[0]] for name, table in run.tables.items()}
    _network(forward, tables, VALUE, "weight")
    _network(backward, tables, ERROR, "gradient")
    forward.text(3, 0.9, f"target {run.config['target']:.1f}", ha="center", va="center", fontsize=SMALL)
    loss = tables["steps"]["loss"].iloc[0]
    forward.text(3, 0.1, f"L = {loss:.3f}", ha="center", va="center", fontsize=SMALL)
    marks.describe(forward, y="Steps 1 and 2: values and weights", x="layer →")
    marks.describe(backward, y="Step 3: errors and gradients", x="layer ←")
    return figure


def _network(axes: Axes, tables: Tables, quantity: str, column: str) -> None:
    weights, units = tables["weights"], tables["units"]
    for _, one in weights.iterrows():
        _edge(axes, one, f"{one[column]:.3f}" if column == "gradient" else f"{one[column]:.1f}")
    inputs = (units["quantity"] == VALUE) & (units["layer"] == 0)  # on the way back too: gradients need them
    for _, one in units[(units["quantity"] == quantity) | inputs].iterrows():
        _unit(axes, int(one["layer"]), int(one["unit"]), one["number"])
    axes.set_xlim(-0.35, 3.35)
    axes.set_ylim(-0.3, 1.3)
    axes.set_yticks([])
    axes.set_xticks(range(4), ["inputs", "1", "2", "output"])
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(bottom=False)


def _place(layer: int, unit: int) -> tuple[float, float]:
    return layer, 0.5 if layer == 3 else 2 - unit


def _edge(axes: Axes, one: pd.Series, words: str) -> None:
    """A line from the source to the unit, its number beside the source where lines cross."""
    layer, unit, source = (int(one[name]) for name in ("layer", "unit", "source"))
    start, end = np.array(_place(layer - 1, source)), np.array(_place(layer, unit))
    axes.add_artist(ConnectionPatch((start[0], start[1]), (end[0], end[1]), "data", "data", color="axis", zorder=1))
    share = 0.5 if unit == source or layer == 3 else 0.3
    x, y = start + share * (end - start)
    if start[1] == end[1]:
        y += 0.14 * (1 if y > 0.5 else -1)  # there is no room between the circles
    axes.text(
        x, y, words.replace("-", "−"), ha="center", va="center", fontsize=SMALL,
        bbox={"facecolor": "paper", "edgecolor": "none", "pad": 1},
    )  # fmt: skip


def _unit(axes: Axes, layer: int, unit: int, number: float) -> None:
    x, y = _place(layer, unit)
    axes.scatter([x], [y], s=1150, facecolor="paper", edgecolor="sigmoid" if layer in (1, 2) else "ink", zorder=3)
    axes.text(x, y, f"{number:.3f}".replace("-", "−"), ha="center", va="center", fontsize=SMALL, zorder=4)
