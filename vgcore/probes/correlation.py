"""`measure_correlation`: how alike two inputs have become at each layer."""

from typing import Any

import numpy as np
import pandas as pd
import tensorflow as tf

from vgcore.probes.flow import tensors, watched
from vgcore.probes.measure import check_model, checked_batch
from vgcore.probes.undisturbed import in_float64


def measure_correlation(model: Any, first: Any, second: Any) -> pd.DataFrame:
    """Measure the cosine between what two inputs leave behind in every layer with weights: 1 = the same direction.

    `model`: any built Keras model on TensorFlow. `first`, `second`: two batches of one length; row i of the one is
    compared with row i of the other.

    One row for each layer and pair: `layer` (its Keras path), `depth` (1 = nearest the input), `pair` (0, 1, ...) and
    `cosine`, that of the two vectors h (see `vgcore.measure_gradients`), nothing subtracted. Without biases and in a
    wide network it is the correlation of the next layer's pre-activations, which `vgcore.theory.correlation_map`
    follows. 0 where one of the vectors is zero throughout.

    Everything is computed in float64, dropout off. The model stays bit for bit what it was. Raises TypeError if
    `model` is no Keras model; ValueError if it is not built, or if the batches are empty, differ in length or hold
    values that are not finite; RuntimeError if Keras runs on another backend.

    Examples:
        >>> from vgcore import data, models
        >>> model = models.mlp(models.MLP(depth=20, activation="relu", initialisation="he_normal"), seed=0)
        >>> x = data.digits().train_x
        >>> cosines = measure_correlation(model, x[:50], x[50:100]).groupby("depth")["cosine"].median()
        >>> float(cosines[1].round(1)), float(cosines[20].round(2))
        (0.6, 0.99)
    """
    check_model(model)
    first, second = checked_batch(first, second)
    rows = []
    for (layer, depth, one), (_, _, other) in zip(_outputs(model, first), _outputs(model, second), strict=True):
        rows += [
            {"layer": layer.path or layer.name, "depth": depth, "pair": pair, "cosine": float(cosine)}
            for pair, cosine in enumerate(_cosines(one, other))
        ]
    return pd.DataFrame(rows)


def _outputs(model: Any, x: Any) -> list[tuple[Any, int, Any]]:
    with in_float64(model), tf.GradientTape() as tape, watched(model, x, tape) as flow:
        prediction = model(x, training=False)
    return flow.outputs({id(tensor) for tensor in tensors(prediction)})


def _cosines(one: Any, other: Any) -> Any:
    """Cosine of each pair of rows. Rows are scaled first: the product of two lengths could underflow."""
    first, second = (_scaled(np.asarray(tf.reshape(h, (len(h), -1)))) for h in (one, other))
    return (first * second).sum(axis=1)


def _scaled(rows: Any) -> Any:
    """Rows of length 1, or 0."""
    largest = np.abs(rows).max(axis=1, keepdims=True)
    rows = rows / np.where(largest > 0, largest, 1)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)
