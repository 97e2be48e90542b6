"""A layer's factor is known beforehand: {agreeing} of seventeen pairs of activation and initialisation fit the theory.

The factor of ∂L/∂h per layer: the geometric mean over twenty layers of 128 units, before training, on handwritten
digits. Marks are medians, bars span the seeds. The dashes through them are theory, nothing is fitted.
"""

from collections.abc import Callable

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "activation_pairs"
title = "Factor of a layer for seventeen pairs of activation and initialisation"
alt = (
    "A dot for each pair of activation and initialisation at its factor per layer. With Glorot's weights sigmoid has "
    "{sigmoid}, GELU {gelu_default}, ReLU {relu_default} and tanh {tanh}. At one lie ReLU with He's weights and Maxout "
    "with LeCun's, just above it SELU with {selu}. {agreeing} of seventeen dots lie within {off_theory} of the theory; "
    "GELU with He's weights, at {gelu}, does not."
)
arm = "pair"

HUES = {"leaky_relu": "relu", "prelu": "relu", "maxout": "relu", "elu": "selu", "swish": "selu", "gelu": "selu"}
STRAYS = "GELU, He"
CLOSE = 0.04
"""How far, relatively, a median of few seeds may lie from theory by chance with twenty layers of 128 units."""


def _factors(table: pd.DataFrame, column: str = "relative_gradient") -> pd.Series:
    """The factor of one layer for each pair."""
    first: pd.Series = table[table["layer"] == 1].set_index("pair")[column]
    return first.pow(1 / (table["layer"].max() - 1))


def _misses(run: Run) -> pd.Series:
    """Relative distance of each pair's median factor from its theory."""
    seeds = [table for _, table in run.table.groupby("seed")]
    measured, predicted = (
        pd.concat([_factors(table, column) for table in seeds]).groupby(level=0).median()
        for column in ("relative_gradient", "theory")
    )
    off: pd.Series = measured / predicted - 1
    return off.abs()


def _of(pair: str, column: str = "relative_gradient") -> Callable[[pd.DataFrame], float]:
    return lambda table: float(_factors(table, column)[pair])


def _late(table: pd.DataFrame) -> float:
    """The factor of Swish with He's weights over the last five layers, where its variance has died down."""
    swish = table[table["pair"] == "Swish, He"].set_index("layer")["relative_gradient"]
    return float(swish.loc[swish.index.max() - 5] ** (1 / 5))


claims = {
    "agreeing": Claim(
        text="{:.0f}",
        value_of_run=lambda run: float((_misses(run) <= CLOSE).sum()),
        at_least=16,
        counterfeit=lambda table: table.assign(theory=0.5),
    ),
    "off_theory": Claim(
        text="{:.1%}",
        value_of_run=lambda run: float(_misses(run).drop(STRAYS).max()),
        at_most=CLOSE,
        counterfeit=lambda table: table.assign(theory=0.5),
    ),
    "sigmoid": Claim(text="{:.2f}", value=_of("sigmoid, Glorot"), at_least=0.22, at_most=0.25),
    "sigmoid_four": Claim(text="{:.2f}", value=_of("sigmoid, Glorot × 4"), at_least=0.55, at_most=0.7),
    "tanh": Claim(text="{:.2f}", value=_of("tanh, Glorot"), at_least=0.9, at_most=0.98),
    "relu_default": Claim(text="{:.2f}", value=_of("ReLU, Glorot"), at_least=0.67, at_most=0.74),
    "relu": Claim(text="{:.2f}", value=_of("ReLU, He"), at_least=0.95, at_most=1.05),
    "leaky": Claim(text="{:.2f}", value=_of("Leaky ReLU, He"), at_least=1.0, at_most=1.1),
    "prelu": Claim(text="{:.2f}", value=_of("PReLU, He for slope"), at_least=0.95, at_most=1.05),
    "maxout_default": Claim(text="{:.2f}", value=_of("Maxout, Glorot"), at_least=0.78, at_most=0.85),
    "maxout": Claim(text="{:.2f}", value=_of("Maxout, LeCun"), at_least=0.96, at_most=1.04),
    "elu": Claim(text="{:.2f}", value=_of("ELU, LeCun"), at_least=0.88, at_most=0.94),
    "selu": Claim(text="{:.3f}", value=_of("SELU, LeCun"), at_least=1.0, at_most=1.07),
    "swish": Claim(text="{:.2f}", value=_of("Swish, He"), at_least=0.7, at_most=0.85),
    "swish_late": Claim(text="{:.2f}", value=_late, at_least=0.66, at_most=0.78),
    "gelu_default": Claim(text="{:.2f}", value=_of("GELU, Glorot"), at_least=0.48, at_most=0.54),
    "gelu": Claim(text="{:.2f}", value=_of(STRAYS), at_least=0.8, at_most=1.05),
    "gelu_theory": Claim(text="{:.2f}", value=_of(STRAYS, "theory"), at_least=0.87, at_most=0.89),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=410)
    first = run.table[run.table["layer"] == 1]
    power = 1 / (run.table["layer"].max() - 1)
    for row, one in enumerate(table for _, table in first.groupby("row", sort=True)):
        factors = one["relative_gradient"].pow(power)
        activation = str(one["activation"].iloc[0])
        hue = HUES.get(activation, activation)
        axes.plot([factors.min(), factors.max()], [row, row], color=hue, linewidth=1.1, alpha=0.99)
        predicted = float(one["theory"].iloc[0]) ** power
        marks.theory(axes, [predicted, predicted], [row - 0.45, row + 0.45])
        marks.points(axes, one.assign(factor=factors.median()), "factor", "row", hue)
    names = first.groupby("row")["pair"].first()
    axes.set_yticks(list(names.index), list(names))
    axes.set_ylim(len(names) - 0.3, -0.7)
    axes.grid(visible=False)
    axes.set_xlim(0.18, 1.12)
    marks.threshold(axes, 1, "", axis="x")
    marks.label(axes, 0.99, 0, "dotted: size kept", side="left")
    marks.describe(axes, y="Pair, with its factor per layer", x="factor of ∂L/∂h per layer")
    return figure
