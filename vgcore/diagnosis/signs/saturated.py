"""Units of a sigmoid or tanh layer that sit where the function is flat."""

import numpy as np

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.signs import exploding, exploding_in_time

SATURATED, FLAT = 0.5, 0.9
"""Shares of a layer's values: half of them is a loss; where nearly all are, it is they who hold the gradient up."""

LARGE = 10.0
"""RMS of inputs that are not scaled."""


def examine(measured: Measured) -> Finding | None:
    """Look for hidden layers most of whose values are saturated at every look, in a model that does not learn."""
    hidden = measured.before[0].hidden
    shares = np.min([np.nan_to_num(seen.hidden["saturated_fraction"]) for seen in measured.looks], axis=0)
    rows = hidden.assign(saturated=shares)[shares >= SATURATED]
    if rows.empty or measured.learns or measured.has_learnt:
        return None
    worst = rows.loc[rows["saturated"].idxmax()]
    if worst["saturated"] < FLAT and _explodes(measured):
        return None
    cause = "input scale" if int(worst["depth"]) == 1 and measured.input_rms > LARGE else "initialisation"
    return Finding(
        symptom="saturated",
        severity="alarm",
        cause=cause,
        sentence=(
            f"{worst['saturated']:.0%} of what {worst['layer']} passes on lies where its {worst['activation']} is flat."
        ),
        evidence=(
            Evidence(name="saturated values", value=100 * worst["saturated"], unit="%"),
            Evidence(name="inputs (RMS)", value=measured.input_rms),
        ),
        layers=tuple(rows["layer"]),
        depths=tuple(map(int, rows["depth"])),
        page="causes/saturation",
    )


def _explodes(measured: Measured) -> bool:
    """Whether the gradient grows through the units that still respond: then large weights saturate the others."""
    return exploding.growth(measured) is not None or bool(exploding_in_time.growth(measured))
