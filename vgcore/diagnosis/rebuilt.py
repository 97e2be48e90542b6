"""A new model like another one: the same layers, or others in their place, and variables of its own."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

from vgcore.probes.flow import kernels

Make = Callable[[Any, dict[str, Any]], Any]
"""From a layer and a fresh copy of its configuration to the layer that takes its place."""

Call = Callable[..., Any]
"""From the old layer, the new one and the arguments of a call to what goes on to the next layer."""


class CannotRebuild(ValueError):
    """The model, or a layer of it, does not say how it is made."""


def same(layer: Any, config: dict[str, Any]) -> Any:
    """A layer of the same kind."""
    if isinstance(layer, keras.layers.Lambda):  # its configuration holds bytecode that Keras refuses to read
        return keras.layers.Lambda(layer.function, layer._output_shape, arguments=layer.arguments, name=layer.name)
    return type(layer).from_config(config)


def plain_call(_: Any, new: Any, *arguments: Any, **keywords: Any) -> Any:
    """The call as it was."""
    return new(*arguments, **keywords)


def rebuilt(model: Any, seed: int, make: Make = same, call: Call = plain_call) -> Any:
    """A new model from the graph of a functional or sequential one, nested models too; the old one is only read.

    Layers whose weights have their old shapes get their old weights where these are finite, all others those that
    their own initialisers draw from `seed`. The result is functional and not compiled. Raises CannotRebuild where
    there is no graph (a subclassed model) or a layer cannot be made from its configuration.
    """
    if not is_graph(model):
        raise CannotRebuild(f"{type(model).__name__} has no graph of layers that could be changed")
    with _defaults_from(seed):
        return _Builder(np.random.default_rng(seed), make, call).built(model)


def copied(model: Any, seed: int) -> Any:
    """A model of its own with the same layers and weights; a model without a graph is its own copy, on loan only."""
    return rebuilt(model, seed) if is_graph(model) else model


def is_graph(model: Any) -> bool:
    """Whether Keras knows how the model's layers are connected."""
    return isinstance(model, keras.Model) and hasattr(graph(model), "_run_through_graph")


def graph(model: Any) -> Any:
    """The functional model itself, or the one that a sequential model hides."""
    return getattr(model, "_functional", None) or model


def answering(model: Any) -> set[int]:
    """The `id` of every layer that has a part in the answer: from the outputs back to the last layers with weights."""
    found: set[int] = set()
    waiting = list(keras.tree.flatten(graph(model).output))
    while waiting:
        layer, node, _ = waiting.pop()._keras_history
        if is_graph(layer):
            found |= answering(layer)
        elif id(layer) not in found:
            found.add(id(layer))
            waiting.extend([] if kernels(layer) else layer._inbound_nodes[node].input_tensors)
    return found


@contextmanager
def _defaults_from(seed: int) -> Iterator[None]:
    """Within this context the seeds that nobody gives come from this one; Python's own generator stays as it was."""
    before = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(before)


class _Builder:
    """Builds one model, each of its layers once."""

    def __init__(self, seeds: np.random.Generator, make: Make, call: Call) -> None:
        self.seeds, self.make, self.call = seeds, make, call
        self.old: dict[int, Any] = {}
        self.new: dict[int, Any] = {}

    def built(self, model: Any) -> Any:
        source = graph(model)
        fresh = keras.Model(source.input, source.output, name=model.name)  # not compiled, and so the clone is not
        return keras.models.clone_model(fresh, clone_function=self._clone, call_function=self._called)

    def _clone(self, layer: Any) -> Any:
        if id(layer) not in self.new:
            clone = self.built(layer) if is_graph(layer) else self._made(layer)
            self.new[id(layer)], self.old[id(clone)] = clone, layer
        return self.new[id(layer)]

    def _made(self, layer: Any) -> Any:
        try:
            config = self._seeded(layer.get_config())
            return (
                self.make(layer, config) if isinstance(layer, keras.layers.Layer) else type(layer).from_config(config)
            )
        except (TypeError, ValueError, NotImplementedError) as wrong:
            raise CannotRebuild(f"{layer.name} cannot be made from its configuration") from wrong

    def _called(self, new: Any, *arguments: Any, **keywords: Any) -> Any:
        old = self.old[id(new)]
        outputs = self.call(old, new, *arguments, **keywords)
        if isinstance(old, keras.layers.Layer) and not is_graph(old):
            new._path = old._path  # inside a nested model Keras would name it otherwise
            _copy(old, new)
        return outputs

    def _seeded(self, part: Any) -> Any:
        """The configuration with a seed of its own wherever one belongs: two layers must not draw the same weights."""
        if isinstance(part, dict):
            return {key: self._seed() if key == "seed" else self._seeded(value) for key, value in part.items()}
        return [self._seeded(one) for one in part] if isinstance(part, list) else part

    def _seed(self) -> int:
        return int(self.seeds.integers(2**31))


def _copy(old: Any, new: Any) -> None:
    weights = old.get_weights()
    if [value.shape for value in weights] == [tuple(variable.shape) for variable in new.weights] and all(
        np.isfinite(np.asarray(value, np.float64)).all() for value in weights
    ):
        new.set_weights(weights)
