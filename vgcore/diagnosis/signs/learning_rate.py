"""The gradient arrives everywhere, and the steps are far too short or too long."""

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.levels import step_sizes
from vgcore.diagnosis.measured import Measured

LEAST, MOST = 1e-5, 0.3
"""|step| / |W| of the layer that moves most: below, nothing changes in thousands of steps; above, nothing is kept."""


def examine(measured: Measured) -> Finding | None:
    """Look at the steps of a model that does not learn."""
    if measured.has_learnt or measured.learns:
        return None
    sizes = step_sizes(measured.before[0].layers, measured.trial.update_ratios)
    largest = float(sizes.max())
    too_small = largest < LEAST
    if not too_small and not (measured.diverges or largest > MOST):
        return None
    return Finding(
        symptom="not a gradient problem",
        severity="alarm",
        cause="learning rate",
        sentence=(
            f"No layer moves by more than {largest:.0e} of its weights in a step: the learning rate is too small."
            if too_small
            else "The gradient is in order, but the steps are too long: the learning rate is too large."
        ),
        evidence=(
            Evidence(name="largest step", value=largest, unit="of a layer's weights"),
            Evidence(name="learning rate", value=measured.learning_rate),
            Evidence(name="steps that stayed finite", value=measured.trial.finite),
        ),
        page="fixes/learning-rate-and-optimiser",
    )
