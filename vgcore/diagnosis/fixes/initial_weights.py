"""First weights of the size that suits each layer's activation."""

from vgcore.diagnosis.drawn import drawn
from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.rebuilt import copied
from vgcore.diagnosis.repaired import Repaired, as_it_is

NAME = "initial weights that suit the activation"
PAGE = "fixes/weight-initialisation"

SYMPTOMS = ("vanishing", "exploding", "hidden explosion", "dead units", "saturated", "collapsed", "non-finite")


def applies(measured: Measured, finding: Finding) -> bool:
    """Where weights can be to blame, in a model that has not learnt anything worth keeping."""
    return finding.symptom in SYMPTOMS and finding.cause != "data" and not measured.has_learnt


def apply(measured: Measured, seed: int) -> Repaired:
    """He's weights before ReLU and its like, LeCun's before SELU, else Glorot's; orthogonal recurrent weights."""
    rows = measured.before[0].layers
    activations = dict(zip(rows["layer"], rows["activation"], strict=True))
    return as_it_is(measured, drawn(copied(measured.model, seed), activations, seed))
