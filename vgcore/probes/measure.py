"""`measure_gradients`: one batch forward and backward, one row for each layer with weights."""

from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from numpy.typing import NDArray

from vgcore.probes.flow import Call, Flow, kernels, tensors, watched
from vgcore.probes.losses import loss_of, mean_loss
from vgcore.probes.profile import GradientProfile
from vgcore.probes.undisturbed import in_float64

Values = list[NDArray[np.float64]]

SATURATED = {"sigmoid": (0.03, 0.97), "tanh": (-0.97, 0.97)}
"""Between these a unit still responds: beyond them its derivative is below 6 to 12 per cent of the largest."""


def measure_gradients(model: Any, x: Any, y: Any, loss: Any = None) -> GradientProfile:
    """Measure the gradient in every layer with weights, on one batch.

    `model`: any built Keras model on TensorFlow: functional, sequential, nested or subclassed.
    `x`, `y`: the batch, arrays as for `model.fit` (for several inputs or outputs: nested as there).
    `loss`: a Keras loss, its name or a function of (y, outputs). Without one, the loss the model was compiled with;
    else cross-entropy from logits (from probabilities after a softmax) where y holds integers, mean squared error
    otherwise. L is its mean over the batch; regularisers and sample weights play no part.

    The profile's `table` has the columns

    - `layer`: the layer's Keras path; `depth`: 1 = nearest the input, counted along the longest way through layers
      with weights;
    - `activation_rms`: RMS over the batch and all units of h, what the layer passes on to the next layer with
      weights, after normalisation, activation and addition to a skip connection (where a tensor has several users
      it goes no further);
    - `activation_gradient_rms`: RMS over the batch and all units of dL/dh. L being a mean over the batch, its
      entries shrink as 1 / batch size: compare layers, or batches of equal size;
    - `weight_gradient_rms`, `weight_rms`: RMS over all entries of dL/dW and of W, the layer's weight matrices (all
      weights of two or more dimensions, frozen ones too; biases left out);
    - `dead_fraction`: share of units (positions on h's last axis) that are 0 for the whole batch and whose incoming
      weights have gradient 0;
    - `saturated_fraction`: share of values beyond +-0.97 for tanh, outside 0.03 to 0.97 for sigmoid; NaN for layers
      with another activation or none.

    Everything is computed in float64, whatever the model's own precision, so a gradient reads 0 only if it is 0 or
    below 1e-308 (some 480 sigmoid layers). Batch normalisation uses the statistics of
    the batch, as in training; dropout and other noise are off. A weight that the loss does not depend on has gradient
    0; a layer that the forward pass does not call has no row; one called several times has one row for all calls.
    Additions written as `a + b` inside a subclassed layer cannot be seen: h then ends before them.

    The model, its optimiser, its statistics and every random state stay bit for bit what they were.

    Raises TypeError if `model` is no Keras model; ValueError if it is not built or has no layer with weights, if x
    and y are empty, differ in length or hold values that are not finite, or if no loss can be told;
    RuntimeError if Keras runs on another backend.

    Examples:
        >>> from vgcore import data, models
        >>> model = models.mlp(models.MLP(activation="relu"), seed=0)
        >>> digits = data.digits()
        >>> profile = measure_gradients(model, digits.train_x[:256], digits.train_y[:256])
        >>> round(profile.slope, 1), round(profile.decades)  # lost per layer, and in total
        (0.2, 3)
    """
    check_model(model)
    x, y = checked_batch(x, y)
    with in_float64(model) as values, tf.GradientTape() as tape, watched(model, x, tape) as flow:
        tape.watch(list(values.values()))
        prediction = model(x, training=False)
        mean = mean_loss(loss if loss is not None else loss_of(model, y, prediction), y, prediction)
    return _profile(tape, mean, flow, values, tensors(prediction))


def _profile(tape: Any, mean: Any, flow: Flow, values: dict[int, Any], outputs: tuple[Any, ...]) -> GradientProfile:
    end = {id(tensor) for tensor in outputs}
    by_layer: dict[int, list[Call]] = {}
    for call in sorted((call for call in flow.calls if call.weighted), key=lambda call: call.depth):
        by_layer.setdefault(id(call.layer), []).append(call)
    if not by_layer:
        raise ValueError("the model has no layer with weights")
    layers = [calls[0].layer for calls in by_layer.values()]
    ways = [[flow.passed_on(call, end) for call in calls] for calls in by_layer.values()]
    passed = [[way[-1][1] for way in each] for each in ways]
    weights = [[values[id(kernel)] for kernel in kernels(layer)] for layer in layers]
    gradients = tape.gradient(mean, [passed, weights], unconnected_gradients=tf.UnconnectedGradients.ZERO)
    rows = [
        {"layer": layer.path or layer.name, "depth": calls[0].depth}
        | _row(*(_arrays(each) for each in (h, h_gradient, weight, weight_gradient)))
        | {"saturated_fraction": _saturated_fraction(way)}
        for layer, calls, way, h, h_gradient, weight, weight_gradient in zip(
            layers, by_layer.values(), ways, passed, gradients[0], weights, gradients[1], strict=True
        )
    ]
    hidden = tuple(not any(id(tensor) in end for tensor in each) for each in passed)
    return GradientProfile(table=pd.DataFrame(rows), hidden=hidden)


def _row(h: Values, h_gradient: Values, weight: Values, weight_gradient: Values) -> dict[str, float]:
    return {
        "activation_rms": rms(h),
        "activation_gradient_rms": rms(h_gradient),
        "weight_gradient_rms": rms(weight_gradient),
        "weight_rms": rms(weight),
        "dead_fraction": _dead_fraction(h, weight_gradient),
    }


def rms(arrays: Values) -> float:
    """Root mean square over all entries of all arrays, scaled so that no square under- or overflows.

    Examples:
        >>> round(rms([np.array([3e-200, 4e-200])]) / 1e-200, 4)
        3.5355
    """
    values = np.concatenate([array.ravel() for array in arrays])
    largest = float(np.max(np.abs(values), initial=0.0))
    if largest == 0 or not np.isfinite(largest):
        return largest
    return largest * float(np.sqrt(np.mean((values / largest) ** 2)))


def _dead_fraction(h: Values, weight_gradient: Values) -> float:
    units = h[0].shape[-1]
    dead = np.all([(array.reshape(-1, units) == 0).all(axis=0) for array in h], axis=0)
    for gradient in weight_gradient:
        if gradient.shape[-1] == units:
            dead &= (gradient.reshape(-1, units) == 0).all(axis=0)
    return float(dead.mean())


def _saturated_fraction(ways: list[list[tuple[Any, Any]]]) -> float:
    for way in ways:
        for layer, tensor in reversed(way):
            bounds = SATURATED.get(_activation(layer))
            if bounds:
                values = np.asarray(tensor)
                return float(((values < bounds[0]) | (values > bounds[1])).mean())
    return float("nan")


def _activation(layer: Any) -> str:
    """The name of the function whose values the layer returns, "" if unknown. Gated cells return a product."""
    if isinstance(layer, keras.layers.LSTM | keras.layers.GRU):
        return ""
    return getattr(getattr(layer, "activation", None), "__name__", type(layer).__name__.lower())


def _arrays(tensors: Any) -> Values:
    return [np.asarray(tf.convert_to_tensor(tensor), np.float64) for tensor in tensors]


def check_model(model: Any) -> None:
    """Raise what is wrong with a model that is to be measured."""
    if keras.backend.backend() != "tensorflow":
        raise RuntimeError(f"vgcore measures Keras on TensorFlow, but Keras runs on {keras.backend.backend()}")
    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a Keras model, not {type(model).__name__}")
    if not model.built:
        raise ValueError("the model is not built yet: call it on a batch first")


def checked_batch(x: Any, y: Any) -> tuple[Any, Any]:
    """Two arrays of one length as tensors, floating numbers in float64. Raises ValueError for what is no batch."""
    lengths = set()
    for name, part in (("x", x), ("y", y)):
        for array in map(np.asarray, keras.tree.flatten(part)):
            if array.ndim == 0 or len(array) == 0:
                raise ValueError(f"{name} is empty")
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                raise ValueError(f"{name} holds values that are not finite")
            lengths.add(len(array))
    if len(lengths) != 1:
        raise ValueError(f"x and y must be of one length, not {' and '.join(map(str, sorted(lengths)))}")
    return keras.tree.map_structure(_tensor, x), keras.tree.map_structure(_tensor, y)


def _tensor(values: Any) -> Any:
    array = np.asarray(values)
    return tf.constant(array, tf.float64 if array.dtype.kind == "f" else None)
