"""A model with another activation in its hidden layers."""

from collections.abc import Callable, Collection
from typing import Any

import keras

from vgcore.diagnosis.hidden import inner_activations
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.rebuilt import Make, rebuilt, same


def activated(measured: Measured, seed: int, replaced: Collection[str], by: str, layer_of: Callable[..., Any]) -> Any:
    """The model with the activation named `by` wherever a hidden layer has one of those `replaced`.

    `layer_of`: makes the layer that takes the place of one that holds nothing but the activation.
    """
    return rebuilt(measured.model, seed, make=_making(inner_activations(measured), replaced, by, layer_of))


def _making(inside: set[int], replaced: Collection[str], by: str, layer_of: Callable[..., Any]) -> Make:
    def made(layer: Any, config: dict[str, Any]) -> Any:
        if id(layer) not in inside:
            return same(layer, config)
        if function_of(layer) in replaced and not layer.weights:
            return layer_of(name=config["name"], dtype=config["dtype"])
        if config.get("activation") in replaced and not isinstance(layer, keras.layers.RNN):
            config["activation"] = by
        return same(layer, config)

    return made


def function_of(layer: Any) -> str:
    """The name of the function that a layer without weights applies: "relu" for `ReLU` and `Activation("relu")`."""
    name = getattr(getattr(layer, "activation", None), "__name__", "")
    return name or type(layer).__name__.lower()
