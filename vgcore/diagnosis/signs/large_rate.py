"""The gradient is in order, and the steps are far too long."""

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.levels import step_sizes
from vgcore.diagnosis.measured import Measured

MOST = 0.3
"""|step| / |W| of the layer that moves most, above which nothing that was learnt is kept."""


def examine(measured: Measured) -> Finding | None:
    """Look for a model that does not learn, and whose steps undo each other or diverge."""
    largest = float(step_sizes(measured.before[0].layers, measured.trial.update_ratios).max())
    if measured.has_learnt or measured.learns or not (measured.diverges or largest > MOST):
        return None
    return Finding(
        symptom="not a gradient problem",
        severity="alarm",
        cause="learning rate",
        sentence="Before training the gradient is in order, but the steps are far too long for these weights.",
        evidence=(
            Evidence(name="largest step", value=largest, unit="of a layer's weights"),
            Evidence(name="learning rate", value=measured.learning_rate),
            Evidence(name="steps that stayed finite", value=measured.trial.finite),
        ),
        page="fixes/learning-rate-and-optimiser",
    )
