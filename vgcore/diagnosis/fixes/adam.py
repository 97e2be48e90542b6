"""Adam, whose steps do not depend on the gradient's size, in place of plain gradient descent."""

import keras

from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.rebuilt import copied
from vgcore.diagnosis.repaired import Repaired, around, inner

NAME = "Adam"
PAGE = "fixes/learning-rate-and-optimiser"

KEPT = ("weight_decay", "clipnorm", "global_clipnorm", "clipvalue", "gradient_accumulation_steps", "loss_scale_factor")
"""Settings that mean the same to every optimiser."""

SYMPTOMS = ("vanishing", "exploding", "hidden explosion", "saturated", "collapsed")


def applies(measured: Measured, finding: Finding) -> bool:
    """Where gradients are too small or too large and the reader's optimiser multiplies them by one number."""
    unsuited = finding.symptom in SYMPTOMS or finding.cause == "learning rate"
    return unsuited and isinstance(inner(measured.optimiser), keras.optimizers.SGD)


def apply(measured: Measured, seed: int) -> Repaired:
    """Adam at Keras's own rate of 0.001, with the reader's clipping and weight decay."""
    settings = inner(measured.optimiser).get_config()
    adam = keras.optimizers.Adam(1e-3, **{name: settings[name] for name in KEPT})
    return Repaired(model=copied(measured.model, seed), optimiser=around(measured.optimiser, adam))
