"""`measure_jacobian`: what each layer makes of every small change of one example."""

from collections.abc import Collection
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from vgcore.probes.flow import tensors, watched
from vgcore.probes.measure import check_model, checked_batch
from vgcore.probes.undisturbed import in_float64


def measure_jacobian(model: Any, x: Any, depths: Collection[int] | None = None) -> pd.DataFrame:
    """Measure the singular values of dh/dx at one example, for the output h of every layer with weights.

    `model`: any built Keras model on TensorFlow with one input. `x`: a batch of exactly one example.
    `depths`: measure these depths only, which takes less time; all of them by default.

    One row for each layer and singular value: `layer` (its Keras path), `depth` (1 = nearest the input), `rank`
    (1 = the largest) and `singular_value`. What h is, and how depth is counted, `vgcore.measure_gradients` says; of a
    layer that is called several times the last call counts. There are as many singular values as h or x has numbers,
    whichever are fewer. A gradient that comes back to h is stretched by the same values on its way to the input.

    Everything is computed in float64, so values down to about 1e-16 of a layer's largest one are right, and smaller
    ones are rounding. Dropout is off. The model stays bit for bit what it was.

    Raises TypeError if `model` is no Keras model; ValueError if it is not built, has no layer with weights or
    normalises over the batch, which one example is not, or if x is not one finite example; RuntimeError if Keras runs
    on another backend.

    Examples:
        >>> from vgcore import data, models
        >>> model = models.mlp(models.MLP(depth=3, activation="linear", initialisation="orthogonal"), seed=0)
        >>> table = measure_jacobian(model, data.digits().train_x[:1])
        >>> hidden = table[table["depth"] == 3]["singular_value"]
        >>> float(hidden.min().round(3)), float(hidden.max().round(3))
        (1.0, 1.0)
    """
    check_model(model)
    if any(isinstance(layer, keras.layers.BatchNormalization) for layer in model._flatten_layers()):
        raise ValueError("the model normalises over the batch, so one example alone has no Jacobian")
    example, _ = checked_batch(x, x)
    if not tf.is_tensor(example) or len(example) != 1:
        raise ValueError("x must be a batch of one example")
    sizes = [int(tf.size(h)) for _, _, h in _outputs(model, example, tf.GradientTape())]
    if not sizes:
        raise ValueError("the model has no layer with weights")
    # One copy of the example for each number that is differentiated: a single backward pass gives every row.
    copies = tf.repeat(example, max(sizes), axis=0)
    tape = tf.GradientTape(persistent=True)
    rows = []
    for (layer, depth, h), size in zip(_outputs(model, copies, tape), sizes, strict=True):
        if depths is not None and depth not in depths:
            continue
        with tape:
            own = tf.reduce_sum(tf.linalg.diag_part(tf.reshape(h, (len(h), -1))[:size]))
        values = _singular_values(tape.gradient(own, copies), size)
        rows += [
            {"layer": layer.path or layer.name, "depth": depth, "rank": rank, "singular_value": value}
            for rank, value in enumerate(values, 1)
        ]
    return pd.DataFrame(rows)


def _outputs(model: Any, x: Any, tape: Any) -> list[tuple[Any, int, Any]]:
    """What each layer with weights passes on, watched by the tape from x on."""
    with in_float64(model), tape, watched(model, x, tape) as flow:
        tape.watch(x)
        prediction = model(x, training=False)
    return flow.outputs({id(tensor) for tensor in tensors(prediction)})


def _singular_values(gradient: Any, size: int) -> list[float]:
    if gradient is None:  # the layer does not depend on x
        return [0.0] * size
    jacobian = np.asarray(tf.reshape(gradient, (len(gradient), -1)))[:size]
    return [float(value) for value in np.linalg.svd(jacobian, compute_uv=False)]
