"""An LSTM in place of each SimpleRNN."""

from typing import Any

import keras

from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.hidden import has
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.rebuilt import rebuilt, same
from vgcore.diagnosis.repaired import Repaired, as_it_is

NAME = "LSTM"
PAGE = "fixes/lstm"

OWN = ("activation", "recurrent_initializer", "bias_initializer")
"""Settings that an LSTM has its own of."""


def applies(measured: Measured, finding: Finding) -> bool:
    """Where gradients fade or explode in time, in a SimpleRNN."""
    return finding.cause == "recurrence" and has(measured.model, (keras.layers.SimpleRNN,))


def apply(measured: Measured, seed: int) -> Repaired:
    """As many units, and weights that are all new: an LSTM has four times as many."""
    return as_it_is(measured, rebuilt(measured.model, seed, make=_made))


def _made(layer: Any, config: dict[str, Any]) -> Any:
    if isinstance(layer, keras.layers.SimpleRNN):
        return _lstm(config)
    if isinstance(layer, keras.layers.Bidirectional) and isinstance(layer.forward_layer, keras.layers.SimpleRNN):
        back = {"backward_layer": _lstm(config["backward_layer"]["config"])} if "backward_layer" in config else {}
        return keras.layers.Bidirectional(
            _lstm(config["layer"]["config"]), config["merge_mode"], name=config["name"], **back
        )
    return same(layer, config)


def _lstm(config: dict[str, Any]) -> Any:
    return keras.layers.LSTM.from_config({name: value for name, value in config.items() if name not in OWN})
