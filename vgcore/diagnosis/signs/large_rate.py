"""The gradient is in order, and the steps are far too long."""

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.levels import WHOLE, first_step, step_sizes
from vgcore.diagnosis.measured import BETTER, SLOWER, Measured

MOST = 0.3
"""|step| / |W| of the layer that moves most, above which nothing that was learnt is kept."""


def examine(measured: Measured) -> Finding | None:
    """Look for a model that does not learn, and whose steps undo each other, diverge or wipe out the weights."""
    ratios = measured.trial.update_ratios
    largest, first = float(step_sizes(measured.before[0].layers, ratios).max()), first_step(measured.before[0], ratios)
    if measured.has_learnt or measured.learns or not (measured.diverges or largest > MOST or first > WHOLE):
        return None
    return _finding(
        measured,
        "alarm",
        "Before training the gradient is in order, but the steps are far too long for these weights.",
        Evidence(name="first step", value=first, unit="of a layer's weights (median)"),
        Evidence(name="steps that stayed finite", value=measured.trial.finite),
    )


def examine_slower(measured: Measured) -> Finding | None:
    """Take the same steps at a tenth of the rate, where the model does not learn at its own: an alarm if it gets worse.

    This is a second trial: to be asked only where nothing else was found.
    """
    if measured.has_learnt or measured.learns or measured.after is None:
        return None
    slower, end = measured.slower, measured.after.loss
    if slower is None or not measured.is_learning(slower) or not slower.loss < BETTER * end:
        return None
    return _finding(
        measured,
        "alarm" if end > measured.before[0].loss else "risk",
        "The steps are too long: of a tenth of the length, on the same batches, they make the model better.",
        Evidence(name="loss after the trial", value=end),
        Evidence(name=f"loss after the same steps at {SLOWER} of the rate", value=slower.loss),
    )


def _finding(measured: Measured, severity: str, sentence: str, *evidence: Evidence) -> Finding:
    largest = float(step_sizes(measured.before[0].layers, measured.trial.update_ratios).max())
    return Finding(
        symptom="not a gradient problem",
        severity=severity,
        cause="learning rate",
        sentence=sentence,
        evidence=(
            Evidence(name="largest step", value=largest, unit="of a layer's weights"),
            Evidence(name="learning rate", value=measured.learning_rate),
            *evidence,
        ),
        page="fixes/learning-rate-and-optimiser",
    )
