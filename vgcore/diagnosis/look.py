"""Looks at a model: what a batch makes of every layer, forward and backward, before any step is taken."""

import math
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from numpy.typing import NDArray

from vgcore.diagnosis.batches import Batch, size
from vgcore.probes.flow import Call, Flow, kernels, tensors, watched
from vgcore.probes.losses import mean_loss
from vgcore.probes.measure import _dead_fraction, _saturated_fraction, checked_batch, rms
from vgcore.probes.undisturbed import in_float64

Array = NDArray[np.float64]

Ways = list[tuple[Call, list[list[tuple[Any, Any]]]]]
"""For each layer with weights its first call, and what becomes of the output of each of its calls."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """What one batch shows.

    `layers`: a row for each layer with weights, nearest the input first, with the columns of
    `vgcore.measure_gradients` and `hidden` (passes its output on to another layer), `kind` (of layer), `activation`
    (the function that comes last, "" if unknown), `dimensions` (in how many directions h differs between examples: the
    participation ratio of its covariance, 1 = along a line), `spread` (how much: the RMS of its deviations from the
    mean example, relative to its own RMS), `angle` (how far apart they point: the RMS distance of h / |h| from its
    mean), `pooled` (passes on fewer values than it computes), `activation_gradient_length` (of the gradient by all of
    h, which pooling shares out: it changes each value more than the length) and `frozen`. `loss`: its mean over the
    batch. `outputs`: what the model answers, nested as it returns it. `unreached`: paths of the trainable variables on
    which the loss does not depend.
    """

    layers: pd.DataFrame
    loss: float
    outputs: Any
    unreached: tuple[str, ...]

    @property
    def answers(self) -> Array:
        """The first of its outputs."""
        return np.asarray(keras.tree.flatten(self.outputs)[0])

    @property
    def hidden(self) -> pd.DataFrame:
        """The rows of the hidden layers."""
        return self.layers[self.layers["hidden"]]


def look(model: Any, x: Any, y: Any, loss: Any) -> Look:
    """Look at a model, and leave it bit for bit as it was; `loss` as for `vgcore.measure_gradients`."""
    return looks(model, [(x, y)], loss)[0]


def looks(model: Any, batches: list[Batch], loss: Any) -> tuple[Look, ...]:
    """Look at each batch, all in one pass, which costs little more than one look.

    Of the batches together are the weights' gradients, their sum, and what batch normalisation takes off.
    """
    x, y = checked_batch(*keras.tree.map_structure(lambda *parts: np.concatenate(parts), *batches))
    spans = _spans(batches)
    with in_float64(model) as values, tf.GradientTape() as tape, watched(model, x, tape) as flow:
        tape.watch(list(values.values()))
        prediction = model(x, training=False)
        losses = [mean_loss(loss, _within(y, span), _within(prediction, span)) for span in spans]
        total = tf.add_n(losses)
    last = {id(tensor) for tensor in tensors(prediction)}
    trainable = list(model.trainable_variables)
    found, reached = _backward(tape, total, _ways(flow, last), values, trainable, last)
    unreached = tuple(one.path for one, slope in zip(trainable, reached, strict=True) if slope is None)
    answers = keras.tree.map_structure(lambda one: np.asarray(one, np.float64), prediction)
    return tuple(
        Look(
            layers=pd.DataFrame([_row(each, span, spans[-1].stop) for each in found]),
            loss=float(mean),
            outputs=_within(answers, span),
            unreached=unreached,
        )
        for span, mean in zip(spans, losses, strict=True)
    )


def _spans(batches: list[Batch]) -> list[slice]:
    """Where each batch lies when all are one behind the other."""
    ends = np.cumsum([size(batch) for batch in batches])
    return [slice(end - size(batch), end) for end, batch in zip(ends, batches, strict=True)]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Found:
    """What became of one layer: its first call, what follows each of its calls, and all arrays with their gradients."""

    call: Call
    ways: list[list[tuple[Any, Any]]]
    h: list[Array]
    h_slope: list[Array]
    matrix: list[Array]
    matrix_slope: list[Array]
    hidden: bool


def _backward(
    tape: Any, total: Any, ways: Ways, values: dict[int, Any], trainable: list[Any], last: set[int]
) -> tuple[list[_Found], list[Any]]:
    """What becomes of each layer, with the gradients of `total`, and that of each trainable variable, None for none.

    `last`: the `id` of each of the model's outputs.
    """
    passed = [[way[-1][1] for way in each] for _, each in ways]
    matrices = [[values[id(kernel)] for kernel in kernels(call.layer)] for call, _ in ways]
    sources = [passed, matrices, [values[id(one)] for one in trainable]]
    slopes, by_matrix, reached = tape.gradient(total, sources)
    found = [
        _Found(
            call=call,
            ways=way,
            h=_arrays(h),
            h_slope=_arrays(h, h_slope),
            matrix=_arrays(matrix),
            matrix_slope=_arrays(matrix, matrix_slope),
            hidden=not any(id(tensor) in last for tensor in h),
        )
        for (call, way), h, h_slope, matrix, matrix_slope in zip(ways, passed, slopes, matrices, by_matrix, strict=True)
    ]
    return found, reached


def _within(structure: Any, span: slice) -> Any:
    """Some examples of every array or tensor."""
    return keras.tree.map_structure(lambda one: one[span], structure)


def _ways(flow: Flow, end: set[int]) -> Ways:
    """For each layer with weights its first call, and what becomes of the output of each of its calls."""
    by_layer: dict[int, list[Call]] = {}
    for call in sorted((call for call in flow.calls if call.weighted), key=lambda call: call.depth):
        by_layer.setdefault(id(call.layer), []).append(call)
    if not by_layer:
        raise ValueError("the model has no layer with weights")
    return [(calls[0], [flow.passed_on(call, end) for call in calls]) for calls in by_layer.values()]


def _row(found: _Found, span: slice, examples: int) -> dict[str, Any]:
    def own(arrays: list[Any]) -> list[Any]:  # what has no row for each example is the same for all
        return [one[span] if tuple(one.shape[:1]) == (examples,) else one for one in arrays]

    layer, h, h_slope, matrix_slope = found.call.layer, own(found.h), own(found.h_slope), found.matrix_slope
    functions = [_function(part) for way in found.ways for part, _ in reversed(way)]
    ways = [list(zip([part for part, _ in way], own([one for _, one in way]), strict=True)) for way in found.ways]
    return {
        "layer": layer.path or layer.name,
        "depth": found.call.depth,
        "kind": type(layer).__name__,
        "activation": next(filter(None, functions), ""),
        "activation_rms": rms(h),
        "dimensions": _dimensions(h[0]),
        "spread": _spread(h[0]),
        "angle": _angle(h[0]),
        "pooled": _pooled(ways[0]),
        "activation_gradient_length": rms(h_slope) * math.prod(h[0].shape[1:]) ** 0.5,
        "activation_gradient_rms": rms(h_slope),
        "weight_rms": rms(found.matrix),
        "weight_gradient_rms": rms(matrix_slope),
        "dead_fraction": _dead_fraction(h, matrix_slope),
        "saturated_fraction": _saturated_fraction(ways),
        "frozen": not layer.trainable,
        "hidden": found.hidden,
    }


def _arrays(tensors: list[Any], slopes: list[Any] | None = None) -> list[Array]:
    """The tensors as arrays; or their gradients, 0 where there is none."""
    given = (
        tensors
        if slopes is None
        else [tf.zeros_like(tensor) if slope is None else slope for tensor, slope in zip(tensors, slopes, strict=True)]
    )
    return [np.asarray(tf.convert_to_tensor(one), np.float64) for one in given]


def _dimensions(h: Array) -> float:
    """(sum of the covariance's eigenvalues)^2 / sum of their squares, from the examples' products; 0 for no spread."""
    flat = h.reshape(len(h), -1)
    scale = float(np.max(np.abs(flat), initial=0.0))
    if not scale or not np.isfinite(scale):
        return 0.0
    centred = flat / scale - (flat / scale).mean(axis=0)
    products = centred @ centred.T / rms([centred]) ** 2 if centred.any() else centred[:, :1] * 0
    squares = float((products**2).sum())
    return float(np.trace(products)) ** 2 / squares if squares else 0.0


def _spread(h: Array) -> float:
    size = rms([h])
    return rms([h - h.mean(axis=0)]) / size if size and np.isfinite(size) else 0.0


def _angle(h: Array) -> float:
    flat = h.reshape(len(h), -1)
    scale = float(np.max(np.abs(flat), initial=0.0))
    if not scale or not np.isfinite(scale):
        return 0.0
    lengths = np.linalg.norm(flat / scale, axis=1, keepdims=True)
    directions = flat / scale / np.where(lengths > 0, lengths, 1.0)
    return float(rms([directions - directions.mean(axis=0)]) * flat.shape[1] ** 0.5)


def _pooled(way: list[tuple[Any, Any]]) -> bool:
    return bool(math.prod(way[-1][1].shape[1:]) < math.prod(way[0][1].shape[1:]))


def _function(layer: Any) -> str:
    """The name of the activation that the layer applies, "" for none."""
    name = getattr(getattr(layer, "activation", None), "__name__", "")
    if not name and type(layer).__module__.startswith("keras.src.layers.activations"):
        return type(layer).__name__.lower()
    return "" if name == "linear" else str(name)
