"""Noise shifts the inputs of a layer {times} as far as in a plain network, which stalls. The noisy network learns.

Left: how far one step of training moves the mean of what enters the middle one of twenty sigmoid layers, in standard
deviations. Right: accuracy on unseen digits. Plain; normalised before each activation; normalised, and then
given noise, which has another mean and scale for each unit at every step. Marks are medians of the seeds, bars span
them all.
"""

from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "covariate_shift"
title = "Covariate shift and accuracy of three networks"
alt = (
    "Left, logarithmic: one step moves the inputs of the middle layer by {shift_plain} deviations in the plain "
    "network, {shift_normalised} with batch normalisation and {shift_noise} with noise behind it. Right: the plain "
    "network stays at {accuracy_plain}; the normalised one reaches {accuracy_normalised} after four epochs and the "
    "noisy one {accuracy_noise}."
)
arm = "arm"

ARMS = {"plain": ("sigmoid", "o"), "normalised": ("batchnorm", "D"), "noise behind it": ("batchnorm", "s")}


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
        at_least=30,
    ),
    "shift_plain": Claim(text="{:.3f}", value=lambda tables: _shift(tables, "plain"), at_most=0.01),
    "shift_normalised": Claim(text="{:.3f}", value=lambda tables: _shift(tables, "normalised"), at_most=0.05),
    "shift_noise": Claim(text="{:.2f}", value=lambda tables: _shift(tables, "noise behind it"), at_least=0.25),
    "accuracy_plain": Claim(text="{:.0%}", value=lambda tables: _accuracy(tables, "plain"), at_most=0.2),
    "accuracy_normalised": Claim(text="{:.0%}", value=lambda tables: _accuracy(tables, "normalised"), at_least=0.8),
    "accuracy_noise": Claim(text="{:.0%}", value=lambda tables: _accuracy(tables, "noise behind it"), at_least=0.7),
}


def draw(run: Run) -> Figure:
    figure, shift, learnt = marks.panels(2, widths=(1, 1.2))
    places = {name: place for place, name in enumerate(ARMS)}
    table = run.tables["shift"].assign(place=run.tables["shift"]["arm"].map(places))
    training = run.tables["training"].assign(percent=100 * run.tables["training"]["test_accuracy"])
    for arm, (meaning, marker) in ARMS.items():
        marks.points(shift, table[table["arm"] == arm], "place", "shift", meaning, marker=marker)
        marks.line(learnt, training[training["arm"] == arm], "epoch", "percent", meaning, marker=marker)
    shift.set_ylim(1e-4, 2)
    marks.logarithmic(shift)
    shift.set_xlim(-0.5, 2.5)
    shift.set_xticks(range(3), ["plain", "normalised", "with noise"])
    marks.describe(shift, y="Shift a step, relative to the deviation", x="layer in the middle of each network")
    marks.label(learnt, 3.5, 12, "plain", "sigmoid", side="above")
    marks.label(learnt, 1.7, 60, "with noise", "batchnorm", side="right")
    marks.label(learnt, 2.6, 95, "normalised", "batchnorm", side="above")
    learnt.set_ylim(0, 108)
    learnt.set_xticks([1, 2, 4])
    marks.describe(learnt, y="Accuracy on unseen digits, %", x="epoch")
    return figure
