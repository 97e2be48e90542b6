"""The gradient grows on its way to the first layers, beyond what a step can use."""

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.levels import fall, step_sizes
from vgcore.diagnosis.measured import Measured

DECADES = 3.0
"""Gained in all before it counts."""


def examine(measured: Measured) -> Finding | None:
    """Look for a growth of the gradient towards the input before training: large steps soon hide where they began."""
    falls = [each for each in map(fall, measured.before) if each]
    if not falls or max(each.decades for each in falls) > -DECADES:
        return None
    grown, rows = falls[0], measured.before[0].layers
    sizes = step_sizes(rows, measured.trial.update_ratios)
    return Finding(
        symptom="exploding",
        severity="risk" if measured.learns or measured.has_learnt else "alarm",
        cause="initialisation" if grown.slope < -0.15 else "depth",
        sentence=(
            f"The gradient grows by {-grown.decades:.0f} decades on its way to the first layer, "
            f"{-grown.slope:.1f} a layer."
        ),
        evidence=(
            Evidence(name="gradient gained on the way to the first layer", value=-grown.decades, unit="decades"),
            Evidence(name="a layer", value=-grown.slope, unit="decades"),
            Evidence(name="steps before a number was not finite", value=measured.trial.finite),
            Evidence(name="largest step", value=sizes.max(), unit="of a layer's weights"),
        ),
        layers=tuple(rows[rows["hidden"]]["layer"]),
        depths=tuple(map(int, rows[rows["hidden"]]["depth"])),
        page="problem/what-explodes",
    )
