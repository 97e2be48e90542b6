"""Batch normalisation before every hidden activation."""

from collections.abc import Collection
from typing import Any

import keras

from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.hidden import NORMALISING, has, hidden_layers
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.rebuilt import plain_call, rebuilt, same
from vgcore.diagnosis.repaired import Repaired, as_it_is

NAME = "batch normalisation"
PAGE = "fixes/batch-normalisation"

SYMPTOMS = ("vanishing", "exploding", "hidden explosion", "dead units", "saturated", "collapsed")

MOMENTUM = 0.9
"""Keras's 0.99 would keep much of the statistics that it starts with for the whole race."""


def applies(measured: Measured, finding: Finding) -> bool:
    """Where signals change their size with depth, in a network that normalises nothing yet."""
    suitable = finding.symptom in SYMPTOMS and finding.cause != "recurrence"
    return suitable and bool(hidden_layers(measured)) and not has(measured.model, NORMALISING)


def apply(measured: Measured, seed: int) -> Repaired:
    """Each hidden layer's activation becomes a layer of its own, behind the normalisation."""
    split = _Split(hidden_layers(measured))
    return as_it_is(measured, rebuilt(measured.model, seed, make=split.made, call=split.called))


class _Split:
    """Takes a layer and its activation apart, and puts the normalisation between them; once for each layer."""

    def __init__(self, paths: Collection[str]) -> None:
        self.paths = paths
        self.normalising: dict[int, Any] = {}

    def made(self, layer: Any, config: dict[str, Any]) -> Any:
        return same(layer, config | {"activation": "linear"} if layer.path in self.paths else config)

    def called(self, old: Any, new: Any, *arguments: Any, **keywords: Any) -> Any:
        outputs = plain_call(old, new, *arguments, **keywords)
        if getattr(old, "path", None) not in self.paths:
            return outputs
        if id(new) not in self.normalising:
            name = f"{new.name}_normalised"
            self.normalising[id(new)] = keras.layers.BatchNormalization(momentum=MOMENTUM, name=name)
        return keras.layers.Activation(old.activation)(self.normalising[id(new)](outputs))
