"""The loss whose gradient is measured."""

from typing import Any

import keras
import tensorflow as tf


def mean_loss(loss: Any, y: Any, prediction: Any) -> Any:
    """The mean over the batch of the per-example loss, a scalar in float64.

    `loss`: a Keras loss, its name, or a function of (y, prediction). Keras's `Loss.__call__` would cast to float32,
    so its per-example `call` is used; reductions, sample weights and added losses play no part.
    """
    chosen = keras.losses.get(loss)
    per_example = chosen.call(y, prediction) if isinstance(chosen, keras.losses.Loss) else chosen(y, prediction)
    return tf.reduce_mean(tf.cast(per_example, tf.float64))


def loss_of(model: Any, y: Any, prediction: Any) -> Any:
    """The loss the model was compiled with; else cross-entropy for integer labels, mean squared error otherwise.

    Raises ValueError where no single loss can be told.
    """
    compiled = getattr(model, "loss", None) if model.compiled else None
    if compiled is not None:
        if isinstance(compiled, dict | list | tuple):
            raise ValueError("the model was compiled with several losses: pass loss=, a function of (y, outputs)")
        return compiled
    if not tf.is_tensor(prediction) or not tf.is_tensor(y):
        raise ValueError("the model has several outputs and is not compiled: pass loss=, a function of (y, outputs)")
    if not y.dtype.is_integer:
        return "mean_squared_error"
    classes = prediction.shape[-1]
    if classes < 2 or int(tf.reduce_max(y)) >= classes or len(y.shape) >= len(prediction.shape) + (y.shape[-1] == 1):
        raise ValueError(f"integer labels up to {int(tf.reduce_max(y))} do not fit {classes} outputs: pass loss=")
    probabilities = hasattr(prediction, "_keras_logits")  # Keras marks the output of a softmax
    return keras.losses.SparseCategoricalCrossentropy(from_logits=not probabilities)
