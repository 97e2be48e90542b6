"""Theory knows the gradient of every layer before training: no median of ours lies more than {off_theory} off.

Tanh networks of 32 layers before training. The number is σ, the deviation of a weight times the root of the inputs. A
mark is the median of the seeds, the bar behind it spans them all. Dashed: theory; nothing is fitted.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks
from vgcore.press.explorable import Control, Explorable, Map, View, number, part, profile, share

experiment = ("phase_gradients", "init_phases")
title = "Gradient by layer, for five deviations of the weights"
alt = (
    "Thirty-two tanh layers before training. From layer 32 back to layer 1 the gradient loses {lost} with the smallest "
    "σ. With Glorot's weights, σ = 1, it stays within {kept}, and with the largest it gains {gained}. Between them lie "
    "a smaller σ, with which it falls, and a larger one, with which it rises. Theory's lines run through the marks."
)
arm = "deviation"

DEPTH = 32
PLACES = {"3": (11, 4.2), "2": (4, 0.95), "1": (6, -1.5), "0.7": (9, -5.3), "0.4": (17, -8.2)}
INKS = {0.9: "paper", 0.8: "ramp-9", 0.5: "ramp-20", 0.2: "ramp-34", 0.0: "ramp-50"}
"""From which accuracy on a place of the map has which ink, as in the figure of the phases."""


def _changed(table: pd.DataFrame, deviation: str) -> float:
    """Decades by which the gradient of the deepest network grows on its way to the first layer."""
    deepest = table[(table["deviation"] == deviation) & (table["depth"] == table["depth"].max())]
    return float(deepest.sort_values("layer")["decades"].iloc[0])


def _off_theory(gradients: Run, _: Run) -> float:
    """The largest distance of a median from theory, in decades, at any deviation, depth and layer."""
    medians = gradients.table.groupby(["deviation", "depth", "layer"])[["decades", "theory"]].median()
    return float((medians["decades"] - medians["theory"]).abs().max())


claims = {
    "off_theory": Claim(
        text="{:.2f} decades",
        value_of_run=_off_theory,
        at_most=0.3,
        counterfeit=lambda table: table.assign(theory=0.0),
    ),
    "lost": Claim(text="{:.1f} decades", value=lambda table, _: -_changed(table, "0.4"), at_least=11, at_most=14),
    "kept": Claim(text="{:.1f} decades", value=lambda table, _: abs(_changed(table, "1")), at_most=1.5),
    "gained": Claim(text="{:.1f} decades", value=lambda table, _: _changed(table, "3"), at_least=3, at_most=5),
}


def draw(gradients: Run, _: Run) -> Figure:
    figure, axes = marks.panels(height=360)
    table = gradients.table[gradients.table["depth"] == gradients.table["depth"].max()]
    for deviation, place in PLACES.items():
        one = table[table["deviation"] == deviation]
        line = one.groupby("layer")["theory"].median()
        marks.theory(axes, line.index, line)
        marks.points(axes, one, "layer", "decades", "tanh")
        if len(one):
            marks.label(axes, *place, f"σ = {deviation}", "tanh", side="on")
    marks.depth_ticks(axes, int(table["layer"].max()))
    marks.describe(axes, y="∂L/∂h, decades relative to the last layer", x="layer (1 = next to the input)")
    return figure


def explore(gradients: Run, trained: Run) -> Explorable:
    deviations = sorted(gradients.table["deviation"].unique(), key=float)
    depths = sorted(gradients.table["depth"].unique())
    return Explorable(
        controls=(
            Control(name="Weights σ", options=tuple(deviations), start=deviations.index("1"), slider=True),
            Control(name="Depth", options=tuple(map(str, depths)), start=len(depths) - 1, slider=True),
        ),
        views=tuple(_views(gradients.table, trained.table, deviations, depths)),
        x="layer (1 = next to the input)",
        y="∂L/∂h, decades relative to the last layer",
        map=_map(trained.table, deviations, depths),
    )


def _views(gradients: pd.DataFrame, trained: pd.DataFrame, deviations: list[str], depths: list[int]) -> Iterator[View]:
    for deviation, depth in product(deviations, depths):
        one, ended = (_of(table, deviation, depth) for table in (gradients, trained))
        line = profile(one, "layer", "decades", meaning="tanh", name=f"σ = {deviation}")
        right = share(ended["test_accuracy"].tolist())
        said = (
            f"With σ = {deviation} the first of {depth} layers gets {part(line.middle[0])} the last one's gradient "
            f"(theory: {number(line.theory[0])}). After ten epochs the network gets {right} of "
            "unseen digits right."
        )
        yield View(line=line, at=1, said=said)


def _of(table: pd.DataFrame, deviation: str, depth: int) -> pd.DataFrame:
    return table[(table["deviation"] == deviation) & (table["depth"] == depth)]


def _map(trained: pd.DataFrame, deviations: list[str], depths: list[int]) -> Map:
    """The accuracy of every network, as the median of its seeds in percent."""
    medians = trained.groupby(["depth", "deviation"])["test_accuracy"].median()
    levels = [[float(medians[depth, deviation]) for deviation in deviations] for depth in depths]
    return Map(
        x="σ, deviation of a weight times √inputs",
        y="Layers. In each place: digits right, %",
        texts=tuple(tuple(f"{np.round(100 * value):.0f}" for value in level) for level in levels),
        inks=tuple(tuple(map(_ink, level)) for level in levels),
    )


def _ink(accuracy: float) -> str:
    return next(ink for step, ink in INKS.items() if accuracy >= step)
