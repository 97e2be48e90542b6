"""What a recurrent layer is told of its early steps is lost on the way back through time."""

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.horizon import horizons
from vgcore.diagnosis.measured import Measured

DECADES, HARMFUL = 3.0, 4.0
"""Lost from the last step to the first before it counts, and before it is held to do harm."""


def examine(measured: Measured) -> Finding | None:
    """Look for a recurrent layer whose gradient reaches less far back than its sequence, with two batches."""
    short = [each for each in horizons(measured.times) if each.decades > DECADES]
    if not short:
        return None
    again = {each.layer: each.decades for each in horizons(measured.times_again)}
    worst = max(short, key=lambda each: each.decades)
    lasting = min(worst.decades, again.get(worst.layer, 0.0)) >= HARMFUL
    return Finding(
        symptom="vanishing",
        severity="alarm" if lasting and not (measured.learns or measured.has_learnt) else "risk",
        cause="recurrence",
        sentence=(
            f"{worst.layer} reads {worst.steps} steps, and after {worst.horizon:.0f} steps back less than a thousandth "
            "of the gradient is left."
        ),
        evidence=(
            Evidence(name="gradient lost from the last step to the first", value=worst.decades, unit="decades"),
            Evidence(name="horizon", value=worst.horizon, unit="steps"),
            Evidence(name="sequence", value=worst.steps, unit="steps"),
        ),
        layers=tuple(each.layer for each in short),
        page="causes/time",
    )
