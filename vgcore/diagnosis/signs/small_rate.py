"""The gradient arrives everywhere, and the steps are far too short."""

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.levels import step_sizes
from vgcore.diagnosis.measured import Measured

LEAST = 1e-5
"""|step| / |W| of the layer that moves most, below which nothing changes in thousands of steps."""


def examine(measured: Measured) -> Finding | None:
    """Look for a model that does not learn, and none of whose layers moves."""
    largest = float(step_sizes(measured.before[0].layers, measured.trial.update_ratios).max())
    if measured.has_learnt or measured.learns or not largest < LEAST:
        return None
    return Finding(
        symptom="not a gradient problem",
        severity="alarm",
        cause="learning rate",
        sentence=f"No layer moves by more than {largest:.0e} of its weights in a step: the learning rate is too small.",
        evidence=(
            Evidence(name="largest step", value=largest, unit="of a layer's weights"),
            Evidence(name="learning rate", value=measured.learning_rate),
        ),
        page="fixes/learning-rate-and-optimiser",
    )
