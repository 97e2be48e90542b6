"""Four of eight ReLU layers left random cost {wide_half} of accuracy. Two random sigmoid layers cost all of it.

Left: networks of eight layers whose first layers keep the weights they were drawn with, on purpose. Right: one layer
that learns behind random ones; no gradient has to pass through those. Accuracy on unseen digits; a mark is the median
of the seeds, the bar behind it spans them all; dotted is guessing.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "frozen_layers"
title = "Accuracy by number of random layers"
alt = (
    "Left: eight ReLU layers of 64 units get {wide_all} of unseen digits right, with the first four frozen {wide_half} "
    "less, with all eight frozen {wide_frozen}; with sixteen units, two frozen layers cost {narrow_two}. Right: behind "
    "two random ReLU layers one trained layer reaches {relu_two}, behind two random sigmoid layers {sigmoid_two}; "
    "behind one random sigmoid layer {sigmoid_one}."
)
arm = "arm"

WIDE, NARROW = "64 units", "16 units"


def _frozen(tables: Tables, arm: str, count: int) -> float:
    found = tables["frozen"].set_index(["arm", "frozen"])["test_accuracy"]
    return float(found.get((arm, count), float("nan")))


def _behind(tables: Tables, arm: str, count: int) -> float:
    found = tables["behind"].set_index(["arm", "random"])["test_accuracy"]
    return float(found.get((arm, count), float("nan")))


def _lost(arm: str, count: int, tables: Tables) -> float:
    return 100 * (_frozen(tables, arm, 0) - _frozen(tables, arm, count))


def _guessing(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: no network learns anything."""
    return table.assign(test_accuracy=0.1)


claims = {
    "wide_all": Claim(text="{:.0%}", value=lambda t: _frozen(t, WIDE, 0), at_least=0.9, counterfeit=_guessing),
    "wide_half": Claim(
        text="{:.0f} points", value=lambda t: _lost(WIDE, 4, t), at_least=5, at_most=40, counterfeit=_guessing
    ),
    "wide_frozen": Claim(
        text="{:.0%}", value=lambda t: _frozen(t, WIDE, 8), at_least=0.25, at_most=0.8, counterfeit=_guessing
    ),
    "narrow_two": Claim(text="{:.0f} points", value=lambda t: _lost(NARROW, 2, t), at_least=10),
    "relu_two": Claim(text="{:.0%}", value=lambda t: _behind(t, "ReLU", 2), at_least=0.7),
    "sigmoid_one": Claim(text="{:.0%}", value=lambda t: _behind(t, "sigmoid", 1), at_least=0.3, counterfeit=_guessing),
    "sigmoid_two": Claim(text="{:.0%}", value=lambda t: _behind(t, "sigmoid", 2), at_most=0.35),
    "sigmoid_three": Claim(text="{:.0%}", value=lambda t: _behind(t, "sigmoid", 3), at_most=0.2),
}


def draw(run: Run) -> Figure:
    figure, frozen, behind = marks.panels(2, height=300, share_y=True)
    for axes, name, column in ((frozen, "frozen", "frozen"), (behind, "behind", "random")):
        table = run.tables[name].assign(percent=100 * run.tables[name]["test_accuracy"])
        for (arm, meaning), marker in zip(LINES[name].items(), ("o", "D"), strict=True):
            marks.line(axes, table[table["arm"] == arm], column, "percent", meaning, marker=marker)
        axes.set_xticks(sorted(table[column].unique()))
        axes.set_ylim(0, 108)
        axes.set_yticks([0, 50, 100])
        marks.threshold(axes, 10, "guessing", side="below left" if name == "frozen" else "above left")
    marks.label(frozen, 4, 88, "64 units", "relu", side="right")
    marks.label(frozen, 3, 38, "16 units", "relu", side="on")
    marks.label(behind, 3, 88, "ReLU", "relu", side="right")
    marks.label(behind, 2, 28, "sigmoid", "sigmoid", side="right")
    marks.describe(frozen, y="Accuracy on unseen digits, %", x="layer up to which all are frozen")
    marks.describe(behind, y="Accuracy of one trained layer, %", x="layer up to which all are random")
    return figure


LINES = {"frozen": {WIDE: "relu", NARROW: "relu"}, "behind": {"ReLU": "relu", "sigmoid": "sigmoid"}}
"""The colours of each panel's series."""
