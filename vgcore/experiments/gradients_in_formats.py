"""Where a gradient becomes exactly zero because the number format ends, in a very deep sigmoid network."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import tensorflow as tf
from scipy.special import erfc

from vgcore import data, models, theory
from vgcore.models import MLP


@dataclass(frozen=True, kw_only=True)
class Config:
    """A sigmoid network with Keras's default weights; `arms` are name, format and factor on the loss."""

    depth: int = 80  # the network must be deeper than float32 reaches
    width: int = 64
    examples: int = 64  # one batch of the book's trainings
    arms: tuple[tuple[str, str, float], ...] = (
        ("float16", "float16", 1.0),
        ("float16, loss × 32768", "float16", 32768.0),  # where Keras's LossScaleOptimizer starts
        ("bfloat16", "bfloat16", 1.0),
        ("float32", "float32", 1.0),
        ("float64", "float64", 1.0),
    )


published = Config()
smoke = Config(depth=12, examples=16)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Gradients of the cross-entropy, back-propagated in each format with the weights of one Keras network.

    One row for each arm and hidden layer:

    - `arm`, `format`, `layer` (1 = next to the input);
    - `share_not_zero`: share of the entries of dL/dh that are not exactly zero;
    - `theory`: the share of a normal distribution beyond the smallest number of the format, if the gradient is
      multiplied by the mean field factor in each layer, beginning with its RMS at the last one in float64. On CPUs
      TensorFlow rounds float32 and bfloat16 below their smallest full number to zero, but not float16.
    """
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    network = MLP(depth=config.depth, width=config.width)
    kernels = [weight for weight in models.mlp(network, seed).get_weights() if weight.ndim == 2]
    start = float(np.sqrt(np.mean(_gradients(kernels, x, y, "float64", 1.0)[-1] ** 2)))
    line = start * theory.gradient_line("sigmoid", 1.0, config.depth, np.mean(np.square(x, dtype=float), axis=1))
    rows = []
    for arm, name, scale in config.arms:
        gradients = _gradients(kernels, x, y, name, scale)
        smallest = theory.smallest_number(name, subnormal=name in ("float16", "float64"))
        limit = smallest / 2 if name in ("float16", "float64") else smallest
        rows.append(
            pd.DataFrame(
                {
                    "arm": arm,
                    "format": name,
                    "layer": np.arange(1, config.depth + 1),
                    "share_not_zero": [float(np.mean(gradient != 0)) for gradient in gradients],
                    "theory": erfc(limit / (scale * line * np.sqrt(2))),
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def _gradients(kernels: list[Any], x: Any, y: Any, name: str, scale: float) -> list[theory.Array]:
    """dL/dh of every hidden layer, the loss multiplied by `scale`; the loss itself is computed in float32 or more."""
    *hidden, last = (tf.cast(kernel, name) for kernel in kernels)
    precise = "float64" if name == "float64" else "float32"
    outputs = []
    h = tf.cast(x, name)
    with tf.GradientTape() as tape:
        for kernel in hidden:
            h = tf.sigmoid(tf.matmul(h, kernel))
            tape.watch(h)
            outputs.append(h)
        logits = tf.cast(tf.matmul(h, last), precise)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
        loss = tf.cast(scale, precise) * tf.reduce_mean(losses)
    return [tf.cast(gradient, "float64").numpy() for gradient in tape.gradient(loss, outputs)]
