"""The fixes, one file each: what to change about a model, and when that makes sense; what mends most comes first."""

from typing import Protocol

from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.fixes import (
    adam,
    answers,
    batch_normalisation,
    clipping,
    epsilon,
    gates,
    initial_weights,
    inputs,
    leaky_relu,
    learning_rate,
    lstm,
    relu,
    skips,
)
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.repaired import Repaired


class Fix(Protocol):
    """What each file holds: the fix's name, the book's page about it, and two functions."""

    NAME: str
    PAGE: str

    def applies(self, measured: Measured, finding: Finding) -> bool:
        """Whether the fix is sensible for this model and symptom; cheap, and only looks."""

    def apply(self, measured: Measured, seed: int) -> Repaired:
        """A new model with the fix; the reader's is only read. Raises CannotRebuild where that is not possible."""


FIXES: tuple[Fix, ...] = (
    inputs,
    answers,
    relu,
    leaky_relu,
    initial_weights,
    gates,
    lstm,
    skips,
    batch_normalisation,
    clipping,
    learning_rate,
    epsilon,
    adam,
)
