"""A straight path around every hidden layer that gives back what it takes in shape."""

from typing import Any

import keras

from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.hidden import hidden_layers
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.rebuilt import Call, graph, is_graph, plain_call, rebuilt
from vgcore.diagnosis.repaired import Repaired, as_it_is
from vgcore.probes.flow import parts

NAME = "skip connections"
PAGE = "fixes/residual-networks"

SYMPTOMS = ("vanishing", "exploding", "hidden explosion", "dead units", "saturated", "collapsed")


def applies(measured: Measured, finding: Finding) -> bool:
    """Where gradients change with depth, in a network that has no additions yet and two such layers."""
    suitable = finding.symptom in SYMPTOMS and finding.cause != "recurrence"
    return suitable and not _adds(measured.model) and _count(measured.model, _paths(measured)) > 1


def apply(measured: Measured, seed: int) -> Repaired:
    """x + (f(W x) - f(0)) / sqrt(n) for each of the n layers.

    Centred, or the stream's mean would drift, and scaled, or its variance would double at every layer.
    """
    paths = _paths(measured)
    scale = max(_count(measured.model, paths), 1) ** -0.5
    return as_it_is(measured, rebuilt(measured.model, seed, call=_around(paths, scale)))


def _adds(model: Any) -> bool:
    """Whether something is added up already, in a layer of this name or by a plus sign."""
    return any(type(part).__name__ == "Add" for part in parts(model))


def _paths(measured: Measured) -> set[str]:
    return set(hidden_layers(measured))


def _around(paths: set[str], scale: float) -> Call:
    calls: dict[str, int] = {}

    def called(old: Any, new: Any, *arguments: Any, **keywords: Any) -> Any:
        branch = plain_call(old, new, *arguments, **keywords)
        if getattr(old, "path", None) not in paths or branch.shape != arguments[0].shape:
            return branch
        calls[new.name] = calls.get(new.name, 0) + 1
        name = f"{new.name}_{calls[new.name]}"
        rest = float(old.activation(keras.ops.zeros(())))
        branch = keras.layers.Rescaling(scale, offset=-scale * rest, name=f"branch_{name}")(branch)
        return keras.layers.Add(name=f"stream_{name}")([arguments[0], branch])

    return called


def _count(model: Any, paths: set[str]) -> int:
    """How many calls of these layers keep the shape, nested models included; all layers where the calls are unknown."""
    if not is_graph(model):
        return len(paths)
    found, nodes = 0, graph(model)._nodes_by_depth.values()
    for node in (node for each in nodes for node in each):
        layer = node.operation
        if is_graph(layer):
            found += _count(layer, paths)
        elif getattr(layer, "path", None) in paths:
            found += node.input_tensors[0].shape == node.outputs[0].shape
    return found
