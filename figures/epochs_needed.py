"""With each further sigmoid layer training takes {price} as long. With skips four layers learn as fast as one.

Left: accuracy on unseen digits by epoch, for one to four layers; both kinds are trained alike. Right: the epochs until
80 of 100 digits are right. A mark is the median of the seeds, the bar behind it spans them all. Dashed: the epochs of
one layer, times what each further one takes from the gradient.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "epochs_needed"
title = "Accuracy by epoch, and epochs until most digits are right"
alt = (
    "Left: the accuracy of one sigmoid layer rises in the first epochs; two, three and four layers stay near guessing "
    "for longer and longer, then rise. Four layers with skips rise at once. Right, on a logarithmic scale: {one} until "
    "80 of 100 digits are right for one layer, {two} for two, {three} for three, {four} for four; with skips at most "
    "{skips}."
)
arm = "arm"

PLAIN, SKIPS = "plain", "with skips"
LEARNT = "80%"
MARKERS = {1: "o", 2: "D", 3: "^", 4: "s"}


def _epochs(tables: Tables, arm: str, depth: int) -> float:
    needed = tables["needed"].set_index(["arm", "depth", "target"])["epochs"]
    return float(needed.get((arm, depth, LEARNT), float("nan")))


def _off_theory(tables: Tables) -> float:
    """The largest ratio of measured to predicted epochs, or the other way round, of two layers and more."""
    needed = tables["needed"]
    deeper = needed[(needed["arm"] == PLAIN) & (needed["target"] == LEARNT) & (needed["depth"] > 1)]
    return float(np.exp(np.abs(np.log(deeper["epochs"].to_numpy() / deeper["theory"].to_numpy())).max()))


def _waiting(tables: Tables) -> float:
    """The last epoch at which four layers still name less than a quarter, over the epochs that they need."""
    table = tables["accuracy"]
    curve = table[(table["arm"] == PLAIN) & (table["depth"] == 4)]
    return float(curve[curve["test_accuracy"] < 0.25]["epoch"].max() / _epochs(tables, PLAIN, 4))


def _longest(tables: Tables, arm: str) -> float:
    needed = tables["needed"]
    return float(needed[(needed["arm"] == arm) & (needed["target"] == LEARNT)]["epochs"].max())


def _longer(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: ten times the epochs."""
    return table.assign(epochs=10 * table["epochs"]) if "epochs" in table else table


claims = {
    "one": Claim(text="{:.0f} epochs", value=lambda t: _epochs(t, PLAIN, 1), at_most=5, counterfeit=_longer),
    "two": Claim(text="{:.0f} epochs", value=lambda t: _epochs(t, PLAIN, 2), at_least=5, at_most=40),
    "three": Claim(text="{:.0f} epochs", value=lambda t: _epochs(t, PLAIN, 3), at_least=25, at_most=128),
    "four": Claim(text="{:.0f} epochs", value=lambda t: _epochs(t, PLAIN, 4), at_least=100),
    "skips": Claim(text="{:.1f} epochs", value=lambda t: _longest(t, SKIPS), at_most=3),
    "price": Claim(
        text="{:.1f} times",
        value=lambda t: (_epochs(t, PLAIN, 4) / _epochs(t, PLAIN, 1)) ** (1 / 3),
        at_least=3,
        at_most=6,
    ),
    "off_theory": Claim(text="a factor of {:.1f}", value=_off_theory, at_most=3, counterfeit=_longer),
    "waiting": Claim(text="{:.0%}", value=_waiting, at_least=0.25, counterfeit=_longer),
}


def draw(run: Run) -> Figure:
    figure, curves, needed = marks.panels(2, widths=(1.25, 1))
    _curves(curves, run.tables["accuracy"])
    _needed(needed, run.tables["needed"])
    return figure


def _curves(axes: Axes, table: pd.DataFrame) -> None:
    table = table[table["epoch"] > 0].assign(percent=100 * table["test_accuracy"])
    for depth, marker in MARKERS.items():
        one = table[(table["arm"] == PLAIN) & (table["depth"] == depth)]
        if one.empty:
            continue  # a small run has not all depths
        marks.line(axes, _thinned(one), "epoch", "percent", "broken", marker=marker)
    skips = table[table["arm"] == SKIPS]
    deepest = skips[skips["depth"] == skips["depth"].max()]
    marks.line(axes, _thinned(deepest), "epoch", "percent", "healthy")
    marks.threshold(axes, 10, "guessing", side="below left")
    for words, (x, y) in {"1": (1.45, 76), "2": (10, 50), "3": (46, 40), "4": (120, 30)}.items():
        marks.label(axes, x, y, words, "broken", side="on")
    marks.label(axes, 1, 100, "4 with skips", "healthy", side="above right")
    axes.set_xscale("log")
    axes.set_xticks([1, 10, 100], ["1", "10", "100"])
    axes.minorticks_off()
    axes.set_ylim(0, 115)
    axes.set_yticks([0, 50, 100])
    marks.describe(axes, y="Accuracy on unseen digits, %", x="epoch")


def _thinned(table: pd.DataFrame) -> pd.DataFrame:
    """Every third look and the last one: the others hardly differ."""
    looks = sorted(table["epoch"].unique())
    return table[table["epoch"].isin([*looks[::3], looks[-1]])]


def _needed(axes: Axes, table: pd.DataFrame) -> None:
    table = table[table["target"] == LEARNT]
    predicted = table[table["arm"] == PLAIN].groupby("depth")["theory"].median()
    marks.theory(axes, predicted.index, predicted)
    for arm, meaning in {PLAIN: "broken", SKIPS: "healthy"}.items():
        marks.line(axes, table[table["arm"] == arm], "depth", "epochs", meaning)
    axes.set_yscale("log")
    axes.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    axes.minorticks_off()
    axes.set_ylim(0.5, 1000)
    axes.set_xticks(sorted(table["depth"].unique()))
    marks.label(axes, 2.4, 60, PLAIN, "broken", side="left")
    marks.label(axes, 3.2, 20, "theory", side="right")
    marks.label(axes, 3, 1.7, SKIPS, "healthy", side="above")
    marks.describe(axes, y="Epoch at which 80% are right", x="depth (hidden layers)")
