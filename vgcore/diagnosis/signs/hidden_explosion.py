"""Clipping is all that holds the training: without it the same steps diverge."""

import numpy as np

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.levels import WHOLE
from vgcore.diagnosis.measured import Measured


def examine(measured: Measured) -> Finding | None:
    """Hold the trial against the same one without clipping."""
    if measured.unclipped is None:
        return None
    longest = max(max(each) for each in measured.unclipped.update_ratios.values())
    if measured.holds_unclipped and not longest > WHOLE:
        return None
    load = float(np.median(measured.trial.clip_loads))
    return Finding(
        symptom="hidden explosion",
        severity="alarm",
        cause="clipping",
        sentence=f"Clipping shortens the gradient {load:.0f} times, and without it the same steps destroy the weights.",
        evidence=(
            Evidence(name="gradient before clipping", value=load, unit="times the limit (median)"),
            Evidence(name="longest step without clipping", value=longest, unit="of a layer's weights"),
            Evidence(name="steps without clipping", value=measured.unclipped.finite, unit="that stayed finite"),
        ),
        page="fixes/clipping",
    )
