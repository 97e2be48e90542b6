"""Which layers let nothing of the gradient through."""

from typing import Any

import tensorflow as tf

from vgcore.probes.flow import Call, watched
from vgcore.probes.losses import mean_loss
from vgcore.probes.measure import checked_batch
from vgcore.probes.undisturbed import in_float64


def severing(model: Any, x: Any, y: Any, loss: Any) -> list[tuple[str, int]]:
    """Path and depth of every layer on whose output the loss depends, but not on what another layer gave it to read.

    `loss` as for `vgcore.measure_gradients`. What cuts the gradient between two layers, outside of both, is not found.
    """
    x, y = checked_batch(x, y)
    with in_float64(model) as values, tf.GradientTape() as tape, watched(model, x, tape) as flow:
        tape.watch(list(values.values()))
        mean = mean_loss(loss, y, model(x, training=False))
    outputs = [call.outputs for call in flow.calls]
    reached = {
        id(tensor): slope is not None
        for call, slopes in zip(flow.calls, tape.gradient(mean, outputs), strict=True)
        for tensor, slope in zip(call.outputs, slopes, strict=True)
    }
    found = [call for call in flow.calls if _severs(call, reached)]
    return [(str(getattr(call.layer, "path", None) or call.layer.name), call.depth) for call in found]


def _severs(call: Call, reached: dict[int, bool]) -> bool:
    passes = any(reached[id(tensor)] for tensor in call.outputs)
    return passes and not all(reached.get(id(tensor), True) for tensor in call.inputs)
