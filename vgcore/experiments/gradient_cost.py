"""What a gradient costs, counted in floating-point operations, for networks of more and more weights."""

from dataclasses import dataclass
from typing import Any

import keras
import pandas as pd
import tensorflow as tf

from vgcore import models
from vgcore.costs import operations
from vgcore.models import MLP

BACK_PROPAGATION, FINITE_DIFFERENCES = "back-propagation", "finite differences"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks with two hidden ReLU layers of equal width, and one batch of inputs."""

    widths: tuple[int, ...] = (4, 16, 64, 256, 1024)
    batch_size: int = 64


published = Config()
smoke = Config(widths=(4, 16))


def measure(config: Config) -> pd.DataFrame:
    """The cost of one gradient, in forward passes of the same network on the same batch.

    One row for each arm ("back-propagation", "finite differences") and width:

    - `arm`, `width`, `weights` (weights and biases of the network);
    - `passes`: cost of the gradient over that of the loss, from the operations that TensorFlow counts in its own
      graphs; for finite differences one loss for each weight and one more;
    - `theory`: for back-propagation from the multiplications by hand: two backward passes as dear as the forward
      pass, without the gradient for the inputs, which nobody needs.
    """
    return pd.concat([_of_width(config, width) for width in config.widths], ignore_index=True)


def _of_width(config: Config, width: int) -> pd.DataFrame:
    network = MLP(depth=2, width=width, activation="relu")
    model = models.mlp(network, seed=0)  # no operation depends on what the weights are
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def loss(x: Any, y: Any) -> Any:
        return loss_of(y, model(x))

    def gradient(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            value = loss(x, y)
        return tape.gradient(value, model.trainable_weights)

    batch = tf.TensorSpec((config.batch_size, network.inputs)), tf.TensorSpec((config.batch_size,), tf.int64)
    once = operations(loss, *batch)
    count = model.count_params()
    return pd.DataFrame(
        {
            "arm": [BACK_PROPAGATION, FINITE_DIFFERENCES],
            "width": width,
            "weights": count,
            "passes": [operations(gradient, *batch) / once, float(count + 1)],
            "theory": [_expected(network), float(count + 1)],
        }
    )


def _expected(network: MLP) -> float:
    first, forward = network.inputs * network.width, network.width * (network.inputs + network.width + network.outputs)
    return (3 * forward - first) / forward
