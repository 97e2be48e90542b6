"""Clipping is all that holds the training: without it the same steps diverge."""

import numpy as np

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.measured import Measured

LOAD = 10.0
"""How many times too long the gradient has to be in most steps."""


def examine(measured: Measured) -> Finding | None:
    """Hold the trial against the same one without clipping."""
    if measured.unclipped is None or np.median(measured.trial.clip_loads) < LOAD:
        return None
    if measured.holds_unclipped:
        return None
    load = float(np.median(measured.trial.clip_loads))
    return Finding(
        symptom="hidden explosion",
        severity="alarm",
        cause="clipping",
        sentence=f"Clipping shortens the gradient {load:.0f} times, and without it the training diverges.",
        evidence=(
            Evidence(name="gradient before clipping", value=load, unit="times the limit (median)"),
            Evidence(name="steps without clipping", value=measured.unclipped.finite, unit="until it diverged"),
        ),
        page="fixes/clipping",
    )
