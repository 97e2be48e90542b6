"""The hidden layers of a model in which a fix can take hold, and what stands between them."""

from collections.abc import Collection
from typing import Any

import keras

from vgcore.diagnosis.drawn import PLAIN
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.rebuilt import answering, is_graph

NORMALISING = (
    keras.layers.BatchNormalization,
    keras.layers.GroupNormalization,
    keras.layers.LayerNormalization,
    keras.layers.RMSNormalization,
)


def hidden_layers(measured: Measured, activations: Collection[str] | None = None) -> dict[str, str]:
    """By its path, the activation of each hidden dense or convolutional layer that trains; only of some activations."""
    plain = {layer.path for layer in measured.model._flatten_layers() if isinstance(layer, PLAIN) and layer.trainable}
    rows = measured.before[0].hidden
    found = {
        str(path): str(name) for path, name in zip(rows["layer"], rows["activation"], strict=True) if path in plain
    }
    return {path: name for path, name in found.items() if activations is None or name in activations}


def has(model: Any, kinds: tuple[Any, ...]) -> bool:
    """Whether one of the model's layers is of such a kind."""
    return any(isinstance(layer, kinds) for layer in model._flatten_layers())


def inner_activations(measured: Measured) -> set[int]:
    """The `id` of every layer that may hold a hidden activation: all that have no part in the answer."""
    if not is_graph(measured.model):
        return set()
    return {id(layer) for layer in measured.model._flatten_layers()} - answering(measured.model)
