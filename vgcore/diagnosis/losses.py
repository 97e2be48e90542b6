"""The loss of a model with several outputs as one function."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import keras
import tensorflow as tf

from vgcore.probes.losses import loss_of, mean_loss


def whole_loss(model: Any, y: Any, prediction: Any) -> Any:
    """The loss that `vgcore.measure_gradients` would take, or, for several outputs, the weighted sum of theirs."""
    given = model.loss if model.compiled else None
    if not isinstance(given, dict | list | tuple):
        return loss_of(model, _tensors(y), _tensors(prediction))
    names = sorted(prediction) if isinstance(prediction, dict) else getattr(model, "output_names", [])
    losses = _by_output(names, given)
    weights = getattr(model._compile_loss, "_user_loss_weights", None) or [1.0] * len(losses)
    return losses[0] if len(losses) == 1 else _sum(names, losses, _by_output(names, weights))


def single_weight(model: Any) -> float:
    """What the loss of a model's only output is multiplied by; 1 for several outputs, whose sum is weighted already."""
    weights = getattr(model._compile_loss, "_user_loss_weights", None) if model.compiled else None
    given = [weight for weight in keras.tree.flatten(weights) if weight is not None]
    return float(given[0]) if len(given) == 1 else 1.0


def in_one_precision(loss: Any, y: Any, prediction: Any) -> Any:
    """The loss if it takes float64, else the loss of what it is given in float32, as functions of one's own may ask.

    `y`, `prediction`: examples in float64 to try it on; raises what the loss raises in float32.
    """
    with suppress(ValueError, TypeError, tf.errors.OpError):
        mean_loss(loss, y, prediction)
        return loss

    def single(targets: Any, answers: Any) -> Any:
        return mean_loss(loss, *(keras.tree.map_structure(_single, part) for part in (targets, answers)))

    single(y, prediction)
    return single


def _single(tensor: Any) -> Any:
    return tf.cast(tensor, tf.float32) if tensor.dtype.is_floating else tensor


def _sum(names: list[str], losses: list[Any], weights: list[float]) -> Callable[[Any, Any], Any]:
    def weighted_sum(y: Any, outputs: Any) -> Any:
        parts = zip(weights, losses, _by_output(names, y), _by_output(names, outputs), strict=True)
        return tf.add_n([weight * mean_loss(loss, target, output) for weight, loss, target, output in parts if loss])

    return weighted_sum


def _by_output(names: list[str], structure: Any) -> list[Any]:
    """One for each output, in the order of their names."""
    if isinstance(structure, dict):
        return [structure.get(name) for name in names]
    return list(structure) if isinstance(structure, list | tuple) else [structure]


def _tensors(structure: Any) -> Any:
    return keras.tree.map_structure(tf.convert_to_tensor, structure)
