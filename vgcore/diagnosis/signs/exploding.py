"""The gradient grows on its way to the first layers, beyond what a step can use."""

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.levels import WHOLE, Fall, fall, first_step, forward, rise, step_sizes
from vgcore.diagnosis.measured import Measured

DECADES = 3.0
"""Gained in all before it counts."""

FEWER = 2.0
"""Decades that are enough where the first step of most hidden layers is longer than their weights."""

ALONE = 0.5
"""Share of the whole growth that makes a single layer the culprit."""


def examine(measured: Measured) -> Finding | None:
    """Look for a growth of the gradient towards the input before training: large steps soon hide where they began."""
    grown = growth(measured)
    if grown is None:
        return None
    rows = measured.before[0].layers
    sizes = step_sizes(rows, measured.trial.update_ratios)
    alone, hidden = grown.share > ALONE, rows[rows["hidden"]]
    return Finding(
        symptom="exploding",
        severity="risk" if measured.learns or measured.has_learnt else "alarm",
        cause="initialisation" if alone or grown.slope < -0.15 else "depth",
        sentence=_sentence(grown),
        evidence=(
            Evidence(name="gradient gained on the way to the first layer", value=-grown.decades, unit="decades"),
            Evidence(name="from layer to layer", value=-grown.slope, unit="decades"),
            *forward(measured.before[0]),
            Evidence(name="steps before a number was not finite", value=measured.trial.finite),
            Evidence(name="largest step", value=sizes.max(), unit="of a layer's weights"),
        ),
        layers=(grown.layer,) if alone else tuple(hidden["layer"]),
        depths=(grown.depth,) if alone else tuple(map(int, hidden["depth"])),
        page="problem/what-explodes",
    )


def growth(measured: Measured) -> Fall | None:
    """How the gradient of the first look grows, if at each look before training it grows enough to explode.

    It has to end above where it began: beside a branch that starves, another one's first layers only look large.
    """
    rises = [each for each in map(rise, measured.before) if each]
    if any(whole.decades > 0 for whole in map(fall, measured.before) if whole):
        return None
    enough = FEWER if first_step(measured.before[0], measured.trial.update_ratios) > WHOLE else DECADES
    return rises[0] if rises and max(each.decades for each in rises) <= -enough else None


def _sentence(grown: Fall) -> str:
    if grown.share > ALONE:
        return (
            f"The gradient grows at one place: {grown.layer} adds {grown.share:.0%} of the "
            f"{-grown.decades:.0f} decades."
        )
    return (
        f"The gradient grows by {-grown.decades:.0f} decades on its way to the first layer, {-grown.slope:.1f} a layer."
    )
