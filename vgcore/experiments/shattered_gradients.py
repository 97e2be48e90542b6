"""How long a gradient stays like itself while the input moves, in ReLU networks that differ in weights and biases."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import keras
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vgcore import probes
from vgcore.theory import Array

DRAWN, FIRST, CENTRED = "drawn", "first layer only", "centred"
"""Biases: as random as the weights; the same in the first layer and 0 elsewhere; less each unit's mean on the line."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks from one number to one number, at `points` inputs from -`reach` up to, and without, `reach`.

    `starts` are name, variance of a weight times the width, and biases. Numbers are those of notebook 11.1 of Prince's
    "Understanding Deep Learning", whose network is the first.
    """

    starts: tuple[tuple[str, float, str], ...] = (
        ("notebook", 1.0, DRAWN),
        ("He", 2.0, DRAWN),
        # He's weights would change the gradient's size here and nothing else: ReLU(2 z) is 2 ReLU(z).
        ("first biases", 1.0, FIRST),
        ("centred", 1.0, CENTRED),
    )
    hidden_layers: tuple[int, ...] = (1, 24, 50)
    width: int = 200
    points: int = 256
    reach: float = 2.0
    lags: int = 15  # as far as Balduzzi et al. (2017) draw it


published = Config()
smoke = Config(starts=(("notebook", 1.0, DRAWN), ("centred", 1.0, CENTRED)), hidden_layers=(2,), width=20, points=32)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Gradients of the output with respect to the input before training; all starts scale the same random numbers.

    - "autocorrelation": `arm`, `hidden_layers`, `lag` (in points), `autocorrelation` (of the gradients less their mean
      along the line, 1 at lag 0, about 0 elsewhere for white noise);
    - "size": `arm`, `hidden_layers`, `gradient_rms`.
    """
    parts = [
        (name, layers, _gradients(config, seed, layers, variance, biases))
        for layers in config.hidden_layers
        for name, variance, biases in config.starts
    ]
    return {
        "autocorrelation": pd.concat(
            [
                pd.DataFrame(
                    {
                        "arm": name,
                        "hidden_layers": layers,
                        "lag": np.arange(config.lags + 1),
                        "autocorrelation": _autocorrelation(gradients)[: config.lags + 1],
                    }
                )
                for name, layers, gradients in parts
            ],
            ignore_index=True,
        ),
        "size": pd.DataFrame(
            [
                {"arm": name, "hidden_layers": layers, "gradient_rms": float(np.sqrt(np.mean(gradients**2)))}
                for name, layers, gradients in parts
            ]
        ),
    }


def _gradients(config: Config, seed: int, layers: int, variance: float, biases: str) -> Array:
    """One gradient for each point of the line."""
    model = _network(config.width, layers)
    model.set_weights([*_weights(config, seed, layers, variance, biases)])
    last = config.reach - 2 * config.reach / config.points
    line = probes.gradients_along_line(model, [-config.reach], [last], config.points)
    return np.asarray(line[:, 0])


@lru_cache
def _network(width: int, layers: int) -> Any:
    """Keras's network; its weights are set each time."""
    stream = inputs = keras.Input((1,))
    for _ in range(layers):
        stream = keras.layers.Dense(width, activation="relu", kernel_initializer="zeros")(stream)
    return keras.Model(inputs, keras.layers.Dense(1, kernel_initializer="zeros")(stream))


def _weights(
    config: Config, seed: int, layers: int, variance: float, biases: str
) -> Iterator[NDArray[np.float64]]:  # fmt: skip
    """Matrices and biases, the input's layer first; every number has the deviation sqrt(variance / width)."""
    random = np.random.default_rng([seed, layers])
    deviation = np.sqrt(variance / config.width)
    h = np.linspace(-config.reach, config.reach, config.points, endpoint=False)[:, None]
    for layer in range(layers):
        matrix = deviation * random.normal(size=(h.shape[1], config.width))
        bias = deviation * random.normal(size=config.width)
        if biases == CENTRED:
            bias = -(h @ matrix).mean(axis=0)
        elif biases == FIRST and layer:
            bias = np.zeros(config.width)
        h = np.maximum(h @ matrix + bias, 0)
        yield from (matrix, bias)
    yield deviation * random.normal(size=(config.width, 1))
    yield np.zeros(1)


def _autocorrelation(gradients: Array) -> Array:
    """That of Balduzzi et al. (2017), one number for each lag."""
    centred = gradients - gradients.mean()
    products = np.correlate(centred, centred, mode="full")[len(centred) - 1 :]
    return np.asarray(products / products[0])
