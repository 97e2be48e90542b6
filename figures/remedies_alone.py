"""Each alone: clipping gets {whole} to {norm}, He's weights {he}, batch normalisation {batch}, penalties {penalties}.

Twenty ReLU layers whose weights are a fifth larger than He's, plain gradient descent, twelve epochs. Left: by how much
the gradient still grows from the last layer to the first, before training. Right: new digits right afterwards; squares
are remedies that work. Marks are medians, bars span the seeds. Dotted: no growth, and guessing.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, in_the_median
from vgcore.press import marks

experiment = ("exploding_fixes", "exploding_remedies", "fix_costs")
title = "Remedies against an exploding gradient, each alone"
alt = (
    "A row for each remedy. The gradient's growth stays at {growth} with penalties, clipping, a smaller rate and batch "
    "normalisation, and vanishes with He's weights only. New digits right: none, L1 and L2 guess; a tenth of the rate "
    "{rate}; clipping by norm {norm}, by global norm {whole}, by value {value}; He's weights {he}; batch norm {batch}."
)
arm = "arm"

ROWS = {
    "none": "none",
    "L1": "L1",
    "L2": "L2",
    "a tenth of the rate": "rate / 10",
    "clipping by norm": "clip: norm",
    "clipping": "clip: global",
    "clipping by value": "clip: value",
    "He's weights": "He’s weights",
    "batch norm": "batch norm",
}
"""What the experiments call a remedy, and what fits beside an axis."""

LEARNT = 0.3


def _outcomes(name: str, *tables: Any) -> pd.DataFrame:
    """One of the tables of both experiments; of accuracies those after the last epoch."""
    found: pd.DataFrame = pd.concat([one[name] for one in tables[:2]], ignore_index=True)
    if "epoch" not in found:
        return found
    keys = ["arm", "seed"] if "seed" in found else ["arm"]
    last: pd.DataFrame = found.sort_values("epoch").groupby(keys, as_index=False).last()
    return last


def _value(name: str, column: str, *arms: str) -> Callable[..., float]:
    """The largest over some arms."""

    def of(*tables: Any) -> float:
        return float(_outcomes(name, *tables).set_index("arm")[column].loc[list(arms)].max())

    return of


def _accuracy(*arms: str, **bounds: Any) -> Claim:
    wrong = 0.9 if "at_most" in bounds else 0.1
    return Claim(
        text="{:.0%}",
        value_of_run=in_the_median(_value("accuracy", "test_accuracy", *arms)),
        counterfeit=lambda table: table.assign(test_accuracy=wrong) if "test_accuracy" in table else table,
        **bounds,
    )


def _growth(arm: str) -> Callable[..., float]:
    def of(*tables: Any) -> float:
        return -float(_outcomes("gradient", *tables).set_index("arm")["decades"].loc[arm])

    return of


def _kept(*tables: Any) -> float:
    """What a step keeps with batch normalisation, relative to without."""
    costs = tables[2]
    own = costs[costs["base"] == "exploding"] if "base" in costs else costs
    return float(own.set_index("arm")["kept_bytes"].loc["batch norm"].max())


claims = {
    "none": _accuracy("none", at_most=0.15),
    "penalties": _accuracy("L1", "L2", at_most=0.15),
    "rate": _accuracy("a tenth of the rate", at_least=0.3),
    "norm": _accuracy("clipping by norm", at_least=0.3),
    "whole": _accuracy("clipping", at_least=0.3),
    "value": _accuracy("clipping by value", at_least=0.3),
    "he": _accuracy("He's weights", at_least=0.5),
    "batch": _accuracy("batch norm", at_least=0.7),
    "growth": Claim(
        text="{:.1f} decades",
        value=_growth("none"),
        at_least=1,
        at_most=2.5,
        counterfeit=lambda table: table.assign(decades=0.0) if "decades" in table else table,
    ),
    "he_growth": Claim(text="{:.1f} decades", value=_growth("He's weights"), at_least=-0.8, at_most=0.8),
    "batch_growth": Claim(text="{:.1f} decades", value=_growth("batch norm"), at_least=1, at_most=2.5),
    "batch_kept": Claim(
        text="{:.1f} times",
        value=_kept,
        at_least=1.8,
        at_most=2.3,
        counterfeit=lambda table: table.assign(kept_bytes=1.0) if "kept_bytes" in table else table,
    ),
}


def draw(*runs: Run) -> Figure:
    figure, growth, accuracy = marks.panels(2, widths=(1, 1), height=330)
    tables = [run.tables for run in runs]
    gradient = _outcomes("gradient", *tables)
    _rows(growth, gradient.assign(gained=-gradient["decades"]), "gained")
    _rows(accuracy, _outcomes("accuracy", *tables), "test_accuracy")
    growth.set_xlim(-1, 3)
    marks.threshold(growth, 0, "", axis="x")
    marks.describe(growth, name="Before training", y="Remedy, and decades of growth", x="growth of ∂L/∂h, decades")
    accuracy.set_xlim(0, 1)
    marks.threshold(accuracy, 0.1, "", axis="x")
    marks.describe(
        accuracy, name="After training", y="Remedy, and share of digits", x="share of new digits right, 0 to 1"
    )
    return figure


def _rows(axes: Axes, table: pd.DataFrame, column: str) -> None:
    for row, arm in enumerate(ROWS):
        values = table[table["arm"] == arm][column]
        if not len(values):
            continue
        works = column == "gained" or values.median() >= LEARNT
        meaning = ("relu" if column == "gained" else "healthy") if works else "broken"
        axes.plot([values.min(), values.max()], [row, row], color=meaning, linewidth=1.1, zorder=2)
        marker = "^" if column == "gained" else "s" if works else "o"
        axes.plot(values.median(), row, color=meaning, marker=marker, zorder=3)
    axes.set_yticks(range(len(ROWS)), list(ROWS.values()))
    axes.set_ylim(len(ROWS) - 0.5, -0.5)
