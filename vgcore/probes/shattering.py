"""`measure_shattering`: how long a gradient stays like itself while the input moves."""

from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from numpy.typing import ArrayLike, NDArray

from vgcore.probes.measure import check_model, checked_batch
from vgcore.probes.undisturbed import in_float64


def measure_shattering(model: Any, start: Any, end: Any, points: int = 256, output: int = 0) -> pd.DataFrame:
    """Correlate the gradients at inputs some way apart, on the straight line from `start` to `end`.

    `model`, `start`, `end`, `points`, `output`: as in `gradients_along_line`. One row for each lag from 0 to half the
    line:

    - `lag`: in points; `distance`: the same way in units of the input (Euclidean);
    - `cosine`: mean product of two gradients so far apart, over the geometric mean of their mean squares, nothing
      subtracted. Of plain and residual ReLU networks `vgcore.theory.relu_gradient_correlation` says what to expect on
      average over their weights;
    - `autocorrelation`: the same of the gradients less their mean along the line, all lags over the variance: the
      autocorrelation function of Balduzzi et al. (2017); about 0 everywhere but at 0 for white noise. NaN where the
      gradient is the same everywhere.

    Raises what `gradients_along_line` does, and ValueError for fewer than two points.

    Examples:
        >>> from vgcore import data, models
        >>> x = data.digits().train_x
        >>> shallow, deep = (models.MLP(depth=d, activation="relu", initialisation="he_normal") for d in (1, 20))
        >>> tables = [measure_shattering(models.mlp(config, seed=0), x[0], x[1]) for config in (shallow, deep)]
        >>> [bool(table["cosine"][64] > 0.6) for table in tables]
        [True, False]
    """
    if points < 2:
        raise ValueError(f"a line needs at least two points, not {points}")
    gradients = gradients_along_line(model, start, end, points, output).reshape(points, -1)
    step = float(np.linalg.norm(np.asarray(end, float) - np.asarray(start, float))) / (points - 1)
    lags = np.arange((points + 1) // 2)
    centred = gradients - gradients.mean(axis=0)
    flat = np.abs(centred).max() <= 1e-12 * np.abs(gradients).max()
    return pd.DataFrame(
        {
            "lag": lags,
            "distance": step * lags,
            "cosine": [_cosine(gradients, int(lag)) for lag in lags],
            "autocorrelation": np.full(len(lags), np.nan) if flat else _autocorrelation(centred)[: len(lags)],
        }
    )


def gradients_along_line(model: Any, start: Any, end: Any, points: int, output: int = 0) -> NDArray[np.float64]:
    """The gradient of one output with respect to the input, at `points` inputs evenly spaced from `start` to `end`.

    `model`: any built Keras model on TensorFlow with one input. `start`, `end`: single examples, without a batch axis.
    `output`: which of the model's outputs, counted flat. Returns shape (points, *shape of an example), in float64,
    dropout off. The model stays bit for bit what it was.

    Raises TypeError if `model` is no Keras model; ValueError if it is not built or normalises over the batch (then
    there is no gradient of one point alone), if start and end differ in shape or are not finite, or if there is no
    such output; RuntimeError if Keras runs on another backend.

    Examples:
        >>> from vgcore import models
        >>> line = models.mlp(models.MLP(depth=1, width=3, activation="linear", inputs=2), seed=0)
        >>> gradients = gradients_along_line(line, [0.0, 0.0], [1.0, 2.0], points=5)
        >>> gradients.shape, bool((gradients == gradients[0]).all())
        ((5, 2), True)
    """
    check_model(model)
    if any(isinstance(layer, keras.layers.BatchNormalization) for layer in model._flatten_layers()):
        raise ValueError("the model normalises over the batch, so there is no gradient of one point alone")
    x, _ = checked_batch(_line(start, end, points), np.zeros(points))
    with in_float64(model), tf.GradientTape() as tape:
        tape.watch(x)
        outputs = tf.reshape(model(x, training=False), (points, -1))
        if not 0 <= output < outputs.shape[1]:
            raise ValueError(f"the model has the outputs 0 to {outputs.shape[1] - 1}, not {output!r}")
        total = tf.reduce_sum(outputs[:, output])
    return np.asarray(tape.gradient(total, x, unconnected_gradients=tf.UnconnectedGradients.ZERO))


def _line(start: ArrayLike, end: ArrayLike, points: int) -> NDArray[np.float64]:
    first, last = np.asarray(start, float), np.asarray(end, float)
    if first.shape != last.shape:
        raise ValueError(f"start and end must be of one shape, not {first.shape} and {last.shape}")
    return np.linspace(first, last, points)


def _cosine(gradients: NDArray[np.float64], lag: int) -> float:
    """1 at lag 0; 0 where all gradients of one side are 0."""
    one, other = gradients[: len(gradients) - lag], gradients[lag:]
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float((one * other).sum()) / lengths if lengths > 0 else 0.0


def _autocorrelation(centred: NDArray[np.float64]) -> NDArray[np.float64]:
    products = [float((centred[: len(centred) - lag] * centred[lag:]).sum()) for lag in range(len(centred))]
    return np.array(products) / products[0]
