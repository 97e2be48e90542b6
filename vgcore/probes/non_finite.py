"""`find_non_finite`: which number of a training step was the first to become infinite or NaN."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from vgcore.probes.flow import Call, watched
from vgcore.probes.losses import loss_of, mean_loss
from vgcore.probes.measure import check_model
from vgcore.probes.undisturbed import in_own_precision, is_float

Named = tuple[str, str, str, Any]
"""Phase, layer, tensor, and the values."""


@dataclass(frozen=True, kw_only=True)
class NonFinite:
    """The first tensor that holds a number that is not finite.

    `phase`: "data", "weights" (they were not finite before the step), "forward", "loss", "backward" or "update" (only
    the optimiser's step made it). `layer`: the layer's Keras path, "" where there is none. `tensor`: what it is, such
    as "output", "dL/d(output)" or "dL/d(kernel)". `value`: "inf" if any entry is infinite, so that something was too
    large; "NaN" if all are undefined, as 0/0 is. `share`: how many of its entries are not finite, 0 to 1.
    """

    phase: str
    layer: str
    tensor: str
    value: str
    share: float

    def __str__(self) -> str:
        place = f"{self.phase}, {self.layer}" if self.layer else self.phase
        return f"{place}: {self.tensor} holds {self.value}"


def find_non_finite(model: Any, x: Any, y: Any, loss: Any = None) -> NonFinite | None:
    """Find the first number of a training step on one batch that is not finite; None if all are.

    `model`, `x`, `y`, `loss`: as for `measure_gradients`. Everything is computed as in training, in the model's own
    precision: dropout is on, batch normalisation uses the batch, and a loss scale of the model's optimiser counts;
    regularisers and sample weights play no part. Looked at in turn are the data, the weights, what each layer returns
    on the way forward, the loss, and then, from the last layer to the first, the gradient of the loss for what the
    layer returned and for each of its weights. Steps inside a recurrent layer are not told apart.

    The model, its optimiser, its statistics and every random state stay bit for bit what they were. To find the step
    of a training at which it happens, use `vgcore.NonFiniteFinder`.

    Raises TypeError if `model` is no Keras model; ValueError if it is not built or no loss can be told; RuntimeError
    if Keras runs on another backend.

    Examples:
        >>> from vgcore import data, models
        >>> model = models.mlp(models.MLP(activation="relu", gain=500.0), seed=0)
        >>> digits = data.digits()
        >>> print(find_non_finite(model, digits.train_x[:64], digits.train_y[:64]))
        forward, hidden_15: output holds inf
    """
    check_model(model)
    return search(model, x, y, loss, {})


def search(model: Any, x: Any, y: Any, loss: Any, state: Mapping[int, Any]) -> NonFinite | None:
    """What `find_non_finite` does, with the values in `state` in place of the model's own."""
    x, y = (keras.tree.map_structure(_tensor, part) for part in (x, y))
    for named in _in_turn(model, x, y, loss, state):
        found = examine(*named)
        if found:
            return found
    return None


def examine(phase: str, layer: str, tensor: str, values: Any) -> NonFinite | None:
    """What is not finite among some values."""
    array = np.asarray(tf.cast(tf.convert_to_tensor(values), tf.float64))
    wrong = ~np.isfinite(array)
    if not wrong.any():
        return None
    value = "inf" if np.isinf(array).any() else "NaN"
    return NonFinite(phase=phase, layer=layer, tensor=tensor, value=value, share=float(wrong.mean()))


def _in_turn(model: Any, x: Any, y: Any, loss: Any, state: Mapping[int, Any]) -> Iterator[Named]:
    """Every tensor of a training step, in the order in which they are computed."""
    for name, part in (("x", x), ("y", y)):
        yield from (("data", "", name, tensor) for tensor in keras.tree.flatten(part) if is_float(tensor))
    variables = [variable for variable in model.variables if keras.backend.is_float_dtype(variable.dtype)]
    values = {id(variable): state.get(id(variable), tf.convert_to_tensor(variable.value)) for variable in variables}
    yield from (("weights", *_names(variable), values[id(variable)]) for variable in variables)
    with in_own_precision(model, {**state, **values}), tf.GradientTape() as tape, watched(model, x, tape) as flow:
        tape.watch(list(values.values()))
        prediction = model(x, training=True)
        mean = mean_loss(loss if loss is not None else loss_of(model, y, prediction), y, prediction)
        scaled = model.optimizer.scale_loss(mean) if model.compiled else mean
    for call in flow.calls:
        yield from (("forward", _path(call.layer), "output", tensor) for tensor in call.outputs)
    yield "loss", "", "loss", mean
    yield from _backward(flow.calls, tape, scaled, values)


def _backward(calls: list[Call], tape: Any, loss: Any, values: Mapping[int, Any]) -> Iterator[Named]:
    owned = [[one for one in _own_weights(call.layer) if id(one) in values] for call in calls]
    weights = [[values[id(one)] for one in each] for each in owned]
    zero = tf.UnconnectedGradients.ZERO
    outputs, slopes = tape.gradient(loss, [[call.outputs for call in calls], weights], unconnected_gradients=zero)
    for call, output, own, slope in reversed(list(zip(calls, outputs, owned, slopes, strict=True))):
        yield from (("backward", _path(call.layer), "dL/d(output)", tensor) for tensor in output)
        for weight, tensor in zip(own, slope, strict=True):
            yield "backward", _path(call.layer), f"dL/d({weight.name})", tensor


def _own_weights(layer: Any) -> list[Any]:
    return list(layer.trainable_variables) if isinstance(layer, keras.layers.Layer) else []


def _path(layer: Any) -> str:
    return str(getattr(layer, "path", None) or layer.name)


def _names(variable: Any) -> tuple[str, str]:
    """Its layer and its own name."""
    layer, _, name = variable.path.rpartition("/")
    return layer, name


def _tensor(values: Any) -> Any:
    """A tensor as Keras makes it of a batch."""
    array = values if tf.is_tensor(values) else np.asarray(values)
    return (
        tf.cast(array, keras.config.floatx()) if tf.as_dtype(array.dtype).is_floating else tf.convert_to_tensor(array)
    )
