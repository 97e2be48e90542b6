"""What a well-known Keras tutorial plots, and the exercise that it leaves to its readers: the first gradients."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import keras
import numpy as np
import pandas as pd
from sklearn.datasets import make_circles

from vgcore import probes

NORMAL, GLOROT = "normal", "Glorot"


@dataclass(frozen=True, kw_only=True)
class Config:
    """The networks of "Visualizing the vanishing gradient problem" (Machine Learning Mastery, 2021).

    `arms` are name, activation and weights: standard normal numbers, as in the tutorial, or Glorot's, its exercise.
    """

    arms: tuple[tuple[str, str, str], ...] = (
        ("sigmoid, normal", "sigmoid", NORMAL),
        ("tanh, normal", "tanh", NORMAL),
        ("ReLU, normal", "relu", NORMAL),
        ("sigmoid, Glorot", "sigmoid", GLOROT),
        ("tanh, Glorot", "tanh", GLOROT),
        ("ReLU, Glorot", "relu", GLOROT),
    )
    depth: int = 4
    width: int = 5
    points: int = 1000
    networks: int = 10  # for each seed: networks of five units differ a good deal


published = Config()
smoke = Config(arms=(("sigmoid, normal", "sigmoid", NORMAL),), points=50, networks=2)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Gradients before the first step, on two rings of points, one inside the other.

    One row for each arm and layer:

    - `arm`, `weights` ("normal", "Glorot"), `layer` (1 = next to the input, the last one is the output);
    - `weight_gradient`: RMS of dL/dW, median over the networks; `relative_gradient`: the same over that of the
      output layer.
    """
    x, y = make_circles(n_samples=config.points, factor=0.5, noise=0.1, random_state=seed)
    return pd.concat([_measure_arm(config, seed, x, y, *arm) for arm in config.arms], ignore_index=True)


def _measure_arm(
    config: Config, seed: int, x: Any, y: Any, arm: str, activation: str, weights: str
) -> pd.DataFrame:  # fmt: skip
    model = _network(config.depth, config.width, activation)
    measured = []
    for network in range(config.networks):
        _draw(model, weights, np.random.default_rng([seed, network]))
        table = probes.measure_gradients(model, x, y[:, None], loss="binary_crossentropy").table
        measured.append(table["weight_gradient_rms"].to_numpy(float))
    gradients = np.median(measured, axis=0)
    return pd.DataFrame(
        {
            "arm": arm,
            "weights": weights,
            "layer": np.arange(1, config.depth + 2),
            "weight_gradient": gradients,
            "relative_gradient": gradients / gradients[-1],
        }
    )


@lru_cache
def _network(depth: int, width: int, activation: str) -> Any:
    """The tutorial's `make_mlp`; the weights are drawn later."""
    hidden = [keras.layers.Dense(width, activation=activation, kernel_initializer="zeros") for _ in range(depth)]
    output = keras.layers.Dense(1, activation="sigmoid", kernel_initializer="zeros")
    return keras.Sequential([keras.Input((2,)), *hidden, output])


def _draw(model: Any, weights: str, random: np.random.Generator) -> None:
    """Give the model its first weights, biases 0."""
    for layer in model.layers:
        shape = layer.kernel.shape
        limit = np.sqrt(6 / sum(shape))
        drawn = random.normal(size=shape) if weights == NORMAL else random.uniform(-limit, limit, shape)
        layer.kernel.assign(drawn)
