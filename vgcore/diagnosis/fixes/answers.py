"""Answers in units of the targets' spread, so that the last layer has to say numbers about 1."""

from dataclasses import replace

import keras
import numpy as np

from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.rebuilt import rebuilt
from vgcore.diagnosis.repaired import Repaired, as_it_is

NAME = "standardised targets"
PAGE = "signs/when-it-is-not-the-gradient"


def applies(measured: Measured, finding: Finding) -> bool:
    """Where the targets' size is to blame and there is one output."""
    return finding.cause == "target scale" and len(keras.tree.flatten(measured.sample[1])) == 1


def apply(measured: Measured, seed: int) -> Repaired:
    """The answers are multiplied by the targets' standard deviation and get their mean added.

    Training divides the loss by that of the best constant answer. For the squared error this is the same as training
    on standardised targets, and the loss stays comparable.
    """
    inner = rebuilt(measured.model, seed)
    targets = np.asarray(keras.tree.flatten(measured.sample[1])[0], np.float64)
    scaled = keras.layers.Rescaling(float(targets.std()) or 1.0, float(targets.mean()), name="in_units_of_the_targets")
    factor = 1 / measured.guess if np.isfinite(measured.guess) and measured.guess > 0 else 1.0
    return replace(as_it_is(measured, keras.Model(inner.input, scaled(inner.output))), loss_factor=factor)
