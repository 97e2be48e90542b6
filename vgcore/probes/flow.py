"""Watch a forward pass: which layer got which tensor from whom, and what it passes on."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import keras
import tensorflow as tf

from vgcore.probes.undisturbed import is_float, replaced

PASSING_ON = (
    keras.layers.BatchNormalization,
    keras.layers.GroupNormalization,
    keras.layers.LayerNormalization,
    keras.layers.Normalization,
    keras.layers.PReLU,
)
"""Layers that have weights but only normalise or activate what another layer computed."""

UNDIVIDED = (keras.layers.RNN, keras.layers.TimeDistributed)
"""Layers that call the layers inside them once for each time step, so that only the whole can be watched."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Call:
    """One call of one layer (or one Keras operation) and its tensors."""

    layer: Any
    inputs: tuple[Any, ...]
    outputs: tuple[Any, ...]
    weighted: bool
    depth: int


@dataclass(kw_only=True)
class Flow:
    """All calls of a forward pass, in order. It holds on to every tensor, so that their identities stay unique."""

    calls: list[Call] = field(default_factory=list)
    consumers: dict[int, list[Call]] = field(default_factory=lambda: defaultdict(list))
    depths: dict[int, int] = field(default_factory=dict)
    deepest: int = 0

    def record(self, layer: Any, inputs: tuple[Any, ...], outputs: tuple[Any, ...]) -> None:
        """Add a call. A layer that hands its input through (dropout at rest) takes no part."""
        if {id(tensor) for tensor in inputs} & {id(tensor) for tensor in outputs}:
            return
        weighted = bool(kernels(layer))
        # A tensor made outside any layer has no known depth: it comes after everything so far.
        depth = max((self.depths.get(id(tensor), self.deepest) for tensor in inputs), default=0) + weighted
        call = Call(layer=layer, inputs=inputs, outputs=outputs, weighted=weighted, depth=depth)
        self.calls.append(call)
        self.deepest = max(self.deepest, depth)
        for identity in {id(tensor) for tensor in inputs}:
            self.consumers[identity].append(call)
        for tensor in outputs:
            self.depths[id(tensor)] = depth

    def passed_on(self, call: Call, end: set[int]) -> list[tuple[Any, Any]]:
        """What becomes of a call's first output on its way to the next layer with weights: (layer, tensor) pairs.

        The way ends at the model's output (`end` holds their identities), at a layer with weights, and at a tensor
        that several layers use: there the network branches.
        """
        way = [(call.layer, call.outputs[0])]
        while id(way[-1][1]) not in end:
            consumers = self.consumers.get(id(way[-1][1]), [])
            if len(consumers) != 1 or consumers[0].weighted or len(consumers[0].outputs) != 1:
                break
            way.append((consumers[0].layer, consumers[0].outputs[0]))
        return way

    def outputs(self, end: set[int]) -> list[tuple[Any, int, Any]]:
        """Each layer with weights, its depth and what it passes on (`passed_on`) at its last call, by depth."""
        last = {id(call.layer): call for call in self.calls if call.weighted}
        calls = sorted(last.values(), key=lambda call: call.depth)
        return [(call.layer, call.depth, self.passed_on(call, end)[-1][1]) for call in calls]


@contextmanager
def watched(model: Any, x: Any, tape: Any) -> Iterator[Flow]:
    """Within this context every call of the model's layers on x is recorded, its outputs watched by the tape."""
    flow = Flow(depths={id(tensor): 0 for tensor in tensors(x)})
    with ExitStack() as stack:
        for layer in parts(model):
            stack.enter_context(replaced(layer, "call", _recording(layer, tape, flow)))
        yield flow


def kernels(layer: Any) -> list[Any]:
    """The layer's weight matrices, frozen ones too: floating weights of at least two dimensions.

    Vectors (biases, gains) are left out. Layers that only normalise or activate have none.
    """
    if not isinstance(layer, keras.layers.Layer) or isinstance(layer, PASSING_ON):
        return []
    owners = layer._flatten_layers() if isinstance(layer, UNDIVIDED) else [layer]
    weights = [weight for owner in owners for weight in owner._trainable_variables]
    return [weight for weight in weights if len(weight.shape) > 1 and keras.backend.is_float_dtype(weight.dtype)]


def parts(layer: Any) -> list[Any]:
    """The layers and operations that do the work: the leaves of the tree of layers, and layers with own weights."""
    found: dict[int, Any] = {}
    waiting = [layer]
    while waiting:
        part = waiting.pop()
        inside = [] if isinstance(part, UNDIVIDED) else _inside(part)
        if not inside or kernels(part):
            found[id(part)] = part
        waiting.extend(inside)
    return list(found.values())


def _inside(part: Any) -> list[Any]:
    if not isinstance(part, keras.layers.Layer):
        return []
    return [*part._flatten_layers(include_self=False, recursive=False), *getattr(part, "operations", ())]


def _recording(layer: Any, tape: Any, flow: Flow) -> Any:
    call = layer.call

    def recorded_call(*arguments: Any, **keywords: Any) -> Any:
        outputs = call(*arguments, **keywords)
        produced = tuple(filter(is_float, tensors(outputs)))
        if produced:
            tape.watch(produced)
            flow.record(layer, tensors((arguments, keywords)), produced)
        return outputs

    return recorded_call


def tensors(structure: Any) -> tuple[Any, ...]:
    """All tensors in a nested structure."""
    return tuple(filter(tf.is_tensor, keras.tree.flatten(structure)))
