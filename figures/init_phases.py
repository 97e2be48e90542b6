"""Theory draws the border before training starts: it is right about {agreement} of these networks.

Tanh networks on handwritten digits, one cell for each deviation of the weights and each depth. The greyer a cell, the
fewer digits its median network gets right after ten epochs; steps at nine tenths, four fifths, half and a fifth.
Dashed: the depth at which theory lets the gradient change by two decades.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from vgcore import theory
from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "init_phases"
title = "Accuracy after training, by deviation of the weights and depth"
alt = (
    "A table of cells, from small weights on the left to large ones on the right and from 2 layers at the bottom to "
    "32 at the top. Blank cells, where networks learn, fill the bottom and the middle. Grey ones, where networks "
    "guess, fill the upper left and the upper right corner. The dashed border of theory separates them and calls "
    "{agreement} of the networks right. Its gap is in the middle, where weights are Glorot's."
)
arm = "deviation"

BORDER = 2  # decades by which a gradient may change on its way back
STEPS = {0.9: "paper", 0.8: "ramp-9", 0.5: "ramp-20", 0.2: "ramp-34", 0.0: "ramp-50"}
NAMES = {"1": "1\nGlorot", "1.414": "1.4\nHe", "0.577": "0.58"}


def _agreement(table: pd.DataFrame) -> float:
    """The share of networks that learn where theory keeps the gradient, and do not where it does not."""
    return float(((table["test_accuracy"] > 0.5) == (table["theory_decades"].abs() < BORDER)).mean())


def _within_a_decade(table: pd.DataFrame) -> float:
    """The least accuracy where the gradient changes by less than a decade, up to 16 layers."""
    return float(table[(table["theory_decades"].abs() < 1) & (table["depth"] <= 16)]["test_accuracy"].min())


def _beyond_four(table: pd.DataFrame) -> float:
    """The highest accuracy where the gradient changes by more than four decades."""
    return float(table[table["theory_decades"].abs() > 4]["test_accuracy"].max())


def _upside_down(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit in which theory speaks of other networks than those that were trained."""
    return table.assign(theory_decades=table["theory_decades"].to_numpy()[::-1])


def _deepest(run: Run) -> pd.Series:
    """Accuracy of the deepest networks with Glorot's weights, of all seeds."""
    table = run.table
    deepest = table[(table["deviation"] == "1") & (table["depth"] == table["depth"].max())]
    return pd.Series(deepest["test_accuracy"])


claims = {
    "agreement": Claim(text="{:.0%}", value=_agreement, at_least=0.8, counterfeit=_upside_down),
    "within_a_decade": Claim(text="{:.0%}", value=_within_a_decade, at_least=0.7, counterfeit=_upside_down),
    "beyond_four": Claim(text="{:.0%}", value=_beyond_four, at_most=0.25, counterfeit=_upside_down),
    "deepest_low": Claim(text="{:.0%}", value_of_run=lambda run: _deepest(run).min(), at_most=0.5),
    "deepest_high": Claim(text="{:.0%}", value_of_run=lambda run: _deepest(run).max(), at_least=0.7),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=380)
    medians = run.table.groupby(["deviation", "depth"])["test_accuracy"].median().reset_index()
    deviations = sorted(run.table["deviation"].unique(), key=float)
    depths = sorted(int(depth) for depth in run.table["depth"].unique())
    for deviation, depth, accuracy in medians.itertuples(index=False):
        ink = next(ink for step, ink in STEPS.items() if accuracy >= step)
        corner = (deviations.index(deviation) - 0.5, depths.index(depth) - 0.5)
        axes.add_patch(Rectangle(corner, 1, 1, facecolor=ink, edgecolor="paper", linewidth=1))
    _border(axes, [float(deviation) for deviation in deviations], depths)
    axes.set_xlim(-0.5, len(deviations) - 0.5)
    axes.set_ylim(-0.5, len(depths) + 0.2)
    axes.grid(visible=False)
    axes.set_xticks(range(len(deviations)), [NAMES.get(deviation, deviation) for deviation in deviations])
    axes.set_yticks(range(len(depths)), [str(depth) for depth in depths])
    for place, word in {0.1: "vanishes", 0.62: "learns", 0.87: "explodes"}.items():
        marks.label(axes, place * len(deviations) - 0.5 + 0.2, len(depths) - 0.15, word, side="on")
    marks.describe(axes, y="Depth, hidden layers", x="σ, ratio to Glorot’s deviation")
    return figure


def _border(axes: Axes, deviations: list[float], depths: list[int]) -> None:
    """The depth of two decades for every deviation, in cells; between cells both axes are logarithmic."""
    for side in (np.linspace(deviations[0], 0.99, 200), np.linspace(1.01, deviations[-1], 200)):
        border = [BORDER * 2 * np.log(10) * theory.depth_scale(theory.chi("tanh", sigma**2)) for sigma in side]
        columns = np.interp(np.log(side), np.log(deviations), range(len(deviations)))
        rows = np.interp(np.log(border), np.log(depths), range(len(depths)), left=np.nan, right=np.nan)
        marks.theory(axes, columns, rows)
