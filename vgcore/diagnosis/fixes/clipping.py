"""A gradient that is shortened, as a whole, to a length of 1 at most."""

from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.rebuilt import copied
from vgcore.diagnosis.repaired import Repaired, as_it_is

NAME = "clipping at 1"
PAGE = "fixes/clipping"


def applies(measured: Measured, finding: Finding) -> bool:
    """Where gradients explode or an update is not finite, and nothing clips them yet."""
    too_large = finding.symptom in ("exploding", "saturated") or finding.cause in ("update", "learning rate")
    return too_large and not measured.trial.clip_loads


def apply(measured: Measured, seed: int) -> Repaired:
    """The same optimiser with `global_clipnorm=1`."""
    return as_it_is(measured, copied(measured.model, seed), clipnorm=None, clipvalue=None, global_clipnorm=1.0)
