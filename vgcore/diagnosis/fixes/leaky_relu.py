"""Leaky ReLU with He's weights in place of ReLU: it lets a gradient through where it is off."""

from functools import partial

import keras

from vgcore.diagnosis.activated import activated
from vgcore.diagnosis.drawn import drawn
from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.hidden import hidden_layers
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.repaired import Repaired, as_it_is

NAME = "leaky ReLU with He's weights"
PAGE = "fixes/leaky-relu-and-prelu"

SLOPE = 0.2
"""Of Keras's function of this name; its layer would start at 0.3."""


def applies(measured: Measured, finding: Finding) -> bool:
    """Where units of a ReLU are dead."""
    return finding.symptom == "dead units" and bool(hidden_layers(measured, ("relu",)))


def apply(measured: Measured, seed: int) -> Repaired:
    """Leaky ReLU in place of every hidden ReLU; these layers' weights are drawn anew: a dead unit's own keep it off."""
    layer_of = partial(keras.layers.LeakyReLU, SLOPE)
    model = activated(measured, seed, ("relu",), "leaky_relu", layer_of)
    changed = hidden_layers(measured, ("relu",))
    return as_it_is(measured, drawn(model, dict.fromkeys(changed, "leaky_relu"), seed, only=changed))
