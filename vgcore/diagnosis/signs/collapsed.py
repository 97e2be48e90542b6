"""All inputs look alike to the last hidden layer."""

import pandas as pd

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.measured import Measured

DIRECTIONS = 1.3
"""In how many directions examples differ at least; 1 = they lie along a line."""

SPREAD = 0.01
"""How far they lie apart at least, relative to their size. A sigmoid keeps a mean of its own, and is left out."""


def examine(measured: Measured) -> Finding | None:
    """Look for layers to which all examples are alike before training, unless the model has learnt to."""
    if measured.has_learnt:
        return None
    alike = [_alike(seen.hidden) for seen in measured.before]
    if not all(len(rows) for rows in alike):
        return None
    rows, hidden = alike[0], measured.before[0].hidden
    last = hidden.iloc[-1]
    return Finding(
        symptom="collapsed",
        severity="risk" if measured.learns else "alarm",
        cause="depth" if len(rows) < len(hidden) / 2 else "initialisation",
        sentence=(
            f"From {rows['layer'].iloc[0]} on all examples look alike: at the last hidden layer they differ in "
            f"{last['dimensions']:.1f} directions, by {last['spread']:.1%} of their size."
        ),
        evidence=(
            Evidence(name="directions at the first layer", value=float(hidden["dimensions"].iloc[0])),
            Evidence(name="directions at the last hidden layer", value=float(last["dimensions"])),
            Evidence(name="differences at the last hidden layer", value=100 * float(last["spread"]), unit="% of h"),
        ),
        layers=tuple(rows["layer"]),
        depths=tuple(map(int, rows["depth"])),
        page="causes/depth",
    )


def _alike(hidden: pd.DataFrame) -> pd.DataFrame:
    small = (hidden["spread"] < SPREAD) & (hidden["activation"] != "sigmoid")
    return hidden[small | (hidden["dimensions"] < DIRECTIONS)]
