"""ReLU with He's weights in place of the functions that are flat on both sides."""

import keras

from vgcore.diagnosis.activated import activated
from vgcore.diagnosis.drawn import drawn
from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.hidden import hidden_layers
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.repaired import Repaired, as_it_is

NAME = "ReLU with He's weights"
PAGE = "fixes/relu"

FLAT = ("sigmoid", "tanh", "hard_sigmoid", "hard_tanh", "softsign")
"""Their slope goes to 0 for large inputs of either sign."""

SYMPTOMS = ("vanishing", "saturated", "collapsed")


def applies(measured: Measured, finding: Finding) -> bool:
    """Where gradients fade and hidden dense or convolutional layers have such a function."""
    return finding.symptom in SYMPTOMS and bool(hidden_layers(measured, FLAT))


def apply(measured: Measured, seed: int) -> Repaired:
    """ReLU in these layers, whose weights are drawn anew; recurrent layers and the answer stay as they are."""
    model = activated(measured, seed, FLAT, "relu", keras.layers.ReLU)
    changed = hidden_layers(measured, FLAT)
    return as_it_is(measured, drawn(model, dict.fromkeys(changed, "relu"), seed, only=changed))
