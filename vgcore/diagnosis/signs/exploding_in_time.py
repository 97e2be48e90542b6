"""The gradient grows with every step back in time."""

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.horizon import Horizon, horizons
from vgcore.diagnosis.measured import Measured

DECADES = 3.0
"""Gained from the last step to the first before it counts."""


def examine(measured: Measured) -> Finding | None:
    """Look for a recurrent layer whose gradient grows towards the first step, with two batches."""
    grown = growth(measured)
    if not grown:
        return None
    worst = min(grown, key=lambda each: each.decades)
    again = {each.layer: each.decades for each in horizons(measured.times_again)}
    lasting = again.get(worst.layer, 0.0) < -DECADES
    return Finding(
        symptom="exploding",
        severity="alarm" if lasting and not (measured.learns or measured.has_learnt) else "risk",
        cause="recurrence",
        sentence=f"In {worst.layer} the gradient grows by {-worst.decades:.0f} decades over {worst.steps} steps.",
        evidence=(
            Evidence(name="gradient gained from the last step to the first", value=-worst.decades, unit="decades"),
            Evidence(name="sequence", value=worst.steps, unit="steps"),
        ),
        layers=tuple(each.layer for each in grown),
        page="causes/time",
    )


def growth(measured: Measured) -> list[Horizon]:
    """The recurrent layers whose gradient grows enough to explode."""
    return [each for each in horizons(measured.times) if each.decades < -DECADES]
