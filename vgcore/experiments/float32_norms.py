"""The same gradient's norm, measured in three ways, in a network so deep that single precision runs out of numbers."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from vgcore import data, models, probes
from vgcore.models import MLP

EXACT, SCALED, PLAIN = "float64", "float32, scaled", "float32, plain"


@dataclass(frozen=True, kw_only=True)
class Config:
    """A sigmoid network with Keras's default weights, deeper than the entries of a float32 gradient reach."""

    depth: int = 80
    width: int = 64
    examples: int = 64  # one batch of the book's trainings


published = Config()
smoke = Config(depth=4, examples=16)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """The Euclidean norm of dL/dh at every hidden layer before training, of all entries of the batch together.

    One row for each way to measure it and layer:

    - `arm`: "float64", as `vgcore.measure_gradients` does; "float32, scaled": back-propagated in float32, each entry
      divided by the largest before it is squared; "float32, plain": the same gradient, `keras.ops.norm` of it;
    - `layer` (1 = next to the input); `norm`.
    """
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    model = models.mlp(MLP(depth=config.depth, width=config.width), seed)
    entries = config.examples * config.width
    exact = probes.measure_gradients(model, x, y).table["activation_gradient_rms"].to_numpy(float)[: config.depth]
    single = _single_precision(model, x, y)
    norms = {
        EXACT: exact * np.sqrt(entries),
        SCALED: [_scaled_norm(np.asarray(gradient, np.float64)) for gradient in single],
        PLAIN: [float(keras.ops.norm(gradient)) for gradient in single],
    }
    layers = np.arange(1, config.depth + 1)
    return pd.concat(
        [pd.DataFrame({"arm": arm, "layer": layers, "norm": values}) for arm, values in norms.items()],
        ignore_index=True,
    )


def _single_precision(model: Any, x: Any, y: Any) -> list[Any]:
    """dL/dh of every hidden layer as Keras computes it by default."""
    hidden = [layer.output for layer in model.layers if layer.name.startswith("hidden")]
    outputs = keras.Model(model.inputs, [*hidden, model.output])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        tape.watch(inputs := tf.constant(x))
        *hidden_outputs, logits = outputs(inputs)
        mean = loss(y, logits)
    return list(tape.gradient(mean, hidden_outputs))


def _scaled_norm(gradient: Any) -> float:
    """The norm of what the entries still hold."""
    largest = np.abs(gradient).max()
    return float(largest * np.linalg.norm(gradient / largest)) if largest else 0.0
