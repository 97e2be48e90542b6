"""Gates that start open for as long as the sequence is."""

from typing import Any

import keras
import numpy as np

from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.hidden import has
from vgcore.diagnosis.horizon import horizons
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.rebuilt import copied
from vgcore.diagnosis.repaired import Repaired, as_it_is

NAME = "gates that start open"
PAGE = "fixes/lstm"

GATED = (keras.layers.LSTM, keras.layers.GRU)


def applies(measured: Measured, finding: Finding) -> bool:
    """Where gradients fade in the time of an LSTM or a GRU."""
    return finding.symptom == "vanishing" and finding.cause == "recurrence" and has(measured.model, GATED)


def apply(measured: Measured, seed: int) -> Repaired:
    """The forget gate of an LSTM, and the update gate of a GRU, gets the bias log(steps).

    A gate then keeps steps / (steps + 1) of its state, so that over all steps about 1 / e is left.
    """
    model = copied(measured.model, seed)
    steps = max((each.steps for each in horizons(measured.times)), default=1)
    for layer in model._flatten_layers():
        if isinstance(layer, GATED) and layer.use_bias:
            _open(layer.cell, float(np.log(steps)))
    return as_it_is(measured, model)


def _open(cell: Any, bias: float) -> None:
    values = cell.bias.value.numpy()
    if isinstance(cell, keras.layers.LSTMCell):
        values[cell.units : 2 * cell.units] = bias
    else:
        values.reshape(-1, 3 * cell.units)[:1, : cell.units] = bias  # a second row, if any, adds to the first
    cell.bias.assign(values)
