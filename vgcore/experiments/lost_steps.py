"""Which weights one step of gradient descent changes at all, by layer and number format."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from vgcore import data, models, theory
from vgcore.models import MLP


@dataclass(frozen=True, kw_only=True)
class Config:
    """The sigmoid network of twenty layers that this book begins with, and its first step."""

    depth: int = 20
    width: int = 64
    batch_size: int = 64
    learning_rate: float = 0.1
    formats: tuple[str, ...] = ("bfloat16", "float16", "float32")


published = Config()
smoke = Config(depth=4, width=16)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """The share of weights that are another number after the first step of SGD, for weights kept in each format.

    The gradient is computed in float32; only the weights and their update are in the format. One row for each format
    and hidden layer:

    - `format`, `layer` (1 = next to the input);
    - `step_over_weight`: median of |step| / |weight| over the layer's weights;
    - `share_moved`: share of the weights that changed;
    - `theory`: that share, from the spacing of the format's numbers around each weight.
    """
    digits = data.digits()
    x, y = digits.train_x[: config.batch_size], digits.train_y[: config.batch_size]
    model = models.mlp(MLP(depth=config.depth, width=config.width), seed)
    kernels = [layer.kernel.value for layer in model.layers if layer.name.startswith("hidden")]
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        mean = loss(y, model(x))
    gradients = tape.gradient(mean, kernels)
    layers = list(enumerate(zip(kernels, gradients, strict=True), 1))
    rows = [_row(config, name, number, *pair) for name in config.formats for number, pair in layers]
    return pd.DataFrame(rows)


def _row(config: Config, name: str, layer: int, kernel: Any, gradient: Any) -> dict[str, Any]:
    before = tf.cast(kernel, name)
    step = config.learning_rate * gradient
    after = before - tf.cast(step, name)
    weights, steps = tf.cast(before, "float64").numpy(), tf.cast(step, "float64").numpy()
    return {
        "format": name,
        "layer": layer,
        "step_over_weight": float(np.median(np.abs(steps / weights))),
        "share_moved": float(np.mean((after != before).numpy())),
        "theory": float(np.mean(~theory.step_is_lost(weights, steps, name))),
    }
