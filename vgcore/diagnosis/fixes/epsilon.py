"""An epsilon that is small beside the gradients, so that an adaptive optimiser's steps come to something."""

import numpy as np

from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.rebuilt import copied
from vgcore.diagnosis.repaired import Repaired, as_it_is, inner

NAME = "a smaller epsilon"
PAGE = "fixes/learning-rate-and-optimiser"

SHARE = 1e-3
"""Of the median layer's gradient: it then shortens that layer's steps by a thousandth."""

LEAST = 1e-18
"""Squares of smaller gradients are no longer normal numbers in float32."""


def applies(measured: Measured, finding: Finding) -> bool:
    """Where the epsilon is to blame."""
    return finding.cause == "epsilon" and hasattr(inner(measured.optimiser), "epsilon")


def apply(measured: Measured, seed: int) -> Repaired:
    """The same optimiser with a thousandth of the median layer's gradient as its epsilon."""
    gradient = float(np.median([np.mean(each) for each in measured.trial.gradient_rms.values()]))
    return as_it_is(measured, copied(measured.model, seed), epsilon=max(SHARE * gradient, LEAST))
