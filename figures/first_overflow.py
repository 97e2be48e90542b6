"""In 32 bits a forward pass overflows first, {always_forward} of the time. In 16 bits a scaled loss changes that.

Left: the step in which a number first passes the largest of its format, against the size of the first weights.
Triangles: in a forward pass; squares: in a backward pass; marks are medians, bars span the seeds. Right: the layer in
which it does so in 32 bits, every training a mark, against the length of the step before. Dashed: a layer multiplies
the signal by as much as that step multiplied the weights.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "first_overflow"
title = "Step and layer of the first overflow"
alt = (
    "Left: weights a fifth larger than He's overflow in step {small_steps}, three times He's in step {large_steps}; in "
    "16 bits {earlier} of them do so a step earlier, and with a scaled loss all at once. Right: the layer of the first "
    "overflow falls from the last one to the first few as the step before it becomes longer, along the dashed theory, "
    "half of them within {off_theory}."
)
arm = "arm"

FULL, HALF, SCALED = "float32", "float16", "float16, loss × 32768"
SIGNS = {FULL: "relu", HALF: "ink", SCALED: "broken"}
MARKERS = {"forward": "^", "backward": "s"}
ROOM = float(np.log10(np.finfo(np.float32).max))
"""Decades from one to the largest 32-bit number."""

OUTPUT = 21  # the layer behind the twenty


def _of(tables: Tables, arm: str, *gains: float) -> pd.DataFrame:
    """The trainings that overflow, of all gains or of some."""
    origins: pd.DataFrame = tables["origins"]
    own = origins[(origins["arm"] == arm) & (origins["phase"] != "never")]
    return own[own["gain"].isin(gains)] if gains else own


def _forward(tables: Tables) -> float:
    return float((_of(tables, FULL)["phase"] == "forward").mean())


def _backward(tables: Tables) -> float:
    """Share of the scaled trainings, two gains, that end in step one, in the output layer, on the way back."""
    own = _of(tables, SCALED, 1.2, 1.5)
    at_the_end = (own["overflow_step"] == 1) & (own["origin"] == OUTPUT)
    return float(((own["phase"] == "backward") & at_the_end).mean())


def _overflows(tables: Tables) -> float:
    """Of the network with He's own weights in 32 bits."""
    return float(len(_of(tables, FULL, 1.0)))


def _backwards(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: all trainings overflow the other way."""
    other = {"forward": "backward", "backward": "forward", "never": "never"}
    return table.assign(phase=table["phase"].map(other)) if "phase" in table else table


def _off_theory(tables: Tables) -> float:
    """By what factor the layer and the formula differ, in the middle one of the trainings."""
    own = _of(tables, FULL)
    ratio = own["origin"] / (ROOM / np.log10(own["last_update"]))
    return float(np.exp(np.abs(np.log(ratio)).median()))


def _earlier(tables: Tables) -> float:
    """Share of the trainings that overflow one step earlier in 16 bits; no number if any is not that or the same."""
    steps = {arm: _of(tables, arm).set_index("gain")["overflow_step"] for arm in (FULL, HALF)}
    earlier = (steps[FULL] - steps[HALF]).dropna()
    return float((earlier == 1).mean()) if earlier.isin([0, 1]).all() else float("nan")


def _largest_origin(tables: Tables, *gains: float) -> float:
    return float(_of(tables, FULL, *gains)["origin"].max())


claims = {
    "always_forward": Claim(text="{:.0%}", value=_forward, at_least=1, counterfeit=_backwards),
    "backward": Claim(text="{:.0%}", value=_backward, at_least=1, counterfeit=_backwards),
    "he_overflows": Claim(
        text="none",
        value=_overflows,
        at_most=0,
        counterfeit=lambda table: table.assign(phase="forward") if "phase" in table else table,
    ),
    "small_steps": Claim(
        text="{:.0f}",
        value=lambda tables: float(_of(tables, FULL, 1.2)["overflow_step"].max()),
        at_least=3,
        at_most=3,
    ),
    "large_steps": Claim(
        text="{:.0f}",
        value=lambda tables: float(_of(tables, FULL, 3.0)["overflow_step"].max()),
        at_least=2,
        at_most=2,
    ),
    "earlier": Claim(
        text="{:.0%}",
        value=_earlier,
        at_least=0.5,
        counterfeit=lambda table: table.assign(overflow_step=3.0) if "overflow_step" in table else table,
    ),
    "large_layer": Claim(
        text="{:.0f}",
        value=lambda tables: _largest_origin(tables, 3.0),
        at_most=7,
        counterfeit=lambda table: table.assign(origin=21.0) if "origin" in table else table,
    ),
    "off_theory": Claim(
        text="a factor of {:.1f}",
        value=_off_theory,
        at_most=1.5,
        counterfeit=lambda table: table.assign(origin=1.0) if "origin" in table else table,
    ),
}


def draw(run: Run) -> Figure:
    figure, steps, layers = marks.panels(2)
    _steps(steps, run.tables["origins"])
    _layers(layers, _of(run.tables, FULL))
    return figure


def _steps(axes: Axes, table: pd.DataFrame) -> None:
    for shift, (arm, meaning) in zip((-0.025, 0.0, 0.025), SIGNS.items(), strict=True):
        for phase, marker in MARKERS.items():
            own = table[(table["arm"] == arm) & (table["phase"] == phase) & (table["gain"] > 1)]
            marks.points(axes, own.assign(gain=own["gain"] + shift), "gain", "overflow_step", meaning, marker=marker)
    axes.set_ylim(0, 6)
    axes.set_yticks([1, 2, 3, 4, 5])
    marks.label(axes, 2.1, 2.45, "32 bits", "relu", side="on")
    marks.label(axes, 2.55, 1.5, "16 bits", "ink", side="on")
    marks.label(axes, 2.1, 0.45, "16 bits, loss × 32768", "broken", side="on")
    marks.describe(axes, name="When", y="Step of the first overflow", x="weights, relative to He’s")


def _layers(axes: Axes, table: pd.DataFrame) -> None:
    updates = np.geomspace(60, 1e32, 60)
    marks.theory(axes, updates, ROOM / np.log10(updates))
    axes.plot(table["last_update"], table["origin"], color="relu", marker="^", linestyle="none", zorder=3)
    axes.set_ylim(0, 22)
    marks.logarithmic(axes, "x")
    marks.describe(
        axes, name="Where, in 32 bits", y="Layer of the first overflow", x="relative size of the step before"
    )
