"""What Adam's epsilon does to small gradients: by layer at the first step, and later if they stay the same."""

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
    """A sigmoid network of twenty layers, and single weights with a constant gradient; Keras's Adam as it comes."""

    depth: int = 20
    width: int = 64
    batch_size: int = 64
    learning_rate: float = 0.001  # Keras's default; it cancels
    constant: tuple[tuple[str, float], ...] = (("10⁻⁶", 1e-6), ("10⁻⁷", 1e-7), ("10⁻⁸", 1e-8))
    steps: int = 2000
    shown: tuple[int, ...] = (1, 5, 20, 100, 500, 1000, 2000)


published = Config()
smoke = Config(depth=3, steps=20, shown=(1, 5, 20))


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Sizes of Adam's steps in learning rates, measured on weights of zero, where no step is lost in rounding.

    - "layers": `arm` ("by layer"), `layer` (1 = next to the input; hidden layers), `gradient_rms` (of dL/dW at the
      start), `step_size` (RMS over the layer's weights of the first step), `theory` (the same by the formula);
    - "constant": `arm` (the gradient in words), `gradient`, `step` (1 = the first), `step_size`, `theory`.
    """
    return {"layers": _layers(config, seed), "constant": _constant(config)}


def _layers(config: Config, seed: int) -> pd.DataFrame:
    digits = data.digits()
    x, y = digits.train_x[: config.batch_size], digits.train_y[: config.batch_size]
    model = models.mlp(MLP(depth=config.depth, width=config.width), seed)
    kernels = [layer.kernel.value for layer in model.layers if layer.name.startswith("hidden")]
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        mean = loss(y, model(x))
    gradients = tape.gradient(mean, kernels)
    weights = [keras.Variable(tf.zeros_like(gradient)) for gradient in gradients]
    keras.optimizers.Adam(config.learning_rate).apply(gradients, weights)
    steps = [weight.value.numpy() / config.learning_rate for weight in weights]
    exact = [gradient.numpy().astype(float) for gradient in gradients]
    return pd.DataFrame(
        {
            "arm": "by layer",
            "layer": np.arange(1, config.depth + 1),
            "gradient_rms": [_rms(gradient) for gradient in exact],
            "step_size": [_rms(step) for step in steps],
            "theory": [_rms(theory.adam_step(gradient)) for gradient in exact],
        }
    )


def _constant(config: Config) -> pd.DataFrame:
    names, sizes = zip(*config.constant, strict=True)
    weights = keras.Variable(np.zeros(len(sizes), np.float32))
    optimiser = keras.optimizers.Adam(config.learning_rate)
    optimiser.build([weights])
    gradients = tf.constant(sizes, tf.float32)

    @tf.function  # type: ignore[untyped-decorator]
    def step() -> Any:
        weights.assign(tf.zeros_like(gradients))
        optimiser.apply([gradients], [weights])
        return -weights.value / config.learning_rate

    tables = []
    for number in range(1, config.steps + 1):
        moved = step()
        if number in config.shown:
            predicted = theory.adam_step(np.array(sizes), number)
            measured = {"step": number, "step_size": moved.numpy().astype(float), "theory": predicted}
            tables.append(pd.DataFrame({"arm": names, "gradient": sizes} | measured))
    return pd.concat(tables, ignore_index=True)


def _rms(values: Any) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=float))))
