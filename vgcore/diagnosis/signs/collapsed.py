"""All inputs look alike to the hidden layers."""

import math

import pandas as pd

from vgcore.diagnosis.alike import DIRECTIONS, alike
from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.measured import Measured


def examine(measured: Measured) -> Finding | None:
    """Look for layers to which all examples are alike before training, unless the model has learnt to."""
    if measured.has_learnt:
        return None
    rows, hidden = alike(measured), measured.before[0].hidden
    if rows.empty:
        return None
    last = rows.iloc[-1]
    return Finding(
        symptom="collapsed",
        severity="risk" if measured.learns else "alarm",
        cause="depth" if len(rows) < len(hidden) / 2 else "initialisation",
        sentence=f"From {rows['layer'].iloc[0]} on all examples look alike: at {last['layer']} they {_how(last)}.",
        evidence=(
            Evidence(name="directions at the first layer", value=float(hidden["dimensions"].iloc[0])),
            Evidence(name=f"directions at {last['layer']}", value=float(last["dimensions"])),
            Evidence(
                name=f"angle between an example and their mean at {last['layer']}", value=_degrees(last), unit="°"
            ),
        ),
        layers=tuple(rows["layer"]),
        depths=tuple(map(int, rows["depth"])),
        page="causes/depth",
    )


def _how(row: "pd.Series[float]") -> str:
    if row["dimensions"] < DIRECTIONS:
        return f"differ in {row['dimensions']:.1f} directions"
    return f"all point the same way, within {_degrees(row):.1f} degrees"


def _degrees(row: "pd.Series[float]") -> float:
    return math.degrees(math.asin(min(1.0, float(row["angle"]))))
