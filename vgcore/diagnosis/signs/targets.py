"""The targets are far from what the last layer can say."""

import numpy as np

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.measured import Measured

MOST = 30.0
"""RMS of real targets."""


def examine(measured: Measured) -> Finding | None:
    """Look at the size of real targets of a model that does not learn."""
    size = measured.target_rms
    if not size > MOST or measured.learns or measured.has_learnt:
        return None
    return Finding(
        symptom="not a gradient problem",
        severity="alarm",
        cause="target scale",
        sentence=f"The targets are not scaled: their RMS is {size:.3g}, and a fresh network answers about 1.",
        evidence=(
            Evidence(name="targets (RMS)", value=size),
            Evidence(name="answers (RMS)", value=float(np.sqrt(np.mean(measured.before[0].answers ** 2)))),
        ),
        page="signs/when-it-is-not-the-gradient",
    )
