"""A learning rate at which the layer that moves most moves by a hundredth of its weights in a step."""

import numpy as np

from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.rebuilt import copied
from vgcore.diagnosis.repaired import Repaired, as_it_is

NAME = "another learning rate"
PAGE = "fixes/learning-rate-and-optimiser"

STEP = 1e-2
"""|step| / |W| of the layer that moves most, at the first step: what trains well is within ten times of it."""


def applies(measured: Measured, finding: Finding) -> bool:
    """Where the steps are to blame, or too long because the gradient is, and another power of ten suits better."""
    return (finding.cause == "learning rate" or finding.symptom == "exploding") and factor(measured) != 1


def apply(measured: Measured, seed: int) -> Repaired:
    """The same optimiser at a rate that is so many powers of ten larger or smaller."""
    return as_it_is(measured, copied(measured.model, seed), learning_rate=measured.learning_rate * factor(measured))


def factor(measured: Measured) -> float:
    """The power of ten that brings the first step nearest to `STEP`."""
    first = [ratios[0] for ratios in measured.trial.update_ratios.values() if np.isfinite(ratios[0])]
    largest = max(first, default=0.0)
    return float(10.0 ** np.round(np.log10(STEP / largest))) if largest > 0 else 1.0
