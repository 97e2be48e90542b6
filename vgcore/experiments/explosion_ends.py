"""Four networks in their first steps of training: one that learns, three whose gradient explodes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from vgcore import data, models, probes
from vgcore.models import MLP
from vgcore.theory import Array

HEALTHY, LARGE, SKIPS, SATURATING = "ReLU, He", "ReLU, weights x 1.5", "ReLU, unscaled skips", "tanh, weights x 4"
NETWORKS = (HEALTHY, LARGE, SKIPS, SATURATING)


@dataclass(frozen=True, kw_only=True)
class Config:
    """Each network has `depth` hidden layers of `width` units and makes `steps` steps of plain gradient descent."""

    depth: int = 20
    width: int = 64
    steps: int = 40
    learning_rate: float = 0.01  # a tenth of what the book trains with: the explosion is not the rate's fault
    batch_size: int = 64
    examples: int = 256  # of the training set, for the gradients before and after


published = Config()
smoke = Config(depth=2, steps=2, examples=32)


LARGEST = float(np.finfo(np.float32).max)
"""What is written for an update that no 32-bit number can hold."""


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """What the first steps of training do to each `network`.

    - "steps": `network`, `step` (1 = the first; only steps whose loss is a finite number), `loss` (nats, of the
      step's own batch), `update` (largest |dW| / |W| of any layer; at most the largest 32-bit number);
    - "layers": `network`, `layer` (1 = next to the input; hidden layers), `first_update` (|dW| / |W| in step 1);
    - "ends": `network`, `finite_steps` (steps before the loss stops being a number, all of them where it does not),
      `last_loss` (the last finite one, nats), and over the first `examples` digits, before training and after it
      (0.0 for a network that is no longer finite): `decades_before`, `decades_after` (by which dL/dh grows from the
      last hidden layer to the first), `saturated_before`, `saturated_after` (share of the values of all hidden units
      that lie beyond 0.97; tanh only, else 0.0).
    """
    parts = [_measure_network(config, seed, network) for network in NETWORKS]
    return {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}


def _measure_network(config: Config, seed: int, network: str) -> dict[str, pd.DataFrame]:
    model, step = _compiled(config, network)
    for variable, source in zip(model.variables, _built(config, network, seed).variables, strict=True):
        variable.assign(source)
    before = _state(config, model)
    losses, updates = _trained(config, step, seed)
    after = _state(config, model) if len(losses) == config.steps else dict.fromkeys(before, 0.0)
    tables = {
        "steps": pd.DataFrame({"step": np.arange(1, len(losses) + 1), "loss": losses, "update": updates.max(axis=1)}),
        "layers": pd.DataFrame({"layer": np.arange(1, config.depth + 1), "first_update": updates[0, : config.depth]}),
        "ends": pd.DataFrame(
            [
                {"finite_steps": float(len(losses)), "last_loss": losses[-1]}
                | {f"{name}_before": value for name, value in before.items()}
                | {f"{name}_after": value for name, value in after.items()}
            ]
        ),
    }
    return {name: table.assign(network=network)[["network", *table]] for name, table in tables.items()}


def _trained(config: Config, step: Callable[..., Any], seed: int) -> tuple[Array, Array]:
    """The finite losses, shape (steps,), and the relative updates, shape (steps, layers)."""
    digits, random = data.digits(), np.random.default_rng(seed)
    losses, updates = [], []
    for _ in range(config.steps):
        batch = random.permutation(len(digits.train_x))[: config.batch_size]
        loss, update = (value.numpy() for value in step(digits.train_x[batch], digits.train_y[batch]))
        if not np.isfinite(loss):
            break
        losses.append(float(loss))
        updates.append(np.nan_to_num(update, nan=LARGEST, posinf=LARGEST))
    return np.array(losses), np.minimum(updates, LARGEST)


@lru_cache(maxsize=len(NETWORKS))
def _compiled(config: Config, network: str) -> tuple[Any, Callable[..., Any]]:
    """The model and its training step, traced once for all seeds."""
    model = _built(config, network, seed=0)
    kernels = [layer.kernel for layer in model.layers if hasattr(layer, "kernel")]
    weights = model.trainable_variables
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def step(x: Any, y: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            loss = cross_entropy(y, model(x, training=True))
        changes = [config.learning_rate * gradient for gradient in tape.gradient(loss, weights)]
        sizes = {id(weight): _norm(change) / _norm(weight) for weight, change in zip(weights, changes, strict=True)}
        for weight, change in zip(weights, changes, strict=True):
            weight.assign_sub(change)
        return loss, tf.stack([sizes[id(kernel)] for kernel in kernels])

    return model, tf.function(step)


def _norm(values: Any) -> Any:
    return tf.norm(tf.cast(tf.convert_to_tensor(values), tf.float64))  # in 32 bits the squares would overflow first


def _built(config: Config, network: str, seed: int) -> Any:
    if network == SKIPS:
        return _with_unscaled_skips(config, seed)
    activation, initialisation, gain = {
        HEALTHY: ("relu", "he_uniform", 1.0),
        LARGE: ("relu", "he_uniform", 1.5),
        SATURATING: ("tanh", "glorot_uniform", 4.0),
    }[network]
    described = MLP(
        depth=config.depth, width=config.width, activation=activation, initialisation=initialisation, gain=gain
    )
    return models.mlp(described, seed)


def _with_unscaled_skips(config: Config, seed: int) -> Any:
    """x = W x_input, then x = x + W relu(x) with He's weights: each block doubles the stream's variance."""
    seeds = iter(np.random.SeedSequence(seed).generate_state(config.depth + 1))

    def dense(units: int, initialiser: Any) -> Any:
        return keras.layers.Dense(units, kernel_initializer=initialiser(seed=int(next(seeds))))

    images = keras.Input((64,))
    stream = dense(config.width, keras.initializers.GlorotUniform)(images)
    for _ in range(config.depth - 1):
        branch = dense(config.width, keras.initializers.HeUniform)(keras.layers.ReLU()(stream))
        stream = keras.layers.Add()([stream, branch])
    return keras.Model(images, dense(10, keras.initializers.GlorotUniform)(stream))


def _state(config: Config, model: Any) -> dict[str, float]:
    digits = data.digits()
    profile = probes.measure_gradients(model, digits.train_x[: config.examples], digits.train_y[: config.examples])
    saturated = profile.table["saturated_fraction"].iloc[: config.depth].mean()
    return {"decades": -profile.decades, "saturated": float(np.nan_to_num(saturated))}
