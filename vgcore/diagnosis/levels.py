"""How the gradient's size runs along the depth of a network, in decades."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from vgcore.diagnosis.finding import Evidence
from vgcore.diagnosis.look import Look

WHOLE = 1.0
"""A step as long as the weights that it moves, as a share of them: nothing of them is left."""


class Fall(NamedTuple):
    """What is lost on the way to the input: `decades` in all, `slope` a layer, and the `share` lost at one layer.

    `layer`, `depth`: the layer between which and the one behind it the most is lost.
    """

    decades: float
    slope: float
    share: float
    layer: str
    depth: int


GRADIENT = "activation_gradient_length"


def fall(seen: Look, column: str = GRADIENT) -> Fall | None:
    """How a column falls from the last hidden depth to the first; None where fewer than three depths can be compared.

    Of several layers at one depth the largest counts: what the network's main stream carries.
    """
    return _fall(_stream(seen, column), column)


def rise(seen: Look) -> Fall | None:
    """How the gradient falls from the depth where it is smallest to the first: negative decades, for it grows.

    What lies behind that depth is left out: pooling shares a gradient out, so that it starts small before it grows.
    """
    main = _stream(seen, GRADIENT)
    return _fall(main.iloc[: int(main[GRADIENT].argmin()) + 1], GRADIENT) if len(main) else None


def _stream(seen: Look, column: str) -> pd.DataFrame:
    rows = seen.hidden[(seen.hidden[column] > 0) & np.isfinite(seen.hidden[column])]
    main: pd.DataFrame = rows.loc[rows.groupby("depth")[column].idxmax()] if len(rows) else rows
    return main


def _fall(main: pd.DataFrame, column: str) -> Fall | None:
    if len(main) < 3:
        return None
    depth, level = main["depth"].to_numpy(float), np.log10(main[column].to_numpy(float))
    steps = np.diff(level)
    decades = float(level[-1] - level[0])
    largest = int(np.argmax(steps * np.sign(decades)))
    return Fall(
        decades=decades,
        slope=float(np.polyfit(depth, level, 1)[0]),
        share=float(steps[largest] / decades) if decades else 0.0,
        layer=str(main["layer"].iloc[largest + 1]),
        depth=int(depth[largest + 1]),
    )


def forward(seen: Look) -> tuple[Evidence, ...]:
    """How the outputs of the layers, and what examples differ by in them, change from layer to layer."""
    spread = seen.layers.assign(difference=seen.layers["spread"] * seen.layers["activation_rms"])
    changes = {
        "outputs": fall(seen, "activation_rms"),
        "differences between examples": fall(replace(seen, layers=spread), "difference"),
    }
    return tuple(
        Evidence(name=f"{name}, change from layer to layer", value=change.slope, unit="decades")
        for name, change in changes.items()
        if change
    )


def first_step(seen: Look, ratios: dict[str, list[float]]) -> float:
    """The first step of the hidden layer in the middle of all, as a share of its weights."""
    firsts = [ratios[layer][0] for layer in seen.hidden["layer"] if ratios.get(layer)]
    return float(np.median(firsts)) if firsts else 0.0


def step_sizes(table: pd.DataFrame, ratios: dict[str, list[float]]) -> "pd.Series[float]":
    """Each layer's mean |step| / |W| in the trial, NaN where it took none."""
    sizes: pd.Series[float] = table["layer"].map({layer: float(np.mean(each)) for layer, each in ratios.items()})
    return sizes
