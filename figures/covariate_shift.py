"""Noise shifts the inputs of a layer {times} as far as in a plain network, which stalls. The noisy network learns.

Left: how far one step of training moves the mean of what enters the middle one of twenty sigmoid layers, in standard
deviations. Right: the loss on the training digits. Normalised before each activation, after it, or before it with noise
behind that gives each unit another mean and scale at every step. Marks are medians of the seeds, bars span them all.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "covariate_shift"
title = "Covariate shift and training loss of four networks"
alt = (
    "Left, logarithmic: one step moves the inputs of the middle layer by {shift_plain} deviations in the plain "
    "network, {shift_before} with batch normalisation and {shift_noise} with noise behind it. Right: over eight epochs "
    "the loss of the plain network does not move; those of all normalised networks fall, with noise more slowly."
)
arm = "arm"

ARMS = {"plain": ("sigmoid", "o"), "before": ("batchnorm", "D"), "after": ("batchnorm", "v"),
        "noise behind it": ("batchnorm", "s")}  # fmt: skip


def _shift(tables: Tables, arm: str) -> float:
    return float(tables["shift"].set_index("arm")["shift"].loc[arm])


def _accuracy(tables: Tables, arm: str) -> float:
    training = tables["training"]
    last = training[(training["arm"] == arm) & (training["epoch"] == training["epoch"].max())]
    return float(last["test_accuracy"].iloc[0])


claims = {
    "times": Claim(
        text="{:.0f} times",
        value=lambda tables: _shift(tables, "noise behind it") / _shift(tables, "plain"),
        at_least=50,
    ),
    "shift_plain": Claim(text="{:.3f}", value=lambda tables: _shift(tables, "plain"), at_most=0.01),
    "shift_before": Claim(text="{:.3f}", value=lambda tables: _shift(tables, "before"), at_most=0.03),
    "shift_noise": Claim(
        text="{:.2f}", value=lambda tables: _shift(tables, "noise behind it"), at_least=0.3, at_most=0.5
    ),
    "accuracy_plain": Claim(
        text="{:.0%}", value=lambda tables: _accuracy(tables, "plain"), at_least=0.05, at_most=0.15
    ),
    "accuracy_before": Claim(text="{:.0%}", value=lambda tables: _accuracy(tables, "before"), at_least=0.9),
    "accuracy_after": Claim(text="{:.0%}", value=lambda tables: _accuracy(tables, "after"), at_least=0.9),
    "accuracy_noise": Claim(text="{:.0%}", value=lambda tables: _accuracy(tables, "noise behind it"), at_least=0.85),
}


def draw(run: Run) -> Figure:
    figure, shift, loss = marks.panels(2, widths=(1, 1.2))
    places = {name: place for place, name in enumerate(ARMS)}
    table = run.tables["shift"].assign(place=run.tables["shift"]["arm"].map(places))
    for arm, (meaning, marker) in ARMS.items():
        marks.points(shift, table[table["arm"] == arm], "place", "shift", meaning, marker=marker)
        marks.line(loss, _training(run, arm), "epoch", "train_loss", meaning, marker=marker)
    shift.set_ylim(1e-4, 2)
    marks.logarithmic(shift)
    shift.set_xlim(-0.5, 3.5)
    shift.set_xticks(range(4), ["plain", "before", "after", "noise"])
    marks.describe(shift, y="Shift a step, relative to the deviation", x="layers normalised before, after, with noise")
    marks.label(loss, 5, 2.42, "plain", "sigmoid", side="above")
    marks.label(loss, 4.2, 1.0, "before, with noise", "batchnorm", side="right")
    marks.label(loss, 3.2, 0.62, "before", "batchnorm", side="right")
    marks.label(loss, 8, 0.02, "after", "batchnorm", side="left")
    loss.set_ylim(0, 2.9)
    loss.set_xticks([1, 2, 4, 8])
    marks.describe(loss, y="Training loss, nats", x="epoch")
    return figure


def _training(run: Run, arm: str) -> pd.DataFrame:
    training = run.tables["training"]
    return training[training["arm"] == arm]
